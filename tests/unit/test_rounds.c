/* test_rounds.c: a thread in rounds goes on by itself, and ends as soon as it is told to. */
#include "base/rounds.c"
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <cmocka.h>

enum { SOON_US = 1000 };
static const int64_t hour_us = INT64_C(3600000000);
struct counting { struct rounds rounds; int64_t wait_us; atomic_int rounds_n; };

static void *count(void *arg)
{
    struct counting *c = arg;
    do
        atomic_fetch_add(&c->rounds_n, 1);
    while (rounds_wait(&c->rounds, c->wait_us));
    return NULL;
}

static void it_goes_on_by_itself(void **state)
{
    struct counting c = { .wait_us = SOON_US };
    (void)state;
    rounds_start(&c.rounds, count, &c);
    while (atomic_load(&c.rounds_n) < 3)
        ;
    rounds_stop(&c.rounds);
}

/* Otherwise this takes an hour. */
static void it_ends_when_told_however_long_it_would_wait(void **state)
{
    struct counting c = { .wait_us = hour_us };
    (void)state;
    rounds_start(&c.rounds, count, &c);
    while (atomic_load(&c.rounds_n) < 1)
        ;
    assert_true(rounds_wait(&c.rounds, 0));
    rounds_tell_end(&c.rounds);
    assert_false(rounds_wait(&c.rounds, 0));
    rounds_stop(&c.rounds);
    assert_int_equal(atomic_load(&c.rounds_n), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_goes_on_by_itself),
        cmocka_unit_test(it_ends_when_told_however_long_it_would_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
