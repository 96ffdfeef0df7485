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
#define HEAD_SEEN(X, R) \
    X(R, STR, note, REQUIRED | MULTILINE, 20, 4000, NULL, "a checkpoint as this node signed it once")
RECORD(head_seen, HEAD_SEEN)
#define HEAD_NOW(X, R) \
    X(R, STR, note, REQUIRED, 0, 0, NULL, "the newest checkpoint") \
    X(R, WORDS, path, REQUIRED, 0, 63, NULL, "proof that the older one is its beginning, in base64")
RECORD(head_now, HEAD_NOW)

extern const struct sql *const proof_statements[];
extern const size_t proof_statements_n;
