/* draft.h: sets of rules that are being prepared: rows of the table draft of the kind "rule", whose
 * body is the CSV of rules as `fengqiao import` takes it. A draft may hold faults while it is worked
 * on; only a faultless one is rehearsed or switched on. */
#pragma once
#include "catalogue/edition.h"

#define DRAFT(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "rule") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, STR, body, REQUIRED, 0, 0, NULL, "CSV") \
    X(R, TIME, made_ms, REQUIRED, 0, 0, NULL, "begun at") \
    X(R, ID, made_by, REQUIRED, 0, 0, NULL, "account, or 0") \
    X(R, TIME, changed_ms, REQUIRED, 0, 0, NULL, "last changed at")
RECORD(draft, DRAFT)

/* E_MISSING when there is none. */
enum err draft_read(struct db *db, struct arena *a, int64_t id, struct draft *ret) MUST_USE;
enum err drafts_read(struct db *db, struct arena *a, struct str kind, struct list *ret) MUST_USE;
/* id 0: a new one, whose number is given. Inside the caller's transaction. */
enum err draft_write(struct db *db, struct draft *d) MUST_USE;
enum err draft_drop(struct db *db, int64_t id) MUST_USE;
/* The rules of a faultless csv; E_INPUT, with line, column and remedy of the first fault in info. */
enum err rules_checked(const struct catalogue *c, struct arena *a, struct str csv,
    struct list *ret, struct err_info *info) MUST_USE;
extern const struct sql *const draft_statements[];
extern const size_t draft_statements_n;
