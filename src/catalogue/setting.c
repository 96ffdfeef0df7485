/* setting.c: the table of settings, their checks and how one is stored. */
#include "catalogue/setting.h"
#include "catalogue/edition.h"

SQL_WRITES(setting_drop, "setting.drop", "DELETE FROM setting WHERE name = $1");
SQL_WRITES(setting_put, "setting.put", "INSERT INTO setting (name, value) VALUES ($1, $2)");
const struct sql *const setting_statements[] = { &setting_drop, &setting_put };
const size_t setting_statements_n = COUNT_OF(setting_statements);

enum { TEXT_CHARS_MAX = 200, URL_BYTES_MAX = 1000 };

static enum err check_text(struct str text, const char *name, struct err_info *info)
{
    if (str_chars(text) <= TEXT_CHARS_MAX)
        return OK;
    return err_note(info, E_INPUT, name, MSG("最多 200 字", "At most 200 characters"), text);
}

static bool has_any(struct str text, const char *const *words)
{
    for (; *words; words++)
        if (str_find(text, str_c(*words)) >= 0)
            return true;
    return false;
}

static bool in_host(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.'
        || c == '-' || c == ':';
}

static bool in_address(char c)
{
    return c > ' ' && c < 127 && strchr("\"'<>\\`|^;,", c) == NULL;
}

struct str setting_tile_origin(struct str url)
{
    static const char *const zoom[] = { "{z}", "{TileMatrix}", NULL };
    static const char *const column[] = { "{x}", "{TileCol}", NULL };
    static const char *const row[] = { "{y}", "{-y}", "{TileRow}", NULL };
    size_t scheme = str_starts(url, STR("https://")) ? 8 : str_starts(url, STR("http://")) ? 7 : 0;
    size_t end = scheme;
    while (end < url.n && in_host(url.p[end]))
        end++;
    if (scheme == 0 || end == scheme || end == url.n || url.p[end] != '/')
        return STR_NONE;
    for (size_t i = 0; i < url.n; i++)
        if (!in_address(url.p[i]))
            return STR_NONE;
    if (!has_any(url, zoom) || !has_any(url, column) || !has_any(url, row))
        return STR_NONE;
    return (struct str){ url.p, end };
}

static enum err check_tiles(struct str text, const char *name, struct err_info *info)
{
    if (text.n <= URL_BYTES_MAX && setting_tile_origin(text).n)
        return OK;
    return err_note(info, E_INPUT, name, MSG("瓦片地址应以 http:// 或 https:// 加主机名开头，"
        "含 {z} {x} {y}（WMTS 为 {TileMatrix} {TileCol} {TileRow}），主机名里不能有占位符",
        "A tile address begins with http:// or https:// and a host name without placeholders, and"
        " has {z} {x} {y} (of WMTS: {TileMatrix} {TileCol} {TileRow})"), text);
}

static enum err check_roles(struct str text, const char *name, struct err_info *info)
{
    const struct str roles = STR("grid_worker grid_lead clerk chief dispatcher supervisor mediator"
        " auditor admin wall");
    for (struct str rest = text; rest.n;) {
        struct str word = str_cut(rest, ' ', &rest);
        if (!str_has_word(roles, word))
            return err_note(info, E_INPUT, name, MSG("没有职务“%s”；写职务代码，空格分开，如 admin auditor",
                "There is no role \"%s\"; write words of roles, spaces between: admin auditor"), word);
    }
    return OK;
}

static enum err check_crs(struct str text, const char *name, struct err_info *info)
{
    if (str_is(text, "wgs84") || str_is(text, "gcj02"))
        return OK;
    return err_note(info, E_INPUT, name, MSG("坐标系只能是 wgs84（含 CGCS2000）或 gcj02",
        "The coordinate system is wgs84 (also for CGCS2000) or gcj02"), text);
}

static enum err check_zoom(struct str text, const char *name, struct err_info *info)
{
    int64_t zoom;
    if (str_to_i64(text, &zoom) && zoom >= 1 && zoom <= 22)
        return OK;
    return err_note(info, E_INPUT, name, MSG("应为 1 到 22 的整数", "A whole number from 1 to 22"),
        text);
}

/* A number as JSON has it, without an exponent, within 180 of 0. */
static bool is_degrees(struct str part)
{
    char text[32];
    size_t sign = part.n && part.p[0] == '-';
    if (part.n <= sign || part.n >= sizeof(text))
        return false;
    memcpy(text, part.p, part.n);
    text[part.n] = '\0';
    const char *at = text + sign;
    size_t whole = strspn(at, "0123456789"), rest = strspn(at + whole, ".");
    size_t decimals = strspn(at + whole + rest, "0123456789");
    if (whole == 0 || (whole > 1 && at[0] == '0') || rest > 1 || (rest == 1 && decimals == 0)
        || at[whole + rest + decimals] != '\0')
        return false;
    double v = 0;
    return str_to_f64(part, &v) && v >= -180 && v <= 180;
}

/* "[1.5,2]": n numbers, no more. */
static bool is_numbers(struct str text, size_t n)
{
    if (text.n < 3 || text.p[0] != '[' || text.p[text.n - 1] != ']')
        return false;
    struct str rest = { text.p + 1, text.n - 2 };
    size_t found = 0;
    for (; rest.p && found <= n; found++)
        if (!is_degrees(str_trim(str_cut(rest, ',', &rest))))
            return false;
    return found == n;
}

static enum err check_center(struct str text, const char *name, struct err_info *info)
{
    if (is_numbers(text, 2))
        return OK;
    return err_note(info, E_INPUT, name, MSG("写作 [经度,纬度]，如 [120.62,31.32]",
        "Written [longitude,latitude], as in [120.62,31.32]"), text);
}

static enum err check_bounds(struct str text, const char *name, struct err_info *info)
{
    if (is_numbers(text, 4))
        return OK;
    return err_note(info, E_INPUT, name, MSG("写作 [西,南,东,北]，如 [119.9,30.7,121.4,32.1]",
        "Written [west,south,east,north], as in [119.9,30.7,121.4,32.1]"), text);
}

/* "22:00", later than 23:59 never. */
static bool is_clock(struct str text)
{
    int64_t h = 0, m = 0;
    struct str minutes, hours = str_cut(text, ':', &minutes);
    return hours.n >= 1 && hours.n <= 2 && minutes.n == 2 && str_to_i64(hours, &h)
        && str_to_i64(minutes, &m) && h >= 0 && h <= 23 && m >= 0 && m <= 59;
}

static enum err check_hours(struct str text, const char *name, struct err_info *info)
{
    struct str to, from = str_cut(text, '-', &to);
    if (str_is(text, "none") || (is_clock(from) && is_clock(to)))
        return OK;
    return err_note(info, E_INPUT, name, MSG("写作 22:00-07:00，不设则写 none",
        "Written 22:00-07:00, or none"), text);
}

const struct setting_row setting_table[] = {
    { "city", check_text, MSG("城市名称", "name of the city, Chinese") },
    { "city_en", check_text, MSG("城市名称，英文", "name of the city, English") },
    { "notice", check_text, MSG("给居民的提示", "notice for residents, Chinese") },
    { "notice_en", check_text, MSG("给居民的提示，英文", "notice for residents, English") },
    { "center", check_center, MSG("地图中心 [经度,纬度]", "middle of the map [longitude,latitude]") },
    { "bounds", check_bounds, MSG("地图范围 [西,南,东,北]", "extent of the map [west,south,east,north]") },
    { "boundary_notice", check_text, MSG("地图上的边界说明", "notice on boundaries, Chinese") },
    { "boundary_notice_en", check_text, MSG("地图上的边界说明，英文", "notice on boundaries, English") },
    { "review_no", check_text, MSG("审图号，地图上必须显示", "review number of the map, shown on it") },
    { "quiet_hours", check_hours, MSG("夜间免打扰时段，未设为 22:00-07:00，none 为不设",
        "hours in which only urgent matters are called; 22:00-07:00 unless set, or none") },
    { "second_factor_roles", check_roles, MSG("必须设置第二因素才能使用的职务，如 admin auditor",
        "roles whose people must have a second factor, such as admin auditor") },
    { "tiles", check_tiles, MSG("底图瓦片地址（XYZ 或 WMTS，Web 墨卡托）",
        "address of the base map's tiles (XYZ or WMTS, Web Mercator)") },
    { "tiles_labels", check_tiles, MSG("底图注记瓦片地址，主机同底图或另一台",
        "address of tiles with names, drawn over the base map") },
    { "tiles_crs", check_crs, MSG("瓦片坐标系：wgs84 或 gcj02", "coordinate system of the tiles: wgs84 or gcj02") },
    { "tiles_zoom_max", check_zoom, MSG("瓦片最大级别，未设为 18", "greatest zoom of the tiles; 18 unless set") },
    { "tiles_attribution", check_text, MSG("底图版权说明", "whose the base map is, Chinese") },
    { "tiles_attribution_en", check_text, MSG("底图版权说明，英文", "whose the base map is, English") },
};
const size_t setting_table_n = COUNT_OF(setting_table);

const struct setting_row *setting_find(struct str name)
{
    for (size_t i = 0; i < setting_table_n; i++)
        if (str_is(name, setting_table[i].name))
            return &setting_table[i];
    return NULL;
}

enum err setting_store(struct db *db, struct arena *a, struct str name, struct str value,
    int64_t now_ms, struct err_info *info)
{
    const struct setting_row *row = setting_find(name);
    struct buf csv = buf_in(a, 1 << 16);
    int64_t version;
    if (row == NULL)
        return err_note(info, E_INPUT, "name", MSG("没有设置项“%s”", "There is no setting \"%s\""),
            name);
    if (value.n)
        TRY(row->check(value, row->name, info));
    TRY(db_exec(db, &setting_drop, ARGS(S(name)), NULL));
    if (value.n)
        TRY(db_exec(db, &setting_put, ARGS(S(name), S(value)), NULL));
    buf_fmt(&csv, "name,value\n%.*s,", STR_FMT(name));
    sheet_cell(&csv, value);
    buf_byte(&csv, '\n');
    return edition_store(db, STR("setting"), buf_str(&csv), now_ms, now_ms, 0, &version);
}
