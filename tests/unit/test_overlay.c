/* Shares of two layers over each other. */
#include "geo/overlay.c"
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

static struct geo_index *layer(struct arena *a, const char *const *wkt, size_t n)
{
    struct geo_item items[4] = { 0 };
    struct geo_index *ix;
    struct shape s;
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(shape_read(a, SHAPE_WKT, str_c(wkt[i]), NULL, &s), OK);
        items[i] = (struct geo_item){ (int64_t)i, shape_wkb(a, &s) };
    }
    assert_int_equal(geo_index_build(items, n, &ix, NULL), OK);
    return ix;
}

static void shares_are_parts_of_each_area(void **state)
{
    (void)state;
    static const char *const top[] = { "POLYGON((0 0,2 0,2 1,0 1,0 0))",
        "POLYGON((2 0,3 0,3 1,2 1,2 0))" };
    static const char *const under[] = { "POLYGON((0 0,0.5 0,0.5 1,0 1,0 0))",
        "POLYGON((0.5 0,3 0,3 1,0.5 1,0.5 0))", "POLYGON((9 9,10 9,10 10,9 9))" };
    struct arena a;
    arena_init(&a, 1 << 20);
    struct geo_index *x = layer(&a, top, 2), *y = layer(&a, under, 3);
    struct overlay_link *links;
    size_t n;
    assert_int_equal(overlay_links(&a, x, y, 0.01, &links, &n), OK);
    assert_int_equal(n, 3);
    assert_true(links[0].a == 0 && links[0].b == 1 && links[1].a == 0 && links[1].b == 0);
    assert_near(links[0].share_a, 0.75, 1e-9);
    assert_near(links[0].share_b, 0.6, 1e-9);
    assert_near(links[1].share_a, 0.25, 1e-9);
    assert_near(links[1].share_b, 1, 1e-9);
    assert_true(links[2].a == 1 && links[2].b == 1);
    assert_near(links[2].share_a, 1, 1e-9);
    assert_int_equal(overlay_links(&a, x, y, 0.7, &links, &n), OK);
    assert_int_equal(n, 3); /* 0.25 of a but all of b; 0.4 of b but all of a */
    geo_index_free(x);
    geo_index_free(y);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(shares_are_parts_of_each_area) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
