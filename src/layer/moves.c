/* moves.c: open matters that a version of grids leaves behind, counted by the grid that holds their
 * places then. */
#include "layer/moves.h"

RECORD_DEFINE(open_in_grid, OPEN_IN_GRID)

SQL_READS(in_grid, "moves.in_grid",
    "SELECT id, lon, lat FROM matter WHERE area = $1 AND grid = $2 AND open = 1"
    " AND kind <> 'dispute'");
const struct sql *const moves_statements[] = { &in_grid };
const size_t moves_statements_n = COUNT_OF(moves_statements);

enum { MATTERS_MAX = 1000000 };

enum err open_in_grid(struct db *db, struct arena *a, int64_t grid, struct list *ret)
{
    return db_rows(db, a, &in_grid, ARGS(I(grid_area(grid)), I(grid)), &open_in_grid_record,
        MATTERS_MAX, ret);
}

struct search { const struct layer_plan *p; struct arena *a; struct moves found; size_t room; };

static const struct zone_row *zone_at_point(const struct search *s, struct geo_point at)
{
    for (size_t i = 0; i < s->p->n_zones; i++)
        if (shape_holds(&s->p->zones[i]->shape, at))
            return s->p->zones[i];
    return NULL;
}

/* The entry for these two among those from the given one on, made if it is new. */
static struct zone_moves *entry(struct search *s, size_t begin, const struct zone_row *from,
    const struct zone_row *into)
{
    struct moves *m = &s->found;
    int64_t code = into ? into->code : 0;
    for (size_t i = begin; i < m->n; i++)
        if (m->at[i].into == code)
            return &m->at[i];
    m->at = MORE(s->a, struct zone_moves, m->at, m->n, &s->room);
    m->at[m->n] = (struct zone_moves){ from, 0, code, into ? into->name : STR("") };
    return &m->at[m->n++];
}

static enum err look_at(struct search *s, struct db *db, const struct zone_row *z)
{
    struct list list;
    size_t begin = s->found.n;
    TRY(open_in_grid(db, s->a, z->code, &list));
    const struct open_in_grid *rows = list.p;
    for (size_t i = 0; i < list.n; i++) {
        bool known = rows[i].lon == rows[i].lon;
        struct geo_point at = known ? (struct geo_point){ rows[i].lon, rows[i].lat } : z->centre;
        if (z->change == ZONE_CHANGED && (!known || shape_holds(&z->shape, at)))
            continue;
        entry(s, begin, z, zone_at_point(s, at))->matters++;
    }
    return OK;
}

enum err moves_find(struct db *db, struct arena *a, const struct layer_plan *p, struct moves *ret)
{
    struct search s = { .p = p, .a = a };
    for (size_t i = 0; i < p->n && p->want.layer == LAYER_GRID; i++)
        if (p->rows[i].change == ZONE_REMOVED || p->rows[i].change == ZONE_CHANGED)
            TRY(look_at(&s, db, &p->rows[i]));
    *ret = s.found;
    return OK;
}
