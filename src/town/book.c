/* book.c: the workbook to fill in: a sheet for each table with headings, a row that explains them,
 * and lists to choose from. Units and communities are chosen from what was written in their own
 * sheets. Columns are text, so that no code loses its last digits. */
#include "tally/workbook.h"
#include "town/town.h"

enum {
    ROW_TITLE, ROW_HEAD, ROW_NOTE, ROW_FIRST, ROW_LAST = 1000, WIDTH = 18, WIDTH_FIRST = 22,
    LIST_BYTES_MAX = 255, RED = 0xC00000, GREY = 0x666666, PALE = 0xF2F2F2,
};

static const struct msg words_title = MSG("词表", "Words");

struct book {
    lxw_workbook *wb;
    enum lang lang;
    struct arena *a;
    lxw_format *title, *head, *wanted, *note, *cell;
};

static void formats_make(struct book *b)
{
    b->title = titled(b->wb);
    b->head = framed(b->wb, LXW_ALIGN_CENTER);
    format_set_bold(b->head);
    format_set_bg_color(b->head, PALE);
    b->wanted = framed(b->wb, LXW_ALIGN_CENTER);
    format_set_bold(b->wanted);
    format_set_bg_color(b->wanted, PALE);
    format_set_font_color(b->wanted, RED);
    b->note = framed(b->wb, LXW_ALIGN_LEFT);
    format_set_font_color(b->note, GREY);
    format_set_text_wrap(b->note);
    b->cell = workbook_add_format(b->wb);
    format_set_num_format(b->cell, "@");
}

/* Choices as a list in the sheet of words, where long ones fit too. */
static size_t choices_count(const struct town_choice *choices)
{
    size_t n = 0;
    while (choices[n].word)
        n++;
    return n;
}

static struct str said_of(const struct book *b, const struct town_choice *choice)
{
    return str_c(b->lang == LANG_EN ? choice->en : choice->zh);
}

/* The library takes texts that it could change. */
static char *text_of(struct book *b, struct str v)
{
    char *text = arena_bytes(b->a, v.n + 1);
    memcpy(text, v.p, v.n);
    text[v.n] = '\0';
    return text;
}

/* The library (1.1.4) does not free its copy of the formula: some bytes, once in a command. */
static void list_from(lxw_worksheet *s, uint16_t column, char *formula)
{
    lxw_data_validation v = { .validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
        .value_formula = formula, .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
        .dropdown = LXW_VALIDATION_ON };
    (void)worksheet_data_validation_range(s, ROW_FIRST, column, ROW_LAST, column, &v);
}

static void list_of(lxw_worksheet *s, uint16_t column, char **words)
{
    lxw_data_validation v = { .validate = LXW_VALIDATION_TYPE_LIST, .value_list = words,
        .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING, .dropdown = LXW_VALIDATION_ON };
    (void)worksheet_data_validation_range(s, ROW_FIRST, column, ROW_LAST, column, &v);
}

static void list_of_choices(struct book *b, lxw_worksheet *s, uint16_t column,
    const struct town_choice *choices)
{
    size_t n = choices_count(choices);
    char **words = NEW_N(b->a, char *, n + 1);
    if (choices == town_functions) {        /* more than a list in a cell may hold */
        list_from(s, column, text_of(b, arena_fmt(b->a, "='%s'!$A$2:$A$%zu",
            say(b->lang, words_title), n + 1)));
        return;
    }
    for (size_t i = 0; i < n; i++)
        words[i] = text_of(b, said_of(b, &choices[i]));
    list_of(s, column, words);
}

static void choose(struct book *b, lxw_worksheet *s, uint16_t column, const struct town_column *c)
{
    static const struct town_choice truths[] = { { "true", "是", "yes" }, { "false", "否", "no" },
        { NULL, NULL, NULL } };
    if (c->kind == CELL_TRUTH)
        list_of_choices(b, s, column, truths);
    else if (c->kind == CELL_CHOICE)
        list_of_choices(b, s, column, c->choices);
    else if (c->kind == CELL_REF)   /* names are the second column of each of these sheets */
        list_from(s, column, text_of(b, arena_fmt(b->a, "='%s'!$B$%d:$B$%d",
            say(b->lang, town_forms[c->ref].title), ROW_FIRST + 1, ROW_LAST + 1)));
}

static void column_write(struct book *b, lxw_worksheet *s, uint16_t at, const struct town_column *c)
{
    bool wanted = c->wanted && c->like == NULL;
    struct str note = str_c(say(b->lang, c->note));
    (void)worksheet_set_column(s, at, at, at ? WIDTH : WIDTH_FIRST, b->cell);
    cell_str(s, ROW_HEAD, at, wanted ? arena_fmt(b->a, "%s*", say(b->lang, c->heading))
        : str_c(say(b->lang, c->heading)), wanted ? b->wanted : b->head);
    cell_str(s, ROW_NOTE, at, at ? note : arena_fmt(b->a, "# %.*s", STR_FMT(note)), b->note);
    choose(b, s, at, c);
}

static void sheet_write(struct book *b, const struct town_form *form)
{
    lxw_worksheet *s = workbook_add_worksheet(b->wb, say(b->lang, form->title));
    CHECK(s != NULL);
    cell_str(s, ROW_TITLE, 0, arena_fmt(b->a, "# %s — %s", say(b->lang, form->title),
        say(b->lang, form->note)), NULL);
    for (size_t i = 0; i < form->n; i++)
        column_write(b, s, (uint16_t)i, &form->columns[i]);
    page_set(s, ROW_NOTE, 1);
}

static void guide_write(struct book *b)
{
    static const struct msg lines[] = {
        MSG("填表说明", "How to fill this in"),
        MSG("一、按工作表的顺序填：本镇、社区、单位、网格……；红字带 * 的列必填，# 开头的行不读。",
            "1. Fill in sheet by sheet: Town, Communities, Units, Grids ...; red columns with * are needed;"
            " rows that begin with # are not read."),
        MSG("二、类别、期限、日历、派单规则、答复模板可以整张不填，先用内置的，以后在网页上改。",
            "2. Categories, Limits, Calendar, Rules and Templates may stay empty: the built-in ones are taken;"
            " change them later in the browser."),
        MSG("三、网格边界有 GIS 文件的，不填“网格”，把 grid.geojson 或 grid.shp、grid.dbf、grid.prj 放在同一文件夹。",
            "3. Where outlines come from a GIS, leave Grids empty and put grid.geojson, or grid.shp with .dbf"
            " and .prj, into the same folder."),
        MSG("四、保存后运行：fengqiao init --db town.db --from 文件夹 --dry-run，按提示改到没有问题，再去掉 --dry-run。",
            "4. Save, run: fengqiao init --db town.db --from FOLDER --dry-run, correct what it says until"
            " nothing is left, and run it without --dry-run."),
    };
    lxw_worksheet *s = workbook_add_worksheet(b->wb, b->lang == LANG_EN ? "Guide" : "说明");
    CHECK(s != NULL);
    (void)worksheet_set_column(s, 0, 0, 110, b->note);
    for (uint32_t i = 0; i < COUNT_OF(lines); i++)
        cell_str(s, i, 0, str_c(say(b->lang, lines[i])), i ? b->note : b->title);
}

static void words_write(struct book *b)
{
    lxw_worksheet *s = workbook_add_worksheet(b->wb, say(b->lang, words_title));
    CHECK(s != NULL);
    (void)worksheet_set_column(s, 0, 1, WIDTH, NULL);
    cell_str(s, 0, 0, str_c(b->lang == LANG_EN ? "Functions" : "职能"), b->head);
    for (uint32_t i = 0; town_functions[i].word; i++)
        cell_str(s, i + 1, 0, said_of(b, &town_functions[i]), NULL);
}

enum err town_book(struct arena *a, enum lang lang, struct buf *out)
{
    struct nameless f;
    struct book b = { .lang = lang, .a = a };
    TRY(book_begin(&f, &b.wb));
    formats_make(&b);
    guide_write(&b);
    for (size_t i = 0; i < SHEET_COUNT; i++)
        if (town_forms[i].in_book)
            sheet_write(&b, &town_forms[i]);
    words_write(&b);
    return book_end(b.wb, &f, out);
}
