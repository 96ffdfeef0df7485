/* test_route.c: rules by every column, whom they avoid, and that there is always an owner, whatever
 * the rules are. */
#include "catalogue/edition.h"
#include "town_life.h"

#define HEAD "code,category,tier_min,origin,area,time,place,level,function,max_level,avoid,why," \
    "why_en,basis\n"

static int open_town(void **state)
{
    struct town *t = heap_alloc(sizeof(*t));
    town_open(t, 11, NULL);
    *state = t;
    return 0;
}

static int close_town(void **state)
{
    struct town *t = *state;
    town_close(t);
    heap_free(t);
    return 0;
}

static struct list rules_of(struct town *t, const char *csv)
{
    struct err_info info = { .e = OK };
    struct list rules;
    enum err e = record_from_csv(&t->a, &rule_record, str_c(csv), &rules, &info);
    if (e != OK)
        print_message("%s: %s\n", info.field, info.en);
    assert_int_equal(e, OK);
    return rules;
}

static struct route_facts facts_at(struct town *t, int64_t grid)
{
    struct route_facts f = { .category = STR("99"), .origin = STR("resident"), .tier = 1,
        .at_ms = t->now_ms };
    assert_true(catalogue_place_of_grid(t->cat, grid, &f.place));
    return f;
}

static void goes_to(struct town *t, struct list rules, const struct route_facts *f,
    const char *rule, int64_t unit)
{
    struct route_trace trace;
    struct route_choice r = catalogue_route(t->cat, rules, f, &trace);
    assert_true(str_is(r.rule->code, rule));
    assert_non_null(r.unit);
    if (r.unit)
        assert_int_equal(r.unit->id, unit);
    assert_true(trace.n_tried > 0);
}

static void a_rule_may_be_for_one_area(void **state)
{
    struct town *t = *state;
    struct list rules = rules_of(t, HEAD
        "east,,0,,320508001,,,town,desk,,,东,east,\n"
        "west-1,,0,,320508002001,,,county,lamps,,,西,west,\n"
        "all,,0,,,,,county,desk,,,全,all,\n");
    struct route_facts f = facts_at(t, COMMUNITY_A2 * 1000 + 1);
    goes_to(t, rules, &f, "east", UNIT_TOWN_A);
    f = facts_at(t, COMMUNITY_B1 * 1000 + 1);
    goes_to(t, rules, &f, "west-1", UNIT_LAMPS);
    f = facts_at(t, COMMUNITY_B2 * 1000 + 1);
    goes_to(t, rules, &f, "all", UNIT_COUNTY);
    f.place = (struct place){ .area = AREA_CITY };
    goes_to(t, rules, &f, "all", UNIT_CITY);
}

static void a_rule_may_be_for_some_times(void **state)
{
    struct town *t = *state;
    struct list rules = rules_of(t, HEAD
        "night,01,0,,,night,,town,station,,,夜,night,\n"
        "free,,0,,,free,,city,desk,,,假,free,\n"
        "off,,0,,,off,,county,desk,,,下班,off,\n"
        "work,,0,,,work,,community,desk,,,上班,work,\n");
    struct route_facts f = facts_at(t, COMMUNITY_A1 * 1000 + 1);
    goes_to(t, rules, &f, "work", UNIT_A1);
    f.at_ms = clock_from_civil(2026, 3, 2, 12, 30, 0);
    goes_to(t, rules, &f, "off", UNIT_COUNTY);
    f.at_ms = clock_from_civil(2026, 3, 2, 22, 0, 0);
    goes_to(t, rules, &f, "off", UNIT_COUNTY);
    f.category = STR("0101");
    goes_to(t, rules, &f, "night", UNIT_POLICE);
    f.at_ms = clock_from_civil(2026, 3, 2, 21, 59, 59);
    goes_to(t, rules, &f, "off", UNIT_COUNTY);
    f.at_ms = clock_from_civil(2026, 5, 1, 10, 0, 0);       /* a holiday */
    goes_to(t, rules, &f, "free", UNIT_CITY);
    f.at_ms = clock_from_civil(2026, 5, 9, 10, 0, 0);       /* a Saturday that is worked */
    goes_to(t, rules, &f, "work", UNIT_A1);
}

static void a_rule_may_be_for_kinds_of_place(void **state)
{
    struct town *t = *state;
    struct list rules = rules_of(t, HEAD
        "special,,0,,,,dedicated,county,desk,,,专属,special,\n"
        "usual,,0,,,,base,community,desk,,,基础,usual,\n"
        "rest,,0,,,,,town,desk,,,其余,rest,\n");
    struct route_facts f = facts_at(t, COMMUNITY_A1 * 1000 + 1);
    goes_to(t, rules, &f, "usual", UNIT_A1);
    f.place.grid = 0;
    goes_to(t, rules, &f, "rest", UNIT_TOWN_A);
}

static void whom_it_is_about_does_not_get_it(void **state)
{
    struct town *t = *state;
    struct list rules = rules_of(t, HEAD
        "named,06,0,,,,,town,desk,,named,举报,conduct,\n"
        "code,07,0,,,,,county,lamps,,lamps county,回避,avoid,\n"
        "all,,0,,,,,community,desk,,,全,all,\n");
    struct route_facts f = facts_at(t, COMMUNITY_A1 * 1000 + 1);
    f.category = STR("06");
    f.text = STR("东一社区的路灯");
    goes_to(t, rules, &f, "named", UNIT_TOWN_A);
    f.text = STR("桥东街道综治中心不接电话");
    goes_to(t, rules, &f, "named", UNIT_COUNTY);
    f.text = STR("枫江区综治中心不接电话");
    struct route_choice r = catalogue_route(t->cat, rules, &f, NULL);
    assert_int_equal(r.about, UNIT_COUNTY);
    assert_int_equal(r.unit->id, UNIT_TOWN_A);
    f.text = STR("路灯所的人态度不好");
    r = catalogue_route(t->cat, rules, &f, NULL);
    assert_int_equal(r.about, UNIT_LAMPS);
    f.category = STR("07");
    f.text = STR_NONE;
    goes_to(t, rules, &f, "code", UNIT_CITY);
    f.category = STR("99");
    f.text = STR("桥东街道综治中心门口");
    goes_to(t, rules, &f, "all", UNIT_A1);
}

/* The top has nobody above it: it stays there rather than with nobody. */
static void about_the_top_it_stays_at_the_top(void **state)
{
    struct town *t = *state;
    struct list rules = rules_of(t, HEAD "city,,0,,,,,city,desk,,named,市,city,\n");
    struct route_facts f = facts_at(t, COMMUNITY_A1 * 1000 + 1);
    f.text = STR("市综治中心");
    goes_to(t, rules, &f, "city", UNIT_CITY);
}

static const char *one_of(struct rand *r, const char *const *words, size_t n)
{
    return words[rand_below(r, n)];
}
#define ONE_OF(r, ...) \
    one_of(r, (const char *const[]){ __VA_ARGS__ }, \
        COUNT_OF(((const char *const[]){ __VA_ARGS__ })))

static struct list any_rules(struct town *t, struct rand *r)
{
    struct buf b = buf_in(&t->a, 1 << 16);
    buf_add(&b, STR(HEAD));
    for (uint64_t i = 0, n = rand_below(r, 12); i < n; i++)
        buf_fmt(&b, "r%llu,%s,%llu,%s,%s,%s,%s,%s,%s,%s,%s,为,why,\n", (unsigned long long)i,
            ONE_OF(r, "", "0", "01", "02", "06", "99"), (unsigned long long)rand_below(r, 5),
            ONE_OF(r, "", "", "patrol", "resident"),
            ONE_OF(r, "", "", "320508", "320508001", "3205080020", "11"),
            ONE_OF(r, "", "", "work", "off", "night", "workday", "free"),
            ONE_OF(r, "", "", "base", "dedicated", "school"),
            ONE_OF(r, "community", "town", "county", "city"),
            ONE_OF(r, "desk", "owner", "station", "lamps", "nothing"),
            ONE_OF(r, "", "city", "county", "town", "community"),
            ONE_OF(r, "", "", "named", "county", "named a1 town-a county city"));
    buf_byte(&b, '\0');
    return rules_of(t, b.p);
}

static struct route_facts any_facts(struct town *t, struct rand *r)
{
    static const int64_t communities[] =
        { COMMUNITY_A1, COMMUNITY_A2, COMMUNITY_B1, COMMUNITY_B2 };
    int64_t grid = communities[rand_below(r, 4)] * 1000 + 1;
    struct route_facts f = facts_at(t, grid);
    f.category = str_c(ONE_OF(r, "01", "0101", "02", "03", "06", "99", "nonsense"));
    f.origin = str_c(ONE_OF(r, "resident", "patrol", "phone", "split"));
    f.text = str_c(ONE_OF(r, "", "桥东街道综治中心和枫江区综治中心", "市综治中心", "东一社区居委会"));
    f.tier = 1 + (int64_t)rand_below(r, 4);
    f.at_ms += (int64_t)rand_below(r, 400) * 3600000 * 7;
    if (rand_below(r, 4) == 0)
        f.place.grid = f.place.police_grid = 0;
    if (rand_below(r, 6) == 0)
        f.place.community = 0;
    if (rand_below(r, 8) == 0)
        f.place = (struct place){ .area = rand_below(r, 2) ? AREA : AREA_CITY };
    return f;
}

/* What must hold of every choice: somebody has it; if there is anybody above, not whom it is about;
 * and the rule is the first of those that fit. */
static void every_matter_has_an_owner_whatever_the_rules(void **state)
{
    struct town *t = *state;
    struct rand r = rand_seeded(2026);
    for (int set = 0; set < 400; set++) {
        struct list rules = any_rules(t, &r);
        const struct rule *rule = rules.p;
        for (int i = 0; i < 50; i++) {
            struct route_facts f = any_facts(t, &r);
            struct route_choice c = catalogue_route(t->cat, rules, &f, NULL);
            assert_non_null(c.unit);
            if (c.unit == NULL)
                return;
            if (c.about == c.unit->id)
                assert_null(catalogue_desk_above(t->cat, c.unit));
            size_t k = 0;
            while (k < rules.n && rule_lost(t->cat, &rule[k], &f) != LOST_NOT)
                k++;
            assert_true(k < rules.n ? c.rule == &rule[k] : str_is(c.rule->code, "city-desk"));
            assert_ptr_equal(catalogue_route_by(t->cat, c.rule, &f), c.unit);
        }
        town_forget(t);
    }
}

static struct faults check(struct town *t, const char *csv)
{
    struct faults found = faults_in(&t->a);
    (void)edition_check(t->cat, &t->a, STR("rule"), str_c(csv), &found);
    for (size_t i = 0; i < found.n; i++)
        print_message("%zu %s: %s\n", found.at[i].line, found.at[i].field, found.at[i].en);
    return found;
}

static void fault_is(const struct faults *f, size_t i, size_t line, const char *field)
{
    assert_true(i < f->n);
    assert_int_equal(f->at[i].line, line);
    assert_string_equal(f->at[i].field, field);
}

static void faults_of_the_new_columns_are_named(void **state)
{
    struct town *t = *state;
    struct faults f = check(t, HEAD
        "a,01,0,,99,,,town,desk,,,为,why,\n"
        "b,01,0,,,noon,,town,desk,,,为,why,\n"
        "c,01,0,,,,harbour,town,desk,,,为,why,\n"
        "d,01,0,,,,,town,desk,parish,,为,why,\n"
        "e,02,0,,,,,town,desk,county,,为,why,\n"
        "f,03,0,,,,,town,desk,,nobody named,为,why,\n");
    assert_int_equal(f.total, 6);
    fault_is(&f, 0, 2, "area");
    fault_is(&f, 1, 3, "time");
    fault_is(&f, 2, 4, "place");
    fault_is(&f, 3, 5, "max_level");
    fault_is(&f, 4, 6, "max_level");
    fault_is(&f, 5, 7, "avoid");
}

static void rows_hidden_by_earlier_ones_are_found(void **state)
{
    struct town *t = *state;
    struct faults f = check(t, HEAD
        "off,01,0,,,off,,town,desk,,,为,why,\n"
        "night,01,0,,,night,,town,desk,,,为,why,\n"
        "east,02,0,,320508001,,,town,desk,,,为,why,\n"
        "east-1,02,0,,320508001001,,,town,desk,,,为,why,\n"
        "rest,02,0,,,,,town,desk,,,为,why,\n");
    assert_int_equal(f.total, 2);
    fault_is(&f, 0, 3, "code");
    fault_is(&f, 1, 5, "code");
}

static void tables_without_the_new_columns_are_taken(void **state)
{
    struct town *t = *state;
    struct faults f = check(t, "code,category,tier_min,origin,level,function,why,why_en\n"
        "lamps,02,0,,county,owner,属主,owner\nlocal,,0,,community,desk,属地,local\n");
    assert_int_equal(f.total, 0);
}

#define ROUTE(name) cmocka_unit_test_setup_teardown(name, open_town, close_town)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROUTE(a_rule_may_be_for_one_area),
        ROUTE(a_rule_may_be_for_some_times),
        ROUTE(a_rule_may_be_for_kinds_of_place),
        ROUTE(whom_it_is_about_does_not_get_it),
        ROUTE(about_the_top_it_stays_at_the_top),
        ROUTE(every_matter_has_an_owner_whatever_the_rules),
        ROUTE(faults_of_the_new_columns_are_named),
        ROUTE(rows_hidden_by_earlier_ones_are_found),
        ROUTE(tables_without_the_new_columns_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
