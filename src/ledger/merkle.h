/* merkle.h: the hash tree of RFC 6962 section 2.1 (RFC 9162 section 2.1), over an append-only log.
 * Node (level, index) is the hash over the leaves index << level .. ((index + 1) << level) - 1;
 * only such complete subtrees are stored, and they never change. Any root, inclusion path or
 * consistency proof of any earlier size is put together from O(log n) of them. */
#pragma once
#include "base/err.h"
#include "crypto/hash.h"

enum {
    MERKLE_LEVELS = 62,                 /* sizes up to 2^62 - 1 */
    MERKLE_PROOF_MAX = MERKLE_LEVELS + 1,
};

/* Where completed nodes go while the tree grows. */
struct merkle_sink {
    enum err (*put)(void *ctx, unsigned level, uint64_t index, const struct hash *h);
    void *ctx;
};
/* Where stored nodes come from. Which ones are asked for depends only on sizes and indexes, so a
 * store for which each question is a journey may run once with a source that only notes them. */
struct merkle_source {
    enum err (*get)(void *ctx, unsigned level, uint64_t index, struct hash *ret);
    void *ctx;
};

/* The right edge of a tree: peak[l] is the root of the complete subtree of 2^l leaves when bit l of
 * size is set. {0} is the empty tree. */
struct merkle_tree { uint64_t size; struct hash peak[MERKLE_LEVELS]; };
struct merkle_proof { size_t n; struct hash h[MERKLE_PROOF_MAX]; };

/* SHA-256(0x00 || data) and SHA-256(0x01 || left || right). */
struct hash merkle_leaf(struct str data);
struct hash merkle_node(const struct hash *left, const struct hash *right);

/* Adds a leaf hash. Every node completed by it, the leaf first, goes to the sink (NULL: nowhere).
 * When the sink fails the tree is unchanged. */
MUST_USE enum err merkle_append(struct merkle_tree *t, const struct hash *leaf,
                                const struct merkle_sink *to);
/* The root; of the empty tree SHA-256 of nothing. */
struct hash merkle_root(const struct merkle_tree *t);
/* The tree as it was at size, from stored nodes. */
MUST_USE enum err merkle_tree_load(const struct merkle_source *from, uint64_t size,
                                   struct merkle_tree *ret);

/* PATH(index, D[size]): siblings from the leaf upwards. index < size. */
MUST_USE enum err merkle_inclusion(const struct merkle_source *from, uint64_t index, uint64_t size,
                                   struct merkle_proof *ret);
/* PROOF(old, D[size]); empty when old is 0 or size. old <= size. */
MUST_USE enum err merkle_consistency(const struct merkle_source *from, uint64_t old, uint64_t size,
                                     struct merkle_proof *ret);

/* Is leaf number index part of the tree with that size and root? (RFC 9162 section 2.1.3.2) */
bool merkle_verify_inclusion(const struct hash *leaf, uint64_t index, uint64_t size,
                             const struct merkle_proof *proof, const struct hash *root);
/* Is the tree (old_size, old_root) the beginning of (size, root)? (RFC 9162 section 2.1.4.2;
 * the empty tree is the beginning of every tree.) */
bool merkle_verify_consistency(uint64_t old_size, const struct hash *old_root, uint64_t size,
                               const struct hash *root, const struct merkle_proof *proof);
