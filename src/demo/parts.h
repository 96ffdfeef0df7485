/* parts.h: dividing a connected set of cells into connected parts of wanted sizes. */
#pragma once
#include "demo/mesh.h"

/* Sides for growing over the mesh; one for the whole run. */
struct grower {
    const struct mesh *mesh;
    const double *weight;       /* of each cell; sizes are sums of it */
    const double *drag;         /* >= 1: how reluctantly a cell is entered */
    const struct xy *place;     /* of each cell, for distances; bent, so that borders wind */
    const uint32_t *domain;     /* only cells whose domain is the one asked for are entered */
    uint32_t *part;             /* answer of the last call, by cell */
    struct heap_entry *heap;
    size_t heap_n, heap_max;
};
struct heap_entry { double cost; uint32_t cell, part; };

struct grower grower_new(struct arena *a, const struct mesh *m, const double *weight,
    const double *drag, const uint32_t *domain);

/* One division. cells: all n cells of the domain, which hang together; seeds: count different
 * cells of it; wanted: sizes of the parts, in any unit. With move, seeds wander to the middle of
 * their parts. With whole_lakes, a part that enters cells of drag takes all that hang together,
 * so that a lake is not cut into wedges. Afterwards g->part of each cell is 0..count-1; each part
 * hangs together and has at least its seed. */
struct dividing {
    const uint32_t *cells;
    uint32_t n, domain, count;
    uint32_t *seeds;
    const double *wanted;
    bool move, whole_lakes;
    int rounds;
};
void grower_divide(struct arena *scratch, struct grower *g, const struct dividing *d);

/* Different cells of cells, spread over their weight, as seeds. count <= n. */
void grower_seeds(struct grower *g, struct rand *r, const uint32_t *cells, uint32_t n,
    uint32_t count, uint32_t *ret);

/* Numbers the connected pieces of the cells (by equal label among them); piece[c] for each of
 * cells. Gives how many. Uses g->part. */
uint32_t grower_pieces(struct grower *g, const uint32_t *cells, uint32_t n, const uint32_t *label,
    uint32_t *piece);
