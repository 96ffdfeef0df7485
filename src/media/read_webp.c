/* read_webp.c: still WebP pictures by libwebp, which reduces while it decodes. */
#include "media/exif.h"
#include "media/read.h"
#include <webp/decode.h>

static enum media_status status_of(VP8StatusCode code)
{
    return code == VP8_STATUS_OUT_OF_MEMORY ? MEDIA_TOO_LARGE
        : code == VP8_STATUS_UNSUPPORTED_FEATURE ? MEDIA_UNKNOWN
        : MEDIA_BROKEN;
}

static void output_describe(WebPDecoderConfig *c, uint8_t *rgba, uint32_t w, uint32_t h)
{
    c->options.use_scaling = 1;
    c->options.scaled_width = (int)w;
    c->options.scaled_height = (int)h;
    c->output.colorspace = MODE_RGBA;
    c->output.is_external_memory = 1;
    c->output.u.RGBA.rgba = rgba;
    c->output.u.RGBA.stride = (int)w * 4;
    c->output.u.RGBA.size = (size_t)w * h * 4;
}

enum media_status read_webp(struct arena *a, struct str file, const struct read_limits *limits,
    struct raster *ret, struct str *ret_exif)
{
    const uint8_t *p = (const uint8_t *)file.p;
    WebPDecoderConfig c;
    CHECK(WebPInitDecoderConfig(&c));
    VP8StatusCode code = WebPGetFeatures(p, file.n, &c.input);
    if (code != VP8_STATUS_OK)
        return status_of(code);
    if (c.input.has_animation)
        return MEDIA_UNKNOWN;
    uint32_t width = (uint32_t)c.input.width, height = (uint32_t)c.input.height, w, h;
    if (!read_size_ok(limits, width, height))
        return MEDIA_TOO_LARGE;
    raster_fit(width, height, limits->out_px_max, &w, &h);
    uint8_t *rgba = NEW_N(a, uint8_t, (size_t)w * h * 4);
    output_describe(&c, rgba, w, h);
    code = WebPDecode(p, file.n, &c);
    WebPFreeDecBuffer(&c.output);
    if (code != VP8_STATUS_OK)
        return status_of(code);
    struct raster to = raster_new(a, w, h);
    for (size_t i = 0; i < (size_t)w * h; i++)
        read_flatten(rgba + i * 4, to.rgb + i * 3);
    *ret = to;
    *ret_exif = exif_in_webp(file);
    return MEDIA_OK;
}
