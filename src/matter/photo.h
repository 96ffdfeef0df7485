/* photo.h: photos of a matter: uploads waiting to be used, and rows that tie files to entries. */
#pragma once
#include "matter/matter.h"

#define PHOTO(X, R) \
    X(R, I64, no, REQUIRED, 0, 0, NULL, "position in the matter") \
    X(R, I64, seq, REQUIRED, 0, 0, NULL, "entry it belongs to") \
    X(R, STR, hash, REQUIRED, 0, 0, NULL, "file, by content") \
    X(R, STR, thumb, REQUIRED, 0, 0, NULL, "small file, by content") \
    X(R, I64, width, REQUIRED, 0, 0, NULL, "pixels") \
    X(R, I64, height, REQUIRED, 0, 0, NULL, "pixels") \
    X(R, STR, phase, REQUIRED, 0, 0, NULL, "before, after, talk or paper")
RECORD(photo, PHOTO)

/* Remembers a decoded image as an upload and returns its token (arena). */
enum err photo_upload(struct cx *cx, struct str hash, struct str thumb, int64_t width,
    int64_t height, struct str *ret_token) MUST_USE;
enum { PHOTOS_MAX = 200 };
/* Ties the uploads with these tokens to e, the next entry of m, which gets the fact photos_sha256
 * (ledger/entry.h). E_INPUT (field uploads) when one is unknown, used up or older than a
 * day, or when the matter would hold more than PHOTOS_MAX. */
enum err photos_take(struct cx *cx, const struct matter *m, struct entry_make *e,
    struct list tokens, const char *phase) MUST_USE;
enum err photos_of(struct cx *cx, const struct matter *m, struct list *ret) MUST_USE;
enum err photo_one(struct cx *cx, const struct matter *m, int64_t no, struct photo *ret) MUST_USE;
/* Scans of documents, among them of identity: for the unit that has the matter and nobody else. */
#define PHASE_PAPER "paper"
bool photo_is_shown(const struct cx *cx, const struct matter *m, const struct photo *p);
extern const struct sql *const photo_statements[];
extern const size_t photo_statements_n;
