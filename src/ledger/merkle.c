/* merkle.c: growing, proving and checking the hash tree.
 * [lo, hi) below are leaf ranges; every range met has lo as a multiple of the smallest power of two
 * that covers hi - lo, so it is a complete subtree or a chain of complete ones. */
#include "ledger/merkle.h"

struct hash merkle_leaf(struct str data)
{
    return hash_sha256_tagged(0, data, STR_NONE);
}

struct hash merkle_node(const struct hash *left, const struct hash *right)
{
    return hash_sha256_tagged(1, hash_str(left), hash_str(right));
}

enum err merkle_append(struct merkle_tree *t, const struct hash *leaf, const struct merkle_sink *to)
{
    CHECK(t->size < (UINT64_C(1) << MERKLE_LEVELS) - 1);
    struct hash h = *leaf;
    unsigned level = 0;
    if (to)
        TRY(to->put(to->ctx, 0, t->size, &h));
    for (; t->size >> level & 1; level++) {
        h = merkle_node(&t->peak[level], &h);
        if (to)
            TRY(to->put(to->ctx, level + 1, t->size >> (level + 1), &h));
    }
    t->peak[level] = h;
    t->size++;
    return OK;
}

struct hash merkle_root(const struct merkle_tree *t)
{
    struct hash h = { { 0 } };
    bool any = false;
    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        if (!(t->size >> level & 1))
            continue;
        h = any ? merkle_node(&t->peak[level], &h) : t->peak[level];
        any = true;
    }
    return any ? h : hash_sha256(STR_NONE);
}

enum err merkle_tree_load(const struct merkle_source *from, uint64_t size, struct merkle_tree *ret)
{
    CHECK(size < UINT64_C(1) << MERKLE_LEVELS);
    struct merkle_tree t = { .size = size };
    for (unsigned level = 0; level < MERKLE_LEVELS; level++)
        if (size >> level & 1)
            TRY(from->get(from->ctx, level, (size >> level) - 1, &t.peak[level]));
    *ret = t;
    return OK;
}

/* The largest power of two below n, as an exponent; n >= 2. */
static unsigned split_level(uint64_t n)
{
    return 63 - (unsigned)__builtin_clzll(n - 1);
}

/* MTH(D[lo:hi]); hi > lo. */
static enum err range_hash(const struct merkle_source *from, uint64_t lo, uint64_t hi,
                           struct hash *ret)
{
    uint64_t n = hi - lo;
    unsigned low = (unsigned)__builtin_ctzll(n);
    struct hash h;
    uint64_t at = hi - (UINT64_C(1) << low);
    TRY(from->get(from->ctx, low, at >> low, &h));
    for (uint64_t rest = n & (n - 1); rest; rest &= rest - 1) {
        unsigned level = (unsigned)__builtin_ctzll(rest);
        struct hash left;
        at -= UINT64_C(1) << level;
        TRY(from->get(from->ctx, level, at >> level, &left));
        h = merkle_node(&left, &h);
    }
    CHECK(at == lo);
    *ret = h;
    return OK;
}

static void proof_reverse(struct merkle_proof *p)
{
    for (size_t i = 0, j = p->n; i + 1 < j; i++) {
        struct hash h = p->h[i];
        p->h[i] = p->h[--j];
        p->h[j] = h;
    }
}

enum err merkle_inclusion(const struct merkle_source *from, uint64_t index, uint64_t size,
                          struct merkle_proof *ret)
{
    CHECK(index < size && size < UINT64_C(1) << MERKLE_LEVELS);
    struct merkle_proof p = { .n = 0 };
    for (uint64_t lo = 0, hi = size; hi - lo > 1;) {
        uint64_t middle = lo + (UINT64_C(1) << split_level(hi - lo));
        bool left = index < middle;
        CHECK(p.n < MERKLE_PROOF_MAX);
        TRY(range_hash(from, left ? middle : lo, left ? hi : middle, &p.h[p.n++]));
        lo = left ? lo : middle;
        hi = left ? middle : hi;
    }
    proof_reverse(&p);
    *ret = p;
    return OK;
}

enum err merkle_consistency(const struct merkle_source *from, uint64_t old, uint64_t size,
                            struct merkle_proof *ret)
{
    CHECK(old <= size && size < UINT64_C(1) << MERKLE_LEVELS);
    struct merkle_proof p = { .n = 0 };
    uint64_t lo = 0, hi = old == 0 ? 0 : size;      /* nothing to prove about the empty tree */
    while (old != hi) {     /* SUBPROOF(old - lo, D[lo:hi], lo == 0) */
        uint64_t middle = lo + (UINT64_C(1) << split_level(hi - lo));
        bool left = old <= middle;
        CHECK(p.n < MERKLE_PROOF_MAX);
        TRY(range_hash(from, left ? middle : lo, left ? hi : middle, &p.h[p.n++]));
        lo = left ? lo : middle;
        hi = left ? middle : hi;
    }
    if (lo != 0) {
        CHECK(p.n < MERKLE_PROOF_MAX);
        TRY(range_hash(from, lo, hi, &p.h[p.n++]));
    }
    proof_reverse(&p);
    *ret = p;
    return OK;
}

bool merkle_verify_inclusion(const struct hash *leaf, uint64_t index, uint64_t size,
                             const struct merkle_proof *proof, const struct hash *root)
{
    if (index >= size || proof->n > MERKLE_PROOF_MAX)
        return false;
    uint64_t at = index, last = size - 1;
    struct hash h = *leaf;
    for (size_t i = 0; i < proof->n; i++, at >>= 1, last >>= 1) {
        if (last == 0)
            return false;
        if ((at & 1) || at == last) {
            h = merkle_node(&proof->h[i], &h);
            while (at != 0 && !(at & 1)) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            h = merkle_node(&h, &proof->h[i]);
        }
    }
    return last == 0 && hash_eq(&h, root);
}

/* The general case of consistency: 0 < old_size < size and a proof that is not empty. When
 * old_size is a power of two its root is not in the proof, because it is itself the first node. */
static bool consistency_walk(uint64_t old_size, const struct hash *old_root, uint64_t size,
                             const struct hash *root, const struct merkle_proof *proof)
{
    bool whole = (old_size & (old_size - 1)) == 0;
    uint64_t at = old_size - 1, last = size - 1;
    while (at & 1) {
        at >>= 1;
        last >>= 1;
    }
    struct hash old_h = whole ? *old_root : proof->h[0], new_h = old_h;
    for (size_t i = whole ? 0 : 1; i < proof->n; i++, at >>= 1, last >>= 1) {
        if (last == 0)
            return false;
        if ((at & 1) || at == last) {
            old_h = merkle_node(&proof->h[i], &old_h);
            new_h = merkle_node(&proof->h[i], &new_h);
            while (at != 0 && !(at & 1)) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new_h = merkle_node(&new_h, &proof->h[i]);
        }
    }
    return last == 0 && hash_eq(&old_h, old_root) && hash_eq(&new_h, root);
}

bool merkle_verify_consistency(uint64_t old_size, const struct hash *old_root, uint64_t size,
                               const struct hash *root, const struct merkle_proof *proof)
{
    if (old_size > size || proof->n > MERKLE_PROOF_MAX)
        return false;
    if (old_size == 0) {
        struct hash empty = hash_sha256(STR_NONE);
        return proof->n == 0 && hash_eq(old_root, &empty) && (size != 0 || hash_eq(root, &empty));
    }
    if (old_size == size)
        return proof->n == 0 && hash_eq(old_root, root);
    return proof->n != 0 && consistency_walk(old_size, old_root, size, root, proof);
}
