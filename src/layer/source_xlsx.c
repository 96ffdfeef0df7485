/* source_xlsx.c: the first sheet of a spreadsheet: a ZIP archive (libzip) of XML (expat). Only
 * values are taken; formulas count as what was last worked out. A document type, with which XML can
 * be made to swell, ends the reading. */
#include "layer/zip_member.h"
#include <expat.h>
#include <math.h>

enum { XLSX_COLUMNS_MAX = 256, CELL_BYTES_MAX = SHAPE_TEXT_BYTES_MAX };

/* What is being read; strings lie in the arena. */
struct xlsx {
    struct arena *a;
    const struct source *s;
    XML_Parser xml;
    struct err_info *info;
    enum err e;
    struct str *strings;            /* shared ones, by number */
    size_t n_strings, cap_strings;
    struct features out;
    enum feature_field columns[XLSX_COLUMNS_MAX];
    bool headed;
    size_t row, column;
    enum { CELL_NUMBER, CELL_SHARED, CELL_TEXT } type;
    bool in_text, in_phonetic;
    struct buf text;
    struct feature now;
    bool any;
};

static void fail(struct xlsx *x, enum err e, struct msg m)
{
    if (x->e == OK)
        x->e = err_note(x->info, e, "file", m, STR_NONE);
    (void)XML_StopParser(x->xml, XML_FALSE);
}

/* Without a name space's prefix. */
static struct str plain(const char *name)
{
    const char *colon = strrchr(name, ':');
    return str_c(colon ? colon + 1 : name);
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; attributes[0]; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

static void text_begin(struct xlsx *x)
{
    x->text = buf_in(x->a, CELL_BYTES_MAX);
}

static void XMLCALL on_text(void *ctx, const char *p, int n)
{
    struct xlsx *x = ctx;
    if (!x->in_text || x->in_phonetic)
        return;
    if (x->text.n + (size_t)n > CELL_BYTES_MAX)
        fail(x, E_TOO_LARGE, MSG("有单元格太长", "A cell is too long"));
    else
        buf_add(&x->text, (struct str){ p, (size_t)n });
}

static void XMLCALL on_doctype(void *ctx, const char *name, const char *system_id,
    const char *public_id, int internal)
{
    (void)name, (void)system_id, (void)public_id, (void)internal;
    fail(ctx, E_MEDIA, MSG("表格文件不规范，请用表格软件另存一次",
        "This is no ordinary spreadsheet; save it again with a spreadsheet program"));
}

/* Shared strings --------------------------------------------------------------------------- */

static void XMLCALL string_start(void *ctx, const char *name, const char **attributes)
{
    struct xlsx *x = ctx;
    struct str tag = plain(name);
    (void)attributes;
    if (str_is(tag, "si"))
        text_begin(x);
    x->in_text |= str_is(tag, "t");
    x->in_phonetic |= str_is(tag, "rPh");
}

static void string_keep(struct xlsx *x)
{
    if (x->n_strings == x->cap_strings) {
        size_t cap = x->cap_strings ? x->cap_strings * 2 : 256;
        struct str *more = NEW_N(x->a, struct str, cap);
        if (x->n_strings)
            memcpy(more, x->strings, x->n_strings * sizeof(*more));
        x->strings = more;
        x->cap_strings = cap;
    }
    x->strings[x->n_strings++] = buf_str(&x->text);
}

static void XMLCALL string_end(void *ctx, const char *name)
{
    struct xlsx *x = ctx;
    struct str tag = plain(name);
    if (str_is(tag, "si"))
        string_keep(x);
    if (str_is(tag, "t"))
        x->in_text = false;
    if (str_is(tag, "rPh"))
        x->in_phonetic = false;
}

/* Rows ------------------------------------------------------------------------------------- */

/* "BC12" is row 12, column 54, from 0. */
static size_t column_of(const char *ref, size_t otherwise)
{
    size_t n = 0;
    for (; ref && *ref >= 'A' && *ref <= 'Z' && n < 100000; ref++)
        n = n * 26 + (size_t)(*ref - 'A' + 1);
    return n ? n - 1 : otherwise;
}

static void cell_start(struct xlsx *x, const char **attributes)
{
    const char *type = attribute(attributes, "t");
    x->column = column_of(attribute(attributes, "r"), x->column + 1);
    x->type = type == NULL || strcmp(type, "n") == 0 ? CELL_NUMBER
        : strcmp(type, "s") == 0 ? CELL_SHARED : CELL_TEXT;
    text_begin(x);
}

static void XMLCALL row_start(void *ctx, const char *name, const char **attributes)
{
    struct xlsx *x = ctx;
    struct str tag = plain(name);
    if (str_is(tag, "row")) {
        const char *number = attribute(attributes, "r");
        int64_t at;
        x->row = number && str_to_i64(str_c(number), &at) && at > 0 && at < 1 << 24 ? (size_t)at
            : x->row + 1;
        x->column = SIZE_MAX;
        x->now = (struct feature){ .row = x->row };
        x->any = false;
    } else if (str_is(tag, "c")) {
        cell_start(x, attributes);
    }
    x->in_text |= str_is(tag, "v") || str_is(tag, "t");
    x->in_phonetic |= str_is(tag, "rPh");
}

/* Spreadsheets keep 15 digits of a number: longer codes must be text. */
static const double number_digits_kept = 1e15;

static struct str number_text(struct xlsx *x, struct str v)
{
    double number;
    if (!str_to_f64(v, &number) || number != floor(number) || fabs(number) >= 1e18)
        return v;
    if (fabs(number) >= number_digits_kept) {
        struct err_info why = { .e = OK };
        (void)err_note(&why, E_INPUT, "code", MSG("编码 %s 存成了数字，末尾几位已丢失；请将该列设为“文本”后重填",
            "The code %s is kept as a number and has lost its last digits; format the column as text"
            " and enter it again"), v);
        feature_fault(x->a, &x->now, &why);
    }
    return arena_fmt(x->a, "%.0f", number);
}

static struct str cell_text(struct xlsx *x)
{
    struct str v = str_trim(buf_str(&x->text));
    enum feature_field field = x->columns[x->column];
    int64_t i;
    if (x->type == CELL_NUMBER)
        return field == FIELD_CODE || field == FIELD_PARENT ? number_text(x, v) : v;
    if (x->type == CELL_TEXT)
        return v;
    return str_to_i64(v, &i) && i >= 0 && (size_t)i < x->n_strings ? str_trim(x->strings[i])
        : STR("");
}

static void cell_end(struct xlsx *x)
{
    if (x->column >= XLSX_COLUMNS_MAX)
        return;
    struct str v = cell_text(x);
    x->any |= v.n > 0;
    if (!x->headed)
        x->columns[x->column] = headings_field(&x->s->headings, v, false);
    else if (x->columns[x->column] != FIELD_COUNT
        && x->now.values[x->columns[x->column]].n == 0)
        feature_set(x->a, &x->now, x->columns[x->column], v);
}

static void row_end(struct xlsx *x)
{
    struct feature *to;
    if (!x->any)
        return;
    if (!x->headed) {
        x->headed = true;
        return;
    }
    feature_shape(x->a, &x->now);
    if (feature_add(x->a, &x->out, x->row, &to, x->info) == OK)
        *to = x->now;
    else
        fail(x, E_TOO_LARGE, MSG("行数太多", "There are too many rows"));
}

static void XMLCALL row_or_cell_end(void *ctx, const char *name)
{
    struct xlsx *x = ctx;
    struct str tag = plain(name);
    if (str_is(tag, "v") || str_is(tag, "t"))
        x->in_text = false;
    if (str_is(tag, "rPh"))
        x->in_phonetic = false;
    if (str_is(tag, "c"))
        cell_end(x);
    if (str_is(tag, "row"))
        row_end(x);
}

/* Members ---------------------------------------------------------------------------------- */

static enum err parse(struct xlsx *x, struct str text, XML_StartElementHandler start,
    XML_EndElementHandler end)
{
    x->xml = XML_ParserCreate(NULL);
    CHECK(x->xml != NULL && text.n <= INT32_MAX);
    XML_SetUserData(x->xml, x);
    XML_SetElementHandler(x->xml, start, end);
    XML_SetCharacterDataHandler(x->xml, on_text);
    XML_SetStartDoctypeDeclHandler(x->xml, on_doctype);
    enum XML_Status status = XML_Parse(x->xml, text.p, (int)text.n, 1);
    XML_ParserFree(x->xml);
    if (x->e == OK && status != XML_STATUS_OK)
        x->e = err_note(x->info, E_MEDIA, "file", MSG("表格文件已损坏，请用表格软件另存一次",
            "The spreadsheet is damaged; save it again with a spreadsheet program"), STR_NONE);
    return x->e;
}

/* sheet1.xml usually; the first in the archive otherwise. */
static zip_int64_t sheet_in(struct zip *z)
{
    zip_int64_t first = zip_name_locate(z, "xl/worksheets/sheet1.xml", 0);
    for (zip_int64_t i = 0; first < 0 && i < zip_get_num_entries(z, 0); i++) {
        const char *name = zip_get_name(z, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
        if (name && str_starts(str_c(name), STR("xl/worksheets/")) && ends_with(str_c(name), ".xml"))
            first = i;
    }
    return first;
}

static enum err read_sheet(struct xlsx *x, struct zip *z)
{
    struct str text;
    zip_int64_t sheet = sheet_in(z), strings = zip_name_locate(z, "xl/sharedStrings.xml", 0);
    if (sheet < 0)
        return err_note(x->info, E_MEDIA, "file", MSG("表格文件里没有工作表",
            "There is no sheet in the spreadsheet"), STR_NONE);
    if (strings >= 0) {
        TRY(zip_member(x->a, z, strings, SOURCE_BYTES_MAX, &text, x->info));
        TRY(parse(x, text, string_start, string_end));
    }
    TRY(zip_member(x->a, z, sheet, SOURCE_BYTES_MAX, &text, x->info));
    return parse(x, text, row_start, row_or_cell_end);
}

enum err source_read_xlsx(struct arena *a, const struct source *s, struct features *ret,
    struct err_info *info)
{
    struct xlsx x = { .a = a, .s = s, .info = info };
    struct zip *z CLEANUP(zip_shut) = NULL;
    for (size_t i = 0; i < COUNT_OF(x.columns); i++)
        x.columns[i] = FIELD_COUNT;
    TRY(zip_of_bytes(s->bytes, &z, info));
    TRY(read_sheet(&x, z));
    *ret = x.out;
    return OK;
}
