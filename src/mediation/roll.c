/* roll.c: the register beside committees: studios, mediators and experts, and who changed what in
 * it. It says who they are, never what anybody of them did. */
#include "access/access.h"
#include "mediation/register.h"
#include "spine/command.h"

RECORD_DEFINE(registered, REGISTERED)
RECORD_DEFINE(person_in, PERSON_IN)
RECORD_DEFINE(studio, STUDIO)
RECORD_DEFINE(studio_in, STUDIO_IN)
RECORD_DEFINE(households_in, HOUSEHOLDS_IN)
RECORD_DEFINE(change_view, CHANGE_VIEW)
const char *const registered_kinds[] = { "full_time", "part_time", "volunteer", "expert", NULL };

#define REGISTERED_SELECT "SELECT r.id, r.unit, '' AS committee_name, r.account, r.name, r.kind," \
    " r.skills, r.since_ms, r.to_ms, r.studio, coalesce(s.name, '') AS studio_name, r.published," \
    " 0 AS in_force FROM registered r LEFT JOIN studio s ON s.id = r.studio WHERE "
#define STUDIO_SELECT "SELECT id, code, unit, name, about, hours, place, phone, households, ended" \
    " FROM studio WHERE "
SQL_READS(REGISTERED_OF, "roll.registered", REGISTERED_SELECT "r.unit = $1 ORDER BY r.unit, r.id");
SQL_READS(PUBLISHED, "roll.published", REGISTERED_SELECT
    "r.studio = $1 AND r.published = 1 AND r.since_ms <= $2 AND r.to_ms > $2 ORDER BY r.studio, r.id");
SQL_SCANS(REGISTERED_NOW, "roll.now", REGISTERED_SELECT
    "r.since_ms <= $1 AND r.to_ms > $1 ORDER BY r.unit, r.id");
SQL_READS(TWICE, "roll.twice", "SELECT COUNT(*) FROM registered WHERE unit = $1 AND account = $2"
    " AND id <> $3 AND to_ms > $4");
SQL_READS(MAY_MEDIATE, "roll.may_mediate",
    "SELECT COUNT(*) FROM membership WHERE account = $1 AND unit = $2 AND role = 'mediator'");
SQL_READS(KNOWN, "roll.known", "SELECT COUNT(*) FROM registered WHERE id = $1 AND unit = $2");
SQL_WRITES(PERSON_PUT, "roll.person_put",
    "INSERT INTO registered (id, unit, account, name, kind, skills, since_ms, to_ms, studio, published)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET"
    " account = excluded.account, name = excluded.name, kind = excluded.kind,"
    " skills = excluded.skills, since_ms = excluded.since_ms, to_ms = excluded.to_ms,"
    " studio = excluded.studio, published = excluded.published");
SQL_READS(STUDIOS, "roll.studios", STUDIO_SELECT "unit = $1 ORDER BY unit, id");
SQL_READS(STUDIO_ONE, "roll.studio", STUDIO_SELECT "id = $1");
SQL_READS(STUDIO_OF_CODE, "roll.studio_of_code", STUDIO_SELECT "code = $1");
SQL_WRITES(STUDIO_PUT, "roll.studio_put",
    "INSERT INTO studio (id, code, unit, name, about, hours, place, phone, households, ended)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET"
    " name = excluded.name, about = excluded.about, hours = excluded.hours, place = excluded.place,"
    " phone = excluded.phone, households = excluded.households, ended = excluded.ended");
SQL_WRITES(HOUSEHOLDS_PUT, "roll.households_put",
    "INSERT INTO studio_quarter (studio, quarter, households, made_ms, made_by)"
    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (studio, quarter) DO UPDATE SET"
    " households = excluded.households, made_ms = excluded.made_ms, made_by = excluded.made_by");
SQL_WRITES(CHANGED, "roll.changed",
    "INSERT INTO register_change (id, unit, at_ms, account, what, about, sent)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)");
SQL_READS(CHANGES, "roll.changes",
    "SELECT c.at_ms, coalesce(a.name, '') AS by, c.what, c.about FROM register_change c"
    " LEFT JOIN account a ON a.id = c.account WHERE c.unit = $1 ORDER BY c.id DESC LIMIT 30");
const struct sql *const roll_statements[] = { &REGISTERED_OF, &PUBLISHED, &REGISTERED_NOW, &TWICE,
    &MAY_MEDIATE, &KNOWN, &PERSON_PUT, &STUDIOS, &STUDIO_ONE, &STUDIO_OF_CODE, &STUDIO_PUT,
    &HOUSEHOLDS_PUT, &CHANGED, &CHANGES };
const size_t roll_statements_n = COUNT_OF(roll_statements);

enum { PEOPLE_MAX = 300, STUDIOS_MAX = 50, ALL_PEOPLE_MAX = 50000, CHANGES_SHOWN = 30,
    STUDIO_CODE_CHARS = 10, QUARTERS = 4, MONTHS = 3 };

int64_t quarter_at(int64_t ms)
{
    struct civil c = clock_civil(ms);
    return (int64_t)c.year * QUARTERS + (c.month - 1) / MONTHS;
}

int64_t quarter_start(int64_t quarter)
{
    return clock_from_civil((int)(quarter / QUARTERS), (int)(quarter % QUARTERS) * MONTHS + 1, 1, 0,
        0, 0);
}

/* Reading ---------------------------------------------------------------------------------- */

static void people_fill(struct cx *cx, const struct list *people)
{
    struct registered *r = people->p;
    for (size_t i = 0; i < people->n; i++) {
        r[i].committee_name = unit_name(unit_find(cx->cat, r[i].unit), cx->lang);
        r[i].in_force = r[i].since_ms <= cx->now_ms && cx->now_ms < r[i].to_ms;
    }
}

enum err registered_of(struct cx *cx, int64_t unit, struct list *ret)
{
    TRY(db_rows(cx->db, cx->a, &REGISTERED_OF, ARGS(I(unit)), &registered_record, PEOPLE_MAX, ret));
    people_fill(cx, ret);
    return OK;
}

enum err registered_now(struct cx *cx, struct list *ret)
{
    TRY(db_rows(cx->db, cx->a, &REGISTERED_NOW, ARGS(I(cx->now_ms)), &registered_record,
        ALL_PEOPLE_MAX, ret));
    people_fill(cx, ret);
    return OK;
}

enum err registered_published(struct cx *cx, int64_t studio, struct list *ret)
{
    return db_rows(cx->db, cx->a, &PUBLISHED, ARGS(I(studio), I(cx->now_ms)), &registered_record,
        PEOPLE_MAX, ret);
}

enum err studios_of(struct cx *cx, int64_t unit, struct list *ret)
{
    return db_rows(cx->db, cx->a, &STUDIOS, ARGS(I(unit)), &studio_record, STUDIOS_MAX, ret);
}

enum err studio_by_id(struct cx *cx, int64_t id, struct studio *ret)
{
    return db_one(cx->db, cx->a, &STUDIO_ONE, ARGS(I(id)), &studio_record, ret);
}

enum err studio_by_code(struct cx *cx, struct str code, struct studio *ret)
{
    return db_one(cx->db, cx->a, &STUDIO_OF_CODE, ARGS(S(code)), &studio_record, ret);
}

enum err register_changes(struct cx *cx, int64_t unit, struct list *ret)
{
    return db_rows(cx->db, cx->a, &CHANGES, ARGS(I(unit)), &change_view_record, CHANGES_SHOWN, ret);
}

/* Changing --------------------------------------------------------------------------------- */

enum err register_note(struct cx *cx, int64_t unit, const char *what, struct str about)
{
    return db_exec(cx->db, &CHANGED, ARGS(I(cx_next_id(cx)), I(unit), I(cx->now_ms),
        I(cx->actor.account), S(str_c(what)), S(about), S(cx->body.p ? cx->body : STR(""))), NULL);
}

enum err register_claim(struct cx *cx, const struct unit *u, bool *ret_again)
{
    int64_t id, no;
    return command_claim(cx, division_area(u->region), 0, 0, ret_again, &id, &no);
}

/* The studio is one of the committee's that works. */
static enum err own_studio(struct cx *cx, const struct unit *u, int64_t id, struct studio *ret)
{
    enum err e = studio_by_id(cx, id, ret);
    if (e == E_MISSING || (e == OK && (ret->unit != u->id || ret->ended)))
        return cx_fail(cx, E_INPUT, "studio", MSG("本调委会没有这个工作室，或它已撤销",
            "This committee has no such studio, or it is closed"));
    return e;
}

static enum err skills_check(struct cx *cx, struct list skills, struct str *ret)
{
    const struct str *word = skills.p;
    *ret = STR("");
    for (size_t i = 0; i < skills.n; i++) {
        if (dispute_type_by(word[i]) == NULL)
            return cx_fail_with(cx, E_INPUT, "skills", MSG("没有「%s」这一类纠纷",
                "There is no type of dispute \"%s\""), word[i]);
        *ret = arena_fmt(cx->a, "%.*s%s%.*s", STR_FMT(*ret), ret->n ? " " : "", STR_FMT(word[i]));
    }
    return OK;
}

/* A colleague stands in the register once, and may mediate for this committee. */
static enum err account_check(struct cx *cx, const struct person_in *q)
{
    int64_t may, twice;
    if (q->account == I64_NONE || q->account == 0)
        return OK;
    TRY(db_number(cx->db, &MAY_MEDIATE, ARGS(I(q->account), I(q->unit)), &may));
    if (may == 0)
        return cx_fail(cx, E_INPUT, "account", MSG("这个账号不是本调委会的调解员，请先由管理员设置",
            "This account does not mediate for this committee; let an administrator set it up first"));
    TRY(db_number(cx->db, &TWICE, ARGS(I(q->unit), I(q->account),
        I(q->id == I64_NONE ? 0 : q->id), I(cx->now_ms)), &twice));
    return twice == 0 ? OK : cx_fail(cx, E_INPUT, "account", MSG("这个账号已在名册里，请修改那一条",
        "This account is in the register already; change that row"));
}

static enum err person_check(struct cx *cx, const struct unit *u, const struct person_in *q,
    struct str *ret_skills)
{
    struct studio studio;
    int64_t known = 1;
    if (q->id != I64_NONE)
        TRY(db_number(cx->db, &KNOWN, ARGS(I(q->id), I(u->id)), &known));
    if (known == 0)
        return cx_fail(cx, E_INPUT, "id", MSG("名册里没有这一条", "The register has no such row"));
    if (q->to_ms < q->since_ms)
        return cx_fail(cx, E_INPUT, "to_ms", MSG("结束不能早于开始",
            "The end does not come before the beginning"));
    if (str_trim(q->name).n == 0)
        return cx_fail(cx, E_INPUT, "name", MSG("请填写姓名", "Give the name"));
    if (q->studio != I64_NONE && q->studio != 0)
        TRY(own_studio(cx, u, q->studio, &studio));
    TRY(account_check(cx, q));
    return skills_check(cx, q->skills, ret_skills);
}

static int64_t or_none(int64_t id)
{
    return id == I64_NONE ? 0 : id;
}

enum err person_set(struct cx *cx, const void *in, struct buf *out)
{
    const struct person_in *q = in;
    const struct unit *u;
    struct str skills = STR("");
    bool again;
    TRY(committee_to_change(cx, q->unit, &u));
    TRY(register_claim(cx, u, &again));
    if (again)
        return committee_write(cx, u, out);
    TRY(person_check(cx, u, q, &skills));
    TRY(db_exec(cx->db, &PERSON_PUT, ARGS(I(q->id == I64_NONE ? cx_next_id(cx) : q->id), I(u->id),
        I(or_none(q->account)), S(str_trim(q->name)), S(q->kind), S(skills), I(q->since_ms),
        I(q->to_ms), I(or_none(q->studio)), I(q->published)), NULL));
    TRY(register_note(cx, u->id, "person", str_trim(q->name)));
    return committee_write(cx, u, out);
}

/* Drawn, so that nobody counts studios by their codes; without letters that look alike. */
static struct str code_new(struct cx *cx)
{
    static const char letters[] = "23456789abcdefghjkmnpqrstuvwxyz";
    char *code = arena_alloc(cx->a, 1, 1, STUDIO_CODE_CHARS);
    for (size_t i = 0; i < STUDIO_CODE_CHARS; i++)
        code[i] = letters[rand_below(cx->rand, sizeof(letters) - 1)];
    return (struct str){ code, STUDIO_CODE_CHARS };
}

enum err studio_set(struct cx *cx, const void *in, struct buf *out)
{
    const struct studio_in *q = in;
    const struct unit *u;
    struct studio had = { .id = 0 };
    bool again;
    TRY(committee_to_change(cx, q->unit, &u));
    TRY(register_claim(cx, u, &again));
    if (again)
        return committee_write(cx, u, out);
    if (q->id != I64_NONE) {
        enum err e = studio_by_id(cx, q->id, &had);
        if (e == E_MISSING || (e == OK && had.unit != u->id))
            return cx_fail(cx, E_INPUT, "id", MSG("本调委会没有这个工作室",
                "This committee has no such studio"));
        TRY(e);
    }
    TRY(db_exec(cx->db, &STUDIO_PUT, ARGS(I(had.id ? had.id : cx_next_id(cx)),
        S(had.id ? had.code : code_new(cx)), I(u->id), S(str_trim(q->name)),
        S(str_trim(q->about)), S(str_trim(q->hours)), S(str_trim(q->place)),
        S(q->phone.n ? str_trim(q->phone) : STR("")), I(or_none(q->households)), I(q->ended)),
        NULL));
    TRY(register_note(cx, u->id, "studio", str_trim(q->name)));
    return committee_write(cx, u, out);
}

enum err households_set(struct cx *cx, const void *in, struct buf *out)
{
    const struct households_in *q = in;
    const struct unit *u;
    struct studio studio;
    int64_t quarter = q->year * QUARTERS + q->quarter - 1;
    bool again;
    TRY(committee_to_change(cx, q->unit, &u));
    TRY(register_claim(cx, u, &again));
    if (again)
        return committee_write(cx, u, out);
    TRY(own_studio(cx, u, q->studio, &studio));
    if (quarter_start(quarter) > cx->now_ms)
        return cx_fail(cx, E_INPUT, "quarter", MSG("这个季度还没有开始", "This quarter has not begun"));
    if (studio.households && q->households > studio.households)
        return cx_fail(cx, E_INPUT, "households", MSG("服务户数多于覆盖的总户数，请核对",
            "More households than there are where it works; check the number"));
    TRY(db_exec(cx->db, &HOUSEHOLDS_PUT, ARGS(I(q->studio), I(quarter), I(q->households),
        I(cx->now_ms), I(cx->actor.account)), NULL));
    TRY(register_note(cx, u->id, "households", studio.name));
    return committee_write(cx, u, out);
}
