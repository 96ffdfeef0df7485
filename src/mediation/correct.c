/* correct.c: what was noted of a party by mistake: its name, telephone or kind is put right, or it
 * is taken out before it said a word. What a party agreed to as somebody else counts no longer. */
#include "matter/intake.h"
#include "mediation/course.h"

/* Documents name parties as the record does, so what was signed keeps the name it was signed under. */
static bool is_signed(const struct beside *b)
{
    const struct party *p = b->parties.p;
    for (size_t i = 0; i < b->parties.n; i++)
        if (p[i].signed_ms != I64_NONE)
            return true;
    return b->earlier.n > 0 || b->dispute.effective_ms != I64_NONE || b->facts_signed.n > 0;
}

struct msg guard_correcting(const struct taking *t)
{
    return beside_of(t)->parties.n ? NOTHING_FORBIDS
        : MSG("还没有登记当事人", "No party is registered yet");
}

static enum err signed_check(struct taking *t, const char *field)
{
    if (!is_signed(beside_of(t)))
        return OK;
    return cx_fail(t->cx, E_INPUT, field, MSG("已有人签署，姓名、个人或单位不能再改；电话可以改",
        "Something has been signed: name and kind stay as they are; the telephone may change"));
}

/* Whoever acts for others, or is under age, is a person. */
static enum err kind_change(struct taking *t, struct party *p)
{
    static const char *const kinds[] = { "person", "organisation", NULL };
    struct str kind = t->args->kind;
    TRY(one_of(t, "kind", kind, kinds, MSG("当事人是 person（个人）或 organisation（单位）",
        "A party is a person or an organisation")));
    if (str_is(kind, "organisation") && (p->minor || str_is(p->role, "guardian")))
        return cx_fail(t->cx, E_INPUT, "kind", MSG("未成年人、监护人是个人，不能改为单位",
            "Whoever is under age or a guardian is a person, no organisation"));
    p->kind = kind;
    p->described = 0;
    return OK;
}

/* A name put right may be somebody else's: their word and their rights are asked for anew. */
static void ask_this_one_anew(struct taking *t, struct party *p)
{
    p->consent = STR("asked");
    p->consent_how = STR("");
    if (p->consent_ms != I64_NONE)
        p->consent_ms = t->cx->now_ms;
    p->told_ms = p->stop_ms = I64_NONE;
}

/* The entry says what was changed and not into what: that lies sealed. */
enum err apply_correcting(struct taking *t)
{
    const struct step_args *a = t->args;
    struct buf words = buf_in(t->cx->a, 64);
    struct party *p;
    bool name = a->name.n > 0, phone = a->phone.n > 0;
    TRY(the_party(t, &p));
    bool kind = a->kind.n > 0 && !str_eq(a->kind, p->kind);
    if (!name && !phone && !kind)
        return cx_fail(t->cx, E_INPUT, "name", MSG("请填写要更正的姓名、电话，或改选个人、单位",
            "Give the right name or telephone, or the other kind"));
    if (name || kind)
        TRY(signed_check(t, name ? "name" : "kind"));
    if (name && str_visible_chars(a->name) == 0)
        return cx_fail(t->cx, E_INPUT, "name", MSG("请填写姓名或单位名称", "Give the name"));
    if (kind)
        TRY(kind_change(t, p));
    TRY(reporter_phone_check(t->cx, "phone", phone ? str_trim(a->phone) : STR("")));
    if (name || kind)
        ask_this_one_anew(t, p);
    struct { const char *word; bool is; } all[] = { { "name", name }, { "phone", phone },
        { "kind", kind } };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (all[i].is)
            buf_fmt(&words, "%s%s", words.n ? " " : "", all[i].word);
    entry_fact_text(&t->entry, "changed", buf_str(&words));
    return apply_note(t);
}

enum err store_corrected(struct taking *t)
{
    const struct step_args *a = t->args;
    const struct party *p = party_numbered(beside_of(t), a->party);
    static const struct corporate none = { { "", 0 }, { "", 0 }, { "", 0 }, { "", 0 } };
    CHECK(p != NULL);
    TRY(reporter_correct(t->cx, &t->m, p->no, a->name.n ? str_trim(a->name) : STR(""),
        a->phone.n ? str_trim(a->phone) : STR("")));
    if (a->kind.n && str_is(p->kind, "person"))
        TRY(corporate_put(t->cx, &t->m, p->no, &none));
    return store_beside(t);
}

/* Taking one out --------------------------------------------------------------------------- */

static bool has_spoken(const struct party *p)
{
    return p->consent_ms != I64_NONE || p->signed_ms != I64_NONE || p->court_ms != I64_NONE
        || p->title_ms != I64_NONE || p->stop_ms != I64_NONE;
}

struct msg guard_dropping(const struct taking *t)
{
    const struct party *p = beside_of(t)->parties.p;
    if (beside_of(t)->parties.n < 2)
        return MSG("至少留一位当事人", "At least one party stays");
    for (size_t i = 0; i < beside_of(t)->parties.n; i++)
        if (!has_spoken(&p[i]))
            return NOTHING_FORBIDS;
    return MSG("都已表示过意见，不能删去", "All have said their word; none is taken out");
}

/* Nothing of a party that somebody acts for, or that was agreed upon, may hang in the air. */
static bool is_named_elsewhere(const struct beside *b, int64_t no)
{
    const struct party *p = b->parties.p;
    const struct guest *g = b->guests.p;
    const struct transfer *r = b->transfers.p;
    const struct promise_row *o = b->promises.p;
    struct consented c;
    bool found = number_in(b->facts_signed, no);
    for (size_t i = 0; i < b->parties.n; i++)
        found |= p[i].stands_for == no;
    for (size_t i = 0; i < b->guests.n; i++)
        found |= number_in(g[i].agreed, no);
    for (size_t i = 0; i < b->promises.n; i++)
        found |= o[i].party == no;
    for (size_t i = 0; i < b->transfers.n; i++)
        for (struct str rest = r[i].consents; consent_cut(&rest, &c);)
            found |= c.party == no;
    return found || b->earlier.n > 0;
}

/* Whoever is taken out was no party: nobody owes them an answer, and their code opens nothing. */
enum err apply_dropping(struct taking *t)
{
    struct beside *b = beside_of(t);
    struct party *all = b->parties.p, *p;
    TRY(the_party(t, &p));
    if (has_spoken(p))
        return cx_fail(t->cx, E_INPUT, "party", MSG("这一位已表示过意见，不能删去；不参加的请记录不同意",
            "This one has said a word and is not taken out; who takes no part is recorded as refusing"));
    if (is_named_elsewhere(b, p->no))
        return cx_fail(t->cx, E_INPUT, "party", MSG("还有代理人、监护人代表这一位，或已写进移送、邀请、协议：请先处理",
            "Somebody acts for this one, or a hand-over, an invitation or an agreement names it: deal"
            " with that first"));
    if (b->parties.n < 2)
        return cx_fail(t->cx, E_INPUT, "party", guard_dropping(t));
    size_t at = (size_t)(p - all);
    memmove(&all[at], &all[at + 1], (b->parties.n - at - 1) * sizeof(*all));
    b->parties.n--;
    t->m.reporters--;
    t->m.unanswered--;
    return apply_note(t);
}

enum err store_dropped(struct taking *t)
{
    TRY(reporter_remove(t->cx, &t->m, t->args->party));
    return store_beside(t);
}
