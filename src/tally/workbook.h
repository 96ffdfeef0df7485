/* workbook.h: what all workbooks that leave here have in common. */
#pragma once
#include "tally/tally.h"
#include <xlsxwriter.h>

static inline const char *say(enum lang lang, struct msg m)
{
    return lang == LANG_EN ? m.en : m.zh;
}
/* The library takes texts that end in NUL; a longer one than any cell of ours is cut. Never a
 * formula, whatever the text begins with. */
void cell_str(lxw_worksheet *s, uint32_t row, uint16_t col, struct str v, lxw_format *f);
/* 2026-03-01; empty for none. */
struct str day_of(struct arena *a, int64_t ms);
lxw_format *framed(lxw_workbook *wb, uint8_t align);
/* A4 across; rows up to head are repeated on each page, the first columns stay in sight. */
void page_set(lxw_worksheet *s, uint32_t head, uint16_t fixed);

/* A workbook in a file that has no name, which the library opens by its number; at the end the
 * content goes to out, and the file is gone. E_IO. */
struct nameless { int fd; char path[40]; };
enum err book_begin(struct nameless *f, lxw_workbook **ret) MUST_USE;
enum err book_end(lxw_workbook *wb, struct nameless *f, struct buf *out) MUST_USE;
lxw_format *titled(lxw_workbook *wb);
