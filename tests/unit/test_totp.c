/* test_totp.c: codes against the published vectors; which step a code is taken for; base32. */
#include "crypto/totp.c"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static const struct str rfc = { "12345678901234567890", 20 };

/* RFC 4226, appendix D. */
static void counted_codes_are_those_of_the_standard(void **state)
{
    static const uint32_t codes[] = { 755224, 287082, 359152, 969429, 338314, 254676, 287922,
        162583, 399871, 520489 };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        assert_int_equal(hotp(rfc, i, 1000000), codes[i]);
}

/* RFC 6238, appendix B, those of SHA-1: eight digits. */
static void codes_by_time_are_those_of_the_standard(void **state)
{
    static const struct { int64_t s; uint32_t code; } told[] = { { 59, 94287082 },
        { 1111111109, 7081804 }, { 1111111111, 14050471 }, { 1234567890, 89005924 },
        { 2000000000, 69279037 }, { INT64_C(20000000000), 65353130 } };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        int64_t step = told[i].s * 1000 / TOTP_STEP_MS;
        assert_int_equal(hotp(rfc, (uint64_t)step, 100000000), told[i].code);
        assert_int_equal(totp_code(rfc, step), told[i].code % 1000000);
    }
}

static struct str code_text(char text[8], int64_t step)
{
    uint32_t code = totp_code(rfc, step);
    for (int i = TOTP_DIGITS - 1; i >= 0; i--, code /= 10)
        text[i] = (char)('0' + code % 10);
    return (struct str){ text, TOTP_DIGITS };
}

static void the_steps_beside_count_and_each_once(void **state)
{
    int64_t now_ms = INT64_C(1772413000000), now = now_ms / TOTP_STEP_MS;
    char text[8];
    (void)state;
    for (int64_t d = -3; d <= 3; d++) {
        bool near = d >= -1 && d <= 1;
        assert_int_equal(totp_step(rfc, code_text(text, now + d), now_ms, -1), near ? now + d : -1);
        assert_int_equal(totp_step(rfc, code_text(text, now + d), now_ms, now + d), -1);
    }
    assert_int_equal(totp_step(rfc, code_text(text, now - 1), now_ms, now), -1);
    assert_int_equal(totp_step(rfc, code_text(text, now + 1), now_ms, now), now + 1);
}

static void what_is_no_code_is_none(void **state)
{
    static const char *const wrong[] = { "", "12345", "1234567", "12345a", "-12345", "１２３４５６" };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_int_equal(totp_step(rfc, str_c(wrong[i]), 59000, -1), -1);
    assert_int_equal(totp_step(rfc, STR("287 082"), 59000, -1), 1);
}

static void a_secret_is_written_and_read(void **state)
{
    struct arena a;
    struct str read;
    (void)state;
    arena_init(&a, 1 << 16);
    assert_true(str_is(totp_text(&a, rfc), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
    assert_true(str_is(totp_text(&a, STR("foobar")), "MZXW6YTBOI"));
    assert_true(totp_secret(&a, STR("gezd gnbv gy3t qojq gezd gnbv gy3t qojq"), &read));
    assert_true(str_eq(read, rfc));
    assert_false(totp_secret(&a, STR("GEZDGNBVGY3TQOJQ"), &read));
    assert_false(totp_secret(&a, STR("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1"), &read));
    assert_true(str_is(totp_uri(&a, STR("枫桥 A"), STR("li.si"), rfc), "otpauth://totp/"
        "%E6%9E%AB%E6%A1%A5%20A:li.si?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        "&issuer=%E6%9E%AB%E6%A1%A5%20A"));
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counted_codes_are_those_of_the_standard),
        cmocka_unit_test(codes_by_time_are_those_of_the_standard),
        cmocka_unit_test(the_steps_beside_count_and_each_once),
        cmocka_unit_test(what_is_no_code_is_none),
        cmocka_unit_test(a_secret_is_written_and_read),
    };
    return cmocka_run_group_tests_name("totp", tests, NULL, NULL);
}
