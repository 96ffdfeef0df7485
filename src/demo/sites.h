/* sites.h: where the cells of the mesh stand: close together where people live, far apart on
 * water, and in mirrored pairs along district outlines so that cell walls follow them. */
#pragma once
#include "base/rand.h"
#include "demo/terrain.h"

struct sites { struct xy *at; size_t n; };

/* About six cells to a governance grid; a fence of cells stands outside of the city. No two
 * sites are closer than SITE_GAP_M. */
enum { SITE_GAP_M = 30 };
struct sites sites_scatter(struct arena *a, const struct terrain *t, struct rand *r);
