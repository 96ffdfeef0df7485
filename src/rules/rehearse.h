/* rehearse.h: the past days under rules or boundaries that are not in force yet: every matter of
 * those days is routed twice, as things are and as they would be, and the difference is told. Only
 * reads, and only tells of units and kinds of matter, never of people. */
#pragma once
#include "catalogue/route.h"

#define REHEARSED_UNIT(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "unit") \
    X(R, STR, name, REQUIRED, 0, 120, NULL, "its name") \
    X(R, I64, before, REQUIRED, 0, 4e12, NULL, "matters that go to it first, as things are") \
    X(R, I64, after, REQUIRED, 0, 4e12, NULL, "matters that would go to it first") \
    X(R, F64, late_before, OPTIONAL, 0, 4e12, NULL, "of them, expected to be late; none: nothing is known") \
    X(R, F64, late_after, OPTIONAL, 0, 4e12, NULL, "of those, expected to be late; none: nothing is known") \
    X(R, I64, handled, REQUIRED, 0, 4e12, NULL, "matters it answered in those days: what the expectation rests on") \
    X(R, STR, basis, REQUIRED, 0, 120, NULL, "own, alike, all or none: whose past the expectation is taken from")
RECORD(rehearsed_unit, REHEARSED_UNIT)

#define REHEARSED_MOVE(X, R) \
    X(R, ID, from, REQUIRED, 0, 0, NULL, "unit as things are") \
    X(R, STR, from_name, REQUIRED, 0, 120, NULL, "its name") \
    X(R, ID, to, REQUIRED, 0, 0, NULL, "unit that would get them") \
    X(R, STR, to_name, REQUIRED, 0, 120, NULL, "its name") \
    X(R, I64, matters, REQUIRED, 0, 4e12, NULL, "how many") \
    X(R, WORDS, examples, REQUIRED, 0, 5, NULL, "numbers of some of them")
RECORD(rehearsed_move, REHEARSED_MOVE)

#define REHEARSED_KIND(X, R) \
    X(R, STR, category, REQUIRED, 0, 120, NULL, "category code") \
    X(R, STR, name, REQUIRED, 0, 120, NULL, "category") \
    X(R, I64, matters, REQUIRED, 0, 4e12, NULL, "in those days") \
    X(R, I64, moved, REQUIRED, 0, 4e12, NULL, "of them, to another unit")
RECORD(rehearsed_kind, REHEARSED_KIND)

#define REHEARSED(X, R) \
    X(R, TIME, from_ms, REQUIRED, 0, 4e12, NULL, "first moment") \
    X(R, TIME, to_ms, REQUIRED, 0, 4e12, NULL, "last moment") \
    X(R, I64, matters, REQUIRED, 0, 4e12, NULL, "reported in those days") \
    X(R, I64, moved, REQUIRED, 0, 4e12, NULL, "of them, to another unit") \
    X(R, LIST, units, REQUIRED, 0, 100000, &rehearsed_unit_record, "units whose load changes, most changed first") \
    X(R, LIST, moves, REQUIRED, 0, 2000, &rehearsed_move_record, "from unit to unit, most first") \
    X(R, LIST, kinds, REQUIRED, 0, 2000, &rehearsed_kind_record, "kinds of matter that move, most first")
RECORD(rehearsed, REHEARSED)

/* One way to route: a snapshot and rules, which usually are its own. */
struct routing { const struct catalogue *cat; struct list rules; };

/* done of total, in parts of the time that is looked at; false: stop. */
typedef bool rehearse_progress(void *ctx, int64_t done, int64_t total, int64_t matters);
struct rehearsing {
    struct db *db;                      /* a reader of its own */
    struct routing now, then;           /* snapshots differ: other boundaries */
    int64_t from_ms, to_ms;
    int64_t region;                     /* division whose matters alone are looked at; 0: all */
    enum lang lang;
    rehearse_progress *progress;        /* may be NULL */
    void *ctx;
};
/* E_BUSY: progress said stop. The lists lie in a. */
enum err rehearse(const struct rehearsing *q, struct arena *a, struct rehearsed *ret) MUST_USE;
/* A draft ready to be rehearsed: of rules, or of boundaries. Close it when done. */
struct rehearsed_draft {
    struct catalogue *loaded;
    struct routing then;
    struct str name;
    int64_t region;                     /* whose draft it is: its matters are what it changes */
};
/* E_MISSING: no such draft; E_INPUT, noted: it has faults. The name lies in a. */
enum err rehearsed_draft_open(struct db *db, struct arena *a, const struct catalogue *now,
    int64_t draft, struct rehearsed_draft *ret, struct err_info *info) MUST_USE;
void rehearsed_draft_close(struct rehearsed_draft *d);
/* Tables of r one below the other: units, moves, kinds. */
void rehearsed_csv(const struct rehearsed *r, enum lang lang, struct buf *out);
extern const struct sql *const rehearse_statements[];
extern const size_t rehearse_statements_n;

/* Times ---------------------------------------------------------------------------------------- */

/* How long units took, from becoming responsible to answering; see docs/operate.md for what may be
 * expected from it. */
struct times;
struct handling { uint32_t unit; int64_t work_ms, clock_ms; };
/* samples: unit is a position in catalogue_units(c). */
struct times *times_make(const struct catalogue *c, struct arena *a, const struct handling *samples,
    size_t n);
enum basis { BASIS_NONE, BASIS_ALL, BASIS_ALIKE, BASIS_OWN };
/* The part of its past matters for which the unit took longer than allowed_ms; of working time, or
 * of the clock. A unit with fewer than 20 is judged by those alike (kind and level), else by all;
 * NaN: nothing is known. */
double times_late(const struct times *t, uint32_t unit, bool by_clock, int64_t allowed_ms);
enum basis times_basis(const struct times *t, uint32_t unit);
int64_t times_handled(const struct times *t, uint32_t unit);
