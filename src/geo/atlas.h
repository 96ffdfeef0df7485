/* atlas.h: layers of areas laid over one another: one look tells, for a point, the area of each.
 *
 * The whole is cut into cells. Most lie in one area of every layer and hold the answer itself. A
 * cell with borders holds the few edges that run through it and what is inside at its corner; a
 * crowded cell is cut again. Answers are those of geo_index_find to the last bit, on borders too.
 * Built once, then immutable: any number of threads may ask. */
#pragma once
#include "geo/index.h"

enum { ATLAS_LAYERS_MAX = 4 };
struct geo_atlas;

/* The layers, 1..ATLAS_LAYERS_MAX of them, must outlive the atlas. Free with geo_atlas_free. */
struct geo_atlas *geo_atlas_build(const struct geo_index *const *layers, size_t n);
/* at may be NULL. */
void geo_atlas_free(struct geo_atlas *at);
/* For each layer what geo_index_find gives. */
void geo_atlas_find(const struct geo_atlas *at, struct geo_point p, int32_t *ret);
/* Memory held, without the layers'. */
size_t geo_atlas_bytes(const struct geo_atlas *at);
