/* limit.h: how often one address or account may do something: token buckets in memory. A limit is
 * exact as long as fewer than 65,536 keys are busy at once; beyond that the bucket nearest to full
 * among eight is forgotten. Thread-safe. */
#pragma once
#include "base/err.h"
#include "base/rand.h"

/* burst at once, then per_minute a minute; per_minute 0: no limit. */
struct limiter_rate { int64_t per_minute, burst; };

struct limiter;
struct limiter *limiter_make(struct rand *r);
void limiter_free(struct limiter *l);
/* Takes one token of the bucket of kind and key (an address, an account; kept only as a keyed
 * hash). E_LIMIT when there is none; then ret_wait_ms says when there will be. */
enum err limiter_take(struct limiter *l, const char *kind, struct str key,
    const struct limiter_rate *rate, int64_t now_ms, int64_t *ret_wait_ms) MUST_USE;
/* The same question without taking: for limits on failures, which are taken when one happens. */
enum err limiter_peek(struct limiter *l, const char *kind, struct str key,
    const struct limiter_rate *rate, int64_t now_ms, int64_t *ret_wait_ms) MUST_USE;
