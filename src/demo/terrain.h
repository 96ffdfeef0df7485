/* terrain.h: the ground the demo city stands on: district outlines, water, township seats, and
 * how densely people live. Works in a plane of metres around the middle of the city. */
#pragma once
#include "demo/register.h"
#include "geo/index.h"

struct xy { double x, y; };

/* Equirectangular around 120.65 E 31.4 N: distances within 1 % all over the city. */
struct xy plane_of(struct geo_point p);
struct geo_point degrees_of(struct xy p);

/* A stretch of a district's outline. */
struct segment { struct xy a, b; };

struct terrain {
    const struct reg *reg;
    struct geo_index *districts;    /* ids: positions in the register */
    struct geo_index *water, *islands;
    struct segment *borders;        /* every outline once, the cut between 320508 and 320576 too */
    size_t border_count;
    struct xy *seat;                /* of each township, by its place among townships */
    struct xy low, high;            /* the city's box */
    double *density;                /* governance grids per m2, by tile, rows from the south */
    size_t columns, rows;
};

enum { TILE_M = 400 };

/* Builds everything; scratch for the arrays. Free with terrain_end. */
struct terrain terrain_load(struct arena *scratch, const struct reg *reg, double grid_count);
void terrain_end(struct terrain *t);

/* The district (position in the register) at p, or 0 outside of the city. */
uint32_t terrain_district(const struct terrain *t, struct xy p);
bool terrain_is_water(const struct terrain *t, struct xy p);
/* Governance grids per square metre wanted at p; next to nothing on water. */
double terrain_density(const struct terrain *t, struct xy p);
