/* landlock.h: which files and TCP ports this process may still reach (Landlock, Linux 5.13 on). */
#pragma once
#include "guard/confine.h"

/* Locks the calling thread, and all threads it starts, in for good. Returns the version of the
 * kernel's interface, 0 when the kernel has none, -1 (errno) when it refuses. */
int landlock_enter(const struct confinement *c);
/* That version alone; -1 (errno) when it cannot be told. */
int landlock_version(void);
