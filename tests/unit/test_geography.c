/* The demo city: complete, without gaps, the same for the same seed. */
#define GEOS_USE_ONLY_R_API
#include "demo/geography.c"
#include "geo/atlas.h"
#include "geo/overlay.h"
#include <geos_c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct arena arena;
static struct geography city;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, DEMO_ARENA_BYTES);
    demo_geography(&arena, 1, &city);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static size_t level_count(int level)
{
    size_t n = 0;
    for (size_t i = 0; i < city.division_count; i++)
        n += city.divisions[i].level == level;
    return n;
}

static const struct demo_division *division_of(struct str prefix)
{
    for (size_t i = 0; i < city.division_count; i++) {
        struct str code = city.divisions[i].code12;
        if (str_starts(code, prefix) && (prefix.n == 12 || code.p[prefix.n] == '0'))
            return &city.divisions[i];
    }
    return NULL;
}

static double area_m2(struct str wkb)
{
    struct arena a;
    struct shape s;
    arena_init(&a, 1 << 24);
    assert_int_equal(shape_load(&a, wkb, &s), OK);
    double m2 = shape_area_m2(&s);
    arena_free(&a);
    return m2;
}

static void counts_are_those_of_the_city(void **state)
{
    (void)state;
    assert_int_equal(level_count(LEVEL_CITY), 1);
    assert_int_equal(level_count(LEVEL_DISTRICT), 10);
    assert_int_equal(level_count(LEVEL_TOWNSHIP), 118);
    assert_int_equal(level_count(LEVEL_COMMUNITY), 2248);
    assert_int_equal(city.grid_count, 12278);
    assert_int_equal(city.police_count, 2187);
}

static void names_read_well(void **state)
{
    (void)state;
    size_t dedicated = 0, kinds[DEMO_GRID_KINDS] = { 0 };
    const struct demo_division *lake = division_of(STR("320581006001"));
    assert_true(str_is(lake->short_name, "湖畔社区"));
    assert_true(str_is(division_of(STR("320505003"))->short_name, "枫桥"));
    assert_true(str_is(division_of(STR("320505407"))->short_name, "科技城"));
    for (size_t i = 0; i < city.division_count; i++) {
        struct str name = city.divisions[i].name;
        assert_true(str_is_text(name) && str_find(name, STR("\r")) < 0);
    }
    for (size_t i = 0; i < city.grid_count; i++) {
        const struct demo_grid *g = &city.grids[i];
        assert_true(str_is_text(g->name_zh) && str_is_text(g->name_en));
        dedicated += g->kind != DEMO_GRID_BASE;
        kinds[g->kind]++;
        assert_true((g->kind != DEMO_GRID_BASE) == (g->code15.p[12] == '9'));
        if (str_is(g->code15, "320581006001003")) {
            assert_true(str_is(g->name_zh, "湖畔社区第3网格"));
            assert_true(str_is(g->name_en, "Grid 3, 湖畔社区"));
        }
    }
    assert_in_range(dedicated, 300, 1500);
    for (int k = 0; k < DEMO_GRID_KINDS; k++)
        assert_true(kinds[k] > 20);
}

static void codes_are_unique_and_tell_the_parent(void **state)
{
    (void)state;
    for (size_t i = 0; i < city.grid_count; i++) {
        const struct demo_grid *g = &city.grids[i];
        assert_int_equal(g->code15.n, 15);
        assert_true(str_starts(g->code15, g->community12));
        assert_true(i == 0 || str_cmp(city.grids[i - 1].code15, g->code15) < 0);
    }
    for (size_t i = 0; i < city.police_count; i++) {
        const struct demo_police_grid *p = &city.police[i];
        assert_true(p->code12.n == 12 && p->station12.n == 12 && p->township9.n == 9);
        assert_memory_equal(p->code12.p, p->station12.p, 8);
        assert_memory_equal(p->code12.p, p->township9.p, 6);
        assert_true(i == 0 || str_cmp(city.police[i - 1].code12, p->code12) < 0);
    }
}

static void every_community_has_grids_enough(void **state)
{
    (void)state;
    size_t few = 0, n = 1;
    for (size_t i = 1; i <= city.grid_count; i++, n++) {
        if (i < city.grid_count && str_eq(city.grids[i].community12, city.grids[i - 1].community12))
            continue;
        assert_in_range(n, 1, 12);
        few += n < 5;
        n = 0;
    }
    assert_true(few < 12);
}

static GEOSGeometry *geos_read(GEOSContextHandle_t geos, struct str wkb)
{
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSGeometry *g = GEOSWKBReader_read_r(geos, reader, (const unsigned char *)wkb.p, wkb.n);
    GEOSWKBReader_destroy_r(geos, reader);
    assert_non_null(g);
    assert_int_equal(GEOSisValid_r(geos, g), 1);
    return g;
}

static bool geos_inside(GEOSContextHandle_t geos, struct str inner, struct str outer)
{
    GEOSGeometry *a = geos_read(geos, inner), *b = geos_read(geos, outer);
    bool in = GEOSCoveredBy_r(geos, a, b) == 1;
    GEOSGeom_destroy_r(geos, a);
    GEOSGeom_destroy_r(geos, b);
    return in;
}

static void everything_is_valid_and_inside_its_parent(void **state)
{
    (void)state;
    GEOSContextHandle_t geos = GEOS_init_r();
    for (size_t i = 1; i < city.division_count; i++) {
        const struct demo_division *d = &city.divisions[i], *parent = division_of(d->parent12);
        assert_non_null(parent);
        assert_true(geos_inside(geos, d->wkb, parent->wkb));
    }
    for (size_t i = 0; i < city.grid_count; i++) {
        const struct demo_grid *g = &city.grids[i];
        assert_true(geos_inside(geos, g->wkb, division_of(g->community12)->wkb));
    }
    for (size_t i = 0; i < city.police_count; i++) {
        const struct demo_police_grid *p = &city.police[i];
        assert_true(geos_inside(geos, p->wkb, division_of(p->township9)->wkb));
    }
    GEOS_finish_r(geos);
}

static void areas_add_up(void **state)
{
    (void)state;
    double *sum = NEW_N(&arena, double, city.division_count), police = 0;
    for (size_t i = 0; i < city.grid_count; i++)
        sum[division_of(city.grids[i].community12) - city.divisions] += area_m2(city.grids[i].wkb);
    for (size_t i = city.division_count; i-- > 0;) {
        const struct demo_division *d = &city.divisions[i];
        double m2 = area_m2(d->wkb);
        assert_true(fabs(sum[i] / m2 - 1) < 1e-6);
        if (i > 0)
            sum[division_of(d->parent12) - city.divisions] += m2;
    }
    for (size_t i = 0; i < city.police_count; i++)
        police += area_m2(city.police[i].wkb);
    assert_true(fabs(police / sum[0] - 1) < 1e-6);
    assert_true(sum[0] > 8600e6 && sum[0] < 8700e6);
}

static struct geo_index *grid_index(void)
{
    struct geo_index *ix;
    struct geo_item *items = NEW_N(&arena, struct geo_item, city.grid_count);
    for (size_t i = 0; i < city.grid_count; i++)
        items[i] = (struct geo_item){ (int64_t)i, city.grids[i].wkb };
    assert_int_equal(geo_index_build(items, city.grid_count, &ix, NULL), OK);
    return ix;
}

static struct geo_index *police_index(void)
{
    struct geo_index *ix;
    struct geo_item *items = NEW_N(&arena, struct geo_item, city.police_count);
    for (size_t i = 0; i < city.police_count; i++)
        items[i] = (struct geo_item){ (int64_t)i, city.police[i].wkb };
    assert_int_equal(geo_index_build(items, city.police_count, &ix, NULL), OK);
    return ix;
}

static size_t holders(const struct geo_index *ix, struct geo_point p)
{
    size_t n = 0;
    for (size_t i = 0; i < geo_index_count(ix); i++)
        n += shape_holds(geo_index_shape(ix, i), p);
    return n;
}

static void every_point_is_in_one_grid_of_each_layer(void **state)
{
    (void)state;
    struct geo_index *grids = grid_index(), *police = police_index();
    struct rand r = rand_seeded(8);
    struct shape whole;
    size_t inside = 0;
    assert_int_equal(shape_load(&arena, city.divisions[0].wkb, &whole), OK);
    for (int i = 0; i < 6000; i++) {
        struct geo_point p = { 119.9 + 1.5 * rand_unit(&r), 30.7 + 1.4 * rand_unit(&r) };
        size_t want = shape_holds(&whole, p);
        inside += want;
        assert_int_equal(holders(grids, p), want);
        assert_int_equal(holders(police, p), want);
        assert_int_equal(geo_index_find(grids, p) >= 0, want);
    }
    assert_true(inside > 2000);
    for (size_t i = 0; i < city.grid_count; i++)
        assert_int_equal(geo_index_find(grids, city.grids[i].centre), i);
    for (size_t i = 0; i < city.police_count; i++)
        assert_int_equal(geo_index_find(police, city.police[i].centre), i);
    geo_index_free(grids);
    geo_index_free(police);
}

/* Neither the same areas nor unrelated: most grids lie in one or two police grids. */
static void the_two_layers_cross(void **state)
{
    (void)state;
    struct geo_index *grids = grid_index(), *police = police_index();
    struct overlay o;
    size_t split = 0;
    overlay_make(&arena, grids, police, &o);
    assert_in_range(o.n, city.grid_count, 4 * city.grid_count);
    for (size_t i = 1; i < o.n; i++)
        split += o.links[i].a == o.links[i - 1].a && o.links[i].share_a > 0.05;
    assert_true(split > city.grid_count / 10);
    for (size_t i = 0; i < city.grid_count; i++)
        assert_true(o.of_a[i].lost_m2 == 0 && o.of_a[i].doubled_m2 == 0);
    for (size_t i = 0; i < city.police_count; i++)
        assert_true(o.of_b[i].lost_m2 == 0 && o.of_b[i].doubled_m2 == 0);
    geo_index_free(grids);
    geo_index_free(police);
}

/* One to five in a grid, which they fill without overlap; numbered within it. */
static void micro_grids_fill_their_grids(void **state)
{
    (void)state;
    double *sum = NEW_N(&arena, double, city.grid_count);
    size_t *count = NEW_N(&arena, size_t, city.grid_count), at = 0, few = 0;
    assert_in_range(city.micro_count, 38000, 46000);
    for (size_t i = 0; i < city.micro_count; i++) {
        const struct demo_micro *m = &city.micros[i];
        assert_true(i == 0 || str_cmp(city.micros[i - 1].code17, m->code17) < 0);
        assert_true(m->code17.n == 17 && str_starts(m->code17, m->grid15));
        while (!str_eq(city.grids[at].code15, m->grid15))
            assert_true(++at < city.grid_count);
        sum[at] += area_m2(m->wkb);
        count[at]++;
        assert_int_equal((m->code17.p[15] - '0') * 10 + m->code17.p[16] - '0', count[at]);
    }
    for (size_t i = 0; i < city.grid_count; i++) {
        assert_true(fabs(sum[i] / area_m2(city.grids[i].wkb) - 1) < 1e-9);
        assert_in_range(count[i], 1, 5);
        few += count[i] < 2;
    }
    assert_true(few < 250); /* grids of a single cell */
}

static struct geo_index *micro_index(void)
{
    struct geo_index *ix;
    struct geo_item *items = NEW_N(&arena, struct geo_item, city.micro_count);
    for (size_t i = 0; i < city.micro_count; i++)
        items[i] = (struct geo_item){ (int64_t)i, city.micros[i].wkb };
    assert_int_equal(geo_index_build(items, city.micro_count, &ix, NULL), OK);
    return ix;
}

static void assert_same_answers(const struct geo_atlas *at, const struct geo_index *const *ix,
    struct geo_point p)
{
    int32_t got[3];
    geo_atlas_find(at, p, got);
    for (size_t k = 0; k < 3; k++)
        assert_int_equal(got[k], geo_index_find(ix[k], p));
    if (got[2] >= 0)
        assert_true(str_eq(city.micros[got[2]].grid15, city.grids[got[1]].code15));
}

static void the_atlas_of_the_city_knows_every_border(void **state)
{
    (void)state;
    struct geo_index *grids = grid_index(), *police = police_index(), *micros = micro_index();
    const struct geo_index *ix[3] = { police, grids, micros };
    struct geo_atlas *at = geo_atlas_build(ix, 3);
    struct rand r = rand_seeded(12);
    for (int i = 0; i < 30000; i++)
        assert_same_answers(at, ix, (struct geo_point){ 119.9 + 1.5 * rand_unit(&r),
            30.7 + 1.4 * rand_unit(&r) });
    for (size_t i = 0; i < city.police_count; i += 3) {
        const struct shape *s = geo_index_shape(police, i);
        for (size_t k = 1; k < s->point_count; k++) {
            struct geo_point a = s->at[k - 1], b = s->at[k];
            assert_same_answers(at, ix, a);
            assert_same_answers(at, ix, (struct geo_point){ (a.lon + b.lon) / 2,
                (a.lat + b.lat) / 2 });
        }
    }
    geo_atlas_free(at);
    geo_index_free(grids);
    geo_index_free(police);
    geo_index_free(micros);
}

static uint64_t digest_add(uint64_t h, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001B3);
    return (h ^ s.n) * UINT64_C(0x100000001B3);
}

static uint64_t digest(const struct geography *g)
{
    uint64_t h = 0;
    for (size_t i = 0; i < g->division_count; i++)
        h = digest_add(digest_add(h, g->divisions[i].code12), g->divisions[i].wkb);
    for (size_t i = 0; i < g->grid_count; i++)
        h = digest_add(digest_add(digest_add(h, g->grids[i].code15), g->grids[i].name_zh),
            g->grids[i].wkb);
    for (size_t i = 0; i < g->micro_count; i++)
        h = digest_add(digest_add(h, g->micros[i].code17), g->micros[i].wkb);
    for (size_t i = 0; i < g->police_count; i++)
        h = digest_add(digest_add(h, g->police[i].code12), g->police[i].wkb);
    return h;
}

static void a_seed_gives_one_city(void **state)
{
    (void)state;
    struct arena a;
    struct geography same, other;
    arena_init(&a, DEMO_ARENA_BYTES);
    demo_geography(&a, 1, &same);
    assert_true(digest(&same) == digest(&city));
    demo_geography(&a, 20260401, &other);
    assert_true(digest(&other) != digest(&city));
    assert_int_equal(other.grid_count, DEMO_GRID_COUNT);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_the_city),
        cmocka_unit_test(names_read_well),
        cmocka_unit_test(codes_are_unique_and_tell_the_parent),
        cmocka_unit_test(every_community_has_grids_enough),
        cmocka_unit_test(everything_is_valid_and_inside_its_parent),
        cmocka_unit_test(areas_add_up),
        cmocka_unit_test(every_point_is_in_one_grid_of_each_layer),
        cmocka_unit_test(the_two_layers_cross),
        cmocka_unit_test(micro_grids_fill_their_grids),
        cmocka_unit_test(the_atlas_of_the_city_knows_every_border),
        cmocka_unit_test(a_seed_gives_one_city),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
