/* postgres.c: PostgreSQL behind the door of db.h: statements prepared once per connection, values
 * in binary, rows of scans through a cursor, and a second lock: readers begin read-only
 * transactions, ledger tables take only INSERT. */
#include "db/postgres.h"
#include "base/log.h"
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FETCH_ROWS = 500, GATHERED_BYTES = 256 << 20, VERSION_MIN = 150000, SILENCE_MS = 10000 };

/* Running ------------------------------------------------------------------------------------- */

/* The schema has changed under a prepared statement. */
static bool is_stale(const char *state)
{
    return strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0;
}

static enum err err_of_state(const char *state)
{
    if (strncmp(state, "23", 2) == 0 && strcmp(state, "23514") != 0)
        return E_CONFLICT;                  /* a key is taken, or refers to nothing */
    if (strcmp(state, "55P03") == 0 || strcmp(state, "40P01") == 0
        || strcmp(state, "40001") == 0 || is_stale(state))
        return E_BUSY;                      /* a lock not given in time, or by turns never */
    bool denied = strcmp(state, "42501") == 0;      /* a right was taken away: whoever runs it acts */
    return strncmp(state, "42", 2) == 0 && !denied ? E_BUG : E_DB;
}

/* Only the first line of what the server says: details would show values. */
static enum err from_result(struct postgres_db *db, const PGresult *r, const char *what)
{
    ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return OK;
    db->moved++;            /* the server goes on with this transaction only after undoing */
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    const char *said = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    if (state && is_stale(state)) {
        memset(db->slots, 0, sizeof(db->slots));    /* prepared anew, under other names */
        postgres_gathered_drop(db);
    }
    enum err e = state ? err_of_state(state) : E_DB;
    bool usual = e == E_CONFLICT || (state && strcmp(state, "55P03") == 0);
    if (!usual)
        log_line(LOG_ERROR, "db.error", "%.60s: %s %s", what, state ? state : "-",
            said ? said : PQerrorMessage(db->c));
    return e;
}

enum err postgres_take(struct postgres_db *db, PGresult *r, const char *what)
{
    enum err e = from_result(db, r, what);
    PQclear(r);
    return e;
}

/* As PQgetResult(), but a server that says nothing for long is one that is gone: then its socket is
 * shut, as if it had ended the connection. Twice before each wait, for TLS may hold back a part. */
static PGresult *result_get(struct postgres_db *db)
{
    struct pollfd p = { .fd = PQsocket(db->c), .events = POLLIN };
    int wait_ms = db->patient || db->base.takes_time ? -1 : SILENCE_MS;
    while (PQisBusy(db->c) && PQconsumeInput(db->c) && PQconsumeInput(db->c) && PQisBusy(db->c))
        if (poll(&p, 1, wait_ms) == 0 && shutdown(p.fd, SHUT_RDWR) == 0)
            log_line(LOG_ERROR, "db.silence", "no answer for %d s", SILENCE_MS / 1000);
    return PQgetResult(db->c);
}

/* The last answer to what was sent, which is the first failure if there is one. */
static PGresult *answer(struct postgres_db *db, int sent)
{
    PGresult *last = NULL, *r;
    while (sent == 1 && (r = result_get(db)) != NULL) {
        PQclear(last);
        last = r;
    }
    return last;
}

/* The answers to all that was sent ahead, at the price of one round trip; the first error counts.
 * ret_last (may be NULL) gets the last answer when there is no error. */
static enum err pending_take(struct postgres_db *db, PGresult **ret_last)
{
    enum err e = PQpipelineSync(db->c) == 1 ? OK : E_DB;
    for (; db->pending && PQstatus(db->c) == CONNECTION_OK; db->pending--) {
        PGresult *r = result_get(db);
        if (e == OK)
            e = from_result(db, r, "sent ahead");
        if (e == OK && db->pending == 1 && ret_last)
            *ret_last = r;
        else
            PQclear(r);
        while ((r = result_get(db)) != NULL)        /* NULL ends the answer to one statement */
            PQclear(r);
    }
    db->pending = 0;
    if (PQstatus(db->c) != CONNECTION_OK)
        return E_DB;
    PQclear(result_get(db));                        /* of the synchronisation */
    return PQexitPipelineMode(db->c) == 1 ? e : E_DB;
}

enum err postgres_answered(struct postgres_db *db)
{
    return db->pending ? pending_take(db, NULL) : OK;
}

static enum err answers_take(struct postgres_db *db)
{
    TRY(postgres_gathered_send(db));
    return postgres_answered(db);
}

enum err postgres_run(struct postgres_db *db, const char *text)
{
    TRY(answers_take(db));
    return postgres_take(db, answer(db, PQsendQuery(db->c, text)), text);
}

/* Connecting ---------------------------------------------------------------------------------- */

static bool is_writer(const struct postgres_db *db)
{
    return db->base.mode == DB_WRITER || db->base.mode == DB_LOADER;
}

static void notice_take(void *ctx, const PGresult *r)
{
    struct postgres_db *db = ctx;
    const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);
    db->warned = db->warned || (severity && strcmp(severity, "WARNING") == 0);
    log_line(LOG_DEBUG, "db.notice", "%s", PQresultErrorMessage(r));
}

/* What is acknowledged must be on disk, however the server is set up otherwise. The server ends a
 * statement soon after we have given it up (result_get()). Plans need not look at arguments: each
 * statement finds its index without. */
static enum err session_set_up(struct postgres_db *db)
{
    static const char usual[] = "SET statement_timeout = '5min'; SET lock_timeout = '5s';"
        "SET client_connection_check_interval = '2s';"
        "SET idle_in_transaction_session_timeout = '60s'; SET TimeZone = 'UTC'; SET jit = off;"
        "SET plan_cache_mode = force_generic_plan;"
        "SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit') = 'off'";
    TRY(postgres_run(db, usual));
    if (db->base.mode == DB_LOADER)
        TRY(postgres_run(db, "SET statement_timeout = 0"));
    if (db->base.mode == DB_REPLICA)    /* who gets no answer there soon asks elsewhere */
        TRY(postgres_run(db, "SET statement_timeout = '5s'; SET lock_timeout = '500ms'"));
    if (is_writer(db))
        return postgres_run(db, "SET fengqiao.sees = 'all'");
    if (db->base.mode == DB_READER)     /* behind it others wait: soon told, tried once more */
        TRY(postgres_run(db, "SET lock_timeout = '1s'"));
    TRY(postgres_run(db, "SET default_transaction_read_only = on; SET fengqiao.sees = '';"
        "SET default_transaction_isolation = 'repeatable read'"));
    return db->base.mode == DB_OVERSEER ? postgres_run(db, "SET fengqiao.sees = 'all'") : OK;
}

static enum err connected(struct postgres_db *db)
{
    if (PQstatus(db->c) != CONNECTION_OK) {
        log_line(LOG_ERROR, "db.connect", "%s", PQerrorMessage(db->c));
        return E_DB;
    }
    const char *encoding = PQparameterStatus(db->c, "server_encoding");
    if (PQserverVersion(db->c) < VERSION_MIN) {
        log_line(LOG_ERROR, "db.version", "PostgreSQL 15 or newer is needed");
        return E_DB;
    }
    if (encoding == NULL || strcmp(encoding, "UTF8") != 0) {
        log_line(LOG_ERROR, "db.encoding", "the database is in %s; make one with ENCODING 'UTF8'",
            encoding ? encoding : "an unknown encoding");
        return E_DB;
    }
    (void)PQsetNoticeReceiver(db->c, notice_take, db);
    return session_set_up(db);
}

static void close_db(struct db *base)
{
    PQfinish(own(base)->c);
    if (own(base)->wire >= 0)
        (void)close(own(base)->wire);
    arena_free(&own(base)->gathered);
    heap_free(base);
}

/* What stands before the url gives way to it; what stands after it does not. */
static enum err open_db(const char *url, enum db_mode mode, struct db **ret)
{
    static const char *const names[] = { "connect_timeout", "keepalives_idle", "tcp_user_timeout",
        "fallback_application_name", "dbname", "client_encoding", NULL };
    bool replica = mode == DB_REPLICA;
    const char *const values[] = { replica ? "2" : "5", "30", replica ? "3000" : "10000",
        "fengqiao", url, "UTF8", NULL };
    struct postgres_db *db = heap_alloc(sizeof(*db));
    db->base = (struct db){ .driver = &postgres_driver, .mode = mode };
    db->wire = -1;
    arena_init(&db->gathered, GATHERED_BYTES);
    db->c = PQconnectdbParams(names, values, 1);
    enum err e = connected(db);
    if (e != OK) {
        close_db(&db->base);
        return e;
    }
    if (replica)
        db->wire = fcntl(PQsocket(db->c), F_DUPFD_CLOEXEC, 0);
    *ret = &db->base;
    return OK;
}

static bool is_lost(const struct db *db)
{
    return PQstatus(own(db)->c) != CONNECTION_OK;
}

/* A reader holds nothing that a new connection would not have. */
static enum err reconnect(struct postgres_db *db)
{
    PQreset(db->c);
    memset(db->slots, 0, sizeof(db->slots));
    db->n_held = 0;
    db->shared = 0;
    db->listening = false;
    return connected(db);
}

static const char begin_writing[] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

/* Tells what is due: that a transaction begins, and its scope. */
static enum err begin_now(struct postgres_db *db, bool begins)
{
    struct arena a;
    arena_init(&a, 1 << 14);
    struct buf b = buf_in(&a, 1 << 12);
    if (begins)
        buf_add(&b, str_c(is_writer(db) ? begin_writing
            : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    if (db->base.scope_due)
        postgres_scope_text(&b, &db->base.scope);
    buf_byte(&b, '\0');
    enum err e = postgres_run(db, b.p);
    arena_free(&a);
    db->inside = e == OK || PQtransactionStatus(db->c) == PQTRANS_INERROR;
    TRY(e);
    db->base.scope_due = false;
    return OK;
}

enum err postgres_ready(struct postgres_db *db)
{
    bool lost = PQstatus(db->c) != CONNECTION_OK;
    bool due = db->due, stays = is_writer(db) || db->base.mode == DB_REPLICA;
    db->due = false;
    if (lost && (stays || db->inside))
        return E_DB;
    if (lost)
        TRY(reconnect(db));
    if (!due && !(db->inside && db->base.scope_due))
        return OK;
    enum err e = begin_now(db, due);
    if (e == OK || stays || !due || PQstatus(db->c) == CONNECTION_OK)
        return e;
    TRY(reconnect(db));         /* the server went away while nobody asked it anything */
    return begin_now(db, due);
}

/* Statements ---------------------------------------------------------------------------------- */

/* A sum of BIGINT, say, is NUMERIC here and must be cast in the statement. */
static enum err type_check(const struct postgres_statement *p, const char *what, int i, Oid type)
{
    if (postgres_type_known(type))
        return OK;
    log_line(LOG_ERROR, "db.type", "%s: %s %d is of type %u", p->sql->name, what, i + 1, type);
    return E_BUG;
}

static enum err description_take(struct postgres_statement *p, const PGresult *r)
{
    p->n_params = PQnparams(r);
    CHECK(p->n_params <= PARAMS_MAX);
    CHECK((PQnfields(r) > 0) == (p->sql->kind == SQL_READ));
    for (int i = 0; i < p->n_params; i++) {
        p->params[i] = PQparamtype(r, i);
        TRY(type_check(p, "argument", i, p->params[i]));
    }
    for (int i = 0; i < PQnfields(r); i++)
        TRY(type_check(p, "column", i, PQftype(r, i)));
    return OK;
}

/* When the connection ends behind the description, the library forgets what was asked for and gives
 * it as an empty table without arguments. */
static enum err describe(struct postgres_db *db, struct postgres_statement *p)
{
    PGresult *r = answer(db, PQsendDescribePrepared(db->c, p->name));
    enum err e = from_result(db, r, p->sql->name);
    if (e == OK)
        e = PQresultStatus(r) == PGRES_COMMAND_OK ? description_take(p, r) : E_DB;
    PQclear(r);
    return e;
}

enum err postgres_prepare(struct postgres_db *db, const struct sql *sql, const char *name,
    const char *text, int n_types, const Oid *types)
{
    return postgres_take(db, answer(db, PQsendPrepare(db->c, name, text, n_types, types)),
        sql->name);
}

static enum err prepare(struct postgres_db *db, const char *name, const struct sql *sql)
{
    struct arena a;
    arena_init(&a, 1 << 16);
    struct str text = remarks_open(&a, &postgres_driver, sql->text);
    enum err e = postgres_prepare(db, sql, name, text.p, 0, NULL);
    arena_free(&a);
    return e;
}

/* The statement, known to the server; prepared once per connection, found by its address. */
static enum err prepared_get(struct postgres_db *db, const struct sql *sql,
    struct postgres_statement **ret)
{
    size_t at = ((uintptr_t)sql >> 4) % STATEMENTS_MAX;
    TRY(postgres_ready(db));
    for (size_t tries = 0; tries < STATEMENTS_MAX; tries++, at = (at + 1) % STATEMENTS_MAX) {
        struct postgres_statement *p = &db->slots[at];
        if (p->sql == NULL) {
            struct postgres_statement made = { .sql = sql };
            TRY(answers_take(db));
            (void)snprintf(made.name, sizeof(made.name), "s%u", ++db->names);
            TRY(prepare(db, made.name, sql));
            TRY(describe(db, &made));
            made.gathers = postgres_may_gather(&made);
            *p = made;
        }
        *ret = p;
        if (p->sql == sql)
            return OK;
    }
    check_failed("statement cache is full", __FILE__, __LINE__);
}

static enum err send_all(struct postgres_sent *s, const struct postgres_statement *p,
    const struct arg *args, size_t n_args)
{
    CHECK((size_t)p->n_params == n_args);
    for (int i = 0; i < p->n_params; i++)
        if (!postgres_send(s, i, &args[i], p->params[i])) {
            log_line(LOG_ERROR, "db.argument", "%s: $%d is of type %u", p->sql->name, i + 1,
                p->params[i]);
            return E_BUG;
        }
    return OK;
}

static enum err execute(struct postgres_db *db, const struct sql *sql, const struct arg *args,
    size_t n_args, PGresult **ret)
{
    struct postgres_statement *p;
    struct postgres_sent s;
    TRY(answers_take(db));
    TRY(prepared_get(db, sql, &p));
    TRY(send_all(&s, p, args, n_args));
    PGresult *r = answer(db, PQsendQueryPrepared(db->c, p->name, p->n_params, s.values, s.lengths,
        s.formats, 1));
    enum err e = from_result(db, r, sql->name);
    if (e == OK)
        *ret = r;
    else
        PQclear(r);
    return e;
}

static enum err begin_ahead(struct postgres_db *db)
{
    if (PQstatus(db->c) != CONNECTION_OK)
        return E_DB;
    db->due = false;
    db->inside = true;
    return postgres_text_ahead(db, begin_writing);
}

/* Sends a statement ahead, or puts its row aside for that; the answers are read when one is asked
 * for or they become many. */
static enum err exec_ahead(struct postgres_db *db, const struct sql *sql, const struct arg *args,
    size_t n_args, PGresult **ret)
{
    struct postgres_statement *p;
    struct postgres_sent s;
    if (db->due)
        TRY(begin_ahead(db));
    TRY(prepared_get(db, sql, &p));
    TRY(send_all(&s, p, args, n_args));
    db->moved += ret == NULL;
    if (ret == NULL && p->gathers)
        return postgres_gather(db, p, s.values, s.lengths);
    TRY(postgres_gathered_send(db));
    TRY(postgres_ahead(db));
    if (PQsendQueryPrepared(db->c, p->name, p->n_params, s.values, s.lengths, s.formats, 1) != 1)
        return E_DB;
    return ret ? pending_take(db, ret) : OK;
}

static enum err exec(struct db *base, const struct sql *sql, const struct arg *args,
    size_t n_args, int64_t *ret_changed)
{
    struct postgres_db *db = own(base);
    PGresult *r = NULL;
    int64_t changed = 0;
    if (db->hasty && ret_changed == NULL)
        return exec_ahead(db, sql, args, n_args, NULL);
    if (db->hasty)
        TRY(exec_ahead(db, sql, args, n_args, &r));
    else
        TRY(execute(db, sql, args, n_args, &r));
    if (!str_to_i64(str_c(PQcmdTuples(r)), &changed))
        changed = 0;            /* not a statement that touches rows */
    db->moved += changed;
    PQclear(r);
    if (ret_changed)
        *ret_changed = changed;
    return OK;
}

static int64_t rows_changed(const struct db *db)
{
    return own(db)->moved;
}

/* Rows ---------------------------------------------------------------------------------------- */

static void rows_take(struct rows *rows, PGresult *r)
{
    PQclear(rows->of);
    rows->of = r;
    rows->at = -1;
    rows->n = PQntuples(r);
    rows->columns = PQnfields(r);
}

static enum err cursor_fetch(struct rows *rows)
{
    struct postgres_db *db = own(rows->db);
    char text[64];
    TRY(answers_take(db));
    (void)snprintf(text, sizeof(text), "FETCH %d FROM c%u", FETCH_ROWS, rows->number);
    PGresult *r = answer(db, PQsendQueryParams(db->c, text, 0, NULL, NULL, NULL, NULL, 1));
    enum err e = from_result(db, r, rows->sql->name);
    if (e == OK)
        rows_take(rows, r);
    else
        PQclear(r);
    return e;
}

static enum err cursor_declare(struct postgres_db *db, const struct sql *sql,
    const struct arg *args, size_t n_args, unsigned number)
{
    struct postgres_statement *p;
    struct postgres_sent s;
    struct arena a;
    TRY(answers_take(db));
    TRY(prepared_get(db, sql, &p));
    TRY(send_all(&s, p, args, n_args));
    db->patient = true;
    arena_init(&a, 1 << 20);
    struct str text = arena_fmt(&a, "DECLARE c%u NO SCROLL CURSOR FOR %s", number, sql->text);
    enum err e = postgres_take(db, answer(db, PQsendQueryParams(db->c, text.p, p->n_params,
        p->params, s.values, s.lengths, s.formats, 1)), sql->name);
    arena_free(&a);
    return e;
}

static void rollback(struct db *base)
{
    struct postgres_db *db = own(base);
    postgres_gathered_drop(db);
    enum err late = answers_take(db);       /* it is undone, whatever it was */
    if (db->inside && PQstatus(db->c) == CONNECTION_OK)
        late = postgres_run(db, "ROLLBACK");
    (void)late;
    db->due = db->inside = db->hasty = db->patient = false;
}

/* Cursors live in transactions: without one, this statement gets its own. */
static enum err cursor_open(struct postgres_db *db, const struct sql *sql, const struct arg *args,
    size_t n_args, struct rows *ret)
{
    ret->own_transaction = !db->inside && !db->due;
    db->due = db->due || ret->own_transaction;
    ret->number = ++db->cursors;
    enum err e = cursor_declare(db, sql, args, n_args, ret->number);
    if (e == OK)
        e = cursor_fetch(ret);
    if (e != OK && ret->own_transaction)
        rollback(&db->base);
    return e;
}

static enum err rows_open(struct db *base, const struct sql *sql, const struct arg *args,
    size_t n_args, bool in_parts, struct rows *ret)
{
    struct postgres_db *db = own(base);
    PGresult *r;
    if (in_parts)
        return cursor_open(db, sql, args, n_args, ret);
    TRY(execute(db, sql, args, n_args, &r));
    rows_take(ret, r);
    return OK;
}

static enum err rows_next(struct rows *rows, bool *ret_any)
{
    if (++rows->at == rows->n && rows->number && rows->n == FETCH_ROWS) {
        TRY(cursor_fetch(rows));
        rows->at++;
    }
    *ret_any = rows->at < rows->n;
    return OK;
}

static void rows_close(struct rows *rows)
{
    struct postgres_db *db = own(rows->db);
    char text[32];
    PQclear(rows->of);
    if (rows->own_transaction) {
        rollback(rows->db);
    } else if (rows->number && PQtransactionStatus(db->c) == PQTRANS_INTRANS) {
        (void)snprintf(text, sizeof(text), "CLOSE c%u", rows->number);
        if (postgres_run(db, text) != OK)
            rows->db->spoilt = true;
    }
}

static enum err value_read(struct rows *rows, int c, struct arena *a, enum field_type type,
    void *at)
{
    const PGresult *r = rows->of;
    if (PQgetisnull(r, rows->at, c))
        return OK;
    struct str value = { PQgetvalue(r, rows->at, c), (size_t)PQgetlength(r, rows->at, c) };
    if (postgres_value(PQftype(r, c), value, a, type, at))
        return OK;
    log_line(LOG_ERROR, "db.column", "%s: column %d is of type %u", rows->sql->name, c + 1,
        PQftype(r, c));
    return E_BUG;
}

/* Transactions -------------------------------------------------------------------------------- */

/* One connection writes, and what it read it has locked or decided on alone: READ COMMITTED spares
 * it failures that other writers of a catalogue would cause. */
static enum err begin(struct db *base)
{
    struct postgres_db *db = own(base);
    db->due = true;
    return is_writer(db) ? postgres_ready(db) : OK;
}

static enum err hasten(struct db *base)
{
    struct postgres_db *db = own(base);
    db->due = db->hasty = true;
    return PQstatus(db->c) == CONNECTION_OK ? OK : E_DB;
}

/* The server's position comes right behind a commit, which costs no round trip. It warns when it
 * stops waiting for its replicas. */
static enum err committed(struct postgres_db *db, enum err e, PGresult *r)
{
    if (e == OK && (db->warned
        || (is_writer(db) && !str_to_i64(str_c(PQgetvalue(r, 0, 0)), &db->committed))))
        e = E_DB;
    PQclear(r);
    return e;
}

/* Behind all that was sent, so that the whole transaction waits for one answer. The server passes
 * over it when something before it failed, and is then still in the transaction; if it is not, what
 * failed came with the commit or behind it. */
static enum err commit_ahead(struct postgres_db *db)
{
    PGresult *r = NULL;
    if (PQtransactionStatus(db->c) == PQTRANS_INERROR)
        return E_CONFLICT;
    TRY(postgres_gathered_send(db));
    TRY(postgres_text_ahead(db, "COMMIT"));
    TRY(postgres_text_ahead(db, POSTGRES_POSITION));
    enum err e = pending_take(db, &r);
    if (e != OK && PQtransactionStatus(db->c) == PQTRANS_INERROR)
        return E_CONFLICT;
    return committed(db, e, r);
}

/* A transaction in which a statement failed would end with "ROLLBACK", no error to the server. */
static enum err commit_now(struct postgres_db *db)
{
    if (PQtransactionStatus(db->c) == PQTRANS_INERROR)
        return E_DB;
    PGresult *r = answer(db, PQsendQuery(db->c, is_writer(db) ? "COMMIT;" POSTGRES_POSITION
        : "COMMIT"));
    return committed(db, from_result(db, r, "COMMIT"), r);
}

static enum err commit(struct db *base)
{
    struct postgres_db *db = own(base);
    bool nothing = !db->inside, hasty = db->hasty;
    db->due = db->hasty = db->patient = db->warned = false;
    if (nothing)
        return OK;
    enum err e = hasty ? commit_ahead(db) : commit_now(db);
    db->inside = e == E_CONFLICT;       /* still to be undone */
    return e;
}

static enum err savepoint(struct db *db)
{
    TRY(postgres_ready(own(db)));
    return postgres_run(own(db), "SAVEPOINT step");
}

static enum err release(struct db *db)
{
    return postgres_run(own(db), "RELEASE SAVEPOINT step");
}

static enum err rollback_to(struct db *db)
{
    enum err late = answers_take(own(db));
    (void)late;
    return own(db)->inside
        ? postgres_run(own(db), "ROLLBACK TO SAVEPOINT step; RELEASE SAVEPOINT step") : OK;
}

enum err postgres_number(struct postgres_db *db, const char *text, int64_t *ret)
{
    PGresult *r = answer(db, PQsendQueryParams(db->c, text, 0, NULL, NULL, NULL, NULL, 1));
    enum err e = from_result(db, r, text);
    if (e == OK
        && (PQntuples(r) != 1 || !postgres_integer(PQftype(r, 0), PQgetvalue(r, 0, 0), ret)))
        e = E_DB;
    PQclear(r);
    return e;
}

/* The first column of the first row, if there is one. */
enum err postgres_text(struct postgres_db *db, struct arena *a, const char *text, struct str *ret)
{
    PGresult *r = answer(db, PQsendQuery(db->c, text));
    enum err e = from_result(db, r, text);
    if (e == OK && PQntuples(r) > 0)
        *ret = arena_fmt(a, "%s", PQgetvalue(r, 0, 0));
    PQclear(r);
    return e;
}

/* The plan is the one that does not look at arguments, as all are here (session_set_up()). */
static enum err explain(struct db *base, struct arena *a, const struct sql *sql, struct str *ret)
{
    struct postgres_db *db = own(base);
    struct postgres_statement *p;
    struct buf text = buf_in(a, 4096), b = buf_in(a, 1 << 16);
    TRY(prepared_get(db, sql, &p));
    buf_fmt(&text, "EXPLAIN EXECUTE %s%s", p->name, p->n_params ? "(NULL" : "");
    for (int i = 1; i < p->n_params; i++)
        buf_add(&text, STR(", NULL"));
    if (p->n_params)
        buf_byte(&text, ')');
    buf_byte(&text, '\0');
    PGresult *r = answer(db, PQsendQuery(db->c, text.p));
    enum err e = from_result(db, r, sql->name);
    for (int i = 0; e == OK && i < PQntuples(r); i++)
        buf_fmt(&b, "%s\n", PQgetvalue(r, i, 0));
    PQclear(r);
    TRY(e);
    *ret = buf_str(&b);
    return OK;
}

const struct driver postgres_driver = {
    .remark = "/*postgres:", .open = open_db, .close = close_db, .is_lost = is_lost,
    .claim = postgres_claim, .hold = postgres_hold, .let_go = postgres_let_go,
    .share = postgres_share, .is_held = postgres_is_held, .tell = postgres_tell,
    .hear = postgres_hear,
    .position_read = postgres_position_read, .position_committed = postgres_position_committed,
    .cut = postgres_cut, .exec = exec, .rows_open = rows_open, .rows_next = rows_next,
    .rows_close = rows_close, .value_read = value_read, .rows_changed = rows_changed,
    .begin = begin, .commit = commit, .rollback = rollback, .hasten = hasten,
    .savepoint = savepoint, .release = release, .rollback_to = rollback_to,
    .migration_begin = postgres_migration_begin, .version_read = postgres_version_read,
    .version_text = postgres_version_text, .foundation = postgres_foundation,
    .unless_there = postgres_unless_there,
    .script = postgres_script, .explain = explain, .rows_put = postgres_rows_put,
    .loaded = postgres_loaded, .tables = &postgres_tables,
    .rights = &postgres_rights, .powers = &postgres_powers,
    .byte_order = " COLLATE \"C\"", .parts = &postgres_parts, .part_look = postgres_part_look,
    .archive_begin = postgres_archive_begin, .part_close = postgres_part_close,
    .part_move = postgres_part_move,
};
