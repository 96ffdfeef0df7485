/* atlas_cell.h: how an atlas lies in memory, for the two files that make and read it. */
#pragma once
#include "geo/atlas.h"
#include "geo/edge.h"

/* Memory that grows as a whole; what lies in it is known by its position. */
struct pool { char *p; size_t n, cap; };

void pool_free(struct pool *pool);

/* Columns and rows of equal size; codes of the cells row by row from the south-west, from first. */
struct lattice {
    double lon_min, lat_min, per_lon, per_lat;
    uint32_t columns, rows, first;
};

/* A cell is one number: its kind, and the position of an answer, a border or a lattice. In cells of
 * the last kind so much meets that the layers are asked one by one. */
enum { CODE_ANSWER, CODE_BORDER, CODE_LATTICE, CODE_LAYERS };
enum { CODE_KIND_SHIFT = 30, CODE_VALUE = (1 << CODE_KIND_SHIFT) - 1, BORDER_UNIT = 8 };

/* of: a bit for each candidate whose edge it is. A copy, because what lies side by side is read
 * quicker than what the outlines have here and there. */
struct border_edge { struct geo_point low; double high_lat, width; uint32_t of; };
/* Where an edge crosses the cell's eastern side: north of it, lat included, others are inside. */
struct border_wall { double lat; uint32_t of; };

/* A cell with borders. Candidates are bits, layer by layer (which: layer[]), in each by rising
 * position; corner: which of them hold the south-east corner. Behind the edges stand the walls,
 * then the candidates' positions, int32_t each. east: no point of the cell lies further east. */
struct border {
    double east;
    uint32_t corner, layer[ATLAS_LAYERS_MAX];
    uint16_t edges, walls;
    struct border_edge edge[];
};

struct geo_atlas {
    const struct geo_index *layers[ATLAS_LAYERS_MAX];
    size_t layer_count;
    struct geo_box box;
    struct pool lattice_pool, code_pool, answer_pool, border_pool;
    const struct lattice *lattices;     /* these four lie in the pools */
    const uint32_t *codes;
    const int32_t *answers;             /* layer_count each */
    const char *borders;                /* at multiples of BORDER_UNIT */
};

static inline uint32_t lattice_step(double v, double low, double per_unit, uint32_t count)
{
    double s = (v - low) * per_unit;
    return s <= 0 ? 0 : s >= (double)count ? count - 1 : (uint32_t)s;
}

static inline size_t lattice_slot(const struct lattice *l, struct geo_point p)
{
    return (size_t)lattice_step(p.lat, l->lat_min, l->per_lat, l->rows) * l->columns
        + lattice_step(p.lon, l->lon_min, l->per_lon, l->columns);
}
