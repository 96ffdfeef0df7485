/* geos.c: between our arrays and GEOS, by way of our WKB, so that everything is aligned, measured
 * and bounded. */
#include "geo/geos.h"

GEOSGeometry *geos_of_shape(GEOSContextHandle_t geos, const struct shape *s)
{
    struct arena a;
    arena_init(&a, (size_t)4 * SHAPE_BYTES_MAX);
    struct str wkb = shape_wkb(&a, s);
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSGeometry *g = GEOSWKBReader_read_r(geos, reader, (const unsigned char *)wkb.p, wkb.n);
    GEOSWKBReader_destroy_r(geos, reader);
    arena_free(&a);
    return g;
}

/* Twice the signed area in square degrees: positive counter-clockwise. */
static double ring_turn(const struct geo_point *at, size_t n)
{
    double twice = 0;
    for (size_t i = 1; i < n; i++)
        twice += (at[i - 1].lon - at[0].lon) * (at[i].lat - at[0].lat)
            - (at[i].lon - at[0].lon) * (at[i - 1].lat - at[0].lat);
    return twice;
}

static void ring_reverse(struct geo_point *at, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        struct geo_point p = at[i];
        at[i] = at[n - 1 - i];
        at[n - 1 - i] = p;
    }
}

struct copy { GEOSContextHandle_t geos; struct buf points, rings; };

static void ring_copy(struct copy *c, const GEOSGeometry *g, bool outer)
{
    unsigned n;
    const GEOSCoordSequence *seq = GEOSGeom_getCoordSeq_r(c->geos, g);
    CHECK(seq && GEOSCoordSeq_getSize_r(c->geos, seq, &n) && n >= 4);
    struct geo_point *at = heap_alloc(n * sizeof(*at));
    CHECK(GEOSCoordSeq_copyToBuffer_r(c->geos, seq, (double *)at, 0, 0));
    if ((ring_turn(at, n) > 0) != outer)
        ring_reverse(at, n);
    struct ring ring = { c->points.n / sizeof(*at), n, outer };
    buf_add(&c->points, (struct str){ (const char *)at, n * sizeof(*at) });
    buf_add(&c->rings, (struct str){ (const char *)&ring, sizeof(ring) });
    heap_free(at);
}

/* Collections of what make-valid gives are at most two deep. */
static void areas_copy(struct copy *c, const GEOSGeometry *g, int depth)
{
    int type = GEOSGeomTypeId_r(c->geos, g);
    bool many = type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION;
    for (int i = 0; many && depth < 3 && i < GEOSGetNumGeometries_r(c->geos, g); i++)
        areas_copy(c, GEOSGetGeometryN_r(c->geos, g, i), depth + 1);
    if (type != GEOS_POLYGON || GEOSisEmpty_r(c->geos, g))
        return;
    ring_copy(c, GEOSGetExteriorRing_r(c->geos, g), true);
    for (int k = 0; k < GEOSGetNumInteriorRings_r(c->geos, g); k++)
        ring_copy(c, GEOSGetInteriorRingN_r(c->geos, g, k), false);
}

enum err geos_to_shape(GEOSContextHandle_t geos, const GEOSGeometry *g, struct arena *scratch,
    struct arena *a, struct shape *ret)
{
    struct copy c = { geos, buf_in(scratch, (size_t)16 * SHAPE_BYTES_MAX),
        buf_in(scratch, (size_t)16 * SHAPE_BYTES_MAX) };
    areas_copy(&c, g, 0);
    if (c.rings.n == 0)
        return E_INPUT;
    struct geo_point *at = NEW_N(scratch, struct geo_point, c.points.n / sizeof(*at));
    struct ring *list = NEW_N(scratch, struct ring, c.rings.n / sizeof(*list));
    memcpy(at, c.points.p, c.points.n);
    memcpy(list, c.rings.p, c.rings.n);
    struct shape s = { .at = at, .rings = list, .point_count = c.points.n / sizeof(*at),
        .ring_count = c.rings.n / sizeof(*list) };
    return shape_load(a, shape_wkb(scratch, &s), ret);
}
