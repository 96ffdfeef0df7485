/* store.c: an edited table, checked before the transaction (thousands of rows take their time) and
 * stored in it, unless somebody else was quicker. */
#include "catalogue/edition.h"
#include "catalogue/organisation.h"
#include "duty/decider.h"
#include "spine/command.h"
#include "tables/tables.h"

/* What the check found, for the transaction and the answer. */
struct changing {
    struct table_change_in in;
    struct faults faults, advice;
    struct sheet sheet;                 /* of units */
    size_t rows;
    int64_t valid_from_ms, version;
};

static enum err may_change(struct cx *cx)
{
    return tables_desk(cx) ? OK : cx_fail(cx, E_DENIED, NULL,
        MSG("全市通用的表由市综治中心的管理员修改", "The city's tables are changed by an administrator of its desk"));
}

static bool is_units(struct str name)
{
    return str_is(name, "units");
}

static enum err day_of(struct cx *cx, const struct table_change_in *q, int64_t *ret)
{
    *ret = q->valid_from;
    if (is_units(q->name) && q->valid_from != I64_NONE)
        return cx_fail(cx, E_INPUT, "valid_from", MSG("单位立即生效，请不要填写日期",
            "Units change at once; leave the day empty"));
    return edition_day(q->name, ret, cx->now_ms, &cx->info);
}

/* Whom it names must be there. */
static enum err check_deputies(struct cx *cx, struct changing *g)
{
    struct duty_book *book;
    TRY(duty_book_load(cx->db, &book));
    deputies_check(cx->cat, book, cx->a, g->in.csv, &g->faults);
    duty_book_drop(book);
    return OK;
}

static enum err check(struct cx *cx, struct changing *g)
{
    if (is_units(g->in.name)) {
        g->sheet = organisation_check(cx->cat, cx->a, g->in.csv, &g->faults);
        g->rows = g->sheet.rows.n;
        return OK;
    }
    g->in.csv = sheet_plain(cx->a, edition_record(g->in.name), g->in.csv);
    g->rows = edition_check(cx->cat, cx->a, g->in.name, g->in.csv, &g->faults);
    edition_advise(cx->a, g->in.name, g->in.csv, &g->advice);
    return str_is(g->in.name, "deputy") ? check_deputies(cx, g) : OK;
}

enum err table_change_prepare(struct cx *cx, const void *in)
{
    const struct table_change_in *q = in;
    struct changing *g = NEW(cx->a, struct changing);
    TRY(may_change(cx));
    cx->prepared = g;
    g->in = *q;
    g->faults = faults_in(cx->a);
    g->advice = faults_in(cx->a);
    g->version = I64_NONE;
    TRY(day_of(cx, q, &g->valid_from_ms));
    g->in.csv = sheet_csv(cx->a, table_record(q->name), q->csv, &g->faults);
    g->advice.by_row = g->faults.by_row;
    TRY(g->faults.total ? OK : check(cx, g));
    faults_by_row(&g->faults, g->in.csv);
    faults_by_row(&g->advice, g->in.csv);
    return OK;
}

static enum err store(struct cx *cx, struct changing *g)
{
    int64_t moves = 0;
    TRY(edition_moves(cx->db, g->in.name, &moves));
    if (moves != g->in.moves)
        return cx_fail(cx, E_CONFLICT, "moves", MSG("这张表刚被别人改过；请下载自己的修改，重新打开后再改",
            "Somebody else has just changed this table; download your changes, open it again and"
            " change it then"));
    if (is_units(g->in.name))
        TRY(organisation_store(cx->db, cx->cat, g->sheet.rows));
    return edition_store(cx->db, g->in.name, g->in.csv, g->valid_from_ms, cx->now_ms,
        cx->actor.account, &g->version);
}

enum err table_change(struct cx *cx, const void *in, struct buf *out)
{
    struct changing *g = cx->prepared;
    int64_t id = 0, none = 0, newest = 0;
    bool again = false;
    (void)in, (void)out;
    TRY(may_change(cx));
    if (g->in.dry || g->faults.total)
        return OK;
    TRY(edition_newest(cx->db, g->in.name, &newest));
    TRY(command_claim(cx, division_area(tables_desk(cx)->region), 0, newest + 1, &again, &none,
        &id));
    if (!again)
        return store(cx, g);
    g->version = id;
    return OK;
}

static struct list faults_of(struct cx *cx, const struct faults *f)
{
    struct table_fault *list = NEW_N(cx->a, struct table_fault, f->n + 1);
    for (size_t i = 0; i < f->n; i++)
        list[i] = (struct table_fault){ .line = (int64_t)f->at[i].line,
            .field = str_c(f->at[i].field), .message = cx_text(cx, f->at[i].zh, f->at[i].en) };
    return (struct list){ list, f->n };
}

void table_change_finish(struct cx *cx, struct buf *out)
{
    const struct changing *g = cx->prepared;
    record_to_json(out, &table_change_view_record, &(struct table_change_view){
        .name = g->in.name, .rows = (int64_t)g->rows, .faults_total = (int64_t)g->faults.total,
        .faults = faults_of(cx, &g->faults), .advice = faults_of(cx, &g->advice),
        .version = g->version,
        .valid_from = g->version == I64_NONE ? I64_NONE : g->valid_from_ms });
}
