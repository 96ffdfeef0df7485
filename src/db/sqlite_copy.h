/* sqlite_copy.h: a copy of a SQLite file that others are writing to. */
#pragma once
#include "db/db.h"

/* See db_copy(); handle is the sqlite3 of a reader inside a transaction, name the path of the new
 * file. */
enum err sqlite_copy(void *handle, const char *name, db_copy_fn *step, void *ctx) MUST_USE;
