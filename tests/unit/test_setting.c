/* Settings: what may be set, and how a content policy names where tiles come from. */
#include "catalogue/setting.c"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void origin_is(const char *url, const char *wanted)
{
    struct str origin = setting_tile_origin(str_c(url));
    assert_int_equal(origin.n, strlen(wanted));
    if (origin.n)
        assert_memory_equal(origin.p, wanted, origin.n);
}

static void an_origin_is_scheme_host_and_port(void **state)
{
    (void)state;
    origin_is("https://t0.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
        "&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}"
        "&TILECOL={x}&tk=0123456789abcdef", "https://t0.tianditu.gov.cn");
    origin_is("http://10.1.2.3:8080/tiles/{z}/{x}/{-y}.png", "http://10.1.2.3:8080");
    origin_is("https://maps.example/{TileMatrix}/{TileRow}/{TileCol}", "https://maps.example");
}

static void what_is_no_tile_address_has_none(void **state)
{
    (void)state;
    origin_is("", "");
    origin_is("/tiles/{z}/{x}/{y}", "");
    origin_is("ftp://maps.example/{z}/{x}/{y}", "");
    origin_is("https://{s}.maps.example/{z}/{x}/{y}", "");
    origin_is("https://maps.example", "");
    origin_is("https:///{z}/{x}/{y}", "");
    origin_is("https://maps.example/{z}/{x}", "");
    origin_is("https://*.example/{z}/{x}/{y}", "");
    origin_is("https://user@maps.example/{z}/{x}/{y}", "");
    origin_is("https://maps.example/{z}/{x}/{y}; script-src *", "");
    origin_is("https://maps.example/{z}/{x}/{y}\" onload", "");
}

static void good(const char *name, const char *value)
{
    struct err_info info = { .e = OK };
    const struct setting_row *row = setting_find(str_c(name));
    assert_non_null(row);
    assert_int_equal(row->check(str_c(value), name, &info), OK);
}

static void bad(const char *name, const char *value)
{
    struct err_info info = { .e = OK };
    assert_int_equal(setting_find(str_c(name))->check(str_c(value), name, &info), E_INPUT);
    assert_string_equal(info.field, name);
    assert_true(strlen(info.zh) > 3 && strlen(info.en) > 3);
}

static void values_are_checked(void **state)
{
    (void)state;
    good("review_no", "苏S(2026)001号");
    good("tiles_crs", "gcj02");
    bad("tiles_crs", "bd09");
    good("tiles_zoom_max", "18");
    bad("tiles_zoom_max", "0");
    bad("tiles_zoom_max", "x");
    good("center", "[120.62,31.32]");
    good("bounds", "[119.9, 30.7, 121.4, 32.1]");
    good("bounds", "[-0.5,-1,0,1]");
    bad("center", "[120.62,31.32,1]");
    bad("center", "[120.62]");
    bad("center", "[120.62,31.32");
    bad("center", "[120.62,NaN]");
    bad("center", "[120.62,1e3]");
    bad("center", "[120.62,031.3]");
    bad("center", "[120.62,-031.3]");
    bad("center", "[120.62,31.]");
    bad("center", "[120.62,.5]");
    bad("bounds", "[119.9,30.7,121.4,]");
    bad("bounds", "[119.9,30.7,121.4,32.1,]");
    bad("bounds", "[119.9,30.7,1210.4,32.1]");
    assert_null(setting_find(STR("demo")));
    assert_null(setting_find(STR("")));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_origin_is_scheme_host_and_port),
        cmocka_unit_test(what_is_no_tile_address_has_none),
        cmocka_unit_test(values_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
