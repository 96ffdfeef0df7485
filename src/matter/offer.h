/* offer.h: the list of actions on a matter's page as JSON. Only whether a step is possible and why
 * not differs from one page to the next; the rest is written once, when the program starts. */
#pragma once
#include "matter/step.h"

struct offers;
struct offers *offers_make(void);
void offers_free(struct offers *o);
/* Writes what matter_actions() tells, as an array of action_row_record. o may be NULL. */
enum err offers_write(struct cx *cx, const struct offers *o, const struct matter *m,
    struct buf *out) MUST_USE;
