/* rows.h: features as bytes, for a process that reads files of strangers and for keeping what it
 * read. Whoever takes them back believes nothing: lengths, counts and texts are checked. */
#pragma once
#include "layer/feature.h"

enum { ROWS_BYTES_MAX = 48 << 20 };
/* E_TOO_LARGE, noted, when they would be more bytes than that. */
MUST_USE enum err rows_write(struct arena *a, const struct features *f, struct str *ret,
    struct err_info *info);
/* What was noted instead of rows. */
struct str rows_write_fault(struct arena *a, const struct err_info *info);
/* Texts lie in bytes, the rest in a. A fault that was written is noted and returned; E_INPUT,
 * noted, for bytes that are neither. */
MUST_USE enum err rows_read(struct arena *a, struct str bytes, struct features *ret,
    struct err_info *info);
