/* rough.h: outlines as they come from outside, before anybody has looked at them: unclosed, turned
 * the wrong way, crossing themselves, in pieces; and what can be made of them.
 *
 * shape.h refuses what is not valid, because it reads what was looked at before. Here everything
 * that has coordinates is read, so that the fault can be named, or mended and told. */
#pragma once
#include "geo/shape.h"

enum rough_kind { ROUGH_NONE, ROUGH_POINT, ROUGH_AREA };
/* Points at[first] .. at[first + n - 1]; the last should repeat the first. outer starts a new
 * polygon. */
struct rough_ring { size_t first, n; bool outer; };
struct rough {
    enum rough_kind kind;
    bool loose;                 /* which rings are holes follows only from how they lie */
    bool left;                  /* the format wants outer rings counter-clockwise */
    struct geo_point *at;       /* as written: any numbers, NaN for what is no number */
    size_t point_count;
    struct rough_ring *rings;
    size_t ring_count;
};

/* Reads a GeoJSON geometry (null: ROUGH_NONE) or WKT; further coordinates (height) are dropped.
 * E_INPUT, noted, for what is not a point, polygon or multipolygon. Takes at most 32 times the
 * text's bytes from a, usually less than the text. */
MUST_USE enum err rough_read(struct arena *a, enum shape_format format, struct str text,
    struct rough *ret, struct err_info *info);

/* What was done to an outline. */
enum mend {
    MEND_CLOSED = 1,            /* a ring did not end where it began */
    MEND_REPEATED = 2,          /* the same point several times in a row */
    MEND_TURNED = 4,            /* an outer ring ran clockwise where the format wants the other way */
    MEND_CROSSING = 8,          /* it crossed itself in places too small to matter */
    MEND_ISLAND = 16,           /* a ring inside a hole became a part of its own */
    MEND_DROPPED = 32,          /* parts without area, or below a square metre, were left out */
};
struct mended {
    unsigned what;              /* enum mend */
    double before_m2, after_m2; /* area as drawn, and as it is now */
    size_t parts, dropped;      /* parts that it has now, and that were left out */
};
/* The valid shape that was meant, if that is beyond doubt: E_INPUT, noted with what is wrong and
 * what to do, for an empty outline, numbers that are no degrees, and outlines whose area would
 * change by more than a hundredth when they are made valid. Points are WGS-84 degrees. */
MUST_USE enum err rough_mend(struct arena *a, const struct rough *r, struct mended *ret_mended,
    struct shape *ret, struct err_info *info);
