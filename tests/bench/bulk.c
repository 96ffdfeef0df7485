/* bulk.c: finds the table of a statement. */
#include "bulk.h"
#include "rows.h"
#include <stdio.h>

struct bulk {
    const struct bulk_driver *driver;
    void *db;
    struct bulk_table tables[BULK_TABLES_MAX];
    size_t n;
};

bool bulk_open(const char *url, struct bulk **ret)
{
    const struct bulk_driver *driver = db_is_server(url) ? &bulk_postgres : &bulk_sqlite;
    void *db = driver->open(url);
    if (db == NULL)
        return false;
    *ret = heap_alloc(sizeof(**ret));
    **ret = (struct bulk){ .driver = driver, .db = db };
    return true;
}

static void table_name(struct bulk_table *t, const struct sql *insert)
{
    struct str name;
    t->insert = insert;
    insert_parts(insert, &name, &t->columns);
    (void)snprintf(t->name, sizeof(t->name), "%.*s", STR_FMT(name));
}

bool bulk_put(struct bulk *b, const struct sql *insert, const struct arg *args, size_t n_args)
{
    size_t i = 0;
    while (i < b->n && b->tables[i].insert != insert)
        i++;
    if (i == b->n) {
        CHECK(b->n < BULK_TABLES_MAX);
        table_name(&b->tables[i], insert);
        if (!b->driver->begin(b->db, &b->tables[i]))
            return false;
        b->n++;
    }
    return b->driver->row(b->db, &b->tables[i], args, n_args);
}

bool bulk_finish(struct bulk *b)
{
    bool ok = b->driver->finish(b->db, b->tables, b->n);
    heap_free(b);
    return ok;
}
