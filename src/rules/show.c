/* show.c: why a matter went where it went, and rules in plain words. */
#include "report/report.h"
#include "rules/rules.h"
#include <math.h>

RECORD_DEFINE(route_ask, ROUTE_ASK)
RECORD_DEFINE(rule_words, RULE_WORDS)
RECORD_DEFINE(rule_fault, RULE_FAULT)
RECORD_DEFINE(rules_version, RULES_VERSION)
RECORD_DEFINE(rules_in, RULES_IN)
RECORD_DEFINE(rules_out, RULES_OUT)
RECORD_DEFINE(draft_head, DRAFT_HEAD)
RECORD_DEFINE(drafts_out, DRAFTS_OUT)
RECORD_DEFINE(draft_out, DRAFT_OUT)
RECORD_DEFINE(draft_id_in, DRAFT_ID_IN)
RECORD_DEFINE(draft_make_in, DRAFT_MAKE_IN)
RECORD_DEFINE(draft_change_in, DRAFT_CHANGE_IN)
RECORD_DEFINE(switch_in, SWITCH_IN)
RECORD_DEFINE(switched, SWITCHED)

enum { CSV_BYTES_MAX = 4 << 20, VERSIONS_MAX = 100 };

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
        struct draft d;
        TRY(rules_need_edit(cx));
        TRY(draft_read(cx->db, cx->a, q->draft, &d));
        TRY(rules_checked(cx->cat, cx->a, d.body, &rules, &cx->info));
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
    r.in_force = r.version == current;
    r.may_edit = rules_may_edit(cx);
    TRY(csv_of_version(cx, r.version, &r.csv));
    if (!r.in_force)
        TRY(record_from_csv(cx->a, &rule_record, r.csv, &rules, &cx->info));
    r.rules = rules_told(cx, rules);
    TRY(db_rows(cx->db, cx->a, &VERSIONS, NO_ARGS, &rules_version_record, VERSIONS_MAX,
        &r.versions));
    record_to_json(out, &rules_out_record, &r);
    return OK;
}

/* Drafts --------------------------------------------------------------------------------------- */

static enum err head_of(struct cx *cx, const struct draft *d, struct draft_head *ret)
{
    *ret = (struct draft_head){ .id = d->id, .name = d->name, .made_ms = d->made_ms,
        .changed_ms = d->changed_ms };
    return access_account_name(cx, d->made_by, &ret->made_by_name);
}

enum err rules_drafts(struct cx *cx, const void *in, struct buf *out)
{
    struct list rows;
    (void)in;
    TRY(rules_need_edit(cx));
    TRY(drafts_read(cx->db, cx->a, STR("rule"), &rows));
    const struct draft *d = rows.p;
    struct draft_head *heads = NEW_N(cx->a, struct draft_head, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        TRY(head_of(cx, &d[i], &heads[i]));
    struct drafts_out r = { { heads, rows.n } };
    record_to_json(out, &drafts_out_record, &r);
    return OK;
}

static enum err draft_tell(struct cx *cx, const struct draft *d, struct buf *out)
{
    struct faults found = faults_in(cx->a);
    struct draft_head head;
    struct draft_out r;
    struct list rules = { NULL, 0 };
    TRY(head_of(cx, d, &head));
    record_clear(&draft_out_record, &r);
    memcpy(&r, &head, sizeof(head));
    r.csv = d->body;
    (void)edition_check(cx->cat, cx->a, STR("rule"), d->body, &found);
    struct rule_fault *faults = NEW_N(cx->a, struct rule_fault, found.n + 1);
    for (size_t i = 0; i < found.n; i++)
        faults[i] = (struct rule_fault){ (int64_t)found.at[i].line, str_c(found.at[i].field),
            cx_text(cx, found.at[i].zh, found.at[i].en) };
    r.faults = (struct list){ faults, found.n };
    if (found.total == 0)
        TRY(record_from_csv(cx->a, &rule_record, d->body, &rules, &cx->info));
    r.rules = rules_told(cx, rules);
    record_to_json(out, &draft_out_record, &r);
    return OK;
}
_Static_assert(offsetof(struct draft_out, changed_ms) == offsetof(struct draft_head, changed_ms),
    "a draft begins with the fields of its head");

static enum err draft_of_rules(struct cx *cx, int64_t id, struct draft *ret)
{
    TRY(rules_need_edit(cx));
    TRY(draft_read(cx->db, cx->a, id, ret));
    return str_is(ret->kind, "rule") ? OK : E_MISSING;
}

enum err rules_draft(struct cx *cx, const void *in, struct buf *out)
{
    const struct draft_id_in *q = in;
    struct draft d;
    TRY(draft_of_rules(cx, q->id, &d));
    return draft_tell(cx, &d, out);
}

enum err rules_draft_make(struct cx *cx, const void *in, struct buf *out)
{
    const struct draft_make_in *q = in;
    struct draft d = { .kind = STR("rule"), .name = str_trim(q->name), .body = q->csv,
        .made_ms = cx->now_ms, .made_by = cx->actor.account, .changed_ms = cx->now_ms };
    TRY(rules_need_edit(cx));
    if (q->csv.p == NULL)
        TRY(csv_of_version(cx, catalogue_rules_version(cx->cat), &d.body));
    TRY(draft_write(cx->db, &d));
    return draft_tell(cx, &d, out);
}

static enum err draft_as_read(struct cx *cx, int64_t id, int64_t changed_ms, struct draft *ret)
{
    TRY(draft_of_rules(cx, id, ret));
    if (changed_ms == I64_NONE || ret->changed_ms == changed_ms)
        return OK;
    return cx_fail(cx, E_CONFLICT, "changed_ms", MSG("这份草案已被别人改过，请刷新后再办",
        "Somebody has changed this draft meanwhile; load it again"));
}

enum err rules_draft_change(struct cx *cx, const void *in, struct buf *out)
{
    const struct draft_change_in *q = in;
    struct draft d;
    TRY(draft_of_rules(cx, q->id, &d));
    struct str name = q->name.n ? str_trim(q->name) : d.name, body = q->csv.p ? q->csv : d.body;
    if (str_eq(name, d.name) && str_eq(body, d.body))
        return draft_tell(cx, &d, out);
    TRY(draft_as_read(cx, q->id, q->changed_ms, &d));
    d.name = name;
    d.body = body;
    d.changed_ms = cx->now_ms > d.changed_ms ? cx->now_ms : d.changed_ms + 1;
    TRY(draft_write(cx->db, &d));
    return draft_tell(cx, &d, out);
}

enum err rules_draft_drop(struct cx *cx, const void *in, struct buf *out)
{
    const struct draft_id_in *q = in;
    struct draft d;
    enum err e = draft_of_rules(cx, q->id, &d);
    if (e == OK)
        e = draft_drop(cx->db, q->id);
    if (e != OK && e != E_MISSING)
        return e;
    buf_add(out, STR("{}"));
    return OK;
}

/* The newest version whose time has come is in force, so one that begins earlier than a version
 * already stored would take its place. */
static enum err later_check(struct cx *cx, int64_t from_ms)
{
    struct list rows;
    TRY(db_rows(cx->db, cx->a, &VERSIONS, NO_ARGS, &rules_version_record, VERSIONS_MAX, &rows));
    const struct rules_version *v = rows.p;
    for (size_t i = 0; i < rows.n; i++)
        if (v[i].valid_from_ms > from_ms)
            return cx_fail(cx, E_INPUT, "valid_from_ms", MSG(
                "已有一版规则定于更晚的时间启用，新版的启用时间不能早于它",
                "A version that begins later is stored already; this one may not begin before it"));
    return OK;
}

/* The newest version is this very table already, from that time on. */
static enum err is_switched(struct cx *cx, const struct switch_in *q, struct str csv,
    struct switched *ret, bool *ret_done)
{
    struct list rows;
    struct str body;
    TRY(db_rows(cx->db, cx->a, &VERSIONS, NO_ARGS, &rules_version_record, VERSIONS_MAX, &rows));
    const struct rules_version *v = rows.p;
    *ret_done = false;
    if (rows.n == 0 || (q->valid_from_ms != I64_NONE && v->valid_from_ms != q->valid_from_ms)
        || (q->valid_from_ms == I64_NONE && v->valid_from_ms > cx->now_ms))
        return OK;
    TRY(edition_of_version(cx->db, cx->a, STR("rule"), v->version, &body));
    *ret_done = str_eq(body, csv);
    *ret = (struct switched){ v->version, v->valid_from_ms };
    return OK;
}

enum err rules_switch(struct cx *cx, const void *in, struct buf *out)
{
    const struct switch_in *q = in;
    struct draft d;
    bool done;
    struct list rules;
    struct switched r;
    TRY(draft_as_read(cx, q->id, q->changed_ms, &d));
    TRY(rules_checked(cx->cat, cx->a, d.body, &rules, &cx->info));
    TRY(is_switched(cx, q, d.body, &r, &done));
    if (done) {
        record_to_json(out, &switched_record, &r);
        return OK;
    }
    r.valid_from_ms = q->valid_from_ms == I64_NONE ? cx->now_ms : q->valid_from_ms;
    if (r.valid_from_ms < cx->now_ms)
        return cx_fail(cx, E_INPUT, "valid_from_ms", MSG("启用时间已经过去，请改为以后的时间",
            "That moment is past; choose a later one"));
    TRY(later_check(cx, r.valid_from_ms));
    TRY(edition_store(cx->db, STR("rule"), d.body, r.valid_from_ms, cx->now_ms,
        cx->actor.account, &r.version));
    record_to_json(out, &switched_record, &r);
    return OK;
}
