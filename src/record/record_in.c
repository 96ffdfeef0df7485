/* record_in.c: records from JSON (parsed by jansson), from single texts and from CSV. */
#include "record/record.h"
#include <jansson.h>
#include <math.h>
#include <stdio.h>

/* X(name, Chinese, English) */
#define WANTED(X) \
    X(ARRAY, "列表", "array") \
    X(STRINGS, "文字的列表", "string[]") \
    X(NUMBER, "数字", "number") \
    X(DIGITS, "由数字组成的文字", "string of digits") \
    X(INTEGER, "整数", "integer") \
    X(BOOLEAN, "是或否(true 或 false)", "boolean") \
    X(STRING, "文字", "string") \
    X(BASE64, "BASE64 编码的文字", "base64 string") \
    X(NOTHING, "空缺(这一项只用于输出)", "(output only)") \
    X(TRUTH, "true 或 false", "true/false") \
    X(TEXT, "单个值", "text")
#define X(name, zh, en) WANT_##name,
enum want { WANTED(X) WANT_COUNT };
#undef X

static enum err wrong_type(const struct field *f, enum want want, struct err_info *info)
{
#define X(name, zh, en) [WANT_##name] = MSG("类型应为" zh, "The type must be " en),
    static const struct msg texts[WANT_COUNT] = { WANTED(X) };
#undef X
    return err_note(info, E_INPUT, f->name, texts[want], STR_NONE);
}

static struct str json_str(struct arena *a, const json_t *v)
{
    return arena_dup(a, json_string_value(v), json_string_length(v));
}

static enum err read_record(struct arena *a, const struct record *r, const json_t *obj, void *rec,
    struct err_info *info);

static enum err read_list(struct arena *a, const struct field *f, const json_t *v,
    struct list *ret, struct err_info *info)
{
    if (!json_is_array(v))
        return wrong_type(f, WANT_ARRAY, info);
    size_t n = json_array_size(v);
    if ((double)n > f->max)
        return err_note(info, E_INPUT, f->name, MSG("项目太多", "Too many items"), STR_NONE);
    const struct record *sub = f->type == F_LIST ? f->sub : NULL;
    size_t size = sub ? sub->size : sizeof(struct str);
    char *items = arena_alloc(a, size, alignof(max_align_t), n ? n : 1);
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(v, i);
        if (sub)
            TRY(read_record(a, sub, item, items + i * size, info));
        else if (!json_is_string(item))
            return wrong_type(f, WANT_STRINGS, info);
        else
            ((struct str *)(void *)items)[i] = json_str(a, item);
    }
    *ret = (struct list){ items, n };
    return OK;
}

static enum err read_obj(struct arena *a, const struct field *f, const json_t *v,
    const void **ret, struct err_info *info)
{
    const struct record *sub = f->sub;
    void *rec = arena_alloc(a, sub->size, alignof(max_align_t), 1);
    TRY(read_record(a, sub, v, rec, info));
    *ret = rec;
    return OK;
}

static enum err read_number(const struct field *f, const json_t *v, void *at,
    struct err_info *info)
{
    if (f->type == F_F64) {
        if (!json_is_number(v))
            return wrong_type(f, WANT_NUMBER, info);
        *(double *)at = json_number_value(v);
        return OK;
    }
    if (f->type == F_ID) {
        if (!json_is_string(v) || !str_to_i64((struct str){ json_string_value(v),
            json_string_length(v) }, at))
            return wrong_type(f, WANT_DIGITS, info);
        return OK;
    }
    if (!json_is_integer(v))
        return wrong_type(f, WANT_INTEGER, info);
    *(int64_t *)at = json_integer_value(v);
    return OK;
}

static enum err read_field(struct arena *a, const struct field *f, const json_t *v, void *rec,
    struct err_info *info)
{
    void *at = record_at(f, rec);
    if (json_is_null(v))
        return OK;
    switch (f->type) {
    case F_I64: case F_TIME: case F_ID: case F_F64: return read_number(f, v, at, info);
    case F_BOOL:
        if (!json_is_boolean(v))
            return wrong_type(f, WANT_BOOLEAN, info);
        *(bool *)at = json_is_true(v);
        return OK;
    case F_STR:
        if (!json_is_string(v))
            return wrong_type(f, WANT_STRING, info);
        *(struct str *)at = json_str(a, v);
        return OK;
    case F_BYTES:
        if (!json_is_string(v) || !base64_decode(a, json_str(a, v), at))
            return wrong_type(f, WANT_BASE64, info);
        return OK;
    case F_OBJ: return read_obj(a, f, v, at, info);
    case F_LIST: case F_WORDS: return read_list(a, f, v, at, info);
    case F_RAW: return wrong_type(f, WANT_NOTHING, info);
    }
    return E_BUG;
}

const struct field *record_field_named(const struct record *r, struct str name)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_is(name, r->fields[i].name))
            return &r->fields[i];
    return NULL;
}

static enum err unknown_field(struct str name, struct err_info *info)
{
    char field[64];
    (void)snprintf(field, sizeof(field), "%.*s", (int)(name.n < 60 ? name.n : 60), name.p);
    return err_note(info, E_INPUT, str_is_text(str_c(field)) ? field : "?",
        MSG("没有这一项，请删去", "There is no such field; remove it"), STR_NONE);
}

static enum err read_record(struct arena *a, const struct record *r, const json_t *obj, void *rec,
    struct err_info *info)
{
    record_clear(r, rec);
    if (!json_is_object(obj))
        return err_note(info, E_SYNTAX, NULL,
            MSG("应为 JSON 对象", "A JSON object is expected"), STR_NONE);
    void *it = json_object_iter((json_t *)(uintptr_t)obj);
    for (; it; it = json_object_iter_next((json_t *)(uintptr_t)obj, it)) {
        struct str name = str_c(json_object_iter_key(it));
        const struct field *f = record_field_named(r, name);
        if (f == NULL || (f->flags & IN_PATH))
            return unknown_field(name, info);
        TRY(read_field(a, f, json_object_iter_value(it), rec, info));
    }
    return OK;
}

static void json_done(json_t **v)
{
    json_decref(*v);
}

enum err record_from_json(struct arena *a, const struct record *r, struct str json, void *ret_rec,
    struct err_info *info)
{
    json_error_t why;
    if (json.n == 0)
        json = STR("{}");
    if (memchr(json.p, '\0', json.n))       /* behind a number the library would pass over it */
        return err_note(info, E_SYNTAX, NULL, MSG("JSON 里有空字符(NUL)，请去掉",
            "The JSON holds a NUL byte; remove it"), STR_NONE);
    CLEANUP(json_done) json_t *root =
        json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES, &why);
    if (root == NULL)
        return err_note(info, E_SYNTAX, NULL, MSG("JSON 格式不对，位置(行：列)%s",
            "Malformed JSON at line:column %s"),
            arena_fmt(a, "%d:%d", why.line, why.column));
    TRY(read_record(a, r, root, ret_rec, info));
    return record_check(r, ret_rec, false, info);
}

enum err record_set_text(struct arena *a, const struct record *r, void *rec, struct str name,
    struct str value, struct err_info *info)
{
    const struct field *f = record_field_named(r, name);
    if (f == NULL)
        return unknown_field(name, info);
    void *at = record_at(f, rec);
    switch (f->type) {
    case F_I64: case F_ID:
        return str_to_i64(value, at) ? OK : wrong_type(f, WANT_INTEGER, info);
    case F_TIME:
        return str_to_i64(value, at) || clock_parse(value, at) ? OK
            : err_note(info, E_INPUT, f->name, MSG("没有“%s”这一天，请写作 2026-01-31",
                "There is no day \"%s\"; write it like 2026-01-31"), value);
    case F_F64: return str_to_f64(value, at) ? OK : wrong_type(f, WANT_NUMBER, info);
    case F_BOOL:
        if (!str_is(value, "true") && !str_is(value, "false"))
            return wrong_type(f, WANT_TRUTH, info);
        *(bool *)at = str_is(value, "true");
        return OK;
    case F_STR: *(struct str *)at = arena_str(a, value); return OK;
    case F_BYTES: return base64_decode(a, value, at) ? OK : wrong_type(f, WANT_BASE64, info);
    case F_RAW: case F_OBJ: case F_LIST: case F_WORDS: break;
    }
    return wrong_type(f, WANT_TEXT, info);
}

/* One CSV cell; *at moves behind it. *ret_end says whether the line ended with it. */
static bool csv_cell(struct arena *a, struct str csv, size_t *at, struct str *ret, bool *ret_end)
{
    struct buf b = buf_in(a, csv.n + 1);
    bool quoted = *at < csv.n && csv.p[*at] == '"';
    size_t i = *at + quoted;
    for (; i < csv.n; i++) {
        char c = csv.p[i];
        if (quoted && c == '"') {
            if (i + 1 < csv.n && csv.p[i + 1] == '"') {
                buf_byte(&b, '"');
                i++;
                continue;
            }
            quoted = false;
            continue;
        }
        if (!quoted && (c == ',' || c == '\n'))
            break;
        if (quoted || c != '\r')
            buf_byte(&b, c);
    }
    *ret_end = i >= csv.n || csv.p[i] == '\n';
    *at = i + 1;
    *ret = buf_str(&b);
    return !quoted;
}

static size_t count_lines(struct str csv)
{
    size_t n = 1;
    for (size_t i = 0; i < csv.n; i++)
        n += csv.p[i] == '\n';
    return n;
}

enum err record_csv_line(struct arena *a, struct str csv, size_t *at, struct str *ret_cells,
    size_t *ret_n, struct err_info *info)
{
    bool end = false;
    size_t n = 0;
    while (!end) {
        if (n == CSV_COLUMNS_MAX || !csv_cell(a, csv, at, &ret_cells[n++], &end))
            return err_note(info, E_SYNTAX, "csv", MSG("引号没有配对，或列数太多",
                "Unbalanced quotes, or too many columns"), STR_NONE);
    }
    *ret_n = n;
    return OK;
}

enum err record_from_csv(struct arena *a, const struct record *r, struct str csv,
    struct list *ret_recs, struct err_info *info)
{
    struct str head[CSV_COLUMNS_MAX], cells[CSV_COLUMNS_MAX];
    size_t at = 0, n_head, n_cells, n = 0;
    if (str_starts(csv, STR("\xef\xbb\xbf")))
        at = 3;
    TRY(record_csv_line(a, csv, &at, head, &n_head, info));
    char *recs = arena_alloc(a, r->size, alignof(max_align_t), count_lines(csv));
    for (size_t line = 2; at < csv.n; line++) {
        TRY(record_csv_line(a, csv, &at, cells, &n_cells, info));
        if (n_cells == 1 && cells[0].n == 0)
            continue;
        void *rec = recs + n++ * r->size;
        record_clear(r, rec);
        enum err e = n_cells == n_head ? OK : E_INPUT;
        for (size_t c = 0; e == OK && c < n_head; c++)
            if (cells[c].n)
                e = record_set_text(a, r, rec, str_trim(head[c]), str_trim(cells[c]), info);
        if (e == OK)
            e = record_check(r, rec, true, info);
        if (e != OK) {
            char where[64];
            (void)snprintf(where, sizeof(where), "line %zu", line);
            (void)err_note(info, e, where, MSG("列数与表头不符",
                "The number of columns differs from the header"), STR_NONE);
            struct str field = arena_fmt(a, "%s (line %zu)", info->field, line);
            (void)snprintf(info->field, sizeof(info->field), "%.60s", field.p);
            return e;
        }
    }
    *ret_recs = (struct list){ recs, n };
    return OK;
}
