/* tally.c: the feature "tally": statistics of mediation for committees and the justice office above
 * them; counts that committees enter; totals for everybody. */
#include "tally/tally.h"
#include "access/access.h"
#include "mediation/register.h"
#include "tally/view.h"
#include <math.h>

RECORD_DEFINE(tally_ask, TALLY_ASK)
RECORD_DEFINE(figure_view, FIGURE_VIEW)
RECORD_DEFINE(tally_cell, TALLY_CELL)
RECORD_DEFINE(tally_row_view, TALLY_ROW)
RECORD_DEFINE(tally_view, TALLY_VIEW)
RECORD_DEFINE(case_view, CASE_VIEW)
RECORD_DEFINE(cases_view, CASES_VIEW)
RECORD_DEFINE(free_count, FREE_COUNT)
RECORD_DEFINE(free_counts_in, FREE_COUNTS_IN)
const char *const tally_by[] = { "kind", "committee", "town", NULL };

#define NUMBERED_KIND(X, R) X(R, I64, unit, 0, 0, 0, NULL, "") X(R, STR, kind, 0, 0, 0, NULL, "")
RECORD(unit_kind, NUMBERED_KIND)
RECORD_DEFINE(unit_kind, NUMBERED_KIND)
#define COUNTED(X, R) X(R, STR, word, 0, 0, 0, NULL, "") X(R, I64, n, 0, 0, 0, NULL, "")
RECORD(counted, COUNTED)
RECORD_DEFINE(counted, COUNTED)

SQL_SCANS(KINDS, "tally.kinds", "SELECT unit, kind FROM committee ORDER BY unit");
SQL_READS(COUNTS, "tally.counts",
    "SELECT word, CAST(sum(n) AS BIGINT) AS n FROM tally_count WHERE area = $1 AND unit = $2"
    " AND quarter >= $3 AND quarter < $4 GROUP BY word");
SQL_WRITES(COUNT_PUT, "tally.count_put",
    "INSERT INTO tally_count (area, unit, quarter, word, n, made_ms, made_by)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (area, unit, quarter, word)"
    " DO UPDATE SET n = excluded.n, made_ms = excluded.made_ms, made_by = excluded.made_by");
const struct sql *const tally_statements[] = { &KINDS, &COUNTS, &COUNT_PUT };
const size_t tally_statements_n = COUNT_OF(tally_statements);

enum { COMMITTEES_MAX = 20000, SPAN_DAYS_MAX = 5 * 366 + 1, CASES_PAGE = 100 };

/* Whose figures ---------------------------------------------------------------------------- */

struct tallying {
    struct cx *cx;
    const struct tally_ask *q;
    const struct unit **units;      /* committees that count, and how the register groups them */
    struct str *keys;
    size_t n;
    struct tally_table t;
    struct tally_row *row;          /* of the committee that is being read */
    const struct tally_column *figures[FIGURES_MAX];
    size_t n_figures;
};

static bool is_own(const struct cx *cx, const struct unit *u)
{
    return (access_roles_in(&cx->actor, u->id) & ROLE_COMMITTEE) != 0;
}

/* Article 10: the justice office of the county keeps the figures of its committees; a committee
 * has its own. */
static bool may_count(const struct cx *cx, const struct unit *committee)
{
    if (is_own(cx, committee))
        return true;
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct unit *u = unit_find(cx->cat, cx->actor.memberships[i].unit);
        if (u && str_has_word(u->functions, STR("justice"))
            && region_has(region_of(u->region), committee->region))
            return true;
    }
    return false;
}

static struct str kind_of(const struct list *kinds, int64_t unit)
{
    const struct unit_kind *k = kinds->p;
    for (size_t i = 0; i < kinds->n; i++)
        if (k[i].unit == unit && k[i].kind.n)
            return k[i].kind;
    return STR_NONE;
}

/* As the register of committees says; before it does, as the unit itself tells. */
static struct str kind_guess(const struct unit *u)
{
    if (str_has_word(u->functions, STR(INDUSTRY_FUNCTION)))
        return STR("industry");
    return u->level == LEVEL_COMMUNITY ? STR("community") : u->level == LEVEL_TOWN ? STR("town")
        : STR("other");
}

static struct str key_of(struct tallying *w, const struct list *kinds, const struct unit *u)
{
    struct str kind = kind_of(kinds, u->id);
    if (str_is(w->q->by, "committee"))
        return arena_fmt(w->cx->a, "%lld", (long long)u->id);
    if (str_is(w->q->by, "town"))
        return arena_fmt(w->cx->a, "%lld", (long long)(u->level > LEVEL_TOWN
            ? u->region / 1000 * 1000 : u->region));
    return kind.n ? kind : kind_guess(u);
}

static enum err committees_find(struct tallying *w)
{
    struct cx *cx = w->cx;
    struct list all = catalogue_units(cx->cat), kinds;
    const struct unit *u = all.p;
    TRY(db_rows(cx->db, cx->a, &KINDS, NO_ARGS, &unit_kind_record, COMMITTEES_MAX, &kinds));
    w->units = NEW_N(cx->a, const struct unit *, all.n + 1);
    w->keys = NEW_N(cx->a, struct str, all.n + 1);
    for (size_t i = 0; i < all.n; i++)
        if (is_committee(&u[i]) && may_count(cx, &u[i])
            && (w->q->unit == I64_NONE || w->q->unit == u[i].id)
            && (w->q->division == I64_NONE
                || region_has(region_of(w->q->division), u[i].region))) {
            w->keys[w->n] = key_of(w, &kinds, &u[i]);
            w->units[w->n++] = &u[i];
        }
    if (w->n)
        return OK;
    return cx_fail(cx, E_DENIED, w->q->unit == I64_NONE ? NULL : "unit",
        MSG("统计供调委会看自己的、司法行政部门看辖区内的；请换一个单位，或者看公开的合计",
            "Committees see their own figures, justice offices those of their territory; choose another"
            " unit, or look at the public totals"));
}

/* Rows ------------------------------------------------------------------------------------- */

static struct str row_name(struct cx *cx, struct str by, struct str key)
{
    static const struct { const char *word; struct msg name; } kinds[] = {
        { "village", { "村调委会", "Villages" } }, { "community", { "居（社区）调委会", "Communities" } },
        { "town", { "乡镇调委会", "Towns" } }, { "street", { "街道调委会", "Streets" } },
        { "enterprise", { "企事业单位调委会", "Enterprises" } },
        { "industry", { "行业性专业性调委会", "Industries" } }, { "other", { "其他调解组织", "Others" } },
    };
    int64_t code;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_is(key, kinds[i].word))
            return cx_text(cx, kinds[i].name.zh, kinds[i].name.en);
    if (!str_to_i64(key, &code))
        return key;
    const struct division *d = division_find(cx->cat, code);
    return str_is(by, "town") && d ? d->name : unit_name(unit_find(cx->cat, code), cx->lang);
}

static struct tally_row *row_of(struct tallying *w, struct str key)
{
    for (size_t i = 0; i < w->t.n; i++)
        if (str_eq(w->t.rows[i].key, key))
            return &w->t.rows[i];
    struct tally_row *r = &w->t.rows[w->t.n++];
    *r = (struct tally_row){ .key = key, .name = row_name(w->cx, w->q->by, key) };
    return r;
}

static enum err fact_count(void *ctx, struct arena *row, const void *rec)
{
    struct tallying *w = ctx;
    (void)row;
    for (size_t i = 0; i < w->n_figures; i++)
        w->row->values[i] += figure_adds(w->figures[i], rec);
    return OK;
}

/* Only quarters that lie in the span as a whole have counts in it. */
static enum err counts_add(struct tallying *w, const struct unit *u)
{
    struct list rows;
    int64_t from = quarter_at(w->q->from_ms - 1) + 1, to = quarter_at(w->q->to_ms);
    TRY(db_rows(w->cx->db, w->cx->a, &COUNTS, ARGS(I(division_area(u->region)), I(u->id), I(from),
        I(to)), &counted_record, FIGURES_MAX, &rows));
    const struct counted *c = rows.p;
    for (size_t i = 0; i < rows.n; i++)
        for (size_t k = 0; k < w->n_figures; k++)
            if (str_is(c[i].word, w->figures[k]->word) && w->figures[k]->measure == FREE)
                w->row->values[k] += c[i].n;
    return OK;
}

static void sum_add(struct tallying *w)
{
    struct tally_row all = { .key = STR("all"), .name = cx_text(w->cx, "合计", "All") };
    for (size_t r = 0; r < w->t.n; r++) {
        all.committees += w->t.rows[r].committees;
        for (size_t i = 0; i < w->n_figures; i++)
            all.values[i] += w->t.rows[r].values[i];
    }
    w->t.rows[w->t.n++] = all;
}

static enum err ask_check(struct cx *cx, const struct tally_ask *q)
{
    if (q->to_ms <= q->from_ms || q->to_ms - q->from_ms > (int64_t)SPAN_DAYS_MAX * CLOCK_DAY_MS)
        return cx_fail(cx, E_INPUT, "to_ms", MSG("结束要晚于开始，最多五年",
            "The end comes after the beginning, by five years at most"));
    return OK;
}

/* With committees that may be counted; what each of them has is read within its own scope. */
static enum err tally_begin(struct cx *cx, const struct tally_ask *q, struct tallying *w)
{
    *w = (struct tallying){ .cx = cx, .q = q };
    TRY(ask_check(cx, q));
    w->n_figures = figures_list(w->figures);
    TRY(committees_find(w));
    w->t = (struct tally_table){ .from_ms = q->from_ms, .to_ms = q->to_ms, .made_ms = cx->now_ms,
        .made_by = unit_name(unit_find(cx->cat, cx->actor.memberships[0].unit), cx->lang),
        .rows = NEW_N(cx->a, struct tally_row, w->n + 1) };
    return OK;
}

/* Kinds of committee stand in the order of the official table. */
static void kinds_order(struct tallying *w)
{
    for (const char *const *kind = committee_kinds; *kind; kind++)
        for (size_t i = 0; i < w->n; i++)
            if (str_is(w->keys[i], *kind))
                (void)row_of(w, w->keys[i]);
}

static enum err tally_make(struct tallying *w)
{
    enum err e = OK;
    kinds_order(w);
    for (size_t i = 0; i < w->n && e == OK; i++) {
        w->row = row_of(w, w->keys[i]);
        w->row->committees++;
        access_scope_of_unit(w->cx, w->units[i]->id);
        e = facts_each(w->cx->db, w->units[i]->id, w->q->from_ms, w->q->to_ms, fact_count, w);
        if (e == OK)
            e = counts_add(w, w->units[i]);
    }
    access_scope(w->cx);
    if (e == OK)
        sum_add(w);
    return e;
}

static struct str heading(struct cx *cx, const struct tally_column *g)
{
    if (g->group.zh == NULL)
        return STR("");
    struct str group = cx_text(cx, g->group.zh, g->group.en);
    if (g->part.zh == NULL)
        return group;
    struct str part = cx_text(cx, g->part.zh, g->part.en);
    return arena_fmt(cx->a, "%.*s · %.*s", STR_FMT(group), STR_FMT(part));
}

static int64_t own_committee(const struct tallying *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (is_own(w->cx, w->units[i]))
            return w->units[i]->id;
    return I64_NONE;
}

static enum err tally_show(struct cx *cx, const void *in, struct buf *out)
{
    struct tallying w;
    TRY(tally_begin(cx, in, &w));
    TRY(tally_make(&w));
    struct figure_view *figures = NEW_N(cx->a, struct figure_view, w.n_figures);
    struct tally_row_view *rows = NEW_N(cx->a, struct tally_row_view, w.t.n);
    for (size_t i = 0; i < w.n_figures; i++) {
        const struct tally_column *g = w.figures[i];
        figures[i] = (struct figure_view){ str_c(g->word), g->measure == FEN
            ? cx_text(cx, "协议涉及金额（元）", "Money agreed on (yuan)")
            : cx_text(cx, g->name.zh, g->name.en),
            heading(cx, g), g->measure != FREE };
    }
    for (size_t r = 0; r < w.t.n; r++) {
        struct tally_cell *cells = NEW_N(cx->a, struct tally_cell, w.n_figures);
        const struct tally_row *of = &w.t.rows[r];
        for (size_t i = 0; i < w.n_figures; i++)
            cells[i] = (struct tally_cell){ str_c(w.figures[i]->word), w.figures[i]->measure == FEN
                ? (double)of->values[i] / 100 : (double)of->values[i] };
        rows[r] = (struct tally_row_view){ of->key, of->name, of->committees,
            { cells, w.n_figures } };
    }
    struct tally_view v = { w.t.from_ms, w.t.to_ms, w.t.made_ms, w.t.made_by, own_committee(&w),
        { figures, w.n_figures }, { rows, w.t.n } };
    record_to_json(out, &tally_view_record, &v);
    return OK;
}

static enum err tally_xlsx(struct cx *cx, const void *in, struct buf *out)
{
    struct tallying w;
    TRY(tally_begin(cx, in, &w));
    TRY(tally_make(&w));
    return tally_book(cx->a, &w.t, cx->lang, out);
}

static enum err tally_csv_show(struct cx *cx, const void *in, struct buf *out)
{
    struct tallying w;
    TRY(tally_begin(cx, in, &w));
    TRY(tally_make(&w));
    tally_csv(&w.t, cx->lang, out);
    return OK;
}

/* The list behind a figure ----------------------------------------------------------------- */

struct listing {
    struct tallying *w;
    const struct unit *unit;
    const struct tally_column *figure;
    struct case_view *items;
    size_t n, after;
    int64_t total, value;
    struct buf *csv;                /* all of it as a table; otherwise a page */
};

static struct str kept(struct cx *cx, struct str s)
{
    return s.n ? arena_str(cx->a, s) : STR("");
}

static struct case_view case_of(const struct listing *l, const struct tallied *f)
{
    struct cx *cx = l->w->cx;
    const struct dispute_type *type = dispute_type_by(f->type);
    const struct state_row *state = &state_table[state_by_word(f->state)];
    return (struct case_view){ .number = is_own(cx, l->unit) ? kept(cx, f->number) : STR_NONE,
        .docket = kept(cx, f->docket), .committee_name = unit_name(l->unit, cx->lang),
        .type_name = type ? cx_text(cx, type->zh, type->en) : kept(cx, f->type),
        .source_name = kept(cx, word_name(f->source, cx->lang)),
        .class_name = kept(cx, word_name(f->class, cx->lang)),
        .state_name = cx_text(cx, state->zh, state->en),
        .form_name = kept(cx, word_name(f->form, cx->lang)), .parties = f->parties,
        .amount = (double)f->amount_fen / 100, .accepted_ms = f->accepted_ms,
        .effective_ms = f->effective_ms };
}

static enum err fact_list(void *ctx, struct arena *row, const void *rec)
{
    struct listing *l = ctx;
    const struct tallied *f = rec;
    (void)row;
    if (!figure_has(l->figure, f))
        return OK;
    l->total++;
    l->value += figure_adds(l->figure, f);
    if (l->csv)
        case_csv_row(unit_name(l->unit, l->w->cx->lang), l->total, f, l->w->cx->lang, l->csv);
    else if (l->total > (int64_t)l->after && l->n < CASES_PAGE)
        l->items[l->n++] = case_of(l, f);
    return OK;
}

static enum err cases_walk(struct listing *l)
{
    struct tallying *w = l->w;
    const struct tally_ask *q = w->q;
    enum err e = OK;
    l->figure = figure_by(q->figure.n ? q->figure : STR("all"));
    if (l->figure == NULL || l->figure->measure == FREE)
        return cx_fail(w->cx, E_INPUT, "figure", MSG("没有这一项统计，或者它是调委会自己填的，没有清单",
            "There is no such figure, or a committee entered it and no list stands behind it"));
    for (size_t i = 0; i < w->n && e == OK; i++) {
        if (q->row.n && !str_is(q->row, "all") && !str_eq(q->row, w->keys[i]))
            continue;
        l->unit = w->units[i];
        access_scope_of_unit(w->cx, l->unit->id);
        e = facts_each(w->cx->db, l->unit->id, q->from_ms, q->to_ms, fact_list, l);
    }
    access_scope(w->cx);
    return e;
}

static enum err cases_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct tally_ask *q = in;
    struct tallying w;
    TRY(tally_begin(cx, q, &w));
    struct listing l = { .w = &w, .items = NEW_N(cx->a, struct case_view, CASES_PAGE),
        .after = q->after == I64_NONE ? 0 : (size_t)q->after };
    TRY(cases_walk(&l));
    int64_t shown = (int64_t)(l.after + l.n);
    struct cases_view v = { cx_text(cx, l.figure->name.zh, l.figure->name.en),
        l.figure->measure == FEN ? (double)l.value / 100 : (double)l.value, l.total,
        { l.items, l.n }, shown < l.total ? shown : I64_NONE };
    record_to_json(out, &cases_view_record, &v);
    return OK;
}

static enum err cases_csv(struct cx *cx, const void *in, struct buf *out)
{
    struct tallying w;
    TRY(tally_begin(cx, in, &w));
    struct listing l = { .w = &w, .csv = out };
    case_csv_head(cx->lang, out);
    return cases_walk(&l);
}

/* What committees count themselves --------------------------------------------------------- */

static enum err counts_set(struct cx *cx, const void *in, struct buf *out)
{
    const struct free_counts_in *q = in;
    const struct free_count *c = q->counts.p;
    const struct unit *u = unit_find(cx->cat, q->unit);
    int64_t quarter = q->year * 4 + q->quarter - 1;
    if (!is_committee(u) || !is_own(cx, u))
        return cx_fail(cx, E_DENIED, "unit", MSG("只有本调委会的人可以填报",
            "Only people of this committee enter its counts"));
    if (quarter_start(quarter) > cx->now_ms)
        return cx_fail(cx, E_INPUT, "quarter", MSG("这个季度还没有开始", "This quarter has not begun"));
    for (size_t i = 0; i < q->counts.n; i++) {
        const struct tally_column *g = figure_by(c[i].figure);
        if (g == NULL || g->measure != FREE)
            return cx_fail_with(cx, E_INPUT, "counts", MSG("“%s”由案件得出，不能填报",
                "\"%s\" follows from disputes and is not entered"), c[i].figure);
        TRY(db_exec(cx->db, &COUNT_PUT, ARGS(I(division_area(u->region)), I(u->id), I(quarter),
            S(c[i].figure), I(c[i].n), I(cx->now_ms), I(cx->actor.account)), NULL));
    }
    record_to_json(out, &free_counts_in_record, q);
    return OK;
}

#define COUNTERS (ROLE_COMMITTEE | ROLE_CLERK | ROLE_SUPERVISOR)
#define SHEET "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define ASKED .roles = COUNTERS, .lane = LANE_READ, .in = &tally_ask_record
#define PAID .roles = COUNTERS, .lane = LANE_READ, .in = &subsidy_ask_record
static const struct route routes[] = {
    { .method = "GET", .path = "/api/statistics/disputes", .name = "tally", ASKED,
        .out = &tally_view_record, .run = tally_show,
        .meaning = "Statistics of mediation, for committees and the justice office above" },
    { .method = "GET", .path = "/api/statistics/disputes/cases", .name = "tally_cases", ASKED,
        .out = &cases_view_record, .run = cases_show, .meaning = "The disputes behind a figure" },
    { .method = "GET", .path = "/api/statistics/disputes/xlsx", .name = "tally_xlsx", ASKED,
        .run = tally_xlsx, .out_type = SHEET, .meaning = "The table in the official layout" },
    { .method = "GET", .path = "/api/statistics/disputes/csv", .name = "tally_csv", ASKED,
        .run = tally_csv_show, .out_type = "text/csv; charset=utf-8", .meaning = "The same as CSV" },
    { .method = "GET", .path = "/api/statistics/disputes/cases/csv", .name = "tally_cases_csv",
        ASKED, .run = cases_csv, .out_type = "text/csv; charset=utf-8",
        .meaning = "The disputes behind a figure, all of them, as CSV; without names" },
    { .method = "POST", .path = "/api/statistics/disputes/counts", .name = "tally_counts",
        .roles = ROLE_COMMITTEE, .lane = LANE_STAFF, .in = &free_counts_in_record,
        .out = &free_counts_in_record, .run = counts_set,
        .meaning = "What a committee counted itself in a quarter" },
    { .method = "GET", .path = "/api/committees/:unit/figures", .name = "committee_figures",
        .roles = ROLE_PUBLIC, .lane = LANE_READ, .in = &tally_unit_record,
        .out = &public_figures_record, .run = public_show,
        .meaning = "Agreements, money and areas of a committee in quarters that are over" },
    { .method = "GET", .path = "/api/studios/:code", .name = "studio_page",
        .roles = ROLE_PUBLIC, .lane = LANE_READ, .in = &studio_code_record,
        .out = &studio_page_record, .run = studio_page_show,
        .meaning = "A studio for everybody: who it is, when it is open, what it settled" },
    { .method = "GET", .path = "/api/statistics/subsidies", .name = "subsidies", PAID,
        .out = &subsidy_view_record, .run = subsidies_show,
        .meaning = "What is paid for disputes, by the rules of the day, for chairs and the justice office" },
    { .method = "GET", .path = "/api/statistics/subsidies/xlsx", .name = "subsidies_xlsx", PAID,
        .run = subsidies_xlsx, .out_type = SHEET, .meaning = "The same as a workbook to pay by" },
    { .method = "GET", .path = "/api/statistics/subsidies/csv", .name = "subsidies_csv", PAID,
        .run = subsidies_csv, .out_type = "text/csv; charset=utf-8",
        .meaning = "The same as CSV" },
};

extern const struct module module_tally;
const struct module module_tally = { .name = "tally", .routes = routes,
    .n_routes = COUNT_OF(routes) };
