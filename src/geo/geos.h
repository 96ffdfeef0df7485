/* geos.h: our shapes as GEOS knows them, and back; for the files of this room alone. */
#pragma once
#define GEOS_USE_ONLY_R_API
#include "geo/shape.h"
#include <geos_c.h>

/* NULL when GEOS will not have it. Destroy with GEOSGeom_destroy_r. */
GEOSGeometry *geos_of_shape(GEOSContextHandle_t geos, const struct shape *s);
/* The areas of g, a (multi)polygon or a collection that holds some; others are left out. E_INPUT
 * when none is left or a point is no place on earth. scratch may be reset afterwards. */
MUST_USE enum err geos_to_shape(GEOSContextHandle_t geos, const GEOSGeometry *g,
    struct arena *scratch, struct arena *a, struct shape *ret);
/* What makes g (NULL: what GEOS will not have) invalid and where, in words of ours. */
struct msg geos_defect(GEOSContextHandle_t geos, const GEOSGeometry *g, struct arena *a);
