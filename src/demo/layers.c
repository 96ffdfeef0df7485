/* layers.c: from the city down to its grids, each level divided inside its parent. */
#include "demo/layers.h"
#include <math.h>

/* What the steps share. wet: water, by cell; whole: one label for all cells. */
struct work {
    struct layers out;
    struct arena *a;
    struct rand *r;
    struct grower g;
    uint32_t *wet, *whole;
    double *weight;
};

struct groups groups_of(struct arena *a, const struct mesh *m, const uint32_t *label,
    uint32_t first, uint32_t count)
{
    struct groups g = { NEW_N(a, uint32_t, (size_t)count + 1), NEW_N(a, uint32_t, m->cell_count) };
    for (uint32_t c = 0; c < m->cell_count; c++) {
        if (label[c] != MESH_NONE && label[c] >= first && label[c] - first < count)
            g.at[label[c] - first]++;
    }
    for (uint32_t i = 1; i <= count; i++)
        g.at[i] += g.at[i - 1];
    for (uint32_t c = m->cell_count; c-- > 0;) {
        if (label[c] != MESH_NONE && label[c] >= first && label[c] - first < count)
            g.cells[--g.at[label[c] - first]] = c;
    }
    return g;
}

/* The label that a piece has most wall in common with. */
static uint32_t neighbour_label(const struct work *w, const uint32_t *piece, uint32_t id,
    const struct groups *pieces, const uint32_t *label)
{
    const struct mesh *m = w->out.mesh;
    double best = -1, length[LEVEL_COUNT * 16] = { 0 };
    uint32_t ret = MESH_NONE;
    for (uint32_t i = pieces->at[id]; i < pieces->at[id + 1]; i++) {
        uint32_t c = pieces->cells[i];
        for (uint32_t k = m->wall_at[c]; k < m->wall_at[c + 1]; k++) {
            uint32_t other = m->other[k];
            if (other == MESH_NONE || piece[other] == id)
                continue;
            struct xy p = m->vertex[m->from[k]], q = m->vertex[m->to[k]];
            CHECK(label[other] < COUNT_OF(length));
            length[label[other]] += hypot(p.x - q.x, p.y - q.y);
            if (length[label[other]] > best) {
                best = length[label[other]];
                ret = label[other];
            }
        }
    }
    return ret;
}

/* Of each label only the largest piece stays; splinters go to their neighbours. True when
 * something changed. label 0 is the outside, an area like the others here. */
static bool splinters_merge(struct work *w, uint32_t *label, uint32_t labels)
{
    struct mesh *m = w->out.mesh;
    uint32_t *piece = NEW_N(w->a, uint32_t, m->cell_count);
    uint32_t *all = NEW_N(w->a, uint32_t, m->cell_count);
    for (uint32_t c = 0; c < m->cell_count; c++)
        all[c] = c;
    w->g.domain = w->whole;
    uint32_t n = grower_pieces(&w->g, all, m->cell_count, label, piece);
    struct groups cells = groups_of(w->a, m, piece, 0, n);
    uint32_t *largest = NEW_N(w->a, uint32_t, labels);
    memset(largest, 0xFF, labels * sizeof(*largest));
    for (uint32_t p = 0; p < n; p++) {
        uint32_t *best = &largest[label[cells.cells[cells.at[p]]]];
        uint32_t size = cells.at[p + 1] - cells.at[p];
        if (*best == MESH_NONE || size > cells.at[*best + 1] - cells.at[*best])
            *best = p;
    }
    bool changed = false;
    for (uint32_t p = 0; p < n; p++) {
        uint32_t was = label[cells.cells[cells.at[p]]];
        if (largest[was] == p)
            continue;
        uint32_t now = neighbour_label(w, piece, p, &cells, label);
        for (uint32_t i = cells.at[p]; i < cells.at[p + 1]; i++)
            label[cells.cells[i]] = now;
        changed = true;
    }
    return changed;
}

static void districts_label(struct work *w)
{
    struct layers *l = &w->out;
    uint32_t labels = l->reg->first[LEVEL_TOWNSHIP];
    for (uint32_t c = 0; c < l->mesh->cell_count; c++)
        l->district[c] = terrain_district(l->terrain, l->mesh->site[c]);
    for (int i = 0; i < 8 && splinters_merge(w, l->district, labels); i++)
        continue;
    for (uint32_t c = 0; c < l->mesh->cell_count; c++)
        l->district[c] = l->district[c] == 0 ? MESH_NONE : l->district[c];
}

/* The free dry cell of the list nearest to p. */
static uint32_t cell_near(const struct work *w, const uint32_t *cells, uint32_t n, struct xy p,
    const uint32_t *taken, uint32_t taken_n)
{
    uint32_t best = MESH_NONE;
    double best_d = INFINITY;
    for (uint32_t i = 0; i < n; i++) {
        struct xy s = w->out.mesh->site[cells[i]];
        double d = hypot(s.x - p.x, s.y - p.y) + (w->wet[cells[i]] ? 1e7 : 0);
        bool is_free = true;
        for (uint32_t k = 0; k < taken_n && d < best_d; k++)
            is_free = is_free && taken[k] != cells[i];
        if (d < best_d && is_free) {
            best = cells[i];
            best_d = d;
        }
    }
    CHECK(best != MESH_NONE);
    return best;
}

static void divide_district(struct work *w, uint32_t district, const uint32_t *cells, uint32_t n)
{
    struct layers *l = &w->out;
    const struct reg_place *p = &l->reg->at[district];
    uint32_t *seeds = NEW_N(w->a, uint32_t, p->child_count);
    double *wanted = NEW_N(w->a, double, p->child_count);
    for (uint32_t i = 0; i < p->child_count; i++) {
        uint32_t township = p->child_first + i;
        struct xy seat = l->terrain->seat[township - l->reg->first[LEVEL_TOWNSHIP]];
        seeds[i] = cell_near(w, cells, n, seat, seeds, i);
        wanted[i] = l->reg->at[township].child_count + 0.5;
    }
    grower_divide(w->a, &w->g, &(struct dividing){ cells, n, district, p->child_count, seeds,
        wanted, false, false, 30 });
    for (uint32_t i = 0; i < n; i++)
        l->township[cells[i]] = p->child_first + w->g.part[cells[i]];
}

static void townships_label(struct work *w)
{
    struct layers *l = &w->out;
    uint32_t first = l->reg->first[LEVEL_DISTRICT], count = register_size(l->reg, LEVEL_DISTRICT);
    struct groups g = groups_of(w->a, l->mesh, l->district, first, count);
    w->g.domain = l->district;
    for (uint32_t i = 0; i < count; i++)
        divide_district(w, first + i, g.cells + g.at[i], g.at[i + 1] - g.at[i]);
}

/* Parts of somewhat different size with seeds on land; the answer in w->g.part. */
static void divide_evenly(struct work *w, uint32_t domain, const uint32_t *cells, uint32_t n,
    uint32_t count)
{
    uint32_t *seeds = NEW_N(w->a, uint32_t, count), *dry = NEW_N(w->a, uint32_t, n), dry_n = 0;
    double *wanted = NEW_N(w->a, double, count);
    for (uint32_t i = 0; i < n; i++) {
        if (!w->wet[cells[i]])
            dry[dry_n++] = cells[i];
    }
    for (uint32_t i = 0; i < count; i++)
        wanted[i] = 0.8 + 0.5 * rand_unit(w->r);
    if (dry_n >= count)
        grower_seeds(&w->g, w->r, dry, dry_n, count, seeds);
    else
        grower_seeds(&w->g, w->r, cells, n, count, seeds);
    grower_divide(w->a, &w->g, &(struct dividing){ cells, n, domain, count, seeds, wanted, true,
        true, 20 });
}

static void communities_label(struct work *w)
{
    struct layers *l = &w->out;
    uint32_t first = l->reg->first[LEVEL_TOWNSHIP], count = register_size(l->reg, LEVEL_TOWNSHIP);
    struct groups g = groups_of(w->a, l->mesh, l->township, first, count);
    w->g.domain = l->township;
    for (uint32_t i = 0; i < count; i++) {
        const struct reg_place *p = &l->reg->at[first + i];
        divide_evenly(w, first + i, g.cells + g.at[i], g.at[i + 1] - g.at[i], p->child_count);
        for (uint32_t k = g.at[i]; k < g.at[i + 1]; k++)
            l->community[g.cells[k]] = p->child_first + w->g.part[g.cells[k]];
    }
}

/* About as many police grids as communities, somewhat fewer in the largest townships. */
static uint32_t *beats_by_township(struct work *w, uint32_t first, uint32_t count)
{
    const struct reg *reg = w->out.reg;
    uint32_t *beats = NEW_N(w->a, uint32_t, count), sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += beats[i] = reg->at[first + i].child_count;
    for (; sum > DEMO_POLICE_COUNT; sum--) {
        uint32_t most = 0;
        double best = 0;
        for (uint32_t i = 0; i < count; i++) {
            double n = reg->at[first + i].child_count, room = beats[i] / n + n * 1e-4;
            most = beats[i] > 1 && room > best ? i : most;
            best = beats[i] > 1 ? fmax(best, room) : best;
        }
        beats[most]--;
    }
    CHECK(sum == DEMO_POLICE_COUNT);
    return beats;
}

static void police_label(struct work *w)
{
    struct layers *l = &w->out;
    uint32_t first = l->reg->first[LEVEL_TOWNSHIP], count = register_size(l->reg, LEVEL_TOWNSHIP);
    struct groups g = groups_of(w->a, l->mesh, l->township, first, count);
    const uint32_t *beats = beats_by_township(w, first, count);
    l->beats = NEW_N(w->a, uint32_t, DEMO_POLICE_COUNT);
    w->g.domain = l->township;
    for (uint32_t i = 0; i < count; i++) {
        divide_evenly(w, first + i, g.cells + g.at[i], g.at[i + 1] - g.at[i], beats[i]);
        for (uint32_t k = g.at[i]; k < g.at[i + 1]; k++)
            l->police[g.cells[k]] = l->beat_count + w->g.part[g.cells[k]];
        for (uint32_t k = 0; k < beats[i]; k++)
            l->beats[l->beat_count++] = first + i;
    }
}

/* A connected stretch of land or of water inside a community, and how many grids it gets. */
struct patch { uint32_t community, n, grids; bool wet; double weight, area_m2; };
struct patches { struct patch *at; uint32_t *of, count; struct groups cells; };

static struct patches patches_find(struct work *w)
{
    struct layers *l = &w->out;
    const struct mesh *m = l->mesh;
    struct groups city = groups_of(w->a, m, l->community, 0, l->reg->count);
    struct patches p = { .of = NEW_N(w->a, uint32_t, m->cell_count) };
    memset(p.of, 0xFF, m->cell_count * sizeof(*p.of));
    w->g.domain = l->community;
    p.count = grower_pieces(&w->g, city.cells, city.at[l->reg->count], w->wet, p.of);
    p.at = NEW_N(w->a, struct patch, p.count);
    p.cells = groups_of(w->a, m, p.of, 0, p.count);
    for (uint32_t i = 0; i < city.at[l->reg->count]; i++) {
        uint32_t c = city.cells[i];
        struct patch *at = &p.at[p.of[c]];
        at->community = l->community[c];
        at->wet = w->wet[c];
        at->n++;
        at->weight += w->weight[c];
        at->area_m2 += m->area_m2[c];
    }
    return p;
}

static void patch_turn(struct work *w, const struct patches *p, uint32_t i, bool wet)
{
    for (uint32_t k = p->cells.at[i]; k < p->cells.at[i + 1]; k++)
        w->wet[p->cells.cells[k]] = wet;
}

/* Ponds become land, and islets water, so that every patch is worth a grid. */
static void patches_tidy(struct work *w)
{
    enum { CELLS_MIN = 3, LAKE_M2_MIN = 200000 };
    struct patches p = patches_find(w);
    for (uint32_t i = 0; i < p.count; i++) {
        if (p.at[i].wet && (p.at[i].n < CELLS_MIN || p.at[i].area_m2 < LAKE_M2_MIN))
            patch_turn(w, &p, i, false);
    }
    p = patches_find(w);
    uint32_t *land = NEW_N(w->a, uint32_t, w->out.reg->count); /* largest patch + 1 */
    for (uint32_t i = 0; i < p.count; i++) {
        uint32_t *best = &land[p.at[i].community];
        if (!p.at[i].wet && (*best == 0 || p.at[i].n > p.at[*best - 1].n))
            *best = i + 1;
    }
    for (uint32_t i = 0; i < p.count; i++) {
        if (land[p.at[i].community] == 0)
            patch_turn(w, &p, i, false);
        else if (!p.at[i].wet && p.at[i].n < CELLS_MIN && land[p.at[i].community] != i + 1)
            patch_turn(w, &p, i, true);
    }
}

/* The patch that would have the most people in each grid after one more; limited to communities
 * with fewer than most grids so far. */
static struct patch *patch_neediest(struct patches *p, const uint32_t *have, uint32_t most)
{
    struct patch *best = NULL;
    for (uint32_t i = 0; i < p->count; i++) {
        struct patch *q = &p->at[i];
        if (!q->wet && 2 * q->grids < q->n && have[q->community] < most
            && (best == NULL || q->weight / q->grids > best->weight / best->grids))
            best = q;
    }
    return best;
}

/* Every patch one grid, every community five, and the rest where most people live. */
static void grids_allot(struct work *w, struct patches *p)
{
    enum { USUAL = 5 };
    uint32_t *have = NEW_N(w->a, uint32_t, w->out.reg->count), sum = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        p->at[i].grids = 1;
        have[p->at[i].community] += !p->at[i].wet;
        sum++;
    }
    bool more = true;
    while (more) {
        more = false;
        for (uint32_t i = 0; i < p->count; i++) {
            struct patch *q = &p->at[i];
            if (!q->wet && have[q->community] < USUAL && 2 * q->grids < q->n) {
                q->grids++;
                have[q->community]++;
                sum++;
                more = true;
            }
        }
    }
    CHECK(sum <= DEMO_GRID_COUNT);
    for (uint32_t most = USUAL + 2; sum < DEMO_GRID_COUNT; sum++) {
        struct patch *q = patch_neediest(p, have, most);
        while (q == NULL)
            q = patch_neediest(p, have, ++most);
        q->grids++;
        have[q->community]++;
    }
}

static enum demo_grid_kind dedicated_kind(struct rand *r)
{
    static const enum demo_grid_kind kinds[] = { DEMO_GRID_SCHOOL, DEMO_GRID_SCHOOL,
        DEMO_GRID_MARKET, DEMO_GRID_COMPANY, DEMO_GRID_COMPANY, DEMO_GRID_HOSPITAL };
    return kinds[rand_below(r, COUNT_OF(kinds))];
}

static void patch_divide(struct work *w, const struct patches *p, uint32_t i)
{
    static const double DEDICATED_M2_MAX = 4e6;
    struct layers *l = &w->out;
    const struct patch *q = &p->at[i];
    const uint32_t *cells = p->cells.cells + p->cells.at[i];
    uint32_t *seeds = NEW_N(w->a, uint32_t, q->grids);
    double *wanted = NEW_N(w->a, double, q->grids);
    bool dedicated = !q->wet && q->grids > 4 && q->area_m2 < DEDICATED_M2_MAX
        && rand_below(w->r, 10) < 4;
    for (uint32_t k = 0; k < q->grids; k++)
        wanted[k] = k == 0 && dedicated ? 0.4 : 0.85 + 0.4 * rand_unit(w->r);
    grower_seeds(&w->g, w->r, cells, q->n, q->grids, seeds);
    grower_divide(w->a, &w->g, &(struct dividing){ cells, q->n, i, q->grids, seeds, wanted, true,
        false, 12 });
    for (uint32_t k = 0; k < q->n; k++)
        l->grid[cells[k]] = l->plot_count + w->g.part[cells[k]];
    for (uint32_t k = 0; k < q->grids; k++)
        l->plots[l->plot_count++] = (struct plot){ q->community, q->wet ? DEMO_GRID_WATER
            : k == 0 && dedicated ? dedicated_kind(w->r) : DEMO_GRID_BASE };
}

static void grids_label(struct work *w)
{
    patches_tidy(w);
    struct patches p = patches_find(w);
    grids_allot(w, &p);
    w->out.plots = NEW_N(w->a, struct plot, DEMO_GRID_COUNT);
    w->g.domain = p.of;
    for (uint32_t i = 0; i < p.count; i++)
        patch_divide(w, &p, i);
    CHECK(w->out.plot_count == DEMO_GRID_COUNT);
}

/* As many as there are people for: a grid of usual weight has three or four. */
static uint32_t micros_wanted(const struct work *w, const uint32_t *cells, uint32_t n)
{
    enum { FEWEST = 2, MOST = 5 };
    static const double PER_WEIGHT = 3.4;
    double weight = 0;
    for (uint32_t i = 0; i < n; i++)
        weight += w->weight[cells[i]];
    uint32_t wanted = (uint32_t)fmin(fmax(round(weight * PER_WEIGHT), FEWEST), MOST);
    return wanted < n ? wanted : n;
}

static void micros_label(struct work *w)
{
    struct layers *l = &w->out;
    struct groups g = groups_of(w->a, l->mesh, l->grid, 0, l->plot_count);
    l->micro_plots = NEW_N(w->a, uint32_t, g.at[l->plot_count]);
    w->g.domain = l->grid;
    for (uint32_t i = 0; i < l->plot_count; i++) {
        const uint32_t *cells = g.cells + g.at[i];
        uint32_t n = g.at[i + 1] - g.at[i], count = micros_wanted(w, cells, n);
        divide_evenly(w, i, cells, n, count);
        for (uint32_t k = 0; k < n; k++)
            l->micro[cells[k]] = l->micro_count + w->g.part[cells[k]];
        for (uint32_t k = 0; k < count; k++)
            l->micro_plots[l->micro_count++] = i;
    }
}

static uint32_t *labels_new(struct arena *a, const struct mesh *m)
{
    uint32_t *label = NEW_N(a, uint32_t, m->cell_count);
    memset(label, 0xFF, m->cell_count * sizeof(*label));
    return label;
}

static void cells_weigh(struct work *w)
{
    static const double WATER_DRAG = 30;
    const struct mesh *m = w->out.mesh;
    double *drag = NEW_N(w->a, double, m->cell_count);
    w->weight = NEW_N(w->a, double, m->cell_count);
    w->wet = NEW_N(w->a, uint32_t, m->cell_count);
    w->whole = NEW_N(w->a, uint32_t, m->cell_count);
    for (uint32_t c = 0; c < m->cell_count; c++) {
        w->wet[c] = terrain_is_water(w->out.terrain, m->site[c]);
        w->weight[c] = m->area_m2[c] * terrain_density(w->out.terrain, m->site[c]);
        drag[c] = w->wet[c] ? WATER_DRAG : 1;
    }
    w->g = grower_new(w->a, m, w->weight, drag, w->whole);
}

struct layers layers_make(struct arena *a, const struct reg *reg, const struct terrain *t,
    struct mesh *m, struct rand *r)
{
    struct work w = { .out = { .reg = reg, .terrain = t, .mesh = m }, .a = a, .r = r };
    w.out.district = labels_new(a, m);
    w.out.township = labels_new(a, m);
    w.out.community = labels_new(a, m);
    w.out.grid = labels_new(a, m);
    w.out.micro = labels_new(a, m);
    w.out.police = labels_new(a, m);
    cells_weigh(&w);
    districts_label(&w);
    townships_label(&w);
    communities_label(&w);
    police_label(&w);
    grids_label(&w);
    micros_label(&w);
    return w.out;
}
