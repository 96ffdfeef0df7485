/* frame.h: the words that the server and its photo helper exchange, and their limits.
 *
 * One photo is one conversation on a socket of its own:
 *   request: u32 n, u8 flags, n - 1 bytes of the uploaded file
 *   reply:   FRAME_WORDS words (enum frame_word), then the photo, then its thumbnail, both JPEG
 * All words are 32 bits, big-endian. */
#pragma once
#include "base/str.h"

enum {
    FRAME_IMAGE_BYTES_MAX = 12 << 20,
    FRAME_REQUEST_BYTES_MAX = FRAME_IMAGE_BYTES_MAX + 1,
    FRAME_MAIN_BYTES_MAX = 3 << 20,
    FRAME_THUMB_BYTES_MAX = 256 << 10,
    FRAME_MAIN_PX_MAX = 1600,
    FRAME_THUMB_PX_MAX = 320,
    FRAME_KEEP_POSITION = 1,            /* flag: the sender wants the place to be known */
    FRAME_READY = 'R',                  /* what the spawner says once it can serve */
};

enum media_status {
    MEDIA_OK,
    MEDIA_UNKNOWN,                      /* not a kind of image that is read here */
    MEDIA_BROKEN,                       /* cut short or damaged */
    MEDIA_TOO_LARGE,                    /* more pixels, or a longer side, than the limits */
    MEDIA_BOMB,                         /* made to cost far more work than a photo does */
    MEDIA_STATUS_COUNT
};

enum frame_word {
    FRAME_STATUS, FRAME_WIDTH, FRAME_HEIGHT, FRAME_THUMB_WIDTH, FRAME_THUMB_HEIGHT,
    FRAME_MAIN_BYTES, FRAME_THUMB_BYTES,
    FRAME_HAS_POSITION, FRAME_LAT_E7, FRAME_LON_E7,     /* WGS-84 degrees x 10^7, signed */
    FRAME_WORDS
};

static inline uint32_t frame_get(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
static inline void frame_put(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 24);
    p[1] = (uint8_t)(v >> 16);
    p[2] = (uint8_t)(v >> 8);
    p[3] = (uint8_t)v;
}
