/* postgres_peer.c: what servers that share a database agree on, by advisory locks, and what they
 * tell each other, by LISTEN and NOTIFY. Both end with the connection, so that nobody has to clean
 * up after a server that was killed. And how servers that follow others are read from. */
#include "db/postgres.h"
#include "base/log.h"
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>

/* Pairs of numbers: the program's own, then what for. Single numbers are those of db_hold(). */
#define LOCK_SERVING "(1718513513, 1)"

/* A server that ends, or was killed, is given the time to be gone (lock_timeout). What is found
 * may have been committed by somebody who never heard so, and may not have reached the replicas
 * that commits wait for: a commit of our own waits for it too, unless somebody calls it off. */
enum err postgres_claim(struct db *base, enum claim how)
{
    struct postgres_db *db = own(base);
    TRY(postgres_run(db, how == CLAIM_ALONE ? "SELECT pg_advisory_lock" LOCK_SERVING
        : "SELECT pg_advisory_lock_shared" LOCK_SERVING));
    db->warned = false;
    TRY(postgres_run(db, "SELECT pg_logical_emit_message(true, 'fengqiao', 'serving')"));
    return db->warned ? E_DB : OK;
}

enum err postgres_hold(struct db *base, int64_t number, bool *ret_got)
{
    struct postgres_db *db = own(base);
    char text[64];
    int64_t got = 0;
    TRY(postgres_ready(db));
    for (size_t i = 0; i < db->n_held; i++)
        if (db->held[i] == number) {
            *ret_got = true;
            return OK;
        }
    CHECK(db->n_held < HELD_MAX);
    (void)snprintf(text, sizeof(text), "SELECT pg_try_advisory_lock(%lld)", (long long)number);
    TRY(postgres_number(db, text, &got));
    if (got)
        db->held[db->n_held++] = number;
    *ret_got = got;
    return OK;
}

void postgres_let_go(struct db *base, int64_t number)
{
    struct postgres_db *db = own(base);
    char text[64];
    size_t at = 0;
    while (at < db->n_held && db->held[at] != number)
        at++;
    if (at == db->n_held)
        return;
    db->held[at] = db->held[--db->n_held];
    (void)snprintf(text, sizeof(text), "SELECT pg_advisory_unlock(%lld)", (long long)number);
    if (postgres_run(db, text) != OK)
        log_line(LOG_WARN, "db.let_go", "a number stays held until the connection ends");
}

enum err postgres_share(struct db *base, int64_t number)
{
    struct postgres_db *db = own(base);
    char text[64];
    TRY(postgres_ready(db));
    int64_t before = db->shared;
    if (before == number)
        return OK;
    (void)snprintf(text, sizeof(text), "SELECT pg_advisory_lock_shared(%lld)", (long long)number);
    TRY(postgres_run(db, text));
    db->shared = number;
    if (before == 0)
        return OK;
    (void)snprintf(text, sizeof(text), "SELECT pg_advisory_unlock_shared(%lld)", (long long)before);
    return postgres_run(db, text);
}

/* The lock stands in the list that all may read, its number in two halves. */
enum err postgres_is_held(struct db *base, int64_t number, bool *ret)
{
    struct postgres_db *db = own(base);
    char text[320];
    int64_t held = 0;
    (void)snprintf(text, sizeof(text), "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype ="
        " 'advisory' AND objsubid = 1 AND classid = %llu AND objid = %llu AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
        (unsigned long long)number >> 32, (unsigned long long)number & 0xffffffff);
    TRY(postgres_ready(db));
    TRY(postgres_number(db, text, &held));
    *ret = held;
    return OK;
}

/* Following ----------------------------------------------------------------------------------- */

enum err postgres_position_read(struct db *base, struct db_position *ret)
{
    struct postgres_db *db = own(base);
    int64_t follows;
    TRY(postgres_ready(db));
    TRY(postgres_number(db, "SELECT pg_is_in_recovery()", &follows));
    ret->follows = follows;
    TRY(postgres_number(db, "SELECT system_identifier FROM pg_control_system()", &ret->cluster));
    TRY(postgres_number(db, "SELECT oid::bigint FROM pg_database WHERE datname = current_database()",
        &ret->database));
    return postgres_number(db, follows ? "SELECT (pg_last_wal_replay_lsn() - '0/0')::bigint"
        : POSTGRES_POSITION, &ret->at);
}

int64_t postgres_position_committed(const struct db *db)
{
    return own(db)->committed;
}

/* The library may close its own descriptor meanwhile, and the number may come to name another. */
void postgres_cut(struct db *db)
{
    (void)shutdown(own(db)->wire, SHUT_RDWR);
}

/* Telling and hearing ------------------------------------------------------------------------- */

enum err postgres_tell(struct db *base, struct str text)
{
    static const char *const statement = "SELECT pg_notify('fengqiao', $1)";
    struct postgres_db *db = own(base);
    char held[TELL_BYTES_MAX + 1];
    const char *const values[] = { held };
    memcpy(held, text.p, text.n);
    held[text.n] = '\0';
    TRY(postgres_ready(db));
    PGresult *r = PQexecParams(db->c, statement, 1, NULL, values, NULL, NULL, 0);
    enum err e = PQresultStatus(r) == PGRES_TUPLES_OK ? OK : E_DB;
    if (e != OK)
        log_line(LOG_WARN, "db.tell", "%s", PQerrorMessage(db->c));
    PQclear(r);
    return e;
}

static enum err listen_first(struct postgres_db *db, bool *ret_gap)
{
    TRY(postgres_ready(db));
    *ret_gap = !db->listening;
    if (!db->listening)
        TRY(postgres_run(db, "LISTEN fengqiao"));
    db->listening = true;
    return OK;
}

static void hand_on(struct postgres_db *db, db_hear_fn *fn, void *ctx)
{
    int self = PQbackendPID(db->c);
    for (PGnotify *n; (n = PQnotifies(db->c)) != NULL; PQfreemem(n))
        if (n->be_pid != self)
            fn(ctx, str_c(n->extra));
}

enum err postgres_hear(struct db *base, int bell, int timeout_ms, db_hear_fn *fn, void *ctx,
    bool *ret_gap)
{
    struct postgres_db *db = own(base);
    TRY(listen_first(db, ret_gap));
    hand_on(db, fn, ctx);                   /* what came with the answer to another statement */
    struct pollfd fds[] = { { .fd = PQsocket(db->c), .events = POLLIN },
        { .fd = bell, .events = POLLIN } };
    if (poll(fds, COUNT_OF(fds), timeout_ms) > 0 && fds[0].revents && PQconsumeInput(db->c) != 1)
        return E_DB;
    hand_on(db, fn, ctx);
    return OK;
}
