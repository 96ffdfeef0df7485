/* rehearse.c: routing the past days twice, and what differs. */
#include "rules/rehearse.h"
#include "catalogue/sheet.h"
#include "layer/draft.h"
#include "matter/matter.h"
#include <math.h>
#include <stdlib.h>

RECORD_DEFINE(rehearsed_unit, REHEARSED_UNIT)
RECORD_DEFINE(rehearsed_move, REHEARSED_MOVE)
RECORD_DEFINE(rehearsed_kind, REHEARSED_KIND)
RECORD_DEFINE(rehearsed, REHEARSED)

#define PAST_MATTER(X, R) \
    X(R, STR, number, 0, 0, 0, NULL, "") X(R, STR, category, 0, 0, 0, NULL, "") \
    X(R, I64, tier, 0, 0, 0, NULL, "") X(R, STR, origin, 0, 0, 0, NULL, "") \
    X(R, STR, text, 0, 0, 0, NULL, "") X(R, F64, lon, 0, 0, 0, NULL, "") \
    X(R, F64, lat, 0, 0, 0, NULL, "") X(R, I64, town, 0, 0, 0, NULL, "") \
    X(R, I64, community, 0, 0, 0, NULL, "") X(R, I64, grid, 0, 0, 0, NULL, "") \
    X(R, I64, police_grid, 0, 0, 0, NULL, "") X(R, I64, created_ms, 0, 0, 0, NULL, "")
RECORD(past_matter, PAST_MATTER)
RECORD_DEFINE(past_matter, PAST_MATTER)
#define PAST_ENTRY(X, R) \
    X(R, I64, matter, 0, 0, 0, NULL, "") X(R, I64, at_ms, 0, 0, 0, NULL, "") \
    X(R, STR, action, 0, 0, 0, NULL, "") X(R, I64, owner_unit, 0, 0, 0, NULL, "")
RECORD(past_entry, PAST_ENTRY)
RECORD_DEFINE(past_entry, PAST_ENTRY)

/* Ids are in the order of time to within seconds: the newest come first, until one is too old. */
SQL_SCANS(MATTERS, "rehearse.matters",
    "SELECT number, category, tier, origin, text, lon, lat, town, community, grid, police_grid,"
    " created_ms FROM matter WHERE area = $1 AND " OPEN_CIRCLE " ORDER BY id DESC");
SQL_SCANS(ENTRIES, "rehearse.entries",
    "SELECT matter, at_ms, action, owner_unit FROM entry WHERE area = $1"
    " ORDER BY matter DESC, seq DESC");
const struct sql *const rehearse_statements[] = { &MATTERS, &ENTRIES };
const size_t rehearse_statements_n = COUNT_OF(rehearse_statements);

enum {
    MOVES_MAX = 1 << 16, MOVES_TOLD_MAX = 1000, EXAMPLES_MAX = 5, NUMBER_BYTES = 24,
    TELL_EVERY = 4096, SLACK_MS = 60000, PARTS = 1000, SAMPLES_FIRST = 1 << 12,
};

struct move {
    uint32_t from, to;
    int64_t n, examples;
    char numbers[EXAMPLES_MAX][NUMBER_BYTES];
};
struct load { int64_t before, after; double late_before, late_after; bool unknown; };
struct kind_count { int64_t n, moved; };

struct run {
    const struct rehearsing *q;
    struct arena *a;
    const struct unit *units;
    struct list units_then;
    struct load *loads;
    struct kind_count *kinds;
    struct move *moves;         /* open addressing; n = 0 is empty */
    size_t n_moves;
    struct handling *samples;
    size_t n_samples, samples_cap;
    struct times *times;
    int64_t matters, moved, rows, areas_done, n_areas;
    /* where the scan of entries is: the answer last seen, and the owner's first entry before it */
    int64_t area, matter, answered_ms, since_ms;
    uint32_t answerer;
    bool waiting;
};

static bool tell(struct run *r, int64_t at_ms)
{
    const struct rehearsing *q = r->q;
    int64_t span = q->to_ms - q->from_ms + 1, back = q->to_ms - at_ms;
    int64_t part = back < 0 ? 0 : back > span ? PARTS : back * PARTS / span;
    if (q->progress == NULL)
        return true;
    return q->progress(q->ctx, r->areas_done * PARTS + part, r->n_areas * 2 * PARTS, r->matters);
}

/* Past handling ------------------------------------------------------------------------------- */

static void sample_add(struct run *r)
{
    const struct catalogue *cat = r->q->now.cat;
    r->waiting = false;
    if (r->n_samples == r->samples_cap) {
        size_t cap = r->samples_cap ? r->samples_cap * 2 : SAMPLES_FIRST;
        struct handling *more = NEW_N(r->a, struct handling, cap);
        if (r->n_samples)
            memcpy(more, r->samples, r->n_samples * sizeof(*more));
        r->samples = more;
        r->samples_cap = cap;
    }
    r->samples[r->n_samples++] = (struct handling){ r->answerer,
        calendar_working_ms(cat, r->since_ms, r->answered_ms), r->answered_ms - r->since_ms };
}

/* Newest first: an answer, and then back to the entry that made its unit responsible. */
static enum err entry_take(void *ctx, struct arena *row_arena, const void *rec)
{
    struct run *r = ctx;
    const struct past_entry *e = rec;
    const struct unit *u = unit_find(r->q->now.cat, e->owner_unit);
    (void)row_arena;
    if (r->waiting && (e->matter != r->matter || u != &r->units[r->answerer]))
        sample_add(r);
    if (e->at_ms < r->q->from_ms - SLACK_MS && e->matter != r->matter)
        return E_MISSING;
    r->matter = e->matter;
    if (u && (str_is(e->action, "solve") || str_is(e->action, "reply"))) {
        if (r->waiting)
            sample_add(r);
        r->waiting = true;
        r->answerer = (uint32_t)(u - r->units);
        r->answered_ms = e->at_ms;
    }
    r->since_ms = e->at_ms;
    return ++r->rows % TELL_EVERY || tell(r, e->at_ms) ? OK : E_BUSY;
}

/* Routing twice ------------------------------------------------------------------------------- */

static struct move *move_of(struct run *r, uint32_t from, uint32_t to)
{
    uint64_t at = (((uint64_t)from << 32) | to) * UINT64_C(0x9e3779b97f4a7c15) >> 40;
    for (;; at++) {
        struct move *m = &r->moves[at % MOVES_MAX];
        if (m->n && (m->from != from || m->to != to))
            continue;
        if (m->n == 0) {
            if (r->n_moves == MOVES_MAX / 2)
                return NULL;    /* more pairs than anybody looks at; they are counted as moved */
            r->n_moves++;
            m->from = from;
            m->to = to;
        }
        return m;
    }
}

static void move_count(struct run *r, uint32_t from, uint32_t to, struct str number)
{
    struct move *m = move_of(r, from, to);
    r->moved++;
    if (m == NULL)
        return;
    m->n++;
    if (m->examples < EXAMPLES_MAX && number.n < NUMBER_BYTES)
        memcpy(m->numbers[m->examples++], number.p, number.n);
}

/* What the limits allow from the moment it came: taking it up and handling it. */
static double late_at(const struct run *r, uint32_t unit, const struct past_matter *m)
{
    const struct catalogue *cat = r->q->now.cat;
    bool provisional = false;
    const struct limit *sign = catalogue_limit(cat, m->category, m->tier, "sign");
    const struct limit *handle = catalogue_limit(cat, m->category, m->tier, "handle");
    bool by_clock = str_is(handle->unit, "EH") || str_is(handle->unit, "CD");
    int64_t due = calendar_add(cat, m->created_ms, sign->amount, sign->unit, &provisional);
    due = calendar_add(cat, due, handle->amount, handle->unit, &provisional);
    int64_t allowed = by_clock ? due - m->created_ms : calendar_working_ms(cat, m->created_ms, due);
    return times_late(r->times, unit, by_clock, allowed);
}

/* Where boundaries are rehearsed a matter lies where each of them says; one that is known by words
 * only stays where it was taken to be. */
static void place_by(const struct run *r, const struct routing *by, const struct past_matter *m,
    struct place *p)
{
    struct place there;
    if (r->q->then.cat != r->q->now.cat && !isnan(m->lon) && !isnan(m->lat)
        && catalogue_locate(by->cat, m->lon, m->lat, &there))
        *p = there;
}

static size_t kind_at(const struct run *r, struct str category)
{
    struct list all = catalogue_categories(r->q->now.cat);
    const struct category *c = category_find(r->q->now.cat, category);
    return c ? (size_t)(c - (const struct category *)all.p) : all.n;
}

static void count_at(const struct run *r, const struct past_matter *m, uint32_t from, uint32_t to)
{
    double now = late_at(r, from, m), then = to == from ? now : late_at(r, to, m);
    r->loads[from].before++;
    r->loads[to].after++;
    r->loads[from].late_before += isnan(now) ? 0 : now;
    r->loads[to].late_after += isnan(then) ? 0 : then;
}

static enum err matter_take(void *ctx, struct arena *row_arena, const void *rec)
{
    struct run *r = ctx;
    const struct past_matter *m = rec;
    const struct rehearsing *q = r->q;
    (void)row_arena;
    if (str_is(m->origin, "import"))        /* reported elsewhere long before its id was given */
        return OK;
    if (m->created_ms < q->from_ms - SLACK_MS)
        return E_MISSING;
    if (m->created_ms < q->from_ms || m->created_ms > q->to_ms)
        return OK;
    struct route_facts f = { .category = m->category, .origin = m->origin, .text = m->text,
        .tier = m->tier, .at_ms = m->created_ms, .place = { .area = r->area, .town = m->town,
            .community = m->community, .grid = m->grid, .police_grid = m->police_grid } };
    place_by(r, &q->now, m, &f.place);
    const struct unit *now = catalogue_route(q->now.cat, q->now.rules, &f, NULL).unit;
    place_by(r, &q->then, m, &f.place);
    const struct unit *then = catalogue_route(q->then.cat, q->then.rules, &f, NULL).unit;
    then = then ? unit_find(q->now.cat, then->id) : NULL;
    if (now == NULL || then == NULL)
        return OK;
    uint32_t from = (uint32_t)(now - r->units), to = (uint32_t)(then - r->units);
    struct kind_count *kind = &r->kinds[kind_at(r, m->category)];
    r->matters++;
    kind->n++;
    count_at(r, m, from, to);
    if (from != to) {
        kind->moved++;
        move_count(r, from, to, m->number);
    }
    return ++r->rows % TELL_EVERY || tell(r, m->created_ms) ? OK : E_BUSY;
}

/* Each area, first its ledgers, then its matters ---------------------------------------------- */

static enum err scan(struct run *r, const struct sql *sql, const struct record *rec, db_row_fn *fn)
{
    enum err e = db_each(r->q->db, sql, ARGS(I(r->area)), rec, fn, r);
    return e == E_MISSING ? OK : e;
}

static bool is_area(const struct run *r, const struct division *d)
{
    return (d->level == LEVEL_COUNTY || d->level == LEVEL_CITY)
        && (r->q->region == 0 || region_has(region_of(r->q->region), d->code));
}

/* The expectation needs the past of all units, so all ledgers come first. */
static enum err scan_all(struct run *r)
{
    struct list divisions = catalogue_divisions(r->q->now.cat);
    const struct division *d = divisions.p;
    for (size_t i = 0; i < divisions.n; i++)
        r->n_areas += is_area(r, &d[i]);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < divisions.n; i++) {
            if (!is_area(r, &d[i]))
                continue;
            r->area = division_area(d[i].code);
            r->matter = 0;
            if (!tell(r, r->q->to_ms))
                return E_BUSY;
            TRY(pass ? scan(r, &MATTERS, &past_matter_record, matter_take)
                : scan(r, &ENTRIES, &past_entry_record, entry_take));
            if (r->waiting)
                sample_add(r);
            r->areas_done++;
        }
        if (pass == 0)
            r->times = times_make(r->q->now.cat, r->a, r->samples, r->n_samples);
    }
    return OK;
}

/* What is told ---------------------------------------------------------------------------------- */

static int by_change(const void *a, const void *b)
{
    const struct rehearsed_unit *x = a, *y = b;
    int64_t dx = llabs(x->after - x->before), dy = llabs(y->after - y->before);
    return dx != dy ? (dx < dy) - (dx > dy) : (x->unit > y->unit) - (x->unit < y->unit);
}

static struct list units_told(const struct run *r)
{
    static const char *const words[] = { [BASIS_NONE] = "none", [BASIS_ALL] = "all",
        [BASIS_ALIKE] = "alike", [BASIS_OWN] = "own" };
    size_t n = 0, all = catalogue_units(r->q->now.cat).n;
    struct rehearsed_unit *rows = NEW_N(r->a, struct rehearsed_unit, all + 1);
    for (uint32_t i = 0; i < all; i++) {
        const struct load *l = &r->loads[i];
        enum basis basis = times_basis(r->times, i);
        if (l->before == l->after && fabs(l->late_after - l->late_before) < 0.005)
            continue;
        rows[n++] = (struct rehearsed_unit){ .unit = r->units[i].id,
            .name = unit_name(&r->units[i], r->q->lang), .before = l->before, .after = l->after,
            .late_before = basis == BASIS_NONE ? (double)NAN : l->late_before,
            .late_after = basis == BASIS_NONE ? (double)NAN : l->late_after,
            .handled = times_handled(r->times, i), .basis = str_c(words[basis]) };
    }
    qsort(rows, n, sizeof(*rows), by_change);
    return (struct list){ rows, n };
}

static int by_number(const void *a, const void *b)
{
    const struct rehearsed_move *x = a, *y = b;
    return x->matters != y->matters ? (x->matters < y->matters) - (x->matters > y->matters)
        : x->from != y->from ? (x->from > y->from) - (x->from < y->from)
        : (x->to > y->to) - (x->to < y->to);
}

static struct list moves_told(const struct run *r)
{
    struct rehearsed_move *rows = NEW_N(r->a, struct rehearsed_move, r->n_moves + 1);
    size_t n = 0;
    for (size_t i = 0; i < MOVES_MAX; i++) {
        const struct move *m = &r->moves[i];
        if (m->n == 0)
            continue;
        struct str *examples = NEW_N(r->a, struct str, EXAMPLES_MAX);
        for (int64_t k = 0; k < m->examples; k++)
            examples[k] = str_c(m->numbers[k]);
        const struct unit *from = &r->units[m->from], *to = &r->units[m->to];
        rows[n++] = (struct rehearsed_move){ from->id, unit_name(from, r->q->lang), to->id,
            unit_name(to, r->q->lang), m->n, { examples, (size_t)m->examples } };
    }
    qsort(rows, n, sizeof(*rows), by_number);
    return (struct list){ rows, n < MOVES_TOLD_MAX ? n : MOVES_TOLD_MAX };
}

static int by_moved(const void *a, const void *b)
{
    const struct rehearsed_kind *x = a, *y = b;
    return x->moved != y->moved ? (x->moved < y->moved) - (x->moved > y->moved)
        : str_cmp(x->category, y->category);
}

static struct list kinds_told(const struct run *r)
{
    struct list all = catalogue_categories(r->q->now.cat);
    const struct category *c = all.p;
    struct rehearsed_kind *rows = NEW_N(r->a, struct rehearsed_kind, all.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < all.n; i++)
        if (r->kinds[i].moved)
            rows[n++] = (struct rehearsed_kind){ c[i].code,
                r->q->lang == LANG_EN ? c[i].name_en : c[i].name, r->kinds[i].n,
                r->kinds[i].moved };
    qsort(rows, n, sizeof(*rows), by_moved);
    return (struct list){ rows, n };
}

enum err rehearse(const struct rehearsing *q, struct arena *a, struct rehearsed *ret)
{
    struct list units = catalogue_units(q->now.cat);
    struct run r = { .q = q, .a = a, .units = units.p,
        .loads = NEW_N(a, struct load, units.n + 1),
        .kinds = NEW_N(a, struct kind_count, catalogue_categories(q->now.cat).n + 1),
        .moves = NEW_N(a, struct move, MOVES_MAX) };
    TRY(scan_all(&r));
    *ret = (struct rehearsed){ .from_ms = q->from_ms, .to_ms = q->to_ms, .matters = r.matters,
        .moved = r.moved, .units = units_told(&r), .moves = moves_told(&r),
        .kinds = kinds_told(&r) };
    if (q->progress)
        (void)q->progress(q->ctx, r.n_areas * 2 * PARTS, r.n_areas * 2 * PARTS, r.matters);
    return OK;
}

enum err rehearsed_draft_open(struct db *db, struct arena *a, const struct catalogue *now,
    int64_t draft, struct rehearsed_draft *ret, struct err_info *info)
{
    struct draft d;
    TRY(draft_find(db, a, draft, &d));
    TRY(catalogue_load_draft(db, now, draft, &ret->loaded, info));
    bool rules = str_is(d.kind, "rule");
    ret->then = (struct routing){ rules ? now : ret->loaded, catalogue_rules(ret->loaded) };
    ret->name = d.name;
    ret->region = d.region;
    return OK;
}

void rehearsed_draft_close(struct rehearsed_draft *d)
{
    catalogue_drop(d->loaded);
}

/* As a table ---------------------------------------------------------------------------------- */

static void cell_number(struct buf *b, double v)
{
    if (!isnan(v))
        buf_fmt(b, "%.2f", v);
}

void rehearsed_csv(const struct rehearsed *r, enum lang lang, struct buf *b)
{
    bool en = lang == LANG_EN;
    const struct rehearsed_unit *u = r->units.p;
    const struct rehearsed_move *m = r->moves.p;
    const struct rehearsed_kind *k = r->kinds.p;
    buf_add(b, en ? STR("part,unit,to_unit,category,before,after,late_before,late_after,handled,basis\r\n")
        : STR("部分,单位,改到单位,类别,现在,草案,现在预计超期,草案预计超期,已办件数,依据\r\n"));
    for (size_t i = 0; i < r->units.n; i++) {
        buf_add(b, en ? STR("unit,") : STR("单位,"));
        sheet_text(b, u[i].name);
        buf_fmt(b, ",,,%lld,%lld,", (long long)u[i].before, (long long)u[i].after);
        cell_number(b, u[i].late_before);
        buf_byte(b, ',');
        cell_number(b, u[i].late_after);
        buf_fmt(b, ",%lld,%.*s\r\n", (long long)u[i].handled, STR_FMT(u[i].basis));
    }
    for (size_t i = 0; i < r->moves.n; i++) {
        buf_add(b, en ? STR("move,") : STR("改派,"));
        sheet_text(b, m[i].from_name);
        buf_byte(b, ',');
        sheet_text(b, m[i].to_name);
        buf_fmt(b, ",,,%lld,,,,\r\n", (long long)m[i].matters);
    }
    for (size_t i = 0; i < r->kinds.n; i++) {
        buf_add(b, en ? STR("kind,,,") : STR("类别,,,"));
        sheet_text(b, k[i].name);
        buf_fmt(b, ",%lld,%lld,,,,\r\n", (long long)k[i].matters, (long long)k[i].moved);
    }
}
