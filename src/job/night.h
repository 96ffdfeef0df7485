/* night.h: once a day, when hardly anybody is awake, what is due to be erased (personal/personal.h):
 * a few matters at a time through the writer, so that nobody waits for it. A night that is broken
 * off leaves nothing half-done: what is still due is found by the next. */
#pragma once
#include "job/timer.h"
#include "personal/personal.h"

struct night {
    bool active;
    struct keepings terms;
    struct due_walk walk;
};
/* A part of at most a second, if a night goes on or is to begin; db sees all. */
void night_advance(struct night *n, const struct timer_options *o, struct db *db);
