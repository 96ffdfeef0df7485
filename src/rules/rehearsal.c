/* rehearsal.c: rehearsals that staff ask for: rows that a thread of some server works on
 * (rehearser.c). All that is asked here is asked of the row, so any server answers. */
#include "layer/draft.h"
#include "rules/rehearser.h"
#include "rules/rules.h"
#include "zoning/zoning.h"

RECORD_DEFINE(rehearsal_in, REHEARSAL_IN)
RECORD_DEFINE(rehearsal_id_in, REHEARSAL_ID_IN)
RECORD_DEFINE(rehearsal_out, REHEARSAL_OUT)
RECORD_DEFINE(rehearsals_out, REHEARSALS_OUT)

enum { KEPT = 20, DAYS_USUAL = 90 };

#define REHEARSAL_ROW(X, R) REHEARSAL_HEAD(X, R) \
    X(R, I64, beat_ms, 0, 0, 0, NULL, "") X(R, STR, result, 0, 0, 0, NULL, "") \
    X(R, I64, region, 0, 0, 0, NULL, "")
RECORD(rehearsal_row, REHEARSAL_ROW)
RECORD_DEFINE(rehearsal_row, REHEARSAL_ROW)

#define RUNNING_ROW(X, R) \
    X(R, I64, id, 0, 0, 0, NULL, "") X(R, I64, draft, 0, 0, 0, NULL, "") \
    X(R, I64, days, 0, 0, 0, NULL, "") X(R, I64, made_by, 0, 0, 0, NULL, "")
RECORD(running_row, RUNNING_ROW)
RECORD_DEFINE(running_row, RUNNING_ROW)

#define COLUMNS "id, draft, name, days, state, done, total, matters, made_ms, beat_ms, "
/* Whose draft it is; 0 once the draft is gone. */
#define REGION ", COALESCE((SELECT d.region FROM draft d WHERE d.id = rehearsal.draft), 0)"
SQL_READS(ONE, "rehearsal.one",
    "SELECT " COLUMNS "result" REGION " FROM rehearsal WHERE id = $1");
SQL_SCANS(ALL, "rehearsal.all",
    "SELECT " COLUMNS "CASE WHEN state = 'failed' THEN result ELSE '' END" REGION
    " FROM rehearsal ORDER BY id DESC LIMIT 20");
SQL_SCANS(RUNNING, "rehearsal.running",
    "SELECT id, draft, days, made_by FROM rehearsal"
    " WHERE (state = 'waiting' OR state = 'running') AND beat_ms > $1 ORDER BY id DESC LIMIT 1");
SQL_SCANS(NEXT, "rehearsal.next", "SELECT coalesce(max(id), 0) + 1 FROM rehearsal");
SQL_WRITES(MAKE, "rehearsal.make",
    "INSERT INTO rehearsal (id, draft, name, days, lang, state, done, total, matters, made_ms,"
    " made_by, beat_ms, result) VALUES ($1, $2, $3, $4, $5, 'waiting', 0, 0, 0, $6, $7, $6, '')");
SQL_WRITES(OLD, "rehearsal.old", "DELETE FROM rehearsal WHERE id <= $1");
SQL_WRITES(CANCEL, "rehearsal.cancel", "UPDATE rehearsal SET state = 'cancelled'"
    " WHERE id = $1 AND (state = 'waiting' OR state = 'running')");
const struct sql *const rehearsal_statements[] = { &ONE, &ALL, &RUNNING, &NEXT, &MAKE, &OLD,
    &CANCEL };
const size_t rehearsal_statements_n = COUNT_OF(rehearsal_statements);

/* Whoever ran it has not been heard of for long. */
static bool is_lost(const struct cx *cx, const struct rehearsal_row *r)
{
    return (str_is(r->state, "waiting") || str_is(r->state, "running"))
        && r->beat_ms < cx->now_ms - REHEARSAL_LOST_MS;
}

static struct rehearsal_out out_of(struct cx *cx, const struct rehearsal_row *row)
{
    struct rehearsal_out r;
    record_clear(&rehearsal_out_record, &r);
    memcpy(&r, row, offsetof(struct rehearsal_out, message));
    if (is_lost(cx, row)) {
        r.state = STR("failed");
        r.message = cx_text(cx, "预演的服务器中断了，请重新预演",
            "The server that ran it was interrupted; rehearse again");
    } else if (str_is(row->state, "failed"))
        r.message = row->result;
    return r;
}
_Static_assert(offsetof(struct rehearsal_row, made_ms) == offsetof(struct rehearsal_out, made_ms)
    && offsetof(struct rehearsal_row, beat_ms) == offsetof(struct rehearsal_out, message),
    "a row and an answer begin with the fields of the head");

/* A county's desk rehearses the drafts of its own territory, whoever changes rules all of them. */
static enum err my_drafts(struct cx *cx, struct region *ret)
{
    int64_t code = 0;
    *ret = (struct region){ 0, INT64_MAX };
    if (rules_may_edit(cx) || zoning_territory(cx, DRAFTERS, ret, &code))
        return OK;
    return cx_fail(cx, E_DENIED, NULL,
        MSG("草案由市、区县综治中心预演：边界由所属区县或市里，规则由市里",
            "Drafts are rehearsed by the desks of the city and its counties: boundaries by their own"
            " county or the city, rules by the city"));
}

/* Foreign ones are not there. */
static enum err row_of(struct cx *cx, int64_t id, struct rehearsal_row *ret)
{
    struct region r;
    TRY(my_drafts(cx, &r));
    TRY(db_one(cx->db, cx->a, &ONE, ARGS(I(id)), &rehearsal_row_record, ret));
    return region_has(r, ret->region) ? OK
        : cx_fail(cx, E_MISSING, "id", MSG("没有这次预演", "There is no such rehearsal"));
}

static enum err draft_of(struct cx *cx, int64_t id, struct draft *ret)
{
    struct region r;
    TRY(my_drafts(cx, &r));
    enum err e = draft_find(cx->db, cx->a, id, ret);
    if (e == E_MISSING || (e == OK && !region_has(r, ret->region)))
        return cx_fail(cx, E_MISSING, "draft",
            MSG("本辖区没有这个草案", "There is no such draft in your territory"));
    return e;
}

static enum err rehearsal_tell(struct cx *cx, int64_t id, struct buf *out)
{
    struct rehearsal_row row;
    TRY(row_of(cx, id, &row));
    struct rehearsal_out r = out_of(cx, &row);
    record_to_json(out, &rehearsal_out_record, &r);
    return OK;
}

enum err rules_rehearse(struct cx *cx, const void *in, struct buf *out)
{
    const struct rehearsal_in *q = in;
    struct draft d;
    struct list running;
    int64_t id, days = q->days == I64_NONE ? DAYS_USUAL : q->days;
    TRY(draft_of(cx, q->draft, &d));
    if (d.faults)
        return cx_fail(cx, E_INPUT, "draft", MSG("草案还有问题，请先打开草案改正并保存，再预演",
            "The draft has faults; open it, mend and save it before it is rehearsed"));
    TRY(db_rows(cx->db, cx->a, &RUNNING, ARGS(I(cx->now_ms - REHEARSAL_LOST_MS)),
        &running_row_record, 1, &running));
    const struct running_row *r = running.p;
    if (running.n && r->draft == d.id && r->days == days && r->made_by == cx->actor.account)
        return rehearsal_tell(cx, r->id, out);
    if (running.n)
        return cx_fail(cx, E_BUSY, "draft", MSG("正在预演另一份，一次只预演一份；请等它结束或取消它",
            "Another rehearsal is running, and only one runs at a time; wait for it or cancel it"));
    TRY(db_number(cx->db, &NEXT, NO_ARGS, &id));
    TRY(db_exec(cx->db, &OLD, ARGS(I(id - KEPT)), NULL));
    TRY(db_exec(cx->db, &MAKE, ARGS(I(id), I(d.id), S(d.name),
        I(days), S(cx->lang == LANG_EN ? STR("en") : STR("zh")), I(cx->now_ms), I(cx->actor.account)),
        NULL));
    return rehearsal_tell(cx, id, out);
}

enum err rules_rehearsals(struct cx *cx, const void *in, struct buf *out)
{
    struct list rows;
    struct region mine;
    size_t n = 0;
    (void)in;
    TRY(my_drafts(cx, &mine));
    TRY(db_rows(cx->db, cx->a, &ALL, NO_ARGS, &rehearsal_row_record, KEPT, &rows));
    const struct rehearsal_row *row = rows.p;
    struct rehearsal_out *list = NEW_N(cx->a, struct rehearsal_out, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        if (region_has(mine, row[i].region))
            list[n++] = out_of(cx, &row[i]);
    struct rehearsals_out r = { { list, n } };
    record_to_json(out, &rehearsals_out_record, &r);
    return OK;
}

enum err rules_rehearsal(struct cx *cx, const void *in, struct buf *out)
{
    const struct rehearsal_id_in *q = in;
    return rehearsal_tell(cx, q->id, out);
}

enum err rules_rehearsal_cancel(struct cx *cx, const void *in, struct buf *out)
{
    const struct rehearsal_id_in *q = in;
    struct rehearsal_row row;
    int64_t changed = 0;
    TRY(row_of(cx, q->id, &row));
    TRY(db_exec(cx->db, &CANCEL, ARGS(I(q->id)), &changed));
    if (changed == 0 && !str_is(row.state, "cancelled"))
        return cx_fail(cx, E_STEP, NULL, MSG("这次预演已经结束", "This rehearsal has ended already"));
    return rehearsal_tell(cx, q->id, out);
}

static enum err row_done(struct cx *cx, int64_t id, struct rehearsal_row *ret)
{
    TRY(row_of(cx, id, ret));
    if (str_is(ret->state, "done"))
        return OK;
    return cx_fail(cx, E_STEP, NULL, MSG("预演还没有完成", "The rehearsal is not done"));
}

enum err rules_rehearsal_result(struct cx *cx, const void *in, struct buf *out)
{
    const struct rehearsal_id_in *q = in;
    struct rehearsal_row row;
    TRY(row_done(cx, q->id, &row));
    buf_add(out, row.result);
    return OK;
}

enum err rules_rehearsal_csv(struct cx *cx, const void *in, struct buf *out)
{
    const struct rehearsal_id_in *q = in;
    struct rehearsal_row row;
    struct rehearsed r;
    TRY(row_done(cx, q->id, &row));
    record_clear(&rehearsed_record, &r);
    TRY(record_from_json(cx->a, &rehearsed_record, row.result, &r, &cx->info));
    buf_add(out, STR("\xef\xbb\xbf"));
    rehearsed_csv(&r, cx->lang, out);
    return OK;
}
