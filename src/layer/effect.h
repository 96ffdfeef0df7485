/* effect.h: what a version of outlines leaves to be put in order elsewhere. Nothing of it stands
 * against storing the version, for it can be put in order only once that is in force; but whoever
 * switches it on shall know. */
#pragma once
#include "layer/layer.h"

/* word, heading of its list in Chinese and English
 * matters    open matters of a grid that is taken away or changed, by the grid that holds them then
 * cut        a micro-grid loses ground to another grid; it ends where its grid ends
 * astray     a micro-grid lies in another grid than the one it belongs to
 * nowhere    a micro-grid whose grid is taken away and that lies in no other
 * no_unit    a new grid in whose community no unit receives matters
 * no_charge  nobody has charge of a new or changed grid or police grid, and it has no roster
 * charge     people have charge of one that is taken away */
#define EFFECT_TABLE(X) \
    X(EFFECT_MATTERS, "matters", "未结事项换了网格", "Open matters whose grid changes") \
    X(EFFECT_CUT, "cut", "微网格被网格边界截断", "Micro-grids cut by a grid's border") \
    X(EFFECT_ASTRAY, "astray", "微网格落在别的网格里", "Micro-grids in another grid") \
    X(EFFECT_NOWHERE, "nowhere", "微网格没有网格了", "Micro-grids without a grid") \
    X(EFFECT_NO_UNIT, "no_unit", "社区没有受理单位", "Communities without a unit") \
    X(EFFECT_NO_CHARGE, "no_charge", "没有负责人和值班表", "Nobody in charge and no roster") \
    X(EFFECT_CHARGE, "charge", "撤销的网格还有负责人", "People in charge of what goes")
#define X(id, word, zh, en) id,
enum effect_kind { EFFECT_TABLE(X) EFFECT_COUNT };
#undef X
extern const struct effect_row { const char *word; struct msg title; } effect_table[EFFECT_COUNT];

/* other: the grid it lies in or that holds the places then, or 0; n: matters or people. text: what
 * is so and what to do about it. */
struct zone_effect {
    enum effect_kind kind;
    int64_t code, other;
    struct str name, other_name;
    size_t n;
    struct msg text;
};
enum { EFFECTS_MAX = 1000 };
struct effects {
    struct zone_effect *at;     /* in the order of the table; at most EFFECTS_MAX of each kind */
    size_t n, total;            /* total counts those left out too */
};
/* Of a plan of grids or police grids; of others there are none. Matters are counted as far as db's
 * reader sees them. */
MUST_USE enum err layer_effects(struct db *db, const struct catalogue *c, struct arena *a,
    const struct layer_plan *p, struct effects *ret);

extern const struct sql *const effect_statements[];
extern const size_t effect_statements_n;
