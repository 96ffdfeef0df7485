/* pack.h: a whole layer of areas in few bytes, for pages that draw all of it at once.
 *
 * Bytes: "FQ1\n"; then numbers of 7 bits a byte, lowest first, the high bit set on all but the
 * last byte; a number marked +- is folded first (0, -1, 1, -2 become 0, 1, 2, 3). Steps per degree;
 * number of areas; for each area: its id less the one before (+-), number of rings; for each ring:
 * twice its points, plus 1 if it is an outer one (holes follow theirs); for each point: longitude,
 * then latitude in steps, each less that of the point before in the file (+-; the first less 0).
 * Rings are not closed.
 *
 * With "FQB1" in front the same holds borders instead, to be drawn and nothing else: what stands
 * there as rings are lines that are open, and a border that two areas share is one of the first of
 * them alone. */
#pragma once
#include "geo/index.h"

/* Every vertex goes to the nearest point of a lattice of so many steps a degree, and what falls
 * together is written once: neighbours that share vertices still share them, whatever the step.
 * Rings that vanish are left out; their area stays, without rings. steps_per_degree: 1 .. 10^7. */
void geo_index_pack(const struct geo_index *ix, struct buf *b, int64_t steps_per_degree);
void geo_index_pack_borders(const struct geo_index *ix, struct buf *b, int64_t steps_per_degree);
