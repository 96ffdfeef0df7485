/* import.c: rows of table layer_import. */
#include "layer/import.h"

RECORD_DEFINE(layer_import, LAYER_IMPORT)
#define KEPT_BYTES(X, R) X(R, BYTES, bytes, REQUIRED, 0, 0, NULL, "")
#define KEPT_TEXT(X, R) X(R, STR, text, REQUIRED, 0, 0, NULL, "")
RECORD(kept_bytes, KEPT_BYTES)
RECORD_DEFINE(kept_bytes, KEPT_BYTES)
RECORD(kept_text, KEPT_TEXT)
RECORD_DEFINE(kept_text, KEPT_TEXT)

#define COLUMNS "id, layer, name, extent, crs, region, made_ms, made_by, checked_ms, valid_from_ms," \
    " version, (SELECT b.back_ms FROM taken_back b WHERE b.name = layer AND b.version =" \
    " layer_import.version) AS back_ms"
SQL_READS(find, "import.find", "SELECT " COLUMNS " FROM layer_import WHERE id = $1");
SQL_SCANS(list, "import.list", "SELECT " COLUMNS " FROM layer_import"
    " WHERE region >= $1 AND region <= $2 ORDER BY id DESC LIMIT 200");
SQL_SCANS(count_open, "import.count_open",
    "SELECT COUNT(*) FROM layer_import WHERE region = $1 AND version IS NULL");
SQL_READS(rows_of, "import.rows", "SELECT body FROM layer_import WHERE id = $1");
SQL_READS(outcome_of, "import.outcome",
    "SELECT CASE WHEN $2 = 1 THEN outcome_en ELSE outcome END FROM layer_import WHERE id = $1");
SQL_WRITES(add, "import.add",
    "INSERT INTO layer_import (id, layer, name, extent, crs, region, made_ms, made_by, checked_ms,"
    " valid_from_ms, body, outcome, outcome_en)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
SQL_WRITES(checked_again, "import.checked_again",
    "UPDATE layer_import SET checked_ms = $2, outcome = $3, outcome_en = $4 WHERE id = $1");
SQL_WRITES(become, "import.become",
    "UPDATE layer_import SET version = $2, valid_from_ms = $3, body = $4 WHERE id = $1");
SQL_WRITES(drop, "import.drop", "DELETE FROM layer_import WHERE id = $1");
const struct sql *const import_statements[] = { &find, &list, &count_open, &rows_of, &outcome_of,
    &add, &checked_again, &become, &drop };
const size_t import_statements_n = COUNT_OF(import_statements);

enum err import_find(struct db *db, struct arena *a, int64_t id, struct layer_import *ret)
{
    return db_one(db, a, &find, ARGS(I(id)), &layer_import_record, ret);
}

enum err import_list(struct db *db, struct arena *a, int64_t from, int64_t to, struct list *ret)
{
    return db_rows(db, a, &list, ARGS(I(from), I(to)), &layer_import_record, IMPORTS_MAX, ret);
}

enum err import_count_open(struct db *db, int64_t region, int64_t *ret)
{
    return db_number(db, &count_open, ARGS(I(region)), ret);
}

enum err import_rows(struct db *db, struct arena *a, int64_t id, struct str *ret)
{
    struct kept_bytes kept;
    TRY(db_one(db, a, &rows_of, ARGS(I(id)), &kept_bytes_record, &kept));
    *ret = kept.bytes;
    return OK;
}

enum err import_outcome(struct db *db, struct arena *a, int64_t id, enum lang lang,
    struct str *ret)
{
    struct kept_text kept;
    TRY(db_one(db, a, &outcome_of, ARGS(I(id), I(lang == LANG_EN)), &kept_text_record, &kept));
    *ret = kept.text;
    return OK;
}

enum err import_add(struct db *db, const struct layer_import *m, struct str rows,
    const struct import_outcome_text *outcome)
{
    return db_exec(db, &add, ARGS(I(m->id), S(m->layer), S(m->name), S(m->extent), S(m->crs),
        I(m->region), I(m->made_ms), I(m->made_by), I(m->checked_ms), I(m->valid_from_ms), B(rows),
        S(outcome->zh), S(outcome->en)), NULL);
}

enum err import_checked_again(struct db *db, int64_t id, int64_t checked_ms,
    const struct import_outcome_text *outcome)
{
    return db_exec(db, &checked_again, ARGS(I(id), I(checked_ms), S(outcome->zh), S(outcome->en)),
        NULL);
}

enum err import_become(struct db *db, int64_t id, int64_t version, int64_t valid_from_ms)
{
    return db_exec(db, &become, ARGS(I(id), I(version), I(valid_from_ms), B(STR(""))), NULL);
}

enum err import_drop(struct db *db, int64_t id)
{
    return db_exec(db, &drop, ARGS(I(id)), NULL);
}
