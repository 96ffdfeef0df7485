/* verify.h: the audit of a whole database, for commands that end with it. */
#pragma once
#include "cli/options.h"
#include "cli/site.h"

/* Prints what it finds in words, or that everything fits; CLI_DONE or CLI_WRONG. Signatures are
 * checked with the key file of the site. */
int verify_database(const struct cli_args *args, const struct site *site);
