/* route.c: who a matter goes to, and how long each stage may take: the deployer's rules, walked
 * in order, with an answer for every case. */
#include "catalogue/route.h"
#include "catalogue/snapshot.h"
#include <stdio.h>
#include <stdlib.h>

#define FIXED(lit) { "" lit, sizeof(lit) - 1 }

static int by_region(const void *a, const void *b)
{
    const struct served *x = a, *y = b;
    if (x->region != y->region)
        return x->region < y->region ? -1 : 1;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

void route_build(struct catalogue *c)
{
    const struct unit *units = c->units.p;
    struct served *served = NEW_N(&c->memory->arena, struct served, c->units.n + 1);
    for (size_t i = 0; i < c->units.n; i++)
        served[i] = (struct served){ units[i].region, (uint32_t)i };
    qsort(served, c->units.n, sizeof(*served), by_region);
    c->served = served;
}

/* Where the units of this very division begin among those served. */
static size_t served_from(const struct catalogue *c, int64_t region)
{
    size_t low = 0, high = c->units.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (c->served[mid].region < region)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* The unit of this very division with the function; "desk" is the division's own desk. */
static const struct unit *unit_in(const struct catalogue *c, int64_t region, struct str function)
{
    const struct unit *units = c->units.p;
    bool desk = str_is(function, "desk");
    if (function.n == 0)
        return NULL;
    for (size_t k = served_from(c, region); k < c->units.n && c->served[k].region == region; k++) {
        const struct unit *u = &units[c->served[k].unit];
        if (desk ? u->desk : str_has_word(u->functions, function))
            return u;
    }
    return NULL;
}

const struct unit *catalogue_serving(const struct catalogue *c, int64_t division,
    const char *function)
{
    const struct division *d = division_find(c, division);
    for (int up = 0; d != NULL && up < 8; up++, d = division_find(c, d->parent)) {
        const struct unit *u = unit_in(c, d->code, str_c(function));
        if (u != NULL)
            return u;
    }
    return NULL;
}

const struct unit *catalogue_desk(const struct catalogue *c, int64_t division)
{
    const struct division *d = division_find(c, division);
    for (int up = 0; d != NULL && up < 8; up++) {
        const struct unit *desk = unit_in(c, d->code, STR("desk"));
        if (desk != NULL)
            return desk;
        d = division_find(c, d->parent);
    }
    return c->city ? unit_in(c, c->city->code, STR("desk")) : NULL;
}

const struct unit *catalogue_desk_above(const struct catalogue *c, const struct unit *u)
{
    const struct division *d = division_find(c, u->region);
    if (d == NULL)
        return NULL;
    const struct unit *desk = catalogue_desk(c, u->desk ? d->parent : d->code);
    return desk != NULL && desk->id != u->id && desk->level <= u->level ? desk : NULL;
}

/* The division of p at this level; 0 when it is not known. */
static int64_t division_at(const struct catalogue *c, const struct place *p, int level)
{
    switch (level) {
    case LEVEL_COMMUNITY: return p->community;
    case LEVEL_TOWN: return p->town;
    case LEVEL_COUNTY: return area_division(p->area);
    default: return c->city ? c->city->code : 0;
    }
}

int64_t level_by_word(struct str word)
{
    return str_is(word, "community") ? LEVEL_COMMUNITY : str_is(word, "town") ? LEVEL_TOWN
        : str_is(word, "county") ? LEVEL_COUNTY : str_is(word, "city") ? LEVEL_CITY : 0;
}

bool is_police_emergency(const struct catalogue *c, struct str category, int64_t tier)
{
    const struct category *row = category_find(c, category);
    return row && str_is(row->hotline, "110") && tier >= TIER_URGENT;
}

int64_t route_max_level(const struct catalogue *c, const struct rule *r,
    const struct route_facts *f)
{
    int64_t level = level_by_word(r->max_level);
    bool above = level && level < LEVEL_TOWN;
    return !above && is_police_emergency(c, f->category, f->tier) ? LEVEL_TOWN : level;
}

static const struct unit *station_of(const struct catalogue *c, const struct place *p)
{
    const struct police_grid *g = p->police_grid ? police_grid_find(c, p->police_grid) : NULL;
    return g ? unit_find(c, g->station) : NULL;
}

static void trace_place(struct route_trace *t, int64_t division, const struct unit *u)
{
    if (t && t->n_tried < ROUTE_TRIED_MAX)
        t->tried[t->n_tried++] = (struct route_try){ division, u };
}

static const struct unit *unit_by_rule(const struct catalogue *c, const struct rule *r,
    struct str category, const struct place *p, struct route_trace *t)
{
    struct str function = r->function;
    const struct unit *u = str_is(function, "station") ? station_of(c, p) : NULL;
    if (u != NULL) {
        trace_place(t, 0, u);
        return u;
    }
    if (str_is(function, "owner")) {
        const struct category *cat = category_find(c, category);
        function = cat ? cat->function : STR_NONE;
    }
    for (int level = (int)level_by_word(r->level); level >= LEVEL_CITY; level--) {
        int64_t division = division_at(c, p, level);
        u = division ? unit_in(c, division, function) : NULL;
        if (division)
            trace_place(t, division, u);
        if (u != NULL)
            return u;
    }
    u = c->city ? catalogue_desk(c, c->city->code) : NULL;
    trace_place(t, 0, u);
    return u;
}

/* Names --------------------------------------------------------------------------------------- */

/* Shorter ones, such as "centre", would be found everywhere. */
enum { NAME_CHARS_MIN = 3 };

/* Desks are all called alike, so theirs keeps its division. */
struct str unit_title(const struct catalogue *c, const struct unit *u)
{
    const struct division *d = u->desk ? NULL : division_find(c, u->region);
    for (int up = 0; d != NULL && up < 8; up++) {
        if (d->name.n && d->name.n < u->name.n && str_starts(u->name, d->name)) {
            struct str rest = { u->name.p + d->name.n, u->name.n - d->name.n };
            return str_chars(rest) >= NAME_CHARS_MIN ? rest : u->name;
        }
        d = division_find(c, d->parent);
    }
    return u->name;
}

/* How much of the text is the unit's name; 0: it is not named. */
static size_t named_bytes(const struct catalogue *c, const struct unit *u, struct str text)
{
    const struct str names[] = { u->name, unit_title(c, u), u->name_en };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_chars(names[i]) >= NAME_CHARS_MIN && str_find(text, names[i]) >= 0)
            return names[i].n;
    return 0;
}

/* Of the units of the place's own divisions the one whose name takes most of the text. */
static const struct unit *unit_named(const struct catalogue *c, struct str text,
    const struct place *p)
{
    const int64_t divisions[] = { p->community, p->town, area_division(p->area),
        c->city ? c->city->code : 0 };
    const struct unit *units = c->units.p, *found = NULL;
    size_t most = 0;
    for (size_t i = 0; text.n && i < COUNT_OF(divisions); i++)
        for (size_t k = served_from(c, divisions[i]); k < c->units.n
            && c->served[k].region == divisions[i]; k++) {
            const struct unit *u = &units[c->served[k].unit];
            size_t n = named_bytes(c, u, text);
            if (n > most) {
                most = n;
                found = u;
            }
        }
    return found;
}

/* The rules, in order ------------------------------------------------------------------------- */

static const struct rule last_rule = {
    .code = FIXED("city-desk"), .level = FIXED("city"), .function = FIXED("desk"),
    .why = FIXED("没有适用的派单规则，由市级中心受理后派单"),
    .why_en = FIXED("No rule applies: the city's desk takes it and dispatches it"),
};

static bool area_fits(struct str area, const struct place *p)
{
    char code[24];
    (void)snprintf(code, sizeof(code), "%012lld", (long long)place_division(p));
    return str_starts(str_c(code), area);
}

struct str route_place_kind(const struct catalogue *c, const struct route_facts *f)
{
    return f->kind.p ? f->kind : catalogue_place_kind(c, &f->place);
}

static bool place_fits(struct str wanted, struct str kind)
{
    return str_is(wanted, "dedicated") ? kind.n && !str_is(kind, "base") : str_eq(wanted, kind);
}

enum rule_lost rule_lost(const struct catalogue *c, const struct rule *r,
    const struct route_facts *f)
{
    if (!str_starts(f->category, r->category))
        return LOST_CATEGORY;
    if (f->tier < r->tier_min)
        return LOST_TIER;
    if (r->origin.n && !str_eq(r->origin, f->origin))
        return LOST_ORIGIN;
    if (r->area.n && !area_fits(r->area, &f->place))
        return LOST_AREA;
    if (r->time.n && !calendar_is(c, r->time, f->at_ms))
        return LOST_TIME;
    if (r->place.n && !place_fits(r->place, route_place_kind(c, f)))
        return LOST_PLACE;
    return LOST_NOT;
}

/* Whom the matter is about, and the first desk above that it is not about. At the top nobody else
 * is left: it stays there, for all to see. */
static void keep_apart(const struct catalogue *c, const struct route_facts *f,
    struct route_choice *r)
{
    const struct unit *named = r->rule->avoid.n && str_has_word(r->rule->avoid, STR("named"))
        ? unit_named(c, f->text, &f->place) : NULL;
    r->chosen = r->unit;
    r->about = named ? named->id : 0;
    for (int up = 0; r->unit != NULL && up < 8; up++) {
        const struct unit *above = catalogue_desk_above(c, r->unit);
        if ((r->unit != named && !str_has_word(r->rule->avoid, r->unit->code)) || above == NULL)
            return;
        if (r->about == 0)
            r->about = r->unit->id;
        r->unit = above;
    }
}

struct route_choice catalogue_route(const struct catalogue *c, struct list rules,
    const struct route_facts *f, struct route_trace *trace)
{
    const struct rule *rule = rules.p;
    size_t i = 0;
    if (trace)
        trace->n_tried = 0;
    while (i < rules.n && rule_lost(c, &rule[i], f) != LOST_NOT)
        i++;
    struct route_choice r = { .rule = i < rules.n ? &rule[i] : &last_rule };
    r.unit = unit_by_rule(c, r.rule, f->category, &f->place, trace);
    keep_apart(c, f, &r);
    return r;
}

const struct unit *catalogue_route_by(const struct catalogue *c, const struct rule *rule,
    const struct route_facts *f)
{
    struct route_choice r = { .rule = rule };
    r.unit = unit_by_rule(c, rule, f->category, &f->place, NULL);
    keep_apart(c, f, &r);
    return r.unit;
}

const struct limit *catalogue_limit(const struct catalogue *c, struct str category, int64_t tier,
    const char *stage)
{
    static const struct limit last = {
        .stage = FIXED("any"), .amount = 5, .unit = FIXED("WD"),
        .basis = FIXED("未另行规定的环节，五个工作日"),
        .basis_en = FIXED("Five working days where nothing else is laid down"),
    };
    const struct limit *limits = c->limits.p;
    for (size_t i = 0; i < c->limits.n; i++)
        if (str_is(limits[i].stage, stage) && str_starts(category, limits[i].category)
            && (limits[i].tier == 0 || limits[i].tier == tier))
            return &limits[i];
    return &last;
}
