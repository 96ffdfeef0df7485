/* cell.h: a place as one integer, so that "what is near" is a few BETWEENs on an ordinary index
 * of any database. Longitude and latitude are cut into 2^26 steps each (at most 0.6 m by 0.3 m)
 * and interleaved bit by bit (z-order): nearby places mostly share leading bits, and a square of
 * the world is one unbroken range of keys. */
#pragma once
#include "geo/datum.h"

enum { CELL_BITS = 26, CELL_RANGES_MAX = 9 };

/* Both ends belong to the range. */
struct cell_range { int64_t first, last; };

/* 0 .. 2^52-1, longitude in the higher bit of each pair. p must be geo_point_ok. */
int64_t cell_key(struct geo_point p);
/* The south-west corner of the cell; cell_key of it is key again. */
struct geo_point cell_corner(int64_t key);
/* Ranges, ascending and apart from each other, that hold the key of every point within radius_m
 * of p (and others nearby: filter by geo_distance_m). Gives their number, 1..9. Does not reach
 * across the 180th meridian. radius_m >= 0. */
size_t cell_ranges(struct geo_point p, double radius_m, struct cell_range ret[CELL_RANGES_MAX]);
/* The same for a box: the fewest-cells cover of at most 3 by 3 squares. */
size_t cell_ranges_box(struct geo_box box, struct cell_range ret[CELL_RANGES_MAX]);
