/* atlas_build.c: cutting the whole into cells that hold their answer or a few edges.
 *
 * Why a cell with borders needs only the edges in it: a point is inside an area when an odd number
 * of the area's edges lies to the east (edge.h). Those between the point and the cell's eastern
 * side are the cell's own. Those beyond change their number, going north along that side, only
 * where an edge crosses it; so the answer at the south-east corner and the latitudes of these
 * crossings tell the rest. All of it is found by the same floating-point steps as in
 * geo_index_find, crossings to the last bit, so both give the same answers. */
#include "geo/atlas_cell.h"
#include <math.h>
#include <stdlib.h>

enum { CANDIDATES_MAX = 32, HOLDERS_MAX = 64, EDGES_FEW = 16, EDGES_PER_CELL = 8,
    EDGES_MAX = 255, DEPTH_MAX = 5, SIDE_MAX = 4096, EAST_TRIES = 32 };
/* Edges count as in a cell when they come this near, far above what rounding may do. */
static const double NEAR = 1e-9, SIDE_MIN = 1e-7;

/* An edge of one item, level ones from the west. key is alike for edges of equal ends, and hardly
 * ever for others. */
struct raw { struct geo_edge e; uint64_t key; uint32_t item, layer; };

struct builder {
    struct geo_atlas *at;
    struct raw *raws;
    size_t raw_count;
};
struct cell { struct geo_box box; const struct raw **edges; size_t n; unsigned depth; };

void pool_free(struct pool *pool)
{
    heap_free(pool->p);
    *pool = (struct pool){ NULL, 0, 0 };
}

static void pool_resize(struct pool *pool, size_t cap)
{
    char *p = heap_alloc(cap + 1);
    if (pool->n)
        memcpy(p, pool->p, pool->n);
    heap_free(pool->p);
    pool->p = p;
    pool->cap = cap;
}

/* Room for so many bytes more, zero-filled; gives where they begin. */
static size_t pool_take(struct pool *pool, size_t bytes)
{
    size_t at = pool->n;
    if (bytes > pool->cap - pool->n)
        pool_resize(pool, (pool->cap + bytes) * 3 / 2);
    pool->n += bytes;
    return at;
}

static uint32_t code_of(uint32_t kind, size_t value)
{
    CHECK(value <= CODE_VALUE);
    return kind << CODE_KIND_SHIFT | (uint32_t)value;
}

static uint64_t key_of(const struct geo_edge *e)
{
    uint64_t bits[4], key = 0;
    _Static_assert(sizeof(bits) == sizeof(*e), "four doubles");
    memcpy(bits, e, sizeof(bits));
    for (size_t i = 0; i < COUNT_OF(bits); i++)
        key = ((key ^ bits[i]) * UINT64_C(0x9E3779B97F4A7C15)) ^ (key >> 29);
    return key;
}

static struct raw raw_at(const struct geo_point *vertex, uint32_t item, uint32_t layer)
{
    struct geo_edge e = edge_between(vertex[-1], vertex[0]);
    if (e.low.lat == e.high.lat && e.low.lon > e.high.lon)
        e = (struct geo_edge){ e.high, e.low };
    return (struct raw){ e, key_of(&e), item, layer };
}

static size_t points_of(const struct geo_index *ix)
{
    size_t n = 0;
    for (size_t i = 0; i < geo_index_count(ix); i++)
        n += geo_index_shape(ix, i)->point_count;
    return n;
}

static void raws_add(struct builder *b, const struct geo_index *ix, uint32_t layer)
{
    for (size_t i = 0; i < geo_index_count(ix); i++) {
        const struct shape *s = geo_index_shape(ix, i);
        for (size_t r = 0; r < s->ring_count; r++) {
            const struct geo_point *at = s->at + s->rings[r].first;
            for (size_t k = 1; k < s->rings[r].n; k++)
                b->raws[b->raw_count++] = raw_at(&at[k], (uint32_t)i, layer);
        }
    }
}

/* Edges of equal ends side by side. */
static int raw_order(const void *x, const void *y)
{
    const struct raw *a = *(const struct raw *const *)x, *b = *(const struct raw *const *)y;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return memcmp(&a->e, &b->e, sizeof(a->e));
}

static bool is_new(const struct cell *c, size_t i)
{
    return i == 0 || raw_order(&c->edges[i - 1], &c->edges[i]) != 0;
}

static size_t edges_distinct(const struct cell *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        n += is_new(c, i);
    return n;
}

/* Borders ---------------------------------------------------------------------------------- */

/* A border being made. of[] of an item: the bit of candidate item[i]. */
struct draft {
    struct border head;
    struct border_edge edge[EDGES_MAX];
    struct border_wall wall[EDGES_MAX];
    int32_t item[CANDIDATES_MAX];
    size_t items;
    struct geo_point corner;
};

/* A longitude beyond the cell that no end of its edges has. */
static bool east_find(const struct cell *c, double *ret)
{
    static const double STEP = 1e-11, APART = 2e-12;
    for (int i = 0; i < EAST_TRIES; i++) {
        double east = c->box.lon_max + NEAR / 4 + i * STEP;
        bool is_clear = true;
        for (size_t k = 0; k < c->n && is_clear; k++)
            is_clear = fabs(c->edges[k]->e.low.lon - east) > APART
                && fabs(c->edges[k]->e.high.lon - east) > APART;
        *ret = east;
        if (is_clear)
            return true;
    }
    return false;
}

/* The item's place among the layer's candidates, which stand from first in rising order. */
static bool candidate_add(struct draft *d, size_t first, int32_t item)
{
    size_t i = first;
    while (i < d->items && d->item[i] < item)
        i++;
    if (i < d->items && d->item[i] == item)
        return true;
    if (d->items == CANDIDATES_MAX)
        return false;
    memmove(&d->item[i + 1], &d->item[i], (d->items - i) * sizeof(d->item[0]));
    d->item[i] = item;
    d->items++;
    return true;
}

static int candidate_find(const struct draft *d, size_t first, uint32_t item)
{
    for (size_t i = first; i < d->items; i++)
        if (d->item[i] == (int32_t)item)
            return (int)i;
    return -1;
}

/* Candidates of one layer: whose edges run through the cell, as far as they come before the first
 * that holds all of it; and that one. */
static bool layer_draft(const struct builder *b, const struct cell *c, uint32_t layer,
    struct draft *d)
{
    uint32_t holders[HOLDERS_MAX];
    size_t first = d->items;
    size_t n = geo_index_holders(b->at->layers[layer], d->corner, holders, HOLDERS_MAX);
    if (n == HOLDERS_MAX)
        return false;
    for (size_t i = 0; i < c->n; i++)
        if (c->edges[i]->layer == layer && !candidate_add(d, first, (int32_t)c->edges[i]->item))
            return false;
    for (size_t i = 0; i < n; i++) {
        int at = candidate_find(d, first, holders[i]);
        if (at < 0) {
            while (d->items > first && d->item[d->items - 1] > (int32_t)holders[i])
                d->items--;
            if (!candidate_add(d, first, (int32_t)holders[i]))
                return false;
            at = candidate_find(d, first, holders[i]);
            d->head.corner |= UINT32_C(1) << at;
            break;
        }
        d->head.corner |= UINT32_C(1) << at;
    }
    for (size_t i = first; i < d->items; i++)
        d->head.layer[layer] |= UINT32_C(1) << i;
    return true;
}

/* Whether the edge lies to the east of the side at this latitude, of those it spans. */
static bool is_beyond(const struct geo_edge *e, double east, double lat)
{
    return east < edge_lon(e->low, e->high.lat, e->high.lon - e->low.lon, lat);
}

/* The first latitude at which the edge has changed over to the side of its upper end. Its ends lie
 * on both sides of east. */
static double crossing_lat(const struct geo_edge *e, double east)
{
    double low = e->low.lat, high = e->high.lat;
    bool at_low = e->low.lon > east;
    double guess = low + (east - e->low.lon) / (e->high.lon - e->low.lon) * (high - low);
    double sides[2] = { guess - 1e-13, guess + 1e-13 };
    for (int i = 0; i < 2; i++) {
        if (sides[i] > low && sides[i] < high && is_beyond(e, east, sides[i]) == at_low)
            low = sides[i];
        else if (sides[i] > low && sides[i] < high)
            high = sides[i];
    }
    for (;;) {
        double mid = low + (high - low) / 2;
        if (mid <= low || mid >= high)
            return high;
        if (is_beyond(e, east, mid) == at_low)
            low = mid;
        else
            high = mid;
    }
}

static bool edge_draft(const struct cell *c, const struct raw *r, uint32_t of, struct draft *d)
{
    const struct geo_edge *e = &r->e;
    double east = d->head.east;
    bool level = e->low.lat == e->high.lat, low_beyond = e->low.lon > east,
        high_beyond = e->high.lon > east;
    if (of == 0)
        return true;
    if (d->head.edges == EDGES_MAX || d->head.walls == EDGES_MAX)
        return false;
    if (!level && !(low_beyond && high_beyond))
        d->edge[d->head.edges++] = (struct border_edge){ e->low, e->high.lat,
            e->high.lon - e->low.lon, of };
    if (low_beyond == high_beyond)
        return true;
    double lat = level ? e->low.lat : crossing_lat(e, east);
    if (lat > d->corner.lat && lat <= c->box.lat_max + NEAR)
        d->wall[d->head.walls++] = (struct border_wall){ lat, of };
    return true;
}

/* First position of the layer's candidates: they follow those of the layers before. */
static size_t layer_first(const struct draft *d, uint32_t layer)
{
    uint32_t before = 0;
    for (uint32_t k = 0; k < layer; k++)
        before |= d->head.layer[k];
    return (size_t)__builtin_popcount(before);
}

static bool edges_draft(const struct cell *c, struct draft *d)
{
    uint32_t of = 0;
    for (size_t i = 0; i < c->n; i++) {
        const struct raw *r = c->edges[i];
        int at = candidate_find(d, layer_first(d, r->layer), r->item);
        uint32_t bit = at < 0 ? 0 : (UINT32_C(1) << at) & d->head.layer[r->layer];
        of = is_new(c, i) ? bit : of ^ bit;
        bool last = i + 1 == c->n || is_new(c, i + 1);
        if (last && !edge_draft(c, r, of, d))
            return false;
    }
    return true;
}

static bool border_draft(const struct builder *b, const struct cell *c, struct draft *d)
{
    if (!east_find(c, &d->head.east))
        return false;
    d->corner = (struct geo_point){ d->head.east, c->box.lat_min - NEAR / 4 };
    for (uint32_t k = 0; k < b->at->layer_count; k++)
        if (!layer_draft(b, c, k, d))
            return false;
    return edges_draft(c, d);
}

static uint32_t border_store(struct builder *b, const struct draft *d)
{
    struct pool *pool = &b->at->border_pool;
    size_t edges = d->head.edges * sizeof(d->edge[0]), walls = d->head.walls * sizeof(d->wall[0]);
    size_t items = d->items * sizeof(d->item[0]), bytes = sizeof(d->head) + edges + walls + items;
    size_t at = pool_take(pool, (bytes + BORDER_UNIT - 1) / BORDER_UNIT * BORDER_UNIT);
    memcpy(pool->p + at, &d->head, sizeof(d->head));
    memcpy(pool->p + at + sizeof(d->head), d->edge, edges);
    memcpy(pool->p + at + sizeof(d->head) + edges, d->wall, walls);
    memcpy(pool->p + at + sizeof(d->head) + edges + walls, d->item, items);
    return code_of(CODE_BORDER, at / BORDER_UNIT);
}

/* Cells ------------------------------------------------------------------------------------ */

static uint32_t answer_store(struct builder *b, struct geo_point p)
{
    struct geo_atlas *at = b->at;
    size_t bytes = at->layer_count * sizeof(int32_t), from = pool_take(&at->answer_pool, bytes);
    int32_t *answer = (int32_t *)(void *)(at->answer_pool.p + from);
    for (size_t k = 0; k < at->layer_count; k++)
        answer[k] = (int32_t)geo_index_find(at->layers[k], p);
    return code_of(CODE_ANSWER, from / bytes);
}

static uint32_t lattice_build(struct builder *b, const struct cell *c, uint32_t columns,
    uint32_t rows);

/* near: the code of a cell beside it; between two cells without edges nothing changes. */
static uint32_t cell_build(struct builder *b, const struct cell *c, uint32_t near)
{
    double width = c->box.lon_max - c->box.lon_min, height = c->box.lat_max - c->box.lat_min;
    bool divisible = c->depth < DEPTH_MAX && width > SIDE_MIN && height > SIDE_MIN;
    if (c->n == 0)
        return near >> CODE_KIND_SHIFT == CODE_ANSWER ? near : answer_store(b, (struct geo_point){
            c->box.lon_min + width / 2, c->box.lat_min + height / 2 });
    qsort(c->edges, c->n, sizeof(*c->edges), raw_order);
    size_t distinct = edges_distinct(c);
    if (distinct <= EDGES_FEW || !divisible) {
        struct draft d = { .items = 0 };
        if (border_draft(b, c, &d))
            return border_store(b, &d);
        if (!divisible)
            return code_of(CODE_LAYERS, 0);
    }
    uint32_t side = (uint32_t)fmin(ceil(sqrt((double)distinct)), 16);
    return lattice_build(b, c, side < 2 ? 2 : side, side < 2 ? 2 : side);
}

/* Calls for every cell that the edge comes near to. */
static void raw_each_cell(const struct lattice *l, const struct raw *r,
    void (*f)(void *ctx, size_t cell, const struct raw *r), void *ctx)
{
    struct geo_point low = r->e.low, high = r->e.high;
    double height = high.lat - low.lat, width = high.lon - low.lon;
    uint32_t top = lattice_step(high.lat + NEAR, l->lat_min, l->per_lat, l->rows);
    for (uint32_t row = lattice_step(low.lat - NEAR, l->lat_min, l->per_lat, l->rows); row <= top;
        row++) {
        double from = low.lon, to = high.lon;
        if (height > 0) {
            double south = l->lat_min + row / l->per_lat - NEAR;
            double north = l->lat_min + (row + 1) / l->per_lat + NEAR;
            from = low.lon + fmax(0, fmin(1, (south - low.lat) / height)) * width;
            to = low.lon + fmax(0, fmin(1, (north - low.lat) / height)) * width;
        }
        uint32_t last = lattice_step(fmax(from, to) + NEAR, l->lon_min, l->per_lon, l->columns);
        for (uint32_t k = lattice_step(fmin(from, to) - NEAR, l->lon_min, l->per_lon, l->columns);
            k <= last; k++)
            f(ctx, (size_t)row * l->columns + k, r);
    }
}

/* Edges by cell: those of cell i are edges[at[i]] .. edges[at[i + 1] - 1]. */
struct spread { uint32_t *at; const struct raw **edges; };

static void spread_count(void *ctx, size_t cell, const struct raw *r)
{
    (void)r;
    ((struct spread *)ctx)->at[cell]++;
}

static void spread_place(void *ctx, size_t cell, const struct raw *r)
{
    struct spread *s = ctx;
    s->edges[--s->at[cell]] = r;
}

static struct spread spread_make(const struct lattice *l, const struct cell *c)
{
    size_t n = (size_t)l->columns * l->rows;
    struct spread s = { .at = heap_alloc((n + 1) * sizeof(*s.at)) };
    for (size_t i = 0; i < c->n; i++)
        raw_each_cell(l, c->edges[i], spread_count, &s);
    for (size_t i = 1; i <= n; i++) {
        CHECK(s.at[i] <= UINT32_MAX - s.at[i - 1]);
        s.at[i] += s.at[i - 1];
    }
    s.edges = heap_alloc((s.at[n] + 1) * sizeof(struct raw *));
    for (size_t i = c->n; i-- > 0;)
        raw_each_cell(l, c->edges[i], spread_place, &s);
    return s;
}

static struct lattice lattice_over(struct geo_box box, uint32_t columns, uint32_t rows)
{
    double width = box.lon_max - box.lon_min, height = box.lat_max - box.lat_min;
    return (struct lattice){ box.lon_min, box.lat_min, width > 0 ? columns / width : 0,
        height > 0 ? rows / height : 0, columns, rows, 0 };
}

static struct geo_box cell_box(const struct lattice *l, struct geo_box whole, uint32_t row,
    uint32_t column)
{
    double lon = l->per_lon > 0 ? 1 / l->per_lon : whole.lon_max - whole.lon_min;
    double lat = l->per_lat > 0 ? 1 / l->per_lat : whole.lat_max - whole.lat_min;
    return (struct geo_box){ l->lon_min + column * lon, l->lat_min + row * lat,
        l->lon_min + (column + 1) * lon, l->lat_min + (row + 1) * lat };
}

static uint32_t code_beside(const uint32_t *codes, const struct lattice *l, size_t cell)
{
    bool west = cell % l->columns > 0, south = cell >= l->columns;
    if (west && codes[cell - 1] >> CODE_KIND_SHIFT == CODE_ANSWER)
        return codes[cell - 1];
    return south ? codes[cell - l->columns] : code_of(CODE_LAYERS, 0);
}

static uint32_t lattice_build(struct builder *b, const struct cell *c, uint32_t columns,
    uint32_t rows)
{
    struct geo_atlas *at = b->at;
    struct lattice l = lattice_over(c->box, columns, rows);
    size_t n = (size_t)columns * rows, place = pool_take(&at->lattice_pool, sizeof(l));
    size_t first = pool_take(&at->code_pool, n * sizeof(uint32_t));
    struct spread s = spread_make(&l, c);
    CHECK(first / sizeof(uint32_t) + n <= UINT32_MAX);
    l.first = (uint32_t)(first / sizeof(uint32_t));
    memcpy(at->lattice_pool.p + place, &l, sizeof(l));
    for (size_t i = 0; i < n; i++) {
        struct cell part = { cell_box(&l, c->box, (uint32_t)(i / columns), (uint32_t)(i % columns)),
            s.edges + s.at[i], s.at[i + 1] - s.at[i], c->depth + 1 };
        const uint32_t *codes = (const uint32_t *)(const void *)(at->code_pool.p + first);
        uint32_t code = cell_build(b, &part, code_beside(codes, &l, i));
        memcpy(at->code_pool.p + first + i * sizeof(code), &code, sizeof(code));
    }
    heap_free(s.at);
    heap_free(s.edges);
    return code_of(CODE_LATTICE, place / sizeof(l));
}

/* Cells as many as there are edges, as near to squares as whole numbers allow. */
static void root_build(struct builder *b)
{
    struct geo_box box = b->at->box;
    const struct raw **all = heap_alloc((b->raw_count + 1) * sizeof(struct raw *));
    double width = box.lon_max - box.lon_min, height = box.lat_max - box.lat_min;
    double side = sqrt(width * height / (double)(b->raw_count / EDGES_PER_CELL + 1));
    uint32_t columns = side > 0 ? (uint32_t)fmin(ceil(width / side), SIDE_MAX) : 1;
    uint32_t rows = side > 0 ? (uint32_t)fmin(ceil(height / side), SIDE_MAX) : 1;
    for (size_t i = 0; i < b->raw_count; i++)
        all[i] = &b->raws[i];
    (void)lattice_build(b, &(struct cell){ box, all, b->raw_count, 0 }, columns, rows);
    heap_free(all);
}

/* Growing has left room behind what is used. */
static void pool_trim(struct pool *pool)
{
    pool_resize(pool, pool->n);
}

struct geo_atlas *geo_atlas_build(const struct geo_index *const *layers, size_t n)
{
    CHECK(n >= 1 && n <= ATLAS_LAYERS_MAX);
    struct geo_atlas *at = heap_alloc(sizeof(*at));
    *at = (struct geo_atlas){ .layer_count = n,
        .box = { INFINITY, INFINITY, -INFINITY, -INFINITY } };
    struct builder b = { .at = at };
    size_t points = 0;
    for (size_t k = 0; k < n; k++)
        points += points_of(layers[k]);
    b.raws = heap_alloc((points + 1) * sizeof(*b.raws));
    for (size_t k = 0; k < n; k++) {
        at->layers[k] = layers[k];
        at->box = geo_box_join(at->box, geo_index_box(layers[k]));
        raws_add(&b, layers[k], (uint32_t)k);
    }
    if (b.raw_count)
        root_build(&b);
    heap_free(b.raws);
    pool_trim(&at->lattice_pool);
    pool_trim(&at->code_pool);
    pool_trim(&at->answer_pool);
    pool_trim(&at->border_pool);
    at->lattices = (const struct lattice *)(const void *)at->lattice_pool.p;
    at->codes = (const uint32_t *)(const void *)at->code_pool.p;
    at->answers = (const int32_t *)(const void *)at->answer_pool.p;
    at->borders = at->border_pool.p;
    return at;
}
