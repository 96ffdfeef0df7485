/* line.c: connections and their patience. The library ends a connection after 15 silent seconds; a
 * sender of one byte every ten would stay for ever. So each request must have arrived, and each
 * answer have been taken, in a time that grows with its length. The ticker cuts what is late by
 * shutting its socket down, which its own thread then notices. It does so too when the sender of a
 * body is gone: the end that comes together with the last bytes is no event of its own, and the
 * library would wait for more. When places become few, whoever comes takes the place of the one
 * that has been without a request for longest, so that idle connections, however many, keep nobody
 * out. */
#include "http/request.h"
#include <sys/socket.h>

enum { PATIENCE_S_USUAL = 30, BYTES_A_SECOND_MIN = 8192, LOOKED_AT_MAX = 64 };

struct line {
    struct line *next, *prev;
    int socket;
    _Atomic int64_t due_ms;
    atomic_bool receives;       /* more of a body must come */
    bool ended;                 /* and could not, when the ticker last looked */
    bool idle;                  /* no request has come whose headers are complete */
};
struct lines {
    pthread_mutex_t lock;
    struct line *first, *last;  /* idle ones: the longest idle last */
    size_t n, crowd;
    int64_t patience_ms;
};

/* Not the time of day, which may be set while a request is under way. */
static int64_t now_ms(void)
{
    return clock_monotonic_us() / 1000;
}

struct lines *lines_make(unsigned patience_s, size_t crowd)
{
    struct lines *l = heap_alloc(sizeof(*l));
    CHECK(pthread_mutex_init(&l->lock, NULL) == 0);
    l->crowd = crowd;
    l->patience_ms = (patience_s ? patience_s : PATIENCE_S_USUAL) * INT64_C(1000);
    return l;
}

void lines_free(struct lines *l)
{
    CHECK(l->first == NULL);
    (void)pthread_mutex_destroy(&l->lock);
    heap_free(l);
}

static struct line *line_of(struct MHD_Connection *c)
{
    return MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void put_first(struct lines *l, struct line *line)
{
    line->prev = NULL;
    line->next = l->first;
    *(l->first ? &l->first->prev : &l->last) = line;
    l->first = line;
}

static void take_out(struct lines *l, struct line *line)
{
    *(line->prev ? &line->prev->next : &l->first) = line->next;
    *(line->next ? &line->next->prev : &l->last) = line->prev;
}

static void due_set(struct lines *l, struct line *line, uint64_t bytes)
{
    atomic_store_explicit(&line->receives, false, memory_order_relaxed);
    atomic_store_explicit(&line->due_ms, now_ms() + l->patience_ms
        + (int64_t)(bytes * 1000 / BYTES_A_SECOND_MIN), memory_order_relaxed);
}

static void line_cut(struct line *line)
{
    atomic_store(&line->due_ms, INT64_MAX);
    line->idle = false;
    (void)shutdown(line->socket, SHUT_RDWR);
}

static void busy_set(struct lines *l, struct line *line)
{
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    line->idle = false;
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
}

void line_expect(struct lines *l, struct MHD_Connection *c, uint64_t bytes)
{
    busy_set(l, line_of(c));
    due_set(l, line_of(c), bytes);
}

void line_receive(struct lines *l, struct MHD_Connection *c, uint64_t bytes)
{
    line_expect(l, c, bytes);
    atomic_store_explicit(&line_of(c)->receives, bytes > 0, memory_order_relaxed);
}

void line_idle(struct lines *l, struct MHD_Connection *c)
{
    struct line *line = line_of(c);
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    take_out(l, line);
    put_first(l, line);
    line->idle = true;
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
    due_set(l, line, 0);
}

void line_relax(struct MHD_Connection *c)
{
    atomic_store_explicit(&line_of(c)->receives, false, memory_order_relaxed);
    atomic_store_explicit(&line_of(c)->due_ms, INT64_MAX, memory_order_relaxed);
}

/* The last ones may be busy for long; then those that come are few. */
static void make_room(struct lines *l)
{
    struct line *line = l->last;
    for (int i = 0; line && !line->idle && i < LOOKED_AT_MAX; i++)
        line = line->prev;
    if (line && line->idle)
        line_cut(line);
}

static void line_open(struct lines *l, struct MHD_Connection *c, void **held)
{
    struct line *line = heap_alloc(sizeof(*line));
    line->socket = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    line->idle = true;
    due_set(l, line, 0);
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    if (++l->n > l->crowd)
        make_room(l);
    put_first(l, line);
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
    *held = line;
}

static void line_close(struct lines *l, void **held)
{
    struct line *line = *held;
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    take_out(l, line);
    l->n--;
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
    heap_free(line);
    *held = NULL;
}

void lines_notice(void *arg, struct MHD_Connection *c, void **held,
    enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        line_open(arg, c, held);
    else
        line_close(arg, held);
}

/* Seen twice, since at the first look the connection's thread may be about to take the whole body
 * of a sender who has ended only his half and waits for the answer. */
static bool has_ended(struct line *line)
{
    char byte;
    bool ended = atomic_load_explicit(&line->receives, memory_order_relaxed)
        && recv(line->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
    bool twice = ended && line->ended;
    line->ended = ended;
    return twice;
}

void lines_cut(struct lines *l)
{
    int64_t now = now_ms();
    CHECK(pthread_mutex_lock(&l->lock) == 0);
    for (struct line *line = l->first; line; line = line->next)
        if (atomic_load_explicit(&line->due_ms, memory_order_relaxed) < now || has_ended(line))
            line_cut(line);
    CHECK(pthread_mutex_unlock(&l->lock) == 0);
}
