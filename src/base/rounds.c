/* rounds.c: see rounds.h. */
#include "base/rounds.h"
#include "base/clock.h"
#include <time.h>

void rounds_start(struct rounds *r, void *(*run)(void *), void *arg)
{
    r->ending = false;
    CHECK(pthread_mutex_init(&r->lock, NULL) == 0 && pthread_cond_init(&r->wake, NULL) == 0);
    CHECK(pthread_create(&r->thread, NULL, run, arg) == 0);
}

bool rounds_wait(struct rounds *r, int64_t us)
{
    int64_t until_us = clock_monotonic_us() + us;
    struct timespec until = { until_us / 1000000, until_us % 1000000 * 1000 };
    int rc = us == 0;
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    while (!r->ending && rc == 0)
        rc = pthread_cond_clockwait(&r->wake, &r->lock, CLOCK_MONOTONIC, &until);
    bool go_on = !r->ending;
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
    return go_on;
}

void rounds_tell_end(struct rounds *r)
{
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    r->ending = true;
    CHECK(pthread_cond_signal(&r->wake) == 0);
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
}

void rounds_stop(struct rounds *r)
{
    rounds_tell_end(r);
    CHECK(pthread_join(r->thread, NULL) == 0);
    (void)pthread_cond_destroy(&r->wake);
    (void)pthread_mutex_destroy(&r->lock);
}
