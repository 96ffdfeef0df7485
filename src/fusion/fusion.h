/* fusion.h: the feature "fusion": police grids over governance grids. What the borders of one layer
 * cut of the other, who has charge of what, and who answers for a place.
 *
 * The overlay of both layers is not stored: it follows from the outlines in force, takes about
 * a second for a city and is asked for by few. It is made when first wanted and kept with the
 * snapshot of the catalogue, so it is never older than the outlines, costs nothing at a start, and
 * is the same on every server. */
#pragma once
#include "access/access.h"
#include "geo/combine.h"
#include "geo/overlay.h"
#include "matter/explain.h"
#include "place/place.h"
#include "spine/module.h"

/* Positions in the overlay are those in catalogue_areas(): a of LEVEL_GRID, b of LEVEL_POLICE. */
const struct overlay *fusion_overlay(const struct catalogue *c);

/* What a list is of:
 * links    every overlap of a grid and a police grid
 * slivers  overlaps that are next to nothing of both, and the neighbour they could join
 * gaps     grids that the other layer leaves out in part, or claims twice
 * vacant   grids and police grids that nobody has charge of
 * homes    people with charge of two police grids, or of grids in two communities
 * cut      communities that a police border runs through */
#define FUSION_LISTS(X) X(links) X(slivers) X(gaps) X(vacant) X(homes) X(cut)
#define X(name) FUSION_##name,
enum fusion_list { FUSION_LISTS(X) FUSION_LIST_COUNT };
#undef X
extern const char *const fusion_words[];

#define FINDING(X, R) \
    X(R, STR, layer, REQUIRED, 0, 0, NULL, "grid, police or division") \
    X(R, ID, code, REQUIRED, 0, 0, NULL, "what it is about") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, ID, other, OPTIONAL, 0, 0, NULL, "police grid that overlaps it") \
    X(R, STR, other_name, OPTIONAL, 0, 0, NULL, "its name") \
    X(R, F64, m2, OPTIONAL, 0, 0, NULL, "square metres of the overlap, or left out, or doubled") \
    X(R, F64, share, OPTIONAL, 0, 0, NULL, "part of what it is about, 0 to 1") \
    X(R, F64, share_other, OPTIONAL, 0, 0, NULL, "part of the police grid") \
    X(R, STR, person, OPTIONAL, 0, 0, NULL, "who has charge") \
    X(R, ID, into, OPTIONAL, 0, 0, NULL, "sliver: grid of the same community it has most border with") \
    X(R, STR, into_name, OPTIONAL, 0, 0, NULL, "its name") \
    X(R, F64, border_m, OPTIONAL, 0, 0, NULL, "metres of that border") \
    X(R, STR, text, REQUIRED, 0, 0, NULL, "in words")
RECORD(finding, FINDING)

/* One question for a list. db is needed for vacant and homes only. */
struct fusion_ask {
    const struct catalogue *cat;
    struct db *db;
    struct arena *a;
    enum lang lang;
    struct region region;       /* of the communities and stations meant */
    enum fusion_list list;
    double m2_max;              /* slivers: at most so large */
    double share;               /* slivers: at most, cut: at least such a part */
    bool with_into;             /* slivers: look for the neighbour */
};
enum { FUSION_M2_MAX = 10000 };
/* Usual limit of share for a list. */
double fusion_share(enum fusion_list list);
/* Calls for each finding; stops at the first error and hands it on. */
typedef enum err finding_fn(void *ctx, const struct finding *f);
enum err fusion_each(const struct fusion_ask *ask, finding_fn *fn, void *ctx) MUST_USE;
/* The outline that a finding is drawn with: of the overlap, else of what it is about. E_MISSING:
 * none. */
enum err fusion_outline(const struct fusion_ask *ask, const struct finding *f, struct shape *ret)
    MUST_USE;
/* Writes the list as CSV with a header, or as a GeoJSON FeatureCollection of at most max. */
enum err fusion_write_csv(const struct fusion_ask *ask, struct buf *out) MUST_USE;
enum err fusion_write_map(const struct fusion_ask *ask, size_t max, struct buf *out) MUST_USE;

/* The piece of a grid that lies in a police grid, and the grid of the same community that it has
 * most border with; ret_border_m is 0 when there is none. E_MISSING when they do not overlap. */
struct fusion_piece { int64_t grid, police; struct shape shape; int64_t into; double border_m; };
enum err fusion_piece(const struct fusion_ask *ask, int64_t grid, int64_t police,
    struct fusion_piece *ret) MUST_USE;

/* Fills into, into_name and border_m of a sliver; leaves them empty when it borders on no grid of
 * its community. */
enum err fusion_into(const struct fusion_ask *ask, struct finding *f) MUST_USE;

/* API ---------------------------------------------------------------------------------------- */

enum { FUSION_PAGE_MAX = 500, FUSION_MAP_MAX = 2000 };
#define FUSION_IN(X, R) \
    X(R, STR, list, REQUIRED | IN_PATH, 3, 10, fusion_words, "one of the lists") \
    X(R, ID, division, OPTIONAL, 0, 0, NULL, "12-digit code: only inside it; my territory unless given") \
    X(R, F64, m2, OPTIONAL, 0, 1e9, NULL, "slivers: at most so many square metres (10000)") \
    X(R, F64, share, OPTIONAL, 0, 1, NULL, "slivers: at most (0.05), cut: at least (0.02) such a part") \
    X(R, I64, after, OPTIONAL, 0, 1e9, NULL, "how many to pass over: next of the page before") \
    X(R, I64, limit, OPTIONAL, 1, 2000, NULL, "rows (100, at most 500), or outlines (500)")
RECORD(fusion_in, FUSION_IN)

#define FUSION_PAGE(X, R) \
    X(R, LIST, items, REQUIRED, 0, FUSION_PAGE_MAX, &finding_record, "findings") \
    X(R, I64, total, REQUIRED, 0, 0, NULL, "how many there are") \
    X(R, I64, next, OPTIONAL, 0, 0, NULL, "after of the next page")
RECORD(fusion_page, FUSION_PAGE)

#define MERGE_IN(X, R) \
    X(R, ID, grid, REQUIRED, 0, 0, NULL, "15-digit code of the grid that loses the piece") \
    X(R, ID, police, REQUIRED, 0, 0, NULL, "police grid that the piece lies in")
RECORD(merge_in, MERGE_IN)
#define MERGE_OUT(X, R) \
    X(R, ID, draft, REQUIRED, 0, 0, NULL, "number of the draft") \
    X(R, ID, into, REQUIRED, 0, 0, NULL, "grid that gets the piece") \
    X(R, STR, into_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, F64, m2, REQUIRED, 0, 0, NULL, "square metres of the piece")
RECORD(merge_out, MERGE_OUT)

#define HERE_IN(X, R) \
    X(R, F64, lon, OPTIONAL, -180, 180, NULL, "longitude, degrees") \
    X(R, F64, lat, OPTIONAL, -180, 180, NULL, "latitude, degrees; beyond 90 only for a swapped pair to be" \
        " told") \
    X(R, STR, crs, OPTIONAL, 4, 5, crs_words, "coordinate system of lon and lat; wgs84 unless given") \
    X(R, STR, text, OPTIONAL, 2, 200, NULL, "an address in words, instead of lon and lat") \
    X(R, STR, category, OPTIONAL, 2, 8, NULL, "kind of matter: say, too, who would get one here")
RECORD(here_in, HERE_IN)

/* duty: grid_worker, micro_worker or police_officer. */
#define IN_CHARGE(X, R) \
    X(R, STR, duty, REQUIRED, 0, 0, NULL, "grid_worker, micro_worker or police_officer") \
    X(R, STR, duty_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, ID, zone, REQUIRED, 0, 0, NULL, "grid, micro-grid or police grid") \
    X(R, STR, zone_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "who has charge of it") \
    X(R, STR, phone, OPTIONAL, 0, 0, NULL, "duty phone") \
    X(R, BOOL, on_duty, REQUIRED, 0, 0, NULL, "on duty there now, by the roster") \
    X(R, STR, unit_name, OPTIONAL, 0, 0, NULL, "for staff: the person's unit")
RECORD(in_charge, IN_CHARGE)

/* What LANE_READ statements find of people in charge. */
#define CHARGE_ROW(X, R) \
    X(R, STR, layer, 0, 0, 0, NULL, "") X(R, I64, zone, 0, 0, 0, NULL, "") \
    X(R, I64, position, 0, 0, 0, NULL, "") X(R, I64, account, 0, 0, 0, NULL, "") \
    X(R, STR, name, 0, 0, 0, NULL, "") X(R, STR, phone, OPTIONAL, 0, 0, NULL, "") \
    X(R, I64, unit, OPTIONAL, 0, 0, NULL, "")
RECORD(charge_row, CHARGE_ROW)

#define HERE_UNIT(X, R) \
    X(R, STR, part, REQUIRED, 0, 0, NULL, "community, town, county or city: its desk; station") \
    X(R, STR, part_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "unit") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "its name")
RECORD(here_unit, HERE_UNIT)

/* Who would get a matter of this kind here: reported by a resident, now. */
#define HERE_GOES(X, R) \
    X(R, STR, category, REQUIRED, 0, 0, NULL, "category") \
    X(R, STR, category_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "who would get it") \
    X(R, STR, unit_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, STR, sentence, REQUIRED, 0, 0, NULL, "who and why, in a plain sentence") \
    X(R, STR, hotline, OPTIONAL, 0, 0, NULL, "number to call first, if it cannot wait") \
    X(R, OBJ, why, OPTIONAL, 0, 0, &explanation_record, "for staff: rule, facts and alternatives")
RECORD(here_goes, HERE_GOES)

enum { HERE_PEOPLE_MAX = 64, DUTY_ROWS_MAX = 10000, HERE_UNITS_MAX = 8 };
#define HERE(X, R) \
    X(R, STR, place_name, REQUIRED, 0, 0, NULL, "county, town, community and grid as one name") \
    X(R, ID, area, REQUIRED, 0, 0, NULL, "6-digit county code") \
    X(R, STR, county_name, REQUIRED, 0, 0, NULL, "county or district") \
    X(R, ID, town, OPTIONAL, 0, 0, NULL, "12-digit code of the town or street") \
    X(R, STR, town_name, OPTIONAL, 0, 0, NULL, "town or street") \
    X(R, ID, community, OPTIONAL, 0, 0, NULL, "12-digit code of the community") \
    X(R, STR, community_name, OPTIONAL, 0, 0, NULL, "community or village") \
    X(R, ID, grid, OPTIONAL, 0, 0, NULL, "15-digit code; none when words tell the community only") \
    X(R, STR, grid_name, OPTIONAL, 0, 0, NULL, "grid") \
    X(R, ID, micro_grid, OPTIONAL, 0, 0, NULL, "17-digit code") \
    X(R, STR, micro_grid_name, OPTIONAL, 0, 0, NULL, "micro-grid") \
    X(R, ID, police_grid, OPTIONAL, 0, 0, NULL, "police grid") \
    X(R, STR, police_grid_name, OPTIONAL, 0, 0, NULL, "its name") \
    X(R, F64, lon, OPTIONAL, 0, 0, NULL, "the point, or the grid's middle; WGS-84") \
    X(R, F64, lat, OPTIONAL, 0, 0, NULL, "the point, or the grid's middle; WGS-84") \
    X(R, LIST, people, REQUIRED, 0, HERE_PEOPLE_MAX, &in_charge_record, "who has charge") \
    X(R, LIST, units, OPTIONAL, 0, HERE_UNITS_MAX, &here_unit_record, "for staff: desks and station") \
    X(R, OBJ, goes, OPTIONAL, 0, 0, &here_goes_record, "if asked with a category")
RECORD(here, HERE)

/* The actor's territory, or the division (unless I64_NONE) inside it. */
enum err fusion_territory(struct cx *cx, int64_t division, struct region *ret) MUST_USE;
handler fusion_here, fusion_merge;
enum err merge_prepare(struct cx *cx, const void *in) MUST_USE;
extern const struct sql *const fusion_list_statements[];
extern const size_t fusion_list_statements_n;
extern const struct sql *const fusion_here_statements[];
extern const size_t fusion_here_statements_n;
extern const struct sql *const fusion_merge_statements[];
extern const size_t fusion_merge_statements_n;
