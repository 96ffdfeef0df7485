/* flow.h: which lines go on which page. Knows heights and what belongs together, nothing of ink. */
#pragma once
#include "base/check.h"

/* What is set as one: a line, a slice of a table's row, a picture. */
struct strip {
    double height;
    bool keep;          /* the next one goes on the same page, if a page has room for both */
    bool page;          /* begins a page */
    bool gap;           /* empty: not wanted at the head of a page */
    double again;       /* height of the table's head, which is repeated above it on a new page */
};
/* The first strip at or behind from that is not a gap; n when there is none. */
size_t flow_skip(const struct strip *s, size_t n, size_t from);
/* The strip that the page behind the one that begins with from begins with; n: there is none. */
size_t flow_page(const struct strip *s, size_t n, size_t from, double height);
