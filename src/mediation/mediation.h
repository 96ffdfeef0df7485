/* mediation.h: people's mediation (the law of 2010): a dispute is a matter of its own kind with its
 * own course of steps, held by a committee, and with parties instead of reporters. Nothing goes on
 * without the consent of each of them; what they agree binds from the last signature on; the
 * committee sees that it is kept. */
#pragma once
#include "matter/intake.h"
#include "matter/life.h"
#include "spine/module.h"

#define DISPUTE(X, R) \
    X(R, I64, unit, 0, 0, 0, NULL, "committee that has it") \
    X(R, STR, type, 0, 0, 0, NULL, "one of dispute_types") \
    X(R, STR, kind, 0, 0, 0, NULL, "code of dispute_kinds, or empty") \
    X(R, STR, source, 0, 0, 0, NULL, "where it came from, one of dispute_sources") \
    X(R, STR, came_from, 0, 0, 0, NULL, "number of the report it came from, or empty") \
    X(R, I64, status, 0, 0, 1, NULL, "1: about family status") \
    X(R, STR, class, 0, 0, 0, NULL, "simple, ordinary, hard, major, or empty") \
    X(R, STR, docket, 0, 0, 0, NULL, "number in the committee's book, or empty") \
    X(R, I64, open_door, 0, 0, 1, NULL, "1: the parties chose open sessions") \
    X(R, I64, written, 0, 0, 1, NULL, "1: a party asked for a written agreement") \
    X(R, STR, form, 0, 0, 0, NULL, "written, oral, or empty") \
    X(R, I64, amount_fen, 0, 0, 0, NULL, "what the agreement is about, fen") \
    X(R, I64, accepted_ms, 0, 0, 0, NULL, "accepted at") \
    X(R, I64, sealed_ms, 0, 0, 0, NULL, "the committee sealed it") \
    X(R, I64, effective_ms, 0, 0, 0, NULL, "from when it binds") \
    X(R, STR, confirm, 0, 0, 0, NULL, "applied, confirmed, dismissed, or empty") \
    X(R, I64, confirm_ms, 0, 0, 0, NULL, "since when") \
    X(R, I64, studio, 0, 0, 0, NULL, "studio that has it for the committee, or 0") \
    X(R, I64, party_last, 0, 0, 0, NULL, "number that a party was given last")
RECORD(dispute, DISPUTE)

#define PARTY(X, R) \
    X(R, I64, no, 0, 0, 0, NULL, "number, as of reporters") \
    X(R, STR, side, 0, 0, 0, NULL, "applicant or respondent") \
    X(R, STR, kind, 0, 0, 0, NULL, "person or organisation") \
    X(R, STR, role, 0, 0, 0, NULL, "party, representative, agent or guardian") \
    X(R, I64, stands_for, 0, 0, 0, NULL, "party that an agent or guardian acts for, or 0") \
    X(R, STR, scope, 0, 0, 0, NULL, "what an agent may do, words") \
    X(R, I64, minor, 0, 0, 1, NULL, "under age: a guardian must be there") \
    X(R, STR, consent, 0, 0, 0, NULL, "asked, given, refused or withdrawn") \
    X(R, STR, consent_how, 0, 0, 0, NULL, "in what way it was said") \
    X(R, I64, consent_ms, 0, 0, 0, NULL, "when; or since when asked anew") \
    X(R, I64, told_ms, 0, 0, 0, NULL, "rights and duties were read") \
    X(R, STR, signed_how, 0, 0, 0, NULL, "signature, seal, fingerprint, or empty") \
    X(R, I64, signed_ms, 0, 0, 0, NULL, "when") \
    X(R, I64, court_ms, 0, 0, 0, NULL, "asked for the court's confirmation") \
    X(R, I64, stop_ms, 0, 0, 0, NULL, "under age, and said they want to stop") \
    X(R, I64, described, 0, 0, 1, NULL, "an organisation whose code, seat and head are known") \
    X(R, I64, title_ms, 0, 0, 0, NULL, "said that the agreement decides title") \
    X(R, STR, title_how, 0, 0, 0, NULL, "in what way, or empty") \
    X(R, I64, since_ms, 0, 0, 0, NULL, "noted at") \
    X(R, I64, spoken_ms, 0, 0, 0, NULL, "first said a word, asked anew or not")
RECORD(party, PARTY)

#define MEDIATOR(X, R) \
    X(R, I64, account, 0, 0, 0, NULL, "who") \
    X(R, STR, chosen, 0, 0, 0, NULL, "by parties or committee") \
    X(R, STR, disclosure, 0, 0, 0, NULL, "own interest or relation, or empty") \
    X(R, I64, since_ms, 0, 0, 0, NULL, "named at") \
    X(R, I64, left_ms, 0, 0, 0, NULL, "no longer of this case since") \
    X(R, I64, signed_ms, 0, 0, 0, NULL, "signed the agreement")
RECORD(mediator, MEDIATOR)

#define GUEST(X, R) \
    X(R, I64, no, 0, 0, 0, NULL, "number in the dispute") \
    X(R, STR, kind, 0, 0, 0, NULL, "one of guest_kinds") \
    X(R, BYTES, data_key, 0, 0, 0, NULL, "key of the name") \
    X(R, BYTES, name, 0, 0, 0, NULL, "sealed") \
    X(R, STR, agreed, 0, 0, 0, NULL, "numbers of the parties that agree") \
    X(R, I64, admitted_ms, 0, 0, 0, NULL, "when all had agreed")
RECORD(guest, GUEST)

#define SITTING(X, R) \
    X(R, I64, no, 0, 0, 0, NULL, "number in the dispute") \
    X(R, I64, planned_ms, 0, 0, 0, NULL, "when it is to begin") \
    X(R, I64, minutes, 0, 0, 0, NULL, "how long") \
    X(R, STR, place, 0, 0, 0, NULL, "where") \
    X(R, I64, open_door, 0, 0, 1, NULL, "others may listen") \
    X(R, I64, at_ms, 0, 0, 0, NULL, "when it took place") \
    X(R, I64, seq, 0, 0, 0, NULL, "entry of its record") \
    X(R, STR, result, 0, 0, 0, NULL, "agreed, continue, failed, cancelled, or empty")
RECORD(sitting, SITTING)

#define PROMISE(X, R) \
    X(R, I64, no, 0, 0, 0, NULL, "number in the dispute") \
    X(R, I64, round, 0, 0, 0, NULL, "agreement it belongs to") \
    X(R, I64, party, 0, 0, 0, NULL, "who owes it") \
    X(R, STR, what, 0, 0, 0, NULL, "what") \
    X(R, I64, amount_fen, 0, 0, 0, NULL, "how much, or 0 for an act") \
    X(R, I64, due_ms, 0, 0, 0, NULL, "by when") \
    X(R, STR, way, 0, 0, 0, NULL, "in what way") \
    X(R, STR, place, 0, 0, 0, NULL, "where") \
    X(R, I64, kept_ms, 0, 0, 0, NULL, "kept") \
    X(R, I64, broken_ms, 0, 0, 0, NULL, "found broken")
RECORD(promise_row, PROMISE)

/* One that was not kept, and was mediated anew; its promises are those of its round. */
#define AGREEMENT(X, R) \
    X(R, I64, round, 0, 0, 0, NULL, "which round of the dispute") \
    X(R, I64, unit, 0, 0, 0, NULL, "committee that had it") \
    X(R, I64, studio, 0, 0, 0, NULL, "studio that had it, or 0") \
    X(R, STR, form, 0, 0, 0, NULL, "written or oral") \
    X(R, I64, amount_fen, 0, 0, 0, NULL, "what it is about, fen") \
    X(R, I64, effective_ms, 0, 0, 0, NULL, "from when it bound") \
    X(R, STR, confirm, 0, 0, 0, NULL, "applied, confirmed, dismissed, or empty") \
    X(R, I64, confirm_ms, 0, 0, 0, NULL, "since when") \
    X(R, I64, ended_ms, 0, 0, 0, NULL, "mediation began again") \
    X(R, STR, docket, 0, 0, 0, NULL, "number in the book of that committee, or empty")
RECORD(agreement, AGREEMENT)

#define TRANSFER(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number of the hand-over") \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "of the dispute") \
    X(R, ID, from_unit, REQUIRED, 0, 0, NULL, "who sends it; 0: outside this system") \
    X(R, STR, from_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, ID, to_unit, REQUIRED, 0, 0, NULL, "who gets it; 0: outside this system") \
    X(R, STR, to_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, STR, document, REQUIRED, 0, 0, NULL, "number of the letter, or empty") \
    X(R, STR, consents, REQUIRED, 0, 0, NULL, \
        "parties that agreed to it, spaces between: number:how:when, or the number alone") \
    X(R, STR, reason, REQUIRED, 0, 0, NULL, "why") \
    X(R, TIME, sent_ms, REQUIRED, 0, 0, NULL, "sent") \
    X(R, TIME, due_ms, REQUIRED, 0, 0, NULL, "to be answered by") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "sent, accepted or refused") \
    X(R, STR, answer, REQUIRED, 0, 0, NULL, "why it was refused, or what was said") \
    X(R, TIME, answered_ms, OPTIONAL, 0, 0, NULL, "answered") \
    X(R, STR, result, REQUIRED, 0, 0, NULL, "what came of it, fed back to the sender") \
    X(R, TIME, result_ms, OPTIONAL, 0, 0, NULL, "when") \
    X(R, I64, shared, REQUIRED, 0, 1, NULL, "1: what the dispute is about goes with it") \
    X(R, ID, at_unit, REQUIRED, 0, 0, NULL, \
        "who answers it now: whom it was sent to, or the committee that has the dispute since, which also notes" \
        " down what an office outside says") \
    X(R, STR, ground, REQUIRED, 0, 0, NULL, "lawful reason of a report without consent, or empty") \
    X(R, ID, said_unit, REQUIRED, 0, 0, NULL, \
        "who gave the answer or the result that stands here; 0: an office outside")
RECORD(transfer, TRANSFER)

/* What lies beside a dispute's row; guards look at it through t->side. */
enum { PARTIES_MAX = 40, SIDE_MAX = 5, MEDIATORS_MAX = 9, GUESTS_MAX = 20, SITTINGS_MAX = 200,
    PROMISES_MAX = 60, TRANSFERS_MAX = 50, ROUNDS_MAX = 30 };
struct beside {
    struct dispute dispute;
    struct list parties, mediators, guests, sittings, transfers;
    struct list promises;               /* of the present round */
    struct list earlier;                /* struct agreement, the oldest first */
    struct list names;                  /* struct contact, masked; for a step of a colleague */
    int64_t facts, facts_ms;            /* the last text of facts not in dispute, or 0; when */
    struct str facts_signed;            /* numbers of the parties that signed it */
    struct former { struct str docket; int64_t accepted_ms; } former;   /* as handed up by a step */
    bool renamed;                       /* the step gives a party another name */
    bool replaced;                      /* which is that of somebody else, not a slip put right */
    const struct beside *was;           /* as it is stored */
};
enum err beside_read(struct cx *cx, const struct matter *m, struct beside **ret) MUST_USE;
enum err dispute_load(struct taking *t) MUST_USE;
/* Its kind, or its type, in words. */
enum err dispute_name(struct cx *cx, int64_t area, int64_t id, struct str *ret) MUST_USE;
/* Promises of all rounds. */
enum err promises_read(struct cx *cx, const struct matter *m, struct list *ret) MUST_USE;

/* The 18 types of the ministry's statistics. status: of persons, not confirmable unless said
 * otherwise. */
/* ground: what is agreed may decide who owns or may use land, woods or houses. */
struct dispute_type { const char *word, *zh, *en; bool status, ground; };
extern const struct dispute_type dispute_types[];
extern const size_t dispute_types_n;
const struct dispute_type *dispute_type_by(struct str word);
/* The national list, as far as it is mediated; type: the statistics' type that it counts as. */
/* title: about who has a right in a thing or a work, which no court confirms. ground: as of types. */
struct dispute_kind { const char *code, *type, *zh, *en; bool title, ground; };
extern const struct dispute_kind dispute_kinds[];
extern const size_t dispute_kinds_n;
const struct dispute_kind *dispute_kind_by(struct str code);
/* Why this kind is not mediated and where it belongs; NOTHING_FORBIDS for all others. */
struct msg dispute_kind_bar(struct str code);
/* Why the court never confirms what is agreed in it (kind may be empty); or NOTHING_FORBIDS. */
struct msg confirm_bar(bool status, struct str kind);
/* Whether whoever asks the court first says that the agreement decides no such title. */
bool asks_ownership(const struct dispute *d);
extern const char *const dispute_sources[], *const guest_kinds[];
/* The kind of authority that hands over what comes from there, in Chinese; NULL: nobody does. */
const char *dispute_sender(struct str source);

/* As it stands in the numbers of its book. */
enum err committee_short_name(struct cx *cx, const struct unit *u, struct str *ret) MUST_USE;
/* Whether a mediator of the committee has an account that works. */
enum err committee_signs_in(struct cx *cx, int64_t unit, bool *ret) MUST_USE;

/* Days to ask the court together to confirm an agreement, from the day it binds (article 33); and
 * days before a promise is due on which its party is reminded. */
enum { CONFIRM_DAYS = 30, REMIND_DAYS = 3 };
/* The last moment to ask the court: the day on which the agreement binds does not count, the last
 * runs to midnight, and one that is free moves to the next working day (Civil Code, articles 201
 * to 203). */
int64_t confirm_until(const struct catalogue *c, int64_t effective_ms);
/* The same of a dispute; I64_NONE: nothing is to be asked, for none binds in writing, it is barred,
 * or has been asked. */
int64_t confirm_by(const struct catalogue *c, const struct dispute *d);
extern const struct step_table dispute_table;
extern const struct sql *const dispute_erase_statements[];
extern const size_t dispute_erase_statements_n;
extern const struct sql *const mediation_statements[];
extern const size_t mediation_statements_n;
