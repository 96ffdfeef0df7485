/* past.h: matters of another system, brought along from a table that it exported: which column is
 * what stands in a map; each row is checked, and the good ones become matters that say whence they
 * came. Nothing of persons is taken: an old system's contact details stay there. */
#pragma once
#include "catalogue/catalogue.h"
#include "geo/datum.h"
#include "layer/csv.h"
#include "matter/intake.h"

/* field, its name in the map, meaning */
#define PAST_FIELD_TABLE(X) \
    X(PAST_NUMBER, "number", "number in the other system") \
    X(PAST_TEXT, "text", "what is wrong") \
    X(PAST_REPORTED, "reported", "when it was reported") \
    X(PAST_CATEGORY, "category", "category: a word of the map, our code or our name") \
    X(PAST_PLACE, "place", "where, in words") \
    X(PAST_LON, "lon", "longitude") \
    X(PAST_LAT, "lat", "latitude") \
    X(PAST_DIVISION, "division", "division or grid: our code, or a division's name") \
    X(PAST_STATE, "state", "state: a word of the map, or ours") \
    X(PAST_ENDED, "ended", "when it ended") \
    X(PAST_UNIT, "unit", "unit: a word of the map, our code or our name") \
    X(PAST_REPLY, "reply", "what was answered")
#define X(id, name, meaning) id,
enum past_field { PAST_FIELD_TABLE(X) PAST_FIELDS };
#undef X
extern const char *const past_field_names[PAST_FIELDS];

struct past_word { struct str from, to; };
struct past_words { const struct past_word *at; size_t n; };
/* {"source": "12345-2025", "columns": {"number": "工单编号", ..}, "crs": "gcj02", "encoding": "GBK",
 *  "categories": {"占道经营": "0302", ..}, "states": {"已归档": "closed", ..},
 *  "units": {"城管中队": "320508018-law", ..},
 *  "usual": {"category": "..", "division": "..", "unit": ".."}}
 * Wanted are source and the columns number, text and reported. States are open, closed, rejected
 * and withdrawn. usual: for rows that say nothing. */
struct past_map {
    struct str source;
    struct str columns[PAST_FIELDS];    /* none: there is no such column */
    const char *encoding;               /* NULL: found out */
    enum crs crs;
    struct past_words categories, states, units;
    struct str category, division, unit;
};
/* E_INPUT, noted with the member, unless it is such a map. */
enum err past_map_read(struct arena *a, struct str json, struct past_map *ret,
    struct err_info *info) MUST_USE;
/* E_INPUT, noted, unless the categories, units and divisions that it names exist. */
enum err past_map_fits(const struct past_map *m, const struct catalogue *c, struct err_info *info)
    MUST_USE;

/* What is wrong with a row; the text may hold one %s, filled from arg. */
struct past_sink {
    void (*found)(void *ctx, size_t line, struct str number, const char *field, struct msg m,
        struct str arg);
    void *ctx;
};
/* A number in the table, or of a matter that is here already: then line is 0. */
struct past_number { struct str number; size_t line; };
struct past_file {
    struct db *db;
    const struct catalogue *cat;
    const struct past_map *map;
    const struct past_sink *sink;
    int64_t now_ms;
    struct csv_text first, at;          /* the first row, the next row */
    enum past_field *columns;           /* what each column is; PAST_FIELDS: nothing */
    size_t n_columns;
    const struct past_number *numbers;
    size_t n_numbers, n_rows;           /* n_rows: rows with anything in them */
};
/* Reads the first line and all numbers; f's first five members are set. E_INPUT, noted, when
 * columns are missing or there are no rows. The text, and what is found, stay in a. */
enum err past_open(struct past_file *f, struct arena *a, struct str bytes, struct err_info *info)
    MUST_USE;
void past_rewind(struct past_file *f);

struct past_row {
    size_t line;
    enum { PAST_GOOD, PAST_BAD, PAST_KNOWN } is;    /* known: it is here already */
    struct intake intake;               /* without past */
    struct intake_past past;
};
/* The next row, with texts in row; false behind the last one. What is wrong goes to the sink. */
bool past_next(struct past_file *f, struct arena *row, struct past_row *ret);

/* Makes the matter of a good row, within the caller's transaction. E_CONFLICT: it is there. */
enum err past_store(struct cx *cx, const struct past_row *row) MUST_USE;

extern const struct sql *const past_statements[];
extern const size_t past_statements_n;
