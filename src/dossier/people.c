/* people.c: who is in a dispute, as its documents name them: parties, those who act for them, and
 * mediators. What the record does not keep (sex, age, address) stays for the pen. */
#include "dossier/dossier.h"
#include "mediation/course.h"

/* 申请人, 申请人小丙的法定代理人: whose, where names are open. */
struct str party_title(const struct case_file *d, const struct party *p)
{
    const char *side = str_is(p->side, "applicant") ? "申请人" : "被申请人";
    const char *role = str_is(p->role, "agent") ? "的委托代理人"
        : str_is(p->role, "guardian") ? "的法定代理人"
        : str_is(p->role, "representative") ? "代表人" : "";
    struct str of = p->stands_for ? party_name(d, p->stands_for) : STR_NONE;
    return arena_fmt(d->cx->a, "%s%.*s%s", side, STR_FMT(of), role);
}

/* Whether p is of, acts for it, or has it act for itself. */
static bool is_with(const struct case_file *d, int64_t of, const struct party *p)
{
    const struct party *self = party_numbered(d->b, of);
    return of == 0 || p->no == of || p->stands_for == of || (self && self->stands_for == p->no);
}

/* Who claims what of whom is known to both sides; who stands beside a party is not told to it. */
static bool is_named(const struct case_file *d, const struct party *p)
{
    const struct party *self = party_numbered(d->b, d->names_of);
    return is_with(d, d->names_of, p)
        || (d->names_across && self && !str_eq(self->side, p->side));
}

static const struct contact *contact_of(const struct case_file *d, int64_t no)
{
    const struct contact *c = d->contacts.p;
    const struct party *p = party_numbered(d->b, no);
    if (p == NULL || !is_named(d, p))
        return NULL;
    for (size_t i = 0; i < d->contacts.n; i++)
        if (c[i].no == no)
            return &c[i];
    return NULL;
}

struct str party_name(const struct case_file *d, int64_t no)
{
    const struct contact *c = contact_of(d, no);
    return c ? c->name : STR_NONE;
}

static struct str party_phone(const struct case_file *d, int64_t no)
{
    const struct contact *c = contact_of(d, no);
    const struct party *p = party_numbered(d->b, no);
    return c && is_with(d, d->phones_of, p) ? c->phone : STR_NONE;
}

struct str parties_named(const struct case_file *d, struct str consents)
{
    const struct party *p = d->b->parties.p;
    struct buf b = buf_in(d->cx->a, 1 << 14);
    for (size_t i = 0; i < d->b->parties.n; i++) {
        if (consents.p == NULL || consents_name(d->b, consents, &p[i]))
            buf_fmt(&b, "%s%.*s%.*s", b.n ? "、" : "", STR_FMT(party_title(d, &p[i])),
                STR_FMT(party_name(d, p[i].no)));
    }
    return buf_str(&b);
}

/* Whoever acts for them, with a comma between. */
static struct str agents_of(const struct case_file *d, const struct party *of)
{
    const struct party *p = d->b->parties.p;
    struct buf b = buf_in(d->cx->a, 4096);
    for (size_t i = 0; i < d->b->parties.n; i++)
        if (p[i].stands_for == of->no && party_name(d, p[i].no).n)
            buf_fmt(&b, "%s%.*s", b.n ? "、" : "", STR_FMT(party_name(d, p[i].no)));
    return buf_str(&b);
}

static struct str signed_in(struct str how)
{
    return str_is(how, "signature") ? STR("签名") : str_is(how, "seal") ? STR("盖章")
        : str_is(how, "fingerprint") ? STR("按指印") : STR_NONE;
}

/* Signing may be recorded later than it was done; the row has the day of the last time. */
static int64_t happened_at(const struct line *l, const struct party *p)
{
    return p && p->signed_ms != I64_NONE && p->signed_ms < l->at_ms ? p->signed_ms : l->at_ms;
}

/* 甲（签名，2026年7月1日）, when that is recorded of what was agreed, or noted as undisputed, at this
 * entry. */
static struct str signed_by(const struct case_file *d, const struct line *at, struct str name,
    const struct party *p, int64_t account)
{
    const struct line *l = d->lines.p;
    bool facts = at && str_is(at->action, "facts");
    for (size_t i = at ? (size_t)(at - l) + 1 : d->lines.n; i < d->lines.n; i++) {
        bool party = p && str_is(l[i].action, facts ? "sign_facts" : "sign")
            && line_number(&l[i], "party") == p->no;
        if (facts ? str_is(l[i].action, "facts") : str_starts(l[i].action, STR("agree_")))
            break;
        if (name.n && (party
            || (p == NULL && str_is(l[i].action, "sign_mediator") && l[i].account == account)))
            return arena_fmt(d->cx->a, "%.*s（%.*s，%.*s）", STR_FMT(name), STR_FMT(party
                ? signed_in(line_word(&l[i], "how")) : STR("签名")),
                STR_FMT(paper_day(d->cx->a, happened_at(&l[i], facts ? NULL : p))));
    }
    return STR_NONE;
}

/* 小丙（法定代理人：丙父、丙母）; 律师（李四的委托代理人）. */
static struct str called(const struct case_file *d, const struct party *p)
{
    const struct party *all = d->b->parties.p;
    struct str name = party_name(d, p->no);
    struct buf b = buf_in(d->cx->a, 4096);
    if (name.n == 0)
        return STR_NONE;
    for (size_t i = 0; i < d->b->parties.n; i++)
        if (is_guardian_of(&all[i], p))
            buf_fmt(&b, "%s%.*s", b.n ? "、" : "", STR_FMT(party_name(d, all[i].no)));
    return b.n == 0 ? name : arena_fmt(d->cx->a, "%.*s（法定代理人：%.*s）", STR_FMT(name),
        STR_FMT(buf_str(&b)));
}

static void guardians_add(const struct case_file *d, struct facts *f, const struct party *of,
    const struct line *at)
{
    const struct party *p = d->b->parties.p;
    for (size_t i = 0; i < d->b->parties.n; i++) {
        if (!is_guardian_of(&p[i], of))
            continue;
        struct facts *one = facts_item(f, "guardians");
        facts_text(one, "name", party_name(d, p[i].no));
        facts_text(one, "contact", party_phone(d, p[i].no));
        facts_text(one, "signed", signed_by(d, at, party_name(d, p[i].no), &p[i], 0));
    }
}

/* Empty is not known: it stays for the pen. */
static void organisation_add(const struct case_file *d, struct facts *f, const struct party *p)
{
    const struct contact *c = contact_of(d, p->no);
    bool organisation = str_is(p->kind, "organisation");
    facts_flag(f, "person", !organisation);
    facts_flag(f, "organisation", organisation);
    if (c == NULL || !organisation)
        return;
    facts_text(f, "credit_code", c->of.credit_code);
    facts_text(f, "seat", c->of.seat);
    facts_text(f, "head", c->of.head);
    facts_text(f, "head_post", c->of.head_post);
}

static void person_add(const struct case_file *d, struct facts *f, const char *list,
    const struct party *p, const struct line *at)
{
    struct facts *one = facts_item(f, list);
    facts_text(one, "name", party_name(d, p->no));
    facts_text(one, "called", called(d, p));
    facts_text(one, "contact", party_phone(d, p->no));
    facts_text(one, "side", party_title(d, p));
    facts_flag(one, "principal", is_principal(p));
    facts_flag(one, "addressed", !str_is(p->role, "guardian"));
    organisation_add(d, one, p);
    guardians_add(d, one, p, at);
    facts_text(one, "agent", agents_of(d, p));
    facts_text(one, "signed_how", signed_in(p->signed_how));
    facts_text(one, "signed", signed_by(d, at, party_name(d, p->no), p, 0));
}

static void power_add(const struct case_file *d, struct facts *f, const struct party *p)
{
    static const struct { const char *scope, *fact; } scopes[] = { { "apply", "may_apply" },
        { "evidence", "may_prove" }, { "choose", "may_choose" }, { "concede", "may_settle" },
        { "sign", "may_sign" }, { "receive", "may_receive" } };
    struct facts *one = facts_item(f, "powers");
    facts_text(one, "principal", party_name(d, p->stands_for));
    facts_text(one, "principal_contact", party_phone(d, p->stands_for));
    facts_text(one, "name", party_name(d, p->no));
    facts_text(one, "contact", party_phone(d, p->no));
    for (size_t i = 0; i < COUNT_OF(scopes); i++)
        facts_flag(one, scopes[i].fact, str_has_word(p->scope, str_c(scopes[i].scope)));
}

static bool mediated(const struct mediator *m, const struct line *at)
{
    return at == NULL ? m->left_ms == I64_NONE : m->since_ms <= at->at_ms
        && (m->left_ms == I64_NONE || m->left_ms > at->at_ms);
}

static enum err mediator_add(const struct case_file *d, struct facts *f, struct buf *names,
    int64_t account, const struct line *at)
{
    struct str name;
    TRY(access_account_name(d->cx, account, &name));
    struct facts *one = facts_item(f, "team");
    facts_text(one, "name", name);
    facts_text(one, "signed", signed_by(d, at, name, NULL, account));
    buf_fmt(names, "%s%.*s", names->n ? "、" : "", STR_FMT(name));
    return OK;
}

enum err facts_of_team(const struct case_file *d, struct facts *f, const struct line *at)
{
    const struct mediator *m = d->b->mediators.p;
    const struct unit *u = unit_find(d->cx->cat, at ? at->owner_unit : d->m->owner_unit);
    struct buf names = buf_in(d->cx->a, 4096);
    for (size_t i = 0; i < d->b->mediators.n; i++)
        if (mediated(&m[i], at))
            TRY(mediator_add(d, f, &names, m[i].account, at));
    if (names.n == 0 && at)     /* named anew since then: who recorded it was there */
        TRY(mediator_add(d, f, &names, at->account, at));
    facts_text(f, "mediators", buf_str(&names));
    facts_text(f, "committee", u ? u->name : STR_NONE);
    return OK;
}

void facts_of_parties(const struct case_file *d, struct facts *f, const struct line *at)
{
    const struct party *p = d->b->parties.p;
    for (size_t i = 0; i < d->b->parties.n; i++)
        person_add(d, f, "parties", &p[i], at);
}

enum err facts_of_people(const struct case_file *d, struct facts *f)
{
    const struct party *p = d->b->parties.p;
    facts_of_parties(d, f, NULL);
    for (size_t i = 0; i < d->b->parties.n; i++) {
        if (is_principal(&p[i]))
            person_add(d, f, str_is(p[i].side, "applicant") ? "applicants" : "respondents", &p[i],
                NULL);
        if (str_is(p[i].role, "agent"))
            power_add(d, f, &p[i]);
    }
    if (d->contacts.n)
        facts_text(f, "names", parties_named(d, STR_NONE));
    return facts_of_team(d, f, NULL);
}
