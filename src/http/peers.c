/* peers.c: what servers that share a database tell each other: matters that changed, for live
 * views; sessions that ended; calls that count against a limit. All of it may be lost without harm:
 * pages load afresh, sessions are believed for a second only, and each server keeps its own limits.
 * So it goes by a connection of its own, after the commits and never within them. */
#include "http/request.h"
#include "access/session.h"
#include "base/log.h"
#include "crypto/bytes.h"
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { QUEUE_BYTES = 1 << 16, LINE_BYTES_MAX = 200, SPENT_AT_ONCE = 128, PERIOD_MS = 100,
    GREET_MS = 5000, ALONE_MS = 30000, PAUSE_MS = 1000 };

struct peers {
    pthread_t thread;
    struct server *server;
    struct db *db;
    struct arena arena;             /* of the thread, for one round */
    atomic_bool stopping;
    int bell;
    int64_t greet_us, heard_us;     /* when we greet next; when somebody was last heard, or 0 */
    pthread_mutex_t lock;           /* of what follows */
    bool overrun;
    size_t n;
    char queue[QUEUE_BYTES];        /* lines, each ended by a line feed */
};

/* Saying -------------------------------------------------------------------------------------- */

static void bell_ring(struct peers *p)
{
    uint64_t one = 1;
    ssize_t ignored = write(p->bell, &one, sizeof(one));
    (void)ignored;
}

static void queue_put(struct peers *p, const char *line, size_t n)
{
    CHECK(pthread_mutex_lock(&p->lock) == 0);
    bool ring = p->n == 0;
    if (p->n + n > QUEUE_BYTES) {
        p->overrun = true;
    } else {
        memcpy(p->queue + p->n, line, n);
        p->n += n;
    }
    CHECK(pthread_mutex_unlock(&p->lock) == 0);
    if (ring)
        bell_ring(p);
}

__attribute__((format(printf, 2, 3)))
static void say(struct peers *p, const char *format, ...)
{
    char line[LINE_BYTES_MAX];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    CHECK(n > 0 && (size_t)n < sizeof(line));
    queue_put(p, line, (size_t)n);
}

void peers_tell_events(struct peers *p, const struct event *events, size_t n)
{
    for (size_t i = 0; p && i < n; i++) {
        const struct event *e = &events[i];
        say(p, "event %lld %lld %lld %lld %lld %s %s\n", (long long)e->area, (long long)e->matter,
            (long long)e->owner_unit, (long long)e->place, (long long)e->due_ms, e->number,
            e->state);
    }
}

static void say_hex(struct peers *p, struct arena *a, const char *word, struct str bytes,
    int64_t number)
{
    struct buf hex = buf_in(a, 2 * bytes.n + 1);
    buf_hex(&hex, bytes);
    say(p, "%s %.*s %lld\n", word, STR_FMT(buf_str(&hex)), (long long)number);
}

void peers_tell_session_over(struct peers *p, struct str token_hash)
{
    struct arena a;
    if (p == NULL)
        return;
    arena_init(&a, 1 << 16);
    say_hex(p, &a, "over", token_hash, 0);
    arena_free(&a);
}

static void tell_spent(struct peers *p)
{
    struct limiter_spent spent[SPENT_AT_ONCE];
    size_t n = limiter_spent_take(p->server->limiter, spent, SPENT_AT_ONCE);
    for (size_t i = 0; i < n; i++)
        say_hex(p, &p->arena, "spent", bytes_str(spent[i].key, LIMITER_KEY_BYTES), spent[i].token_us);
}

/* Whole lines from the beginning of the queue, as many as one telling takes. */
static struct str queue_take(struct peers *p, char *ret)
{
    static const char overrun[] = "overrun\n";
    size_t n = 0;
    CHECK(pthread_mutex_lock(&p->lock) == 0);
    if (p->n == 0 && p->overrun) {
        n = sizeof(overrun) - 1;
        memcpy(ret, overrun, n);
        p->overrun = false;
    } else if (p->n) {
        n = p->n < TELL_BYTES_MAX ? p->n : TELL_BYTES_MAX;
        while (p->queue[n - 1] != '\n')
            n--;
        memcpy(ret, p->queue, n);
        p->n -= n;
        memmove(p->queue, p->queue + n, p->n);
    }
    CHECK(pthread_mutex_unlock(&p->lock) == 0);
    return (struct str){ ret, n };
}

/* While nobody else is there only greetings go out. */
static bool is_alone(const struct peers *p, int64_t now_us)
{
    return p->heard_us == 0 || now_us - p->heard_us > ALONE_MS * INT64_C(1000);
}

static enum err tell_all(struct peers *p)
{
    char text[TELL_BYTES_MAX];
    int64_t now_us = clock_monotonic_us();
    tell_spent(p);
    for (struct str s = queue_take(p, text); s.n; s = queue_take(p, text))
        if (!is_alone(p, now_us))
            TRY(db_tell(p->db, s));
    if (now_us < p->greet_us)
        return OK;
    p->greet_us = now_us + GREET_MS * INT64_C(1000);
    return db_tell(p->db, STR("here\n"));
}

/* Hearing ------------------------------------------------------------------------------------- */

/* n bytes. */
static bool hex_cut(struct peers *p, struct str *rest, size_t n, struct str *ret)
{
    return hex_decode(&p->arena, str_cut(*rest, ' ', rest), ret) && ret->n == n;
}

static bool number_cut(struct str *rest, int64_t *ret)
{
    return str_to_i64(str_cut(*rest, ' ', rest), ret);
}

static bool word_cut(struct str *rest, char *ret, size_t size)
{
    struct str word = str_cut(*rest, ' ', rest);
    if (word.n == 0 || word.n >= size)
        return false;
    (void)snprintf(ret, size, "%.*s", STR_FMT(word));
    return true;
}

static void hear_event(struct peers *p, struct str rest)
{
    struct event e = { 0 };
    if (number_cut(&rest, &e.area) && number_cut(&rest, &e.matter)
        && number_cut(&rest, &e.owner_unit) && number_cut(&rest, &e.place)
        && number_cut(&rest, &e.due_ms) && word_cut(&rest, e.number, sizeof(e.number))
        && word_cut(&rest, e.state, sizeof(e.state)))
        live_publish(p->server->live, &e, 1);
}

static void hear_over(struct peers *p, struct str rest)
{
    struct str hash;
    if (!hex_cut(p, &rest, HASH_BYTES, &hash))
        return;
    sessions_forget(p->server->sessions, hash);
    live_end_session(p->server->live, hash);
}

static void hear_spent(struct peers *p, struct str rest)
{
    struct limiter_spent spent;
    struct str key;
    if (!hex_cut(p, &rest, LIMITER_KEY_BYTES, &key) || !number_cut(&rest, &spent.token_us)
        || spent.token_us <= 0)
        return;
    memcpy(spent.key, key.p, LIMITER_KEY_BYTES);
    limiter_spent_add(p->server->limiter, &spent, clock_now_ms(p->server->options->clock));
}

/* Words that a newer program may say are passed over. */
static void hear_line(struct peers *p, struct str line)
{
    struct str word = str_cut(line, ' ', &line);
    if (str_is(word, "event"))
        hear_event(p, line);
    else if (str_is(word, "over"))
        hear_over(p, line);
    else if (str_is(word, "spent"))
        hear_spent(p, line);
    else if (str_is(word, "overrun"))
        live_reload(p->server->live);
}

static void hear(void *ctx, struct str text)
{
    struct peers *p = ctx;
    if (is_alone(p, clock_monotonic_us()))
        p->greet_us = 0;        /* a newcomer need not wait to hear of us */
    p->heard_us = clock_monotonic_us();
    while (text.n)
        hear_line(p, str_cut(text, '\n', &text));
}

/* The thread ---------------------------------------------------------------------------------- */

static enum err one_round(struct peers *p)
{
    uint64_t rung;
    bool gap = false;
    TRY(db_hear(p->db, p->bell, PERIOD_MS, hear, p, &gap));
    ssize_t ignored = read(p->bell, &rung, sizeof(rung));
    (void)ignored;
    if (gap)
        live_reload(p->server->live);
    return tell_all(p);
}

static void *peers_main(void *arg)
{
    struct peers *p = arg;
    while (!atomic_load(&p->stopping)) {
        enum err e = p->db ? OK : db_open(p->server->options->db_url, DB_READER, &p->db);
        if (e == OK)
            e = one_round(p);
        if (e != OK)
            (void)poll(NULL, 0, PAUSE_MS);
        arena_reset(&p->arena);
    }
    return NULL;
}

struct peers *peers_start(struct server *s)
{
    if (!db_is_server(s->options->db_url))
        return NULL;
    struct peers *p = heap_alloc(sizeof(*p));
    p->server = s;
    arena_init(&p->arena, 1 << 20);
    p->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    CHECK(p->bell >= 0);
    CHECK(pthread_mutex_init(&p->lock, NULL) == 0);
    CHECK(pthread_create(&p->thread, NULL, peers_main, p) == 0);
    return p;
}

void peers_stop(struct peers *p)
{
    if (p == NULL)
        return;
    atomic_store(&p->stopping, true);
    bell_ring(p);
    CHECK(pthread_join(p->thread, NULL) == 0);
    if (p->db)
        db_close(p->db);
    arena_free(&p->arena);
    (void)close(p->bell);
    (void)pthread_mutex_destroy(&p->lock);
    heap_free(p);
}
