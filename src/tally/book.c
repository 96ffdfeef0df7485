/* book.c: the table in the official layout, and lists of disputes, as XLSX and CSV. */
#include "tally/tally.h"
#include "catalogue/sheet.h"
#include "tally/workbook.h"
#include <stdio.h>

enum { HEAD_ROWS = 3, FIRST_HEAD = 2, MONEY_FEN = 1000000 };

/* Hundredths of 10,000 yuan, rounded once from the sum in fen. */
static int64_t money_of(int64_t fen)
{
    enum { HUNDREDTH_FEN = MONEY_FEN / 100 };
    return (fen + HUNDREDTH_FEN / 2) / HUNDREDTH_FEN;
}

/* As official tables say of such columns. */
#define ROUNDED MSG("注：金额按分汇总后四舍五入到 0.01 万元；合计由原数汇总，与各行相加可能略有差别。", \
    "Note: money is summed up in fen, then rounded to 0.01 (10,000 yuan); the total is rounded of" \
    " itself, so it may differ a little from the sum of the rows.")

/* The table -------------------------------------------------------------------------------- */

struct looks { lxw_format *title, *head, *text, *number, *money; };

static struct looks looks_make(lxw_workbook *wb)
{
    struct looks l = { titled(wb), framed(wb, LXW_ALIGN_CENTER),
        framed(wb, LXW_ALIGN_LEFT), framed(wb, LXW_ALIGN_RIGHT), framed(wb, LXW_ALIGN_RIGHT) };
    format_set_text_wrap(l.head);
    format_set_bold(l.head);
    format_set_num_format(l.money, "0.00");
    return l;
}

static void head_cell(lxw_worksheet *s, uint32_t from, uint32_t to, uint16_t col, uint16_t last,
    const char *text, const struct looks *l)
{
    if (from == to && col == last)
        (void)worksheet_write_string(s, from, col, text, l->head);
    else
        (void)worksheet_merge_range(s, from, col, to, last, text, l->head);
}

static bool same(struct msg a, struct msg b)
{
    return a.zh && b.zh && strcmp(a.zh, b.zh) == 0;
}

/* How many columns from i on stand below the same heading. */
static size_t below(const struct tally_column *const *g, size_t n, size_t i, bool part)
{
    size_t k = i + 1;
    while (k < n && same(g[k]->group, g[i]->group) && (!part || same(g[k]->part, g[i]->part)))
        k++;
    return k - i;
}

/* Three rows of headings: group, part, name; a heading with none below it fills their room. */
static void heads_write(lxw_worksheet *s, const struct tally_column *const *g, size_t n,
    enum lang lang, const struct looks *l)
{
    enum { LAST_HEAD = FIRST_HEAD + HEAD_ROWS - 1 };
    head_cell(s, FIRST_HEAD, LAST_HEAD, 0, 0, say(lang, MSG("调解组织", "Committees")), l);
    head_cell(s, FIRST_HEAD, LAST_HEAD, 1, 1, say(lang, MSG("个数", "Number")), l);
    for (size_t i = 0; i < n; i++) {
        uint16_t col = (uint16_t)(i + 2);
        uint32_t row = FIRST_HEAD;
        if (g[i]->group.zh && (i == 0 || !same(g[i - 1]->group, g[i]->group)))
            head_cell(s, row, row, col, (uint16_t)(col + below(g, n, i, false) - 1),
                say(lang, g[i]->group), l);
        row += g[i]->group.zh != NULL;
        if (g[i]->part.zh && (i == 0 || !same(g[i - 1]->part, g[i]->part)))
            head_cell(s, row, row, col, (uint16_t)(col + below(g, n, i, true) - 1),
                say(lang, g[i]->part), l);
        row += g[i]->part.zh != NULL;
        head_cell(s, row, LAST_HEAD, col, col, say(lang, g[i]->name), l);
    }
}

static void rows_write(lxw_worksheet *s, const struct tally_table *t,
    const struct tally_column *const *g, size_t n, const struct looks *l)
{
    for (size_t r = 0; r < t->n; r++) {
        uint32_t row = (uint32_t)(FIRST_HEAD + HEAD_ROWS + r);
        cell_str(s, row, 0, t->rows[r].name, l->text);
        (void)worksheet_write_number(s, row, 1, (double)t->rows[r].committees, l->number);
        for (size_t i = 0; i < n; i++)
            (void)worksheet_write_number(s, row, (uint16_t)(i + 2), g[i]->measure == FEN
                ? (double)money_of(t->rows[r].values[i]) / 100
                : (double)t->rows[r].values[i], g[i]->measure == FEN ? l->money : l->number);
    }
}

static struct str below_title(struct arena *a, const struct tally_table *t, enum lang lang)
{
    struct str from = day_of(a, t->from_ms), to = day_of(a, t->to_ms - 1);
    struct str on = day_of(a, t->made_ms);
    return arena_fmt(a, lang == LANG_EN
        ? "By: %.*s    accepted from %.*s to %.*s    made on %.*s, as things stand that day"
        : "制表单位：%.*s    受理日期：%.*s 至 %.*s    制表日期：%.*s，按当日情况",
        STR_FMT(t->made_by), STR_FMT(from), STR_FMT(to), STR_FMT(on));
}

enum err tally_book(struct arena *a, const struct tally_table *t, enum lang lang, struct buf *out)
{
    const struct tally_column *g[FIGURES_MAX];
    size_t n = figures_list(g);
    struct nameless file;
    lxw_workbook *wb;
    TRY(book_begin(&file, &wb));
    struct looks l = looks_make(wb);
    lxw_worksheet *s = workbook_add_worksheet(wb, say(lang, MSG("统计表", "Statistics")));
    (void)worksheet_merge_range(s, 0, 0, 0, (uint16_t)(n + 1),
        say(lang, MSG("人民调解案件情况统计表", "People's mediation: statistics")), l.title);
    cell_str(s, 1, 0, below_title(a, t, lang), NULL);
    (void)worksheet_set_column(s, 0, 0, 22, NULL);
    (void)worksheet_set_column(s, 1, (uint16_t)(n + 1), 9, NULL);
    heads_write(s, g, n, lang, &l);
    rows_write(s, t, g, n, &l);
    cell_str(s, (uint32_t)(FIRST_HEAD + HEAD_ROWS + t->n), 0, str_c(say(lang, ROUNDED)), NULL);
    page_set(s, FIRST_HEAD + HEAD_ROWS, 2);
    return book_end(wb, &file, out);
}

void tally_csv(const struct tally_table *t, enum lang lang, struct buf *out)
{
    const struct tally_column *g[FIGURES_MAX];
    size_t n = figures_list(g);
    buf_add(out, str_c(say(lang, MSG("\xef\xbb\xbf调解组织,个数", "\xef\xbb\xbf""committees,number"))));
    for (size_t i = 0; i < n; i++) {
        buf_byte(out, ',');
        sheet_cell(out, str_c(say(lang, g[i]->name)));
    }
    for (size_t r = 0; r < t->n; r++) {
        buf_add(out, STR("\r\n"));
        sheet_text(out, t->rows[r].name);
        buf_fmt(out, ",%lld", (long long)t->rows[r].committees);
        for (size_t i = 0; i < n; i++)
            if (g[i]->measure == FEN)
                buf_fmt(out, ",%lld.%02lld", (long long)money_of(t->rows[r].values[i]) / 100,
                    (long long)money_of(t->rows[r].values[i]) % 100);
            else
                buf_fmt(out, ",%lld", (long long)t->rows[r].values[i]);
    }
    buf_add(out, STR("\r\n"));
}

/* Lists of disputes ------------------------------------------------------------------------ */

static const struct { const char *word; struct msg name; } words[] = {
    { "apply", { "当事人申请", "parties asked" } }, { "initiative", { "主动调解", "own initiative" } },
    { "report", { "群众上报", "reported" } }, { "court", { "法院移送", "court" } },
    { "procurate", { "检察院移送", "procuratorate" } }, { "police", { "公安移送", "police" } },
    { "petition", { "信访移送", "petition office" } }, { "labour", { "劳动部门移送", "labour office" } },
    { "hotline", { "12345 转来", "12345" } }, { "other", { "其他", "other" } },
    { "simple", { "简易", "simple" } }, { "ordinary", { "一般", "ordinary" } },
    { "hard", { "疑难复杂", "hard" } }, { "major", { "重大", "major" } },
    { "oral", { "口头", "oral" } }, { "written", { "书面", "written" } },
    { "applied", { "已申请", "applied for" } }, { "confirmed", { "已确认", "confirmed" } },
    { "dismissed", { "驳回", "dismissed" } },
};

struct str word_name(struct str word, enum lang lang)
{
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_is(word, words[i].word))
            return str_c(say(lang, words[i].name));
    return word;
}

static const struct msg case_heads[] = {
    { "序号", "no" }, { "卷号", "book number" }, { "调解组织", "committee" }, { "纠纷类别", "type" },
    { "案件来源", "source" }, { "难易", "class" }, { "状态", "state" }, { "协议形式", "form" },
    { "当事人数", "parties" }, { "调解次数", "sessions" }, { "协议金额（元）", "amount (yuan)" },
    { "受理日期", "accepted" }, { "协议生效", "binds since" }, { "司法确认", "court" },
};
enum { CASE_COLUMNS = COUNT_OF(case_heads), FIRST_NUMBER = 8, AMOUNT = 10,
    CASE_ROWS_MAX = 1048575 };

/* Texts of a row; the numbers between FIRST_NUMBER and AMOUNT stay empty. */
static void case_texts(struct arena *a, struct str committee, const struct tallied *f,
    enum lang lang, struct str ret[CASE_COLUMNS])
{
    const struct dispute_type *type = dispute_type_by(f->type);
    const struct state_row *state = &state_table[state_by_word(f->state)];
    const struct str texts[CASE_COLUMNS] = { [1] = f->docket, [2] = committee,
        [3] = type ? str_c(say(lang, (struct msg){ type->zh, type->en })) : f->type,
        [4] = word_name(f->source, lang), [5] = word_name(f->class, lang),
        [6] = str_c(say(lang, (struct msg){ state->zh, state->en })),
        [7] = word_name(f->form, lang),
        [11] = day_of(a, f->accepted_ms), [12] = day_of(a, f->effective_ms),
        [13] = word_name(f->confirm, lang) };
    memcpy(ret, texts, sizeof(texts));
}

static double case_number(const struct tallied *f, size_t column)
{
    return column == AMOUNT ? (double)f->amount_fen / 100
        : (double)(column == FIRST_NUMBER ? f->parties : f->sittings);
}

struct case_book {
    lxw_workbook *wb;
    lxw_worksheet *sheet;
    struct arena a;
    enum lang lang;
    uint32_t row;
};

struct case_book *case_book_begin(int fd, enum lang lang)
{
    char path[40];
    lxw_workbook_options o = { .constant_memory = 1 };
    struct case_book *b = heap_alloc(sizeof(*b));
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    *b = (struct case_book){ .lang = lang };
    b->wb = workbook_new_opt(path, &o);
    CHECK(b->wb != NULL);
    arena_init(&b->a, 1 << 16);
    b->sheet = workbook_add_worksheet(b->wb, say(lang, MSG("案件清单", "Disputes")));
    (void)worksheet_set_column(b->sheet, 0, 0, 6, NULL);
    (void)worksheet_set_column(b->sheet, 1, 2, 26, NULL);
    (void)worksheet_set_column(b->sheet, 3, CASE_COLUMNS - 1, 12, NULL);
    page_set(b->sheet, 1, 2);
    for (size_t i = 0; i < CASE_COLUMNS; i++)
        (void)worksheet_write_string(b->sheet, 0, (uint16_t)i, say(lang, case_heads[i]), NULL);
    return b;
}

void case_book_add(struct case_book *b, struct str committee, const struct tallied *f)
{
    struct str texts[CASE_COLUMNS];
    if (b->row == CASE_ROWS_MAX)
        return;
    b->row++;
    case_texts(&b->a, committee, f, b->lang, texts);
    (void)worksheet_write_number(b->sheet, b->row, 0, b->row, NULL);
    for (size_t i = 1; i < CASE_COLUMNS; i++)
        if (i >= FIRST_NUMBER && i <= AMOUNT)
            (void)worksheet_write_number(b->sheet, b->row, (uint16_t)i, case_number(f, i), NULL);
        else
            cell_str(b->sheet, b->row, (uint16_t)i, texts[i], NULL);
    arena_reset(&b->a);
}

enum err case_book_end(struct case_book *b)
{
    lxw_error wrong = workbook_close(b->wb);
    arena_free(&b->a);
    heap_free(b);
    return wrong == LXW_NO_ERROR ? OK : E_IO;
}

void case_csv_head(enum lang lang, struct buf *out)
{
    buf_add(out, STR("\xef\xbb\xbf"));
    for (size_t i = 0; i < CASE_COLUMNS; i++) {
        buf_add(out, i ? STR(",") : STR(""));
        sheet_cell(out, str_c(say(lang, case_heads[i])));
    }
    buf_add(out, STR("\r\n"));
}

void case_csv_row(struct str committee, int64_t no, const struct tallied *f, enum lang lang,
    struct buf *out)
{
    struct str texts[CASE_COLUMNS];
    case_texts(out->a, committee, f, lang, texts);
    buf_i64(out, no);
    for (size_t i = 1; i < CASE_COLUMNS; i++) {
        buf_byte(out, ',');
        if (i >= FIRST_NUMBER && i <= AMOUNT)
            buf_fmt(out, "%.*f", i == AMOUNT ? 2 : 0, case_number(f, i));
        else
            sheet_text(out, texts[i]);
    }
    buf_add(out, STR("\r\n"));
}
