/* supervise.h: the small parent of a server. It holds the listening socket, starts the server and,
 * after a crash, starts it again; it starts helper programs for it, passes signals on, and
 * ends with its status. It reads nothing that comes from outside.
 *
 * The server dies with it (PR_SET_PDEATHSIG), so a kill -9 of the process that was started ends
 * everything, as ever. */
#pragma once
#include "base/err.h"

/* A crash is an end by a signal. After more than so many within that time it is given up. */
enum { SUPERVISE_RESTARTS_MAX = 5, SUPERVISE_WITHIN_S = 60 };

/* What a server finds when it begins. */
struct supervised { int steward; unsigned restarts; };
/* run() is the server, in a process of its own: it gets ctx, returns the exit status, and takes
 * signals to stop from its parent alone (supervised_wait). socket is open in both; the supervisor
 * closes its own when it has passed on a signal to stop. */
struct supervision { int (*run)(void *ctx, const struct supervised *how); void *ctx; int socket; };

/* SIGINT and SIGTERM must be blocked. Returns the server's exit status, or 1 after too many
 * crashes. */
int supervise(const struct supervision *s);
/* In the server: waits until the supervisor passes a signal on, at most so many seconds (-1: for
 * ever). The terminal sends Ctrl-C to both, and systemd its signal to all; only what the supervisor
 * passes on counts. */
void supervised_wait(int64_t seconds);
