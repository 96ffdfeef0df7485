/* test_catalogue_edition.c: edited tables are taken when they are right and explained when not. */
#include "catalogue/edition.c"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

struct fixture { struct db *db; struct catalogue *c; struct arena a; };

SQL_WRITES(put_unit, "test.unit", "INSERT INTO unit (id, code, name, name_en, kind, level, region,"
    " parent, desk, functions) VALUES (1, 'u', 'u', 'u', 'x', 2, 0, 0, 0, $1)");

static struct str file(struct arena *a, const char *name)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "data/demo/%s.csv", name);
    FILE *f = fopen(path, "r");
    CHECK(f != NULL);
    char *p = NEW_N(a, char, 1 << 17);
    size_t n = fread(p, 1, 1 << 17, f);
    assert_int_equal(fclose(f), 0);
    return (struct str){ p, n };
}

/* Every function that the demo's departments have. */
static struct str functions(struct arena *a)
{
    struct buf b = buf_in(a, 8192);
    struct str csv = file(a, "department"), row;
    (void)str_cut(csv, '\n', &csv);
    while (csv.n) {
        row = str_cut(csv, '\n', &csv);
        for (int i = 0; i < 4; i++)
            (void)str_cut(row, ',', &row);
        buf_add(&b, row);
        buf_byte(&b, ' ');
    }
    return buf_str(&b);
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
    arena_init(&f->a, 64 << 20);
    f->c = NULL;
    assert_int_equal(db_open(":memory:", DB_WRITER, &f->db), OK);
    assert_int_equal(db_migrate(f->db, &info), OK);
    assert_int_equal(db_exec(f->db, &put_unit, ARGS(S(functions(&f->a))), NULL), OK);
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

static struct faults check(struct fixture *f, const char *name, const char *csv)
{
    struct faults found = faults_in(&f->a);
    (void)edition_check(f->c, &f->a, str_c(name), str_c(csv), &found);
    return found;
}

/* Whether a fault stands at this line and column. */
static bool has(const struct faults *f, size_t line, const char *field)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->at[i].line == line && strcmp(f->at[i].field, field) == 0) {
            assert_true(f->at[i].zh[0] && f->at[i].en[0]);
            assert_non_null(strchr(f->at[i].en, ' '));
            return true;
        }
    for (size_t i = 0; i < f->n; i++)
        print_message("%zu %s: %s\n", f->at[i].line, f->at[i].field, f->at[i].en);
    return false;
}

/* Each row is read with the columns' line in front: a long one and many rows would take the memory
 * of all. */
static void a_first_line_of_any_length_costs_nothing(void **state)
{
    struct fixture *f = *state;
    struct faults found = faults_in(&f->a);
    struct buf b = buf_in(&f->a, 1 << 20);
    buf_add(&b, STR("code,category,title,title_en,text"));
    for (int i = 0; i < 20000; i++)
        buf_add(&b, STR(" ,code"));
    for (int i = 0; i < 20000; i++)
        buf_add(&b, STR("\na,01,b,c,d"));
    assert_int_equal(edition_check(f->c, &f->a, STR("template"), buf_str(&b), &found), 0);
    assert_int_equal(found.total, 1);
    assert_int_equal(found.at[0].line, 1);
}

static void the_demo_tables_are_right(void **state)
{
    static const char *const names[] = { "category", "limit", "rule", "calendar", "template" };
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct faults found = faults_in(&f->a);
        struct str csv = file(&f->a, names[i]), again;
        int64_t version = 0, read = 0;
        size_t n = edition_check(f->c, &f->a, str_c(names[i]), csv, &found);
        if (found.total)
            (void)has(&found, SIZE_MAX, names[i]);
        assert_int_equal(found.total, 0);
        assert_true(n > 10);
        assert_int_equal(edition_store(f->db, str_c(names[i]), csv, 0, 0, 0, &version), OK);
        assert_int_equal(version, 1);
        assert_int_equal(edition_current(f->db, &f->a, str_c(names[i]), 1, &again, &read), OK);
        assert_true(str_eq(csv, again));
        reload(f);
    }
}

static void a_later_version_waits_for_its_day(void **state)
{
    struct fixture *f = *state;
    struct str csv;
    int64_t version = 0;
    struct str next = STR("code,title,title_en,text\na,题,T,正文\n");
    assert_int_equal(edition_store(f->db, STR("template"), next, 5000, 0, 0, &version), OK);
    assert_int_equal(version, 2);
    assert_int_equal(edition_current(f->db, &f->a, STR("template"), 4999, &csv, &version), OK);
    assert_int_equal(version, 1);
    assert_int_equal(edition_current(f->db, &f->a, STR("template"), 5000, &csv, &version), OK);
    assert_int_equal(version, 2);
    assert_int_equal(edition_current(f->db, &f->a, STR("none"), 5000, &csv, &version), E_MISSING);
}

static int64_t valid_at(struct fixture *f, int64_t at_ms)
{
    int64_t number = 0, version = 0;
    struct str csv;
    assert_int_equal(edition_valid(f->db, STR("template"), at_ms, &number), OK);
    assert_int_equal(edition_current(f->db, &f->a, STR("template"), at_ms, &csv, &version), OK);
    assert_int_equal(number, version);
    return version;
}

static int64_t stamp_at(struct fixture *f, int64_t at_ms)
{
    int64_t stamp = 0;
    assert_int_equal(catalogue_stamp_stored(f->db, at_ms, &stamp), OK);
    return stamp;
}

static int64_t plan(struct fixture *f, int64_t valid_from_ms)
{
    int64_t version = 0;
    assert_int_equal(edition_store(f->db, STR("template"),
        STR("code,title,title_en,text\na,题,T,正文\n"), valid_from_ms, 0, 0, &version), OK);
    return version;
}

/* The latest first day that has come is valid, whatever was stored first; of equal days the newer. */
static void the_latest_first_day_is_valid(void **state)
{
    struct fixture *f = *state;
    int64_t first = plan(f, 20000), later = plan(f, 50000), earlier = plan(f, 30000);
    assert_int_equal(valid_at(f, 29999), first);
    assert_int_equal(valid_at(f, 30000), earlier);
    assert_int_equal(valid_at(f, 49999), earlier);
    assert_int_equal(valid_at(f, 50000), later);
    int64_t again = plan(f, 30000);
    assert_int_equal(valid_at(f, 30000), again);
    assert_int_equal(valid_at(f, 50000), later);
    int64_t none = -1;
    assert_int_equal(edition_valid(f->db, STR("nothing"), 0, &none), OK);
    assert_int_equal(none, 0);
}

static void what_is_taken_back_is_never_valid(void **state)
{
    struct fixture *f = *state;
    struct taking_back t = { 71000, 7, STR("wrong table") };
    int64_t first = plan(f, 70000), later = plan(f, 80000), moves = 0, moved = 0;
    assert_int_equal(edition_moves(f->db, STR("template"), &moves), OK);
    int64_t stamp = stamp_at(f, 71000);
    assert_true(stamp_at(f, 90000) > stamp);
    assert_int_equal(edition_take_back(f->db, STR("template"), first, &t), E_CONFLICT);
    t.now_ms = 80000;
    assert_int_equal(edition_take_back(f->db, STR("template"), later, &t), E_CONFLICT);
    assert_int_equal(valid_at(f, 90000), later);
    t.now_ms = 71000;
    assert_int_equal(edition_take_back(f->db, STR("template"), later, &t), OK);
    assert_int_equal(edition_take_back(f->db, STR("template"), later, &t), E_CONFLICT);
    assert_int_equal(valid_at(f, 90000), first);
    assert_int_equal(stamp_at(f, 71000), stamp);
    assert_int_equal(stamp_at(f, 90000), stamp);
    assert_int_equal(edition_moves(f->db, STR("template"), &moved), OK);
    assert_true(moved > moves);
    assert_int_equal(plan(f, 80000), later + 1);
    struct list all;
    assert_int_equal(edition_list(f->db, &f->a, STR("template"), &all), OK);
    const struct catalogue_version *v = all.p;
    assert_true(str_is(version_state(&v[0], first, 71000), "planned"));
    assert_true(str_is(version_state(&v[1], first, 71000), "taken_back"));
    assert_true(str_is(version_state(&v[2], first, 71000), "in_force"));
    assert_true(str_is(version_state(&v[2], later + 1, 90000), "past"));
    assert_int_equal(v[1].back_by, 7);
    assert_true(str_is(v[1].back_why, "wrong table"));
}

/* What the snapshot holds is what the list says is valid. */
static void the_snapshot_takes_the_same_version(void **state)
{
    struct fixture *f = *state;
    int64_t version = 0, now_ms = clock_now_ms(clock_system());
    struct str one = STR("code,title,title_en,text\none,题,T,正文\n");
    struct str two = STR("code,title,title_en,text\ntwo,题,T,正文\n");
    assert_int_equal(edition_store(f->db, STR("template"), one, now_ms - 1000, 0, 0, &version), OK);
    assert_int_equal(edition_store(f->db, STR("template"), two, now_ms - 2000, 0, 0, &version), OK);
    reload(f);
    assert_true(str_is(((const struct template *)catalogue_templates(f->c).p)->code, "one"));
    assert_int_equal(catalogue_stamp(f->c), stamp_at(f, now_ms));
}

static void no_version_begins_in_the_past(void **state)
{
    static const struct { const char *name, *says; } told[] = { { "rule", "rules of their day" },
        { "grid", "grids of their day" }, { "limit", "tables of their day" } };
    int64_t now_ms = clock_from_civil(2026, 3, 2, 9, 30, 0);
    (void)state;
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        struct err_info info = { .e = OK };
        int64_t at_ms = I64_NONE;
        assert_int_equal(edition_day(str_c(told[i].name), &at_ms, now_ms, &info), OK);
        assert_int_equal(at_ms, now_ms);
        at_ms = clock_from_civil(2026, 3, 2, 0, 0, 0);
        assert_int_equal(edition_day(str_c(told[i].name), &at_ms, now_ms, &info), OK);
        assert_int_equal(at_ms, now_ms);
        at_ms = clock_from_civil(2026, 3, 1, 0, 0, 0);
        assert_int_equal(edition_day(str_c(told[i].name), &at_ms, now_ms, &info), E_INPUT);
        assert_non_null(strstr(info.en, told[i].says));
        assert_non_null(strstr(info.en, "Choose"));
    }
}

static size_t advice(struct fixture *f, const char *rows)
{
    struct faults found = faults_in(&f->a);
    struct str csv = arena_fmt(&f->a,
        "code,category,tier_min,origin,area,time,place,level,function,why,why_en\n%s", rows);
    edition_advise(&f->a, STR("rule"), csv, &found);
    if (found.n)
        assert_non_null(strstr(found.at[0].en, "Add a rule without any condition"));
    return found.total;
}

static void rules_that_leave_matters_out_are_told(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(advice(f, "a,,0,,,,,community,desk,x,x\n"), 0);
    assert_int_equal(advice(f, "b,,1,,,,,community,desk,x,x\n"), 0);
    assert_int_equal(advice(f, "a,0602,0,,,,,community,desk,x,x\n"), 1);
    assert_int_equal(advice(f, "a,,2,,,,,community,desk,x,x\n"), 1);
    assert_int_equal(advice(f, "a,,0,phone,,,,community,desk,x,x\n"), 1);
    assert_int_equal(advice(f, "a,,0,,3205,,,community,desk,x,x\n"), 1);
    assert_int_equal(advice(f, "a,,0,,,,base,community,desk,x,x\n"), 1);
    assert_int_equal(advice(f, "a,,0,,,night,,community,desk,x,x\n"), 1);
    assert_int_equal(advice(f, "a,,0,,,work,,community,desk,x,x\nb,,0,,,off,,town,desk,x,x\n"), 0);
    struct faults found = faults_in(&f->a);
    edition_advise(&f->a, STR("rule"), file(&f->a, "rule"), &found);
    edition_advise(&f->a, STR("limit"), STR("category,tier,stage,amount,unit\n"), &found);
    assert_int_equal(found.total, 0);
}

static void stages_without_a_limit_for_all_are_told(void **state)
{
    struct fixture *f = *state;
    struct faults found = faults_in(&f->a);
    edition_advise(&f->a, STR("limit"), file(&f->a, "limit"), &found);
    assert_int_equal(found.total, 0);
    edition_advise(&f->a, STR("limit"), STR("category,tier,stage,amount,unit\n,0,handle,5,WD\n"
        "0101,0,sign,5,WD\n"), &found);
    assert_int_equal(found.total, 1);
    assert_non_null(strstr(found.at[0].zh, "按五个工作日算：派单, 签收, 核查"));
    assert_non_null(strstr(found.at[0].en, "Dispatch, Sign for it, Review, Decide, Resume, Object."));
}

static void every_faulty_row_is_named(void **state)
{
    struct fixture *f = *state;
    struct faults found = check(f, "limit",
        "category,tier,stage,amount,unit\n"
        "0101,0,handle,zwei,WD\n"
        "77,0,handle,2,WD\n"
        "\n"
        "0101,0,waiting,2,WM\n"
        "0101,9,handle,2,WD\n"
        "0101,0,handle,2\n");
    assert_true(has(&found, 2, "amount"));
    assert_true(has(&found, 3, "category"));
    assert_true(has(&found, 5, "stage"));
    assert_true(has(&found, 5, "unit"));
    assert_true(has(&found, 6, "tier"));
    assert_true(has(&found, 7, ""));
    assert_int_equal(found.total, 6);
}

static void all_that_is_wrong_with_a_row_is_told_once(void **state)
{
    struct fixture *f = *state;
    struct faults t = check(f, "limit", "category,tier,stage,amount,unit\n99,0,handle,x,XX\n"
        "99,9,here,5,WD\n,0,sign\n,0,sign,1,WD\n");
    assert_true(has(&t, 2, "category") && has(&t, 2, "amount") && has(&t, 2, "unit"));
    assert_true(has(&t, 3, "category") && has(&t, 3, "tier") && has(&t, 3, "stage"));
    assert_true(has(&t, 4, ""));
    assert_int_equal(t.total, 7);
    t = check(f, "limit", "category,tier,stage,amount,unit\n,,handle,,\n");
    assert_true(has(&t, 2, "tier") && has(&t, 2, "amount") && has(&t, 2, "unit"));
    assert_int_equal(t.total, 3);
}

static void times_are_written_our_way(void **state)
{
    struct fixture *f = *state;
    struct str csv = sheet_plain(&f->a, &day_record, STR("work,date,name\nfalse,2026/1/2,\"a,b\"\n\n"
        "true,２０２６年３月４日,\nfalse,20260506,x\nfalse,2026-02-30,y\nfalse\n"));
    assert_true(str_is(csv, "work,date,name\nfalse,2026-01-02,\"a,b\"\n\ntrue,2026-03-04,\n"
        "false,2026-05-06,x\nfalse,2026-02-30,y\nfalse\n"));
    struct str same = STR("code,title\na,2026/1/2\n");
    assert_ptr_equal(sheet_plain(&f->a, &template_record, same).p, same.p);
}

static void headings_and_encodings_are_explained(void **state)
{
    struct fixture *f = *state;
    struct faults found = check(f, "limit", "category,tier,stage,amount,einheit\n,0,handle,1,WD\n");
    assert_true(has(&found, 1, "unit"));
    assert_true(has(&found, 1, ""));
    found = check(f, "limit", "");
    assert_true(has(&found, 1, "stage"));
    found = check(f, "limit", "tier,stage,amount,unit\n");
    assert_true(has(&found, 0, ""));
    found = check(f, "limit", "tier,stage,amount,unit\n0,handle,1,WD,\xc0\xc1\n");
    assert_true(has(&found, 0, ""));
    found = check(f, "calendar", "\xef\xbb\xbf" "date,work,name\r\n2027-01-01,false,元旦\r\n");
    assert_int_equal(found.total, 0);
}

static void rows_that_never_apply_are_found(void **state)
{
    struct fixture *f = *state;
    struct faults found = check(f, "limit", "category,tier,stage,amount,unit\n"
        "01,0,handle,1,WD\n0101,2,handle,2,WD\n0101,2,sign,2,WD\n");
    assert_true(has(&found, 3, "category"));
    assert_int_equal(found.total, 1);
    found = check(f, "rule", "code,category,tier_min,level,function,why,why_en\n"
        "a,01,1,town,desk,甲,a\nb,0101,2,town,desk,乙,b\nc,0101,0,moon,nobody,丙,c\n");
    assert_true(has(&found, 3, "code"));
    assert_true(has(&found, 4, "level"));
    assert_true(has(&found, 4, "function"));
    assert_int_equal(found.total, 3);
}

static void categories_are_a_tree_with_owners(void **state)
{
    struct fixture *f = *state;
    struct faults found = check(f, "category", "code,name,name_en,icon,function,tier,hotline\n"
        "01,甲,A,fire,fire,1,\n01,乙,B,fire,fire,1,\n0203,丙,C,sun,magic,1,911\n1x,丁,D,fire,fire,1,\n");
    assert_true(has(&found, 3, "code"));
    assert_true(has(&found, 4, "code"));
    assert_true(has(&found, 4, "icon"));
    assert_true(has(&found, 4, "function"));
    assert_true(has(&found, 4, "hotline"));
    assert_true(has(&found, 5, "code"));
    assert_true(has(&found, 0, "limit"));
    assert_true(has(&found, 0, "rule"));
}

static void days_and_templates_are_not_doubled(void **state)
{
    struct fixture *f = *state;
    struct faults found = check(f, "calendar", "date,work\n2027-01-01,false\n2027-01-01,true\n"
        "2027-02-30,false\n2027-03-01T09:00:00+08:00,false\n2027-04-01,maybe\n");
    assert_true(has(&found, 3, "date"));
    assert_true(has(&found, 4, "date"));
    assert_true(has(&found, 5, "date"));
    assert_true(has(&found, 6, "work"));
    found = check(f, "template", "code,category,title,title_en,text\n"
        "a,,题,T,\"两行\n正文\"\na,88,题,T,正文\n");
    assert_true(has(&found, 4, "code"));
    assert_true(has(&found, 4, "category"));
    assert_int_equal(found.total, 2);
    assert_null(edition_record(STR("nothing")));
    assert_ptr_equal(edition_record(STR("rule")), &rule_record);
}

static void cells_are_quoted_when_needed(void **state)
{
    struct fixture *f = *state;
    struct buf b = buf_in(&f->a, 100);
    sheet_cell(&b, STR("平江"));
    buf_byte(&b, '|');
    sheet_cell(&b, STR("a,\"b\"\nc"));
    assert_true(str_is(buf_str(&b), "平江|\"a,\"\"b\"\"\nc\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_demo_tables_are_right),
        cmocka_unit_test(a_first_line_of_any_length_costs_nothing),
        cmocka_unit_test(a_later_version_waits_for_its_day),
        cmocka_unit_test(the_latest_first_day_is_valid),
        cmocka_unit_test(what_is_taken_back_is_never_valid),
        cmocka_unit_test(the_snapshot_takes_the_same_version),
        cmocka_unit_test(no_version_begins_in_the_past),
        cmocka_unit_test(rules_that_leave_matters_out_are_told),
        cmocka_unit_test(stages_without_a_limit_for_all_are_told),
        cmocka_unit_test(every_faulty_row_is_named),
        cmocka_unit_test(all_that_is_wrong_with_a_row_is_told_once),
        cmocka_unit_test(times_are_written_our_way),
        cmocka_unit_test(headings_and_encodings_are_explained),
        cmocka_unit_test(rows_that_never_apply_are_found),
        cmocka_unit_test(categories_are_a_tree_with_owners),
        cmocka_unit_test(days_and_templates_are_not_doubled),
        cmocka_unit_test(cells_are_quoted_when_needed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
