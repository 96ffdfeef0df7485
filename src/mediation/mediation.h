/* mediation.h: people's mediation (the law of 2010): a dispute is a matter of its own kind with its
 * own course of steps, held by a committee, and with parties instead of reporters. Nothing goes on
 * without the consent of each of them; what they agree binds from the last signature on; the
 * committee sees that it is kept. */
#pragma once
#include "matter/intake.h"
#include "matter/life.h"
#include "spine/module.h"

#define DISPUTE(X, R) \
    X(R, STR, type, 0, 0, 0, NULL, "kind of dispute, one of dispute_types") \
    X(R, STR, source, 0, 0, 0, NULL, "where it came from, one of dispute_sources") \
    X(R, STR, came_from, 0, 0, 0, NULL, "number of the report it came from, or empty") \
    X(R, I64, open_door, 0, 0, 1, NULL, "1: the parties chose open sessions") \
    X(R, I64, written, 0, 0, 1, NULL, "1: a party asked for a written agreement") \
    X(R, STR, form, 0, 0, 0, NULL, "written, oral, or empty") \
    X(R, I64, amount_fen, 0, 0, 0, NULL, "what the agreement is about, fen") \
    X(R, I64, sealed_ms, 0, 0, 0, NULL, "the committee sealed it") \
    X(R, I64, effective_ms, 0, 0, 0, NULL, "from when it binds") \
    X(R, STR, confirm, 0, 0, 0, NULL, "applied, confirmed, dismissed, or empty") \
    X(R, I64, confirm_ms, 0, 0, 0, NULL, "since when")
RECORD(dispute, DISPUTE)

#define PARTY(X, R) \
    X(R, I64, no, 0, 0, 0, NULL, "number, as of reporters") \
    X(R, STR, side, 0, 0, 0, NULL, "applicant or respondent") \
    X(R, STR, kind, 0, 0, 0, NULL, "person or organisation") \
    X(R, STR, role, 0, 0, 0, NULL, "party, agent, guardian or representative") \
    X(R, I64, stands_for, 0, 0, 0, NULL, "party that an agent or guardian acts for, or 0") \
    X(R, I64, minor, 0, 0, 1, NULL, "under age: a guardian must be there") \
    X(R, STR, consent, 0, 0, 0, NULL, "asked, given, refused or withdrawn") \
    X(R, STR, consent_how, 0, 0, 0, NULL, "in what way it was said") \
    X(R, I64, consent_ms, 0, 0, 0, NULL, "when") \
    X(R, I64, told_ms, 0, 0, 0, NULL, "rights and duties were read") \
    X(R, STR, signed_how, 0, 0, 0, NULL, "signature, seal, fingerprint, or empty") \
    X(R, I64, signed_ms, 0, 0, 0, NULL, "when")
RECORD(party, PARTY)

#define MEDIATOR(X, R) \
    X(R, I64, account, 0, 0, 0, NULL, "who") \
    X(R, STR, chosen, 0, 0, 0, NULL, "by parties or committee") \
    X(R, STR, disclosure, 0, 0, 0, NULL, "own interest or relation, or empty") \
    X(R, I64, since_ms, 0, 0, 0, NULL, "named at") \
    X(R, I64, signed_ms, 0, 0, 0, NULL, "signed the agreement")
RECORD(mediator, MEDIATOR)

#define PROMISE(X, R) \
    X(R, I64, no, 0, 0, 0, NULL, "number in the dispute") \
    X(R, I64, round, 0, 0, 0, NULL, "agreement it belongs to") \
    X(R, I64, party, 0, 0, 0, NULL, "who owes it") \
    X(R, STR, what, 0, 0, 0, NULL, "what") \
    X(R, I64, amount_fen, 0, 0, 0, NULL, "how much, or 0 for an act") \
    X(R, I64, due_ms, 0, 0, 0, NULL, "by when") \
    X(R, STR, way, 0, 0, 0, NULL, "in what way, where") \
    X(R, I64, kept_ms, 0, 0, 0, NULL, "kept") \
    X(R, I64, broken_ms, 0, 0, 0, NULL, "found broken")
RECORD(promise_row, PROMISE)

/* What lies beside a dispute's row; guards look at it through t->side. */
enum { PARTIES_MAX = 40, SIDE_MAX = 5, MEDIATORS_MAX = 9, PROMISES_MAX = 240 };
struct beside {
    struct dispute dispute;
    struct list parties, mediators, promises;   /* promises of the present round */
    int64_t sittings;                           /* sessions since the last consent was given */
};
enum err beside_read(struct cx *cx, const struct matter *m, struct beside **ret) MUST_USE;
enum err dispute_load(struct taking *t) MUST_USE;

/* The 18 types of the ministry's statistics, and what bars the court's confirmation. */
struct dispute_type { const char *word, *zh, *en; bool status; /* of persons: not confirmable */ };
extern const struct dispute_type dispute_types[];
extern const size_t dispute_types_n;
const struct dispute_type *dispute_type_by(struct str word);

/* Days to ask the court together to confirm an agreement, from the day it binds (article 33). */
enum { CONFIRM_DAYS = 30 };
extern const struct step_table dispute_table;
extern const struct sql *const mediation_statements[];
extern const size_t mediation_statements_n;
