/* layer.c: whole layers for pages that draw them, and exact outlines for those that change them. */
#include "geo/pack.h"
#include "layer/layer.h"
#include "ledger/note.h"
#include "place/map.h"

RECORD_DEFINE(layer_in, LAYER_IN)
RECORD_DEFINE(map_zone_in, MAP_ZONE_IN)

const char *const layer_words[] = { "county", "town", "community", "grid", "micro", "police",
    NULL };
const char *const detail_words[] = { "borders", "overview", "full", NULL };

enum { BORDERS_STEPS = 500, OVERVIEW_STEPS = 10000, FULL_STEPS = 1000000, NEIGHBOURS_MAX = 300 };

int64_t layer_level(struct str word)
{
    int64_t level = LEVEL_COUNTY;
    for (size_t i = 0; layer_words[i] && !str_is(word, layer_words[i]); i++)
        level++;
    return level;
}

struct str layer_above_name(struct cx *cx, int64_t level, int64_t code)
{
    const struct police_grid *police = level == LEVEL_POLICE ? police_grid_find(cx->cat, code)
        : NULL;
    struct place p = { .area = level == LEVEL_COUNTY ? 0 : division_area(code) };
    if (level == LEVEL_POLICE)
        return police ? unit_name(unit_find(cx->cat, police->station), cx->lang) : STR("");
    if (level == LEVEL_MICRO) {
        (void)catalogue_place_of_grid(cx->cat, code / 100, &p);
    } else if (level == LEVEL_GRID) {
        (void)catalogue_place_of_grid(cx->cat, code, &p);
        p.grid = 0;
    } else if (level == LEVEL_COMMUNITY) {
        p.town = code / 1000 * 1000;
    }
    return catalogue_place_name(cx->cat, cx->a, &p);
}

ptrdiff_t layer_zone(const struct geo_index *ix, int64_t code)
{
    for (size_t i = 0; i < geo_index_count(ix); i++)
        if (geo_index_id(ix, i) == code)
            return (ptrdiff_t)i;
    return -1;
}

/* The layer follows from the catalogue's versions alone, so whoever has it asks for news only. */
enum err map_layer(struct cx *cx, const void *in, struct buf *out)
{
    const struct layer_in *q = in;
    struct str detail = q->detail.p ? q->detail : STR("full");
    const struct geo_index *ix = catalogue_areas(cx->cat, layer_level(q->layer));
    struct note_key key = note_key_of(cx->keys);
    cx->tag = arena_fmt(cx->a, "\"%.*s-%c-%lld-%08x\"", STR_FMT(q->layer), *detail.p,
        (long long)catalogue_stamp(cx->cat), (unsigned)note_key_hash(&key));
    if (cx_has_tag(cx))
        return OK;
    if (str_is(detail, "borders"))
        geo_index_pack_borders(ix, out, BORDERS_STEPS);
    else
        geo_index_pack(ix, out, str_is(detail, "overview") ? OVERVIEW_STEPS : FULL_STEPS);
    return OK;
}

/* What a draft of outlines must say of a zone besides: of what it is part, and of a grid its kind. */
static void parent_write(struct cx *cx, struct buf *b, int64_t level, int64_t code)
{
    const struct grid *grid = level == LEVEL_GRID ? grid_find(cx->cat, code) : NULL;
    const struct micro_grid *micro = level == LEVEL_MICRO ? micro_grid_find(cx->cat, code) : NULL;
    const struct police_grid *police = level == LEVEL_POLICE ? police_grid_find(cx->cat, code)
        : NULL;
    const struct division *d = division_find(cx->cat, code);
    int64_t parent = grid ? grid->community : micro ? micro->grid : police ? police->station
        : d ? d->parent : 0;
    buf_fmt(b, ",\"parent\":\"%lld\"", (long long)parent);
    if (grid) {
        buf_add(b, STR(",\"kind\":"));
        buf_json_str(b, grid->kind);
    }
}

static void feature_write(struct cx *cx, struct buf *b, int64_t level, int64_t code,
    const struct shape *s)
{
    buf_fmt(b, "{\"type\":\"Feature\",\"properties\":{\"code\":\"%lld\",\"name\":", (long long)code);
    buf_json_str(b, catalogue_zone_name(cx->cat, level, code));
    parent_write(cx, b, level, code);
    buf_fmt(b, ",\"drawn_on\":\"%.*s\"", STR_FMT(layer_outline_mark(cx->a, s)));
    buf_add(b, STR("},\"geometry\":"));
    layer_geometry_write(b, s);
    buf_byte(b, '}');
}

enum err map_outlines(struct cx *cx, const void *in, struct buf *out)
{
    const struct map_zone_in *q = in;
    int64_t level = layer_level(q->layer);
    const struct geo_index *ix = catalogue_areas(cx->cat, level);
    ptrdiff_t at = layer_zone(ix, q->code);
    size_t found[NEIGHBOURS_MAX];
    if (at < 0)
        return cx_fail(cx, E_MISSING, "code", MSG("这一图层没有这个区域，请核对编号",
            "This layer has no such zone; check the code"));
    size_t n = geo_index_in_box(ix, geo_index_shape(ix, (size_t)at)->box, found, NEIGHBOURS_MAX);
    buf_add(out, STR("{\"type\":\"FeatureCollection\",\"features\":["));
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_byte(out, ',');
        feature_write(cx, out, level, geo_index_id(ix, found[i]), geo_index_shape(ix, found[i]));
    }
    buf_fmt(out, "],\"truncated\":%s}", n == NEIGHBOURS_MAX ? "true" : "false");
    return OK;
}
