/* box.h: uploaded photos made harmless. The server never parses an image: it hands the bytes to
 * fengqiao-media, which decodes each in a sandboxed process of its own and gives back a clean
 * JPEG without metadata, turned upright, and a thumbnail. Thread-safe. */
#pragma once
#include "attach/helper.h"

struct box;

enum {
    BOX_IMAGE_BYTES_MAX = 12 << 20,
    BOX_REPLY_BYTES_MAX = (3 << 20) + (256 << 10) + 64, /* room box_decode needs in the arena */
    BOX_WORKERS_MAX = 32,
};

struct box_image {
    struct str main, thumb;             /* JPEG, long side at most 1600 and 320 px */
    int width, height, thumb_width, thumb_height;
    bool has_position;                  /* only when wanted and stated by the camera */
    double lat, lon;                    /* WGS-84 degrees */
};

/* Starts the helper, which outlives the box, and waits until it is ready. At most n_workers
 * (1 .. BOX_WORKERS_MAX) photos are decoded at a time. E_IO, with the reason logged, when the
 * helper does not start. */
enum err box_start(const struct helper *helper, int n_workers, struct box **ret) MUST_USE;
/* Ends the helper. No call of box_decode may be under way. */
void box_stop(struct box *box);

/* Blocks for 2 s at most until a worker is free, then 5 s at most for the decoding. The result
 * is in the arena. Failures carry the field "photo":
 *   E_TOO_LARGE  over 12 MB, over 40 megapixels, a side over 16384 px, or a bomb
 *   E_MEDIA      not a JPEG, PNG or WebP photo, cut short, damaged, or the decoder died of it
 *   E_BUSY       all workers busy
 *   E_IO         the helper is gone and could not be started again */
enum err box_decode(struct box *box, struct arena *a, struct str image, bool want_position,
    struct box_image *ret, struct err_info *info) MUST_USE;
