/* zoning.h: the feature "zoning": zones as they were on a day, and drafts of other outlines and
 * other rules: made, checked, kept, and one day put in force. */
#pragma once
#include "access/access.h"
#include "duty/duty.h"
#include "layer/address.h"
#include "layer/back.h"
#include "layer/draft.h"
#include "layer/effect.h"
#include "spine/module.h"

extern const char *const draft_kinds[];
extern const char *const layer_names[];

/* One zone -------------------------------------------------------------------------------- */

#define ZONE_IN(X, R) \
    X(R, STR, layer, REQUIRED | IN_PATH, 1, 12, layer_names, "division, grid, micro or police") \
    X(R, ID, code, REQUIRED | IN_PATH, 0, 0, NULL, "code of the zone") \
    X(R, TIME, at, OPTIONAL, 0, 4102444800000.0, NULL, "the moment in question; now unless given")
RECORD(zone_in, ZONE_IN)
#define ZONE_VIEW(X, R) \
    X(R, STR, layer, REQUIRED, 0, 0, NULL, "division, grid, micro or police") \
    X(R, ID, code, REQUIRED, 0, 0, NULL, "code") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name at that moment") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "kind") \
    X(R, ID, parent, REQUIRED, 0, 0, NULL, "division above, community, grid, or unit of the station") \
    X(R, STR, parent_name, REQUIRED, 0, 0, NULL, "its name, as it is now") \
    X(R, TIME, valid_from, REQUIRED, 0, 0, NULL, "since when it has had this outline and name") \
    X(R, TIME, valid_to, OPTIONAL, 0, 0, NULL, "until when; none: until further notice") \
    X(R, F64, lon, OPTIONAL, 0, 0, NULL, "a point inside, WGS-84") \
    X(R, F64, lat, OPTIONAL, 0, 0, NULL, "a point inside, WGS-84") \
    X(R, F64, area_m2, OPTIONAL, 0, 0, NULL, "its area in square metres") \
    X(R, RAW, geometry, OPTIONAL, 0, 0, NULL, "its outline: GeoJSON MultiPolygon, WGS-84")
RECORD(zone_view, ZONE_VIEW)

/* Addresses -------------------------------------------------------------------------------- */

#define ADDRESSES_IN(X, R) \
    X(R, STR, q, REQUIRED, 2, 100, NULL, "beginning of an address or name, with or without divisions" \
        " in front")
RECORD(addresses_in, ADDRESSES_IN)
#define ADDRESS_FOUND(X, R) \
    X(R, STR, code, REQUIRED, 0, 0, NULL, "code of the place") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "address, dwelling or site") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name, or empty") \
    X(R, STR, address, REQUIRED, 0, 0, NULL, "address, or empty") \
    X(R, F64, lon, REQUIRED, 0, 0, NULL, "longitude, WGS-84") \
    X(R, F64, lat, REQUIRED, 0, 0, NULL, "latitude, WGS-84") \
    X(R, ID, grid, OPTIONAL, 0, 0, NULL, "grid it lies in") \
    X(R, STR, place_name, REQUIRED, 0, 0, NULL, "county, town, community and grid as one name")
RECORD(address_found, ADDRESS_FOUND)
#define ADDRESSES_VIEW(X, R) \
    X(R, LIST, items, REQUIRED, 0, ADDRESSES_FOUND_MAX, &address_found_record, "the best first")
RECORD(addresses_view, ADDRESSES_VIEW)

/* Drafts ----------------------------------------------------------------------------------- */

#define DRAFT_IN(X, R) \
    X(R, ID, id, OPTIONAL, 0, 0, NULL, "the draft to replace; none: a new one") \
    X(R, STR, kind, REQUIRED, 1, 12, draft_kinds, "grid, micro, police or rule") \
    X(R, STR, name, REQUIRED, 1, 60, NULL, "what to call it") \
    X(R, STR, body, REQUIRED | MULTILINE, 1, 1000000, NULL, "GeoJSON FeatureCollection (WGS-84) of the" \
        " zones that change, with properties code, name, parent, kind, removed; of rules: the CSV" \
        " of all of them") \
    X(R, TIME, changed, OPTIONAL, 0, 4102444800000.0, NULL, "when the draft that is replaced had last" \
        " been changed, as it shows; must be said with id; refused if it has been changed since")
RECORD(draft_in, DRAFT_IN)
#define DRAFT_ID_IN(X, R) \
    X(R, ID, id, REQUIRED | IN_PATH, 0, 0, NULL, "number of the draft")
RECORD(draft_id_in, DRAFT_ID_IN)
#define DRAFT_PUBLISH_IN(X, R) \
    X(R, ID, id, REQUIRED | IN_PATH, 0, 0, NULL, "number of the draft") \
    X(R, TIME, valid_from, OPTIONAL, 0, 4102444800000.0, NULL, "from when it is in force; at once" \
        " unless given") \
    X(R, TIME, changed, OPTIONAL, 0, 4102444800000.0, NULL, "when the draft that was looked at had" \
        " last been changed, as it shows; must be said; refused if it has been changed since")
RECORD(draft_publish_in, DRAFT_PUBLISH_IN)

enum { FINDINGS_SHOWN_MAX = 200, EFFECTS_SHOWN_MAX = 200 };
/* row: position of the feature in the draft, from 1 (of rules: the line). */
#define DRAFT_FAULT(X, R) \
    X(R, I64, row, REQUIRED, 0, 0, NULL, "feature of the draft, from 1; of rules: the line") \
    X(R, ID, code, OPTIONAL, 0, 0, NULL, "code of the zone") \
    X(R, STR, field, REQUIRED, 0, 0, NULL, "what is at fault: code, name, parent, kind, shape, crs") \
    X(R, STR, message, REQUIRED, 0, 0, NULL, "what is wrong and what to do")
RECORD(draft_fault, DRAFT_FAULT)
#define ZONE_FINDING(X, R) \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "gap, overlap or across: ground that a" \
        " zone of another parent has to itself") \
    X(R, BOOL, sliver, REQUIRED, 0, 0, NULL, "narrower than five metres") \
    X(R, ID, parent, REQUIRED, 0, 0, NULL, "division, grid or unit in which it lies") \
    X(R, STR, parent_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, ID, a, OPTIONAL, 0, 0, NULL, "of an overlap: one zone; across: the zone that has it") \
    X(R, ID, b, OPTIONAL, 0, 0, NULL, "of an overlap: the other") \
    X(R, F64, area_m2, REQUIRED, 0, 0, NULL, "area") \
    X(R, F64, width_m, REQUIRED, 0, 0, NULL, "mean width") \
    X(R, F64, lon, REQUIRED, 0, 0, NULL, "a point inside, WGS-84") \
    X(R, F64, lat, REQUIRED, 0, 0, NULL, "a point inside, WGS-84")
/* What a record of these fields says of a flaw of the plan. */
#define ZONE_FINDING_OF(cx, p, f) \
    .kind = str_c(flaw_table[(f)->kind].word), .sliver = (f)->sliver, .parent = (f)->parent, \
    .parent_name = layer_parent_name((cx)->cat, (p)->want.layer, (f)->parent), \
    .a = (f)->a ? (f)->a : I64_NONE, .b = (f)->b ? (f)->b : I64_NONE, .area_m2 = (f)->m2, \
    .width_m = (f)->width_m, .lon = (f)->at.lon, .lat = (f)->at.lat
/* The largest findings first. */
void zoning_findings_order(const struct layer_plan *p);
#define DRAFT_FINDING(X, R) \
    ZONE_FINDING(X, R) \
    X(R, RAW, geometry, REQUIRED, 0, 0, NULL, "its outline: GeoJSON MultiPolygon, WGS-84")
RECORD(draft_finding, DRAFT_FINDING)
#define DRAFT_EFFECT(X, R) \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "matters, cut, astray, nowhere, no_unit, no_charge or charge") \
    X(R, STR, kind_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, ID, code, REQUIRED, 0, 0, NULL, "grid, micro-grid or police grid it is about") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, ID, other, OPTIONAL, 0, 0, NULL, "grid it lies in, or that holds the places then") \
    X(R, STR, other_name, OPTIONAL, 0, 0, NULL, "its name") \
    X(R, I64, n, OPTIONAL, 0, 0, NULL, "how many matters you may see, or people") \
    X(R, STR, text, REQUIRED, 0, 0, NULL, "what is so and what to do")
RECORD(draft_effect, DRAFT_EFFECT)
#define DRAFT_ROW(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number of the draft") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "grid, micro, police or rule") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, TIME, made, REQUIRED, 0, 0, NULL, "when it was made") \
    X(R, STR, made_by, REQUIRED, 0, 0, NULL, "who made it") \
    X(R, TIME, changed, REQUIRED, 0, 0, NULL, "when it was last changed") \
    X(R, ID, region, REQUIRED, 0, 0, NULL, "division whose desk works on it") \
    X(R, BOOL, may_publish, REQUIRED, 0, 0, NULL, "you may put it in force") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "draft, or faulty: a draft that had faults when it was" \
        " saved; of a version planned, in_force or past") \
    X(R, I64, version, OPTIONAL, 0, 0, NULL, "the version it has become; none: still a draft") \
    X(R, TIME, valid_from, OPTIONAL, 0, 0, NULL, "from when that is in force")
RECORD(draft_row, DRAFT_ROW)
#define DRAFT_REMOVED(X, R) X(R, ID, id, REQUIRED, 0, 0, NULL, "number of the draft that is gone")
RECORD(draft_removed, DRAFT_REMOVED)
#define DRAFT_VIEW(X, R) DRAFT_ROW(X, R) \
    X(R, STR, body, REQUIRED, 0, 0, NULL, "as it was sent") \
    X(R, I64, added, REQUIRED, 0, 0, NULL, "zones it adds") \
    X(R, I64, altered, REQUIRED, 0, 0, NULL, "zones it changes") \
    X(R, I64, removed, REQUIRED, 0, 0, NULL, "zones it takes away") \
    X(R, I64, faults_total, REQUIRED, 0, 0, NULL, "how many faults it has; some may not be listed") \
    X(R, LIST, faults, REQUIRED, 0, FAULTS_MAX, &draft_fault_record, "what must be corrected before it can be" \
        " put in force") \
    X(R, LIST, advice, REQUIRED, 0, FAULTS_MAX, &draft_fault_record, "what is probably not meant, though" \
        " it may be put in force so") \
    X(R, LIST, findings, REQUIRED, 0, FINDINGS_SHOWN_MAX, &draft_finding_record, "gaps and overlaps it would leave," \
        " the largest first") \
    X(R, I64, effects_total, REQUIRED, 0, 0, NULL, "how many things are to be put in order with it") \
    X(R, LIST, effects, REQUIRED, 0, EFFECTS_SHOWN_MAX, &draft_effect_record, "what is to be put in order with" \
        " it: micro-grids, people in charge, open matters")
RECORD(draft_view, DRAFT_VIEW)
#define DRAFT_LIST(X, R) \
    X(R, LIST, items, REQUIRED, 0, DRAFTS_MAX, &draft_row_record, "the newest first")
RECORD(draft_list_view, DRAFT_LIST)
#define DRAFT_PUBLISHED(X, R) \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "what became a version") \
    X(R, I64, version, REQUIRED, 0, 0, NULL, "its number; 0 when nothing changes") \
    X(R, TIME, valid_from, REQUIRED, 0, 0, NULL, "from when it is in force")
RECORD(draft_published, DRAFT_PUBLISHED)

/* Versions --------------------------------------------------------------------------------- */

enum { VERSIONS_SHOWN_MAX = 200 };
#define VERSIONS_IN(X, R) \
    X(R, STR, name, REQUIRED | IN_PATH, 1, 12, version_names, "rule, grid, .. : what has versions")
RECORD(versions_in, VERSIONS_IN)
#define VERSION_BACK_IN(X, R) VERSIONS_IN(X, R) \
    X(R, I64, version, REQUIRED | IN_PATH, 1, 1e9, NULL, "its number") \
    X(R, STR, why, REQUIRED, 2, 200, NULL, "why it is taken back")
RECORD(version_back_in, VERSION_BACK_IN)
#define VERSION_VIEW(X, R) \
    X(R, I64, version, REQUIRED, 0, 0, NULL, "number") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "planned, in_force, past or taken_back") \
    X(R, TIME, valid_from, REQUIRED, 0, 0, NULL, "first moment; 0: from the beginning") \
    X(R, TIME, made, REQUIRED, 0, 0, NULL, "stored at") \
    X(R, STR, made_by, REQUIRED, 0, 0, NULL, "who published it; empty: imported on the server") \
    X(R, ID, draft, OPTIONAL, 0, 0, NULL, "draft it was") \
    X(R, STR, draft_name, OPTIONAL, 0, 0, NULL, "its name") \
    X(R, TIME, back, OPTIONAL, 0, 0, NULL, "taken back at") \
    X(R, STR, back_by, OPTIONAL, 0, 0, NULL, "by whom; empty: on the server") \
    X(R, STR, back_why, OPTIONAL, 0, 0, NULL, "why") \
    X(R, BOOL, may_take_back, REQUIRED, 0, 0, NULL, "you may take it back")
RECORD(version_view, VERSION_VIEW)
#define VERSIONS_VIEW(X, R) \
    X(R, LIST, items, REQUIRED, 0, VERSIONS_SHOWN_MAX, &version_view_record, "the newest first")
RECORD(versions_view, VERSIONS_VIEW)

/* Matters left behind ----------------------------------------------------------------------- */

enum { REGRID_BATCH = 100, REGRID_ROWS_MAX = 1000 };
#define REGRID_ROW(X, R) \
    X(R, ID, grid, REQUIRED, 0, 0, NULL, "grid that the matters have, taken away or redrawn since") \
    X(R, STR, grid_name, REQUIRED, 0, 0, NULL, "its last name") \
    X(R, BOOL, gone, REQUIRED, 0, 0, NULL, "it has been taken away") \
    X(R, ID, into, OPTIONAL, 0, 0, NULL, "grid of their county that holds their places now; none: nobody" \
        " can be told to which they go, a supervisor says so on each one's page") \
    X(R, STR, into_name, OPTIONAL, 0, 0, NULL, "its name") \
    X(R, I64, matters, REQUIRED, 0, 0, NULL, "open matters")
RECORD(regrid_row, REGRID_ROW)
#define REGRID_LEFT(X, R) \
    X(R, LIST, items, REQUIRED, 0, REGRID_ROWS_MAX, &regrid_row_record, "by the grid they have") \
    X(R, I64, ready, REQUIRED, 0, 0, NULL, "matters that can be moved at once") \
    X(R, I64, stuck, REQUIRED, 0, 0, NULL, "matters whose places no grid of their county holds")
RECORD(regrid_left, REGRID_LEFT)
#define REGRID_IN(X, R) \
    X(R, STR, note, REQUIRED | MULTILINE, 2, 1000, NULL, "why, for the ledger of each matter")
RECORD(regrid_in, REGRID_IN)
#define REGRID_OUT(X, R) \
    X(R, I64, moved, REQUIRED, 0, 0, NULL, "matters moved by this call, a hundred at most") \
    X(R, LIST, kept, REQUIRED, 0, REGRID_BATCH, &kept_record, "those that stay, and why") \
    X(R, I64, ready, REQUIRED, 0, 0, NULL, "matters that are left to be moved: ask again")
RECORD(regrid_out, REGRID_OUT)

/* Who may draft, and who may put a draft in force: at the desks of counties and of the city. */
#define PUBLISHERS (ROLE_SUPERVISOR | ROLE_ADMIN)
#define DRAFTERS (PUBLISHERS | ROLE_DISPATCHER)
/* Who may see what is in force and planned. */
#define LOOKERS (DRAFTERS | ROLE_AUDITOR)

/* The widest division, county or city, in whose own units the actor has one of the roles. */
bool zoning_territory(const struct cx *cx, unsigned roles, struct region *ret, int64_t *ret_code);
/* E_DENIED, noted, when there is none. */
enum err zoning_my_territory(struct cx *cx, unsigned roles, struct region *ret, int64_t *ret_code)
    MUST_USE;
bool zoning_is_city(const struct cx *cx, int64_t code);
/* Zones outside of the region, a division, are faults like any other. */
void zoning_check_region(const struct cx *cx, int64_t region, struct layer_plan *p);
/* E_INPUT, noted with the first fault in full. */
enum err zoning_faulty(struct cx *cx, const char *field, const struct layer_plan *p) MUST_USE;
/* struct draft_fault, and of each kind the first struct draft_effect. */
struct list draft_faults_view(struct cx *cx, const struct layer_plan *p, const struct faults *f);
struct list draft_effects_view(struct cx *cx, const struct effects *e);

handler versions_show, version_back;

handler regrid_show, regrid_move;
enum err regrid_prepare(struct cx *cx, const void *in) MUST_USE;
extern const struct sql *const regrid_statements[];
extern const size_t regrid_statements_n;

handler drafts_show, draft_show, draft_save, draft_remove, draft_publish;
enum err draft_save_prepare(struct cx *cx, const void *in) MUST_USE;
void draft_save_finish(struct cx *cx, struct buf *out);
enum err draft_publish_prepare(struct cx *cx, const void *in) MUST_USE;
