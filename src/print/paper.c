/* paper.c: see paper.h. All documents are set first, so that the contents can name pages; then they
 * are drawn, together or each on its own. */
#include "print/paper.h"
#include "base/buf.h"
#include "print/amend.h"
#include "print/compose.h"
#include <cairo-pdf.h>
#include <errno.h>
#include <unistd.h>

struct dossier {
    struct arena *a;
    struct ink ink;
    struct composer composer;
    struct str title, printed;     /* printed: by whom and when, or empty */
    bool whole, each;
    struct sheet_doc docs[JOB_DOCS_MAX];
    size_t n;
    struct listed entries[JOB_DOCS_MAX];
    size_t n_entries;
};

static bool is_kind(const struct sheet_doc *d, const char *kind)
{
    return str_is(d->kind, kind);
}

/* Cuts the job where documents begin: "doc", kind, title, note. */
static bool docs_cut(struct dossier *d, struct str job)
{
    struct sheet_doc *doc = NULL;
    while (job.n) {
        struct str text, line = str_cut(job, '\n', &job);
        if (!str_starts(line, STR("doc\t"))) {
            if (doc == NULL)
                return false;
            doc->body.n = (size_t)(line.p + line.n - doc->body.p);
            continue;
        }
        if (d->n == JOB_DOCS_MAX)
            return false;
        doc = &d->docs[d->n++];
        (void)str_cut(line, '\t', &text);
        doc->kind = str_cut(text, '\t', &text);
        doc->title = str_cut(text, '\t', &text);
        doc->body = (struct str){ job.p ? job.p : line.p, 0 };
        if (is_kind(doc, "paper") && doc->title.n)
            d->entries[d->n_entries++] = (struct listed){ doc->title, text, 0 };
    }
    return d->n > 0;
}

/* Pages are counted through all documents but cover, contents and back, which tell of them and are
 * set last. */
static void compose_all(struct dossier *d)
{
    int page = 1;
    size_t entry = 0;
    d->composer = (struct composer){ .a = d->a, .ink = &d->ink, .entries = d->entries,
        .n_entries = d->n_entries };
    for (size_t i = 0; i < d->n; i++) {
        if (!is_kind(&d->docs[i], "paper"))
            continue;
        compose(&d->composer, &d->docs[i]);
        d->docs[i].first_no = page;
        if (d->docs[i].title.n)
            d->entries[entry++].page = page;
        page += (int)d->docs[i].n_pages;
    }
    d->composer.count = page - 1;
    for (size_t i = 0; i < d->n; i++)
        if (!is_kind(&d->docs[i], "paper"))
            compose(&d->composer, &d->docs[i]);
}

/* Drawing ----------------------------------------------------------------------------------- */

static void rule_draw(cairo_t *c, double from, double to, double y)
{
    cairo_set_line_width(c, 0.5);
    cairo_move_to(c, from, y);
    cairo_line_to(c, to, y);
    cairo_stroke(c);
}

static void image_draw(cairo_t *c, const struct piece *p, double x, double y, double w, double h)
{
    cairo_save(c);
    cairo_translate(c, x, y);
    cairo_scale(c, w / cairo_image_surface_get_width(p->image),
        h / cairo_image_surface_get_height(p->image));
    cairo_set_source_surface(c, p->image, 0, 0);
    cairo_paint(c);
    cairo_restore(c);
}

static void sign_draw(cairo_t *c, const struct piece *p, double y, double height)
{
    double low = height - ink_pitch(p->style), foot = y + height - 3;
    if (p->line)
        ink_line(c, p->line, p->style, p->x, y + low);
    rule_draw(c, p->rule_from, p->rule_to, foot);
    if (p->image) {
        double scale = (height - 4) / p->h, room = p->rule_to - p->rule_from;
        scale = scale < room / p->w ? scale : room / p->w;
        image_draw(c, p, p->rule_from, foot - p->h * scale, p->w * scale, p->h * scale);
    } else if (p->value) {
        ink_line(c, p->value, p->style, p->rule_from + 4, y + low);
    }
}

static void piece_draw(cairo_t *c, const struct piece *p, double y, double height, bool first,
    bool last)
{
    switch (p->kind) {
    case STRIP_GAP: break;
    case STRIP_LINE: ink_line(c, p->line, p->style, p->x, y); break;
    case STRIP_ROW: table_draw(c, p, y, height, first, last); break;
    case STRIP_FILL: rule_draw(c, p->rule_from, p->rule_to, y + height - 4); break;
    case STRIP_SIGN: sign_draw(c, p, y, height); break;
    case STRIP_IMAGE:       /* one that takes no room stands half above it */
        image_draw(c, p, p->x, height > 0 ? y : y - p->h / 2, p->w, p->h);
        break;
    }
}

/* GB/T 9704: below the type area, between dashes, one character in from the outer edge: odd pages
 * right, even ones left. */
static void number_draw(struct dossier *d, cairo_t *c, int no)
{
    PangoLayout *l = ink_set(&d->ink, INK_NUMBER, arena_fmt(d->a, "— %d —", no), type_width, 0);
    PangoLayoutLine *line = pango_layout_get_line_readonly(l, 0);
    double inset = ink_size(INK_NUMBER), w = ink_line_width(line);
    double x = no % 2 ? type_left + type_width - inset - w : type_left + inset;
    ink_line(c, line, INK_NUMBER, x, type_top + type_height + MM(7) - ink_pitch(INK_NUMBER) / 2);
    g_object_unref(l);
}

/* Small and grey at the foot of the sheet, outside the type area: what is signed and filed stays as
 * it is, and a copy tells whose it was. */
static void printed_draw(struct dossier *d, cairo_t *c)
{
    const double scale = 0.6;
    PangoLayout *l = ink_set(&d->ink, INK_NOTE, d->printed, type_width / scale, 0);
    cairo_save(c);
    cairo_set_source_rgb(c, 0.55, 0.55, 0.55);
    cairo_translate(c, type_left, page_height - MM(14));
    cairo_scale(c, scale, scale);
    ink_line(c, pango_layout_get_line_readonly(l, 0), INK_NOTE, 0, 0);
    cairo_restore(c);
    g_object_unref(l);
}

static void page_draw(struct dossier *d, const struct sheet_doc *doc, size_t page, cairo_t *c)
{
    size_t from = doc->pages[page];
    size_t to = flow_page(doc->strips, doc->n, from, type_height);
    double y = type_top;
    if (from < doc->n && doc->strips[from].again > 0)
        for (size_t i = 0; i < doc->pieces[from].head_n; i++) {
            size_t at = doc->pieces[from].head_from + i;
            piece_draw(c, &doc->pieces[at], y, doc->strips[at].height, i == 0, false);
            y += doc->strips[at].height;
        }
    for (size_t i = from; i < to && i < doc->n; i++) {
        piece_draw(c, &doc->pieces[i], y, doc->strips[i].height, i == from,
            i + 1 == to || doc->pieces[i + 1].kind != STRIP_ROW);
        y += doc->strips[i].height;
    }
    if (doc->first_no)
        number_draw(d, c, doc->first_no + (int)page);
    if (d->printed.n)
        printed_draw(d, c);
}

static cairo_status_t to_buf(void *closure, const unsigned char *p, unsigned n)
{
    struct buf *b = closure;
    if (b->n + n > b->max)
        return CAIRO_STATUS_WRITE_ERROR;
    buf_add(b, (struct str){ (const char *)p, n });
    return CAIRO_STATUS_SUCCESS;
}

static bool write_all(int fd, struct str s)
{
    while (s.n) {
        ssize_t put = write(fd, s.p, s.n);
        if (put < 0 && errno != EINTR)
            return false;
        s.p += put > 0 ? put : 0;
        s.n -= put > 0 ? (size_t)put : 0;
    }
    return true;
}

/* Draws so many of the documents; returns pages, or 0 when the file did not come about. */
static size_t docs_draw(struct dossier *d, const struct sheet_doc *docs, size_t n, struct buf *b)
{
    struct str title = n == 1 ? docs->title : d->title;
    cairo_surface_t *paper = cairo_pdf_surface_create_for_stream(to_buf, b, page_width,
        page_height);
    cairo_pdf_surface_set_metadata(paper, CAIRO_PDF_METADATA_TITLE, arena_str(d->a, title).p);
    cairo_pdf_surface_set_metadata(paper, CAIRO_PDF_METADATA_CREATOR, "Fengqiao");
    cairo_t *c = cairo_create(paper);
    size_t pages = 0;
    for (size_t i = 0; i < n; i++) {
        if (docs[i].title.n)
            (void)cairo_pdf_surface_add_outline(paper, CAIRO_PDF_OUTLINE_ROOT,
                arena_str(d->a, docs[i].title).p, arena_fmt(d->a, "page=%zu", pages + 1).p, 0);
        for (size_t page = 0; page < docs[i].n_pages; page++, pages++) {
            cairo_pdf_surface_set_page_label(paper, docs[i].first_no
                ? arena_fmt(d->a, "%d", docs[i].first_no + (int)page).p
                : arena_str(d->a, docs[i].title).p);
            page_draw(d, &docs[i], page, c);
            cairo_show_page(c);
        }
    }
    cairo_destroy(c);
    cairo_surface_finish(paper);
    bool good = cairo_surface_status(paper) == CAIRO_STATUS_SUCCESS && amend_language(b);
    cairo_surface_destroy(paper);
    return good ? pages : 0;
}

static bool file_make(struct dossier *d, const struct sheet_doc *docs, size_t n, int fd,
    void (*made)(size_t bytes, size_t pages))
{
    struct arena a;
    arena_init(&a, (size_t)JOB_PDF_BYTES_MAX * 3);
    struct buf b = buf_in(&a, JOB_PDF_BYTES_MAX);
    size_t pages = docs_draw(d, docs, n, &b);
    bool good = pages > 0 && write_all(fd, buf_str(&b));
    if (good)
        made(b.n, pages);
    arena_free(&a);
    return good;
}

/* On its own a document has its own page numbers. */
static bool files_make(struct dossier *d, int fd, void (*made)(size_t bytes, size_t pages))
{
    bool good = !d->whole || file_make(d, d->docs, d->n, fd, made);
    for (size_t i = 0; good && d->each && i < d->n; i++) {
        struct sheet_doc doc = d->docs[i];
        doc.first_no = doc.first_no ? 1 : 0;
        good = file_make(d, &doc, 1, fd, made);
    }
    return good;
}

struct draw_outcome paper_draw(struct arena *a, struct str first, struct str job, int fd,
    void (*made)(size_t bytes, size_t pages))
{
    struct dossier *d = NEW(a, struct dossier);
    struct str rest;
    d->ink.marks = str_is(str_cut(first, '\t', &rest), JOB_MARKED) ? a : NULL;
    d->a = a;
    struct str what = str_cut(rest, '\t', &rest);
    d->title = str_cut(rest, '\t', &d->printed);
    d->whole = !str_is(what, "each");
    d->each = !str_is(what, "whole");
    if (!docs_cut(d, job))
        return (struct draw_outcome){ DRAW_NO_LAYOUT, STR_NONE };
    cairo_surface_t *model = cairo_pdf_surface_create_for_stream(NULL, NULL, page_width,
        page_height);
    cairo_t *c = cairo_create(model);
    ink_open(&d->ink, c);
    struct draw_outcome o = { d->ink.no_font ? DRAW_NO_FONT : DRAW_OK, STR_NONE };
    if (o.end == DRAW_OK)
        compose_all(d);
    if (o.end == DRAW_OK && d->ink.missing.n && d->ink.marks == NULL)
        o = (struct draw_outcome){ DRAW_NO_GLYPH, arena_fmt(a, "%s %.*s", d->ink.missing_char,
            STR_FMT(str_head(d->ink.missing, 40))) };
    if (o.end == DRAW_OK && d->composer.bad.n)
        o = (struct draw_outcome){ DRAW_NO_LAYOUT, d->composer.bad };
    if (o.end == DRAW_OK && !files_make(d, fd, made))
        o.end = DRAW_IO;
    ink_close(&d->ink);
    cairo_destroy(c);
    cairo_surface_destroy(model);
    return o;
}
