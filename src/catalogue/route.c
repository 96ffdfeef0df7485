/* route.c: who a matter goes to, and how long each stage may take: the deployer's rules, walked
 * in order, with an answer for every case. */
#include "catalogue/snapshot.h"
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

static bool has_word(struct str words, struct str word)
{
    while (words.n)
        if (str_eq(str_cut(words, ' ', &words), word))
            return true;
    return false;
}

/* The unit of this very division with the function; "desk" is the division's own desk. */
static const struct unit *unit_in(const struct catalogue *c, int64_t region, struct str function)
{
    const struct unit *units = c->units.p;
    bool desk = str_is(function, "desk");
    size_t low = 0, high = c->units.n;
    if (function.n == 0)
        return NULL;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (c->served[mid].region < region)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < c->units.n && c->served[low].region == region; low++) {
        const struct unit *u = &units[c->served[low].unit];
        if (desk ? u->desk : has_word(u->functions, function))
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
    case LEVEL_COUNTY: return p->area * 1000000;
    default: return c->city ? c->city->code : 0;
    }
}

static int level_of(struct str word)
{
    return str_is(word, "community") ? LEVEL_COMMUNITY : str_is(word, "town") ? LEVEL_TOWN
        : str_is(word, "county") ? LEVEL_COUNTY : LEVEL_CITY;
}

static bool rule_fits(const struct rule *r, struct str category, int64_t tier, struct str origin)
{
    return str_starts(category, r->category) && tier >= r->tier_min
        && (r->origin.n == 0 || str_eq(r->origin, origin));
}

static const struct unit *station_of(const struct catalogue *c, const struct place *p)
{
    const struct police_grid *g = p->police_grid ? police_grid_find(c, p->police_grid) : NULL;
    return g ? unit_find(c, g->station) : NULL;
}

static const struct unit *unit_by_rule(const struct catalogue *c, const struct rule *r,
    struct str category, const struct place *p)
{
    struct str function = r->function;
    if (str_is(function, "station") && station_of(c, p) != NULL)
        return station_of(c, p);
    if (str_is(function, "owner")) {
        const struct category *cat = category_find(c, category);
        function = cat ? cat->function : STR_NONE;
    }
    for (int level = level_of(r->level); level >= LEVEL_CITY; level--) {
        int64_t division = division_at(c, p, level);
        const struct unit *u = division ? unit_in(c, division, function) : NULL;
        if (u != NULL)
            return u;
    }
    return c->city ? catalogue_desk(c, c->city->code) : NULL;
}

struct route_choice catalogue_route(const struct catalogue *c, struct str category, int64_t tier,
    struct str origin, const struct place *p)
{
    static const struct rule last = {
        .code = FIXED("city-desk"), .level = FIXED("city"), .function = FIXED("desk"),
        .why = FIXED("没有适用的派单规则，由市级中心受理后派单"),
        .why_en = FIXED("No rule applies: the city's desk takes it and dispatches it"),
    };
    const struct rule *rules = c->rules.p;
    for (size_t i = 0; i < c->rules.n; i++)
        if (rule_fits(&rules[i], category, tier, origin))
            return (struct route_choice){ unit_by_rule(c, &rules[i], category, p), &rules[i] };
    return (struct route_choice){ unit_by_rule(c, &last, category, p), &last };
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
