/* layers.h: which cell of the mesh belongs to which district, township, community, governance
 * grid, micro-grid and police grid. */
#pragma once
#include "demo/geography.h"
#include "demo/parts.h"

/* One governance grid before it has a number. */
struct plot { uint32_t community; enum demo_grid_kind kind; };

/* Labels of each cell: positions in the register (MESH_NONE outside of the city), in plots, in
 * micro_plots (the plot of each micro-grid), and in beats (the township of each police grid, by
 * register position). */
struct layers {
    const struct reg *reg;
    const struct terrain *terrain;
    struct mesh *mesh;
    uint32_t *district, *township, *community, *grid, *micro, *police;
    struct plot *plots;
    uint32_t *micro_plots, *beats;
    uint32_t plot_count, micro_count, beat_count;
};

/* Cells by label: those of label i (from first) are cells[at[i]] .. cells[at[i + 1] - 1]. */
struct groups { uint32_t *at, *cells; };
struct groups groups_of(struct arena *a, const struct mesh *m, const uint32_t *label,
    uint32_t first, uint32_t count);

/* Makes exactly DEMO_GRID_COUNT plots and DEMO_POLICE_COUNT beats. */
struct layers layers_make(struct arena *a, const struct reg *reg, const struct terrain *t,
    struct mesh *m, struct rand *r);
