/* key.h: the secrets of one node, kept in one small file beside (never in) the database.
 * Losing the file means: personal fields cannot be read, receipt codes and matter numbers open
 * nothing, and old receipts no longer match a key that can sign; so it belongs in a backup of its
 * own. */
#pragma once
#include "base/err.h"
#include "base/rand.h"
#include <stdatomic.h>

/* SEAL_KEYS_MAX: how often the sealing key may be turned while one process runs. */
enum { KEY_BYTES = 32, KEY_SIGN_BYTES = 64, KEY_NAME_BYTES_MAX = 63, SEAL_KEYS_MAX = 64,
    SEAL_NAME_CHARS = 16 };

/* All but the sealing keys stays as it is. Of those more may come while other threads use them
 * (keys_learn); none goes before the process ends. */
struct node_keys {
    atomic_size_t n_seal, sealing;              /* how many there are; which of them seals */
    unsigned char seal_master[SEAL_KEYS_MAX][KEY_BYTES];    /* each wraps data keys of persons */
    unsigned char sign_secret[KEY_SIGN_BYTES];  /* Ed25519 (libsodium's seed || public form) */
    unsigned char sign_public[KEY_BYTES];
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

/* Turning the sealing key -------------------------------------------------------------------- */

/* What a sealing key is called where it is not told: 16 hexadecimal digits that follow from it. */
struct seal_name { char hex[SEAL_NAME_CHARS + 1]; };
struct seal_name keys_seal_name(const struct node_keys *k, size_t i);
/* The place of the sealing key of this name, or -1. */
ptrdiff_t keys_find(const struct node_keys *k, struct str name);
/* Reads the file again for sealing keys that k lacks. One thread at a time; errors as above. */
MUST_USE enum err keys_learn(struct node_keys *k, const char *path, struct err_info *info);
/* Puts a fresh sealing key before the one in the file, unless two are there already. After a crash
 * the file is as it was or as it is to be. *ret: as they are then, the newest sealing key first. */
MUST_USE enum err keys_turn(const char *path, struct rand *r, struct node_keys *ret,
                            struct err_info *info);
/* Leaves only the newest sealing key in the file, if that is the one of this name. */
MUST_USE enum err keys_retire(const char *path, struct str newest, struct err_info *info);
/* The same keys with one sealing key alone. */
void keys_only(const struct node_keys *k, size_t i, struct node_keys *ret);

/* The same keys for the same seed and name: for tests and simulation only. */
void keys_derive(uint64_t seed, const char *name, struct node_keys *ret);
/* Overwrites the secrets in memory. */
void keys_wipe(struct node_keys *k);
