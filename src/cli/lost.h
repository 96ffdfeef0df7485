/* lost.h: photos that matters refer to and that are not there, for commands that look a node over,
 * back it up or put it back. */
#pragma once
#include "cli/progress.h"
#include "db/db.h"

struct lost_photos {
    int64_t photos, lost;
    char matter[64];            /* the number of one that misses a photo; "" when none does */
};
/* Looks for the file of each photo of a matter in the folder of photos, which may not be there, and
 * at no file's content. bar may be NULL. */
enum err photos_lost(struct db *db, const char *photos, struct progress *bar,
    struct lost_photos *ret) MUST_USE;
/* What was found, in words; STR_NONE when no photo is lost. */
struct str photos_lost_text(struct arena *a, const struct lost_photos *found, enum lang lang);
extern const struct sql *const lost_statements[];
extern const size_t lost_statements_n;
