/* moves.h: what becomes of open matters in zones that are taken away: the zone they will lie in. */
#pragma once
#include "layer/layer.h"

/* into: "320508018023002 大儒巷第2网格", or "" when no other zone holds the place. One entry for
 * each zone that goes and each zone its matters come to. */
struct zone_moves { int64_t code; size_t matters; struct str into; };
struct moves { struct zone_moves *at; size_t n; };

/* Looks at matters in zones that p takes away; a matter without a point of its own lies where the
 * zone's own point lay. */
MUST_USE enum err moves_find(struct db *db, struct arena *a, const struct layer_plan *p,
    struct moves *ret);

extern const struct sql *const moves_statements[];
extern const size_t moves_statements_n;
