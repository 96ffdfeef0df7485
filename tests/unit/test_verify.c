/* test_verify.c: a reporter's proof, checked offline: good ones pass, each kind of damage is named. */
#include "../../src/ledger/verify.c"
#include "ledger_nodes.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { LEAVES = 11, INDEX = 6, NOW_S = 1795422000 };

static const int64_t now_ms = (int64_t)NOW_S * 1000;

struct fixture { struct arena a; struct node_keys k; struct str key; struct verify_bundle v; };

/* Entry number INDEX of a log of LEAVES entries. */
static struct fixture *fixture_make(void)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    arena_init(&f->a, 1 << 26);
    keys_derive(1, "demo.example/su", &f->k);
    struct note_key key = note_key_of(&f->k);
    struct entry e = { .area = 320508, .matter_id = 7, .seq = 2, .at_ms = now_ms, .account_id = 12,
                       .role = STR("grid_worker"), .action = STR("take"), .from = STR("routed"),
                       .to = STR("handling") };
    struct verify_bundle *v = &f->v;
    struct buf data = buf_in(&f->a, 200);
    v->text = STR("已到现场，灯不亮");
    v->salt = STR("0123456789abcdef");
    struct hash digest = hash_sha256_2(v->salt, v->text);
    buf_add(&data, STR("{\"text_sha256\":\""));
    buf_hex(&data, hash_str(&digest));
    buf_add(&data, STR("\"}"));
    e.data = buf_str(&data);
    v->number = STR("320508-K7M2-QX4T");
    v->entry = entry_canonical(&f->a, &e);
    memset(v->prev.b, 7, HASH_BYTES);
    v->hash = entry_hash(v->entry, &v->prev);
    struct promise p = { v->number, v->hash, now_ms, now_ms + 60000 };
    v->promise = promise_make(&f->a, &f->k, &p);
    v->key = f->key = note_key_text(&f->a, &key);
    struct nodes s = { .asked = 0 };
    struct merkle_sink to = nodes_sink(&s);
    struct merkle_source from = nodes_source(&s);
    struct merkle_tree t = { .size = 0 };
    for (uint64_t i = 0; i < LEAVES; i++) {
        struct hash leaf = i == INDEX ? entry_leaf(&v->hash) : nodes_leaf(i);
        CHECK(merkle_append(&t, &leaf, &to) == OK);
    }
    v->logged = true;
    v->index = INDEX;
    CHECK(merkle_inclusion(&from, INDEX, LEAVES, &v->path) == OK);
    struct checkpoint c = { .size = LEAVES, .root = merkle_root(&t) };
    v->checkpoint = checkpoint_sign(&f->a, &f->k, &c);
    nodes_free(&s);
    return f;
}

static void fixture_free(struct fixture *f)
{
    arena_free(&f->a);
    heap_free(f);
}

static struct str json_of(struct fixture *f)
{
    struct buf b = buf_in(&f->a, VERIFY_BYTES_MAX);
    verify_bundle_write(&b, &f->v);
    return buf_str(&b);
}

static enum verify_fault check(struct fixture *f)
{
    struct verify_result r;
    return verify_bundle(&f->a, json_of(f), f->key, now_ms, &r);
}

static void test_good_proof(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct verify_result r;
    assert_int_equal(verify_bundle(&f->a, json_of(f), f->key, now_ms, &r), VERIFY_OK);
    assert_int_equal(verify_bundle(&f->a, json_of(f), STR_NONE, now_ms, &r), VERIFY_OK);
    assert_true(str_is(r.number, "320508-K7M2-QX4T") && str_is(r.node, "demo.example/su"));
    assert_true(r.logged && r.index == INDEX && r.size == LEAVES);
    assert_int_equal(r.log_by_ms, now_ms + 60000);
    assert_int_equal(r.entry.at_ms, now_ms);
    assert_true(str_starts(r.entry.data, STR("{\"text_sha256\":")));
    f->v.promise = STR_NONE;
    assert_int_equal(verify_bundle(&f->a, json_of(f), f->key, now_ms, &r), VERIFY_OK);
    assert_int_equal(r.number.n, 0);
    fixture_free(f);
}

static void test_promise_until_logged(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct verify_result r;
    f->v.logged = false;
    struct str json = json_of(f);
    assert_int_equal(verify_bundle(&f->a, json, f->key, now_ms, &r), VERIFY_OK);
    assert_false(r.logged);
    assert_int_equal(verify_bundle(&f->a, json, f->key, now_ms + 60000, &r), VERIFY_OK);
    assert_int_equal(verify_bundle(&f->a, json, f->key, now_ms + 60001, &r), VERIFY_OVERDUE);
    f->v.promise = STR_NONE;
    assert_int_equal(check(f), VERIFY_FORMAT);
    fixture_free(f);
}

static void test_changed_words_are_named(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    const struct verify_bundle good = f->v;
    f->v.text = STR("没有去");
    assert_int_equal(check(f), VERIFY_TEXT);
    f->v = good;
    f->v.salt = STR("0123456789abcdeg");
    assert_int_equal(check(f), VERIFY_TEXT);
    f->v = good;
    f->v.text = f->v.salt = STR_NONE;       /* erased: the rest still proves that it was received */
    assert_int_equal(check(f), VERIFY_OK);
    fixture_free(f);
}

static void test_each_damage_is_named(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    const struct verify_bundle good = f->v;
    struct node_keys other;
    keys_derive(2, "demo.example/su", &other);
    struct note_key other_key = note_key_of(&other);

    f->v.hash.b[0] ^= 1;
    assert_int_equal(check(f), VERIFY_HASH);
    f->v = good;
    f->v.prev.b[0] ^= 1;
    assert_int_equal(check(f), VERIFY_HASH);
    f->v = good;
    memset(f->v.prev.b, 0, HASH_BYTES);     /* seq 2 cannot be the first */
    f->v.hash = entry_hash(f->v.entry, &f->v.prev);
    assert_int_equal(check(f), VERIFY_HASH);
    f->v = good;
    f->v.entry = STR("fengqiao-entry-v1\n");
    assert_int_equal(check(f), VERIFY_ENTRY);
    f->v = good;
    f->v.number = STR("320508-AAAA-AAAA");
    assert_int_equal(check(f), VERIFY_PROMISE);
    f->v = good;
    struct promise p = { f->v.number, f->v.prev, now_ms, now_ms };      /* of another entry */
    f->v.promise = promise_make(&f->a, &f->k, &p);
    assert_int_equal(check(f), VERIFY_PROMISE);
    f->v = good;
    f->v.promise = f->v.checkpoint;
    assert_int_equal(check(f), VERIFY_PROMISE);
    f->v = good;
    f->v.index++;
    assert_int_equal(check(f), VERIFY_PATH);
    f->v = good;
    f->v.path.n--;
    assert_int_equal(check(f), VERIFY_PATH);
    f->v = good;
    f->v.path.h[1].b[31] ^= 1;
    assert_int_equal(check(f), VERIFY_PATH);
    f->v = good;
    f->v.checkpoint = f->v.promise;
    assert_int_equal(check(f), VERIFY_CHECKPOINT);
    f->v = good;
    struct checkpoint c = { .size = LEAVES };
    f->v.checkpoint = checkpoint_sign(&f->a, &other, &c);
    assert_int_equal(check(f), VERIFY_CHECKPOINT);
    f->v = good;
    f->v.key = note_key_text(&f->a, &other_key);
    assert_int_equal(check(f), VERIFY_KEY);
    f->key = f->v.key;                      /* trusting the wrong key does not help */
    assert_int_equal(check(f), VERIFY_PROMISE);
    fixture_free(f);
}

/* A whole proof forged under another key passes only where nobody knows the right key. */
static void test_known_key_matters(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct verify_result r;
    struct node_keys other;
    keys_derive(2, "demo.example/su", &other);
    struct note_key other_key = note_key_of(&other);
    struct promise p = { f->v.number, f->v.hash, now_ms, now_ms };
    f->v.promise = promise_make(&f->a, &other, &p);
    f->v.key = note_key_text(&f->a, &other_key);
    f->v.logged = false;
    assert_int_equal(verify_bundle(&f->a, json_of(f), STR_NONE, now_ms, &r), VERIFY_OK);
    assert_int_equal(verify_bundle(&f->a, json_of(f), f->key, now_ms, &r), VERIFY_KEY);
    fixture_free(f);
}

/* Any single byte of the file changed: never valid with other contents than were signed. */
static void test_every_changed_byte(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct str json = json_of(f);
    for (size_t i = 0; i < json.n; i++) {
        for (int bit = 0; bit < 7; bit += 3) {
            struct arena a;
            arena_init(&a, 1 << 20);
            struct verify_result r;
            struct buf b = buf_in(&a, VERIFY_BYTES_MAX);
            buf_add(&b, json);
            b.p[i] = (char)(b.p[i] ^ (1 << bit));
            assert_int_not_equal(verify_bundle(&a, buf_str(&b), f->key, now_ms, &r), VERIFY_OK);
            arena_free(&a);
        }
    }
    fixture_free(f);
}

static void test_malformed_files(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct verify_result r;
    static const char *const bad[] = {
        "", "{", "[]", "null", "1", "{}", "{\"format\":1}", "{\"format\":\"fengqiao-receipt-1\"}",
        "{\"checkpoint\":null}", "[[[[[[[[[[[[[[[[", "{\"format\":\"fengqiao-receipt-2\"}", "\xff\xfe",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(verify_bundle(&f->a, str_c(bad[i]), f->key, now_ms, &r), VERIFY_FORMAT);
    struct str json = json_of(f);
    for (size_t n = 0; n < json.n; n++)
        assert_int_equal(verify_bundle(&f->a, (struct str){ json.p, n }, f->key, now_ms, &r),
                         VERIFY_FORMAT);
    ptrdiff_t at = str_find(json, STR("\"path\":[\""));
    assert_true(at > 0);
    size_t cut = (size_t)at + 9;            /* a hash of the path cut by four characters */
    struct str shorter = arena_fmt(&f->a, "%.*s%.*s", (int)cut, json.p, (int)(json.n - cut - 4),
                                   json.p + cut + 4);
    assert_int_equal(verify_bundle(&f->a, shorter, f->key, now_ms, &r), VERIFY_FORMAT);
    struct str more = arena_fmt(&f->a, "{\"extra\":1,%.*s", (int)json.n - 1, json.p + 1);
    assert_int_equal(verify_bundle(&f->a, more, f->key, now_ms, &r), VERIFY_FORMAT);
    struct str twice = arena_fmt(&f->a, "{\"key\":\"a\",%.*s", (int)json.n - 1, json.p + 1);
    assert_int_equal(verify_bundle(&f->a, twice, f->key, now_ms, &r), VERIFY_FORMAT);
    static char big[VERIFY_BYTES_MAX + 1];
    memset(big, ' ', sizeof(big));
    memcpy(big, json.p, json.n);            /* a good proof, but endless */
    assert_int_equal(verify_bundle(&f->a, (struct str){ big, sizeof(big) }, f->key, now_ms, &r),
                     VERIFY_FORMAT);
    fixture_free(f);
}

static void test_texts(void **state)
{
    (void)state;
    for (enum verify_fault f = VERIFY_OK; f < VERIFY_FAULT_COUNT; f++) {
        assert_true(strlen(verify_code(f)) > 0);
        assert_true(strlen(verify_text(f, LANG_ZH)) > 0 && strlen(verify_text(f, LANG_EN)) > 0);
    }
    assert_string_equal(verify_code(VERIFY_OVERDUE), "overdue");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_proof),
        cmocka_unit_test(test_promise_until_logged),
        cmocka_unit_test(test_changed_words_are_named),
        cmocka_unit_test(test_each_damage_is_named),
        cmocka_unit_test(test_known_key_matters),
        cmocka_unit_test(test_every_changed_byte),
        cmocka_unit_test(test_malformed_files),
        cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
