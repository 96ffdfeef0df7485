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

/* Somebody of the desk is named, and the matter lies in their hands until they have decided. */
static int64_t names_second(struct cx *cx, const struct unit *desk)
{
    (void)cx;
    return desk->id == UNIT_TOWN_A ? town_account(DISPATCHER_2) : 0;
}

static enum err step_deciding(struct town *t, enum town_person who, struct matter *m,
    struct step_args a)
{
    struct cx cx = town_staff(t, who);
    cx.services.decider = names_second;
    return step_as(t, cx, m, &a);
}

static struct matter handed_on_three_times(struct town *t)
{
    struct matter m = report(t, "99");
    struct step_args a = args_for("pass");
    a.unit = UNIT_LAMPS;
    assert_int_equal(pass(t, WORKER, &m, UNIT_LAMPS), OK);
    assert_int_equal(assign(t, DISPATCHER, &m, UNIT_A1), OK);
    assert_int_equal(step_deciding(t, WORKER, &m, a), OK);
    state_is(&m, "received", UNIT_TOWN_A);
    return m;
}

static void the_third_hand_over_lies_with_a_person(void **state)
{
    struct town *t = *state;
    struct matter m = handed_on_three_times(t);
    struct step_args a = args_for("hand_over");
    assert_int_equal(m.holder, town_account(DISPATCHER_2));
    assert_int_equal(NUMBER_OF(t, &m, "SELECT holder FROM entry WHERE area = $1 AND matter = $2"
        " ORDER BY seq DESC LIMIT 1"), town_account(DISPATCHER_2));
    assert_int_equal(assign(t, DISPATCHER, &m, UNIT_A1), E_STEP);
    assert_int_equal(step(t, DISPATCHER, &m, "take"), E_STEP);
    assert_int_equal(assign(t, DISPATCHER_2, &m, UNIT_A1), OK);
    assert_int_equal(m.holder, 0);
    m = handed_on_three_times(t);
    a.person = town_account(WORKER);
    assert_int_equal(step_as(t, town_staff(t, DISPATCHER_2), &m, &a), E_INPUT);
    a.person = town_account(DISPATCHER);
    assert_int_equal(step_as(t, town_staff(t, DISPATCHER_2), &m, &a), OK);
    state_is(&m, "received", UNIT_TOWN_A);
    assert_int_equal(assign(t, DISPATCHER, &m, UNIT_LAMPS), OK);
}

/* A desk above does not wait for the person; and left to the desk, any of its people decides. */
static void who_is_named_holds_nobody_up(void **state)
{
    struct town *t = *state;
    struct matter m = handed_on_three_times(t);
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_LAMPS), OK);
    m = handed_on_three_times(t);
    assert_int_equal(step(t, DISPATCHER_2, &m, "hand_over"), OK);
    state_is(&m, "received", UNIT_TOWN_A);
    assert_int_equal(m.holder, 0);
    assert_int_equal(assign(t, DISPATCHER, &m, UNIT_A1), OK);
}

static struct matter emergency(struct town *t, const char *category)
{
    struct intake in = intake_at(t, category, GRID_A1);
    in.tier = 4;
    return open_matter(t, &in);
}

static void handing_on_buys_an_emergency_no_time(void **state)
{
    struct town *t = *state;
    struct matter m = emergency(t, "05");
    state_is(&m, "received", UNIT_COUNTY);
    t->now_ms += 10 * 60000;
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_FIRE), OK);
    int64_t sent_ms = m.clock_from_ms, due_ms = m.due_ms;
    assert_int_equal(due_ms - sent_ms, 60 * 60000);
    t->now_ms += 20 * 60000;
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_LAMPS), OK);
    assert_string_equal(m.clock.p, "sign");
    assert_int_equal(m.due_ms, due_ms);
    assert_int_equal(m.clock_from_ms, sent_ms);
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    assert_int_equal(m.due_ms, t->now_ms + 24 * 3600000);
    assert_int_equal(step(t, CLERK, &m, "escalate"), OK);
    assert_int_equal(m.due_ms, due_ms);
    t->now_ms = due_ms + 60000;
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_FIRE), OK);
    assert_int_equal(m.due_ms, due_ms);             /* late, and said to be */
    assert_int_equal(m.alarm_ms, t->now_ms + 60 * 60000);
    m = report(t, "99");
    due_ms = m.due_ms;
    t->now_ms += CLOCK_DAY_MS;
    assert_int_equal(pass(t, WORKER, &m, UNIT_LAMPS), OK);
    assert_true(m.due_ms > due_ms);
}

/* Taken, handed on and taken again: what is left of the time to handle it is what there is. */
static void taking_again_buys_an_emergency_no_time(void **state)
{
    struct town *t = *state;
    struct matter m = emergency(t, "05");
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_LAMPS), OK);
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    int64_t taken_ms = t->now_ms, handled_ms = m.due_ms;
    assert_int_equal(handled_ms, taken_ms + 24 * 3600000);
    t->now_ms += 20 * 60000;
    assert_int_equal(step(t, CLERK, &m, "note"), OK);
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_FIRE), OK);
    t->now_ms += 10 * 60000;
    assert_int_equal(step(t, FIREMAN, &m, "take"), OK);
    assert_string_equal(m.clock.p, "handle");
    assert_int_equal(m.due_ms, handled_ms);
    assert_int_equal(m.clock_from_ms, taken_ms);
    assert_int_equal(step(t, FIREMAN, &m, "escalate"), OK);
    t->now_ms = handled_ms + 60000;
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_LAMPS), OK);
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    assert_int_equal(m.due_ms, handled_ms);         /* late, and said to be */
    assert_int_equal(m.alarm_ms, t->now_ms + 24 * 3600000);
}

/* More time that was granted stays granted; work that was found wanting has its own time again. */
static void granted_time_of_an_emergency_counts(void **state)
{
    struct town *t = *state;
    struct matter m = emergency(t, "05");
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_LAMPS), OK);
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    int64_t handled_ms = m.due_ms;
    assert_int_equal(step(t, CLERK, &m, "ask_extension"), OK);
    assert_int_equal(step(t, DISPATCHER_COUNTY, &m, "approve"), OK);
    int64_t granted_ms = m.due_ms;
    assert_true(granted_ms > handled_ms);
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_FIRE), OK);
    assert_int_equal(step(t, FIREMAN, &m, "take"), OK);
    assert_true(m.due_ms <= granted_ms && m.due_ms > handled_ms - 1);
    t->now_ms += 60000;
    assert_int_equal(step(t, FIREMAN, &m, "reply"), OK);
    assert_string_equal(m.clock.p, "review");
    assert_int_equal(m.clock_from_ms, t->now_ms);   /* who checks has a time of their own */
    t->now_ms += 30 * 3600000;
    assert_int_equal(step(t, DISPATCHER_COUNTY, &m, "rework"), OK);
    assert_int_equal(m.due_ms, t->now_ms + 24 * 3600000);
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_LAMPS), OK);
    t->now_ms += 60000;
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    assert_int_equal(m.due_ms, t->now_ms - 60000 + 24 * 3600000);
}

static void a_new_round_of_an_emergency_has_its_own_time(void **state)
{
    struct town *t = *state;
    struct matter m = emergency(t, "05");
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_FIRE), OK);
    assert_int_equal(step(t, FIREMAN, &m, "solve"), OK);
    t->now_ms += 5 * 3600000;
    assert_int_equal(by_reporter(t, &m, 1, "object"), OK);
    assert_int_equal(m.due_ms, t->now_ms + 3600000);
    assert_int_equal(assign(t, DISPATCHER_CITY, &m, UNIT_FIRE), OK);
    assert_int_equal(m.due_ms, t->now_ms + 3600000);
}

/* By what the category's row says: the police are called, and it is urgent. */
static void police_emergencies_are_kept_from_communities(void **state)
{
    struct town *t = *state;
    struct matter m = emergency(t, "04");
    struct step_args a = args_for("assign");
    struct cx cx = town_staff(t, DISPATCHER_COUNTY);
    state_is(&m, "received", UNIT_COUNTY);
    assert_int_equal(m.max_level, LEVEL_TOWN);
    a.unit = UNIT_A1;
    assert_int_equal(matter_step(&cx, &m, &a, NULL), E_INPUT);
    assert_string_equal(cx.info.field, "unit");
    assert_non_null(strstr(cx.info.zh, "桥东派出所"));
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_POLICE), OK);
    assert_int_equal(step(t, OFFICER, &m, "solve"), OK);
    assert_int_equal(step(t, DISPATCHER, &m, "verify"), OK);
    t->now_ms = m.alarm_ms;
    assert_int_equal(rings(t, &m), OK);
    assert_int_equal(by_reporter(t, &m, 1, "reopen"), OK);
    state_is(&m, "received", UNIT_TOWN_A);          /* and not with the community's own desk */
    m = report(t, "04");
    assert_int_equal(m.max_level, 0);
    assert_int_equal(assign(t, DISPATCHER, &m, UNIT_A1), OK);
    m = emergency(t, "05");
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_A1), OK);
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
        LIFE(the_third_hand_over_lies_with_a_person),
        LIFE(who_is_named_holds_nobody_up),
        LIFE(handing_on_buys_an_emergency_no_time),
        LIFE(taking_again_buys_an_emergency_no_time),
        LIFE(granted_time_of_an_emergency_counts),
        LIFE(a_new_round_of_an_emergency_has_its_own_time),
        LIFE(police_emergencies_are_kept_from_communities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
