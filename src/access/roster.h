/* roster.h: who works here (accounts, memberships, grid duty) from an edited CSV file, a row a
 * membership. People are known by their login name: a known one is changed, a new one added with a
 * first password; the memberships and grids in the file replace the ones there were. */
#pragma once
#include "catalogue/catalogue.h"
#include "catalogue/sheet.h"
#include "crypto/password.h"

#define ROSTER(X, R) \
    X(R, STR, username, REQUIRED, 2, 40, NULL, "login name: a-z 0-9 . _ -") \
    X(R, STR, name, REQUIRED, 1, 40, NULL, "name shown to colleagues") \
    X(R, STR, phone, OPTIONAL, 0, 20, NULL, "duty phone") \
    X(R, STR, lang, OPTIONAL, 0, 5, NULL, "zh-CN or en") \
    X(R, STR, unit, REQUIRED, 1, 30, NULL, "code of the unit") \
    X(R, STR, role, REQUIRED, 1, 20, NULL, "role there") \
    X(R, STR, grids, OPTIONAL, 0, 2000, NULL, "grids worked in: 15 digits, 3 digits or * for all")
RECORD(roster, ROSTER)

/* Small letters, digits and . _ -; a mobile (11 digits), or a landline or short number. A mistyped
 * digit would lose a call, so this is stricter than reporter_is_phone(), which takes numbers from
 * abroad; short numbers, which no reporter has, are taken. */
bool roster_is_username(struct str s);
bool roster_is_phone(struct str s);
/* Rows of struct roster; what is wrong with them, alone or beside c, goes to f. */
struct sheet roster_check(const struct catalogue *c, struct arena *a, struct str csv,
    struct faults *f);

/* Somebody who could not sign in before, and the password to begin with. */
struct newcomer { struct str username, password; };
struct roster_store {
    struct db *db;
    const struct catalogue *cat;
    const struct node_keys *keys;
    struct rand *rand;
    struct arena *a;
    int64_t now_ms;
};
/* How long a password that was given out is good, to be changed meanwhile. */
enum { ONCE_DAYS = 14 };
/* Writes checked rows, inside the caller's transaction; a new account costs one password_hash().
 * ret lists struct newcomer. */
enum err roster_store(const struct roster_store *s, struct list rows, struct list *ret) MUST_USE;

extern const struct sql *const roster_statements[];
extern const size_t roster_statements_n;
