/* migrations.h: the files of sql/, in order, built into the program. */
#pragma once
#include <stddef.h>

struct migration { const char *name, *text; };
extern const struct migration migrations[];
extern const size_t migrations_n;
