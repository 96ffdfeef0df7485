/* session.c: signing in and out, and who I am. */
#include "crypto/password.h"
#include "desk/desk.h"
#include "tables/tables.h"

RECORD_DEFINE(membership_view, MEMBERSHIP_VIEW)
RECORD_DEFINE(me, ME)
RECORD_DEFINE(login, LOGIN)

static struct list memberships_of(struct cx *cx)
{
    const struct actor *a = &cx->actor;
    struct membership_view *rows = NEW_N(cx->a, struct membership_view, MEMBERSHIPS_MAX);
    for (size_t i = 0; i < a->n_memberships; i++) {
        const struct unit *u = unit_find(cx->cat, a->memberships[i].unit);
        const struct role_row *role = role_by_bit(a->memberships[i].role);
        CHECK(role != NULL);
        rows[i] = (struct membership_view){ a->memberships[i].unit, unit_name(u, cx->lang),
            str_c(role->word), cx_text(cx, role->zh, role->en), u ? u->level : LEVEL_COMMUNITY,
            u ? u->functions : STR("") };
    }
    return (struct list){ rows, a->n_memberships };
}

/* Some membership, of this role in this unit, opens a page. */
typedef bool opens(unsigned role, const struct unit *u);

static bool heads_committee(unsigned role, const struct unit *u)
{
    return (role & ROLE_CHIEF) && is_committee(u);
}

static bool mediates(unsigned role, const struct unit *u)
{
    return (role & ROLE_MEDIATOR) || heads_committee(role, u);
}

#define MAY_ASK_FIGURES (ROLE_COMMITTEE | ROLE_CLERK | ROLE_SUPERVISOR)

/* Mediators see the figures of their committee, people of a justice office those of its territory. */
static bool counts_disputes(unsigned role, const struct unit *u)
{
    return mediates(role, u)
        || ((role & MAY_ASK_FIGURES) && str_has_word(u->functions, STR("justice")));
}

/* Centres answer of reports, committees of disputes, administrators of accounts. */
static bool answers_requests(unsigned role, const struct unit *u)
{
    bool centre = u->desk && (role & (ROLE_DISPATCHER | ROLE_SUPERVISOR));
    return centre || (role & ROLE_ADMIN) || (is_committee(u) && (role & ROLE_COMMITTEE));
}

/* The chair of a committee, and the justice office of a county. */
static bool pays_for_disputes(unsigned role, const struct unit *u)
{
    return heads_committee(role, u) || ((role & MAY_ASK_FIGURES) && u->level == LEVEL_COUNTY
        && str_has_word(u->functions, STR("justice")));
}

/* Of the city and its counties. */
static bool is_upper_desk(const struct unit *u)
{
    return u->desk && u->level <= LEVEL_COUNTY;
}

static bool imports_layers(unsigned role, const struct unit *u)
{
    return (role & (ROLE_ADMIN | ROLE_SUPERVISOR)) && is_upper_desk(u);
}

static bool draws_boundaries(unsigned role, const struct unit *u)
{
    return (role & (ROLE_ADMIN | ROLE_SUPERVISOR | ROLE_DISPATCHER)) && is_upper_desk(u);
}

static bool some_membership(const struct cx *cx, opens *which)
{
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *m = &cx->actor.memberships[i];
        const struct unit *u = unit_find(cx->cat, m->unit);
        if (u && which(m->role, u))
            return true;
    }
    return false;
}

static bool has_word(const struct str *words, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(words[i], word))
            return true;
    return false;
}

static struct list can_of(struct cx *cx, bool directs)
{
    static const struct { const char *word; unsigned roles; } abilities[] = {
        { "queue", ROLE_STAFF & ~(unsigned)(ROLE_WALL | ROLE_ADMIN) },
        { "handle", ROLE_GRID_WORKER | ROLE_GRID_LEAD | ROLE_CLERK | ROLE_CHIEF | ROLE_MEDIATOR },
        { "dispatch", ROLE_DISPATCHER },
        { "approve", ROLE_CHIEF | ROLE_DISPATCHER | ROLE_SUPERVISOR },
        { "supervise", ROLE_SUPERVISOR | ROLE_DISPATCHER },
        { "entry", ROLE_GRID_WORKER | ROLE_GRID_LEAD | ROLE_DISPATCHER | ROLE_CLERK },
        { "dispute", ROLE_HANDS },
        { "regrid", ROLE_SUPERVISOR },
        { "duty", ROLE_GRID_WORKER | ROLE_GRID_LEAD | ROLE_CLERK | ROLE_CHIEF | ROLE_MEDIATOR
            | ROLE_DISPATCHER | ROLE_SUPERVISOR },
        { "plates", ROLE_GRID_WORKER | ROLE_GRID_LEAD | ROLE_CHIEF | ROLE_DISPATCHER
            | ROLE_SUPERVISOR | ROLE_ADMIN },
        { "rules", ROLE_DISPATCHER | ROLE_SUPERVISOR | ROLE_AUDITOR | ROLE_ADMIN },
        { "accounts", ROLE_ADMIN | ROLE_AUDITOR },
        { "audit", ROLE_AUDITOR },
        { "search", ROLE_STAFF & ~(unsigned)(ROLE_WALL | ROLE_ADMIN) },
    };
    static const struct { const char *word; opens *by; } pages[] = {
        { "boundaries", draws_boundaries }, { "imports", imports_layers },
        { "tables", tables_may_change }, { "mediate", mediates }, { "tally", counts_disputes },
        { "subsidy", pays_for_disputes }, { "requests", answers_requests },
    };
    struct str *words = NEW_N(cx->a, struct str, COUNT_OF(abilities) + COUNT_OF(pages) + 2);
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(abilities); i++)
        if (cx->actor.roles & abilities[i].roles)
            words[n++] = str_c(abilities[i].word);
    for (size_t i = 0; i < COUNT_OF(pages); i++)
        if (some_membership(cx, pages[i].by))
            words[n++] = str_c(pages[i].word);
    if (cx->services.fork && atomic_load(cx->services.fork)
        && (cx->actor.roles & (ROLE_ADMIN | ROLE_AUDITOR)))
        words[n++] = STR("fork");
    if (directs && (cx->actor.roles & MAY_ASK_FIGURES) && !has_word(words, n, "subsidy"))
        words[n++] = STR("subsidy");
    return (struct list){ words, n };
}

static struct list must_of(struct cx *cx)
{
    static const struct { unsigned must; const char *word; } words[] = {
        { MUST_PASSWORD, "password" }, { MUST_FACTOR, "second_factor" } };
    struct str *must = NEW_N(cx->a, struct str, COUNT_OF(words));
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (cx->actor.must & words[i].must)
            must[n++] = str_c(words[i].word);
    return (struct list){ must, n };
}

enum err desk_me(struct cx *cx, const void *in, struct buf *out)
{
    (void)in;
    const struct actor *a = &cx->actor;
    struct list directed;
    TRY(access_directs(cx, &directed));
    struct me r = { a->account, a->name, a->username, a->csrf, memberships_of(cx),
        can_of(cx, directed.n > 0), must_of(cx) };
    record_to_json(out, &me_record, &r);
    return OK;
}

struct signing_in { int64_t account; struct factor_use factor; };

/* Looks up and checks off the writer; unknown names cost the same as wrong passwords. */
enum err login_prepare(struct cx *cx, const void *in)
{
    const struct login *q = in;
    struct account account;
    record_clear(&account_record, &account);
    enum err e = access_account(cx, str_trim(q->username), &account);
    if (e != OK && e != E_MISSING)
        return e;
    e = password_verify(cx->keys, account.password, q->password);
    if (e == E_LOGIN || account.disabled)
        return cx_fail(cx, E_LOGIN, "password", MSG("用户名或密码不对",
            "The user name or the password is wrong"));
    TRY(e);
    if (account.once_ms != I64_NONE && account.once_ms < cx->now_ms)
        return cx_fail(cx, E_LOGIN, "password", MSG("一次性密码已过期，请管理员重新发放",
            "The one-time password has expired; ask an administrator for a new one"));
    struct signing_in *s = NEW(cx->a, struct signing_in);
    s->account = account.id;
    cx->prepared = s;
    return factor_check(cx, account.id, q->code, &s->factor);
}

enum err desk_login(struct cx *cx, const void *in, struct buf *out)
{
    const struct signing_in *s = cx->prepared;
    struct str csrf;
    TRY(factor_take(cx, s->account, &s->factor));
    TRY(access_session_make(cx, s->account, &cx->cookie, &csrf));
    TRY(access_place_keep(cx, s->account));
    if (s->factor.recovery.n)
        TRY(account_note(cx, s->account, "recovery", STR(""), STR("{}")));
    return desk_me(cx, in, out);
}

enum err desk_logout(struct cx *cx, const void *in, struct buf *out)
{
    (void)in;
    TRY(access_session_end(cx));
    cx->cookie = STR("");
    buf_add(out, STR("{}"));
    return OK;
}
