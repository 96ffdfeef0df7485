/* decode.c: which decoder, which way up, how large, and nothing else carried over. */
#include "media/decode.h"

enum { MAIN_QUALITY = 80, THUMB_QUALITY = 70 };

struct read_limits decode_limits(void)
{
    return (struct read_limits){
        .side_px_max = 16384, .px_max = 40000000, .out_px_max = FRAME_MAIN_PX_MAX,
    };
}

static bool is_webp(struct str file)
{
    return file.n >= 12 && memcmp(file.p, "RIFF", 4) == 0 && memcmp(file.p + 8, "WEBP", 4) == 0;
}

/* By the first bytes only: names and declared types are the sender's word. */
static enum media_status picture_read(struct arena *a, struct str file,
    const struct read_limits *limits, struct raster *ret, struct str *ret_exif)
{
    if (str_starts(file, STR("\xff\xd8\xff")))
        return read_jpeg(a, file, limits, ret, ret_exif);
    if (str_starts(file, STR("\x89PNG\r\n\x1a\n")))
        return read_png(a, file, limits, ret, ret_exif);
    if (is_webp(file))
        return read_webp(a, file, limits, ret, ret_exif);
    return MEDIA_UNKNOWN;
}

enum media_status decode_photo(struct arena *a, struct str file, const struct read_limits *limits,
    bool want_position, struct decode_photo *ret)
{
    struct raster picture = { 0 };
    struct str block = STR_NONE;
    enum media_status s = picture_read(a, file, limits, &picture, &block);
    if (s != MEDIA_OK)
        return s;
    struct exif exif = exif_parse(block);
    picture = raster_turned(a, picture, exif.orientation);
    struct raster thumb = raster_scaled(a, picture, FRAME_THUMB_PX_MAX);
    struct decode_photo out = {
        .width = picture.width, .height = picture.height,
        .thumb_width = thumb.width, .thumb_height = thumb.height,
    };
    s = write_jpeg(a, picture, MAIN_QUALITY, FRAME_MAIN_BYTES_MAX, &out.main);
    if (s == MEDIA_OK)
        s = write_jpeg(a, thumb, THUMB_QUALITY, FRAME_THUMB_BYTES_MAX, &out.thumb);
    if (s != MEDIA_OK)
        return s;
    if (want_position && exif.has_position) {
        out.has_position = true;
        out.lat = exif.lat;
        out.lon = exif.lon;
    }
    *ret = out;
    return MEDIA_OK;
}
