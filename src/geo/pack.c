/* pack.c: writing a layer of areas as numbers of few bytes. */
#include "geo/pack.h"
#include <math.h>

struct spot { int64_t x, y; };

static void number_write(struct buf *b, uint64_t v)
{
    for (; v > 127; v >>= 7)
        buf_byte(b, (char)(v | 128));
    buf_byte(b, (char)v);
}

static void difference_write(struct buf *b, int64_t v)
{
    number_write(b, (uint64_t)v << 1 ^ (uint64_t)(v < 0 ? -1 : 0));
}

static bool same(struct spot a, struct spot b)
{
    return a.x == b.x && a.y == b.y;
}

/* Adds p to an open line; a way there and back is taken out. Gives the new length. */
static size_t spot_add(struct spot *at, size_t n, struct spot p)
{
    if (n > 0 && same(at[n - 1], p))
        return n;
    if (n > 1 && same(at[n - 2], p))
        return n - 1;
    at[n] = p;
    return n + 1;
}

/* The ring on the lattice, without the closing point; fewer than 3 points when it vanishes. */
static size_t ring_spots(const struct shape *s, struct ring ring, double steps, struct spot **ret)
{
    struct spot *at = *ret;
    size_t n = 0, from = 0;
    for (size_t k = 1; k < ring.n; k++) {
        struct geo_point p = s->at[ring.first + k];
        n = spot_add(at, n, (struct spot){ llround(p.lon * steps), llround(p.lat * steps) });
    }
    while (n - from > 2) {          /* the same across the seam */
        if (same(at[from], at[n - 1]) || same(at[from], at[n - 2]))
            n--;
        else if (same(at[from + 1], at[n - 1]))
            from++;
        else
            break;
    }
    *ret = at + from;
    return n - from;
}

struct packer { struct buf *b; double steps; struct spot *scratch, last; };

static void ring_write(struct packer *p, const struct spot *at, size_t n, bool outer)
{
    number_write(p->b, 2 * n + outer);
    for (size_t k = 0; k < n; k++) {
        difference_write(p->b, at[k].x - p->last.x);
        difference_write(p->b, at[k].y - p->last.y);
        p->last = at[k];
    }
}

/* Rings that are left of a shape, written or only counted; a hole goes with its outer ring. */
static size_t rings_each(struct packer *p, const struct shape *s, bool write)
{
    size_t kept = 0;
    bool open = false;
    for (size_t i = 0; i < s->ring_count; i++) {
        struct spot *at = p->scratch;
        size_t n = ring_spots(s, s->rings[i], p->steps, &at);
        open = s->rings[i].outer ? n > 2 : open;
        if (!open || n < 3)
            continue;
        kept++;
        if (write)
            ring_write(p, at, n, s->rings[i].outer);
    }
    return kept;
}

void geo_index_pack(const struct geo_index *ix, struct buf *b, int64_t steps_per_degree)
{
    CHECK(steps_per_degree > 0 && steps_per_degree <= 10000000);
    size_t most = 0;
    int64_t id = 0;
    for (size_t i = 0; i < geo_index_count(ix); i++)
        most = geo_index_shape(ix, i)->point_count > most ? geo_index_shape(ix, i)->point_count
            : most;
    struct packer p = { .b = b, .steps = (double)steps_per_degree,
        .scratch = heap_alloc((most + 1) * sizeof(struct spot)) };
    buf_add(b, STR("FQ1\n"));
    number_write(b, (uint64_t)steps_per_degree);
    number_write(b, geo_index_count(ix));
    for (size_t i = 0; i < geo_index_count(ix); i++) {
        const struct shape *s = geo_index_shape(ix, i);
        difference_write(b, geo_index_id(ix, i) - id);
        id = geo_index_id(ix, i);
        number_write(b, rings_each(&p, s, false));
        (void)rings_each(&p, s, true);
    }
    heap_free(p.scratch);
}
