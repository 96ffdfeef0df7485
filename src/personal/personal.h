/* personal.h: what becomes of data about people: what is due to be erased, the record of that, and
 * who sees it. Erasing itself is a step of a matter (matter/erase.h). */
#pragma once
#include "access/access.h"
#include "catalogue/keeping.h"
#include "ledger/chain.h"
#include "spine/module.h"

/* What is due --------------------------------------------------------------------------------- */

enum { DUE_BATCH = 50, KEEP_MATTERS_LAST = KEEP_FILE_LONG };
#define DUE_ONE(X, R) \
    X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, id, 0, 0, 0, NULL, "") \
    X(R, I64, ended_ms, 0, 0, 0, NULL, "")
RECORD(due_one, DUE_ONE)
/* A walk over all matters whose data of one kind is due: begin with zeroes, then again and again
 * with what was left. */
struct due_walk {
    enum term what;                 /* up to KEEP_MATTERS_LAST */
    int64_t area, after_ms, after_id;
    bool over;
};
/* The next of one county, at most DUE_BATCH, as struct due_one in the arena; none when the walk is
 * over. db sees all. Those that are kept for a proceeding are left out. */
enum err due_next(struct db *db, struct arena *a, const struct keepings *terms, int64_t now_ms,
    struct due_walk *w, struct list *ret) MUST_USE;
/* How many there are in all. */
enum err due_count(struct db *db, struct arena *a, const struct keepings *terms, int64_t now_ms,
    int64_t ret[KEEP_COUNT]) MUST_USE;
/* Within a transaction of a writer, as the system: takes the step "erase" for each that is still
 * due and free, and adds one line to the record; *ret_n counts them. */
enum err due_erase(struct cx *cx, const struct keepings *terms, enum term what,
    const struct due_one *all, size_t n, int64_t *ret_n) MUST_USE;
/* Within a transaction: takes the step "erase" before the term is over, because the person asked for
 * it, and adds a line of 0 days to the record. party: only the contact details of this reporter, or
 * I64_NONE. */
struct matter;
enum err due_erase_asked(struct cx *cx, const struct matter *m, enum term what, int64_t party,
    struct matter *ret) MUST_USE;
/* What belongs to no matter: sessions and places of sign-in. */
enum err due_sign_ins(struct cx *cx, const struct keepings *terms) MUST_USE;
/* Photos that nothing refers to any more; db sees all. */
enum err due_files(struct db *db, const char *photos, int64_t now_ms, int64_t *ret_n) MUST_USE;
extern const struct sql *const due_statements[];
extern const size_t due_statements_n;

/* The night in which all this is done ----------------------------------------------------------- */

/* Whether a night is to begin now: between two and five o'clock, or at any hour when the last was
 * more than a day before; not before the second day of a database. */
enum err night_is_due(struct db *db, int64_t now_ms, bool *ret) MUST_USE;
/* Within a transaction: true for whoever begins this day's night first. The very first is over at
 * once, so that nothing goes before there was a day to set terms. */
enum err night_begin(struct cx *cx, bool *ret_mine) MUST_USE;
enum err night_end(struct cx *cx) MUST_USE;
extern const struct sql *const night_statements[];
extern const size_t night_statements_n;

/* The record ------------------------------------------------------------------------------------ */

/* Adds a line: so many things of so many matters of a county (0: none), by this term. */
enum err deletion_note(struct cx *cx, int64_t county, enum term what, const struct keepings *terms,
    int64_t matters, int64_t things) MUST_USE;
/* Reads all of it. */
enum err deletions_check(struct db *db, struct chain_run *c) MUST_USE;

#define DELETION_VIEW(X, R) \
    X(R, I64, seq, REQUIRED, 0, 0, NULL, "number of the line") \
    X(R, TIME, at_ms, REQUIRED, 0, 0, NULL, "when") \
    X(R, I64, county, REQUIRED, 0, 0, NULL, "6-digit county code; 0: of no matter") \
    X(R, STR, what, REQUIRED, 0, 0, NULL, "by which term") \
    X(R, STR, what_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, I64, days, REQUIRED, 0, 0, NULL, "how long that was") \
    X(R, I64, version, REQUIRED, 0, 0, NULL, "version of the table of terms; 0: the usual ones") \
    X(R, I64, matters, REQUIRED, 0, 0, NULL, "of how many matters") \
    X(R, I64, things, REQUIRED, 0, 0, NULL, "how many things") \
    X(R, BYTES, hash, REQUIRED, 0, 0, NULL, "of the line and the one before")
RECORD(deletion_view, DELETION_VIEW)
enum { DELETIONS_SHOWN = 100 };
#define DELETIONS_IN(X, R) X(R, I64, before, OPTIONAL, 1, 9e15, NULL, "cursor: next of the page before")
RECORD(deletions_in, DELETIONS_IN)
#define TERM_DUE(X, R) \
    X(R, STR, what, REQUIRED, 0, 0, NULL, "kind of data") \
    X(R, STR, what_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, STR, since, REQUIRED, 0, 0, NULL, "from when on it counts") \
    X(R, I64, days, OPTIONAL, 0, 0, NULL, "days; none: for good")
RECORD(term_due, TERM_DUE)
#define DELETIONS_OUT(X, R) \
    X(R, I64, version, REQUIRED, 0, 0, NULL, "version of the table of terms in force; 0: the usual ones") \
    X(R, LIST, terms, REQUIRED, 0, 16, &term_due_record, "terms in force") \
    X(R, LIST, items, REQUIRED, 0, DELETIONS_SHOWN, &deletion_view_record, "newest first") \
    X(R, I64, next, OPTIONAL, 0, 0, NULL, "cursor of the next page")
RECORD(deletions_out, DELETIONS_OUT)
handler deletions_list;
/* What is kept so long, in words. */
struct str keep_name(const struct cx *cx, enum term what);
extern const struct sql *const deletion_statements[];
extern const size_t deletion_statements_n;
