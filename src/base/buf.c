/* buf.c: the one text writer. */
#include "base/buf.h"
#include <stdarg.h>
#include <stdio.h>

static char *buf_room(struct buf *b, size_t more)
{
    CHECK(more <= b->max - b->n);
    if (b->n + more > b->cap) {
        size_t cap = b->cap ? b->cap * 2 : 512;
        while (cap < b->n + more)
            cap *= 2;
        char *p = arena_bytes(b->a, cap);
        if (b->n)
            memcpy(p, b->p, b->n);
        b->p = p;
        b->cap = cap;
    }
    return b->p + b->n;
}

void buf_reserve(struct buf *b, size_t bytes)
{
    (void)buf_room(b, bytes);
}

void buf_add(struct buf *b, struct str s)
{
    if (s.n) {
        memcpy(buf_room(b, s.n), s.p, s.n);
        b->n += s.n;
    }
}

void buf_byte(struct buf *b, char c)
{
    *buf_room(b, 1) = c;
    b->n++;
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    CHECK(n >= 0);
    char *at = buf_room(b, (size_t)n + 1);
    va_start(ap, fmt);
    (void)vsnprintf(at, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->n += (size_t)n;
}

void buf_i64(struct buf *b, int64_t v)
{
    char digits[20];
    size_t at = sizeof(digits);
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        digits[--at] = (char)('0' + u % 10);
    while ((u /= 10) != 0);
    if (v < 0)
        buf_byte(b, '-');
    buf_add(b, (struct str){ digits + at, sizeof(digits) - at });
}

static const char hex_digits[] = "0123456789abcdef";

static void json_escape(struct buf *b, unsigned char c)
{
    switch (c) {
    case '"': buf_add(b, STR("\\\"")); return;
    case '\\': buf_add(b, STR("\\\\")); return;
    case '\n': buf_add(b, STR("\\n")); return;
    case '\r': buf_add(b, STR("\\r")); return;
    case '\t': buf_add(b, STR("\\t")); return;
    default: break;
    }
    buf_add(b, STR("\\u00"));
    buf_byte(b, hex_digits[c >> 4]);
    buf_byte(b, hex_digits[c & 15]);
}

enum { CHUNK_BYTES = 16 };

/* Whether the next 16 bytes need no escape, found for all of them at once. */
static bool chunk_plain(const char *p)
{
    unsigned char v __attribute__((vector_size(CHUNK_BYTES)));
    uint64_t found[2];
    memcpy(&v, p, sizeof(v));
    __auto_type bad = (v < 0x20) | (v == '"') | (v == '\\') | (v == '<') | (v == 0x7F);
    memcpy(found, &bad, sizeof(found));
    return (found[0] | found[1]) == 0;
}

void buf_json_str(struct buf *b, struct str s)
{
    buf_byte(b, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        while (s.n - i >= CHUNK_BYTES && chunk_plain(s.p + i))
            i += CHUNK_BYTES;
        if (i == s.n)
            break;
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != 0x7F)
            continue;
        buf_add(b, (struct str){ s.p + from, i - from });
        json_escape(b, c);
        from = i + 1;
    }
    buf_add(b, (struct str){ s.p + from, s.n - from });
    buf_byte(b, '"');
}

void buf_member(struct buf *b, const char *name, bool first)
{
    size_t n = strlen(name);
    char *at = buf_room(b, n + 4);
    if (!first)
        *at++ = ',';
    *at++ = '"';
    memcpy(at, name, n);
    memcpy(at + n, "\":", 2);
    b->n += n + 3 + !first;
}

void buf_hex(struct buf *b, struct str bytes)
{
    char *at = buf_room(b, bytes.n * 2);
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        at[2 * i] = hex_digits[c >> 4];
        at[2 * i + 1] = hex_digits[c & 15];
    }
    b->n += bytes.n * 2;
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void buf_base64(struct buf *b, struct str bytes)
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t left = bytes.n - i;
        uint32_t v = (uint32_t)p[i] << 16;
        v |= left > 1 ? (uint32_t)p[i + 1] << 8 : 0;
        v |= left > 2 ? (uint32_t)p[i + 2] : 0;
        buf_byte(b, base64_digits[v >> 18]);
        buf_byte(b, base64_digits[v >> 12 & 63]);
        buf_byte(b, left > 1 ? base64_digits[v >> 6 & 63] : '=');
        buf_byte(b, left > 2 ? base64_digits[v & 63] : '=');
    }
}

static int digit_value(char c, const char *alphabet)
{
    const char *at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

bool base64_decode(struct arena *a, struct str text, struct str *ret)
{
    if (text.n % 4 != 0)
        return false;
    size_t pad = text.n == 0 ? 0
        : (size_t)(text.p[text.n - 1] == '=') + (size_t)(text.p[text.n - 2] == '=');
    char *out = NEW_N(a, char, text.n / 4 * 3 + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i += 4) {
        uint32_t v = 0;
        for (size_t k = 0; k < 4; k++) {
            bool is_pad = i + k >= text.n - pad;
            int d = is_pad ? 0 : digit_value(text.p[i + k], base64_digits);
            if (d < 0)
                return false;
            v = v << 6 | (uint32_t)d;
        }
        if (i + 4 == text.n && (v & (pad == 2 ? 0xFFFFu : pad == 1 ? 0xFFu : 0)) != 0)
            return false;
        out[n++] = (char)(v >> 16);
        out[n++] = (char)(v >> 8 & 255);
        out[n++] = (char)(v & 255);
    }
    *ret = (struct str){ out, n - pad };
    return true;
}

bool hex_decode(struct arena *a, struct str text, struct str *ret)
{
    if (text.n % 2 != 0)
        return false;
    char *out = NEW_N(a, char, text.n / 2 + 1);
    for (size_t i = 0; i < text.n; i += 2) {
        int hi = digit_value(text.p[i], hex_digits), lo = digit_value(text.p[i + 1], hex_digits);
        if (hi < 0 || lo < 0)
            return false;
        out[i / 2] = (char)(hi << 4 | lo);
    }
    *ret = (struct str){ out, text.n / 2 };
    return true;
}

struct str str_narrow(struct arena *a, struct str said)
{
    struct buf b = buf_in(a, said.n * 4 + 16);
    for (size_t at = 0; at < said.n;) {
        size_t from = at;
        uint32_t c = str_next(said, &at);
        if (c == ' ' || c == '\t' || c == 0xa0 || c == 0x3000)
            continue;
        if (c >= 0xff01 && c <= 0xff5e)
            buf_byte(&b, (char)(c - 0xff01 + '!'));
        else
            buf_add(&b, (struct str){ said.p + from, at - from });
    }
    return buf_str(&b);
}
