/* people.h: whose row of the list of people says something new; for this room alone. */
#pragma once
#include "town/town.h"

/* Of struct roster rows those of people of whom something differs from what is stored: name,
 * telephone, language, roles, grids. Everybody else keeps what they have, also roles for a time. */
enum err people_changed(struct db *db, struct arena *a, const struct catalogue *c, struct list rows,
    struct list *ret, size_t *ret_same) MUST_USE;
