/* back.h: taking a planned version back, of a small catalogue or of a layer. */
#pragma once
#include "catalogue/edition.h"
#include "layer/layer.h"

/* Names that have versions with a first day. */
extern const char *const version_names[];

/* The versions (struct catalogue_version) that go with this one: outlines of one layer planned for
 * the same moment are one state of the map and go together. E_MISSING, noted: there is no such
 * version; E_CONFLICT, noted: its day has come, it is taken back already, or a later plan stands on
 * it. */
enum err version_together(struct db *db, struct arena *a, struct str name, int64_t version,
    int64_t now_ms, struct list *ret, struct err_info *info) MUST_USE;
/* Takes them back, within the caller's transaction; drafts that had become them are drafts again.
 * Errors as above. */
enum err version_take_back(struct db *db, struct arena *a, struct str name, int64_t version,
    const struct taking_back *t, struct err_info *info) MUST_USE;
