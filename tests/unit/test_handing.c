/* test_handing.c: what leaves a dispute: hand-overs, which rest on the parties' consent, and what
 * the court is asked, which names organisations and decides no title. */
#include "town_dispute.h"

#define REGISTER "{\"kind\":\"0201\",\"source\":\"%s\",\"text\":\"邻居打架后同意调解\"%s,\"grid\":" \
    "\"320508001001001\",\"parties\":[{\"side\":\"applicant\",\"name\":\"王甲\"},{\"side\":" \
    "\"respondent\",\"name\":\"李乙\"}]}"
#define REFER(more) "{\"action\":\"refer\",\"unit\":\"9\",\"note\":\"请核对\"" more "}"
#define BOTH_AGREE ",\"consents\":[{\"party\":1,\"how\":\"phone\"},{\"party\":2,\"how\":\"written\"}]"

/* The answer of a command that is refused: which field, in what words. */
static struct err_info refused(struct fixture *f, enum town_person who, const char *path,
    const char *json)
{
    struct command c;
    assert_int_equal(town_command(&c, town_staff(&f->t, who), path, json), E_INPUT);
    return c.cx.info;
}

static struct err_info step_refused(struct fixture *f, const char *json)
{
    char path[80];
    (void)snprintf(path, sizeof(path), "/api/matters/%.*s/step", STR_FMT(f->number));
    return refused(f, MEDIATOR, path, json);
}

static struct str handed(struct fixture *f, enum town_person who)
{
    struct buf out;
    char path[80];
    (void)snprintf(path, sizeof(path), "/api/disputes/%.*s/handed", STR_FMT(f->number));
    assert_int_equal(say(town_staff(&f->t, who), path, NULL, &out), OK);
    return buf_str(&out);
}

static void authorities_say_why_and_by_which_letter(void **state)
{
    struct fixture *f = *state;
    static const struct { const char *source, *more, *lacks; } sent[] = {
        { "police", "", "reason" }, { "police", ",\"reason\":\"双方愿意\"", "document" },
        { "court", ",\"reason\":\"诉前调解\"", "document" }, { "petition", "", "reason" },
        { "labour", "", "reason" }, { "hotline", ",\"reason\":\" \"", "reason" },
        { "hotline", ",\"reason\":\"市民来电\"", NULL }, { "initiative", "", NULL },
        { "police", ",\"reason\":\"双方愿意\",\"document\":\"桥公调1号\"", NULL } };
    char json[600];
    for (size_t i = 0; i < COUNT_OF(sent); i++) {
        (void)snprintf(json, sizeof(json), REGISTER, sent[i].source, sent[i].more);
        if (sent[i].lacks)
            assert_string_equal(refused(f, MEDIATOR, "/api/disputes", json).field, sent[i].lacks);
        else
            assert_int_equal(say(town_staff(&f->t, MEDIATOR), "/api/disputes", json, NULL), OK);
    }
    /* What the committee noted down for an authority is a row of hand-overs too. */
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM transfer WHERE from_unit = 0"), 2);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM transfer WHERE from_name = '公安机关'"), 1);
}

/* Who agreed, how and when, is read at both ends. */
static void consent_to_a_hand_over_is_kept(void **state)
{
    struct fixture *f = *state;
    char json[600];
    struct buf out;
    (void)snprintf(json, sizeof(json), REGISTER, "police", ",\"reason\":\"双方愿意\",\"document\":"
        "\"桥公调1号\",\"consents\":[{\"party\":2,\"how\":\"phone\",\"at_ms\":1000}]");
    assert_string_equal(refused(f, OFFICER, "/api/disputes", json).field, "consents");
    (void)snprintf(json, sizeof(json), REGISTER, "police", ",\"reason\":\"双方愿意\",\"document\":"
        "\"桥公调1号\",\"consents\":[{\"party\":2,\"how\":\"phone\"}]");
    assert_int_equal(say(town_staff(&f->t, OFFICER), "/api/disputes", json, &out), OK);
    f->number = arena_str(&f->t.a, town_member(&f->t, &out, "number"));
    (void)snprintf(json, sizeof(json), "\"consents\":\"2:phone:%lld\"", (long long)f->t.now_ms);
    assert_true(str_find(handed(f, OFFICER), str_c(json)) > 0);
}

static void nothing_is_told_before_all_agree(void **state)
{
    struct fixture *f = *state;
    begin(f);
    struct err_info why = step_refused(f, REFER(""));
    assert_string_equal(why.field, "consents");
    assert_non_null(strstr(why.zh, "申请人1"));
    why = step_refused(f, REFER(",\"consents\":[{\"party\":1,\"how\":\"phone\"}]"));
    assert_non_null(strstr(why.zh, "被申请人1"));
    assert_null(strstr(why.zh, "：申请人1"));
    assert_string_equal(step_refused(f, REFER(",\"consents\":[{\"party\":1,\"how\":\"dream\"}]")).field,
        "consents");
    assert_string_equal(step_refused(f, REFER(",\"reason\":\"in_court\"")).field, "reason");
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM transfer"), 0);
    /* By law, without the words. */
    assert_int_equal(mediator(f, REFER(",\"reason\":\"danger\"")), OK);
    assert_true(str_find(handed(f, CLERK), STR("漏水")) < 0);
    assert_int_equal(mediator(f, REFER(BOTH_AGREE)), OK);
    assert_true(str_find(handed(f, CLERK), STR("漏水")) > 0);
}

static bool lists_it(struct fixture *f, enum town_person who, const char *view)
{
    struct buf out;
    char path[80];
    (void)snprintf(path, sizeof(path), "/api/disputes?view=%s", view);
    assert_int_equal(say(town_staff(&f->t, who), path, NULL, &out), OK);
    return str_find(buf_str(&out), f->number) > 0;
}

/* Each committee that it was handed up from finds it, reads how far it is, and changes nothing. */
static void whoever_handed_it_up_finds_it(void **state)
{
    struct fixture *f = *state;
    char json[600];
    struct buf out;
    (void)snprintf(json, sizeof(json), REGISTER, "police",
        ",\"reason\":\"双方愿意\",\"document\":\"桥公调1号\"");
    assert_int_equal(say(town_staff(&f->t, OFFICER), "/api/disputes", json, &out), OK);
    f->number = arena_str(&f->t.a, town_member(&f->t, &out, "number"));
    struct cx cx = town_system(&f->t);
    assert_int_equal(matter_by_number(&cx, f->number, &f->m), OK);
    assert_false(lists_it(f, MEDIATOR, "handed"));
    for (int i = 0; i < 2; i++)
        assert_int_equal(mediator(f, "{\"action\":\"escalate\",\"note\":\"疑难\"}"), OK);
    static const struct { enum town_person who; const char *view; bool is; } seen[] = {
        { MEDIATOR, "handed", true }, { MEDIATOR, "unit", false }, { MEDIATOR_TOWN, "handed", true },
        { MEDIATOR_TOWN, "unit", false }, { MEDIATOR_COUNTY, "handed", false },
        { MEDIATOR_COUNTY, "unit", true } };
    for (size_t i = 0; i < COUNT_OF(seen); i++)
        assert_int_equal(lists_it(f, seen[i].who, seen[i].view), seen[i].is);
    assert_true(str_find(handed(f, MEDIATOR_TOWN), STR("桥公调1号")) > 0);
    assert_true(str_find(handed(f, MEDIATOR), STR("\"state\":\"registered\"")) > 0);
    assert_int_equal(step_by(f, town_staff(&f->t, MEDIATOR_TOWN), ACCEPT), E_DENIED);
    assert_null(town_check(&f->t));
}

static struct str list_of(struct fixture *f, enum town_person who, const char *query)
{
    struct buf out;
    char path[200];
    (void)snprintf(path, sizeof(path), "/api/disputes?%s", query);
    assert_int_equal(say(town_staff(&f->t, who), path, NULL, &out), OK);
    return buf_str(&out);
}

/* What one committee accepted another has not; each finds it by the number in its own book. */
static void each_committee_accepts_for_itself(void **state)
{
    struct fixture *f = *state;
    begin(f);
    all_agree(f);
    struct str own = beside_now(f)->dispute.docket;
    int64_t accepted_ms = beside_now(f)->dispute.accepted_ms;
    f->t.now_ms += CLOCK_DAY_MS;
    assert_int_equal(mediator(f, "{\"action\":\"escalate\",\"note\":\"疑难\"}"), OK);
    assert_int_equal(beside_now(f)->dispute.accepted_ms, I64_NONE);
    assert_true(str_find(handed(f, MEDIATOR), STR("\"accepted_ms\"")) < 0);
    assert_int_equal(town_count(&f->t, "SELECT accepted_ms FROM handed_up"), accepted_ms);
    static const char *const accept[] = { CONSENT_1, CONSENT_2, ACCEPT };
    for (size_t i = 0; i < COUNT_OF(accept); i++)
        assert_int_equal(mediator(f, accept[i]), OK);
    struct str new = beside_now(f)->dispute.docket, list = list_of(f, MEDIATOR, "view=handed");
    assert_false(str_eq(own, new));
    assert_true(str_find(list, own) > 0 && str_find(list, new) < 0);
    char day[60];
    (void)snprintf(day, sizeof(day), "\"handed_ms\":%lld", (long long)f->t.now_ms);
    assert_true(str_find(list, str_c(day)) > 0);
    assert_true(str_find(list_of(f, MEDIATOR, "view=handed&q=东一"), f->number) > 0);
    assert_true(str_find(list_of(f, MEDIATOR, "view=handed&q=桥东"), f->number) < 0);
    assert_true(str_find(list_of(f, MEDIATOR_TOWN, "q=桥东"), f->number) > 0);
    assert_true(str_find(list_of(f, MEDIATOR_TOWN, ""), STR("\"handed_ms\"")) < 0);
    assert_null(town_check(&f->t));
}

/* For a child the guardian agrees; both guardians are named to whoever has to ask them. */
static void guardians_agree_for_a_child(void **state)
{
    struct fixture *f = *state;
    begin(f);
    assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"applicant\","
        "\"name\":\"小丙\",\"minor\":true}]}"), OK);
    assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"applicant\","
        "\"name\":\"赵父\",\"role\":\"guardian\",\"stands_for\":3},{\"side\":\"applicant\",\"name\":"
        "\"钱母\",\"role\":\"guardian\",\"stands_for\":3}]}"), OK);
    struct err_info why = step_refused(f, REFER(BOTH_AGREE));
    assert_non_null(strstr(why.zh, "（由监护人赵**、钱**表示）"));
    assert_string_equal(step_refused(f, REFER(",\"consents\":[{\"party\":3,\"how\":\"phone\"}]")).field,
        "consents");
    assert_int_equal(mediator(f, REFER(",\"consents\":[{\"party\":1,\"how\":\"phone\"},{\"party\":2,"
        "\"how\":\"written\"},{\"party\":5,\"how\":\"in_person\"}]")), OK);
}

/* Code, seat and head lie sealed, and are read as names are. */
static void an_organisation_is_more_than_a_name(void **state)
{
    struct fixture *f = *state;
#define FIRM "\"credit_code\":\"91350100M000100Y43\",\"seat\":\"平江路一号\",\"head\":\"周明\""
    char path[80];
    struct buf out;
    begin(f);
    assert_string_equal(step_refused(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"respondent\","
        "\"name\":\"明远公司\"," FIRM "}]}").field, "parties");
    assert_int_equal(mediator(f, "{\"action\":\"describe_party\",\"party\":1," FIRM "}"), E_STEP);
    assert_int_equal(mediator(f, "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"respondent\","
        "\"name\":\"明远公司\",\"kind\":\"organisation\"}]}"), OK);
    assert_string_equal(step_refused(f, "{\"action\":\"describe_party\",\"party\":1," FIRM "}").field,
        "party");
    assert_string_equal(step_refused(f, "{\"action\":\"describe_party\",\"party\":3,\"seat\":\"平江路\","
        "\"head\":\"周明\",\"credit_code\":\"91350100M000100Y44\"}").field, "credit_code");
    assert_int_equal(mediator(f, "{\"action\":\"describe_party\",\"party\":3," FIRM "}"), OK);
    assert_int_equal(town_count(&f->t, "SELECT described FROM party WHERE no = 3"), 1);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM person WHERE details LIKE '%周明%'"), 0);
    (void)snprintf(path, sizeof(path), "/api/matters/%.*s/reveal", STR_FMT(f->number));
    assert_int_equal(say(town_staff(&f->t, MEDIATOR), path,
        "{\"reporter\":3,\"purpose\":\"写申请书\"}", &out), OK);
    assert_true(str_find(buf_str(&out), STR("\"head\":\"周明\"")) > 0);
}

static const char *const signs[] = { SIGN_1, SIGN_2, SIGN_MEDIATOR, SEAL };

static void agreed(struct fixture *f)
{
    assert_int_equal(mediator(f, AGREE_WRITTEN), OK);
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        assert_int_equal(mediator(f, signs[i]), OK);
}

/* Of two that wait, the ruling says which it is about; of one it need not. */
static void a_ruling_names_its_agreement(void **state)
{
    struct fixture *f = *state;
#define RULED(nth, result) "{\"action\":\"court_decided\",\"agreement\":" nth ",\"result\":\"" result "\"}"
    begin(f);
    all_agree(f);
    agreed(f);
    assert_int_equal(mediator(f, APPLY_1), OK);
    assert_int_equal(mediator(f, APPLY_2), OK);
    assert_string_equal(step_refused(f, RULED("2", "confirmed")).field, "agreement");
    f->t.now_ms = INT64_C(1790000000000);
    assert_int_equal(mediator(f, "{\"action\":\"broken\",\"promise\":1,\"note\":\"没有付\"}"), OK);
    assert_int_equal(mediator(f, "{\"action\":\"mediate_again\",\"note\":\"再谈\"}"), OK);
    static const char *const again[] = { CONSENT_1, CONSENT_2, ACCEPT, HOLD };
    for (size_t i = 0; i < COUNT_OF(again); i++)
        assert_int_equal(mediator(f, again[i]), OK);
    assert_int_equal(mediator(f, "{\"action\":\"agree_written\",\"text\":\"修好赔钱\",\"promises\":[{\"party\":2,"
        "\"what\":\"赔偿\",\"amount\":2000,\"due_ms\":1890000000000,\"way\":\"银行转账\"}]}"), OK);
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        assert_int_equal(mediator(f, signs[i]), OK);
    assert_int_equal(mediator(f, APPLY_1), OK);
    assert_int_equal(mediator(f, APPLY_2), OK);
    assert_string_equal(step_refused(f, "{\"action\":\"court_decided\",\"result\":\"confirmed\"}").field,
        "agreement");
    assert_string_equal(step_refused(f, RULED("3", "confirmed")).field, "agreement");
    assert_int_equal(mediator(f, RULED("2", "confirmed")), OK);
    const struct beside *b = beside_now(f);
    assert_true(str_is(b->dispute.confirm, "confirmed"));
    assert_true(str_is(((const struct agreement *)b->earlier.p)->confirm, "applied"));
    assert_int_equal(mediator(f, "{\"action\":\"court_decided\",\"result\":\"dismissed\"}"), OK);
    assert_true(str_is(((const struct agreement *)beside_now(f)->earlier.p)->confirm, "dismissed"));
}

/* Where land is quarrelled over, the court is asked of what decides no title. */
static void no_title_is_confirmed(void **state)
{
    struct fixture *f = *state;
#define ASK(more) "{\"action\":\"apply_confirm\",\"party\":1,\"how\":\"written\"" more "}"
    begin_of(f, "land");
    all_agree(f);
    agreed(f);
    assert_string_equal(step_refused(f, ASK("")).field, "ownership");
    assert_int_equal(mediator(f, ASK(",\"ownership\":\"no\"")), OK);
    begin_of(f, "wages");
    all_agree(f);
    agreed(f);
    assert_int_equal(mediator(f, ASK("")), OK);
}

static enum err answers_of(struct fixture *f, int64_t no, const char *json)
{
    struct matter now;
    struct cx system = town_system(&f->t), cx = town_reporter(&f->t, f->m.area, f->m.id, no);
    cx.actor.code.matter = f->m.id;
    cx.actor.code.no = no;
    enum err e = say(cx, "/api/receipt/ask_court", json, NULL);
    assert_int_equal(matter_by_number(&system, f->number, &now), OK);
    f->m = now;
    return e;
}

/* Whoever says that it decides title stops the way to court, until they correct it themselves or
 * something else is agreed. */
static void a_yes_on_title_is_kept(void **state)
{
    struct fixture *f = *state;
    struct buf out;
    char path[80];
    begin_of(f, "land");
    all_agree(f);
    agreed(f);
    assert_int_equal(answers_of(f, 2, "{\"ownership\":\"yes\"}"), OK);
    const struct party *p = party_numbered(beside_now(f), 2);
    assert_int_equal(p->title_ms, f->t.now_ms);
    assert_int_equal(p->court_ms, I64_NONE);
    (void)snprintf(path, sizeof(path), "/api/disputes/%.*s", STR_FMT(f->number));
    assert_int_equal(say(town_staff(&f->t, MEDIATOR), path, NULL, &out), OK);
    assert_true(str_find(buf_str(&out), STR("\"title_ms\"")) > 0);
    assert_int_equal(mediator(f, APPLY_1), E_STEP);
    assert_int_equal(mediator(f, APPLY_2), E_STEP);
    assert_int_equal(answers_of(f, 1, "{\"ownership\":\"no\"}"), E_STEP);
    assert_int_equal(answers_of(f, 2, "{\"ownership\":\"no\"}"), OK);
    assert_int_equal(answers_of(f, 1, "{\"ownership\":\"no\"}"), OK);
    assert_true(str_is(beside_now(f)->dispute.confirm, "applied"));
}

/* What the mediator noted for a party on paper it corrects for that party, and for no other. */
static void a_yes_on_paper_is_corrected_on_paper(void **state)
{
    struct fixture *f = *state;
    begin_of(f, "land");
    all_agree(f);
    agreed(f);
    assert_int_equal(mediator(f, ASK(",\"ownership\":\"yes\"")), OK);
    assert_int_equal(answers_of(f, 2, "{\"ownership\":\"no\"}"), E_STEP);
    assert_non_null(strstr(step_refused(f, APPLY_2).zh, "申请人1答"));
    assert_int_equal(mediator(f, APPLY_1), OK);
    assert_int_equal(mediator(f, APPLY_2), OK);
    assert_true(str_is(beside_now(f)->dispute.confirm, "applied"));
}

/* A home that is sold may change hands; money that is lent under a pledge too. */
static void title_is_asked_of_homes_that_count_as_contracts(void **state)
{
    struct dispute d = { .type = STR("contract"), .kind = STR("0602") };
    (void)state;
    assert_true(asks_ownership(&d));
    d.kind = STR("0604");
    assert_false(asks_ownership(&d));
}

/* Handed up, the committee that has it then answers whoever handed it over; the row is seen by both
 * committees and says who answers. */
static void the_result_comes_back_from_where_it_went(void **state)
{
    struct fixture *f = *state;
    struct buf out;
    char json[600];
    (void)snprintf(json, sizeof(json), REGISTER, "police", ",\"reason\":\"双方愿意\",\"document\":"
        "\"桥公调1号\"");
    assert_int_equal(say(town_staff(&f->t, OFFICER), "/api/disputes", json, &out), OK);
    f->number = arena_str(&f->t.a, town_member(&f->t, &out, "number"));
    struct cx system = town_system(&f->t);
    assert_int_equal(matter_by_number(&system, f->number, &f->m), OK);
    static const char *const first[] = { CONSENT_1, CONSENT_2, ACCEPT,
        "{\"action\":\"escalate\",\"note\":\"疑难\"}", CONSENT_1, CONSENT_2, ACCEPT };
    for (size_t i = 0; i < COUNT_OF(first); i++)
        assert_int_equal(mediator(f, first[i]), OK);
    assert_int_equal(f->m.owner_unit, UNIT_MEDIATION_TOWN);
    const struct transfer *r = beside_now(f)->transfers.p;
    assert_int_equal(r->to_unit, UNIT_MEDIATION);
    assert_int_equal(r->at_unit, UNIT_MEDIATION_TOWN);
    static const enum town_person both[] = { MEDIATOR, MEDIATOR_TOWN, OFFICER };
    for (size_t i = 0; i < COUNT_OF(both); i++) {
        assert_int_equal(say(town_staff(&f->t, both[i]), "/api/transfers", NULL, &out), OK);
        assert_true(str_find(buf_str(&out), f->number) > 0);
    }
    (void)snprintf(json, sizeof(json), "{\"action\":\"feed_back\",\"transfer\":\"%lld\",\"reply\":"
        "\"已经调解成功\"}", (long long)r->id);
    assert_int_equal(mediator(f, json), OK);
    assert_true(str_find(handed(f, OFFICER), STR("已经调解成功")) > 0);
    char path[80];
    (void)snprintf(path, sizeof(path), "/api/matters/%.*s/step", STR_FMT(f->number));
    assert_string_equal(refused(f, MEDIATOR_TOWN, path, json).field, "reply");  /* nothing new */
    (void)snprintf(json, sizeof(json), "{\"action\":\"feed_back\",\"transfer\":\"%lld\",\"reply\":"
        "\"没有付清，已告知起诉\"}", (long long)r->id);
    assert_int_equal(mediator(f, json), OK);
    assert_true(str_find(handed(f, OFFICER), STR("没有付清，已告知起诉")) > 0);
    (void)snprintf(json, sizeof(json), "/api/matters/%.*s", STR_FMT(f->number));
    assert_int_equal(say(town_staff(&f->t, MEDIATOR_TOWN), json, NULL, &out), OK);
    assert_true(str_find(buf_str(&out), STR("已经调解成功")) > 0);
    assert_true(str_find(buf_str(&out), STR("没有付清，已告知起诉")) > 0);
    assert_int_equal(((const struct transfer *)beside_now(f)->transfers.p)->said_unit,
        UNIT_MEDIATION_TOWN);
}

static enum err answer_as(struct fixture *f, enum town_person who, const char *answer,
    const char *text)
{
    char path[120], json[200];
    const struct transfer *r = beside_now(f)->transfers.p;
    (void)snprintf(path, sizeof(path), "/api/disputes/%.*s/transfers/%lld", STR_FMT(f->number),
        (long long)r->id);
    (void)snprintf(json, sizeof(json), "{\"answer\":\"%s\",\"text\":\"%s\"}", answer, text);
    return say(town_staff(&f->t, who), path, json, NULL);
}

/* What an office outside says is noted down by the committee that has the dispute, now and later. */
static void an_office_outside_answers_the_committee_in_charge(void **state)
{
    struct fixture *f = *state;
    struct buf out;
    begin_of(f, "neighbour");
    all_agree(f);
    assert_int_equal(mediator(f, "{\"action\":\"refer\",\"office\":\"姑苏区人民法院\",\"note\":"
        "\"请立案前调解\"" BOTH_AGREE "}"), OK);
    assert_int_equal(mediator(f, "{\"action\":\"escalate\",\"note\":\"疑难\"}"), OK);
    assert_int_equal(answer_as(f, MEDIATOR, "accepted", ""), E_MISSING);
    assert_int_equal(say(town_staff(&f->t, MEDIATOR_TOWN), "/api/transfers", NULL, &out), OK);
    assert_true(str_find(buf_str(&out), f->number) > 0);
    static const char *const accept[] = { CONSENT_1, CONSENT_2, ACCEPT };
    for (size_t i = 0; i < COUNT_OF(accept); i++)
        assert_int_equal(mediator(f, accept[i]), OK);
    const struct transfer *r = beside_now(f)->transfers.p;
    assert_true(str_is(r->state, "sent"));      /* the court's answer, not the committee's */
    assert_int_equal(answer_as(f, MEDIATOR_TOWN, "accepted", "已收到"), OK);
    assert_int_equal(answer_as(f, MEDIATOR_TOWN, "result", "法院正在调解"), OK);
    assert_int_equal(answer_as(f, MEDIATOR_TOWN, "result", "法院正在调解"), E_INPUT);
    assert_int_equal(answer_as(f, MEDIATOR_TOWN, "result", "法院调解成功"), OK);
    r = beside_now(f)->transfers.p;
    assert_true(str_is(r->result, "法院调解成功") && r->said_unit == 0);
    /* In the course that a party reads each says what it was. */
    struct cx party = town_reporter(&f->t, f->m.area, f->m.id, 1);
    party.actor.code.matter = f->m.id;
    party.actor.code.no = 1;
    assert_int_equal(say(party, "/api/receipt", NULL, &out), OK);
    assert_true(str_find(buf_str(&out), STR("移送已被接受")) > 0);
    assert_true(str_find(buf_str(&out), STR("移送的结果已反馈")) > 0);
    assert_true(str_find(buf_str(&out), STR("移送记录")) < 0);
}

/* The result is known when the case is over. */
static void the_result_may_come_after_the_end(void **state)
{
    struct fixture *f = *state;
    char json[600];
    struct buf out;
    (void)snprintf(json, sizeof(json), REGISTER, "hotline", ",\"reason\":\"市民来电\"");
    assert_int_equal(say(town_staff(&f->t, MEDIATOR), "/api/disputes", json, &out), OK);
    f->number = arena_str(&f->t.a, town_member(&f->t, &out, "number"));
    struct cx system = town_system(&f->t);
    assert_int_equal(matter_by_number(&system, f->number, &f->m), OK);
    static const char *const steps[] = { CONSENT_1, CONSENT_2, ACCEPT, "{\"action\":\"end\",\"reason\":"
        "\"no_agreement\",\"reply\":\"调解不成，可以起诉\"}" };
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        assert_int_equal(mediator(f, steps[i]), OK);
    const struct transfer *r = beside_now(f)->transfers.p;
    (void)snprintf(json, sizeof(json), "{\"action\":\"feed_back\",\"transfer\":\"%lld\",\"reply\":"
        "\"没有谈成\"}", (long long)r->id);
    assert_int_equal(mediator(f, json), E_INPUT);       /* five characters at least */
    (void)snprintf(json, sizeof(json), "{\"action\":\"feed_back\",\"transfer\":\"%lld\",\"reply\":"
        "\"没有谈成，已告知起诉\"}", (long long)r->id);
    assert_int_equal(mediator(f, json), OK);
}

static struct str revealed(struct fixture *f, int no)
{
    struct buf out;
    char path[80], json[80];
    (void)snprintf(path, sizeof(path), "/api/matters/%.*s/reveal", STR_FMT(f->number));
    (void)snprintf(json, sizeof(json), "{\"reporter\":%d,\"purpose\":\"核对\"}", no);
    assert_int_equal(say(town_staff(&f->t, MEDIATOR), path, json, &out), OK);
    return buf_str(&out);
}

/* Whoever was noted by mistake is put right: who agreed as somebody else is asked anew. */
static void a_party_is_put_right(void **state)
{
    struct fixture *f = *state;
#define CORRECT(more) "{\"action\":\"correct_party\",\"party\":2" more "}"
    begin(f);
    all_agree(f);
    assert_string_equal(step_refused(f, CORRECT("")).field, "name");
    assert_string_equal(step_refused(f, CORRECT(",\"phone\":\"12\"")).field, "phone");
    assert_int_equal(mediator(f, CORRECT(",\"phone\":\"13800001111\"")), OK);
    assert_true(all_consent(beside_now(f)));
    assert_int_equal(mediator(f, CORRECT(",\"name\":\"李乙乙\",\"reason\":\"person\",\"note\":\"登错了\"")), OK);
    const struct party *p = party_numbered(beside_now(f), 2);
    assert_true(str_is(p->consent, "asked"));
    assert_int_equal(p->told_ms, I64_NONE);
    assert_int_equal(mediator(f, HOLD), E_STEP);
    assert_true(str_find(revealed(f, 2), STR("李乙乙")) > 0);
    assert_true(str_find(revealed(f, 2), STR("13800001111")) > 0);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM entry WHERE data LIKE '%\"changed\":\"name\"%'"),
        1);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM entry WHERE data LIKE '%李乙乙%'"), 0);
    /* Saved without its mark, a company becomes one. */
    assert_int_equal(mediator(f, CORRECT(",\"kind\":\"organisation\"")), OK);
    assert_int_equal(mediator(f, "{\"action\":\"describe_party\",\"party\":2,\"seat\":\"平江路一号\"}"), OK);
    static const char *const on[] = { CONSENT_2, TELL_2, HOLD };
    for (size_t i = 0; i < COUNT_OF(on); i++)
        assert_int_equal(mediator(f, on[i]), OK);
    assert_int_equal(mediator(f, AGREE_WRITTEN), OK);
    assert_int_equal(mediator(f, SIGN_1), OK);
    assert_string_equal(step_refused(f, CORRECT(",\"name\":\"李乙\"")).field, "name");
    assert_string_equal(step_refused(f, CORRECT(",\"kind\":\"person\"")).field, "kind");
    assert_int_equal(mediator(f, CORRECT(",\"phone\":\"051212345678\"")), OK);
}

/* Noted by mistake, it goes before it has said a word; its number and code are given to nobody else. */
static void a_party_noted_by_mistake_goes(void **state)
{
    struct fixture *f = *state;
#define DROP(no) "{\"action\":\"drop_party\",\"party\":" no ",\"note\":\"登重了\"}"
#define THIRD(more) "{\"action\":\"add_parties\",\"parties\":[{\"side\":\"respondent\",\"name\":" more "}]}"
    begin(f);
    assert_int_equal(mediator(f, THIRD("\"小丙\",\"minor\":true")), OK);
    assert_int_equal(mediator(f, THIRD("\"丙父\",\"role\":\"guardian\",\"stands_for\":3")), OK);
    assert_string_equal(step_refused(f, DROP("3")).field, "party");
    assert_int_equal(mediator(f, DROP("4")), OK);
    assert_int_equal(mediator(f, DROP("3")), OK);
    assert_int_equal(beside_now(f)->parties.n, 2);
    assert_int_equal(f->m.reporters, 2);
    assert_int_equal(f->m.unanswered, 2);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM reporter"), 2);
    assert_int_equal(town_count(&f->t, "SELECT COUNT(*) FROM person"), 2);
    assert_int_equal(mediator(f, THIRD("\"丁\"")), OK);
    assert_non_null(party_numbered(beside_now(f), 5));
    assert_true(str_find(revealed(f, 5), STR("丁")) > 0);
    assert_int_equal(mediator(f, CONSENT_2), OK);
    assert_string_equal(step_refused(f, DROP("2")).field, "party");
    static const char *const on[] = { CONSENT_1, "{\"action\":\"consent\",\"party\":5,\"how\":\"phone\"}",
        ACCEPT };
    for (size_t i = 0; i < COUNT_OF(on); i++)
        assert_int_equal(mediator(f, on[i]), OK);
    assert_int_equal(mediator(f, DROP("5")), E_STEP);
}

/* Codes as they are pasted; what is wrong, with whom. */
static void organisations_are_noted_as_they_come(void **state)
{
    struct fixture *f = *state;
#define FIRM_AS(code, more) THIRD("\"明远公司\",\"kind\":\"organisation\",\"credit_code\":\"" code "\"" more)
    begin(f);
    assert_int_equal(mediator(f, FIRM_AS("9135 0100 m000 100y 43", "")), OK);
    assert_true(str_find(revealed(f, 3), STR("91350100M000100Y43")) > 0);
    assert_non_null(strstr(step_refused(f, FIRM_AS("91350100M000100Y44", "")).zh, "第1位（被申请人）"));
    struct err_info why = step_refused(f, THIRD("\"戊\",\"phone\":\"12\""));
    assert_non_null(strstr(why.zh, "第1位（被申请人）：电话号码不对"));
    /* Without a code, and the rest later, as far as it is known. */
    assert_int_equal(mediator(f, "{\"action\":\"describe_party\",\"party\":3}"), E_INPUT);
    assert_int_equal(mediator(f, "{\"action\":\"describe_party\",\"party\":3,\"head\":\"周明\"}"), OK);
    assert_int_equal(party_numbered(beside_now(f), 3)->described, 0);
    assert_int_equal(mediator(f, "{\"action\":\"describe_party\",\"party\":3,\"seat\":\"平江路一号\"}"), OK);
    assert_int_equal(party_numbered(beside_now(f), 3)->described, 1);
    assert_true(str_find(revealed(f, 3), STR("周明")) > 0);
    assert_true(str_find(revealed(f, 3), STR("91350100M000100Y43")) > 0);
}

/* A plan whose time has passed is called off like one that is to come, and the parties read both. */
static void every_session_called_off_is_told(void **state)
{
    struct fixture *f = *state;
    char json[200];
    begin(f);
    all_agree(f);
    for (int i = 1; i <= 2; i++) {
        (void)snprintf(json, sizeof(json), "{\"action\":\"plan_sitting\",\"at_ms\":%lld,\"place\":"
            "\"一号调解室\"}", (long long)f->t.now_ms + i * (int64_t)CLOCK_DAY_MS);
        assert_int_equal(mediator(f, json), OK);
    }
    f->t.now_ms += CLOCK_DAY_MS * 3 / 2;
    assert_int_equal(mediator(f, AGREE_WRITTEN), OK);
    struct cx reader = town_reporter(&f->t, f->m.area, f->m.id, 1);
    reader.actor.code.matter = f->m.id;
    reader.actor.code.no = 1;
    for (int en = 0; en < 2; en++) {
        struct buf out;
        reader.lang = en ? LANG_EN : LANG_ZH;
        assert_int_equal(say(reader, "/api/receipt", NULL, &out), OK);
        assert_true(str_find(buf_str(&out), en ? STR("did not take place as planned")
            : STR("没有按这次安排进行")) > 0);
        assert_true(str_find(buf_str(&out), en ? STR("Cancel a session: 2026-03-")
            : STR("取消安排：2026-03-")) > 0);
        assert_int_equal(str_find(buf_str(&out), STR("已")) < 0, en);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(authorities_say_why_and_by_which_letter),
        T(consent_to_a_hand_over_is_kept),
        T(nothing_is_told_before_all_agree),
        T(guardians_agree_for_a_child),
        T(an_organisation_is_more_than_a_name),
        T(a_ruling_names_its_agreement),
        T(no_title_is_confirmed),
        T(a_yes_on_title_is_kept),
        T(a_yes_on_paper_is_corrected_on_paper),
        T(title_is_asked_of_homes_that_count_as_contracts),
        T(the_result_comes_back_from_where_it_went),
        T(an_office_outside_answers_the_committee_in_charge),
        T(the_result_may_come_after_the_end),
        T(a_party_is_put_right),
        T(a_party_noted_by_mistake_goes),
        T(organisations_are_noted_as_they_come),
        T(every_session_called_off_is_told),
        T(whoever_handed_it_up_finds_it),
        T(each_committee_accepts_for_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
