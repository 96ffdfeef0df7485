/* import.h: files of outlines that were uploaded at a desk and checked: their rows are kept beside
 * what the check found, until somebody puts them in force or throws them away. */
#pragma once
#include "layer/layer.h"

#define LAYER_IMPORT(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number of the import") \
    X(R, STR, layer, REQUIRED, 1, 12, NULL, "division, grid, micro or police") \
    X(R, STR, name, REQUIRED, 1, 200, NULL, "name of the file") \
    X(R, STR, extent, REQUIRED, 1, 10, NULL, "part, whole or replace") \
    X(R, STR, crs, REQUIRED, 0, 10, NULL, "coordinate system that was named, or empty") \
    X(R, ID, region, REQUIRED, 0, 0, NULL, "12-digit code of the division whose desk made it") \
    X(R, TIME, made_ms, REQUIRED, 0, 0, NULL, "when the file was uploaded") \
    X(R, ID, made_by, REQUIRED, 0, 0, NULL, "account that uploaded it") \
    X(R, TIME, checked_ms, REQUIRED, 0, 0, NULL, "when it was last checked") \
    X(R, TIME, valid_from_ms, OPTIONAL, 0, 0, NULL, "first day, as wished or as published") \
    X(R, I64, version, OPTIONAL, 0, 0, NULL, "the version that it has become; none: not yet; 0: it" \
        " changed nothing") \
    X(R, TIME, back_ms, OPTIONAL, 0, 0, NULL, "when that version was taken back")
RECORD(layer_import, LAYER_IMPORT)

enum { IMPORTS_MAX = 200, IMPORTS_OPEN_MAX = 20 };
/* What the check found, as the page takes it, in both languages. */
struct import_outcome_text { struct str zh, en; };

/* E_MISSING when there is none. */
enum err import_find(struct db *db, struct arena *a, int64_t id, struct layer_import *ret) MUST_USE;
/* The newest first, of divisions from .. to. */
enum err import_list(struct db *db, struct arena *a, int64_t from, int64_t to, struct list *ret)
    MUST_USE;
/* How many of a division wait to be put in force or thrown away. */
enum err import_count_open(struct db *db, int64_t region, int64_t *ret) MUST_USE;
/* Its rows (rows.h), which are gone once it has been put in force. */
enum err import_rows(struct db *db, struct arena *a, int64_t id, struct str *ret) MUST_USE;
enum err import_outcome(struct db *db, struct arena *a, int64_t id, enum lang lang,
    struct str *ret) MUST_USE;
enum err import_add(struct db *db, const struct layer_import *m, struct str rows,
    const struct import_outcome_text *outcome) MUST_USE;
enum err import_checked_again(struct db *db, int64_t id, int64_t checked_ms,
    const struct import_outcome_text *outcome) MUST_USE;
enum err import_become(struct db *db, int64_t id, int64_t version, int64_t valid_from_ms) MUST_USE;
enum err import_drop(struct db *db, int64_t id) MUST_USE;

extern const struct sql *const import_statements[];
extern const size_t import_statements_n;
