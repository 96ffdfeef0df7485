/* test_rehearse.c: the past days under other rules: who would get what, how late they would be by
 * their own past, that it can be stopped, and that a rehearsal writes nothing of its own. */
#include "rules/rehearse.h"
#include "town_life.h"
#include <math.h>

enum { LAMPS = 30, QUARRELS = 8 };

static struct list rules_of(struct town *t, const char *csv)
{
    struct err_info info = { .e = OK };
    struct list rules;
    assert_int_equal(record_from_csv(&t->a, &rule_record, str_c(csv), &rules, &info), OK);
    return rules;
}
#define HEAD "code,category,tier_min,level,function,why,why_en\n"

/* Every other lamp is mended within the hour, the rest after a month. */
static int setup_past(void **state)
{
    struct town *t = heap_alloc(sizeof(*t));
    town_open(t, 5, NULL);
    int64_t begin = t->now_ms;
    for (int i = 0; i < LAMPS; i++) {
        t->now_ms = begin + i * 60000;
        struct matter m = report(t, "02");
        assert_int_equal(step(t, CLERK, &m, "take"), OK);
        t->now_ms += i % 2 ? 3600000 : 30 * (int64_t)CLOCK_DAY_MS;
        assert_int_equal(step(t, CLERK, &m, "reply"), OK);
    }
    for (int i = 0; i < QUARRELS; i++) {
        t->now_ms = begin + i * 60000;
        (void)report(t, "03");
    }
    t->now_ms = begin + 40 * (int64_t)CLOCK_DAY_MS;
    *state = t;
    return 0;
}

static struct rehearsing question(struct town *t, const char *csv)
{
    return (struct rehearsing){ .db = t->db, .now = { t->cat, catalogue_rules(t->cat) },
        .then = { t->cat, rules_of(t, csv) }, .from_ms = t->now_ms - 90 * (int64_t)CLOCK_DAY_MS,
        .to_ms = t->now_ms, .lang = LANG_EN };
}

static const struct rehearsed_unit *load_of(const struct rehearsed *r, int64_t unit)
{
    const struct rehearsed_unit *u = r->units.p;
    for (size_t i = 0; i < r->units.n; i++)
        if (u[i].unit == unit)
            return &u[i];
    return NULL;
}

static void what_moves_is_told_with_its_load(void **state)
{
    struct town *t = *state;
    struct rehearsed r;
    struct rehearsing q = question(t, HEAD "lamps,02,0,town,desk,改,change\n"
        "dispute,03,0,town,desk,不变,same\nall,,0,community,desk,其余,rest\n");
    assert_int_equal(rehearse(&q, &t->a, &r), OK);
    assert_int_equal(r.matters, LAMPS + QUARRELS);
    assert_int_equal(r.moved, LAMPS);
    assert_int_equal(r.moves.n, 1);
    const struct rehearsed_move *m = r.moves.p;
    assert_int_equal(m->from, UNIT_LAMPS);
    assert_int_equal(m->to, UNIT_TOWN_A);
    assert_int_equal(m->matters, LAMPS);
    assert_int_equal(m->examples.n, 5);
    assert_int_equal(r.kinds.n, 1);
    assert_int_equal(r.units.n, 2);
    const struct rehearsed_unit *lamps = load_of(&r, UNIT_LAMPS), *town = load_of(&r, UNIT_TOWN_A);
    assert_true(lamps && town);
    if (lamps == NULL || town == NULL)
        return;
    assert_int_equal(lamps->before, LAMPS);
    assert_int_equal(lamps->after, 0);
    assert_int_equal(town->before, QUARRELS);
    assert_int_equal(town->after, LAMPS + QUARRELS);
}

/* Half of its past took longer than the limit, so half of what it gets is expected to be late; the
 * town's desk has no past of its own and is judged by all. */
static void lateness_is_expected_from_the_past(void **state)
{
    struct town *t = *state;
    struct rehearsed r;
    struct rehearsing q = question(t, HEAD "all,,0,town,desk,全,all\n");
    assert_int_equal(rehearse(&q, &t->a, &r), OK);
    const struct rehearsed_unit *lamps = load_of(&r, UNIT_LAMPS), *town = load_of(&r, UNIT_TOWN_A);
    assert_true(lamps && town);
    if (lamps == NULL || town == NULL)
        return;
    assert_string_equal(lamps->basis.p, "own");
    assert_int_equal(lamps->handled, LAMPS);
    assert_true(fabs(lamps->late_before - LAMPS / 2) < 1e-9);
    assert_true(fabs(lamps->late_after) < 1e-9);
    assert_string_equal(town->basis.p, "all");
    assert_int_equal(town->handled, 0);
    assert_true(fabs(town->late_after - (LAMPS + QUARRELS) / 2.0) < 1e-9);
}

static void the_same_rules_change_nothing(void **state)
{
    struct town *t = *state;
    struct rehearsed r;
    struct rehearsing q = question(t, HEAD "all,,0,town,desk,全,all\n");
    q.then.rules = q.now.rules;
    assert_int_equal(rehearse(&q, &t->a, &r), OK);
    assert_int_equal(r.matters, LAMPS + QUARRELS);
    assert_int_equal(r.moved, 0);
    assert_int_equal(r.units.n, 0);
}

static void only_the_days_asked_for_count(void **state)
{
    struct town *t = *state;
    struct rehearsed r;
    struct rehearsing q = question(t, HEAD "all,,0,town,desk,全,all\n");
    q.from_ms = t->now_ms - 10 * (int64_t)CLOCK_DAY_MS;
    assert_int_equal(rehearse(&q, &t->a, &r), OK);
    assert_int_equal(r.matters, 0);
}

static bool refuse(void *ctx, int64_t done, int64_t total, int64_t matters)
{
    int *asked = ctx;
    assert_true(done <= total && matters >= 0);
    return ++*asked < 1;
}

static void it_stops_when_told(void **state)
{
    struct town *t = *state;
    struct rehearsed r;
    int asked = 0;
    struct rehearsing q = question(t, HEAD "all,,0,town,desk,全,all\n");
    q.progress = refuse;
    q.ctx = &asked;
    assert_int_equal(rehearse(&q, &t->a, &r), E_BUSY);
    assert_int_equal(asked, 1);
}

static void it_writes_nothing(void **state)
{
    struct town *t = *state;
    struct rehearsed r;
    struct rehearsing q = question(t, HEAD "all,,0,town,desk,全,all\n");
    struct hash before = town_digest(t);
    assert_int_equal(rehearse(&q, &t->a, &r), OK);
    struct hash after = town_digest(t);
    assert_true(hash_eq(&before, &after));
}

static void its_table_has_all_three_parts(void **state)
{
    struct town *t = *state;
    struct rehearsed r;
    struct buf b = buf_in(&t->a, 1 << 16);
    struct rehearsing q = question(t, HEAD "all,,0,town,desk,全,all\n");
    assert_int_equal(rehearse(&q, &t->a, &r), OK);
    rehearsed_csv(&r, LANG_EN, &b);
    assert_true(str_starts(buf_str(&b), STR("part,unit,to_unit,")));
    assert_true(str_find(buf_str(&b), STR("\nunit,")) > 0);
    assert_true(str_find(buf_str(&b), STR("\nmove,lamps,town-a,,,30,")) > 0);
    assert_true(str_find(buf_str(&b), STR("\nkind,,,Lamps,30,30,")) > 0);
}

#define PAST(name) cmocka_unit_test_setup_teardown(name, setup_past, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAST(what_moves_is_told_with_its_load),
        PAST(lateness_is_expected_from_the_past),
        PAST(the_same_rules_change_nothing),
        PAST(only_the_days_asked_for_count),
        PAST(it_stops_when_told),
        PAST(it_writes_nothing),
        PAST(its_table_has_all_three_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
