/* bulk_sqlite.c: rows into a SQLite file. */
#include "bulk.h"
#include <sqlite3.h>
#include <stdio.h>

enum { INDEXES_MAX = 64, INDEX_TEXT = 512, ROWS_A_TRANSACTION = 1 << 20 };
struct file {
    sqlite3 *c;
    char indexes[INDEXES_MAX][INDEX_TEXT];      /* to be made again */
    size_t n_indexes, rows;
};

static bool ok(const struct file *f, int rc)
{
    if (rc != SQLITE_OK && rc != SQLITE_DONE)
        fprintf(stderr, "bulk: %s\n", sqlite3_errmsg(f->c));
    return rc == SQLITE_OK || rc == SQLITE_DONE;
}

static bool run(const struct file *f, const char *text)
{
    return ok(f, sqlite3_exec(f->c, text, NULL, NULL, NULL));
}

static void *file_open(const char *url)
{
    struct file *f = heap_alloc(sizeof(*f));
    if (ok(f, sqlite3_open_v2(url, &f->c, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL))
        && run(f, "PRAGMA locking_mode = EXCLUSIVE;"
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000;"
            "PRAGMA foreign_keys = OFF; BEGIN"))
        return f;
    (void)sqlite3_close(f->c);
    heap_free(f);
    return NULL;
}

/* Those of primary keys have no text and stay: their order is the order of the rows. Those of some
 * rows only (WHERE) stay too: most rows pass them by, and making them again would read all. */
static bool indexes_drop(struct file *f, const char *table)
{
    sqlite3_stmt *st;
    size_t before = f->n_indexes;
    char drop[256];
    if (!ok(f, sqlite3_prepare_v2(f->c, "SELECT sql, name FROM sqlite_master"
            " WHERE type = 'index' AND tbl_name = ?1 AND sql NOT LIKE '% WHERE %'", -1, &st, NULL))
        || !ok(f, sqlite3_bind_text(st, 1, table, -1, SQLITE_STATIC)))
        return false;
    char names[INDEXES_MAX][64];
    for (; sqlite3_step(st) == SQLITE_ROW && f->n_indexes < INDEXES_MAX; f->n_indexes++) {
        (void)snprintf(f->indexes[f->n_indexes], INDEX_TEXT, "%s",
            (const char *)sqlite3_column_text(st, 0));
        (void)snprintf(names[f->n_indexes], sizeof(names[0]), "%s",
            (const char *)sqlite3_column_text(st, 1));
    }
    bool done = ok(f, sqlite3_finalize(st));
    for (size_t i = before; done && i < f->n_indexes; i++) {
        (void)snprintf(drop, sizeof(drop), "DROP INDEX %s", names[i]);
        done = run(f, drop);
    }
    return done;
}

static bool table_begin(void *db, struct bulk_table *t)
{
    struct file *f = db;
    sqlite3_stmt *st = NULL;
    if (!indexes_drop(f, t->name) || !ok(f, sqlite3_prepare_v3(f->c, t->insert->text, -1,
            SQLITE_PREPARE_PERSISTENT, &st, NULL)))
        return false;
    t->of = st;
    return true;
}

static int bind(sqlite3_stmt *st, int at, const struct arg *a)
{
    switch (a->type) {
    case ARG_NULL: return sqlite3_bind_null(st, at);
    case ARG_I64: return sqlite3_bind_int64(st, at, a->i);
    case ARG_F64: return sqlite3_bind_double(st, at, a->f);
    case ARG_TEXT: return sqlite3_bind_text(st, at, a->s.p, (int)a->s.n, SQLITE_STATIC);
    case ARG_BYTES: return sqlite3_bind_blob(st, at, a->s.p, (int)a->s.n, SQLITE_STATIC);
    }
    return SQLITE_ERROR;
}

static bool row_put(void *db, struct bulk_table *t, const struct arg *args, size_t n_args)
{
    struct file *f = db;
    sqlite3_stmt *st = t->of;
    for (size_t i = 0; i < n_args; i++)
        if (!ok(f, bind(st, (int)i + 1, &args[i])))
            return false;
    if (++f->rows % ROWS_A_TRANSACTION == 0 && !run(f, "COMMIT; BEGIN"))
        return false;
    return ok(f, sqlite3_step(st)) && ok(f, sqlite3_reset(st));
}

static bool file_finish(void *db, struct bulk_table *tables, size_t n)
{
    struct file *f = db;
    for (size_t i = 0; i < n; i++)
        (void)sqlite3_finalize(tables[i].of);
    bool done = run(f, "COMMIT");
    for (size_t i = 0; done && i < f->n_indexes; i++)
        done = run(f, f->indexes[i]);
    done = done && run(f, "PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL");
    done = sqlite3_close(f->c) == SQLITE_OK && done;
    heap_free(f);
    return done;
}

const struct bulk_driver bulk_sqlite = { file_open, table_begin, row_put, file_finish };
