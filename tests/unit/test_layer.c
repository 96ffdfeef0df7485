/* Layers from files to versions: a town of two communities, 2 km squares side by side, with two
 * grids each; whatever can be wrong with a file of grids; coordinates; days; drafts; places. */
#include "layer/check.c"
#include "catalogue/edition.h"
#include "layer/address.h"
#include "layer/back.h"
#include "layer/draft.h"
#include "layer/effect.h"
#include "layer/moves.h"
#include "layer/report.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#define COMMUNITY_A INT64_C(320508001001)
#define COMMUNITY_B INT64_C(320508001002)
#define DAY_MS INT64_C(86400000)

SQL_WRITES(add_unit, "test.unit", "INSERT INTO unit (id, code, name, name_en, kind, level, region,"
    " parent, desk, functions) VALUES (7, '320508001-police', '东山派出所', 'Station', 'station', 4,"
    " 320508001000, 0, 0, 'station')");
SQL_WRITES(add_matter, "test.matter", "INSERT INTO matter (area, id, number, kind, state, category,"
    " tier, origin, confidential, text, salt, place_text, lon, lat, town, community, grid,"
    " police_grid, owner_unit, holder, route, clock, clock_from_ms, provisional, ask, ask_by,"
    " ask_unit, ask_days, ask_reason, returned_by, extended, supervised, round, objected, reporters,"
    " unanswered, cohandling, open, created_ms, merged_into, seq, head) VALUES (320508, $1, 'x', 'x',"
    " 'x', '01', 1, 'x', 0, 'x', $2, '', $3, 31.31, 0, 0, 320508001001001, 0, 7, 0, '', '', 0, 0, '',"
    " 0, 0, 0, '', 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, '', 1, $2)");

SQL_WRITES(add_account, "test.account", "INSERT INTO account (id, username, name, password, phone,"
    " lang, disabled) VALUES (5, 'w', '网格员', '', '', 'zh', 0)");
SQL_WRITES(add_duty, "test.duty",
    "INSERT INTO duty (layer, zone, position, account) VALUES ('grid', 320508001001001, 0, 5)");

struct fixture { struct db *db; struct catalogue *c; struct arena a; struct err_info info; };

static struct shape box(struct arena *a, double west, double east, double south, double north)
{
    struct shape s;
    struct str wkt = arena_fmt(a, "POLYGON((%.17g %.17g,%.17g %.17g,%.17g %.17g,%.17g %.17g,%.17g"
        " %.17g))", west, south, east, south, east, north, west, north, west, south);
    assert_int_equal(shape_read(a, SHAPE_WKT, wkt, NULL, &s), OK);
    return s;
}

static void put(struct fixture *f, const char *layer, int64_t code, int64_t parent, int64_t level,
    const char *name, struct shape s)
{
    struct geo_point at = shape_centre(&s);
    assert_int_equal(zone_put(f->db, &(struct zone){ .layer = str_c(layer), .code = code,
        .valid_to_ms = I64_NONE, .parent = parent, .level = level, .kind = STR("x"),
        .name = str_c(name), .lon = at.lon, .lat = at.lat, .shape = shape_wkb(&f->a, &s) }), OK);
}

static void load(struct fixture *f)
{
    catalogue_drop(f->c);
    assert_int_equal(catalogue_load(f->db, &f->c, &f->info), OK);
}

static int setup(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    *f = (struct fixture){ .c = NULL };
    arena_init(&f->a, (size_t)1 << 30);
    assert_int_equal(db_open(":memory:", DB_WRITER, &f->db), OK);
    assert_int_equal(db_migrate(f->db, &f->info), OK);
    put(f, "division", INT64_C(320500000000), 0, 2, "苏州市", box(&f->a, 120, 121, 31, 32));
    put(f, "division", INT64_C(320508000000), INT64_C(320500000000), 3, "姑苏区",
        box(&f->a, 120.5, 120.7, 31.2, 31.4));
    put(f, "division", INT64_C(320508001000), INT64_C(320508000000), 4, "东山街道",
        box(&f->a, 120.6, 120.64, 31.3, 31.32));
    put(f, "division", COMMUNITY_A, INT64_C(320508001000), 5, "东门社区居委会",
        box(&f->a, 120.6, 120.62, 31.3, 31.32));
    put(f, "division", COMMUNITY_B, INT64_C(320508001000), 5, "西门社区居委会",
        box(&f->a, 120.62, 120.64, 31.3, 31.32));
    assert_int_equal(db_exec(f->db, &add_unit, NO_ARGS, NULL), OK);
    load(f);
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

/* A row of CSV: a box from west to east between 31.30 and 31.32 unless said. */
static struct str row_at(struct fixture *f, const char *code, const char *more, double west,
    double east, double south, double north)
{
    struct shape s = box(&f->a, west, east, south, north);
    struct buf b = buf_in(&f->a, 4096);
    buf_fmt(&b, "%s,%s,\"POLYGON((", code, more);
    for (size_t i = 0; i < s.point_count; i++)
        buf_fmt(&b, "%s%.15g %.15g", i ? "," : "", s.at[i].lon, s.at[i].lat);
    buf_add(&b, STR("))\"\n"));
    return buf_str(&b);
}

static struct str row(struct fixture *f, const char *code, const char *name, double west,
    double east)
{
    return row_at(f, code, name, west, east, 31.3, 31.32);
}

static struct features file_of(struct fixture *f, const char *head, const struct str *rows,
    size_t n)
{
    struct features features = { .at = NULL };
    struct buf b = buf_in(&f->a, 1 << 20);
    buf_fmt(&b, "%s\n", head);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, rows[i]);
    struct source s = { .name = STR("x.csv"), .bytes = buf_str(&b) };
    assert_int_equal(source_read(&f->a, &s, &features, &f->info), OK);
    return features;
}

static struct layer_plan check_of(struct fixture *f, struct layer_want want, const char *head,
    const struct str *rows, size_t n)
{
    struct layer_plan plan;
    struct features features = file_of(f, head, rows, n);
    f->info = (struct err_info){ .e = OK };
    enum err e = layer_check(f->db, f->c, &f->a, &want, &features, &plan, &f->info);
    if (e != OK)
        print_error("%s\n", f->info.en);
    assert_int_equal(e, OK);
    return plan;
}

static const struct layer_want whole = { .layer = LAYER_GRID, .at_ms = 1000 * DAY_MS };

static struct layer_plan four(struct fixture *f, struct layer_want want)
{
    struct str rows[] = { row(f, "320508001001001", "东门一", 120.6, 120.61),
        row(f, "320508001001002", "东门二", 120.61, 120.62),
        row(f, "320508001002001", "西门一", 120.62, 120.63),
        row(f, "320508001002002", "西门二", 120.63, 120.64) };
    return check_of(f, want, "code,name,shape", rows, COUNT_OF(rows));
}

static void store(struct fixture *f, const struct layer_plan *p, int64_t now_ms)
{
    int64_t version = 0;
    assert_true(layer_may_store(p));
    assert_int_equal(layer_store(f->db, &f->a, p, STR("file"), now_ms, 0, &version), OK);
    load(f);
}

static void expect(const struct layer_plan *p, size_t line, const char *field, const char *text)
{
    for (size_t i = 0; i < p->faults.n; i++)
        if (p->faults.at[i].line == line && strcmp(p->faults.at[i].field, field) == 0
            && strstr(p->faults.at[i].en, text) && p->faults.at[i].zh[0])
            return;
    for (size_t i = 0; i < p->faults.n; i++)
        print_error("%zu %s: %s\n", p->faults.at[i].line, p->faults.at[i].field,
            p->faults.at[i].en);
    fail_msg("no fault in line %zu, %s: %s", line, field, text);
}

static void a_good_layer_is_stored_and_found(void **state)
{
    struct fixture *f = *state;
    struct place at;
    struct layer_plan p = four(f, whole);
    assert_int_equal(p.faults.total, 0);
    assert_int_equal(p.n_findings, 0);
    assert_int_equal(p.n_change[ZONE_ADDED], 4);
    assert_int_equal(p.placing.how, PLACED_FOUND);
    assert_int_equal(p.placing.crs, CRS_WGS84);
    store(f, &p, 0);
    assert_true(catalogue_locate(f->c, 120.635, 31.31, &at));
    assert_int_equal(at.grid, INT64_C(320508001002002));
    p = four(f, whole);
    assert_int_equal(p.n_change[ZONE_SAME], 4);
    struct buf b = buf_in(&f->a, 1 << 20);
    struct features again;
    layer_write_geojson(&b, p.rows, p.n);
    struct source s = { .name = STR("x.geojson"), .bytes = buf_str(&b) };
    assert_int_equal(source_read(&f->a, &s, &again, &f->info), OK);
    assert_int_equal(layer_check(f->db, f->c, &f->a, &whole, &again, &p, &f->info), OK);
    assert_int_equal(p.n_change[ZONE_SAME], 4);
}

static void every_bad_row_is_named_with_its_remedy(void **state)
{
    struct fixture *f = *state;
    struct str rows[] = { row(f, "320508001001001", "东门一,,", 120.6, 120.61),
        row(f, "320508001001001", "东门一,,", 120.61, 120.62),          /* 3 twice */
        row(f, "320508009009001", "远方,,", 120.6, 120.61),             /* 4 no such community */
        row(f, "32050800100100", "短,,", 120.6, 120.61),                /* 5 digits */
        row(f, "320508001002001", "西门一,东门社区,", 120.62, 120.63),   /* 6 claimed by column */
        row(f, "320508001002002", "西门二,,", 120.605, 120.609),        /* 7 outside, over none good */
        row(f, "320508001002003", ",,", 120.63, 120.64),                /* 8 no name */
        row(f, "320508001002004", "西门四,,other", 120.63, 120.64),     /* 9 kind */
        STR("320508001002005,结,,,\"POLYGON((120.63 31.3,120.64 31.32,120.64 31.3,120.63 31.32,120.63"
            " 31.3))\"\n"),                                             /* 10 crosses */
        STR("320508001002006,空,,,\n"),                                 /* 11 empty */
        STR("320508001002007,非,,,\"POLYGON((120.63 NaN,120.64 31.3,120.64 31.32,120.63 31.3))\"\n") };
    struct layer_plan p = check_of(f, whole, "code,name,parent,kind,shape", rows, COUNT_OF(rows));
    expect(&p, 2, "code", "same code as in row 3");
    expect(&p, 3, "code", "same code as in row 2");
    expect(&p, 4, "code", "no community 320508009009");
    expect(&p, 5, "code", "15 digits");
    expect(&p, 6, "parent", "two communities claim this grid");
    expect(&p, 7, "shape", "Only 0% of it lies in 西门社区居委会");
    expect(&p, 8, "name", "missing");
    expect(&p, 9, "kind", "base or dedicated");
    expect(&p, 10, "shape", "crosses itself near longitude");
    expect(&p, 11, "shape", "no outline");
    expect(&p, 12, "shape", "not a number");
    assert_false(layer_may_store(&p));
    assert_int_equal(p.n_change[ZONE_BAD], 11);
}

static void ground_that_two_communities_claim_is_a_fault_of_both(void **state)
{
    struct fixture *f = *state;
    struct str rows[] = { row(f, "320508001001001", "东门", 120.6, 120.625),
        row(f, "320508001002001", "西门", 120.62, 120.64) };
    struct layer_plan p = check_of(f, whole, "code,name,shape", rows, COUNT_OF(rows));
    expect(&p, 2, "shape", "two claim this ground");
    expect(&p, 3, "shape", "Lies over 320508001001001");
}

static void gaps_overlaps_and_slivers_are_measured(void **state)
{
    struct fixture *f = *state;
    struct str rows[] = { row(f, "320508001001001", "一", 120.6, 120.61001),      /* overlap 1 m */
        row_at(f, "320508001001002", "二", 120.61, 120.62, 31.3, 31.315) };       /* a gap in the north */
    struct layer_plan p = check_of(f, whole, "code,name,shape", rows, COUNT_OF(rows));
    assert_int_equal(p.faults.total, 0);
    assert_int_equal(p.n_findings, 2);
    const struct zone_flaw *overlap = &p.findings[0], *gap = &p.findings[1];
    assert_true(overlap->a == INT64_C(320508001001001) && overlap->b == INT64_C(320508001001002));
    assert_true(overlap->sliver && fabs(overlap->width_m - 0.95) < 0.02);
    assert_true(fabs(overlap->m2 - 0.952 * 1663) < 20);
    assert_true(gap->a == 0 && !gap->sliver && gap->parent == COMMUNITY_A);
    assert_true(fabs(gap->m2 - 951 * 554.3) < 0.01 * gap->m2);
    struct buf html = buf_in(&f->a, 1 << 20), json = buf_in(&f->a, 1 << 20);
    layer_report_html(&html, f->c, &p, &(struct effects){ .n = 0 }, STR("<b>.csv"), LANG_EN);
    assert_true(str_find(buf_str(&html), STR("<svg role=\"img\"")) > 0);
    assert_true(str_find(buf_str(&html), STR("&lt;b&gt;.csv")) > 0);
    assert_true(str_find(buf_str(&html), STR("Overlap (sliver)")) > 0);
    assert_true(str_find(buf_str(&html), STR("http")) < 0);
    layer_report_json(&json, f->c, &p, &(struct effects){ .n = 0 }, LANG_EN);
    assert_true(str_find(buf_str(&json), STR("\"kind\":\"gap\",\"sliver\":false")) > 0);
}

static void what_was_mended_is_kept_with_both_areas(void **state)
{
    struct fixture *f = *state;
    struct str rows[] = { STR("320508001001001,一,\"POLYGON((120.6 31.3,120.61 31.3,120.61 31.3,120.61"
        " 31.32,120.6 31.32))\"\n") };
    struct layer_plan p = check_of(f, whole, "code,name,shape", rows, 1);
    assert_int_equal(p.faults.total, 0);
    assert_int_equal(p.rows[0].mended.what, MEND_CLOSED | MEND_REPEATED);
    struct buf json = buf_in(&f->a, 1 << 20);
    layer_report_json(&json, f->c, &p, &(struct effects){ .n = 0 }, LANG_EN);
    assert_true(str_find(buf_str(&json), STR("\"what\":[\"closed\",\"repeated\"],\"parts\":1")) > 0);
}

static void parts_leave_the_rest_and_whole_layers_take_it_away(void **state)
{
    struct fixture *f = *state;
    struct layer_plan p = four(f, whole);
    store(f, &p, 0);
    struct layer_want later = { .layer = LAYER_GRID, .at_ms = 2000 * DAY_MS };
    struct str rows[] = { row(f, "320508001001001", "东门大", 120.6, 120.62) };
    p = check_of(f, later, "code,name,shape", rows, 1);
    assert_int_equal(p.n_change[ZONE_REMOVED], 3);
    assert_int_equal(p.n_change[ZONE_CHANGED], 1);
    later.part = true;
    p = check_of(f, later, "code,name,shape", rows, 1);
    expect(&p, 2, "shape", "Lies over 320508001001002");
    struct str both[] = { row(f, "320508001001001", "东门大,", 120.6, 120.62),
        row(f, "320508001001002", ",是", 120.61, 120.62) };
    p = check_of(f, later, "code,name,removed,shape", both, 2);
    assert_int_equal(p.faults.total, 0);
    assert_int_equal(p.n_change[ZONE_REMOVED], 1);
    store(f, &p, 0);
    struct zone z;
    assert_int_equal(zone_at(f->db, &f->a, STR("grid"), INT64_C(320508001001002), 1999 * DAY_MS,
        &z), OK);
    assert_true(str_is(z.name, "东门二"));
    assert_int_equal(z.valid_to_ms, 2000 * DAY_MS);
    assert_int_equal(zone_at(f->db, &f->a, STR("grid"), INT64_C(320508001001002), 2000 * DAY_MS,
        &z), E_MISSING);
    assert_int_equal(zone_at(f->db, &f->a, STR("grid"), INT64_C(320508001001001), 2000 * DAY_MS,
        &z), OK);
    assert_true(str_is(z.name, "东门大"));
    assert_int_equal(zone_at(f->db, &f->a, STR("grid"), INT64_C(320508001002001), 2000 * DAY_MS,
        &z), OK);
}

static void good_rows_come_in_alone_and_take_nothing_away(void **state)
{
    struct fixture *f = *state;
    struct layer_plan p = four(f, whole);
    store(f, &p, 0);
    struct layer_want want = { .layer = LAYER_GRID, .good_rows = true, .at_ms = 2000 * DAY_MS };
    struct str rows[] = { row(f, "320508001001001", "新名", 120.6, 120.61),
        STR("320508001001002,坏,\"POLYGON EMPTY\"\n") };
    p = check_of(f, want, "code,name,shape", rows, 2);
    assert_int_equal(p.n_change[ZONE_BAD], 1);
    assert_int_equal(p.n_change[ZONE_CHANGED], 1);
    assert_int_equal(p.n_change[ZONE_REMOVED], 0);
    store(f, &p, 0);
    struct zone z;
    assert_int_equal(zone_at(f->db, &f->a, STR("grid"), INT64_C(320508001001002), 3000 * DAY_MS,
        &z), OK);
    assert_true(str_is(z.name, "东门二"));
}

static void days(void **state)
{
    struct fixture *f = *state;
    struct layer_plan p = four(f, whole);
    store(f, &p, 0);
    f->info = (struct err_info){ .e = OK };
    assert_int_equal(layer_day_is_free(f->db, LAYER_GRID, 999 * DAY_MS, &f->info), E_CONFLICT);
    assert_int_equal(layer_day_is_free(f->db, LAYER_GRID, 1000 * DAY_MS, &f->info), OK);
    assert_int_equal(layer_day_is_free(f->db, LAYER_POLICE, 0, &f->info), OK);
    /* What was planned for a day is planned anew for the same day. */
    struct layer_want again = { .layer = LAYER_GRID, .part = true, .at_ms = 1000 * DAY_MS };
    struct str rows[] = { row(f, "320508001001001", "改正", 120.6, 120.61) };
    p = check_of(f, again, "code,name,shape", rows, 1);
    store(f, &p, 0);
    struct zone z;
    assert_int_equal(zone_at(f->db, &f->a, STR("grid"), INT64_C(320508001001001), 1000 * DAY_MS,
        &z), OK);
    assert_true(str_is(z.name, "改正"));
    int64_t newest = 0;
    assert_int_equal(edition_newest(f->db, STR("grid"), &newest), OK);
    assert_int_equal(newest, 2);
}

static struct str name_on(struct fixture *f, int64_t code, int64_t day)
{
    struct zone z;
    enum err e = zone_at(f->db, &f->a, STR("grid"), code, day * DAY_MS, &z);
    return e == OK ? z.name : STR_NONE;
}

static enum err back(struct fixture *f, int64_t version, int64_t day)
{
    struct taking_back t = { day * DAY_MS, 0, STR("made by mistake") };
    f->info = (struct err_info){ .e = OK };
    return version_take_back(f->db, &f->a, STR("grid"), version, &t, &f->info);
}

static void renamed(struct fixture *f, const char *name, int64_t day)
{
    struct layer_want want = { .layer = LAYER_GRID, .part = true, .at_ms = day * DAY_MS };
    struct str rows[] = { row(f, "320508001001001", name, 120.6, 120.61) };
    struct layer_plan p = check_of(f, want, "code,name,shape", rows, 1);
    store(f, &p, 0);
}

/* Outlines planned for a moment go together, the latest first, and the map is as it was. */
static void what_is_planned_is_taken_back(void **state)
{
    static const int64_t code = INT64_C(320508001001001);
    struct fixture *f = *state;
    struct layer_plan p = four(f, whole);
    store(f, &p, 0);                        /* version 1, of day 1000 */
    struct str first = name_on(f, code, 1999);
    renamed(f, "二", 2000);
    renamed(f, "三", 2000);
    renamed(f, "四", 3000);
    assert_true(str_is(name_on(f, code, 2500), "三"));
    assert_int_equal(back(f, 2, 1500), E_CONFLICT);
    assert_non_null(strstr(f->info.en, "Version 4 begins later"));
    assert_int_equal(back(f, 9, 1500), E_MISSING);
    assert_int_equal(back(f, 4, 3000), E_CONFLICT);
    assert_non_null(strstr(f->info.en, "has come"));
    assert_int_equal(back(f, 4, 1500), OK);
    assert_true(str_is(name_on(f, code, 3500), "三"));
    assert_int_equal(back(f, 4, 1500), E_CONFLICT);
    assert_non_null(strstr(f->info.en, "already"));
    assert_int_equal(back(f, 2, 1500), OK);
    assert_true(str_eq(name_on(f, code, 3500), first));
    assert_true(str_eq(name_on(f, code, 1500), first));
    assert_int_equal(back(f, 3, 1500), E_CONFLICT);
    assert_int_equal(layer_day_is_free(f->db, LAYER_GRID, 1500 * DAY_MS, &f->info), OK);
    renamed(f, "五", 1600);
    assert_true(str_is(name_on(f, code, 3500), "五"));
    int64_t valid = 0;
    assert_int_equal(edition_valid(f->db, STR("grid"), 4000 * DAY_MS, &valid), OK);
    assert_int_equal(valid, 5);
}

/* Other layers ----------------------------------------------------------------------------- */

static void micro_grids_police_grids_and_divisions(void **state)
{
    struct fixture *f = *state;
    struct layer_plan p = four(f, whole);
    store(f, &p, 0);
    struct layer_want want = { .layer = LAYER_MICRO, .at_ms = 1000 * DAY_MS };
    struct str micro[] = { row_at(f, "32050800100100101", "微一", 120.6, 120.61, 31.3, 31.31),
        row_at(f, "32050800100100102", "微二", 120.6, 120.61, 31.31, 31.32),
        row_at(f, "32050800100199901", "无", 120.6, 120.61, 31.31, 31.32) };
    p = check_of(f, want, "code,name,shape", micro, 3);
    expect(&p, 4, "code", "no grid 320508001001999");
    p = check_of(f, want, "code,name,shape", micro, 2);
    assert_int_equal(p.faults.total + p.n_findings, 0);
    store(f, &p, 0);
    want.layer = LAYER_POLICE;
    struct str police[] = { row(f, "320508010001", "警一,320508001-police", 120.6, 120.62),
        row(f, "320508010002", "警二,东山派出所", 120.62, 120.64),
        row(f, "320508010003", "警三,别处", 120.62, 120.64), row(f, "320508010004", "警四,", 120.62, 120.64) };
    p = check_of(f, want, "编码,名称,所属派出所,wkt", police, 4);
    expect(&p, 4, "parent", "no police station \"别处\"");
    expect(&p, 5, "parent", "missing");
    p = check_of(f, want, "编码,名称,所属派出所,wkt", police, 2);
    assert_int_equal(p.faults.total + p.n_findings, 0);
    store(f, &p, 0);
    struct place at;
    assert_true(catalogue_locate(f->c, 120.605, 31.315, &at));
    assert_int_equal(at.micro_grid, INT64_C(32050800100100102));
    assert_int_equal(at.police_grid, INT64_C(320508010001));
    want.layer = LAYER_DIVISION;
    want.part = true;
    struct str divisions[] = { STR("320508001003,南门社区,\n"), STR("320508777001,无上级,\n"),
        STR("32050800100,短,\n"), row(f, "320508001002", "西门社区新", 120.62, 120.64) };
    p = check_of(f, want, "code,name,shape", divisions, 4);
    expect(&p, 3, "parent", "no division 320508777000 above it");
    expect(&p, 4, "code", "12 digits");
    assert_int_equal(p.n_change[ZONE_ADDED], 1);
    assert_int_equal(p.n_change[ZONE_CHANGED], 1);
    struct str kinds[] = { STR("320508001003,南门社区,居委会\n"), STR("320508000000,南门社区,社区\n"),
        STR("320508001004,北门社区,星球\n"), STR("320508002000,平江,类似乡级\n") };
    p = check_of(f, want, "code,name,kind", kinds, 4);
    expect(&p, 3, "kind", "no division of kind \"社区\"");
    expect(&p, 4, "kind", "no division of kind \"星球\"");
    assert_int_equal(p.faults.total, 2);
}

/* Coordinates ------------------------------------------------------------------------------ */

static struct features placed(struct fixture *f, enum crs crs, bool swapped, size_t odd)
{
    struct str rows[] = { row(f, "320508001001001", "东门一", 120.6, 120.61),
        row(f, "320508001001002", "东门二", 120.61, 120.62),
        row(f, "320508001002001", "西门一", 120.62, 120.63),
        row(f, "320508001002002", "西门二", 120.63, 120.64) };
    struct features features = file_of(f, "code,name,shape", rows, COUNT_OF(rows));
    for (size_t i = 0; i < features.n; i++) {
        struct rough *r = &features.at[i].rough;
        for (size_t k = 0; k < r->point_count; k++) {
            struct geo_point p = i == odd ? r->at[k] : geo_convert(r->at[k], CRS_WGS84, crs);
            r->at[k] = swapped ? (struct geo_point){ p.lat, p.lon } : p;
        }
    }
    return features;
}

static void coordinate_systems_are_found_by_what_is_stored(void **state)
{
    static const enum crs systems[] = { CRS_WGS84, CRS_GCJ02, CRS_BD09 };
    struct fixture *f = *state;
    for (size_t i = 0; i < 6; i++) {
        struct layer_plan p;
        struct features features = placed(f, systems[i % 3], i >= 3, SIZE_MAX);
        assert_int_equal(layer_check(f->db, f->c, &f->a, &whole, &features, &p, &f->info), OK);
        assert_int_equal(p.placing.crs, systems[i % 3]);
        assert_int_equal(p.placing.swapped, i >= 3);
        assert_int_equal(p.placing.how, PLACED_FOUND);
        assert_int_equal(p.faults.total, 0);
        assert_true(geo_distance_m(p.rows[0].shape.at[0], (struct geo_point){ 120.6, 31.3 }) < 0.001
            || geo_distance_m(p.rows[0].shape.at[1], (struct geo_point){ 120.6, 31.3 }) < 0.001
            || geo_distance_m(p.rows[0].shape.at[2], (struct geo_point){ 120.6, 31.3 }) < 0.001
            || geo_distance_m(p.rows[0].shape.at[3], (struct geo_point){ 120.6, 31.3 }) < 0.001);
    }
}

static void named_systems_are_believed_and_doubt_is_told(void **state)
{
    struct fixture *f = *state;
    struct layer_plan p;
    struct layer_want want = whole;
    struct features features = placed(f, CRS_GCJ02, false, SIZE_MAX);
    want.crs = STR("CGCS2000");
    assert_int_equal(layer_check(f->db, f->c, &f->a, &want, &features, &p, &f->info), OK);
    assert_int_equal(p.placing.crs, CRS_WGS84);
    assert_int_equal(p.placing.best, CRS_GCJ02);
    assert_true(str_find(placing_text(&f->a, &p.placing, LANG_EN), STR("BEWARE")) > 0);
    want.crs = STR("utm");
    features = placed(f, CRS_WGS84, false, SIZE_MAX);
    assert_int_equal(layer_check(f->db, f->c, &f->a, &want, &features, &p, &f->info), E_INPUT);
    f->info = (struct err_info){ .e = OK };
    want.crs = STR_NONE;
    features.crs = STR("PROJCS[\"CGCS2000_3_Degree_GK_Zone_40\"]");
    assert_int_equal(layer_check(f->db, f->c, &f->a, &want, &features, &p, &f->info), E_INPUT);
    assert_non_null(strstr(f->info.en, "metres"));
    features.crs = STR("GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\"]");
    assert_int_equal(layer_check(f->db, f->c, &f->a, &want, &features, &p, &f->info), OK);
    assert_int_equal(p.placing.how, PLACED_TOLD);
}

static void a_row_in_another_system_is_named(void **state)
{
    struct fixture *f = *state;
    struct layer_plan p;
    struct features features = placed(f, CRS_BD09, false, 0);
    /* The first row is as if it had been taken from another map: far enough to leave its ground. */
    for (size_t k = 0; k < features.at[0].rough.point_count; k++) {
        struct geo_point *at = &features.at[0].rough.at[k];
        *at = (struct geo_point){ at->lat, at->lon };
    }
    assert_int_equal(layer_check(f->db, f->c, &f->a, &whole, &features, &p, &f->info), OK);
    assert_int_equal(p.placing.crs, CRS_BD09);
    expect(&p, 2, "crs", "with longitude and latitude swapped");
    assert_int_equal(p.rows[0].change, ZONE_BAD);
    struct str rows[] = { row(f, "320508001001001", "一,wgs84", 120.6, 120.61),
        row(f, "320508001001002", "二,mars", 120.61, 120.62) };
    p = check_of(f, whole, "code,name,坐标系,shape", rows, 2);
    expect(&p, 3, "crs", "no coordinate system mars");
}

/* Drafts, moves, places -------------------------------------------------------------------- */

static void a_draft_gives_the_snapshot_as_it_would_be(void **state)
{
    struct fixture *f = *state;
    struct layer_plan p = four(f, (struct layer_want){ .layer = LAYER_GRID, .at_ms = 1 });
    store(f, &p, 0);
    struct zone_row rows[] = { p.rows[0], p.rows[1] };
    rows[0].shape = box(&f->a, 120.6, 120.605, 31.3, 31.32);
    rows[1].shape = box(&f->a, 120.605, 120.62, 31.3, 31.32);
    struct buf b = buf_in(&f->a, 1 << 20);
    layer_write_geojson(&b, rows, 2);
    struct draft d = { .id = 1, .kind = STR("grid"), .name = STR("x"), .body = buf_str(&b) };
    assert_int_equal(draft_add(f->db, &d), OK);
    struct catalogue *would;
    struct place at;
    assert_int_equal(catalogue_load_draft(f->db, f->c, 1, &would, &f->info), OK);
    assert_true(catalogue_locate(would, 120.607, 31.31, &at));
    assert_int_equal(at.grid, INT64_C(320508001001002));
    assert_true(catalogue_locate(f->c, 120.607, 31.31, &at));
    assert_int_equal(at.grid, INT64_C(320508001001001));
    assert_int_equal(catalogue_grids(would).n, 4);
    assert_true(str_is(grid_find(would, INT64_C(320508001001002))->name, "东门二"));
    catalogue_drop(would);
    assert_int_equal(catalogue_load_draft(f->db, f->c, 2, &would, &f->info), E_MISSING);
    rows[1].shape = rows[0].shape;
    b.n = 0;
    layer_write_geojson(&b, rows, 2);
    d.body = buf_str(&b);
    assert_int_equal(draft_replace(f->db, &d), OK);
    f->info = (struct err_info){ .e = OK };
    assert_int_equal(catalogue_load_draft(f->db, f->c, 1, &would, &f->info), E_INPUT);
    assert_string_equal(f->info.field, "draft");
}

static void open_matters_of_a_grid_that_goes_are_told_where_they_come_to(void **state)
{
    struct fixture *f = *state;
    struct layer_plan p = four(f, (struct layer_want){ .layer = LAYER_GRID, .at_ms = 1 });
    store(f, &p, 0);
    for (int64_t i = 0; i < 3; i++)
        assert_int_equal(db_exec(f->db, &add_matter, ARGS(I(i), B(STR("x")),
            F(i ? 120.604 : 120.609)), NULL), OK);
    struct layer_want want = { .layer = LAYER_GRID, .at_ms = 2000 * DAY_MS, .part = true };
    struct str rows[] = { row(f, "320508001001001", ",是", 120.6, 120.61),
        row(f, "320508001001002", "东门二,", 120.605, 120.62),
        row(f, "320508001001003", "东门三,", 120.6, 120.605) };
    p = check_of(f, want, "code,name,removed,shape", rows, 3);
    assert_int_equal(p.faults.total, 0);
    struct moves moves;
    assert_int_equal(moves_find(f->db, &f->a, &p, &moves), OK);
    assert_int_equal(moves.n, 2);
    assert_int_equal(moves.at[0].matters, 1);
    assert_int_equal(moves.at[0].into, INT64_C(320508001001002));
    assert_true(str_is(moves.at[0].into_name, "东门二"));
    assert_int_equal(moves.at[1].matters, 2);
    assert_int_equal(moves.at[1].into, INT64_C(320508001001003));
}

static const struct zone_effect *effect(const struct effects *e, enum effect_kind kind,
    int64_t code)
{
    for (size_t i = 0; i < e->n; i++)
        if (e->at[i].kind == kind && e->at[i].code == code && e->at[i].text.zh[0])
            return &e->at[i];
    fail_msg("no %s of %lld among %zu", effect_table[kind].word, (long long)code, e->n);
    return NULL;
}

/* Two grids become one of them, a third takes half of the other: micro-grids that belonged to the
 * one that goes lie elsewhere, and some in none; people are told too. */
static void what_a_version_leaves_to_be_put_in_order_is_told(void **state)
{
    struct fixture *f = *state;
    struct layer_plan p = four(f, (struct layer_want){ .layer = LAYER_GRID, .at_ms = 1 });
    struct effects e;
    assert_int_equal(layer_effects(f->db, f->c, &f->a, &p, &e), OK);
    (void)effect(&e, EFFECT_NO_UNIT, INT64_C(320508001001001));
    (void)effect(&e, EFFECT_NO_CHARGE, INT64_C(320508001001001));
    assert_int_equal(e.n, 8);
    store(f, &p, 0);
    struct str micro[] = { row_at(f, "32050800100100101", "微一", 120.6, 120.604, 31.3, 31.32),
        row_at(f, "32050800100100102", "微二", 120.604, 120.61, 31.3, 31.32),
        row_at(f, "32050800100100201", "微三", 120.61, 120.62, 31.3, 31.32) };
    p = check_of(f, (struct layer_want){ .layer = LAYER_MICRO, .at_ms = 1 }, "code,name,shape",
        micro, 3);
    store(f, &p, 0);
    assert_int_equal(db_exec(f->db, &add_account, NO_ARGS, NULL), OK);
    assert_int_equal(db_exec(f->db, &add_duty, NO_ARGS, NULL), OK);
    assert_int_equal(db_exec(f->db, &add_matter, ARGS(I(1), B(STR("x")), F(120.609)), NULL), OK);
    struct layer_want want = { .layer = LAYER_GRID, .at_ms = 2000 * DAY_MS, .part = true };
    struct str rows[] = { row(f, "320508001001001", "东门一,", 120.6, 120.604),
        row(f, "320508001001002", "东门二,", 120.604, 120.612) };
    p = check_of(f, want, "code,name,removed,shape", rows, 2);
    assert_int_equal(p.faults.total, 0);
    assert_int_equal(layer_effects(f->db, f->c, &f->a, &p, &e), OK);
    const struct zone_effect *astray = effect(&e, EFFECT_ASTRAY, INT64_C(32050800100100102));
    assert_int_equal(astray->other, INT64_C(320508001001002));
    assert_non_null(strstr(astray->text.en, "belongs to 320508001001001 东门一"));
    (void)effect(&e, EFFECT_NOWHERE, INT64_C(32050800100100201));
    const struct zone_effect *moved = effect(&e, EFFECT_MATTERS, INT64_C(320508001001001));
    assert_int_equal(moved->n, 1);
    assert_int_equal(moved->other, INT64_C(320508001001002));
    (void)effect(&e, EFFECT_NO_CHARGE, INT64_C(320508001001002));
    assert_int_equal(e.n, 4);
    struct str gone[] = { row(f, "320508001001001", ",是", 120.6, 120.61),
        row(f, "320508001001002", "东门二,", 120.6, 120.62) };
    p = check_of(f, want, "code,name,removed,shape", gone, 2);
    assert_int_equal(layer_effects(f->db, f->c, &f->a, &p, &e), OK);
    assert_int_equal(effect(&e, EFFECT_CHARGE, INT64_C(320508001001001))->n, 1);
    (void)effect(&e, EFFECT_ASTRAY, INT64_C(32050800100100101));
    (void)effect(&e, EFFECT_ASTRAY, INT64_C(32050800100100102));
    struct buf html = buf_in(&f->a, 1 << 20), json = buf_in(&f->a, 1 << 20);
    layer_report_html(&html, f->c, &p, &e, STR("x"), LANG_EN);
    assert_true(str_find(buf_str(&html), STR("<td>32050800100100101</td><td>Micro-grid")) > 0);
    layer_report_json(&json, f->c, &p, &e, LANG_ZH);
    assert_true(str_find(buf_str(&json), STR("\"kind\":\"astray\",\"code\":\"32050800100100101\"")) > 0);
    want = (struct layer_want){ .layer = LAYER_MICRO, .at_ms = 2000 * DAY_MS, .part = true };
    p = check_of(f, want, "code,name,shape", micro, 1);
    assert_int_equal(layer_effects(f->db, f->c, &f->a, &p, &e), OK);
    assert_int_equal(e.total, 0);
}

/* A grid takes a strip of the neighbouring community's: whose it is then is told, not a gap; the
 * micro-grid that loses the strip is told and ends there. */
static void a_border_moved_across_its_community_cuts_micro_grids(void **state)
{
    struct fixture *f = *state;
    struct place at;
    struct effects e;
    struct layer_plan p = four(f, (struct layer_want){ .layer = LAYER_GRID, .at_ms = 1 });
    store(f, &p, 0);
    struct str micro[] = { row(f, "32050800100200101", "微一", 120.62, 120.63) };
    p = check_of(f, (struct layer_want){ .layer = LAYER_MICRO, .at_ms = 1 }, "code,name,shape",
        micro, 1);
    store(f, &p, 0);
    assert_true(catalogue_locate(f->c, 120.621, 31.31, &at));
    assert_int_equal(at.micro_grid, INT64_C(32050800100200101));
    struct layer_want want = { .layer = LAYER_GRID, .at_ms = 2 * DAY_MS, .part = true };
    struct str rows[] = { row(f, "320508001001002", "东门二", 120.61, 120.623),
        row(f, "320508001002001", "西门一", 120.6235, 120.63) };
    p = check_of(f, want, "code,name,shape", rows, 2);
    assert_int_equal(p.faults.total, 0);
    assert_int_equal(p.n_findings, 2);
    assert_int_equal(p.findings[0].kind, FLAW_ACROSS);
    assert_int_equal(p.findings[0].parent, COMMUNITY_B);
    assert_int_equal(p.findings[0].a, INT64_C(320508001001002));
    assert_int_equal(p.findings[0].b, 0);
    assert_int_equal(p.findings[1].kind, FLAW_GAP);
    struct shape strip = box(&f->a, 120.62, 120.623, 31.3, 31.32);
    double strip_m2 = shape_area_m2(&strip);
    assert_true(fabs(p.findings[0].m2 - strip_m2) < 1);
    assert_true(fabs(p.findings[1].m2 - strip_m2 / 6) < 1);
    assert_int_equal(layer_effects(f->db, f->c, &f->a, &p, &e), OK);
    const struct zone_effect *cut = effect(&e, EFFECT_CUT, INT64_C(32050800100200101));
    assert_int_equal(cut->other, INT64_C(320508001001002));
    struct buf json = buf_in(&f->a, 1 << 20), html = buf_in(&f->a, 1 << 20);
    layer_report_json(&json, f->c, &p, &e, LANG_ZH);
    assert_true(str_find(buf_str(&json), STR("\"kind\":\"across\",\"sliver\":false")) > 0);
    layer_report_html(&html, f->c, &p, &e, STR("x"), LANG_EN);
    assert_true(str_find(buf_str(&html), STR("class=\"across\"")) > 0);
    store(f, &p, 2 * DAY_MS);
    assert_true(catalogue_locate(f->c, 120.621, 31.31, &at));
    assert_int_equal(at.grid, INT64_C(320508001001002));
    assert_int_equal(at.micro_grid, 0);
    assert_true(catalogue_locate(f->c, 120.626, 31.31, &at));
    assert_int_equal(at.micro_grid, INT64_C(32050800100200101));
}

/* What a zone gives up may be ground of another parent; what it takes there is claimed by two. */
static void a_part_is_held_against_the_ground_of_neighbours(void **state)
{
    struct fixture *f = *state;
    struct layer_want want = { .layer = LAYER_GRID, .at_ms = 2 * DAY_MS, .part = true };
    struct layer_plan p = four(f, (struct layer_want){ .layer = LAYER_GRID, .at_ms = 1 });
    store(f, &p, 0);
    struct str over[] = { row(f, "320508001001002", "东门二", 120.61, 120.6205) };
    p = check_of(f, want, "code,name,shape", over, 1);
    expect(&p, 2, "shape", "two claim this ground");
    struct str moved[] = { row(f, "320508001001002", "东门二", 120.61, 120.623),
        row(f, "320508001002001", "西门一", 120.623, 120.63) };
    p = check_of(f, want, "code,name,shape", moved, 2);
    assert_int_equal(p.faults.total, 0);
    store(f, &p, 2 * DAY_MS);
    want.at_ms = 3 * DAY_MS;
    struct str back[] = { row(f, "320508001001002", "东门二", 120.61, 120.62) };
    p = check_of(f, want, "code,name,shape", back, 1);
    assert_int_equal(p.n_findings, 1);
    assert_int_equal(p.findings[0].kind, FLAW_GAP);
    assert_int_equal(p.findings[0].parent, COMMUNITY_B);
    store(f, &p, 3 * DAY_MS);
    struct place at;
    assert_false(catalogue_locate(f->c, 120.621, 31.31, &at));
    assert_true(catalogue_place_of_point(f->c, 120.621, 31.31, &at));
    assert_int_equal(at.community, COMMUNITY_B);
    assert_int_equal(at.grid, 0);
    assert_false(catalogue_place_of_point(f->c, 120.9, 31.9, &at));
}

static void places_are_found_by_their_words(void **state)
{
    struct fixture *f = *state;
    struct layer_plan layer = four(f, (struct layer_want){ .layer = LAYER_GRID, .at_ms = 1 });
    store(f, &layer, 0);
    struct str rows[] = { STR("B1,玄妙观,苏州市姑苏区东山街道观前街94号,点位,120.605,31.31\n"),
        STR("B2,,江苏省苏州市姑苏区观前街9号,门牌,120.615,31.31\n"),
        STR("B3,东门小区3幢,东山街道干将路 12-3 号,住宅,120.625,31.31\n"),
        STR("B4,,外省路1号,门牌,121.9,31.31\n"), STR(",无码,x路1号,门牌,120.605,31.31\n"),
        STR("B1,重,x路2号,门牌,120.605,31.31\n"), STR("B6,,,门牌,120.605,31.31\n") };
    struct features features = file_of(f, "编码,名称,地址,类型,经度,纬度", rows, COUNT_OF(rows));
    struct address_plan p;
    assert_int_equal(addresses_check(f->c, &f->a, &features, STR("wgs84"), &p, &f->info), OK);
    assert_int_equal(p.n, 3);
    assert_int_equal(p.bad, 4);
    assert_int_equal(p.faults.total, 4);
    assert_true(str_is(p.rows[2].kind, "dwelling"));
    assert_int_equal(addresses_store(f->db, f->c, &p, false), OK);
    struct list found;
    const struct address *a;
    assert_int_equal(addresses_find(f->db, f->c, &f->a, STR("观前街9"), 20, &found), OK);
    assert_int_equal(found.n, 2);
    assert_int_equal(addresses_find(f->db, f->c, &f->a, STR("姑苏区观前街94号东侧"), 20, &found), OK);
    assert_int_equal(found.n, 1);
    a = found.p;
    assert_true(str_is(a->code, "B1"));
    assert_int_equal(addresses_find(f->db, f->c, &f->a, STR("干将路１２３号"), 20, &found), OK);
    assert_int_equal(found.n, 1);
    assert_int_equal(addresses_find(f->db, f->c, &f->a, STR("无此路"), 20, &found), OK);
    assert_int_equal(found.n, 0);
    struct address one;
    assert_int_equal(address_in_text(f->db, f->c, &f->a, STR("玄妙观门口路灯不亮"), &one), OK);
    assert_true(str_is(one.code, "B1"));
    assert_int_equal(address_in_text(f->db, f->c, &f->a, STR("我家在观前街9号楼下"), &one), OK);
    assert_true(str_is(one.code, "B2"));
    assert_int_equal(address_in_text(f->db, f->c, &f->a, STR("观前街95号"), &one), E_MISSING);
    p.n = 1;
    assert_int_equal(addresses_store(f->db, f->c, &p, true), OK);
    assert_int_equal(address_in_text(f->db, f->c, &f->a, STR("观前街9号"), &one), OK);
    assert_int_equal(addresses_store(f->db, f->c, &p, false), OK);
    assert_int_equal(address_in_text(f->db, f->c, &f->a, STR("观前街9号"), &one), E_MISSING);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_good_layer_is_stored_and_found), T(every_bad_row_is_named_with_its_remedy),
        T(ground_that_two_communities_claim_is_a_fault_of_both),
        T(gaps_overlaps_and_slivers_are_measured), T(what_was_mended_is_kept_with_both_areas),
        T(parts_leave_the_rest_and_whole_layers_take_it_away),
        T(good_rows_come_in_alone_and_take_nothing_away), T(days),
        T(what_is_planned_is_taken_back),
        T(micro_grids_police_grids_and_divisions),
        T(coordinate_systems_are_found_by_what_is_stored),
        T(named_systems_are_believed_and_doubt_is_told), T(a_row_in_another_system_is_named),
        T(a_draft_gives_the_snapshot_as_it_would_be),
        T(open_matters_of_a_grid_that_goes_are_told_where_they_come_to),
        T(a_border_moved_across_its_community_cuts_micro_grids),
        T(a_part_is_held_against_the_ground_of_neighbours),
        T(what_a_version_leaves_to_be_put_in_order_is_told), T(places_are_found_by_their_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
