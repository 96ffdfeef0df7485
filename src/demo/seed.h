/* seed.h: fills an empty, migrated database with the demo city: settings, divisions, grids, police
 * grids, organisations, catalogues, accounts and who works in which grid. Everything about people
 * is invented: names by rule, telephone numbers of the pattern 199 0000 xxxx. */
#pragma once
#include "base/rand.h"
#include "crypto/key.h"
#include "db/db.h"

#define DEMO_PASSWORD "fengqiao-demo-2026"

/* Told what is done out of total, in any unit. */
struct demo_progress { void (*tell)(void *ctx, size_t done, size_t total); void *ctx; };

struct demo_seed {
    struct db *db;                  /* a writer */
    const struct node_keys *keys;   /* for the accounts' passwords */
    struct rand *rand;              /* salts */
    uint64_t seed;                  /* the same city for the same number */
    int64_t now_ms;
    struct demo_progress progress;  /* tell may be NULL */
};
/* In one transaction; E_CONFLICT when the database is not empty. */
enum err demo_seed(const struct demo_seed *s, struct err_info *info) MUST_USE;

/* The town whose people sign in and whose roster is kept: the first nine digits. */
#define DEMO_TOWN INT64_C(320508018)

/* Numbers of units in the demo city. A desk has the code of its division. */
static inline int64_t demo_department_id(int64_t division, int64_t nth)
{
    return division * 100 + nth;
}
static inline int64_t demo_station_id(int64_t town)
{
    return town * 100 + 90;
}
static inline int64_t demo_committee_id(int64_t division, bool industry)
{
    return division * 100 + 80 + industry;
}

/* The studio of the demo town's committee. */
#define DEMO_STUDIO INT64_C(3205080180008001)

/* The unit of this code; E_MISSING without one. */
enum err demo_unit(struct db *db, struct str code, int64_t *ret) MUST_USE;

extern const struct sql *const demo_statements[];
extern const size_t demo_statements_n;
