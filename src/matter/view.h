/* view.h: a matter as people see it: its history, talk and photos, with names in their language. */
#pragma once
#include "matter/photo.h"
#include "matter/step.h"

#define PHOTO_VIEW(X, R) \
    X(R, I64, id, REQUIRED, 0, 0, NULL, "photo number within the matter") \
    X(R, STR, phase, REQUIRED, 0, 0, NULL, "before, after, talk or paper") \
    X(R, I64, width, REQUIRED, 0, 0, NULL, "pixels") \
    X(R, I64, height, REQUIRED, 0, 0, NULL, "pixels")
RECORD(photo_view, PHOTO_VIEW)

#define MESSAGE_VIEW(X, R) \
    X(R, I64, no, REQUIRED, 0, 0, NULL, "entry it came with") \
    X(R, TIME, at_ms, REQUIRED, 0, 0, NULL, "when") \
    X(R, STR, from, REQUIRED, 0, 0, NULL, "reporter or staff") \
    X(R, STR, by, REQUIRED, 0, 0, NULL, "unit, or name for colleagues") \
    X(R, STR, text, REQUIRED, 0, 0, NULL, "what was written") \
    X(R, LIST, photos, REQUIRED, 0, 20, &photo_view_record, "photos sent with it")
RECORD(message_view, MESSAGE_VIEW)

#define TIMELINE_VIEW(X, R) \
    X(R, I64, seq, REQUIRED, 0, 0, NULL, "entry") \
    X(R, TIME, at_ms, REQUIRED, 0, 0, NULL, "when") \
    X(R, STR, action, REQUIRED, 0, 0, NULL, "step") \
    X(R, STR, action_name, REQUIRED, 0, 0, NULL, "step in words") \
    X(R, STR, by, REQUIRED, 0, 0, NULL, "who: unit or role; for colleagues the name too") \
    X(R, STR, from_state, OPTIONAL, 0, 0, NULL, "state before") \
    X(R, STR, to_state, REQUIRED, 0, 0, NULL, "state after") \
    X(R, STR, owner_name, REQUIRED, 0, 0, NULL, "unit responsible after it") \
    X(R, TIME, due_ms, OPTIONAL, 0, 0, NULL, "deadline after it") \
    X(R, STR, note, OPTIONAL, 0, 0, NULL, "remark, as far as the reader may see it") \
    X(R, RAW, facts, OPTIONAL, 0, 0, NULL, "typed facts of the entry") \
    X(R, BYTES, hash, OPTIONAL, 0, 0, NULL, "hash of the entry")
RECORD(timeline_view, TIMELINE_VIEW)

#define HOLD_VIEW(X, R) \
    X(R, STR, owner_name, REQUIRED, 0, 0, NULL, "unit") \
    X(R, STR, holder_name, OPTIONAL, 0, 0, NULL, "who had taken it") \
    X(R, STR, state_name, REQUIRED, 0, 0, NULL, "state meanwhile") \
    X(R, TIME, from_ms, REQUIRED, 0, 0, NULL, "from") \
    X(R, TIME, to_ms, OPTIONAL, 0, 0, NULL, "to; none: still") \
    X(R, I64, spent_ms, REQUIRED, 0, 0, NULL, "working time spent")
RECORD(hold_view, HOLD_VIEW)

/* One line of the ledger with its note. */
#define LINE(X, R) \
    X(R, I64, seq, 0, 0, 0, NULL, "") X(R, I64, at_ms, 0, 0, 0, NULL, "") \
    X(R, STR, actor, 0, 0, 0, NULL, "") X(R, I64, account, 0, 0, 0, NULL, "") \
    X(R, I64, unit, 0, 0, 0, NULL, "") X(R, STR, action, 0, 0, 0, NULL, "") \
    X(R, STR, from_state, 0, 0, 0, NULL, "") X(R, STR, to_state, 0, 0, 0, NULL, "") \
    X(R, I64, owner_unit, 0, 0, 0, NULL, "") X(R, I64, holder, 0, 0, 0, NULL, "") \
    X(R, I64, due_ms, 0, 0, 0, NULL, "") X(R, STR, data, 0, 0, 0, NULL, "") \
    X(R, BYTES, hash, 0, 0, 0, NULL, "") X(R, STR, audience, 0, 0, 0, NULL, "") \
    X(R, STR, text, 0, 0, 0, NULL, "")
RECORD(line, LINE)

/* The ledger of m with notes, oldest first (struct line); of a very long one the newest 1000
 * entries, so that no matter becomes unreadable. */
enum err view_lines(struct cx *cx, const struct matter *m, struct list *ret) MUST_USE;
/* Names for action and state words. */
struct str view_action_name(struct cx *cx, struct str action);
struct str view_state_name(struct cx *cx, struct str state);
/* Which of the reporters wrote the line; 0 for staff and timers. */
int64_t view_line_reporter(const struct line *l);
/* What one reporter writes and sends is not for the others who reported the same. */
bool view_line_is_for(const struct cx *cx, const struct line *l);
/* What was written in it, with why the program did it, in the reader's language; or "". */
struct str view_line_text(struct cx *cx, const struct line *l);
/* For colleagues (staff true): everything. For reporters: public steps, units instead of names. */
enum err view_timeline(struct cx *cx, const struct matter *m, struct list lines, bool staff,
    struct list *ret) MUST_USE;
/* The talk: messages of both sides and the answers. */
enum err view_messages(struct cx *cx, const struct matter *m, struct list lines,
    struct list photos, bool staff, struct list *ret) MUST_USE;
/* Who held it how long. */
enum err view_holds(struct cx *cx, const struct matter *m, struct list lines, struct list *ret)
    MUST_USE;
/* struct photo -> struct photo_view. */
struct list view_photos(struct cx *cx, struct list photos);
/* Why this deadline: stage, limit and basis in words. */
struct str view_due_reason(struct cx *cx, const struct matter *m);
/* First words of the text, at most 40 characters, on one line. */
struct str view_title(struct cx *cx, struct str text);
/* Name of a grid, micro-grid or police grid at that moment; "" when there was none. */
enum err view_zone_name(struct cx *cx, int64_t level, int64_t code, int64_t at_ms,
    struct str *ret) MUST_USE;
/* Where a matter is, with its grid's name of the day it came. */
/* What the matter is about: by its category, or as its kind is called. */
enum err view_category_name(struct cx *cx, struct str kind, int64_t area, int64_t id,
    struct str category, struct str *ret) MUST_USE;
enum err view_place_name(struct cx *cx, const struct matter *m, struct str *ret) MUST_USE;
struct str view_tier_name(struct cx *cx, int64_t tier);
struct str view_origin_name(struct cx *cx, struct str origin);
/* The i-th origin there is; NULL behind the last. */
const char *view_origin_word(size_t i);
extern const struct sql *const view_statements[];
extern const size_t view_statements_n;
