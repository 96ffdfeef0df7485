/* shape_read.c: areas from outside, checked by GEOS. What reaches GEOS has been looked at first:
 * its readers recurse with nested collections, so only plain (multi)polygons are let through. */
#define GEOS_USE_ONLY_R_API
#include "geo/shape.h"
#include <geos_c.h>
#include <strings.h>

/* One library context and scratch memory for one reading. */
struct reading {
    GEOSContextHandle_t geos;
    struct arena scratch;
    GEOSGeometry *geom;
    char *reason;
};

static void reading_end(struct reading *r)
{
    if (r->geom)
        GEOSGeom_destroy_r(r->geos, r->geom);
    if (r->reason)
        GEOSFree_r(r->geos, r->reason);
    GEOS_finish_r(r->geos);
    arena_free(&r->scratch);
}

enum { JSON_DEPTH_MAX = 16 };

static bool json_is_shallow(struct str s)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted)
            depth += (c == '[' || c == '{') - (c == ']' || c == '}');
        if (depth > JSON_DEPTH_MAX)
            return false;
    }
    return true;
}

static bool wkt_is_polygon(struct str s)
{
    return (s.n > 7 && strncasecmp(s.p, "POLYGON", 7) == 0)
        || (s.n > 12 && strncasecmp(s.p, "MULTIPOLYGON", 12) == 0);
}

static void read_wkb(struct reading *r, struct str bytes)
{
    GEOSWKBReader *reader = GEOSWKBReader_create_r(r->geos);
    r->geom = GEOSWKBReader_read_r(r->geos, reader, (const unsigned char *)bytes.p, bytes.n);
    GEOSWKBReader_destroy_r(r->geos, reader);
}

static void read_wkt(struct reading *r, struct str text)
{
    GEOSWKTReader *reader = GEOSWKTReader_create_r(r->geos);
    r->geom = GEOSWKTReader_read_r(r->geos, reader, text.p);
    GEOSWKTReader_destroy_r(r->geos, reader);
}

static void read_geojson(struct reading *r, struct str text)
{
    GEOSGeoJSONReader *reader = GEOSGeoJSONReader_create_r(r->geos);
    r->geom = GEOSGeoJSONReader_readGeometry_r(r->geos, reader, text.p);
    GEOSGeoJSONReader_destroy_r(r->geos, reader);
}

/* Parses into r->geom; leaves it NULL when the text is not of that format. */
static void reading_parse(struct reading *r, enum shape_format format, struct str bytes)
{
    struct shape ignored;
    struct str text = str_trim(bytes);
    if (format == SHAPE_WKB && shape_load(&r->scratch, bytes, &ignored) == OK)
        read_wkb(r, bytes);
    else if (format == SHAPE_WKT && wkt_is_polygon(text))
        read_wkt(r, arena_str(&r->scratch, text));
    else if (format == SHAPE_GEOJSON && json_is_shallow(text))
        read_geojson(r, arena_str(&r->scratch, text));
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

static void ring_copy(struct reading *r, const GEOSGeometry *g, bool outer, struct buf *points,
    struct buf *rings)
{
    unsigned n;
    const GEOSCoordSequence *seq = GEOSGeom_getCoordSeq_r(r->geos, g);
    CHECK(seq && GEOSCoordSeq_getSize_r(r->geos, seq, &n) && n >= 4);
    struct geo_point *at = heap_alloc(n * sizeof(*at));
    CHECK(GEOSCoordSeq_copyToBuffer_r(r->geos, seq, (double *)at, 0, 0));
    if ((ring_turn(at, n) > 0) != outer)
        ring_reverse(at, n);
    struct ring ring = { points->n / sizeof(*at), n, outer };
    buf_add(points, (struct str){ (const char *)at, n * sizeof(*at) });
    buf_add(rings, (struct str){ (const char *)&ring, sizeof(ring) });
    heap_free(at);
}

/* The geometry as our arrays, by way of our WKB so that everything is aligned and measured. */
static enum err shape_of_geom(struct reading *r, struct arena *a, struct shape *ret)
{
    struct arena *tmp = &r->scratch;
    struct buf points = buf_in(tmp, SHAPE_BYTES_MAX), rings = buf_in(tmp, SHAPE_BYTES_MAX);
    int parts = GEOSGetNumGeometries_r(r->geos, r->geom);
    for (int i = 0; i < parts; i++) {
        const GEOSGeometry *p = GEOSGetGeometryN_r(r->geos, r->geom, i);
        if (GEOSisEmpty_r(r->geos, p))
            continue;
        ring_copy(r, GEOSGetExteriorRing_r(r->geos, p), true, &points, &rings);
        for (int k = 0; k < GEOSGetNumInteriorRings_r(r->geos, p); k++)
            ring_copy(r, GEOSGetInteriorRingN_r(r->geos, p, k), false, &points, &rings);
    }
    struct geo_point *at = NEW_N(tmp, struct geo_point, points.n / sizeof(*at));
    struct ring *list = NEW_N(tmp, struct ring, rings.n / sizeof(*list));
    memcpy(at, points.p, points.n);
    memcpy(list, rings.p, rings.n);
    struct shape s = { .at = at, .rings = list, .point_count = points.n / sizeof(*at),
        .ring_count = rings.n / sizeof(*list) };
    return shape_load(a, shape_wkb(tmp, &s), ret);
}

static enum err reading_judge(struct reading *r, struct err_info *info)
{
    int type = r->geom ? GEOSGeomTypeId_r(r->geos, r->geom) : -1;
    if ((type != GEOS_POLYGON && type != GEOS_MULTIPOLYGON) || GEOSisEmpty_r(r->geos, r->geom) != 0)
        return err_note(info, E_INPUT, "shape", MSG("图形应为非空的面(Polygon 或 MultiPolygon)",
            "The shape must be a non-empty Polygon or MultiPolygon"), STR_NONE);
    if (GEOSisValid_r(r->geos, r->geom) == 1)
        return OK;
    r->reason = GEOSisValidReason_r(r->geos, r->geom);
    return err_note(info, E_INPUT, "shape", MSG("图形边界自相交或重叠，请修正后再导入：%s",
        "The outline crosses or touches itself; correct it first: %s"), str_c(r->reason));
}

enum err shape_read(struct arena *a, enum shape_format format, struct str bytes,
    struct err_info *info, struct shape *ret)
{
    if (bytes.n > SHAPE_TEXT_BYTES_MAX)
        return err_note(info, E_TOO_LARGE, "shape", MSG("图形数据过大", "The shape is too large"),
            STR_NONE);
    struct reading r CLEANUP(reading_end) = { .geos = GEOS_init_r() };
    arena_init(&r.scratch, (size_t)16 * SHAPE_BYTES_MAX);
    reading_parse(&r, format, bytes);
    TRY(reading_judge(&r, info));
    if (shape_of_geom(&r, a, ret) != OK)
        return err_note(info, E_INPUT, "shape", MSG("坐标应为经纬度(度)",
            "Coordinates must be degrees of longitude and latitude"), STR_NONE);
    return OK;
}
