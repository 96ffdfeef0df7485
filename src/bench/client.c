/* client.c: the measuring client: epoll over blocking sockets whose answers are read as they come. */
#include "bench/client.h"
#include "base/arena.h"
#include "bench/laps.h"
#include "base/clock.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 64, LATE_US = 1000000 };
struct line {
    int fd;
    unsigned number, step;
    bool busy;
    int64_t began_us;
    char *in;
    size_t in_n;
};
struct run {
    const struct client_plan *plan;
    struct client_result *result;
    struct line *lines;
    int epoll;
    int64_t start_us, end_us;
    uint64_t begun;
    unsigned busy;
    struct laps times;
    bool stopped;
    char out[CALL_BYTES_MAX];
};

static int connect_to(unsigned port)
{
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
        .sin_addr = { htonl(INADDR_LOOPBACK) } };
    if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0) {
        if (fd >= 0)
            (void)close(fd);
        return -1;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return fd;
}

static bool send_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        p += sent;
        n -= (size_t)sent;
    }
    return true;
}

/* True once text holds a whole answer. Names of headers are as our servers write them. */
static bool answer_whole(const char *text, size_t n, struct answer *ret)
{
    struct str all = { text, n };
    ptrdiff_t end = str_find(all, STR("\r\n\r\n"));
    if (n < 12 || end < 0)
        return false;
    struct str head = { text, (size_t)end };    /* without the empty line */
    ptrdiff_t at = str_find(head, STR("Content-Length: "));
    int64_t length = 0, status = 0;
    struct str rest;
    if (at >= 0)
        CHECK(str_to_i64(str_cut((struct str){ text + at + 16, head.n - (size_t)at - 16 }, '\r',
            &rest), &length));
    CHECK(str_to_i64((struct str){ text + 9, 3 }, &status));
    size_t begin = (size_t)end + 4;
    if (n - begin < (size_t)length)
        return false;
    *ret = (struct answer){ (int)status, head, { text + begin, (size_t)length } };
    return true;
}

static void line_error(struct run *r, int status)
{
    if (r->result->errors++ == 0)
        r->result->first_error = status;
}

static void line_close(struct run *r, struct line *l)
{
    (void)close(l->fd);
    l->fd = -1;
    l->busy = false;
    r->busy--;
    line_error(r, 0);
}

static void call_send(struct run *r, struct line *l)
{
    size_t n = r->plan->write(r->plan->ctx, l->number, l->step, r->out, sizeof(r->out));
    CHECK(n > 0 && n < sizeof(r->out));
    l->in_n = 0;
    if (!send_all(l->fd, r->out, n))
        line_close(r, l);
}

/* When the next chain is due; with no rate, now. */
static int64_t due_us(const struct run *r)
{
    return r->plan->rate > 0 ? r->start_us + (int64_t)((double)r->begun * 1e6 / r->plan->rate) : 0;
}

static void chain_begin(struct run *r, struct line *l, int64_t now_us)
{
    int64_t due = due_us(r);
    if (now_us >= r->end_us || due > now_us || due >= r->end_us)
        return;
    l->began_us = due ? due : now_us;
    r->result->late += now_us - l->began_us > LATE_US;
    r->begun++;
    r->busy++;
    l->busy = true;
    l->step = 0;
    call_send(r, l);
}

static void answer_take(struct run *r, struct line *l, const struct answer *a)
{
    bool good = r->plan->take(r->plan->ctx, l->number, l->step, a);
    if (!good)
        line_error(r, a->status);
    if (good && ++l->step < r->plan->steps) {
        call_send(r, l);
        return;
    }
    int64_t now_us = clock_monotonic_us();
    l->busy = false;
    r->busy--;
    if (good) {
        laps_note(&r->times, now_us - l->began_us);
        r->result->chains++;
    }
    chain_begin(r, l, now_us);
}

static void line_read(struct run *r, struct line *l)
{
    struct answer a;
    ssize_t n = recv(l->fd, l->in + l->in_n, ANSWER_BYTES_MAX - l->in_n - 1, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0 || !l->busy) {
        line_close(r, l);
        return;
    }
    l->in_n += (size_t)n;
    l->in[l->in_n] = '\0';
    if (answer_whole(l->in, l->in_n, &a))
        answer_take(r, l, &a);
}

static bool lines_open(struct run *r)
{
    const struct client_plan *p = r->plan;
    r->epoll = epoll_create1(EPOLL_CLOEXEC);
    r->lines = heap_alloc(p->connections * sizeof(*r->lines));
    for (unsigned i = 0; i < p->connections; i++) {
        struct line *l = &r->lines[i];
        struct epoll_event e = { .events = EPOLLIN, .data.ptr = l };
        *l = (struct line){ .fd = connect_to(p->port), .number = i,
            .in = heap_alloc(ANSWER_BYTES_MAX) };
        if (l->fd < 0 || epoll_ctl(r->epoll, EPOLL_CTL_ADD, l->fd, &e) != 0)
            return false;
    }
    struct epoll_event bell = { .events = EPOLLIN, .data.ptr = NULL };
    return p->bell < 0 || epoll_ctl(r->epoll, EPOLL_CTL_ADD, p->bell, &bell) == 0;
}

static void lines_close(struct run *r)
{
    for (unsigned i = 0; i < r->plan->connections; i++) {
        if (r->lines[i].fd > 0)
            (void)close(r->lines[i].fd);
        heap_free(r->lines[i].in);
    }
    heap_free(r->lines);
    (void)close(r->epoll);
}

/* Idle lines begin what has become due. */
static void begin_due(struct run *r)
{
    int64_t now_us = clock_monotonic_us();
    for (unsigned i = 0; i < r->plan->connections && now_us < r->end_us; i++)
        if (!r->lines[i].busy && r->lines[i].fd > 0)
            chain_begin(r, &r->lines[i], now_us);
}

static void work(struct run *r)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int64_t patience_us = r->end_us + 10000000;
    begin_due(r);
    while (!r->stopped && (r->busy || clock_monotonic_us() < r->end_us)) {
        int n = epoll_wait(r->epoll, events, EVENTS_AT_ONCE, r->plan->rate > 0 ? 1 : 100);
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr)
                line_read(r, events[i].data.ptr);
            else
                r->stopped = true;
        }
        if (r->plan->rate > 0)
            begin_due(r);
        if (clock_monotonic_us() > patience_us || (r->busy == 0 && r->plan->rate <= 0))
            break;
    }
}

static void result_fill(struct run *r)
{
    struct client_result *out = r->result;
    out->seconds = (double)(clock_monotonic_us() - r->start_us) / 1e6;
    out->per_second = (double)out->chains / out->seconds;
    laps_read(&r->times, &out->p50_us, &out->p99_us, &out->max_us);
}

bool client_run(const struct client_plan *plan, struct client_result *ret)
{
    struct run *r = heap_alloc(sizeof(*r));
    r->plan = plan;
    r->result = ret;
    *ret = (struct client_result){ .first_error = -1 };
    bool ok = lines_open(r);
    if (ok) {
        r->start_us = clock_monotonic_us();
        r->end_us = r->start_us + (int64_t)(plan->seconds * 1e6);
        work(r);
        ret->errors += r->busy;     /* never answered */
        result_fill(r);
    }
    lines_close(r);
    laps_free(&r->times);
    heap_free(r);
    return ok;
}

void client_key(unsigned long long salt, unsigned long long n, char ret[CLIENT_KEY_BYTES])
{
    unsigned long long ms = (unsigned long long)clock_now_ms(clock_system());
    (void)snprintf(ret, CLIENT_KEY_BYTES, "%08llx-%04llx-7%03llx-8%03llx-%012llx", ms >> 16 & 0xffffffff,
        ms & 0xffff, salt & 0xfff, salt >> 12 & 0xfff, n & 0xffffffffffff);
}
