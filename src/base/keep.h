/* keep.h: texts kept for the next who asks: a bounded map from a key to a short text, shared by
 * threads. The key must say all that the text follows from, versions included: then what is kept is
 * never out of date, because what changed has another key. What is not kept is made again. */
#pragma once
#include "base/buf.h"

enum { KEEP_PARTS = 5 };
struct keep_key { int64_t parts[KEEP_PARTS]; };

struct keep;
/* Holds at most so many texts, and so many bytes of text; a newer one displaces older ones whose
 * keys fell near its own. */
struct keep *keep_make(size_t texts_max, size_t bytes_max);
void keep_free(struct keep *k);
/* Appends the text of this key to out; false, and nothing appended, when it is not kept. */
bool keep_get(struct keep *k, const struct keep_key *key, struct buf *out);
/* An empty text, and one that is longer than keys near each other may have together, is not kept. */
void keep_put(struct keep *k, const struct keep_key *key, struct str text);
