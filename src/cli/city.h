/* city.h: the demo city put into a database, for those who try or measure the program. */
#pragma once
#include "cli/site.h"

struct city {
    const struct site *site;
    int64_t matters, seed;      /* the same seed makes the same city */
    enum lang lang;             /* of the progress on stderr */
    int bell;                   /* ends early (E_LIMIT) when this can be read; -1: nothing does so */
};
/* Keys, people, grids and matters, in a migrated database without accounts. */
enum err city_make(const struct city *c, struct err_info *info) MUST_USE;
