/* catalogue.h: the deployer's data in memory, as one immutable snapshot: divisions, grids, units,
 * categories, limits, calendar, routing rules, reply templates. A request holds one snapshot from
 * start to end; a new version replaces it between requests.
 *
 * Small catalogues are CSV documents in the table catalogue, one row a version (see the records
 * below for their columns); divisions, grids and units are tables of their own. */
#pragma once
#include "db/db.h"

/* A kind of matter. code is one or more 2-digit levels ("01", "0102"); parent is its prefix. words:
 * what people write when they mean it, separated by spaces. order: who comes first, the owner of
 * the thing or the territory (部件先属主 / 事件先属地). hotline: 110, 119, 120 or empty. */
/* Words that a column may hold; each NULL-terminated. */
extern const char *const category_icons[], *const category_hotlines[], *const limit_stages[],
    *const limit_units[], *const rule_times[], *const rule_levels[], *const subsidy_levels[],
    *const subsidy_classes[], *const subsidy_forms[], *const subsidy_outcomes[],
    *const truth_words[];

#define CATEGORY(X, R) \
    X(R, STR, code, REQUIRED, 2, 8, NULL, "code: 2 digits a level") \
    X(R, STR, name, REQUIRED, 1, 30, NULL, "name, Chinese") \
    X(R, STR, name_en, REQUIRED, 1, 60, NULL, "name, English") \
    X(R, STR, hint, OPTIONAL, 0, 60, NULL, "examples, Chinese") \
    X(R, STR, hint_en, OPTIONAL, 0, 120, NULL, "examples, English") \
    X(R, STR, icon, REQUIRED | TABLED, 1, 12, category_icons, "icon name") \
    X(R, STR, words, OPTIONAL, 0, 2000, NULL, "words that suggest this category, spaces between") \
    X(R, STR, function, OPTIONAL, 0, 30, NULL, "function of the department that owns it") \
    X(R, I64, tier, REQUIRED, 1, 4, NULL, "usual tier: 1 ordinary .. 4 emergency") \
    X(R, STR, hotline, OPTIONAL | TABLED, 0, 5, category_hotlines, "when it cannot wait") \
    X(R, STR, basis, OPTIONAL, 0, 200, NULL, "legal basis of limit and owner")
RECORD(category, CATEGORY)

/* How long a stage may take; the first row that fits wins (category prefix, tier 0 = any).
 * unit: WH working hour, EH clock hour, WD working day, CD calendar day. */
#define LIMIT(X, R) \
    X(R, STR, category, OPTIONAL, 0, 8, NULL, "category prefix; empty = all") \
    X(R, I64, tier, REQUIRED, 0, 4, NULL, "tier; 0 = any") \
    X(R, STR, stage, REQUIRED | TABLED, 1, 12, limit_stages, "stage of a matter or a dispute") \
    X(R, I64, amount, REQUIRED, 1, 400, NULL, "how many units of time") \
    X(R, STR, unit, REQUIRED | TABLED, 2, 2, limit_units, "unit of time") \
    X(R, STR, basis, OPTIONAL, 0, 200, NULL, "where the limit comes from, Chinese") \
    X(R, STR, basis_en, OPTIONAL, 0, 200, NULL, "where the limit comes from, English")
RECORD(limit, LIMIT)

/* Routing rules in order; the first that fits wins. Empty or 0 fits everything. level: where it
 * goes: community, town, county, city; function: the unit's function there. Three functions are
 * special: desk, the division's own desk; owner, the department that the category names; station,
 * the police station of the police grid.
 *
 * time: work, duty hours of a worked day; off, all other times; night, 22:00 to 6:00; workday and
 * free, whole days by the calendar. place: base; dedicated, any grid that is not base; or the kind
 * of a dedicated grid. max_level: a duty of that level may not be handed to a level below it.
 * avoid: who it is not given to, because the matter is about them: "named" for a unit that the text
 * names, or codes of units; the desk above gets it instead. */
#define RULE(X, R) \
    X(R, STR, code, REQUIRED, 1, 20, NULL, "name of the rule, Chinese; its own among the rules") \
    X(R, STR, name_en, OPTIONAL, 0, 60, NULL, "name of the rule, English") \
    X(R, STR, category, OPTIONAL, 0, 8, NULL, "category prefix") \
    X(R, I64, tier_min, REQUIRED, 0, 4, NULL, "lowest tier it applies to") \
    X(R, STR, origin, OPTIONAL, 0, 12, NULL, "where the matter came from") \
    X(R, STR, area, OPTIONAL, 0, 12, NULL, "beginning of a division's code: only matters there") \
    X(R, STR, time, OPTIONAL | TABLED, 0, 8, rule_times, "when it came") \
    X(R, STR, place, OPTIONAL, 0, 12, NULL, "base, dedicated, or the kind of a dedicated grid") \
    X(R, STR, level, REQUIRED | TABLED, 3, 9, rule_levels, "level it goes to") \
    X(R, STR, function, REQUIRED, 1, 30, NULL, "function of the unit there, or desk") \
    X(R, STR, max_level, OPTIONAL | TABLED, 0, 9, rule_levels, "lowest it may be handed to") \
    X(R, STR, avoid, OPTIONAL, 0, 200, NULL, "named, or codes of units it is not given to, spaces between") \
    X(R, STR, why, REQUIRED, 1, 200, NULL, "reason in plain words, Chinese") \
    X(R, STR, why_en, REQUIRED, 1, 200, NULL, "reason in plain words, English") \
    X(R, STR, basis, OPTIONAL, 0, 200, NULL, "article it rests on, Chinese") \
    X(R, STR, basis_en, OPTIONAL, 0, 200, NULL, "article it rests on, English")
RECORD(rule, RULE)

/* Days that differ from the week: holidays (work = false) and make-up days (work = true). */
#define DAY(X, R) \
    X(R, TIME, date, REQUIRED, 0, 4102444800000.0, NULL, "the day, yyyy-mm-dd") \
    X(R, BOOL, work, REQUIRED, 0, 1, NULL, "true: worked; false: free") \
    X(R, STR, name, OPTIONAL, 0, 30, NULL, "holiday")
RECORD(day, DAY)

#define TEMPLATE(X, R) \
    X(R, STR, code, REQUIRED, 1, 20, NULL, "code") \
    X(R, STR, category, OPTIONAL, 0, 8, NULL, "category prefix it is offered for") \
    X(R, STR, title, REQUIRED, 1, 40, NULL, "title, Chinese") \
    X(R, STR, title_en, REQUIRED, 1, 80, NULL, "title, English") \
    X(R, STR, text, REQUIRED | MULTILINE, 1, 1000, NULL, "text of the reply")
RECORD(template, TEMPLATE)

/* Who decides for a desk while its chief is not on duty; the first in order who is there. */
#define DEPUTY(X, R) \
    X(R, STR, unit, REQUIRED, 1, 30, NULL, "code of the desk") \
    X(R, STR, person, REQUIRED, 1, 40, NULL, "login name of who stands in for its chief")
RECORD(deputy, DEPUTY)

/* What a committee's mediators are paid for a dispute (以案定补), by rules in order; the first that
 * fits. Empty fits everything; performed: true fits agreements that were kept, false those that
 * were not. */
#define SUBSIDY(X, R) \
    X(R, STR, code, REQUIRED, 1, 20, NULL, "name of the rule, Chinese; its own among the rules") \
    X(R, STR, name_en, OPTIONAL, 0, 60, NULL, "name of the rule, English") \
    X(R, STR, level, OPTIONAL | TABLED, 0, 9, subsidy_levels, "committees of this level") \
    X(R, STR, class, OPTIONAL | TABLED, 0, 8, subsidy_classes, "how hard") \
    X(R, STR, form, OPTIONAL | TABLED, 0, 7, subsidy_forms, "form of the agreement") \
    X(R, STR, outcome, REQUIRED | TABLED, 6, 6, subsidy_outcomes, "what came of it") \
    X(R, STR, performed, OPTIONAL | TABLED, 0, 5, truth_words, "whether it was kept") \
    X(R, I64, amount_fen, REQUIRED, 0, 1e8, NULL, "what is paid for the dispute, fen") \
    X(R, STR, basis, OPTIONAL, 0, 200, NULL, "what it rests on, Chinese") \
    X(R, STR, basis_en, OPTIONAL, 0, 200, NULL, "what it rests on, English")
RECORD(subsidy, SUBSIDY)

enum level {
    LEVEL_CITY = 2, LEVEL_COUNTY = 3, LEVEL_TOWN = 4, LEVEL_COMMUNITY = 5, LEVEL_GRID = 6,
    LEVEL_MICRO = 7, LEVEL_POLICE = 8,     /* police grids lie beside the divisions */
};

/* The county that the code of a division of 12 digits, or of a grid of 15, begins with: its area. */
static inline int64_t division_area(int64_t code)
{
    return code / 1000000;
}
static inline int64_t grid_area(int64_t code)
{
    return code / 1000000000;
}
/* And the code of the county that is an area. */
static inline int64_t area_division(int64_t area)
{
    return area * 1000000;
}

#define DIVISION(X, R) \
    X(R, ID, code, REQUIRED, 0, 0, NULL, "12-digit code") \
    X(R, ID, parent, REQUIRED, 0, 0, NULL, "code of the division above") \
    X(R, I64, level, REQUIRED, 1, 5, NULL, "2 city, 3 county, 4 township, 5 community") \
    X(R, STR, kind, REQUIRED, 1, 20, NULL, "kind as in the register") \
    X(R, STR, name, REQUIRED, 1, 60, NULL, "name")
RECORD(division, DIVISION)

#define GRID(X, R) \
    X(R, ID, code, REQUIRED, 0, 0, NULL, "15-digit code") \
    X(R, ID, community, REQUIRED, 0, 0, NULL, "12-digit code of its community") \
    X(R, STR, name, REQUIRED, 1, 60, NULL, "name") \
    X(R, STR, kind, REQUIRED, 1, 12, NULL, "base or dedicated") \
    X(R, F64, lon, REQUIRED, -180, 180, NULL, "centre, WGS-84") \
    X(R, F64, lat, REQUIRED, -90, 90, NULL, "centre, WGS-84") \
    X(R, STR, worker_name, OPTIONAL, 0, 40, NULL, "grid worker on duty, published by law") \
    X(R, STR, worker_phone, OPTIONAL, 0, 20, NULL, "duty phone, published by law")
RECORD(grid, GRID)

#define POLICE_GRID(X, R) \
    X(R, ID, code, REQUIRED, 0, 0, NULL, "code") \
    X(R, ID, station, REQUIRED, 0, 0, NULL, "unit of the police station") \
    X(R, STR, name, REQUIRED, 1, 60, NULL, "name")
RECORD(police_grid, POLICE_GRID)

#define MICRO_GRID(X, R) \
    X(R, ID, code, REQUIRED, 0, 0, NULL, "17-digit code") \
    X(R, ID, grid, REQUIRED, 0, 0, NULL, "15-digit code of its grid") \
    X(R, STR, name, REQUIRED, 1, 60, NULL, "name")
RECORD(micro_grid, MICRO_GRID)

/* kind: committee (community), centre (social-governance centre of a town, county, city), station
 * (police), department, studio, court, company, team. */
#define UNIT(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number of the unit") \
    X(R, STR, code, REQUIRED, 1, 30, NULL, "code") \
    X(R, STR, name, REQUIRED, 1, 60, NULL, "name") \
    X(R, STR, name_en, REQUIRED, 1, 120, NULL, "name, English") \
    X(R, STR, kind, REQUIRED, 1, 20, NULL, "kind of organisation") \
    X(R, I64, level, REQUIRED, 2, 5, NULL, "level of the division it serves") \
    X(R, ID, region, REQUIRED, 0, 0, NULL, "12-digit code of the division it serves") \
    X(R, ID, parent, REQUIRED, 0, 0, NULL, "unit above it; 0 for none") \
    X(R, BOOL, desk, REQUIRED, 0, 1, NULL, "receives and dispatches for its division") \
    X(R, STR, functions, REQUIRED, 0, 200, NULL, "functions, spaces between")
RECORD(unit, UNIT)

struct catalogue;   /* the snapshot */

/* Reads everything from db. The snapshot starts with one holder. */
enum err catalogue_load(struct db *db, struct catalogue **ret, struct err_info *info) MUST_USE;
/* What a snapshot holds in place of what is stored. zones: of one layer (grid, micro or police), by
 * code; one without a shape is taken away. */
struct zone;
struct catalogue_change {
    struct str rules;               /* CSV of all of them; none: those in force */
    struct str layer;
    const struct zone *zones;
    size_t n_zones;
};
enum err catalogue_load_changed(struct db *db, const struct catalogue_change *change,
    struct catalogue **ret, struct err_info *info) MUST_USE;
const struct catalogue *catalogue_hold(const struct catalogue *c);
void catalogue_drop(const struct catalogue *c);
/* What follows from the snapshot, is costly and seldom wanted: made when first asked for, then kept
 * until the snapshot's last holder lets go. There is one such thing; who asks meanwhile waits. */
const void *catalogue_keep(const struct catalogue *c, void *(*make)(const struct catalogue *c),
    void (*end)(void *made));
/* Sum of all versions whose first day has come, so that a reader can tell whether a snapshot is
 * still the newest. It only grows: what is taken back is taken back before. */
int64_t catalogue_stamp(const struct catalogue *c);
/* The same sum as it stands in the database at now_ms; differs once a new version is in force. */
enum err catalogue_stamp_stored(struct db *db, int64_t now_ms, int64_t *ret) MUST_USE;
/* Value of a setting; "" when it is not set. */
struct str catalogue_setting(const struct catalogue *c, const char *name);

struct list catalogue_categories(const struct catalogue *c);
struct list catalogue_units(const struct catalogue *c);       /* ordered by id */
struct list catalogue_grids(const struct catalogue *c);       /* ordered by code */
struct list catalogue_micro_grids(const struct catalogue *c); /* ordered by code */
struct list catalogue_police_grids(const struct catalogue *c);        /* ordered by code */
struct list catalogue_divisions(const struct catalogue *c);   /* ordered by code */
struct list catalogue_rules(const struct catalogue *c);        /* in order */
int64_t catalogue_rules_version(const struct catalogue *c);    /* 0: there are none */
struct list catalogue_limits(const struct catalogue *c);
struct list catalogue_templates(const struct catalogue *c);
struct list catalogue_deputies(const struct catalogue *c);      /* in order */

/* Outlines by code: LEVEL_COUNTY to LEVEL_POLICE; NULL for other levels. See geo/index.h. */
struct geo_index;
const struct geo_index *catalogue_areas(const struct catalogue *c, int64_t level);

/* NULL when unknown. */
const struct category *category_find(const struct catalogue *c, struct str code);
const struct unit *unit_find(const struct catalogue *c, int64_t id);
const struct unit *unit_find_code(const struct catalogue *c, struct str code);
/* Units that mediate: committees of a territory, and those of an industry within theirs. */
#define MEDIATION_FUNCTION "mediation_committee"
#define INDUSTRY_FUNCTION "industry_committee"
bool is_committee(const struct unit *u);
const struct grid *grid_find(const struct catalogue *c, int64_t code);
const struct police_grid *police_grid_find(const struct catalogue *c, int64_t code);
const struct micro_grid *micro_grid_find(const struct catalogue *c, int64_t code);
const struct division *division_find(const struct catalogue *c, int64_t code);
/* Name of the division, grid, micro-grid or police grid; "" when unknown. */
struct str catalogue_zone_name(const struct catalogue *c, int64_t level, int64_t code);
static inline struct str unit_name(const struct unit *u, enum lang lang)
{
    return u == NULL ? STR("") : lang == LANG_EN ? u->name_en : u->name;
}

/* A place: what is known of where a matter is. Codes are 0 when unknown; area (6 digits) is always
 * known: the city's desk takes what nobody can place, under the city's own code. */
struct place { int64_t area, town, community, grid, police_grid, micro_grid; };
/* The narrowest division that is known of it. */
static inline int64_t place_division(const struct place *p)
{
    return p->community ? p->community : p->town ? p->town : area_division(p->area);
}
/* By coordinates (WGS-84, degrees); false outside every grid. A micro-grid ends where its grid
 * ends, whatever its own outline says: beyond it there is none. Well below a microsecond. */
bool catalogue_locate(const struct catalogue *c, double lon, double lat, struct place *ret);
/* The same, and where no grid holds the point (a gap between them) the most local division that
 * does, so that nobody's ground is nobody's business; false outside them all. */
bool catalogue_place_of_point(const struct catalogue *c, double lon, double lat,
    struct place *ret);
/* By grid code; false when unknown. */
bool catalogue_place_of_grid(const struct catalogue *c, int64_t grid, struct place *ret);
/* A county, town or community as a place, without the more local ones in it. */
void catalogue_place_of_division(const struct catalogue *c, int64_t division, struct place *ret);
/* By names of divisions found in free text, in full or as people shorten them: the division with
 * most of its own and its superiors' names in the text, the most local of equals; of equals on one
 * level what they have in common; else the city. */
void catalogue_place_of_text(const struct catalogue *c, struct str text, struct place *ret);
/* "高新区 横塘街道 某某社区第3网格", most general first, in the arena. */
struct str catalogue_place_name(const struct catalogue *c, struct arena *a, const struct place *p);
/* The same with another name for its grid: the one it had on a day. */
struct str catalogue_place_name_then(const struct catalogue *c, struct arena *a,
    const struct place *p, struct str grid);

/* Categories suggested by the words of text, best first; returns how many (<= max). Deterministic:
 * a category's weight is the number of characters of its words found in the text, each counted
 * once; of equals the earlier one. Latin words match whole and in either case. */
size_t catalogue_suggest(const struct catalogue *c, struct str text,
    const struct category **ret, size_t max);
/* The nearest unit with this function: of the division itself or of one that holds it; or NULL. */
const struct unit *catalogue_serving(const struct catalogue *c, int64_t division,
    const char *function);

/* The desk of the division with this 12-digit code, or of the nearest one above it. */
const struct unit *catalogue_desk(const struct catalogue *c, int64_t division);
/* The desk that u turns to: of a desk the one of the next division above, of any other unit the
 * desk of its own division. NULL at the top. */
const struct unit *catalogue_desk_above(const struct catalogue *c, const struct unit *u);

/* The stages of a matter, each of which should have a limit for every category and tier. */
#define MATTER_STAGES(X) \
    X("dispatch", "派单", "Dispatch") X("sign", "签收", "Sign for it") X("handle", "办理", "Handle") \
    X("review", "核查", "Review") X("decide", "审批", "Decide") X("resume", "挂账", "Resume") \
    X("object", "异议", "Object")
/* Those of which no row of limits (struct limit) is for all, commas between; "" when all have one. */
struct str limit_stages_without(struct arena *a, struct list limits, enum lang lang);
/* The limit for a stage; never NULL (a built-in of 5 working days stands behind the table). */
const struct limit *catalogue_limit(const struct catalogue *c, struct str category, int64_t tier,
    const char *stage);
/* from_ms plus amount units of time by the calendar: WH counts 9:00-12:00 and 13:30-17:30 of
 * working days; WD ends at 17:30 of the n-th working day after; EH and CD run through, whatever
 * the calendar says. ret_provisional is set when a WH or WD result lies beyond the last year the
 * calendar knows: its holidays may still move the deadline. amount >= 0. */
int64_t calendar_add(const struct catalogue *c, int64_t from_ms, int64_t amount, struct str unit,
    bool *ret_provisional);
/* Beginning of the last day of the last year that the calendar knows; I64_NONE: it knows none. */
int64_t calendar_last_ms(const struct catalogue *c);
/* How many days of the year, weekends aside, the calendar has off: the official holidays
 * of a year are more than CALENDAR_OFF_LEAST of them. */
enum { CALENDAR_OFF_LEAST = 5 };
int64_t calendar_days_off(const struct catalogue *c, int year);
/* Whether at_ms is such a time (see RULE); an unknown word fits no time. */
bool calendar_is(const struct catalogue *c, struct str word, int64_t at_ms);
/* Working time between two moments, for figures. */
int64_t calendar_working_ms(const struct catalogue *c, int64_t from_ms, int64_t to_ms);

extern const struct sql *const catalogue_statements[];
extern const size_t catalogue_statements_n;
