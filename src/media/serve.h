/* serve.h: one conversation of frame.h: read a request, decode, answer. */
#pragma once
#include "base/check.h"

/* 0 when an answer was written, 1 when the other side went away or sent nonsense. */
int serve_one(int in, int out) MUST_USE;
