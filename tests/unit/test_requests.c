/* test_requests.c: the rules of requests on personal data: who answers and by when, what a request
 * that is granted takes away and what it leaves, being late, the night, matters that are merged. */
#include "personal/request.c"
#include "access/limit.h"
#include "town_life.h"

static struct matter with_contact(struct town *t)
{
    struct intake in = intake_at(t, "02", GRID_A1);
    in.name = STR("王阿姨");
    in.phone = STR("19900000001");
    return open_matter(t, &in);
}

static void settle(struct town *t, struct matter *m)
{
    assert_int_equal(step(t, CLERK, m, "take"), OK);
    assert_int_equal(step(t, CLERK, m, "reply"), OK);
    assert_int_equal(step(t, DISPATCHER, m, "verify"), OK);
    assert_int_equal(step(t, DISPATCHER, m, "close"), OK);
}

static enum err asks(struct town *t, struct matter *m, const char *kind, const char *field,
    const char *value, struct request *ret)
{
    struct cx cx = town_reporter(t, m->area, m->id, 1);
    struct whose w = { m, 1, 0 };
    struct ask ask = { str_c(kind), str_c(field), str_c(value), STR("请办理"), STR("") };
    assert_int_equal(db_begin(t->db), OK);
    enum err e = request_begin(&cx, m, &w, &ask, cx_next_id(&cx), ret);
    if (e == OK)
        assert_int_equal(db_commit(t->db), OK);
    else
        db_rollback(t->db);
    return e;
}

static enum err acts(struct town *t, struct matter *m, struct request *r, const char *action)
{
    struct cx cx = town_staff(t, DISPATCHER);
    bool refuses = strcmp(action, "refuse") == 0;
    struct request_act act = { action, refuses ? STR("") : STR("phone"),
        refuses ? STR("kept_by_law") : STR(""), STR("已按您的请求办理") };
    assert_int_equal(db_begin(t->db), OK);
    enum err e = request_step(&cx, m, r, &act);
    if (e == OK)
        assert_int_equal(db_commit(t->db), OK);
    else {
        db_rollback(t->db);
        assert_int_equal(request_read(&cx, r->area, r->id, r), OK);
    }
    return e;
}

static void rounds(struct town *t)
{
    struct cx cx = town_system(t);
    assert_int_equal(db_begin(t->db), OK);
    assert_int_equal(requests_round(&cx), OK);
    assert_int_equal(db_commit(t->db), OK);
}

static void days_later(struct town *t, int64_t days)
{
    t->now_ms += days * (int64_t)CLOCK_DAY_MS;
}

/* Monday 2 March, 9:30: the fifteenth working day after is the 23rd. */
static void the_centre_answers_within_fifteen_working_days(void **state)
{
    struct town *t = *state;
    struct matter m = with_contact(t);
    struct request r;
    assert_int_equal(asks(t, &m, "see", "", "", &r), OK);
    assert_int_equal(r.unit, UNIT_TOWN_A);
    struct civil due = clock_civil(r.due_ms);
    assert_int_equal(due.month, 3);
    assert_int_equal(due.day, 23);
    assert_int_equal(asks(t, &m, "see", "", "", &r), E_STEP);
    assert_int_equal(asks(t, &m, "correct", "", "x", &r), E_INPUT);
    assert_int_equal(asks(t, &m, "correct", "name", "", &r), E_INPUT);
}

static void what_is_late_goes_up_once(void **state)
{
    struct town *t = *state;
    struct matter m = with_contact(t), now;
    struct cx cx = town_system(t);
    struct request r;
    assert_int_equal(asks(t, &m, "see", "", "", &r), OK);
    days_later(t, 21);
    rounds(t);
    assert_int_equal(town_count(t, "SELECT late FROM request"), 0);
    days_later(t, 1);
    rounds(t);
    rounds(t);
    assert_int_equal(town_count(t, "SELECT count(*) FROM entry WHERE action = 'data_late'"), 1);
    assert_int_equal(town_count(t, "SELECT unit FROM request"), UNIT_COUNTY);
    assert_int_equal(matter_by_id(&cx, m.area, m.id, &now), OK);
    assert_int_equal(request_read(&cx, r.area, r.id, &r), OK);
    assert_int_equal(acts(t, &now, &r, "grant"), OK);
    assert_int_equal(acts(t, &now, &r, "refuse"), E_STEP);
    assert_true(request_copy_until(&cx, &r) > t->now_ms);
    days_later(t, 31);
    cx.now_ms = t->now_ms;
    assert_int_equal(request_copy_until(&cx, &r), I64_NONE);
}

static const struct erasable *part_of(struct town *t, const struct matter *m, const char *what)
{
    struct cx cx = town_system(t);
    struct list parts;
    assert_int_equal(erasable_of(&cx, m, 1, &parts), OK);
    const struct erasable *p = parts.p;
    for (size_t i = 0; i < parts.n; i++)
        if (str_is(p[i].what, what))
            return &p[i];
    return NULL;
}

static void open_matters_and_terms_of_law_block_erasing(void **state)
{
    struct town *t = *state;
    struct matter m = with_contact(t);
    struct request r;
    assert_int_equal(asks(t, &m, "erase", "", "", &r), OK);
    assert_int_equal(acts(t, &m, &r, "grant"), E_STEP);
    settle(t, &m);
    assert_true(part_of(t, &m, "contact")->now);
    assert_false(part_of(t, &m, "words")->now);
    assert_int_equal(part_of(t, &m, "words")->earliest_ms, m.closed_ms + 90 * (int64_t)CLOCK_DAY_MS);
    assert_int_equal(acts(t, &m, &r, "grant"), OK);
    assert_int_equal(town_count(t, "SELECT count(*) FROM person WHERE data_key IS NOT NULL"), 0);
    assert_int_equal(town_count(t, "SELECT count(*) FROM matter WHERE text = ''"), 0);
    assert_null(part_of(t, &m, "contact"));
    days_later(t, 91);
    assert_true(part_of(t, &m, "words")->now);
    assert_int_equal(asks(t, &m, "erase", "", "", &r), OK);
    assert_int_equal(acts(t, &m, &r, "grant"), OK);
    assert_int_equal(town_count(t, "SELECT count(*) FROM matter WHERE text = ''"), 1);
    assert_int_equal(town_count(t, "SELECT count(*) FROM deletion WHERE days = 0"), 2);
    struct chain_run c = { .no = 0 };
    assert_int_equal(deletions_check(t->db, &c), OK);
    assert_true(c.lines == 2 && c.bad_no == 0);
    assert_int_equal(asks(t, &m, "erase", "", "", &r), OK);     /* nothing is left */
    assert_int_equal(acts(t, &m, &r, "grant"), E_STEP);
    assert_int_equal(acts(t, &m, &r, "refuse"), OK);
}

static void a_correction_is_sealed_and_leaves_no_content(void **state)
{
    struct town *t = *state;
    struct matter m = with_contact(t), anonymous = report(t, "02");
    struct cx cx = town_staff(t, DISPATCHER);
    struct contact c;
    struct request r;
    assert_int_equal(asks(t, &m, "correct", "name", "汪阿姨", &r), OK);
    assert_int_equal(acts(t, &m, &r, "grant"), OK);
    assert_int_equal(desk_contact(&cx, &m, 1, &c), OK);
    assert_true(str_is(c.name, "汪阿姨") && str_is(c.phone, "19900000001"));
    assert_int_equal(town_count(t, "SELECT count(*) FROM entry WHERE data LIKE '%汪%'"
        " OR data LIKE '%请办理%'"), 0);
    assert_int_equal(asks(t, &anonymous, "correct", "name", "汪阿姨", &r), OK);
    assert_int_equal(acts(t, &anonymous, &r, "grant"), E_STEP);
}

static void a_correction_is_checked_as_when_it_was_entered(void **state)
{
    struct town *t = *state;
    struct matter m = with_contact(t);
    struct cx own = town_staff(t, CLERK);
    struct whose w = { NULL, 0, own.actor.account };
    struct ask ask = { STR("correct"), STR("phone"), STR("+86 512-6522"), STR_NONE, STR("") };
    struct request r;
    assert_int_equal(asks(t, &m, "correct", "phone", "abc", &r), E_INPUT);
    assert_int_equal(asks(t, &m, "correct", "phone", "123", &r), E_INPUT);
    assert_int_equal(asks(t, &m, "correct", "name", "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
        "一二三四五六七八九十一", &r), E_INPUT);
    assert_int_equal(value_check(&own, &w, &ask), E_INPUT);
    ask.value = STR("0512-6522");
    assert_int_equal(value_check(&own, &w, &ask), OK);
    assert_int_equal(asks(t, &m, "correct", "phone", " +86 199-0000 0002", &r), OK);
    assert_int_equal(acts(t, &m, &r, "grant"), OK);
}

static enum err looks(struct town *t, struct limiter *l, const struct matter *m, const char *proof,
    const char *from)
{
    static const struct limiter_rate place = { .burst = 2, .per_hour = 1 },
        receipt = { .burst = 4, .per_hour = 4 };
    struct cx cx = town_reporter(t, m->area, m->id, 1);
    cx.services.limiter = l;
    cx.services.proof_rate = &place;
    cx.services.proofs_rate = &receipt;
    cx.from = str_c(from);
    assert_int_equal(proof_prepare(&cx, NULL), OK);
    enum err e = proof_to_see(&cx, m, 1, str_c(proof));
    assert_true((e == E_LIMIT) == (cx.wait_ms > 0));
    return e;
}

static void wrong_numbers_keep_out_who_tries_and_not_the_owner(void **state)
{
    static const struct hash secret = { { 7 } };
    struct town *t = *state;
    struct matter m = with_contact(t), other = with_contact(t);
    struct limiter *l = limiter_make(&secret);
    assert_int_equal(looks(t, l, &m, "", "finder"), E_INPUT);
    for (int i = 0; i < 2; i++)
        assert_int_equal(looks(t, l, &m, "19900000002", "finder"), E_INPUT);
    assert_int_equal(looks(t, l, &m, "19900000001", "finder"), E_LIMIT);
    assert_int_equal(looks(t, l, &other, "19900000001", "finder"), OK);
    for (int i = 0; i < 9; i++)
        assert_int_equal(looks(t, l, &m, "199-0000 0001", "owner"), OK);
    t->now_ms += 59 * 60 * 1000;
    assert_int_equal(looks(t, l, &m, "19900000001", "finder"), E_LIMIT);
    t->now_ms += 60 * 1000;
    assert_int_equal(looks(t, l, &m, "19900000002", "finder"), E_INPUT);
    for (int i = 0; i < 2; i++)
        assert_int_equal(looks(t, l, &m, "19900000002", i ? "second" : "third"), E_INPUT);
    assert_int_equal(looks(t, l, &m, "19900000001", "second"), OK);
    assert_int_equal(looks(t, l, &m, "19900000002", "fourth"), E_INPUT);
    assert_int_equal(looks(t, l, &m, "19900000001", "owner"), E_LIMIT);
    t->now_ms += 16 * 60 * 1000;
    assert_int_equal(looks(t, l, &m, "19900000001", "owner"), OK);
    limiter_free(l);
}

static void the_night_takes_the_words_and_merging_takes_them_along(void **state)
{
    struct town *t = *state;
    struct matter m = with_contact(t), into = report(t, "02");
    struct step_args merge = step_args_for("merge"), erase = step_args_for("erase");
    struct request r;
    struct list found;
    assert_int_equal(asks(t, &m, "see", "", "", &r), OK);
    merge.number2 = into.number;
    assert_int_equal(step_as(t, town_staff(t, DISPATCHER), &m, &merge), OK);
    struct cx cx = town_system(t);
    assert_int_equal(matter_by_id(&cx, into.area, into.id, &into), OK);
    struct whose w = { &into, 2, 0 };
    assert_int_equal(requests_of(&cx, &w, &found), OK);
    assert_int_equal(found.n, 1);
    r = *(struct request *)found.p;
    assert_int_equal(acts(t, &into, &r, "grant"), OK);
    settle(t, &into);
    erase.reason = STR("contact");
    assert_int_equal(step_as(t, town_system(t), &into, &erase), OK);
    assert_int_equal(town_count(t, "SELECT count(*) FROM request WHERE data_key IS NOT NULL"
        " OR wish IS NOT NULL OR value IS NOT NULL OR answer IS NOT NULL"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        T(the_centre_answers_within_fifteen_working_days),
        T(what_is_late_goes_up_once),
        T(open_matters_and_terms_of_law_block_erasing),
        T(a_correction_is_sealed_and_leaves_no_content),
        T(a_correction_is_checked_as_when_it_was_entered),
        T(wrong_numbers_keep_out_who_tries_and_not_the_owner),
        T(the_night_takes_the_words_and_merging_takes_them_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
