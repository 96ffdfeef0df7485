/* bulk.h: puts rows into an empty database faster than any server would, past the door of db.h: on
 * PostgreSQL by COPY, one connection a table; on SQLite by prepared statements without syncing. The
 * indexes of the tables are dropped at a table's first row and made again at the end. A crash
 * leaves a database that is of no use. */
#pragma once
#include "db/db.h"

struct bulk;
/* False, with a word on stderr, when the database cannot be opened. */
bool bulk_open(const char *url, struct bulk **ret);
/* One row for the statement INSERT INTO table (columns) VALUES ($1, ...); each table has one. */
bool bulk_put(struct bulk *b, const struct sql *insert, const struct arg *args, size_t n_args);
/* Makes the indexes and closes. */
bool bulk_finish(struct bulk *b);

enum { BULK_TABLES_MAX = 16 };
struct bulk_table {
    const struct sql *insert;
    char name[64];
    struct str columns;         /* as the statement names them */
    void *of;                   /* the driver's */
};
/* What a database does for it. */
struct bulk_driver {
    void *(*open)(const char *url);
    bool (*begin)(void *db, struct bulk_table *t);
    bool (*row)(void *db, struct bulk_table *t, const struct arg *args, size_t n_args);
    bool (*finish)(void *db, struct bulk_table *tables, size_t n);
};
extern const struct bulk_driver bulk_postgres, bulk_sqlite;
