/* postgres_load.c: many rows at once, by COPY in its binary form: not a statement for each row, and
 * nothing for the server to parse. */
#include "db/postgres.h"
#include "db/schema.h"
#include <stdio.h>

enum { PIECE_BYTES = 64 << 10 };
struct copy { struct postgres_db *db; bool failed; size_t n; char piece[PIECE_BYTES]; };

static void flush(struct copy *c)
{
    if (c->n && !c->failed)
        c->failed = PQputCopyData(c->db->c, c->piece, (int)c->n) != 1;
    c->n = 0;
}

static void add(struct copy *c, const char *p, size_t n)
{
    if (c->n + n > PIECE_BYTES)
        flush(c);
    if (n > PIECE_BYTES) {
        c->failed = c->failed || n > INT32_MAX || PQputCopyData(c->db->c, p, (int)n) != 1;
        return;
    }
    if (n)
        memcpy(c->piece + c->n, p, n);
    c->n += n;
}

static void add_number(struct copy *c, uint64_t bits, size_t bytes)
{
    char room[8];
    for (size_t k = bytes; k-- > 0; bits >>= 8)
        room[k] = (char)(bits & 0xff);
    add(c, room, bytes);
}

/* A value with its length before it; -1: none. */
static enum err add_value(struct copy *c, const struct arg *v, enum column_type type)
{
    static const enum arg_type wanted[] = { [COLUMN_I64] = ARG_I64, [COLUMN_F64] = ARG_F64,
        [COLUMN_TEXT] = ARG_TEXT, [COLUMN_BYTES] = ARG_BYTES };
    uint64_t bits = (uint64_t)v->i;
    if (v->type == ARG_NULL) {
        add_number(c, UINT32_MAX, 4);
        return OK;
    }
    if (v->type != wanted[type])
        return E_BUG;
    if (type == COLUMN_TEXT || type == COLUMN_BYTES) {
        add_number(c, v->s.n, 4);
        add(c, v->s.p, v->s.n);
        return OK;
    }
    if (type == COLUMN_F64)
        memcpy(&bits, &v->f, sizeof(bits));
    add_number(c, 8, 4);
    add_number(c, bits, 8);
    return OK;
}

static enum err add_rows(struct copy *c, const struct table *t, const struct arg *values,
    size_t n_rows)
{
    static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";    /* with flags and extension: none */
    add(c, head, 19);
    for (size_t i = 0; i < n_rows; i++) {
        add_number(c, t->n_columns, 2);
        for (size_t k = 0; k < t->n_columns; k++)
            TRY(add_value(c, values++, t->columns[k].type));
    }
    add_number(c, UINT16_MAX, 2);
    flush(c);
    return c->failed ? E_DB : OK;
}

/* COPY refuses a table whose row level security binds its role, even where the policy lets all of
 * it pass. Who loads owns the tables, and is let off within the transaction: nobody else sees. */
static enum err owner_bind(struct postgres_db *db, const struct table *t, bool binds)
{
    char text[128];
    if (!table_has_area(t))
        return OK;
    (void)snprintf(text, sizeof(text), "ALTER TABLE %.*s %sFORCE ROW LEVEL SECURITY",
        STR_FMT(t->name), binds ? "" : "NO ");
    return postgres_run(db, text);
}

/* Built from names of the schema, which stand in the program. */
static enum err copy_begin(struct postgres_db *db, const struct table *t)
{
    struct arena a;
    arena_init(&a, 1 << 16);
    struct buf b = buf_in(&a, 1 << 14);
    buf_fmt(&b, "COPY %.*s ", STR_FMT(t->name));
    for (size_t i = 0; i < t->n_columns; i++)
        buf_fmt(&b, "%c%.*s", i ? ',' : '(', STR_FMT(t->columns[i].name));
    buf_fmt(&b, ") FROM STDIN BINARY%c", '\0');
    PGresult *r = PQexec(db->c, b.p);
    bool begun = PQresultStatus(r) == PGRES_COPY_IN;
    enum err e = OK;
    if (begun)
        PQclear(r);
    else
        e = postgres_take(db, r, "COPY");
    arena_free(&a);
    return e;
}

static enum err copy_rows(struct copy *c, const struct table *t, const struct arg *values,
    size_t n_rows)
{
    struct postgres_db *db = c->db;
    TRY(copy_begin(db, t));
    enum err e = add_rows(c, t, values, n_rows);
    bool ended = PQputCopyEnd(db->c, e == OK ? NULL : "broken off") == 1;
    for (PGresult *r; (r = PQgetResult(db->c)) != NULL;) {
        enum err said = postgres_take(db, r, "COPY");
        e = e == OK ? said : e;
    }
    return !ended && e == OK ? E_DB : e;
}

enum err postgres_rows_put(struct db *base, const struct table *t, const struct arg *values,
    size_t n_rows)
{
    struct postgres_db *db = own(base);
    struct copy *c = heap_alloc(sizeof(*c));
    bool alone = !db->inside && !db->due;
    CHECK(!db->hasty && db->pending == 0);
    c->db = db;
    db->due = db->due || alone;
    enum err e = postgres_ready(db);
    if (e == OK)
        e = owner_bind(db, t, false);
    if (e == OK)
        e = copy_rows(c, t, values, n_rows);
    if (e == OK)
        e = owner_bind(db, t, true);
    if (alone && e == OK)
        e = base->driver->commit(base);
    if (alone && e != OK)
        base->driver->rollback(base);
    db->moved += (int64_t)n_rows;
    heap_free(c);
    return e;
}

/* What is committed is on disk already; plans want figures of what is there. */
enum err postgres_loaded(struct db *db)
{
    return postgres_run(own(db), "ANALYZE");
}
