/* report.c: the feature "report": its routes and statements. */
#include "report/report.h"
#include "report/receipt.h"
#include "report/report_public.h"

static const struct route routes[] = {
    { .method = "GET", .path = "/api/config", .name = "config", .roles = ROLE_PUBLIC,
        .lane = LANE_READ, .out = &config_record, .run = report_config,
        .meaning = "What the pages need to know of this installation" },
    { .method = "POST", .path = "/api/suggest", .name = "suggest", .roles = ROLE_PUBLIC,
        .lane = LANE_READ, .in = &suggest_in_record, .out = &suggestion_record,
        .run = report_suggest, .meaning = "Categories suggested by a text" },
    { .method = "GET", .path = "/api/nearby", .name = "nearby", .roles = ROLE_PUBLIC,
        .lane = LANE_READ, .in = &nearby_in_record, .out = &nearby_record, .run = report_nearby,
        .meaning = "Open matters within 150 m, to join instead of duplicating" },
    { .method = "POST", .path = "/api/uploads", .name = "upload", .roles = ROLE_PUBLIC,
        .lane = LANE_UPLOAD, .in = &upload_in_record, .out = &upload_record,
        .prepare = upload_prepare, .run = report_upload,
        .meaning = "Upload a photo; it is re-encoded and its position data dropped" },
    { .method = "POST", .path = "/api/reports", .name = "report", .roles = ROLE_PUBLIC,
        .lane = LANE_INTAKE, .in = &report_record, .out = &receipt_record,
        .prepare = report_prepare, .run = report_send, .finish = report_finish,
        .meaning = "Report what is wrong at a place, or join an open matter" },
    { .method = "GET", .path = "/api/receipt", .name = "receipt", .roles = ROLE_REPORTER,
        .lane = LANE_READ, .out = &public_matter_record, .run = receipt_view,
        .meaning = "Where the matter stands, by receipt code" },
    { .method = "POST", .path = "/api/receipt/:action", .name = "receipt_act",
        .roles = ROLE_REPORTER, .lane = LANE_INTAKE, .in = &receipt_act_in_record,
        .out = &public_matter_record, .run = receipt_act,
        .meaning = "Write, rate, object, reopen, withdraw or remind" },
    { .method = "GET", .path = "/api/receipt/photos/:id", .name = "receipt_photo",
        .roles = ROLE_REPORTER, .lane = LANE_READ, .in = &photo_in_record, .run = receipt_photo,
        .out_type = "image/jpeg", .meaning = "A photo of the matter" },
};

extern const struct module module_report;
const struct module module_report = { .name = "report", .routes = routes,
    .n_routes = COUNT_OF(routes) };
