/* helper.h: programs of ours that do what the server itself should not. */
#pragma once
#include "base/err.h"

/* Where the helper of this name is installed: beside the running program, else in
 * ../libexec/fengqiao from there. In the arena, NUL-terminated. E_IO when it is in neither place. */
enum err helper_find(struct arena *a, const char *name, const char **ret) MUST_USE;
