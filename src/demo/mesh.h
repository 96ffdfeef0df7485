/* mesh.h: the city as a mesh of small cells (a Voronoi diagram by GEOS) with shared walls. All
 * outlines of all layers are unions of these cells, so that neighbours share their border to the
 * last digit and nothing is missing or counted twice. */
#pragma once
#include "demo/sites.h"

enum { MESH_NONE = 0xFFFFFFFF };

/* Wall w of cell c (wall_at[c] <= w < wall_at[c+1], counter-clockwise) goes from vertex from[w]
 * to vertex to[w]; beyond lies cell other[w], or MESH_NONE at the rim. */
struct mesh {
    uint32_t cell_count, wall_count, vertex_count;
    const struct xy *site;
    struct xy *vertex;
    uint32_t *wall_at, *from, *to, *other;
    double *area_m2;
};

/* Cells are numbered as the sites. */
struct mesh mesh_build(struct arena *a, struct sites sites);

/* Straightens crooked borders: rank[w] tells how much of a border wall w is (0: none; a district
 * border is more than a grid border; both sides of a wall have the same rank). A vertex through
 * which exactly two walls of the highest such rank run moves towards the line between their far
 * ends, unless a cell would no longer be seen whole from its site. Areas are computed anew. */
void mesh_smooth(struct arena *scratch, struct mesh *m, const uint8_t *rank, int rounds);
