/* cell.c: z-order keys. */
#include "geo/cell.h"
#include <math.h>

static const double STEPS = 67108864.0; /* 2^CELL_BITS */

static uint32_t step_of(double v, double low, double span)
{
    double s = floor((v - low) / span * STEPS);
    return s < 0 ? 0 : s >= STEPS ? (uint32_t)STEPS - 1 : (uint32_t)s;
}

/* Moves bit i to bit 2i. */
static uint64_t spread(uint32_t v)
{
    uint64_t x = v;
    x = (x | x << 16) & UINT64_C(0x0000FFFF0000FFFF);
    x = (x | x << 8) & UINT64_C(0x00FF00FF00FF00FF);
    x = (x | x << 4) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    x = (x | x << 2) & UINT64_C(0x3333333333333333);
    return (x | x << 1) & UINT64_C(0x5555555555555555);
}

static uint32_t gather(uint64_t x)
{
    x &= UINT64_C(0x5555555555555555);
    x = (x | x >> 1) & UINT64_C(0x3333333333333333);
    x = (x | x >> 2) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    x = (x | x >> 4) & UINT64_C(0x00FF00FF00FF00FF);
    x = (x | x >> 8) & UINT64_C(0x0000FFFF0000FFFF);
    return (uint32_t)(x | x >> 16);
}

static int64_t key_of_steps(uint32_t x, uint32_t y)
{
    return (int64_t)(spread(x) << 1 | spread(y));
}

int64_t cell_key(struct geo_point p)
{
    CHECK(geo_point_ok(p));
    return key_of_steps(step_of(p.lon, -180, 360), step_of(p.lat, -90, 180));
}

struct geo_point cell_corner(int64_t key)
{
    CHECK(key >= 0 && key < INT64_C(1) << 2 * CELL_BITS);
    uint64_t k = (uint64_t)key;
    return (struct geo_point){ gather(k >> 1) / STEPS * 360 - 180, gather(k) / STEPS * 180 - 90 };
}

static void range_insert(struct cell_range *r, size_t n, struct cell_range add)
{
    for (; n > 0 && r[n - 1].first > add.first; n--)
        r[n] = r[n - 1];
    r[n] = add;
}

/* Joins neighbours in a sorted list; gives the new length. */
static size_t ranges_join(struct cell_range *r, size_t n)
{
    size_t kept = 0;
    for (size_t i = 1; i < n; i++) {
        if (r[i].first == r[kept].last + 1)
            r[kept].last = r[i].last;
        else
            r[++kept] = r[i];
    }
    return kept + 1;
}

size_t cell_ranges_box(struct geo_box box, struct cell_range ret[CELL_RANGES_MAX])
{
    CHECK(box.lon_min <= box.lon_max && box.lat_min <= box.lat_max);
    uint32_t x0 = step_of(box.lon_min, -180, 360), x1 = step_of(box.lon_max, -180, 360);
    uint32_t y0 = step_of(box.lat_min, -90, 180), y1 = step_of(box.lat_max, -90, 180);
    unsigned shift = 0;
    while ((x1 >> shift) - (x0 >> shift) > 2 || (y1 >> shift) - (y0 >> shift) > 2)
        shift++;
    size_t n = 0;
    int64_t cells = INT64_C(1) << 2 * shift;
    for (uint32_t x = x0 >> shift; x <= x1 >> shift; x++) {
        for (uint32_t y = y0 >> shift; y <= y1 >> shift; y++) {
            int64_t first = key_of_steps(x << shift, y << shift);
            range_insert(ret, n++, (struct cell_range){ first, first + cells - 1 });
        }
    }
    return ranges_join(ret, n);
}

size_t cell_ranges(struct geo_point p, double radius_m, struct cell_range ret[CELL_RANGES_MAX])
{
    CHECK(geo_point_ok(p) && radius_m >= 0);
    return cell_ranges_box(geo_box_around(p, radius_m), ret);
}
