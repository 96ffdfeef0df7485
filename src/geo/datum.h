/* datum.h: points on the earth in the three coordinate systems used in China, and distances.
 *
 * WGS-84 is what satellites give and what is stored (CGCS2000 agrees with it at our accuracy);
 * GCJ-02 is what Chinese maps and phones show; BD-09 is Baidu's. Conversions follow the public
 * formulas; inverses iterate, because the one-step form is off by up to 2 m. */
#pragma once
#include "base/check.h"

enum crs { CRS_WGS84, CRS_GCJ02, CRS_BD09 };

/* Degrees. */
struct geo_point { double lon, lat; };
/* Degrees; empty when min > max. */
struct geo_box { double lon_min, lat_min, lon_max, lat_max; };

/* False for NaN, infinities and values outside -180..180, -90..90. */
bool geo_point_ok(struct geo_point p);
/* Inside the box in which GCJ-02 shifts points: 72.004..137.8347, 0.8293..55.8271.
 * Outside of it all three systems are the same. */
bool geo_shifted(struct geo_point p);
/* p read as from, given as to. Forward conversions are exact to the formula; inverses to 1e-9
 * degrees of it. p must be geo_point_ok. */
struct geo_point geo_convert(struct geo_point p, enum crs from, enum crs to);

/* Great-circle metres (haversine on a sphere of 6371008.8 m). */
double geo_distance_m(struct geo_point a, struct geo_point b);
/* Metres of one degree of longitude and latitude around lat (WGS-84 ellipsoid). */
void geo_degree_m(double lat, double *ret_lon_m, double *ret_lat_m);
/* Rounded half away from zero to digits (0..9) decimals: 5 is about a metre, 3 about 100 m. */
double geo_round(double degrees, int digits);
struct geo_point geo_point_round(struct geo_point p, int digits);
/* The box of all points within radius_m of p, cut at the poles and at +-180. */
struct geo_box geo_box_around(struct geo_point p, double radius_m);

static inline bool geo_box_meets(struct geo_box a, struct geo_box b)
{
    return a.lon_min <= b.lon_max && b.lon_min <= a.lon_max && a.lat_min <= b.lat_max
        && b.lat_min <= a.lat_max;
}
static inline bool geo_box_holds(struct geo_box b, struct geo_point p)
{
    return p.lon >= b.lon_min && p.lon <= b.lon_max && p.lat >= b.lat_min && p.lat <= b.lat_max;
}
static inline struct geo_box geo_box_join(struct geo_box a, struct geo_box b)
{
    return (struct geo_box){ a.lon_min < b.lon_min ? a.lon_min : b.lon_min,
        a.lat_min < b.lat_min ? a.lat_min : b.lat_min,
        a.lon_max > b.lon_max ? a.lon_max : b.lon_max,
        a.lat_max > b.lat_max ? a.lat_max : b.lat_max };
}
