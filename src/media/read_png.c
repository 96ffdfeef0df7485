/* read_png.c: PNG by libpng, row by row; interlaced files need the whole picture in memory, which
 * the pixel limit bounds. All side information is skipped, so text and profiles cannot grow. */
#include "media/exif.h"
#include "media/read.h"
#include <setjmp.h>
#include <png.h>

struct png_in {
    png_struct *png;
    png_info *info;
    enum media_status failed;
    struct arena *a;
    struct str file;
    size_t at;
    const struct read_limits *limits;
    uint32_t width, height;
    struct raster to;
};

static _Noreturn void on_error(png_struct *png, const char *text)
{
    (void)text;
    png_longjmp(png, 1);
}

static void on_warning(png_struct *png, const char *text)
{
    (void)png;
    (void)text;
}

static _Noreturn void give_up(struct png_in *j, enum media_status why)
{
    j->failed = why;
    png_longjmp(j->png, 1);
}

static void on_read(png_struct *png, png_byte *p, size_t n)
{
    struct png_in *j = png_get_io_ptr(png);
    if (n > j->file.n - j->at)
        give_up(j, MEDIA_BROKEN);
    memcpy(p, j->file.p + j->at, n);
    j->at += n;
}

/* Whatever comes in, rows of 8-bit RGBA come out. */
static int rgba_ask(struct png_in *j)
{
    png_set_expand(j->png);
    png_set_scale_16(j->png);
    png_set_gray_to_rgb(j->png);
    png_set_add_alpha(j->png, 0xff, PNG_FILLER_AFTER);
    int passes = png_set_interlace_handling(j->png);
    png_read_update_info(j->png, j->info);
    if (png_get_rowbytes(j->png, j->info) != (size_t)j->width * 4)
        give_up(j, MEDIA_BROKEN);
    return passes;
}

static void row_deliver(struct png_in *j, struct scaler *s, uint8_t *rgba)
{
    for (uint32_t x = 0; x < j->width; x++)
        read_flatten(rgba + (size_t)x * 4, rgba + (size_t)x * 3);
    scaler_take(s, rgba);
}

static void rows_read(struct png_in *j, int passes)
{
    uint32_t w, h;
    raster_fit(j->width, j->height, j->limits->out_px_max, &w, &h);
    j->to = raster_new(j->a, w, h);
    struct scaler s = scaler_new(j->a, j->width, j->height, j->to);
    size_t row_bytes = (size_t)j->width * 4;
    bool whole = passes > 1;
    uint8_t *rows = NEW_N(j->a, uint8_t, row_bytes * (whole ? j->height : 1));
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < j->height; y++) {
            uint8_t *row = rows + (whole ? y * row_bytes : 0);
            png_read_row(j->png, row, NULL);
            if (!whole)
                row_deliver(j, &s, row);
        }
    for (uint32_t y = 0; whole && y < j->height; y++)
        row_deliver(j, &s, rows + y * row_bytes);
}

static void job_run(struct png_in *j)
{
    png_struct *png = j->png;
    png_set_read_fn(png, j, on_read);
    png_set_user_limits(png, j->limits->side_px_max, j->limits->side_px_max);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_read_info(png, j->info);
    j->width = png_get_image_width(png, j->info);
    j->height = png_get_image_height(png, j->info);
    if (!read_size_ok(j->limits, j->width, j->height))
        give_up(j, MEDIA_TOO_LARGE);
    rows_read(j, rgba_ask(j));
    png_read_end(png, NULL);
}

/* libpng refuses a side above its limit as "invalid": read before it, to say what is wrong. */
static bool header_too_large(const struct png_in *j)
{
    const uint8_t *p = (const uint8_t *)j->file.p;
    return j->file.n >= 24 && memcmp(p + 12, "IHDR", 4) == 0
        && !read_size_ok(j->limits, frame_get(p + 16), frame_get(p + 20));
}

/* Alone with setjmp, so that no local variable can be stale after the jump. */
static enum media_status job_guarded(struct png_in *j)
{
    if (setjmp(png_jmpbuf(j->png)) == 0) {
        job_run(j);
        return MEDIA_OK;
    }
    return j->failed;
}

enum media_status read_png(struct arena *a, struct str file, const struct read_limits *limits,
    struct raster *ret, struct str *ret_exif)
{
    struct png_in *j = NEW(a, struct png_in);
    *j = (struct png_in){ .failed = MEDIA_BROKEN, .a = a, .file = file, .limits = limits };
    if (header_too_large(j))
        return MEDIA_TOO_LARGE;
    j->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, j, on_error, on_warning);
    CHECK(j->png != NULL);
    j->info = png_create_info_struct(j->png);
    CHECK(j->info != NULL);
    enum media_status s = job_guarded(j);
    png_destroy_read_struct(&j->png, &j->info, NULL);
    if (s != MEDIA_OK)
        return s;
    *ret = j->to;
    *ret_exif = exif_in_png(file);
    return MEDIA_OK;
}
