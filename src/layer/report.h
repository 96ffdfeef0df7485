/* report.h: what a check found, as a page to look at before anything is stored: one HTML file
 * without anything from elsewhere, a picture for each parent with gaps or overlaps, and everything
 * in the pictures as a table too. */
#pragma once
#include "layer/layer.h"

enum { REPORT_BYTES_MAX = 64 << 20 };
void layer_report_html(struct buf *b, const struct catalogue *c, const struct layer_plan *p,
    struct str file, enum lang lang);
/* The same as members of a JSON object, without braces: changes, placing, mended, findings. */
void layer_report_json(struct buf *b, const struct catalogue *c, const struct layer_plan *p);
/* "closed, repeated points, ..." of enum mend. */
struct str mended_text(struct arena *a, unsigned what, enum lang lang);
/* How the coordinates were read, as a sentence. */
struct str placing_text(struct arena *a, const struct placing *p, enum lang lang);
