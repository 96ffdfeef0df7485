/* serve.c: the only code that runs between a stranger's bytes and the decoder. */
#include "media/serve.h"
#include "base/fd.h"
#include "media/decode.h"
#include <math.h>
#include <unistd.h>

enum { ARENA_BYTES_MAX = 224 << 20 };

static void reply_fill(uint8_t *words, enum media_status s, const struct decode_photo *photo)
{
    const uint32_t v[FRAME_WORDS] = {
        [FRAME_STATUS] = s,
        [FRAME_WIDTH] = photo->width, [FRAME_HEIGHT] = photo->height,
        [FRAME_THUMB_WIDTH] = photo->thumb_width, [FRAME_THUMB_HEIGHT] = photo->thumb_height,
        [FRAME_MAIN_BYTES] = (uint32_t)photo->main.n,
        [FRAME_THUMB_BYTES] = (uint32_t)photo->thumb.n,
        [FRAME_HAS_POSITION] = photo->has_position,
        [FRAME_LAT_E7] = (uint32_t)(int32_t)lround(photo->lat * 1e7),
        [FRAME_LON_E7] = (uint32_t)(int32_t)lround(photo->lon * 1e7),
    };
    for (size_t i = 0; i < FRAME_WORDS; i++)
        frame_put(words + i * 4, v[i]);
}

static int photo_serve(struct arena *a, int in, int out)
{
    uint8_t head[5], words[FRAME_WORDS * 4];
    if (!fd_read_all(in, head, sizeof(head)))
        return 1;
    uint32_t n = frame_get(head);
    if (n < 1 || n > FRAME_REQUEST_BYTES_MAX)
        return 1;
    char *bytes = NEW_N(a, char, n);
    struct str file = { bytes, n - 1 };
    if (!fd_read_all(in, bytes, file.n))
        return 1;
    struct decode_photo photo = { 0 };
    struct read_limits limits = decode_limits();
    enum media_status s = decode_photo(a, file, &limits, head[4] & FRAME_KEEP_POSITION, &photo);
    reply_fill(words, s, &photo);
    bool ok = fd_write_all(out, (struct str){ (const char *)words, sizeof(words) })
        && fd_write_all(out, photo.main) && fd_write_all(out, photo.thumb);
    return ok ? 0 : 1;
}

int serve_one(int in, int out)
{
    struct arena a;
    arena_init(&a, ARENA_BYTES_MAX);
    int status = photo_serve(&a, in, out);
    arena_free(&a);
    return status;
}
