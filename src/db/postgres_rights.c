/* postgres_rights.c: which tables there are, and what the role of a connection may do. */
#include "db/postgres.h"

const struct sql postgres_tables = { "postgres.tables",
    "SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    " AND NOT c.relispartition AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid"
    " AND d.classid = CAST('pg_class' AS regclass) AND d.deptype = 'e') ORDER BY c.relname",
    SQL_READ, true };

#define MAY(word, bit) "CASE WHEN has_table_privilege(c.oid, '" word "') THEN " #bit " ELSE 0 END"
const struct sql postgres_rights = { "postgres.rights",
    "SELECT CAST(c.relname AS TEXT), " MAY("SELECT", 1) " + " MAY("INSERT", 2) " + " MAY("UPDATE", 4)
    " + " MAY("DELETE", 8) " + " MAY("REFERENCES", 16) " + " MAY("TRUNCATE", 32) " + "
    MAY("TRIGGER", 64) " + CASE WHEN c.relrowsecurity AND c.relforcerowsecurity AND ARRAY['scope'] ="
    " ARRAY(SELECT polname::text FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive)"
    " THEN 128 ELSE 0 END FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm') ORDER BY c.relname",
    SQL_READ, true };

/* Each of these would make the list of rights worth little. */
const struct sql postgres_powers = { "postgres.powers",
    "SELECT p.name FROM pg_roles r, LATERAL (VALUES ('SUPERUSER', r.rolsuper),"
    " ('CREATEROLE', r.rolcreaterole), ('CREATEDB', r.rolcreatedb),"
    " ('BYPASSRLS', r.rolbypassrls), ('REPLICATION', r.rolreplication),"
    " ('CREATE ON SCHEMA', has_schema_privilege(current_schema(), 'CREATE')),"
    " ('CREATE ON DATABASE', has_database_privilege(current_database(), 'CREATE')),"
    " ('pg_authid', has_table_privilege('pg_catalog.pg_authid', 'SELECT')),"
    " ('pg_read_all_data', pg_has_role('pg_read_all_data', 'MEMBER')),"
    " ('pg_write_all_data', pg_has_role('pg_write_all_data', 'MEMBER')),"
    " ('pg_read_server_files', pg_has_role('pg_read_server_files', 'MEMBER')),"
    " ('pg_write_server_files', pg_has_role('pg_write_server_files', 'MEMBER')),"
    " ('pg_execute_server_program', pg_has_role('pg_execute_server_program', 'MEMBER')))"
    " AS p (name, held) WHERE r.rolname = current_user AND p.held ORDER BY p.name",
    SQL_READ, true };
