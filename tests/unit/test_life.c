/* test_life.c: the rules of a matter's life, one test a rule, on a real database: what the row,
 * the rows beside it and the ledger say afterwards. */
#include "town_life.h"
#include "matter/photo.h"
#include "matter/view.h"

/* From the lamps department to a checked answer. */
static struct matter verified(struct town *t)
{
    struct matter m = report(t, "02");
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    assert_int_equal(step(t, CLERK, &m, "reply"), OK);
    assert_int_equal(step(t, DISPATCHER, &m, "verify"), OK);
    return m;
}

static void a_report_has_owner_clock_and_ledger_at_once(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "03");
    state_is(&m, "received", UNIT_TOWN_A);
    assert_string_equal(m.clock.p, "dispatch");
    assert_int_equal(m.due_ms, clock_from_civil(2026, 3, 2, 15, 0, 0));
    assert_int_equal(m.unanswered, 1);
    assert_int_equal(NUMBER_OF(t, &m, "SELECT count(*) FROM entry WHERE area = $1 AND matter = $2"
        " AND seq = 1 AND action = 'report' AND actor = 'reporter'"), 1);
    m = report(t, "02");
    state_is(&m, "assigned", UNIT_LAMPS);
    m = report(t, "05");
    state_is(&m, "received", UNIT_COUNTY);
    m = report(t, "99");
    state_is(&m, "assigned", UNIT_A1);
}

static void the_whole_way_to_the_end(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "03");
    assert_int_equal(assign(t, DISPATCHER, &m, UNIT_LAMPS), OK);
    state_is(&m, "assigned", UNIT_LAMPS);
    assert_string_equal(m.clock.p, "sign");
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    assert_int_equal(m.holder, town_account(CLERK));
    assert_int_equal(step(t, CLERK, &m, "reply"), OK);
    state_is(&m, "answered", UNIT_LAMPS);
    assert_int_equal(m.unanswered, 0);
    assert_int_equal(step(t, DISPATCHER, &m, "verify"), OK);
    assert_int_equal(by_reporter(t, &m, 1, "rate"), OK);
    assert_int_equal(NUMBER_OF(t, &m,
        "SELECT score FROM reporter WHERE area = $1 AND matter = $2 AND no = 1"), 4);
    assert_int_equal(step(t, DISPATCHER, &m, "close"), OK);
    state_is(&m, "closed", UNIT_LAMPS);
    assert_int_equal(m.open, 0);
    assert_int_equal(m.due_ms, I64_NONE);
    assert_int_equal(NUMBER_OF(t, &m,
        "SELECT count(*) FROM entry WHERE area = $1 AND matter = $2"), m.seq);
    assert_int_equal(NUMBER_OF(t, &m, "SELECT count(*) FROM involved WHERE area = $1"
        " AND matter = $2 AND unit = 3"), 1);
}

static void rights_come_before_everything(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    assert_int_equal(step(t, FIREMAN, &m, "take"), E_DENIED);
    assert_int_equal(step(t, AUDITOR, &m, "take"), E_DENIED);
    assert_int_equal(step(t, DISPATCHER_B, &m, "supervise"), E_DENIED);
    assert_int_equal(by_reporter(t, &m, 1, "take"), E_DENIED);
    assert_int_equal(by_clock(t, &m, "reply"), E_DENIED);
    struct step_args close = step_args_for("close");
    assert_int_equal(step_as(t, town_public(t), &m, &close), E_DENIED);
    assert_int_equal(m.seq, 1);
}

static void an_old_page_changes_nothing(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02"), old = m;
    struct step_args a = args_for("take");
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    a.seq = old.seq;
    assert_int_equal(step_as(t, town_staff(t, CLERK_2), &m, &a), E_CONFLICT);
    a.seq = I64_NONE;
    assert_int_equal(step_as(t, town_staff(t, CLERK_2), &old, &a), E_CONFLICT);
}

static void needs_are_asked_for_and_nothing_else(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    struct step_args a = step_args_for("reply");
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    assert_int_equal(step_as(t, town_staff(t, CLERK), &m, &a), E_INPUT);
    a.reply = STR("     ");
    assert_int_equal(step_as(t, town_staff(t, CLERK), &m, &a), E_INPUT);
    a.reply = STR("已经修好了");
    a.score = 5;
    assert_int_equal(step_as(t, town_staff(t, CLERK), &m, &a), E_INPUT);
    a = step_args_for("fly");
    assert_int_equal(step_as(t, town_staff(t, CLERK), &m, &a), E_INPUT);
}

static void the_one_who_answered_does_not_check(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "03");
    assert_int_equal(step(t, DISPATCHER, &m, "take"), OK);
    assert_int_equal(step(t, DISPATCHER_2, &m, "reply"), OK);
    assert_int_equal(step(t, DISPATCHER_2, &m, "verify"), E_STEP);
    assert_int_equal(step(t, DISPATCHER, &m, "verify"), OK);
}

static void a_request_waits_for_another_person(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    assert_int_equal(step(t, CHIEF, &m, "take"), OK);
    int64_t due = m.due_ms;
    assert_int_equal(step(t, CHIEF, &m, "ask_extension"), OK);
    assert_int_equal(m.ask_unit, UNIT_COUNTY);
    assert_int_equal(step(t, CHIEF, &m, "approve"), E_STEP);
    assert_int_equal(step(t, CHIEF, &m, "reply"), E_STEP);
    assert_int_equal(step(t, DISPATCHER_COUNTY, &m, "approve"), OK);
    assert_true(m.due_ms > due && m.alarm_ms == m.due_ms && m.extended == 1);
    assert_int_equal(step(t, CHIEF, &m, "ask_extension"), OK);
    assert_int_equal(step(t, SUPERVISOR, &m, "approve"), OK);
    assert_int_equal(step(t, CHIEF, &m, "ask_extension"), E_STEP);
    assert_int_equal(step(t, CHIEF, &m, "reply"), OK);
    struct cx cx = town_staff(t, CHIEF);
    assert_true(str_find(view_due_reason(&cx, &m), STR("核查")) >= 0);
}

static void a_refused_request_leaves_the_deadline(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    int64_t due = m.due_ms;
    assert_int_equal(step(t, CLERK, &m, "ask_extension"), OK);
    assert_int_equal(step(t, CHIEF, &m, "refuse"), OK);
    assert_int_equal(m.due_ms, due);
    assert_int_equal(m.ask.n, 0);
}

/* A matter that nobody could place lies outside every territory but the city's. */
static void who_decided_may_go_on_reading(void **state)
{
    struct town *t = *state;
    struct intake in = intake_at(t, "99", GRID_A1);
    in.place = (struct place){ .area = AREA_CITY };
    struct matter m = open_matter(t, &in);
    assert_int_equal(assign(t, DISPATCHER_CITY, &m, UNIT_B1), OK);
    assert_int_equal(step(t, LEAD_B, &m, "take"), OK);
    assert_int_equal(step(t, LEAD_B, &m, "ask_extension"), OK);
    assert_int_equal(step(t, DISPATCHER_B, &m, "refuse"), OK);
    struct cx cx = town_staff(t, DISPATCHER_B);
    assert_int_equal(matter_visible(&cx, &m), OK);
}

static void a_deferral_sets_the_time_left_aside(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    int64_t left = m.due_ms - t->now_ms;
    assert_int_equal(step(t, CLERK, &m, "ask_deferral"), OK);
    assert_int_equal(step(t, CHIEF, &m, "approve"), OK);
    state_is(&m, "deferred", UNIT_LAMPS);
    assert_int_equal(m.paused_ms, left);
    assert_int_equal(by_clock(t, &m, "resume"), E_STEP);
    t->now_ms = m.alarm_ms;
    assert_int_equal(by_clock(t, &m, "resume"), OK);
    state_is(&m, "working", UNIT_LAMPS);
    assert_int_equal(m.due_ms, t->now_ms + left);
    assert_int_equal(m.paused_ms, I64_NONE);
}

static void a_deferred_matter_that_climbs_keeps_no_time_aside(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    assert_int_equal(step(t, CLERK, &m, "ask_deferral"), OK);
    assert_int_equal(step(t, CHIEF, &m, "approve"), OK);
    assert_int_equal(step(t, CLERK, &m, "escalate"), OK);
    state_is(&m, "received", UNIT_COUNTY);
    assert_int_equal(m.paused_ms, I64_NONE);
}

static void a_return_is_reviewed_by_the_desk_and_comes_once(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    assert_int_equal(ask_return(t, CLERK, &m, "tired"), E_INPUT);
    assert_int_equal(ask_return(t, CLERK, &m, "not_duty"), OK);
    assert_int_equal(step(t, CHIEF, &m, "approve"), E_DENIED);
    assert_int_equal(step(t, DISPATCHER_COUNTY, &m, "approve"), OK);
    state_is(&m, "received", UNIT_COUNTY);
    assert_int_equal(m.returned_by, UNIT_LAMPS);
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_LAMPS), OK);
    assert_int_equal(ask_return(t, CLERK, &m, "not_duty"), E_STEP);
    m = report(t, "03");
    assert_int_equal(assign(t, DISPATCHER, &m, UNIT_TOWN_A), OK);
    assert_int_equal(ask_return(t, DISPATCHER, &m, "not_duty"), E_STEP);
}

static void putting_back_and_taking_again_buys_no_time(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    int64_t due = m.due_ms;
    t->now_ms += CLOCK_DAY_MS;
    assert_int_equal(step(t, CLERK, &m, "release"), OK);
    state_is(&m, "assigned", UNIT_LAMPS);
    assert_int_equal(m.due_ms, due);
    assert_int_equal(step(t, CLERK_2, &m, "take"), OK);
    assert_int_equal(m.due_ms, due);
    assert_int_equal(m.holder, town_account(CLERK_2));
}

static void lateness_is_supervised_then_listed_then_climbs(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    assert_int_equal(by_clock(t, &m, "overdue"), E_STEP);
    for (int level = 1; level <= 2; level++) {
        t->now_ms = m.alarm_ms;
        assert_int_equal(by_clock(t, &m, "overdue"), OK);
        assert_int_equal(m.supervised, level);
        state_is(&m, "assigned", UNIT_LAMPS);
    }
    t->now_ms = m.alarm_ms;
    assert_int_equal(by_clock(t, &m, "overdue"), OK);
    state_is(&m, "received", UNIT_COUNTY);
    t->now_ms = m.alarm_ms;
    assert_int_equal(by_clock(t, &m, "overdue"), OK);
    state_is(&m, "received", UNIT_CITY);
    t->now_ms = m.alarm_ms;
    assert_int_equal(by_clock(t, &m, "overdue"), OK);
    state_is(&m, "received", UNIT_CITY);
    assert_int_equal(m.alarm_ms, I64_NONE);
    assert_true(m.due_ms < t->now_ms + 1);
    m = report(t, "02");
    assert_int_equal(step(t, DISPATCHER, &m, "supervise"), OK);
    assert_int_equal(step(t, SUPERVISOR, &m, "supervise"), OK);
    assert_int_equal(step(t, SUPERVISOR, &m, "supervise"), E_STEP);
}

static enum err cohandle(struct town *t, enum town_person who, struct matter *m, int64_t unit,
    size_t times)
{
    static struct step_unit units[8];
    struct step_args a = args_for("cohandle");
    for (size_t i = 0; i < times; i++)
        units[i] = (struct step_unit){ unit, STR("请到场"), 2 };
    a.units = (struct list){ units, times };
    return step_as(t, town_staff(t, who), m, &a);
}

static void help_has_its_own_clock_and_holds_up_the_answer(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    assert_int_equal(cohandle(t, FIREMAN, &m, UNIT_FIRE, 1), E_DENIED);
    assert_int_equal(cohandle(t, CHIEF, &m, UNIT_LAMPS, 1), E_INPUT);
    assert_int_equal(cohandle(t, CHIEF, &m, UNIT_FIRE, 2), E_INPUT);
    assert_int_equal(cohandle(t, CHIEF, &m, 999, 1), E_INPUT);
    assert_int_equal(cohandle(t, CHIEF, &m, UNIT_FIRE, 1), OK);
    assert_int_equal(m.cohandling, 1);
    assert_int_equal(NUMBER_OF(t, &m,
        "SELECT due_ms FROM cohandler WHERE area = $1 AND matter = $2 AND state = 'open'"),
        clock_from_civil(2026, 3, 4, 17, 30, 0));
    assert_int_equal(cohandle(t, CHIEF, &m, UNIT_FIRE, 1), E_INPUT);
    assert_int_equal(step(t, CLERK, &m, "reply"), E_STEP);
    struct cx fireman = town_staff(t, FIREMAN);
    assert_int_equal(matter_visible(&fireman, &m), OK);
    assert_int_equal(step(t, CLERK, &m, "cohandle_done"), E_DENIED);
    assert_int_equal(step(t, FIREMAN, &m, "cohandle_done"), OK);
    assert_int_equal(step(t, FIREMAN, &m, "cohandle_done"), E_DENIED);
    assert_int_equal(step(t, CLERK, &m, "reply"), OK);
    assert_int_equal(NUMBER_OF(t, &m, "SELECT count(*) FROM cohandler WHERE area = $1"
        " AND matter = $2 AND state = 'done' AND reply = '已核实'"), 1);
}

static void help_may_be_declined_and_asked_again(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    assert_int_equal(cohandle(t, CHIEF, &m, UNIT_FIRE, 1), OK);
    assert_int_equal(step(t, FIREMAN, &m, "cohandle_decline"), OK);
    assert_int_equal(m.cohandling, 0);
    assert_int_equal(cohandle(t, CHIEF, &m, UNIT_FIRE, 1), OK);
    assert_int_equal(m.cohandling, 1);
}

static void asked_units_stand_once_in_the_ledger(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    static struct step_unit units[2] = { { UNIT_FIRE, { "a", 1 }, 1 }, { UNIT_A1, { "b", 1 }, 1 } };
    struct step_args a = args_for("cohandle");
    a.units = (struct list){ units, 2 };
    assert_int_equal(step_as(t, town_staff(t, CHIEF), &m, &a), OK);
    assert_int_equal(NUMBER_OF(t, &m, "SELECT count(*) FROM entry WHERE area = $1 AND matter = $2"
        " AND data LIKE '%\"asked_units\":\"10 5\"%'"), 1);
}

static void a_lower_centre_does_not_decide_over_a_higher_one(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "03");
    assert_int_equal(step(t, DISPATCHER, &m, "escalate"), OK);
    state_is(&m, "received", UNIT_COUNTY);
    assert_int_equal(assign(t, DISPATCHER, &m, UNIT_A1), E_DENIED);
    assert_int_equal(assign(t, LEAD, &m, UNIT_A1), E_DENIED);
    assert_int_equal(assign(t, DISPATCHER_CITY, &m, UNIT_A1), OK);
    assert_int_equal(assign(t, DISPATCHER, &m, UNIT_LAMPS), OK);
    m = report(t, "05");
    assert_int_equal(step(t, DISPATCHER_COUNTY, &m, "escalate"), OK);
    assert_int_equal(step(t, DISPATCHER_CITY, &m, "escalate"), E_STEP);
}

static void an_objection_goes_one_level_up_and_comes_once(void **state)
{
    struct town *t = *state;
    struct matter m = verified(t);
    assert_int_equal(by_reporter(t, &m, 1, "object"), OK);
    state_is(&m, "received", UNIT_COUNTY);
    assert_int_equal(m.unanswered, 1);
    assert_int_equal(m.round, 1);
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_LAMPS), OK);
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    assert_int_equal(by_reporter(t, &m, 1, "rate"), E_STEP);
    assert_int_equal(step(t, CLERK, &m, "reply"), OK);
    assert_int_equal(by_reporter(t, &m, 1, "object"), E_STEP);
}

static void objecting_and_reopening_have_their_time(void **state)
{
    struct town *t = *state;
    struct matter m = verified(t);
    assert_int_equal(step(t, DISPATCHER, &m, "close"), OK);
    int64_t closed = m.closed_ms;
    t->now_ms = closed + OBJECT_DAYS * (int64_t)CLOCK_DAY_MS + 1;
    assert_int_equal(by_reporter(t, &m, 1, "object"), E_STEP);
    t->now_ms = closed + REOPEN_DAYS * (int64_t)CLOCK_DAY_MS + 1;
    assert_int_equal(by_reporter(t, &m, 1, "reopen"), E_STEP);
    t->now_ms--;
    assert_int_equal(by_reporter(t, &m, 1, "reopen"), OK);
    state_is(&m, "received", UNIT_A1);
    assert_int_equal(m.closed_ms, I64_NONE);
}

static void rework_takes_nothing_from_the_reporters_rights(void **state)
{
    struct town *t = *state;
    struct matter m = verified(t);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(step(t, DISPATCHER, &m, "rework"), OK);
        state_is(&m, "working", UNIT_LAMPS);
        assert_int_equal(m.unanswered, 1);
        assert_int_equal(NUMBER_OF(t, &m, "SELECT answered_round FROM reporter WHERE area = $1"
            " AND matter = $2"), 0);
        assert_int_equal(step(t, CLERK, &m, "reply"), OK);
    }
    assert_int_equal(m.round, 0);
    assert_int_equal(step(t, DISPATCHER, &m, "verify"), OK);
    assert_int_equal(step(t, DISPATCHER, &m, "close"), OK);
    assert_int_equal(by_reporter(t, &m, 1, "reopen"), OK);
}

static void the_window_closes_by_itself_and_not_before(void **state)
{
    struct town *t = *state;
    struct matter m = verified(t);
    assert_int_equal(by_clock(t, &m, "close"), E_STEP);
    t->now_ms = m.alarm_ms;
    assert_int_equal(by_clock(t, &m, "close"), OK);
    state_is(&m, "closed", UNIT_LAMPS);
}

static void withdrawing_is_for_the_only_one_who_wants_it(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02"), joined = report(t, "02");
    struct cx cx = town_public(t);
    struct intake in = intake_at(t, "02", GRID_A1);
    int64_t no;
    assert_int_equal(by_reporter(t, &m, 1, "withdraw"), OK);
    state_is(&m, "withdrawn", UNIT_LAMPS);
    assert_int_equal(m.unanswered, 0);
    assert_int_equal(matter_join(&cx, &joined, &in, &joined, &no), OK);
    assert_int_equal(no, 2);
    assert_int_equal(joined.unanswered, 2);
    assert_int_equal(by_reporter(t, &joined, 1, "withdraw"), E_STEP);
}

static void what_staff_found_is_not_withdrawn_by_who_joins(void **state)
{
    struct town *t = *state;
    struct cx cx = town_public(t);
    struct intake in = intake_at(t, "02", GRID_A1);
    int64_t no;
    in.origin = STR("patrol");
    in.reporter = false;
    struct matter m = open_matter(t, &in);
    in.reporter = true;
    assert_int_equal(matter_join(&cx, &m, &in, &m, &no), OK);
    assert_int_equal(by_reporter(t, &m, no, "withdraw"), E_STEP);
}

static void not_accepting_needs_a_lawful_reason_and_an_answer(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "03");
    struct step_args a = args_for("not_accept");
    a.reason = STR("whim");
    assert_int_equal(step_as(t, town_staff(t, DISPATCHER), &m, &a), E_INPUT);
    a.reason = STR("in_court");
    assert_int_equal(step_as(t, town_staff(t, DISPATCHER), &m, &a), OK);
    state_is(&m, "rejected", UNIT_TOWN_A);
    assert_int_equal(NUMBER_OF(t, &m, "SELECT count(*) FROM note WHERE area = $1 AND matter = $2"
        " AND audience = 'public'"), 1);
}

static enum err with_other(struct town *t, enum town_person who, struct matter *m,
    const char *action, const char *number)
{
    struct step_args a = args_for(action);
    a.number2 = str_c(number);
    return step_as(t, town_staff(t, who), m, &a);
}

static const char *lower(struct town *t, struct str number)
{
    char *p = NEW_N(&t->a, char, number.n + 1);
    for (size_t i = 0; i < number.n; i++)
        p[i] = number.p[i] >= 'A' && number.p[i] <= 'Z' ? (char)(number.p[i] + 32) : number.p[i];
    return p;
}

static void merging_moves_reporters_with_their_codes(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02"), into = report(t, "02"), after;
    struct cx cx = town_public(t);
    struct code code = reporter_code(&cx, m.area, m.id, 1, 0);
    assert_int_equal(with_other(t, DISPATCHER, &m, "merge", lower(t, into.number)), OK);
    state_is(&m, "merged", UNIT_LAMPS);
    assert_string_equal(m.merged_into.p, into.number.p);
    assert_int_equal(matter_by_id(&cx, into.area, into.id, &after), OK);
    assert_int_equal(after.reporters, 2);
    assert_int_equal(after.unanswered, 2);
    assert_int_equal(access_by_code(&cx, str_c(code.text)), OK);
    assert_int_equal(cx.actor.matter, into.id);
    assert_int_equal(cx.actor.no, 2);
}

static void merging_has_its_limits(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02"), done = verified(t);
    assert_int_equal(with_other(t, DISPATCHER, &m, "merge", lower(t, m.number)), E_INPUT);
    assert_int_equal(with_other(t, DISPATCHER, &m, "merge", "320508-0000-0000"), E_INPUT);
    assert_int_equal(with_other(t, DISPATCHER, &m, "merge", "not a number"), E_INPUT);
    assert_int_equal(with_other(t, DISPATCHER, &m, "merge", done.number.p), E_INPUT);
}

static void links_go_both_ways_and_not_to_oneself(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02"), other = report(t, "03");
    assert_int_equal(with_other(t, CLERK, &m, "link", lower(t, m.number)), E_INPUT);
    assert_int_equal(with_other(t, CLERK, &m, "link", other.number.p), E_INPUT);
    assert_int_equal(with_other(t, DISPATCHER, &m, "link", other.number.p), OK);
    assert_int_equal(with_other(t, DISPATCHER, &m, "link", other.number.p), E_INPUT);
    assert_int_equal(NUMBER_OF(t, &other, "SELECT count(*) FROM matter_link WHERE area = $1"
        " AND matter = $2 AND kind = 'related'"), 1);
}

static void what_is_split_off_stays_confidential(void **state)
{
    struct town *t = *state;
    struct intake in = intake_at(t, "03", GRID_A1);
    in.confidential = true;
    struct matter m = open_matter(t, &in);
    struct step_args a = args_for("split");
    a.category = STR("02");
    assert_int_equal(step_as(t, town_staff(t, DISPATCHER), &m, &a), OK);
    assert_int_equal(town_count(t, "SELECT count(*) FROM matter WHERE origin = 'split'"
        " AND confidential = 1 AND reporters = 0 AND category = '02' AND owner_unit = 9"), 1);
    assert_int_equal(town_count(t, "SELECT count(*) FROM matter_link"), 2);
}

static void a_new_category_brings_its_own_limit(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    struct step_args a = args_for("recategorise");
    a.category = STR("02");
    assert_int_equal(step_as(t, town_staff(t, DISPATCHER), &m, &a), E_INPUT);
    a.category = STR("nix");
    assert_int_equal(step_as(t, town_staff(t, DISPATCHER), &m, &a), E_INPUT);
    a.category = STR("0101");
    assert_int_equal(step_as(t, town_staff(t, DISPATCHER), &m, &a), OK);
    assert_int_equal(m.tier, 2);
    assert_int_equal(m.due_ms, clock_from_civil(2026, 3, 4, 17, 30, 0));
}

static void reminding_waits_for_half_of_the_time(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    assert_int_equal(by_reporter(t, &m, 1, "urge"), E_STEP);
    t->now_ms = m.clock_from_ms + (m.due_ms - m.clock_from_ms) / 2;
    assert_int_equal(by_reporter(t, &m, 1, "urge"), OK);
}

static void talk_goes_both_ways_and_remarks_stay_inside(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    struct list lines, shown;
    struct cx cx = town_reporter(t, m.area, m.id, 1);
    assert_int_equal(step(t, CLERK, &m, "tell"), OK);
    assert_int_equal(step(t, FIREMAN, &m, "tell"), E_STEP);
    assert_int_equal(step(t, CLERK, &m, "note"), OK);
    assert_int_equal(by_reporter(t, &m, 1, "message"), OK);
    assert_int_equal(view_lines(&cx, &m, &lines), OK);
    assert_int_equal(view_messages(&cx, &m, lines, (struct list){ NULL, 0 }, false, &shown), OK);
    assert_int_equal(shown.n, 2);
    const struct message_view *v = shown.p;
    assert_string_equal(v[0].from.p, "staff");
    assert_string_equal(v[0].by.p, "枫江区路灯所");
    assert_string_equal(v[1].from.p, "reporter");
}

SQL_WRITES(LONG_TALK, "test.long", "INSERT INTO entry (area, matter, seq, id, at_ms, actor, account,"
    " unit, action, from_state, to_state, owner_unit, holder, due_ms, data, prev, hash)"
    " WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)"
    " SELECT $1, $2, i, i, 1, 'reporter', 0, 0, 'message', 'assigned', 'assigned', 9, 0, 1, '{}',"
    " head, head FROM n, matter WHERE area = $1 AND matter.id = $2");
SQL_WRITES(FORGET, "test.forget", "UPDATE matter SET seq = 1500 WHERE area = $1 AND id = $2");

/* On a town of its own, whose ledger is not sound afterwards. */
static void an_endless_talk_ends_and_stays_readable(void **state)
{
    struct town town, *t = &town;
    struct list lines;
    (void)state;
    town_open(t, 1, NULL);
    struct matter m = report(t, "02");
    struct cx cx = town_reporter(t, m.area, m.id, 1);
    assert_int_equal(db_exec(t->db, &LONG_TALK, AT(t, &m), NULL), OK);
    assert_int_equal(db_exec(t->db, &FORGET, AT(t, &m), NULL), OK);
    assert_int_equal(matter_by_id(&cx, m.area, m.id, &m), OK);
    assert_int_equal(by_reporter(t, &m, 1, "message"), E_STEP);
    assert_int_equal(view_lines(&cx, &m, &lines), OK);
    assert_int_equal(lines.n, 1000);
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    town_close(t);
}

static struct str upload(struct town *t)
{
    struct cx cx = town_public(t);
    struct str token;
    assert_int_equal(photo_upload(&cx, STR("aa"), STR("bb"), 10, 10, &token), OK);
    return token;
}

static void photos_are_taken_once_and_have_their_limit(void **state)
{
    struct town *t = *state;
    struct matter m = report(t, "02");
    struct str tokens[6];
    struct step_args a = args_for("message");
    a.uploads = (struct list){ tokens, 2 };
    tokens[0] = tokens[1] = upload(t);
    assert_int_equal(step_as(t, town_reporter(t, m.area, m.id, 1), &m, &a), E_INPUT);
    a.uploads.n = 1;
    t->now_ms += CLOCK_DAY_MS;
    assert_int_equal(step_as(t, town_reporter(t, m.area, m.id, 1), &m, &a), E_INPUT);
    t->now_ms--;
    assert_int_equal(step_as(t, town_reporter(t, m.area, m.id, 1), &m, &a), OK);
    assert_int_equal(step_as(t, town_reporter(t, m.area, m.id, 1), &m, &a), E_INPUT);
    a.uploads.n = 6;
    for (int round = 0; round < 34; round++) {
        for (int i = 0; i < 6; i++)
            tokens[i] = upload(t);
        assert_int_equal(step_as(t, town_reporter(t, m.area, m.id, 1), &m, &a),
            round < 33 ? OK : E_INPUT);
    }
    struct list photos;
    struct cx cx = town_public(t);
    assert_int_equal(photos_of(&cx, &m, &photos), OK);
    assert_int_equal(photos.n, 199);
}

static void contact_details_lie_sealed(void **state)
{
    struct town *t = *state;
    struct intake in = intake_at(t, "02", GRID_A1);
    in.name = STR("陆晓");
    in.phone = STR("19900000001");
    struct matter m = open_matter(t, &in);
    assert_int_equal(m.reporters, 1);
    assert_true(str_find(town_bytes(t, "SELECT name FROM person WHERE length(name) > 20"), STR("陆")) < 0);
    assert_true(str_find(town_bytes(t, "SELECT phone FROM person"), STR("1990")) < 0);
}

/* What the list of actions offers and why not, against what happens when it is tried. */
static void actions_say_what_would_happen(void **state)
{
    struct town *t = *state;
    struct matter matters[] = { report(t, "02"), report(t, "03"), verified(t) };
    for (size_t k = 0; k < COUNT_OF(matters) * TOWN_PEOPLE_COUNT; k++) {
        struct cx cx = town_staff(t, (enum town_person)(k % TOWN_PEOPLE_COUNT));
        struct matter m = matters[k / TOWN_PEOPLE_COUNT];
        struct list actions;
        assert_int_equal(matter_actions(&cx, &m, &actions), OK);
        const struct action_row *a = actions.p;
        for (size_t i = 0; i < actions.n; i++) {
            struct step_args args = step_args_for(a[i].action.p);
            assert_int_equal(db_begin(t->db), OK);
            enum err e = matter_step(&cx, &m, &args, NULL);
            db_rollback(t->db);
            assert_int_equal(a[i].ok, e != E_DENIED && e != E_STEP);
            assert_int_equal(a[i].ok, a[i].why.p == NULL);
        }
    }
}

#define LIFE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIFE(a_report_has_owner_clock_and_ledger_at_once), LIFE(the_whole_way_to_the_end),
        LIFE(rights_come_before_everything), LIFE(an_old_page_changes_nothing),
        LIFE(needs_are_asked_for_and_nothing_else), LIFE(the_one_who_answered_does_not_check),
        LIFE(a_request_waits_for_another_person), LIFE(a_refused_request_leaves_the_deadline),
        LIFE(who_decided_may_go_on_reading), LIFE(a_deferral_sets_the_time_left_aside),
        LIFE(a_deferred_matter_that_climbs_keeps_no_time_aside),
        LIFE(a_return_is_reviewed_by_the_desk_and_comes_once),
        LIFE(putting_back_and_taking_again_buys_no_time),
        LIFE(lateness_is_supervised_then_listed_then_climbs),
        LIFE(help_has_its_own_clock_and_holds_up_the_answer),
        LIFE(help_may_be_declined_and_asked_again), LIFE(asked_units_stand_once_in_the_ledger),
        LIFE(a_lower_centre_does_not_decide_over_a_higher_one),
        LIFE(an_objection_goes_one_level_up_and_comes_once),
        LIFE(objecting_and_reopening_have_their_time),
        LIFE(rework_takes_nothing_from_the_reporters_rights),
        LIFE(the_window_closes_by_itself_and_not_before),
        LIFE(withdrawing_is_for_the_only_one_who_wants_it),
        LIFE(what_staff_found_is_not_withdrawn_by_who_joins),
        LIFE(not_accepting_needs_a_lawful_reason_and_an_answer),
        LIFE(merging_moves_reporters_with_their_codes), LIFE(merging_has_its_limits),
        LIFE(links_go_both_ways_and_not_to_oneself), LIFE(what_is_split_off_stays_confidential),
        LIFE(a_new_category_brings_its_own_limit), LIFE(reminding_waits_for_half_of_the_time),
        LIFE(talk_goes_both_ways_and_remarks_stay_inside),
        cmocka_unit_test(an_endless_talk_ends_and_stays_readable),
        LIFE(photos_are_taken_once_and_have_their_limit), LIFE(contact_details_lie_sealed),
        LIFE(actions_say_what_would_happen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
