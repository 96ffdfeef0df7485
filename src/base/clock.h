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
/* A time as people and spreadsheets write it, whatever parts its numbers: 2026-1-5, 2026/1/5 8:05,
 * 2026年1月5日8时5分, 20260105, 20260105080530, also in digits of full width; false for what is none. */
bool clock_read(struct str s, int64_t *ret_ms);
/* A time as the number that spreadsheets keep: days from 1899-12-30, and parts of one. */
bool clock_read_serial(struct str s, int64_t *ret_ms);
/* yyyy-mm-dd if it is midnight, else as clock_write_iso() */
struct str clock_day_text(struct arena *a, int64_t ms);
