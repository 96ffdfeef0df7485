/* compose.h: the lines of a job that make up a document, set as strips. */
#pragma once
#include "print/flow.h"
#include "print/ink.h"

enum strip_kind { STRIP_GAP, STRIP_LINE, STRIP_ROW, STRIP_FILL, STRIP_SIGN, STRIP_IMAGE };
enum { COLUMNS_MAX = 8, ROW_TOGETHER_MAX = 8 };

struct box_cell { PangoLayout *text; int lines; enum ink_align align; enum ink_style style; };
struct row { double x[COLUMNS_MAX + 1]; struct box_cell cells[COLUMNS_MAX]; size_t n; int slices; };
/* What is drawn for the strip of the same number. */
struct piece {
    enum strip_kind kind;
    enum ink_style style;
    PangoLayoutLine *line;          /* STRIP_LINE, STRIP_SIGN: the label */
    PangoLayoutLine *value;         /* STRIP_SIGN: what stands on the rule */
    double x, rule_from, rule_to;
    struct row *row;                /* STRIP_ROW: this slice of it */
    int slice;
    size_t head_from, head_n;       /* STRIP_ROW: pieces of the table's head */
    cairo_surface_t *image;
    double w, h;
};
/* A row of the contents. */
struct listed { struct str title, note; int page; };
struct sheet_doc {
    struct str title, kind, body;   /* kind: cover, contents, paper, back */
    struct piece *pieces;
    struct strip *strips;
    size_t n, room;
    size_t *pages, n_pages;         /* strip that each page begins with */
    int first_no;                   /* number of its first page; 0: pages without number */
};
struct composer {
    struct arena *a;
    struct ink *ink;
    const struct listed *entries;    /* for the contents */
    size_t n_entries;
    int count;                      /* pages with numbers */
    struct str bad;                 /* the first line that is not understood */
    struct sheet_doc *doc;
    double widths[COLUMNS_MAX];     /* of the open table */
    enum ink_align aligns[COLUMNS_MAX];
    size_t columns, head_from, head_n;
    double head_height;
    bool page_next;
};
/* Sets the document's body and divides it into pages. */
void compose(struct composer *k, struct sheet_doc *doc);
/* For table.c: adds an empty strip of this kind and height. */
struct piece *compose_add(struct composer *k, enum strip_kind kind, double height);
void table_open(struct composer *k, struct str columns);
void table_row(struct composer *k, struct str cells, bool head);
void table_close(struct composer *k);
void table_draw(cairo_t *c, const struct piece *p, double y, double height, bool first, bool last);
/* The text as a QR code with its margin; NULL when it is too long for one. */
cairo_surface_t *code_image(struct arena *a, struct str text);
/* A JPEG in base64; NULL when it is none. */
cairo_surface_t *image_read(struct arena *a, struct str base64, double *ret_w, double *ret_h);
