/* test_address.c: addresses, networks, and whom a proxy may speak for. */
#include "../../src/http/address.c"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct address address(const char *text)
{
    struct address a;
    assert_true(address_parse(str_c(text), &a));
    return a;
}

static bool in(const char *network, const char *text)
{
    struct network n;
    struct address a = address(text);
    assert_true(network_parse(str_c(network), &n));
    return network_has(&n, &a);
}

static void test_networks(void **state)
{
    (void)state;
    struct network n;
    assert_true(in("10.0.0.0/8", "10.255.1.2"));
    assert_false(in("10.0.0.0/8", "11.0.0.0"));
    assert_true(in("192.0.2.128/25", "192.0.2.129"));
    assert_false(in("192.0.2.128/25", "192.0.2.1"));
    assert_true(in("192.0.2.1", "192.0.2.1"));
    assert_true(in("192.0.2.1", "::ffff:192.0.2.1"));
    assert_true(in("2001:db8::/33", "2001:db8:7fff::1"));
    assert_false(in("2001:db8::/33", "2001:db8:8000::1"));
    assert_true(in("0.0.0.0/0", "1.2.3.4"));
    assert_false(in("0.0.0.0/0", "2001:db8::1"));
    static const char *const bad[] = { "", "x", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/",
        "10.0.0/8", "10.0.0.0/8/8" };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(network_parse(str_c(bad[i]), &n));
}

static void assert_client(const char *peer, const char *forwarded, const char *client)
{
    struct network trusted[2];
    struct address want = address(client);
    assert_true(network_parse(STR("127.0.0.1"), &trusted[0]));
    assert_true(network_parse(STR("10.0.0.0/8"), &trusted[1]));
    struct address got = address_client(address(peer), str_c(forwarded), trusted, 2);
    assert_memory_equal(got.b, want.b, sizeof(want.b));
}

static void test_only_trusted_proxies_are_believed(void **state)
{
    (void)state;
    assert_client("192.0.2.9", "1.1.1.1", "192.0.2.9");
    assert_client("127.0.0.1", "1.1.1.1", "1.1.1.1");
    assert_client("127.0.0.1", "6.6.6.6, 1.1.1.1", "1.1.1.1");
    assert_client("127.0.0.1", "6.6.6.6, 1.1.1.1, 10.0.0.7", "1.1.1.1");
    assert_client("127.0.0.1", "10.0.0.8,10.0.0.7", "10.0.0.8");
    assert_client("127.0.0.1", "", "127.0.0.1");
    assert_client("127.0.0.1", "1.1.1.1, unknown", "127.0.0.1");
    assert_client("127.0.0.1", ", ,", "127.0.0.1");
    assert_client("10.1.1.1", "2001:db8::5", "2001:db8::5");
}

static void test_limits_count_ipv6_by_its_network(void **state)
{
    (void)state;
    struct address a = address("2001:db8::1"), b = address("2001:db8::2"),
        c = address("2001:db8:0:1::1"), d = address("192.0.2.1"), e = address("192.0.2.2");
    assert_true(str_eq(address_key(&a), address_key(&b)));
    assert_false(str_eq(address_key(&a), address_key(&c)));
    assert_false(str_eq(address_key(&d), address_key(&e)));
}

static void test_loopback(void **state)
{
    (void)state;
    struct address a = address("127.9.9.9"), b = address("::1"), c = address("128.0.0.1"),
        d = address("::2");
    assert_true(address_is_loopback(&a) && address_is_loopback(&b));
    assert_false(address_is_loopback(&c) || address_is_loopback(&d));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_networks),
        cmocka_unit_test(test_only_trusted_proxies_are_believed),
        cmocka_unit_test(test_limits_count_ipv6_by_its_network),
        cmocka_unit_test(test_loopback),
    };
    return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
