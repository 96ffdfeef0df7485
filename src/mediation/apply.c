/* apply.c: what a step changes in a dispute and beside it. No storage here. */
#include "mediation/course.h"
#include <math.h>

enum { FEN = 100 };

const struct dispute_type dispute_types[] = {
    { "family", "婚姻家庭", "Family", true }, { "neighbour", "邻里", "Neighbours", false },
    { "housing", "房屋宅基地", "Houses and homesteads", false },
    { "contract", "合同", "Contracts", false }, { "business", "生产经营", "Business", false },
    { "damage", "损害赔偿", "Damages", false }, { "land", "山林土地", "Woods and land", false },
    { "expropriation", "征地拆迁", "Expropriation", false },
    { "pollution", "环境污染", "Pollution", false },
    { "wages", "拖欠农民工工资", "Unpaid wages of migrant workers", false },
    { "labour", "其他劳动争议", "Other labour disputes", false },
    { "tourism", "旅游", "Tourism", false }, { "online", "电子商务", "Online trade", false },
    { "consumer", "其他消费", "Other consumer disputes", false },
    { "medical", "医疗", "Medical", false }, { "traffic", "道路交通事故", "Traffic accidents", false },
    { "property", "物业", "Property management", false }, { "other", "其他", "Other", false },
};
const size_t dispute_types_n = COUNT_OF(dispute_types);

const struct dispute_type *dispute_type_by(struct str word)
{
    for (size_t i = 0; i < COUNT_OF(dispute_types); i++)
        if (str_is(word, dispute_types[i].word))
            return &dispute_types[i];
    return NULL;
}

/* When it happened: at most now, usually now. */
static enum err happened(struct taking *t, int64_t *ret)
{
    *ret = t->args->at_ms == I64_NONE ? t->cx->now_ms : t->args->at_ms;
    if (*ret > t->cx->now_ms)
        return cx_fail(t->cx, E_INPUT, "at_ms",
            MSG("时间不能晚于现在", "It cannot lie in the future"));
    return OK;
}

static enum err one_of(struct taking *t, const char *field, struct str word,
    const char *const *words, struct msg m)
{
    for (size_t i = 0; words[i]; i++)
        if (str_is(word, words[i]))
            return OK;
    return cx_fail(t->cx, E_INPUT, field, m);
}

static enum err the_party(struct taking *t, struct party **ret)
{
    *ret = party_numbered(beside_of(t), t->args->party);
    if (*ret == NULL)
        return cx_fail(t->cx, E_INPUT, "party",
            MSG("没有这个序号的当事人", "There is no party with this number"));
    entry_fact_number(&t->entry, "party", t->args->party);
    return OK;
}

static void clock_until(struct taking *t, const char *stage, int64_t due_ms)
{
    t->m.clock = str_c(stage);
    t->m.clock_from_ms = t->cx->now_ms;
    t->m.due_ms = t->m.alarm_ms = due_ms;
    t->m.paused_ms = I64_NONE;
    t->m.provisional = 0;
}

/* Parties ---------------------------------------------------------------------------------- */

static struct str or_word(struct str given, const char *usual)
{
    return given.n ? given : str_c(usual);
}

static enum err party_check(struct taking *t, const struct step_party *p, int64_t upto)
{
    static const char *const sides[] = { "applicant", "respondent", NULL };
    static const char *const kinds[] = { "person", "organisation", NULL };
    static const char *const roles[] = { "party", "agent", "guardian", "representative", NULL };
    bool acts = str_is(p->role, "agent") || str_is(p->role, "guardian");
    TRY(one_of(t, "parties", p->side, sides, MSG("一方写 applicant（申请人）或 respondent（被申请人）",
        "A side is applicant or respondent")));
    TRY(one_of(t, "parties", or_word(p->kind, "person"), kinds,
        MSG("当事人是 person（个人）或 organisation（单位）", "A party is a person or an organisation")));
    TRY(one_of(t, "parties", or_word(p->role, "party"), roles, MSG("身份写 party、agent、guardian 或 "
        "representative", "A role is party, agent, guardian or representative")));
    if (acts != (p->stands_for != I64_NONE) || (acts && p->stands_for > upto))
        return cx_fail(t->cx, E_INPUT, "parties", MSG("代理人、监护人要写明代表第几位当事人，其他人不写",
            "An agent or guardian names the party they act for, and nobody else does"));
    if (str_trim(p->name).n == 0)
        return cx_fail(t->cx, E_INPUT, "parties", MSG("请填写姓名或单位名称", "Give the name"));
    return OK;
}

/* Five a side speak for the rest (as several provinces have it). */
static enum err sides_check(struct taking *t)
{
    const struct party *p = beside_of(t)->parties.p;
    size_t applicants = 0, respondents = 0;
    for (size_t i = 0; i < beside_of(t)->parties.n; i++) {
        if (str_is(p[i].role, "party") && str_is(p[i].side, "applicant"))
            applicants++;
        else if (str_is(p[i].role, "party"))
            respondents++;
    }
    if (applicants > SIDE_MAX || respondents > SIDE_MAX)
        return cx_fail(t->cx, E_INPUT, "parties", MSG("一方最多五人，其余请推选代表人",
            "At most five on a side; the others choose representatives among them"));
    return OK;
}

enum err apply_parties(struct taking *t)
{
    struct beside *b = beside_of(t);
    const struct step_party *given = t->args->parties.p;
    size_t had = b->parties.n, more = t->args->parties.n;
    struct party *all = NEW_N(t->cx->a, struct party, had + more + 1);
    if (had + more > PARTIES_MAX)
        return cx_fail(t->cx, E_INPUT, "parties", MSG("当事人太多，请推选代表人",
            "Too many parties; let them choose representatives"));
    if (had)
        memcpy(all, b->parties.p, had * sizeof(*all));
    for (size_t i = 0; i < more; i++) {
        int64_t no = (int64_t)(had + i) + 1;
        TRY(party_check(t, &given[i], no - 1));
        all[had + i] = (struct party){ .no = no, .side = given[i].side,
            .kind = or_word(given[i].kind, "person"), .role = or_word(given[i].role, "party"),
            .stands_for = given[i].stands_for == I64_NONE ? 0 : given[i].stands_for,
            .minor = given[i].minor, .consent = STR("asked"), .consent_how = STR(""),
            .consent_ms = I64_NONE, .told_ms = I64_NONE, .signed_how = STR(""),
            .signed_ms = I64_NONE };
    }
    b->parties = (struct list){ all, had + more };
    TRY(sides_check(t));
    t->m.reporters += (int64_t)more;
    t->m.unanswered += (int64_t)more;
    entry_fact_number(&t->entry, "added", (int64_t)more);
    return OK;
}

static const char *const manners[] = { "in_person", "phone", "written", "online", NULL };
#define MANNERS MSG("方式是 in_person、phone、written 或 online", \
    "The way is in_person, phone, written or online")

/* Of the party itself by its code, or recorded by the committee. ask_written goes this way too. */
enum err apply_consent(struct taking *t)
{
    struct beside *b = beside_of(t);
    struct party *p;
    int64_t at_ms = t->cx->now_ms;
    if (t->cx->actor.kind == ACTOR_REPORTER) {
        p = party_numbered(b, t->cx->actor.no);
        CHECK(p != NULL);
        p->consent_how = STR("online");
    } else {
        TRY(the_party(t, &p));
        if (strcmp(t->step->action, "ask_written") == 0) {
            b->dispute.written = 1;
            return OK;
        }
        TRY(one_of(t, "how", t->args->how, manners, MANNERS));
        TRY(happened(t, &at_ms));
        p->consent_how = t->args->how;
    }
    p->consent = STR("given");
    p->consent_ms = at_ms;
    entry_fact_text(&t->entry, "how", p->consent_how);
    return OK;
}

enum err apply_refusal(struct taking *t)
{
    bool self = t->cx->actor.kind == ACTOR_REPORTER;
    struct party *p;
    int64_t at_ms = t->cx->now_ms;
    if (self) {
        p = party_numbered(beside_of(t), t->cx->actor.no);
        CHECK(p != NULL);
        p->consent_how = STR("online");
        t->entry.text = t->args->text;
    } else {
        TRY(the_party(t, &p));
        TRY(one_of(t, "how", t->args->how, manners, MANNERS));
        TRY(happened(t, &at_ms));
        p->consent_how = t->args->how;
        t->entry.text = t->args->reply;
    }
    p->consent = str_is(p->consent, "given") ? STR("withdrawn") : STR("refused");
    p->consent_ms = at_ms;
    entry_fact_text(&t->entry, "how", p->consent_how);
    t->entry.audience = t->entry.text.n ? "public" : NULL;
    return OK;
}

enum err apply_told(struct taking *t)
{
    struct party *p;
    int64_t at_ms;
    TRY(the_party(t, &p));
    TRY(one_of(t, "how", t->args->how, manners, MANNERS));
    TRY(happened(t, &at_ms));
    p->told_ms = at_ms;
    entry_fact_text(&t->entry, "how", t->args->how);
    return OK;
}

static void ask_anew(struct beside *b)
{
    struct party *p = b->parties.p;
    for (size_t i = 0; i < b->parties.n; i++) {
        p[i].consent = STR("asked");
        p[i].consent_how = STR("");
        p[i].consent_ms = I64_NONE;
    }
    b->sittings = 0;
}

/* Whoever has an interest says so, and then everybody is asked again. */
enum err apply_naming(struct taking *t)
{
    static const char *const chosen[] = { "parties", "committee", NULL };
    struct beside *b = beside_of(t);
    struct str told = t->args->note.n ? str_trim(t->args->note) : STR("");
    struct mediator *all = NEW_N(t->cx->a, struct mediator, b->mediators.n + 1);
    TRY(one_of(t, "how", t->args->how, chosen, MSG("由 parties（当事人选定）或 committee（调委会指定）",
        "Chosen by parties or by committee")));
    if (mediator_of(b, t->args->mediator) != NULL)
        return cx_fail(t->cx, E_INPUT, "mediator", MSG("已是本案调解员", "Is a mediator of it already"));
    if (b->mediators.n)
        memcpy(all, b->mediators.p, b->mediators.n * sizeof(*all));
    all[b->mediators.n] = (struct mediator){ t->args->mediator, t->args->how, told, t->cx->now_ms,
        I64_NONE };
    b->mediators = (struct list){ all, b->mediators.n + 1 };
    if (t->m.holder == 0)
        t->m.holder = t->args->mediator;
    if (told.n)
        ask_anew(b);
    entry_fact_text(&t->entry, "chosen", t->args->how);
    entry_fact_number(&t->entry, "disclosed", told.n > 0);
    return apply_note(t);
}

/* Mediation -------------------------------------------------------------------------------- */

enum err apply_sitting(struct taking *t)
{
    static const char *const results[] = { "agreed", "continue", "failed", NULL };
    int64_t at_ms;
    TRY(one_of(t, "result", t->args->result, results, MSG("结果是 agreed、continue 或 failed",
        "The result is agreed, continue or failed")));
    TRY(happened(t, &at_ms));
    if (at_ms < consent_since(beside_of(t)))
        return cx_fail(t->cx, E_INPUT, "at_ms", MSG("调解要在各方同意之后",
            "A session comes after everybody's consent"));
    beside_of(t)->sittings++;
    entry_fact_text(&t->entry, "result", t->args->result);
    entry_fact_number(&t->entry, "at", at_ms);
    t->entry.text = t->args->text;
    t->entry.audience = "staff";
    return OK;
}

/* The ledger says that there was such a talk, and nothing of what was said. */
enum err apply_caucus(struct taking *t)
{
    struct party *p;
    TRY(the_party(t, &p));
    return OK;
}

enum err apply_pause(struct taking *t)
{
    bool provisional = false;
    int64_t left = t->before->due_ms - t->cx->now_ms;
    int64_t due = calendar_add(t->cx->cat, t->cx->now_ms, t->args->days, STR("WD"), &provisional);
    clock_until(t, "resume", due);
    t->m.paused_ms = left > CLOCK_DAY_MS ? left : CLOCK_DAY_MS;
    t->m.provisional = provisional;
    entry_fact_number(&t->entry, "days", t->args->days);
    return apply_note(t);
}

enum err apply_go_on(struct taking *t)
{
    int64_t left = t->before->paused_ms == I64_NONE ? CLOCK_DAY_MS : t->before->paused_ms;
    clock_until(t, "mediate", t->cx->now_ms + left);
    return apply_note(t);
}

enum err apply_lengthen(struct taking *t)
{
    bool provisional = false;
    int64_t from = t->before->due_ms > t->cx->now_ms ? t->before->due_ms : t->cx->now_ms;
    t->m.due_ms = calendar_add(t->cx->cat, from, t->args->days, STR("WD"), &provisional);
    t->m.alarm_ms = t->m.due_ms;
    t->m.provisional = t->m.provisional || provisional;
    t->m.extended++;
    entry_fact_number(&t->entry, "days", t->args->days);
    return apply_note(t);
}

/* Agreement -------------------------------------------------------------------------------- */

/* Each promise says who, what, how much, by when and in what way. */
static enum err promise_check(struct taking *t, const struct step_promise *p)
{
    double fen = isnan(p->amount) ? 0 : p->amount * FEN;
    const struct party *who = party_numbered(beside_of(t), p->party);
    if (who == NULL || !str_is(who->role, "party"))
        return cx_fail(t->cx, E_INPUT, "promises", MSG("履行人要是本案当事人",
            "Who promises is a party of the dispute"));
    if (fabs(fen - round(fen)) > 1e-6)
        return cx_fail(t->cx, E_INPUT, "promises", MSG("金额最多两位小数",
            "An amount has at most two decimals"));
    if (p->due_ms <= t->cx->now_ms)
        return cx_fail(t->cx, E_INPUT, "promises", MSG("履行期限要在以后；当场履行的不用列出",
            "The term lies in the future; what is done on the spot is not listed"));
    return OK;
}

static enum err promises_take(struct taking *t)
{
    struct beside *b = beside_of(t);
    const struct step_promise *given = t->args->promises.p;
    struct promise_row *rows = NEW_N(t->cx->a, struct promise_row, t->args->promises.n + 1);
    b->dispute.amount_fen = 0;
    for (size_t i = 0; i < t->args->promises.n; i++) {
        TRY(promise_check(t, &given[i]));
        int64_t fen = isnan(given[i].amount) ? 0 : llround(given[i].amount * FEN);
        rows[i] = (struct promise_row){ .no = t->m.round * 60 + (int64_t)i + 1,
            .round = t->m.round, .party = given[i].party, .what = given[i].what,
            .amount_fen = fen, .due_ms = given[i].due_ms, .way = given[i].way,
            .kept_ms = I64_NONE, .broken_ms = I64_NONE };
        b->dispute.amount_fen += fen;
    }
    b->promises = (struct list){ rows, t->args->promises.n };
    return OK;
}

/* From now on it binds, and the next promise is what is waited for. */
static void takes_effect(struct taking *t, int64_t since_ms)
{
    struct beside *b = beside_of(t);
    int64_t next = next_promise_ms(b);
    b->dispute.effective_ms = since_ms;
    entry_fact_number(&t->entry, "effective", since_ms);
    if (next == I64_NONE) {
        t->m.state = str_c(state_table[ST_PERFORMED].word);
        matter_clock_start(t->cx, &t->m, "visit");
    } else {
        t->m.state = str_c(state_table[ST_PERFORMING].word);
        clock_until(t, "perform", next);
    }
}

enum err apply_agreement(struct taking *t)
{
    struct beside *b = beside_of(t);
    bool oral = strcmp(t->step->action, "agree_oral") == 0;
    TRY(promises_take(t));
    b->dispute.form = oral ? STR("oral") : STR("written");
    entry_fact_text(&t->entry, "form", b->dispute.form);
    entry_fact_number(&t->entry, "promises", (int64_t)b->promises.n);
    entry_fact_number(&t->entry, "amount_fen", b->dispute.amount_fen);
    t->entry.text = t->args->text;
    t->entry.audience = "public";
    if (oral)
        takes_effect(t, t->cx->now_ms);
    return OK;
}

static enum err party_signs(struct taking *t)
{
    static const char *const ways[] = { "signature", "seal", "fingerprint", NULL };
    struct party *p;
    int64_t at_ms;
    TRY(the_party(t, &p));
    TRY(one_of(t, "how", t->args->how, ways, MSG("方式是 signature、seal 或 fingerprint",
        "The way is signature, seal or fingerprint")));
    TRY(happened(t, &at_ms));
    if (p->signed_ms != I64_NONE)
        return cx_fail(t->cx, E_INPUT, "party", MSG("这位当事人已签署", "This party has signed already"));
    p->signed_how = t->args->how;
    p->signed_ms = at_ms;
    entry_fact_text(&t->entry, "how", t->args->how);
    return OK;
}

/* Binding from the last signature or seal, whichever it is (article 29). */
enum err apply_signature(struct taking *t)
{
    struct beside *b = beside_of(t);
    if (strcmp(t->step->action, "sign") == 0)
        TRY(party_signs(t));
    else if (strcmp(t->step->action, "seal") == 0)
        b->dispute.sealed_ms = t->cx->now_ms;
    else
        mediator_of(b, t->cx->actor.account)->signed_ms = t->cx->now_ms;
    int64_t since = binds_since(b);
    if (since != I64_NONE)
        takes_effect(t, since);
    return OK;
}

/* Performance ------------------------------------------------------------------------------ */

static enum err the_promise(struct taking *t, struct promise_row **ret)
{
    *ret = promise_numbered(beside_of(t), t->args->promise);
    if (*ret == NULL)
        return cx_fail(t->cx, E_INPUT, "promise",
            MSG("没有这一项履行义务", "There is no promise with this number"));
    if ((*ret)->kept_ms != I64_NONE)
        return cx_fail(t->cx, E_INPUT, "promise", MSG("这一项已履行", "It was kept already"));
    entry_fact_number(&t->entry, "promise", t->args->promise);
    return OK;
}

/* What was late may still be kept. */
enum err apply_kept(struct taking *t)
{
    struct beside *b = beside_of(t);
    struct promise_row *p, *all = b->promises.p;
    bool every = true;
    TRY(the_promise(t, &p));
    TRY(happened(t, &p->kept_ms));
    p->broken_ms = I64_NONE;
    for (size_t i = 0; i < b->promises.n; i++)
        every = every && all[i].kept_ms != I64_NONE;
    int64_t next = next_promise_ms(b);
    if (every) {
        t->m.state = str_c(state_table[ST_PERFORMED].word);
        matter_clock_start(t->cx, &t->m, "visit");
    } else if (next != I64_NONE)
        clock_until(t, "perform", next);
    return apply_note(t);
}

enum err apply_broken(struct taking *t)
{
    struct promise_row *p;
    TRY(the_promise(t, &p));
    if (p->due_ms > t->cx->now_ms)
        return cx_fail(t->cx, E_INPUT, "promise", MSG("还没有到履行期限", "It is not due yet"));
    p->broken_ms = t->cx->now_ms;
    return apply_note(t);
}

/* The committee starts over: everybody is asked again, and nothing signed counts any longer. */
enum err apply_again(struct taking *t)
{
    struct beside *b = beside_of(t);
    struct party *p = b->parties.p;
    struct mediator *m = b->mediators.p;
    for (size_t i = 0; i < b->parties.n; i++) {
        p[i].signed_how = STR("");
        p[i].signed_ms = I64_NONE;
    }
    for (size_t i = 0; i < b->mediators.n; i++)
        m[i].signed_ms = I64_NONE;
    b->dispute.sealed_ms = b->dispute.effective_ms = I64_NONE;
    b->dispute.form = STR("");
    t->m.round++;
    if (strcmp(t->step->action, "mediate_again") == 0)
        ask_anew(b);
    return apply_note(t);
}

enum err apply_climb(struct taking *t)
{
    TRY(apply_escalate(t));
    ask_anew(beside_of(t));
    return OK;
}

enum err apply_confirm(struct taking *t)
{
    static const char *const decisions[] = { "confirmed", "dismissed", NULL };
    struct dispute *d = &beside_of(t)->dispute;
    if (strcmp(t->step->action, "apply_confirm") == 0)
        d->confirm = STR("applied");
    else {
        TRY(one_of(t, "result", t->args->result, decisions, MSG("裁定是 confirmed 或 dismissed",
            "The decision is confirmed or dismissed")));
        d->confirm = t->args->result;
    }
    d->confirm_ms = t->cx->now_ms;
    entry_fact_text(&t->entry, "confirm", d->confirm);
    return apply_note(t);
}

enum err apply_ending(struct taking *t)
{
    return apply_not_accept(t);
}

enum err apply_visit(struct taking *t)
{
    t->entry.text = t->args->reply;
    t->entry.audience = "public";
    return OK;
}

/* Late: supervised, then listed. It does not climb by itself: another committee needs the parties'
 * consent. */
enum err apply_late(struct taking *t)
{
    bool provisional = false;
    t->m.alarm_ms = I64_NONE;
    if (t->m.supervised >= 2)
        return OK;
    t->m.supervised++;
    entry_fact_number(&t->entry, "level", t->m.supervised);
    if (t->m.supervised < 2)
        t->m.alarm_ms = calendar_add(t->cx->cat, t->cx->now_ms, 1, STR("WD"), &provisional);
    return OK;
}
