/* tally.h: figures of people's mediation as the ministry's table wants them. A figure is a question
 * asked of each dispute, and the list behind it is made of those that say yes, so the two cannot
 * differ. Figures are of committees and territories, never of persons. */
#pragma once
#include "mediation/mediation.h"

/* What is known of a dispute here: nothing that tells who is in it. */
#define TALLIED(X, R) \
    X(R, STR, number, 0, 0, 0, NULL, "") X(R, STR, docket, 0, 0, 0, NULL, "") \
    X(R, STR, type, 0, 0, 0, NULL, "") X(R, STR, source, 0, 0, 0, NULL, "") \
    X(R, STR, class, 0, 0, 0, NULL, "") X(R, STR, form, 0, 0, 0, NULL, "") \
    X(R, I64, amount_fen, 0, 0, 0, NULL, "") X(R, I64, accepted_ms, 0, 0, 0, NULL, "") \
    X(R, I64, effective_ms, 0, 0, 0, NULL, "") X(R, STR, confirm, 0, 0, 0, NULL, "") \
    X(R, STR, state, 0, 0, 0, NULL, "") X(R, I64, broken, 0, 0, 0, NULL, "promises found broken") \
    X(R, I64, parties, 0, 0, 0, NULL, "people and organisations") \
    X(R, I64, sittings, 0, 0, 0, NULL, "sessions held")
RECORD(tallied, TALLIED)
/* The last agreement that this committee made in the dispute d, kept or not. */
#define LAST_ROUND(unit) "(SELECT max(x.round) FROM agreement x WHERE x.area = d.area" \
    " AND x.matter = d.matter AND x.unit = " unit ")"
/* Of a dispute d the last agreement a that bound, when it is none that stands in d itself: what was
 * agreed and not kept was agreed nevertheless, until something else is; but by the committee that
 * made it, not by one that it was handed up to since. */
#define LAST_AGREEMENT " LEFT JOIN agreement a ON d.effective_ms IS NULL AND a.area = d.area" \
    " AND a.matter = d.matter AND a.round = " LAST_ROUND("d.unit")
/* What was agreed, of such d and a: nothing before it binds. */
#define AGREED_FORM "CASE WHEN d.effective_ms IS NULL THEN coalesce(a.form, '') ELSE d.form END AS form"
#define AGREED_FEN "CASE WHEN d.effective_ms IS NULL THEN coalesce(a.amount_fen, 0)" \
    " ELSE d.amount_fen END AS amount_fen"
/* Disputes accepted in [from_ms, to_ms), the oldest first: those that a committee has, and those
 * that it brought to an agreement before they were handed up, for it at an end. */
enum err facts_each(struct db *db, int64_t unit, int64_t from_ms, int64_t to_ms, db_row_fn *fn,
    void *ctx) MUST_USE;
enum err facts_number(struct db *db, int64_t unit, int64_t from_ms, int64_t to_ms, int64_t *ret)
    MUST_USE;

/* A column. measure: what a dispute adds; FREE: entered by the committee, no list behind it. group:
 * heading above, or empty; part: heading between both, or empty. */
enum measure { CASES, PARTIES, FEN, FREE };
struct tally_column {
    const char *word;
    struct msg name, group, part;
    enum measure measure;
    bool (*has)(const struct tallied *f);
};
enum { FIGURES_MAX = 64 };
/* All columns, types of disputes included. */
size_t figures_list(const struct tally_column **ret);
const struct tally_column *figure_by(struct str word);
bool figure_has(const struct tally_column *g, const struct tallied *f);
int64_t figure_adds(const struct tally_column *g, const struct tallied *f);

/* A row: committees of one kind, one committee, or those of one county or town; and all. */
struct tally_row { struct str key, name; int64_t committees, values[FIGURES_MAX]; };
struct tally_table {
    int64_t from_ms, to_ms, made_ms;
    struct str made_by;         /* unit that has it made */
    struct tally_row *rows;     /* the last one: the sum of all */
    size_t n;
};
/* In the official layout; as XLSX or CSV. E_IO. */
enum err tally_book(struct arena *a, const struct tally_table *t, enum lang lang,
    struct buf *out) MUST_USE;
void tally_csv(const struct tally_table *t, enum lang lang, struct buf *out);

/* A list of disputes, row by row; without names, so there is nothing to hide. */
struct case_book;
struct case_book *case_book_begin(int fd, enum lang lang);
void case_book_add(struct case_book *b, struct str committee, const struct tallied *f);
/* Writes it to fd. E_IO. */
enum err case_book_end(struct case_book *b) MUST_USE;
void case_csv_head(enum lang lang, struct buf *out);
void case_csv_row(struct str committee, int64_t no, const struct tallied *f, enum lang lang,
    struct buf *out);
struct str word_name(struct str word, enum lang lang);

extern const struct sql *const tally_fact_statements[], *const tally_statements[];
extern const size_t tally_fact_statements_n, tally_statements_n;
