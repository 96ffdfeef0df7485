/* night.c: the night's work in parts. */
#include "job/night.h"
#include "base/log.h"

enum { PART_US = 1000 * 1000, ARENA_BYTES = 64 << 20 };
enum night_part { NIGHT_BEGIN, NIGHT_SIGN_INS, NIGHT_MATTERS, NIGHT_END };

struct night_task {
    struct task task;
    struct cx *cx;
    enum night_part part;
    const struct keepings *terms;
    enum term what;
    struct list due;
    bool mine;
};

static enum err night_run(struct task *t, struct db *db, struct ids *ids)
{
    struct night_task *n = (struct night_task *)(void *)t;
    int64_t erased;
    n->cx->db = db;
    n->cx->ids = ids;
    n->cx->n_events = 0;
    switch (n->part) {
    case NIGHT_BEGIN: return night_begin(n->cx, &n->mine);
    case NIGHT_SIGN_INS: return due_sign_ins(n->cx, n->terms);
    case NIGHT_MATTERS: return due_erase(n->cx, n->terms, n->what, n->due.p, n->due.n, &erased);
    case NIGHT_END: return night_end(n->cx);
    }
    return E_BUG;
}

static void night_done(struct task *t, enum err outcome)
{
    (void)t, (void)outcome;
}

static enum err write_part(const struct timer_options *o, struct arena *a, struct night_task *n)
{
    struct rand rand = rand_system();
    const struct catalogue *cat = o->catalogue(o->ctx);
    struct cx cx = { .a = a, .cat = cat, .keys = o->keys, .rand = &rand, .request = "night",
        .now_ms = clock_now_ms(o->clock) };
    n->task = (struct task){ .run = night_run, .done = night_done };
    n->cx = &cx;
    enum err e = writer_call(o->writer, &n->task);
    if (e == OK && o->publish && cx.n_events)
        o->publish(o->ctx, cx.events, cx.n_events);
    catalogue_drop(cat);
    return e;
}

static enum err begin(struct night *n, const struct timer_options *o, struct db *db,
    struct arena *a)
{
    int64_t now_ms = clock_now_ms(o->clock);
    struct night_task first = { .part = NIGHT_BEGIN };
    bool due = false;
    TRY(night_is_due(db, now_ms, &due));
    if (!due)
        return OK;
    TRY(write_part(o, a, &first));
    *n = (struct night){ .active = first.mine };
    if (!first.mine)
        return OK;
    TRY(keepings_read(db, a, now_ms, &n->terms));
    struct night_task sign_ins = { .part = NIGHT_SIGN_INS, .terms = &n->terms };
    return write_part(o, a, &sign_ins);
}

/* The last part: files that nothing refers to any more. */
static enum err end(struct night *n, const struct timer_options *o, struct db *db, struct arena *a)
{
    struct night_task last = { .part = NIGHT_END };
    int64_t files = 0;
    n->active = false;
    if (o->photos)
        TRY(due_files(db, o->photos, clock_now_ms(o->clock), &files));
    return write_part(o, a, &last);
}

static enum err go_on(struct night *n, const struct timer_options *o, struct db *db,
    struct arena *a)
{
    struct night_task t = { .part = NIGHT_MATTERS, .terms = &n->terms, .what = n->walk.what };
    TRY(due_next(db, a, &n->terms, clock_now_ms(o->clock), &n->walk, &t.due));
    if (t.due.n)
        return write_part(o, a, &t);
    if ((int)n->walk.what == KEEP_MATTERS_LAST)
        return end(n, o, db, a);
    n->walk = (struct due_walk){ .what = n->walk.what + 1 };
    return OK;
}

void night_advance(struct night *n, const struct timer_options *o, struct db *db)
{
    struct arena a;
    int64_t until_us = clock_monotonic_us() + PART_US;
    arena_init(&a, ARENA_BYTES);
    enum err e = n->active ? OK : begin(n, o, db, &a);
    while (e == OK && n->active && clock_monotonic_us() < until_us) {
        arena_reset(&a);
        e = go_on(n, o, db, &a);
    }
    arena_free(&a);
    if (e != OK) {
        n->active = false;
        log_line(LOG_WARN, "night.part", "the rest waits for the next night: %s", err_code(e));
    }
}
