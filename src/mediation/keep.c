/* keep.c: what becomes of an agreement: promises kept or broken, the court's confirmation, the end. */
#include "mediation/course.h"

struct promise_row *promise_numbered(const struct beside *b, int64_t no)
{
    struct promise_row *p = b->promises.p;
    for (size_t i = 0; i < b->promises.n; i++)
        if (p[i].no == no)
            return &p[i];
    return NULL;
}

int64_t promise_until(int64_t due_ms, int64_t effective_ms)
{
    if (effective_ms == I64_NONE)
        return due_ms;
    struct civil t = clock_civil(effective_ms);
    int64_t day_ends = clock_from_civil(t.year, t.month, t.day, 0, 0, 0) + CLOCK_DAY_MS - 1;
    return due_ms > day_ends ? due_ms : day_ends;
}

int64_t next_promise_ms(const struct beside *b)
{
    const struct promise_row *p = b->promises.p;
    int64_t next = I64_NONE;
    for (size_t i = 0; i < b->promises.n; i++)
        if (p[i].kept_ms == I64_NONE && p[i].broken_ms == I64_NONE
            && (next == I64_NONE || p[i].due_ms < next))
            next = p[i].due_ms;
    return next == I64_NONE ? next : promise_until(next, b->dispute.effective_ms);
}

static bool all_kept(const struct beside *b)
{
    const struct promise_row *p = b->promises.p;
    for (size_t i = 0; i < b->promises.n; i++)
        if (p[i].kept_ms == I64_NONE)
            return false;
    return true;
}

/* Broken promises stay with the committee as long as nothing else is waited for. */
void wait_for_promise(struct taking *t)
{
    struct beside *b = beside_of(t);
    int64_t next = next_promise_ms(b);
    bool kept = all_kept(b);
    t->m.state = str_c(state_table[kept ? ST_PERFORMED : ST_PERFORMING].word);
    if (kept)
        clock_of_kind(t, "visit");
    if (next == I64_NONE)
        return;
    int64_t remind = next - REMIND_DAYS * (int64_t)CLOCK_DAY_MS;
    clock_until(t, "perform", next);
    if (remind > t->cx->now_ms)
        t->m.alarm_ms = remind;
}

static enum err the_promise(struct taking *t, struct promise_row **ret)
{
    *ret = promise_numbered(beside_of(t), t->args->promise);
    if (*ret == NULL)
        return cx_fail(t->cx, E_INPUT, "promise",
            MSG("没有这一项履行义务", "There is no promise with this number"));
    bool kept = (*ret)->kept_ms != I64_NONE;
    if (kept && strcmp(t->step->action, "unkept") != 0)
        return cx_fail(t->cx, E_INPUT, "promise", MSG("这一项已履行", "It was kept already"));
    if (!kept && strcmp(t->step->action, "unkept") == 0)
        return cx_fail(t->cx, E_INPUT, "promise",
            MSG("这一项没有记录过已履行", "It is not recorded as kept"));
    entry_fact_number(&t->entry, "promise", t->args->promise);
    return OK;
}

/* When the agreement that binds now was set down. */
static enum err agreed_since(struct taking *t, int64_t *ret)
{
    struct list lines;
    TRY(view_lines(t->cx, t->before, &lines));
    const struct line *l = words_agreed(lines, t->before->round);
    *ret = l ? l->at_ms : beside_of(t)->dispute.effective_ms;
    return OK;
}

/* What was late may still be kept, and what was set down kept before the last signature. */
enum err apply_kept(struct taking *t)
{
    struct promise_row *p;
    int64_t since_ms;
    TRY(the_promise(t, &p));
    TRY(agreed_since(t, &since_ms));
    TRY(happened(t, since_ms, MSG("履行时间早于协议写成的那一天，请核对",
        "It was kept before the day on which the agreement was set down; correct it"), &p->kept_ms));
    p->broken_ms = I64_NONE;
    wait_for_promise(t);
    return apply_note(t);
}

struct msg guard_unkept(const struct taking *t)
{
    const struct promise_row *p = beside_of(t)->promises.p;
    for (size_t i = 0; i < beside_of(t)->promises.n; i++)
        if (p[i].kept_ms != I64_NONE)
            return NOTHING_FORBIDS;
    return MSG("没有已履行的记录", "Nothing is recorded as kept");
}

/* Recorded by mistake: it is waited for as before. */
enum err apply_unkept(struct taking *t)
{
    struct promise_row *p;
    TRY(the_promise(t, &p));
    p->kept_ms = I64_NONE;
    wait_for_promise(t);
    return apply_note(t);
}

enum err apply_broken(struct taking *t)
{
    struct promise_row *p;
    TRY(the_promise(t, &p));
    if (promise_until(p->due_ms, beside_of(t)->dispute.effective_ms) > t->cx->now_ms)
        return cx_fail(t->cx, E_INPUT, "promise", MSG("还没有到履行期限；协议生效当天及以前到期的，次日起算未履行",
            "It is not due yet; what was due by the day on which the agreement took effect is late from"
            " the next day on"));
    p->broken_ms = t->cx->now_ms;
    wait_for_promise(t);
    return apply_note(t);
}

/* Not kept; or the court did not confirm it, and then the parties may change it by mediation, agree
 * anew, or sue (Civil Procedure Law, article 206). */
struct msg guard_again(const struct taking *t)
{
    const struct promise_row *p = beside_of(t)->promises.p;
    if (str_is(beside_of(t)->dispute.confirm, "dismissed"))
        return NOTHING_FORBIDS;
    for (size_t i = 0; i < beside_of(t)->promises.n; i++)
        if (p[i].broken_ms != I64_NONE)
            return NOTHING_FORBIDS;
    return MSG("先记录哪一项没有履行；法院裁定驳回的，先记录裁定",
        "Record first what was not kept, or that the court dismissed it");
}

struct msg guard_anew(const struct taking *t)
{
    if (beside_of(t)->earlier.n >= ROUNDS_MAX)
        return MSG("再次调解的次数太多，请告知起诉", "Mediated anew too often; tell them of the court");
    return guard_again(t);
}

/* Rounds are counted as apply_again() counts them. */
const struct line *words_agreed(struct list lines, int64_t round)
{
    const struct line *l = lines.p, *found = NULL;
    int64_t at = 0;
    for (size_t i = 0; i < lines.n && at <= round; i++) {
        if (at == round && str_starts(l[i].action, STR("agree_")))
            found = &l[i];
        at += str_is(l[i].action, "not_signed") || str_is(l[i].action, "mediate_again");
    }
    return found;
}

/* What was agreed stays readable, with its promises and what came of them. */
static void agreement_ends(struct taking *t)
{
    struct beside *b = beside_of(t);
    const struct dispute *d = &b->dispute;
    struct agreement *all = b->earlier.p;
    all[b->earlier.n++] = (struct agreement){ t->m.round, d->unit, d->studio, d->form,
        d->amount_fen, d->effective_ms, d->confirm, d->confirm_ms, t->cx->now_ms,
        d->docket };
}

/* The committee starts over: nothing signed counts any longer, and where something was binding
 * everybody is asked again. */
enum err apply_again(struct taking *t)
{
    struct beside *b = beside_of(t);
    struct party *p = b->parties.p;
    struct mediator *m = b->mediators.p;
    struct dispute *d = &b->dispute;
    bool after_breach = strcmp(t->step->action, "mediate_again") == 0;
    if (after_breach)
        agreement_ends(t);
    for (size_t i = 0; i < b->parties.n; i++) {
        p[i].signed_how = p[i].title_how = STR("");
        p[i].signed_ms = p[i].court_ms = p[i].title_ms = I64_NONE;
    }
    for (size_t i = 0; i < b->mediators.n; i++)
        m[i].signed_ms = I64_NONE;
    d->sealed_ms = d->effective_ms = d->confirm_ms = I64_NONE;
    d->form = d->confirm = STR("");
    b->promises = (struct list){ NULL, 0 };
    t->m.round++;
    if (after_breach)
        ask_anew(t);
    clock_of_kind(t, after_breach ? "accept" : "mediate");
    return apply_note(t);
}

/* The court ------------------------------------------------------------------------------- */

int64_t confirm_until(const struct catalogue *c, int64_t effective_ms)
{
    enum { LOOK_DAYS = 30 };
    struct civil t = clock_civil(effective_ms);
    int64_t last_ms = clock_from_civil(t.year, t.month, t.day, 0, 0, 0)
        + CONFIRM_DAYS * (int64_t)CLOCK_DAY_MS;
    for (int i = 0; i < LOOK_DAYS && calendar_is(c, STR("free"), last_ms); i++)
        last_ms += CLOCK_DAY_MS;
    return last_ms + CLOCK_DAY_MS - 1;
}

int64_t confirm_by(const struct catalogue *c, const struct dispute *d)
{
    bool may = d->effective_ms != I64_NONE && confirm_bar(d->status, d->kind).zh == NULL
        && d->confirm.n == 0 && !str_is(d->form, "oral");
    return may ? confirm_until(c, d->effective_ms) : I64_NONE;
}

/* Anybody but this party (NULL: anybody at all) who said that the agreement decides title. */
const struct party *says_title(const struct beside *b, const struct party *but)
{
    const struct party *p = b->parties.p;
    for (size_t i = 0; i < b->parties.n; i++)
        if (p[i].title_ms != I64_NONE && (but == NULL || p[i].no != but->no))
            return &p[i];
    return NULL;
}

static struct msg title_said(const struct taking *t, const struct party *p)
{
    const struct beside *b = beside_of(t);
    return (struct msg){
        arena_fmt(t->cx->a, "%.*s答：协议确认土地、山林、房屋归谁所有或归谁使用。这样的协议法院不受理司法确认（民事诉讼法"
            "解释第三百五十五条）：土地、林木林地权属争议先申请人民政府处理（土地管理法第十四条、森林法第二十二条），其他"
            "可以起诉。答错的由本人更正", STR_FMT(party_label(t->cx, b, p, LANG_ZH))).p,
        arena_fmt(t->cx->a, "%.*s answered that the agreement decides who owns or may use land, woods or"
            " houses. No court confirms that (interpretation of the civil procedure law, article 355):"
            " title to land and woods goes to the government first (land administration law, article 14;"
            " forest law, article 22), of other title one may sue. Who answered so by mistake corrects"
            " it", STR_FMT(party_label(t->cx, b, p, LANG_EN))).p };
}

/* What a party said itself is its own to take back. */
static bool is_own_word(const struct party *p)
{
    return str_is(p->title_how, "online");
}

static bool is_others_word(const struct taking *t, const struct party *p)
{
    return t->cx->actor.kind == ACTOR_STAFF && is_own_word(p);
}

/* Within thirty days from the day it binds (article 33). */
static struct msg guard_time(const struct taking *t)
{
    const struct dispute *d = &beside_of(t)->dispute;
    if (d->effective_ms == I64_NONE)
        return MSG("没有生效的协议", "No agreement binds");
    struct msg never = confirm_bar(d->status, d->kind);
    if (never.zh)
        return never;
    if (str_is(d->form, "oral"))
        return MSG("口头协议不能申请司法确认，请先订立书面协议",
            "The court confirms written agreements only; write it down first");
    if (d->confirm.n)
        return MSG("已申请司法确认", "It has been applied for already");
    if (t->cx->now_ms > confirm_until(t->cx->cat, d->effective_ms))
        return MSG("已过生效后三十日的申请期限", "The thirty days after it took effect are over");
    return NOTHING_FORBIDS;
}

/* Whose word the committee may note or correct: who said "yes" on paper, while another's own "yes"
 * stands; and everybody while there is none. */
struct msg guard_confirm(const struct taking *t)
{
    const struct party *p = beside_of(t)->parties.p, *own = NULL;
    struct msg why = guard_time(t);
    for (size_t i = 0; why.zh == NULL && i < beside_of(t)->parties.n; i++) {
        if (p[i].title_ms != I64_NONE && !is_own_word(&p[i]))
            return why;
        own = p[i].title_ms != I64_NONE ? &p[i] : own;
    }
    return why.zh == NULL && own ? title_said(t, own) : why;
}

/* Until it is applied for, whoever answered the question of title may answer otherwise. */
static bool may_answer_anew(const struct taking *t, const struct party *p)
{
    return p->court_ms != I64_NONE && asks_ownership(&beside_of(t)->dispute);
}

/* What the court was asked of the nth agreement (from 1, the present one last); a case that is
 * closed or mediated anew takes no application back. */
static struct str *asked_of(struct beside *b, int64_t nth)
{
    struct agreement *all = b->earlier.p;
    return nth <= (int64_t)b->earlier.n ? &all[nth - 1].confirm : &b->dispute.confirm;
}

typedef bool stands(struct str confirm);

static bool is_waiting(struct str confirm)
{
    return str_is(confirm, "applied");
}

static bool is_decided(struct str confirm)
{
    return str_is(confirm, "confirmed") || str_is(confirm, "dismissed");
}

/* How many of its agreements stand so with the court, and the first of them. */
static int64_t how_many(struct beside *b, stands *so, int64_t *ret_nth)
{
    int64_t n = 0;
    for (int64_t nth = (int64_t)b->earlier.n + 1; nth >= 1; nth--)
        if (so(*asked_of(b, nth))) {
            n++;
            *ret_nth = nth;
        }
    return n;
}

struct msg guard_decision(const struct taking *t)
{
    int64_t nth;
    if (how_many(beside_of(t), is_waiting, &nth) == 0)
        return MSG("没有等待裁定的申请", "No application is waiting for a decision");
    return NOTHING_FORBIDS;
}

struct msg guard_ruling(const struct taking *t)
{
    int64_t nth;
    if (how_many(beside_of(t), is_decided, &nth) == 0)
        return MSG("没有记录过法院裁定", "No decision of the court is recorded");
    return NOTHING_FORBIDS;
}

/* One that stands alone is meant; of several the ruling names one. */
static enum err agreement_meant(struct taking *t, stands *so, int64_t *ret_nth)
{
    struct beside *b = beside_of(t);
    int64_t n = how_many(b, so, ret_nth), named = t->args->agreement;
    if (named == I64_NONE && n > 1)
        return cx_fail(t->cx, E_INPUT, "agreement", MSG("有几份协议都可能是所指的，请写明裁定的是第几次协议",
            "It may be about several agreements; say which one the ruling is about (1st, 2nd, ..)"));
    if (named != I64_NONE && (named < 1 || named > (int64_t)b->earlier.n + 1
        || !so(*asked_of(b, named))))
        return cx_fail(t->cx, E_INPUT, "agreement", MSG("这一次协议没有等待或已有的裁定，请另选",
            "No ruling on this agreement is waited for or recorded; choose another"));
    *ret_nth = named == I64_NONE ? *ret_nth : named;
    return OK;
}

static int64_t round_of(const struct taking *t, int64_t nth)
{
    const struct agreement *all = beside_of(t)->earlier.p;
    return nth <= (int64_t)beside_of(t)->earlier.n ? all[nth - 1].round : t->m.round;
}

struct msg guard_own_court(const struct taking *t)
{
    const struct party *p = party_numbered(beside_of(t), t->cx->actor.no);
    if (p && p->minor)
        return MSG("由您的监护人申请", "Your guardian asks for it");
    struct msg why = guard_time(t);
    const struct party *other = p ? says_title(beside_of(t), p) : NULL;
    if (why.zh)
        return why;
    if (p && other)
        return p->title_ms != I64_NONE ? NOTHING_FORBIDS : title_said(t, other);
    if (p == NULL || (p->court_ms != I64_NONE && !may_answer_anew(t, p)))
        return MSG("您已申请，等另一方申请", "You have asked; the other side has to ask too");
    return NOTHING_FORBIDS;
}

/* Where an agreement may decide who owns or may use land, woods or houses, each says that it does
 * not: a court confirms no such decision (interpretation of the civil procedure law, article 355),
 * and quarrels on title to land and woods are first for the government (land administration law,
 * article 14; forest law, article 22). */
static enum err ownership_take(struct taking *t, struct party *p, struct str how)
{
    struct str answer = t->args->ownership;
    bool yes = str_is(answer, "yes");
    if (!asks_ownership(&beside_of(t)->dispute))
        return OK;
    if (answer.n == 0)
        return cx_fail(t->cx, E_INPUT, "ownership", MSG("请先回答：协议是否确认土地、山林、房屋归谁所有或归谁使用"
            "（民事诉讼法解释第三百五十五条）",
            "Answer first whether the agreement decides who owns or may use land, woods or houses"
            " (interpretation of the civil procedure law, article 355)"));
    const struct party *other = says_title(beside_of(t), p);
    bool takes_back = p->title_ms != I64_NONE && !yes;
    if (p->title_ms != I64_NONE && is_others_word(t, p))
        return cx_fail(t->cx, E_INPUT, "party", title_said(t, p));
    if (other && !yes && !takes_back)
        return cx_fail(t->cx, E_INPUT, "ownership", title_said(t, other));
    p->title_ms = yes ? t->cx->now_ms : I64_NONE;
    p->title_how = how;
    if (yes)
        p->court_ms = I64_NONE;
    entry_fact_text(&t->entry, "ownership", answer);
    return OK;
}

/* A "yes" is kept, and everybody reads it; view_line_text() has it in their language. */
static enum err title_noted(struct taking *t)
{
    t->entry.text = STR("答：协议确认归属");
    t->entry.audience = "public";
    return OK;
}

/* The parties ask together (article 33): each for itself, and it is applied for once all have. */
enum err apply_confirm(struct taking *t)
{
    struct dispute *d = &beside_of(t)->dispute;
    struct party *p;
    struct str how;
    TRY(speaker(t, &p, &how));
    if (p->court_ms != I64_NONE && (!may_answer_anew(t, p) || is_others_word(t, p)
        || !str_is(t->args->ownership, "yes")))
        return cx_fail(t->cx, E_INPUT, "party",
            MSG("这位当事人已申请", "This party has asked already"));
    TRY(ownership_take(t, p, how));
    if (p->title_ms != I64_NONE)
        return title_noted(t);
    if (says_title(beside_of(t), p))
        return apply_note(t);           /* took its own "yes" back; another's still stands */
    p->court_ms = t->cx->now_ms;
    if (all_applied(beside_of(t))) {
        d->confirm = STR("applied");
        d->confirm_ms = t->cx->now_ms;
        entry_fact_text(&t->entry, "confirm", d->confirm);
    }
    return apply_note(t);
}

static enum err ruling_set(struct taking *t, int64_t nth)
{
    struct str *confirm = asked_of(beside_of(t), nth);
    if (str_eq(*confirm, t->args->result))
        return cx_fail(t->cx, E_INPUT, "result", MSG("与已记录的相同，没有要更正的",
            "It is recorded so already; nothing changes"));
    *confirm = t->args->result;
    entry_fact_text(&t->entry, "confirm", *confirm);
    entry_fact_number(&t->entry, "round", round_of(t, nth));
    return apply_note(t);
}

enum err apply_decision(struct taking *t)
{
    static const char *const decisions[] = { "confirmed", "dismissed", NULL };
    int64_t nth = 0;
    TRY(one_of(t, "result", t->args->result, decisions, MSG("裁定是 confirmed 或 dismissed",
        "The decision is confirmed or dismissed")));
    TRY(agreement_meant(t, is_waiting, &nth));
    return ruling_set(t, nth);
}

/* Recorded by mistake: what the court did decide, or that it has not yet. */
enum err apply_ruling(struct taking *t)
{
    static const char *const rulings[] = { "confirmed", "dismissed", "applied", NULL };
    int64_t nth = 0;
    TRY(one_of(t, "result", t->args->result, rulings, MSG("裁定是 confirmed、dismissed，或 applied（还没有裁定）",
        "The decision is confirmed or dismissed, or applied while there is none")));
    TRY(agreement_meant(t, is_decided, &nth));
    return ruling_set(t, nth);
}

/* The end ---------------------------------------------------------------------------------- */

enum err apply_visit(struct taking *t)
{
    t->entry.text = t->args->reply;
    t->entry.audience = "public";
    return OK;
}
