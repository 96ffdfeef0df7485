/* spawn.h: gives each photo a worker of its own. A worker that one photo has taken over never
 * sees another one, and its memory and CPU limits are exactly those of one photo. */
#pragma once
#include "base/check.h"

enum { SPAWN_WORKERS_MAX = 32, SPAWN_WALL_MS_MAX = 5500 };

/* Serves on the SOCK_SEQPACKET control socket until its other end is closed: each message brings
 * one descriptor, on which a fresh worker holds one conversation of frame.h. Says FRAME_READY
 * once. More messages than SPAWN_WORKERS_MAX wait in the socket. Exit status for main. */
int spawn_run(int control);
