/* sheet.c: reading CSV row by row, so that one bad row does not hide the next. */
#include "catalogue/sheet.h"
#include <stdio.h>

enum { HEAD_BYTES_MAX = 4096 };

struct faults faults_in(struct arena *a)
{
    return (struct faults){ .at = NEW_N(a, struct fault, FAULTS_MAX) };
}

void fault_note(struct faults *f, size_t line, const struct err_info *info)
{
    if (f->total++ >= FAULTS_MAX)
        return;
    struct fault *fault = &f->at[f->n++];
    fault->line = line;
    (void)snprintf(fault->field, sizeof(fault->field), "%s", info->field);
    (void)snprintf(fault->zh, sizeof(fault->zh), "%s", err_info_text(info, info->e, LANG_ZH));
    (void)snprintf(fault->en, sizeof(fault->en), "%s", err_info_text(info, info->e, LANG_EN));
}

void fault_add(struct faults *f, size_t line, const char *field, struct msg m, struct str arg)
{
    struct err_info info = { .e = OK };
    (void)err_note(&info, E_INPUT, field, m, arg);
    fault_note(f, line, &info);
}

struct str sheet_line(struct str *rest, size_t *lines)
{
    bool quoted = false;
    size_t i = 0;
    *lines = 1;
    for (; i < rest->n && (quoted || rest->p[i] != '\n'); i++) {
        quoted ^= rest->p[i] == '"';
        *lines += rest->p[i] == '\n';
    }
    struct str line = { rest->p, i };
    size_t taken = i < rest->n ? i + 1 : i;
    *rest = (struct str){ rest->p + taken, rest->n - taken };
    return line;
}

static bool has_column(struct str head, const char *name)
{
    while (head.n)
        if (str_is(str_trim(str_cut(head, ',', &head)), name))
            return true;
    return false;
}

static bool head_is_good(const struct record *r, struct str head, struct faults *f)
{
    size_t before = f->total;
    if (head.n > HEAD_BYTES_MAX) {      /* it is read again with each row */
        fault_add(f, 1, NULL, MSG("第一行(列名)太长，列名照导出的文件写",
            "The first line, of the columns, is too long; write it as an exported file has it"),
            STR_NONE);
        return false;
    }
    for (size_t i = 0; i < r->n; i++)
        if ((r->fields[i].flags & REQUIRED) && !has_column(head, r->fields[i].name))
            fault_add(f, 1, r->fields[i].name, MSG("缺少 %s 一列；列名和其余各列照导出的文件写",
                "The column %s is missing; write the columns as an exported file has them"),
                str_c(r->fields[i].name));
    for (struct str rest = head; rest.n;) {
        struct str name = str_trim(str_cut(rest, ',', &rest));
        if (!record_field_named(r, name))
            fault_add(f, 1, NULL, MSG("没有名为“%s”的列，请删去或改名",
                "There is no column called \"%s\"; remove or rename it"), name);
    }
    return f->total == before;
}

/* A table that is being read. */
struct reading {
    struct arena *a;
    const struct record *r;
    struct str head[CSV_COLUMNS_MAX];
    size_t n_head;
    struct faults *f;
};

enum row_is { ROW_GOOD, ROW_PARTLY, ROW_UNREAD };

static enum row_is row_fault(const struct reading *k, size_t line, const struct err_info *info,
    enum row_is is)
{
    fault_note(k->f, line, info);
    return is;
}

static enum row_is row_cells(const struct reading *k, const struct str *cells, size_t line,
    void *rec, bool *bad)
{
    enum row_is is = ROW_GOOD;
    for (size_t c = 0; c < k->n_head; c++) {
        struct err_info info = { .e = OK };
        if (cells[c].n == 0 || record_set_text(k->a, k->r, rec, k->head[c], str_trim(cells[c]),
            &info) == OK)
            continue;
        is = row_fault(k, line, &info, ROW_PARTLY);
        const struct field *f = record_field_named(k->r, k->head[c]);
        if (f)
            bad[f - k->r->fields] = true;
    }
    return is;
}

/* The columns that hold one of some words; others wait for each other, so that one fault of a cell
 * is told once. */
static void row_words(const struct reading *k, size_t line, const struct field *f, const void *rec)
{
    struct err_info info = { .e = OK };
    if ((f->flags & TABLED) == 0)
        return;
    const struct str *word = record_in(f, rec);
    if (word->n && record_check_words(f, *word, &info) != OK)
        fault_note(k->f, line, &info);
}

static enum row_is row_read(const struct reading *k, struct str text, size_t line, void *rec)
{
    enum { FIELDS_MAX = 64 };
    struct str cells[CSV_COLUMNS_MAX];
    bool bad[FIELDS_MAX] = { false };
    struct err_info info = { .e = OK };
    size_t n, at = 0;
    CHECK(k->r->n <= FIELDS_MAX);
    record_clear(k->r, rec);
    if (record_csv_line(k->a, text, &at, cells, &n, &info) != OK) {
        info.field[0] = '\0';
        return row_fault(k, line, &info, ROW_UNREAD);
    }
    if (n != k->n_head) {
        fault_add(k->f, line, NULL, MSG("列数与表头不符", "The number of columns differs from the header"),
            STR_NONE);
        return ROW_UNREAD;
    }
    enum row_is is = row_cells(k, cells, line, rec, bad);
    for (size_t i = 0; i < k->r->n; i++) {
        info = (struct err_info){ .e = OK };
        if (bad[i])
            continue;
        if (record_check_field(k->r, i, rec, &info) == OK)
            row_words(k, line, &k->r->fields[i], rec);
        else
            is = row_fault(k, line, &info, ROW_PARTLY);
    }
    return is;
}

static bool head_read(struct reading *k, struct str head)
{
    struct err_info info = { .e = OK };
    size_t at = 0;
    if (record_csv_line(k->a, head, &at, k->head, &k->n_head, &info) != OK) {
        fault_note(k->f, 1, &info);
        return false;
    }
    for (size_t i = 0; i < k->n_head; i++)
        k->head[i] = str_trim(k->head[i]);
    return true;
}

static size_t count_lines(struct str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

static bool text_is_good(struct str csv, struct faults *f)
{
    if (csv.n > SHEET_BYTES_MAX || count_lines(csv) > SHEET_ROWS_MAX)
        fault_add(f, 0, NULL, MSG("文件太大，请分成几个文件", "The file is too large; split it"),
            STR_NONE);
    else if (!str_is_text(csv))
        fault_add(f, 0, NULL, MSG("文件不是 UTF-8 文本，请另存为“CSV UTF-8”再导入",
            "The file is not UTF-8 text; save it as \"CSV UTF-8\" and try again"), STR_NONE);
    else
        return true;
    return false;
}

struct sheet sheet_read(struct arena *a, const struct record *r, struct str csv, struct faults *f)
{
    struct sheet s = { .lines = NULL };
    if (!text_is_good(csv, f))
        return s;
    if (str_starts(csv, STR("\xef\xbb\xbf")))
        csv = (struct str){ csv.p + 3, csv.n - 3 };
    struct reading k = { .a = a, .r = r, .f = f };
    size_t most = count_lines(csv), took, line = 1, n = 0, n_partly = 0;
    struct str head = str_trim(sheet_line(&csv, &took));
    if (!head_is_good(r, head, f))
        return s;
    if (!head_read(&k, head))
        return s;
    char *rows = arena_alloc(a, r->size, alignof(max_align_t), most);
    char *partly = arena_alloc(a, r->size, alignof(max_align_t), FAULTS_MAX);
    size_t *lines = NEW_N(a, size_t, most), *partly_lines = NEW_N(a, size_t, FAULTS_MAX);
    for (line += took; csv.n; line += took) {
        struct str text = sheet_line(&csv, &took);
        void *rec = rows + n * r->size;
        enum row_is is = str_trim(text).n ? row_read(&k, text, line, rec) : ROW_UNREAD;
        if (is == ROW_GOOD) {
            lines[n++] = line;
        } else if (is == ROW_PARTLY && n_partly < FAULTS_MAX) {
            memcpy(partly + n_partly * r->size, rec, r->size);
            partly_lines[n_partly++] = line;
        }
    }
    if (n == 0 && f->total == 0)
        fault_add(f, 0, NULL, MSG("表头下面没有内容", "There is nothing below the heading"), STR_NONE);
    return (struct sheet){ { rows, n }, lines, { partly, n_partly }, partly_lines };
}

void faults_order(struct faults *f, size_t from)
{
    for (size_t i = from + 1; i < f->n; i++) {
        struct fault one = f->at[i];
        size_t to = i;
        for (; to > from && f->at[to - 1].line > one.line; to--)
            f->at[to] = f->at[to - 1];
        f->at[to] = one;
    }
}

/* Times that can be read are written as this program writes them; all other cells as they are. */
static void line_plain(struct reading *k, struct str text, struct buf *b)
{
    struct str cells[CSV_COLUMNS_MAX];
    struct err_info info = { .e = OK };
    size_t n, at = 0;
    if (record_csv_line(k->a, text, &at, cells, &n, &info) != OK || n != k->n_head) {
        buf_add(b, text);
        return;
    }
    for (size_t c = 0; c < n; c++) {
        int64_t ms;
        const struct field *f = record_field_named(k->r, k->head[c]);
        if (f && f->type == F_TIME && clock_read(cells[c], &ms))
            cells[c] = clock_day_text(k->a, ms);
        if (c)
            buf_byte(b, ',');
        sheet_cell(b, cells[c]);
    }
}

struct str sheet_plain(struct arena *a, const struct record *r, struct str csv)
{
    struct faults unread = faults_in(a);
    struct reading k = { .a = a, .r = r, .f = &unread };
    bool any = false;
    size_t took;
    for (size_t i = 0; i < r->n; i++)
        any |= r->fields[i].type == F_TIME;
    if (!any || !text_is_good(csv, &unread))
        return csv;
    struct buf b = buf_in(a, csv.n * 2 + SHEET_BYTES_MAX);
    struct str rest = csv, head = sheet_line(&rest, &took);
    if (str_starts(head, STR("\xef\xbb\xbf")))
        head = (struct str){ head.p + 3, head.n - 3 };
    head = str_trim(head);
    if (head.n > HEAD_BYTES_MAX || !head_read(&k, head))
        return csv;
    for (buf_add(&b, head); rest.n;) {
        buf_byte(&b, '\n');
        struct str text = sheet_line(&rest, &took);
        if (str_trim(text).n)
            line_plain(&k, text, &b);
    }
    buf_byte(&b, '\n');
    return buf_str(&b);
}

void faults_join(struct faults *f, const struct faults *own)
{
    for (size_t i = 0; i < own->n; i++) {
        const struct fault *o = &own->at[i];
        bool said = false;
        for (size_t k = 0; k < f->n && !said; k++)
            said = f->at[k].line == o->line && strcmp(f->at[k].field, o->field) == 0;
        if (!said)
            fault_add(f, o->line, o->field, (struct msg){ o->zh, o->en }, STR_NONE);
    }
}

void sheet_check_partly(struct arena *a, const struct record *r, const struct sheet *s,
    struct sheet_check check, struct faults *f)
{
    struct faults own = faults_in(a);
    for (size_t i = 0; i < s->partly.n; i++) {
        struct sheet one = { .rows = { (char *)s->partly.p + i * r->size, 1 },
            .lines = &s->partly_lines[i] };
        own.n = own.total = 0;
        check.rows(check.ctx, &one, &own);
        faults_join(f, &own);
    }
}

void sheet_cell(struct buf *b, struct str cell)
{
    bool quote = false;
    for (size_t i = 0; i < cell.n; i++)
        quote |= strchr(",\"\r\n", cell.p[i]) != NULL;
    if (!quote) {
        buf_add(b, cell);
        return;
    }
    buf_byte(b, '"');
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.p[i] == '"')
            buf_byte(b, '"');
        buf_byte(b, cell.p[i]);
    }
    buf_byte(b, '"');
}

void sheet_text(struct buf *b, struct str cell)
{
    static const char formula[] = "=+-@\t\r";
    if (cell.n == 0 || memchr(formula, cell.p[0], sizeof(formula) - 1) == NULL) {
        sheet_cell(b, cell);
        return;
    }
    buf_add(b, STR("\"'"));
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.p[i] == '"')
            buf_byte(b, '"');
        buf_byte(b, cell.p[i]);
    }
    buf_byte(b, '"');
}
