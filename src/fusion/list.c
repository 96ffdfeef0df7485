/* list.c: the findings of each list, one after another. */
#include "fusion/fusion.h"
#include <math.h>
#include <stdlib.h>

RECORD_DEFINE(finding, FINDING)

#define X(name) #name,
const char *const fusion_words[] = { FUSION_LISTS(X) NULL };
#undef X

enum { CODE_GRID = 1000, DUTIES_MAX = 2000000, CUTS_MAX = 256 };

#define CHARGE(X, R) \
    X(R, I64, zone, 0, 0, 0, NULL, "") X(R, I64, account, 0, 0, 0, NULL, "") \
    X(R, STR, name, 0, 0, 0, NULL, "")
RECORD(charge, CHARGE)
RECORD_DEFINE(charge, CHARGE)

SQL_SCANS(charges_of_layer, "fusion.charges",
    "SELECT d.zone, d.account, a.name FROM duty d JOIN account a ON a.id = d.account"
    " WHERE d.layer = $1 AND d.position = 0 ORDER BY d.account, d.zone");
const struct sql *const fusion_list_statements[] = { &charges_of_layer };
const size_t fusion_list_statements_n = COUNT_OF(fusion_list_statements);

double fusion_share(enum fusion_list list)
{
    return list == FUSION_cut ? 0.02 : 0.05;
}

/* A list being told. */
struct telling { const struct fusion_ask *ask; finding_fn *fn; void *ctx; };

static struct str words(const struct telling *t, const char *zh, const char *en)
{
    return str_c(t->ask->lang == LANG_EN ? en : zh);
}

static struct finding finding_of(const struct telling *t, int64_t level, int64_t code)
{
    struct finding f;
    record_clear(&finding_record, &f);
    f.layer = level == LEVEL_GRID ? STR("grid") : level == LEVEL_POLICE ? STR("police")
        : STR("division");
    f.code = code;
    f.name = catalogue_zone_name(t->ask->cat, level, code);
    return f;
}

static void finding_other(const struct telling *t, struct finding *f, int64_t police)
{
    f->other = police;
    f->other_name = catalogue_zone_name(t->ask->cat, LEVEL_POLICE, police);
}

static bool has_grid(const struct telling *t, int64_t grid)
{
    return region_has(t->ask->region, grid / CODE_GRID);
}

static bool has_police(const struct telling *t, int64_t police)
{
    const struct police_grid *p = police_grid_find(t->ask->cat, police);
    const struct unit *u = p ? unit_find(t->ask->cat, p->station) : NULL;
    return u && region_has(t->ask->region, u->region);
}

/* Overlaps --------------------------------------------------------------------------------- */

static int64_t code_a(const struct telling *t, const struct overlay_link *l)
{
    return geo_index_id(catalogue_areas(t->ask->cat, LEVEL_GRID), l->a);
}

static int64_t code_b(const struct telling *t, const struct overlay_link *l)
{
    return geo_index_id(catalogue_areas(t->ask->cat, LEVEL_POLICE), l->b);
}

static struct str overlap_text(const struct telling *t, const struct overlay_link *l)
{
    return arena_fmt(t->ask->a, t->ask->lang == LANG_EN
        ? "%.0f m², %.2f %% of the grid, %.2f %% of the police grid"
        : "%.0f 平方米，占网格 %.2f%%，占警务网格 %.2f%%", l->m2, 100 * l->share_a, 100 * l->share_b);
}

enum err fusion_into(const struct fusion_ask *ask, struct finding *f)
{
    struct fusion_piece piece;
    enum err e = fusion_piece(ask, f->code, f->other, &piece);
    if (e == E_MISSING || e == E_INPUT)
        return OK;
    TRY(e);
    if (piece.border_m > 0) {
        f->into = piece.into;
        f->into_name = catalogue_zone_name(ask->cat, LEVEL_GRID, piece.into);
        f->border_m = piece.border_m;
    }
    return OK;
}

static bool is_sliver(const struct fusion_ask *ask, const struct overlay_link *l)
{
    return l->m2 <= ask->m2_max && l->share_a <= ask->share && l->share_b <= ask->share;
}

static enum err overlaps_tell(struct telling *t, const struct overlay *o)
{
    bool slivers = t->ask->list == FUSION_slivers;
    for (size_t i = 0; i < o->n; i++) {
        const struct overlay_link *l = &o->links[i];
        int64_t grid = code_a(t, l);
        if (!has_grid(t, grid) || (slivers && !is_sliver(t->ask, l)))
            continue;
        struct finding f = finding_of(t, LEVEL_GRID, grid);
        finding_other(t, &f, code_b(t, l));
        f.m2 = l->m2;
        f.share = l->share_a;
        f.share_other = l->share_b;
        f.text = overlap_text(t, l);
        if (slivers && t->ask->with_into)
            TRY(fusion_into(t->ask, &f));
        TRY(t->fn(t->ctx, &f));
    }
    return OK;
}

/* Below half a square metre nobody could find it outside. */
static enum err cover_tell(struct telling *t, int64_t level, int64_t code, double m2, double of_m2,
    struct str text)
{
    static const double LEAST_M2 = 0.5;
    if (m2 < LEAST_M2)
        return OK;
    struct finding f = finding_of(t, level, code);
    f.m2 = m2;
    f.share = m2 / of_m2;
    f.text = text;
    return t->fn(t->ctx, &f);
}

static enum err covers_tell(struct telling *t, int64_t level, const struct overlay_cover *covers)
{
    const struct geo_index *ix = catalogue_areas(t->ask->cat, level);
    bool grid = level == LEVEL_GRID;
    struct str lost = grid ? words(t, "没有警务网格覆盖", "in no police grid")
        : words(t, "没有网格覆盖", "in no grid");
    struct str doubled = grid ? words(t, "被多个警务网格重复覆盖", "in several police grids")
        : words(t, "被多个网格重复覆盖", "in several grids");
    for (size_t i = 0; i < geo_index_count(ix); i++) {
        int64_t code = geo_index_id(ix, i);
        if (!(grid ? has_grid(t, code) : has_police(t, code)))
            continue;
        TRY(cover_tell(t, level, code, covers[i].lost_m2, covers[i].m2, lost));
        TRY(cover_tell(t, level, code, covers[i].doubled_m2, covers[i].m2, doubled));
    }
    return OK;
}

/* Communities ------------------------------------------------------------------------------ */

/* What police grids have of one community. */
struct part { uint32_t police; double m2; };
struct cutting { int64_t community; struct part part[CUTS_MAX]; size_t n; double m2; };

static int part_order(const void *x, const void *y)
{
    const struct part *a = x, *b = y;
    return (a->m2 < b->m2) - (a->m2 > b->m2);
}

static enum err cutting_tell(struct telling *t, struct cutting *c)
{
    size_t n = 0;
    qsort(c->part, c->n, sizeof(c->part[0]), part_order);
    while (n < c->n && c->part[n].m2 >= t->ask->share * c->m2)
        n++;
    for (size_t i = 0; n > 1 && i < n; i++) {
        struct finding f = finding_of(t, LEVEL_COMMUNITY, c->community);
        finding_other(t, &f, geo_index_id(catalogue_areas(t->ask->cat, LEVEL_POLICE),
            c->part[i].police));
        f.m2 = c->part[i].m2;
        f.share = c->part[i].m2 / c->m2;
        f.text = arena_fmt(t->ask->a, t->ask->lang == LANG_EN
            ? "%.1f %% of the community; %zu police grids have part in it"
            : "占社区 %.1f%%；社区分属 %zu 个警务网格", 100 * f.share, n);
        TRY(t->fn(t->ctx, &f));
    }
    return OK;
}

static void cutting_add(struct cutting *c, const struct overlay_link *l)
{
    size_t i = 0;
    while (i < c->n && c->part[i].police != l->b)
        i++;
    if (i == CUTS_MAX)
        return;
    if (i == c->n)
        c->part[c->n++] = (struct part){ l->b, 0 };
    c->part[i].m2 += l->m2;
    c->m2 += l->m2;
}

/* Grids are ordered by code, so those of a community follow one another. */
static enum err cuts_tell(struct telling *t, const struct overlay *o)
{
    struct cutting c = { .community = 0 };
    for (size_t i = 0; i < o->n; i++) {
        int64_t community = code_a(t, &o->links[i]) / CODE_GRID;
        if (!region_has(t->ask->region, community))
            continue;
        if (community != c.community) {
            TRY(cutting_tell(t, &c));
            c.community = community;
            c.n = 0;
            c.m2 = 0;
        }
        cutting_add(&c, &o->links[i]);
    }
    return cutting_tell(t, &c);
}

/* People ----------------------------------------------------------------------------------- */

static enum err charges_read(const struct telling *t, const char *layer, struct list *ret)
{
    return db_rows(t->ask->db, t->ask->a, &charges_of_layer, ARGS(S(str_c(layer))),
        &charge_record, DUTIES_MAX, ret);
}

static int zone_order(const void *x, const void *y)
{
    const struct charge *a = x, *b = y;
    return (a->zone > b->zone) - (a->zone < b->zone);
}

/* codes: a list of records that begin with a code, in rising order. */
static enum err vacant_tell(struct telling *t, int64_t level, struct list codes, size_t size,
    struct list charges)
{
    const struct charge *c = charges.p;
    size_t at = 0;
    qsort(charges.p, charges.n, sizeof(*c), zone_order);
    for (size_t i = 0; i < codes.n; i++) {
        int64_t code = *(const int64_t *)(const void *)((const char *)codes.p + i * size);
        while (at < charges.n && c[at].zone < code)
            at++;
        if ((at < charges.n && c[at].zone == code)
            || !(level == LEVEL_GRID ? has_grid(t, code) : has_police(t, code)))
            continue;
        struct finding f = finding_of(t, level, code);
        f.text = level == LEVEL_GRID ? words(t, "没有网格员", "no grid worker")
            : words(t, "没有民警", "no officer");
        TRY(t->fn(t->ctx, &f));
    }
    return OK;
}

/* What counts as a home: a police grid; of grids the community. */
static int64_t home_of(int64_t level, int64_t zone)
{
    return level == LEVEL_GRID ? zone / CODE_GRID : zone;
}

/* Zones of one person, c[0] .. c[n - 1], by code. */
static enum err homes_of_person(struct telling *t, int64_t level, const struct charge *c, size_t n)
{
    size_t homes = 1;
    bool inside = false;
    for (size_t i = 0; i < n; i++) {
        homes += i > 0 && home_of(level, c[i].zone) != home_of(level, c[i - 1].zone);
        inside |= level == LEVEL_GRID ? has_grid(t, c[i].zone) : has_police(t, c[i].zone);
    }
    for (size_t i = 0; i < n && homes > 1 && inside; i++) {
        struct finding f = finding_of(t, level, c[i].zone);
        f.person = c[i].name;
        f.text = arena_fmt(t->ask->a, level == LEVEL_GRID
            ? t->ask->lang == LANG_EN ? "has grids in %zu communities" : "负责的网格分属 %zu 个社区"
            : t->ask->lang == LANG_EN ? "has %zu police grids" : "同时负责 %zu 个警务网格", homes);
        TRY(t->fn(t->ctx, &f));
    }
    return OK;
}

static enum err homes_tell(struct telling *t, int64_t level, struct list charges)
{
    const struct charge *c = charges.p;
    for (size_t i = 0, n; i < charges.n; i += n) {
        n = 1;
        while (i + n < charges.n && c[i + n].account == c[i].account)
            n++;
        TRY(homes_of_person(t, level, c + i, n));
    }
    return OK;
}

static enum err people_tell(struct telling *t)
{
    const struct catalogue *c = t->ask->cat;
    struct list grid, police;
    TRY(charges_read(t, "grid", &grid));
    TRY(charges_read(t, "police", &police));
    if (t->ask->list == FUSION_homes) {
        TRY(homes_tell(t, LEVEL_POLICE, police));
        return homes_tell(t, LEVEL_GRID, grid);
    }
    TRY(vacant_tell(t, LEVEL_POLICE, catalogue_police_grids(c), sizeof(struct police_grid),
        police));
    return vacant_tell(t, LEVEL_GRID, catalogue_grids(c), sizeof(struct grid), grid);
}

enum err fusion_each(const struct fusion_ask *ask, finding_fn *fn, void *ctx)
{
    struct telling t = { ask, fn, ctx };
    if (ask->list == FUSION_vacant || ask->list == FUSION_homes)
        return people_tell(&t);
    const struct overlay *o = fusion_overlay(ask->cat);
    if (ask->list == FUSION_cut)
        return cuts_tell(&t, o);
    if (ask->list != FUSION_gaps)
        return overlaps_tell(&t, o);
    TRY(covers_tell(&t, LEVEL_GRID, o->of_a));
    return covers_tell(&t, LEVEL_POLICE, o->of_b);
}
