/* The atlas: for every point, on borders too, what the layers' own indexes say. */
#define GEOS_USE_ONLY_R_API
#include "geo/atlas.h"
#include "base/rand.h"
#include <geos_c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 512 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

struct layer { struct geo_item items[4096]; size_t n; struct geo_index *ix; };

static struct layer *layer_new(void)
{
    return NEW(&arena, struct layer);
}

static void add_ring(struct layer *l, const struct geo_point *at, size_t n)
{
    struct ring ring = { 0, n, true };
    struct shape s = { .at = at, .rings = &ring, .point_count = n, .ring_count = 1 };
    l->items[l->n] = (struct geo_item){ (int64_t)l->n, shape_wkb(&arena, &s) };
    l->n++;
}

static void add_wkt(struct layer *l, const char *wkt)
{
    struct shape s;
    assert_int_equal(shape_read(&arena, SHAPE_WKT, str_c(wkt), NULL, &s), OK);
    l->items[l->n] = (struct geo_item){ (int64_t)l->n, shape_wkb(&arena, &s) };
    l->n++;
}

/* n by n crooked quadrangles over a square from low with this side; shared corners. */
static void add_patchwork(struct layer *l, struct rand *r, size_t n, double low, double side)
{
    struct geo_point *corner = NEW_N(&arena, struct geo_point, (n + 1) * (n + 1));
    for (size_t y = 0; y <= n; y++) {
        for (size_t x = 0; x <= n; x++) {
            double wx = x && x < n ? 0.6 * (rand_unit(r) - 0.5) : 0;
            double wy = y && y < n && rand_below(r, 4) ? 0.6 * (rand_unit(r) - 0.5) : 0;
            corner[y * (n + 1) + x] = (struct geo_point){
                low + side * ((double)x + wx) / (double)n,
                low + side * ((double)y + wy) / (double)n };
        }
    }
    for (size_t i = 0; i < n * n; i++) {
        const struct geo_point *c = corner + i / n * (n + 1) + i % n;
        struct geo_point at[5] = { c[0], c[1], c[n + 2], c[n + 1], c[0] };
        add_ring(l, at, 5);
    }
}

/* Self-crossing stars over one another: invalid, but the rule has an answer for them too. */
static void add_stars(struct layer *l, struct rand *r, size_t n, double low, double side)
{
    for (size_t i = 0; i < n; i++) {
        struct geo_point at[12], mid = { low + side * rand_unit(r), low + side * rand_unit(r) };
        double radius = side * 0.3 * rand_unit(r);
        for (size_t k = 0; k < 11; k++)
            at[k] = (struct geo_point){ mid.lon + radius * cos((double)k * 2.3),
                mid.lat + radius * sin((double)k * 2.3) };
        at[11] = at[0];
        add_ring(l, at, 12);
    }
}

static struct geo_atlas *atlas_of(struct layer *const *layers, size_t n)
{
    const struct geo_index *ix[ATLAS_LAYERS_MAX];
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(geo_index_build(layers[k]->items, layers[k]->n, &layers[k]->ix, NULL),
            OK);
        ix[k] = layers[k]->ix;
    }
    return geo_atlas_build(ix, n);
}

static void end(struct geo_atlas *at, struct layer *const *layers, size_t n)
{
    geo_atlas_free(at);
    for (size_t k = 0; k < n; k++)
        geo_index_free(layers[k]->ix);
}

static void assert_agrees(const struct geo_atlas *at, struct layer *const *layers, size_t n,
    struct geo_point p)
{
    int32_t got[ATLAS_LAYERS_MAX];
    geo_atlas_find(at, p, got);
    for (size_t k = 0; k < n; k++)
        if (got[k] != geo_index_find(layers[k]->ix, p))
            fail_msg("layer %zu at %.17g %.17g: %d, not %td", k, p.lon, p.lat, got[k],
                geo_index_find(layers[k]->ix, p));
}

/* The ends of every edge, points on it, and their nearest neighbours among doubles. */
static void assert_agrees_on_edges(const struct geo_atlas *at, struct layer *const *layers,
    size_t n, const struct shape *s, struct rand *r)
{
    for (size_t k = 1; k < s->point_count; k++) {
        struct geo_point a = s->at[k - 1], b = s->at[k];
        double t = rand_unit(r);
        struct geo_point on[3] = { a, { (a.lon + b.lon) / 2, (a.lat + b.lat) / 2 },
            { a.lon + t * (b.lon - a.lon), a.lat + t * (b.lat - a.lat) } };
        for (int i = 0; i < 3; i++) {
            for (int d = 0; d < 5; d++) {
                struct geo_point p = on[i];
                p.lon = d == 1 ? nextafter(p.lon, 400) : d == 2 ? nextafter(p.lon, -400) : p.lon;
                p.lat = d == 3 ? nextafter(p.lat, 400) : d == 4 ? nextafter(p.lat, -400) : p.lat;
                assert_agrees(at, layers, n, p);
            }
        }
    }
}

static void assert_agrees_everywhere(struct layer *const *layers, size_t n, double low,
    double side, struct rand *r)
{
    struct geo_atlas *at = atlas_of(layers, n);
    for (int i = 0; i < 60000; i++)
        assert_agrees(at, layers, n, (struct geo_point){ low + side * (1.1 * rand_unit(r) - 0.05),
            low + side * (1.1 * rand_unit(r) - 0.05) });
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < layers[k]->n; i++)
            assert_agrees_on_edges(at, layers, n, geo_index_shape(layers[k]->ix, i), r);
    end(at, layers, n);
}

static void patchworks_over_one_another(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct rand r = rand_seeded(seed);
        struct layer *layers[3] = { layer_new(), layer_new(), layer_new() };
        add_patchwork(layers[0], &r, 7, 30, 1);
        add_patchwork(layers[1], &r, 20, 30, 1);
        add_patchwork(layers[2], &r, 45, 30, 1);
        assert_agrees_everywhere(layers, 3, 30, 1, &r);
    }
}

/* Two layers with the same borders, as micro-grids and grids have; level and upright edges. */
static void borders_shared_by_layers(void **state)
{
    (void)state;
    struct rand r = rand_seeded(5), same = rand_seeded(9), again = rand_seeded(9);
    struct layer *layers[3] = { layer_new(), layer_new(), layer_new() };
    add_patchwork(layers[0], &same, 12, 31, 0.5);
    add_patchwork(layers[1], &again, 12, 31, 0.5);
    for (int i = 0; i < 100; i++) {
        double x = 31 + i % 10 * 0.05, y = 31 + i / 10 * 0.05;
        struct geo_point at[5] = { { x, y }, { x + 0.05, y }, { x + 0.05, y + 0.05 },
            { x, y + 0.05 }, { x, y } };
        add_ring(layers[2], at, 5);
    }
    assert_agrees_everywhere(layers, 3, 31, 0.5, &r);
}

static void overlaps_gaps_and_crossings(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct rand r = rand_seeded(seed);
        struct layer *layers[2] = { layer_new(), layer_new() };
        add_stars(layers[0], &r, 60, 10, 1);
        add_patchwork(layers[0], &r, 5, 10.2, 0.5);
        add_patchwork(layers[1], &r, 6, 10.1, 0.6);
        add_stars(layers[1], &r, 30, 10, 1);
        assert_agrees_everywhere(layers, 2, 10, 1, &r);
    }
}

static void holes_islands_and_parts(void **state)
{
    (void)state;
    struct rand r = rand_seeded(6);
    struct layer *layers[2] = { layer_new(), layer_new() };
    add_wkt(layers[0], "POLYGON((0 0,9 0,9 9,0 9,0 0),(2 2,2 7,7 7,7 2,2 2))");
    add_wkt(layers[0], "POLYGON((2 2,7 2,7 7,2 7,2 2),(3 3,3 5,5 5,5 3,3 3))");
    add_wkt(layers[0], "MULTIPOLYGON(((3 3,4 3,4 4,3 3)),((9 0,10 0,10 9,9 9,9 0)))");
    add_wkt(layers[1], "MULTIPOLYGON(((0 0,5 5,0 9,0 0)),((5 5,9 0,9 9,5 5)))");
    assert_agrees_everywhere(layers, 2, 0, 10, &r);
}

/* More areas meet in a point than a cell has room for; a sliver as thin as doubles allow. */
static void what_is_too_much_for_a_cell(void **state)
{
    (void)state;
    struct rand r = rand_seeded(7);
    struct layer *layers[2] = { layer_new(), layer_new() };
    for (int i = 0; i < 90; i++) {
        double a = i * 0.0698131700797731, b = i == 89 ? 0 : (i + 1) * 0.0698131700797731;
        struct geo_point at[4] = { { 0.5, 0.5 }, { 0.5 + cos(a) / 2, 0.5 + sin(a) / 2 },
            { 0.5 + cos(b) / 2, 0.5 + sin(b) / 2 }, { 0.5, 0.5 } };
        add_ring(layers[0], at, 4);
    }
    for (int i = 0; i < 80; i++) {
        struct geo_point at[5] = { { 0.1, 0.1 }, { 0.9, 0.1 }, { 0.9, 0.9 }, { 0.1, 0.9 },
            { 0.1, 0.1 } };
        add_ring(layers[1], at, 5);
    }
    double thin = nextafter(0.3, 1);
    struct geo_point sliver[5] = { { 0.0, 0.3 }, { 1.0, 0.3 }, { 1.0, thin }, { 0.0, thin },
        { 0.0, 0.3 } };
    add_ring(layers[1], sliver, 5);
    assert_agrees_everywhere(layers, 2, 0, 1, &r);
}

static void nothing_and_almost_nothing(void **state)
{
    (void)state;
    int32_t got[2] = { 7, 7 };
    struct layer *layers[2] = { layer_new(), layer_new() };
    struct geo_atlas *at = atlas_of(layers, 2);
    geo_atlas_find(at, (struct geo_point){ 0, 0 }, got);
    assert_true(got[0] == -1 && got[1] == -1);
    end(at, layers, 2);
    add_wkt(layers[1], "POLYGON((1 1,2 1,2 2,1 1))");
    at = atlas_of(layers, 2);
    geo_atlas_find(at, (struct geo_point){ 1.9, 1.1 }, got);
    assert_true(got[0] == -1 && got[1] == 0);
    geo_atlas_find(at, (struct geo_point){ (double)NAN, 1.1 }, got);
    assert_true(got[0] == -1 && got[1] == -1);
    geo_atlas_find(at, (struct geo_point){ 1.1, 1.9 }, got);
    assert_int_equal(got[1], -1);
    end(at, layers, 2);
    geo_atlas_free(NULL);
}

/* GEOS, which decides exactly, is of the same opinion about random points. */
static void geos_agrees(void **state)
{
    (void)state;
    struct rand r = rand_seeded(11);
    struct layer *layers[2] = { layer_new(), layer_new() };
    add_patchwork(layers[0], &r, 9, 60, 1);
    add_patchwork(layers[1], &r, 30, 60, 1);
    struct geo_atlas *at = atlas_of(layers, 2);
    GEOSContextHandle_t geos = GEOS_init_r();
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSGeometry *area[2][900];
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < layers[k]->n; i++)
            area[k][i] = GEOSWKBReader_read_r(geos, reader,
                (const unsigned char *)layers[k]->items[i].wkb.p, layers[k]->items[i].wkb.n);
    for (int i = 0; i < 3000; i++) {
        struct geo_point p = { 60 + rand_unit(&r), 60 + rand_unit(&r) };
        int32_t got[2];
        geo_atlas_find(at, p, got);
        GEOSGeometry *point = GEOSGeom_createPointFromXY_r(geos, p.lon, p.lat);
        for (size_t k = 0; k < 2; k++)
            for (size_t j = 0; j < layers[k]->n; j++)
                assert_int_equal(GEOSContains_r(geos, area[k][j], point), got[k] == (int32_t)j);
        GEOSGeom_destroy_r(geos, point);
    }
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < layers[k]->n; i++)
            GEOSGeom_destroy_r(geos, area[k][i]);
    GEOSWKBReader_destroy_r(geos, reader);
    GEOS_finish_r(geos);
    end(at, layers, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patchworks_over_one_another),
        cmocka_unit_test(borders_shared_by_layers),
        cmocka_unit_test(overlaps_gaps_and_crossings),
        cmocka_unit_test(holes_islands_and_parts),
        cmocka_unit_test(what_is_too_much_for_a_cell),
        cmocka_unit_test(nothing_and_almost_nothing),
        cmocka_unit_test(geos_agrees),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
