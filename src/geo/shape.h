/* shape.h: areas on the map (polygons and multipolygons in degrees) as plain immutable arrays.
 *
 * GEOS reads and validates what comes from outside; everything asked often (does it hold this
 * point, how does it look as GeoJSON) runs on the arrays, needs no library context and is safe
 * from any number of threads. */
#pragma once
#include "base/err.h"
#include "geo/datum.h"

/* Points at[first] .. at[first + n - 1]; the last repeats the first. outer starts a new polygon
 * (counter-clockwise); the others are its holes (clockwise). */
struct ring { size_t first, n; bool outer; };
struct shape {
    const struct geo_point *at;
    const struct ring *rings;
    size_t point_count, ring_count;
    struct geo_box box;
};

enum shape_format { SHAPE_WKB, SHAPE_WKT, SHAPE_GEOJSON };
enum { SHAPE_BYTES_MAX = 16 * 1024 * 1024, SHAPE_TEXT_BYTES_MAX = SHAPE_BYTES_MAX / 4 };

/* Reads one area from bytes in the named format (GeoJSON: a geometry or a feature) into a.
 * E_INPUT, noted with what is wrong and where, unless it is a non-empty valid polygon or
 * multipolygon in degrees; E_TOO_LARGE beyond SHAPE_TEXT_BYTES_MAX. Takes at most 8 times the
 * input's bytes from a. */
MUST_USE enum err shape_read(struct arena *a, enum shape_format format, struct str bytes,
    struct err_info *info, struct shape *ret);
/* The same for WKB that we have written ourselves: a fast reader without GEOS or validation of
 * the topology. E_INPUT for anything but little-endian two-dimensional (multi)polygons. */
MUST_USE enum err shape_load(struct arena *a, struct str wkb, struct shape *ret);
/* Little-endian two-dimensional WKB, a polygon if there is one outer ring, else a multipolygon. */
struct str shape_wkb(struct arena *a, const struct shape *s);

/* Square metres on the WGS-84 ellipsoid of what edges straight in longitude and latitude enclose;
 * additive: parts of an area, cut anyhow, have together its area but for rounding. */
double ring_area_m2(const struct geo_point *at, size_t n);
/* Square metres of the ellipsoid for a degree of longitude by one of latitude, as at lat. */
double degree_m2(double lat);
double shape_area_m2(const struct shape *s);
/* Even-odd rule with half-open edges: of shapes that share a border with the same vertices,
 * exactly one holds a point on it. */
bool shape_holds(const struct shape *s, struct geo_point p);
/* A point inside, near the middle (of the largest polygon). */
struct geo_point shape_centre(const struct shape *s);

/* The "coordinates" and "type" members of a GeoJSON geometry, 5 decimals (about a metre).
 * step_degrees > 0 moves each vertex to a lattice of that step and drops what falls together:
 * neighbours that share vertices still share them, so simplified maps have no gaps. Rings that
 * vanish are left out; a shape that vanishes as a whole becomes its largest ring unsimplified. */
void shape_write_geojson(struct buf *b, const struct shape *s, double step_degrees);
