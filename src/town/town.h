/* town.h: a town of one's own from spreadsheets: which tables there are, how they are read from
 * workbooks and CSV files that people have filled in, what is wrong with them, what becomes of
 * them, and the forms to fill in. docs/handbook.md walks through it. */
#pragma once
#include "catalogue/catalogue.h"
#include "catalogue/sheet.h"
#include "crypto/key.h"
#include "layer/feature.h"

/* Tables, in the order in which they are stored: each rests on those above it. */
enum town_sheet {
    SHEET_TOWN, SHEET_DIVISION, SHEET_UNIT, SHEET_GRID, SHEET_MICRO, SHEET_POLICE, SHEET_CATEGORY,
    SHEET_LIMIT, SHEET_CALENDAR, SHEET_RULE, SHEET_TEMPLATE, SHEET_PERSON, SHEET_DUTY, SHEET_COUNT,
    SHEET_NONE = SHEET_COUNT,
};

/* A word of ours and what people write for it. */
struct town_choice { const char *word, *zh, *en; };
/* What a cell holds, and so what is made of what people write in it. */
enum town_kind {
    CELL_WORDS_FREE,        /* text as it is */
    CELL_DIGITS,            /* a code, number or telephone: digits in any width, spaces left out */
    CELL_DAY,               /* a day in any of the usual shapes becomes yyyy-mm-dd */
    CELL_TRUTH,             /* true or false */
    CELL_CHOICE,            /* one of choices */
    CELL_CHOICES,           /* several of them, spaces between */
    CELL_REF,               /* a row of another table, by code or name */
    CELL_LATIN,             /* small letters and digits */
};
struct town_column {
    const char *field;              /* as import knows it */
    struct msg heading, note;
    enum town_kind kind;
    bool wanted;                    /* may not be empty */
    const struct town_choice *choices;
    enum town_sheet ref;
    const char *like;               /* if it is empty, what stands in this field */
};
struct town_form {
    const char *name;               /* of a CSV file or a sheet */
    struct msg title;               /* the same in the reader's language */
    struct msg note;
    const struct town_column *columns;
    size_t n;
    bool in_book;                   /* has a sheet in the workbook to fill in */
};
enum { TOWN_COLUMNS_MAX = 20, TOWN_ROWS_MAX = 20000 };
extern const struct town_form town_forms[SHEET_COUNT];
enum town_sheet town_sheet_named(struct str name);
/* Functions of units that the built-in catalogue speaks of, and other words; ends with NULL. */
extern const struct town_choice town_functions[], town_roles[], town_stages[];
/* The word for what people wrote, or none; and what people write for a word, or the word. */
struct str town_word(const struct town_choice *choices, struct str said);
struct str town_said(const struct town_choice *choices, struct str word, enum lang lang);

/* Reading ---------------------------------------------------------------------------------- */

/* A table as it was filled in: cells by row and column of its form, made what import takes. */
struct town_table {
    bool given, is_outlines;
    struct str where;               /* file, and the sheet in it */
    bool has[TOWN_COLUMNS_MAX];
    struct str (*cells)[TOWN_COLUMNS_MAX];
    size_t *rows;                   /* where each stands in the file, from 1 */
    size_t n;
    struct faults faults;
    bool *follows;                  /* rows at fault only because of other rows, or NULL */
    bool unread;                    /* there is a file of it, of which no row could be read */
    bool unchecked;                 /* something in it could not be held against an unread one */
    struct source outlines;         /* of a layer: a file that the importer of layers reads */
};
struct town { struct town_table tables[SHEET_COUNT]; struct faults faults; };

/* A file of the folder with its bytes; of a Shapefile also what lies beside it. */
struct town_file { struct source source; };
/* Takes what is in the files; files that are no tables of ours are a fault, with their names. */
void town_read(struct arena *a, const struct town_file *files, size_t n, struct town *ret);
/* Adds one row to a table: what somebody answered. */
void town_add(struct arena *a, struct town *t, enum town_sheet sheet, const struct str *cells,
    struct str where);
/* A cell by its field; none: empty. */
struct str town_cell(const struct town *t, enum town_sheet sheet, size_t row, const char *field);
/* A cell as it was written, made what its column wants; what is wrong with it goes to f. number: it
 * comes from a spreadsheet's number. */
struct str town_mend(struct arena *a, const struct town_column *c, struct str said, bool number,
    size_t row, struct faults *f);
/* Whether this is the code of a town: 12 digits, the last three 000; in *ret. */
bool town_code_read(struct str said, int64_t *ret);
/* What is said of one that is none. */
extern const struct msg town_code_form;
/* Codes in the place of names of units, divisions and categories, of the town's or those in c. */
void town_resolve(struct arena *a, struct town *t, const struct catalogue *c);
/* As CSV with our headings, without the rows that leave_out tells (one a row, or NULL); ret_lines:
 * the row in the file for each line, from line 1. */
struct str town_csv(struct arena *a, const struct town *t, enum town_sheet sheet,
    const bool *leave_out, const size_t **ret_lines, size_t *ret_n);
size_t town_faults(const struct town *t);

/* Storing ---------------------------------------------------------------------------------- */

struct town_progress { void (*tell)(void *ctx, enum town_sheet sheet); void *ctx; };
struct town_made { size_t rows; bool built_in, same; };
struct town_store {
    struct db *db;
    struct arena *a;
    const struct node_keys *keys;
    struct rand *rand;
    int64_t now_ms;
    struct town_progress progress;
    struct town_made made[SHEET_COUNT];
    struct list newcomers;          /* struct newcomer */
    size_t people_same;
};
/* Stores all of it within the caller's transaction, table by table, each checked beside what was
 * stored before it. Faults go to the tables of t; then what was stored must be rolled back. */
enum err town_store(struct town_store *s, struct town *t, struct err_info *info) MUST_USE;

/* Looking for holes ------------------------------------------------------------------------ */

/* later: nothing stands against beginning without it. */
struct town_hole { const char *kind; struct msg text, remedy; bool later; };
/* What is missing before matters can be sent, answered and decided everywhere: struct town_hole. */
enum err town_holes(struct db *db, const struct catalogue *c, struct arena *a, int64_t now_ms,
    struct list *ret) MUST_USE;

/* Forms ------------------------------------------------------------------------------------ */

/* The workbook to fill in. E_IO. */
enum err town_book(struct arena *a, enum lang lang, struct buf *out) MUST_USE;

extern const struct sql *const town_people_statements[];
extern const size_t town_people_statements_n;
extern const struct sql *const town_hole_statements[];
extern const size_t town_hole_statements_n;
