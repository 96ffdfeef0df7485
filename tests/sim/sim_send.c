/* sim_send.c: what people send in the simulation: mostly what makes sense, sometimes not. */
#include "sim.h"
#include "matter/photo.h"
#include <stdio.h>

static const char *const texts[] = { "桥东街道综治中心态度差", "路灯不亮", "消防通道堵了", "邻居吵架", "有小偷", "墙要塌",
    "水管漏水", "说不清楚" };
static const char *const categories[] = { "01", "0101", "02", "03", "04", "05", "06", "07", "99",
    "xx" };

enum err sim_sender(struct sim *s, const struct sent *what, struct cx *ret)
{
    if (what->who >= 0) {
        *ret = town_staff(&s->town, (enum town_person)what->who);
        return OK;
    }
    *ret = what->who == BY_TIMER ? town_system(&s->town) : town_public(&s->town);
    return what->who == BY_REPORTER ? access_by_code(ret, str_c(s->known[what->code].code)) : OK;
}

/* A body being written; every value goes through the JSON writer. */
struct body { struct buf b; bool begun; };

static struct body body_begin(struct sim *s)
{
    struct body b = { buf_in(&s->town.a, BODY_BYTES - 1), false };
    buf_byte(&b.b, '{');
    return b;
}

static void put_name(struct body *b, const char *name)
{
    if (b->begun)
        buf_byte(&b->b, ',');
    b->begun = true;
    buf_json_str(&b->b, str_c(name));
    buf_byte(&b->b, ':');
}

static void put_text(struct body *b, const char *name, struct str text)
{
    put_name(b, name);
    buf_json_str(&b->b, text);
}

static void put_raw(struct body *b, const char *name, struct str raw)
{
    put_name(b, name);
    buf_add(&b->b, raw);
}

static void body_end(struct body *b, struct sent *ret)
{
    buf_byte(&b->b, '}');
    (void)snprintf(ret->body, sizeof(ret->body), "%.*s", STR_FMT(buf_str(&b->b)));
}

/* A text that stands in the database once if and only if the command took effect. */
static struct str marked(struct sim *s, struct sent *ret, const char *text)
{
    if (s->n_marks + 1 >= MARKS_MAX)
        sim_fail(s, "too many marks", "");
    ret->mark = ++s->n_marks;
    return arena_fmt(&s->town.a, "mark-%d %s", ret->mark, text);
}

static void put_place(struct sim *s, struct body *b)
{
    struct arena *a = &s->town.a;
    int how = pick(s, 10), grid = pick(s, GRIDS);
    if (how < 6) {
        put_raw(b, "lon", arena_fmt(a, "%.4f", 120.0001 + 0.01 * grid + pick(s, 98) * 1e-4));
        put_raw(b, "lat", arena_fmt(a, "%.4f", 31.0001 + pick(s, 98) * 1e-4));
    } else if (how < 7) {
        put_text(b, "grid", arena_fmt(a, "%lld", (long long)(COMMUNITY_A1 * 1000 + 1)));
    } else if (how < 9)
        put_text(b, "place_text", chance(s, 50) ? STR("桥东街道东一社区门口") : STR("不知道哪里"));
    else
        put_raw(b, "lon", STR("12.5"));
}

static void put_uploads(struct sim *s, struct body *b)
{
    if (s->n_uploads == 0 || !chance(s, 20))
        return;
    int from = pick(s, s->n_uploads), n = 1 + pick(s, 2);
    struct buf list = buf_in(&s->town.a, 400);
    buf_byte(&list, '[');
    for (int i = 0; i < n; i++) {
        buf_add(&list, i ? STR(",") : STR(""));
        buf_json_str(&list, s->uploads[(from + i) % s->n_uploads]);
    }
    buf_byte(&list, ']');
    put_raw(b, "uploads", buf_str(&list));
}

static void put_contact(struct sim *s, struct body *b)
{
    if (chance(s, 30))
        put_text(b, "name", STR("陆晓"));
    if (chance(s, 30))
        put_text(b, "phone", chance(s, 90) ? STR("19900000001") : STR("ring me"));
    if (chance(s, 10))
        put_raw(b, "confidential", STR("true"));
    if (chance(s, 60))
        put_text(b, "category", str_c(categories[pick(s, COUNT_OF(categories))]));
}

static const char *any_number(struct sim *s)
{
    return s->n_known && !chance(s, 2) ? s->known[pick(s, s->n_known)].number
        : "320508-0000-0000";
}

static void invent_report(struct sim *s, struct sent *ret)
{
    struct body b = body_begin(s);
    (void)snprintf(ret->path, sizeof(ret->path), "/api/reports");
    ret->who = BY_PUBLIC;
    put_text(&b, "text", marked(s, ret, texts[pick(s, COUNT_OF(texts))]));
    put_place(s, &b);
    put_contact(s, &b);
    put_uploads(s, &b);
    if (chance(s, 25))
        put_text(&b, "join", str_c(any_number(s)));
    body_end(&b, ret);
}

static void invent_entry(struct sim *s, struct sent *ret)
{
    static const char *const origins[] = { "patrol", "phone", "window" };
    struct body b = body_begin(s);
    (void)snprintf(ret->path, sizeof(ret->path), "/api/matters");
    put_text(&b, "text", marked(s, ret, texts[pick(s, COUNT_OF(texts))]));
    put_text(&b, "origin", str_c(origins[pick(s, COUNT_OF(origins))]));
    put_place(s, &b);
    put_contact(s, &b);
    put_uploads(s, &b);
    if (chance(s, 30)) {
        put_raw(&b, "solved", STR("true"));
        put_text(&b, "reply", STR("当场已经解决"));
    }
    body_end(&b, ret);
}

static void put_units(struct sim *s, struct body *b)
{
    struct buf list = buf_in(&s->town.a, 800);
    int n = 1 + pick(s, 2);
    for (int i = 0; i < n; i++)
        buf_fmt(&list, "%c{\"unit\":\"%d\",\"task\":\"请到场\",\"days\":%d}", i ? ',' : '[',
            1 + pick(s, UNIT_POLICE), 1 + pick(s, 5));
    buf_byte(&list, ']');
    put_raw(b, "units", buf_str(&list));
}

/* The first text of a step carries the mark. */
static struct str words(struct sim *s, struct sent *ret, const char *text)
{
    return ret->mark ? str_c(text) : marked(s, ret, text);
}

static void put_reason(struct sim *s, struct body *b, const char *action)
{
    static const char *const reasons[] = { "not_duty", "not_area", "in_court", "secret" };
    bool for_return = strcmp(action, "ask_return") == 0;
    int i = chance(s, 90) ? (for_return ? pick(s, 2) : 2 + pick(s, 2)) : pick(s, 4);
    put_text(b, "reason", str_c(reasons[i]));
}

/* An account, now and then one that there is not. */
static struct str somebody(struct sim *s)
{
    int who = pick(s, TOWN_PEOPLE_COUNT + 1);
    return arena_fmt(&s->town.a, "%lld", (long long)town_account((enum town_person)who));
}

/* One thing that the step needs, or may be told ("note?"). */
static void put_need(struct sim *s, struct body *b, struct sent *ret, const struct step *step,
    struct str need)
{
    bool optional = need.p[need.n - 1] == '?';
    need.n -= optional;
    if (chance(s, optional ? 50 : 2))
        return;
    if (str_is(need, "note") || str_is(need, "text") || str_is(need, "reply"))
        put_text(b, arena_str(&s->town.a, need).p, words(s, ret, "说明一下情况"));
    else if (str_is(need, "unit"))
        put_text(b, "unit", arena_fmt(&s->town.a, "%d", 1 + pick(s, UNIT_POLICE + 1)));
    else if (str_is(need, "person"))
        put_text(b, "person", somebody(s));
    else if (str_is(need, "units"))
        put_units(s, b);
    else if (str_is(need, "days") || str_is(need, "score"))
        put_raw(b, arena_str(&s->town.a, need).p, arena_fmt(&s->town.a, "%d", 1 + pick(s, 5)));
    else if (str_is(need, "number2"))
        put_text(b, "number2", str_c(any_number(s)));
    else if (str_is(need, "reason"))
        put_reason(s, b, step->action);
    else if (str_is(need, "category"))
        put_text(b, "category", str_c(categories[pick(s, COUNT_OF(categories))]));
    else if (str_is(need, "uploads"))
        put_uploads(s, b);
}

static void put_needs(struct sim *s, struct body *b, struct sent *ret, const struct step *step)
{
    struct str rest = str_c(step->needs);
    while (rest.n) {
        struct str need = str_cut(rest, ' ', &rest);
        if (need.n)
            put_need(s, b, ret, step, need);
    }
}

/* A step that somebody may take now, as their page offers it; the person in ret->who. */
static const struct step *step_on_offer(struct sim *s, const struct matter *m, struct sent *ret)
{
    for (int tries = 0; tries < 8; tries++) {
        struct list offers;
        ret->who = pick(s, TOWN_PEOPLE_COUNT);
        struct cx cx = town_staff(&s->town, (enum town_person)ret->who);
        if (matter_visible(&cx, m) != OK || matter_actions(&cx, m, &offers) != OK)
            continue;
        const struct action_row *rows = offers.p;
        int n = 0;
        for (size_t i = 0; i < offers.n; i++)
            n += rows[i].ok;
        int nth = n ? pick(s, n) : 0;
        for (size_t i = 0; i < offers.n && n; i++)
            if (rows[i].ok && nth-- == 0)
                return step_find(&life_table, rows[i].action);
    }
    return &life_table.steps[pick(s, (int)life_table.n)];
}

static void invent_step(struct sim *s, struct sent *ret)
{
    struct cx cx = town_system(&s->town);
    struct matter m;
    struct body b = body_begin(s);
    const char *number = any_number(s);
    bool exists = matter_by_number(&cx, str_c(number), &m) == OK;
    const struct step *step = exists && !chance(s, 10) ? step_on_offer(s, &m, ret)
        : &life_table.steps[pick(s, (int)life_table.n)];
    if (!exists)
        ret->who = pick(s, TOWN_PEOPLE_COUNT);
    (void)snprintf(ret->path, sizeof(ret->path), "/api/matters/%s/step", number);
    put_text(&b, "action", str_c(step->action));
    if (exists && chance(s, 50))
        put_raw(&b, "seq", arena_fmt(&s->town.a, "%lld", (long long)m.seq - chance(s, 5)));
    put_needs(s, &b, ret, step);
    body_end(&b, ret);
}

static void invent_bulk(struct sim *s, struct sent *ret)
{
    static const char *const actions[] = { "note", "supervise", "take", "verify", "close",
        "assign", "escalate", "merge" };
    const char *action = actions[pick(s, COUNT_OF(actions))];
    struct body b = body_begin(s);
    struct buf list = buf_in(&s->town.a, 800);
    int n = 1 + pick(s, 6), from = s->n_known ? pick(s, s->n_known) : 0;
    for (int i = 0; i < n && i < s->n_known; i++) {
        const char *number = s->known[(from + i) % s->n_known].number;
        if (str_find(buf_str(&list), str_c(number)) < 0)
            buf_fmt(&list, "%c\"%s\"", i ? ',' : '[', number);
    }
    buf_add(&list, list.n ? STR("]") : STR("[\"320508-0000-0000\"]"));
    (void)snprintf(ret->path, sizeof(ret->path), "/api/matters/bulk");
    ret->bulk = true;
    put_raw(&b, "numbers", buf_str(&list));
    put_text(&b, "action", str_c(action));
    put_text(&b, "note", marked(s, ret, "一起办"));
    if (strcmp(action, "assign") == 0)
        put_text(&b, "unit", arena_fmt(&s->town.a, "%d", 1 + pick(s, UNIT_POLICE)));
    if (strcmp(action, "merge") == 0)
        put_text(&b, "number2", str_c(any_number(s)));
    body_end(&b, ret);
}

static void invent_answer(struct sim *s, struct sent *ret)
{
    static const char *const actions[] = { "message", "rate", "object", "reopen", "withdraw",
        "urge", "object", "reopen" };
    const char *action = actions[pick(s, COUNT_OF(actions))];
    const struct step *step = step_find(&life_table, str_c(action));
    struct body b = body_begin(s);
    if (s->n_known == 0) {
        invent_report(s, ret);
        return;
    }
    ret->who = BY_REPORTER;
    ret->code = pick(s, s->n_known);
    if (s->known[ret->code].code[0] == '\0')
        ret->who = BY_PUBLIC;
    (void)snprintf(ret->path, sizeof(ret->path), "/api/receipt/%s", action);
    if (step)
        put_needs(s, &b, ret, step);
    body_end(&b, ret);
}

static void invent_reveal(struct sim *s, struct sent *ret)
{
    struct body b = body_begin(s);
    (void)snprintf(ret->path, sizeof(ret->path), "/api/matters/%s/reveal", any_number(s));
    put_raw(&b, "reporter", arena_fmt(&s->town.a, "%d", 1 + pick(s, 2)));
    put_text(&b, "purpose", STR("约时间上门"));
    body_end(&b, ret);
}

/* Somebody is away, or hands over what they have. */
static void invent_duty(struct sim *s, struct sent *ret)
{
    struct body b = body_begin(s);
    int64_t hour = 3600000, from_ms = s->town.now_ms + (pick(s, 40) - 30) * hour;
    if (chance(s, 60)) {
        (void)snprintf(ret->path, sizeof(ret->path), "/api/duty/absence");
        put_raw(&b, "from_ms", arena_fmt(&s->town.a, "%lld", (long long)from_ms));
        put_raw(&b, "to_ms", arena_fmt(&s->town.a, "%lld",
            (long long)(from_ms + (1 + pick(s, 90)) * hour)));
        if (chance(s, 70))
            put_text(&b, "substitute", somebody(s));
    } else {
        (void)snprintf(ret->path, sizeof(ret->path), "/api/duty/handover");
        put_text(&b, "note", STR("钥匙在值班室"));
        if (chance(s, 70))
            put_text(&b, "to", somebody(s));
    }
    body_end(&b, ret);
}

static void invent_dirt(struct sim *s, struct sent *ret)
{
    static const char *const bodies[] = { "", "{", "[]", "{\"text\":1}", "{\"rank\":1}",
        "{\"text\":\"\\ud800\"}", "{\"action\":\"take\",\"action\":\"take\"}", "null",
        "{\"numbers\":[\"1\"],\"action\":\"x\"}" };
    static const char *const paths[] = { "/api/reports", "/api/matters", "/api/matters/bulk",
        "/api/matters/320508-0000-0000/step", "/api/receipt/rate", "/api/receipt/dance",
        "/api/nothing", "/api/logout/", "/api/matters//step" };
    (void)snprintf(ret->path, sizeof(ret->path), "%s", paths[pick(s, COUNT_OF(paths))]);
    (void)snprintf(ret->body, sizeof(ret->body), "%s", bodies[pick(s, COUNT_OF(bodies))]);
    if (chance(s, 30))
        ret->who = BY_PUBLIC;
}

void sim_invent(struct sim *s, struct sent *ret)
{
    int what = pick(s, 100);
    *ret = (struct sent){ .who = pick(s, TOWN_PEOPLE_COUNT) };
    if (chance(s, 90))
        (void)snprintf(ret->key, sizeof(ret->key), "key-%016llx",
            (unsigned long long)rand_u64(&s->rand));
    if (s->n_known < 3 || what < 14)
        invent_report(s, ret);
    else if (what < 20)
        invent_entry(s, ret);
    else if (what < 70)
        invent_step(s, ret);
    else if (what < 84)
        invent_answer(s, ret);
    else if (what < 88)
        invent_bulk(s, ret);
    else if (what < 89)
        invent_reveal(s, ret);
    else if (what < 92)
        invent_duty(s, ret);
    else if (what < 94)
        invent_dirt(s, ret);
    else
        ret->who = what < 97 ? BY_TIMER : what < 98 ? BY_SEQUENCER : BY_UPLOADER;
}
