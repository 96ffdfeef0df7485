/* move.h: a whole database into another one, of the same kind or not: table by table, in the order
 * of their keys, so that a move that was broken off goes on where the target ends and needs nothing
 * kept for it. A row of the settings marks the target from before the first row until the end. */
#pragma once
#include "db/db.h"
#include "db/schema.h"

struct move_options {
    struct db *from, *to;       /* a reader, a loader; both with the schema of this program */
    struct str source;          /* what tells the source, as it stands now, from everything else */
    /* Before rows are put into the target; may be NULL. */
    enum err (*rows)(void *ctx, const struct table *t, const struct arg *values, size_t n_rows);
    void (*progress)(void *ctx, struct str table, int64_t done, int64_t total); /* may be NULL */
    void *ctx;
};
struct move;
struct move *move_make(const struct move_options *o);
void move_free(struct move *m);
/* Marks an empty target, or finds the mark of the same source, and counts rows, which takes a
 * while: a transaction of the source begins after it. E_CONFLICT, noted: the target holds something
 * else, or the source is a target itself. */
enum err move_begin(struct move *m, struct err_info *info) MUST_USE;
/* All rows but the settings, from where the target ends. */
enum err move_rows(struct move *m) MUST_USE;
/* Holds every value of every table against the source; E_CONFLICT, noted, names the table. */
enum err move_compare(struct move *m, struct err_info *info) MUST_USE;
/* The settings, and the mark is gone: from here on the target is a database of its own. */
enum err move_end(struct move *m) MUST_USE;
int64_t move_total(const struct move *m);

/* Whether db is the target of a move that has not ended: not to be served. */
enum err move_is_begun(struct db *db, bool *ret) MUST_USE;
/* Whether nothing was entered in a schema yet, of whatever version: as a move that was broken off
 * while it made the schema leaves it. */
enum err move_is_unused(struct db *db, bool *ret) MUST_USE;
extern const struct sql *const move_statements[];
extern const size_t move_statements_n;
