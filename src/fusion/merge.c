/* merge.c: a sliver joined to the neighbour it has most border with, as a draft of new outlines. */
#include "fusion/fusion.h"
#include "layer/layer.h"

RECORD_DEFINE(merge_in, MERGE_IN)
RECORD_DEFINE(merge_out, MERGE_OUT)

/* A county's code ends in so many zeros. */
enum { IN_COUNTY = 1000000 };

SQL_WRITES(put_draft, "fusion.draft",
    "INSERT INTO draft (id, kind, name, body, made_ms, made_by, changed_ms, region)"
    " VALUES ($1, 'grid', $2, $3, $4, $5, $4, $6)");
const struct sql *const fusion_merge_statements[] = { &put_draft };
const size_t fusion_merge_statements_n = COUNT_OF(fusion_merge_statements);

/* In full: an outline of a map is thinned, one that becomes a border is not. */
static void grid_add(struct buf *b, const struct grid *g, const struct shape *s)
{
    buf_fmt(b, "{\"type\":\"Feature\",\"properties\":{\"code\":\"%lld\",\"parent\":\"%lld\","
        "\"kind\":", (long long)g->code, (long long)g->community);
    buf_json_str(b, g->kind);
    buf_add(b, STR(",\"name\":"));
    buf_json_str(b, g->name);
    buf_add(b, STR("},\"geometry\":"));
    layer_geometry_write(b, s);
    buf_byte(b, '}');
}

/* What a merger is made of, worked out before the command is queued. */
struct merger { const struct grid *from, *into; double m2; struct str body, name; };

static const struct shape *outline_of(const struct cx *cx, int64_t grid)
{
    const struct geo_index *ix = catalogue_areas(cx->cat, LEVEL_GRID);
    size_t i = 0;
    while (i < geo_index_count(ix) && geo_index_id(ix, i) != grid)
        i++;
    return i < geo_index_count(ix) ? geo_index_shape(ix, i) : NULL;
}

static enum err merger_draw(struct cx *cx, const struct fusion_piece *piece, struct merger *m)
{
    const struct shape *from = outline_of(cx, piece->grid), *into = outline_of(cx, piece->into);
    struct shape less, more;
    struct buf b = buf_in(cx->a, SHAPE_BYTES_MAX);
    CHECK(from && into);
    enum err e = shape_combine(cx->a, COMBINE_WITHOUT, from, &piece->shape, &less);
    if (e == OK)
        e = shape_combine(cx->a, COMBINE_JOIN, into, &piece->shape, &more);
    if (e != OK)
        return cx_fail(cx, E_INPUT, "grid", MSG("合并后的边界无法得出，请在地图上修改边界",
            "The merged outlines cannot be worked out; edit the border on the map"));
    buf_add(&b, STR("{\"type\":\"FeatureCollection\",\"features\":["));
    grid_add(&b, m->from, &less);
    buf_byte(&b, ',');
    grid_add(&b, m->into, &more);
    buf_add(&b, STR("]}"));
    m->body = buf_str(&b);
    return OK;
}

enum err merge_prepare(struct cx *cx, const void *in)
{
    const struct merge_in *q = in;
    struct fusion_ask ask = { .cat = cx->cat, .a = cx->a, .lang = cx->lang };
    struct fusion_piece piece;
    struct merger *m = NEW(cx->a, struct merger);
    TRY(fusion_territory(cx, I64_NONE, &ask.region));
    m->from = grid_find(cx->cat, q->grid);
    if (m->from == NULL || !region_has(ask.region, m->from->community))
        return cx_fail(cx, E_MISSING, "grid", MSG("没有这个网格", "There is no such grid"));
    enum err e = fusion_piece(&ask, q->grid, q->police, &piece);
    if (e != OK)
        return cx_fail(cx, E_MISSING, "police", MSG("这个网格与这个警务网格没有重叠",
            "This grid and this police grid do not overlap"));
    if (piece.border_m <= 0)
        return cx_fail(cx, E_CONFLICT, "grid", MSG("碎片不与本社区其他网格相邻，不能并入；请改警务网格边界",
            "The piece borders on no other grid of its community; change the police border instead"));
    m->into = grid_find(cx->cat, piece.into);
    m->m2 = shape_area_m2(&piece.shape);
    CHECK(m->into != NULL);
    m->name = arena_fmt(cx->a, cx->lang == LANG_EN ? "%.*s: %.0f m² to %.*s"
        : "%.*s：%.0f 平方米并入%.*s", STR_FMT(m->from->name), m->m2, STR_FMT(m->into->name));
    cx->prepared = m;
    return merger_draw(cx, &piece, m);
}

enum err fusion_merge(struct cx *cx, const void *in, struct buf *out)
{
    const struct merger *m = cx->prepared;
    (void)in;
    int64_t id = cx_next_id(cx);
    TRY(db_exec(cx->db, &put_draft, ARGS(I(id), S(m->name), S(m->body), I(cx->now_ms),
        I(cx->actor.account), I(m->into->community / IN_COUNTY * IN_COUNTY)), NULL));
    struct merge_out r = { id, m->into->code, m->into->name, m->m2 };
    record_to_json(out, &merge_out_record, &r);
    return OK;
}
