/* server.c: starting and stopping: the socket, libmicrohttpd's threads, the connections for
 * reading, the snapshot of the catalogue, and the thread that keeps the last two up to date. */
#include "http/server.h"
#include "access/session.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "http/request.h"
#include <errno.h>
#include <linux/filter.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    THREADS_USUAL = 2, CONNECTIONS_USUAL = 10000, BACKLOG = 4096, IDLE_REQUESTS_MAX = 256,
    CONNECTION_BYTES = 16 << 10, SILENCE_S_MAX = 15, SESSIONS_KEPT_MAX = 2048,
    LOGIN_QUEUE = 16, MEDIA_QUEUE = 16, MEDIA_THREADS = 2, PRINT_QUEUE = 64, PRINT_THREADS = 2,
    DRAIN_MS = 10000, DRAIN_STEP_MS = 5, LATECOMERS_MS = 200, TICK_MS = 1000,
    DESCRIPTORS_SPARE = 128, SLOW_LOSS_MS = 500, BIND_TRIES = 20, BIND_STEP_MS = 100,
};

const struct server_limits server_limits_usual = {
    .intake = { 30, 30 }, .login = { 10, 10 }, .logins = { 120, 120 }, .wrong = { 1, 10 },
    .wrongs = { 10, 60 }, .grid = { 120, 240 }, .code = { 30, 30 }, .staff = { 600, 300 },
    .proof = { .burst = 5, .per_hour = 2 }, .proofs = { .burst = 10, .per_hour = 5 },
};

/* A reader that was given back or could not be opened, long after it was asked for: whoever asks
 * next would wait as long, and the few threads that answer requests with them. */
static void away_notice(struct server *s, int64_t taken_us, bool lost)
{
    if (lost && clock_monotonic_us() - taken_us > SLOW_LOSS_MS * 1000
        && !atomic_exchange(&s->away, true))
        log_line(LOG_WARN, "http.storage", "storage does not answer; requests are told so at once");
}

static struct reader *reader_open(struct server *s)
{
    struct reader *r = heap_alloc(sizeof(*r));
    r->taken_us = clock_monotonic_us();
    if (db_open(s->options->db_url, DB_READER, &r->db) == OK)
        return r;
    away_notice(s, r->taken_us, true);
    heap_free(r);
    return NULL;
}

static struct reader *reader_get(struct server *s)
{
    CHECK(pthread_mutex_lock(&s->lock) == 0);
    struct reader *r = s->readers;
    if (r)
        s->readers = r->next;
    CHECK(pthread_mutex_unlock(&s->lock) == 0);
    if (r == NULL)
        return reader_open(s);
    r->taken_us = clock_monotonic_us();
    return r;
}

struct reader *reader_take(struct server *s)
{
    return atomic_load(&s->away) ? NULL : reader_get(s);
}

void reader_give(struct server *s, struct reader *r)
{
    away_notice(s, r->taken_us, db_is_lost(r->db));
    CHECK(pthread_mutex_lock(&s->lock) == 0);
    r->next = s->readers;
    s->readers = r;
    CHECK(pthread_mutex_unlock(&s->lock) == 0);
}

/* Unique while the program runs and not to be guessed from others: a counter, mixed (splitmix64)
 * with a salt. */
static void id_make(struct server *s, char *ret, size_t size)
{
    uint64_t x = (s->id_salt + atomic_fetch_add(&s->ids, 1)) * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    (void)snprintf(ret, size, "%016llx", (unsigned long long)(x ^ x >> 31));
}

/* All but the events, which are most of it and counted by n_events. */
static void request_clear(struct request *r)
{
    size_t events = offsetof(struct request, command.cx.events);
    size_t after = events + sizeof(r->command.cx.events);
    memset(r, 0, events);
    memset((char *)r + after, 0, sizeof(*r) - after);
}

struct request *request_make(struct server *s, struct MHD_Connection *c, struct str target,
    struct str method)
{
    CHECK(pthread_mutex_lock(&s->lock) == 0);
    struct request *r = s->idle;
    if (r) {
        s->idle = r->next;
        s->idle_n--;
    }
    const struct catalogue *catalogue = catalogue_hold(s->catalogue);
    CHECK(pthread_mutex_unlock(&s->lock) == 0);
    struct arena arena;
    arena_init(&arena, ARENA_BYTES_MAX);
    if (r)
        arena = r->arena;
    else
        r = heap_alloc(sizeof(*r));
    request_clear(r);
    r->server = s;
    r->connection = c;
    r->rand = rand_system();
    r->arena = arena;
    atomic_fetch_add(&s->active, 1);
    r->target = target;
    r->method = arena_str(&r->arena, method);
    id_make(s, r->id, sizeof(r->id));
    struct cx *cx = &r->command.cx;
    cx->a = &r->arena;
    cx->cat = catalogue;
    cx->keys = s->options->keys;
    cx->rand = &r->rand;
    cx->services = s->options->services;
    cx->services.sessions = s->sessions;
    cx->services.limiter = s->limiter;
    cx->services.fork = &s->fork;
    cx->services.grid_rate = &s->options->limits.grid;
    cx->services.proof_rate = &s->options->limits.proof;
    cx->services.proofs_rate = &s->options->limits.proofs;
    cx->data_dir = s->options->data_dir;
    cx->now_ms = clock_now_ms(s->options->clock);
    cx->request = r->id;
    return r;
}

/* What a heavy request held besides others is given back. */
static void request_unburden(struct request *r)
{
    if (r->command.cx.file.fd > 0)
        (void)close(r->command.cx.file.fd);
    arena_free(&r->arena);
    arena_init(&r->arena, ARENA_BYTES_MAX);
    request_leave(r);
}

void request_leave(struct request *r)
{
    if (r->has_place)
        atomic_store(&r->server->heavy_taken, false);
    r->has_place = false;
}

void request_free(struct request *r)
{
    struct server *s = r->server;
    catalogue_drop(r->command.cx.cat);
    if (r->is_upload) {
        heap_free(r->body);
        atomic_fetch_sub(&s->uploads, 1);
    }
    if (r->is_heavy)
        request_unburden(r);
    atomic_fetch_sub(&s->active, 1);
    arena_reset(&r->arena);
    CHECK(pthread_mutex_lock(&s->lock) == 0);
    bool keep = s->idle_n < IDLE_REQUESTS_MAX;
    if (keep) {
        r->next = s->idle;
        s->idle = r;
        s->idle_n++;
    }
    CHECK(pthread_mutex_unlock(&s->lock) == 0);
    if (!keep) {
        arena_free(&r->arena);
        heap_free(r);
    }
}

enum err server_reload_catalogue(struct server *s)
{
    struct err_info info = { .e = OK };
    struct catalogue *fresh;
    struct reader *r = reader_take(s);
    if (r == NULL)
        return E_DB;
    enum err e = catalogue_load(r->db, &fresh, &info);
    reader_give(s, r);
    if (e != OK) {
        log_line(LOG_ERROR, "catalogue.load", "%s", err_info_text(&info, e, LANG_EN));
        return e;
    }
    CHECK(pthread_mutex_lock(&s->lock) == 0);
    const struct catalogue *old = s->catalogue;
    s->catalogue = fresh;
    CHECK(pthread_mutex_unlock(&s->lock) == 0);
    if (old)
        catalogue_drop(old);
    return OK;
}

const struct catalogue *server_catalogue(struct server *s)
{
    CHECK(pthread_mutex_lock(&s->lock) == 0);
    const struct catalogue *c = catalogue_hold(s->catalogue);
    CHECK(pthread_mutex_unlock(&s->lock) == 0);
    return c;
}

static void catalogue_follow(struct server *s, int64_t now_ms)
{
    int64_t stored;
    struct reader *r = reader_get(s);
    if (r == NULL)
        return;
    enum err e = catalogue_stamp_stored(r->db, now_ms, &stored);
    reader_give(s, r);
    if (e == OK && atomic_exchange(&s->away, false))
        log_line(LOG_INFO, "http.storage", "storage answers again");
    const struct catalogue *held = server_catalogue(s);
    bool newer = e == OK && stored != catalogue_stamp(held);
    catalogue_drop(held);
    if (newer && server_reload_catalogue(s) == OK)
        log_line(LOG_INFO, "catalogue.load", "a newer catalogue is in use");
}

static enum err probe_run(struct task *t, struct db *db, struct ids *ids)
{
    (void)t, (void)db, (void)ids;
    return OK;
}

/* While the last commit failed we answer "not ready" and may get no more writes: so ask. */
static void writer_probe(struct server *s)
{
    struct task t = { .run = probe_run };
    if (writer_figures(s->options->writer).failing
        && writer_call(s->options->writer, &t) == OK)
        log_line(LOG_INFO, "writer.commit", "commits work again");
}

static void *ticker_main(void *arg)
{
    struct server *s = arg;
    int64_t next_us = 0;
    while (!atomic_load(&s->stopping)) {
        int64_t now_ms = clock_now_ms(s->options->clock);
        if (s->replica)
            live_settled(s->live, replica_settled_us(s->replica));
        live_work(s->live, TICK_MS, now_ms);
        if (clock_monotonic_us() >= next_us) {
            next_us = clock_monotonic_us() + TICK_MS * 1000;
            catalogue_follow(s, now_ms);
            writer_probe(s);
            lines_cut(s->lines);
            if (s->replica)
                replica_tick(s->replica);
        }
    }
    return NULL;
}

/* After the target and its NUL the library's buffer goes on with the version, unless the target
 * held a NUL itself. Blanks in it are left to us as well. */
static void *target_seen(void *arg, const char *uri, struct MHD_Connection *c)
{
    size_t n = strlen(uri);
    struct ticket *t = heap_alloc(sizeof(*t) + n + 1);
    (void)arg, (void)c;
    memcpy(t->target, uri, n);
    t->broken = strncmp(uri + n + 1, "HTTP/1.", 7) != 0 || memchr(uri, ' ', n) != NULL;
    return t;
}

static void request_over(void *arg, struct MHD_Connection *c, void **held,
    enum MHD_RequestTerminationCode code)
{
    struct ticket *t = *held;
    struct server *s = arg;
    (void)code;
    *held = NULL;
    line_idle(s->lines, c);
    if (t && t->request)
        request_free(t->request);
    heap_free(t);
}

static size_t target_as_it_is(void *arg, struct MHD_Connection *c, char *text)
{
    (void)arg, (void)c;
    return strlen(text);
}

__attribute__((format(printf, 2, 0)))
static void library_says(void *arg, const char *fmt, va_list ap)
{
    char line[256];
    (void)arg;
    (void)vsnprintf(line, sizeof(line), fmt, ap);
    log_line(LOG_DEBUG, "http.library", "%s", line);
}

static enum err listen_bad(struct err_info *info, const char *listen)
{
    return err_note(info, E_INPUT, "listen", MSG("无法监听地址 %s，应为 主机：端口，且未被占用",
        "Cannot listen on %s: expected HOST:PORT, not in use"), str_c(listen));
}

static int socket_bind(const struct addrinfo *a)
{
    int on = 1, tries = 0;
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    while (bind(fd, a->ai_addr, a->ai_addrlen) != 0) {
        if (errno != EADDRINUSE || ++tries == BIND_TRIES) {
            (void)close(fd);
            return -1;
        }
        (void)poll(NULL, 0, BIND_STEP_MS);
    }
    return fd;
}

/* "HOST:PORT"; an IPv6 host stands in brackets. */
enum err server_bind(const char *listen, int *ret, struct err_info *info)
{
    char host[256];
    const char *colon = strrchr(listen, ':');
    if (colon == NULL || colon[1] == '\0')
        return listen_bad(info, listen);
    struct str name = { listen, (size_t)(colon - listen) };
    if (name.n > 1 && name.p[0] == '[' && name.p[name.n - 1] == ']')
        name = (struct str){ name.p + 1, name.n - 2 };
    (void)snprintf(host, sizeof(host), "%.*s", STR_FMT(name));
    struct addrinfo *found, hints = { .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
    if (getaddrinfo(host[0] ? host : NULL, colon + 1, &hints, &found) != 0)
        return listen_bad(info, listen);
    *ret = socket_bind(found);
    freeaddrinfo(found);
    return *ret < 0 ? listen_bad(info, listen) : OK;
}

static enum err socket_open(struct server *s, struct err_info *info)
{
    struct sockaddr_in6 bound;
    socklen_t size = sizeof(bound);
    s->socket = s->options->bound;
    if (s->socket == 0)
        TRY(server_bind(s->options->listen, &s->socket, info));
    if (listen(s->socket, BACKLOG) != 0
        || getsockname(s->socket, (struct sockaddr *)&bound, &size) != 0)
        return listen_bad(info, s->options->listen);
    s->port = ntohs(bound.sin6_port);   /* at the same place in sockaddr_in */
    return OK;
}

static void descriptors_raise(rlim_t wanted)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted)
        log_line(LOG_WARN, "http.start", "only %llu descriptors", (unsigned long long)limit.rlim_cur);
}

static unsigned threads_of(const struct server_options *o)
{
    return o->threads ? o->threads : THREADS_USUAL;
}

static unsigned connections_max(const struct server_options *o)
{
    return o->connections_max ? o->connections_max : CONNECTIONS_USUAL;
}

/* Strictness is ours (wire.c): the library's own refusals are HTML, and some come twice. */
static struct MHD_Daemon *daemon_start(struct server *s)
{
    const struct server_options *o = s->options;
    unsigned connections = connections_max(o);
    descriptors_raise(connections + DESCRIPTORS_SPARE);
    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME
        | MHD_USE_ERROR_LOG | MHD_USE_ITC, 0, NULL, NULL, request_access(), s,
        MHD_OPTION_EXTERNAL_LOGGER, library_says, NULL,
        MHD_OPTION_LISTEN_SOCKET, s->socket,
        MHD_OPTION_URI_LOG_CALLBACK, target_seen, s,
        MHD_OPTION_UNESCAPE_CALLBACK, target_as_it_is, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, request_over, s,
        MHD_OPTION_NOTIFY_CONNECTION, lines_notice, s->lines,
        MHD_OPTION_THREAD_POOL_SIZE, threads_of(o),
        MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, o->connections_max_address,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SILENCE_S_MAX,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
        MHD_OPTION_END);
}

static void server_free(struct server *s)
{
    for (struct request *r = s->idle, *next; r; r = next) {
        next = r->next;
        arena_free(&r->arena);
        heap_free(r);
    }
    for (struct reader *r = s->readers, *next; r; r = next) {
        next = r->next;
        db_close(r->db);
        heap_free(r);
    }
    if (s->catalogue)
        catalogue_drop(s->catalogue);
    if (s->socket >= 0)
        (void)close(s->socket);
    live_free(s->live);
    lines_free(s->lines);
    figures_free(s->figures);
    limiter_free(s->limiter);
    sessions_free(s->sessions);
    (void)pthread_mutex_destroy(&s->lock);
    heap_free(s);
}

/* ret has PROXIES_MAX places. */
static enum err proxies_read(const char *list, struct network *ret, size_t *ret_n,
    struct err_info *info)
{
    struct str rest = str_c(list);
    *ret_n = 0;
    while (rest.n) {
        struct str one = str_trim(str_cut(rest, ',', &rest));
        if (*ret_n == PROXIES_MAX || !network_parse(one, &ret[(*ret_n)++]))
            return err_note(info, E_INPUT, "proxies", MSG("代理地址应为 IP 或网段，最多 16 个：%s",
                "Proxies must be addresses or networks, 16 at most: %s"), one);
    }
    return OK;
}

enum err server_proxies_check(const char *list, struct err_info *info)
{
    struct network unused[PROXIES_MAX];
    size_t n;
    return proxies_read(list, unused, &n, info);
}

enum err server_start(const struct server_options *options, struct server **ret,
    struct err_info *info)
{
    struct server *s = heap_alloc(sizeof(*s));
    struct rand rand = rand_system();
    s->options = options;
    s->socket = -1;
    s->id_salt = rand_u64(&rand);
    CHECK(pthread_mutex_init(&s->lock, NULL) == 0);
    struct hash secret = hash_hmac(options->keys->token_key, "limits", STR(""));
    s->limiter = limiter_make(&secret);
    s->sessions = sessions_make(SESSIONS_KEPT_MAX);
    s->live = live_make();
    size_t places = connections_max(options);
    s->lines = lines_make(options->patience_s, places - places / 16);
    s->figures = figures_make();
    enum err e = proxies_read(options->proxies, s->proxies, &s->proxies_n, info);
    if (e == OK)
        e = server_reload_catalogue(s);
    if (e == OK)
        e = socket_open(s, info);
    if (e != OK) {
        server_free(s);
        return e;
    }
    s->login = side_start(s, 1, LOGIN_QUEUE);
    s->media = side_start(s, MEDIA_THREADS, MEDIA_QUEUE);
    s->print = side_start(s, PRINT_THREADS, PRINT_QUEUE);
    s->heavy = side_start(s, 1, 1);
    if (options->replica_url)
        s->replica = replica_start(options->db_url, options->replica_url, options->replica_lag_s,
            threads_of(options));
    CHECK(pthread_create(&s->ticker, NULL, ticker_main, s) == 0);
    s->peers = peers_start(s);
    s->daemon = daemon_start(s);
    CHECK(s->daemon != NULL);
    *ret = s;
    return OK;
}

unsigned server_port(const struct server *s)
{
    return s->port;
}

void server_publish(struct server *s, const struct event *events, size_t n)
{
    live_publish(s->live, events, n);
    peers_tell_events(s->peers, events, n);
}

/* Waits until what was accepted is answered; at most DRAIN_MS for slow clients, as long as it takes
 * for suspended connections: the library cannot stop with them. What comes on an open connection
 * after that is told to come again. */
static void drain(struct server *s)
{
    int64_t until_us = clock_monotonic_us() + DRAIN_MS * INT64_C(1000);
    while (atomic_load(&s->waiting)
        || (atomic_load(&s->active) && clock_monotonic_us() < until_us))
        (void)poll(NULL, 0, DRAIN_STEP_MS);
    atomic_store(&s->closed, true);
    while (atomic_load(&s->waiting))
        (void)poll(NULL, 0, DRAIN_STEP_MS);
    live_close(s->live);
    while (live_subscribers(s->live) && clock_monotonic_us() < until_us)
        (void)poll(NULL, 0, DRAIN_STEP_MS);
}

void server_drain(struct server *s)
{
    atomic_store(&s->draining, true);
    live_close(s->live);
}

/* Closing a listening socket cuts connections that are established but not accepted yet, whose
 * requests may be under way. So no further ones are let in (their first packets are ignored, and
 * sent again after a second they are refused), and those that are there have a moment to be
 * accepted and to send. */
static void door_close(struct server *s)
{
    enum { FLAGS_AT = 13, FLAG_SYN = 2, ALL = 0xffff };
    struct sock_filter no_new[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FLAGS_AT),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, FLAG_SYN, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, ALL),
    };
    struct sock_fprog program = { COUNT_OF(no_new), no_new };
    if (setsockopt(s->socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0)
        (void)poll(NULL, 0, LATECOMERS_MS);
}

void server_stop(struct server *s)
{
    if (atomic_exchange(&s->draining, true))
        door_close(s);
    if (MHD_quiesce_daemon(s->daemon) == s->socket) {
        (void)close(s->socket);
        s->socket = -1;
    }
    drain(s);
    side_stop(s->login);
    side_stop(s->media);
    side_stop(s->print);
    side_stop(s->heavy);
    MHD_stop_daemon(s->daemon);
    atomic_store(&s->stopping, true);
    CHECK(pthread_join(s->ticker, NULL) == 0);
    peers_stop(s->peers);
    if (s->replica)
        replica_stop(s->replica);
    server_free(s);
}
