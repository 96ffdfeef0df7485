/* locate.c: `fengqiao locate`: points in a CSV file of any length, and for each the grids and
 * divisions it lies in. */
#include "catalogue/catalogue.h"
#include "cli/commands.h"
#include "cli/lines.h"
#include "db/db.h"
#include "geo/datum.h"
#include "layer/feature.h"
#include "place/place.h"
#include <stdio.h>
#include <strings.h>

#define ADDED "county,town,community,grid,micro_grid,police_grid"

static const struct cli_option options[] = {
    { "db", "FILE|URL", "fengqiao.db", MSG("数据库文件，或 postgres:// 地址",
        "database file, or postgres:// address") },
    { "csv", "FILE", "-", MSG("表格文件，第一行为列名，须有 lon 和 lat 两列；- 为标准输入",
        "table whose first line names its columns, lon and lat among them; -: standard input") },
    { "crs", "wgs84|gcj02|bd09", "wgs84", MSG("坐标系", "coordinate system of the points") },
};

enum { BAD_SHOWN_MAX = 100, BATCH = 16384, OUT_BYTES = 1 << 20 };
struct locating {
    const struct cli_args *args;
    const struct catalogue *cat;
    enum crs crs;
    struct csv_lines lines;
    struct str head;            /* the first line */
    size_t lon, lat;            /* positions of these columns */
    size_t points, outside, bad;
    int64_t told_us;
};

static bool is_english(const struct locating *l)
{
    return l->args->lang == LANG_EN;
}

static const char *say(const struct locating *l, struct msg m)
{
    return is_english(l) ? m.en : m.zh;
}

static void bad_line(struct locating *l, struct msg m)
{
    if (l->bad++ < BAD_SHOWN_MAX)
        fprintf(stderr, is_english(l) ? "line %zu: %s\n" : "第 %zu 行：%s\n",
            l->lines.number, say(l, m));
    else if (l->bad == BAD_SHOWN_MAX + 1)
        fputs(say(l, MSG("更多有问题的行不再逐一列出\n", "further bad lines are only counted\n")),
            stderr);
}

static void progress(struct locating *l)
{
    int64_t now_us = clock_monotonic_us();
    if (l->points % BATCH || now_us - l->told_us < 1000000)
        return;
    l->told_us = now_us;
    fprintf(stderr, is_english(l) ? "%zu lines done\n" : "已处理 %zu 行\n", l->points);
}

/* Position of the column with one of the names, or SIZE_MAX. */
static size_t column(struct str head, const char *const *names)
{
    struct str cell;
    for (size_t k = 0; line_cell(head, k, &cell); k++)
        for (size_t i = 0; names[i]; i++)
            if (cell.n == strlen(names[i]) && strncasecmp(cell.p, names[i], cell.n) == 0)
                return k;
    return SIZE_MAX;
}

static enum err head_read(struct locating *l, struct arena *a, struct err_info *info)
{
    static const char *const lon[] = { "lon", "lng", "longitude", "经度", NULL };
    static const char *const lat[] = { "lat", "latitude", "纬度", NULL };
    struct str head, names, added = STR(ADDED), name;
    enum csv_line read = lines_next(&l->lines, &head);
    if (read == LINE_UNREADABLE)
        return err_note(info, E_IO, "csv", MSG("读不了这个文件", "Cannot read the file"), STR_NONE);
    if (read == LINE_END)
        return err_note(info, E_INPUT, "csv", MSG("文件是空的，第一行应为列名",
            "The file is empty; its first line names the columns"), STR_NONE);
    if (str_starts(head, STR("\xef\xbb\xbf")))
        head = (struct str){ head.p + 3, head.n - 3 };
    TRY(text_decode(a, head, NULL, &names, info));
    l->lon = column(names, lon);
    l->lat = column(names, lat);
    if (l->lon == SIZE_MAX || l->lat == SIZE_MAX)
        return err_note(info, E_INPUT, l->lon == SIZE_MAX ? "lon" : "lat",
            MSG("第一行里没有经纬度列，请命名为 lon 和 lat；现为 %s",
                "The first line names no such column; call them lon and lat. It is %s"), names);
    while (added.n) {
        name = str_cut(added, ',', &added);
        char text[32] = { 0 };
        memcpy(text, name.p, name.n);
        if (column(names, (const char *const[]){ text, NULL }) != SIZE_MAX)
            return err_note(info, E_INPUT, "csv", MSG("表中已有名为 %s 的列，请先改名",
                "The table has a column %s already; rename it first"), name);
    }
    l->head = arena_str(a, head);
    return OK;
}

static bool degrees_read(struct str line, size_t column_at, double *ret)
{
    struct str cell;
    return line_cell(line, column_at, &cell) && str_to_f64(cell, ret);
}

/* The point of a line in degrees of WGS-84; says what is wrong with it otherwise. */
static bool point_read(struct locating *l, struct str line, struct geo_point *ret)
{
    struct geo_point p;
    if (!degrees_read(line, l->lon, &p.lon) || !degrees_read(line, l->lat, &p.lat)) {
        bad_line(l, MSG("经纬度应为数字，如 120.585", "longitude and latitude are numbers such as"
            " 120.585"));
        return false;
    }
    if (!geo_point_ok(p)) {
        bad_line(l, geo_point_ok((struct geo_point){ p.lat, p.lon })
            ? MSG("经度与纬度像是写反了，请对调", "longitude and latitude look swapped; exchange them")
            : MSG("经度应在 -180 到 180、纬度在 -90 到 90 之间",
                "longitude lies between -180 and 180, latitude between -90 and 90"));
        return false;
    }
    *ret = geo_convert(p, l->crs, CRS_WGS84);
    return true;
}

static void code_add(struct buf *b, int64_t code)
{
    buf_byte(b, ',');
    if (code)
        buf_i64(b, code);
}

static void line_write(struct locating *l, struct str line, struct buf *out)
{
    enum { AREA_TO_CODE = 1000000 };
    struct place p = { .area = 0 };
    struct geo_point at;
    if (point_read(l, line, &at)
        && (!catalogue_place_of_point(l->cat, at.lon, at.lat, &p) || p.grid == 0))
        l->outside++;
    buf_add(out, line);
    code_add(out, p.area * AREA_TO_CODE);
    code_add(out, p.town);
    code_add(out, p.community);
    code_add(out, p.grid);
    code_add(out, p.micro_grid);
    code_add(out, p.police_grid);
    buf_byte(out, '\n');
}

static enum err out_flush(struct buf *out)
{
    struct str s = buf_str(out);
    out->n = 0;
    return fwrite(s.p, 1, s.n, stdout) == s.n ? OK : E_IO;
}

static enum err lines_locate(struct locating *l, struct buf *out)
{
    struct str line;
    for (enum csv_line read; (read = lines_next(&l->lines, &line)) != LINE_END; progress(l)) {
        if (read == LINE_UNREADABLE)
            return E_IO;
        if (read == LINE_GOOD && str_trim(line).n == 0)
            continue;
        l->points++;
        if (read == LINE_TOO_LONG)
            bad_line(l, MSG("这一行太长，或引号没有配对；已跳过",
                "the line is too long, or a quote is not closed; left out"));
        else
            line_write(l, line, out);
        if (out->n > OUT_BYTES)
            TRY(out_flush(out));
    }
    TRY(out_flush(out));
    return fflush(stdout) == 0 ? OK : E_IO;
}

static enum err catalogue_open(struct locating *l, struct catalogue **ret, struct err_info *info)
{
    struct db *db;
    TRY(db_open(cli_value(l->args, "db"), DB_READER, &db));
    enum err e = catalogue_load(db, ret, info);
    db_close(db);
    return e;
}

/* The catalogue is read only for a table that can be worked on. */
static enum err locate_all(struct locating *l, FILE *f, struct err_info *info)
{
    struct catalogue *cat = NULL;
    struct arena a;
    arena_init(&a, 8 * (OUT_BYTES + LINE_BYTES_MAX));
    struct buf out = buf_in(&a, OUT_BYTES + LINE_BYTES_MAX + 256);
    buf_reserve(&out, OUT_BYTES + LINE_BYTES_MAX + 256);
    l->lines = lines_of(f);
    enum err e = head_read(l, &a, info);
    if (e == OK)
        e = catalogue_open(l, &cat, info);
    l->cat = cat;
    if (e == OK) {
        printf("%.*s," ADDED "\n", STR_FMT(l->head));
        e = lines_locate(l, &out);
    }
    catalogue_drop(cat);
    lines_end(&l->lines);
    arena_free(&a);
    return e;
}

static enum err open_and_locate(struct locating *l, struct err_info *info)
{
    const char *name = cli_value(l->args, "csv");
    FILE *f = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
    if (f == NULL)
        return err_note(info, E_IO, "csv", MSG("打不开文件 %s", "Cannot open the file %s"),
            str_c(name));
    enum err e = locate_all(l, f, info);
    if (f != stdin)
        (void)fclose(f);
    return e;
}

static int locate(const struct cli_args *args)
{
    struct locating l = { .args = args, .told_us = clock_monotonic_us() };
    struct err_info info = { .e = OK };
    l.crs = crs_by_word(str_c(cli_value(args, "crs")));
    enum err e = open_and_locate(&l, &info);
    if (e != OK)
        return cli_fail(args, &info, e);
    fprintf(stderr, is_english(&l) ? "%zu lines: %zu in a grid, %zu outside of all, %zu bad\n"
        : "共 %zu 行：%zu 行在网格内，%zu 行在网格外，%zu 行有问题\n", l.points,
        l.points - l.outside - l.bad, l.outside, l.bad);
    return l.bad ? CLI_WRONG : CLI_DONE;
}

const struct cli_command cli_locate = {
    .name = "locate", .operands = "",
    .meaning = MSG("为表格中的每个点查出所在的网格、微网格、警务网格和区划",
        "find the grid, micro-grid, police grid and divisions of every point in a table"),
    .options = options, .n_options = COUNT_OF(options), .run = locate,
};
