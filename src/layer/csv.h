/* csv.h: tables of text, cell by cell: RFC 4180 with commas, or with tabs or semicolons as
 * spreadsheets write them too. */
#pragma once
#include "base/arena.h"

/* Where the reading stands; line counts from 1. */
struct csv_text { struct str rest; char between; size_t line; };

/* From the first cell on; what parts cells is found in the first line. A byte order mark is left
 * out. */
struct csv_text csv_of(struct str text);
/* The next cell, in the text or, if it held doubled quotes, in the arena; *ret_last when the row
 * ends with it. */
struct str csv_cell(struct arena *a, struct csv_text *t, bool *ret_last);
