/* holes.c: what is missing before a town can begin: matters that would lie with nobody, people who
 * can do nothing, clocks that do not know the holidays. Each with what to do about it. */
#include "access/role.h"
#include "catalogue/route.h"
#include "duty/shifts.h"
#include "town/town.h"

/* Somebody who may sign in, in a role. */
#define HOLDER(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "") X(R, ID, account, REQUIRED, 0, 0, NULL, "") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "") X(R, STR, role, REQUIRED, 0, 0, NULL, "")
RECORD(holder, HOLDER)
RECORD_DEFINE(holder, HOLDER)
#define WORKER(X, R) \
    X(R, ID, grid, REQUIRED, 0, 0, NULL, "") X(R, ID, account, REQUIRED, 0, 0, NULL, "")
RECORD(worker, WORKER)
RECORD_DEFINE(worker, WORKER)

enum { HOLES_MAX = 5000, ROWS_MAX = 1000000, NAMED_MAX = 6, DECEMBER = 12 };

/* Who dispatches at a desk, and decides on what others ask of it. */
#define DECIDING (ROLE_DISPATCHER | ROLE_SUPERVISOR | ROLE_CHIEF)

SQL_SCANS(holders, "town.holders",
    "SELECT m.unit, m.account, a.name, m.role FROM membership m JOIN account a ON a.id = m.account"
    " WHERE a.disabled = 0 ORDER BY m.unit, m.account");
SQL_SCANS(workers, "town.workers",
    "SELECT CASE WHEN layer = 'micro' THEN zone / 100 ELSE zone END AS grid, account FROM duty"
    " WHERE layer IN ('grid', 'micro') UNION"
    " SELECT CASE WHEN layer = 'micro' THEN zone / 100 ELSE zone END AS grid, account FROM shift"
    " WHERE layer IN ('grid', 'micro') AND account <> 0");
SQL_SCANS(rostered, "town.rostered", "SELECT COUNT(*) FROM (SELECT 1 AS one FROM shift LIMIT 1) s");
const struct sql *const town_hole_statements[] = { &holders, &workers, &rostered };
const size_t town_hole_statements_n = COUNT_OF(town_hole_statements);

struct look {
    struct db *db;
    const struct catalogue *c;
    struct arena *a;
    int64_t now_ms;
    struct list holders, workers;
    struct town_hole *at;
    size_t n;
};

/* arg in the place of %s; lists of names are longer than an error may be. */
static const char *filled(struct arena *a, const char *text, struct str arg)
{
    const char *at = strstr(text, "%s");
    return at ? arena_fmt(a, "%.*s%.*s%s", (int)(at - text), text, STR_FMT(arg), at + 2).p : text;
}

static void hole(struct look *l, const char *kind, struct msg text, struct str arg,
    struct msg remedy)
{
    if (l->n < HOLES_MAX)
        l->at[l->n++] = (struct town_hole){ kind, { filled(l->a, text.zh, arg),
            filled(l->a, text.en, arg) }, remedy, false };
}

static void later(struct look *l, const char *kind, struct msg text, struct str arg,
    struct msg remedy)
{
    hole(l, kind, text, arg, remedy);
    l->at[l->n - 1].later = true;
}

/* Several names, commas between; those beyond NAMED_MAX are counted. */
struct named { struct buf b; size_t n; };

static void name_add(struct named *v, struct str name)
{
    if (v->n++ < NAMED_MAX)
        buf_fmt(&v->b, "%s%.*s", v->n > 1 ? ", " : "", STR_FMT(name));
}

static struct str name_end(struct named *v)
{
    if (v->n > NAMED_MAX)
        buf_fmt(&v->b, " … (%zu)", v->n);
    return buf_str(&v->b);
}

static struct named names_in(struct arena *a)
{
    return (struct named){ buf_in(a, 4096), 0 };
}

/* Who does what ---------------------------------------------------------------------------- */

static bool has_role(const struct look *l, int64_t unit, unsigned roles)
{
    const struct holder *h = l->holders.p;
    for (size_t i = 0; i < l->holders.n; i++) {
        const struct role_row *role = role_by_word(h[i].role);
        if ((unit == 0 || h[i].unit == unit) && role && (role->role & roles))
            return true;
    }
    return false;
}

static bool handles_in(const struct look *l, int64_t account, int64_t unit)
{
    const struct holder *h = l->holders.p;
    for (size_t i = 0; i < l->holders.n; i++) {
        const struct role_row *role = role_by_word(h[i].role);
        if (h[i].account == account && h[i].unit == unit && role && (role->role & ROLE_HANDS))
            return true;
    }
    return false;
}

static void look_at_units(struct look *l)
{
    const struct unit *u = catalogue_units(l->c).p;
    struct named empty = names_in(l->a), idle = names_in(l->a), undecided = names_in(l->a);
    for (size_t i = 0; i < catalogue_units(l->c).n; i++) {
        if (!has_role(l, u[i].id, ROLE_STAFF))
            name_add(&empty, u[i].name);
        else if (!has_role(l, u[i].id, ROLE_HANDS))
            name_add(&idle, u[i].name);
        else if (u[i].desk && u[i].level < LEVEL_COMMUNITY && !has_role(l, u[i].id, DECIDING))
            name_add(&undecided, u[i].name);
    }
    if (empty.n)
        hole(l, "unit", MSG("单位没有人：%s", "Units without anybody: %s"), name_end(&empty),
            MSG("在“人员”里给每个单位至少写一人", "Name at least one person of each in People"));
    if (idle.n)
        hole(l, "answer", MSG("单位有人，但没有人能办理、答复：%s",
            "Units whose people may not handle and answer matters: %s"), name_end(&idle),
            MSG("给其中一人加职务：承办人、网格员或调度员", "Give somebody there a role: clerk, grid worker or dispatcher"));
    if (undecided.n)
        hole(l, "decide", MSG("受理派单的单位没有人能派单、审批：%s",
            "Desks where nobody may dispatch and decide: %s"), name_end(&undecided),
            MSG("给其中一人加职务：调度员、督办员或部门负责人",
                "Give somebody there a role: dispatcher, supervisor or head of unit"));
    if (!has_role(l, 0, ROLE_ADMIN))
        hole(l, "admin", MSG("没有管理员", "There is no administrator"), STR_NONE,
            MSG("在“人员”里给一人写职务“管理员”", "Give somebody the role Administrator in People"));
}

/* That of the city's division, which is the whole. */
static const struct unit *top_desk(const struct catalogue *c)
{
    const struct division *d = catalogue_divisions(c).p;
    for (size_t i = 0; i < catalogue_divisions(c).n; i++)
        if (d[i].level == LEVEL_CITY)
            return catalogue_desk(c, d[i].code);
    return NULL;
}

static void look_at_desks(struct look *l)
{
    const struct division *d = catalogue_divisions(l->c).p;
    struct named without = names_in(l->a);
    if (top_desk(l->c) == NULL)
        hole(l, "desk", MSG("没有管全部的受理中心：规则派不出去的事项没有人接",
            "No unit is the desk for the whole: nobody takes what no rule takes"), STR_NONE,
            MSG("在“单位”里给一个单位写：服务区划“全部”，受理派单“是”",
                "In Units let one unit serve \"all\" with Desk \"yes\""));
    for (size_t i = 0; i < catalogue_divisions(l->c).n; i++) {
        const struct unit *desk = catalogue_desk(l->c, d[i].code);
        if (d[i].level == LEVEL_COMMUNITY && (desk == NULL || desk->region != d[i].code))
            name_add(&without, d[i].name);
    }
    if (without.n)
        hole(l, "community", MSG("社区没有自己的受理单位：%s", "Communities without a desk of their own: %s"),
            name_end(&without), MSG("在“单位”里给每个社区写居委会，服务区划写该社区，受理派单“是”",
                "In Units write each one's committee: it serves the community, Desk \"yes\""));
}

/* Grids ------------------------------------------------------------------------------------- */

/* Somebody in charge or on the roster who handles matters where those of the grid arrive. */
static bool has_worker(const struct look *l, const struct grid *g)
{
    const struct worker *w = l->workers.p;
    const struct unit *u = duty_unit_of(l->c, DUTY_GRID, g->code);
    for (size_t i = 0; i < l->workers.n; i++)
        if (w[i].grid == g->code && u && handles_in(l, w[i].account, u->id))
            return true;
    return false;
}

static bool has_grid(const struct look *l, int64_t account)
{
    const struct worker *w = l->workers.p;
    for (size_t i = 0; i < l->workers.n; i++)
        if (w[i].account == account)
            return true;
    return false;
}

static void look_at_grids(struct look *l)
{
    const struct grid *g = catalogue_grids(l->c).p;
    const struct holder *h = l->holders.p;
    struct named vacant = names_in(l->a), idle = names_in(l->a);
    for (size_t i = 0; i < catalogue_grids(l->c).n; i++)
        if (!has_worker(l, &g[i]))
            name_add(&vacant, arena_fmt(l->a, "%lld %.*s", (long long)g[i].code, STR_FMT(g[i].name)));
    for (size_t i = 0; i < l->holders.n; i++)
        if (str_is(h[i].role, "grid_worker") && !has_grid(l, h[i].account))
            name_add(&idle, h[i].name);
    if (catalogue_grids(l->c).n == 0)
        hole(l, "grid", MSG("没有网格", "There are no grids"), STR_NONE,
            MSG("放入 grid.geojson、grid.shp，或填“网格”一表", "Add grid.geojson or grid.shp, or fill in Grids"));
    if (vacant.n)
        hole(l, "grid", MSG("网格没有网格员：%s", "Grids without a worker: %s"), name_end(&vacant),
            MSG("在“人员”里给该社区单位的一名网格员写上负责网格",
                "In People name the grid at a grid worker of that community's unit"));
    if (idle.n)
        hole(l, "worker", MSG("网格员没有网格：%s", "Grid workers without a grid: %s"), name_end(&idle),
            MSG("在“人员”里写上负责网格，* 为本单位全部", "Name their grids in People; * for all of the unit"));
}

/* Categories and limits ----------------------------------------------------------------------- */

static bool has_below(struct list cats, struct str code)
{
    const struct category *cat = cats.p;
    for (size_t i = 0; i < cats.n; i++)
        if (cat[i].code.n > code.n && str_starts(cat[i].code, code))
            return true;
    return false;
}

/* Whether matters of this kind have an owner by the rules in every community, not for want of one. */
static bool is_owned(const struct look *l, const struct category *cat)
{
    const struct division *d = catalogue_divisions(l->c).p;
    for (size_t i = 0; i < catalogue_divisions(l->c).n; i++) {
        struct route_facts f = { .category = cat->code, .tier = cat->tier, .at_ms = l->now_ms };
        if (d[i].level != LEVEL_COMMUNITY)
            continue;
        catalogue_place_of_division(l->c, d[i].code, &f.place);
        struct route_choice choice = catalogue_route(l->c, catalogue_rules(l->c), &f, NULL);
        bool owner = choice.rule && str_is(choice.rule->function, "owner");
        if (choice.unit == NULL || (owner && (cat->function.n == 0
            || !str_has_word(choice.unit->functions, cat->function))))
            return false;
    }
    return true;
}

static void look_at_categories(struct look *l)
{
    const struct category *cat = catalogue_categories(l->c).p;
    size_t n = catalogue_categories(l->c).n;
    struct named lost = names_in(l->a);
    for (size_t i = 0; i < n; i++)
        if (!has_below(catalogue_categories(l->c), cat[i].code) && !is_owned(l, &cat[i]))
            name_add(&lost, arena_fmt(l->a, "%.*s %.*s", STR_FMT(cat[i].code), STR_FMT(cat[i].name)));
    if (n == 0)
        hole(l, "category", MSG("没有类别", "There are no categories"), STR_NONE,
            MSG("填“类别”一表，或运行 fengqiao init 采用内置的", "Fill in Categories, or take the built-in ones with"
                " fengqiao init"));
    if (lost.n)
        hole(l, "category", MSG("类别没有主管单位：%s", "Categories without a unit that owns them: %s"),
            name_end(&lost), MSG("在“单位”的职能里写明谁管(一个单位可管多项，管全镇的服务区划写“全部”)",
                "In Units say whose function it is (one unit may have several; it serves \"all\")"));
}

static void look_at_limits(struct look *l)
{
    struct str zh = limit_stages_without(l->a, catalogue_limits(l->c), LANG_ZH),
        en = limit_stages_without(l->a, catalogue_limits(l->c), LANG_EN);
    if (zh.n)
        hole(l, "limit", (struct msg){
            arena_fmt(l->a, "环节没有对所有类别和等级的期限(按五个工作日算)：%.*s", STR_FMT(zh)).p,
            arena_fmt(l->a, "Stages without a limit for every category and tier (five working days"
                " count): %.*s", STR_FMT(en)).p }, STR_NONE,
            MSG("在“期限”里给这些环节各加一行，类别留空，等级“不限”",
                "In Limits add a row for each: no category, tier \"Any\""));
}

/* A few days are a table that somebody began, not the official notice of a year. */
static void look_at_year(struct look *l, int year, bool waits)
{
    const struct msg remedy = MSG("按国务院办公厅的放假通知填“日历”：放假和调休上班的日子，今年和明年的一起",
        "Fill in Calendar from the official notice: holidays and make-up days, this year's and the"
        " next's together");
    long long off = calendar_days_off(l->c, year);
    void (*tell)(struct look *, const char *, struct msg, struct str, struct msg) =
        waits ? later : hole;
    if (off >= CALENDAR_OFF_LEAST)
        return;
    if (off)
        tell(l, "calendar", (struct msg){
            arena_fmt(l->a, "%d 年的工作日历不全：周末以外只有 %lld 天放假", year, off).p,
            arena_fmt(l->a, "The calendar of %d is not whole: days off besides weekends: %lld", year,
                off).p }, STR_NONE, remedy);
    else
        tell(l, "calendar", waits ? MSG("还没有 %s 年的工作日历，年底前要导入",
            "There is no calendar of %s yet; import it before the year ends")
            : MSG("期限按工作日算，但没有 %s 年的工作日历",
            "Limits count working days, but there is no calendar of %s"),
            arena_fmt(l->a, "%d", year), remedy);
}

static void look_at_calendar(struct look *l)
{
    const struct limit *rows = catalogue_limits(l->c).p;
    bool working = false;
    struct civil now = clock_civil(l->now_ms);
    for (size_t i = 0; i < catalogue_limits(l->c).n; i++)
        working |= str_is(rows[i].unit, "WH") || str_is(rows[i].unit, "WD");
    if (!working)
        return;
    look_at_year(l, now.year, false);
    look_at_year(l, now.year + 1, now.month < DECEMBER);
}

static enum err look_at_roster(struct look *l)
{
    int64_t any = 0;
    TRY(db_number(l->db, &rostered, NO_ARGS, &any));
    if (any == 0)
        later(l, "duty", MSG("没有值班表：事项进单位的队列，不呼叫到人",
            "There is no roster: matters wait in their unit's queue and call nobody by name"), STR_NONE,
            MSG("以后在网页“值班表”上排，或导入 duty.csv", "Write one on the page Roster, or import duty.csv"));
    return OK;
}

enum err town_holes(struct db *db, const struct catalogue *c, struct arena *a, int64_t now_ms,
    struct list *ret)
{
    struct look l = { .db = db, .c = c, .a = a, .now_ms = now_ms };
    l.at = NEW_N(a, struct town_hole, HOLES_MAX);
    TRY(db_rows(db, a, &holders, NO_ARGS, &holder_record, ROWS_MAX, &l.holders));
    TRY(db_rows(db, a, &workers, NO_ARGS, &worker_record, ROWS_MAX, &l.workers));
    look_at_desks(&l);
    look_at_units(&l);
    look_at_grids(&l);
    look_at_categories(&l);
    look_at_limits(&l);
    look_at_calendar(&l);
    TRY(look_at_roster(&l));
    *ret = (struct list){ l.at, l.n };
    return OK;
}
