/* clock.h: time as milliseconds since 1970 UTC, from a source that tests can replace.
 * Civil time here is China Standard Time (UTC+8, no daylight saving since 1991). */
#pragma once
#include "base/buf.h"

struct clock { int64_t (*now_ms)(void *ctx); void *ctx; };

struct clock clock_system(void);
static inline int64_t clock_now_ms(struct clock c)
{
    return c.now_ms(c.ctx);
}
/* For measuring durations only. */
int64_t clock_monotonic_us(void);

enum { CLOCK_ZONE_MS = 8 * 3600 * 1000, CLOCK_DAY_MS = 24 * 3600 * 1000 };

struct civil { int year, month, day, hour, minute, second, weekday; /* weekday 0 = Monday */ };
struct civil clock_civil(int64_t ms);
int64_t clock_from_civil(int year, int month, int day, int hour, int minute, int second);
/* 2026-11-23T09:05:00+08:00 */
void clock_write_iso(struct buf *b, int64_t ms);
/* yyyy-mm-dd (midnight) or the ISO form above; false for impossible dates. */
bool clock_parse(struct str s, int64_t *ret_ms);
