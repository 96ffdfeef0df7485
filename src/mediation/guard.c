/* guard.c: what forbids a step of a mediation, as sentences people can read. */
#include "mediation/course.h"

struct party *party_numbered(const struct beside *b, int64_t no)
{
    struct party *p = b->parties.p;
    for (size_t i = 0; i < b->parties.n; i++)
        if (p[i].no == no)
            return &p[i];
    return NULL;
}

struct mediator *mediator_of(const struct beside *b, int64_t account)
{
    struct mediator *m = b->mediators.p;
    for (size_t i = 0; i < b->mediators.n; i++)
        if (m[i].account == account)
            return &m[i];
    return NULL;
}

struct promise_row *promise_numbered(const struct beside *b, int64_t no)
{
    struct promise_row *p = b->promises.p;
    for (size_t i = 0; i < b->promises.n; i++)
        if (p[i].no == no)
            return &p[i];
    return NULL;
}

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

/* The party's own word, or that of who acts for it; of a minor only the guardian's counts. */
static bool word_is_given(const struct beside *b, const struct party *of,
    bool (*given)(const struct party *))
{
    const struct party *p = b->parties.p;
    if (!of->minor && given(of))
        return true;
    for (size_t i = 0; i < b->parties.n; i++)
        if (p[i].stands_for == of->no && given(&p[i])
            && (!of->minor || str_is(p[i].role, "guardian")))
            return true;
    return false;
}

static bool all_have(const struct beside *b, bool (*given)(const struct party *))
{
    const struct party *p = b->parties.p;
    for (size_t i = 0; i < b->parties.n; i++)
        if (str_is(p[i].role, "party") && !word_is_given(b, &p[i], given))
            return false;
    return both_sides(b);
}

bool both_sides(const struct beside *b)
{
    const struct party *p = b->parties.p;
    bool applicant = false, respondent = false;
    for (size_t i = 0; i < b->parties.n; i++) {
        applicant = applicant || (str_is(p[i].role, "party") && str_is(p[i].side, "applicant"));
        respondent = respondent || (str_is(p[i].role, "party") && str_is(p[i].side, "respondent"));
    }
    return applicant && respondent;
}

/* One clear refusal is enough, whoever of the parties speaks it (article 17). */
bool all_consent(const struct beside *b)
{
    const struct party *p = b->parties.p;
    for (size_t i = 0; i < b->parties.n; i++)
        if (str_is(p[i].consent, "refused") || str_is(p[i].consent, "withdrawn"))
            return false;
    return all_have(b, consents);
}

int64_t consent_since(const struct beside *b)
{
    const struct party *p = b->parties.p;
    int64_t since = 0;
    for (size_t i = 0; i < b->parties.n; i++)
        since = p[i].consent_ms > since ? p[i].consent_ms : since;
    return since;
}

bool all_told(const struct beside *b)
{
    return all_have(b, is_told);
}

bool all_signed(const struct beside *b)
{
    return all_have(b, has_signed);
}

int64_t binds_since(const struct beside *b)
{
    const struct party *p = b->parties.p;
    const struct mediator *m = b->mediators.p;
    int64_t last = b->dispute.sealed_ms, by_mediator = I64_NONE;
    for (size_t i = 0; i < b->mediators.n; i++)
        by_mediator = m[i].signed_ms > by_mediator ? m[i].signed_ms : by_mediator;
    if (!all_signed(b) || last == I64_NONE || by_mediator == I64_NONE)
        return I64_NONE;
    last = by_mediator > last ? by_mediator : last;
    for (size_t i = 0; i < b->parties.n; i++)
        last = p[i].signed_ms > last ? p[i].signed_ms : last;
    return last;
}

int64_t next_promise_ms(const struct beside *b)
{
    const struct promise_row *p = b->promises.p;
    int64_t next = I64_NONE;
    for (size_t i = 0; i < b->promises.n; i++)
        if (p[i].kept_ms == I64_NONE && p[i].broken_ms == I64_NONE
            && (next == I64_NONE || p[i].due_ms < next))
            next = p[i].due_ms;
    return next;
}

struct msg guard_parties(const struct taking *t)
{
    if (beside_of(t)->parties.n >= PARTIES_MAX)
        return MSG("当事人太多，请推选代表人", "Too many parties; let them choose representatives");
    return NOTHING_FORBIDS;
}

struct msg guard_accepting(const struct taking *t)
{
    const struct beside *b = beside_of(t);
    if (!both_sides(b))
        return MSG("双方当事人都登记后才能受理", "Both sides must be registered first");
    if (!all_consent(b))
        return MSG("还有当事人没有同意调解，未成年人由监护人同意",
            "A party has not consented yet; for a minor the guardian does");
    return NOTHING_FORBIDS;
}

struct msg guard_naming(const struct taking *t)
{
    if (beside_of(t)->mediators.n >= MEDIATORS_MAX)
        return MSG("调解员已有九名", "There are nine mediators already");
    return NOTHING_FORBIDS;
}

struct msg guard_sitting(const struct taking *t)
{
    const struct beside *b = beside_of(t);
    if (!all_consent(b))
        return MSG("有当事人没有（或不再）同意，不能调解", "A party has not consented, or no longer does");
    if (!all_told(b))
        return MSG("先向每位当事人告知权利义务", "Tell every party their rights and duties first");
    if (b->mediators.n == 0)
        return MSG("先确定调解员", "Name a mediator first");
    return NOTHING_FORBIDS;
}

static bool is_mediator(const struct taking *t)
{
    return t->cx->actor.kind == ACTOR_STAFF
        && mediator_of(beside_of(t), t->cx->actor.account) != NULL;
}

struct msg guard_caucus(const struct taking *t)
{
    if (!is_mediator(t))
        return MSG("单独谈话由本案调解员记录", "Only a mediator of this case records such talks");
    return guard_sitting(t);
}

struct msg guard_lengthen(const struct taking *t)
{
    if (t->before->extended >= EXTENSIONS_MAX)
        return MSG("已延长两次，不能再延", "It has been lengthened twice already");
    return NOTHING_FORBIDS;
}

struct msg guard_agreement(const struct taking *t)
{
    if (beside_of(t)->sittings == 0)
        return MSG("先记录一次调解", "Record a session first");
    return guard_sitting(t);
}

struct msg guard_oral(const struct taking *t)
{
    if (beside_of(t)->dispute.written)
        return MSG("当事人要求书面协议，不能用口头协议", "A party asked for a written agreement");
    return guard_agreement(t);
}

struct msg guard_own_signature(const struct taking *t)
{
    const struct mediator *m = mediator_of(beside_of(t), t->cx->actor.account);
    if (m == NULL)
        return MSG("由本案调解员签名", "For a mediator of this case");
    if (m->signed_ms != I64_NONE)
        return MSG("您已签名", "You have signed already");
    return NOTHING_FORBIDS;
}

struct msg guard_seal(const struct taking *t)
{
    if (beside_of(t)->dispute.sealed_ms != I64_NONE)
        return MSG("已盖章", "It is sealed already");
    return NOTHING_FORBIDS;
}

struct msg guard_again(const struct taking *t)
{
    const struct promise_row *p = beside_of(t)->promises.p;
    for (size_t i = 0; i < beside_of(t)->promises.n; i++)
        if (p[i].broken_ms != I64_NONE)
            return NOTHING_FORBIDS;
    return MSG("先记录哪一项没有履行", "Record first what was not kept");
}

struct msg guard_confirm(const struct taking *t)
{
    const struct dispute *d = &beside_of(t)->dispute;
    const struct dispute_type *type = dispute_type_by(d->type);
    if (type == NULL || type->status)
        return MSG("涉及身份关系的协议不能申请司法确认",
            "Agreements on family status cannot be confirmed by the court");
    if (d->confirm.n)
        return MSG("已申请司法确认", "It has been applied for already");
    if (t->cx->now_ms > d->effective_ms + CONFIRM_DAYS * (int64_t)CLOCK_DAY_MS)
        return MSG("已过生效后三十日的申请期限", "The thirty days after it took effect are over");
    return NOTHING_FORBIDS;
}

struct msg guard_decision(const struct taking *t)
{
    if (!str_is(beside_of(t)->dispute.confirm, "applied"))
        return MSG("没有等待裁定的申请", "No application is waiting for a decision");
    return NOTHING_FORBIDS;
}

struct msg guard_own_consent(const struct taking *t)
{
    const struct party *p = party_numbered(beside_of(t), t->cx->actor.no);
    if (p == NULL || consents(p))
        return MSG("您已同意调解", "You have agreed already");
    return NOTHING_FORBIDS;
}
