/* raster.c: area-averaging reduction and the eight Exif orientations. */
#include "media/raster.h"

struct raster raster_new(struct arena *a, uint32_t width, uint32_t height)
{
    CHECK(width > 0 && height > 0);
    size_t px = (size_t)width * height;
    return (struct raster){ width, height, NEW_N(a, uint8_t, px * 3) };
}

void raster_fit(uint32_t width, uint32_t height, uint32_t max, uint32_t *ret_w, uint32_t *ret_h)
{
    uint64_t longer = width > height ? width : height;
    *ret_w = width;
    *ret_h = height;
    if (longer <= max)
        return;
    uint64_t w = (width * (uint64_t)max + longer / 2) / longer;
    uint64_t h = (height * (uint64_t)max + longer / 2) / longer;
    *ret_w = w ? (uint32_t)w : 1;
    *ret_h = h ? (uint32_t)h : 1;
}

struct raster raster_turned(struct arena *a, struct raster from, unsigned orientation)
{
    if (orientation < 2 || orientation > 8)
        return from;
    bool swap = orientation >= 5;
    bool flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    bool flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    struct raster to = swap ? raster_new(a, from.height, from.width)
                            : raster_new(a, from.width, from.height);
    uint8_t *out = to.rgb;
    for (uint32_t y = 0; y < to.height; y++)
        for (uint32_t x = 0; x < to.width; x++, out += 3) {
            uint32_t sx = swap ? y : x, sy = swap ? x : y;
            sx = flip_x ? from.width - 1 - sx : sx;
            sy = flip_y ? from.height - 1 - sy : sy;
            memcpy(out, from.rgb + ((size_t)sy * from.width + sx) * 3, 3);
        }
    return to;
}

struct scaler scaler_new(struct arena *a, uint32_t in_width, uint32_t in_height, struct raster to)
{
    CHECK(to.width <= in_width && to.height <= in_height);
    CHECK((uint64_t)in_width * to.width <= UINT32_MAX);
    CHECK((uint64_t)in_height * to.height <= UINT32_MAX);
    return (struct scaler){
        .to = to, .in_width = in_width, .in_height = in_height,
        .row = NEW_N(a, float, (size_t)to.width * 3), .sum = NEW_N(a, float, (size_t)to.width * 3),
    };
}

/* An input pixel is to.width units wide, an output pixel in_width units: so the edges of both
 * are whole numbers, and an input pixel touches at most two output pixels. */
static void row_narrowed(struct scaler *s, const uint8_t *rgb)
{
    uint32_t part = s->to.width, room = s->in_width, red = 0, green = 0, blue = 0;
    float *out = s->row;
    for (uint32_t x = 0; x < s->in_width; x++, rgb += 3) {
        uint32_t take = part < room ? part : room;
        red += rgb[0] * take;
        green += rgb[1] * take;
        blue += rgb[2] * take;
        room -= take;
        if (room > 0)
            continue;
        *out++ = (float)red;
        *out++ = (float)green;
        *out++ = (float)blue;
        uint32_t left = part - take;
        red = rgb[0] * left;
        green = rgb[1] * left;
        blue = rgb[2] * left;
        room = s->in_width - left;
    }
}

static void row_finish(struct scaler *s)
{
    size_t n = (size_t)s->to.width * 3;
    uint8_t *out = s->to.rgb + s->rows_out * n;
    float unit = 1.0f / ((float)s->in_width * (float)s->in_height);
    for (size_t i = 0; i < n; i++) {
        float v = s->sum[i] * unit + 0.5f;
        out[i] = v >= 255.0f ? 255 : (uint8_t)v;
        s->sum[i] = 0;
    }
    s->rows_out++;
}

static void row_gather(struct scaler *s, uint32_t weight)
{
    size_t n = (size_t)s->to.width * 3;
    for (size_t i = 0; i < n; i++)
        s->sum[i] += s->row[i] * (float)weight;
}

void scaler_take(struct scaler *s, const uint8_t *rgb)
{
    CHECK(s->rows_in < s->in_height);
    uint32_t from = s->rows_in * s->to.height, to = from + s->to.height;
    uint32_t edge = (s->rows_out + 1) * s->in_height;
    s->rows_in++;
    row_narrowed(s, rgb);
    row_gather(s, (to < edge ? to : edge) - from);
    if (to < edge)
        return;
    row_finish(s);
    if (to > edge)
        row_gather(s, to - edge);
}

struct raster raster_scaled(struct arena *a, struct raster from, uint32_t max)
{
    uint32_t w, h;
    raster_fit(from.width, from.height, max, &w, &h);
    if (w == from.width && h == from.height)
        return from;
    struct scaler s = scaler_new(a, from.width, from.height, raster_new(a, w, h));
    for (uint32_t y = 0; y < from.height; y++)
        scaler_take(&s, from.rgb + (size_t)y * from.width * 3);
    return s.to;
}
