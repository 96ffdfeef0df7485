/* public.c: totals for everybody: of a committee, and of a studio of its. Only quarters that are
 * over, and only from PUBLIC_MIN agreements on: neither a small number nor the difference between
 * two days, or between two figures, tells of one agreement. */
#include "access/access.h"
#include "mediation/register.h"
#include "tally/view.h"
#include <math.h>

RECORD_DEFINE(public_quarter, PUBLIC_QUARTER)
RECORD_DEFINE(public_figures, PUBLIC_FIGURES)
RECORD_DEFINE(tally_unit, TALLY_UNIT)
RECORD_DEFINE(studio_code, STUDIO_CODE)
RECORD_DEFINE(studio_member, STUDIO_MEMBER)
RECORD_DEFINE(studio_page, STUDIO_PAGE)

#define AGREEMENTS(X, R) \
    X(R, I64, n, 0, 0, 0, NULL, "") X(R, I64, amount_fen, 0, 0, 0, NULL, "") \
    X(R, I64, areas, 0, 0, 0, NULL, "")
RECORD(agreements, AGREEMENTS)
RECORD_DEFINE(agreements, AGREEMENTS)
#define STUDIO_COUNT(X, R) X(R, I64, studio, 0, 0, 0, NULL, "") X(R, I64, n, 0, 0, 0, NULL, "")
RECORD(studio_count, STUDIO_COUNT)
RECORD_DEFINE(studio_count, STUDIO_COUNT)

/* Each agreement counts in the quarter in which it took effect, also when it was not kept and
 * mediated anew: what was shown of a quarter stays so. */
#define TOOK_EFFECT(whose, columns) "(SELECT " columns " FROM dispute WHERE " whose " = $1" \
    " AND effective_ms >= $2 AND effective_ms < $3 UNION ALL SELECT " columns " FROM agreement" \
    " WHERE " whose " = $1 AND effective_ms >= $2 AND effective_ms < $3) AS counted"
#define AGREEMENTS_OF(whose) "SELECT COUNT(*) AS n, CAST(coalesce(sum(counted.amount_fen), 0)" \
    " AS BIGINT) AS amount_fen, COUNT(DISTINCT nullif(m.community, 0)) AS areas FROM " \
    TOOK_EFFECT(whose, "area, matter, amount_fen") \
    " JOIN matter m ON m.area = counted.area AND m.id = counted.matter"
SQL_READS(AGREED, "tally.agreed", AGREEMENTS_OF("unit"));
SQL_READS(STUDIO_AGREED, "tally.studio_agreed", AGREEMENTS_OF("studio"));
SQL_READS(STUDIOS_AGREED, "tally.studios_agreed",
    "SELECT studio, COUNT(*) AS n FROM " TOOK_EFFECT("unit", "studio") " WHERE studio <> 0"
    " GROUP BY studio ORDER BY n DESC, studio");
SQL_READS(HOUSEHOLDS, "tally.households",
    "SELECT coalesce(max(n), -1) FROM tally_count WHERE area = $1 AND unit = $2 AND quarter = $3"
    " AND word = 'households'");
SQL_READS(STUDIO_HOUSEHOLDS, "tally.studio_households",
    "SELECT coalesce(max(households), -1) FROM studio_quarter WHERE studio = $1 AND quarter = $2");
const struct sql *const public_statements[] = { &AGREED, &STUDIO_AGREED, &STUDIOS_AGREED,
    &HOUSEHOLDS, &STUDIO_HOUSEHOLDS };
const size_t public_statements_n = COUNT_OF(public_statements);

enum { PUBLIC_MIN = 10, PUBLIC_QUARTERS = 4, STUDIOS_MAX = 200 };

static void quarter_fill(struct public_quarter *ret, const struct agreements *a, int64_t households)
{
    ret->agreements = a->n;
    ret->amount = (double)a->amount_fen / 100;
    ret->areas = a->areas;
    ret->households = households < 0 ? I64_NONE : households;
}

static struct public_quarter quarter_empty(int64_t quarter)
{
    return (struct public_quarter){ quarter / 4, quarter % 4 + 1, I64_NONE, (double)NAN, I64_NONE,
        I64_NONE };
}

static enum err quarter_show(struct cx *cx, const struct unit *u, int64_t quarter,
    struct public_quarter *ret)
{
    struct agreements a;
    int64_t households;
    *ret = quarter_empty(quarter);
    TRY(db_one(cx->db, cx->a, &AGREED, ARGS(I(u->id), I(quarter_start(quarter)),
        I(quarter_start(quarter + 1))), &agreements_record, &a));
    if (a.n < PUBLIC_MIN)
        return OK;
    TRY(db_number(cx->db, &HOUSEHOLDS, ARGS(I(division_area(u->region)), I(u->id), I(quarter)),
        &households));
    quarter_fill(ret, &a, households);
    return OK;
}

enum err public_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct tally_unit *q = in;
    const struct unit *u = unit_find(cx->cat, q->unit);
    struct public_quarter quarters[PUBLIC_QUARTERS];
    enum err e = OK;
    if (!is_committee(u))
        return cx_fail(cx, E_MISSING, "unit", MSG("没有这个调解组织", "There is no such committee"));
    access_scope_of_unit(cx, u->id);
    for (int64_t i = 0; i < PUBLIC_QUARTERS && e == OK; i++)
        e = quarter_show(cx, u, quarter_at(cx->now_ms) - 1 - i, &quarters[i]);
    access_scope(cx);
    TRY(e);
    const struct division *d = division_find(cx->cat, u->region);
    struct public_figures v = { unit_name(u, cx->lang), d ? d->name : STR(""), PUBLIC_MIN,
        { quarters, PUBLIC_QUARTERS } };
    record_to_json(out, &public_figures_record, &v);
    return OK;
}

/* Studios ---------------------------------------------------------------------------------- */

/* Which studios of a committee are shown in a quarter, the largest first: those with enough
 * agreements, as long as what is left of the committee's own figure is none or enough as well;
 * else the smallest of them stays out too. */
static bool is_shown(struct list counts, int64_t all, int64_t studio)
{
    const struct studio_count *c = counts.p;
    int64_t rest = all;
    size_t n = 0;
    while (n < counts.n && c[n].n >= PUBLIC_MIN)
        rest -= c[n++].n;
    while (n && rest > 0 && rest < PUBLIC_MIN)
        rest += c[--n].n;
    for (size_t i = 0; i < n; i++)
        if (c[i].studio == studio)
            return true;
    return false;
}

static enum err studio_quarter_show(struct cx *cx, const struct studio *s, int64_t quarter,
    struct public_quarter *ret)
{
    const int64_t from = quarter_start(quarter), to = quarter_start(quarter + 1);
    struct agreements all, own;
    struct list counts;
    int64_t households;
    *ret = quarter_empty(quarter);
    TRY(db_one(cx->db, cx->a, &AGREED, ARGS(I(s->unit), I(from), I(to)), &agreements_record, &all));
    TRY(db_rows(cx->db, cx->a, &STUDIOS_AGREED, ARGS(I(s->unit), I(from), I(to)),
        &studio_count_record, STUDIOS_MAX, &counts));
    if (!is_shown(counts, all.n, s->id))
        return OK;
    TRY(db_one(cx->db, cx->a, &STUDIO_AGREED, ARGS(I(s->id), I(from), I(to)), &agreements_record,
        &own));
    TRY(db_number(cx->db, &STUDIO_HOUSEHOLDS, ARGS(I(s->id), I(quarter)), &households));
    quarter_fill(ret, &own, households);
    return OK;
}

/* Whom the studio names, and nothing of what each of them did. */
static enum err members_of(struct cx *cx, const struct studio *s, struct list *ret)
{
    struct list rows;
    TRY(registered_published(cx, s->id, &rows));
    const struct registered *r = rows.p;
    struct studio_member *m = NEW_N(cx->a, struct studio_member, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        m[i] = (struct studio_member){ r[i].name, r[i].kind };
    *ret = (struct list){ m, rows.n };
    return OK;
}

enum err studio_page_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct studio_code *q = in;
    struct studio s;
    struct list members;
    struct public_quarter quarters[PUBLIC_QUARTERS];
    enum err e = studio_by_code(cx, q->code, &s);
    if (e == E_MISSING || (e == OK && s.ended))
        return cx_fail(cx, E_MISSING, "code", MSG("没有这个工作室，或它已撤销",
            "There is no such studio, or it is closed"));
    TRY(e);
    TRY(members_of(cx, &s, &members));
    access_scope_of_unit(cx, s.unit);
    for (int64_t i = 0; i < PUBLIC_QUARTERS && e == OK; i++)
        e = studio_quarter_show(cx, &s, quarter_at(cx->now_ms) - 1 - i, &quarters[i]);
    access_scope(cx);
    TRY(e);
    const struct unit *u = unit_find(cx->cat, s.unit);
    const struct division *d = u ? division_find(cx->cat, u->region) : NULL;
    struct studio_page v = { s.name, unit_name(u, cx->lang), d ? d->name : STR(""), s.about,
        s.hours, s.place, s.phone, s.households, PUBLIC_MIN, members,
        { quarters, PUBLIC_QUARTERS } };
    record_to_json(out, &studio_page_record, &v);
    return OK;
}
