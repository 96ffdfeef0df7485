/* amend.c: see amend.h. An update appends the changed object, a table of where it lies and a
 * trailer that names the former one; nothing of what is there changes (ISO 32000-1, 7.5.6). */
#include "print/amend.h"

/* Behind the last place where word stands; false when it stands nowhere. */
static bool behind_last(struct str s, struct str word, struct str *ret)
{
    for (size_t i = s.n; i >= word.n; i--)
        if (memcmp(s.p + i - word.n, word.p, word.n) == 0) {
            *ret = (struct str){ s.p + i, s.n - i };
            return true;
        }
    return false;
}

static bool number_at(struct str s, int64_t *ret)
{
    size_t n = 0;
    while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
        n++;
    return str_to_i64((struct str){ s.p, n }, ret);
}

bool amend_language(struct buf *pdf)
{
    static const char *const added = "/Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >>";
    struct str all = buf_str(pdf), root, size, start, body, info;
    int64_t number, count, table, about;
    if (!behind_last(all, STR("/Root "), &root) || !number_at(root, &number)
        || !behind_last(all, STR("/Size "), &size) || !number_at(size, &count)
        || !behind_last(all, STR("/Info "), &info) || !number_at(info, &about)
        || !behind_last(all, STR("startxref\n"), &start) || !number_at(start, &table))
        return false;
    struct str name = arena_fmt(pdf->a, "\n%lld 0 obj\n<<", (long long)number);
    if (!behind_last(all, name, &body))
        return false;
    ptrdiff_t end = str_find(body, STR("endobj"));
    if (end < 0)
        return false;
    struct str kept = arena_str(pdf->a, (struct str){ body.p, (size_t)end });
    size_t at = pdf->n;
    buf_fmt(pdf, "%lld 0 obj\n<< %s%.*sendobj\n", (long long)number, added, STR_FMT(kept));
    size_t xref = pdf->n;
    buf_fmt(pdf, "xref\n%lld 1\n%010zu 00000 n \ntrailer\n<< /Size %lld\n   /Root %lld 0 R\n"
        "   /Info %lld 0 R\n   /Prev %lld\n>>\nstartxref\n%zu\n%%%%EOF\n", (long long)number, at,
        (long long)count, (long long)number, (long long)about, (long long)table, xref);
    return true;
}
