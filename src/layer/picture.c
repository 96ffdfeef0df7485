/* picture.c: what a check found, drawn: for each parent its zones, its ground, and the gaps and
 * overlaps in it, as paths of SVG. */
#include "layer/report.h"
#include <math.h>
#include <stdlib.h>

enum { WIDTH_PX = 640, EDGE_PX = 8, PATH_BYTES_MAX = 16 << 20 };

struct canvas { struct geo_box box; double x_px, y_px; int height_px; };

static void widen(struct geo_box *box, const struct shape *s)
{
    box->lon_min = fmin(box->lon_min, s->box.lon_min);
    box->lon_max = fmax(box->lon_max, s->box.lon_max);
    box->lat_min = fmin(box->lat_min, s->box.lat_min);
    box->lat_max = fmax(box->lat_max, s->box.lat_max);
}

static struct canvas canvas_for(struct geo_box box)
{
    double lon_m, lat_m, wide = box.lon_max - box.lon_min, high = box.lat_max - box.lat_min;
    geo_degree_m((box.lat_min + box.lat_max) / 2, &lon_m, &lat_m);
    double per_m = (WIDTH_PX - 2 * EDGE_PX) / fmax(fmax(wide * lon_m, high * lat_m), 1);
    return (struct canvas){ box, per_m * lon_m, per_m * lat_m,
        (int)ceil(high * lat_m * per_m) + 2 * EDGE_PX };
}

/* Points that would fall on the one before are left out; so is what no longer fits. */
static void draw(struct buf *b, const struct canvas *c, const struct shape *s)
{
    enum { POINT_BYTES = 32 };
    if (s->point_count > (b->max - b->n) / POINT_BYTES)
        return;
    for (size_t i = 0; i < s->ring_count; i++) {
        double last_x = -1e9, last_y = -1e9;
        for (size_t k = 0; k + 1 < s->rings[i].n; k++) {
            struct geo_point p = s->at[s->rings[i].first + k];
            double x = EDGE_PX + (p.lon - c->box.lon_min) * c->x_px;
            double y = EDGE_PX + (c->box.lat_max - p.lat) * c->y_px;
            if (fabs(x - last_x) < 0.2 && fabs(y - last_y) < 0.2)
                continue;
            buf_fmt(b, "%c%.1f %.1f", k ? 'L' : 'M', x, y);
            last_x = x;
            last_y = y;
        }
        buf_byte(b, 'z');
    }
}

/* The n findings are of one parent. */
static struct layer_picture picture_of(struct arena *a, const struct catalogue *c,
    const struct layer_plan *p, const struct zone_flaw *at, size_t n)
{
    const struct shape *ground = layer_ground(c, p->want.layer, at->parent);
    struct layer_picture r = { .parent = at->parent, .width_px = WIDTH_PX,
        .name = layer_parent_name(c, p->want.layer, at->parent) };
    struct geo_box box = at->shape.box;
    struct buf zones = buf_in(a, PATH_BYTES_MAX), edge = zones;
    for (size_t i = 0; i < n; i++) {
        widen(&box, &at[i].shape);
        r.m2[at[i].kind] += at[i].m2;
    }
    if (ground)
        widen(&box, ground);
    struct canvas canvas = canvas_for(box);
    for (size_t i = 0; i < p->n_zones; i++)
        if (p->zones[i]->parent == at->parent)
            draw(&zones, &canvas, &p->zones[i]->shape);
    if (ground)
        draw(&edge, &canvas, ground);
    for (size_t k = 0; k < FLAW_COUNT; k++) {
        struct buf path = buf_in(a, PATH_BYTES_MAX);
        for (size_t i = 0; i < n; i++)
            if (at[i].kind == k)
                draw(&path, &canvas, &at[i].shape);
        r.flaws[k] = buf_str(&path);
    }
    r.height_px = canvas.height_px;
    r.zones = buf_str(&zones);
    r.ground = buf_str(&edge);
    return r;
}

static int parent_order(const void *x, const void *y)
{
    const struct zone_flaw *p = x, *q = y;
    if (p->parent != q->parent)
        return p->parent < q->parent ? -1 : 1;
    return (p->m2 < q->m2) - (p->m2 > q->m2);
}

struct list layer_pictures(struct arena *a, const struct catalogue *c, const struct layer_plan *p,
    size_t most)
{
    size_t n = p->n_findings, drawn = 0;
    struct zone_flaw *all = NEW_N(a, struct zone_flaw, n + 1);
    struct layer_picture *pictures = NEW_N(a, struct layer_picture, most + 1);
    if (n)
        memcpy(all, p->findings, n * sizeof(*all));
    qsort(all, n, sizeof(*all), parent_order);
    for (size_t i = 0, many; i < n && drawn < most; i += many) {
        for (many = 1; i + many < n && all[i + many].parent == all[i].parent;)
            many++;
        pictures[drawn++] = picture_of(a, c, p, &all[i], many);
    }
    return (struct list){ pictures, drawn };
}
