/* test_entry.c: canonical entries: fixed bytes, exact parsing, and no two entries alike. */
#include "../../src/ledger/entry.c"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct entry sample(void)
{
    return (struct entry){
        .area = 320508, .matter_id = 7, .seq = 1, .at_ms = 1795422000123, .account_id = 0,
        .role = STR("reporter"), .action = STR("report"), .from = STR(""), .to = STR("reported"),
        .data = STR("{\"what\":\"路灯不亮\"}"),
    };
}

/* The bytes are a promise to everyone who stored a receipt: they may never change. */
static void test_bytes_are_fixed(void **state)
{
    (void)state;
    static const char want[] = "fengqiao-entry-v1\n"
        "\x00\x04\xe3\xfc" "\0\0\0\0\0\0\0\x07" "\0\0\0\0\0\0\0\x01" "\0\0\x01\xa2\x07\x7d\x93\xfb"
        "\0\0\0\0\0\0\0\0" "\0\0\0\x08reporter" "\0\0\0\x06report" "\0\0\0\0" "\0\0\0\x08reported"
        "\0\0\0\x17{\"what\":\"路灯不亮\"}";
    struct arena a;
    arena_init(&a, 1 << 16);
    struct entry e = sample();
    struct str got = entry_canonical(&a, &e);
    assert_int_equal(got.n, sizeof(want) - 1);
    assert_memory_equal(got.p, want, got.n);
    struct hash h = entry_hash(got, NULL);
    struct buf hex = buf_in(&a, 100);
    buf_hex(&hex, hash_str(&h));
    assert_string_equal(arena_str(&a, buf_str(&hex)).p,
        "61798e48dcd9c6676cc375cdc5c675226c9e138248b1ed27ae1d91acbeabd8a1");
    arena_free(&a);
}

static bool entries_same(const struct entry *a, const struct entry *b)
{
    return a->area == b->area && a->matter_id == b->matter_id && a->seq == b->seq
        && a->at_ms == b->at_ms && a->account_id == b->account_id && str_eq(a->role, b->role)
        && str_eq(a->action, b->action) && str_eq(a->from, b->from) && str_eq(a->to, b->to)
        && str_eq(a->data, b->data);
}

static void test_reads_back_what_was_written(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 16);
    struct entry e = sample(), back;
    e.account_id = INT64_MAX;
    e.at_ms = INT64_MIN;
    e.matter_id = -1;
    assert_true(entry_parse(entry_canonical(&a, &e), &back));
    assert_true(entries_same(&e, &back));
    arena_free(&a);
}

/* Cut anywhere, lengthened, or with a byte changed: refused, or another entry with another hash. */
static void test_damage_shows(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct entry e = sample(), back;
    struct str good = entry_canonical(&a, &e);
    struct hash want = entry_hash(good, NULL);
    for (size_t n = 0; n < good.n; n++)
        assert_false(entry_parse(arena_dup(&a, good.p, n), &back));
    struct buf longer = buf_in(&a, 4096);
    buf_add(&longer, good);
    buf_byte(&longer, '!');
    assert_false(entry_parse(buf_str(&longer), &back));
    for (size_t i = 0; i < good.n; i++) {
        struct str bad = arena_dup(&a, good.p, good.n);
        char *byte = NEW_N(&a, char, good.n);
        memcpy(byte, bad.p, bad.n);
        byte[i] ^= 0x20;
        struct str changed = { byte, good.n };
        struct hash h = entry_hash(changed, NULL);
        assert_false(hash_eq(&h, &want));
        if (entry_parse(changed, &back))
            assert_false(entries_same(&e, &back));
        assert_true(i >= HEAD_BYTES || !entry_parse(changed, &back));
    }
    arena_free(&a);
}

/* A text that claims more bytes than there are, by each small number. */
static void test_text_lengths_are_checked(void **state)
{
    (void)state;
    for (char claimed = 1; claimed < 8; claimed++) {
        const char raw[] = { 0, 0, 0, claimed, 'x', 'y', 'y', 'y', 'y', 'y', 'y', 'y' };
        struct str bytes = { raw, 5 }, text = STR_NONE;     /* ends after the x */
        assert_int_equal(text_take(&bytes, &text), claimed == 1);
    }
}

/* Moving text from one field to the next makes other bytes. */
static void test_fields_cannot_flow_together(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 16);
    struct entry e = sample(), f = sample();
    e.action = STR("ab"), e.from = STR("c");
    f.action = STR("a"), f.from = STR("bc");
    assert_false(str_eq(entry_canonical(&a, &e), entry_canonical(&a, &f)));
    arena_free(&a);
}

static void test_chain_depends_on_the_entry_before(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 16);
    struct entry e = sample();
    struct str c = entry_canonical(&a, &e);
    struct hash zero = { { 0 } }, one = { { 1 } };
    struct hash first = entry_hash(c, NULL), same = entry_hash(c, &zero);
    struct hash other = entry_hash(c, &one);
    assert_true(hash_eq(&first, &same));
    assert_false(hash_eq(&first, &other));
    struct hash leaf = entry_leaf(&first), want = merkle_leaf(hash_str(&first));
    assert_true(hash_eq(&leaf, &want));
    arena_free(&a);
}

static void test_malformed_text_is_refused(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 16);
    struct entry e = sample(), back;
    e.data = STR("{\"what\":\"\xff\"}");
    assert_false(entry_parse(entry_canonical(&a, &e), &back));
    e.data = STR("a\0b");
    assert_false(entry_parse(entry_canonical(&a, &e), &back));
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_are_fixed),
        cmocka_unit_test(test_reads_back_what_was_written),
        cmocka_unit_test(test_damage_shows),
        cmocka_unit_test(test_text_lengths_are_checked),
        cmocka_unit_test(test_fields_cannot_flow_together),
        cmocka_unit_test(test_chain_depends_on_the_entry_before),
        cmocka_unit_test(test_malformed_text_is_refused),
    };
    return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
