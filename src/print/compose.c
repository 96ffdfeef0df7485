/* compose.c: see compose.h; job.h says what each line means. */
#include "print/compose.h"
#include "print/job.h"

static const double sign_height = 36, seal_gap = 30, image_gap = 12, code_side = 74;

struct piece *compose_add(struct composer *k, enum strip_kind kind, double height)
{
    struct sheet_doc *d = k->doc;
    if (d->n == d->room) {
        size_t room = d->room ? d->room * 2 : 64;
        struct piece *pieces = NEW_N(k->a, struct piece, room);
        struct strip *strips = NEW_N(k->a, struct strip, room);
        if (d->n) {
            memcpy(pieces, d->pieces, d->n * sizeof(*pieces));
            memcpy(strips, d->strips, d->n * sizeof(*strips));
        }
        d->pieces = pieces;
        d->strips = strips;
        d->room = room;
    }
    /* A gap between what belongs together does not part it: a heading and its table. */
    d->strips[d->n] = (struct strip){ .height = height, .gap = kind == STRIP_GAP,
        .page = k->page_next,
        .keep = kind == STRIP_GAP && d->n && d->strips[d->n - 1].keep && !k->page_next };
    k->page_next = false;
    d->pieces[d->n] = (struct piece){ .kind = kind };
    return &d->pieces[d->n++];
}

/* Of the piece that was added last. */
static struct strip *strip_last(struct composer *k)
{
    CHECK(k->doc->n > 0);
    return &k->doc->strips[k->doc->n - 1];
}

/* What is added next stays on the page of what is there. */
static void keep_last(struct composer *k)
{
    for (size_t i = k->doc->n; i > 0; i--) {
        k->doc->strips[i - 1].keep = true;
        if (!k->doc->strips[i - 1].gap)
            return;
    }
}

struct setting { enum ink_style style; enum ink_align align; double indent, right; bool keep; };

static void text_add(struct composer *k, struct setting s, struct str text)
{
    double width = type_width - s.right;
    PangoLayout *l = ink_set(k->ink, s.style, text, width, s.indent);
    int lines = pango_layout_get_line_count(l);
    for (int i = 0; i < lines; i++) {
        struct piece *p = compose_add(k, STRIP_LINE, ink_pitch(s.style));
        p->line = pango_layout_get_line_readonly(l, i);
        p->style = s.style;
        double spare = width - ink_line_width(p->line);
        p->x = type_left + (s.align == INK_CENTRE ? spare / 2 : s.align == INK_RIGHT ? spare
            : i == 0 ? s.indent : 0);
        /* Neither the first nor the last line of a paragraph stands alone on a page. */
        strip_last(k)->keep = s.keep || (lines > 1 && i < lines - 1 && (i == 0 || i == lines - 2));
    }
}

static void gap_add(struct composer *k, double height)
{
    (void)compose_add(k, STRIP_GAP, height);
}

static void op_title(struct composer *k, struct str text)
{
    text_add(k, (struct setting){ INK_TITLE, INK_CENTRE, 0, 0, true }, text);
    gap_add(k, line_pitch / 2);
    strip_last(k)->keep = true;
}
static void op_cover(struct composer *k, struct str text)
{
    text_add(k, (struct setting){ INK_COVER, INK_CENTRE, 0, 0, true }, text);
}
static void op_heading(struct composer *k, struct str text)
{
    text_add(k, (struct setting){ INK_HEADING, INK_LEFT, 2 * char_pitch, 0, true }, text);
}
static void op_subheading(struct composer *k, struct str text)
{
    text_add(k, (struct setting){ INK_SUBHEADING, INK_LEFT, 2 * char_pitch, 0, true }, text);
}
static void op_paragraph(struct composer *k, struct str text)
{
    text_add(k, (struct setting){ INK_BODY, INK_LEFT, 2 * char_pitch, 0, false }, text);
}
static void op_plain(struct composer *k, struct str text)
{
    text_add(k, (struct setting){ INK_BODY, INK_LEFT, 0, 0, false }, text);
}
static void op_centre(struct composer *k, struct str text)
{
    text_add(k, (struct setting){ INK_BODY, INK_CENTRE, 0, 0, true }, text);
}
static void op_right(struct composer *k, struct str text)
{
    text_add(k, (struct setting){ INK_BODY, INK_RIGHT, 0, 0, true }, text);
}
static void op_note(struct composer *k, struct str text)
{
    text_add(k, (struct setting){ INK_NOTE, INK_LEFT, 0, 0, false }, text);
}
static void op_date(struct composer *k, struct str text)
{
    keep_last(k);
    text_add(k, (struct setting){ INK_BODY, INK_RIGHT, 0, 4 * char_pitch, false }, text);
}
/* Whose seal: nothing is drawn but the name, with room for the seal on it. */
static void op_seal(struct composer *k, struct str text)
{
    keep_last(k);
    gap_add(k, seal_gap);
    strip_last(k)->keep = true;
    text_add(k, (struct setting){ INK_BODY, INK_RIGHT, 0, 4 * char_pitch, true }, text);
}

/* Empty ruled lines to write on. */
static void op_fill(struct composer *k, struct str text)
{
    int64_t n;
    if (!str_to_i64(text, &n) || n < 1 || n > JOB_FILL_MAX)
        n = 1;
    for (; n > 0; n--) {
        struct piece *p = compose_add(k, STRIP_FILL, line_pitch);
        p->rule_from = type_left;
        p->rule_to = type_left + type_width;
    }
}

static void op_gap(struct composer *k, struct str text)
{
    int64_t n;
    gap_add(k, (str_to_i64(text, &n) && n > 0 && n <= JOB_FILL_MAX ? (double)n : 1) * line_pitch);
}

static void op_keep(struct composer *k, struct str text)
{
    (void)text;
    keep_last(k);
    size_t last = k->doc->n;
    while (last > 0 && k->doc->strips[last - 1].gap)
        last--;
    if (last > 1 && k->doc->pieces[last - 1].kind == STRIP_LINE
        && k->doc->pieces[last - 2].kind == STRIP_LINE)
        k->doc->strips[last - 2].keep = true;   /* one line of many says little by itself */
}

static void op_break(struct composer *k, struct str text)
{
    (void)text;
    k->page_next = true;
}

/* Set in one line, however long. */
static double width_of(struct composer *k, struct str text)
{
    enum { FAR = 100000 };
    PangoLayout *l = ink_set(k->ink, INK_BODY, text, FAR, 0);
    return text.n ? ink_line_width(pango_layout_get_line_readonly(l, 0)) : 0;
}

/* A label, and behind it a rule with the value on it; where the two have no room beside each other,
 * the rule is below. A value too long for one rule goes on on rules below. */
static void ruled_add(struct composer *k, struct str label, double rule_at, struct str value)
{
    double from = type_left + 2 * char_pitch, to = type_left + type_width - 2 * char_pitch;
    double label_width = width_of(k, label), room = (to - from) / 4;
    double wanted = width_of(k, value) + 8 > room ? width_of(k, value) + 8 : room;
    bool below = rule_at <= 0 && label_width + 4 + wanted > to - from;
    PangoLayout *l = ink_set(k->ink, INK_BODY, label,
        rule_at > 0 ? (to - from) * 2 / 3 : to - from, 0);
    int above = pango_layout_get_line_count(l) - !below;
    for (int i = 0; i < above; i++) {
        struct piece *p = compose_add(k, STRIP_LINE, ink_pitch(INK_BODY));
        p->style = INK_BODY;
        p->x = from;
        p->line = pango_layout_get_line_readonly(l, i);
        strip_last(k)->keep = true;
    }
    PangoLayoutLine *line = below ? NULL : pango_layout_get_line_readonly(l, above);
    double rule = rule_at > 0 ? from + rule_at
        : line ? from + ink_line_width(line) + 4 : from + 2 * char_pitch;
    PangoLayout *v = value.n ? ink_set(k->ink, INK_BODY, value, to - rule - 8, 0) : NULL;
    int lines = v ? pango_layout_get_line_count(v) : 1;
    for (int i = 0; i < lines; i++) {
        struct piece *p = compose_add(k, STRIP_SIGN, sign_height);
        p->style = INK_BODY;
        p->x = from;
        p->line = i == 0 ? line : NULL;
        p->value = v ? pango_layout_get_line_readonly(v, i) : NULL;
        p->rule_from = rule;
        p->rule_to = to;
        strip_last(k)->keep = i < lines - 1;
    }
}

/* The first of several signatures stays with what is signed, and the last with the seal and the day. */
static bool follows_sign(const struct composer *k)
{
    size_t last = k->doc->n;
    while (last > 0 && k->doc->strips[last - 1].gap)
        last--;
    return last > 0 && k->doc->pieces[last - 1].kind == STRIP_SIGN;
}

/* Where somebody signs: the name, or a scanned signature, or nothing yet. */
static void op_sign(struct composer *k, struct str text)
{
    struct str value, scan, label = str_cut(text, '\t', &value);
    value = str_cut(value, '\t', &scan);
    if (!follows_sign(k))
        keep_last(k);
    ruled_add(k, label, 0, scan.n ? STR_NONE : value);
    struct piece *p = &k->doc->pieces[k->doc->n - 1];
    if (scan.n && (p->image = image_read(k->a, scan, &p->w, &p->h)) == NULL)
        k->bad = STR("sign");
}

/* A label of the cover and its value. */
static void op_line(struct composer *k, struct str text)
{
    struct str value, label = str_cut(text, '\t', &value);
    ruled_add(k, label, 7 * char_pitch, value);
}

/* The cover's line that tells how many numbered pages there are. */
static void op_count(struct composer *k, struct str text)
{
    op_line(k, arena_fmt(k->a, "%.*s\t%d 页", STR_FMT(text), k->count));
}

static bool image_add(struct composer *k, struct str text, double height_max)
{
    struct str bytes, caption = str_cut(text, '\t', &bytes);
    double w, h;
    cairo_surface_t *image = image_read(k->a, bytes, &w, &h);
    if (image == NULL)
        return false;
    double scale = type_width / w < height_max / h ? type_width / w : height_max / h;
    if (caption.n)
        text_add(k, (struct setting){ INK_BODY, INK_CENTRE, 0, 0, true }, caption);
    struct piece *p = compose_add(k, STRIP_IMAGE, h * scale + image_gap);
    p->image = image;
    p->w = w * scale;
    p->h = h * scale;
    p->x = type_left + (type_width - p->w) / 2;
    return true;
}

static void op_image(struct composer *k, struct str text)
{
    if (!image_add(k, text, type_height / 2 - line_pitch * 2 - image_gap))
        k->bad = STR("image");
}
/* At the right of what follows, which is meant to be a title: it takes no room of its own. */
static void op_code(struct composer *k, struct str text)
{
    struct piece *p;
    cairo_surface_t *image = code_image(k->a, text);
    if (image == NULL) {
        k->bad = STR("code");
        return;
    }
    p = compose_add(k, STRIP_IMAGE, 0);
    strip_last(k)->keep = true;
    p->image = image;
    p->w = p->h = code_side;
    p->x = type_left + type_width - code_side;
}
static void op_scan(struct composer *k, struct str text)
{
    if (!image_add(k, text, type_height - line_pitch * 2 - image_gap))
        k->bad = STR("scan");
}
static void op_head(struct composer *k, struct str text)
{
    table_row(k, text, true);
}
static void op_row(struct composer *k, struct str text)
{
    table_row(k, text, false);
}
static void op_end(struct composer *k, struct str text)
{
    (void)text;
    table_close(k);
}

/* The contents: number, title, page, note. */
static void op_entries(struct composer *k, struct str text)
{
    (void)text;
    table_open(k, STR("1.2c 5 1.2c 3.2"));
    table_row(k, STR("序号\t文书名称\t页号\t备注"), true);
    for (size_t i = 0; i < k->n_entries; i++) {
        const struct listed *e = &k->entries[i];
        table_row(k, arena_fmt(k->a, "%zu\t%.*s\t%d\t%.*s", i + 1, STR_FMT(e->title), e->page,
            STR_FMT(e->note)), false);
    }
    table_close(k);
}

static const struct {
    const char *word;
    void (*run)(struct composer *k, struct str text);
} ops[] = {
    { "title", op_title }, { "cover", op_cover }, { "heading", op_heading },
    { "subheading", op_subheading }, { "p", op_paragraph }, { "plain", op_plain },
    { "centre", op_centre }, { "right", op_right }, { "note", op_note }, { "date", op_date },
    { "seal", op_seal }, { "fill", op_fill }, { "gap", op_gap }, { "break", op_break },
    { "keep", op_keep }, { "code", op_code }, { "sign", op_sign }, { "line", op_line },
    { "count", op_count }, { "image", op_image }, { "scan", op_scan },
    { "table", table_open }, { "head", op_head }, { "row", op_row }, { "end", op_end },
    { "entries", op_entries },
};

static void pages_find(struct composer *k)
{
    struct sheet_doc *d = k->doc;
    d->pages = NEW_N(k->a, size_t, d->n + 1);
    d->n_pages = 0;
    for (size_t at = flow_skip(d->strips, d->n, 0); at < d->n;) {
        d->pages[d->n_pages++] = at;
        at = flow_page(d->strips, d->n, at, type_height);
        at = flow_skip(d->strips, d->n, at);
    }
    if (d->n_pages == 0)
        d->pages[d->n_pages++] = d->n;      /* an empty sheet is a sheet */
}

void compose(struct composer *k, struct sheet_doc *doc)
{
    k->doc = doc;
    k->columns = 0;
    k->page_next = false;
    for (struct str rest = doc->body; rest.n;) {
        struct str text, line = str_cut(rest, '\n', &rest), word = str_cut(line, '\t', &text);
        size_t i = 0;
        while (i < COUNT_OF(ops) && !str_is(word, ops[i].word))
            i++;
        if (i < COUNT_OF(ops))
            ops[i].run(k, text);
        else if (k->bad.n == 0)
            k->bad = line;
    }
    pages_find(k);
}
