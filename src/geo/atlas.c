/* atlas.c: points in the areas of several layers at once. */
#include "geo/atlas.h"
#include "geo/atlas_cell.h"

/* Where the walk down the lattices ends. */
static uint32_t code_at(const struct geo_atlas *at, struct geo_point p)
{
    const struct lattice *l = at->lattices;
    for (;;) {
        uint32_t code = at->codes[l->first + lattice_slot(l, p)];
        if (code >> CODE_KIND_SHIFT != CODE_LATTICE)
            return code;
        l = &at->lattices[code & CODE_VALUE];
    }
}

/* Which of the cell's candidates hold p: those at its corner, and every edge on the way to p moves
 * over to the other side those whose edge it is. */
static uint32_t candidates_at(const struct border *b, struct geo_point p)
{
    const struct border_wall *wall = (const void *)(b->edge + b->edges);
    uint32_t in = b->corner;
    for (unsigned i = 0; i < b->walls; i++)
        in ^= p.lat >= wall[i].lat ? wall[i].of : 0;
    for (unsigned i = 0; i < b->edges; i++) {
        const struct border_edge *e = &b->edge[i];
        double lon = edge_lon(e->low, e->high_lat, e->width, p.lat);
        bool between = edge_spans(e->low.lat, e->high_lat, p.lat) & (p.lon < lon)
            & (lon <= b->east);
        in ^= between ? e->of : 0;
    }
    return in;
}

static void border_find(const struct geo_atlas *at, const struct border *b, struct geo_point p,
    int32_t *ret)
{
    const struct border_wall *wall = (const void *)(b->edge + b->edges);
    const int32_t *item = (const void *)(wall + b->walls);
    uint32_t in = candidates_at(b, p);
    for (size_t k = 0; k < at->layer_count; k++) {
        uint32_t of_layer = in & b->layer[k];
        ret[k] = of_layer ? item[__builtin_ctz(of_layer)] : -1;
    }
}

void geo_atlas_find(const struct geo_atlas *at, struct geo_point p, int32_t *ret)
{
    bool inside = geo_box_holds(at->box, p);
    uint32_t code = inside ? code_at(at, p) : 0, value = code & CODE_VALUE;
    if (!inside) {
        for (size_t k = 0; k < at->layer_count; k++)
            ret[k] = -1;
    } else if (code >> CODE_KIND_SHIFT == CODE_ANSWER) {
        memcpy(ret, at->answers + value * at->layer_count, at->layer_count * sizeof(*ret));
    } else if (code >> CODE_KIND_SHIFT == CODE_BORDER) {
        border_find(at, (const void *)(at->borders + (size_t)value * BORDER_UNIT), p, ret);
    } else {
        for (size_t k = 0; k < at->layer_count; k++)
            ret[k] = (int32_t)geo_index_find(at->layers[k], p);
    }
}

void geo_atlas_free(struct geo_atlas *at)
{
    if (at == NULL)
        return;
    pool_free(&at->lattice_pool);
    pool_free(&at->code_pool);
    pool_free(&at->answer_pool);
    pool_free(&at->border_pool);
    heap_free(at);
}

size_t geo_atlas_bytes(const struct geo_atlas *at)
{
    return sizeof(*at) + at->lattice_pool.cap + at->code_pool.cap + at->answer_pool.cap
        + at->border_pool.cap;
}
