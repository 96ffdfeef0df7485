/* act.h: records of the acting part of the staff API. */
#pragma once
#include "desk/desk.h"

extern const char *const origin_words[];
#define ENTRY_IN(X, R) \
    X(R, STR, text, REQUIRED | MULTILINE, 2, 2000, NULL, "what is wrong") \
    X(R, STR, category, OPTIONAL, 2, 8, NULL, "category; suggested from the text when missing") \
    X(R, F64, lon, OPTIONAL, -180, 180, NULL, "longitude, WGS-84") \
    X(R, F64, lat, OPTIONAL, -90, 90, NULL, "latitude, WGS-84") \
    X(R, ID, grid, OPTIONAL, 0, 0, NULL, "15-digit grid code") \
    X(R, STR, place_text, OPTIONAL, 0, 200, NULL, "where, in words") \
    X(R, STR, name, PERSONAL, 0, 40, NULL, "caller's name") \
    X(R, STR, phone, PERSONAL, 0, 20, NULL, "caller's phone") \
    X(R, BOOL, confidential, OPTIONAL, 0, 1, NULL, "contact details for the desk only") \
    X(R, BOOL, consent, OPTIONAL, 0, 1, NULL, "the caller agrees that name and phone are kept for this matter") \
    X(R, STR, origin, REQUIRED, 5, 6, origin_words, "patrol, phone or window") \
    X(R, WORDS, uploads, OPTIONAL, 0, 6, NULL, "tokens of uploaded photos") \
    X(R, BOOL, solved, OPTIONAL, 0, 1, NULL, "settled on the spot") \
    X(R, STR, reply, MULTILINE, 5, 2000, NULL, "how it was settled")
RECORD(entry_in, ENTRY_IN)
#define ENTRY_MADE(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "number") \
    X(R, STR, code, OPTIONAL, 0, 0, NULL, "receipt code to read out to the caller")
RECORD(entry_made, ENTRY_MADE)

#define BULK_IN(X, R) \
    X(R, WORDS, numbers, REQUIRED, 1, 100, NULL, "matter numbers") \
    X(R, STR, action, REQUIRED, 2, 30, NULL, "step") \
    X(R, STR, note, MULTILINE, 1, 1000, NULL, "remark") \
    X(R, ID, unit, OPTIONAL, 0, 0, NULL, "unit it goes to") \
    X(R, STR, reason, OPTIONAL, 2, 30, NULL, "lawful reason") \
    X(R, STR, number2, OPTIONAL, 8, 24, NULL, "the matter to merge into") \
    X(R, STR, reply, MULTILINE, 5, 2000, NULL, "answer")
RECORD(bulk_in, BULK_IN)
#define BULK_ITEM(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "number") \
    X(R, BOOL, ok, REQUIRED, 0, 0, NULL, "done") \
    X(R, STR, code, OPTIONAL, 0, 0, NULL, "error code") \
    X(R, STR, message, OPTIONAL, 0, 0, NULL, "why not")
RECORD(bulk_item, BULK_ITEM)
#define BULK_OUT(X, R) X(R, LIST, results, REQUIRED, 0, 100, &bulk_item_record, "one per number")
RECORD(bulk_out, BULK_OUT)

#define REVEAL_IN(X, R) \
    X(R, STR, number, REQUIRED | IN_PATH, 8, 24, NULL, "matter number") \
    X(R, I64, reporter, REQUIRED, 1, 100000, NULL, "position among the reporters") \
    X(R, STR, purpose, REQUIRED, 2, 200, NULL, "what for; it is recorded")
RECORD(reveal_in, REVEAL_IN)
#define REVEAL_OUT(X, R) \
    X(R, STR, name, PERSONAL, 0, 0, NULL, "name") \
    X(R, STR, phone, PERSONAL, 0, 0, NULL, "phone") \
    X(R, STR, code, PERSONAL, 0, 0, NULL, "of a party to a dispute: opens the party's own page") \
    X(R, STR, credit_code, PERSONAL, 0, 0, NULL, "of an organisation: unified social credit code") \
    X(R, STR, seat, PERSONAL, 0, 0, NULL, "of an organisation: its seat") \
    X(R, STR, head, PERSONAL, 0, 0, NULL, "of an organisation: who represents it") \
    X(R, STR, head_post, PERSONAL, 0, 0, NULL, "that one's post")
RECORD(reveal_out, REVEAL_OUT)

#define UNITS_IN(X, R) \
    X(R, STR, q, OPTIONAL, 0, 60, NULL, "part of the name") \
    X(R, I64, level, OPTIONAL, 2, 5, NULL, "only this level") \
    X(R, STR, function, OPTIONAL, 0, 30, NULL, "only with this function") \
    X(R, I64, area, OPTIONAL, 0, 999999, NULL, "this county first")
RECORD(units_in, UNITS_IN)
#define UNIT_VIEW(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "unit") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "kind of organisation") \
    X(R, I64, level, REQUIRED, 2, 5, NULL, "2 city .. 5 community") \
    X(R, STR, functions, REQUIRED, 0, 0, NULL, "functions")
RECORD(unit_view, UNIT_VIEW)
#define UNITS_OUT(X, R) X(R, LIST, items, REQUIRED, 0, 50, &unit_view_record, "units")
RECORD(units_out, UNITS_OUT)

#define TEMPLATES_IN(X, R) X(R, STR, category, OPTIONAL, 0, 8, NULL, "category of the matter")
RECORD(templates_in, TEMPLATES_IN)
#define TEMPLATE_VIEW(X, R) \
    X(R, STR, code, REQUIRED, 0, 0, NULL, "code") \
    X(R, STR, title, REQUIRED, 0, 0, NULL, "title") \
    X(R, STR, text, REQUIRED, 0, 0, NULL, "text of the reply")
RECORD(template_view, TEMPLATE_VIEW)
#define TEMPLATES_OUT(X, R) X(R, LIST, items, REQUIRED, 0, 200, &template_view_record, "templates")
RECORD(templates_out, TEMPLATES_OUT)
