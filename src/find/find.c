/* find.c: the feature "find". The index knows no rights: what it finds is loaded and shown only to
 * those who may read it. */
#include "find/find.h"
#include "crypto/code.h"
#include "desk/desk.h"
#include "search/search.h"

RECORD_DEFINE(find_in, FIND_IN)

/* A page looks at no more than ROUNDS * FETCH hits, however few of them the reader may see; then
 * it may come short, and the next one goes on from there. */
enum { PAGE_ROWS = 50, FETCH = 500, ROUNDS = 20 };

/* What decides whether a reader may see a matter: much less than all of it. */
#define FIND_SCOPE(X, R) \
    X(R, I64, owner_unit, 0, 0, 0, NULL, "") X(R, I64, ask_unit, 0, 0, 0, NULL, "") \
    X(R, I64, town, 0, 0, 0, NULL, "") X(R, I64, community, 0, 0, 0, NULL, "") \
    X(R, STR, kind, 0, 0, 0, NULL, "")
RECORD(find_scope, FIND_SCOPE)
RECORD_DEFINE(find_scope, FIND_SCOPE)
SQL_READS(SCOPE, "find.scope",
    "SELECT owner_unit, ask_unit, town, community, kind FROM matter WHERE area = $1 AND id = $2");
const struct sql *const find_statements[] = { &SCOPE };
const size_t find_statements_n = COUNT_OF(find_statements);

struct finds { struct matter_row *rows; size_t n; int64_t slot; bool more; };

static enum err hit_take(struct cx *cx, int64_t area, int64_t matter, struct finds *f)
{
    struct find_scope scope;
    struct matter m;
    enum err e = db_one(cx->db, cx->a, &SCOPE, ARGS(I(area), I(matter)), &find_scope_record,
        &scope);
    if (e == OK) {
        m = (struct matter){ .area = area, .id = matter, .owner_unit = scope.owner_unit,
            .ask_unit = scope.ask_unit, .town = scope.town, .community = scope.community,
            .kind = scope.kind };
        e = matter_visible(cx, &m);
    }
    if (e == E_MISSING)
        return OK;
    TRY(e);
    TRY(matter_by_id(cx, area, matter, &m));
    struct list_row row = desk_list_row(&m);
    return desk_row(cx, &row, &f->rows[f->n++]);
}

static enum err words_find(struct cx *cx, struct str typed, struct finds *f)
{
    f->more = true;
    for (int round = 0; round < ROUNDS && f->more && f->n < PAGE_ROWS; round++) {
        struct list hits;
        enum err e = search_find(cx->services.search, cx->a, typed, f->slot, FETCH, &hits);
        if (e == E_INPUT)
            return cx_fail(cx, e, "q", MSG("请至少输入两个字", "Give at least two characters"));
        TRY(e);
        const struct search_hit *hit = hits.p;
        size_t i = 0;
        for (; i < hits.n && f->n < PAGE_ROWS; i++) {
            TRY(hit_take(cx, hit[i].area, hit[i].matter, f));
            f->slot = hit[i].slot;
        }
        f->more = hits.n == FETCH || i < hits.n;
    }
    return OK;
}

/* True when it is the number of a matter that the reader may see. */
static enum err number_find(struct cx *cx, struct str typed, struct finds *f)
{
    struct matter m;
    struct code_number number;
    if (code_number_parse(typed, &number) != CODE_OK)
        return OK;
    enum err e = matter_by_number(cx, typed, &m);
    return e == OK ? hit_take(cx, m.area, m.id, f) : e == E_MISSING ? OK : e;
}

static enum err find(struct cx *cx, const void *in, struct buf *out)
{
    const struct find_in *q = in;
    struct finds f = { .rows = NEW_N(cx->a, struct matter_row, PAGE_ROWS + 1) };
    struct matter_page page = { .next = STR_NONE };
    if (q->after.n && (!str_to_i64(q->after, &f.slot) || f.slot <= 0))
        return cx_fail(cx, E_INPUT, "after", MSG("翻页标记不对，请从头查起",
            "This is not a page cursor; search again"));
    if (f.slot == 0)
        TRY(number_find(cx, q->q, &f));
    if (f.n == 0) {
        if (cx->services.search == NULL)
            return cx_fail(cx, E_BUSY, NULL, MSG("查询功能没有启动", "Search is not running"));
        TRY(words_find(cx, q->q, &f));
    }
    page.items = (struct list){ f.rows, f.n };
    if (f.more)
        page.next = arena_fmt(cx->a, "%lld", (long long)f.slot);
    record_to_json(out, &matter_page_record, &page);
    return OK;
}

static const struct route routes[] = {
    { .method = "GET", .path = "/api/search", .name = "search", .roles = ROLE_READERS,
        .lane = LANE_READ, .current = true, .in = &find_in_record, .out = &matter_page_record,
        .run = find,
        .meaning = "Matters in which words occur, the newest first; or the one of a number" },
};

extern const struct module module_find;
const struct module module_find = { .name = "find", .routes = routes,
    .n_routes = COUNT_OF(routes) };
