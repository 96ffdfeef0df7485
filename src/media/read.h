/* read.h: decoders of the accepted formats. Each reads the whole file, so that a cut one is
 * noticed, and delivers a picture no larger than max_px, as stored (orientation not applied). */
#pragma once
#include "media/frame.h"
#include "media/raster.h"

struct read_limits {
    uint32_t side_px_max;
    uint64_t px_max;
    uint32_t out_px_max;                /* long side of what is delivered */
};

/* On MEDIA_OK *ret is set, and *ret_exif to the Exif block (n = 0 when there is none). */
enum media_status read_jpeg(struct arena *a, struct str file, const struct read_limits *limits,
    struct raster *ret, struct str *ret_exif) MUST_USE;
enum media_status read_png(struct arena *a, struct str file, const struct read_limits *limits,
    struct raster *ret, struct str *ret_exif) MUST_USE;
enum media_status read_webp(struct arena *a, struct str file, const struct read_limits *limits,
    struct raster *ret, struct str *ret_exif) MUST_USE;

static inline bool read_size_ok(const struct read_limits *l, uint32_t width, uint32_t height)
{
    return width <= l->side_px_max && height <= l->side_px_max
        && (uint64_t)width * height <= l->px_max;
}

/* One RGBA pixel shown on white paper. */
static inline void read_flatten(const uint8_t *rgba, uint8_t *ret_rgb)
{
    for (int c = 0; c < 3; c++)
        ret_rgb[c] = (uint8_t)((rgba[c] * rgba[3] + 255 * (255 - rgba[3]) + 127) / 255);
}
