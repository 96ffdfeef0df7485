/* zoning.c: the routes of "zoning", and zones as they were. */
#include "zoning/zoning.h"
#include "catalogue/zone.h"
#include <math.h>

RECORD_DEFINE(zone_in, ZONE_IN)
RECORD_DEFINE(zone_view, ZONE_VIEW)
RECORD_DEFINE(addresses_in, ADDRESSES_IN)
RECORD_DEFINE(address_found, ADDRESS_FOUND)
RECORD_DEFINE(addresses_view, ADDRESSES_VIEW)

const char *const layer_names[] = { "division", "grid", "micro", "police", NULL };

static enum err zone_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct zone_in *q = in;
    struct zone z;
    struct shape s;
    enum err e = zone_at(cx->db, cx->a, q->layer, q->code, q->at == I64_NONE ? cx->now_ms : q->at,
        &z);
    if (e == E_MISSING)
        return cx_fail(cx, e, "code", MSG("那时没有这个编码的区域，请核对编码和日期",
            "There was no zone of this code then; check code and date"));
    TRY(e);
    struct zone_view v = { .layer = z.layer, .code = z.code, .name = z.name, .kind = z.kind,
        .parent = z.parent, .valid_from = z.valid_from_ms, .valid_to = z.valid_to_ms,
        .parent_name = layer_parent_name(cx->cat, layer_by_name(z.layer), z.parent),
        .lon = z.lon, .lat = z.lat, .area_m2 = NAN };
    if (z.shape.n && shape_load(cx->a, z.shape, &s) == OK) {
        v.geometry = layer_geometry(cx->a, &s);
        v.area_m2 = shape_area_m2(&s);
    }
    record_to_json(out, &zone_view_record, &v);
    return OK;
}

static struct address_found address_view(struct cx *cx, const struct address *a)
{
    struct place p = { 0 };
    bool placed = catalogue_locate(cx->cat, a->lon, a->lat, &p);
    return (struct address_found){ .code = a->code, .kind = a->kind, .name = a->name,
        .address = a->address, .lon = a->lon, .lat = a->lat, .grid = placed ? p.grid : I64_NONE,
        .place_name = placed ? catalogue_place_name(cx->cat, cx->a, &p) : STR("") };
}

static enum err addresses_show(struct cx *cx, const void *in, struct buf *out)
{
    struct list list;
    TRY(addresses_find(cx->db, cx->cat, cx->a, ((const struct addresses_in *)in)->q,
        ADDRESSES_FOUND_MAX, &list));
    struct address_found *rows = NEW_N(cx->a, struct address_found, list.n + 1);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = address_view(cx, &((const struct address *)list.p)[i]);
    record_to_json(out, &addresses_view_record, &(struct addresses_view){ { rows, list.n } });
    return OK;
}

static const struct route routes[] = {
    { .method = "GET", .path = "/api/addresses", .name = "addresses", .roles = ROLE_PUBLIC,
        .lane = LANE_READ, .in = &addresses_in_record, .out = &addresses_view_record,
        .run = addresses_show, .meaning = "Imported addresses, dwellings and sites by their words" },
    { .method = "GET", .path = "/api/zones/:layer/:code", .name = "zone", .roles = ROLE_PUBLIC,
        .lane = LANE_READ, .in = &zone_in_record, .out = &zone_view_record, .run = zone_show,
        .meaning = "A zone with name and outline as it is, or was at a moment" },
    { .method = "GET", .path = "/api/drafts", .name = "drafts", .roles = DRAFTERS,
        .lane = LANE_READ, .out = &draft_list_view_record, .run = drafts_show,
        .meaning = "Drafts of boundaries and rules in your territory" },
    { .method = "GET", .path = "/api/drafts/:id", .name = "draft", .roles = DRAFTERS,
        .lane = LANE_READ, .in = &draft_id_in_record, .out = &draft_view_record,
        .run = draft_show, .meaning = "A draft, with its faults and the gaps it would leave" },
    { .method = "POST", .path = "/api/drafts", .name = "draft_save", .roles = DRAFTERS,
        .lane = LANE_STAFF, .in = &draft_in_record, .out = &draft_view_record,
        .body_max = DRAFT_BYTES_MAX, .prepare = draft_save_prepare, .run = draft_save,
        .finish = draft_save_finish,
        .meaning = "Keep a draft, new or in place of one; faults are told, not refused" },
    { .method = "POST", .path = "/api/drafts/:id/remove", .name = "draft_remove", .roles = DRAFTERS,
        .lane = LANE_STAFF, .in = &draft_id_in_record, .out = &draft_removed_record,
        .run = draft_remove, .meaning = "Throw a draft away" },
    { .method = "POST", .path = "/api/drafts/:id/publish", .name = "draft_publish",
        .roles = PUBLISHERS, .lane = LANE_STAFF, .in = &draft_publish_in_record,
        .out = &draft_published_record, .prepare = draft_publish_prepare, .run = draft_publish,
        .meaning = "Put a faultless draft in force, at once or from a moment on" },
};

extern const struct module module_zoning;
const struct module module_zoning = { .name = "zoning", .routes = routes,
    .n_routes = COUNT_OF(routes) };
