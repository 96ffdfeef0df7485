/* reads.c: who has read which personal fields of which matter, when and for what, as auditors see
 * it: of the matters of their territory, a county at a time. Nothing is counted or put in an order
 * of persons. */
#include "account/account.h"
#include "crypto/code.h"

RECORD_DEFINE(reads_in, READS_IN)
RECORD_DEFINE(read_view, READ_VIEW)
RECORD_DEFINE(area_choice, AREA_CHOICE)
RECORD_DEFINE(reads_out, READS_OUT)

#define LINE "SELECT l.id, l.at_ms, coalesce(a.name, '') AS name, m.number, l.no, l.fields, l.purpose" \
    " FROM access_log l JOIN matter m ON m.area = l.area AND m.id = l.matter AND m.kind <> 'dispute'" \
    " LEFT JOIN account a ON a.id = l.account WHERE l.area = $1 AND l.id < $2" \
    " AND (CAST($3 AS BIGINT) = 0 OR m.town BETWEEN $3 AND $4 OR m.community BETWEEN $3 AND $4)"
SQL_READS(OF_AREA, "reads.of_area", LINE " ORDER BY l.id DESC LIMIT 101");
SQL_READS(LAST, "reads.last", LINE " ORDER BY l.id DESC LIMIT 1");
SQL_READS(OF_MATTER, "reads.of_matter", LINE " AND l.matter = $5 ORDER BY l.id DESC LIMIT 101");
const struct sql *const account_reads_statements[] = { &OF_AREA, &LAST, &OF_MATTER };
const size_t account_reads_statements_n = COUNT_OF(account_reads_statements);

enum { AREAS_MAX = 100, COUNTY_WIDTH = 1000000 };

static bool audited(const struct cx *cx, struct region *ret)
{
    bool found = false;
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *m = &cx->actor.memberships[i];
        const struct unit *u = unit_find(cx->cat, m->unit);
        struct region r = u ? region_of(u->region) : (struct region){ 0, 0 };
        if (!(m->role & ROLE_AUDITOR) || u == NULL
            || (found && r.to - r.from <= ret->to - ret->from))
            continue;
        *ret = r;
        found = true;
    }
    return found;
}

/* The counties of a region; the city counts as one, for matters that lie in none. */
static struct list areas_of(struct cx *cx, struct region r)
{
    const struct division *d = catalogue_divisions(cx->cat).p;
    struct area_choice *areas = NEW_N(cx->a, struct area_choice, AREAS_MAX);
    size_t n = 0;
    for (size_t i = 0; i < catalogue_divisions(cx->cat).n && n < AREAS_MAX; i++) {
        bool own = d[i].code % COUNTY_WIDTH == 0 && d[i].level >= LEVEL_CITY
            && (region_has(r, d[i].code) || division_area(d[i].code) == division_area(r.from));
        if (own)
            areas[n++] = (struct area_choice){ division_area(d[i].code), d[i].name, I64_NONE };
    }
    return (struct list){ areas, n };
}

/* Of the whole territory or, where it is less than a county, of this part of each. */
static struct region within(struct region r)
{
    return r.to - r.from + 1 >= COUNTY_WIDTH ? (struct region){ 0, r.to } : r;
}

static enum err last_reads(struct cx *cx, struct region r, struct list areas)
{
    struct area_choice *a = areas.p;
    for (size_t i = 0; i < areas.n; i++) {
        struct read_view last;
        enum err e = db_one(cx->db, cx->a, &LAST, ARGS(I(a[i].area), I(INT64_MAX),
            I(within(r).from), I(r.to)), &read_view_record, &last);
        if (e == OK)
            a[i].last_ms = last.at_ms;
        else if (e != E_MISSING)
            return e;
    }
    return OK;
}

/* The first of all when nobody read anything. */
static int64_t area_read_last(struct list areas)
{
    const struct area_choice *a = areas.p, *found = a;
    for (size_t i = 0; i < areas.n; i++)
        if (a[i].last_ms != I64_NONE
            && (found->last_ms == I64_NONE || a[i].last_ms > found->last_ms))
            found = &a[i];
    return areas.n ? found->area : 0;
}

static bool has_area(struct list areas, int64_t area)
{
    const struct area_choice *a = areas.p;
    for (size_t i = 0; i < areas.n; i++)
        if (a[i].area == area)
            return true;
    return false;
}

/* Which county, and which matter if one was named (0: all). */
static enum err asked_for(struct cx *cx, const struct reads_in *q, struct list areas,
    int64_t *ret_area, int64_t *ret_matter)
{
    struct code_number number;
    *ret_matter = 0;
    *ret_area = q->area == I64_NONE ? area_read_last(areas) : q->area;
    if (q->number.n) {
        if (code_number_parse(q->number, &number) != CODE_OK)
            return cx_fail(cx, E_INPUT, "number", MSG("编号不对，如 320508-K7M2-QX4T",
                "This is no matter number; it looks like 320508-K7M2-QX4T"));
        struct code_opens opens = code_number_open(cx->keys, &number);
        *ret_area = opens.area;
        *ret_matter = opens.matter_id;
    }
    return has_area(areas, *ret_area) ? OK : cx_fail(cx, E_INPUT, q->number.n ? "number" : "area",
        MSG("不在您的审计范围内", "This lies beyond the territory that you audit"));
}

enum err reads_list(struct cx *cx, const void *in, struct buf *out)
{
    const struct reads_in *q = in;
    struct reads_out r;
    struct region region = { 0, 0 };
    int64_t area, matter, before = q->after == I64_NONE ? INT64_MAX : q->after;
    record_clear(&reads_out_record, &r);
    if (!audited(cx, &region))
        return E_DENIED;
    r.areas = areas_of(cx, region);
    if (q->after == I64_NONE)           /* who turns the page has seen them */
        TRY(last_reads(cx, region, r.areas));
    TRY(asked_for(cx, q, r.areas, &area, &matter));
    const struct sql *sql = matter ? &OF_MATTER : &OF_AREA;
    struct region part = within(region);
    const struct arg args[] = { I(area), I(before), I(part.from), I(part.to), I(matter) };
    TRY(db_rows(cx->db, cx->a, sql, args, matter ? 5 : 4, &read_view_record, READS_SHOWN + 1,
        &r.items));
    const struct read_view *v = r.items.p;
    r.area = area;
    if (r.items.n > READS_SHOWN)
        r.next = v[(r.items.n = READS_SHOWN) - 1].id;
    record_to_json(out, &reads_out_record, &r);
    return OK;
}
