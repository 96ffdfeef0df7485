/* mask.c: masking by kind of data. */
#include "access/mask.h"
#include <stdio.h>

enum { MOBILE_DIGITS = 11, DIGITS_MAX = 20, LAST = 4, SUBSCRIBER_MAX = 8, RUN_MIN = 7,
    ID_OLD_CHARS = 15, ID_CHARS = 18, ID_HEAD = 4 };

struct str mask_name(struct arena *a, struct str name)
{
    struct str head = str_head(str_trim(name), 1);
    return head.n ? arena_fmt(a, "%.*s**", STR_FMT(head)) : STR("");
}

/* Telephones ------------------------------------------------------------------------------- */

struct digits { char d[DIGITS_MAX + 1]; size_t n; bool plus; };

/* ASCII of a full-width digit or sign; 0 for what belongs into no telephone number. */
static char phone_char(uint32_t c)
{
    enum { WIDE_FROM = 0xff01, WIDE_TO = 0xff5e, WIDE_BY = 0xfee0, WIDE_BLANK = 0x3000 };
    uint32_t plain = c == WIDE_BLANK ? ' ' : c >= WIDE_FROM && c <= WIDE_TO ? c - WIDE_BY : c;
    bool fits = (plain >= '0' && plain <= '9') || (plain < 128 && plain
        && strchr(" -+()", (int)plain) != NULL);
    return fits ? (char)plain : '\0';
}

static bool digits_of(struct str text, struct digits *ret)
{
    for (size_t at = 0; at < text.n;) {
        char c = phone_char(str_next(text, &at));
        bool digit = c >= '0' && c <= '9';
        if (c == '\0' || (digit && ret->n == DIGITS_MAX))
            return false;
        if (digit)
            ret->d[ret->n++] = c;
        ret->plus |= c == '+';
    }
    return true;
}

/* Without +86 or 0086. */
static struct str national(const struct digits *n)
{
    struct str d = { n->d, n->n };
    bool abroad = str_starts(d, STR("0086"));
    bool home = str_starts(d, STR("86")) && (n->plus
        || (d.n == MOBILE_DIGITS + 2 && d.p[2] == '1'));
    size_t off = abroad ? 4 : home ? 2 : 0;
    return (struct str){ d.p + off, d.n - off };
}

static struct str landline(struct arena *a, struct str d)
{
    size_t area = d.p[1] == '1' || d.p[1] == '2' ? 3 : 4;
    size_t own = d.n - area < SUBSCRIBER_MAX ? d.n - area : SUBSCRIBER_MAX;
    return arena_fmt(a, "%.*s-****%.4s", (int)area, d.p, d.p + area + own - LAST);
}

struct str mask_phone(struct arena *a, struct str phone)
{
    struct digits all = { .n = 0 };
    struct str text = str_trim(phone);
    if (text.n == 0)
        return STR("");
    if (!digits_of(text, &all))
        return STR("****");
    struct str d = national(&all);
    if (d.n == MOBILE_DIGITS && d.p[0] == '1')
        return arena_fmt(a, "%.3s****%.4s", d.p, d.p + d.n - LAST);
    if (d.n >= 10 && d.p[0] == '0' && d.p[1] != '0')
        return landline(a, d);
    if (d.n >= SUBSCRIBER_MAX)
        return arena_fmt(a, "****%.4s", d.p + d.n - LAST);
    return STR("****");
}

/* Numbers and addresses -------------------------------------------------------------------- */

struct str mask_id_number(struct arena *a, struct str id)
{
    struct str t = str_trim(id);
    if (t.n != ID_OLD_CHARS && t.n != ID_CHARS)
        return t.n ? STR("****") : STR("");
    return arena_fmt(a, "%.4s%.*s%.1s", t.p, (int)t.n - ID_HEAD - 1, "******************",
        t.p + t.n - 1);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A copy in which runs of seven digits and more are masked, as a number of a person or a phone. */
static struct str without_numbers(struct arena *a, struct str text)
{
    struct buf b = buf_in(a, text.n * 2 + 64);
    for (size_t i = 0, n; i < text.n; i += n) {
        for (n = 0; i + n < text.n && is_digit(text.p[i + n]);)
            n++;
        if (n == ID_CHARS - 1 && i + n < text.n && (text.p[i + n] | 0x20) == 'x')
            n++;
        struct str run = { text.p + i, n };
        if (n >= RUN_MIN)
            buf_add(&b, n == ID_OLD_CHARS || n == ID_CHARS ? mask_id_number(a, run)
                : mask_phone(a, run));
        else if (n)
            buf_add(&b, run);
        else {
            n = 1;
            buf_byte(&b, text.p[i]);
        }
    }
    return buf_str(&b);
}

/* Where the first of these words ends; 0: there is none. */
static size_t end_of_first(struct str text, const char *const *words)
{
    size_t best = 0;
    for (; *words; words++) {
        ptrdiff_t at = str_find(text, str_c(*words));
        size_t end = at <= 0 ? 0 : (size_t)at + strlen(*words);
        if (end && (best == 0 || end < best))
            best = end;
    }
    return best;
}

struct str mask_address(struct arena *a, struct str address)
{
    static const char *const building[] = { "幢", "栋", "号楼", "座", NULL };
    static const char *const house[] = { "号", "弄", NULL };
    static const char *const street[] = { "小区", "花园", "新村", "公寓", "大厦", "广场", "公园", "路",
        "街", "巷", "村", NULL };
    struct str text = str_trim(address);
    size_t keep = end_of_first(text, building);
    if (keep == 0)
        keep = end_of_first(text, house);
    if (keep == 0)
        keep = end_of_first(text, street);
    struct str kept = without_numbers(a, (struct str){ text.p, keep });
    return arena_fmt(a, "%.*s%s", STR_FMT(kept), keep < text.n ? "***" : "");
}

struct str mask_words(struct arena *a, struct str text, enum lang lang)
{
    long long n = (long long)str_chars(text);
    if (n == 0)
        return STR("");
    return arena_fmt(a, lang == LANG_EN ? "(%lld characters left out)" : "（略去 %lld 字）", n);
}
