/* rounds.h: a thread that works in rounds, waits between them, and stops when it is told to. */
#pragma once
#include "base/check.h"
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct rounds {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool ending;
};
void rounds_start(struct rounds *r, void *(*run)(void *), void *arg);
/* By the thread: waits so long; false, and at once, when it is time to end. 0: only asks. */
bool rounds_wait(struct rounds *r, int64_t us);
/* Says that it is time to end, and waits for nothing. */
void rounds_tell_end(struct rounds *r);
/* Says so, waits until the thread has ended, and forgets it. */
void rounds_stop(struct rounds *r);
