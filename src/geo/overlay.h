/* overlay.h: how two layers of areas lie over each other, by GEOS: governance grids over police
 * grids, old outlines over new ones. For batches; lookups use index.h. */
#pragma once
#include "geo/index.h"

/* Items of the two indexes that overlap; shares are the overlap's part of each one's area. */
struct overlay_link { uint32_t a, b; double share_a, share_b; };

/* All pairs with share_a >= share_min or share_b >= share_min, ordered by a, then by falling
 * share_a. About 20 us a pair. E_INPUT when a shape is too broken to be cut. */
MUST_USE enum err overlay_links(struct arena *arena, const struct geo_index *a,
    const struct geo_index *b, double share_min, struct overlay_link **ret, size_t *ret_n);
