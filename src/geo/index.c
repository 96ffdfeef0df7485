/* index.c: point in area over a lattice of buckets. */
#include "geo/index.h"
#include "geo/edge.h"
#include <math.h>
#include <stdlib.h>

/* Edges of item i lie in bands[band_first .. + band_count]: band k covers an equal slice of the
 * box's height and lists, in edges[], every edge that reaches into it, by the vertex it ends at. */
struct item { int64_t id; size_t band_first, band_count; double bands_per_degree; };
struct geo_index {
    struct arena arena;
    size_t count;
    struct item *items;
    struct shape *shapes;
    uint32_t *band_at;          /* where a band's edges start; one more at the end */
    uint32_t *edges;            /* the edge from the vertex before to this one */
    struct geo_box box;
    size_t columns, rows;       /* of buckets */
    double per_lon, per_lat;    /* buckets per degree */
    uint32_t *bucket_at;        /* where a bucket's candidates start; one more at the end */
    uint32_t *candidates;
};

enum { EDGES_PER_BAND = 4, BUCKETS_PER_ITEM = 4 };
static const size_t INDEX_BYTES_MAX = (size_t)4 << 30;

static size_t slot(double v, double low, double per_unit, size_t count)
{
    double s = (v - low) * per_unit;
    return s <= 0 ? 0 : s >= (double)count ? count - 1 : (size_t)s;
}

static size_t band_of(const struct geo_index *ix, size_t i, double lat)
{
    return slot(lat, ix->shapes[i].box.lat_min, ix->items[i].bands_per_degree,
        ix->items[i].band_count);
}

/* The edge that ends at vertex k, lower end first. */
static struct geo_edge edge_at(const struct shape *s, size_t k)
{
    return edge_between(s->at[k - 1], s->at[k]);
}

/* Calls for each edge with the bands it reaches into; level edges never matter. */
static void edges_each(struct geo_index *ix, size_t i,
    void (*f)(struct geo_index *, size_t band, uint32_t vertex))
{
    const struct shape *s = &ix->shapes[i];
    for (size_t r = 0; r < s->ring_count; r++) {
        for (size_t k = 1; k < s->rings[r].n; k++) {
            size_t vertex = s->rings[r].first + k;
            struct geo_edge e = edge_at(s, vertex);
            if (e.low.lat < e.high.lat) {
                for (size_t band = band_of(ix, i, e.low.lat); band <= band_of(ix, i, e.high.lat);
                    band++)
                    f(ix, ix->items[i].band_first + band, (uint32_t)vertex);
            }
        }
    }
}

static void edge_count(struct geo_index *ix, size_t band, uint32_t vertex)
{
    (void)vertex;
    ix->band_at[band]++;
}

/* Counts have become ends; filling from the back turns them into starts. */
static void edge_place(struct geo_index *ix, size_t band, uint32_t vertex)
{
    ix->edges[--ix->band_at[band]] = vertex;
}

static void counts_to_ends(uint32_t *at, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        CHECK(at[i] <= UINT32_MAX - at[i - 1]);
        at[i] += at[i - 1];
    }
}

static void bands_build(struct geo_index *ix)
{
    size_t bands = 0;
    for (size_t i = 0; i < ix->count; i++) {
        const struct shape *s = &ix->shapes[i];
        double height = s->box.lat_max - s->box.lat_min;
        size_t n = s->point_count / EDGES_PER_BAND + 1;
        ix->items[i].band_first = bands;
        ix->items[i].band_count = n;
        ix->items[i].bands_per_degree = height > 0 ? (double)n / height : 0;
        bands += n;
    }
    ix->band_at = NEW_N(&ix->arena, uint32_t, bands + 1);
    for (size_t i = 0; i < ix->count; i++)
        edges_each(ix, i, edge_count);
    counts_to_ends(ix->band_at, bands + 1);
    ix->edges = NEW_N(&ix->arena, uint32_t, ix->band_at[bands] + 1);
    for (size_t i = 0; i < ix->count; i++)
        edges_each(ix, i, edge_place);
}

struct span { size_t column, column_end, row, row_end; };

static struct span span_of(const struct geo_index *ix, struct geo_box b)
{
    return (struct span){ slot(b.lon_min, ix->box.lon_min, ix->per_lon, ix->columns),
        slot(b.lon_max, ix->box.lon_min, ix->per_lon, ix->columns),
        slot(b.lat_min, ix->box.lat_min, ix->per_lat, ix->rows),
        slot(b.lat_max, ix->box.lat_min, ix->per_lat, ix->rows) };
}

/* Backwards in both passes, so that each bucket lists its candidates in ascending order. */
static void buckets_fill(struct geo_index *ix, bool place)
{
    for (size_t i = ix->count; i-- > 0;) {
        struct span s = span_of(ix, ix->shapes[i].box);
        for (size_t row = s.row; row <= s.row_end; row++) {
            for (size_t col = s.column; col <= s.column_end; col++) {
                uint32_t *at = &ix->bucket_at[row * ix->columns + col];
                if (place)
                    ix->candidates[--*at] = (uint32_t)i;
                else
                    ++*at;
            }
        }
    }
}

static void buckets_build(struct geo_index *ix)
{
    ix->box = (struct geo_box){ INFINITY, INFINITY, -INFINITY, -INFINITY };
    for (size_t i = 0; i < ix->count; i++)
        ix->box = geo_box_join(ix->box, ix->shapes[i].box);
    double width = ix->box.lon_max - ix->box.lon_min, height = ix->box.lat_max - ix->box.lat_min;
    double side = sqrt(width * height / (double)(ix->count * BUCKETS_PER_ITEM + 1));
    ix->columns = ix->rows = 1;
    if (ix->count > 0 && side > 0) {
        ix->columns = (size_t)fmin(ceil(width / side), 4096);
        ix->rows = (size_t)fmin(ceil(height / side), 4096);
        ix->per_lon = (double)ix->columns / width;
        ix->per_lat = (double)ix->rows / height;
    }
    size_t n = ix->columns * ix->rows;
    ix->bucket_at = NEW_N(&ix->arena, uint32_t, n + 1);
    buckets_fill(ix, false);
    counts_to_ends(ix->bucket_at, n + 1);
    ix->candidates = NEW_N(&ix->arena, uint32_t, ix->bucket_at[n] + 1);
    buckets_fill(ix, true);
}

enum err geo_index_build(const struct geo_item *items, size_t n, struct geo_index **ret,
    size_t *ret_bad)
{
    CHECK(n < UINT32_MAX);
    struct geo_index *ix = heap_alloc(sizeof(*ix));
    arena_init(&ix->arena, INDEX_BYTES_MAX);
    ix->count = n;
    ix->items = NEW_N(&ix->arena, struct item, n + 1);
    ix->shapes = NEW_N(&ix->arena, struct shape, n + 1);
    for (size_t i = 0; i < n; i++) {
        ix->items[i].id = items[i].id;
        if (shape_load(&ix->arena, items[i].wkb, &ix->shapes[i]) != OK) {
            geo_index_free(ix);
            if (ret_bad)
                *ret_bad = i;
            return E_INPUT;
        }
    }
    bands_build(ix);
    buckets_build(ix);
    *ret = ix;
    return OK;
}

void geo_index_free(struct geo_index *ix)
{
    if (ix == NULL)
        return;
    arena_free(&ix->arena);
    heap_free(ix);
}

size_t geo_index_count(const struct geo_index *ix)
{
    return ix->count;
}

struct geo_box geo_index_box(const struct geo_index *ix)
{
    return ix->box;
}

int64_t geo_index_id(const struct geo_index *ix, size_t item)
{
    CHECK(item < ix->count);
    return ix->items[item].id;
}

const struct shape *geo_index_shape(const struct geo_index *ix, size_t item)
{
    CHECK(item < ix->count);
    return &ix->shapes[item];
}

/* As shape_holds, over the edges of one band only. */
static bool item_holds(const struct geo_index *ix, size_t i, struct geo_point p)
{
    if (!geo_box_holds(ix->shapes[i].box, p))
        return false;
    size_t band = ix->items[i].band_first + band_of(ix, i, p.lat);
    bool in = false;
    for (uint32_t k = ix->band_at[band]; k < ix->band_at[band + 1]; k++)
        in ^= edge_is_east_of(edge_at(&ix->shapes[i], ix->edges[k]), p);
    return in;
}

/* The bucket at p; false outside the whole. */
static bool bucket_of(const struct geo_index *ix, struct geo_point p, size_t *ret)
{
    if (ix->count == 0 || !geo_box_holds(ix->box, p))
        return false;
    *ret = slot(p.lat, ix->box.lat_min, ix->per_lat, ix->rows) * ix->columns
        + slot(p.lon, ix->box.lon_min, ix->per_lon, ix->columns);
    return true;
}

ptrdiff_t geo_index_find(const struct geo_index *ix, struct geo_point p)
{
    uint32_t item;
    return geo_index_holders(ix, p, &item, 1) ? (ptrdiff_t)item : -1;
}

size_t geo_index_holders(const struct geo_index *ix, struct geo_point p, uint32_t *ret, size_t max)
{
    size_t bucket, n = 0;
    if (!bucket_of(ix, p, &bucket))
        return 0;
    for (uint32_t k = ix->bucket_at[bucket]; k < ix->bucket_at[bucket + 1] && n < max; k++) {
        if (item_holds(ix, ix->candidates[k], p))
            ret[n++] = ix->candidates[k];
    }
    return n;
}

/* Each item once: in the first bucket that both its box and the other reach into. */
static size_t in_buckets(const struct geo_index *ix, struct geo_box box, struct span s,
    size_t *ret, size_t max)
{
    size_t n = 0;
    for (size_t bucket = s.row * ix->columns + s.column; bucket / ix->columns <= s.row_end;) {
        size_t row = bucket / ix->columns, column = bucket % ix->columns;
        for (uint32_t k = ix->bucket_at[bucket]; k < ix->bucket_at[bucket + 1] && n < max; k++) {
            size_t i = ix->candidates[k];
            struct span own = span_of(ix, ix->shapes[i].box);
            if (geo_box_meets(ix->shapes[i].box, box) && (row == own.row || row == s.row)
                && (column == own.column || column == s.column))
                ret[n++] = i;
        }
        bucket += column < s.column_end ? 1 : ix->columns - (column - s.column);
    }
    return n;
}

static int position_order(const void *x, const void *y)
{
    const size_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

size_t geo_index_in_box(const struct geo_index *ix, struct geo_box box, size_t *ret, size_t max)
{
    size_t n = 0;
    if (ix->count == 0 || !geo_box_meets(ix->box, box))
        return 0;
    struct span s = span_of(ix, box);
    if ((s.row_end - s.row + 1) * (s.column_end - s.column + 1) < ix->count / 4) {
        n = in_buckets(ix, box, s, ret, max);
        qsort(ret, n, sizeof(*ret), position_order);
        return n;
    }
    for (size_t i = 0; i < ix->count && n < max; i++) {
        if (geo_box_meets(ix->shapes[i].box, box))
            ret[n++] = i;
    }
    return n;
}

void geo_index_write(const struct geo_index *ix, struct buf *b, struct geo_box box, size_t max,
    double step_degrees, struct geo_labels labels)
{
    size_t *found = heap_alloc((max + 1) * sizeof(*found));
    size_t n = geo_index_in_box(ix, box, found, max + 1);
    bool truncated = n > max;
    buf_add(b, STR("{\"type\":\"FeatureCollection\",\"features\":["));
    for (size_t i = 0; i < n - truncated; i++) {
        buf_add(b, i ? STR(",") : STR(""));
        buf_add(b, STR("{\"type\":\"Feature\",\"id\":"));
        buf_i64(b, ix->items[found[i]].id);
        buf_add(b, STR(",\"geometry\":{"));
        shape_write_geojson(b, &ix->shapes[found[i]], step_degrees);
        buf_add(b, STR("},\"properties\":{"));
        if (labels.write)
            labels.write(labels.ctx, b, found[i], ix->items[found[i]].id);
        buf_add(b, STR("}}"));
    }
    buf_add(b, STR("],\"truncated\":"));
    buf_add(b, truncated ? STR("true}") : STR("false}"));
    heap_free(found);
}
