/* shape_read.c: areas from outside, checked by GEOS. What reaches GEOS has been looked at first:
 * its readers recurse with nested collections, so only plain (multi)polygons are let through. */
#include "geo/shape.h"
#include "geo/geos.h"
#include <strings.h>

/* One library context and scratch memory for one reading. */
struct reading {
    GEOSContextHandle_t geos;
    struct arena scratch;
    GEOSGeometry *geom;
};

static void reading_end(struct reading *r)
{
    if (r->geom)
        GEOSGeom_destroy_r(r->geos, r->geom);
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

static enum err reading_judge(struct reading *r, struct err_info *info)
{
    int type = r->geom ? GEOSGeomTypeId_r(r->geos, r->geom) : -1;
    if ((type != GEOS_POLYGON && type != GEOS_MULTIPOLYGON) || GEOSisEmpty_r(r->geos, r->geom) != 0)
        return err_note(info, E_INPUT, "shape", MSG("图形应为非空的面(Polygon 或 MultiPolygon)",
            "The shape must be a non-empty Polygon or MultiPolygon"), STR_NONE);
    if (GEOSisValid_r(r->geos, r->geom) == 1)
        return OK;
    struct msg what = geos_defect(r->geos, r->geom, &r->scratch);
    return err_note(info, E_INPUT, "shape", (struct msg){
        arena_fmt(&r->scratch, "%s；请改正后再导入", what.zh).p,
        arena_fmt(&r->scratch, "%s; correct it first", what.en).p }, STR_NONE);
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
    if (geos_to_shape(r.geos, r.geom, &r.scratch, a, ret) != OK)
        return err_note(info, E_INPUT, "shape", MSG("坐标应为经纬度(度)",
            "Coordinates must be degrees of longitude and latitude"), STR_NONE);
    return OK;
}
