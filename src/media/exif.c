/* exif.c: TIFF directories (Exif 2.32, sections 4.5 and 4.6) read with bounds, never trusted. */
#include "media/exif.h"
#include "media/frame.h"
#include <math.h>

enum { TAG_ORIENTATION = 0x0112, TAG_GPS = 0x8825 };
enum { GPS_LAT_REF = 1, GPS_LAT, GPS_LON_REF, GPS_LON };
enum { IFD_ENTRY_BYTES = 12, IFD_ENTRIES_MAX = 256 };

struct tiff { const uint8_t *p; size_t n; bool little; };

static bool tiff_has(const struct tiff *t, size_t at, size_t n)
{
    return at <= t->n && n <= t->n - at;
}

static uint32_t tiff_u16(const struct tiff *t, size_t at)
{
    if (!tiff_has(t, at, 2))
        return 0;
    const uint8_t *p = t->p + at;
    return t->little ? (uint32_t)p[1] << 8 | p[0] : (uint32_t)p[0] << 8 | p[1];
}

static uint32_t tiff_u32(const struct tiff *t, size_t at)
{
    if (!tiff_has(t, at, 4))
        return 0;
    uint32_t v = frame_get(t->p + at);
    return t->little ? __builtin_bswap32(v) : v;
}

/* Where the entry with this tag starts in the directory at ifd; 0 when it has none. */
static size_t ifd_find(const struct tiff *t, size_t ifd, unsigned tag)
{
    uint32_t n = tiff_u16(t, ifd);
    for (uint32_t i = 0; i < n && i < IFD_ENTRIES_MAX; i++) {
        size_t at = ifd + 2 + (size_t)i * IFD_ENTRY_BYTES;
        if (!tiff_has(t, at, IFD_ENTRY_BYTES))
            break;
        if (tiff_u16(t, at) == tag)
            return at;
    }
    return 0;
}

/* Degrees, minutes and seconds as three fractions; NAN when absent or absurd. */
static double gps_degrees(const struct tiff *t, size_t gps, unsigned tag, unsigned ref_tag)
{
    size_t entry = ifd_find(t, gps, tag), ref = ifd_find(t, gps, ref_tag);
    if (entry == 0 || ref == 0 || tiff_u32(t, entry + 4) != 3)
        return NAN;
    size_t at = tiff_u32(t, entry + 8);
    if (!tiff_has(t, at, 24))
        return NAN;
    double sum = 0, unit = 1;
    for (size_t i = 0; i < 3; i++, unit /= 60) {
        double over = tiff_u32(t, at + i * 8), under = tiff_u32(t, at + i * 8 + 4);
        if (under <= 0 && over > 0)
            return NAN;
        sum += under > 0 ? over / under * unit : 0;
    }
    uint8_t side = t->p[ref + 8];
    return side == 'S' || side == 'W' ? -sum : sum;
}

struct exif exif_parse(struct str block)
{
    struct exif e = { .orientation = 1 };
    struct tiff t = { (const uint8_t *)block.p, block.n, str_starts(block, STR("II")) };
    if (tiff_u16(&t, 2) != 42 || !(t.little || str_starts(block, STR("MM"))))
        return e;
    size_t ifd = tiff_u32(&t, 4);
    size_t entry = ifd_find(&t, ifd, TAG_ORIENTATION);
    uint32_t turn = entry ? tiff_u16(&t, entry + 8) : 1;
    e.orientation = turn >= 1 && turn <= 8 ? turn : 1;
    entry = ifd_find(&t, ifd, TAG_GPS);
    if (entry == 0)
        return e;
    size_t gps = tiff_u32(&t, entry + 8);
    e.lat = gps_degrees(&t, gps, GPS_LAT, GPS_LAT_REF);
    e.lon = gps_degrees(&t, gps, GPS_LON, GPS_LON_REF);
    /* Cameras without a fix write zeros. */
    e.has_position = fabs(e.lat) <= 90 && fabs(e.lon) <= 180 && (fabs(e.lat) + fabs(e.lon)) > 0;
    if (!e.has_position)
        e.lat = e.lon = 0;
    return e;
}

struct str exif_unsigned(struct str block)
{
    struct str sign = { "Exif\0", 6 };
    return str_starts(block, sign) ? (struct str){ block.p + 6, block.n - 6 } : block;
}

struct str exif_in_png(struct str file)
{
    const uint8_t *p = (const uint8_t *)file.p;
    for (size_t at = 8; at + 12 <= file.n;) {
        size_t n = frame_get(p + at);
        if (n > file.n - at - 12)
            break;
        if (memcmp(p + at + 4, "eXIf", 4) == 0)
            return (struct str){ file.p + at + 8, n };
        at += n + 12;
    }
    return STR_NONE;
}

struct str exif_in_webp(struct str file)
{
    const uint8_t *p = (const uint8_t *)file.p;
    for (size_t at = 12; at + 8 <= file.n;) {
        size_t n = __builtin_bswap32(frame_get(p + at + 4));
        if (n > file.n - at - 8)
            break;
        if (memcmp(p + at, "EXIF", 4) == 0)
            return exif_unsigned((struct str){ file.p + at + 8, n });
        at += 8 + n + (n & 1);
    }
    return STR_NONE;
}
