/* limit.c: buckets as one time stamp each (the generic cell rate algorithm, ITU-T I.371): the
 * moment at which the bucket will be full again. Nothing runs in the background. */
#include "access/limit.h"
#include <pthread.h>

enum { SETS = 8192, WAYS = 8, SPENT_MAX = 4096 };
struct bucket { unsigned char key[LIMITER_KEY_BYTES]; int64_t full_us; };
struct limiter {
    pthread_mutex_t lock;
    struct hash secret;
    struct bucket buckets[SETS][WAYS];
    struct limiter_spent spent[SPENT_MAX];      /* a ring: n_spent of them before next_spent */
    size_t next_spent, n_spent;
};

struct limiter *limiter_make(const struct hash *secret)
{
    struct limiter *l = heap_alloc(sizeof(*l));
    CHECK(pthread_mutex_init(&l->lock, NULL) == 0);
    l->secret = *secret;
    return l;
}

void limiter_free(struct limiter *l)
{
    (void)pthread_mutex_destroy(&l->lock);
    heap_free(l);
}

/* The bucket of this key: its own, else the one whose loss matters least: full ones first. */
static struct bucket *bucket_find(struct limiter *l, const unsigned char *key)
{
    struct bucket *set = l->buckets[(key[0] << 8 | key[1]) % SETS], *victim = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (memcmp(set[i].key, key, sizeof(set[i].key)) == 0)
            return &set[i];
        if (set[i].full_us < victim->full_us)
            victim = &set[i];
    }
    memcpy(victim->key, key, sizeof(victim->key));
    victim->full_us = 0;
    return victim;
}

static int64_t token_us_of(const struct limiter_rate *rate)
{
    const int64_t minute_us = 60 * INT64_C(1000000);
    return rate->per_minute > 0 ? minute_us / rate->per_minute : 60 * minute_us / rate->per_hour;
}

static void spent_note(struct limiter *l, const struct bucket *b, int64_t token_us)
{
    struct limiter_spent *s = &l->spent[l->next_spent];
    memcpy(s->key, b->key, sizeof(s->key));
    s->token_us = token_us;
    l->next_spent = (l->next_spent + 1) % SPENT_MAX;
    l->n_spent += l->n_spent < SPENT_MAX;
}

static enum err bucket_take(struct bucket *b, const struct limiter_rate *rate, int64_t now_us,
    bool take, int64_t *ret_wait_ms)
{
    int64_t token_us = token_us_of(rate);
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
    if (rate->per_minute <= 0 && rate->per_hour <= 0)
        return OK;
    struct hash h = hash_hmac(l->secret.b, kind, key);
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    struct bucket *b = bucket_find(l, h.b);
    enum err e = bucket_take(b, rate, now_ms * 1000, take, ret_wait_ms);
    if (e == OK && take)
        spent_note(l, b, token_us_of(rate));
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

size_t limiter_spent_take(struct limiter *l, struct limiter_spent *ret, size_t max)
{
    size_t n = 0;
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    for (; n < max && l->n_spent; n++, l->n_spent--)
        ret[n] = l->spent[(l->next_spent + SPENT_MAX - l->n_spent) % SPENT_MAX];
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
    return n;
}

void limiter_spent_add(struct limiter *l, const struct limiter_spent *spent, int64_t now_ms)
{
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    struct bucket *b = bucket_find(l, spent->key);
    b->full_us = (b->full_us > now_ms * 1000 ? b->full_us : now_ms * 1000) + spent->token_us;
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
}
