/* pace.c: how time runs in a mediation: pauses, more of it, reminders, lateness. */
#include "mediation/course.h"

void clock_until(struct taking *t, const char *stage, int64_t due_ms)
{
    t->m.clock = str_c(stage);
    t->m.clock_from_ms = t->cx->now_ms;
    t->m.due_ms = t->m.alarm_ms = due_ms;
    t->m.paused_ms = I64_NONE;
    t->m.provisional = 0;
}

struct msg guard_pause(const struct taking *t)
{
    if (t->before->holder == 0)
        return MSG("先确定调解员", "Name a mediator first");
    return NOTHING_FORBIDS;
}

/* An appraisal takes nothing from the time for mediation (medical regulation, article 38). */
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
    clock_of_kind(t, "mediate");
    clock_until(t, t->m.clock.p, t->cx->now_ms + left);
    return apply_note(t);
}

struct msg guard_lengthen(const struct taking *t)
{
    if (t->before->extended >= EXTENSIONS_MAX)
        return MSG("已延长两次，不能再延", "It has been lengthened twice already");
    if (!all_consent(beside_of(t)))
        return MSG("延长要各方都同意", "All parties must agree to more time");
    return NOTHING_FORBIDS;
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

/* The parties read which promise is due next; then its day is waited for. */
enum err apply_remind(struct taking *t)
{
    const struct promise_row *p = beside_of(t)->promises.p;
    t->m.alarm_ms = t->m.due_ms;
    for (size_t i = 0; i < beside_of(t)->promises.n; i++)
        if (p[i].kept_ms == I64_NONE
            && promise_until(p[i].due_ms, beside_of(t)->dispute.effective_ms) == t->m.due_ms) {
            entry_fact_number(&t->entry, "promise", p[i].no);
            t->entry.text = p[i].what;
            t->entry.audience = "public";
            break;
        }
    return OK;
}

/* Rules propose (see the findings), the committee says. */
enum err apply_class(struct taking *t)
{
    static const char *const classes[] = { "simple", "ordinary", "hard", "major", NULL };
    TRY(one_of(t, "result", t->args->result, classes, MSG("难易是 simple、ordinary、hard 或 major",
        "It is simple, ordinary, hard or major")));
    beside_of(t)->dispute.class = t->args->result;
    entry_fact_text(&t->entry, "class", t->args->result);
    return apply_note(t);
}

/* Criteria as counties print them for hard cases; the figures are usual ones. */
size_t hardness_findings(const struct beside *b, struct remark *ret, size_t max)
{
    enum { MANY_PARTIES = 10, MUCH_FEN = 10000000, MANY_SITTINGS = 3 };
    const struct party *p = b->parties.p;
    size_t n = 0, principals = 0;
    for (size_t i = 0; i < b->parties.n; i++)
        principals += is_principal(&p[i]);
    if (principals >= MANY_PARTIES && n < max)
        ret[n++] = (struct remark){ 0, "many_parties", false,
            MSG("当事人在十人以上，可能属于疑难复杂", "Ten parties or more: perhaps a hard case") };
    if (b->dispute.amount_fen >= MUCH_FEN && n < max)
        ret[n++] = (struct remark){ 0, "much_money", false,
            MSG("涉及金额在十万元以上，可能属于疑难复杂", "100,000 yuan or more: perhaps a hard case") };
    if (sittings_held(b) >= MANY_SITTINGS && n < max)
        ret[n++] = (struct remark){ 0, "many_sittings", false,
            MSG("已调解三次以上，可考虑提交上级调解组织", "Three sessions or more: consider handing up") };
    return n;
}
