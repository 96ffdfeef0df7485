/* version.c: the versions of catalogues and layers: stored one beside the other, valid from a first
 * day on, and taken back before it. */
#include "catalogue/edition.h"

RECORD_DEFINE(catalogue_version, CATALOGUE_VERSION)

#define STORED(X, R) \
    X(R, I64, version, REQUIRED, 1, 1e9, NULL, "version") \
    X(R, STR, body, REQUIRED, 0, 0, NULL, "CSV")
RECORD(stored, STORED)
RECORD_DEFINE(stored, STORED)

SQL_READS(newest, "edition.newest",
    "SELECT COALESCE(MAX(version), 0) FROM catalogue WHERE name = $1");
SQL_READS(moves, "edition.moves",
    "SELECT COALESCE(MAX(c.version), 0) + (SELECT COUNT(*) FROM taken_back b WHERE b.name = $1)"
    " FROM catalogue c WHERE c.name = $1");
#define STANDS " NOT EXISTS (SELECT 1 FROM taken_back b WHERE b.name = c.name AND b.version = c.version)"
#define VALID(WHAT) "SELECT " WHAT " FROM catalogue c WHERE c.name = $1 AND c.valid_from_ms <= $2" \
    " AND" STANDS " ORDER BY c.valid_from_ms DESC, c.version DESC LIMIT 1"
SQL_READS(in_force, "edition.in_force", VALID("c.version, c.body"));
SQL_READS(valid_number, "edition.valid", VALID("c.version"));
SQL_READS(named, "edition.version",
    "SELECT version, body FROM catalogue WHERE name = $1 AND version = $2");
SQL_READS(list, "edition.list",
    "SELECT c.version, c.valid_from_ms, c.made_ms, c.made_by, b.back_ms, b.back_by, b.back_why"
    " FROM catalogue c LEFT JOIN taken_back b ON b.name = c.name AND b.version = c.version"
    " WHERE c.name = $1 ORDER BY c.version DESC LIMIT 1000");
SQL_WRITES(add, "edition.add",
    "INSERT INTO catalogue (name, version, valid_from_ms, made_ms, made_by, body)"
    " VALUES ($1, $2, $3, $4, $5, $6)");
SQL_WRITES(take_back, "edition.take_back",
    "INSERT INTO taken_back (name, version, back_ms, back_by, back_why)"
    " SELECT c.name, c.version, $3, $4, $5 FROM catalogue c WHERE c.name = $1 AND c.version = $2"
    " AND c.valid_from_ms > $3 AND" STANDS);
const struct sql *const edition_statements[] = {
    &newest, &moves, &in_force, &valid_number, &named, &list, &add, &take_back,
};
const size_t edition_statements_n = COUNT_OF(edition_statements);

enum err edition_newest(struct db *db, struct str name, int64_t *ret)
{
    return db_number(db, &newest, ARGS(S(name)), ret);
}

enum err edition_moves(struct db *db, struct str name, int64_t *ret)
{
    return db_number(db, &moves, ARGS(S(name)), ret);
}

enum err edition_store(struct db *db, struct str name, struct str csv, int64_t valid_from_ms,
    int64_t now_ms, int64_t made_by, int64_t *ret_version)
{
    int64_t last = 0;
    TRY(edition_newest(db, name, &last));
    TRY(db_exec(db, &add, ARGS(S(name), I(last + 1), I(valid_from_ms), I(now_ms), I(made_by),
        S(csv)), NULL));
    *ret_version = last + 1;
    return OK;
}

enum err edition_current(struct db *db, struct arena *a, struct str name, int64_t now_ms,
    struct str *ret_csv, int64_t *ret_version)
{
    struct stored e;
    TRY(db_one(db, a, &in_force, ARGS(S(name), I(now_ms)), &stored_record, &e));
    *ret_csv = e.body;
    *ret_version = e.version;
    return OK;
}

enum err edition_of_version(struct db *db, struct arena *a, struct str name, int64_t version,
    struct str *ret_csv)
{
    struct stored e;
    TRY(db_one(db, a, &named, ARGS(S(name), I(version)), &stored_record, &e));
    *ret_csv = e.body;
    return OK;
}

enum err edition_valid(struct db *db, struct str name, int64_t at_ms, int64_t *ret_version)
{
    enum err e = db_number(db, &valid_number, ARGS(S(name), I(at_ms)), ret_version);
    if (e == E_MISSING)
        *ret_version = 0;
    return e == E_MISSING ? OK : e;
}

enum err edition_list(struct db *db, struct arena *a, struct str name, struct list *ret)
{
    return db_rows(db, a, &list, ARGS(S(name)), &catalogue_version_record, VERSIONS_MAX, ret);
}

struct str version_state(const struct catalogue_version *v, int64_t valid, int64_t now_ms)
{
    return v->back_ms != I64_NONE ? STR("taken_back") : v->valid_from_ms > now_ms ? STR("planned")
        : v->version == valid ? STR("in_force") : STR("past");
}

enum err edition_take_back(struct db *db, struct str name, int64_t version,
    const struct taking_back *t)
{
    int64_t changed = 0;
    TRY(db_exec(db, &take_back, ARGS(S(name), I(version), I(t->now_ms), I(t->by), S(t->why)),
        &changed));
    return changed == 1 ? OK : E_CONFLICT;
}

static bool is_layer(struct str name)
{
    return str_is(name, "division") || str_is(name, "grid") || str_is(name, "micro")
        || str_is(name, "police");
}

enum err edition_day(struct str name, int64_t *at_ms, int64_t now_ms, struct err_info *info)
{
    struct civil today = clock_civil(now_ms);
    int64_t today_ms = clock_from_civil(today.year, today.month, today.day, 0, 0, 0);
    const struct msg rules = MSG("启用时间已经过去：已派出的事项仍按当时的规则，不会重派；请选将来的时间，或留空立即启用",
        "That time is past: matters already routed keep the rules of their day."
        " Choose a time to come, or leave it empty to switch the rules on at once");
    const struct msg outlines = MSG("生效日已经过去：过去的事项保留当日的网格；请选将来的时间，或留空立即生效",
        "That day is past: past matters keep the grids of their day."
        " Choose a time to come, or leave it empty to begin at once");
    const struct msg tables = MSG("生效日已经过去：过去的事项按当时的表办理；请选今天或以后，或不写而立即生效",
        "That day is past: past matters keep the tables of their day."
        " Choose today or a later day, or leave it out to begin at once");
    if (*at_ms == I64_NONE || (*at_ms < now_ms && *at_ms >= today_ms))
        *at_ms = now_ms;
    return *at_ms >= now_ms ? OK : err_note(info, E_INPUT, "valid_from",
        str_is(name, "rule") ? rules : is_layer(name) ? outlines : tables, STR_NONE);
}
