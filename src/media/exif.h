/* exif.h: the only two facts taken from a photo's metadata: which way up it is, and, when its
 * sender wants that, where it was taken. Everything else is dropped unread. */
#pragma once
#include "base/str.h"

struct exif {
    unsigned orientation;               /* 1..8; 1 when not stated */
    bool has_position;
    double lat, lon;                    /* WGS-84 degrees, north and east positive */
};

/* tiff: an Exif block from its TIFF header on ("II*" or "MM"). Damaged parts count as absent. */
struct exif exif_parse(struct str tiff);
/* The TIFF part of the Exif block of a PNG or WebP file; n = 0 when there is none. */
struct str exif_in_png(struct str file);
struct str exif_in_webp(struct str file);
/* Without the "Exif" signature that JPEG, and some WebP writers, put in front. */
struct str exif_unsigned(struct str block);
