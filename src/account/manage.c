/* manage.c: setting accounts up: added, changed, given roles, disabled, unlocked. The pages and the
 * command line go the same way; each act leaves a line in the account's chain. */
#include "account/account.h"
#include "spine/command.h"

RECORD_DEFINE(account_add_in, ACCOUNT_ADD_IN)
RECORD_DEFINE(account_id_in, ACCOUNT_ID_IN)
RECORD_DEFINE(account_set_in, ACCOUNT_SET_IN)
RECORD_DEFINE(account_terms_in, ACCOUNT_TERMS_IN)
RECORD_DEFINE(account_act_in, ACCOUNT_ACT_IN)
RECORD_DEFINE(account_view, ACCOUNT_VIEW)
const char *const account_langs[] = { "zh-CN", "en", NULL };
const char *const account_acts[] = { "disable", "enable", "unlock", "password", "second_factor",
    "sessions", NULL };

SQL_READS(ONE, "account.one",
    "SELECT id, username, name, password, phone, lang, disabled, once_ms, unlocked FROM account"
    " WHERE id = $1");
SQL_SCANS(LAST, "account.last",
    "SELECT COALESCE(MAX(id), 0) FROM account WHERE id < 100000000000");
SQL_READS(TAKEN, "account.taken", "SELECT COUNT(*) FROM account WHERE username = $1");
SQL_WRITES(ADD, "account.add",
    "INSERT INTO account (id, username, name, password, phone, lang, disabled, once_ms)"
    " VALUES ($1, $2, $3, $4, $5, $6, 0, $7)");
SQL_WRITES(SET, "account.set", "UPDATE account SET name = $2, phone = $3, lang = $4 WHERE id = $1");
SQL_WRITES(DISABLE, "account.disable", "UPDATE account SET disabled = $2 WHERE id = $1");
SQL_WRITES(UNLOCK, "account.unlock", "UPDATE account SET unlocked = unlocked + 1 WHERE id = $1");
SQL_WRITES(PASSWORD, "account.password",
    "UPDATE account SET password = $2, once_ms = $3, unlocked = unlocked + 1 WHERE id = $1");
SQL_WRITES(PLACES_DROP, "account.places_drop", "DELETE FROM known_place WHERE account = $1");
SQL_WRITES(TERM_ADD, "account.term_add",
    "INSERT INTO membership_term (account, unit, role, from_ms, to_ms) VALUES ($1, $2, $3, $4, $5)");
SQL_WRITES(TERM_DROP, "account.term_drop",
    "DELETE FROM membership_term WHERE account = $1 AND unit = $2 AND role = $3 AND from_ms = $4");
const struct sql *const account_manage_statements[] = { &ONE, &LAST, &TAKEN, &ADD, &SET, &DISABLE,
    &UNLOCK, &PASSWORD, &PLACES_DROP, &TERM_ADD, &TERM_DROP };
const size_t account_manage_statements_n = COUNT_OF(account_manage_statements);

/* A password to be given out, made off the writer. */
struct given { struct str password, hash; };

static enum err password_give(struct cx *cx)
{
    struct given *g = NEW(cx->a, struct given);
    g->password = password_random(cx->a, cx->rand, ONCE_GROUPS);
    cx->prepared = g;
    return password_hash(cx->a, cx->keys, cx->rand, g->password, &g->hash);
}

struct str account_given(const struct cx *cx)
{
    const struct given *g = cx->prepared;
    return g ? g->password : STR_NONE;
}

static int64_t once_until(const struct cx *cx)
{
    return cx->now_ms + ONCE_DAYS * (int64_t)CLOCK_DAY_MS;
}

static enum err one_read(struct cx *cx, int64_t id, struct account *ret, struct list *ret_terms)
{
    enum err e = db_one(cx->db, cx->a, &ONE, ARGS(I(id)), &account_record, ret);
    if (e == E_MISSING)
        return cx_fail(cx, E_MISSING, "id", MSG("您的辖区里没有这个账号",
            "There is no such account in your territory"));
    TRY(e);
    return account_terms(cx, id, ret_terms);
}

static enum err view_write(struct cx *cx, int64_t id, struct str password, struct buf *out)
{
    struct account a;
    struct account_view v;
    struct factor_row factor;
    record_clear(&account_view_record, &v);
    TRY(one_read(cx, id, &a, &v.memberships));
    enum err e = account_reach(cx, id, v.memberships);
    if (e == E_MISSING)
        return e;
    v.may_change = e == OK;
    v.why_not = e == OK ? STR("") : arena_str(cx->a, str_c(err_info_text(&cx->info, e, cx->lang)));
    cx->info = (struct err_info){ .e = OK };
    e = factor_read(cx, id, &factor);
    if (e != OK && e != E_MISSING)
        return e;
    v.factor = e == OK;
    v.id = id;
    v.username = a.username;
    v.name = a.name;
    v.phone = a.phone;
    v.lang = a.lang;
    v.disabled = a.disabled;
    v.once_ms = a.once_ms;
    v.password = password;
    TRY(account_changes(cx, id, 0, &v.changes));
    record_to_json(out, &account_view_record, &v);
    return OK;
}

enum err account_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct account_id_in *q = in;
    return view_write(cx, q->id, STR_NONE, out);
}

/* An account that this actor may change, and whether the call has been carried out before. */
static enum err to_change(struct cx *cx, int64_t id, struct account *ret, bool *ret_again)
{
    struct list terms;
    int64_t matter, no;
    TRY(one_read(cx, id, ret, &terms));
    TRY(account_reach(cx, id, terms));
    return command_claim(cx, 0, 0, id, ret_again, &matter, &no);
}

static enum err facts_check(struct cx *cx, struct str name, struct str phone)
{
    if (str_visible_chars(name) == 0)
        return cx_fail(cx, E_INPUT, "name", MSG("请填写姓名", "Give the name"));
    if (phone.n && !roster_is_phone(phone))
        return cx_fail(cx, E_INPUT, "phone", MSG("电话不对：11 位手机号，或数字和连字符",
            "This is no telephone number: 11 digits, or digits and hyphens"));
    return OK;
}

/* Roles -------------------------------------------------------------------------------------- */

static enum err term_check(struct cx *cx, const struct term_in *t)
{
    const struct unit *u = unit_find(cx->cat, t->unit);
    const struct role_row *role = role_by_word(t->role);
    if (role == NULL)
        return cx_fail_with(cx, E_INPUT, "memberships", MSG("没有职务“%s”", "There is no role \"%s\""),
            t->role);
    if (u == NULL || !account_may_grant(cx, u, role->role))
        return cx_fail_with(cx, E_INPUT, "memberships", MSG("您不能授予“%s”：单位不在您的辖区，或者须由上一级办理",
            "You cannot give the role \"%s\": the unit is beyond your territory, or it is for an"
            " administrator above"), cx_text(cx, role->zh, role->en));
    if (t->to_ms != I64_NONE && (t->to_ms <= cx->now_ms
        || (t->from_ms != I64_NONE && t->to_ms <= t->from_ms)))
        return cx_fail(cx, E_INPUT, "memberships", MSG("职务的截止日要晚于开始日，也不能在今天以前",
            "A role ends after it begins, and not before today; correct the days"));
    return OK;
}

static enum err terms_check(struct cx *cx, struct list terms)
{
    const struct term_in *t = terms.p;
    if (terms.n == 0)
        return cx_fail(cx, E_INPUT, "memberships", MSG("至少要有一个职务；不再使用请停用账号",
            "Give one role at least; an account that is not needed any more is disabled"));
    for (size_t i = 0; i < terms.n; i++) {
        TRY(term_check(cx, &t[i]));
        for (size_t j = 0; j < i; j++)
            if (t[i].unit == t[j].unit && str_eq(t[i].role, t[j].role))
                return cx_fail(cx, E_INPUT, "memberships", MSG("同一单位的同一职务写了两次",
                    "The same role in the same unit is listed twice"));
    }
    return OK;
}

static const struct term_in *term_among(struct list terms, const struct term_view *v)
{
    const struct term_in *t = terms.p;
    for (size_t i = 0; i < terms.n; i++)
        if (t[i].unit == v->unit && str_eq(t[i].role, v->role))
            return &t[i];
    return NULL;
}

/* What there is and is to go on or to end is written anew: it began when it began. */
static enum err term_replace(struct cx *cx, int64_t id, const struct term_view *v,
    const struct term_in *t)
{
    int64_t from_ms = v->from_ms == I64_NONE ? 0 : v->from_ms;
    bool planned = str_is(v->state, "planned");
    TRY(db_exec(cx->db, &TERM_DROP, ARGS(I(id), I(v->unit), S(v->role), I(from_ms)), NULL));
    if (planned)
        return OK;
    return db_exec(cx->db, &TERM_ADD, ARGS(I(id), I(v->unit), S(v->role), I(from_ms),
        I(t ? t->to_ms : cx->now_ms)), NULL);
}

static bool is_held(struct list had, const struct term_in *t)
{
    const struct term_view *v = had.p;
    for (size_t i = 0; i < had.n; i++)
        if (v[i].unit == t->unit && str_eq(v[i].role, t->role) && str_is(v[i].state, "current"))
            return true;
    return false;
}

static enum err terms_write(struct cx *cx, int64_t id, struct list had, struct list wanted)
{
    const struct term_view *v = had.p;
    const struct term_in *t = wanted.p;
    for (size_t i = 0; i < had.n; i++)
        if (!str_is(v[i].state, "ended"))
            TRY(term_replace(cx, id, &v[i], term_among(wanted, &v[i])));
    for (size_t i = 0; i < wanted.n; i++)
        if (!is_held(had, &t[i]))
            TRY(db_exec(cx->db, &TERM_ADD, ARGS(I(id), I(t[i].unit), S(t[i].role),
                I(t[i].from_ms == I64_NONE ? cx->now_ms : t[i].from_ms), I(t[i].to_ms)), NULL));
    return account_terms_round(cx->db, cx->now_ms);
}

static struct str terms_facts(struct cx *cx, struct list terms)
{
    struct buf b = buf_in(cx->a, 1 << 14);
    buf_add(&b, STR("{\"memberships\":"));
    record_list_to_json(&b, &term_in_record, terms.p, terms.n);
    buf_byte(&b, '}');
    return buf_str(&b);
}

enum err account_terms_set(struct cx *cx, const void *in, struct buf *out)
{
    const struct account_terms_in *q = in;
    struct account a;
    struct list had;
    bool again;
    TRY(to_change(cx, q->id, &a, &again));
    if (again)
        return view_write(cx, q->id, STR_NONE, out);
    TRY(terms_check(cx, q->memberships));
    TRY(account_terms(cx, q->id, &had));
    TRY(terms_write(cx, q->id, had, q->memberships));
    TRY(account_note(cx, q->id, "roles", q->why, terms_facts(cx, q->memberships)));
    return view_write(cx, q->id, STR_NONE, out);
}

/* Accounts ----------------------------------------------------------------------------------- */

enum err account_add_prepare(struct cx *cx, const void *in)
{
    const struct account_add_in *q = in;
    if (!roster_is_username(q->username))
        return cx_fail(cx, E_INPUT, "username", MSG("登录名只能用小写字母、数字和 . _ -",
            "A login name has small letters, digits and . _ - only"));
    TRY(facts_check(cx, q->name, q->phone));
    TRY(terms_check(cx, q->memberships));
    return password_give(cx);
}

enum err account_add(struct cx *cx, const void *in, struct buf *out)
{
    const struct account_add_in *q = in;
    const struct given *g = cx->prepared;
    int64_t id, taken, matter, made;
    bool again;
    TRY(terms_check(cx, q->memberships));       /* rights as they are now */
    TRY(db_number(cx->db, &LAST, NO_ARGS, &id));
    TRY(command_claim(cx, 0, 0, ++id, &again, &matter, &made));
    if (again)
        return view_write(cx, made, STR_NONE, out);
    TRY(db_number(cx->db, &TAKEN, ARGS(S(q->username)), &taken));
    if (taken)
        return cx_fail(cx, E_INPUT, "username", MSG("登录名已有人用，请换一个",
            "This login name is taken; choose another"));
    TRY(db_exec(cx->db, &ADD, ARGS(I(id), S(q->username), S(str_trim(q->name)), S(g->hash),
        S(q->phone.p ? q->phone : STR("")), S(q->lang.p ? q->lang : STR("zh-CN")),
        I(once_until(cx))), NULL));
    TRY(terms_write(cx, id, (struct list){ NULL, 0 }, q->memberships));
    TRY(account_note(cx, id, "add", q->why, terms_facts(cx, q->memberships)));
    return view_write(cx, id, g->password, out);
}

enum err account_set(struct cx *cx, const void *in, struct buf *out)
{
    const struct account_set_in *q = in;
    struct account a;
    bool again;
    TRY(to_change(cx, q->id, &a, &again));
    if (again)
        return view_write(cx, q->id, STR_NONE, out);
    TRY(facts_check(cx, q->name, q->phone));
    TRY(db_exec(cx->db, &SET, ARGS(I(q->id), S(str_trim(q->name)),
        S(q->phone.p ? q->phone : STR("")), S(q->lang.p ? q->lang : a.lang)), NULL));
    TRY(account_terms_stamp(cx->db));
    TRY(account_note(cx, q->id, "set", q->why, STR("{}")));
    return view_write(cx, q->id, STR_NONE, out);
}

/* Acts --------------------------------------------------------------------------------------- */

enum err account_act_prepare(struct cx *cx, const void *in)
{
    const struct account_act_in *q = in;
    return str_is(q->act, "password") ? password_give(cx) : OK;
}

static enum err disable(struct cx *cx, const struct account *a, bool off)
{
    TRY(db_exec(cx->db, &DISABLE, ARGS(I(a->id), I(off)), NULL));
    TRY(account_terms_stamp(cx->db));
    return off ? access_sessions_end(cx, a->id, STR_NONE) : OK;
}

/* Whoever had the old one is out, wherever they are. */
static enum err password_reset(struct cx *cx, const struct account *a)
{
    const struct given *g = cx->prepared;
    TRY(db_exec(cx->db, &PASSWORD, ARGS(I(a->id), S(g->hash), I(once_until(cx))), NULL));
    TRY(db_exec(cx->db, &PLACES_DROP, ARGS(I(a->id)), NULL));
    return access_sessions_end(cx, a->id, STR_NONE);
}

static enum err act(struct cx *cx, const struct account *a, struct str word)
{
    if (str_is(word, "password"))
        return password_reset(cx, a);
    if (str_is(word, "unlock"))
        return db_exec(cx->db, &UNLOCK, ARGS(I(a->id)), NULL);
    if (str_is(word, "sessions"))
        return access_sessions_end(cx, a->id, STR_NONE);
    if (str_is(word, "second_factor")) {
        TRY(factor_drop(cx, a->id));
        return access_sessions_end(cx, a->id, STR_NONE);
    }
    return disable(cx, a, str_is(word, "disable"));
}

enum err account_act(struct cx *cx, const void *in, struct buf *out)
{
    const struct account_act_in *q = in;
    const struct given *g = cx->prepared;
    struct account a;
    bool again;
    TRY(to_change(cx, q->id, &a, &again));
    if (again)
        return view_write(cx, q->id, STR_NONE, out);
    TRY(act(cx, &a, q->act));
    TRY(account_note(cx, q->id, arena_str(cx->a, q->act).p, q->why, STR("{}")));
    return view_write(cx, q->id, str_is(q->act, "password") ? g->password : STR_NONE, out);
}
