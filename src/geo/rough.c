/* rough.c: what can be made of an outline: rings closed and cleaned, put in order by how they lie,
 * and made valid by GEOS where that changes next to nothing. */
#include "geo/rough.h"
#include "geo/geos.h"
#include <math.h>

enum { RING_POINTS_MIN = 4, POINTS_MAX = 1000000 };
static const double part_least_m2 = 1, change_most = 0.01;

struct mending {
    GEOSContextHandle_t geos;
    struct arena scratch;
    struct shape s;             /* what is made of it, in scratch */
    GEOSGeometry *geom;
};

static void mending_end(struct mending *m)
{
    if (m->geom)
        GEOSGeom_destroy_r(m->geos, m->geom);
    GEOS_finish_r(m->geos);
    arena_free(&m->scratch);
}

static enum err nothing_there(struct err_info *info)
{
    return err_note(info, E_INPUT, "shape", MSG("没有图形，或图形没有面积；请补画后再导入",
        "There is no outline, or it has no area; draw it first"), STR_NONE);
}

static enum err points_are_good(const struct rough *r, struct err_info *info)
{
    if (r->point_count > POINTS_MAX)
        return err_note(info, E_TOO_LARGE, "shape", MSG("图形的点太多，请先化简",
            "The outline has too many points; simplify it first"), STR_NONE);
    for (size_t i = 0; i < r->point_count; i++) {
        struct geo_point p = r->at[i];
        struct arena a;
        if (geo_point_ok(p))
            continue;
        arena_init(&a, 4096);
        enum err e = err_note(info, E_INPUT, "shape", isfinite(p.lon) && isfinite(p.lat)
            ? MSG("坐标 %s 不是经纬度(度)；投影坐标请先转为经纬度", "%s is no longitude and latitude in"
                " degrees; convert projected coordinates first")
            : MSG("有的坐标不是数字(%s)，请改正这个点", "A coordinate is not a number (%s); correct"
                " this point"), arena_fmt(&a, "%.6g, %.6g", p.lon, p.lat));
        arena_free(&a);
        return e;
    }
    return OK;
}

static bool same(struct geo_point p, struct geo_point q)
{
    return p.lon == q.lon && p.lat == q.lat;
}

/* One ring, closed and without repetitions; gives its number of points, 0 if no area can be. */
static size_t ring_clean(const struct rough *r, const struct rough_ring *ring,
    struct geo_point *ret, unsigned *what)
{
    size_t n = 0;
    for (size_t i = 0; i < ring->n; i++) {
        struct geo_point p = r->at[ring->first + i];
        if (n && same(ret[n - 1], p))
            *what |= MEND_REPEATED;
        else
            ret[n++] = p;
    }
    if (n > 2 && !same(ret[0], ret[n - 1])) {
        ret[n++] = ret[0];
        *what |= MEND_CLOSED;
    }
    return n < RING_POINTS_MIN ? 0 : n;
}

static double turn(const struct geo_point *at, size_t n)
{
    double twice = 0;
    for (size_t i = 1; i < n; i++)
        twice += (at[i - 1].lon - at[0].lon) * (at[i].lat - at[0].lat)
            - (at[i].lon - at[0].lon) * (at[i - 1].lat - at[0].lat);
    return twice;
}

static void box_widen(struct geo_box *b, struct geo_point p)
{
    b->lon_min = fmin(b->lon_min, p.lon);
    b->lon_max = fmax(b->lon_max, p.lon);
    b->lat_min = fmin(b->lat_min, p.lat);
    b->lat_max = fmax(b->lat_max, p.lat);
}

/* Rings that can have an area; a polygon whose outer ring has none goes with its holes. */
static void rings_clean(struct mending *m, const struct rough *r, struct mended *d)
{
    struct geo_point *at = NEW_N(&m->scratch, struct geo_point, r->point_count + r->ring_count + 1);
    struct ring *rings = NEW_N(&m->scratch, struct ring, r->ring_count + 1);
    struct shape *s = &m->s;
    bool lost = false;
    *s = (struct shape){ .at = at, .rings = rings,
        .box = { INFINITY, INFINITY, -INFINITY, -INFINITY } };
    for (size_t i = 0; i < r->ring_count; i++) {
        bool outer = r->rings[i].outer || r->loose;
        struct geo_point *to = at + s->point_count;
        size_t n = lost && !outer ? 0 : ring_clean(r, &r->rings[i], to, &d->what);
        lost = outer ? n == 0 : lost;
        if (n == 0) {
            d->dropped++;
            continue;
        }
        if (outer && r->left && !r->loose && turn(to, n) < 0)
            d->what |= MEND_TURNED;
        for (size_t k = 0; k < n; k++)
            box_widen(&s->box, to[k]);
        rings[s->ring_count++] = (struct ring){ s->point_count, n, outer };
        s->point_count += n;
    }
}

/* Ring i of s as a shape of its own. */
static struct shape ring_alone(const struct shape *s, size_t i, struct ring *one)
{
    *one = s->rings[i];
    one->outer = true;
    struct shape alone = { .at = s->at, .rings = one, .point_count = s->point_count,
        .ring_count = 1, .box = { INFINITY, INFINITY, -INFINITY, -INFINITY } };
    for (size_t k = 0; k < one->n; k++)
        box_widen(&alone.box, s->at[one->first + k]);
    return alone;
}

/* How rings lie in each other: depth counts those around it, in is the innermost of them. */
struct nest { struct shape alone; struct ring one; struct geo_point inside; double m2;
    size_t depth; ptrdiff_t in; };

static struct nest *nests_of(struct arena *a, const struct shape *s)
{
    struct nest *nests = NEW_N(a, struct nest, s->ring_count + 1);
    for (size_t i = 0; i < s->ring_count; i++) {
        nests[i].alone = ring_alone(s, i, &nests[i].one);
        nests[i].inside = shape_centre(&nests[i].alone);
        nests[i].m2 = shape_area_m2(&nests[i].alone);
        nests[i].in = -1;
    }
    for (size_t i = 0; i < s->ring_count; i++) {
        for (size_t j = 0; j < s->ring_count; j++) {
            if (j == i || nests[j].m2 <= nests[i].m2
                || !shape_holds(&nests[j].alone, nests[i].inside))
                continue;
            nests[i].depth++;
            if (nests[i].in < 0 || nests[j].m2 < nests[nests[i].in].m2)
                nests[i].in = (ptrdiff_t)j;
        }
    }
    return nests;
}

/* Many rings in one outline would take the square of their number. */
enum { NESTED_RINGS_MAX = 4096 };

/* Puts rings in order by how they lie: at an even depth begins an area, at an odd one a hole.
 * False when that contradicts what was said to be a hole. */
static bool rings_order(struct mending *m, bool loose)
{
    struct shape *s = &m->s;
    if (s->ring_count > NESTED_RINGS_MAX)
        return false;
    struct nest *nests = nests_of(&m->scratch, s);
    struct ring *rings = NEW_N(&m->scratch, struct ring, s->ring_count + 1);
    size_t n = 0;
    for (size_t i = 0; i < s->ring_count; i++) {
        if (!loose && !s->rings[i].outer && nests[i].depth == 0)
            return false;
        if (nests[i].depth % 2)
            continue;
        rings[n] = s->rings[i];
        rings[n++].outer = true;
        for (size_t j = 0; j < s->ring_count; j++) {
            if (nests[j].depth != nests[i].depth + 1 || nests[j].in != (ptrdiff_t)i)
                continue;
            rings[n] = s->rings[j];
            rings[n++].outer = false;
        }
    }
    s->rings = rings;
    s->ring_count = n;
    return true;
}

static void mending_forget(struct mending *m)
{
    if (m->geom)
        GEOSGeom_destroy_r(m->geos, m->geom);
    m->geom = NULL;
}

static bool is_valid(struct mending *m)
{
    mending_forget(m);
    m->geom = geos_of_shape(m->geos, &m->s);
    return m->geom && GEOSisValid_r(m->geos, m->geom) == 1;
}

/* Leaves out parts that are too small to be meant. */
static void parts_drop(struct mending *m, struct mended *d)
{
    struct ring *rings = NEW_N(&m->scratch, struct ring, m->s.ring_count + 1);
    struct shape *s = &m->s, alone;
    struct ring one;
    size_t n = 0;
    bool keep = false;
    d->parts = 0;
    for (size_t i = 0; i < s->ring_count; i++) {
        if (s->rings[i].outer) {
            alone = ring_alone(s, i, &one);
            keep = shape_area_m2(&alone) >= part_least_m2;
            d->parts += keep;
            d->dropped += !keep;
        }
        if (keep)
            rings[n++] = s->rings[i];
    }
    s->rings = rings;
    s->ring_count = n;
}

/* The valid area that GEOS finds: areas of outer rings together, without those of holes. */
static bool make_valid(struct mending *m)
{
    GEOSMakeValidParams *how = GEOSMakeValidParams_create_r(m->geos);
    struct shape made;
    (void)GEOSMakeValidParams_setMethod_r(m->geos, how, GEOS_MAKE_VALID_STRUCTURE);
    (void)GEOSMakeValidParams_setKeepCollapsed_r(m->geos, how, 0);
    GEOSGeometry *valid = m->geom ? GEOSMakeValidWithParams_r(m->geos, m->geom, how) : NULL;
    GEOSMakeValidParams_destroy_r(m->geos, how);
    bool good = valid && geos_to_shape(m->geos, valid, &m->scratch, &m->scratch, &made) == OK;
    if (valid)
        GEOSGeom_destroy_r(m->geos, valid);
    if (good)
        m->s = made;
    return good;
}

static enum err crossing(struct mending *m, const struct mended *d, struct err_info *info)
{
    struct msg what = geos_defect(m->geos, m->geom, &m->scratch);
    return err_note(info, E_INPUT, "shape", (struct msg){
        arena_fmt(&m->scratch, "%s，修复会使面积由 %.0f 变为 %.0f 平方米；请在制图软件中改正后重新导入", what.zh,
            d->before_m2, d->after_m2).p,
        arena_fmt(&m->scratch, "%s, and mending would turn its area of %.0f square metres into %.0f;"
            " correct it where it was drawn and import it again", what.en, d->before_m2,
            d->after_m2).p }, STR_NONE);
}

/* Made valid by GEOS, if next to nothing changes. */
static enum err mend_crossing(struct mending *m, struct mended *d, struct err_info *info)
{
    if (!make_valid(m))
        return crossing(m, d, info);
    parts_drop(m, d);
    d->after_m2 = shape_area_m2(&m->s);
    if (fabs(d->after_m2 - d->before_m2) > change_most * d->after_m2)
        return crossing(m, d, info);
    d->what |= MEND_CROSSING;
    return OK;
}

static enum err mend_area(struct mending *m, const struct rough *r, struct mended *d,
    struct err_info *info)
{
    rings_clean(m, r, d);
    if (m->s.ring_count == 0 || (r->loose && !rings_order(m, true)))
        return nothing_there(info);
    d->before_m2 = shape_area_m2(&m->s);
    bool good = is_valid(m);
    if (!good && !r->loose) {
        struct shape as_drawn = m->s;
        double drawn_m2 = d->before_m2;
        good = rings_order(m, false) && is_valid(m);
        if (good)
            d->what |= MEND_ISLAND;
        else
            m->s = as_drawn;
        d->before_m2 = good ? shape_area_m2(&m->s) : drawn_m2;
        good = good || is_valid(m);
    }
    if (!good)
        TRY(mend_crossing(m, d, info));
    parts_drop(m, d);
    d->after_m2 = shape_area_m2(&m->s);
    return d->parts ? OK : nothing_there(info);
}

enum err rough_mend(struct arena *a, const struct rough *r, struct mended *ret_mended,
    struct shape *ret, struct err_info *info)
{
    struct mended d = { 0 };
    struct mending m CLEANUP(mending_end) = { .geos = GEOS_init_r() };
    arena_init(&m.scratch, (size_t)1 << 30);
    if (r->kind != ROUGH_AREA || r->ring_count == 0)
        return nothing_there(info);
    TRY(points_are_good(r, info));
    TRY(mend_area(&m, r, &d, info));
    mending_forget(&m);
    m.geom = geos_of_shape(m.geos, &m.s);
    if (m.geom == NULL || geos_to_shape(m.geos, m.geom, &m.scratch, a, ret) != OK)
        return nothing_there(info);
    d.what |= d.dropped ? MEND_DROPPED : 0;
    *ret_mended = d;
    return OK;
}
