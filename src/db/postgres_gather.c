/* postgres_gather.c: what is sent ahead in libpq's pipeline. Rows of one table that are inserted in
 * haste go together, many in a statement, which spares the server half of its work: it looks up a
 * table and its indexes once instead of for each row. */
#include "db/postgres.h"
#include <stdio.h>

/* Rows go by powers of two, so that few statements have to be prepared. */
enum { SIZE_MAX_LOG = 6, ROWS_MAX = 1 << SIZE_MAX_LOG, BYTES_MAX = 32 << 20, TEXT_MAX = 1 << 16,
    PENDING_MAX = 2000 };

enum err postgres_ahead(struct postgres_db *db)
{
    if (db->pending == PENDING_MAX)
        TRY(postgres_answered(db));
    if (db->pending++ == 0 && PQenterPipelineMode(db->c) != 1)
        return E_DB;
    return OK;
}

enum err postgres_text_ahead(struct postgres_db *db, const char *text)
{
    TRY(postgres_ahead(db));
    return PQsendQueryParams(db->c, text, 0, NULL, NULL, NULL, NULL, 0) == 1 ? OK : E_DB;
}

/* What follows VALUES ($1, ... $n) in a statement that inserts one row as it is given; NULL when it
 * is any other. */
static const char *one_row_end(const struct postgres_statement *p)
{
    char number[16];
    const char *at = strstr(p->sql->text, " VALUES (");
    if (strncmp(p->sql->text, "INSERT INTO ", 12) != 0 || at == NULL)
        return NULL;
    at += strlen(" VALUES (");
    for (int i = 1; i <= p->n_params; i++) {
        int n = snprintf(number, sizeof(number), "$%d%s", i, i < p->n_params ? ", " : ")");
        if (strncmp(at, number, (size_t)n) != 0)
            return NULL;
        at += n;
    }
    return *at == '\0' || strcmp(at, " ON CONFLICT DO NOTHING") == 0 ? at : NULL;
}

bool postgres_may_gather(const struct postgres_statement *p)
{
    return one_row_end(p) != NULL;
}

/* The statement for 2^log rows. What was sent before is answered first: after a failure there the
 * server would not prepare anything. */
static enum err many_prepare(struct postgres_db *db, struct postgres_statement *p, int log)
{
    Oid types[PARAMS_MAX << SIZE_MAX_LOG];
    struct arena a;
    char name[32];
    int n = p->n_params << log;
    if (log == 0 || (p->many & 1u << log))
        return OK;
    arena_init(&a, 4 * TEXT_MAX);
    struct buf text = buf_in(&a, TEXT_MAX);
    const char *end = one_row_end(p), *row = strstr(p->sql->text, " VALUES (") + 8;
    buf_add(&text, (struct str){ p->sql->text, (size_t)(row - p->sql->text) });
    for (int i = 0; i < n; i++) {
        types[i] = p->params[i % p->n_params];
        buf_fmt(&text, "%s$%d%s", i % p->n_params ? ", " : i ? ", (" : "(", i + 1,
            i % p->n_params == p->n_params - 1 ? ")" : "");
    }
    buf_fmt(&text, "%s", end);
    buf_byte(&text, '\0');
    (void)snprintf(name, sizeof(name), "%s_%d", p->name, 1 << log);
    enum err e = postgres_answered(db);
    if (e == OK)
        e = postgres_prepare(db, p->sql, name, text.p, n, types);
    if (e == OK)
        p->many |= 1u << log;
    arena_free(&a);
    return e;
}

static enum err rows_send(struct postgres_db *db, struct postgres_gather *g, int from, int log)
{
    int formats[PARAMS_MAX << SIZE_MAX_LOG], n = g->p->n_params << log;
    size_t first = (size_t)(from * g->p->n_params);
    char name[32];
    TRY(many_prepare(db, g->p, log));
    (void)snprintf(name, sizeof(name), log ? "%s_%d" : "%s", g->p->name, 1 << log);
    for (int i = 0; i < n; i++)
        formats[i] = 1;
    TRY(postgres_ahead(db));
    return PQsendQueryPrepared(db->c, name, n, g->values + first, g->lengths + first, formats,
        1) == 1 ? OK : E_DB;
}

static enum err table_send(struct postgres_db *db, struct postgres_gather *g)
{
    int sent = 0;
    for (int log = SIZE_MAX_LOG; log >= 0; log--)
        for (; g->rows - sent >= 1 << log; sent += 1 << log)
            TRY(rows_send(db, g, sent, log));
    g->rows = 0;
    return OK;
}

enum err postgres_gathered_send(struct postgres_db *db)
{
    enum err e = OK;
    for (size_t i = 0; i < db->n_gathers && e == OK; i++)
        e = table_send(db, &db->gathers[i]);
    postgres_gathered_drop(db);
    return e;
}

void postgres_gathered_drop(struct postgres_db *db)
{
    db->n_gathers = 0;
    arena_reset(&db->gathered);
}

static struct postgres_gather *gather_of(struct postgres_db *db, struct postgres_statement *p)
{
    size_t i = 0;
    while (i < db->n_gathers && db->gathers[i].p != p)
        i++;
    if (i == db->n_gathers) {
        size_t n = (size_t)p->n_params << SIZE_MAX_LOG;
        db->gathers[db->n_gathers++] = (struct postgres_gather){ .p = p,
            .values = NEW_N(&db->gathered, const char *, n),
            .lengths = NEW_N(&db->gathered, int, n) };
    }
    return &db->gathers[i];
}

enum err postgres_gather(struct postgres_db *db, struct postgres_statement *p,
    const char *const *values, const int *lengths)
{
    if (db->n_gathers == GATHERS_MAX || db->gathered.used_bytes > BYTES_MAX)
        TRY(postgres_gathered_send(db));
    struct postgres_gather *g = gather_of(db, p);
    size_t at = (size_t)(g->rows++ * p->n_params);
    for (int i = 0; i < p->n_params; i++) {
        g->values[at + (size_t)i] = values[i] == NULL ? NULL
            : arena_dup(&db->gathered, values[i], (size_t)lengths[i]).p;
        g->lengths[at + (size_t)i] = lengths[i];
    }
    return g->rows == ROWS_MAX ? table_send(db, g) : OK;
}
