/* map.h: what a map of the desk shows: whole layers, zones with how much is open in them, matters
 * as points or, where there are too many, as groups. Positions and kinds only: what people wrote
 * and who they are stays on the matter's own page. */
#pragma once
#include "matter/matter.h"
#include "place/place.h"

/* In the order of enum level, from LEVEL_COUNTY on. */
extern const char *const layer_words[];
extern const char *const detail_words[];
extern const char *const ended_words[];
/* E_INPUT unless it is one of layer_words (which records check). */
int64_t layer_level(struct str word);

#define LAYER_IN(X, R) \
    X(R, STR, layer, REQUIRED | IN_PATH, 4, 9, layer_words, "which layer") \
    X(R, STR, detail, OPTIONAL, 4, 8, detail_words, "borders: lines alone, each once, to about 200 m; overview: to about 10 m; full: to about 0.1 m, unless given")
RECORD(layer_in, LAYER_IN)

#define MAP_ZONE_IN(X, R) \
    X(R, STR, layer, REQUIRED | IN_PATH, 4, 9, layer_words, "layer of the zone") \
    X(R, ID, code, REQUIRED | IN_PATH, 0, 0, NULL, "its code")
RECORD(map_zone_in, MAP_ZONE_IN)

/* What is counted and shown of matters; the same words as in lists. */
#define MAP_FILTERS(X, R) \
    X(R, STR, state, OPTIONAL, 0, 12, state_words, "only this state") \
    X(R, STR, category, OPTIONAL, 0, 8, NULL, "only categories beginning so") \
    X(R, I64, tier, OPTIONAL, 1, 4, NULL, "only this tier") \
    X(R, TIME, from_ms, OPTIONAL, 0, 4e12, NULL, "reported (ended ones: ended) at or after") \
    X(R, TIME, to_ms, OPTIONAL, 0, 4e12, NULL, "reported (ended ones: ended) before") \
    X(R, STR, ended, OPTIONAL, 2, 4, ended_words, "no: only open matters, unless given; only: those that have ended; too: both")
#define MAP_BOX(X, R) \
    X(R, F64, w, REQUIRED, -180, 180, NULL, "western edge, WGS-84") \
    X(R, F64, s, REQUIRED, -90, 90, NULL, "southern edge, WGS-84") \
    X(R, F64, e, REQUIRED, -180, 180, NULL, "eastern edge, WGS-84") \
    X(R, F64, n, REQUIRED, -90, 90, NULL, "northern edge, WGS-84")

#define MATTERS_MAP_IN(X, R) MAP_BOX(X, R) MAP_FILTERS(X, R) \
    X(R, STR, layer, OPTIONAL, 4, 9, layer_words, "with zone: its layer") \
    X(R, ID, zone, OPTIONAL, 0, 0, NULL, "only matters in this zone of the layer")
RECORD(matters_map_in, MATTERS_MAP_IN)

enum { MAP_POINTS_MAX = 500, MAP_GROUPS_MAX = 400, MAP_ZONES_MAX = 400 };
#define MAP_POINT(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "number") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "state") \
    X(R, STR, state_name, REQUIRED, 0, 0, NULL, "state in words") \
    X(R, STR, category, REQUIRED, 0, 0, NULL, "category code") \
    X(R, STR, category_name, REQUIRED, 0, 0, NULL, "category") \
    X(R, I64, tier, REQUIRED, 0, 0, NULL, "1 ordinary .. 4 emergency") \
    X(R, F64, lon, REQUIRED, 0, 0, NULL, "degrees, WGS-84") \
    X(R, F64, lat, REQUIRED, 0, 0, NULL, "degrees, WGS-84") \
    X(R, ID, grid, REQUIRED, 0, 0, NULL, "governance grid, or 0") \
    X(R, STR, place_name, REQUIRED, 0, 0, NULL, "grid, or what is known above it") \
    X(R, TIME, created_ms, REQUIRED, 0, 0, NULL, "reported at") \
    X(R, TIME, due_ms, OPTIONAL, 0, 0, NULL, "deadline") \
    X(R, BOOL, overdue, REQUIRED, 0, 0, NULL, "the deadline has passed")
RECORD(map_point, MAP_POINT)
#define MAP_GROUP(X, R) \
    X(R, I64, matters, REQUIRED, 0, 0, NULL, "how many") \
    X(R, I64, overdue, REQUIRED, 0, 0, NULL, "of them, past their deadline") \
    X(R, F64, lon, REQUIRED, 0, 0, NULL, "their middle, degrees, WGS-84") \
    X(R, F64, lat, REQUIRED, 0, 0, NULL, "their middle, degrees, WGS-84")
RECORD(map_group, MAP_GROUP)
#define MATTERS_MAP(X, R) \
    X(R, I64, matters, REQUIRED, 0, 0, NULL, "how many are in view") \
    X(R, LIST, points, REQUIRED, 0, MAP_POINTS_MAX, &map_point_record, "each matter, or none where there are too many") \
    X(R, LIST, groups, REQUIRED, 0, MAP_GROUPS_MAX, &map_group_record, "instead of points, what lies near each other")
RECORD(matters_map, MATTERS_MAP)

#define MAP_ZONES_IN(X, R) MAP_BOX(X, R) \
    X(R, STR, layer, REQUIRED, 4, 9, layer_words, "which layer") MAP_FILTERS(X, R)
RECORD(map_zones_in, MAP_ZONES_IN)
#define MAP_FACTS_IN(X, R) MAP_ZONE_IN(X, R) MAP_FILTERS(X, R)
RECORD(map_facts_in, MAP_FACTS_IN)
#define MAP_ZONE(X, R) \
    X(R, ID, code, REQUIRED, 0, 0, NULL, "code") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, STR, above_name, REQUIRED, 0, 0, NULL, "what it is part of, most general first; of a police grid its station") \
    X(R, STR, worker_name, OPTIONAL, 0, 0, NULL, "who has charge of it, as published") \
    X(R, STR, worker_phone, OPTIONAL, 0, 0, NULL, "duty phone, as published") \
    X(R, F64, area_m2, REQUIRED, 0, 0, NULL, "square metres") \
    X(R, F64, lon, REQUIRED, 0, 0, NULL, "a point inside, degrees, WGS-84") \
    X(R, F64, lat, REQUIRED, 0, 0, NULL, "a point inside, degrees, WGS-84") \
    X(R, F64, w, REQUIRED, 0, 0, NULL, "western end") X(R, F64, s, REQUIRED, 0, 0, NULL, "southern end") \
    X(R, F64, e, REQUIRED, 0, 0, NULL, "eastern end") X(R, F64, n, REQUIRED, 0, 0, NULL, "northern end") \
    X(R, I64, matters, OPTIONAL, 0, 0, NULL, "matters in it that the reader may see; none: may see none there") \
    X(R, I64, overdue, OPTIONAL, 0, 0, NULL, "of them, past their deadline") \
    X(R, BOOL, partly, REQUIRED, 0, 0, NULL, "they are counted in the part of it that is in the reader's territory")
RECORD(map_zone, MAP_ZONE)
#define MAP_ZONES(X, R) \
    X(R, LIST, items, REQUIRED, 0, MAP_ZONES_MAX, &map_zone_record, "by code") \
    X(R, BOOL, more, REQUIRED, 0, 0, NULL, "there are more in this view; come closer")
RECORD(map_zones, MAP_ZONES)

/* The name of what a zone lies in. */
struct str layer_above_name(struct cx *cx, int64_t level, int64_t code);
/* Position in the index; -1 when there is no such zone. */
ptrdiff_t layer_zone(const struct geo_index *ix, int64_t code);

handler map_layer, map_outlines, map_matters, map_zones, map_zone;

extern const struct sql *const map_statements[];
extern const size_t map_statements_n;
