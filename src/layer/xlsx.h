/* xlsx.h: the sheets of a spreadsheet, cell by cell: a ZIP archive (libzip) of XML (expat). Only
 * values are taken; formulas count as what was last worked out. A document type, with which XML can
 * be made to swell, ends the reading. */
#pragma once
#include "base/arena.h"
#include "base/err.h"

enum { XLSX_COLUMNS_MAX = 256, XLSX_SHEETS_MAX = 100, XLSX_CELL_BYTES_MAX = 4 << 20 };

/* A sheet by its name and where it lies in the archive. */
struct xlsx_sheet { struct str name, member; };
struct xlsx_sheets { struct xlsx_sheet at[XLSX_SHEETS_MAX]; size_t n; };
/* Sheets in their order, hidden ones too. E_MEDIA, E_TOO_LARGE, noted. */
enum err xlsx_list(struct arena *a, struct str bytes, struct xlsx_sheets *ret,
    struct err_info *info) MUST_USE;

/* What is read goes here: a cell with its row (from 1) and column (from 0), trimmed, in the arena;
 * number: it is one, written as the file has it. Then the row as a whole, even without cells. */
struct xlsx_sink {
    void *ctx;
    void (*cell)(void *ctx, size_t row, size_t column, struct str text, bool number);
    enum err (*row)(void *ctx, size_t row);
};
/* member: of a sheet; none: the first one. Errors as above, and what the sink gives. */
enum err xlsx_read(struct arena *a, struct str bytes, struct str member,
    const struct xlsx_sink *sink, struct err_info *info) MUST_USE;
