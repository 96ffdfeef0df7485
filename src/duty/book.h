/* book.h: the roster in memory: who is on duty where at any moment, in microseconds and right at
 * the minute of a hand-over. What is answered follows from the moment asked about and nothing else,
 * so a clock that steps back gets the answers it had before. */
#pragma once
#include "catalogue/catalogue.h"

enum duty_layer { DUTY_GRID, DUTY_MICRO, DUTY_POLICE, DUTY_UNIT, DUTY_LAYERS };
extern const char *const duty_layers[];     /* words of the table shift, NULL-terminated */
/* DUTY_LAYERS when it is none. */
enum duty_layer duty_layer_by_word(struct str word);

/* Kinds of day in the table shift; 1 to 7 are Monday to Sunday, larger numbers one day, yyyymmdd. */
enum { DAY_WORKED = 8, DAY_FREE = 9, DAY_ANY = 10, DAY_DATE_LEAST = 19700101,
    MINUTES_A_DAY = 1440 };
/* How long past turns, absences and notes stay. */
enum { DUTY_KEPT_DAYS = 30 };

#define SHIFT(X, R) \
    X(R, STR, layer, REQUIRED, 1, 6, NULL, "grid, micro, police or unit") \
    X(R, ID, zone, REQUIRED, 0, 0, NULL, "code, or number of the unit") \
    X(R, I64, position, REQUIRED, 0, 0, NULL, "who is called first") \
    X(R, I64, day, REQUIRED, 0, 0, NULL, "kind of day, or a date") \
    X(R, I64, from_min, REQUIRED, 0, 1439, NULL, "minute of the day it begins at") \
    X(R, I64, to_min, REQUIRED, 0, 1440, NULL, "minute it ends at") \
    X(R, ID, account, REQUIRED, 0, 0, NULL, "who; 0 nobody")
RECORD(shift, SHIFT)

#define ABSENCE(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number") \
    X(R, ID, account, REQUIRED, 0, 0, NULL, "who is not there") \
    X(R, TIME, from_ms, REQUIRED, 0, 0, NULL, "from") \
    X(R, TIME, to_ms, REQUIRED, 0, 0, NULL, "until") \
    X(R, ID, substitute, REQUIRED, 0, 0, NULL, "who stands in; 0: to be named")
RECORD(absence, ABSENCE)

#define COLLEAGUE(X, R) \
    X(R, ID, account, REQUIRED, 0, 0, NULL, "account") \
    X(R, STR, username, REQUIRED, 0, 0, NULL, "login name") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name shown to colleagues") \
    X(R, STR, phone, REQUIRED, 0, 0, NULL, "duty phone") \
    X(R, BOOL, disabled, REQUIRED, 0, 0, NULL, "may not sign in")
RECORD(colleague, COLLEAGUE)

struct duty_book;
/* Reads everything from db. The book starts with one holder. */
enum err duty_book_load(struct db *db, struct duty_book **ret) MUST_USE;
const struct duty_book *duty_book_hold(const struct duty_book *b);
void duty_book_drop(const struct duty_book *b);
int64_t duty_book_stamp(const struct duty_book *b);
enum err duty_stamp_stored(struct db *db, int64_t *ret) MUST_USE;
/* Every change of shifts, absences, or of people's roles ends with this. */
enum err duty_stamp_move(struct db *db) MUST_USE;

/* NULL when unknown. */
const struct colleague *duty_colleague(const struct duty_book *b, int64_t account);
const struct colleague *duty_colleague_named(const struct duty_book *b, struct str username);
struct list duty_colleagues(const struct duty_book *b);     /* ordered by account */
/* May sign in and handles matters in this unit. */
bool duty_handles(const struct duty_book *b, int64_t account, int64_t unit);
/* The absence that covers this moment, or NULL. */
const struct absence *duty_absence_at(const struct duty_book *b, int64_t account, int64_t at_ms);
/* All absences, by account and time. */
struct list duty_absences(const struct duty_book *b);
/* All turns, by layer (in the order of its words), zone and position. */
struct list duty_shifts_all(const struct duty_book *b);
/* Turns of a zone in order of position. */
struct list duty_shifts(const struct duty_book *b, enum duty_layer layer, int64_t zone);

/* Who is on duty, or nobody; instead_of: whom they stand in for. */
struct duty_on { const struct colleague *who, *instead_of; };
/* The first by position who is there, or whose substitute is; only those who handle matters in
 * unit, if one is named. */
struct duty_on duty_at(const struct duty_book *b, const struct catalogue *c, enum duty_layer layer,
    int64_t zone, int64_t unit, int64_t at_ms);
/* The time from from_ms to to_ms in spans with one answer each; at most max, and says how many. */
struct duty_span { int64_t from_ms, to_ms; struct duty_on on; };
size_t duty_spans(const struct duty_book *b, const struct catalogue *c, enum duty_layer layer,
    int64_t zone, struct duty_span *ret, size_t max, int64_t from_ms, int64_t to_ms);

/* Quiet hours: the setting quiet_hours, "22:00-07:00" unless set, "none" for none. True when at_ms
 * lies in them; then ret_until_ms says when they end. */
bool duty_is_quiet(const struct catalogue *c, int64_t at_ms, int64_t *ret_until_ms);

/* Whom a matter that nobody has taken is called to: somebody on duty who handles matters in its
 * unit, of its micro-grid, grid, police grid or the unit itself, in this order; or else the unit's
 * queue, where it waits with its clock. Never to nobody: unit is always one. */
enum duty_why { DUTY_CALLED, DUTY_QUIET, DUTY_GAP };
struct duty_matter { int64_t unit, tier; struct place place; };
struct duty_call {
    enum duty_why why;
    int64_t unit, until_ms;         /* until_ms: end of the quiet hours */
    struct duty_on on;              /* who is nobody unless called */
};
struct duty_call duty_call_of(const struct duty_book *b, const struct catalogue *c,
    const struct duty_matter *m, int64_t at_ms);

extern const struct sql *const duty_book_statements[];
extern const size_t duty_book_statements_n;
