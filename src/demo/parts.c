/* parts.c: regions grow from seeds, nearest cell first; parts that came out too large count
 * distance dearer in the next round. */
#include "demo/parts.h"
#include <math.h>

/* Waves of different lengths across each other: moves a place by up to 800 m, so that the border
 * between two seeds winds instead of running along a circle. */
static struct xy bent(struct xy p)
{
    double dx = 500 * sin(p.y / 1900 + 1.3 * sin(p.x / 2700)) + 200 * sin(p.y / 610 + p.x / 830);
    double dy = 500 * sin(p.x / 2100 + 1.1 * sin(p.y / 2500)) + 200 * sin(p.x / 570 - p.y / 790);
    return (struct xy){ p.x + dx, p.y + dy };
}

struct grower grower_new(struct arena *a, const struct mesh *m, const double *weight,
    const double *drag, const uint32_t *domain)
{
    struct grower g = { .mesh = m, .weight = weight, .drag = drag, .domain = domain,
        .heap_max = m->wall_count + m->cell_count };
    struct xy *place = NEW_N(a, struct xy, m->cell_count);
    for (uint32_t c = 0; c < m->cell_count; c++)
        place[c] = bent(m->site[c]);
    g.place = place;
    g.part = NEW_N(a, uint32_t, m->cell_count);
    g.heap = NEW_N(a, struct heap_entry, g.heap_max);
    return g;
}

static void heap_push(struct grower *g, struct heap_entry e)
{
    CHECK(g->heap_n < g->heap_max);
    size_t i = g->heap_n++;
    for (; i > 0 && g->heap[(i - 1) / 2].cost > e.cost; i = (i - 1) / 2)
        g->heap[i] = g->heap[(i - 1) / 2];
    g->heap[i] = e;
}

static struct heap_entry heap_pop(struct grower *g)
{
    struct heap_entry top = g->heap[0], last = g->heap[--g->heap_n];
    size_t i = 0;
    for (size_t k = 1; k < g->heap_n; k = 2 * i + 1) {
        if (k + 1 < g->heap_n && g->heap[k + 1].cost < g->heap[k].cost)
            k++;
        if (g->heap[k].cost >= last.cost)
            break;
        g->heap[i] = g->heap[k];
        i = k;
    }
    g->heap[i] = last;
    return top;
}

static double distance2(const struct grower *g, uint32_t a, uint32_t b)
{
    double dx = g->place[a].x - g->place[b].x, dy = g->place[a].y - g->place[b].y;
    return dx * dx + dy * dy;
}

static void flood_around(struct grower *g, const struct dividing *d, const double *dear,
    uint32_t cell, uint32_t part)
{
    const struct mesh *m = g->mesh;
    for (uint32_t w = m->wall_at[cell]; w < m->wall_at[cell + 1]; w++) {
        uint32_t next = m->other[w];
        if (next == MESH_NONE || g->domain[next] != d->domain || g->part[next] != MESH_NONE)
            continue;
        double cost = dear[part] * g->drag[next] * distance2(g, d->seeds[part], next);
        if (d->whole_lakes && g->drag[cell] > 1 && g->drag[next] > 1)
            cost = 0;
        heap_push(g, (struct heap_entry){ cost, next, part });
    }
}

/* All cells to parts; dear scales each part's distances. */
static void flood(struct grower *g, const struct dividing *d, const double *dear)
{
    uint32_t done = 0;
    for (uint32_t i = 0; i < d->n; i++)
        g->part[d->cells[i]] = MESH_NONE;
    g->heap_n = 0;
    for (uint32_t p = 0; p < d->count; p++) {
        CHECK(g->part[d->seeds[p]] == MESH_NONE);
        g->part[d->seeds[p]] = p;
        done++;
    }
    for (uint32_t p = 0; p < d->count; p++)
        flood_around(g, d, dear, d->seeds[p], p);
    while (g->heap_n > 0) {
        struct heap_entry e = heap_pop(g);
        if (g->part[e.cell] != MESH_NONE)
            continue;
        g->part[e.cell] = e.part;
        done++;
        flood_around(g, d, dear, e.cell, e.part);
    }
    CHECK(done == d->n);
}

struct tally { double size, x, y, nearest; uint32_t cell; };

static void tally_parts(const struct grower *g, const struct dividing *d, struct tally *t)
{
    memset(t, 0, d->count * sizeof(*t));
    for (uint32_t i = 0; i < d->n; i++) {
        uint32_t c = d->cells[i];
        struct tally *p = &t[g->part[c]];
        p->size += g->weight[c];
        p->x += g->weight[c] * g->mesh->site[c].x;
        p->y += g->weight[c] * g->mesh->site[c].y;
    }
}

/* Each seed to the cell of its part that is nearest to the part's centre of mass. */
static void seeds_move(const struct grower *g, const struct dividing *d, struct tally *t)
{
    for (uint32_t p = 0; p < d->count; p++)
        t[p].nearest = INFINITY;
    for (uint32_t i = 0; i < d->n; i++) {
        uint32_t c = d->cells[i];
        struct tally *p = &t[g->part[c]];
        double d2 = hypot(g->mesh->site[c].x - p->x / p->size, g->mesh->site[c].y - p->y / p->size);
        if (d2 < p->nearest) {
            p->nearest = d2;
            d->seeds[g->part[c]] = c;
        }
    }
}

/* A part squeezed into a corner starts afresh at the far end of the roomiest one. */
static void seed_rescue(const struct grower *g, const struct dividing *d, double *much,
    double *dear, uint32_t squeezed)
{
    uint32_t roomiest = 0;
    double farthest = 0;
    for (uint32_t p = 1; p < d->count; p++)
        roomiest = much[p] > much[roomiest] ? p : roomiest;
    uint32_t from = d->seeds[roomiest];
    for (uint32_t i = 0; i < d->n; i++) {
        uint32_t c = d->cells[i];
        double d2 = g->part[c] == roomiest ? distance2(g, from, c) / g->drag[c] : 0;
        if (d2 > farthest) {
            farthest = d2;
            d->seeds[squeezed] = c;
        }
    }
    g->part[d->seeds[squeezed]] = squeezed; /* taken: the next to be rescued looks elsewhere */
    dear[squeezed] = dear[roomiest];
    much[squeezed] = much[roomiest] /= 2;
}

static void squeezed_rescue(const struct grower *g, const struct dividing *d, double *much,
    double *dear)
{
    enum { A_ROUND = 3 };
    static const double SQUEEZED = 0.25;
    for (int i = 0; i < A_ROUND; i++) {
        uint32_t least = 0;
        for (uint32_t p = 1; p < d->count; p++)
            least = much[p] < much[least] ? p : least;
        if (much[least] < SQUEEZED)
            seed_rescue(g, d, much, dear, least);
    }
}

void grower_divide(struct arena *scratch, struct grower *g, const struct dividing *d)
{
    enum { LAST_ROUNDS = 4 }; /* without rescues */
    struct tally *t = NEW_N(scratch, struct tally, d->count);
    double *dear = NEW_N(scratch, double, d->count), all = 0, wanted = 0;
    double *much = NEW_N(scratch, double, d->count);
    for (uint32_t i = 0; i < d->n; i++)
        all += g->weight[d->cells[i]];
    for (uint32_t p = 0; p < d->count; p++) {
        dear[p] = 1;
        wanted += d->wanted[p];
    }
    flood(g, d, dear);
    for (int round = 0; round < d->rounds && d->count > 1; round++) {
        tally_parts(g, d, t);
        for (uint32_t p = 0; p < d->count; p++) {
            much[p] = t[p].size / all / (d->wanted[p] / wanted);
            dear[p] *= fmin(fmax(sqrt(much[p]), 0.6), 1.7);
            dear[p] = fmin(fmax(dear[p], 0.02), 50);
        }
        if (d->move)
            seeds_move(g, d, t);
        if (d->move && round < d->rounds - LAST_ROUNDS)
            squeezed_rescue(g, d, much, dear);
        flood(g, d, dear);
    }
}

void grower_seeds(struct grower *g, struct rand *r, const uint32_t *cells, uint32_t n,
    uint32_t count, uint32_t *ret)
{
    enum { TRIES = 6 };
    CHECK(count <= n);
    for (uint32_t i = 0; i < n; i++)
        g->part[cells[i]] = 0;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t best = MESH_NONE;
        double best_d2 = -1;
        for (int try = 0; try < TRIES || best == MESH_NONE; try++) {
            uint32_t c = cells[rand_below(r, n)];
            double d2 = INFINITY;
            for (uint32_t j = 0; j < k; j++)
                d2 = fmin(d2, distance2(g, c, ret[j]));
            if (g->part[c] == 0 && d2 > best_d2) {
                best = c;
                best_d2 = d2;
            }
        }
        ret[k] = best;
        g->part[best] = 1;
    }
}

uint32_t grower_pieces(struct grower *g, const uint32_t *cells, uint32_t n, const uint32_t *label,
    uint32_t *piece)
{
    const struct mesh *m = g->mesh;
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++)
        piece[cells[i]] = MESH_NONE;
    for (uint32_t i = 0; i < n; i++) {
        if (piece[cells[i]] != MESH_NONE)
            continue;
        uint32_t depth = 0;
        piece[g->part[depth++] = cells[i]] = count;
        while (depth > 0) {
            uint32_t c = g->part[--depth];
            for (uint32_t w = m->wall_at[c]; w < m->wall_at[c + 1]; w++) {
                uint32_t next = m->other[w];
                if (next != MESH_NONE && g->domain[next] == g->domain[c]
                    && label[next] == label[c] && piece[next] == MESH_NONE)
                    piece[g->part[depth++] = next] = count;
            }
        }
        count++;
    }
    return count;
}
