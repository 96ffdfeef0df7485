/* sitting.c: sessions as planned and as held, talks with one side, facts not in dispute. */
#include "mediation/course.h"

static struct sitting *sitting_numbered(const struct beside *b, int64_t no)
{
    struct sitting *s = b->sittings.p;
    for (size_t i = 0; i < b->sittings.n; i++)
        if (s[i].no == no)
            return &s[i];
    return NULL;
}

int64_t sittings_held(const struct beside *b)
{
    const struct sitting *s = b->sittings.p;
    int64_t n = 0;
    for (size_t i = 0; i < b->sittings.n; i++)
        n += s[i].at_ms != I64_NONE && s[i].at_ms >= consent_since(b);
    return n;
}

struct msg guard_sitting(const struct taking *t)
{
    const struct beside *b = beside_of(t);
    if (!all_consent(b))
        return consent_lacks(t);
    if (!all_told(b))
        return rights_lack(t);
    if (mediators_now(b) == 0)
        return MSG("先确定调解员", "Name a mediator first");
    if (b->sittings.n >= SITTINGS_MAX)
        return MSG("调解次数太多，请终止或者提交上级", "Too many sessions; end it or hand it up");
    return NOTHING_FORBIDS;
}

/* Open or closed is the parties' choice (article 23); closed unless they say so. */
enum err apply_door(struct taking *t)
{
    static const char *const doors[] = { "open", "closed", NULL };
    TRY(one_of(t, "how", t->args->how, doors, MSG("写 open（公开）或 closed（不公开）",
        "It is open or closed")));
    beside_of(t)->dispute.open_door = str_is(t->args->how, "open");
    entry_fact_text(&t->entry, "how", t->args->how);
    return apply_note(t);
}

static struct sitting *sitting_add(struct taking *t)
{
    struct beside *b = beside_of(t);
    struct sitting *all = NEW_N(t->cx->a, struct sitting, b->sittings.n + 1), *s;
    if (b->sittings.n)
        memcpy(all, b->sittings.p, b->sittings.n * sizeof(*all));
    s = &all[b->sittings.n++];
    b->sittings.p = all;
    *s = (struct sitting){ .no = (int64_t)b->sittings.n, .planned_ms = I64_NONE,
        .minutes = t->args->minutes == I64_NONE ? 60 : t->args->minutes, .place = STR(""),
        .open_door = b->dispute.open_door, .at_ms = I64_NONE, .result = STR("") };
    return s;
}

static struct str when_and_where(struct cx *cx, const struct sitting *s)
{
    struct civil c = clock_civil(s->planned_ms);
    return arena_fmt(cx->a, "%04d-%02d-%02d %02d:%02d · %.*s", c.year, c.month, c.day, c.hour,
        c.minute, STR_FMT(s->place));
}

/* The parties read when and where. */
enum err apply_plan(struct taking *t)
{
    enum { AHEAD_DAYS = 5 * 365 };
    if (t->args->at_ms <= t->cx->now_ms)
        return cx_fail(t->cx, E_INPUT, "at_ms", MSG("安排的时间要在以后", "It is planned for later"));
    if (t->args->at_ms > t->cx->now_ms + AHEAD_DAYS * (int64_t)CLOCK_DAY_MS)
        return cx_fail(t->cx, E_INPUT, "at_ms", MSG("安排的时间要在五年以内，请核对",
            "It is planned for the next five years at most; correct it"));
    struct sitting *s = sitting_add(t);
    s->planned_ms = t->args->at_ms;
    s->place = str_trim(t->args->place);
    entry_fact_number(&t->entry, "sitting", s->no);
    entry_fact_number(&t->entry, "at", s->planned_ms);
    t->entry.text = when_and_where(t->cx, s);
    t->entry.audience = "public";
    return OK;
}

static enum err planned(struct taking *t, struct sitting **ret)
{
    *ret = sitting_numbered(beside_of(t), t->args->sitting);
    if (*ret == NULL || (*ret)->result.n)
        return cx_fail(t->cx, E_INPUT, "sitting", MSG("没有这个序号的、还未进行的安排",
            "No session with this number is still to come"));
    entry_fact_number(&t->entry, "sitting", (*ret)->no);
    return OK;
}

/* What was planned, and a colleague's words; that it is off is the name of the step, and why the
 * program called it off is a word of the entry (matter/view.c), each in the reader's language. */
static struct str called_off(struct cx *cx, const struct sitting *s, struct str why)
{
    return arena_fmt(cx->a, "%.*s%s%.*s", STR_FMT(when_and_where(cx, s)), why.n ? "\n" : "",
        STR_FMT(why));
}

/* The parties read that, and why, where they read of the plan. */
enum err apply_cancel(struct taking *t)
{
    struct sitting *s;
    TRY(planned(t, &s));
    s->result = STR("cancelled");
    s->seq = t->m.seq + 1;
    t->entry.text = called_off(t->cx, s, t->args->note);
    t->entry.audience = "public";
    return OK;
}

static struct str why_over(const struct taking *t, const struct sitting *s)
{
    if (s->planned_ms <= t->cx->now_ms)
        return STR("passed");
    if (str_is(t->m.state, "registered"))
        return strcmp(t->step->action, "escalate") == 0 ? STR("handed_up") : STR("again");
    return t->m.open ? STR("agreed") : STR("over");
}

/* An entry of its own, before that of the step, whose words are others. */
static enum err call_off(struct taking *t, struct sitting *s)
{
    struct matter m = *t->before;
    struct entry_make e = { .action = "cancel_sitting", .actor = "system", .unit = t->unit,
        .from = state_by_word(m.state), .text = called_off(t->cx, s, STR("")),
        .audience = "public" };
    m.seq = t->m.seq;
    m.head = t->m.head;
    entry_fact_number(&e, "sitting", s->no);
    entry_fact_text(&e, "why", why_over(t, s));
    TRY(matter_append(t->cx, &m, &e));
    t->m.head = m.head;
    t->m.seq = s->seq = m.seq;
    return step_tell_reporters(t, TOLD_SITTING_OFF);
}

enum err call_off_sittings(struct taking *t)
{
    struct sitting *s = beside_of(t)->sittings.p;
    bool goes_on = str_is(t->m.state, "mediating") || str_is(t->m.state, "deferred");
    for (size_t i = 0; i < beside_of(t)->sittings.n && !goes_on; i++)
        if (s[i].result.n == 0) {
            s[i].result = STR("cancelled");
            TRY(call_off(t, &s[i]));
        }
    return OK;
}

enum err apply_sitting(struct taking *t)
{
    static const char *const results[] = { "agreed", "continue", "failed", NULL };
    struct sitting *s;
    int64_t at_ms;
    TRY(one_of(t, "result", t->args->result, results, MSG("结果是 agreed、continue 或 failed",
        "The result is agreed, continue or failed")));
    TRY(happened(t, beside_of(t)->dispute.accepted_ms, MSG("调解时间早于受理的那一天，请核对",
        "The session lies before the day on which the dispute was accepted; correct it"), &at_ms));
    if (at_ms < consent_since(beside_of(t)))
        return cx_fail(t->cx, E_INPUT, "at_ms", MSG("调解要在各方同意之后",
            "A session comes after everybody's consent"));
    if (t->args->sitting == I64_NONE) {
        s = sitting_add(t);
        entry_fact_number(&t->entry, "sitting", s->no);
    } else
        TRY(planned(t, &s));
    s->at_ms = at_ms;
    s->seq = t->m.seq + 1;
    s->result = t->args->result;
    entry_fact_text(&t->entry, "result", t->args->result);
    entry_fact_number(&t->entry, "at", at_ms);
    t->entry.text = t->args->text;
    t->entry.audience = "staff";
    return OK;
}

struct msg guard_caucus(const struct taking *t)
{
    if (t->cx->actor.kind != ACTOR_STAFF
        || mediator_of(beside_of(t), t->cx->actor.account) == NULL)
        return MSG("单独谈话由本案调解员记录", "Only a mediator of this case records such talks");
    return guard_sitting(t);
}

/* The ledger says that there was such a talk, and nothing of what was said. */
enum err apply_caucus(struct taking *t)
{
    struct party *p;
    return the_party(t, &p);
}

/* What nobody disputes, kept apart from what was offered to settle: the one may be used later, the
 * other may not (Shenzhen ordinance, article 73; online rules, article 18). A new text replaces the
 * one before, and is signed anew. */
enum err apply_facts(struct taking *t)
{
    beside_of(t)->facts_signed = STR("");
    return OK;
}

struct msg guard_facts_signed(const struct taking *t)
{
    if (beside_of(t)->facts == 0)
        return MSG("还没有无争议事实记载", "No facts are noted yet");
    return NOTHING_FORBIDS;
}

enum err apply_facts_signed(struct taking *t)
{
    static const char *const ways[] = { "signature", "seal", "fingerprint", NULL };
    struct beside *b = beside_of(t);
    struct party *p;
    TRY(the_party(t, &p));
    TRY(word_of_own(t, p));
    TRY(one_of(t, "how", t->args->how, ways, MSG("方式是 signature、seal 或 fingerprint",
        "The way is signature, seal or fingerprint")));
    if (number_in(b->facts_signed, p->no))
        return cx_fail(t->cx, E_INPUT, "party",
            MSG("这位当事人已签署", "This party has signed already"));
    b->facts_signed = number_added(t->cx, b->facts_signed, p->no);
    has_spoken_now(t, p);
    entry_fact_text(&t->entry, "how", t->args->how);
    return OK;
}
