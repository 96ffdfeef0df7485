/* health.h: `fengqiao doctor --db`: whether a database and what it needs around it are well. */
#pragma once
#include "cli/options.h"

/* Prints a line for each thing that was looked at: well, worth knowing, or at fault, with the
 * remedy. CLI_DONE when nothing is at fault, else CLI_WRONG. Reads only. */
int health_print(const struct cli_args *args);
extern const struct sql *const health_statements[];
extern const size_t health_statements_n;
