/* test_str.c: text views: UTF-8 to the letter, and what counts as something written. */
#include "base/str.c"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void malformed_utf8_is_no_text(void **state)
{
    (void)state;
    static const char *const bad[] = { "\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe6\x9e",
        "a\x01", "\x7f" };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(str_is_text(str_c(bad[i])));
    assert_true(str_is_text(str_c("甪直镇 㛃 䶮 𬭎 𠅤\n\t")));
}

static void what_turns_a_text_is_found(void **state)
{
    (void)state;
    static const char *const turned[] = { "付\u202e元", "\u202a路", "灯\u202d", "\u2066名\u2069",
        "名\u2067", "\u2068", "\xc2\x85行", "行\xc2\x9f" };
    for (size_t i = 0; i < COUNT_OF(turned); i++)
        assert_true(str_is_turned(str_c(turned[i])));
    assert_false(str_is_turned(str_c("甪直镇 é ” — … \u200f\u2029\u202f\u2065\u206a 𠅤\n")));
    assert_false(str_is_turned(STR("")));
    assert_int_equal(str_chars(str_c("甪直镇𬭎")), 4);
}

static void invisible_marks_are_nothing_written(void **state)
{
    (void)state;
    assert_int_equal(str_visible_chars(str_c("\u200b\u200b\u200b \u3000\u202e\ufeff")), 0);
    assert_int_equal(str_visible_chars(str_c("漏 水")), 2);
}

static void heads_never_cut_a_character(void **state)
{
    (void)state;
    struct str head = str_head(str_c("枫桥经验"), 2);
    assert_int_equal(head.n, 6);
    assert_true(str_eq(str_trim(str_c("\u3000 枫桥 \n")), str_c("枫桥")));
}

static void numbers_are_whole_or_refused(void **state)
{
    (void)state;
    int64_t i;
    double f;
    assert_true(str_to_i64(str_c("-12"), &i) && i == -12);
    assert_false(str_to_i64(str_c("12a"), &i) || str_to_i64(str_c(""), &i)
        || str_to_i64(str_c("9223372036854775808"), &i));
    assert_true(str_to_f64(str_c("120.5"), &f) && f > 120.4 && f < 120.6);
    assert_false(str_to_f64(str_c("nan"), &f) || str_to_f64(str_c("0x10"), &f)
        || str_to_f64(str_c("1e999"), &f));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(malformed_utf8_is_no_text),
        cmocka_unit_test(what_turns_a_text_is_found),
        cmocka_unit_test(invisible_marks_are_nothing_written),
        cmocka_unit_test(heads_never_cut_a_character),
        cmocka_unit_test(numbers_are_whole_or_refused) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
