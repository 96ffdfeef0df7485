/* overlay.c: sweeping each area of a layer with what lies over it. */
#include "geo/overlay.h"
#include "geo/edge.h"
#include <math.h>
#include <stdlib.h>

static const double ROUNDING = 1e-9;

/* An edge of the swept area (owner 0) or of what lies over it (owner 1, 2 ..). lon: where it meets
 * the middle of the strip; gauss: where it meets the latitudes of Gauss's rule there. */
struct side { struct geo_edge e; uint32_t owner; double lon, gauss[2]; };

/* Something over the swept area: position in the other layer, and what it has of the area. */
struct cover { uint32_t item; bool inside; double m2; };

struct sweep {
    const struct geo_index *own, *other;
    struct arena a;             /* of one area, reset for the next */
    struct side *sides;         /* by latitude of the lower end */
    size_t side_count;
    double *cuts;               /* latitudes between strips */
    size_t cut_count, cut_room;
    struct side **active;       /* those that reach through the strip, from west to east */
    size_t active_count;
    struct cover *covers;       /* covers[owner]; the first stands for the swept area */
    size_t cover_count;
    struct overlay_cover sum;
    size_t *found;
};

/* Strips ----------------------------------------------------------------------------------- */

static double side_lon(const struct side *s, double lat)
{
    return edge_lon(s->e.low, s->e.high.lat, s->e.high.lon - s->e.low.lon, lat);
}

static void cut_add(struct sweep *w, double lat)
{
    const struct geo_box box = geo_index_shape(w->own, w->covers[0].item)->box;
    if (!(lat >= box.lat_min && lat <= box.lat_max))
        return;
    if (w->cut_count == w->cut_room) {
        size_t room = w->cut_room ? 2 * w->cut_room : 256;
        double *more = NEW_N(&w->a, double, room);
        if (w->cut_count)
            memcpy(more, w->cuts, w->cut_count * sizeof(*more));
        w->cuts = more;
        w->cut_room = room;
    }
    w->cuts[w->cut_count++] = lat;
}

/* A cut where two edges cross. */
static void crossing_cut(struct sweep *w, const struct side *s, const struct side *t)
{
    double from = fmax(s->e.low.lat, t->e.low.lat), to = fmin(s->e.high.lat, t->e.high.lat);
    if (!(from < to) || fmax(s->e.low.lon, s->e.high.lon) < fmin(t->e.low.lon, t->e.high.lon)
        || fmax(t->e.low.lon, t->e.high.lon) < fmin(s->e.low.lon, s->e.high.lon))
        return;
    double at_from = side_lon(s, from) - side_lon(t, from);
    double at_to = side_lon(s, to) - side_lon(t, to);
    if ((at_from < 0 && at_to > 0) || (at_from > 0 && at_to < 0))
        cut_add(w, from + (to - from) * (at_from / (at_from - at_to)));
}

static int double_order(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static int side_order(const void *x, const void *y)
{
    return double_order(&((const struct side *)x)->e.low.lat, &((const struct side *)y)->e.low.lat);
}

/* Forgets edges that end at or below lat. */
static void active_drop(struct sweep *w, double lat)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->active_count; i++)
        if (w->active[i]->e.high.lat > lat)
            w->active[kept++] = w->active[i];
    w->active_count = kept;
}

static void cuts_find(struct sweep *w)
{
    w->active_count = 0;
    for (size_t i = 0; i < w->side_count; i++) {
        struct side *s = &w->sides[i];
        active_drop(w, s->e.low.lat);
        for (size_t k = 0; k < w->active_count; k++)
            crossing_cut(w, s, w->active[k]);
        w->active[w->active_count++] = s;
        cut_add(w, s->e.low.lat);
        cut_add(w, s->e.high.lat);
    }
    qsort(w->cuts, w->cut_count, sizeof(*w->cuts), double_order);
    w->active_count = 0;
}

/* From one strip to the next hardly anything changes its place. */
static void active_sort(struct sweep *w)
{
    for (size_t i = 1; i < w->active_count; i++) {
        struct side *s = w->active[i];
        size_t k = i;
        for (; k > 0 && w->active[k - 1]->lon > s->lon; k--)
            w->active[k] = w->active[k - 1];
        w->active[k] = s;
    }
}

/* Square metres that a stretch between two edges has in the strip, given what a degree square has
 * at both latitudes of Gauss's rule, times half the strip's height. */
static double stretch_m2(const struct side *west, const struct side *east, const double m2[2])
{
    return (east->gauss[0] - west->gauss[0]) * m2[0] + (east->gauss[1] - west->gauss[1]) * m2[1];
}

static void strip_add(struct sweep *w, const double m2[2])
{
    size_t over = 0;
    for (size_t k = 0; k < w->cover_count; k++)
        w->covers[k].inside = false;
    for (size_t i = 0; i + 1 < w->active_count; i++) {
        struct cover *c = &w->covers[w->active[i]->owner];
        c->inside = !c->inside;
        if (w->active[i]->owner > 0)
            over = c->inside ? over + 1 : over - 1;
        if (!w->covers[0].inside)
            continue;
        double piece = stretch_m2(w->active[i], w->active[i + 1], m2);
        w->sum.m2 += piece;
        if (over == 0)
            w->sum.lost_m2 += piece;
        else
            w->sum.doubled_m2 += (double)(over - 1) * piece;
        for (size_t k = 1, left = over; left > 0; k++) {
            if (w->covers[k].inside) {
                w->covers[k].m2 += piece;
                left--;
            }
        }
    }
}

static void strips_sweep(struct sweep *w)
{
    static const double NODE = 0.21132486540518712; /* (1 - 1 / sqrt 3) / 2 */
    size_t next = 0;
    for (size_t i = 0; i + 1 < w->cut_count; i++) {
        double south = w->cuts[i], north = w->cuts[i + 1], height = north - south;
        if (!(height > 0))
            continue;
        active_drop(w, south);
        for (; next < w->side_count && w->sides[next].e.low.lat <= south; next++)
            if (w->sides[next].e.high.lat > south)
                w->active[w->active_count++] = &w->sides[next];
        double lat[2] = { south + NODE * height, north - NODE * height };
        double m2[2] = { degree_m2(lat[0]) * height / 2, degree_m2(lat[1]) * height / 2 };
        for (size_t k = 0; k < w->active_count; k++) {
            struct side *s = w->active[k];
            s->gauss[0] = side_lon(s, lat[0]);
            s->gauss[1] = side_lon(s, lat[1]);
            s->lon = s->gauss[0] + s->gauss[1];
        }
        active_sort(w);
        strip_add(w, m2);
    }
}

/* Areas ------------------------------------------------------------------------------------ */

/* Edges that matter inside the box: what lies to the east of it changes nothing. */
static void sides_add(struct sweep *w, const struct shape *s, struct geo_box box, uint32_t owner)
{
    for (size_t r = 0; r < s->ring_count; r++) {
        const struct geo_point *at = s->at + s->rings[r].first;
        for (size_t k = 1; k < s->rings[r].n; k++) {
            struct geo_edge e = edge_between(at[k - 1], at[k]);
            if (e.low.lat < e.high.lat && e.low.lat < box.lat_max && e.high.lat > box.lat_min
                && fmin(e.low.lon, e.high.lon) <= box.lon_max)
                w->sides[w->side_count++] = (struct side){ .e = e, .owner = owner };
        }
    }
}

static void sides_find(struct sweep *w, size_t item, size_t n)
{
    const struct shape *own = geo_index_shape(w->own, item);
    size_t room = own->point_count;
    for (size_t k = 0; k < n; k++)
        room += geo_index_shape(w->other, w->found[k])->point_count;
    w->sides = NEW_N(&w->a, struct side, room);
    w->active = NEW_N(&w->a, struct side *, room);
    w->covers = NEW_N(&w->a, struct cover, n + 1);
    w->covers[0].item = (uint32_t)item;
    w->cover_count = n + 1;
    sides_add(w, own, own->box, 0);
    for (size_t k = 0; k < n; k++) {
        w->covers[k + 1].item = (uint32_t)w->found[k];
        sides_add(w, geo_index_shape(w->other, w->found[k]), own->box, (uint32_t)k + 1);
    }
    qsort(w->sides, w->side_count, sizeof(*w->sides), side_order);
}

/* Leaves in covers[1] .. what each item of the other layer has of this one. */
static void item_sweep(struct sweep *w, size_t item)
{
    arena_reset(&w->a);
    w->side_count = w->cut_count = w->cut_room = 0;
    w->cuts = NULL;
    w->sum = (struct overlay_cover){ 0, 0, 0 };
    size_t n = geo_index_in_box(w->other, geo_index_shape(w->own, item)->box, w->found,
        geo_index_count(w->other));
    sides_find(w, item, n);
    cuts_find(w);
    strips_sweep(w);
    double least = w->sum.m2 * ROUNDING;
    if (w->sum.lost_m2 <= least)
        w->sum.lost_m2 = 0;
    if (w->sum.doubled_m2 <= least)
        w->sum.doubled_m2 = 0;
}

static struct sweep sweep_over(const struct geo_index *own, const struct geo_index *other)
{
    static const size_t SCRATCH_BYTES_MAX = (size_t)4 << 30;
    struct sweep w = { .own = own, .other = other,
        .found = heap_alloc((geo_index_count(other) + 1) * sizeof(*w.found)) };
    arena_init(&w.a, SCRATCH_BYTES_MAX);
    return w;
}

static void sweep_end(struct sweep *w)
{
    arena_free(&w->a);
    heap_free(w->found);
}

static int link_order(const void *x, const void *y)
{
    const struct overlay_link *p = x, *q = y;
    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    if (p->share_a != q->share_a)
        return p->share_a > q->share_a ? -1 : 1;
    return (p->b > q->b) - (p->b < q->b);
}

static void links_add(struct sweep *w, size_t item, const double *b_m2, struct buf *links)
{
    for (size_t k = 1; k < w->cover_count; k++) {
        const struct cover *c = &w->covers[k];
        struct overlay_link link = { (uint32_t)item, c->item, c->m2, c->m2 / w->sum.m2,
            c->m2 / b_m2[c->item] };
        if (c->m2 > 0 && (link.share_a > ROUNDING || link.share_b > ROUNDING))
            buf_add(links, (struct str){ (const char *)&link, sizeof(link) });
    }
}

static double *areas_of(struct arena *a, const struct geo_index *ix)
{
    double *m2 = NEW_N(a, double, geo_index_count(ix) + 1);
    for (size_t i = 0; i < geo_index_count(ix); i++)
        m2[i] = shape_area_m2(geo_index_shape(ix, i));
    return m2;
}

static void links_make(struct arena *scratch, struct arena *arena, const struct geo_index *a,
    const struct geo_index *b, struct overlay *ret)
{
    struct buf links = buf_in(scratch, scratch->max_bytes);
    struct sweep w CLEANUP(sweep_end) = sweep_over(a, b);
    const double *b_m2 = areas_of(scratch, b);
    for (size_t i = 0; i < geo_index_count(a); i++) {
        item_sweep(&w, i);
        ret->of_a[i] = w.sum;
        links_add(&w, i, b_m2, &links);
    }
    ret->n = links.n / sizeof(*ret->links);
    ret->links = NEW_N(arena, struct overlay_link, ret->n + 1);
    if (ret->n)
        memcpy(ret->links, links.p, links.n);
    qsort(ret->links, ret->n, sizeof(*ret->links), link_order);
}

void overlay_make(struct arena *arena, const struct geo_index *a, const struct geo_index *b,
    struct overlay *ret)
{
    struct arena scratch;
    arena_init(&scratch, arena->max_bytes);
    ret->of_a = NEW_N(arena, struct overlay_cover, geo_index_count(a) + 1);
    ret->of_b = NEW_N(arena, struct overlay_cover, geo_index_count(b) + 1);
    links_make(&scratch, arena, a, b, ret);
    arena_free(&scratch);
    struct sweep w CLEANUP(sweep_end) = sweep_over(b, a);
    for (size_t i = 0; i < geo_index_count(b); i++) {
        item_sweep(&w, i);
        ret->of_b[i] = w.sum;
    }
}
