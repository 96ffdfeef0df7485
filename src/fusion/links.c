/* links.c: the overlay of both layers, kept with the snapshot, and its pieces as outlines. */
#include "fusion/fusion.h"

struct kept { struct arena a; struct overlay overlay; };
static const size_t KEPT_BYTES_MAX = (size_t)1 << 30;

static void *kept_make(const struct catalogue *c)
{
    struct kept *k = heap_alloc(sizeof(*k));
    arena_init(&k->a, KEPT_BYTES_MAX);
    overlay_make(&k->a, catalogue_areas(c, LEVEL_GRID), catalogue_areas(c, LEVEL_POLICE),
        &k->overlay);
    return k;
}

static void kept_end(void *made)
{
    struct kept *k = made;
    arena_free(&k->a);
    heap_free(k);
}

const struct overlay *fusion_overlay(const struct catalogue *c)
{
    const struct kept *k = catalogue_keep(c, kept_make, kept_end);
    return &k->overlay;
}

static const struct shape *outline_of(const struct geo_index *ix, int64_t code)
{
    size_t low = 0, high = geo_index_count(ix);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (geo_index_id(ix, mid) < code)
            low = mid + 1;
        else
            high = mid;
    }
    return low < geo_index_count(ix) && geo_index_id(ix, low) == code ? geo_index_shape(ix, low)
        : NULL;
}

static void neighbour_look(const struct fusion_ask *ask, const struct grid *own, size_t i,
    struct fusion_piece *ret)
{
    const struct geo_index *ix = catalogue_areas(ask->cat, LEVEL_GRID);
    const struct grid *g = grid_find(ask->cat, geo_index_id(ix, i));
    if (g == NULL || g->code == own->code || g->community != own->community)
        return;
    double m = shape_border_m(&ret->shape, geo_index_shape(ix, i));
    if (m > ret->border_m) {
        ret->border_m = m;
        ret->into = g->code;
    }
}

enum err fusion_piece(const struct fusion_ask *ask, int64_t grid, int64_t police,
    struct fusion_piece *ret)
{
    enum { NEAR_MAX = 256 };
    const struct geo_index *ix = catalogue_areas(ask->cat, LEVEL_GRID);
    const struct shape *a = outline_of(ix, grid);
    const struct shape *b = outline_of(catalogue_areas(ask->cat, LEVEL_POLICE), police);
    const struct grid *own = grid_find(ask->cat, grid);
    size_t near[NEAR_MAX];
    *ret = (struct fusion_piece){ .grid = grid, .police = police };
    if (own == NULL || a == NULL || b == NULL)
        return E_MISSING;
    TRY(shape_combine(ask->a, COMBINE_BOTH, a, b, &ret->shape));
    size_t n = geo_index_in_box(ix, ret->shape.box, near, NEAR_MAX);
    for (size_t i = 0; i < n; i++)
        neighbour_look(ask, own, near[i], ret);
    return OK;
}

enum err fusion_outline(const struct fusion_ask *ask, const struct finding *f, struct shape *ret)
{
    bool grid = str_is(f->layer, "grid"), police = str_is(f->layer, "police");
    const struct shape *s = outline_of(catalogue_areas(ask->cat, grid ? LEVEL_GRID
        : police ? LEVEL_POLICE : LEVEL_COMMUNITY), f->code);
    const struct shape *under = grid && f->other != I64_NONE
        ? outline_of(catalogue_areas(ask->cat, LEVEL_POLICE), f->other) : NULL;
    if (s == NULL)
        return E_MISSING;
    if (under)
        return shape_combine(ask->a, COMBINE_BOTH, s, under, ret);
    *ret = *s;
    return OK;
}
