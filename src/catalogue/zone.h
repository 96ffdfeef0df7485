/* zone.h: the layers of the map as they are stored: divisions, governance grids, micro-grids and
 * police grids, each row from a day to a day. The snapshot holds those in force (catalogue.h). */
#pragma once
#include "db/db.h"

#define ZONE(X, R) \
    X(R, STR, layer, REQUIRED, 1, 12, NULL, "division, grid, micro or police") \
    X(R, ID, code, REQUIRED, 0, 0, NULL, "12, 15, 17 or 12 digits") \
    X(R, I64, valid_from_ms, REQUIRED, 0, 0, NULL, "first moment") \
    X(R, I64, valid_to_ms, OPTIONAL, 0, 0, NULL, "moment after the last; none: still open") \
    X(R, ID, parent, REQUIRED, 0, 0, NULL, "division above, community, grid, or station's unit") \
    X(R, I64, level, REQUIRED, 1, 8, NULL, "level of catalogue.h") \
    X(R, STR, kind, REQUIRED, 1, 20, NULL, "kind: of divisions as in the register; base, dedicated") \
    X(R, STR, name, REQUIRED, 1, 60, NULL, "name") \
    X(R, F64, lon, OPTIONAL, -180, 180, NULL, "a point inside, degrees, WGS-84") \
    X(R, F64, lat, OPTIONAL, -90, 90, NULL, "a point inside, degrees, WGS-84") \
    X(R, BYTES, shape, OPTIONAL, 0, 0, NULL, "outline, WKB, WGS-84")
RECORD(zone, ZONE)

/* Stores a new row. E_CONFLICT when the code begins at that moment already. */
enum err zone_put(struct db *db, const struct zone *z) MUST_USE;
/* What holds a place at a moment: one zone (E_MISSING when there was none), or a whole layer by
 * code. */
enum err zone_at(struct db *db, struct arena *a, struct str layer, int64_t code, int64_t at_ms,
    struct zone *ret) MUST_USE;
enum err zones_at(struct db *db, struct arena *a, struct str layer, int64_t at_ms,
    struct list *ret) MUST_USE;
/* Lets what is in force end at a moment, and forgets what was to begin at that moment. */
enum err zone_end(struct db *db, struct str layer, int64_t code, int64_t at_ms) MUST_USE;

extern const struct sql *const zone_statements[];
extern const size_t zone_statements_n;
