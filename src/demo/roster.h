/* roster.h: the demo town's roster: turns that repeat by week, absences around the present day with
 * who stands in, notes of the last hand-over, and one gap for somebody to find. */
#pragma once
#include "demo/geography.h"
#include "ledger/ids.h"

struct demo_roster {
    struct db *db;                  /* a writer; people and who has charge of what are in it */
    struct arena *a;
    const struct geography *city;
    struct ids *ids;                /* DEMO_ROSTER_IDS of them */
    int64_t now_ms;
};
enum { DEMO_ROSTER_IDS = 32 };
/* Inside the caller's transaction. */
enum err demo_roster(const struct demo_roster *d) MUST_USE;
extern const struct sql *const demo_roster_statements[];
extern const size_t demo_roster_statements_n;
