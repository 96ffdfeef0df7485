/* change.c: a snapshot as it would be: rows of a layer with others in place of some. */
#include "catalogue/snapshot.h"
#include "catalogue/zone.h"

/* Rows begin with their code and lie in its order, as zones do. */
static int64_t code_of(const void *row)
{
    return *(const int64_t *)row;
}

struct list change_rows(struct arena *a, struct list rows, size_t size,
    const struct catalogue_change *change, void (*fill)(void *row, const struct zone *z))
{
    const char *from = rows.p, *end = from + rows.n * size;
    char *made = arena_alloc(a, size, alignof(max_align_t), rows.n + change->n_zones + 1);
    size_t n = 0;
    for (size_t i = 0; i < change->n_zones || from < end;) {
        const struct zone *z = i < change->n_zones ? &change->zones[i] : NULL;
        bool stored = from < end && (z == NULL || code_of(from) <= z->code);
        bool changed = z && (!stored || code_of(from) == z->code);
        if (stored)
            memcpy(made + n * size, from, size);
        if (changed)
            fill(made + n * size, z);
        n += !changed || z->shape.n > 0;
        from += stored ? size : 0;
        i += changed;
    }
    return (struct list){ made, n };
}

static void fill_grid(void *row, const struct zone *z)
{
    struct grid *g = row;
    g->code = z->code;
    g->community = z->parent;
    g->name = z->name;
    g->kind = z->kind;
    g->lon = z->lon;
    g->lat = z->lat;
}

static void fill_micro(void *row, const struct zone *z)
{
    *(struct micro_grid *)row = (struct micro_grid){ z->code, z->parent, z->name };
}

static void fill_police(void *row, const struct zone *z)
{
    *(struct police_grid *)row = (struct police_grid){ z->code, z->parent, z->name };
}

struct catalogue_change change_copy(struct arena *a, const struct catalogue_change *change)
{
    struct catalogue_change mine = *change;
    struct zone *zones = NEW_N(a, struct zone, change->n_zones + 1);
    for (size_t i = 0; i < change->n_zones; i++) {
        zones[i] = change->zones[i];
        zones[i].name = arena_str(a, zones[i].name);
        zones[i].kind = arena_str(a, zones[i].kind);
    }
    mine.zones = zones;
    if (change->rules.p)
        mine.rules = arena_str(a, change->rules);
    return mine;
}

void change_tables(struct catalogue *c, const struct catalogue_change *change)
{
    struct arena *a = &c->memory->arena;
    if (str_is(change->layer, "grid"))
        c->grids = change_rows(a, c->grids, sizeof(struct grid), change, fill_grid);
    if (str_is(change->layer, "micro"))
        c->micro_grids = change_rows(a, c->micro_grids, sizeof(struct micro_grid), change,
            fill_micro);
    if (str_is(change->layer, "police"))
        c->police_grids = change_rows(a, c->police_grids, sizeof(struct police_grid), change,
            fill_police);
}
