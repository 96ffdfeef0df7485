/* draw.c: plates on A4 sheets. A plate has its name in two languages, the code with its quiet zone,
 * the same code as text, and one line that says what to do with it. */
#include "print/draw.h"
#include "base/check.h"
#include "print/ink.h"
#include <cairo-pdf.h>
#include <errno.h>
#include <pango/pangocairo.h>
#include <qrencode.h>
#include <unistd.h>

#define FAMILY "Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Zen Hei, Sans"
enum { QUIET_MODULES = 4, TEXT_LINES_MAX = 3 };

/* across, down; margins of the sheet and inside a plate, mm; beside: text stands right of the code;
 * largest and smallest name, pt. Labels are those of 70 by 37 mm, 24 on a sheet. */
struct layout {
    const char *name;
    int across, down;
    double sheet_x, sheet_y, inside;
    bool beside;
    double name_pt, name_least_pt, small_pt;
};
static const struct layout layouts[] = {
    { "2x3", 2, 3, 10, 10, 5, false, 17, 9, 9 },
    { "3x4", 3, 4, 8, 8, 4, false, 13, 7, 7 },
    { "label", 3, 8, 0, 0.5, 3.5, true, 10, 6, 5.5 },
};
/* A module narrower than this is not read from a hand's breadth away; with room to spare the code
 * bears more damage. */
static const double module_least = MM(0.33), module_ample = MM(0.6);

struct drawing {
    const struct sheets *sheets;
    const struct layout *l;
    cairo_t *c;
    PangoLayout *text;
    struct draw_outcome outcome;
};
struct rect { double x, y, w, h; };

static void stop(struct drawing *d, enum draw_end end, struct str text)
{
    if (d->outcome.end == DRAW_OK)
        d->outcome = (struct draw_outcome){ end, text };
}

/* The largest size at which s fits into w by h, in at most TEXT_LINES_MAX lines; returns its
 * height. At the least size what does not fit is cut with an ellipsis. */
static double text_set(struct drawing *d, struct str s, bool bold, double pt, double least_pt,
    struct rect at)
{
    PangoFontDescription *font = pango_font_description_from_string(FAMILY);
    int height = 0;
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_text(d->text, s.p, (int)s.n);
    pango_layout_set_width(d->text, (int)(at.w * PANGO_SCALE));
    pango_layout_set_wrap(d->text, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(d->text, PANGO_ELLIPSIZE_NONE);
    for (;; pt -= 0.5) {
        pango_font_description_set_size(font, (int)(pt * PANGO_SCALE));
        pango_layout_set_font_description(d->text, font);
        pango_layout_get_size(d->text, NULL, &height);
        bool fits = height <= (int)(at.h * PANGO_SCALE)
            && pango_layout_get_line_count(d->text) <= TEXT_LINES_MAX;
        if (fits || pt <= least_pt)
            break;
    }
    if (height > (int)(at.h * PANGO_SCALE)) {
        pango_layout_set_height(d->text, (int)(at.h * PANGO_SCALE));
        pango_layout_set_ellipsize(d->text, PANGO_ELLIPSIZE_END);
        pango_layout_get_size(d->text, NULL, &height);
    }
    pango_font_description_free(font);
    if (pango_layout_get_unknown_glyphs_count(d->text) > 0)
        stop(d, DRAW_NO_GLYPH, s);
    return (double)height / PANGO_SCALE;
}

/* Draws s at the top of at and gives how much of it is used up. */
static double text_draw(struct drawing *d, struct str s, bool bold, double pt, double least_pt,
    struct rect at)
{
    if (s.n == 0)
        return 0;
    double height = text_set(d, s, bold, pt, least_pt, at);
    cairo_move_to(d->c, at.x, at.y);
    pango_cairo_show_layout(d->c, d->text);
    pango_layout_set_height(d->text, -1);
    return height;
}

/* As sturdy as the space allows: a quarter of the code may be lost, or else 15 in a hundred. */
static QRcode *code_make(struct str url, double side)
{
    static const struct { QRecLevel level; const double *module; } tries[] = {
        { QR_ECLEVEL_Q, &module_ample }, { QR_ECLEVEL_M, &module_least },
    };
    char text[PLATE_URL_BYTES_MAX + 1];
    CHECK(url.n < sizeof(text));
    memcpy(text, url.p, url.n);
    text[url.n] = '\0';
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        QRcode *q = QRcode_encodeString8bit(text, 0, tries[i].level);
        if (q && side / (q->width + 2 * QUIET_MODULES) >= *tries[i].module)
            return q;
        QRcode_free(q);
    }
    return NULL;
}

/* Dark modules as one path, a rectangle for each run of them. */
static void code_draw(struct drawing *d, const struct plate *p, double x, double y, double side)
{
    QRcode *q = code_make(p->url, side);
    if (q == NULL) {
        stop(d, DRAW_TOO_LONG, p->name);
        return;
    }
    double m = side / (q->width + 2 * QUIET_MODULES);
    for (int row = 0; row < q->width; row++)
        for (int from = 0, to; from < q->width; from = to + 1) {
            for (to = from; to < q->width && (q->data[row * q->width + to] & 1); to++)
                continue;
            if (to > from)
                cairo_rectangle(d->c, x + (from + QUIET_MODULES) * m, y + (row + QUIET_MODULES) * m,
                    (to - from) * m, m);
        }
    cairo_fill(d->c);
    QRcode_free(q);
}

static struct rect inside_of(struct rect at, double by)
{
    return (struct rect){ at.x + by, at.y + by, at.w - 2 * by, at.h - 2 * by };
}

/* Name above, code in the middle, the rest below. */
static void plate_upright(struct drawing *d, const struct plate *p, struct rect at)
{
    const struct layout *l = d->l;
    const struct sheets *s = d->sheets;
    struct rect b = inside_of(at, MM(l->inside));
    struct rect name = { b.x, b.y, b.w, b.h * 0.17 };
    pango_layout_set_alignment(d->text, PANGO_ALIGN_CENTER);
    name.y += text_draw(d, p->name, true, l->name_pt, l->name_least_pt, name);
    name.h = b.h * 0.08;
    double top = name.y + text_draw(d, p->name_en, false, l->small_pt + 1, 5, name);
    double foot = b.h * 0.16, side = b.y + b.h - foot - top;
    side = side < b.w ? side : b.w;
    code_draw(d, p, b.x + (b.w - side) / 2, top, side);
    struct rect below = { b.x, top + side, b.w, b.h * 0.06 };
    below.y += text_draw(d, p->code, false, l->small_pt + 1, 5, below);
    below.y += text_draw(d, s->hint, false, l->small_pt, 5, below);
    (void)text_draw(d, s->hint_en, false, l->small_pt - 1, 4, below);
}

/* Code on the left, texts on the right. */
static void plate_beside(struct drawing *d, const struct plate *p, struct rect at)
{
    const struct layout *l = d->l;
    const struct sheets *s = d->sheets;
    struct rect b = inside_of(at, MM(l->inside));
    code_draw(d, p, b.x, b.y, b.h);
    struct rect t = { b.x + b.h, b.y + MM(1), b.w - b.h, b.h * 0.42 };
    pango_layout_set_alignment(d->text, PANGO_ALIGN_LEFT);
    t.y += text_draw(d, p->name, true, l->name_pt, l->name_least_pt, t);
    t.h = b.h * 0.2;
    t.y += text_draw(d, p->name_en, false, l->small_pt + 0.5, 4, t);
    t.y += text_draw(d, p->code, false, l->small_pt + 0.5, 4, t);
    t.y += text_draw(d, s->hint, false, l->small_pt, 4, t);
    (void)text_draw(d, s->hint_en, false, l->small_pt - 0.5, 4, t);
}

/* Where to cut; labels are cut already. */
static void cutting_line(struct drawing *d, struct rect at)
{
    const double dashes[] = { MM(1), MM(1.5) };
    cairo_save(d->c);
    cairo_set_source_rgb(d->c, 0.6, 0.6, 0.6);
    cairo_set_line_width(d->c, MM(0.1));
    cairo_set_dash(d->c, dashes, 2, 0);
    cairo_rectangle(d->c, at.x, at.y, at.w, at.h);
    cairo_stroke(d->c);
    cairo_restore(d->c);
}

static void plate_draw(struct drawing *d, const struct plate *p, int place)
{
    const struct layout *l = d->l;
    double w = (page_width - 2 * MM(l->sheet_x)) / l->across;
    double h = (page_height - 2 * MM(l->sheet_y)) / l->down;
    struct rect at = { MM(l->sheet_x) + place % l->across * w,
        MM(l->sheet_y) + place / l->across * h, w, h };
    if (l->beside) {
        plate_beside(d, p, at);
        return;
    }
    cutting_line(d, at);
    plate_upright(d, p, at);
}

/* Told before anything else: without such a font every name would be a row of boxes. */
static void font_check(struct drawing *d)
{
    struct rect room = { 0, 0, page_width, page_height };
    (void)text_set(d, STR("网格扫码报事"), true, 12, 12, room);
    if (d->outcome.end == DRAW_NO_GLYPH)
        d->outcome.end = DRAW_NO_FONT;
}

static void pages_draw(struct drawing *d, void (*done)(size_t plates))
{
    const struct sheets *s = d->sheets;
    size_t a_page = (size_t)(d->l->across * d->l->down);
    font_check(d);
    for (size_t i = 0; i < s->n && d->outcome.end == DRAW_OK; i++) {
        plate_draw(d, &s->plates[i], (int)(i % a_page));
        if ((i + 1) % a_page == 0 || i + 1 == s->n) {
            cairo_show_page(d->c);
            done(i + 1);
        }
    }
}

/* Writes all of it; a stream that failed stays failed. */
static cairo_status_t to_fd(void *closure, const unsigned char *p, unsigned n)
{
    const int *fd = closure;
    for (size_t at = 0; at < n;) {
        ssize_t put = write(*fd, p + at, n - at);
        if (put < 0 && errno != EINTR)
            return CAIRO_STATUS_WRITE_ERROR;
        at += put > 0 ? (size_t)put : 0;
    }
    return CAIRO_STATUS_SUCCESS;
}

static const struct layout *layout_find(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(layouts); i++)
        if (str_is(name, layouts[i].name))
            return &layouts[i];
    return NULL;
}

struct draw_outcome draw_sheets(const struct sheets *s, int fd, void (*done)(size_t plates))
{
    struct drawing d = { .sheets = s, .l = layout_find(s->layout) };
    if (d.l == NULL)
        return (struct draw_outcome){ DRAW_NO_LAYOUT, s->layout };
    cairo_surface_t *paper = cairo_pdf_surface_create_for_stream(to_fd, &fd, page_width,
        page_height);
    cairo_pdf_surface_set_metadata(paper, CAIRO_PDF_METADATA_TITLE, "Fengqiao");
    d.c = cairo_create(paper);
    d.text = pango_cairo_create_layout(d.c);
    pages_draw(&d, done);
    g_object_unref(d.text);
    cairo_destroy(d.c);
    cairo_surface_finish(paper);
    if (cairo_surface_status(paper) != CAIRO_STATUS_SUCCESS)
        stop(&d, DRAW_IO, STR_NONE);
    cairo_surface_destroy(paper);
    return d.outcome;
}
