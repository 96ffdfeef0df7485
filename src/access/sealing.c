/* sealing.c: reading the words, and following them. */
#include "access/sealing.h"
#include "base/clock.h"
#include "base/log.h"
#include "crypto/bytes.h"
#include "crypto/hash.h"

enum { LOOK_US = 250000, TRIES = 10, ARENA_BYTES = 4096 };

SQL_READS(READ, "sealing.read", "SELECT sealing FROM node_key WHERE one = 1");
SQL_WRITES(SWAP, "sealing.swap", "UPDATE node_key SET sealing = $2 WHERE one = 1 AND sealing = $1");
#define SEALING_ROW(X, R) X(R, STR, words, 0, 0, 0, NULL, "")
RECORD(sealing_row, SEALING_ROW)
RECORD_DEFINE(sealing_row, SEALING_ROW)
const struct sql *const sealing_statements[] = { &READ, &SWAP };
const size_t sealing_statements_n = COUNT_OF(sealing_statements);

enum err sealing_read(struct db *db, struct arena *a, struct str *ret)
{
    struct sealing_row row = { .words = STR("") };
    enum err e = db_one(db, a, &READ, NO_ARGS, &sealing_row_record, &row);
    *ret = row.words;
    return e == E_MISSING ? OK : e;
}

enum err sealing_swap(struct db *db, struct str from, struct str to, bool *ret_done)
{
    int64_t changed = 0;
    TRY(db_exec(db, &SWAP, ARGS(S(from), S(to)), &changed));
    *ret_done = changed == 1;
    return OK;
}

bool sealing_fits(const struct node_keys *k, struct str words)
{
    while (words.n) {
        struct str word = str_cut(words, ' ', &words);
        if (keys_find(k, word) < 0)
            return false;
    }
    return true;
}

/* Ids, which are numbers of what is held too, have 40 bits. */
int64_t sealing_number(struct str words)
{
    struct hash h = hash_sha256(words);
    return (int64_t)(bytes_get_u64(h.b) >> 2 | UINT64_C(1) << 62);
}

/* Read again once the number is shared: who writes new words may have looked just before.
 * E_MISSING: the key file lacks a key that is named. */
static enum err agree(struct sealing *s, struct db *db, struct arena *a, struct str *words)
{
    struct str again = STR("");
    struct err_info info = { .e = OK };
    for (int tries = 0; tries < TRIES; tries++) {
        if (!sealing_fits(s->keys, *words)
            && (keys_learn(s->keys, s->path, &info) != OK || !sealing_fits(s->keys, *words)))
            return E_MISSING;
        TRY(db_share(db, sealing_number(*words)));
        TRY(sealing_read(db, a, &again));
        if (str_eq(again, *words))
            return OK;
        *words = again;
    }
    return E_DB;
}

/* Where the key file is a copy that has not been brought up to date, a server goes on by the former
 * words, whose number it shares: so nobody goes further. A new connection shares none yet. */
static enum err lacks(struct sealing *s, bool renewed)
{
    if (!s->lacks)
        log_line(LOG_ERROR, "sealing.key", "the sealing key is being turned, and %s lacks the new one:"
            " copy the key file here", s->path);
    s->lacks = true;
    return renewed ? E_DB : OK;
}

static enum err follow(struct sealing *s, struct db *db, struct arena *a, bool renewed)
{
    struct str words = STR(""), rest = STR("");
    TRY(sealing_read(db, a, &words));
    if (!renewed && str_is(words, s->words))
        return OK;
    enum err e = agree(s, db, a, &words);
    if (e == E_MISSING)
        return lacks(s, renewed);
    TRY(e);
    s->lacks = false;
    ptrdiff_t at = keys_find(s->keys, str_cut(words, ' ', &rest));
    if (at >= 0)
        atomic_store(&s->keys->sealing, (size_t)at);
    CHECK(words.n <= SEALING_CHARS);
    memcpy(s->words, words.p, words.n);
    s->words[words.n] = '\0';
    return OK;
}

enum err sealing_follow(struct sealing *s, struct db *db, bool renewed)
{
    struct arena a;
    int64_t now_us = clock_monotonic_us();
    if (!renewed && now_us - s->looked_us < LOOK_US)
        return OK;
    arena_init(&a, ARENA_BYTES);
    enum err e = follow(s, db, &a, renewed);
    if (e == OK)
        s->looked_us = now_us;
    arena_free(&a);
    return e;
}
