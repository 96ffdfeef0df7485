/* check.h: what the files that check a layer share; for this room alone. */
#pragma once
#include "layer/layer.h"

struct layer_check {
    const struct catalogue *c;
    struct arena *a;
    struct layer_want want;
    const struct features *f;
    struct layer_plan *plan;        /* rows 0 .. f->n - 1 are those of f */
    struct zone_row *stored;        /* what stands until then, by code */
    size_t n_stored;
    size_t *by_code;                /* positions of f's rows, by code, then row */
};

/* Notes what is wrong with row i, which is bad from then on. */
void row_fault(struct layer_check *k, size_t i, const char *field, struct msg m, struct str arg);
/* A message made for one row. */
struct msg text_msg(struct str zh, struct str en);
/* Row of the file with this code, the first of several; what is stored under it. NULL: none. */
const struct zone_row *row_with(const struct layer_check *k, int64_t code);
const struct zone_row *stored_with(const struct layer_check *k, int64_t code);

/* Codes of all rows, 0 for those that have none; then parents, kinds and names. */
void check_codes(struct layer_check *k);
void check_words(struct layer_check *k);
/* Outlines against each other and against the ground they must lie in. */
void check_ground(struct layer_check *k);
