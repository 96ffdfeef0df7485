/* store.c: a checked plan as a version: rows in force until its day end, new ones begin. */
#include "layer/layer.h"
#include "catalogue/edition.h"
#include "catalogue/zone.h"

SQL_READS(versions_later, "layer.later",
    "SELECT COUNT(*) FROM zone WHERE layer = $1 AND (valid_from_ms > $2 OR valid_to_ms > $2)");
const struct sql *const layer_statements[] = { &versions_later };
const size_t layer_statements_n = COUNT_OF(layer_statements);

enum { SUMMARY_BYTES_MAX = 64 << 20 };

static struct str layer_name(enum map_layer layer)
{
    return str_c(layer_kinds[layer].name);
}

enum err layer_day(int64_t *at_ms, int64_t now_ms, struct err_info *info)
{
    struct civil today = clock_civil(now_ms);
    int64_t today_ms = clock_from_civil(today.year, today.month, today.day, 0, 0, 0);
    if (*at_ms == I64_NONE || (*at_ms < now_ms && *at_ms >= today_ms))
        *at_ms = now_ms;
    return *at_ms >= now_ms ? OK : err_note(info, E_INPUT, "valid_from",
        MSG("生效日不能早于今天：过去的事项保留当日的网格",
            "A version cannot begin in the past: past matters keep the grids of their day"), STR_NONE);
}

enum err layer_day_is_free(struct db *db, enum map_layer layer, int64_t at_ms,
    struct err_info *info)
{
    int64_t later = 0;
    TRY(db_number(db, &versions_later, ARGS(S(layer_name(layer)), I(at_ms)), &later));
    return later == 0 ? OK : err_note(info, E_CONFLICT, "valid_from",
        MSG("这一图层已有更晚生效的版本，请定在那一天或之后生效",
            "This layer has a version planned for later; let this one begin on that day or after it"),
        STR_NONE);
}

static enum err store_row(struct db *db, struct arena *a, const struct layer_plan *p,
    const struct zone_row *z)
{
    struct str layer = layer_name(p->want.layer);
    TRY(zone_end(db, layer, z->code, p->want.at_ms));
    if (z->change == ZONE_REMOVED)
        return OK;
    return zone_put(db, &(struct zone){ .layer = layer, .code = z->code,
        .valid_from_ms = p->want.at_ms, .valid_to_ms = I64_NONE, .parent = z->parent,
        .level = z->level, .kind = z->kind, .name = z->name, .lon = z->centre.lon,
        .lat = z->centre.lat, .shape = z->shape.point_count ? shape_wkb(a, &z->shape) : STR_NONE });
}

static bool is_stored(const struct zone_row *z)
{
    return z->change == ZONE_ADDED || z->change == ZONE_CHANGED || z->change == ZONE_REMOVED;
}

/* What changed, a line a zone, for whoever asks later. */
static struct str summary_of(struct arena *a, const struct layer_plan *p, struct str source)
{
    static const char *const words[] = { [ZONE_ADDED] = "added", [ZONE_CHANGED] = "changed",
        [ZONE_REMOVED] = "removed" };
    struct buf b = buf_in(a, SUMMARY_BYTES_MAX);
    buf_add(&b, STR("code,change,name,source\n"));
    for (size_t i = 0; i < p->n; i++) {
        const struct zone_row *z = &p->rows[i];
        if (!is_stored(z))
            continue;
        buf_fmt(&b, "%lld,%s,", (long long)z->code, words[z->change]);
        sheet_cell(&b, z->name);
        buf_byte(&b, ',');
        sheet_cell(&b, source);
        buf_byte(&b, '\n');
    }
    return buf_str(&b);
}

enum err layer_store(struct db *db, struct arena *a, const struct layer_plan *p, struct str source,
    int64_t now_ms, int64_t made_by, int64_t *ret_version)
{
    size_t stored = 0;
    CHECK(layer_may_store(p));
    for (size_t i = 0; i < p->n; i++) {
        if (!is_stored(&p->rows[i]))
            continue;
        TRY(store_row(db, a, p, &p->rows[i]));
        stored++;
    }
    *ret_version = 0;
    if (stored == 0)
        return OK;
    return edition_store(db, layer_name(p->want.layer), summary_of(a, p, source), p->want.at_ms,
        now_ms, made_by, ret_version);
}
