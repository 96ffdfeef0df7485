/* postgres_schema.c: migrating: what PostgreSQL needs before the first script, the version, and the
 * refusal to rewrite. */
#include "db/postgres.h"

/* An advisory lock: the program's own number, then what for. */
#define LOCK_MIGRATING "(1718513513, 2)"

enum err postgres_script(struct db *db, const char *text)
{
    return postgres_run(own(db), text);
}

/* What SQLite has of itself: the version, the name BLOB, and a refusal to rewrite. */
static const char foundation[] =
    "CREATE TABLE schema_version (version BIGINT NOT NULL);"
    "INSERT INTO schema_version (version) VALUES (0);"
    "CREATE DOMAIN blob AS bytea;"
    "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE insufficient_privilege USING MESSAGE = TG_TABLE_NAME || ' takes only INSERT';"
    " END $$";

/* Locks nobody out for long: whoever holds a table gets time to finish, then this gives up. */
enum err postgres_migration_begin(struct db *base)
{
    struct postgres_db *db = own(base);
    int64_t exists = 0;
    db->patient = true;
    TRY(base->driver->begin(base));
    TRY(postgres_run(db, "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '60s';"
        "SELECT pg_advisory_xact_lock" LOCK_MIGRATING));
    TRY(postgres_number(db, "SELECT to_regclass('schema_version') IS NOT NULL", &exists));
    return exists ? OK : postgres_run(db, foundation);
}

enum err postgres_version_read(struct db *db, int64_t *ret)
{
    return postgres_number(own(db), "SELECT max(version) FROM schema_version", ret);
}

static enum err guards_set(struct postgres_db *db)
{
    struct arena a;
    arena_init(&a, 1 << 16);
    struct buf names = buf_in(&a, 4096);
    for (size_t i = 0; i < append_only_tables_n; i++)
        buf_fmt(&names, "%s'%s'", i ? ", " : "", append_only_tables[i]);
    struct str text = arena_fmt(&a,
        "DO $$ DECLARE name TEXT; BEGIN FOREACH name IN ARRAY ARRAY[%.*s] LOOP"
        " IF to_regclass(name) IS NOT NULL THEN EXECUTE format('CREATE OR REPLACE TRIGGER append_only"
        " BEFORE UPDATE OR DELETE OR TRUNCATE ON %%I FOR EACH STATEMENT"
        " EXECUTE FUNCTION append_only()', name); END IF; END LOOP; END $$",
        STR_FMT(buf_str(&names)));
    enum err e = postgres_run(db, text.p);
    arena_free(&a);
    return e;
}

enum err postgres_version_write(struct db *db, int64_t version)
{
    char text[80];
    (void)snprintf(text, sizeof(text), "UPDATE schema_version SET version = %lld",
        (long long)version);
    TRY(guards_set(own(db)));
    return postgres_run(own(db), text);
}
