/* limit.c: buckets as one time stamp each (the generic cell rate algorithm, ITU-T I.371): the
 * moment at which the bucket will be full again. Nothing runs in the background. */
#include "access/limit.h"
#include "crypto/hash.h"
#include <pthread.h>

enum { SETS = 8192, WAYS = 8 };
struct bucket { unsigned char key[16]; int64_t full_us; };
struct limiter {
    pthread_mutex_t lock;
    unsigned char secret[HASH_BYTES];
    struct bucket buckets[SETS][WAYS];
};

struct limiter *limiter_make(struct rand *r)
{
    struct limiter *l = heap_alloc(sizeof(*l));
    CHECK(pthread_mutex_init(&l->lock, NULL) == 0);
    rand_bytes(r, l->secret, sizeof(l->secret));
    return l;
}

void limiter_free(struct limiter *l)
{
    (void)pthread_mutex_destroy(&l->lock);
    heap_free(l);
}

/* The bucket of this key: its own, else the one whose loss matters least: full ones first. */
static struct bucket *bucket_find(struct limiter *l, const struct hash *h)
{
    struct bucket *set = l->buckets[(h->b[16] << 8 | h->b[17]) % SETS], *victim = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (memcmp(set[i].key, h->b, sizeof(set[i].key)) == 0)
            return &set[i];
        if (set[i].full_us < victim->full_us)
            victim = &set[i];
    }
    memcpy(victim->key, h->b, sizeof(victim->key));
    victim->full_us = 0;
    return victim;
}

static enum err bucket_take(struct bucket *b, const struct limiter_rate *rate, int64_t now_us,
    bool take, int64_t *ret_wait_ms)
{
    int64_t token_us = 60 * INT64_C(1000000) / rate->per_minute;
    int64_t depth_us = token_us * rate->burst;
    if (b->full_us > now_us + depth_us)     /* the clock was set back */
        b->full_us = now_us + depth_us;
    int64_t full_us = b->full_us > now_us ? b->full_us : now_us;
    int64_t wait_us = full_us + token_us - depth_us - now_us;
    if (wait_us > 0) {
        *ret_wait_ms = (wait_us + 999) / 1000;
        return E_LIMIT;
    }
    if (take)
        b->full_us = full_us + token_us;
    return OK;
}

static enum err limiter_ask(struct limiter *l, const char *kind, struct str key,
    const struct limiter_rate *rate, int64_t now_ms, bool take, int64_t *ret_wait_ms)
{
    if (rate->per_minute <= 0)
        return OK;
    struct hash h = hash_hmac(l->secret, kind, key);
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    enum err e = bucket_take(bucket_find(l, &h), rate, now_ms * 1000, take, ret_wait_ms);
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
    return e;
}

enum err limiter_take(struct limiter *l, const char *kind, struct str key,
    const struct limiter_rate *rate, int64_t now_ms, int64_t *ret_wait_ms)
{
    return limiter_ask(l, kind, key, rate, now_ms, true, ret_wait_ms);
}

enum err limiter_peek(struct limiter *l, const char *kind, struct str key,
    const struct limiter_rate *rate, int64_t now_ms, int64_t *ret_wait_ms)
{
    return limiter_ask(l, kind, key, rate, now_ms, false, ret_wait_ms);
}
