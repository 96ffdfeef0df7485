/* register.h: what is sent to register a dispute, and what its file shows. */
#pragma once
#include "mediation/mediation.h"

extern const char *const dispute_sources[];
#define DISPUTE_IN(X, R) \
    X(R, STR, type, REQUIRED, 3, 20, NULL, "kind of dispute, one of the 18 of the statistics") \
    X(R, STR, source, REQUIRED, 3, 12, dispute_sources, "how it came") \
    X(R, STR, came_from, OPTIONAL, 8, 24, NULL, "number of the report it comes from") \
    X(R, STR, text, REQUIRED | MULTILINE, 4, 2000, NULL, "what it is about, in short") \
    X(R, STR, category, OPTIONAL, 2, 8, NULL, "category; suggested from the text when missing") \
    X(R, F64, lon, OPTIONAL, -180, 180, NULL, "longitude, WGS-84") \
    X(R, F64, lat, OPTIONAL, -90, 90, NULL, "latitude, WGS-84") \
    X(R, ID, grid, OPTIONAL, 0, 0, NULL, "15-digit grid code") \
    X(R, STR, place_text, OPTIONAL, 0, 200, NULL, "where, in words") \
    X(R, BOOL, open_door, OPTIONAL, 0, 1, NULL, "the parties chose open sessions") \
    X(R, LIST, parties, REQUIRED, 1, 10, &step_party_record, "the parties known so far")
RECORD(dispute_in, DISPUTE_IN)

#define PARTY_CODE(X, R) \
    X(R, I64, no, REQUIRED, 0, 0, NULL, "number of the party") \
    X(R, STR, code, REQUIRED, 0, 0, NULL, "opens the party's own page")
RECORD(party_code, PARTY_CODE)
#define DISPUTE_MADE(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "number of the dispute") \
    X(R, LIST, codes, REQUIRED, 0, 10, &party_code_record, "one for each party, to be handed over")
RECORD(dispute_made, DISPUTE_MADE)

#define PARTY_VIEW(X, R) \
    X(R, I64, no, REQUIRED, 0, 0, NULL, "number, the same as among the reporters") \
    X(R, STR, side, REQUIRED, 0, 0, NULL, "applicant or respondent") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "person or organisation") \
    X(R, STR, role, REQUIRED, 0, 0, NULL, "party, agent, guardian or representative") \
    X(R, I64, stands_for, OPTIONAL, 0, 0, NULL, "party acted for") \
    X(R, BOOL, minor, REQUIRED, 0, 0, NULL, "under age") \
    X(R, STR, consent, REQUIRED, 0, 0, NULL, "asked, given, refused or withdrawn") \
    X(R, STR, consent_how, REQUIRED, 0, 0, NULL, "in what way") \
    X(R, TIME, consent_ms, OPTIONAL, 0, 0, NULL, "when") \
    X(R, TIME, told_ms, OPTIONAL, 0, 0, NULL, "rights and duties told") \
    X(R, TIME, signed_ms, OPTIONAL, 0, 0, NULL, "signed the agreement")
RECORD(party_view, PARTY_VIEW)

#define MEDIATOR_VIEW(X, R) \
    X(R, ID, account, REQUIRED, 0, 0, NULL, "account") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, STR, chosen, REQUIRED, 0, 0, NULL, "by parties or committee") \
    X(R, STR, disclosure, REQUIRED, 0, 0, NULL, "own interest disclosed, or empty") \
    X(R, TIME, signed_ms, OPTIONAL, 0, 0, NULL, "signed the agreement")
RECORD(mediator_view, MEDIATOR_VIEW)

#define PROMISE_VIEW(X, R) \
    X(R, I64, no, REQUIRED, 0, 0, NULL, "number") \
    X(R, I64, party, REQUIRED, 0, 0, NULL, "who owes it") \
    X(R, STR, what, REQUIRED, 0, 0, NULL, "what") \
    X(R, F64, amount, OPTIONAL, 0, 0, NULL, "yuan") \
    X(R, TIME, due_ms, REQUIRED, 0, 0, NULL, "by when") \
    X(R, STR, way, REQUIRED, 0, 0, NULL, "in what way") \
    X(R, TIME, kept_ms, OPTIONAL, 0, 0, NULL, "kept") \
    X(R, TIME, broken_ms, OPTIONAL, 0, 0, NULL, "found broken") \
    X(R, BOOL, overdue, REQUIRED, 0, 0, NULL, "past its term")
RECORD(promise_view, PROMISE_VIEW)

#define DISPUTE_FILE(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "number") \
    X(R, STR, type, REQUIRED, 0, 0, NULL, "kind of dispute") \
    X(R, STR, type_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, STR, source, REQUIRED, 0, 0, NULL, "how it came") \
    X(R, STR, came_from, REQUIRED, 0, 0, NULL, "report it comes from, or empty") \
    X(R, BOOL, open_door, REQUIRED, 0, 0, NULL, "open sessions") \
    X(R, BOOL, written, REQUIRED, 0, 0, NULL, "a party asked for writing") \
    X(R, STR, form, REQUIRED, 0, 0, NULL, "written, oral or empty") \
    X(R, F64, amount, REQUIRED, 0, 0, NULL, "yuan in the agreement") \
    X(R, TIME, sealed_ms, OPTIONAL, 0, 0, NULL, "sealed") \
    X(R, TIME, effective_ms, OPTIONAL, 0, 0, NULL, "binds since") \
    X(R, STR, confirm, REQUIRED, 0, 0, NULL, "of the court: applied, confirmed, dismissed or empty") \
    X(R, TIME, confirm_by_ms, OPTIONAL, 0, 0, NULL, "last moment to ask the court; none if barred") \
    X(R, I64, sittings, REQUIRED, 0, 0, NULL, "sessions since everybody consented") \
    X(R, STR, other_ways, REQUIRED, 0, 0, NULL, "the other lawful ways, always open") \
    X(R, LIST, parties, REQUIRED, 0, 40, &party_view_record, "parties") \
    X(R, LIST, mediators, REQUIRED, 0, 9, &mediator_view_record, "mediators") \
    X(R, LIST, promises, REQUIRED, 0, 60, &promise_view_record, "what was promised")
RECORD(dispute_file, DISPUTE_FILE)

#define DISPUTE_NUMBER(X, R) X(R, STR, number, REQUIRED | IN_PATH, 8, 24, NULL, "number")
RECORD(dispute_number, DISPUTE_NUMBER)

#define CAUCUS_VIEW(X, R) \
    X(R, TIME, at_ms, REQUIRED, 0, 0, NULL, "when") \
    X(R, STR, side, REQUIRED, 0, 0, NULL, "which side spoke") \
    X(R, STR, text, REQUIRED, 0, 0, NULL, "what was said")
RECORD(caucus_view, CAUCUS_VIEW)
#define CAUCUS_LIST(X, R) X(R, LIST, items, REQUIRED, 0, 200, &caucus_view_record, "talks")
RECORD(caucus_list, CAUCUS_LIST)

handler dispute_register, dispute_show, dispute_own, caucus_show;
enum err dispute_prepare(struct cx *cx, const void *in) MUST_USE;
extern const struct sql *const mediation_file_statements[];
extern const size_t mediation_file_statements_n;
