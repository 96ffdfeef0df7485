/* stop.h: the signals by which somebody asks a command to end: Ctrl-C and SIGTERM. */
#pragma once
#include <signal.h>

/* To be blocked, and waited for or looked at where the command can end. */
sigset_t stop_signals(void);
/* Blocks them, and gives a descriptor that can be read once one of them has come. Before threads
 * are started, which have them blocked then. */
int stop_bell(void);
