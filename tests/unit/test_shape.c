/* Areas: what is read, refused, measured and drawn, with GEOS as the second opinion. */
#define GEOS_USE_ONLY_R_API
#include "geo/shape.c"
#include "base/rand.h"
#include <geos_c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>

/* cmocka compares as float, which is too coarse for degrees. */
static void assert_near(double got, double want, double within)
{
    assert_true(fabs(got - want) <= within);
}

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static enum err read_as(enum shape_format f, const char *text, struct shape *ret)
{
    struct err_info info = { 0 };
    enum err e = shape_read(&arena, f, str_c(text), &info, ret);
    assert_int_equal(info.e, e);
    return e;
}

static void wkt_ok(const char *text, struct shape *ret)
{
    assert_int_equal(read_as(SHAPE_WKT, text, ret), OK);
}

static const char two_parts[] = "MULTIPOLYGON(((120 31,120.1 31,120.1 31.1,120 31.1,120 31),"
    "(120.02 31.02,120.08 31.02,120.08 31.08,120.02 31.08,120.02 31.02)),"
    "((120.2 31,120.3 31,120.2 31.1,120.2 31)))";

static void three_formats_give_the_same(void **state)
{
    (void)state;
    struct shape a, b, c;
    wkt_ok("POLYGON((120 31,120 31.5,121 31.5,121 31,120 31))", &a);
    assert_int_equal(read_as(SHAPE_GEOJSON, "{\"type\":\"Feature\",\"properties\":{\"n\":\"]]\"},"
        "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
        "[[[120,31],[120,31.5],[121,31.5],[121,31],[120,31]]]}}", &b), OK);
    struct str wkb = shape_wkb(&arena, &a);
    assert_int_equal(shape_read(&arena, SHAPE_WKB, wkb, NULL, &c), OK);
    assert_true(str_eq(wkb, shape_wkb(&arena, &b)) && str_eq(wkb, shape_wkb(&arena, &c)));
    assert_true(a.ring_count == 1 && a.point_count == 5 && a.rings[0].outer);
    assert_true(a.box.lon_min == 120 && a.box.lat_max == 31.5);
    assert_true(a.at[1].lon == 121); /* turned counter-clockwise */
}

static void what_is_no_area_is_refused(void **state)
{
    (void)state;
    static const char *const wkt[] = { "", "POINT(1 2)", "POLYGON EMPTY", "POLYGON((0 0,1 1,0 1))",
        "POLYGON((0 0,1 1,1 0,0 1,0 0))", "POLYGON((0 0,200 0,200 1,0 0))", "POLYGON((0 0,1 0",
        "GEOMETRYCOLLECTION(POLYGON((0 0,1 0,1 1,0 0)))", "POLYGON((0 0,0 0,0 0,0 0))",
        "MULTIPOLYGON(((0 0,2 0,2 2,0 0)),((0 0,2 0,2 2,0 0)))" };
    static const char *const json[] = { "", "[]", "{}", "{\"type\":\"Polygon\"}", "null",
        "{\"type\":",
        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,\"x\"],[1,1],[0,0]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]]]]}",
        "{\"type\":\"Point\",\"coordinates\":[1,2]}" };
    struct shape s;
    for (size_t i = 0; i < COUNT_OF(wkt); i++)
        assert_int_equal(read_as(SHAPE_WKT, wkt[i], &s), E_INPUT);
    for (size_t i = 0; i < COUNT_OF(json); i++)
        assert_int_equal(read_as(SHAPE_GEOJSON, json[i], &s), E_INPUT);
    struct err_info info = { 0 };
    struct str huge = { NEW_N(&arena, char, SHAPE_TEXT_BYTES_MAX + 1), SHAPE_TEXT_BYTES_MAX + 1 };
    assert_int_equal(shape_read(&arena, SHAPE_WKT, huge, &info, &s), E_TOO_LARGE);
}

static void broken_wkb_is_refused_at_any_byte(void **state)
{
    (void)state;
    struct shape s, t;
    wkt_ok(two_parts, &s);
    struct str wkb = shape_wkb(&arena, &s);
    for (size_t n = 0; n < wkb.n; n++)
        assert_int_equal(shape_load(&arena, (struct str){ wkb.p, n }, &t), E_INPUT);
    struct rand r = rand_seeded(5);
    for (int i = 0; i < 5000; i++) { /* any answer will do, but no crash */
        char *copy = arena_alloc(&arena, 1, 1, wkb.n);
        memcpy(copy, wkb.p, wkb.n);
        copy[rand_below(&r, wkb.n)] = (char)rand_u64(&r);
        copy[rand_below(&r, 40)] = (char)rand_u64(&r);
        struct err_info info = { 0 };
        enum err e = shape_read(&arena, SHAPE_WKB, (struct str){ copy, wkb.n }, &info, &t);
        assert_true(e == OK || e == E_INPUT);
        if (i % 200 == 0) {
            arena_reset(&arena);
            wkt_ok(two_parts, &s);
            wkb = shape_wkb(&arena, &s);
        }
    }
}

static void areas_are_square_metres(void **state)
{
    (void)state;
    struct shape s;
    wkt_ok("POLYGON((120 31,121 31,121 32,120 32,120 31))", &s);
    double one = shape_area_m2(&s), lon_m, lat_m;
    geo_degree_m(31.5, &lon_m, &lat_m);
    assert_near(one / (lon_m * lat_m), 1, 5e-5);
    wkt_ok("POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))", &s);
    assert_near(shape_area_m2(&s) / 5.10065621724e14, 1, 1e-9); /* the ellipsoid */
    wkt_ok(two_parts, &s);
    geo_degree_m(31.05, &lon_m, &lat_m);
    assert_near(shape_area_m2(&s) / (lon_m * lat_m), 0.01 - 0.0036 + 0.005, 1e-5);
}

static void holes_and_parts_count(void **state)
{
    (void)state;
    struct shape s;
    wkt_ok(two_parts, &s);
    assert_true(shape_holds(&s, (struct geo_point){ 120.01, 31.05 }));
    assert_false(shape_holds(&s, (struct geo_point){ 120.05, 31.05 }));
    assert_true(shape_holds(&s, (struct geo_point){ 120.22, 31.02 }));
    assert_false(shape_holds(&s, (struct geo_point){ 120.15, 31.05 }));
    assert_true(shape_holds(&s, shape_centre(&s)));
    struct shape bent;
    wkt_ok("POLYGON((0 0,10 0,10 10,9 10,9 1,1 1,1 10,0 10,0 0))", &bent);
    assert_true(shape_holds(&bent, shape_centre(&bent)));
}

/* A star with random rays: concave, valid. */
static struct str star_wkt(struct rand *r, size_t n)
{
    struct buf b = buf_in(&arena, 1 << 20);
    double first[2] = { 0, 0 };
    buf_add(&b, STR("POLYGON(("));
    for (size_t i = 0; i < n; i++) {
        double angle = (double)i * 2 * 3.14159265358979 / (double)n;
        double ray = 0.05 + 0.5 * rand_unit(r);
        double p[2] = { 120.6 + ray * cos(angle), 31.3 + ray * sin(angle) };
        if (i == 0)
            memcpy(first, p, sizeof(p));
        buf_fmt(&b, "%.9f %.9f,", p[0], p[1]);
    }
    buf_fmt(&b, "%.9f %.9f))", first[0], first[1]);
    return buf_str(&b);
}

static bool geos_holds(GEOSContextHandle_t geos, const GEOSPreparedGeometry *g, struct geo_point p)
{
    GEOSGeometry *point = GEOSGeom_createPointFromXY_r(geos, p.lon, p.lat);
    bool in = GEOSPreparedContains_r(geos, g, point) == 1;
    GEOSGeom_destroy_r(geos, point);
    return in;
}

static void points_agree_with_geos(void **state)
{
    (void)state;
    GEOSContextHandle_t geos = GEOS_init_r();
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    struct rand r = rand_seeded(9);
    for (int round = 0; round < 20; round++) {
        struct shape s;
        struct str star = star_wkt(&r, 5 + rand_below(&r, 60));
        assert_int_equal(shape_read(&arena, SHAPE_WKT, star, NULL, &s), OK);
        struct str wkb = shape_wkb(&arena, &s);
        GEOSGeometry *g = GEOSWKBReader_read_r(geos, reader, (const unsigned char *)wkb.p, wkb.n);
        const GEOSPreparedGeometry *fast = GEOSPrepare_r(geos, g);
        for (int i = 0; i < 2000; i++) {
            struct geo_point p = { 120 + rand_unit(&r) * 1.2, 30.7 + rand_unit(&r) * 1.2 };
            assert_int_equal(shape_holds(&s, p), geos_holds(geos, fast, p));
        }
        struct geo_point c = shape_centre(&s);
        assert_int_equal(geos_holds(geos, fast, c), 1);
        GEOSPreparedGeom_destroy_r(geos, fast);
        GEOSGeom_destroy_r(geos, g);
    }
    GEOSWKBReader_destroy_r(geos, reader);
    GEOS_finish_r(geos);
}

static struct str drawn(const struct shape *s, double step)
{
    struct buf b = buf_in(&arena, 1 << 20);
    buf_byte(&b, '{');
    shape_write_geojson(&b, s, step);
    buf_byte(&b, '}');
    return buf_str(&b);
}

static void drawing_is_geojson(void **state)
{
    (void)state;
    struct shape s, back;
    wkt_ok("POLYGON((-0.5 31,120.123456 31,120.1 31.00001,-0.5 31))", &s);
    assert_string_equal(drawn(&s, 0).p, "{\"type\":\"MultiPolygon\",\"coordinates\":"
        "[[[[120.12346,31],[120.1,31.00001],[-0.5,31],[120.12346,31]]]]}");
    wkt_ok(two_parts, &s);
    assert_int_equal(shape_read(&arena, SHAPE_GEOJSON, drawn(&s, 0), NULL, &back), OK);
    assert_int_equal(back.ring_count, 3);
    assert_near(shape_area_m2(&back), shape_area_m2(&s), 1e3);
}

static void simplified_shapes_are_smaller_and_never_vanish(void **state)
{
    (void)state;
    struct rand r = rand_seeded(11);
    struct shape s;
    assert_int_equal(shape_read(&arena, SHAPE_WKT, star_wkt(&r, 400), NULL, &s), OK);
    struct str full = drawn(&s, 0), half = drawn(&s, 0.1), none = drawn(&s, 50);
    assert_true(half.n < full.n / 2);
    assert_true(str_eq(none, full));
    struct shape back;
    wkt_ok("MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0),(0.02 0.02,0.08 0.02,0.08 0.08,0.02 0.02)),"
        "((7 7,7.1 7,7.1 7.1,7 7)))", &s);
    assert_int_equal(shape_read(&arena, SHAPE_GEOJSON, drawn(&s, 0.5), NULL, &back), OK);
    assert_int_equal(back.ring_count, 1); /* the hole and the small part are gone */
}

/* Two halves of a square along a random border: on the lattice they still share it. */
static void simplified_neighbours_leave_no_gap(void **state)
{
    (void)state;
    struct rand r = rand_seeded(12);
    struct buf west = buf_in(&arena, 1 << 20), east = buf_in(&arena, 1 << 20);
    buf_add(&west, STR("POLYGON((0 1,0 0"));
    buf_add(&east, STR("POLYGON((1 1,1 0"));
    for (int i = 0; i <= 300; i++) {
        double x = 0.4 + 0.2 * rand_unit(&r), y = i / 300.0;
        buf_fmt(&west, ",%.9f %.9f", x, y);
        buf_fmt(&east, ",%.9f %.9f", x, y);
    }
    buf_add(&west, STR(",0 1))"));
    buf_add(&east, STR(",1 1))"));
    struct shape s[2];
    double sum = 0;
    assert_int_equal(shape_read(&arena, SHAPE_WKT, buf_str(&west), NULL, &s[0]), OK);
    assert_int_equal(shape_read(&arena, SHAPE_WKT, buf_str(&east), NULL, &s[1]), OK);
    struct geo_point thin[400];
    for (int i = 0; i < 2; i++) {
        size_t n = ring_thin(&s[i], 0, 0.05, thin);
        for (size_t k = 0; k < n; k++)
            sum += thin[k].lon * thin[(k + 1) % n].lat - thin[(k + 1) % n].lon * thin[k].lat;
    }
    assert_near(sum / 2, 1, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_formats_give_the_same),
        cmocka_unit_test(what_is_no_area_is_refused),
        cmocka_unit_test(broken_wkb_is_refused_at_any_byte),
        cmocka_unit_test(areas_are_square_metres),
        cmocka_unit_test(holes_and_parts_count),
        cmocka_unit_test(points_agree_with_geos),
        cmocka_unit_test(drawing_is_geojson),
        cmocka_unit_test(simplified_shapes_are_smaller_and_never_vanish),
        cmocka_unit_test(simplified_neighbours_leave_no_gap),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
