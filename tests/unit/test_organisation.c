/* test_organisation.c: organisations from an edited list: added, changed, never taken away. */
#include "catalogue/organisation.c"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

SQL_WRITES(put_division, "test.division", "INSERT INTO zone (layer, code, parent, level,"
    " kind, name, valid_from_ms) VALUES ('division', $1, $2, $3, 'x', 'x', 0)");

#define HEAD "code,name,name_en,kind,region,parent,desk,functions\n"

struct fixture { struct db *db; struct catalogue *c; struct arena a; };

static void division(struct db *db, int64_t code, int64_t parent, int64_t level)
{
    assert_int_equal(db_exec(db, &put_division, ARGS(I(code), I(parent), I(level)), NULL), OK);
}

static void reload(struct fixture *f)
{
    struct err_info info = { .e = OK };
    catalogue_drop(f->c);
    assert_int_equal(catalogue_load(f->db, &f->c, &info), OK);
}

static int setup(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    struct err_info info = { .e = OK };
    f->c = NULL;
    arena_init(&f->a, 8 << 20);
    assert_int_equal(db_open(":memory:", DB_WRITER, &f->db), OK);
    assert_int_equal(db_migrate(f->db, &info), OK);
    division(f->db, 320500000000, 320000000000, 2);
    division(f->db, 320508000000, 320500000000, 3);
    reload(f);
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

static struct faults check(struct fixture *f, const char *csv)
{
    struct faults found = faults_in(&f->a);
    (void)organisation_check(f->c, &f->a, str_c(csv), &found);
    return found;
}

static void store(struct fixture *f, struct str csv)
{
    struct faults found = faults_in(&f->a);
    struct sheet s = organisation_check(f->c, &f->a, csv, &found);
    assert_int_equal(found.total, 0);
    assert_int_equal(organisation_store(f->db, f->c, s.rows), OK);
    reload(f);
}

static const struct unit *named(const struct catalogue *c, const char *code)
{
    const struct unit *units = catalogue_units(c).p;
    for (size_t i = 0; i < catalogue_units(c).n; i++)
        if (str_is(units[i].code, code))
            return &units[i];
    check_failed(code, __FILE__, __LINE__);
}

static void units_are_added_and_changed(void **state)
{
    struct fixture *f = *state;
    store(f, STR(HEAD "fire,区消防,Fire,department,320508000000,city,false,fire rescue\n"
        "city,市中心,Centre,centre,320500000000,,true,\n"));
    assert_int_equal(catalogue_units(f->c).n, 2);
    assert_int_equal(named(f->c, "fire")->parent, named(f->c, "city")->id);
    assert_int_equal(named(f->c, "fire")->level, LEVEL_COUNTY);
    int64_t id = named(f->c, "fire")->id;
    store(f, STR(HEAD "fire,区消防大队,Fire brigade,department,320508000000,city,false,fire\n"));
    assert_int_equal(catalogue_units(f->c).n, 2);
    assert_int_equal(named(f->c, "fire")->id, id);
    assert_true(str_is(named(f->c, "fire")->name, "区消防大队"));
    assert_true(named(f->c, "city")->desk);
}

static void what_is_exported_can_be_imported(void **state)
{
    struct fixture *f = *state;
    struct str csv = organisation_csv(f->c, &f->a);
    store(f, csv);
    assert_true(str_eq(organisation_csv(f->c, &f->a), csv));
}

static bool has(const struct faults *f, size_t line, const char *field)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->at[i].line == line && strcmp(f->at[i].field, field) == 0)
            return true;
    return false;
}

static void faults_are_named(void **state)
{
    struct fixture *f = *state;
    struct faults found = check(f, HEAD
        "a,甲,A,circle,320508000000,,false,\n"
        "b,乙,B,centre,999,nobody,false,\n"
        "c,丙,C,centre,320500000000,,true,\n"
        "d,丁,D,centre,320508000000,e,true,\n"
        "e,戊,E,centre,320508000000,d,true,\n"
        "e,己,F,centre,320508000000,,false,\n");
    assert_true(has(&found, 2, "kind"));
    assert_true(has(&found, 3, "region"));
    assert_true(has(&found, 3, "parent"));
    assert_true(has(&found, 4, "desk"));
    assert_true(has(&found, 5, "parent"));
    assert_true(has(&found, 6, "parent"));
    assert_true(has(&found, 6, "desk"));
    assert_true(has(&found, 7, "code"));
}

static void a_needed_function_must_stay(void **state)
{
    static const struct category cat = { .code = { "01", 2 }, .function = { "fire", 4 } };
    struct fixture *f = *state;
    struct faults found = check(f, HEAD "fire,区消防,Fire,department,320508000000,city,false,x\n");
    assert_int_equal(found.total, 0);
    SQL_WRITES(put_categories, "test.categories", "INSERT INTO catalogue (name, version,"
        " valid_from_ms, made_ms, made_by, body) VALUES ('category', 1, 0, 0, 0, $1)");
    assert_int_equal(db_exec(f->db, &put_categories, ARGS(S(arena_fmt(&f->a,
        "code,name,name_en,icon,function,tier\n%.*s,甲,A,fire,%.*s,1\n", STR_FMT(cat.code),
        STR_FMT(cat.function)))), NULL), OK);
    reload(f);
    found = check(f, HEAD "fire,区消防,Fire,department,320508000000,city,false,x\n");
    assert_true(has(&found, 0, "functions"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_are_added_and_changed),
        cmocka_unit_test(what_is_exported_can_be_imported),
        cmocka_unit_test(faults_are_named),
        cmocka_unit_test(a_needed_function_must_stay),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
