/* mesh.c: from sites to cells with shared walls. */
#define GEOS_USE_ONLY_R_API
#include "demo/mesh.h"
#include <geos_c.h>
#include <math.h>

/* Open addressing from a 64-bit key to a number. */
struct slots { uint64_t *key; uint32_t *value; size_t mask; };
static const uint64_t KEY_FREE = UINT64_MAX;

static struct slots table_new(struct arena *a, size_t room)
{
    size_t size = 16;
    while (size < room * 2)
        size *= 2;
    struct slots t = { NEW_N(a, uint64_t, size), NEW_N(a, uint32_t, size), size - 1 };
    memset(t.key, 0xFF, size * sizeof(*t.key));
    return t;
}

/* The slot of key, free or taken. */
static size_t table_slot(const struct slots *t, uint64_t key)
{
    uint64_t h = key * UINT64_C(0x9E3779B97F4A7C15);
    size_t i = (size_t)(h ^ h >> 29) & t->mask;
    while (t->key[i] != KEY_FREE && t->key[i] != key)
        i = (i + 1) & t->mask;
    return i;
}

/* Outlines are given in 1e-7 degrees (about a centimetre); vertices closer than that are one. */
static uint64_t vertex_key(struct xy p)
{
    struct geo_point g = degrees_of(p);
    uint32_t x = (uint32_t)(int32_t)lround(g.lon * 1e7), y = (uint32_t)(int32_t)lround(g.lat * 1e7);
    return (uint64_t)x << 32 | y;
}

static struct xy key_point(uint64_t key)
{
    return plane_of((struct geo_point){ (int32_t)(uint32_t)(key >> 32) / 1e7,
        (int32_t)(uint32_t)key / 1e7 });
}

/* The diagram as GEOS gives it: polygons in no known order. */
struct diagram { GEOSContextHandle_t geos; GEOSGeometry *cells; };

static void diagram_end(struct diagram *d)
{
    GEOSGeom_destroy_r(d->geos, d->cells);
    GEOS_finish_r(d->geos);
}

static struct diagram diagram_make(struct sites s)
{
    struct diagram d = { .geos = GEOS_init_r() };
    CHECK(s.n <= UINT32_MAX);
    GEOSCoordSequence *seq = GEOSCoordSeq_copyFromBuffer_r(d.geos, (const double *)s.at,
        (unsigned)s.n, 0, 0);
    GEOSGeometry *line = GEOSGeom_createLineString_r(d.geos, seq);
    d.cells = GEOSVoronoiDiagram_r(d.geos, line, NULL, 0, 0);
    GEOSGeom_destroy_r(d.geos, line);
    CHECK(d.cells && GEOSGetNumGeometries_r(d.geos, d.cells) == (int)s.n);
    return d;
}

/* Sites by buckets, to find which one a cell belongs to: the one nearest to its centre of mass,
 * because that lies inside the cell. */
struct finder {
    const struct sites *s;
    uint32_t *head, *next;
    size_t columns, rows;
    struct xy low;
};
enum { FINDER_M = 300 };

static size_t cut_to(double v, size_t count)
{
    return v <= 0 ? 0 : v >= (double)count ? count - 1 : (size_t)v;
}

static struct finder finder_new(struct arena *a, const struct sites *s)
{
    struct finder f = { .s = s, .low = { INFINITY, INFINITY } };
    struct xy high = { -INFINITY, -INFINITY };
    for (size_t i = 0; i < s->n; i++) {
        f.low = (struct xy){ fmin(f.low.x, s->at[i].x), fmin(f.low.y, s->at[i].y) };
        high = (struct xy){ fmax(high.x, s->at[i].x), fmax(high.y, s->at[i].y) };
    }
    f.columns = (size_t)((high.x - f.low.x) / FINDER_M) + 1;
    f.rows = (size_t)((high.y - f.low.y) / FINDER_M) + 1;
    f.head = NEW_N(a, uint32_t, f.columns * f.rows);
    f.next = NEW_N(a, uint32_t, s->n);
    memset(f.head, 0xFF, f.columns * f.rows * sizeof(*f.head));
    for (uint32_t i = 0; i < s->n; i++) {
        uint32_t *head = &f.head[cut_to((s->at[i].y - f.low.y) / FINDER_M, f.rows) * f.columns
            + cut_to((s->at[i].x - f.low.x) / FINDER_M, f.columns)];
        f.next[i] = *head;
        *head = i;
    }
    return f;
}

static uint32_t finder_nearest(const struct finder *f, struct xy p)
{
    size_t c = cut_to((p.x - f->low.x) / FINDER_M, f->columns);
    size_t r = cut_to((p.y - f->low.y) / FINDER_M, f->rows);
    uint32_t best = MESH_NONE;
    double best_d2 = INFINITY;
    for (size_t ring = 1; ring < f->columns + f->rows; ring *= 2) {
        for (size_t y = r > ring ? r - ring : 0; y <= r + ring && y < f->rows; y++) {
            for (size_t x = c > ring ? c - ring : 0; x <= c + ring && x < f->columns; x++) {
                for (uint32_t i = f->head[y * f->columns + x]; i != MESH_NONE; i = f->next[i]) {
                    double dx = f->s->at[i].x - p.x, dy = f->s->at[i].y - p.y;
                    double d2 = dx * dx + dy * dy;
                    best = d2 < best_d2 ? i : best;
                    best_d2 = fmin(d2, best_d2);
                }
            }
        }
        double seen = (double)ring * FINDER_M;
        if (best_d2 <= seen * seen)
            break;
    }
    return best;
}

struct polygon { struct xy *at; unsigned n; }; /* closed */

static struct polygon cell_points(const struct diagram *d, int i, struct polygon room)
{
    unsigned n;
    const GEOSGeometry *shell = GEOSGetExteriorRing_r(d->geos, GEOSGetGeometryN_r(d->geos,
        d->cells, i));
    const GEOSCoordSequence *seq = GEOSGeom_getCoordSeq_r(d->geos, shell);
    CHECK(GEOSCoordSeq_getSize_r(d->geos, seq, &n) && n >= 4 && n <= room.n);
    CHECK(GEOSCoordSeq_copyToBuffer_r(d->geos, seq, (double *)room.at, 0, 0));
    return (struct polygon){ room.at, n };
}

/* Twice the area, counter-clockwise positive; the centre of mass in *ret. */
static double polygon_turn(struct polygon p, struct xy *ret)
{
    double twice = 0, x = 0, y = 0;
    for (unsigned i = 1; i < p.n; i++) {
        double ax = p.at[i - 1].x - p.at[0].x, ay = p.at[i - 1].y - p.at[0].y;
        double bx = p.at[i].x - p.at[0].x, by = p.at[i].y - p.at[0].y, w = ax * by - bx * ay;
        twice += w;
        x += w * (ax + bx);
        y += w * (ay + by);
    }
    *ret = (struct xy){ p.at[0].x + x / (3 * twice), p.at[0].y + y / (3 * twice) };
    return twice;
}

enum { CELL_POINTS_MAX = 4096, WALLS_PER_CELL_MAX = 8 };

/* What is gathered while cells come in any order: vertices by number, walls by cell. */
struct gather {
    struct mesh *m;
    struct slots vertices;
    uint32_t *first, *count;    /* of each cell in list */
    uint32_t *list;             /* vertex numbers */
    size_t listed, list_max;
};

static uint32_t vertex_number(struct gather *g, struct xy p)
{
    uint64_t key = vertex_key(p);
    size_t slot = table_slot(&g->vertices, key);
    if (g->vertices.key[slot] == KEY_FREE) {
        g->vertices.key[slot] = key;
        g->vertices.value[slot] = g->m->vertex_count;
        g->m->vertex[g->m->vertex_count++] = key_point(key);
    }
    return g->vertices.value[slot];
}

static void gather_cell(struct gather *g, uint32_t cell, struct polygon p, bool turned)
{
    CHECK(cell != MESH_NONE && g->count[cell] == 0 && g->listed + p.n <= g->list_max);
    uint32_t *out = g->list + g->listed, n = 0;
    for (unsigned i = 1; i < p.n; i++) {
        uint32_t v = vertex_number(g, p.at[turned ? p.n - i : i]);
        if (n == 0 || out[n - 1] != v)
            out[n++] = v;
    }
    while (n > 1 && out[n - 1] == out[0])
        n--;
    CHECK(n >= 3);
    g->first[cell] = (uint32_t)g->listed;
    g->count[cell] = n;
    g->listed += n;
}

static struct gather gather_all(struct arena *a, struct mesh *m, struct sites s)
{
    struct gather g = { .m = m, .list_max = s.n * WALLS_PER_CELL_MAX };
    g.vertices = table_new(a, s.n * 3);
    g.first = NEW_N(a, uint32_t, s.n);
    g.count = NEW_N(a, uint32_t, s.n);
    g.list = NEW_N(a, uint32_t, g.list_max);
    struct finder f = finder_new(a, &s);
    struct diagram d CLEANUP(diagram_end) = diagram_make(s);
    struct polygon room = { NEW_N(a, struct xy, CELL_POINTS_MAX), CELL_POINTS_MAX };
    for (int i = 0; i < (int)s.n; i++) {
        struct polygon p = cell_points(&d, i, room);
        struct xy middle;
        double turn = polygon_turn(p, &middle);
        gather_cell(&g, finder_nearest(&f, middle), p, turn < 0);
    }
    return g;
}

static void walls_pair(struct arena *a, struct mesh *m)
{
    struct slots t = table_new(a, m->wall_count);
    uint32_t *cell_of = NEW_N(a, uint32_t, m->wall_count);
    for (uint32_t c = 0; c < m->cell_count; c++) {
        for (uint32_t w = m->wall_at[c]; w < m->wall_at[c + 1]; w++) {
            size_t slot = table_slot(&t, (uint64_t)m->from[w] << 32 | m->to[w]);
            t.key[slot] = (uint64_t)m->from[w] << 32 | m->to[w];
            t.value[slot] = w;
            cell_of[w] = c;
        }
    }
    for (uint32_t w = 0; w < m->wall_count; w++) {
        size_t slot = table_slot(&t, (uint64_t)m->to[w] << 32 | m->from[w]);
        m->other[w] = t.key[slot] == KEY_FREE ? MESH_NONE : cell_of[t.value[slot]];
    }
}

static void areas_measure(struct mesh *m)
{
    for (uint32_t c = 0; c < m->cell_count; c++) {
        double twice = 0;
        struct xy s = m->site[c];
        for (uint32_t w = m->wall_at[c]; w < m->wall_at[c + 1]; w++) {
            struct xy p = m->vertex[m->from[w]], q = m->vertex[m->to[w]];
            twice += (p.x - s.x) * (q.y - s.y) - (q.x - s.x) * (p.y - s.y);
        }
        m->area_m2[c] = twice / 2;
    }
}

struct mesh mesh_build(struct arena *a, struct sites s)
{
    struct mesh m = { .cell_count = (uint32_t)s.n, .site = s.at };
    m.vertex = NEW_N(a, struct xy, s.n * 3);
    struct gather g = gather_all(a, &m, s);
    m.wall_count = (uint32_t)g.listed;
    m.wall_at = NEW_N(a, uint32_t, s.n + 1);
    m.from = NEW_N(a, uint32_t, g.listed);
    m.to = NEW_N(a, uint32_t, g.listed);
    m.other = NEW_N(a, uint32_t, g.listed);
    m.area_m2 = NEW_N(a, double, s.n);
    uint32_t at = 0;
    for (uint32_t c = 0; c < m.cell_count; c++) {
        m.wall_at[c] = at;
        for (uint32_t i = 0; i < g.count[c]; i++) {
            m.from[at] = g.list[g.first[c] + i];
            m.to[at++] = g.list[g.first[c] + (i + 1) % g.count[c]];
        }
    }
    m.wall_at[m.cell_count] = at;
    walls_pair(a, &m);
    areas_measure(&m);
    return m;
}

/* Walls by the vertex they start from. */
struct spokes { uint32_t *at, *wall, *cell; };

static struct spokes spokes_of(struct arena *a, const struct mesh *m)
{
    struct spokes s = { NEW_N(a, uint32_t, m->vertex_count + 1), NEW_N(a, uint32_t, m->wall_count),
        NEW_N(a, uint32_t, m->wall_count) };
    for (uint32_t w = 0; w < m->wall_count; w++)
        s.at[m->from[w]]++;
    for (uint32_t v = 1; v <= m->vertex_count; v++)
        s.at[v] += s.at[v - 1];
    for (uint32_t c = 0; c < m->cell_count; c++) {
        for (uint32_t w = m->wall_at[c]; w < m->wall_at[c + 1]; w++) {
            uint32_t i = --s.at[m->from[w]];
            s.wall[i] = w;
            s.cell[i] = c;
        }
    }
    return s;
}

/* Each triangle from the site to a wall keeps at least this much. */
static const double TRIANGLE_MIN_M2 = 20;

static bool cell_is_star(const struct mesh *m, uint32_t c)
{
    struct xy s = m->site[c];
    for (uint32_t w = m->wall_at[c]; w < m->wall_at[c + 1]; w++) {
        struct xy p = m->vertex[m->from[w]], q = m->vertex[m->to[w]];
        double twice = (p.x - s.x) * (q.y - s.y) - (q.x - s.x) * (p.y - s.y);
        if (twice < 2 * fmin(TRIANGLE_MIN_M2, hypot(q.x - p.x, q.y - p.y)))
            return false;
    }
    return true;
}

/* The far ends of the two walls that matter most at v; false when v is a corner of three. */
static bool through_line(const struct mesh *m, const struct spokes *s, const uint8_t *rank,
    uint32_t v, uint32_t ends[2])
{
    for (uint8_t level = 8; level > 0; level--) {
        unsigned n = 0;
        for (uint32_t i = s->at[v]; i < s->at[v + 1]; i++) {
            if (rank[s->wall[i]] >= level) {
                ends[n < 2 ? n : 1] = m->to[s->wall[i]];
                n++;
            }
        }
        if (n)
            return n == 2;
    }
    return false;
}

static void vertex_move(struct mesh *m, const struct spokes *s, uint32_t v, struct xy to)
{
    struct xy old = m->vertex[v];
    m->vertex[v] = to;
    for (uint32_t i = s->at[v]; i < s->at[v + 1]; i++) {
        if (!cell_is_star(m, s->cell[i])) {
            m->vertex[v] = old;
            return;
        }
    }
}

void mesh_smooth(struct arena *scratch, struct mesh *m, const uint8_t *rank, int rounds)
{
    struct spokes s = spokes_of(scratch, m);
    for (int round = 0; round < rounds; round++) {
        for (uint32_t v = 0; v < m->vertex_count; v++) {
            uint32_t ends[2];
            if (!through_line(m, &s, rank, v, ends))
                continue;
            struct xy p = m->vertex[v], a = m->vertex[ends[0]], b = m->vertex[ends[1]];
            vertex_move(m, &s, v, (struct xy){ 0.4 * p.x + 0.3 * (a.x + b.x),
                0.4 * p.y + 0.3 * (a.y + b.y) });
        }
    }
    areas_measure(m);
}
