/* geos.c: between our arrays and GEOS, by way of our WKB, so that everything is aligned, measured
 * and bounded. */
#include "geo/geos.h"
#include <math.h>

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

static const struct { const char *reason; struct msg what; } defects[] = {
    { "Self-intersection", { "边界自相交", "The outline crosses itself" } },
    { "Ring Self-intersection", { "边界与自身相接", "The outline touches itself" } },
    { "Hole lies outside shell", { "有洞在外边界之外", "A hole lies outside of the outline" } },
    { "Holes are nested", { "洞中有洞", "A hole lies in another hole" } },
    { "Interior is disconnected", { "洞把面隔断了", "Holes cut the area apart" } },
    { "Nested shells", { "有部分套在另一部分之内", "One part lies in another" } },
    { "Duplicate Rings", { "同一圈边界写了两次", "The same ring is there twice" } },
    { "Ring is not closed", { "边界没有闭合", "The outline is not closed" } },
    { "", { "边界自相交或重叠", "The outline crosses or overlaps itself" } },
};

static bool point_of(GEOSContextHandle_t geos, const GEOSGeometry *g, struct geo_point *ret)
{
    return g && GEOSGeomTypeId_r(geos, g) == GEOS_POINT && GEOSisEmpty_r(geos, g) == 0
        && GEOSGeomGetX_r(geos, g, &ret->lon) == 1 && GEOSGeomGetY_r(geos, g, &ret->lat) == 1
        && isfinite(ret->lon) && isfinite(ret->lat);
}

struct msg geos_defect(GEOSContextHandle_t geos, const GEOSGeometry *g, struct arena *a)
{
    char *reason = NULL;
    GEOSGeometry *where = NULL;
    struct geo_point at = { 0, 0 };
    size_t i = 0;
    if (g)
        (void)GEOSisValidDetail_r(geos, g, 0, &reason, &where);
    while (defects[i].reason[0] && (reason == NULL || strcmp(reason, defects[i].reason) != 0))
        i++;
    struct msg m = defects[i].what;
    if (point_of(geos, where, &at))
        m = (struct msg){
            arena_fmt(a, "%s(经度 %.5f、纬度 %.5f 附近)", m.zh, at.lon, at.lat).p,
            arena_fmt(a, "%s near longitude %.5f, latitude %.5f", m.en, at.lon, at.lat).p };
    if (where)
        GEOSGeom_destroy_r(geos, where);
    if (reason)
        GEOSFree_r(geos, reason);
    return m;
}
