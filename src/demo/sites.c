/* sites.c: variable-density dart throwing over a lattice of buckets. */
#include "demo/sites.h"
#include <math.h>

enum { BUCKET_M = 200, MARGIN_M = 6000, SITES_MAX = 300000, NO_SITE = -1 };
static const double CELLS_PER_GRID = 6.0;
static const double LAND_GAP_MAX_M = 420, LAND_GAP_MIN_M = 90, WATER_GAP_M = 550;

struct board {
    struct sites sites;
    int32_t *head, *next;       /* of each bucket; of each site */
    size_t columns, rows;
    struct xy low;
};

static size_t clamped(double v, size_t count)
{
    return v <= 0 ? 0 : v >= (double)count ? count - 1 : (size_t)v;
}

static bool is_free(const struct board *b, struct xy p, double gap_m)
{
    size_t c0 = clamped((p.x - gap_m - b->low.x) / BUCKET_M, b->columns);
    size_t c1 = clamped((p.x + gap_m - b->low.x) / BUCKET_M, b->columns);
    size_t r0 = clamped((p.y - gap_m - b->low.y) / BUCKET_M, b->rows);
    size_t r1 = clamped((p.y + gap_m - b->low.y) / BUCKET_M, b->rows);
    for (size_t r = r0; r <= r1; r++) {
        for (size_t c = c0; c <= c1; c++) {
            for (int32_t i = b->head[r * b->columns + c]; i != NO_SITE; i = b->next[i]) {
                double dx = b->sites.at[i].x - p.x, dy = b->sites.at[i].y - p.y;
                if (dx * dx + dy * dy < gap_m * gap_m)
                    return false;
            }
        }
    }
    return true;
}

static void put(struct board *b, struct xy p)
{
    size_t at = clamped((p.y - b->low.y) / BUCKET_M, b->rows) * b->columns
        + clamped((p.x - b->low.x) / BUCKET_M, b->columns);
    CHECK(b->sites.n < SITES_MAX);
    b->sites.at[b->sites.n] = p;
    b->next[b->sites.n] = b->head[at];
    b->head[at] = (int32_t)b->sites.n++;
}

static bool put_if_free(struct board *b, struct xy p, double gap_m)
{
    bool free = is_free(b, p, gap_m);
    if (free)
        put(b, p);
    return free;
}

static double gap_at(const struct terrain *t, struct xy p)
{
    if (terrain_is_water(t, p))
        return WATER_GAP_M;
    double gap = sqrt(0.65 / (CELLS_PER_GRID * terrain_density(t, p)));
    return fmin(fmax(gap, LAND_GAP_MIN_M), LAND_GAP_MAX_M);
}

/* Pairs of sites mirrored at a stretch of outline; a metre of noise keeps any four of them from
 * lying on one circle, where the diagram would have walls of length zero. */
static void border_put(struct board *b, const struct terrain *t, struct segment s, struct rand *r)
{
    double dx = s.b.x - s.a.x, dy = s.b.y - s.a.y, length = hypot(dx, dy);
    double step = fmin(fmax(0.9 * gap_at(t, s.a), 100), 240);
    int pairs = (int)fmax(1, round(length / step));
    double off = 0.3 * fmin(length / pairs, 200);
    for (int i = 0; i < pairs; i++) {
        double k = (i + 0.5) / pairs, nx = -dy / length * off, ny = dx / length * off;
        struct xy m = { s.a.x + k * dx + rand_unit(r), s.a.y + k * dy + rand_unit(r) };
        struct xy left = { m.x + nx + rand_unit(r), m.y + ny + rand_unit(r) };
        struct xy right = { m.x - nx + rand_unit(r), m.y - ny + rand_unit(r) };
        double gap = fmax(1.2 * off, SITE_GAP_M);
        if (is_free(b, left, gap) && is_free(b, right, gap)) {
            put(b, left);
            put_if_free(b, right, SITE_GAP_M);
        }
    }
}

/* Enough darts in each tile that few more would find room. */
static void tile_fill(struct board *b, const struct terrain *t, struct xy corner, struct rand *r)
{
    struct xy middle = { corner.x + TILE_M / 2.0, corner.y + TILE_M / 2.0 };
    double gap = gap_at(t, middle);
    int darts = (int)ceil(6 * 0.7 * TILE_M * TILE_M / (gap * gap)) + 2;
    for (int i = 0; i < darts; i++) {
        struct xy p = { corner.x + rand_unit(r) * TILE_M, corner.y + rand_unit(r) * TILE_M };
        if (terrain_district(t, p))
            put_if_free(b, p, gap_at(t, p));
    }
}

static void fence_put(struct board *b, const struct terrain *t, struct rand *r)
{
    enum { FENCE_M = 1500 };
    for (double y = b->low.y; y < t->high.y + MARGIN_M; y += FENCE_M) {
        for (double x = b->low.x; x < t->high.x + MARGIN_M; x += FENCE_M) {
            struct xy p = { x + 500 * rand_unit(r), y + 500 * rand_unit(r) };
            if (!terrain_district(t, p))
                put_if_free(b, p, 400);
        }
    }
}

struct sites sites_scatter(struct arena *a, const struct terrain *t, struct rand *r)
{
    struct board b = { .low = { t->low.x - MARGIN_M, t->low.y - MARGIN_M } };
    b.columns = (size_t)((t->high.x + MARGIN_M - b.low.x) / BUCKET_M) + 1;
    b.rows = (size_t)((t->high.y + MARGIN_M - b.low.y) / BUCKET_M) + 1;
    b.sites.at = NEW_N(a, struct xy, SITES_MAX);
    b.next = NEW_N(a, int32_t, SITES_MAX);
    b.head = NEW_N(a, int32_t, b.columns * b.rows);
    memset(b.head, 0xFF, b.columns * b.rows * sizeof(*b.head));
    for (size_t i = 0; i < t->border_count; i++)
        border_put(&b, t, t->borders[i], r);
    for (size_t i = 0; i < t->columns * t->rows; i++)
        tile_fill(&b, t, (struct xy){ t->low.x + (double)(i % t->columns) * TILE_M,
            t->low.y + (double)(i / t->columns) * TILE_M }, r);
    fence_put(&b, t, r);
    return b.sites;
}
