/* show.c: why a matter went where it went, and rules in plain words. */
#include "catalogue/edition.h"
#include "layer/draft.h"
#include "report/report.h"
#include "rules/rules.h"

RECORD_DEFINE(route_ask, ROUTE_ASK)
RECORD_DEFINE(rule_words, RULE_WORDS)
RECORD_DEFINE(rules_version, RULES_VERSION)
RECORD_DEFINE(rules_in, RULES_IN)
RECORD_DEFINE(rules_out, RULES_OUT)

enum { VERSIONS_MAX = 100 };

SQL_SCANS(VERSIONS, "rules.versions", "SELECT version, valid_from_ms, made_ms FROM catalogue"
    " WHERE name = 'rule' ORDER BY version DESC LIMIT 100");
const struct sql *const rules_statements[] = { &VERSIONS };
const size_t rules_statements_n = COUNT_OF(rules_statements);

bool rules_may_edit(const struct cx *cx)
{
    const struct actor *a = &cx->actor;
    for (size_t i = 0; i < a->n_memberships; i++) {
        const struct unit *u = unit_find(cx->cat, a->memberships[i].unit);
        if (u && u->level == LEVEL_CITY
            && (a->memberships[i].role & (ROLE_ADMIN | ROLE_SUPERVISOR | ROLE_DISPATCHER)))
            return true;
    }
    return false;
}

enum err rules_need_edit(struct cx *cx)
{
    if (rules_may_edit(cx))
        return OK;
    return cx_fail(cx, E_DENIED, NULL, MSG("派单规则是全市的，由市级的调度员、督办员或管理员修改",
        "The rules are the whole city's; its dispatchers, supervisors and administrators change them"));
}

/* The rules of a faultless draft. */
static enum err rules_of_draft(struct cx *cx, int64_t id, struct str *ret_csv, struct list *ret)
{
    struct draft d;
    struct layer_plan plan;
    TRY(rules_need_edit(cx));
    TRY(draft_find(cx->db, cx->a, id, &d));
    if (!str_is(d.kind, "rule"))
        return E_MISSING;
    TRY(draft_check(cx->db, cx->cat, cx->a, &d, cx->now_ms, &plan, &cx->info));
    if (plan.faults.total)
        return cx_fail_with(cx, E_INPUT, "draft", MSG("草案还有问题：%s",
            "The draft has faults: %s"), str_c(cx->lang == LANG_EN ? plan.faults.at[0].en
            : plan.faults.at[0].zh));
    *ret_csv = d.body;
    return record_from_csv(cx->a, &rule_record, d.body, ret, &cx->info);
}

/* Why ------------------------------------------------------------------------------------------ */

enum err rules_matter_route(struct cx *cx, const void *in, struct buf *out)
{
    const struct number_in *q = in;
    struct matter m;
    struct explanation e;
    TRY(desk_matter(cx, q->number, &m));
    TRY(matter_explain(cx, &m, &e));
    record_to_json(out, &explanation_record, &e);
    return OK;
}

static enum err facts_asked(struct cx *cx, const struct route_ask *q, struct route_facts *ret)
{
    struct report where;
    struct intake in = { .text = q->text.p ? q->text : STR(""), .category = str_trim(q->category),
        .tier = q->tier == I64_NONE ? 0 : q->tier };
    record_clear(&report_record, &where);
    where.lon = q->lon;
    where.lat = q->lat;
    where.grid = q->grid;
    where.place_text = q->place_text;
    TRY(report_place(cx, &where, &in));
    TRY(intake_prepare(cx, &in));
    *ret = (struct route_facts){ .category = in.category, .tier = in.tier, .text = in.text,
        .origin = q->origin.n ? q->origin : STR("resident"), .place = in.place,
        .at_ms = q->at_ms == I64_NONE ? cx->now_ms : q->at_ms };
    return OK;
}

enum err rules_route_ask(struct cx *cx, const void *in, struct buf *out)
{
    const struct route_ask *q = in;
    struct list rules = catalogue_rules(cx->cat);
    int64_t version = catalogue_rules_version(cx->cat);
    struct explanation e;
    struct route_facts facts;
    TRY(facts_asked(cx, q, &facts));
    if (q->draft != I64_NONE) {
        struct str csv;
        TRY(rules_of_draft(cx, q->draft, &csv, &rules));
        version = 0;
    }
    route_explain(cx, rules, version, &facts, &e);
    record_to_json(out, &explanation_record, &e);
    return OK;
}

/* In words ------------------------------------------------------------------------------------- */

static void add_part(struct buf *b, struct str part)
{
    if (b->n)
        buf_add(b, STR(" · "));
    buf_add(b, part);
}

static struct str time_word(struct cx *cx, struct str word)
{
    static const struct { const char *word, *zh, *en; } times[] = {
        { "work", "工作时间", "in working hours" }, { "off", "非工作时间", "outside working hours" },
        { "night", "夜间（22 点至 6 点）", "at night (22:00 to 6:00)" },
        { "workday", "工作日", "on worked days" }, { "free", "休息日", "on days off" },
    };
    for (size_t i = 0; i < COUNT_OF(times); i++)
        if (str_is(word, times[i].word))
            return cx_text(cx, times[i].zh, times[i].en);
    return word;
}

static struct str when_told(struct cx *cx, const struct rule *r)
{
    struct buf b = buf_in(cx->a, 4096);
    const struct category *c = category_find(cx->cat, r->category);
    int64_t area = 0;
    if (r->category.n)
        add_part(&b, c ? cx_text(cx, c->name.p, c->name_en.p) : r->category);
    if (r->tier_min > 1)
        add_part(&b, arena_fmt(cx->a, cx->lang == LANG_EN ? "%.*s or higher" : "%.*s及以上",
            STR_FMT(view_tier_name(cx, r->tier_min))));
    if (r->origin.n)
        add_part(&b, view_origin_name(cx, r->origin));
    if (r->area.n) {
        for (size_t i = 0; i < 12; i++)
            area = area * 10 + (i < r->area.n ? r->area.p[i] - '0' : 0);
        const struct division *d = division_find(cx->cat, area);
        add_part(&b, d ? d->name : r->area);
    }
    if (r->time.n)
        add_part(&b, time_word(cx, r->time));
    if (r->place.n)
        add_part(&b, str_is(r->place, "base") ? cx_text(cx, "基础网格", "base grids")
            : str_is(r->place, "dedicated") ? cx_text(cx, "专属网格", "dedicated grids") : r->place);
    return b.n ? buf_str(&b) : cx_text(cx, "其余所有事项", "everything else");
}

static struct str goes_told(struct cx *cx, const struct rule *r)
{
    struct buf b = buf_in(cx->a, 4096);
    struct str level = level_name(cx, level_by_word(r->level));
    struct str who = str_is(r->function, "desk") ? cx_text(cx, "综治中心或居委会", "desk")
        : str_is(r->function, "owner") ? cx_text(cx, "类别所属的主管部门", "department that the category names")
        : str_is(r->function, "station") ? cx_text(cx, "辖区派出所", "local police station")
        : arena_fmt(cx->a, cx->lang == LANG_EN ? "unit with function %.*s" : "承担 %.*s 职能的单位",
            STR_FMT(r->function));
    buf_fmt(&b, cx->lang == LANG_EN ? "%.*s: %.*s" : "%.*s：%.*s", STR_FMT(level), STR_FMT(who));
    if (r->max_level.n)
        add_part(&b, arena_fmt(cx->a, cx->lang == LANG_EN ? "not to be handed below %.*s level"
            : "不得下推到%.*s以下", STR_FMT(level_name(cx, level_by_word(r->max_level)))));
    if (r->avoid.n)
        add_part(&b, cx_text(cx, "反映某单位的，不交给那个单位，交其上级",
            "if it is about a unit, not to that unit but to the desk above"));
    return buf_str(&b);
}

static struct list rules_told(struct cx *cx, struct list rules)
{
    const struct rule *r = rules.p;
    struct rule_words *rows = NEW_N(cx->a, struct rule_words, rules.n + 1);
    for (size_t i = 0; i < rules.n; i++) {
        struct str basis = cx->lang == LANG_EN && r[i].basis_en.n ? r[i].basis_en : r[i].basis;
        rows[i] = (struct rule_words){ r[i].code, when_told(cx, &r[i]), goes_told(cx, &r[i]),
            cx->lang == LANG_EN ? r[i].why_en : r[i].why, basis.n ? basis : STR_NONE };
    }
    return (struct list){ rows, rules.n };
}

static enum err csv_of_version(struct cx *cx, int64_t version, struct str *ret)
{
    *ret = STR("");
    return version ? edition_of_version(cx->db, cx->a, STR("rule"), version, ret) : OK;
}

enum err rules_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct rules_in *q = in;
    int64_t current = catalogue_rules_version(cx->cat);
    struct rules_out r = { .version = q->version == I64_NONE ? current : q->version };
    struct list rules = catalogue_rules(cx->cat);
    r.in_force = r.version == current && q->draft == I64_NONE;
    r.may_edit = rules_may_edit(cx);
    if (q->draft != I64_NONE) {
        r.version = 0;
        TRY(rules_of_draft(cx, q->draft, &r.csv, &rules));
    } else
        TRY(csv_of_version(cx, r.version, &r.csv));
    if (!r.in_force && r.version)
        TRY(record_from_csv(cx->a, &rule_record, r.csv, &rules, &cx->info));
    r.rules = rules_told(cx, rules);
    TRY(db_rows(cx->db, cx->a, &VERSIONS, NO_ARGS, &rules_version_record, VERSIONS_MAX,
        &r.versions));
    record_to_json(out, &rules_out_record, &r);
    return OK;
}
