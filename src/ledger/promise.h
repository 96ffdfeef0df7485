/* promise.h: what a reporter gets at once, before the Merkle log has taken the entry: the node's
 * signed word that this entry exists and will be in the log by a stated time. Whoever holds it can
 * show that the word was broken. A signed note over
 *   fengqiao promise v1 / NODE NAME / MATTER NUMBER / ENTRY HASH, base64 / AT / LOG BY   (6 lines)
 * with times as yyyy-mm-ddThh:mm:ss+08:00. */
#pragma once
#include "base/clock.h"
#include "ledger/note.h"

struct promise {
    struct str number;          /* matter number */
    struct hash entry_hash;
    int64_t at_ms, log_by_ms;   /* whole seconds once signed: at is cut, log_by rounded up */
};

/* The note; the same for the same promise and keys. */
struct str promise_make(struct arena *a, const struct node_keys *k, const struct promise *p);
/* True when note is a promise signed by key. number points into note. */
bool promise_open(struct arena *a, struct str note, const struct note_key *key,
                  struct promise *ret);
