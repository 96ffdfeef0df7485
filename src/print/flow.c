/* flow.c: see flow.h. */
#include "print/flow.h"

size_t flow_skip(const struct strip *s, size_t n, size_t from)
{
    while (from < n && s[from].gap && !s[from].page)
        from++;
    return from;
}

size_t flow_page(const struct strip *s, size_t n, size_t from, double height)
{
    const double hair = 0.01;           /* sums of fractions of a point */
    double room = height + hair - (from < n ? s[from].again : 0);
    size_t i = from, good = from;
    while (i < n && (i == from || !s[i].page) && s[i].height <= room) {
        room -= s[i].height;
        i++;
        if (!s[i - 1].keep)
            good = i;
    }
    if (i == n || (i > from && s[i].page))
        return i;
    if (good > from)
        return good;
    return i > from ? i : from + 1;     /* more belongs together than a page holds */
}
