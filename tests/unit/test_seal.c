/* test_seal.c: sealed fields open only where they belong, and not at all once the key is gone. */
#include "../../src/crypto/seal.c"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct fixture {
    struct arena a;
    struct rand r;
    struct node_keys k;
    unsigned char wrapped[SEAL_WRAPPED_BYTES];
    struct seal_key key;
};

static struct fixture *fixture_make(void)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    arena_init(&f->a, 1 << 20);
    f->r = rand_seeded(3);
    keys_derive(1, "demo.example/su", &f->k);
    seal_key_new(&f->k, &f->r, 42, f->wrapped, &f->key);
    return f;
}

static void fixture_free(struct fixture *f)
{
    arena_free(&f->a);
    heap_free(f);
}

static void test_round_trip(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct seal_key key;
    struct str back, name = STR("王秀英"), wrapped = bytes_str(f->wrapped, SEAL_WRAPPED_BYTES);
    struct str sealed = seal_field(&f->a, &f->r, &f->key, "name", name);
    assert_int_equal(sealed.n, name.n + SEAL_OVERHEAD_BYTES);
    assert_true(str_find(sealed, name) < 0);
    assert_int_equal(seal_key_open(&f->k, 42, wrapped, &key), OK);
    assert_int_equal(seal_open(&f->a, &key, "name", sealed, &back), OK);
    assert_true(str_eq(back, name));
    struct str empty = seal_field(&f->a, &f->r, &f->key, "phone", STR(""));
    assert_int_equal(seal_open(&f->a, &key, "phone", empty, &back), OK);
    assert_int_equal(back.n, 0);
    /* The same text sealed twice looks different: nobody can tell who shares a phone. */
    assert_false(str_eq(sealed, seal_field(&f->a, &f->r, &f->key, "name", name)));
    fixture_free(f);
}

static void test_not_under_another_field_or_person(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct seal_key same_key = f->key, other;
    unsigned char other_wrapped[SEAL_WRAPPED_BYTES];
    seal_key_new(&f->k, &f->r, 43, other_wrapped, &other);
    struct str back, sealed = seal_field(&f->a, &f->r, &f->key, "name", STR("王秀英"));
    assert_int_equal(seal_open(&f->a, &f->key, "phone", sealed, &back), E_BUG);
    assert_int_equal(seal_open(&f->a, &f->key, "nam", sealed, &back), E_BUG);
    assert_int_equal(seal_open(&f->a, &f->key, "mane", sealed, &back), E_BUG);
    assert_int_equal(seal_open(&f->a, &other, "name", sealed, &back), E_BUG);
    same_key.person_id = 43;
    assert_int_equal(seal_open(&f->a, &same_key, "name", sealed, &back), E_BUG);
    struct str wrapped = bytes_str(f->wrapped, SEAL_WRAPPED_BYTES);
    assert_int_equal(seal_key_open(&f->k, 43, wrapped, &other), E_BUG);
    fixture_free(f);
}

/* While the key is turned both open; what is wrapped anew needs the new one, and fields stay. */
static void test_the_sealing_key_is_turned(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct node_keys both = f->k, now, before;
    struct seal_key key;
    unsigned char anew[SEAL_WRAPPED_BYTES];
    struct str back, sealed = seal_field(&f->a, &f->r, &f->key, "name", STR("王秀英"));
    struct str old_wrapped = bytes_str(f->wrapped, SEAL_WRAPPED_BYTES);
    rand_bytes(&f->r, both.seal_master[1], KEY_BYTES);
    atomic_store(&both.n_seal, 2);
    keys_only(&both, 1, &now);
    keys_only(&both, 0, &before);
    atomic_store(&both.sealing, 1);
    assert_int_equal(seal_key_open(&both, 42, old_wrapped, &key), OK);
    seal_key_wrap(&both, &f->r, &key, anew);
    struct str wrapped = bytes_str(anew, SEAL_WRAPPED_BYTES);
    assert_int_equal(seal_key_open(&before, 42, wrapped, &key), E_BUG);
    assert_int_equal(seal_key_open(&now, 42, old_wrapped, &key), E_BUG);
    assert_int_equal(seal_key_open(&now, 42, wrapped, &key), OK);
    assert_int_equal(seal_open(&f->a, &key, "name", sealed, &back), OK);
    assert_true(str_is(back, "王秀英"));
    fixture_free(f);
}

static void test_every_changed_byte_is_refused(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct str back, sealed = seal_field(&f->a, &f->r, &f->key, "name", STR("王秀英"));
    unsigned char bad[128];
    struct seal_key key;
    for (size_t i = 0; i < sealed.n; i++) {
        memcpy(bad, sealed.p, sealed.n);
        bad[i] ^= 1;
        assert_int_equal(seal_open(&f->a, &f->key, "name", bytes_str(bad, sealed.n), &back), E_BUG);
        assert_int_equal(seal_open(&f->a, &f->key, "name", (struct str){ sealed.p, i }, &back), E_BUG);
    }
    for (size_t i = 0; i < SEAL_WRAPPED_BYTES; i++) {
        memcpy(bad, f->wrapped, SEAL_WRAPPED_BYTES);
        bad[i] ^= 1;
        assert_int_equal(seal_key_open(&f->k, 42, bytes_str(bad, SEAL_WRAPPED_BYTES), &key), E_BUG);
    }
    fixture_free(f);
}

static void test_erased_person_is_gone(void **state)
{
    (void)state;
    struct fixture *f = fixture_make();
    struct seal_key key;
    assert_int_equal(seal_key_open(&f->k, 42, STR_NONE, &key), E_MISSING);
    seal_key_wipe(&f->key);
    struct seal_key zero = { .person_id = 0 };
    assert_memory_equal(f->key.b, zero.b, SEAL_KEY_BYTES);
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_not_under_another_field_or_person),
        cmocka_unit_test(test_the_sealing_key_is_turned),
        cmocka_unit_test(test_every_changed_byte_is_refused),
        cmocka_unit_test(test_erased_person_is_gone),
    };
    return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
