/* locate.c: points to the areas of the demo city's layers, by the atlas and by GEOS (an STRtree
 * over prepared polygons, as its manual has it), in turn on one core and over the same points.
 *   locate POINTS ROUNDS [DIR]
 * prints one JSON object: medians of the rounds, in seconds of processor time. With DIR the layers,
 * the points and what was found are left there as CSV, for a database to be asked the same. */
#define GEOS_USE_ONLY_R_API
#include "base/rand.h"
#include "demo/geography.h"
#include "geo/atlas.h"
#include <geos_c.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LAYERS = 3, ROUNDS_MAX = 99, POINTS_MAX = 20000000 };
static const char *const layer_names[LAYERS] = { "police", "grid", "micro" };

/* One layer twice: for us and for GEOS. */
struct layer {
    struct geo_item *items;
    size_t n;
    struct geo_index *ix;
    GEOSSTRtree *tree;
    GEOSGeometry **area;
    const GEOSPreparedGeometry **prepared;
    int32_t *number;            /* 0, 1, 2 ..: what the tree holds */
};

struct bench {
    struct arena a;
    struct geography city;
    struct layer layers[LAYERS];
    GEOSContextHandle_t geos;
    struct geo_point *points;
    size_t point_count;
    int32_t *ours, *theirs;     /* LAYERS for each point */
};

/* Of this thread's own work: others may be busy beside it. */
static double cpu_s(void)
{
    struct timespec t;
    CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int double_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof(*v), double_order);
    return v[n / 2];
}

static void layer_fill(struct bench *b, size_t k, size_t n)
{
    b->layers[k].items = NEW_N(&b->a, struct geo_item, n + 1);
    b->layers[k].n = n;
}

static void layers_fill(struct bench *b)
{
    layer_fill(b, 0, b->city.police_count);
    layer_fill(b, 1, b->city.grid_count);
    layer_fill(b, 2, b->city.micro_count);
    for (size_t i = 0; i < b->city.police_count; i++)
        b->layers[0].items[i] = (struct geo_item){ (int64_t)i, b->city.police[i].wkb };
    for (size_t i = 0; i < b->city.grid_count; i++)
        b->layers[1].items[i] = (struct geo_item){ (int64_t)i, b->city.grids[i].wkb };
    for (size_t i = 0; i < b->city.micro_count; i++)
        b->layers[2].items[i] = (struct geo_item){ (int64_t)i, b->city.micros[i].wkb };
}

static void geos_layer(struct bench *b, struct layer *l)
{
    GEOSWKBReader *reader = GEOSWKBReader_create_r(b->geos);
    l->tree = GEOSSTRtree_create_r(b->geos, 10);
    l->area = NEW_N(&b->a, GEOSGeometry *, l->n + 1);
    l->prepared = NEW_N(&b->a, const GEOSPreparedGeometry *, l->n + 1);
    l->number = NEW_N(&b->a, int32_t, l->n + 1);
    for (size_t i = 0; i < l->n; i++) {
        struct str wkb = l->items[i].wkb;
        l->area[i] = GEOSWKBReader_read_r(b->geos, reader, (const unsigned char *)wkb.p, wkb.n);
        l->prepared[i] = GEOSPrepare_r(b->geos, l->area[i]);
        l->number[i] = (int32_t)i;
        GEOSSTRtree_insert_r(b->geos, l->tree, l->area[i], &l->number[i]);
    }
    GEOSWKBReader_destroy_r(b->geos, reader);
}

struct hit { struct bench *b; const struct layer *layer; const GEOSGeometry *point; int32_t item; };

static void hit_try(void *item, void *ctx)
{
    struct hit *h = ctx;
    int32_t i = *(int32_t *)item;
    if (h->item < 0 && GEOSPreparedContains_r(h->b->geos, h->layer->prepared[i], h->point) == 1)
        h->item = i;
}

static void geos_find(struct bench *b, size_t from, size_t to, struct geo_point p, int32_t *ret)
{
    GEOSGeometry *point = GEOSGeom_createPointFromXY_r(b->geos, p.lon, p.lat);
    for (size_t k = from; k < to; k++) {
        struct hit h = { b, &b->layers[k], point, -1 };
        GEOSSTRtree_query_r(b->geos, b->layers[k].tree, point, hit_try, &h);
        ret[k] = h.item;
    }
    GEOSGeom_destroy_r(b->geos, point);
}

static double geos_round(struct bench *b, size_t from, size_t to)
{
    double start_s = cpu_s();
    for (size_t i = 0; i < b->point_count; i++)
        geos_find(b, from, to, b->points[i], &b->theirs[i * LAYERS]);
    return cpu_s() - start_s;
}

static double atlas_round(struct bench *b, const struct geo_atlas *at)
{
    double start_s = cpu_s();
    for (size_t i = 0; i < b->point_count; i++)
        geo_atlas_find(at, b->points[i], &b->ours[i * LAYERS]);
    return cpu_s() - start_s;
}

static double index_round(struct bench *b)
{
    double start_s = cpu_s();
    for (size_t i = 0; i < b->point_count; i++)
        b->ours[i * LAYERS + 1] = (int32_t)geo_index_find(b->layers[1].ix, b->points[i]);
    return cpu_s() - start_s;
}

static size_t answers_that_differ(const struct bench *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->point_count * LAYERS; i++)
        n += b->ours[i] != b->theirs[i];
    return n;
}

static size_t answers_found(const struct bench *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->point_count * LAYERS; i++)
        n += b->ours[i] >= 0;
    return n;
}

/* Anywhere in the box around the city, a third of it outside. */
static void points_scatter(struct bench *b)
{
    struct geo_box box = geo_index_box(b->layers[1].ix);
    struct rand r = rand_seeded(1);
    for (size_t i = 0; i < b->point_count; i++) {
        b->points[i].lon = box.lon_min + (box.lon_max - box.lon_min) * rand_unit(&r);
        b->points[i].lat = box.lat_min + (box.lat_max - box.lat_min) * rand_unit(&r);
    }
}

static FILE *file_in(struct bench *b, const char *dir, const char *name)
{
    FILE *f = fopen(arena_fmt(&b->a, "%s/%s.csv", dir, name).p, "w");
    CHECK(f != NULL);
    return f;
}

static void leave_files(struct bench *b, const char *dir)
{
    FILE *f = file_in(b, dir, "zones");
    for (size_t k = 0; k < LAYERS; k++) {
        for (size_t i = 0; i < b->layers[k].n; i++) {
            fprintf(f, "%s,%zu,", layer_names[k], i);
            for (size_t c = 0; c < b->layers[k].items[i].wkb.n; c++)
                fprintf(f, "%02x", (unsigned char)b->layers[k].items[i].wkb.p[c]);
            fputc('\n', f);
        }
    }
    CHECK(fclose(f) == 0);
    f = file_in(b, dir, "points");
    for (size_t i = 0; i < b->point_count; i++)
        fprintf(f, "%zu,%.17g,%.17g,%d,%d,%d\n", i, b->points[i].lon, b->points[i].lat,
            b->ours[i * LAYERS], b->ours[i * LAYERS + 1], b->ours[i * LAYERS + 2]);
    CHECK(fclose(f) == 0);
}

static void measure(struct bench *b, size_t rounds, const char *dir)
{
    double ours[ROUNDS_MAX], theirs[ROUNDS_MAX], one[ROUNDS_MAX], ix[ROUNDS_MAX];
    const struct geo_index *layers[LAYERS];
    double start_s = cpu_s();
    for (size_t k = 0; k < LAYERS; k++) {
        CHECK(geo_index_build(b->layers[k].items, b->layers[k].n, &b->layers[k].ix, NULL) == OK);
        layers[k] = b->layers[k].ix;
    }
    double index_s = cpu_s() - start_s;
    start_s = cpu_s();
    struct geo_atlas *at = geo_atlas_build(layers, LAYERS);
    double atlas_s = cpu_s() - start_s;
    points_scatter(b);
    for (size_t i = 0; i < rounds; i++) {
        theirs[i] = geos_round(b, 0, LAYERS);
        one[i] = geos_round(b, 1, 2);
        ix[i] = index_round(b);
        ours[i] = atlas_round(b, at);
    }
    double n = (double)b->point_count;
    printf("{\"points\":%zu,\"police\":%zu,\"grids\":%zu,\"micro_grids\":%zu,\"differ\":%zu,"
        "\"found\":%zu,\"ours_per_second\":%.0f,\"geos_per_second\":%.0f,"
        "\"geos_one_layer_per_second\":%.0f,\"index_one_layer_per_second\":%.0f,"
        "\"index_build_s\":%.3f,\"atlas_build_s\":%.3f,\"atlas_mib\":%.1f}\n", b->point_count,
        b->layers[0].n, b->layers[1].n, b->layers[2].n, answers_that_differ(b), answers_found(b),
        n / median(ours, rounds), n / median(theirs, rounds), n / median(one, rounds),
        n / median(ix, rounds), index_s, atlas_s, (double)geo_atlas_bytes(at) / 1048576);
    if (dir)
        leave_files(b, dir);
    geo_atlas_free(at);
}

int main(int argc, char **argv)
{
    int64_t points = 0, rounds = 0;
    if (argc < 3 || !str_to_i64(str_c(argv[1]), &points) || !str_to_i64(str_c(argv[2]), &rounds)
        || points < 1 || points > POINTS_MAX || rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: locate POINTS ROUNDS [DIR]\n");
        return 2;
    }
    struct bench b = { .point_count = (size_t)points };
    arena_init(&b.a, (size_t)2 << 30);
    demo_geography(&b.a, 1, &b.city);
    layers_fill(&b);
    b.geos = GEOS_init_r();
    for (size_t k = 0; k < LAYERS; k++)
        geos_layer(&b, &b.layers[k]);
    b.points = NEW_N(&b.a, struct geo_point, b.point_count);
    b.ours = NEW_N(&b.a, int32_t, b.point_count * LAYERS);
    b.theirs = NEW_N(&b.a, int32_t, b.point_count * LAYERS);
    measure(&b, (size_t)rounds, argc > 3 ? argv[3] : NULL);
    arena_free(&b.a);
    return 0;
}
