/* outline.c: from labelled cells to polygons. */
#include "demo/outline.h"
#include <math.h>
#include <stdlib.h>

/* A wall between two labels, the label on its left. */
struct rim { uint32_t from, to; bool used; };

/* The rim of one label, sorted by where its walls start. */
struct rims { struct rim *at; uint32_t n; const struct mesh *m; };

static int rim_order(const void *x, const void *y)
{
    const struct rim *a = x, *b = y;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

static uint32_t rims_from(const struct rims *r, uint32_t vertex)
{
    uint32_t low = 0, high = r->n;
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        if (r->at[mid].from < vertex)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Left positive, right negative. */
static double turn_at(const struct mesh *m, const struct rim *in, const struct rim *out)
{
    struct xy a = m->vertex[in->from], b = m->vertex[in->to], c = m->vertex[out->to];
    double x = b.x - a.x, y = b.y - a.y, u = c.x - b.x, v = c.y - b.y;
    return atan2(x * v - y * u, x * u + y * v);
}

/* Where several walls leave, the one furthest right: a hole that touches the outer ring in a
 * point then becomes a ring of its own, as simple features want it. */
static struct rim *rim_next(const struct rims *r, const struct rim *in)
{
    struct rim *best = NULL;
    double best_turn = INFINITY;
    for (uint32_t i = rims_from(r, in->to); i < r->n && r->at[i].from == in->to; i++) {
        double turn = turn_at(r->m, in, &r->at[i]);
        if (!r->at[i].used && turn < best_turn) {
            best = &r->at[i];
            best_turn = turn;
        }
    }
    return best;
}

static struct geo_point vertex_degrees(const struct mesh *m, uint32_t v)
{
    return geo_point_round(degrees_of(m->vertex[v]), 7);
}

struct rings { struct geo_point *at; struct ring *ring; size_t points, count, outer; };

static void ring_walk(const struct rims *r, struct rim *start, struct rings *out)
{
    size_t first = out->points;
    double twice = 0;
    struct rim *at = start;
    do {
        CHECK(at && !at->used);
        at->used = true;
        out->at[out->points++] = vertex_degrees(r->m, at->from);
        struct xy o = r->m->vertex[start->from], p = r->m->vertex[at->from],
                  q = r->m->vertex[at->to];
        twice += (p.x - o.x) * (q.y - o.y) - (q.x - o.x) * (p.y - o.y);
        at = at->to == start->from ? NULL : rim_next(r, at);
    } while (at);
    out->at[out->points] = out->at[first];
    out->points++;
    out->ring[out->count++] = (struct ring){ first, out->points - first, twice > 0 };
    if (twice > 0)
        out->outer = out->count;
}

/* Puts the outer ring first. */
static struct str rings_wkb(struct arena *a, struct arena *scratch, struct rings *r)
{
    CHECK(r->outer > 0);
    struct ring first = r->ring[r->outer - 1];
    r->ring[r->outer - 1] = r->ring[0];
    r->ring[0] = first;
    for (size_t i = 1; i < r->count; i++)
        CHECK(!r->ring[i].outer);
    struct shape s = { .at = r->at, .rings = r->ring, .point_count = r->points,
        .ring_count = r->count };
    return arena_str(a, shape_wkb(scratch, &s));
}

static struct str outline_of(struct arena *a, struct arena *scratch, struct rims r)
{
    if (r.n == 0)
        return STR_NONE;
    struct rings out = { .at = NEW_N(scratch, struct geo_point, 2 * (size_t)r.n),
        .ring = NEW_N(scratch, struct ring, r.n) };
    qsort(r.at, r.n, sizeof(*r.at), rim_order);
    for (uint32_t i = 0; i < r.n; i++) {
        if (!r.at[i].used)
            ring_walk(&r, &r.at[i], &out);
    }
    return rings_wkb(a, scratch, &out);
}

static bool is_rim(const struct mesh *m, const uint32_t *label, uint32_t cell, uint32_t wall)
{
    uint32_t other = m->other[wall];
    return label[cell] != MESH_NONE && (other == MESH_NONE || label[other] != label[cell]);
}

struct str *outline_polygons(struct arena *a, struct arena *scratch, const struct mesh *m,
    const uint32_t *label, uint32_t count)
{
    uint32_t *at = NEW_N(scratch, uint32_t, (size_t)count + 1);
    for (uint32_t c = 0; c < m->cell_count; c++) {
        for (uint32_t w = m->wall_at[c]; w < m->wall_at[c + 1]; w++) {
            if (is_rim(m, label, c, w))
                at[label[c]]++;
        }
    }
    for (uint32_t i = 1; i <= count; i++)
        at[i] += at[i - 1];
    struct rim *all = NEW_N(scratch, struct rim, at[count]);
    for (uint32_t c = 0; c < m->cell_count; c++) {
        for (uint32_t w = m->wall_at[c]; w < m->wall_at[c + 1]; w++) {
            if (is_rim(m, label, c, w))
                all[--at[label[c]]] = (struct rim){ m->from[w], m->to[w], false };
        }
    }
    struct str *out = NEW_N(a, struct str, count);
    for (uint32_t i = 0; i < count; i++)
        out[i] = outline_of(a, scratch, (struct rims){ all + at[i], at[i + 1] - at[i], m });
    return out;
}
