/* tables.c: the routes of "tables". */
#include "tables/tables.h"

RECORD_DEFINE(table_in, TABLE_IN)
RECORD_DEFINE(table_column, TABLE_COLUMN)
RECORD_DEFINE(table_view, TABLE_VIEW)
RECORD_DEFINE(table_change_in, TABLE_CHANGE_IN)
RECORD_DEFINE(table_fault, TABLE_FAULT)
RECORD_DEFINE(table_change_view, TABLE_CHANGE_VIEW)

const char *const table_names[] = { "category", "limit", "calendar", "template", "deputy", "subsidy",
    "keeping", "units", NULL };

const char *const table_forms[] = { "csv", "json", NULL };

bool tables_may_change(unsigned role, const struct unit *u)
{
    return role == ROLE_ADMIN && u->desk && u->level <= LEVEL_CITY;
}

const struct unit *tables_desk(const struct cx *cx)
{
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *m = &cx->actor.memberships[i];
        const struct unit *u = unit_find(cx->cat, m->unit);
        if (u && tables_may_change(m->role, u))
            return u;
    }
    return NULL;
}

static const struct route routes[] = {
    { .method = "GET", .path = "/api/tables/:name", .name = "table",
        .roles = ROLE_DISPATCHER | ROLE_SUPERVISOR | ROLE_AUDITOR | ROLE_ADMIN,
        .lane = LANE_READ, .in = &table_in_record, .out = &table_view_record, .run = table_show,
        .meaning = "One of the deployer's tables, as it is in force or in a named version" },
    { .method = "POST", .path = "/api/tables/:name", .name = "table_change", .roles = ROLE_ADMIN,
        .lane = LANE_STAFF, .in = &table_change_in_record, .out = &table_change_view_record,
        .body_max = 2 * TABLE_BYTES_MAX, .prepare = table_change_prepare, .run = table_change,
        .finish = table_change_finish,
        .meaning = "Check an edited table; unless dry, put it in force when it has no faults" },
};

extern const struct module module_tables;
const struct module module_tables = { .name = "tables", .routes = routes,
    .n_routes = COUNT_OF(routes) };
