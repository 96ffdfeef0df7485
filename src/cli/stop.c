/* stop.c: see stop.h. */
#include "cli/stop.h"
#include "base/check.h"
#include <stddef.h>
#include <sys/signalfd.h>

sigset_t stop_signals(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    return set;
}

int stop_bell(void)
{
    sigset_t set = stop_signals();
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    int bell = signalfd(-1, &set, SFD_CLOEXEC);
    CHECK(bell >= 0);
    return bell;
}
