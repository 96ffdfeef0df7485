/* layer.h: a layer of zones (divisions, grids, micro-grids, police grids) as somebody wants it from
 * a day on: what is wrong with it, alone and beside what stands already, and its storage as a
 * version, whole or in part. Files and drafts of boundaries take the same way. */
#pragma once
#include "catalogue/catalogue.h"
#include "geo/cover.h"
#include "layer/placing.h"

enum map_layer { LAYER_DIVISION, LAYER_GRID, LAYER_MICRO, LAYER_POLICE, LAYER_COUNT };
/* name: as in table zone; level: of enum level, of its outlines in the catalogue, 0 for several. */
struct layer_kind { const char *name; int64_t level; struct msg title; };
extern const struct layer_kind layer_kinds[LAYER_COUNT];
/* LAYER_COUNT for an unknown name. */
enum map_layer layer_by_name(struct str name);

/* One zone as it shall be. parent: of a division the one above, of a grid its community, of a
 * micro-grid its grid, of a police grid the unit of its station. */
struct zone_row {
    size_t row;                 /* in the file; 0: taken away as missing */
    int64_t code, parent, level;
    struct str kind, name;
    struct geo_point centre;
    struct shape shape;         /* no points: it has none (divisions may) */
    struct mended mended;
    enum { ZONE_SAME, ZONE_ADDED, ZONE_CHANGED, ZONE_REMOVED, ZONE_BAD } change;
};
/* word, title in Chinese and English
 * gap        ground of a parent that no zone has
 * overlap    ground that the zones a and b both claim
 * across     ground of a parent that zone a, which belongs to another parent, has to itself */
#define FLAW_TABLE(X) \
    X(FLAW_GAP, "gap", "空缺", "Gap") \
    X(FLAW_OVERLAP, "overlap", "重叠", "Overlap") \
    X(FLAW_ACROSS, "across", "越界", "Across the border")
#define X(id, word, zh, en) id,
enum flaw_kind { FLAW_TABLE(X) FLAW_COUNT };
#undef X
extern const struct flaw_row { const char *word; struct msg title; } flaw_table[FLAW_COUNT];
/* sliver: below SLIVER_WIDTH_M wide, a slip of the hand. a and b: codes, 0 for none. */
struct zone_flaw {
    enum flaw_kind kind;
    int64_t parent, a, b;
    double m2, width_m;
    bool sliver;
    struct geo_point at;
    struct shape shape;
};
static const double sliver_width_m = 5;

struct layer_want {
    enum map_layer layer;
    bool part;                  /* only the codes that it names change; else what it lacks goes */
    bool good_rows;             /* what is faultless is wanted even if the rest is not; then nothing
                                 * goes that is merely missing */
    struct str crs;             /* what its reader says of its coordinates, or none */
    int64_t at_ms;              /* from when on */
};
struct layer_plan {
    struct layer_want want;
    struct placing placing;
    struct zone_row *rows;      /* of the file, in its order; then those taken away */
    size_t n;
    size_t n_change[ZONE_BAD + 1];
    struct zone_flaw *findings;
    size_t n_findings;
    const struct zone_row **zones;      /* the layer as it would be, those with outlines */
    size_t n_zones;
    struct faults faults;       /* line: row of the file */
    struct faults advice;       /* of rules: what is probably not meant */
};
/* Checks rows beside the layer as it will be stored at the time in question, and beside c for all
 * else; f's points are converted. Faults are in ret; E_INPUT, noted, when nothing could be checked
 * at all. */
MUST_USE enum err layer_check(struct db *db, const struct catalogue *c, struct arena *a,
    const struct layer_want *want, const struct features *f, struct layer_plan *ret,
    struct err_info *info);
/* Notes a fault when most of the layer would go for being missing. */
void layer_refuse_to_empty(struct arena *a, struct layer_plan *p);
/* True when nothing stands against storing the plan. */
bool layer_may_store(const struct layer_plan *p);
/* E_CONFLICT, noted, when the layer has a version planned for later than at_ms. */
MUST_USE enum err layer_day_is_free(struct db *db, enum map_layer layer, int64_t at_ms,
    struct err_info *info);
/* Stores what changes as a version from want.at_ms on, within the caller's transaction: rows in
 * force until then end, new ones begin. source: where it came from, for the version's summary.
 * *ret_version is 0 when nothing changes. The plan may be stored (see above). */
MUST_USE enum err layer_store(struct db *db, struct arena *a, const struct layer_plan *p,
    struct str source, int64_t now_ms, int64_t made_by, int64_t *ret_version);

/* The layer as it is stored at a time, by code. */
MUST_USE enum err layer_stored(struct db *db, struct arena *a, enum map_layer layer, int64_t at_ms,
    struct zone_row **ret, size_t *ret_n);
/* The ground within which zones of this parent must lie; NULL when it is not known. */
const struct shape *layer_ground(const struct catalogue *c, enum map_layer layer, int64_t parent);
/* Which outline it is: what is drawn on one names it (drawn_on), so that none is undone unseen that
 * was put in force meanwhile. 16 digits, the beginning of a SHA-256; "new" where there is none. */
struct str layer_outline_mark(struct arena *a, const struct shape *s);
/* A name for people: of the parent of zones of this layer; "" when unknown. */
struct str layer_parent_name(const struct catalogue *c, enum map_layer layer, int64_t parent);

/* Rows as a GeoJSON FeatureCollection, or as CSV with WKT, that source_read() takes back: the same
 * numbers come out. */
void layer_write_geojson(struct buf *b, const struct zone_row *rows, size_t n);
void layer_write_csv(struct buf *b, const struct zone_row *rows, size_t n);
/* An outline as a GeoJSON MultiPolygon, in the same way. */
struct str layer_geometry(struct arena *a, const struct shape *s);
void layer_geometry_write(struct buf *b, const struct shape *s);

extern const struct sql *const layer_statements[];
extern const size_t layer_statements_n;
