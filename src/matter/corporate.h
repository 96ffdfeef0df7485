/* corporate.h: what an organisation that is a party to a matter says of itself beyond its name and
 * telephone. It lies sealed beside these, under the same key, and ends with it. */
#pragma once
#include "crypto/seal.h"
#include "matter/matter.h"

#define CORPORATE(X, R) \
    X(R, STR, credit_code, OPTIONAL, 0, 18, NULL, "unified social credit code") \
    X(R, STR, seat, OPTIONAL, 0, 200, NULL, "where it has its seat") \
    X(R, STR, head, OPTIONAL, 0, 60, NULL, "legal representative, or who is responsible") \
    X(R, STR, head_post, OPTIONAL, 0, 60, NULL, "that one's post")
RECORD(corporate, CORPORATE)

/* E_INPUT, field: a code that is none (GB 32100-2015: 18 characters, the last a check). */
enum err credit_code_check(struct cx *cx, const char *field, struct str code) MUST_USE;
/* As it is compared: without spaces, in capitals. */
struct str credit_code_plain(struct arena *a, struct str code);
/* Of the reporter with this number, in place of what was there. E_MISSING: no such person. */
enum err corporate_put(struct cx *cx, const struct matter *m, int64_t no,
    const struct corporate *o) MUST_USE;
/* What o says takes the place of what was there, the rest stays; o becomes the whole. */
enum err corporate_add(struct cx *cx, const struct matter *m, int64_t no,
    struct corporate *o) MUST_USE;
/* Empty texts where there is nothing, or it cannot be opened. */
struct corporate corporate_open(struct cx *cx, const struct seal_key *key,
    struct str details);
extern const struct sql *const corporate_statements[];
extern const size_t corporate_statements_n;
