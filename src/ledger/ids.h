/* ids.h: unique numbers for entries, matters and persons, the same for all servers of a database.
 * They fit the 40 bits that matter numbers and receipt codes have for them, and rise with time as
 * far as several servers allow: a writer takes them from a block of its own, and gives up the rest
 * of an old block when another one has been handed out since. */
#pragma once
#include "db/db.h"

/* last + 1 up to, but without, end are left of the block that begins at first. */
struct ids { int64_t last, end, first, taken_us; };

/* Sees to it that n more are left, by taking a new block if need be: in a transaction of its own,
 * so outside any other. E_BUSY: others took blocks all the time. */
enum err ids_ensure(struct db *db, struct ids *ids, int64_t n) MUST_USE;
/* The next one; there must be one left. */
int64_t ids_next(struct ids *ids);

extern const struct sql *const ids_statements[];
extern const size_t ids_statements_n;
