/* source_geojson.c: features of a GeoJSON document, one at a time: the text is cut into features,
 * and of each only the coordinates and the few attributes wanted are kept. */
#include "layer/feature.h"
#include "base/json_cut.h"
#include <jansson.h>

/* A JSON string without its quotes and escapes; numbers as written. */
static struct str plain_value(struct arena *a, struct str value)
{
    if (value.n == 0 || str_is(value, "null") || *value.p == '{' || *value.p == '[')
        return STR("");
    if (*value.p != '"')
        return value;
    struct str inner = { value.p + 1, value.n - 2 };
    if (memchr(inner.p, '\\', inner.n) == NULL)
        return inner;
    json_t *j = json_loadb(value.p, value.n, JSON_DECODE_ANY, NULL);
    struct str text = j ? arena_dup(a, json_string_value(j), json_string_length(j)) : STR("");
    json_decref(j);
    return text;
}

static void read_properties(struct arena *a, const struct headings *h, struct str properties,
    struct feature *f)
{
    struct str rest = properties, name, value;
    while (json_cut_member(&rest, &name, &value)) {
        enum feature_field field = headings_field(h, plain_value(a,
            (struct str){ name.p - 1, name.n + 2 }), false);
        if (field != FIELD_COUNT && f->values[field].n == 0)
            feature_set(a, f, field, plain_value(a, value));
    }
}

static enum err read_feature(struct arena *a, const struct source *s, struct str text, size_t row,
    struct features *ret, struct err_info *info)
{
    struct err_info why = { .e = OK };
    struct feature *f;
    TRY(feature_add(a, ret, row, &f, info));
    struct str id = plain_value(a, json_cut_find(text, "id"));
    read_properties(a, &s->headings, json_cut_find(text, "properties"), f);
    if (f->values[FIELD_CODE].n == 0)
        feature_set(a, f, FIELD_CODE, id);
    if (rough_read(a, SHAPE_GEOJSON, json_cut_find(text, "geometry"), &f->rough, &why) != OK)
        feature_fault(a, f, &why);
    if (f->rough.kind == ROUGH_NONE && f->fault == NULL)
        feature_shape(a, f);
    return OK;
}

/* "crs": {"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}}, as older writers do. */
static struct str named_crs(struct arena *a, struct str crs)
{
    return plain_value(a, json_cut_find(json_cut_find(crs, "properties"), "name"));
}

enum err source_read_geojson(struct arena *a, const struct source *s, struct features *ret,
    struct err_info *info)
{
    struct features f = { .at = NULL };
    struct str text = s->bytes, rest, one, type;
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = (struct str){ text.p + 3, text.n - 3 };
    TRY(text_decode(a, text, s->encoding, &text, info));
    type = plain_value(a, json_cut_find(text, "type"));
    if (str_is(type, "Feature")) {
        TRY(read_feature(a, s, text, 1, &f, info));
    } else {
        rest = json_cut_find(text, "features");
        if (rest.n == 0 || *rest.p != '[')
            return err_note(info, E_INPUT, "file", MSG("不是 GeoJSON 要素集合，或文件不完整(没有 features)",
                "This is no GeoJSON FeatureCollection, or it is cut off (no features)"), STR_NONE);
        while (json_cut_element(&rest, &one))
            TRY(read_feature(a, s, one, f.n + 1, &f, info));
        if (rest.p == NULL)
            return err_note(info, E_INPUT, "file", MSG("第 %s 个要素之后的写法不对，请重新导出",
                "What follows feature %s is malformed; export the file again"),
                arena_fmt(a, "%zu", f.n));
    }
    f.crs = named_crs(a, json_cut_find(text, "crs"));
    *ret = f;
    return OK;
}
