/* sealing.h: which key seals, and how those who serve a database agree on it while it is turned.
 *
 * The key file holds the keys. The database says by their names which are in use: "A"; while the
 * key is turned "A B", then "B A", then "B". The first one seals; what is sealed may be under any.
 * Whoever writes shares a number that follows from these words, for as long as they seal by them.
 * So when new words have been written, and nobody shares the number of the former ones any more,
 * everybody has all keys that the new words name and seals with their first. */
#pragma once
#include "crypto/key.h"
#include "db/db.h"

enum { SEALING_CHARS = 2 * SEAL_NAME_CHARS + 1 };

/* The words; empty where no server has started yet. They lie in the arena. */
enum err sealing_read(struct db *db, struct arena *a, struct str *ret) MUST_USE;
/* Puts other words in their place; *ret_done is false when others stand there by now. Until the end
 * of the transaction nobody else can. */
enum err sealing_swap(struct db *db, struct str from, struct str to, bool *ret_done) MUST_USE;
/* Whether k has all keys that the words name. */
bool sealing_fits(const struct node_keys *k, struct str words);
/* Positive, and none that anything else is numbered by. */
int64_t sealing_number(struct str words);

/* What a writer follows the words with. */
struct sealing {
    struct node_keys *keys;
    const char *path;               /* of the key file */
    char words[SEALING_CHARS + 1];
    int64_t looked_us;
    bool lacks;                     /* and so has said */
};
/* Before each transaction, outside of it: looks now and then what the database says, reads the key
 * file again when a key is named that keys lack, and seals with the first from then on. While
 * the file lacks it too, things stay as they were, but E_DB when renewed: the connection is new. */
enum err sealing_follow(struct sealing *s, struct db *db, bool renewed) MUST_USE;

extern const struct sql *const sealing_statements[];
extern const size_t sealing_statements_n;
