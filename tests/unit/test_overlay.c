/* Shares of two layers, what one leaves out of the other or claims twice, and areas combined. */
#include "geo/overlay.c"
#include "base/rand.h"
#include "geo/combine.h"
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
    overlay_make(&arena, x, y, &o);
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
    assert_near(o.links[0].share_a, 0.75, 1e-9);
    assert_near(o.links[0].share_b, 0.6, 1e-9);
    assert_near(o.links[1].share_a, 0.25, 1e-9);
    assert_near(o.links[1].share_b, 1, 1e-9);
    assert_true(o.links[2].a == 1 && o.links[2].b == 1);
    assert_near(o.links[2].share_a, 1, 1e-9);
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
    assert_int_equal(shape_combine(&arena, COMBINE_BOTH, &x, &y, &made), OK);
    assert_true(shape_holds(&made, (struct geo_point){ 1.5, 1.5 }));
    assert_false(shape_holds(&made, (struct geo_point){ 0.5, 0.5 }));
    assert_int_equal(shape_combine(&arena, COMBINE_JOIN, &x, &y, &made), OK);
    assert_true(shape_holds(&made, (struct geo_point){ 2.5, 2.5 }));
    assert_int_equal(shape_combine(&arena, COMBINE_WITHOUT, &x, &y, &made), OK);
    assert_false(shape_holds(&made, (struct geo_point){ 1.5, 1.5 }));
    assert_int_equal(shape_combine(&arena, COMBINE_WITHOUT, &x, &x, &made), E_MISSING);
    assert_int_equal(shape_combine(&arena, COMBINE_BOTH, &x, &far, &made), E_MISSING);
    assert_near(shape_border_m(&x, &far), 111195, 100);
    assert_near(shape_border_m(&x, &y), 0, 0);
}

/* A bow tie: each of its triangles counts, and what lies between them does not. */
static void an_outline_that_crosses_itself_counts_by_its_insides(void **state)
{
    (void)state;
    static const struct ring ring = { 0, 5, true };
    struct geo_point bow[5] = { { 0, 0 }, { 1, 1 }, { 1, 0 }, { 0, 1 }, { 0, 0 } };
    struct geo_point half[5] = { { 0, -1 }, { 0.5, -1 }, { 0.5, 2 }, { 0, 2 }, { 0, -1 } };
    struct shape s[2] = { { bow, &ring, 5, 1, { 0 } }, { half, &ring, 5, 1, { 0 } } };
    struct geo_item items[2] = { { 0, shape_wkb(&arena, &s[0]) }, { 1, shape_wkb(&arena, &s[1]) } };
    struct geo_index *x, *y;
    struct overlay o;
    assert_int_equal(geo_index_build(items, 1, &x, NULL), OK);
    assert_int_equal(geo_index_build(items + 1, 1, &y, NULL), OK);
    overlay_make(&arena, x, y, &o);
    assert_int_equal(o.n, 1);
    assert_near(o.links[0].share_a, 0.5, 1e-9);
    assert_near(o.of_a[0].m2, 2 * 3077e6, 2e6);
    geo_index_free(x);
    geo_index_free(y);
}

/* Stars, holed squares and triangles at random: each overlap has the area that GEOS cuts out. */
static struct shape random_shape(struct rand *r)
{
    double x = 120 + 0.05 * rand_unit(r), y = 31 + 0.05 * rand_unit(r), size = 0.03 * rand_unit(r);
    struct buf b = buf_in(&arena, 4096);
    size_t corners = 5 + rand_below(r, 20);
    double first[2] = { 0, 0 };
    buf_add(&b, STR("POLYGON(("));
    for (size_t i = 0; i < corners; i++) {
        double angle = 6.283185307179586 * (double)i / (double)corners;
        double radius = size * (0.4 + rand_unit(r));
        double at[2] = { x + radius * cos(angle), y + radius * sin(angle) };
        if (i == 0)
            memcpy(first, at, sizeof(first));
        buf_fmt(&b, "%.15g %.15g,", at[0], at[1]);
    }
    buf_fmt(&b, "%.15g %.15g)", first[0], first[1]);
    if (rand_below(r, 2))
        buf_fmt(&b, ",(%.15g %.15g,%.15g %.15g,%.15g %.15g,%.15g %.15g)", x, y, x + size / 8, y,
            x, y + size / 8, x, y);
    buf_add(&b, STR(")"));
    buf_byte(&b, '\0');
    return wkt(b.p);
}

static void overlaps_are_those_of_geos(void **state)
{
    (void)state;
    struct rand r = rand_seeded(9);
    enum { N = 12 };
    for (int round = 0; round < 12; round++) {
        struct shape s[2][N], cut;
        struct geo_item items[2][N];
        struct geo_index *ix[2];
        struct overlay o;
        double want[N][N];
        for (size_t i = 0; i < 2 * N; i++) {
            s[i / N][i % N] = random_shape(&r);
            items[i / N][i % N] = (struct geo_item){ (int64_t)i,
                shape_wkb(&arena, &s[i / N][i % N]) };
        }
        for (size_t i = 0; i < N * N; i++) {
            enum err e = shape_combine(&arena, COMBINE_BOTH, &s[0][i / N], &s[1][i % N], &cut);
            want[i / N][i % N] = e == OK ? shape_area_m2(&cut) : 0;
        }
        for (size_t k = 0; k < 2; k++)
            assert_int_equal(geo_index_build(items[k], N, &ix[k], NULL), OK);
        overlay_make(&arena, ix[0], ix[1], &o);
        for (size_t i = 0; i < o.n; i++) {
            assert_near(o.links[i].m2, want[o.links[i].a][o.links[i].b], 0.001);
            want[o.links[i].a][o.links[i].b] = 0;
        }
        for (size_t i = 0; i < N * N; i++)
            assert_near(want[i / N][i % N], 0, 0.001);
        for (size_t i = 0; i < N; i++)
            assert_near(o.of_a[i].m2, shape_area_m2(&s[0][i]), 0.001);
        geo_index_free(ix[0]);
        geo_index_free(ix[1]);
    }
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
        cmocka_unit_test(an_outline_that_crosses_itself_counts_by_its_insides),
        cmocka_unit_test(overlaps_are_those_of_geos),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
