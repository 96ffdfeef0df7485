/* checkpoint.h: the head of the log in the C2SP tlog-checkpoint format, so that any
 * transparency-log library can read it: origin, size, root in base64, then optional extension
 * lines; signed as a note. */
#pragma once
#include "ledger/merkle.h"
#include "ledger/note.h"

struct checkpoint {
    struct str origin;      /* = name of the key that signs */
    uint64_t size;
    struct hash root;
    struct str extension;   /* whole lines, none empty, or no bytes at all */
};

/* The unsigned text. */
struct str checkpoint_body(struct arena *a, const struct checkpoint *c);
/* Views point into body. False when malformed (numbers with leading zeros, short roots, ...). */
bool checkpoint_parse(struct arena *a, struct str body, struct checkpoint *ret);
/* The signed note; c->origin is taken from the keys when it is STR_NONE. */
struct str checkpoint_sign(struct arena *a, const struct node_keys *k, const struct checkpoint *c);
/* True when note is a checkpoint signed by key whose origin is the key's name. Views point into
 * note. */
bool checkpoint_open(struct arena *a, struct str note, const struct note_key *key,
                     struct checkpoint *ret);
