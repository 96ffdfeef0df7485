/* team.c: who mediates and what they disclose, who is invited, who mediates along. */
#include "mediation/course.h"

struct mediator *mediator_of(const struct beside *b, int64_t account)
{
    struct mediator *m = b->mediators.p;
    for (size_t i = 0; i < b->mediators.n; i++)
        if (m[i].account == account && m[i].left_ms == I64_NONE)
            return &m[i];
    return NULL;
}

size_t mediators_now(const struct beside *b)
{
    const struct mediator *m = b->mediators.p;
    size_t n = 0;
    for (size_t i = 0; i < b->mediators.n; i++)
        n += m[i].left_ms == I64_NONE;
    return n;
}

/* Nine of one case, whoever left counted in; of those who left each may come back. */
struct msg guard_naming(const struct taking *t)
{
    const struct beside *b = beside_of(t);
    if (b->mediators.n >= MEDIATORS_MAX && mediators_now(b) == b->mediators.n)
        return MSG("调解员已有九名", "There are nine mediators already");
    return NOTHING_FORBIDS;
}

/* The row of a mediator: of one who left, or a new one; E_INPUT for whoever mediates already. */
static enum err mediator_take(struct taking *t, struct mediator **ret)
{
    struct beside *b = beside_of(t);
    size_t n = b->mediators.n, at = 0;
    struct mediator *all = NEW_N(t->cx->a, struct mediator, n + 1);
    if (n)
        memcpy(all, b->mediators.p, n * sizeof(*all));
    while (at < n && all[at].account != t->args->mediator)
        at++;
    if (at < n && all[at].left_ms == I64_NONE)
        return cx_fail(t->cx, E_INPUT, "mediator", MSG("已是本案调解员", "Is a mediator of it already"));
    if (at == MEDIATORS_MAX)
        return cx_fail(t->cx, E_INPUT, "mediator", MSG("本案先后已有九名调解员，只能从中再次确定",
            "Nine have mediated this case already; name one of them again"));
    if (at == n) {
        all[n] = (struct mediator){ .account = t->args->mediator, .disclosure = STR("") };
        n++;
    }
    b->mediators = (struct list){ all, n };
    *ret = &all[at];
    return OK;
}

/* Whoever has an interest says so, and then everybody is asked again; what somebody disclosed
 * before they left, they disclosed. */
enum err apply_naming(struct taking *t)
{
    static const char *const chosen[] = { "parties", "committee", NULL };
    struct str told = t->args->note.n ? str_trim(t->args->note) : STR("");
    struct mediator *m;
    TRY(one_of(t, "how", t->args->how, chosen, MSG("由 parties（当事人选定）或 committee（调委会指定）",
        "Chosen by parties or by committee")));
    TRY(mediator_take(t, &m));
    *m = (struct mediator){ m->account, t->args->how, told.n ? told : m->disclosure, t->cx->now_ms,
        I64_NONE, I64_NONE };
    if (t->m.holder == 0)
        t->m.holder = t->args->mediator;
    if (m->disclosure.n)
        ask_anew(t);
    entry_fact_text(&t->entry, "chosen", t->args->how);
    entry_fact_number(&t->entry, "disclosed", m->disclosure.n > 0);
    return apply_note(t);
}

struct msg guard_disclosing(const struct taking *t)
{
    if (mediator_of(beside_of(t), t->cx->actor.account) == NULL)
        return MSG("由本案调解员本人披露", "For a mediator of this case themselves");
    return NOTHING_FORBIDS;
}

/* What comes to light later counts as if it had been said at once. */
enum err apply_disclosing(struct taking *t)
{
    struct mediator *m = mediator_of(beside_of(t), t->cx->actor.account);
    CHECK(m != NULL);
    m->disclosure = str_trim(t->args->note);
    ask_anew(t);
    return apply_note(t);
}

enum err apply_leaving(struct taking *t)
{
    struct beside *b = beside_of(t);
    struct mediator *m = mediator_of(b, t->args->mediator), *all = b->mediators.p;
    if (m == NULL)
        return cx_fail(t->cx, E_INPUT, "mediator",
            MSG("不是本案调解员", "Is no mediator of this case"));
    m->left_ms = t->cx->now_ms;
    for (size_t i = 0; i < b->mediators.n && t->m.holder == m->account; i++)
        if (all[i].left_ms == I64_NONE)
            t->m.holder = all[i].account;
    if (t->m.holder == m->account)
        t->m.holder = 0;
    return apply_note(t);
}

/* The committee stays responsible; the store asks whether the studio is its own. */
enum err apply_studio(struct taking *t)
{
    beside_of(t)->dispute.studio = t->args->studio;
    entry_fact_number(&t->entry, "studio", t->args->studio);
    return apply_note(t);
}

/* Guests ----------------------------------------------------------------------------------- */

bool number_in(struct str numbers, int64_t no)
{
    int64_t n;
    while (numbers.n)
        if (str_to_i64(str_cut(numbers, ' ', &numbers), &n) && n == no)
            return true;
    return false;
}

struct str number_removed(struct cx *cx, struct str numbers, int64_t no)
{
    struct str left = STR("");
    int64_t n;
    while (numbers.n)
        if (str_to_i64(str_cut(numbers, ' ', &numbers), &n) && n != no)
            left = number_added(cx, left, n);
    return left;
}

struct str number_added(struct cx *cx, struct str numbers, int64_t no)
{
    return arena_fmt(cx->a, "%.*s%s%lld", STR_FMT(numbers), numbers.n ? " " : "", (long long)no);
}

struct msg guard_guests(const struct taking *t)
{
    if (beside_of(t)->guests.n >= GUESTS_MAX)
        return MSG("邀请的人太多", "Too many people are invited");
    return NOTHING_FORBIDS;
}

enum err apply_invite(struct taking *t)
{
    TRY(one_of(t, "how", t->args->how, guest_kinds, MSG("身份是 relative、neighbour、colleague、expert "
        "或 other", "They are relative, neighbour, colleague, expert or other")));
    entry_fact_number(&t->entry, "guest", (int64_t)beside_of(t)->guests.n + 1);
    entry_fact_text(&t->entry, "kind", t->args->how);
    return apply_note(t);
}

static bool has_agent_choosing(const struct beside *b, const struct party *of)
{
    const struct party *p = b->parties.p;
    for (size_t i = 0; i < b->parties.n; i++)
        if (p[i].stands_for == of->no && str_is(p[i].role, "agent")
            && str_has_word(p[i].scope, STR("choose")))
            return true;
    return false;
}

/* Whose word on a guest counts: that of whoever sits there. An agent's is asked for, and stands for
 * the party's own if the authority reaches to choosing; a minor's guardian speaks in their place. */
static bool is_asked(const struct beside *b, const struct party *p)
{
    if (!is_principal(p))
        return true;
    return !p->minor && !has_agent_choosing(b, p);
}

/* With the consent of the parties (article 20): of each of them, and of those who act for them. */
enum err apply_admit(struct taking *t)
{
    struct beside *b = beside_of(t);
    struct guest *g = b->guests.p;
    const struct party *p = b->parties.p;
    struct party *who;
    size_t i = 0;
    bool all = true;
    while (i < b->guests.n && g[i].no != t->args->guest)
        i++;
    if (i == b->guests.n)
        return cx_fail(t->cx, E_INPUT, "guest",
            MSG("没有邀请这个序号的人", "Nobody with this number is invited"));
    TRY(the_party(t, &who));
    if (!is_asked(b, who) || number_in(g[i].agreed, who->no))
        return cx_fail(t->cx, E_INPUT, "party", MSG("由当事人、代理人或监护人同意，每人一次；"
            "未成年人由监护人同意，代理人有权选择的由代理人同意", "Parties, agents and guardians agree, each"
            " once; for a minor the guardian, and for whoever has an agent to choose that agent"));
    g[i].agreed = number_added(t->cx, g[i].agreed, who->no);
    has_spoken_now(t, who);
    for (size_t k = 0; k < b->parties.n; k++)
        all = all && (!is_asked(b, &p[k]) || number_in(g[i].agreed, p[k].no));
    if (all)
        g[i].admitted_ms = t->cx->now_ms;
    entry_fact_number(&t->entry, "guest", g[i].no);
    return OK;
}

/* Departments ------------------------------------------------------------------------------ */

struct msg guard_joint(const struct taking *t)
{
    if (!all_consent(beside_of(t)))
        return MSG("先征得各方同意，再请其他单位参加", "Ask others only with everybody's consent");
    return NOTHING_FORBIDS;
}

/* Who helps reads the file, so each party agrees to it beforehand (People's Mediation Law, 20). */
enum err apply_joint(struct taking *t)
{
    struct str consents;
    TRY(consents_take(t->cx, beside_of(t), t->before, t->args->consents, &consents));
    TRY(consents_of_all(t, consents, MSG("协办单位看得到这件纠纷：请先征得当事人同意，填写谁、方式、时间。还没有同意",
        "A unit that helps reads the dispute: ask the parties first, and note who agreed, how and"
        " when. Not agreed")));
    entry_fact_text(&t->entry, "consents", consents);
    for (struct consented c; consent_cut(&consents, &c);)
        has_spoken_now(t, party_numbered(beside_of(t), c.party));
    return apply_cohandle(t);
}
