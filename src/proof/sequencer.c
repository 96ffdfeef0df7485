/* sequencer.c: the thread behind sequencer.h. */
#include "proof/sequencer.h"
#include "base/log.h"
#include <pthread.h>

enum { PERIOD_US = 500 * 1000 };
/* Held by who takes in (db_hold); ids of blocks are positive. Whoever fails to notice that it has
 * lost the number only has its batch refused, because the leaves are there already. */
static const int64_t taking_in = -1;

struct sequencer {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
    struct writer *writer;
    struct db *db;
    const struct node_keys *keys;
    struct clock clock;
    struct log_head head;
    bool head_known;            /* false after a write whose outcome is not certain */
};

struct batch_task { struct task task; const struct log_batch *batch; };

static enum err batch_run(struct task *t, struct db *db, struct ids *ids)
{
    (void)ids;
    return log_batch_write(db, ((struct batch_task *)(void *)t)->batch);
}

/* One batch; *ret_more when there may be another. */
static enum err batch_take(struct sequencer *s, struct arena *a, bool *ret_more)
{
    struct log_batch b;
    TRY(s->head_known ? log_head_follow(s->db, &s->head) : log_head_load(s->db, &s->head));
    s->head_known = true;
    TRY(log_batch_make(s->db, a, s->keys, &s->head, LOG_BATCH_MAX, clock_now_ms(s->clock), &b));
    *ret_more = b.n_leaves == LOG_BATCH_MAX;
    if (b.n_leaves == 0 && b.n_marks == 0)
        return OK;
    struct batch_task t = { .task = { .run = batch_run }, .batch = &b };
    enum err e = writer_call(s->writer, &t.task);
    s->head_known = e == OK;
    if (e == OK)
        s->head = b.after;
    return e;
}

static void backlog_take(struct sequencer *s)
{
    struct arena a;
    arena_init(&a, 4 << 20);
    bool more = false;
    enum err e = db_hold(s->db, taking_in, &more);
    while (e == OK && more) {
        arena_reset(&a);
        e = batch_take(s, &a, &more);
    }
    if (e != OK && e != E_BUSY)
        log_line(LOG_ERROR, "log.batch", "entries wait for the log: %s", err_code(e));
    arena_free(&a);
}

/* Waits a period; false when it is time to end. */
static bool period_wait(struct sequencer *s)
{
    int64_t until = clock_monotonic_us() + PERIOD_US;
    struct timespec at = { .tv_sec = until / 1000000, .tv_nsec = until % 1000000 * 1000 };
    CHECK(pthread_mutex_lock(&s->lock) == 0);
    int rc = 0;
    while (!s->stopping && rc == 0)
        rc = pthread_cond_timedwait(&s->wake, &s->lock, &at);
    bool go_on = !s->stopping;
    CHECK(pthread_mutex_unlock(&s->lock) == 0);
    return go_on;
}

static void *sequencer_main(void *arg)
{
    struct sequencer *s = arg;
    do
        backlog_take(s);
    while (period_wait(s));
    backlog_take(s);
    return NULL;
}

static void wake_init(pthread_cond_t *wake)
{
    pthread_condattr_t attr;
    CHECK(pthread_condattr_init(&attr) == 0);
    CHECK(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(wake, &attr) == 0);
    CHECK(pthread_condattr_destroy(&attr) == 0);
}

enum err sequencer_start(struct writer *w, const char *db_url, const struct node_keys *keys,
    struct clock clock, struct sequencer **ret)
{
    struct db *db;
    TRY(db_open(db_url, DB_OVERSEER, &db));
    struct sequencer *s = heap_alloc(sizeof(*s));
    s->writer = w;
    s->db = db;
    s->keys = keys;
    s->clock = clock;
    CHECK(pthread_mutex_init(&s->lock, NULL) == 0);
    wake_init(&s->wake);
    CHECK(pthread_create(&s->thread, NULL, sequencer_main, s) == 0);
    *ret = s;
    return OK;
}

void sequencer_stop(struct sequencer *s)
{
    CHECK(pthread_mutex_lock(&s->lock) == 0);
    s->stopping = true;
    CHECK(pthread_cond_broadcast(&s->wake) == 0);
    CHECK(pthread_mutex_unlock(&s->lock) == 0);
    CHECK(pthread_join(s->thread, NULL) == 0);
    db_close(s->db);
    (void)pthread_cond_destroy(&s->wake);
    (void)pthread_mutex_destroy(&s->lock);
    heap_free(s);
}
