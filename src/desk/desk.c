/* desk.c: the feature "desk": its routes. */
#include "desk/desk.h"
#include "desk/act.h"

static const struct route routes[] = {
    { .method = "POST", .path = "/api/login", .name = "login", .roles = ROLE_PUBLIC,
        .lane = LANE_LOGIN, .in = &login_record, .out = &me_record, .prepare = login_prepare,
        .run = desk_login, .meaning = "Sign in; sets the session cookie" },
    { .method = "POST", .path = "/api/logout", .name = "logout", .roles = ROLE_ANYONE,
        .lane = LANE_STAFF, .run = desk_logout, .meaning = "Sign out" },
    { .method = "GET", .path = "/api/me", .name = "me", .roles = ROLE_ANYONE, .lane = LANE_READ,
        .out = &me_record, .run = desk_me, .meaning = "Who I am and what I may do" },
    { .method = "GET", .path = "/api/counts", .name = "counts", .roles = ROLE_READERS,
        .lane = LANE_READ, .out = &counts_record, .run = desk_counts,
        .meaning = "How much waits; counted to 1000" },
    { .method = "GET", .path = "/api/matters", .name = "matters", .roles = ROLE_READERS,
        .lane = LANE_READ, .in = &list_in_record, .out = &matter_page_record, .run = desk_list,
        .meaning = "Matters of a view, page by page" },
    { .method = "POST", .path = "/api/matters", .name = "entry", .roles = ROLE_HANDS,
        .lane = LANE_STAFF, .in = &entry_in_record, .out = &entry_made_record,
        .prepare = entry_prepare, .run = desk_entry,
        .meaning = "Own finding, or entry on behalf of a caller" },
    { .method = "POST", .path = "/api/matters/bulk", .name = "bulk", .roles = ROLE_HANDS,
        .lane = LANE_STAFF, .in = &bulk_in_record, .out = &bulk_out_record, .run = desk_bulk,
        .meaning = "One step on many matters, each by itself" },
    { .method = "GET", .path = "/api/matters/:number", .name = "matter", .roles = ROLE_READERS,
        .lane = LANE_READ, .in = &number_in_record, .out = &matter_detail_record,
        .run = desk_detail, .meaning = "One matter with everything the reader may see" },
    { .method = "GET", .path = "/api/matters/:number/similar", .name = "similar",
        .roles = ROLE_READERS, .lane = LANE_READ, .in = &number_in_record,
        .out = &matter_page_record, .run = desk_similar, .meaning = "Open matters of the same group within 200 m" },
    { .method = "GET", .path = "/api/matters/:number/photos/:id", .name = "photo",
        .roles = ROLE_READERS, .lane = LANE_READ, .in = &desk_photo_in_record, .run = desk_photo,
        .out_type = "image/jpeg", .meaning = "A photo" },
    { .method = "POST", .path = "/api/matters/:number/step", .name = "step", .roles = ROLE_HANDS,
        .lane = LANE_STAFF, .in = &step_args_record, .out = &matter_detail_record,
        .run = desk_step, .meaning = "Take a step" },
    { .method = "POST", .path = "/api/matters/:number/reveal", .name = "reveal", .roles = ROLE_HANDS,
        .lane = LANE_STAFF, .in = &reveal_in_record, .out = &reveal_out_record,
        .run = desk_reveal, .meaning = "Contact details of a reporter, or of a party with its code,"
            " for a purpose; recorded" },
    { .method = "GET", .path = "/api/units", .name = "units", .roles = ROLE_READERS,
        .lane = LANE_READ, .in = &units_in_record, .out = &units_out_record, .run = desk_units,
        .meaning = "Units to choose from" },
    { .method = "GET", .path = "/api/templates", .name = "templates", .roles = ROLE_READERS,
        .lane = LANE_READ, .in = &templates_in_record, .out = &templates_out_record,
        .run = desk_templates, .meaning = "Reply templates" },
};

extern const struct module module_desk;
const struct module module_desk = { .name = "desk", .routes = routes,
    .n_routes = COUNT_OF(routes) };
