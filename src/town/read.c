/* read.c: workbooks and CSV files into tables: which sheet is which, where its headings stand, what
 * is no row of it (titles, remarks, sums), and every cell made what import takes. */
#include "layer/csv.h"
#include "layer/xlsx.h"
#include "town/town.h"
#include <strings.h>

enum { HEAD_AMONG = 10, ROWS_FIRST = 64 };

struct cell { struct str text; bool number; };
struct reading {
    struct arena *a;
    const struct town_form *form;
    struct town_table *table;
    struct cell cells[XLSX_COLUMNS_MAX];
    size_t n_cells, cap, seen, first;   /* rows before the headings, and the first of them */
    int columns[XLSX_COLUMNS_MAX];      /* position in the form, or -1 */
    bool headed, ended;
};

/* Headings --------------------------------------------------------------------------------- */

/* Required ones bear a star in the forms. */
static struct str without_star(struct str v)
{
    if (v.n && v.p[v.n - 1] == '*')
        v.n--;
    return str_trim(v);
}

static int column_named(const struct town_form *form, struct str heading)
{
    struct str v = without_star(heading);
    for (size_t i = 0; i < form->n; i++)
        if (str_is(v, form->columns[i].field) || str_is(v, form->columns[i].heading.zh)
            || str_is(v, form->columns[i].heading.en))
            return (int)i;
    return -1;
}

static void head_take(struct reading *r, size_t row)
{
    struct town_table *t = r->table;
    r->headed = true;
    for (size_t i = 0; i < r->n_cells; i++) {
        struct str said = r->cells[i].text;
        int at = said.n ? column_named(r->form, said) : -1;
        r->columns[i] = at >= 0 && !t->has[at] ? at : -1;
        if (at >= 0 && t->has[at])
            fault_add(&t->faults, row, "", MSG("列“%s”写了两次，请只留一列",
                "The column \"%s\" is there twice; leave one"), said);
        if (said.n && at < 0)
            fault_add(&t->faults, row, "", MSG("没有名为“%s”的列，请删去或改名",
                "There is no column called \"%s\"; remove or rename it"), said);
        if (at >= 0)
            t->has[at] = true;
    }
    for (size_t i = 0; i < r->form->n; i++)
        if (r->form->columns[i].wanted && !t->has[i] && r->form->columns[i].like == NULL)
            fault_add(&t->faults, row, r->form->columns[i].field, MSG("缺少这一列，请照模板补上",
                "This column is missing; add it as in the template"), STR_NONE);
}

/* The headings of the columns that may not be left out, commas between. */
static const char *headings_wanted(const struct reading *r, enum lang lang)
{
    struct buf b = buf_in(r->a, 512);
    for (size_t i = 0; i < r->form->n; i++)
        if (r->form->columns[i].wanted)
            buf_fmt(&b, "%s%s", b.n ? lang == LANG_EN ? ", " : "、" : "", lang == LANG_EN
                ? r->form->columns[i].heading.en : r->form->columns[i].heading.zh);
    return arena_fmt(r->a, "%.*s", STR_FMT(buf_str(&b))).p;
}

/* What stands in a table without headings would else be passed over as if it were not there. */
static void head_lacks(struct reading *r)
{
    fault_add(&r->table->faults, r->first, "", (struct msg){
        arena_fmt(r->a, "没有找到列名一行，请照模板填写，列名要有：%s", headings_wanted(r, LANG_ZH)).p,
        arena_fmt(r->a, "There is no row that names the columns; fill in the template, with at"
            " least %s", headings_wanted(r, LANG_EN)).p }, STR_NONE);
    r->ended = true;
}

/* A row of which most cells name columns; before it may stand a title. */
static void head_look(struct reading *r, size_t row)
{
    size_t known = 0, said = 0;
    for (size_t i = 0; i < r->n_cells; i++) {
        said += r->cells[i].text.n > 0;
        known += r->cells[i].text.n && column_named(r->form, r->cells[i].text) >= 0;
    }
    if (known && known * 2 >= said && (known > 1 || said == 1 || r->form->n == 1)) {
        head_take(r, row);
    } else if (said) {
        r->first = r->seen ? r->first : row;
        if (++r->seen >= HEAD_AMONG)
            head_lacks(r);
    }
}

/* Rows ------------------------------------------------------------------------------------- */

static struct str (*cells_grow(struct reading *r))[TOWN_COLUMNS_MAX]
{
    struct town_table *t = r->table;
    if (t->n < r->cap)
        return t->cells;
    size_t cap = r->cap ? r->cap * 2 : ROWS_FIRST;
    struct str (*cells)[TOWN_COLUMNS_MAX] = arena_alloc(r->a, sizeof(*cells), alignof(struct str),
        cap);
    size_t *rows = NEW_N(r->a, size_t, cap);
    if (t->n) {
        memcpy(cells, t->cells, t->n * sizeof(*cells));
        memcpy(rows, t->rows, t->n * sizeof(*rows));
    }
    r->cap = cap;
    t->rows = rows;
    return t->cells = cells;
}

static bool is_remark(struct str first)
{
    static const char *const sums[] = { "合计", "总计", "小计", "Total" };
    for (size_t i = 0; i < COUNT_OF(sums); i++)
        if (str_is(first, sums[i]))
            return true;
    return first.n && first.p[0] == '#';
}

/* What is empty may follow from another cell; what then is empty and wanted is a fault. */
static void row_complete(const struct town_form *form, struct town_table *t, size_t at)
{
    for (size_t i = 0; i < form->n; i++) {
        const struct town_column *c = &form->columns[i];
        struct str *v = &t->cells[at][i];
        for (size_t k = 0; c->like && v->n == 0 && k < form->n; k++)
            if (strcmp(form->columns[k].field, c->like) == 0)
                *v = t->cells[at][k];
        if (v->n == 0 && c->wanted && (t->has[i] || c->like))
            fault_add(&t->faults, t->rows[at], c->field, MSG("没有填写，请补上", "It is empty; fill it in"),
                STR_NONE);
    }
}

static void row_take(struct reading *r, size_t row)
{
    struct town_table *t = r->table;
    struct str first = STR("");
    for (size_t i = 0; i < r->n_cells && first.n == 0; i++)
        first = r->cells[i].text;
    if (first.n == 0 || is_remark(first))
        return;
    if (t->n == TOWN_ROWS_MAX) {
        fault_add(&t->faults, row, "", MSG("行数太多，最多两万行", "There are too many rows; 20,000 at most"),
            STR_NONE);
        r->ended = true;
        return;
    }
    (void)cells_grow(r);
    memset(t->cells[t->n], 0, sizeof(t->cells[t->n]));
    t->rows[t->n] = row;
    for (size_t i = 0; i < r->n_cells; i++)
        if (r->columns[i] >= 0)
            t->cells[t->n][r->columns[i]] = town_mend(r->a, &r->form->columns[r->columns[i]],
                r->cells[i].text, r->cells[i].number, row, &t->faults);
    row_complete(r->form, t, t->n++);
}

static enum err on_row(void *ctx, size_t row)
{
    struct reading *r = ctx;
    if (!r->ended && !r->headed)
        head_look(r, row);
    else if (!r->ended)
        row_take(r, row);
    memset(r->cells, 0, r->n_cells * sizeof(r->cells[0]));
    r->n_cells = 0;
    return OK;
}

static void on_cell(void *ctx, size_t row, size_t column, struct str text, bool number)
{
    struct reading *r = ctx;
    (void)row;
    r->cells[column] = (struct cell){ text, number };
    if (column >= r->n_cells)
        r->n_cells = column + 1;
}

static struct reading *reading_of(struct arena *a, enum town_sheet sheet, struct str where)
{
    struct reading *r = NEW(a, struct reading);
    *r = (struct reading){ .a = a, .form = &town_forms[sheet], .table = NEW(a, struct town_table) };
    r->table->where = where;
    r->table->faults = faults_in(a);
    return r;
}

/* Files ------------------------------------------------------------------------------------ */

static void info_fault(struct faults *f, const struct err_info *info)
{
    fault_add(f, 0, "", (struct msg){ info->zh, info->en }, STR_NONE);
}

/* About a file by its path, which may be long. */
static void file_fault(struct arena *a, struct town *t, struct str path, struct msg m)
{
    fault_add(&t->faults, 0, "", (struct msg){ arena_fmt(a, "%.*s：%s", STR_FMT(path), m.zh).p,
        arena_fmt(a, "%.*s: %s", STR_FMT(path), m.en).p }, STR_NONE);
}

/* A sheet that nobody has filled in counts as not given; of two of one table neither can be meant. */
static void finish(struct reading *r, struct town *t, enum town_sheet sheet)
{
    struct town_table *to = &t->tables[sheet];
    if (r->seen && !r->headed && !r->ended)
        head_lacks(r);
    if (r->table->n == 0 && r->table->faults.total == 0 && !r->table->is_outlines)
        return;
    if (to->given)
        file_fault(r->a, t, arena_fmt(r->a, "%.*s, %.*s", STR_FMT(to->where),
            STR_FMT(r->table->where)), MSG("同一张表给了两份，请只留一份",
            "one table is given twice; leave one"));
    *to = *r->table;
    to->given = true;
    to->unread = r->table->n == 0 && r->table->faults.total > 0;
}

/* A workbook of one table, or of any. */
static void book_unread(struct town *t, enum town_sheet by_file)
{
    for (enum town_sheet s = 0; s < SHEET_COUNT; s++)
        t->tables[s].unread |= by_file == s || (by_file == SHEET_NONE && !t->tables[s].given);
}

static void read_csv(struct arena *a, struct town *t, enum town_sheet sheet,
    const struct source *s)
{
    struct err_info info = { .e = OK };
    struct str text;
    struct reading *r = reading_of(a, sheet, s->name);
    if (text_decode(a, s->bytes, s->encoding, &text, &info) != OK) {
        info_fault(&r->table->faults, &info);
    } else {
        struct csv_text at = csv_of(text);
        while (at.rest.n) {
            size_t line = at.line, column = 0;
            for (bool last = false; !last; column++) {
                struct str cell = str_trim(csv_cell(a, &at, &last));
                if (column < XLSX_COLUMNS_MAX)
                    on_cell(r, line, column, cell, false);
            }
            (void)on_row(r, line);
        }
    }
    finish(r, t, sheet);
}

static void read_sheet(struct arena *a, struct town *t, enum town_sheet sheet,
    const struct source *s, const struct xlsx_sheet *at)
{
    struct err_info info = { .e = OK };
    struct str where = at->name.n ? arena_fmt(a, "%.*s [%.*s]", STR_FMT(s->name), STR_FMT(at->name))
        : s->name;
    struct reading *r = reading_of(a, sheet, where);
    if (xlsx_read(a, s->bytes, at->member, &(struct xlsx_sink){ r, on_cell, on_row }, &info) != OK)
        info_fault(&r->table->faults, &info);
    finish(r, t, sheet);
}

/* Sheets by their names; a workbook none of whose sheets is known by name is one table, its first
 * sheet, if the file's name tells which. */
static void read_book(struct arena *a, struct town *t, enum town_sheet by_file,
    const struct source *s)
{
    struct err_info info = { .e = OK };
    struct xlsx_sheets *sheets = NEW(a, struct xlsx_sheets);
    size_t known = 0;
    if (xlsx_list(a, s->bytes, sheets, &info) != OK) {
        file_fault(a, t, s->name, (struct msg){ info.zh, info.en });
        book_unread(t, by_file);
        return;
    }
    for (size_t i = 0; i < sheets->n; i++) {
        enum town_sheet sheet = town_sheet_named(sheets->at[i].name);
        known += sheet != SHEET_NONE;
        if (sheet != SHEET_NONE)
            read_sheet(a, t, sheet, s, &sheets->at[i]);
    }
    if (known == 0 && by_file != SHEET_NONE && sheets->n)
        read_sheet(a, t, by_file, s, &(struct xlsx_sheet){ STR_NONE, sheets->at[0].member });
    else if (known == 0)
        file_fault(a, t, s->name, MSG("没有认识的工作表；请用 fengqiao init --templates 写出的模板",
            "no sheet of a known name; use the template that fengqiao init --templates writes"));
}

static bool is_layer(enum town_sheet sheet)
{
    return sheet == SHEET_DIVISION || sheet == SHEET_GRID || sheet == SHEET_MICRO
        || sheet == SHEET_POLICE;
}

/* Outlines in a format of their own go to the importer of layers as they are. */
static void read_outlines(struct arena *a, struct town *t, enum town_sheet sheet,
    const struct source *s)
{
    struct reading *r = reading_of(a, sheet, s->name);
    r->table->is_outlines = true;
    r->table->outlines = *s;
    finish(r, t, sheet);
}

static bool has_end(struct str name, const char *end)
{
    size_t n = strlen(end);
    return name.n > n && strncasecmp(name.p + name.n - n, end, n) == 0;
}

void town_read(struct arena *a, const struct town_file *files, size_t n, struct town *ret)
{
    ret->faults = faults_in(a);
    for (size_t i = 0; i < n; i++) {
        const struct source *s = &files[i].source;
        struct str base = s->name, rest;
        for (size_t k = 0; k < s->name.n; k++)
            if (s->name.p[k] == '/')
                base = (struct str){ s->name.p + k + 1, s->name.n - k - 1 };
        enum town_sheet sheet = town_sheet_named(str_cut(base, '.', &rest));
        if (has_end(base, ".xlsx"))
            read_book(a, ret, sheet, s);
        else if (sheet == SHEET_NONE || (!has_end(base, ".csv") && !is_layer(sheet)))
            file_fault(a, ret, s->name, MSG("不知道是什么表；文件名应为 town、division、unit、grid、person 等，"
                "格式为 xlsx 或 csv", "it is not known which table this is; name it town, division, unit,"
                " grid, person and so on, as xlsx or csv"));
        else if (has_end(base, ".csv"))
            read_csv(a, ret, sheet, s);
        else
            read_outlines(a, ret, sheet, s);
    }
}

void town_add(struct arena *a, struct town *t, enum town_sheet sheet, const struct str *cells,
    struct str where)
{
    struct reading *r = reading_of(a, sheet, where);
    struct town_table *to = &t->tables[sheet];
    if (to->given)
        *r->table = *to;
    r->cap = to->n;
    r->headed = true;
    r->n_cells = r->form->n;
    for (size_t i = 0; i < r->form->n; i++) {
        r->cells[i] = (struct cell){ str_trim(cells[i]), false };
        r->columns[i] = (int)i;
        r->table->has[i] = true;
    }
    row_take(r, to->n + 1);
    to->given = false;
    finish(r, t, sheet);
}
