/* committee.c: the register of mediation committees (articles 8 and 9 of the law): members, a woman
 * among them, a term of three years; and what is not as the law wants it. */
#include "desk/desk.h"
#include "mediation/register.h"

RECORD_DEFINE(committee_member, COMMITTEE_MEMBER)
RECORD_DEFINE(committee_in, COMMITTEE_IN)
RECORD_DEFINE(mediator_name, COLLEAGUE_VIEW)
RECORD_DEFINE(committee_view, COMMITTEE_VIEW)
RECORD_DEFINE(committee_unit, COMMITTEE_UNIT)
RECORD_DEFINE(committee_line, COMMITTEE_LINE)
RECORD_DEFINE(committees_out, COMMITTEES_OUT)
const char *const committee_kinds[] = { "village", "community", "town", "street", "enterprise",
    "industry", "other", NULL };
const char *const committee_posts[] = { "director", "deputy", "member", NULL };

#define COMPOSITION(X, R) \
    X(R, I64, unit, 0, 0, 0, NULL, "") X(R, STR, kind, 0, 0, 0, NULL, "") \
    X(R, I64, term_to_ms, 0, 0, 0, NULL, "") X(R, I64, members, 0, 0, 0, NULL, "") \
    X(R, I64, women, 0, 0, 0, NULL, "") X(R, I64, directors, 0, 0, 0, NULL, "")
RECORD(composition, COMPOSITION)
RECORD_DEFINE(composition, COMPOSITION)
#define UNIT_COUNT(X, R) X(R, I64, unit, 0, 0, 0, NULL, "") X(R, I64, n, 0, 0, 0, NULL, "")
RECORD(unit_count, UNIT_COUNT)
RECORD_DEFINE(unit_count, UNIT_COUNT)
#define COMMITTEE_ROW(X, R) \
    X(R, STR, short_name, 0, 0, 0, NULL, "") X(R, STR, kind, 0, 0, 0, NULL, "") \
    X(R, I64, term_from_ms, 0, 0, 0, NULL, "") X(R, I64, term_to_ms, 0, 0, 0, NULL, "")
RECORD(committee_row, COMMITTEE_ROW)
RECORD_DEFINE(committee_row, COMMITTEE_ROW)

SQL_READS(ONE, "committee.one",
    "SELECT short_name, kind, term_from_ms, term_to_ms FROM committee WHERE unit = $1");
SQL_READS(MEMBERS, "committee.members",
    "SELECT name, post, woman, account FROM committee_member WHERE unit = $1 ORDER BY no");
/* Where a register of mediators is kept, those whose term runs in it. */
SQL_READS(MEDIATORS, "committee.mediators",
    "SELECT m.account, a.name, coalesce(r.skills, '') AS skills, nullif(r.studio, 0) AS studio"
    " FROM membership m JOIN account a ON a.id = m.account LEFT JOIN registered r"
    " ON r.unit = m.unit AND r.account = m.account AND r.since_ms <= $2 AND r.to_ms > $2"
    " WHERE m.unit = $1 AND m.role = 'mediator' AND a.disabled = 0 AND (r.id IS NOT NULL"
    " OR NOT EXISTS (SELECT 1 FROM registered x WHERE x.unit = m.unit AND x.account <> 0))"
    " ORDER BY m.account");
SQL_READS(COLLEAGUES, "committee.colleagues",
    "SELECT CAST(m.account AS TEXT) AS code, a.name FROM membership m JOIN account a"
    " ON a.id = m.account WHERE m.unit = $1 AND m.role = 'mediator' AND a.disabled = 0"
    " ORDER BY m.account");
SQL_READS(SIGN_IN, "committee.sign_in",
    "SELECT COUNT(*) FROM membership m JOIN account a ON a.id = m.account WHERE m.unit = $1"
    " AND m.role = 'mediator' AND a.disabled = 0");
SQL_SCANS(ALL, "committee.all",
    "SELECT c.unit, c.kind, c.term_to_ms, coalesce(n.members, 0) AS members,"
    " coalesce(n.women, 0) AS women, coalesce(n.directors, 0) AS directors FROM committee c"
    " LEFT JOIN (SELECT unit, COUNT(*) AS members, CAST(sum(woman) AS BIGINT) AS women,"
    " CAST(sum(CASE WHEN post = 'director' THEN 1 ELSE 0 END) AS BIGINT) AS directors"
    " FROM committee_member GROUP BY unit) n ON n.unit = c.unit ORDER BY c.unit");
SQL_SCANS(ALL_MEDIATORS, "committee.all_mediators",
    "SELECT m.unit, COUNT(*) AS n FROM membership m JOIN account a ON a.id = m.account"
    " WHERE m.role = 'mediator' AND a.disabled = 0 GROUP BY m.unit");
SQL_SCANS(ALL_STUDIOS, "committee.all_studios",
    "SELECT unit, COUNT(*) AS n FROM studio WHERE ended = 0 GROUP BY unit");
SQL_WRITES(PUT, "committee.put",
    "INSERT INTO committee (unit, short_name, kind, term_from_ms, term_to_ms)"
    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (unit) DO UPDATE SET short_name = excluded.short_name,"
    " kind = excluded.kind, term_from_ms = excluded.term_from_ms, term_to_ms = excluded.term_to_ms");
SQL_WRITES(MEMBERS_CLEAR, "committee.members_clear", "DELETE FROM committee_member WHERE unit = $1");
SQL_WRITES(MEMBER_PUT, "committee.member_put",
    "INSERT INTO committee_member (unit, no, account, name, post, woman)"
    " VALUES ($1, $2, $3, $4, $5, $6)");
const struct sql *const committee_statements[] = { &ONE, &MEMBERS, &MEDIATORS, &COLLEAGUES,
    &SIGN_IN, &ALL, &ALL_MEDIATORS, &ALL_STUDIOS, &PUT, &MEMBERS_CLEAR, &MEMBER_PUT };
const size_t committee_statements_n = COUNT_OF(committee_statements);

enum { MEMBERS_MIN = 3, MEMBERS_MAX = 9, MEMBERS_READ = 15, MEDIATORS_READ = 100, TERM_YEARS = 3,
    TERM_WARN_DAYS = 60, FINDINGS = 8, COMMITTEES_MAX = 20000 };

enum err committee_short_name(struct cx *cx, const struct unit *u, struct str *ret)
{
    struct committee_row row;
    *ret = u->name;
    enum err e = db_one(cx->db, cx->a, &ONE, ARGS(I(u->id)), &committee_row_record, &row);
    if (e == OK)
        *ret = row.short_name;
    return e == E_MISSING ? OK : e;
}

enum err committee_signs_in(struct cx *cx, int64_t unit, bool *ret)
{
    int64_t n;
    TRY(db_number(cx->db, &SIGN_IN, ARGS(I(unit)), &n));
    *ret = n > 0;
    return OK;
}

static void found(struct cx *cx, struct list *findings, const char *code, struct msg m)
{
    struct reason_row *rows = findings->p;
    rows[findings->n++] = (struct reason_row){ str_c(code), cx_text(cx, m.zh, m.en) };
}

static void term_findings(struct cx *cx, int64_t term_to_ms, struct list *ret)
{
    if (term_to_ms == I64_NONE || term_to_ms <= cx->now_ms)
        found(cx, ret, "term_over", MSG("任期三年已满或没有登记，请换届（第九条）",
            "The term of three years is over or not registered: elect anew (article 9)"));
    else if (term_to_ms - cx->now_ms < TERM_WARN_DAYS * (int64_t)CLOCK_DAY_MS)
        found(cx, ret, "term_ends", MSG("任期六十天内届满，请准备换届（第九条）",
            "The term ends within sixty days: prepare the election (article 9)"));
}

static struct list findings_of(struct cx *cx, const struct composition *c, size_t mediators)
{
    struct list ret = { NEW_N(cx->a, struct reason_row, FINDINGS), 0 };
    if (c->members < MEMBERS_MIN || c->members > MEMBERS_MAX)
        found(cx, &ret, "members", MSG("调解委员会由三至九人组成（第八条）",
            "A committee has three to nine members (article 8)"));
    if (c->women == 0)
        found(cx, &ret, "woman", MSG("应当有妇女成员（第八条）",
            "A woman is among its members (article 8)"));
    if (c->directors != 1)
        found(cx, &ret, "director", MSG("设主任一人（第八条）", "It has one director (article 8)"));
    term_findings(cx, c->term_to_ms, &ret);
    if (mediators == 0)
        found(cx, &ret, "mediators", MSG("还没有能登录的调解员", "No mediator can sign in yet"));
    return ret;
}

static struct composition composition_of(struct list members, int64_t term_to_ms)
{
    const struct committee_member *m = members.p;
    struct composition c = { .term_to_ms = term_to_ms, .members = (int64_t)members.n };
    for (size_t i = 0; i < members.n; i++) {
        c.women += m[i].woman;
        c.directors += str_is(m[i].post, "director");
    }
    return c;
}

/* For those who may change it: whom they may register, and who changed what. */
static enum err change_lists(struct cx *cx, const struct unit *u, struct committee_view *v)
{
    v->may_change = may_change_register(cx, u);
    if (!v->may_change)
        return OK;
    TRY(db_rows(cx->db, cx->a, &COLLEAGUES, ARGS(I(u->id)), &reason_row_record, MEDIATORS_READ,
        &v->colleagues));
    return register_changes(cx, u->id, &v->changes);
}

enum err committee_write(struct cx *cx, const struct unit *u, struct buf *out)
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
    TRY(db_rows(cx->db, cx->a, &MEDIATORS, ARGS(I(u->id), I(cx->now_ms)), &mediator_name_record,
        MEDIATORS_READ, &v.mediators));
    TRY(registered_of(cx, u->id, &v.registered));
    TRY(studios_of(cx, u->id, &v.studios));
    TRY(change_lists(cx, u, &v));
    struct composition c = composition_of(v.members, v.term_to_ms);
    v.findings = findings_of(cx, &c, v.mediators.n);
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
    return committee_write(cx, u, out);
}

bool may_change_register(const struct cx *cx, const struct unit *u)
{
    return (access_roles_in(&cx->actor, u->id) & ROLE_COMMITTEE)
        || (cx->actor.roles & ROLE_ADMIN);
}

enum err committee_to_change(struct cx *cx, int64_t unit, const struct unit **ret)
{
    TRY(committee_named(cx, unit, ret));
    return may_change_register(cx, *ret) ? OK : E_MISSING;
}

/* A committee may be written down bit by bit, but not with what can never be right. */
static enum err composition_check(struct cx *cx, const struct committee_in *q)
{
    struct composition c = composition_of(q->members, I64_NONE);
    if (c.directors > 1)
        return cx_fail(cx, E_INPUT, "members", MSG("主任只能有一人（第八条）",
            "There is one director (article 8); name the others otherwise"));
    if (c.members > MEMBERS_MAX)
        return cx_fail(cx, E_INPUT, "members", MSG("调解委员会最多九人（第八条）",
            "A committee has at most nine members (article 8)"));
    if (q->term_from_ms > cx->now_ms + 366 * (int64_t)CLOCK_DAY_MS)
        return cx_fail(cx, E_INPUT, "term_from_ms", MSG("任期开始日不能晚于一年以后",
            "The term begins within a year; correct its first day"));
    return OK;
}

enum err committee_set(struct cx *cx, const void *in, struct buf *out)
{
    const struct committee_in *q = in;
    const struct committee_member *m = q->members.p;
    const struct unit *u;
    bool again;
    TRY(committee_to_change(cx, q->unit, &u));
    TRY(composition_check(cx, q));
    TRY(register_claim(cx, u, &again));
    if (again)
        return committee_write(cx, u, out);
    struct civil c = clock_civil(q->term_from_ms);
    int64_t to_ms = clock_from_civil(c.year + TERM_YEARS, c.month, c.day, 0, 0, 0);
    TRY(db_exec(cx->db, &PUT, ARGS(I(u->id), S(str_trim(q->short_name)), S(q->kind),
        I(q->term_from_ms), I(to_ms)), NULL));
    TRY(db_exec(cx->db, &MEMBERS_CLEAR, ARGS(I(u->id)), NULL));
    for (size_t i = 0; i < q->members.n; i++)
        TRY(db_exec(cx->db, &MEMBER_PUT, ARGS(I(u->id), I((int64_t)i + 1),
            I(m[i].account == I64_NONE ? 0 : m[i].account), S(str_trim(m[i].name)), S(m[i].post),
            I(m[i].woman)), NULL));
    TRY(register_note(cx, u->id, "committee", u->name));
    return committee_write(cx, u, out);
}

/* All of a territory ------------------------------------------------------------------------ */

/* Within the territory of one of the actor's units, or serving it. */
static bool is_near(const struct cx *cx, const struct unit *committee)
{
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct unit *u = unit_find(cx->cat, cx->actor.memberships[i].unit);
        if (u && (region_has(region_of(u->region), committee->region)
            || region_has(region_of(committee->region), u->region)))
            return true;
    }
    return false;
}

static size_t count_of(struct list counts, int64_t unit)
{
    const struct unit_count *c = counts.p;
    for (size_t i = 0; i < counts.n; i++)
        if (c[i].unit == unit)
            return (size_t)c[i].n;
    return 0;
}

static struct composition composition_stored(struct list all, int64_t unit)
{
    const struct composition *c = all.p;
    for (size_t i = 0; i < all.n; i++)
        if (c[i].unit == unit)
            return c[i];
    return (struct composition){ .unit = unit, .kind = STR(""), .term_to_ms = I64_NONE };
}

/* struct unit pointers of the committees near the actor, by code. */
static struct list committees_near(struct cx *cx)
{
    struct list units = catalogue_units(cx->cat);
    const struct unit *u = units.p;
    const struct unit **near = NEW_N(cx->a, const struct unit *, units.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < units.n; i++)
        if (is_committee(&u[i]) && is_near(cx, &u[i]))
            near[n++] = &u[i];
    return (struct list){ near, n };
}

static enum err lines_make(struct cx *cx, struct list near, struct list *ret)
{
    struct list all, mediators, studios;
    const struct unit *const *u = near.p;
    struct committee_line *lines = NEW_N(cx->a, struct committee_line, near.n + 1);
    TRY(db_rows(cx->db, cx->a, &ALL, NO_ARGS, &composition_record, COMMITTEES_MAX, &all));
    TRY(db_rows(cx->db, cx->a, &ALL_MEDIATORS, NO_ARGS, &unit_count_record, COMMITTEES_MAX,
        &mediators));
    TRY(db_rows(cx->db, cx->a, &ALL_STUDIOS, NO_ARGS, &unit_count_record, COMMITTEES_MAX,
        &studios));
    for (size_t i = 0; i < near.n; i++) {
        struct composition c = composition_stored(all, u[i]->id);
        size_t n = count_of(mediators, u[i]->id);
        lines[i] = (struct committee_line){ u[i]->id, unit_name(u[i], cx->lang), u[i]->level,
            c.kind, c.members, c.women, (int64_t)n, (int64_t)count_of(studios, u[i]->id),
            c.term_to_ms, access_is_member(&cx->actor, u[i]->id), findings_of(cx, &c, n) };
    }
    *ret = (struct list){ lines, near.n };
    return OK;
}

static enum err people_of(struct cx *cx, struct list near, struct list *ret)
{
    const struct unit *const *u = near.p;
    struct list all;
    TRY(registered_now(cx, &all));
    struct registered *rows = all.p;
    size_t n = 0;
    for (size_t i = 0; i < all.n; i++)
        for (size_t k = 0; k < near.n; k++)
            if (rows[i].unit == u[k]->id) {
                rows[n++] = rows[i];
                break;
            }
    *ret = (struct list){ rows, n };
    return OK;
}

enum err committees_list(struct cx *cx, const void *in, struct buf *out)
{
    struct list near = committees_near(cx);
    struct committees_out r;
    (void)in;
    TRY(lines_make(cx, near, &r.committees));
    TRY(people_of(cx, near, &r.registered));
    record_to_json(out, &committees_out_record, &r);
    return OK;
}
