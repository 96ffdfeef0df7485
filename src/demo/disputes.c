/* disputes.c: disputes of the demo city. All people in them are invented. */
#include "demo/disputes.h"
#include "demo/seed.h"
#include "mediation/register.h"

SQL_READS(MEDIATOR_OF, "demo.mediator_of",
    "SELECT account FROM membership WHERE unit = $1 AND role = 'mediator' ORDER BY account LIMIT 1");
SQL_WRITES(SERVED, "demo.served",
    "INSERT INTO studio_quarter (studio, quarter, households, made_ms, made_by)"
    " VALUES ($1, $2, $3, $4, 0)");
const struct sql *const demo_disputes_statements[] = { &MEDIATOR_OF, &SERVED };
const size_t demo_disputes_statements_n = COUNT_OF(demo_disputes_statements);

/* So many hours ago, the committee that has it (party 0) or a party by its code did this. In the
 * text @ is the mediator's account and #N; the time N days from now. */
struct did { int hours_ago, party; const char *json; };
struct story { int64_t unit; const char *registered; int hours_ago; struct did did[20]; };

#define BY_WINDOW "\"source\":\"apply\",\"grid\":\"320508018023001\","
#define TWO(a, b) "\"parties\":[{\"side\":\"applicant\",\"name\":\"" a "\",\"phone\":\"19900001001\"}," \
    "{\"side\":\"respondent\",\"name\":\"" b "\",\"phone\":\"19900001002\"}]"
#define BOTH_CONSENT(h) \
    { h, 0, "{\"action\":\"consent\",\"party\":1,\"how\":\"in_person\"}" }, \
    { h, 0, "{\"action\":\"consent\",\"party\":2,\"how\":\"phone\"}" }, \
    { h, 0, "{\"action\":\"tell_rights\",\"party\":1,\"how\":\"in_person\"}" }, \
    { h, 0, "{\"action\":\"tell_rights\",\"party\":2,\"how\":\"in_person\"}" }, \
    { h, 0, "{\"action\":\"accept\"}" }, \
    { h, 0, "{\"action\":\"name_mediator\",\"mediator\":\"@\",\"how\":\"parties\"}" }
#define TOWN INT64_C(32050801800080)
#define COMMUNITY INT64_C(32050801802380)

static const struct story stories[] = {
    { COMMUNITY, "{\"kind\":\"0201\"," BY_WINDOW "\"text\":\"两家共用一口水表，邻居家漏水，水费谁付说不拢\","
        TWO("顾阿大", "沈小妹") "}", 200, { BOTH_CONSENT(199),
        { 198, 0, "{\"action\":\"agree_oral\",\"text\":\"各付一半，本月换成两只水表\"}" },
        { 100, 0, "{\"action\":\"call_back\",\"reply\":\"水表已换好，两家都满意\"}" } } },
    { TOWN, "{\"kind\":\"0703\",\"source\":\"police\",\"office\":\"平江派出所\",\"document\":\"平公调移3号\","
        "\"reason\":\"报警后双方愿意调解\",\"grid\":\"320508018023001\",\"text\":\"装修工人被拖欠三个月工资，"
        "共九千元\"," TWO("周阿根", "明远装饰有限公司") "}", 700, { BOTH_CONSENT(690),
        { 660, 0, "{\"action\":\"sitting\",\"text\":\"双方到场，对欠款数额没有争议，商定分三期支付\","
            "\"result\":\"agreed\"}" },
        { 659, 0, "{\"action\":\"agree_written\",\"text\":\"欠付工资九千元，分三期转账付清\",\"promises\":["
            "{\"party\":2,\"what\":\"支付第一期工资\",\"amount\":3000,\"due_ms\":#-10;,\"way\":\"转入工资卡\"},"
            "{\"party\":2,\"what\":\"支付第二期工资\",\"amount\":3000,\"due_ms\":#2;,\"way\":\"转入工资卡\"},"
            "{\"party\":2,\"what\":\"支付第三期工资\",\"amount\":3000,\"due_ms\":#30;,\"way\":\"转入工资卡\"}]}" },
        { 650, 0, "{\"action\":\"sign\",\"party\":1,\"how\":\"fingerprint\"}" },
        { 650, 0, "{\"action\":\"sign\",\"party\":2,\"how\":\"seal\"}" },
        { 649, 0, "{\"action\":\"sign_mediator\"}" }, { 648, 0, "{\"action\":\"seal\"}" },
        { 240, 0, "{\"action\":\"kept\",\"promise\":1,\"note\":\"转账截图已核对\"}" } } },
    { COMMUNITY, "{\"kind\":\"0901\"," BY_WINDOW "\"text\":\"两户承包地的边界说不清，都说田埂是自家的\","
        TWO("陆金根", "钱水生") "}", 300, { BOTH_CONSENT(280),
        { 250, 0, "{\"action\":\"sitting\",\"text\":\"看了现场，各执一词\",\"result\":\"continue\"}" },
        { 200, 0, "{\"action\":\"escalate\",\"note\":\"涉及历史确权材料，提交街道调委会\"}" },
        BOTH_CONSENT(150),
        { 20, 0, "{\"action\":\"plan_sitting\",\"at_ms\":#1;,\"minutes\":90,\"place\":\"街道调解室\"}" } } },
    { TOWN, "{\"type\":\"family\"," BY_WINDOW "\"text\":\"兄妹三人对照顾母亲和分担费用有不同意见\","
        TWO("吴明", "吴静") "}", 30, { { 29, 1, "agree" } } },
    { TOWN, "{\"kind\":\"0601\"," BY_WINDOW "\"text\":\"健身卡退费，商家不同意退\","
        TWO("尤佳怡", "动起来健身馆") "}", 90, { { 80, 0, "{\"action\":\"consent_refused\",\"party\":2,"
        "\"how\":\"phone\",\"reply\":\"商家不同意调解，您可以向市场监管部门投诉或者起诉\"}" } } },
};

/* What the studio settled in the quarter before: enough to be shown to everybody, all of it called
 * on and filed, so that the list to pay by has something in it. */
static const struct story studio_stories[] = {
    { TOWN, "{\"kind\":\"0201\"," BY_WINDOW "\"text\":\"楼上空调滴水到楼下雨棚，夜里吵得睡不着\","
        TWO("严阿三", "唐小芬") "}", 9, { BOTH_CONSENT(8),
        { 8, 0, "{\"action\":\"to_studio\",\"studio\":\"3205080180008001\"}" },
        { 7, 0, "{\"action\":\"classify\",\"result\":\"simple\"}" },
        { 7, 0, "{\"action\":\"agree_oral\",\"text\":\"当天接好水管\"}" },
        { 3, 0, "{\"action\":\"call_back\",\"reply\":\"水管已接好，两家都满意\"}" } } },
    { TOWN, "{\"kind\":\"0203\",\"source\":\"initiative\",\"grid\":\"320508018025001\","
        "\"text\":\"早点铺油烟飘进二楼住户\"," TWO("蒋阿婆", "大柳早点铺") "}", 9, { BOTH_CONSENT(8),
        { 8, 0, "{\"action\":\"to_studio\",\"studio\":\"3205080180008001\"}" },
        { 7, 0, "{\"action\":\"agree_oral\",\"text\":\"烟管接到屋顶\"}" },
        { 3, 0, "{\"action\":\"call_back\",\"reply\":\"烟管已改好，没有油烟了\"}" } } },
};

/* base_ms: hours ago count from then. */
struct telling { const struct demo_matters *d; int64_t base_ms; struct cx cx; struct matter m; };

static struct str text_of(const struct telling *t, const char *json)
{
    struct buf b = buf_in(t->cx.a, 1 << 14);
    for (const char *at = json; *at; at++) {
        int64_t days = 0;
        struct str rest = str_c(at + 1), number = str_cut(rest, ';', &rest);
        if (*at == '@')
            buf_i64(&b, t->cx.actor.account);
        else if (*at == '#' && str_to_i64(number, &days)) {
            buf_i64(&b, t->d->now_ms + days * (int64_t)CLOCK_DAY_MS);
            at += number.n + 1;
        } else
            buf_byte(&b, *at);
    }
    return buf_str(&b);
}

static enum err as_mediator(struct telling *t, int64_t unit)
{
    int64_t account;
    TRY(db_number(t->d->db, &MEDIATOR_OF, ARGS(I(unit)), &account));
    t->cx.actor = (struct actor){ .kind = ACTOR_STAFF, .account = account, .roles = ROLE_MEDIATOR,
        .memberships = { { unit, ROLE_MEDIATOR } }, .n_memberships = 1 };
    return OK;
}

static enum err registered(struct telling *t, const struct story *s)
{
    struct cx *cx = &t->cx;
    struct dispute_in in;
    struct buf out = buf_in(cx->a, 1 << 14);
    cx->now_ms = t->base_ms - s->hours_ago * INT64_C(3600000);
    TRY(as_mediator(t, s->unit));
    TRY(record_from_json(cx->a, &dispute_in_record, str_c(s->registered), &in, &cx->info));
    TRY(dispute_prepare(cx, &in));
    TRY(dispute_register(cx, &in, &out));
    const struct intake *made = cx->prepared;
    return matter_by_id(cx, made->place.area, made->id, &t->m);
}

static enum err did(struct telling *t, const struct did *what)
{
    struct cx *cx = &t->cx;
    struct step_args args = step_args_for(what->json);
    cx->now_ms = t->base_ms - what->hours_ago * INT64_C(3600000);
    if (what->party)
        cx->actor = (struct actor){ .kind = ACTOR_REPORTER, .roles = ROLE_REPORTER,
            .area = t->m.area, .matter = t->m.id, .no = what->party };
    else {
        TRY(as_mediator(t, t->m.owner_unit));
        TRY(record_from_json(cx->a, &step_args_record, text_of(t, what->json), &args, &cx->info));
    }
    return matter_step(cx, &t->m, &args, &t->m);
}

static enum err told(struct telling *t, const struct story *s)
{
    TRY(registered(t, s));
    for (size_t k = 0; k < COUNT_OF(s->did) && s->did[k].json; k++)
        TRY(did(t, &s->did[k]));
    return OK;
}

/* As the committee does when a dossier is complete. */
static enum err filed(struct telling *t)
{
    struct entry_make e = { .action = "archived", .unit = t->m.owner_unit,
        .from = state_by_word(t->m.state) };
    int64_t seq = t->m.seq;
    TRY(as_mediator(t, t->m.owner_unit));
    entry_fact_text(&e, "retention", STR("short"));
    TRY(matter_append(&t->cx, &t->m, &e));
    return matter_update(&t->cx, &t->m, seq);
}

static enum err studio_works(struct telling *t)
{
    enum { CASES = 12, HOUSEHOLDS = 340 };
    const int64_t quarter = quarter_at(t->d->now_ms);
    for (int i = 0; i < CASES; i++) {
        t->base_ms = quarter_start(quarter) - (2 + i * 4) * (int64_t)CLOCK_DAY_MS;
        TRY(told(t, &studio_stories[(size_t)i % COUNT_OF(studio_stories)]));
        TRY(filed(t));
    }
    return db_exec(t->d->db, &SERVED, ARGS(I(DEMO_STUDIO), I(quarter - 1), I(HOUSEHOLDS),
        I(t->d->now_ms)), NULL);
}

enum err demo_disputes(const struct demo_matters *d, struct ids *ids)
{
    enum { IDS = 800 };
    struct rand rand = rand_seeded(d->seed ^ 0x6d6564);
    struct arena arena;
    arena_init(&arena, 32 << 20);
    struct telling t = { .d = d, .base_ms = d->now_ms, .cx = { .db = d->db,
        .a = &arena, .cat = d->cat, .keys = d->keys, .rand = &rand, .ids = ids,
        .lang = LANG_ZH, .request = "demo" } };
    enum err e = ids_ensure(d->db, ids, IDS);
    if (e == OK)
        e = db_begin(d->db);
    for (size_t i = 0; i < COUNT_OF(stories) && e == OK; i++)
        e = told(&t, &stories[i]);
    if (e == OK)
        e = studio_works(&t);
    e = e == OK ? db_commit(d->db) : e;
    if (e != OK)
        db_rollback(d->db);
    arena_free(&arena);
    return e;
}
