/* change.c: what was done to an account, a chain of lines for each. */
#include "account/account.h"

RECORD_DEFINE(account_change_view, ACCOUNT_CHANGE_VIEW)
RECORD_DEFINE(changes_in, CHANGES_IN)
RECORD_DEFINE(changes_out, CHANGES_OUT)
#define LAST_ROW(X, R) X(R, I64, seq, 0, 0, 0, NULL, "") X(R, BYTES, hash, 0, 0, 0, NULL, "")
RECORD(last_change, LAST_ROW)
RECORD_DEFINE(last_change, LAST_ROW)
#define CHANGE_ROW(X, R) \
    X(R, ID, account, 0, 0, 0, NULL, "") X(R, I64, seq, 0, 0, 0, NULL, "") \
    X(R, TIME, at_ms, 0, 0, 0, NULL, "") X(R, ID, by, 0, 0, 0, NULL, "") \
    X(R, STR, act, 0, 0, 0, NULL, "") X(R, STR, why, 0, 0, 0, NULL, "") \
    X(R, STR, facts, 0, 0, 0, NULL, "") X(R, BYTES, prev, 0, 0, 0, NULL, "") \
    X(R, BYTES, hash, 0, 0, 0, NULL, "")
RECORD(change_row, CHANGE_ROW)
RECORD_DEFINE(change_row, CHANGE_ROW)
#define SHOWN_ROW(X, R) \
    X(R, TIME, at_ms, 0, 0, 0, NULL, "") X(R, ID, account, 0, 0, 0, NULL, "") \
    X(R, STR, username, 0, 0, 0, NULL, "") X(R, STR, by, 0, 0, 0, NULL, "") \
    X(R, STR, act, 0, 0, 0, NULL, "") X(R, STR, why, 0, 0, 0, NULL, "") \
    X(R, STR, facts, 0, 0, 0, NULL, "")
RECORD(shown_row, SHOWN_ROW)
RECORD_DEFINE(shown_row, SHOWN_ROW)
#define CHANGE_FACTS(X, R) X(R, LIST, memberships, OPTIONAL, 0, TERMS_MAX, &term_in_record, "")
RECORD(change_facts, CHANGE_FACTS)
RECORD_DEFINE(change_facts, CHANGE_FACTS)

#define SHOWN "SELECT c.at_ms, c.account, a.username, coalesce(b.name, '') AS by_name, c.act, c.why," \
    " c.facts FROM account_change c JOIN account a ON a.id = c.account" \
    " LEFT JOIN account b ON b.id = c.by_account"
SQL_READS(LAST, "account_change.last",
    "SELECT seq, hash FROM account_change WHERE account = $1 ORDER BY seq DESC LIMIT 1");
SQL_WRITES(ADD, "account_change.add",
    "INSERT INTO account_change (account, seq, at_ms, by_account, act, why, facts, prev, hash)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
SQL_SCANS(ALL, "account_change.all",
    "SELECT account, seq, at_ms, by_account, act, why, facts, prev, hash FROM account_change"
    " ORDER BY account, seq");
SQL_READS(OF_ONE, "account_change.of", SHOWN " WHERE c.account = $1 ORDER BY c.seq DESC LIMIT 100");
SQL_SCANS(OF_MANY, "account_change.of_territory", SHOWN
    " WHERE c.at_ms < $1 AND (EXISTS (SELECT 1 FROM membership m JOIN unit u ON u.id = m.unit"
    " WHERE m.account = c.account AND u.region BETWEEN $2 AND $3"
    " AND (CAST($4 AS BIGINT) = 0 OR u.id = $4 OR u.parent = $4))"
    " OR EXISTS (SELECT 1 FROM membership_term m JOIN unit u ON u.id = m.unit"
    " WHERE m.account = c.account AND u.region BETWEEN $2 AND $3"
    " AND (CAST($4 AS BIGINT) = 0 OR u.id = $4 OR u.parent = $4)))"
    " ORDER BY c.at_ms DESC, c.account, c.seq DESC LIMIT 100");
const struct sql *const account_change_statements[] = { &LAST, &ADD, &ALL, &OF_ONE, &OF_MANY };
const size_t account_change_statements_n = COUNT_OF(account_change_statements);

static const struct { const char *act, *zh, *en; } acts[] = {
    { "add", "开通账号", "account added" }, { "set", "修改姓名、电话或语言", "name, phone or language changed" },
    { "roles", "调整职务", "roles changed" }, { "disable", "停用", "disabled" },
    { "enable", "恢复使用", "enabled" }, { "unlock", "解除锁定", "unlocked" },
    { "password", "发放一次性密码", "one-time password given out" },
    { "own_password", "本人修改密码", "password changed by its owner" },
    { "second_factor", "取消第二因素", "second factor taken away" },
    { "sessions", "结束登录", "sessions ended" },
    { "factor_set", "本人设置第二因素", "second factor set up by its owner" },
    { "factor_off", "本人停用第二因素", "second factor given up by its owner" },
    { "codes", "本人重新生成恢复码", "new recovery codes made by their owner" },
    { "recovery", "用恢复码登录", "signed in with a recovery code" },
    { "data_asked", "本人提出个人信息请求", "request on personal data made by its owner" },
    { "data_withdrawn", "本人撤回个人信息请求", "request on personal data withdrawn" },
    { "data_granted", "个人信息请求已办理", "request on personal data carried out" },
    { "data_refused", "个人信息请求未获同意", "request on personal data refused" },
    { "data_late", "说明个人信息请求超期的原因", "delay of a request on personal data explained" },
};

static struct str line_text(struct arena *a, const struct change_row *r)
{
    struct buf b = buf_in(a, 1 << 16);
    buf_fmt(&b, "fengqiao account change v1\n{\"account\":%lld,\"act\":", (long long)r->account);
    buf_json_str(&b, r->act);
    buf_fmt(&b, ",\"at_ms\":%lld,\"by\":%lld,\"facts\":", (long long)r->at_ms, (long long)r->by);
    buf_json_str(&b, r->facts);
    buf_fmt(&b, ",\"seq\":%lld,\"why\":", (long long)r->seq);
    buf_json_str(&b, r->why);
    buf_byte(&b, '}');
    return buf_str(&b);
}

enum err account_note(struct cx *cx, int64_t account, const char *act, struct str why,
    struct str facts)
{
    struct last_change last = { 0, chain_start() };
    enum err e = db_one(cx->db, cx->a, &LAST, ARGS(I(account)), &last_change_record, &last);
    if (e != OK && e != E_MISSING)
        return e;
    struct change_row r = { .account = account, .seq = last.seq + 1, .at_ms = cx->now_ms,
        .by = cx->actor.account, .act = str_c(act), .why = str_trim(why), .facts = facts,
        .prev = last.hash };
    struct hash h = chain_hash(line_text(cx->a, &r), r.prev);
    return db_exec(cx->db, &ADD, ARGS(I(r.account), I(r.seq), I(r.at_ms), I(r.by), S(r.act),
        S(r.why), S(r.facts), B(r.prev), B(hash_str(&h))), NULL);
}

/* Reading ----------------------------------------------------------------------------------- */

static struct str act_name(const struct cx *cx, struct str act)
{
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        if (str_is(act, acts[i].act))
            return cx_text(cx, acts[i].zh, acts[i].en);
    return act;
}

/* The roles that the facts tell, in words. */
static struct str detail_of(struct cx *cx, struct str json)
{
    struct change_facts f;
    struct err_info info = { .e = OK };
    struct buf b = buf_in(cx->a, 1 << 14);
    record_clear(&change_facts_record, &f);
    if (record_from_json(cx->a, &change_facts_record, json, &f, &info) != OK)
        return STR("");
    const struct term_in *t = f.memberships.p;
    for (size_t i = 0; i < f.memberships.n; i++) {
        const struct role_row *role = role_by_word(t[i].role);
        struct str name = unit_name(unit_find(cx->cat, t[i].unit), cx->lang);
        buf_fmt(&b, "%s%.*s · ", i ? "; " : "", STR_FMT(name));
        buf_add(&b, role ? cx_text(cx, role->zh, role->en) : t[i].role);
    }
    return buf_str(&b);
}

enum err account_changes(struct cx *cx, int64_t account, int64_t before_ms, struct list *ret)
{
    struct list rows;
    struct account_scope s;
    if (account)
        TRY(db_rows(cx->db, cx->a, &OF_ONE, ARGS(I(account)), &shown_row_record, CHANGES_SHOWN,
            &rows));
    else if (account_scope(cx, &s))
        TRY(db_rows(cx->db, cx->a, &OF_MANY, ARGS(I(before_ms), I(s.region.from), I(s.region.to),
            I(s.unit)), &shown_row_record, CHANGES_SHOWN, &rows));
    else
        return E_DENIED;
    const struct shown_row *r = rows.p;
    struct account_change_view *v = NEW_N(cx->a, struct account_change_view, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        v[i] = (struct account_change_view){ r[i].at_ms, r[i].account, r[i].username, r[i].by,
            r[i].act, act_name(cx, r[i].act), r[i].why, detail_of(cx, r[i].facts) };
    *ret = (struct list){ v, rows.n };
    return OK;
}

enum err accounts_changes(struct cx *cx, const void *in, struct buf *out)
{
    const struct changes_in *q = in;
    struct changes_out r;
    int64_t before_ms = q->before_ms == I64_NONE ? cx->now_ms + 1 : q->before_ms;
    record_clear(&changes_out_record, &r);
    TRY(account_changes(cx, 0, before_ms, &r.items));
    const struct account_change_view *v = r.items.p;
    if (r.items.n == CHANGES_SHOWN)
        r.next_ms = v[r.items.n - 1].at_ms;
    record_to_json(out, &changes_out_record, &r);
    return OK;
}

/* Checking ---------------------------------------------------------------------------------- */

static enum err line_read(void *ctx, struct arena *a, const void *rec)
{
    const struct change_row *r = rec;
    chain_read(ctx, r->account, r->seq, line_text(a, r), r->prev, r->hash);
    return OK;
}

enum err account_changes_check(struct db *db, struct chain_run *c)
{
    return db_each(db, &ALL, NO_ARGS, &change_row_record, line_read, c);
}
