/* test_merkle.c: the Merkle log against known answers, against the recursive definitions of
 * RFC 6962 for every size to 65, and against tampering. */
#include "../../src/ledger/merkle.c"
#include "ledger_nodes.h"
#include "base/rand.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { SIZE_MAX_TESTED = 65 };

/* Leaves and roots published with the certificate-transparency test data. */
static const char *const kat_leaves[8] = {
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
};
static const char *const kat_roots[9] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};
#define H_0_1_8 "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
#define H_2_4 "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
#define H_4_8 "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
#define H_4_5 "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
#define H_4_6 "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
#define H_6_8 "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
#define H_0_4 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"

struct kat_proof { uint64_t from, size; const char *hash[4]; };
static const struct kat_proof kat_inclusions[] = {
    { 0, 1, { NULL } },
    { 0, 8, { H_0_1_8, H_2_4, H_4_8 } },
    { 5, 8, { H_4_5, H_6_8, H_0_4 } },
};
static const struct kat_proof kat_consistencies[] = {
    { 1, 1, { NULL } },
    { 1, 8, { H_0_1_8, H_2_4, H_4_8 } },
    { 6, 8, { H_4_6, H_6_8, H_0_4 } },
    { 2, 5, { H_2_4, H_4_5 } },
};

static void hex_equal(struct arena *a, const struct hash *h, const char *hex)
{
    struct buf b = buf_in(a, 100);
    buf_hex(&b, hash_str(h));
    assert_true(str_is(buf_str(&b), hex));
}

static void proof_equal(struct arena *a, const struct merkle_proof *p, const struct kat_proof *want)
{
    size_t n = 0;
    for (; n < 4 && want->hash[n]; n++)
        hex_equal(a, &p->h[n], want->hash[n]);
    assert_int_equal(p->n, n);
}

static void test_known_answers(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 16);
    struct nodes s = { .asked = 0 };
    struct merkle_sink to = nodes_sink(&s);
    struct merkle_source from = nodes_source(&s);
    struct merkle_tree t = { .size = 0 };
    for (size_t i = 0; i <= 8; i++) {
        struct hash root = merkle_root(&t);
        hex_equal(&a, &root, kat_roots[i]);
        if (i == 8)
            break;
        struct str data;
        assert_true(hex_decode(&a, str_c(kat_leaves[i]), &data));
        struct hash leaf = merkle_leaf(data);
        assert_int_equal(merkle_append(&t, &leaf, &to), OK);
    }
    struct merkle_proof p;
    for (size_t i = 0; i < COUNT_OF(kat_inclusions); i++) {
        const struct kat_proof *k = &kat_inclusions[i];
        assert_int_equal(merkle_inclusion(&from, k->from, k->size, &p), OK);
        proof_equal(&a, &p, k);
    }
    for (size_t i = 0; i < COUNT_OF(kat_consistencies); i++) {
        const struct kat_proof *k = &kat_consistencies[i];
        assert_int_equal(merkle_consistency(&from, k->from, k->size, &p), OK);
        proof_equal(&a, &p, k);
    }
    nodes_free(&s);
    arena_free(&a);
}

/* The definitions of RFC 6962 section 2.1, word for word, over an array of leaf hashes. */
static size_t naive_split(size_t n)
{
    size_t k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

static struct hash naive_mth(const struct hash *d, size_t n)
{
    if (n == 0)
        return hash_sha256(STR_NONE);
    if (n == 1)
        return d[0];
    size_t k = naive_split(n);
    struct hash l = naive_mth(d, k), r = naive_mth(d + k, n - k);
    return merkle_node(&l, &r);
}

static void naive_add(struct merkle_proof *p, struct hash h)
{
    p->h[p->n++] = h;
}

static void naive_path(const struct hash *d, size_t m, size_t n, struct merkle_proof *p)
{
    if (n == 1)
        return;
    size_t k = naive_split(n);
    if (m < k) {
        naive_path(d, m, k, p);
        naive_add(p, naive_mth(d + k, n - k));
    } else {
        naive_path(d + k, m - k, n - k, p);
        naive_add(p, naive_mth(d, k));
    }
}

static void naive_subproof(const struct hash *d, size_t m, size_t n, bool b, struct merkle_proof *p)
{
    if (m == n) {
        if (!b)
            naive_add(p, naive_mth(d, m));
        return;
    }
    size_t k = naive_split(n);
    if (m <= k) {
        naive_subproof(d, m, k, b, p);
        naive_add(p, naive_mth(d + k, n - k));
    } else {
        naive_subproof(d + k, m - k, n - k, false, p);
        naive_add(p, naive_mth(d, k));
    }
}

static bool proofs_same(const struct merkle_proof *a, const struct merkle_proof *b)
{
    return a->n == b->n && memcmp(a->h, b->h, a->n * sizeof(struct hash)) == 0;
}

/* A log of SIZE_MAX_TESTED leaves with the roots of all its sizes. */
struct grown { struct nodes s; struct hash leaf[SIZE_MAX_TESTED], root[SIZE_MAX_TESTED + 1]; };

static struct grown *grown_make(void)
{
    struct grown *g = calloc(1, sizeof(*g));
    CHECK(g != NULL);
    struct merkle_tree t = { .size = 0 };
    struct merkle_sink to = nodes_sink(&g->s);
    for (size_t i = 0; i <= SIZE_MAX_TESTED; i++) {
        g->root[i] = merkle_root(&t);
        if (i == SIZE_MAX_TESTED)
            break;
        g->leaf[i] = nodes_leaf(i);
        CHECK(merkle_append(&t, &g->leaf[i], &to) == OK);
    }
    return g;
}

static void grown_free(struct grown *g)
{
    nodes_free(&g->s);
    free(g);
}

static void test_roots_and_reload(void **state)
{
    (void)state;
    struct grown *g = grown_make();
    struct merkle_source from = nodes_source(&g->s);
    for (size_t n = 0; n <= SIZE_MAX_TESTED; n++) {
        struct hash want = naive_mth(g->leaf, n);
        assert_true(hash_eq(&want, &g->root[n]));
        struct merkle_tree t;
        assert_int_equal(merkle_tree_load(&from, n, &t), OK);
        struct hash again = merkle_root(&t);
        assert_true(hash_eq(&again, &want));
    }
    grown_free(g);
}

static void test_all_inclusions(void **state)
{
    (void)state;
    struct grown *g = grown_make();
    struct merkle_source from = nodes_source(&g->s);
    for (size_t n = 1; n <= SIZE_MAX_TESTED; n++) {
        for (size_t m = 0; m < n; m++) {
            struct merkle_proof p, want = { .n = 0 };
            naive_path(g->leaf, m, n, &want);
            assert_int_equal(merkle_inclusion(&from, m, n, &p), OK);
            assert_true(proofs_same(&p, &want));
            assert_true(merkle_verify_inclusion(&g->leaf[m], m, n, &p, &g->root[n]));
        }
    }
    grown_free(g);
}

static void test_all_consistencies(void **state)
{
    (void)state;
    struct grown *g = grown_make();
    struct merkle_source from = nodes_source(&g->s);
    for (size_t n = 0; n <= SIZE_MAX_TESTED; n++) {
        for (size_t m = 0; m <= n; m++) {
            struct merkle_proof p, want = { .n = 0 };
            if (m > 0)
                naive_subproof(g->leaf, m, n, true, &want);
            assert_int_equal(merkle_consistency(&from, m, n, &p), OK);
            assert_true(proofs_same(&p, &want));
            assert_true(merkle_verify_consistency(m, &g->root[m], n, &g->root[n], &p));
        }
    }
    grown_free(g);
}

/* Every byte of a hash changed, one at a time. */
#define FOR_EACH_BYTE(h, with) \
    for (size_t byte_ = 0; byte_ < HASH_BYTES; byte_++) { \
        (h)->b[byte_] ^= 0x40; \
        with; \
        (h)->b[byte_] ^= 0x40; \
    }

static void tamper_inclusion(const struct grown *g, uint64_t m, uint64_t n, struct merkle_proof p)
{
    struct hash leaf = g->leaf[m], root = g->root[n];
    for (size_t i = 0; i < p.n; i++)
        FOR_EACH_BYTE(&p.h[i], assert_false(merkle_verify_inclusion(&leaf, m, n, &p, &root)))
    FOR_EACH_BYTE(&leaf, assert_false(merkle_verify_inclusion(&leaf, m, n, &p, &root)))
    FOR_EACH_BYTE(&root, assert_false(merkle_verify_inclusion(&leaf, m, n, &p, &root)))
    for (uint64_t other = 0; other <= n + 1; other++)
        if (other != m)
            assert_false(merkle_verify_inclusion(&leaf, other, n, &p, &root));
    assert_false(merkle_verify_inclusion(&leaf, m, 0, &p, &root));
    assert_false(merkle_verify_inclusion(&leaf, m, m, &p, &root));
    assert_false(merkle_verify_inclusion(&leaf, m, n + 64, &p, &root));
    p.h[p.n++] = leaf;
    assert_false(merkle_verify_inclusion(&leaf, m, n, &p, &root));
    if (p.n > 1) {
        p.n -= 2;
        assert_false(merkle_verify_inclusion(&leaf, m, n, &p, &root));
    }
    p.n = MERKLE_PROOF_MAX + 1;
    assert_false(merkle_verify_inclusion(&leaf, m, n, &p, &root));
}

static void test_tampered_inclusions(void **state)
{
    (void)state;
    struct grown *g = grown_make();
    struct merkle_source from = nodes_source(&g->s);
    for (size_t n = 1; n <= 34; n++) {
        for (size_t m = 0; m < n; m++) {
            struct merkle_proof p;
            assert_int_equal(merkle_inclusion(&from, m, n, &p), OK);
            tamper_inclusion(g, m, n, p);
        }
    }
    grown_free(g);
}

static void tamper_consistency(const struct grown *g, uint64_t m, uint64_t n, struct merkle_proof p)
{
    struct hash old = g->root[m], root = g->root[n];
    for (size_t i = 0; i < p.n; i++)
        FOR_EACH_BYTE(&p.h[i], assert_false(merkle_verify_consistency(m, &old, n, &root, &p)))
    FOR_EACH_BYTE(&old, assert_false(merkle_verify_consistency(m, &old, n, &root, &p)))
    FOR_EACH_BYTE(&root, assert_false(merkle_verify_consistency(m, &old, n, &root, &p)))
    assert_false(merkle_verify_consistency(n + 1, &old, n, &root, &p));
    assert_false(merkle_verify_consistency(n, &old, m, &root, &p));
    assert_false(merkle_verify_consistency(0, &old, n, &root, &p));
    assert_false(merkle_verify_consistency(m, &root, n, &old, &p));
    p.h[p.n++] = old;
    assert_false(merkle_verify_consistency(m, &old, n, &root, &p));
    p.n -= 2;
    assert_false(merkle_verify_consistency(m, &old, n, &root, &p));
    p.n = 0;
    assert_false(merkle_verify_consistency(m, &old, n, &root, &p));
}

static void test_tampered_consistencies(void **state)
{
    (void)state;
    struct grown *g = grown_make();
    struct merkle_source from = nodes_source(&g->s);
    for (size_t n = 2; n <= 34; n++) {
        for (size_t m = 1; m < n; m++) {
            struct merkle_proof p;
            assert_int_equal(merkle_consistency(&from, m, n, &p), OK);
            tamper_consistency(g, m, n, p);
        }
    }
    /* A node is no tree of one leaf. */
    struct merkle_proof p = { .n = 1, .h = { g->leaf[0] } };
    assert_false(merkle_verify_inclusion(&g->leaf[1], 0, 1, &p, &g->root[2]));
    /* Equal sizes prove equal roots and nothing else; the empty tree begins every tree. */
    struct merkle_proof none = { .n = 0 }, one = { .n = 1 };
    assert_false(merkle_verify_consistency(5, &g->root[5], 5, &g->root[6], &none));
    assert_false(merkle_verify_consistency(5, &g->root[5], 5, &g->root[5], &one));
    assert_false(merkle_verify_consistency(0, &g->root[1], 5, &g->root[5], &none));
    assert_false(merkle_verify_consistency(0, &g->root[0], 5, &g->root[5], &one));
    assert_false(merkle_verify_consistency(0, &g->root[0], 0, &g->root[1], &none));
    grown_free(g);
}

/* Proofs of a large log need few stored nodes; a log of another history does not verify. */
static void test_large_log(void **state)
{
    (void)state;
    enum { SIZE = 100003, SAMPLES = 300, OLD = 65537 };
    struct nodes s = { .asked = 0 };
    struct merkle_sink to = nodes_sink(&s);
    struct merkle_source from = nodes_source(&s);
    struct merkle_tree t = { .size = 0 }, forged = { .size = 0 };
    struct hash old_root = { { 0 } };
    for (uint64_t i = 0; i < SIZE; i++) {
        struct hash leaf = nodes_leaf(i), other = nodes_leaf(i == 5 ? SIZE : i);
        assert_int_equal(merkle_append(&t, &leaf, &to), OK);
        assert_int_equal(merkle_append(&forged, &other, NULL), OK);
        if (t.size == OLD)
            old_root = merkle_root(&t);
    }
    struct hash root = merkle_root(&t), forged_root = merkle_root(&forged);
    struct rand r = rand_seeded(1);
    struct merkle_proof p;
    for (int i = 0; i < SAMPLES; i++) {
        uint64_t m = rand_below(&r, SIZE);
        struct hash leaf = nodes_leaf(m);
        s.asked = 0;
        assert_int_equal(merkle_inclusion(&from, m, SIZE, &p), OK);
        assert_in_range(s.asked, 1, 34);
        assert_true(merkle_verify_inclusion(&leaf, m, SIZE, &p, &root));
        assert_false(merkle_verify_inclusion(&leaf, m, SIZE, &p, &forged_root));
    }
    s.asked = 0;
    assert_int_equal(merkle_consistency(&from, OLD, SIZE, &p), OK);
    assert_in_range(s.asked, 1, 34);
    assert_true(merkle_verify_consistency(OLD, &old_root, SIZE, &root, &p));
    assert_false(merkle_verify_consistency(OLD, &old_root, SIZE, &forged_root, &p));
    nodes_free(&s);
}

static void test_store_failures_pass_through(void **state)
{
    (void)state;
    struct grown *g = grown_make();
    struct merkle_source from = nodes_source(&g->s);
    struct merkle_sink to = nodes_sink(&g->s);
    struct merkle_tree t, before;
    struct merkle_proof p;
    assert_int_equal(merkle_tree_load(&from, 63, &t), OK);
    before = t;
    g->s.fail = true;
    assert_int_equal(merkle_append(&t, &g->leaf[0], &to), E_IO);
    assert_memory_equal(&t, &before, sizeof(t));
    assert_int_equal(merkle_inclusion(&from, 3, 63, &p), E_IO);
    assert_int_equal(merkle_consistency(&from, 3, 63, &p), E_IO);
    assert_int_equal(merkle_tree_load(&from, 63, &t), E_IO);
    grown_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_roots_and_reload),
        cmocka_unit_test(test_all_inclusions),
        cmocka_unit_test(test_all_consistencies),
        cmocka_unit_test(test_tampered_inclusions),
        cmocka_unit_test(test_tampered_consistencies),
        cmocka_unit_test(test_large_log),
        cmocka_unit_test(test_store_failures_pass_through),
    };
    return cmocka_run_group_tests_name("merkle", tests, NULL, NULL);
}
