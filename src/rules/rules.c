/* rules.c: the feature "rules": its routes. */
#include "rules/rules.h"

#define LOOKERS (ROLE_DISPATCHER | ROLE_SUPERVISOR | ROLE_AUDITOR | ROLE_ADMIN)
#define EDITORS (ROLE_DISPATCHER | ROLE_SUPERVISOR | ROLE_ADMIN)

static const struct route routes[] = {
    { .method = "GET", .path = "/api/matters/:number/route", .name = "matter_route",
        .roles = ROLE_READERS, .lane = LANE_READ, .in = &number_in_record,
        .out = &explanation_record, .run = rules_matter_route,
        .meaning = "Why a matter went where it went, by the rules of its day" },
    { .method = "GET", .path = "/api/route", .name = "route", .roles = ROLE_READERS | ROLE_ADMIN,
        .lane = LANE_READ, .in = &route_ask_record, .out = &explanation_record,
        .run = rules_route_ask, .meaning = "Where a made-up matter would go, and why" },
    { .method = "GET", .path = "/api/rules", .name = "rules", .roles = LOOKERS,
        .lane = LANE_READ, .in = &rules_in_record, .out = &rules_out_record, .run = rules_show,
        .meaning = "The routing rules in words and as a table" },
    { .method = "GET", .path = "/api/rules/choices", .name = "rules_choices", .roles = LOOKERS,
        .lane = LANE_READ, .in = &rule_choices_in_record, .out = &rule_choices_record,
        .run = rules_choices, .meaning = "What may stand in the columns of rules, with names" },
    { .method = "GET", .path = "/api/rehearsals", .name = "rehearsals", .roles = EDITORS,
        .lane = LANE_READ, .current = true, .out = &rehearsals_out_record,
        .run = rules_rehearsals, .meaning = "The last rehearsals of your territory's drafts" },
    { .method = "POST", .path = "/api/rehearsals", .name = "rehearse", .roles = EDITORS,
        .lane = LANE_STAFF, .in = &rehearsal_in_record, .out = &rehearsal_out_record,
        .run = rules_rehearse, .meaning = "Rehearse a draft of your territory on the past days; one at a time" },
    { .method = "GET", .path = "/api/rehearsals/:id", .name = "rehearsal", .roles = EDITORS,
        .lane = LANE_READ, .current = true, .in = &rehearsal_id_in_record,
        .out = &rehearsal_out_record, .run = rules_rehearsal,
        .meaning = "How far a rehearsal is" },
    { .method = "GET", .path = "/api/rehearsals/:id/result", .name = "rehearsal_result",
        .roles = EDITORS, .lane = LANE_READ, .current = true, .in = &rehearsal_id_in_record,
        .out = &rehearsed_record, .run = rules_rehearsal_result,
        .meaning = "What would change, once the rehearsal is done" },
    { .method = "GET", .path = "/api/rehearsals/:id/csv", .name = "rehearsal_csv",
        .roles = EDITORS, .lane = LANE_READ, .current = true, .in = &rehearsal_id_in_record,
        .run = rules_rehearsal_csv, .out_type = "text/csv", .meaning = "The same as a table" },
    { .method = "POST", .path = "/api/rehearsals/:id/cancel", .name = "rehearsal_cancel",
        .roles = EDITORS, .lane = LANE_STAFF, .in = &rehearsal_id_in_record,
        .out = &rehearsal_out_record, .run = rules_rehearsal_cancel,
        .meaning = "Stop a rehearsal" },
};

extern const struct module module_rules;
const struct module module_rules = { .name = "rules", .routes = routes,
    .n_routes = COUNT_OF(routes) };
