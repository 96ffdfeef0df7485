/* photo_fixture.c: see photo_fixture.h. */
#include "photo_fixture.h"
#include "base/buf.h"
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>

static void quadrants(uint8_t *row, unsigned width, unsigned y, unsigned height, unsigned channels)
{
    static const uint8_t colours[4][3] = {
        { 255, 0, 0 }, { 0, 255, 0 }, { 0, 0, 255 }, { 255, 255, 255 },
    };
    for (unsigned x = 0; x < width; x++) {
        memset(row + x * channels, 255, channels);
        memcpy(row + x * channels, colours[(y >= height / 2) * 2 + (x >= width / 2)], 3);
    }
}

static void inverted_cmyk(uint8_t *row, unsigned width)
{
    for (unsigned x = 0; x < width; x++)
        row[x * 4 + 3] = 255;
}

static void noise(uint8_t *row, size_t n, uint32_t *seed)
{
    for (size_t i = 0; i < n; i++) {
        *seed = *seed * 1664525u + 1013904223u;
        row[i] = (uint8_t)(*seed >> 24);
    }
}

enum look { PLAIN, NOISE, CMYK = 4, PROGRESSIVE = 8 };

static void jpeg_rows(struct jpeg_compress_struct *c, struct arena *a, enum look look)
{
    unsigned channels = look & CMYK ? 4 : 3;
    uint32_t seed = 7;
    uint8_t *row = NEW_N(a, uint8_t, (size_t)c->image_width * channels);
    while (c->next_scanline < c->image_height) {
        quadrants(row, c->image_width, c->next_scanline, c->image_height, channels);
        if (look & CMYK)
            inverted_cmyk(row, c->image_width);
        if (look == NOISE)
            noise(row, (size_t)c->image_width * channels, &seed);
        (void)jpeg_write_scanlines(c, &row, 1);
    }
}

static struct str jpeg_make(struct arena *a, unsigned width, unsigned height, enum look look)
{
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr err;
    unsigned char *bytes = NULL;
    unsigned long n = 0;
    c.err = jpeg_std_error(&err);
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &bytes, &n);
    c.image_width = width;
    c.image_height = height;
    c.input_components = look & CMYK ? 4 : 3;
    c.in_color_space = look & CMYK ? JCS_CMYK : JCS_RGB;
    jpeg_set_defaults(&c);
    jpeg_set_quality(&c, 92, TRUE);
    if (look & PROGRESSIVE) {
        c.comp_info[0].h_samp_factor = c.comp_info[0].v_samp_factor = 1;
        jpeg_simple_progression(&c);
    }
    jpeg_start_compress(&c, TRUE);
    jpeg_rows(&c, a, look);
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    struct str out = arena_dup(a, bytes, n);
    free(bytes);
    return out;
}

struct str fixture_jpeg(struct arena *a, unsigned width, unsigned height)
{
    return jpeg_make(a, width, height, PLAIN);
}

struct str fixture_jpeg_cmyk(struct arena *a, unsigned width, unsigned height)
{
    return jpeg_make(a, width, height, CMYK);
}

struct str fixture_jpeg_progressive(struct arena *a, unsigned width, unsigned height)
{
    return jpeg_make(a, width, height, PROGRESSIVE);
}

struct str fixture_jpeg_progressive_cmyk(struct arena *a, unsigned width, unsigned height)
{
    return jpeg_make(a, width, height, PROGRESSIVE | CMYK);
}

struct str fixture_jpeg_noise(struct arena *a, unsigned width, unsigned height)
{
    return jpeg_make(a, width, height, NOISE);
}

static void png_collect(png_struct *png, png_byte *p, size_t n)
{
    buf_add(png_get_io_ptr(png), (struct str){ (const char *)p, n });
}

static void png_flush_nothing(png_struct *png)
{
    (void)png;
}

struct png_shape { unsigned width, height; int depth, type, interlace; };

static png_struct *png_begin(struct buf *out, const struct png_shape *s, png_info **ret_info)
{
    png_struct *png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    CHECK(png != NULL);
    *ret_info = png_create_info_struct(png);
    png_set_write_fn(png, out, png_collect, png_flush_nothing);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_compression_level(png, 1);
    png_set_IHDR(png, *ret_info, s->width, s->height, s->depth, s->type, s->interlace,
        PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    return png;
}

struct str fixture_png(struct arena *a, unsigned width, unsigned height, bool interlaced)
{
    struct buf out = buf_in(a, 16 << 20);
    struct png_shape s = { width, height, 8, PNG_COLOR_TYPE_RGB_ALPHA,
        interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE };
    png_info *info;
    png_struct *png = png_begin(&out, &s, &info);
    png_write_info(png, info);
    int passes = png_set_interlace_handling(png);
    uint8_t *row = NEW_N(a, uint8_t, (size_t)width * 4);
    for (int pass = 0; pass < passes; pass++)
        for (unsigned y = 0; y < height; y++) {
            quadrants(row, width, y, height, 4);
            png_write_row(png, row);
        }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return buf_str(&out);
}

struct str fixture_png_palette(struct arena *a, unsigned width, unsigned height)
{
    struct buf out = buf_in(a, 1 << 20);
    struct png_shape s = { width, height, 8, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE };
    png_info *info;
    png_struct *png = png_begin(&out, &s, &info);
    const png_color red = { 255, 0, 0 };
    const png_byte half = 128;
    png_set_PLTE(png, info, &red, 1);
    png_set_tRNS(png, info, &half, 1, NULL);
    png_write_info(png, info);
    const uint8_t *row = NEW_N(a, uint8_t, width);
    for (unsigned y = 0; y < height; y++)
        png_write_row(png, row);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return buf_str(&out);
}

struct str fixture_png_header(struct arena *a, unsigned width, unsigned height)
{
    struct buf out = buf_in(a, 1 << 16);
    struct png_shape s = { width, height, 8, PNG_COLOR_TYPE_RGB_ALPHA, PNG_INTERLACE_NONE };
    png_info *info;
    png_struct *png = png_begin(&out, &s, &info);
    png_write_info(png, info);
    png_destroy_write_struct(&png, &info);
    return buf_str(&out);
}

struct str fixture_png_flat(struct arena *a, unsigned width, unsigned height)
{
    struct buf out = buf_in(a, 4 << 20);
    struct png_shape s = { width, height, 1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE };
    png_info *info;
    png_struct *png = png_begin(&out, &s, &info);
    png_write_info(png, info);
    const uint8_t *row = NEW_N(a, uint8_t, width / 8 + 1);
    for (unsigned y = 0; y < height; y++)
        png_write_row(png, row);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return buf_str(&out);
}

struct str fixture_webp(struct arena *a, unsigned width, unsigned height)
{
    uint8_t *rgb = NEW_N(a, uint8_t, (size_t)width * height * 3), *bytes = NULL;
    for (unsigned y = 0; y < height; y++)
        quadrants(rgb + (size_t)y * width * 3, width, y, height, 3);
    size_t n = WebPEncodeRGB(rgb, (int)width, (int)height, (int)width * 3, 90, &bytes);
    struct str out = arena_dup(a, bytes, n);
    WebPFree(bytes);
    return out;
}

static void number(struct buf *b, uint32_t v, int bytes, bool little)
{
    for (int i = 0; i < bytes; i++)
        buf_byte(b, (char)(v >> 8 * (little ? i : bytes - 1 - i)));
}

struct entry { uint32_t tag, type, count, value; };

static void entry_add(struct buf *b, struct entry e, bool little)
{
    bool is_short = e.type == 3;
    number(b, e.tag, 2, little);
    number(b, e.type, 2, little);
    number(b, e.count, 4, little);
    number(b, e.value, is_short ? 2 : 4, little);
    if (is_short)
        number(b, 0, 2, little);
}

/* Header 8, IFD0 at 8 with 3 entries (42 bytes, to 50), maker at 50, GPS IFD at 60 with 4 entries
 * (54 bytes, to 114), then two triples of rationals. */
struct str fixture_exif(struct arena *a, unsigned orientation, bool little)
{
    static const uint32_t rationals[] = { 31, 1, 18, 1, 525, 100, 120, 1, 35, 1, 65, 10 };
    struct buf b = buf_in(a, 4096);
    buf_add(&b, little ? STR("II") : STR("MM"));
    number(&b, 42, 2, little);
    number(&b, 8, 4, little);
    number(&b, 3, 2, little);
    entry_add(&b, (struct entry){ 0x010f, 2, 10, 50 }, little);
    entry_add(&b, (struct entry){ 0x0112, 3, 1, orientation }, little);
    entry_add(&b, (struct entry){ 0x8825, 4, 1, 60 }, little);
    number(&b, 0, 4, little);
    buf_add(&b, (struct str){ "SecretCam", 10 });
    number(&b, 4, 2, little);
    entry_add(&b, (struct entry){ 1, 2, 2, little ? 'N' : (uint32_t)'N' << 24 }, little);
    entry_add(&b, (struct entry){ 2, 5, 3, 114 }, little);
    entry_add(&b, (struct entry){ 3, 2, 2, little ? 'E' : (uint32_t)'E' << 24 }, little);
    entry_add(&b, (struct entry){ 4, 5, 3, 138 }, little);
    number(&b, 0, 4, little);
    for (size_t i = 0; i < COUNT_OF(rationals); i++)
        number(&b, rationals[i], 4, little);
    return buf_str(&b);
}

static void segment(struct buf *b, int marker, struct str sign, struct str body)
{
    buf_byte(b, (char)0xff);
    buf_byte(b, (char)marker);
    number(b, (uint32_t)(sign.n + body.n + 2), 2, false);
    buf_add(b, sign);
    buf_add(b, body);
}

struct str fixture_jpeg_with_exif(struct arena *a, struct str jpeg, struct str exif)
{
    struct buf b = buf_in(a, jpeg.n + 65536);
    buf_add(&b, (struct str){ jpeg.p, 2 });
    segment(&b, 0xe1, (struct str){ "Exif\0", 6 }, exif);
    segment(&b, 0xe1, (struct str){ "http://ns.adobe.com/xap/1.0/", 29 },
        STR("<x:xmpmeta>GPSLatitude 31,18N</x:xmpmeta>"));
    segment(&b, 0xe2, (struct str){ "ICC_PROFILE", 12 }, STR("\1\1profile"));
    segment(&b, 0xfe, STR("taken by "), STR("SecretCam"));
    buf_add(&b, (struct str){ jpeg.p + 2, jpeg.n - 2 });
    buf_add(&b, STR("PK\3\4 an archive follows PK\5\6"));
    return buf_str(&b);
}

static uint32_t crc_png(struct str s)
{
    uint32_t c = 0xffffffff;
    for (size_t i = 0; i < s.n; i++) {
        c ^= (uint8_t)s.p[i];
        for (int k = 0; k < 8; k++)
            c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
    }
    return ~c;
}

struct str fixture_png_with_exif(struct arena *a, struct str png, struct str exif)
{
    const size_t after_header = 8 + 25;
    struct buf body = buf_in(a, exif.n + 16), b = buf_in(a, png.n + exif.n + 64);
    buf_add(&body, STR("eXIf"));
    buf_add(&body, exif);
    buf_add(&b, (struct str){ png.p, after_header });
    number(&b, (uint32_t)exif.n, 4, false);
    buf_add(&b, buf_str(&body));
    number(&b, crc_png(buf_str(&body)), 4, false);
    buf_add(&b, (struct str){ png.p + after_header, png.n - after_header });
    return buf_str(&b);
}

struct str fixture_webp_with_exif(struct arena *a, struct str webp, struct str exif, unsigned width,
    unsigned height)
{
    struct buf body = buf_in(a, webp.n + exif.n + 64), b = buf_in(a, webp.n + exif.n + 128);
    buf_add(&body, STR("WEBPVP8X"));
    number(&body, 10, 4, true);
    number(&body, 8, 4, true);          /* flag: has Exif */
    number(&body, width - 1, 3, true);
    number(&body, height - 1, 3, true);
    buf_add(&body, (struct str){ webp.p + 12, webp.n - 12 });
    buf_add(&body, STR("EXIF"));
    number(&body, (uint32_t)exif.n, 4, true);
    buf_add(&body, exif);
    buf_add(&b, STR("RIFF"));
    number(&b, (uint32_t)body.n, 4, true);
    buf_add(&b, buf_str(&body));
    return buf_str(&b);
}

struct str fixture_scan_bomb(struct arena *a, struct str jpeg, int times)
{
    size_t at = jpeg.n - 2;
    while (at > 0 && memcmp(jpeg.p + at, "\xff\xda", 2) != 0)
        at--;
    struct str scan = { jpeg.p + at, jpeg.n - 2 - at };
    struct buf b = buf_in(a, jpeg.n + scan.n * (size_t)times);
    buf_add(&b, (struct str){ jpeg.p, at });
    for (int i = 0; i < times; i++)
        buf_add(&b, scan);
    buf_add(&b, STR("\xff\xd9"));
    return buf_str(&b);
}

struct fixture_pixels fixture_decode(struct arena *a, struct str jpeg)
{
    struct jpeg_decompress_struct d;
    struct jpeg_error_mgr err;
    d.err = jpeg_std_error(&err);
    jpeg_create_decompress(&d);
    jpeg_mem_src(&d, (const unsigned char *)jpeg.p, jpeg.n);
    (void)jpeg_read_header(&d, TRUE);
    (void)jpeg_start_decompress(&d);
    CHECK(d.output_components == 3);
    uint8_t *rgb = NEW_N(a, uint8_t, (size_t)d.output_width * d.output_height * 3);
    while (d.output_scanline < d.output_height) {
        uint8_t *row = rgb + (size_t)d.output_scanline * d.output_width * 3;
        (void)jpeg_read_scanlines(&d, &row, 1);
    }
    struct fixture_pixels out = { d.output_width, d.output_height, rgb };
    (void)jpeg_finish_decompress(&d);
    CHECK(err.num_warnings == 0);
    jpeg_destroy_decompress(&d);
    return out;
}

static char colour_at(const struct fixture_pixels *p, unsigned x, unsigned y)
{
    const uint8_t *c = p->rgb + ((size_t)y * p->width + x) * 3;
    bool red = c[0] > 180, green = c[1] > 180, blue = c[2] > 180;
    return red && green && blue ? FIXTURE_WHITE
        : red && !green && !blue ? FIXTURE_RED
        : green && !red && !blue ? FIXTURE_GREEN
        : blue && !red && !green ? FIXTURE_BLUE : '?';
}

struct str fixture_corners(struct arena *a, struct str jpeg)
{
    struct fixture_pixels p = fixture_decode(a, jpeg);
    unsigned right = p.width - 1 - p.width / 16, below = p.height - 1 - p.height / 16;
    unsigned left = p.width / 16, above = p.height / 16;
    return arena_fmt(a, "%c%c%c%c", colour_at(&p, left, above), colour_at(&p, right, above),
        colour_at(&p, left, below), colour_at(&p, right, below));
}

/* Segments up to the scan: JFIF, tables, baseline frame. Then coded data up to the one end. */
bool fixture_is_bare_jpeg(struct str s)
{
    const uint8_t *p = (const uint8_t *)s.p;
    size_t at = 2;
    while (at + 4 < s.n && p[at] == 0xff && p[at + 1] != 0xda) {
        uint8_t m = p[at + 1];
        size_t n = (size_t)p[at + 2] << 8 | p[at + 3];
        if (!(m == 0xe0 || m == 0xdb || m == 0xc4 || m == 0xc0) || (m == 0xe0 && n != 16))
            return false;
        at += n + 2;
    }
    for (at += 2; at + 1 < s.n; at++)
        if (p[at] == 0xff && p[at + 1] != 0)
            return p[at + 1] == 0xd9 && at + 2 == s.n;
    return false;
}
