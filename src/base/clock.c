/* clock.c: civil dates by day counts (proleptic Gregorian, days since 1970-01-01). */
#include "base/clock.h"
#include <time.h>

static int64_t system_now_ms(void *ctx)
{
    (void)ctx;
    struct timespec t;
    CHECK(clock_gettime(CLOCK_REALTIME, &t) == 0);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct clock clock_system(void)
{
    return (struct clock){ system_now_ms, NULL };
}

int64_t clock_monotonic_us(void)
{
    struct timespec t;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Counts from 1 March of year 0, so that the leap day ends a year. */
static int64_t days_from_date(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = floor_div(y, 400), yoe = y - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void date_from_days(int64_t days, struct civil *ret)
{
    int64_t z = days + 719468, era = floor_div(z, 146097), doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    ret->day = (int)(doy - (153 * mp + 2) / 5 + 1);
    ret->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    ret->year = (int)(yoe + era * 400 + (ret->month <= 2));
}

struct civil clock_civil(int64_t ms)
{
    struct civil c;
    int64_t local = ms + CLOCK_ZONE_MS, days = floor_div(local, CLOCK_DAY_MS);
    int64_t second = (local - days * CLOCK_DAY_MS) / 1000;
    date_from_days(days, &c);
    c.hour = (int)(second / 3600);
    c.minute = (int)(second / 60 % 60);
    c.second = (int)(second % 60);
    c.weekday = (int)(((days + 3) % 7 + 7) % 7);
    return c;
}

int64_t clock_from_civil(int year, int month, int day, int hour, int minute, int second)
{
    int64_t days = days_from_date(year, month, day);
    return days * CLOCK_DAY_MS + ((hour * 60 + minute) * 60 + second) * INT64_C(1000)
        - CLOCK_ZONE_MS;
}

void clock_write_iso(struct buf *b, int64_t ms)
{
    struct civil c = clock_civil(ms);
    buf_fmt(b, "%04d-%02d-%02dT%02d:%02d:%02d+08:00", c.year, c.month, c.day, c.hour, c.minute,
        c.second);
}

/* The next number of exactly digits digits, followed by sep (0: anything). */
static bool take(struct str *s, size_t digits, char sep, int *ret)
{
    int64_t v;
    if (s->n < digits + (sep != 0) || s->p[0] == '-'
        || !str_to_i64((struct str){ s->p, digits }, &v) || (sep && s->p[digits] != sep))
        return false;
    size_t used = digits + (sep != 0);
    *s = (struct str){ s->p + used, s->n - used };
    *ret = (int)v;
    return true;
}

bool clock_parse(struct str s, int64_t *ret_ms)
{
    int year, month, day, hour = 0, minute = 0, second = 0;
    bool has_time = s.n > 10;
    if (!take(&s, 4, '-', &year) || !take(&s, 2, '-', &month)
        || !take(&s, 2, has_time ? 'T' : 0, &day))
        return false;
    if (has_time && (!take(&s, 2, ':', &hour) || !take(&s, 2, ':', &minute)
        || !take(&s, 2, 0, &second) || !str_eq(s, STR("+08:00"))))
        return false;
    if (!has_time && s.n != 0)
        return false;
    int64_t ms = clock_from_civil(year, month, day, hour, minute, second);
    struct civil c = clock_civil(ms);
    if (c.year != year || c.month != month || c.day != day || c.hour != hour
        || c.minute != minute || c.second != second)
        return false;
    *ret_ms = ms;
    return true;
}

/* Writing by others ------------------------------------------------------------------------ */

enum { PARTS_MAX = 6, YEAR_FIRST = 1900, YEAR_LAST = 9999, SERIAL_FIRST = 20000,
    SERIAL_LAST = 80000 };

static int digit_of(uint32_t c)
{
    static const uint32_t wide_zero = 0xff10;
    return c >= '0' && c <= '9' ? (int)(c - '0')
        : c >= wide_zero && c <= wide_zero + 9 ? (int)(c - wide_zero) : -1;
}

/* Digits that are written in one: yyyymmdd, and hhmm or hhmmss behind it. */
static size_t parts_of_one(int64_t v, size_t digits, int64_t *ret)
{
    size_t n = digits == 8 ? 3 : digits == 12 ? 5 : digits == 14 ? 6 : 0;
    for (size_t i = n; i > 1; i--, v /= 100)
        ret[i - 1] = v % 100;
    ret[0] = v;
    return n;
}

bool clock_read(struct str s, int64_t *ret_ms)
{
    int64_t v[PARTS_MAX] = { 0 };
    size_t n = 0, digits = 0;
    for (size_t at = 0; at < s.n;) {
        int digit = digit_of(str_next(s, &at));
        if (digit >= 0 && digits == 0 && ++n > PARTS_MAX)
            break;                      /* parts of a second, a zone */
        digits = digit < 0 ? 0 : digits + 1;
        if (digits > 14)
            return false;
        if (digit >= 0)
            v[n - 1] = v[n - 1] * 10 + digit;
    }
    if (n == 1)
        n = parts_of_one(v[0], digits, v);
    if (n < 3 || v[0] < YEAR_FIRST || v[0] > YEAR_LAST)
        return false;
    for (size_t i = 1; i < PARTS_MAX; i++)
        if (v[i] > 99)
            return false;
    int64_t ms = clock_from_civil((int)v[0], (int)v[1], (int)v[2], (int)v[3], (int)v[4], (int)v[5]);
    struct civil c = clock_civil(ms);
    if (c.month != v[1] || c.day != v[2] || c.hour != v[3] || c.minute != v[4] || c.second != v[5])
        return false;
    *ret_ms = ms;
    return true;
}

bool clock_read_serial(struct str s, int64_t *ret_ms)
{
    double days = 0;
    if (!str_to_f64(s, &days) || days < SERIAL_FIRST || days >= SERIAL_LAST)
        return false;
    *ret_ms = clock_from_civil(1899, 12, 30, 0, 0, 0)
        + ((int64_t)(days * (CLOCK_DAY_MS / 1000) + 0.5)) * 1000;
    return true;
}

struct str clock_day_text(struct arena *a, int64_t ms)
{
    struct buf b = buf_in(a, 64);
    clock_write_iso(&b, ms);
    bool midnight = (ms + CLOCK_ZONE_MS) % CLOCK_DAY_MS == 0;
    return midnight ? str_head(buf_str(&b), strlen("yyyy-mm-dd")) : buf_str(&b);
}
