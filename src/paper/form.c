/* form.c: reading and checking templates; see form.h. */
#include "paper/form.h"
#include "print/job.h"

/* Blocks and how many parts they have at most, parted by " | ". */
static const struct { const char *word; int parts; } blocks[] = {
    { "title", 1 }, { "cover", 1 }, { "heading", 1 }, { "subheading", 1 }, { "p", 1 },
    { "plain", 1 }, { "centre", 1 }, { "right", 1 }, { "note", 1 }, { "date", 1 }, { "seal", 1 },
    { "gap", 1 }, { "break", 0 }, { "keep", 0 }, { "sign", 3 }, { "line", 2 }, { "count", 1 },
    { "image", 2 }, { "scan", 2 }, { "code", 1 }, { "head", 8 }, { "row", 8 }, { "entries", 0 },
    { "fill", 1 },
};
enum { DEPTH_MAX = 8 };

struct reading {
    struct paper_form *t;
    struct faults *faults;
    size_t line;
    size_t open[DEPTH_MAX];         /* nodes that are not closed yet */
    size_t depth;
};

static void wrong(struct reading *r, struct msg m, struct str arg)
{
    fault_add(r->faults, r->line, NULL, m, arg);
}

bool form_cut(struct str *rest, struct str *ret_text, struct str *ret_field)
{
    *ret_field = STR_NONE;
    if (rest->n == 0)
        return false;
    ptrdiff_t at = str_find(*rest, STR("{"));
    *ret_text = at < 0 ? *rest : (struct str){ rest->p, (size_t)at };
    if (at < 0) {
        *rest = (struct str){ rest->p + rest->n, 0 };
        return true;
    }
    struct str after = { rest->p + at + 1, rest->n - (size_t)at - 1 };
    if (after.n && after.p[0] == '{') {
        ret_text->n++;
        *rest = (struct str){ after.p + 1, after.n - 1 };
        return true;
    }
    ptrdiff_t end = str_find(after, STR("}"));
    if (end < 0) {          /* reading told it already; here it is text */
        *ret_text = *rest;
        *rest = (struct str){ rest->p + rest->n, 0 };
        return true;
    }
    *ret_field = str_trim((struct str){ after.p, (size_t)end });
    *rest = (struct str){ after.p + end + 1, after.n - (size_t)end - 1 };
    return true;
}

void form_choice(struct str s, struct str *ret_field, struct str *ret_value)
{
    *ret_field = str_trim(str_cut(s, '=', ret_value));
    *ret_value = str_trim(*ret_value);
}

/* The field as seen from here: of the innermost list that has it, or of the case. */
static const struct fact_field *field_here(const struct reading *r, struct str name)
{
    for (size_t i = r->depth; i > 0; i--) {
        const struct form_part *n = &r->t->nodes[r->open[i - 1]];
        const struct fact_field *f = n->kind == NODE_EACH ? fact_field_find(n->field, name) : NULL;
        if (f)
            return f;
    }
    const struct fact_field *f = r->t->of.n ? fact_field_find(r->t->of, name) : NULL;
    return f ? f : fact_field_find(STR_NONE, name);
}

static const struct fact_field *field_check(struct reading *r, struct str name)
{
    const struct fact_field *f = field_here(r, name);
    if (f == NULL)
        wrong(r, MSG("没有名为“%s”的要件，或不能用在这里；fengqiao paper fields 列出全部",
            "There is no field \"%s\", or not here; fengqiao paper fields lists all"), name);
    return f;
}

static void text_check(struct reading *r, struct str text)
{
    struct str rest = text, words, field, name, value;
    while (form_cut(&rest, &words, &field)) {
        if (field.p == NULL && str_find(words, STR("{")) >= 0 && rest.n == 0
            && words.p[words.n - 1] != '{')
            wrong(r, MSG("花括号没有合上：%s", "A brace is not closed: %s"), words);
        if (field.p == NULL)
            continue;
        bool box = str_starts(field, STR("box "));
        form_choice(box ? (struct str){ field.p + 4, field.n - 4 } : field, &name, &value);
        const struct fact_field *f = field_check(r, name);
        if (f && f->kind == FIELD_LIST)
            wrong(r, MSG("“%s”是列表，请用 each", "\"%s\" is a list; use each"), name);
        else if (f && f->kind == FIELD_FLAG && !box)
            wrong(r, MSG("“%s”只有是与否，请写成 {box %s}", "\"%s\" is yes or no; write {box ...}"), name);
    }
}

static struct form_part *node_add(struct reading *r, enum node_kind kind, struct str text)
{
    struct form_part *n = &r->t->nodes[r->t->n++];
    *n = (struct form_part){ .kind = kind, .text = text, .line = r->line };
    return n;
}

static void node_open(struct reading *r, enum node_kind kind, struct str text)
{
    struct form_part *n = node_add(r, kind, text);
    form_choice(text, &n->field, &n->value);
    if (kind != NODE_TABLE) {
        const struct fact_field *f = field_check(r, n->field);
        if (f && kind == NODE_EACH && f->kind != FIELD_LIST)
            wrong(r, MSG("“%s”不是列表", "\"%s\" is not a list"), n->field);
    }
    if (r->depth == DEPTH_MAX)
        wrong(r, MSG("嵌套太深", "Too many levels"), STR_NONE);
    else
        r->open[r->depth++] = r->t->n - 1;
}

static bool in_table(const struct reading *r)
{
    for (size_t i = 0; i < r->depth; i++)
        if (r->t->nodes[r->open[i]].kind == NODE_TABLE)
            return true;
    return false;
}

static int columns_of(struct str widths)
{
    int n = 0;
    while (widths.n) {
        struct str one = str_cut(widths, ' ', &widths);
        double part;
        if (one.n && one.p[one.n - 1] == 'c')
            one.n--;
        if (!str_to_f64(one, &part) || part <= 0 || part > 100)
            return 0;
        n++;
    }
    return n <= 8 ? n : 0;
}

static int parts_of(struct str text)
{
    int parts = text.n > 0;
    for (ptrdiff_t at; (at = str_find(text, STR("|"))) >= 0; parts++)
        text = (struct str){ text.p + at + 1, text.n - (size_t)at - 1 };
    return parts;
}

/* How many lines: of those that are filled in by hand no more than a page has. */
static void lines_check(struct reading *r, struct str word, struct str text)
{
    int64_t n;
    if ((str_is(word, "fill") || str_is(word, "gap")) && text.n
        && (!str_to_i64(text, &n) || n < 1 || n > JOB_FILL_MAX))
        wrong(r, MSG("“%s”后面应是 1 至 22 的整数", "\"%s\" is followed by a whole number from 1 to 22"),
            word);
}

static bool block_read(struct reading *r, struct str word, struct str text)
{
    size_t i = 0;
    while (i < COUNT_OF(blocks) && !str_is(word, blocks[i].word))
        i++;
    if (i == COUNT_OF(blocks))
        return false;
    bool cells = str_is(word, "row") || str_is(word, "head");
    if (parts_of(text) > blocks[i].parts)
        wrong(r, MSG("“%s”的内容太多", "\"%s\" has too many parts"), word);
    if (cells != in_table(r))
        wrong(r, cells ? MSG("“%s”只能在 table 里", "\"%s\" stands in a table")
            : MSG("“%s”不能在 table 里", "\"%s\" does not stand in a table"), word);
    text_check(r, text);
    lines_check(r, word, text);
    node_add(r, NODE_BLOCK, text)->word = blocks[i].word;
    return true;
}

static void end_read(struct reading *r)
{
    if (r->depth == 0) {
        wrong(r, MSG("多了一个 end", "One end too many"), STR_NONE);
        return;
    }
    struct form_part *opened = &r->t->nodes[r->open[--r->depth]];
    opened->end = r->t->n;
    node_add(r, NODE_END, STR_NONE)->end = r->open[r->depth];
}

/* Lines before the first block, which say what the template is. */
static bool header_read(struct reading *r, struct str word, struct str text)
{
    static const char *const kinds[] = { "cover", "contents", "paper", "back" };
    struct paper_form *t = r->t;
    bool known = false;
    if (str_is(word, "document")) {
        t->kind = text;
        for (size_t i = 0; i < COUNT_OF(kinds); i++)
            known |= str_is(text, kinds[i]);
        if (!known)
            wrong(r, MSG("document 应为 cover、contents、paper 或 back",
                "document is cover, contents, paper or back"), STR_NONE);
    } else if (str_is(word, "name")) {
        t->title = text;
    } else if (str_is(word, "name_en")) {
        t->title_en = text;
    } else if (str_is(word, "place")) {
        if (!str_to_i64(text, &t->place) || t->place < 0 || t->place > 9999)
            wrong(r, MSG("place 应为 0 到 9999 的整数", "place is a whole number from 0 to 9999"), STR_NONE);
    } else if (str_is(word, "must")) {
        t->must = true;
    } else if (str_is(word, "of")) {
        const struct fact_field *f = field_check(r, text);
        if (f && f->kind != FIELD_LIST)
            wrong(r, MSG("“%s”不是列表", "\"%s\" is not a list"), text);
        t->of = text;
    } else if (str_is(word, "remark")) {
        for (struct str rest = t->remark = text; rest.n;)
            (void)field_check(r, str_cut(rest, ' ', &rest));
    } else if (str_is(word, "when")) {
        form_choice(text, &t->when, &t->when_value);
        (void)field_check(r, t->when);
    } else {
        return false;
    }
    if (t->n)
        wrong(r, MSG("“%s”应写在正文之前", "\"%s\" stands before the text"), word);
    return true;
}

static void line_read(struct reading *r, struct str line)
{
    struct str text, word = str_cut(line, ' ', &text);
    text = str_trim(text);
    if (header_read(r, word, text))
        return;
    if (str_is(word, "end"))
        end_read(r);
    else if (str_is(word, "each"))
        node_open(r, NODE_EACH, text);
    else if (str_is(word, "if"))
        node_open(r, NODE_IF, text);
    else if (str_is(word, "unless"))
        node_open(r, NODE_UNLESS, text);
    else if (str_is(word, "table")) {
        if (in_table(r))
            wrong(r, MSG("表格里不能再有表格", "A table does not stand in a table"), STR_NONE);
        if (columns_of(text) == 0)
            wrong(r, MSG("table 后面应是 1 至 8 栏的宽度，如 2c 5 2c 5",
                "table is followed by the widths of 1 to 8 columns, such as 2c 5 2c 5"), STR_NONE);
        node_open(r, NODE_TABLE, text);
    } else if (!block_read(r, word, text)) {
        wrong(r, MSG("不认识“%s”", "\"%s\" is not a word of templates"), word);
    }
}

struct paper_form form_read(struct arena *a, struct str name, struct str text, struct faults *f)
{
    struct form_part *nodes = NEW_N(a, struct form_part, TEMPLATE_LINES_MAX + 1);
    struct paper_form t = { .name = name, .nodes = nodes };
    struct reading r = { .t = &t, .faults = f };
    if (!str_is_text(text)) {
        wrong(&r, MSG("文件应为 UTF-8 文字", "The file is to be text in UTF-8"), STR_NONE);
        return t;
    }
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = (struct str){ text.p + 3, text.n - 3 };
    while (text.n && t.n < TEMPLATE_LINES_MAX) {
        struct str line = str_trim(str_cut(text, '\n', &text));
        r.line++;
        if (line.n && line.p[0] != '#')
            line_read(&r, line);
    }
    if (text.n)
        wrong(&r, MSG("行数太多", "Too many lines"), STR_NONE);
    if (r.depth) {
        r.line = t.nodes[r.open[r.depth - 1]].line;
        wrong(&r, MSG("这里开始的一段没有 end", "What begins here has no end"), STR_NONE);
    }
    r.line = 1;
    if (t.kind.n == 0 || t.title.n == 0)
        wrong(&r, MSG("缺少 document 或 name", "document or name is missing"), STR_NONE);
    return t;
}

const struct paper_form *form_find(const struct forms *t, struct str name)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->at[i].name, name))
            return &t->at[i];
    return NULL;
}
