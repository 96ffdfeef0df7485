/* Coordinate systems against published vectors, and distances. */
#include "geo/datum.c"
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

static void near_point(struct geo_point got, double lon, double lat, double within)
{
    assert_near(got.lon, lon, within);
    assert_near(got.lat, lat, within);
}

static void conversions_match_the_vectors(void **state)
{
    (void)state;
    struct geo_point beijing = { 116.404, 39.915 }, gusu = { 120.585, 31.299 },
                     changshu = { 120.7457, 31.654 };
    near_point(geo_convert(beijing, CRS_WGS84, CRS_GCJ02),
        116.41024449916938, 39.91640428150164, 1e-10);
    near_point(geo_convert(gusu, CRS_WGS84, CRS_GCJ02),
        120.5891777089214, 31.29681550917305, 1e-10);
    near_point(geo_convert(changshu, CRS_WGS84, CRS_GCJ02),
        120.750095631953, 31.652063408419252, 1e-10);
    near_point(geo_convert(beijing, CRS_GCJ02, CRS_BD09),
        116.41036949371029, 39.92133699351022, 1e-10);
    near_point(geo_convert(gusu, CRS_GCJ02, CRS_BD09),
        120.59141635596109, 31.305251322273445, 1e-10);
    near_point(geo_convert(gusu, CRS_WGS84, CRS_BD09),
        120.59558035396333, 31.30311602533358, 1e-10);
    /* The reference stopped its iteration at 1e-6 and inverts BD-09 in one step. */
    near_point(geo_convert(gusu, CRS_GCJ02, CRS_WGS84),
        120.58081773562176, 31.301180883539654, 1.5e-6);
    near_point(geo_convert(changshu, CRS_GCJ02, CRS_WGS84),
        120.74130531721109, 31.655937802502052, 1.5e-6);
    near_point(geo_convert(gusu, CRS_BD09, CRS_GCJ02),
        120.57855953621237, 31.29284923099111, 4e-6);
    near_point(geo_convert(gusu, CRS_BD09, CRS_WGS84),
        120.5743691746583, 31.295026757329513, 4e-6);
}

static void every_conversion_can_be_undone(void **state)
{
    (void)state;
    for (double lon = 73.5; lon < 135; lon += 1.37) {
        for (double lat = 4; lat < 53; lat += 1.13) {
            struct geo_point p = { lon, lat };
            for (enum crs c = CRS_GCJ02; c <= CRS_BD09; c++)
                near_point(geo_convert(geo_convert(p, CRS_WGS84, c), c, CRS_WGS84), lon, lat, 1e-9);
        }
    }
}

static void outside_china_nothing_moves(void **state)
{
    (void)state;
    static const struct geo_point out[] = { { 72.0, 31 }, { 137.84, 31 }, { 120, 0.8 },
        { 120, 55.83 }, { -0.1, 51.5 }, { 180, 90 }, { -180, -90 } };
    for (size_t i = 0; i < COUNT_OF(out); i++) {
        struct geo_point p = geo_convert(out[i], CRS_WGS84, CRS_BD09);
        assert_true(p.lon == out[i].lon && p.lat == out[i].lat);
        p = geo_convert(out[i], CRS_BD09, CRS_WGS84);
        assert_true(p.lon == out[i].lon && p.lat == out[i].lat);
    }
    assert_true(geo_shifted((struct geo_point){ 72.004, 0.8293 }));
    assert_true(geo_shifted((struct geo_point){ 137.8347, 55.8271 }));
}

static void impossible_points_are_seen(void **state)
{
    (void)state;
    assert_true(geo_point_ok((struct geo_point){ -180, 90 }));
    assert_false(geo_point_ok((struct geo_point){ 180.1, 0 }));
    assert_false(geo_point_ok((struct geo_point){ 0, -90.1 }));
    assert_false(geo_point_ok((struct geo_point){ (double)NAN, 0 }));
    assert_false(geo_point_ok((struct geo_point){ 0, (double)INFINITY }));
}

static void distances_are_metres(void **state)
{
    (void)state;
    struct geo_point a = { 120.585, 31.299 }, b = { 121.4737, 31.2304 };
    assert_near(geo_distance_m(a, a), 0, 1e-9);
    assert_near(geo_distance_m(a, b), 84785, 100); /* Suzhou to Shanghai */
    struct geo_point degree[] = { { 0, 0 }, { 0, 1 } };
    assert_near(geo_distance_m(degree[0], degree[1]), 111195.1, 0.1);
    struct geo_point across[] = { { 179.9, 0 }, { -179.9, 0 } };
    assert_near(geo_distance_m(across[0], across[1]), 22239, 1);
    double lon_m, lat_m;
    geo_degree_m(31.3, &lon_m, &lat_m);
    assert_near(lon_m, 95203, 10);
    assert_near(lat_m, 110875, 20);
}

static void boxes_hold_their_circle(void **state)
{
    (void)state;
    struct geo_point p = { 120.6, 31.3 };
    for (double r = 1; r < 2e6; r *= 7) {
        struct geo_box b = geo_box_around(p, r);
        for (int i = 0; i < 360; i += 15) {
            double rad = i * PI / 180, dlat = r / EARTH_MEAN_M * 180 / PI * sin(rad);
            struct geo_point q = { p.lon, p.lat + dlat };
            double step = 1;
            for (int k = 0; k < 60; k++, step /= 2) { /* walk east or west to the circle */
                struct geo_point t = { q.lon + (cos(rad) < 0 ? -step : step) * 60, q.lat };
                q = t.lon > -180 && t.lon < 180 && geo_distance_m(p, t) <= r ? t : q;
            }
            if (geo_distance_m(p, q) <= r)
                assert_true(q.lon >= b.lon_min && q.lon <= b.lon_max && q.lat >= b.lat_min
                    && q.lat <= b.lat_max);
        }
    }
    struct geo_box pole = geo_box_around((struct geo_point){ 10, 89.9 }, 50000);
    assert_true(pole.lon_min == -180 && pole.lon_max == 180 && pole.lat_max == 90);
}

static void rounding(void **state)
{
    (void)state;
    assert_near(geo_round(120.123456, 5), 120.12346, 1e-12);
    assert_near(geo_round(-0.0015, 3), -0.002, 1e-12);
    struct geo_point p = geo_point_round((struct geo_point){ 120.5854, 31.2996 }, 3);
    near_point(p, 120.585, 31.3, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversions_match_the_vectors),
        cmocka_unit_test(every_conversion_can_be_undone),
        cmocka_unit_test(outside_china_nothing_moves),
        cmocka_unit_test(impossible_points_are_seen),
        cmocka_unit_test(distances_are_metres),
        cmocka_unit_test(boxes_hold_their_circle),
        cmocka_unit_test(rounding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
