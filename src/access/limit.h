/* limit.h: how often one address or account may do something: token buckets in memory. A limit is
 * exact as long as fewer than 65,536 keys are busy at once; beyond that the bucket nearest to full
 * among eight is forgotten. Thread-safe. */
#pragma once
#include "base/err.h"
#include "crypto/hash.h"

/* burst at once, then per_minute a minute or, of what is slower, per_hour an hour; both 0: no limit. */
struct limiter_rate { int64_t per_minute, burst, per_hour; };

struct limiter;
/* secret hashes the keys; servers that tell each other what was taken have the same one. */
struct limiter *limiter_make(const struct hash *secret);
void limiter_free(struct limiter *l);
/* Takes one token of the bucket of kind and key (an address, an account; kept only as a keyed
 * hash). E_LIMIT when there is none; then ret_wait_ms says when there will be. */
enum err limiter_take(struct limiter *l, const char *kind, struct str key,
    const struct limiter_rate *rate, int64_t now_ms, int64_t *ret_wait_ms) MUST_USE;
/* The same question without taking: for limits on failures, which are taken when one happens. */
enum err limiter_peek(struct limiter *l, const char *kind, struct str key,
    const struct limiter_rate *rate, int64_t now_ms, int64_t *ret_wait_ms) MUST_USE;

/* What was taken here, for other servers to count too. Of what nobody asks for in time the oldest
 * is forgotten. */
enum { LIMITER_KEY_BYTES = 16 };
struct limiter_spent { unsigned char key[LIMITER_KEY_BYTES]; int64_t token_us; };
/* At most max of them, each told once; how many. */
size_t limiter_spent_take(struct limiter *l, struct limiter_spent *ret, size_t max);
/* Counts what another server told. */
void limiter_spent_add(struct limiter *l, const struct limiter_spent *spent, int64_t now_ms);
