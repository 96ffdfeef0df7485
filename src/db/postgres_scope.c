/* postgres_scope.c: what a transaction may see, as the settings that the policies of
 * sql/0005_scope.sql read. They are numbers of this program, told together with BEGIN, so that they
 * cost no round trip. */
#include "db/postgres.h"

static void numbers(struct buf *b, const char *name, const int64_t *values, size_t n)
{
    buf_fmt(b, ";SET LOCAL fengqiao.%s = '{", name);
    for (size_t i = 0; i < n; i++)
        buf_fmt(b, "%s%lld", i ? "," : "", (long long)values[i]);
    buf_add(b, STR("}'"));
}

/* The widest region decides most rows, so it is told by itself as well. */
static void regions(struct buf *b, const struct db_scope *s)
{
    size_t widest = 0;
    buf_add(b, STR(";SET LOCAL fengqiao.regions = '{"));
    for (size_t i = 0; i < s->n_regions; i++) {
        const struct db_region *r = &s->regions[i], *w = &s->regions[widest];
        widest = r->to - r->from > w->to - w->from ? i : widest;
        buf_fmt(b, "%s[%lld,%lld]", i ? "," : "", (long long)r->from, (long long)r->to);
    }
    buf_add(b, STR("}'"));
    if (s->n_regions)
        buf_fmt(b, ";SET LOCAL fengqiao.first = '%lld';SET LOCAL fengqiao.last = '%lld'",
            (long long)s->regions[widest].from, (long long)s->regions[widest].to);
}

void postgres_scope_text(struct buf *b, const struct db_scope *s)
{
    static const char *const words[] = { [DB_SEES_NOTHING] = "", [DB_SEES_PUBLIC] = "public",
        [DB_SEES_MATTERS] = "matters", [DB_SEES_STAFF] = "staff" };
    buf_fmt(b, ";SET LOCAL fengqiao.sees = '%s'", words[s->sees]);
    if (s->sees == DB_SEES_MATTERS)
        numbers(b, "matters", s->matters, s->n_matters);
    if (s->sees == DB_SEES_STAFF) {
        numbers(b, "units", s->units, s->n_units);
        numbers(b, "account", &s->account, 1);
        regions(b, s);
    }
}
