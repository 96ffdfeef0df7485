/* laps.h: how long many things took, and what most of them did not exceed. */
#pragma once
#include "base/str.h"

struct laps { uint32_t *us; size_t n, cap; };
void laps_note(struct laps *t, int64_t us);
/* The median, what all but a hundredth keep below, and the longest; 0 when nothing was noted. */
void laps_read(struct laps *t, int64_t *ret_p50_us, int64_t *ret_p99_us, int64_t *ret_max_us);
void laps_free(struct laps *t);
