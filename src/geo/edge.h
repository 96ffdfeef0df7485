/* edge.h: the one rule by which a point is inside: how many edges lie to the east of it. An edge is
 * always taken from its lower end, which belongs to it while the upper does not, so that both
 * neighbours of a shared edge come to the same answer and exactly one holds a point on it. */
#pragma once
#include "geo/datum.h"

struct geo_edge { struct geo_point low, high; };

static inline struct geo_edge edge_between(struct geo_point a, struct geo_point b)
{
    return a.lat < b.lat ? (struct geo_edge){ a, b } : (struct geo_edge){ b, a };
}

/* Whether the parallel meets the edge; a level one is met by none. */
static inline bool edge_spans(double low_lat, double high_lat, double lat)
{
    return low_lat <= lat && lat < high_lat;
}

/* Where the parallel meets it. width: degrees of longitude from the lower end to the upper. */
static inline double edge_lon(struct geo_point low, double high_lat, double width, double lat)
{
    double t = (lat - low.lat) / (high_lat - low.lat);
    return low.lon + t * width;
}

static inline bool edge_is_east_of(struct geo_edge e, struct geo_point p)
{
    return edge_spans(e.low.lat, e.high.lat, p.lat)
        && p.lon < edge_lon(e.low, e.high.lat, e.high.lon - e.low.lon, p.lat);
}
