/* test_header.c: what values of request headers mean. */
#include "../../src/http/header.c"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void test_language_follows_weights(void **state)
{
    (void)state;
    static const struct { const char *accept; enum lang lang; } cases[] = {
        { "", LANG_ZH }, { "fr", LANG_ZH }, { "en", LANG_EN }, { "EN-gb", LANG_EN },
        { "zh-CN,en;q=0.5", LANG_ZH }, { "zh;q=0.3, en;q=0.9", LANG_EN },
        { "de, en;q=0.2", LANG_EN }, { "en;q=0, zh;q=0.1", LANG_ZH }, { "en;q=x", LANG_ZH },
        { "zh, en", LANG_ZH }, { "english", LANG_ZH }, { ",,;q=1,", LANG_ZH },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(header_lang(str_c(cases[i].accept)), cases[i].lang);
}

static void assert_cookie(const char *cookies, const char *value)
{
    struct str found = header_cookie(str_c(cookies), "fq_session");
    if (value)
        assert_true(found.p && str_is(found, value));
    else
        assert_null(found.p);
}

static void test_cookie_is_found_by_its_whole_name(void **state)
{
    (void)state;
    assert_cookie("fq_session=abc", "abc");
    assert_cookie("a=1; fq_session=abc; b=2", "abc");
    assert_cookie("xfq_session=abc", NULL);
    assert_cookie("fq_sessionx=abc; FQ_SESSION=d", NULL);
    assert_cookie("a=fq_session=abc", NULL);
    assert_cookie("fq_session=", "");
    assert_cookie("", NULL);
    assert_cookie(";;;=;", NULL);
}

static void test_codings_with_weight_zero_are_not_accepted(void **state)
{
    (void)state;
    assert_true(header_accepts(STR("gzip, deflate, br"), "br"));
    assert_true(header_accepts(STR("BR;q=0.1"), "br"));
    assert_false(header_accepts(STR("br;q=0, gzip"), "br"));
    assert_false(header_accepts(STR("brotli"), "br"));
    assert_false(header_accepts(STR_NONE, "gzip"));
}

static void test_tags_match_weakly(void **state)
{
    (void)state;
    assert_true(header_has_tag(STR("\"a\""), "\"a\""));
    assert_true(header_has_tag(STR("\"b\", W/\"a\""), "\"a\""));
    assert_true(header_has_tag(STR("*"), "\"a\""));
    assert_false(header_has_tag(STR("\"ab\""), "\"a\""));
    assert_false(header_has_tag(STR_NONE, "\"a\""));
}

static void test_credentials_belong_to_a_scheme(void **state)
{
    (void)state;
    assert_true(str_is(header_credentials(STR("Receipt ABC-DEF"), "Receipt"), "ABC-DEF"));
    assert_true(str_is(header_credentials(STR("receipt  abc "), "Receipt"), "abc"));
    assert_int_equal(header_credentials(STR("Receipt"), "Receipt").n, 0);
    assert_int_equal(header_credentials(STR("Bearer x"), "Receipt").n, 0);
}

static void test_keys_names_and_hosts(void **state)
{
    (void)state;
    assert_true(header_key_good(STR("0123456789abcDEF")));
    assert_true(header_key_good(STR("0123456789-_cDEF")));
    assert_false(header_key_good(STR("0123456789abcDE")));
    assert_false(header_key_good(STR("0123456789abcDE.")));
    assert_false(header_key_good(STR("0123456789abcDE\0")));
    assert_true(header_name_good(STR("X-Forwarded-For")));
    assert_false(header_name_good(STR("Content-Length ")));
    assert_false(header_name_good(STR("")));
    assert_false(header_name_good(STR("a\0b")));
    assert_true(header_host_good(STR("[::1]:8080")));
    assert_false(header_host_good(STR("a@b")));
    assert_false(header_host_good(STR("a/b")));
}

static void test_origin_is_this_host_over_either_scheme(void **state)
{
    (void)state;
    assert_true(header_origin_is(STR("https://city.example"), STR("city.example")));
    assert_true(header_origin_is(STR("http://City.example:8080"), STR("city.example:8080")));
    assert_false(header_origin_is(STR("null"), STR("city.example")));
    assert_false(header_origin_is(STR("https://city.example.evil"), STR("city.example")));
    assert_false(header_origin_is(STR("https://city.example:1"), STR("city.example")));
    assert_false(header_origin_is(STR("ftp://city.example"), STR("city.example")));
}

static void test_media_types_may_have_parameters(void **state)
{
    (void)state;
    assert_true(header_type_is(STR("application/json"), "application/json"));
    assert_true(header_type_is(STR("Application/JSON; charset=utf-8"), "application/json"));
    assert_false(header_type_is(STR("text/plain"), "application/json"));
    assert_false(header_type_is(STR("application/jsonp"), "application/json"));
    assert_false(header_type_is(STR_NONE, "application/json"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_language_follows_weights),
        cmocka_unit_test(test_cookie_is_found_by_its_whole_name),
        cmocka_unit_test(test_codings_with_weight_zero_are_not_accepted),
        cmocka_unit_test(test_tags_match_weakly),
        cmocka_unit_test(test_credentials_belong_to_a_scheme),
        cmocka_unit_test(test_keys_names_and_hosts),
        cmocka_unit_test(test_origin_is_this_host_over_either_scheme),
        cmocka_unit_test(test_media_types_may_have_parameters),
    };
    return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
