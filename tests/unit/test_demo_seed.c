/* test_demo_seed.c: the demo city as it stands in the database: complete, loadable, routable. */
#include "demo/seed.c"
#include "catalogue/route.h"
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define DARUXIANG INT64_C(320508018023)

struct fixture { struct db *db; struct catalogue *c; struct arena a; size_t told; };

static void told(void *ctx, size_t done, size_t total)
{
    struct fixture *f = ctx;
    assert_true(done > f->told && done <= total);
    f->told = done;
}

static int setup(void **state)
{
    static struct fixture f;
    static struct node_keys keys;
    struct rand rand = rand_seeded(1);
    struct err_info info = { .e = OK };
    f = (struct fixture){ .told = 0 };
    arena_init(&f.a, 1 << 20);
    assert_int_equal(db_open(":memory:", DB_WRITER, &f.db), OK);
    assert_int_equal(db_migrate(f.db, &info), OK);
    struct demo_seed s = { f.db, &keys, &rand, 1, INT64_C(1790000000000), { told, &f } };
    assert_int_equal(demo_seed(&s, &info), OK);
    assert_int_equal(demo_seed(&s, &info), E_CONFLICT);
    size_t before = mallinfo2().uordblks;
    int64_t from_us = clock_monotonic_us();
    assert_int_equal(catalogue_load(f.db, &f.c, &info), OK);
    print_message("# catalogue_load: %d ms, %d KiB\n", (int)((clock_monotonic_us() - from_us) / 1000),
        (int)((mallinfo2().uordblks - before) / 1024));
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    catalogue_drop(f->c);
    db_close(f->db);
    arena_free(&f->a);
    return 0;
}

static const void *there(const void *p)
{
    assert_non_null(p);
    CHECK(p != NULL);
    return p;
}

/* One of each township and county, one of labour in each county, and those of two home townships. */
static size_t committees(const struct catalogue *c)
{
    const struct division *d = catalogue_divisions(c).p;
    size_t n = 0;
    for (size_t i = 0; i < catalogue_divisions(c).n; i++) {
        bool home = d[i].code / 1000 == 320508018 || d[i].code / 1000 == 320581006;
        n += d[i].level == LEVEL_COUNTY ? 2 : d[i].level == LEVEL_TOWN ? 1
            : d[i].level == LEVEL_COMMUNITY && home;
    }
    return n;
}

static void everything_is_there(void **state)
{
    const struct fixture *f = *state;
    assert_int_equal(catalogue_divisions(f->c).n, 1 + 10 + 118 + 2248);
    assert_int_equal(catalogue_grids(f->c).n, DEMO_GRID_COUNT);
    assert_int_equal(catalogue_units(f->c).n, 1 + 10 + 118 + 2248 + 118 + 42 + 10 * 16
        + committees(f->c));
    assert_true(str_is(catalogue_setting(f->c, "city"), "苏州市"));
}

static void every_grid_has_a_worker_and_is_located(void **state)
{
    const struct fixture *f = *state;
    const struct grid *grids = catalogue_grids(f->c).p;
    for (size_t i = 0; i < catalogue_grids(f->c).n; i++) {
        struct place p;
        assert_true(grids[i].worker_name.n > 0);
        assert_true(str_starts(grids[i].worker_phone, STR("1990000")));
        assert_true(catalogue_locate(f->c, grids[i].lon, grids[i].lat, &p));
        assert_int_equal(p.grid, grids[i].code);
        assert_true(p.police_grid != 0);
    }
}

/* Every kind of matter, of every tier, finds an owner and a limit at every community. */
static void every_matter_finds_an_owner(void **state)
{
    const struct fixture *f = *state;
    const struct category *cats = catalogue_categories(f->c).p;
    const struct division *divs = catalogue_divisions(f->c).p;
    for (size_t d = 0; d < catalogue_divisions(f->c).n; d += 7) {
        struct place p = { .area = divs[d].code / 1000000 };
        if (divs[d].level >= LEVEL_TOWN)
            p.town = divs[d].code / 1000 * 1000;
        if (divs[d].level >= LEVEL_COMMUNITY)
            p.community = divs[d].code;
        for (size_t i = 0; i < catalogue_categories(f->c).n; i++) {
            struct route_choice r = catalogue_route(f->c, catalogue_rules(f->c),
                &(struct route_facts){ .category = cats[i].code, .tier = cats[i].tier,
                    .origin = STR("web"), .place = p }, NULL);
            const struct unit *u = there(r.unit);
            assert_true(r.rule->why_en.n > 0);
            assert_true(u->level <= divs[d].level);
        }
    }
}

static void route_is(const struct catalogue *c, const char *text, const char *category,
    const char *unit)
{
    const struct category *got[1] = { NULL };
    struct place p;
    assert_true(catalogue_place_of_grid(c, DARUXIANG * 1000 + 1, &p));
    size_t n = catalogue_suggest(c, str_c(text), got, 1);
    if (n == 0 || !str_is(got[0]->code, category))
        print_message("%s -> %.*s\n", text, n ? (int)got[0]->name.n : 0, n ? got[0]->name.p : "");
    assert_int_equal(n, 1);
    assert_true(str_is(got[0]->code, category));
    struct route_choice r = catalogue_route(c, catalogue_rules(c),
        &(struct route_facts){ .category = got[0]->code, .tier = got[0]->tier,
            .origin = STR("web"), .place = p }, NULL);
    const struct unit *u = there(r.unit);
    if (!str_is(u->code, unit))
        print_message("%s -> %.*s\n", text, STR_FMT(u->code));
    assert_true(str_is(u->code, unit));
}

static void what_residents_write_goes_where_it_should(void **state)
{
    const struct fixture *f = *state;
    static const char *const stories[][3] = {
        { "3幢楼道里堆满了纸箱，消防通道走不过去", "0101", "320508018023" },
        { "楼下有人拉飞线给电瓶车充电", "0102", "320508018023" },
        { "厨房闻到很重的煤气味", "0103", "320508000000" },
        { "弄堂口的路灯坏了一个礼拜了，晚上黑漆漆", "0402", "320508-order" },
        { "井盖没了，小孩差点掉进去", "0403", "320508-transport" },
        { "垃圾桶满出来了，臭死了没人收", "0301", "320508018023" },
        { "对面群租房，打隔断住了很多人", "0201", "320508018000" },
        { "楼顶又在搭彩钢板，私搭乱建", "0202", "320508018000" },
        { "楼上漏水漏到我家，邻居不肯修", "0801", "320508018000" },
        { "包工头拖欠工资三个月不发工资", "0803", "320508-labour" },
        { "我妈被骗了，刷单转账五万", "0901", "320508018-police" },
        { "隔壁酒吧半夜唱歌吵得睡不着", "0602", "320508018-police" },
        { "健身房跑路了预付卡不退钱", "0702", "320508-market" },
        { "饭店后厨脏，吃坏肚子了", "0701", "320508-market" },
        { "河水发黑，有死鱼漂浮物", "0503", "320508-water" },
        { "外墙瓷砖脱落，差点砸到人", "0203", "320508000000" },
        { "走失老人，奶奶找不到了，迷路", "0904", "320508018-police" },
        { "希望小区加装电梯，提个建议", "1001", "320508018000" },
        { "The street lamps are out, it is dark", "0402", "320508-order" },
        { "Someone is charging an e-bike battery in the hall", "0102", "320508018023" },
        { "停电了，变压器冒火花", "0104", "320500-power" },
    };
    for (size_t i = 0; i < COUNT_OF(stories); i++)
        route_is(f->c, stories[i][0], stories[i][1], stories[i][2]);
}

static void names_read_well(void **state)
{
    struct fixture *f = *state;
    struct place p;
    const struct unit *u = there(unit_find(f->c, DARUXIANG));
    assert_true(catalogue_place_of_grid(f->c, DARUXIANG * 1000 + 1, &p));
    assert_true(str_is(catalogue_place_name(f->c, &f->a, &p), "姑苏区 平江街道 大儒巷社区第1网格"));
    assert_true(str_is(u->name_en, "Daruxiang Community Committee"));
    u = there(unit_find(f->c, demo_department_id(320508000000, 6)));
    assert_true(str_is(u->name, "姑苏区城市管理局"));
    catalogue_place_of_text(f->c, STR("姑苏区平江街道大儒巷社区12号"), &p);
    assert_int_equal(p.community, DARUXIANG);
    catalogue_place_of_text(f->c, STR("常熟东南街道湖畔社区"), &p);
    assert_int_equal(p.community, 320581006001);
    catalogue_place_of_text(f->c, STR("甪直镇上"), &p);
    assert_int_equal(p.town, 320506100000);
}

/* Printed, not judged: machines differ. */
static void how_fast(void **state)
{
    const struct fixture *f = *state;
    const struct category *got[3];
    struct buf b = buf_in(&((struct fixture *)*state)->a, 16384);
    while (str_chars(buf_str(&b)) < 1990)
        buf_add(&b, STR("昨天晚上下雨以后小区门口积水，路灯也不亮，"));
    int64_t from_us = clock_monotonic_us();
    for (int i = 0; i < 1000; i++)
        assert_true(catalogue_suggest(f->c, buf_str(&b), got, 3) > 0);
    print_message("# catalogue_suggest, 2000 characters: %d ns\n",
        (int)(clock_monotonic_us() - from_us));
    struct place p;
    from_us = clock_monotonic_us();
    for (int i = 0; i < 100000; i++)
        (void)catalogue_locate(f->c, 120.6 + i % 100 * 0.001, 31.3 + i / 1000 * 0.001, &p);
    print_message("# catalogue_locate: %d ns\n",
        (int)((clock_monotonic_us() - from_us) / 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_there),
        cmocka_unit_test(every_grid_has_a_worker_and_is_located),
        cmocka_unit_test(every_matter_finds_an_owner),
        cmocka_unit_test(what_residents_write_goes_where_it_should),
        cmocka_unit_test(names_read_well),
        cmocka_unit_test(how_fast),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
