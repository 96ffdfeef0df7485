/* entry.h: one line of a matter's history as bytes that never change, and its place in the chain.
 * Canonical form "fengqiao-entry-v1" (all numbers big-endian, two's complement):
 *   17 bytes  "fengqiao-entry-v1", then 1 byte 0x0A
 *   u32 area, i64 matter id, i64 seq, i64 time (ms since 1970 UTC), i64 account id (0: none)
 *   five texts, each u32 length and UTF-8 bytes: role, action, from, to, data, in the order of the
 *   struct; data is JSON exactly as stored, personal fields in it as ciphertext
 * Every field has a known end, so two different entries never have the same bytes.
 * Hash of an entry = SHA-256(canonical || hash of the matter's entry before), where the first entry
 * has 32 zero bytes before it. Leaf in the Merkle log = SHA-256(0x00 || hash of the entry). */
#pragma once
#include "base/err.h"
#include "crypto/hash.h"

enum { ENTRY_BYTES_MAX = 1 << 20 };

struct entry {
    uint32_t area;
    int64_t matter_id, seq, at_ms;
    int64_t account_id;         /* who acted; 0 for reporters, timers and imports */
    struct str role;            /* in which role: "reporter", "system", "grid_worker", ... */
    struct str action;
    struct str from, to;        /* states; equal when the action leaves the state */
    struct str data;            /* canonical JSON text */
};

/* At most ENTRY_BYTES_MAX. */
struct str entry_canonical(struct arena *a, const struct entry *e);
/* Texts point into bytes. False unless bytes are exactly one canonical entry. */
bool entry_parse(struct str bytes, struct entry *ret);
/* prev is NULL for the first entry of a matter. */
struct hash entry_hash(struct str canonical, const struct hash *prev);
/* The fact place_sha256 of a report: SHA-256(salt || TEXT || 0x0A || LON || 0x0A || LAT), degrees
 * with seven decimals, "-" where they are not known (NaN). */
struct hash entry_place_digest(struct arena *a, struct str salt, struct str place_text, double lon,
                               double lat);
/* The fact photos_sha256 is SHA-256 over this of each photo of the entry: "HASH THUMB\n". */
void entry_photo_name(struct buf *b, struct str hash, struct str thumb);
/* The leaf hash under which the log holds an entry. */
struct hash entry_leaf(const struct hash *entry_hash);
