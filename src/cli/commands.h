/* commands.h: every command of the program. */
#pragma once
#include "cli/options.h"

extern const struct cli_command cli_serve, cli_demo, cli_describe, cli_import, cli_export,
    cli_archive, cli_doctor, cli_migrate, cli_plates, cli_schema, cli_verify;
