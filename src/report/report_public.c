/* report_public.c: what a resident's page needs before anything is sent: kinds, suggestions, and
 * what others already reported nearby. */
#include "report/report_public.h"
#include "geo/cell.h"
#include <math.h>

RECORD_DEFINE(category_view, CATEGORY_VIEW)
RECORD_DEFINE(tiles, TILES)
RECORD_DEFINE(config, CONFIG)
RECORD_DEFINE(suggest_in, SUGGEST_IN)
RECORD_DEFINE(suggestion, SUGGESTION)
RECORD_DEFINE(nearby_in, NEARBY_IN)
RECORD_DEFINE(nearby_item, NEARBY_ITEM)
RECORD_DEFINE(nearby, NEARBY)

#define NEAR_ROW(X, R) \
    X(R, STR, number, 0, 0, 0, NULL, "") X(R, STR, category, 0, 0, 0, NULL, "") \
    X(R, STR, state, 0, 0, 0, NULL, "") X(R, I64, grid, 0, 0, 0, NULL, "") \
    X(R, F64, lon, 0, 0, 0, NULL, "") X(R, F64, lat, 0, 0, 0, NULL, "") \
    X(R, I64, created_ms, 0, 0, 0, NULL, "") X(R, I64, reporters, 0, 0, 0, NULL, "")
RECORD(near_row, NEAR_ROW)
RECORD_DEFINE(near_row, NEAR_ROW)

SQL_READS(NEAR, "report.near",
    "SELECT number, category, state, grid, lon, lat, created_ms, reporters FROM matter"
    " WHERE cell BETWEEN $1 AND $2 AND open = 1 AND cell IS NOT NULL AND confidential = 0"
    " AND " OPEN_CIRCLE
    " ORDER BY cell LIMIT 200");
const struct sql *const report_public_statements[] = { &NEAR };
const size_t report_public_statements_n = COUNT_OF(report_public_statements);

static struct category_view category_view_of(const struct category *c)
{
    return (struct category_view){ .code = c->code, .name = c->name, .name_en = c->name_en,
        .parent = c->code.n > 2 ? (struct str){ c->code.p, c->code.n - 2 } : STR_NONE,
        .hint = c->hint.p ? c->hint : STR(""), .hint_en = c->hint_en.p ? c->hint_en : STR(""),
        .icon = c->icon, .hotline = c->hotline.n ? c->hotline : STR_NONE };
}

/* A new node has no city yet: then all of the country is shown. */
static struct str map_setting(struct cx *cx, const char *name, const char *usual)
{
    struct str value = catalogue_setting(cx->cat, name);
    return value.n ? value : str_c(usual);
}

static const struct tiles *tiles_of(struct cx *cx)
{
    struct str url = catalogue_setting(cx->cat, "tiles");
    struct str labels = catalogue_setting(cx->cat, "tiles_labels");
    struct str crs = catalogue_setting(cx->cat, "tiles_crs");
    struct tiles *t = NEW(cx->a, struct tiles);
    if (url.n == 0)
        return NULL;
    *t = (struct tiles){ .url = url, .labels_url = labels.n ? labels : STR_NONE,
        .crs = crs.n ? crs : STR("wgs84"), .zoom_max = 18,
        .attribution = catalogue_setting(cx->cat, "tiles_attribution"),
        .attribution_en = catalogue_setting(cx->cat, "tiles_attribution_en") };
    (void)str_to_i64(catalogue_setting(cx->cat, "tiles_zoom_max"), &t->zoom_max);
    return t;
}

enum err report_config(struct cx *cx, const void *in, struct buf *out)
{
    struct list cats = catalogue_categories(cx->cat);
    const struct category *c = cats.p;
    struct category_view *views = NEW_N(cx->a, struct category_view, cats.n + 1);
    (void)in;
    for (size_t i = 0; i < cats.n; i++)
        views[i] = category_view_of(&c[i]);
    struct note_key key = note_key_of(cx->keys);
    struct config r = { .city = catalogue_setting(cx->cat, "city"),
        .city_en = catalogue_setting(cx->cat, "city_en"),
        .notice = catalogue_setting(cx->cat, "notice"),
        .notice_en = catalogue_setting(cx->cat, "notice_en"),
        .demo = str_is(catalogue_setting(cx->cat, "demo"), "1"),
        .origin = str_c(cx->keys->name), .verifier_key = note_key_text(cx->a, &key),
        .bounds = map_setting(cx, "bounds", "[73,18,135,54]"),
        .center = map_setting(cx, "center", "[104,35]"),
        .review_no = catalogue_setting(cx->cat, "review_no"),
        .boundary_notice = catalogue_setting(cx->cat, "boundary_notice"),
        .boundary_notice_en = catalogue_setting(cx->cat, "boundary_notice_en"),
        .tiles = tiles_of(cx), .photos_max = 6, .text_max = 2000, .categories = { views, cats.n } };
    record_to_json(out, &config_record, &r);
    return OK;
}

enum err report_suggest(struct cx *cx, const void *in, struct buf *out)
{
    const struct suggest_in *q = in;
    const struct category *found[3];
    struct category_view views[3];
    size_t n = catalogue_suggest(cx->cat, q->text, found, COUNT_OF(found));
    struct suggestion r = { .tier = 1, .hotline = STR_NONE };
    for (size_t i = 0; i < n; i++)
        views[i] = category_view_of(found[i]);
    if (n) {
        r.tier = found[0]->tier;
        r.hotline = found[0]->hotline.n ? found[0]->hotline : STR_NONE;
    }
    r.emergency = r.tier == 4 || r.hotline.n;
    r.categories = (struct list){ views, n };
    record_to_json(out, &suggestion_record, &r);
    return OK;
}

enum { NEAR_M = 150, NEAR_MAX = 5 };

static void near_put(struct cx *cx, const struct near_row *row, double metres,
    struct nearby_item *items, size_t *n)
{
    const struct category *c = category_find(cx->cat, row->category);
    size_t at = *n < NEAR_MAX ? (*n)++ : NEAR_MAX;
    while (at > 0 && items[at - 1].distance_m > metres) {
        if (at < NEAR_MAX)
            items[at] = items[at - 1];
        at--;
    }
    if (at == NEAR_MAX)
        return;
    const struct grid *grid = grid_find(cx->cat, row->grid);
    /* What a neighbour wrote of the place may name a flat: the grid's name is enough here. */
    items[at] = (struct nearby_item){ .number = row->number, .category = row->category,
        .category_name = c ? cx_text(cx, c->name.p, c->name_en.p) : STR(""),
        .state = row->state, .state_name = view_state_name(cx, row->state),
        .place_name = grid ? grid->name : STR(""), .distance_m = floor(metres),
        .created_ms = row->created_ms, .joined = row->reporters };
}

enum err report_nearby(struct cx *cx, const void *in, struct buf *out)
{
    const struct nearby_in *q = in;
    struct geo_point at = { q->lon, q->lat };
    struct cell_range ranges[CELL_RANGES_MAX];
    struct nearby_item items[NEAR_MAX];
    size_t n = 0, n_ranges = cell_ranges(at, NEAR_M, ranges);
    for (size_t i = 0; i < n_ranges; i++) {
        struct list rows;
        TRY(db_rows(cx->db, cx->a, &NEAR, ARGS(I(ranges[i].first), I(ranges[i].last)),
            &near_row_record, 200, &rows));
        const struct near_row *row = rows.p;
        for (size_t k = 0; k < rows.n; k++) {
            double metres = geo_distance_m(at, (struct geo_point){ row[k].lon, row[k].lat });
            bool same = q->category.n < 2 || str_starts(row[k].category,
                (struct str){ q->category.p, 2 });
            if (metres <= NEAR_M && same)
                near_put(cx, &row[k], metres, items, &n);
        }
    }
    struct nearby r = { { items, n } };
    record_to_json(out, &nearby_record, &r);
    return OK;
}
