/* courier.c: see courier.h. */
#include "job/courier.h"
#include "base/log.h"
#include "base/rounds.h"
#include "crypto/code.h"
#include "duty/book.h"

enum { BATCH = WEBHOOK_CALLS_MAX, LOOK_US = 1000000, LOOK_MANY = 4 * BATCH, COUNT_EACH = 5,
    FORGET_EACH = 3600, STOP_MS = 3000, SETTLE_TRIES = 5 };
enum { STATUS_GONE = 410, STATUS_UNPROCESSABLE = 422 };

struct courier {
    struct courier_options options;
    struct rounds rounds;
    struct db *db;
    int64_t end_us;         /* when it was first seen that it is to end, or 0 */
};

struct str courier_body(struct arena *a, const struct node_keys *k, const struct outbox_row *row,
    struct str to, struct str text)
{
    struct buf b = buf_in(a, 8000);
    struct outbox_id id = outbox_id_of(k, row->area, row->id);
    struct code_number number = code_number_make(k, (uint32_t)row->area, row->matter);
    buf_fmt(&b, "{\"id\":\"%s\",\"kind\":", id.text);
    buf_json_str(&b, row->kind);
    buf_add(&b, STR(",\"to\":"));
    buf_json_str(&b, to);
    buf_add(&b, STR(",\"lang\":"));
    buf_json_str(&b, row->lang);
    buf_add(&b, STR(",\"text\":"));
    buf_json_str(&b, text);
    buf_fmt(&b, ",\"number\":\"%s\",\"node\":", number.text);
    buf_json_str(&b, str_c(k->name));
    buf_add(&b, STR(",\"at\":\""));
    clock_write_iso(&b, row->at_ms);
    buf_fmt(&b, "\",\"try\":%lld}", (long long)row->tries + 1);
    return buf_str(&b);
}

struct outbox_end courier_end(const struct webhook_call *call)
{
    struct outbox_end end = { OUTCOME_AGAIN, call->why, call->retry_after_s * 1000 };
    if (call->status >= 200 && call->status <= 299)
        return (struct outbox_end){ OUTCOME_SENT, "", 0 };
    if (call->status == STATUS_GONE || call->status == STATUS_UNPROCESSABLE)
        return (struct outbox_end){ OUTCOME_NEVER, "the gateway will not take it", 0 };
    if (call->status >= 300 && call->status <= 399)
        end.why = "the gateway redirects, which is not followed";
    else if (call->status == 401 || call->status == 403)
        end.why = "the gateway does not accept the signature";
    else if (call->status == 429)
        end.why = "the gateway asks to go slower";
    else if (call->status)
        end.why = "the gateway fails";
    return end;
}

/* Something to be written through the writer: rows taken, or settled. */
struct work {
    struct task task;
    struct cx cx;
    struct outbox_row *rows;
    size_t n;
    bool *got;                      /* taking: which were had, at most BATCH */
    const struct outbox_end *ends;  /* settling */
    bool forget;
};

static enum err work_run(struct task *t, struct db *db, struct ids *ids)
{
    struct work *w = (struct work *)(void *)t;
    size_t n = 0;
    w->cx.db = db;
    w->cx.ids = ids;
    if (w->forget)
        return outbox_forget(&w->cx);
    for (size_t i = 0; i < w->n && w->ends; i++)
        TRY(outbox_settle(&w->cx, &w->rows[i], &w->ends[i]));
    for (size_t i = 0; i < w->n && w->got; i++) {
        w->got[i] = false;
        if (n < BATCH)
            TRY(outbox_take(&w->cx, &w->rows[i], &w->got[i]));
        n += w->got[i];
    }
    return OK;
}

static enum err work_do(struct courier *c, struct arena *a, struct work *w)
{
    struct rand rand = rand_system();
    w->task = (struct task){ .run = work_run };
    w->cx = (struct cx){ .a = a, .keys = c->options.keys, .rand = &rand, .request = "courier",
        .now_ms = clock_now_ms(c->options.clock),
        .actor = { .kind = ACTOR_SYSTEM, .roles = ROLE_SYSTEM } };
    return writer_call(c->options.writer, &w->task);
}

/* What is due and could be had, in front of rows; *ret_more: there may be more. */
static enum err take(struct courier *c, struct arena *a, struct outbox_row **ret, size_t *ret_n,
    bool *ret_more)
{
    struct list due;
    int64_t until_ms, now_ms = clock_now_ms(c->options.clock);
    const struct catalogue *cat = c->options.catalogue(c->options.ctx);
    bool night = duty_is_quiet(cat, now_ms, &until_ms), got[LOOK_MANY];
    catalogue_drop(cat);
    TRY(outbox_due(c->db, a, now_ms, night, LOOK_MANY, &due));
    struct work w = { .rows = due.p, .n = due.n, .got = got };
    *ret = due.p;
    *ret_n = 0;
    *ret_more = due.n > BATCH;
    if (due.n == 0)
        return OK;
    TRY(work_do(c, a, &w));
    for (size_t i = 0; i < due.n; i++)
        if (got[i])
            w.rows[(*ret_n)++] = w.rows[i];
    return OK;
}

static bool may_go_on(void *ctx)
{
    struct courier *c = ctx;
    if (rounds_wait(&c->rounds, 0))
        return true;
    if (c->end_us == 0)
        c->end_us = clock_monotonic_us();
    return clock_monotonic_us() - c->end_us < STOP_MS * INT64_C(1000);
}

/* Opened and put into words; false when there is nothing to send, and *ret says what becomes of it. */
static bool prepare(struct courier *c, struct arena *a, const struct outbox_row *row,
    struct webhook_call *ret_call, struct outbox_end *ret)
{
    const struct node_keys *k = c->options.keys;
    struct outbox_id id = outbox_id_of(k, row->area, row->id);
    struct str to, text = outbox_text(a, k, row, c->options.site);
    enum err e = outbox_telephone(c->db, a, k, row, &to);
    *ret = (struct outbox_end){ e == E_MISSING ? OUTCOME_SENT : OUTCOME_AGAIN,
        "the telephone cannot be read", 0 };
    if (e != OK)
        return false;
    if (text.n == 0)
        ret->why = "only a newer program knows what this message says";
    *ret_call = (struct webhook_call){ .id = arena_str(a, str_c(id.text)),
        .body = courier_body(a, k, row, to, text) };
    return text.n > 0;
}

static void send(struct courier *c, struct arena *a, const struct outbox_row *rows, size_t n,
    struct outbox_end *ends)
{
    struct webhook_call calls[BATCH];
    size_t of[BATCH], n_calls = 0;
    for (size_t i = 0; i < n; i++)
        if (prepare(c, a, &rows[i], &calls[n_calls], &ends[i]))
            of[n_calls++] = i;
    webhook_send(c->options.webhook, calls, n_calls, clock_now_ms(c->options.clock),
        OUTBOX_SEND_MS, may_go_on, c);
    for (size_t i = 0; i < n_calls; i++)
        ends[of[i]] = courier_end(&calls[i]);
}

/* One warning a batch, without a word about whom or what. */
static void note(struct courier *c, const struct outbox_end *ends, size_t n)
{
    size_t sent = 0, left = 0;
    for (size_t i = 0; i < n; i++) {
        sent += ends[i].outcome == OUTCOME_SENT;
        left = ends[i].outcome == OUTCOME_SENT ? left : i + 1;
    }
    atomic_fetch_add(&c->options.outbox->sent, (long long)sent);
    atomic_fetch_add(&c->options.outbox->tries, (long long)n);
    if (left)
        log_line(LOG_WARN, "outbox.send", "%zu of %zu messages not handed over: %s", n - sent, n,
            ends[left - 1].why);
}

/* True when there may be more to do at once. */
static bool batch(struct courier *c, struct arena *a)
{
    struct outbox_row *rows;
    struct outbox_end ends[BATCH];
    size_t n;
    bool more;
    enum err e = take(c, a, &rows, &n, &more);
    if (e != OK)
        log_line(LOG_WARN, "outbox.take", "messages could not be taken: %s", err_code(e));
    if (e != OK || n == 0)
        return false;
    send(c, a, rows, n, ends);
    note(c, ends, n);
    struct work w = { .rows = rows, .n = n, .ends = ends };
    for (int i = 0; (e = work_do(c, a, &w)) != OK && i < SETTLE_TRIES; i++)
        if (!rounds_wait(&c->rounds, LOOK_US))
            break;
    if (e != OK)
        log_line(LOG_WARN, "outbox.settle", "%zu messages will be sent again: %s", n, err_code(e));
    return e == OK && more;
}

static void look(struct courier *c, uint64_t round)
{
    struct arena a;
    arena_init(&a, 8 << 20);
    while (batch(c, &a) && rounds_wait(&c->rounds, 0))
        arena_reset(&a);
    if (round % FORGET_EACH == 0) {
        struct work w = { .forget = true };
        if (work_do(c, &a, &w) != OK)
            log_line(LOG_WARN, "outbox.forget", "old failed messages could not be taken away");
    }
    if (round % COUNT_EACH == 0 && outbox_count(c->db, c->options.outbox) != OK)
        log_line(LOG_WARN, "outbox.count", "messages could not be counted");
    arena_free(&a);
}

static void *courier_main(void *arg)
{
    struct courier *c = arg;
    for (uint64_t round = 0; rounds_wait(&c->rounds, LOOK_US); round++)
        if (c->db || db_open(c->options.db_url, DB_OVERSEER, &c->db) == OK)
            look(c, round);
    db_close(c->db);
    return NULL;
}

enum err courier_start(const struct courier_options *options, struct courier **ret)
{
    struct courier *c = heap_alloc(sizeof(*c));
    c->options = *options;
    rounds_start(&c->rounds, courier_main, c);
    *ret = c;
    return OK;
}

void courier_stop(struct courier *c)
{
    rounds_stop(&c->rounds);
    heap_free(c);
}
