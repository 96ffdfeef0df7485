/* code.c: reading and writing of hand-copied numbers. */
#include "crypto/code.h"
#include "crypto/bytes.h"
#include <stdio.h>

enum { AREA_CHARS = 4, SECRET_CHARS = 13, DATA_CHARS = AREA_CHARS + SECRET_CHARS, GROUP_CHARS = 6 };
enum { AREA_DIGITS = 6, NUMBER_RANDOM_CHARS = 8, NUMBER_CHARS = AREA_DIGITS + NUMBER_RANDOM_CHARS };
enum { SYMBOL_NONE = -1, SYMBOL_SKIP = -2 };

static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

struct msg code_fault_text(enum code_fault f)
{
    switch (f) {
    case CODE_OK:
        break;
    case CODE_LENGTH:
        return MSG("字符个数不对，请对照回执完整输入",
                   "Too few or too many characters; copy the whole code from the receipt");
    case CODE_CHARACTER:
        return MSG("含有不会出现的字符，只用数字和字母(没有 U)",
                   "It holds a character that no code has; use only digits and letters, never U");
    case CODE_CHECK:
        return MSG("有一处抄写有误，请对照回执再核对一遍",
                   "One character was copied wrongly; compare it with the receipt");
    }
    return MSG("", "");
}

/* Full-width forms are the ASCII ones moved up by 0xFEE0. */
static uint32_t character_fold(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0;
    return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

static bool character_is_gap(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '-' || c == '_' || c == '.'
        || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x2015) || c == 0x2212 || c == 0x30FC
        || c == 0xFEFF;
}

/* Value 0..31 of a code point, SYMBOL_SKIP for what separates groups, SYMBOL_NONE otherwise. */
static int symbol_value(uint32_t c)
{
    if (character_is_gap(c))
        return SYMBOL_SKIP;
    c = character_fold(c);
    if (character_is_gap(c))
        return SYMBOL_SKIP;
    if (c == 'O')
        return 0;
    if (c == 'I' || c == 'L')
        return 1;
    const char *at = c > 0 && c < 0x80 ? strchr(symbols, (int)c) : NULL;
    return at ? (int)(at - symbols) : SYMBOL_NONE;
}

/* Exactly n symbols as values. Wrong characters are reported before a wrong length. */
static enum code_fault symbols_read(struct str text, unsigned char *ret, size_t n)
{
    size_t got = 0;
    for (size_t at = 0; at < text.n;) {
        int v = symbol_value(str_next(text, &at));
        if (v == SYMBOL_NONE)
            return CODE_CHARACTER;
        if (v == SYMBOL_SKIP)
            continue;
        if (got < n)
            ret[got] = (unsigned char)v;
        got++;
    }
    return got == n ? CODE_OK : CODE_LENGTH;
}

/* Times x in GF(32) modulo x^5 + x^2 + 1. */
static unsigned field_times_x(unsigned v)
{
    v <<= 1;
    return v & 32u ? v ^ 0x25u : v;
}

/* The value that makes the weighted sum of data and itself zero (Horner's scheme). */
static unsigned check_value(const unsigned char data[DATA_CHARS])
{
    unsigned sum = 0;
    for (int i = 0; i < DATA_CHARS; i++)
        sum = field_times_x(sum ^ data[i]);
    return sum;
}

static uint32_t area_from_values(const unsigned char v[AREA_CHARS])
{
    return (uint32_t)v[0] << 15 | (uint32_t)v[1] << 10 | (uint32_t)v[2] << 5 | v[3];
}

struct code code_make(const struct node_keys *k, uint32_t area, int64_t matter_id,
                      int64_t reporter_no)
{
    CHECK(area <= CODE_AREA_MAX);
    unsigned char in[20], v[CODE_CHARS];
    bytes_put_u32(in, area);
    bytes_put_u64(in + 4, (uint64_t)matter_id);
    bytes_put_u64(in + 12, (uint64_t)reporter_no);
    struct hash h = hash_hmac(k->code_key, "fengqiao code v1", bytes_str(in, sizeof(in)));
    for (int i = 0; i < AREA_CHARS; i++)
        v[i] = (unsigned char)(area >> (15 - 5 * i) & 31);
    uint64_t bits = bytes_get_u64(h.b);
    for (int i = 0; i < SECRET_CHARS - 1; i++, bits >>= 5)
        v[AREA_CHARS + i] = (unsigned char)(bits & 31);
    v[DATA_CHARS - 1] = h.b[8] & 31;
    v[DATA_CHARS] = (unsigned char)check_value(v);
    struct code c = { "" };
    for (int i = 0; i < CODE_CHARS; i++)
        c.text[i] = symbols[v[i]];
    return c;
}

struct code_shown code_show(const struct code *c)
{
    struct code_shown s = { "" };
    size_t n = 0;
    for (size_t i = 0; i < CODE_CHARS; i++) {
        if (i > 0 && i % GROUP_CHARS == 0)
            s.text[n++] = '-';
        s.text[n++] = c->text[i];
    }
    return s;
}

enum code_fault code_parse(struct str text, struct code *ret)
{
    unsigned char v[CODE_CHARS];
    enum code_fault f = symbols_read(text, v, CODE_CHARS);
    if (f != CODE_OK)
        return f;
    if (check_value(v) != v[DATA_CHARS] || area_from_values(v) > CODE_AREA_MAX)
        return CODE_CHECK;
    *ret = (struct code){ "" };
    for (int i = 0; i < CODE_CHARS; i++)
        ret->text[i] = symbols[v[i]];
    return CODE_OK;
}

uint32_t code_area(const struct code *c)
{
    unsigned char v[CODE_CHARS];
    CHECK(symbols_read((struct str){ c->text, CODE_CHARS }, v, CODE_CHARS) == CODE_OK);
    return area_from_values(v);
}

struct code_lookup code_lookup(const struct node_keys *k, const struct code *c)
{
    struct str text = { c->text, CODE_CHARS };
    struct hash h = hash_hmac(k->code_key, "fengqiao code lookup v1", text);
    struct code_lookup l;
    memcpy(l.b, h.b, sizeof(l.b));
    return l;
}

static void number_write(struct code_number *n, const char digits[AREA_DIGITS],
                         const unsigned char *v)
{
    char tail[NUMBER_RANDOM_CHARS];
    for (int i = 0; i < NUMBER_RANDOM_CHARS; i++)
        tail[i] = symbols[v[i]];
    (void)snprintf(n->text, sizeof(n->text), "%.6s-%.4s-%.4s", digits, tail, tail + 4);
}

struct code_number code_number_make(struct rand *r, uint32_t area)
{
    CHECK(area <= CODE_AREA_MAX);
    char digits[AREA_DIGITS + 1];
    unsigned char v[NUMBER_RANDOM_CHARS];
    uint64_t bits = rand_u64(r);
    for (int i = 0; i < NUMBER_RANDOM_CHARS; i++, bits >>= 5)
        v[i] = (unsigned char)(bits & 31);
    (void)snprintf(digits, sizeof(digits), "%06u", area % (CODE_AREA_MAX + 1));
    struct code_number n = { "" };
    number_write(&n, digits, v);
    return n;
}

enum code_fault code_number_parse(struct str text, struct code_number *ret)
{
    unsigned char v[NUMBER_CHARS];
    char digits[AREA_DIGITS];
    enum code_fault f = symbols_read(text, v, NUMBER_CHARS);
    if (f != CODE_OK)
        return f;
    for (int i = 0; i < AREA_DIGITS; i++) {
        if (v[i] > 9)
            return CODE_CHARACTER;
        digits[i] = symbols[v[i]];
    }
    *ret = (struct code_number){ "" };
    number_write(ret, digits, v + AREA_DIGITS);
    return CODE_OK;
}
