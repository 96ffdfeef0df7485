/* test_limit.c: limits are exact, and keys do not get in each other's way. */
#include "../../src/access/limit.c"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static const int64_t start_ms = 1700000000000;
static const struct limiter_rate thirty = { 30, 30 };

static struct limiter *make(void)
{
    static const struct hash secret = { { 1 } };
    return limiter_make(&secret);
}

static int taken(struct limiter *l, const char *key, int tries, int64_t now_ms)
{
    int n = 0;
    int64_t wait_ms;
    for (int i = 0; i < tries; i++)
        n += limiter_take(l, "test", str_c(key), &thirty, now_ms, &wait_ms) == OK;
    return n;
}

static void test_burst_then_rate(void **state)
{
    (void)state;
    struct limiter *l = make();
    int64_t wait_ms = 0;
    assert_int_equal(taken(l, "a", 100, start_ms), 30);
    assert_int_equal(limiter_take(l, "test", STR("a"), &thirty, start_ms, &wait_ms), E_LIMIT);
    assert_int_equal(wait_ms, 2000);
    assert_int_equal(taken(l, "a", 5, start_ms + 1999), 0);
    assert_int_equal(taken(l, "a", 5, start_ms + 2000), 1);
    assert_int_equal(taken(l, "a", 100, start_ms + 62000), 30);
    assert_int_equal(taken(l, "a", 100, start_ms + 3600000), 30);
    limiter_free(l);
}

static void test_over_an_hour_no_more_than_rate_and_burst(void **state)
{
    (void)state;
    struct limiter *l = make();
    int n = 0;
    for (int64_t ms = 0; ms < 3600000; ms += 97)
        n += taken(l, "a", 1, start_ms + ms);
    assert_int_equal(n, 30 + 30 * 60 - 1);
    limiter_free(l);
}

static void test_what_is_slow_counts_by_the_hour(void **state)
{
    (void)state;
    static const struct limiter_rate slow = { .burst = 5, .per_hour = 2 };
    struct limiter *l = make();
    int64_t wait_ms = 0;
    for (int i = 0; i < 5; i++)
        assert_int_equal(limiter_take(l, "test", STR("a"), &slow, start_ms, &wait_ms), OK);
    assert_int_equal(limiter_take(l, "test", STR("a"), &slow, start_ms, &wait_ms), E_LIMIT);
    assert_int_equal(wait_ms, 30 * 60 * 1000);
    assert_int_equal(limiter_take(l, "test", STR("a"), &slow, start_ms + wait_ms, &wait_ms), OK);
    limiter_free(l);
}

static void test_keys_and_kinds_are_apart(void **state)
{
    (void)state;
    struct limiter *l = make();
    int64_t wait_ms;
    assert_int_equal(taken(l, "a", 40, start_ms), 30);
    assert_int_equal(taken(l, "b", 40, start_ms), 30);
    assert_int_equal(limiter_take(l, "other", STR("a"), &thirty, start_ms, &wait_ms), OK);
    limiter_free(l);
}

static void test_asking_takes_nothing(void **state)
{
    (void)state;
    struct limiter *l = make();
    int64_t wait_ms;
    for (int i = 0; i < 100; i++)
        assert_int_equal(limiter_peek(l, "test", STR("a"), &thirty, start_ms, &wait_ms), OK);
    assert_int_equal(taken(l, "a", 100, start_ms), 30);
    assert_int_equal(limiter_peek(l, "test", STR("a"), &thirty, start_ms, &wait_ms), E_LIMIT);
    limiter_free(l);
}

static void test_no_rate_is_no_limit(void **state)
{
    (void)state;
    struct limiter *l = make();
    struct limiter_rate none = { 0, 0 };
    int64_t wait_ms;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(limiter_take(l, "test", STR("a"), &none, start_ms, &wait_ms), OK);
    limiter_free(l);
}

static void test_clock_set_back_locks_nobody_out(void **state)
{
    (void)state;
    struct limiter *l = make();
    assert_int_equal(taken(l, "a", 100, start_ms), 30);
    assert_int_equal(taken(l, "a", 100, start_ms - 86400000), 0);
    assert_int_equal(taken(l, "a", 100, start_ms - 86400000 + 60000), 30);
    limiter_free(l);
}

static void test_many_keys_stay_exact(void **state)
{
    (void)state;
    struct limiter *l = make();
    char key[32];
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 10000; i++) {
            (void)snprintf(key, sizeof(key), "address %d", i);
            assert_int_equal(taken(l, key, 16, start_ms), round ? 14 : 16);
        }
    limiter_free(l);
}

/* Two servers that tell each other keep one limit. */
static void test_taken_elsewhere(void **state)
{
    (void)state;
    struct limiter *here = make(), *there = make();
    struct limiter_spent spent[40];
    assert_int_equal(taken(here, "a", 20, start_ms), 20);
    assert_int_equal(taken(here, "b", 3, start_ms), 3);
    size_t n = limiter_spent_take(here, spent, COUNT_OF(spent));
    assert_int_equal(n, 23);
    for (size_t i = 0; i < n; i++)
        limiter_spent_add(there, &spent[i], start_ms);
    assert_int_equal(taken(there, "a", 100, start_ms), 10);
    assert_int_equal(taken(there, "b", 100, start_ms), 27);
    assert_int_equal(limiter_spent_take(here, spent, COUNT_OF(spent)), 0);
    limiter_free(here);
    limiter_free(there);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken_elsewhere),
        cmocka_unit_test(test_burst_then_rate),
        cmocka_unit_test(test_what_is_slow_counts_by_the_hour),
        cmocka_unit_test(test_over_an_hour_no_more_than_rate_and_burst),
        cmocka_unit_test(test_keys_and_kinds_are_apart),
        cmocka_unit_test(test_asking_takes_nothing),
        cmocka_unit_test(test_no_rate_is_no_limit),
        cmocka_unit_test(test_clock_set_back_locks_nobody_out),
        cmocka_unit_test(test_many_keys_stay_exact),
    };
    return cmocka_run_group_tests_name("limit", tests, NULL, NULL);
}
