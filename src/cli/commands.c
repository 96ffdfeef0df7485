/* commands.c: the commands there are. */
#include "cli/commands.h"

const struct cli_command *const cli_commands[] = { &cli_serve, &cli_demo, &cli_describe,
    &cli_init, &cli_import, &cli_export, &cli_versions, &cli_locate, &cli_fuse, &cli_paper,
    &cli_plates, &cli_rehearse, &cli_explain, &cli_due, &cli_setting, &cli_account, &cli_migrate,
    &cli_schema, &cli_archive, &cli_backup, &cli_restore, &cli_rotate_key, &cli_doctor,
    &cli_bench,
    &cli_outbox, &cli_verify };
const size_t cli_commands_n = COUNT_OF(cli_commands);
