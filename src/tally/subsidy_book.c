/* subsidy_book.c: the list to pay by as XLSX and CSV: a row for each mediator of each dispute. */
#include "catalogue/sheet.h"
#include "tally/view.h"
#include "tally/workbook.h"

static const struct msg heads[] = {
    { "序号", "no" }, { "卷号", "book number" }, { "调解组织", "committee" }, { "难易", "class" },
    { "协议形式", "form" }, { "结果", "outcome" }, { "日期", "day" }, { "适用规则", "rule" },
    { "规则版本", "version of the rules" }, { "每件金额（元）", "for the dispute (yuan)" },
    { "调解员", "mediator" }, { "应发（元）", "to be paid (yuan)" }, { "不发放的原因", "why it is not paid" },
};
enum { COLUMNS = COUNT_OF(heads), NO = 0, VERSION = 8, AMOUNT = 9, SHARE = 11, HEAD_ROW = 2 };

/* A row of the table; numbers that are not there are negative. */
struct pay_row { struct str texts[COLUMNS]; double no, version, amount, share; };

static struct str reasons_of(struct arena *a, const struct subsidy_line *l)
{
    const struct reason_row *r = l->why.p;
    struct str text = STR("");
    for (size_t i = 0; i < l->why.n; i++)
        text = arena_fmt(a, "%.*s%s%.*s", STR_FMT(text), i ? "; " : "", STR_FMT(r[i].name));
    return text;
}

/* The k-th row of a dispute; the dispute's own amount stands in its first row only, so that a
 * column adds up. */
static struct pay_row row_of(struct arena *a, const struct subsidy_line *l, size_t i, size_t k)
{
    const struct subsidy_share *s = l->shares.p;
    bool has = k < l->shares.n;
    struct pay_row r = { .texts = { [1] = l->docket, [2] = l->committee_name, [3] = l->class_name,
        [4] = l->form_name, [5] = l->outcome_name, [6] = day_of(a, l->day_ms), [7] = l->rule_name,
        [10] = has ? s[k].name : STR(""), [12] = reasons_of(a, l) },
        .no = (double)i + 1, .version = l->version == I64_NONE ? -1 : (double)l->version,
        .amount = k == 0 ? l->amount : -1, .share = has ? s[k].amount : -1 };
    return r;
}

static size_t rows_in(const struct subsidy_line *l)
{
    return l->shares.n ? l->shares.n : 1;
}

static double number_of(const struct pay_row *r, size_t column)
{
    return column == NO ? r->no : column == VERSION ? r->version : column == AMOUNT ? r->amount
        : r->share;
}

static bool is_number(size_t column)
{
    return column == NO || column == VERSION || column == AMOUNT || column == SHARE;
}

static struct str below_title(struct arena *a, const struct subsidy_view *v, enum lang lang)
{
    struct str from = day_of(a, v->from_ms), to = day_of(a, v->to_ms - 1);
    struct str on = day_of(a, v->made_ms);
    return arena_fmt(a, lang == LANG_EN
        ? "By: %.*s    from %.*s to %.*s    made on %.*s    %lld dispute%s paid, %.2f yuan"
        : "制表单位：%.*s    结案日期：%.*s 至 %.*s    制表日期：%.*s    发放 %lld 件%s，共 %.2f 元",
        STR_FMT(v->made_by), STR_FMT(from), STR_FMT(to), STR_FMT(on), (long long)v->paid,
        lang == LANG_EN && v->paid != 1 ? "s" : "", v->amount);
}

static void row_write(lxw_worksheet *s, uint32_t at, const struct pay_row *r, lxw_format *text,
    lxw_format *money)
{
    for (size_t c = 0; c < COLUMNS; c++) {
        if (!is_number(c))
            cell_str(s, at, (uint16_t)c, r->texts[c], text);
        else if (number_of(r, c) >= 0)
            (void)worksheet_write_number(s, at, (uint16_t)c, number_of(r, c),
                c == AMOUNT || c == SHARE ? money : text);
        else
            (void)worksheet_write_blank(s, at, (uint16_t)c, text);
    }
}

enum err subsidy_book(struct arena *a, const struct subsidy_view *v, enum lang lang,
    struct buf *out)
{
    const struct subsidy_line *l = v->items.p;
    struct nameless file;
    lxw_workbook *wb;
    TRY(book_begin(&file, &wb));
    lxw_format *text = framed(wb, LXW_ALIGN_LEFT), *money = framed(wb, LXW_ALIGN_RIGHT);
    lxw_format *title = titled(wb);
    format_set_num_format(money, "0.00");
    lxw_worksheet *s = workbook_add_worksheet(wb, say(lang, MSG("补贴清单", "Subsidies")));
    (void)worksheet_merge_range(s, 0, 0, 0, COLUMNS - 1,
        say(lang, MSG("人民调解“以案定补”补贴清单", "Subsidies for mediated disputes")), title);
    cell_str(s, 1, 0, below_title(a, v, lang), NULL);
    (void)worksheet_set_column(s, 1, 2, 26, NULL);
    (void)worksheet_set_column(s, 3, COLUMNS - 2, 12, NULL);
    (void)worksheet_set_column(s, COLUMNS - 1, COLUMNS - 1, 30, NULL);
    for (size_t c = 0; c < COLUMNS; c++)
        (void)worksheet_write_string(s, HEAD_ROW, (uint16_t)c, say(lang, heads[c]), text);
    uint32_t at = HEAD_ROW;
    for (size_t i = 0; i < v->items.n; i++)
        for (size_t k = 0; k < rows_in(&l[i]); k++) {
            struct pay_row r = row_of(a, &l[i], i, k);
            row_write(s, ++at, &r, text, money);
        }
    page_set(s, HEAD_ROW + 1, 2);
    return book_end(wb, &file, out);
}

void subsidy_csv(struct arena *a, const struct subsidy_view *v, enum lang lang, struct buf *out)
{
    const struct subsidy_line *l = v->items.p;
    buf_add(out, STR("\xef\xbb\xbf"));
    for (size_t c = 0; c < COLUMNS; c++) {
        buf_add(out, c ? STR(",") : STR(""));
        sheet_cell(out, str_c(say(lang, heads[c])));
    }
    for (size_t i = 0; i < v->items.n; i++)
        for (size_t k = 0; k < rows_in(&l[i]); k++) {
            struct pay_row r = row_of(a, &l[i], i, k);
            for (size_t c = 0; c < COLUMNS; c++) {
                buf_add(out, c ? STR(",") : STR("\r\n"));
                if (!is_number(c))
                    sheet_text(out, r.texts[c]);
                else if (number_of(&r, c) >= 0)
                    buf_fmt(out, c == AMOUNT || c == SHARE ? "%.2f" : "%.0f", number_of(&r, c));
            }
        }
    buf_add(out, STR("\r\n"));
}
