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

/* What all layers begin with; scratch has room for the longest ring and one point more. */
static struct packer packer_begin(const struct geo_index *ix, struct buf *b, struct str mark,
    int64_t steps_per_degree)
{
    CHECK(steps_per_degree > 0 && steps_per_degree <= 10000000);
    size_t most = 0;
    for (size_t i = 0; i < geo_index_count(ix); i++)
        most = geo_index_shape(ix, i)->point_count > most ? geo_index_shape(ix, i)->point_count
            : most;
    buf_add(b, mark);
    number_write(b, (uint64_t)steps_per_degree);
    number_write(b, geo_index_count(ix));
    return (struct packer){ .b = b, .steps = (double)steps_per_degree,
        .scratch = heap_alloc((most + 1) * sizeof(struct spot)) };
}

void geo_index_pack(const struct geo_index *ix, struct buf *b, int64_t steps_per_degree)
{
    struct packer p = packer_begin(ix, b, STR("FQ1\n"), steps_per_degree);
    int64_t id = 0;
    for (size_t i = 0; i < geo_index_count(ix); i++) {
        const struct shape *s = geo_index_shape(ix, i);
        difference_write(b, geo_index_id(ix, i) - id);
        id = geo_index_id(ix, i);
        number_write(b, rings_each(&p, s, false));
        (void)rings_each(&p, s, true);
    }
    heap_free(p.scratch);
}

/* Borders ---------------------------------------------------------------------------------- */

/* Edges that have been written, in open addressing; a == b: nobody's place. */
struct edge { struct spot a, b; };
struct seen { struct edge *at; size_t mask; };

static struct seen seen_for(size_t edges)
{
    size_t places = 64;
    while (places < 2 * edges)
        places *= 2;
    return (struct seen){ heap_alloc(places * sizeof(struct edge)), places - 1 };
}

/* True when the edge, whichever way it runs, is new; it is seen from then on. */
static bool edge_is_new(struct seen *seen, struct spot a, struct spot b)
{
    bool turned = a.x > b.x || (a.x == b.x && a.y > b.y);
    struct edge e = turned ? (struct edge){ b, a } : (struct edge){ a, b };
    uint64_t h = (uint64_t)e.a.x * UINT64_C(0x9E3779B97F4A7C15)
        ^ (uint64_t)e.a.y * UINT64_C(0xC2B2AE3D27D4EB4F)
        ^ (uint64_t)e.b.x * UINT64_C(0x165667B19E3779F9)
        ^ (uint64_t)e.b.y * UINT64_C(0xD6E8FEB86659FD93);
    size_t i = (size_t)(h ^ h >> 29) & seen->mask;
    for (; !same(seen->at[i].a, seen->at[i].b); i = (i + 1) & seen->mask)
        if (same(seen->at[i].a, e.a) && same(seen->at[i].b, e.b))
            return false;
    seen->at[i] = e;
    return true;
}

/* The points of some lines, one line after another, and where each ends. */
struct lines { struct spot *at; size_t n_at; size_t *ends; size_t n; };

static void ring_lines(struct lines *l, struct seen *seen, const struct spot *at, size_t n)
{
    bool open = false;
    for (size_t k = 0; k < n; k++) {
        struct spot a = at[k], b = at[(k + 1) % n];
        bool is_new = edge_is_new(seen, a, b);
        if (is_new && !open)
            l->at[l->n_at++] = a;
        if (is_new)
            l->at[l->n_at++] = b;
        else if (open)
            l->ends[l->n++] = l->n_at;
        open = is_new;
    }
    if (open)
        l->ends[l->n++] = l->n_at;
}

static void lines_of(struct packer *p, struct seen *seen, const struct shape *s, struct lines *ret)
{
    ret->n_at = ret->n = 0;
    for (size_t i = 0; i < s->ring_count; i++) {
        struct spot *at = p->scratch;
        size_t n = ring_spots(s, s->rings[i], p->steps, &at);
        if (n > 2)
            ring_lines(ret, seen, at, n);
    }
}

void geo_index_pack_borders(const struct geo_index *ix, struct buf *b, int64_t steps_per_degree)
{
    struct packer p = packer_begin(ix, b, STR("FQB1"), steps_per_degree);
    size_t most = 0, edges = 0;
    int64_t id = 0;
    for (size_t i = 0; i < geo_index_count(ix); i++) {
        size_t n = geo_index_shape(ix, i)->point_count;
        most = n > most ? n : most;
        edges += n;
    }
    struct seen seen = seen_for(edges);
    struct lines l = { .at = heap_alloc((2 * most + 2) * sizeof(struct spot)),
        .ends = heap_alloc((most + 1) * sizeof(size_t)) };
    for (size_t i = 0; i < geo_index_count(ix); i++) {
        lines_of(&p, &seen, geo_index_shape(ix, i), &l);
        difference_write(b, geo_index_id(ix, i) - id);
        id = geo_index_id(ix, i);
        number_write(b, l.n);
        for (size_t k = 0, from = 0; k < l.n; from = l.ends[k++])
            ring_write(&p, l.at + from, l.ends[k] - from, true);
    }
    heap_free(l.ends);
    heap_free(l.at);
    heap_free(seen.at);
    heap_free(p.scratch);
}
