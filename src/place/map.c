/* map.c: matters on the map, and zones with how much is open in them, within what the asker may
 * see: a territory, or the matters of the own units. */
#include "place/map.h"
#include "geo/cell.h"
#include "geo/index.h"
#include <stdlib.h>

RECORD_DEFINE(matters_map_in, MATTERS_MAP_IN)
RECORD_DEFINE(map_point, MAP_POINT)
RECORD_DEFINE(map_group, MAP_GROUP)
RECORD_DEFINE(matters_map, MATTERS_MAP)
RECORD_DEFINE(map_zones_in, MAP_ZONES_IN)
RECORD_DEFINE(map_facts_in, MAP_FACTS_IN)
RECORD_DEFINE(map_zone, MAP_ZONE)
RECORD_DEFINE(map_zones, MAP_ZONES)

const char *const ended_words[] = { "no", "only", "too", NULL };

#define SPOT(X, R) \
    X(R, STR, number, 0, 0, 0, NULL, "") X(R, STR, state, 0, 0, 0, NULL, "") \
    X(R, STR, category, 0, 0, 0, NULL, "") X(R, I64, tier, 0, 0, 0, NULL, "") \
    X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, town, 0, 0, 0, NULL, "") \
    X(R, I64, community, 0, 0, 0, NULL, "") X(R, I64, grid, 0, 0, 0, NULL, "") \
    X(R, F64, lon, 0, 0, 0, NULL, "") X(R, F64, lat, 0, 0, 0, NULL, "") \
    X(R, I64, created_ms, 0, 0, 0, NULL, "") X(R, I64, due_ms, 0, 0, 0, NULL, "") \
    X(R, I64, open, 0, 0, 0, NULL, "") X(R, I64, closed_ms, 0, 0, 0, NULL, "")
RECORD(spot, SPOT)
RECORD_DEFINE(spot, SPOT)
#define TALLY(X, R) \
    X(R, I64, key, 0, 0, 0, NULL, "") X(R, I64, matters, 0, 0, 0, NULL, "") \
    X(R, I64, overdue, 0, 0, 0, NULL, "") X(R, F64, lon, 0, 0, 0, NULL, "") \
    X(R, F64, lat, 0, 0, 0, NULL, "")
RECORD(tally, TALLY)
RECORD_DEFINE(tally, TALLY)

/* Ways to the rows, and two things to tell of them. $1 and $2 bound the way: cells, a unit's
 * deadlines, or a county's endings. Then $3 and $4 reported or ended between, $5 and $6 the
 * divisions between which the territory lies, $7 a unit or 0 for all, $8 to $11 the box, $12 state,
 * $13 category prefix, $14 tier, $15 level of zones (0: none), $16 zone (0: all), and of tallies
 * $17 cells to a group, $18 now. */
#define ZONE_OF_LEVEL \
    "CASE CAST($15 AS BIGINT) WHEN 3 THEN area * 1000000 WHEN 4 THEN town WHEN 5 THEN community" \
    " WHEN 6 THEN grid WHEN 7 THEN micro_grid WHEN 8 THEN police_grid ELSE 0 END"
#define WHICH(time) \
    " AND " time " >= $3 AND " time " < $4" \
    " AND CASE WHEN community > 0 THEN community WHEN town > 0 THEN town ELSE area * 1000000 END" \
    " BETWEEN $5 AND $6 AND (CAST($7 AS BIGINT) = 0 OR owner_unit = $7)" \
    " AND lon BETWEEN $8 AND $9 AND lat BETWEEN $10 AND $11" \
    " AND ($12 = '' OR state = $12) AND substr(category, 1, length($13)) = $13" \
    " AND (CAST($14 AS BIGINT) = 0 OR tier = $14)" \
    " AND (CAST($16 AS BIGINT) = 0 OR " ZONE_OF_LEVEL " = $16)"
#define POINTS(var, name, way, time, order) \
    SQL_READS(var, name, "SELECT number, state, category, tier, area, town, community, grid, lon," \
        " lat, created_ms, due_ms, open, closed_ms FROM matter WHERE " way WHICH(time) \
        " ORDER BY " order " LIMIT 501")
#define TALLIES(var, name, way, time) \
    SQL_READS(var, name, "SELECT CASE WHEN CAST($15 AS BIGINT) = 0 THEN cell / CAST($17 AS BIGINT)" \
        " ELSE " ZONE_OF_LEVEL " END, count(*), count(CASE WHEN due_ms < $18 THEN 1 END)," \
        " avg(lon), avg(lat) FROM matter WHERE " way WHICH(time) " GROUP BY 1 LIMIT 20000")
#define BY_CELL "cell BETWEEN $1 AND $2 AND open = 1 AND cell IS NOT NULL" " AND " OPEN_CIRCLE
#define BY_UNIT "owner_unit = $1 AND due_ms >= $2 AND open = 1 AND cell IS NOT NULL" " AND " OPEN_CIRCLE
#define ENDED_HERE "cell BETWEEN $1 AND $2 AND open = 0 AND cell IS NOT NULL" " AND " OPEN_CIRCLE
#define BY_END "area = $1 AND closed_ms >= $2 AND open = 0 AND cell IS NOT NULL" " AND " OPEN_CIRCLE
POINTS(POINTS_BY_CELL, "map.points_by_cell", BY_CELL, "created_ms", "cell");
POINTS(POINTS_BY_UNIT, "map.points_by_unit", BY_UNIT, "created_ms", "due_ms");
POINTS(POINTS_ENDED_HERE, "map.points_ended_here", ENDED_HERE, "closed_ms", "cell");
POINTS(POINTS_ENDED_LAST, "map.points_ended_last", ENDED_HERE, "closed_ms", "closed_ms DESC");
POINTS(POINTS_BY_END, "map.points_by_end", BY_END, "closed_ms", "closed_ms DESC");
TALLIES(TALLY_BY_CELL, "map.tally_by_cell", BY_CELL, "created_ms");
TALLIES(TALLY_BY_UNIT, "map.tally_by_unit", BY_UNIT, "created_ms");
TALLIES(TALLY_ENDED_HERE, "map.tally_ended_here", ENDED_HERE, "closed_ms");
TALLIES(TALLY_BY_END, "map.tally_by_end", BY_END, "closed_ms");
const struct sql *const map_statements[] = { &POINTS_BY_CELL, &POINTS_BY_UNIT, &POINTS_BY_END,
    &POINTS_ENDED_HERE, &POINTS_ENDED_LAST, &TALLY_BY_CELL, &TALLY_BY_UNIT, &TALLY_BY_END,
    &TALLY_ENDED_HERE };
const size_t map_statements_n = COUNT_OF(map_statements);

enum { TALLIES_MAX = 20000, SPOTS_MAX = MAP_POINTS_MAX + 1, ARGS_POINTS = 16, ARGS_TALLY = 18 };
static const int64_t far_ms = INT64_C(4000000000000);
static const struct region anywhere = { 0, INT64_MAX };
static const double WIDE_DEGREES = 0.05;        /* some five kilometres */

/* What is asked for, made ready for the statements. */
struct search_in {
    struct geo_box box;
    struct str state, category, ended;
    int64_t tier, from_ms, to_ms, level, zone, cells;
};

#define SEARCH_OF(q) { .box = { (q)->w, (q)->s, (q)->e, (q)->n }, .state = (q)->state, \
    .category = (q)->category, .ended = (q)->ended, .tier = (q)->tier, .from_ms = (q)->from_ms, \
    .to_ms = (q)->to_ms }

static int64_t or_usual(int64_t v, int64_t usual)
{
    return v == I64_NONE ? usual : v;
}

/* Runs a statement along each way and gives all rows together. */
struct gather {
    struct cx *cx;
    const struct search_in *q;
    const struct record *record;
    bool tally;
    struct list rows;
};

static enum err gather_run(struct gather *g, const struct sql *sql, int64_t from, int64_t to,
    struct region within, int64_t unit)
{
    const struct search_in *q = g->q;
    struct list more;
    struct arg args[ARGS_TALLY] = { I(from), I(to), I(or_usual(q->from_ms, 0)),
        I(or_usual(q->to_ms, far_ms)), I(within.from), I(within.to), I(unit), F(q->box.lon_min),
        F(q->box.lon_max), F(q->box.lat_min), F(q->box.lat_max),
        S(q->state.p ? q->state : STR("")), S(q->category.p ? q->category : STR("")),
        I(or_usual(q->tier, 0)), I(q->level), I(q->zone), I(q->cells), I(g->cx->now_ms) };
    TRY(db_rows(g->cx->db, g->cx->a, sql, args, g->tally ? ARGS_TALLY : ARGS_POINTS, g->record,
        TALLIES_MAX, &more));
    if (more.n == 0)
        return OK;
    size_t size = g->record->size, n = g->rows.n + more.n;
    char *all = arena_alloc(g->cx->a, size, alignof(max_align_t), n);
    if (g->rows.n)
        memcpy(all, g->rows.p, g->rows.n * size);
    memcpy(all + g->rows.n * size, more.p, more.n * size);
    g->rows = (struct list){ all, n };
    return OK;
}

static enum err gather_cells(struct gather *g, const struct sql *sql, struct region within,
    int64_t unit)
{
    struct cell_range ranges[CELL_RANGES_MAX];
    size_t n = cell_ranges_box(g->q->box, ranges);
    for (size_t i = 0; i < n; i++)
        TRY(gather_run(g, sql, ranges[i].first, ranges[i].last, within, unit));
    return OK;
}

static enum err gather_open(struct gather *g, const struct region *within, int64_t unit)
{
    if (within)
        return gather_cells(g, g->tally ? &TALLY_BY_CELL : &POINTS_BY_CELL, *within, 0);
    return gather_run(g, g->tally ? &TALLY_BY_UNIT : &POINTS_BY_UNIT, unit, 0, anywhere, 0);
}

/* What has ended in a place is found by that, for the history of the county around it only grows;
 * in a wide view what ended since a day, or last in a zone, county by county as they are stored. */
static enum err gather_ended(struct gather *g, const struct region *within, int64_t unit)
{
    const struct division *d = catalogue_divisions(g->cx->cat).p;
    struct region all = within ? *within : anywhere;
    bool wide = g->q->box.lon_max - g->q->box.lon_min > WIDE_DEGREES;
    if (!wide || (g->q->from_ms == I64_NONE && g->q->zone == 0))
        return gather_cells(g, g->tally ? &TALLY_ENDED_HERE : g->q->zone ? &POINTS_ENDED_LAST
            : &POINTS_ENDED_HERE, all, unit);
    for (size_t i = 0; i < catalogue_divisions(g->cx->cat).n; i++) {
        struct region own = region_of(d[i].code);
        if (d[i].level != LEVEL_COUNTY || own.to < all.from || own.from > all.to)
            continue;
        TRY(gather_run(g, g->tally ? &TALLY_BY_END : &POINTS_BY_END, division_area(d[i].code),
            or_usual(g->q->from_ms, 0), all, unit));
    }
    return OK;
}

static enum err gather_scope(struct gather *g, const struct region *within, int64_t unit)
{
    bool only = g->q->ended.p && str_is(g->q->ended, "only");
    bool too = g->q->ended.p && str_is(g->q->ended, "too");
    if (!only)
        TRY(gather_open(g, within, unit));
    return only || too ? gather_ended(g, within, unit) : OK;
}

/* Everything in the territory of the widest role that has one, else what the own units own. */
static enum err gather_all(struct gather *g)
{
    struct region within;
    const struct unit *u;
    const struct actor *actor = &g->cx->actor;
    if (access_region(g->cx, &within, &u))
        return gather_scope(g, &within, 0);
    for (size_t i = 0; i < actor->n_memberships; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again |= actor->memberships[k].unit == actor->memberships[i].unit;
        if (!again)
            TRY(gather_scope(g, NULL, actor->memberships[i].unit));
    }
    return OK;
}

static int tally_order(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

/* Tallies by key; those of different ways that mean the same are put together. */
static enum err tallies(struct cx *cx, const struct search_in *q, struct list *ret)
{
    struct gather g = { .cx = cx, .q = q, .record = &tally_record, .tally = true };
    TRY(gather_all(&g));
    struct tally *t = g.rows.p;
    size_t n = 0;
    if (g.rows.n)
        qsort(t, g.rows.n, sizeof(*t), tally_order);
    for (size_t i = 0; i < g.rows.n; i++) {
        if (n == 0 || t[n - 1].key != t[i].key) {
            t[n++] = t[i];
            continue;
        }
        struct tally *into = &t[n - 1];
        double a = (double)into->matters, b = (double)t[i].matters;
        into->lon = (into->lon * a + t[i].lon * b) / (a + b);
        into->lat = (into->lat * a + t[i].lat * b) / (a + b);
        into->matters += t[i].matters;
        into->overdue += t[i].overdue;
    }
    *ret = (struct list){ t, n };
    return OK;
}

static enum err box_check(struct cx *cx, struct geo_box b)
{
    if (b.lon_min < b.lon_max && b.lat_min < b.lat_max)
        return OK;
    return cx_fail(cx, E_INPUT, b.lon_min < b.lon_max ? "n" : "e",
        MSG("地图范围不对：东边要大于西边，北边要大于南边",
            "An impossible box: east must exceed west and north must exceed south"));
}

static struct map_point point_of(struct cx *cx, const struct spot *s)
{
    const struct category *c = category_find(cx->cat, s->category);
    const struct state_row *state = &state_table[state_by_word(s->state)];
    const struct grid *grid = grid_find(cx->cat, s->grid);
    struct place p = { .area = s->area, .town = s->town, .community = s->community };
    return (struct map_point){ .number = s->number, .state = s->state,
        .state_name = cx_text(cx, state->zh, state->en), .category = s->category,
        .category_name = c ? cx_text(cx, c->name.p, c->name_en.p) : s->category, .tier = s->tier,
        .lon = s->lon, .lat = s->lat, .grid = s->grid,
        .place_name = grid ? grid->name : catalogue_place_name(cx->cat, cx->a, &p),
        .created_ms = s->created_ms, .due_ms = s->due_ms,
        .overdue = s->open && s->due_ms != I64_NONE && cx->now_ms > s->due_ms };
}

/* Open ones first, then what ended last. */
static int spot_order(const void *a, const void *b)
{
    const struct spot *x = a, *y = b;
    return x->open != y->open ? (x->open < y->open) - (x->open > y->open)
        : (x->closed_ms < y->closed_ms) - (x->closed_ms > y->closed_ms);
}

/* A sixteenth of the view across, in cells: a power of four, so that groups stay the same while the
 * map is moved. Wider still when that leaves too many. */
static int64_t cells_of(struct geo_box box)
{
    double steps = (box.lon_max - box.lon_min) / 360 * 67108864.0 / 16;
    int64_t cells = 1;
    for (double side = 1; side < steps; side *= 2)
        cells *= 4;
    return cells;
}

static enum err groups_find(struct cx *cx, struct search_in *q, struct matters_map *ret)
{
    struct list rows;
    q->level = q->zone ? q->level : 0;
    q->cells = cells_of(q->box);
    do {
        TRY(tallies(cx, q, &rows));
        q->cells *= 4;
    } while (rows.n > MAP_GROUPS_MAX && q->cells < INT64_C(1) << 50);
    const struct tally *t = rows.p;
    struct map_group *groups = NEW_N(cx->a, struct map_group, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        groups[i] = (struct map_group){ t[i].matters, t[i].overdue, t[i].lon, t[i].lat };
        ret->matters += t[i].matters;
    }
    ret->groups = (struct list){ groups, rows.n };
    return OK;
}

enum err map_matters(struct cx *cx, const void *in, struct buf *out)
{
    const struct matters_map_in *q = in;
    struct search_in search = SEARCH_OF(q);
    struct gather g = { .cx = cx, .q = &search, .record = &spot_record };
    struct matters_map r = { .matters = 0 };
    TRY(box_check(cx, search.box));
    search.zone = or_usual(q->zone, 0);
    search.level = search.zone ? layer_level(q->layer.p ? q->layer : STR("grid")) : 0;
    TRY(gather_all(&g));
    if (g.rows.n > MAP_POINTS_MAX && search.zone == 0) {
        TRY(groups_find(cx, &search, &r));
    } else {
        size_t n = g.rows.n < MAP_POINTS_MAX ? g.rows.n : MAP_POINTS_MAX;
        struct map_point *points = NEW_N(cx->a, struct map_point, n + 1);
        if (g.rows.n > n)
            qsort(g.rows.p, g.rows.n, sizeof(struct spot), spot_order);
        for (size_t i = 0; i < n; i++)
            points[i] = point_of(cx, (const struct spot *)g.rows.p + i);
        r.points = (struct list){ points, n };
        r.matters = (int64_t)g.rows.n;
    }
    record_to_json(out, &matters_map_record, &r);
    return OK;
}

/* --- zones */

static struct map_zone zone_of(struct cx *cx, int64_t level, const struct geo_index *ix,
    size_t item)
{
    int64_t code = geo_index_id(ix, item);
    const struct shape *s = geo_index_shape(ix, item);
    const struct grid *grid = level == LEVEL_GRID ? grid_find(cx->cat, code) : NULL;
    struct geo_point at = shape_centre(s);
    return (struct map_zone){ .code = code, .name = catalogue_zone_name(cx->cat, level, code),
        .above_name = layer_above_name(cx, level, code),
        .worker_name = grid && grid->worker_name.n ? grid->worker_name : STR_NONE,
        .worker_phone = grid && grid->worker_phone.n ? grid->worker_phone : STR_NONE,
        .area_m2 = shape_area_m2(s), .lon = at.lon, .lat = at.lat, .w = s->box.lon_min,
        .s = s->box.lat_min, .e = s->box.lon_max, .n = s->box.lat_max, .matters = I64_NONE,
        .overdue = I64_NONE };
}

/* Administrators look after the map without seeing matters. */
static bool sees_matters(const struct cx *cx)
{
    return (cx->actor.roles & ROLE_STAFF & ~(unsigned)(ROLE_ADMIN | ROLE_WALL)) != 0;
}

/* How much of a zone is the reader's to see: where it is none, none counted is nothing known. Codes
 * of grids and micro-grids begin like their community's; of police grids the county counts. */
enum reach { REACH_ALL, REACH_PART, REACH_NONE };
static enum reach reach_of(struct cx *cx, struct region within, int64_t level,
    const struct map_zone *z)
{
    int64_t code = z->code;
    if (level == LEVEL_POLICE) {
        const struct geo_index *counties = catalogue_areas(cx->cat, LEVEL_COUNTY);
        ptrdiff_t at = geo_index_find(counties, (struct geo_point){ z->lon, z->lat });
        if (at < 0)
            return REACH_PART;
        code = geo_index_id(counties, (size_t)at);
    }
    while (code >= INT64_C(1000000000000))
        code /= 10;
    struct region zone = region_of(code);
    return zone.to < within.from || zone.from > within.to ? REACH_NONE
        : zone.from < within.from || zone.to > within.to ? REACH_PART : REACH_ALL;
}

static enum err zones_count(struct cx *cx, const struct search_in *q, struct map_zone *zones,
    size_t n)
{
    struct list rows;
    struct region within = { 0, INT64_MAX };
    const struct unit *u;
    if (!sees_matters(cx))
        return OK;
    bool limited = access_region(cx, &within, &u);
    TRY(tallies(cx, q, &rows));
    for (size_t i = 0; i < n; i++) {
        struct tally key = { .key = zones[i].code };
        const struct tally *t = rows.n ? bsearch(&key, rows.p, rows.n, sizeof(key), tally_order)
            : NULL;
        enum reach reach = limited ? reach_of(cx, within, q->level, &zones[i]) : REACH_ALL;
        if (t == NULL && reach == REACH_NONE)
            continue;
        zones[i].partly = reach != REACH_ALL;
        zones[i].matters = t ? t->matters : 0;
        zones[i].overdue = t ? t->overdue : 0;
    }
    return OK;
}

/* What is counted lies in the zones shown, so the box is theirs. */
static void box_of_zones(struct search_in *q, const struct map_zone *zones, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        q->box.lon_min = zones[i].w < q->box.lon_min ? zones[i].w : q->box.lon_min;
        q->box.lon_max = zones[i].e > q->box.lon_max ? zones[i].e : q->box.lon_max;
        q->box.lat_min = zones[i].s < q->box.lat_min ? zones[i].s : q->box.lat_min;
        q->box.lat_max = zones[i].n > q->box.lat_max ? zones[i].n : q->box.lat_max;
    }
}

enum err map_zones(struct cx *cx, const void *in, struct buf *out)
{
    const struct map_zones_in *q = in;
    struct search_in search = SEARCH_OF(q);
    size_t found[MAP_ZONES_MAX + 1];
    TRY(box_check(cx, search.box));
    search.level = layer_level(q->layer);
    const struct geo_index *ix = catalogue_areas(cx->cat, search.level);
    size_t n = geo_index_in_box(ix, search.box, found, COUNT_OF(found));
    struct map_zones r = { .more = n > MAP_ZONES_MAX };
    n = n < MAP_ZONES_MAX ? n : MAP_ZONES_MAX;
    struct map_zone *zones = NEW_N(cx->a, struct map_zone, n + 1);
    for (size_t i = 0; i < n; i++)
        zones[i] = zone_of(cx, search.level, ix, found[i]);
    box_of_zones(&search, zones, n);
    TRY(zones_count(cx, &search, zones, n));
    r.items = (struct list){ zones, n };
    record_to_json(out, &map_zones_record, &r);
    return OK;
}

enum err map_zone(struct cx *cx, const void *in, struct buf *out)
{
    const struct map_facts_in *q = in;
    int64_t level = layer_level(q->layer);
    const struct geo_index *ix = catalogue_areas(cx->cat, level);
    ptrdiff_t at = layer_zone(ix, q->code);
    if (at < 0)
        return cx_fail(cx, E_MISSING, "code", MSG("这一图层没有这个区域，请核对编号",
            "This layer has no such zone; check the code"));
    struct map_zone z = zone_of(cx, level, ix, (size_t)at);
    struct search_in search = { .box = { z.w, z.s, z.e, z.n }, .state = q->state,
        .category = q->category, .ended = q->ended, .tier = q->tier, .from_ms = q->from_ms,
        .to_ms = q->to_ms, .level = level, .zone = q->code };
    TRY(zones_count(cx, &search, &z, 1));
    record_to_json(out, &map_zone_record, &z);
    return OK;
}
