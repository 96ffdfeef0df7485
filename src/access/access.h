/* access.h: who is acting: sessions of staff, receipt codes of reporters; and what they may see. */
#pragma once
#include "access/cx.h"

enum { SESSION_HOURS = 12 };

/* Fills cx->actor from a session token, as it was read SESSION_KEPT_MS ago at most (session.h);
 * E_LOGIN when unknown, expired or disabled. */
enum err access_by_session(struct cx *cx, struct str token) MUST_USE;
/* Fills cx->actor from a receipt code as typed. E_INPUT (field code) when it is not a code,
 * E_MISSING when no report has it. */
enum err access_by_code(struct cx *cx, struct str code) MUST_USE;
/* Reads the actor's rights again inside the transaction: E_LOGIN when a colleague's are gone; a
 * reporter's report is found where it now is. */
enum err access_refresh(struct cx *cx) MUST_USE;

/* The second lock: tells cx->db what the actor may see at most until its transaction ends
 * (db_scope()); matter_visible() says the same of one matter. */
void access_scope(struct cx *cx);
/* The same for what a unit has, whoever asks: for figures, once the handler has asked whether the
 * actor may have them. access_scope() ends it. */
void access_scope_of_unit(struct cx *cx, int64_t unit);

/* Somebody tries to sign in: by what failures are counted. known: they have signed in from this
 * browser before; unlocked: failures with another number do not count. Nobody is told whether there
 * is such an account. */
struct sign_in { bool known; int64_t account, unlocked; };
enum err access_sign_in(struct cx *cx, struct str username, struct sign_in *ret) MUST_USE;
/* From now on cx->place is known as one of the account's; a browser without a token gets one. */
enum err access_place_keep(struct cx *cx, int64_t account) MUST_USE;
enum { PLACE_DAYS = 400 };
/* Roles whose people must have a second factor, as the setting says. */
unsigned access_factor_roles(const struct catalogue *c);

/* Makes a session for the account and returns its token and CSRF token (arena). */
enum err access_session_make(struct cx *cx, int64_t account, struct str *ret_token,
    struct str *ret_csrf) MUST_USE;
enum err access_session_end(struct cx *cx) MUST_USE;
/* Ends all sessions of the account but the one with this hash (none: all); they are appended to
 * cx->ended. */
enum err access_sessions_end(struct cx *cx, int64_t account, struct str but) MUST_USE;
/* One session of the account, by session_id(); E_MISSING. */
enum err access_session_end_one(struct cx *cx, int64_t account, struct str id) MUST_USE;
#define OWN_SESSION(X, R) \
    X(R, STR, id, REQUIRED, 16, 16, NULL, "to end it by") \
    X(R, TIME, made_ms, REQUIRED, 0, 0, NULL, "signed in at") \
    X(R, STR, address, REQUIRED, 0, 0, NULL, "network address, or empty") \
    X(R, STR, device, REQUIRED, 0, 0, NULL, "browser and system, or empty") \
    X(R, BOOL, current, REQUIRED, 0, 1, NULL, "this one")
RECORD(own_session, OWN_SESSION)
enum { SESSIONS_SHOWN = 50 };
/* struct own_session, newest first. */
enum err access_sessions(struct cx *cx, int64_t account, struct list *ret) MUST_USE;

/* Account by login name; E_MISSING. */
#define ACCOUNT(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number") \
    X(R, STR, username, REQUIRED, 2, 40, NULL, "login name") \
    X(R, STR, name, REQUIRED, 1, 40, NULL, "name shown to colleagues") \
    X(R, STR, password, REQUIRED, 0, 200, NULL, "stored password hash") \
    X(R, STR, phone, OPTIONAL, 0, 20, NULL, "duty phone") \
    X(R, STR, lang, REQUIRED, 2, 5, NULL, "zh-CN or en") \
    X(R, BOOL, disabled, REQUIRED, 0, 1, NULL, "may not sign in") \
    X(R, TIME, once_ms, OPTIONAL, 0, 0, NULL, "the password was given out and is good until then") \
    X(R, I64, unlocked, REQUIRED, 0, 0, NULL, "moves when the account is unlocked")
RECORD(account, ACCOUNT)
enum err access_account(struct cx *cx, struct str username, struct account *ret) MUST_USE;
/* Committees whose director the actor is, as their register says (int64_t). */
enum err access_directs(struct cx *cx, struct list *ret) MUST_USE;
/* Name of an account for colleagues; "" when unknown. */
enum err access_account_name(struct cx *cx, int64_t account, struct str *ret) MUST_USE;

/* Division codes that begin like region: 12-digit code 320508000000 -> 320508000000..320508999999. */
struct region { int64_t from, to; };
struct region region_of(int64_t division);
static inline bool region_has(struct region r, int64_t code12)
{
    return code12 >= r.from && code12 <= r.to;
}
/* The widest territory in which one of the actor's roles sees everything; false for none. */
bool access_region(const struct cx *cx, struct region *ret, const struct unit **ret_unit);
bool access_is_member(const struct actor *a, int64_t unit);
/* Roles the actor holds in this unit. */
unsigned access_roles_in(const struct actor *a, int64_t unit);

/* That the actor read personal fields (their names, commas between) of a matter, for what; no: of
 * which reporter or party, or 0. The unit and role they have now go with it, for those who read
 * later who it was for. */
struct personal_read { int64_t area, matter, no; const char *fields; struct str purpose; };
enum err access_note(struct cx *cx, const struct personal_read *r) MUST_USE;

extern const struct sql *const access_statements[];
extern const size_t access_statements_n;
