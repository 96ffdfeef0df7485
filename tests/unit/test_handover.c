/* test_handover.c: who may have a matter: being handed on and who decides in the end, requests and
 * their limit, what keeps a unit or a level from getting it. */
#include "town_life.h"
#include <math.h>

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

/* Grids ---------------------------------------------------------------------------------------- */

#define GRID_OF(community, n) ((community) * 1000 + (n))

static enum err regrid(struct town *t, enum town_person who, struct matter *m, int64_t grid)
{
    struct step_args a = args_for("regrid");
    a.grid = grid;
    return step_as(t, town_staff(t, who), m, &a);
}

static void a_matter_leaves_its_grid_only_when_that_is_gone_or_redrawn(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "99"), back;
    assert_int_equal(regrid(t, SUPERVISOR, &m, GRID_OF(COMMUNITY_A1, 2)), E_STEP);
    town_merge_grids(t);
    assert_int_equal(regrid(t, WORKER, &m, GRID_OF(COMMUNITY_A1, 2)), E_DENIED);
    assert_int_equal(regrid(t, SUPERVISOR, &m, GRID_OF(COMMUNITY_A2, 1)), E_INPUT);
    assert_int_equal(regrid(t, SUPERVISOR, &m, GRID_OF(COMMUNITY_A1, 9)), E_INPUT);
    assert_int_equal(step(t, WORKER, &m, "take"), OK);
    int64_t due_ms = m.due_ms;
    assert_int_equal(regrid(t, SUPERVISOR, &m, GRID_OF(COMMUNITY_A1, 2)), OK);
    state_is(&m, "working", UNIT_A1);
    assert_int_equal(m.holder, town_account(WORKER));
    assert_int_equal(m.due_ms, due_ms);
    struct cx cx = town_staff(t, SUPERVISOR);
    assert_int_equal(matter_by_id(&cx, m.area, m.id, &back), OK);
    assert_int_equal(back.grid, GRID_OF(COMMUNITY_A1, 2));
    assert_int_equal(back.community, COMMUNITY_A1);
    assert_int_equal(regrid(t, SUPERVISOR, &m, GRID_OF(COMMUNITY_A1, 2)), E_STEP);
}

/* Without a point of its own it may go to any grid of its county, and then lies with whom the rules
 * give it to there; where it has been answered it stays. */
static void what_comes_to_other_ground_is_routed_as_if_it_came_now(void **state)
{
    struct town *t = *state;
    struct intake in = intake_at(t, "99", GRID_A1);
    in.lon = in.lat = NAN;
    struct matter m = open_matter(t, &in), answered = open_matter(t, &in), back;
    town_merge_grids(t);
    assert_int_equal(step(t, WORKER, &m, "take"), OK);
    assert_int_equal(step(t, WORKER, &answered, "solve"), OK);
    assert_int_equal(regrid(t, SUPERVISOR, &m, GRID_OF(COMMUNITY_A2, 2)), OK);
    state_is(&m, "assigned", UNIT_A2);
    assert_int_equal(m.holder, 0);
    assert_int_equal(m.handovers, 0);
    assert_string_equal(m.clock.p, "sign");
    struct cx cx = town_staff(t, WORKER);
    assert_int_equal(matter_visible(&cx, &m), OK);
    assert_int_equal(regrid(t, SUPERVISOR, &answered, GRID_OF(COMMUNITY_A2, 2)), OK);
    state_is(&answered, "answered", UNIT_A1);
    cx = town_staff(t, SUPERVISOR);
    assert_int_equal(matter_by_id(&cx, m.area, answered.id, &back), OK);
    assert_int_equal(back.community, COMMUNITY_A2);
}

static void those_left_behind_are_moved_a_hundred_at_a_time(void **state)
{
    enum { MANY = 130 };
    struct town *t = *state;
    struct command c;
    struct intake nowhere = intake_at(t, "99", GRID_A1);
    nowhere.lat = 40;
    struct matter stuck = open_matter(t, &nowhere);
    for (int i = 0; i < MANY; i++)
        (void)report(t, "99");
    town_merge_grids(t);
    const char *body = "{\"note\":\"网格合并\"}";
    assert_int_equal(town_command(&c, town_staff(t, SUPERVISOR), "/api/regrid", body), OK);
    assert_true(str_find(buf_str(&c.out), STR("\"moved\":100,\"kept\":[],\"ready\":30")) > 0);
    assert_int_equal(town_command(&c, town_staff(t, SUPERVISOR), "/api/regrid", body), OK);
    assert_true(str_find(buf_str(&c.out), STR("\"moved\":30,\"kept\":[],\"ready\":0")) > 0);
    assert_int_equal(town_command(&c, town_staff(t, SUPERVISOR), "/api/regrid", body), OK);
    assert_true(str_find(buf_str(&c.out), STR("\"moved\":0")) > 0);
    assert_int_equal(town_count(t, "SELECT count(*) FROM entry WHERE action = 'regrid'"), MANY);
    assert_int_equal(town_count(t, "SELECT count(*) FROM matter WHERE grid = 320508001001001"), 1);
    struct cx cx = town_staff(t, SUPERVISOR);
    assert_int_equal(matter_by_id(&cx, stuck.area, stuck.id, &stuck), OK);
    assert_int_equal(regrid(t, SUPERVISOR, &stuck, GRID_OF(COMMUNITY_A1, 2)), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIFE(the_third_hand_over_goes_to_the_desk_above),
        LIFE(dispatching_downwards_is_no_hand_over),
        LIFE(a_new_round_counts_hand_overs_anew),
        LIFE(a_matter_leaves_its_grid_only_when_that_is_gone_or_redrawn),
        LIFE(what_comes_to_other_ground_is_routed_as_if_it_came_now),
        LIFE(those_left_behind_are_moved_a_hundred_at_a_time),
        LIFE(a_late_decision_is_made_above),
        LIFE(a_request_is_decided_within_its_limit),
        LIFE(a_matter_about_a_unit_is_kept_from_it),
        LIFE(duties_of_a_level_are_not_pushed_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
