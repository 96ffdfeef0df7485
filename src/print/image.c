/* image.c: QR codes; and scans, which come as JPEG, as the upload helper made them, and go into the
 * document as they are: nothing is decoded here but their size. */
#include "print/compose.h"
#include "base/buf.h"
#include "print/job.h"
#include <qrencode.h>

enum { JPEG_SIDE_MAX = 8192, MODULE_DOTS = 8, QUIET_MODULES = 4 };

static unsigned two(const unsigned char *p)
{
    return (unsigned)(p[0] << 8 | p[1]);
}

/* Walks the segments to the frame header. */
static bool size_of(struct str jpeg, int *ret_w, int *ret_h)
{
    const unsigned char *p = (const unsigned char *)jpeg.p;
    if (jpeg.n < 4 || two(p) != 0xffd8)
        return false;
    for (size_t at = 2; at + 9 < jpeg.n && p[at] == 0xff;) {
        unsigned kind = p[at + 1];
        if (kind >= 0xc0 && kind <= 0xc2) {
            *ret_h = (int)two(p + at + 5);
            *ret_w = (int)two(p + at + 7);
            return *ret_w > 0 && *ret_h > 0 && *ret_w <= JPEG_SIDE_MAX && *ret_h <= JPEG_SIDE_MAX;
        }
        at += 2 + two(p + at + 2);
    }
    return false;
}

cairo_surface_t *image_read(struct arena *a, struct str base64, double *ret_w, double *ret_h)
{
    struct str jpeg;
    int w, h;
    if (!base64_decode(a, base64, &jpeg) || !size_of(jpeg, &w, &h))
        return NULL;
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
    if (cairo_surface_set_mime_data(s, CAIRO_MIME_TYPE_JPEG, (const unsigned char *)jpeg.p, jpeg.n,
            NULL, NULL) != CAIRO_STATUS_SUCCESS) {
        cairo_surface_destroy(s);
        return NULL;
    }
    *ret_w = w;
    *ret_h = h;
    return s;
}

/* A quarter of it may be lost. */
cairo_surface_t *code_image(struct arena *a, struct str text)
{
    struct str copy = arena_str(a, text);
    QRcode *q = text.n && text.n <= PLATE_URL_BYTES_MAX
        ? QRcode_encodeString8bit(copy.p, 0, QR_ECLEVEL_Q) : NULL;
    if (q == NULL)
        return NULL;
    int side = (q->width + 2 * QUIET_MODULES) * MODULE_DOTS;
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side);
    cairo_t *c = cairo_create(s);
    cairo_set_source_rgb(c, 1, 1, 1);
    cairo_paint(c);
    cairo_set_source_rgb(c, 0, 0, 0);
    for (int i = 0; i < q->width * q->width; i++)
        if (q->data[i] & 1)
            cairo_rectangle(c, (i % q->width + QUIET_MODULES) * MODULE_DOTS,
                (i / q->width + QUIET_MODULES) * MODULE_DOTS, MODULE_DOTS, MODULE_DOTS);
    cairo_fill(c);
    cairo_destroy(c);
    QRcode_free(q);
    return s;
}
