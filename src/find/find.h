/* find.h: the feature "find": looking for matters by their words or their number. */
#pragma once
#include "db/db.h"

#define FIND_IN(X, R) \
    X(R, STR, q, REQUIRED, 1, 200, NULL, "words, at least two characters, or a number") \
    X(R, STR, after, OPTIONAL, 0, 24, NULL, "cursor: next of the page before")
RECORD(find_in, FIND_IN)

extern const struct sql *const find_statements[];
extern const size_t find_statements_n;
