/* schema.h: the schema as data: the migrations built into the program (sql/), read into the tables
 * they leave behind, so that what walks all tables needs no list of its own: moving a database,
 * rights of roles, distribution. The reader is strict: words in a migration that it does not
 * understand break a CHECK, which the unit test meets first. */
#pragma once
#include "base/buf.h"

enum { SCHEMA_TABLES_MAX = 96, TABLE_COLUMNS_MAX = 64, TABLE_KEYS_MAX = 16, KEY_COLUMNS_MAX = 8 };
enum column_type { COLUMN_I64, COLUMN_F64, COLUMN_TEXT, COLUMN_BYTES };
struct column { struct str name; enum column_type type; bool not_null; };
struct key { size_t n, at[KEY_COLUMNS_MAX]; };      /* places in the table's columns */
struct reference {                                  /* foreign key */
    struct key key;
    const struct table *table;
    struct key to;
};
struct index { struct str name; bool unique; struct key key; struct str where; };
struct table {
    struct str name;
    bool seeded;                    /* a migration puts rows in */
    size_t n_columns, n_uniques, n_references, n_indexes;
    struct column columns[TABLE_COLUMNS_MAX];
    struct key primary;
    struct key uniques[TABLE_KEYS_MAX];             /* UNIQUE beside a column or in the table */
    struct reference references[TABLE_KEYS_MAX];
    struct index indexes[TABLE_KEYS_MAX];
};
/* In order of creation, so that what a table refers to stands before it. */
struct schema { size_t n; struct table tables[SCHEMA_TABLES_MAX]; };

/* The schema of this program, in the arena. */
const struct schema *schema_read(struct arena *a);
/* NULL when there is none. */
const struct table *schema_table(const struct schema *s, struct str name);
/* Place of a column, or -1. */
ptrdiff_t table_column(const struct table *t, struct str name);
/* Whether the rows of t belong to a matter, or to a county: its key leads with area. */
bool table_has_area(const struct table *t);

/* The statements that db_migrate() runs on a new database: a file of SQLite, or a database of a
 * PostgreSQL server. */
void schema_write(struct buf *b, bool server);
/* The statements that spread the tables of a PostgreSQL database over the machines of a Citus
 * cluster: by area what belongs to a matter, on every machine what all need and seldom changes. */
void schema_write_citus(struct buf *b, const struct schema *s);
