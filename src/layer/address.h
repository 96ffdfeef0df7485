/* address.h: addresses, dwellings and sites: imported with their points, found again by what people
 * write. */
#pragma once
#include "catalogue/catalogue.h"
#include "layer/placing.h"

#define ADDRESS(X, R) \
    X(R, STR, code, REQUIRED, 1, 40, NULL, "code of the place") \
    X(R, STR, kind, REQUIRED, 1, 12, NULL, "address, dwelling or site") \
    X(R, STR, name, REQUIRED, 0, 60, NULL, "name, or empty") \
    X(R, STR, address, REQUIRED, 0, 200, NULL, "address, or empty") \
    X(R, F64, lon, REQUIRED, -180, 180, NULL, "longitude, WGS-84") \
    X(R, F64, lat, REQUIRED, -90, 90, NULL, "latitude, WGS-84")
RECORD(address, ADDRESS)

/* Rows of a file, checked; what is wrong with the others is in faults. */
struct address_plan {
    struct address *rows;
    size_t n, bad;
    struct placing placing;
    struct faults faults;
};
MUST_USE enum err addresses_check(const struct catalogue *c, struct arena *a,
    const struct features *f, struct str crs, struct address_plan *ret, struct err_info *info);
/* Stores them within the caller's transaction: those of a known code are replaced; unless part,
 * all others go. */
MUST_USE enum err addresses_store(struct db *db, const struct catalogue *c,
    const struct address_plan *p, bool part);

enum { ADDRESSES_FOUND_MAX = 20, ADDRESS_CHARS_LEAST = 2 };
/* Places whose address or name begins like text, or is what text begins with, the best first. text
 * may begin with divisions. Gives struct address, at most max. */
MUST_USE enum err addresses_find(struct db *db, const struct catalogue *c, struct arena *a,
    struct str text, size_t max, struct list *ret);
/* The place whose address or name stands somewhere in text, the longest of several; E_MISSING when
 * there is none. */
MUST_USE enum err address_in_text(struct db *db, const struct catalogue *c, struct arena *a,
    struct str text, struct address *ret);

extern const struct sql *const address_find_statements[], *const address_store_statements[];
extern const size_t address_find_statements_n, address_store_statements_n;
