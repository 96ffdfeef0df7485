/* combine.c: two areas made into one by GEOS. */
#include "geo/combine.h"
#include "geo/geos.h"

/* Our own shapes are valid. */
static GEOSGeometry *geom_of(GEOSContextHandle_t geos, const struct shape *s)
{
    GEOSGeometry *g = geos_of_shape(geos, s);
    CHECK(g != NULL);
    return g;
}

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

enum err shape_combine(struct arena *a, enum combine_way way, const struct shape *x,
    const struct shape *y, struct shape *ret)
{
    struct pair p CLEANUP(pair_end) = pair_of(x, y);
    switch (way) {
    case COMBINE_BOTH: p.made = GEOSIntersection_r(p.geos, p.x, p.y); break;
    case COMBINE_JOIN: p.made = GEOSUnion_r(p.geos, p.x, p.y); break;
    case COMBINE_WITHOUT: p.made = GEOSDifference_r(p.geos, p.x, p.y); break;
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

double shape_border_m(const struct shape *x, const struct shape *y)
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
