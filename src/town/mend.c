/* mend.c: what people write in cells, made what import takes: words of ours, days, codes. */
#include "town/town.h"

enum { DIGITS_KEPT = 15, GRID_SERIALS = 1000 };

/* Digits before an exponent: all that is left of a number in a text. */
static size_t digits_said(struct str v)
{
    size_t n = 0;
    for (size_t i = 0; i < v.n && v.p[i] != 'E' && v.p[i] != 'e'; i++)
        n += v.p[i] >= '0' && v.p[i] <= '9';
    return n;
}

/* Spreadsheets keep 15 digits of a number, and show long ones with an exponent. A text holds what
 * was shown, a number all that was kept. */
static struct str digits_mend(struct arena *a, const struct town_column *c, struct str said,
    bool number, size_t row, struct faults *f)
{
    struct str v = str_narrow(a, said);
    bool shortened = memchr(v.p, 'E', v.n) || memchr(v.p, 'e', v.n);
    double value = 0;
    if (!shortened && !number)
        return v;
    if (!str_to_f64(v, &value) || value < 0 || value >= 1e18)
        return v;
    struct str whole = arena_fmt(a, "%.0f", value);
    bool rounded = whole.n == DIGITS_KEPT && (int64_t)value % GRID_SERIALS == 0;
    bool lost = whole.n > DIGITS_KEPT
        || (shortened && (rounded || (!number && digits_said(v) < whole.n)));
    if (lost)
        fault_add(f, row, c->field, MSG("编码 %s 存成了数字，末尾几位已丢失；请将该列设为“文本”后重填",
            "The code %s is kept as a number and has lost its last digits; format the column as text"
            " and enter it again"), v);
    return memchr(v.p, '.', v.n) && !shortened && value != (double)(int64_t)value ? v : whole;
}

static struct str day_mend(struct arena *a, const struct town_column *c, struct str said,
    bool number, size_t row, struct faults *f)
{
    int64_t ms = 0;
    if ((number && clock_read_serial(said, &ms)) || clock_read(said, &ms))
        return str_head(clock_day_text(a, ms), strlen("yyyy-mm-dd"));
    fault_add(f, row, c->field, MSG("“%s”不是日期，写作 2026-10-01", "\"%s\" is no day; write it as 2026-10-01"),
        said);
    return said;
}

static struct str truth_mend(const struct town_column *c, struct str said, size_t row,
    struct faults *f)
{
    static const char *const yes[] = { "是", "√", "1", "true", "TRUE", "True", "yes", "Yes", "Y", "y", "有" };
    static const char *const no[] = { "否", "×", "0", "false", "FALSE", "False", "no", "No", "N", "n",
        "无" };
    for (size_t i = 0; i < COUNT_OF(yes); i++)
        if (str_is(said, yes[i]))
            return STR("true");
    for (size_t i = 0; i < COUNT_OF(no); i++)
        if (str_is(said, no[i]))
            return STR("false");
    fault_add(f, row, c->field, MSG("“%s”不明白，请写 是 或 否", "\"%s\" is neither yes nor no"), said);
    return said;
}

/* What may be written, for a message: in both languages. */
static struct msg choices_text(struct arena *a, const struct town_choice *choices, bool several)
{
    struct buf zh = buf_in(a, 400), en = buf_in(a, 400);
    buf_add(&zh, several ? STR("没有“%s”这个说法，可用：") : STR("不能写“%s”，可写："));
    buf_add(&en, STR("\"%s\" is not known; write one of: "));
    for (size_t i = 0; choices[i].word && zh.n < 300 && en.n < 300; i++) {
        buf_fmt(&zh, "%s%s", i ? "、" : "", choices[i].zh);
        buf_fmt(&en, "%s%s", i ? ", " : "", choices[i].en);
    }
    buf_byte(&zh, '\0');
    buf_byte(&en, '\0');
    return (struct msg){ zh.p, en.p };
}

/* A number that a spreadsheet made of "1" is "1" here, and words may be ours or theirs. */
static struct str choice_mend(struct arena *a, const struct town_column *c, struct str said,
    size_t row, struct faults *f)
{
    static const char *const besides[] = { "desk", "owner" };
    struct str v = str_narrow(a, said), word = town_word(c->choices, said);
    if (word.n == 0)
        word = town_word(c->choices, v);
    for (size_t i = 0; i < COUNT_OF(besides) && word.n == 0; i++)
        if (c->choices == town_functions && str_is(v, besides[i]))
            word = v;
    if (word.n)
        return word;
    if (c->choices != town_functions)       /* units may have functions of their own */
        fault_add(f, row, c->field, choices_text(a, c->choices, false), said);
    return v;
}

static bool parts_words(uint32_t c)
{
    return c == ' ' || c == ',' || c == ';' || c == '\n' || c == 0x3001 || c == 0xff0c || c == 0xff1b
        || c == 0x3000;
}

static struct str choices_mend(struct arena *a, const struct town_column *c, struct str said,
    size_t row, struct faults *f)
{
    struct buf b = buf_in(a, said.n * 8 + 64);
    for (size_t at = 0, from = 0; from < said.n; from = at) {
        size_t end = said.n;
        for (at = from; at < said.n && end == said.n;) {
            size_t before = at;
            if (parts_words(str_next(said, &at)))
                end = before;
        }
        struct str v = { said.p + from, end - from };
        struct str word = v.n ? town_word(c->choices, v) : STR("");
        bool ours = true;
        for (size_t i = 0; i < v.n; i++)
            ours &= (v.p[i] >= 'a' && v.p[i] <= 'z') || v.p[i] == '_' || v.p[i] == '-';
        if (v.n == 0)
            continue;
        if (word.n == 0 && !ours)
            fault_add(f, row, c->field, choices_text(a, c->choices, true), v);
        buf_fmt(&b, "%s%.*s", b.n ? " " : "", STR_FMT(word.n ? word : v));
    }
    return buf_str(&b);
}

static struct str latin_mend(struct arena *a, struct str said)
{
    struct str v = str_narrow(a, said);
    char *small = arena_bytes(a, v.n + 1);
    for (size_t i = 0; i < v.n; i++)
        small[i] = v.p[i] >= 'A' && v.p[i] <= 'Z' ? (char)(v.p[i] - 'A' + 'a') : v.p[i];
    return (struct str){ small, v.n };
}

struct str town_mend(struct arena *a, const struct town_column *c, struct str said, bool number,
    size_t row, struct faults *f)
{
    if (said.n == 0)
        return said;
    if (str_is_turned(said)) {
        fault_add(f, row, c->field, TURNED_TEXT, STR_NONE);
        return STR("");
    }
    switch (c->kind) {
    case CELL_DIGITS: return digits_mend(a, c, said, number, row, f);
    case CELL_DAY: return day_mend(a, c, said, number, row, f);
    case CELL_TRUTH: return truth_mend(c, said, row, f);
    case CELL_CHOICE: return choice_mend(a, c, said, row, f);
    case CELL_CHOICES: return choices_mend(a, c, said, row, f);
    case CELL_LATIN: return latin_mend(a, said);
    case CELL_REF: return number ? digits_mend(a, c, said, number, row, f) : said;
    case CELL_WORDS_FREE: break;
    }
    return said;
}
