/* key.h: the secrets of one node, kept in one small file beside (never in) the database.
 * Losing the file means: personal fields cannot be read, receipt codes and matter numbers open
 * nothing, and old receipts no longer match a key that can sign; so it belongs in a backup of its
 * own. */
#pragma once
#include "base/err.h"
#include "base/rand.h"

enum { KEY_BYTES = 32, KEY_SIGN_BYTES = 64, KEY_NAME_BYTES_MAX = 63 };

struct node_keys {
    unsigned char sign_secret[KEY_SIGN_BYTES];  /* Ed25519 (libsodium's seed || public form) */
    unsigned char sign_public[KEY_BYTES];
    unsigned char seal_master[KEY_BYTES];       /* wraps the data key of each person */
    unsigned char code_key[KEY_BYTES];          /* enciphers receipt codes, numbers */
    unsigned char token_key[KEY_BYTES];         /* hashes session tokens, peppers passwords */
    char name[KEY_NAME_BYTES_MAX + 1];          /* of the node and its log: "gov.example/su" */
};

/* True for a name that the signed-note format takes: 1..63 bytes of UTF-8 without white space,
 * control characters and '+'. */
bool keys_name_ok(struct str name);

/* Reads the key file, or makes it (mode 0600, fresh secrets from r, complete or absent after a
 * crash, never over an existing file). name may be NULL when the file exists.
 * E_INPUT: no file and name missing or malformed, or the file is damaged;
 * E_DENIED: the file is not a regular file of this user that nobody else can read;
 * E_CONFLICT: the file is of another node than name; E_IO: reading or writing failed.
 * info (may not be NULL) tells the remedy. */
MUST_USE enum err keys_load_or_create(const char *path, const char *name, struct rand *r,
                                      struct node_keys *ret, struct err_info *info);
/* The key file, copied: complete or absent after a crash. E_CONFLICT when other keys are there;
 * otherwise as above. */
MUST_USE enum err keys_copy(const char *from, const char *to, struct err_info *info);
/* The same keys for the same seed and name: for tests and simulation only. */
void keys_derive(uint64_t seed, const char *name, struct node_keys *ret);
/* Overwrites the secrets in memory. */
void keys_wipe(struct node_keys *k);
