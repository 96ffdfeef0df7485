/* access.c: sessions, receipt codes, rights. */
#include "access/access.h"
#include "access/session.h"
#include "crypto/code.h"
#include "crypto/token.h"

RECORD_DEFINE(account, ACCOUNT)

#define SESSION_ROW(X, R) \
    X(R, ID, account, REQUIRED, 0, 0, NULL, "") \
    X(R, STR, csrf, REQUIRED, 0, 0, NULL, "") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "") \
    X(R, STR, username, REQUIRED, 0, 0, NULL, "") \
    X(R, TIME, expires_ms, REQUIRED, 0, 0, NULL, "") \
    X(R, TIME, once_ms, OPTIONAL, 0, 0, NULL, "") \
    X(R, I64, factors, REQUIRED, 0, 0, NULL, "")
RECORD(session_row, SESSION_ROW)
RECORD_DEFINE(session_row, SESSION_ROW)
#define MEMBER_ROW(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "") \
    X(R, STR, role, REQUIRED, 0, 0, NULL, "")
RECORD(member_row, MEMBER_ROW)
#define KEPT_SESSION(X, R) \
    X(R, BYTES, token, REQUIRED, 0, 0, NULL, "") X(R, TIME, made_ms, REQUIRED, 0, 0, NULL, "") \
    X(R, STR, address, REQUIRED, 0, 0, NULL, "") X(R, STR, device, REQUIRED, 0, 0, NULL, "")
RECORD(kept_session, KEPT_SESSION)
RECORD_DEFINE(kept_session, KEPT_SESSION)
RECORD_DEFINE(own_session, OWN_SESSION)
RECORD_DEFINE(member_row, MEMBER_ROW)
#define DIRECTED_ROW(X, R) X(R, ID, unit, REQUIRED, 0, 0, NULL, "")
RECORD(directed_row, DIRECTED_ROW)
RECORD_DEFINE(directed_row, DIRECTED_ROW)
#define MERGED_ROW(X, R) \
    X(R, ID, into, REQUIRED, 0, 0, NULL, "") \
    X(R, I64, added, REQUIRED, 0, 0, NULL, "")
RECORD(merged_row, MERGED_ROW)
RECORD_DEFINE(merged_row, MERGED_ROW)

SQL_READS(SESSION_BY_TOKEN, "access.session",
    "SELECT a.id, s.csrf, a.name, a.username, s.expires_ms, a.once_ms,"
    " (SELECT COUNT(*) FROM second_factor f WHERE f.account = a.id) AS factors FROM session s"
    " JOIN account a ON a.id = s.account WHERE s.token = $1 AND s.expires_ms > $2 AND a.disabled = 0");
SQL_READS(MEMBERSHIPS, "access.memberships",
    "SELECT unit, role FROM membership WHERE account = $1 ORDER BY unit, role LIMIT 8");
SQL_READS(DIRECTED, "access.directed",
    "SELECT unit FROM committee_member WHERE account = $1 AND post = 'director' ORDER BY unit");
SQL_READS(REPORTER, "access.reporter",
    "SELECT no FROM reporter WHERE area = $1 AND matter = $2 AND no IN ($3, $4)"
    " AND no + turn * 1048576 = $3");
SQL_READS(MERGED, "access.merged",
    "SELECT into_matter, added FROM merged WHERE area = $1 AND matter = $2");
SQL_WRITES(SESSION_MAKE, "access.session_make",
    "INSERT INTO session (token, account, csrf, made_ms, expires_ms, address, device)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)");
SQL_WRITES(SESSION_END, "access.session_end", "DELETE FROM session WHERE token = $1");
SQL_READS(ACCOUNT_BY_NAME, "access.account",
    "SELECT id, username, name, password, phone, lang, disabled, once_ms, unlocked FROM account"
    " WHERE username = $1");
SQL_READS(ACCOUNT_BY_ID, "access.account_by_id",
    "SELECT id, username, name, password, phone, lang, disabled, once_ms, unlocked FROM account"
    " WHERE id = $1");
SQL_READS(PLACE_KNOWN, "access.place_known",
    "SELECT COUNT(*) FROM known_place WHERE account = $1 AND token = $2 AND seen_ms > $3");
SQL_WRITES(PLACE_KEEP, "access.place_keep",
    "INSERT INTO known_place (account, token, seen_ms) VALUES ($1, $2, $3)"
    " ON CONFLICT (account, token) DO UPDATE SET seen_ms = excluded.seen_ms");
SQL_READS(SESSIONS, "access.sessions",
    "SELECT token, made_ms, address, device FROM session WHERE account = $1 AND expires_ms > $2"
    " ORDER BY made_ms DESC, token LIMIT 50");
SQL_WRITES(ACCESS_LOG, "access.log",
    "INSERT INTO access_log (area, id, at_ms, account, matter, no, fields, purpose, unit, role)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
const struct sql *const access_statements[] = { &ACCESS_LOG, &SESSION_BY_TOKEN, &MEMBERSHIPS,
    &DIRECTED, &REPORTER, &MERGED,
    &SESSION_MAKE, &SESSION_END, &ACCOUNT_BY_NAME, &ACCOUNT_BY_ID, &PLACE_KNOWN, &PLACE_KEEP,
    &SESSIONS };
const size_t access_statements_n = COUNT_OF(access_statements);

unsigned access_factor_roles(const struct catalogue *c)
{
    unsigned roles = 0;
    for (struct str rest = catalogue_setting(c, "second_factor_roles"); rest.n;) {
        const struct role_row *role = role_by_word(str_cut(rest, ' ', &rest));
        roles |= role ? role->role : 0;
    }
    return roles;
}

/* Whoever has something to do first has no rights until it is done. */
static void hold_back(const struct cx *cx, const struct session_row *row, struct actor *a)
{
    if (row->once_ms != I64_NONE)
        a->must |= MUST_PASSWORD;
    if (row->factors == 0 && (a->roles & access_factor_roles(cx->cat)))
        a->must |= MUST_FACTOR;
    if (a->must) {
        a->roles = 0;
        a->n_memberships = 0;
    }
    a->roles |= ROLE_SIGNED_IN;
}

static enum err read_rights(struct cx *cx, struct str token_hash, int64_t *ret_expires_ms)
{
    struct session_row row;
    struct list rows;
    enum err e = db_one(cx->db, cx->a, &SESSION_BY_TOKEN, ARGS(B(token_hash), I(cx->now_ms)),
        &session_row_record, &row);
    if (e != OK)
        return e == E_MISSING ? E_LOGIN : e;
    struct actor a = { .kind = ACTOR_STAFF, .account = row.account, .name = row.name,
        .username = row.username, .csrf = row.csrf, .session = token_hash };
    TRY(db_rows(cx->db, cx->a, &MEMBERSHIPS, ARGS(I(row.account)), &member_row_record,
        MEMBERSHIPS_MAX, &rows));
    const struct member_row *m = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        const struct role_row *role = role_by_word(m[i].role);
        if (role == NULL)
            continue;
        a.memberships[a.n_memberships++] = (struct membership){ m[i].unit, role->role };
        a.roles |= role->role;
    }
    hold_back(cx, &row, &a);
    cx->actor = a;
    *ret_expires_ms = row.expires_ms;
    return OK;
}

enum err access_by_session(struct cx *cx, struct str token)
{
    struct hash h = token_hash(cx->keys, token);
    struct str token_hash = arena_str(cx->a, hash_str(&h));
    struct sessions *kept = cx->services.sessions;
    int64_t expires_ms;
    uint64_t moment = 0;
    if (kept && sessions_get(kept, cx->a, token_hash, cx->now_ms, &cx->actor, &moment))
        return OK;
    TRY(read_rights(cx, token_hash, &expires_ms));
    if (kept)
        sessions_put(kept, &cx->actor, expires_ms, cx->now_ms, moment);
    return OK;
}

_Static_assert((int)SCOPE_UNITS_MAX >= (int)MEMBERSHIPS_MAX, "a scope holds all memberships");

static void scope_of_staff(const struct cx *cx, struct db_scope *s)
{
    s->sees = DB_SEES_STAFF;
    s->account = cx->actor.account;
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *m = &cx->actor.memberships[i];
        const struct role_row *role = role_by_bit(m->role);
        const struct unit *u = unit_find(cx->cat, m->unit);
        if (role == NULL || u == NULL || role->sees == SEES_NOTHING)
            continue;
        s->units[s->n_units++] = u->id;
        struct region r = region_of(u->region);
        if (role->sees == SEES_REGION)
            s->regions[s->n_regions++] = (struct db_region){ r.from, r.to };
    }
}

/* The report that a code was made for, and the one that it opens now. */
static void scope_of_report(struct db *db, const struct actor *a)
{
    db_scope(db, &(struct db_scope){ .sees = DB_SEES_MATTERS, .n_matters = 2,
        .matters = { a->code.matter, a->matter } });
}

void access_scope(struct cx *cx)
{
    struct db_scope s = { .sees = DB_SEES_NOTHING };
    switch (cx->actor.kind) {
    case ACTOR_REPORTER: scope_of_report(cx->db, &cx->actor); return;
    case ACTOR_STAFF: scope_of_staff(cx, &s); break;
    case ACTOR_PUBLIC: s.sees = DB_SEES_PUBLIC; break;
    case ACTOR_SYSTEM: break;       /* has writers and overseers, which see all */
    }
    db_scope(cx->db, &s);
}

void access_scope_of_unit(struct cx *cx, int64_t unit)
{
    db_scope(cx->db, &(struct db_scope){ .sees = DB_SEES_STAFF, .units = { unit }, .n_units = 1 });
}

/* Which report the code opens: the one it was made for, or where that went when matters were
 * merged. */
static enum err read_report(struct cx *cx, const struct code_opens *made_for)
{
    struct actor a = { .kind = ACTOR_REPORTER, .roles = ROLE_REPORTER, .area = made_for->area,
        .matter = made_for->matter_id, .no = made_for->reporter_no,
        .code = { made_for->matter_id, made_for->reporter_no } };
    int64_t no = a.no;
    enum err e;
    scope_of_report(cx->db, &a);
    while ((e = db_number(cx->db, &REPORTER, ARGS(I(a.area), I(a.matter), I(a.no),
        I(code_who(a.no))), &no)) == E_MISSING) {
        struct merged_row row;
        TRY(db_one(cx->db, cx->a, &MERGED, ARGS(I(a.area), I(a.matter)), &merged_row_record, &row));
        a.matter = row.into;
        a.no += row.added;
        scope_of_report(cx->db, &a);
    }
    a.no = no;
    if (e == OK)
        cx->actor = a;
    return e;
}

enum err access_refresh(struct cx *cx)
{
    struct actor *a = &cx->actor;
    int64_t expires_ms;
    switch (a->kind) {
    case ACTOR_STAFF: return read_rights(cx, a->session, &expires_ms);
    case ACTOR_REPORTER: return read_report(cx, &(struct code_opens){ (uint32_t)a->area,
        a->code.matter, a->code.no });
    case ACTOR_PUBLIC: case ACTOR_SYSTEM: break;
    }
    return OK;
}

enum err access_by_code(struct cx *cx, struct str text)
{
    struct code code;
    enum code_fault fault = code_parse(text, &code);
    if (fault != CODE_OK)
        return cx_fail(cx, E_INPUT, "code", code_fault_text(fault));
    struct code_opens made_for = code_open(cx->keys, &code);
    return read_report(cx, &made_for);
}

enum err access_session_make(struct cx *cx, int64_t account, struct str *ret_token,
    struct str *ret_csrf)
{
    struct token token = token_new(cx->rand), csrf = token_new(cx->rand);
    struct hash h = token_hash(cx->keys, str_c(token.text));
    TRY(db_exec(cx->db, &SESSION_MAKE, ARGS(B(hash_str(&h)), I(account), S(str_c(csrf.text)),
        I(cx->now_ms), I(cx->now_ms + SESSION_HOURS * INT64_C(3600000)),
        S(cx->address.p ? cx->address : STR("")), S(cx->device.p ? cx->device : STR(""))), NULL));
    *ret_token = arena_dup(cx->a, token.text, TOKEN_CHARS);
    *ret_csrf = arena_dup(cx->a, csrf.text, TOKEN_CHARS);
    int64_t expires_ms;
    return read_rights(cx, arena_str(cx->a, hash_str(&h)), &expires_ms);
}

enum err access_session_end(struct cx *cx)
{
    return db_exec(cx->db, &SESSION_END, ARGS(B(cx->actor.session)), NULL);
}

enum { SESSION_ID_BYTES = 8 };

/* Enough of the hash to tell a person's own sessions apart. */
static struct str session_id(struct cx *cx, struct str token_hash)
{
    struct buf b = buf_in(cx->a, 32);
    buf_hex(&b, (struct str){ token_hash.p, SESSION_ID_BYTES });
    return buf_str(&b);
}

static enum err sessions_read(struct cx *cx, int64_t account, struct list *ret)
{
    return db_rows(cx->db, cx->a, &SESSIONS, ARGS(I(account), I(cx->now_ms)), &kept_session_record,
        SESSIONS_SHOWN, ret);
}

enum err access_sessions(struct cx *cx, int64_t account, struct list *ret)
{
    struct list rows;
    TRY(sessions_read(cx, account, &rows));
    const struct kept_session *s = rows.p;
    struct own_session *own = NEW_N(cx->a, struct own_session, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        own[i] = (struct own_session){ session_id(cx, s[i].token), s[i].made_ms, s[i].address,
            s[i].device, str_eq(s[i].token, cx->actor.session) };
    *ret = (struct list){ own, rows.n };
    return OK;
}

/* Those that fit, but one; how many there were. */
static enum err end_some(struct cx *cx, int64_t account, struct str but, struct str id)
{
    struct list rows;
    TRY(sessions_read(cx, account, &rows));
    const struct kept_session *s = rows.p;
    struct str *ended = NEW_N(cx->a, struct str, rows.n + 1);
    cx->ended = (struct list){ ended, 0 };
    for (size_t i = 0; i < rows.n; i++) {
        if (str_eq(s[i].token, but) || (id.n && !str_eq(session_id(cx, s[i].token), id)))
            continue;
        TRY(db_exec(cx->db, &SESSION_END, ARGS(B(s[i].token)), NULL));
        ended[cx->ended.n++] = s[i].token;
    }
    return OK;
}

enum err access_sessions_end(struct cx *cx, int64_t account, struct str but)
{
    do
        TRY(end_some(cx, account, but, STR_NONE));
    while (cx->ended.n == SESSIONS_SHOWN);
    return OK;
}

enum err access_session_end_one(struct cx *cx, int64_t account, struct str id)
{
    TRY(end_some(cx, account, STR_NONE, id));
    return cx->ended.n ? OK : E_MISSING;
}

static struct str place_hash(struct cx *cx, struct str token)
{
    struct hash h = token_hash(cx->keys, token);
    return arena_str(cx->a, hash_str(&h));
}

enum err access_sign_in(struct cx *cx, struct str username, struct sign_in *ret)
{
    struct account account;
    int64_t places = 0;
    *ret = (struct sign_in){ .known = false };
    enum err e = access_account(cx, username, &account);
    if (e != OK)
        return e == E_MISSING ? OK : e;
    if (cx->place.n)
        TRY(db_number(cx->db, &PLACE_KNOWN, ARGS(I(account.id), B(place_hash(cx, cx->place)),
            I(cx->now_ms - PLACE_DAYS * (int64_t)CLOCK_DAY_MS)), &places));
    *ret = (struct sign_in){ places > 0, account.id, account.unlocked };
    return OK;
}

enum err access_place_keep(struct cx *cx, int64_t account)
{
    if (cx->place.n == 0) {
        struct token t = token_new(cx->rand);
        cx->new_place = arena_dup(cx->a, t.text, TOKEN_CHARS);
    }
    struct str token = cx->place.n ? cx->place : cx->new_place;
    return db_exec(cx->db, &PLACE_KEEP, ARGS(I(account), B(place_hash(cx, token)), I(cx->now_ms)),
        NULL);
}

enum err access_account(struct cx *cx, struct str username, struct account *ret)
{
    return db_one(cx->db, cx->a, &ACCOUNT_BY_NAME, ARGS(S(username)), &account_record, ret);
}

enum err access_directs(struct cx *cx, struct list *ret)
{
    enum { DIRECTED_MAX = 20 };
    return db_rows(cx->db, cx->a, &DIRECTED, ARGS(I(cx->actor.account)), &directed_row_record,
        DIRECTED_MAX, ret);
}

enum err access_account_name(struct cx *cx, int64_t account, struct str *ret)
{
    struct account row;
    enum err e = account == 0 ? E_MISSING
        : db_one(cx->db, cx->a, &ACCOUNT_BY_ID, ARGS(I(account)), &account_record, &row);
    if (e != OK && e != E_MISSING)
        return e;
    *ret = e == OK ? row.name : STR("");
    return OK;
}

struct region region_of(int64_t division)
{
    int64_t width = division % INT64_C(100000000) == 0 ? INT64_C(100000000)   /* city */
        : division % 1000000 == 0 ? 1000000                                   /* county */
        : division % 1000 == 0 ? 1000                                         /* township */
        : 1;
    return (struct region){ division, division + width - 1 };
}

bool access_region(const struct cx *cx, struct region *ret, const struct unit **ret_unit)
{
    bool found = false;
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *m = &cx->actor.memberships[i];
        const struct role_row *role = role_by_bit(m->role);
        const struct unit *u = unit_find(cx->cat, m->unit);
        if (role == NULL || u == NULL || role->sees != SEES_REGION)
            continue;
        struct region r = region_of(u->region);
        if (found && r.to - r.from <= ret->to - ret->from)
            continue;
        found = true;
        *ret = r;
        *ret_unit = u;
    }
    return found;
}

unsigned access_roles_in(const struct actor *a, int64_t unit)
{
    unsigned roles = 0;
    for (size_t i = 0; i < a->n_memberships; i++)
        if (a->memberships[i].unit == unit)
            roles |= a->memberships[i].role;
    return roles;
}

bool access_is_member(const struct actor *a, int64_t unit)
{
    return access_roles_in(a, unit) != 0;
}

enum err access_note(struct cx *cx, const struct personal_read *r)
{
    const struct actor *a = &cx->actor;
    const struct role_row *role = a->n_memberships ? role_by_bit(a->memberships[0].role) : NULL;
    const char *word = role ? role->word : a->kind == ACTOR_REPORTER ? "reporter"
        : a->kind == ACTOR_SYSTEM ? "system" : "";
    return db_exec(cx->db, &ACCESS_LOG, ARGS(I(r->area), I(cx_next_id(cx)), I(cx->now_ms),
        I(a->account), I(r->matter), I(r->no), S(str_c(r->fields)), S(r->purpose),
        I(a->n_memberships ? a->memberships[0].unit : 0), S(str_c(word))), NULL);
}
