/* xlsx.c: see xlsx.h. */
#include "layer/xlsx.h"
#include "base/buf.h"
#include "layer/zip_member.h"
#include <expat.h>

/* What is being read; strings lie in the arena. */
struct xlsx {
    struct arena *a;
    const struct xlsx_sink *sink;
    struct xlsx_sheets *sheets;
    XML_Parser xml;
    struct err_info *info;
    enum err e;
    struct str *strings;            /* shared ones, by number */
    size_t n_strings, cap_strings;
    size_t row, column;
    enum { CELL_NUMBER, CELL_SHARED, CELL_TEXT } type;
    bool in_text, in_phonetic;
    struct buf text;
};

static void stop(struct xlsx *x, enum err e)
{
    if (x->e == OK)
        x->e = e;
    (void)XML_StopParser(x->xml, XML_FALSE);
}

static void fail(struct xlsx *x, enum err e, struct msg m)
{
    if (x->e == OK)
        stop(x, err_note(x->info, e, "file", m, STR_NONE));
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
        if (str_is(plain(attributes[0]), name))
            return attributes[1];
    return NULL;
}

static void text_begin(struct xlsx *x)
{
    x->text = buf_in(x->a, XLSX_CELL_BYTES_MAX);
}

static void XMLCALL on_text(void *ctx, const char *p, int n)
{
    struct xlsx *x = ctx;
    if (!x->in_text || x->in_phonetic)
        return;
    if (x->text.n + (size_t)n > XLSX_CELL_BYTES_MAX)
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
    x->strings = MORE(x->a, struct str, x->strings, x->n_strings, &x->cap_strings);
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
    } else if (str_is(tag, "c")) {
        cell_start(x, attributes);
    }
    x->in_text |= str_is(tag, "v") || str_is(tag, "t");
    x->in_phonetic |= str_is(tag, "rPh");
}

static struct str cell_text(const struct xlsx *x)
{
    struct str v = str_trim(buf_str(&x->text));
    int64_t i;
    if (x->type != CELL_SHARED)
        return v;
    return str_to_i64(v, &i) && i >= 0 && (size_t)i < x->n_strings ? str_trim(x->strings[i])
        : STR("");
}

static void XMLCALL row_or_cell_end(void *ctx, const char *name)
{
    struct xlsx *x = ctx;
    struct str tag = plain(name);
    if (str_is(tag, "v") || str_is(tag, "t"))
        x->in_text = false;
    if (str_is(tag, "rPh"))
        x->in_phonetic = false;
    if (str_is(tag, "c") && x->column < XLSX_COLUMNS_MAX)
        x->sink->cell(x->sink->ctx, x->row, x->column, cell_text(x), x->type == CELL_NUMBER);
    if (str_is(tag, "row")) {
        enum err e = x->sink->row(x->sink->ctx, x->row);
        if (e != OK)
            stop(x, e);
    }
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
static zip_int64_t sheet_in(struct zip *z, struct str member)
{
    if (member.n)
        return zip_name_locate(z, member.p, 0);
    zip_int64_t first = zip_name_locate(z, "xl/worksheets/sheet1.xml", 0);
    for (zip_int64_t i = 0; first < 0 && i < zip_get_num_entries(z, 0); i++) {
        const char *name = zip_get_name(z, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
        if (name && str_starts(str_c(name), STR("xl/worksheets/")) && ends_with(str_c(name), ".xml"))
            first = i;
    }
    return first;
}

static enum err read_sheet(struct xlsx *x, struct zip *z, struct str member)
{
    struct str text;
    zip_int64_t sheet = sheet_in(z, member), strings = zip_name_locate(z, "xl/sharedStrings.xml", 0);
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

enum err xlsx_read(struct arena *a, struct str bytes, struct str member,
    const struct xlsx_sink *sink, struct err_info *info)
{
    struct xlsx x = { .a = a, .sink = sink, .info = info };
    struct zip *z CLEANUP(zip_shut) = NULL;
    TRY(zip_of_bytes(bytes, &z, info));
    return read_sheet(&x, z, member);
}

/* Names of sheets -------------------------------------------------------------------------- */

/* In the workbook a sheet has a name and a number, by which another member tells where it lies. */
static void XMLCALL sheet_start(void *ctx, const char *name, const char **attributes)
{
    struct xlsx *x = ctx;
    const char *title = attribute(attributes, "name"), *id = attribute(attributes, "id");
    if (!str_is(plain(name), "sheet") || title == NULL || id == NULL
        || x->sheets->n == XLSX_SHEETS_MAX)
        return;
    x->sheets->at[x->sheets->n++] = (struct xlsx_sheet){
        str_trim(arena_str(x->a, str_c(title))), arena_str(x->a, str_c(id)) };
}

static void XMLCALL place_start(void *ctx, const char *name, const char **attributes)
{
    struct xlsx *x = ctx;
    const char *id = attribute(attributes, "Id"), *to = attribute(attributes, "Target");
    if (!str_is(plain(name), "Relationship") || id == NULL || to == NULL)
        return;
    for (size_t i = 0; i < x->sheets->n; i++)
        if (str_is(x->sheets->at[i].member, id))
            x->sheets->at[i].member = to[0] == '/' ? arena_str(x->a, str_c(to + 1))
                : arena_fmt(x->a, "xl/%s", to);
}

static void XMLCALL nothing_end(void *ctx, const char *name)
{
    (void)ctx, (void)name;
}

enum err xlsx_list(struct arena *a, struct str bytes, struct xlsx_sheets *ret,
    struct err_info *info)
{
    struct xlsx x = { .a = a, .sheets = ret, .info = info };
    struct zip *z CLEANUP(zip_shut) = NULL;
    struct str text;
    ret->n = 0;
    TRY(zip_of_bytes(bytes, &z, info));
    zip_int64_t book = zip_name_locate(z, "xl/workbook.xml", 0);
    zip_int64_t places = zip_name_locate(z, "xl/_rels/workbook.xml.rels", 0);
    if (book < 0 || places < 0)
        return err_note(info, E_MEDIA, "file", MSG("不是 XLSX 表格文件，请用表格软件另存为 .xlsx",
            "This is no XLSX spreadsheet; save it as .xlsx with a spreadsheet program"), STR_NONE);
    TRY(zip_member(a, z, book, SOURCE_BYTES_MAX, &text, info));
    TRY(parse(&x, text, sheet_start, nothing_end));
    TRY(zip_member(a, z, places, SOURCE_BYTES_MAX, &text, info));
    return parse(&x, text, place_start, nothing_end);
}
