/* commands.h: every command of the program. */
#pragma once
#include "cli/options.h"

extern const struct cli_command cli_account, cli_archive, cli_backup, cli_bench, cli_demo,
    cli_describe, cli_doctor, cli_due, cli_explain, cli_export, cli_fuse, cli_import, cli_init,
    cli_locate, cli_migrate, cli_outbox, cli_paper, cli_plates, cli_rehearse, cli_restore,
    cli_rotate_key,
    cli_schema, cli_serve, cli_setting, cli_verify, cli_versions;

/* `fengqiao export disputes`, whose options are those of export. */
int cli_export_disputes(const struct cli_args *args);
