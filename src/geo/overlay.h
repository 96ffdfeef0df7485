/* overlay.h: how two layers of areas lie over each other, by GEOS: governance grids over police
 * grids, old outlines over new ones. For batches; lookups use atlas.h. */
#pragma once
#include "geo/index.h"

/* Items of the two indexes that overlap; shares are the overlap's part of each one's area. */
struct overlay_link { uint32_t a, b; double m2, share_a, share_b; };
/* How the other layer covers an item: what it leaves out, and what it claims more than once (an area
 * under three items counts twice). Less than 1e-9 of the item is rounding and told as 0. */
struct overlay_cover { double m2, lost_m2, doubled_m2; };
struct overlay {
    struct overlay_link *links;     /* ordered by a, then by falling share_a */
    size_t n;
    struct overlay_cover *of_a, *of_b;
};

/* Everything in the arena. The shares of an item that the other layer covers once add up to 1
 * within 1e-9. E_INPUT when an outline is too broken to be cut: ret_bad (may be NULL) tells which of
 * a. */
MUST_USE enum err overlay_make(struct arena *arena, const struct geo_index *a,
    const struct geo_index *b, struct overlay *ret, size_t *ret_bad);

/* What two areas have in common, both together, the first without the second. E_MISSING when nothing
 * of an area is left; E_INPUT when GEOS cannot tell. */
enum overlay_way { OVERLAY_BOTH, OVERLAY_JOIN, OVERLAY_WITHOUT };
MUST_USE enum err overlay_shapes(struct arena *a, enum overlay_way way, const struct shape *x,
    const struct shape *y, struct shape *ret);
/* Metres of border that two areas share. */
double overlay_border_m(const struct shape *x, const struct shape *y);
