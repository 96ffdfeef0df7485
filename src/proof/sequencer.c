/* sequencer.c: the thread behind sequencer.h. */
#include "proof/sequencer.h"
#include "base/log.h"
#include "base/rounds.h"

enum { PERIOD_US = 500 * 1000 };
/* Held by who takes in (db_hold); ids of blocks are positive. Whoever fails to notice that it has
 * lost the number only has its batch refused, because the leaves are there already. */
static const int64_t taking_in = -1;

struct sequencer {
    struct rounds rounds;
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

static void *sequencer_main(void *arg)
{
    struct sequencer *s = arg;
    do
        backlog_take(s);
    while (rounds_wait(&s->rounds, PERIOD_US));
    backlog_take(s);
    return NULL;
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
    rounds_start(&s->rounds, sequencer_main, s);
    *ret = s;
    return OK;
}

void sequencer_stop(struct sequencer *s)
{
    rounds_stop(&s->rounds);
    db_close(s->db);
    heap_free(s);
}
