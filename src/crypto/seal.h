/* seal.h: sealing of personal fields, so that disks, dumps and backups hold no readable names.
 * Each person has a random data key; the database keeps it wrapped by the node's sealing key.
 * Fields are sealed with the data key and bound to (person, field name): a ciphertext put under
 * another person or field does not open. Destroying the wrapped key (here and in backups) destroys
 * every sealed field of that person at once, while ledger hashes over ciphertext stay valid.
 * Algorithm: XChaCha20-Poly1305 (libsodium) with random 24-byte nonces. Layout of both forms:
 * 1 version byte (1), 24 nonce, ciphertext, 16 tag. */
#pragma once
#include "base/err.h"
#include "crypto/key.h"

enum {
    SEAL_KEY_BYTES = 32,
    SEAL_OVERHEAD_BYTES = 1 + 24 + 16,                          /* sealed = plain + 41 */
    SEAL_WRAPPED_BYTES = SEAL_KEY_BYTES + SEAL_OVERHEAD_BYTES,  /* 73 */
};

/* An open data key; wipe it with seal_key_wipe when the work is done. */
struct seal_key { int64_t person_id; unsigned char b[SEAL_KEY_BYTES]; };

/* A fresh data key for a person, and its wrapped form to be stored. */
void seal_key_new(const struct node_keys *k, struct rand *r, int64_t person_id,
                  unsigned char ret_wrapped[SEAL_WRAPPED_BYTES], struct seal_key *ret);
/* E_MISSING: wrapped is empty (the person was erased); E_BUG: it is not that person's key, is
 * damaged, or another node wrapped it. */
MUST_USE enum err seal_key_open(const struct node_keys *k, int64_t person_id, struct str wrapped,
                                struct seal_key *ret);
/* The same key wrapped by the key that seals now: turning that leaves the fields as they are. */
void seal_key_wrap(const struct node_keys *k, struct rand *r, const struct seal_key *key,
                   unsigned char ret_wrapped[SEAL_WRAPPED_BYTES]);
void seal_key_wipe(struct seal_key *key);

/* Sealed bytes in the arena; plain.n + SEAL_OVERHEAD_BYTES long. field is a stable column name. */
struct str seal_field(struct arena *a, struct rand *r, const struct seal_key *key,
                      const char *field, struct str plain);
/* The plain bytes in the arena. E_BUG: not sealed by this key for this field, or damaged. */
MUST_USE enum err seal_open(struct arena *a, const struct seal_key *key, const char *field,
                            struct str sealed, struct str *ret);
