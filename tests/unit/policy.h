/* policy.h: docs/access.md as data, and what it says of a case. It reads the document and knows
 * nothing of how the program decides; the tests hold one against the other. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

#define POLICY_WHO(X) X(grid_worker) X(grid_lead) X(clerk) X(chief) X(dispatcher) X(supervisor) \
    X(mediator) X(auditor) X(admin) X(wall) X(signed_in) X(reporter) X(public) X(system)
#define POLICY_WHERE(X) X(own) X(parent) X(over) X(top) X(branch) X(child) X(sibling) \
    X(neighbour) X(elsewhere) X(gone)
#define POLICY_TIE(X) X(owner) X(holder) X(helper) X(asked) X(past) X(conflicted) X(under) X(none)
#define POLICY_RELATION(X) X(owner) X(holder) X(desk) X(decider) X(helper) X(reader) X(reporter) \
    X(system)
#define POLICY_UNLESS(X) X(request) X(no_request) X(own_request) X(own_answer) X(helping) \
    X(untaken) X(centre) X(summit) X(outsider) X(stranger) \
    X(held) X(unheld)
#define W(word) WHO_##word,
enum policy_who { POLICY_WHO(W) WHO_COUNT };
#undef W
#define W(word) WHERE_##word,
enum policy_where { POLICY_WHERE(W) WHERE_COUNT };
#undef W
#define W(word) TIE_##word,
enum policy_tie { POLICY_TIE(W) TIE_COUNT };
#undef W
enum policy_request { ASKS_NOTHING, ASKS_MORE, ASKS_RETURN };
enum policy_says { SAYS_YES, SAYS_LOGIN, SAYS_DENIED, SAYS_MISSING, SAYS_STEP };
enum policy_rows { ROWS_UNKNOWN, ROWS_MATTER, ROWS_UNIT, ROWS_TERRITORY, ROWS_ACCOUNT, ROWS_OPEN,
    ROWS_HIDDEN };
extern const char *const policy_says_words[];
extern const char *const policy_who_words[], *const policy_where_words[], *const policy_tie_words[];

/* Somebody, a matter, and what lies between them; also: further ties, as bits. state: its word.
 * own: of a reporter, that the code opens this matter. helping: the part of some unit is open. */
struct policy_case {
    enum policy_who who;
    enum policy_where where;
    enum policy_tie tie;
    unsigned also;
    enum policy_request request;
    struct str state;
    bool dispute, own, taken, helping, held;
};

/* Takes the block out of the document; stops the test at whatever it does not know. */
const struct policy *policy_of_document(struct arena *a);
/* Of an operation, whatever it is about. */
enum policy_says policy_of_call(const struct policy *p, struct str operation, enum policy_who who);
/* Of an operation on one matter, or of a step in it. */
enum policy_says policy_of_matter(const struct policy *p, struct str operation,
    const struct policy_case *c);
enum policy_says policy_of_step(const struct policy *p, struct str action,
    const struct policy_case *c);
enum policy_rows policy_of_rows(const struct policy *p, struct str table);
/* What it is about: "matter", "dispute" or "handover"; none of other operations. */
struct str policy_about(const struct policy *p, struct str operation);
/* In which table a writing operation leaves its line; "nothing", or none when it is not said. */
struct str policy_leaves(const struct policy *p, struct str operation);
/* Whether it leaves lines in this table; a few do in two. */
bool policy_leaves_in(const struct policy *p, struct str operation, const char *table);
/* How many operations, steps and tables it names: each once. */
struct policy_sizes { size_t operations, steps, tables; };
struct policy_sizes policy_sizes(const struct policy *p);
