/* check.c: the end of the road for broken invariants. */
#include "base/check.h"
#include <stdio.h>
#include <stdlib.h>

static _Thread_local const char *context;

void check_context_set(const char *text)
{
    context = text;
}

_Noreturn void check_failed(const char *expr, const char *file, int line)
{
    fprintf(stderr, "check failed: %s (%s:%d) while %s\n", expr, file, line,
        context ? context : "idle");
    abort();
}
