/* receipt.h: what the holder of a receipt code sees and may do. */
#pragma once
#include "report/report.h"

#define STAGE(X, R) \
    X(R, STR, key, REQUIRED, 0, 0, NULL, "received, routed, working, answered or closed") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, BOOL, done, REQUIRED, 0, 0, NULL, "reached") \
    X(R, TIME, at_ms, OPTIONAL, 0, 0, NULL, "reached at")
RECORD(stage, STAGE)

#define PUBLIC_MATTER(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "number") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "report or dispute") \
    X(R, STR, category_name, REQUIRED, 0, 0, NULL, "category") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "state") \
    X(R, STR, state_name, REQUIRED, 0, 0, NULL, "state in words") \
    X(R, STR, state_text, REQUIRED, 0, 0, NULL, "where it stands, in plain words") \
    X(R, STR, text, REQUIRED, 0, 0, NULL, "what was reported") \
    X(R, STR, place_text, REQUIRED, 0, 0, NULL, "where, as reported") \
    X(R, STR, place_name, REQUIRED, 0, 0, NULL, "where, by division and grid") \
    X(R, STR, owner_name, REQUIRED, 0, 0, NULL, "unit that has it") \
    X(R, STR, owner_why, REQUIRED, 0, 0, NULL, "why that unit, in a plain sentence") \
    X(R, TIME, due_ms, OPTIONAL, 0, 0, NULL, "next deadline") \
    X(R, STR, due_reason, OPTIONAL, 0, 0, NULL, "why then") \
    X(R, BOOL, overdue, REQUIRED, 0, 0, NULL, "past its deadline") \
    X(R, BOOL, provisional, REQUIRED, 0, 0, NULL, "deadline beyond the known calendar") \
    X(R, TIME, created_ms, REQUIRED, 0, 0, NULL, "received at") \
    X(R, TIME, closed_ms, OPTIONAL, 0, 0, NULL, "closed at") \
    X(R, I64, round, REQUIRED, 0, 0, NULL, "how often it came back") \
    X(R, LIST, stages, REQUIRED, 0, 5, &stage_record, "the way it goes") \
    X(R, LIST, timeline, REQUIRED, 0, 5000, &timeline_view_record, "what happened") \
    X(R, LIST, messages, REQUIRED, 0, 5000, &message_view_record, "talk and answers") \
    X(R, LIST, photos, REQUIRED, 0, 200, &photo_view_record, "photos") \
    X(R, I64, rating, OPTIONAL, 1, 5, NULL, "own rating") \
    X(R, STR, rating_text, OPTIONAL, 0, 0, NULL, "own words on it") \
    X(R, LIST, can, REQUIRED, 0, 20, &action_row_record, "what the holder may do now") \
    X(R, TIME, object_until_ms, OPTIONAL, 0, 0, NULL, "last moment for objecting") \
    X(R, I64, seq, REQUIRED, 0, 0, NULL, "version")
RECORD(public_matter, PUBLIC_MATTER)

#define RECEIPT_ACT(X, R) \
    X(R, STR, action, REQUIRED | IN_PATH, 3, 10, receipt_actions, "what to do") \
    X(R, STR, text, OPTIONAL | MULTILINE, 1, 2000, NULL, "message or reason") \
    X(R, I64, score, OPTIONAL, 1, 5, NULL, "satisfaction, 5 is best") \
    X(R, WORDS, uploads, OPTIONAL, 0, 6, NULL, "tokens of uploaded photos") \
    X(R, STR, ownership, OPTIONAL, 2, 3, yes_no, "yes: the agreement decides who owns or may use land, woods or houses")
RECORD(receipt_act_in, RECEIPT_ACT)
extern const char *const receipt_actions[];

#define PHOTO_IN(X, R) \
    X(R, I64, id, REQUIRED | IN_PATH, 1, 100000, NULL, "photo number") \
    X(R, STR, size, OPTIONAL, 4, 5, photo_sizes, "full or thumb")
RECORD(photo_in, PHOTO_IN)
extern const char *const photo_sizes[];

#define UPLOAD_IN(X, R) \
    X(R, BOOL, keep_position, OPTIONAL, 0, 1, NULL, "read the place the camera noted")
RECORD(upload_in, UPLOAD_IN)
#define UPLOAD(X, R) \
    X(R, STR, upload, REQUIRED, 0, 0, NULL, "token to name the photo by, for a day") \
    X(R, I64, width, REQUIRED, 0, 0, NULL, "pixels") \
    X(R, I64, height, REQUIRED, 0, 0, NULL, "pixels") \
    X(R, I64, bytes, REQUIRED, 0, 0, NULL, "size as stored") \
    X(R, F64, lon, OPTIONAL, 0, 0, NULL, "longitude, if asked for and noted") \
    X(R, F64, lat, OPTIONAL, 0, 0, NULL, "latitude, if asked for and noted")
RECORD(upload, UPLOAD)
enum err photo_send(struct cx *cx, const struct matter *m, const struct photo_in *q,
    struct buf *out) MUST_USE;
extern const struct sql *const receipt_statements[];
extern const size_t receipt_statements_n;
