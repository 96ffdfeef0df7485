/* Cell keys: one number a place, ranges that never miss a neighbour. */
#include "geo/cell.c"
#include "base/rand.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct geo_point random_point(struct rand *r, struct geo_point low, double span)
{
    return (struct geo_point){ low.lon + rand_unit(r) * span, low.lat + rand_unit(r) * span / 2 };
}

static void keys_are_known_and_reversible(void **state)
{
    (void)state;
    struct rand r = rand_seeded(1);
    assert_int_equal(cell_key((struct geo_point){ -180, -90 }), 0);
    assert_int_equal(cell_key((struct geo_point){ 180, 90 }), (INT64_C(1) << 52) - 1);
    assert_int_equal(cell_key((struct geo_point){ 0, -90 }), INT64_C(1) << 51);
    assert_int_equal(cell_key((struct geo_point){ -180, 0 }), INT64_C(1) << 50);
    for (int i = 0; i < 20000; i++) {
        struct geo_point p = random_point(&r, (struct geo_point){ -180, -90 }, 360);
        int64_t key = cell_key(p);
        struct geo_point corner = cell_corner(key);
        assert_true(corner.lon <= p.lon && p.lon - corner.lon < 6e-6);
        assert_true(corner.lat <= p.lat && p.lat - corner.lat < 3e-6);
        assert_true(cell_key(corner) == key);
    }
}

static bool in_ranges(const struct cell_range *r, size_t n, int64_t key)
{
    for (size_t i = 0; i < n; i++) {
        if (key >= r[i].first && key <= r[i].last)
            return true;
    }
    return false;
}

static void no_neighbour_is_missed(void **state)
{
    (void)state;
    struct rand r = rand_seeded(2);
    struct cell_range ranges[CELL_RANGES_MAX];
    for (int i = 0; i < 400; i++) {
        struct geo_point p = random_point(&r, (struct geo_point){ 115, 28 }, 12);
        double radius_m = exp(rand_unit(&r) * 12);
        size_t n = cell_ranges(p, radius_m, ranges);
        assert_in_range(n, 1, CELL_RANGES_MAX);
        for (size_t k = 1; k < n; k++)
            assert_true(ranges[k - 1].last + 1 < ranges[k].first);
        struct geo_box box = geo_box_around(p, radius_m);
        for (int k = 0; k < 200; k++) {
            struct geo_point q = { box.lon_min + rand_unit(&r) * (box.lon_max - box.lon_min),
                box.lat_min + rand_unit(&r) * (box.lat_max - box.lat_min) };
            assert_true(geo_distance_m(p, q) > radius_m || in_ranges(ranges, n, cell_key(q)));
        }
    }
}

static void ranges_stay_close(void **state)
{
    (void)state;
    struct rand r = rand_seeded(3);
    struct cell_range ranges[CELL_RANGES_MAX];
    for (int i = 0; i < 400; i++) {
        struct geo_point p = random_point(&r, (struct geo_point){ 115, 28 }, 12);
        size_t n = cell_ranges(p, 500, ranges);
        for (size_t k = 0; k < n; k++) {
            assert_true(geo_distance_m(p, cell_corner(ranges[k].first)) < 6000);
            assert_true(geo_distance_m(p, cell_corner(ranges[k].last)) < 6000);
        }
    }
    assert_int_equal(cell_ranges((struct geo_point){ 120, 31 }, 3e7, ranges), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_known_and_reversible),
        cmocka_unit_test(no_neighbour_is_missed),
        cmocka_unit_test(ranges_stay_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
