/* test_mediation.c: disputes in random orders of steps: whatever people try, nothing goes on
 * without consent, nothing binds before the last signature, and nobody outside reads what one side
 * said. */
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
static void begin_of(struct fixture *f, const char *type)
{
    struct buf out;
    char json[400];
    (void)snprintf(json, sizeof(json), "{\"type\":\"%s\",\"source\":\"apply\",\"text\":\"楼上漏水吵架\","
        "\"grid\":\"320508001001001\",\"parties\":[{\"side\":\"applicant\",\"name\":\"王甲\"},"
        "{\"side\":\"respondent\",\"name\":\"李乙\"}]}", type);
    assert_int_equal(say(town_staff(&f->t, MEDIATOR), "/api/disputes", json, &out), OK);
    f->number = arena_str(&f->t.a, town_member(&f->t, &out, "number"));
    struct cx cx = town_system(&f->t);
    assert_int_equal(matter_by_number(&cx, f->number, &f->m), OK);
}

static void begin(struct fixture *f)
{
    begin_of(f, "neighbour");
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

/* Whoever mediates for the committee that has it now. */
static enum town_person mediator_now(const struct fixture *f)
{
    return f->m.owner_unit == UNIT_MEDIATION_TOWN ? MEDIATOR_TOWN
        : f->m.owner_unit == UNIT_MEDIATION_COUNTY ? MEDIATOR_COUNTY : MEDIATOR;
}

static enum err mediator(struct fixture *f, const char *json)
{
    return step_by(f, town_staff(&f->t, mediator_now(f)), json);
}

/* A party by its code. */
static enum err party_does(struct fixture *f, int64_t no, const char *action)
{
    struct matter now;
    struct cx system = town_system(&f->t);
    char path[40];
    (void)snprintf(path, sizeof(path), "/api/receipt/%s", action);
    struct cx cx = town_reporter(&f->t, f->m.area, f->m.id, no);
    cx.actor.code.matter = f->m.id;
    cx.actor.code.no = no;
    enum err e = say(cx, path, "{}", NULL);
    assert_int_equal(matter_by_number(&system, f->number, &now), OK);
    f->m = now;
    return e;
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

#define CONSENT_1 "{\"action\":\"consent\",\"party\":1,\"how\":\"in_person\"}"
#define CONSENT_2 "{\"action\":\"consent\",\"party\":2,\"how\":\"phone\"}"
#define TELL_1 "{\"action\":\"tell_rights\",\"party\":1,\"how\":\"in_person\"}"
#define TELL_2 "{\"action\":\"tell_rights\",\"party\":2,\"how\":\"in_person\"}"
#define ACCEPT "{\"action\":\"accept\"}"
#define HOLD "{\"action\":\"sitting\",\"text\":\"双方到场\",\"result\":\"agreed\"}"
#define CAUCUS "{\"action\":\"caucus\",\"party\":1,\"text\":\"底线两千\"}"
#define AGREE_WRITTEN "{\"action\":\"agree_written\",\"text\":\"修好赔钱\",\"promises\":[{\"party\":2," \
    "\"what\":\"赔偿\",\"amount\":2000.5,\"due_ms\":1790000000000,\"way\":\"银行转账\"}]}"
#define SIGN_1 "{\"action\":\"sign\",\"party\":1,\"how\":\"signature\"}"
#define SIGN_2 "{\"action\":\"sign\",\"party\":2,\"how\":\"fingerprint\"}"
#define SIGN_MEDIATOR "{\"action\":\"sign_mediator\"}"
#define SEAL "{\"action\":\"seal\"}"
#define APPLY_CONFIRM "{\"action\":\"apply_confirm\"}"
#define REFUSED "{\"action\":\"consent_refused\",\"party\":2,\"how\":\"phone\"," \
    "\"reply\":\"对方不同意，可以起诉\"}"

/* What may be tried in any order; @ stands for the mediator's account. Weights: how likely each is
 * drawn, of those that lead on and of those that lead elsewhere. */
static const struct { int weight; const char *json; } everything[] = {
    { 6, CONSENT_1 }, { 6, CONSENT_2 }, { 4, TELL_1 }, { 4, TELL_2 }, { 6, ACCEPT },
    { 5, "{\"action\":\"name_mediator\",\"mediator\":\"@\",\"how\":\"parties\"}" },
    { 1, "{\"action\":\"disclose\",\"note\":\"与申请人同村\"}" },
    { 1, "{\"action\":\"release_mediator\",\"mediator\":\"@\",\"note\":\"当事人要求\"}" },
    { 1, "{\"action\":\"invite\",\"who\":\"王大伯\",\"how\":\"relative\"}" },
    { 1, "{\"action\":\"admit\",\"guest\":1,\"party\":1}" },
    { 1, "{\"action\":\"admit\",\"guest\":1,\"party\":2}" },
    { 1, "{\"action\":\"cohandle\",\"units\":[{\"unit\":\"9\",\"task\":\"派人到场\"}]}" },
    { 1, "{\"action\":\"choose_door\",\"how\":\"open\"}" },
    { 6, HOLD }, { 2, CAUCUS },
    { 1, "{\"action\":\"facts\",\"text\":\"双方承认三月一日漏水\"}" },
    { 1, "{\"action\":\"sign_facts\",\"party\":1,\"how\":\"signature\"}" },
    { 1, "{\"action\":\"classify\",\"result\":\"hard\"}" },
    { 4, AGREE_WRITTEN }, { 2, "{\"action\":\"agree_oral\",\"text\":\"握手言和\"}" },
    { 1, "{\"action\":\"ask_written\",\"party\":1}" },
    { 6, SIGN_1 }, { 6, SIGN_2 }, { 6, SIGN_MEDIATOR }, { 6, SEAL },
    { 1, "{\"action\":\"not_signed\",\"note\":\"反悔\"}" },
    { 2, "{\"action\":\"kept\",\"promise\":1}" }, { 2, "{\"action\":\"kept\",\"promise\":101}" },
    { 2, "{\"action\":\"broken\",\"promise\":1,\"note\":\"没有付\"}" },
    { 2, "{\"action\":\"mediate_again\",\"note\":\"再谈\"}" },
    { 4, APPLY_CONFIRM }, { 3, "{\"action\":\"court_decided\",\"result\":\"confirmed\"}" },
    { 2, "{\"action\":\"call_back\",\"reply\":\"双方满意，已履行\"}" },
    { 1, "{\"action\":\"pause\",\"days\":5,\"note\":\"鉴定\"}" }, { 3, "{\"action\":\"resume\"}" },
    { 1, "{\"action\":\"lengthen\",\"days\":10,\"note\":\"都同意\"}" },
    { 1, "{\"action\":\"escalate\",\"note\":\"疑难\"}" },
    { 1, "{\"action\":\"refer\",\"office\":\"区法院\",\"note\":\"立案前移送\"}" },
    { 1, REFUSED }, { 1, "agree 1" }, { 1, "agree 2" }, { 1, "withdraw 2" },
    { 1, "{\"action\":\"to_court\",\"reply\":\"对方没有履行，可以起诉\"}" },
    { 1, "{\"action\":\"end\",\"reason\":\"no_agreement\",\"reply\":\"调解不成，可以起诉或仲裁\"}" },
};

static bool is_step(const char *json, const char *action)
{
    const char *at = strstr(json, "\"action\":\"");
    size_t n = strlen(action);
    return at ? strncmp(at + 10, action, n) == 0 && at[10 + n] == '"' : strncmp(json, action, n) == 0;
}

static bool leads_nowhere_else(const char *json)
{
    return is_step(json, "consent_refused") || is_step(json, "withdraw") || is_step(json, "end")
        || is_step(json, "to_court");
}

static struct beside *beside_now(struct fixture *f)
{
    struct beside *b;
    struct cx cx = town_system(&f->t);
    assert_int_equal(beside_read(&cx, &f->m, &b), OK);
    return b;
}

static bool everybody_consents(const struct beside *b)
{
    const struct party *p = b->parties.p;
    for (size_t i = 0; i < b->parties.n; i++)
        if (!str_is(p[i].consent, "given"))
            return false;
    return true;
}

static bool everybody_signed(const struct beside *b)
{
    const struct party *p = b->parties.p;
    for (size_t i = 0; i < b->parties.n; i++)
        if (p[i].signed_ms == I64_NONE || p[i].signed_ms > b->dispute.effective_ms)
            return false;
    return true;
}

/* What must hold after each step, looked up in the database and not in the program's own words. */
static void must_hold(struct fixture *f, const struct matter *before, const char *did)
{
    static const char *const with_consent[] = { "accept", "sitting", "caucus", "facts", "cohandle",
        "agree_written", "agree_oral", "lengthen" };
    const struct beside *b = beside_now(f);
    const struct dispute *d = &b->dispute;
    bool binding = str_is(f->m.state, "performing") || str_is(f->m.state, "performed");
    for (size_t i = 0; i < COUNT_OF(with_consent); i++)
        if (is_step(did, with_consent[i]))
            assert_true(everybody_consents(b));
    assert_int_equal(binding, d->effective_ms != I64_NONE && f->m.open);
    if (binding && str_is(d->form, "written"))
        assert_true(everybody_signed(b) && d->sealed_ms <= d->effective_ms
            && d->sealed_ms != I64_NONE);
    if (d->confirm.n) {
        assert_true(d->confirm_ms <= d->effective_ms + CONFIRM_DAYS * (int64_t)CLOCK_DAY_MS);
        assert_false(str_is(d->type, "family"));
    }
    if (leads_nowhere_else(did))
        assert_true(str_is(f->m.state, "ended"));
    assert_true(!f->m.open || f->m.due_ms != I64_NONE);
    assert_true(f->m.open || (f->m.unanswered == 0 && f->m.cohandling == 0));
    assert_true(f->m.seq == before->seq + 1);
}

/* The usual order; half of all tries follow it, so that walks get somewhere. */
static const char *const usual[] = { CONSENT_1, CONSENT_2, TELL_1, TELL_2, ACCEPT,
    "{\"action\":\"name_mediator\",\"mediator\":\"@\",\"how\":\"parties\"}", HOLD, AGREE_WRITTEN,
    SIGN_1, SIGN_2, SIGN_MEDIATOR, SEAL, APPLY_CONFIRM,
    "{\"action\":\"court_decided\",\"result\":\"confirmed\"}",
    "{\"action\":\"kept\",\"promise\":1}", "{\"action\":\"call_back\",\"reply\":\"双方满意，已履行\"}" };

/* One of the steps, drawn by weight; those that end it only from the given try on. */
static const char *drawn(struct rand *r, bool may_end)
{
    int sum = 0;
    for (size_t i = 0; i < COUNT_OF(everything); i++)
        sum += may_end || !leads_nowhere_else(everything[i].json) ? everything[i].weight : 0;
    int at = (int)rand_below(r, (uint32_t)sum);
    for (size_t i = 0; i < COUNT_OF(everything); i++) {
        at -= may_end || !leads_nowhere_else(everything[i].json) ? everything[i].weight : 0;
        if (at < 0)
            return everything[i].json;
    }
    return NULL;
}

/* The step alone, without what a page shows afterwards. */
static enum err take(struct fixture *f, struct cx cx, const char *json)
{
    struct step_args args;
    assert_int_equal(record_from_json(cx.a, &step_args_record, str_c(json), &args, &cx.info), OK);
    assert_int_equal(db_begin(f->t.db), OK);
    enum err e = matter_step(&cx, &f->m, &args, &f->m);
    if (e == OK)
        assert_int_equal(db_commit(f->t.db), OK);
    else
        db_rollback(f->t.db);
    return e;
}

static enum err try_it(struct fixture *f, const char *json)
{
    char text[400];
    const char *at = strchr(json, '@'), *party = strchr(json, ' ');
    if (json[0] != '{') {
        (void)snprintf(text, sizeof(text), "{\"action\":\"%.*s\"}", (int)(party - json), json);
        return take(f, town_reporter(&f->t, f->m.area, f->m.id, party[1] - '0'), text);
    }
    if (at)
        (void)snprintf(text, sizeof(text), "%.*s%lld%s", (int)(at - json), json,
            (long long)town_account(mediator_now(f)), at + 1);
    return take(f, town_staff(&f->t, mediator_now(f)), at ? text : json);
}

/* Nothing is left to do once somebody has left: every step is refused. */
static void all_is_over(struct fixture *f)
{
    for (size_t i = 0; i < COUNT_OF(everything); i++)
        assert_int_not_equal(try_it(f, everything[i].json), OK);
}

/* Whoever does not mediate this case finds no talk with one side, and no text outside its seal. */
static void nobody_reads_along(struct fixture *f)
{
    static const enum town_person outside[] = { LEAD, WORKER, DISPATCHER, SUPERVISOR, DIRECTOR,
        MEDIATOR_TOWN, MEDIATOR_COUNTY, CLERK };
    struct buf out;
    char path[80];
    const struct beside *b = beside_now(f);
    (void)snprintf(path, sizeof(path), "/api/disputes/%.*s/caucus", STR_FMT(f->number));
    for (size_t i = 0; i < COUNT_OF(outside); i++) {
        const struct mediator *m = mediator_of(b, town_account(outside[i]));
        enum err e = say(town_staff(&f->t, outside[i]), path, NULL, &out);
        assert_true(m ? e == OK : e == E_MISSING || e == E_DENIED);
    }
}

/* A walk of tries in any order; early ones are not those that end it. Gives how many were taken. */
static int walk(struct fixture *f, struct rand *r, int tries)
{
    int taken = 0;
    size_t at = 0;
    const char *json = "";
    begin_of(f, rand_below(r, 4) ? "neighbour" : "family");
    for (int i = 0; i < tries && f->m.open; i++) {
        struct matter before = f->m;
        json = rand_below(r, 2) ? usual[at++ % COUNT_OF(usual)] : drawn(r, i > tries / 2);
        enum err e = try_it(f, json);
        if (e == OK) {
            must_hold(f, &before, json);
            taken++;
        } else {
            assert_true(e == E_STEP || e == E_INPUT || e == E_DENIED);
            assert_int_equal(f->m.seq, before.seq);
        }
        f->t.now_ms += rand_below(r, 6) ? 60000 : (int64_t)rand_below(r, 9) * CLOCK_DAY_MS;
    }
    if (!f->m.open && rand_below(r, 20) == 0)
        all_is_over(f);
    if (rand_below(r, 20) == 0)
        nobody_reads_along(f);
    town_forget(&f->t);
    return taken;
}

static void nothing_goes_on_without_consent_or_binds_too_early(void **state)
{
    enum { TRIES = 50 };
    struct fixture *f = *state;
    const int walks = f->t.on_server ? 300 : 2000;
    struct rand r = rand_seeded(20260301);
    int64_t start_ms = f->t.now_ms;
    int taken = 0;
    for (int i = 0; i < walks; i++) {
        f->t.now_ms = start_ms;
        taken += walk(f, &r, TRIES);
    }
    assert_null(town_check(&f->t));
    assert_true(taken > 10 * walks);
    assert_true(town_count(&f->t, "SELECT COUNT(*) FROM matter WHERE state = 'closed'") > walks / 100);
    assert_true(town_count(&f->t, "SELECT COUNT(*) FROM dispute WHERE form = 'written'"
        " AND effective_ms IS NOT NULL") > walks / 20);
    assert_true(town_count(&f->t, "SELECT COUNT(*) FROM dispute WHERE confirm = 'confirmed'") > walks / 100);
    assert_true(town_count(&f->t, "SELECT COUNT(*) FROM matter WHERE round > 0") > walks / 100);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM note WHERE text LIKE '%底线%'"), 0);
}

static void all_agree(struct fixture *f)
{
    static const char *const steps[] = { CONSENT_1, CONSENT_2, TELL_1, TELL_2, ACCEPT,
        "{\"action\":\"name_mediator\",\"mediator\":\"103\",\"how\":\"parties\"}", HOLD };
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        assert_int_equal(mediator(f, steps[i]), OK);
}

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
    assert_int_equal(mediator(f, "{\"action\":\"consent\",\"party\":3,\"how\":\"in_person\"}"), OK);
    assert_int_equal(mediator(f, ACCEPT), E_STEP);
    assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"applicant\","
        "\"name\":\"丙父\",\"role\":\"guardian\",\"stands_for\":3}]}"), OK);
    assert_int_equal(mediator(f, "{\"action\":\"consent\",\"party\":4,\"how\":\"in_person\"}"), OK);
    assert_int_equal(mediator(f, ACCEPT), OK);
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
        f->t.now_ms += CONFIRM_DAYS * (int64_t)CLOCK_DAY_MS + late;
        assert_int_equal(mediator(f, APPLY_CONFIRM), late ? E_STEP : OK);
    }
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
    assert_int_equal(say(town_staff(&f->t, MEDIATOR), path, NULL, &out), OK);
    assert_true(str_find(buf_str(&out), STR("底线两千")) >= 0);
    for (size_t i = 0; i < COUNT_OF(outside); i++) {
        enum err e = say(town_staff(&f->t, (enum town_person)outside[i]), path, NULL, &out);
        assert_true(e == E_MISSING || e == E_DENIED);
    }
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

/* Up to the committee above or to one of the industry, never down. */
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
    assert_int_equal(mediator(f, "{\"action\":\"escalate\",\"unit\":\"15\",\"note\":\"专业\"}"), OK);
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
        "\"task\":\"派人到场\"}]}"), OK);
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

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(nothing_goes_on_without_consent_or_binds_too_early),
        T(a_written_agreement_binds_from_the_last_signature),
        T(who_promised_is_reminded),
        T(who_leaves_stops_everything_at_once),
        T(a_minor_speaks_through_the_guardian),
        T(an_agent_acts_within_the_authority),
        T(many_choose_representatives),
        T(the_court_is_asked_in_time_or_not_at_all),
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
