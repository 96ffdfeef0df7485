/* report_public.h: records of the pages before sending. */
#pragma once
#include "ledger/note.h"
#include "report/report.h"

#define CATEGORY_VIEW(X, R) \
    X(R, STR, code, REQUIRED, 0, 0, NULL, "code") \
    X(R, STR, parent, OPTIONAL, 0, 0, NULL, "code of the group") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name, Chinese") \
    X(R, STR, name_en, REQUIRED, 0, 0, NULL, "name, English") \
    X(R, STR, hint, REQUIRED, 0, 0, NULL, "examples, Chinese") \
    X(R, STR, hint_en, REQUIRED, 0, 0, NULL, "examples, English") \
    X(R, STR, icon, REQUIRED, 0, 0, NULL, "icon name") \
    X(R, STR, hotline, OPTIONAL, 0, 0, NULL, "number to call first")
RECORD(category_view, CATEGORY_VIEW)

/* The base map that the deployer has named. */
#define TILES(X, R) \
    X(R, STR, url, REQUIRED, 0, 0, NULL, "address of a tile, with places for zoom, column and row") \
    X(R, STR, labels_url, OPTIONAL, 0, 0, NULL, "of tiles with names, to lie above") \
    X(R, STR, crs, REQUIRED, 0, 0, NULL, "wgs84, or gcj02: shifted") \
    X(R, I64, zoom_max, REQUIRED, 0, 0, NULL, "greatest zoom there is") \
    X(R, STR, attribution, REQUIRED, 0, 0, NULL, "whose it is, Chinese") \
    X(R, STR, attribution_en, REQUIRED, 0, 0, NULL, "whose it is, English")
RECORD(tiles, TILES)

#define CONFIG(X, R) \
    X(R, STR, city, REQUIRED, 0, 0, NULL, "name, Chinese") \
    X(R, STR, city_en, REQUIRED, 0, 0, NULL, "name, English") \
    X(R, STR, notice, REQUIRED, 0, 0, NULL, "notice for residents, Chinese") \
    X(R, STR, notice_en, REQUIRED, 0, 0, NULL, "notice for residents, English") \
    X(R, BOOL, demo, REQUIRED, 0, 0, NULL, "this is a demonstration") \
    X(R, STR, origin, REQUIRED, 0, 0, NULL, "name of the log") \
    X(R, STR, verifier_key, REQUIRED, 0, 0, NULL, "public key of the log") \
    X(R, RAW, center, REQUIRED, 0, 0, NULL, "[longitude, latitude]") \
    X(R, RAW, bounds, REQUIRED, 0, 0, NULL, "[west, south, east, north]") \
    X(R, STR, review_no, REQUIRED, 0, 0, NULL, "map licence number") \
    X(R, STR, boundary_notice, REQUIRED, 0, 0, NULL, "notice on boundaries, Chinese") \
    X(R, STR, boundary_notice_en, REQUIRED, 0, 0, NULL, "notice on boundaries, English") \
    X(R, OBJ, tiles, OPTIONAL, 0, 0, &tiles_record, "base map; none: boundaries only") \
    X(R, I64, photos_max, REQUIRED, 0, 0, NULL, "photos per report") \
    X(R, I64, text_max, REQUIRED, 0, 0, NULL, "characters per report") \
    X(R, LIST, categories, REQUIRED, 0, 500, &category_view_record, "kinds of matter")
RECORD(config, CONFIG)

#define SUGGEST_IN(X, R) \
    X(R, STR, text, REQUIRED | MULTILINE, 1, 2000, NULL, "what is wrong") \
    X(R, ID, grid, OPTIONAL, 0, 0, NULL, "grid, if known")
RECORD(suggest_in, SUGGEST_IN)
#define SUGGESTION(X, R) \
    X(R, LIST, categories, REQUIRED, 0, 3, &category_view_record, "best first") \
    X(R, I64, tier, REQUIRED, 1, 4, NULL, "1 ordinary .. 4 emergency") \
    X(R, BOOL, emergency, REQUIRED, 0, 1, NULL, "call first") \
    X(R, STR, hotline, OPTIONAL, 0, 5, NULL, "number to call")
RECORD(suggestion, SUGGESTION)

#define NEARBY_IN(X, R) \
    X(R, F64, lon, REQUIRED, -180, 180, NULL, "longitude, WGS-84") \
    X(R, F64, lat, REQUIRED, -90, 90, NULL, "latitude, WGS-84") \
    X(R, STR, category, OPTIONAL, 0, 8, NULL, "only this group")
RECORD(nearby_in, NEARBY_IN)
#define NEARBY_ITEM(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "number, for joining") \
    X(R, STR, category, REQUIRED, 0, 0, NULL, "category code") \
    X(R, STR, category_name, REQUIRED, 0, 0, NULL, "category") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "state") \
    X(R, STR, state_name, REQUIRED, 0, 0, NULL, "state in words") \
    X(R, STR, place_name, REQUIRED, 0, 0, NULL, "grid it is in") \
    X(R, F64, distance_m, REQUIRED, 0, 0, NULL, "metres from the point") \
    X(R, TIME, created_ms, REQUIRED, 0, 0, NULL, "reported at") \
    X(R, I64, joined, REQUIRED, 0, 0, NULL, "how many reported it")
RECORD(nearby_item, NEARBY_ITEM)
#define NEARBY(X, R) \
    X(R, LIST, items, REQUIRED, 0, 5, &nearby_item_record, "nearest first")
RECORD(nearby, NEARBY)
