/* overlay.h: how two layers of areas lie over each other: governance grids over police grids, old
 * outlines over new ones. For batches; lookups use atlas.h.
 *
 * Each area is swept from south to north in strips without a vertex or a crossing inside, where
 * everything is a trapezoid. Nothing is rounded to a lattice and no topology is made that could
 * fail: an outline that crosses itself counts by the even-odd rule, as in index.h. */
#pragma once
#include "geo/index.h"

/* Items of the two indexes that overlap; shares are the overlap's part of each one's area. */
struct overlay_link { uint32_t a, b; double m2, share_a, share_b; };
/* How the other layer covers an item: what it leaves out, and what it claims more than once (what
 * lies under three items counts twice). Less than 1e-9 of the item is rounding and told as 0. */
struct overlay_cover { double m2, lost_m2, doubled_m2; };
struct overlay {
    struct overlay_link *links;     /* ordered by a, then by falling share_a */
    size_t n;
    struct overlay_cover *of_a, *of_b;
};

/* Everything in the arena. Links below 1e-9 of both are rounding and left out. The shares of an
 * item that the other layer covers once add up to 1 within 1e-9. */
void overlay_make(struct arena *arena, const struct geo_index *a, const struct geo_index *b,
    struct overlay *ret);
