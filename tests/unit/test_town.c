/* test_town.c: cells as people write them become what import takes, and what cannot be read is told
 * with its row, not guessed. */
#include "town/mend.c"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static struct arena arena;
static struct faults faults;
static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 24);
    return 0;
}
static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static const struct town_column *column(enum town_sheet sheet, const char *field)
{
    for (size_t i = 0; i < town_forms[sheet].n; i++)
        if (strcmp(town_forms[sheet].columns[i].field, field) == 0)
            return &town_forms[sheet].columns[i];
    fail_msg("no column %s", field);
    return NULL;
}

static void is(const struct town_column *c, const char *said, bool number, const char *wanted)
{
    faults = faults_in(&arena);
    struct str v = town_mend(&arena, c, str_c(said), number, 7, &faults);
    if (!str_is(v, wanted) || faults.total)
        fail_msg("\"%s\" became \"%.*s\", not \"%s\" (%zu faults)", said, STR_FMT(v), wanted,
            faults.total);
}

static void refused(const struct town_column *c, const char *said, bool number, const char *why)
{
    faults = faults_in(&arena);
    (void)town_mend(&arena, c, str_c(said), number, 7, &faults);
    assert_int_equal(faults.total, 1);
    assert_int_equal(faults.at[0].line, 7);
    assert_string_equal(faults.at[0].field, c->field);
    assert_non_null(strstr(faults.at[0].en, why));
}

static void test_days_in_all_shapes(void **state)
{
    const struct town_column *c = column(SHEET_CALENDAR, "date");
    static const char *const shapes[] = { "2026-10-1", "2026/10/01", "20261001", "2026年10月1日",
        "2026.10.1", "２０２６-１０-０１", " 2026-10-01 " };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(shapes); i++)
        is(c, shapes[i], false, "2026-10-01");
    is(c, "46296", true, "2026-10-01");
    is(c, "46296.75", true, "2026-10-01");
    refused(c, "46296", false, "no day");
    refused(c, "2026-02-30", false, "no day");
    refused(c, "国庆节", false, "no day");
    refused(c, "2026-10", false, "no day");
}

static void test_codes_and_telephones(void **state)
{
    const struct town_column *c = column(SHEET_GRID, "code"), *phone = column(SHEET_PERSON, "phone");
    (void)state;
    is(c, "３２０５ ０８０１ ８００１ ００１", false, "320508018001001");
    is(c, "320508018001001", true, "320508018001001");
    is(c, "3.2050801800100101E+14", true, "320508018001001");
    refused(c, "3.20508018001E14", true, "lost its last digits");
    refused(c, "32050801800100101", true, "lost its last digits");
    is(phone, "13800000001", true, "13800000001");
    is(phone, "0512-6500 0000", false, "0512-65000000");
}

static void test_words_of_theirs(void **state)
{
    const struct town_column *role = column(SHEET_PERSON, "role"), *tier = column(SHEET_LIMIT, "tier");
    const struct town_column *desk = column(SHEET_UNIT, "desk");
    const struct town_column *functions = column(SHEET_UNIT, "functions");
    (void)state;
    is(role, "网格员", false, "grid_worker");
    is(role, "Grid worker", false, "grid_worker");
    is(role, "grid_worker", false, "grid_worker");
    refused(role, "网格小组长", false, "Grid lead");
    refused(column(SHEET_PERSON, "name"), "\u202e三张", false, "turn the direction");
    is(tier, "2", true, "2");
    is(tier, "重大", false, "3");
    is(desk, "√", false, "true");
    is(desk, "否", false, "false");
    refused(desk, "大概", false, "neither yes nor no");
    is(functions, "消防、城管，市场监管 drones", false, "fire order market drones");
    refused(functions, "消防、飞行", false, "not known");
    is(column(SHEET_RULE, "function"), "owner", false, "owner");
    is(column(SHEET_PERSON, "username"), "Ｌi.Si ", false, "li.si");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days_in_all_shapes), cmocka_unit_test(test_codes_and_telephones),
        cmocka_unit_test(test_words_of_theirs),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
