/* driver.h: what a database must be able to do to stand behind db.h. db.c and migrate.c do the rest
 * alike for all of them: faults for tests, records, the order of migrations. One driver fills one
 * table; only it names its library. */
#pragma once
#include "db/db.h"

struct driver;
/* The beginning of every driver's own struct. */
struct db {
    const struct driver *driver;
    enum db_mode mode;
    bool spoilt;            /* something that should have been undone may still be there */
    bool takes_time;        /* see db_take_time() */
    bool trusting, trusted; /* see db_begin_hasty() */
    bool scope_due;         /* the server has not been told of the scope yet */
    struct db_scope scope;  /* see db_scope() */
    bool fault_fired;
    unsigned fault_countdown, fault_n;
};

/* The rows of a running statement. of, at and n are the driver's. */
struct rows {
    struct db *db;
    const struct sql *sql;
    void *of;
    int at, n, columns;
    unsigned number;        /* of a cursor, from 1; 0: none */
    bool own_transaction;   /* begun for this cursor */
};

struct driver {
    const char *byte_order; /* what stands after a text column to order it by its bytes */
    const char *remark;     /* what opens a comment of SQL texts that is meant for it */
    enum err (*open)(const char *url, enum db_mode mode, struct db **ret);
    void (*close)(struct db *db);
    bool (*is_lost)(const struct db *db);
    enum err (*claim)(struct db *db, enum claim how);
    enum err (*hold)(struct db *db, int64_t number, bool *ret_got);
    void (*let_go)(struct db *db, int64_t number);
    enum err (*share)(struct db *db, int64_t number);
    enum err (*is_held)(struct db *db, int64_t number, bool *ret);
    /* NULL where nobody else could hear. */
    enum err (*tell)(struct db *db, struct str text);
    enum err (*hear)(struct db *db, int bell, int timeout_ms, db_hear_fn *fn, void *ctx,
        bool *ret_gap);
    /* Of database servers; else NULL. */
    enum err (*position_read)(struct db *db, struct db_position *ret);
    int64_t (*position_committed)(const struct db *db);
    void (*cut)(struct db *db);
    enum err (*exec)(struct db *db, const struct sql *sql, const struct arg *args, size_t n_args,
        int64_t *ret_changed);
    /* Other statements may run on the connection while rows are read. in_parts: there may be more
     * than memory should hold. Between open (OK) and close, next gives row after row; *ret_any is
     * false after the last. */
    enum err (*rows_open)(struct db *db, const struct sql *sql, const struct arg *args,
        size_t n_args, bool in_parts, struct rows *ret);
    enum err (*rows_next)(struct rows *rows, bool *ret_any);
    void (*rows_close)(struct rows *rows);
    /* Column c of the present row into the field at, which holds "no value" and keeps it for NULL. */
    enum err (*value_read)(struct rows *rows, int c, struct arena *a, enum field_type type,
        void *at);
    int64_t (*rows_changed)(const struct db *db);
    enum err (*begin)(struct db *db);
    /* E_CONFLICT: nothing is committed, for a statement sent in haste had failed. */
    enum err (*commit)(struct db *db);
    void (*rollback)(struct db *db);
    enum err (*hasten)(struct db *db);      /* begin in haste; NULL: nothing is gained by it */
    enum err (*savepoint)(struct db *db);
    enum err (*release)(struct db *db);
    enum err (*rollback_to)(struct db *db);     /* OK outside a transaction too */
    /* Migrating, all in a transaction that nobody else migrates in: begin, read the version (0: a
     * new database), run scripts, write the version, commit. */
    enum err (*migration_begin)(struct db *db);
    enum err (*version_read)(struct db *db, int64_t *ret);
    enum err (*script)(struct db *db, const char *text);
    const char *foundation;     /* what the first script stands on */
    const char *unless_there;   /* ends a printed script where the tables are there already */
    /* The script that ends each migration: guards of what is new, and the version. */
    void (*version_text)(struct buf *b, int64_t version);
    /* See db_put(), db_loaded(). */
    enum err (*rows_put)(struct db *db, const struct table *t, const struct arg *values,
        size_t n_rows);
    enum err (*loaded)(struct db *db);
    /* NULL where the database has tools of its own for that. */
    enum err (*copy)(struct db *db, const char *name, db_copy_fn *step, void *ctx);
    const struct sql *tables;           /* names, see db_tables() */
    const struct sql *sound, *sound_whole;  /* see db_sound(); NULL of servers, as the next */
    enum err (*logged)(struct db *db, bool *ret);
    const struct sql *rights, *powers;  /* see db_rights(); NULL where there are no roles */
    enum err (*explain)(struct db *db, struct arena *a, const struct sql *sql, struct str *ret);
    /* NULL where tables have no parts. */
    const struct sql *parts;
    enum err (*part_look)(struct db *db, struct arena *a, struct db_part *part);
    enum err (*archive_begin)(struct db *db);
    enum err (*part_close)(struct db *db, const char *label);
    enum err (*part_move)(struct db *db, struct str label, struct str tablespace);
};
extern const struct driver sqlite_driver, postgres_driver;
/* See db_remove(). */
void sqlite_remove(const char *url);

/* Tables that nobody may rewrite, not even this program: each driver refuses UPDATE and DELETE. */
extern const char *const append_only_tables[];
extern const size_t append_only_tables_n;
/* text with the comments that driver is meant to read opened: "/" "*sqlite: WITHOUT ROWID*" "/" is
 * words for SQLite and nothing for the others. NUL-terminated. */
struct str remarks_open(struct arena *a, const struct driver *driver, const char *text);
/* True when the n-th call from db_fault_at() on is this one. */
bool db_fault(struct db *db);
