/* zoning.h: the feature "zoning": zones as they were on a day, and drafts of other outlines and
 * other rules: made, checked, kept, and one day put in force. */
#pragma once
#include "layer/address.h"
#include "layer/draft.h"
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
        " of all of them")
RECORD(draft_in, DRAFT_IN)
#define DRAFT_ID_IN(X, R) \
    X(R, ID, id, REQUIRED | IN_PATH, 0, 0, NULL, "number of the draft")
RECORD(draft_id_in, DRAFT_ID_IN)
#define DRAFT_PUBLISH_IN(X, R) \
    X(R, ID, id, REQUIRED | IN_PATH, 0, 0, NULL, "number of the draft") \
    X(R, TIME, valid_from, OPTIONAL, 0, 4102444800000.0, NULL, "from when it is in force; at once" \
        " unless given") \
    X(R, TIME, changed, OPTIONAL, 0, 4102444800000.0, NULL, "when the draft that was looked at had" \
        " last been changed; refused if it has been changed since")
RECORD(draft_publish_in, DRAFT_PUBLISH_IN)

enum { FINDINGS_SHOWN_MAX = 200 };
/* row: position of the feature in the draft, from 1 (of rules: the line). */
#define DRAFT_FAULT(X, R) \
    X(R, I64, row, REQUIRED, 0, 0, NULL, "feature of the draft, from 1; of rules: the line") \
    X(R, ID, code, OPTIONAL, 0, 0, NULL, "code of the zone") \
    X(R, STR, field, REQUIRED, 0, 0, NULL, "what is at fault: code, name, parent, kind, shape, crs") \
    X(R, STR, message, REQUIRED, 0, 0, NULL, "what is wrong and what to do")
RECORD(draft_fault, DRAFT_FAULT)
#define DRAFT_FINDING(X, R) \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "gap or overlap") \
    X(R, BOOL, sliver, REQUIRED, 0, 0, NULL, "narrower than five metres") \
    X(R, ID, parent, REQUIRED, 0, 0, NULL, "division, grid or unit in which it lies") \
    X(R, STR, parent_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, ID, a, OPTIONAL, 0, 0, NULL, "of an overlap: one zone") \
    X(R, ID, b, OPTIONAL, 0, 0, NULL, "of an overlap: the other") \
    X(R, F64, area_m2, REQUIRED, 0, 0, NULL, "area") \
    X(R, F64, width_m, REQUIRED, 0, 0, NULL, "mean width") \
    X(R, F64, lon, REQUIRED, 0, 0, NULL, "a point inside, WGS-84") \
    X(R, F64, lat, REQUIRED, 0, 0, NULL, "a point inside, WGS-84") \
    X(R, RAW, geometry, REQUIRED, 0, 0, NULL, "its outline: GeoJSON MultiPolygon, WGS-84")
RECORD(draft_finding, DRAFT_FINDING)
#define DRAFT_ROW(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number of the draft") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "grid, micro, police or rule") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, TIME, made, REQUIRED, 0, 0, NULL, "when it was made") \
    X(R, STR, made_by, REQUIRED, 0, 0, NULL, "who made it") \
    X(R, TIME, changed, REQUIRED, 0, 0, NULL, "when it was last changed") \
    X(R, ID, region, REQUIRED, 0, 0, NULL, "division whose desk works on it") \
    X(R, BOOL, may_publish, REQUIRED, 0, 0, NULL, "you may put it in force") \
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
    X(R, LIST, findings, REQUIRED, 0, FINDINGS_SHOWN_MAX, &draft_finding_record, "gaps and overlaps it would leave," \
        " the largest first")
RECORD(draft_view, DRAFT_VIEW)
#define DRAFT_LIST(X, R) \
    X(R, LIST, items, REQUIRED, 0, DRAFTS_MAX, &draft_row_record, "the newest first")
RECORD(draft_list_view, DRAFT_LIST)
#define DRAFT_PUBLISHED(X, R) \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "what became a version") \
    X(R, I64, version, REQUIRED, 0, 0, NULL, "its number; 0 when nothing changes") \
    X(R, TIME, valid_from, REQUIRED, 0, 0, NULL, "from when it is in force")
RECORD(draft_published, DRAFT_PUBLISHED)

/* Who may draft, and who may put a draft in force: at the desks of counties and of the city. */
#define PUBLISHERS (ROLE_SUPERVISOR | ROLE_ADMIN)
#define DRAFTERS (PUBLISHERS | ROLE_DISPATCHER)

handler drafts_show, draft_show, draft_save, draft_remove, draft_publish;
enum err draft_save_prepare(struct cx *cx, const void *in) MUST_USE;
void draft_save_finish(struct cx *cx, struct buf *out);
enum err draft_publish_prepare(struct cx *cx, const void *in) MUST_USE;
