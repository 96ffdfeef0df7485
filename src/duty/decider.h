/* decider.h: who decides by name for a desk. The third hand-over of a matter goes to a desk, and
 * there to one person, who answers for saying whose it is. */
#pragma once
#include "duty/duty.h"

/* The desk's chief while on duty there; else the first deputy named in the catalogue who is there;
 * else the chief or whoever stands in; else whoever is on duty or works there and may decide. NULL
 * only when nobody of the desk may, or all are absent. */
const struct colleague *duty_decider(const struct duty_book *b, const struct catalogue *c,
    const struct unit *desk, int64_t at_ms);
/* The same as a service to rooms above: the account, or 0. */
int64_t duty_names_decider(struct cx *cx, const struct unit *desk);
/* Deputies (CSV of struct deputy) must be accounts that may decide for their desk. */
void deputies_check(const struct catalogue *c, const struct duty_book *b, struct arena *a,
    struct str csv, struct faults *f);
