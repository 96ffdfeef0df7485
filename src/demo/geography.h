/* geography.h: the whole demo city from a seed: the real register of Suzhou's divisions with
 * outlines, the governance grids with the micro-grids in them and, independent of them, the police
 * grids.
 *
 * District outlines follow a coarse map of 2017; everything below is generated. All of it is
 * illustrative (示意) and must be shown as such. Coordinates are to be read as WGS-84. Every
 * point of the city lies in exactly one of each kind of grid; neighbours share
 * their border vertex by vertex. The same seed gives the same city on the same machine. */
#pragma once
#include "base/arena.h"
#include "geo/datum.h"

enum { DEMO_GRID_COUNT = 12278, DEMO_POLICE_COUNT = 2187 };
/* What a caller's arena must have room for. */
enum { DEMO_ARENA_BYTES = 144 * 1024 * 1024 };

/* name as in the register (湖畔社区居委会), short_name as spoken (湖畔社区); centre lies inside.
 * level 2 city, 3 district, 4 township, 5 community. wkb: a polygon, as in all of these. */
struct demo_division {
    struct str code12, parent12, kind, name, short_name, wkb;
    int level;
    struct geo_point centre;
};

/* All but the first are dedicated grids (专属网格), numbered from 901. */
enum demo_grid_kind {
    DEMO_GRID_BASE, DEMO_GRID_WATER, DEMO_GRID_SCHOOL, DEMO_GRID_MARKET, DEMO_GRID_COMPANY,
    DEMO_GRID_HOSPITAL, DEMO_GRID_KINDS
};
/* code15: community code and three digits, from west to east in rows from the north. */
struct demo_grid {
    struct str code15, community12, name_zh, name_en, wkb;
    enum demo_grid_kind kind;
    struct geo_point centre;
};

/* code17: grid code and two digits: two to five in a grid, which they fill; one where it is
 * a single cell of the mesh. */
struct demo_micro {
    struct str code17, grid15, name_zh, name_en, wkb;
    struct geo_point centre;
};

/* code12: the station's first eight digits and four more. One station a township. */
struct demo_police_grid {
    struct str code12, station12, station_name, township9, name_zh, name_en, wkb;
    struct geo_point centre;
};

struct geography {
    struct demo_division *divisions;    /* by level, then code */
    struct demo_grid *grids;            /* by code */
    struct demo_micro *micros;          /* by code */
    struct demo_police_grid *police;    /* by code */
    size_t division_count, grid_count, micro_count, police_count;
};

/* A stable word for a kind: base water school market company hospital. */
const char *demo_grid_kind_code(enum demo_grid_kind kind);
/* Makes the city in a few seconds. */
void demo_geography(struct arena *a, uint64_t seed, struct geography *ret);
