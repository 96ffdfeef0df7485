/* postgres_scope.c: what a transaction may see, as the settings that the policies of
 * sql/0004_scope.sql read. They are numbers of this program, told together with BEGIN, so that they
 * cost no round trip. */
#include "db/postgres.h"

static void numbers(struct buf *b, const char *name, const int64_t *values, size_t n)
{
    buf_fmt(b, ";SET LOCAL fengqiao.%s = '{", name);
    for (size_t i = 0; i < n; i++)
        buf_fmt(b, "%s%lld", i ? "," : "", (long long)values[i]);
    buf_add(b, STR("}'"));
}

static void staff(struct buf *b, const struct db_scope *s)
{
    numbers(b, "units", s->units, s->n_units);
    numbers(b, "account", &s->account, 1);
    buf_add(b, STR(";SET LOCAL fengqiao.regions = '{"));
    for (size_t i = 0; i < s->n_regions; i++)
        buf_fmt(b, "%s[%lld,%lld]", i ? "," : "", (long long)s->regions[i].from,
            (long long)s->regions[i].to);
    buf_add(b, STR("}'"));
}

void postgres_scope_text(struct buf *b, const struct db_scope *s)
{
    static const char *const words[] = { [DB_SEES_NOTHING] = "", [DB_SEES_PUBLIC] = "public",
        [DB_SEES_MATTERS] = "matters", [DB_SEES_STAFF] = "staff" };
    buf_fmt(b, ";SET LOCAL fengqiao.sees = '%s'", words[s->sees]);
    if (s->sees == DB_SEES_MATTERS)
        numbers(b, "matters", s->matters, s->n_matters);
    if (s->sees == DB_SEES_STAFF)
        staff(b, s);
}
