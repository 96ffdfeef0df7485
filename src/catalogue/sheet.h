/* sheet.h: a CSV file that somebody has edited, read with every fault it has: line, column and
 * remedy in both languages, so that one round of corrections is enough. */
#pragma once
#include "record/record.h"

enum { FAULTS_MAX = 200, SHEET_BYTES_MAX = 32 << 20, SHEET_ROWS_MAX = 200000 };

/* line 0: the file as a whole. field: the column, or empty. */
struct fault { size_t line; char field[64], zh[480], en[480]; };
/* Faults beyond FAULTS_MAX are counted but not kept. */
struct faults { struct fault *at; size_t n, total; };

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
/* Adds what own says of a line unless something is said of that cell already. */
void faults_join(struct faults *f, const struct faults *own);

/* A cell as CSV wants it: quoted when it must be. */
void sheet_cell(struct buf *b, struct str cell);
/* The same for what people wrote, when it goes to a spreadsheet: never read as a formula there. */
void sheet_text(struct buf *b, struct str cell);
