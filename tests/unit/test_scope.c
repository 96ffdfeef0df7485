/* test_scope.c: the second lock alone. Statements of the program that ask nobody for leave are run
 * by readers on a PostgreSQL server, for every person of an invented town, on matters in every
 * relation to them: what comes back is what matter_visible() would have let through. */
#include "town.h"
#include "access/access.h"
#include "base/log.h"
#include "db/driver.h"
#include "matter/intake.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { MATTERS = 331 };
struct fixture { struct town town; struct matter matters[MATTERS]; char url[128]; };
#define ROW(X, R) X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, id, 0, 0, 0, NULL, "")
RECORD(row, ROW)
RECORD_DEFINE(row, ROW)
SQL_SCANS(ALL, "test.all", "SELECT area, id FROM matter ORDER BY id");

/* From one matter many: at every kind of place; owned, asked about, held and once worked on by
 * every unit; with one row in each table of what belongs to them. */
static const char many[] =
    "INSERT INTO matter SELECT (jsonb_populate_record(m, jsonb_build_object('id', m.id + g,"
    " 'area', CASE WHEN g % 8 = 7 THEN 320500 ELSE 320508 END,"
    " 'community', (ARRAY[320508001001, 320508001002, 320508002001, 320508002002, 0, 0, 0, 0])[g % 8 + 1],"
    " 'town', (ARRAY[320508001000, 320508001000, 320508002000, 320508002000, 320508001000,"
    "  320508002000, 0, 0])[g % 8 + 1], 'owner_unit', 1 + g * 7 % 15,"
    " 'kind', CASE WHEN g % 6 = 5 THEN 'dispute' ELSE 'report' END,"
    " 'ask_unit', CASE WHEN g % 5 = 0 THEN 1 + g / 5 % 11 ELSE 0 END,"
    " 'holder', CASE WHEN g % 13 = 0 THEN 100 + g / 13 % 21 ELSE 0 END,"
    " 'open', CASE WHEN g % 3 = 0 THEN 0 ELSE 1 END, 'confidential', g / 3 % 2))).*"
    " FROM matter m, generate_series(1, 330) AS g;"
    "DELETE FROM note; DELETE FROM reporter; DELETE FROM involved;"
    "INSERT INTO involved SELECT area, id, 1 + id / 4 % 11 FROM matter WHERE id % 4 = 0;"
    "INSERT INTO note SELECT area, id, 1, 'staff', '\\x00', 'x' FROM matter;"
    "INSERT INTO reporter SELECT area, id, 1, id + 100000, 0, 0, 0 FROM matter;"
    "INSERT INTO person SELECT area, id + 100000, NULL, NULL, NULL, '', 0 FROM matter;"
    "INSERT INTO merged SELECT area, id, 7, 0 FROM matter;"
    "INSERT INTO cohandler SELECT area, id, 99, 'open', 0, '', '', 0 FROM matter;"
    "INSERT INTO matter_link SELECT area, id, 'parent', 'x' FROM matter;"
    "INSERT INTO dispute SELECT area, id, owner_unit, 'other', '', 'apply', '', 0, '', '', 0, 0, '', 0,"
    " NULL, NULL, NULL, '', NULL, 0, 0 FROM matter;"
    "INSERT INTO statement SELECT area, id, 1, 'caucus', 0, 1, '', '\\x00', '\\x00', '' FROM matter;"
    "INSERT INTO attachment SELECT area, id, 1, 1, '', '', 1, 1, 'before' FROM matter;"
    "INSERT INTO command_key SELECT area, decode(to_hex(id), 'hex'), '', id, 1, 0 FROM matter"
    " WHERE length(to_hex(id)) % 2 = 0;"
    "INSERT INTO access_log SELECT area, id, 0, 1, id, 1, '', '' FROM matter;"
    "INSERT INTO entry SELECT m.area, m.id, 1, m.id + 200000, 0, '', 0, 0, '', '', '', 0, 0, NULL, '{}',"
    " '', '' FROM matter m WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.matter = m.id);";

static void first_report(struct town *t)
{
    struct cx cx = town_public(t);
    struct matter m;
    struct intake in = { .text = STR("路灯不亮"), .category = STR("02"), .origin = STR("resident"),
        .reporter = true, .lon = 120.005, .lat = 31.005, .name = STR_NONE, .phone = STR_NONE };
    assert_true(catalogue_place_of_grid(t->cat, COMMUNITY_A1 * 1000 + 1, &in.place));
    assert_int_equal(db_begin(t->db), OK);
    assert_int_equal(matter_open(&cx, &in, &m), OK);
    assert_int_equal(db_commit(t->db), OK);
}

static int setup(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    struct town *t = &f->town;
    struct list rows;
    town_open(t, 11, NULL);
    assert_true(t->on_server);
    struct str schema = town_bytes(t, "SELECT CAST(CAST(current_schema() AS TEXT) AS BYTEA)");
    (void)snprintf(f->url, sizeof(f->url), "postgres:///postgres?options=-c%%20search_path%%3D%.*s",
        STR_FMT(schema));
    first_report(t);
    assert_int_equal(t->db->driver->script(t->db, many), OK);
    assert_int_equal(db_rows(t->db, &t->a, &ALL, NO_ARGS, &row_record, MATTERS, &rows), OK);
    assert_int_equal(rows.n, MATTERS);
    struct cx cx = town_system(t);
    for (size_t i = 0; i < rows.n; i++) {
        const struct row *r = (const struct row *)rows.p + i;
        assert_int_equal(matter_by_id(&cx, r->area, r->id, &f->matters[i]), OK);
    }
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    town_close(&f->town);
    heap_free(f);
    return 0;
}

static struct db *opened(const struct fixture *f, enum db_mode mode)
{
    struct db *db = NULL;
    assert_int_equal(db_open(f->url, mode, &db), OK);
    return db;
}

static int64_t count(struct db *db, const struct sql *sql)
{
    int64_t n = -1;
    assert_int_equal(db_number(db, sql, NO_ARGS, &n), OK);
    return n;
}
#define COUNT_ALL(table) { "test." table, "SELECT count(*) FROM " table, SQL_READ, true }
static const struct sql counts[] = { COUNT_ALL("matter"), COUNT_ALL("entry"), COUNT_ALL("note"),
    COUNT_ALL("reporter"), COUNT_ALL("person"), COUNT_ALL("merged"), COUNT_ALL("cohandler"),
    COUNT_ALL("matter_link"), COUNT_ALL("attachment"), COUNT_ALL("dispute"),
    COUNT_ALL("statement"), COUNT_ALL("involved"),
    COUNT_ALL("command_key"), COUNT_ALL("access_log") };
enum { WITH_MATTER = 11 };       /* of these, the first have one row for each matter */

static void sees(struct db *db, int64_t matters, int64_t belongings)
{
    assert_int_equal(count(db, &counts[0]), matters);
    for (size_t i = 1; i < WITH_MATTER; i++)
        assert_int_equal(count(db, &counts[i]), belongings);
}

/* What cx's reader finds of each matter without being asked for leave. */
typedef bool expected(struct fixture *f, struct cx *cx, const struct matter *m);
static size_t finds(struct fixture *f, struct cx *cx, expected *is_expected)
{
    size_t n = 0;
    for (size_t i = 0; i < MATTERS; i++) {
        const struct matter *m = &f->matters[i];
        struct matter found;
        bool yes = is_expected(f, cx, m);
        enum err e = matter_by_id(cx, m->area, m->id, &found);
        if (e != (yes ? OK : E_MISSING))
            fail_msg("account %lld, matter %lld of unit %lld in %lld: %s",
                (long long)cx->actor.account, (long long)m->id, (long long)m->owner_unit,
                (long long)matter_division(m), err_code(e));
        n += yes;
    }
    return n;
}

/* The first lock, asked of the database that has no second. */
static bool program_shows(struct fixture *f, struct cx *cx, const struct matter *m)
{
    struct cx asks = *cx;
    asks.db = f->town.db;
    enum err e = matter_visible(&asks, m);
    assert_true(e == OK || e == E_MISSING);
    return e == OK || m->holder == cx->actor.account;
}

static void staff_see_what_the_program_shows(void **state)
{
    struct fixture *f = *state;
    struct db *db = opened(f, DB_READER);
    size_t least = MATTERS, most = 0;
    for (size_t who = 0; who < TOWN_PEOPLE_COUNT; who++) {
        struct cx cx = town_staff(&f->town, (enum town_person)who);
        cx.db = db;
        cx.ids = NULL;
        assert_int_equal(db_begin(db), OK);
        access_scope(&cx);
        size_t n = finds(f, &cx, program_shows);
        sees(db, (int64_t)n, (int64_t)n);
        assert_int_equal(count(db, &counts[WITH_MATTER + 1]), 0);    /* no page shows these */
        assert_int_equal(count(db, &counts[WITH_MATTER + 2]), n);    /* these auditors see */
        db_rollback(db);
        least = who != WALL && n < least ? n : least;
        most = n > most ? n : most;
        assert_true(who != WALL || n <= 2);             /* what a wall holds, by mistake */
    }
    assert_in_range(least, 10, 80);     /* clerks of one unit, and who looks after a city */
    assert_in_range(most, 270, MATTERS - 1);
    db_close(db);
}

/* Tables that the holder of a code has no business with; who read their data is theirs to see. */
static bool is_of_no_reporter(const struct sql *sql)
{
    static const char *const names[] = { "test.person", "test.involved", "test.command_key" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(sql->name, names[i]) == 0)
            return true;
    return false;
}

static bool is_named(struct fixture *f, struct cx *cx, const struct matter *m)
{
    (void)f;
    return m->id == cx->actor.matter || m->id == cx->actor.code.matter;
}

/* Names are for the holder of a code where it is a party's of a dispute, which all matters here
 * are; of a report the reporter reads none. */
static void a_code_opens_its_matter_only(void **state)
{
    struct fixture *f = *state;
    struct town *t = &f->town;
    struct db *db = opened(f, DB_READER);
    for (int dispute = 1; dispute >= 0; dispute--) {
        struct cx cx = town_reporter(t, f->matters[5].area, f->matters[5].id, 1);
        cx.db = db;
        cx.ids = NULL;
        assert_int_equal(db_begin(db), OK);
        access_scope(&cx);
        assert_int_equal(finds(f, &cx, is_named), 1);
        for (size_t i = 0; i < COUNT_OF(counts); i++) {
            const char *name = counts[i].name;
            bool seen = strcmp(name, "test.person") == 0 || strcmp(name, "test.dispute") == 0
                ? dispute : !is_of_no_reporter(&counts[i]);
            assert_int_equal(count(db, &counts[i]), seen);
        }
        db_rollback(db);
        assert_int_equal(t->db->driver->script(t->db, arena_fmt(&t->a,
            "UPDATE dispute SET matter = -matter WHERE abs(matter) = %lld",
            (long long)f->matters[5].id).p), OK);
    }
    db_close(db);
}

static bool is_public(struct fixture *f, struct cx *cx, const struct matter *m)
{
    (void)f, (void)cx;
    return m->open && !m->confidential && !matter_is_closed_circle(m);
}

static void anybody_sees_open_matters_and_nothing_of_them(void **state)
{
    struct fixture *f = *state;
    struct db *db = opened(f, DB_READER);
    struct cx cx = town_public(&f->town);
    cx.db = db;
    cx.ids = NULL;
    assert_int_equal(db_begin(db), OK);
    access_scope(&cx);
    size_t n = finds(f, &cx, is_public);
    assert_in_range(n, 50, MATTERS - 50);
    sees(db, (int64_t)n, 0);
    db_rollback(db);
    db_close(db);
}

static void nothing_is_seen_without_a_scope(void **state)
{
    struct fixture *f = *state;
    struct db *db = opened(f, DB_READER), *overseer = opened(f, DB_OVERSEER);
    struct cx cx = town_staff(&f->town, SUPERVISOR_CITY);
    sees(overseer, MATTERS, MATTERS);
    sees(db, 0, 0);                     /* each statement by itself */
    assert_int_equal(db_begin(db), OK);
    sees(db, 0, 0);
    cx.db = db;
    access_scope(&cx);                  /* once rights have been read */
    assert_in_range(count(db, &counts[0]), 270, MATTERS - 1);
    db_rollback(db);
    sees(db, 0, 0);                     /* nothing is left of it */
    assert_int_equal(db_begin(db), OK);
    access_scope(&cx);                  /* and nobody asks for anything */
    db_rollback(db);
    assert_int_equal(db_begin(db), OK);
    sees(db, 0, 0);
    db_rollback(db);
    assert_int_equal(f->town.db->driver->script(f->town.db,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        " AND usename = current_user"), OK);
    assert_int_equal(db_begin(db), OK);
    access_scope(&cx);                  /* a connection made anew is told too */
    assert_in_range(count(db, &counts[0]), 270, MATTERS - 1);
    db_rollback(db);
    sees(db, 0, 0);
    db_close(db);
    db_close(overseer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(staff_see_what_the_program_shows),
        cmocka_unit_test(a_code_opens_its_matter_only),
        cmocka_unit_test(anybody_sees_open_matters_and_nothing_of_them),
        cmocka_unit_test(nothing_is_seen_without_a_scope),
    };
    const char *db = getenv("DB");
    log_level_set((enum log_level)(LOG_ERROR + 1));
    if (db == NULL || strcmp(db, "postgres") != 0) {
        puts("1..0 # SKIP a file has no second lock");
        return 0;
    }
    return cmocka_run_group_tests_name("scope", tests, setup, teardown);
}
