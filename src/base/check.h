/* check.h: invariants that stay on in release builds, and the few macros every file uses. */
#pragma once
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt_at, args_at) __attribute__((format(printf, fmt_at, args_at)))
#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* A broken invariant is a bug: say where and what this thread was doing, then abort. The
 * supervisor restarts the process; nothing acknowledged is lost because answers follow commits. */
#define CHECK(x) ((x) ? (void)0 : check_failed(#x, __FILE__, __LINE__))
_Noreturn void check_failed(const char *expr, const char *file, int line);

/* What this thread is working on (request id, route, step); shown when a CHECK fails.
 * text must outlive the work; NULL clears it. */
void check_context_set(const char *text);
