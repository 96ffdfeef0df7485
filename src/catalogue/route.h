/* route.h: who a matter goes to: the deployer's rules, walked in order. The same walk tells why:
 * which rule won, on what each of the others was lost, and where the unit was looked for. */
#pragma once
#include "catalogue/catalogue.h"

/* What rules look at, as it was when the matter came. text: only for rules that avoid "named". kind:
 * of the grid there; none: as it is now. */
struct route_facts {
    struct str category, origin, text, kind;
    int64_t tier, at_ms;
    struct place place;
};

/* unit: who gets it; NULL only when there is no desk at all. chosen: whom the rule meant; another
 * one than unit when the matter is about that. about: the unit it is about, or 0. */
struct route_choice {
    const struct unit *unit, *chosen;
    const struct rule *rule;
    int64_t about;
};

/* Where the unit was looked for, upwards; division 0: the station of the police grid, or at last
 * the city's desk. */
enum { ROUTE_TRIED_MAX = 6 };
struct route_try { int64_t division; const struct unit *unit; };
struct route_trace { struct route_try tried[ROUTE_TRIED_MAX]; size_t n_tried; };

/* Walks rules (struct rule), usually catalogue_rules(c); the first that fits wins. Where a unit
 * does not exist it goes on upwards (community > town > county > city) and finally to the city's
 * desk, so that there is always an owner. trace may be NULL. */
struct route_choice catalogue_route(const struct catalogue *c, struct list rules,
    const struct route_facts *f, struct route_trace *trace);
/* Whom this one rule would give it to, whether it fits or not. */
const struct unit *catalogue_route_by(const struct catalogue *c, const struct rule *rule,
    const struct route_facts *f);

/* The condition on which a rule is lost, the first in the order of its columns. */
enum rule_lost {
    LOST_NOT, LOST_CATEGORY, LOST_TIER, LOST_ORIGIN, LOST_AREA, LOST_TIME, LOST_PLACE, LOST_COUNT
};
enum rule_lost rule_lost(const struct catalogue *c, const struct rule *r,
    const struct route_facts *f);

/* The unit's Chinese name without the division at its beginning, as people write it. */
struct str unit_title(const struct catalogue *c, const struct unit *u);
/* Tiers from which on a matter does not wait for the morning, and handing it on buys no time. */
enum { TIER_URGENT = 3, TIER_EMERGENCY = 4 };
/* The police are called for such a matter: its category names 110, and its tier is urgent. */
bool is_police_emergency(const struct catalogue *c, struct str category, int64_t tier);
/* The lowest level that may have such a matter by this rule; 0: any. Police emergencies do not lie
 * with communities, whatever the rules leave open. */
int64_t route_max_level(const struct catalogue *c, const struct rule *r,
    const struct route_facts *f);

/* community, town, county, city as enum level; 0 for any other word. */
int64_t level_by_word(struct str word);
/* Kind of the grid there: base, dedicated ..; empty when the grid is not known. */
struct str catalogue_place_kind(const struct catalogue *c, const struct place *p);
struct str route_place_kind(const struct catalogue *c, const struct route_facts *f);
