/* postgres.h: what the files of the PostgreSQL driver share. Nobody else includes it. */
#pragma once
#include "db/driver.h"
#include <libpq-fe.h>

enum { STATEMENTS_MAX = 512, PARAMS_MAX = 64, HELD_MAX = 8, GATHERS_MAX = 8 };
struct postgres_statement {
    const struct sql *sql;
    char name[16];
    int n_params;
    Oid params[PARAMS_MAX];
    bool gathers;           /* see postgres_gather() */
    unsigned many;          /* bit i: the statement for 2^i rows is prepared */
};
/* Rows of one statement that have not been sent yet, each of n_params values. */
struct postgres_gather {
    struct postgres_statement *p;
    int rows, *lengths;
    const char **values;
};
struct postgres_db {
    struct db base;
    PGconn *c;
    bool due, inside;       /* a transaction is begun by its first statement; it has begun */
    bool hasty;             /* see db_begin_hasty() */
    bool patient;           /* this transaction may take its time: it scans or migrates */
    bool warned;            /* the server has warned of something */
    unsigned pending;       /* statements sent whose answers have not been read */
    int64_t moved;          /* see db_rows_changed() */
    struct postgres_gather gathers[GATHERS_MAX];
    size_t n_gathers;
    struct arena gathered;  /* their values */
    unsigned names, cursors;
    struct postgres_statement slots[STATEMENTS_MAX];
    int64_t held[HELD_MAX]; /* numbers that this connection holds */
    size_t n_held;
    int64_t shared;         /* number that it shares with others; 0: none */
    bool listening;
    int64_t committed;      /* position behind the last commit */
    int wire;               /* of a replica: its socket once more, to be cut by other threads */
};
/* What is committed lies before the end of what has reached the disk. */
#define POSTGRES_POSITION "SELECT (pg_current_wal_flush_lsn() - '0/0')::bigint"

static inline struct postgres_db *own(const struct db *db)
{
    return (struct postgres_db *)(uintptr_t)db;
}

/* Before each statement: a reader's lost connection is made again, a due transaction begins. */
enum err postgres_ready(struct postgres_db *db) MUST_USE;
/* One or more statements without arguments, all or none; text is this program's own. */
enum err postgres_run(struct postgres_db *db, const char *text) MUST_USE;
/* The one integer or truth value that such a statement gives. */
enum err postgres_number(struct postgres_db *db, const char *text, int64_t *ret) MUST_USE;
enum err postgres_text(struct postgres_db *db, struct arena *a, const char *text, struct str *ret)
    MUST_USE;

/* Ends a statement: its answer as an error, told to the log. */
enum err postgres_take(struct postgres_db *db, PGresult *r, const char *what) MUST_USE;
/* Waits for the answers to all that was sent ahead. */
enum err postgres_answered(struct postgres_db *db) MUST_USE;
/* Errors are logged under sql's name. */
enum err postgres_prepare(struct postgres_db *db, const struct sql *sql, const char *name,
    const char *text, int n_types, const Oid *types) MUST_USE;
/* The next statement may be sent without waiting for an answer. */
enum err postgres_ahead(struct postgres_db *db) MUST_USE;
enum err postgres_text_ahead(struct postgres_db *db, const char *text) MUST_USE;

/* Whether rows of this statement may wait for each other: it inserts one row as it is given. */
bool postgres_may_gather(const struct postgres_statement *p);
/* Keeps the row until many are sent at once; values are copied. */
enum err postgres_gather(struct postgres_db *db, struct postgres_statement *p,
    const char *const *values, const int *lengths) MUST_USE;
enum err postgres_gathered_send(struct postgres_db *db) MUST_USE;
void postgres_gathered_drop(struct postgres_db *db);

/* Arguments as they go over the wire. (postgres_value.c) */
struct postgres_sent {
    const char *values[PARAMS_MAX];
    int lengths[PARAMS_MAX], formats[PARAMS_MAX];
    char room[PARAMS_MAX][8];
};
/* False when the statement takes another type there. */
bool postgres_send(struct postgres_sent *s, int i, const struct arg *arg, Oid type);
bool postgres_type_known(Oid type);
/* False when the column is of another type. */
bool postgres_integer(Oid type, const char *p, int64_t *ret);
bool postgres_value(Oid type, struct str value, struct arena *a, enum field_type wanted, void *at);

/* What tells the server of a scope, for the rest of a transaction. (postgres_scope.c) */
void postgres_scope_text(struct buf *b, const struct db_scope *scope);

/* The parts of the driver's table that stand in other files. */
enum err postgres_migration_begin(struct db *db) MUST_USE;      /* postgres_schema.c */
enum err postgres_version_read(struct db *db, int64_t *ret) MUST_USE;
void postgres_version_text(struct buf *b, int64_t version);
extern const char postgres_foundation[], postgres_unless_there[];
enum err postgres_script(struct db *db, const char *text) MUST_USE;
enum err postgres_claim(struct db *db, enum claim how) MUST_USE;       /* postgres_peer.c */
enum err postgres_hold(struct db *db, int64_t number, bool *ret_got) MUST_USE;
enum err postgres_share(struct db *db, int64_t number) MUST_USE;
enum err postgres_is_held(struct db *db, int64_t number, bool *ret) MUST_USE;
void postgres_let_go(struct db *db, int64_t number);
enum err postgres_tell(struct db *db, struct str text) MUST_USE;
enum err postgres_hear(struct db *db, int bell, int timeout_ms, db_hear_fn *fn, void *ctx,
    bool *ret_gap) MUST_USE;
extern const struct sql postgres_tables, postgres_rights, postgres_powers;         /* postgres_rights.c */
enum err postgres_rows_put(struct db *db, const struct table *t, const struct arg *values,
    size_t n_rows) MUST_USE;                                            /* postgres_load.c */
enum err postgres_loaded(struct db *db) MUST_USE;
enum err postgres_position_read(struct db *db, struct db_position *ret) MUST_USE;
int64_t postgres_position_committed(const struct db *db);
void postgres_cut(struct db *db);
void postgres_guards_text(struct buf *b);                               /* postgres_schema.c */
extern const struct sql postgres_parts;                                 /* postgres_archive.c */
enum err postgres_part_look(struct db *db, struct arena *a, struct db_part *part) MUST_USE;
enum err postgres_archive_begin(struct db *db) MUST_USE;
enum err postgres_part_close(struct db *db, const char *label) MUST_USE;
enum err postgres_part_move(struct db *db, struct str label, struct str tablespace) MUST_USE;
