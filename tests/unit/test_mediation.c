/* test_mediation.c: disputes in random orders of steps: whatever people try, nothing goes on without
 * consent, nothing binds before the last signature, and nobody outside reads what one side said. */
#include "mediation/course.h"
#include "town.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

struct fixture { struct town t; struct str number; struct matter m; };

static enum err say(struct cx cx, const char *path, const char *json,
    struct buf *ret)
{
    struct command c = { .cx = cx };
    enum err e = json ? town_command(&c, cx, path, json)
        : town_prepare(&c, "GET", path, STR_NONE);
    if (json == NULL && e == OK)
        e = command_read(&c);
    if (ret)
        *ret = c.out;
    return e;
}

/* Registered by the mediator of community A1, with a party on each side. */
static void begin(struct fixture *f)
{
    struct buf out;
    assert_int_equal(say(town_staff(&f->t, MEDIATOR), "/api/disputes",
        "{\"type\":\"neighbour\",\"source\":\"apply\",\"text\":\"楼上漏水吵架\",\"grid\":\"320508001001001\","
        "\"parties\":[{\"side\":\"applicant\",\"name\":\"王甲\"},{\"side\":\"respondent\","
        "\"name\":\"李乙\"}]}", &out), OK);
    f->number = arena_str(&f->t.a, town_member(&f->t, &out, "number"));
    struct cx cx = town_system(&f->t);
    assert_int_equal(matter_by_number(&cx, f->number, &f->m), OK);
}

static enum err step_by(struct fixture *f, struct cx cx, const char *json)
{
    struct matter now;
    struct cx system = town_system(&f->t);
    char path[80];
    (void)snprintf(path, sizeof(path), "/api/matters/%.*s/step", STR_FMT(f->number));
    enum err e = say(cx, path, json, NULL);
    assert_int_equal(matter_by_number(&system, f->number, &now), OK);
    f->m = now;
    return e;
}

static enum err mediator(struct fixture *f, const char *json)
{
    return step_by(f, town_staff(&f->t, MEDIATOR), json);
}

static int setup(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    town_open(&f->t, 7, NULL);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    town_close(&f->t);
    heap_free(f);
    return 0;
}

static const char *const everything[] = {
    "{\"action\":\"consent\",\"party\":1,\"how\":\"in_person\"}",
    "{\"action\":\"consent\",\"party\":2,\"how\":\"phone\"}",
    "{\"action\":\"tell_rights\",\"party\":1,\"how\":\"in_person\"}",
    "{\"action\":\"tell_rights\",\"party\":2,\"how\":\"in_person\"}",
    "{\"action\":\"accept\"}",
    "{\"action\":\"name_mediator\",\"mediator\":\"103\",\"how\":\"parties\"}",
    "{\"action\":\"sitting\",\"text\":\"双方到场\",\"result\":\"agreed\"}",
    "{\"action\":\"caucus\",\"party\":1,\"text\":\"底线两千\"}",
    "{\"action\":\"agree_written\",\"text\":\"修好赔钱\",\"promises\":[{\"party\":2,\"what\":\"赔偿\","
        "\"amount\":2000.5,\"due_ms\":1790000000000,\"way\":\"银行转账\"}]}",
    "{\"action\":\"agree_oral\",\"text\":\"握手言和\"}",
    "{\"action\":\"ask_written\",\"party\":1}",
    "{\"action\":\"sign\",\"party\":1,\"how\":\"signature\"}",
    "{\"action\":\"sign\",\"party\":2,\"how\":\"fingerprint\"}",
    "{\"action\":\"sign_mediator\"}",
    "{\"action\":\"seal\"}",
    "{\"action\":\"not_signed\",\"note\":\"反悔\"}",
    "{\"action\":\"kept\",\"promise\":1}",
    "{\"action\":\"broken\",\"promise\":1,\"note\":\"没有付\"}",
    "{\"action\":\"mediate_again\",\"note\":\"再谈\"}",
    "{\"action\":\"apply_confirm\"}",
    "{\"action\":\"court_decided\",\"result\":\"confirmed\"}",
    "{\"action\":\"call_back\",\"reply\":\"双方满意，已履行\"}",
    "{\"action\":\"pause\",\"days\":5,\"note\":\"鉴定\"}",
    "{\"action\":\"resume\"}",
    "{\"action\":\"lengthen\",\"days\":10,\"note\":\"都同意\"}",
    "{\"action\":\"consent_refused\",\"party\":2,\"how\":\"phone\",\"reply\":\"对方不同意，可以起诉\"}",
    "{\"action\":\"end\",\"reason\":\"no_agreement\",\"reply\":\"调解不成，可以起诉或仲裁\"}",
};
enum { CONSENT_REFUSED = 25, END = 26, AGREE_WRITTEN = 8, FIRST_TO_END = 25 };

/* What must hold after each step, looked up in the database and not in the program's own words. */
static void must_hold(struct fixture *f, const struct matter *before, const char *did)
{
    struct beside *b;
    struct cx cx = town_system(&f->t);
    assert_int_equal(beside_read(&cx, &f->m, &b), OK);
    const struct party *p = b->parties.p;
    bool consent = true, sealed = b->dispute.sealed_ms != I64_NONE, signatures = true;
    for (size_t i = 0; i < b->parties.n; i++) {
        consent = consent && str_is(p[i].consent, "given");
        signatures = signatures && p[i].signed_ms != I64_NONE;
    }
    bool binding = str_is(f->m.state, "performing") || str_is(f->m.state, "performed");
    if (strstr(did, "\"sitting\"") || strstr(did, "\"accept\"") || strstr(did, "\"caucus\""))
        assert_true(consent);
    if (binding && str_is(b->dispute.form, "written"))
        assert_true(signatures && sealed && b->dispute.effective_ms != I64_NONE);
    if (binding)
        assert_true(b->dispute.effective_ms != I64_NONE);
    if (b->dispute.confirm.n)
        assert_true(b->dispute.confirm_ms <= b->dispute.effective_ms
            + CONFIRM_DAYS * (int64_t)CLOCK_DAY_MS || !binding);
    if (strstr(did, "consent_refused") || strstr(did, "\"end\""))
        assert_false(f->m.open);
    assert_true(!f->m.open || f->m.due_ms != I64_NONE);
    assert_true(f->m.open || f->m.unanswered == 0);
    assert_true(f->m.seq == before->seq + 1);
}

/* A walk of a hundred tries; early ones are not those that end it. Gives how many were taken. */
static int walk(struct fixture *f, struct rand *r)
{
    int taken = 0;
    begin(f);
    for (int i = 0; i < 120 && f->m.open; i++) {
        size_t n = i < 80 ? FIRST_TO_END : COUNT_OF(everything);
        const char *json = everything[rand_below(r, n)];
        struct matter before = f->m;
        enum err e = mediator(f, json);
        if (e == OK) {
            must_hold(f, &before, json);
            taken++;
        } else {
            assert_true(e == E_STEP || e == E_INPUT);
            assert_int_equal(f->m.seq, before.seq);
        }
        f->t.now_ms += (int64_t)rand_below(r, 3) * CLOCK_DAY_MS;
    }
    assert_null(town_check(&f->t));
    town_forget(&f->t);
    return taken;
}

static void nothing_goes_on_without_consent_or_binds_too_early(void **state)
{
    struct fixture *f = *state;
    struct rand r = rand_seeded(20260301);
    int64_t start_ms = f->t.now_ms;
    int taken = 0;
    for (int i = 0; i < 60; i++) {
        f->t.now_ms = start_ms;
        taken += walk(f, &r);
    }
    assert_true(taken > 600);
    assert_true(town_count(&f->t, "SELECT COUNT(*) FROM matter WHERE state = 'closed'") > 0);
    assert_true(town_count(&f->t, "SELECT COUNT(*) FROM dispute WHERE form = 'written'"
        " AND effective_ms IS NOT NULL") > 0);
    assert_true(town_count(&f->t, "SELECT COUNT(*) FROM dispute WHERE confirm = 'confirmed'") > 0);
}

static void all_agree(struct fixture *f)
{
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(mediator(f, everything[i]), OK);
}

static void a_written_agreement_binds_from_the_last_signature(void **state)
{
    struct fixture *f = *state;
    begin(f);
    all_agree(f);
    assert_int_equal(mediator(f, everything[AGREE_WRITTEN]), OK);
    assert_true(str_is(f->m.state, "signing"));
    static const int order[] = { 14, 12, 13, 11 };     /* the first party signs last */
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        assert_true(str_is(f->m.state, "signing"));
        f->t.now_ms += CLOCK_DAY_MS / 24;
        assert_int_equal(mediator(f, everything[order[i]]), OK);
    }
    struct beside *b;
    struct cx cx = town_system(&f->t);
    assert_int_equal(beside_read(&cx, &f->m, &b), OK);
    assert_true(str_is(f->m.state, "performing"));
    assert_int_equal(b->dispute.effective_ms, f->t.now_ms);
    assert_int_equal(b->dispute.amount_fen, 200050);
    assert_int_equal(f->m.due_ms, INT64_C(1790000000000));
}

static void who_leaves_stops_everything_at_once(void **state)
{
    struct fixture *f = *state;
    begin(f);
    all_agree(f);
    struct cx party = town_reporter(&f->t, f->m.area, f->m.id, 2);
    assert_int_equal(say(party, "/api/receipt/withdraw", "{}", NULL), OK);
    assert_int_equal(mediator(f, everything[6]), E_STEP);
    assert_true(str_is(f->m.state, "ended"));
    assert_int_equal(f->m.unanswered, 0);
}

static void a_minor_speaks_through_the_guardian(void **state)
{
    struct fixture *f = *state;
    begin(f);
    assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"applicant\","
        "\"name\":\"小丙\",\"minor\":true}]}"), OK);
    assert_int_equal(mediator(f, everything[0]), OK);
    assert_int_equal(mediator(f, everything[1]), OK);
    assert_int_equal(mediator(f, "{\"action\":\"consent\",\"party\":3,\"how\":\"in_person\"}"), OK);
    assert_int_equal(mediator(f, everything[4]), E_STEP);
    assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"applicant\","
        "\"name\":\"丙父\",\"role\":\"guardian\",\"stands_for\":3}]}"), OK);
    assert_int_equal(mediator(f, "{\"action\":\"consent\",\"party\":4,\"how\":\"in_person\"}"), OK);
    assert_int_equal(mediator(f, everything[4]), OK);
}

static void the_court_is_asked_in_time_or_not_at_all(void **state)
{
    struct fixture *f = *state;
    begin(f);
    all_agree(f);
    assert_int_equal(mediator(f, everything[AGREE_WRITTEN]), OK);
    for (int i = 11; i <= 14; i++)
        assert_int_equal(mediator(f, everything[i]), OK);
    f->t.now_ms += CONFIRM_DAYS * (int64_t)CLOCK_DAY_MS + 1;
    assert_int_equal(mediator(f, everything[19]), E_STEP);
}

/* Whoever reads what one side said alone: only the mediators of the case. */
static void talks_with_one_side_stay_with_the_mediators(void **state)
{
    struct fixture *f = *state;
    static const int outside[] = { LEAD, WORKER, DISPATCHER, DISPATCHER_COUNTY, SUPERVISOR, AUDITOR };
    struct buf out;
    char path[80];
    begin(f);
    all_agree(f);
    assert_int_equal(mediator(f, everything[7]), OK);
    (void)snprintf(path, sizeof(path), "/api/disputes/%.*s/caucus", STR_FMT(f->number));
    assert_int_equal(say(town_staff(&f->t, MEDIATOR), path, NULL, &out), OK);
    assert_true(str_find(buf_str(&out), STR("底线两千")) >= 0);
    for (size_t i = 0; i < COUNT_OF(outside); i++) {
        enum err e = say(town_staff(&f->t, (enum town_person)outside[i]), path, NULL, &out);
        assert_true(e == E_MISSING || e == E_DENIED);
    }
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM note WHERE text LIKE '%底线%'"), 0);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM entry WHERE data LIKE '%底线%'"), 0);
}

/* What parties say is not for the territory: neighbours' grid workers and the desks above see none. */
static void a_dispute_is_for_its_committee(void **state)
{
    struct fixture *f = *state;
    struct cx desk = town_staff(&f->t, DISPATCHER), own = town_staff(&f->t, MEDIATOR);
    begin(f);
    assert_int_equal(matter_visible(&own, &f->m), OK);
    assert_int_equal(matter_visible(&desk, &f->m), E_MISSING);
    assert_int_equal(mediator(f, "{\"action\":\"escalate\",\"note\":\"疑难\"}"), OK);
    assert_int_equal(matter_visible(&desk, &f->m), OK);
    assert_true(str_is(f->m.state, "registered"));
}

static void an_interest_disclosed_is_agreed_to_anew(void **state)
{
    struct fixture *f = *state;
    begin(f);
    assert_int_equal(mediator(f, everything[0]), OK);
    assert_int_equal(mediator(f, everything[1]), OK);
    assert_int_equal(mediator(f, "{\"action\":\"name_mediator\",\"mediator\":\"103\","
        "\"how\":\"committee\",\"note\":\"与申请人同村\"}"), OK);
    assert_int_equal(mediator(f, everything[4]), E_STEP);
    assert_int_equal(mediator(f, "{\"action\":\"name_mediator\",\"mediator\":\"107\","
        "\"how\":\"committee\"}"), E_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_goes_on_without_consent_or_binds_too_early, setup,
            teardown),
        cmocka_unit_test_setup_teardown(a_written_agreement_binds_from_the_last_signature, setup,
            teardown),
        cmocka_unit_test_setup_teardown(who_leaves_stops_everything_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_minor_speaks_through_the_guardian, setup, teardown),
        cmocka_unit_test_setup_teardown(the_court_is_asked_in_time_or_not_at_all, setup, teardown),
        cmocka_unit_test_setup_teardown(talks_with_one_side_stay_with_the_mediators, setup,
            teardown),
        cmocka_unit_test_setup_teardown(a_dispute_is_for_its_committee, setup, teardown),
        cmocka_unit_test_setup_teardown(an_interest_disclosed_is_agreed_to_anew, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
