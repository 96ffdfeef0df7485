/* here.c: who is responsible here: for a point or an address, the grids, the people in charge and
 * the units. Residents get what the law publishes: the grid worker and the community's police
 * officer with their duty phones. */
#include "duty/duty.h"
#include "fusion/fusion.h"
#include "layer/address.h"
#include <math.h>

RECORD_DEFINE(here_in, HERE_IN)
RECORD_DEFINE(in_charge, IN_CHARGE)
RECORD_DEFINE(charge_row, CHARGE_ROW)
RECORD_DEFINE(here_unit, HERE_UNIT)
RECORD_DEFINE(here_goes, HERE_GOES)
RECORD_DEFINE(here, HERE)

SQL_READS(people_of_zones, "fusion.people",
    "SELECT d.layer, d.zone, d.position, d.account, a.name, a.phone,"
    " (SELECT MIN(m.unit) FROM membership m WHERE m.account = a.id) FROM duty d"
    " JOIN account a ON a.id = d.account WHERE d.layer = $1 AND d.zone BETWEEN $2 AND $3"
    " ORDER BY d.zone, d.position");
const struct sql *const fusion_here_statements[] = { &people_of_zones };
const size_t fusion_here_statements_n = COUNT_OF(fusion_here_statements);

enum { CODE_AREA = 1000000, CODE_GRID = 1000 };

struct duty_kind { const char *layer, *duty; struct msg name; bool is_public; int64_t level; };
static const struct duty_kind duty_kinds[] = {
    { "grid", "grid_worker", { "网格员", "grid worker" }, true, LEVEL_GRID },
    { "micro", "micro_worker", { "微网格员", "micro-grid worker" }, false, LEVEL_MICRO },
    { "police", "police_officer", { "社区民警", "community police officer" }, true, LEVEL_POLICE },
};

/* An answer being put together. */
struct answering { struct cx *cx; struct place place; struct in_charge *people; size_t n; };

static bool is_staff(const struct cx *cx)
{
    return cx->actor.kind == ACTOR_STAFF;
}

static void person_add(struct answering *h, const struct duty_kind *k, const struct charge_row *r,
    bool on_duty)
{
    struct cx *cx = h->cx;
    const struct unit *u = is_staff(cx) && r->unit != I64_NONE ? unit_find(cx->cat, r->unit) : NULL;
    if (h->n == HERE_PEOPLE_MAX || (!is_staff(cx) && (r->position > 0 || !k->is_public)))
        return;
    h->people[h->n++] = (struct in_charge){ .duty = str_c(k->duty),
        .duty_name = cx_text(cx, k->name.zh, k->name.en), .zone = r->zone,
        .zone_name = catalogue_zone_name(cx->cat, k->level, r->zone), .name = r->name,
        .phone = r->phone.n ? r->phone : STR_NONE, .on_duty = on_duty,
        .unit_name = u ? unit_name(u, cx->lang) : STR_NONE };
}

/* Who is on duty by the roster stands first, once. Gives the account, 0 for nobody. */
static int64_t on_duty_add(struct answering *h, const struct duty_kind *k, int64_t zone)
{
    enum duty_layer layer = duty_layer_by_word(str_c(k->layer));
    const struct colleague *now = duty_in_zone(h->cx, layer, zone);
    const struct unit *u = duty_unit_of(h->cx->cat, layer, zone);
    if (now == NULL)
        return 0;
    person_add(h, k, &(struct charge_row){ .zone = zone, .account = now->account,
        .name = now->name, .phone = now->phone, .unit = u ? u->id : I64_NONE }, true);
    return now->account;
}

static enum err people_of(struct answering *h, const struct duty_kind *k, int64_t from,
    int64_t to)
{
    struct list rows;
    if (from <= 0)
        return OK;
    TRY(db_rows(h->cx->db, h->cx->a, &people_of_zones, ARGS(S(str_c(k->layer)), I(from), I(to)),
        &charge_row_record, DUTY_ROWS_MAX, &rows));
    const struct charge_row *r = rows.p;
    int64_t now = from == to ? on_duty_add(h, k, from) : 0;
    for (size_t i = 0; i < rows.n; i++)
        if (r[i].account != now)
            person_add(h, k, &r[i], false);
    return OK;
}

/* Where words tell the community only, whoever has a grid of it. */
static enum err people_find(struct answering *h)
{
    const struct place *p = &h->place;
    int64_t first = p->grid ? p->grid : p->community * CODE_GRID;
    TRY(people_of(h, &duty_kinds[0], first, p->grid ? p->grid : first + CODE_GRID - 1));
    TRY(people_of(h, &duty_kinds[1], p->micro_grid, p->micro_grid));
    return people_of(h, &duty_kinds[2], p->police_grid, p->police_grid);
}

/* Units ------------------------------------------------------------------------------------ */

struct unit_list { struct cx *cx; struct here_unit *at; size_t n; };

static void unit_add(struct unit_list *l, const struct unit *u, const char *part, struct msg name)
{
    if (u == NULL)
        return;
    for (size_t i = 0; i < l->n; i++)
        if (l->at[i].unit == u->id)
            return;
    l->at[l->n++] = (struct here_unit){ str_c(part), cx_text(l->cx, name.zh, name.en), u->id,
        unit_name(u, l->cx->lang) };
}

/* The station of the police grid, or of the town while only words are known. */
static const struct unit *station_of(const struct cx *cx, const struct place *p)
{
    const struct police_grid *g = police_grid_find(cx->cat, p->police_grid);
    struct list units = catalogue_units(cx->cat);
    const struct unit *u = units.p;
    if (g)
        return unit_find(cx->cat, g->station);
    for (size_t i = 0; i < units.n; i++)
        if (p->town && u[i].region == p->town && str_is(u[i].kind, "station"))
            return &u[i];
    return NULL;
}

static struct list units_find(struct cx *cx, const struct place *p)
{
    struct unit_list l = { cx, NEW_N(cx->a, struct here_unit, HERE_UNITS_MAX), 0 };
    if (p->community)
        unit_add(&l, catalogue_desk(cx->cat, p->community), "community",
            MSG("社区（村）", "community"));
    unit_add(&l, station_of(cx, p), "station", MSG("派出所", "police station"));
    if (p->town)
        unit_add(&l, catalogue_desk(cx->cat, p->town), "town", MSG("镇街综治中心", "town desk"));
    unit_add(&l, catalogue_desk(cx->cat, p->area * CODE_AREA), "county",
        MSG("区县综治中心", "county desk"));
    return (struct list){ l.at, l.n };
}

/* Places ----------------------------------------------------------------------------------- */

static bool point_lies(const struct cx *cx, double lon, double lat, struct str crs,
    struct place *p, struct geo_point *at)
{
    *at = (struct geo_point){ lon, lat };
    if (!geo_point_ok(*at))
        return false;
    *at = geo_convert(*at, crs_by_word(crs), CRS_WGS84);
    return catalogue_place_of_point(cx->cat, at->lon, at->lat, p);
}

static enum err place_by_point(struct cx *cx, const struct here_in *q, struct place *p,
    struct geo_point *at)
{
    if (isnan(q->lon) || isnan(q->lat))
        return cx_fail(cx, E_INPUT, isnan(q->lon) ? "lon" : "lat",
            MSG("请给出 lon 和 lat 两个坐标，或用 text 写明地址",
                "Give both lon and lat, or an address as text"));
    if (point_lies(cx, q->lon, q->lat, q->crs, p, at))
        return OK;
    if (point_lies(cx, q->lat, q->lon, q->crs, p, at))
        return cx_fail(cx, E_INPUT, "lon", MSG("经度与纬度写反了，请对调：lon 是经度，lat 是纬度",
            "Longitude and latitude are swapped; exchange them: lon is the longitude, lat the latitude"));
    if (fabs(q->lat) > 90)
        return cx_fail(cx, E_INPUT, "lat", MSG("纬度应在 -90 到 90 之间，请核对",
            "Latitude lies between -90 and 90; check it"));
    return cx_fail(cx, E_MISSING, NULL, MSG("这个位置不在本市范围，请重新选点或填写地址",
            "This point is outside the city; choose again or describe the place"));
}

/* 第3网格 of 东大街社区第3网格. */
static struct str grid_tail(struct str name)
{
    ptrdiff_t at = str_find(name, STR("第"));
    return at < 0 ? name : (struct str){ name.p + at, name.n - (size_t)at };
}

/* The grid of the community that the words name: the longest name of all that stand there. */
static const struct grid *grid_in_words(const struct cx *cx, int64_t community, struct str text)
{
    struct list grids = catalogue_grids(cx->cat);
    const struct grid *g = grids.p, *best = NULL;
    for (size_t i = 0; community && i < grids.n; i++)
        if (g[i].community == community && str_find(text, grid_tail(g[i].name)) >= 0
            && (best == NULL || g[i].name.n > best->name.n))
            best = &g[i];
    return best;
}

static enum err place_by_words(struct cx *cx, struct str text, struct place *p,
    struct geo_point *at)
{
    struct address known;
    enum err e = address_in_text(cx->db, cx->cat, cx->a, text, &known);
    if (e != OK && e != E_MISSING)
        return e;
    if (e == OK && catalogue_place_of_point(cx->cat, known.lon, known.lat, p)) {
        *at = (struct geo_point){ known.lon, known.lat };
        return OK;
    }
    catalogue_place_of_text(cx->cat, text, p);
    const struct grid *g = grid_in_words(cx, p->community, text);
    if (g && catalogue_place_of_grid(cx->cat, g->code, p))
        *at = (struct geo_point){ g->lon, g->lat };
    if (p->town == 0)
        return cx_fail(cx, E_MISSING, "text", MSG("从地址里认不出街道和社区，请写上街道、社区，或在地图上选点",
            "No town or community is known from these words; name them, or choose on the map"));
    return OK;
}

static struct str division_name(const struct cx *cx, int64_t code)
{
    struct str name = code ? catalogue_zone_name(cx->cat, LEVEL_COMMUNITY, code) : STR_NONE;
    return name.n ? name : STR_NONE;
}

static struct str zone_name(const struct cx *cx, int64_t level, int64_t code)
{
    return code ? catalogue_zone_name(cx->cat, level, code) : STR_NONE;
}

static int64_t known(int64_t code)
{
    return code ? code : I64_NONE;
}

/* By the rules in force, as for a matter that a resident reports here now. */
static enum err goes_find(struct cx *cx, struct str category, const struct place *p,
    struct here_goes *ret)
{
    const struct category *c = category_find(cx->cat, category);
    struct explanation *why = NEW(cx->a, struct explanation);
    if (c == NULL)
        return cx_fail_with(cx, E_INPUT, "category", MSG("没有「%s」这个类别，请从列表中选择",
            "There is no category \"%s\"; choose one of the list"), category);
    struct route_facts facts = { .category = c->code, .origin = STR("resident"), .text = STR(""),
        .tier = c->tier, .at_ms = cx->now_ms, .place = *p };
    route_explain(cx, catalogue_rules(cx->cat), catalogue_rules_version(cx->cat), &facts, why);
    record_clear(&here_goes_record, ret);
    ret->category = c->code;
    ret->category_name = cx_text(cx, c->name.p, c->name_en.p);
    ret->unit = why->unit;
    ret->unit_name = why->unit_name;
    ret->sentence = arena_fmt(cx->a, cx->lang == LANG_EN ? "It would go to %.*s: %.*s."
        : "由%.*s办理：%.*s。", STR_FMT(why->unit_name), STR_FMT(why->why));
    ret->hotline = c->hotline.n ? c->hotline : STR_NONE;
    ret->why = is_staff(cx) ? why : NULL;
    return OK;
}

static void answer(const struct answering *h, struct geo_point at, const struct here_goes *goes,
    struct buf *out)
{
    struct cx *cx = h->cx;
    const struct place *p = &h->place;
    struct str county = division_name(cx, p->area * CODE_AREA);
    struct here r = { .place_name = catalogue_place_name(cx->cat, cx->a, p), .area = p->area,
        .county_name = county.p ? county : STR(""), .town = known(p->town),
        .town_name = division_name(cx, p->town), .community = known(p->community),
        .community_name = division_name(cx, p->community), .grid = known(p->grid),
        .grid_name = zone_name(cx, LEVEL_GRID, p->grid), .micro_grid = known(p->micro_grid),
        .micro_grid_name = zone_name(cx, LEVEL_MICRO, p->micro_grid),
        .police_grid = known(p->police_grid),
        .police_grid_name = zone_name(cx, LEVEL_POLICE, p->police_grid),
        .lon = at.lon, .lat = at.lat, .people = { h->people, h->n },
        .units = is_staff(cx) ? units_find(cx, p) : (struct list){ NULL, 0 }, .goes = goes };
    record_to_json(out, &here_record, &r);
}

enum err fusion_here(struct cx *cx, const void *in, struct buf *out)
{
    const struct here_in *q = in;
    struct geo_point at = { (double)NAN, (double)NAN };
    struct answering h = { .cx = cx, .people = NEW_N(cx->a, struct in_charge, HERE_PEOPLE_MAX) };
    TRY(q->text.p && isnan(q->lon) ? place_by_words(cx, q->text, &h.place, &at)
        : place_by_point(cx, q, &h.place, &at));
    struct str category = str_trim(q->category);
    struct here_goes goes;
    if (category.n)
        TRY(goes_find(cx, category, &h.place, &goes));
    TRY(people_find(&h));
    answer(&h, at, category.n ? &goes : NULL, out);
    return OK;
}
