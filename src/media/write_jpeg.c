/* write_jpeg.c: the clean copy that is kept. Only pixels go in, so only pixels come out. */
#include "media/decode.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>

struct jpeg_out {
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr err;
    jmp_buf out;
    struct raster from;
    int quality;
    unsigned char *bytes;
    unsigned long n;
};

static void on_error(j_common_ptr c)
{
    struct jpeg_out *j = c->client_data;
    longjmp(j->out, 1);
}

static void on_output(j_common_ptr c)
{
    (void)c;
}

static void job_run(struct jpeg_out *j)
{
    struct jpeg_compress_struct *c = &j->c;
    jpeg_create_compress(c);
    jpeg_mem_dest(c, &j->bytes, &j->n);
    c->image_width = j->from.width;
    c->image_height = j->from.height;
    c->input_components = 3;
    c->in_color_space = JCS_RGB;
    jpeg_set_defaults(c);
    jpeg_set_quality(c, j->quality, TRUE);
    c->optimize_coding = TRUE;
    jpeg_start_compress(c, TRUE);
    while (c->next_scanline < c->image_height) {
        uint8_t *row = j->from.rgb + (size_t)c->next_scanline * c->image_width * 3;
        (void)jpeg_write_scanlines(c, &row, 1);
    }
    jpeg_finish_compress(c);
}

/* Alone with setjmp, so that no local variable can be stale after the jump. */
static bool job_guarded(struct jpeg_out *j)
{
    if (setjmp(j->out) != 0)
        return false;
    job_run(j);
    return true;
}

enum media_status write_jpeg(struct arena *a, struct raster from, int quality, size_t bytes_max,
    struct str *ret)
{
    struct jpeg_out *j = NEW(a, struct jpeg_out);
    j->from = from;
    j->quality = quality;
    j->c.err = jpeg_std_error(&j->err);
    j->err.error_exit = on_error;
    j->err.output_message = on_output;
    j->c.client_data = j;
    bool ok = job_guarded(j) && j->n <= bytes_max;
    if (ok)
        *ret = arena_dup(a, j->bytes, j->n);
    jpeg_destroy_compress(&j->c);
    free(j->bytes);
    return ok ? MEDIA_OK : MEDIA_TOO_LARGE;
}
