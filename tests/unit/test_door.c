/* test_door.c: what db.h promises, held by every database behind it: the same cases run on SQLite
 * and, where tests/tools/postgres.mjs has started one, on a PostgreSQL server. */
#include "db/db.c"
#include "base/log.h"
#include "cli/statements.h"
#include "db/migrations.h"
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#define SERVER "postgres:///postgres"
enum { MANY = 1203 };
SQL_WRITES(PUT, "test.put", "INSERT INTO setting (name, value) VALUES ($1, $2)");
SQL_WRITES(SET, "test.set", "UPDATE setting SET value = $1");
SQL_SCANS(COUNT, "test.count", "SELECT count(*) FROM setting");
SQL_SCANS(VALUES, "test.values", "SELECT value FROM setting ORDER BY name");
SQL_READS(VALUE, "test.value", "SELECT value FROM setting WHERE name = $1");
SQL_WRITES(ORPHAN, "test.orphan", "INSERT INTO duty (layer, zone, position, account)"
    " VALUES ('grid', 1, 1, $1)");
SQL_WRITES(KINDS_PUT, "test.kinds_put", "INSERT INTO kinds (i, f, yes, t, b) VALUES ($1, $2, $3, $4, $5)");
SQL_SCANS(KINDS, "test.kinds", "SELECT i, i, i, f, yes, t, t, b FROM kinds ORDER BY i");
SQL_READS(NOTHING, "test.nothing", "SELECT max(i) FROM kinds WHERE i = $1");
SQL_WRITES(REWRITE, "test.rewrite", "UPDATE entry SET id = $1");
SQL_WRITES(FORGET, "test.forget", "DELETE FROM checkpoint");
SQL_SCANS(CHANGING, "test.changing", "SELECT v FROM changing");
SQL_READS(CUT, "test.cut", "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND datname = current_database()");

#define KIND(X, R) \
    X(R, I64, i, 0, 0, 0, NULL, "") X(R, ID, id, 0, 0, 0, NULL, "") \
    X(R, TIME, at, 0, 0, 0, NULL, "") X(R, F64, f, 0, 0, 0, NULL, "") \
    X(R, BOOL, yes, 0, 0, 0, NULL, "") X(R, STR, t, 0, 0, 0, NULL, "") \
    X(R, RAW, raw, 0, 0, 0, NULL, "") X(R, BYTES, b, 0, 0, 0, NULL, "")
RECORD(kind, KIND)
RECORD_DEFINE(kind, KIND)
#define WORD(X, R) X(R, STR, value, 0, 0, 0, NULL, "")
RECORD(word, WORD)
RECORD_DEFINE(word, WORD)

struct fixture { char dir[32], url[64]; bool server; struct db *db; struct arena a; };

static int opened(void **state, struct fixture *f)
{
    struct err_info info = { .e = OK };
    arena_init(&f->a, 64 << 20);
    assert_int_equal(db_open(f->url, DB_WRITER, &f->db), OK);
    if (f->server)
        assert_int_equal(f->db->driver->script(f->db,
            "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public"), OK);
    assert_int_equal(db_migrate(f->db, &info), OK);
    assert_int_equal(f->db->driver->script(f->db, "CREATE TABLE kinds (i BIGINT,"
        " f DOUBLE PRECISION, yes BIGINT, t TEXT, b BLOB)"), OK);
    *state = f;
    return 0;
}

static int in_a_file(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    (void)snprintf(f->dir, sizeof(f->dir), "/tmp/door-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    (void)snprintf(f->url, sizeof(f->url), "%s/x.db", f->dir);
    return opened(state, f);
}

static int on_a_server(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    f->server = true;
    (void)snprintf(f->url, sizeof(f->url), SERVER);
    return opened(state, f);
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    static const char *const ends[] = { "", "-wal", "-shm" };
    db_close(f->db);
    for (size_t i = 0; !f->server && i < COUNT_OF(ends); i++) {
        char path[80];
        (void)snprintf(path, sizeof(path), "%s%s", f->url, ends[i]);
        (void)unlink(path);
    }
    if (!f->server)
        (void)rmdir(f->dir);
    arena_free(&f->a);
    heap_free(f);
    return 0;
}

static enum err put(struct db *db, const char *name)
{
    return db_exec(db, &PUT, ARGS(S(str_c(name)), S(STR("v"))), NULL);
}

static int64_t count(struct db *db)
{
    int64_t n = -1;
    assert_int_equal(db_number(db, &COUNT, NO_ARGS, &n), OK);
    return n;
}

static struct db *reader(const struct fixture *f)
{
    struct db *db = NULL;
    assert_int_equal(db_open(f->url, DB_READER, &db), OK);
    return db;
}

/* --- values */

static const char bytes_of_all_kinds[] = { 0, 1, (char)0xff, '\'', '\\', 0 };
static const struct kind kinds[] = {
    { -INT64_MAX, -INT64_MAX, -INT64_MAX, -1.7976931348623157e308, true, STR("枫桥\n'\"\\"),
        STR("枫桥\n'\"\\"), { bytes_of_all_kinds, sizeof(bytes_of_all_kinds) } },
    { -1, -1, -1, 0.1, false, STR(""), STR(""), STR("") },
    { 0, 0, 0, 5e-324, true, STR("𠮷"), STR("𠮷"), STR("x") },
    { INT64_MAX, INT64_MAX, INT64_MAX, 120.585, true, STR("a"), STR("a"), STR("\x80") },
};

static void values_come_back_as_they_went(void **state)
{
    struct fixture *f = *state;
    struct list rows;
    int64_t changed = 0;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const struct kind *k = &kinds[i];
        assert_int_equal(db_exec(f->db, &KINDS_PUT, ARGS(I(k->i), F(k->f), I(k->yes), S(k->t),
            B(k->b)), &changed), OK);
        assert_int_equal(changed, 1);
    }
    assert_int_equal(db_rows(f->db, &f->a, &KINDS, NO_ARGS, &kind_record, 10, &rows), OK);
    assert_int_equal(rows.n, COUNT_OF(kinds));
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const struct kind *k = &kinds[i], *r = (const struct kind *)rows.p + i;
        assert_true(r->i == k->i && r->id == k->i && r->at == k->i && r->f == k->f);
        assert_int_equal(r->yes, k->yes);
        assert_true(str_eq(r->t, k->t) && str_eq(r->raw, k->t) && str_eq(r->b, k->b));
        assert_non_null(r->t.p);
        assert_non_null(r->b.p);
    }
}

static void no_value_comes_back_as_none(void **state)
{
    struct fixture *f = *state;
    struct kind r;
    int64_t n = 7;
    double none = 0.0 / 0.0;
    assert_int_equal(db_exec(f->db, &KINDS_PUT, ARGS(I(I64_NONE), F(none), I(I64_NONE),
        S(STR_NONE), B(STR_NONE)), NULL), OK);
    assert_int_equal(db_one(f->db, &f->a, &KINDS, NO_ARGS, &kind_record, &r), OK);
    assert_true(r.i == I64_NONE && r.f != r.f && !r.yes && r.t.p == NULL && r.b.p == NULL);
    assert_int_equal(db_number(f->db, &NOTHING, ARGS(I(1)), &n), OK);
    assert_int_equal(n, 0);
}

static void a_text_with_a_nul_is_refused_and_nothing_else(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(db_begin(f->db), OK);
    assert_int_equal(put(f->db, "before"), OK);
    int64_t moved = db_rows_changed(f->db);
    assert_int_equal(db_exec(f->db, &PUT, ARGS(S(STR("a\0b")), S(STR("v"))), NULL), E_INPUT);
    assert_int_equal(db_rows_changed(f->db), moved);
    assert_int_equal(put(f->db, "after"), OK);
    assert_int_equal(db_commit(f->db), OK);
    assert_int_equal(count(f->db), 2);
}

/* --- many rows at once */

static const struct table kinds_table = { .name = STR("kinds"), .n_columns = 5, .columns = {
    { STR("i"), COLUMN_I64, false }, { STR("f"), COLUMN_F64, false },
    { STR("yes"), COLUMN_I64, false }, { STR("t"), COLUMN_TEXT, false },
    { STR("b"), COLUMN_BYTES, false } } };
static const struct table setting_table = { .name = STR("setting"), .n_columns = 2, .columns = {
    { STR("name"), COLUMN_TEXT, true }, { STR("value"), COLUMN_TEXT, true } } };

static void rows_put_at_once_come_back_as_they_went(void **state)
{
    struct fixture *f = *state;
    struct list rows;
    struct buf values = buf_in(&f->a, 1 << 20);
    struct str big = { NEW_N(&f->a, char, 200000), 200000 };
    double none = 0.0 / 0.0;
    memset((char *)(uintptr_t)big.p, 'x', big.n);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const struct kind *k = &kinds[i];
        struct arg row[] = { I(k->i), F(k->f), I(k->yes), S(k->t), B(k->b) };
        buf_add(&values, (struct str){ (const char *)row, sizeof(row) });
    }
    struct arg last[] = { I(-5), F(none), I(I64_NONE), S(big), B(STR_NONE) };
    buf_add(&values, (struct str){ (const char *)last, sizeof(last) });
    const struct arg *all = (const struct arg *)(const void *)values.p;
    assert_int_equal(db_put(f->db, &kinds_table, all, COUNT_OF(kinds) + 1), OK);
    assert_int_equal(db_put(f->db, &kinds_table, NULL, 0), OK);
    assert_int_equal(db_rows(f->db, &f->a, &KINDS, NO_ARGS, &kind_record, 10, &rows), OK);
    assert_int_equal(rows.n, COUNT_OF(kinds) + 1);
    const struct kind *r = rows.p;
    assert_true(r[1].f != r[1].f && !r[1].yes && r[1].b.p == NULL && str_eq(r[1].t, big));
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const struct kind *k = &kinds[i], *got = &r[i == 0 ? 0 : i + 1];
        assert_true(got->i == k->i && got->f == k->f && got->yes == k->yes);
        assert_true(str_eq(got->t, k->t) && str_eq(got->b, k->b) && got->b.p && got->t.p);
    }
}

static void rows_are_put_all_or_none(void **state)
{
    struct fixture *f = *state;
    struct arg twice[] = { S(STR("a")), S(STR("v")), S(STR("b")), S(STR("v")), S(STR("a")),
        S(STR("v")) };
    struct arg nul[] = { S(STR("a")), S(STR("v")), S(STR("b")), S(STR("v\0w")) };
    struct arg missing[] = { S(STR("a")), S(STR("v")), S(STR("b")), S(STR_NONE) };
    assert_int_equal(db_put(f->db, &setting_table, twice, 3), E_CONFLICT);
    assert_int_equal(db_put(f->db, &setting_table, nul, 2), E_INPUT);
    assert_int_equal(db_put(f->db, &setting_table, missing, 2), E_CONFLICT);
    assert_int_equal(count(f->db), 0);
    assert_int_equal(db_begin(f->db), OK);
    assert_int_equal(db_put(f->db, &setting_table, twice, 2), OK);
    db_rollback(f->db);
    assert_int_equal(count(f->db), 0);
    assert_int_equal(db_begin(f->db), OK);
    assert_int_equal(put(f->db, "before"), OK);
    assert_int_equal(db_put(f->db, &setting_table, twice, 2), OK);
    assert_int_equal(db_commit(f->db), OK);
    assert_int_equal(count(f->db), 3);
    assert_int_equal(db_loaded(f->db), OK);
}

static enum err version_is(struct fixture *f, int64_t version)
{
    struct buf b = buf_in(&f->a, 4096);
    f->db->driver->version_text(&b, version);
    buf_byte(&b, '\0');
    return f->db->driver->script(f->db, b.p);
}

static void a_version_is_told(void **state)
{
    struct fixture *f = *state;
    struct db *r = reader(f);
    struct err_info info = { .e = OK };
    assert_int_equal(db_is_current(r, &info), OK);
    assert_int_equal(version_is(f, 2), OK);
    assert_int_equal(db_is_current(r, &info), migrations_n > 1 ? E_CONFLICT : OK);
    assert_int_equal(version_is(f, 1000), OK);
    assert_int_equal(db_is_current(r, &info), E_CONFLICT);
    assert_true(migrations_n == 1 || strstr(info.en, "fengqiao migrate --db"));
    db_close(r);
}

/* --- rows */

static void many_put(struct fixture *f)
{
    assert_int_equal(db_begin(f->db), OK);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(put(f->db, arena_fmt(&f->a, "n%05d", i).p), OK);
    assert_int_equal(db_commit(f->db), OK);
}

struct walk { struct db *db; int seen, stop_at; };

/* Asks another question on the connection whose rows it is given. */
static enum err walk_row(void *ctx, struct arena *a, const void *rec)
{
    struct walk *w = ctx;
    struct word again;
    assert_true(str_is(((const struct word *)rec)->value, "v"));
    TRY(db_one(w->db, a, &VALUE, ARGS(S(STR("n00000"))), &word_record, &again));
    return ++w->seen == w->stop_at ? E_LIMIT : OK;
}

static void each_row_in_turn(void **state)
{
    struct fixture *f = *state;
    many_put(f);
    for (int inside = 0; inside < 2; inside++) {
        struct walk all = { .db = f->db }, some = { .db = f->db, .stop_at = 700 };
        if (inside)
            assert_int_equal(db_begin(f->db), OK);
        assert_int_equal(db_each(f->db, &VALUES, NO_ARGS, &word_record, walk_row, &all), OK);
        assert_int_equal(all.seen, MANY + inside);
        assert_int_equal(db_each(f->db, &VALUES, NO_ARGS, &word_record, walk_row, &some), E_LIMIT);
        assert_int_equal(some.seen, 700);
        assert_int_equal(put(f->db, inside ? "b" : "a"), OK);
        if (inside)
            assert_int_equal(db_commit(f->db), OK);
    }
    assert_int_equal(count(f->db), MANY + 2);
}

static void limits_and_what_is_not_there(void **state)
{
    struct fixture *f = *state;
    struct list rows = { NULL, 77 };
    struct word w;
    int64_t n = 5, changed = -1;
    assert_int_equal(db_one(f->db, &f->a, &VALUE, ARGS(S(STR("none"))), &word_record, &w), E_MISSING);
    assert_int_equal(db_number(f->db, &VALUE, ARGS(S(STR("none"))), &n), E_MISSING);
    assert_int_equal(db_rows(f->db, &f->a, &VALUES, NO_ARGS, &word_record, 0, &rows), OK);
    assert_int_equal(rows.n, 0);
    many_put(f);
    assert_int_equal(db_rows(f->db, &f->a, &VALUES, NO_ARGS, &word_record, MANY - 1, &rows),
        E_TOO_LARGE);
    assert_int_equal(db_rows(f->db, &f->a, &VALUES, NO_ARGS, &word_record, MANY, &rows), OK);
    assert_int_equal(rows.n, MANY);
    assert_int_equal(db_exec(f->db, &SET, ARGS(S(STR("w"))), &changed), OK);
    assert_int_equal(changed, MANY);
}

/* --- errors and transactions */

static void constraints_are_conflicts(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(put(f->db, "a"), OK);
    assert_int_equal(put(f->db, "a"), E_CONFLICT);
    assert_int_equal(db_exec(f->db, &ORPHAN, ARGS(I(123)), NULL), E_CONFLICT);
    assert_int_equal(put(f->db, "b"), OK);
    assert_int_equal(count(f->db), 2);
}

/* What the writer relies on: after an error that left the count alone, the transaction goes on. */
static void a_failure_either_moves_the_count_or_harms_nothing(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(db_begin(f->db), OK);
    int64_t before = db_rows_changed(f->db);
    assert_int_equal(put(f->db, "a"), OK);
    int64_t then = db_rows_changed(f->db);
    assert_true(then != before);
    assert_int_equal(put(f->db, "a"), E_CONFLICT);
    bool moved = db_rows_changed(f->db) != then;
    assert_int_equal(moved, f->server);
    enum err next = put(f->db, "b");
    assert_true(moved || next == OK);
    db_rollback(f->db);
    assert_int_equal(count(f->db), 0);
    assert_int_equal(db_begin(f->db), OK);
    assert_int_equal(put(f->db, "a"), OK);
    assert_int_equal(db_savepoint(f->db), OK);
    assert_int_equal(put(f->db, "a"), E_CONFLICT);
    db_rollback_to(f->db);
    assert_int_equal(put(f->db, "b"), OK);
    assert_int_equal(db_commit(f->db), OK);
    assert_int_equal(count(f->db), 2);
}

/* Whether a call says so or the commit: with a refused row nothing is committed. */
static void haste_hides_no_failure(void **state)
{
    struct fixture *f = *state;
    int64_t changed = 0;
    for (int kind = 3; kind >= 0; kind--) {     /* 0: none fails, the last, one amid many, one of few */
        enum err e = OK, ends[] = { OK, E_CONFLICT, E_CONFLICT, E_CONFLICT };
        assert_int_equal(db_begin_hasty(f->db, false), OK);
        int64_t before = db_rows_changed(f->db);
        for (int i = 0; e == OK && i < (kind == 3 ? 5 : 150); i++)
            e = put(f->db, arena_fmt(&f->a, "n%d", kind > 1 && i == 3 ? 1 : i).p);
        assert_true(db_rows_changed(f->db) > before);
        if (e == OK && kind == 1)
            e = put(f->db, "n0");
        if (e == OK && kind == 3)
            e = db_exec(f->db, &SET, ARGS(S(STR("w"))), &changed);
        if (kind == 0)
            assert_int_equal(count(f->db), 150);
        else
            assert_int_equal(e != OK ? e : db_commit(f->db), ends[kind]);
        db_rollback(f->db);
        assert_int_equal(count(f->db), 0);
    }
    assert_int_equal(db_begin_hasty(f->db, false), OK);
    assert_int_equal(put(f->db, "a"), OK);
    assert_int_equal(db_savepoint(f->db), OK);
    enum err e = put(f->db, "a");
    assert_true(e == E_CONFLICT || db_release(f->db) == E_CONFLICT);
    db_rollback_to(f->db);
    assert_int_equal(put(f->db, "b"), OK);
    assert_int_equal(db_exec(f->db, &SET, ARGS(S(STR("w"))), &changed), OK);
    assert_int_equal(changed, 2);
    assert_int_equal(db_commit(f->db), OK);
    assert_int_equal(count(f->db), 2);
}

/* Rows of two tables by turns, from memory that is used again at once, with a statement amid them
 * that must find those before it and no others. */
static void rows_in_haste_arrive_whole(void **state)
{
    enum { ROWS = 150, AMID = 100 };
    struct fixture *f = *state;
    struct list rows;
    char text[16], name[16];
    assert_int_equal(db_begin_hasty(f->db, false), OK);
    for (int i = 0; i < ROWS; i++) {
        (void)snprintf(text, sizeof(text), "t%d", i);
        (void)snprintf(name, sizeof(name), "n%03d", i);
        struct str t = i % 3 ? str_c(text) : STR_NONE, b = i % 2 ? str_c(text) : STR_NONE;
        assert_int_equal(db_exec(f->db, &KINDS_PUT, ARGS(I(i), F(i / 2.0), I(i % 2), S(t), B(b)),
            NULL), OK);
        assert_int_equal(put(f->db, name), OK);
        if (i == AMID)
            assert_int_equal(db_exec(f->db, &SET, ARGS(S(STR("amid"))), NULL), OK);
        memset(text, 'x', sizeof(text) - 1);
        memset(name, 'x', sizeof(name) - 1);
    }
    assert_int_equal(db_commit(f->db), OK);
    assert_int_equal(db_rows(f->db, &f->a, &KINDS, NO_ARGS, &kind_record, ROWS, &rows), OK);
    assert_int_equal(rows.n, ROWS);
    for (int i = 0; i < ROWS; i++) {
        const struct kind *k = (const struct kind *)rows.p + i;
        (void)snprintf(text, sizeof(text), "t%d", i);
        assert_true(k->i == i && k->f == i / 2.0 && k->yes == i % 2);
        assert_true(i % 3 ? str_is(k->t, text) : k->t.p == NULL);
        assert_true(i % 2 ? str_is(k->b, text) : k->b.p == NULL);
    }
    assert_int_equal(db_rows(f->db, &f->a, &VALUES, NO_ARGS, &word_record, ROWS, &rows), OK);
    assert_int_equal(rows.n, ROWS);
    for (size_t i = 0; i < ROWS; i++)
        assert_int_equal(str_is(((const struct word *)rows.p)[i].value, "amid"), i <= AMID);
}

static void savepoints_nest(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(db_begin(f->db), OK);
    assert_int_equal(put(f->db, "1"), OK);
    assert_int_equal(db_savepoint(f->db), OK);
    assert_int_equal(put(f->db, "2"), OK);
    assert_int_equal(db_savepoint(f->db), OK);
    assert_int_equal(put(f->db, "3"), OK);
    db_rollback_to(f->db);
    assert_int_equal(count(f->db), 2);
    assert_int_equal(db_savepoint(f->db), OK);
    assert_int_equal(put(f->db, "4"), OK);
    assert_int_equal(db_release(f->db), OK);
    assert_int_equal(count(f->db), 3);
    db_rollback_to(f->db);
    assert_int_equal(count(f->db), 1);
    assert_int_equal(db_commit(f->db), OK);
    assert_int_equal(count(f->db), 1);
    assert_int_equal(db_begin(f->db), OK);
    assert_int_equal(put(f->db, "5"), OK);
    db_rollback(f->db);
    db_rollback(f->db);
    assert_int_equal(count(f->db), 1);
}

static void readers_see_one_moment_and_write_nothing(void **state)
{
    struct fixture *f = *state;
    struct db *r = reader(f);
    assert_int_equal(db_begin(r), OK);
    assert_int_equal(count(r), 0);
    assert_int_equal(db_begin(f->db), OK);
    assert_int_equal(put(f->db, "a"), OK);
    assert_int_equal(count(r), 0);
    assert_int_equal(db_commit(f->db), OK);
    assert_int_equal(count(r), 0);
    db_rollback(r);
    assert_int_equal(count(r), 1);
    assert_true(put(r, "b") != OK);
    assert_int_equal(db_begin(r), OK);
    assert_true(put(r, "b") != OK);
    db_rollback(r);
    assert_int_equal(count(r), 1);
    db_close(r);
}

static void what_cannot_be_undone_is_not_committed(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(db_begin(f->db), OK);
    assert_int_equal(put(f->db, "x"), OK);
    db_rollback_to(f->db);              /* there is no savepoint */
    assert_int_equal(db_commit(f->db), E_UNKNOWN);
    assert_int_equal(count(f->db), 0);
    assert_int_equal(db_begin(f->db), OK);
    assert_int_equal(put(f->db, "x"), OK);
    assert_int_equal(db_commit(f->db), OK);
    assert_int_equal(count(f->db), 1);
}

static enum err two_rows(struct db *db)
{
    TRY(db_begin(db));
    TRY(put(db, "a"));
    TRY(db_savepoint(db));
    TRY(put(db, "b"));
    TRY(db_release(db));
    return db_commit(db);
}

static void faults_fire_at_each_call(void **state)
{
    struct fixture *f = *state;
    for (unsigned n = 1; n <= 6; n++) {
        db_fault_at(f->db, n);
        enum err e = two_rows(f->db);
        assert_true(db_fault_fired(f->db));
        db_fault_at(f->db, 0);
        db_rollback(f->db);
        assert_int_equal(e, n == 6 ? E_UNKNOWN : E_DB);
        assert_int_equal(count(f->db), n == 6 ? 2 : 0);     /* even: after it was committed */
    }
    db_fault_at(f->db, 3);
    assert_int_equal(db_begin(f->db), OK);
    assert_int_equal(put(f->db, "c"), OK);
    assert_int_equal(db_commit(f->db), E_UNKNOWN);          /* odd: before */
    db_rollback(f->db);
    assert_int_equal(count(f->db), 2);
}

/* --- schema */

static void migrating_again_changes_nothing_and_newer_is_refused(void **state)
{
    struct fixture *f = *state;
    struct err_info info = { .e = OK };
    assert_int_equal(put(f->db, "a"), OK);
    assert_int_equal(db_migrate(f->db, &info), OK);
    assert_int_equal(count(f->db), 1);
    assert_int_equal(db_begin(f->db), OK);
    assert_int_equal(version_is(f, 9999), OK);
    assert_int_equal(db_commit(f->db), OK);
    assert_int_equal(db_migrate(f->db, &info), E_CONFLICT);
    assert_non_null(strstr(info.en, "newer"));
    assert_int_equal(count(f->db), 1);
}

static void a_migration_that_fails_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct err_info info = { .e = OK };
    for (unsigned n = 1; n <= 3; n++) {
        assert_int_equal(f->db->driver->script(f->db,
            "DROP SCHEMA public CASCADE; CREATE SCHEMA public"), OK);
        db_fault_at(f->db, n);  /* begin, script, commit */
        assert_int_equal(db_migrate(f->db, &info), E_DB);
        db_fault_at(f->db, 0);
        assert_int_equal(db_migrate(f->db, &info), OK);
    }
    assert_int_equal(count(f->db), 0);
}

static void ledger_tables_take_only_insert(void **state)
{
    struct fixture *f = *state;
    assert_true(db_exec(f->db, &REWRITE, ARGS(I(1)), NULL) != OK);
    assert_true(db_exec(f->db, &FORGET, NO_ARGS, NULL) != OK);
    assert_int_equal(put(f->db, "a"), OK);
}

static void a_number_is_shared(void **state)
{
    struct fixture *f = *state;
    int64_t first = INT64_C(1) << 62 | 5, second = INT64_C(1) << 62 | 9;
    struct db *a, *b;
    bool held = true;
    assert_int_equal(db_open(f->url, DB_WRITER, &a), OK);
    assert_int_equal(db_open(f->url, DB_WRITER, &b), OK);
    assert_int_equal(db_is_held(f->db, first, &held), OK);
    assert_false(held);
    assert_int_equal(db_share(a, first), OK);
    assert_int_equal(db_share(a, first), OK);
    assert_int_equal(db_share(b, first), OK);
    assert_int_equal(db_share(a, second), OK);      /* in its place */
    assert_int_equal(db_is_held(f->db, first, &held), OK);
    assert_true(held);
    db_close(b);
    /* a server is told that its connection has ended, but takes a moment to hear it */
    for (int tries = 0; held && tries < 100; tries++) {
        (void)poll(NULL, 0, 20);
        assert_int_equal(db_is_held(f->db, first, &held), OK);
    }
    assert_false(held);
    assert_int_equal(db_is_held(f->db, second, &held), OK);
    assert_true(held);
    db_close(a);
}

/* --- a server's own */

static void one_process_serves(void **state)
{
    struct fixture *f = *state;
    struct db *other;
    assert_int_equal(db_open(f->url, DB_WRITER, &other), OK);
    assert_int_equal(db_claim(f->db, CLAIM_ALONE), OK);
    assert_int_equal(db_claim(other, CLAIM_ALONE), E_BUSY);
    assert_int_equal(db_claim(other, CLAIM_SHARED), E_BUSY);
    db_close(f->db);
    assert_int_equal(db_claim(other, CLAIM_SHARED), OK);
    f->db = other;
}

static void a_changed_schema_costs_one_attempt(void **state)
{
    struct fixture *f = *state;
    int64_t n;
    assert_int_equal(f->db->driver->script(f->db,
        "CREATE TABLE changing (v BIGINT); INSERT INTO changing VALUES (7)"), OK);
    struct db *r = reader(f);
    assert_int_equal(db_number(r, &CHANGING, NO_ARGS, &n), OK);
    assert_int_equal(f->db->driver->script(f->db, "ALTER TABLE changing ALTER v TYPE INTEGER"), OK);
    assert_int_equal(db_number(r, &CHANGING, NO_ARGS, &n), E_BUSY);
    n = 0;
    assert_int_equal(db_number(r, &CHANGING, NO_ARGS, &n), OK);
    assert_int_equal(n, 7);
    db_close(r);
}

static void lost_connections(void **state)
{
    struct fixture *f = *state;
    struct db *r = reader(f), *killer = reader(f);
    int64_t n;
    assert_int_equal(count(r), 0);
    assert_int_equal(db_begin(f->db), OK);
    assert_int_equal(put(f->db, "a"), OK);
    assert_int_equal(db_number(killer, &CUT, NO_ARGS, &n), OK);
    assert_int_equal(db_commit(f->db), E_UNKNOWN);
    assert_int_equal(put(f->db, "a"), E_DB);        /* a writer is opened anew by whoever knows */
    assert_int_equal(db_begin(f->db), E_DB);
    assert_int_equal(db_begin(r), OK);
    assert_int_equal(count(r), 0);                  /* a reader by itself */
    assert_int_equal(db_number(killer, &CUT, NO_ARGS, &n), OK);
    assert_int_equal(db_number(r, &COUNT, NO_ARGS, &n), E_DB);
    db_rollback(r);
    assert_int_equal(count(r), 0);
    db_close(r);
    db_close(killer);
}

static void another_encoding_is_refused(void **state)
{
    struct fixture *f = *state;
    struct db *db;
    assert_int_equal(f->db->driver->script(f->db, "DROP DATABASE IF EXISTS latin"), OK);
    assert_int_equal(f->db->driver->script(f->db, "CREATE DATABASE latin TEMPLATE template0"
        " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"), OK);
    assert_int_equal(db_open("postgres:///latin", DB_WRITER, &db), E_DB);
    assert_int_equal(db_open("postgres:///nowhere", DB_READER, &db), E_DB);
    assert_int_equal(f->db->driver->script(f->db, "DROP DATABASE latin"), OK);
}

/* With sequential reading made all but impossible, what still does it has no index to use. */
static void statements_are_understood_and_find_an_index(void **state)
{
    struct fixture *f = *state;
    struct db *db;
    struct str plan = STR_NONE;
    assert_int_equal(db_open(SERVER "?options=-c%20enable_seqscan%3Doff", DB_WRITER, &db), OK);
    for (size_t l = 0; l < statement_lists_n; l++)
        for (size_t i = 0; i < *statement_lists[l].n; i++) {
            const struct sql *sql = statement_lists[l].statements[i];
            if (strcmp(statement_lists[l].room, "search_file") == 0)
                continue;
            if (db_explain(db, &f->a, sql, &plan) != OK)
                fail_msg("%s: %s", sql->name, sql->text);
            if (!sql->scans && str_find(plan, STR("Seq Scan")) >= 0)
                fail_msg("%s reads a whole table:\n%.*s", sql->name, STR_FMT(plan));
        }
    db_close(db);
}

#define ON_FILE(name) cmocka_unit_test_setup_teardown(name, in_a_file, teardown)
#define ON_SERVER(name) cmocka_unit_test_setup_teardown(name, on_a_server, teardown)
#define CASES(ON) ON(values_come_back_as_they_went), ON(no_value_comes_back_as_none), \
    ON(a_text_with_a_nul_is_refused_and_nothing_else), ON(each_row_in_turn), \
    ON(limits_and_what_is_not_there), ON(constraints_are_conflicts), \
    ON(a_failure_either_moves_the_count_or_harms_nothing), ON(savepoints_nest), \
    ON(haste_hides_no_failure), ON(rows_in_haste_arrive_whole), \
    ON(readers_see_one_moment_and_write_nothing), ON(what_cannot_be_undone_is_not_committed), \
    ON(faults_fire_at_each_call), ON(migrating_again_changes_nothing_and_newer_is_refused), \
    ON(ledger_tables_take_only_insert), ON(rows_put_at_once_come_back_as_they_went), \
    ON(rows_are_put_all_or_none), ON(a_version_is_told), ON(a_number_is_shared)

int main(void)
{
    const struct CMUnitTest file[] = { CASES(ON_FILE) };
    const struct CMUnitTest server[] = { CASES(ON_FILE), CASES(ON_SERVER),
        ON_SERVER(a_migration_that_fails_leaves_nothing), ON_SERVER(one_process_serves),
        ON_SERVER(a_changed_schema_costs_one_attempt), ON_SERVER(lost_connections),
        ON_SERVER(another_encoding_is_refused),
        ON_SERVER(statements_are_understood_and_find_an_index),
    };
    const char *db = getenv("DB");
    log_level_set((enum log_level)(LOG_ERROR + 1));
    return db && strcmp(db, "postgres") == 0
        ? cmocka_run_group_tests_name("door", server, NULL, NULL)
        : cmocka_run_group_tests_name("door", file, NULL, NULL);
}
