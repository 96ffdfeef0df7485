/* replica.h: what is said at a server's start about the replica it is to read from. */
#pragma once
#include "cli/options.h"

/* Looks at the server of --read-db once and says on stderr what keeps it from being used. It may be
 * away now and come later, so nothing of this keeps a server from starting. */
void replica_look(const struct cli_args *args);
