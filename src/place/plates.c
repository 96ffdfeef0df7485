/* plates.c: from grids, dwellings and sites to plates, and the routes that list and print them. */
#include "place/plates.h"
#include "access/access.h"
#include <math.h>

#define X(name, across, down) name,
const char *const plate_layouts[] = { PRINT_LAYOUTS(X) NULL };
#undef X
const struct msg plates_hint = { "扫码报事，拍照即可，不用登录。紧急请拨 110、119、120",
    "Scan to report, no sign-in. In an emergency call 110, 119 or 120" };

RECORD_DEFINE(plates_in, PLATES_IN)
RECORD_DEFINE(plate_area, PLATE_AREA)
RECORD_DEFINE(plate_view, PLATE_VIEW)
RECORD_DEFINE(plates, PLATES)
RECORD_DEFINE(plates_pdf_in, PLATES_PDF_IN)
RECORD_DEFINE(plate_row, PLATE_ROW)

enum { URL_BYTES_MAX = 200, LISTED_MAX = 3000 };

bool plates_url_ok(struct arena *a, struct str url, struct str *ret)
{
    while (url.n && url.p[url.n - 1] == '/')
        url.n--;
    for (size_t i = 0; i < url.n; i++)
        if (url.p[i] <= ' ' || url.p[i] >= 0x7f || strchr("\"<>#?\\", url.p[i]))
            return false;
    bool http = str_starts(url, STR("http://")) && url.n > 7;
    *ret = arena_str(a, url);
    return url.n <= URL_BYTES_MAX && (http || (str_starts(url, STR("https://")) && url.n > 8));
}

/* What is not a letter, digit or one of -._~ as %XX. */
static void url_text(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || (c && strchr("-._~", c));
        if (plain)
            buf_byte(b, (char)c);
        else
            buf_fmt(b, "%%%02X", c);
    }
}

/* Behind the # stands what no server log should hold: where exactly. */
static struct str url_of(struct arena *a, struct str base, int64_t grid, struct str place,
    double lon, double lat)
{
    struct buf b = buf_in(a, PLATE_URL_BYTES_MAX + 400);
    buf_fmt(&b, "%.*s/m/report?g=%lld", STR_FMT(base), (long long)grid);
    if (!isnan(lon))
        buf_fmt(&b, "#at=%.5f,%.5f", lon, lat);
    if (place.n) {
        buf_add(&b, isnan(lon) ? STR("#p=") : STR("&p="));
        url_text(&b, place);
    }
    return buf_str(&b);
}

/* Town, community and grid: whoever stands before the plate knows the county. */
static struct plate plate_of_grid(const struct catalogue *c, struct arena *a, struct str url,
    const struct grid *g)
{
    struct place p;
    CHECK(catalogue_place_of_grid(c, g->code, &p));
    struct str code = arena_fmt(a, "%lld", (long long)g->code), name;
    p.area = 0;
    name = str_trim(catalogue_place_name(c, a, &p));
    return (struct plate){ .url = url_of(a, url, g->code, STR_NONE, NAN, NAN),
        .name = name, .name_en = arena_fmt(a, "Grid %03lld", (long long)(g->code % 1000)),
        .code = code };
}

struct list plates_of_division(const struct catalogue *c, struct arena *a, struct str url,
    int64_t division)
{
    struct list grids = catalogue_grids(c);
    const struct grid *g = grids.p;
    struct region region = region_of(division);
    struct plate *plates = NEW_N(a, struct plate, grids.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < grids.n; i++)
        if (region_has(region, g[i].community))
            plates[n++] = plate_of_grid(c, a, url, &g[i]);
    return (struct list){ plates, n };
}

struct list plates_of_grid(const struct catalogue *c, struct arena *a, struct str url, int64_t grid)
{
    const struct grid *g = grid_find(c, grid);
    struct plate *plate = NEW(a, struct plate);
    if (g)
        *plate = plate_of_grid(c, a, url, g);
    return (struct list){ plate, g ? 1 : 0 };
}

static void row_check(const struct catalogue *c, const struct plate_row *row, size_t line,
    struct faults *f)
{
    struct place p;
    if (grid_find(c, row->grid) == NULL)
        fault_add(f, line, "grid", MSG("没有这个网格，应为15位代码",
            "There is no grid with this code; it has 15 digits"), STR_NONE);
    if (isnan(row->lon) != isnan(row->lat))
        fault_add(f, line, isnan(row->lon) ? "lon" : "lat", MSG("经度和纬度要一起给",
            "Give longitude and latitude together"), STR_NONE);
    else if (!isnan(row->lon) && (!catalogue_locate(c, row->lon, row->lat, &p)
        || p.grid != row->grid))
        fault_add(f, line, "lon", MSG("这个位置不在所写的网格内，经度和纬度是否写反了",
            "This point is not in the grid named; are longitude and latitude swapped?"), STR_NONE);
}

struct list plates_of_sheet(const struct catalogue *c, struct arena *a, struct str url,
    struct str csv, struct faults *f)
{
    struct sheet s = sheet_read(a, &plate_row_record, csv, f);
    const struct plate_row *rows = s.rows.p;
    struct plate *plates = NEW_N(a, struct plate, s.rows.n + 1);
    for (size_t i = 0; i < s.rows.n; i++) {
        const struct plate_row *r = &rows[i];
        row_check(c, r, s.lines[i], f);
        struct str place = str_trim(r->place).n ? str_trim(r->place) : r->name;
        plates[i] = (struct plate){ .url = url_of(a, url, r->grid, place, r->lon, r->lat),
            .name = r->name, .name_en = r->name_en.p ? r->name_en : STR(""),
            .code = r->code.n ? r->code : arena_fmt(a, "%lld", (long long)r->grid) };
        if (plates[i].url.n > PLATE_URL_BYTES_MAX)
            fault_add(f, s.lines[i], "place", MSG("地点文字太长，请缩短", "The place is too long; shorten it"),
                STR_NONE);
    }
    return (struct list){ plates, s.rows.n };
}

/* Routes ------------------------------------------------------------------------------------ */

/* The widest territory of the actor's units; {0, 0} for none. */
static struct region territory(const struct cx *cx)
{
    struct region widest = { 0, 0 };
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct unit *u = unit_find(cx->cat, cx->actor.memberships[i].unit);
        struct region r = u ? region_of(u->region) : widest;
        if (r.to - r.from > widest.to - widest.from || widest.from == 0)
            widest = r;
    }
    return widest;
}

static enum err division_check(struct cx *cx, int64_t division)
{
    const struct division *d = division_find(cx->cat, division);
    bool mine = region_has(territory(cx), division);
    if (d && mine && d->level >= LEVEL_TOWN)
        return OK;
    return cx_fail(cx, E_MISSING, "division", MSG("请选择本辖区内的街道(乡镇)或社区(村)",
        "Choose a town or community of your territory"));
}

static enum err site_url(struct cx *cx, struct str *ret)
{
    if (cx->services.url && plates_url_ok(cx->a, str_c(cx->services.url), ret))
        return OK;
    return cx_fail(cx, E_BUSY, NULL, MSG("还没有设置本系统的网址，请管理员以 serve --url 指定后再打印",
        "The address of this site is not set; ask its operator to start it with serve --url"));
}

/* Towns of a county or city; a town and its communities; a community. */
static struct list areas_of(struct cx *cx)
{
    struct region mine = territory(cx);
    struct list all = catalogue_divisions(cx->cat);
    const struct division *d = all.p;
    struct plate_area *areas = NEW_N(cx->a, struct plate_area, LISTED_MAX);
    bool wide = mine.to - mine.from >= 1000000 - 1;
    size_t n = 0;
    for (size_t i = 0; i < all.n && n < LISTED_MAX; i++)
        if (region_has(mine, d[i].code) && d[i].level >= LEVEL_TOWN
            && (!wide || d[i].level == LEVEL_TOWN))
            areas[n++] = (struct plate_area){ d[i].code, d[i].name };
    return (struct list){ areas, n };
}

static int64_t parts_of(size_t plates)
{
    return (int64_t)((plates + PLATES_A_PART - 1) / PLATES_A_PART);
}

static enum err plates_list(struct cx *cx, const void *in, struct buf *out)
{
    const struct plates_in *q = in;
    struct plates r = { .areas = areas_of(cx) };
    struct str url;
    if (q->division != I64_NONE) {
        TRY(division_check(cx, q->division));
        TRY(site_url(cx, &url));
        struct list plates = plates_of_division(cx->cat, cx->a, url, q->division);
        const struct plate *p = plates.p;
        size_t n = plates.n < LISTED_MAX ? plates.n : LISTED_MAX;
        struct plate_view *views = NEW_N(cx->a, struct plate_view, n + 1);
        for (size_t i = 0; i < n; i++)
            views[i] = (struct plate_view){ p[i].code, p[i].name, p[i].name_en, p[i].url };
        r.items = (struct list){ views, n };
        r.parts = parts_of(plates.n);
    }
    record_to_json(out, &plates_record, &r);
    return OK;
}

static enum err plates_pdf(struct cx *cx, const void *in, struct buf *out)
{
    const struct plates_pdf_in *q = in;
    struct str url, pdf;
    TRY(division_check(cx, q->division));
    TRY(site_url(cx, &url));
    struct list plates = plates_of_division(cx->cat, cx->a, url, q->division);
    size_t from = q->part == I64_NONE ? 0 : (size_t)(q->part - 1) * PLATES_A_PART;
    if (from >= plates.n)
        return cx_fail(cx, E_MISSING, "part", MSG("这里没有更多的网格", "There are no further grids here"));
    if (cx->services.press == NULL)
        return cx_fail(cx, E_IO, NULL, MSG("没有找到制作程序 fengqiao-print，请管理员检查安装",
            "The program fengqiao-print is not installed here; tell the operator"));
    size_t n = plates.n - from < PLATES_A_PART ? plates.n - from : PLATES_A_PART;
    struct press_job job = { .layout = q->layout.n ? q->layout.p : plate_layouts[0],
        .hint = plates_hint, .plates = (const struct plate *)plates.p + from, .n = n,
        .time_ms = PLATES_TIME_MS_MAX };
    TRY(press_bytes(cx->services.press, cx->a, &job, &pdf, &cx->info));
    buf_add(out, pdf);
    return OK;
}

#define PRINTERS \
    (ROLE_GRID_LEAD | ROLE_GRID_WORKER | ROLE_CHIEF | ROLE_DISPATCHER | ROLE_SUPERVISOR \
    | ROLE_ADMIN)
static const struct route routes[] = {
    { .method = "GET", .path = "/api/plates", .name = "plates", .roles = PRINTERS,
        .lane = LANE_READ, .in = &plates_in_record, .out = &plates_record, .run = plates_list,
        .meaning = "QR plates of a town or community of my territory" },
    { .method = "GET", .path = "/api/plates.pdf", .name = "plates_pdf", .roles = PRINTERS,
        .lane = LANE_READ, .in = &plates_pdf_in_record, .prints = true,
        .run = plates_pdf, .out_type = "application/pdf", .meaning = "Sheets of these plates, 240 in a file" },
};

extern const struct module module_plates;
const struct module module_plates = { .name = "plates", .routes = routes,
    .n_routes = COUNT_OF(routes) };
