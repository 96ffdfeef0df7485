/* list.c: the queues: open matters by deadline, or all by age, page by page with a cursor. */
#include "base/keep.h"
#include "crypto/code.h"
#include "desk/desk.h"
#include <stdlib.h>

RECORD_DEFINE(list_in, LIST_IN)
RECORD_DEFINE(counts, COUNTS)
const char *const view_words[] = { "mine", "unit", "pool", "region", "cohandle", "ask", "overdue",
    NULL };
const char *const order_words[] = { "due", "new", NULL };

/* $1 whose, $2-$4 cursor, $5 rows, then the filters: $6 state, $7 category prefix, $8 tier,
 * $9 grid, $10 and $11 reported between, $12 and $13 communities between, $14 due before, $15 only
 * untaken. */
#define KEY_COLUMNS(due) "m.area, m.id, m.seq, " due ", m.open"
#define FILTERS \
    " AND ($6 = '' OR m.state = $6) AND substr(m.category, 1, length($7)) = $7" \
    " AND (CAST($8 AS BIGINT) = 0 OR m.tier = $8) AND (CAST($9 AS BIGINT) = 0 OR m.grid = $9)" \
    " AND m.created_ms >= $10 AND m.created_ms < $11 AND m.community BETWEEN $12 AND $13"
#define DUE_FILTERS FILTERS \
    " AND m.due_ms < $14 AND (CAST($15 AS BIGINT) = 0 OR m.holder = 0)"
#define BY_DUE(var, name, whose) \
    SQL_READS(var, name, "SELECT " KEY_COLUMNS("m.due_ms") " FROM matter m WHERE " whose \
        " AND m.open = 1 AND (m.due_ms, m.area, m.id) > ($2, $3, $4)" DUE_FILTERS \
        " ORDER BY m.due_ms, m.area, m.id LIMIT $5")
BY_DUE(OF_HOLDER, "desk.of_holder", "m.holder = $1 AND m.holder <> 0");
BY_DUE(OF_UNIT, "desk.of_unit", "m.owner_unit = $1");
/* Grids and towns lie in one county, $3, whose machine is asked alone. SQLite must not take that
 * for a reason to read all of the county. */
#define IN_AREA(area) " AND /*sqlite:+*/" area " = $3"
BY_DUE(OF_GRID, "desk.of_grid", "m.grid = $1" IN_AREA("m.area") " AND m." OPEN_CIRCLE);
/* The same without filters: a list of fifty reads each row's version and nothing else of it. */
SQL_READS(ALL_OF_GRID, "desk.all_of_grid",
    "SELECT " KEY_COLUMNS("m.due_ms") " FROM matter m WHERE m.grid = $1" IN_AREA("m.area")
    " AND m." OPEN_CIRCLE " AND m.open = 1 AND (m.due_ms, m.area, m.id) > ($2, $3, $4)"
    " ORDER BY m.due_ms, m.area, m.id LIMIT $5");
SQL_READS(LAST_ENTRY, "desk.last_entry", "SELECT coalesce(max(id), 0) FROM entry");
BY_DUE(OF_TOWN, "desk.of_town", "m.town = $1" IN_AREA("m.area") " AND m." OPEN_CIRCLE);
BY_DUE(OF_AREA, "desk.of_area", "m.area = $1 AND m." OPEN_CIRCLE);
BY_DUE(OF_ASK, "desk.of_ask", "m.ask_unit = $1 AND m.ask <> ''");
SQL_READS(OF_COHANDLER, "desk.of_cohandler",
    "SELECT " KEY_COLUMNS("c.due_ms") " FROM cohandler c JOIN matter m ON m.area = c.area"
    " AND m.id = c.matter WHERE c.unit = $1 AND c.state = 'open' AND m.open = 1"
    " AND (c.due_ms, c.area, c.matter) > ($2, $3, $4)" DUE_FILTERS
    " ORDER BY c.due_ms, c.area, c.matter LIMIT $5");
/* Newest first; of the cursor only $3, the id, counts; and no further than $14. */
SQL_READS(NEW_OF_UNIT, "desk.new_of_unit",
    "SELECT " KEY_COLUMNS("m.due_ms") " FROM matter m WHERE m.owner_unit = $1 AND m.id < $3"
    " AND m.id >= $14"
    " AND CAST($2 AS BIGINT) = $2 AND CAST($4 AS BIGINT) = $4" FILTERS
    " ORDER BY m.id DESC LIMIT $5");
SQL_READS(NEW_OF_AREA, "desk.new_of_area",
    "SELECT " KEY_COLUMNS("m.due_ms") " FROM matter m WHERE m.area = $1 AND m.id < $3"
    " AND m.id >= $14 AND m." OPEN_CIRCLE " AND m.town BETWEEN $2 AND $4" FILTERS " ORDER BY m.id DESC LIMIT $5");
/* Few of all that a county or a unit ever had may pass a filter: a page looks at the newest $3, and
 * the next one goes on from there. 0: that is all. */
#define LOOK_END(var, name, whose) \
    SQL_READS(var, name, "SELECT CASE WHEN count(*) < CAST($3 AS BIGINT) THEN 0 ELSE min(id) END" \
        " FROM (SELECT id FROM matter WHERE " whose " = $1 AND id < $2 ORDER BY id DESC" \
        " LIMIT CAST($3 AS BIGINT)) AS counted")
LOOK_END(LOOK_END_OF_UNIT, "desk.look_end_of_unit", "owner_unit");
LOOK_END(LOOK_END_OF_AREA, "desk.look_end_of_area", "area");
SQL_READS(COUNT_HOLDER, "desk.count_holder",
    "SELECT count(*) FROM (SELECT 1 FROM matter WHERE open = 1 AND holder = $1 AND holder <> 0"
    " LIMIT 1000) AS counted");
SQL_READS(COUNT_UNIT, "desk.count_unit",
    "SELECT count(*) FROM (SELECT 1 FROM matter WHERE open = 1 AND owner_unit = $1"
    " AND due_ms < $2 LIMIT 1000) AS counted");
SQL_READS(COUNT_TOWN, "desk.count_town",
    "SELECT count(*) FROM (SELECT 1 FROM matter WHERE open = 1 AND town = $1" IN_AREA("area")
    " AND " OPEN_CIRCLE " AND due_ms < $2 LIMIT 1000) AS counted");
SQL_READS(COUNT_AREA, "desk.count_area",
    "SELECT count(*) FROM (SELECT 1 FROM matter WHERE open = 1 AND area = $1"
    " AND " OPEN_CIRCLE " AND due_ms < $2 LIMIT 1000) AS counted");
SQL_READS(COUNT_POOL, "desk.count_pool",
    "SELECT count(*) FROM (SELECT 1 FROM matter WHERE open = 1 AND owner_unit = $1"
    " AND holder = 0 LIMIT 1000) AS counted");
SQL_READS(COUNT_COHANDLE, "desk.count_cohandle",
    "SELECT count(*) FROM (SELECT 1 FROM cohandler WHERE unit = $1 AND state = 'open'"
    " LIMIT 1000) AS counted");
SQL_READS(COUNT_ASK, "desk.count_ask",
    "SELECT count(*) FROM (SELECT 1 FROM matter WHERE open = 1 AND ask_unit = $1 AND ask <> ''"
    " LIMIT 1000) AS counted");
const struct sql *const desk_list_statements[] = { &OF_HOLDER, &OF_UNIT, &OF_GRID, &ALL_OF_GRID,
    &LAST_ENTRY, &OF_TOWN, &OF_AREA, &OF_ASK, &OF_COHANDLER, &NEW_OF_UNIT, &NEW_OF_AREA,
    &LOOK_END_OF_UNIT, &LOOK_END_OF_AREA, &COUNT_HOLDER, &COUNT_UNIT, &COUNT_TOWN, &COUNT_AREA,
    &COUNT_POOL, &COUNT_COHANDLE, &COUNT_ASK };
const size_t desk_list_statements_n = COUNT_OF(desk_list_statements);

/* LOOKED_AT: matters for each row of a page. */
enum { PAGE_ROWS = 50, PAGE_ROWS_MAX = 100, COUNTED_MAX = 1000, LOOKED_AT = 400 };
static const int64_t far_ms = INT64_C(4000000000000);
struct cursor {
    int64_t due_ms, area, id;
    int64_t down_to;                /* by age: looked for no further; 0: to the first */
};

static enum err cursor_read(struct cx *cx, struct str text, bool by_due, struct cursor *ret)
{
    *ret = by_due ? (struct cursor){ -1, -1, -1, 0 } : (struct cursor){ 0, 0, INT64_MAX, 0 };
    if (text.n == 0)
        return OK;
    struct str rest = text;
    bool ok = true;
    if (by_due) {
        ok = str_to_i64(str_cut(rest, '.', &rest), &ret->due_ms)
            && str_to_i64(str_cut(rest, '.', &rest), &ret->area);
    }
    if (!ok || !str_to_i64(rest, &ret->id))
        return cx_fail(cx, E_INPUT, "after", MSG("翻页标记不对，请从第一页开始",
            "This cursor is not valid; start from the first page"));
    return OK;
}

static int64_t page_rows(const struct list_in *q)
{
    return q->limit == I64_NONE ? PAGE_ROWS : q->limit;
}

/* Rows of communities within; everywhere for most views. */
static const struct region anywhere = { 0, INT64_MAX };

static enum err run_list_in(struct cx *cx, const struct sql *sql, int64_t whose, struct cursor at,
    struct region within, const struct list_in *q, struct list *ret)
{
    int64_t before = q->view.p && str_is(q->view, "overdue") ? cx->now_ms : far_ms;
    struct arg args[15] = { I(whose), I(at.due_ms), I(at.area), I(at.id), I(page_rows(q) + 1),
        S(q->state.p ? q->state : STR("")), S(q->category.p ? q->category : STR("")),
        I(q->tier == I64_NONE ? 0 : q->tier), I(q->grid == I64_NONE ? 0 : q->grid),
        I(q->from_ms == I64_NONE ? 0 : q->from_ms), I(q->to_ms == I64_NONE ? far_ms : q->to_ms),
        I(within.from), I(within.to), I(before), I(str_is(q->view, "pool")) };
    bool by_age = sql == &NEW_OF_UNIT || sql == &NEW_OF_AREA;
    if (by_age)
        args[13] = I(at.down_to);
    return db_rows(cx->db, cx->a, sql, args, by_age ? 14 : 15, &list_key_record,
        PAGE_ROWS_MAX + 1, ret);
}

static enum err run_list(struct cx *cx, const struct sql *sql, int64_t whose, struct cursor at,
    const struct list_in *q, struct list *ret)
{
    return run_list_in(cx, sql, whose, at, anywhere, q, ret);
}

static bool has_filters(const struct list_in *q)
{
    return q->state.n || q->category.n || q->tier != I64_NONE || q->from_ms != I64_NONE
        || q->to_ms != I64_NONE || str_is(q->view, "overdue");
}

/* Of several counties the nearest end counts for all. */
static enum err look_end(struct cx *cx, const struct sql *sql, int64_t whose,
    const struct list_in *q, struct cursor *at)
{
    int64_t end = 0;
    if (has_filters(q) || q->grid != I64_NONE)
        TRY(db_number(cx->db, sql, ARGS(I(whose), I(at->id), I(page_rows(q) * LOOKED_AT)), &end));
    at->down_to = end > at->down_to ? end : at->down_to;
    return OK;
}

/* q->grid is what the list is of, no filter any more. */
static enum err list_grid(struct cx *cx, struct cursor at, const struct list_in *q,
    struct list *ret)
{
    struct list_in in = *q;
    in.grid = I64_NONE;
    at.area = grid_area(q->grid);
    if (has_filters(q))
        return run_list(cx, &OF_GRID, q->grid, at, &in, ret);
    return db_rows(cx->db, cx->a, &ALL_OF_GRID, ARGS(I(q->grid), I(at.due_ms), I(at.area),
        I(at.id), I(page_rows(q) + 1)), &list_key_record, PAGE_ROWS_MAX + 1, ret);
}

static int row_order(const void *a, const void *b)
{
    const struct list_key *x = a, *y = b;
    int64_t d = x->due_ms != y->due_ms ? (x->due_ms < y->due_ms ? -1 : 1)
        : x->area != y->area ? (x->area < y->area ? -1 : 1)
        : (x->id > y->id) - (x->id < y->id);
    return (int)d;
}

static int row_age(const void *a, const void *b)
{
    const struct list_key *x = a, *y = b;
    return (x->id < y->id) - (x->id > y->id);
}

/* The next county of a city's after the i-th division; NULL: none. */
static const struct division *county_next(struct cx *cx, struct region region, size_t *i)
{
    struct list divisions = catalogue_divisions(cx->cat);
    const struct division *d = divisions.p;
    while (*i < divisions.n) {
        const struct division *one = &d[(*i)++];
        if ((one->level == LEVEL_COUNTY || one->level == LEVEL_CITY)
            && region_has(region, one->code))
            return one;
    }
    return NULL;
}

/* A whole city: one ordered page of each county, merged. Each county stays one shard's work. */
static enum err list_city(struct cx *cx, struct region region, struct cursor *at,
    const struct list_in *q, bool by_due, struct list *ret)
{
    struct list_key *all = NEW_N(cx->a, struct list_key, 1);
    const struct division *d;
    size_t n = 0;
    for (size_t i = 0; !by_due && (d = county_next(cx, region, &i)) != NULL;)
        TRY(look_end(cx, &LOOK_END_OF_AREA, division_area(d->code), q, at));
    struct cursor c = by_due ? *at : (struct cursor){ 0, at->id, far_ms, at->down_to };
    for (size_t i = 0; (d = county_next(cx, region, &i)) != NULL;) {
        struct list rows;
        TRY(run_list(cx, by_due ? &OF_AREA : &NEW_OF_AREA, division_area(d->code), c, q, &rows));
        struct list_key *more = NEW_N(cx->a, struct list_key, n + rows.n + 1);
        memcpy(more, all, n * sizeof(*all));
        if (rows.n)
            memcpy(more + n, rows.p, rows.n * sizeof(*all));
        all = more;
        n += rows.n;
    }
    qsort(all, n, sizeof(*all), by_due ? row_order : row_age);
    *ret = (struct list){ all, n };
    return OK;
}

static enum err region_of_actor(struct cx *cx, struct region *ret, const struct unit **ret_unit)
{
    if (access_region(cx, ret, ret_unit))
        return OK;
    return cx_fail(cx, E_DENIED, "view", MSG("您的岗位不能查看辖区全部事项",
        "Your role does not cover a whole territory"));
}

static enum err list_region(struct cx *cx, struct cursor *from, const struct list_in *q,
    bool by_due, struct list *ret)
{
    struct cursor at = *from;
    struct region region;
    const struct unit *u;
    TRY(region_of_actor(cx, &region, &u));
    int64_t area = division_area(u->region), town = u->region / 1000 * 1000;
    if (q->grid != I64_NONE && by_due) {
        if (!region_has(region, q->grid / 1000))
            return E_MISSING;
        return list_grid(cx, at, q, ret);
    }
    if (u->level == LEVEL_CITY)
        return list_city(cx, region, from, q, by_due, ret);
    bool whole = u->level == LEVEL_COUNTY;
    struct region within = u->level == LEVEL_COMMUNITY ? region : anywhere;
    if (!by_due) {
        TRY(look_end(cx, &LOOK_END_OF_AREA, area, q, from));
        return run_list_in(cx, &NEW_OF_AREA, area, (struct cursor){ whole ? 0 : town, at.id,
            whole ? far_ms : town, from->down_to }, within, q, ret);
    }
    if (whole)
        return run_list_in(cx, &OF_AREA, area, at, within, q, ret);
    at.area = area;
    return run_list_in(cx, &OF_TOWN, town, at, within, q, ret);
}

/* The unit that is wanted, or the first, among those in which the actor's role sees matters. */
static enum err my_unit(struct cx *cx, int64_t wanted, int64_t *ret)
{
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *m = &cx->actor.memberships[i];
        const struct role_row *role = role_by_bit(m->role);
        if (role == NULL || role->sees == SEES_NOTHING
            || (wanted != I64_NONE && wanted != m->unit))
            continue;
        *ret = m->unit;
        return OK;
    }
    return cx_fail(cx, E_DENIED, "unit", MSG("您不在这个单位", "You are not in this unit"));
}

/* at: from where; and by age down to where it was looked. */
static enum err list_of_view(struct cx *cx, const struct list_in *q, struct cursor *at,
    bool by_due, struct list *ret)
{
    int64_t unit = 0;
    struct region region;
    const struct unit *u;
    struct str view = q->view.p ? q->view : STR("unit");
    bool overdue = str_is(view, "overdue") && access_region(cx, &region, &u);
    if (str_is(view, "mine"))
        return run_list(cx, &OF_HOLDER, cx->actor.account, *at, q, ret);
    if (str_is(view, "region") || overdue)
        return list_region(cx, at, q, by_due, ret);
    TRY(my_unit(cx, q->unit, &unit));
    if (str_is(view, "cohandle"))
        return run_list(cx, &OF_COHANDLER, unit, *at, q, ret);
    if (str_is(view, "ask"))
        return run_list(cx, &OF_ASK, unit, *at, q, ret);
    if (by_due)
        return run_list(cx, &OF_UNIT, unit, *at, q, ret);
    TRY(look_end(cx, &LOOK_END_OF_UNIT, unit, q, at));
    return run_list(cx, &NEW_OF_UNIT, unit, (struct cursor){ 0, at->id, 0, at->down_to }, q, ret);
}

/* Closed matters have no deadline and nobody waits for them: only what a unit or a territory has
 * had is listed by age. */
static enum err order_check(struct cx *cx, const struct list_in *q)
{
    if (q->view.p == NULL || str_is(q->view, "unit") || str_is(q->view, "region"))
        return OK;
    return cx_fail(cx, E_INPUT, "order", MSG("只有“本单位”和“辖区”可按最新排列，请改用 due",
        "Only the views unit and region can be listed newest first; use due"));
}

/* The first page of a grid's list, which its people look at again and again. While no entry is
 * added to any ledger no row changes, so its text is kept under the last entry, and for as long as
 * no further deadline passes. */
static bool is_grid_page(const struct list_in *q, bool by_due)
{
    return by_due && q->grid != I64_NONE && q->after.n == 0 && q->view.n
        && str_is(q->view, "region") && !has_filters(q);
}

struct span { int64_t from_ms, to_ms; };

static struct span span_of(const struct cx *cx, struct list rows)
{
    const struct list_key *k = rows.p;
    struct span s = { cx->now_ms, INT64_MAX };
    for (size_t i = 0; i < rows.n; i++)
        if (k[i].due_ms >= cx->now_ms && k[i].due_ms < s.to_ms)
            s.to_ms = k[i].due_ms;
    return s;
}

/* The kept text is followed by the time for which it is right. */
static bool grid_page_kept(const struct cx *cx, const struct keep_key *key, struct buf *out)
{
    struct span s;
    size_t before = out->n;
    if (!keep_get(cx->services.lists, key, out))
        return false;
    out->n -= sizeof(s);
    memcpy(&s, out->p + out->n, sizeof(s));
    if (cx->now_ms >= s.from_ms && cx->now_ms <= s.to_ms)
        return true;
    out->n = before;
    return false;
}

static enum err grid_page(struct cx *cx, const struct list_in *q, struct cursor at,
    struct buf *out)
{
    struct region region;
    const struct unit *u;
    struct list rows;
    struct keep_key key = { { q->grid, 0, page_rows(q),
        catalogue_stamp(cx->cat) * 2 + (cx->lang == LANG_EN) } };
    TRY(region_of_actor(cx, &region, &u));
    if (!region_has(region, q->grid / 1000))
        return E_MISSING;
    TRY(db_number(cx->db, &LAST_ENTRY, NO_ARGS, &key.parts[1]));
    if (grid_page_kept(cx, &key, out))
        return OK;
    TRY(list_grid(cx, at, q, &rows));
    TRY(desk_write_page(cx, rows, page_rows(q), 0, true, out));
    struct span s = span_of(cx, rows);
    buf_add(out, (struct str){ (const char *)&s, sizeof(s) });
    keep_put(cx->services.lists, &key, buf_str(out));
    out->n -= sizeof(s);
    return OK;
}

enum err desk_list(struct cx *cx, const void *in, struct buf *out)
{
    const struct list_in *q = in;
    struct list rows;
    struct cursor at;
    bool by_due = q->order.p == NULL || str_is(q->order, "due");
    if (!by_due)
        TRY(order_check(cx, q));
    TRY(cursor_read(cx, q->after, by_due, &at));
    if (cx->services.lists && is_grid_page(q, by_due))
        return grid_page(cx, q, at, out);
    TRY(list_of_view(cx, q, &at, by_due, &rows));
    return desk_write_page(cx, rows, page_rows(q), at.down_to, by_due, out);
}

static struct str cursor_of(struct cx *cx, const struct list_key *k, bool by_due)
{
    if (!by_due)
        return arena_fmt(cx->a, "%lld", (long long)k->id);
    return arena_fmt(cx->a, "%lld.%lld.%lld", (long long)k->due_ms, (long long)k->area,
        (long long)k->id);
}

enum err desk_numbers(struct cx *cx, const struct list_in *asked, size_t max, struct list *ret)
{
    struct list_in q = *asked;
    struct str *numbers = NEW_N(cx->a, struct str, max + PAGE_ROWS_MAX);
    bool by_due = q.order.p == NULL || str_is(q.order, "due");
    struct cursor at;
    struct list rows;
    size_t n = 0;
    bool more;
    if (!by_due)
        TRY(order_check(cx, &q));
    q.limit = PAGE_ROWS_MAX;
    q.after = STR_NONE;
    do {
        TRY(cursor_read(cx, q.after, by_due, &at));
        TRY(list_of_view(cx, &q, &at, by_due, &rows));
        const struct list_key *k = rows.p;
        size_t page = rows.n < PAGE_ROWS_MAX ? rows.n : PAGE_ROWS_MAX;
        for (size_t i = 0; i < page; i++) {
            struct code_number made = code_number_make(cx->keys, (uint32_t)k[i].area, k[i].id);
            numbers[n++] = arena_str(cx->a, str_c(made.text));
        }
        more = rows.n > page || at.down_to > 0;
        if (rows.n > page)
            q.after = cursor_of(cx, &k[page - 1], by_due);
        else
            q.after = arena_fmt(cx->a, "%lld", (long long)at.down_to);
    } while (more && n <= max);
    *ret = (struct list){ numbers, n };
    return n > max ? E_TOO_LARGE : OK;
}

/* As the view shows it: the whole territory where the role covers one, else the own unit. */
static enum err count_overdue(struct cx *cx, int64_t of_unit, int64_t *ret)
{
    struct region region;
    const struct unit *u;
    const struct division *d;
    int64_t n = 0, sum = 0;
    *ret = of_unit;
    if (!access_region(cx, &region, &u) || u->level == LEVEL_COMMUNITY)
        return OK;
    if (u->level == LEVEL_TOWN)
        return db_number(cx->db, &COUNT_TOWN, ARGS(I(u->region), I(cx->now_ms),
            I(division_area(u->region))), ret);
    for (size_t i = 0; sum < COUNTED_MAX && (d = county_next(cx, region, &i)) != NULL;) {
        TRY(db_number(cx->db, &COUNT_AREA, ARGS(I(division_area(d->code)), I(cx->now_ms)), &n));
        sum += n;
    }
    *ret = sum < COUNTED_MAX ? sum : COUNTED_MAX;
    return OK;
}

enum err desk_counts(struct cx *cx, const void *in, struct buf *out)
{
    struct counts c = { 0 };
    int64_t unit, soon;
    (void)in;
    TRY(my_unit(cx, I64_NONE, &unit));
    TRY(db_number(cx->db, &COUNT_HOLDER, ARGS(I(cx->actor.account)), &c.mine));
    TRY(db_number(cx->db, &COUNT_UNIT, ARGS(I(unit), I(far_ms)), &c.unit));
    TRY(db_number(cx->db, &COUNT_POOL, ARGS(I(unit)), &c.pool));
    TRY(db_number(cx->db, &COUNT_COHANDLE, ARGS(I(unit)), &c.cohandle));
    TRY(db_number(cx->db, &COUNT_ASK, ARGS(I(unit)), &c.ask));
    TRY(db_number(cx->db, &COUNT_UNIT, ARGS(I(unit), I(cx->now_ms)), &c.overdue));
    TRY(db_number(cx->db, &COUNT_UNIT, ARGS(I(unit), I(cx->now_ms + CLOCK_DAY_MS)), &soon));
    c.due_today = soon - c.overdue;
    TRY(count_overdue(cx, c.overdue, &c.overdue));
    record_to_json(out, &counts_record, &c);
    return OK;
}
