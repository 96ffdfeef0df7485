/* subsidy.c: what mediators are paid for disputes (以案定补): a list to pay by, made from facts and
 * from the deployer's rules of the day. Each dispute stands in it once, by committee and number in
 * its book, and what is not paid says why. Nothing is summed up for a person. */
#include "access/access.h"
#include "catalogue/edition.h"
#include "mediation/register.h"
#include "tally/view.h"
#include <stdlib.h>

RECORD_DEFINE(subsidy_ask, SUBSIDY_ASK)
RECORD_DEFINE(subsidy_share, SUBSIDY_SHARE)
RECORD_DEFINE(subsidy_line, SUBSIDY_LINE)
RECORD_DEFINE(subsidy_view, SUBSIDY_VIEW)

#define SETTLED(X, R) \
    X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, matter, 0, 0, 0, NULL, "") \
    X(R, STR, number, 0, 0, 0, NULL, "") X(R, STR, docket, 0, 0, 0, NULL, "") \
    X(R, STR, class, 0, 0, 0, NULL, "") X(R, STR, form, 0, 0, 0, NULL, "") \
    X(R, STR, state, 0, 0, 0, NULL, "") X(R, I64, effective_ms, 0, 0, 0, NULL, "") \
    X(R, I64, closed_ms, 0, 0, 0, NULL, "") X(R, I64, filed, 0, 0, 0, NULL, "") \
    X(R, I64, handed_up, 0, 0, 1, NULL, "")
RECORD(settled, SETTLED)
RECORD_DEFINE(settled, SETTLED)
#define PAYEE(X, R) X(R, STR, name, 0, 0, 0, NULL, "")
RECORD(payee, PAYEE)
RECORD_DEFINE(payee, PAYEE)

SQL_READS(SETTLED_OF, "subsidy.settled",
    "SELECT d.area, d.matter, m.number, d.docket, d.class, " AGREED_FORM ", m.state,"
    " coalesce(a.effective_ms, d.effective_ms) AS effective_ms, m.closed_ms, (SELECT COUNT(*) FROM entry e WHERE e.area = d.area AND e.matter = d.matter"
    " AND e.action = 'archived') AS filed, 0 AS handed_up FROM dispute d JOIN matter m ON m.area = d.area"
    " AND m.id = d.matter" LAST_AGREEMENT
    " WHERE d.unit = $1 AND d.docket <> '' AND ((m.open = 0 AND m.closed_ms >= $2"
    " AND m.closed_ms < $3) OR (m.open = 1 AND coalesce(a.effective_ms,"
    " d.effective_ms) >= $2 AND coalesce(a.effective_ms, d.effective_ms) < $3))"
    " ORDER BY d.matter");
/* Agreements of this committee's in disputes that it handed up since: by the day on which mediation
 * began again, for its book holds them. */
SQL_READS(HANDED_UP_SINCE, "subsidy.handed_up",
    "SELECT d.area, d.matter, m.number, a.docket, d.class, a.form, '' AS state, a.effective_ms,"
    " a.ended_ms AS closed_ms, 0 AS filed, 1 AS handed_up FROM agreement a"
    " JOIN dispute d ON d.area = a.area AND d.matter = a.matter"
    " JOIN matter m ON m.area = a.area AND m.id = a.matter"
    " WHERE a.unit = $1 AND d.unit <> $1 AND a.docket <> '' AND a.round = " LAST_ROUND("$1")
    " AND a.ended_ms >= $2 AND a.ended_ms < $3 ORDER BY a.matter");
SQL_READS(PAYEES, "subsidy.payees",
    "SELECT a.name FROM mediator r JOIN account a ON a.id = r.account WHERE r.area = $1"
    " AND r.matter = $2 AND r.left_ms IS NULL AND EXISTS (SELECT 1 FROM registered g"
    " WHERE g.unit = $3 AND g.account = r.account AND g.since_ms <= $4 AND g.to_ms > $4)"
    " ORDER BY r.since_ms, r.account");
const struct sql *const subsidy_statements[] = { &SETTLED_OF, &HANDED_UP_SINCE, &PAYEES };
const size_t subsidy_statements_n = COUNT_OF(subsidy_statements);

enum { SETTLED_MAX = 20000, SPAN_DAYS_MAX = 5 * 366 + 1, REASONS_MAX = 5, VERSIONS_HELD = 64 };

/* Rules of the version that was valid on a day, read once. */
struct rules_held { int64_t version; struct list rows; };
struct paying {
    struct cx *cx;
    const struct subsidy_ask *q;
    const struct unit *unit;
    struct list directed;           /* committees whose director asks */
    struct rules_held held[VERSIONS_HELD];
    size_t n_held;
    struct subsidy_line *lines;
    struct docket_key { int64_t year, no; size_t unit, line; } *order;
    size_t n, n_units;
};

/* The chair pays out, by role or by the register, and the county's justice office answers for it
 * (article 16). */
static bool may_pay(const struct paying *w, const struct unit *committee)
{
    const struct cx *cx = w->cx;
    const int64_t *directed = w->directed.p;
    for (size_t i = 0; i < w->directed.n; i++)
        if (directed[i] == committee->id)
            return true;
    if (access_roles_in(&cx->actor, committee->id) & ROLE_CHIEF)
        return true;
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct unit *u = unit_find(cx->cat, cx->actor.memberships[i].unit);
        if (u && u->level == LEVEL_COUNTY && str_has_word(u->functions, STR("justice"))
            && region_has(region_of(u->region), committee->region))
            return true;
    }
    return false;
}

/* Rules ------------------------------------------------------------------------------------ */

static enum err rules_of(struct paying *w, int64_t at_ms, const struct rules_held **ret)
{
    struct cx *cx = w->cx;
    struct str csv;
    struct faults f = faults_in(cx->a);
    int64_t version;
    TRY(edition_valid(cx->db, STR("subsidy"), at_ms, &version));
    for (size_t i = 0; i < w->n_held; i++)
        if (w->held[i].version == version) {
            *ret = &w->held[i];
            return OK;
        }
    struct rules_held *held = &w->held[w->n_held < VERSIONS_HELD ? w->n_held++ : 0];
    *held = (struct rules_held){ .version = version };
    if (version) {
        TRY(edition_of_version(cx->db, cx->a, STR("subsidy"), version, &csv));
        held->rows = sheet_read(cx->a, &subsidy_record, csv, &f).rows;
    }
    *ret = held;
    return OK;
}

static bool fits(struct str asked, struct str is)
{
    return asked.n == 0 || str_eq(asked, is);
}

static const struct subsidy *rule_for(const struct rules_held *rules, const struct unit *u,
    const struct settled *s)
{
    static const char *const levels[] = { [LEVEL_COUNTY] = "county", [LEVEL_TOWN] = "town",
        [LEVEL_COMMUNITY] = "community" };
    bool agreed = s->effective_ms != I64_NONE;
    const struct subsidy *r = rules->rows.p;
    struct str level = u->level >= LEVEL_COUNTY && u->level <= LEVEL_COMMUNITY
        ? str_c(levels[u->level]) : STR("-");
    for (size_t i = 0; i < rules->rows.n; i++)
        if (fits(r[i].level, level) && fits(r[i].class, s->class) && fits(r[i].form, s->form)
            && str_is(r[i].outcome, agreed ? "agreed" : "failed")
            && fits(r[i].performed, str_is(s->state, "closed") ? STR("true") : STR("false")))
            return &r[i];
    return NULL;
}

/* Lines ------------------------------------------------------------------------------------ */

static void why_not(struct cx *cx, struct subsidy_line *line, const char *code, struct msg m)
{
    struct reason_row *rows = line->why.p;
    rows[line->why.n++] = (struct reason_row){ str_c(code), cx_text(cx, m.zh, m.en) };
}

static struct str outcome_of(struct cx *cx, const struct settled *s)
{
    if (s->handed_up)
        return cx_text(cx, "达成协议，再次调解，已提交上级", "Agreed, mediated again, handed up");
    if (s->effective_ms == I64_NONE)
        return cx_text(cx, "调解不成", "Not settled");
    if (s->closed_ms == I64_NONE && !str_is(s->state, "performing") && !str_is(s->state, "performed"))
        return cx_text(cx, "达成协议，未履行，正在再次调解", "Agreed, not kept, being mediated again");
    return str_is(s->state, "closed") ? cx_text(cx, "达成协议，已履行", "Agreed and kept")
        : s->closed_ms == I64_NONE ? cx_text(cx, "达成协议，履行中", "Agreed, being performed")
        : cx_text(cx, "达成协议，未履行", "Agreed, not kept");
}

/* In equal parts; what cannot be parted goes to the first. */
static struct list shares_of(struct cx *cx, struct list payees, int64_t amount_fen)
{
    const struct payee *p = payees.p;
    struct subsidy_share *shares = NEW_N(cx->a, struct subsidy_share, payees.n + 1);
    int64_t n = (int64_t)payees.n;
    for (int64_t i = 0; i < n; i++)
        shares[i] = (struct subsidy_share){ p[i].name,
            (double)(amount_fen / n + (i == 0 ? amount_fen % n : 0)) / 100 };
    return (struct list){ shares, payees.n };
}

static void reasons_find(struct cx *cx, const struct settled *s, int64_t version,
    const struct subsidy *rule, size_t payees, struct subsidy_line *line)
{
    line->why = (struct list){ NEW_N(cx->a, struct reason_row, REASONS_MAX), 0 };
    if (s->handed_up) {
        why_not(cx, line, "handed_up", MSG("已提交上级调解组织：同一纠纷只补贴一次，由办结的调解组织列支",
            "Handed up: a dispute is paid once, by the committee that ends it"));
        return;
    }
    if (s->closed_ms == I64_NONE)
        why_not(cx, line, "no_call_back", MSG("还没有回访结案", "Not called on and closed yet"));
    if (s->filed == 0)
        why_not(cx, line, "archive", MSG("卷宗还没有齐全归档", "Its dossier is not complete and filed"));
    if (version == 0)
        why_not(cx, line, "no_rules", MSG("当日没有生效的补贴规则", "No rules were valid that day"));
    else if (rule == NULL)
        why_not(cx, line, "no_rule", MSG("没有适用的补贴规则", "No rule fits"));
    if (payees == 0)
        why_not(cx, line, "no_mediator", MSG("当日没有在册的调解员",
            "None of its mediators was in the register that day"));
}

static enum err line_make(struct paying *w, const struct settled *s, struct subsidy_line *line)
{
    struct cx *cx = w->cx;
    const struct rules_held *rules;
    struct list payees;
    int64_t day = s->closed_ms == I64_NONE ? s->effective_ms : s->closed_ms;
    TRY(rules_of(w, day, &rules));
    TRY(db_rows(cx->db, cx->a, &PAYEES, ARGS(I(s->area), I(s->matter), I(w->unit->id), I(day)),
        &payee_record, MEDIATORS_MAX, &payees));
    const struct subsidy *rule = s->handed_up ? NULL : rule_for(rules, w->unit, s);
    *line = (struct subsidy_line){ .docket = s->docket,
        .number = access_is_member(&cx->actor, w->unit->id) ? s->number : STR_NONE,
        .committee_name = unit_name(w->unit, cx->lang),
        .class_name = word_name(s->class, cx->lang), .form_name = word_name(s->form, cx->lang),
        .outcome_name = outcome_of(cx, s), .day_ms = day, .rule_name = STR(""),
        .version = rules->version ? rules->version : I64_NONE };
    if (rule)
        line->rule_name = cx->lang == LANG_EN && rule->name_en.n ? rule->name_en : rule->code;
    reasons_find(cx, s, rules->version, rule, payees.n, line);
    int64_t fen = line->why.n == 0 && rule ? rule->amount_fen : 0;
    line->amount = (double)fen / 100;
    line->shares = shares_of(cx, payees, fen);
    return OK;
}

/* The first number in it is the year, the last one that of the year. */
static struct docket_key key_of(struct str docket, size_t unit, size_t line)
{
    struct docket_key k = { .unit = unit, .line = line };
    int64_t number = 0;
    bool within = false;
    for (size_t i = 0; i < docket.n; i++) {
        bool digit = docket.p[i] >= '0' && docket.p[i] <= '9';
        number = !digit ? number : within ? number * 10 + (docket.p[i] - '0') : docket.p[i] - '0';
        within = digit;
        if (!digit && k.year == 0)
            k.year = number;
    }
    k.no = number;
    return k;
}

static int key_order(const void *a, const void *b)
{
    const struct docket_key *x = a, *y = b;
    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    if (x->year != y->year)
        return x->year < y->year ? -1 : 1;
    if (x->no != y->no)
        return x->no < y->no ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

static enum err lines_add(struct paying *w, const struct sql *of)
{
    struct cx *cx = w->cx;
    struct list rows;
    TRY(db_rows(cx->db, cx->a, of, ARGS(I(w->unit->id), I(w->q->from_ms), I(w->q->to_ms)),
        &settled_record, SETTLED_MAX, &rows));
    const struct settled *s = rows.p;
    for (size_t i = 0; i < rows.n && w->n < SETTLED_MAX; i++) {
        TRY(line_make(w, &s[i], &w->lines[w->n]));
        w->order[w->n] = key_of(s[i].docket, w->n_units, w->n);
        w->n++;
    }
    return OK;
}

static enum err of_committee(struct paying *w)
{
    TRY(lines_add(w, &SETTLED_OF));
    TRY(lines_add(w, &HANDED_UP_SINCE));
    w->n_units++;
    return OK;
}

static enum err ask_check(struct cx *cx, const struct subsidy_ask *q)
{
    if (q->to_ms <= q->from_ms || q->to_ms - q->from_ms > (int64_t)SPAN_DAYS_MAX * CLOCK_DAY_MS)
        return cx_fail(cx, E_INPUT, "to_ms", MSG("结束要晚于开始，最多五年",
            "The end comes after the beginning, by five years at most"));
    return OK;
}

static void view_fill(struct paying *w, struct subsidy_view *v)
{
    struct cx *cx = w->cx;
    struct subsidy_line *sorted = NEW_N(cx->a, struct subsidy_line, w->n + 1);
    int64_t fen = 0;
    qsort(w->order, w->n, sizeof(*w->order), key_order);
    *v = (struct subsidy_view){ .from_ms = w->q->from_ms, .to_ms = w->q->to_ms,
        .made_ms = cx->now_ms,
        .made_by = unit_name(unit_find(cx->cat, cx->actor.memberships[0].unit), cx->lang) };
    for (size_t i = 0; i < w->n; i++) {
        sorted[i] = w->lines[w->order[i].line];
        v->paid += sorted[i].why.n == 0;
        fen += (int64_t)(sorted[i].amount * 100 + 0.5);
    }
    v->amount = (double)fen / 100;
    v->items = (struct list){ sorted, w->n };
}

/* What each committee has is read within its own scope. */
static enum err list_make(struct cx *cx, const struct subsidy_ask *q, struct subsidy_view *v)
{
    struct paying *w = NEW(cx->a, struct paying);
    struct list units = catalogue_units(cx->cat);
    const struct unit *u = units.p;
    enum err e = OK;
    *w = (struct paying){ .cx = cx, .q = q, .lines = NEW_N(cx->a, struct subsidy_line, SETTLED_MAX),
        .order = NEW_N(cx->a, struct docket_key, SETTLED_MAX) };
    TRY(ask_check(cx, q));
    TRY(access_directs(cx, &w->directed));
    for (size_t i = 0; i < units.n && e == OK; i++) {
        if (!is_committee(&u[i]) || !may_pay(w, &u[i])
            || (q->unit != I64_NONE && q->unit != u[i].id))
            continue;
        w->unit = &u[i];
        access_scope_of_unit(cx, u[i].id);
        e = of_committee(w);
    }
    access_scope(cx);
    TRY(e);
    if (w->n_units == 0)
        return cx_fail(cx, E_DENIED, q->unit == I64_NONE ? NULL : "unit",
            MSG("补贴清单供调委会主任和县级司法行政部门使用",
                "The list is for the chair of a committee and the county's justice office"));
    view_fill(w, v);
    return OK;
}

enum err subsidies_show(struct cx *cx, const void *in, struct buf *out)
{
    struct subsidy_view v;
    TRY(list_make(cx, in, &v));
    record_to_json(out, &subsidy_view_record, &v);
    return OK;
}

enum err subsidies_xlsx(struct cx *cx, const void *in, struct buf *out)
{
    struct subsidy_view v;
    TRY(list_make(cx, in, &v));
    return subsidy_book(cx->a, &v, cx->lang, out);
}

enum err subsidies_csv(struct cx *cx, const void *in, struct buf *out)
{
    struct subsidy_view v;
    TRY(list_make(cx, in, &v));
    subsidy_csv(cx->a, &v, cx->lang, out);
    return OK;
}
