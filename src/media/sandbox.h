/* sandbox.h: what a process that reads strangers' bytes may still do: almost nothing. Anything
 * else kills it. Two lists: the spawner may fork and pass descriptors, the worker may only read,
 * write and use memory. Neither can open files, make sockets or start programs. */
#pragma once
#include "base/check.h"

enum { SANDBOX_MEMORY_BYTES_MAX = 256 << 20, SANDBOX_CPU_S_MAX = 5 };

/* Both return false, with errno set, when the kernel refuses; then do not go on. Descriptors
 * from 3 on are closed, privileges, core dumps and tracing given up, the environment emptied. */
bool sandbox_spawner(void) MUST_USE;
/* Besides: 256 MB of address space, 5 s of CPU time, dies with its parent. */
bool sandbox_worker(void) MUST_USE;
/* A worker that has so much memory and time, and three descriptors; files that it would open are
 * not there, instead of being its end: for libraries that go on without. */
bool sandbox_reader(size_t memory_bytes, unsigned cpu_s) MUST_USE;
