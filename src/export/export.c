/* export.c: the feature "export": its routes. A masked list goes to whoever may read the list. An
 * unmasked one is asked for, decided by somebody else, and made once, for just those matters that
 * were asked for. */
#include "export/export.h"
#include "crypto/hash.h"
#include "spine/command.h"

RECORD_DEFINE(export_masked_in, EXPORT_MASKED_IN)
RECORD_DEFINE(export_ask_in, EXPORT_ASK_IN)
RECORD_DEFINE(export_decide_in, EXPORT_DECIDE_IN)
RECORD_DEFINE(export_id_in, EXPORT_ID_IN)
RECORD_DEFINE(exports_in, EXPORTS_IN)
RECORD_DEFINE(export_view, EXPORT_VIEW)
RECORD_DEFINE(export_choice, EXPORT_CHOICE)
RECORD_DEFINE(exports_out, EXPORTS_OUT)
#define NUMBERED(X, R) X(R, I64, id, 0, 0, 0, NULL, "")
RECORD(export_numbered, NUMBERED)
RECORD_DEFINE(export_numbered, NUMBERED)

SQL_READS(OF_ACCOUNT, "export.of_account",
    "SELECT export FROM export_step WHERE no = 1 AND account = $1 AND export < $2"
    " ORDER BY export DESC LIMIT 51");
SQL_READS(OF_REGION, "export.of_region",
    "SELECT export FROM export_step WHERE no = 1 AND region BETWEEN $1 AND $2 AND export < $3"
    " ORDER BY export DESC LIMIT 51");
/* $1-$3 territory and unit (0: all), $4 asked after, $5 not by. */
SQL_READS(TO_DECIDE, "export.to_decide",
    "SELECT e.export FROM export_step e WHERE e.no = 1 AND e.region BETWEEN $1 AND $2"
    " AND (CAST($3 AS BIGINT) = 0 OR e.unit = $3) AND e.at_ms > $4 AND e.account <> $5"
    " AND NOT EXISTS (SELECT 1 FROM export_step d WHERE d.export = e.export AND d.no = 2)"
    " ORDER BY e.export DESC LIMIT 50");
const struct sql *const export_statements[] = { &OF_ACCOUNT, &OF_REGION, &TO_DECIDE };
const size_t export_statements_n = COUNT_OF(export_statements);

/* In words ---------------------------------------------------------------------------------- */

static const struct { const char *word; struct msg name; } names[] = {
    { "proceeding", { "诉讼、仲裁、复议需要", "A lawsuit, arbitration or review" } },
    { "transfer", { "依法移送其他机关", "Handed over to another organ by law" } },
    { "call_back", { "集中回访、联系当事人", "Calling people back" } },
    { "emergency", { "应急处置", "An emergency" } },
    { "inspection", { "上级检查、审计", "Inspection or audit from above" } },
    { "other", { "其他", "Other" } },
    { "asked", { "待审批", "Waits for approval" } }, { "approved", { "已批准，可取一次", "Approved, to be fetched once" } },
    { "refused", { "不批准", "Refused" } }, { "fetched", { "已取走", "Fetched" } },
    { "lapsed", { "已失效", "Lapsed" } },
    { "matters", { "事项", "Matters" } }, { "disputes", { "纠纷", "Disputes" } },
    { "mine", { "我办理的", "mine" } }, { "unit", { "本单位", "of the unit" } },
    { "pool", { "待签收", "not taken" } }, { "region", { "辖区", "of the territory" } },
    { "cohandle", { "协办", "helped with" } }, { "ask", { "待审批", "with requests" } },
    { "overdue", { "超期", "overdue" } }, { "archive", { "已结束", "ended" } },
};

static struct str name_of(const struct cx *cx, struct str word)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_is(word, names[i].word))
            return cx_text(cx, names[i].name.zh, names[i].name.en);
    return word;
}

static void part_add(struct buf *b, struct str what)
{
    buf_add(b, STR(" · "));
    buf_add(b, what);
}

static struct str day_text(struct cx *cx, int64_t ms, const char *zh, const char *en)
{
    struct civil c = clock_civil(ms);
    struct str what = cx_text(cx, zh, en);
    return arena_fmt(cx->a, "%.*s %04d-%02d-%02d", STR_FMT(what), c.year, c.month, c.day);
}

static struct str scope_text(struct cx *cx, const struct export_asked *f)
{
    struct buf b = buf_in(cx->a, 2048);
    buf_add(&b, name_of(cx, f->list));
    part_add(&b, name_of(cx, f->view.n ? f->view : STR("unit")));
    if (f->state.n)
        part_add(&b, view_state_name(cx, f->state));
    if (f->category.n) {
        const struct category *c = category_find(cx->cat, f->category);
        part_add(&b, c ? cx_text(cx, c->name.p, c->name_en.p) : f->category);
    }
    if (f->tier != I64_NONE)
        part_add(&b, view_tier_name(cx, f->tier));
    if (f->grid != I64_NONE)
        part_add(&b, arena_fmt(cx->a, "%lld", (long long)f->grid));
    if (f->type.n) {
        const struct dispute_type *t = dispute_type_by(f->type);
        part_add(&b, t ? cx_text(cx, t->zh, t->en) : f->type);
    }
    if (f->q.n)
        part_add(&b, f->q);
    if (f->from_ms != I64_NONE)
        part_add(&b, day_text(cx, f->from_ms, "起", "from"));
    if (f->to_ms != I64_NONE)
        part_add(&b, day_text(cx, f->to_ms - 1, "止", "to"));
    return buf_str(&b);
}

static enum err view_of(struct cx *cx, const struct export_request *r, struct export_view *v)
{
    const struct export_asked *f = &r->facts;
    unsigned open;
    struct str state = str_c(export_state(r, cx->now_ms)), by, decided = STR_NONE;
    TRY(export_open_bits(cx, f->open, &open));
    TRY(access_account_name(cx, r->asked.account, &by));
    if (r->decided.no)
        TRY(access_account_name(cx, r->decided.account, &decided));
    *v = (struct export_view){ .id = r->asked.export, .asked_ms = r->asked.at_ms, .by = by,
        .unit_name = unit_name(unit_find(cx->cat, r->asked.unit), cx->lang),
        .scope = scope_text(cx, f), .format = f->format,
        .open = export_open_names(cx, cx->a, open), .reason = name_of(cx, f->reason),
        .why = r->asked.why, .purpose = f->purpose, .rows = (int64_t)f->numbers.n,
        .numbers = { f->numbers.p, f->numbers.n < EXPORT_SAMPLE ? f->numbers.n : EXPORT_SAMPLE },
        .state = state, .state_name = name_of(cx, state), .decided_by = decided,
        .decided_ms = r->decided.no ? r->decided.at_ms : I64_NONE,
        .decision = r->decided.no ? r->decided.why : STR_NONE, .until_ms = export_until(r),
        .fetched_ms = r->fetched.no ? r->fetched.at_ms : I64_NONE,
        .may_decide = str_is(state, "asked") && export_may_decide(cx, r),
        .may_fetch = str_is(state, "approved") && r->asked.account == cx->actor.account };
    return OK;
}

static enum err view_write(struct cx *cx, int64_t id, struct buf *out)
{
    struct export_request r;
    struct export_view v;
    TRY(export_find(cx, id, &r));
    TRY(view_of(cx, &r, &v));
    record_to_json(out, &export_view_record, &v);
    return OK;
}

/* Which matters ----------------------------------------------------------------------------- */

static enum err numbers_find(struct cx *cx, const struct export_scope *q, size_t max,
    struct list *ret)
{
    if (str_is(q->list, "disputes")) {
        struct disputes_in d = { q->view, q->unit, q->state, q->type, q->from_ms, q->to_ms, q->q,
            STR_NONE, I64_NONE };
        if (q->view.n && !str_is(q->view, "unit") && !str_is(q->view, "mine")
            && !str_is(q->view, "archive"))
            return cx_fail(cx, E_INPUT, "view", MSG("纠纷清单只有 unit、mine、archive",
                "Lists of disputes are unit, mine and archive"));
        return disputes_numbers(cx, &d, max, ret);
    }
    struct list_in l = { q->view, q->order, q->unit, q->state, q->category, q->tier, q->grid,
        q->from_ms, q->to_ms, STR_NONE, I64_NONE };
    if (str_is(q->view, "archive"))
        return cx_fail(cx, E_INPUT, "view", MSG("archive 只用于纠纷清单",
            "archive is a list of disputes"));
    return desk_numbers(cx, &l, max, ret);
}

enum err export_numbers(struct cx *cx, const struct export_scope *q, size_t max, struct list *ret)
{
    enum err e = numbers_find(cx, q, max, ret);
    if (e == E_TOO_LARGE)
        return cx_fail_with(cx, E_INPUT, "list", MSG("超过 %s 件，请缩小筛选范围，例如按日期分次导出",
            "More than %s matters: narrow the filters, for instance by date"),
            arena_fmt(cx->a, "%zu", max));
    return e == OK && ret->n == 0 ? cx_fail(cx, E_INPUT, "list", MSG("清单里没有事项，请换筛选条件",
        "There is nothing in this list; change the filters")) : e;
}

/* What is common to both records, field by field of the same name. */
#define SAME_SCOPE(q) { .list = (q)->list, .view = (q)->view, .order = (q)->order, \
    .unit = (q)->unit, .state = (q)->state, .category = (q)->category, .tier = (q)->tier, \
    .grid = (q)->grid, .type = (q)->type, .q = (q)->q, .from_ms = (q)->from_ms, \
    .to_ms = (q)->to_ms }

/* The unit for which it is asked: the one that is named, or the first in which the actor works. */
static enum err unit_of(struct cx *cx, int64_t wanted, const struct unit **ret)
{
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *m = &cx->actor.memberships[i];
        *ret = unit_find(cx->cat, m->unit);
        if (*ret && (wanted == I64_NONE || wanted == m->unit) && (m->role & ROLE_READERS))
            return OK;
    }
    return cx_fail(cx, E_DENIED, "unit", MSG("您不在这个单位", "You are not in this unit"));
}

/* Masked ------------------------------------------------------------------------------------ */

static enum err export_masked(struct cx *cx, const void *in, struct buf *out)
{
    const struct export_masked_in *q = in;
    const struct export_scope scope = SAME_SCOPE(q);
    const struct unit *u;
    struct list numbers;
    struct export_content c;
    TRY(unit_of(cx, q->unit, &u));
    TRY(export_numbers(cx, &scope, EXPORT_ROWS_MAX, &numbers));
    TRY(export_read_rows(cx, numbers, 0, &c));
    struct export_mark mark = { .unit = unit_name(u, cx->lang), .username = cx->actor.username,
        .at_ms = cx->now_ms };
    return export_file(cx, q->format, &mark, &c, out);
}

/* Asked for and decided ---------------------------------------------------------------------- */

static enum err ask_prepare(struct cx *cx, const void *in)
{
    const struct export_ask_in *q = in;
    const struct export_scope scope = SAME_SCOPE(q);
    struct list *numbers = NEW(cx->a, struct list);
    unsigned open;
    TRY(export_open_bits(cx, q->open, &open));
    TRY(export_numbers(cx, &scope, EXPORT_OPEN_ROWS_MAX, numbers));
    cx->prepared = numbers;
    return OK;
}

static enum err export_ask(struct cx *cx, const void *in, struct buf *out)
{
    const struct export_ask_in *q = in;
    const struct list *numbers = cx->prepared;
    const struct unit *u;
    bool again;
    int64_t none, id = cx_next_id(cx);
    struct buf facts = buf_in(cx->a, 1 << 17);
    const struct export_asked f = { .list = q->list, .view = q->view, .order = q->order,
        .unit = q->unit, .state = q->state, .category = q->category, .tier = q->tier,
        .grid = q->grid, .type = q->type, .q = q->q, .from_ms = q->from_ms, .to_ms = q->to_ms,
        .format = q->format, .open = q->open, .reason = q->reason,
        .purpose = str_trim(q->purpose), .numbers = *numbers };
    TRY(unit_of(cx, q->unit, &u));
    TRY(command_claim(cx, division_area(u->region), 0, id, &again, &none, &id));
    if (again)
        return view_write(cx, id, out);
    record_to_json(&facts, &export_asked_record, &f);
    struct export_line line = { .export = id, .unit = u->id, .region = u->region,
        .act = STR("ask"), .why = str_trim(q->why), .facts = buf_str(&facts) };
    TRY(export_note(cx, &(struct export_line){ .no = 0 }, &line));
    return view_write(cx, id, out);
}

static enum err not_now(struct cx *cx, const struct export_request *r)
{
    struct str state = name_of(cx, str_c(export_state(r, cx->now_ms)));
    return cx_fail_with(cx, E_STEP, NULL, MSG("这件申请：%s。需要时请重新申请",
        "State of this request: %s. Ask again if it is needed"), state);
}

static enum err export_decide(struct cx *cx, const void *in, struct buf *out)
{
    const struct export_decide_in *q = in;
    struct export_request r;
    bool again;
    int64_t none, id = q->id;
    TRY(export_find(cx, q->id, &r));
    if (r.asked.account == cx->actor.account)
        return cx_fail(cx, E_DENIED, NULL, MSG("不能审批自己的申请，请由负责人或督办员审批",
            "Nobody decides their own request; the head of the unit or a supervisor does"));
    if (!export_may_decide(cx, &r))
        return E_MISSING;
    TRY(command_claim(cx, division_area(r.asked.region), 0, id, &again, &none, &id));
    if (again)
        return view_write(cx, id, out);
    if (strcmp(export_state(&r, cx->now_ms), "asked") != 0)
        return not_now(cx, &r);
    struct export_line line = { .export = r.asked.export, .unit = r.asked.unit,
        .region = r.asked.region, .act = q->approve ? STR("approve") : STR("refuse"),
        .why = str_trim(q->why), .facts = STR("{}") };
    TRY(export_note(cx, &r.asked, &line));
    return view_write(cx, id, out);
}

/* Fetched ----------------------------------------------------------------------------------- */

enum { AGAIN_MS = 10 * 60 * 1000 };
struct made { struct export_request r; struct export_content c; struct str bytes; };

/* A request of the actor's own that may be fetched now. */
static enum err own_request(struct cx *cx, int64_t id, struct export_request *ret)
{
    TRY(export_find(cx, id, ret));
    return ret->asked.account == cx->actor.account ? OK : E_MISSING;
}

/* Who did not get the answer sends the same call again, soon. */
static bool was_just_fetched(const struct cx *cx, const struct export_request *r)
{
    return r->fetched.no && cx->now_ms < r->fetched.at_ms + AGAIN_MS && cx->key.n;
}

static enum err file_prepare(struct cx *cx, const void *in)
{
    const struct export_id_in *q = in;
    struct made *m = NEW(cx->a, struct made);
    struct buf file = buf_in(cx->a, 32 << 20);
    unsigned open;
    TRY(own_request(cx, q->id, &m->r));
    if (strcmp(export_state(&m->r, cx->now_ms), "approved") != 0 && !was_just_fetched(cx, &m->r))
        return not_now(cx, &m->r);
    TRY(export_open_bits(cx, m->r.facts.open, &open));
    TRY(export_read_rows(cx, m->r.facts.numbers, open, &m->c));
    struct export_mark mark = { q->id, unit_name(unit_find(cx->cat, m->r.asked.unit), cx->lang),
        cx->actor.username, m->r.facts.purpose,
        m->r.fetched.no ? m->r.fetched.at_ms : cx->now_ms };
    TRY(export_file(cx, m->r.facts.format, &mark, &m->c, &file));
    m->bytes = buf_str(&file);
    cx->prepared = m;
    return OK;
}

/* Whose fields stand in it is noted for each, before anybody gets it. */
static enum err reads_note(struct cx *cx, const struct made *m)
{
    struct buf fields = buf_in(cx->a, 256);
    const struct str *open = m->r.facts.open.p;
    struct str purpose = arena_fmt(cx->a, "导出 E%lld：%.*s", (long long)m->r.asked.export,
        STR_FMT(m->r.facts.purpose));
    for (size_t i = 0; i < m->r.facts.open.n; i++)
        buf_fmt(&fields, "%.*s,", STR_FMT(open[i]));
    buf_add(&fields, STR("exported"));
    buf_byte(&fields, '\0');
    for (size_t i = 0; i < m->c.n_reads; i++) {
        const struct export_read *r = &m->c.reads[i];
        TRY(access_note(cx, &(struct personal_read){ r->area, r->matter, r->no, fields.p,
            purpose }));
    }
    return OK;
}

static enum err fetched_note(struct cx *cx, const struct made *m)
{
    struct export_request r;
    struct hash digest = hash_sha256(m->bytes);
    struct buf facts = buf_in(cx->a, 512);
    TRY(export_find(cx, m->r.asked.export, &r));
    if (strcmp(export_state(&r, cx->now_ms), "approved") != 0)
        return not_now(cx, &r);
    buf_fmt(&facts, "{\"rows\":%zu,\"reads\":%zu,\"sha256\":\"", m->c.n, m->c.n_reads);
    buf_hex(&facts, hash_str(&digest));
    buf_add(&facts, STR("\"}"));
    struct export_line line = { .export = r.asked.export, .unit = r.asked.unit,
        .region = r.asked.region, .act = STR("fetch"), .why = STR(""), .facts = buf_str(&facts) };
    TRY(export_note(cx, &r.decided, &line));
    return reads_note(cx, m);
}

static enum err export_fetch(struct cx *cx, const void *in, struct buf *out)
{
    const struct export_id_in *q = in;
    const struct made *m = cx->prepared;
    bool again;
    int64_t none, id = q->id;
    TRY(command_claim(cx, division_area(m->r.asked.region), 0, id, &again, &none, &id));
    if (!again)
        TRY(fetched_note(cx, m));
    buf_reserve(out, m->bytes.n);
    buf_add(out, m->bytes);
    return OK;
}

/* Lists ------------------------------------------------------------------------------------- */

static bool overlooked(const struct cx *cx, struct region *ret)
{
    bool found = false;
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *m = &cx->actor.memberships[i];
        const struct unit *u = unit_find(cx->cat, m->unit);
        struct region r = u ? region_of(u->region) : (struct region){ 0, 0 };
        if (!(m->role & (ROLE_AUDITOR | ROLE_SUPERVISOR)) || u == NULL
            || (found && r.to - r.from <= ret->to - ret->from))
            continue;
        *ret = r;
        found = true;
    }
    return found;
}

static bool has_id(const int64_t *ids, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* Of each unit that the actor heads and each territory that they supervise. */
static enum err waiting_find(struct cx *cx, int64_t *ids, size_t *n)
{
    int64_t since = cx->now_ms - EXPORT_WAIT_DAYS * (int64_t)CLOCK_DAY_MS;
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *m = &cx->actor.memberships[i];
        const struct unit *u = unit_find(cx->cat, m->unit);
        bool chief = m->role == ROLE_CHIEF;
        struct list rows;
        if (u == NULL || !(m->role & (ROLE_CHIEF | ROLE_SUPERVISOR)))
            continue;
        struct region r = region_of(u->region);
        TRY(db_rows(cx->db, cx->a, &TO_DECIDE, ARGS(I(r.from), I(r.to), I(chief ? u->id : 0),
            I(since), I(cx->actor.account)), &export_numbered_record, EXPORTS_SHOWN, &rows));
        const struct export_numbered *k = rows.p;
        for (size_t j = 0; j < rows.n && *n < EXPORTS_SHOWN; j++)
            if (!has_id(ids, *n, k[j].id))
                ids[(*n)++] = k[j].id;
    }
    return OK;
}

static enum err page_find(struct cx *cx, const struct exports_in *q, int64_t *ids, size_t *n,
    int64_t *ret_next)
{
    struct list rows;
    struct region r;
    int64_t before = q->before == I64_NONE ? INT64_MAX : q->before;
    if (str_is(q->whose, "decide"))
        return waiting_find(cx, ids, n);
    if (!str_is(q->whose, "all"))
        TRY(db_rows(cx->db, cx->a, &OF_ACCOUNT, ARGS(I(cx->actor.account), I(before)),
            &export_numbered_record, EXPORTS_SHOWN + 1, &rows));
    else if (!overlooked(cx, &r))
        return cx_fail(cx, E_DENIED, "whose", MSG("只有督办员和审计员可以看辖区内的导出申请",
            "Supervisors and auditors see the requests of their territory"));
    else
        TRY(db_rows(cx->db, cx->a, &OF_REGION, ARGS(I(r.from), I(r.to), I(before)),
            &export_numbered_record, EXPORTS_SHOWN + 1, &rows));
    const struct export_numbered *k = rows.p;
    for (; *n < rows.n && *n < EXPORTS_SHOWN; (*n)++)
        ids[*n] = k[*n].id;
    if (rows.n > EXPORTS_SHOWN)
        *ret_next = ids[EXPORTS_SHOWN - 1];
    return OK;
}

static struct list choices_of_reasons(struct cx *cx)
{
    struct export_choice *v = NEW_N(cx->a, struct export_choice, COUNT_OF(names));
    size_t n = 0;
    for (; export_reasons[n]; n++)
        v[n] = (struct export_choice){ str_c(export_reasons[n]),
            name_of(cx, str_c(export_reasons[n])) };
    return (struct list){ v, n };
}

static struct list choices_of_columns(struct cx *cx)
{
    struct export_choice *v = NEW_N(cx->a, struct export_choice, EXPORT_COLUMNS);
    size_t n = 0;
    for (size_t i = 0; i < EXPORT_COLUMNS; i++)
        if (export_columns[i].mask != MASK_NONE)
            v[n++] = (struct export_choice){ str_c(export_columns[i].word),
                cx_text(cx, export_columns[i].name.zh, export_columns[i].name.en) };
    return (struct list){ v, n };
}

static enum err exports_list(struct cx *cx, const void *in, struct buf *out)
{
    int64_t ids[EXPORTS_SHOWN];
    size_t n = 0;
    struct region region;
    struct exports_out r;
    struct export_view *views = NEW_N(cx->a, struct export_view, EXPORTS_SHOWN);
    record_clear(&exports_out_record, &r);
    TRY(page_find(cx, in, ids, &n, &r.next));
    for (size_t i = 0; i < n; i++) {
        struct export_request one;
        TRY(export_find(cx, ids[i], &one));
        TRY(view_of(cx, &one, &views[i]));
    }
    r.items = (struct list){ views, n };
    r.reasons = choices_of_reasons(cx);
    r.columns = choices_of_columns(cx);
    r.decides = (cx->actor.roles & (ROLE_CHIEF | ROLE_SUPERVISOR)) != 0;
    r.overlooks = overlooked(cx, &region);
    record_to_json(out, &exports_out_record, &r);
    return OK;
}

#define FILE_TYPE "application/octet-stream"
static const struct route routes[] = {
    { .method = "GET", .path = "/api/exports", .name = "exports", .roles = ROLE_READERS,
        .lane = LANE_READ, .in = &exports_in_record, .out = &exports_out_record,
        .run = exports_list, .meaning = "Requests for unmasked files: mine, to decide, of a territory" },
    { .method = "GET", .path = "/api/exports/masked", .name = "export_masked",
        .roles = ROLE_READERS, .lane = LANE_READ, .in = &export_masked_in_record, .prints = true,
        .run = export_masked, .out_type = FILE_TYPE,
        .meaning = "A list of matters as a file, masked, as XLSX or CSV" },
    { .method = "POST", .path = "/api/exports", .name = "export_ask", .roles = ROLE_HANDS,
        .lane = LANE_STAFF, .in = &export_ask_in_record, .out = &export_view_record,
        .prepare = ask_prepare, .run = export_ask,
        .meaning = "Ask for a list as a file in which some columns are not masked" },
    { .method = "POST", .path = "/api/exports/:id/decide", .name = "export_decide",
        .roles = ROLE_CHIEF | ROLE_SUPERVISOR, .lane = LANE_STAFF,
        .in = &export_decide_in_record, .out = &export_view_record, .run = export_decide,
        .meaning = "Approve or refuse somebody else's request" },
    { .method = "POST", .path = "/api/exports/:id/file", .name = "export_file",
        .roles = ROLE_HANDS, .lane = LANE_STAFF, .in = &export_id_in_record, .prints = true,
        .prepare = file_prepare, .run = export_fetch, .out_type = FILE_TYPE,
        .meaning = "The file that was approved, marked with whom it is for; once, within a day; it is noted" },
};
extern const struct module module_export;
const struct module module_export = { .name = "export", .routes = routes,
    .n_routes = COUNT_OF(routes) };
