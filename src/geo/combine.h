/* combine.h: two areas made into one, by GEOS: for drawing and redrawing borders. */
#pragma once
#include "geo/shape.h"

/* What two areas have in common, both together, the first without the second. E_MISSING when no
 * area is left; E_INPUT when GEOS cannot tell. */
enum combine_way { COMBINE_BOTH, COMBINE_JOIN, COMBINE_WITHOUT };
MUST_USE enum err shape_combine(struct arena *a, enum combine_way way, const struct shape *x,
    const struct shape *y, struct shape *ret);
/* Metres of border that two areas share. */
double shape_border_m(const struct shape *x, const struct shape *y);
