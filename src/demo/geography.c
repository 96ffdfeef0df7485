/* geography.c: the demo city: mesh, labels, outlines, numbers and names. */
#include "demo/geography.h"
#include "demo/layers.h"
#include "demo/outline.h"
#include <math.h>
#include <stdlib.h>

static const struct { const char *code, *zh, *en; } kind_words[DEMO_GRID_KINDS] = {
    [DEMO_GRID_BASE] = { "base", "网格", "Grid" },
    [DEMO_GRID_WATER] = { "water", "水域专属网格", "Water grid" },
    [DEMO_GRID_SCHOOL] = { "school", "学校专属网格", "School grid" },
    [DEMO_GRID_MARKET] = { "market", "市场专属网格", "Market grid" },
    [DEMO_GRID_COMPANY] = { "company", "企业专属网格", "Company grid" },
    [DEMO_GRID_HOSPITAL] = { "hospital", "医院专属网格", "Hospital grid" },
};

const char *demo_grid_kind_code(enum demo_grid_kind kind)
{
    return kind_words[kind].code;
}

/* One layer: outline and middle of each of its areas, by label. */
struct layer { struct str *wkb; struct geo_point *centre; };

/* The site nearest to an area's middle: inside, because every cell is seen whole from its site. */
static struct geo_point *centres_find(struct arena *scratch, const struct mesh *m,
    const uint32_t *label, uint32_t count)
{
    struct geo_point *out = NEW_N(scratch, struct geo_point, count);
    struct xy *sum = NEW_N(scratch, struct xy, count);
    double *area = NEW_N(scratch, double, count), *nearest = NEW_N(scratch, double, count);
    for (uint32_t c = 0; c < m->cell_count; c++) {
        if (label[c] == MESH_NONE)
            continue;
        area[label[c]] += m->area_m2[c];
        sum[label[c]].x += m->area_m2[c] * m->site[c].x;
        sum[label[c]].y += m->area_m2[c] * m->site[c].y;
        nearest[label[c]] = INFINITY;
    }
    for (uint32_t c = 0; c < m->cell_count; c++) {
        uint32_t l = label[c];
        if (l == MESH_NONE)
            continue;
        double d = hypot(m->site[c].x - sum[l].x / area[l], m->site[c].y - sum[l].y / area[l]);
        if (d < nearest[l]) {
            nearest[l] = d;
            out[l] = geo_point_round(degrees_of(m->site[c]), 6);
        }
    }
    return out;
}

static struct layer layer_make(struct arena *a, struct arena *scratch, const struct mesh *m,
    const uint32_t *label, uint32_t count)
{
    return (struct layer){ outline_polygons(a, scratch, m, label, count),
        centres_find(scratch, m, label, count) };
}

/* How much of a border each wall is; see mesh_smooth. */
static uint8_t *ranks_of(struct arena *scratch, const struct layers *l)
{
    const uint32_t *const by_rank[] = { l->police, l->grid, l->community, l->township,
        l->district };
    const struct mesh *m = l->mesh;
    uint8_t *rank = NEW_N(scratch, uint8_t, m->wall_count);
    for (uint32_t c = 0; c < m->cell_count; c++) {
        for (uint32_t w = m->wall_at[c]; w < m->wall_at[c + 1]; w++) {
            for (size_t i = 0; i < COUNT_OF(by_rank) && m->other[w] != MESH_NONE; i++) {
                if (by_rank[i][c] != by_rank[i][m->other[w]])
                    rank[w] = (uint8_t)(i + 1);
            }
        }
    }
    return rank;
}

static void divisions_write(struct arena *a, struct arena *scratch, const struct layers *l,
    struct geography *ret)
{
    const struct reg *reg = l->reg;
    uint32_t *city = NEW_N(scratch, uint32_t, l->mesh->cell_count);
    for (uint32_t c = 0; c < l->mesh->cell_count; c++)
        city[c] = l->district[c] == MESH_NONE ? MESH_NONE : 0;
    const uint32_t *const label[LEVEL_COUNT] = { [LEVEL_CITY] = city,
        [LEVEL_DISTRICT] = l->district, [LEVEL_TOWNSHIP] = l->township,
        [LEVEL_COMMUNITY] = l->community };
    ret->division_count = reg->count;
    ret->divisions = NEW_N(a, struct demo_division, reg->count);
    for (int level = LEVEL_CITY; level < LEVEL_COUNT; level++) {
        struct layer layer = layer_make(a, scratch, l->mesh, label[level], reg->first[level + 1]);
        for (uint32_t i = reg->first[level]; i < reg->first[level + 1]; i++) {
            const struct reg_place *p = &reg->at[i];
            ret->divisions[i] = (struct demo_division){ p->code12, p->parent12, p->kind, p->name,
                p->short_name, layer.wkb[i], level, layer.centre[i] };
        }
    }
}

/* One area waiting for its number inside its parent. */
struct numbering { uint32_t parent, label; int group; struct geo_point centre; };

static int compare(double x, double y)
{
    return (x > y) - (x < y);
}

/* Rows of about 500 m from the north, in each from west to east. */
static int entry_order(const void *x, const void *y)
{
    static const double ROW_DEGREES = 0.0045;
    const struct numbering *a = x, *b = y;
    if (a->parent != b->parent)
        return a->parent < b->parent ? -1 : 1;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    int row = compare(floor(b->centre.lat / ROW_DEGREES), floor(a->centre.lat / ROW_DEGREES));
    return row ? row : compare(a->centre.lon, b->centre.lon);
}

/* The code and the two names of a grid: serial counts in its group, nth among those of its kind
 * in the community. */
static void grid_name(struct arena *a, struct demo_grid *g, struct str community, int serial,
    int nth)
{
    const char *zh = kind_words[g->kind].zh, *en = kind_words[g->kind].en;
    bool base = g->kind == DEMO_GRID_BASE;
    g->code15 = arena_fmt(a, "%.*s%03d", STR_FMT(g->community12), base ? serial : 900 + serial);
    if (base) {
        g->name_zh = arena_fmt(a, "%.*s第%d%s", STR_FMT(community), serial, zh);
        g->name_en = arena_fmt(a, "%s %d, %.*s", en, serial, STR_FMT(community));
    } else if (nth == 1) {
        g->name_zh = arena_fmt(a, "%.*s%s", STR_FMT(community), zh);
        g->name_en = arena_fmt(a, "%s, %.*s", en, STR_FMT(community));
    } else {
        g->name_zh = arena_fmt(a, "%.*s%s%d", STR_FMT(community), zh, nth);
        g->name_en = arena_fmt(a, "%s %d, %.*s", en, nth, STR_FMT(community));
    }
}

/* ret_order: of each plot, its place among the grids written. */
static void grids_write(struct arena *a, struct arena *scratch, const struct layers *l,
    struct geography *ret, uint32_t *ret_order)
{
    struct layer layer = layer_make(a, scratch, l->mesh, l->grid, l->plot_count);
    struct numbering *e = NEW_N(scratch, struct numbering, l->plot_count);
    int serial = 0, nth[DEMO_GRID_KINDS] = { 0 };
    for (uint32_t i = 0; i < l->plot_count; i++)
        e[i] = (struct numbering){ l->plots[i].community, i, l->plots[i].kind != DEMO_GRID_BASE,
            layer.centre[i] };
    qsort(e, l->plot_count, sizeof(*e), entry_order);
    ret->grid_count = l->plot_count;
    ret->grids = NEW_N(a, struct demo_grid, l->plot_count);
    for (uint32_t i = 0; i < l->plot_count; i++) {
        const struct reg_place *p = &l->reg->at[e[i].parent];
        struct demo_grid *g = &ret->grids[i];
        *g = (struct demo_grid){ .community12 = p->code12, .wkb = layer.wkb[e[i].label],
            .kind = l->plots[e[i].label].kind, .centre = e[i].centre };
        if (i == 0 || e[i - 1].parent != e[i].parent)
            memset(nth, 0, sizeof(nth));
        bool follows = i > 0 && e[i - 1].parent == e[i].parent && e[i - 1].group == e[i].group;
        serial = follows ? serial + 1 : 1;
        grid_name(a, g, p->short_name, serial, ++nth[g->kind]);
        ret_order[e[i].label] = i;
    }
}

/* order: of each plot, its place among the grids. */
static void micros_write(struct arena *a, struct arena *scratch, const struct layers *l,
    const uint32_t *order, struct geography *ret)
{
    struct layer layer = layer_make(a, scratch, l->mesh, l->micro, l->micro_count);
    struct numbering *e = NEW_N(scratch, struct numbering, l->micro_count);
    int serial = 0;
    for (uint32_t i = 0; i < l->micro_count; i++)
        e[i] = (struct numbering){ order[l->micro_plots[i]], i, 0, layer.centre[i] };
    qsort(e, l->micro_count, sizeof(*e), entry_order);
    ret->micro_count = l->micro_count;
    ret->micros = NEW_N(a, struct demo_micro, l->micro_count);
    for (uint32_t i = 0; i < l->micro_count; i++) {
        const struct demo_grid *g = &ret->grids[e[i].parent];
        serial = i > 0 && e[i - 1].parent == e[i].parent ? serial + 1 : 1;
        ret->micros[i] = (struct demo_micro){ .grid15 = g->code15, .wkb = layer.wkb[e[i].label],
            .centre = e[i].centre,
            .code17 = arena_fmt(a, "%.*s%02d", STR_FMT(g->code15), serial),
            .name_zh = arena_fmt(a, "%.*s第%d微网格", STR_FMT(g->name_zh), serial),
            .name_en = arena_fmt(a, "Micro-grid %d, %.*s", serial, STR_FMT(g->name_en)) };
    }
}

/* Station numbers of a district's townships follow their order from 50; the last four digits tell
 * the station's own (0000) from its grids. */
static void police_name(struct arena *a, const struct reg *reg, uint32_t township, int serial,
    struct demo_police_grid *g)
{
    const struct reg_place *p = &reg->at[township];
    uint32_t number = 50 + township - reg->at[p->parent].child_first;
    struct str county6 = { p->code12.p, 6 };
    g->township9 = (struct str){ p->code12.p, 9 };
    g->station12 = arena_fmt(a, "%.*s%02u0000", STR_FMT(county6), number);
    g->code12 = arena_fmt(a, "%.*s%02u%04d", STR_FMT(county6), number, serial);
    g->station_name = arena_fmt(a, "%.*s派出所", STR_FMT(p->short_name));
    g->name_zh = arena_fmt(a, "%.*s派出所第%d警务网格", STR_FMT(p->short_name), serial);
    g->name_en = arena_fmt(a, "Police grid %d, %.*s", serial, STR_FMT(p->short_name));
}

static void police_write(struct arena *a, struct arena *scratch, const struct layers *l,
    struct geography *ret)
{
    struct layer layer = layer_make(a, scratch, l->mesh, l->police, l->beat_count);
    struct numbering *e = NEW_N(scratch, struct numbering, l->beat_count);
    int serial = 0;
    for (uint32_t i = 0; i < l->beat_count; i++)
        e[i] = (struct numbering){ l->beats[i], i, 0, layer.centre[i] };
    qsort(e, l->beat_count, sizeof(*e), entry_order);
    ret->police_count = l->beat_count;
    ret->police = NEW_N(a, struct demo_police_grid, l->beat_count);
    for (uint32_t i = 0; i < l->beat_count; i++) {
        struct demo_police_grid *g = &ret->police[i];
        *g = (struct demo_police_grid){ .wkb = layer.wkb[e[i].label], .centre = e[i].centre };
        serial = i > 0 && e[i - 1].parent == e[i].parent ? serial + 1 : 1;
        police_name(a, l->reg, e[i].parent, serial, g);
    }
}

void demo_geography(struct arena *a, uint64_t seed, struct geography *ret)
{
    enum { SMOOTHING_ROUNDS = 4 };
    static const size_t SCRATCH_BYTES_MAX = (size_t)2 << 30;
    struct arena scratch;
    arena_init(&scratch, SCRATCH_BYTES_MAX);
    struct rand r = rand_seeded(seed);
    struct reg reg = register_load(a);
    struct terrain t = terrain_load(&scratch, &reg, DEMO_GRID_COUNT);
    struct mesh m = mesh_build(&scratch, sites_scatter(&scratch, &t, &r));
    struct layers l = layers_make(&scratch, &reg, &t, &m, &r);
    mesh_smooth(&scratch, &m, ranks_of(&scratch, &l), SMOOTHING_ROUNDS);
    divisions_write(a, &scratch, &l, ret);
    uint32_t *order = NEW_N(&scratch, uint32_t, l.plot_count);
    grids_write(a, &scratch, &l, ret, order);
    micros_write(a, &scratch, &l, order, ret);
    police_write(a, &scratch, &l, ret);
    terrain_end(&t);
    arena_free(&scratch);
}
