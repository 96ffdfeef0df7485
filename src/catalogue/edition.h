/* edition.h: new versions of the small catalogues (category, limit, rule, calendar, template):
 * checked row by row and against everything they refer to, then stored beside the older ones. */
#pragma once
#include "catalogue/catalogue.h"
#include "catalogue/sheet.h"

/* Description of a row of the catalogue called name; NULL when there is no such catalogue. */
const struct record *edition_record(struct str name);
/* Checks csv as the next version of the catalogue called name, beside c as it is in force: codes
 * are unique, words are known, what rows refer to exists, no row is hidden by an earlier one, and
 * nothing in force loses the category it stands on. Gives how many rows are good. */
size_t edition_check(const struct catalogue *c, struct arena *a, struct str name, struct str csv,
    struct faults *f);
/* Stores a checked csv as the next version, in force from valid_from_ms on. */
enum err edition_store(struct db *db, struct str name, struct str csv, int64_t valid_from_ms,
    int64_t now_ms, int64_t made_by, int64_t *ret_version) MUST_USE;
/* Number of the newest version stored, in force or not; 0 for none. */
enum err edition_newest(struct db *db, struct str name, int64_t *ret) MUST_USE;
/* The version in force at now_ms; E_MISSING when there is none. */
enum err edition_current(struct db *db, struct arena *a, struct str name, int64_t now_ms,
    struct str *ret_csv, int64_t *ret_version) MUST_USE;

/* This very version; E_MISSING when there is none. */
enum err edition_of_version(struct db *db, struct arena *a, struct str name, int64_t version,
    struct str *ret_csv) MUST_USE;

extern const struct sql *const edition_statements[];
extern const size_t edition_statements_n;
