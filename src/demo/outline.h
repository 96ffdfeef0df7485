/* outline.h: the polygons of labelled cells. */
#pragma once
#include "demo/mesh.h"

/* The outlines of labels 0..count-1: label[c] of each cell, or MESH_NONE for cells of no area.
 * Each label's cells must hang together. Gives one WKB polygon each, vertices rounded to 1e-7
 * degrees; STR_NONE for a label without cells. */
struct str *outline_polygons(struct arena *a, struct arena *scratch, const struct mesh *m,
    const uint32_t *label, uint32_t count);
