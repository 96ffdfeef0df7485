/* writer.c: the writing thread and its queues. */
#include "spine/writer.h"
#include "base/clock.h"
#include "base/log.h"
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

/* No task takes more than IDS_TASK_MAX ids in all its attempts, but the timer, which takes
 * IDS_SPARE. */
enum { GROUP_MAX = 256, QUEUES = 2, IDS_TASK_MAX = 20, IDS_SPARE = 1000,
    TRIES_MAX = 2, PAUSE_MS = 10 };
/* A slow database makes groups short, so that the staff do not wait behind many reports, and what
 * nobody waits for any more is told to come again. */
static const struct pace { int64_t group_us, wait_us; } pace_usual = { 1000000, 20000000 };
struct queue { struct task *first, **last; size_t n; };
struct writer {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct queue queues[QUEUES];    /* 0 staff and login, 1 intake and uploads */
    size_t queue_max;
    struct pace pace;               /* all zero: no bounds */
    bool stopping;
    struct db *db;
    struct ids ids;
    struct sealing sealing;
    char url[4096];
    struct writer_figures figures;
    atomic_llong position;
};

static void queue_put(struct queue *q, struct task *t)
{
    t->next = NULL;
    *q->last = t;
    q->last = &t->next;
    q->n++;
}

static struct task *queue_take(struct queue *q)
{
    struct task *t = q->first;
    q->first = t->next;
    if (q->first == NULL)
        q->last = &q->first;
    q->n--;
    return t;
}

/* What has queued, staff first; blocks while there is nothing. False when stopping and empty. */
static bool group_take(struct writer *w, struct queue *ret_group, struct queue *ret_late)
{
    *ret_group = (struct queue){ NULL, &ret_group->first, 0 };
    *ret_late = (struct queue){ NULL, &ret_late->first, 0 };
    CHECK(pthread_mutex_lock(&w->lock) == 0);
    while (w->queues[0].n + w->queues[1].n == 0 && !w->stopping)
        CHECK(pthread_cond_wait(&w->wake, &w->lock) == 0);
    int64_t since_us = clock_monotonic_us() - w->pace.wait_us;
    for (size_t q = 0; q < QUEUES; q++)
        while (w->queues[q].n && ret_group->n < GROUP_MAX) {
            struct task *t = queue_take(&w->queues[q]);
            queue_put(w->pace.wait_us && t->queued_us < since_us ? ret_late : ret_group, t);
        }
    CHECK(pthread_mutex_unlock(&w->lock) == 0);
    return ret_group->n + ret_late->n > 0;
}

/* In front of a queue, in their order. */
static void queue_put_back(struct queue *q, struct queue *tasks)
{
    if (tasks->n == 0)
        return;
    *tasks->last = q->first;
    if (q->n == 0)
        q->last = tasks->last;
    q->first = tasks->first;
    q->n += tasks->n;
}

/* When the group has taken long enough it ends with this task; the rest goes back. */
static void group_end_in_time(struct writer *w, struct task *t, int64_t began_us)
{
    struct queue rest[QUEUES];
    if (t->next == NULL || w->pace.group_us == 0
        || clock_monotonic_us() - began_us < w->pace.group_us)
        return;
    for (size_t q = 0; q < QUEUES; q++)
        rest[q] = (struct queue){ NULL, &rest[q].first, 0 };
    for (struct task *one = t->next, *next; one; one = next) {
        next = one->next;
        queue_put(&rest[one->queue], one);
    }
    t->next = NULL;
    CHECK(pthread_mutex_lock(&w->lock) == 0);
    for (size_t q = 0; q < QUEUES; q++)
        queue_put_back(&w->queues[q], &rest[q]);
    CHECK(pthread_mutex_unlock(&w->lock) == 0);
}

static enum err follow(struct writer *w, bool renewed)
{
    return w->sealing.keys ? sealing_follow(&w->sealing, w->db, renewed) : OK;
}

/* After a failed commit the connection is not to be trusted: close, open, and until that works
 * refuse everything. */
static enum err reopen(struct writer *w)
{
    if (w->db)
        db_close(w->db);
    w->db = NULL;
    TRY(db_open(w->url, DB_WRITER, &w->db));
    w->ids = (struct ids){ 0 };
    enum err e = db_claim(w->db, CLAIM_SHARED);
    if (e == OK)
        e = follow(w, true);
    if (e != OK) {
        db_close(w->db);
        w->db = NULL;
    }
    return e;
}

/* In a savepoint, so that a failure takes nobody along. */
static enum err task_run(struct writer *w, struct task *t)
{
    TRY(db_savepoint(w->db));
    enum err e = t->run(t, w->db, &w->ids);
    if (e == OK)
        e = db_release(w->db);
    if (e != OK)
        db_rollback_to(w->db);
    return e;
}

/* False when a task failed that had written, or for lack of storage: then all must be undone. */
static bool all_run(struct writer *w, struct task *group, int64_t began_us)
{
    for (struct task *t = group; t; t = t->next) {
        int64_t before = db_rows_changed(w->db);
        t->outcome = t->run(t, w->db, &w->ids);
        if (t->outcome != OK
            && (db_rows_changed(w->db) != before || err_status(t->outcome) >= 500))
            return false;
        group_end_in_time(w, t, began_us);
    }
    return true;
}

static enum err commit(struct writer *w)
{
    TRY(db_commit(w->db));
    atomic_store(&w->position, db_position_committed(w->db));
    return OK;
}

/* Most groups hold nothing to undo, and savepoints cost a fifth of the work: so the first attempts
 * do without, and do not wait for the answer to each statement. E_CONFLICT: all is undone. */
static enum err group_attempt(struct writer *w, struct task *group, bool trusting, int64_t began_us)
{
    TRY(db_begin_hasty(w->db, trusting));
    enum err e = all_run(w, group, began_us) ? commit(w) : E_CONFLICT;
    if (e == E_CONFLICT)
        db_rollback(w->db);
    return e;
}

/* More than the group can need, whatever it has to try again. */
static enum err ids_for(struct writer *w, const struct task *group)
{
    int64_t n = IDS_SPARE;
    for (const struct task *t = group; t; t = t->next)
        n += IDS_TASK_MAX;
    return ids_ensure(w->db, &w->ids, n);
}

/* The tasks that are due, each in a savepoint when something must be undone for one of them. */
static enum err due_run(struct writer *w, struct task *group, bool first, int64_t began_us)
{
    enum err e = first ? group_attempt(w, group, true, began_us) : E_CONFLICT;
    if (first && e == E_CONFLICT && db_trusted(w->db))  /* a command came again, say */
        e = group_attempt(w, group, false, began_us);
    if (e != E_CONFLICT)
        return e;
    TRY(db_begin(w->db));
    for (struct task *t = group; t; t = t->next) {
        if (t->due)
            t->outcome = task_run(w, t);
        if (first)
            group_end_in_time(w, t, began_us);
    }
    return commit(w);
}

/* How many are due again: those that met a lock of another server, or a deadlock with it. */
static size_t due_again(struct task *group)
{
    size_t n = 0;
    for (struct task *t = group; t; t = t->next) {
        t->due = t->due && t->outcome == E_BUSY;
        n += t->due;
    }
    return n;
}

/* Runs and commits a group, and leaves in each task how it ended. */
static enum err group_run(struct writer *w, struct task *group)
{
    enum err e = w->db ? OK : reopen(w);
    int64_t began_us = clock_monotonic_us();
    for (struct task *t = group; t; t = t->next) {
        t->due = true;
        t->outcome = OK;
    }
    if (e == OK)
        e = follow(w, false);
    if (e == OK)
        e = ids_for(w, group);
    for (int tries = 0; e == OK; tries++) {
        e = due_run(w, group, tries == 0, began_us);
        bool late = w->pace.group_us && clock_monotonic_us() - began_us > 2 * w->pace.group_us;
        if (e != OK || late || tries == TRIES_MAX || due_again(group) == 0)
            break;
        (void)poll(NULL, 0, PAUSE_MS << tries);
    }
    for (struct task *t = group; t && e != OK; t = t->next)
        if (t->due && t->outcome == OK)
            t->outcome = e;
    return e;
}

static void group_finish(struct writer *w, struct task *group, enum err commit)
{
    size_t n = 0;
    for (struct task *t = group, *next; t; t = next) {
        next = t->next;
        n++;
        t->done(t, t->outcome);
    }
    CHECK(pthread_mutex_lock(&w->lock) == 0);
    w->figures.groups++;
    w->figures.tasks += n;
    w->figures.failing = commit != OK;
    CHECK(pthread_mutex_unlock(&w->lock) == 0);
}

static void late_refuse(struct task *late)
{
    for (struct task *t = late, *next; t; t = next) {
        next = t->next;
        t->done(t, E_BUSY);
    }
}

static void *writer_main(void *arg)
{
    struct writer *w = arg;
    struct queue group, late;
    while (group_take(w, &group, &late)) {
        late_refuse(late.first);
        enum err e = group.n ? group_run(w, group.first) : OK;
        if (e != OK) {
            log_line(LOG_ERROR, "writer.commit", "group failed: %s", err_code(e));
            if (w->db)
                db_rollback(w->db);
            if (reopen(w) != OK)
                log_line(LOG_ERROR, "writer.reopen", "cannot open the database");
        }
        if (group.n)
            group_finish(w, group.first, e);
    }
    return NULL;
}

enum err writer_start(const char *url, size_t queue_max, struct node_keys *keys,
    const char *key_path, struct writer **ret)
{
    struct writer *w = heap_alloc(sizeof(*w));
    (void)snprintf(w->url, sizeof(w->url), "%s", url);
    w->queue_max = queue_max;
    w->sealing = (struct sealing){ .keys = keys, .path = key_path };
    w->pace = pace_usual;
    for (size_t q = 0; q < QUEUES; q++)
        w->queues[q].last = &w->queues[q].first;
    enum err e = reopen(w);
    if (e != OK) {
        heap_free(w);
        return e;
    }
    CHECK(pthread_mutex_init(&w->lock, NULL) == 0);
    CHECK(pthread_cond_init(&w->wake, NULL) == 0);
    CHECK(pthread_create(&w->thread, NULL, writer_main, w) == 0);
    *ret = w;
    return OK;
}

static size_t queue_of(enum lane lane)
{
    return lane == LANE_INTAKE || lane == LANE_UPLOAD;
}

bool writer_has_room(struct writer *w, enum lane lane)
{
    CHECK(pthread_mutex_lock(&w->lock) == 0);
    bool room = !w->stopping && w->queues[queue_of(lane)].n < w->queue_max;
    CHECK(pthread_mutex_unlock(&w->lock) == 0);
    return room;
}

enum err writer_submit(struct writer *w, enum lane lane, struct task *t)
{
    t->queue = queue_of(lane);
    t->queued_us = clock_monotonic_us();
    struct queue *q = &w->queues[t->queue];
    CHECK(pthread_mutex_lock(&w->lock) == 0);
    enum err e = w->stopping || q->n >= w->queue_max ? E_BUSY : OK;
    if (e == OK) {
        queue_put(q, t);
        CHECK(pthread_cond_signal(&w->wake) == 0);
    }
    CHECK(pthread_mutex_unlock(&w->lock) == 0);
    return e;
}

/* A task that carries another one and a bell to ring when it is done. */
struct call {
    struct task task, *inner;
    pthread_mutex_t lock;
    pthread_cond_t bell;
    bool done;
};

static enum err call_run(struct task *t, struct db *db, struct ids *ids)
{
    struct call *c = (struct call *)(void *)t;
    return c->inner->run(c->inner, db, ids);
}

static void call_done(struct task *t, enum err outcome)
{
    struct call *c = (struct call *)(void *)t;
    CHECK(pthread_mutex_lock(&c->lock) == 0);
    c->inner->outcome = outcome;
    c->done = true;
    CHECK(pthread_cond_signal(&c->bell) == 0);
    CHECK(pthread_mutex_unlock(&c->lock) == 0);
}

enum err writer_call(struct writer *w, struct task *t)
{
    struct call c = { .task = { .run = call_run, .done = call_done }, .inner = t };
    CHECK(pthread_mutex_init(&c.lock, NULL) == 0 && pthread_cond_init(&c.bell, NULL) == 0);
    enum err e = writer_submit(w, LANE_STAFF, &c.task);
    if (e == OK) {
        CHECK(pthread_mutex_lock(&c.lock) == 0);
        while (!c.done)
            CHECK(pthread_cond_wait(&c.bell, &c.lock) == 0);
        CHECK(pthread_mutex_unlock(&c.lock) == 0);
        e = t->outcome;
    }
    (void)pthread_cond_destroy(&c.bell);
    (void)pthread_mutex_destroy(&c.lock);
    return e;
}

void writer_stop(struct writer *w)
{
    CHECK(pthread_mutex_lock(&w->lock) == 0);
    w->stopping = true;
    CHECK(pthread_cond_broadcast(&w->wake) == 0);
    CHECK(pthread_mutex_unlock(&w->lock) == 0);
    CHECK(pthread_join(w->thread, NULL) == 0);
    db_close(w->db);
    (void)pthread_cond_destroy(&w->wake);
    (void)pthread_mutex_destroy(&w->lock);
    heap_free(w);
}

int64_t writer_position(struct writer *w)
{
    return atomic_load(&w->position);
}

struct writer_figures writer_figures(struct writer *w)
{
    CHECK(pthread_mutex_lock(&w->lock) == 0);
    struct writer_figures f = w->figures;
    f.waiting = w->queues[0].n + w->queues[1].n;
    CHECK(pthread_mutex_unlock(&w->lock) == 0);
    return f;
}
