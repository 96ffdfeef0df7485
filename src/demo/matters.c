/* matters.c: the demo city lives through a year. A heap holds what happens next to each open
 * matter; the earliest happens first, so that the ledger's order is the order of time. */
#include "demo/matters.h"
#include "demo/disputes.h"
#include "demo/script.h"
#include "matter/intake.h"
#include "matter/step.h"

SQL_READS(MEMBER, "demo.member",
    "SELECT account FROM membership WHERE unit = $1 ORDER BY account LIMIT 1");
const struct sql *const demo_matters_statements[] = { &MEMBER };
const size_t demo_matters_statements_n = COUNT_OF(demo_matters_statements);

enum { GROUP = 2000, IDS_MAX = 8, STEPS_MAX = 60, FRESH = 24, FRESH_FROM = 1000 };
struct coming { int64_t at_ms, area, id; int steps; };
struct life {
    const struct demo_matters *d;
    struct arena arena;
    struct rand rand;
    struct ids ids;
    struct cx cx;
    struct coming *heap;
    size_t n, cap;
    int64_t made, writes;
};

static bool earlier(const struct coming *a, const struct coming *b)
{
    return a->at_ms < b->at_ms || (a->at_ms == b->at_ms && a->id < b->id);
}

static void heap_put(struct life *l, struct coming c)
{
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 4096;
        struct coming *more = heap_alloc(cap * sizeof(*more));
        if (l->n)
            memcpy(more, l->heap, l->n * sizeof(*more));
        heap_free(l->heap);
        l->heap = more;
        l->cap = cap;
    }
    size_t at = l->n++;
    for (; at > 0 && earlier(&c, &l->heap[(at - 1) / 2]); at = (at - 1) / 2)
        l->heap[at] = l->heap[(at - 1) / 2];
    l->heap[at] = c;
}

static struct coming heap_take(struct life *l)
{
    struct coming first = l->heap[0], last = l->heap[--l->n];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= l->n)
            break;
        if (child + 1 < l->n && earlier(&l->heap[child + 1], &l->heap[child]))
            child++;
        if (!earlier(&l->heap[child], &last))
            break;
        l->heap[at] = l->heap[child];
        at = child;
    }
    l->heap[at] = last;
    return first;
}

static void circumstances(struct life *l, int64_t at_ms)
{
    arena_reset(&l->arena);
    l->cx = (struct cx){ .db = l->d->db, .a = &l->arena, .cat = l->d->cat, .keys = l->d->keys,
        .rand = &l->rand, .ids = &l->ids, .now_ms = at_ms, .lang = LANG_ZH, .request = "demo" };
}

/* Somebody of the unit, in whatever role the step needs. */
static enum err as_staff(struct life *l, int64_t unit, unsigned roles)
{
    int64_t account = 0;
    TRY(db_number(l->d->db, &MEMBER, ARGS(I(unit)), &account));
    l->cx.actor = (struct actor){ .kind = ACTOR_STAFF, .account = account, .roles = roles };
    for (size_t i = 0; i < ROLE_COUNT && l->cx.actor.n_memberships < MEMBERSHIPS_MAX; i++)
        if (roles & role_table[i].role)
            l->cx.actor.memberships[l->cx.actor.n_memberships++] =
                (struct membership){ unit, role_table[i].role };
    return OK;
}

static enum err as_planned(struct life *l, const struct matter *m, const struct planned *p)
{
    switch (p->by) {
    case BY_SYSTEM: l->cx.actor = (struct actor){ .kind = ACTOR_SYSTEM, .roles = ROLE_SYSTEM };
        return OK;
    case BY_REPORTER:
        l->cx.actor = (struct actor){ .kind = ACTOR_REPORTER, .roles = ROLE_REPORTER,
            .area = m->area, .matter = m->id, .no = 1 };
        return OK;
    case BY_OWNER:
        TRY(as_staff(l, m->owner_unit, ROLE_CLERK | ROLE_GRID_WORKER | ROLE_DISPATCHER));
        if (m->holder)
            l->cx.actor.account = m->holder;
        return OK;
    case BY_DESK: {
        const struct unit *owner = unit_find(l->d->cat, m->owner_unit);
        const struct unit *desk = owner && owner->desk && owner->level < LEVEL_COUNTY ? owner
            : catalogue_desk(l->d->cat, area_division(m->area));
        TRY(as_staff(l, desk->id, ROLE_DISPATCHER | ROLE_SUPERVISOR));
        l->cx.actor.account += m->holder == l->cx.actor.account;
        return OK;
    }
    case BY_ASKED:
        TRY(as_staff(l, m->ask_unit, ROLE_CHIEF | ROLE_SUPERVISOR));
        l->cx.actor.account += m->ask_by == l->cx.actor.account;
        return OK;
    }
    return E_BUG;
}

static enum err group_begin(struct life *l)
{
    TRY(ids_ensure(l->d->db, &l->ids, GROUP * IDS_MAX));
    return db_begin(l->d->db);
}

static enum err group_commit(struct life *l, bool end)
{
    if (++l->writes % GROUP != 0 && !end)
        return OK;
    TRY(db_commit(l->d->db));
    return end ? OK : group_begin(l);
}

/* When the matter's story goes on, or its alarm rings; the earlier. */
static void put_next(struct life *l, const struct matter *m, int64_t delay_ms, int steps)
{
    int64_t at = l->cx.now_ms + delay_ms;
    bool over = delay_ms < 0 || steps >= STEPS_MAX;
    if (over && m->alarm_ms == I64_NONE)
        return;
    if (over || (m->alarm_ms != I64_NONE && m->alarm_ms < at))
        at = m->alarm_ms > l->cx.now_ms ? m->alarm_ms : l->cx.now_ms + 1;
    if (at <= l->d->now_ms)
        heap_put(l, (struct coming){ at, m->area, m->id, steps + 1 });
}

static enum err live_on(struct life *l, struct coming c)
{
    struct matter m;
    struct planned p;
    circumstances(l, c.at_ms);
    TRY(matter_by_id(&l->cx, c.area, c.id, &m));
    script_next(&l->cx, &m, &l->rand, &p);
    if (m.alarm_ms != I64_NONE && c.at_ms >= m.alarm_ms)
        p = script_alarm(&m);
    if (p.args.action.n == 0)
        return OK;
    TRY(as_planned(l, &m, &p));
    enum err e = matter_step(&l->cx, &m, &p.args, &m);
    if (e != OK && e != E_STEP && e != E_DENIED && e != E_INPUT)
        return e;
    put_next(l, &m, script_delay(&l->cx, &m, &l->rand), c.steps);
    return group_commit(l, false);
}

static enum err begin_one(struct life *l, int64_t at_ms, int64_t division)
{
    struct intake in;
    struct matter m;
    circumstances(l, at_ms);
    script_report(&l->cx, &l->rand, division, &in);
    TRY(matter_open(&l->cx, &in, &m));
    if (division == 0)
        put_next(l, &m, script_delay(&l->cx, &m, &l->rand), 0);
    l->made++;
    return group_commit(l, false);
}

/* Share x of all reports came before this time: evenly over the year, but every tenth in the last
 * five days, so that desks have something to do. */
static int64_t reported_at(const struct demo_matters *d, double x)
{
    double recent = 5.0 / 365, share = 0.9;
    double t = x < share ? x / share * (1 - recent) : 1 - recent + (x - share) / (1 - share) * recent;
    return d->now_ms - (int64_t)((1 - t) * 365 * (double)CLOCK_DAY_MS);
}

/* What has just come in where the demo's people work, for whoever signs in to take up. */
static enum err fresh_work(struct life *l)
{
    for (int i = 0; i < FRESH && l->d->count >= FRESH_FROM; i++) {
        int64_t minutes_ago = (FRESH - i) * 2;
        TRY(begin_one(l, l->d->now_ms - minutes_ago * 60000,
            script_home(i % 3 ? SCRIPT_TOWN : SCRIPT_COMMUNITY)));
    }
    return OK;
}

static enum err live(struct life *l)
{
    const struct demo_matters *d = l->d;
    int64_t living = d->count >= FRESH_FROM ? d->count - FRESH : d->count;
    for (int64_t i = 0; i < living; i++) {
        int64_t at = reported_at(d, ((double)i + rand_unit(&l->rand)) / (double)living);
        while (l->n && l->heap[0].at_ms <= at)
            TRY(live_on(l, heap_take(l)));
        TRY(begin_one(l, at, 0));
        if (i % 1000 == 999 && d->progress && !d->progress(d->ctx, i + 1, d->count))
            return E_LIMIT;
    }
    while (l->n)
        TRY(live_on(l, heap_take(l)));
    return fresh_work(l);
}

enum err demo_matters(const struct demo_matters *d)
{
    struct life l = { .d = d, .rand = rand_seeded(d->seed) };
    arena_init(&l.arena, 32 << 20);
    enum err e = d->count >= FRESH_FROM ? demo_disputes(d, &l.ids) : OK;
    if (e == OK)
        e = group_begin(&l);
    if (e == OK)
        e = live(&l);
    if (e == OK || e == E_LIMIT) {
        enum err end = group_commit(&l, true);
        e = end == OK ? e : end;
    } else
        db_rollback(d->db);
    heap_free(l.heap);
    arena_free(&l.arena);
    return e;
}
