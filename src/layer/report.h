/* report.h: what a check found, as a page to look at before anything is stored: one HTML file
 * without anything from elsewhere, a picture for each parent with gaps or overlaps, and everything
 * in the pictures as a table too. */
#pragma once
#include "layer/effect.h"

/* What was found in one parent: paths of SVG (its attribute d), "" for none, on so many pixels. */
struct layer_picture {
    int64_t parent;
    struct str name, zones, ground, flaws[FLAW_COUNT];
    double m2[FLAW_COUNT];
    int width_px, height_px;
};
/* struct layer_picture, by parent; the first so many. */
struct list layer_pictures(struct arena *a, const struct catalogue *c, const struct layer_plan *p,
    size_t most);

enum { REPORT_BYTES_MAX = 64 << 20 };
void layer_report_html(struct buf *b, const struct catalogue *c, const struct layer_plan *p,
    const struct effects *effects, struct str file, enum lang lang);
/* The same as members of a JSON object, without braces: changes, placing, mended, findings,
 * effects. */
void layer_report_json(struct buf *b, const struct catalogue *c, const struct layer_plan *p,
    const struct effects *effects, enum lang lang);
/* "closed, repeated points, ..." of enum mend. */
struct str mended_text(struct arena *a, unsigned what, enum lang lang);
/* How the coordinates were read, as a sentence. */
struct str placing_text(struct arena *a, const struct placing *p, enum lang lang);
