/* show.c: a table as it is or was. */
#include "catalogue/edition.h"
#include "catalogue/keeping.h"
#include "catalogue/organisation.h"
#include "tables/tables.h"

static struct list words_of(struct cx *cx, const struct field *f)
{
    static const char *const yes_no[] = { "true", "false", NULL };
    const char *const *from = f->type == F_STR ? f->sub : f->type == F_BOOL ? yes_no : NULL;
    size_t n = 0;
    while (from && from[n])
        n++;
    struct str *words = NEW_N(cx->a, struct str, n + 1);
    for (size_t i = 0; i < n; i++)
        words[i] = str_c(from[i]);
    return n ? (struct list){ words, n } : (struct list){ NULL, 0 };
}

static struct list columns_of(struct cx *cx, const struct record *r)
{
    struct table_column *list = NEW_N(cx->a, struct table_column, r->n + 1);
    for (size_t i = 0; i < r->n; i++)
        list[i] = (struct table_column){ .name = str_c(r->fields[i].name),
            .required = (r->fields[i].flags & REQUIRED) != 0,
            .words = words_of(cx, &r->fields[i]) };
    return (struct list){ list, r->n };
}

static enum err text_of(struct cx *cx, const struct table_in *q, struct str *ret_csv,
    int64_t *ret_version)
{
    *ret_version = q->version;
    if (str_is(q->name, "units")) {
        *ret_csv = organisation_csv(cx->cat, cx->a);
        return edition_newest(cx->db, q->name, ret_version);
    }
    if (q->version != I64_NONE)
        return edition_of_version(cx->db, cx->a, q->name, q->version, ret_csv);
    enum err e = edition_current(cx->db, cx->a, q->name, cx->now_ms, ret_csv, ret_version);
    if (e != E_MISSING)
        return e;
    *ret_csv = str_is(q->name, "keeping") ? keepings_usual_csv(cx->a) : STR("");
    *ret_version = 0;
    return OK;
}

const struct record *table_record(struct str name)
{
    const struct record *r = edition_record(name);
    return r ? r : &organisation_record;
}

enum err table_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct table_in *q = in;
    const struct record *r = table_record(q->name);
    struct table_view v = { .name = q->name, .may_change = tables_desk(cx) != NULL };
    enum err e = text_of(cx, q, &v.csv, &v.version);
    if (e == E_MISSING)
        return cx_fail(cx, e, "version", MSG("没有这一版，请在版本列表里选择",
            "There is no such version; choose one of the list"));
    TRY(e);
    TRY(edition_moves(cx->db, q->name, &v.moves));
    v.columns = columns_of(cx, r);
    if (str_is(q->as, "json")) {
        struct buf rows = buf_in(cx->a, (size_t)8 * TABLE_BYTES_MAX);
        TRY(sheet_json(cx->a, r, v.csv, &rows, &cx->info));
        v.rows = buf_str(&rows);
    }
    record_to_json(out, &table_view_record, &v);
    return OK;
}
