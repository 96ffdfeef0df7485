/* zone.c: rows of the layers. */
#include "catalogue/zone.h"

RECORD_DEFINE(zone, ZONE)

SQL_WRITES(put, "zone.put",
    "INSERT INTO zone (layer, code, valid_from_ms, valid_to_ms, parent, level, kind, name, lon, lat,"
    " shape) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
const struct sql *const zone_statements[] = { &put };
const size_t zone_statements_n = COUNT_OF(zone_statements);

enum err zone_put(struct db *db, const struct zone *z)
{
    return db_exec(db, &put, ARGS(S(z->layer), I(z->code), I(z->valid_from_ms), I(z->valid_to_ms),
        I(z->parent), I(z->level), S(z->kind), S(z->name), F(z->lon), F(z->lat),
        B(z->shape)), NULL);
}
