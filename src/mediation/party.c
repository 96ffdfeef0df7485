/* party.c: the parties of a dispute: who they are, who acts for them, their word and their rights. */
#include "desk/desk.h"
#include "matter/intake.h"
#include "mediation/course.h"
#include <stdio.h>

const char *const manners[] = { "in_person", "phone", "written", "online", NULL };

struct party *party_numbered(const struct beside *b, int64_t no)
{
    struct party *p = b->parties.p;
    for (size_t i = 0; i < b->parties.n; i++)
        if (p[i].no == no)
            return &p[i];
    return NULL;
}

/* Papers of a day are entered later that day, in whatever order. */
enum err happened(struct taking *t, int64_t since_ms, struct msg too_early, int64_t *ret)
{
    struct civil c = clock_civil(since_ms);
    *ret = t->args->at_ms == I64_NONE ? t->cx->now_ms : t->args->at_ms;
    if (*ret > t->cx->now_ms)
        return cx_fail(t->cx, E_INPUT, "at_ms",
            MSG("时间不能晚于现在", "It cannot lie in the future"));
    if (*ret < clock_from_civil(c.year, c.month, c.day, 0, 0, 0))
        return cx_fail(t->cx, E_INPUT, "at_ms", too_early);
    return OK;
}

/* Consent may be taken and rights be told before the dispute is registered, but not long. */
static int64_t earliest(const struct taking *t)
{
    enum { BEFORE_DAYS = 30 };
    return t->before->created_ms - BEFORE_DAYS * (int64_t)CLOCK_DAY_MS;
}

enum err one_of(struct taking *t, const char *field, struct str word, const char *const *words,
    struct msg m)
{
    for (size_t i = 0; words[i]; i++)
        if (str_is(word, words[i]))
            return OK;
    return cx_fail(t->cx, E_INPUT, field, m);
}

enum err the_party(struct taking *t, struct party **ret)
{
    *ret = party_numbered(beside_of(t), t->args->party);
    if (*ret == NULL)
        return cx_fail(t->cx, E_INPUT, "party",
            MSG("没有这个序号的当事人", "There is no party with this number"));
    entry_fact_number(&t->entry, "party", t->args->party);
    return OK;
}

/* Whose word counts ------------------------------------------------------------------------ */

bool is_principal(const struct party *p)
{
    return str_is(p->role, "party") || str_is(p->role, "representative");
}

typedef bool said(const struct party *p);

static bool consents(const struct party *p)
{
    return str_is(p->consent, "given");
}

static bool is_told(const struct party *p)
{
    return p->told_ms != I64_NONE;
}

static bool has_signed(const struct party *p)
{
    return p->signed_ms != I64_NONE;
}

static bool has_applied(const struct party *p)
{
    return p->court_ms != I64_NONE;
}

/* A guardian acts in all things, an agent in those of their authority. */
static bool acts_for(const struct party *p, const struct party *of, const char *in_what)
{
    if (p->stands_for != of->no)
        return false;
    return str_is(p->role, "guardian") || (!of->minor && str_is(p->role, "agent")
        && str_has_word(p->scope, str_c(in_what)));
}

/* The representatives of a side, all together, speak for those who chose them. */
static bool representatives_say(const struct beside *b, const struct party *of, said *given)
{
    const struct party *p = b->parties.p;
    bool any = false;
    for (size_t i = 0; i < b->parties.n; i++)
        if (str_is(p[i].role, "representative") && str_eq(p[i].side, of->side)) {
            any = true;
            if (!given(&p[i]))
                return false;
        }
    return any;
}

static bool word_is_given(const struct beside *b, const struct party *of, said *given,
    const char *in_what)
{
    const struct party *p = b->parties.p;
    if (!of->minor && given(of))
        return true;
    for (size_t i = 0; i < b->parties.n; i++)
        if (acts_for(&p[i], of, in_what) && given(&p[i]))
            return true;
    return str_is(of->role, "party") && !of->minor && representatives_say(b, of, given);
}

static bool all_have(const struct beside *b, said *given, const char *in_what)
{
    const struct party *p = b->parties.p;
    for (size_t i = 0; i < b->parties.n; i++)
        if (is_principal(&p[i]) && !word_is_given(b, &p[i], given, in_what))
            return false;
    return both_sides(b);
}

bool word_on_mediation(const struct beside *b, const struct party *p)
{
    return is_principal(p) ? word_is_given(b, p, consents, "apply") : consents(p);
}

static size_t on_side(const struct beside *b, const char *side, const char *role)
{
    const struct party *p = b->parties.p;
    size_t n = 0;
    for (size_t i = 0; i < b->parties.n; i++)
        n += str_is(p[i].side, side) && (role ? str_is(p[i].role, role) : is_principal(&p[i]));
    return n;
}

bool both_sides(const struct beside *b)
{
    return on_side(b, "applicant", NULL) > 0 && on_side(b, "respondent", NULL) > 0;
}

/* One clear refusal is enough, whoever of the parties speaks it (article 17). */
bool all_consent(const struct beside *b)
{
    const struct party *p = b->parties.p;
    for (size_t i = 0; i < b->parties.n; i++)
        if (str_is(p[i].consent, "refused") || str_is(p[i].consent, "withdrawn"))
            return false;
    return all_have(b, consents, "apply");
}

bool all_told(const struct beside *b)
{
    return all_have(b, is_told, "apply");
}

bool all_signed(const struct beside *b)
{
    return all_have(b, has_signed, "sign");
}

bool all_applied(const struct beside *b)
{
    return all_have(b, has_applied, "apply");
}

int64_t consent_since(const struct beside *b)
{
    const struct party *p = b->parties.p;
    int64_t since = 0;
    for (size_t i = 0; i < b->parties.n; i++)
        since = consents(&p[i]) && p[i].consent_ms > since ? p[i].consent_ms : since;
    return since;
}

/* Since when stays known, so that no earlier word passes for the new one. */
void ask_anew(struct taking *t)
{
    struct party *p = beside_of(t)->parties.p;
    for (size_t i = 0; i < beside_of(t)->parties.n; i++) {
        p[i].consent = STR("asked");
        p[i].consent_how = STR("");
        p[i].consent_ms = t->cx->now_ms;
        p[i].stop_ms = I64_NONE;
    }
}

/* Whoever acts for them was chosen by somebody else, perhaps; so they are asked too. */
void ask_this_one_anew(struct taking *t, struct party *p)
{
    struct party *all = beside_of(t)->parties.p;
    for (size_t i = 0; i < beside_of(t)->parties.n; i++) {
        struct party *q = &all[i];
        if (q->no != p->no && q->stands_for != p->no)
            continue;
        q->consent = STR("asked");
        q->consent_how = STR("");
        if (q->consent_ms != I64_NONE)
            q->consent_ms = t->cx->now_ms;
        q->told_ms = q->stop_ms = I64_NONE;
    }
}

void has_spoken_now(const struct taking *t, struct party *p)
{
    if (p->spoken_ms == I64_NONE)
        p->spoken_ms = t->cx->now_ms;
}

/* What they are called ---------------------------------------------------------------------- */

bool is_guardian_of(const struct party *p, const struct party *of)
{
    return p->stands_for == of->no && str_is(p->role, "guardian") && !p->minor;
}

const struct party *guardian_of(const struct beside *b, const struct party *of)
{
    const struct party *p = b->parties.p;
    for (size_t i = 0; i < b->parties.n; i++)
        if (is_guardian_of(&p[i], of))
            return &p[i];
    return NULL;
}

/* Of several who act for the same one in the same role: which; 0 when there is but one. */
static int nth_beside(const struct beside *b, const struct party *p)
{
    const struct party *all = b->parties.p;
    int nth = 0, n = 0;
    for (size_t i = 0; i < b->parties.n; i++)
        if (all[i].stands_for == p->stands_for && str_eq(all[i].role, p->role)) {
            n++;
            nth += all[i].no <= p->no;
        }
    return n > 1 ? nth : 0;
}

static struct str label_beside(struct cx *cx, const struct beside *b, const struct party *p,
    const struct party *of, enum lang lang)
{
    bool zh = lang == LANG_ZH, guardian = str_is(p->role, "guardian");
    struct str whose = arena_fmt(cx->a, "%.*s%s", STR_FMT(party_label(cx, b, of, lang)),
        guardian ? zh ? "的监护人" : "'s guardian" : zh ? "的代理人" : "'s agent");
    int nth = nth_beside(b, p);
    return nth == 0 ? whose : arena_fmt(cx->a, "%.*s%s%d", STR_FMT(whose), zh ? "" : " ", nth);
}

/* Principals are numbered on each side; whoever acts for one is called by that one. */
struct str party_label(struct cx *cx, const struct beside *b, const struct party *p, enum lang lang)
{
    const struct party *all = b->parties.p, *of = party_numbered(b, p->stands_for);
    bool zh = lang == LANG_ZH;
    int no = 0;
    if (of)
        return label_beside(cx, b, p, of, lang);
    for (size_t i = 0; i < b->parties.n && all[i].no <= p->no; i++)
        no += is_principal(&all[i]) && str_eq(all[i].side, p->side);
    bool applicant = str_is(p->side, "applicant");
    return arena_fmt(cx->a, zh ? "%s%d" : "%s %d", applicant ? zh ? "申请人" : "Applicant"
        : zh ? "被申请人" : "Respondent", no);
}

static struct str masked_name(const struct beside *b, int64_t no)
{
    const struct contact *c = b->names.p;
    for (size_t i = 0; i < b->names.n; i++)
        if (c[i].no == no)
            return c[i].name;
    return STR("");
}

static struct str guardians_named(struct cx *cx, const struct beside *b, const struct party *of,
    bool zh)
{
    const struct party *p = b->parties.p;
    struct buf s = buf_in(cx->a, 4096);
    for (size_t i = 0; i < b->parties.n; i++)
        if (is_guardian_of(&p[i], of))
            buf_fmt(&s, "%s%.*s", s.n == 0 ? "" : zh ? "、" : ", ",
                STR_FMT(masked_name(b, p[i].no)));
    return buf_str(&s);
}

/* 申请人1 小**（由监护人张**、李**表示）; without names for whoever may not read them. */
static struct str called(struct cx *cx, const struct beside *b, const struct party *p,
    enum lang lang)
{
    bool zh = lang == LANG_ZH;
    struct str label = party_label(cx, b, p, lang), name = masked_name(b, p->no);
    struct str by = guardians_named(cx, b, p, zh);
    struct str who = arena_fmt(cx->a, "%.*s%s%.*s", STR_FMT(label), name.n ? " " : "", STR_FMT(name));
    if (!p->minor)
        return who;
    if (guardian_of(b, p) == NULL)
        return arena_fmt(cx->a, zh ? "%.*s（未成年，请先登记监护人）"
            : "%.*s (under age; register the guardian first)", STR_FMT(who));
    return arena_fmt(cx->a, zh ? "%.*s（由监护人%.*s表示）" : "%.*s (the guardian %.*s speaks)",
        STR_FMT(who), STR_FMT(by));
}

/* text: with what they lack before the names; at most four of them. */
static struct str with_names(const struct taking *t, const char *text, said *given,
    const char *in_what, enum lang lang)
{
    enum { NAMED_MAX = 4 };
    const struct beside *b = beside_of(t);
    const struct party *p = b->parties.p;
    struct buf s = buf_in(t->cx->a, 4096);
    size_t n = 0;
    bool zh = lang == LANG_ZH;
    for (size_t i = 0; i < b->parties.n; i++)
        if (is_principal(&p[i]) && !word_is_given(b, &p[i], given, in_what) && n++ < NAMED_MAX)
            buf_fmt(&s, "%s%.*s", n == 1 ? zh ? "：" : ": " : zh ? "、" : ", ",
                STR_FMT(called(t->cx, b, &p[i], lang)));
    return arena_fmt(t->cx->a, "%s%.*s%s", text, STR_FMT(buf_str(&s)),
        n <= NAMED_MAX ? "" : zh ? "等" : " and others");
}

static struct msg lacking(const struct taking *t, struct msg text, said *given,
    const char *in_what)
{
    return (struct msg){ with_names(t, text.zh, given, in_what, LANG_ZH).p,
        with_names(t, text.en, given, in_what, LANG_EN).p };
}

struct msg word_lacks(const struct taking *t, struct msg text)
{
    return lacking(t, text, consents, "apply");
}

struct msg consent_lacks(const struct taking *t)
{
    return lacking(t, MSG("还没有（或不再）同意调解", "Not consented, or no longer"), consents, "apply");
}

struct msg rights_lack(const struct taking *t)
{
    return lacking(t, MSG("还没有告知权利义务", "Not told their rights and duties"), is_told, "apply");
}

enum err word_of_own(struct taking *t, const struct party *p)
{
    const struct beside *b = beside_of(t);
    if (!p->minor)
        return OK;
    return cx_fail(t->cx, E_INPUT, "party", (struct msg){
        arena_fmt(t->cx->a, "%.*s，请选监护人", STR_FMT(called(t->cx, b, p, LANG_ZH))).p,
        arena_fmt(t->cx->a, "%.*s; choose the guardian", STR_FMT(called(t->cx, b, p, LANG_EN))).p });
}

/* Adding them ------------------------------------------------------------------------------ */

struct msg guard_parties(const struct taking *t)
{
    if (beside_of(t)->dispute.party_last >= PARTIES_MAX)
        return MSG("当事人太多，请推选代表人", "Too many parties; let them choose representatives");
    return NOTHING_FORBIDS;
}

static struct str or_word(struct str given, const char *usual)
{
    return given.n ? given : str_c(usual);
}

static enum err scope_check(struct taking *t, const struct step_party *p)
{
    static const char *const scopes[] = { "apply", "evidence", "choose", "concede", "sign",
        "receive", NULL };
    struct str rest = p->scope.n ? p->scope : STR("");
    if (str_is(p->role, "agent") != (str_trim(rest).n > 0))
        return cx_fail(t->cx, E_INPUT, "parties", MSG("代理人要写明授权范围，其他人不写",
            "An agent's authority is named, and nobody else's"));
    while (rest.n) {
        struct str word = str_cut(rest, ' ', &rest);
        TRY(one_of(t, "parties", word, scopes, MSG("授权范围是 apply、evidence、choose、concede、sign、"
            "receive", "Authority is of apply, evidence, choose, concede, sign, receive")));
    }
    return OK;
}

/* Whoever acts for somebody stands on their side. */
static enum err stands_check(struct taking *t, const struct step_party *p, const struct party *all)
{
    bool acts = str_is(p->role, "agent") || str_is(p->role, "guardian");
    const struct party *of = NULL;
    for (; acts && of == NULL && all->no; all++)
        of = all->no == p->stands_for ? all : NULL;
    if (acts != (p->stands_for != I64_NONE) || (acts && (of == NULL || !is_principal(of)
        || !str_eq(of->side, p->side))))
        return cx_fail(t->cx, E_INPUT, "parties", MSG("代理人、监护人要写明代表本方第几位当事人，其他人不写",
            "An agent or guardian names the party of their side they act for, and nobody else does"));
    if (str_is(p->role, "guardian") && !of->minor)
        return cx_fail(t->cx, E_INPUT, "parties", MSG("监护人是未成年人的监护人，请先标明未成年",
            "A guardian is one of a minor; mark the party as under age first"));
    return OK;
}

/* Whoever is under age has somebody act for them, and acts for nobody. */
static enum err age_check(struct taking *t, const struct step_party *p)
{
    if (p->minor && str_is(p->kind, "organisation"))
        return cx_fail(t->cx, E_INPUT, "parties", MSG("单位没有未成年，请改为个人或去掉未成年",
            "An organisation is not under age; make it a person or take the mark away"));
    if (p->minor && (str_is(p->role, "agent") || str_is(p->role, "guardian")))
        return cx_fail(t->cx, E_INPUT, "parties", MSG("未成年人不能作监护人或代理人，请登记成年人",
            "Nobody under age is a guardian or an agent; register an adult"));
    return OK;
}

static enum err party_check(struct taking *t, const struct step_party *p, const struct party *all)
{
    static const char *const sides[] = { "applicant", "respondent", NULL };
    static const char *const kinds[] = { "person", "organisation", NULL };
    static const char *const roles[] = { "party", "agent", "guardian", "representative", NULL };
    TRY(one_of(t, "parties", p->side, sides, MSG("一方写 applicant（申请人）或 respondent（被申请人）",
        "A side is applicant or respondent")));
    TRY(one_of(t, "parties", or_word(p->kind, "person"), kinds,
        MSG("当事人是 person（个人）或 organisation（单位）", "A party is a person or an organisation")));
    TRY(one_of(t, "parties", or_word(p->role, "party"), roles, MSG("身份写 party、agent、guardian 或 "
        "representative", "A role is party, agent, guardian or representative")));
    struct corporate of = corporate_of_party(t->cx->a, p);
    TRY(stands_check(t, p, all));
    TRY(age_check(t, p));
    TRY(corporate_check(t, "parties", "parties", or_word(p->kind, "person"), &of));
    TRY(reporter_phone_check(t->cx, "parties", p->phone.n ? str_trim(p->phone) : STR("")));
    if (str_trim(p->name).n == 0)
        return cx_fail(t->cx, E_INPUT, "parties", MSG("请填写姓名或单位名称", "Give the name"));
    return scope_check(t, p);
}

/* What is wrong, and with which of those sent: 第2位（被申请人）：.. */
static enum err which_party(struct taking *t, size_t at, const struct step_party *p)
{
    struct err_info *info = &t->cx->info;
    bool applicant = str_is(p->side, "applicant");
    struct arena *a = t->cx->a;
    struct msg m = {
        arena_fmt(a, "第%zu位（%s）：%s", at + 1, applicant ? "申请人" : "被申请人", info->zh).p,
        arena_fmt(a, "No. %zu (%s): %s", at + 1, applicant ? "applicant" : "respondent",
            info->en).p };
    enum err e = info->e;
    *info = (struct err_info){ .e = OK };
    return cx_fail(t->cx, e, "parties", m);
}

/* At most five a side speak for the rest (as Ningbo has it in article 20). */
static enum err sides_check(struct taking *t)
{
    const struct beside *b = beside_of(t);
    if (on_side(b, "applicant", "representative") <= SIDE_MAX
        && on_side(b, "respondent", "representative") <= SIDE_MAX)
        return OK;
    return cx_fail(t->cx, E_INPUT, "parties", MSG("一方的代表人最多五人",
        "A side has five representatives at most"));
}

enum err apply_parties(struct taking *t)
{
    struct beside *b = beside_of(t);
    const struct step_party *given = t->args->parties.p;
    size_t had = b->parties.n, more = t->args->parties.n;
    struct party *all = NEW_N(t->cx->a, struct party, had + more + 1);
    if (b->dispute.party_last + (int64_t)more > PARTIES_MAX)
        return cx_fail(t->cx, E_INPUT, "parties", MSG("当事人太多，请推选代表人",
            "Too many parties; let them choose representatives"));
    if (had)
        memcpy(all, b->parties.p, had * sizeof(*all));
    for (size_t i = 0; i < more; i++) {
        if (party_check(t, &given[i], all) != OK)
            return which_party(t, i, &given[i]);
        struct corporate of = corporate_of_party(t->cx->a, &given[i]);
        all[had + i] = (struct party){ .no = ++b->dispute.party_last, .side = given[i].side,
            .kind = or_word(given[i].kind, "person"), .role = or_word(given[i].role, "party"),
            .stands_for = given[i].stands_for == I64_NONE ? 0 : given[i].stands_for,
            .scope = given[i].scope.n ? given[i].scope : STR(""), .minor = given[i].minor,
            .consent = STR("asked"), .consent_how = STR(""), .consent_ms = I64_NONE,
            .told_ms = I64_NONE, .signed_how = STR(""), .signed_ms = I64_NONE,
            .court_ms = I64_NONE, .stop_ms = I64_NONE, .title_ms = I64_NONE, .title_how = STR(""),
            .described = corporate_whole(&of), .since_ms = t->cx->now_ms, .spoken_ms = I64_NONE };
    }
    b->parties = (struct list){ all, had + more };
    TRY(sides_check(t));
    t->m.reporters += (int64_t)more;
    t->m.unanswered += (int64_t)more;
    entry_fact_number(&t->entry, "added", (int64_t)more);
    return OK;
}

/* Consent and refusal ---------------------------------------------------------------------- */

struct msg guard_accepting(const struct taking *t)
{
    const struct beside *b = beside_of(t);
    static const char *const sides[] = { "applicant", "respondent" };
    if (on_side(b, "applicant", NULL) == 0)
        return MSG("还没有登记申请人，双方都登记后才能受理", "No applicant is registered; both sides must be");
    if (on_side(b, "respondent", NULL) == 0)
        return MSG("还没有登记被申请人，双方都登记后才能受理",
            "No respondent is registered; both sides must be");
    for (size_t i = 0; i < COUNT_OF(sides); i++)
        if (on_side(b, sides[i], NULL) > SIDE_MAX && on_side(b, sides[i], "representative") == 0)
            return MSG("一方超过五人，请先推选代表人",
                "More than five on a side: let them choose representatives first");
    return all_consent(b) ? NOTHING_FORBIDS : consent_lacks(t);
}

struct msg guard_own_consent(const struct taking *t)
{
    const struct party *p = party_numbered(beside_of(t), t->cx->actor.no);
    if (p && p->minor)
        return MSG("由您的监护人同意", "Your guardian agrees for you");
    if (p == NULL || consents(p))
        return MSG("您已同意调解", "You have agreed already");
    return NOTHING_FORBIDS;
}

/* Somebody under age says what they want, and the guardian decides. */
struct msg guard_leaving(const struct taking *t)
{
    const struct party *p = party_numbered(beside_of(t), t->cx->actor.no);
    if (p && p->minor)
        return MSG("由您的监护人决定；您可以说想停止，监护人和调解员会看到",
            "Your guardian decides; say that you want to stop, and they and the mediators read it");
    return NOTHING_FORBIDS;
}

struct msg guard_stop(const struct taking *t)
{
    const struct party *p = party_numbered(beside_of(t), t->cx->actor.no);
    if (p == NULL || !p->minor)
        return MSG("您可以自己退出调解", "You may leave by yourself");
    if (p->stop_ms != I64_NONE)
        return MSG("您已经说过，监护人和调解员能看到", "You have said so; they can read it");
    return NOTHING_FORBIDS;
}

enum err apply_stop(struct taking *t)
{
    struct party *p = party_numbered(beside_of(t), t->cx->actor.no);
    CHECK(p != NULL);
    p->stop_ms = t->cx->now_ms;
    has_spoken_now(t, p);
    return OK;
}

enum err speaker(struct taking *t, struct party **ret, struct str *ret_how)
{
    *ret_how = STR("online");
    if (t->cx->actor.kind == ACTOR_REPORTER) {
        *ret = party_numbered(beside_of(t), t->cx->actor.no);
        CHECK(*ret != NULL);
    } else {
        TRY(the_party(t, ret));
        TRY(word_of_own(t, *ret));
        TRY(one_of(t, "how", t->args->how, manners, MANNERS));
        *ret_how = t->args->how;
    }
    has_spoken_now(t, *ret);
    entry_fact_text(&t->entry, "how", *ret_how);
    return OK;
}

/* Their word on mediation, with time and manner. */
static enum err word_said(struct taking *t, struct party **ret)
{
    struct str how;
    int64_t at_ms;
    TRY(speaker(t, ret, &how));
    int64_t since_ms = (*ret)->consent_ms == I64_NONE ? earliest(t) : (*ret)->consent_ms;
    TRY(happened(t, since_ms, MSG("时间早于登记前三十日，或早于（重新）征求意见、上次表态的那一天，请核对",
        "It lies more than 30 days before the registration, or before the day on which they were asked"
        " anew or said their last word; correct it"), &at_ms));
    (*ret)->consent_how = how;
    (*ret)->consent_ms = at_ms;
    return OK;
}

/* What a party said itself is not overwritten; asked anew, it may say it in any way. */
enum err apply_consent(struct taking *t)
{
    struct party *p = party_numbered(beside_of(t), t->args->party);
    if (p && t->cx->actor.kind == ACTOR_STAFF && consents(p) && str_is(p->consent_how, "online"))
        return cx_fail(t->cx, E_INPUT, "party", MSG("这位当事人已自己在线同意，不用再记录",
            "This party has agreed online already; there is nothing to record"));
    TRY(word_said(t, &p));
    p->consent = STR("given");
    return OK;
}

enum err apply_refusal(struct taking *t)
{
    bool self = t->cx->actor.kind == ACTOR_REPORTER;
    struct party *p;
    TRY(word_said(t, &p));
    p->consent = str_is(p->consent, "given") ? STR("withdrawn") : STR("refused");
    t->entry.text = self ? t->args->text : t->args->reply;
    t->entry.audience = t->entry.text.n ? "public" : NULL;
    return OK;
}

enum err apply_told(struct taking *t)
{
    struct party *p;
    int64_t at_ms;
    TRY(the_party(t, &p));
    TRY(one_of(t, "how", t->args->how, manners, MANNERS));
    TRY(happened(t, earliest(t), MSG("告知时间早于登记前三十日，请核对",
        "Rights were told at most 30 days before the registration; correct it"), &at_ms));
    p->told_ms = at_ms;
    entry_fact_text(&t->entry, "how", t->args->how);
    return OK;
}

enum err apply_accept(struct taking *t)
{
    struct dispute *d = &beside_of(t)->dispute;
    if (d->docket.n == 0)       /* mediated anew it is the same case, under the same number */
        d->accepted_ms = t->cx->now_ms;
    clock_of_kind(t, "mediate");
    return apply_note(t);
}
