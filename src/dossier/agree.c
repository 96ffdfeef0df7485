/* agree.c: agreements, one for each time the parties agreed, and receipts for what was paid. */
#include "dossier/dossier.h"
#include "mediation/course.h"

/* One time that they agreed. */
struct agreed { const struct line *l; int64_t round, effective_ms, confirm_ms; bool oral; };

static const struct promise_row *promises_of(const struct case_file *d)
{
    return d->promises.p;
}

static void promise_add(const struct case_file *d, struct facts *f, const struct promise_row *p)
{
    struct arena *a = d->cx->a;
    struct facts *one = facts_item(f, "promises");
    struct str name = party_name(d, p->party);
    const struct party *who = party_numbered(d->b, p->party);
    bool both = p->way.n && p->place.n;
    facts_text(one, "who", name.n || who == NULL ? name : party_title(d, who));
    facts_text(one, "what", p->what);
    facts_text(one, "amount", paper_yuan(a, p->amount_fen));
    facts_text(one, "due", paper_day(a, p->due_ms));
    facts_text(one, "way", arena_fmt(a, "%.*s%s%.*s", STR_FMT(p->way), both ? "，" : "",
        STR_FMT(p->place)));
}

/* That of a round before, or NULL. */
static const struct agreement *earlier_of(const struct case_file *d, int64_t round)
{
    const struct agreement *g = d->b->earlier.p;
    for (size_t i = 0; i < d->b->earlier.n; i++)
        if (g[i].round == round)
            return &g[i];
    return NULL;
}

struct str docket_of_round(const struct case_file *d, int64_t round)
{
    const struct agreement *g = earlier_of(d, round);
    return g ? g->docket : d->b->dispute.docket;
}

/* 2026年7月1日申请司法确认，法院裁定协议有效。 */
static void court_add(const struct case_file *d, struct buf *b, int64_t round)
{
    const struct agreement *g = earlier_of(d, round);
    struct str confirm = g ? g->confirm
        : round == d->m->round ? d->b->dispute.confirm : STR_NONE;
    int64_t since_ms = g ? g->confirm_ms : d->b->dispute.confirm_ms;
    if (confirm.n)
        buf_fmt(b, "%s%.*s申请司法确认，%s。", b->n ? "\n" : "",
            STR_FMT(paper_day(d->cx->a, since_ms)), str_is(confirm, "confirmed")
            ? "法院裁定协议有效" : str_is(confirm, "dismissed") ? "法院裁定驳回申请" : "等待法院裁定");
}

/* 支付工资：2026年7月1日已履行。 */
struct str round_performed(const struct case_file *d, int64_t round)
{
    const struct promise_row *p = promises_of(d);
    struct buf b = buf_in(d->cx->a, 1 << 16);
    for (size_t i = 0; i < d->promises.n; i++) {
        bool said = p[i].kept_ms != I64_NONE || p[i].broken_ms != I64_NONE;
        if (p[i].round != round || !said)
            continue;
        bool kept = p[i].kept_ms != I64_NONE;
        buf_fmt(&b, "%s%.*s：%.*s%s。", b.n ? "\n" : "", STR_FMT(p[i].what),
            STR_FMT(paper_day(d->cx->a, kept ? p[i].kept_ms : p[i].broken_ms)),
            kept ? "已履行" : "记录未履行");
    }
    court_add(d, &b, round);
    return buf_str(&b);
}

static int64_t copies_of(const struct beside *b)
{
    const struct party *p = b->parties.p;
    int64_t n = 1;      /* the committee's own */
    for (size_t i = 0; i < b->parties.n; i++)
        n += is_principal(&p[i]);
    return n;
}

static void terms_add(struct facts *f, struct str text)
{
    while (text.n) {
        struct str one = str_trim(str_cut(text, '\n', &text));
        if (one.n)
            facts_text(facts_item(f, "terms"), "text", one);
    }
}

static enum err agreement_add(const struct case_file *d, struct facts *f, const struct agreed *g,
    struct str nth)
{
    struct arena *a = d->cx->a;
    const struct promise_row *p = promises_of(d);
    struct facts *one = facts_item(f, "agreements");
    struct str name;
    int64_t fen = 0;
    TRY(access_account_name(d->cx, g->l->account, &name));
    for (size_t i = 0; i < d->promises.n; i++)
        if (p[i].round == g->round) {
            promise_add(d, one, &p[i]);
            fen += p[i].amount_fen;
        }
    facts_of_parties(d, one, g->l);
    TRY(facts_of_team(d, one, g->l));
    terms_add(one, g->l->text);
    facts_text(one, "docket", docket_of_round(d, g->round));
    facts_text(one, "form", g->oral ? STR("oral") : STR("written"));
    facts_text(one, "agreement_date", paper_day(a, g->l->at_ms));
    facts_text(one, "effective_date", paper_day(a, g->effective_ms));
    facts_text(one, "confirm_date", paper_day(a, g->confirm_ms));
    facts_text(one, "amount", paper_yuan(a, fen));
    facts_text(one, "recorder", name);
    facts_text(one, "performed", round_performed(d, g->round));
    facts_text(one, "copies", arena_fmt(a, "%lld", (long long)copies_of(d->b)));
    facts_text(one, "result", STR("agreed"));
    facts_text(one, "nth", nth);
    facts_text(one, "which", nth.n ? arena_fmt(a, "第%.*s次协议", STR_FMT(nth)) : STR_NONE);
    return OK;
}

/* How all were kept, the first one first. */
static struct str all_performed(const struct case_file *d, const struct agreed *all, size_t n)
{
    struct arena *a = d->cx->a;
    struct buf b = buf_in(a, 1 << 18);
    if (n == 1 && d->b->earlier.n == 0)
        return round_performed(d, all[0].round);
    for (size_t i = 0; i < n; i++) {
        struct str kept = round_performed(d, all[i].round);
        buf_fmt(&b, "%s第%zu次协议", b.n ? "\n" : "", i + 1);
        if (all[i].effective_ms != I64_NONE)
            buf_fmt(&b, "（%.*s生效）", STR_FMT(paper_day(a, all[i].effective_ms)));
        buf_fmt(&b, "：%s%.*s", kept.n ? "\n" : "", STR_FMT(kept));
        const struct agreement *g = earlier_of(d, all[i].round);
        if (g)
            buf_fmt(&b, "\n%.*s再次调解。", STR_FMT(paper_day(a, g->ended_ms)));
    }
    return buf_str(&b);
}

/* Without its words, before the entries that are read of a very long ledger, it makes no document. */
static size_t agreed_make(const struct case_file *d, const struct agreement *g, struct agreed *ret)
{
    *ret = (struct agreed){ words_agreed(d->lines, g->round), g->round, g->effective_ms,
        g->confirm_ms, str_is(g->form, "oral") };
    return ret->l != NULL;
}

/* The last one stands in the record as long as it may still be signed; what was not signed was no
 * agreement. */
static size_t agreements_find(const struct case_file *d, struct agreed *ret)
{
    const struct agreement *g = d->b->earlier.p;
    const struct dispute *now = &d->b->dispute;
    size_t n = 0;
    for (size_t i = 0; i < d->b->earlier.n; i++)
        n += agreed_make(d, &g[i], &ret[n]);
    if (now->form.n && (d->m->open || now->effective_ms != I64_NONE))
        n += agreed_make(d, &(struct agreement){ .round = d->m->round, .form = now->form,
            .effective_ms = now->effective_ms, .confirm_ms = now->confirm_ms }, &ret[n]);
    return n;
}

static void name_add(struct buf *b, struct str name)
{
    if (name.n)
        buf_fmt(b, "%s%.*s", b->n ? "、" : "", STR_FMT(name));
}

/* Of what the other side got when money was paid; for an act there is no receipt. */
static void receipts_add(const struct case_file *d, struct facts *f)
{
    const struct promise_row *p = promises_of(d);
    const struct party *all = d->b->parties.p;
    for (size_t i = 0; i < d->promises.n; i++) {
        const struct party *by = party_numbered(d->b, p[i].party);
        struct buf to = buf_in(d->cx->a, 4096);
        if (p[i].kept_ms == I64_NONE || p[i].amount_fen == 0 || by == NULL)
            continue;
        struct facts *one = facts_item(f, "receipts");
        for (size_t k = 0; k < d->b->parties.n; k++)
            if (is_principal(&all[k]) && !str_eq(all[k].side, by->side))
                name_add(&to, party_name(d, all[k].no));
        facts_text(one, "docket", docket_of_round(d, p[i].round));
        facts_text(one, "from", party_name(d, by->no));
        facts_text(one, "to", buf_str(&to));
        facts_text(one, "what", p[i].what);
        facts_text(one, "amount", paper_yuan(d->cx->a, p[i].amount_fen));
        facts_text(one, "words", paper_capitals(d->cx->a, p[i].amount_fen));
        facts_text(one, "way", p[i].way);
        facts_text(one, "date", paper_day(d->cx->a, p[i].kept_ms));
    }
}

enum err facts_of_agreements(const struct case_file *d, struct facts *f)
{
    struct agreed *all = NEW_N(d->cx->a, struct agreed, d->b->earlier.n + 1);
    size_t n = agreements_find(d, all);
    for (size_t i = 0; i < n; i++)
        TRY(agreement_add(d, f, &all[i],
            n > 1 ? arena_fmt(d->cx->a, "%zu", i + 1) : STR_NONE));
    facts_text(f, "performed", all_performed(d, all, n));
    if (n) {
        facts_text(f, "form", all[n - 1].oral ? STR("oral") : STR("written"));
        facts_text(f, "agreement_date", paper_day(d->cx->a, all[n - 1].l->at_ms));
        facts_text(f, "effective_date", paper_day(d->cx->a, d->b->dispute.effective_ms));
        if (!d->m->open && fact_text(f, STR("close_date")).n
            && d->b->dispute.effective_ms != I64_NONE)
            facts_text(f, "outcome", all[n - 1].l->text);
    }
    receipts_add(d, f);
    return OK;
}
