/* raster.h: small pictures in memory, 8-bit RGB without padding: making them smaller row by row
 * while a decoder delivers rows, and turning them the way the camera was held. */
#pragma once
#include "base/arena.h"

struct raster { uint32_t width, height; uint8_t *rgb; };

struct raster raster_new(struct arena *a, uint32_t width, uint32_t height);
/* The size of a width x height picture whose long side is at most max pixels; never larger than
 * the original, never 0. */
void raster_fit(uint32_t width, uint32_t height, uint32_t max, uint32_t *ret_w, uint32_t *ret_h);
/* orientation is the Exif value 1..8; anything else leaves the picture as it is. */
struct raster raster_turned(struct arena *a, struct raster from, unsigned orientation);

/* Each pixel of the smaller picture is the mean of the area it covers in the larger one. */
struct scaler {
    struct raster to;
    uint32_t in_width, in_height, rows_in, rows_out;
    float *row, *sum;                   /* one input row made narrower; the row being gathered */
};
/* to must not be larger than in_width x in_height, whose product with it stays below 2^32. */
struct scaler scaler_new(struct arena *a, uint32_t in_width, uint32_t in_height, struct raster to);
/* Takes the next row of in_width RGB pixels; rows beyond in_height are a bug. */
void scaler_take(struct scaler *s, const uint8_t *rgb);
struct raster raster_scaled(struct arena *a, struct raster from, uint32_t max);
