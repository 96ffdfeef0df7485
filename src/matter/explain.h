/* explain.h: why a matter is where it is: the rule that won, the facts it looked at, on what the
 * others were lost, where the unit was looked for. Nothing of this is stored: the ledger's first
 * entry holds the facts and the version of the rules, and the walk that chose is made again. */
#pragma once
#include "matter/matter.h"

#define ROUTE_FACT(X, R) \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "column of the rules") \
    X(R, STR, label, REQUIRED, 0, 0, NULL, "what it is, in words") \
    X(R, STR, value, REQUIRED, 0, 0, NULL, "as it was, in words")
RECORD(route_fact, ROUTE_FACT)

#define ROUTE_TRIED(X, R) \
    X(R, STR, where, REQUIRED, 0, 0, NULL, "division, or station of the police grid") \
    X(R, STR, unit_name, OPTIONAL, 0, 0, NULL, "unit found there; none: there is no such unit")
RECORD(route_tried, ROUTE_TRIED)

#define ROUTE_RULE(X, R) \
    X(R, STR, code, REQUIRED, 0, 0, NULL, "name of the rule") \
    X(R, STR, why, REQUIRED, 0, 0, NULL, "its reason") \
    X(R, STR, unit_name, REQUIRED, 0, 0, NULL, "whom it would give the matter to") \
    X(R, STR, lost, REQUIRED, 0, 0, NULL, "column on which it is lost; later: another one came first") \
    X(R, STR, lost_text, REQUIRED, 0, 0, NULL, "the same in words")
RECORD(route_rule, ROUTE_RULE)

#define EXPLANATION(X, R) \
    X(R, STR, sentence, REQUIRED, 0, 0, NULL, "all of it in a plain sentence") \
    X(R, STR, rule, REQUIRED, 0, 0, NULL, "the rule that won") \
    X(R, STR, why, REQUIRED, 0, 0, NULL, "its reason") \
    X(R, STR, basis, OPTIONAL, 0, 0, NULL, "article it rests on") \
    X(R, I64, version, REQUIRED, 0, 0, NULL, "version of the rules") \
    X(R, BOOL, in_force, REQUIRED, 0, 0, NULL, "that version is still in force") \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "who got it first") \
    X(R, STR, unit_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, STR, today_name, OPTIONAL, 0, 0, NULL, "whom the same rules would give it to today, if not to that unit") \
    X(R, STR, chosen_name, OPTIONAL, 0, 0, NULL, "whom the rule meant, if it must keep out of it") \
    X(R, STR, about_name, OPTIONAL, 0, 0, NULL, "unit that it is about and that may not have it") \
    X(R, STR, max_level, OPTIONAL, 0, 0, NULL, "lowest level that may have it, in words") \
    X(R, STR, owner_name, OPTIONAL, 0, 0, NULL, "who has it now, if people handed it on") \
    X(R, I64, handovers, REQUIRED, 0, 0, NULL, "how often a unit handed it on in this round") \
    X(R, STR, decider_name, OPTIONAL, 0, 0, NULL, "desk that alone decides, after the third") \
    X(R, LIST, facts, REQUIRED, 0, 20, &route_fact_record, "what the rules looked at") \
    X(R, LIST, tried, REQUIRED, 0, 10, &route_tried_record, "where the unit was looked for, upwards") \
    X(R, LIST, others, REQUIRED, 0, 5000, &route_rule_record, "the other rules, in their order")
RECORD(explanation, EXPLANATION)

/* Why it went where it went, and what became of that. */
enum err matter_explain(struct cx *cx, const struct matter *m, struct explanation *ret) MUST_USE;
/* Where a matter of these facts would go by rules (struct rule) of this version. */
void route_explain(struct cx *cx, struct list rules, int64_t version,
    const struct route_facts *f, struct explanation *ret);
/* For the reporter: why this unit has it, in one sentence. first_owner: who got it first, or 0. */
enum err matter_owner_why(struct cx *cx, const struct matter *m, int64_t first_owner,
    struct str *ret) MUST_USE;
/* "county (district)" for a level or its word. */
struct str level_name(struct cx *cx, int64_t level);
extern const struct sql *const explain_statements[];
extern const size_t explain_statements_n;
