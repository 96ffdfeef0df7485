/* test_mask.c: what is left of names, telephones, numbers, addresses and words: enough to tell two
 * apart, never the whole; and what is not what it should be is hidden. */
#include "access/mask.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct arena a;

#define MASKS(fn, from, to) do { \
        struct str got_ = fn(&a, str_c(from)); \
        if (!str_is(got_, to)) \
            fail_msg("%s(%s) is %.*s, not %s", #fn, from, STR_FMT(got_), to); \
    } while (0)

static void names_keep_their_first_character(void **state)
{
    (void)state;
    MASKS(mask_name, "张三", "张**");
    MASKS(mask_name, "王小明", "王**");
    MASKS(mask_name, "欧阳文静", "欧**");
    MASKS(mask_name, "古丽娜尔·买买提", "古**");
    MASKS(mask_name, "𠮷野", "𠮷**");
    MASKS(mask_name, "  李四 ", "李**");
    MASKS(mask_name, "John Smith", "J**");
    MASKS(mask_name, "", "");
    MASKS(mask_name, "   ", "");
    MASKS(mask_name, "=1+1", "=**");
}

static void telephones_keep_head_and_last_four(void **state)
{
    (void)state;
    MASKS(mask_phone, "13812345678", "138****5678");
    MASKS(mask_phone, "138 1234 5678", "138****5678");
    MASKS(mask_phone, "+86 138-1234-5678", "138****5678");
    MASKS(mask_phone, "8613812345678", "138****5678");
    MASKS(mask_phone, "0086 13812345678", "138****5678");
    MASKS(mask_phone, "１３８１２３４５６７８", "138****5678");
    MASKS(mask_phone, "0512-65231234", "0512-****1234");
    MASKS(mask_phone, "(0512)65231234", "0512-****1234");
    MASKS(mask_phone, "010 62345678", "010-****5678");
    MASKS(mask_phone, "0512-65231234-801", "0512-****1234");
    MASKS(mask_phone, "+86 512 65231234", "****1234");
    MASKS(mask_phone, "65231234", "****1234");
    MASKS(mask_phone, "6523123", "****");
    MASKS(mask_phone, "12345", "****");
    MASKS(mask_phone, "", "");
}

static void what_is_no_telephone_is_hidden(void **state)
{
    (void)state;
    MASKS(mask_phone, "微信 wang138", "****");
    MASKS(mask_phone, "13812345678 王阿姨", "****");
    MASKS(mask_phone, "13812345678;13912345678", "****");
    MASKS(mask_phone, "=HYPERLINK(\"x\")", "****");
    MASKS(mask_phone, "123456789012345678901234567890", "****");
    MASKS(mask_phone, "+-() ", "****");
    MASKS(mask_phone, "0", "****");
    MASKS(mask_phone, "0086", "****");
    MASKS(mask_phone, "86", "****");
}

static void id_numbers_keep_province_city_and_the_last(void **state)
{
    (void)state;
    MASKS(mask_id_number, "320508199001011234", "3205*************4");
    MASKS(mask_id_number, "32050819900101123X", "3205*************X");
    MASKS(mask_id_number, "320508900101123", "3205**********3");
    MASKS(mask_id_number, "3205081990", "****");
    MASKS(mask_id_number, "", "");
}

static void addresses_end_at_the_building(void **state)
{
    (void)state;
    MASKS(mask_address, "玉山路12号3幢502室", "玉山路12号3幢***");
    MASKS(mask_address, "玉山新村8栋", "玉山新村8栋");
    MASKS(mask_address, "三号楼二单元201", "三号楼***");
    MASKS(mask_address, "十全街215号后门", "十全街215号***");
    MASKS(mask_address, "人民路中段王阿姨家门口", "人民路***");
    MASKS(mask_address, "王阿姨家", "***");
    MASKS(mask_address, "Room 502, Building 3", "***");
    MASKS(mask_address, "幢", "***");
    MASKS(mask_address, "", "");
    MASKS(mask_address, "电话13812345678，玉山路", "电话138****5678，玉山路");
    MASKS(mask_address, "32050819900101123x玉山路3号", "3205*************x玉山路3号");
}

static void words_are_left_out(void **state)
{
    (void)state;
    struct str zh = mask_words(&a, STR("王阿姨 13812345678"), LANG_ZH);
    struct str en = mask_words(&a, STR("王阿姨"), LANG_EN);
    assert_true(str_is(zh, "（略去 15 字）"));
    assert_true(str_is(en, "(3 characters left out)"));
    assert_true(str_is(mask_words(&a, STR(""), LANG_ZH), ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_keep_their_first_character),
        cmocka_unit_test(telephones_keep_head_and_last_four),
        cmocka_unit_test(what_is_no_telephone_is_hidden),
        cmocka_unit_test(id_numbers_keep_province_city_and_the_last),
        cmocka_unit_test(addresses_end_at_the_building),
        cmocka_unit_test(words_are_left_out),
    };
    arena_init(&a, 1 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&a);
    return failed;
}
