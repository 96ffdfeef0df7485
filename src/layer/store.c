/* store.c: a checked plan as a version: rows in force until its day end, new ones begin. */
#include "layer/layer.h"
#include "catalogue/edition.h"

SQL_READS(versions_later, "layer.later",
    "SELECT COUNT(*) FROM zone WHERE layer = $1 AND (valid_from_ms > $2 OR valid_to_ms > $2)");
SQL_READS(versions_any, "layer.any",
    "SELECT COUNT(*) FROM (SELECT code FROM zone WHERE layer = $1 LIMIT 1) z");
SQL_WRITES(zone_unplan, "layer.unplan",
    "DELETE FROM zone WHERE layer = $1 AND code = $2 AND valid_from_ms = $3");
SQL_WRITES(zone_end, "layer.end",
    "UPDATE zone SET valid_to_ms = $3 WHERE layer = $1 AND code = $2 AND valid_from_ms < $3"
    " AND valid_to_ms IS NULL");
SQL_WRITES(zone_begin, "layer.begin",
    "INSERT INTO zone (layer, code, valid_from_ms, parent, level, kind, name, lon, lat, shape)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
const struct sql *const layer_store_statements[] = {
    &versions_later, &versions_any, &zone_unplan, &zone_end, &zone_begin,
};
const size_t layer_store_statements_n = COUNT_OF(layer_store_statements);

enum { SUMMARY_BYTES_MAX = 64 << 20 };

static struct arg layer_arg(enum layer layer)
{
    return S(str_c(layer_kinds[layer].name));
}

enum err layer_day_is_free(struct db *db, enum layer layer, int64_t valid_from_ms, int64_t now_ms,
    struct err_info *info)
{
    int64_t later = 0, any = 0;
    TRY(db_number(db, &versions_later, ARGS(layer_arg(layer), I(valid_from_ms)), &later));
    TRY(db_number(db, &versions_any, ARGS(layer_arg(layer)), &any));
    if (later)
        return err_note(info, E_CONFLICT, "valid_from", MSG("这一图层已有更晚生效的版本，请定在那一天或之后生效",
            "This layer has a version planned for later; let this one begin on that day or after it"),
            STR_NONE);
    if (any && valid_from_ms < now_ms)
        return err_note(info, E_INPUT, "valid_from", MSG("生效日不能早于今天：过去的事项保留当日的网格",
            "A version cannot begin in the past: past matters keep the grids of their day"), STR_NONE);
    return OK;
}

static enum err store_row(struct db *db, struct arena *a, const struct layer_plan *p,
    const struct zone_row *z, int64_t from_ms)
{
    struct arg layer = layer_arg(p->want.layer);
    struct str shape = z->shape.point_count ? shape_wkb(a, &z->shape) : STR_NONE;
    TRY(db_exec(db, &zone_unplan, ARGS(layer, I(z->code), I(from_ms)), NULL));
    TRY(db_exec(db, &zone_end, ARGS(layer, I(z->code), I(from_ms)), NULL));
    if (z->change == ZONE_REMOVED)
        return OK;
    return db_exec(db, &zone_begin, ARGS(layer, I(z->code), I(from_ms), I(z->parent), I(z->level),
        S(z->kind), S(z->name), F(z->centre.lon), F(z->centre.lat), B(shape)), NULL);
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
        TRY(store_row(db, a, p, &p->rows[i], p->want.at_ms));
        stored++;
    }
    *ret_version = 0;
    if (stored == 0)
        return OK;
    return edition_store(db, str_c(layer_kinds[p->want.layer].name), summary_of(a, p, source),
        p->want.at_ms, now_ms, made_by, ret_version);
}
