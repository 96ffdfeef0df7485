/* figures.c: what operators' programs read at /metrics, in the OpenMetrics text format. Counts and
 * lengths only: nothing about persons or places. */
#include "http/request.h"
#include "outbox/outbox.h"

struct figure { const char *name; atomic_ullong by_outcome[ERR_COUNT]; };
struct figures { size_t n; struct figure *rows; };

/* One row for each route of the modules in order, the last for everything else. */
struct figures *figures_make(void)
{
    struct figures *f = heap_alloc(sizeof(*f));
    for (size_t m = 0; m < modules_n; m++)
        f->n += modules[m]->n_routes;
    f->rows = heap_alloc((f->n + 1) * sizeof(*f->rows));
    for (size_t m = 0, n = 0; m < modules_n; m++)
        for (size_t i = 0; i < modules[m]->n_routes; i++)
            f->rows[n++].name = modules[m]->routes[i].name;
    f->rows[f->n].name = "other";
    return f;
}

void figures_free(struct figures *f)
{
    heap_free(f->rows);
    heap_free(f);
}

void figures_count(struct figures *f, const struct route *route, enum err outcome)
{
    size_t at = 0;
    for (size_t m = 0; m < modules_n; m++) {
        const struct module *module = modules[m];
        if (route >= module->routes && route < module->routes + module->n_routes) {
            at += (size_t)(route - module->routes);
            atomic_fetch_add_explicit(&f->rows[at].by_outcome[outcome], 1, memory_order_relaxed);
            return;
        }
        at += module->n_routes;
    }
    atomic_fetch_add_explicit(&f->rows[f->n].by_outcome[outcome], 1, memory_order_relaxed);
}

static void requests_write(struct buf *b, struct figures *f)
{
    buf_add(b, STR("# TYPE fengqiao_requests counter\n"));
    for (size_t i = 0; i <= f->n; i++)
        for (size_t e = 0; e < ERR_COUNT; e++) {
            unsigned long long n = atomic_load(&f->rows[i].by_outcome[e]);
            if (n)
                buf_fmt(b, "fengqiao_requests_total{route=\"%s\",status=\"%d\",code=\"%s\"} %llu\n",
                    f->rows[i].name, err_status((enum err)e), err_code((enum err)e), n);
        }
}

static void gauge_write(struct buf *b, const char *name, const char *kind, uint64_t value)
{
    bool counts = strcmp(kind, "counter") == 0;
    buf_fmt(b, "# TYPE fengqiao_%s %s\nfengqiao_%s%s %llu\n", name, kind, name,
        counts ? "_total" : "", (unsigned long long)value);
}

/* What waits to be pushed, how old the oldest of it is, and what was given up. */
static void outbox_write(struct buf *b, struct outbox *o, int64_t now_ms)
{
    int64_t oldest_ms = atomic_load(&o->oldest_ms);
    int64_t old_s = oldest_ms && oldest_ms < now_ms ? (now_ms - oldest_ms) / 1000 : 0;
    gauge_write(b, "outbox_waiting", "gauge", (uint64_t)atomic_load(&o->waiting));
    gauge_write(b, "outbox_oldest_seconds", "gauge", (uint64_t)old_s);
    gauge_write(b, "outbox_failed", "gauge", (uint64_t)atomic_load(&o->failed));
    gauge_write(b, "outbox_sent", "counter", (uint64_t)atomic_load(&o->sent));
    gauge_write(b, "outbox_tries", "counter", (uint64_t)atomic_load(&o->tries));
}

enum MHD_Result figures_answer(struct request *r)
{
    struct server *s = r->server;
    struct buf b = buf_in(&r->arena, 1 << 20);
    struct writer_figures w = writer_figures(s->options->writer);
    requests_write(&b, s->figures);
    gauge_write(&b, "restarts", "counter", s->options->restarts);
    gauge_write(&b, "writer_groups", "counter", w.groups);
    gauge_write(&b, "writer_tasks", "counter", w.tasks);
    gauge_write(&b, "writer_waiting", "gauge", w.waiting);
    gauge_write(&b, "writer_failing", "gauge", w.failing);
    gauge_write(&b, "login_waiting", "gauge", side_waiting(s->login));
    gauge_write(&b, "upload_waiting", "gauge", side_waiting(s->media));
    gauge_write(&b, "print_waiting", "gauge", side_waiting(s->print));
    gauge_write(&b, "requests_active", "gauge", atomic_load(&s->active));
    gauge_write(&b, "live_subscribers", "gauge", live_subscribers(s->live));
    if (s->options->services.outbox)
        outbox_write(&b, s->options->services.outbox, clock_now_ms(s->options->clock));
    if (s->replica) {
        struct replica_figures f = replica_figures(s->replica);
        gauge_write(&b, "replica_used", "gauge", f.used);
        gauge_write(&b, "replica_behind_ms", "gauge", f.behind_ms);
        gauge_write(&b, "replica_reads", "counter", f.reads);
        gauge_write(&b, "replica_repeated", "counter", f.repeated);
    }
    buf_add(&b, STR("# EOF\n"));
    r->outcome = OK;
    return answer_text(r, MHD_HTTP_OK,
        "application/openmetrics-text; version=1.0.0; charset=utf-8", buf_str(&b));
}
