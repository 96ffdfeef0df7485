/* search.h: Chinese full text of matters and of what their reporters may read, in a file of its own
 * on this machine. A thread follows the Merkle log, whose order is the same for all servers, and
 * indexes behind it; intake never waits for it. The file is a cache: deleted, damaged or of another
 * database, it is made again by itself. */
#pragma once
#include "db/db.h"

struct search;
/* Opens or makes the file at path and starts following the database. Errors: E_DB. */
enum err search_start(const char *db_url, const char *path, struct search **ret) MUST_USE;
void search_stop(struct search *s);

#define SEARCH_HIT(X, R) \
    X(R, I64, slot, 0, 0, 0, NULL, "cursor: hits come with falling slots") \
    X(R, I64, area, 0, 0, 0, NULL, "of the matter") \
    X(R, I64, matter, 0, 0, 0, NULL, "of the matter")
RECORD(search_hit, SEARCH_HIT)
/* Matters in which everything typed occurs, the newest first, each once; before is the slot of the
 * last hit of the page before, or 0. At most limit. E_INPUT: fewer than two characters to look
 * for. Any thread. */
enum err search_find(struct search *s, struct arena *a, struct str typed, int64_t before,
    size_t limit, struct list *ret) MUST_USE;

/* Statements on the database itself, and on the search file (SQLite only). */
extern const struct sql *const search_feed_statements[];
extern const size_t search_feed_statements_n;
extern const struct sql *const search_file_statements[];
extern const size_t search_file_statements_n;
extern const struct sql *const search_find_statements[];
extern const size_t search_find_statements_n;
