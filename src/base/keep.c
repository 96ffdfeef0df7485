/* keep.c: sets of 32 texts each, with an equal share of the bytes. Any of a set makes room, not the
 * oldest: who goes round and round more texts than there is room for finds most of them. */
#include "base/keep.h"
#include <pthread.h>

enum { WAYS = 32, LOCKS = 64 };
struct kept { uint64_t hash; struct keep_key key; char *text; size_t n; };
struct set { struct kept texts[WAYS]; size_t bytes; uint32_t draw; };
struct keep {
    pthread_mutex_t locks[LOCKS];
    size_t n_sets, set_bytes_max;
    struct set sets[];
};

struct keep *keep_make(size_t texts_max, size_t bytes_max)
{
    size_t n = texts_max / WAYS + 1;
    struct keep *k = heap_alloc(sizeof(*k) + n * sizeof(k->sets[0]));
    k->n_sets = n;
    k->set_bytes_max = bytes_max / n;
    for (size_t i = 0; i < LOCKS; i++)
        CHECK(pthread_mutex_init(&k->locks[i], NULL) == 0);
    return k;
}

void keep_free(struct keep *k)
{
    if (k == NULL)
        return;
    for (size_t i = 0; i < k->n_sets; i++)
        for (size_t w = 0; w < WAYS; w++)
            heap_free(k->sets[i].texts[w].text);
    for (size_t i = 0; i < LOCKS; i++)
        (void)pthread_mutex_destroy(&k->locks[i]);
    heap_free(k);
}

/* The finaliser of splitmix64 (Steele, Lea, Flood 2014) over the parts in turn. */
static uint64_t hash_of(const struct keep_key *key)
{
    uint64_t x = 0;
    for (size_t i = 0; i < KEEP_PARTS; i++) {
        x = (x ^ (uint64_t)key->parts[i]) + UINT64_C(0x9E3779B97F4A7C15);
        x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
        x ^= x >> 31;
    }
    return x;
}

static struct kept *find(struct set *s, uint64_t hash, const struct keep_key *key)
{
    for (size_t w = 0; w < WAYS; w++)
        if (s->texts[w].hash == hash && s->texts[w].text
            && memcmp(&s->texts[w].key, key, sizeof(*key)) == 0)
            return &s->texts[w];
    return NULL;
}

bool keep_get(struct keep *k, const struct keep_key *key, struct buf *out)
{
    uint64_t hash = hash_of(key);
    size_t at = (size_t)(hash % k->n_sets);
    CHECK(pthread_mutex_lock(&k->locks[at % LOCKS]) == 0);
    const struct kept *p = find(&k->sets[at], hash, key);
    if (p)
        buf_add(out, (struct str){ p->text, p->n });
    CHECK(pthread_mutex_unlock(&k->locks[at % LOCKS]) == 0);
    return p != NULL;
}

static void drop(struct set *s, struct kept *p)
{
    s->bytes -= p->n;
    heap_free(p->text);
    *p = (struct kept){ .text = NULL };
}

/* A linear congruential generator (Numerical Recipes); its upper bits are the better ones. */
static struct kept *any(struct set *s)
{
    s->draw = s->draw * 1664525u + 1013904223u;
    return &s->texts[(s->draw >> 16) % WAYS];
}

/* A free place in s for n more bytes. */
static struct kept *room(struct set *s, size_t n, size_t bytes_max)
{
    while (s->bytes + n > bytes_max)
        drop(s, any(s));
    for (size_t w = 0; w < WAYS; w++)
        if (s->texts[w].text == NULL)
            return &s->texts[w];
    struct kept *p = any(s);
    drop(s, p);
    return p;
}

void keep_put(struct keep *k, const struct keep_key *key, struct str text)
{
    if (text.n == 0 || text.n > k->set_bytes_max)
        return;
    char *copy = heap_alloc(text.n);
    uint64_t hash = hash_of(key);
    size_t at = (size_t)(hash % k->n_sets);
    struct set *s = &k->sets[at];
    memcpy(copy, text.p, text.n);
    CHECK(pthread_mutex_lock(&k->locks[at % LOCKS]) == 0);
    struct kept *same = find(s, hash, key);
    if (same)
        drop(s, same);
    *room(s, text.n, k->set_bytes_max) = (struct kept){ hash, *key, copy, text.n };
    s->bytes += text.n;
    CHECK(pthread_mutex_unlock(&k->locks[at % LOCKS]) == 0);
}
