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

#define PROSE(X, R) \
    X(R, STR, prose, MULTILINE, 5, 8, NULL, "") \
    X(R, STR, line, OPTIONAL, 5, 8, NULL, "")
RECORD(prose, PROSE)
RECORD_DEFINE(prose, PROSE)

static enum err read_prose(const char *json, const char **ret_why)
{
    struct prose p;
    static struct err_info info;
    arena_reset(&arena);
    info = (struct err_info){ .e = OK };
    enum err e = record_from_json(&arena, &prose_record, str_c(json), &p, &info);
    *ret_why = info.zh;
    return e;
}

#define COUNTED(X, R) X(R, F64, n, REQUIRED, 0, 1e6, NULL, "")
RECORD(counted, COUNTED)
RECORD_DEFINE(counted, COUNTED)

/* Behind a number the library would pass over it. */
static void test_a_nul_is_no_json(void **state)
{
    static const char json[] = "{\"n\":1e4\0}";
    struct counted c;
    struct err_info info = { .e = OK };
    (void)state;
    assert_int_equal(record_from_json(&arena, &counted_record,
        (struct str){ json, sizeof(json) - 1 }, &c, &info), E_SYNTAX);
    assert_true(info.zh[0] && info.en[0]);
}

static void test_the_least_of_a_text_is_what_can_be_read(void **state)
{
    (void)state;
    static const char *const blank[] = { "{\"prose\":\"   好   \"}", "{\"prose\":\"        \"}",
        "{\"prose\":\"好 好 好 好\"}", "{\"prose\":\"\\n\\n好\u3000\u3000\u200b\"}" };
    const char *why;
    for (size_t i = 0; i < COUNT_OF(blank); i++) {
        assert_int_equal(read_prose(blank[i], &why), E_INPUT);
        assert_string_equal(why, "至少写 5 个字，空白不计");
    }
    assert_int_equal(read_prose("{\"prose\":\" 好好 好好好\"}", &why), OK);
    assert_int_equal(read_prose("{\"prose\":\"    好好好好好\"}", &why), E_INPUT);
    assert_string_equal(why, "最多 8 个字");
    assert_int_equal(read_prose("{\"line\":\"a b c\"}", &why), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_numbers),
        cmocka_unit_test(test_decimal_fractions_come_out_as_the_library_writes_them),
        cmocka_unit_test(test_any_number_is_near_what_was_written),
        cmocka_unit_test(test_a_nul_is_no_json),
        cmocka_unit_test(test_the_least_of_a_text_is_what_can_be_read),
    };
    arena_init(&arena, 1 << 20);
    int failed = cmocka_run_group_tests_name("record", tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
