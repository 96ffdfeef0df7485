/* test_place.c: points, plates and outlines of the demo city, as the map of a page asks for them. */
#include "place/place.c"
#include "demo/seed.h"
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

struct fixture { struct db *db; struct catalogue *c; struct arena a; struct cx cx; };

static int setup(void **state)
{
    static struct fixture f;
    static struct node_keys keys;
    struct rand rand = rand_seeded(1);
    struct err_info info = { .e = OK };
    f = (struct fixture){ .db = NULL };
    arena_init(&f.a, 64 << 20);
    assert_int_equal(db_open(":memory:", DB_WRITER, &f.db), OK);
    assert_int_equal(db_migrate(f.db, &info), OK);
    struct demo_seed s = { f.db, &keys, &rand, 1, INT64_C(1790000000000), { NULL, NULL } };
    assert_int_equal(demo_seed(&s, &info), OK);
    assert_int_equal(catalogue_load(f.db, &f.c, &info), OK);
    f.cx = (struct cx){ .a = &f.a, .cat = f.c };
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    catalogue_drop(f->c);
    db_close(f->db);
    arena_free(&f->a);
    return 0;
}

static json_t *answer(struct fixture *f, handler *run, const void *in)
{
    struct buf out = buf_in(&f->a, 32 << 20);
    json_error_t error;
    assert_int_equal(run(&f->cx, in, &out), OK);
    json_t *j = json_loadb(out.p, out.n, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(j);
    return j;
}

static const char *text(json_t *j, const char *name)
{
    const char *s = json_string_value(json_object_get(j, name));
    assert_non_null(s);
    return s;
}

static const struct grid *grid_at(const struct fixture *f, size_t i)
{
    struct list grids = catalogue_grids(f->c);
    assert_true(i < grids.n);
    return (const struct grid *)grids.p + i;
}

static void a_plate_is_its_grid(void **state)
{
    struct fixture *f = *state;
    const struct grid *g = grid_at(f, 1000);
    json_t *j = answer(f, place_of_plate, &(struct grid_in){ .grid = g->code });
    char code[24];
    (void)snprintf(code, sizeof(code), "%lld", (long long)g->code);
    assert_string_equal(text(j, "grid"), code);
    assert_memory_equal(text(j, "community"), code, 12);
    assert_memory_equal(text(j, "area"), code, 6);
    assert_non_null(strstr(text(j, "place_name"), text(j, "town_name")));
    assert_true(strlen(text(j, "worker_name")) > 0);
    assert_memory_equal(text(j, "worker_phone"), "199", 3);
    assert_true(strlen(text(j, "police_grid_name")) > 0);
    assert_true(fabs(json_number_value(json_object_get(j, "lon")) - g->lon) < 1e-9);
    json_decref(j);
}

static void a_point_is_in_the_grid_around_it(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < catalogue_grids(f->c).n; i += 997) {
        const struct grid *g = grid_at(f, i);
        struct geo_point map = geo_convert((struct geo_point){ g->lon, g->lat }, CRS_WGS84,
            CRS_GCJ02);
        json_t *by_code = answer(f, place_of_plate, &(struct grid_in){ .grid = g->code });
        json_t *by_point = answer(f, place_locate,
            &(struct locate_in){ .lon = g->lon, .lat = g->lat });
        json_t *by_map = answer(f, place_locate,
            &(struct locate_in){ .lon = map.lon, .lat = map.lat, .crs = STR("gcj02") });
        assert_string_equal(text(by_point, "grid"), text(by_code, "grid"));
        assert_string_equal(text(by_map, "grid"), text(by_code, "grid"));
        assert_true(fabs(json_number_value(json_object_get(by_map, "lon")) - g->lon) < 1e-6);
        json_decref(by_code);
        json_decref(by_point);
        json_decref(by_map);
    }
}

static void elsewhere_is_not_found(void **state)
{
    struct fixture *f = *state;
    struct buf out = buf_in(&f->a, 4096);
    f->cx.info = (struct err_info){ .e = OK };
    assert_int_equal(place_locate(&f->cx, &(struct locate_in){ .lon = 116.4, .lat = 39.9 }, &out),
        E_MISSING);
    assert_non_null(strstr(f->cx.info.en, "outside the city"));
    f->cx.info = (struct err_info){ .e = OK };
    assert_int_equal(place_of_plate(&f->cx, &(struct grid_in){ .grid = 320508018023999 }, &out),
        E_MISSING);
    assert_non_null(strstr(f->cx.info.en, "no such grid"));
    assert_int_equal(out.n, 0);
}

static struct boundaries_in whole_city(const char *level)
{
    return (struct boundaries_in){ 119.5, 30.5, 121.9, 32.5, str_c(level) };
}

static size_t points_in(json_t *outlines)
{
    size_t n = 0, i, k, m;
    json_t *feature, *polygon, *ring;
    json_array_foreach(json_object_get(outlines, "features"), i, feature) {
        json_t *shape = json_object_get(feature, "geometry");
        assert_string_equal(text(shape, "type"), "MultiPolygon");
        assert_true(strlen(text(json_object_get(feature, "properties"), "name")) > 0);
        json_array_foreach(json_object_get(shape, "coordinates"), k, polygon)
            json_array_foreach(polygon, m, ring) {
                assert_true(json_array_size(ring) >= 4);
                assert_true(json_equal(json_array_get(ring, 0),
                    json_array_get(ring, json_array_size(ring) - 1)));
                n += json_array_size(ring);
            }
    }
    return n;
}

static size_t outlines(struct fixture *f, const struct boundaries_in *q, size_t *ret_points)
{
    json_t *j = answer(f, place_boundaries, q);
    size_t n = json_array_size(json_object_get(j, "features"));
    *ret_points = points_in(j);
    assert_true(json_is_false(json_object_get(j, "truncated")));
    json_decref(j);
    return n;
}

static void outlines_are_as_fine_as_the_view(void **state)
{
    struct fixture *f = *state;
    const struct grid *g = grid_at(f, 5000);
    struct boundaries_in all = whole_city("county"), towns = whole_city("town");
    struct boundaries_in near = { g->lon - 0.005, g->lat - 0.005, g->lon + 0.005, g->lat + 0.005,
        STR("county") };
    size_t far_points, near_points, points;
    int64_t from_us = clock_monotonic_us();
    assert_int_equal(outlines(f, &all, &far_points), 10);
    print_message("# counties: %zu points, %d us with reading\n", far_points,
        (int)(clock_monotonic_us() - from_us));
    from_us = clock_monotonic_us();
    assert_int_equal(outlines(f, &towns, &points), 118);
    print_message("# towns: %zu points, %d us with reading\n", points,
        (int)(clock_monotonic_us() - from_us));
    size_t n = outlines(f, &near, &near_points);
    assert_true(n >= 1 && n <= 3);
    assert_true(near_points / n > 2 * far_points / 10);
    near.level = STR("grid");
    n = outlines(f, &near, &points);
    assert_true(n >= 1 && n < 200);
    near.level = STR("community");
    assert_true(outlines(f, &near, &points) <= n);
}

static void too_many_or_impossible(void **state)
{
    struct fixture *f = *state;
    struct boundaries_in q = whole_city("grid");
    struct buf out = buf_in(&f->a, 4096);
    f->cx.info = (struct err_info){ .e = OK };
    assert_int_equal(place_boundaries(&f->cx, &q, &out), E_INPUT);
    assert_string_equal(f->cx.info.field, "level");
    assert_non_null(strstr(f->cx.info.en, "come closer"));
    q = (struct boundaries_in){ 121, 31, 120, 32, STR("town") };
    f->cx.info = (struct err_info){ .e = OK };
    assert_int_equal(place_boundaries(&f->cx, &q, &out), E_INPUT);
    assert_string_equal(f->cx.info.field, "e");
    q = (struct boundaries_in){ 120, 31, 121, 31, STR("town") };
    f->cx.info = (struct err_info){ .e = OK };
    assert_int_equal(place_boundaries(&f->cx, &q, &out), E_INPUT);
    assert_string_equal(f->cx.info.field, "n");
    assert_int_equal(out.n, 0);
}

static void far_away_is_an_empty_map(void **state)
{
    struct fixture *f = *state;
    struct boundaries_in q = { 10, 50, 11, 51, STR("grid") };
    size_t points;
    assert_int_equal(outlines(f, &q, &points), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plate_is_its_grid),
        cmocka_unit_test(a_point_is_in_the_grid_around_it),
        cmocka_unit_test(elsewhere_is_not_found),
        cmocka_unit_test(outlines_are_as_fine_as_the_view),
        cmocka_unit_test(too_many_or_impossible),
        cmocka_unit_test(far_away_is_an_empty_map),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
