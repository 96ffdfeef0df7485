/* edition.h: new versions of the small catalogues (category, limit, rule, calendar, template,
 * deputy, subsidy, keeping): checked row by row and against everything they refer to, then stored
 * beside the older ones. */
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
/* What is not wrong, but probably not meant, with its remedy: nothing stands against storing it. */
void edition_advise(struct arena *a, struct str name, struct str csv, struct faults *f);

/* Versions ---------------------------------------------------------------------------------- */

/* Of the versions of one name that were not taken back, the one with the latest first day not
 * after a day is valid on it; of equal days the newer one. Layers (zone.h) have versions by the
 * same rule; their body tells what changed. */
#define CATALOGUE_VERSION(X, R) \
    X(R, I64, version, REQUIRED, 1, 1e9, NULL, "version") \
    X(R, TIME, valid_from_ms, REQUIRED, 0, 0, NULL, "first moment") \
    X(R, TIME, made_ms, REQUIRED, 0, 0, NULL, "stored at") \
    X(R, ID, made_by, REQUIRED, 0, 0, NULL, "account; 0: the command line") \
    X(R, TIME, back_ms, OPTIONAL, 0, 0, NULL, "taken back at; none: it was not") \
    X(R, ID, back_by, OPTIONAL, 0, 0, NULL, "account; 0: the command line") \
    X(R, STR, back_why, OPTIONAL, 0, 0, NULL, "why")
RECORD(catalogue_version, CATALOGUE_VERSION)
enum { VERSIONS_MAX = 1000 };

/* The moment from which a version can be valid: *at_ms, or now when there is none (I64_NONE) or it
 * lies earlier today; E_INPUT, noted, for days that are past. */
enum err edition_day(struct str name, int64_t *at_ms, int64_t now_ms, struct err_info *info)
    MUST_USE;
/* Stores a checked csv as the next version, in force from valid_from_ms on. */
enum err edition_store(struct db *db, struct str name, struct str csv, int64_t valid_from_ms,
    int64_t now_ms, int64_t made_by, int64_t *ret_version) MUST_USE;
/* Number of the newest version stored, in force or not; 0 for none. */
enum err edition_newest(struct db *db, struct str name, int64_t *ret) MUST_USE;
/* A number that moves whenever a version is stored or taken back. */
enum err edition_moves(struct db *db, struct str name, int64_t *ret) MUST_USE;
/* Number of the version valid at a moment; 0 for none. */
enum err edition_valid(struct db *db, struct str name, int64_t at_ms, int64_t *ret_version)
    MUST_USE;
/* The version in force at now_ms; E_MISSING when there is none. */
enum err edition_current(struct db *db, struct arena *a, struct str name, int64_t now_ms,
    struct str *ret_csv, int64_t *ret_version) MUST_USE;
/* This very version; E_MISSING when there is none. */
enum err edition_of_version(struct db *db, struct arena *a, struct str name, int64_t version,
    struct str *ret_csv) MUST_USE;
/* struct catalogue_version, the newest number first. */
enum err edition_list(struct db *db, struct arena *a, struct str name, struct list *ret) MUST_USE;
/* in_force, planned, past or taken_back; valid: the version valid now. */
struct str version_state(const struct catalogue_version *v, int64_t valid, int64_t now_ms);
/* By whom (0: the command line), and why. */
struct taking_back { int64_t now_ms, by; struct str why; };
/* Before its first day; E_CONFLICT when that has come or it is taken back already. */
enum err edition_take_back(struct db *db, struct str name, int64_t version,
    const struct taking_back *t) MUST_USE;

extern const struct sql *const edition_statements[];
extern const size_t edition_statements_n;
