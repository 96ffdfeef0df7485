/* str.c: text views: compare, cut, and the one UTF-8 decoder. */
#include "base/str.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

ptrdiff_t str_find(struct str s, struct str needle)
{
    if (needle.n == 0)
        return 0;
    if (s.n < needle.n)
        return -1;
    const char *at = memmem(s.p, s.n, needle.p, needle.n);
    return at ? at - s.p : -1;
}

struct str str_cut(struct str s, char sep, struct str *rest)
{
    const char *at = s.n ? memchr(s.p, sep, s.n) : NULL;
    if (at == NULL) {
        *rest = STR_NONE;
        return s;
    }
    size_t n = (size_t)(at - s.p);
    *rest = (struct str){ at + 1, s.n - n - 1 };
    return (struct str){ s.p, n };
}

bool str_has_word(struct str words, struct str word)
{
    while (words.n)
        if (str_eq(str_cut(words, ' ', &words), word))
            return true;
    return false;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct str str_trim(struct str s)
{
    static const struct str wide = { "\xe3\x80\x80", 3 };
    for (;;) {
        if (s.n && is_space(s.p[0]))
            s = (struct str){ s.p + 1, s.n - 1 };
        else if (str_starts(s, wide))
            s = (struct str){ s.p + 3, s.n - 3 };
        else
            break;
    }
    for (;;) {
        if (s.n && is_space(s.p[s.n - 1]))
            s.n--;
        else if (s.n >= 3 && memcmp(s.p + s.n - 3, wide.p, 3) == 0)
            s.n -= 3;
        else
            return s;
    }
}

uint32_t str_next(struct str s, size_t *at)
{
    static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    CHECK(*at < s.n);
    const unsigned char *p = (const unsigned char *)s.p + *at;
    size_t left = s.n - *at;
    size_t len = p[0] < 0x80 ? 1 : p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    *at += 1;
    if (len == 1)
        return p[0];
    if (p[0] < 0xC2 || p[0] > 0xF4 || left < len)
        return 0xFFFD;
    uint32_t c = p[0] & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0xFFFD;
        c = c << 6 | (p[i] & 0x3Fu);
    }
    if (c < least[len] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0xFFFD;
    *at += len - 1;
    return c;
}

bool str_is_text(struct str s)
{
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        uint32_t c = str_next(s, &at);
        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
            return false;
        if (c == 0x7F || (c == 0xFFFD && at - from != 3))
            return false;
    }
    return true;
}

bool str_is_turned(struct str s)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t c = str_next(s, &at);
        if ((c >= 0x80 && c <= 0x9F) || (c >= 0x202A && c <= 0x202E)
            || (c >= 0x2066 && c <= 0x2069))
            return true;
    }
    return false;
}

size_t str_chars(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++)
        count += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return count;
}

static bool is_invisible(uint32_t c)
{
    return c <= 0x20 || c == 0xA0 || c == 0xAD || c == 0x3000 || c == 0xFEFF
        || (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F)
        || (c >= 0x2060 && c <= 0x206F);
}

size_t str_visible_chars(struct str s)
{
    size_t count = 0;
    for (size_t at = 0; at < s.n;)
        count += !is_invisible(str_next(s, &at));
    return count;
}

struct str str_head(struct str s, size_t max_chars)
{
    size_t at = 0;
    while (at < s.n && max_chars-- > 0)
        (void)str_next(s, &at);
    return (struct str){ s.p, at };
}

/* Numbers are short: copy into a small NUL-terminated array for the C library. */
enum { NUMBER_BYTES_MAX = 40 };

static bool number_copy(struct str s, char *ret)
{
    if (s.n == 0 || s.n >= NUMBER_BYTES_MAX)
        return false;
    char first = s.p[0];
    if (first != '-' && (first < '0' || first > '9'))
        return false;
    memcpy(ret, s.p, s.n);
    ret[s.n] = '\0';
    return true;
}

bool str_to_i64(struct str s, int64_t *ret)
{
    char text[NUMBER_BYTES_MAX], *end;
    if (!number_copy(s, text))
        return false;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || end == text)
        return false;
    *ret = v;
    return true;
}

bool str_to_f64(struct str s, double *ret)
{
    char text[NUMBER_BYTES_MAX], *end;
    if (!number_copy(s, text) || memchr(s.p, 'x', s.n) || memchr(s.p, 'X', s.n))
        return false;
    double v = strtod(text, &end);
    if (*end != '\0' || end == text || !isfinite(v))
        return false;
    *ret = v;
    return true;
}
