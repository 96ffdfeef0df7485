/* test_decider.c: who decides by name for a desk: its chief on duty, a deputy, the chief all the
 * same, and only then others of the desk; and never somebody who is absent or may not. */
#include "duty/decider.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define TOWN INT64_C(320508018000)
enum { DESK = 5, CHIEF = 1, DEPUTY, SECOND, DISPATCHER, MEDIATOR, GONE };

SQL_WRITES(put_division, "test.division", "INSERT INTO zone (layer, code, parent, level, kind, name,"
    " valid_from_ms) VALUES ('division', 320508018000, 0, 4, 'x', 'x', 0)");
SQL_WRITES(put_unit, "test.unit", "INSERT INTO unit (id, code, name, name_en, kind, level, region,"
    " parent, desk, functions) VALUES (5, 'desk', 'd', 'd', 'centre', 4, 320508018000, 0, 1, '')");
SQL_WRITES(put_account, "test.account", "INSERT INTO account (id, username, name, password, phone,"
    " lang, disabled) VALUES ($1, $2, $2, '', '', 'en', $3)");
SQL_WRITES(put_member, "test.member",
    "INSERT INTO membership (account, unit, role) VALUES ($1, 5, $2)");
SQL_WRITES(put_deputies, "test.deputies", "INSERT INTO catalogue (name, version, valid_from_ms,"
    " made_ms, made_by, body) VALUES ('deputy', $1, 0, 0, 0, $2)");
SQL_WRITES(put_shift, "test.shift", "INSERT INTO shift (layer, zone, position, day, from_min, to_min,"
    " account) VALUES ('unit', 5, $1, 10, $2, $3, $4)");
SQL_WRITES(put_absence, "test.absence", "INSERT INTO absence (id, account, from_ms, to_ms, substitute)"
    " VALUES ($1, $1, 0, 4000000000000, $2)");
SQL_WRITES(no_absences, "test.no_absences", "DELETE FROM absence");
SQL_WRITES(no_chief, "test.no_chief", "DELETE FROM membership WHERE role = 'chief'");

struct fixture { struct db *db; struct catalogue *c; struct arena a; int64_t deputies; };

static void put(struct fixture *f, const struct sql *sql, const struct arg *args, size_t n)
{
    assert_int_equal(db_exec(f->db, sql, args, n, NULL), OK);
}

static void person(struct fixture *f, int64_t id, const char *name, const char *role)
{
    put(f, &put_account, ARGS(I(id), S(str_c(name)), I(id == GONE)));
    put(f, &put_member, ARGS(I(id), S(str_c(role))));
}

static void deputies(struct fixture *f, const char *rows)
{
    struct err_info info = { .e = OK };
    put(f, &put_deputies, ARGS(I(++f->deputies), S(arena_fmt(&f->a, "unit,person\n%s", rows))));
    catalogue_drop(f->c);
    f->c = NULL;
    assert_int_equal(catalogue_load(f->db, &f->c, &info), OK);
}

static int setup(void **state)
{
    static struct fixture f;
    struct err_info info = { .e = OK };
    f = (struct fixture){ .deputies = 0 };
    arena_init(&f.a, 1 << 20);
    assert_int_equal(db_open(":memory:", DB_WRITER, &f.db), OK);
    assert_int_equal(db_migrate(f.db, &info), OK);
    put(&f, &put_division, NO_ARGS);
    put(&f, &put_unit, NO_ARGS);
    person(&f, CHIEF, "chief", "chief");
    person(&f, DEPUTY, "deputy", "dispatcher");
    person(&f, SECOND, "second", "dispatcher");
    person(&f, DISPATCHER, "dispatcher", "dispatcher");
    person(&f, MEDIATOR, "mediator", "mediator");
    person(&f, GONE, "gone", "dispatcher");
    put(&f, &put_shift, ARGS(I(0), I(8 * 60), I(18 * 60), I(CHIEF)));
    put(&f, &put_shift, ARGS(I(1), I(18 * 60), I(8 * 60), I(DISPATCHER)));
    deputies(&f, "desk,deputy\ndesk,second\n");
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    catalogue_drop(f->c);
    db_close(f->db);
    arena_free(&f->a);
    return 0;
}

/* 0: nobody. */
static int64_t decider_at(struct fixture *f, int hour)
{
    struct duty_book *b = NULL;
    assert_int_equal(duty_book_load(f->db, &b), OK);
    const struct colleague *who = duty_decider(b, f->c, unit_find(f->c, DESK),
        clock_from_civil(2026, 11, 26, hour, 0, 0));
    int64_t account = who ? who->account : 0;
    duty_book_drop(b);
    return account;
}

static void away(struct fixture *f, int64_t account, int64_t substitute)
{
    put(f, &put_absence, ARGS(I(account), I(substitute)));
}

static void the_chief_on_duty_decides_and_else_the_deputy(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(decider_at(f, 10), CHIEF);
    assert_int_equal(decider_at(f, 20), DEPUTY);
    away(f, DEPUTY, 0);
    assert_int_equal(decider_at(f, 20), SECOND);
    away(f, CHIEF, DISPATCHER);
    assert_int_equal(decider_at(f, 10), SECOND);
    put(f, &no_absences, NO_ARGS);
}

static void without_deputies_it_is_the_chief_or_who_stands_in(void **state)
{
    struct fixture *f = *state;
    deputies(f, "");
    assert_int_equal(decider_at(f, 20), CHIEF);
    away(f, CHIEF, DISPATCHER);
    assert_int_equal(decider_at(f, 10), DISPATCHER);
    put(f, &no_absences, NO_ARGS);
    away(f, CHIEF, MEDIATOR);               /* who may not decide whose it is */
    assert_int_equal(decider_at(f, 20), DISPATCHER);
    put(f, &no_absences, NO_ARGS);
    deputies(f, "desk,mediator\ndesk,gone\ndesk,second\n");
    assert_int_equal(decider_at(f, 20), SECOND);
    deputies(f, "");
}

static void without_a_chief_it_is_somebody_of_the_desk(void **state)
{
    struct fixture *f = *state;
    put(f, &no_chief, NO_ARGS);
    assert_int_equal(decider_at(f, 20), DISPATCHER);
    assert_int_equal(decider_at(f, 10), DEPUTY);
    for (int64_t who = CHIEF; who <= DISPATCHER; who++)
        away(f, who, 0);
    assert_int_equal(decider_at(f, 20), 0);
}

static void deputies_are_people_who_may_decide(void **state)
{
    struct fixture *f = *state;
    struct duty_book *b = NULL;
    struct faults faults = faults_in(&f->a);
    assert_int_equal(duty_book_load(f->db, &b), OK);
    deputies_check(f->c, b, &f->a, STR("unit,person\ndesk,second\ndesk,nobody\ndesk,mediator\n"
        "desk,gone\n"), &faults);
    assert_int_equal(faults.total, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(faults.at[i].line, i + 3);
        assert_string_equal(faults.at[i].field, "person");
    }
    duty_book_drop(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chief_on_duty_decides_and_else_the_deputy),
        cmocka_unit_test(without_deputies_it_is_the_chief_or_who_stands_in),
        cmocka_unit_test(deputies_are_people_who_may_decide),
        cmocka_unit_test(without_a_chief_it_is_somebody_of_the_desk),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
