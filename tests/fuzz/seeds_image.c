/* seeds_image.c: writes a few photos of each kind into the directory that is its argument, for
 * fuzz_image to start from. */
#include "../unit/photo_fixture.h"
#include <stdio.h>

static void seed_write(struct arena *a, const char *dir, const char *name, struct str bytes)
{
    FILE *f = fopen(arena_fmt(a, "%s/%s", dir, name).p, "w");
    CHECK(f != NULL);
    CHECK(fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fclose(f) == 0);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    struct arena a;
    arena_init(&a, 64 << 20);
    struct str exif = fixture_exif(&a, 6, true), jpeg = fixture_jpeg(&a, 48, 32);
    struct str png = fixture_png(&a, 20, 12, true), webp = fixture_webp(&a, 40, 24);
    seed_write(&a, argv[1], "plain.jpg", jpeg);
    seed_write(&a, argv[1], "cmyk.jpg", fixture_jpeg_cmyk(&a, 24, 16));
    seed_write(&a, argv[1], "progressive.jpg", fixture_jpeg_progressive(&a, 24, 16));
    seed_write(&a, argv[1], "exif.jpg", fixture_jpeg_with_exif(&a, jpeg, exif));
    seed_write(&a, argv[1], "interlaced.png", png);
    seed_write(&a, argv[1], "palette.png", fixture_png_palette(&a, 20, 12));
    seed_write(&a, argv[1], "exif.png", fixture_png_with_exif(&a, png, exif));
    seed_write(&a, argv[1], "plain.webp", webp);
    seed_write(&a, argv[1], "exif.webp", fixture_webp_with_exif(&a, webp, exif, 40, 24));
    arena_free(&a);
    return 0;
}
