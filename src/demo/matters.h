/* matters.h: a year of a city's matters, made from a seed by living through it: every report, step
 * and deadline goes through the same engine as real ones, in the order of time. */
#pragma once
#include "access/cx.h"

struct demo_matters {
    struct db *db;                      /* writer, migrated and seeded; no transaction open */
    const struct catalogue *cat;
    const struct node_keys *keys;
    uint64_t seed;
    int64_t count;                      /* matters to make */
    int64_t now_ms;                     /* the year ends here */
    /* Called about every thousand matters; false stops (what is committed stays). May be NULL. */
    bool (*progress)(void *ctx, int64_t done, int64_t count);
    void *ctx;
};
/* E_LIMIT when stopped by progress. */
enum err demo_matters(const struct demo_matters *d) MUST_USE;
extern const struct sql *const demo_matters_statements[];
extern const size_t demo_matters_statements_n;
