/* sheet.h: a CSV or JSON file that somebody has edited, read with every fault it has: line, column
 * and remedy in both languages, so that one round of corrections is enough. */
#pragma once
#include "record/record.h"

enum { FAULTS_MAX = 200, SHEET_BYTES_MAX = 32 << 20, SHEET_ROWS_MAX = 200000 };

/* line 0: the file as a whole. field: the column, or empty. */
struct fault { size_t line; char field[64], zh[480], en[480]; };
/* Faults beyond FAULTS_MAX are counted but not kept. by_row: of a table in JSON, where line counts
 * the heading that it would have (1) and its objects (from 2 on). */
struct faults { struct fault *at; size_t n, total; bool by_row; };

struct faults faults_in(struct arena *a);
/* The texts may hold one %s, filled from arg. */
void fault_add(struct faults *f, size_t line, const char *field, struct msg m, struct str arg);
void fault_note(struct faults *f, size_t line, const struct err_info *info);

/* The good rows and, beside each, the line it begins on; partly: the first FAULTS_MAX that were
 * read but in part, without their faulty cells, for what may be said of the others. Rows of which
 * only a word is not one of its column's count as good. */
struct sheet {
    struct list rows;
    const size_t *lines;
    struct list partly;
    const size_t *partly_lines;
};
/* Reads csv as records of r; all that is wrong with a row goes to f. a should have room for
 * 16 times the file. */
struct sheet sheet_read(struct arena *a, const struct record *r, struct str csv, struct faults *f);
/* The same table with times as this program writes them, as far as they can be read. */
struct str sheet_plain(struct arena *a, const struct record *r, struct str csv);
/* Puts those from a place on in the order of their lines; of one line they stay as they were. */
void faults_order(struct faults *f, size_t from);
/* What else is wrong with rows read in part: check is asked of each as of a sheet with that row
 * alone, for faults of its own; what is said of a cell already is not said again. */
struct sheet_check {
    void (*rows)(const void *ctx, const struct sheet *one, struct faults *own);
    const void *ctx;
};
void sheet_check_partly(struct arena *a, const struct record *r, const struct sheet *s,
    struct sheet_check check, struct faults *f);
/* Adds what own says of a line unless something is said of that cell already. */
void faults_join(struct faults *f, const struct faults *own);

/* The next line, in which a quoted cell may span several; *ret_lines gets how many it takes. */
struct str sheet_line(struct str *rest, size_t *ret_lines);

/* The same table as JSON: an array of objects, one a line, whose keys are the columns; empty cells
 * are null. E_SYNTAX, noted, when csv is none. */
enum err sheet_json(struct arena *a, const struct record *r, struct str csv, struct buf *b,
    struct err_info *info) MUST_USE;
/* Whether it begins as JSON does, which no heading of a table can. */
bool sheet_is_json(struct str text);
/* A table that is JSON made into CSV, a line a row; any other text as it is. What is not an array
 * of flat objects goes to f, and then there is no CSV. */
struct str sheet_csv(struct arena *a, const struct record *r, struct str text, struct faults *f);
/* What was found in the CSV that sheet_csv() made of JSON, counted by row. */
void faults_by_row(struct faults *f, struct str csv);

/* A cell as CSV wants it: quoted when it must be. */
void sheet_cell(struct buf *b, struct str cell);
/* The same for what people wrote, when it goes to a spreadsheet: never read as a formula there. */
void sheet_text(struct buf *b, struct str cell);
