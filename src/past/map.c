/* map.c: which column is what, and what the other system's words mean here. */
#include "layer/placing.h"
#include "past/past.h"
#include <jansson.h>

#define X(id, name, meaning) name,
const char *const past_field_names[PAST_FIELDS] = { PAST_FIELD_TABLE(X) };
#undef X

struct reading {
    struct arena *a;
    struct past_map *map;
    struct err_info *info;
};

static enum err refuse(const struct reading *r, const char *field, struct msg m, struct str arg)
{
    return err_note(r->info, E_INPUT, field, m, arg);
}

static enum err text_of(const struct reading *r, const json_t *v, const char *field,
    struct str *ret)
{
    if (v == NULL)
        return OK;
    if (!json_is_string(v))
        return refuse(r, field, MSG("应为带引号的文字", "This must be a text in quotes"), STR_NONE);
    *ret = str_trim(arena_dup(r->a, json_string_value(v), json_string_length(v)));
    return OK;
}

static enum err columns_read(const struct reading *r, json_t *all)
{
    const char *name;
    json_t *v;
    json_object_foreach(all, name, v) {
        size_t i = 0;
        while (i < PAST_FIELDS && strcmp(past_field_names[i], name) != 0)
            i++;
        if (i == PAST_FIELDS)
            return refuse(r, "columns", MSG("没有字段 %s；可用：number text reported category place lon lat"
                " division state ended unit reply", "There is no field %s; there are number, text,"
                " reported, category, place, lon, lat, division, state, ended, unit and reply"),
                str_c(name));
        TRY(text_of(r, v, "columns", &r->map->columns[i]));
    }
    for (size_t i = PAST_NUMBER; i <= PAST_REPORTED; i++)
        if (r->map->columns[i].n == 0)
            return refuse(r, "columns", MSG("请写明 %s 是哪一列", "Say which column is %s"),
                str_c(past_field_names[i]));
    return OK;
}

static enum err words_read(const struct reading *r, json_t *all, const char *field,
    struct past_words *ret)
{
    const char *name;
    json_t *v;
    if (all == NULL)
        return OK;
    if (!json_is_object(all))
        return refuse(r, field, MSG("应写作 {\"原词\": \"本系统的词\"}",
            "This is written {\"their word\": \"our word\"}"), STR_NONE);
    struct past_word *words = NEW_N(r->a, struct past_word, json_object_size(all) + 1);
    size_t n = 0;
    json_object_foreach(all, name, v) {
        words[n].from = str_trim(arena_str(r->a, str_c(name)));
        TRY(text_of(r, v, field, &words[n++].to));
    }
    *ret = (struct past_words){ words, n };
    return OK;
}

static enum err members_known(const struct reading *r, json_t *root)
{
    static const char *const members[] = { "source", "columns", "crs", "encoding", "categories",
        "states", "units", "usual" };
    const char *name;
    json_t *v;
    json_object_foreach(root, name, v) {
        size_t i = 0;
        while (i < COUNT_OF(members) && strcmp(members[i], name) != 0)
            i++;
        if (i == COUNT_OF(members))
            return refuse(r, "map", MSG("不认识 %s；可用：source columns crs encoding categories states units"
                " usual", "%s is not known; there are source, columns, crs, encoding, categories,"
                " states, units and usual"), str_c(name));
    }
    return OK;
}

static enum err states_check(const struct reading *r)
{
    const struct past_words *words = &r->map->states;
    for (size_t i = 0; i < words->n; i++)
        if (!str_has_word(STR("open closed rejected withdrawn"), words->at[i].to))
            return refuse(r, "states", MSG("没有状态 %s；可用：open closed rejected withdrawn",
                "There is no state %s; there are open, closed, rejected and withdrawn"),
                words->at[i].to);
    return OK;
}

static enum err no_category(struct err_info *info, const char *field, struct str code)
{
    return err_note(info, E_INPUT, field, MSG("没有类别编码 %s", "There is no category code %s"), code);
}

static enum err no_unit(struct err_info *info, const char *field, struct str code)
{
    return err_note(info, E_INPUT, field, MSG("没有单位编码 %s", "There is no unit code %s"), code);
}

/* What words mean must exist: told once here, not for every row. */
enum err past_map_fits(const struct past_map *m, const struct catalogue *c, struct err_info *info)
{
    int64_t code;
    for (size_t i = 0; i < m->categories.n; i++)
        if (category_find(c, m->categories.at[i].to) == NULL)
            return no_category(info, "categories", m->categories.at[i].to);
    for (size_t i = 0; i < m->units.n; i++)
        if (unit_find_code(c, m->units.at[i].to) == NULL)
            return no_unit(info, "units", m->units.at[i].to);
    if (m->category.n && category_find(c, m->category) == NULL)
        return no_category(info, "usual", m->category);
    if (m->unit.n && unit_find_code(c, m->unit) == NULL)
        return no_unit(info, "usual", m->unit);
    if (m->division.n && (!str_to_i64(m->division, &code) || division_find(c, code) == NULL))
        return err_note(info, E_INPUT, "usual", MSG("没有区划编码 %s", "There is no division code %s"),
            m->division);
    return OK;
}

static enum err root_read(const struct reading *r, json_t *root)
{
    struct past_map *m = r->map;
    struct str crs = STR_NONE, encoding = STR_NONE;
    json_t *columns = json_object_get(root, "columns"), *usual = json_object_get(root, "usual");
    TRY(members_known(r, root));
    TRY(text_of(r, json_object_get(root, "source"), "source", &m->source));
    if (m->source.n == 0 || m->source.n > 60)
        return refuse(r, "source", MSG("请给原系统起个名字，不超过 60 字节，如 12345-2025",
            "Name the other system in at most 60 bytes, such as 12345-2025"), STR_NONE);
    if (!json_is_object(columns))
        return refuse(r, "columns", MSG("请写明各列，如 {\"number\": \"工单编号\"}",
            "Name the columns, such as {\"number\": \"Case no.\"}"), STR_NONE);
    TRY(columns_read(r, columns));
    TRY(text_of(r, json_object_get(root, "crs"), "crs", &crs));
    if (crs.n && !crs_by_name(crs, &m->crs))
        return refuse(r, "crs", MSG("没有坐标系 %s，可用 wgs84 cgcs2000 gcj02 bd09",
            "There is no coordinate system %s; use wgs84, cgcs2000, gcj02 or bd09"), crs);
    TRY(text_of(r, json_object_get(root, "encoding"), "encoding", &encoding));
    m->encoding = encoding.n ? arena_fmt(r->a, "%.*s", STR_FMT(encoding)).p : NULL;
    TRY(words_read(r, json_object_get(root, "categories"), "categories", &m->categories));
    TRY(words_read(r, json_object_get(root, "states"), "states", &m->states));
    TRY(words_read(r, json_object_get(root, "units"), "units", &m->units));
    TRY(text_of(r, json_object_get(usual, "category"), "usual", &m->category));
    TRY(text_of(r, json_object_get(usual, "division"), "usual", &m->division));
    TRY(text_of(r, json_object_get(usual, "unit"), "usual", &m->unit));
    return states_check(r);
}

enum err past_map_read(struct arena *a, struct str json, struct past_map *ret,
    struct err_info *info)
{
    struct reading r = { a, ret, info };
    json_error_t wrong;
    *ret = (struct past_map){ .crs = CRS_WGS84 };
    json_t *root = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES, &wrong);
    if (root == NULL)
        return refuse(&r, "map", MSG("对照文件不是正确的 JSON：第 %s",
            "The map is not valid JSON: line %s"),
            arena_fmt(a, "%d", wrong.line));
    enum err e = json_is_object(root) ? root_read(&r, root)
        : refuse(&r, "map", MSG("对照文件应为 {...}", "The map must be an object, {...}"), STR_NONE);
    json_decref(root);
    return e;
}
