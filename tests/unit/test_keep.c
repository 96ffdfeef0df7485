/* Kept texts: what was put comes back under its own key only, and room stays bounded. */
#include "base/keep.c"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct str get(struct arena *a, struct keep *k, struct keep_key key)
{
    struct buf b = buf_in(a, 1 << 16);
    return keep_get(k, &key, &b) ? buf_str(&b) : STR_NONE;
}

static void a_text_comes_back_under_its_key_alone(void **state)
{
    struct arena a;
    struct keep *k = keep_make(100, 1 << 16);
    struct keep_key key = { { 320508, 1, 7, 900, 2 } };
    (void)state;
    arena_init(&a, 1 << 20);
    assert_null(get(&a, k, key).p);
    keep_put(k, &key, STR("row seven"));
    assert_true(str_is(get(&a, k, key), "row seven"));
    for (size_t i = 0; i < KEEP_PARTS; i++) {
        struct keep_key other = key;
        other.parts[i]++;
        assert_null(get(&a, k, other).p);
    }
    keep_put(k, &key, STR("again"));
    assert_true(str_is(get(&a, k, key), "again"));
    arena_free(&a);
    keep_free(k);
}

static void room_is_bounded_and_newer_texts_win(void **state)
{
    struct arena a;
    struct keep *k = keep_make(8, 1 << 12);
    size_t kept = 0;
    (void)state;
    arena_init(&a, 1 << 20);
    for (int64_t i = 0; i < 1000; i++) {
        struct keep_key key = { { i } };
        keep_put(k, &key, STR("text"));
        assert_true(str_is(get(&a, k, key), "text"));
    }
    for (int64_t i = 0; i < 1000; i++)
        kept += get(&a, k, (struct keep_key){ { i } }).p != NULL;
    assert_true(kept > 0 && kept <= k->n_sets * WAYS);
    arena_free(&a);
    keep_free(k);
}

static void what_is_too_long_is_not_kept(void **state)
{
    struct arena a;
    struct keep *k = keep_make(8, 1 << 12);
    struct keep_key key = { { 1 } };
    (void)state;
    arena_init(&a, 1 << 20);
    size_t n = k->set_bytes_max;
    keep_put(k, &key, (struct str){ NEW_N(&a, char, n + 1), n + 1 });
    assert_null(get(&a, k, key).p);
    keep_put(k, &key, (struct str){ NEW_N(&a, char, n), n });
    assert_int_equal(get(&a, k, key).n, n);
    arena_free(&a);
    keep_free(k);
}

static void long_texts_leave_room_for_fewer(void **state)
{
    struct arena a;
    struct keep *k = keep_make(1, 1000);
    (void)state;
    arena_init(&a, 1 << 20);
    assert_int_equal(k->n_sets, 1);
    for (int64_t i = 0; i < 100; i++) {
        struct keep_key key = { { i } };
        size_t n = 100 + (size_t)i * 5, sum = 0;
        keep_put(k, &key, (struct str){ NEW_N(&a, char, n), n });
        assert_int_equal(get(&a, k, key).n, n);
        for (size_t w = 0; w < WAYS; w++)
            sum += k->sets[0].texts[w].n;
        assert_true(sum <= 1000 && sum == k->sets[0].bytes);
    }
    arena_free(&a);
    keep_free(k);
}

struct crowd { struct keep *k; int64_t salt; bool wrong; };

static void *put_and_get(void *arg)
{
    struct crowd *c = arg;
    struct arena a;
    arena_init(&a, 64 << 20);
    for (int64_t i = 0; i < 20000; i++) {
        struct keep_key key = { { (i + c->salt) % 300 } };
        struct str text = arena_fmt(&a, "text %lld", (long long)key.parts[0]);
        struct str got = get(&a, c->k, key);
        if (got.p && !str_eq(got, text))
            c->wrong = true;
        keep_put(c->k, &key, text);
        arena_reset(&a);
    }
    arena_free(&a);
    return NULL;
}

static void threads_never_see_another_key_s_text(void **state)
{
    struct keep *k = keep_make(100, 1 << 16);
    struct crowd crowds[4];
    pthread_t threads[4];
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        crowds[i] = (struct crowd){ k, (int64_t)i * 77, false };
        assert_int_equal(pthread_create(&threads[i], NULL, put_and_get, &crowds[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_false(crowds[i].wrong);
    }
    keep_free(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_comes_back_under_its_key_alone),
        cmocka_unit_test(room_is_bounded_and_newer_texts_win),
        cmocka_unit_test(what_is_too_long_is_not_kept),
        cmocka_unit_test(long_texts_leave_room_for_fewer),
        cmocka_unit_test(threads_never_see_another_key_s_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
