/* terrain.c: outlines, water and density from the compiled-in files. */
#include "demo/terrain.h"
#include "demo/data.h"
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

static const double LON0 = 120.65, LAT0 = 31.4, LON_M = 95096.0, LAT_M = 110878.0;

struct xy plane_of(struct geo_point p)
{
    return (struct xy){ (p.lon - LON0) * LON_M, (p.lat - LAT0) * LAT_M };
}

struct geo_point degrees_of(struct xy p)
{
    return (struct geo_point){ LON0 + p.x / LON_M, LAT0 + p.y / LAT_M };
}

/* The western edge of the industrial park, north to south, inside the outline of 320508. */
static const struct geo_point park_edge[] = { { 120.664, 31.375 }, { 120.668, 31.355 },
    { 120.659, 31.335 }, { 120.663, 31.30 }, { 120.655, 31.27 }, { 120.652, 31.25 } };

static bool in_park(struct geo_point p)
{
    size_t i = 1;
    while (i + 1 < COUNT_OF(park_edge) && p.lat < park_edge[i].lat)
        i++;
    struct geo_point a = park_edge[i - 1], b = park_edge[i];
    return p.lon > a.lon + (p.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon);
}

/* One closed ring as an item for an index. */
static struct geo_item ring_item(struct arena *a, int64_t id, const struct geo_point *at, size_t n)
{
    struct ring ring = { 0, n, true };
    struct shape s = { .at = at, .rings = &ring, .point_count = n, .ring_count = 1 };
    return (struct geo_item){ id, shape_wkb(a, &s) };
}

static struct geo_index *index_of(const struct geo_item *items, size_t n)
{
    struct geo_index *ix;
    CHECK(geo_index_build(items, n, &ix, NULL) == OK);
    return ix;
}

static int segment_order(const void *x, const void *y)
{
    return memcmp(x, y, sizeof(struct segment));
}

static void border_add(struct terrain *t, struct geo_point p, struct geo_point q)
{
    bool turn = p.lon > q.lon || (p.lon == q.lon && p.lat > q.lat);
    if (p.lon != q.lon || p.lat != q.lat)
        t->borders[t->border_count++] = (struct segment){ plane_of(turn ? q : p),
            plane_of(turn ? p : q) };
}

/* Neighbours repeat their common border; keep one of each. */
static void borders_unique(struct terrain *t)
{
    size_t n = 0;
    qsort(t->borders, t->border_count, sizeof(*t->borders), segment_order);
    for (size_t i = 0; i < t->border_count; i++) {
        if (n == 0 || segment_order(&t->borders[n - 1], &t->borders[i]) != 0)
            t->borders[n++] = t->borders[i];
    }
    t->border_count = n;
}

static struct geo_point json_point(const json_t *pair)
{
    return (struct geo_point){ json_number_value(json_array_get(pair, 0)),
        json_number_value(json_array_get(pair, 1)) };
}

static struct geo_item district_read(struct terrain *t, struct arena *a, const json_t *feature)
{
    struct str code = str_c(json_string_value(json_object_get(feature, "id")));
    const json_t *ring = json_array_get(
        json_object_get(json_object_get(feature, "geometry"), "coordinates"), 0);
    size_t n = json_array_size(ring);
    struct geo_point *at = NEW_N(a, struct geo_point, n);
    CHECK(n > 3);
    for (size_t i = 0; i < n; i++) {
        at[i] = json_point(json_array_get(ring, i));
        if (i > 0)
            border_add(t, at[i - 1], at[i]);
    }
    return ring_item(a, register_find(t->reg, LEVEL_DISTRICT, code), at, n);
}

enum { SEGMENTS_MAX = 20000, DISTRICTS_MAX = 16, WATERS_MAX = 64, RING_MAX = 64, DISK_POINTS = 24 };

static void districts_load(struct terrain *t, struct arena *a)
{
    struct str text = data_districts();
    json_t *doc = json_loadb(text.p, text.n, 0, NULL), *feature;
    struct geo_item items[DISTRICTS_MAX];
    size_t i, n = json_array_size(json_object_get(doc, "features"));
    CHECK(doc && n > 0 && n <= DISTRICTS_MAX);
    t->borders = NEW_N(a, struct segment, SEGMENTS_MAX);
    json_array_foreach(json_object_get(doc, "features"), i, feature)
        items[i] = district_read(t, a, feature);
    for (i = 1; i < COUNT_OF(park_edge); i++)
        border_add(t, park_edge[i - 1], park_edge[i]);
    CHECK(t->border_count <= SEGMENTS_MAX);
    json_decref(doc);
    borders_unique(t);
    t->districts = index_of(items, n);
    t->low = (struct xy){ INFINITY, INFINITY };
    t->high = (struct xy){ -INFINITY, -INFINITY };
    for (i = 0; i < t->border_count; i++) {
        struct segment s = t->borders[i];
        t->low = (struct xy){ fmin(t->low.x, s.a.x), fmin(t->low.y, fmin(s.a.y, s.b.y)) };
        t->high = (struct xy){ fmax(t->high.x, s.b.x), fmax(t->high.y, fmax(s.a.y, s.b.y)) };
    }
}

/* A ring of the water file: rows of one name, or a disk. */
struct shore { struct str kind, name; struct geo_point at[RING_MAX + 1]; size_t n; };

static void disk_make(struct shore *s, double radius_m)
{
    struct xy c = plane_of(s->at[0]);
    for (s->n = 0; s->n < DISK_POINTS; s->n++) {
        double angle = (double)s->n * 2 * M_PI / DISK_POINTS;
        double r = radius_m * (1 + 0.15 * sin(3 * angle) + 0.1 * cos(2 * angle + c.x));
        s->at[s->n] = degrees_of((struct xy){ c.x + r * cos(angle), c.y + r * sin(angle) });
    }
}

/* The next ring of the file; *row is the one looked at and not yet used. */
static bool shore_next(struct str *rest, struct str row[5], bool *have, struct shore *ret)
{
    if (!*have)
        return false;
    *ret = (struct shore){ .kind = row[0], .name = row[1] };
    do {
        CHECK(ret->n < RING_MAX);
        ret->at[ret->n++] = (struct geo_point){ data_number(row[2]), data_number(row[3]) };
        if (row[4].n)
            disk_make(ret, data_number(row[4]));
        *have = data_row(rest, row, 5);
    } while (*have && str_eq(row[1], ret->name));
    ret->at[ret->n++] = ret->at[0];
    return true;
}

static void water_load(struct terrain *t, struct arena *a)
{
    struct geo_item water[WATERS_MAX], islands[WATERS_MAX];
    struct str rest, row[5];
    size_t waters = 0, lands = 0;
    struct shore s;
    (void)str_cut(data_water(), '\n', &rest);
    bool have = data_row(&rest, row, 5);
    while (shore_next(&rest, row, &have, &s)) {
        bool is_land = str_is(s.kind, "land");
        size_t *n = is_land ? &lands : &waters;
        CHECK(*n < WATERS_MAX);
        (is_land ? islands : water)[*n] = ring_item(a, (int64_t)*n, s.at, s.n);
        ++*n;
    }
    t->water = index_of(water, waters);
    t->islands = index_of(islands, lands);
}

static void seats_load(struct terrain *t, struct arena *a)
{
    struct str rest, row[3];
    uint32_t first = t->reg->first[LEVEL_TOWNSHIP];
    t->seat = NEW_N(a, struct xy, register_size(t->reg, LEVEL_TOWNSHIP));
    (void)str_cut(data_township_centres(), '\n', &rest);
    while (data_row(&rest, row, 3))
        t->seat[register_find(t->reg, LEVEL_TOWNSHIP, row[0]) - first] =
            plane_of((struct geo_point){ data_number(row[1]), data_number(row[2]) });
}

uint32_t terrain_district(const struct terrain *t, struct xy p)
{
    struct geo_point g = degrees_of(p);
    ptrdiff_t i = geo_index_find(t->districts, g);
    if (i < 0)
        return 0;
    uint32_t d = (uint32_t)geo_index_id(t->districts, (size_t)i);
    if (str_starts(t->reg->at[d].code12, STR("320508")) && in_park(g))
        return register_find(t->reg, LEVEL_DISTRICT, STR("320576"));
    return d;
}

bool terrain_is_water(const struct terrain *t, struct xy p)
{
    struct geo_point g = degrees_of(p);
    return geo_index_find(t->water, g) >= 0 && geo_index_find(t->islands, g) < 0;
}

static size_t tile_of(const struct terrain *t, struct xy p)
{
    double c = fmin(fmax((p.x - t->low.x) / TILE_M, 0), (double)t->columns - 1);
    double r = fmin(fmax((p.y - t->low.y) / TILE_M, 0), (double)t->rows - 1);
    return (size_t)r * t->columns + (size_t)c;
}

double terrain_density(const struct terrain *t, struct xy p)
{
    return t->density[tile_of(t, p)];
}

static uint32_t communities_of(const struct terrain *t, size_t township)
{
    return t->reg->at[t->reg->first[LEVEL_TOWNSHIP] + township].child_count;
}

/* How far a town spreads around its seat: no further than its neighbours leave room. The parks
 * and farms that are townships of a single community do not count. */
static double *reaches_m(const struct terrain *t, struct arena *a)
{
    size_t n = register_size(t->reg, LEVEL_TOWNSHIP);
    double *reach = NEW_N(a, double, n);
    for (size_t i = 0; i < n; i++) {
        double nearest = INFINITY;
        for (size_t j = 0; j < n; j++) {
            double d = hypot(t->seat[i].x - t->seat[j].x, t->seat[i].y - t->seat[j].y);
            nearest = j == i || communities_of(t, j) < 2 ? nearest : fmin(nearest, d);
        }
        reach[i] = fmin(fmax(0.6 * nearest, 700), 2200);
    }
    return reach;
}

/* Each town is a hill of people around its seat, as many as it has communities. */
static double hills_at(const struct terrain *t, const double *reach, struct xy p)
{
    double sum = 0;
    for (uint32_t i = 0; i < register_size(t->reg, LEVEL_TOWNSHIP); i++) {
        double dx = p.x - t->seat[i].x, dy = p.y - t->seat[i].y, s2 = reach[i] * reach[i];
        double q = 1 + (dx * dx + dy * dy) / s2;
        sum += communities_of(t, i) / (2 * M_PI * s2) / (q * sqrt(q));
    }
    return sum;
}

static void density_make(struct terrain *t, struct arena *a, double grid_count)
{
    const double *reach = reaches_m(t, a);
    t->columns = (size_t)((t->high.x - t->low.x) / TILE_M) + 1;
    t->rows = (size_t)((t->high.y - t->low.y) / TILE_M) + 1;
    t->density = NEW_N(a, double, t->columns * t->rows);
    double land = 0;
    for (size_t i = 0; i < t->columns * t->rows; i++) {
        struct xy p = { t->low.x + ((double)(i % t->columns) + 0.5) * TILE_M,
            t->low.y + ((double)(i / t->columns) + 0.5) * TILE_M };
        bool wet = terrain_is_water(t, p);
        t->density[i] = wet ? 1e-12 : hills_at(t, reach, p);
        land += terrain_district(t, p) && !wet ? t->density[i] * TILE_M * TILE_M : 0;
    }
    for (size_t i = 0; i < t->columns * t->rows; i++)
        t->density[i] *= grid_count / land;
}

struct terrain terrain_load(struct arena *scratch, const struct reg *reg, double grid_count)
{
    struct terrain t = { .reg = reg };
    districts_load(&t, scratch);
    water_load(&t, scratch);
    seats_load(&t, scratch);
    density_make(&t, scratch, grid_count);
    return t;
}

void terrain_end(struct terrain *t)
{
    geo_index_free(t->districts);
    geo_index_free(t->water);
    geo_index_free(t->islands);
}
