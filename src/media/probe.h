/* probe.h: shows that the worker's sandbox refuses what it must refuse, on this very machine. */
#pragma once
#include "base/check.h"

/* Tries one act (or "all") inside the sandbox of a worker and prints "NAME: refused" or "NAME:
 * ALLOWED" for each. 0 when everything was refused, 1 when not, 2 for an unknown name. */
int probe_run(const char *name);
/* The known names, separated by spaces, for the help text. */
void probe_names_print(void);
