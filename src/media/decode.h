/* decode.h: one uploaded file in, one clean photo and its thumbnail out. Runs in the sandboxed
 * helper; written as a plain function so that tests and the fuzzer can call it. */
#pragma once
#include "media/exif.h"
#include "media/read.h"

struct decode_photo {
    uint32_t width, height, thumb_width, thumb_height;
    struct str main, thumb;             /* JPEG without any metadata, in the arena */
    bool has_position;                  /* only when asked for and present */
    double lat, lon;
};

/* 16384 px a side, 40 megapixels, delivered at 1600 px. */
struct read_limits decode_limits(void);
/* The arena needs room for 6 bytes a pixel of the limit at most (interlaced PNG). */
enum media_status decode_photo(struct arena *a, struct str file, const struct read_limits *limits,
    bool want_position, struct decode_photo *ret) MUST_USE;
/* Baseline JPEG of the picture, nothing but JFIF around it. */
enum media_status write_jpeg(struct arena *a, struct raster from, int quality, size_t bytes_max,
    struct str *ret) MUST_USE;
