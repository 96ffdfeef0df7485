/* The index of areas: every point finds the area that a slow look finds, on borders too. */
#include "geo/index.c"
#include "base/clock.h"
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

/* An n by n patchwork over 0..1 with shared, slightly crooked corners. */
static struct geo_item *patchwork(size_t n, struct rand *r)
{
    struct geo_point *corner = NEW_N(&arena, struct geo_point, (n + 1) * (n + 1));
    struct geo_item *items = NEW_N(&arena, struct geo_item, n * n);
    for (size_t y = 0; y <= n; y++) {
        for (size_t x = 0; x <= n; x++) {
            double wx = x && x < n ? 0.6 * (rand_unit(r) - 0.5) : 0;
            double wy = y && y < n ? 0.6 * (rand_unit(r) - 0.5) : 0;
            corner[y * (n + 1) + x] = (struct geo_point){ ((double)x + wx) / (double)n,
                ((double)y + wy) / (double)n };
        }
    }
    static const struct ring ring = { 0, 5, true };
    for (size_t i = 0; i < n * n; i++) {
        const struct geo_point *c = corner + i / n * (n + 1) + i % n;
        struct geo_point at[5] = { c[0], c[1], c[n + 2], c[n + 1], c[0] };
        struct shape s = { .at = at, .rings = &ring, .point_count = 5, .ring_count = 1 };
        items[i] = (struct geo_item){ 1000 + (int64_t)i, shape_wkb(&arena, &s) };
    }
    return items;
}

static size_t holders(const struct geo_index *ix, struct geo_point p)
{
    size_t n = 0;
    for (size_t i = 0; i < ix->count; i++)
        n += shape_holds(&ix->shapes[i], p);
    return n;
}

static void every_point_has_one_holder(void **state)
{
    (void)state;
    struct rand r = rand_seeded(3);
    struct geo_index *ix;
    assert_int_equal(geo_index_build(patchwork(12, &r), 144, &ix, NULL), OK);
    for (int i = 0; i < 20000; i++) {
        struct geo_point p = { rand_unit(&r), rand_unit(&r) };
        ptrdiff_t at = geo_index_find(ix, p);
        assert_true(at >= 0 && shape_holds(geo_index_shape(ix, (size_t)at), p));
        assert_int_equal(holders(ix, p), 1);
        assert_int_equal(geo_index_id(ix, (size_t)at), 1000 + at);
    }
    for (size_t i = 0; i < ix->count; i++) { /* corners and points on edges */
        const struct shape *s = &ix->shapes[i];
        for (size_t k = 1; k < s->point_count; k++) {
            struct geo_point a = s->at[k - 1], b = s->at[k];
            struct geo_point on[2] = { a, { (a.lon + b.lon) / 2, (a.lat + b.lat) / 2 } };
            for (int j = 0; j < 2; j++) {
                bool inside = on[j].lon > 0 && on[j].lon < 1 && on[j].lat > 0 && on[j].lat < 1;
                assert_true(!inside || holders(ix, on[j]) == 1);
                assert_true(!inside || geo_index_find(ix, on[j]) >= 0);
            }
        }
    }
    geo_index_free(ix);
}

static void outside_is_nowhere(void **state)
{
    (void)state;
    struct rand r = rand_seeded(4);
    struct geo_index *ix;
    assert_int_equal(geo_index_build(patchwork(3, &r), 9, &ix, NULL), OK);
    assert_int_equal(geo_index_find(ix, (struct geo_point){ -0.01, 0.5 }), -1);
    assert_int_equal(geo_index_find(ix, (struct geo_point){ 0.5, 1.01 }), -1);
    assert_int_equal(geo_index_find(ix, (struct geo_point){ (double)NAN, 0.5 }), -1);
    geo_index_free(ix);
    assert_int_equal(geo_index_build(NULL, 0, &ix, NULL), OK);
    assert_int_equal(geo_index_find(ix, (struct geo_point){ 0, 0 }), -1);
    geo_index_free(ix);
    geo_index_free(NULL);
}

static void overlapping_areas_give_the_first(void **state)
{
    (void)state;
    struct rand r = rand_seeded(4);
    struct geo_item *one = patchwork(1, &r), *many = patchwork(4, &r), items[17];
    items[0] = one[0];
    memcpy(items + 1, many, 16 * sizeof(*many));
    struct geo_index *ix;
    assert_int_equal(geo_index_build(items, 17, &ix, NULL), OK);
    assert_int_equal(geo_index_find(ix, (struct geo_point){ 0.9, 0.9 }), 0);
    geo_index_free(ix);
}

static void bad_items_are_named(void **state)
{
    (void)state;
    struct rand r = rand_seeded(4);
    struct geo_item *items = patchwork(2, &r);
    struct geo_index *ix = NULL;
    size_t bad = 0;
    items[2].wkb.n--;
    assert_int_equal(geo_index_build(items, 4, &ix, &bad), E_INPUT);
    assert_int_equal(bad, 2);
    assert_null(ix);
}

static void label(void *ctx, struct buf *b, size_t item, int64_t id)
{
    (void)ctx;
    buf_fmt(b, "\"n\":%zu,\"half\":%lld", item, (long long)id / 2);
}

static void boxes_and_drawing(void **state)
{
    (void)state;
    struct rand r = rand_seeded(6);
    struct geo_index *ix;
    size_t found[20];
    assert_int_equal(geo_index_build(patchwork(4, &r), 16, &ix, NULL), OK);
    struct geo_box corner = { 0, 0, 0.01, 0.01 }, all = { -1, -1, 2, 2 }, none = { 3, 3, 4, 4 };
    assert_int_equal(geo_index_in_box(ix, corner, found, 20), 1);
    assert_int_equal(found[0], 0);
    assert_int_equal(geo_index_in_box(ix, all, found, 5), 5);
    assert_int_equal(geo_index_in_box(ix, none, found, 5), 0);
    struct buf b = buf_in(&arena, 1 << 20);
    geo_index_write(ix, &b, corner, 3, 0, (struct geo_labels){ label, NULL });
    buf_byte(&b, '\0');
    assert_non_null(strstr(b.p, "\"id\":1000,\"geometry\":{\"type\":\"MultiPolygon\""));
    assert_non_null(strstr(b.p, "\"properties\":{\"n\":0,\"half\":500}}],\"truncated\":false}"));
    b.n = 0;
    geo_index_write(ix, &b, all, 3, 0, (struct geo_labels){ 0 });
    buf_byte(&b, '\0');
    assert_non_null(strstr(b.p, "\"truncated\":true}"));
    assert_null(strstr(b.p, "\"id\":1003"));
    geo_index_free(ix);
}

static void finding_takes_about_a_microsecond(void **state)
{
    (void)state;
    struct rand r = rand_seeded(7);
    struct geo_index *ix;
    assert_int_equal(geo_index_build(patchwork(110, &r), 12100, &ix, NULL), OK);
    int64_t start_us = clock_monotonic_us(), sum = 0;
    enum { ROUNDS = 200000 };
    for (int i = 0; i < ROUNDS; i++)
        sum += geo_index_find(ix, (struct geo_point){ rand_unit(&r), rand_unit(&r) });
    double each_us = (double)(clock_monotonic_us() - start_us) / ROUNDS;
    print_message("# %.2f us a lookup (%lld)\n", each_us, (long long)sum);
    assert_true(each_us < 20); /* generous: sanitizers and busy machines */
    geo_index_free(ix);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_point_has_one_holder),
        cmocka_unit_test(outside_is_nowhere),
        cmocka_unit_test(overlapping_areas_give_the_first),
        cmocka_unit_test(bad_items_are_named),
        cmocka_unit_test(boxes_and_drawing),
        cmocka_unit_test(finding_takes_about_a_microsecond),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
