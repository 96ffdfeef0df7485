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
const char postgres_foundation[] =
    "CREATE TABLE schema_version (version BIGINT NOT NULL);\n"
    "INSERT INTO schema_version (version) VALUES (0);\n"
    "CREATE DOMAIN blob AS bytea;\n"
    "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE insufficient_privilege USING MESSAGE = TG_TABLE_NAME || ' takes only INSERT';"
    " END $$;\n";

const char postgres_unless_there[] =
    "\\set ON_ERROR_STOP on\n"
    "DO $$ BEGIN IF to_regclass('schema_version') IS NOT NULL THEN"
    " RAISE 'the tables are there already; bring them up to date with: fengqiao migrate --db"
    " (这里已经有枫桥的表，请用 fengqiao migrate --db 更新)'; END IF; END $$;\n";

/* Locks nobody out for long: whoever holds a table gets time to finish, then this gives up. */
enum err postgres_migration_begin(struct db *base)
{
    own(base)->patient = true;
    TRY(base->driver->begin(base));
    return postgres_run(own(base), "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '60s';"
        "SELECT pg_advisory_xact_lock" LOCK_MIGRATING);
}

enum err postgres_version_read(struct db *base, int64_t *ret)
{
    enum { NONE, READABLE, CLOSED };
    struct postgres_db *db = own(base);
    int64_t is = NONE;
    TRY(postgres_number(db, "SELECT CASE WHEN current_schema() IS NULL THEN 2"
        " WHEN to_regclass('schema_version') IS NULL THEN 0"
        " WHEN has_table_privilege(to_regclass('schema_version'), 'SELECT') THEN 1 ELSE 2 END", &is));
    *ret = 0;
    return is == CLOSED ? E_DENIED : is == READABLE
        ? postgres_number(db, "SELECT max(version) FROM schema_version", ret) : OK;
}

/* Parts take statements too. */
void postgres_guards_text(struct buf *b)
{
    buf_add(b, STR("DO $$ DECLARE name TEXT; given TEXT[] := ARRAY["));
    for (size_t i = 0; i < append_only_tables_n; i++)
        buf_fmt(b, "%s'%s'", i ? ", " : "", append_only_tables[i]);
    buf_add(b, STR("]; BEGIN FOR name IN SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
        " AND pg_table_is_visible(oid) AND (relname = ANY (given) OR oid IN (SELECT inhrelid"
        " FROM pg_inherits WHERE inhparent::regclass::text = ANY (given))) LOOP\n"
        "EXECUTE format('CREATE OR REPLACE TRIGGER append_only"
        " BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT"
        " EXECUTE FUNCTION append_only()', name);\nEND LOOP; END $$;\n"));
}

void postgres_version_text(struct buf *b, int64_t version)
{
    postgres_guards_text(b);
    buf_fmt(b, "UPDATE schema_version SET version = %lld;\n", (long long)version);
}
