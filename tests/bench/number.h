/* number.h: numbers on the command lines of what measures. */
#pragma once

/* 0, with a complaint, when it is none. */
double number_of(const char *text);
