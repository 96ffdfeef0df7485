/* source_csv.c: tables of text. Outlines stand in a column as WKT, points as longitude and
 * latitude. */
#include "layer/csv.h"
#include "layer/feature.h"

enum { COLUMNS_MAX = 256 };

static enum err read_head(struct arena *a, const struct headings *h, struct csv_text *t,
    enum feature_field *columns, size_t *ret_n, struct err_info *info)
{
    bool last = false, any = false;
    size_t n = 0;
    while (!last) {
        struct str cell = str_trim(csv_cell(a, t, &last));
        if (n >= COLUMNS_MAX)
            return err_note(info, E_TOO_LARGE, "file", MSG("列数太多", "There are too many columns"),
                STR_NONE);
        columns[n] = headings_field(h, cell, false);
        any |= columns[n++] != FIELD_COUNT;
    }
    if (!any)
        return err_note(info, E_INPUT, "file", MSG("第一行应为列名(如 网格编码、网格名称)，或在“列名对应”(--map)写明",
            "The first line must name the columns (such as code, name), or name them at Columns (--map)"),
            STR_NONE);
    *ret_n = n;
    return OK;
}

static enum err read_row(struct arena *a, struct csv_text *t, const enum feature_field *columns,
    size_t n, struct features *f, struct err_info *info)
{
    struct feature one = { .row = t->line }, *to;
    bool last = false, any = false;
    for (size_t i = 0; !last; i++) {
        struct str cell = str_trim(csv_cell(a, t, &last));
        any |= cell.n > 0;
        if (i < n && columns[i] != FIELD_COUNT && one.values[columns[i]].n == 0)
            feature_set(a, &one, columns[i], cell);
    }
    if (!any)
        return OK;
    feature_shape(a, &one);
    TRY(feature_add(a, f, one.row, &to, info));
    *to = one;
    return OK;
}

enum err source_read_csv(struct arena *a, const struct source *s, struct features *ret,
    struct err_info *info)
{
    enum feature_field columns[COLUMNS_MAX];
    struct features f = { .at = NULL };
    struct str text;
    size_t n = 0;
    TRY(text_decode(a, s->bytes, s->encoding, &text, info));
    struct csv_text t = csv_of(text);
    TRY(read_head(a, &s->headings, &t, columns, &n, info));
    while (t.rest.n)
        TRY(read_row(a, &t, columns, n, &f, info));
    *ret = f;
    return OK;
}
