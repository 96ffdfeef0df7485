/* test_handover.c: who may have a matter: being handed on and who decides in the end, requests and
 * their limit, what keeps a unit or a level from getting it. */
#include "town_life.h"

/* The system's step of the alarm that rings now. */
static enum err rings(struct town *t, struct matter *m)
{
    struct step_args a = step_of_alarm(m);
    return step_as(t, town_system(t), m, &a);
}

static enum err pass(struct town *t, enum town_person who, struct matter *m, int64_t unit)
{
    struct step_args a = args_for("pass");
    a.unit = unit;
    return step_as(t, town_staff(t, who), m, &a);
}

static void the_third_hand_over_goes_to_the_desk_above(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "99");
    state_is(&m, "assigned", UNIT_A1);
    assert_int_equal(pass(t, WORKER, &m, UNIT_LAMPS), OK);
    assert_int_equal(m.handovers, 1);
    assert_int_equal(assign(t, DISPATCHER, &m, UNIT_A1), OK);
    assert_int_equal(m.handovers, 2);
    assert_int_equal(m.decider, 0);
    assert_int_equal(pass(t, WORKER, &m, UNIT_LAMPS), OK);
    state_is(&m, "received", UNIT_TOWN_A);
    assert_string_equal(m.clock.p, "dispatch");
    assert_int_equal(m.handovers, 3);
    assert_int_equal(m.decider, UNIT_TOWN_A);
    assert_int_equal(step(t, DISPATCHER, &m, "escalate"), E_STEP);
    assert_int_equal(assign(t, DISPATCHER, &m, UNIT_A1), OK);
    state_is(&m, "assigned", UNIT_A1);
    assert_int_equal(pass(t, WORKER, &m, UNIT_LAMPS), E_STEP);
    assert_int_equal(step(t, WORKER, &m, "escalate"), E_STEP);
    assert_int_equal(assign(t, LEAD, &m, UNIT_LAMPS), E_STEP);
    assert_int_equal(ask_return(t, WORKER, &m, "not_duty"), E_STEP);
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_LAMPS), OK);
    assert_int_equal(m.handovers, 3);
    assert_int_equal(ask_return(t, CLERK, &m, "not_duty"), E_STEP);
}

/* What it counts is being handed on, not being given out. */
static void dispatching_downwards_is_no_hand_over(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "03");
    assert_int_equal(step(t, DISPATCHER, &m, "escalate"), OK);
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_TOWN_A), OK);
    assert_int_equal(assign(t, DISPATCHER, &m, UNIT_A1), OK);
    assert_int_equal(m.handovers, 0);
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_A2), OK);
    assert_int_equal(m.handovers, 1);
}

static void a_new_round_counts_hand_overs_anew(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "99");
    for (int i = 0; i < 3; i++)
        assert_int_equal(assign(t, DISPATCHER, &m, i % 2 ? UNIT_A1 : UNIT_LAMPS), OK);
    state_is(&m, "received", UNIT_COUNTY);
    assert_int_equal(m.decider, UNIT_COUNTY);
    assert_int_equal(assign(t, DISPATCHER, &m, UNIT_A1), E_DENIED);
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_LAMPS), OK);
    assert_int_equal(assign(t, DISPATCHER, &m, UNIT_A1), E_STEP);
    assert_int_equal(step(t, CLERK, &m, "solve"), OK);
    assert_int_equal(by_reporter(t, &m, 1, "object"), OK);
    assert_int_equal(m.handovers, 0);
    assert_int_equal(m.decider, 0);
}

/* Late at the desk that decides: the one above it decides then. */
static void a_late_decision_is_made_above(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "99");
    for (int i = 0; i < 3; i++)
        assert_int_equal(assign(t, DISPATCHER, &m, i % 2 ? UNIT_A1 : UNIT_LAMPS), OK);
    for (int i = 0; i < 3; i++) {
        t->now_ms = m.alarm_ms;
        assert_int_equal(rings(t, &m), OK);
    }
    state_is(&m, "received", UNIT_CITY);
    assert_int_equal(m.decider, UNIT_CITY);
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_A1), E_DENIED);
    assert_int_equal(assign(t, DISPATCHER_CITY, &m, UNIT_A1), OK);
}

/* Whoever was asked first stays responsible; what nobody decides in time is decided above. */
static void a_request_is_decided_within_its_limit(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    int64_t due = m.due_ms;
    t->now_ms += CLOCK_DAY_MS;
    assert_int_equal(ask_return(t, CLERK, &m, "not_duty"), OK);
    assert_int_equal(m.owner_unit, UNIT_LAMPS);
    assert_int_equal(m.ask_unit, UNIT_COUNTY);
    assert_true(m.ask_due_ms > t->now_ms);
    t->now_ms = m.alarm_ms;
    while (!matter_ask_rings(&m)) {
        assert_int_equal(rings(t, &m), OK);
        t->now_ms = m.alarm_ms;
    }
    assert_int_equal(rings(t, &m), OK);
    assert_int_equal(m.owner_unit, UNIT_LAMPS);
    assert_int_equal(m.ask_unit, UNIT_CITY);
    assert_int_equal(m.due_ms, due);
    assert_int_equal(step(t, DISPATCHER_CITY, &m, "refuse"), OK);
    assert_int_equal(m.ask_due_ms, I64_NONE);
    assert_true(m.alarm_ms != I64_NONE);
    assert_int_equal(ask_return(t, CLERK, &m, "not_duty"), E_STEP);
}

static struct matter report_on(struct town *t, const char *category, const char *text)
{
    struct intake in = intake_at(t, category, GRID_A1);
    in.text = str_c(text);
    return open_matter(t, &in);
}

static void a_matter_about_a_unit_is_kept_from_it(void **state)
{
    struct town *t = *state;
    struct matter m = report_on(t, "06", "桥东街道综治中心的人不接电话");
    state_is(&m, "received", UNIT_COUNTY);
    assert_int_equal(m.about_unit, UNIT_TOWN_A);
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_TOWN_A), E_INPUT);
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_A1), OK);
    assert_int_equal(step(t, WORKER, &m, "escalate"), OK);
    state_is(&m, "received", UNIT_COUNTY);
    m = report_on(t, "06", "桥东派出所的人不接电话");
    state_is(&m, "received", UNIT_TOWN_A);
    assert_int_equal(assign(t, DISPATCHER, &m, UNIT_POLICE), E_INPUT);
    m = report_on(t, "03", "桥东街道综治中心门口吵架");
    state_is(&m, "received", UNIT_TOWN_A);
    assert_int_equal(m.about_unit, 0);
}

static void duties_of_a_level_are_not_pushed_down(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "07");
    state_is(&m, "received", UNIT_COUNTY);
    assert_int_equal(m.max_level, LEVEL_COUNTY);
    struct step_args a = args_for("assign");
    struct cx cx = town_staff(t, DISPATCHER_COUNTY);
    a.unit = UNIT_TOWN_A;
    assert_int_equal(matter_step(&cx, &m, &a, NULL), E_INPUT);
    assert_string_equal(cx.info.field, "unit");
    assert_non_null(strstr(cx.info.zh, "条例第二十四条"));
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_LAMPS), OK);
    a = args_for("recategorise");
    a.category = STR("99");
    assert_int_equal(step_as(t, town_staff(t, DISPATCHER_COUNTY), &m, &a), OK);
    assert_int_equal(m.max_level, 0);
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_TOWN_A), OK);
}

#define LIFE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIFE(the_third_hand_over_goes_to_the_desk_above),
        LIFE(dispatching_downwards_is_no_hand_over),
        LIFE(a_new_round_counts_hand_overs_anew),
        LIFE(a_late_decision_is_made_above),
        LIFE(a_request_is_decided_within_its_limit),
        LIFE(a_matter_about_a_unit_is_kept_from_it),
        LIFE(duties_of_a_level_are_not_pushed_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
