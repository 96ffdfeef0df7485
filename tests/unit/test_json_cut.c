/* Parts of JSON text, whole and broken. */
#include "base/json_cut.c"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void members_and_elements_come_in_order(void **state)
{
    (void)state;
    struct str rest = STR(" { \"a\" : [1,{\"x\":\"]}\"}] , \"b\\\"\":\"q\\\"\", \"c\":-1.5e3}"), name, v;
    assert_true(json_cut_member(&rest, &name, &v));
    assert_true(str_is(name, "a") && str_is(v, "[1,{\"x\":\"]}\"}]"));
    struct str list = v;
    assert_true(json_cut_element(&list, &v) && str_is(v, "1"));
    assert_true(json_cut_element(&list, &v) && str_is(v, "{\"x\":\"]}\"}"));
    assert_false(json_cut_element(&list, &v));
    assert_non_null(list.p);
    assert_true(json_cut_member(&rest, &name, &v) && str_is(v, "\"q\\\"\""));
    assert_true(json_cut_member(&rest, &name, &v) && str_is(v, "-1.5e3"));
    assert_false(json_cut_member(&rest, &name, &v));
    assert_non_null(rest.p);
    assert_true(str_is(json_cut_find(STR("{\"x\":1,\"y\":null}"), "y"), "null"));
    assert_null(json_cut_find(STR("{}"), "y").p);
}

static void broken_text_ends_and_says_so(void **state)
{
    (void)state;
    static const char *const broken[] = { "", "{", "{\"a\"", "{\"a\":", "{\"a\":[1", "{\"a\":\"x",
        "{a:1}", "x", "{\"a\" 1}", "{\"a\":1" };
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        struct str rest = str_c(broken[i]), name, v;
        while (json_cut_member(&rest, &name, &v))
            continue;
        assert_null(rest.p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(members_and_elements_come_in_order),
        cmocka_unit_test(broken_text_ends_and_says_so) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
