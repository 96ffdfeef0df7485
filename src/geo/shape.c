/* shape.c: areas as plain arrays: loading, measuring, asking, drawing. */
#include "geo/shape.h"
#include "geo/edge.h"
#include <math.h>
#include <stdlib.h>

/* A cursor over little-endian WKB; sticks at bad once anything did not fit. */
struct wkb_in { const char *p; size_t left; bool bad; };

static void wkb_take(struct wkb_in *in, void *ret, size_t n)
{
    if (in->bad || in->left < n) {
        in->bad = true;
        memset(ret, 0, n);
        return;
    }
    memcpy(ret, in->p, n);
    in->p += n;
    in->left -= n;
}

static uint32_t wkb_u32(struct wkb_in *in)
{
    uint32_t v;
    wkb_take(in, &v, sizeof(v));
    return v;
}

/* Byte order and type; 0 when it is not little-endian. */
static uint32_t wkb_type(struct wkb_in *in)
{
    unsigned char order;
    wkb_take(in, &order, 1);
    uint32_t type = wkb_u32(in);
    return order == 1 && !in->bad ? type : 0;
}

enum { WKB_POLYGON = 3, WKB_MULTIPOLYGON = 6, RING_POINTS_MIN = 4 };

/* Walks the document once. at and rings are NULL in the counting pass. */
static void wkb_polygon(struct wkb_in *in, struct geo_point *at, struct ring *rings,
    struct shape *s)
{
    uint32_t count = wkb_u32(in);
    for (uint32_t i = 0; i < count && !in->bad; i++) {
        uint32_t n = wkb_u32(in);
        if (n < RING_POINTS_MIN || n > in->left / sizeof(struct geo_point)) {
            in->bad = true;
            return;
        }
        if (rings)
            rings[s->ring_count] = (struct ring){ s->point_count, n, i == 0 };
        if (at)
            memcpy(at + s->point_count, in->p, n * sizeof(*at));
        in->p += n * sizeof(struct geo_point);
        in->left -= n * sizeof(struct geo_point);
        s->point_count += n;
        s->ring_count++;
    }
}

static bool wkb_walk(struct str wkb, struct geo_point *at, struct ring *rings, struct shape *s)
{
    struct wkb_in in = { wkb.p, wkb.n, false };
    uint32_t type = wkb_type(&in), parts = 1;
    s->point_count = s->ring_count = 0;
    if (type == WKB_MULTIPOLYGON)
        parts = wkb_u32(&in);
    else if (type != WKB_POLYGON)
        return false;
    for (uint32_t i = 0; i < parts && !in.bad; i++) {
        if (type == WKB_MULTIPOLYGON && wkb_type(&in) != WKB_POLYGON)
            return false;
        wkb_polygon(&in, at, rings, s);
    }
    return !in.bad && in.left == 0 && s->ring_count > 0;
}

static bool shape_measure(struct shape *s)
{
    s->box = (struct geo_box){ INFINITY, INFINITY, -INFINITY, -INFINITY };
    for (size_t i = 0; i < s->point_count; i++) {
        struct geo_point p = s->at[i];
        if (!geo_point_ok(p))
            return false;
        s->box.lon_min = fmin(s->box.lon_min, p.lon);
        s->box.lon_max = fmax(s->box.lon_max, p.lon);
        s->box.lat_min = fmin(s->box.lat_min, p.lat);
        s->box.lat_max = fmax(s->box.lat_max, p.lat);
    }
    return true;
}

enum err shape_load(struct arena *a, struct str wkb, struct shape *ret)
{
    struct shape s = { 0 };
    if (wkb.n > SHAPE_BYTES_MAX || !wkb_walk(wkb, NULL, NULL, &s))
        return E_INPUT;
    struct geo_point *at = NEW_N(a, struct geo_point, s.point_count);
    struct ring *rings = NEW_N(a, struct ring, s.ring_count);
    CHECK(wkb_walk(wkb, at, rings, &s));
    s.at = at;
    s.rings = rings;
    for (size_t i = 0; i < s.ring_count; i++) {
        struct geo_point p = at[rings[i].first], q = at[rings[i].first + rings[i].n - 1];
        if (p.lon != q.lon || p.lat != q.lat)
            return E_INPUT;
    }
    if (!shape_measure(&s))
        return E_INPUT;
    *ret = s;
    return OK;
}

static void wkb_put(struct buf *b, const void *p, size_t n)
{
    buf_add(b, (struct str){ p, n });
}

static void wkb_head(struct buf *b, uint32_t type)
{
    buf_byte(b, 1);
    wkb_put(b, &type, sizeof(type));
}

static void wkb_put_polygon(struct buf *b, const struct shape *s, size_t from, uint32_t rings)
{
    wkb_head(b, WKB_POLYGON);
    wkb_put(b, &rings, sizeof(rings));
    for (size_t i = from; i < from + rings; i++) {
        uint32_t n = (uint32_t)s->rings[i].n;
        wkb_put(b, &n, sizeof(n));
        wkb_put(b, s->at + s->rings[i].first, n * sizeof(*s->at));
    }
}

/* Rings of the polygon that starts at ring from. */
static uint32_t rings_from(const struct shape *s, size_t from)
{
    uint32_t n = 1;
    while (from + n < s->ring_count && !s->rings[from + n].outer)
        n++;
    return n;
}

static uint32_t shape_parts(const struct shape *s)
{
    uint32_t n = 0;
    for (size_t i = 0; i < s->ring_count; i++)
        n += s->rings[i].outer;
    return n;
}

struct str shape_wkb(struct arena *a, const struct shape *s)
{
    struct buf b = buf_in(a, 64 + s->point_count * sizeof(*s->at) + s->ring_count * 16);
    uint32_t parts = shape_parts(s);
    if (parts > 1) {
        wkb_head(&b, WKB_MULTIPOLYGON);
        wkb_put(&b, &parts, sizeof(parts));
    }
    for (size_t i = 0, n; i < s->ring_count; i += n) {
        n = rings_from(s, i);
        wkb_put_polygon(&b, s, i, (uint32_t)n);
    }
    return buf_str(&b);
}

double degree_m2(double lat)
{
    static const double axis_m = 6378137.0, e2 = 0.00669437999014, rad = 0.017453292519943295;
    double s = sin(lat * rad), q = 1 - e2 * s * s;
    return axis_m * axis_m * (1 - e2) * cos(lat * rad) / (q * q) * (rad * rad);
}

/* The integral of longitude times square metres over latitude along an edge that is straight in
 * degrees, by Gauss's rule with three points: for a degree of latitude exact beyond what doubles
 * hold. lon: to measure from. */
static double edge_area_m2(struct geo_point a, struct geo_point b, double lon)
{
    static const double node[] = { -0.7745966692414834, 0, 0.7745966692414834 };
    static const double weight[] = { 5.0 / 18, 8.0 / 18, 5.0 / 18 };
    double sum = 0;
    for (size_t i = 0; i < COUNT_OF(node); i++) {
        double t = (1 + node[i]) / 2;
        sum += weight[i] * (a.lon - lon + t * (b.lon - a.lon)) * degree_m2(a.lat
            + t * (b.lat - a.lat));
    }
    return sum * (b.lat - a.lat);
}

static struct geo_point point_between(struct geo_point a, struct geo_point b, double t)
{
    return (struct geo_point){ a.lon + t * (b.lon - a.lon), a.lat + t * (b.lat - a.lat) };
}

double ring_area_m2(const struct geo_point *at, size_t n)
{
    double sum = 0;
    for (size_t k = 1; k < n; k++) {
        struct geo_point a = at[k - 1], b = at[k];
        double parts = ceil(fabs(b.lat - a.lat)); /* none of a level edge */
        for (double i = 0; i < parts; i++)
            sum += edge_area_m2(point_between(a, b, i / parts), point_between(a, b, (i + 1) / parts),
                at[0].lon);
    }
    return fabs(sum);
}

static double area_of_ring(const struct shape *s, size_t i)
{
    return ring_area_m2(s->at + s->rings[i].first, s->rings[i].n);
}

double shape_area_m2(const struct shape *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->ring_count; i++)
        sum += s->rings[i].outer ? area_of_ring(s, i) : -area_of_ring(s, i);
    return sum;
}

bool shape_holds(const struct shape *s, struct geo_point p)
{
    bool in = false;
    if (!geo_box_holds(s->box, p))
        return false;
    for (size_t i = 0; i < s->ring_count; i++) {
        const struct geo_point *at = s->at + s->rings[i].first;
        for (size_t k = 1; k < s->rings[i].n; k++)
            in ^= edge_is_east_of(edge_between(at[k - 1], at[k]), p);
    }
    return in;
}

static size_t ring_largest(const struct shape *s)
{
    size_t best = 0;
    double best_m2 = -1;
    for (size_t i = 0; i < s->ring_count; i++) {
        double m2 = s->rings[i].outer ? area_of_ring(s, i) : -1;
        if (m2 > best_m2) {
            best = i;
            best_m2 = m2;
        }
    }
    return best;
}

/* Centre of mass of ring i. */
static struct geo_point ring_centroid(const struct shape *s, size_t i)
{
    const struct geo_point *at = s->at + s->rings[i].first;
    double twice = 0, x = 0, y = 0;
    for (size_t k = 1; k < s->rings[i].n; k++) {
        double ax = at[k - 1].lon - at[0].lon, ay = at[k - 1].lat - at[0].lat;
        double bx = at[k].lon - at[0].lon, by = at[k].lat - at[0].lat, w = ax * by - bx * ay;
        twice += w;
        x += w * (ax + bx);
        y += w * (ay + by);
    }
    if (fabs(twice) < 1e-300)
        return at[0];
    return (struct geo_point){ at[0].lon + x / (3 * twice), at[0].lat + y / (3 * twice) };
}

static int double_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The middle of the widest stretch of the shape along a parallel; false when there is none. */
static bool widest_on_parallel(const struct shape *s, double lat, double *cut, double *ret_width,
    struct geo_point *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < s->ring_count; i++) {
        const struct geo_point *at = s->at + s->rings[i].first;
        for (size_t k = 1; k < s->rings[i].n; k++) {
            struct geo_point a = at[k - 1], b = at[k];
            if ((a.lat > lat) != (b.lat > lat))
                cut[n++] = a.lon + (lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon);
        }
    }
    qsort(cut, n, sizeof(*cut), double_order);
    *ret_width = 0;
    for (size_t i = 1; i < n; i += 2) {
        if (cut[i] - cut[i - 1] > *ret_width) {
            *ret_width = cut[i] - cut[i - 1];
            *ret = (struct geo_point){ (cut[i] + cut[i - 1]) / 2, lat };
        }
    }
    return *ret_width > 0;
}

struct geo_point shape_centre(const struct shape *s)
{
    struct geo_point best = ring_centroid(s, ring_largest(s)), p = best;
    if (shape_holds(s, best))
        return best;
    double *cut = heap_alloc(s->point_count * sizeof(*cut)), best_width = 0, width;
    for (int i = 1; i < 16; i++) {
        double lat = s->box.lat_min + (s->box.lat_max - s->box.lat_min) * i / 16;
        if (widest_on_parallel(s, lat, cut, &width, &p) && width > best_width) {
            best = p;
            best_width = width;
        }
    }
    heap_free(cut);
    return best;
}

/* Both coordinates with 5 decimals and without trailing zeros, which is a third of the text. */
static void degrees_write(struct buf *b, double v)
{
    int64_t n = llround(v * 1e5);
    if (n < 0)
        buf_byte(b, '-');
    uint64_t u = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    buf_i64(b, (int64_t)(u / 100000));
    char digits[6] = { '.' };
    int kept = 0;
    for (int i = 5, rest = (int)(u % 100000); i > 0; i--, rest /= 10) {
        digits[i] = (char)('0' + rest % 10);
        kept = kept == 0 && rest % 10 ? i + 1 : kept;
    }
    buf_add(b, (struct str){ digits, (size_t)kept });
}

static struct geo_point lattice_point(struct geo_point p, double step)
{
    if (step <= 0)
        return geo_point_round(p, 5);
    return (struct geo_point){ round(p.lon / step) * step, round(p.lat / step) * step };
}

static bool same_point(struct geo_point a, struct geo_point b)
{
    return fabs(a.lon - b.lon) < 5e-6 && fabs(a.lat - b.lat) < 5e-6;
}

/* The ring on the lattice without repeats and without there-and-back spikes; gives the number of
 * points left, the closing one not counted. */
static size_t ring_thin(const struct shape *s, size_t i, double step, struct geo_point *ret)
{
    const struct geo_point *at = s->at + s->rings[i].first;
    size_t n = 0;
    for (size_t k = 1; k < s->rings[i].n; k++) {
        struct geo_point p = lattice_point(at[k], step);
        if (n > 1 && same_point(ret[n - 2], p))
            n--;
        else if (n == 0 || !same_point(ret[n - 1], p))
            ret[n++] = p;
    }
    size_t from = 0;
    while (n - from > 2 && (same_point(ret[from], ret[n - 1])
        || same_point(ret[from + 1], ret[n - 1]) || same_point(ret[from], ret[n - 2]))) {
        if (!same_point(ret[from], ret[n - 1]) && same_point(ret[from + 1], ret[n - 1]))
            from++;
        else
            n--;
    }
    memmove(ret, ret + from, (n - from) * sizeof(*ret));
    return n - from;
}

static void ring_write(struct buf *b, const struct geo_point *at, size_t n)
{
    buf_byte(b, '[');
    for (size_t k = 0; k <= n; k++) {
        buf_add(b, k ? STR(",[") : STR("["));
        degrees_write(b, at[k % n].lon);
        buf_byte(b, ',');
        degrees_write(b, at[k % n].lat);
        buf_byte(b, ']');
    }
    buf_byte(b, ']');
}

/* Whether anything is left of a polygon is its outer ring's affair. */
static void polygons_write(struct buf *b, const struct shape *s, double step, bool force,
    struct geo_point *scratch)
{
    size_t written = 0;
    bool open = false;
    for (size_t i = 0; i < s->ring_count; i++) {
        size_t n = ring_thin(s, i, step, scratch);
        if (s->rings[i].outer && open)
            buf_byte(b, ']');
        open = s->rings[i].outer ? n > 2 || force : open;
        if (!open || (n < 3 && !force))
            continue;
        if (s->rings[i].outer)
            buf_add(b, written++ ? STR(",[") : STR("["));
        else
            buf_byte(b, ',');
        ring_write(b, scratch, n);
    }
    if (open)
        buf_byte(b, ']');
}

void shape_write_geojson(struct buf *b, const struct shape *s, double step_degrees)
{
    struct geo_point *scratch = heap_alloc(s->point_count * sizeof(*scratch));
    bool left = false;
    for (size_t i = 0; i < s->ring_count && !left; i++)
        left = s->rings[i].outer && ring_thin(s, i, step_degrees, scratch) > 2;
    buf_add(b, STR("\"type\":\"MultiPolygon\",\"coordinates\":["));
    if (left) {
        polygons_write(b, s, step_degrees, false, scratch);
    } else {
        struct ring only = s->rings[ring_largest(s)];
        struct shape alone = { .at = s->at, .rings = &only, .point_count = s->point_count,
            .ring_count = 1 };
        polygons_write(b, &alone, 0, true, scratch);
    }
    buf_byte(b, ']');
    heap_free(scratch);
}
