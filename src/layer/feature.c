/* feature.c: columns by their headings, texts in their encodings, and what all formats share. */
#include "layer/feature.h"
#include <errno.h>
#include <iconv.h>
#include <math.h>
#include <strings.h>

#define X(id, name, others) { name, others },
static const struct { const char *name, *others; } fields[FIELD_COUNT] = { FIELD_TABLE(X) };
#undef X

static bool same_word(struct str a, struct str b)
{
    return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

/* Bytes of a text that end with a whole character. */
static size_t whole_bytes(struct str s)
{
    size_t n = s.n;
    while (n > 0 && s.n - n < 4 && ((unsigned char)s.p[n - 1] & 0xC0) == 0x80)
        n--;
    if (n > 0 && (unsigned char)s.p[n - 1] >= 0xC0) {
        unsigned char lead = (unsigned char)s.p[n - 1];
        size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        return s.n - (n - 1) >= want ? s.n : n - 1;
    }
    return s.n;
}

enum { CUT_BYTES = 10, CUT_LEAST = 6 };

static bool is_heading(struct str column, struct str word, bool cut)
{
    if (same_word(column, word))
        return true;
    size_t n = whole_bytes(column);
    return cut && column.n + 3 > CUT_BYTES && n >= CUT_LEAST && word.n > n
        && strncasecmp(column.p, word.p, n) == 0;
}

static bool in_words(struct str column, struct str words, bool cut)
{
    while (words.n)
        if (is_heading(column, str_cut(words, ' ', &words), cut))
            return true;
    return false;
}

enum feature_field headings_field(const struct headings *h, struct str column, bool cut)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (h->mapped[i].n && is_heading(column, h->mapped[i], cut))
            return (enum feature_field)i;
    for (int close = 0; close <= cut; close++) {
        for (size_t i = 0; i < FIELD_COUNT; i++) {
            if (h->mapped[i].n)
                continue;
            if (same_word(column, str_c(fields[i].name))
                || in_words(column, str_c(fields[i].others), close))
                return (enum feature_field)i;
        }
    }
    return FIELD_COUNT;
}

enum err headings_map(struct headings *h, struct str pair, struct err_info *info)
{
    struct str column, name = str_cut(pair, '=', &column);
    for (size_t i = 0; i < FIELD_COUNT && column.n; i++) {
        if (!str_is(name, fields[i].name))
            continue;
        h->mapped[i] = column;
        return OK;
    }
    return err_note(info, E_INPUT, "map", MSG("写作 字段=列名，字段为 code name parent kind level address lon"
        " lat shape crs removed，现为 %s", "Written FIELD=COLUMN with one of code name parent kind level"
        " address lon lat shape crs removed, not %s"), pair);
}

static enum err not_decoded(struct err_info *info, const char *encoding)
{
    return err_note(info, E_INPUT, "encoding", MSG("文字编码不是 %s；请用 --encoding 指明，或另存为 UTF-8",
        "The text is not in %s; name its encoding with --encoding, or save it as UTF-8"),
        str_c(encoding));
}

static enum err decode_with(struct arena *a, struct str bytes, const char *encoding,
    struct str *ret, struct err_info *info)
{
    iconv_t how = iconv_open("UTF-8", encoding);
    if (how == (iconv_t)-1)
        return err_note(info, E_INPUT, "encoding", MSG("没有名为 %s 的编码",
            "There is no encoding called %s"), str_c(encoding));
    size_t left = bytes.n, room = bytes.n * 3 + 4;      /* no character grows beyond that */
    char *out = arena_bytes(a, room), *to = out, *from = (char *)(uintptr_t)bytes.p;
    size_t done = iconv(how, &from, &left, &to, &room);
    (void)iconv_close(how);
    struct str text = { out, (size_t)(to - out) };
    if (done == (size_t)-1 || left || !str_is_text(text))
        return not_decoded(info, encoding);
    *ret = text;
    return OK;
}

enum err text_decode(struct arena *a, struct str bytes, const char *encoding, struct str *ret,
    struct err_info *info)
{
    bool utf8 = encoding && (strcasecmp(encoding, "UTF-8") == 0 || strcasecmp(encoding, "UTF8") == 0);
    if (encoding == NULL || utf8) {
        if (str_is_text(bytes)) {
            *ret = bytes;
            return OK;
        }
        if (utf8)
            return not_decoded(info, encoding);
    }
    if (encoding == NULL && (str_starts(bytes, STR("\xff\xfe")) || str_starts(bytes, STR("\xfe\xff"))))
        encoding = "UTF-16";        /* as Excel marks what it calls Unicode text */
    return decode_with(a, bytes, encoding ? encoding : "GB18030", ret, info);
}

enum err feature_add(struct arena *a, struct features *f, size_t row, struct feature **ret,
    struct err_info *info)
{
    if (f->n >= FEATURES_MAX)
        return err_note(info, E_TOO_LARGE, "file", MSG("行数太多，请分成几个文件",
            "There are too many rows; split the file"), STR_NONE);
    if ((f->n & (f->n - 1)) == 0) {         /* full at every power of two */
        struct feature *more = NEW_N(a, struct feature, f->n ? f->n * 2 : 1);
        if (f->n)
            memcpy(more, f->at, f->n * sizeof(*more));
        f->at = more;
    }
    *ret = &f->at[f->n++];
    **ret = (struct feature){ .row = row };
    return OK;
}

void feature_fault(struct arena *a, struct feature *f, const struct err_info *info)
{
    if (f->fault)
        return;
    struct err_info *copy = NEW(a, struct err_info);
    *copy = *info;
    f->fault = copy;
}

void feature_set(struct arena *a, struct feature *f, enum feature_field field, struct str value)
{
    struct err_info info = { .e = OK };
    value = str_trim(value);
    bool is_long = value.n > FIELD_BYTES_MAX && field != FIELD_SHAPE;
    if (is_long || !str_is_text(value)) {
        struct msg why = is_long ? MSG("内容太长", "The text is too long")
            : MSG("含有控制字符，请删去", "The text holds control characters; take them out");
        (void)err_note(&info, E_INPUT, fields[field].name, why, STR_NONE);
        feature_fault(a, f, &info);
        value = STR("");
    }
    if (str_is_turned(value)) {
        (void)err_note(&info, E_INPUT, fields[field].name, TURNED_TEXT, STR_NONE);
        feature_fault(a, f, &info);
        value = STR("");
    }
    f->values[field] = value.p ? value : STR("");
}

static double number_in(struct str text)
{
    double v;
    return str_to_f64(text, &v) ? v : NAN;
}

void feature_shape(struct arena *a, struct feature *f)
{
    struct err_info info = { .e = OK };
    struct str shape = f->values[FIELD_SHAPE];
    enum shape_format format = shape.n && *shape.p == '{' ? SHAPE_GEOJSON : SHAPE_WKT;
    if (shape.n) {
        if (rough_read(a, format, shape, &f->rough, &info) != OK)
            feature_fault(a, f, &info);
    } else if (f->values[FIELD_LON].n && f->values[FIELD_LAT].n) {
        f->rough = (struct rough){ .kind = ROUGH_POINT, .at = NEW(a, struct geo_point),
            .point_count = 1 };
        *f->rough.at = (struct geo_point){ number_in(f->values[FIELD_LON]),
            number_in(f->values[FIELD_LAT]) };
    }
}
