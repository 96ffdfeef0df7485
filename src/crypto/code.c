/* code.c: reading and writing of hand-copied numbers. */
#include "crypto/code.h"
#include "crypto/bytes.h"
#include <stdio.h>

enum { AREA_CHARS = 4, SECRET_CHARS = 13, DATA_CHARS = AREA_CHARS + SECRET_CHARS, GROUP_CHARS = 6 };
enum { AREA_DIGITS = 6, NUMBER_TAIL_CHARS = 8, NUMBER_CHARS = AREA_DIGITS + NUMBER_TAIL_CHARS };
enum { SYMBOL_BITS = 5, ROUNDS = 10, REPORTER_BITS = 25 };
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

/* The bits of a code or number as the two halves of a Feistel network; sizes in symbols. */
struct halves {
    const char *label;
    uint32_t area;
    size_t chars[2];
    uint64_t half[2];
};

static struct halves code_halves(uint32_t area)
{
    return (struct halves){ "fengqiao code v2", area, { 7, 6 }, { 0, 0 } };
}

static struct halves number_halves(uint32_t area)
{
    return (struct halves){ "fengqiao number v1", area, { 4, 4 }, { 0, 0 } };
}

static uint64_t half_mask(const struct halves *h, size_t which)
{
    return (UINT64_C(1) << SYMBOL_BITS * h->chars[which]) - 1;
}

/* Round i changes one half by what the other one yields; done twice, it is undone. */
static void feistel_round(const struct node_keys *k, struct halves *h, unsigned i)
{
    unsigned char in[16];
    size_t changed = i % 2, other = 1 - changed;
    bytes_put_u32(in, h->area);
    bytes_put_u32(in + 4, i);
    bytes_put_u64(in + 8, h->half[other]);
    struct hash f = hash_hmac(k->code_key, h->label, bytes_str(in, sizeof(in)));
    h->half[changed] ^= bytes_get_u64(f.b) & half_mask(h, changed);
}

static void encipher(const struct node_keys *k, struct halves *h)
{
    for (unsigned i = 0; i < ROUNDS; i++)
        feistel_round(k, h, i);
}

static void decipher(const struct node_keys *k, struct halves *h)
{
    for (unsigned i = ROUNDS; i-- > 0;)
        feistel_round(k, h, i);
}

static void halves_to_values(const struct halves *h, unsigned char *v)
{
    for (size_t half = 0; half < 2; half++)
        for (size_t n = h->chars[half]; n-- > 0;)
            *v++ = (unsigned char)(h->half[half] >> SYMBOL_BITS * n & 31);
}

static void halves_from_values(struct halves *h, const unsigned char *v)
{
    for (size_t half = 0; half < 2; half++)
        for (size_t n = h->chars[half]; n-- > 0;)
            h->half[half] = h->half[half] << SYMBOL_BITS | *v++;
}

struct code code_make(const struct node_keys *k, uint32_t area, int64_t matter_id,
                      int64_t reporter_no)
{
    unsigned char v[CODE_CHARS];
    CHECK(area <= CODE_AREA_MAX);
    CHECK(matter_id >= 0 && matter_id <= CODE_MATTER_MAX);
    CHECK(reporter_no >= 0 && reporter_no <= CODE_REPORTER_MAX);
    struct halves h = code_halves(area);
    h.half[0] = (uint64_t)matter_id >> 5;
    h.half[1] = ((uint64_t)matter_id & 31) << REPORTER_BITS | (uint64_t)reporter_no;
    encipher(k, &h);
    for (int i = 0; i < AREA_CHARS; i++)
        v[i] = (unsigned char)(area >> (15 - 5 * i) & 31);
    halves_to_values(&h, v + AREA_CHARS);
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

struct code_opens code_open(const struct node_keys *k, const struct code *c)
{
    unsigned char v[CODE_CHARS];
    CHECK(symbols_read((struct str){ c->text, CODE_CHARS }, v, CODE_CHARS) == CODE_OK);
    struct halves h = code_halves(area_from_values(v));
    halves_from_values(&h, v + AREA_CHARS);
    decipher(k, &h);
    return (struct code_opens){ h.area, (int64_t)(h.half[0] << 5 | h.half[1] >> REPORTER_BITS),
        (int64_t)h.half[1] & CODE_REPORTER_MAX };
}

static void number_write(struct code_number *n, const char digits[AREA_DIGITS],
                         const unsigned char *v)
{
    char tail[NUMBER_TAIL_CHARS];
    for (int i = 0; i < NUMBER_TAIL_CHARS; i++)
        tail[i] = symbols[v[i]];
    (void)snprintf(n->text, sizeof(n->text), "%.6s-%.4s-%.4s", digits, tail, tail + 4);
}

struct code_number code_number_make(const struct node_keys *k, uint32_t area, int64_t id)
{
    char digits[AREA_DIGITS + 1];
    unsigned char v[NUMBER_TAIL_CHARS];
    CHECK(area <= CODE_AREA_MAX && id >= 0 && id <= CODE_MATTER_MAX);
    struct halves h = number_halves(area);
    h.half[0] = (uint64_t)id >> 20;
    h.half[1] = (uint64_t)id & half_mask(&h, 1);
    encipher(k, &h);
    halves_to_values(&h, v);
    (void)snprintf(digits, sizeof(digits), "%06u", area % (CODE_AREA_MAX + 1));
    struct code_number n = { "" };
    number_write(&n, digits, v);
    return n;
}

struct code_opens code_number_open(const struct node_keys *k, const struct code_number *n)
{
    unsigned char v[NUMBER_CHARS];
    uint32_t area = 0;
    CHECK(symbols_read((struct str){ n->text, CODE_NUMBER_CHARS }, v, NUMBER_CHARS) == CODE_OK);
    for (int i = 0; i < AREA_DIGITS; i++)
        area = area * 10 + v[i];
    struct halves h = number_halves(area);
    halves_from_values(&h, v + AREA_DIGITS);
    decipher(k, &h);
    return (struct code_opens){ area, (int64_t)(h.half[0] << 20 | h.half[1]), 0 };
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
