/* photo_fixture.h: photos and hostile look-alikes made on the spot, so that the repository holds
 * no opaque binaries. */
#pragma once
#include "base/arena.h"

enum { FIXTURE_RED = 'R', FIXTURE_GREEN = 'G', FIXTURE_BLUE = 'B', FIXTURE_WHITE = 'W' };

/* Quadrants: red and green above, blue and white below. */
struct str fixture_jpeg(struct arena *a, unsigned width, unsigned height);
struct str fixture_jpeg_cmyk(struct arena *a, unsigned width, unsigned height);
/* Full chroma, so that a decoder has to keep 6 bytes a pixel. */
struct str fixture_jpeg_progressive(struct arena *a, unsigned width, unsigned height);
/* Four colours at full resolution: 8 bytes a pixel. */
struct str fixture_jpeg_progressive_cmyk(struct arena *a, unsigned width, unsigned height);
/* Incompressible; for limits on bytes and truncation. */
struct str fixture_jpeg_noise(struct arena *a, unsigned width, unsigned height);
struct str fixture_png(struct arena *a, unsigned width, unsigned height, bool interlaced);
/* Half transparent, palette of one colour. */
struct str fixture_png_palette(struct arena *a, unsigned width, unsigned height);
/* Only a signature and a header that promises width x height. */
struct str fixture_png_header(struct arena *a, unsigned width, unsigned height);
/* One bit a pixel and all the same: tiny file, huge picture. */
struct str fixture_png_flat(struct arena *a, unsigned width, unsigned height);
struct str fixture_webp(struct arena *a, unsigned width, unsigned height);

/* An Exif block (from the TIFF header) with camera maker "SecretCam", this orientation and the
 * position 31 deg 18 min 5.25 s north, 120 deg 35 min 6.5 s east. */
struct str fixture_exif(struct arena *a, unsigned orientation, bool little_endian);
/* The file with Exif, XMP, a comment, and a ZIP archive after its end. */
struct str fixture_jpeg_with_exif(struct arena *a, struct str jpeg, struct str exif);
struct str fixture_png_with_exif(struct arena *a, struct str png, struct str exif);
struct str fixture_webp_with_exif(struct arena *a, struct str webp, struct str exif, unsigned width,
    unsigned height);
/* The progressive file with its last scan repeated. */
struct str fixture_scan_bomb(struct arena *a, struct str progressive, int times);

struct fixture_pixels { unsigned width, height; const uint8_t *rgb; };
struct fixture_pixels fixture_decode(struct arena *a, struct str jpeg);
/* The colours near the corners as FIXTURE_ letters: top left, top right, bottom left and right. */
struct str fixture_corners(struct arena *a, struct str jpeg);
/* True when nothing but picture data is between start and end, and nothing after it. */
bool fixture_is_bare_jpeg(struct str jpeg);
