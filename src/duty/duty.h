/* duty.h: the feature "duty": the roster of a unit by week, its gaps, one's own turns, substitutes
 * and hand-over. It says who is to be called; it keeps no account of anybody. */
#pragma once
#include "access/access.h"
#include "duty/shifts.h"
#include "matter/step.h"
#include "spine/module.h"

/* The roster in memory, renewed as it changes; read once before anybody asks, so that the first who
 * come together all find it. */
struct duty_keeper;
enum err duty_keeper_make(struct db *db, struct duty_keeper **ret) MUST_USE;
void duty_keeper_free(struct duty_keeper *k);
/* The newest roster this server knows of, at most half a second old; NULL where nothing is served.
 * The caller drops it. */
const struct duty_book *duty_hold(struct cx *cx);
/* Whom a matter is called to now, with names in the request's memory. */
struct duty_call duty_call_for(struct cx *cx, const struct matter *m);
/* Who is on duty in a zone now, with name and phone in the request's memory; NULL for nobody. */
const struct colleague *duty_in_zone(struct cx *cx, enum duty_layer layer, int64_t zone);

/* One matter's duty line, for its page. */
#define DUTY_VIEW(X, R) \
    X(R, STR, why, REQUIRED, 0, 0, NULL, "called, quiet or gap") \
    X(R, STR, text, REQUIRED, 0, 0, NULL, "whom it is called to, or why it waits in the queue") \
    X(R, STR, name, OPTIONAL, 0, 0, NULL, "on duty") \
    X(R, STR, phone, OPTIONAL, 0, 0, NULL, "duty phone") \
    X(R, STR, instead_of, OPTIONAL, 0, 0, NULL, "whom they stand in for") \
    X(R, TIME, until_ms, OPTIONAL, 0, 0, NULL, "end of the quiet hours")
RECORD(duty_view, DUTY_VIEW)
struct duty_view duty_view_of(struct cx *cx, const struct matter *m);

#define DUTY_IN(X, R) \
    X(R, ID, unit, OPTIONAL, 0, 0, NULL, "unit; the first of mine unless given") \
    X(R, TIME, from_ms, OPTIONAL, 0, 4e12, NULL, "a moment of the week; now unless given")
RECORD(duty_in, DUTY_IN)
#define DUTY_UNIT_VIEW(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "unit") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name")
RECORD(duty_unit_view, DUTY_UNIT_VIEW)
#define DUTY_PERSON(X, R) \
    X(R, ID, account, REQUIRED, 0, 0, NULL, "account") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name")
RECORD(duty_person, DUTY_PERSON)
#define DUTY_TURN(X, R) \
    X(R, STR, days, REQUIRED, 1, 200, NULL, "mon .. sun, work, free, daily or dates, spaces between") \
    X(R, STR, from, REQUIRED, 4, 5, NULL, "hh:mm") \
    X(R, STR, to, REQUIRED, 4, 5, NULL, "hh:mm; 24:00 is midnight") \
    X(R, ID, account, REQUIRED, 0, 0, NULL, "who; 0 nobody, on purpose")
RECORD(duty_turn, DUTY_TURN)
#define DUTY_SPAN_VIEW(X, R) \
    X(R, TIME, from_ms, REQUIRED, 0, 0, NULL, "from") \
    X(R, TIME, to_ms, REQUIRED, 0, 0, NULL, "until") \
    X(R, ID, account, REQUIRED, 0, 0, NULL, "on duty; 0: a gap") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name, or empty") \
    X(R, STR, instead_of, OPTIONAL, 0, 0, NULL, "whom they stand in for")
RECORD(duty_span_view, DUTY_SPAN_VIEW)
enum { ZONES_MAX = 600, TURNS_MAX = 60, SPANS_MAX = 200, UNITS_LISTED_MAX = 500, WEEK_DAYS = 7 };
#define DUTY_ZONE(X, R) \
    X(R, STR, layer, REQUIRED, 0, 0, duty_layers, "grid, micro, police or unit") \
    X(R, ID, zone, REQUIRED, 0, 0, NULL, "code, or number of the unit") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, STR, version, REQUIRED, 0, 0, NULL, "of its turns; to be sent when they are changed") \
    X(R, LIST, turns, REQUIRED, 0, TURNS_MAX, &duty_turn_record, "as they repeat") \
    X(R, LIST, spans, REQUIRED, 0, SPANS_MAX, &duty_span_view_record, "the week; empty: no roster is kept")
RECORD(duty_zone, DUTY_ZONE)
#define ABSENCE_VIEW(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number") \
    X(R, ID, account, REQUIRED, 0, 0, NULL, "who is not there") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, TIME, from_ms, REQUIRED, 0, 0, NULL, "from") \
    X(R, TIME, to_ms, REQUIRED, 0, 0, NULL, "until") \
    X(R, ID, substitute, REQUIRED, 0, 0, NULL, "who stands in; 0: to be named") \
    X(R, STR, substitute_name, REQUIRED, 0, 0, NULL, "name, or empty")
RECORD(absence_view, ABSENCE_VIEW)
#define DUTY_WEEK(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "unit") \
    X(R, STR, unit_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, BOOL, may_edit, REQUIRED, 0, 0, NULL, "I may change it") \
    X(R, TIME, from_ms, REQUIRED, 0, 0, NULL, "Monday, midnight") \
    X(R, TIME, to_ms, REQUIRED, 0, 0, NULL, "the Monday after") \
    X(R, STR, quiet, REQUIRED, 0, 0, NULL, "quiet hours, hh:mm-hh:mm, or none") \
    X(R, LIST, units, REQUIRED, 0, UNITS_LISTED_MAX, &duty_unit_view_record, "units whose roster I may see") \
    X(R, LIST, people, REQUIRED, 0, 2000, &duty_person_record, "who can be on duty here") \
    X(R, LIST, zones, REQUIRED, 0, ZONES_MAX, &duty_zone_record, "zones of the unit, then its desk") \
    X(R, LIST, absences, REQUIRED, 0, 500, &absence_view_record, "not there, from this week on")
RECORD(duty_week, DUTY_WEEK)

#define GAP(X, R) \
    X(R, STR, layer, REQUIRED, 0, 0, NULL, "grid, micro, police or unit") \
    X(R, ID, zone, REQUIRED, 0, 0, NULL, "code, or number of the unit") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "unit in whose queue matters wait") \
    X(R, STR, unit_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, TIME, from_ms, OPTIONAL, 0, 0, NULL, "from; missing: no roster is kept at all") \
    X(R, TIME, to_ms, OPTIONAL, 0, 0, NULL, "until")
RECORD(gap, GAP)
enum { GAPS_MAX = 500, GAP_DAYS_MAX = 14 };
#define GAPS_IN(X, R) X(R, I64, days, OPTIONAL, 1, GAP_DAYS_MAX, NULL, "days from now on; 7 unless given")
RECORD(gaps_in, GAPS_IN)
#define GAPS(X, R) \
    X(R, LIST, items, REQUIRED, 0, GAPS_MAX, &gap_record, "nobody is on duty there then") \
    X(R, BOOL, truncated, REQUIRED, 0, 0, NULL, "there are more")
RECORD(gaps, GAPS)

#define DUTY_NOTE(X, R) \
    X(R, TIME, at_ms, REQUIRED, 0, 0, NULL, "when") \
    X(R, STR, from_name, REQUIRED, 0, 0, NULL, "who left it") \
    X(R, STR, to_name, REQUIRED, 0, 0, NULL, "for whom; empty: the unit") \
    X(R, STR, unit_name, REQUIRED, 0, 0, NULL, "unit") \
    X(R, BOOL, mine, REQUIRED, 0, 0, NULL, "I left it") \
    X(R, STR, note, REQUIRED, 0, 0, NULL, "note") \
    X(R, WORDS, numbers, REQUIRED, 0, 100, NULL, "matters handed over")
RECORD(duty_note, DUTY_NOTE)
#define MY_TURN(X, R) \
    X(R, STR, layer, REQUIRED, 0, 0, NULL, "grid, micro, police or unit") \
    X(R, ID, zone, REQUIRED, 0, 0, NULL, "code, or number of the unit") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, TIME, from_ms, REQUIRED, 0, 0, NULL, "from") \
    X(R, TIME, to_ms, REQUIRED, 0, 0, NULL, "until") \
    X(R, BOOL, now, REQUIRED, 0, 0, NULL, "running") \
    X(R, STR, instead_of, OPTIONAL, 0, 0, NULL, "whom I stand in for") \
    X(R, ID, next, REQUIRED, 0, 0, NULL, "who is on duty there afterwards; 0: nobody") \
    X(R, STR, next_name, REQUIRED, 0, 0, NULL, "name, or empty")
RECORD(my_turn, MY_TURN)
#define CALLED(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "matter") \
    X(R, STR, title, REQUIRED, 0, 0, NULL, "first words") \
    X(R, I64, tier, REQUIRED, 1, 4, NULL, "tier") \
    X(R, TIME, due_ms, OPTIONAL, 0, 0, NULL, "deadline")
RECORD(called, CALLED)
#define MY_DUTY(X, R) \
    X(R, LIST, turns, REQUIRED, 0, 200, &my_turn_record, "my turns of the next 14 days") \
    X(R, LIST, called, REQUIRED, 0, 100, &called_record, "not taken yet, called to me now") \
    X(R, I64, in_hand, REQUIRED, 0, 1000, NULL, "matters that I have taken") \
    X(R, LIST, absences, REQUIRED, 0, 50, &absence_view_record, "when I am not there") \
    X(R, LIST, notes, REQUIRED, 0, 50, &duty_note_record, "left for me, by me, for my units") \
    X(R, LIST, people, REQUIRED, 0, 2000, &duty_person_record, "colleagues who may stand in")
RECORD(my_duty, MY_DUTY)

#define ZONE_SET(X, R) \
    X(R, STR, layer, REQUIRED, 4, 6, duty_layers, "grid, micro, police or unit") \
    X(R, ID, zone, REQUIRED, 0, 0, NULL, "code, or number of the unit") \
    X(R, STR, version, REQUIRED, 1, 64, NULL, "of the turns that are replaced") \
    X(R, LIST, turns, REQUIRED, 0, TURNS_MAX, &duty_turn_record, "all turns of the zone; none: no roster")
RECORD(zone_set, ZONE_SET)
#define ABSENCE_IN(X, R) \
    X(R, ID, account, OPTIONAL, 0, 0, NULL, "who; I unless given") \
    X(R, TIME, from_ms, REQUIRED, 0, 4e12, NULL, "from") \
    X(R, TIME, to_ms, REQUIRED, 0, 4e12, NULL, "until") \
    X(R, ID, substitute, OPTIONAL, 0, 0, NULL, "who stands in; missing: to be named by the lead")
RECORD(absence_in, ABSENCE_IN)
#define ABSENCE_END(X, R) X(R, ID, id, REQUIRED | IN_PATH, 0, 0, NULL, "absence")
RECORD(absence_end, ABSENCE_END)
#define HANDOVER_IN(X, R) \
    X(R, ID, to, OPTIONAL, 0, 0, NULL, "who takes over; missing: the unit's queue") \
    X(R, STR, note, REQUIRED | MULTILINE, 2, 1000, NULL, "what the next should know")
RECORD(handover_in, HANDOVER_IN)
#define KEPT(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "matter") \
    X(R, STR, why, REQUIRED, 0, 0, NULL, "why it stays with me")
RECORD(kept, KEPT)
#define HANDOVER_OUT(X, R) \
    X(R, WORDS, numbers, REQUIRED, 0, 100, NULL, "matters handed over") \
    X(R, LIST, kept, REQUIRED, 0, 100, &kept_record, "those that stay, and why")
RECORD(handover_out, HANDOVER_OUT)
#define CHANGED(X, R) X(R, STR, version, REQUIRED, 0, 0, NULL, "of what is stored now")
RECORD(changed, CHANGED)

handler duty_week_read, duty_gaps_read, duty_mine_read, duty_zone_set, duty_absence_put,
    duty_absence_stop, duty_handover;
/* The answers of writing routes: run leaves them, they are sent after the commit, and this server
 * looks at its roster anew. */
enum err duty_answer(struct cx *cx, const struct record *r, const void *rec) MUST_USE;
void duty_finish(struct cx *cx, struct buf *out);

/* May the actor change the roster of this unit, or see it? */
bool duty_may_edit(const struct cx *cx, const struct unit *u);
bool duty_may_see(const struct cx *cx, const struct unit *u);
/* A digest of a zone's turns as they are stored. */
struct str duty_version(struct arena *a, struct list shifts);
struct absence_view duty_absence_view(const struct duty_book *b, struct arena *a,
    const struct absence *x);
struct str duty_zone_name(struct cx *cx, enum duty_layer layer, int64_t zone);
/* People of these units who handle matters; no more than max. */
struct list duty_people(struct cx *cx, const struct duty_book *b, const int64_t *units, size_t n);

/* Matters taken by people who are not there go to their substitutes, or back to the queue. One
 * round inside the caller's transaction, as the system; at most max. */
enum err duty_round(struct cx *cx, size_t max) MUST_USE;
/* Deletes what is past. */
enum err duty_forget(struct db *db, int64_t now_ms) MUST_USE;
extern const struct sql *const duty_statements[];
extern const size_t duty_statements_n;
extern const struct sql *const duty_mine_statements[];
extern const size_t duty_mine_statements_n;
