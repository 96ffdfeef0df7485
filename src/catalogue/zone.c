/* zone.c: rows of the layers. */
#include "catalogue/zone.h"

RECORD_DEFINE(zone, ZONE)

enum { ZONES_MAX = 2000000 };

SQL_WRITES(put, "zone.put",
    "INSERT INTO zone (layer, code, valid_from_ms, valid_to_ms, parent, level, kind, name, lon, lat,"
    " shape) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
#define COLUMNS "layer, code, valid_from_ms, valid_to_ms, parent, level, kind, name, lon, lat, shape"
SQL_READS(one, "zone.one", "SELECT " COLUMNS " FROM zone WHERE layer = $1 AND code = $2"
    " AND valid_from_ms <= $3 AND (valid_to_ms IS NULL OR valid_to_ms > $3)"
    " ORDER BY valid_from_ms DESC LIMIT 1");
SQL_SCANS(all, "zone.all", "SELECT " COLUMNS " FROM zone WHERE layer = $1"
    " AND valid_from_ms <= $2 AND (valid_to_ms IS NULL OR valid_to_ms > $2) ORDER BY code");
SQL_WRITES(unplan, "zone.unplan",
    "DELETE FROM zone WHERE layer = $1 AND code = $2 AND valid_from_ms = $3");
SQL_WRITES(end, "zone.end", "UPDATE zone SET valid_to_ms = $3 WHERE layer = $1 AND code = $2"
    " AND valid_from_ms < $3 AND valid_to_ms IS NULL");
const struct sql *const zone_statements[] = { &put, &one, &all, &unplan, &end };
const size_t zone_statements_n = COUNT_OF(zone_statements);

enum err zone_put(struct db *db, const struct zone *z)
{
    return db_exec(db, &put, ARGS(S(z->layer), I(z->code), I(z->valid_from_ms), I(z->valid_to_ms),
        I(z->parent), I(z->level), S(z->kind), S(z->name), F(z->lon), F(z->lat),
        B(z->shape)), NULL);
}

enum err zone_at(struct db *db, struct arena *a, struct str layer, int64_t code, int64_t at_ms,
    struct zone *ret)
{
    return db_one(db, a, &one, ARGS(S(layer), I(code), I(at_ms)), &zone_record, ret);
}

enum err zones_at(struct db *db, struct arena *a, struct str layer, int64_t at_ms,
    struct list *ret)
{
    return db_rows(db, a, &all, ARGS(S(layer), I(at_ms)), &zone_record, ZONES_MAX, ret);
}

enum err zone_end(struct db *db, struct str layer, int64_t code, int64_t at_ms)
{
    TRY(db_exec(db, &unplan, ARGS(S(layer), I(code), I(at_ms)), NULL));
    return db_exec(db, &end, ARGS(S(layer), I(code), I(at_ms)), NULL);
}
