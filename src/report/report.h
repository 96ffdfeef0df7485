/* report.h: what residents send and get: records of the public API. */
#pragma once
#include "matter/intake.h"
#include "matter/view.h"
#include "place/place.h"

#define REPORT(X, R) \
    X(R, STR, text, REQUIRED | MULTILINE, 2, 2000, NULL, "what is wrong") \
    X(R, STR, category, OPTIONAL, 2, 8, NULL, "category; suggested from the text when missing") \
    X(R, F64, lon, OPTIONAL, -180, 180, NULL, "longitude, degrees") \
    X(R, F64, lat, OPTIONAL, -90, 90, NULL, "latitude, degrees") \
    X(R, STR, crs, OPTIONAL, 4, 5, crs_words, "coordinate system of lon and lat; wgs84 unless given") \
    X(R, ID, grid, OPTIONAL, 0, 0, NULL, "15-digit grid code, from a QR plate") \
    X(R, STR, place_text, OPTIONAL, 0, 200, NULL, "where, in words") \
    X(R, STR, name, PERSONAL, 0, 40, NULL, "how to address the reporter") \
    X(R, STR, phone, PERSONAL, 0, 20, NULL, "phone for the answer") \
    X(R, BOOL, confidential, OPTIONAL, 0, 1, NULL, "contact details for the desk only") \
    X(R, WORDS, uploads, OPTIONAL, 0, 6, NULL, "tokens of uploaded photos") \
    X(R, STR, join, OPTIONAL, 8, 24, NULL, "number of an open matter that is the same")
RECORD(report, REPORT)

#define RECEIPT(X, R) \
    X(R, STR, code, REQUIRED, 0, 0, NULL, "receipt code: opens the matter for its holder") \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "public number of the matter") \
    X(R, BOOL, joined, REQUIRED, 0, 0, NULL, "joined a matter that was open already") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "state when received") \
    X(R, STR, state_name, REQUIRED, 0, 0, NULL, "state in words") \
    X(R, STR, owner_name, REQUIRED, 0, 0, NULL, "unit responsible") \
    X(R, TIME, due_ms, OPTIONAL, 0, 0, NULL, "next deadline") \
    X(R, STR, next, REQUIRED, 0, 0, NULL, "what happens next, by when") \
    X(R, STR, place_name, REQUIRED, 0, 0, NULL, "where") \
    X(R, TIME, created_ms, REQUIRED, 0, 0, NULL, "received at") \
    X(R, BYTES, entry_hash, REQUIRED, 0, 0, NULL, "hash of the ledger entry") \
    X(R, STR, promise, REQUIRED, 0, 0, NULL, "signed promise (a signed note)")
RECORD(receipt, RECEIPT)

/* What run leaves for finish: the entry that the receipt is about. */
struct receipt_made {
    struct matter m;
    struct entry_row entry;
    int64_t no;
};
/* The receipt for a reporter, from the entry that received it; the same each time. */
void receipt_write(struct cx *cx, const struct receipt_made *made, struct buf *out);
enum err receipt_entry(struct cx *cx, int64_t area, int64_t matter, int64_t seq,
    struct entry_row *ret) MUST_USE;
/* How long the log may take to hold an entry that was promised. */
enum { PROMISE_MS = 3600 * 1000 };

/* Place of a report from what was given: coordinates, grid, words; in that order. */
enum err report_place(struct cx *cx, const struct report *r, struct intake *ret) MUST_USE;

/* Routes and statements of the feature's files, put together in report.c. */
handler report_config, report_suggest, report_nearby, report_send, report_upload;
handler receipt_view, receipt_act, receipt_photo;
enum err report_prepare(struct cx *cx, const void *in) MUST_USE;
enum err upload_prepare(struct cx *cx, const void *in) MUST_USE;
void report_finish(struct cx *cx, struct buf *out);
extern const struct sql *const report_send_statements[];
extern const size_t report_send_statements_n;
extern const struct sql *const report_public_statements[];
extern const size_t report_public_statements_n;
