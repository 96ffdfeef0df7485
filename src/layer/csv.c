/* csv.c: see csv.h. */
#include "layer/csv.h"

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

struct str csv_cell(struct arena *a, struct csv_text *t, bool *ret_last)
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

struct csv_text csv_of(struct str text)
{
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = (struct str){ text.p + 3, text.n - 3 };
    return (struct csv_text){ text, delimiter_of(text), 1 };
}
