/* check_ground.c: the layer as it would be, held against itself and against the ground of each
 * parent: who lies outside, what two claim, what nobody has. */
#include "layer/check.h"
#include <stdlib.h>

/* An overlap of more than a tenth is no slip of the hand; between zones of two parents none is. */
static const double overlap_most = 0.1;
enum { FINDINGS_MAX = 20000, PERCENT = 100 };

/* The layer as it would be. zones[i].row tells whether it is new; at: its place in the plan. */
struct picture {
    struct layer_check *k;
    const struct zone_row **zones;
    const struct shape **shapes;
    bool *is_new;
    size_t *at, n;
    struct buf findings;
    const struct shape **near;      /* a gap and zones around it; only_first tells the gap */
    const struct zone_row **near_zones;
    bool *only_first;
    size_t most;                    /* rows, stored zones and their parents together */
};

static void picture_add(struct picture *p, const struct zone_row *z, size_t at)
{
    if (z->shape.point_count == 0)
        return;
    p->zones[p->n] = z;
    p->shapes[p->n] = &z->shape;
    p->is_new[p->n] = at != SIZE_MAX;
    p->at[p->n++] = at;
}

/* Those of one level, for zones of a level cover the ground together; level 0: all. */
static void picture_fill(struct picture *p, int64_t level)
{
    const struct layer_check *k = p->k;
    p->n = 0;
    for (size_t i = 0; i < k->f->n; i++) {
        const struct zone_row *z = &k->plan->rows[i];
        if (z->change != ZONE_BAD && z->change != ZONE_REMOVED && (!level || z->level == level))
            picture_add(p, z, i);
    }
    bool missing_go = !k->want.part && !k->want.good_rows;
    for (size_t i = 0; i < k->n_stored; i++) {
        const struct zone_row *row = row_with(k, k->stored[i].code);
        bool stays = row ? row->change == ZONE_BAD : !missing_go;
        if (stays && (!level || k->stored[i].level == level))
            picture_add(p, &k->stored[i], SIZE_MAX);
    }
}

static void find(struct picture *p, enum flaw_kind kind, const struct flaw *f, int64_t parent,
    int64_t a, int64_t b)
{
    struct zone_flaw one = { .kind = kind, .parent = parent, .a = a, .b = b, .m2 = f->m2,
        .width_m = f->width_m, .sliver = f->width_m < sliver_width_m, .at = shape_centre(&f->shape),
        .shape = f->shape };
    if (p->findings.n < FINDINGS_MAX * sizeof(one))
        buf_add(&p->findings, (struct str){ (const char *)&one, sizeof(one) });
}

/* Outside ---------------------------------------------------------------------------------- */

static void check_inside(struct layer_check *k, size_t i)
{
    struct zone_row *z = &k->plan->rows[i];
    const struct shape *ground = layer_ground(k->c, k->want.layer, z->parent);
    if (z->change == ZONE_BAD || z->change == ZONE_REMOVED || z->change == ZONE_SAME
        || ground == NULL || z->shape.point_count == 0)
        return;
    double share = cover_share(&z->shape, ground);
    struct str name = layer_parent_name(k->c, k->want.layer, z->parent);
    if (share < inside_least)
        row_fault(k, i, "shape", text_msg(arena_fmt(k->a, "只有 %.0f%% 的面积在所属的%.*s范围内；请核对编码、归属或"
                "边界", share * PERCENT, STR_FMT(name)),
            arena_fmt(k->a, "Only %.0f%% of it lies in %.*s, to which it belongs; check code, parent"
                " or outline", share * PERCENT, STR_FMT(name))), STR_NONE);
}

/* Overlaps --------------------------------------------------------------------------------- */

static void blame(struct picture *p, size_t i, size_t other, double m2, double share)
{
    struct layer_check *k = p->k;
    const struct zone_row *z = p->zones[i], *o = p->zones[other];
    if (p->at[i] == SIZE_MAX)
        return;
    struct str said = arena_fmt(k->a, "%lld", (long long)o->code);
    struct msg m = z->parent == o->parent
        ? text_msg(arena_fmt(k->a, "与 %.*s(%.*s)重叠 %.0f 平方米(占较小者的 %.0f%%)，请改正边界", STR_FMT(said),
                STR_FMT(str_head(o->name, 20)), m2, share * PERCENT),
            arena_fmt(k->a, "Lies over %.*s (%.*s) by %.0f square metres, %.0f%% of the smaller one;"
                " correct the outline", STR_FMT(said), STR_FMT(str_head(o->name, 20)), m2,
                share * PERCENT))
        : text_msg(arena_fmt(k->a, "与另一归属下的 %.*s(%.*s)重叠 %.0f 平方米(占较小者的 %.0f%%)：两家都主张这块地，"
                "请确定归属", STR_FMT(said), STR_FMT(str_head(o->name, 20)), m2, share * PERCENT),
            arena_fmt(k->a, "Lies over %.*s (%.*s) of another parent by %.0f square metres, %.0f%% of"
                " the smaller one: two claim this ground; decide whose it is", STR_FMT(said),
                STR_FMT(str_head(o->name, 20)), m2, share * PERCENT));
    row_fault(k, p->at[i], "shape", m, STR_NONE);
}

static void look_at_overlaps(struct picture *p)
{
    struct flaws flaws;
    if (!cover_overlaps(p->k->a, p->shapes, p->is_new, p->n, &flaws))
        fault_add(&p->k->plan->faults, 0, "shape", MSG("互相重叠的区域太多，没有全部查完；多半是同一边界写了许多行，请先改正已列出的",
            "So many zones lie on one another that the rest was not looked at; perhaps many rows have the"
            " same outline. Correct those that are listed first"), STR_NONE);
    for (size_t i = 0; i < flaws.n; i++) {
        const struct flaw *f = &flaws.at[i];
        double a_m2 = shape_area_m2(p->shapes[f->a]), b_m2 = shape_area_m2(p->shapes[f->b]);
        double share = f->m2 / (a_m2 < b_m2 ? a_m2 : b_m2);
        find(p, FLAW_OVERLAP, f, p->zones[f->a]->parent, p->zones[f->a]->code,
            p->zones[f->b]->code);
        bool two_claim = p->zones[f->a]->parent != p->zones[f->b]->parent;
        if ((two_claim || share > overlap_most) && f->width_m >= sliver_width_m) {
            blame(p, f->a, f->b, f->m2, share);
            blame(p, f->b, f->a, f->m2, share);
        }
    }
}

/* Gaps ------------------------------------------------------------------------------------- */

struct child { int64_t parent; const struct shape *shape; };

static int child_order(const void *x, const void *y)
{
    const struct child *p = x, *q = y;
    return (p->parent > q->parent) - (p->parent < q->parent);
}

static int id_order(const void *x, const void *y)
{
    int64_t p = *(const int64_t *)x, q = *(const int64_t *)y;
    return (p > q) - (p < q);
}

/* In order, each once; how many those are. */
static size_t ids_once(int64_t *ids, size_t n)
{
    size_t kept = 0;
    qsort(ids, n, sizeof(*ids), id_order);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || ids[kept - 1] != ids[i])
            ids[kept++] = ids[i];
    return kept;
}

static double common_m2(const struct shape *s, const struct shape *ground)
{
    return ground && geo_box_meets(s->box, ground->box)
        ? cover_share(s, ground) * shape_area_m2(s) : 0;
}

/* The row as it stands until now, if it will leave some ground of other parents than its own; or
 * NULL. Most lie within their own parent. */
static const struct zone_row *leaver(const struct layer_check *k, const struct zone_row *row)
{
    const struct zone_row *before = stored_with(k, row->code);
    if (before == NULL || before->shape.point_count == 0
        || (row->change != ZONE_CHANGED && row->change != ZONE_REMOVED))
        return NULL;
    double own_m2 = common_m2(&before->shape, layer_ground(k->c, k->want.layer, before->parent));
    return shape_area_m2(&before->shape) - own_m2 >= cover_least_m2 ? before : NULL;
}

/* All parents that there are, once each; room for k->f->n + k->n_stored. */
static size_t parents_known(const struct layer_check *k, int64_t *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < k->n_stored; i++)
        ret[n++] = k->stored[i].parent;
    return ids_once(ret, n);
}

/* Parents of which something is new or goes, and, where only a part of the layer changes, those on
 * whose ground a zone stood that is redrawn or goes: it may leave a gap there. */
static size_t parents_touched(const struct picture *p, int64_t level, int64_t *ret)
{
    const struct layer_check *k = p->k;
    const struct layer_plan *plan = k->plan;
    int64_t *known = NEW_N(k->a, int64_t, k->n_stored + 1);
    size_t n = 0, n_known = k->want.part ? parents_known(k, known) : 0;
    for (size_t i = 0; i < plan->n; i++) {
        const struct zone_row *z = &plan->rows[i];
        if (z->change == ZONE_BAD || (level && z->level != level))
            continue;
        ret[n++] = z->parent;
        const struct zone_row *before = leaver(k, z);
        for (size_t q = 0; before && q < n_known && n < p->most; q++)
            if (common_m2(&before->shape, layer_ground(k->c, k->want.layer, known[q]))
                >= cover_least_m2)
                ret[n++] = known[q];
    }
    return ids_once(ret, n);
}

/* What zones of other parents have of it is theirs across a border; the rest nobody has. */
static void look_at_gap(struct picture *p, int64_t parent, const struct flaw *gap)
{
    struct flaws taken, rest;
    size_t n = 0;
    p->near[n] = &gap->shape;
    for (size_t i = 0; i < p->n; i++) {
        if (p->zones[i]->parent == parent || !geo_box_meets(p->shapes[i]->box, gap->shape.box))
            continue;
        p->near_zones[++n] = p->zones[i];
        p->near[n] = p->shapes[i];
    }
    (void)cover_overlaps(p->k->a, p->near, p->only_first, n + 1, &taken);
    for (size_t i = 0; i < taken.n; i++)
        find(p, FLAW_ACROSS, &taken.at[i], parent, p->near_zones[taken.at[i].b]->code, 0);
    if (taken.n == 0) {
        find(p, FLAW_GAP, gap, parent, 0, 0);
        return;
    }
    cover_gaps(p->k->a, &gap->shape, p->near + 1, n, &rest);
    for (size_t i = 0; i < rest.n; i++)
        find(p, FLAW_GAP, &rest.at[i], parent, 0, 0);
}

static void look_at_gaps(struct picture *p, int64_t level)
{
    struct layer_check *k = p->k;
    int64_t *parents = NEW_N(k->a, int64_t, p->most + 1);
    struct child *children = NEW_N(k->a, struct child, p->n + 1);
    const struct shape **shapes = NEW_N(k->a, const struct shape *, p->n + 1);
    size_t n = parents_touched(p, level, parents), at = 0;
    for (size_t i = 0; i < p->n; i++)
        children[i] = (struct child){ p->zones[i]->parent, p->shapes[i] };
    qsort(children, p->n, sizeof(*children), child_order);
    for (size_t i = 0; i < n; i++) {
        const struct shape *ground = layer_ground(k->c, k->want.layer, parents[i]);
        struct flaws flaws = { .n = 0 };
        size_t many = 0;
        while (at < p->n && children[at].parent < parents[i])
            at++;
        while (at < p->n && children[at].parent == parents[i])
            shapes[many++] = children[at++].shape;
        if (ground)
            cover_gaps(k->a, ground, shapes, many, &flaws);
        for (size_t g = 0; g < flaws.n; g++)
            look_at_gap(p, parents[i], &flaws.at[g]);
    }
}

void check_ground(struct layer_check *k)
{
    struct layer_plan *plan = k->plan;
    size_t most = k->f->n + k->n_stored + 1;
    struct picture p = { .k = k, .zones = NEW_N(k->a, const struct zone_row *, most),
        .shapes = NEW_N(k->a, const struct shape *, most), .is_new = NEW_N(k->a, bool, most),
        .at = NEW_N(k->a, size_t, most),
        .findings = buf_in(k->a, (FINDINGS_MAX + 1) * sizeof(struct zone_flaw)),
        .near = NEW_N(k->a, const struct shape *, most), .only_first = NEW_N(k->a, bool, most),
        .near_zones = NEW_N(k->a, const struct zone_row *, most),
        .most = plan->n + k->f->n + k->n_stored + 1 };
    bool levels = k->want.layer == LAYER_DIVISION;
    p.only_first[0] = true;
    plan->zones = NEW_N(k->a, const struct zone_row *, most);
    for (size_t i = 0; i < k->f->n; i++)
        check_inside(k, i);
    for (int64_t level = levels ? LEVEL_CITY : 0; level <= (levels ? LEVEL_COMMUNITY : 0);
        level++) {
        picture_fill(&p, level);
        look_at_overlaps(&p);
        look_at_gaps(&p, level);
        memcpy(plan->zones + plan->n_zones, p.zones, p.n * sizeof(*p.zones));
        plan->n_zones += p.n;
    }
    plan->n_findings = p.findings.n / sizeof(struct zone_flaw);
    plan->findings = NEW_N(k->a, struct zone_flaw, plan->n_findings + 1);
    if (plan->n_findings)
        memcpy(plan->findings, p.findings.p, p.findings.n);
}
