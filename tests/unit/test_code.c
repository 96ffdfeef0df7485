/* test_code.c: codes that people copy by hand: every slip the check character promises to notice is
 * tried on samples, exhaustively. */
#include "../../src/crypto/code.c"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { SAMPLES = 40 };

static struct node_keys test_keys(void)
{
    struct node_keys k;
    keys_derive(1, "demo.example/su", &k);
    return k;
}

static struct code sample(const struct node_keys *k, int i)
{
    return code_make(k, (uint32_t)(i * 24989) % (CODE_AREA_MAX + 1), i * 1000003, i % 3);
}

static enum code_fault parse_c(const char *text)
{
    struct code c;
    return code_parse(str_c(text), &c);
}

static void test_code_says_its_area_and_is_stable(void **state)
{
    (void)state;
    struct node_keys k = test_keys(), other;
    keys_derive(2, "demo.example/su", &other);
    static const uint32_t areas[] = { 0, 1, 110101, 320508, 999999 };
    for (size_t i = 0; i < COUNT_OF(areas); i++) {
        struct code c = code_make(&k, areas[i], 7, 1), again = code_make(&k, areas[i], 7, 1), back;
        assert_string_equal(c.text, again.text);
        assert_int_equal(code_open(&k, &c).area, areas[i]);
        assert_int_equal(code_parse(str_c(c.text), &back), CODE_OK);
        assert_string_equal(back.text, c.text);
        struct code foreign = code_make(&other, areas[i], 7, 1);
        struct code second = code_make(&k, areas[i], 7, 2), next = code_make(&k, areas[i], 8, 1);
        assert_string_not_equal(c.text, foreign.text);
        assert_string_not_equal(c.text, second.text);
        assert_string_not_equal(c.text, next.text);
    }
}

/* Codes on paper outlive programs: these were worked out from code.h alone. */
static void test_known_answers(void **state)
{
    (void)state;
    struct node_keys k = test_keys();
    struct code c = code_make(&k, 320508, 7, 1);
    assert_string_equal(c.text, "9RZWVW8X2H5WJBHBAN");
    c = code_make(&k, 320508, CODE_MATTER_MAX, CODE_REPORTER_MAX);
    assert_string_equal(c.text, "9RZWPKVK82X9A43SS1");
    assert_string_equal(code_number_make(&k, 320508, 7).text, "320508-JWC5-1TDC");
}

static void test_shown_in_three_groups(void **state)
{
    (void)state;
    struct node_keys k = test_keys();
    struct code c = code_make(&k, 320508, 7, 1), back;
    struct code_shown s = code_show(&c);
    assert_int_equal(strlen(s.text), CODE_SHOWN_CHARS);
    assert_int_equal(s.text[6], '-');
    assert_int_equal(s.text[13], '-');
    assert_int_equal(code_parse(str_c(s.text), &back), CODE_OK);
    assert_string_equal(back.text, c.text);
}

static void test_every_wrong_character_is_noticed(void **state)
{
    (void)state;
    struct node_keys k = test_keys();
    for (int s = 0; s < SAMPLES; s++) {
        struct code c = sample(&k, s);
        for (size_t i = 0; i < CODE_CHARS; i++) {
            for (const char *p = symbols; *p; p++) {
                struct code bad = c;
                bad.text[i] = *p;
                assert_int_equal(parse_c(bad.text), *p == c.text[i] ? CODE_OK : CODE_CHECK);
            }
        }
    }
}

static void test_every_exchange_is_noticed(void **state)
{
    (void)state;
    struct node_keys k = test_keys();
    for (int s = 0; s < SAMPLES; s++) {
        struct code c = sample(&k, s);
        for (size_t i = 0; i < CODE_CHARS; i++) {
            for (size_t j = i + 1; j < CODE_CHARS; j++) {
                struct code bad = c;
                bad.text[i] = c.text[j];
                bad.text[j] = c.text[i];
                assert_int_equal(parse_c(bad.text),
                                 c.text[i] == c.text[j] ? CODE_OK : CODE_CHECK);
            }
        }
    }
}

static void test_every_wrong_doubling_is_noticed(void **state)
{
    (void)state;
    struct node_keys k = test_keys();
    size_t tried = 0;
    for (int s = 0; s < 20 * SAMPLES; s++) {
        struct code c = sample(&k, s);
        for (size_t i = 0; i + 1 < CODE_CHARS; i++) {
            if (c.text[i] != c.text[i + 1])
                continue;
            for (const char *p = symbols; *p; p++) {
                struct code bad = c;
                bad.text[i] = bad.text[i + 1] = *p;
                assert_int_equal(parse_c(bad.text), *p == c.text[i] ? CODE_OK : CODE_CHECK);
                tried++;
            }
        }
    }
    assert_true(tried > 1000);
}

/* A guess passes the check character once in 32 times; the secret is the other 65 bits. */
static void test_secret_is_spread_over_all_characters(void **state)
{
    (void)state;
    struct node_keys k = test_keys();
    bool seen[CODE_CHARS][32] = { { false } };
    for (int s = 0; s < 2000; s++) {
        struct code c = code_make(&k, 320508, s, 1);
        for (size_t i = AREA_CHARS; i < CODE_CHARS; i++)
            seen[i][symbol_value((unsigned char)c.text[i])] = true;
    }
    for (size_t i = AREA_CHARS; i < CODE_CHARS; i++)
        for (size_t v = 0; v < 32; v++)
            assert_true(seen[i][v]);
}

static void test_tolerant_reading(void **state)
{
    (void)state;
    struct node_keys k = test_keys();
    struct code c, back;
    int found = 0;
    for (int s = 0; s < 400; s++) {     /* a code with 0 and 1 in it */
        c = code_make(&k, 320508, s, 1);
        if (!strchr(c.text, '0') || !strchr(c.text, '1'))
            continue;
        found++;
        struct arena a;
        arena_init(&a, 1 << 16);
        struct buf odd = buf_in(&a, 400), wide = buf_in(&a, 400);
        for (size_t i = 0; i < CODE_CHARS; i++) {
            char ch = c.text[i];
            if (i % 3 == 0)
                buf_add(&odd, i % 2 ? STR(" \t\u00a0") : STR("\u3000-\u2014\uff0d"));
            buf_byte(&odd, ch == '0' ? 'o' : ch == '1' ? "iIlL"[i % 4]
                : ch >= 'A' ? (char)(ch - 'A' + 'a') : ch);
            uint32_t w = (uint32_t)(unsigned char)ch + 0xFEE0;
            buf_byte(&wide, (char)(0xE0 | w >> 12));
            buf_byte(&wide, (char)(0x80 | (w >> 6 & 63)));
            buf_byte(&wide, (char)(0x80 | (w & 63)));
        }
        buf_byte(&odd, '\n');
        assert_int_equal(code_parse(buf_str(&odd), &back), CODE_OK);
        assert_string_equal(back.text, c.text);
        assert_int_equal(code_parse(buf_str(&wide), &back), CODE_OK);
        assert_string_equal(back.text, c.text);
        arena_free(&a);
    }
    assert_true(found > 5);
}

static void test_faults_are_told_apart(void **state)
{
    (void)state;
    struct node_keys k = test_keys();
    struct code c = code_make(&k, 320508, 7, 1);
    assert_int_equal(parse_c(""), CODE_LENGTH);
    assert_int_equal(parse_c("   "), CODE_LENGTH);
    c.text[17] = '\0';
    assert_int_equal(parse_c(c.text), CODE_LENGTH);
    c = code_make(&k, 320508, 7, 1);
    struct arena a;
    arena_init(&a, 1 << 16);
    assert_int_equal(code_parse(arena_fmt(&a, "%s0", c.text), &c), CODE_LENGTH);
    c.text[5] = 'U';
    assert_int_equal(parse_c(c.text), CODE_CHARACTER);
    assert_int_equal(parse_c("编号"), CODE_CHARACTER);
    assert_int_equal(code_parse(STR("\xff\xfe"), &c), CODE_CHARACTER);
    assert_int_equal(code_parse(STR("ABC\0DEF"), &c), CODE_CHARACTER);
    /* A well-formed code of an area that cannot be: 1000000. */
    unsigned char v[CODE_CHARS] = { 30, 16, 18, 0 };
    v[DATA_CHARS] = (unsigned char)check_value(v);
    char text[CODE_CHARS + 1] = "";
    for (int i = 0; i < CODE_CHARS; i++)
        text[i] = symbols[v[i]];
    assert_int_equal(area_from_values(v), 1000000);
    assert_int_equal(parse_c(text), CODE_CHECK);
    for (enum code_fault f = CODE_LENGTH; f <= CODE_CHECK; f++)
        assert_true(strlen(code_fault_text(f).zh) > 0 && strlen(code_fault_text(f).en) > 0);
    assert_string_equal(code_fault_text(CODE_OK).zh, "");
    arena_free(&a);
}

static void test_only_the_key_opens_a_code(void **state)
{
    (void)state;
    struct node_keys k = test_keys(), other;
    keys_derive(2, "demo.example/su", &other);
    static const int64_t ids[] = { 0, 1, 31, 32, 1048575, 1048576, 987654321, CODE_MATTER_MAX };
    static const int64_t numbers[] = { 0, 1, 7, CODE_REPORTER_MAX };
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        for (size_t n = 0; n < COUNT_OF(numbers); n++) {
            struct code c = code_make(&k, 320508, ids[i], numbers[n]);
            struct code_opens o = code_open(&k, &c), wrong = code_open(&other, &c);
            assert_int_equal(o.area, 320508);
            assert_int_equal(o.matter_id, ids[i]);
            assert_int_equal(o.reporter_no, numbers[n]);
            assert_true(wrong.matter_id != ids[i] || wrong.reporter_no != numbers[n]);
        }
    }
}

/* Neighbours in time are no neighbours on paper: half of all bits differ. */
static void test_codes_do_not_resemble_each_other(void **state)
{
    (void)state;
    struct node_keys k = test_keys();
    size_t same = 0, tried = 0;
    for (int64_t id = 0; id < 2000; id++) {
        struct code a = code_make(&k, 320508, id, 1), b = code_make(&k, 320508, id + 1, 1);
        struct code_number x = code_number_make(&k, 320508, id);
        struct code_number y = code_number_make(&k, 320508, id + 1);
        for (size_t i = AREA_CHARS; i < DATA_CHARS; i++, tried++)
            same += a.text[i] == b.text[i];
        for (size_t i = 7; i < CODE_NUMBER_CHARS; i++, tried++)
            same += x.text[i] == y.text[i] && x.text[i] != '-';
    }
    assert_in_range(same, tried / 42, tried / 26);      /* one in 32, as by chance */
}

static void test_matter_numbers(void **state)
{
    (void)state;
    struct node_keys k = test_keys();
    struct code_number back;
    for (int i = 0; i < 200; i++) {
        int64_t id = i < 100 ? i : CODE_MATTER_MAX - i;
        struct code_number n = code_number_make(&k, (uint32_t)i * 5000, id);
        assert_int_equal(strlen(n.text), CODE_NUMBER_CHARS);
        assert_int_equal(code_number_parse(str_c(n.text), &back), CODE_OK);
        assert_string_equal(back.text, n.text);
        assert_int_equal(code_number_open(&k, &back).area, i * 5000);
        assert_int_equal(code_number_open(&k, &back).matter_id, id);
    }
    assert_int_equal(code_number_parse(STR("320508-k7m2-qx4t"), &back), CODE_OK);
    assert_string_equal(back.text, "320508-K7M2-QX4T");
    assert_int_equal(code_number_parse(STR(" 32o5 08k7m2 qx4t "), &back), CODE_OK);
    assert_string_equal(back.text, "320508-K7M2-QX4T");
    assert_int_equal(code_number_parse(STR("32050A-K7M2-QX4T"), &back), CODE_CHARACTER);
    assert_int_equal(code_number_parse(STR("320508-K7M2-QX4U"), &back), CODE_CHARACTER);
    assert_int_equal(code_number_parse(STR("320508-K7M2-QX4"), &back), CODE_LENGTH);
    assert_int_equal(code_number_parse(STR("320508-K7M2-QX4TT"), &back), CODE_LENGTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_code_says_its_area_and_is_stable),
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_shown_in_three_groups),
        cmocka_unit_test(test_every_wrong_character_is_noticed),
        cmocka_unit_test(test_every_exchange_is_noticed),
        cmocka_unit_test(test_every_wrong_doubling_is_noticed),
        cmocka_unit_test(test_secret_is_spread_over_all_characters),
        cmocka_unit_test(test_tolerant_reading),
        cmocka_unit_test(test_faults_are_told_apart),
        cmocka_unit_test(test_only_the_key_opens_a_code),
        cmocka_unit_test(test_codes_do_not_resemble_each_other),
        cmocka_unit_test(test_matter_numbers),
    };
    return cmocka_run_group_tests_name("code", tests, NULL, NULL);
}
