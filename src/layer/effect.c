/* effect.c: micro-grids, people in charge and open matters beside a version of grids. */
#include "layer/effect.h"
#include "geo/cover.h"
#include "geo/index.h"
#include "layer/check.h"
#include "layer/moves.h"

SQL_READS(in_charge, "effect.in_charge",
    "SELECT (SELECT count(*) FROM duty d WHERE d.layer = $1 AND d.zone = $2)"
    " + (SELECT count(*) FROM shift s WHERE s.layer = $1 AND s.zone = $2 AND s.account <> 0)");
const struct sql *const effect_statements[] = { &in_charge };
const size_t effect_statements_n = COUNT_OF(effect_statements);

#define X(id, word, zh, en) { word, { zh, en } },
const struct effect_row effect_table[EFFECT_COUNT] = { EFFECT_TABLE(X) };
#undef X

enum { IN_GRID = 100, PERCENT = 100 };

struct looking {
    struct db *db;
    const struct catalogue *c;
    struct arena *a;
    const struct layer_plan *p;
    struct zone_effect *kinds[EFFECT_COUNT];
    size_t n[EFFECT_COUNT];
    size_t total;
};

static void add(struct looking *l, struct zone_effect e)
{
    size_t *n = &l->n[e.kind];
    l->total++;
    if (*n == EFFECTS_MAX)
        return;
    if (l->kinds[e.kind] == NULL)
        l->kinds[e.kind] = NEW_N(l->a, struct zone_effect, EFFECTS_MAX);
    l->kinds[e.kind][(*n)++] = e;
}

/* "320508018023001 大儒巷" */
static struct str called(struct arena *a, int64_t code, struct str name)
{
    return arena_fmt(a, "%lld %.*s", (long long)code, STR_FMT(name));
}

/* Micro-grids ------------------------------------------------------------------------------ */

/* The zone of the plan beside its own grid with the greatest part of s; NULL when none has any. */
static const struct zone_row *holder_of(const struct looking *l, const struct shape *s,
    const struct zone_row *own, double *ret_share)
{
    const struct zone_row *best = NULL;
    *ret_share = 0;
    for (size_t i = 0; i < l->p->n_zones; i++) {
        const struct zone_row *z = l->p->zones[i];
        double share = z != own && geo_box_meets(z->shape.box, s->box)
            ? cover_share(s, &z->shape) : 0;
        if (share > *ret_share) {
            *ret_share = share;
            best = z;
        }
    }
    return best;
}

/* A micro-grid of a grid that goes or is redrawn, how much of it its grid keeps, and the grid of
 * the plan that has most of what it does not. */
struct left_over {
    int64_t code;
    struct str name;
    const struct zone_row *grid, *in;
    double kept, lost_m2, share;
};

static void say_nowhere(struct looking *l, const struct left_over *m)
{
    struct arena *a = l->a;
    struct str who = called(a, m->code, m->name), own = called(a, m->grid->code, m->grid->name);
    add(l, (struct zone_effect){ EFFECT_NOWHERE, m->code, 0, m->name, STR(""), 0, text_msg(
        arena_fmt(a, "微网格 %.*s 属于 %.*s，生效后大部分不在任何网格里；请另导入微网格：撤销它，或改它的边界",
            STR_FMT(who), STR_FMT(own)),
        arena_fmt(a, "Micro-grid %.*s belongs to %.*s and will lie mostly in no grid; import"
            " micro-grids too: take it away or correct its outline", STR_FMT(who),
            STR_FMT(own))) });
}

static void say_astray(struct looking *l, const struct left_over *m)
{
    struct arena *a = l->a;
    struct str who = called(a, m->code, m->name), own = called(a, m->grid->code, m->grid->name);
    struct str there = called(a, m->in->code, m->in->name);
    add(l, (struct zone_effect){ EFFECT_ASTRAY, m->code, m->in->code, m->name, m->in->name, 0,
        text_msg(arena_fmt(a, "微网格 %.*s 的 %.0f%% 将落在 %.*s，却属于 %.*s；请另导入微网格：撤销它，在新网格下另编编码，或改边界",
            STR_FMT(who), m->share * PERCENT, STR_FMT(there), STR_FMT(own)),
        arena_fmt(a, "Micro-grid %.*s will lie in %.*s (%.0f%%) but belongs to %.*s; import"
            " micro-grids too: take it away and give it a code under that grid, or correct its"
            " outline", STR_FMT(who), STR_FMT(there), m->share * PERCENT, STR_FMT(own))) });
}

static void say_cut(struct looking *l, const struct left_over *m)
{
    struct arena *a = l->a;
    struct str who = called(a, m->code, m->name);
    struct str there = m->in ? called(a, m->in->code, m->in->name) : STR("");
    add(l, (struct zone_effect){ EFFECT_CUT, m->code, m->in ? m->in->code : 0, m->name,
        m->in ? m->in->name : STR(""), 0, text_msg(
        arena_fmt(a, "微网格 %.*s 有 %.0f 平方米不再在所属网格里%s%.*s；那里的地点不再归它，也还没有微网格，请另画微网格边界",
            STR_FMT(who), m->lost_m2, m->in ? "，将归 " : "", STR_FMT(there)),
        arena_fmt(a, "%.0f square metres of micro-grid %.*s will no longer lie in its grid%s%.*s;"
            " places there have no micro-grid then: draw the micro-grids anew", m->lost_m2,
            STR_FMT(who), m->in ? " but in " : "", STR_FMT(there))) });
}

static void look_at_one(struct looking *l, const struct zone_row *grid, int64_t code,
    const struct shape *s)
{
    bool goes = grid->change == ZONE_REMOVED;
    const struct shape *ground = layer_ground(l->c, LAYER_MICRO, grid->code);
    struct left_over m = { code, catalogue_zone_name(l->c, LEVEL_MICRO, code), grid, NULL,
        goes ? 0 : cover_share(s, &grid->shape), 0, 0 };
    double before = goes || ground == NULL ? 1 : cover_share(s, ground);
    m.lost_m2 = (before - m.kept) * shape_area_m2(s);
    if (!goes && m.lost_m2 < cover_least_m2)
        return;
    m.in = holder_of(l, s, grid, &m.share);
    if (m.kept >= inside_least || (m.in && m.kept >= m.share))
        say_cut(l, &m);
    else if (m.in)
        say_astray(l, &m);
    else
        say_nowhere(l, &m);
}

/* Those of one grid lie side by side in the index, which is in the order of codes. */
static void look_at_micro(struct looking *l, const struct geo_index *ix, const struct zone_row *z)
{
    size_t low = 0, high = ix ? geo_index_count(ix) : 0, n = high;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (geo_index_id(ix, mid) < z->code * IN_GRID)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < n && geo_index_id(ix, low) / IN_GRID == z->code; low++)
        look_at_one(l, z, geo_index_id(ix, low), geo_index_shape(ix, low));
}

/* People and units ------------------------------------------------------------------------- */

static void look_at_unit(struct looking *l, const struct zone_row *z)
{
    const struct unit *desk = catalogue_desk(l->c, z->parent);
    struct str who = called(l->a, z->code, z->name);
    if (z->change != ZONE_ADDED || (desk && desk->region == z->parent))
        return;
    struct str zh = desk ? desk->name : STR("无"), en = desk ? desk->name_en : STR("nobody");
    add(l, (struct zone_effect){ EFFECT_NO_UNIT, z->code, 0, z->name, STR(""), 0, text_msg(
        arena_fmt(l->a, "网格 %.*s 所在社区没有自己的受理单位，事项归%.*s；请导入单位，或确认就由它受理",
            STR_FMT(who), STR_FMT(zh)),
        arena_fmt(l->a, "In the community of grid %.*s no unit receives matters; they go to %.*s."
            " Import its unit, or be sure that this is meant", STR_FMT(who), STR_FMT(en))) });
}

static enum err look_at_charge(struct looking *l, const struct zone_row *z)
{
    struct str layer = str_c(layer_kinds[l->p->want.layer].name);
    struct str who = called(l->a, z->code, z->name);
    int64_t n = 0;
    TRY(db_number(l->db, &in_charge, ARGS(S(layer), I(z->code)), &n));
    if (z->change != ZONE_REMOVED && n == 0)
        add(l, (struct zone_effect){ EFFECT_NO_CHARGE, z->code, 0, z->name, STR(""), 0, text_msg(
            arena_fmt(l->a, "%.*s 没有负责人，也没有值班表；请在“值班表”页排班，或导入负责人", STR_FMT(who)),
            arena_fmt(l->a, "Nobody has charge of %.*s and it has no roster; enter one on the page"
                " \"Duty roster\", or import who has charge", STR_FMT(who))) });
    if (z->change == ZONE_REMOVED && n)
        add(l, (struct zone_effect){ EFFECT_CHARGE, z->code, 0, z->name, STR(""), (size_t)n,
            text_msg(arena_fmt(l->a, "%.*s 撤销后，其负责人与值班共 %lld 项不再起作用；请给他们另定网格", STR_FMT(who),
                (long long)n),
            arena_fmt(l->a, "%lld entries of charge and roster of %.*s end with it; give these people"
                " another grid", (long long)n, STR_FMT(who))) });
    return OK;
}

/* Matters ---------------------------------------------------------------------------------- */

static enum err look_at_matters(struct looking *l)
{
    struct moves moves;
    TRY(moves_find(l->db, l->a, l->p, &moves));
    for (size_t i = 0; i < moves.n; i++) {
        const struct zone_moves *m = &moves.at[i];
        struct str from = called(l->a, m->from->code, m->from->name);
        struct str into = called(l->a, m->into, m->into_name);
        struct zone_effect e = { EFFECT_MATTERS, m->from->code, m->into, m->from->name,
            m->into_name, m->matters, { NULL, NULL } };
        e.text = m->into ? text_msg(
            arena_fmt(l->a, "%.*s 的未结事项 %zu 件，位置将归 %.*s；生效后请督办员在“编辑边界”页转过去", STR_FMT(from),
                m->matters, STR_FMT(into)),
            arena_fmt(l->a, "Open matters of %.*s that will lie in %.*s: %zu; once it is in force a"
                " supervisor moves them on the page \"Edit boundaries\"", STR_FMT(from), STR_FMT(into),
                m->matters))
            : text_msg(arena_fmt(l->a, "%.*s 的未结事项 %zu 件，位置将不在任何网格；请补上边界，或逐件指定网格",
                STR_FMT(from), m->matters),
            arena_fmt(l->a, "Open matters of %.*s that will lie in no grid: %zu; close the gap, or give"
                " each of them a grid on its page", STR_FMT(from), m->matters));
        add(l, e);
    }
    return OK;
}

static enum err look(struct looking *l)
{
    const struct geo_index *micro = catalogue_areas(l->c, LEVEL_MICRO);
    bool grids = l->p->want.layer == LAYER_GRID;
    if (!grids && l->p->want.layer != LAYER_POLICE)
        return OK;
    for (size_t i = 0; i < l->p->n; i++) {
        const struct zone_row *z = &l->p->rows[i];
        if (z->change == ZONE_BAD || z->change == ZONE_SAME)
            continue;
        TRY(look_at_charge(l, z));
        if (grids)
            look_at_unit(l, z);
        if (grids && z->change != ZONE_ADDED)
            look_at_micro(l, micro, z);
    }
    return grids ? look_at_matters(l) : OK;
}

enum err layer_effects(struct db *db, const struct catalogue *c, struct arena *a,
    const struct layer_plan *p, struct effects *ret)
{
    struct looking l = { .db = db, .c = c, .a = a, .p = p };
    TRY(look(&l));
    size_t n = 0;
    for (size_t k = 0; k < EFFECT_COUNT; k++)
        n += l.n[k];
    *ret = (struct effects){ NEW_N(a, struct zone_effect, n + 1), 0, l.total };
    for (size_t k = 0; k < EFFECT_COUNT; k++)
        for (size_t i = 0; i < l.n[k]; i++)
            ret->at[ret->n++] = l.kinds[k][i];
    return OK;
}
