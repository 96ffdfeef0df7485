/* correct.c: what was noted of a party by mistake: its name, telephone or kind is put right, or it
 * is taken out before it said a word. What a party agreed to as somebody else counts no longer. */
#include "matter/intake.h"
#include "mediation/course.h"

/* Documents name parties as the record does, so what was signed keeps the name it was signed under;
 * whoever was noted later stands in none of those before. */
static bool is_signed_with(const struct beside *b, const struct party *p)
{
    const struct party *all = b->parties.p;
    const struct agreement *g = b->earlier.p;
    for (size_t i = 0; i < b->parties.n; i++)
        if (all[i].signed_ms != I64_NONE)
            return true;
    for (size_t i = 0; i < b->earlier.n; i++)
        if (g[i].effective_ms >= p->since_ms)
            return true;
    return b->dispute.effective_ms != I64_NONE
        || (b->facts_signed.n > 0 && b->facts_ms >= p->since_ms);
}

struct msg guard_correcting(const struct taking *t)
{
    return beside_of(t)->parties.n ? NOTHING_FORBIDS
        : MSG("还没有登记当事人", "No party is registered yet");
}

static enum err signed_check(struct taking *t, const struct party *p, const char *field)
{
    if (str_is(t->before->state, "signing"))
        return cx_fail(t->cx, E_INPUT, field, MSG("协议已写成，正在签署：请先办理“未签署，恢复调解”，再更正；"
            "电话可以直接改", "The agreement is being signed: first take \"Not signed, mediate on\", then"
            " correct it; the telephone may change at once"));
    if (!is_signed_with(beside_of(t), p))
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

/* What was said to guests and departments was said by whoever had the name before. */
static void take_back_their_word(struct taking *t, const struct party *p)
{
    struct guest *g = beside_of(t)->guests.p;
    for (size_t i = 0; i < beside_of(t)->guests.n; i++) {
        g[i].agreed = number_removed(t->cx, g[i].agreed, p->no);
        g[i].admitted_ms = I64_NONE;
    }
    t->m.cohandling = 0;
}

/* Who has the name already is not somebody else. */
static enum err name_take(struct taking *t, const struct party *p, bool *ret)
{
    struct str name = t->args->name;
    bool same = false;
    *ret = false;
    if (name.n == 0)
        return OK;
    if (str_visible_chars(name) == 0)
        return cx_fail(t->cx, E_INPUT, "name", MSG("请填写姓名或单位名称", "Give the name"));
    TRY(reporter_is_called(t->cx, t->before, p->no, str_trim(name), &same));
    *ret = !same;
    return OK;
}

/* With a name goes what was wrong: a slip in writing leaves everything else as it is. */
static enum err wrong_take(struct taking *t, bool name)
{
    struct str reason = t->args->reason;
    if (!name)
        return OK;
    if (!step_reason_known(t->step->action, reason))
        return cx_fail(t->cx, E_INPUT, "reason", MSG("改姓名请选哪里错了：字写错了（spelling，还是同一位），"
            "还是登成了别人（person）", "With a name say what was wrong: a slip in writing (spelling, the"
            " same one), or the wrong one altogether (person)"));
    beside_of(t)->replaced = str_is(reason, "person");
    entry_fact_text(&t->entry, "reason", reason);
    return OK;
}

/* The entry says what was changed and not into what: that lies sealed. */
enum err apply_correcting(struct taking *t)
{
    const struct step_args *a = t->args;
    struct buf words = buf_in(t->cx->a, 64);
    struct party *p;
    bool name, phone = a->phone.n > 0;
    TRY(the_party(t, &p));
    TRY(name_take(t, p, &name));
    bool kind = a->kind.n > 0 && !str_eq(a->kind, p->kind);
    if (!name && !phone && !kind)
        return cx_fail(t->cx, E_INPUT, "name", a->name.n || a->kind.n
            ? MSG("与已登记的相同，没有要更正的", "It is as it is noted already; nothing changes")
            : MSG("请填写要更正的姓名、电话，或改选个人、单位",
                "Give the right name or telephone, or the other kind"));
    if (name || kind)
        TRY(signed_check(t, p, name ? "name" : "kind"));
    if (kind)
        TRY(kind_change(t, p));
    TRY(reporter_phone_check(t->cx, "phone", phone ? str_trim(a->phone) : STR("")));
    TRY(wrong_take(t, name));
    beside_of(t)->renamed = name;
    if (beside_of(t)->replaced || kind)
        ask_this_one_anew(t, p);
    if (beside_of(t)->replaced)
        take_back_their_word(t, p);
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
    bool name = beside_of(t)->renamed;
    TRY(reporter_correct(t->cx, &t->m, p->no, name ? str_trim(a->name) : STR(""),
        a->phone.n ? str_trim(a->phone) : STR(""), beside_of(t)->replaced));
    if (beside_of(t)->replaced)
        TRY(parts_end(t, STR("%")));
    if (a->kind.n && str_is(p->kind, "person"))
        TRY(corporate_put(t->cx, &t->m, p->no, &none));
    return store_beside(t);
}

/* Taking one out --------------------------------------------------------------------------- */

struct msg guard_dropping(const struct taking *t)
{
    const struct party *p = beside_of(t)->parties.p;
    if (beside_of(t)->parties.n < 2)
        return MSG("至少留一位当事人", "At least one party stays");
    for (size_t i = 0; i < beside_of(t)->parties.n; i++)
        if (p[i].spoken_ms == I64_NONE)
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
    return found;
}

/* Whoever is taken out was no party: nobody owes them an answer, and their code opens nothing. */
enum err apply_dropping(struct taking *t)
{
    struct beside *b = beside_of(t);
    struct party *all = b->parties.p, *p;
    TRY(the_party(t, &p));
    if (p->spoken_ms != I64_NONE)
        return cx_fail(t->cx, E_INPUT, "party", MSG("这一位已表示过意见，不能删去；不参加的请记录不同意",
            "This one has said a word and is not taken out; who takes no part is recorded as refusing"));
    if (is_signed_with(b, p))
        return cx_fail(t->cx, E_INPUT, "party", MSG("以前签署的协议或无争议事实里有这一位，不能删去",
            "What was signed before names this one, who is not taken out"));
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
