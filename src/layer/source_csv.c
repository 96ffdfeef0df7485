/* source_csv.c: tables of text: RFC 4180 with commas, or with tabs or semicolons as spreadsheets
 * write them too. Outlines stand in a column as WKT, points as longitude and latitude. */
#include "layer/feature.h"

enum { COLUMNS_MAX = 256 };

/* Where the reading stands; line counts from 1. */
struct csv_text { struct str rest; char between; size_t line; };

/* A quoted cell's text: rest begins behind the opening quote. */
static struct str quoted_cell(struct arena *a, struct csv_text *t)
{
    size_t n = 0, i = 0;
    bool doubled = false;
    for (; i < t->rest.n; i++, n++) {
        t->line += t->rest.p[i] == '\n';
        if (t->rest.p[i] != '"')
            continue;
        if (i + 1 >= t->rest.n || t->rest.p[i + 1] != '"')
            break;
        doubled = true;
        i++;
    }
    struct str cell = { t->rest.p, i };
    size_t taken = i < t->rest.n ? i + 1 : i;
    t->rest = (struct str){ t->rest.p + taken, t->rest.n - taken };
    if (!doubled)
        return cell;
    char *plain = arena_bytes(a, n + 1);
    size_t k = 0;
    for (size_t j = 0; j < cell.n; j++) {
        plain[k++] = cell.p[j];
        j += cell.p[j] == '"';
    }
    return (struct str){ plain, k };
}

/* The next cell; *ret_last when the row ends with it. */
static struct str next_cell(struct arena *a, struct csv_text *t, bool *ret_last)
{
    struct str cell = STR("");
    if (t->rest.n && *t->rest.p == '"') {
        t->rest = (struct str){ t->rest.p + 1, t->rest.n - 1 };
        cell = quoted_cell(a, t);
    }
    size_t n = 0;
    while (n < t->rest.n && t->rest.p[n] != t->between && t->rest.p[n] != '\n')
        n++;
    if (cell.n == 0)
        cell = (struct str){ t->rest.p, n };
    *ret_last = n >= t->rest.n || t->rest.p[n] == '\n';
    size_t taken = n < t->rest.n ? n + 1 : n;
    t->line += n < t->rest.n && *ret_last;
    t->rest = (struct str){ t->rest.p + taken, t->rest.n - taken };
    return cell;
}

static char delimiter_of(struct str text)
{
    static const char choices[] = { ',', '\t', ';' };
    char best = ',';
    size_t most = 0, n;
    struct str rest, head = str_cut(text, '\n', &rest);
    for (size_t i = 0; i < COUNT_OF(choices); i++) {
        n = 0;
        for (size_t k = 0; k < head.n; k++)
            n += head.p[k] == choices[i];
        if (n > most) {
            most = n;
            best = choices[i];
        }
    }
    return best;
}

static enum err read_head(struct arena *a, const struct headings *h, struct csv_text *t,
    enum feature_field *columns, size_t *ret_n, struct err_info *info)
{
    bool last = false, any = false;
    size_t n = 0;
    while (!last) {
        struct str cell = str_trim(next_cell(a, t, &last));
        if (n >= COLUMNS_MAX)
            return err_note(info, E_TOO_LARGE, "file", MSG("列数太多", "There are too many columns"),
                STR_NONE);
        columns[n] = headings_field(h, cell, false);
        any |= columns[n++] != FIELD_COUNT;
    }
    if (!any)
        return err_note(info, E_INPUT, "file", MSG("第一行应为列名(如 网格编码、网格名称)，或用 --map 指明",
            "The first line must name the columns (such as code, name), or name them with --map"),
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
        struct str cell = str_trim(next_cell(a, t, &last));
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
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = (struct str){ text.p + 3, text.n - 3 };
    struct csv_text t = { text, delimiter_of(text), 1 };
    TRY(read_head(a, &s->headings, &t, columns, &n, info));
    while (t.rest.n)
        TRY(read_row(a, &t, columns, n, &f, info));
    *ret = f;
    return OK;
}
