/* calendar.c: deadlines in working hours, clock hours, working days and calendar days, by the
 * calendar of holidays and make-up days. Times of day are China Standard Time. */
#include "catalogue/snapshot.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, DAY_MS = CLOCK_DAY_MS };

/* Duty hours of a working day, from midnight. */
static const struct { int64_t from_ms, to_ms; } duty[] = {
    { 9 * HOUR_MS, 12 * HOUR_MS }, { 13 * HOUR_MS + 30 * MINUTE_MS, 17 * HOUR_MS + 30 * MINUTE_MS },
};

static int64_t day_of(int64_t ms)
{
    int64_t local = ms + CLOCK_ZONE_MS;
    return local / DAY_MS - (local % DAY_MS < 0);
}

static int64_t day_start_ms(int64_t day)
{
    return day * DAY_MS - CLOCK_ZONE_MS;
}

/* 1970-01-01 was a Thursday. */
static bool is_weekend(int64_t day)
{
    int64_t weekday = ((day + 3) % 7 + 7) % 7;
    return weekday >= 5;
}

static bool is_worked(const struct calendar *cal, int64_t day)
{
    if (day < 0 || day >= CALENDAR_DAYS)
        return !is_weekend(day);
    return (cal->worked[day / 8] >> (day % 8) & 1) != 0;
}

void calendar_build(struct calendar *cal, struct list days)
{
    const struct day *rows = days.p;
    *cal = (struct calendar){ .last_day = -1 };
    for (int64_t d = 0; d < CALENDAR_DAYS; d++)
        if (!is_weekend(d))
            cal->worked[d / 8] |= (uint8_t)(1u << (d % 8));
    for (size_t i = 0; i < days.n; i++) {
        int64_t d = day_of(rows[i].date);
        if (d < 0 || d >= CALENDAR_DAYS)
            continue;
        uint8_t bit = (uint8_t)(1u << (d % 8));
        cal->worked[d / 8] = (uint8_t)(rows[i].work ? cal->worked[d / 8] | bit
            : cal->worked[d / 8] & ~bit);
        struct civil date = clock_civil(rows[i].date);
        int64_t last = day_of(clock_from_civil(date.year, 12, 31, 0, 0, 0));
        if (last > cal->last_day)
            cal->last_day = last;
    }
}

static int64_t add_working_days(const struct calendar *cal, int64_t from_ms, int64_t amount)
{
    int64_t day = day_of(from_ms);
    while (amount > 0)
        amount -= is_worked(cal, ++day);
    return day_start_ms(day) + duty[COUNT_OF(duty) - 1].to_ms;
}

static int64_t add_working_hours(const struct calendar *cal, int64_t from_ms, int64_t amount)
{
    int64_t left_ms = amount * HOUR_MS;
    for (int64_t day = day_of(from_ms);; day++) {
        if (!is_worked(cal, day))
            continue;
        for (size_t i = 0; i < COUNT_OF(duty); i++) {
            int64_t from = day_start_ms(day) + duty[i].from_ms;
            int64_t to = day_start_ms(day) + duty[i].to_ms;
            if (from < from_ms)
                from = from_ms;
            if (from >= to)
                continue;
            if (left_ms <= to - from)
                return from + left_ms;
            left_ms -= to - from;
        }
    }
}

int64_t calendar_add(const struct catalogue *c, int64_t from_ms, int64_t amount, struct str unit,
    bool *ret_provisional)
{
    const struct calendar *cal = &c->calendar;
    CHECK(amount >= 0);
    *ret_provisional = false;
    if (str_is(unit, "EH"))
        return from_ms + amount * HOUR_MS;
    if (str_is(unit, "CD"))
        return from_ms + amount * DAY_MS;
    CHECK(str_is(unit, "WH") || str_is(unit, "WD"));
    int64_t due_ms = str_is(unit, "WH") ? add_working_hours(cal, from_ms, amount)
        : add_working_days(cal, from_ms, amount);
    *ret_provisional = day_of(due_ms) > cal->last_day;
    return due_ms;
}

int64_t calendar_last_ms(const struct catalogue *c)
{
    return c->calendar.last_day < 0 ? I64_NONE : day_start_ms(c->calendar.last_day);
}

int64_t calendar_days_off(const struct catalogue *c, int year)
{
    int64_t n = 0, last = day_of(clock_from_civil(year, 12, 31, 0, 0, 0));
    for (int64_t day = day_of(clock_from_civil(year, 1, 1, 0, 0, 0)); day <= last; day++)
        n += !is_weekend(day) && !is_worked(&c->calendar, day);
    return n;
}

bool calendar_is(const struct catalogue *c, struct str word, int64_t at_ms)
{
    int64_t day = day_of(at_ms), of_day = at_ms - day_start_ms(day);
    bool worked = is_worked(&c->calendar, day), on_duty = false;
    for (size_t i = 0; i < COUNT_OF(duty); i++)
        on_duty |= worked && of_day >= duty[i].from_ms && of_day < duty[i].to_ms;
    return str_is(word, "work") ? on_duty : str_is(word, "off") ? !on_duty
        : str_is(word, "night") ? of_day < 6 * HOUR_MS || of_day >= 22 * HOUR_MS
        : str_is(word, "workday") ? worked : str_is(word, "free") && !worked;
}

int64_t calendar_working_ms(const struct catalogue *c, int64_t from_ms, int64_t to_ms)
{
    int64_t sum_ms = 0;
    for (int64_t day = day_of(from_ms); day_start_ms(day) < to_ms; day++) {
        if (!is_worked(&c->calendar, day))
            continue;
        for (size_t i = 0; i < COUNT_OF(duty); i++) {
            int64_t from = day_start_ms(day) + duty[i].from_ms;
            int64_t to = day_start_ms(day) + duty[i].to_ms;
            from = from < from_ms ? from_ms : from;
            to = to > to_ms ? to_ms : to;
            sum_ms += to > from ? to - from : 0;
        }
    }
    return sum_ms;
}
