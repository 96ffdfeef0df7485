/* lines.h: the lines of a CSV file of any length, one after another, in little memory. A line break
 * inside quotes does not end a line. */
#pragma once
#include "base/str.h"
#include <stdio.h>

enum { LINE_BYTES_MAX = 1 << 20 };
enum csv_line { LINE_GOOD, LINE_TOO_LONG, LINE_END, LINE_UNREADABLE };

struct csv_lines {
    FILE *file;
    char *p;                    /* LINES_BYTES */
    size_t from, to;            /* what has been read and not given out */
    bool ended;
    size_t number;              /* of the line given out last, counted in the file from 1 */
    size_t breaks;              /* lines that one had */
};

struct csv_lines lines_of(FILE *file);
void lines_end(struct csv_lines *l);
/* The next line without its end (LF or CRLF), until the next call. One too long, as behind a quote
 * that is never closed, is given with its beginning; reading goes on after its first line break.
 */
enum csv_line lines_next(struct csv_lines *l, struct str *ret);
/* The cell at position k of a line, without quotes around it and white space at its ends; quotes
 * inside stay as they are. False when the line has fewer. */
bool line_cell(struct str line, size_t k, struct str *ret);
