/* index.h: which area holds this point, answered in about a microsecond.
 *
 * Built once from many (id, WKB) items, then immutable: any number of threads may ask. A lattice
 * of buckets over the whole names the candidates; each candidate's edges lie in horizontal bands,
 * so that a district of thousands of vertices costs no more than a grid of twenty. */
#pragma once
#include "geo/shape.h"

struct geo_item { int64_t id; struct str wkb; };
struct geo_index;

/* Copies everything it needs to the heap. E_INPUT for WKB that shape_load refuses; *ret_bad (may
 * be NULL) then tells which item. n may be 0. Free with geo_index_free. */
MUST_USE enum err geo_index_build(const struct geo_item *items, size_t n, struct geo_index **ret,
    size_t *ret_bad);
/* ix may be NULL. */
void geo_index_free(struct geo_index *ix);
size_t geo_index_count(const struct geo_index *ix);
/* Empty (min > max) when there are no items. */
struct geo_box geo_index_box(const struct geo_index *ix);
/* Position of the first item that holds p, or -1. Of items that share a border with the same
 * vertices exactly one holds a point on it. */
ptrdiff_t geo_index_find(const struct geo_index *ix, struct geo_point p);
/* Positions of all items that hold p, ascending; gives how many, at most max. */
size_t geo_index_holders(const struct geo_index *ix, struct geo_point p, uint32_t *ret,
    size_t max);
int64_t geo_index_id(const struct geo_index *ix, size_t item);
const struct shape *geo_index_shape(const struct geo_index *ix, size_t item);
/* Positions of items whose box meets box, ascending; gives how many, at most max. */
size_t geo_index_in_box(const struct geo_index *ix, struct geo_box box, size_t *ret, size_t max);

/* Adds members to a feature, as "key":value,... without braces. */
struct geo_labels { void (*write)(void *ctx, struct buf *b, size_t item, int64_t id); void *ctx; };
/* A GeoJSON FeatureCollection of the items that meet box, at most max of them; whether some were
 * left out stands in its member "truncated". step_degrees as in shape_write_geojson: the width of
 * a screen pixel is a good one. labels.write may be NULL. */
void geo_index_write(const struct geo_index *ix, struct buf *b, struct geo_box box, size_t max,
    double step_degrees, struct geo_labels labels);
