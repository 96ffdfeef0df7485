/* query.c: folding, and full-text expressions. Nothing typed reaches the expression but letters,
 * digits and CJK characters, so no quote or operator can. */
#include "search/query.h"
#include "base/buf.h"
#include "db/fts_tokenizer.h"
#include <utf8proc.h>

struct str query_fold(struct arena *a, struct str text)
{
    struct buf clean = buf_in(a, text.n * 3 + 1);
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        uint32_t c = str_next(text, &at);
        if (c == 0xFFFD || c == 0)
            buf_byte(&clean, ' ');
        else
            buf_add(&clean, (struct str){ text.p + from, at - from });
    }
    struct str s = buf_str(&clean);
    const utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE
        | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    utf8proc_ssize_t n = utf8proc_decompose((const utf8proc_uint8_t *)s.p,
        (utf8proc_ssize_t)s.n, NULL, 0, how);
    if (n <= 0)
        return STR("");
    /* reencode writes into the same memory, and one byte more. */
    utf8proc_int32_t *points = NEW_N(a, utf8proc_int32_t, (size_t)n + 1);
    n = utf8proc_decompose((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, points, n, how);
    if (n <= 0)
        return STR("");
    n = utf8proc_reencode(points, n, how);
    return n < 0 ? STR("") : (struct str){ (const char *)points, (size_t)n };
}

/* A piece without gaps; by its beginning when its last word or single character may go on. */
static void piece_add(struct buf *b, struct str piece)
{
    enum fts_class last = FTS_GAP, before = FTS_GAP;
    size_t word = 0;
    for (size_t at = 0; at < piece.n;) {
        before = last;
        last = fts_class_of(str_next(piece, &at));
        word = last == FTS_WORD && before == FTS_WORD ? word + 1 : 1;
    }
    bool goes_on = last == FTS_WORD ? word > 1 : before != FTS_CJK;
    buf_fmt(b, "%s\"%.*s\"%s", b->n ? " " : "", STR_FMT(piece), goes_on ? "*" : "");
}

struct str query_expression(struct arena *a, struct str typed)
{
    struct str s = str_head(query_fold(a, typed), QUERY_CHARS_MAX);
    struct buf b = buf_in(a, 64 + s.n * 8);
    size_t chars = 0, from = 0;
    for (size_t at = 0; at < s.n;) {
        size_t here = at;
        if (fts_class_of(str_next(s, &at)) != FTS_GAP) {
            chars++;
            continue;
        }
        if (here > from)
            piece_add(&b, (struct str){ s.p + from, here - from });
        from = at;
    }
    if (s.n > from)
        piece_add(&b, (struct str){ s.p + from, s.n - from });
    return chars < 2 ? STR_NONE : buf_str(&b);
}
