/* Shares of two layers, what one leaves out of the other or claims twice, and areas combined. */
#include "geo/overlay.c"
#include "base/rand.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 256 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* cmocka compares as float, which is too coarse for degrees. */
static void assert_near(double got, double want, double within)
{
    if (!(fabs(got - want) <= within))
        fail_msg("%.15g, not %.15g", got, want);
}

static struct shape wkt(const char *text)
{
    struct shape s;
    assert_int_equal(shape_read(&arena, SHAPE_WKT, str_c(text), NULL, &s), OK);
    return s;
}

static struct geo_index *layer(const char *const *texts, size_t n)
{
    struct geo_item items[8] = { 0 };
    struct geo_index *ix;
    for (size_t i = 0; i < n; i++) {
        struct shape s = wkt(texts[i]);
        items[i] = (struct geo_item){ (int64_t)i, shape_wkb(&arena, &s) };
    }
    assert_int_equal(geo_index_build(items, n, &ix, NULL), OK);
    return ix;
}

static struct overlay lay(const char *const *top, size_t n, const char *const *under, size_t m)
{
    struct geo_index *x = layer(top, n), *y = layer(under, m);
    struct overlay o;
    assert_int_equal(overlay_make(&arena, x, y, &o, NULL), OK);
    geo_index_free(x);
    geo_index_free(y);
    return o;
}

static void shares_are_parts_of_each_area(void **state)
{
    (void)state;
    static const char *const top[] = { "POLYGON((0 0,2 0,2 1,0 1,0 0))",
        "POLYGON((2 0,3 0,3 1,2 1,2 0))" };
    static const char *const under[] = { "POLYGON((0 0,0.5 0,0.5 1,0 1,0 0))",
        "POLYGON((0.5 0,3 0,3 1,0.5 1,0.5 0))", "POLYGON((9 9,10 9,10 10,9 9))" };
    struct overlay o = lay(top, 2, under, 3);
    assert_int_equal(o.n, 3);
    assert_true(o.links[0].a == 0 && o.links[0].b == 1 && o.links[1].a == 0 && o.links[1].b == 0);
    assert_near(o.links[0].share_a, 0.75, 1e-12);
    assert_near(o.links[0].share_b, 0.6, 1e-12);
    assert_near(o.links[1].share_a, 0.25, 1e-12);
    assert_near(o.links[1].share_b, 1, 1e-12);
    assert_true(o.links[2].a == 1 && o.links[2].b == 1);
    assert_near(o.links[2].share_a, 1, 1e-12);
    assert_near(o.links[0].m2 + o.links[1].m2, o.of_a[0].m2, 1);
    for (int i = 0; i < 2; i++)
        assert_true(o.of_a[i].lost_m2 == 0 && o.of_a[i].doubled_m2 == 0);
    assert_near(o.of_b[2].lost_m2, o.of_b[2].m2, 0);
}

/* As if a layer had been pushed aside by a thousandth of a degree: what it leaves out on one side
 * and claims twice on the other are of one size, and both are told. */
static void lost_and_doubled_do_not_cancel(void **state)
{
    (void)state;
    static const char *const top[] = { "POLYGON((120 31,120.1 31,120.1 31.1,120 31.1,120 31))" };
    static const char *const under[] = {
        "POLYGON((120.001 31,120.051 31,120.051 31.1,120.001 31.1,120.001 31))",
        "POLYGON((120.05 31,120.1 31,120.1 31.1,120.05 31.1,120.05 31))" };
    struct overlay o = lay(top, 1, under, 2);
    struct shape strip = wkt("POLYGON((120 31,120.001 31,120.001 31.1,120 31.1,120 31))");
    assert_near(o.of_a[0].lost_m2, shape_area_m2(&strip), 0.01);
    assert_near(o.of_a[0].doubled_m2, shape_area_m2(&strip), 0.01);
    assert_true(o.of_b[0].lost_m2 == 0 && o.of_b[0].doubled_m2 == 0);
    assert_near(o.links[0].share_a + o.links[1].share_a, 1, 1e-9);
}

static void holes_parts_and_touching(void **state)
{
    (void)state;
    static const char *const top[] = { "POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,1 3,3 3,3 1,1 1))",
        "MULTIPOLYGON(((1 1,2 1,2 2,1 2,1 1)),((4 0,5 0,5 4,4 4,4 0)))" };
    static const char *const under[] = { "POLYGON((0 0,2 0,2 4,0 4,0 0))",
        "POLYGON((2 0,4 0,4 4,2 4,2 0))" };
    struct overlay o = lay(top, 2, under, 2);
    assert_int_equal(o.n, 3); /* the second touches the right one without overlap */
    assert_near(o.links[0].share_a, 0.5, 1e-12);
    assert_near(o.links[0].share_b, 0.75, 1e-3);
    assert_true(o.links[2].a == 1 && o.links[2].b == 0);
    assert_near(o.of_a[1].lost_m2 + o.links[2].m2, o.of_a[1].m2, 1);
}

static void an_empty_layer_covers_nothing(void **state)
{
    (void)state;
    static const char *const top[] = { "POLYGON((0 0,1 0,1 1,0 1,0 0))" };
    struct overlay o = lay(top, 1, NULL, 0);
    assert_int_equal(o.n, 0);
    assert_near(o.of_a[0].lost_m2, o.of_a[0].m2, 0);
    o = lay(NULL, 0, top, 1);
    assert_int_equal(o.n, 0);
    assert_near(o.of_b[0].lost_m2, o.of_b[0].m2, 0);
}

/* A square of 10 km cut at random straight lines into two, laid under strips: shares add up. */
static void shares_add_up_however_it_is_cut(void **state)
{
    (void)state;
    struct rand r = rand_seeded(4);
    for (int round = 0; round < 50; round++) {
        double x = 0.1 * rand_unit(&r), u = 0.1 * rand_unit(&r);
        struct str west = arena_fmt(&arena, "POLYGON((120 31,%.15g 31,%.15g 31.1,120 31.1,120 31))",
            120 + x, 120 + u);
        struct str east = arena_fmt(&arena, "POLYGON((%.15g 31,120.1 31,120.1 31.1,%.15g 31.1,"
            "%.15g 31))", 120 + x, 120 + u, 120 + x);
        double y = 31 + 0.1 * rand_unit(&r), v = 31 + 0.1 * rand_unit(&r);
        struct str south = arena_fmt(&arena, "POLYGON((120 31,120.1 31,120.1 %.15g,120 %.15g,"
            "120 31))", y, v);
        struct str north = arena_fmt(&arena, "POLYGON((120 %.15g,120.1 %.15g,120.1 31.1,120 31.1,"
            "120 %.15g))", v, y, v);
        struct overlay o = lay((const char *const[]){ west.p, east.p }, 2,
            (const char *const[]){ south.p, north.p }, 2);
        double sum[2] = { 0, 0 };
        for (size_t i = 0; i < o.n; i++)
            sum[o.links[i].a] += o.links[i].share_a;
        for (int i = 0; i < 2; i++) {
            assert_near(sum[i], 1, 1e-9);
            assert_true(o.of_a[i].lost_m2 == 0 && o.of_a[i].doubled_m2 == 0);
        }
    }
}

static void areas_are_combined(void **state)
{
    (void)state;
    struct shape x = wkt("POLYGON((0 0,2 0,2 2,0 2,0 0))"), made,
        y = wkt("POLYGON((1 1,3 1,3 3,1 3,1 1))"), far = wkt("POLYGON((2 0,3 0,3 1,2 1,2 0))");
    assert_int_equal(overlay_shapes(&arena, OVERLAY_BOTH, &x, &y, &made), OK);
    assert_true(shape_holds(&made, (struct geo_point){ 1.5, 1.5 }));
    assert_false(shape_holds(&made, (struct geo_point){ 0.5, 0.5 }));
    assert_int_equal(overlay_shapes(&arena, OVERLAY_JOIN, &x, &y, &made), OK);
    assert_true(shape_holds(&made, (struct geo_point){ 2.5, 2.5 }));
    assert_int_equal(overlay_shapes(&arena, OVERLAY_WITHOUT, &x, &y, &made), OK);
    assert_false(shape_holds(&made, (struct geo_point){ 1.5, 1.5 }));
    assert_int_equal(overlay_shapes(&arena, OVERLAY_WITHOUT, &x, &x, &made), E_MISSING);
    assert_int_equal(overlay_shapes(&arena, OVERLAY_BOTH, &x, &far, &made), E_MISSING);
    assert_near(overlay_border_m(&x, &far), 111195, 100);
    assert_near(overlay_border_m(&x, &y), 0, 0);
}

static void a_broken_outline_is_named(void **state)
{
    (void)state;
    static const struct ring ring = { 0, 5, true };
    struct geo_point bow[5] = { { 0, 0 }, { 1, 1 }, { 1, 0 }, { 0, 1 }, { 0, 0 } };
    struct geo_point box[5] = { { 5, 5 }, { 6, 5 }, { 6, 6 }, { 5, 6 }, { 5, 5 } };
    struct geo_point all[5] = { { 0.2, -1 }, { 9, -1 }, { 9, 9 }, { 0.2, 9 }, { 0.2, -1 } };
    struct shape s[3] = { { box, &ring, 5, 1, { 0 } }, { bow, &ring, 5, 1, { 0 } },
        { all, &ring, 5, 1, { 0 } } };
    struct geo_item items[3] = { { 0, shape_wkb(&arena, &s[0]) }, { 1, shape_wkb(&arena, &s[1]) },
        { 2, shape_wkb(&arena, &s[2]) } };
    struct geo_index *x, *y;
    struct overlay o;
    size_t bad = 9;
    assert_int_equal(geo_index_build(items, 2, &x, NULL), OK);
    assert_int_equal(geo_index_build(items + 2, 1, &y, NULL), OK);
    assert_int_equal(overlay_make(&arena, x, y, &o, &bad), E_INPUT);
    assert_int_equal(bad, 1);
    geo_index_free(x);
    geo_index_free(y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_parts_of_each_area),
        cmocka_unit_test(lost_and_doubled_do_not_cancel),
        cmocka_unit_test(holes_parts_and_touching),
        cmocka_unit_test(an_empty_layer_covers_nothing),
        cmocka_unit_test(shares_add_up_however_it_is_cut),
        cmocka_unit_test(areas_are_combined),
        cmocka_unit_test(a_broken_outline_is_named),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
