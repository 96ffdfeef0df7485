/* moves.h: what becomes of open matters in zones that are taken away or get another outline: the
 * zone they will lie in. */
#pragma once
#include "layer/layer.h"

/* into: the zone's code, 0 when no zone holds the place. One entry for each zone that loses matters
 * and each zone they come to. */
struct zone_moves {
    const struct zone_row *from;
    size_t matters;
    int64_t into;
    struct str into_name;
};
struct moves { struct zone_moves *at; size_t n; };

/* lon and lat: NaN where only the grid is known. */
#define OPEN_IN_GRID(X, R) \
    X(R, I64, id, 0, 0, 0, NULL, "") X(R, F64, lon, 0, 0, 0, NULL, "") \
    X(R, F64, lat, 0, 0, 0, NULL, "")
RECORD(open_in_grid, OPEN_IN_GRID)
/* Open matters that have the grid, as far as db's reader sees them. */
MUST_USE enum err open_in_grid(struct db *db, struct arena *a, int64_t grid, struct list *ret);

/* Looks at matters in grids that p takes away or changes, as far as db's reader sees them; one
 * without a point of its own lies where the zone's own point lay, and stays while the zone does. */
MUST_USE enum err moves_find(struct db *db, struct arena *a, const struct layer_plan *p,
    struct moves *ret);

extern const struct sql *const moves_statements[];
extern const size_t moves_statements_n;
