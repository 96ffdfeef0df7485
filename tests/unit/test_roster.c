/* test_roster.c: people, their roles and grids from an edited list. */
#include "access/roster.c"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

SQL_WRITES(put_division, "test.division", "INSERT INTO zone (layer, code, parent, level,"
    " kind, name, valid_from_ms) VALUES ('division', 320508018023, 0, 5, 'x', 'x', 0)");
SQL_WRITES(put_unit, "test.unit", "INSERT INTO unit (id, code, name, name_en, kind, level, region,"
    " parent, desk, functions) VALUES (5, 'drx', 'x', 'x', 'x', 5, 320508018023, 0, 1, '')");
SQL_WRITES(put_grid, "test.grid", "INSERT INTO zone (layer, code, valid_from_ms, parent, level, kind,"
    " name, lon, lat, shape) VALUES ('grid', $1, 0, 320508018023, 6, 'base', 'x', 120, 31, $2)");
SQL_READS(memberships, "test.memberships", "SELECT COUNT(*) FROM membership WHERE account = $1");
SQL_READS(on_duty, "test.duty",
    "SELECT account FROM duty WHERE layer = 'grid' AND zone = $1 AND position = $2");
SQL_READS(hash_of, "test.hash",
    "SELECT id, username, name, password, phone, lang, disabled FROM account WHERE username = $1");

#define HEAD "username,name,phone,lang,unit,role,grids\n"
#define GRIDS INT64_C(320508018023000)

struct fixture { struct db *db; struct catalogue *c; struct arena a; struct node_keys keys; };

/* One triangle, little-endian. */
static struct str triangle(struct arena *a)
{
    struct str s;
    CHECK(hex_decode(a, STR("01030000000100000004000000"
        "0000000000005e400000000000003f40" "6666666666665e400000000000003f40"
        "6666666666665e406666666666663f40" "0000000000005e400000000000003f40"), &s));
    return s;
}

static int setup(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    struct err_info info = { .e = OK };
    arena_init(&f->a, 8 << 20);
    keys_derive(1, "test", &f->keys);
    assert_int_equal(db_open(":memory:", DB_WRITER, &f->db), OK);
    assert_int_equal(db_migrate(f->db, &info), OK);
    assert_int_equal(db_exec(f->db, &put_division, NO_ARGS, NULL), OK);
    assert_int_equal(db_exec(f->db, &put_unit, NO_ARGS, NULL), OK);
    for (int64_t i = 1; i <= 3; i++)
        assert_int_equal(db_exec(f->db, &put_grid, ARGS(I(GRIDS + i), B(triangle(&f->a))), NULL),
            OK);
    assert_int_equal(catalogue_load(f->db, &f->c, &info), OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    catalogue_drop(f->c);
    db_close(f->db);
    arena_free(&f->a);
    heap_free(f);
    return 0;
}

static struct list store(struct fixture *f, const char *csv)
{
    struct faults found = faults_in(&f->a);
    struct sheet s = roster_check(f->c, &f->a, str_c(csv), &found);
    struct rand r = rand_seeded(3);
    struct list newcomers = { NULL, 0 };
    assert_int_equal(found.total, 0);
    assert_int_equal(roster_store(&(struct roster_store){ f->db, f->c, &f->keys, &r, &f->a, 0 },
        s.rows, &newcomers), OK);
    return newcomers;
}

static int64_t number(struct fixture *f, const struct sql *sql, int64_t a)
{
    int64_t n = -1;
    assert_int_equal(db_number(f->db, sql, ARGS(I(a)), &n), OK);
    return n;
}

static int64_t worker(struct fixture *f, int64_t grid, int64_t position)
{
    int64_t n = 0;
    enum err e = db_number(f->db, &on_duty, ARGS(I(GRIDS + grid), I(position)), &n);
    return e == OK ? n : 0;
}

static void newcomers_get_a_password_that_works(void **state)
{
    struct fixture *f = *state;
    struct list who = store(f, HEAD "lu,陆晓,19900000001,,drx,grid_worker,001 002\n"
        "lu,陆晓,19900000001,,drx,grid_lead,\ngu,顾喆,,en,drx,grid_worker,*\n");
    const struct newcomer *n = who.p;
    struct account a;
    assert_int_equal(who.n, 2);
    assert_int_equal(n[0].password.n, 19);
    assert_false(str_eq(n[0].password, n[1].password));
    assert_int_equal(db_one(f->db, &f->a, &hash_of, ARGS(S(STR("lu"))), &account_record, &a), OK);
    assert_int_equal(password_verify(&f->keys, a.password, n[0].password), OK);
    assert_int_equal(password_verify(&f->keys, a.password, n[1].password), E_LOGIN);
    assert_int_equal(number(f, &memberships, 1), 2);
    assert_int_equal(number(f, &memberships, 2), 1);
    assert_int_equal(worker(f, 1, 0), 1);
    assert_int_equal(worker(f, 1, 1), 2);
    assert_int_equal(worker(f, 3, 0), 2);
}

static void a_second_list_replaces_roles_and_grids(void **state)
{
    struct fixture *f = *state;
    struct account before, after;
    assert_int_equal(db_one(f->db, &f->a, &hash_of, ARGS(S(STR("gu"))), &account_record, &before),
        OK);
    assert_int_equal(store(f, HEAD "gu,顾昇,02012345678,,drx,grid_worker,320508018023001\n").n, 0);
    assert_int_equal(db_one(f->db, &f->a, &hash_of, ARGS(S(STR("gu"))), &account_record, &after),
        OK);
    assert_true(str_eq(before.password, after.password));
    assert_true(str_is(after.name, "顾昇"));
    assert_int_equal(worker(f, 1, 0), 2);
    assert_int_equal(worker(f, 1, 1), 0);
    assert_int_equal(worker(f, 2, 0), 1);
    assert_int_equal(number(f, &memberships, 1), 2);
}

static void faults_are_named(void **state)
{
    struct fixture *f = *state;
    struct faults found = faults_in(&f->a);
    (void)roster_check(f->c, &f->a, STR(HEAD
        "Lu Lu,陆,call me,de,nowhere,king,\n"
        "a1,甲,,,drx,clerk,004\n"
        "a1,乙,,,drx,clerk,\n"), &found);
    static const struct { size_t line; const char *field; } wanted[] = {
        { 2, "username" }, { 2, "phone" }, { 2, "lang" }, { 2, "role" }, { 2, "unit" },
        { 3, "grids" }, { 4, "name" }, { 4, "role" },
    };
    assert_int_equal(found.total, COUNT_OF(wanted));
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        assert_int_equal(found.at[i].line, wanted[i].line);
        assert_string_equal(found.at[i].field, wanted[i].field);
    }
}

static void telephone_numbers_are_known(void **state)
{
    (void)state;
    assert_true(roster_is_phone(STR("13800001234")) && roster_is_phone(STR("110"))
        && roster_is_phone(STR("12345")) && roster_is_phone(STR("0512-60000000")));
    assert_false(roster_is_phone(STR("1990000")) || roster_is_phone(STR("138000012345"))
        || roster_is_phone(STR("abc")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(telephone_numbers_are_known),
        cmocka_unit_test(newcomers_get_a_password_that_works),
        cmocka_unit_test(a_second_list_replaces_roles_and_grids),
        cmocka_unit_test(faults_are_named),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
