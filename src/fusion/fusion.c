/* fusion.c: routes of both layers over each other. */
#include "fusion/fusion.h"
#include <math.h>


RECORD_DEFINE(fusion_in, FUSION_IN)
RECORD_DEFINE(fusion_page, FUSION_PAGE)

enum err fusion_territory(struct cx *cx, int64_t division, struct region *ret)
{
    const struct unit *u = NULL;
    if (!access_region(cx, ret, &u)) {
        u = cx->actor.n_memberships ? unit_find(cx->cat, cx->actor.memberships[0].unit) : NULL;
        if (u == NULL)
            return cx_fail(cx, E_DENIED, NULL, MSG("您没有可查看的辖区", "You have no territory"));
        *ret = region_of(u->region);
    }
    if (division == I64_NONE)
        return OK;
    struct region inner = region_of(division);
    if (division_find(cx->cat, division) == NULL || inner.from < ret->from || inner.to > ret->to)
        return cx_fail(cx, E_MISSING, "division", MSG("您的辖区里没有这个区划",
            "There is no such division in your territory"));
    *ret = inner;
    return OK;
}

static enum fusion_list list_by_word(struct str word)
{
    size_t i = 0;
    while (!str_is(word, fusion_words[i]))
        i++;
    return (enum fusion_list)i;
}

static enum err ask_of(struct cx *cx, const struct fusion_in *q, struct fusion_ask *ret)
{
    enum fusion_list list = list_by_word(q->list);
    *ret = (struct fusion_ask){ .cat = cx->cat, .db = cx->db, .a = cx->a, .lang = cx->lang,
        .list = list, .m2_max = isnan(q->m2) ? FUSION_M2_MAX : q->m2,
        .share = isnan(q->share) ? fusion_share(list) : q->share };
    return fusion_territory(cx, q->division, &ret->region);
}

struct page { const struct fusion_ask *ask; struct finding *at; size_t n, after, limit, seen; };

static enum err page_add(void *ctx, const struct finding *f)
{
    struct page *p = ctx;
    if (p->seen++ < p->after || p->n == p->limit)
        return OK;
    p->at[p->n] = *f;
    if (p->ask->list == FUSION_slivers)
        TRY(fusion_into(p->ask, &p->at[p->n]));
    p->n++;
    return OK;
}

static enum err fusion_list(struct cx *cx, const void *in, struct buf *out)
{
    enum { USUAL = 100 };
    const struct fusion_in *q = in;
    struct fusion_ask ask;
    TRY(ask_of(cx, q, &ask));
    struct page p = { .ask = &ask, .at = NEW_N(cx->a, struct finding, FUSION_PAGE_MAX),
        .after = q->after == I64_NONE ? 0 : (size_t)q->after,
        .limit = q->limit == I64_NONE ? USUAL : (size_t)q->limit };
    if (p.limit > FUSION_PAGE_MAX)
        p.limit = FUSION_PAGE_MAX;
    TRY(fusion_each(&ask, page_add, &p));
    struct fusion_page r = { { p.at, p.n }, (int64_t)p.seen,
        p.after + p.n < p.seen ? (int64_t)(p.after + p.n) : I64_NONE };
    record_to_json(out, &fusion_page_record, &r);
    return OK;
}

static enum err fusion_csv(struct cx *cx, const void *in, struct buf *out)
{
    struct fusion_ask ask;
    TRY(ask_of(cx, in, &ask));
    ask.with_into = true;
    return fusion_write_csv(&ask, out);
}

static enum err fusion_map(struct cx *cx, const void *in, struct buf *out)
{
    enum { USUAL = 500 };
    const struct fusion_in *q = in;
    struct fusion_ask ask;
    TRY(ask_of(cx, q, &ask));
    return fusion_write_map(&ask, q->limit == I64_NONE ? USUAL : (size_t)q->limit, out);
}

#define MERGERS (ROLE_DISPATCHER | ROLE_SUPERVISOR | ROLE_ADMIN)
#define READERS (ROLE_STAFF & ~(unsigned)ROLE_WALL)

static const struct route routes[] = {
    { .method = "GET", .path = "/api/responsible", .name = "responsible", .roles = ROLE_PUBLIC,
        .lane = LANE_READ, .in = &here_in_record, .out = &here_record, .run = fusion_here,
        .meaning = "Who is responsible at a point or an address; 404 outside the city" },
    { .method = "GET", .path = "/api/fusion/:list", .name = "fusion", .roles = READERS,
        .lane = LANE_READ, .in = &fusion_in_record, .out = &fusion_page_record,
        .run = fusion_list, .meaning = "How both layers of grids fit, page by page" },
    { .method = "GET", .path = "/api/fusion/:list/csv", .name = "fusion_csv", .roles = READERS,
        .lane = LANE_READ, .in = &fusion_in_record, .run = fusion_csv,
        .out_type = "text/csv; charset=utf-8", .meaning = "The same list, whole, as a table" },
    { .method = "GET", .path = "/api/fusion/:list/map", .name = "fusion_map", .roles = READERS,
        .lane = LANE_READ, .in = &fusion_in_record, .run = fusion_map,
        .out_type = "application/geo+json", .meaning = "The same list as outlines, GeoJSON" },
    { .method = "POST", .path = "/api/fusion/merge", .name = "fusion_merge", .roles = MERGERS,
        .lane = LANE_STAFF, .in = &merge_in_record, .out = &merge_out_record,
        .prepare = merge_prepare, .run = fusion_merge,
        .meaning = "Drafts outlines in which a sliver has joined its neighbour" },
};

extern const struct module module_fusion;
const struct module module_fusion = { .name = "fusion", .routes = routes,
    .n_routes = COUNT_OF(routes) };
