/* overlay.c: intersections of two layers. */
#define GEOS_USE_ONLY_R_API
#include "geo/overlay.h"
#include <geos_c.h>
#include <math.h>
#include <stdlib.h>

/* An item as GEOS has it, made when first needed, and the pieces the other layer cuts it into. */
struct whole {
    GEOSGeometry *geom;
    const GEOSPreparedGeometry *prepared;
    double m2, pieces_m2;
    GEOSGeometry **pieces;
    unsigned n, room;
};

struct cutter {
    GEOSContextHandle_t geos;
    const struct geo_index *ix[2];
    struct whole *wholes[2];
    GEOSGeometry **pieces;      /* all of them, for freeing: the lists above only borrow */
    size_t piece_count, piece_room;
    struct buf links;
    size_t *found;
};

static void whole_end(struct cutter *c, struct whole *w)
{
    if (w->prepared)
        GEOSPreparedGeom_destroy_r(c->geos, w->prepared);
    if (w->geom)
        GEOSGeom_destroy_r(c->geos, w->geom);
    free(w->pieces);
}

static void cutter_end(struct cutter *c)
{
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < geo_index_count(c->ix[k]); i++)
            whole_end(c, &c->wholes[k][i]);
        heap_free(c->wholes[k]);
    }
    for (size_t i = 0; i < c->piece_count; i++)
        GEOSGeom_destroy_r(c->geos, c->pieces[i]);
    free(c->pieces);
    GEOS_finish_r(c->geos);
}

static GEOSGeometry *geom_of(GEOSContextHandle_t geos, const struct shape *s)
{
    struct arena a;
    arena_init(&a, 2 * SHAPE_BYTES_MAX);
    struct str wkb = shape_wkb(&a, s);
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSGeometry *g = GEOSWKBReader_read_r(geos, reader, (const unsigned char *)wkb.p, wkb.n);
    GEOSWKBReader_destroy_r(geos, reader);
    arena_free(&a);
    CHECK(g != NULL);
    return g;
}

static double ring_m2(GEOSContextHandle_t geos, const GEOSGeometry *ring)
{
    unsigned n = 0;
    const GEOSCoordSequence *seq = GEOSGeom_getCoordSeq_r(geos, ring);
    CHECK(seq && GEOSCoordSeq_getSize_r(geos, seq, &n));
    struct geo_point *at = heap_alloc((n + 1) * sizeof(*at));
    CHECK(GEOSCoordSeq_copyToBuffer_r(geos, seq, (double *)at, 0, 0));
    double m2 = n ? ring_area_m2(at, n) : 0;
    heap_free(at);
    return m2;
}

/* Of the polygons in a geometry; lines and points have none. */
static double geom_m2(GEOSContextHandle_t geos, const GEOSGeometry *g)
{
    double m2 = 0;
    for (int i = 0; i < GEOSGetNumGeometries_r(geos, g); i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(geos, g, i);
        if (GEOSGeomTypeId_r(geos, part) != GEOS_POLYGON || GEOSisEmpty_r(geos, part))
            continue;
        m2 += ring_m2(geos, GEOSGetExteriorRing_r(geos, part));
        for (int k = 0; k < GEOSGetNumInteriorRings_r(geos, part); k++)
            m2 -= ring_m2(geos, GEOSGetInteriorRingN_r(geos, part, k));
    }
    return m2;
}

static struct whole *whole_at(struct cutter *c, size_t layer, size_t i)
{
    struct whole *w = &c->wholes[layer][i];
    if (w->geom == NULL) {
        w->geom = geom_of(c->geos, geo_index_shape(c->ix[layer], i));
        w->prepared = GEOSPrepare_r(c->geos, w->geom);
        w->m2 = shape_area_m2(geo_index_shape(c->ix[layer], i));
        CHECK(w->prepared != NULL);
    }
    return w;
}

static void whole_add(struct whole *w, GEOSGeometry *piece, double m2)
{
    if (w->n == w->room) {
        w->room = w->room ? 2 * w->room : 4;
        w->pieces = realloc(w->pieces, w->room * sizeof(GEOSGeometry *));
        CHECK(w->pieces != NULL);
    }
    w->pieces[w->n++] = piece;
    w->pieces_m2 += m2;
}

static void piece_keep(struct cutter *c, GEOSGeometry *piece)
{
    if (c->piece_count == c->piece_room) {
        c->piece_room = c->piece_room ? 2 * c->piece_room : 1024;
        c->pieces = realloc(c->pieces, c->piece_room * sizeof(GEOSGeometry *));
        CHECK(c->pieces != NULL);
    }
    c->pieces[c->piece_count++] = piece;
}

/* What both have in common, or NULL when GEOS cannot tell: it throws for broken outlines. */
static GEOSGeometry *cut(struct cutter *c, const struct whole *a, const struct whole *b)
{
    if (GEOSPreparedCovers_r(c->geos, b->prepared, a->geom) == 1)
        return GEOSGeom_clone_r(c->geos, a->geom);
    if (GEOSPreparedIntersects_r(c->geos, b->prepared, a->geom) == 0)
        return GEOSGeom_createEmptyPolygon_r(c->geos);
    return GEOSIntersection_r(c->geos, a->geom, b->geom);
}

static enum err link_pair(struct cutter *c, size_t i, size_t j)
{
    struct whole *a = whole_at(c, 0, i), *b = whole_at(c, 1, j);
    GEOSGeometry *piece = cut(c, a, b);
    if (piece == NULL)
        return E_INPUT;
    double m2 = geom_m2(c->geos, piece);
    if (m2 <= 0) {
        GEOSGeom_destroy_r(c->geos, piece);
        return OK;
    }
    piece_keep(c, piece);
    whole_add(a, piece, m2);
    whole_add(b, piece, m2);
    struct overlay_link link = { (uint32_t)i, (uint32_t)j, m2, m2 / a->m2, m2 / b->m2 };
    buf_add(&c->links, (struct str){ (const char *)&link, sizeof(link) });
    return OK;
}

static enum err links_of_item(struct cutter *c, size_t i)
{
    size_t n = geo_index_in_box(c->ix[1], geo_index_shape(c->ix[0], i)->box, c->found,
        geo_index_count(c->ix[1]));
    for (size_t k = 0; k < n; k++)
        TRY(link_pair(c, i, c->found[k]));
    return OK;
}

/* Square metres under at least one of the pieces, or -1. */
static double pieces_union_m2(struct cutter *c, const struct whole *w)
{
    GEOSGeometry **copies = heap_alloc(w->n * sizeof(GEOSGeometry *));
    for (unsigned i = 0; i < w->n; i++)
        copies[i] = GEOSGeom_clone_r(c->geos, w->pieces[i]);
    GEOSGeometry *all = GEOSGeom_createCollection_r(c->geos, GEOS_GEOMETRYCOLLECTION, copies,
        w->n);
    GEOSGeometry *joined = all ? GEOSUnaryUnion_r(c->geos, all) : NULL;
    double m2 = joined ? geom_m2(c->geos, joined) : -1;
    if (joined)
        GEOSGeom_destroy_r(c->geos, joined);
    if (all)
        GEOSGeom_destroy_r(c->geos, all);
    heap_free(copies);
    return m2;
}

static enum err cover_of(struct cutter *c, size_t layer, size_t i, struct overlay_cover *ret)
{
    static const double ROUNDING = 1e-9;
    const struct whole *w = whole_at(c, layer, i);
    double covered = w->n > 1 ? pieces_union_m2(c, w) : w->pieces_m2;
    if (covered < 0)
        return E_INPUT;
    double lost = w->m2 - covered, doubled = w->pieces_m2 - covered, least = w->m2 * ROUNDING;
    *ret = (struct overlay_cover){ w->m2, lost > least ? lost : 0, doubled > least ? doubled : 0 };
    return OK;
}

static enum err covers_of(struct cutter *c, struct arena *arena, size_t layer,
    struct overlay_cover **ret, size_t *bad)
{
    size_t n = geo_index_count(c->ix[layer]);
    *ret = NEW_N(arena, struct overlay_cover, n + 1);
    for (size_t i = 0; i < n; i++) {
        *bad = layer == 0 ? i : 0;
        TRY(cover_of(c, layer, i, &(*ret)[i]));
    }
    return OK;
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

static enum err links_make(struct cutter *c, struct arena *arena, struct overlay *ret,
    size_t *bad)
{
    for (*bad = 0; *bad < geo_index_count(c->ix[0]); ++*bad)
        TRY(links_of_item(c, *bad));
    ret->n = c->links.n / sizeof(*ret->links);
    ret->links = NEW_N(arena, struct overlay_link, ret->n + 1);
    if (ret->n)
        memcpy(ret->links, c->links.p, c->links.n);
    qsort(ret->links, ret->n, sizeof(*ret->links), link_order);
    TRY(covers_of(c, arena, 0, &ret->of_a, bad));
    return covers_of(c, arena, 1, &ret->of_b, bad);
}

enum err overlay_make(struct arena *arena, const struct geo_index *a, const struct geo_index *b,
    struct overlay *ret, size_t *ret_bad)
{
    struct arena scratch;
    struct overlay made = { .n = 0 };
    size_t bad = 0;
    arena_init(&scratch, arena->max_bytes);
    enum err e;
    {
        struct cutter c CLEANUP(cutter_end) = { .geos = GEOS_init_r(), .ix = { a, b },
            .wholes = { heap_alloc((geo_index_count(a) + 1) * sizeof(struct whole)),
                heap_alloc((geo_index_count(b) + 1) * sizeof(struct whole)) },
            .links = buf_in(&scratch, arena->max_bytes),
            .found = NEW_N(&scratch, size_t, geo_index_count(b) + 1) };
        e = links_make(&c, arena, &made, &bad);
    }
    arena_free(&scratch);
    if (e == OK)
        *ret = made;
    else if (ret_bad)
        *ret_bad = bad;
    return e;
}

/* Two shapes ------------------------------------------------------------------------------- */

/* A context and the geometries of one small calculation. */
struct pair { GEOSContextHandle_t geos; GEOSGeometry *x, *y, *made; };

static void pair_end(struct pair *p)
{
    if (p->made)
        GEOSGeom_destroy_r(p->geos, p->made);
    GEOSGeom_destroy_r(p->geos, p->x);
    GEOSGeom_destroy_r(p->geos, p->y);
    GEOS_finish_r(p->geos);
}

static struct pair pair_of(const struct shape *x, const struct shape *y)
{
    GEOSContextHandle_t geos = GEOS_init_r();
    return (struct pair){ geos, geom_of(geos, x), geom_of(geos, y), NULL };
}

/* The polygons among the parts of p->made, as our WKB of them; nothing when there are none. */
static struct str polygons_wkb(struct pair *p, struct arena *a)
{
    struct buf b = buf_in(a, SHAPE_BYTES_MAX);
    int parts = GEOSGetNumGeometries_r(p->geos, p->made);
    GEOSGeometry **keep = heap_alloc(((size_t)parts + 1) * sizeof(GEOSGeometry *));
    unsigned n = 0;
    for (int i = 0; i < parts; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(p->geos, p->made, i);
        if (GEOSGeomTypeId_r(p->geos, part) == GEOS_POLYGON && !GEOSisEmpty_r(p->geos, part))
            keep[n++] = GEOSGeom_clone_r(p->geos, part);
    }
    if (n) {
        GEOSGeometry *all = GEOSGeom_createCollection_r(p->geos, GEOS_MULTIPOLYGON, keep, n);
        GEOSWKBWriter *writer = GEOSWKBWriter_create_r(p->geos);
        GEOSWKBWriter_setByteOrder_r(p->geos, writer, GEOS_WKB_NDR);
        size_t size = 0;
        unsigned char *wkb = all ? GEOSWKBWriter_write_r(p->geos, writer, all, &size) : NULL;
        if (wkb)
            buf_add(&b, (struct str){ (const char *)wkb, size });
        GEOSFree_r(p->geos, wkb);
        GEOSWKBWriter_destroy_r(p->geos, writer);
        if (all)
            GEOSGeom_destroy_r(p->geos, all);
    }
    heap_free(keep);
    return buf_str(&b);
}

enum err overlay_shapes(struct arena *a, enum overlay_way way, const struct shape *x,
    const struct shape *y, struct shape *ret)
{
    struct pair p CLEANUP(pair_end) = pair_of(x, y);
    switch (way) {
    case OVERLAY_BOTH: p.made = GEOSIntersection_r(p.geos, p.x, p.y); break;
    case OVERLAY_JOIN: p.made = GEOSUnion_r(p.geos, p.x, p.y); break;
    case OVERLAY_WITHOUT: p.made = GEOSDifference_r(p.geos, p.x, p.y); break;
    }
    if (p.made == NULL)
        return E_INPUT;
    struct str wkb = polygons_wkb(&p, a);
    return wkb.n ? shape_read(a, SHAPE_WKB, wkb, NULL, ret) : E_MISSING;
}

static double line_m(struct pair *p, const GEOSGeometry *line)
{
    unsigned n = 0;
    double m = 0;
    const GEOSCoordSequence *seq = GEOSGeom_getCoordSeq_r(p->geos, line);
    CHECK(seq && GEOSCoordSeq_getSize_r(p->geos, seq, &n));
    struct geo_point *at = heap_alloc((n + 1) * sizeof(*at));
    CHECK(GEOSCoordSeq_copyToBuffer_r(p->geos, seq, (double *)at, 0, 0));
    for (unsigned i = 1; i < n; i++)
        m += geo_distance_m(at[i - 1], at[i]);
    heap_free(at);
    return m;
}

double overlay_border_m(const struct shape *x, const struct shape *y)
{
    if (!geo_box_meets(x->box, y->box))
        return 0;
    struct pair p CLEANUP(pair_end) = pair_of(x, y);
    GEOSGeometry *rim_x = GEOSBoundary_r(p.geos, p.x), *rim_y = GEOSBoundary_r(p.geos, p.y);
    double m = 0;
    p.made = rim_x && rim_y ? GEOSIntersection_r(p.geos, rim_x, rim_y) : NULL;
    for (int i = 0; p.made && i < GEOSGetNumGeometries_r(p.geos, p.made); i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(p.geos, p.made, i);
        if (GEOSGeomTypeId_r(p.geos, part) == GEOS_LINESTRING)
            m += line_m(&p, part);
    }
    if (rim_x)
        GEOSGeom_destroy_r(p.geos, rim_x);
    if (rim_y)
        GEOSGeom_destroy_r(p.geos, rim_y);
    return m;
}
