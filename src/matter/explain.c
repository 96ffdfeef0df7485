/* explain.c: the walk over the rules, made again and put into words. */
#include "matter/explain.h"
#include "catalogue/edition.h"
#include "matter/view.h"
#include <jansson.h>

RECORD_DEFINE(route_fact, ROUTE_FACT)
RECORD_DEFINE(route_tried, ROUTE_TRIED)
RECORD_DEFINE(route_rule, ROUTE_RULE)
RECORD_DEFINE(explanation, EXPLANATION)

#define FIRST_ENTRY(X, R) \
    X(R, I64, owner_unit, 0, 0, 0, NULL, "") X(R, STR, data, 0, 0, 0, NULL, "")
RECORD(first_entry, FIRST_ENTRY)
RECORD_DEFINE(first_entry, FIRST_ENTRY)
#define DECIDER_NAMED(X, R) X(R, STR, name, 0, 0, 0, NULL, "")
RECORD(decider_named, DECIDER_NAMED)
RECORD_DEFINE(decider_named, DECIDER_NAMED)

SQL_READS(FIRST, "explain.first",
    "SELECT owner_unit, data FROM entry WHERE area = $1 AND matter = $2 AND seq = 1");
SQL_READS(NAMED, "explain.named",
    "SELECT a.name FROM entry e JOIN account a ON a.id = e.holder WHERE e.area = $1 AND e.matter = $2"
    " AND e.owner_unit = $3 AND e.to_state = 'received' AND e.holder <> 0"
    " ORDER BY e.seq DESC LIMIT 1");
const struct sql *const explain_statements[] = { &FIRST, &NAMED };
const size_t explain_statements_n = COUNT_OF(explain_statements);

enum { CODE_PART = 1000 };      /* of a grid's code that is not its community's, and so on */

struct str level_name(struct cx *cx, int64_t level)
{
    switch (level) {
    case LEVEL_CITY: return cx_text(cx, "市级", "city");
    case LEVEL_COUNTY: return cx_text(cx, "县（区）", "county");
    case LEVEL_TOWN: return cx_text(cx, "镇（街道）", "town");
    case LEVEL_COMMUNITY: return cx_text(cx, "社区（村）", "community");
    default: return STR("");
    }
}

struct str place_kind_name(struct cx *cx, struct str kind)
{
    static const struct { const char *word, *zh, *en; } kinds[] = {
        { "", "不在任何网格", "in no grid" }, { "base", "基础网格", "base grid" },
        { "dedicated", "专属网格", "dedicated grid" }, { "school", "学校网格", "school grid" },
        { "hospital", "医院网格", "hospital grid" }, { "market", "市场网格", "market grid" },
        { "company", "企业网格", "company grid" }, { "water", "水域网格", "water grid" },
    };
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_is(kind, kinds[i].word))
            return cx_text(cx, kinds[i].zh, kinds[i].en);
    return kind;
}

struct str rule_name(struct cx *cx, const struct rule *r)
{
    const struct category *c = category_find(cx->cat, r->category);
    if (cx->lang != LANG_EN)
        return str_is(r->code, "city-desk") ? STR("市级中心受理") : r->code;
    return r->name_en.n ? r->name_en : c ? c->name_en : r->code;
}

static struct str time_name(struct cx *cx, int64_t at_ms)
{
    struct civil t = clock_civil(at_ms);
    bool work = calendar_is(cx->cat, STR("work"), at_ms);
    struct str what = work ? cx_text(cx, "工作时间", "working hours")
        : calendar_is(cx->cat, STR("free"), at_ms) ? cx_text(cx, "休息日", "a day off")
        : calendar_is(cx->cat, STR("night"), at_ms) ? cx_text(cx, "夜间", "night")
        : cx_text(cx, "非工作时间", "outside working hours");
    return arena_fmt(cx->a, "%04d-%02d-%02d %02d:%02d · %.*s", t.year, t.month, t.day, t.hour,
        t.minute, STR_FMT(what));
}

static struct list facts_told(struct cx *cx, const struct route_facts *f)
{
    const struct category *c = category_find(cx->cat, f->category);
    struct str name = c ? cx_text(cx, c->name.p, c->name_en.p) : STR("");
    struct route_fact *rows = NEW_N(cx->a, struct route_fact, 6);
    rows[0] = (struct route_fact){ STR("category"), cx_text(cx, "类别", "Category"),
        arena_fmt(cx->a, "%.*s %.*s", STR_FMT(f->category), STR_FMT(name)) };
    rows[1] = (struct route_fact){ STR("tier_min"), cx_text(cx, "等级", "Tier"),
        view_tier_name(cx, f->tier) };
    rows[2] = (struct route_fact){ STR("origin"), cx_text(cx, "来源", "Origin"),
        view_origin_name(cx, f->origin) };
    rows[3] = (struct route_fact){ STR("area"), cx_text(cx, "地点", "Place"),
        catalogue_place_name(cx->cat, cx->a, &f->place) };
    rows[4] = (struct route_fact){ STR("time"), cx_text(cx, "时间", "Time"),
        time_name(cx, f->at_ms) };
    rows[5] = (struct route_fact){ STR("place"), cx_text(cx, "网格种类", "Kind of grid"),
        place_kind_name(cx, route_place_kind(cx->cat, f)) };
    return (struct list){ rows, 6 };
}

static struct list tried_told(struct cx *cx, const struct route_trace *t)
{
    struct route_tried *rows = NEW_N(cx->a, struct route_tried, ROUTE_TRIED_MAX);
    for (size_t i = 0; i < t->n_tried; i++) {
        const struct division *d = division_find(cx->cat, t->tried[i].division);
        const struct unit *u = t->tried[i].unit;
        struct str where = d ? d->name : u && u->desk
            ? cx_text(cx, "最后由市级中心受理", "At last: the city's desk")
            : cx_text(cx, "警务网格所属派出所", "Station of the police grid");
        rows[i] = (struct route_tried){ where, u ? unit_name(u, cx->lang) : STR_NONE };
    }
    return (struct list){ rows, t->n_tried };
}

static struct str rule_why(struct cx *cx, const struct rule *r)
{
    return cx->lang == LANG_EN ? r->why_en : r->why;
}

static struct list others_told(struct cx *cx, struct list rules, const struct rule *winner,
    const struct route_facts *f)
{
    static const struct { const char *word, *zh, *en; } lost[LOST_COUNT] = {
        [LOST_NOT] = { "later", "也适用，但排在后面", "fits too, but comes later" },
        [LOST_CATEGORY] = { "category", "类别不符", "another category" },
        [LOST_TIER] = { "tier_min", "等级不够", "the tier is too low" },
        [LOST_ORIGIN] = { "origin", "来源不符", "another origin" },
        [LOST_AREA] = { "area", "不在这条规则的区域", "outside its area" },
        [LOST_TIME] = { "time", "不在这条规则的时间", "not at its time" },
        [LOST_PLACE] = { "place", "网格种类不符", "another kind of grid" },
    };
    const struct rule *r = rules.p;
    struct route_rule *rows = NEW_N(cx->a, struct route_rule, rules.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < rules.n; i++) {
        if (&r[i] == winner)
            continue;
        enum rule_lost why = rule_lost(cx->cat, &r[i], f);
        rows[n++] = (struct route_rule){ r[i].code, rule_name(cx, &r[i]), rule_why(cx, &r[i]),
            unit_name(catalogue_route_by(cx->cat, &r[i], f), cx->lang), str_c(lost[why].word),
            cx_text(cx, lost[why].zh, lost[why].en) };
    }
    return (struct list){ rows, n };
}

static struct str sentence(struct cx *cx, const struct unit *u, struct str why)
{
    struct str name = unit_name(u, cx->lang);
    return cx->lang == LANG_EN
        ? arena_fmt(cx->a, "It went to %.*s: %.*s.", STR_FMT(name), STR_FMT(why))
        : arena_fmt(cx->a, "由%.*s办理：%.*s。", STR_FMT(name), STR_FMT(why));
}

void route_explain(struct cx *cx, struct list rules, int64_t version,
    const struct route_facts *f, struct explanation *ret)
{
    struct route_trace trace;
    struct route_choice c = catalogue_route(cx->cat, rules, f, &trace);
    const struct rule *r = c.rule;
    record_clear(&explanation_record, ret);
    ret->rule = r->code;
    ret->rule_name = rule_name(cx, r);
    ret->why = rule_why(cx, r);
    if (r->basis.n)
        ret->basis = cx->lang == LANG_EN && r->basis_en.n ? r->basis_en : r->basis;
    ret->version = version;
    ret->in_force = version == catalogue_rules_version(cx->cat);
    ret->unit = c.unit ? c.unit->id : 0;
    ret->unit_name = unit_name(c.unit, cx->lang);
    if (c.chosen != c.unit)
        ret->chosen_name = unit_name(c.chosen, cx->lang);
    if (c.about)
        ret->about_name = unit_name(unit_find(cx->cat, c.about), cx->lang);
    if (route_max_level(cx->cat, r, f))
        ret->max_level = level_name(cx, route_max_level(cx->cat, r, f));
    ret->handovers = 0;
    ret->facts = facts_told(cx, f);
    ret->tried = tried_told(cx, &trace);
    ret->others = others_told(cx, rules, r, f);
    ret->sentence = sentence(cx, c.unit, ret->why);
}

/* The rules of that version; none if it is not known. */
static enum err rules_of_version(struct cx *cx, int64_t version, struct list *ret)
{
    struct str csv;
    *ret = (struct list){ NULL, 0 };
    if (version == catalogue_rules_version(cx->cat)) {
        *ret = catalogue_rules(cx->cat);
        return OK;
    }
    enum err e = edition_of_version(cx->db, cx->a, STR("rule"), version, &csv);
    return e == E_MISSING ? OK : e != OK ? e
        : record_from_csv(cx->a, &rule_record, csv, ret, &cx->info);
}

/* What the first entry says takes the place of what has been corrected since. */
static void facts_at_first(struct cx *cx, const struct first_entry *e, struct route_facts *f)
{
    json_t *data = json_loadb(e->data.p, e->data.n, 0, NULL);
    const char *category = json_string_value(json_object_get(data, "category"));
    const char *origin = json_string_value(json_object_get(data, "origin"));
    const char *kind = json_string_value(json_object_get(data, "place"));
    const json_t *tier = json_object_get(data, "tier"), *grid = json_object_get(data, "grid");
    if (category)
        f->category = arena_str(cx->a, str_c(category));
    if (origin)
        f->origin = arena_str(cx->a, str_c(origin));
    if (kind)
        f->kind = arena_str(cx->a, str_c(kind));
    if (json_is_integer(tier))
        f->tier = json_integer_value(tier);
    if (json_is_integer(grid) && json_integer_value(grid) != f->place.grid) {
        f->place.grid = json_integer_value(grid);   /* moved since, maybe to another community */
        f->place.community = f->place.grid / CODE_PART;
        f->place.town = f->place.community / CODE_PART * CODE_PART;
    }
    json_decref(data);
}

/* The desk that decides, and whom it was left to there: the ledger knows the person even after the
 * matter has gone on. */
static enum err decider_told(struct cx *cx, const struct matter *m, struct explanation *ret)
{
    struct decider_named named;
    ret->decider_name = unit_name(unit_find(cx->cat, m->decider), cx->lang);
    enum err e = db_one(cx->db, cx->a, &NAMED, ARGS(I(m->area), I(m->id), I(m->decider)),
        &decider_named_record, &named);
    if (e == OK)
        ret->decider_person = named.name;
    return e == E_MISSING ? OK : e;
}

enum err matter_explain(struct cx *cx, const struct matter *m, struct explanation *ret)
{
    struct first_entry first;
    struct list rules;
    struct route_facts facts = matter_route_facts(m);
    TRY(db_one(cx->db, cx->a, &FIRST, ARGS(I(m->area), I(m->id)), &first_entry_record, &first));
    TRY(rules_of_version(cx, m->route_version, &rules));
    facts_at_first(cx, &first, &facts);
    route_explain(cx, rules, m->route_version, &facts, ret);
    const struct unit *u = unit_find(cx->cat, first.owner_unit);
    if (ret->unit != first.owner_unit) {
        ret->today_name = ret->unit_name;
        ret->unit = first.owner_unit;
        ret->unit_name = unit_name(u, cx->lang);
        ret->sentence = sentence(cx, u, ret->why);
    }
    if (m->about_unit)
        ret->about_name = unit_name(unit_find(cx->cat, m->about_unit), cx->lang);
    if (m->max_level)
        ret->max_level = level_name(cx, m->max_level);
    if (m->owner_unit != first.owner_unit)
        ret->owner_name = unit_name(unit_find(cx->cat, m->owner_unit), cx->lang);
    ret->handovers = m->handovers;
    return m->decider ? decider_told(cx, m, ret) : OK;
}

static const struct rule *rule_named(struct list rules, struct str code)
{
    const struct rule *r = rules.p;
    for (size_t i = 0; i < rules.n; i++)
        if (str_eq(r[i].code, code))
            return &r[i];
    return NULL;
}

enum err matter_owner_why(struct cx *cx, const struct matter *m, int64_t first_owner,
    struct str *ret)
{
    struct list rules;
    const struct unit *decider = unit_find(cx->cat, m->decider);
    TRY(rules_of_version(cx, m->route_version, &rules));
    const struct rule *r = rule_named(rules, m->route);
    struct str name = unit_name(decider, cx->lang);
    if (decider && cx->lang == LANG_EN)
        *ret = arena_fmt(cx->a, "It was handed on several times; %.*s decides whose it is.",
            STR_FMT(name));
    else if (decider)
        *ret = arena_fmt(cx->a, "经多次移交，由%.*s决定由哪个单位办理。", STR_FMT(name));
    else if (matter_is_closed_circle(m))
        *ret = cx_text(cx, "调解组织登记后办理；各方自愿，可以随时退出。",
            "A mediation committee has it; everybody takes part of their own will and may leave.");
    else if (m->round)
        *ret = cx_text(cx, "您不满意之后，由这一级重新办理。",
            "You were not satisfied with the answer, so it is handled here again.");
    else if (first_owner && first_owner != m->owner_unit)
        *ret = cx_text(cx, "受理后，由工作人员按职责转到这个单位。",
            "After it came in, staff passed it to the unit whose duty it is.");
    else
        *ret = sentence(cx, unit_find(cx->cat, m->owner_unit), r ? rule_why(cx, r)
            : cx_text(cx, "没有适用的规则，由综治中心派单", "no rule applied; the centre dispatches"));
    return OK;
}
