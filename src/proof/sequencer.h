/* sequencer.h: the thread that takes committed entries into the node's Merkle log, twice a second.
 * It reads, hashes and signs on its own; the writer only inserts, in batches small enough that
 * intake does not notice. Of several servers on one database one takes in at a time; when it ends,
 * or is killed, another one goes on. */
#pragma once
#include "ledger/log.h"
#include "spine/writer.h"

struct sequencer;
/* Starts at once with what is waiting. keys stay the caller's. Errors: E_DB. */
enum err sequencer_start(struct writer *w, const char *db_url, const struct node_keys *keys,
    struct clock clock, struct sequencer **ret) MUST_USE;
/* Takes in what is still waiting and ends; the writer must still run. */
void sequencer_stop(struct sequencer *s);
