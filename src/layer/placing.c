/* placing.c: six assumptions (three systems, either order of coordinates), each held against what
 * is stored. */
#include "layer/placing.h"
#include "geo/cover.h"
#include <math.h>

enum { SAMPLES = 24, ROWS_COMPARED_MAX = 4000, WAYS = 6 };
/* A better assumption must be better by so much, and one that is right puts nearly all inside. */
static const double better_by = 0.02, clearly_in = 0.9, clearly_out = 0.6;

static const struct { const char *word; enum crs crs; } names[] = {
    { "wgs84", CRS_WGS84 }, { "wgs-84", CRS_WGS84 }, { "cgcs2000", CRS_WGS84 },
    { "gcj02", CRS_GCJ02 }, { "gcj-02", CRS_GCJ02 }, { "bd09", CRS_BD09 }, { "bd-09", CRS_BD09 },
    { "epsg:4326", CRS_WGS84 }, { "epsg:4490", CRS_WGS84 }, { "crs84", CRS_WGS84 },
};
static const char *const crs_titles[] = { "WGS-84/CGCS2000", "GCJ-02", "BD-09" };

/* As people and programs write them: in either case, with or without hyphens and blanks. */
static struct str plain_word(struct str word, char *ret, size_t size)
{
    size_t n = 0;
    word = str_trim(word);
    for (size_t i = 0; i < word.n && n < size; i++) {
        char c = word.p[i];
        if (c != ' ' && c != '_')
            ret[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    return (struct str){ ret, n };
}

bool crs_by_name(struct str word, enum crs *ret)
{
    char text[32];
    struct str w = plain_word(word, text, sizeof(text));
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (!str_is(w, names[i].word))
            continue;
        *ret = names[i].crs;
        return true;
    }
    return false;
}

static bool has(struct str s, const char *word)
{
    return str_find(s, str_c(word)) >= 0;
}

/* What .prj or GeoJSON's crs says; false when it says nothing that we know. */
static enum err told(struct str crs, bool *ret_known, enum crs *ret, struct err_info *info)
{
    *ret_known = false;
    if (has(crs, "PROJCS") || has(crs, "PROJCRS"))
        return err_note(info, E_INPUT, "crs", MSG("文件用的是投影坐标(米)，请先转为经纬度再导入",
            "The file's coordinates are projected (metres); convert them to degrees first"), STR_NONE);
    *ret = has(crs, "BD-09") || has(crs, "BD09") ? CRS_BD09
        : has(crs, "GCJ") ? CRS_GCJ02 : CRS_WGS84;
    *ret_known = *ret != CRS_WGS84 || has(crs, "WGS_1984") || has(crs, "WGS 84")
        || has(crs, "CGCS") || has(crs, "China_Geodetic") || has(crs, "China Geodetic")
        || has(crs, "4490") || has(crs, "4326") || has(crs, "CRS84");
    return OK;
}

/* One way to read a pair of numbers. */
struct way { enum crs crs; bool swapped; };

static struct way way_at(size_t i)
{
    return (struct way){ (enum crs)(i % 3), i >= 3 };
}

static bool read_point(struct geo_point p, struct way w, struct geo_point *ret)
{
    if (w.swapped)
        p = (struct geo_point){ p.lat, p.lon };
    if (!geo_point_ok(p))
        return false;
    *ret = geo_convert(p, w.crs, CRS_WGS84);
    return geo_point_ok(*ret);
}

/* Samples of a row: its points, drawn a little towards their middle, since those of neighbours
 * lie on the border itself. */
static size_t samples_of(const struct rough *r, struct geo_point ret[SAMPLES])
{
    struct geo_point middle = { 0, 0 };
    size_t step = r->point_count / SAMPLES + 1, n = 0;
    for (size_t i = 0; i < r->point_count; i += step)
        if (isfinite(r->at[i].lon) && isfinite(r->at[i].lat))
            ret[n++] = r->at[i];
    for (size_t i = 0; i < n; i++) {
        middle.lon += ret[i].lon / (double)n;
        middle.lat += ret[i].lat / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        ret[i].lon += (middle.lon - ret[i].lon) * 0.1;
        ret[i].lat += (middle.lat - ret[i].lat) * 0.1;
    }
    return n;
}

static double share_inside(const struct rough *r, struct way w, const struct shape *in)
{
    struct geo_point at[SAMPLES], p;
    size_t n = samples_of(r, at), inside = 0;
    for (size_t i = 0; i < n; i++)
        inside += read_point(at[i], w, &p) && shape_holds(in, p);
    return n ? (double)inside / (double)n : 0;
}

/* Mean shares of a spread of the rows, under each way; gives how many had a reference. */
static size_t compare(const struct features *f, struct yardstick ref, double shares[WAYS])
{
    size_t step = f->n / ROWS_COMPARED_MAX + 1, n = 0;
    for (size_t w = 0; w < WAYS; w++)
        shares[w] = 0;
    for (size_t i = 0; i < f->n; i += step) {
        const struct shape *in = f->at[i].rough.point_count ? ref.of(ref.ctx, i) : NULL;
        if (in == NULL)
            continue;
        n++;
        for (size_t w = 0; w < WAYS; w++)
            shares[w] += share_inside(&f->at[i].rough, way_at(w), in);
    }
    for (size_t w = 0; w < WAYS && n; w++)
        shares[w] /= (double)n;
    return n;
}

/* In China longitude is at least 73 and latitude at most 54. */
static bool looks_swapped(const struct rough *r)
{
    return r->point_count && r->at[0].lat >= 72 && r->at[0].lat <= 138 && r->at[0].lon >= 0
        && r->at[0].lon <= 56;
}

static bool mostly_swapped(const struct features *f)
{
    size_t swapped = 0, placed = 0;
    for (size_t i = 0; i < f->n; i++) {
        placed += f->at[i].rough.point_count > 0;
        swapped += looks_swapped(&f->at[i].rough);
    }
    return swapped * 2 > placed;
}

static void choose(struct placing *p, const double shares[WAYS], bool open)
{
    size_t base = p->swapped ? 3 : 0, best = base;
    for (size_t w = base; w < base + 3; w++)
        if (shares[w] > shares[best] + (best == base ? better_by : 0))
            best = w;
    p->best = way_at(best).crs;
    p->inside_best = shares[best];
    if (open && p->compared) {
        p->crs = p->best;
        p->how = PLACED_FOUND;
    }
    p->inside = shares[base + (size_t)p->crs];
}

/* Part of the area that lies inside, exactly; for points, whether it does. */
static double area_inside(const struct rough *r, struct way w, const struct shape *in)
{
    struct arena a;
    struct shape s;
    struct mended mended;
    struct err_info why = { .e = OK };
    arena_init(&a, (size_t)1 << 30);
    struct rough copy = *r;
    copy.at = NEW_N(&a, struct geo_point, r->point_count + 1);
    bool good = r->kind == ROUGH_AREA;
    for (size_t i = 0; i < r->point_count && good; i++)
        good = read_point(r->at[i], w, &copy.at[i]);
    double share = good && rough_mend(&a, &copy, &mended, &s, &why) == OK ? cover_share(&s, in)
        : share_inside(r, w, in);
    arena_free(&a);
    return share;
}

/* A row that lies outside as it is read, and well inside under another way. */
static void judge_row(struct feature *f, struct way used, const struct shape *in,
    struct faults *faults)
{
    static const char *const order[] = { "", "，且经纬度颠倒", ", with longitude and latitude swapped" };
    if (share_inside(&f->rough, used, in) >= clearly_out
        || area_inside(&f->rough, used, in) >= clearly_out)
        return;
    for (size_t w = 0; w < WAYS; w++) {
        struct way other = way_at(w);
        if (area_inside(&f->rough, other, in) < clearly_in)
            continue;
        struct arena a;
        arena_init(&a, 4096);
        struct msg m = { arena_fmt(&a, "这一行的坐标像是 %s%s，与文件其余部分不一致；请统一后再导入，或用 crs 列逐行注明",
                crs_titles[other.crs], order[other.swapped]).p,
            arena_fmt(&a, "This row lies as if it were in %s%s, unlike the rest; convert it, or name"
                " the system of each row in a column crs", crs_titles[other.crs],
                order[other.swapped ? 2 : 0]).p };
        fault_add(faults, f->row, "crs", m, STR_NONE);
        f->misplaced = true;
        arena_free(&a);
        return;
    }
}

static struct way way_of_row(struct feature *f, struct way usual, struct faults *faults)
{
    struct str word = f->values[FIELD_CRS];
    struct way w = usual;
    f->misplaced = word.n && !crs_by_name(word, &w.crs);
    if (f->misplaced)
        fault_add(faults, f->row, "crs", MSG("没有坐标系 %s，可用 wgs84 cgcs2000 gcj02 bd09",
            "There is no coordinate system %s; use wgs84, cgcs2000, gcj02 or bd09"), word);
    return w;
}

static void place_rows(const struct features *f, struct way usual, struct yardstick ref,
    struct faults *faults)
{
    for (size_t i = 0; i < f->n; i++) {
        struct feature *one = &f->at[i];
        struct rough *r = &one->rough;
        struct way w = way_of_row(one, usual, faults);
        const struct shape *in = r->point_count ? ref.of(ref.ctx, i) : NULL;
        if (in)
            judge_row(one, w, in, faults);
        else if (r->point_count && looks_swapped(r) != usual.swapped) {
            one->misplaced = true;
            fault_add(faults, one->row, "crs", MSG("这一行经纬度颠倒(与文件其余部分不同)，请对调",
                "Longitude and latitude of this row are swapped, unlike the rest; exchange them"),
                STR_NONE);
        }
        for (size_t k = 0; k < r->point_count; k++)
            if (!read_point(r->at[k], w, &r->at[k]) && w.swapped)
                r->at[k] = (struct geo_point){ r->at[k].lat, r->at[k].lon };
    }
}

enum err features_place(const struct features *f, struct str named, struct yardstick ref,
    struct placing *ret, struct faults *faults, struct err_info *info)
{
    struct placing p = { .how = PLACED_ASSUMED, .swapped = mostly_swapped(f) };
    double shares[WAYS];
    bool known = false;
    if (named.n && !crs_by_name(named, &p.crs))
        return err_note(info, E_INPUT, "crs", MSG("没有坐标系 %s，可用 wgs84 cgcs2000 gcj02 bd09",
            "There is no coordinate system %s; use wgs84, cgcs2000, gcj02 or bd09"), named);
    if (named.n)
        p.how = PLACED_NAMED;
    else
        TRY(told(f->crs, &known, &p.crs, info));
    if (known)
        p.how = PLACED_TOLD;
    p.compared = compare(f, ref, shares);
    choose(&p, shares, p.how == PLACED_ASSUMED);
    place_rows(f, (struct way){ p.crs, p.swapped }, ref, faults);
    *ret = p;
    return OK;
}
