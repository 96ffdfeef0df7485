/* test_catalogue_calendar.c: deadlines over holidays, make-up days, duty hours, unknown years. */
#include "catalogue/calendar.c"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

struct fixture { struct arena a; struct catalogue c; };

static int setup(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    struct err_info info = { .e = OK };
    static char csv[16384];
    FILE *file = fopen("data/demo/calendar.csv", "r");
    assert_non_null(file);
    size_t n = fread(csv, 1, sizeof(csv), file);
    assert_int_equal(fclose(file), 0);
    arena_init(&f->a, 1 << 20);
    assert_int_equal(record_from_csv(&f->a, &day_record, (struct str){ csv, n }, &f->c.days,
        &info), OK);
    calendar_build(&f->c.calendar, f->c.days);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    arena_free(&f->a);
    heap_free(f);
    return 0;
}

static int64_t at(const char *iso)
{
    int64_t ms = 0;
    assert_true(clock_parse(str_c(iso), &ms));
    return ms;
}

static void due_is(const struct catalogue *c, const char *from, int64_t amount, const char *unit,
    const char *want, bool want_provisional)
{
    bool provisional;
    int64_t got = calendar_add(c, at(from), amount, str_c(unit), &provisional);
    if (got != at(want))
        print_message("%s + %d %s: wanted %s, off by %d min\n", from, (int)amount, unit, want,
            (int)((got - at(want)) / MINUTE_MS));
    assert_int_equal(got, at(want));
    assert_int_equal(provisional, want_provisional);
}

static void published_working_days(void **state)
{
    const struct fixture *f = *state;
    static const char *const worked[] = { "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09",
        "2026-10-10", "2025-09-28", "2025-10-11" };
    static const char *const not_worked[] = { "2026-01-01", "2026-02-16", "2025-10-08" };
    for (size_t i = 0; i < COUNT_OF(worked); i++)
        assert_true(is_worked(&f->c.calendar, day_of(at(worked[i]))));
    for (size_t i = 0; i < COUNT_OF(not_worked); i++)
        assert_false(is_worked(&f->c.calendar, day_of(at(not_worked[i]))));
    int n = 0;
    for (int64_t d = day_of(at("2026-01-01")); d <= day_of(at("2026-12-31")); d++)
        n += is_worked(&f->c.calendar, d);
    assert_int_equal(n, 248);
}

static void working_days_end_with_the_day(void **state)
{
    const struct fixture *f = *state;
    due_is(&f->c, "2026-02-13", 5, "WD", "2026-02-27T17:30:00+08:00", false);
    due_is(&f->c, "2025-09-30", 5, "WD", "2025-10-14T17:30:00+08:00", false);
    due_is(&f->c, "2026-11-20T23:59:00+08:00", 1, "WD", "2026-11-23T17:30:00+08:00", false);
    due_is(&f->c, "2026-11-23T08:00:00+08:00", 1, "WD", "2026-11-24T17:30:00+08:00", false);
}

static void working_hours_skip_noon_night_and_holidays(void **state)
{
    const struct fixture *f = *state;
    due_is(&f->c, "2026-11-23T09:00:00+08:00", 3, "WH", "2026-11-23T12:00:00+08:00", false);
    due_is(&f->c, "2026-11-23T11:30:00+08:00", 1, "WH", "2026-11-23T14:00:00+08:00", false);
    due_is(&f->c, "2026-11-23T12:30:00+08:00", 4, "WH", "2026-11-23T17:30:00+08:00", false);
    due_is(&f->c, "2026-11-20T17:00:00+08:00", 2, "WH", "2026-11-23T10:30:00+08:00", false);
    due_is(&f->c, "2026-11-22T03:00:00+08:00", 7, "WH", "2026-11-23T17:30:00+08:00", false);
    due_is(&f->c, "2026-09-30T16:30:00+08:00", 4, "WH", "2026-10-08T12:00:00+08:00", false);
}

static void clock_hours_and_calendar_days_run_through(void **state)
{
    const struct fixture *f = *state;
    due_is(&f->c, "2026-02-14T23:00:00+08:00", 2, "EH", "2026-02-15T01:00:00+08:00", false);
    due_is(&f->c, "2026-02-14T23:00:00+08:00", 15, "CD", "2026-03-01T23:00:00+08:00", false);
    due_is(&f->c, "2026-12-31T23:00:00+08:00", 2, "EH", "2027-01-01T01:00:00+08:00", false);
}

static void years_without_rows_are_provisional(void **state)
{
    const struct fixture *f = *state;
    due_is(&f->c, "2026-12-30", 1, "WD", "2026-12-31T17:30:00+08:00", false);
    due_is(&f->c, "2026-12-31", 1, "WD", "2027-01-01T17:30:00+08:00", true);
    due_is(&f->c, "2026-12-31T17:00:00+08:00", 1, "WH", "2027-01-01T09:30:00+08:00", true);
    struct catalogue empty = { 0 };
    calendar_build(&empty.calendar, (struct list){ NULL, 0 });
    due_is(&empty, "2026-11-23", 1, "WD", "2026-11-24T17:30:00+08:00", true);
}

static void days_off_of_a_year_are_counted(void **state)
{
    const struct fixture *f = *state;
    assert_true(calendar_days_off(&f->c, 2026) > 2 * CALENDAR_OFF_LEAST);
    assert_int_equal(calendar_days_off(&f->c, 2031), 0);
    struct day days[] = { { .date = at("2027-10-01"), .work = false },     /* a Friday */
        { .date = at("2027-10-02"), .work = false } };
    struct catalogue few = { 0 };
    calendar_build(&few.calendar, (struct list){ days, COUNT_OF(days) });
    assert_int_equal(calendar_days_off(&few, 2027), 1);
    assert_int_equal(calendar_days_off(&few, 2026), 0);
}

static void working_time_between_moments(void **state)
{
    const struct fixture *f = *state;
    const struct catalogue *c = &f->c;
    assert_int_equal(calendar_working_ms(c, at("2026-11-23"), at("2026-11-24")), 7 * HOUR_MS);
    assert_int_equal(calendar_working_ms(c, at("2026-11-20T17:00:00+08:00"),
        at("2026-11-23T09:15:00+08:00")), 45 * MINUTE_MS);
    assert_int_equal(calendar_working_ms(c, at("2026-10-01"), at("2026-10-08")), 0);
    assert_int_equal(calendar_working_ms(c, at("2026-11-24"), at("2026-11-23")), 0);
    assert_int_equal(calendar_working_ms(c, at("2026-01-01"), at("2027-01-01")),
        INT64_C(248) * 7 * HOUR_MS);
}

/* Whatever the start, so many working hours later so much working time has passed. */
static void adding_and_measuring_agree(void **state)
{
    const struct fixture *f = *state;
    int64_t from_ms = at("2025-12-01");
    for (int i = 0; i < 2000; i++, from_ms += 3 * HOUR_MS + 17 * MINUTE_MS) {
        bool provisional;
        int64_t amount = i % 40 + 1;
        int64_t to_ms = calendar_add(&f->c, from_ms, amount, STR("WH"), &provisional);
        assert_int_equal(calendar_working_ms(&f->c, from_ms, to_ms), amount * HOUR_MS);
        assert_true(to_ms > from_ms);
    }
}

static void times_of_others_are_read(void **state)
{
    static const struct { const char *said, *meant; } good[] = {
        { "2026-1-5", "2026-01-05" }, { "2026/1/5 8:05", "2026-01-05T08:05:00+08:00" },
        { "2026年1月5日8时5分", "2026-01-05T08:05:00+08:00" }, { "20260105", "2026-01-05" },
        { "20250501083000", "2025-05-01T08:30:00+08:00" }, { "２０２６－１－５", "2026-01-05" },
        { "2026-01-05T08:05:09.000+08:00", "2026-01-05T08:05:09+08:00" },
    };
    static const char *const none[] = { "", "2026", "2026-02-30", "2026-13-01", "5月1日", "20261301",
        "2026-01-05 24:00", "45778.5", "202601051", "99999999999999999999", "1800-01-01" };
    int64_t ms = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(clock_read(str_c(good[i].said), &ms));
        assert_int_equal(ms, at(good[i].meant));
    }
    for (size_t i = 0; i < COUNT_OF(none); i++)
        assert_false(clock_read(str_c(none[i]), &ms));
    assert_true(clock_read_serial(STR("45778.5"), &ms));
    assert_int_equal(ms, at("2025-05-01T12:00:00+08:00"));
    assert_false(clock_read_serial(STR("20260105"), &ms));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_of_others_are_read),
        cmocka_unit_test(published_working_days),
        cmocka_unit_test(working_days_end_with_the_day),
        cmocka_unit_test(working_hours_skip_noon_night_and_holidays),
        cmocka_unit_test(clock_hours_and_calendar_days_run_through),
        cmocka_unit_test(days_off_of_a_year_are_counted),
        cmocka_unit_test(years_without_rows_are_provisional),
        cmocka_unit_test(working_time_between_moments),
        cmocka_unit_test(adding_and_measuring_agree),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
