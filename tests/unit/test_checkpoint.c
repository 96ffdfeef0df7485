/* test_checkpoint.c: signed notes, verifier keys, checkpoints and promises: their exact text, and
 * that nothing altered is accepted. */
#include "../../src/ledger/note.c"
#include "ledger/checkpoint.h"
#include "ledger/promise.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* The example of the signed-note format's first implementation (Go's sumdb/note). */
static const char kat_key[] =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char kat_note[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngot"
    "pRZb6KE6RyyBwJnAM=\n";

struct fixture { struct arena a; struct node_keys k; struct note_key key; };

static struct fixture *fixture_make(void)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    arena_init(&f->a, 1 << 24);
    keys_derive(1, "demo.example/su", &f->k);
    f->key = note_key_of(&f->k);
    return f;
}

static void fixture_free(struct fixture *f)
{
    arena_free(&f->a);
    heap_free(f);
}

static struct str changed(struct arena *a, struct str s, size_t i, char by)
{
    char *p = NEW_N(a, char, s.n);
    memcpy(p, s.p, s.n);
    p[i] ^= by;
    return (struct str){ p, s.n };
}

static void test_known_note(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct note_key key;
    struct str text = STR_NONE;
    assert_true(note_key_parse(&f->a, str_c(kat_key), &key));
    assert_true(str_is(note_key_text(&f->a, &key), kat_key));
    assert_true(note_open(&f->a, str_c(kat_note), &key, &text));
    assert_true(str_starts(text, STR("If you think")));
    assert_int_equal(text.p[text.n - 1], '\n');
    assert_false(note_open(&f->a, str_c(kat_note), &f->key, &text));
    fixture_free(f);
}

static void test_verifier_keys(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct note_key back;
    struct str text = note_key_text(&f->a, &f->key);
    assert_true(note_key_parse(&f->a, text, &back));
    assert_true(str_eq(back.name, f->key.name));
    assert_memory_equal(back.public_key, f->key.public_key, KEY_BYTES);
    for (size_t i = 0; i < text.n; i++) {
        assert_false(note_key_parse(&f->a, changed(&f->a, text, i, 1), &back));
        assert_false(note_key_parse(&f->a, (struct str){ text.p, i }, &back));
    }
    assert_false(note_key_parse(&f->a, STR_NONE, &back));
    fixture_free(f);
}

/* Any byte changed or cut off, in text, name, key hash or signature. */
static void test_tampered_notes(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct str text, note = note_sign(&f->a, &f->k, STR("one\ntwo\n"));
    assert_true(note_open(&f->a, note, &f->key, &text));
    assert_true(str_is(text, "one\ntwo\n"));
    for (size_t i = 0; i < note.n; i++) {
        for (int bit = 0; bit < 8; bit++) {
            struct str bad = changed(&f->a, note, i, (char)(1 << bit));
            assert_false(note_open(&f->a, bad, &f->key, &text));
        }
        assert_false(note_open(&f->a, (struct str){ note.p, i }, &f->key, &text));
    }
    struct node_keys other;
    keys_derive(2, "demo.example/su", &other);
    struct note_key other_key = note_key_of(&other);
    assert_false(note_open(&f->a, note, &other_key, &text));
    fixture_free(f);
}

static void test_further_signatures(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct node_keys witness;
    keys_derive(2, "witness.example", &witness);
    struct str text = STR("one\n"), got;
    struct str own = note_sign(&f->a, &f->k, text), theirs = note_sign(&f->a, &witness, text);
    struct str line = { theirs.p + text.n + 1, theirs.n - text.n - 1 };
    struct str own_line = { own.p + text.n + 1, own.n - text.n - 1 };
    struct note_key witness_key = note_key_of(&witness);
    struct str both = arena_fmt(&f->a, "%.*s%.*s", STR_FMT(own), STR_FMT(line));
    assert_true(note_open(&f->a, both, &f->key, &got));
    assert_true(note_open(&f->a, both, &witness_key, &got));
    both = arena_fmt(&f->a, "%.*s%.*s", STR_FMT(theirs), STR_FMT(own_line));
    assert_true(note_open(&f->a, both, &f->key, &got));
    /* A good signature does not excuse a bad one by the same key. */
    struct str bad = note_sign(&f->a, &f->k, STR("two\n"));
    struct str bad_line = { bad.p + 5, bad.n - 5 };
    both = arena_fmt(&f->a, "%.*s%.*s", STR_FMT(own), STR_FMT(bad_line));
    assert_false(note_open(&f->a, both, &f->key, &got));
    both = arena_fmt(&f->a, "%.*sfree text\n", STR_FMT(own));
    assert_false(note_open(&f->a, both, &f->key, &got));
    struct buf many = buf_in(&f->a, NOTE_BYTES_MAX * 2);
    buf_add(&many, own);
    for (int i = 0; i < 110; i++)
        buf_add(&many, line);
    assert_false(note_open(&f->a, buf_str(&many), &f->key, &got));
    fixture_free(f);
}

static struct checkpoint sample(void)
{
    struct checkpoint c = { .origin = STR("demo.example/su"), .size = 20852163 };
    memset(c.root.b, 0xA5, HASH_BYTES);
    return c;
}

static void test_checkpoint_text(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct checkpoint c = sample(), back;
    struct str body = checkpoint_body(&f->a, &c);
    assert_true(str_is(body,
        "demo.example/su\n20852163\npaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaU=\n"));
    assert_true(checkpoint_parse(&f->a, body, &back));
    assert_true(str_eq(back.origin, c.origin) && back.size == c.size && back.extension.n == 0);
    assert_memory_equal(&back.root, &c.root, HASH_BYTES);
    c.extension = STR("first\nsecond\n");
    assert_true(checkpoint_parse(&f->a, checkpoint_body(&f->a, &c), &back));
    assert_true(str_is(back.extension, "first\nsecond\n"));
    fixture_free(f);
}

static void test_malformed_checkpoints(void **state)
{
    (void)state;
#define ROOT "paWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaU="
    static const char *const bad[] = {
        "", "o", "o\n", "o\n1", "o\n1\n", "o\n1\n" ROOT, "\n1\n" ROOT "\n", "o\n01\n" ROOT "\n",
        "o\n-1\n" ROOT "\n", "o\n-0\n" ROOT "\n", "o\n+1\n" ROOT "\n", "o\n 1\n" ROOT "\n",
        "o\n0x1\n" ROOT "\n", "o\n4611686018427387904\n" ROOT "\n",
        "o\n18446744073709551617\n" ROOT "\n", "o\n1\npaWl\n", "o\n1\n" ROOT " \n",
        "o\n1\npaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaV=\n", "o\n1\n" ROOT "\n\n",
        "o\n1\n" ROOT "\next", "o\n1\n" ROOT "\next\n\nmore\n", "o\n\n" ROOT "\n",
    };
#undef ROOT
    struct fixture *f = fixture_make();
    struct checkpoint c;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(checkpoint_parse(&f->a, str_c(bad[i]), &c));
    fixture_free(f);
}

static void test_signed_checkpoint(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct checkpoint c = sample(), back;
    struct str note = checkpoint_sign(&f->a, &f->k, &c);
    c.origin = STR_NONE;                    /* the keys know it */
    assert_true(str_eq(note, checkpoint_sign(&f->a, &f->k, &c)));
    assert_true(checkpoint_open(&f->a, note, &f->key, &back));
    assert_true(back.size == c.size && hash_eq(&back.root, &c.root));
    for (size_t i = 0; i < note.n; i++)
        assert_false(checkpoint_open(&f->a, changed(&f->a, note, i, 1), &f->key, &back));
    /* Signed by the right key, but not a checkpoint, or of a log with another name. */
    assert_false(checkpoint_open(&f->a, note_sign(&f->a, &f->k, STR("hello\n")), &f->key, &back));
    c.origin = STR("elsewhere");
    struct str foreign = note_sign(&f->a, &f->k, checkpoint_body(&f->a, &c));
    assert_false(checkpoint_open(&f->a, foreign, &f->key, &back));
    fixture_free(f);
}

static void test_promises(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct promise p = { .number = STR("320508-K7M2-QX4T"), .at_ms = 1795422000123,
                         .log_by_ms = 1795422060123 }, back;
    memset(p.entry_hash.b, 0xA5, HASH_BYTES);
    struct str text = STR_NONE, note = promise_make(&f->a, &f->k, &p);
    assert_true(note_open(&f->a, note, &f->key, &text));
    assert_true(str_is(text, "fengqiao promise v1\ndemo.example/su\n320508-K7M2-QX4T\n"
        "paWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaU=\n"
        "2026-11-23T16:20:00+08:00\n2026-11-23T16:21:01+08:00\n"));
    assert_true(promise_open(&f->a, note, &f->key, &back));
    assert_true(str_eq(back.number, p.number) && hash_eq(&back.entry_hash, &p.entry_hash));
    assert_int_equal(back.at_ms, 1795422000000);
    assert_int_equal(back.log_by_ms, 1795422061000);
    for (size_t i = 0; i < note.n; i++)
        assert_false(promise_open(&f->a, changed(&f->a, note, i, 1), &f->key, &back));
    struct checkpoint c = sample();
    assert_false(promise_open(&f->a, checkpoint_sign(&f->a, &f->k, &c), &f->key, &back));
    struct str longer = arena_fmt(&f->a, "%.*smore\n", STR_FMT(text));
    assert_false(promise_open(&f->a, note_sign(&f->a, &f->k, longer), &f->key, &back));
    fixture_free(f);
}

/* Signed by the node, but not what a promise looks like. */
static void test_malformed_promises(void **state)
{
    (void)state;
#define HEAD "fengqiao promise v1\n"
#define NODE "demo.example/su\n"
#define NUMBER "320508-K7M2-QX4T\n"
#define HASH "paWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaU=\n"
#define TIME "2026-11-23T16:20:00+08:00\n"
    static const char good[] = HEAD NODE NUMBER HASH TIME TIME;
    static const char *const bad[] = {
        "fengqiao promise v2\n" NODE NUMBER HASH TIME TIME, HEAD "elsewhere\n" NUMBER HASH TIME TIME,
        HEAD NODE NUMBER "paWl\n" TIME TIME, HEAD NODE NUMBER "?\n" TIME TIME,
        HEAD NODE NUMBER HASH "soon\n" TIME, HEAD NODE NUMBER HASH TIME "2026-02-30T16:20:00+08:00\n",
        HEAD NODE NUMBER HASH TIME, HEAD NODE NUMBER, HEAD, HEAD NODE NUMBER HASH TIME TIME "\n",
        HEAD NODE "\n" HASH TIME TIME,
    };
#undef HEAD
#undef NODE
#undef NUMBER
#undef HASH
#undef TIME
    struct fixture *f = fixture_make();
    struct promise p;
    assert_true(promise_open(&f->a, note_sign(&f->a, &f->k, str_c(good)), &f->key, &p));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(promise_open(&f->a, note_sign(&f->a, &f->k, str_c(bad[i])), &f->key, &p));
    fixture_free(f);
}

/* The signed-note format forbids control characters, even well signed. */
static void test_control_characters_in_notes(void **state)
{
    (void)state;
    assert_true(note_text_ok(STR("路灯\n")));
    assert_false(note_text_ok(STR("a\tb\n")));
    assert_false(note_text_ok(STR("a\rb\n")));
    assert_false(note_text_ok(STR("a\0b\n")));
    assert_false(note_text_ok(STR("a\xff\n")));
    assert_false(note_text_ok(STR("no newline")));
    assert_false(note_text_ok(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_note),
        cmocka_unit_test(test_verifier_keys),
        cmocka_unit_test(test_tampered_notes),
        cmocka_unit_test(test_further_signatures),
        cmocka_unit_test(test_checkpoint_text),
        cmocka_unit_test(test_malformed_checkpoints),
        cmocka_unit_test(test_signed_checkpoint),
        cmocka_unit_test(test_promises),
        cmocka_unit_test(test_malformed_promises),
        cmocka_unit_test(test_control_characters_in_notes),
    };
    return cmocka_run_group_tests_name("checkpoint", tests, NULL, NULL);
}
