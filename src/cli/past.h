/* past.h: `fengqiao import matters`: what another system exported. */
#pragma once
#include "cli/options.h"

bool cli_is_past(const char *name);
/* operands: "matters", and the table. */
int cli_import_past(const struct cli_args *args);
