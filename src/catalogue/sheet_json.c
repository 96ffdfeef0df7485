/* sheet_json.c: a table as JSON, an array of objects whose keys are the columns; made into CSV at
 * the door, so that it meets the same checks and is stored the same way. */
#include "catalogue/sheet.h"
#include <jansson.h>
#include <stdio.h>

enum { ROOM_FOR_ONE_CELL = 64 };

static struct str without_mark(struct str text)
{
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = (struct str){ text.p + 3, text.n - 3 };
    return str_trim(text);
}

bool sheet_is_json(struct str text)
{
    text = without_mark(text);
    return text.n && (*text.p == '[' || *text.p == '{');
}

static void json_done(json_t **v)
{
    json_decref(*v);
}

/* The columns that any row has, in the order in which they appear first. */
struct columns { const char *at[CSV_COLUMNS_MAX]; size_t n; };

static bool column_known(const struct columns *c, const char *name)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->at[i], name) == 0)
            return true;
    return false;
}

static void object_check(const struct record *r, json_t *row, size_t line, struct columns *c,
    struct faults *f)
{
    const char *name;
    json_t *v;
    if (!json_is_object(row)) {
        fault_add(f, line, NULL, MSG("应为一个对象，如 {\"code\":\"01\"}，每行一个",
            "This must be an object such as {\"code\":\"01\"}, one for each row"), STR_NONE);
        return;
    }
    json_object_foreach(row, name, v) {
        if (!record_field_named(r, str_c(name)))
            fault_add(f, line, NULL, MSG("没有名为“%s”的列，请删去或改名",
                "There is no column called \"%s\"; remove or rename it"), str_c(name));
        else if (json_is_array(v) || json_is_object(v))
            fault_add(f, line, name, MSG("应为单个值(文字、数字、true、false 或 null)，不能是列表或对象",
                "This must be a single value (text, number, true, false or null), not a list or an"
                " object"), STR_NONE);
        else if (!column_known(c, name) && c->n < CSV_COLUMNS_MAX)
            c->at[c->n++] = name;
    }
}

static struct str cell_text(const json_t *v, char *room)
{
    if (json_is_string(v))
        return (struct str){ json_string_value(v), json_string_length(v) };
    if (json_is_integer(v))
        (void)snprintf(room, ROOM_FOR_ONE_CELL, "%lld", (long long)json_integer_value(v));
    else if (json_is_real(v))
        (void)snprintf(room, ROOM_FOR_ONE_CELL, "%.15g", json_real_value(v));
    else
        return json_is_boolean(v) ? json_is_true(v) ? STR("true") : STR("false") : STR("");
    return str_c(room);
}

/* A line of which every cell is empty would pass for a blank one. */
static void row_write(struct buf *b, const json_t *row, const struct columns *c)
{
    char room[ROOM_FOR_ONE_CELL];
    size_t from = b->n;
    for (size_t i = 0; i < c->n; i++) {
        if (i)
            buf_byte(b, ',');
        sheet_cell(b, cell_text(json_object_get(row, c->at[i]), room));
    }
    if (b->n == from)
        buf_add(b, STR("\"\""));
    buf_byte(b, '\n');
}

static struct str rows_csv(struct arena *a, const struct record *r, json_t *rows, size_t bytes,
    struct faults *f)
{
    struct columns c = { .n = 0 };
    size_t before = f->total, n = json_array_size(rows);
    for (size_t i = 0; i < n; i++)
        object_check(r, json_array_get(rows, i), i + 2, &c, f);
    if (n == 0)
        fault_add(f, 0, NULL, MSG("列表是空的，请至少写一行", "The list is empty; write a row at least"),
            STR_NONE);
    if (f->total > before)
        return STR_NONE;
    struct buf b = buf_in(a, bytes * 2 + (n + 1) * CSV_COLUMNS_MAX + SHEET_BYTES_MAX);
    for (size_t i = 0; i < c.n; i++)
        buf_fmt(&b, "%s%s", i ? "," : "", c.at[i]);
    buf_byte(&b, '\n');
    for (size_t i = 0; i < n; i++)
        row_write(&b, json_array_get(rows, i), &c);
    return buf_str(&b);
}

struct str sheet_csv(struct arena *a, const struct record *r, struct str text, struct faults *f)
{
    json_error_t why;
    if (!sheet_is_json(text))
        return text;
    f->by_row = true;
    text = without_mark(text);
    if (text.n > SHEET_BYTES_MAX) {
        fault_add(f, 0, NULL, MSG("文件太大，请分成几个文件", "The file is too large; split it"),
            STR_NONE);
        return STR_NONE;
    }
    CLEANUP(json_done) json_t *root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &why);
    if (root && json_is_array(root))
        return rows_csv(a, r, root, text.n, f);
    if (root)
        fault_add(f, 0, NULL, MSG("JSON 应为对象的列表 [{…}, {…}]，每行一个对象，键名就是列名",
            "The JSON must be an array of objects, [{...}, {...}]: an object for each row, its keys the"
            " names of the columns"), STR_NONE);
    else
        fault_add(f, 0, NULL, MSG("JSON 格式不对，位置(行：列)%s", "Malformed JSON at line:column %s"),
            arena_fmt(a, "%d:%d", why.line, why.column));
    return STR_NONE;
}

void faults_by_row(struct faults *f, struct str csv)
{
    size_t took, line = 1, row = 1;
    if (!f->by_row)
        return;
    for (struct str rest = csv; rest.n; line += took, row++) {
        (void)sheet_line(&rest, &took);
        for (size_t i = 0; i < f->n; i++)
            if (f->at[i].line == line)
                f->at[i].line = row;
    }
}

/* As JSON would have it by the type of the column: what is not such a value stays a text. */
static void value_write(struct buf *b, const struct record *r, struct str column, struct str cell)
{
    int64_t whole;
    const struct field *f = record_field_named(r, column);
    enum field_type type = f ? f->type : F_STR;
    if (cell.n == 0)
        buf_add(b, STR("null"));
    else if (type == F_BOOL && (str_is(cell, "true") || str_is(cell, "false")))
        buf_add(b, cell);
    else if (type == F_I64 && str_to_i64(cell, &whole))
        buf_i64(b, whole);
    else
        buf_json_str(b, cell);
}

enum err sheet_json(struct arena *a, const struct record *r, struct str csv, struct buf *b,
    struct err_info *info)
{
    struct str head[CSV_COLUMNS_MAX], cells[CSV_COLUMNS_MAX];
    size_t n_head = 0, n, at = str_starts(csv, STR("\xef\xbb\xbf")) ? 3 : 0, rows = 0;
    if (csv.n > at)
        TRY(record_csv_line(a, csv, &at, head, &n_head, info));
    buf_byte(b, '[');
    while (at < csv.n) {
        TRY(record_csv_line(a, csv, &at, cells, &n, info));
        if (n != n_head || (n == 1 && cells[0].n == 0))
            continue;
        buf_add(b, rows++ ? STR(",\n{") : STR("\n{"));
        for (size_t i = 0; i < n; i++) {
            if (i)
                buf_byte(b, ',');
            buf_json_str(b, str_trim(head[i]));
            buf_byte(b, ':');
            value_write(b, r, str_trim(head[i]), str_trim(cells[i]));
        }
        buf_byte(b, '}');
    }
    buf_add(b, STR("\n]\n"));
    return OK;
}
