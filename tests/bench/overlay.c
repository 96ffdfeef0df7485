/* overlay.c: the demo city's police grids under its governance grids: how long it takes, and how
 * far the shares of a grid are from 1 at worst.
 *   overlay
 * prints one JSON object; seconds of processor time on one core. */
#include "demo/geography.h"
#include "geo/overlay.h"
#include <math.h>
#include <stdio.h>
#include <time.h>

static double cpu_s(void)
{
    struct timespec t;
    CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void print(const struct overlay *o, size_t grids, size_t police, double took_s)
{
    double worst = 0, sum = 0, lost_m2 = 0, doubled_m2 = 0;
    for (size_t i = 0; i < o->n; i++) {
        sum += o->links[i].share_a;
        if (i + 1 < o->n && o->links[i + 1].a == o->links[i].a)
            continue;
        worst = fmax(worst, fabs(sum - 1));
        sum = 0;
    }
    for (size_t i = 0; i < grids; i++) {
        lost_m2 += o->of_a[i].lost_m2;
        doubled_m2 += o->of_a[i].doubled_m2;
    }
    printf("{\"grids\":%zu,\"police\":%zu,\"links\":%zu,\"seconds\":%.2f,\"worst_share_sum\":%.2g,"
        "\"lost_m2\":%.0f,\"doubled_m2\":%.0f}\n", grids, police, o->n, took_s, worst, lost_m2,
        doubled_m2);
}

int main(void)
{
    struct arena a;
    struct geography city;
    struct geo_index *grids, *police;
    struct overlay o;
    arena_init(&a, (size_t)1 << 30);
    demo_geography(&a, 1, &city);
    struct geo_item *items = NEW_N(&a, struct geo_item, city.grid_count + city.police_count);
    struct geo_item *under = items + city.grid_count;
    for (size_t i = 0; i < city.grid_count; i++)
        items[i] = (struct geo_item){ (int64_t)i, city.grids[i].wkb };
    for (size_t i = 0; i < city.police_count; i++)
        under[i] = (struct geo_item){ (int64_t)i, city.police[i].wkb };
    CHECK(geo_index_build(items, city.grid_count, &grids, NULL) == OK);
    CHECK(geo_index_build(under, city.police_count, &police, NULL) == OK);
    double start_s = cpu_s();
    overlay_make(&a, grids, police, &o);
    print(&o, city.grid_count, city.police_count, cpu_s() - start_s);
    geo_index_free(grids);
    geo_index_free(police);
    arena_free(&a);
    return 0;
}
