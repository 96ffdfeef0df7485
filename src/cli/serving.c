/* serving.c: see serving.h. */
#include "cli/serving.h"
#include "attach/helper.h"
#include "base/log.h"
#include "cli/stop.h"
#include "guard/confine.h"
#include "guard/supervise.h"
#include "http/server.h"
#include "job/webhook.h"
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__
enum { WATCHED = true };
#else
enum { WATCHED = false };
#endif

/* Before any thread starts, so that all inherit it and only whoever waits for them hears them. */
static void block_signals(void)
{
    sigset_t set = stop_signals();
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    CHECK(sigaction(SIGPIPE, &ignore, NULL) == 0);
}

/* At most so many seconds, or for ever (-1). */
static void wait_for_signal(const struct supervised *how, int64_t seconds)
{
    sigset_t set = stop_signals();
    const struct timespec time = { .tv_sec = seconds };
    if (how)
        supervised_wait(seconds);
    else if (seconds < 0)
        (void)sigwaitinfo(&set, NULL);
    else
        (void)sigtimedwait(&set, NULL, &time);
}

/* Lets a proxy turn to others; a second signal ends the waiting. */
static void drain(struct node *node, const struct supervised *how, int64_t seconds)
{
    log_line(LOG_INFO, "serve.drain", "serving for %lld s more", (long long)seconds);
    node_drain(node);
    wait_for_signal(how, seconds);
}

/* The directory of a file, links followed where it is there. */
static const char *folder_of(struct arena *a, const char *file)
{
    char real[PATH_MAX];
    const char *path = realpath(file, real) ? real : file;
    size_t n = strlen(path) + 1;
    return dirname(memcpy(arena_bytes(a, n), path, n));
}

/* What the C library and those of the database read of the system: names of hosts, certificates,
 * times. */
static size_t system_add(const char **read, size_t n)
{
    static const char *const files[] = { "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf",
        "/etc/host.conf", "/etc/gai.conf", "/etc/services", "/etc/localtime", "/etc/ssl",
        "/usr/lib/ssl", "/usr/share/zoneinfo", "/usr/share/ca-certificates",
        "/run/systemd/resolve" };
    for (size_t i = 0; i < COUNT_OF(files); i++)
        read[n++] = files[i];
    return n;
}

/* Connections out: to a database server, and to the gateway that messages are pushed to. */
static void reach_add(struct arena *a, const struct node_options *o, struct confinement *c,
    size_t n)
{
    enum { PORT_DNS = 53 };
    struct db_reach reach = { .n_ports = 0 };
    const char *urls[] = { db_is_server(o->site.db) ? o->site.db : NULL, o->read_db };
    c->connects = urls[0] || o->webhook;
    if (!c->connects)
        return;
    for (size_t i = 0; i < COUNT_OF(urls); i++)
        if (urls[i])
            db_reach_add(a, urls[i], getenv("HOME"), &reach);
    for (size_t i = 0; i < reach.n_files && n < CONFINE_PATHS_MAX; i++)
        c->read[n++] = reach.files[i];
    c->any_port = reach.any_port;
    c->ports[c->n_ports++] = PORT_DNS;
    if (o->webhook)
        c->ports[c->n_ports++] = webhook_port(o->webhook);
    for (size_t i = 0; i < reach.n_ports && c->n_ports < CONFINE_PORTS_MAX; i++)
        c->ports[c->n_ports++] = reach.ports[i];
}

/* Everything it needs is there by now. */
static void enter_sandbox(const struct node_options *o)
{
    struct confinement c = { .watched = WATCHED };
    struct arena a;
    size_t n = system_add(c.read, 0);
    arena_init(&a, 1 << 16);
    c.own[0] = folder_of(&a, o->site.beside);
    (void)setenv("TMPDIR", c.own[0], 1);        /* where spreadsheets are put together */
    c.read[n++] = o->templates;
    c.read[n++] = o->webhook_key;
    c.read[n++] = o->webhook_ca;
    if (WATCHED)
        c.read[n++] = "/proc";
    reach_add(&a, o, &c, n);
    if (!db_is_server(o->site.db))
        c.own[1] = folder_of(&a, strncmp(o->site.db, "sqlite:", 7) ? o->site.db : o->site.db + 7);
    (void)confine_enter(&c);
    arena_free(&a);
}

/* The server; how is NULL without a supervisor. */
static int serve(void *ctx, const struct supervised *how)
{
    struct serving *s = ctx;
    struct err_info info = { .e = OK };
    struct node *node;
    s->options.steward = how ? how->steward : HELPER_ALONE;
    s->options.restarts = how ? how->restarts : 0;
    enum err e = s->prepare(s, &info);
    if (e == OK && how)
        enter_sandbox(&s->options);
    else if (e == OK)
        log_line(LOG_WARN, "sandbox.enter", "none, as --no-sandbox asks");
    if (e == OK)
        e = node_start(&s->options, &node, &info);
    if (e != OK)
        return cli_fail(s->args, &info, e);
    printf(s->args->lang == LANG_EN ? "Serving on http://%s (port %u). Stop with Ctrl-C.\n"
        : "服务已启动 http://%s(端口 %u),按 Ctrl-C 停止\n", s->options.listen, node_port(node));
    (void)fflush(stdout);
    wait_for_signal(how, -1);
    if (s->drain_s)
        drain(node, how, s->drain_s);
    log_line(LOG_INFO, "serve.stop", "told to stop: finishing what was accepted");
    node_stop(node);
    return CLI_DONE;
}

int serving_run(struct serving *s)
{
    struct err_info info = { .e = OK };
    block_signals();
    if (cli_flag(s->args, "no-sandbox"))
        return serve(s, NULL);
    enum err e = server_bind(s->options.listen, &s->options.bound, &info);
    if (e != OK)
        return cli_fail(s->args, &info, e);
    return supervise(&(struct supervision){ .run = serve, .ctx = s, .socket = s->options.bound });
}
