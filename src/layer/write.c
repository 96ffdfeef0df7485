/* write.c: rows of a layer as files that can be read back: coordinates are written so that the
 * same numbers come out of them. */
#include "layer/layer.h"
#include <stdio.h>

/* In the fewest digits that read as this number, so that outlines which share a vertex still do
 * when they come back. */
static void number_write(struct buf *b, double v)
{
    char text[40];
    double back = 0;
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, sizeof(text), "%.*g", digits, v);
        if (str_to_f64(str_c(text), &back) && back == v)
            break;
    }
    buf_add(b, str_c(text));
}

/* How a text of coordinates is bracketed and parted. */
struct style { char open, shut; const char *before_point, *in_point, *after_point; };
static const struct style json_style = { '[', ']', "[", ",", "]" };
static const struct style wkt_style = { '(', ')', "", " ", "" };

static void polygons_write(struct buf *b, const struct shape *s, const struct style *t)
{
    buf_byte(b, t->open);
    for (size_t i = 0; i < s->ring_count; i++) {
        const struct ring *ring = &s->rings[i];
        if (ring->outer && i)
            buf_byte(b, t->shut);
        if (i)
            buf_byte(b, ',');
        if (ring->outer)
            buf_byte(b, t->open);
        buf_byte(b, t->open);
        for (size_t k = 0; k < ring->n; k++) {
            buf_fmt(b, "%s%s", k ? "," : "", t->before_point);
            number_write(b, s->at[ring->first + k].lon);
            buf_add(b, str_c(t->in_point));
            number_write(b, s->at[ring->first + k].lat);
            buf_add(b, str_c(t->after_point));
        }
        buf_byte(b, t->shut);
    }
    buf_byte(b, t->shut);
    buf_byte(b, t->shut);
}

void layer_geometry_write(struct buf *b, const struct shape *s)
{
    buf_add(b, STR("{\"type\":\"MultiPolygon\",\"coordinates\":"));
    polygons_write(b, s, &json_style);
    buf_byte(b, '}');
}

struct str layer_geometry(struct arena *a, const struct shape *s)
{
    struct buf b = buf_in(a, (size_t)8 * SHAPE_BYTES_MAX);
    layer_geometry_write(&b, s);
    return buf_str(&b);
}

static void feature_write(struct buf *b, const struct zone_row *z)
{
    buf_fmt(b, "{\"type\":\"Feature\",\"id\":\"%lld\",\"properties\":{\"code\":\"%lld\",\"name\":",
        (long long)z->code, (long long)z->code);
    buf_json_str(b, z->name);
    buf_add(b, STR(",\"kind\":"));
    buf_json_str(b, z->kind);
    buf_fmt(b, ",\"parent\":\"%lld\"},\"geometry\":", (long long)z->parent);
    if (z->shape.point_count)
        layer_geometry_write(b, &z->shape);
    else
        buf_add(b, STR("null"));
    buf_byte(b, '}');
}

void layer_write_geojson(struct buf *b, const struct zone_row *rows, size_t n)
{
    buf_add(b, STR("{\"type\":\"FeatureCollection\",\"features\":["));
    for (size_t i = 0; i < n; i++) {
        buf_add(b, i ? STR(",\n") : STR("\n"));
        feature_write(b, &rows[i]);
    }
    buf_add(b, STR("\n]}\n"));
}

void layer_write_csv(struct buf *b, const struct zone_row *rows, size_t n)
{
    buf_add(b, STR("code,name,kind,parent,shape\n"));
    for (size_t i = 0; i < n; i++) {
        const struct zone_row *z = &rows[i];
        buf_fmt(b, "%lld,", (long long)z->code);
        sheet_cell(b, z->name);
        buf_byte(b, ',');
        sheet_cell(b, z->kind);
        buf_fmt(b, ",%lld,", (long long)z->parent);
        if (z->shape.point_count) {
            buf_add(b, STR("\"MULTIPOLYGON"));
            polygons_write(b, &z->shape, &wkt_style);
            buf_byte(b, '"');
        }
        buf_byte(b, '\n');
    }
}
