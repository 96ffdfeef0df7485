/* week.c: the roster of a unit for a week, and the gaps of a territory. */
#include "duty/duty.h"

/* The zones of a unit: its grids and micro-grids, or police grids, and its desk at the end. */
struct zones { struct { enum duty_layer layer; int64_t zone; } at[ZONES_MAX]; size_t n; };

static void zone_add(struct cx *cx, struct zones *z, const struct unit *u, enum duty_layer layer,
    int64_t zone)
{
    if (z->n + 1 < ZONES_MAX && duty_unit_of(cx->cat, layer, zone) == u) {
        z->at[z->n].layer = layer;
        z->at[z->n++].zone = zone;
    }
}

static struct zones *zones_of(struct cx *cx, const struct unit *u)
{
    struct zones *z = NEW(cx->a, struct zones);
    struct list grids = catalogue_grids(cx->cat), micro = catalogue_micro_grids(cx->cat);
    struct list police = catalogue_police_grids(cx->cat);
    const struct grid *g = grids.p;
    const struct micro_grid *m = micro.p;
    const struct police_grid *p = police.p;
    struct region region = region_of(u->region);
    for (size_t i = 0; i < grids.n && u->level == LEVEL_COMMUNITY; i++)
        if (region_has(region, g[i].community))
            zone_add(cx, z, u, DUTY_GRID, g[i].code);
    for (size_t i = 0; i < micro.n && u->level == LEVEL_COMMUNITY; i++)
        if (region_has(region, m[i].grid / 1000))
            zone_add(cx, z, u, DUTY_MICRO, m[i].code);
    for (size_t i = 0; i < police.n; i++)
        if (p[i].station == u->id)
            zone_add(cx, z, u, DUTY_POLICE, p[i].code);
    z->at[z->n].layer = DUTY_UNIT;
    z->at[z->n++].zone = u->id;
    return z;
}

static struct list turns_of(struct cx *cx, struct list shifts)
{
    const struct shift *s = shifts.p;
    struct duty_turn *turns = NEW_N(cx->a, struct duty_turn, shifts.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < shifts.n && n < TURNS_MAX; i++) {
        struct buf b = buf_in(cx->a, 32);
        duty_day_write(&b, s[i].day);
        struct str day = buf_str(&b);
        struct buf from = buf_in(cx->a, 8), to = buf_in(cx->a, 8);
        duty_minute_write(&from, s[i].from_min);
        duty_minute_write(&to, s[i].to_min);
        struct duty_turn *last = n ? &turns[n - 1] : NULL;
        if (last && last->account == s[i].account && str_eq(last->from, buf_str(&from))
            && str_eq(last->to, buf_str(&to)))
            last->days = arena_fmt(cx->a, "%.*s %.*s", STR_FMT(last->days), STR_FMT(day));
        else
            turns[n++] = (struct duty_turn){ day, buf_str(&from), buf_str(&to), s[i].account };
    }
    return (struct list){ turns, n };
}

static struct list spans_of(struct cx *cx, const struct duty_book *b, enum duty_layer layer,
    int64_t zone, int64_t from_ms)
{
    struct duty_span spans[SPANS_MAX];
    size_t n = duty_shifts(b, layer, zone).n == 0 ? 0 : duty_spans(b, cx->cat, layer, zone, spans,
        SPANS_MAX, from_ms, from_ms + WEEK_DAYS * (int64_t)CLOCK_DAY_MS);
    struct duty_span_view *views = NEW_N(cx->a, struct duty_span_view, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct duty_on *on = &spans[i].on;
        views[i] = (struct duty_span_view){ spans[i].from_ms, spans[i].to_ms,
            on->who ? on->who->account : 0, on->who ? arena_str(cx->a, on->who->name) : STR(""),
            on->instead_of ? arena_str(cx->a, on->instead_of->name) : STR_NONE };
    }
    return (struct list){ views, n };
}

static struct list zone_views(struct cx *cx, const struct duty_book *b, const struct unit *u,
    int64_t from_ms)
{
    const struct zones *z = zones_of(cx, u);
    struct duty_zone *views = NEW_N(cx->a, struct duty_zone, z->n + 1);
    for (size_t i = 0; i < z->n; i++) {
        enum duty_layer layer = z->at[i].layer;
        struct list shifts = duty_shifts(b, layer, z->at[i].zone);
        views[i] = (struct duty_zone){ str_c(duty_layers[layer]), z->at[i].zone,
            duty_zone_name(cx, layer, z->at[i].zone), duty_version(cx->a, shifts),
            turns_of(cx, shifts), spans_of(cx, b, layer, z->at[i].zone, from_ms) };
    }
    return (struct list){ views, z->n };
}

static struct list units_seen(struct cx *cx)
{
    struct list units = catalogue_units(cx->cat);
    const struct unit *u = units.p;
    struct duty_unit_view *views = NEW_N(cx->a, struct duty_unit_view, UNITS_LISTED_MAX);
    size_t n = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < units.n && n < UNITS_LISTED_MAX; i++) {
            bool own = access_is_member(&cx->actor, u[i].id);
            if (own == (pass == 0) && (own || !is_committee(&u[i])) && duty_may_see(cx, &u[i]))
                views[n++] = (struct duty_unit_view){ u[i].id, unit_name(&u[i], cx->lang) };
        }
    return (struct list){ views, n };
}

static struct list absences_of(struct cx *cx, const struct duty_book *b, int64_t unit,
    int64_t from_ms)
{
    struct list all = duty_absences(b);
    const struct absence *a = all.p;
    struct absence_view *views = NEW_N(cx->a, struct absence_view, 500);
    size_t n = 0;
    for (size_t i = 0; i < all.n && n < 500; i++)
        if (a[i].to_ms > from_ms && duty_handles(b, a[i].account, unit))
            views[n++] = duty_absence_view(b, cx->a, &a[i]);
    return (struct list){ views, n };
}

static int64_t monday_of(int64_t at_ms)
{
    struct civil d = clock_civil(at_ms);
    return clock_from_civil(d.year, d.month, d.day, 0, 0, 0) - d.weekday * (int64_t)CLOCK_DAY_MS;
}

static struct str quiet_text(const struct cx *cx)
{
    struct str set = catalogue_setting(cx->cat, "quiet_hours");
    return set.n ? set : STR("22:00-07:00");
}

enum err duty_week_read(struct cx *cx, const void *in, struct buf *out)
{
    const struct duty_in *q = in;
    int64_t unit = q->unit == I64_NONE && cx->actor.n_memberships
        ? cx->actor.memberships[0].unit : q->unit;
    const struct unit *u = unit_find(cx->cat, unit);
    if (u == NULL || !duty_may_see(cx, u))
        return cx_fail(cx, E_MISSING, "unit", MSG("没有这个单位，或不在您的辖区",
            "There is no such unit in your territory"));
    const struct duty_book *b = duty_hold(cx);
    if (b == NULL)
        return E_DB;
    int64_t from_ms = monday_of(q->from_ms == I64_NONE ? cx->now_ms : q->from_ms);
    struct duty_week r = { .unit = u->id, .unit_name = unit_name(u, cx->lang),
        .may_edit = duty_may_edit(cx, u), .from_ms = from_ms,
        .to_ms = from_ms + WEEK_DAYS * (int64_t)CLOCK_DAY_MS, .quiet = quiet_text(cx),
        .units = units_seen(cx), .people = duty_people(cx, b, &u->id, 1),
        .zones = zone_views(cx, b, u, from_ms), .absences = absences_of(cx, b, u->id, from_ms) };
    record_to_json(out, &duty_week_record, &r);
    duty_book_drop(b);
    return OK;
}

/* Gaps ---------------------------------------------------------------------------------------- */

struct search_gaps {
    struct cx *cx;
    const struct duty_book *b;
    struct gap *found;
    size_t n;
    bool truncated;
    int64_t to_ms;
};

static void gap_note(struct search_gaps *s, enum duty_layer layer, int64_t zone,
    const struct unit *u, const struct duty_span *span)
{
    s->truncated |= s->n == GAPS_MAX;
    if (s->n == GAPS_MAX)
        return;
    s->found[s->n++] = (struct gap){ str_c(duty_layers[layer]), zone,
        duty_zone_name(s->cx, layer, zone), u->id, unit_name(u, s->cx->lang),
        span ? span->from_ms : I64_NONE, span ? span->to_ms : I64_NONE };
}

/* A zone without a roster is one gap; others are told span by span. */
static void gaps_of_zone(struct search_gaps *s, enum duty_layer layer, int64_t zone)
{
    struct duty_span spans[SPANS_MAX];
    const struct unit *u = duty_unit_of(s->cx->cat, layer, zone);
    if (u == NULL || !duty_may_see(s->cx, u) || s->truncated)
        return;
    if (duty_shifts(s->b, layer, zone).n == 0) {
        gap_note(s, layer, zone, u, NULL);
        return;
    }
    size_t n = duty_spans(s->b, s->cx->cat, layer, zone, spans, SPANS_MAX, s->cx->now_ms, s->to_ms);
    for (size_t i = 0; i < n; i++)
        if (spans[i].on.who == NULL)
            gap_note(s, layer, zone, u, &spans[i]);
}

/* Whose roster is kept comes first, because its gaps are the ones somebody has to fill. */
static void gaps_of_all(struct search_gaps *s, bool kept)
{
    struct list grids = catalogue_grids(s->cx->cat), police = catalogue_police_grids(s->cx->cat);
    struct list micro = catalogue_micro_grids(s->cx->cat), units = catalogue_units(s->cx->cat);
    const struct grid *g = grids.p;
    const struct micro_grid *m = micro.p;
    const struct police_grid *p = police.p;
    const struct unit *u = units.p;
    for (size_t i = 0; i < grids.n; i++)
        if (kept == (duty_shifts(s->b, DUTY_GRID, g[i].code).n > 0))
            gaps_of_zone(s, DUTY_GRID, g[i].code);
    for (size_t i = 0; i < micro.n && kept; i++)    /* without turns of their own the grid's count */
        if (duty_shifts(s->b, DUTY_MICRO, m[i].code).n > 0)
            gaps_of_zone(s, DUTY_MICRO, m[i].code);
    for (size_t i = 0; i < police.n; i++)
        if (kept == (duty_shifts(s->b, DUTY_POLICE, p[i].code).n > 0))
            gaps_of_zone(s, DUTY_POLICE, p[i].code);
    for (size_t i = 0; i < units.n; i++)
        if (kept == (duty_shifts(s->b, DUTY_UNIT, u[i].id).n > 0)
            && (kept || !is_committee(&u[i])))      /* mediators are named, case by case */
            gaps_of_zone(s, DUTY_UNIT, u[i].id);
}

enum err duty_gaps_read(struct cx *cx, const void *in, struct buf *out)
{
    const struct gaps_in *q = in;
    int64_t days = q->days == I64_NONE ? WEEK_DAYS : q->days;
    const struct duty_book *b = duty_hold(cx);
    if (b == NULL)
        return E_DB;
    struct search_gaps s = { .cx = cx, .b = b, .found = NEW_N(cx->a, struct gap, GAPS_MAX),
        .to_ms = cx->now_ms + days * CLOCK_DAY_MS };
    gaps_of_all(&s, true);
    gaps_of_all(&s, false);
    duty_book_drop(b);
    struct gaps r = { { s.found, s.n }, s.truncated };
    record_to_json(out, &gaps_record, &r);
    return OK;
}
