/* record_schema.c: what a record looks like from outside: OpenAPI 3.1 and TypeScript. */
#include "record/record.h"

static const char *openapi_type(const struct field *f)
{
    switch (f->type) {
    case F_I64: case F_TIME: return "\"type\":\"integer\",\"format\":\"int64\"";
    case F_ID: return "\"type\":\"string\",\"pattern\":\"^-?[0-9]+$\"";
    case F_F64: return "\"type\":\"number\"";
    case F_BOOL: return "\"type\":\"boolean\"";
    case F_STR: return "\"type\":\"string\"";
    case F_BYTES: return "\"type\":\"string\",\"contentEncoding\":\"base64\"";
    case F_OBJ: return "\"type\":\"object\"";
    case F_RAW: return "";      /* any JSON */
    case F_LIST: case F_WORDS: return "\"type\":\"array\"";
    }
    return "";
}

static void openapi_words(struct buf *b, const char *const *word)
{
    buf_add(b, STR(",\"enum\":["));
    for (const char *const *w = word; *w; w++) {
        if (w != word)
            buf_byte(b, ',');
        buf_json_str(b, str_c(*w));
    }
    buf_byte(b, ']');
}

static void openapi_ref(struct buf *b, const struct record *r)
{
    buf_fmt(b, "{\"$ref\":\"#/components/schemas/%s\"}", r->name);
}

static void openapi_field(struct buf *b, const struct field *f)
{
    if (f->type == F_OBJ) {
        openapi_ref(b, f->sub);
        return;
    }
    const char *type = openapi_type(f);
    buf_fmt(b, "{%s%s\"description\":", type, *type ? "," : "");
    buf_json_str(b, str_c(f->meaning));
    if (f->type == F_STR && f->max > 0)
        buf_fmt(b, ",\"minLength\":%.0f,\"maxLength\":%.0f", f->min, f->max);
    if ((f->type == F_I64 || f->type == F_TIME || f->type == F_F64) && f->max > f->min)
        buf_fmt(b, ",\"minimum\":%.16g,\"maximum\":%.16g", f->min, f->max);
    if (f->type == F_STR && f->sub)
        openapi_words(b, f->sub);
    if (f->type == F_LIST || f->type == F_WORDS) {
        buf_fmt(b, ",\"maxItems\":%.0f,\"items\":", f->max);
        if (f->type == F_LIST)
            openapi_ref(b, f->sub);
        else
            buf_add(b, STR("{\"type\":\"string\"}"));
    }
    buf_byte(b, '}');
}

static bool is_required(const struct field *f, bool in)
{
    return (f->flags & REQUIRED)
        || (!in && (f->type == F_BOOL || f->type == F_LIST || f->type == F_WORDS));
}

void record_to_openapi(struct buf *b, const struct record *r, bool in)
{
    bool first = true;
    buf_add(b, STR("{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"));
    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->fields[i];
        if (in && (f->flags & IN_PATH))
            continue;
        buf_fmt(b, "%s\"%s\":", first ? "" : ",", f->name);
        first = false;
        openapi_field(b, f);
    }
    buf_add(b, STR("},\"required\":["));
    first = true;
    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->fields[i];
        if (!is_required(f, in) || (in && (f->flags & IN_PATH)))
            continue;
        buf_fmt(b, "%s\"%s\"", first ? "" : ",", f->name);
        first = false;
    }
    buf_add(b, STR("]}"));
}

void record_typescript_name(struct buf *b, const struct record *r)
{
    bool up = true;
    for (const char *p = r->name; *p; p++) {
        if (*p != '_')
            buf_byte(b, (char)(up && *p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p));
        up = *p == '_';
    }
}

static void typescript_type(struct buf *b, const struct field *f)
{
    switch (f->type) {
    case F_I64: case F_TIME: case F_F64: buf_add(b, STR("number")); return;
    case F_BOOL: buf_add(b, STR("boolean")); return;
    case F_OBJ: record_typescript_name(b, f->sub); return;
    case F_LIST:
        record_typescript_name(b, f->sub);
        buf_add(b, STR("[]"));
        return;
    case F_WORDS: buf_add(b, STR("string[]")); return;
    case F_RAW: buf_add(b, STR("unknown")); return;
    case F_ID: case F_BYTES: buf_add(b, STR("string")); return;
    case F_STR: break;
    }
    const char *const *word = f->sub;
    if (word == NULL)
        buf_add(b, STR("string"));
    for (const char *const *w = word; word && *w; w++)
        buf_fmt(b, "%s'%s'", w == word ? "" : " | ", *w);
}

void record_to_typescript(struct buf *b, const struct record *r, bool in)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->fields[i];
        if (in && (f->flags & IN_PATH))
            continue;
        buf_fmt(b, "  /** %s */\n  %s%s: ", f->meaning, f->name, is_required(f, in) ? "" : "?");
        typescript_type(b, f);
        buf_add(b, STR("\n"));
    }
}
