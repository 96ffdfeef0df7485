/* lines.c: lines of CSV out of a buffer that is filled again and again. */
#include "cli/lines.h"
#include "base/arena.h"

enum { LINES_BYTES = 4 << 20 };

struct csv_lines lines_of(FILE *file)
{
    return (struct csv_lines){ .file = file, .p = heap_alloc(LINES_BYTES) };
}

void lines_end(struct csv_lines *l)
{
    heap_free(l->p);
    l->p = NULL;
}

/* False when nothing more came. */
static bool fill(struct csv_lines *l)
{
    if (l->ended || l->to - l->from == LINES_BYTES)
        return false;
    memmove(l->p, l->p + l->from, l->to - l->from);
    l->to -= l->from;
    l->from = 0;
    size_t n = fread(l->p + l->to, 1, LINES_BYTES - l->to, l->file);
    l->to += n;
    l->ended = n == 0;
    return n > 0;
}

static size_t quotes_in(const char *p, size_t n)
{
    size_t found = 0;
    for (const char *q; (q = memchr(p, '"', n)) != NULL; found++) {
        n -= (size_t)(q + 1 - p);
        p = q + 1;
    }
    return found;
}

static struct str give(struct csv_lines *l, size_t n, size_t with_end)
{
    struct str s = { l->p + l->from, n };
    if (s.n && s.p[s.n - 1] == '\r')
        s.n--;
    l->from += with_end;
    return s;
}

/* Gives up on a line: its beginning, up to the first line break. */
static enum csv_line too_long(struct csv_lines *l, struct str *ret)
{
    size_t left = l->to - l->from, n = left < LINE_BYTES_MAX ? left : LINE_BYTES_MAX;
    const char *end = memchr(l->p + l->from, '\n', n);
    if (end)
        n = (size_t)(end - (l->p + l->from));
    *ret = give(l, n, end ? n + 1 : n);
    l->breaks = 1;
    return LINE_TOO_LONG;
}

enum csv_line lines_next(struct csv_lines *l, struct str *ret)
{
    size_t at = 0, quotes = 0;
    l->number += l->breaks;
    l->breaks = 0;
    if (l->number == 0)
        l->number = 1;
    for (;;) {
        char *begin = l->p + l->from, *end = memchr(begin + at, '\n', l->to - l->from - at);
        size_t upto = end ? (size_t)(end - begin) : l->to - l->from;
        if (upto > LINE_BYTES_MAX)
            return too_long(l, ret);
        if (end == NULL && fill(l))
            continue;
        if (end == NULL && ferror(l->file))
            return LINE_UNREADABLE;
        if (end == NULL && upto == 0)
            return LINE_END;
        quotes += quotes_in(begin + at, upto - at);
        l->breaks++;
        if (quotes % 2 && end == NULL)
            return too_long(l, ret);
        if (quotes % 2 == 0) {
            *ret = give(l, upto, end ? upto + 1 : upto);
            return LINE_GOOD;
        }
        at = upto + 1;
    }
}

bool line_cell(struct str line, size_t k, struct str *ret)
{
    for (size_t i = 0; i < line.n || k == 0; k--) {
        size_t from = i;
        bool quoted = false;
        for (; i < line.n && (quoted || line.p[i] != ','); i++)
            quoted ^= line.p[i] == '"';
        if (k == 0) {
            struct str s = str_trim((struct str){ line.p + from, i - from });
            if (s.n > 1 && s.p[0] == '"' && s.p[s.n - 1] == '"')
                s = str_trim((struct str){ s.p + 1, s.n - 2 });
            *ret = s;
            return true;
        }
        if (i == line.n)
            return false;
        i++;
        if (i == line.n && k == 1) {
            *ret = STR("");
            return true;
        }
    }
    return false;
}
