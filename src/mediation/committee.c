/* committee.c: the register of mediation committees (articles 8 and 9 of the law): members, a woman
 * among them, a term of three years; and what is not as the law wants it. */
#include "desk/desk.h"
#include "mediation/register.h"

RECORD_DEFINE(committee_member, COMMITTEE_MEMBER)
RECORD_DEFINE(committee_in, COMMITTEE_IN)
RECORD_DEFINE(mediator_name, COLLEAGUE_VIEW)
RECORD_DEFINE(committee_view, COMMITTEE_VIEW)
RECORD_DEFINE(committee_unit, COMMITTEE_UNIT)
const char *const committee_kinds[] = { "village", "community", "town", "street", "enterprise",
    "industry", "other", NULL };
const char *const committee_posts[] = { "director", "deputy", "member", NULL };

#define COMMITTEE_ROW(X, R) \
    X(R, STR, short_name, 0, 0, 0, NULL, "") X(R, STR, kind, 0, 0, 0, NULL, "") \
    X(R, I64, term_from_ms, 0, 0, 0, NULL, "") X(R, I64, term_to_ms, 0, 0, 0, NULL, "")
RECORD(committee_row, COMMITTEE_ROW)
RECORD_DEFINE(committee_row, COMMITTEE_ROW)

SQL_READS(ONE, "committee.one",
    "SELECT short_name, kind, term_from_ms, term_to_ms FROM committee WHERE unit = $1");
SQL_READS(MEMBERS, "committee.members",
    "SELECT name, post, woman, account FROM committee_member WHERE unit = $1 ORDER BY no");
SQL_READS(MEDIATORS, "committee.mediators",
    "SELECT m.account, a.name FROM membership m JOIN account a ON a.id = m.account"
    " WHERE m.unit = $1 AND m.role = 'mediator' AND a.disabled = 0 ORDER BY m.account");
SQL_WRITES(PUT, "committee.put",
    "INSERT INTO committee (unit, short_name, kind, term_from_ms, term_to_ms)"
    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (unit) DO UPDATE SET short_name = excluded.short_name,"
    " kind = excluded.kind, term_from_ms = excluded.term_from_ms, term_to_ms = excluded.term_to_ms");
SQL_WRITES(MEMBERS_CLEAR, "committee.members_clear", "DELETE FROM committee_member WHERE unit = $1");
SQL_WRITES(MEMBER_PUT, "committee.member_put",
    "INSERT INTO committee_member (unit, no, account, name, post, woman)"
    " VALUES ($1, $2, $3, $4, $5, $6)");
const struct sql *const committee_statements[] = { &ONE, &MEMBERS, &MEDIATORS, &PUT, &MEMBERS_CLEAR,
    &MEMBER_PUT };
const size_t committee_statements_n = COUNT_OF(committee_statements);

enum { MEMBERS_MIN = 3, MEMBERS_MAX = 9, MEMBERS_READ = 15, MEDIATORS_READ = 100, TERM_YEARS = 3,
    TERM_WARN_DAYS = 60, FINDINGS = 8 };

enum err committee_short_name(struct cx *cx, const struct unit *u, struct str *ret)
{
    struct committee_row row;
    *ret = u->name;
    enum err e = db_one(cx->db, cx->a, &ONE, ARGS(I(u->id)), &committee_row_record, &row);
    if (e == OK)
        *ret = row.short_name;
    return e == E_MISSING ? OK : e;
}

static void found(struct cx *cx, struct committee_view *v, const char *code, struct msg m)
{
    struct reason_row *rows = v->findings.p;
    rows[v->findings.n++] = (struct reason_row){ str_c(code), cx_text(cx, m.zh, m.en) };
}

static void findings_make(struct cx *cx, struct committee_view *v)
{
    const struct committee_member *m = v->members.p;
    size_t women = 0, directors = 0;
    v->findings = (struct list){ NEW_N(cx->a, struct reason_row, FINDINGS), 0 };
    for (size_t i = 0; i < v->members.n; i++) {
        women += m[i].woman;
        directors += str_is(m[i].post, "director");
    }
    if (v->members.n < MEMBERS_MIN || v->members.n > MEMBERS_MAX)
        found(cx, v, "members", MSG("调解委员会由三至九人组成（第八条）",
            "A committee has three to nine members (article 8)"));
    if (women == 0)
        found(cx, v, "woman", MSG("应当有妇女成员（第八条）", "A woman is among its members (article 8)"));
    if (directors != 1)
        found(cx, v, "director", MSG("设主任一人（第八条）", "It has one director (article 8)"));
    if (v->term_to_ms == I64_NONE || v->term_to_ms <= cx->now_ms)
        found(cx, v, "term_over", MSG("任期三年已满或没有登记，请换届（第九条）",
            "The term of three years is over or not registered: elect anew (article 9)"));
    else if (v->term_to_ms - cx->now_ms < TERM_WARN_DAYS * (int64_t)CLOCK_DAY_MS)
        found(cx, v, "term_ends", MSG("任期六十天内届满，请准备换届（第九条）",
            "The term ends within sixty days: prepare the election (article 9)"));
    if (v->mediators.n == 0)
        found(cx, v, "mediators", MSG("还没有能登录的调解员", "No mediator can sign in yet"));
}

static enum err view_write(struct cx *cx, const struct unit *u, struct buf *out)
{
    struct committee_row row;
    struct committee_view v;
    record_clear(&committee_view_record, &v);
    v.unit = u->id;
    v.name = unit_name(u, cx->lang);
    v.level = u->level;
    v.industry = str_has_word(u->functions, STR(INDUSTRY_FUNCTION));
    v.short_name = v.kind = STR("");
    enum err e = db_one(cx->db, cx->a, &ONE, ARGS(I(u->id)), &committee_row_record, &row);
    if (e == OK) {
        v.short_name = row.short_name;
        v.kind = row.kind;
        v.term_from_ms = row.term_from_ms;
        v.term_to_ms = row.term_to_ms;
    } else if (e != E_MISSING)
        return e;
    TRY(db_rows(cx->db, cx->a, &MEMBERS, ARGS(I(u->id)), &committee_member_record, MEMBERS_READ,
        &v.members));
    TRY(db_rows(cx->db, cx->a, &MEDIATORS, ARGS(I(u->id)), &mediator_name_record, MEDIATORS_READ,
        &v.mediators));
    findings_make(cx, &v);
    record_to_json(out, &committee_view_record, &v);
    return OK;
}

static enum err committee_named(struct cx *cx, int64_t unit, const struct unit **ret)
{
    *ret = unit_find(cx->cat, unit);
    return is_committee(*ret) ? OK : cx_fail(cx, E_MISSING, "unit",
        MSG("没有这个调解组织", "There is no such committee"));
}

enum err committee_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct committee_unit *q = in;
    const struct unit *u;
    TRY(committee_named(cx, q->unit, &u));
    return view_write(cx, u, out);
}

/* By the committee itself, or by those who look after accounts. */
enum err committee_set(struct cx *cx, const void *in, struct buf *out)
{
    const struct committee_in *q = in;
    const struct committee_member *m = q->members.p;
    const struct unit *u;
    TRY(committee_named(cx, q->unit, &u));
    if (!access_is_member(&cx->actor, u->id) && (cx->actor.roles & ROLE_ADMIN) == 0)
        return E_MISSING;
    struct civil c = clock_civil(q->term_from_ms);
    int64_t to_ms = clock_from_civil(c.year + TERM_YEARS, c.month, c.day, 0, 0, 0);
    TRY(db_exec(cx->db, &PUT, ARGS(I(u->id), S(str_trim(q->short_name)), S(q->kind),
        I(q->term_from_ms), I(to_ms)), NULL));
    TRY(db_exec(cx->db, &MEMBERS_CLEAR, ARGS(I(u->id)), NULL));
    for (size_t i = 0; i < q->members.n; i++)
        TRY(db_exec(cx->db, &MEMBER_PUT, ARGS(I(u->id), I((int64_t)i + 1),
            I(m[i].account == I64_NONE ? 0 : m[i].account), S(str_trim(m[i].name)), S(m[i].post),
            I(m[i].woman)), NULL));
    return view_write(cx, u, out);
}
