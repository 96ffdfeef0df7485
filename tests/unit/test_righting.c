/* test_righting.c: what was noted by mistake in a dispute and is put right: who a party is, whether
 * it takes part, who mediates, what was answered, what the court decided; and what rested on it. */
#include "town_dispute.h"
#include "access/access.h"

#define CORRECT(no, more) "{\"action\":\"correct_party\",\"party\":" no more "}"
#define RENAMED CORRECT("2", ",\"name\":\"李乙乙\",\"reason\":\"person\"")
#define DROP(no) "{\"action\":\"drop_party\",\"party\":" no ",\"note\":\"登错了\"}"
#define THIRD "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"respondent\",\"name\":\"丙\"}]}"
#define NAMED(more) "{\"action\":\"name_mediator\",\"mediator\":\"103\",\"how\":\"parties\"" more "}"
#define AGAIN "{\"action\":\"mediate_again\",\"note\":\"再谈\"}"
#define DECIDED(as) "{\"action\":\"court_decided\",\"result\":\"" as "\"}"
#define RULING(as) "{\"action\":\"correct_ruling\",\"result\":\"" as "\",\"note\":\"看错了裁定\"}"
#define ANSWER(no, as) "{\"action\":\"apply_confirm\",\"party\":" no ",\"how\":\"written\"," \
    "\"ownership\":\"" as "\"}"
#define JOINED(unit) "{\"action\":\"cohandle\",\"units\":[{\"unit\":\"" unit "\",\"task\":\"到场\"}]," \
    "\"consents\":[{\"party\":1,\"how\":\"phone\"},{\"party\":2,\"how\":\"phone\"}]}"

static void go(struct fixture *f, const char *const *steps, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_int_equal(mediator(f, steps[i]), OK);
}
#define GO(f, ...) go(f, (const char *const[]){ __VA_ARGS__ }, \
    COUNT_OF(((const char *const[]){ __VA_ARGS__ })))

static struct err_info step_refused(struct fixture *f, struct cx cx, const char *json, enum err as)
{
    struct command c;
    char path[80];
    (void)snprintf(path, sizeof(path), "/api/matters/%.*s/step", STR_FMT(f->number));
    assert_int_equal(town_command(&c, cx, path, json), as);
    return c.cx.info;
}

static struct err_info refused(struct fixture *f, const char *json, enum err as)
{
    return step_refused(f, town_staff(&f->t, MEDIATOR), json, as);
}

static void agreed(struct fixture *f, const char *type)
{
    begin_of(f, type);
    all_agree(f);
    GO(f, AGREE_WRITTEN, SIGN_1, SIGN_2, SIGN_MEDIATOR, SEAL);
}

static const struct party *party(struct fixture *f, int64_t no)
{
    return party_numbered(beside_now(f), no);
}

static struct str code_of(struct fixture *f, int no)
{
    struct buf out;
    char path[80], json[80];
    (void)snprintf(path, sizeof(path), "/api/matters/%.*s/reveal", STR_FMT(f->number));
    (void)snprintf(json, sizeof(json), "{\"reporter\":%d,\"purpose\":\"核对\"}", no);
    assert_int_equal(say(town_staff(&f->t, MEDIATOR), path, json, &out), OK);
    return arena_str(&f->t.a, town_member(&f->t, &out, "code"));
}

static int64_t opened_by(struct fixture *f, struct str code)
{
    struct cx cx = town_public(&f->t);
    enum err e = access_by_code(&cx, code);
    assert_true(e == OK || e == E_MISSING);
    return e == OK ? cx.actor.no : 0;
}

/* Where an agreement waits for signatures no name changes beneath it; and without everybody's
 * consent nobody signs. */
static void nobody_signs_for_a_party_that_was_not_asked(void **state)
{
    static const struct sql asked = { "test.asked", "UPDATE party SET consent = 'asked' WHERE no = 2",
        SQL_WRITE, false }, given = { "test.given", "UPDATE party SET consent = 'given', told_ms = NULL"
        " WHERE no = 2", SQL_WRITE, false };
    static const char *const signs[] = { SIGN_1, SIGN_2, SIGN_MEDIATOR, SEAL };
    struct fixture *f = *state;
    begin(f);
    all_agree(f);
    GO(f, AGREE_WRITTEN);
    assert_string_equal(refused(f, RENAMED, E_INPUT).field, "name");
    assert_non_null(strstr(refused(f, RENAMED, E_INPUT).zh, "未签署"));
    assert_string_equal(refused(f, CORRECT("2", ",\"kind\":\"organisation\""), E_INPUT).field, "kind");
    GO(f, CORRECT("2", ",\"phone\":\"13800001111\""));
    const struct sql *const lacking[] = { &asked, &given };
    for (size_t i = 0; i < COUNT_OF(lacking); i++) {
        assert_int_equal(db_exec(f->t.db, lacking[i], NULL, 0, NULL), OK);
        for (size_t k = 0; k < COUNT_OF(signs); k++)
            assert_non_null(strstr(refused(f, signs[k], E_STEP).zh, "被申请人1"));
    }
    GO(f, "{\"action\":\"not_signed\",\"note\":\"登错了人\"}", RENAMED);
    assert_int_equal(mediator(f, AGREE_WRITTEN), E_STEP);
    GO(f, CONSENT_2, TELL_2, HOLD, AGREE_WRITTEN, SIGN_1, SIGN_2, SIGN_MEDIATOR, SEAL);
    assert_true(str_is(f->m.state, "performing"));
}

/* Whoever held the code of a name that was wrong speaks for nobody; the right one gets another. */
static void a_name_put_right_has_a_code_of_its_own(void **state)
{
    struct fixture *f = *state;
    begin(f);
    struct str one = code_of(f, 1), wrong = code_of(f, 2);
    assert_int_equal(opened_by(f, wrong), 2);
    GO(f, CORRECT("2", ",\"phone\":\"13800001111\""));
    assert_int_equal(opened_by(f, wrong), 2);
    GO(f, RENAMED);
    struct str right = code_of(f, 2);
    assert_false(str_eq(right, wrong));
    assert_int_equal(opened_by(f, wrong), 0);
    assert_int_equal(opened_by(f, right), 2);
    assert_int_equal(opened_by(f, one), 1);
    GO(f, CORRECT("2", ",\"name\":\"李丙\",\"reason\":\"person\""));
    assert_int_equal(opened_by(f, right), 0);
    assert_int_equal(opened_by(f, wrong), 0);
    assert_int_equal(opened_by(f, code_of(f, 2)), 2);
}

/* A slip in writing: what the same person agreed to and was told stays, and so does the session. */
static void a_slip_in_a_name_leaves_the_rest(void **state)
{
#define SLIP(more) CORRECT("2", ",\"name\":\"李已\"" more)
    struct fixture *f = *state;
    begin(f);
    all_agree(f);
    GO(f, JOINED("9"));
    struct str code = code_of(f, 2);
    assert_string_equal(refused(f, SLIP(""), E_INPUT).field, "reason");
    assert_string_equal(refused(f, SLIP(",\"reason\":\"whim\""), E_INPUT).field, "reason");
    GO(f, SLIP(",\"reason\":\"spelling\""));
    assert_true(all_consent(beside_now(f)) && all_told(beside_now(f)));
    assert_int_equal(f->m.cohandling, 1);
    assert_true(str_eq(code_of(f, 2), code));
    assert_int_equal(opened_by(f, code), 2);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM entry WHERE action = 'correct_party'"
        " AND data LIKE '%\"reason\":\"spelling\"%' AND data LIKE '%\"changed\":\"name\"%'"), 1);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM entry WHERE data LIKE '%李已%'"), 0);
    GO(f, AGREE_WRITTEN);
    assert_string_equal(refused(f, CORRECT("2", ",\"name\":\"李乙\",\"reason\":\"spelling\""),
        E_INPUT).field, "name");
}

/* The name that is noted already changes nothing, and says so. */
static void the_same_name_is_no_correction(void **state)
{
    struct fixture *f = *state;
    begin(f);
    all_agree(f);
    struct str code = code_of(f, 2);
    assert_string_equal(refused(f, CORRECT("2", ",\"name\":\" 李乙 \""), E_INPUT).field, "name");
    GO(f, CORRECT("2", ",\"name\":\"李乙\",\"phone\":\"13800001111\""));
    assert_true(all_consent(beside_now(f)) && all_told(beside_now(f)));
    assert_true(str_eq(code_of(f, 2), code));
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM entry WHERE data LIKE"
        " '%\"changed\":\"phone\"%'"), 1);
}

/* Asked anew is not having spoken; who came later stands in nothing that was signed before. */
static void whoever_never_spoke_may_be_taken_out(void **state)
{
    struct fixture *f = *state;
    begin(f);
    GO(f, NAMED(",\"note\":\"与申请人同村\""), THIRD, CONSENT_1, "{\"action\":\"escalate\",\"note\":\"难\"}",
        DROP("2"));
    assert_int_equal(mediator(f, DROP("1")), E_INPUT);
    begin(f);
    all_agree(f);
    GO(f, AGREE_SOON);
    f->t.now_ms = INT64_C(1773014400000) + CLOCK_DAY_MS;
    GO(f, "{\"action\":\"broken\",\"promise\":1,\"note\":\"没有搬\"}", AGAIN, THIRD);
    assert_int_equal(mediator(f, RENAMED), E_INPUT);
    assert_string_equal(refused(f, DROP("2"), E_INPUT).field, "party");
    GO(f, CORRECT("3", ",\"name\":\"丁\",\"reason\":\"person\""), DROP("3"));
    assert_null(town_check(&f->t));
}

/* Released by mistake, or for good reason at the time; what was disclosed stays disclosed. */
static void a_mediator_comes_back(void **state)
{
#define RELEASE "{\"action\":\"release_mediator\",\"mediator\":\"103\",\"note\":\"点错了\"}"
    struct fixture *f = *state;
    begin(f);
    all_agree(f);
    GO(f, RELEASE);
    f->t.now_ms += 1000;
    GO(f, NAMED(""));
    assert_true(all_consent(beside_now(f)));
    assert_int_equal(f->m.holder, town_account(MEDIATOR));
    const struct mediator *m = mediator_of(beside_now(f), 103);
    assert_int_equal(m->since_ms, f->t.now_ms);
    assert_int_equal(beside_now(f)->mediators.n, 1);
    assert_int_equal(mediator(f, NAMED("")), E_INPUT);
    GO(f, HOLD, "{\"action\":\"disclose\",\"note\":\"与申请人同村\"}", CONSENT_1, CONSENT_2, RELEASE, NAMED(""));
    assert_true(str_is(mediator_of(beside_now(f), 103)->disclosure, "与申请人同村"));
    assert_true(str_is(party(f, 1)->consent, "asked"));
}

/* Each "yes" is its own party's to correct, whatever the other says. */
static void each_corrects_its_own_answer(void **state)
{
    struct fixture *f = *state;
    agreed(f, "land");
    GO(f, ANSWER("1", "yes"), ANSWER("2", "yes"));
    assert_int_equal(mediator(f, ANSWER("1", "no")), OK);
    assert_int_equal(party(f, 1)->title_ms, I64_NONE);
    assert_int_equal(party(f, 1)->court_ms, I64_NONE);
    assert_non_null(strstr(refused(f, ANSWER("1", "no"), E_INPUT).zh, "被申请人1答"));
    GO(f, ANSWER("2", "no"), ANSWER("1", "no"));
    assert_true(str_is(beside_now(f)->dispute.confirm, "applied"));
    /* A "no" too, until it is applied for; and who waits for whom is said as it is. */
    agreed(f, "land");
    GO(f, ANSWER("1", "no"), ANSWER("1", "yes"));
    assert_int_equal(party(f, 1)->court_ms, I64_NONE);
    GO(f, ANSWER("1", "no"), ANSWER("2", "yes"));
    struct cx first = town_reporter(&f->t, f->m.area, f->m.id, 1);
    assert_int_equal(take(f, first, "{\"action\":\"ask_court\",\"ownership\":\"yes\"}"), E_STEP);
    assert_non_null(strstr(refused(f, ANSWER("1", "no"), E_INPUT).zh, "已申请"));
    GO(f, ANSWER("2", "no"));
    assert_true(str_is(beside_now(f)->dispute.confirm, "applied"));
}

/* What a party answered itself is not the committee's to change, be it yes or no. */
static void an_answer_by_code_is_its_partys_own(void **state)
{
#define SECOND(as) take(f, town_reporter(&f->t, f->m.area, f->m.id, 2), \
    "{\"action\":\"ask_court\",\"ownership\":\"" as "\"}")
    struct fixture *f = *state;
    agreed(f, "land");
    assert_int_equal(SECOND("no"), OK);
    assert_int_equal(mediator(f, ANSWER("2", "yes")), E_INPUT);
    assert_int_equal(SECOND("yes"), OK);
    assert_int_equal(mediator(f, ANSWER("2", "no")), E_STEP);
    assert_int_equal(mediator(f, ANSWER("1", "no")), E_STEP);
    assert_int_equal(SECOND("no"), OK);
    GO(f, ANSWER("1", "yes"));
    assert_int_equal(SECOND("no"), E_STEP);
    GO(f, ANSWER("1", "no"));
    assert_true(str_is(beside_now(f)->dispute.confirm, "applied"));
}

/* Dismissed by the court, the parties mediate anew or sue, and a slip of the pen is put right. */
static void a_dismissal_leads_on(void **state)
{
    struct fixture *f = *state;
    agreed(f, "wages");
    assert_int_equal(mediator(f, AGAIN), E_STEP);
    assert_int_equal(mediator(f, RULING("confirmed")), E_STEP);
    GO(f, APPLY_1, APPLY_2, DECIDED("dismissed"));
    assert_string_equal(refused(f, RULING("dismissed"), E_INPUT).field, "result");
    assert_string_equal(refused(f, "{\"action\":\"correct_ruling\",\"result\":\"confirmed\"}",
        E_INPUT).field, "note");
    GO(f, RULING("confirmed"));
    assert_int_equal(mediator(f, AGAIN), E_STEP);
    GO(f, RULING("applied"), DECIDED("dismissed"));
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM entry WHERE action = 'correct_ruling'"), 2);
    GO(f, AGAIN);
    assert_true(str_is(f->m.state, "registered"));
    const struct agreement *g = beside_now(f)->earlier.p;
    assert_true(str_is(g->confirm, "dismissed"));
    assert_int_equal(beside_now(f)->dispute.confirm.n, 0);
    GO(f, CONSENT_1, CONSENT_2, ACCEPT, HOLD, AGREE_WRITTEN, SIGN_1, SIGN_2, SIGN_MEDIATOR, SEAL,
        APPLY_1, APPLY_2, DECIDED("dismissed"));
    assert_string_equal(refused(f, RULING("confirmed"), E_INPUT).field, "agreement");
    GO(f, "{\"action\":\"to_court\",\"reply\":\"法院已驳回，可以起诉\"}");
    assert_true(str_is(f->m.state, "ended"));
    assert_null(town_check(&f->t));
}

static enum err reads(struct fixture *f, enum town_person who)
{
    struct cx cx = town_staff(&f->t, who);
    return matter_visible(&cx, &f->m);
}

/* Guests and departments were agreed to by whoever had the name before. */
static void what_rested_on_a_wrong_name_ends(void **state)
{
    struct fixture *f = *state;
    begin(f);
    all_agree(f);
    GO(f, "{\"action\":\"invite\",\"who\":\"王大伯\",\"how\":\"relative\"}",
        "{\"action\":\"admit\",\"guest\":1,\"party\":1}", "{\"action\":\"admit\",\"guest\":1,\"party\":2}",
        JOINED("9"), JOINED("10"));
    assert_int_equal(step_by(f, town_staff(&f->t, CLERK), "{\"action\":\"cohandle_done\",\"note\":\"已到场\"}"),
        OK);
    assert_int_equal(reads(f, CLERK), OK);
    assert_int_equal(reads(f, FIREMAN), OK);
    GO(f, RENAMED);
    const struct guest *g = beside_now(f)->guests.p;
    assert_int_equal(g->admitted_ms, I64_NONE);
    assert_true(str_is(g->agreed, "1"));
    assert_int_equal(f->m.cohandling, 0);
    assert_int_equal(reads(f, CLERK), E_MISSING);
    assert_int_equal(reads(f, FIREMAN), E_MISSING);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM cohandler WHERE state = 'ended'"), 1);
    GO(f, CONSENT_2, TELL_2, JOINED("10"), "{\"action\":\"admit\",\"guest\":1,\"party\":2}");
    assert_int_equal(reads(f, FIREMAN), OK);
    assert_int_equal(reads(f, CLERK), E_MISSING);
    assert_null(town_check(&f->t));
}

/* Whoever speaks for a party was chosen by whoever had the name before. */
static void an_agent_is_asked_with_its_party(void **state)
{
    struct fixture *f = *state;
    begin(f);
    GO(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"respondent\",\"name\":\"律师\",\"role\":"
        "\"agent\",\"stands_for\":2,\"scope\":\"apply sign\"}]}", CONSENT_1,
        "{\"action\":\"consent\",\"party\":3,\"how\":\"phone\"}", RENAMED);
    assert_int_equal(mediator(f, ACCEPT), E_STEP);
}

/* A part that reported nothing is ended with the whole, and reads no more; one that did stays. */
static void a_part_without_report_is_ended(void **state)
{
    struct fixture *f = *state;
    begin(f);
    all_agree(f);
    GO(f, JOINED("9"), JOINED("10"));
    assert_int_equal(step_by(f, town_staff(&f->t, CLERK), "{\"action\":\"cohandle_done\",\"note\":\"已到场\"}"),
        OK);
    assert_int_equal(party_does(f, 2, "withdraw"), OK);
    assert_int_equal(f->m.cohandling, 0);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM cohandler WHERE state = 'ended'"
        " AND unit = 10"), 1);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM cohandler WHERE state = 'done'"), 1);
    assert_int_equal(reads(f, FIREMAN), E_MISSING);
    assert_int_equal(reads(f, CLERK), OK);
    assert_null(town_check(&f->t));
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(nobody_signs_for_a_party_that_was_not_asked),
        T(a_name_put_right_has_a_code_of_its_own),
        T(a_slip_in_a_name_leaves_the_rest),
        T(the_same_name_is_no_correction),
        T(whoever_never_spoke_may_be_taken_out),
        T(a_mediator_comes_back),
        T(each_corrects_its_own_answer),
        T(an_answer_by_code_is_its_partys_own),
        T(a_dismissal_leads_on),
        T(what_rested_on_a_wrong_name_ends),
        T(an_agent_is_asked_with_its_party),
        T(a_part_without_report_is_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
