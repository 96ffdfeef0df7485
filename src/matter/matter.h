/* matter.h: one thing to be settled, and its row. Only matter_step() and matter_open() write it;
 * each write appends one entry to the matter's ledger in the same transaction. */
#pragma once
#include "access/access.h"
#include "catalogue/route.h"
#include "crypto/hash.h"

/* word, Chinese, English, what a resident reads (Chinese, English), open */
#define STATE_TABLE(X) \
    X(ST_RECEIVED, "received", "待派单", "To dispatch", \
        "已收到，正在确定由哪个单位办理", "Received; being assigned to the right unit", 1) \
    X(ST_ASSIGNED, "assigned", "待签收", "To be taken", \
        "已交给承办单位，等待签收", "With the responsible unit, waiting to be taken up", 1) \
    X(ST_WORKING, "working", "办理中", "In progress", \
        "已签收，正在办理", "Taken up and being worked on", 1) \
    X(ST_DEFERRED, "deferred", "挂账", "Deferred", \
        "因客观原因暂时无法办理，已定下复查日期", "Cannot be done for now for objective reasons; a review date is set", 1) \
    X(ST_ANSWERED, "answered", "已答复·待核查", "Answered, to be checked", \
        "已答复，正在核查办理结果", "Answered; the result is being checked", 1) \
    X(ST_VERIFIED, "verified", "待回访", "Awaiting your view", \
        "结果已核查，请您评价；不满意可以提出异议", "Checked; please rate the answer, or object to it", 1) \
    X(ST_CLOSED, "closed", "已办结", "Closed", "已办结", "Settled and closed", 0) \
    X(ST_REJECTED, "rejected", "不予受理", "Not accepted", \
        "依法不属于受理范围，已说明理由和其他途径", "Not a matter we may accept; the reason and other ways are stated", 0) \
    X(ST_MERGED, "merged", "已并单", "Merged", \
        "已与同一事项合并办理", "Handled together with the same matter", 0) \
    X(ST_WITHDRAWN, "withdrawn", "已撤回", "Withdrawn", "您已撤回", "Withdrawn by you", 0) \
    X(ST_REGISTERED, "registered", "待受理", "To be accepted", \
        "已登记，正在征求各方是否同意调解", "Registered; the parties are being asked whether they agree", 1) \
    X(ST_MEDIATING, "mediating", "调解中", "In mediation", \
        "各方同意，正在调解", "All agreed, and mediation is going on", 1) \
    X(ST_SIGNING, "signing", "待签署", "To be signed", \
        "已达成协议，等待各方签名、调委会盖章", "Agreement was reached and waits for signatures and seal", 1) \
    X(ST_PERFORMING, "performing", "履行中", "Being performed", \
        "协议已生效，正在履行", "The agreement binds and is being performed", 1) \
    X(ST_PERFORMED, "performed", "待回访", "To be called on", \
        "已履行完毕，调委会将回访", "Performed; the committee will call on the parties", 1) \
    X(ST_ENDED, "ended", "调解终止", "Mediation ended", \
        "调解已终止，其他途径见说明", "Mediation has ended; other ways are stated", 0)

#define X(name, word, zh, en, plain_zh, plain_en, open) name,
enum state { STATE_TABLE(X) STATE_COUNT };
#undef X
struct state_row { const char *word, *zh, *en, *plain_zh, *plain_en; bool open; };
extern const struct state_row state_table[STATE_COUNT];
extern const char *const state_words[];     /* NULL-terminated, for records */
enum state state_by_word(struct str word);  /* CHECKs that it is one */

#define MATTER(X, R) \
    X(R, I64, area, 0, 0, 0, NULL, "6-digit county code") \
    X(R, I64, id, 0, 0, 0, NULL, "internal number") \
    X(R, STR, number, 0, 0, 0, NULL, "public number") \
    X(R, STR, kind, 0, 0, 0, NULL, "report, finding, request") \
    X(R, STR, state, 0, 0, 0, state_words, "state") \
    X(R, STR, category, 0, 0, 0, NULL, "category code") \
    X(R, I64, tier, 0, 1, 4, NULL, "1 ordinary .. 4 emergency") \
    X(R, STR, origin, 0, 0, 0, NULL, "resident, patrol, phone, window, split") \
    X(R, I64, confidential, 0, 0, 1, NULL, "reporter is known to the desk only") \
    X(R, STR, text, 0, 0, 0, NULL, "what is wrong") \
    X(R, BYTES, salt, 0, 0, 0, NULL, "salt of the text's digest") \
    X(R, STR, place_text, 0, 0, 0, NULL, "where, in words") \
    X(R, F64, lon, 0, 0, 0, NULL, "degrees, WGS-84") \
    X(R, F64, lat, 0, 0, 0, NULL, "degrees, WGS-84") \
    X(R, I64, cell, 0, 0, 0, NULL, "z-order key of lon, lat") \
    X(R, I64, town, 0, 0, 0, NULL, "12-digit code or 0") \
    X(R, I64, community, 0, 0, 0, NULL, "12-digit code or 0") \
    X(R, I64, grid, 0, 0, 0, NULL, "15-digit code or 0") \
    X(R, I64, police_grid, 0, 0, 0, NULL, "code or 0") \
    X(R, I64, micro_grid, 0, 0, 0, NULL, "17-digit code or 0") \
    X(R, I64, owner_unit, 0, 0, 0, NULL, "the unit that answers for it now") \
    X(R, I64, holder, 0, 0, 0, NULL, "account that took it, or must say whose it is, or 0") \
    X(R, STR, route, 0, 0, 0, NULL, "code of the rule that routed it") \
    X(R, I64, route_version, 0, 0, 0, NULL, "version of the rules it was routed by") \
    X(R, I64, about_unit, 0, 0, 0, NULL, "unit that it is about and that may not have it, or 0") \
    X(R, I64, max_level, 0, 0, 0, NULL, "lowest level that may have it; 0: any") \
    X(R, STR, clock, 0, 0, 0, NULL, "stage whose limit runs") \
    X(R, I64, clock_from_ms, 0, 0, 0, NULL, "since when") \
    X(R, I64, due_ms, 0, 0, 0, NULL, "deadline; none when closed") \
    X(R, I64, alarm_ms, 0, 0, 0, NULL, "when the timer looks at it next") \
    X(R, I64, paused_ms, 0, 0, 0, NULL, "working time left when deferred") \
    X(R, I64, provisional, 0, 0, 1, NULL, "deadline beyond the known calendar") \
    X(R, STR, ask, 0, 0, 0, NULL, "extension, deferral, return or empty") \
    X(R, I64, ask_by, 0, 0, 0, NULL, "account that asked") \
    X(R, I64, ask_unit, 0, 0, 0, NULL, "unit that decides") \
    X(R, I64, ask_days, 0, 0, 0, NULL, "days asked for") \
    X(R, STR, ask_reason, 0, 0, 0, NULL, "why") \
    X(R, I64, ask_due_ms, 0, 0, 0, NULL, "when it must be decided; none: no request, or nobody above") \
    X(R, I64, returned_by, 0, 0, 0, NULL, "unit whose return was approved, or 0") \
    X(R, I64, handovers, 0, 0, 0, NULL, "how often a unit handed it on in this round") \
    X(R, I64, decider, 0, 0, 0, NULL, "desk that alone says whose it is, after the third, or 0") \
    X(R, I64, extended, 0, 0, 0, NULL, "extensions granted") \
    X(R, I64, supervised, 0, 0, 2, NULL, "0 no, 1 supervised, 2 listed") \
    X(R, I64, round, 0, 0, 0, NULL, "how often it came back") \
    X(R, I64, objected, 0, 0, 1, NULL, "objection used") \
    X(R, I64, reporters, 0, 0, 0, NULL, "people who reported or joined") \
    X(R, I64, unanswered, 0, 0, 0, NULL, "of them, without answer in this round") \
    X(R, I64, cohandling, 0, 0, 0, NULL, "co-handling parts still open") \
    X(R, I64, open, 0, 0, 1, NULL, "1 until it ends") \
    X(R, I64, created_ms, 0, 0, 0, NULL, "reported at") \
    X(R, I64, closed_ms, 0, 0, 0, NULL, "ended at") \
    X(R, STR, merged_into, 0, 0, 0, NULL, "number of the matter it went into") \
    X(R, I64, seq, 0, 0, 0, NULL, "last entry = version") \
    X(R, BYTES, head, 0, 0, 0, NULL, "hash of the last entry") \
    X(R, I64, held, 0, 0, 1, NULL, "kept for a proceeding: nothing of it is erased") \
    X(R, I64, erased, 0, 0, 0, NULL, "bits of what was erased (erase.h)")
RECORD(matter, MATTER)
#define MATTER_COLUMNS \
    "area, id, number, kind, state, category, tier, origin, confidential, text, salt," \
    " place_text, lon, lat, cell, town, community, grid, police_grid, micro_grid," \
    " owner_unit, holder, route, route_version, about_unit, max_level, clock, clock_from_ms," \
    " due_ms, alarm_ms, paused_ms, provisional, ask, ask_by, ask_unit, ask_days, ask_reason," \
    " ask_due_ms, returned_by, handovers, decider, extended, supervised, round, objected," \
    " reporters, unanswered, cohandling, open, created_ms, closed_ms, merged_into, seq, head, held, erased"

#define ENTRY_ROW(X, R) \
    X(R, I64, seq, 0, 0, 0, NULL, "position in the matter") \
    X(R, I64, at_ms, 0, 0, 0, NULL, "when") \
    X(R, STR, actor, 0, 0, 0, NULL, "role: reporter, system or a role of staff") \
    X(R, I64, account, 0, 0, 0, NULL, "who, or 0") \
    X(R, I64, unit, 0, 0, 0, NULL, "for which unit, or 0") \
    X(R, STR, action, 0, 0, 0, NULL, "step") \
    X(R, STR, from_state, 0, 0, 0, NULL, "before") \
    X(R, STR, to_state, 0, 0, 0, NULL, "after") \
    X(R, I64, owner_unit, 0, 0, 0, NULL, "owner after") \
    X(R, I64, holder, 0, 0, 0, NULL, "holder after") \
    X(R, I64, due_ms, 0, 0, 0, NULL, "deadline after") \
    X(R, STR, data, 0, 0, 0, NULL, "facts, canonical JSON") \
    X(R, BYTES, prev, 0, 0, 0, NULL, "hash of the entry before") \
    X(R, BYTES, hash, 0, 0, 0, NULL, "hash of this entry")
RECORD(entry_row, ENTRY_ROW)

/* E_MISSING when there is none. number is parsed tolerantly. */
enum err matter_by_number(struct cx *cx, struct str number, struct matter *ret) MUST_USE;
enum err matter_by_id(struct cx *cx, int64_t area, int64_t id, struct matter *ret) MUST_USE;
/* For who writes: E_MISSING, too, while somebody else has it in hand; does not wait for them. */
enum err matter_if_free(struct cx *cx, int64_t area, int64_t id, struct matter *ret) MUST_USE;
/* May the actor read this matter? Foreign matters are E_MISSING, not E_DENIED. */
enum err matter_visible(struct cx *cx, const struct matter *m) MUST_USE;
/* Whether only units that have, had or were asked about it may read it, whatever their territory:
 * what parties say in mediation is for those who mediate (people's mediation law, article 15).
 * Statements that look at a territory leave it out with OPEN_CIRCLE. */
#define OPEN_CIRCLE "kind <> 'dispute'"
bool matter_is_closed_circle(const struct matter *m);
struct place matter_place(const struct matter *m);
/* What rules look at, as the row has it now: a category corrected since counts as corrected. */
struct route_facts matter_route_facts(const struct matter *m);
/* The 12-digit code of the smallest division known for a matter. */
int64_t matter_division(const struct matter *m);
/* The unit has had to do with the matter and may go on reading it. */
enum err matter_involve(struct cx *cx, const struct matter *m, int64_t unit) MUST_USE;

/* One fact of an entry's data. Texts people wrote are given as digests, never as they are. */
struct fact {
    const char *name;
    enum { FACT_TEXT, FACT_NUMBER } type;
    struct str text;
    int64_t number;
};
/* Appends the next entry for m (m->seq and m->head move on) and writes the note, if any. The
 * caller stores m afterwards. text is what a person wrote, with who may read it: "public" or
 * "staff"; its salted digest goes into the entry. */
struct entry_make {
    const char *action;
    const char *actor;                  /* NULL: from cx->actor and m */
    int64_t unit;
    enum state from;
    struct str text;
    const char *audience;
    struct fact facts[16];
    size_t n_facts;
};
enum err matter_append(struct cx *cx, struct matter *m, const struct entry_make *e) MUST_USE;
void entry_fact_text(struct entry_make *e, const char *name, struct str text);
void entry_fact_number(struct entry_make *e, const char *name, int64_t number);
void entry_fact_hash(struct cx *cx, struct entry_make *e, const char *name, struct hash h);
/* What the first entry states of m. The place stands by its salted digest: it may be somebody's
 * home. */
void entry_facts_of_report(struct cx *cx, struct entry_make *e, const struct matter *m);
/* Inserts a new row, or updates the existing one if its version is still seq_before
 * (else E_CONFLICT). */
enum err matter_insert(struct cx *cx, const struct matter *m) MUST_USE;
enum err matter_update(struct cx *cx, const struct matter *m, int64_t seq_before) MUST_USE;
/* Lets live views know after the commit. */
void matter_publish(struct cx *cx, const struct matter *m);

/* The clock of a stage starts now: due, alarm, provisional. */
void matter_clock_start(struct cx *cx, struct matter *m, const char *stage);
void matter_clock_stop(struct matter *m);
/* Rings at this moment, or before it when a request must be decided by then. */
void matter_alarm_set(struct matter *m, int64_t at_ms);
/* The alarm is that of a request which waits for a decision. */
bool matter_ask_rings(const struct matter *m);

extern const struct sql *const matter_statements[];
extern const size_t matter_statements_n;
