/* place.h: the feature "place": which grid a point lies in, what a grid's plate stands for, and the
 * outlines that maps draw. Everything is answered from the catalogue in memory. */
#pragma once
#include "geo/datum.h"
#include "spine/module.h"

/* Words for enum crs, in its order. */
extern const char *const crs_words[];
/* CRS_WGS84 unless it is another of the words. */
enum crs crs_by_word(struct str word);

#define LOCATE_IN(X, R) \
    X(R, F64, lon, REQUIRED, -180, 180, NULL, "longitude, degrees") \
    X(R, F64, lat, REQUIRED, -90, 90, NULL, "latitude, degrees") \
    X(R, STR, crs, OPTIONAL, 4, 5, crs_words, "coordinate system of lon and lat; wgs84 unless given")
RECORD(locate_in, LOCATE_IN)

#define GRID_IN(X, R) \
    X(R, ID, grid, REQUIRED | IN_PATH, 0, 0, NULL, "15-digit code, as on the plate")
RECORD(grid_in, GRID_IN)

#define PLACE_VIEW(X, R) \
    X(R, ID, area, REQUIRED, 0, 0, NULL, "6-digit county code") \
    X(R, STR, county_name, REQUIRED, 0, 0, NULL, "county or district") \
    X(R, STR, town_name, REQUIRED, 0, 0, NULL, "town or street") \
    X(R, ID, community, REQUIRED, 0, 0, NULL, "12-digit community code") \
    X(R, STR, community_name, REQUIRED, 0, 0, NULL, "community or village") \
    X(R, ID, grid, OPTIONAL, 0, 0, NULL, "15-digit grid code; none: no grid holds the point") \
    X(R, STR, grid_name, OPTIONAL, 0, 0, NULL, "grid") \
    X(R, ID, police_grid, OPTIONAL, 0, 0, NULL, "police grid code") \
    X(R, STR, police_grid_name, OPTIONAL, 0, 0, NULL, "police grid") \
    X(R, STR, worker_name, OPTIONAL, 0, 0, NULL, "grid worker on duty, published by law") \
    X(R, STR, worker_phone, OPTIONAL, 0, 0, NULL, "duty phone, published by law") \
    X(R, F64, lon, REQUIRED, 0, 0, NULL, "the point asked for, or the grid's centre; WGS-84") \
    X(R, F64, lat, REQUIRED, 0, 0, NULL, "the point asked for, or the grid's centre; WGS-84") \
    X(R, STR, place_name, REQUIRED, 0, 0, NULL, "county, town, community and grid as one name")
RECORD(place_view, PLACE_VIEW)

/* w < e and s < n; a map that shows the whole world is no map of a city. */
#define BOUNDARIES_IN(X, R) \
    X(R, F64, w, REQUIRED, -180, 180, NULL, "western edge, WGS-84") \
    X(R, F64, s, REQUIRED, -90, 90, NULL, "southern edge, WGS-84") \
    X(R, F64, e, REQUIRED, -180, 180, NULL, "eastern edge, WGS-84") \
    X(R, F64, n, REQUIRED, -90, 90, NULL, "northern edge, WGS-84") \
    X(R, STR, level, REQUIRED, 4, 9, boundary_levels, "county, town, community or grid")
extern const char *const boundary_levels[];
RECORD(boundaries_in, BOUNDARIES_IN)

/* What boundaries answers, as GeoJSON (RFC 7946); at most BOUNDARIES_MAX features. */
enum { BOUNDARIES_MAX = 400 };
#define AREA_LABEL(X, R) \
    X(R, ID, code, REQUIRED, 0, 0, NULL, "code of the division or grid") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name")
RECORD(area_label, AREA_LABEL)
#define AREA_OUTLINE(X, R) \
    X(R, STR, type, REQUIRED, 0, 0, NULL, "Feature") \
    X(R, I64, id, REQUIRED, 0, 0, NULL, "code as a number") \
    X(R, RAW, geometry, REQUIRED, 0, 0, NULL, "MultiPolygon, simplified to what the box can show") \
    X(R, OBJ, properties, REQUIRED, 0, 0, &area_label_record, "what it is")
RECORD(area_outline, AREA_OUTLINE)
#define BOUNDARIES(X, R) \
    X(R, STR, type, REQUIRED, 0, 0, NULL, "FeatureCollection") \
    X(R, LIST, features, REQUIRED, 0, BOUNDARIES_MAX, &area_outline_record, "outlines") \
    X(R, BOOL, truncated, REQUIRED, 0, 0, NULL, "always false: too many are refused")
RECORD(boundaries, BOUNDARIES)

handler place_locate, place_of_plate, place_boundaries;
