/* session.c: one place for each session, found by its hash; two that share a place displace each
 * other. */
#include "access/session.h"
#include "crypto/hash.h"
#include <pthread.h>
#include <stdatomic.h>

enum { LOCKS = 32, NAME_BYTES_MAX = 160, USERNAME_BYTES_MAX = 48, CSRF_BYTES_MAX = 48 };

/* actor's texts point into this struct only while it is being read out. */
struct kept {
    unsigned char token[HASH_BYTES];
    int64_t read_ms, expires_ms;        /* read_ms 0: nothing is kept here */
    struct actor actor;
    char name[NAME_BYTES_MAX], username[USERNAME_BYTES_MAX], csrf[CSRF_BYTES_MAX];
};
struct sessions {
    pthread_mutex_t locks[LOCKS];
    atomic_ullong forgotten;
    size_t n;
    struct kept places[];
};

struct sessions *sessions_make(size_t sessions_max)
{
    struct sessions *s = heap_alloc(sizeof(*s) + sessions_max * sizeof(s->places[0]));
    s->n = sessions_max;
    for (size_t i = 0; i < LOCKS; i++)
        CHECK(pthread_mutex_init(&s->locks[i], NULL) == 0);
    return s;
}

void sessions_free(struct sessions *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < LOCKS; i++)
        (void)pthread_mutex_destroy(&s->locks[i]);
    heap_free(s);
}

/* The hash is keyed and even, so any of its bytes will do. */
static size_t place_of(const struct sessions *s, struct str token_hash)
{
    uint64_t x;
    CHECK(token_hash.n == HASH_BYTES);
    memcpy(&x, token_hash.p, sizeof(x));
    return (size_t)(x % s->n);
}

static pthread_mutex_t *hold(struct sessions *s, size_t place)
{
    pthread_mutex_t *lock = &s->locks[place % LOCKS];
    CHECK(pthread_mutex_lock(lock) == 0);
    return lock;
}

static bool is_kept(const struct kept *k, struct str token_hash, int64_t now_ms)
{
    return k->read_ms && memcmp(k->token, token_hash.p, HASH_BYTES) == 0
        && now_ms >= k->read_ms && now_ms - k->read_ms < SESSION_KEPT_MS
        && now_ms < k->expires_ms;
}

bool sessions_get(struct sessions *s, struct arena *a, struct str token_hash, int64_t now_ms,
    struct actor *ret, uint64_t *ret_moment)
{
    size_t place = place_of(s, token_hash);
    const struct kept *k = &s->places[place];
    *ret_moment = atomic_load(&s->forgotten);
    pthread_mutex_t *lock = hold(s, place);
    bool found = is_kept(k, token_hash, now_ms);
    if (found) {
        *ret = k->actor;
        ret->name = arena_dup(a, k->name, k->actor.name.n);
        ret->username = arena_dup(a, k->username, k->actor.username.n);
        ret->csrf = arena_dup(a, k->csrf, k->actor.csrf.n);
        ret->session = token_hash;
    }
    CHECK(pthread_mutex_unlock(lock) == 0);
    return found;
}

static bool fits(const struct actor *actor)
{
    return actor->name.n <= NAME_BYTES_MAX && actor->username.n <= USERNAME_BYTES_MAX
        && actor->csrf.n <= CSRF_BYTES_MAX;
}

static void text_keep(char *into, struct str *text)
{
    memcpy(into, text->p, text->n);
    text->p = NULL;
}

void sessions_put(struct sessions *s, const struct actor *actor, int64_t expires_ms,
    int64_t now_ms, uint64_t moment)
{
    if (!fits(actor))
        return;
    size_t place = place_of(s, actor->session);
    pthread_mutex_t *lock = hold(s, place);
    if (atomic_load(&s->forgotten) == moment) {
        struct kept *k = &s->places[place];
        memcpy(k->token, actor->session.p, HASH_BYTES);
        k->read_ms = now_ms;
        k->expires_ms = expires_ms;
        k->actor = *actor;
        text_keep(k->name, &k->actor.name);
        text_keep(k->username, &k->actor.username);
        text_keep(k->csrf, &k->actor.csrf);
        k->actor.session = STR_NONE;
    }
    CHECK(pthread_mutex_unlock(lock) == 0);
}

void sessions_forget(struct sessions *s, struct str token_hash)
{
    size_t place = place_of(s, token_hash);
    pthread_mutex_t *lock = hold(s, place);
    atomic_fetch_add(&s->forgotten, 1);
    if (memcmp(s->places[place].token, token_hash.p, HASH_BYTES) == 0)
        s->places[place].read_ms = 0;
    CHECK(pthread_mutex_unlock(lock) == 0);
}
