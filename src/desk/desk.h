/* desk.h: what people who work here send and get: records of the staff API. */
#pragma once
#include "account/account.h"
#include "duty/duty.h"
#include "matter/corporate.h"
#include "matter/intake.h"
#include "matter/view.h"
#include "spine/module.h"

#define MEMBERSHIP_VIEW(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "unit") \
    X(R, STR, unit_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, STR, role, REQUIRED, 0, 0, NULL, "role") \
    X(R, STR, role_name, REQUIRED, 0, 0, NULL, "role in words") \
    X(R, I64, level, REQUIRED, 0, 0, NULL, "2 city .. 5 community") \
    X(R, STR, functions, REQUIRED, 0, 0, NULL, "functions of the unit, spaces between")
RECORD(membership_view, MEMBERSHIP_VIEW)

#define ME(X, R) \
    X(R, ID, account, REQUIRED, 0, 0, NULL, "whose drafts and unsent work these are") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, STR, username, REQUIRED, 0, 0, NULL, "login name") \
    X(R, STR, csrf, REQUIRED, 0, 0, NULL, "token to send as X-CSRF with every writing call") \
    X(R, LIST, memberships, REQUIRED, 0, 8, &membership_view_record, "units and roles") \
    X(R, WORDS, can, REQUIRED, 0, 40, NULL, "which pages there are for me: queue, handle, dispatch," \
        " approve, supervise, entry, dispute, imports, tables, regrid, duty, plates, rules," \
        " search, boundaries, mediate, tally, subsidy, accounts,"\
        " audit; fork: a witness holds a head that the log does not continue") \
    X(R, WORDS, must, REQUIRED, 0, 2, NULL, "what I must do before anything else: password, second_factor")
RECORD(me, ME)

#define LOGIN(X, R) \
    X(R, STR, username, REQUIRED, 1, 40, NULL, "login name") \
    X(R, STR, password, REQUIRED | SENSITIVE, 1, 128, NULL, "password") \
    X(R, STR, code, OPTIONAL | SENSITIVE, 0, 20, NULL, "of the second factor, or a recovery code")
RECORD(login, LOGIN)

#define NUMBER_IN(X, R) X(R, STR, number, REQUIRED | IN_PATH, 8, 24, NULL, "matter number")
RECORD(number_in, NUMBER_IN)

#define DESK_PHOTO_IN(X, R) \
    X(R, STR, number, REQUIRED | IN_PATH, 8, 24, NULL, "matter number") \
    X(R, I64, id, REQUIRED | IN_PATH, 1, 100000, NULL, "photo number") \
    X(R, STR, size, OPTIONAL, 4, 5, photo_sizes, "full or thumb")
RECORD(desk_photo_in, DESK_PHOTO_IN)

extern const char *const view_words[];
extern const char *const order_words[];
#define LIST_IN(X, R) \
    X(R, STR, view, OPTIONAL, 3, 10, view_words, "which matters; unit unless given") \
    X(R, STR, order, OPTIONAL, 3, 3, order_words, "due: open, by deadline; new: all of unit or region, newest first") \
    X(R, ID, unit, OPTIONAL, 0, 0, NULL, "one of my units; the first unless given") \
    X(R, STR, state, OPTIONAL, 0, 12, state_words, "only this state") \
    X(R, STR, category, OPTIONAL, 0, 8, NULL, "only categories beginning so") \
    X(R, I64, tier, OPTIONAL, 1, 4, NULL, "only this tier") \
    X(R, ID, grid, OPTIONAL, 0, 0, NULL, "only this grid") \
    X(R, TIME, from_ms, OPTIONAL, 0, 4e12, NULL, "reported at or after") \
    X(R, TIME, to_ms, OPTIONAL, 0, 4e12, NULL, "reported before") \
    X(R, STR, after, OPTIONAL, 0, 64, NULL, "cursor: next of the page before") \
    X(R, I64, limit, OPTIONAL, 1, 100, NULL, "rows; 50 unless given")
RECORD(list_in, LIST_IN)

/* What a list shows of a matter; the page of one matter begins with the same fields. */
#define MATTER_ROW(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "number") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "kind") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "state") \
    X(R, STR, state_name, REQUIRED, 0, 0, NULL, "state in words") \
    X(R, STR, category, REQUIRED, 0, 0, NULL, "category code") \
    X(R, STR, category_name, REQUIRED, 0, 0, NULL, "category") \
    X(R, I64, tier, REQUIRED, 1, 4, NULL, "1 ordinary .. 4 emergency") \
    X(R, STR, tier_name, REQUIRED, 0, 0, NULL, "tier in words") \
    X(R, STR, title, REQUIRED, 0, 0, NULL, "first words") \
    X(R, STR, place_text, REQUIRED, 0, 0, NULL, "where, as reported") \
    X(R, STR, place_name, REQUIRED, 0, 0, NULL, "where, by division and grid") \
    X(R, ID, grid, REQUIRED, 0, 0, NULL, "grid code or 0") \
    X(R, F64, lon, OPTIONAL, 0, 0, NULL, "longitude, WGS-84") \
    X(R, F64, lat, OPTIONAL, 0, 0, NULL, "latitude, WGS-84") \
    X(R, ID, owner_unit, REQUIRED, 0, 0, NULL, "unit responsible") \
    X(R, STR, owner_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, BOOL, taken, REQUIRED, 0, 0, NULL, "somebody took it") \
    X(R, TIME, due_ms, OPTIONAL, 0, 0, NULL, "deadline") \
    X(R, BOOL, overdue, REQUIRED, 0, 0, NULL, "past it") \
    X(R, I64, supervised, REQUIRED, 0, 2, NULL, "0 no, 1 supervised, 2 listed") \
    X(R, STR, ask, OPTIONAL, 0, 0, NULL, "request waiting: extension, deferral or return") \
    X(R, TIME, created_ms, REQUIRED, 0, 0, NULL, "reported at") \
    X(R, I64, unanswered, REQUIRED, 0, 0, NULL, "reporters without answer") \
    X(R, I64, joined, REQUIRED, 0, 0, NULL, "people who reported it") \
    X(R, I64, seq, REQUIRED, 0, 0, NULL, "version")
RECORD(matter_row, MATTER_ROW)

#define MATTER_PAGE(X, R) \
    X(R, LIST, items, REQUIRED, 0, 100, &matter_row_record, "matters") \
    X(R, STR, next, OPTIONAL, 0, 0, NULL, "cursor of the next page; there may be one though this one is short or empty")
RECORD(matter_page, MATTER_PAGE)

#define COUNTS(X, R) \
    X(R, I64, mine, REQUIRED, 0, 1000, NULL, "I took") \
    X(R, I64, unit, REQUIRED, 0, 1000, NULL, "with my unit") \
    X(R, I64, pool, REQUIRED, 0, 1000, NULL, "with my unit, not taken") \
    X(R, I64, cohandle, REQUIRED, 0, 1000, NULL, "my unit is asked to help") \
    X(R, I64, ask, REQUIRED, 0, 1000, NULL, "requests for my unit to decide") \
    X(R, I64, overdue, REQUIRED, 0, 1000, NULL, "past the deadline in my territory, or with my unit") \
    X(R, I64, due_today, REQUIRED, 0, 1000, NULL, "with my unit, due within a day")
RECORD(counts, COUNTS)

#define REPORTER_VIEW(X, R) \
    X(R, I64, no, REQUIRED, 0, 0, NULL, "position among the reporters") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "masked name, or empty") \
    X(R, STR, phone, REQUIRED, 0, 0, NULL, "masked phone, or empty") \
    X(R, BOOL, has_contact, REQUIRED, 0, 0, NULL, "can be called") \
    X(R, BOOL, confidential, REQUIRED, 0, 0, NULL, "asked for confidence") \
    X(R, TIME, joined_ms, REQUIRED, 0, 0, NULL, "reported at") \
    X(R, BOOL, answered, REQUIRED, 0, 0, NULL, "answered in this round") \
    X(R, I64, score, OPTIONAL, 1, 5, NULL, "rating") \
    X(R, STR, rating_text, OPTIONAL, 0, 0, NULL, "rating in words")
RECORD(reporter_view, REPORTER_VIEW)

#define COHANDLER_VIEW(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "unit") \
    X(R, STR, unit_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "open, done, declined, or ended without a report") \
    X(R, TIME, due_ms, REQUIRED, 0, 0, NULL, "its deadline") \
    X(R, BOOL, overdue, REQUIRED, 0, 0, NULL, "past it") \
    X(R, STR, task, REQUIRED, 0, 0, NULL, "what it was asked") \
    X(R, STR, reply, OPTIONAL, 0, 0, NULL, "what it reported")
RECORD(cohandler_view, COHANDLER_VIEW)

#define LINK_VIEW(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "the other matter") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "merged, parent, child or related") \
    X(R, STR, kind_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, STR, title, REQUIRED, 0, 0, NULL, "its first words") \
    X(R, STR, state_name, REQUIRED, 0, 0, NULL, "its state")
RECORD(link_view, LINK_VIEW)

#define CLOCK_VIEW(X, R) \
    X(R, STR, stage, REQUIRED, 0, 0, NULL, "stage whose limit runs") \
    X(R, TIME, from_ms, REQUIRED, 0, 0, NULL, "since") \
    X(R, TIME, due_ms, OPTIONAL, 0, 0, NULL, "deadline") \
    X(R, STR, rule, OPTIONAL, 0, 0, NULL, "why then") \
    X(R, BOOL, paused, REQUIRED, 0, 0, NULL, "deferred") \
    X(R, BOOL, provisional, REQUIRED, 0, 0, NULL, "beyond the known calendar")
RECORD(clock_view, CLOCK_VIEW)

#define ROUTE_VIEW(X, R) \
    X(R, STR, rule, REQUIRED, 0, 0, NULL, "rule that chose the first unit") \
    X(R, STR, why, REQUIRED, 0, 0, NULL, "its reason") \
    X(R, I64, handovers, REQUIRED, 0, 0, NULL, "how often a unit handed it on in this round") \
    X(R, STR, decider_name, OPTIONAL, 0, 0, NULL, "desk that alone decides, after the third") \
    X(R, STR, decider_person, OPTIONAL, 0, 0, NULL, "who was named there to decide") \
    X(R, STR, about_name, OPTIONAL, 0, 0, NULL, "unit that it is about and that may not have it") \
    X(R, STR, max_level, OPTIONAL, 0, 0, NULL, "lowest level that may have it, in words")
RECORD(route_view, ROUTE_VIEW)

#define ASK_VIEW(X, R) \
    X(R, STR, by, REQUIRED, 0, 0, NULL, "who asked") \
    X(R, STR, unit_name, REQUIRED, 0, 0, NULL, "who decides") \
    X(R, I64, days, REQUIRED, 0, 0, NULL, "working days asked for, or 0") \
    X(R, STR, reason, REQUIRED, 0, 0, NULL, "lawful reason, or empty") \
    X(R, TIME, due_ms, OPTIONAL, 0, 0, NULL, "to be decided by; none: nobody above is left")
RECORD(ask_view, ASK_VIEW)

#define MATTER_DETAIL(X, R) MATTER_ROW(X, R) \
    X(R, STR, text, REQUIRED, 0, 0, NULL, "what was reported") \
    X(R, STR, origin, REQUIRED, 0, 0, NULL, "where it came from") \
    X(R, STR, origin_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, ID, police_grid, REQUIRED, 0, 0, NULL, "police grid or 0") \
    X(R, STR, police_grid_name, REQUIRED, 0, 0, NULL, "its name, or empty") \
    X(R, BOOL, confidential, REQUIRED, 0, 0, NULL, "reporters known to the desk only") \
    X(R, STR, holder_name, REQUIRED, 0, 0, NULL, "who took it or is named to decide, or empty") \
    X(R, I64, round, REQUIRED, 0, 0, NULL, "how often it came back") \
    X(R, TIME, closed_ms, OPTIONAL, 0, 0, NULL, "ended at") \
    X(R, STR, merged_into, REQUIRED, 0, 0, NULL, "number, or empty") \
    X(R, OBJ, clock, REQUIRED, 0, 0, &clock_view_record, "the clock that runs") \
    X(R, OBJ, route, REQUIRED, 0, 0, &route_view_record, "why this unit") \
    X(R, OBJ, request, OPTIONAL, 0, 0, &ask_view_record, "request waiting for a decision") \
    X(R, LIST, duty, REQUIRED, 0, 1, &duty_view_record, "whom it is called to while nobody has taken it") \
    X(R, LIST, reporters, REQUIRED, 0, 1000, &reporter_view_record, "who reported it") \
    X(R, LIST, cohandlers, REQUIRED, 0, 64, &cohandler_view_record, "units asked to help") \
    X(R, LIST, photos, REQUIRED, 0, 200, &photo_view_record, "photos") \
    X(R, LIST, messages, REQUIRED, 0, 5000, &message_view_record, "talk with the reporters") \
    X(R, LIST, timeline, REQUIRED, 0, 5000, &timeline_view_record, "history") \
    X(R, LIST, holds, REQUIRED, 0, 5000, &hold_view_record, "who held it how long") \
    X(R, LIST, links, REQUIRED, 0, 100, &link_view_record, "linked matters") \
    X(R, LIST, actions, REQUIRED, 0, 60, &action_row_record, "what I may do now, and why not the rest")
RECORD(matter_detail, MATTER_DETAIL)

/* What list statements select. */
#define LIST_ROW(X, R) \
    X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, id, 0, 0, 0, NULL, "") \
    X(R, STR, number, 0, 0, 0, NULL, "") X(R, STR, kind, 0, 0, 0, NULL, "") \
    X(R, STR, state, 0, 0, 0, NULL, "") X(R, STR, category, 0, 0, 0, NULL, "") \
    X(R, I64, tier, 0, 0, 0, NULL, "") X(R, STR, text, 0, 0, 0, NULL, "") \
    X(R, STR, place_text, 0, 0, 0, NULL, "") X(R, F64, lon, 0, 0, 0, NULL, "") \
    X(R, F64, lat, 0, 0, 0, NULL, "") X(R, I64, town, 0, 0, 0, NULL, "") \
    X(R, I64, community, 0, 0, 0, NULL, "") X(R, I64, grid, 0, 0, 0, NULL, "") \
    X(R, I64, owner_unit, 0, 0, 0, NULL, "") X(R, I64, holder, 0, 0, 0, NULL, "") \
    X(R, I64, due_ms, 0, 0, 0, NULL, "") X(R, I64, supervised, 0, 0, 0, NULL, "") \
    X(R, STR, ask, 0, 0, 0, NULL, "") X(R, I64, created_ms, 0, 0, 0, NULL, "") \
    X(R, I64, unanswered, 0, 0, 0, NULL, "") X(R, I64, reporters, 0, 0, 0, NULL, "") \
    X(R, I64, open, 0, 0, 0, NULL, "") X(R, I64, seq, 0, 0, 0, NULL, "")
RECORD(list_row, LIST_ROW)
#define LIST_COLUMNS(m) \
    m "area, " m "id, " m "number, " m "kind, " m "state, " m "category, " m "tier, " m "text, " \
    m "place_text, " m "lon, " m "lat, " m "town, " m "community, " m "grid, " m "owner_unit, " \
    m "holder, " m "due_ms, " m "supervised, " m "ask, " m "created_ms, " m "unanswered, " \
    m "reporters, " m "open, " m "seq"

/* Which version of which matter stands in a list, and by which deadline: all that its row says
 * follows from these, the language and the catalogue. */
#define LIST_KEY(X, R) \
    X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, id, 0, 0, 0, NULL, "") \
    X(R, I64, seq, 0, 0, 0, NULL, "") X(R, I64, due_ms, 0, 0, 0, NULL, "") \
    X(R, I64, open, 0, 0, 0, NULL, "")
RECORD(list_key, LIST_KEY)

enum err desk_row(struct cx *cx, const struct list_row *r, struct matter_row *ret) MUST_USE;
struct list_row desk_list_row(const struct matter *m);
/* The page of one matter for a colleague. */
enum err desk_write_detail(struct cx *cx, const struct matter *m, struct buf *out) MUST_USE;
/* By number, if the actor may read it; else E_MISSING. */
enum err desk_matter(struct cx *cx, struct str number, struct matter *ret) MUST_USE;
/* Names and telephones of all reporters, opened (struct contact, by number); empty where there are
 * none. Whoever shows them to somebody notes it with access_note(). */
struct contact {
    int64_t no;
    struct str name, phone;
    struct corporate of;
    bool confidential;
};
enum err desk_contacts(struct cx *cx, const struct matter *m, struct list *ret) MUST_USE;
/* The same of one of them; E_MISSING: there is no such reporter. */
enum err desk_contact(struct cx *cx, const struct matter *m, int64_t no, struct contact *ret)
    MUST_USE;
/* Whether the actor may read them, for a purpose: of those who asked for confidence only a desk. */
bool desk_may_reveal(const struct cx *cx, const struct matter *m, bool confidential);
/* The same as lists show them to this colleague: masked. */
enum err desk_masked(struct cx *cx, const struct matter *m, struct list *ret) MUST_USE;
/* Writes the matters of these keys (struct list_key); those beyond limit only tell that there is a
 * next page, and so does the id down to which was looked where that was not the end (0: it was). */
enum err desk_write_page(struct cx *cx, struct list keys, int64_t limit, int64_t down_to,
    bool by_due, struct buf *out) MUST_USE;
/* The numbers (struct str) of all matters of such a list, whatever its cursor and limit say, in its
 * order; more than max is E_TOO_LARGE. */
enum err desk_numbers(struct cx *cx, const struct list_in *q, size_t max, struct list *ret)
    MUST_USE;
extern const struct sql *const desk_page_statements[];
extern const size_t desk_page_statements_n;
handler desk_login, desk_logout, desk_me, desk_list, desk_counts, desk_detail,
    desk_similar, desk_photo, desk_step, desk_entry, desk_bulk, desk_reveal, desk_units,
    desk_templates;
enum err login_prepare(struct cx *cx, const void *in) MUST_USE;
enum err entry_prepare(struct cx *cx, const void *in) MUST_USE;
extern const struct sql *const desk_list_statements[];
extern const size_t desk_list_statements_n;
extern const struct sql *const desk_detail_statements[];
extern const size_t desk_detail_statements_n;
extern const struct sql *const desk_act_statements[];
extern const size_t desk_act_statements_n;
