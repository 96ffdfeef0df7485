/* read_jpeg.c: JPEG by libjpeg-turbo, reduced while decoding: large photos never stand in memory
 * whole. Progressive files may repeat scans without end; their number is limited. */
#include "media/exif.h"
#include "media/read.h"
#include <setjmp.h>
#include <stdio.h>
#include <jpeglib.h>
#include <jerror.h>

enum { SCANS_MAX = 64, EXIF_BLOCK_BYTES_MAX = 0xffff };

struct jpeg_in {
    struct jpeg_decompress_struct d;
    struct jpeg_error_mgr err;
    struct jpeg_progress_mgr progress;
    jmp_buf out;
    enum media_status failed;
    struct arena *a;
    struct str file, exif;
    const struct read_limits *limits;
    struct raster to;
};

static _Noreturn void give_up(j_common_ptr c, enum media_status why)
{
    struct jpeg_in *j = c->client_data;
    j->failed = why;
    longjmp(j->out, 1);
}

static void on_error(j_common_ptr c)
{
    bool memory = c->err->msg_code == JERR_OUT_OF_MEMORY;
    give_up(c, memory ? MEDIA_TOO_LARGE : MEDIA_BROKEN);
}

/* libjpeg paints the missing part of a cut file grey and only warns; half a photo is not what
 * its sender meant, so it is refused. Other warnings are common in good photos. */
static void on_message(j_common_ptr c, int level)
{
    if (level < 0 && c->err->msg_code == JWRN_JPEG_EOF)
        give_up(c, MEDIA_BROKEN);
}

static void on_output(j_common_ptr c)
{
    (void)c;
}

static void on_progress(j_common_ptr c)
{
    struct jpeg_in *j = c->client_data;
    if (j->d.input_scan_number > SCANS_MAX)
        give_up(c, MEDIA_BOMB);
}

static void job_init(struct jpeg_in *j)
{
    j->d.err = jpeg_std_error(&j->err);
    j->err.error_exit = on_error;
    j->err.emit_message = on_message;
    j->err.output_message = on_output;
    j->d.client_data = j;
    j->progress.progress_monitor = on_progress;
}

static struct str exif_of(const struct jpeg_decompress_struct *d)
{
    struct str sign = { "Exif\0", 6 };
    for (const struct jpeg_marker_struct *m = d->marker_list; m; m = m->next) {
        struct str block = { (const char *)m->data, m->data_length };
        if (m->marker == JPEG_APP0 + 1 && str_starts(block, sign))
            return exif_unsigned(block);
    }
    return STR_NONE;
}

/* Lets the inverse DCT do the coarse part of the reduction: n/8 of the size, still no smaller
 * than what is to come out. */
static void reduction_choose(struct jpeg_decompress_struct *d, uint32_t max)
{
    uint64_t longer = d->image_width > d->image_height ? d->image_width : d->image_height;
    d->scale_denom = 8;
    for (d->scale_num = 1; d->scale_num < 8; d->scale_num++)
        if (longer * d->scale_num >= (uint64_t)max * 8)
            break;
}

/* CMYK to RGB in place, without colour management; Adobe writes it inverted. */
static void row_from_cmyk(uint8_t *row, uint32_t width, bool inverted)
{
    const uint8_t flip = inverted ? 0 : 255;
    const uint8_t *in = row;
    for (uint32_t x = 0; x < width; x++, in += 4, row += 3) {
        unsigned black = in[3] ^ flip;
        for (int c = 0; c < 3; c++)
            row[c] = (uint8_t)((unsigned)(in[c] ^ flip) * black / 255);
    }
}

static void rows_read(struct jpeg_in *j)
{
    struct jpeg_decompress_struct *d = &j->d;
    uint32_t w, h;
    raster_fit(d->image_width, d->image_height, j->limits->out_px_max, &w, &h);
    j->to = raster_new(j->a, w, h);
    struct scaler s = scaler_new(j->a, d->output_width, d->output_height, j->to);
    uint8_t *row = NEW_N(j->a, uint8_t, (size_t)d->output_width * 4);
    while (d->output_scanline < d->output_height) {
        if (jpeg_read_scanlines(d, &row, 1) != 1)
            give_up((j_common_ptr)d, MEDIA_BROKEN);
        if (d->out_color_space == JCS_CMYK)
            row_from_cmyk(row, d->output_width, d->saw_Adobe_marker);
        scaler_take(&s, row);
    }
}

static void job_run(struct jpeg_in *j)
{
    struct jpeg_decompress_struct *d = &j->d;
    jpeg_create_decompress(d);
    d->progress = &j->progress;
    jpeg_mem_src(d, (const unsigned char *)j->file.p, j->file.n);
    jpeg_save_markers(d, JPEG_APP0 + 1, EXIF_BLOCK_BYTES_MAX);
    (void)jpeg_read_header(d, TRUE);
    if (!read_size_ok(j->limits, d->image_width, d->image_height))
        give_up((j_common_ptr)d, MEDIA_TOO_LARGE);
    struct str exif = exif_of(d);
    j->exif = arena_str(j->a, exif);
    bool four = d->jpeg_color_space == JCS_CMYK || d->jpeg_color_space == JCS_YCCK;
    d->out_color_space = four ? JCS_CMYK : JCS_RGB;
    reduction_choose(d, j->limits->out_px_max);
    (void)jpeg_start_decompress(d);
    rows_read(j);
    (void)jpeg_finish_decompress(d);
}

/* Alone with setjmp, so that no local variable can be stale after the jump. */
static enum media_status job_guarded(struct jpeg_in *j)
{
    if (setjmp(j->out) == 0)
        job_run(j);
    return j->failed;
}

enum media_status read_jpeg(struct arena *a, struct str file, const struct read_limits *limits,
    struct raster *ret, struct str *ret_exif)
{
    struct jpeg_in *j = NEW(a, struct jpeg_in);
    *j = (struct jpeg_in){ .failed = MEDIA_OK, .a = a, .file = file, .limits = limits };
    job_init(j);
    enum media_status s = job_guarded(j);
    jpeg_destroy_decompress(&j->d);
    if (s != MEDIA_OK)
        return s;
    *ret = j->to;
    *ret_exif = j->exif;
    return MEDIA_OK;
}
