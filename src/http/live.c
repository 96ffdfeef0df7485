/* live.c: live updates as server-sent events. A writer only leaves what happened in a ring; the
 * ticker hands it out to those who may see it. A subscriber has a small buffer: who does not keep
 * up is told to load afresh, and nobody waits for them. Streams end after a while, so that rights
 * are read again when the browser comes back by itself; at once when their session ends here. */
#include "http/request.h"
#include "access/access.h"
#include "crypto/hash.h"
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    RING = 4096, SUBSCRIBERS_MAX = 8000, SUBSCRIBER_BYTES = 4096, EVENT_BYTES_MAX = 256,
    BEAT_MS = 20000, STREAM_MS = 10 * 60 * 1000,
};

struct subscriber {
    struct subscriber *next, *prev;
    struct live *live;
    struct MHD_Connection *connection;
    bool asleep, ended, lost;
    int64_t end_ms;
    unsigned char session[HASH_BYTES];
    bool has_region;
    struct region region;
    struct membership memberships[MEMBERSHIPS_MAX];
    size_t n_memberships;
    size_t n;
    char bytes[SUBSCRIBER_BYTES];
};

struct live {
    pthread_mutex_t lock;
    struct subscriber *first;
    size_t n_subscribers;
    struct { struct event event; int64_t at_us; } ring[RING];
    size_t n_ring;
    int64_t settled_us;
    int64_t lost_us, lost_last_us;  /* 0: nothing found no room */
    bool closing;
    uint64_t sessions_ended;
    int64_t beat_ms;
    int bell;
};

struct live *live_make(void)
{
    struct live *l = heap_alloc(sizeof(*l));
    CHECK(pthread_mutex_init(&l->lock, NULL) == 0);
    l->settled_us = INT64_MAX;
    l->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    CHECK(l->bell >= 0);
    return l;
}

void live_free(struct live *l)
{
    (void)close(l->bell);
    (void)pthread_mutex_destroy(&l->lock);
    heap_free(l);
}

static void bell_ring(struct live *l)
{
    uint64_t one = 1;
    ssize_t ignored = write(l->bell, &one, sizeof(one));
    (void)ignored;
}

/* --- the reading side; the library's threads */

static void wake(struct subscriber *s)
{
    if (!s->asleep)
        return;
    s->asleep = false;
    MHD_resume_connection(s->connection);
}

static void say(struct subscriber *s, struct str text)
{
    static const struct str reload = { "event: reload\ndata: {}\n\n", 24 };
    if (s->lost || s->ended)
        return;
    if (text.n + reload.n > SUBSCRIBER_BYTES - s->n) {
        s->lost = true;
        text = reload;
    }
    memcpy(s->bytes + s->n, text.p, text.n);
    s->n += text.n;
    wake(s);
}

static ssize_t stream_read(void *arg, uint64_t at, char *to, size_t max)
{
    struct subscriber *s = arg;
    ssize_t n = 0;
    (void)at;
    CHECK(pthread_mutex_lock(&s->live->lock) == 0);
    if (s->n) {
        size_t part = s->n < max ? s->n : max;
        memcpy(to, s->bytes, part);
        s->n -= part;
        memmove(s->bytes, s->bytes + part, s->n);
        s->lost = s->lost && s->n;
        n = (ssize_t)part;
    } else if (s->ended || s->live->closing) {
        n = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        s->asleep = true;
        MHD_suspend_connection(s->connection);
    }
    CHECK(pthread_mutex_unlock(&s->live->lock) == 0);
    return n;
}

static void stream_over(void *arg)
{
    struct subscriber *s = arg;
    struct live *l = s->live;
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    if (s->prev)
        s->prev->next = s->next;
    else
        l->first = s->next;
    if (s->next)
        s->next->prev = s->prev;
    l->n_subscribers--;
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
    heap_free(s);
}

static struct subscriber *subscriber_make(struct request *r)
{
    const struct cx *cx = &r->command.cx;
    const struct unit *unit;
    struct subscriber *s = heap_alloc(sizeof(*s));
    s->live = r->server->live;
    s->connection = r->connection;
    s->end_ms = cx->now_ms + STREAM_MS;
    CHECK(cx->actor.session.n == HASH_BYTES);
    memcpy(s->session, cx->actor.session.p, HASH_BYTES);
    s->has_region = access_region(cx, &s->region, &unit);
    s->n_memberships = cx->actor.n_memberships;
    memcpy(s->memberships, cx->actor.memberships, sizeof(s->memberships));
    say(s, STR("retry: 3000\n\n"));
    return s;
}

uint64_t live_moment(struct live *l)
{
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    uint64_t moment = l->sessions_ended;
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
    return moment;
}

static void end_now(struct subscriber *s)
{
    s->ended = true;
    s->n = 0;
    wake(s);
}

/* False when there is no room. */
static bool list_join(struct live *l, struct subscriber *s, uint64_t moment)
{
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    bool room = l->n_subscribers < SUBSCRIBERS_MAX && !l->closing;
    if (room) {
        s->next = l->first;
        if (s->next)
            s->next->prev = s;
        l->first = s;
        l->n_subscribers++;
        s->ended = l->sessions_ended != moment;
    }
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
    return room;
}

enum err live_subscribe(struct request *r, uint64_t moment, enum MHD_Result *ret)
{
    struct live *l = r->server->live;
    struct subscriber *s = subscriber_make(r);
    if (!list_join(l, s, moment)) {
        heap_free(s);
        return E_BUSY;
    }
    struct MHD_Response *m = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, stream_read,
        s, stream_over);
    CHECK(m != NULL);
    answer_add_headers(r->server, m);
    CHECK(MHD_add_response_header(m, "Content-Type", "text/event-stream") == MHD_YES);
    CHECK(MHD_add_response_header(m, "Cache-Control", "no-store") == MHD_YES);
    CHECK(MHD_add_response_header(m, "Content-Security-Policy", ANSWER_POLICY) == MHD_YES);
    CHECK(MHD_add_response_header(m, "X-Accel-Buffering", "no") == MHD_YES);
    *ret = MHD_queue_response(r->connection, MHD_HTTP_OK, m);
    MHD_destroy_response(m);
    r->detached = true;
    return OK;
}

size_t live_subscribers(struct live *l)
{
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    size_t n = l->n_subscribers;
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
    return n;
}

/* --- the writing side */

/* All load afresh: something found no room. */
static void lose(struct live *l, int64_t now_us)
{
    l->lost_us = l->lost_us ? l->lost_us : now_us;
    l->lost_last_us = now_us;
}

void live_publish(struct live *l, const struct event *events, size_t n)
{
    int64_t now_us = clock_monotonic_us();
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    bool ring = l->n_subscribers && l->n_ring == 0;
    for (size_t i = 0; l->n_subscribers && i < n; i++) {
        if (l->n_ring == RING) {
            lose(l, now_us);
            break;
        }
        l->ring[l->n_ring].event = events[i];
        l->ring[l->n_ring++].at_us = now_us;
    }
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
    if (ring)
        bell_ring(l);
}

void live_reload(struct live *l)
{
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    lose(l, clock_monotonic_us());
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
    bell_ring(l);
}

static bool may_see(const struct subscriber *s, const struct event *e)
{
    for (size_t i = 0; i < s->n_memberships; i++)
        if (s->memberships[i].unit == e->owner_unit)
            return true;
    return s->has_region && region_has(s->region, e->place);
}

static struct str event_text(const struct event *e, char *ret, size_t size)
{
    int n = snprintf(ret, size, "event: matter\ndata: {\"number\":\"%s\",\"owner_unit\":\"%lld\","
        "\"state\":\"%s\"", e->number, (long long)e->owner_unit, e->state);
    CHECK(n > 0 && (size_t)n < size);
    struct str text = { ret, (size_t)n };
    if (e->due_ms != I64_NONE)
        n = snprintf(ret + text.n, size - text.n, ",\"due_ms\":%lld}\n\n", (long long)e->due_ms);
    else
        n = snprintf(ret + text.n, size - text.n, "}\n\n");
    CHECK(n > 0 && (size_t)n < size - text.n);
    text.n += (size_t)n;
    return text;
}

static void hand_out(struct live *l)
{
    char line[EVENT_BYTES_MAX];
    size_t n = 0;
    for (; n < l->n_ring && l->ring[n].at_us <= l->settled_us; n++) {
        const struct event *e = &l->ring[n].event;
        struct str text = event_text(e, line, sizeof(line));
        for (struct subscriber *s = l->first; s; s = s->next)
            if (may_see(s, e))
                say(s, text);
    }
    l->n_ring -= n;
    memmove(l->ring, l->ring + n, l->n_ring * sizeof(l->ring[0]));
    if (l->lost_us == 0 || l->lost_us > l->settled_us)
        return;
    for (struct subscriber *s = l->first; s; s = s->next)
        say(s, STR("event: reload\ndata: {}\n\n"));
    l->lost_us = l->lost_last_us > l->settled_us ? l->lost_last_us : 0;
}

void live_settled(struct live *l, int64_t until_us)
{
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    l->settled_us = until_us;
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
}

/* A comment line now and then shows both ends that the other is still there. */
static void beat(struct live *l, int64_t now_ms)
{
    if (now_ms < l->beat_ms && l->beat_ms <= now_ms + BEAT_MS)
        return;
    bool due = l->beat_ms != 0;
    l->beat_ms = now_ms + BEAT_MS;
    for (struct subscriber *s = l->first; s && due; s = s->next) {
        say(s, STR(": still here\n\n"));
        s->ended = s->ended || now_ms >= s->end_ms;
    }
}

void live_work(struct live *l, int timeout_ms, int64_t now_ms)
{
    struct pollfd bell = { .fd = l->bell, .events = POLLIN };
    uint64_t rung;
    if (poll(&bell, 1, timeout_ms) > 0) {
        ssize_t ignored = read(l->bell, &rung, sizeof(rung));
        (void)ignored;
    }
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    hand_out(l);
    beat(l, now_ms);
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
}

void live_end_session(struct live *l, struct str token_hash)
{
    CHECK(token_hash.n == HASH_BYTES);
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    l->sessions_ended++;
    for (struct subscriber *s = l->first; s; s = s->next)
        if (memcmp(s->session, token_hash.p, HASH_BYTES) == 0)
            end_now(s);
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
}

void live_close(struct live *l)
{
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    l->closing = true;
    for (struct subscriber *s = l->first; s; s = s->next)
        wake(s);
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
    bell_ring(l);
}
