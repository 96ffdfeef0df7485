/* organisation.h: the list of organisations (table unit) from an edited CSV file. Rows are known by
 * their code: a known one is changed, a new one added; none is taken away, because matters and
 * their history point to it. */
#pragma once
#include "catalogue/catalogue.h"
#include "catalogue/sheet.h"

extern const char *const organisation_kinds[];    /* NULL-terminated */
#define ORGANISATION(X, R) \
    X(R, STR, code, REQUIRED, 1, 30, NULL, "code") \
    X(R, STR, name, REQUIRED, 1, 60, NULL, "name, Chinese") \
    X(R, STR, name_en, REQUIRED, 1, 120, NULL, "name, English") \
    X(R, STR, kind, REQUIRED | TABLED, 1, 20, organisation_kinds, "what it is") \
    X(R, ID, region, REQUIRED, 0, 0, NULL, "12-digit code of the division it serves") \
    X(R, STR, parent, OPTIONAL, 0, 30, NULL, "code of the unit above it") \
    X(R, BOOL, desk, OPTIONAL, 0, 1, NULL, "true: receives and dispatches for its division") \
    X(R, STR, functions, OPTIONAL, 0, 200, NULL, "functions, spaces between")
RECORD(organisation, ORGANISATION)

/* Rows of struct organisation; what is wrong with them, alone or beside c as it is, goes to f. */
struct sheet organisation_check(const struct catalogue *c, struct arena *a, struct str csv,
    struct faults *f);
/* Writes checked rows, inside the caller's transaction. */
enum err organisation_store(struct db *db, const struct catalogue *c, struct list rows) MUST_USE;
/* All units as CSV that organisation_check() takes. */
struct str organisation_csv(const struct catalogue *c, struct arena *a);

extern const struct sql *const organisation_statements[];
extern const size_t organisation_statements_n;
