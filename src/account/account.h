/* account.h: accounts of those who work here: who may set up whom, passwords given out and changed,
 * second factors, sessions; and the chain of what was done to each account, by whom and why. */
#pragma once
#include "access/access.h"
#include "access/roster.h"
#include "ledger/chain.h"
#include "spine/module.h"

enum { TERMS_MAX = 8, TERMS_READ = 64, CODES = 10, CHANGES_SHOWN = 100 };

/* What an administrator sends and gets ------------------------------------------------------ */

#define TERM_IN(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "unit") \
    X(R, STR, role, REQUIRED, 1, 20, NULL, "role there") \
    X(R, TIME, from_ms, OPTIONAL, 0, 4e12, NULL, "from this moment on; at once unless given") \
    X(R, TIME, to_ms, OPTIONAL, 0, 4e12, NULL, "until this moment; until further notice unless given")
RECORD(term_in, TERM_IN)

#define ACCOUNT_WHY(X, R) \
    X(R, STR, why, REQUIRED, 2, 200, NULL, "why, for the record; no personal details")
#define ACCOUNT_FACTS(X, R) \
    X(R, STR, name, REQUIRED, 1, 40, NULL, "name shown to colleagues") \
    X(R, STR, phone, OPTIONAL, 0, 20, NULL, "duty phone") \
    X(R, STR, lang, OPTIONAL, 2, 5, account_langs, "language of messages")
extern const char *const account_langs[];
#define ACCOUNT_ADD_IN(X, R) \
    X(R, STR, username, REQUIRED, 2, 40, NULL, "login name: a-z 0-9 . _ -") \
    ACCOUNT_FACTS(X, R) \
    X(R, LIST, memberships, REQUIRED, 0, TERMS_MAX, &term_in_record, "roles and where, from when to when") \
    ACCOUNT_WHY(X, R)
RECORD(account_add_in, ACCOUNT_ADD_IN)
#define ACCOUNT_ID_IN(X, R) X(R, ID, id, REQUIRED | IN_PATH, 0, 0, NULL, "number of the account")
RECORD(account_id_in, ACCOUNT_ID_IN)
#define ACCOUNT_SET_IN(X, R) ACCOUNT_ID_IN(X, R) ACCOUNT_FACTS(X, R) ACCOUNT_WHY(X, R)
RECORD(account_set_in, ACCOUNT_SET_IN)
#define ACCOUNT_TERMS_IN(X, R) ACCOUNT_ID_IN(X, R) \
    X(R, LIST, memberships, REQUIRED, 0, TERMS_MAX, &term_in_record, "all that are to be in force now or later") \
    ACCOUNT_WHY(X, R)
RECORD(account_terms_in, ACCOUNT_TERMS_IN)
extern const char *const account_acts[];
#define ACCOUNT_ACT_IN(X, R) ACCOUNT_ID_IN(X, R) \
    X(R, STR, act, REQUIRED, 4, 20, account_acts, "disable, enable, unlock, password: a new one-time" \
        " password, second_factor: take it away, sessions: end all") \
    ACCOUNT_WHY(X, R)
RECORD(account_act_in, ACCOUNT_ACT_IN)

#define TERM_VIEW(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "unit") \
    X(R, STR, unit_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, STR, role, REQUIRED, 0, 0, NULL, "role") \
    X(R, STR, role_name, REQUIRED, 0, 0, NULL, "role in words") \
    X(R, TIME, from_ms, OPTIONAL, 0, 0, NULL, "from; none: unknown") \
    X(R, TIME, to_ms, OPTIONAL, 0, 0, NULL, "until; none: further notice") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "planned, current or ended")
RECORD(term_view, TERM_VIEW)
#define ACCOUNT_CHANGE_VIEW(X, R) \
    X(R, TIME, at_ms, REQUIRED, 0, 0, NULL, "when") \
    X(R, ID, account, REQUIRED, 0, 0, NULL, "whose account") \
    X(R, STR, username, REQUIRED, 0, 0, NULL, "its login name") \
    X(R, STR, by, REQUIRED, 0, 0, NULL, "who did it; empty: the operator at the command line") \
    X(R, STR, act, REQUIRED, 0, 0, NULL, "what") \
    X(R, STR, act_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, STR, why, REQUIRED, 0, 0, NULL, "why") \
    X(R, STR, detail, REQUIRED, 0, 0, NULL, "roles after it, or empty")
RECORD(account_change_view, ACCOUNT_CHANGE_VIEW)
#define ACCOUNT_VIEW(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number") \
    X(R, STR, username, REQUIRED, 0, 0, NULL, "login name") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, STR, phone, REQUIRED, 0, 0, NULL, "duty phone, or empty") \
    X(R, STR, lang, REQUIRED, 0, 0, NULL, "language of messages") \
    X(R, BOOL, disabled, REQUIRED, 0, 0, NULL, "may not sign in") \
    X(R, TIME, once_ms, OPTIONAL, 0, 0, NULL, "has a one-time password, good until then") \
    X(R, BOOL, factor, REQUIRED, 0, 0, NULL, "has a second factor") \
    X(R, BOOL, may_change, REQUIRED, 0, 0, NULL, "I may change it") \
    X(R, STR, why_not, REQUIRED, 0, 0, NULL, "why not, or empty") \
    X(R, LIST, memberships, REQUIRED, 0, TERMS_READ, &term_view_record, "roles, also planned and past ones") \
    X(R, LIST, changes, REQUIRED, 0, CHANGES_SHOWN, &account_change_view_record, "what was done, newest first") \
    X(R, STR, password, OPTIONAL | SENSITIVE, 0, 0, NULL, "one-time password, shown only now")
RECORD(account_view, ACCOUNT_VIEW)

#define ACCOUNTS_IN(X, R) \
    X(R, STR, q, OPTIONAL, 0, 40, NULL, "part of a name or login name") \
    X(R, STR, state, OPTIONAL, 3, 8, account_states, "only those: disabled, once (one-time password), all") \
    X(R, STR, after, OPTIONAL, 0, 40, NULL, "cursor: next of the page before")
extern const char *const account_states[];
RECORD(accounts_in, ACCOUNTS_IN)
#define ACCOUNT_LINE(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number") \
    X(R, STR, username, REQUIRED, 0, 0, NULL, "login name") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, BOOL, disabled, REQUIRED, 0, 0, NULL, "may not sign in") \
    X(R, TIME, once_ms, OPTIONAL, 0, 0, NULL, "has a one-time password, good until then") \
    X(R, BOOL, factor, REQUIRED, 0, 0, NULL, "has a second factor") \
    X(R, STR, roles, REQUIRED, 0, 0, NULL, "units and roles in words")
RECORD(account_line, ACCOUNT_LINE)
#define ACCOUNTS_OUT(X, R) \
    X(R, LIST, items, REQUIRED, 0, 50, &account_line_record, "by login name") \
    X(R, STR, next, OPTIONAL, 0, 0, NULL, "cursor of the next page") \
    X(R, BOOL, may_add, REQUIRED, 0, 0, NULL, "I may add accounts")
RECORD(accounts_out, ACCOUNTS_OUT)
#define ACCOUNT_UNITS_IN(X, R) X(R, STR, q, OPTIONAL, 0, 40, NULL, "part of the name or code")
RECORD(account_units_in, ACCOUNT_UNITS_IN)
#define ROLE_CHOICE(X, R) \
    X(R, STR, role, REQUIRED, 0, 0, NULL, "role") X(R, STR, name, REQUIRED, 0, 0, NULL, "in words")
RECORD(role_choice, ROLE_CHOICE)
#define UNIT_CHOICE(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "unit") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, LIST, roles, REQUIRED, 0, 16, &role_choice_record, "roles that I may give there")
RECORD(unit_choice, UNIT_CHOICE)
#define ACCOUNT_UNITS(X, R) X(R, LIST, items, REQUIRED, 0, 30, &unit_choice_record, "units of my territory")
RECORD(account_units, ACCOUNT_UNITS)
#define CHANGES_IN(X, R) X(R, TIME, before_ms, OPTIONAL, 0, 4e12, NULL, "older than this; the newest unless given")
RECORD(changes_in, CHANGES_IN)
#define CHANGES_OUT(X, R) \
    X(R, LIST, items, REQUIRED, 0, CHANGES_SHOWN, &account_change_view_record, "newest first") \
    X(R, TIME, next_ms, OPTIONAL, 0, 0, NULL, "before_ms of the next page")
RECORD(changes_out, CHANGES_OUT)

enum err accounts_list(struct cx *cx, const void *in, struct buf *out);
enum err accounts_units(struct cx *cx, const void *in, struct buf *out);
enum err accounts_changes(struct cx *cx, const void *in, struct buf *out);
enum err account_show(struct cx *cx, const void *in, struct buf *out);
/* Each in two parts: prepare makes and hashes a password where one is to be given out. */
enum err account_add_prepare(struct cx *cx, const void *in);
enum err account_add(struct cx *cx, const void *in, struct buf *out);
enum err account_set(struct cx *cx, const void *in, struct buf *out);
enum err account_terms_set(struct cx *cx, const void *in, struct buf *out);
enum err account_act_prepare(struct cx *cx, const void *in);
enum err account_act(struct cx *cx, const void *in, struct buf *out);
/* The one-time password that prepare made, or none. */
struct str account_given(const struct cx *cx);
/* One page of those in reach. */
enum err accounts_page(struct cx *cx, const struct accounts_in *q, struct accounts_out *ret)
    MUST_USE;

/* What auditors look at ----------------------------------------------------------------------- */

enum { READS_SHOWN = 100 };
#define READS_IN(X, R) \
    X(R, I64, area, OPTIONAL, 0, 999999, NULL, \
        "6-digit county code; unless given, the one of mine in which somebody read last") \
    X(R, STR, number, OPTIONAL, 8, 24, NULL, "only this matter") \
    X(R, ID, after, OPTIONAL, 0, 0, NULL, "cursor: next of the page before")
RECORD(reads_in, READS_IN)
#define READ_VIEW(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number of the line") \
    X(R, TIME, at_ms, REQUIRED, 0, 0, NULL, "when") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "who read") \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "of which matter") \
    X(R, I64, no, REQUIRED, 0, 0, NULL, "of which reporter, or 0") \
    X(R, STR, fields, REQUIRED, 0, 0, NULL, "which fields, commas between") \
    X(R, STR, purpose, REQUIRED, 0, 0, NULL, "for what")
RECORD(read_view, READ_VIEW)
#define AREA_CHOICE(X, R) \
    X(R, I64, area, REQUIRED, 0, 0, NULL, "6-digit county code") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, TIME, last_ms, OPTIONAL, 0, 0, NULL, "when somebody read there last; told on the first page")
RECORD(area_choice, AREA_CHOICE)
#define READS_OUT(X, R) \
    X(R, I64, area, REQUIRED, 0, 0, NULL, "which county this is") \
    X(R, LIST, areas, REQUIRED, 0, 100, &area_choice_record, "those I may look at") \
    X(R, LIST, items, REQUIRED, 0, READS_SHOWN, &read_view_record, "newest first") \
    X(R, ID, next, OPTIONAL, 0, 0, NULL, "cursor of the next page")
RECORD(reads_out, READS_OUT)
enum err reads_list(struct cx *cx, const void *in, struct buf *out);
extern const struct sql *const account_reads_statements[];
extern const size_t account_reads_statements_n;

/* What everybody may do with their own ------------------------------------------------------ */

#define OWN_ACCOUNT(X, R) \
    X(R, STR, username, REQUIRED, 0, 0, NULL, "login name") \
    X(R, TIME, once_ms, OPTIONAL, 0, 0, NULL, "the password was given out and is to be changed") \
    X(R, TIME, factor_ms, OPTIONAL, 0, 0, NULL, "there is a second factor since then") \
    X(R, BOOL, factor_wanted, REQUIRED, 0, 0, NULL, "my roles need one") \
    X(R, I64, codes_left, REQUIRED, 0, 10, NULL, "recovery codes not used yet") \
    X(R, LIST, sessions, REQUIRED, 0, SESSIONS_SHOWN, &own_session_record, "where I am signed in")
RECORD(own_account, OWN_ACCOUNT)
#define OWN_PASSWORD_IN(X, R) \
    X(R, STR, current, REQUIRED | SENSITIVE, 1, 128, NULL, "password as it is") \
    X(R, STR, password, REQUIRED | SENSITIVE, 1, 1000, NULL, "the new one, 12 to 128 characters")
RECORD(own_password_in, OWN_PASSWORD_IN)
#define FACTOR_BEGIN(X, R) \
    X(R, STR, secret, REQUIRED | SENSITIVE, 0, 0, NULL, "to type where no code can be read") \
    X(R, STR, uri, REQUIRED | SENSITIVE, 0, 0, NULL, "otpauth: address") \
    X(R, STR, svg, REQUIRED | SENSITIVE, 0, 0, NULL, "the same as a QR code")
RECORD(factor_begin, FACTOR_BEGIN)
#define FACTOR_IN(X, R) \
    X(R, STR, current, REQUIRED | SENSITIVE, 1, 128, NULL, "my password") \
    X(R, STR, secret, REQUIRED | SENSITIVE, 32, 64, NULL, "as it was handed out") \
    X(R, STR, code, REQUIRED, 1, 10, NULL, "what the telephone shows now")
RECORD(factor_in, FACTOR_IN)
#define CONFIRM_IN(X, R) X(R, STR, current, REQUIRED | SENSITIVE, 1, 128, NULL, "my password")
RECORD(confirm_in, CONFIRM_IN)
#define CODES_OUT(X, R) \
    X(R, WORDS, codes, REQUIRED, 0, 10, NULL, "recovery codes, shown only now; none when asked again")
RECORD(codes_out, CODES_OUT)
#define SESSIONS_END_IN(X, R) \
    X(R, STR, which, REQUIRED, 6, 16, NULL, "a session's id, or others: all but this one")
RECORD(sessions_end_in, SESSIONS_END_IN)

enum err own_show(struct cx *cx, const void *in, struct buf *out);
enum err own_password_prepare(struct cx *cx, const void *in);
enum err own_password(struct cx *cx, const void *in, struct buf *out);
enum err own_factor_begin(struct cx *cx, const void *in, struct buf *out);
enum err own_factor_prepare(struct cx *cx, const void *in);
enum err own_factor(struct cx *cx, const void *in, struct buf *out);
enum err own_confirm_prepare(struct cx *cx, const void *in);
enum err own_factor_off(struct cx *cx, const void *in, struct buf *out);
enum err own_codes(struct cx *cx, const void *in, struct buf *out);
enum err own_sessions_end(struct cx *cx, const void *in, struct buf *out);

/* For others of this program ---------------------------------------------------------------- */

/* A second factor as somebody signs in. step >= 0: the code of that step; else recovery: the hash
 * of a recovery code. Neither: they have no second factor. */
struct factor_use { int64_t step; struct str recovery; };
/* Checks the code, on any connection. E_LOGIN noted on field "code": missing, wrong, used before. */
enum err factor_check(struct cx *cx, int64_t account, struct str code, struct factor_use *ret)
    MUST_USE;
/* Uses it up, within the transaction; E_LOGIN when somebody was quicker. */
enum err factor_take(struct cx *cx, int64_t account, const struct factor_use *u) MUST_USE;
/* What else there is of it; E_MISSING: none. */
#define FACTOR_ROW(X, R) \
    X(R, BYTES, data_key, REQUIRED, 0, 0, NULL, "") X(R, BYTES, secret, REQUIRED, 0, 0, NULL, "") \
    X(R, I64, step, REQUIRED, 0, 0, NULL, "") X(R, TIME, made_ms, REQUIRED, 0, 0, NULL, "")
RECORD(factor_row, FACTOR_ROW)
enum err factor_read(struct cx *cx, int64_t account, struct factor_row *ret) MUST_USE;
enum err factor_put(struct cx *cx, int64_t account, struct str secret, int64_t step) MUST_USE;
enum err factor_drop(struct cx *cx, int64_t account) MUST_USE;
enum err factor_codes_left(struct cx *cx, int64_t account, int64_t *ret) MUST_USE;
/* New recovery codes in place of all there are; ret lists struct str. */
enum err factor_codes_make(struct cx *cx, int64_t account, struct list *ret) MUST_USE;

/* Adds a line to the account's chain: done by cx->actor, or the operator. facts: canonical JSON. */
enum err account_note(struct cx *cx, int64_t account, const char *act, struct str why,
    struct str facts) MUST_USE;
/* Newest first: of one account, or (0) of those in the territory of cx->actor before before_ms. */
enum err account_changes(struct cx *cx, int64_t account, int64_t before_ms, struct list *ret)
    MUST_USE;
/* Reads the chains of all; c->bad_of is an account. */
enum err account_changes_check(struct db *db, struct chain_run *c) MUST_USE;

/* struct term_view of an account, by unit. */
enum err account_terms(struct cx *cx, int64_t account, struct list *ret) MUST_USE;
/* Rosters name these people: servers read them again. */
enum err account_terms_stamp(struct db *db) MUST_USE;
/* Takes terms that have begun or ended into membership; for the timer. */
enum err account_terms_round(struct db *db, int64_t now_ms) MUST_USE;

/* Who may set up whom. The operator may all. */
bool account_may_grant(const struct cx *cx, const struct unit *u, unsigned role);
/* E_MISSING: out of reach; E_DENIED, noted: in reach, but not to be changed by this actor. */
enum err account_reach(struct cx *cx, int64_t account, struct list terms) MUST_USE;
/* The widest territory in which the actor sees accounts: of one unit and those below (unit), or of
 * everybody in a region (unit 0). False: none. */
struct account_scope { struct region region; int64_t unit; };
bool account_scope(const struct cx *cx, struct account_scope *ret);

extern const struct sql *const account_statements[];
extern const size_t account_statements_n;
extern const struct sql *const account_manage_statements[];
extern const size_t account_manage_statements_n;
extern const struct sql *const account_change_statements[];
extern const size_t account_change_statements_n;
extern const struct sql *const account_own_statements[];
extern const size_t account_own_statements_n;
extern const struct sql *const account_factor_statements[];
extern const size_t account_factor_statements_n;
extern const struct sql *const account_term_statements[];
extern const size_t account_term_statements_n;
