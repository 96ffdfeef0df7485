/* draft.h: drafts: other outlines for some zones of a layer, or other routing rules, kept to be
 * looked at and rehearsed before they become a version. */
#pragma once
#include "layer/layer.h"

#define DRAFT(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number of the draft") \
    X(R, STR, kind, REQUIRED, 1, 12, NULL, "grid, micro, police or rule") \
    X(R, STR, name, REQUIRED, 1, 60, NULL, "what its makers call it") \
    X(R, STR, body, REQUIRED, 0, 0, NULL, "GeoJSON of the changed outlines, or CSV of all rules") \
    X(R, TIME, made_ms, REQUIRED, 0, 0, NULL, "when it was made") \
    X(R, ID, made_by, REQUIRED, 0, 0, NULL, "account that made it") \
    X(R, TIME, changed_ms, REQUIRED, 0, 0, NULL, "when it was last changed") \
    X(R, ID, region, REQUIRED, 0, 0, NULL, "12-digit code of the division whose desk works on it") \
    X(R, I64, version, OPTIONAL, 0, 0, NULL, "the version that it has become; none: still a draft") \
    X(R, TIME, valid_from_ms, OPTIONAL, 0, 0, NULL, "from when that is in force") \
    X(R, I64, faults, REQUIRED, 0, 0, NULL, "how many faults it had when it was saved")
RECORD(draft, DRAFT)

enum { DRAFTS_MAX = 500, DRAFT_BYTES_MAX = 1 << 20 };
/* E_MISSING when there is none. */
enum err draft_find(struct db *db, struct arena *a, int64_t id, struct draft *ret) MUST_USE;
/* The newest first, without bodies, of divisions from .. to. */
enum err draft_list(struct db *db, struct arena *a, int64_t from, int64_t to, struct list *ret)
    MUST_USE;
/* A new row, or another name and body for the one of its id. */
enum err draft_add(struct db *db, const struct draft *d) MUST_USE;
enum err draft_replace(struct db *db, const struct draft *d) MUST_USE;
enum err draft_drop(struct db *db, int64_t id) MUST_USE;
/* The drafts that have become a version: struct draft, without bodies; none for an imported one. */
enum err draft_published(struct db *db, struct arena *a, struct str kind, struct list *ret)
    MUST_USE;
/* The draft that had become this version, if any, is a draft again. */
enum err draft_reopen(struct db *db, struct str kind, int64_t version) MUST_USE;

/* What is wrong with it if it were in force from at_ms on. For rules only ret->faults is filled. */
enum err draft_check(struct db *db, const struct catalogue *c, struct arena *a,
    const struct draft *d, int64_t at_ms, struct layer_plan *ret, struct err_info *info) MUST_USE;
/* Stores a faultless draft as a version from the plan's moment on, within the caller's transaction,
 * and notes in it what it has become: version 0 when nothing changes. */
enum err draft_store(struct db *db, struct arena *a, struct draft *d, const struct layer_plan *p,
    int64_t now_ms, int64_t made_by) MUST_USE;

/* The snapshot as it would be if the draft were in force, beside c, the one that is: for
 * rehearsals. E_MISSING: no such draft; E_INPUT, noted: it has faults. Drop it as any other. */
enum err catalogue_load_draft(struct db *db, const struct catalogue *c, int64_t draft,
    struct catalogue **ret, struct err_info *info) MUST_USE;

extern const struct sql *const draft_statements[];
extern const size_t draft_statements_n;
