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

/* The next logical line (a quoted cell may span several); *lines gets how many it takes. */
static struct str next_line(struct str *rest, size_t *lines)
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

static bool is_field(const struct record *r, struct str name)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_is(name, r->fields[i].name))
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
        if (!is_field(r, name))
            fault_add(f, 1, NULL, MSG("没有名为“%s”的列，请删去或改名",
                "There is no column called \"%s\"; remove or rename it"), name);
    }
    return f->total == before;
}

static bool read_one(struct arena *a, const struct record *r, struct str head, struct str line,
    size_t at_line, struct list *ret, struct faults *f)
{
    struct err_info info = { .e = OK };
    struct str text = arena_fmt(a, "%.*s\n%.*s", STR_FMT(head), STR_FMT(line));
    enum err e = record_from_csv(a, r, text, ret, &info);
    if (e == OK)
        return true;
    char *place = strstr(info.field, " (line");
    if (place)
        *place = '\0';
    if (strncmp(info.field, "line ", 5) == 0)
        info.field[0] = '\0';
    fault_note(f, at_line, &info);
    return false;
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
    size_t most = count_lines(csv), took, line = 1, n = 0;
    struct str head = str_trim(next_line(&csv, &took));
    if (!head_is_good(r, head, f))
        return s;
    char *rows = arena_alloc(a, r->size, alignof(max_align_t), most);
    size_t *lines = NEW_N(a, size_t, most);
    for (line += took; csv.n; line += took) {
        struct list one;
        struct str text = next_line(&csv, &took);
        if (str_trim(text).n == 0 || !read_one(a, r, head, text, line, &one, f))
            continue;
        memcpy(rows + n * r->size, one.p, r->size);
        lines[n++] = line;
    }
    if (n == 0 && f->total == 0)
        fault_add(f, 0, NULL, MSG("表头下面没有内容", "There is nothing below the heading"), STR_NONE);
    return (struct sheet){ { rows, n }, lines };
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
