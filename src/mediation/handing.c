/* handing.c: who of the parties agreed to be handed over, in what way and when; what a hand-over
 * says of a dispute rests on it. */
#include "mediation/course.h"

bool consent_cut(struct str *rest, struct consented *ret)
{
    struct str how, at, one = str_cut(*rest, ' ', rest), no = str_cut(one, ':', &how);
    how = str_cut(how, ':', &at);
    *ret = (struct consented){ 0, I64_NONE, how };
    if (at.n && !str_to_i64(at, &ret->at_ms))
        ret->at_ms = I64_NONE;
    return str_to_i64(no, &ret->party);
}

static bool has_agreed(struct str consents, int64_t no)
{
    struct consented h;
    while (consent_cut(&consents, &h))
        if (h.party == no)
            return true;
    return false;
}

bool consents_name(const struct beside *b, struct str consents, const struct party *p)
{
    struct consented c;
    while (consent_cut(&consents, &c)) {
        const struct party *by = party_numbered(b, c.party);
        if (c.party == p->no || (by && by->stands_for == p->no))
            return true;
    }
    return false;
}

/* A paper of before may be entered later, but not one of another quarrel. */
static enum err time_check(struct cx *cx, const struct matter *m, int64_t at_ms)
{
    enum { BEFORE_DAYS = 30 };
    if (at_ms <= cx->now_ms && at_ms >= m->created_ms - BEFORE_DAYS * (int64_t)CLOCK_DAY_MS)
        return OK;
    return cx_fail(cx, E_INPUT, "consents", MSG("同意的时间不能晚于现在，也不能早于登记前三十日，请核对",
        "Consent lies neither in the future nor more than 30 days before the"
        " registration; correct it"));
}

static enum err speaker_check(struct cx *cx, const struct party *p)
{
    if (p == NULL)
        return cx_fail(cx, E_INPUT, "consents", MSG("没有这个序号的当事人",
            "There is no party with this number"));
    if (p->minor)
        return cx_fail(cx, E_INPUT, "consents", MSG("未成年人由监护人表示同意，请填监护人的序号",
            "For somebody under age the guardian agrees; give the guardian's number"));
    return OK;
}

enum err consents_take(struct cx *cx, const struct beside *b, const struct matter *m,
    struct list given, struct str *ret)
{
    const struct step_consent *c = given.p;
    *ret = STR("");
    for (size_t i = 0; i < given.n; i++) {
        int64_t at_ms = c[i].at_ms == I64_NONE ? cx->now_ms : c[i].at_ms;
        bool known = false;
        for (size_t k = 0; manners[k]; k++)
            known |= str_is(c[i].how, manners[k]);
        if (!known)
            return cx_fail(cx, E_INPUT, "consents", MANNERS);
        TRY(speaker_check(cx, party_numbered(b, c[i].party)));
        TRY(time_check(cx, m, at_ms));
        if (!has_agreed(*ret, c[i].party))
            *ret = arena_fmt(cx->a, "%.*s%s%lld:%.*s:%lld", STR_FMT(*ret), ret->n ? " " : "",
                (long long)c[i].party, STR_FMT(c[i].how), (long long)at_ms);
    }
    return OK;
}

/* The dispute as if these consents were the word on mediation: each party's, or that of who speaks
 * for it. */
static struct beside with_consents(struct arena *a, const struct beside *b, struct str consents)
{
    struct beside asked = *b;
    struct party *p = NEW_N(a, struct party, b->parties.n + 1);
    if (b->parties.n)
        memcpy(p, b->parties.p, b->parties.n * sizeof(*p));
    for (size_t i = 0; i < b->parties.n; i++)
        p[i].consent = has_agreed(consents, p[i].no) ? STR("given") : STR("asked");
    asked.parties.p = p;
    return asked;
}

bool consents_cover(struct arena *a, const struct beside *b, struct str consents)
{
    struct beside asked = with_consents(a, b, consents);
    const struct party *p = asked.parties.p;
    for (size_t i = 0; i < asked.parties.n; i++)
        if (is_principal(&p[i]) && !word_on_mediation(&asked, &p[i]))
            return false;
    return asked.parties.n > 0;
}

enum err consents_of_all(const struct taking *t, struct str consents, struct msg text)
{
    struct taking asked = *t;
    struct beside b = with_consents(t->cx->a, beside_of(t), consents);
    asked.side = &b;
    return consents_cover(t->cx->a, beside_of(t), consents) ? OK
        : cx_fail(t->cx, E_INPUT, "consents", word_lacks(&asked, text));
}
