/* placing.h: in which coordinate system a file's points are, and whether longitude and latitude
 * have changed places. Chinese systems differ by half a kilometre, so the wrong one looks right
 * until somebody stands in the wrong grid.
 *
 * What the file or its reader names is believed if it can be. Else each row is compared with the
 * outline it must lie in, one that is stored already, under every assumption, and the assumption
 * under which most lies inside is taken. */
#pragma once
#include "catalogue/sheet.h"
#include "layer/feature.h"

/* Words for enum crs, for people: wgs84 (also cgcs2000), gcj02, bd09. False for others. */
bool crs_by_name(struct str word, enum crs *ret);

/* by whom: PLACED_NAMED by the reader, PLACED_TOLD by the file, PLACED_FOUND by comparison,
 * PLACED_ASSUMED when there was nothing to compare with. */
struct placing {
    enum crs crs;
    bool swapped;
    enum { PLACED_NAMED, PLACED_TOLD, PLACED_FOUND, PLACED_ASSUMED } how;
    size_t compared;                /* rows that had an outline to lie in */
    double inside, inside_best;     /* mean share that lies inside, as placed and at best */
    enum crs best;                  /* the system with the best share */
};
/* The outline that row i must lie in, in WGS-84; NULL when none is known. */
struct yardstick { const struct shape *(*of)(void *ctx, size_t i); void *ctx; };

/* Turns the points of all rows into WGS-84, in place. named: what the reader says, or none. Rows
 * that lie as if they were in another system than the rest go to faults. E_INPUT, noted, when
 * named is unknown or the file's own words mean metres. */
MUST_USE enum err features_place(const struct features *f, struct str named, struct yardstick ref,
    struct placing *ret, struct faults *faults, struct err_info *info);
