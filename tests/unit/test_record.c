/* test_record.c: numbers leave as people wrote them and come back the same. */
#include "../../src/record/record.c"
#include "base/rand.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static struct arena arena;

static const char *written(double v)
{
    struct buf b = buf_in(&arena, 64);
    write_f64(&b, v);
    buf_byte(&b, '\0');
    return b.p;
}

static void test_known_numbers(void **state)
{
    (void)state;
    static const struct { double v; const char *text; } cases[] = {
        { 0, "0" }, { -0.0, "0" }, { 120.634611, "120.634611" }, { 31.2902426, "31.2902426" },
        { -31.5, "-31.5" }, { 1.00000001, "1.00000001" }, { 9.9999999999, "10" },
        { 999.9999999, "1000" }, { 0.1, "0.1" }, { 1e-7, "1e-07" }, { 1234.5, "1234.5" },
        { 1.2e20, "1.2e+20" }, { 100.000001, "100.000001" }, { 99.9999999, "99.9999999" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(written(cases[i].v), cases[i].text);
}

static void test_decimal_fractions_come_out_as_the_library_writes_them(void **state)
{
    (void)state;
    struct rand r = rand_seeded(1);
    char want[64];
    for (int i = 0; i < 200000; i++) {
        arena_reset(&arena);
        double v = ((double)rand_below(&r, 2000000000) - 1e9) / 1e6;
        (void)snprintf(want, sizeof(want), "%.9g", v);
        assert_string_equal(written(v), v == 0 ? "0" : want);
    }
}

static void test_any_number_is_near_what_was_written(void **state)
{
    (void)state;
    struct rand r = rand_seeded(2);
    for (int i = 0; i < 200000; i++) {
        arena_reset(&arena);
        double back, v = (rand_unit(&r) - 0.5) * 2400;
        assert_true(str_to_f64(str_c(written(v)), &back));
        assert_true(fabs(back - v) <= fabs(v) * 0.6e-8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_numbers),
        cmocka_unit_test(test_decimal_fractions_come_out_as_the_library_writes_them),
        cmocka_unit_test(test_any_number_is_near_what_was_written),
    };
    arena_init(&arena, 1 << 20);
    int failed = cmocka_run_group_tests_name("record", tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
