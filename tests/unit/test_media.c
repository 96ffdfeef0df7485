/* test_media.c: what becomes of a photo: upright, smaller, nothing carried over; and what becomes
 * of files that are none. The decoder as a plain function; its sandbox is in test_box.c. */
#include "media/decode.h"
#include "photo_fixture.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { ARENA_BYTES = 512 << 20, KB = 1024 };
static const double lat_true = 31 + 18 / 60.0 + 5.25 / 3600, lon_true = 120 + 35 / 60.0 + 6.5 / 3600;

static int arena_make(void **state)
{
    struct arena *a = heap_alloc(sizeof(*a));
    arena_init(a, ARENA_BYTES);
    *state = a;
    return 0;
}

static int arena_drop(void **state)
{
    arena_free(*state);
    heap_free(*state);
    return 0;
}

static enum media_status decode(struct arena *a, struct str file, bool position,
    struct decode_photo *ret)
{
    struct read_limits l = decode_limits();
    return decode_photo(a, file, &l, position, ret);
}

static struct decode_photo decoded(struct arena *a, struct str file)
{
    struct decode_photo p;
    assert_int_equal(decode(a, file, true, &p), MEDIA_OK);
    return p;
}

static void test_every_orientation_is_turned_upright(void **state)
{
    static const char *const corners[] = {
        "RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB",
    };
    struct arena *a = *state;
    struct str plain = fixture_jpeg(a, 160, 96);
    for (unsigned o = 1; o <= 8; o++) {
        struct str exif = fixture_exif(a, o, o & 1);
        struct decode_photo p = decoded(a, fixture_jpeg_with_exif(a, plain, exif));
        assert_int_equal(p.width, o < 5 ? 160 : 96);
        assert_int_equal(p.height, o < 5 ? 96 : 160);
        assert_string_equal(fixture_corners(a, p.main).p, corners[o - 1]);
        assert_string_equal(fixture_corners(a, p.thumb).p, corners[o - 1]);
    }
    struct str odd = fixture_jpeg_with_exif(a, plain, fixture_exif(a, 9, true));
    assert_string_equal(fixture_corners(a, decoded(a, odd).main).p, "RGBW");
}

static void test_orientation_of_png_and_webp(void **state)
{
    struct arena *a = *state;
    struct str exif = fixture_exif(a, 6, false);
    struct decode_photo p = decoded(a,
        fixture_png_with_exif(a, fixture_png(a, 160, 96, false), exif));
    assert_string_equal(fixture_corners(a, p.main).p, "BRWG");
    assert_true(p.has_position);
    p = decoded(a, fixture_webp_with_exif(a, fixture_webp(a, 160, 96), exif, 160, 96));
    assert_string_equal(fixture_corners(a, p.main).p, "BRWG");
    assert_true(p.has_position);
}

static void test_nothing_of_the_metadata_remains(void **state)
{
    static const char *const words[] = {
        "Exif", "GPS", "SecretCam", "adobe", "xmpmeta", "ICC_PROFILE", "PK\3\4", "eXIf",
    };
    struct arena *a = *state;
    struct str exif = fixture_exif(a, 1, true);
    const struct str files[] = {
        fixture_jpeg_with_exif(a, fixture_jpeg(a, 200, 100), exif),
        fixture_png_with_exif(a, fixture_png(a, 200, 100, false), exif),
        fixture_webp_with_exif(a, fixture_webp(a, 200, 100), exif, 200, 100),
    };
    for (size_t f = 0; f < COUNT_OF(files); f++) {
        struct decode_photo p = decoded(a, files[f]);
        assert_true(fixture_is_bare_jpeg(p.main) && fixture_is_bare_jpeg(p.thumb));
        for (size_t i = 0; i < COUNT_OF(words); i++) {
            assert_true(str_find(p.main, str_c(words[i])) < 0);
            assert_true(str_find(p.thumb, str_c(words[i])) < 0);
        }
    }
    assert_true(str_find(files[0], STR("SecretCam")) > 0 && str_find(files[0], STR("PK\3\4")) > 0);
}

static void test_position_only_when_asked_for(void **state)
{
    struct arena *a = *state;
    struct str plain = fixture_jpeg(a, 64, 64);
    struct decode_photo p;
    for (int little = 0; little < 2; little++) {
        struct str exif = fixture_exif(a, 1, little);
        struct str file = fixture_jpeg_with_exif(a, plain, exif);
        assert_int_equal(decode(a, file, false, &p), MEDIA_OK);
        assert_false(p.has_position);
        assert_true(p.lat == 0 && p.lon == 0);
        assert_int_equal(decode(a, file, true, &p), MEDIA_OK);
        assert_true(p.has_position);
        assert_true(fabs(p.lat - lat_true) < 1e-9 && fabs(p.lon - lon_true) < 1e-9);
    }
    assert_false(decoded(a, plain).has_position);
}

static void test_damaged_exif_is_no_obstacle(void **state)
{
    struct arena *a = *state;
    struct str plain = fixture_jpeg(a, 64, 64), exif = fixture_exif(a, 3, true);
    for (size_t n = 0; n <= exif.n; n++) {
        struct str cut = { exif.p, n };
        struct exif e = exif_parse(arena_dup(a, cut.p, cut.n));
        assert_int_equal(e.has_position, n == exif.n);
        assert_int_equal(decoded(a, fixture_jpeg_with_exif(a, plain, cut)).width, 64);
    }
    char *bytes = NEW_N(a, char, exif.n);
    for (size_t i = 0; i < exif.n; i++)
        for (int v = 0; v < 256; v += 51) {
            memcpy(bytes, exif.p, exif.n);
            bytes[i] = (char)v;
            struct exif e = exif_parse((struct str){ bytes, exif.n });
            assert_true(e.orientation >= 1 && e.orientation <= 8);
            assert_true(fabs(e.lat) <= 90 && fabs(e.lon) <= 180);
        }
}

static void test_sizes_are_bounded_and_shape_is_kept(void **state)
{
    struct arena *a = *state;
    static const struct { unsigned w, h, to_w, to_h, thumb_w, thumb_h; } cases[] = {
        { 1, 1, 1, 1, 1, 1 }, { 1600, 1200, 1600, 1200, 320, 240 },
        { 1601, 1201, 1600, 1200, 320, 240 }, { 4000, 3000, 1600, 1200, 320, 240 },
        { 3000, 4000, 1200, 1600, 240, 320 }, { 5000, 3, 1600, 1, 320, 1 },
        { 2, 9001, 1, 1600, 1, 320 }, { 319, 100, 319, 100, 319, 100 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct str files[] = {
            fixture_jpeg(a, cases[i].w, cases[i].h), fixture_png(a, cases[i].w, cases[i].h, i & 1),
            fixture_webp(a, cases[i].w, cases[i].h),
        };
        for (size_t f = 0; f < COUNT_OF(files); f++) {
            struct decode_photo p = decoded(a, files[f]);
            struct fixture_pixels main = fixture_decode(a, p.main);
            struct fixture_pixels thumb = fixture_decode(a, p.thumb);
            assert_int_equal(p.width, cases[i].to_w);
            assert_int_equal(p.height, cases[i].to_h);
            assert_int_equal(p.thumb_width, cases[i].thumb_w);
            assert_int_equal(p.thumb_height, cases[i].thumb_h);
            assert_true(main.width == p.width && main.height == p.height);
            assert_true(thumb.width == p.thumb_width && thumb.height == p.thumb_height);
            if (cases[i].w >= 320 && cases[i].h >= 320)
                assert_string_equal(fixture_corners(a, p.main).p, "RGBW");
        }
        arena_reset(a);
    }
}

static void test_even_pure_noise_fits_the_reply(void **state)
{
    struct arena *a = *state;
    struct decode_photo p = decoded(a, fixture_jpeg_noise(a, 1600, 1600));
    assert_in_range(p.main.n, 500000, FRAME_MAIN_BYTES_MAX);
    assert_in_range(p.thumb.n, 1000, FRAME_THUMB_BYTES_MAX);
    p = decoded(a, fixture_jpeg_noise(a, 320, 320));
    assert_in_range(p.thumb.n, 10000, FRAME_THUMB_BYTES_MAX);
}

static void test_reduction_takes_the_mean_of_an_area(void **state)
{
    struct arena *a = *state;
    uint8_t rgb[4 * 5 * 3];
    uint32_t total = 0;
    for (size_t i = 0; i < COUNT_OF(rgb); i++) {
        rgb[i] = (uint8_t)(i * 37);
        total += i % 3 == 0 ? rgb[i] : 0;
    }
    struct raster one = raster_scaled(a, (struct raster){ 4, 5, rgb }, 1);
    assert_int_equal(one.width, 1);
    assert_int_equal(one.rgb[0], (total + 10) / 20);
    memset(rgb, 255, sizeof(rgb));
    struct raster white = raster_scaled(a, (struct raster){ 4, 5, rgb }, 3);
    for (size_t i = 0; i < (size_t)white.width * white.height * 3; i++)
        assert_int_equal(white.rgb[i], 255);
}

static void test_colour_models(void **state)
{
    struct arena *a = *state;
    struct decode_photo p = decoded(a, fixture_jpeg_cmyk(a, 160, 96));
    assert_string_equal(fixture_corners(a, p.main).p, "RGBW");
    p = decoded(a, fixture_jpeg_progressive(a, 2000, 1000));
    assert_string_equal(fixture_corners(a, p.main).p, "RGBW");
    p = decoded(a, fixture_png_palette(a, 64, 64));
    const uint8_t *c = fixture_decode(a, p.main).rgb;
    assert_true(c[0] > 250 && abs(c[1] - 127) < 6 && abs(c[2] - 127) < 6);
    p = decoded(a, fixture_png_flat(a, 64, 64));
    assert_true(fixture_decode(a, p.main).rgb[0] < 5);
}

static void test_a_cut_file_is_refused_wherever_it_is_cut(void **state)
{
    struct arena *a = *state;
    const struct str files[] = {
        fixture_jpeg_noise(a, 200, 160), fixture_jpeg_progressive(a, 400, 300),
        fixture_png(a, 300, 200, false), fixture_png(a, 300, 200, true), fixture_webp(a, 300, 200),
    };
    for (size_t f = 0; f < COUNT_OF(files); f++) {
        size_t step = files[f].n > 8 * KB ? KB : files[f].n / 16 + 1;
        struct decode_photo p;
        for (size_t n = 0; n < files[f].n; n += step) {
            struct str cut = arena_dup(a, files[f].p, n);
            assert_int_not_equal(decode(a, cut, true, &p), MEDIA_OK);
        }
        struct str almost = arena_dup(a, files[f].p, files[f].n - 1);
        assert_int_equal(decode(a, almost, true, &p), MEDIA_BROKEN);
        assert_int_equal(decode(a, files[f], true, &p), MEDIA_OK);
    }
}

static void test_what_is_no_photo_is_named_so(void **state)
{
    struct arena *a = *state;
    struct decode_photo p;
    const struct { struct str file; enum media_status status; } cases[] = {
        { STR(""), MEDIA_UNKNOWN }, { STR("GIF89a"), MEDIA_UNKNOWN },
        { STR("<svg xmlns='http://www.w3.org/2000/svg'/>"), MEDIA_UNKNOWN },
        { STR("\0\0\0\x18" "ftypheic"), MEDIA_UNKNOWN }, { STR("BM______"), MEDIA_UNKNOWN },
        { STR("\xff\xd8\xff\xe0 in truth a text"), MEDIA_BROKEN },
        { STR("\xff\xd8\xff"), MEDIA_BROKEN }, { STR("\x89PNG\r\n\x1a\n"), MEDIA_BROKEN },
        { STR("\x89PNG\r\n\x1a\n<?php ?> and more text than a header"), MEDIA_BROKEN },
        { STR("RIFF\4\0\0\0WEBP"), MEDIA_BROKEN },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(decode(a, cases[i].file, true, &p), cases[i].status);
}

static void test_bombs_are_refused_before_they_go_off(void **state)
{
    struct arena *a = *state;
    struct decode_photo p;
    assert_int_equal(decode(a, fixture_png_header(a, 30000, 30000), false, &p), MEDIA_TOO_LARGE);
    assert_int_equal(decode(a, fixture_png_header(a, 16385, 1), false, &p), MEDIA_TOO_LARGE);
    assert_int_equal(decode(a, fixture_png_header(a, 0x7fffffff, 1), false, &p), MEDIA_TOO_LARGE);
    assert_int_equal(decode(a, fixture_png_header(a, 8000, 5001), false, &p), MEDIA_TOO_LARGE);
    assert_int_equal(decode(a, fixture_png_flat(a, 30000, 30000), false, &p), MEDIA_TOO_LARGE);
    assert_int_equal(decode(a, fixture_jpeg(a, 20000, 8), false, &p), MEDIA_TOO_LARGE);
    assert_int_equal(decode(a, fixture_png_flat(a, 6300, 6300), false, &p), MEDIA_OK);
    struct str small = fixture_jpeg_progressive(a, 64, 64);
    assert_int_equal(decode(a, fixture_scan_bomb(a, small, 2000), false, &p), MEDIA_BOMB);
    assert_int_equal(decode(a, fixture_scan_bomb(a, small, 1), false, &p), MEDIA_OK);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, arena_make, arena_drop)
    const struct CMUnitTest tests[] = {
        T(test_every_orientation_is_turned_upright), T(test_orientation_of_png_and_webp),
        T(test_nothing_of_the_metadata_remains), T(test_position_only_when_asked_for),
        T(test_damaged_exif_is_no_obstacle), T(test_sizes_are_bounded_and_shape_is_kept),
        T(test_even_pure_noise_fits_the_reply), T(test_reduction_takes_the_mean_of_an_area),
        T(test_colour_models),
        T(test_a_cut_file_is_refused_wherever_it_is_cut), T(test_what_is_no_photo_is_named_so),
        T(test_bombs_are_refused_before_they_go_off),
    };
#undef T
    return cmocka_run_group_tests_name("media", tests, NULL, NULL);
}
