/* helper.h: programs of ours that do what the server itself should not: where they are, and taking
 * what one has left in a nameless file. */
#pragma once
#include "base/err.h"

/* Where the helper of this name is installed: beside the running program, else in
 * ../libexec/fengqiao from there. In the arena, NUL-terminated. E_IO when it is in neither place. */
enum err helper_find(struct arena *a, const char *name, const char **ret) MUST_USE;
/* All that is in the file, from its beginning. E_IO also when it is empty or has more bytes than
 * most. */
enum err helper_output(struct arena *a, int fd, size_t most, struct str *ret) MUST_USE;
