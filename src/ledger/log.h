/* log.h: the node's Merkle log as it stands in the database: taking committed entries into it, and
 * proofs from it. Of each block of ids (ids.h) entries go in as they rise, which is the order of
 * its writer's commits; who takes them in (one at a time) is not decided here. Taking in is two
 * steps, so that hashing and signing need no writing connection: a batch is made from what a reader
 * sees, then written as it is. */
#pragma once
#include "db/db.h"
#include "ledger/checkpoint.h"

enum {
    LOG_LEVEL_MIN = 4,          /* subtrees smaller than 2^4 leaves are not stored */
    LOG_BATCH_MAX = 500,       /* leaves of a batch that intake should not notice */
};

/* Where the log ends: its tree, and the entry of its last leaf. */
struct log_head { struct merkle_tree tree; int64_t entry_id; };
/* What the newest checkpoint says; an empty log is size 0, entry 0. */
enum err log_head_load(struct db *db, struct log_head *ret) MUST_USE;
/* Loads it again when the log has grown or shrunk since. */
enum err log_head_follow(struct db *db, struct log_head *head) MUST_USE;

/* How far a block of ids is taken in; through: nothing more can come from it. */
struct log_mark { int64_t first, logged; bool through; };
struct log_leaf { int64_t entry_id; struct hash hash; };
struct log_node { unsigned level; uint64_t position; struct hash hash; };
struct log_batch {
    struct log_leaf *leaves;
    struct log_node *nodes;
    struct log_mark *marks;     /* of blocks that have moved on */
    size_t n_leaves, n_nodes, n_marks;
    struct log_head after;      /* the head once the batch is written */
    struct str checkpoint;      /* signed note for it */
    int64_t at_ms;
};
/* Makes the batch that follows head, of at most leaves_max entries; n_leaves and n_marks are 0 when
 * there is nothing to do. Not within a transaction: what is read last must be the newest. Memory:
 * about 300 bytes a leaf. */
enum err log_batch_make(struct db *db, struct arena *a, const struct node_keys *keys,
    const struct log_head *head, size_t leaves_max, int64_t now_ms, struct log_batch *ret) MUST_USE;
/* Writes it, inside the caller's transaction. E_CONFLICT: somebody else wrote these leaves. */
enum err log_batch_write(struct db *db, const struct log_batch *b) MUST_USE;

/* Takes the whole backlog in, in transactions of its own; db writes, and nobody else does. */
enum err log_catch_up(struct db *db, const struct node_keys *keys, int64_t now_ms) MUST_USE;

#define LOG_CHECKPOINT(X, R) \
    X(R, I64, size, 0, 0, 0, NULL, "leaves") \
    X(R, I64, at_ms, 0, 0, 0, NULL, "when") \
    X(R, I64, entry_id, 0, 0, 0, NULL, "last entry covered") \
    X(R, STR, note, 0, 0, 0, NULL, "signed note")
RECORD(log_checkpoint, LOG_CHECKPOINT)
/* The newest one; E_MISSING before the first. */
enum err log_newest(struct db *db, struct arena *a, struct log_checkpoint *ret) MUST_USE;
/* Position of an entry's leaf; E_MISSING while the log has not taken it. */
enum err log_position(struct db *db, int64_t entry_id, int64_t *ret) MUST_USE;
/* Proofs as in merkle.h; size at most that of the newest checkpoint. */
enum err log_inclusion(struct db *db, uint64_t index, uint64_t size, struct merkle_proof *ret)
    MUST_USE;
enum err log_consistency(struct db *db, uint64_t old, uint64_t size, struct merkle_proof *ret)
    MUST_USE;

extern const struct sql *const log_statements[];
extern const size_t log_statements_n;
