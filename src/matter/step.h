/* step.h: the life of a matter as a table. A step says from which states it leads where, who may
 * take it, which clock starts, what it needs to know and what forbids it. matter_step() is the only
 * way to change a matter; the same table lists the actions a person may take now (and why others
 * are not possible), prints the state diagram and is walked exhaustively by the tests. */
#pragma once
#include "matter/matter.h"
#include "outbox/outbox.h"

#define STEP_UNIT(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "unit asked to help") \
    X(R, STR, task, REQUIRED | MULTILINE, 1, 500, NULL, "what it is asked to do") \
    X(R, I64, days, OPTIONAL, 1, 60, NULL, "working days it has; 3 unless given")
RECORD(step_unit, STEP_UNIT)

#define STEP_PARTY(X, R) \
    X(R, STR, side, REQUIRED, 3, 10, NULL, "applicant or respondent") \
    X(R, STR, kind, OPTIONAL, 3, 12, NULL, "person (unless given) or organisation") \
    X(R, STR, role, OPTIONAL, 3, 14, NULL, "party (unless given), agent, guardian or representative") \
    X(R, I64, stands_for, OPTIONAL, 1, 40, NULL, "number of the party that an agent or guardian acts for") \
    X(R, BOOL, minor, OPTIONAL, 0, 1, NULL, "under age") \
    X(R, STR, scope, OPTIONAL, 0, 60, NULL, \
        "what an agent may do: apply evidence choose concede sign receive, spaces between") \
    X(R, STR, name, REQUIRED | PERSONAL, 1, 60, NULL, "name") \
    X(R, STR, phone, OPTIONAL | PERSONAL, 0, 40, NULL, "telephone") \
    X(R, STR, credit_code, OPTIONAL | PERSONAL, 0, 40, NULL, "of an organisation: unified social credit code") \
    X(R, STR, seat, OPTIONAL | PERSONAL, 0, 200, NULL, "of an organisation: its seat") \
    X(R, STR, head, OPTIONAL | PERSONAL, 0, 60, NULL, "of an organisation: its legal representative") \
    X(R, STR, head_post, OPTIONAL | PERSONAL, 0, 60, NULL, "that one's post")
RECORD(step_party, STEP_PARTY)

#define STEP_PROMISE(X, R) \
    X(R, I64, party, REQUIRED, 1, 40, NULL, "number of the party that owes it") \
    X(R, STR, what, REQUIRED, 2, 300, NULL, "what is to be done or paid") \
    X(R, F64, amount, OPTIONAL, 0, 1e10, NULL, "yuan, at most two decimals; none for an act") \
    X(R, TIME, due_ms, OPTIONAL, 0, 4e12, NULL, "by when") \
    X(R, STR, way, OPTIONAL, 0, 200, NULL, "in what way: to which account, in cash, by whom") \
    X(R, STR, place, OPTIONAL, 0, 200, NULL, "where")
RECORD(step_promise, STEP_PROMISE)

/* A party's word on being handed over. */
#define STEP_CONSENT(X, R) \
    X(R, I64, party, REQUIRED, 1, 40, NULL, "number of the party that agrees") \
    X(R, STR, how, REQUIRED, 3, 20, NULL, "in_person, phone, written or online") \
    X(R, TIME, at_ms, OPTIONAL, 0, 4e12, NULL, "when it was said; now unless given")
RECORD(step_consent, STEP_CONSENT)

extern const char *const yes_no[];
#define STEP_ARGS(X, R) \
    X(R, STR, number, REQUIRED | IN_PATH, 8, 24, NULL, "matter number") \
    X(R, STR, action, REQUIRED, 2, 30, NULL, "step, as listed in actions") \
    X(R, I64, seq, OPTIONAL, 1, 1e9, NULL, "version of the matter that the person saw") \
    X(R, STR, note, MULTILINE, 1, 1000, NULL, "reason or remark, for colleagues") \
    X(R, ID, unit, OPTIONAL, 0, 0, NULL, "unit it goes to") \
    X(R, ID, grid, OPTIONAL, 0, 0, NULL, "15-digit code of the grid it belongs to from now on") \
    X(R, LIST, units, OPTIONAL, 0, 8, &step_unit_record, "units asked to help") \
    X(R, ID, person, OPTIONAL, 0, 0, NULL, "account of the colleague it goes to") \
    X(R, I64, days, OPTIONAL, 1, 90, NULL, "working days asked for") \
    X(R, STR, reply, MULTILINE, 5, 2000, NULL, "answer that the reporters read") \
    X(R, STR, number2, OPTIONAL, 8, 24, NULL, "the other matter's number") \
    X(R, STR, reason, OPTIONAL, 2, 30, NULL, "lawful reason, one of those offered") \
    X(R, STR, category, OPTIONAL, 2, 8, NULL, "category code") \
    X(R, STR, text, MULTILINE, 1, 2000, NULL, "message, or what the new matter is about") \
    X(R, I64, score, OPTIONAL, 1, 5, NULL, "satisfaction, 5 is best") \
    X(R, WORDS, uploads, OPTIONAL, 0, 6, NULL, "tokens of uploaded photos") \
    X(R, LIST, parties, OPTIONAL, 0, 10, &step_party_record, "parties of a dispute to be added") \
    X(R, I64, party, OPTIONAL, 1, 40, NULL, "number of a party of the dispute") \
    X(R, STR, how, OPTIONAL, 3, 20, NULL, "in what way it was said or signed, one of those offered") \
    X(R, TIME, at_ms, OPTIONAL, 0, 4e12, NULL, "when it happened; now unless given") \
    X(R, ID, mediator, OPTIONAL, 0, 0, NULL, "account of a mediator") \
    X(R, ID, studio, OPTIONAL, 0, 0, NULL, "studio of the committee; 0: the committee itself") \
    X(R, STR, result, OPTIONAL, 3, 20, NULL, "what came of it, one of those offered") \
    X(R, LIST, promises, OPTIONAL, 0, 60, &step_promise_record, "what the agreement obliges to") \
    X(R, I64, promise, OPTIONAL, 1, 9999, NULL, "number of a promise") \
    X(R, I64, sitting, OPTIONAL, 1, 999, NULL, "number of a planned session") \
    X(R, I64, minutes, OPTIONAL, 5, 1440, NULL, "how long it is to last; 60 unless given") \
    X(R, STR, place, OPTIONAL, 2, 200, NULL, "where; the room") \
    X(R, STR, who, OPTIONAL | PERSONAL, 1, 60, NULL, "name of somebody invited") \
    X(R, I64, guest, OPTIONAL, 1, 40, NULL, "number of somebody invited") \
    X(R, ID, transfer, OPTIONAL, 0, 0, NULL, "number of a hand-over") \
    X(R, STR, office, OPTIONAL, 2, 100, NULL, "authority outside this system") \
    X(R, STR, document, OPTIONAL, 2, 60, NULL, "number of the letter") \
    X(R, LIST, consents, OPTIONAL, 0, 40, &step_consent_record, "who agrees to be handed over, how and when") \
    X(R, I64, agreement, OPTIONAL, 1, 31, NULL, "which agreement of the dispute it is about: 1st, 2nd, ..") \
    X(R, STR, ownership, OPTIONAL, 2, 3, yes_no, "yes: the agreement decides who owns or may use land, woods or houses") \
    X(R, STR, name, OPTIONAL | PERSONAL, 1, 60, NULL, "right name of a party") \
    X(R, STR, phone, OPTIONAL | PERSONAL, 0, 40, NULL, "right telephone of a party") \
    X(R, STR, kind, OPTIONAL, 3, 12, NULL, "what a party is: person or organisation") \
    X(R, STR, credit_code, OPTIONAL | PERSONAL, 0, 40, NULL, "unified social credit code") \
    X(R, STR, seat, OPTIONAL | PERSONAL, 0, 200, NULL, "where an organisation has its seat") \
    X(R, STR, head, OPTIONAL | PERSONAL, 0, 60, NULL, "legal representative of an organisation") \
    X(R, STR, head_post, OPTIONAL | PERSONAL, 0, 60, NULL, "that one's post")
RECORD(step_args, STEP_ARGS)

/* In which relation to the matter the actor must stand, with one of the step's roles. */
enum relation {
    REL_OWNER,      /* in the owner unit */
    REL_HOLDER,     /* took it, or leads the owner unit */
    REL_DESK,       /* at a desk whose territory holds the matter */
    REL_ASKED,      /* decides on the open request, and did not make it */
    REL_COHANDLER,  /* in a unit whose part is open */
    REL_STAFF,      /* may read it */
    REL_REPORTER,
    REL_SYSTEM,
};

enum { TO_SAME = -1, TO_SET = -2 };     /* TO_SET: apply decides */

#define COHANDLER(X, R) \
    X(R, ID, unit, 0, 0, 0, NULL, "unit") \
    X(R, STR, state, 0, 0, 0, NULL, "open, done, declined, or ended without a report") \
    X(R, TIME, due_ms, 0, 0, 0, NULL, "its own deadline") \
    X(R, STR, task, 0, 0, 0, NULL, "what it was asked") \
    X(R, STR, reply, 0, 0, 0, NULL, "what it did") \
    X(R, TIME, since_ms, 0, 0, 0, NULL, "asked at")
RECORD(cohandler, COHANDLER)

/* When a matter was sent to a unit or taken there, and until when it was to be taken or handled;
 * due_ms 0: never. */
#define SENDING(X, R) \
    X(R, I64, from_ms, 0, 0, 0, NULL, "") X(R, I64, due_ms, 0, 0, 0, NULL, "")
RECORD(sending, SENDING)

/* One step being taken (or considered). */
struct taking {
    struct cx *cx;
    const struct step *step;
    const struct matter *before;
    struct matter m;                    /* what it becomes */
    const struct step_args *args;
    int64_t unit;                       /* the actor's unit in this step, or 0 */
    bool to_decider;                    /* apply: it goes to the desk above, which decides */
    struct sending first;               /* of an urgent matter, in this round */
    const struct cohandler *cohandlers;
    size_t n_cohandlers;
    void *side;                         /* what the table's load() found beside the matter */
    struct entry_make entry;
};

struct step {
    const char *action, *zh, *en;
    unsigned from;                      /* states, as bits */
    int to;
    unsigned roles;
    enum relation who;
    const char *clock;                  /* stage whose limit starts; NULL: keeps running */
    const char *needs;                  /* words, as in the API; "note?" is optional */
    bool answers;                       /* every reporter is answered by it */
    bool danger;
    /* What forbids it now; {NULL,NULL} when nothing does. Looks only at t. */
    struct msg (*guard)(const struct taking *t);
    /* Changes t->m; no storage. */
    enum err (*apply)(struct taking *t);
    /* Writes what lies beside the matter's row. After apply, before the entry. */
    enum err (*store)(struct taking *t);
};
#define FROM(st) (1u << (st))
#define NOTHING_FORBIDS ((struct msg){ NULL, NULL })

/* The life of one kind of matter. load (may be NULL) reads what the guards of this kind look at
 * beside the matter's row, into t->side. called (may be NULL) says what one of this kind is, where
 * its category says less. */
struct step_table {
    const char *kind;
    const struct step *steps;
    size_t n;
    enum err (*load)(struct taking *t);
    enum err (*called)(struct cx *cx, int64_t area, int64_t id, struct str *ret);
};
extern const struct step_table life_table;              /* what is reported, found or asked for */
extern const struct step_table *const step_tables[];    /* all, in src/modules.c; life_table first */
extern const size_t step_tables_n;
enum { STEP_TABLES_MAX = 4 };

/* The table of a kind of matter; life_table unless the kind has its own. */
const struct step_table *step_table_of(struct str kind);
const struct step *step_find(const struct step_table *table, struct str action);
/* By its name alone, in whatever table; NULL when there is none. */
const struct step *step_named(struct str action);
/* The one way to change a matter: rights, state, guards, effect, row, ledger, events; all inside
 * the caller's transaction. ret (may be NULL) gets the matter afterwards.
 * E_STEP not possible now (info says why); E_DENIED; E_CONFLICT args->seq is not the newest. */
enum err matter_step(struct cx *cx, const struct matter *before, const struct step_args *args,
    struct matter *ret) MUST_USE;
/* One of many in a transaction: a step that cannot be taken leaves nothing, and *ret_why (arena)
 * says why; none when it was taken. What the database says is handed on. */
enum err matter_try_step(struct cx *cx, const struct matter *before, const struct step_args *args,
    struct str *ret_why) MUST_USE;
/* The system's step when m's alarm rings. */
struct step_args step_of_alarm(const struct matter *m);
/* An empty set of arguments for action. */
struct step_args step_args_for(const char *action);

/* What the actor may do with m now. */
#define REASON_ROW(X, R) \
    X(R, STR, code, REQUIRED, 0, 0, NULL, "code") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "in words")
RECORD(reason_row, REASON_ROW)
#define ACTION_ROW(X, R) \
    X(R, STR, action, REQUIRED, 0, 0, NULL, "step") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, BOOL, ok, REQUIRED, 0, 0, NULL, "possible now") \
    X(R, STR, why, OPTIONAL, 0, 0, NULL, "why it is not possible") \
    X(R, WORDS, needs, REQUIRED, 0, 10, NULL, "what must be given; with ? it may be") \
    X(R, LIST, reasons, OPTIONAL, 0, 10, &reason_row_record, "lawful reasons to choose from") \
    X(R, BOOL, danger, REQUIRED, 0, 0, NULL, "ask before doing it")
RECORD(action_row, ACTION_ROW)
enum err matter_actions(struct cx *cx, const struct matter *m, struct list *ret) MUST_USE;
/* The same, before it is put into words: the steps of the actor's roles in the table's order, each
 * with what stands against it. ret is an array of struct offer. */
struct offer { const struct step *step; struct msg why; };
enum err matter_offers(struct cx *cx, const struct matter *m, struct list *ret) MUST_USE;
struct action_row action_of_offer(struct cx *cx, const struct offer *o);

/* Lawful reasons of a step that needs one; empty for the others. */
struct list step_reasons(struct cx *cx, const char *action);
bool step_reason_known(const char *action, struct str code);

/* Units asked to help, those with an open part first; at most COHANDLING_MAX. */
enum { COHANDLING_MAX = 32 };
enum err cohandlers_of(struct cx *cx, const struct matter *m, struct list *ret) MUST_USE;

/* A stage's clock starts. Until an urgent matter is taken it keeps the time of its first sending,
 * and from then on that of its first taking, wherever it goes on to: handing on buys none. */
void step_clock_start(struct taking *t, const char *stage);
/* Messages (outbox.h) about a step that has been stored: to reporters what they would find under
 * their receipt codes, to those who lead a unit what is late or has come up to it. */
enum err step_tell(struct taking *t) MUST_USE;
/* The same of what a step brings with it. */
enum err step_tell_reporters(struct taking *t, enum told kind) MUST_USE;
/* Parts of taking a step, used by the walk of the tests: who may, what forbids, what changes. */
struct msg step_refusal(const struct taking *t);
enum err step_apply(struct taking *t) MUST_USE;
extern const struct sql *const step_statements[];
extern const size_t step_statements_n;
