/* register.h: what is sent to register a dispute, what its file and its lists show, and the
 * register of committees. */
#pragma once
#include "mediation/mediation.h"

#define DISPUTE_IN(X, R) \
    X(R, STR, type, OPTIONAL, 3, 20, NULL, "one of the 18 types of the statistics; follows from kind") \
    X(R, STR, kind, OPTIONAL, 4, 4, NULL, "code of the national list of disputes") \
    X(R, STR, source, REQUIRED, 3, 12, dispute_sources, "how it came") \
    X(R, STR, came_from, OPTIONAL, 8, 24, NULL, "number of the report it comes from") \
    X(R, STR, text, REQUIRED | MULTILINE, 4, 2000, NULL, "what it is about, in short") \
    X(R, STR, category, OPTIONAL, 2, 8, NULL, "category; suggested from the text when missing") \
    X(R, F64, lon, OPTIONAL, -180, 180, NULL, "longitude, WGS-84") \
    X(R, F64, lat, OPTIONAL, -90, 90, NULL, "latitude, WGS-84") \
    X(R, ID, grid, OPTIONAL, 0, 0, NULL, "15-digit grid code") \
    X(R, STR, place_text, OPTIONAL, 0, 200, NULL, "where, in words") \
    X(R, BOOL, open_door, OPTIONAL, 0, 1, NULL, "the parties chose open sessions") \
    X(R, BOOL, no_status, OPTIONAL, 0, 1, NULL, "a family matter that is not about anybody's status") \
    X(R, LIST, parties, REQUIRED, 1, 10, &step_party_record, "the parties known so far") \
    X(R, STR, document, OPTIONAL, 0, 60, NULL, "number of the letter that hands it over; wanted of court and police") \
    X(R, STR, office, OPTIONAL, 0, 100, NULL, "authority outside this system that hands it over") \
    X(R, STR, reason, OPTIONAL, 0, 500, NULL, "why it is handed over; wanted of what an authority hands over") \
    X(R, LIST, consents, OPTIONAL, 0, 10, &step_consent_record, "who of the parties agreed to be handed over") \
    X(R, I64, days, OPTIONAL, 1, 30, NULL, "working days to answer the hand-over; 3 unless given")
RECORD(dispute_in, DISPUTE_IN)

#define PARTY_CODE(X, R) \
    X(R, I64, no, REQUIRED, 0, 0, NULL, "number of the party") \
    X(R, STR, code, REQUIRED, 0, 0, NULL, "opens the party's own page")
RECORD(party_code, PARTY_CODE)
#define DISPUTE_MADE(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "number of the dispute") \
    X(R, ID, committee, REQUIRED, 0, 0, NULL, "unit that has it") \
    X(R, STR, committee_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, LIST, codes, REQUIRED, 0, 10, &party_code_record, "for the committee's" \
        " own people: one for each party, to be given to that party; none for others")
RECORD(dispute_made, DISPUTE_MADE)

#define PARTY_VIEW(X, R) \
    X(R, I64, no, REQUIRED, 0, 0, NULL, "number, the same as among the reporters") \
    X(R, STR, side, REQUIRED, 0, 0, NULL, "applicant or respondent") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "person or organisation") \
    X(R, STR, role, REQUIRED, 0, 0, NULL, "party, representative, agent or guardian") \
    X(R, I64, stands_for, OPTIONAL, 0, 0, NULL, "party acted for") \
    X(R, STR, scope, REQUIRED, 0, 0, NULL, "what an agent may do, words") \
    X(R, BOOL, minor, REQUIRED, 0, 0, NULL, "under age") \
    X(R, STR, consent, REQUIRED, 0, 0, NULL, "asked, given, refused or withdrawn") \
    X(R, STR, consent_how, REQUIRED, 0, 0, NULL, "in what way") \
    X(R, TIME, consent_ms, OPTIONAL, 0, 0, NULL, "when") \
    X(R, TIME, told_ms, OPTIONAL, 0, 0, NULL, "rights and duties told") \
    X(R, STR, signed_how, REQUIRED, 0, 0, NULL, "signature, seal, fingerprint, or empty") \
    X(R, TIME, signed_ms, OPTIONAL, 0, 0, NULL, "signed the agreement") \
    X(R, TIME, court_ms, OPTIONAL, 0, 0, NULL, "asked for the court's confirmation") \
    X(R, STR, label, REQUIRED, 0, 0, NULL, "as lists call them: applicant 1, its guardian") \
    X(R, BOOL, word, REQUIRED, 0, 0, NULL, "consents, by itself or by whoever speaks for it") \
    X(R, I64, guardian, OPTIONAL, 0, 0, NULL, "number of the party that speaks for them, under age; of several the first") \
    X(R, BOOL, described, REQUIRED, 0, 0, NULL, "an organisation whose code, seat and head are known") \
    X(R, TIME, stop_ms, OPTIONAL, 0, 0, NULL, "under age, said they want to stop; for guardian and committee") \
    X(R, TIME, title_ms, OPTIONAL, 0, 0, NULL, "said that the agreement decides title: the court is not asked")
RECORD(party_view, PARTY_VIEW)

#define MEDIATOR_VIEW(X, R) \
    X(R, ID, account, REQUIRED, 0, 0, NULL, "account") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, STR, chosen, REQUIRED, 0, 0, NULL, "by parties or committee") \
    X(R, STR, disclosure, REQUIRED, 0, 0, NULL, "own interest disclosed, or empty") \
    X(R, TIME, since_ms, REQUIRED, 0, 0, NULL, "named at") \
    X(R, TIME, left_ms, OPTIONAL, 0, 0, NULL, "no longer of this case since") \
    X(R, TIME, signed_ms, OPTIONAL, 0, 0, NULL, "signed the agreement")
RECORD(mediator_view, MEDIATOR_VIEW)

#define GUEST_VIEW(X, R) \
    X(R, I64, no, REQUIRED, 0, 0, NULL, "number") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "relative, neighbour, colleague, expert or other") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, STR, agreed, REQUIRED, 0, 0, NULL, "numbers of the parties that agree") \
    X(R, TIME, admitted_ms, OPTIONAL, 0, 0, NULL, "when all had agreed")
RECORD(guest_view, GUEST_VIEW)

#define SITTING_VIEW(X, R) \
    X(R, I64, no, REQUIRED, 0, 0, NULL, "number") \
    X(R, TIME, planned_ms, OPTIONAL, 0, 0, NULL, "when it is to begin") \
    X(R, I64, minutes, REQUIRED, 0, 0, NULL, "how long") \
    X(R, STR, place, REQUIRED, 0, 0, NULL, "where") \
    X(R, BOOL, open_door, REQUIRED, 0, 0, NULL, "others may listen") \
    X(R, TIME, at_ms, OPTIONAL, 0, 0, NULL, "when it took place") \
    X(R, STR, result, REQUIRED, 0, 0, NULL, "agreed, continue, failed, cancelled; empty: to come") \
    X(R, STR, why, REQUIRED, 0, 0, NULL, "what the parties were told when it was cancelled, or empty")
RECORD(sitting_view, SITTING_VIEW)

#define PROMISE_VIEW(X, R) \
    X(R, I64, no, REQUIRED, 0, 0, NULL, "number") \
    X(R, I64, party, REQUIRED, 0, 0, NULL, "who owes it") \
    X(R, STR, what, REQUIRED, 0, 0, NULL, "what") \
    X(R, F64, amount, OPTIONAL, 0, 0, NULL, "yuan") \
    X(R, TIME, due_ms, REQUIRED, 0, 0, NULL, "by when") \
    X(R, STR, way, REQUIRED, 0, 0, NULL, "in what way") \
    X(R, STR, place, REQUIRED, 0, 0, NULL, "where") \
    X(R, TIME, kept_ms, OPTIONAL, 0, 0, NULL, "kept") \
    X(R, TIME, broken_ms, OPTIONAL, 0, 0, NULL, "found broken") \
    X(R, BOOL, overdue, REQUIRED, 0, 0, NULL, "past its term")
RECORD(promise_view, PROMISE_VIEW)

#define EARLIER_VIEW(X, R) \
    X(R, I64, no, REQUIRED, 0, 0, NULL, "which agreement it was: 1st, 2nd, ..") \
    X(R, STR, form, REQUIRED, 0, 0, NULL, "written or oral") \
    X(R, STR, text, REQUIRED, 0, 0, NULL, "what was agreed, in words") \
    X(R, F64, amount, REQUIRED, 0, 0, NULL, "yuan in it") \
    X(R, TIME, effective_ms, REQUIRED, 0, 0, NULL, "bound since") \
    X(R, TIME, broken_ms, OPTIONAL, 0, 0, NULL, "found broken") \
    X(R, TIME, ended_ms, REQUIRED, 0, 0, NULL, "mediation began again") \
    X(R, STR, confirm, REQUIRED, 0, 0, NULL, "of the court: applied, confirmed, dismissed or empty") \
    X(R, LIST, promises, REQUIRED, 0, 60, &promise_view_record, "what was promised in it")
RECORD(earlier_view, EARLIER_VIEW)

#define FINDING_VIEW(X, R) \
    X(R, STR, code, REQUIRED, 0, 0, NULL, "what is found") \
    X(R, I64, promise, OPTIONAL, 0, 0, NULL, "promise it is about") \
    X(R, BOOL, hard, REQUIRED, 0, 0, NULL, "nothing may be signed with it") \
    X(R, STR, text, REQUIRED, 0, 0, NULL, "in words")
RECORD(finding_view, FINDING_VIEW)

#define OWN_TRANSFER(X, R) \
    X(R, STR, from_name, REQUIRED, 0, 0, NULL, "who sent it") \
    X(R, STR, to_name, REQUIRED, 0, 0, NULL, "whom to") \
    X(R, STR, reason, REQUIRED, 0, 0, NULL, "why") \
    X(R, TIME, sent_ms, REQUIRED, 0, 0, NULL, "sent") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "sent, accepted or refused")
RECORD(own_transfer, OWN_TRANSFER)

#define ABOVE_VIEW(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "committee") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, STR, why_not, REQUIRED, 0, 0, NULL, "why it cannot go there now, or empty")
RECORD(above_view, ABOVE_VIEW)
enum { ABOVE_MAX = 30 };
/* Where a dispute may be handed up to, the nearest first: committees above, and of the industry. */
enum err committees_above(struct cx *cx, const struct matter *m, struct list *ret) MUST_USE;

#define DISPUTE_FILE(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "number") \
    X(R, STR, docket, REQUIRED, 0, 0, NULL, "number in the committee's book, or empty") \
    X(R, ID, committee, REQUIRED, 0, 0, NULL, "unit that has it") \
    X(R, STR, committee_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, ID, studio, OPTIONAL, 0, 0, NULL, "studio of the committee that has it") \
    X(R, STR, studio_name, REQUIRED, 0, 0, NULL, "its name, or empty") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "state") \
    X(R, STR, state_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, STR, type, REQUIRED, 0, 0, NULL, "kind of dispute") \
    X(R, STR, type_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "code of the national list, or empty") \
    X(R, STR, kind_name, REQUIRED, 0, 0, NULL, "in words, or empty") \
    X(R, STR, source, REQUIRED, 0, 0, NULL, "how it came") \
    X(R, STR, came_from, REQUIRED, 0, 0, NULL, "report it comes from, or empty") \
    X(R, STR, class, REQUIRED, 0, 0, NULL, "simple, ordinary, hard, major, or empty") \
    X(R, STR, text, REQUIRED, 0, 0, NULL, "what it is about") \
    X(R, TIME, created_ms, REQUIRED, 0, 0, NULL, "registered") \
    X(R, TIME, accepted_ms, OPTIONAL, 0, 0, NULL, "accepted") \
    X(R, TIME, due_ms, OPTIONAL, 0, 0, NULL, "what is waited for now") \
    X(R, I64, round, REQUIRED, 0, 0, NULL, "how often it began again") \
    X(R, BOOL, open_door, REQUIRED, 0, 0, NULL, "open sessions") \
    X(R, BOOL, written, REQUIRED, 0, 0, NULL, "a party asked for writing") \
    X(R, STR, form, REQUIRED, 0, 0, NULL, "written, oral or empty") \
    X(R, F64, amount, REQUIRED, 0, 0, NULL, "yuan in the agreement") \
    X(R, TIME, sealed_ms, OPTIONAL, 0, 0, NULL, "sealed") \
    X(R, TIME, effective_ms, OPTIONAL, 0, 0, NULL, "binds since") \
    X(R, BOOL, status, REQUIRED, 0, 0, NULL, "about family status, which no court confirms") \
    X(R, STR, confirm, REQUIRED, 0, 0, NULL, "of the court: applied, confirmed, dismissed or empty") \
    X(R, TIME, confirm_ms, OPTIONAL, 0, 0, NULL, "applied for") \
    X(R, TIME, confirm_by_ms, OPTIONAL, 0, 0, NULL, "last moment to ask the court; none if barred") \
    X(R, I64, party_last, REQUIRED, 0, 0, NULL, "number that a party was given last") \
    X(R, BOOL, asks_ownership, REQUIRED, 0, 0, NULL, "who asks the court says whether it decides title") \
    X(R, I64, held, REQUIRED, 0, 0, NULL, "sessions since everybody consented") \
    X(R, BOOL, facts, REQUIRED, 0, 0, NULL, "facts not in dispute are noted") \
    X(R, STR, facts_signed, REQUIRED, 0, 0, NULL, "numbers of the parties that signed them") \
    X(R, STR, other_ways, REQUIRED, 0, 0, NULL, "the other lawful ways, always open") \
    X(R, I64, you, OPTIONAL, 0, 0, NULL, "number of the party that reads it by its code") \
    X(R, LIST, parties, REQUIRED, 0, 40, &party_view_record, "parties") \
    X(R, LIST, mediators, REQUIRED, 0, 9, &mediator_view_record, "mediators") \
    X(R, LIST, guests, REQUIRED, 0, 20, &guest_view_record, "people invited") \
    X(R, LIST, sittings, REQUIRED, 0, 200, &sitting_view_record, "sessions planned and held") \
    X(R, LIST, promises, REQUIRED, 0, 60, &promise_view_record, "what was promised") \
    X(R, LIST, earlier, REQUIRED, 0, 30, &earlier_view_record, "agreements that were not kept, the oldest first") \
    X(R, LIST, findings, REQUIRED, 0, 256, &finding_view_record, "what is unclear, what is hard") \
    X(R, LIST, transfers, REQUIRED, 0, 50, &transfer_record, "hand-overs; for colleagues") \
    X(R, LIST, above, REQUIRED, 0, 30, &above_view_record, "where it may be handed up to; for its committee") \
    X(R, LIST, handed, REQUIRED, 0, 50, &own_transfer_record, "those that the party who reads it agreed to")
RECORD(dispute_file, DISPUTE_FILE)

#define DISPUTE_NUMBER(X, R) X(R, STR, number, REQUIRED | IN_PATH, 8, 24, NULL, "number")
RECORD(dispute_number, DISPUTE_NUMBER)

#define SEALED_TEXT(X, R) \
    X(R, TIME, at_ms, REQUIRED, 0, 0, NULL, "when") \
    X(R, STR, side, REQUIRED, 0, 0, NULL, "which side spoke, or empty") \
    X(R, STR, text, REQUIRED, 0, 0, NULL, "what was said") \
    X(R, STR, signed_by, REQUIRED, 0, 0, NULL, "numbers of the parties that signed it")
RECORD(sealed_text, SEALED_TEXT)
#define SEALED_TEXTS(X, R) \
    X(R, LIST, items, REQUIRED, 0, 200, &sealed_text_record, "texts, the oldest first")
RECORD(sealed_texts, SEALED_TEXTS)
/* kind: facts or caucus. Who may read them is the caller's to know. Each is a sealed_text. */
enum err sealed_texts_read(struct cx *cx, const struct matter *m, const char *kind,
    struct list *ret) MUST_USE;

/* Lists ------------------------------------------------------------------------------------ */

extern const char *const dispute_views[];
#define DISPUTES_IN(X, R) \
    X(R, STR, view, OPTIONAL, 4, 7, dispute_views, \
        "unit (unless given): of my committee; mine: that I mediate; archive: ended ones; handed: that my" \
        " committee handed up, to read") \
    X(R, ID, unit, OPTIONAL, 0, 0, NULL, "one of my committees; the first unless given") \
    X(R, STR, state, OPTIONAL, 0, 12, state_words, "only this state") \
    X(R, STR, type, OPTIONAL, 0, 20, NULL, "only this type") \
    X(R, TIME, from_ms, OPTIONAL, 0, 4e12, NULL, "registered at or after") \
    X(R, TIME, to_ms, OPTIONAL, 0, 4e12, NULL, "registered before") \
    X(R, STR, q, OPTIONAL, 1, 40, NULL, \
        "number, or part of the number in the book; names are sealed and cannot be searched") \
    X(R, STR, after, OPTIONAL, 0, 24, NULL, "cursor: next of the page before") \
    X(R, I64, limit, OPTIONAL, 1, 100, NULL, "rows; 50 unless given")
RECORD(disputes_in, DISPUTES_IN)
/* The numbers (struct str) of all disputes of such a list, whatever its cursor and limit say; more
 * than max is E_TOO_LARGE. */
enum err disputes_numbers(struct cx *cx, const struct disputes_in *q, size_t max,
    struct list *ret) MUST_USE;

#define DISPUTE_ROW(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "number") \
    X(R, STR, docket, REQUIRED, 0, 0, NULL, "number in the book of the committee asked, or empty") \
    X(R, STR, committee_name, REQUIRED, 0, 0, NULL, "committee that has it") \
    X(R, STR, title, REQUIRED, 0, 0, NULL, "what it is about") \
    X(R, STR, type, REQUIRED, 0, 0, NULL, "type") \
    X(R, STR, type_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "state") \
    X(R, STR, state_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, STR, form, REQUIRED, 0, 0, NULL, "written, oral or empty") \
    X(R, STR, source, REQUIRED, 0, 0, NULL, "how it came") \
    X(R, F64, amount, REQUIRED, 0, 0, NULL, "yuan in the agreement") \
    X(R, TIME, created_ms, REQUIRED, 0, 0, NULL, "registered") \
    X(R, TIME, due_ms, OPTIONAL, 0, 0, NULL, "what is waited for now") \
    X(R, BOOL, overdue, REQUIRED, 0, 0, NULL, "past it") \
    X(R, TIME, next_ms, OPTIONAL, 0, 0, NULL, "next planned session") \
    X(R, BOOL, open, REQUIRED, 0, 0, NULL, "not ended") \
    X(R, BOOL, filed, REQUIRED, 0, 0, NULL, "its dossier is in the archive") \
    X(R, STR, waits, REQUIRED, 0, 0, NULL, "for consent, accept, session, sitting, signature, promise, broken, call_back, appraisal, or nothing") \
    X(R, I64, missing, REQUIRED, 0, 0, NULL, "how many consents or signatures of parties are missing") \
    X(R, STR, confirm, REQUIRED, 0, 0, NULL, "of the court: applied, confirmed, dismissed or empty") \
    X(R, TIME, confirm_by_ms, OPTIONAL, 0, 0, NULL, "last moment to ask the court; none if barred") \
    X(R, TIME, handed_ms, OPTIONAL, 0, 0, NULL, "the view handed: when it was handed up")
RECORD(dispute_row, DISPUTE_ROW)
#define DISPUTE_PAGE(X, R) \
    X(R, LIST, items, REQUIRED, 0, 100, &dispute_row_record, "disputes, the newest first") \
    X(R, STR, next, OPTIONAL, 0, 0, NULL, "cursor of the next page")
RECORD(dispute_page, DISPUTE_PAGE)

#define TRANSFERS_IN(X, R) \
    X(R, ID, unit, OPTIONAL, 0, 0, NULL, "one of my units; the first unless given")
RECORD(transfers_in, TRANSFERS_IN)
#define TRANSFERS_OUT(X, R) \
    X(R, LIST, items, REQUIRED, 0, 200, &transfer_record, "hand-overs, the newest first")
RECORD(transfers_out, TRANSFERS_OUT)
/* What whoever handed a dispute over, or got it, may see of it: what was said to each other, how
 * far it is, and not who says what. */
#define HANDED_VIEW(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "number of the dispute") \
    X(R, STR, committee_name, REQUIRED, 0, 0, NULL, "committee that has it now") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "state") \
    X(R, STR, state_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, STR, type_name, REQUIRED, 0, 0, NULL, "kind of dispute, in words") \
    X(R, STR, text, REQUIRED, 0, 0, NULL, "what it is about; empty: it was not handed over with it") \
    X(R, TIME, created_ms, REQUIRED, 0, 0, NULL, "registered") \
    X(R, TIME, accepted_ms, OPTIONAL, 0, 0, NULL, "accepted") \
    X(R, TIME, ended_ms, OPTIONAL, 0, 0, NULL, "ended") \
    X(R, LIST, transfers, REQUIRED, 0, 50, &transfer_record, "hand-overs from and to my unit")
RECORD(handed_view, HANDED_VIEW)
extern const char *const transfer_answers[];
#define TRANSFER_ANSWER(X, R) \
    X(R, STR, number, REQUIRED | IN_PATH, 8, 24, NULL, "number of the dispute") \
    X(R, ID, id, REQUIRED | IN_PATH, 0, 0, NULL, "number of the hand-over") \
    X(R, STR, answer, REQUIRED, 6, 8, transfer_answers, "accepted, refused, or the result") \
    X(R, STR, text, OPTIONAL | MULTILINE, 0, 1000, NULL, "why it is refused; what came of it")
RECORD(transfer_answer, TRANSFER_ANSWER)

#define KIND_VIEW(X, R) \
    X(R, STR, code, REQUIRED, 0, 0, NULL, "code") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, STR, type, REQUIRED, 0, 0, NULL, "type that it counts as")
RECORD(kind_view, KIND_VIEW)
#define KINDS_OUT(X, R) \
    X(R, LIST, types, REQUIRED, 0, 18, &reason_row_record, "types of the statistics") \
    X(R, LIST, kinds, REQUIRED, 0, 100, &kind_view_record, "the national list, as far as it is mediated")
RECORD(kinds_out, KINDS_OUT)

/* Committees ------------------------------------------------------------------------------- */

extern const char *const committee_kinds[], *const committee_posts[];
#define COMMITTEE_MEMBER(X, R) \
    X(R, STR, name, REQUIRED, 1, 40, NULL, "name") \
    X(R, STR, post, REQUIRED, 6, 10, committee_posts, "director, deputy or member") \
    X(R, BOOL, woman, OPTIONAL, 0, 1, NULL, "a woman: one at least must be among them (article 8)") \
    X(R, ID, account, OPTIONAL, 0, 0, NULL, "account, if they work with this system")
RECORD(committee_member, COMMITTEE_MEMBER)
#define COMMITTEE_IN(X, R) \
    X(R, ID, unit, REQUIRED | IN_PATH, 0, 0, NULL, "the committee") \
    X(R, STR, short_name, REQUIRED, 1, 20, NULL, "as it stands in the numbers of its book") \
    X(R, STR, kind, REQUIRED, 4, 12, committee_kinds, "as the statistics group them") \
    X(R, TIME, term_from_ms, REQUIRED, 0, 4e12, NULL, "since when its term runs; it runs for three years") \
    X(R, LIST, members, REQUIRED, 1, 15, &committee_member_record, "its members")
RECORD(committee_in, COMMITTEE_IN)
/* Who mediates, as a dispute may have them. */
#define COLLEAGUE_VIEW(X, R) \
    X(R, ID, account, REQUIRED, 0, 0, NULL, "account") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, STR, skills, REQUIRED, 0, 0, NULL, "types of disputes they know well, words, or empty") \
    X(R, ID, studio, OPTIONAL, 0, 0, NULL, "studio they belong to")
RECORD(mediator_name, COLLEAGUE_VIEW)

extern const char *const registered_kinds[];
#define REGISTERED(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number in the register") \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "committee") \
    X(R, STR, committee_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, ID, account, REQUIRED, 0, 0, NULL, "account, if they work with this system; else 0") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "full_time, part_time, volunteer or expert") \
    X(R, STR, skills, REQUIRED, 0, 0, NULL, "types of disputes they know well, words, or empty") \
    X(R, TIME, since_ms, REQUIRED, 0, 0, NULL, "registered since") \
    X(R, TIME, to_ms, REQUIRED, 0, 0, NULL, "until") \
    X(R, ID, studio, REQUIRED, 0, 0, NULL, "studio, or 0") \
    X(R, STR, studio_name, REQUIRED, 0, 0, NULL, "its name, or empty") \
    X(R, BOOL, published, REQUIRED, 0, 0, NULL, "stands on the studio's page") \
    X(R, BOOL, in_force, REQUIRED, 0, 0, NULL, "their term runs now")
RECORD(registered, REGISTERED)
#define PERSON_IN(X, R) \
    X(R, ID, unit, REQUIRED | IN_PATH, 0, 0, NULL, "the committee") \
    X(R, ID, id, OPTIONAL, 0, 0, NULL, "number in the register; none: somebody new") \
    X(R, ID, account, OPTIONAL, 0, 0, NULL, "account, if they work with this system") \
    X(R, STR, name, REQUIRED, 1, 40, NULL, "name") \
    X(R, STR, kind, REQUIRED, 6, 10, registered_kinds, "full_time, part_time, volunteer or expert") \
    X(R, WORDS, skills, OPTIONAL, 0, 18, NULL, "types of disputes they know well") \
    X(R, TIME, since_ms, REQUIRED, 0, 4e12, NULL, "registered since") \
    X(R, TIME, to_ms, REQUIRED, 0, 4e12, NULL, "until; a day that has come: they have left") \
    X(R, ID, studio, OPTIONAL, 0, 0, NULL, "studio of this committee") \
    X(R, BOOL, published, OPTIONAL, 0, 1, NULL, "agrees to stand on the studio's page")
RECORD(person_in, PERSON_IN)

#define STUDIO(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number of the studio") \
    X(R, STR, code, REQUIRED, 0, 0, NULL, "opens its public page") \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "committee that it belongs to") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, STR, about, REQUIRED, 0, 0, NULL, "what it is and what it mediates") \
    X(R, STR, hours, REQUIRED, 0, 0, NULL, "office hours") \
    X(R, STR, place, REQUIRED, 0, 0, NULL, "where it is") \
    X(R, STR, phone, REQUIRED, 0, 0, NULL, "telephone, or empty") \
    X(R, I64, households, REQUIRED, 0, 0, NULL, "households where it works, or 0") \
    X(R, BOOL, ended, REQUIRED, 0, 0, NULL, "closed")
RECORD(studio, STUDIO)
#define STUDIO_IN(X, R) \
    X(R, ID, unit, REQUIRED | IN_PATH, 0, 0, NULL, "the committee") \
    X(R, ID, id, OPTIONAL, 0, 0, NULL, "number of the studio; none: a new one") \
    X(R, STR, name, REQUIRED, 2, 40, NULL, "name") \
    X(R, STR, about, REQUIRED | MULTILINE, 2, 1000, NULL, "what it is and what it mediates") \
    X(R, STR, hours, REQUIRED, 2, 200, NULL, "office hours") \
    X(R, STR, place, REQUIRED, 2, 200, NULL, "where it is") \
    X(R, STR, phone, OPTIONAL, 0, 20, NULL, "telephone") \
    X(R, I64, households, OPTIONAL, 0, 1e7, NULL, "households where it works") \
    X(R, BOOL, ended, OPTIONAL, 0, 1, NULL, "closed")
RECORD(studio_in, STUDIO_IN)
#define HOUSEHOLDS_IN(X, R) \
    X(R, ID, unit, REQUIRED | IN_PATH, 0, 0, NULL, "the committee") \
    X(R, ID, studio, REQUIRED, 0, 0, NULL, "its studio") \
    X(R, I64, year, REQUIRED, 2011, 2100, NULL, "year") \
    X(R, I64, quarter, REQUIRED, 1, 4, NULL, "quarter") \
    X(R, I64, households, REQUIRED, 0, 1e7, NULL, "households served in it")
RECORD(households_in, HOUSEHOLDS_IN)

#define CHANGE_VIEW(X, R) \
    X(R, TIME, at_ms, REQUIRED, 0, 0, NULL, "when") \
    X(R, STR, by, REQUIRED, 0, 0, NULL, "by whom") \
    X(R, STR, what, REQUIRED, 0, 0, NULL, "committee, studio, person or households") \
    X(R, STR, about, REQUIRED, 0, 0, NULL, "whom or which")
RECORD(change_view, CHANGE_VIEW)
#define COMMITTEE_VIEW(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "the committee") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, I64, level, REQUIRED, 0, 0, NULL, "3 county .. 5 community") \
    X(R, BOOL, industry, REQUIRED, 0, 0, NULL, "of an industry") \
    X(R, STR, short_name, REQUIRED, 0, 0, NULL, "as in the numbers of its book") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "as the statistics group them, or empty") \
    X(R, TIME, term_from_ms, OPTIONAL, 0, 0, NULL, "its term runs since") \
    X(R, TIME, term_to_ms, OPTIONAL, 0, 0, NULL, "and ends") \
    X(R, BOOL, may_change, REQUIRED, 0, 0, NULL, "I may change its register") \
    X(R, LIST, members, REQUIRED, 0, 15, &committee_member_record, "members") \
    X(R, LIST, mediators, REQUIRED, 0, 100, &mediator_name_record, "mediators whom a dispute may have") \
    X(R, LIST, colleagues, REQUIRED, 0, 100, &reason_row_record, "accounts that may mediate, for those who change the register") \
    X(R, LIST, registered, REQUIRED, 0, 300, &registered_record, "mediators and experts in the register") \
    X(R, LIST, studios, REQUIRED, 0, 50, &studio_record, "studios") \
    X(R, LIST, changes, REQUIRED, 0, 30, &change_view_record, "changes of the register, the newest first; for those who may change it") \
    X(R, LIST, findings, REQUIRED, 0, 10, &reason_row_record, "what the law wants and is not so")
RECORD(committee_view, COMMITTEE_VIEW)
#define COMMITTEE_UNIT(X, R) X(R, ID, unit, REQUIRED | IN_PATH, 0, 0, NULL, "the committee")
RECORD(committee_unit, COMMITTEE_UNIT)

#define COMMITTEE_LINE(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "the committee") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, I64, level, REQUIRED, 0, 0, NULL, "3 county .. 5 community") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "as the statistics group them, or empty") \
    X(R, I64, members, REQUIRED, 0, 0, NULL, "members") \
    X(R, I64, women, REQUIRED, 0, 0, NULL, "women among them") \
    X(R, I64, mediators, REQUIRED, 0, 0, NULL, "mediators who can sign in") \
    X(R, I64, studios, REQUIRED, 0, 0, NULL, "studios") \
    X(R, TIME, term_to_ms, OPTIONAL, 0, 0, NULL, "end of its term") \
    X(R, BOOL, own, REQUIRED, 0, 0, NULL, "I am of it") \
    X(R, LIST, findings, REQUIRED, 0, 10, &reason_row_record, "what the law wants and is not so")
RECORD(committee_line, COMMITTEE_LINE)
#define COMMITTEES_OUT(X, R) \
    X(R, LIST, committees, REQUIRED, 0, 5000, &committee_line_record, "of my territory, by code") \
    X(R, LIST, registered, REQUIRED, 0, 5000, &registered_record, "their mediators and experts whose term runs")
RECORD(committees_out, COMMITTEES_OUT)

handler dispute_register, dispute_show, dispute_own, caucus_show, facts_show, facts_own;
handler handed_show, calendar_show, calendar_own, disputes_list, transfers_list;
handler transfer_answered, kinds_list;
handler committee_show, committee_set, committees_list, person_set, studio_set, households_set;
enum err dispute_prepare(struct cx *cx, const void *in) MUST_USE;
/* The dispute of this number, if the actor may read it. */
enum err dispute_of(struct cx *cx, struct str number, struct matter *ret) MUST_USE;
/* The dispute that the actor's code opens. */
enum err dispute_of_code(struct cx *cx, struct matter *ret) MUST_USE;
/* The hand-over of this number, if the actor is of a unit at one of its ends. */
enum err transfer_of(struct cx *cx, struct str number, int64_t id, struct transfer *ret) MUST_USE;
/* The matter itself lies outside the actor's scope; it is read within the committee's, which the
 * hand-over names. */
enum err transfer_matter(struct cx *cx, const struct transfer *r, struct str number,
    struct matter *ret_m, struct beside **ret_b) MUST_USE;
/* Reads are within that scope, until access_scope(). */
void transfer_scope(struct cx *cx, const struct transfer *r);
/* roll.c: the register beside committees. A studio by its number or by the code of its page:
 * E_MISSING when there is none. */
enum err studio_by_id(struct cx *cx, int64_t id, struct studio *ret) MUST_USE;
enum err studio_by_code(struct cx *cx, struct str code, struct studio *ret) MUST_USE;
/* All of a committee: studios, closed ones too; people, former ones too. */
enum err studios_of(struct cx *cx, int64_t unit, struct list *ret) MUST_USE;
enum err registered_of(struct cx *cx, int64_t unit, struct list *ret) MUST_USE;
/* Those of all committees whose term runs. */
enum err registered_now(struct cx *cx, struct list *ret) MUST_USE;
/* Those of a studio that stand on its page. */
enum err registered_published(struct cx *cx, int64_t studio, struct list *ret) MUST_USE;
/* Whether this very command was carried out before; then there is nothing left to do. */
enum err register_claim(struct cx *cx, const struct unit *u, bool *ret_again) MUST_USE;
/* A row that says who changed what. */
enum err register_note(struct cx *cx, int64_t unit, const char *what, struct str about) MUST_USE;
enum err register_changes(struct cx *cx, int64_t unit, struct list *ret) MUST_USE;
enum err committee_write(struct cx *cx, const struct unit *u, struct buf *out) MUST_USE;
/* The committee of this number that the actor may change: of the committee itself, or one who
 * looks after accounts. */
bool may_change_register(const struct cx *cx, const struct unit *u);
enum err committee_to_change(struct cx *cx, int64_t unit, const struct unit **ret) MUST_USE;
/* Quarters are numbered through, 4 a year. */
int64_t quarter_at(int64_t ms);
int64_t quarter_start(int64_t quarter);

extern const struct sql *const mediation_file_statements[], *const mediation_list_statements[],
    *const committee_statements[], *const roll_statements[];
extern const size_t mediation_file_statements_n, mediation_list_statements_n,
    committee_statements_n, roll_statements_n;
