/* draw.h: sheets of plates drawn on paper: codes as vectors, texts by Pango. */
#pragma once
#include "print/job.h"

struct sheets {
    struct str layout;              /* one of PRINT_LAYOUTS */
    struct str hint, hint_en;       /* below each code */
    const struct plate *plates;
    size_t n;
};
/* How drawing ended; text is what it stopped at. */
enum draw_end { DRAW_OK, DRAW_NO_FONT, DRAW_NO_GLYPH, DRAW_TOO_LONG, DRAW_NO_LAYOUT, DRAW_IO };
struct draw_outcome { enum draw_end end; struct str text; };
/* Writes the PDF to fd; done is called after each page with the plates so far. */
struct draw_outcome draw_sheets(const struct sheets *s, int fd, void (*done)(size_t plates));
