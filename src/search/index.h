/* index.h: the search file: what is in it and how it grows. Documents of one matter lie together:
 * a matter gets the next slot when it is first met, its documents the numbers slot * 4096 on. */
#pragma once
#include "db/db.h"

/* An entry of a ledger with what of it can be searched for. */
#define FEED_ROW(X, R) \
    X(R, I64, position, 0, 0, 0, NULL, "of the entry in the log") \
    X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, matter, 0, 0, 0, NULL, "") \
    X(R, I64, seq, 0, 0, 0, NULL, "") X(R, STR, number, 0, 0, 0, NULL, "") \
    X(R, STR, text, 0, 0, 0, NULL, "") X(R, STR, place_text, 0, 0, 0, NULL, "") \
    X(R, STR, note, 0, 0, 0, NULL, "what the reporter may read") \
    X(R, I64, wordless, 0, 0, 0, NULL, "1: this entry erased the words")
RECORD(feed_row, FEED_ROW)

enum { INDEX_BATCH = 300, INDEX_SLOT_BITS = 12 };

/* Makes the tables when they are not there; empties them when the file does not belong to the
 * database (its watermark is not an entry there). file writes, db reads. */
enum err index_open(struct db *file, struct db *db) MUST_USE;
/* Forgets everything; the next advances start from the first entry. */
enum err index_clear(struct db *file) MUST_USE;
/* How many matters lost their words since the file was made: nobody finds them by these, yet the
 * file holds them until it is made anew. */
enum err index_traces(struct db *file, int64_t *ret) MUST_USE;
/* Indexes one entry, within a transaction of the file; for files filled in bulk. */
enum err index_put(struct db *file, struct arena *a, const struct feed_row *r) MUST_USE;
/* Indexes the next entries, at most INDEX_BATCH; ret_more: there may be others. */
enum err index_advance(struct db *file, struct db *db, bool *ret_more) MUST_USE;
