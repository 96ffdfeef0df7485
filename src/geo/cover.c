/* cover.c: intersections of neighbours, and what is left of a whole. */
#include "geo/cover.h"
#include "geo/geos.h"
#include <stdlib.h>

struct work { GEOSContextHandle_t geos; struct arena scratch; struct arena *a; struct buf found; };

static struct work work_begin(struct arena *a)
{
    struct work w = { .geos = GEOS_init_r(), .a = a };
    arena_init(&w.scratch, (size_t)1 << 30);
    return w;
}

static void work_end(struct work *w)
{
    GEOS_finish_r(w->geos);
    arena_free(&w->scratch);
}

static double border_m(const struct shape *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->ring_count; i++)
        for (size_t k = 1; k < s->rings[i].n; k++)
            sum += geo_distance_m(s->at[s->rings[i].first + k - 1], s->at[s->rings[i].first + k]);
    return sum;
}

static void flaw_add(struct work *w, const GEOSGeometry *g, size_t a, size_t b)
{
    struct flaw f = { .a = a, .b = b };
    if (g && geos_to_shape(w->geos, g, &w->scratch, &w->scratch, &f.shape) == OK)
        f.m2 = shape_area_m2(&f.shape);
    if (f.m2 >= cover_least_m2 && geos_to_shape(w->geos, g, &w->scratch, w->a, &f.shape) == OK) {
        f.width_m = 2 * f.m2 / border_m(&f.shape);
        buf_add(&w->found, (struct str){ (const char *)&f, sizeof(f) });
    }
}

static struct flaws flaws_of(struct work *w, struct arena *a)
{
    struct flaws f = { NEW_N(a, struct flaw, w->found.n / sizeof(*f.at) + 1),
        w->found.n / sizeof(*f.at) };
    if (f.n)
        memcpy(f.at, w->found.p, w->found.n);
    return f;
}

/* Overlaps --------------------------------------------------------------------------------- */

struct spot { size_t i; double west; };

static int spot_order(const void *x, const void *y)
{
    const struct spot *p = x, *q = y;
    if (p->west != q->west)
        return p->west < q->west ? -1 : 1;
    return (p->i > q->i) - (p->i < q->i);
}

static int flaw_order(const void *x, const void *y)
{
    const struct flaw *p = x, *q = y;
    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    return (p->b > q->b) - (p->b < q->b);
}

static void pair_look(struct work *w, GEOSGeometry **geoms, const struct shape *const *areas,
    size_t i, size_t j)
{
    size_t a = i < j ? i : j, b = i < j ? j : i;
    if (geoms[a] == NULL)
        geoms[a] = geos_of_shape(w->geos, areas[a]);
    if (geoms[b] == NULL)
        geoms[b] = geos_of_shape(w->geos, areas[b]);
    GEOSGeometry *both = geoms[a] && geoms[b]
        ? GEOSIntersection_r(w->geos, geoms[a], geoms[b]) : NULL;
    flaw_add(w, both, a, b);
    if (both)
        GEOSGeom_destroy_r(w->geos, both);
    arena_reset(&w->scratch);
}

/* Pairs that are looked at: several times what a map of n areas has. */
static size_t pairs_most(size_t n)
{
    enum { PAIRS_EACH = 12, PAIRS_FEW = 4096, PAIRS_MAX = 4000000 };
    size_t most = n * PAIRS_EACH + PAIRS_FEW;
    return most < PAIRS_MAX ? most : PAIRS_MAX;
}

bool cover_overlaps(struct arena *a, const struct shape *const *areas, const bool *is_new,
    size_t n, struct flaws *ret)
{
    size_t left = pairs_most(n);
    struct work w CLEANUP(work_end) = work_begin(a);
    struct arena lists;
    arena_init(&lists, (size_t)1 << 30);
    struct spot *order = NEW_N(&lists, struct spot, n + 1);
    GEOSGeometry **geoms = NEW_N(&lists, GEOSGeometry *, n + 1);
    w.found = buf_in(&lists, (size_t)1 << 29);
    for (size_t i = 0; i < n; i++)
        order[i] = (struct spot){ i, areas[i]->box.lon_min };
    qsort(order, n, sizeof(*order), spot_order);
    for (size_t k = 0; k < n && left; k++) {
        size_t i = order[k].i;
        for (size_t l = k + 1; l < n && left && order[l].west < areas[i]->box.lon_max; l++) {
            size_t j = order[l].i;
            if (!(is_new[i] || is_new[j]) || !geo_box_meets(areas[i]->box, areas[j]->box))
                continue;
            pair_look(&w, geoms, areas, i, j);
            left--;
        }
    }
    for (size_t i = 0; i < n; i++)
        if (geoms[i])
            GEOSGeom_destroy_r(w.geos, geoms[i]);
    *ret = flaws_of(&w, a);
    qsort(ret->at, ret->n, sizeof(*ret->at), flaw_order);
    arena_free(&lists);
    return left > 0;
}

/* Gaps ------------------------------------------------------------------------------------- */

static GEOSGeometry *union_of(struct work *w, const struct shape *const *areas, size_t n)
{
    GEOSGeometry **parts = NEW_N(&w->scratch, GEOSGeometry *, n + 1);
    size_t many = 0;
    for (size_t i = 0; i < n; i++) {
        GEOSGeometry *g = geos_of_shape(w->geos, areas[i]);
        if (g)
            parts[many++] = g;
    }
    GEOSGeometry *all = GEOSGeom_createCollection_r(w->geos, GEOS_GEOMETRYCOLLECTION, parts,
        (unsigned)many);
    GEOSGeometry *one = all ? GEOSUnaryUnion_r(w->geos, all) : NULL;
    if (all)
        GEOSGeom_destroy_r(w->geos, all);
    return one;
}

static int larger_first(const void *x, const void *y)
{
    const struct flaw *p = x, *q = y;
    return (p->m2 < q->m2) - (p->m2 > q->m2);
}

void cover_gaps(struct arena *a, const struct shape *whole, const struct shape *const *areas,
    size_t n, struct flaws *ret)
{
    struct work w CLEANUP(work_end) = work_begin(a);
    struct arena lists;
    arena_init(&lists, (size_t)1 << 30);
    w.found = buf_in(&lists, (size_t)1 << 29);
    GEOSGeometry *g = geos_of_shape(w.geos, whole), *covered = union_of(&w, areas, n);
    GEOSGeometry *left = g && covered ? GEOSDifference_r(w.geos, g, covered) : NULL;
    for (int i = 0; left && i < GEOSGetNumGeometries_r(w.geos, left); i++) {
        flaw_add(&w, GEOSGetGeometryN_r(w.geos, left, i), COVER_NONE, COVER_NONE);
        arena_reset(&w.scratch);
    }
    GEOSGeometry *done[] = { g, covered, left };
    for (size_t i = 0; i < COUNT_OF(done); i++)
        if (done[i])
            GEOSGeom_destroy_r(w.geos, done[i]);
    *ret = flaws_of(&w, a);
    qsort(ret->at, ret->n, sizeof(*ret->at), larger_first);
    arena_free(&lists);
}

double cover_share(const struct shape *s, const struct shape *whole)
{
    struct arena a;
    double all = shape_area_m2(s);
    if (!geo_box_meets(s->box, whole->box) || all <= 0)
        return 0;
    arena_init(&a, (size_t)1 << 30);
    struct work w = work_begin(&a);
    struct shape common;
    GEOSGeometry *g = geos_of_shape(w.geos, s), *h = geos_of_shape(w.geos, whole);
    GEOSGeometry *both = g && h ? GEOSIntersection_r(w.geos, g, h) : NULL;
    double m2 = both && geos_to_shape(w.geos, both, &w.scratch, &a, &common) == OK
        ? shape_area_m2(&common) : 0;
    GEOSGeometry *done[] = { g, h, both };
    for (size_t i = 0; i < COUNT_OF(done); i++)
        if (done[i])
            GEOSGeom_destroy_r(w.geos, done[i]);
    work_end(&w);
    arena_free(&a);
    return m2 / all > 1 ? 1 : m2 / all;
}
