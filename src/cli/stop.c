/* stop.c: see stop.h. */
#include "cli/stop.h"
#include <stddef.h>

sigset_t stop_signals(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    return set;
}
