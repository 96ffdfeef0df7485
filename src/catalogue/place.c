/* place.c: from coordinates, grid codes and free text to a place in the divisions, and back to a
 * name that people read. */
#include "catalogue/route.h"
#include "catalogue/snapshot.h"
#include "geo/index.h"

enum { HITS_MAX = 64, CODE_AREA = 1000000, CODE_TOWN = 1000, CODE_GRID = 1000,
    CODE_MICRO = 100 };

static struct str cut_end(struct str s, const char *end)
{
    struct str tail = str_c(end);
    if (s.n > tail.n && memcmp(s.p + s.n - tail.n, tail.p, tail.n) == 0)
        s.n -= tail.n;
    return s;
}

/* What people call a community: 路南社区居委会 is 路南社区, 梅花村委会 is 梅花村. */
static struct str community_short(struct str name)
{
    struct str s = cut_end(cut_end(name, "居民委员会"), "居委会");
    if (s.n != name.n)
        return s;
    s = cut_end(name, "村民委员会");
    return s.n != name.n ? (struct str){ s.p, s.n + strlen("村") }
        : cut_end(name, str_chars(name) > 3 ? "委会" : "");
}

/* The name without its kind, when enough of it is left to be telling. */
static struct str stem(const struct division *d)
{
    struct str s = d->name;
    size_t least = 2;
    if (d->level == LEVEL_COUNTY)
        s = cut_end(cut_end(cut_end(s, "区"), "县"), "市");
    else if (d->level == LEVEL_TOWN)
        s = cut_end(cut_end(cut_end(s, "街道"), "镇"), "乡");
    else {
        s = cut_end(cut_end(community_short(s), "社区"), "村");
        least = 3;
    }
    return str_chars(s) >= least ? s : STR_NONE;
}

void place_build(struct catalogue *c)
{
    const struct division *divs = c->divisions.p;
    struct arena *a = &c->memory->arena;
    size_t most = c->divisions.n < WORDS_MAX / 3 ? c->divisions.n : WORDS_MAX / 3, n = 0;
    struct word *words = NEW_N(a, struct word, most * 3 + 1);
    for (size_t i = 0; i < most; i++) {
        if (divs[i].level <= LEVEL_CITY)
            continue;
        struct str brief = divs[i].level == LEVEL_COMMUNITY ? community_short(divs[i].name)
            : STR_NONE;
        words[n++] = (struct word){ divs[i].name, (uint32_t)i };
        words[n++] = (struct word){ brief, (uint32_t)i };
        words[n++] = (struct word){ stem(&divs[i]), (uint32_t)i };
    }
    c->division_words = words_index(a, words, n);
}

static void place_of_division(const struct division *d, struct place *ret)
{
    *ret = (struct place){ .area = division_area(d->code) };
    if (d->level >= LEVEL_TOWN)
        ret->town = d->code / CODE_TOWN * CODE_TOWN;
    if (d->level >= LEVEL_COMMUNITY)
        ret->community = d->code;
}

static void place_of_city(const struct catalogue *c, struct place *ret)
{
    *ret = (struct place){ .area = c->city ? division_area(c->city->code) : 0 };
}

void catalogue_place_of_division(const struct catalogue *c, int64_t division, struct place *ret)
{
    const struct division *d = division_find(c, division);
    if (d != NULL)
        place_of_division(d, ret);
    else
        *ret = (struct place){ .area = division_area(division) };
}

static int64_t code_of(const struct geo_index *layer, int32_t item)
{
    return item < 0 ? 0 : geo_index_id(layer, (size_t)item);
}

bool catalogue_locate(const struct catalogue *c, double lon, double lat, struct place *ret)
{
    const struct snapshot_memory *m = c->memory;
    int32_t at[ATLAS_LAYERS];
    geo_atlas_find(m->atlas, (struct geo_point){ lon, lat }, at);
    if (at[ATLAS_GRID] < 0)
        return false;
    int64_t grid = geo_index_id(m->grids, (size_t)at[ATLAS_GRID]);
    catalogue_place_of_division(c, grid / CODE_GRID, ret);
    ret->grid = grid;
    int64_t micro = code_of(m->micro, at[ATLAS_MICRO]);
    ret->micro_grid = micro / CODE_MICRO == grid ? micro : 0;
    ret->police_grid = code_of(m->police, at[ATLAS_POLICE]);
    return true;
}

bool catalogue_place_of_point(const struct catalogue *c, double lon, double lat, struct place *ret)
{
    const struct geo_point at = { lon, lat };
    const struct snapshot_memory *m = c->memory;
    if (catalogue_locate(c, lon, lat, ret))
        return true;
    for (int64_t level = LEVEL_COMMUNITY; level >= LEVEL_COUNTY; level--) {
        const struct geo_index *areas = catalogue_areas(c, level);
        ptrdiff_t found = areas ? geo_index_find(areas, at) : -1;
        if (found < 0)
            continue;
        catalogue_place_of_division(c, geo_index_id(areas, (size_t)found), ret);
        ptrdiff_t police = m->police ? geo_index_find(m->police, at) : -1;
        ret->police_grid = police < 0 ? 0 : geo_index_id(m->police, (size_t)police);
        return true;
    }
    return false;
}

bool catalogue_place_of_grid(const struct catalogue *c, int64_t grid, struct place *ret)
{
    const struct grid *g = grid_find(c, grid);
    if (g == NULL)
        return false;
    int32_t at[ATLAS_LAYERS];
    geo_atlas_find(c->memory->atlas, (struct geo_point){ g->lon, g->lat }, at);
    catalogue_place_of_division(c, g->community, ret);
    ret->grid = grid;
    ret->police_grid = code_of(c->memory->police, at[ATLAS_POLICE]);
    return true;
}

/* One division named in the text: the longest form found, in characters. */
struct hit { uint32_t division, chars; };
struct hits { const struct catalogue *c; struct hit at[HITS_MAX]; size_t n; };

static void note_division(void *ctx, size_t i)
{
    struct hits *h = ctx;
    const struct word *w = &h->c->division_words.words[i];
    uint32_t chars = (uint32_t)str_chars(w->text);
    for (size_t k = 0; k < h->n; k++) {
        if (h->at[k].division != w->value)
            continue;
        if (h->at[k].chars < chars)
            h->at[k].chars = chars;
        return;
    }
    if (h->n < HITS_MAX)
        h->at[h->n++] = (struct hit){ w->value, chars };
}

/* Whether up is d itself or a division above it, by the structure of the codes. */
static bool is_within(const struct division *d, const struct division *up)
{
    int64_t unit = up->level >= LEVEL_COMMUNITY ? 1 : up->level == LEVEL_TOWN ? CODE_TOWN
        : CODE_AREA;
    return d->code / unit == up->code / unit;
}

/* Characters of the text that speak for this division: its own name and those above it. */
static uint32_t evidence(const struct hits *h, const struct division *d)
{
    const struct division *divs = h->c->divisions.p;
    uint32_t chars = 0;
    for (size_t i = 0; i < h->n; i++)
        if (is_within(d, &divs[h->at[i].division]))
            chars += h->at[i].chars;
    return chars;
}

void catalogue_place_of_text(const struct catalogue *c, struct str text, struct place *ret)
{
    const struct division *divs = c->divisions.p, *best = NULL;
    struct hits h = { .c = c };
    uint32_t most = 0;
    words_find(&c->division_words, text, note_division, &h);
    for (size_t i = 0; i < h.n; i++) {
        const struct division *d = &divs[h.at[i].division];
        uint32_t chars = evidence(&h, d);
        if (best && (chars < most || (chars == most && d->level < best->level)))
            continue;
        if (best && chars == most && d->level == best->level) {
            while (best && best->level > LEVEL_CITY && !is_within(d, best))
                best = division_find(c, best->parent);
            continue;
        }
        best = d;
        most = chars;
    }
    if (best && best->level > LEVEL_CITY)
        place_of_division(best, ret);
    else
        place_of_city(c, ret);
}

struct str catalogue_place_name_then(const struct catalogue *c, struct arena *a,
    const struct place *p, struct str grid)
{
    const struct division *county = division_find(c, p->area * CODE_AREA);
    const struct division *town = p->town ? division_find(c, p->town) : NULL;
    const struct division *community = p->community ? division_find(c, p->community) : NULL;
    struct str brief = community ? community_short(community->name) : STR_NONE;
    struct buf b = buf_in(a, 1024);
    if (county)
        buf_add(&b, county->name);
    if (town)
        buf_fmt(&b, " %.*s", STR_FMT(town->name));
    if (brief.n)
        buf_fmt(&b, " %.*s", STR_FMT(brief));
    if (grid.n) {
        size_t said = brief.n && str_starts(grid, brief) ? brief.n : 0;
        buf_add(&b, (struct str){ grid.p + said, grid.n - said });
    }
    return buf_str(&b);
}

struct str catalogue_place_kind(const struct catalogue *c, const struct place *p)
{
    const struct grid *g = p->grid ? grid_find(c, p->grid) : NULL;
    return g ? g->kind : STR("");
}

struct str catalogue_place_name(const struct catalogue *c, struct arena *a, const struct place *p)
{
    const struct grid *g = p->grid ? grid_find(c, p->grid) : NULL;
    return catalogue_place_name_then(c, a, p, g ? g->name : STR_NONE);
}
