/* raw.h: what the database and its disk take by themselves: the row that every command leaves,
 * written so many at once, each group committed and synced before the next begins. */
#pragma once
#include "bench/client.h"
#include "db/db.h"

struct raw_plan {
    struct db *db;              /* a writer */
    unsigned group;             /* rows of a commit */
    double seconds;
    int bell;                   /* as in client.h */
};
/* chains and per_second count rows; times are those of commits. */
enum err raw_commits(const struct raw_plan *plan, struct client_result *ret) MUST_USE;
extern const struct sql *const raw_statements[];
extern const size_t raw_statements_n;
