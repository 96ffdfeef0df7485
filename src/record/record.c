/* record.c: "no value", writing JSON, and the checks shared by every way in. */
#include "record/record.h"
#include <math.h>
#include <stdio.h>

void record_clear(const struct record *r, void *rec)
{
    memset(rec, 0, r->size);
    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->fields[i];
        if (f->type == F_I64 || f->type == F_ID || f->type == F_TIME)
            *(int64_t *)record_at(f, rec) = I64_NONE;
        else if (f->type == F_F64)
            *(double *)record_at(f, rec) = NAN;
    }
}

static bool has_value(const struct field *f, const void *rec)
{
    const void *p = record_in(f, rec);
    switch (f->type) {
    case F_I64: case F_ID: case F_TIME: return *(const int64_t *)p != I64_NONE;
    case F_F64: return !isnan(*(const double *)p);
    case F_BOOL: return true;
    case F_STR: case F_BYTES: case F_RAW: return ((const struct str *)p)->p != NULL;
    case F_OBJ: return *(const void *const *)p != NULL;
    case F_LIST: case F_WORDS: return true;
    }
    return false;
}

static void write_words(struct buf *b, const struct list *l)
{
    const struct str *words = l->p;
    buf_byte(b, '[');
    for (size_t i = 0; i < l->n; i++) {
        if (i)
            buf_byte(b, ',');
        buf_json_str(b, words[i]);
    }
    buf_byte(b, ']');
}

/* As "%.9g" would. That costs more than reading the row, and most numbers are degrees, which fit
 * into a whole number of small parts. */
static void write_f64(struct buf *b, double v)
{
    double size = fabs(v);
    if (v == floor(v) && size < 1e15) {
        buf_i64(b, (int64_t)v);
        return;
    }
    if (size < 1 || size >= 1000) {
        buf_fmt(b, "%.9g", v);
        return;
    }
    char digits[8];
    size_t n = size < 10 ? 8 : size < 100 ? 7 : 6;
    int64_t scale = n == 8 ? 100000000 : n == 7 ? 10000000 : 1000000;
    int64_t parts = (int64_t)(size * (double)scale + 0.5), rest = parts % scale;
    if (v < 0)
        buf_byte(b, '-');
    buf_i64(b, parts / scale);
    for (size_t i = n; i-- > 0; rest /= 10)
        digits[i] = (char)('0' + rest % 10);
    while (n && digits[n - 1] == '0')
        n--;
    if (n)
        buf_byte(b, '.');
    buf_add(b, (struct str){ digits, n });
}

static void write_field(struct buf *b, const struct field *f, const void *rec)
{
    const void *p = record_in(f, rec);
    const struct list *l = p;
    switch (f->type) {
    case F_I64: case F_TIME: buf_i64(b, *(const int64_t *)p); break;
    case F_ID:
        buf_byte(b, '"');
        buf_i64(b, *(const int64_t *)p);
        buf_byte(b, '"');
        break;
    case F_F64: write_f64(b, *(const double *)p); break;
    case F_BOOL: buf_add(b, *(const bool *)p ? STR("true") : STR("false")); break;
    case F_STR: buf_json_str(b, *(const struct str *)p); break;
    case F_BYTES:
        buf_byte(b, '"');
        buf_base64(b, *(const struct str *)p);
        buf_byte(b, '"');
        break;
    case F_RAW: buf_add(b, *(const struct str *)p); break;
    case F_OBJ: record_to_json(b, f->sub, *(const void *const *)p); break;
    case F_LIST:
        if (l->n == LIST_WRITTEN)
            buf_add(b, *(const struct str *)l->p);
        else
            record_list_to_json(b, f->sub, l->p, l->n);
        break;
    case F_WORDS: write_words(b, l); break;
    }
}

void record_to_json(struct buf *b, const struct record *r, const void *rec)
{
    bool first = true;
    buf_byte(b, '{');
    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->fields[i];
        if (!has_value(f, rec))
            continue;
        buf_member(b, f->name, first);
        first = false;
        write_field(b, f, rec);
    }
    buf_byte(b, '}');
}

void record_list_to_json(struct buf *b, const struct record *r, const void *recs, size_t n)
{
    buf_byte(b, '[');
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_byte(b, ',');
        record_to_json(b, r, (const char *)recs + i * r->size);
    }
    buf_byte(b, ']');
}

enum { WORD_BYTES_MAX = 256 };

static enum err check_range(const struct field *f, double v, struct err_info *info)
{
    char range[80];
    if (v >= f->min && v <= f->max)
        return OK;
    (void)snprintf(range, sizeof(range), "%.10g – %.10g", f->min, f->max);
    return err_note(info, E_INPUT, f->name,
        MSG("数值应在 %s 之间", "The value must be within %s"), str_c(range));
}

/* With what may be written instead, as far as there is room. */
static enum err words_told(const char *const *words, struct err_info *info, enum err e)
{
    char list[300];
    size_t n = 0;
    for (; *words && n < sizeof(list); words++)
        if (**words)
            n += (size_t)snprintf(list + n, sizeof(list) - n, " %s", *words);
    if (n == 0 || n >= sizeof(list))
        return e;
    size_t zh = strlen(info->zh), en = strlen(info->en);
    (void)snprintf(info->zh + zh, sizeof(info->zh) - zh, "；可用%s", list);
    (void)snprintf(info->en + en, sizeof(info->en) - en, "; use one of%s", list);
    return e;
}

enum err record_check_words(const struct field *f, struct str v, struct err_info *info)
{
    const char *const *word = f->sub;
    for (; *word; word++)
        if (str_is(v, *word))
            return OK;
    return words_told(f->sub, info, err_note(info, E_INPUT, f->name,
        MSG("不认识的取值「%s」", "Unknown value \"%s\""), v));
}

/* Prose is for people to read, so white space does not lengthen it. */
static enum err check_least(const struct field *f, struct str v, struct err_info *info)
{
    char limit[32];
    bool prose = f->flags & MULTILINE;
    if ((double)(prose ? str_visible_chars(v) : str_chars(v)) >= f->min)
        return OK;
    (void)snprintf(limit, sizeof(limit), "%.0f", f->min);
    return err_note(info, E_INPUT, f->name, prose
        ? MSG("至少写 %s 个字，空白不计", "At least %s characters, not counting white space")
        : MSG("至少写 %s 个字", "At least %s characters"), str_c(limit));
}

/* What turns the direction of writing makes a text say on the page what it does not say. */
static enum err check_characters(const struct field *f, struct str v, struct err_info *info)
{
    if (!str_is_text(v) || (!(f->flags & MULTILINE) && v.n && memchr(v.p, '\n', v.n)))
        return err_note(info, E_INPUT, f->name, MSG("含有不能使用的控制字符，请删去后重新填写",
            "Contains control characters that cannot be used; remove them"), STR_NONE);
    if (str_is_turned(v) && !(f->flags & TABLED))
        return err_note(info, E_INPUT, f->name, TURNED_TEXT, STR_NONE);
    return OK;
}

static enum err check_text(const struct field *f, struct str v, struct err_info *info)
{
    char limit[32];
    size_t chars = str_chars(v);
    TRY(check_characters(f, v, info));
    if (f->sub && !(f->flags & TABLED))
        return record_check_words(f, v, info);      /* the words themselves tell what is expected */
    if ((double)chars > f->max) {
        (void)snprintf(limit, sizeof(limit), "%.0f", f->max);
        return err_note(info, E_INPUT, f->name,
            MSG("最多 %s 个字", "At most %s characters"), str_c(limit));
    }
    return check_least(f, v, info);
}

static enum err check_list(const struct field *f, const struct list *l, struct err_info *info)
{
    char limit[32];
    if ((double)l->n > f->max) {
        (void)snprintf(limit, sizeof(limit), "%.0f", f->max);
        return err_note(info, E_INPUT, f->name,
            MSG("最多 %s 项", "At most %s items"), str_c(limit));
    }
    if ((double)l->n < f->min) {
        (void)snprintf(limit, sizeof(limit), "%.0f", f->min);
        return err_note(info, E_INPUT, f->name,
            MSG("至少 %s 项", "At least %s items"), str_c(limit));
    }
    const struct str *words = f->type == F_WORDS ? l->p : NULL;
    for (size_t i = 0; words && i < l->n; i++)
        if (words[i].n == 0 || words[i].n > WORD_BYTES_MAX || !str_is_text(words[i])
            || str_is_turned(words[i]))
            return err_note(info, E_INPUT, f->name,
                MSG("有一项为空、太长或含有控制字符",
                    "An item is empty, too long or holds control characters"), STR_NONE);
    const struct record *sub = f->type == F_LIST ? f->sub : NULL;
    for (size_t i = 0; sub && i < l->n; i++)
        TRY(record_check(sub, (const char *)l->p + i * sub->size, true, info));
    return OK;
}

static enum err check_field(const struct field *f, const void *rec, struct err_info *info)
{
    const void *p = record_in(f, rec);
    switch (f->type) {
    case F_I64: case F_TIME: case F_ID:
        return f->type == F_ID ? OK : check_range(f, (double)*(const int64_t *)p, info);
    case F_F64: return check_range(f, *(const double *)p, info);
    case F_STR: return check_text(f, *(const struct str *)p, info);
    case F_LIST: case F_WORDS: return check_list(f, p, info);
    case F_OBJ: return record_check(f->sub, *(const void *const *)p, true, info);
    case F_BOOL: case F_BYTES: case F_RAW: break;
    }
    return OK;
}

enum err record_check_field(const struct record *r, size_t i, const void *rec,
    struct err_info *info)
{
    const struct field *f = &r->fields[i];
    if (has_value(f, rec))
        return check_field(f, rec, info);
    return f->flags & REQUIRED ? err_note(info, E_INPUT, f->name,
        MSG("这一项必须填写", "This field is required"), STR_NONE) : OK;
}

enum err record_check(const struct record *r, const void *rec, bool with_path,
    struct err_info *info)
{
    for (size_t i = 0; i < r->n; i++)
        if (with_path || (r->fields[i].flags & IN_PATH) == 0)
            TRY(record_check_field(r, i, rec, info));
    return OK;
}
