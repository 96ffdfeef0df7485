/* test_outbox.c: messages to be pushed: who gets one, that there is one for each answer, that one
 * at a time has it in hand, and what becomes of it. */
#include "town_life.h"
#include "crypto/seal.h"

enum { ALL = 100 };
#define ROWS(t) town_count(t, "SELECT count(*) FROM outbox")
#define NIGHT_MS (14 * INT64_C(3600000))

static int setup_pushing(void **state)
{
    static const struct sql phones = { "test.phones", "UPDATE account SET phone = '051212345'"
        " WHERE username IN ('CHIEF', 'DISPATCHER', 'DISPATCHER_COUNTY')", SQL_WRITE, true };
    (void)setup(state);
    struct town *t = *state;
    t->pushes = true;
    return db_exec(t->db, &phones, NO_ARGS, NULL) == OK ? 0 : -1;
}
#define PUSHING(f) cmocka_unit_test_setup_teardown(f, setup_pushing, teardown)

static struct matter report_with(struct town *t, const char *category, const char *phone,
    bool confidential)
{
    struct intake in = intake_at(t, category, GRID_A1);
    in.phone = str_c(phone);
    in.confidential = confidential;
    return open_matter(t, &in);
}

static void answered(struct town *t, struct matter *m)
{
    assert_int_equal(step(t, CLERK, m, "take"), OK);
    assert_int_equal(step(t, CLERK, m, "reply"), OK);
}

static struct list due(struct town *t, bool night)
{
    struct list rows;
    assert_int_equal(outbox_due(t->db, &t->a, t->now_ms, night, ALL, &rows), OK);
    return rows;
}

static struct outbox_row first_due(struct town *t)
{
    struct list rows = due(t, false);
    assert_true(rows.n > 0);
    return *(struct outbox_row *)rows.p;
}

static bool take(struct town *t, struct outbox_row *row)
{
    struct cx cx = town_system(t);
    bool got = false;
    assert_int_equal(db_begin(t->db), OK);
    assert_int_equal(outbox_take(&cx, row, &got), OK);
    assert_int_equal(db_commit(t->db), OK);
    return got;
}

static void settle(struct town *t, const struct outbox_row *row, enum outcome outcome)
{
    struct cx cx = town_system(t);
    struct outbox_end end = { outcome, "no connection", 0 };
    assert_int_equal(db_begin(t->db), OK);
    assert_int_equal(outbox_settle(&cx, row, &end), OK);
    assert_int_equal(db_commit(t->db), OK);
}

static void waiting_grows_and_never_is_the_same_for_all(void **state)
{
    struct rand r = rand_seeded(4);
    int64_t bound = OUTBOX_WAIT_FIRST_MS, all = 0, differ = 0;
    (void)state;
    for (int64_t tries = 1; tries <= OUTBOX_TRIES_MAX; tries++) {
        int64_t first = outbox_wait_ms(&r, tries);
        for (int i = 0; i < 50; i++) {
            int64_t wait = outbox_wait_ms(&r, tries);
            assert_true(wait >= bound / 2 && wait <= bound);
            differ += wait != first;
        }
        all += bound;
        bound = bound * 2 < OUTBOX_WAIT_MS_MAX ? bound * 2 : OUTBOX_WAIT_MS_MAX;
    }
    assert_true(differ > 49 * OUTBOX_TRIES_MAX);
    assert_true(all / 2 > CLOCK_DAY_MS / 2 && all < 3 * (int64_t)CLOCK_DAY_MS);
}

static void each_answer_is_a_message_of_its_own(void **state)
{
    struct town *t = *state;
    struct matter m = report_with(t, "02", "13800001111", false);
    assert_int_equal(ROWS(t), 0);
    answered(t, &m);
    assert_int_equal(ROWS(t), 1);
    assert_int_equal(by_reporter(t, &m, 1, "object"), OK);
    assert_int_equal(assign(t, DISPATCHER_COUNTY, &m, UNIT_LAMPS), OK);
    answered(t, &m);            /* before the first was sent */
    struct list rows = due(t, false);
    const struct outbox_row *r = rows.p;
    assert_int_equal(rows.n, 2);
    assert_string_not_equal(outbox_id_of(&t->keys, r[0].area, r[0].id).text,
        outbox_id_of(&t->keys, r[1].area, r[1].id).text);
    assert_true(r[0].seq != r[1].seq && r[0].matter == m.id && str_is(r[1].kind, "reply"));
}

static void nobody_is_told_who_did_not_ask_for_it(void **state)
{
    struct town *t = *state;
    struct matter none = report_with(t, "02", "", false),
        secret = report_with(t, "02", "13800001111", true),
        own = report_with(t, "02", "13800001111", false),
        off = report_with(t, "02", "13800001111", false);
    answered(t, &none);
    answered(t, &secret);
    assert_int_equal(by_reporter(t, &own, 1, "withdraw"), OK);
    t->pushes = false;
    answered(t, &off);
    assert_int_equal(ROWS(t), 0);
}

static void words_name_the_matter_and_nobody(void **state)
{
    struct town *t = *state;
    struct matter m = report_with(t, "02", "138 0000 1111", false);
    struct str phone;
    answered(t, &m);
    struct outbox_row row = first_due(t);
    struct str zh = outbox_text(&t->a, &t->keys, &row, "https://town.example/");
    row.lang = STR("en");
    struct str en = outbox_text(&t->a, &t->keys, &row, NULL);
    assert_true(str_find(zh, m.number) > 0 && str_find(en, m.number) > 0);
    assert_true(str_find(zh, STR(" https://town.example/m/receipt")) > 0);
    assert_true(str_find(zh, STR("已有答复")) > 0 && str_find(en, STR("There is an answer")) == 0);
    assert_true(str_find(zh, m.text) < 0 && str_find(zh, STR("138")) < 0);
    assert_int_equal(outbox_telephone(t->db, &t->a, &t->keys, &row, &phone), OK);
    assert_true(str_is(phone, "138 0000 1111"));
    row.kind = STR("of_tomorrow");
    assert_int_equal(outbox_text(&t->a, &t->keys, &row, NULL).n, 0);
}

static void whoever_was_erased_is_not_told(void **state)
{
    static const struct sql erase = { "test.erase", "UPDATE person SET data_key = NULL", SQL_WRITE,
        true };
    struct town *t = *state;
    struct matter m = report_with(t, "02", "13800001111", false);
    struct str phone;
    answered(t, &m);
    struct outbox_row row = first_due(t);
    assert_int_equal(db_exec(t->db, &erase, NO_ARGS, NULL), OK);
    assert_int_equal(outbox_telephone(t->db, &t->a, &t->keys, &row, &phone), E_MISSING);
}

static void one_at_a_time_has_it_in_hand(void **state)
{
    struct town *t = *state;
    struct matter m = report_with(t, "02", "13800001111", false);
    answered(t, &m);
    struct outbox_row one = first_due(t), other = one;
    assert_true(take(t, &one));
    assert_false(take(t, &other));
    assert_int_equal(due(t, false).n, 0);
    t->now_ms += OUTBOX_LEASE_MS;           /* whoever had it was killed */
    other = first_due(t);
    assert_true(take(t, &other));
    settle(t, &one, OUTCOME_AGAIN);         /* or was only slow: it is no longer theirs */
    assert_int_equal(town_count(t, "SELECT tries FROM outbox WHERE why = ''"), 2);
    assert_int_equal(due(t, false).n, 0);
    settle(t, &one, OUTCOME_SENT);          /* what is sent is sent, whoever did it */
    assert_int_equal(ROWS(t), 0);
    settle(t, &other, OUTCOME_AGAIN);
    assert_int_equal(ROWS(t), 0);
    assert_int_equal(town_count(t, "SELECT count(*) FROM access_log WHERE fields = 'phone'"), 1);
}

static void what_cannot_be_sent_is_given_up_and_shown(void **state)
{
    struct town *t = *state;
    struct matter m = report_with(t, "02", "13800001111", false);
    struct list failed;
    answered(t, &m);
    for (int i = 0; i < OUTBOX_TRIES_MAX; i++) {
        struct outbox_row row = first_due(t);
        assert_true(take(t, &row));
        settle(t, &row, OUTCOME_AGAIN);
        t->now_ms += OUTBOX_WAIT_MS_MAX;
    }
    assert_int_equal(due(t, false).n, 0);
    assert_int_equal(outbox_failed(t->db, &t->a, t->now_ms, &failed), OK);
    const struct outbox_row *f = failed.p;
    assert_int_equal(failed.n, 1);
    assert_true(str_is(f->why, "no connection") && f->tries == OUTBOX_TRIES_MAX);
    assert_int_equal(outbox_retry(t->db, f, t->now_ms), OK);
    struct outbox_row again = first_due(t);
    assert_true(take(t, &again));
    settle(t, &again, OUTCOME_NEVER);
    assert_int_equal(outbox_count(t->db, &t->outbox), OK);
    assert_int_equal(atomic_load(&t->outbox.failed), 1);
    assert_int_equal(atomic_load(&t->outbox.waiting), 0);
    struct cx cx = town_system(t);
    assert_int_equal(outbox_forget(&cx), OK);
    assert_int_equal(ROWS(t), 1);
    cx.now_ms += (OUTBOX_FAILED_DAYS + 1) * (int64_t)CLOCK_DAY_MS;
    assert_int_equal(outbox_forget(&cx), OK);
    assert_int_equal(ROWS(t), 0);
}

/* "05" is of tier 4. */
static void at_night_only_what_cannot_wait(void **state)
{
    struct town *t = *state;
    struct matter lamp = report_with(t, "02", "13800001111", false),
        danger = report_with(t, "05", "13800002222", false);
    struct step_args tell = args_for("tell");
    answered(t, &lamp);
    assert_int_equal(step_as(t, town_staff(t, DISPATCHER_COUNTY), &danger, &tell), OK);
    t->now_ms += NIGHT_MS;
    struct list rows = due(t, true);
    const struct outbox_row *r = rows.p;
    assert_int_equal(rows.n, 1);
    assert_true(r->matter == danger.id && str_is(r->kind, "asked"));
    assert_int_equal(due(t, false).n, 2);
}

static void leads_are_told_of_what_is_late_and_of_what_comes_up(void **state)
{
    struct town *t = *state;
    struct matter m = report_with(t, "02", "", false);
    for (int i = 0; i < 3; i++) {
        t->now_ms = m.alarm_ms;
        assert_int_equal(by_clock(t, &m, "overdue"), OK);
    }
    state_is(&m, "received", UNIT_COUNTY);
    assert_int_equal(town_count(t, "SELECT count(*) FROM outbox WHERE kind = 'late'"
        " AND quiet = 0 AND person = 0 AND account = 108"), 2);
    assert_int_equal(town_account(CHIEF), 108);
    assert_int_equal(town_count(t, "SELECT account FROM outbox WHERE kind = 'came_up'"),
        town_account(DISPATCHER_COUNTY));
    assert_int_equal(ROWS(t), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_grows_and_never_is_the_same_for_all),
        PUSHING(each_answer_is_a_message_of_its_own),
        PUSHING(nobody_is_told_who_did_not_ask_for_it),
        PUSHING(words_name_the_matter_and_nobody),
        PUSHING(whoever_was_erased_is_not_told),
        PUSHING(one_at_a_time_has_it_in_hand),
        PUSHING(what_cannot_be_sent_is_given_up_and_shown),
        PUSHING(at_night_only_what_cannot_wait),
        PUSHING(leads_are_told_of_what_is_late_and_of_what_comes_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
