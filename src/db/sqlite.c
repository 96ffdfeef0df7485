/* sqlite.c: SQLite behind the door of db.h: WAL, full sync, prepared statements kept per
 * connection, and a second lock: readers are read-only, ledger tables take only INSERT. */
#include "db/driver.h"
#include "db/checkpoint.h"
#include "db/fts_tokenizer.h"
#include "db/schema.h"
#include "db/sqlite_copy.h"
#include "db/sqlite_peer.h"
#include "db/wal_file.h"
#include "base/log.h"
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

enum { STATEMENTS_MAX = 512, PARAMS_MAX = 64 };
struct prepared { const struct sql *sql; sqlite3_stmt *st; int param_at[PARAMS_MAX]; };
/* What moves the edges of transactions; prepared like statements, for they run as often. */
enum edge { EDGE_BEGIN, EDGE_COMMIT, EDGE_SAVEPOINT, EDGE_RELEASE, EDGES };
struct sqlite_db {
    struct db base;
    sqlite3 *h;
    sqlite3_stmt *edges[EDGES];
    bool migrating;
    struct checkpointer *checkpointer;      /* of a writer */
    struct sqlite_peer peer;
    struct prepared slots[STATEMENTS_MAX];
};

static struct sqlite_db *own(const struct db *db)
{
    return (struct sqlite_db *)(uintptr_t)db;
}

static enum err from_sqlite(struct sqlite_db *db, int rc, const char *what)
{
    switch (rc & 0xff) {
    case SQLITE_OK: case SQLITE_ROW: case SQLITE_DONE: return OK;
    case SQLITE_CONSTRAINT: return E_CONFLICT;
    default:
        log_line(LOG_ERROR, "db.error", "%s: %s", what, sqlite3_errmsg(db->h));
        return E_DB;
    }
}

static bool is_append_only(const char *table)
{
    for (size_t i = 0; i < append_only_tables_n; i++)
        if (strcmp(append_only_tables[i], table) == 0)
            return true;
    return false;
}

static int authorize(void *ctx, int action, const char *a1, const char *a2, const char *a3,
    const char *a4)
{
    const struct sqlite_db *db = ctx;
    (void)a2, (void)a3, (void)a4;
    if (db->migrating)
        return SQLITE_OK;
    if ((action == SQLITE_UPDATE || action == SQLITE_DELETE) && is_append_only(a1))
        return SQLITE_DENY;
    if (action == SQLITE_ATTACH || action == SQLITE_DETACH || action == SQLITE_DROP_TABLE)
        return SQLITE_DENY;
    return SQLITE_OK;
}

static enum err script(struct db *base, const char *text)
{
    struct sqlite_db *db = own(base);
    return from_sqlite(db, sqlite3_exec(db->h, text, NULL, NULL, NULL), text);
}

static bool writes(enum db_mode mode)
{
    return mode == DB_WRITER || mode == DB_LOADER || mode == DB_SEARCH;
}

static const char *setup_of(enum db_mode mode)
{
    switch (mode) {
    case DB_WRITER:
        return "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA journal_size_limit=-1;"
            "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;";
    case DB_LOADER:
        return "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            "PRAGMA wal_autocheckpoint=32768;"
            "PRAGMA cache_size=-256000; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;";
    case DB_READER: case DB_OVERSEER:
        return "PRAGMA query_only=ON; PRAGMA cache_size=-16000; PRAGMA mmap_size=268435456;"
            "PRAGMA trusted_schema=OFF;";
    case DB_SEARCH:
        return "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-4000;"
            "PRAGMA temp_store=MEMORY;";
    case DB_SEARCH_READER:
        return "PRAGMA query_only=ON; PRAGMA cache_size=-4000; PRAGMA mmap_size=268435456;";
    case DB_REPLICA:
        break;          /* nothing follows a file */
    }
    check_failed("database mode", __FILE__, __LINE__);
}

static enum err set_up(struct sqlite_db *db)
{
    enum db_mode mode = db->base.mode;
    TRY(script(&db->base, setup_of(mode)));
    if ((mode == DB_SEARCH || mode == DB_SEARCH_READER) && !fts_tokenizer_register(db->h)) {
        log_line(LOG_ERROR, "db.search", "this SQLite has no FTS5");
        return E_DB;
    }
    return OK;
}

/* Takes the transaction over one of its edges. */
static enum err edge(struct db *base, enum edge which)
{
    struct sqlite_db *db = own(base);
    static const char *const texts[EDGES] = { "BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT step",
        "RELEASE step" };
    const char *text = which == EDGE_BEGIN && !writes(base->mode) ? "BEGIN" : texts[which];
    sqlite3_stmt **st = &db->edges[which];
    if (*st == NULL)
        TRY(from_sqlite(db, sqlite3_prepare_v3(db->h, text, -1, SQLITE_PREPARE_PERSISTENT, st,
            NULL), text));
    enum err e = from_sqlite(db, sqlite3_step(*st), text);
    (void)sqlite3_reset(*st);
    return e;
}

static void close_db(struct db *base)
{
    struct sqlite_db *db = own(base);
    checkpointer_stop(db->checkpointer);
    for (size_t i = 0; i < STATEMENTS_MAX; i++)
        (void)sqlite3_finalize(db->slots[i].st);
    for (size_t i = 0; i < EDGES; i++)
        (void)sqlite3_finalize(db->edges[i]);
    CHECK(sqlite3_close(db->h) == SQLITE_OK);
    sqlite_peer_close(&db->peer);
    heap_free(db);
}

/* Read by its owner alone; SQLite gives its other files the same rights. Only a new file is opened
 * here: closing another one would drop SQLite's own locks on it. */
static void make_private(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        (void)close(fd);
}

static enum err open_db(const char *url, enum db_mode mode, struct db **ret)
{
    if (strncmp(url, "sqlite:", 7) == 0)
        url += 7;
    if (strstr(url, "://")) {
        log_line(LOG_ERROR, "db.url", "a file path, sqlite:PATH or postgres://... is meant");
        return E_DB;
    }
    struct sqlite_db *db = heap_alloc(sizeof(*db));
    db->base = (struct db){ .driver = &sqlite_driver, .mode = mode };
    sqlite_peer_init(&db->peer);
    /* Statistics of memory would put a lock around every allocation of every connection. Only the
     * first call in the process has an effect. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    int flags = writes(mode) ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    const char *vfs = mode == DB_WRITER ? wal_file_vfs() : NULL;
    if (writes(mode) && url[0] && url[0] != ':')
        make_private(url);
    int rc = sqlite3_open_v2(url, &db->h, flags | SQLITE_OPEN_NOMUTEX, vfs);
    if (rc == SQLITE_OK)
        (void)sqlite3_busy_timeout(db->h, 5000);
    enum err e = from_sqlite(db, rc, url);
    if (e == OK)
        e = set_up(db);
    if (e == OK && mode == DB_WRITER && strcmp(url, ":memory:") != 0)
        e = checkpointer_start(url, db->h, &db->checkpointer);
    if (e != OK) {
        close_db(&db->base);
        return e;
    }
    (void)sqlite3_set_authorizer(db->h, authorize, db);
    *ret = &db->base;
    return OK;
}

static bool is_lost(const struct db *db)
{
    (void)db;
    return false;
}

/* A file has one server, alone or not. */
static enum err claim(struct db *base, enum claim how)
{
    struct sqlite_db *db = own(base);
    (void)how;
    return sqlite_peer_claim(&db->peer, db->h);
}

static enum err hold(struct db *base, int64_t number, bool *ret_got)
{
    struct sqlite_db *db = own(base);
    return sqlite_peer_hold(&db->peer, db->h, number, ret_got);
}

static void let_go(struct db *base, int64_t number)
{
    sqlite_peer_let_go(&own(base)->peer, number);
}

static enum err share(struct db *base, int64_t number)
{
    struct sqlite_db *db = own(base);
    return sqlite_peer_share(&db->peer, db->h, number);
}

static enum err is_held(struct db *base, int64_t number, bool *ret)
{
    struct sqlite_db *db = own(base);
    return sqlite_peer_is_held(&db->peer, db->h, number, ret);
}

static void params_map(struct prepared *p)
{
    int n = sqlite3_bind_parameter_count(p->st);
    CHECK(n < PARAMS_MAX);
    for (int i = 1; i <= n; i++) {
        const char *name = sqlite3_bind_parameter_name(p->st, i);
        int64_t number = 0;
        CHECK(name && name[0] == '$' && str_to_i64(str_c(name + 1), &number));
        CHECK(number >= 1 && number < PARAMS_MAX);
        p->param_at[number] = i;
    }
}

/* The statement, ready to bind; prepared once per connection, found by its address. */
static struct prepared *prepared_get(struct sqlite_db *db, const struct sql *sql)
{
    size_t at = ((uintptr_t)sql >> 4) % STATEMENTS_MAX;
    for (size_t tries = 0; tries < STATEMENTS_MAX; tries++, at = (at + 1) % STATEMENTS_MAX) {
        struct prepared *p = &db->slots[at];
        if (p->sql == sql)
            return p;
        if (p->sql != NULL)
            continue;
        struct arena a;
        arena_init(&a, 1 << 16);
        struct str text = remarks_open(&a, &sqlite_driver, sql->text);
        int rc = sqlite3_prepare_v3(db->h, text.p, -1, SQLITE_PREPARE_PERSISTENT, &p->st, NULL);
        arena_free(&a);
        if (rc != SQLITE_OK) {
            log_line(LOG_ERROR, "db.prepare", "%s: %s", sql->name, sqlite3_errmsg(db->h));
            return NULL;
        }
        CHECK((sqlite3_stmt_readonly(p->st) != 0) == (sql->kind == SQL_READ));
        p->sql = sql;
        params_map(p);
        return p;
    }
    check_failed("statement cache is full", __FILE__, __LINE__);
}

static int bind_one(sqlite3_stmt *st, int at, const struct arg *arg)
{
    switch (arg->type) {
    case ARG_NULL: return sqlite3_bind_null(st, at);
    case ARG_I64: return sqlite3_bind_int64(st, at, arg->i);
    case ARG_F64: return sqlite3_bind_double(st, at, arg->f);
    case ARG_TEXT:
        return sqlite3_bind_text64(st, at, arg->s.p, arg->s.n, SQLITE_STATIC, SQLITE_UTF8);
    case ARG_BYTES: return sqlite3_bind_blob64(st, at, arg->s.p, arg->s.n, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

static enum err start(struct sqlite_db *db, const struct sql *sql, const struct arg *args,
    size_t n_args, sqlite3_stmt **ret)
{
    struct prepared *p = prepared_get(db, sql);
    if (p == NULL)              /* wrong text is a mistake of ours, want of memory is not */
        return sqlite3_errcode(db->h) == SQLITE_ERROR ? E_BUG : E_DB;
    CHECK((size_t)sqlite3_bind_parameter_count(p->st) == n_args);
    for (size_t i = 0; i < n_args; i++) {
        CHECK(p->param_at[i + 1] != 0);
        if (bind_one(p->st, p->param_at[i + 1], &args[i]) != SQLITE_OK)
            return E_DB;
    }
    *ret = p->st;
    return OK;
}

/* Built from names of the schema, which stand in the program. */
static struct str insert_text(struct arena *a, const struct table *t)
{
    struct buf b = buf_in(a, 1 << 14);
    buf_fmt(&b, "INSERT INTO %.*s VALUES ", STR_FMT(t->name));
    for (size_t i = 0; i < t->n_columns; i++)
        buf_fmt(&b, "%c?%zu", i ? ',' : '(', i + 1);
    buf_byte(&b, ')');
    return buf_str(&b);
}

static int row_put(sqlite3_stmt *st, const struct arg *values, size_t n)
{
    int rc = SQLITE_OK;
    for (size_t i = 0; i < n && rc == SQLITE_OK; i++)
        rc = bind_one(st, (int)i + 1, &values[i]);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    (void)sqlite3_reset(st);
    return rc;
}

static enum err rows_put(struct db *base, const struct table *t, const struct arg *values,
    size_t n_rows)
{
    struct sqlite_db *db = own(base);
    struct arena a;
    sqlite3_stmt *st = NULL;
    arena_init(&a, 1 << 16);
    bool alone = sqlite3_get_autocommit(db->h) != 0;
    struct str text = insert_text(&a, t);
    enum err e = alone ? base->driver->begin(base) : OK;
    if (e == OK)
        e = from_sqlite(db, sqlite3_prepare_v2(db->h, text.p, (int)text.n, &st, NULL), "put");
    for (size_t i = 0; e == OK && i < n_rows; i++)
        e = from_sqlite(db, row_put(st, values + i * t->n_columns, t->n_columns), "put");
    (void)sqlite3_finalize(st);
    arena_free(&a);
    if (e == OK && alone)
        e = base->driver->commit(base);
    if (e != OK && alone)
        base->driver->rollback(base);
    return e;
}

/* The log is carried into the file, which syncs both. */
static enum err loaded(struct db *base)
{
    struct sqlite_db *db = own(base);
    return from_sqlite(db, sqlite3_wal_checkpoint_v2(db->h, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
        NULL), "loaded");
}

static enum err copy(struct db *db, const char *name, db_copy_fn *step, void *ctx)
{
    return sqlite_copy(own(db)->h, name, step, ctx);
}

static void stop(sqlite3_stmt *st)
{
    (void)sqlite3_reset(st);
    (void)sqlite3_clear_bindings(st);
}

static enum err exec(struct db *base, const struct sql *sql, const struct arg *args,
    size_t n_args, int64_t *ret_changed)
{
    struct sqlite_db *db = own(base);
    sqlite3_stmt *st;
    TRY(start(db, sql, args, n_args, &st));
    int rc = sqlite3_step(st);
    enum err e = rc == SQLITE_ROW ? E_BUG : from_sqlite(db, rc, sql->name);
    if (e == OK && ret_changed)
        *ret_changed = sqlite3_changes64(db->h);
    stop(st);
    return e;
}

static enum err rows_open(struct db *base, const struct sql *sql, const struct arg *args,
    size_t n_args, bool in_parts, struct rows *ret)
{
    sqlite3_stmt *st;
    (void)in_parts;             /* rows always come one by one */
    TRY(start(own(base), sql, args, n_args, &st));
    ret->of = st;
    ret->columns = sqlite3_column_count(st);
    return OK;
}

static enum err rows_next(struct rows *rows, bool *ret_any)
{
    int rc = sqlite3_step(rows->of);
    *ret_any = rc == SQLITE_ROW;
    return from_sqlite(own(rows->db), rc, rows->sql->name);
}

static void rows_close(struct rows *rows)
{
    stop(rows->of);
}

static enum err value_read(struct rows *rows, int c, struct arena *a, enum field_type type,
    void *at)
{
    sqlite3_stmt *st = rows->of;
    if (sqlite3_column_type(st, c) == SQLITE_NULL)
        return OK;
    switch (type) {
    case F_I64: case F_ID: case F_TIME: *(int64_t *)at = sqlite3_column_int64(st, c); break;
    case F_F64: *(double *)at = sqlite3_column_double(st, c); break;
    case F_BOOL: *(bool *)at = sqlite3_column_int64(st, c) != 0; break;
    case F_STR: case F_RAW: {
        const void *p = sqlite3_column_text(st, c);
        *(struct str *)at = arena_dup(a, p, (size_t)sqlite3_column_bytes(st, c));
        break;
    }
    case F_BYTES: {
        const void *p = sqlite3_column_blob(st, c);
        *(struct str *)at = arena_dup(a, p, (size_t)sqlite3_column_bytes(st, c));
        break;
    }
    case F_OBJ: case F_LIST: case F_WORDS: break;
    }
    return OK;
}

static int64_t rows_changed(const struct db *db)
{
    return sqlite3_total_changes64(own(db)->h);
}

static enum err begin(struct db *db)
{
    return edge(db, EDGE_BEGIN);
}

static enum err commit(struct db *db)
{
    enum err e = edge(db, EDGE_COMMIT);
    own(db)->migrating = false;
    return e == OK ? OK : E_UNKNOWN;
}

static void rollback(struct db *base)
{
    struct sqlite_db *db = own(base);
    db->migrating = false;
    if (sqlite3_get_autocommit(db->h))
        return;
    if (!writes(base->mode))            /* nothing to undo; the prepared way out is quicker */
        (void)edge(base, EDGE_COMMIT);
    else
        (void)sqlite3_exec(db->h, "ROLLBACK", NULL, NULL, NULL);
}

/* A statement's outcome is known at once. */
static enum err savepoint(struct db *db)
{
    return edge(db, EDGE_SAVEPOINT);
}

static enum err release(struct db *db)
{
    return edge(db, EDGE_RELEASE);
}

static enum err rollback_to(struct db *db)
{
    if (sqlite3_get_autocommit(own(db)->h))
        return OK;
    return sqlite3_exec(own(db)->h, "ROLLBACK TO step; RELEASE step", NULL, NULL, NULL) == SQLITE_OK
        ? OK : E_DB;
}

static enum err migration_begin(struct db *db)
{
    own(db)->migrating = true;
    return edge(db, EDGE_BEGIN);
}

static enum err version_read(struct db *base, int64_t *ret)
{
    struct sqlite_db *db = own(base);
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db->h, "PRAGMA user_version", -1, &st, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW)
        *ret = sqlite3_column_int64(st, 0);
    (void)sqlite3_finalize(st);
    return from_sqlite(db, rc, "user_version");
}

static void version_text(struct buf *b, int64_t version)
{
    buf_fmt(b, "PRAGMA user_version=%lld;\n", (long long)version);
}

static const struct sql tables = { "sqlite.tables", "SELECT name FROM sqlite_schema"
    " WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    SQL_READ, true };

static const struct sql sound = { "sqlite.sound", "PRAGMA quick_check(1)", SQL_READ, true };
static const struct sql sound_whole = { "sqlite.sound_whole", "PRAGMA integrity_check(1)", SQL_READ,
    true };

/* No statement of ours, for one that can change it does not count as reading. */
static enum err logged(struct db *base, bool *ret)
{
    struct sqlite_db *db = own(base);
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db->h, "PRAGMA journal_mode", -1, &st, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW)
        *ret = str_is(str_c((const char *)sqlite3_column_text(st, 0)), "wal");
    (void)sqlite3_finalize(st);
    return from_sqlite(db, rc, "journal_mode");
}

static enum err explain(struct db *base, struct arena *a, const struct sql *sql, struct str *ret)
{
    struct sqlite_db *db = own(base);
    struct buf b = buf_in(a, 1 << 16);
    struct buf text = buf_in(a, 1 << 16);
    sqlite3_stmt *st = NULL;
    buf_fmt(&text, "EXPLAIN QUERY PLAN %s", sql->text);
    if (sqlite3_prepare_v2(db->h, text.p, -1, &st, NULL) != SQLITE_OK)
        return from_sqlite(db, SQLITE_ERROR, sql->name);
    while (sqlite3_step(st) == SQLITE_ROW)
        buf_fmt(&b, "%s\n", (const char *)sqlite3_column_text(st, 3));
    (void)sqlite3_finalize(st);
    *ret = buf_str(&b);
    return OK;
}

const struct driver sqlite_driver = {
    .remark = "/*sqlite:", .open = open_db, .close = close_db, .is_lost = is_lost,
    .claim = claim, .hold = hold, .let_go = let_go, .share = share,
    .is_held = is_held, .exec = exec,
    .rows_open = rows_open, .rows_next = rows_next, .rows_close = rows_close,
    .value_read = value_read, .rows_changed = rows_changed, .begin = begin, .commit = commit,
    .rollback = rollback, .savepoint = savepoint, .release = release,
    .rollback_to = rollback_to,
    .migration_begin = migration_begin, .version_read = version_read,
    .version_text = version_text, .foundation = "", .unless_there = "",
    .script = script, .tables = &tables, .sound = &sound, .sound_whole = &sound_whole,
    .logged = logged, .explain = explain,
    .rows_put = rows_put, .loaded = loaded, .copy = copy, .byte_order = "",
};
