/* db.h: the one door to storage. Statements are compiled-in constants with $1, $2 ... placeholders
 * in SQL that SQLite (>= 3.40) and PostgreSQL (>= 15) both accept; rows land in records. Only files
 * in this room know which database stands behind the door.
 *
 * Errors every call may return: E_DB storage failed, nothing of this call took effect; E_CONFLICT a
 * unique or foreign key refused the row; E_INPUT a text argument holds a NUL byte; E_UNKNOWN (only
 * of commit) the outcome is not known. After an error within a transaction nothing is certain to
 * work until the savepoint or the transaction has been undone. */
#pragma once
#include "record/record.h"

enum sql_kind { SQL_READ, SQL_WRITE };
struct sql {
    const char *name, *text;
    enum sql_kind kind;
    bool scans;             /* may read a whole (small or bounded) table; all others must use an index */
};
#define SQL_READS(var, sql_name, sql_text) \
    static const struct sql var = { sql_name, sql_text, SQL_READ, false }
#define SQL_SCANS(var, sql_name, sql_text) \
    static const struct sql var = { sql_name, sql_text, SQL_READ, true }
#define SQL_WRITES(var, sql_name, sql_text) \
    static const struct sql var = { sql_name, sql_text, SQL_WRITE, false }
#define SQL_EMPTIES(var, sql_name, sql_text) \
    static const struct sql var = { sql_name, sql_text, SQL_WRITE, true }

enum arg_type { ARG_NULL, ARG_I64, ARG_F64, ARG_TEXT, ARG_BYTES };
struct arg { enum arg_type type; int64_t i; double f; struct str s; };
static inline struct arg arg_i64(int64_t v)
{
    return (struct arg){ .type = v == I64_NONE ? ARG_NULL : ARG_I64, .i = v };
}
static inline struct arg arg_f64(double v)
{
    return (struct arg){ .type = v != v ? ARG_NULL : ARG_F64, .f = v };
}
static inline struct arg arg_text(struct str v)
{
    return (struct arg){ .type = v.p ? ARG_TEXT : ARG_NULL, .s = v };
}
static inline struct arg arg_bytes(struct str v)
{
    return (struct arg){ .type = v.p ? ARG_BYTES : ARG_NULL, .s = v };
}
#define I(v) arg_i64(v)
#define F(v) arg_f64(v)
#define S(v) arg_text(v)
#define B(v) arg_bytes(v)
#define ARGS(...) \
    (const struct arg[]){ __VA_ARGS__ }, COUNT_OF(((const struct arg[]){ __VA_ARGS__ }))
#define NO_ARGS NULL, 0

/* A search file is a cache of its own, not the database: it may be lost and made again. A loader
 * fills a database that nobody uses yet, which is worth nothing before it is whole: what it commits
 * survives the end of the process, but until db_loaded() not always that of the machine. */
enum db_mode { DB_READER, DB_WRITER, DB_LOADER, DB_SEARCH, DB_SEARCH_READER,
    DB_REPLICA,         /* a reader on a server that follows another; it never connects again */
    DB_OVERSEER };      /* a reader for the program's own work, which sees all (db_scope()) */
struct db;      /* one connection, used by one thread at a time */

/* url is a SQLite file path, "sqlite:PATH" or ":memory:", or "postgres://..." ("postgresql://...")
 * with all that libpq understands; a search file is always SQLite. A reader cannot write, whatever
 * it is asked to, and connects again by itself when its server was away. ret is set only on
 * success. */
enum err db_open(const char *url, enum db_mode mode, struct db **ret) MUST_USE;
void db_close(struct db *db);
/* True when url names a database server; false: a file. */
bool db_is_server(const char *url);
/* Takes a file away that nobody has open, with what lies beside it. Does nothing to a server. */
void db_remove(const char *url);
/* What of this machine and its network a database server's address takes, by itself or by what
 * stands in the environment: ports of TCP, and files with passwords and certificates. Texts in the
 * arena. */
enum { DB_REACH_MAX = 16 };
struct db_reach {
    bool any_port;              /* they stand in a file of services */
    uint16_t ports[DB_REACH_MAX];
    size_t n_ports;
    const char *files[DB_REACH_MAX];
    size_t n_files;
};
/* home: the directory of who runs this, or NULL. */
void db_reach_add(struct arena *a, const char *url, const char *home, struct db_reach *ret);
/* Statements of this connection may take minutes: for those who read or write a whole database.
 * Others give a server up that says nothing for some seconds, except while they scan. */
void db_take_time(struct db *db);
/* True when the connection was lost and could not be made again yet. */
bool db_is_lost(const struct db *db);
/* What processes that share a database agree on, for as long as a connection lives. */
enum claim { CLAIM_SHARED, CLAIM_ALONE };
/* Makes this connection one that serves the database, among others where the database can take
 * several (a server can, a file cannot), or the only one; E_BUSY when another one is in the way, in
 * this process or another. Once for a connection. */
enum err db_claim(struct db *db, enum claim how) MUST_USE;
/* Holds a number until it is let go or the connection ends; *ret_got is false when another
 * connection holds it. Holding it again is free. In memory everybody gets every number, and none
 * is held. */
enum err db_hold(struct db *db, int64_t number, bool *ret_got) MUST_USE;
void db_let_go(struct db *db, int64_t number);
/* Shares a number with others, in place of the one shared before, until the connection ends. */
enum err db_share(struct db *db, int64_t number) MUST_USE;
/* Whether another connection holds or shares it; what that one committed before letting it go is
 * seen by statements that start after this. */
enum err db_is_held(struct db *db, int64_t number, bool *ret) MUST_USE;

/* Words between processes, of servers only: not kept, heard by who listens at that moment, except
 * by the connection that told them. At most TELL_BYTES_MAX bytes of text. */
enum { TELL_BYTES_MAX = 7900 };
enum err db_tell(struct db *db, struct str text) MUST_USE;
/* Listens from the first call on: waits until something is heard, bell can be read, or the time is
 * over, and calls fn for each text. *ret_gap: texts before this call may have been missed, because
 * it is the first or the connection had been lost. */
typedef void db_hear_fn(void *ctx, struct str text);
enum err db_hear(struct db *db, int bell, int timeout_ms, db_hear_fn *fn, void *ctx, bool *ret_gap)
    MUST_USE;

/* Where a database server stands in its log of changes: a server that follows it and has replayed
 * the log to this position or further holds all that was committed before the position was read. */
struct db_position {
    int64_t at;
    int64_t cluster, database;      /* equal for a server and those that follow it */
    bool follows;
};
/* E_CONFLICT, noted, unless there is a copy of the database here. */
enum err db_position_check(const struct db_position *here, const struct db_position *there,
    struct err_info *info) MUST_USE;
/* Database servers only. */
enum err db_position_read(struct db *db, struct db_position *ret) MUST_USE;
/* The position behind the last commit of this writing connection; 0: none, or a file. */
int64_t db_position_committed(const struct db *db);
/* From any thread: ends the connection of a replica, so that who waits for it gets E_DB at once. */
void db_cut(struct db *db);

/* Runs a writing statement; ret_changed (may be NULL) gets the number of rows it touched. */
enum err db_exec(struct db *db, const struct sql *sql, const struct arg *args, size_t n_args,
    int64_t *ret_changed) MUST_USE;
/* All rows into the arena as an array of r's struct; more than max_rows is E_TOO_LARGE. The
 * selected columns are the record's fields, in order. OBJ, LIST and WORDS fields are not filled. */
enum err db_rows(struct db *db, struct arena *a, const struct sql *sql, const struct arg *args,
    size_t n_args, const struct record *r, size_t max_rows, struct list *ret) MUST_USE;
/* Exactly the first row; E_MISSING when there is none. */
enum err db_one(struct db *db, struct arena *a, const struct sql *sql, const struct arg *args,
    size_t n_args, const struct record *r, void *ret_rec) MUST_USE;
/* Each row in turn; fn's memory is reset after each call (row texts live in it). Stops at the
 * first error fn returns and hands it on. */
typedef enum err db_row_fn(void *ctx, struct arena *row_arena, const void *rec);
enum err db_each(struct db *db, const struct sql *sql, const struct arg *args, size_t n_args,
    const struct record *r, db_row_fn *fn, void *ctx) MUST_USE;

/* Moves on whenever a statement of this connection changes a row, or fails so that only undoing the
 * transaction helps. */
int64_t db_rows_changed(const struct db *db);

/* Transactions. Savepoints may nest inside a transaction; the innermost one is meant. A reader's
 * transaction sees everything as it was at its first statement. */
enum err db_begin(struct db *db) MUST_USE;
enum err db_commit(struct db *db) MUST_USE;
void db_rollback(struct db *db);
/* Begins a transaction in which the failure of a db_exec() that does not ask for a number may show
 * at a later call only, at the latest in db_commit(), which then says E_CONFLICT and has committed
 * nothing: for those who undo everything and try again without haste. It spares waiting for each
 * answer. db_rows_changed() moves at once. trusting: where the database refuses a row that hardly
 * ever comes, a caller may write it without asking, if db_trusts() says so; db_trusted(): somebody
 * did. Trust ends with the first savepoint, for what fails within it must show there. A database
 * that gains nothing by it never trusts. */
enum err db_begin_hasty(struct db *db, bool trusting) MUST_USE;
bool db_trusts(struct db *db);
bool db_trusted(const struct db *db);
enum err db_savepoint(struct db *db) MUST_USE;
enum err db_release(struct db *db) MUST_USE;
void db_rollback_to(struct db *db);

/* The second lock on scope, of database servers only: what a reader's transaction sees of matters
 * and what belongs to them, whatever its statements ask for (sql/0005_scope.sql says how). Before
 * this, nothing. It lasts until the transaction ends, or is told again. Writers, overseers and
 * loaders see all. The rest, such as catalogues, accounts and the log, has no scope. */
enum db_sees { DB_SEES_NOTHING, DB_SEES_PUBLIC, DB_SEES_MATTERS, DB_SEES_STAFF };
enum { SCOPE_MATTERS_MAX = 2, SCOPE_UNITS_MAX = 8 };
struct db_region { int64_t from, to; };
struct db_scope {
    enum db_sees sees;
    int64_t matters[SCOPE_MATTERS_MAX];     /* DB_SEES_MATTERS: their ids */
    size_t n_matters;
    int64_t account, units[SCOPE_UNITS_MAX];        /* DB_SEES_STAFF, with the next */
    size_t n_units;
    struct db_region regions[SCOPE_UNITS_MAX];
    size_t n_regions;
};
void db_scope(struct db *db, const struct db_scope *scope);

/* Brings the schema up to date from the migrations built into the program, each in its own
 * transaction; refuses (E_CONFLICT, info says so) a database newer than the program. */
enum err db_migrate(struct db *db, struct err_info *info) MUST_USE;
/* Single number from a statement, for counts; E_MISSING when there is no row. */
enum err db_number(struct db *db, const struct sql *sql, const struct arg *args, size_t n_args,
    int64_t *ret) MUST_USE;

/* E_CONFLICT, info says why and what to do, unless the schema is exactly the one of this program;
 * E_MISSING when there is none, E_DENIED when it may not be read. db may be a reader. */
enum err db_is_current(struct db *db, struct err_info *info) MUST_USE;

/* Many rows of one table (schema.h) in the way that is quickest for the database: all or none,
 * within the transaction or in one of their own; not after db_begin_hasty(). values: those of each
 * row, in the order of the table's columns, row after row. Nothing asks whether they make sense. */
struct table;
enum err db_put(struct db *db, const struct table *t, const struct arg *values, size_t n_rows)
    MUST_USE;
/* Ends loading: all of it is on disk, and the database knows what it holds. */
enum err db_loaded(struct db *db) MUST_USE;

/* The version of the schema that db has, 0: none; and whether this program can bring it up to date:
 * E_CONFLICT, info says why not, when it is of a newer program or of a preview. */
enum err db_version(struct db *db, int64_t *ret) MUST_USE;
enum err db_version_check(int64_t version, struct err_info *info) MUST_USE;

/* Of a file, while others write to it: all that this reader's transaction sees, as a new file of
 * the given name. step is called after each piece, with pages of 4 KiB; it may wait, and may end
 * the copying with an error of its own. Errors: E_TOO_LARGE when there is no space left, E_IO; what
 * there is of the copy remains. */
typedef enum err db_copy_fn(void *ctx, int64_t done, int64_t total);
enum err db_copy(struct db *db, const char *name, db_copy_fn *step, void *ctx) MUST_USE;

/* A table or view that is there besides those of this program, the first by name; E_MISSING: none.
 * What belongs to an extension of the server does not count. */
enum err db_foreign(struct db *db, struct arena *a, struct str *ret) MUST_USE;

/* Of a file, as this reader sees it: what is first found wrong with its pages (whole: with its
 * indexes, too), or nothing; and whether changes go to a log (WAL) first. E_DB: it cannot be
 * read. */
enum err db_sound(struct db *db, struct arena *a, bool whole, struct str *ret) MUST_USE;
enum err db_is_logged(struct db *db, bool *ret) MUST_USE;

/* What the role of this connection may do with each table, and which powers beyond tables it has;
 * of servers only. */
enum { DB_MAY_SELECT = 1, DB_MAY_INSERT = 2, DB_MAY_UPDATE = 4, DB_MAY_DELETE = 8,
    DB_MAY_REFER = 16, DB_MAY_EMPTY = 32, DB_MAY_TRIGGER = 64,
    DB_IS_SCOPED = 128 };   /* of the table: it shows what is in scope only (db_scope()) */
#define DB_RIGHT(X, R) \
    X(R, STR, name, 0, 0, 0, NULL, "table") X(R, I64, rights, 0, 0, 0, NULL, "DB_MAY_...")
#define DB_POWER(X, R) X(R, STR, name, 0, 0, 0, NULL, "as the server calls it")
RECORD(db_right, DB_RIGHT)
RECORD(db_power, DB_POWER)
enum err db_rights(struct db *db, struct arena *a, struct list *ret_rights, struct list *ret_powers)
    MUST_USE;

/* Parts of the tables that grow with every matter, by time, of servers only; label is the end of
 * the part's names, "_now" of the one that takes what comes. */
#define DB_PART(X, R) \
    X(R, STR, label, 0, 0, 0, NULL, "") X(R, STR, tablespace, 0, 0, 0, NULL, "empty: the usual") \
    X(R, I64, bytes, 0, 0, 0, NULL, "on disk, indexes too") \
    X(R, I64, matters, 0, 0, 0, NULL, "") X(R, I64, open, 0, 0, 0, NULL, "of them") \
    X(R, STR, oldest, 0, 0, 0, NULL, "number of the open one that was made first") \
    X(R, TIME, oldest_ms, 0, 0, 0, NULL, "when it was made") \
    X(R, TIME, last_ms, 0, 0, 0, NULL, "when the last was closed, or made")
RECORD(db_part, DB_PART)
/* Without what follows bytes, which db_part_look() finds out. */
enum err db_parts(struct db *db, struct arena *a, size_t max, struct list *ret) MUST_USE;
enum err db_part_look(struct db *db, struct arena *a, struct db_part *part) MUST_USE;
/* Before the two below, on a writing connection of their own: E_MISSING: the database was made
 * without parts; E_DENIED: the tables belong to another role; E_BUSY: somebody else is at it. */
enum err db_archive_begin(struct db *db) MUST_USE;
/* Closes the part of now under the name label (this program's own; letters, digits, _) and begins
 * another; servers go on meanwhile. E_MISSING: it is empty; E_BUSY: the tables were locked by
 * others all the time. */
enum err db_part_close(struct db *db, const char *label) MUST_USE;
/* Moves a closed part to a tablespace; both names are letters, digits and _ only. E_MISSING: there
 * is no such tablespace; only this is looked at when label is empty. */
enum err db_part_move(struct db *db, struct str label, struct str tablespace) MUST_USE;

/* Tests: the n-th call on this connection from now fails (E_DB; a commit: E_UNKNOWN after really
 * committing when n is even, before when odd); 0 turns it off. fired tells whether it happened. */
void db_fault_at(struct db *db, unsigned n);
bool db_fault_fired(const struct db *db);
/* Tests: what the database says about how it would run the statement, one line per step. */
enum err db_explain(struct db *db, struct arena *a, const struct sql *sql, struct str *ret)
    MUST_USE;
