/* fuzz_image.c: whatever bytes come, the photo decoder ends, stays in bounds, and what it delivers
 * is small enough. Limits are lowered so that runs are many. */
#include "media/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct read_limits limits = { .side_px_max = 512, .px_max = 1 << 16, .out_px_max = 64 };
    struct decode_photo photo;
    struct arena a;
    arena_init(&a, 64 << 20);
    struct str file = arena_dup(&a, data, size);
    if (decode_photo(&a, file, &limits, true, &photo) == MEDIA_OK) {
        CHECK(photo.width >= 1 && photo.width <= 64 && photo.height >= 1 && photo.height <= 64);
        CHECK(photo.main.n > 0 && photo.thumb.n > 0);
        CHECK(!photo.has_position || (photo.lat >= -90 && photo.lat <= 90));
        CHECK(!photo.has_position || (photo.lon >= -180 && photo.lon <= 180));
    }
    arena_free(&a);
    return 0;
}
