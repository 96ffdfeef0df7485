/* cover.h: how well areas cover a whole: where two of them claim the same ground, and where none
 * does. By GEOS; for imports and drafts, not for lookups. */
#pragma once
#include "geo/shape.h"

/* Ground that two areas claim (a < b, their positions), or none (a = b = COVER_NONE). width_m is
 * twice the area by the length of its border: what is narrow is a sliver, drawn by a slip of the
 * hand, whatever its length. */
#define COVER_NONE SIZE_MAX
struct flaw { size_t a, b; double m2, width_m; struct shape shape; };
struct flaws { struct flaw *at; size_t n; };
/* Less is what rounding of coordinates leaves. */
static const double cover_least_m2 = 1;

/* Overlaps of areas, pairs of which at least one is new; ordered by a, then b. False when so many
 * lie on one another that the rest was not looked at: a map has a few neighbours for each area. */
bool cover_overlaps(struct arena *a, const struct shape *const *areas, const bool *is_new,
    size_t n, struct flaws *ret);
/* What of whole lies in none of the areas, piece by piece, the largest first. */
void cover_gaps(struct arena *a, const struct shape *whole, const struct shape *const *areas,
    size_t n, struct flaws *ret);
/* Part of s, from 0 to 1, that lies in whole. */
double cover_share(const struct shape *s, const struct shape *whole);
