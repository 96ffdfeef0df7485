/* register.h: the real register of divisions as a tree: city, districts, townships, communities. */
#pragma once
#include "base/arena.h"

enum { LEVEL_CITY = 2, LEVEL_DISTRICT, LEVEL_TOWNSHIP, LEVEL_COMMUNITY, LEVEL_COUNT };

/* short_name: as people say it, 湖畔社区 for 湖畔社区居委会, 枫桥 for 枫桥街道. */
struct reg_place {
    struct str code12, parent12, kind, name, short_name;
    int level;
    uint32_t parent, child_first, child_count;  /* positions in the register */
};

/* Sorted by level, then by code, so that each level and all children of one place lie together. */
struct reg {
    struct reg_place *at;
    uint32_t count, first[LEVEL_COUNT + 1];     /* places of level l: first[l] .. first[l+1]-1 */
};

/* Reads the compiled-in file; it is ours, so that a fault in it is a bug. */
struct reg register_load(struct arena *a);
/* Position of the place of that level whose code begins with prefix; it must exist. */
uint32_t register_find(const struct reg *r, int level, struct str prefix);

static inline uint32_t register_size(const struct reg *r, int level)
{
    return r->first[level + 1] - r->first[level];
}
