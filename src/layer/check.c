/* check.c: the whole of a check: words, places, outlines, and what becomes of each zone. */
#include "layer/check.h"
#include "catalogue/zone.h"
#include "crypto/hash.h"
#include "geo/index.h"
#include <stdlib.h>

const struct layer_kind layer_kinds[LAYER_COUNT] = {
    [LAYER_DIVISION] = { "division", 0, { "区划", "divisions" } },
    [LAYER_GRID] = { "grid", LEVEL_GRID, { "网格", "grids" } },
    [LAYER_MICRO] = { "micro", LEVEL_MICRO, { "微网格", "micro-grids" } },
    [LAYER_POLICE] = { "police", LEVEL_POLICE, { "警务网格", "police grids" } },
};

#define X(id, word, zh, en) { word, { zh, en } },
const struct flaw_row flaw_table[FLAW_COUNT] = { FLAW_TABLE(X) };
#undef X

enum map_layer layer_by_name(struct str name)
{
    size_t i = 0;
    while (i < LAYER_COUNT && !str_is(name, layer_kinds[i].name))
        i++;
    return (enum map_layer)i;
}

void row_fault(struct layer_check *k, size_t i, const char *field, struct msg m, struct str arg)
{
    fault_add(&k->plan->faults, k->plan->rows[i].row, field, m, arg);
    k->plan->rows[i].change = ZONE_BAD;
}

struct msg text_msg(struct str zh, struct str en)
{
    return (struct msg){ zh.p, en.p };
}

/* What stands around ----------------------------------------------------------------------- */

/* Outlines lie in the order of their codes. */
static const struct shape *outline_of(const struct geo_index *ix, int64_t code)
{
    size_t low = 0, high = ix ? geo_index_count(ix) : 0;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (geo_index_id(ix, mid) == code)
            return geo_index_shape(ix, mid);
        if (geo_index_id(ix, mid) < code)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

static const struct shape *division_outline(const struct catalogue *c, int64_t code)
{
    const struct division *d = division_find(c, code);
    return d ? outline_of(catalogue_areas(c, d->level), code) : NULL;
}

const struct shape *layer_ground(const struct catalogue *c, enum map_layer layer, int64_t parent)
{
    const struct unit *u = layer == LAYER_POLICE ? unit_find(c, parent) : NULL;
    switch (layer) {
    case LAYER_DIVISION:
    case LAYER_GRID: return division_outline(c, parent);
    case LAYER_MICRO: return outline_of(catalogue_areas(c, LEVEL_GRID), parent);
    case LAYER_POLICE: return u ? division_outline(c, u->region) : NULL;
    case LAYER_COUNT: break;
    }
    return NULL;
}

struct str layer_parent_name(const struct catalogue *c, enum map_layer layer, int64_t parent)
{
    const struct unit *u = layer == LAYER_POLICE ? unit_find(c, parent) : NULL;
    const struct grid *g = layer == LAYER_MICRO ? grid_find(c, parent) : NULL;
    const struct division *d = layer == LAYER_DIVISION || layer == LAYER_GRID
        ? division_find(c, parent) : NULL;
    return u ? u->name : g ? g->name : d ? d->name : STR("");
}

/* What is stored --------------------------------------------------------------------------- */

enum err layer_stored(struct db *db, struct arena *a, enum map_layer layer, int64_t at_ms,
    struct zone_row **ret, size_t *ret_n)
{
    struct list list;
    TRY(zones_at(db, a, str_c(layer_kinds[layer].name), at_ms, &list));
    const struct zone *from = list.p;
    struct zone_row *rows = NEW_N(a, struct zone_row, list.n + 1);
    for (size_t i = 0; i < list.n; i++) {
        rows[i] = (struct zone_row){ .code = from[i].code, .parent = from[i].parent,
            .level = from[i].level, .kind = from[i].kind, .name = from[i].name,
            .centre = { from[i].lon, from[i].lat } };
        if (from[i].shape.n)
            TRY(shape_load(a, from[i].shape, &rows[i].shape));
    }
    *ret = rows;
    *ret_n = list.n;
    return OK;
}

const struct zone_row *stored_with(const struct layer_check *k, int64_t code)
{
    size_t low = 0, high = k->n_stored;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (k->stored[mid].code == code)
            return &k->stored[mid];
        if (k->stored[mid].code < code)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

/* Rows by code ----------------------------------------------------------------------------- */

static int code_order(const void *x, const void *y, void *ctx)
{
    const struct zone_row *rows = ctx;
    size_t i = *(const size_t *)x, j = *(const size_t *)y;
    if (rows[i].code != rows[j].code)
        return rows[i].code < rows[j].code ? -1 : 1;
    return (i > j) - (i < j);
}

const struct zone_row *row_with(const struct layer_check *k, int64_t code)
{
    size_t low = 0, high = k->f->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (k->plan->rows[k->by_code[mid]].code < code)
            low = mid + 1;
        else
            high = mid;
    }
    const struct zone_row *z = low < k->f->n ? &k->plan->rows[k->by_code[low]] : NULL;
    return z && z->code == code ? z : NULL;
}

/* Outlines --------------------------------------------------------------------------------- */

static const struct shape *ground_of_row(void *ctx, size_t i)
{
    const struct layer_check *k = ctx;
    const struct zone_row *z = &k->plan->rows[i];
    return z->parent ? layer_ground(k->c, k->want.layer, z->parent) : NULL;
}

static void check_outline(struct layer_check *k, size_t i)
{
    struct zone_row *z = &k->plan->rows[i];
    struct err_info info = { .e = OK };
    const struct rough *r = &k->f->at[i].rough;
    if (k->want.layer == LAYER_DIVISION && r->kind == ROUGH_NONE)
        return;
    if (rough_mend(k->a, r, &z->mended, &z->shape, &info) == OK)
        z->centre = shape_centre(&z->shape);
    else
        row_fault(k, i, info.field, (struct msg){ info.zh, info.en }, STR_NONE);
}

static bool same_shape(const struct shape *a, const struct shape *b)
{
    return a->point_count == b->point_count && a->ring_count == b->ring_count
        && (a->point_count == 0 || memcmp(a->at, b->at, a->point_count * sizeof(*a->at)) == 0);
}

static void compare(struct layer_check *k, struct zone_row *z)
{
    const struct zone_row *before = stored_with(k, z->code);
    if (z->change == ZONE_BAD || z->change == ZONE_REMOVED)
        return;
    if (before && z->shape.point_count == 0 && k->want.layer == LAYER_DIVISION)
        z->shape = before->shape;
    z->change = before == NULL ? ZONE_ADDED
        : before->parent == z->parent && before->level == z->level && str_eq(before->kind, z->kind)
            && str_eq(before->name, z->name) && same_shape(&before->shape, &z->shape)
        ? ZONE_SAME : ZONE_CHANGED;
}

struct str layer_outline_mark(struct arena *a, const struct shape *s)
{
    struct hash h;
    if (s == NULL || s->point_count == 0)
        return STR("new");
    h = hash_sha256(shape_wkb(a, s));
    return arena_fmt(a, "%02x%02x%02x%02x%02x%02x%02x%02x", h.b[0], h.b[1], h.b[2], h.b[3], h.b[4],
        h.b[5], h.b[6], h.b[7]);
}

/* Whether the outline on which the row was drawn still stands. */
static void check_drawn_on(struct layer_check *k, size_t i)
{
    const struct zone_row *z = &k->plan->rows[i];
    const struct zone_row *now = stored_with(k, z->code);
    struct str said = k->f->at[i].values[FIELD_DRAWN_ON];
    if (said.n && z->code && !str_eq(said, layer_outline_mark(k->a, now ? &now->shape : NULL)))
        row_fault(k, i, "drawn_on", MSG("画好之后，现行边界又有改动，启用会把它改回去。请打开草案与现行边界核对；仍以草案为准的，再保存一次",
            "The outline in force has been changed since this was drawn, and this would undo it. Open the"
            " draft and compare it with what is in force; if the draft is right, save it once more"),
            STR_NONE);
}

/* A whole layer takes away what it lacks, unless only its good rows are wanted. */
static void add_missing(struct layer_check *k)
{
    struct layer_plan *p = k->plan;
    for (size_t i = 0; i < k->n_stored && !k->want.part && !k->want.good_rows; i++) {
        if (row_with(k, k->stored[i].code))
            continue;
        p->rows[p->n] = k->stored[i];
        p->rows[p->n++].change = ZONE_REMOVED;
    }
}

static void begin_rows(struct layer_check *k)
{
    struct layer_plan *p = k->plan;
    p->rows = NEW_N(k->a, struct zone_row, k->f->n + k->n_stored + 1);
    p->n = k->f->n;
    for (size_t i = 0; i < p->n; i++)
        p->rows[i] = (struct zone_row){ .row = k->f->at[i].row };
    check_codes(k);
    k->by_code = NEW_N(k->a, size_t, p->n + 1);
    for (size_t i = 0; i < p->n; i++)
        k->by_code[i] = i;
    qsort_r(k->by_code, p->n, sizeof(*k->by_code), code_order, p->rows);
}

enum err layer_check(struct db *db, const struct catalogue *c, struct arena *a,
    const struct layer_want *want, const struct features *f, struct layer_plan *ret,
    struct err_info *info)
{
    *ret = (struct layer_plan){ .want = *want, .faults = faults_in(a) };
    struct layer_check k = { .c = c, .a = a, .want = *want, .f = f, .plan = ret };
    if (f->n == 0)
        return err_note(info, E_INPUT, "file", MSG("文件里没有任何行", "There are no rows in the file"),
            STR_NONE);
    TRY(layer_stored(db, a, want->layer, want->at_ms, &k.stored, &k.n_stored));
    begin_rows(&k);
    check_words(&k);
    TRY(features_place(f, want->crs, (struct yardstick){ ground_of_row, &k }, &ret->placing,
        &ret->faults, info));
    for (size_t i = 0; i < f->n; i++) {
        if (f->at[i].misplaced)
            ret->rows[i].change = ZONE_BAD;
        if (ret->rows[i].change != ZONE_BAD && ret->rows[i].change != ZONE_REMOVED)
            check_outline(&k, i);
    }
    for (size_t i = 0; i < f->n; i++) {
        check_drawn_on(&k, i);
        compare(&k, &ret->rows[i]);
    }
    add_missing(&k);
    check_ground(&k);
    for (size_t i = 0; i < ret->n; i++)
        ret->n_change[ret->rows[i].change]++;
    return OK;
}

/* A part of a layer taken for the whole of it would leave most of a city without grids. */
void layer_refuse_to_empty(struct arena *a, struct layer_plan *p)
{
    enum { FEW = 20 };
    const size_t *n = p->n_change;
    if (n[ZONE_REMOVED] <= FEW
        || n[ZONE_REMOVED] <= n[ZONE_ADDED] + n[ZONE_CHANGED] + n[ZONE_SAME])
        return;
    fault_add(&p->faults, 0, "", MSG("文件里没有的区域会全部撤销，共 %s 个，超过一半：只改一部分请选“部分”(--part)，确要撤销请选"
        "“确要撤销”(--whole)", "More than half of the layer, %s zones, is not in the file and would be taken"
        " away: \"part\" (--part) changes only what is in it, \"replace\" (--whole) means it"),
        arena_fmt(a, "%zu", n[ZONE_REMOVED]));
}

bool layer_may_store(const struct layer_plan *p)
{
    return p->want.good_rows || p->faults.total == 0;
}
