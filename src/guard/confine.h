/* confine.h: what the server itself may still do once it has been set up: use the files of its own
 * directory, the sockets it has, and, with a database server, connect to that. It can start no
 * program, trace no process, mount, load or reach nothing else. Somebody who takes the server over
 * gets no more than the server has.
 *
 * Two locks of the kernel: seccomp says which system calls, Landlock which files and ports. */
#pragma once
#include "base/check.h"

enum { CONFINE_PATHS_MAX = 24, CONFINE_PORTS_MAX = 16 };
struct confinement {
    const char *own[CONFINE_PATHS_MAX];     /* directories to read, write, make and remove in */
    const char *read[CONFINE_PATHS_MAX];    /* files and directories to read */
    bool connects;                          /* may make connections: to a database server */
    bool any_port;                          /* to any; otherwise to these TCP ports alone */
    uint16_t ports[CONFINE_PORTS_MAX];
    size_t n_ports;
    bool watched;       /* a sanitizer looks for leaks at the end, by tracing it */
};
/* What is in force afterwards; errors: of errno, 0 for none. landlock: the interface's version, 0
 * where the kernel has none. */
struct confined { bool seccomp; int seccomp_error, landlock, landlock_error; };

/* What there is to be in force, without entering. */
struct confined confine_look(void);
/* For good, and for all threads started afterwards; call it while there is one. What the kernel
 * has not is left out, and said in the result and in the log. */
struct confined confine_enter(const struct confinement *c);
