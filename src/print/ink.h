/* ink.h: typefaces and lines of text of documents, by GB/T 9704: sizes, tracking, fallback of a
 * glyph to the next font, and what no font has. */
#pragma once
#include "base/arena.h"
#include <pango/pangocairo.h>

#define MM(x) ((x) * 72.0 / 25.4)
/* The page of GB/T 9704: type area of 156 by 225 mm, 28 characters in each of 22 lines. */
static const double page_width = MM(210), page_height = MM(297), type_left = MM(28),
    type_top = MM(37), type_width = MM(156), type_height = MM(225), line_pitch = MM(225) / 22,
    char_pitch = MM(156) / 28;

enum ink_style { INK_BODY, INK_HEADING, INK_SUBHEADING, INK_TITLE, INK_COVER, INK_TABLE, INK_HEAD,
    INK_NOTE, INK_NUMBER, INK_STYLES };
enum ink_align { INK_LEFT, INK_CENTRE, INK_RIGHT };

struct ink {
    PangoContext *context;
    PangoFontDescription *fonts[INK_STYLES];
    bool no_font;
    struct str missing;             /* the first text with a character that no font has */
    char missing_char[8];
    struct arena *marks;            /* where texts with 〔U+1F642〕 for such a character go, or NULL */
    unsigned char gone[0x110000 / 8];   /* those met so far, a bit each */
};
/* c: any surface of the kind that is drawn on; marks is set before, or zero. */
void ink_open(struct ink *k, cairo_t *c);
void ink_close(struct ink *k);
/* The text broken into lines of this width; the first begins indent further right. */
PangoLayout *ink_set(struct ink *k, enum ink_style style, struct str text, double width,
    double indent);
double ink_size(enum ink_style style);
/* Height of a line of this style. */
double ink_pitch(enum ink_style style);
/* Draws a line in the middle of a strip of its style's pitch that begins at y. */
void ink_line(cairo_t *c, PangoLayoutLine *line, enum ink_style style, double x, double y);
double ink_line_width(PangoLayoutLine *line);
