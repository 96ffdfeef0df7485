/* sqlite.c: SQLite behind the door of db.h: WAL, full sync, prepared statements kept per
 * connection, and a second lock: readers are read-only, ledger tables take only INSERT. */
#include "db/db.h"
#include "db/checkpoint.h"
#include "db/fts_tokenizer.h"
#include "db/migrations.h"
#include "db/wal_file.h"
#include "base/log.h"
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>

enum { STATEMENTS_MAX = 512, PARAMS_MAX = 64, PREVIEW_VERSION = 1 };
struct prepared { const struct sql *sql; sqlite3_stmt *st; int param_at[PARAMS_MAX]; };
/* What moves the edges of transactions; prepared like statements, for they run as often. */
enum edge { EDGE_BEGIN, EDGE_COMMIT, EDGE_SAVEPOINT, EDGE_RELEASE, EDGES };
struct db {
    sqlite3 *h;
    sqlite3_stmt *edges[EDGES];
    enum db_mode mode;
    bool migrating, fault_fired;
    struct checkpointer *checkpointer;      /* of a writer */
    bool spoilt;            /* something that should have been undone may still be there */
    unsigned fault_countdown, fault_n;
    struct prepared slots[STATEMENTS_MAX];
};

static bool fault(struct db *db)
{
    if (db->fault_countdown == 0 || --db->fault_countdown != 0)
        return false;
    db->fault_fired = true;
    return true;
}

void db_fault_at(struct db *db, unsigned n)
{
    db->fault_countdown = db->fault_n = n;
    db->fault_fired = false;
}

bool db_fault_fired(const struct db *db)
{
    return db->fault_fired;
}

static enum err from_sqlite(struct db *db, int rc, const char *what)
{
    switch (rc & 0xff) {
    case SQLITE_OK: case SQLITE_ROW: case SQLITE_DONE: return OK;
    case SQLITE_CONSTRAINT: return E_CONFLICT;
    default:
        log_line(LOG_ERROR, "db.error", "%s: %s", what, sqlite3_errmsg(db->h));
        return E_DB;
    }
}

/* Tables that nobody may rewrite, not even this program. */
static bool is_append_only(const char *table)
{
    static const char *const names[] = { "entry", "leaf", "tree_node", "checkpoint", "access_log" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i], table) == 0)
            return true;
    return false;
}

static int authorize(void *ctx, int action, const char *a1, const char *a2, const char *a3,
    const char *a4)
{
    struct db *db = ctx;
    (void)a2, (void)a3, (void)a4;
    if (db->migrating)
        return SQLITE_OK;
    if ((action == SQLITE_UPDATE || action == SQLITE_DELETE) && is_append_only(a1))
        return SQLITE_DENY;
    if (action == SQLITE_ATTACH || action == SQLITE_DETACH || action == SQLITE_DROP_TABLE)
        return SQLITE_DENY;
    return SQLITE_OK;
}

static enum err script(struct db *db, const char *text)
{
    if (fault(db))
        return E_DB;
    return from_sqlite(db, sqlite3_exec(db->h, text, NULL, NULL, NULL), text);
}

static bool writes(enum db_mode mode)
{
    return mode == DB_WRITER || mode == DB_SEARCH;
}

static const char *setup_of(enum db_mode mode)
{
    switch (mode) {
    case DB_WRITER:
        return "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA journal_size_limit=-1;"
            "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;";
    case DB_READER:
        return "PRAGMA query_only=ON; PRAGMA cache_size=-16000; PRAGMA mmap_size=268435456;"
            "PRAGMA trusted_schema=OFF;";
    case DB_SEARCH:
        return "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-4000;"
            "PRAGMA temp_store=MEMORY;";
    case DB_SEARCH_READER:
        return "PRAGMA query_only=ON; PRAGMA cache_size=-4000; PRAGMA mmap_size=268435456;";
    }
    check_failed("database mode", __FILE__, __LINE__);
}

static enum err set_up(struct db *db)
{
    TRY(script(db, setup_of(db->mode)));
    if ((db->mode == DB_SEARCH || db->mode == DB_SEARCH_READER) && !fts_tokenizer_register(db->h)) {
        log_line(LOG_ERROR, "db.search", "this SQLite has no FTS5");
        return E_DB;
    }
    return OK;
}

/* Takes the transaction over one of its edges. */
static enum err edge_run(struct db *db, enum edge which)
{
    static const char *const texts[EDGES] = { "BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT step",
        "RELEASE step" };
    const char *text = which == EDGE_BEGIN && !writes(db->mode) ? "BEGIN" : texts[which];
    sqlite3_stmt **st = &db->edges[which];
    if (*st == NULL)
        TRY(from_sqlite(db, sqlite3_prepare_v3(db->h, text, -1, SQLITE_PREPARE_PERSISTENT, st,
            NULL), text));
    enum err e = from_sqlite(db, sqlite3_step(*st), text);
    (void)sqlite3_reset(*st);
    return e;
}

static enum err edge(struct db *db, enum edge which)
{
    return fault(db) ? E_DB : edge_run(db, which);
}

enum err db_open(const char *url, enum db_mode mode, struct db **ret)
{
    if (strncmp(url, "sqlite:", 7) == 0)
        url += 7;
    if (strstr(url, "://")) {
        log_line(LOG_ERROR, "db.url", "this build stores in SQLite only; give a file path");
        return E_DB;
    }
    struct db *db = heap_alloc(sizeof(*db));
    db->mode = mode;
    /* Statistics of memory would put a lock around every allocation of every connection. Only the
     * first call in the process has an effect. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    int flags = writes(mode) ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    const char *vfs = mode == DB_WRITER ? wal_file_vfs() : NULL;
    int rc = sqlite3_open_v2(url, &db->h, flags | SQLITE_OPEN_NOMUTEX, vfs);
    if (rc == SQLITE_OK)
        (void)sqlite3_busy_timeout(db->h, 5000);
    enum err e = from_sqlite(db, rc, url);
    if (e == OK)
        e = set_up(db);
    if (e == OK && mode == DB_WRITER && strcmp(url, ":memory:") != 0)
        e = checkpointer_start(url, db->h, &db->checkpointer);
    if (e != OK) {
        db_close(db);
        return e;
    }
    (void)sqlite3_set_authorizer(db->h, authorize, db);
    *ret = db;
    return OK;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    checkpointer_stop(db->checkpointer);
    for (size_t i = 0; i < STATEMENTS_MAX; i++)
        (void)sqlite3_finalize(db->slots[i].st);
    for (size_t i = 0; i < EDGES; i++)
        (void)sqlite3_finalize(db->edges[i]);
    CHECK(sqlite3_close(db->h) == SQLITE_OK);
    heap_free(db);
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
static struct prepared *prepared_get(struct db *db, const struct sql *sql)
{
    size_t at = ((uintptr_t)sql >> 4) % STATEMENTS_MAX;
    for (size_t tries = 0; tries < STATEMENTS_MAX; tries++, at = (at + 1) % STATEMENTS_MAX) {
        struct prepared *p = &db->slots[at];
        if (p->sql == sql)
            return p;
        if (p->sql != NULL)
            continue;
        int rc = sqlite3_prepare_v3(db->h, sql->text, -1, SQLITE_PREPARE_PERSISTENT, &p->st, NULL);
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

static enum err start(struct db *db, const struct sql *sql, const struct arg *args, size_t n_args,
    sqlite3_stmt **ret)
{
    if (fault(db))
        return E_DB;
    struct prepared *p = prepared_get(db, sql);
    if (p == NULL)
        return E_BUG;
    CHECK((size_t)sqlite3_bind_parameter_count(p->st) == n_args);
    for (size_t i = 0; i < n_args; i++) {
        CHECK(p->param_at[i + 1] != 0);
        if (bind_one(p->st, p->param_at[i + 1], &args[i]) != SQLITE_OK)
            return E_DB;
    }
    *ret = p->st;
    return OK;
}

static void stop(sqlite3_stmt *st)
{
    (void)sqlite3_reset(st);
    (void)sqlite3_clear_bindings(st);
}

enum err db_exec(struct db *db, const struct sql *sql, const struct arg *args, size_t n_args,
    int64_t *ret_changed)
{
    sqlite3_stmt *st;
    CHECK(sql->kind == SQL_WRITE);
    TRY(start(db, sql, args, n_args, &st));
    int rc = sqlite3_step(st);
    enum err e = rc == SQLITE_ROW ? E_BUG : from_sqlite(db, rc, sql->name);
    if (e == OK && ret_changed)
        *ret_changed = sqlite3_changes64(db->h);
    stop(st);
    return e;
}

static void read_column(struct arena *a, sqlite3_stmt *st, int c, const struct field *f, void *rec)
{
    void *at = record_at(f, rec);
    if (sqlite3_column_type(st, c) == SQLITE_NULL)
        return;
    switch (f->type) {
    case F_I64: case F_ID: case F_TIME: *(int64_t *)at = sqlite3_column_int64(st, c); return;
    case F_F64: *(double *)at = sqlite3_column_double(st, c); return;
    case F_BOOL: *(bool *)at = sqlite3_column_int64(st, c) != 0; return;
    case F_STR: case F_RAW: {
        const void *p = sqlite3_column_text(st, c);
        *(struct str *)at = arena_dup(a, p, (size_t)sqlite3_column_bytes(st, c));
        return;
    }
    case F_BYTES: {
        const void *p = sqlite3_column_blob(st, c);
        *(struct str *)at = arena_dup(a, p, (size_t)sqlite3_column_bytes(st, c));
        return;
    }
    case F_OBJ: case F_LIST: case F_WORDS: return;
    }
}

static void read_row(struct arena *a, sqlite3_stmt *st, const struct record *r, void *rec)
{
    int n = sqlite3_column_count(st), c = 0;
    record_clear(r, rec);
    for (size_t i = 0; i < r->n && c < n; i++) {
        const struct field *f = &r->fields[i];
        if (f->type != F_OBJ && f->type != F_LIST && f->type != F_WORDS)
            read_column(a, st, c++, f, rec);
    }
    CHECK(c == n);
}

enum err db_rows(struct db *db, struct arena *a, const struct sql *sql, const struct arg *args,
    size_t n_args, const struct record *r, size_t max_rows, struct list *ret)
{
    sqlite3_stmt *st;
    TRY(start(db, sql, args, n_args, &st));
    size_t n = 0, cap = max_rows < 16 ? max_rows : 16;
    char *rows = arena_alloc(a, r->size, alignof(max_align_t), cap ? cap : 1);
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW && n < max_rows) {
        if (n == cap) {
            cap = cap * 4 < max_rows ? cap * 4 : max_rows;
            char *more = arena_alloc(a, r->size, alignof(max_align_t), cap);
            memcpy(more, rows, n * r->size);
            rows = more;
        }
        read_row(a, st, r, rows + r->size * n++);
    }
    enum err e = rc == SQLITE_ROW ? E_TOO_LARGE : from_sqlite(db, rc, sql->name);
    stop(st);
    if (e == OK)
        *ret = (struct list){ rows, n };
    return e;
}

enum err db_one(struct db *db, struct arena *a, const struct sql *sql, const struct arg *args,
    size_t n_args, const struct record *r, void *ret_rec)
{
    sqlite3_stmt *st;
    TRY(start(db, sql, args, n_args, &st));
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        read_row(a, st, r, ret_rec);
    enum err e = rc == SQLITE_DONE ? E_MISSING : from_sqlite(db, rc, sql->name);
    stop(st);
    return e;
}

enum err db_number(struct db *db, const struct sql *sql, const struct arg *args, size_t n_args,
    int64_t *ret)
{
    sqlite3_stmt *st;
    TRY(start(db, sql, args, n_args, &st));
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        *ret = sqlite3_column_int64(st, 0);
    enum err e = rc == SQLITE_DONE ? E_MISSING : from_sqlite(db, rc, sql->name);
    stop(st);
    return e;
}

enum err db_each(struct db *db, const struct sql *sql, const struct arg *args, size_t n_args,
    const struct record *r, db_row_fn *fn, void *ctx)
{
    sqlite3_stmt *st;
    struct arena a;
    TRY(start(db, sql, args, n_args, &st));
    arena_init(&a, 64 << 20);
    enum err e = OK;
    int rc = SQLITE_DONE;
    while (e == OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        void *rec = arena_alloc(&a, r->size, alignof(max_align_t), 1);
        read_row(&a, st, r, rec);
        e = fn(ctx, &a, rec);
        arena_reset(&a);
    }
    if (e == OK)
        e = from_sqlite(db, rc, sql->name);
    stop(st);
    arena_free(&a);
    return e;
}

int64_t db_rows_changed(const struct db *db)
{
    return sqlite3_total_changes64(db->h);
}

enum err db_begin(struct db *db)
{
    return edge(db, EDGE_BEGIN);
}

/* After a failed commit nobody knows what reached the disk: the caller closes and reopens. What
 * could not be undone is not committed either. */
enum err db_commit(struct db *db)
{
    if (db->spoilt) {
        db_rollback(db);
        return E_UNKNOWN;
    }
    if (fault(db)) {
        if (db->fault_n % 2 == 0)
            (void)sqlite3_exec(db->h, "COMMIT", NULL, NULL, NULL);
        return E_UNKNOWN;
    }
    return edge_run(db, EDGE_COMMIT) == OK ? OK : E_UNKNOWN;
}

void db_rollback(struct db *db)
{
    if (!sqlite3_get_autocommit(db->h)) {
        if (!writes(db->mode))              /* nothing to undo; the prepared way out is quicker */
            (void)edge(db, EDGE_COMMIT);
        else
            (void)sqlite3_exec(db->h, "ROLLBACK", NULL, NULL, NULL);
    }
    db->spoilt = false;
}

enum err db_savepoint(struct db *db)
{
    return edge(db, EDGE_SAVEPOINT);
}

enum err db_release(struct db *db)
{
    return edge(db, EDGE_RELEASE);
}

void db_rollback_to(struct db *db)
{
    if (!sqlite3_get_autocommit(db->h)
        && sqlite3_exec(db->h, "ROLLBACK TO step; RELEASE step", NULL, NULL, NULL) != SQLITE_OK)
        db->spoilt = true;
}

static int64_t schema_version(struct db *db)
{
    sqlite3_stmt *st = NULL;
    int64_t version = 0;
    if (sqlite3_prepare_v2(db->h, "PRAGMA user_version", -1, &st, NULL) == SQLITE_OK
        && sqlite3_step(st) == SQLITE_ROW)
        version = sqlite3_column_int64(st, 0);
    (void)sqlite3_finalize(st);
    return version;
}

/* A migration's text with its SQLite-only remarks opened: the comment form "sqlite: ..." holds
 * words that PostgreSQL must not see, such as WITHOUT ROWID. */
static struct str open_remarks(struct arena *a, struct str text)
{
    struct buf b = buf_in(a, text.n + 1);
    while (text.n) {
        ptrdiff_t at = str_find(text, STR("/*sqlite:"));
        if (at < 0)
            break;
        buf_add(&b, (struct str){ text.p, (size_t)at });
        text = (struct str){ text.p + at + 9, text.n - (size_t)at - 9 };
        ptrdiff_t end = str_find(text, STR("*/"));
        CHECK(end >= 0);
        buf_add(&b, (struct str){ text.p, (size_t)end });
        text = (struct str){ text.p + end + 2, text.n - (size_t)end - 2 };
    }
    buf_add(&b, text);
    buf_byte(&b, '\0');
    return buf_str(&b);
}

static enum err migrate_one(struct db *db, const struct migration *m, int64_t version)
{
    struct arena a;
    char mark[64];
    arena_init(&a, 4 << 20);
    (void)snprintf(mark, sizeof(mark), "PRAGMA user_version=%lld", (long long)version);
    enum err e = script(db, "BEGIN IMMEDIATE");
    if (e == OK)
        e = script(db, open_remarks(&a, str_c(m->text)).p);
    if (e == OK)
        e = script(db, mark);
    if (e == OK)
        e = script(db, "COMMIT");
    if (e != OK)
        db_rollback(db);
    arena_free(&a);
    return e;
}

enum err db_migrate(struct db *db, struct err_info *info)
{
    int64_t version = schema_version(db);
    if (version != 0 && version <= PREVIEW_VERSION)
        return err_note(info, E_CONFLICT, "db", MSG("数据库来自试用版，请另用一个新文件",
            "The database was made by a preview; use a new file"), STR_NONE);
    version -= version == 0 ? 0 : PREVIEW_VERSION;
    if (version > (int64_t)migrations_n)
        return err_note(info, E_CONFLICT, "db", MSG("数据库来自更新的版本，请升级程序",
            "The database was made by a newer version; upgrade the program"), STR_NONE);
    for (int64_t v = version; v < (int64_t)migrations_n; v++) {
        db->migrating = true;
        enum err e = migrate_one(db, &migrations[v], v + 1 + PREVIEW_VERSION);
        db->migrating = false;
        if (e != OK)
            return e;
    }
    return OK;
}

enum err db_explain(struct db *db, struct arena *a, const struct sql *sql, struct str *ret)
{
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
