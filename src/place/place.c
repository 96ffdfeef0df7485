/* place.c: from points, plates and map views to grids, names and outlines. */
#include "place/place.h"
#include "duty/duty.h"
#include "geo/index.h"
#include "place/map.h"

const char *const crs_words[] = { "wgs84", "gcj02", "bd09", NULL };
const char *const boundary_levels[] = { "county", "town", "community", "grid", "micro",
    "police", NULL };

RECORD_DEFINE(locate_in, LOCATE_IN)
RECORD_DEFINE(grid_in, GRID_IN)
RECORD_DEFINE(place_view, PLACE_VIEW)
RECORD_DEFINE(boundaries_in, BOUNDARIES_IN)
RECORD_DEFINE(area_label, AREA_LABEL)
RECORD_DEFINE(area_outline, AREA_OUTLINE)
RECORD_DEFINE(boundaries, BOUNDARIES)

/* A screen shows a box with about this many pixels across; finer outlines would not be seen. */
enum { PIXELS_ACROSS = 1000 };

enum crs crs_by_word(struct str word)
{
    for (size_t i = 0; crs_words[i]; i++)
        if (str_is(word, crs_words[i]))
            return (enum crs)i;
    return CRS_WGS84;
}

/* Who is on duty now, or else who has charge of the grid. */
static void worker_fill(struct cx *cx, const struct grid *g, struct place_view *r)
{
    const struct colleague *on = duty_in_zone(cx, DUTY_GRID, g->code);
    r->worker_name = on ? on->name : g->worker_name.n ? g->worker_name : STR_NONE;
    r->worker_phone = on ? on->phone : g->worker_phone;
    if (r->worker_phone.n == 0)
        r->worker_phone = STR_NONE;
}

static void view_write(struct cx *cx, const struct place *p, struct geo_point at, struct buf *out)
{
    const struct grid *g = grid_find(cx->cat, p->grid);
    const struct police_grid *police = police_grid_find(cx->cat, p->police_grid);
    struct place_view r = { .area = p->area, .community = p->community,
        .grid = g ? g->code : I64_NONE,
        .county_name = catalogue_zone_name(cx->cat, LEVEL_COUNTY, area_division(p->area)),
        .town_name = catalogue_zone_name(cx->cat, LEVEL_TOWN, p->town),
        .community_name = catalogue_zone_name(cx->cat, LEVEL_COMMUNITY, p->community),
        .grid_name = g ? g->name : STR_NONE,
        .police_grid = police ? police->code : I64_NONE,
        .police_grid_name = police ? police->name : STR_NONE,
        .lon = at.lon, .lat = at.lat, .place_name = catalogue_place_name(cx->cat, cx->a, p) };
    if (g)
        worker_fill(cx, g, &r);
    record_to_json(out, &place_view_record, &r);
}

enum err place_locate(struct cx *cx, const void *in, struct buf *out)
{
    const struct locate_in *q = in;
    struct place p;
    struct geo_point at = geo_convert((struct geo_point){ q->lon, q->lat }, crs_by_word(q->crs),
        CRS_WGS84);
    if (!catalogue_place_of_point(cx->cat, at.lon, at.lat, &p))
        return cx_fail(cx, E_MISSING, NULL, MSG("这个位置不在本市范围，请重新选点或填写地址",
            "This point is outside the city; choose again or describe the place"));
    view_write(cx, &p, at, out);
    return OK;
}

enum err place_of_plate(struct cx *cx, const void *in, struct buf *out)
{
    const struct grid_in *q = in;
    struct place p;
    if (!catalogue_place_of_grid(cx->cat, q->grid, &p))
        return cx_fail(cx, E_MISSING, NULL, MSG("没有这个网格，请重新扫码或填写地址",
            "There is no such grid; scan again or describe the place"));
    const struct grid *g = grid_find(cx->cat, p.grid);
    view_write(cx, &p, (struct geo_point){ g->lon, g->lat }, out);
    return OK;
}

static int64_t boundary_level(struct str word)
{
    int64_t level = LEVEL_COUNTY;
    for (size_t i = 0; boundary_levels[i] && !str_is(word, boundary_levels[i]); i++)
        level++;
    return level;
}

struct label_context { const struct catalogue *cat; int64_t level; };

static void label_write(void *ctx, struct buf *b, size_t item, int64_t id)
{
    const struct label_context *l = ctx;
    (void)item;
    buf_fmt(b, "\"code\":\"%lld\",\"name\":", (long long)id);
    buf_json_str(b, catalogue_zone_name(l->cat, l->level, id));
}

enum err place_boundaries(struct cx *cx, const void *in, struct buf *out)
{
    const struct boundaries_in *q = in;
    struct geo_box box = { q->w, q->s, q->e, q->n };
    struct label_context l = { cx->cat, boundary_level(q->level) };
    const struct geo_index *ix = catalogue_areas(cx->cat, l.level);
    size_t found[BOUNDARIES_MAX + 1];
    if (q->w >= q->e || q->s >= q->n)
        return cx_fail(cx, E_INPUT, q->w >= q->e ? "e" : "n",
            MSG("地图范围不对：东边要大于西边，北边要大于南边",
                "An impossible box: east must exceed west and north must exceed south"));
    if (geo_index_in_box(ix, box, found, COUNT_OF(found)) > BOUNDARIES_MAX)
        return cx_fail(cx, E_INPUT, "level", MSG("这个范围内的区域太多，请放大地图，或看上一级",
            "Too many areas in this view; come closer, or show a level above"));
    geo_index_write(ix, out, box, BOUNDARIES_MAX, (q->e - q->w) / PIXELS_ACROSS,
        (struct geo_labels){ label_write, &l });
    return OK;
}

#define DESKS (ROLE_READERS | ROLE_ADMIN)

static const struct route routes[] = {
    { .method = "GET", .path = "/api/locate", .name = "locate", .roles = ROLE_PUBLIC,
        .lane = LANE_READ, .in = &locate_in_record, .out = &place_view_record,
        .run = place_locate, .meaning = "The grid at a point; 404 outside the city" },
    { .method = "GET", .path = "/api/grids/:grid", .name = "grid", .roles = ROLE_PUBLIC,
        .lane = LANE_READ, .in = &grid_in_record, .out = &place_view_record,
        .run = place_of_plate, .meaning = "The grid that a plate stands for" },
    { .method = "GET", .path = "/api/boundaries", .name = "boundaries", .roles = ROLE_PUBLIC,
        .lane = LANE_READ, .in = &boundaries_in_record, .out = &boundaries_record,
        .run = place_boundaries, .meaning = "Outlines in a box, as GeoJSON" },
    { .method = "GET", .path = "/api/layers/:layer", .name = "layer", .roles = DESKS,
        .lane = LANE_READ, .tagged = true, .in = &layer_in_record, .run = map_layer,
        .out_type = "application/octet-stream",
        .meaning = "All outlines of a layer, packed, with an entity tag to ask for news by" },
    { .method = "GET", .path = "/api/layers/:layer/:code/outlines", .name = "outlines",
        .roles = DESKS, .lane = LANE_READ, .in = &map_zone_in_record, .run = map_outlines,
        .out_type = "application/geo+json",
        .meaning = "The exact outlines of a zone and of all near it, as GeoJSON" },
    { .method = "GET", .path = "/api/layers/:layer/:code", .name = "map_zone", .roles = DESKS,
        .lane = LANE_READ, .in = &map_facts_in_record, .out = &map_zone_record, .run = map_zone,
        .meaning = "What is known of a zone" },
    { .method = "GET", .path = "/api/zones", .name = "map_zones", .roles = DESKS,
        .lane = LANE_READ, .in = &map_zones_in_record, .out = &map_zones_record, .run = map_zones,
        .meaning = "Zones in a box with how many matters are in each" },
    { .method = "GET", .path = "/api/matters/map", .name = "matters_map", .roles = ROLE_READERS,
        .lane = LANE_READ, .in = &matters_map_in_record, .out = &matters_map_record,
        .run = map_matters, .meaning = "Matters in a box as points, or as groups where there are many" },
};

extern const struct module module_place;
const struct module module_place = { .name = "place", .routes = routes,
    .n_routes = COUNT_OF(routes) };
