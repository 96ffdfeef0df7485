/* raw_sqlite.c: what SQLite itself takes: the very rows that reports left in one database, inserted
 * into a copy made before, by the same statements, in a loop that does nothing else.
 *   raw_sqlite rows SOURCE COPY GROUP ROWS_MAX   prints rows a second, committing GROUP at once
 *   raw_sqlite sync DIR      prints the median of a 4 KB write with fdatasync, in us */
#include "number.h"
#include "rows.h"
#include "base/arena.h"
#include "base/clock.h"
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TABLES = 4, SYNCS = 301, SYNC_BYTES = 4096 };
struct table {
    const char *statement, *matter;     /* by name; the column that holds the matter */
    const struct sql *sql;
    sqlite3_value **values;             /* row by row */
    size_t params, rows;
    sqlite3_stmt *insert;
};

static void ok(int rc, sqlite3 *db)
{
    if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW) {
        fprintf(stderr, "raw_sqlite: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

static sqlite3 *open_database(const char *path)
{
    sqlite3 *db = NULL;
    ok(sqlite3_open(path, &db), db);
    ok(sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=-1; PRAGMA cache_size=-16000;"
        "PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;", NULL, NULL, NULL), db);
    return db;
}

static int64_t number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st;
    ok(sqlite3_prepare_v2(db, sql, -1, &st, NULL), db);
    ok(sqlite3_step(st), db);
    int64_t v = sqlite3_column_int64(st, 0);
    ok(sqlite3_finalize(st), db);
    return v;
}

/* SELECT of the columns that the INSERT fills, for matters after the last one of the copy. */
static sqlite3_stmt *select_of(const struct table *t, sqlite3 *db, int64_t after, int64_t rows_max)
{
    struct str table, columns;
    char sql[4096];
    sqlite3_stmt *st;
    insert_parts(t->sql, &table, &columns);
    (void)snprintf(sql, sizeof(sql), "SELECT %.*s FROM %.*s WHERE %s > %lld ORDER BY %s LIMIT %lld",
        STR_FMT(columns), STR_FMT(table), t->matter, (long long)after, t->matter,
        (long long)rows_max);
    ok(sqlite3_prepare_v2(db, sql, -1, &st, NULL), db);
    return st;
}

static void table_read(struct table *t, sqlite3 *source, sqlite3 *copy, int64_t after,
    int64_t rows_max)
{
    t->sql = statement_named(t->statement);
    ok(sqlite3_prepare_v3(copy, t->sql->text, -1, SQLITE_PREPARE_PERSISTENT, &t->insert, NULL),
        copy);
    t->params = (size_t)sqlite3_bind_parameter_count(t->insert);
    t->values = heap_alloc((size_t)rows_max * t->params * sizeof(*t->values));
    sqlite3_stmt *st = select_of(t, source, after, rows_max);
    while (sqlite3_step(st) == SQLITE_ROW) {
        for (size_t i = 0; i < t->params; i++)
            t->values[t->rows * t->params + i] =
                sqlite3_value_dup(sqlite3_column_value(st, (int)i));
        t->rows++;
    }
    ok(sqlite3_finalize(st), source);
}

static int bind(sqlite3_stmt *st, int at, sqlite3_value *v)
{
    switch (sqlite3_value_type(v)) {
    case SQLITE_INTEGER: return sqlite3_bind_int64(st, at, sqlite3_value_int64(v));
    case SQLITE_FLOAT: return sqlite3_bind_double(st, at, sqlite3_value_double(v));
    case SQLITE_TEXT:
        return sqlite3_bind_text(st, at, (const char *)sqlite3_value_text(v),
            sqlite3_value_bytes(v), SQLITE_STATIC);
    case SQLITE_BLOB:
        return sqlite3_bind_blob(st, at, sqlite3_value_blob(v), sqlite3_value_bytes(v),
            SQLITE_STATIC);
    default: return sqlite3_bind_null(st, at);
    }
}

static void row_insert(const struct table *t, size_t row, sqlite3 *db)
{
    for (size_t i = 0; i < t->params; i++)
        ok(bind(t->insert, (int)i + 1, t->values[row * t->params + i]), db);
    ok(sqlite3_step(t->insert), db);
    ok(sqlite3_reset(t->insert), db);
}

static int rows(const char *source_path, const char *copy_path, size_t group, int64_t rows_max)
{
#define X(statement, matter) { statement, matter },
    struct table tables[TABLES] = { ROWS_OF_A_REPORT(X) };
#undef X
    sqlite3 *source = open_database(source_path), *db = open_database(copy_path);
    int64_t after = number(db, "SELECT coalesce(max(id), 0) FROM matter");
    for (size_t i = 0; i < TABLES; i++)
        table_read(&tables[i], source, db, after, rows_max);
    size_t n = tables[0].rows;
    for (size_t i = 1; i < TABLES; i++)
        n = tables[i].rows < n ? tables[i].rows : n;
    int64_t begin_us = clock_monotonic_us();
    for (size_t row = 0; row < n; row++) {
        if (row % group == 0)
            ok(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), db);
        for (size_t i = 0; i < TABLES; i++)
            row_insert(&tables[i], row, db);
        if (row % group == group - 1 || row == n - 1)
            ok(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), db);
    }
    double seconds = (double)(clock_monotonic_us() - begin_us) / 1e6;
    printf("{\"rows\":%zu,\"per_second\":%.1f}\n", n, n ? (double)n / seconds : 0.0);
    return n == 0;
}

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int sync_time(const char *dir)
{
    static char block[SYNC_BYTES];
    char path[4096];
    int64_t times[SYNCS];
    (void)snprintf(path, sizeof(path), "%s/sync.tmp", dir);
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        return 1;
    for (size_t i = 0; i < SYNCS; i++) {
        int64_t begin_us = clock_monotonic_us();
        if (pwrite(fd, block, sizeof(block), (off_t)(i * sizeof(block))) != SYNC_BYTES
            || fdatasync(fd) != 0)
            return 1;
        times[i] = clock_monotonic_us() - begin_us;
    }
    (void)close(fd);
    (void)unlink(path);
    qsort(times, SYNCS, sizeof(*times), by_size);
    printf("{\"fdatasync_us\":%lld}\n", (long long)times[SYNCS / 2]);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "rows") == 0)
        return rows(argv[2], argv[3], (size_t)number_of(argv[4]),
            (int64_t)number_of(argv[5]));
    if (argc == 3 && strcmp(argv[1], "sync") == 0)
        return sync_time(argv[2]);
    fprintf(stderr, "usage: raw_sqlite rows SOURCE COPY GROUP ROWS_MAX | raw_sqlite sync DIR\n");
    return 2;
}
