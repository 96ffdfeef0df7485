/* test_duty.c: who is on duty at a moment: hand-over to the minute, nights, holidays and make-up
 * days, absences and substitutes; and that whatever the roster, a matter is called to somebody who
 * is there and may take it, or waits in its unit's queue. */
#include "duty/book.c"
#include "base/rand.h"
#include "crypto/bytes.h"
#include "duty/shifts.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define COMMUNITY INT64_C(320508018023)
#define GRID_1 (COMMUNITY * 1000 + 1)
#define GRID_2 (COMMUNITY * 1000 + 2)
enum { UNIT_HERE = 5, UNIT_STATION = 6, LU = 1, GU, QIAN, OFFICER, GONE, STRANGER };

SQL_WRITES(put_division, "test.division", "INSERT INTO zone (layer, code, parent, level, kind, name,"
    " valid_from_ms) VALUES ('division', 320508018023, 0, 5, 'x', 'x', 0)");
SQL_WRITES(put_unit, "test.unit", "INSERT INTO unit (id, code, name, name_en, kind, level, region,"
    " parent, desk, functions) VALUES ($1, $2, $2, $2, 'x', 5, 320508018023, 0, $3, '')");
SQL_WRITES(put_zone, "test.zone", "INSERT INTO zone (layer, code, valid_from_ms, parent, level, kind,"
    " name, lon, lat, shape) VALUES ($1, $2, 0, $3, $4, 'base', 'x', 120, 31, $5)");
SQL_WRITES(put_account, "test.account", "INSERT INTO account (id, username, name, password, phone,"
    " lang, disabled) VALUES ($1, $2, $2, '', '', 'en', $3)");
SQL_WRITES(put_member, "test.member",
    "INSERT INTO membership (account, unit, role) VALUES ($1, $2, 'grid_worker')");
SQL_WRITES(put_calendar, "test.calendar", "INSERT INTO catalogue (name, version, valid_from_ms,"
    " made_ms, made_by, body) VALUES ('calendar', 1, 0, 0, 0, $1)");
SQL_WRITES(put_shift, "test.shift", "INSERT INTO shift (layer, zone, position, day, from_min, to_min,"
    " account) VALUES ($1, $2, $3, $4, $5, $6, $7)");
SQL_WRITES(put_absence, "test.absence", "INSERT INTO absence (id, account, from_ms, to_ms, substitute)"
    " VALUES ($1, $2, $3, $4, $5)");
SQL_WRITES(no_shifts, "test.no_shifts", "DELETE FROM shift");
SQL_WRITES(no_absences, "test.no_absences", "DELETE FROM absence");
SQL_WRITES(put_setting, "test.setting",
    "INSERT INTO setting (name, value) VALUES ('quiet_hours', $1)");
SQL_WRITES(no_settings, "test.no_settings", "DELETE FROM setting");

struct fixture { struct db *db; struct catalogue *c; struct duty_book *b; struct arena a; };

/* One triangle, little-endian. */
static struct str triangle(struct arena *a)
{
    struct str s;
    CHECK(hex_decode(a, STR("01030000000100000004000000"
        "0000000000005e400000000000003f40" "6666666666665e400000000000003f40"
        "6666666666665e406666666666663f40" "0000000000005e400000000000003f40"), &s));
    return s;
}

static void put(struct fixture *f, const struct sql *sql, const struct arg *args, size_t n)
{
    assert_int_equal(db_exec(f->db, sql, args, n, NULL), OK);
}

static void zone(struct fixture *f, const char *layer, int64_t code, int64_t parent, int64_t level)
{
    put(f, &put_zone, ARGS(S(str_c(layer)), I(code), I(parent), I(level), B(triangle(&f->a))));
}

static void person(struct fixture *f, int64_t id, const char *name, int64_t unit, bool disabled)
{
    put(f, &put_account, ARGS(I(id), S(str_c(name)), I(disabled)));
    put(f, &put_member, ARGS(I(id), I(unit)));
}

static void load_catalogue(struct fixture *f)
{
    struct err_info info = { .e = OK };
    catalogue_drop(f->c);
    f->c = NULL;
    assert_int_equal(catalogue_load(f->db, &f->c, &info), OK);
}

static int setup(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    struct err_info info = { .e = OK };
    arena_init(&f->a, 64 << 20);
    assert_int_equal(db_open(":memory:", DB_WRITER, &f->db), OK);
    assert_int_equal(db_migrate(f->db, &info), OK);
    put(f, &put_division, NO_ARGS);
    put(f, &put_unit, ARGS(I(UNIT_HERE), S(STR("here")), I(1)));
    put(f, &put_unit, ARGS(I(UNIT_STATION), S(STR("station")), I(0)));
    zone(f, "grid", GRID_1, COMMUNITY, LEVEL_GRID);
    zone(f, "grid", GRID_2, COMMUNITY, LEVEL_GRID);
    zone(f, "micro", GRID_1 * 100 + 1, GRID_1, LEVEL_MICRO);
    zone(f, "police", 77, UNIT_STATION, LEVEL_POLICE);
    person(f, LU, "lu", UNIT_HERE, false);
    person(f, GU, "gu", UNIT_HERE, false);
    person(f, QIAN, "qian", UNIT_HERE, false);
    person(f, OFFICER, "officer", UNIT_STATION, false);
    person(f, GONE, "gone", UNIT_HERE, true);
    person(f, STRANGER, "stranger", UNIT_STATION, false);
    put(f, &put_calendar, ARGS(S(STR("date,work,name\n2026-10-01,false,a\n2026-10-02,false,a\n"
        "2026-10-05,false,a\n2026-10-06,false,a\n2026-10-07,false,a\n2026-10-10,true,b\n"))));
    load_catalogue(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    duty_book_drop(f->b);
    catalogue_drop(f->c);
    db_close(f->db);
    arena_free(&f->a);
    heap_free(f);
    return 0;
}

static int empty(void **state)
{
    struct fixture *f = *state;
    put(f, &no_shifts, NO_ARGS);
    put(f, &no_absences, NO_ARGS);
    put(f, &no_settings, NO_ARGS);
    load_catalogue(f);
    return 0;
}

static void shift(struct fixture *f, int64_t grid, int64_t position, int64_t day, int from_h,
    int to_h, int64_t account)
{
    put(f, &put_shift, ARGS(S(STR("grid")), I(grid), I(position), I(day), I(from_h * 60),
        I(to_h * 60), I(account)));
}

static void absence(struct fixture *f, int64_t account, int64_t from_ms, int64_t to_ms,
    int64_t substitute)
{
    put(f, &put_absence, ARGS(I(account), I(account), I(from_ms), I(to_ms), I(substitute)));
}

static void load_book(struct fixture *f)
{
    duty_book_drop(f->b);
    f->b = NULL;
    assert_int_equal(duty_book_load(f->db, &f->b), OK);
}

static int64_t at(int month, int day, int hour, int minute)
{
    return clock_from_civil(2026, month, day, hour, minute, 0);
}

/* 0: nobody. */
static int64_t on(struct fixture *f, int64_t at_ms)
{
    struct duty_on d = duty_at(f->b, f->c, DUTY_GRID, GRID_1, 0, at_ms);
    return d.who ? d.who->account : 0;
}

static void the_next_is_on_duty_from_the_minute_of_the_hand_over(void **state)
{
    struct fixture *f = *state;
    shift(f, GRID_1, 0, DAY_ANY, 8, 16, LU);
    shift(f, GRID_1, 1, DAY_ANY, 16, 24, GU);
    load_book(f);
    assert_int_equal(on(f, at(11, 26, 8, 0) - 1), 0);
    assert_int_equal(on(f, at(11, 26, 8, 0)), LU);
    assert_int_equal(on(f, at(11, 26, 16, 0) - 1), LU);
    assert_int_equal(on(f, at(11, 26, 16, 0)), GU);
    assert_int_equal(on(f, at(11, 27, 0, 0) - 1), GU);
    assert_int_equal(on(f, at(11, 27, 0, 0)), 0);
}

static void a_clock_that_steps_back_gets_the_answer_it_had(void **state)
{
    struct fixture *f = *state;
    shift(f, GRID_1, 0, DAY_ANY, 8, 16, LU);
    shift(f, GRID_1, 1, DAY_ANY, 16, 8, GU);
    load_book(f);
    for (int64_t step = 0; step < 3; step++) {
        assert_int_equal(on(f, at(11, 26, 15, 59)), LU);
        assert_int_equal(on(f, at(11, 26, 16, 1)), GU);
    }
}

static void a_night_belongs_to_the_day_it_begins_on(void **state)
{
    struct fixture *f = *state;
    shift(f, GRID_1, 0, 5, 20, 8, LU);          /* Friday, 27 November 2026 */
    load_book(f);
    assert_int_equal(on(f, at(11, 27, 7, 59)), 0);
    assert_int_equal(on(f, at(11, 27, 20, 0)), LU);
    assert_int_equal(on(f, at(11, 28, 0, 0)), LU);
    assert_int_equal(on(f, at(11, 28, 7, 59)), LU);
    assert_int_equal(on(f, at(11, 28, 8, 0)), 0);
    assert_int_equal(on(f, at(11, 28, 20, 0)), 0);
}

static void holidays_are_free_and_make_up_days_are_worked(void **state)
{
    struct fixture *f = *state;
    shift(f, GRID_1, 0, DAY_WORKED, 0, 24, LU);
    shift(f, GRID_1, 1, DAY_FREE, 0, 24, GU);
    load_book(f);
    assert_int_equal(on(f, at(9, 30, 12, 0)), LU);
    assert_int_equal(on(f, at(10, 1, 0, 0)), GU);       /* a Thursday */
    assert_int_equal(on(f, at(10, 8, 0, 0)), LU);
    assert_int_equal(on(f, at(10, 10, 12, 0)), LU);     /* a Saturday, made up for */
    assert_int_equal(on(f, at(10, 11, 0, 0)), GU);
}

static void turns_of_one_day_replace_the_others(void **state)
{
    struct fixture *f = *state;
    shift(f, GRID_1, 0, DAY_ANY, 8, 18, LU);
    shift(f, GRID_1, 1, 20261127, 10, 12, GU);
    shift(f, GRID_1, 2, 20261128, 0, 24, 0);
    load_book(f);
    assert_int_equal(on(f, at(11, 26, 9, 0)), LU);
    assert_int_equal(on(f, at(11, 27, 9, 0)), 0);
    assert_int_equal(on(f, at(11, 27, 10, 0)), GU);
    assert_int_equal(on(f, at(11, 28, 9, 0)), 0);
    assert_int_equal(on(f, at(11, 29, 9, 0)), LU);
}

static void who_is_not_there_is_not_called_but_the_substitute_is(void **state)
{
    struct fixture *f = *state;
    shift(f, GRID_1, 0, DAY_ANY, 8, 18, LU);
    absence(f, LU, at(11, 26, 10, 0), at(11, 26, 14, 0), GU);
    absence(f, GU, at(11, 26, 12, 0), at(11, 26, 13, 0), QIAN);
    load_book(f);
    assert_int_equal(on(f, at(11, 26, 9, 59)), LU);
    struct duty_on d = duty_at(f->b, f->c, DUTY_GRID, GRID_1, UNIT_HERE, at(11, 26, 10, 0));
    assert_int_equal(d.who->account, GU);
    assert_int_equal(d.instead_of->account, LU);
    assert_int_equal(on(f, at(11, 26, 12, 0)), 0);      /* a substitute's substitute was not asked */
    assert_int_equal(on(f, at(11, 26, 13, 0)), GU);
    assert_int_equal(on(f, at(11, 26, 14, 0)), LU);
}

static void the_second_of_a_turn_is_called_when_the_first_is_not_there(void **state)
{
    struct fixture *f = *state;
    shift(f, GRID_1, 0, DAY_ANY, 8, 18, GONE);
    shift(f, GRID_1, 1, DAY_ANY, 8, 18, LU);
    shift(f, GRID_1, 2, DAY_ANY, 8, 18, GU);
    absence(f, LU, at(11, 26, 10, 0), at(11, 26, 14, 0), 0);
    load_book(f);
    assert_int_equal(on(f, at(11, 26, 9, 0)), LU);
    assert_int_equal(on(f, at(11, 26, 11, 0)), GU);
}

static struct duty_call call(struct fixture *f, int64_t unit, int64_t tier, int64_t at_ms)
{
    struct duty_matter m = { unit, tier, { .community = COMMUNITY, .grid = GRID_1,
        .micro_grid = GRID_1 * 100 + 1, .police_grid = 77 } };
    return duty_call_of(f->b, f->c, &m, at_ms);
}

static void a_matter_is_called_to_its_own_unit_only(void **state)
{
    struct fixture *f = *state;
    int64_t noon = at(11, 26, 12, 0);
    shift(f, GRID_1, 0, DAY_ANY, 8, 18, OFFICER);
    shift(f, GRID_1, 1, DAY_ANY, 8, 18, LU);
    put(f, &put_shift, ARGS(S(STR("police")), I(77), I(0), I(DAY_ANY), I(0), I(1440), I(OFFICER)));
    put(f, &put_shift, ARGS(S(STR("unit")), I(UNIT_HERE), I(0), I(DAY_ANY), I(0), I(1440), I(QIAN)));
    load_book(f);
    assert_int_equal(call(f, UNIT_HERE, 1, noon).on.who->account, LU);
    assert_int_equal(call(f, UNIT_STATION, 1, noon).on.who->account, OFFICER);
    assert_int_equal(call(f, UNIT_HERE, 1, at(11, 26, 19, 0)).on.who->account, QIAN);
    put(f, &put_shift, ARGS(S(STR("micro")), I(GRID_1 * 100 + 1), I(0), I(DAY_ANY), I(0), I(1440),
        I(GU)));
    load_book(f);
    assert_int_equal(call(f, UNIT_HERE, 1, noon).on.who->account, GU);
}

static void in_quiet_hours_only_what_is_urgent_is_called(void **state)
{
    struct fixture *f = *state;
    shift(f, GRID_1, 0, DAY_ANY, 0, 24, LU);
    load_book(f);
    assert_int_equal(call(f, UNIT_HERE, 2, at(11, 26, 22, 0) - 1).why, DUTY_CALLED);
    struct duty_call c = call(f, UNIT_HERE, 2, at(11, 26, 22, 0));
    assert_int_equal(c.why, DUTY_QUIET);
    assert_int_equal(c.unit, UNIT_HERE);
    assert_int_equal(c.until_ms, at(11, 27, 7, 0));
    assert_int_equal(call(f, UNIT_HERE, 1, at(11, 27, 6, 59)).until_ms, at(11, 27, 7, 0));
    assert_int_equal(call(f, UNIT_HERE, 3, at(11, 27, 3, 0)).on.who->account, LU);
    assert_int_equal(call(f, UNIT_HERE, 1, at(11, 27, 7, 0)).why, DUTY_CALLED);
    put(f, &put_setting, ARGS(S(STR("12:00-14:00"))));
    load_catalogue(f);
    assert_int_equal(call(f, UNIT_HERE, 1, at(11, 26, 12, 0)).until_ms, at(11, 26, 14, 0));
    assert_int_equal(call(f, UNIT_HERE, 1, at(11, 26, 23, 0)).why, DUTY_CALLED);
    put(f, &no_settings, NO_ARGS);
    put(f, &put_setting, ARGS(S(STR("none"))));
    load_catalogue(f);
    assert_int_equal(call(f, UNIT_HERE, 1, at(11, 26, 23, 0)).why, DUTY_CALLED);
}

/* Rosters at random ------------------------------------------------------------------------- */

static void roster_at_random(struct fixture *f, struct rand *r)
{
    static const int64_t people[] = { 0, LU, GU, QIAN, OFFICER, GONE, STRANGER };
    static const char *const layers[] = { "grid", "micro", "police", "unit" };
    static const int64_t zones[] = { GRID_1, GRID_1 * 100 + 1, 77, UNIT_HERE };
    for (int64_t z = 0; z < 4; z++)
        for (int64_t i = 0, n = (int64_t)rand_below(r, 5); i < n; i++) {
            int64_t day = 1 + (int64_t)rand_below(r, 11);
            put(f, &put_shift, ARGS(S(str_c(layers[z])), I(zones[z]), I(i),
                I(day > DAY_ANY ? 20261120 + (int64_t)rand_below(r, 10) : day),
                I((int64_t)rand_below(r, 1440)), I((int64_t)rand_below(r, 1441)),
                I(people[rand_below(r, COUNT_OF(people))])));
        }
    for (int64_t who = LU; who <= STRANGER; who++)
        if (rand_below(r, 2)) {
            int64_t from = at(11, 20, 0, 0) + (int64_t)rand_below(r, 9 * CLOCK_DAY_MS);
            absence(f, who, from, from + (int64_t)rand_below(r, 3 * CLOCK_DAY_MS) + 1,
                people[rand_below(r, COUNT_OF(people))]);
        }
    load_book(f);
}

/* The rule in other words than the program's: minute by minute, from the table. */
static bool turn_covers(struct fixture *f, const struct shift *s, struct list zone, int64_t at_ms)
{
    const struct shift *all = zone.p;
    for (int back = 0; back < 2; back++) {
        struct civil d = clock_civil(at_ms - back * (int64_t)CLOCK_DAY_MS);
        struct civil now = clock_civil(at_ms);
        int64_t date = d.year * 10000 + d.month * 100 + d.day, kind = s->day;
        int64_t minute = now.hour * 60 + now.minute + back * 1440;
        bool dated = false, worked =
            calendar_is(f->c, STR("workday"), at_ms - back * (int64_t)CLOCK_DAY_MS);
        for (size_t i = 0; i < zone.n; i++)
            dated = dated || all[i].day == date;
        bool fits = dated ? kind == date : kind == DAY_ANY || kind == d.weekday + 1
            || (kind == DAY_WORKED && worked) || (kind == DAY_FREE && !worked);
        int64_t end = s->to_min > s->from_min ? s->to_min : s->to_min + 1440;
        if (fits && minute >= s->from_min && minute < end)
            return true;
    }
    return false;
}

static bool may_come(struct fixture *f, int64_t who, int64_t unit, int64_t at_ms)
{
    bool handles = unit == UNIT_HERE ? who >= LU && who <= QIAN : who == OFFICER || who == STRANGER;
    return handles && duty_absence_at(f->b, who, at_ms) == NULL;
}

/* Whom the roster names at this moment, by its rule; 0 for nobody. */
static int64_t named(struct fixture *f, int64_t unit, int64_t at_ms)
{
    static const int64_t zones[] = { GRID_1 * 100 + 1, GRID_1, 77 };
    static const enum duty_layer layers[] = { DUTY_MICRO, DUTY_GRID, DUTY_POLICE, DUTY_UNIT };
    for (int l = 0; l < 4; l++) {
        struct list zone = duty_shifts(f->b, layers[l], l < 3 ? zones[l] : unit);
        const struct shift *s = zone.p;
        for (size_t i = 0; i < zone.n; i++) {
            if (!turn_covers(f, &s[i], zone, at_ms))
                continue;
            const struct absence *a = duty_absence_at(f->b, s[i].account, at_ms);
            if (may_come(f, s[i].account, unit, at_ms))
                return s[i].account;
            if (s[i].account && a && may_come(f, a->substitute, unit, at_ms))
                return a->substitute;
        }
    }
    return 0;
}

static void never_to_nobody(void **state)
{
    struct fixture *f = *state;
    struct rand r = rand_seeded(26);
    int called = 0, queued = 0;
    for (int round = 0; round < 60; round++) {
        empty(state);
        roster_at_random(f, &r);
        for (int i = 0; i < 200; i++) {
            int64_t when = at(11, 20, 0, 0) + (int64_t)rand_below(&r, 11 * CLOCK_DAY_MS);
            int64_t unit = rand_below(&r, 2) ? UNIT_HERE : UNIT_STATION;
            int64_t tier = 1 + (int64_t)rand_below(&r, 4), until;
            struct duty_call c = call(f, unit, tier, when);
            assert_int_equal(c.unit, unit);
            bool quiet = tier < 3 && duty_is_quiet(f->c, when, &until);
            int64_t who = quiet ? 0 : named(f, unit, when);
            assert_int_equal(c.why, quiet ? DUTY_QUIET : who ? DUTY_CALLED : DUTY_GAP);
            assert_int_equal(c.on.who ? c.on.who->account : 0, who);
            called += who != 0;
            queued += who == 0;
        }
    }
    assert_true(called > 1000 && queued > 1000);    /* both were seen */
}

static void spans_say_what_each_moment_says(void **state)
{
    struct fixture *f = *state;
    struct rand r = rand_seeded(27);
    struct duty_span spans[400];
    for (int round = 0; round < 40; round++) {
        empty(state);
        roster_at_random(f, &r);
        int64_t from = at(11, 20, 0, 0), to = from + 8 * (int64_t)CLOCK_DAY_MS, next = from;
        size_t n = duty_spans(f->b, f->c, DUTY_GRID, GRID_1, spans, COUNT_OF(spans), from, to);
        for (size_t i = 0; i < n; i++) {
            const struct colleague *who = spans[i].on.who;
            assert_int_equal(spans[i].from_ms, next);
            next = spans[i].to_ms;
            for (int k = 0; k < 5; k++) {
                int64_t span = spans[i].to_ms - spans[i].from_ms;
                int64_t when = spans[i].from_ms + (int64_t)rand_below(&r, (uint64_t)span);
                assert_int_equal(on(f, when), who ? who->account : 0);
            }
        }
        assert_int_equal(next, to);
    }
}

/* Lists --------------------------------------------------------------------------------------- */

#define HEAD "layer,zone,days,from,to,person\n"

static void a_list_comes_back_as_it_went_in(void **state)
{
    struct fixture *f = *state;
    struct faults found = faults_in(&f->a);
    static const char csv[] = HEAD "grid,320508018023001,work,08:30,17:30,lu\n"
        "grid,320508018023001,sat sun,09:00,12:00,gu\ngrid,320508018023001,2026-10-01,00:00,24:00,\n"
        "police,77,daily,20:00,08:00,officer\nunit,here,mon tue wed thu fri,17:30,22:00,qian\n";
    load_book(f);
    struct list rows = turns_check(f->c, f->b, &f->a, str_c(csv), &found).shifts;
    assert_int_equal(found.total, 0);
    assert_int_equal(rows.n, 10);
    assert_int_equal(turns_store(f->db, rows), OK);
    load_book(f);
    struct str again = turns_csv(f->c, f->b, &f->a);
    assert_true(str_is(again, csv));
    assert_int_equal(on(f, at(11, 28, 10, 0)), GU);
    rows = turns_check(f->c, f->b, &f->a, STR(HEAD "grid,320508018023001,daily,10:00,11:00,qian\n"),
        &found).shifts;
    assert_int_equal(turns_store(f->db, rows), OK);
    load_book(f);
    assert_int_equal(on(f, at(11, 28, 9, 0)), 0);       /* the zone's turns were replaced */
    assert_int_equal(duty_shifts(f->b, DUTY_POLICE, 77).n, 1);  /* others stay */
}

static void faults_of_a_list_are_named(void **state)
{
    struct fixture *f = *state;
    struct faults found = faults_in(&f->a);
    static const struct { size_t line; const char *field; } wanted[] = {
        { 8, "layer" }, { 2, "zone" }, { 3, "days" }, { 4, "from" }, { 4, "to" }, { 5, "person" },
        { 6, "person" }, { 7, "person" }, { 9, "days" },
    };
    load_book(f);
    (void)turns_check(f->c, f->b, &f->a, STR(HEAD
        "grid,999,daily,08:00,17:00,lu\n"
        "grid,320508018023001,mon funday,08:00,17:00,lu\n"
        "grid,320508018023001,daily,25:00,24:01,lu\n"
        "grid,320508018023001,daily,08:00,17:00,nobody\n"
        "grid,320508018023001,daily,08:00,17:00,officer\n"
        "grid,320508018023001,daily,08:00,17:00,gone\n"
        "street,320508018023001,daily,08:00,17:00,lu\n"
        "grid,320508018023001,2026-02-30,08:00,17:00,lu\n"), &found);
    assert_int_equal(found.total, COUNT_OF(wanted));
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        assert_int_equal(found.at[i].line, wanted[i].line);
        assert_string_equal(found.at[i].field, wanted[i].field);
    }
}

#define CASE(test) cmocka_unit_test_setup(test, empty)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_next_is_on_duty_from_the_minute_of_the_hand_over),
        CASE(a_clock_that_steps_back_gets_the_answer_it_had),
        CASE(a_night_belongs_to_the_day_it_begins_on),
        CASE(holidays_are_free_and_make_up_days_are_worked),
        CASE(turns_of_one_day_replace_the_others),
        CASE(who_is_not_there_is_not_called_but_the_substitute_is),
        CASE(the_second_of_a_turn_is_called_when_the_first_is_not_there),
        CASE(a_matter_is_called_to_its_own_unit_only),
        CASE(in_quiet_hours_only_what_is_urgent_is_called),
        CASE(never_to_nobody),
        CASE(spans_say_what_each_moment_says),
        CASE(a_list_comes_back_as_it_went_in),
        CASE(faults_of_a_list_are_named),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
