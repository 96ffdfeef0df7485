/* test_catalogue.c: the snapshot of a small invented city: versions, places, words, routing. */
#include "catalogue/catalogue.c"
#include "catalogue/route.h"
#include "geo/shape.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

SQL_WRITES(put_division, "test.division", "INSERT INTO zone (layer, code, parent, level,"
    " kind, name, valid_from_ms, valid_to_ms) VALUES ('division', $1, $2, $3, $4, $5, 0, $6)");
SQL_WRITES(put_grid, "test.grid", "INSERT INTO zone (layer, code, parent, name, lon, lat, shape,"
    " level, kind, valid_from_ms) VALUES ('grid', $1, $2, $3, $4, $5, $6, 6, 'base', 0)");
SQL_WRITES(put_police_grid, "test.police",
    "INSERT INTO zone (layer, code, parent, name, shape, level, kind, valid_from_ms)"
    " VALUES ('police', $1, $2, $3, $4, 8, 'police', 0)");
SQL_WRITES(put_unit, "test.unit", "INSERT INTO unit (id, code, name, name_en, kind, level, region,"
    " parent, desk, functions) VALUES ($1, $2, $2, $2, 'x', $3, $4, 0, $5, $6)");
SQL_WRITES(put_small, "test.small", "INSERT INTO catalogue (name, version, valid_from_ms, made_ms,"
    " made_by, body) VALUES ($1, $2, $3, 0, 0, $4)");
SQL_WRITES(put_account, "test.account", "INSERT INTO account (id, username, name, password, phone,"
    " lang, disabled) VALUES (7, 'worker', '陆晓', '', '19900000007', 'zh-CN', 0)");
SQL_WRITES(put_duty, "test.duty",
    "INSERT INTO duty (layer, zone, position, account) VALUES ('grid', $1, 0, 7)");
SQL_WRITES(put_setting, "test.setting",
    "INSERT INTO setting (name, value) VALUES ('city', '溪州市')");

#define CITY INT64_C(320500000000)
#define COUNTY INT64_C(320508000000)
#define COUNTY2 INT64_C(320581000000)
#define TOWN INT64_C(320508018000)
#define TOWN2 INT64_C(320581006000)
#define VILLAGE INT64_C(320508018014)
#define VILLAGE2 INT64_C(320581006014)

/* p, which must be there: the compiler knows that this does not go on without it. */
static const void *there(const void *p)
{
    assert_non_null(p);
    CHECK(p != NULL);
    return p;
}

static const struct unit *the_unit(const struct catalogue *c, int64_t id)
{
    return there(unit_find(c, id));
}

struct fixture { struct db *db; struct arena a; struct catalogue *c; };

static struct str square(struct arena *a, double lon, double lat, double size)
{
    struct geo_point *p = NEW_N(a, struct geo_point, 5);
    struct ring *r = NEW(a, struct ring);
    p[0] = p[4] = (struct geo_point){ lon, lat };
    p[1] = (struct geo_point){ lon + size, lat };
    p[2] = (struct geo_point){ lon + size, lat + size };
    p[3] = (struct geo_point){ lon, lat + size };
    *r = (struct ring){ 0, 5, true };
    struct shape s = { p, r, 5, 1, { lon, lat, lon + size, lat + size } };
    return shape_wkb(a, &s);
}

static void run(struct db *db, const struct sql *sql, const struct arg *args, size_t n)
{
    assert_int_equal(db_exec(db, sql, args, n, NULL), OK);
}

static void division(struct db *db, int64_t code, int64_t parent, int64_t level, const char *name)
{
    run(db, &put_division, ARGS(I(code), I(parent), I(level), S(STR("x")), S(str_c(name)),
        I(I64_NONE)));
}

static void unit(struct db *db, int64_t id, const char *code, int64_t region, int64_t desk,
    const char *functions)
{
    int64_t level = region == CITY ? 2 : region % 1000000 == 0 ? 3 : region % 1000 == 0 ? 4 : 5;
    run(db, &put_unit, ARGS(I(id), S(str_c(code)), I(level), I(region), I(desk),
        S(str_c(functions))));
}

static void small(struct db *db, const char *name, int64_t version, int64_t from_ms,
    const char *body)
{
    run(db, &put_small, ARGS(S(str_c(name)), I(version), I(from_ms), S(str_c(body))));
}

static void fill_places(struct fixture *f)
{
    struct db *db = f->db;
    division(db, CITY, 320000000000, 2, "溪州市");
    division(db, COUNTY, CITY, 3, "姑苏区");
    division(db, COUNTY2, CITY, 3, "常熟市");
    division(db, TOWN, COUNTY, 4, "平江街道");
    division(db, TOWN2, COUNTY2, 4, "东南街道");
    division(db, VILLAGE, TOWN, 5, "察院场社区居委会");
    division(db, VILLAGE2, TOWN2, 5, "察院场社区居委会");
    run(db, &put_division, ARGS(I(320508099000), I(COUNTY), I(4), S(STR("x")),
        S(STR("旧城街道")), I(1)));
    for (int64_t i = 0; i < 4; i++)
        run(db, &put_grid, ARGS(I(VILLAGE * 1000 + i + 1), I(VILLAGE),
            S(i ? STR("第2网格") : STR("察院场社区第1网格")), F(120.005 + 0.01 * (double)i),
            F(31.005), B(square(&f->a, 120.0 + 0.01 * (double)i, 31.0, 0.01))));
    run(db, &put_police_grid, ARGS(I(501), I(31), S(STR("警格")),
        B(square(&f->a, 120.0, 31.0, 0.02))));
    run(db, &put_account, NO_ARGS);
    run(db, &put_duty, ARGS(I(VILLAGE * 1000 + 1)));
    run(db, &put_setting, NO_ARGS);
}

static void fill_units(struct db *db)
{
    unit(db, 1, "city", CITY, 1, "");
    unit(db, 2, "city-fire", CITY, 0, "fire rescue");
    unit(db, 10, "county", COUNTY, 1, "");
    unit(db, 11, "county-lamps", COUNTY, 0, "roads lamps");
    unit(db, 20, "town", TOWN, 1, "");
    unit(db, 21, "town-police", TOWN, 0, "station");
    unit(db, 31, "other-police", TOWN2, 0, "station");
    unit(db, 40, "village", VILLAGE, 1, "");
}

static void fill_small(struct db *db)
{
    small(db, "category", 1, 0, "code,name,name_en,icon,words,function,tier\n"
        "01,旧,old,fire,旧,fire,1\n");
    small(db, "category", 2, 0, "code,name,name_en,icon,words,function,tier\n"
        "01,消防,Fire,fire,,fire,2\n"
        "0101,消防通道,Fire exits,fire,消防通道 堵 占用 blocked,fire,2\n"
        "0102,飞线充电,Charging,elec,电动车 充电 电瓶车 e-bike,fire,2\n"
        "02,路灯,Lamps,lamp,路灯 灯不亮 lamp LED灯,lamps,1\n"
        "03,诈骗,Fraud,heart,诈骗,,1\n");
    small(db, "category", 3, INT64_C(32503680000000),
        "code,name,name_en,icon,words,function,tier\n");
    small(db, "rule", 1, 0, "code,category,tier_min,origin,level,function,why,why_en\n"
        "major,,3,,county,desk,重大,major\n"
        "fraud,03,0,,town,station,警务,police\n"
        "owner,02,0,,county,owner,部件,owner\n"
        "fire,01,2,,county,owner,消防,fire\n"
        "patrol,,0,patrol,town,desk,巡查,patrol\n"
        "local,,0,,community,desk,属地,local\n");
    small(db, "limit", 1, 0, "category,tier,stage,amount,unit,basis,basis_en\n"
        "0101,0,handle,1,WD,甲,a\n01,2,handle,3,WD,乙,b\n,0,handle,5,WD,丙,c\n");
    small(db, "template", 1, 0, "code,category,title,title_en,text\n"
        "t,,题,T,\"第一行\n第二行\"\n");
}

static int setup(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    struct err_info info = { .e = OK };
    arena_init(&f->a, 1 << 20);
    assert_int_equal(db_open(":memory:", DB_WRITER, &f->db), OK);
    assert_int_equal(db_migrate(f->db, &info), OK);
    fill_places(f);
    fill_units(f->db);
    fill_small(f->db);
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

static void newest_version_in_force_counts(void **state)
{
    const struct fixture *f = *state;
    int64_t stored = 0;
    assert_int_equal(catalogue_categories(f->c).n, 5);
    assert_int_equal(catalogue_stamp(f->c), 2 + 1 + 1 + 1);
    assert_int_equal(catalogue_stamp_stored(f->db, 1, &stored), OK);
    assert_int_equal(stored, catalogue_stamp(f->c));
    assert_int_equal(catalogue_stamp_stored(f->db, INT64_C(32503680000001), &stored), OK);
    assert_int_equal(stored, catalogue_stamp(f->c) + 1);
    assert_true(str_is(catalogue_setting(f->c, "city"), "溪州市"));
    assert_int_equal(catalogue_setting(f->c, "none").n, 0);
    const struct template *t = catalogue_templates(f->c).p;
    assert_true(str_is(t->text, "第一行\n第二行"));
}

static void things_are_found_by_code(void **state)
{
    const struct fixture *f = *state;
    const struct division *d = there(division_find(f->c, TOWN));
    const struct grid *staffed = there(grid_find(f->c, VILLAGE * 1000 + 1));
    const struct grid *other = there(grid_find(f->c, VILLAGE * 1000 + 2));
    const struct police_grid *beat = there(police_grid_find(f->c, 501));
    const struct category *cat = there(category_find(f->c, STR("0102")));
    assert_true(str_is(d->name, "平江街道"));
    assert_null(division_find(f->c, TOWN + 1));
    assert_null(division_find(f->c, 320508099000));
    assert_true(str_is(staffed->worker_phone, "19900000007"));
    assert_null(other->worker_name.p);
    assert_null(grid_find(f->c, 5));
    assert_int_equal(the_unit(f->c, 31)->region, TOWN2);
    assert_int_equal(beat->station, 31);
    assert_true(str_is(cat->name_en, "Charging"));
    assert_null(category_find(f->c, STR("99")));
    assert_int_equal(geo_index_count(catalogue_areas(f->c, LEVEL_GRID)), 4);
    assert_null(catalogue_areas(f->c, LEVEL_CITY));
}

static void places_by_point_and_by_grid(void **state)
{
    const struct fixture *f = *state;
    struct place p, q;
    assert_true(catalogue_locate(f->c, 120.015, 31.005, &p));
    assert_int_equal(p.grid, VILLAGE * 1000 + 2);
    assert_int_equal(p.community, VILLAGE);
    assert_int_equal(p.town, TOWN);
    assert_int_equal(p.area, 320508);
    assert_int_equal(p.police_grid, 501);
    assert_true(catalogue_place_of_grid(f->c, p.grid, &q));
    assert_memory_equal(&p, &q, sizeof(p));
    assert_true(catalogue_locate(f->c, 120.035, 31.005, &p));
    assert_int_equal(p.police_grid, 0);
    assert_false(catalogue_locate(f->c, 121, 31, &p));
    assert_false(catalogue_locate(f->c, (double)NAN, 31, &p));
    assert_false(catalogue_place_of_grid(f->c, 1, &p));
}

static void text_is(const struct catalogue *c, const char *text, struct place want)
{
    struct place p;
    catalogue_place_of_text(c, str_c(text), &p);
    assert_int_equal(p.area, want.area);
    assert_int_equal(p.town, want.town);
    assert_int_equal(p.community, want.community);
    assert_int_equal(p.grid, 0);
}

static void places_by_text(void **state)
{
    const struct fixture *f = *state;
    const struct place city = { .area = 320500 }, county = { .area = 320508 };
    text_is(f->c, "", city);
    text_is(f->c, "路灯坏了", city);
    text_is(f->c, "姑苏观前街", county);
    text_is(f->c, "平江街道某弄", (struct place){ 320508, TOWN, 0, 0, 0 });
    text_is(f->c, "姑苏区察院场社区3幢", (struct place){ 320508, TOWN, VILLAGE, 0, 0 });
    text_is(f->c, "东南街道,察院场社区", (struct place){ 320581, TOWN2, VILLAGE2, 0, 0 });
    text_is(f->c, "察院场社区门口", city);
}

static void places_have_names(void **state)
{
    struct fixture *f = *state;
    struct place p = { .area = 320500 };
    assert_true(str_is(catalogue_place_name(f->c, &f->a, &p), "溪州市"));
    assert_true(catalogue_place_of_grid(f->c, VILLAGE * 1000 + 1, &p));
    assert_true(str_is(catalogue_place_name(f->c, &f->a, &p), "姑苏区 平江街道 察院场社区第1网格"));
    p.grid = VILLAGE * 1000 + 2;
    assert_true(str_is(catalogue_place_name(f->c, &f->a, &p), "姑苏区 平江街道 察院场社区第2网格"));
    p = (struct place){ .area = 999999, .town = 1 };
    assert_int_equal(catalogue_place_name(f->c, &f->a, &p).n, 0);
}

static void suggested(const struct catalogue *c, const char *text, const char *first,
    size_t want_n)
{
    const struct category *got[3];
    size_t n = catalogue_suggest(c, str_c(text), got, 3);
    assert_int_equal(n, want_n);
    if (n)
        assert_true(str_is(got[0]->code, first));
}

static void words_suggest_categories(void **state)
{
    const struct fixture *f = *state;
    suggested(f->c, "", "", 0);
    suggested(f->c, "灯", "", 0);
    suggested(f->c, "门口路灯坏了,灯不亮", "02", 1);
    suggested(f->c, "有人在楼道里给电动车充电,消防通道走不通", "0102", 2);
    suggested(f->c, "楼道 电瓶车 电瓶车 充电", "0102", 1);
    suggested(f->c, "The street LAMPS are out", "02", 1);
    suggested(f->c, "clampsite roadblocked", "", 0);
    suggested(f->c, "LED灯坏", "02", 1);
    suggested(f->c, "E-bike blocked!", "0101", 2);
}

static int64_t routed(const struct catalogue *c, const char *category, int64_t tier,
    const char *origin, struct place p, const char *rule)
{
    struct route_facts facts = { .category = str_c(category), .tier = tier,
        .origin = str_c(origin), .place = p };
    struct route_choice r = catalogue_route(c, catalogue_rules(c), &facts, NULL);
    assert_true(str_is(r.rule->code, rule));
    const struct unit *u = there(r.unit);
    return u->id;
}

static void rules_find_the_owner(void **state)
{
    const struct fixture *f = *state;
    const struct catalogue *c = f->c;
    const struct place here = { 320508, TOWN, VILLAGE, 0, 0 }, city = { .area = 320500 };
    struct place beat = here;
    beat.police_grid = 501;
    assert_int_equal(routed(c, "0101", 3, "public", here, "major"), 10);
    assert_int_equal(routed(c, "03", 1, "public", here, "fraud"), 21);
    assert_int_equal(routed(c, "03", 1, "public", beat, "fraud"), 31);
    assert_int_equal(routed(c, "02", 1, "patrol", here, "owner"), 11);
    assert_int_equal(routed(c, "0102", 2, "public", here, "fire"), 2);
    assert_int_equal(routed(c, "0102", 1, "patrol", here, "patrol"), 20);
    assert_int_equal(routed(c, "", 1, "public", here, "local"), 40);
    assert_int_equal(routed(c, "", 1, "public", city, "local"), 1);
    assert_int_equal(routed(c, "03", 1, "public", city, "fraud"), 1);
    const struct place other = { 320581, TOWN2, VILLAGE2, 0, 0 };
    assert_int_equal(routed(c, "", 1, "public", other, "local"), 1);
}

static int64_t the_desk(const struct catalogue *c, int64_t division)
{
    const struct unit *u = there(catalogue_desk(c, division));
    return u->id;
}

static int64_t the_desk_above(const struct catalogue *c, int64_t id)
{
    const struct unit *u = there(catalogue_desk_above(c, the_unit(c, id)));
    return u->id;
}

static void desks_stand_above_one_another(void **state)
{
    const struct fixture *f = *state;
    const struct catalogue *c = f->c;
    assert_int_equal(the_desk(c, VILLAGE), 40);
    assert_int_equal(the_desk(c, VILLAGE2), 1);
    assert_int_equal(the_desk(c, 5), 1);
    assert_int_equal(the_desk_above(c, 40), 20);
    assert_int_equal(the_desk_above(c, 20), 10);
    assert_int_equal(the_desk_above(c, 11), 10);
    assert_int_equal(the_desk_above(c, 31), 1);
    assert_int_equal(the_desk_above(c, 10), 1);
    assert_null(catalogue_desk_above(c, the_unit(c, 1)));
}

static void limits_go_from_special_to_general(void **state)
{
    const struct fixture *f = *state;
    assert_int_equal(catalogue_limit(f->c, STR("0101"), 2, "handle")->amount, 1);
    assert_int_equal(catalogue_limit(f->c, STR("0102"), 2, "handle")->amount, 3);
    assert_int_equal(catalogue_limit(f->c, STR("0102"), 1, "handle")->amount, 5);
    const struct limit *last = catalogue_limit(f->c, STR("02"), 1, "review");
    assert_int_equal(last->amount, 5);
    assert_true(str_is(last->unit, "WD"));
}

static void holders_keep_a_snapshot(void **state)
{
    const struct fixture *f = *state;
    struct err_info info = { .e = OK };
    struct catalogue *c = NULL;
    assert_int_equal(catalogue_load(f->db, &c, &info), OK);
    const struct catalogue *second = catalogue_hold(c);
    catalogue_drop(c);
    assert_non_null(unit_find(second, 1));
    catalogue_drop(second);
    catalogue_drop(NULL);
}

static void an_empty_database_still_answers(void **state)
{
    (void)state;
    struct db *db;
    struct catalogue *c;
    struct err_info info = { .e = OK };
    struct place p;
    const struct category *got[3];
    assert_int_equal(db_open(":memory:", DB_WRITER, &db), OK);
    assert_int_equal(db_migrate(db, &info), OK);
    assert_int_equal(catalogue_load(db, &c, &info), OK);
    assert_false(catalogue_locate(c, 120, 31, &p));
    catalogue_place_of_text(c, STR("姑苏区"), &p);
    assert_int_equal(p.area, 0);
    assert_int_equal(catalogue_suggest(c, STR("路灯"), got, 3), 0);
    struct route_facts facts = { .category = STR("01"), .origin = STR("public"), .tier = 1 };
    assert_null(catalogue_route(c, catalogue_rules(c), &facts, NULL).unit);
    assert_null(catalogue_desk(c, CITY));
    catalogue_drop(c);
    db_close(db);
}

static void a_broken_catalogue_is_named(void **state)
{
    (void)state;
    struct db *db;
    struct catalogue *c = NULL;
    struct err_info info = { .e = OK };
    assert_int_equal(db_open(":memory:", DB_WRITER, &db), OK);
    assert_int_equal(db_migrate(db, &info), OK);
    small(db, "limit", 1, 0, "stage,tier,amount,unit\nhandle,0,zero,WD\n");
    assert_int_equal(catalogue_load(db, &c, &info), E_INPUT);
    assert_string_equal(info.field, "amount (line 2)");
    assert_null(c);
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(newest_version_in_force_counts),
        cmocka_unit_test(things_are_found_by_code),
        cmocka_unit_test(places_by_point_and_by_grid),
        cmocka_unit_test(places_by_text),
        cmocka_unit_test(places_have_names),
        cmocka_unit_test(words_suggest_categories),
        cmocka_unit_test(rules_find_the_owner),
        cmocka_unit_test(desks_stand_above_one_another),
        cmocka_unit_test(limits_go_from_special_to_general),
        cmocka_unit_test(holders_keep_a_snapshot),
        cmocka_unit_test(an_empty_database_still_answers),
        cmocka_unit_test(a_broken_catalogue_is_named),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
