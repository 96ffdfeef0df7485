/* test_form.c: templates are read with every fault at its line, and filled. */
#include "paper/fill.h"
#include "print/flow.c"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct arena a;
#define HEAD "document paper\nname 试\n"

static struct str filled(const char *text, const struct facts *facts)
{
    struct faults f = faults_in(&a);
    struct paper_form t = form_read(&a, STR("t"), str_c(text), &f);
    struct buf b = buf_in(&a, 1 << 16);
    assert_int_equal(f.total, 0);
    form_fill(&a, &t, facts, STR_NONE, &b);
    return buf_str(&b);
}

static void faults_have_lines(void **state)
{
    static const struct { const char *text; size_t line; } bad[] = {
        { HEAD "p {nothing}\n", 3 }, { HEAD "\n# x\ntable 1 1\nrow {text}\nend\n", 6 },
        { HEAD "each parties\np {name}\n", 3 }, { HEAD "end\n", 3 }, { HEAD "p {name\n", 3 },
        { HEAD "row a\n", 3 }, { HEAD "table x\nend\n", 3 }, { HEAD "paragraph a\n", 3 },
        { HEAD "p {parties}\n", 3 }, { HEAD "p {across}\n", 3 }, { HEAD "each amount\nend\n", 3 },
        { HEAD "p a\nfill 30\n", 4 }, { HEAD "gap many\n", 3 }, { "p a\n", 1 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct faults f = faults_in(&a);
        (void)form_read(&a, STR("t"), str_c(bad[i].text), &f);
        assert_true(f.total > 0);
        assert_int_equal(f.at[0].line, bad[i].line);
    }
}

static void facts_are_filled_in(void **state)
{
    struct facts *f = facts_make(&a), *party;
    (void)state;
    facts_text(f, "summary", STR("一\n二"));
    facts_text(f, "result", STR("agreed"));
    party = facts_item(f, "parties");
    facts_text(party, "name", STR("甪昇\t喆"));
    struct str got = filled(HEAD "p {summary}\np {box result=agreed}{box result=failed}{{\n"
        "table 1 2\neach parties\nrow {name} | {result}\nend\nend\nif amount\np 有\nend\n"
        "unless amount\np 无\nend\np {copies}份\np {outcome}\n", f);
    assert_true(str_is(got, "doc\tpaper\t试\t\np\t一\np\t二\np\t■□{\ntable\t1 2\n"
        "row\t甪昇 喆\tagreed\nend\np\t无\np\t＿＿份\nfill\t4\n"));
}

static void blank_forms_have_room(void **state)
{
    (void)state;
    assert_true(str_is(filled(HEAD "p {box result=agreed}\ntable 1\neach requests\nrow {text}\nend\n"
        "end\n", NULL), "doc\tpaper\t试\t\np\t□\ntable\t1\nrow\t\nrow\t\nrow\t\nend\n"));
}

static void pages_break_between_what_may_part(void **state)
{
    const struct strip s[] = { { 4, true }, { 4 }, { 2, true }, { 3, true }, { 3 },
        { 1, .gap = true }, { 5, .page = true }, { 20 } };
    (void)state;
    assert_int_equal(flow_page(s, 8, 0, 10), 2);    /* 2, 3 and 4 stay together */
    assert_int_equal(flow_page(s, 8, 2, 10), 6);    /* a new page is asked for */
    assert_int_equal(flow_page(s, 8, 6, 10), 7);
    assert_int_equal(flow_page(s, 8, 7, 10), 8);    /* higher than a page: goes on all the same */
    assert_int_equal(flow_skip(s, 8, 5), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_have_lines), cmocka_unit_test(facts_are_filled_in),
        cmocka_unit_test(blank_forms_have_room),
        cmocka_unit_test(pages_break_between_what_may_part),
    };
    arena_init(&a, 64 << 20);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
