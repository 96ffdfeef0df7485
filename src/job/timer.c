/* timer.c: looks for alarms that have rung and takes the system's step for each. */
#include "job/timer.h"
#include "account/account.h"
#include "base/log.h"
#include "base/rounds.h"
#include "duty/duty.h"
#include "job/night.h"
#include "matter/step.h"
#include "personal/request.h"

#define ALARM_ROW(X, R) \
    X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, id, 0, 0, 0, NULL, "")
RECORD(alarm_row, ALARM_ROW)
RECORD_DEFINE(alarm_row, ALARM_ROW)

/* In whatever county, and so without locks: those hold within one. */
SQL_READS(RUNG, "timer.rung",
    "SELECT area, id FROM matter WHERE alarm_ms IS NOT NULL AND alarm_ms <= $1"
    " ORDER BY alarm_ms LIMIT $2");
SQL_READS(ANY_RUNG, "timer.any",
    "SELECT count(*) FROM (SELECT 1 FROM matter WHERE alarm_ms IS NOT NULL AND alarm_ms <= $1"
    " LIMIT 1) AS counted");
SQL_WRITES(UPLOADS_OLD, "timer.uploads", "DELETE FROM upload WHERE made_ms < $1");
const struct sql *const timer_statements[] = { &RUNG, &ANY_RUNG, &UPLOADS_OLD };
const size_t timer_statements_n = COUNT_OF(timer_statements);

enum { ROUND_MAX = 100 };

/* Another server may have it in hand, or have taken the step since it was found. */
static enum err ring_one(struct cx *cx, const struct alarm_row *due, bool *ret_done)
{
    struct matter m;
    enum err e = matter_if_free(cx, due->area, due->id, &m);
    *ret_done = false;
    if (e == E_MISSING || (e == OK && (m.alarm_ms == I64_NONE || m.alarm_ms > cx->now_ms)))
        return OK;
    TRY(e);
    struct step_args args = step_of_alarm(&m);
    TRY(matter_step(cx, &m, &args, NULL));
    *ret_done = true;
    return OK;
}

enum err timer_round(struct cx *cx, size_t max, size_t *ret_done)
{
    struct list rows;
    *ret_done = 0;
    cx->actor = (struct actor){ .kind = ACTOR_SYSTEM, .roles = ROLE_SYSTEM };
    TRY(db_rows(cx->db, cx->a, &RUNG, ARGS(I(cx->now_ms), I((int64_t)max)), &alarm_row_record,
        max, &rows));
    const struct alarm_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        size_t events = cx->n_events;
        bool done = false;
        TRY(db_savepoint(cx->db));
        memset(&cx->info, 0, sizeof(cx->info));
        enum err e = ring_one(cx, &r[i], &done);
        if (e == OK)
            e = db_release(cx->db);
        if (e != OK) {
            db_rollback_to(cx->db);
            cx->n_events = events;
            log_line(LOG_WARN, "timer.step", "a due step failed: %s", err_code(e));
            TRY(e == E_DB || e == E_UNKNOWN ? e : OK);  /* one matter does not hold up the rest */
        }
        *ret_done += e == OK && done;
    }
    return OK;
}

struct timer {
    struct timer_options options;
    struct rounds rounds;
};

struct round_task { struct task task; struct cx *cx; size_t done; bool clean, absent; };

static enum err round_run(struct task *t, struct db *db, struct ids *ids)
{
    struct round_task *r = (struct round_task *)(void *)t;
    struct cx *cx = r->cx;
    cx->db = db;
    cx->ids = ids;
    cx->n_events = 0;           /* it may have run before and been undone */
    if (r->clean) {
        TRY(account_terms_round(db, cx->now_ms));
        TRY(db_exec(db, &UPLOADS_OLD, ARGS(I(cx->now_ms - CLOCK_DAY_MS)), NULL));
        TRY(duty_forget(db, cx->now_ms));
    }
    if (r->absent) {
        TRY(duty_round(cx, ROUND_MAX / 2));
        TRY(requests_round(cx));
    }
    return timer_round(cx, ROUND_MAX, &r->done);
}

static void round_done(struct task *t, enum err outcome)
{
    (void)t, (void)outcome;
}

/* One round through the writer; how many steps it took. */
static size_t run_round(struct timer *t, bool clean, bool absent)
{
    const struct timer_options *o = &t->options;
    struct arena a;
    struct rand rand = rand_system();
    const struct catalogue *cat = o->catalogue(o->ctx);
    arena_init(&a, 64 << 20);
    struct cx cx = { .a = &a, .cat = cat, .keys = o->keys, .rand = &rand, .request = "timer",
        .now_ms = clock_now_ms(o->clock), .services = { .outbox = o->outbox } };
    struct round_task r = { .task = { .run = round_run, .done = round_done }, .cx = &cx,
        .clean = clean, .absent = absent };
    enum err e = writer_call(o->writer, &r.task);
    if (e == OK && o->publish && cx.n_events)
        o->publish(o->ctx, cx.events, cx.n_events);
    if (e != OK)
        log_line(LOG_WARN, "timer.round", "round failed: %s", err_code(e));
    arena_free(&a);
    catalogue_drop(cat);
    return e == OK ? r.done : 0;
}

static bool any_rung(struct timer *t, struct db *db)
{
    int64_t n = 0;
    enum err e = db_number(db, &ANY_RUNG, ARGS(I(clock_now_ms(t->options.clock))), &n);
    return e == OK && n > 0;
}

static void *timer_main(void *arg)
{
    struct timer *t = arg;
    struct db *db = NULL;
    struct night night = { .active = false };
    int64_t every_us = (t->options.every_ms ? t->options.every_ms : 1000) * INT64_C(1000);
    for (uint64_t round = 0; rounds_wait(&t->rounds, every_us); round++) {
        bool clean = round % 600 == 0, absent = round % 10 == 0;
        if (db == NULL && db_open(t->options.db_url, DB_OVERSEER, &db) != OK)
            continue;
        if (clean || night.active)
            night_advance(&night, &t->options, db);
        if (!clean && !absent && !any_rung(t, db))
            continue;
        while (run_round(t, clean, absent) == ROUND_MAX && rounds_wait(&t->rounds, 5000))
            clean = absent = false;
    }
    db_close(db);
    return NULL;
}

enum err timer_start(const struct timer_options *options, struct timer **ret)
{
    struct timer *t = heap_alloc(sizeof(*t));
    t->options = *options;
    rounds_start(&t->rounds, timer_main, t);
    *ret = t;
    return OK;
}

void timer_stop(struct timer *t)
{
    rounds_stop(&t->rounds);
    heap_free(t);
}
