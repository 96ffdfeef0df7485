/* list.c: the feature "mediation": its routes; disputes of a committee, hand-overs, kinds. */
#include "desk/desk.h"
#include "mediation/course.h"
#include "mediation/register.h"
#include "spine/command.h"

RECORD_DEFINE(disputes_in, DISPUTES_IN)
RECORD_DEFINE(dispute_row, DISPUTE_ROW)
RECORD_DEFINE(dispute_page, DISPUTE_PAGE)
RECORD_DEFINE(transfers_in, TRANSFERS_IN)
RECORD_DEFINE(transfers_out, TRANSFERS_OUT)
RECORD_DEFINE(transfer_answer, TRANSFER_ANSWER)
RECORD_DEFINE(handed_view, HANDED_VIEW)
RECORD_DEFINE(kind_view, KIND_VIEW)
RECORD_DEFINE(kinds_out, KINDS_OUT)
const char *const dispute_views[] = { "unit", "mine", "archive", "handed", NULL };
const char *const transfer_answers[] = { "accepted", "refused", "result", NULL };

#define FOUND_ROW(X, R) \
    X(R, I64, id, 0, 0, 0, NULL, "") X(R, I64, unit, 0, 0, 0, NULL, "") \
    X(R, STR, number, 0, 0, 0, NULL, "") \
    X(R, STR, text, 0, 0, 0, NULL, "") X(R, STR, state, 0, 0, 0, NULL, "") \
    X(R, I64, created_ms, 0, 0, 0, NULL, "") X(R, I64, due_ms, 0, 0, 0, NULL, "") \
    X(R, I64, open, 0, 0, 0, NULL, "") X(R, STR, type, 0, 0, 0, NULL, "") \
    X(R, STR, kind, 0, 0, 0, NULL, "") X(R, STR, source, 0, 0, 0, NULL, "") \
    X(R, STR, docket, 0, 0, 0, NULL, "") X(R, STR, form, 0, 0, 0, NULL, "") \
    X(R, I64, amount_fen, 0, 0, 0, NULL, "") X(R, I64, status, 0, 0, 0, NULL, "") \
    X(R, STR, confirm, 0, 0, 0, NULL, "") X(R, I64, effective_ms, 0, 0, 0, NULL, "") \
    X(R, I64, next_ms, 0, 0, 0, NULL, "") \
    X(R, I64, asked, 0, 0, 0, NULL, "") X(R, I64, unsigned_n, 0, 0, 0, NULL, "") \
    X(R, I64, broken, 0, 0, 0, NULL, "") X(R, I64, titles, 0, 0, 0, NULL, "") \
    X(R, I64, filed, 0, 0, 0, NULL, "") X(R, I64, handed_ms, 0, 0, 0, NULL, "")
RECORD(found_row, FOUND_ROW)
RECORD_DEFINE(found_row, FOUND_ROW)

/* Principals whose word is not given, by themselves or by whoever speaks for them; as all_have()
 * (party.c) asks. said: a condition on a row of party. */
#define PARTY_OF(alias) " FROM party " alias " WHERE " alias ".area = d.area AND " alias ".matter = d.matter"
#define LACKING(said, scope) "(SELECT COUNT(*)" PARTY_OF("p") \
    " AND p.role IN ('party', 'representative') AND (p.minor = 1 OR NOT " said("p") ")" \
    " AND NOT EXISTS (SELECT 1" PARTY_OF("g") " AND g.stands_for = p.no AND " said("g") \
    " AND (g.role = 'guardian' OR (p.minor = 0 AND g.role = 'agent'" \
    " AND ' ' || g.scope || ' ' LIKE '% " scope " %')))" \
    " AND (p.role <> 'party' OR p.minor = 1 OR NOT EXISTS (SELECT 1" PARTY_OF("r") \
    " AND r.side = p.side AND r.role = 'representative') OR EXISTS (SELECT 1" PARTY_OF("r") \
    " AND r.side = p.side AND r.role = 'representative' AND NOT " said("r") ")))"
#define CONSENTS(alias) "(" alias ".consent = 'given')"
#define SIGNED(alias) "(" alias ".signed_ms IS NOT NULL)"

#define ROW_COLUMNS(docket, handed) "SELECT m.id, d.unit, m.number, m.text, m.state, m.created_ms, m.due_ms, m.open, d.type, d.kind, d.source," \
    " " docket " AS docket, d.form, d.amount_fen, d.status, d.confirm, d.effective_ms, (SELECT min(s.planned_ms) FROM sitting s WHERE s.area = d.area" \
    " AND s.matter = d.matter AND s.result = '' AND s.planned_ms >= $9) AS next_ms," \
    " " LACKING(CONSENTS, "apply") " AS asked, " LACKING(SIGNED, "sign") " AS unsigned_n," \
    " (SELECT COUNT(*) FROM promise p" \
    " WHERE p.area = d.area AND p.matter = d.matter AND p.round = m.round" \
    " AND p.broken_ms IS NOT NULL) AS broken, (SELECT COUNT(*) FROM party y WHERE y.area = d.area" \
    " AND y.matter = d.matter AND y.title_ms IS NOT NULL) AS titles, (SELECT COUNT(*) FROM entry e WHERE e.area = d.area" \
    " AND e.matter = d.matter AND e.action = 'archived') AS filed, " handed " AS handed_ms"
#define ROW_FILTER(docket) " AND ($4 = '' OR m.state = $4) AND ($5 = '' OR d.type = $5)" \
    " AND m.created_ms >= $6 AND m.created_ms < $7 AND (CAST($8 AS BIGINT) = 0 OR EXISTS" \
    " (SELECT 1 FROM mediator r WHERE r.area = d.area AND r.matter = d.matter AND r.account = $8" \
    " AND r.left_ms IS NULL)) AND m.open < 2 - CAST($10 AS BIGINT) AND ($11 = '' OR m.number = $11" \
    " OR " docket " LIKE '%' || $11 || '%')"

/* $1 committee, $2 before this id, $3 rows, $4 state, $5 type, $6 and $7 registered between, $8 a
 * mediator or 0, $9 now, $10 1: ended ones only, $11 number or part of the docket. */
SQL_READS(OF_COMMITTEE, "mediation.of_committee", ROW_COLUMNS("d.docket", "CAST(NULL AS BIGINT)")
    " FROM dispute d JOIN matter m ON m.area = d.area AND m.id = d.matter"
    " WHERE d.unit = $1 AND d.matter < $2" ROW_FILTER("d.docket") " ORDER BY d.matter DESC LIMIT $3");
/* The same of those that the committee handed up, wherever they are, by the number in its own book. */
SQL_READS(HANDED_UP, "mediation.handed_up", ROW_COLUMNS("h.docket", "h.at_ms")
    " FROM handed_up h JOIN dispute d ON d.area = h.area AND d.matter = h.matter"
    " JOIN matter m ON m.area = h.area AND m.id = h.matter"
    " WHERE h.unit = $1 AND h.matter < $2" ROW_FILTER("h.docket") " ORDER BY h.matter DESC LIMIT $3");
SQL_READS(WAS_HANDED_UP, "mediation.was_handed_up",
    "SELECT COUNT(*) FROM handed_up WHERE area = $1 AND matter = $2 AND unit = $3");
#define TRANSFER_COLUMNS "id, number, from_unit, from_name, to_unit, to_name, document, consents," \
    " reason, sent_ms, due_ms, state, answer, answered_ms, result, result_ms, shared, at_unit, ground, said_unit"
SQL_READS(TRANSFERS_OF, "mediation.transfers_of",
    "SELECT " TRANSFER_COLUMNS " FROM (SELECT " TRANSFER_COLUMNS " FROM transfer WHERE from_unit = $1"
    " UNION ALL SELECT " TRANSFER_COLUMNS " FROM transfer WHERE to_unit = $1"
    " UNION ALL SELECT " TRANSFER_COLUMNS " FROM transfer WHERE at_unit = $1 AND to_unit <> $1"
    " AND from_unit <> $1) AS t ORDER BY id DESC LIMIT 200");
SQL_READS(TRANSFERS_BETWEEN, "mediation.transfers_between",
    "SELECT " TRANSFER_COLUMNS " FROM (SELECT " TRANSFER_COLUMNS " FROM transfer WHERE from_unit = $1"
    " AND number = $2 UNION ALL SELECT " TRANSFER_COLUMNS " FROM transfer WHERE to_unit = $1"
    " AND number = $2 AND from_unit <> $1) AS t ORDER BY id");
SQL_READS(TRANSFER_ONE, "mediation.transfer",
    "SELECT " TRANSFER_COLUMNS " FROM transfer WHERE area = $1 AND id = $2 AND matter = $3");
const struct sql *const mediation_list_statements[] = { &OF_COMMITTEE, &HANDED_UP,
    &WAS_HANDED_UP, &TRANSFERS_OF, &TRANSFERS_BETWEEN, &TRANSFER_ONE };
const size_t mediation_list_statements_n = COUNT_OF(mediation_list_statements);

enum { PAGE_ROWS = 50, PAGE_ROWS_MAX = 100 };
static const int64_t far_ms = INT64_C(4000000000000);

/* The unit wanted, or the actor's first; of committees only those. */
static enum err unit_of_actor(struct cx *cx, int64_t wanted, bool committee, int64_t *ret)
{
    const struct membership *ms = cx->actor.memberships;
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        *ret = ms[i].unit;
        if ((wanted == I64_NONE || wanted == *ret)
            && (!committee || is_committee(unit_find(cx->cat, *ret))))
            return OK;
    }
    return cx_fail(cx, E_DENIED, "unit", committee
        ? MSG("您不在这个调解组织", "You are not of this committee")
        : MSG("您不在这个单位", "You are not in this unit"));
}

/* What the committee waits for, or what waits for it. */
static const char *waits_for(const struct found_row *f)
{
    if (str_is(f->state, "registered"))
        return f->asked ? "consent" : "accept";
    if (str_is(f->state, "mediating"))
        return f->next_ms == I64_NONE ? "session" : "sitting";
    if (str_is(f->state, "signing"))
        return "signature";
    if (str_is(f->state, "performing"))
        return f->broken ? "broken" : "promise";
    if (str_is(f->state, "performed"))
        return "call_back";
    return str_is(f->state, "deferred") ? "appraisal" : "";
}

/* While it may still be asked, and nobody said that the agreement decides title. */
static int64_t court_until(const struct cx *cx, const struct found_row *f)
{
    int64_t by = confirm_by(cx->cat, &(struct dispute){ .status = f->status, .kind = f->kind,
        .form = f->form, .effective_ms = f->effective_ms, .confirm = f->confirm });
    return f->titles == 0 && by != I64_NONE && by > cx->now_ms ? by : I64_NONE;
}

static struct dispute_row row_of(struct cx *cx, const struct found_row *f)
{
    const struct dispute_type *type = dispute_type_by(f->type);
    bool stands = f->open || f->effective_ms != I64_NONE;   /* ended unsigned it is no agreement */
    return (struct dispute_row){ .number = f->number, .docket = f->docket,
        .title = view_title(cx, f->text), .type = f->type,
        .type_name = type ? cx_text(cx, type->zh, type->en) : f->type, .state = f->state,
        .state_name = view_state_name(cx, f->state), .form = stands ? f->form : STR(""),
        .source = f->source, .amount = stands ? (double)f->amount_fen / 100 : 0,
        .created_ms = f->created_ms, .due_ms = f->due_ms,
        .committee_name = unit_name(unit_find(cx->cat, f->unit), cx->lang),
        .overdue = f->open && f->due_ms != I64_NONE && cx->now_ms > f->due_ms,
        .next_ms = f->next_ms, .open = f->open != 0, .filed = f->filed != 0,
        .waits = str_c(waits_for(f)),
        .missing = str_is(f->state, "signing") ? f->unsigned_n
            : str_is(f->state, "registered") ? f->asked : 0,
        .confirm = f->confirm, .confirm_by_ms = court_until(cx, f), .handed_ms = f->handed_ms };
}

/* One row more than the page has, if there is one. */
static enum err disputes_found(struct cx *cx, const struct disputes_in *q, int64_t rows_max,
    struct list *ret)
{
    int64_t unit, before = INT64_MAX;
    bool mine = str_is(q->view, "mine"), ended = str_is(q->view, "archive");
    struct str words = q->q.n ? str_trim(q->q) : STR("");
    TRY(unit_of_actor(cx, q->unit, true, &unit));
    if (str_find(words, STR("%")) >= 0 || str_find(words, STR("_")) >= 0)
        return cx_fail(cx, E_INPUT, "q", MSG("编号里没有 % 和 _，请输入编号或卷号的一部分",
            "Numbers have no % or _; give a number, or part of one in the book"));
    if (q->after.n && (!str_to_i64(q->after, &before) || before <= 0))
        return cx_fail(cx, E_INPUT, "after", MSG("翻页标记不对，请从第一页开始",
            "This cursor is not valid; start from the first page"));
    const struct sql *of = str_is(q->view, "handed") ? &HANDED_UP : &OF_COMMITTEE;
    return db_rows(cx->db, cx->a, of, ARGS(I(unit), I(before), I(rows_max + 1),
        S(q->state.n ? q->state : STR("")), S(q->type.n ? q->type : STR("")),
        I(q->from_ms == I64_NONE ? 0 : q->from_ms), I(q->to_ms == I64_NONE ? far_ms : q->to_ms),
        I(mine ? cx->actor.account : 0), I(cx->now_ms), I(ended), S(words)),
        &found_row_record, PAGE_ROWS_MAX + 1, ret);
}

enum err disputes_numbers(struct cx *cx, const struct disputes_in *asked, size_t max,
    struct list *ret)
{
    struct disputes_in q = *asked;
    struct str *numbers = NEW_N(cx->a, struct str, max + PAGE_ROWS_MAX);
    struct list found;
    size_t n = 0;
    q.after = STR_NONE;
    do {
        TRY(disputes_found(cx, &q, PAGE_ROWS_MAX, &found));
        const struct found_row *f = found.p;
        size_t page = found.n < PAGE_ROWS_MAX ? found.n : PAGE_ROWS_MAX;
        for (size_t i = 0; i < page; i++)
            numbers[n++] = f[i].number;
        if (page)
            q.after = arena_fmt(cx->a, "%lld", (long long)f[page - 1].id);
    } while (found.n > PAGE_ROWS_MAX && n <= max);
    *ret = (struct list){ numbers, n };
    return n > max ? E_TOO_LARGE : OK;
}

enum err disputes_list(struct cx *cx, const void *in, struct buf *out)
{
    const struct disputes_in *q = in;
    int64_t rows_max = q->limit == I64_NONE ? PAGE_ROWS : q->limit;
    struct list found;
    TRY(disputes_found(cx, q, rows_max, &found));
    const struct found_row *f = found.p;
    struct dispute_row *rows = NEW_N(cx->a, struct dispute_row, found.n + 1);
    size_t n = found.n > (size_t)rows_max ? (size_t)rows_max : found.n;
    for (size_t i = 0; i < n; i++)
        rows[i] = row_of(cx, &f[i]);
    struct dispute_page page = { { rows, n }, STR_NONE };
    if (n < found.n)
        page.next = arena_fmt(cx->a, "%lld", (long long)f[n - 1].id);
    record_to_json(out, &dispute_page_record, &page);
    return OK;
}

/* Hand-overs ------------------------------------------------------------------------------- */

enum err transfers_list(struct cx *cx, const void *in, struct buf *out)
{
    const struct transfers_in *q = in;
    int64_t unit;
    struct transfers_out r;
    TRY(unit_of_actor(cx, q->unit, false, &unit));
    TRY(db_rows(cx->db, cx->a, &TRANSFERS_OF, ARGS(I(unit)), &transfer_record, 200, &r.items));
    record_to_json(out, &transfers_out_record, &r);
    return OK;
}

enum err transfer_of(struct cx *cx, struct str number, int64_t id, struct transfer *ret)
{
    struct code_number n;
    if (code_number_parse(number, &n) != CODE_OK)
        return E_MISSING;
    struct code_opens at = code_number_open(cx->keys, &n);
    TRY(db_one(cx->db, cx->a, &TRANSFER_ONE, ARGS(I(at.area), I(id), I(at.matter_id)),
        &transfer_record, ret));
    bool at_end = access_is_member(&cx->actor, ret->from_unit)
        || access_is_member(&cx->actor, ret->to_unit)
        || access_is_member(&cx->actor, ret->at_unit);
    return at_end ? OK : E_MISSING;
}

void transfer_scope(struct cx *cx, const struct transfer *r)
{
    const struct unit *from = unit_find(cx->cat, r->from_unit);
    access_scope_of_unit(cx, is_committee(from) ? r->from_unit : r->to_unit);
}

enum err transfer_matter(struct cx *cx, const struct transfer *r, struct str number,
    struct matter *ret_m, struct beside **ret_b)
{
    transfer_scope(cx, r);
    enum err e = matter_by_number(cx, number, ret_m);
    if (e == OK)
        e = beside_read(cx, ret_m, ret_b);
    access_scope(cx);
    return e;
}

/* Whether one of the actor's committees handed it up. */
static enum err handed_up_by_actor(struct cx *cx, const struct matter *m, bool *ret)
{
    int64_t n = 0;
    for (size_t i = 0; i < cx->actor.n_memberships && n == 0; i++)
        TRY(db_number(cx->db, &WAS_HANDED_UP, ARGS(I(m->area), I(m->id),
            I(cx->actor.memberships[i].unit)), &n));
    *ret = n > 0;
    return OK;
}

/* A committee that handed it up reads all hand-overs of it, as it does in the file. */
static enum err handed_by_former(struct cx *cx, struct str number, struct matter *ret_m,
    struct beside **ret_b, struct list *ret)
{
    bool former;
    TRY(dispute_of(cx, number, ret_m));
    TRY(handed_up_by_actor(cx, ret_m, &former));
    if (!former)
        return E_MISSING;
    TRY(beside_read(cx, ret_m, ret_b));
    *ret = (*ret_b)->transfers;
    return OK;
}

static enum err handed_at_ends(struct cx *cx, struct str number, struct matter *ret_m,
    struct beside **ret_b, struct list *ret)
{
    *ret = (struct list){ NULL, 0 };
    for (size_t i = 0; i < cx->actor.n_memberships && ret->n == 0; i++)
        TRY(db_rows(cx->db, cx->a, &TRANSFERS_BETWEEN, ARGS(I(cx->actor.memberships[i].unit),
            S(number)), &transfer_record, TRANSFERS_MAX, ret));
    return ret->n ? transfer_matter(cx, ret->p, number, ret_m, ret_b) : E_MISSING;
}

enum err handed_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct dispute_number *q = in;
    struct list rows;
    struct matter m;
    struct beside *b;
    bool shared = false;
    enum err e = handed_at_ends(cx, q->number, &m, &b, &rows);
    if (e == E_MISSING) {
        TRY(handed_by_former(cx, q->number, &m, &b, &rows));
        shared = true;
    } else
        TRY(e);
    const struct dispute_type *type = dispute_type_by(b->dispute.type);
    const struct transfer *r = rows.p;
    for (size_t i = 0; i < rows.n; i++)
        shared |= r[i].shared != 0;
    struct handed_view v = { m.number, unit_name(unit_find(cx->cat, m.owner_unit), cx->lang),
        m.state, view_state_name(cx, m.state),
        type ? cx_text(cx, type->zh, type->en) : b->dispute.type, shared ? m.text : STR(""),
        m.created_ms,
        b->dispute.accepted_ms, m.open ? I64_NONE : m.closed_ms, rows };
    record_to_json(out, &handed_view_record, &v);
    return OK;
}

/* Whoever it was sent to answers; for an office outside this system the committee that has the
 * dispute notes it down. */
static int64_t answers_it(const struct transfer *r)
{
    return r->to_unit ? r->to_unit : r->at_unit;
}

static enum err answer_take(struct cx *cx, const struct transfer_answer *q, struct transfer *r,
    struct entry_make *entry)
{
    bool result = str_is(q->answer, "result");
    struct str text = q->text.n ? str_trim(q->text) : STR("");
    if (str_is(r->state, "sent") == result || (result && !str_is(r->state, "accepted")))
        return cx_fail(cx, E_STEP, NULL, MSG("先答复是否接受，只一次；接受的才反馈结果，有变化可再反馈",
            "It is accepted or refused first, once; what was accepted gets a result, and another when"
            " that has changed"));
    if (text.n == 0 && !str_is(q->answer, "accepted"))
        return cx_fail(cx, E_INPUT, "text", MSG("请写明理由或结果", "Say why, or what came of it"));
    if (result)
        return result_put(cx, r, "text", text, r->to_unit, entry);
    r->state = q->answer;
    r->answer = text;
    r->answered_ms = cx->now_ms;
    r->said_unit = r->to_unit;
    return OK;
}

/* The row changes for both sides, and the dispute's ledger says so. */
enum err transfer_answered(struct cx *cx, const void *in, struct buf *out)
{
    const struct transfer_answer *q = in;
    struct matter m;
    struct transfer r;
    bool again;
    int64_t id, no;
    TRY(matter_by_number(cx, q->number, &m));
    TRY(db_one(cx->db, cx->a, &TRANSFER_ONE, ARGS(I(m.area), I(q->id), I(m.id)), &transfer_record,
        &r));
    if (!access_is_member(&cx->actor, answers_it(&r)))
        return E_MISSING;
    if (is_committee(unit_find(cx->cat, r.to_unit)))
        return cx_fail(cx, E_STEP, NULL, MSG("移送给调解组织的，在纠纷里受理或者不予受理",
            "What is handed over to a committee is accepted or not in the dispute itself"));
    TRY(command_claim(cx, m.area, m.id, m.seq + 1, &again, &id, &no));
    if (!again) {
        int64_t seq_before = m.seq;
        struct entry_make e = { .action = "handed_over", .from = state_by_word(m.state),
            .unit = answers_it(&r) };
        TRY(answer_take(cx, q, &r, &e));
        TRY(transfer_put(cx, &m, &r));
        entry_fact_number(&e, "transfer", r.id);
        entry_fact_text(&e, "answer", q->answer);
        TRY(matter_append(cx, &m, &e));
        TRY(matter_update(cx, &m, seq_before));
        matter_publish(cx, &m);
    }
    record_to_json(out, &transfer_record, &r);
    return OK;
}

enum err kinds_list(struct cx *cx, const void *in, struct buf *out)
{
    struct reason_row *types = NEW_N(cx->a, struct reason_row, dispute_types_n);
    struct kind_view *kinds = NEW_N(cx->a, struct kind_view, dispute_kinds_n);
    (void)in;
    for (size_t i = 0; i < dispute_types_n; i++)
        types[i] = (struct reason_row){ str_c(dispute_types[i].word),
            cx_text(cx, dispute_types[i].zh, dispute_types[i].en) };
    for (size_t i = 0; i < dispute_kinds_n; i++)
        kinds[i] = (struct kind_view){ str_c(dispute_kinds[i].code),
            cx_text(cx, dispute_kinds[i].zh, dispute_kinds[i].en), str_c(dispute_kinds[i].type) };
    struct kinds_out r = { { types, dispute_types_n }, { kinds, dispute_kinds_n } };
    record_to_json(out, &kinds_out_record, &r);
    return OK;
}

static const struct route routes[] = {
    { .method = "POST", .path = "/api/disputes", .name = "dispute_register", .roles = ROLE_HANDS,
        .lane = LANE_STAFF, .in = &dispute_in_record, .out = &dispute_made_record,
        .prepare = dispute_prepare, .run = dispute_register,
        .meaning = "Register a dispute, or hand one over; gives each party's code" },
    { .method = "GET", .path = "/api/disputes", .name = "disputes", .roles = ROLE_COMMITTEE,
        .lane = LANE_READ, .in = &disputes_in_record, .out = &dispute_page_record,
        .run = disputes_list, .meaning = "Disputes of a committee, the newest first" },
    { .method = "GET", .path = "/api/disputes/:number", .name = "dispute", .roles = ROLE_HANDS,
        .lane = LANE_READ, .in = &dispute_number_record, .out = &dispute_file_record,
        .run = dispute_show, .meaning = "The file of a dispute" },
    { .method = "POST", .path = "/api/disputes/:number/caucus", .name = "caucus",
        .roles = ROLE_COMMITTEE, .lane = LANE_STAFF, .in = &dispute_number_record,
        .out = &sealed_texts_record, .run = caucus_show,
        .meaning = "Talks with one side, for the mediators of the case; recorded" },
    { .method = "GET", .path = "/api/disputes/:number/facts", .name = "facts", .roles = ROLE_COMMITTEE,
        .lane = LANE_READ, .in = &dispute_number_record, .out = &sealed_texts_record,
        .run = facts_show, .meaning = "Facts not in dispute, for the mediators of the case" },
    { .method = "GET", .path = "/api/disputes/:number/sittings.ics", .name = "sittings_calendar",
        .roles = ROLE_HANDS, .lane = LANE_READ, .in = &dispute_number_record, .run = calendar_show,
        .out_type = "text/calendar", .meaning = "Planned sessions as a calendar" },
    { .method = "GET", .path = "/api/disputes/:number/handed", .name = "handed", .roles = ROLE_HANDS,
        .lane = LANE_READ, .in = &dispute_number_record, .out = &handed_view_record,
        .run = handed_show, .meaning = "What a hand-over gives those who sent or got it to see" },
    { .method = "POST", .path = "/api/disputes/:number/transfers/:id", .name = "transfer_answer",
        .roles = ROLE_HANDS, .lane = LANE_STAFF, .in = &transfer_answer_record,
        .out = &transfer_record, .run = transfer_answered, .meaning = "Accept or refuse a hand-over, or feed its result back" },
    { .method = "GET", .path = "/api/transfers", .name = "transfers", .roles = ROLE_HANDS,
        .lane = LANE_READ, .in = &transfers_in_record, .out = &transfers_out_record,
        .run = transfers_list, .meaning = "Hand-overs from and to a unit" },
    { .method = "GET", .path = "/api/dispute-kinds", .name = "dispute_kinds", .roles = ROLE_STAFF,
        .lane = LANE_READ, .out = &kinds_out_record, .run = kinds_list,
        .meaning = "Types and kinds of disputes" },
    { .method = "GET", .path = "/api/committees", .name = "committees", .roles = ROLE_READERS
        | ROLE_ADMIN, .lane = LANE_READ, .out = &committees_out_record, .run = committees_list,
        .meaning = "Committees of my territory with their mediators and experts" },
    { .method = "GET", .path = "/api/committees/:unit", .name = "committee", .roles = ROLE_READERS
        | ROLE_ADMIN, .lane = LANE_READ, .in = &committee_unit_record,
        .out = &committee_view_record, .run = committee_show,
        .meaning = "A mediation committee as registered, and what the law wants of it" },
    { .method = "POST", .path = "/api/committees/:unit", .name = "committee_set",
        .roles = ROLE_COMMITTEE | ROLE_ADMIN, .lane = LANE_STAFF, .in = &committee_in_record,
        .out = &committee_view_record, .run = committee_set,
        .meaning = "Register a committee, its members and its term" },
    { .method = "POST", .path = "/api/committees/:unit/people", .name = "person_set",
        .roles = ROLE_COMMITTEE | ROLE_ADMIN, .lane = LANE_STAFF, .in = &person_in_record,
        .out = &committee_view_record, .run = person_set,
        .meaning = "Register a mediator or expert, or change what stands of them" },
    { .method = "POST", .path = "/api/committees/:unit/studios", .name = "studio_set",
        .roles = ROLE_COMMITTEE | ROLE_ADMIN, .lane = LANE_STAFF, .in = &studio_in_record,
        .out = &committee_view_record, .run = studio_set,
        .meaning = "Register a studio, or change what stands of it" },
    { .method = "POST", .path = "/api/committees/:unit/households", .name = "households_set",
        .roles = ROLE_COMMITTEE | ROLE_ADMIN, .lane = LANE_STAFF, .in = &households_in_record,
        .out = &committee_view_record, .run = households_set,
        .meaning = "Households that a studio served in a quarter" },
    { .method = "GET", .path = "/api/receipt/dispute", .name = "own_dispute",
        .roles = ROLE_REPORTER, .lane = LANE_READ, .out = &dispute_file_record,
        .run = dispute_own, .meaning = "The file of a dispute for one of its parties" },
    { .method = "GET", .path = "/api/receipt/facts", .name = "own_facts", .roles = ROLE_REPORTER,
        .lane = LANE_READ, .out = &sealed_texts_record, .run = facts_own,
        .meaning = "Facts not in dispute, for a party" },
    { .method = "GET", .path = "/api/receipt/sittings.ics", .name = "own_calendar",
        .roles = ROLE_REPORTER, .lane = LANE_READ, .run = calendar_own,
        .out_type = "text/calendar", .meaning = "Planned sessions as a calendar, for a party" },
};

extern const struct module module_mediation;
const struct module module_mediation = { .name = "mediation", .routes = routes,
    .n_routes = COUNT_OF(routes) };
