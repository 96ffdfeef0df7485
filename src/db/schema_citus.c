/* schema_citus.c: how the tables are spread over several machines. */
#include "db/schema.h"

/* Tables that stay where the servers connect to, because they belong to no county and are written
 * too often to be copied to every machine with each change. */
static const struct { const char *name, *why; } on_coordinator[] = {
    { "session", "written at every sign-in" },
    { "known_place", "written at every sign-in" },
    { "upload", "a photo waits here for minutes" },
    { "leaf", "one Merkle log for all counties, written in one order" },
    { "tree_node", "of the same log" },
    { "checkpoint", "of the same log" },
    { "layer_import", "a file waits here until it is put in force" },
    { "rehearsal", "its progress is written every second" },
    { "id_block", "ids come from one place" },
    { "node_key", "one row: whose key signs here" },
    { "roster_stamp", "moves with every change of the roster" },
};

static const char *why_on_coordinator(const struct table *t)
{
    for (size_t i = 0; i < COUNT_OF(on_coordinator); i++)
        if (str_is(t->name, on_coordinator[i].name))
            return on_coordinator[i].why;
    return NULL;
}

static void write_copied(struct buf *b, const struct schema *s)
{
    buf_add(b, STR("\n-- Deployer's data, on every machine.\n"));
    for (size_t i = 0; i < s->n; i++)
        if (!table_has_area(&s->tables[i]) && why_on_coordinator(&s->tables[i]) == NULL)
            buf_fmt(b, "SELECT create_reference_table('%.*s');\n", STR_FMT(s->tables[i].name));
}

static void write_unscoped(struct buf *b, const struct schema *s)
{
    buf_add(b, STR("\n-- Policies that ask other tables are not for tables that are spread, and settings of a\n"
        "-- transaction stay on the machine that they are told: the second lock on scope comes off.\n"));
    for (size_t i = 0; i < s->n; i++)
        if (table_has_area(&s->tables[i]))
            buf_fmt(b, "DROP POLICY IF EXISTS scope ON %.*s;\nALTER TABLE %.*s DISABLE ROW LEVEL SECURITY,"
                " NO FORCE ROW LEVEL SECURITY;\n", STR_FMT(s->tables[i].name),
                STR_FMT(s->tables[i].name));
}

static void write_spread(struct buf *b, const struct schema *s)
{
    const struct table *first = NULL;
    buf_add(b, STR("\n-- What belongs to a matter, by county; a county lies on one machine.\n"));
    for (size_t i = 0; i < s->n; i++) {
        const struct table *t = &s->tables[i];
        if (!table_has_area(t))
            continue;
        if (first)
            buf_fmt(b, "SELECT create_distributed_table('%.*s', 'area', colocate_with => '%.*s');\n",
                STR_FMT(t->name), STR_FMT(first->name));
        else
            buf_fmt(b, "SELECT create_distributed_table('%.*s', 'area', shard_count => 128);\n",
                STR_FMT(t->name));
        first = first ? first : t;
    }
}

static void write_staying(struct buf *b, const struct schema *s)
{
    buf_add(b, STR("\n-- These stay on the coordinator:\n"));
    for (size_t i = 0; i < s->n; i++) {
        const char *why = why_on_coordinator(&s->tables[i]);
        if (why)
            buf_fmt(b, "--   %.*s: %s\n", STR_FMT(s->tables[i].name), why);
    }
}

void schema_write_citus(struct buf *b, const struct schema *s)
{
    buf_add(b, STR("-- For the coordinator of a Citus cluster (12 or newer), once, by the role that owns\n"
        "-- the tables, after `fengqiao migrate --db` and before the first row or after it.\n"
        "-- The servers connect to the coordinator. Try it on a copy first: the statements follow from\n"
        "-- the schema and are tested against it, but not run on Citus by the tests of this program.\n"
        "CREATE EXTENSION IF NOT EXISTS citus;\n"
        "-- The guards of append-only tables do nothing but refuse, on each machine alike.\n"
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET citus.enable_unsafe_triggers = on',\n"
        "    current_database()); END $$;\n"
        "SET citus.enable_unsafe_triggers = on;\n"));
    write_unscoped(b, s);
    write_copied(b, s);
    write_spread(b, s);
    write_staying(b, s);
}
