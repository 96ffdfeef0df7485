/* town_dispute.h: a dispute in the invented city, and the steps that people try in it. */
#pragma once
#include "mediation/course.h"
#include "town.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

struct fixture { struct town t; struct str number; struct matter m; };

static inline enum err say(struct cx cx, const char *path, const char *json,
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
static inline void begin_of(struct fixture *f, const char *type)
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

static inline void begin(struct fixture *f)
{
    begin_of(f, "neighbour");
}

static inline enum err step_by(struct fixture *f, struct cx cx, const char *json)
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
static inline enum town_person mediator_now(const struct fixture *f)
{
    return f->m.owner_unit == UNIT_MEDIATION_TOWN ? MEDIATOR_TOWN
        : f->m.owner_unit == UNIT_MEDIATION_COUNTY ? MEDIATOR_COUNTY : MEDIATOR;
}

static inline enum err mediator(struct fixture *f, const char *json)
{
    return step_by(f, town_staff(&f->t, mediator_now(f)), json);
}

/* A party by its code. */
static inline enum err party_does(struct fixture *f, int64_t no, const char *action)
{
    struct matter now;
    struct cx system = town_system(&f->t);
    char path[40];
    (void)snprintf(path, sizeof(path), "/api/receipt/%s", action);
    struct cx cx = town_reporter(&f->t, f->m.area, f->m.id, no);
    cx.actor.code.matter = f->m.id;
    cx.actor.code.no = no;
    enum err e = say(cx, path, strcmp(action, "ask_court") == 0 ? "{\"ownership\":\"no\"}" : "{}",
        NULL);
    assert_int_equal(matter_by_number(&system, f->number, &now), OK);
    f->m = now;
    return e;
}

static inline int setup(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    town_open(&f->t, 7, NULL);
    *state = f;
    return 0;
}

static inline int teardown(void **state)
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
/* Due after a week, so that it may be broken. */
#define AGREE_SOON "{\"action\":\"agree_oral\",\"text\":\"搬走杂物\",\"promises\":[{\"party\":2," \
    "\"what\":\"搬走杂物\",\"due_ms\":1773014400000}]}"
#define SIGN_1 "{\"action\":\"sign\",\"party\":1,\"how\":\"signature\"}"
#define SIGN_2 "{\"action\":\"sign\",\"party\":2,\"how\":\"fingerprint\"}"
#define SIGN_MEDIATOR "{\"action\":\"sign_mediator\"}"
#define SEAL "{\"action\":\"seal\"}"
#define APPLY_1 "{\"action\":\"apply_confirm\",\"party\":1,\"how\":\"written\"," \
    "\"ownership\":\"no\"}"
#define APPLY_2 "{\"action\":\"apply_confirm\",\"party\":2,\"how\":\"written\"," \
    "\"ownership\":\"no\"}"
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
    { 1, "{\"action\":\"cohandle\",\"units\":[{\"unit\":\"9\",\"task\":\"派人到场\"}],"
        "\"consents\":[{\"party\":1,\"how\":\"phone\"},{\"party\":2,\"how\":\"phone\"}]}" },
    { 1, "{\"action\":\"choose_door\",\"how\":\"open\"}" },
    { 6, HOLD }, { 2, CAUCUS },
    { 1, "{\"action\":\"facts\",\"text\":\"双方承认三月一日漏水\"}" },
    { 1, "{\"action\":\"sign_facts\",\"party\":1,\"how\":\"signature\"}" },
    { 1, "{\"action\":\"classify\",\"result\":\"hard\"}" },
    { 4, AGREE_WRITTEN }, { 2, AGREE_SOON }, { 2, "{\"action\":\"agree_oral\",\"text\":\"握手言和\"}" },
    { 1, "{\"action\":\"ask_written\",\"party\":1}" },
    { 6, SIGN_1 }, { 6, SIGN_2 }, { 6, SIGN_MEDIATOR }, { 6, SEAL },
    { 1, "{\"action\":\"not_signed\",\"note\":\"反悔\"}" },
    { 2, "{\"action\":\"kept\",\"promise\":1}" }, { 2, "{\"action\":\"kept\",\"promise\":101}" },
    { 1, "{\"action\":\"unkept\",\"promise\":1,\"note\":\"记错了\"}" },
    { 2, "{\"action\":\"broken\",\"promise\":1,\"note\":\"没有付\"}" },
    { 2, "{\"action\":\"mediate_again\",\"note\":\"再谈\"}" },
    { 4, APPLY_1 }, { 4, APPLY_2 }, { 1, "ask_court 1" }, { 3, "{\"action\":\"court_decided\",\"result\":\"confirmed\"}" },
    { 2, "{\"action\":\"court_decided\",\"result\":\"dismissed\"}" },
    { 1, "{\"action\":\"correct_ruling\",\"result\":\"confirmed\",\"note\":\"看错了\"}" },
    { 2, "{\"action\":\"correct_party\",\"party\":2,\"name\":\"李丙\",\"reason\":\"person\"}" },
    { 2, "{\"action\":\"correct_party\",\"party\":2,\"name\":\"李乙\",\"reason\":\"spelling\"}" },
    { 1, "{\"action\":\"correct_party\",\"party\":1,\"kind\":\"organisation\"}" },
    { 2, "{\"action\":\"call_back\",\"reply\":\"双方满意，已履行\"}" },
    { 1, "{\"action\":\"pause\",\"days\":5,\"note\":\"鉴定\"}" }, { 3, "{\"action\":\"resume\"}" },
    { 1, "{\"action\":\"lengthen\",\"days\":10,\"note\":\"都同意\"}" },
    { 1, "{\"action\":\"escalate\",\"note\":\"疑难\"}" },
    { 1, "{\"action\":\"refer\",\"office\":\"区法院\",\"note\":\"立案前移送\",\"consents\":["
        "{\"party\":1,\"how\":\"phone\"},{\"party\":2,\"how\":\"phone\"}]}" },
    { 1, REFUSED }, { 1, "agree 1" }, { 1, "agree 2" }, { 1, "withdraw 2" }, { 1, "ask_stop 2" },
    { 1, "{\"action\":\"to_court\",\"reply\":\"对方没有履行，可以起诉\"}" },
    { 1, "{\"action\":\"end\",\"reason\":\"no_agreement\",\"reply\":\"调解不成，可以起诉或仲裁\"}" },
};

static inline bool is_step(const char *json, const char *action)
{
    const char *at = strstr(json, "\"action\":\"");
    size_t n = strlen(action);
    return at ? strncmp(at + 10, action, n) == 0 && at[10 + n] == '"' : strncmp(json, action, n) == 0;
}

static inline struct beside *beside_now(struct fixture *f)
{
    struct beside *b;
    struct cx cx = town_system(&f->t);
    assert_int_equal(beside_read(&cx, &f->m, &b), OK);
    return b;
}

/* The step alone, without what a page shows afterwards. */
static inline enum err take(struct fixture *f, struct cx cx, const char *json)
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

static inline enum err try_it(struct fixture *f, const char *json)
{
    char text[400];
    const char *at = strchr(json, '@'), *party = strchr(json, ' ');
    if (json[0] != '{') {
        (void)snprintf(text, sizeof(text), "{\"action\":\"%.*s\"%s}", (int)(party - json), json,
            is_step(json, "ask_court ") ? ",\"ownership\":\"no\"" : "");
        return take(f, town_reporter(&f->t, f->m.area, f->m.id, party[1] - '0'), text);
    }
    if (at)
        (void)snprintf(text, sizeof(text), "%.*s%lld%s", (int)(at - json), json,
            (long long)town_account(mediator_now(f)), at + 1);
    return take(f, town_staff(&f->t, mediator_now(f)), at ? text : json);
}

/* Nothing is left to do once somebody has left: every step is refused. */
static inline void all_is_over(struct fixture *f)
{
    for (size_t i = 0; i < COUNT_OF(everything); i++)
        assert_int_not_equal(try_it(f, everything[i].json), OK);
}

static inline void all_agree(struct fixture *f)
{
    static const char *const steps[] = { CONSENT_1, CONSENT_2, TELL_1, TELL_2, ACCEPT,
        "{\"action\":\"name_mediator\",\"mediator\":\"103\",\"how\":\"parties\"}", HOLD };
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        assert_int_equal(mediator(f, steps[i]), OK);
}
