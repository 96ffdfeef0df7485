/* test_url.c: request targets: what is read, and every trick that is refused. */
#include "../../src/http/url.c"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct arena arena;

static enum err parse(const char *target, struct url *ret)
{
    struct err_info info = { .e = OK };
    arena_reset(&arena);
    return url_parse(&arena, str_c(target), ret, &info);
}

static void assert_path(const char *target, const char *path)
{
    struct url u;
    assert_int_equal(parse(target, &u), OK);
    assert_true(str_is(u.path, path));
}

static void test_paths_are_decoded(void **state)
{
    (void)state;
    assert_path("/", "/");
    assert_path("/m/", "/m/");
    assert_path("/api/matters/320508-K7", "/api/matters/320508-K7");
    assert_path("/a%20b/%E6%A1%A5", "/a b/桥");
    assert_path("/a+b", "/a+b");
    assert_path("/...", "/...");
}

static void test_tricks_in_paths_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "m", "http://x/", "//m", "/m//x", "/.", "/..", "/a/../b", "/a/%2e%2e/b", "/%2E", "/a/.",
        "/a%2fb", "/a%2Fb", "/a\\b", "/a%5cb", "/a%00", "/a%0ab", "/a%7f", "/a%", "/a%4", "/a%zz",
        "/a%c0%ae", "/%ff", "/\xE6\xA1\xA5", "/a b", "/%ed%a0%80",
    };
    struct url u;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(parse(bad[i], &u), E_SYNTAX);
}

static void test_parameters_are_decoded(void **state)
{
    (void)state;
    struct url u;
    assert_int_equal(parse("/x?a=1&b=%E6%A1%A5+%2B&c&d==&", &u), OK);
    assert_int_equal(u.query.n, 4);
    assert_true(str_is(u.query.names[1], "b") && str_is(u.query.values[1], "桥 +"));
    assert_true(str_is(u.query.names[2], "c") && u.query.values[2].n == 0);
    assert_true(str_is(u.query.names[3], "d") && str_is(u.query.values[3], "="));
    assert_int_equal(parse("/x?", &u), OK);
    assert_int_equal(u.query.n, 0);
}

static void test_tricks_in_parameters_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "/x?a=1&a=2", "/x?a=1&%61=2", "/x?a=%00", "/x?a=%", "/x?=1", "/x?a=%ff", "/x?a=\xC3",
        "/x?a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1&l=1&m=1&n=1&o=1&p=1&q=1",
    };
    struct url u;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(parse(bad[i], &u), E_SYNTAX);
}

static void test_long_targets_are_refused(void **state)
{
    (void)state;
    char target[URL_BYTES_MAX + 2];
    struct url u;
    memset(target, 'a', sizeof(target));
    target[0] = '/';
    target[URL_BYTES_MAX] = '\0';
    assert_int_equal(parse(target, &u), OK);
    target[URL_BYTES_MAX] = 'a';
    target[URL_BYTES_MAX + 1] = '\0';
    assert_int_equal(parse(target, &u), E_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths_are_decoded),
        cmocka_unit_test(test_tricks_in_paths_are_refused),
        cmocka_unit_test(test_parameters_are_decoded),
        cmocka_unit_test(test_tricks_in_parameters_are_refused),
        cmocka_unit_test(test_long_targets_are_refused),
    };
    arena_init(&arena, 1 << 20);
    int failed = cmocka_run_group_tests_name("url", tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
