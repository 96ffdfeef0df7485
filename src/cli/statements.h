/* statements.h: every SQL statement of the program, room by room, for tests and `describe sql`. */
#pragma once
#include "db/db.h"

/* of_owner: what these write is written by commands of whoever owns the database, not by servers. */
struct statement_list {
    const char *room;
    const struct sql *const *statements;
    const size_t *n;
    bool of_owner;
};
extern const struct statement_list statement_lists[];
extern const size_t statement_lists_n;
