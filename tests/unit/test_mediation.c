/* test_mediation.c: what holds of a dispute in each of its steps: agreements, signatures, agents
 * and guardians, the court, talks with one side, time. Random orders are in test_dispute_walk.c. */
#include "town_dispute.h"

#define PLAN "{\"action\":\"plan_sitting\",\"place\":\"一号调解室\"}"
#define KEPT "{\"action\":\"kept\",\"promise\":1}"
#define AGREE_FAR "{\"action\":\"agree_written\",\"text\":\"修好赔钱\",\"promises\":[{\"party\":2," \
    "\"what\":\"赔偿\",\"amount\":2000.5,\"due_ms\":3900000000000,\"way\":\"银行转账\"}]}"

static void a_written_agreement_binds_from_the_last_signature(void **state)
{
    struct fixture *f = *state;
    begin(f);
    all_agree(f);
    assert_int_equal(mediator(f, AGREE_WRITTEN), OK);
    assert_true(str_is(f->m.state, "signing"));
    static const char *const order[] = { SEAL, SIGN_2, SIGN_MEDIATOR, SIGN_1 };
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        assert_true(str_is(f->m.state, "signing"));
        f->t.now_ms += CLOCK_DAY_MS / 24;
        assert_int_equal(mediator(f, order[i]), OK);
    }
    const struct beside *b = beside_now(f);
    assert_true(str_is(f->m.state, "performing"));
    assert_int_equal(b->dispute.effective_ms, f->t.now_ms);
    assert_int_equal(b->dispute.amount_fen, 200050);
    assert_int_equal(f->m.due_ms, INT64_C(1790000000000));
    assert_true(str_find(b->dispute.docket, STR("（2026）东一社区调委会人调字第1号")) == 0);
}

/* Three days before a promise is due its party reads so, and after its day the committee is late. */
static void who_promised_is_reminded(void **state)
{
    struct fixture *f = *state;
    begin(f);
    all_agree(f);
    assert_int_equal(mediator(f, AGREE_WRITTEN), OK);
    static const char *const signs[] = { SEAL, SIGN_2, SIGN_MEDIATOR, SIGN_1 };
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        assert_int_equal(mediator(f, signs[i]), OK);
    assert_int_equal(f->m.alarm_ms, INT64_C(1790000000000) - REMIND_DAYS * (int64_t)CLOCK_DAY_MS);
    static const char *const rings[] = { "remind", "overdue" };
    for (size_t i = 0; i < COUNT_OF(rings); i++) {
        f->t.now_ms = f->m.alarm_ms;
        struct cx cx = town_system(&f->t);
        struct step_args args = step_of_alarm(&f->m);
        assert_true(str_is(args.action, rings[i]));
        assert_int_equal(matter_step(&cx, &f->m, &args, &f->m), OK);
    }
    assert_int_equal(f->m.supervised, 1);
}

static bool file_says(struct fixture *f, const char *words)
{
    struct buf out;
    char path[80];
    (void)snprintf(path, sizeof(path), "/api/disputes/%.*s", STR_FMT(f->number));
    assert_int_equal(say(town_staff(&f->t, mediator_now(f)), path, NULL, &out), OK);
    return str_find(buf_str(&out), str_c(words)) > 0;
}

static bool warned(struct fixture *f)
{
    return file_says(f, "\"code\":\"early\"");
}

/* Signed on its day or later it binds all the same; whoever signs has read so before. */
static void what_is_due_before_it_binds_is_said(void **state)
{
    struct fixture *f = *state;
    char json[300];
    static const int64_t days[] = { 3, 60 };
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        begin(f);
        all_agree(f);
        int64_t due_ms = f->t.now_ms + days[i] * CLOCK_DAY_MS;
        (void)snprintf(json, sizeof(json), "{\"action\":\"agree_written\",\"text\":\"赔钱\","
            "\"promises\":[{\"party\":2,\"what\":\"赔偿\",\"amount\":20,\"due_ms\":%lld,"
            "\"way\":\"银行转账\"}]}", (long long)due_ms);
        assert_int_equal(mediator(f, json), OK);
        assert_int_equal(warned(f), i == 0);
        f->t.now_ms = due_ms + (i == 0 ? 1 : -CLOCK_DAY_MS);
        assert_int_equal(warned(f), i == 0);
        static const char *const signs[] = { SEAL, SIGN_2, SIGN_MEDIATOR, SIGN_1 };
        for (size_t k = 0; k < COUNT_OF(signs); k++)
            assert_int_equal(mediator(f, signs[k]), OK);
        assert_true(str_is(f->m.state, "performing"));
        assert_int_equal(warned(f), i == 0);
        assert_int_equal(mediator(f, KEPT), OK);
        assert_false(warned(f));
    }
}

/* Paid on its day and signed by the last only later: the true day is recorded, and nobody was late. */
static void what_is_kept_before_it_binds_is_kept(void **state)
{
    struct fixture *f = *state;
    static const char *const signs[] = { SIGN_1, SIGN_2, SIGN_MEDIATOR, SEAL };
    char json[300];
    begin(f);
    all_agree(f);
    int64_t written_ms = f->t.now_ms, due_ms = written_ms + CLOCK_DAY_MS;
    (void)snprintf(json, sizeof(json), "{\"action\":\"agree_written\",\"text\":\"赔钱\",\"promises\":"
        "[{\"party\":2,\"what\":\"赔偿\",\"amount\":20,\"due_ms\":%lld,\"way\":\"银行转账\"}]}",
        (long long)due_ms);
    assert_int_equal(mediator(f, json), OK);
    f->t.now_ms = due_ms + CLOCK_DAY_MS;
    for (size_t k = 0; k < COUNT_OF(signs); k++)
        assert_int_equal(mediator(f, signs[k]), OK);
    int64_t next_day_ms = promise_until(due_ms, f->t.now_ms) + 1;
    assert_int_equal(f->m.due_ms, next_day_ms - 1);
    assert_true(next_day_ms > f->t.now_ms && next_day_ms - f->t.now_ms <= CLOCK_DAY_MS);
    assert_int_equal(promise_until(next_day_ms, f->t.now_ms), next_day_ms);
    assert_true(file_says(f, "\"overdue\":false") && !file_says(f, "\"overdue\":true"));
    assert_int_equal(mediator(f, "{\"action\":\"broken\",\"promise\":1,\"note\":\"没有付\"}"), E_INPUT);
    (void)snprintf(json, sizeof(json), "{\"action\":\"kept\",\"promise\":1,\"at_ms\":%lld}",
        (long long)(written_ms - CLOCK_DAY_MS));
    assert_int_equal(mediator(f, json), E_INPUT);
    (void)snprintf(json, sizeof(json), "{\"action\":\"kept\",\"promise\":1,\"at_ms\":%lld}",
        (long long)due_ms);
    assert_int_equal(mediator(f, json), OK);
    assert_true(str_is(f->m.state, "performed"));
    assert_int_equal(mediator(f, "{\"action\":\"unkept\",\"promise\":1,\"note\":\"看错\"}"), OK);
    f->t.now_ms = next_day_ms;
    assert_true(file_says(f, "\"overdue\":true"));
    assert_int_equal(mediator(f, "{\"action\":\"broken\",\"promise\":1,\"note\":\"没有付\"}"), OK);
}

static void who_leaves_stops_everything_at_once(void **state)
{
    struct fixture *f = *state;
    begin(f);
    all_agree(f);
    assert_int_equal(party_does(f, 2, "withdraw"), OK);
    assert_int_equal(mediator(f, HOLD), E_STEP);
    assert_true(str_is(f->m.state, "ended"));
    assert_int_equal(f->m.unanswered, 0);
    all_is_over(f);
}

static void a_minor_speaks_through_the_guardian(void **state)
{
    struct fixture *f = *state;
    begin(f);
    assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"applicant\","
        "\"name\":\"小丙\",\"minor\":true}]}"), OK);
    assert_int_equal(mediator(f, CONSENT_1), OK);
    assert_int_equal(mediator(f, CONSENT_2), OK);
    assert_int_equal(mediator(f, "{\"action\":\"consent\",\"party\":3,\"how\":\"in_person\"}"), E_INPUT);
    assert_int_equal(party_does(f, 3, "agree"), E_STEP);
    assert_int_equal(party_does(f, 3, "withdraw"), E_STEP);
    assert_int_equal(mediator(f, ACCEPT), E_STEP);
    assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"applicant\","
        "\"name\":\"丙父\",\"role\":\"guardian\",\"stands_for\":3}]}"), OK);
    assert_int_equal(mediator(f, "{\"action\":\"consent\",\"party\":4,\"how\":\"in_person\"}"), OK);
    assert_int_equal(party_does(f, 1, "ask_stop"), E_STEP);
    assert_int_equal(party_does(f, 3, "ask_stop"), OK);
    assert_int_equal(party_does(f, 3, "ask_stop"), E_STEP);
    assert_int_equal(mediator(f, ACCEPT), OK);
    assert_true(str_is(f->m.state, "mediating"));
    assert_int_equal(party_does(f, 4, "withdraw"), OK);
    assert_true(str_is(f->m.state, "ended"));
}

/* An agent speaks only in what they were given authority for. */
static void an_agent_acts_within_the_authority(void **state)
{
    struct fixture *f = *state;
    begin(f);
    assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"respondent\","
        "\"name\":\"律师\",\"role\":\"agent\",\"stands_for\":2}]}"), E_INPUT);
    assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"respondent\","
        "\"name\":\"律师\",\"role\":\"agent\",\"stands_for\":1,\"scope\":\"apply\"}]}"), E_INPUT);
    assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"respondent\","
        "\"name\":\"律师\",\"role\":\"agent\",\"stands_for\":2,\"scope\":\"evidence sign\"}]}"), OK);
    assert_int_equal(mediator(f, CONSENT_1), OK);
    assert_int_equal(mediator(f, "{\"action\":\"consent\",\"party\":3,\"how\":\"in_person\"}"), OK);
    assert_int_equal(mediator(f, ACCEPT), E_STEP);
    assert_int_equal(mediator(f, CONSENT_2), OK);
    assert_int_equal(mediator(f, ACCEPT), OK);
    static const char *const steps[] = { TELL_1, TELL_2,
        "{\"action\":\"name_mediator\",\"mediator\":\"103\",\"how\":\"parties\"}", HOLD,
        AGREE_WRITTEN, SEAL, SIGN_MEDIATOR, SIGN_1,
        "{\"action\":\"sign\",\"party\":3,\"how\":\"signature\"}" };
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        assert_int_equal(mediator(f, steps[i]), OK);
    assert_true(str_is(f->m.state, "performing"));
}

/* More than five on a side choose up to five who speak for all. */
static void many_choose_representatives(void **state)
{
    struct fixture *f = *state;
    begin(f);
    for (int i = 0; i < 5; i++)
        assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"applicant\","
            "\"name\":\"住户\"}]}"), OK);
    assert_int_equal(mediator(f, CONSENT_2), OK);
    assert_int_equal(mediator(f, ACCEPT), E_STEP);
    assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"applicant\","
        "\"name\":\"代表\",\"role\":\"representative\"}]}"), OK);
    assert_int_equal(mediator(f, ACCEPT), E_STEP);
    assert_int_equal(mediator(f, "{\"action\":\"consent\",\"party\":8,\"how\":\"written\"}"), OK);
    assert_int_equal(mediator(f, ACCEPT), OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"applicant\","
            "\"name\":\"代表\",\"role\":\"representative\"}]}"), OK);
    assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"applicant\","
        "\"name\":\"代表\",\"role\":\"representative\"}]}"), E_INPUT);
}

static void the_court_is_asked_in_time_or_not_at_all(void **state)
{
    struct fixture *f = *state;
    static const char *const signs[] = { SIGN_1, SIGN_2, SIGN_MEDIATOR, SEAL };
    for (int late = 0; late < 2; late++) {
        begin(f);
        all_agree(f);
        assert_int_equal(mediator(f, AGREE_WRITTEN), OK);
        for (size_t i = 0; i < COUNT_OF(signs); i++)
            assert_int_equal(mediator(f, signs[i]), OK);
        assert_int_equal(mediator(f, APPLY_1), OK);
        assert_int_equal(mediator(f, APPLY_1), E_INPUT);
        assert_int_equal(party_does(f, 1, "ask_court"), E_INPUT);
        assert_int_equal(beside_now(f)->dispute.confirm.n, 0);  /* one side alone */
        int64_t until_ms = confirm_until(f->t.cat, beside_now(f)->dispute.effective_ms);
        assert_true(until_ms - f->t.now_ms >= CONFIRM_DAYS * (int64_t)CLOCK_DAY_MS);
        assert_int_equal(clock_civil(until_ms).hour, 23);
        assert_int_equal(clock_civil(until_ms + 1).hour, 0);
        f->t.now_ms = until_ms + late;
        assert_int_equal(party_does(f, 2, "ask_court"), late ? E_STEP : OK);
        assert_int_equal(str_is(beside_now(f)->dispute.confirm, "applied"), !late);
    }
}

/* A new agreement is asked for anew. */
static void what_was_asked_of_the_court_ends_with_the_agreement(void **state)
{
    struct fixture *f = *state;
    static const char *const signs[] = { SIGN_1, SIGN_2, SIGN_MEDIATOR, SEAL, APPLY_1 };
    begin(f);
    all_agree(f);
    assert_int_equal(mediator(f, AGREE_WRITTEN), OK);
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        assert_int_equal(mediator(f, signs[i]), OK);
    f->t.now_ms = INT64_C(1790000000000);
    assert_int_equal(mediator(f, "{\"action\":\"broken\",\"promise\":1,\"note\":\"没有付\"}"), OK);
    assert_int_equal(mediator(f, "{\"action\":\"mediate_again\",\"note\":\"再谈\"}"), OK);
    assert_int_equal(((struct party *)beside_now(f)->parties.p)->court_ms, I64_NONE);
}

/* Two sessions are not held in one room of a committee at one time; another room or time will do. */
static void a_room_holds_one_session_at_a_time(void **state)
{
    struct fixture *f = *state;
    static const struct { int after_min; const char *place; enum err e; } plans[] = {
        { 0, "一号调解室", OK }, { 0, "一号调解室", E_INPUT }, { 59, "一号调解室", E_INPUT },
        { -59, "一号调解室", E_INPUT }, { 0, "二号调解室", OK }, { 60, "一号调解室", OK },
        { -60, " 一号调解室 ", OK }, { -30, "一号调解室", E_INPUT } };
    char json[200];
    const int64_t at_ms = f->t.now_ms + CLOCK_DAY_MS;
    for (size_t i = 0; i < COUNT_OF(plans); i++) {
        begin(f);
        all_agree(f);
        (void)snprintf(json, sizeof(json), "{\"action\":\"plan_sitting\",\"at_ms\":%lld,"
            "\"place\":\"%s\"}", (long long)at_ms + plans[i].after_min * 60000, plans[i].place);
        struct cx cx = town_staff(&f->t, MEDIATOR);
        struct command c;
        char path[80];
        (void)snprintf(path, sizeof(path), "/api/matters/%.*s/step", STR_FMT(f->number));
        assert_int_equal(town_command(&c, cx, path, json), plans[i].e);
        if (plans[i].e == E_INPUT)
            assert_non_null(strstr(c.cx.info.zh, "2026-03-03 "));
    }
    assert_int_equal(mediator(f, "{\"action\":\"end\",\"reason\":\"no_agreement\","
        "\"reply\":\"调解不成，可以起诉\"}"), OK);
}

static void what_is_promised_is_clear(void **state)
{
    struct fixture *f = *state;
    static const char *const unclear[] = {
        "{\"party\":9,\"what\":\"修好水管\",\"due_ms\":1790000000000,\"way\":\"请人上门\"}",
        "{\"party\":2,\"what\":\"支付赔偿\",\"due_ms\":1790000000000,\"way\":\"银行转账\"}",
        "{\"party\":2,\"what\":\"修好水管\",\"way\":\"请人上门\"}",
        "{\"party\":2,\"what\":\"修好水管\",\"due_ms\":1790000000000}",
        "{\"party\":2,\"what\":\"修好水管\",\"due_ms\":1000,\"way\":\"请人上门\"}",
    };
    char json[400];
    begin(f);
    all_agree(f);
    for (size_t i = 0; i < COUNT_OF(unclear); i++) {
        (void)snprintf(json, sizeof(json),
            "{\"action\":\"agree_written\",\"text\":\"修好\",\"promises\":[%s]}", unclear[i]);
        assert_int_equal(mediator(f, json), E_INPUT);
    }
    assert_int_equal(mediator(f, "{\"action\":\"agree_written\",\"text\":\"修好\",\"promises\":["
        "{\"party\":2,\"what\":\"尽快修好水管\",\"due_ms\":1790000000000,\"way\":\"请人上门\"}]}"), OK);
    struct remark found[8];
    const struct beside *b = beside_now(f);
    assert_int_equal(clarity_findings(b, b->promises.p, b->promises.n, found, 8), 2);
    assert_false(found[0].hard || found[1].hard);
}

/* What was agreed in a talk needs neither a session before nor anybody's signature. */
static void an_oral_agreement_is_one_command(void **state)
{
    struct fixture *f = *state;
    begin(f);
    static const char *const steps[] = { CONSENT_1, CONSENT_2, TELL_1, TELL_2, ACCEPT,
        "{\"action\":\"name_mediator\",\"mediator\":\"103\",\"how\":\"committee\"}",
        "{\"action\":\"agree_oral\",\"text\":\"握手言和\"}",
        "{\"action\":\"call_back\",\"reply\":\"双方满意，已经和好\"}" };
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        assert_int_equal(mediator(f, steps[i]), OK);
    assert_true(str_is(f->m.state, "closed"));
}

static void talks_with_one_side_stay_with_the_mediators(void **state)
{
    struct fixture *f = *state;
    static const int outside[] = { LEAD, WORKER, DISPATCHER, DISPATCHER_COUNTY, SUPERVISOR,
        AUDITOR, DIRECTOR };
    struct buf out;
    char path[80];
    begin(f);
    all_agree(f);
    assert_int_equal(mediator(f, CAUCUS), OK);
    (void)snprintf(path, sizeof(path), "/api/disputes/%.*s/caucus", STR_FMT(f->number));
    assert_int_equal(say(town_staff(&f->t, MEDIATOR), path, "{}", &out), OK);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM access_log WHERE fields = 'caucus'"
        " AND account = 103"), 1);
    assert_true(str_find(buf_str(&out), STR("底线两千")) >= 0);
    for (size_t i = 0; i < COUNT_OF(outside); i++) {
        enum err e = say(town_staff(&f->t, (enum town_person)outside[i]), path, "{}", &out);
        assert_true(e == E_MISSING || e == E_DENIED);
    }
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM access_log"), 1);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM note WHERE text LIKE '%底线%'"), 0);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM entry WHERE data LIKE '%底线%'"), 0);
}

/* What parties say is not for the territory: neither its grid workers nor the desks above see it. */
static void a_dispute_is_for_its_committee(void **state)
{
    struct fixture *f = *state;
    static const enum town_person outside[] = { WORKER, LEAD, CLERK, DISPATCHER, DISPATCHER_COUNTY,
        SUPERVISOR, DISPATCHER_CITY, SUPERVISOR_CITY, AUDITOR, ADMIN, WALL, MEDIATOR_COUNTY };
    struct cx own = town_staff(&f->t, MEDIATOR), above = town_staff(&f->t, MEDIATOR_TOWN);
    begin(f);
    assert_int_equal(matter_visible(&own, &f->m), OK);
    for (size_t i = 0; i < COUNT_OF(outside); i++) {
        struct cx cx = town_staff(&f->t, outside[i]);
        assert_int_equal(matter_visible(&cx, &f->m), E_MISSING);
    }
    assert_int_equal(matter_visible(&above, &f->m), E_MISSING);
    assert_int_equal(mediator(f, "{\"action\":\"escalate\",\"note\":\"疑难\"}"), OK);
    assert_int_equal(f->m.owner_unit, UNIT_MEDIATION_TOWN);
    assert_int_equal(matter_visible(&above, &f->m), OK);
    assert_int_equal(matter_visible(&own, &f->m), OK);      /* it had it */
    assert_true(str_is(f->m.state, "registered"));
}

/* Of an account of the industry's committee, which has no mediator before. */
static void signs_in_for_wages(struct fixture *f)
{
    static const struct sql join = { "town.join",
        "INSERT INTO membership (account, unit, role) VALUES ($1, $2, 'mediator')", SQL_WRITE, false };
    assert_int_equal(db_exec(f->t.db, &join, ARGS(I(town_account(DIRECTOR)),
        I(UNIT_MEDIATION_WAGES)), NULL), OK);
}

/* Up to the committee above or to one of the industry, never down, nor where nobody can take it up. */
static void it_climbs_and_never_falls(void **state)
{
    struct fixture *f = *state;
    begin(f);
    assert_int_equal(mediator(f, "{\"action\":\"escalate\",\"note\":\"疑难\"}"), OK);
    assert_int_equal(mediator(f, "{\"action\":\"escalate\",\"unit\":\"12\",\"note\":\"退回\"}"), E_INPUT);
    assert_int_equal(mediator(f, "{\"action\":\"escalate\",\"unit\":\"3\",\"note\":\"给中心\"}"), E_INPUT);
    assert_int_equal(mediator(f, "{\"action\":\"escalate\",\"note\":\"疑难\"}"), OK);
    assert_int_equal(f->m.owner_unit, UNIT_MEDIATION_COUNTY);
    assert_int_equal(mediator(f, "{\"action\":\"escalate\",\"note\":\"疑难\"}"), E_INPUT);
    struct command c;
    char path[80];
    (void)snprintf(path, sizeof(path), "/api/matters/%.*s/step", STR_FMT(f->number));
#define TO_WAGES "{\"action\":\"escalate\",\"unit\":\"15\",\"note\":\"专业\"}"
    assert_true(file_says(f, "\"above\":[{\"unit\":\"15\",\"name\":\"枫江区劳动争议调委会\","
        "\"why_not\":\"还没有"));
    assert_int_equal(town_command(&c, town_staff(&f->t, MEDIATOR_COUNTY), path, TO_WAGES), E_INPUT);
    assert_string_equal(c.cx.info.field, "unit");
    assert_non_null(strstr(c.cx.info.zh, "添加调解员账号"));
    signs_in_for_wages(f);
    assert_true(file_says(f, "\"name\":\"枫江区劳动争议调委会\",\"why_not\":\"\""));
    assert_int_equal(mediator(f, TO_WAGES), OK);
    assert_int_equal(f->m.owner_unit, UNIT_MEDIATION_WAGES);
}

static void an_interest_disclosed_is_agreed_to_anew(void **state)
{
    struct fixture *f = *state;
    begin(f);
    assert_int_equal(mediator(f, CONSENT_1), OK);
    assert_int_equal(mediator(f, CONSENT_2), OK);
    assert_int_equal(mediator(f, "{\"action\":\"name_mediator\",\"mediator\":\"103\","
        "\"how\":\"committee\",\"note\":\"与申请人同村\"}"), OK);
    assert_int_equal(mediator(f, ACCEPT), E_STEP);
    assert_int_equal(mediator(f, "{\"action\":\"name_mediator\",\"mediator\":\"107\","
        "\"how\":\"committee\"}"), E_INPUT);
}

/* Where an agent sits for a party, the agent is asked too, and alone if the authority says so. */
static void agents_agree_to_guests(void **state)
{
    struct fixture *f = *state;
    begin(f);
    assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"applicant\","
        "\"name\":\"律师甲\",\"role\":\"agent\",\"stands_for\":1,\"scope\":\"evidence\"},"
        "{\"side\":\"respondent\",\"name\":\"律师乙\",\"role\":\"agent\",\"stands_for\":2,"
        "\"scope\":\"choose sign\"}]}"), OK);
    assert_int_equal(mediator(f, "{\"action\":\"invite\",\"who\":\"王大伯\",\"how\":\"relative\"}"), OK);
    assert_int_equal(mediator(f, "{\"action\":\"admit\",\"guest\":1,\"party\":2}"), E_INPUT);
    static const int64_t asked[] = { 1, 4, 3 };
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        char json[80];
        assert_int_equal(((struct guest *)beside_now(f)->guests.p)->admitted_ms, I64_NONE);
        (void)snprintf(json, sizeof(json), "{\"action\":\"admit\",\"guest\":1,\"party\":%lld}",
            (long long)asked[i]);
        assert_int_equal(mediator(f, json), OK);
    }
    assert_int_equal(((struct guest *)beside_now(f)->guests.p)->admitted_ms, f->t.now_ms);
}

/* Whoever is invited comes when every party agrees. */
static void guests_come_when_all_agree(void **state)
{
    struct fixture *f = *state;
    begin(f);
    assert_int_equal(mediator(f, "{\"action\":\"invite\",\"who\":\"王大伯\",\"how\":\"relative\"}"), OK);
    assert_int_equal(mediator(f, "{\"action\":\"admit\",\"guest\":1,\"party\":1}"), OK);
    assert_int_equal(((struct guest *)beside_now(f)->guests.p)->admitted_ms, I64_NONE);
    assert_int_equal(mediator(f, "{\"action\":\"admit\",\"guest\":1,\"party\":1}"), E_INPUT);
    assert_int_equal(mediator(f, "{\"action\":\"admit\",\"guest\":1,\"party\":2}"), OK);
    assert_int_equal(((struct guest *)beside_now(f)->guests.p)->admitted_ms, f->t.now_ms);
}

/* Who mediates along has the committee's clock, and is done when the whole is. */
static void departments_share_one_clock(void **state)
{
    struct fixture *f = *state;
    begin(f);
    all_agree(f);
    assert_int_equal(mediator(f, "{\"action\":\"cohandle\",\"units\":[{\"unit\":\"9\","
        "\"task\":\"派人到场\"}],\"consents\":[{\"party\":1,\"how\":\"phone\"},{\"party\":2,"
        "\"how\":\"phone\"}]}"), OK);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM cohandler c JOIN matter m"
        " ON m.id = c.matter AND m.due_ms = c.due_ms"), 1);
    assert_int_equal(mediator(f, "{\"action\":\"lengthen\",\"days\":10,\"note\":\"都同意\"}"), OK);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM cohandler c JOIN matter m"
        " ON m.id = c.matter AND m.due_ms = c.due_ms"), 1);
    struct cx helper = town_staff(&f->t, CLERK);
    assert_int_equal(matter_visible(&helper, &f->m), OK);
    assert_int_equal(mediator(f, "{\"action\":\"end\",\"reason\":\"no_agreement\","
        "\"reply\":\"调解不成，可以起诉\"}"), OK);
    assert_int_equal(f->m.cohandling, 0);
    assert_null(town_check(&f->t));
}

/* A pause takes nothing from the time, and each kind of dispute has its own. */
static void time_follows_the_kind(void **state)
{
    struct fixture *f = *state;
    static const struct { const char *type; int64_t days; bool working; } kinds[] = {
        { "neighbour", 30, false }, { "wages", 15, false }, { "medical", 30, true },
    };
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        bool provisional;
        begin_of(f, kinds[i].type);
        all_agree(f);
        struct str unit = kinds[i].working ? STR("WD") : STR("CD");
        assert_int_equal(f->m.due_ms,
            calendar_add(f->t.cat, f->t.now_ms, kinds[i].days, unit, &provisional));
    }
    int64_t left = f->m.due_ms - f->t.now_ms;
    assert_int_equal(mediator(f, "{\"action\":\"pause\",\"days\":5,\"note\":\"鉴定\"}"), OK);
    f->t.now_ms += 3 * (int64_t)CLOCK_DAY_MS;
    assert_int_equal(mediator(f, "{\"action\":\"resume\"}"), OK);
    assert_int_equal(f->m.due_ms - f->t.now_ms, left);
}

/* One row for both sides: the station hands over, the committee answers by accepting. */
static void both_sides_see_one_hand_over(void **state)
{
    struct fixture *f = *state;
    struct buf out;
    assert_int_equal(say(town_staff(&f->t, OFFICER), "/api/disputes",
        "{\"kind\":\"0201\",\"source\":\"police\",\"text\":\"邻居打架后同意调解\",\"document\":\"桥公调3号\","
        "\"reason\":\"双方同意调解\",\"grid\":\"320508001001001\",\"parties\":[{\"side\":\"applicant\","
        "\"name\":\"王甲\"},{\"side\":\"respondent\",\"name\":\"李乙\"}]}", &out), OK);
    f->number = arena_str(&f->t.a, town_member(&f->t, &out, "number"));
    struct cx cx = town_system(&f->t), officer = town_staff(&f->t, OFFICER);
    assert_int_equal(matter_by_number(&cx, f->number, &f->m), OK);
    assert_int_equal(f->m.owner_unit, UNIT_MEDIATION);
    assert_int_equal(matter_visible(&officer, &f->m), E_MISSING);
    for (int accepted = 0; accepted < 2; accepted++) {
        const char *seen = accepted ? "\"state\":\"accepted\"" : "\"state\":\"sent\"";
        assert_int_equal(say(officer, "/api/transfers", NULL, &out), OK);
        assert_true(str_find(buf_str(&out), str_c(seen)) >= 0);
        assert_int_equal(say(town_staff(&f->t, MEDIATOR), "/api/transfers", NULL, &out), OK);
        assert_true(str_find(buf_str(&out), str_c(seen)) >= 0);
        if (!accepted) {
            assert_int_equal(mediator(f, CONSENT_1), OK);
            assert_int_equal(mediator(f, CONSENT_2), OK);
            assert_int_equal(mediator(f, ACCEPT), OK);
        }
    }
    assert_null(town_check(&f->t));
}

/* Where a committee keeps a register, only those whose term runs in it are named. */
static void a_register_says_who_may_be_named(void **state)
{
    struct fixture *f = *state;
    static const char *const name = "{\"action\":\"name_mediator\",\"mediator\":\"103\",\"how\":\"parties\"}";
    char json[300];
    struct buf out;
    begin(f);
    const struct { int64_t to_ms; enum err e; } terms[] = {
        { f->t.now_ms - 1, E_INPUT }, { f->t.now_ms + CLOCK_DAY_MS, OK } };
    struct str id = STR_NONE;
    for (size_t i = 0; i < COUNT_OF(terms); i++) {
        (void)snprintf(json, sizeof(json), "{%s%.*s%s\"account\":\"103\",\"name\":\"王\",\"kind\":\"expert\","
            "\"since_ms\":1000,\"to_ms\":%lld,\"skills\":[\"neighbour\"]}", id.n ? "\"id\":\"" : "",
            STR_FMT(id), id.n ? "\"," : "", (long long)terms[i].to_ms);
        assert_int_equal(say(town_staff(&f->t, DIRECTOR), "/api/committees/12/people", json, &out), OK);
        id = arena_fmt(&f->t.a, "%lld", (long long)town_count(&f->t, "SELECT max(id) FROM registered"));
        assert_int_equal(mediator(f, name), terms[i].e);
    }
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM register_change WHERE unit = 12"
        " AND what = 'person' AND account > 0"), 2);
    assert_int_equal(say(town_staff(&f->t, MEDIATOR_TOWN), "/api/committees/12/people", json, &out),
        E_MISSING);
}

/* The station opens what it handed over: how far it is and the answers, not who says what. */
static void whoever_handed_it_over_sees_how_far_it_is(void **state)
{
    struct fixture *f = *state;
    struct buf out;
    char path[80];
    assert_int_equal(say(town_staff(&f->t, OFFICER), "/api/disputes",
        "{\"kind\":\"0201\",\"source\":\"police\",\"text\":\"邻居打架后同意调解\",\"reason\":\"双方同意\","
        "\"document\":\"桥公调4号\","
        "\"grid\":\"320508001001001\",\"parties\":[{\"side\":\"applicant\",\"name\":\"王甲\"},"
        "{\"side\":\"respondent\",\"name\":\"李乙\"}]}", &out), OK);
    f->number = arena_str(&f->t.a, town_member(&f->t, &out, "number"));
    struct cx cx = town_system(&f->t);
    assert_int_equal(matter_by_number(&cx, f->number, &f->m), OK);
    all_agree(f);
    (void)snprintf(path, sizeof(path), "/api/disputes/%.*s/handed", STR_FMT(f->number));
    assert_int_equal(say(town_staff(&f->t, OFFICER), path, NULL, &out), OK);
    assert_true(str_find(buf_str(&out), STR("\"state\":\"mediating\"")) > 0);
    assert_true(str_find(buf_str(&out), STR("邻居打架后同意调解")) > 0);
    assert_true(str_find(buf_str(&out), STR("双方到场")) < 0);
    assert_int_equal(say(town_staff(&f->t, CLERK), path, NULL, &out), E_MISSING);
    begin(f);
    (void)snprintf(path, sizeof(path), "/api/disputes/%.*s/handed", STR_FMT(f->number));
    assert_int_equal(say(town_staff(&f->t, OFFICER), path, NULL, &out), E_MISSING);
}

static void some_kinds_are_not_mediated(void **state)
{
    struct fixture *f = *state;
    static const char *const kinds[] = { "1401", "1501", "1601", "8888" };
    char json[300];
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        (void)snprintf(json, sizeof(json), "{\"kind\":\"%s\",\"source\":\"apply\",\"text\":\"有争议的事\","
            "\"grid\":\"320508001001001\",\"parties\":[{\"side\":\"applicant\",\"name\":\"王甲\"}]}", kinds[i]);
        assert_int_equal(say(town_staff(&f->t, MEDIATOR), "/api/disputes", json, NULL), E_INPUT);
    }
    for (size_t i = 0; i < dispute_kinds_n; i++)
        assert_non_null(dispute_type_by(str_c(dispute_kinds[i].type)));
}

/* A place in words only lies in the committee's own ground; one in another county is refused. */
static void numbers_of_a_book_never_come_twice(void **state)
{
    struct fixture *f = *state;
    static const char *const steps[] = { CONSENT_1, CONSENT_2, ACCEPT };
    static const char *const places[] = { "\"grid\":\"320508001001001\"",
        "\"place_text\":\"河边那户\"" };
    struct str dockets[4];
    char json[400];
    for (size_t k = 0; k < COUNT_OF(dockets); k++) {
        struct buf out;
        struct cx cx = town_system(&f->t);
        struct unit *county = (struct unit *)(uintptr_t)unit_find(f->t.cat,
            UNIT_MEDIATION_COUNTY);
        if (k == 2)                     /* as if it were the city's */
            *county = (struct unit){ .id = county->id, .code = county->code, .name = county->name,
                .name_en = county->name_en, .kind = county->kind, .level = LEVEL_CITY,
                .region = CITY, .functions = county->functions };
        (void)snprintf(json, sizeof(json), "{\"type\":\"neighbour\",\"source\":\"apply\","
            "\"text\":\"楼上漏水吵架\",%s,\"parties\":[{\"side\":\"applicant\",\"name\":\"王甲\"},"
            "{\"side\":\"respondent\",\"name\":\"李乙\"}]}", places[k % 2]);
        assert_int_equal(say(town_staff(&f->t, k < 2 ? MEDIATOR : MEDIATOR_COUNTY),
            "/api/disputes", json, &out), OK);
        f->number = arena_str(&f->t.a, town_member(&f->t, &out, "number"));
        assert_int_equal(matter_by_number(&cx, f->number, &f->m), OK);
        assert_int_equal(f->m.area, k < 3 ? AREA : (int64_t)AREA_CITY);
        for (size_t i = 0; i < COUNT_OF(steps); i++)
            assert_int_equal(mediator(f, steps[i]), OK);
        dockets[k] = beside_now(f)->dispute.docket;
        for (size_t i = 0; i < k; i++)
            assert_false(str_eq(dockets[i], dockets[k]));
    }
}

static enum err mediator_at(struct fixture *f, const char *json, const char *field, int64_t at_ms)
{
    char text[500];
    (void)snprintf(text, sizeof(text), "%.*s,\"%s\":%lld}", (int)strlen(json) - 1, json, field,
        (long long)at_ms);
    return mediator(f, text);
}

/* What papers say happened earlier that day is taken, and no time that cannot be. */
static void times_follow_the_course(void **state)
{
    struct fixture *f = *state;
    const int64_t hour = CLOCK_DAY_MS / 24;
    int64_t at_ms = f->t.now_ms;
    static const char *const first[] = { CONSENT_1, CONSENT_2, TELL_1, TELL_2 };
    begin(f);
    for (size_t i = 0; i < COUNT_OF(first); i++) {
        assert_int_equal(mediator_at(f, first[i], "at_ms", at_ms - 32 * 24 * hour), E_INPUT);
        assert_int_equal(mediator_at(f, first[i], "at_ms", at_ms - 29 * 24 * hour), OK);
    }
    f->t.now_ms = at_ms += 24 * hour;
    assert_int_equal(mediator(f, "{\"action\":\"name_mediator\",\"mediator\":\"103\","
        "\"how\":\"parties\",\"note\":\"与申请人同村\"}"), OK);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(mediator_at(f, first[i], "at_ms", at_ms - 24 * hour), E_INPUT);
        assert_int_equal(mediator_at(f, first[i], "at_ms", at_ms - hour), OK);
        assert_int_equal(mediator_at(f, first[i], "at_ms", at_ms - 24 * hour), E_INPUT);
    }
    f->t.now_ms = at_ms += 24 * hour;
    assert_int_equal(mediator(f, ACCEPT), OK);
    assert_int_equal(mediator_at(f, PLAN, "at_ms", at_ms + 6 * 366 * 24 * hour), E_INPUT);
    assert_int_equal(mediator_at(f, HOLD, "at_ms", at_ms - 24 * hour), E_INPUT);
    assert_int_equal(mediator_at(f, HOLD, "at_ms", at_ms - hour), OK);
    assert_int_equal(mediator(f, AGREE_FAR), E_INPUT);
    assert_int_equal(mediator(f, AGREE_WRITTEN), OK);
    assert_int_equal(mediator_at(f, SIGN_1, "at_ms", at_ms - 24 * hour), E_INPUT);
    assert_int_equal(mediator_at(f, SIGN_1, "at_ms", at_ms - hour), OK);
    static const char *const rest[] = { SIGN_2, SIGN_MEDIATOR, SEAL };
    for (size_t i = 0; i < COUNT_OF(rest); i++)
        assert_int_equal(mediator(f, rest[i]), OK);
    assert_int_equal(mediator_at(f, KEPT, "at_ms", at_ms - 24 * hour), E_INPUT);
    assert_int_equal(mediator_at(f, KEPT, "at_ms", at_ms - hour), OK);
}

static void what_a_party_said_itself_stands(void **state)
{
    struct fixture *f = *state;
    begin(f);
    assert_int_equal(party_does(f, 1, "agree"), OK);
    assert_int_equal(mediator(f, CONSENT_1), E_INPUT);
    assert_true(str_is(((struct party *)beside_now(f)->parties.p)->consent_how, "online"));
    assert_int_equal(mediator(f, "{\"action\":\"name_mediator\",\"mediator\":\"103\","
        "\"how\":\"parties\",\"note\":\"与申请人同村\"}"), OK);
    assert_int_equal(mediator(f, CONSENT_1), OK);
}

static void only_who_may_sign_signs(void **state)
{
    struct fixture *f = *state;
    begin(f);
    static const char *const steps[] = { "{\"action\":\"add_parties\",\"parties\":["
        "{\"side\":\"applicant\",\"name\":\"小丙\",\"minor\":true},"
        "{\"side\":\"applicant\",\"name\":\"丙父\",\"role\":\"guardian\",\"stands_for\":3},"
        "{\"side\":\"respondent\",\"name\":\"律师\",\"role\":\"agent\",\"stands_for\":2,"
        "\"scope\":\"apply evidence\"}]}",
        CONSENT_1, CONSENT_2, "{\"action\":\"consent\",\"party\":4,\"how\":\"in_person\"}",
        TELL_1, TELL_2, "{\"action\":\"tell_rights\",\"party\":4,\"how\":\"in_person\"}", ACCEPT,
        "{\"action\":\"name_mediator\",\"mediator\":\"103\",\"how\":\"parties\"}", HOLD,
        AGREE_WRITTEN };
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        assert_int_equal(mediator(f, steps[i]), OK);
    static const struct { const char *json; enum err e; } signs[] = {
        { SIGN_1, OK }, { SIGN_2, OK },
        { "{\"action\":\"sign\",\"party\":3,\"how\":\"signature\"}", E_INPUT },
        { "{\"action\":\"sign\",\"party\":5,\"how\":\"signature\"}", E_INPUT },
        { SIGN_MEDIATOR, OK }, { SEAL, OK },
        { "{\"action\":\"sign\",\"party\":4,\"how\":\"signature\"}", OK } };
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        assert_int_equal(mediator(f, signs[i].json), signs[i].e);
    assert_true(str_is(f->m.state, "performing"));
}

/* The room is free again, and calendars say so. */
static void sessions_to_come_are_called_off(void **state)
{
    struct fixture *f = *state;
    static const char *const ends[] = { AGREE_WRITTEN, REFUSED,
        "{\"action\":\"agree_oral\",\"text\":\"握手言和\"}",
        "{\"action\":\"escalate\",\"note\":\"疑难\"}",
        "{\"action\":\"end\",\"reason\":\"no_agreement\",\"reply\":\"调解不成，可以起诉\"}" };
    const int64_t at_ms = f->t.now_ms + CLOCK_DAY_MS;
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct buf out;
        char path[80];
        begin(f);
        all_agree(f);
        assert_int_equal(mediator_at(f, PLAN, "at_ms", at_ms), OK);
        assert_int_equal(mediator(f, "{\"action\":\"pause\",\"days\":5,\"note\":\"鉴定\"}"), OK);
        assert_int_equal(mediator(f, "{\"action\":\"resume\"}"), OK);
        (void)snprintf(path, sizeof(path), "/api/disputes/%.*s/sittings.ics", STR_FMT(f->number));
        for (int ended = 0; ended < 2; ended++) {
            if (ended)
                assert_int_equal(mediator(f, ends[i]), OK);
            assert_int_equal(say(town_staff(&f->t, MEDIATOR), path, NULL, &out), OK);
            assert_int_equal(str_find(buf_str(&out), STR("STATUS:CANCELLED")) >= 0, ended);
        }
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_written_agreement_binds_from_the_last_signature),
        T(who_promised_is_reminded),
        T(what_is_due_before_it_binds_is_said),
        T(what_is_kept_before_it_binds_is_kept),
        T(who_leaves_stops_everything_at_once),
        T(a_minor_speaks_through_the_guardian),
        T(an_agent_acts_within_the_authority),
        T(many_choose_representatives),
        T(the_court_is_asked_in_time_or_not_at_all),
        T(what_was_asked_of_the_court_ends_with_the_agreement),
        T(a_room_holds_one_session_at_a_time),
        T(agents_agree_to_guests),
        T(a_register_says_who_may_be_named),
        T(whoever_handed_it_over_sees_how_far_it_is),
        T(what_is_promised_is_clear),
        T(an_oral_agreement_is_one_command),
        T(talks_with_one_side_stay_with_the_mediators),
        T(a_dispute_is_for_its_committee),
        T(it_climbs_and_never_falls),
        T(an_interest_disclosed_is_agreed_to_anew),
        T(guests_come_when_all_agree),
        T(departments_share_one_clock),
        T(time_follows_the_kind),
        T(both_sides_see_one_hand_over),
        T(some_kinds_are_not_mediated),
        T(numbers_of_a_book_never_come_twice),
        T(times_follow_the_course),
        T(sessions_to_come_are_called_off),
        T(only_who_may_sign_signs),
        T(what_a_party_said_itself_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
