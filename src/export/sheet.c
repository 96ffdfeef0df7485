/* sheet.c: the file: Excel or CSV, with the mark of whom it was made for. */
#include "catalogue/sheet.h"
#include "export/export.h"
#include "tally/workbook.h"

const char *const export_formats[] = { "xlsx", "csv", NULL };
enum { HEAD_ROWS = 3, HEADER_UNIT_CHARS = 30, HEADER_BYTES = 400 };

static struct str moment(struct arena *a, int64_t ms)
{
    struct civil c = clock_civil(ms);
    return arena_fmt(a, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

/* Number, unit, account and time: what leads back to whoever lets the file out. */
static struct str origin(struct cx *cx, const struct export_mark *k, struct str unit)
{
    struct str when = moment(cx->a, k->at_ms);
    if (k->number == 0)
        return arena_fmt(cx->a, cx->lang == LANG_EN ? "Masked · %.*s · %.*s · %.*s"
            : "已脱敏 · %.*s · %.*s · %.*s", STR_FMT(unit), STR_FMT(k->username), STR_FMT(when));
    return arena_fmt(cx->a, cx->lang == LANG_EN ? "Not masked, internal · E%lld · %.*s · %.*s · %.*s"
        : "未脱敏 内部资料 · E%lld · %.*s · %.*s · %.*s", (long long)k->number, STR_FMT(unit),
        STR_FMT(k->username), STR_FMT(when));
}

static struct str mark_line(struct cx *cx, const struct export_mark *k)
{
    struct str from = origin(cx, k, k->unit);
    if (k->number == 0)
        return from;
    return arena_fmt(cx->a, cx->lang == LANG_EN ? "%.*s · only for: %.*s" : "%.*s · 仅用于：%.*s",
        STR_FMT(from), STR_FMT(k->purpose));
}

static struct str heading(const struct cx *cx, size_t column)
{
    return cx_text(cx, export_columns[column].name.zh, export_columns[column].name.en);
}

/* CSV --------------------------------------------------------------------------------------- */

static void csv_write(struct cx *cx, const struct export_mark *k, const struct export_content *c,
    struct buf *out)
{
    buf_add(out, STR("\xef\xbb\xbf"));
    if (k->number) {
        struct str line = mark_line(cx, k);
        sheet_cell(out, arena_fmt(cx->a, "# %.*s", STR_FMT(line)));
        buf_add(out, STR("\r\n"));
    }
    for (size_t i = 0; i < EXPORT_COLUMNS; i++) {
        buf_add(out, i ? STR(",") : STR(""));
        sheet_cell(out, heading(cx, i));
    }
    for (size_t r = 0; r < c->n; r++)
        for (size_t i = 0; i < EXPORT_COLUMNS; i++) {
            buf_add(out, i ? STR(",") : STR("\r\n"));
            sheet_text(out, c->rows[r].cells[i]);
        }
    buf_add(out, STR("\r\n"));
}

/* Excel ------------------------------------------------------------------------------------- */

/* As texts, each whole. */
static void text_put(struct cx *cx, lxw_worksheet *s, uint32_t row, size_t col, struct str v,
    lxw_format *f)
{
    (void)worksheet_write_string(s, row, (uint16_t)col, arena_fmt(cx->a, "%.*s", STR_FMT(v)).p, f);
}

/* In a header & begins a command. */
static struct str header_text(struct cx *cx, struct str text)
{
    struct buf b = buf_in(cx->a, HEADER_BYTES);
    buf_add(&b, STR("&C"));
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '&')
            buf_byte(&b, '&');
        buf_byte(&b, text.p[i]);
    }
    buf_byte(&b, '\0');
    return buf_str(&b);
}

/* On every page, in the file's properties, and where somebody would change a cell. */
static void mark_put(struct cx *cx, lxw_workbook *wb, lxw_worksheet *s, const struct export_mark *k)
{
    struct str line = origin(cx, k, str_head(k->unit, HEADER_UNIT_CHARS));
    struct str head = header_text(cx, line);
    lxw_protection allowed = { .format_columns = 1, .format_rows = 1, .sort = 1, .autofilter = 1 };
    char title[] = "fengqiao", about[HEADER_BYTES];
    size_t n = line.n < sizeof(about) - 1 ? line.n : sizeof(about) - 1;
    memcpy(about, line.p, n);
    about[n] = '\0';
    (void)worksheet_set_header(s, head.p);
    (void)workbook_set_properties(wb, &(lxw_doc_properties){ .title = title, .comments = about });
    if (k->number == 0)
        return;
    (void)workbook_set_custom_property_string(wb, "fengqiao-export",
        arena_fmt(cx->a, "E%lld", (long long)k->number).p);
    (void)workbook_set_custom_property_string(wb, "fengqiao-account",
        arena_fmt(cx->a, "%.*s", STR_FMT(k->username)).p);
    worksheet_protect(s, NULL, &allowed);
}

static enum err xlsx_write(struct cx *cx, const struct export_mark *k,
    const struct export_content *c, struct buf *out)
{
    struct nameless file;
    lxw_workbook *wb;
    TRY(book_begin(&file, &wb));
    lxw_format *head = framed(wb, LXW_ALIGN_CENTER), *cell = framed(wb, LXW_ALIGN_LEFT);
    format_set_bold(head);
    format_set_text_wrap(cell);
    lxw_worksheet *s = workbook_add_worksheet(wb, cx_text(cx, "事项清单", "Matters").p);
    page_set(s, HEAD_ROWS, 1);
    mark_put(cx, wb, s, k);
    (void)worksheet_merge_range(s, 0, 0, 0, EXPORT_COLUMNS - 1,
        cx_text(cx, "事项清单", "List of matters").p, titled(wb));
    text_put(cx, s, 1, 0, mark_line(cx, k), NULL);
    for (size_t i = 0; i < EXPORT_COLUMNS; i++) {
        (void)worksheet_set_column(s, (uint16_t)i, (uint16_t)i, export_columns[i].width, NULL);
        text_put(cx, s, HEAD_ROWS - 1, i, heading(cx, i), head);
    }
    for (size_t r = 0; r < c->n; r++)
        for (size_t i = 0; i < EXPORT_COLUMNS; i++)
            text_put(cx, s, (uint32_t)(HEAD_ROWS + r), i, c->rows[r].cells[i], cell);
    return book_end(wb, &file, out);
}

enum err export_file(struct cx *cx, struct str format, const struct export_mark *mark,
    const struct export_content *c, struct buf *out)
{
    if (str_is(format, "xlsx"))
        return xlsx_write(cx, mark, c, out);
    csv_write(cx, mark, c, out);
    return OK;
}
