/* proof.h: the feature "proof": what strangers need to check this node. */
#pragma once
#include "db/db.h"

#define CONSISTENCY_IN(X, R) \
    X(R, I64, from, REQUIRED, 0, 9e15, NULL, "size of the older tree") \
    X(R, I64, to, REQUIRED, 0, 9e15, NULL, "size of the newer tree")
RECORD(consistency_in, CONSISTENCY_IN)
#define CONSISTENCY(X, R) \
    X(R, WORDS, path, REQUIRED, 0, 63, NULL, "hashes of the proof (RFC 9162, 2.1.4), in base64")
RECORD(consistency, CONSISTENCY)

extern const struct sql *const proof_statements[];
extern const size_t proof_statements_n;
