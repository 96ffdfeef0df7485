/* keep.c: sets of eight texts each, with an equal share of the bytes; what exceeds either displaces
 * the oldest of the set. */
#include "base/keep.h"
#include <pthread.h>

enum { WAYS = 8, LOCKS = 64 };
struct kept { struct keep_key key; char *text; size_t n; };
struct set { struct kept texts[WAYS]; size_t bytes; unsigned oldest; };
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
static size_t set_of(const struct keep *k, const struct keep_key *key)
{
    uint64_t x = 0;
    for (size_t i = 0; i < KEEP_PARTS; i++) {
        x = (x ^ (uint64_t)key->parts[i]) + UINT64_C(0x9E3779B97F4A7C15);
        x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
        x ^= x >> 31;
    }
    return (size_t)(x % k->n_sets);
}

static struct kept *find(struct set *s, const struct keep_key *key)
{
    for (size_t w = 0; w < WAYS; w++)
        if (s->texts[w].text && memcmp(&s->texts[w].key, key, sizeof(*key)) == 0)
            return &s->texts[w];
    return NULL;
}

bool keep_get(struct keep *k, const struct keep_key *key, struct buf *out)
{
    size_t at = set_of(k, key);
    CHECK(pthread_mutex_lock(&k->locks[at % LOCKS]) == 0);
    const struct kept *p = find(&k->sets[at], key);
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

/* A free place in s for n more bytes; the oldest texts make room. */
static struct kept *room(struct set *s, size_t n, size_t bytes_max)
{
    struct kept *p;
    do {
        p = &s->texts[s->oldest++ % WAYS];
        drop(s, p);
    } while (s->bytes + n > bytes_max);
    return p;
}

void keep_put(struct keep *k, const struct keep_key *key, struct str text)
{
    if (text.n == 0 || text.n > k->set_bytes_max)
        return;
    char *copy = heap_alloc(text.n);
    size_t at = set_of(k, key);
    struct set *s = &k->sets[at];
    memcpy(copy, text.p, text.n);
    CHECK(pthread_mutex_lock(&k->locks[at % LOCKS]) == 0);
    struct kept *same = find(s, key);
    if (same)
        drop(s, same);
    *room(s, text.n, k->set_bytes_max) = (struct kept){ *key, copy, text.n };
    s->bytes += text.n;
    CHECK(pthread_mutex_unlock(&k->locks[at % LOCKS]) == 0);
}
