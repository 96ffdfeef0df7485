/* table.c: rows of tables. A row is cut into slices of one line each, so that a long one goes on
 * over the page like any text; a short one stays whole. */
#include "print/compose.h"

static const double pad_x = 5, pad_y = 4, rule = 0.6;

/* "2c 5 2c 5": widths in parts of the whole; c: set in the middle. */
void table_open(struct composer *k, struct str columns)
{
    double all = 0;
    k->columns = 0;
    k->head_n = 0;
    k->head_height = 0;
    while (columns.n && k->columns < COLUMNS_MAX) {
        struct str one = str_cut(columns, ' ', &columns);
        bool centre = one.n && one.p[one.n - 1] == 'c';
        double parts;
        one.n -= centre;
        if (!str_to_f64(one, &parts) || parts <= 0 || parts > 100)
            break;
        k->aligns[k->columns] = centre ? INK_CENTRE : INK_LEFT;
        k->widths[k->columns++] = parts;
        all += parts;
    }
    for (size_t i = 0; i < k->columns; i++)
        k->widths[i] *= type_width / all;
    (void)compose_add(k, STRIP_GAP, rule);
}

void table_close(struct composer *k)
{
    k->columns = 0;
    (void)compose_add(k, STRIP_GAP, pad_y * 2);
}

static void cell_set(struct composer *k, struct row *r, struct str text, double width, bool head)
{
    char *lines = arena_bytes(k->a, text.n + 1);
    memcpy(lines, text.p ? text.p : "", text.n);
    for (size_t i = 0; i < text.n; i++)
        if (lines[i] == '\r')
            lines[i] = '\n';
    struct box_cell *c = &r->cells[r->n];
    c->style = head ? INK_HEAD : INK_TABLE;
    c->align = head ? INK_CENTRE : k->aligns[r->n];
    c->text = ink_set(k->ink, c->style, (struct str){ lines, text.n }, width - 2 * pad_x, 0);
    c->lines = pango_layout_get_line_count(c->text);
    r->slices = c->lines > r->slices ? c->lines : r->slices;
    r->x[r->n + 1] = r->x[r->n] + width;
    r->n++;
}

void table_row(struct composer *k, struct str cells, bool head)
{
    struct row *r = NEW(k->a, struct row);
    r->x[0] = type_left;
    for (bool more = true; more && r->n < k->columns;) {
        size_t before = cells.n;
        struct str text = str_cut(cells, '\t', &cells);
        more = text.n < before;
        double width = k->widths[r->n];
        for (size_t i = r->n + 1; !more && i < k->columns; i++)     /* the last takes what is left */
            width += k->widths[i];
        cell_set(k, r, text, width, head);
    }
    if (head && k->head_n == 0)
        k->head_from = k->doc->n;
    for (int i = 0; i < r->slices; i++) {
        double height = ink_pitch(INK_TABLE) + (i == 0 ? pad_y : 0)
            + (i == r->slices - 1 ? pad_y : 0);
        struct piece *p = compose_add(k, STRIP_ROW, height);
        struct strip *s = &k->doc->strips[k->doc->n - 1];
        p->row = r;
        p->slice = i;
        s->keep = head || (i < r->slices - 1
            && (r->slices <= ROW_TOGETHER_MAX || i == 0 || i == r->slices - 2));
        if (head) {
            k->head_n++;
            k->head_height += height;
        } else {
            p->head_from = k->head_from;
            p->head_n = k->head_n;
            s->again = k->head_height;
        }
    }
}

static void cell_draw(cairo_t *c, const struct row *r, size_t at, int slice, double y)
{
    const struct box_cell *cell = &r->cells[at];
    int above = r->slices <= ROW_TOGETHER_MAX ? (r->slices - cell->lines) / 2 : 0;
    double half = r->slices <= ROW_TOGETHER_MAX && (r->slices - cell->lines) % 2
        ? ink_pitch(INK_TABLE) / 2 : 0;
    int i = slice - above;
    if (i < 0 || i >= cell->lines)
        return;
    PangoLayoutLine *line = pango_layout_get_line_readonly(cell->text, i);
    double x = r->x[at] + pad_x, width = r->x[at + 1] - r->x[at] - 2 * pad_x;
    if (cell->align == INK_CENTRE)
        x += (width - ink_line_width(line)) / 2;
    ink_line(c, line, cell->style, x, y + half);
}

void table_draw(cairo_t *c, const struct piece *p, double y, double height, bool first, bool last)
{
    const struct row *r = p->row;
    double left = r->x[0], right = r->x[r->n];
    for (size_t i = 0; i < r->n; i++)
        cell_draw(c, r, i, p->slice, y + (p->slice == 0 ? pad_y : 0));
    cairo_set_line_width(c, rule);
    for (size_t i = 0; i <= r->n; i++) {
        cairo_move_to(c, r->x[i], y);
        cairo_line_to(c, r->x[i], y + height);
    }
    if (first || p->slice == 0) {
        cairo_move_to(c, left - rule / 2, y);
        cairo_line_to(c, right + rule / 2, y);
    }
    if (last || p->slice == r->slices - 1) {
        cairo_move_to(c, left - rule / 2, y + height);
        cairo_line_to(c, right + rule / 2, y + height);
    }
    cairo_stroke(c);
}
