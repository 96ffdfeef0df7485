/* words.c: days, amounts and entries as documents write them. */
#include "base/json_cut.h"
#include "dossier/dossier.h"

struct str paper_day(struct arena *a, int64_t at_ms)
{
    struct civil c = clock_civil(at_ms == I64_NONE ? 0 : at_ms);
    return at_ms == I64_NONE ? STR_NONE
        : arena_fmt(a, "%d年%d月%d日", c.year, c.month, c.day);
}

struct str paper_moment(struct arena *a, int64_t at_ms)
{
    struct civil c = clock_civil(at_ms == I64_NONE ? 0 : at_ms);
    return at_ms == I64_NONE ? STR_NONE : arena_fmt(a, "%d年%d月%d日%d时%02d分", c.year, c.month,
        c.day, c.hour, c.minute);
}

struct str paper_yuan(struct arena *a, int64_t fen)
{
    return fen <= 0 ? STR_NONE : fen % 100 == 0 ? arena_fmt(a, "%lld元", (long long)(fen / 100))
        : arena_fmt(a, "%lld.%02lld元", (long long)(fen / 100), (long long)(fen % 100));
}

static const char *const digits[] = { "零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖" };

static void whole_add(struct buf *b, int64_t n)
{
    static const char *const units[] = { "", "拾", "佰", "仟" }, *const groups[] = { "", "万", "亿" };
    static const int64_t tens[] = { 1, 10, 100, 1000 }, ends[] = { 1, 10000, 100000000 };
    bool zero = false, any = false;
    for (int g = 2; g >= 0; g--) {
        int64_t part = n / ends[g] % 10000;
        for (int u = 3; u >= 0; u--) {
            int64_t d = part / tens[u] % 10;
            if (d == 0) {
                zero = any;
                continue;
            }
            buf_fmt(b, "%s%s%s", zero ? digits[0] : "", digits[d], units[u]);
            zero = false;
            any = true;
        }
        if (part)
            buf_add(b, str_c(groups[g]));
    }
}

/* As sums are written on receipts (rules of the People's Bank): 叁仟元整, 壹佰零伍元零伍分. */
struct str paper_capitals(struct arena *a, int64_t fen)
{
    struct buf b = buf_in(a, 400);
    int64_t tenths = fen / 10 % 10, hundredths = fen % 10;
    if (fen <= 0)
        return STR_NONE;
    if (fen >= 100) {
        whole_add(&b, fen / 100);
        buf_add(&b, STR("元"));
    }
    if (tenths)
        buf_fmt(&b, "%s角", digits[tenths]);
    else if (hundredths && fen >= 100)
        buf_add(&b, STR("零"));
    if (hundredths)
        buf_fmt(&b, "%s分", digits[hundredths]);
    else
        buf_add(&b, STR("整"));
    return buf_str(&b);
}

/* Entries ----------------------------------------------------------------------------------- */

int64_t line_number(const struct line *l, const char *name)
{
    int64_t n;
    return str_to_i64(json_cut_find(l->data, name), &n) ? n : 0;
}

/* Words of ours, which need no escapes. */
struct str line_word(const struct line *l, const char *name)
{
    struct str v = json_cut_find(l->data, name);
    return v.n > 2 && v.p[0] == '"' ? (struct str){ v.p + 1, v.n - 2 } : STR("");
}

const struct line *line_at(const struct case_file *d, int64_t seq)
{
    const struct line *l = d->lines.p;
    for (size_t i = 0; i < d->lines.n; i++)
        if (l[i].seq == seq)
            return &l[i];
    return NULL;
}

const struct line *line_last(const struct case_file *d, const char *action)
{
    const struct line *l = d->lines.p;
    for (size_t i = d->lines.n; i > 0; i--)
        if (str_is(l[i - 1].action, action))
            return &l[i - 1];
    return NULL;
}
