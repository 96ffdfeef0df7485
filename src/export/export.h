/* export.h: lists of matters as files. What leaves is masked by the class of each column; a file in
 * which some columns are not needs a reason, somebody else who approves, and bears the mark of whom
 * it was made for. */
#pragma once
#include "desk/desk.h"
#include "ledger/chain.h"
#include "mediation/register.h"

enum { EXPORT_ROWS_MAX = 5000, EXPORT_OPEN_ROWS_MAX = 1000, EXPORT_HOURS = 24, EXPORT_WAIT_DAYS = 7,
    EXPORTS_SHOWN = 50, EXPORT_SAMPLE = 20 };

/* Columns ----------------------------------------------------------------------------------- */

enum export_mask { MASK_NONE, MASK_NAME, MASK_PHONE, MASK_ADDRESS, MASK_WORDS };
/* A column of the file, and the column of the schema that it shows (personal/columns.h). */
struct export_column {
    const char *word;
    struct msg name;
    const char *table, *column;
    enum export_mask mask;
    uint16_t width;
};
enum { EXPORT_COLUMNS = 12 };
extern const struct export_column export_columns[EXPORT_COLUMNS];
/* One bit for each column that is to be shown whole. E_INPUT (field open): no such column, one that
 * is never masked, or none. */
enum err export_open_bits(struct cx *cx, struct list words, unsigned *ret) MUST_USE;
/* Their names, commas between. */
struct str export_open_names(const struct cx *cx, struct arena *a, unsigned open);

/* A row, and whose data stands in it unmasked. */
struct export_row { struct str cells[EXPORT_COLUMNS]; };
struct export_read { int64_t area, matter, no; };
struct export_content {
    struct export_row *rows;
    size_t n;
    struct export_read *reads;
    size_t n_reads, reads_room;
};
/* The matters of these numbers that the actor may see now; the others are left out. Columns in open
 * stand whole where the actor may read them one by one, too; all others are masked. */
enum err export_read_rows(struct cx *cx, struct list numbers, unsigned open,
    struct export_content *ret) MUST_USE;

/* The file ---------------------------------------------------------------------------------- */

extern const char *const export_formats[];
/* What the file says of itself; number 0: all is masked. */
struct export_mark { int64_t number; struct str unit, username, purpose; int64_t at_ms; };
/* Excel, or CSV with a first line of remarks when not masked. Cells are texts, never formulas.
 * E_IO. */
enum err export_file(struct cx *cx, struct str format, const struct export_mark *mark,
    const struct export_content *c, struct buf *out) MUST_USE;

/* Requests ---------------------------------------------------------------------------------- */

extern const char *const export_lists[], *const export_views[], *const export_reasons[];
#define EXPORT_SCOPE(X, R) \
    X(R, STR, list, REQUIRED, 7, 8, export_lists, "matters or disputes") \
    X(R, STR, view, OPTIONAL, 3, 10, export_views, "which of them, as in the list; unit unless given") \
    X(R, STR, order, OPTIONAL, 3, 3, order_words, "of matters: due or new") \
    X(R, ID, unit, OPTIONAL, 0, 0, NULL, "one of my units; the first unless given") \
    X(R, STR, state, OPTIONAL, 0, 12, state_words, "only this state") \
    X(R, STR, category, OPTIONAL, 0, 8, NULL, "of matters: only categories beginning so") \
    X(R, I64, tier, OPTIONAL, 1, 4, NULL, "of matters: only this tier") \
    X(R, ID, grid, OPTIONAL, 0, 0, NULL, "of matters: only this grid") \
    X(R, STR, type, OPTIONAL, 0, 20, NULL, "of disputes: only this type") \
    X(R, STR, q, OPTIONAL, 1, 40, NULL, "of disputes: part of the number in the book") \
    X(R, TIME, from_ms, OPTIONAL, 0, 4e12, NULL, "reported at or after") \
    X(R, TIME, to_ms, OPTIONAL, 0, 4e12, NULL, "reported before")
RECORD(export_scope, EXPORT_SCOPE)
#define EXPORT_MASKED_IN(X, R) EXPORT_SCOPE(X, R) \
    X(R, STR, format, REQUIRED, 3, 4, export_formats, "xlsx or csv")
RECORD(export_masked_in, EXPORT_MASKED_IN)
#define EXPORT_ASK_IN(X, R) EXPORT_MASKED_IN(X, R) \
    X(R, WORDS, open, REQUIRED, 1, 4, NULL, "columns not to be masked: place, text, name, phone") \
    X(R, STR, reason, REQUIRED, 4, 12, export_reasons, "kind of reason") \
    X(R, STR, why, REQUIRED | MULTILINE, 5, 500, NULL, "why masked data is not enough; do not name anybody") \
    X(R, STR, purpose, REQUIRED, 2, 100, NULL, "what for; stands in the file and in the record of who read what")
RECORD(export_ask_in, EXPORT_ASK_IN)
/* What the record holds of a request beside why: what of which list. */
#define EXPORT_ASKED(X, R) EXPORT_SCOPE(X, R) \
    X(R, STR, format, REQUIRED, 3, 4, export_formats, "") \
    X(R, WORDS, open, REQUIRED, 1, 4, NULL, "") \
    X(R, STR, reason, REQUIRED, 4, 12, export_reasons, "") \
    X(R, STR, purpose, REQUIRED, 2, 100, NULL, "") \
    X(R, WORDS, numbers, REQUIRED, 1, EXPORT_OPEN_ROWS_MAX, NULL, "")
RECORD(export_asked, EXPORT_ASKED)

#define EXPORT_DECIDE_IN(X, R) \
    X(R, ID, id, REQUIRED | IN_PATH, 1, 0, NULL, "number of the request") \
    X(R, BOOL, approve, REQUIRED, 0, 1, NULL, "approve, or refuse") \
    X(R, STR, why, REQUIRED | MULTILINE, 2, 500, NULL, "why")
RECORD(export_decide_in, EXPORT_DECIDE_IN)
#define EXPORT_ID_IN(X, R) X(R, ID, id, REQUIRED | IN_PATH, 1, 0, NULL, "number of the request")
RECORD(export_id_in, EXPORT_ID_IN)

extern const char *const export_whose[];
#define EXPORTS_IN(X, R) \
    X(R, STR, whose, OPTIONAL, 3, 6, export_whose, \
        "mine (unless given), decide: those that I may decide, all: of the territory that I audit or supervise") \
    X(R, ID, before, OPTIONAL, 1, 0, NULL, "cursor: next of the page before; not for decide")
RECORD(exports_in, EXPORTS_IN)
#define EXPORT_VIEW(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number of the request") \
    X(R, TIME, asked_ms, REQUIRED, 0, 0, NULL, "asked at") \
    X(R, STR, by, REQUIRED, 0, 0, NULL, "who asks") \
    X(R, STR, unit_name, REQUIRED, 0, 0, NULL, "for which unit") \
    X(R, STR, scope, REQUIRED, 0, 0, NULL, "which list and filters, in words") \
    X(R, STR, format, REQUIRED, 0, 0, NULL, "xlsx or csv") \
    X(R, STR, open, REQUIRED, 0, 0, NULL, "columns not masked, in words") \
    X(R, STR, reason, REQUIRED, 0, 0, NULL, "kind of reason, in words") \
    X(R, STR, why, REQUIRED, 0, 0, NULL, "why masked data is not enough") \
    X(R, STR, purpose, REQUIRED, 0, 0, NULL, "what for") \
    X(R, I64, rows, REQUIRED, 0, 0, NULL, "matters in it") \
    X(R, WORDS, numbers, REQUIRED, 0, EXPORT_SAMPLE, NULL, "the first of them") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "asked, approved, refused, fetched or lapsed") \
    X(R, STR, state_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, STR, decided_by, OPTIONAL, 0, 0, NULL, "who approved or refused") \
    X(R, TIME, decided_ms, OPTIONAL, 0, 0, NULL, "when") \
    X(R, STR, decision, OPTIONAL, 0, 0, NULL, "and why") \
    X(R, TIME, until_ms, REQUIRED, 0, 0, NULL, "to be decided, or once approved fetched, by then") \
    X(R, TIME, fetched_ms, OPTIONAL, 0, 0, NULL, "when the file was made and fetched") \
    X(R, BOOL, may_decide, REQUIRED, 0, 1, NULL, "I may decide it now") \
    X(R, BOOL, may_fetch, REQUIRED, 0, 1, NULL, "I may fetch the file now, once")
RECORD(export_view, EXPORT_VIEW)
#define EXPORT_CHOICE(X, R) \
    X(R, STR, word, REQUIRED, 0, 0, NULL, "to send") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "in words")
RECORD(export_choice, EXPORT_CHOICE)
#define EXPORTS_OUT(X, R) \
    X(R, LIST, items, REQUIRED, 0, EXPORTS_SHOWN, &export_view_record, "newest first") \
    X(R, ID, next, OPTIONAL, 0, 0, NULL, "cursor of the next page") \
    X(R, LIST, reasons, REQUIRED, 0, 12, &export_choice_record, "kinds of reason") \
    X(R, LIST, columns, REQUIRED, 0, EXPORT_COLUMNS, &export_choice_record, "columns that are masked") \
    X(R, BOOL, decides, REQUIRED, 0, 1, NULL, "I may decide requests of others") \
    X(R, BOOL, overlooks, REQUIRED, 0, 1, NULL, "I audit or supervise a territory")
RECORD(exports_out, EXPORTS_OUT)

/* The matters of a list, as their numbers. E_INPUT when there are more than max, or none. */
enum err export_numbers(struct cx *cx, const struct export_scope *q, size_t max,
    struct list *ret) MUST_USE;

/* One line of the record, and what is known of a request. */
#define EXPORT_LINE(X, R) \
    X(R, I64, export, 0, 0, 0, NULL, "") X(R, I64, no, 0, 0, 0, NULL, "") \
    X(R, I64, at_ms, 0, 0, 0, NULL, "") X(R, I64, account, 0, 0, 0, NULL, "") \
    X(R, I64, unit, 0, 0, 0, NULL, "") X(R, I64, region, 0, 0, 0, NULL, "") \
    X(R, STR, act, 0, 0, 0, NULL, "") X(R, STR, why, 0, 0, 0, NULL, "") \
    X(R, STR, facts, 0, 0, 0, NULL, "") X(R, BYTES, prev, 0, 0, 0, NULL, "") \
    X(R, BYTES, hash, 0, 0, 0, NULL, "")
RECORD(export_line, EXPORT_LINE)
enum { EXPORT_ASKED_NO = 1, EXPORT_DECIDED_NO, EXPORT_FETCHED_NO };
struct export_request {
    struct export_line asked, decided, fetched;     /* no: 0 where there is none */
    struct export_asked facts;
};
/* E_MISSING. */
enum err export_find(struct cx *cx, int64_t id, struct export_request *ret) MUST_USE;
const char *export_state(const struct export_request *r, int64_t now_ms);
int64_t export_until(const struct export_request *r);
/* Never by who asked: the head of the unit, or whoever supervises its territory. */
bool export_may_decide(const struct cx *cx, const struct export_request *r);
/* Adds a line after the last (zero: none); E_STEP when somebody else was first. */
enum err export_note(struct cx *cx, const struct export_line *last, struct export_line *line)
    MUST_USE;
/* Reads all of the record; c->bad_of is a request. */
enum err exports_check(struct db *db, struct chain_run *c) MUST_USE;
extern const struct sql *const export_statements[], *const export_step_statements[];
extern const size_t export_statements_n, export_step_statements_n;
