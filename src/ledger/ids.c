/* ids.c: blocks of ids. */
#include "ledger/ids.h"
#include "base/clock.h"
#include <poll.h>

enum { BLOCK_MIN = 4096, BLOCK_TIMES = 4, TRIES = 50, PAUSE_MS = 10 };
/* How long newer ids of others may stand beside older ones of a block. */
static const int64_t block_us = 10 * 1000 * 1000;

SQL_READS(NEWEST, "ids.newest", "SELECT first FROM id_block ORDER BY first DESC LIMIT 1");
SQL_READS(NEXT, "ids.next", "SELECT upto FROM id_block ORDER BY first DESC LIMIT 1");
SQL_WRITES(TAKE, "ids.take", "INSERT INTO id_block (first, upto, logged) VALUES ($1, $2, $3)"
    " ON CONFLICT DO NOTHING");
const struct sql *const ids_statements[] = { &NEWEST, &NEXT, &TAKE };
const size_t ids_statements_n = COUNT_OF(ids_statements);

/* The number is held before anybody can see the block, so that nobody takes it for one that is
 * through. */
static enum err block_try(struct db *db, int64_t size, int64_t *ret_first, bool *ret_taken)
{
    int64_t changed = 0;
    TRY(db_number(db, &NEXT, NO_ARGS, ret_first));
    TRY(db_hold(db, *ret_first, ret_taken));
    if (!*ret_taken)
        return OK;
    TRY(db_exec(db, &TAKE, ARGS(I(*ret_first), I(*ret_first + size), I(*ret_first - 1)), &changed));
    *ret_taken = changed == 1;
    return OK;
}

static enum err block_take(struct db *db, int64_t size, int64_t *ret_first, bool *ret_taken)
{
    TRY(db_begin(db));
    *ret_taken = false;
    *ret_first = 0;
    enum err e = block_try(db, size, ret_first, ret_taken);
    if (e == OK && *ret_taken)
        e = db_commit(db);
    else
        db_rollback(db);
    if (*ret_first && (e != OK || !*ret_taken))
        db_let_go(db, *ret_first);
    return e;
}

static enum err block_new(struct db *db, struct ids *ids, int64_t n)
{
    int64_t first = 0, size = n * BLOCK_TIMES > BLOCK_MIN ? n * BLOCK_TIMES : BLOCK_MIN;
    bool taken = false;
    for (int tries = 0; !taken && tries < TRIES; tries++) {
        if (tries)
            (void)poll(NULL, 0, PAUSE_MS);
        TRY(block_take(db, size, &first, &taken));
    }
    if (!taken)
        return E_BUSY;
    if (ids->first)
        db_let_go(db, ids->first);
    *ids = (struct ids){ first - 1, first + size, first, clock_monotonic_us() };
    return OK;
}

enum err ids_ensure(struct db *db, struct ids *ids, int64_t n)
{
    int64_t newest;
    if (ids->end - 1 - ids->last < n)
        return block_new(db, ids, n);
    if (clock_monotonic_us() - ids->taken_us < block_us)
        return OK;
    TRY(db_number(db, &NEWEST, NO_ARGS, &newest));
    if (newest != ids->first)
        return block_new(db, ids, n);
    ids->taken_us = clock_monotonic_us();
    return OK;
}

int64_t ids_next(struct ids *ids)
{
    CHECK(ids->last + 1 < ids->end);
    return ++ids->last;
}
