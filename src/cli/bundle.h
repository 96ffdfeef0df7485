/* bundle.h: a backup as it lies on disk: a directory that holds
 *   manifest.json     what it is a backup of, and of which moment; written last
 *   SHA256SUMS        the digest of each file below, as sha256sum -c reads it
 *   town.db           the database, unless that is on a server of its own
 *   photos/           as in the store
 *   node.key          only when asked for
 * and the carrying of such files, piece by piece, so that it can be shown, slowed down and broken
 * off. */
#pragma once
#include "cli/progress.h"
#include "crypto/hash.h"
#include "db/db.h"

#define BUNDLE_MANIFEST "manifest.json"
#define BUNDLE_SUMS "SHA256SUMS"
#define BUNDLE_DATABASE "town.db"
#define BUNDLE_PHOTOS "photos"
#define BUNDLE_KEY "node.key"
enum { BUNDLE_FORMAT = 1 };

#define MANIFEST(X, R) \
    X(R, I64, format, REQUIRED, 1, 1e6, NULL, "of this file: 1") \
    X(R, STR, program, REQUIRED, 1, 40, NULL, "version of the program that made the backup") \
    X(R, I64, schema, REQUIRED, 1, 1e6, NULL, "version of the schema") \
    X(R, BOOL, server, REQUIRED, 0, 0, NULL, "the database is on a server; its rows are not here") \
    X(R, TIME, taken_ms, REQUIRED, 0, 1e15, NULL, "what was acknowledged before is in it") \
    X(R, I64, matters, REQUIRED, 0, 1e15, NULL, "in the database") \
    X(R, I64, entries, REQUIRED, 0, 1e15, NULL, "in the ledgers of all matters") \
    X(R, STR, checkpoint, MULTILINE, 1, 16384, NULL, "the newest, signed; none before the first") \
    X(R, STR, verifier, REQUIRED, 1, 400, NULL, "public key of the node") \
    X(R, BOOL, key, REQUIRED, 0, 0, NULL, "the key file is in it") \
    X(R, I64, photos, REQUIRED, 0, 1e15, NULL, "files") \
    X(R, I64, files, REQUIRED, 0, 1e15, NULL, "lines of SHA256SUMS") \
    X(R, I64, bytes, REQUIRED, 0, 1e18, NULL, "of all these files") \
    X(R, STR, sums, REQUIRED, 64, 64, NULL, "SHA-256 of SHA256SUMS")
RECORD(manifest, MANIFEST)

extern const struct sql *const backup_statements[];
extern const size_t backup_statements_n;

/* Lower-case hexadecimal. */
struct hash_text { char hex[2 * HASH_BYTES + 1]; };
struct hash_text hash_text_of(const struct hash *h);

/* Without the directories before it: messages have room for a name, not for a path. */
const char *path_end(const char *path);
/* Of a path: what stands before its end, or ".". */
const char *path_folder(struct arena *a, const char *path);

/* Files on their way. */
struct carrier {
    struct progress *bar;
    const char *target;         /* option that says where to */
    struct err_info *info;
    bool gentle;                /* others work on this disk: sync each piece and rest as long again */
    int64_t done, total;        /* bytes */
    int64_t piece_us;           /* when the present piece was begun */
};
/* From here on SIGINT and SIGTERM are only noticed between pieces. */
void carrier_begin(struct carrier *c, struct progress *bar, const char *target,
    struct err_info *info);
/* After each piece: shows how far it is, rests; E_IO, noted, when told to stop. */
enum err carrier_rest(struct carrier *c) MUST_USE;
/* The file `from` in from_at: its digest; and a copy of it, new, as `to` in to_at unless to is NULL.
 * Errors, noted: E_MISSING, E_IO. */
enum err carrier_take(struct carrier *c, int from_at, const char *from, int to_at, const char *to,
    struct hash *ret) MUST_USE;
/* Notes that writing path failed: for want of space (E_TOO_LARGE) or otherwise. */
enum err carrier_unwritten(struct carrier *c, enum err e, const char *path) MUST_USE;
/* The same of a file or folder that cannot be made, by errno: whether its own folder is there. */
enum err carrier_unmade(struct carrier *c, const char *path) MUST_USE;
/* E_IO, noted, unless so many bytes fit beside path. */
enum err carrier_fits(struct carrier *c, const char *path, int64_t bytes) MUST_USE;
/* All that was written beside path is on disk. */
enum err carrier_sync(struct carrier *c, const char *path) MUST_USE;

/* Empties an open directory that holds nothing but files of a backup; E_CONFLICT, noted under its
 * name, when something else lies in it: then all of it stays. */
enum err bundle_empty(int folder, const char *name, struct err_info *info) MUST_USE;
/* photos/ab/cd for the photo of that name, below dir, made where it is not there yet. */
enum err bundle_folders(int dir, const char *hex) MUST_USE;

enum err manifest_write(const char *dir, const struct manifest *m, struct hash *ret) MUST_USE;
/* E_MISSING, E_INPUT, noted for the option "from"; texts are in the arena. */
enum err manifest_read(const char *dir, struct arena *a, struct manifest *ret,
    struct err_info *info) MUST_USE;
