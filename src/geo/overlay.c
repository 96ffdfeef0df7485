/* overlay.c: intersections of two layers. */
#define GEOS_USE_ONLY_R_API
#include "geo/overlay.h"
#include <geos_c.h>
#include <stdlib.h>

struct cutter {
    GEOSContextHandle_t geos;
    size_t n;
    GEOSGeometry **b;           /* made when first needed */
    double *b_area;             /* square degrees */
};

static void cutter_end(struct cutter *l)
{
    for (size_t i = 0; i < l->n; i++) {
        if (l->b[i])
            GEOSGeom_destroy_r(l->geos, l->b[i]);
    }
    heap_free(l->b);
    heap_free(l->b_area);
    GEOS_finish_r(l->geos);
}

static GEOSGeometry *geom_of(GEOSContextHandle_t geos, const struct shape *s, double *ret_area)
{
    struct arena a;
    arena_init(&a, 2 * SHAPE_BYTES_MAX);
    struct str wkb = shape_wkb(&a, s);
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSGeometry *g = GEOSWKBReader_read_r(geos, reader, (const unsigned char *)wkb.p, wkb.n);
    GEOSWKBReader_destroy_r(geos, reader);
    arena_free(&a);
    CHECK(g && GEOSArea_r(geos, g, ret_area) == 1);
    return g;
}

static int link_order(const void *x, const void *y)
{
    const struct overlay_link *p = x, *q = y;
    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    if (p->share_a != q->share_a)
        return p->share_a > q->share_a ? -1 : 1;
    return (p->b > q->b) - (p->b < q->b);
}

/* Square degrees of the overlap, or -1 when GEOS cannot tell. */
static double overlap(struct cutter *l, const GEOSGeometry *ga, size_t b)
{
    GEOSGeometry *both = GEOSIntersection_r(l->geos, ga, l->b[b]);
    double area = -1;
    if (both && GEOSArea_r(l->geos, both, &area) != 1)
        area = -1;
    if (both)
        GEOSGeom_destroy_r(l->geos, both);
    return area;
}

struct search { struct buf out; size_t *found; double share_min; };

static enum err links_of_item(struct cutter *l, const struct geo_index *a,
    const struct geo_index *b, size_t i, struct search *s)
{
    double area_a, shared;
    size_t n = geo_index_in_box(b, geo_index_shape(a, i)->box, s->found, l->n);
    GEOSGeometry *ga = geom_of(l->geos, geo_index_shape(a, i), &area_a);
    enum err e = OK;
    for (size_t k = 0; k < n && e == OK; k++) {
        size_t j = s->found[k];
        if (l->b[j] == NULL)
            l->b[j] = geom_of(l->geos, geo_index_shape(b, j), &l->b_area[j]);
        shared = overlap(l, ga, j);
        e = shared < 0 ? E_INPUT : OK;
        struct overlay_link link = { (uint32_t)i, (uint32_t)j, shared / area_a,
            shared / l->b_area[j] };
        if (shared > 0 && (link.share_a >= s->share_min || link.share_b >= s->share_min))
            buf_add(&s->out, (struct str){ (const char *)&link, sizeof(link) });
    }
    GEOSGeom_destroy_r(l->geos, ga);
    return e;
}

enum err overlay_links(struct arena *arena, const struct geo_index *a, const struct geo_index *b,
    double share_min, struct overlay_link **ret, size_t *ret_n)
{
    size_t n = geo_index_count(b);
    struct cutter l CLEANUP(cutter_end) = { .geos = GEOS_init_r(), .n = n,
        .b = heap_alloc((n + 1) * sizeof(*l.b)), .b_area = heap_alloc((n + 1) * sizeof(double)) };
    struct search s = { .out = buf_in(arena, arena->max_bytes), .share_min = share_min,
        .found = NEW_N(arena, size_t, n + 1) };
    for (size_t i = 0; i < geo_index_count(a); i++)
        TRY(links_of_item(&l, a, b, i, &s));
    *ret_n = s.out.n / sizeof(**ret);
    *ret = NEW_N(arena, struct overlay_link, *ret_n + 1);
    if (s.out.n)
        memcpy(*ret, s.out.p, s.out.n);
    qsort(*ret, *ret_n, sizeof(**ret), link_order);
    return OK;
}
