/* steward.h: the supervisor's side of the helper programs. The server asks for one by its kind
 * (attach/helper.h); which file that is, only the supervisor knows. It reads no more of a message
 * than where its words end. */
#pragma once
#include "attach/helper.h"
#include <poll.h>

enum { STEWARD_RUNS_MAX = 32, STEWARD_FDS_MAX = 2 * STEWARD_RUNS_MAX + 1 };
struct steward_run { int pidfd, asker; bool killed; };
struct steward {
    int control;                                /* of the server that runs now, or -1 */
    const struct helper *helpers[HELPER_KINDS]; /* NULL: not installed */
    size_t n;
    struct steward_run runs[STEWARD_RUNS_MAX];
};

/* What to wait for: STEWARD_FDS_MAX places; returns how many are used. */
size_t steward_fds(const struct steward *s, struct pollfd *ret);
/* Does what has become due; fds as steward_fds() filled them, after poll(). */
void steward_turn(struct steward *s, const struct pollfd *fds);
/* Ends all runs: the server that asked for them is gone. */
void steward_clear(struct steward *s);
