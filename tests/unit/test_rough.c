/* Outlines that are wrong in every way in which files are wrong: mended where it is beyond doubt
 * what was meant, refused with a remedy where it is not. */
#include "geo/rough.c"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

struct outcome { enum err e; struct mended d; struct shape s; struct err_info info; };

/* A hundredth of a degree is about a kilometre; outlines are drawn in these around 120.6, 31.3. */
static struct outcome mend(struct arena *a, enum shape_format format, const char *text)
{
    struct outcome o = { .e = OK };
    struct rough r;
    o.e = rough_read(a, format, str_c(text), &r, &o.info);
    for (size_t i = 0; o.e == OK && i < r.point_count; i++)
        r.at[i] = (struct geo_point){ 120.6 + r.at[i].lon / 100, 31.3 + r.at[i].lat / 100 };
    if (o.e == OK)
        o.e = rough_mend(a, &r, &o.d, &o.s, &o.info);
    return o;
}

static struct outcome mend_wkt(struct arena *a, const char *text)
{
    return mend(a, SHAPE_WKT, text);
}

static void assert_share(double got, double want)
{
    assert_true(fabs(got - want) < 1e-3 * want);
}

static const double square_m2 = 952.2 * 1108.6;     /* of a hundredth of a degree there */

static void good_outlines_stay_as_they_are(void **state)
{
    struct outcome o = mend_wkt(*state, "POLYGON((0 0,1 0,1 1,0 1,0 0))");
    assert_int_equal(o.e, OK);
    assert_int_equal(o.d.what, 0);
    assert_int_equal(o.d.parts, 1);
    assert_share(o.d.after_m2, square_m2);
    assert_true(o.d.before_m2 == o.d.after_m2);
    o = mend(*state, SHAPE_GEOJSON, "{ \"coordinates\" : [[[0,0,9], [1,0,9],[1,1],[0,1],[0,0]]],"
        "\"type\":\"Polygon\"}");
    assert_int_equal(o.e, OK);
    assert_int_equal(o.d.what, 0);
    assert_int_equal(o.s.point_count, 5);
}

static void unclosed_repeated_and_clockwise_rings_are_mended(void **state)
{
    struct outcome o = mend_wkt(*state, "POLYGON((0 0,1 0,1 1,0 1))");
    assert_int_equal(o.e, OK);
    assert_int_equal(o.d.what, MEND_CLOSED);
    assert_share(o.d.after_m2, square_m2);
    o = mend_wkt(*state, "POLYGON((0 0,1 0,1 0,1 0,1 1,0 1,0 0,0 0))");
    assert_int_equal(o.e, OK);
    assert_int_equal(o.d.what, MEND_REPEATED);
    assert_int_equal(o.s.point_count, 5);
    o = mend(*state, SHAPE_GEOJSON,
        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[0,1],[1,1],[1,0],[0,0]]]}");
    assert_int_equal(o.e, OK);
    assert_int_equal(o.d.what, MEND_TURNED);
    assert_true(turn(o.s.at, o.s.point_count) > 0);
}

static void small_crossings_are_mended_and_told_with_both_areas(void **state)
{
    /* A spike of a metre beyond the corner. */
    struct outcome o = mend_wkt(*state, "POLYGON((0 0,1 0,1 1,0.999 1.001,1 1.001,0.999 1,0 1,0 0))");
    assert_int_equal(o.e, OK);
    assert_true(o.d.what & MEND_CROSSING);
    assert_share(o.d.after_m2, square_m2);
    /* There and back again. */
    o = mend_wkt(*state, "POLYGON((0 0,1 0,1 1,2 2,1 1,0 1,0 0))");
    assert_int_equal(o.e, OK);
    assert_int_equal(o.d.what, MEND_CROSSING);
    assert_share(o.d.after_m2, square_m2);
}

static void what_may_mean_two_things_is_refused(void **state)
{
    static const char *const doubtful[] = {
        "POLYGON((0 0,1 1,1 0,0 1,0 0))",                                           /* bow tie */
        "MULTIPOLYGON(((0 0,2 0,2 1,0 1,0 0)),((1 0,3 0,3 1,1 1,1 0)))",             /* overlap */
        "POLYGON((0 0,1 0,1 1,0 1,0 0),(2 0,3 0,3 1,2 1,2 0))",                     /* hole outside */
    };
    for (size_t i = 0; i < COUNT_OF(doubtful); i++) {
        struct outcome o = mend_wkt(*state, doubtful[i]);
        assert_int_equal(o.e, E_INPUT);
        assert_string_equal(o.info.field, "shape");
        assert_non_null(strstr(o.info.en, "correct it"));
        assert_non_null(strstr(o.info.zh, "请在制图软件中改正"));
    }
}

static void empty_outlines_and_false_numbers_are_named(void **state)
{
    static const char *const empty[] = { "POLYGON EMPTY", "POLYGON((0 0,1 1,0 0))",
        "POLYGON((0 0,0 0,0 0,0 0))", "POLYGON((0 0,1 0,2 0,0 0))", "MULTIPOLYGON EMPTY" };
    for (size_t i = 0; i < COUNT_OF(empty); i++) {
        struct outcome o = mend_wkt(*state, empty[i]);
        assert_int_equal(o.e, E_INPUT);
        assert_string_equal(o.info.field, "shape");
    }
    struct outcome o = mend_wkt(*state, "POLYGON((0 0,1 0,NaN 1,0 1,0 0))");
    assert_int_equal(o.e, E_INPUT);
    assert_non_null(strstr(o.info.en, "not a number"));
    o = mend(*state, SHAPE_GEOJSON,
        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,null],[1,1],[0,0]]]}");
    assert_non_null(strstr(o.info.en, "not a number"));
    o = mend_wkt(*state, "POLYGON((0 0,1000000 0,1000000 1000000,0 0))");
    assert_int_equal(o.e, E_INPUT);
    assert_non_null(strstr(o.info.en, "projected"));
}

static void parts_and_islands(void **state)
{
    struct outcome o = mend_wkt(*state,
        "MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)),((2 0,3 0,3 1,2 1,2 0)))");
    assert_int_equal(o.e, OK);
    assert_int_equal(o.d.what, 0);
    assert_int_equal(o.d.parts, 2);
    assert_share(o.d.after_m2, 2 * square_m2);
    /* A crumb of half a square metre beside it. */
    o = mend_wkt(*state, "MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)),((2 0,2.00007 0,2 0.00009,2 0)))");
    assert_int_equal(o.e, OK);
    assert_int_equal(o.d.what, MEND_DROPPED);
    assert_int_equal(o.d.parts, 1);
    assert_int_equal(o.d.dropped, 1);
    /* An island in a lake, drawn as if it were another hole. */
    o = mend_wkt(*state, "POLYGON((0 0,9 0,9 9,0 9,0 0),(2 2,7 2,7 7,2 7,2 2),(4 4,5 4,5 5,4 5,4 4))");
    assert_int_equal(o.e, OK);
    assert_int_equal(o.d.what, MEND_ISLAND);
    assert_int_equal(o.d.parts, 2);
    assert_share(o.d.after_m2, (81 - 25 + 1) * square_m2);
    /* The same as a Shapefile has it: rings, and nothing said. */
    struct geo_point at[] = { { 4, 4 }, { 5, 4 }, { 5, 5 }, { 4, 5 }, { 4, 4 }, { 0, 0 }, { 9, 0 },
        { 9, 9 }, { 0, 9 }, { 0, 0 }, { 2, 2 }, { 7, 2 }, { 7, 7 }, { 2, 7 }, { 2, 2 } };
    struct rough_ring rings[] = { { 0, 5, true }, { 5, 5, true }, { 10, 5, true } };
    struct rough r = { .kind = ROUGH_AREA, .loose = true, .at = at, .point_count = 15,
        .rings = rings, .ring_count = 3 };
    assert_int_equal(rough_mend(*state, &r, &o.d, &o.s, NULL), OK);
    assert_int_equal(o.d.what, 0);
    assert_int_equal(o.d.parts, 2);
    assert_true(shape_holds(&o.s, (struct geo_point){ 4.5, 4.5 }));
    assert_false(shape_holds(&o.s, (struct geo_point){ 3, 3 }));
}

static void other_kinds_and_broken_texts_are_refused(void **state)
{
    static const char *const json[] = { "{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,1]]}",
        "{\"type\":\"GeometryCollection\",\"geometries\":[]}", "{\"type\":\"Polygon\"",
        "{\"type\":\"Polygon\",\"coordinates\":[[[[[0,0]]]]]}", "{}" };
    static const char *const wkt[] = { "LINESTRING(0 0,1 1)", "POLYGON((0 0,1 0,1 1,0 0)",
        "POLYGON(((0 0,1 0,1 1,0 0)))", "CURVEPOLYGON((0 0,1 0,1 1,0 0))" };
    struct rough r;
    struct err_info info = { .e = OK };
    for (size_t i = 0; i < COUNT_OF(json); i++)
        assert_int_equal(rough_read(*state, SHAPE_GEOJSON, str_c(json[i]), &r, &info), E_INPUT);
    for (size_t i = 0; i < COUNT_OF(wkt); i++)
        assert_int_equal(rough_read(*state, SHAPE_WKT, str_c(wkt[i]), &r, &info), E_INPUT);
    assert_int_equal(rough_read(*state, SHAPE_WKT, STR("point z (120.5 31 7)"), &r, NULL), OK);
    assert_int_equal(r.kind, ROUGH_POINT);
    assert_true(r.at[0].lon == 120.5 && r.at[0].lat == 31);
    assert_int_equal(rough_read(*state, SHAPE_GEOJSON, STR("null"), &r, NULL), OK);
    assert_int_equal(r.kind, ROUGH_NONE);
    assert_int_equal(rough_read(*state, SHAPE_WKT,
        STR("SRID=4326;POLYGON((0 0,1 0,1 1,0 0))"), &r, NULL), OK);
    assert_int_equal(r.point_count, 4);
}

static int begin(void **state)
{
    static struct arena a;
    arena_init(&a, 64 << 20);
    *state = &a;
    return 0;
}

static int end(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_outlines_stay_as_they_are),
        cmocka_unit_test(unclosed_repeated_and_clockwise_rings_are_mended),
        cmocka_unit_test(small_crossings_are_mended_and_told_with_both_areas),
        cmocka_unit_test(what_may_mean_two_things_is_refused),
        cmocka_unit_test(empty_outlines_and_false_numbers_are_named),
        cmocka_unit_test(parts_and_islands),
        cmocka_unit_test(other_kinds_and_broken_texts_are_refused),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
