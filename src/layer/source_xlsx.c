/* source_xlsx.c: the first sheet of a spreadsheet. */
#include "layer/feature.h"
#include "layer/xlsx.h"
#include <math.h>

struct listing {
    struct arena *a;
    const struct source *s;
    struct err_info *info;
    struct features out;
    enum feature_field columns[XLSX_COLUMNS_MAX];
    bool headed;
    struct feature now;
    bool any;
};

/* Spreadsheets keep 15 digits of a number: longer codes must be text. One of 15 digits that is
 * written with an exponent and ends in three zeros is not a grid's, whose last three count from 1:
 * it was rounded when it was shown as 3.2E14. */
static const double number_digits_kept = 1e15, number_digits_grid = 1e14, serials = 1000;

static bool is_rounded(struct str v, double number)
{
    bool short_form = memchr(v.p, 'E', v.n) || memchr(v.p, 'e', v.n);
    return short_form && fabs(number) >= number_digits_grid && fmod(number, serials) == 0;
}

static struct str number_text(struct listing *t, struct str v)
{
    double number;
    if (!str_to_f64(v, &number) || number != floor(number) || fabs(number) >= 1e18)
        return v;
    if (fabs(number) >= number_digits_kept || is_rounded(v, number)) {
        struct err_info why = { .e = OK };
        (void)err_note(&why, E_INPUT, "code", MSG("编码 %s 存成了数字，末尾几位已丢失；请将该列设为“文本”后重填",
            "The code %s is kept as a number and has lost its last digits; format the column as text"
            " and enter it again"), v);
        feature_fault(t->a, &t->now, &why);
    }
    return arena_fmt(t->a, "%.0f", number);
}

static void on_cell(void *ctx, size_t row, size_t column, struct str v, bool number)
{
    struct listing *t = ctx;
    enum feature_field field = t->columns[column];
    t->now.row = row;
    if (t->headed && number && (field == FIELD_CODE || field == FIELD_PARENT))
        v = number_text(t, v);
    t->any |= v.n > 0;
    if (!t->headed)
        t->columns[column] = headings_field(&t->s->headings, v, false);
    else if (field != FIELD_COUNT && t->now.values[field].n == 0)
        feature_set(t->a, &t->now, field, v);
}

static enum err on_row(void *ctx, size_t row)
{
    struct listing *t = ctx;
    struct feature now = t->now, *to;
    bool any = t->any, headed = t->headed;
    t->now = (struct feature){ .row = 0 };
    t->any = false;
    t->headed |= any;
    if (!any || !headed)
        return OK;
    feature_shape(t->a, &now);
    TRY(feature_add(t->a, &t->out, row, &to, t->info));
    *to = now;
    return OK;
}

enum err source_read_xlsx(struct arena *a, const struct source *s, struct features *ret,
    struct err_info *info)
{
    struct listing t = { .a = a, .s = s, .info = info };
    struct xlsx_sink sink = { &t, on_cell, on_row };
    for (size_t i = 0; i < COUNT_OF(t.columns); i++)
        t.columns[i] = FIELD_COUNT;
    TRY(xlsx_read(a, s->bytes, STR_NONE, &sink, info));
    *ret = t.out;
    return OK;
}
