/* step.c: the record of unmasked files: asked for, decided, fetched. A line each, and the primary
 * key lets each happen once; the lines of one request are a chain. */
#include "export/export.h"

RECORD_DEFINE(export_scope, EXPORT_SCOPE)
RECORD_DEFINE(export_asked, EXPORT_ASKED)
RECORD_DEFINE(export_line, EXPORT_LINE)
const char *const export_lists[] = { "matters", "disputes", NULL };
const char *const export_views[] = { "mine", "unit", "pool", "region", "cohandle", "ask", "overdue",
    "archive", NULL };
const char *const export_reasons[] = { "proceeding", "transfer", "call_back", "emergency",
    "inspection", "other", NULL };
const char *const export_whose[] = { "mine", "decide", "all", NULL };

#define COLUMNS "export, no, at_ms, account, unit, region, act, why, facts, prev, hash"
SQL_READS(LINES, "export.lines",
    "SELECT " COLUMNS " FROM export_step WHERE export = $1 ORDER BY no");
/* Nothing is added where there is such a line already. */
SQL_WRITES(ADD, "export.add", "INSERT INTO export_step (" COLUMNS ")"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (export, no) DO NOTHING");
SQL_SCANS(ALL, "export.all", "SELECT " COLUMNS " FROM export_step ORDER BY export, no");
const struct sql *const export_step_statements[] = { &LINES, &ADD, &ALL };
const size_t export_step_statements_n = COUNT_OF(export_step_statements);

static struct str line_text(struct arena *a, const struct export_line *r)
{
    struct buf b = buf_in(a, 1 << 20);
    buf_add(&b, STR("fengqiao export v1\n{\"account\":"));
    buf_i64(&b, r->account);
    buf_add(&b, STR(",\"act\":"));
    buf_json_str(&b, r->act);
    buf_fmt(&b, ",\"at_ms\":%lld,\"export\":%lld,\"facts\":", (long long)r->at_ms,
        (long long)r->export);
    buf_json_str(&b, r->facts);
    buf_fmt(&b, ",\"no\":%lld,\"region\":%lld,\"unit\":%lld,\"why\":", (long long)r->no,
        (long long)r->region, (long long)r->unit);
    buf_json_str(&b, r->why);
    buf_byte(&b, '}');
    return buf_str(&b);
}

static enum err facts_read(struct cx *cx, struct str json, struct export_asked *ret)
{
    struct err_info info = { .e = OK };
    record_clear(&export_asked_record, ret);
    return record_from_json(cx->a, &export_asked_record, json, ret, &info) == OK ? OK : E_BUG;
}

enum err export_find(struct cx *cx, int64_t id, struct export_request *ret)
{
    struct list lines;
    *ret = (struct export_request){ .asked = { .no = 0 } };
    TRY(db_rows(cx->db, cx->a, &LINES, ARGS(I(id)), &export_line_record, EXPORT_FETCHED_NO,
        &lines));
    const struct export_line *l = lines.p;
    struct export_line *const at[] = { &ret->asked, &ret->decided, &ret->fetched };
    for (size_t i = 0; i < lines.n; i++)
        *at[l[i].no - 1] = l[i];
    if (ret->asked.no == 0)
        return E_MISSING;
    return facts_read(cx, ret->asked.facts, &ret->facts);
}

int64_t export_until(const struct export_request *r)
{
    enum { HOUR_MS = 3600000 };
    return str_is(r->decided.act, "approve") ? r->decided.at_ms + EXPORT_HOURS * (int64_t)HOUR_MS
        : r->asked.at_ms + EXPORT_WAIT_DAYS * (int64_t)CLOCK_DAY_MS;
}

const char *export_state(const struct export_request *r, int64_t now_ms)
{
    if (r->fetched.no)
        return "fetched";
    if (str_is(r->decided.act, "refuse"))
        return "refused";
    if (now_ms >= export_until(r))
        return "lapsed";
    return r->decided.no ? "approved" : "asked";
}

bool export_may_decide(const struct cx *cx, const struct export_request *r)
{
    if (r->asked.account == cx->actor.account)
        return false;
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *m = &cx->actor.memberships[i];
        const struct unit *u = unit_find(cx->cat, m->unit);
        if ((m->role == ROLE_CHIEF && m->unit == r->asked.unit)
            || (m->role == ROLE_SUPERVISOR && u
                && region_has(region_of(u->region), r->asked.region)))
            return true;
    }
    return false;
}

enum err export_note(struct cx *cx, const struct export_line *last, struct export_line *l)
{
    int64_t added;
    l->at_ms = cx->now_ms;
    l->account = cx->actor.account;
    l->prev = last->no ? last->hash : chain_start();
    l->no = last->no + 1;
    l->hash = STR_NONE;
    struct hash h = chain_hash(line_text(cx->a, l), l->prev);
    TRY(db_exec(cx->db, &ADD, ARGS(I(l->export), I(l->no), I(l->at_ms), I(l->account), I(l->unit),
        I(l->region), S(l->act), S(l->why), S(l->facts), B(l->prev), B(hash_str(&h))), &added));
    l->hash = arena_str(cx->a, hash_str(&h));
    return added ? OK : cx_fail(cx, E_STEP, NULL, MSG("刚刚有人办过了，请刷新再看",
        "Somebody was first; load the page again"));
}

/* Checking ----------------------------------------------------------------------------------- */

static enum err line_read(void *ctx, struct arena *a, const void *rec)
{
    const struct export_line *r = rec;
    chain_read(ctx, r->export, r->no, line_text(a, r), r->prev, r->hash);
    return OK;
}

enum err exports_check(struct db *db, struct chain_run *c)
{
    return db_each(db, &ALL, NO_ARGS, &export_line_record, line_read, c);
}
