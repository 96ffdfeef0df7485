/* bulk_postgres.c: rows into PostgreSQL by COPY in binary. Each table is emptied in the transaction
 * that fills it, so that a server with wal_level = minimal writes no log for it. */
#include "bulk.h"
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

enum { PIECE = 1 << 18, ROW_MAX = 1 << 17, MAKE_TEXT = 8192 };
struct server { char url[4096]; };
struct stream {
    PGconn *c;
    size_t n;
    char piece[PIECE + ROW_MAX];
    char table[64];                 /* what is filled: the part of now where the table has parts */
    char make[MAKE_TEXT];           /* what makes the keys and indexes again, and commits */
};

static bool said_ok(PGconn *c, PGresult *r)
{
    ExecStatusType s = PQresultStatus(r);
    bool ok = s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK || s == PGRES_COPY_IN;
    if (!ok)
        fprintf(stderr, "bulk: %s", PQerrorMessage(c));
    PQclear(r);
    return ok;
}

static bool run(PGconn *c, const char *text)
{
    return said_ok(c, PQexec(c, text));
}

static PGconn *connect_to(const struct server *s)
{
    PGconn *c = PQconnectdb(s->url);
    if (PQstatus(c) == CONNECTION_OK && run(c, "SET client_min_messages = error;"
            "SET maintenance_work_mem = '512MB'; SET synchronous_commit = off"))
        return c;
    fprintf(stderr, "bulk: %s", PQerrorMessage(c));
    PQfinish(c);
    return NULL;
}

static void *server_open(const char *url)
{
    struct server *s = heap_alloc(sizeof(*s));
    (void)snprintf(s->url, sizeof(s->url), "%s", url);
    PGconn *c = connect_to(s);
    if (c == NULL) {
        heap_free(s);
        return NULL;
    }
    PQfinish(c);
    return s;
}

/* Drops keys and indexes of the table, and what binds its owner; what makes them goes to s->make. */
static bool indexes_drop(struct stream *s, const char *attach)
{
    const char *table = s->table;
    static const char ask[] =
        "SELECT coalesce(string_agg(d, '; '), 'SELECT 1'), coalesce(string_agg(m, '; '), 'SELECT 1')"
        " FROM (SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS d,"
        " format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,"
        " pg_get_constraintdef(oid)) AS m FROM pg_constraint WHERE conrelid = $1::regclass"
        " AND contype IN ('p', 'u') UNION ALL SELECT format('DROP INDEX %s', indexrelid::regclass),"
        " pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = $1::regclass AND NOT EXISTS"
        " (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid) UNION ALL"
        " SELECT format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', oid::regclass),"
        " format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', oid::regclass) FROM pg_class"
        " WHERE oid = $1::regclass AND relforcerowsecurity) AS all_of_them";
    PGresult *r = PQexecParams(s->c, ask, 1, NULL, &table, NULL, NULL, 0);
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        return said_ok(s->c, r);
    int n = snprintf(s->make, sizeof(s->make), "%s; %s COMMIT", PQgetvalue(r, 0, 1), attach);
    bool ok = n > 0 && (size_t)n < sizeof(s->make) && run(s->c, PQgetvalue(r, 0, 0));
    PQclear(r);
    return ok;
}

/* A part is filled apart from its table, because its indexes are the table's while it belongs there. */
static bool part_detach(struct stream *s, const char *table, char *ret_attach, size_t size)
{
    static const char ask[] = "SELECT 1 FROM pg_inherits WHERE inhparent = $1::regclass";
    char text[256];
    PGresult *r = PQexecParams(s->c, ask, 1, NULL, &table, NULL, NULL, 0);
    bool parted = PQntuples(r) > 0;
    *ret_attach = '\0';
    (void)snprintf(s->table, sizeof(s->table), "%s%s", table, parted ? "_now" : "");
    if (!said_ok(s->c, r) || !parted)
        return PQstatus(s->c) == CONNECTION_OK;
    (void)snprintf(ret_attach, size, "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES"
        " FROM (MINVALUE) TO (MAXVALUE);", table, s->table);
    (void)snprintf(text, sizeof(text), "ALTER TABLE %s DETACH PARTITION %s", table, s->table);
    return run(s->c, text);
}

/* Ledger tables refuse to be emptied, even when there is nothing in them. */
static bool table_begin(void *db, struct bulk_table *t)
{
    static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";
    struct stream *s = heap_alloc(sizeof(*s));
    char text[4096], attach[256];
    t->of = s;
    s->c = connect_to(db);
    if (s->c == NULL || !run(s->c, "BEGIN") || !part_detach(s, t->name, attach, sizeof(attach)))
        return false;
    (void)snprintf(text, sizeof(text), "ALTER TABLE %s DISABLE TRIGGER USER; TRUNCATE %s;"
        "ALTER TABLE %s ENABLE TRIGGER USER", s->table, s->table, s->table);
    if (!run(s->c, text) || !indexes_drop(s, attach))
        return false;
    (void)snprintf(text, sizeof(text), "COPY %s (%.*s) FROM STDIN (FORMAT binary, FREEZE)", s->table,
        STR_FMT(t->columns));
    memcpy(s->piece, head, sizeof(head) - 1);
    s->n = sizeof(head) - 1;
    return run(s->c, text);
}

static void put_number(struct stream *s, uint64_t bits, int bytes)
{
    for (int k = bytes - 1; k >= 0; k--)
        s->piece[s->n++] = (char)(bits >> (8 * k) & 0xff);
}

static void put_value(struct stream *s, const struct arg *a)
{
    uint64_t bits = (uint64_t)a->i;
    switch (a->type) {
    case ARG_NULL: put_number(s, UINT32_MAX, 4); return;
    case ARG_F64: memcpy(&bits, &a->f, sizeof(bits));   /* fall through */
    case ARG_I64:
        put_number(s, 8, 4);
        put_number(s, bits, 8);
        return;
    case ARG_TEXT: case ARG_BYTES:
        CHECK(s->n + a->s.n < sizeof(s->piece));
        put_number(s, a->s.n, 4);
        memcpy(s->piece + s->n, a->s.p, a->s.n);
        s->n += a->s.n;
        return;
    }
}

static bool piece_send(struct stream *s)
{
    bool ok = PQputCopyData(s->c, s->piece, (int)s->n) == 1;
    if (!ok)
        fprintf(stderr, "bulk: %s", PQerrorMessage(s->c));
    s->n = 0;
    return ok;
}

static bool row_put(void *db, struct bulk_table *t, const struct arg *args, size_t n_args)
{
    struct stream *s = t->of;
    (void)db;
    put_number(s, n_args, 2);
    for (size_t i = 0; i < n_args; i++)
        put_value(s, &args[i]);
    return s->n < PIECE || piece_send(s);
}

static bool copy_end(struct stream *s)
{
    put_number(s, UINT16_MAX, 2);
    bool ok = piece_send(s) && PQputCopyEnd(s->c, NULL) == 1;
    for (PGresult *r; (r = PQgetResult(s->c)) != NULL;)
        ok = said_ok(s->c, r) && ok;
    return ok;
}

static bool indexes_made(struct stream *s)
{
    bool ok = true;
    for (PGresult *r; (r = PQgetResult(s->c)) != NULL;)
        ok = said_ok(s->c, r) && ok;
    return ok;
}

static bool afterwards(const struct server *s)
{
    PGconn *c = connect_to(s);
    bool ok = c && run(c, "ANALYZE") && run(c, "CHECKPOINT");
    PQfinish(c);
    return ok;
}

/* The indexes of all tables at once: the server has a process for each. */
static bool server_finish(void *db, struct bulk_table *tables, size_t n)
{
    bool ok = true;
    for (size_t i = 0; i < n; i++)
        ok = copy_end(tables[i].of) && ok;
    for (size_t i = 0; ok && i < n; i++)
        ok = PQsendQuery(((struct stream *)tables[i].of)->c, ((struct stream *)tables[i].of)->make);
    for (size_t i = 0; i < n; i++) {
        struct stream *s = tables[i].of;
        ok = ok && indexes_made(s);
        PQfinish(s->c);
        heap_free(s);
    }
    ok = ok && afterwards(db);
    heap_free(db);
    return ok;
}

const struct bulk_driver bulk_postgres = { server_open, table_begin, row_put, server_finish };
