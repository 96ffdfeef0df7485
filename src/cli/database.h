/* database.h: the database a command works on. */
#pragma once
#include "cli/options.h"
#include "db/db.h"

/* The one of the option --db. That it is there, and its schema this program's, is told before
 * anything opens it to write, which would make the file. Errors are noted. */
enum err cli_database_open(const struct cli_args *args, enum db_mode mode, struct db **ret,
    struct err_info *info) MUST_USE;
