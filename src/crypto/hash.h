/* hash.h: SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104) as plain functions of bytes.
 * No failure, safe in any thread; only hash_begin() allocates. */
#pragma once
#include "crypto/bytes.h"

enum { HASH_BYTES = 32 };
struct hash { unsigned char b[HASH_BYTES]; };

static inline struct str hash_str(const struct hash *h)
{
    return bytes_str(h->b, HASH_BYTES);
}
struct hash hash_sha256(struct str data);
/* The same of what comes in pieces, for as much as there is; hash_end() frees it. */
struct hash_run;
struct hash_run *hash_begin(void);
void hash_add(struct hash_run *r, struct str piece);
struct hash hash_end(struct hash_run *r);
/* Of a || b. */
struct hash hash_sha256_2(struct str a, struct str b);
/* Of the byte tag, then a || b: what RFC 6962 puts before leaves (0) and nodes (1). */
struct hash hash_sha256_tagged(unsigned char tag, struct str a, struct str b);
/* Keyed with 32 bytes, over label || 0x00 || data. The label keeps uses of one key apart;
 * it holds no NUL. */
struct hash hash_hmac(const unsigned char key[HASH_BYTES], const char *label, struct str data);
/* HMAC-SHA-256 as others compute it, for keys and data that outsiders have too. */
struct hash hash_hmac_plain(struct str key, struct str data);
/* Whether text is h in lower-case hexadecimal. */
bool hash_is_hex(const struct hash *h, struct str text);
/* In time that does not depend on the contents. */
bool hash_eq(const struct hash *a, const struct hash *b);
