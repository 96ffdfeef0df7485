/* fill.c: see fill.h. What is not known is a line to write on, never an empty word. */
#include "paper/fill.h"
#include "print/job.h"

enum { TEXT_BYTES_MAX = 1 << 20 };

struct filling {
    struct arena *a;
    const struct paper_form *t;
    struct buf *out;
    struct str lists[8];            /* those around here, outermost first */
    size_t depth;
};

static const struct fact_field *field_of(const struct filling *f, struct str name)
{
    for (size_t i = f->depth; i > 0; i--) {
        const struct fact_field *found = fact_field_find(f->lists[i - 1], name);
        if (found)
            return found;
    }
    return fact_field_find(STR_NONE, name);
}

static bool holds(const struct facts *facts, struct str field, struct str value)
{
    struct str text = fact_text(facts, field);
    return value.n ? str_eq(text, value) : text.n > 0 || fact_item(facts, field, 0) != NULL;
}

static bool is_known(const struct paper_form *t, const struct facts *facts)
{
    return t->when.n == 0 || holds(facts, t->when, t->when_value);
}

/* The next item, from i on, that this document is made of. */
static const struct facts *item_next(const struct paper_form *t, const struct facts *facts,
    size_t *i)
{
    const struct facts *item;
    while ((item = fact_item(facts, t->of, (*i)++)) && !is_known(t, item))
        continue;
    return item;
}

/* Whether there is anything to fill in. */
static bool is_made(const struct paper_form *t, const struct facts *facts)
{
    size_t first = 0;
    return t->of.n ? item_next(t, facts, &first) != NULL : is_known(t, facts);
}

/* The next scan, from i on, that goes with this document. */
static const struct facts *attached_next(const struct paper_form *t, const struct facts *facts,
    size_t *i)
{
    const struct facts *item;
    while ((item = fact_item(facts, STR("attached"), (*i)++))
        && !str_eq(fact_text(item, STR("paper")), t->name))
        continue;
    return item;
}

bool form_wanted(const struct paper_form *t, const struct facts *facts)
{
    size_t first = 0;
    return t->place > 0 && (is_made(t, facts) || attached_next(t, facts, &first));
}

/* How the parts of a line are written: on a rule of its own or in a cell there is room already. */
enum where { IN_TEXT, IN_CELL, IN_FIELD };

static void blank_add(struct buf *b, const struct fact_field *field, enum where where)
{
    if (where == IN_CELL && field->kind == FIELD_LONG)
        for (int i = 1; i < field->room; i++)
            buf_byte(b, '\r');
    if (where == IN_TEXT)
        for (int i = 0; i < (field->room ? field->room : 4); i++)
            buf_add(b, STR("＿"));
}

static void value_add(struct buf *b, struct str value, enum where where)
{
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        if (c == '\n')
            buf_byte(b, where == IN_FIELD ? ' ' : '\r');
        else if (c != '\r')
            buf_byte(b, c == '\t' ? ' ' : c);
    }
}

static void box_add(struct buf *b, const struct facts *facts, struct str choice)
{
    struct str field, value;
    form_choice(choice, &field, &value);
    bool yes = facts && (value.n ? holds(facts, field, value) : fact_text(facts, field).n > 0);
    buf_add(b, yes ? STR("■") : STR("□"));
}

static void text_add(const struct filling *f, struct buf *b, const struct facts *facts,
    struct str text, enum where where)
{
    struct str words, field;
    while (form_cut(&text, &words, &field)) {
        buf_add(b, words);
        if (field.p == NULL)
            continue;
        if (str_starts(field, STR("box "))) {
            box_add(b, facts, (struct str){ field.p + 4, field.n - 4 });
            continue;
        }
        struct str value = facts ? fact_text(facts, field) : STR_NONE;
        const struct fact_field *known = field_of(f, field);
        if (value.n)
            value_add(b, value, where);
        else if (known && known->kind != FIELD_SCAN)
            blank_add(b, known, where);
    }
}

static struct str part_cut(struct str *rest)
{
    return str_trim(str_cut(*rest, '|', rest));
}

/* Blocks of running text: a value of several paragraphs makes several blocks; one that is not known
 * and stands alone makes ruled lines. */
static void paragraphs_add(const struct filling *f, const struct form_part *n,
    const struct facts *facts)
{
    struct buf b = buf_in(f->a, TEXT_BYTES_MAX);
    struct str rest = n->text, words, field;
    bool alone = form_cut(&rest, &words, &field) && words.n == 0 && field.p && rest.n == 0;
    const struct fact_field *known = alone ? field_of(f, field) : NULL;
    if (known && known->kind == FIELD_LONG && (facts == NULL || fact_text(facts, field).n == 0)) {
        buf_fmt(f->out, "fill\t%d\n", known->room);
        return;
    }
    text_add(f, &b, facts, n->text, IN_TEXT);
    struct str text = buf_str(&b);
    do {
        struct str one = str_trim(str_cut(text, '\r', &text));
        buf_fmt(f->out, "%s\t%.*s\n", n->word, STR_FMT(one));
    } while (text.n);
}

static void parts_add(const struct filling *f, const struct form_part *n, const struct facts *facts,
    enum where where)
{
    buf_add(f->out, str_c(n->word));
    for (struct str rest = n->text; rest.n;) {
        buf_byte(f->out, '\t');
        text_add(f, f->out, facts, part_cut(&rest), where);
    }
    buf_byte(f->out, '\n');
}

/* A picture that is not there leaves nothing behind. */
static void image_add(const struct filling *f, const struct form_part *n, const struct facts *facts)
{
    struct str words, field, rest = n->text;
    if (strcmp(n->word, "code") != 0)
        (void)part_cut(&rest);
    struct str image = str_trim(rest);
    if (facts && form_cut(&image, &words, &field) && fact_text(facts, field).n)
        parts_add(f, n, facts, IN_FIELD);
}

static void block_add(const struct filling *f, const struct form_part *n, const struct facts *facts)
{
    static const char *const fields[] = { "sign", "line", "count", "gap", "fill", "break", "keep",
        "entries" };
    bool field = false;
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        field |= strcmp(n->word, fields[i]) == 0;
    if (strcmp(n->word, "row") == 0 || strcmp(n->word, "head") == 0)
        parts_add(f, n, facts, IN_CELL);
    else if (strcmp(n->word, "image") == 0 || strcmp(n->word, "scan") == 0
        || strcmp(n->word, "code") == 0)
        image_add(f, n, facts);
    else if (field)
        parts_add(f, n, facts, IN_FIELD);
    else
        paragraphs_add(f, n, facts);
}

static void nodes_add(struct filling *f, size_t from, size_t to, const struct facts *facts);

/* Every item there is; when there is none, as many empty ones as a form has room for. */
static void each_add(struct filling *f, const struct form_part *n, size_t from,
    const struct facts *facts)
{
    const struct fact_field *list = field_of(f, n->field);
    const struct facts *item = facts ? fact_item(facts, n->field, 0) : NULL;
    f->lists[f->depth++] = n->field;
    for (int i = 0; item == NULL && list && i < list->room; i++)
        nodes_add(f, from, n->end, NULL);
    for (size_t i = 1; item; i++) {
        nodes_add(f, from, n->end, item);
        item = fact_item(facts, n->field, i);
    }
    f->depth--;
}

static void nodes_add(struct filling *f, size_t from, size_t to, const struct facts *facts)
{
    for (size_t i = from; i < to; i++) {
        const struct form_part *n = &f->t->nodes[i];
        bool shown = true;
        switch (n->kind) {
        case NODE_BLOCK: block_add(f, n, facts); continue;
        case NODE_END: continue;
        case NODE_EACH: each_add(f, n, i + 1, facts); i = n->end; continue;
        case NODE_IF: shown = facts == NULL || holds(facts, n->field, n->value); break;
        case NODE_UNLESS: shown = facts && !holds(facts, n->field, n->value); break;
        case NODE_TABLE: buf_fmt(f->out, "table\t%.*s\n", STR_FMT(n->text)); break;
        }
        if (shown)
            nodes_add(f, i + 1, n->end, facts);
        if (n->kind == NODE_TABLE)
            buf_add(f->out, STR("end\n"));
        i = n->end;
    }
}

/* What the contents say beside the title: as given, or what tells it from others of its name. */
static void remark_add(const struct filling *f, const struct facts *facts, struct str note)
{
    size_t from = f->out->n;
    value_add(f->out, note, IN_FIELD);
    for (struct str rest = f->t->remark; facts && note.n == 0 && rest.n;) {
        struct str value = fact_text(facts, str_cut(rest, ' ', &rest));
        if (value.n && f->out->n > from)
            buf_add(f->out, STR("，"));
        value_add(f->out, value, IN_FIELD);
    }
}

static void one_add(struct filling *f, const struct facts *facts, struct str note)
{
    buf_fmt(f->out, "doc\t%.*s\t%.*s\t", STR_FMT(f->t->kind), STR_FMT(f->t->title));
    remark_add(f, facts, note);
    buf_byte(f->out, '\n');
    nodes_add(f, 0, f->t->n, facts);
}

/* Each a page of its own behind the document. */
static void attached_add(struct filling *f, const struct facts *facts)
{
    const struct facts *item;
    for (size_t i = 0; (item = attached_next(f->t, facts, &i));) {
        struct str name = fact_text(item, STR("name")), image = fact_text(item, STR("image"));
        struct str caption = fact_text(item, STR("caption"));
        if (image.n == 0)
            continue;
        buf_add(f->out, STR("break\nscan\t"));
        value_add(f->out, name, IN_FIELD);
        buf_add(f->out, name.n && caption.n ? STR("　") : STR(""));
        value_add(f->out, caption, IN_FIELD);
        buf_byte(f->out, '\t');
        buf_add(f->out, image);
        buf_byte(f->out, '\n');
    }
}

/* Scans alone: the document was made by hand. */
static void title_add(struct filling *f)
{
    buf_fmt(f->out, "doc\t%.*s\t%.*s\t\ntitle\t%.*s\n", STR_FMT(f->t->kind), STR_FMT(f->t->title),
        STR_FMT(f->t->title));
}

void form_fill(struct arena *a, const struct paper_form *t, const struct facts *facts,
    struct str note, struct buf *out)
{
    struct filling f = { .a = a, .t = t, .out = out };
    size_t i = 0, first = 0;
    bool by_hand = facts && !is_made(t, facts) && attached_next(t, facts, &first);
    const struct facts *item = facts && t->of.n ? item_next(t, facts, &i) : NULL;
    if (t->of.n)
        f.lists[f.depth++] = t->of;
    if (by_hand)
        title_add(&f);
    else if (item == NULL)
        one_add(&f, t->of.n && facts ? NULL : facts, note);
    while (item) {
        one_add(&f, item, note);
        item = item_next(t, facts, &i);
    }
    if (facts)
        attached_add(&f, facts);
}
