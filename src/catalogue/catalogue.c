/* catalogue.c: reading the snapshot, handing it out, and looking things up by their codes. */
#include "catalogue/catalogue.h"
#include "catalogue/snapshot.h"
#include "catalogue/zone.h"
#include "geo/index.h"

enum { MEMORY_BYTES_MAX = 512 << 20, DIVISIONS_MAX = 200000, GRIDS_MAX = 2000000,
    UNITS_MAX = 200000, SMALL_ROWS_MAX = 4096 };

const char *const category_icons[] = { "fire", "elec", "house", "people", "road", "lamp", "phone",
    "tree", "trash", "water", "noise", "build", "work", "shop", "heart", "pencil", NULL };
const char *const category_hotlines[] = { "110", "119", "120", "122", NULL };
const char *const limit_stages[] = { "dispatch", "sign", "handle", "review", "decide", "resume",
    "object", "accept", "mediate", "medical", "labour", "traffic", "court", "settle", "visit",
    "personal", NULL };
const char *const limit_units[] = { "WH", "EH", "WD", "CD", NULL };
const char *const rule_times[] = { "work", "off", "night", "workday", "free", NULL };
const char *const rule_levels[] = { "community", "town", "county", "city", NULL };
const char *const subsidy_levels[] = { "community", "town", "county", NULL };
const char *const subsidy_classes[] = { "simple", "ordinary", "hard", "major", NULL };
const char *const subsidy_forms[] = { "oral", "written", NULL };
const char *const subsidy_outcomes[] = { "agreed", "failed", NULL };
const char *const truth_words[] = { "true", "false", NULL };
RECORD_DEFINE(category, CATEGORY)
RECORD_DEFINE(limit, LIMIT)
RECORD_DEFINE(rule, RULE)
RECORD_DEFINE(day, DAY)
RECORD_DEFINE(template, TEMPLATE)
RECORD_DEFINE(deputy, DEPUTY)
RECORD_DEFINE(subsidy, SUBSIDY)
RECORD_DEFINE(division, DIVISION)
RECORD_DEFINE(grid, GRID)
RECORD_DEFINE(police_grid, POLICE_GRID)
RECORD_DEFINE(micro_grid, MICRO_GRID)
RECORD_DEFINE(unit, UNIT)
RECORD_DEFINE(setting, SETTING)

#define SMALL(X, R) \
    X(R, STR, name, REQUIRED, 1, 20, NULL, "catalogue") \
    X(R, I64, version, REQUIRED, 1, 1e9, NULL, "version") \
    X(R, STR, body, REQUIRED, 0, 0, NULL, "CSV")
RECORD(small, SMALL)
RECORD_DEFINE(small, SMALL)

#define OUTLINE(X, R) \
    X(R, ID, code, REQUIRED, 0, 0, NULL, "12-digit code") \
    X(R, BYTES, shape, OPTIONAL, 0, 0, NULL, "outline, WKB, WGS-84")
RECORD(outline, OUTLINE)
RECORD_DEFINE(outline, OUTLINE)

SQL_SCANS(settings_all, "catalogue.settings", "SELECT name, value FROM setting ORDER BY name");
#define STANDS(V) " NOT EXISTS (SELECT 1 FROM taken_back b WHERE b.name = " V ".name" \
    " AND b.version = " V ".version)"
SQL_SCANS(small_in_force, "catalogue.in_force",
    "SELECT c.name, c.version, c.body FROM catalogue c WHERE c.version = (SELECT n.version"
    " FROM catalogue n WHERE n.name = c.name AND n.valid_from_ms <= $1 AND" STANDS("n")
    " ORDER BY n.valid_from_ms DESC, n.version DESC LIMIT 1) ORDER BY c.name");
SQL_SCANS(stamp_in_force, "catalogue.stamp",
    "SELECT CAST(COALESCE(SUM(c.version), 0) AS BIGINT) FROM catalogue c"
    " WHERE c.valid_from_ms <= $1 AND" STANDS("c"));
#define IN_FORCE " z.valid_from_ms <= $1 AND (z.valid_to_ms IS NULL OR z.valid_to_ms > $1)"
SQL_SCANS(divisions_all, "catalogue.divisions",
    "SELECT z.code, z.parent, z.level, z.kind, z.name FROM zone z WHERE z.layer = 'division' AND"
    IN_FORCE " ORDER BY z.code");
SQL_SCANS(grids_all, "catalogue.grids",
    "SELECT z.code, z.parent, z.name, z.kind, z.lon, z.lat, a.name, a.phone FROM zone z"
    " LEFT JOIN duty d ON d.layer = 'grid' AND d.zone = z.code AND d.position = 0"
    " LEFT JOIN account a ON a.id = d.account WHERE z.layer = 'grid' AND" IN_FORCE
    " ORDER BY z.code");
SQL_SCANS(police_grids_all, "catalogue.police_grids",
    "SELECT z.code, z.parent, z.name FROM zone z WHERE z.layer = 'police' AND" IN_FORCE
    " ORDER BY z.code");
SQL_SCANS(micro_grids_all, "catalogue.micro_grids",
    "SELECT z.code, z.parent, z.name FROM zone z WHERE z.layer = 'micro' AND" IN_FORCE
    " ORDER BY z.code");
SQL_SCANS(outlines_of_level, "catalogue.outlines",
    "SELECT z.code, z.shape FROM zone z WHERE z.layer = $2 AND z.level = $3"
    " AND z.shape IS NOT NULL AND" IN_FORCE " ORDER BY z.code");
SQL_SCANS(units_all, "catalogue.units",
    "SELECT id, code, name, name_en, kind, level, region, parent, desk, functions FROM unit"
    " ORDER BY id");
const struct sql *const catalogue_statements[] = {
    &settings_all, &small_in_force, &stamp_in_force, &divisions_all, &grids_all,
    &police_grids_all, &micro_grids_all, &outlines_of_level, &units_all,
};
const size_t catalogue_statements_n = COUNT_OF(catalogue_statements);

/* One reading of the snapshot. */
struct loading {
    struct db *db;
    struct catalogue *c;
    int64_t now_ms;
    struct catalogue_change change;
    struct err_info *info;
};

struct small_kind { const char *name; const struct record *record; size_t offset; };
static const struct small_kind small_kinds[] = {
    { "category", &category_record, offsetof(struct catalogue, categories) },
    { "limit", &limit_record, offsetof(struct catalogue, limits) },
    { "rule", &rule_record, offsetof(struct catalogue, rules) },
    { "calendar", &day_record, offsetof(struct catalogue, days) },
    { "template", &template_record, offsetof(struct catalogue, templates) },
    { "deputy", &deputy_record, offsetof(struct catalogue, deputies) },
};

static enum err load_small(struct db *db, struct catalogue *c, int64_t now_ms,
    struct err_info *info)
{
    struct list rows;
    struct arena *a = &c->memory->arena;
    TRY(db_rows(db, a, &small_in_force, ARGS(I(now_ms)), &small_record, SMALL_ROWS_MAX, &rows));
    const struct small *small = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        if (str_is(small[i].name, "rule"))
            c->rules_version = small[i].version;
        for (size_t k = 0; k < COUNT_OF(small_kinds); k++) {
            struct list *into = (struct list *)(void *)((char *)c + small_kinds[k].offset);
            if (str_is(small[i].name, small_kinds[k].name))
                TRY(record_from_csv(a, small_kinds[k].record, small[i].body, into, info));
        }
    }
    return OK;
}

static enum err index_outlines(struct arena *a, struct list rows, struct geo_index **ret,
    struct err_info *info)
{
    const struct outline *outlines = rows.p;
    struct geo_item *items = NEW_N(a, struct geo_item, rows.n + 1);
    size_t bad = 0;
    for (size_t i = 0; i < rows.n; i++)
        items[i] = (struct geo_item){ outlines[i].code, outlines[i].shape };
    enum err e = geo_index_build(items, rows.n, ret, &bad);
    if (e != OK)
        (void)err_note(info, e, "shape", MSG("编号 %s 的边界无法读取",
            "The outline of %s is unreadable"),
            bad < rows.n ? arena_fmt(a, "%lld", (long long)items[bad].id) : STR_NONE);
    return e;
}

static void fill_outline(void *row, const struct zone *z)
{
    *(struct outline *)row = (struct outline){ z->code, z->shape };
}

static enum err load_outlines(struct loading *l, const char *layer, int64_t level,
    struct geo_index **ret)
{
    struct arena a;
    struct list rows;
    arena_init(&a, MEMORY_BYTES_MAX);
    enum err e = db_rows(l->db, &a, &outlines_of_level, ARGS(I(l->now_ms), S(str_c(layer)),
        I(level)), &outline_record, GRIDS_MAX, &rows);
    if (e == OK && str_is(l->change.layer, layer))
        rows = change_rows(&a, rows, sizeof(struct outline), &l->change, fill_outline);
    if (e == OK)
        e = index_outlines(&a, rows, ret, l->info);
    arena_free(&a);
    return e;
}

static enum err load_areas(struct loading *l)
{
    struct snapshot_memory *m = l->c->memory;
    TRY(load_outlines(l, "division", LEVEL_COUNTY, &m->counties));
    TRY(load_outlines(l, "division", LEVEL_TOWN, &m->towns));
    TRY(load_outlines(l, "division", LEVEL_COMMUNITY, &m->communities));
    TRY(load_outlines(l, "grid", LEVEL_GRID, &m->grids));
    TRY(load_outlines(l, "micro", LEVEL_MICRO, &m->micro));
    TRY(load_outlines(l, "police", LEVEL_POLICE, &m->police));
    const struct geo_index *layers[ATLAS_LAYERS] = { [ATLAS_GRID] = m->grids,
        [ATLAS_MICRO] = m->micro, [ATLAS_POLICE] = m->police };
    m->atlas = geo_atlas_build(layers, ATLAS_LAYERS);
    return OK;
}

static enum err load_tables(struct db *db, struct catalogue *c, int64_t now_ms)
{
    struct arena *a = &c->memory->arena;
    TRY(db_rows(db, a, &settings_all, NO_ARGS, &setting_record, SMALL_ROWS_MAX, &c->settings));
    TRY(db_rows(db, a, &divisions_all, ARGS(I(now_ms)), &division_record, DIVISIONS_MAX,
        &c->divisions));
    TRY(db_rows(db, a, &grids_all, ARGS(I(now_ms)), &grid_record, GRIDS_MAX, &c->grids));
    TRY(db_rows(db, a, &micro_grids_all, ARGS(I(now_ms)), &micro_grid_record, GRIDS_MAX,
        &c->micro_grids));
    TRY(db_rows(db, a, &police_grids_all, ARGS(I(now_ms)), &police_grid_record, GRIDS_MAX,
        &c->police_grids));
    return db_rows(db, a, &units_all, NO_ARGS, &unit_record, UNITS_MAX, &c->units);
}

static enum err load(struct loading *l)
{
    struct catalogue *c = l->c;
    /* First: what is stored meanwhile makes the snapshot look old, never newer than it is. */
    TRY(catalogue_stamp_stored(l->db, l->now_ms, &c->stamp));
    TRY(load_tables(l->db, c, l->now_ms));
    TRY(load_small(l->db, c, l->now_ms, l->info));
    change_tables(c, &l->change);
    if (l->change.rules.p)
        TRY(record_from_csv(&c->memory->arena, &rule_record, l->change.rules, &c->rules, l->info));
    TRY(load_areas(l));
    const struct division *divs = c->divisions.p;
    for (size_t i = 0; i < c->divisions.n && c->city == NULL; i++)
        if (divs[i].level == LEVEL_CITY)
            c->city = &divs[i];
    calendar_build(&c->calendar, c->days);
    route_build(c);
    place_build(c);
    return suggest_build(c, l->info);
}

static void memory_free(struct snapshot_memory *m)
{
    if (m->kept)
        m->kept_end(m->kept);
    CHECK(pthread_mutex_destroy(&m->keeping) == 0);
    geo_atlas_free(m->atlas);
    geo_index_free(m->grids);
    geo_index_free(m->micro);
    geo_index_free(m->police);
    geo_index_free(m->counties);
    geo_index_free(m->towns);
    geo_index_free(m->communities);
    arena_free(&m->arena);
    heap_free(m);
}

enum err catalogue_load(struct db *db, struct catalogue **ret, struct err_info *info)
{
    return catalogue_load_changed(db, &(struct catalogue_change){ .n_zones = 0 }, ret, info);
}

enum err catalogue_load_changed(struct db *db, const struct catalogue_change *change,
    struct catalogue **ret, struct err_info *info)
{
    struct snapshot_memory *m = heap_alloc(sizeof(*m));
    atomic_init(&m->holders, 1);
    CHECK(pthread_mutex_init(&m->keeping, NULL) == 0);
    arena_init(&m->arena, MEMORY_BYTES_MAX);
    struct catalogue *c = NEW(&m->arena, struct catalogue);
    c->memory = m;
    struct loading l = { db, c, clock_now_ms(clock_system()),
        change_copy(&m->arena, change), info };
    enum err e = load(&l);
    if (e != OK) {
        memory_free(m);
        return e;
    }
    *ret = c;
    return OK;
}

const struct catalogue *catalogue_hold(const struct catalogue *c)
{
    CHECK(atomic_fetch_add(&c->memory->holders, 1) > 0);
    return c;
}

void catalogue_drop(const struct catalogue *c)
{
    if (c != NULL && atomic_fetch_sub(&c->memory->holders, 1) == 1)
        memory_free(c->memory);
}

const void *catalogue_keep(const struct catalogue *c, void *(*make)(const struct catalogue *c),
    void (*end)(void *made))
{
    struct snapshot_memory *m = c->memory;
    CHECK(pthread_mutex_lock(&m->keeping) == 0);
    if (m->kept == NULL) {
        m->kept = make(c);
        m->kept_end = end;
    }
    CHECK(m->kept_end == end);
    CHECK(pthread_mutex_unlock(&m->keeping) == 0);
    return m->kept;
}

int64_t catalogue_stamp(const struct catalogue *c)
{
    return c->stamp;
}

enum err catalogue_stamp_stored(struct db *db, int64_t now_ms, int64_t *ret)
{
    return db_number(db, &stamp_in_force, ARGS(I(now_ms)), ret);
}

struct str catalogue_setting(const struct catalogue *c, const char *name)
{
    const struct setting *s = c->settings.p;
    for (size_t i = 0; i < c->settings.n; i++)
        if (str_is(s[i].name, name))
            return s[i].value;
    return STR("");
}

struct list catalogue_categories(const struct catalogue *c)
{
    return c->categories;
}

struct list catalogue_units(const struct catalogue *c)
{
    return c->units;
}

struct list catalogue_grids(const struct catalogue *c)
{
    return c->grids;
}

struct list catalogue_micro_grids(const struct catalogue *c)
{
    return c->micro_grids;
}

struct list catalogue_police_grids(const struct catalogue *c)
{
    return c->police_grids;
}

struct list catalogue_divisions(const struct catalogue *c)
{
    return c->divisions;
}

struct list catalogue_rules(const struct catalogue *c)
{
    return c->rules;
}

int64_t catalogue_rules_version(const struct catalogue *c)
{
    return c->rules_version;
}

struct list catalogue_limits(const struct catalogue *c)
{
    return c->limits;
}

struct list catalogue_templates(const struct catalogue *c)
{
    return c->templates;
}

struct list catalogue_deputies(const struct catalogue *c)
{
    return c->deputies;
}

const struct geo_index *catalogue_areas(const struct catalogue *c, int64_t level)
{
    switch (level) {
    case LEVEL_COUNTY: return c->memory->counties;
    case LEVEL_TOWN: return c->memory->towns;
    case LEVEL_COMMUNITY: return c->memory->communities;
    case LEVEL_GRID: return c->memory->grids;
    case LEVEL_MICRO: return c->memory->micro;
    case LEVEL_POLICE: return c->memory->police;
    default: return NULL;
    }
}

/* The row whose first member, an id in rising order, is this one. */
static const void *row_by_id(struct list rows, size_t size, int64_t id)
{
    const char *p = rows.p;
    size_t low = 0, high = rows.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int64_t here = *(const int64_t *)(const void *)(p + mid * size);
        if (here == id)
            return p + mid * size;
        if (here < id)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

const struct category *category_find(const struct catalogue *c, struct str code)
{
    const struct category *cats = c->categories.p;
    for (size_t i = 0; i < c->categories.n; i++)
        if (str_eq(cats[i].code, code))
            return &cats[i];
    return NULL;
}

const struct unit *unit_find(const struct catalogue *c, int64_t id)
{
    return row_by_id(c->units, sizeof(struct unit), id);
}

const struct unit *unit_find_code(const struct catalogue *c, struct str code)
{
    const struct unit *u = c->units.p;
    for (size_t i = 0; i < c->units.n; i++)
        if (str_eq(u[i].code, code))
            return &u[i];
    return NULL;
}

bool is_committee(const struct unit *u)
{
    return u && (str_has_word(u->functions, STR(MEDIATION_FUNCTION))
        || str_has_word(u->functions, STR(INDUSTRY_FUNCTION)));
}

const struct grid *grid_find(const struct catalogue *c, int64_t code)
{
    return row_by_id(c->grids, sizeof(struct grid), code);
}

const struct police_grid *police_grid_find(const struct catalogue *c, int64_t code)
{
    return row_by_id(c->police_grids, sizeof(struct police_grid), code);
}

const struct micro_grid *micro_grid_find(const struct catalogue *c, int64_t code)
{
    return row_by_id(c->micro_grids, sizeof(struct micro_grid), code);
}

const struct division *division_find(const struct catalogue *c, int64_t code)
{
    return row_by_id(c->divisions, sizeof(struct division), code);
}

struct str catalogue_zone_name(const struct catalogue *c, int64_t level, int64_t code)
{
    if (level == LEVEL_GRID) {
        const struct grid *g = grid_find(c, code);
        return g ? g->name : STR("");
    }
    if (level == LEVEL_MICRO) {
        const struct micro_grid *m = micro_grid_find(c, code);
        return m ? m->name : STR("");
    }
    if (level == LEVEL_POLICE) {
        const struct police_grid *p = police_grid_find(c, code);
        return p ? p->name : STR("");
    }
    const struct division *d = division_find(c, code);
    return d ? d->name : STR("");
}
