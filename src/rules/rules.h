/* rules.h: what staff send and get about routing: why a matter went where it went, the rules in
 * force in plain words, drafts, rehearsals and switching on. */
#pragma once
#include "desk/desk.h"
#include "matter/explain.h"
#include "rules/rehearse.h"

#define ROUTE_ASK(X, R) \
    X(R, STR, category, OPTIONAL, 2, 8, NULL, "category; suggested from the text when missing") \
    X(R, I64, tier, OPTIONAL, 1, 4, NULL, "tier; the category's unless given") \
    X(R, STR, origin, OPTIONAL, 0, 12, NULL, "where it comes from; resident unless given") \
    X(R, STR, text, OPTIONAL, 0, 2000, NULL, "what is wrong: for rules that avoid units named in it") \
    X(R, F64, lon, OPTIONAL, -180, 180, NULL, "longitude, WGS-84") \
    X(R, F64, lat, OPTIONAL, -90, 90, NULL, "latitude, WGS-84") \
    X(R, ID, grid, OPTIONAL, 0, 0, NULL, "15-digit grid code") \
    X(R, STR, place_text, OPTIONAL, 0, 200, NULL, "where, in words") \
    X(R, TIME, at_ms, OPTIONAL, 0, 4e12, NULL, "when; now unless given") \
    X(R, ID, draft, OPTIONAL, 0, 0, NULL, "by the rules of this draft")
RECORD(route_ask, ROUTE_ASK)

#define RULE_WORDS(X, R) \
    X(R, STR, code, REQUIRED, 0, 0, NULL, "name of the rule") \
    X(R, STR, when, REQUIRED, 0, 0, NULL, "for which matters, in words") \
    X(R, STR, goes, REQUIRED, 0, 0, NULL, "where they go, in words") \
    X(R, STR, why, REQUIRED, 0, 0, NULL, "its reason") \
    X(R, STR, basis, OPTIONAL, 0, 0, NULL, "article it rests on")
RECORD(rule_words, RULE_WORDS)

#define RULES_VERSION(X, R) \
    X(R, I64, version, REQUIRED, 0, 0, NULL, "version") \
    X(R, TIME, valid_from_ms, REQUIRED, 0, 0, NULL, "in force from") \
    X(R, TIME, made_ms, REQUIRED, 0, 0, NULL, "stored at")
RECORD(rules_version, RULES_VERSION)

#define RULES_IN(X, R) \
    X(R, I64, version, OPTIONAL, 1, 1e9, NULL, "this version; the one in force unless given") \
    X(R, ID, draft, OPTIONAL, 0, 0, NULL, "or this draft, if it has no faults")
RECORD(rules_in, RULES_IN)
#define RULES_OUT(X, R) \
    X(R, I64, version, REQUIRED, 0, 0, NULL, "version; 0: there are no rules") \
    X(R, BOOL, in_force, REQUIRED, 0, 0, NULL, "it is the one in force") \
    X(R, BOOL, may_edit, REQUIRED, 0, 0, NULL, "I may make drafts, rehearse and switch on") \
    X(R, STR, csv, REQUIRED, 0, 0, NULL, "as a table, as drafts hold it") \
    X(R, LIST, rules, REQUIRED, 0, 5000, &rule_words_record, "in their order, in words") \
    X(R, LIST, versions, REQUIRED, 0, 100, &rules_version_record, "newest first")
RECORD(rules_out, RULES_OUT)

#define REHEARSAL_IN(X, R) \
    X(R, ID, draft, REQUIRED, 0, 0, NULL, "number of the draft") \
    X(R, I64, days, OPTIONAL, 1, 1000, NULL, "how many days back; 90 unless given")
RECORD(rehearsal_in, REHEARSAL_IN)
#define REHEARSAL_ID_IN(X, R) X(R, ID, id, REQUIRED | IN_PATH, 0, 0, NULL, "number")
RECORD(rehearsal_id_in, REHEARSAL_ID_IN)
#define REHEARSAL_HEAD(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number") \
    X(R, ID, draft, REQUIRED, 0, 0, NULL, "draft") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "its name then") \
    X(R, I64, days, REQUIRED, 0, 0, NULL, "days back") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "waiting, running, done, failed or cancelled") \
    X(R, I64, done, REQUIRED, 0, 0, NULL, "parts done") \
    X(R, I64, total, REQUIRED, 0, 0, NULL, "of so many") \
    X(R, I64, matters, REQUIRED, 0, 0, NULL, "matters looked at so far") \
    X(R, TIME, made_ms, REQUIRED, 0, 0, NULL, "asked for at")
RECORD(rehearsal_head, REHEARSAL_HEAD)
#define REHEARSAL_OUT(X, R) REHEARSAL_HEAD(X, R) \
    X(R, STR, message, OPTIONAL, 0, 0, NULL, "why it failed")
RECORD(rehearsal_out, REHEARSAL_OUT)
#define REHEARSALS_OUT(X, R) \
    X(R, LIST, rehearsals, REQUIRED, 0, 20, &rehearsal_head_record, "newest first")
RECORD(rehearsals_out, REHEARSALS_OUT)

/* Whoever works at the city's level may change the rules, which are those of the whole city. */
bool rules_may_edit(const struct cx *cx);
enum err rules_need_edit(struct cx *cx) MUST_USE;
/* Each writing one does no more when it is sent again. */
handler rules_matter_route, rules_route_ask, rules_show, rules_rehearse, rules_rehearsals,
    rules_rehearsal, rules_rehearsal_result, rules_rehearsal_csv, rules_rehearsal_cancel;
extern const struct sql *const rules_statements[];
extern const size_t rules_statements_n;
extern const struct sql *const rehearsal_statements[];
extern const size_t rehearsal_statements_n;
