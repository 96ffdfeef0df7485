/* datum.c: coordinate systems and distances. */
#include "geo/datum.h"
#include <math.h>

static const double PI = 3.14159265358979323846;
static const double BD_PI = 3.14159265358979323846 * 3000.0 / 180.0;
static const double EARTH_MEAN_M = 6371008.8;

bool geo_point_ok(struct geo_point p)
{
    return isfinite(p.lon) && isfinite(p.lat) && fabs(p.lon) <= 180 && fabs(p.lat) <= 90;
}

bool geo_shifted(struct geo_point p)
{
    return p.lon >= 72.004 && p.lon <= 137.8347 && p.lat >= 0.8293 && p.lat <= 55.8271;
}

/* Shift in the formula's own metres-like unit; x and y are degrees from 105 E, 35 N. */
static double shift_lon(double x, double y)
{
    double v = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x));
    v += (20.0 * sin(6.0 * x * PI) + 20.0 * sin(2.0 * x * PI)) * 2.0 / 3.0;
    v += (20.0 * sin(x * PI) + 40.0 * sin(x / 3.0 * PI)) * 2.0 / 3.0;
    return v + (150.0 * sin(x / 12.0 * PI) + 300.0 * sin(x / 30.0 * PI)) * 2.0 / 3.0;
}

static double shift_lat(double x, double y)
{
    double v = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x));
    v += (20.0 * sin(6.0 * x * PI) + 20.0 * sin(2.0 * x * PI)) * 2.0 / 3.0;
    v += (20.0 * sin(y * PI) + 40.0 * sin(y / 3.0 * PI)) * 2.0 / 3.0;
    return v + (160.0 * sin(y / 12.0 * PI) + 320.0 * sin(y * PI / 30.0)) * 2.0 / 3.0;
}

static struct geo_point gcj_from_wgs(struct geo_point p)
{
    static const double axis_m = 6378245.0, ee = 0.00669342162296594323; /* Krasovsky 1940 */
    if (!geo_shifted(p))
        return p;
    double x = p.lon - 105.0, y = p.lat - 35.0, rad = p.lat / 180.0 * PI;
    double magic = 1 - ee * sin(rad) * sin(rad), root = sqrt(magic);
    double dlat = shift_lat(x, y) * 180.0 / (axis_m * (1 - ee) / (magic * root) * PI);
    double dlon = shift_lon(x, y) * 180.0 / (axis_m / root * cos(rad) * PI);
    return (struct geo_point){ p.lon + dlon, p.lat + dlat };
}

static struct geo_point bd_from_gcj(struct geo_point p)
{
    if (!geo_shifted(p))
        return p;
    double z = sqrt(p.lon * p.lon + p.lat * p.lat) + 0.00002 * sin(p.lat * BD_PI);
    double theta = atan2(p.lat, p.lon) + 0.000003 * cos(p.lon * BD_PI);
    return (struct geo_point){ z * cos(theta) + 0.0065, z * sin(theta) + 0.006 };
}

/* The point that forward takes to target: the shift changes slowly, so stepping by the error
 * gains about three digits a round. */
static struct geo_point inverse(struct geo_point (*forward)(struct geo_point),
    struct geo_point target)
{
    struct geo_point p = target;
    if (!geo_shifted(target))
        return p;
    for (int round = 0; round < 12; round++) {
        struct geo_point there = forward(p);
        double dlon = there.lon - target.lon, dlat = there.lat - target.lat;
        p.lon -= dlon;
        p.lat -= dlat;
        if (fabs(dlon) < 1e-11 && fabs(dlat) < 1e-11)
            break;
    }
    return p;
}

struct geo_point geo_convert(struct geo_point p, enum crs from, enum crs to)
{
    CHECK(geo_point_ok(p));
    for (; from > to; from--)
        p = inverse(from == CRS_BD09 ? bd_from_gcj : gcj_from_wgs, p);
    for (; from < to; from++)
        p = from == CRS_WGS84 ? gcj_from_wgs(p) : bd_from_gcj(p);
    return p;
}

double geo_distance_m(struct geo_point a, struct geo_point b)
{
    double lat_a = a.lat * PI / 180, lat_b = b.lat * PI / 180;
    double s = sin((lat_b - lat_a) / 2), t = sin((b.lon - a.lon) * PI / 360);
    double h = s * s + cos(lat_a) * cos(lat_b) * t * t;
    return 2 * EARTH_MEAN_M * asin(sqrt(h > 1 ? 1 : h));
}

void geo_degree_m(double lat, double *ret_lon_m, double *ret_lat_m)
{
    static const double axis_m = 6378137.0, ee = 0.00669437999014;
    double rad = lat * PI / 180, w2 = 1 - ee * sin(rad) * sin(rad);
    *ret_lon_m = axis_m / sqrt(w2) * cos(rad) * PI / 180;
    *ret_lat_m = axis_m * (1 - ee) / (w2 * sqrt(w2)) * PI / 180;
}

double geo_round(double degrees, int digits)
{
    static const double scale[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };
    CHECK(digits >= 0 && digits < (int)COUNT_OF(scale));
    return round(degrees * scale[digits]) / scale[digits];
}

struct geo_point geo_point_round(struct geo_point p, int digits)
{
    return (struct geo_point){ geo_round(p.lon, digits), geo_round(p.lat, digits) };
}

struct geo_box geo_box_around(struct geo_point p, double radius_m)
{
    double dlat = radius_m / EARTH_MEAN_M * 180 / PI * (1 + 1e-9);
    double top = fmin(p.lat + dlat, 90), bottom = fmax(p.lat - dlat, -90), dlon = 360;
    if (top < 90 && bottom > -90) {
        double s = sin(dlat * PI / 180) / cos(p.lat * PI / 180);
        dlon = s < 1 ? asin(s) * 180 / PI : 360;
    }
    return (struct geo_box){ fmax(p.lon - dlon, -180), bottom, fmin(p.lon + dlon, 180), top };
}
