/* intake.h: a matter begins: placed, routed, given a clock, entered in the ledger, and its reporter
 * handed a code. Used by residents' reports, staff entry, splitting and imports. */
#pragma once
#include "crypto/code.h"
#include "matter/matter.h"

struct intake {
    int64_t id;                         /* 0: a fresh one */
    struct str text, category;          /* category empty: suggested from the text, else the last */
    int64_t tier;                       /* 0: the category's */
    struct str origin;                  /* resident, patrol, phone, window, split */
    int64_t owner_unit;                 /* 0: as routed; else the unit that settled it itself */
    struct place place;                 /* already looked up; area is always set */
    double lon, lat;                    /* WGS-84, NaN when not given */
    struct str place_text;
    bool reporter;                      /* somebody waits for an answer */
    bool confidential;
    bool consent;                       /* asked by whoever wrote it down, and given */
    struct str name, phone;             /* of the reporter, may be empty */
    struct list uploads;                /* tokens, struct str */
    /* A matter of a kind of its own begins in this state with this clock, at owner_unit; NULL: a
     * report, which is routed. */
    const char *kind, *clock;
    enum state state;
    const struct intake_past *past;     /* it was another system's until now; NULL: it is new */
};
/* What another system knew of a matter. record: its number there and what became of it, for
 * everybody who may read the matter. What is over stays over, without a clock; what is open begins
 * here and now, with the deadlines of a new one, since reported_ms. */
struct intake_past {
    struct str source, number, record;
    int64_t reported_ms, ended_ms;      /* ended_ms: none: it is open */
    enum state state;                   /* in which it ended */
};

/* Checks category and place, fills what can be derived; needs no writing connection. */
enum err intake_prepare(struct cx *cx, struct intake *in) MUST_USE;
/* Opens the matter; if it has a reporter, that is number 1. */
enum err matter_open(struct cx *cx, const struct intake *in, struct matter *ret) MUST_USE;
/* Somebody else reports the same: joins m as a further reporter, of this number. */
enum err matter_join(struct cx *cx, const struct matter *m, const struct intake *in,
    struct matter *ret, int64_t *ret_no) MUST_USE;
/* A further reporter of m with these contact details, of this number. */
enum err reporter_add(struct cx *cx, const struct matter *m, struct str name, struct str phone,
    bool confidential, int64_t no) MUST_USE;
/* Name or telephone of this reporter of m, put right; what is empty stays as it was. replaced: it
 * is somebody else, and so comes another code: who held the one before opens nothing with it. */
enum err reporter_correct(struct cx *cx, const struct matter *m, int64_t no, struct str name,
    struct str phone, bool replaced) MUST_USE;
/* Whether that is the name of this reporter as it is kept. */
enum err reporter_is_called(struct cx *cx, const struct matter *m, int64_t no, struct str name,
    bool *ret) MUST_USE;
/* No reporter of m any longer: its code opens nothing, and what was sealed of it goes. */
enum err reporter_remove(struct cx *cx, const struct matter *m, int64_t no) MUST_USE;
/* Seven to fifteen digits, with blanks, hyphens and + between. People call from abroad and write
 * their number as they are used to; it is kept as they wrote it. Numbers of those who work here are
 * dialled by others and follow a stricter rule, roster_is_phone(). */
bool reporter_is_phone(struct str phone);
/* E_INPUT, field: what is no telephone number; an empty one is none. */
enum err reporter_phone_check(struct cx *cx, const char *field, struct str phone) MUST_USE;
/* Empty strings and zeros instead of "no value", for a matter that is about to begin. */
void matter_blank(struct matter *m);
/* The highest number among the reporters of m; 0 when there is none. */
enum err reporter_last_no(struct cx *cx, const struct matter *m, int64_t *ret) MUST_USE;
/* The code of a reporter, made again. turn: as often as it was made anew, 0 at first. */
struct code reporter_code(const struct cx *cx, int64_t area, int64_t matter, int64_t no,
    int64_t turn);
extern const struct sql *const intake_statements[];
extern const size_t intake_statements_n;
