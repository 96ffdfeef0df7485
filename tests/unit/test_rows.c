/* test_rows.c: features as bytes: they come back as they went, and bytes of any other kind are
 * refused, wherever they are cut or changed. */
#include "layer/rows.c"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static struct arena arena;
static int setup(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)1 << 30);
    return 0;
}
static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* An area with a hole and a fault, a point, and a row without anything. */
static struct features three(void)
{
    static struct geo_point at[] = { { 120, 31 }, { 121, 31 }, { 121, 32 }, { 120, 31 },
        { 120.5, 31.2 }, { NAN, 31.3 }, { 120.5, 31.2 } }, one = { 1, 2 };
    static struct rough_ring rings[] = { { 0, 4, true }, { 4, 3, false } };
    static const struct err_info fault = { .e = E_INPUT, .field = "name", .zh = "太长",
        .en = "too long" };
    static struct feature f[3];
    f[0] = (struct feature){ .row = 2, .fault = &fault, .rough = { ROUGH_AREA, true, false, at,
        COUNT_OF(at), rings, COUNT_OF(rings) } };
    f[0].values[FIELD_CODE] = STR("320508018023001");
    f[0].values[FIELD_NAME] = STR("一格");
    f[0].values[FIELD_SHAPE] = STR("POLYGON((...))");
    f[1] = (struct feature){ .row = 3, .rough = { .kind = ROUGH_POINT, .left = true, .at = &one,
        .point_count = 1 } };
    f[1].values[FIELD_CODE] = STR("");
    f[2] = (struct feature){ .row = 9 };
    return (struct features){ f, COUNT_OF(f), STR("EPSG:4490") };
}

static struct str written(void)
{
    struct features f = three();
    struct err_info info = { .e = OK };
    struct str bytes;
    assert_int_equal(rows_write(&arena, &f, &bytes, &info), OK);
    return bytes;
}

static void what_went_comes_back(void **state)
{
    (void)state;
    struct features f, was = three();
    struct err_info info = { .e = OK };
    assert_int_equal(rows_read(&arena, written(), &f, &info), OK);
    assert_int_equal(f.n, 3);
    assert_true(str_eq(f.crs, was.crs));
    assert_int_equal(f.at[0].row, 2);
    assert_true(str_eq(f.at[0].values[FIELD_NAME], was.at[0].values[FIELD_NAME]));
    assert_null(f.at[0].values[FIELD_SHAPE].p);     /* read already */
    assert_null(f.at[0].values[FIELD_KIND].p);
    assert_non_null(f.at[1].values[FIELD_CODE].p);
    assert_string_equal(f.at[0].fault->en, "too long");
    assert_null(f.at[1].fault);
    assert_true(f.at[0].rough.loose && !f.at[0].rough.left && f.at[1].rough.left);
    assert_memory_equal(f.at[0].rough.rings, was.at[0].rough.rings, sizeof(struct rough_ring));
    assert_int_equal(f.at[0].rough.rings[1].n, 3);
    assert_memory_equal(f.at[0].rough.at, was.at[0].rough.at, 7 * sizeof(struct geo_point));
    assert_int_equal(f.at[1].rough.kind, ROUGH_POINT);
    assert_int_equal(f.at[2].rough.kind, ROUGH_NONE);
}

static void a_fault_comes_back_as_one(void **state)
{
    (void)state;
    struct err_info info = { .e = E_MEDIA, .field = "file", .zh = "坏了", .en = "damaged" };
    struct err_info got = { .e = OK };
    struct features f;
    assert_int_equal(rows_read(&arena, rows_write_fault(&arena, &info), &f, &got), E_MEDIA);
    assert_string_equal(got.field, "file");
    assert_string_equal(got.zh, "坏了");
}

static void what_is_cut_off_is_refused(void **state)
{
    (void)state;
    struct str bytes = written();
    for (size_t n = 0; n < bytes.n; n++) {
        struct features f;
        struct err_info info = { .e = OK };
        char *copy = malloc(n + 1);     /* so that a sanitizer sees what lies beyond it */
        memcpy(copy, bytes.p, n);
        assert_int_equal(rows_read(&arena, (struct str){ copy, n }, &f, &info), E_INPUT);
        free(copy);
    }
}

/* Whatever any byte says, nothing is read beyond the end, and rings lie within their points. */
static void no_byte_is_believed(void **state)
{
    static const unsigned char tries[] = { 0, 1, 2, 3, 7, 0x7f, 0x80, 0xff };
    (void)state;
    struct str bytes = written();
    for (size_t i = 0; i < bytes.n; i++)
        for (size_t t = 0; t < COUNT_OF(tries); t++) {
            struct features f;
            struct err_info info = { .e = OK };
            char *copy = malloc(bytes.n);
            memcpy(copy, bytes.p, bytes.n);
            copy[i] = (char)tries[t];
            enum err e = rows_read(&arena, (struct str){ copy, bytes.n }, &f, &info);
            for (size_t k = 0; e == OK && k < f.n; k++)
                for (size_t r = 0; r < f.at[k].rough.ring_count; r++)
                    assert_true(f.at[k].rough.rings[r].first + f.at[k].rough.rings[r].n
                        <= f.at[k].rough.point_count);
            free(copy);
        }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_went_comes_back),
        cmocka_unit_test(a_fault_comes_back_as_one),
        cmocka_unit_test(what_is_cut_off_is_refused),
        cmocka_unit_test(no_byte_is_believed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
