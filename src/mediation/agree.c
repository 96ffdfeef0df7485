/* agree.c: how agreement is reached: its words, its clarity, its signatures, and from when it binds. */
#include "mediation/course.h"
#include <math.h>

enum { FEN = 100, TEXT_MIN = 2, TERM_DAYS = 30 * 366 };

/* Clarity ---------------------------------------------------------------------------------- */

static bool has_any(struct str text, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (str_find(text, str_c(words[i])) >= 0)
            return true;
    return false;
}

static const char *const money_words[] = { "支付", "赔偿", "补偿", "偿还", "付款", "给付", "欠款",
    "工资", "元", "pay", "wages", NULL };
static const char *const vague_words[] = { "适当", "尽快", "尽量", "酌情", "若干", "有关", "相关", "合理期限",
    "以后再", "左右", "as soon as", "reasonable", NULL };

/* A court confirms nothing whose content is unclear (judicial interpretation of 2011, article 7). */
static size_t promise_findings(const struct beside *b, const struct promise_row *p,
    struct remark *f)
{
    const struct party *who = party_numbered(b, p->party);
    size_t n = 0;
    if (who == NULL || !is_principal(who))
        f[n++] = (struct remark){ p->no, "who", true,
            MSG("第 %s 项：履行人要是本案当事人", "Promise %s: who owes it is a party of the dispute") };
    if (str_visible_chars(p->what) < TEXT_MIN)
        f[n++] = (struct remark){ p->no, "what", true,
            MSG("第 %s 项：写明做什么或付什么", "Promise %s: say what is done or paid") };
    if (p->amount_fen == 0 && has_any(p->what, money_words))
        f[n++] = (struct remark){ p->no, "how_much", true,
            MSG("第 %s 项：付钱的要写明金额", "Promise %s: what is paid has an amount") };
    if (p->due_ms == I64_NONE)
        f[n++] = (struct remark){ p->no, "when", true,
            MSG("第 %s 项：写明履行期限", "Promise %s: say by when") };
    if (str_visible_chars(p->way) < TEXT_MIN)
        f[n++] = (struct remark){ p->no, "way", true,
            MSG("第 %s 项：写明履行方式", "Promise %s: say in what way") };
    if (p->amount_fen == 0 && p->place.n == 0)
        f[n++] = (struct remark){ p->no, "where", false,
            MSG("第 %s 项：最好写明在哪里履行", "Promise %s: better say where") };
    if (has_any(p->what, vague_words) || has_any(p->way, vague_words))
        f[n++] = (struct remark){ p->no, "vague", false,
            MSG("第 %s 项：有“尽快、适当、相关”一类的话，最好写清", "Promise %s: has vague words") };
    return n;
}

size_t clarity_findings(const struct beside *b, const struct promise_row *p, size_t count,
    struct remark *ret, size_t max)
{
    enum { EACH_MAX = 8 };
    size_t n = 0;
    for (size_t i = 0; i < count && n + EACH_MAX <= max; i++)
        n += promise_findings(b, &p[i], ret + n);
    return n;
}

/* Nothing is owed before the last signature or seal (article 29). */
static struct msg early(const struct beside *b, const struct promise_row *p, int64_t now_ms,
    int64_t sign_by_ms)
{
    int64_t effective_ms = b->dispute.effective_ms;
    if (!str_is(b->dispute.form, "written") || p->due_ms == I64_NONE || p->kept_ms != I64_NONE)
        return NOTHING_FORBIDS;
    if (effective_ms != I64_NONE)
        return p->due_ms >= effective_ms ? NOTHING_FORBIDS
            : MSG("第 %s 项：协议生效时已过履行期限，请与当事人核对哪天履行",
                "Promise %s: its day was over when the agreement took effect; ask when it is kept");
    if (p->due_ms <= now_ms)
        return MSG("第 %s 项：履行期限已过，协议还没有生效。签署前请问清各方是否仍这样约定；要改期的，先办理“未签署，恢复调解”",
            "Promise %s: its day is over and the agreement does not bind yet. Ask whether all still mean"
            " it so before they sign; for another day take \"Not signed, mediate on\" first");
    if (sign_by_ms != I64_NONE && p->due_ms <= sign_by_ms)
        return MSG("第 %s 项：在签署期限以前到期。签名盖章齐全协议才生效，请在到期以前签齐，或者约定晚一些的日子",
            "Promise %s: due before the last day to sign. The agreement binds from the last signature or"
            " seal on: have all of them before that day, or agree on a later one");
    return NOTHING_FORBIDS;
}

size_t early_findings(const struct beside *b, int64_t now_ms, int64_t sign_by_ms,
    struct remark *ret, size_t max)
{
    const struct promise_row *p = b->promises.p;
    size_t n = 0;
    for (size_t i = 0; i < b->promises.n && n < max; i++) {
        struct msg m = early(b, &p[i], now_ms, sign_by_ms);
        if (m.zh)
            ret[n++] = (struct remark){ p[i].no, "early", false, m };
    }
    return n;
}

/* An oral agreement needs no more than who does what by when; a written one all hard facts. */
static enum err clarity_check(struct taking *t, bool oral)
{
    const struct beside *b = beside_of(t);
    struct remark *f = NEW_N(t->cx->a, struct remark, FINDINGS_MAX * 2);
    size_t n = clarity_findings(b, b->promises.p, b->promises.n, f, FINDINGS_MAX * 2);
    for (size_t i = 0; i < n; i++) {
        bool matters = strcmp(f[i].code, "who") == 0 || strcmp(f[i].code, "what") == 0
            || strcmp(f[i].code, "when") == 0;
        if (f[i].hard && (matters || !oral))
            return cx_fail_with(t->cx, E_INPUT, "promises", f[i].m,
                arena_fmt(t->cx->a, "%lld", (long long)f[i].promise % 100));
    }
    return OK;
}

/* Agreeing --------------------------------------------------------------------------------- */

struct msg guard_agreement(const struct taking *t)
{
    struct msg why = guard_sitting(t);
    if (why.zh == NULL && sittings_held(beside_of(t)) == 0)
        return MSG("先记录一次调解", "Record a session first");
    return why;
}

/* In one command: what was agreed in a talk needs neither a plan nor signatures. */
struct msg guard_oral(const struct taking *t)
{
    if (beside_of(t)->dispute.written)
        return MSG("当事人要求书面协议，不能用口头协议", "A party asked for a written agreement");
    return guard_sitting(t);
}

static enum err promise_take(struct taking *t, const struct step_promise *given,
    struct promise_row *ret)
{
    double fen = isnan(given->amount) ? 0 : given->amount * FEN;
    if (fabs(fen - round(fen)) > 1e-6)
        return cx_fail(t->cx, E_INPUT, "promises", MSG("金额最多两位小数",
            "An amount has at most two decimals"));
    if (given->due_ms != I64_NONE && given->due_ms <= t->cx->now_ms)
        return cx_fail(t->cx, E_INPUT, "promises", MSG("履行期限要在以后；当场履行的不用列出",
            "The term lies in the future; what is done on the spot is not listed"));
    if (given->due_ms != I64_NONE
        && given->due_ms > t->cx->now_ms + TERM_DAYS * (int64_t)CLOCK_DAY_MS)
        return cx_fail(t->cx, E_INPUT, "promises", MSG("履行期限要在三十年以内，请核对",
            "The term ends within thirty years; correct it"));
    *ret = (struct promise_row){ .round = t->m.round, .party = given->party,
        .what = str_trim(given->what), .amount_fen = llround(fen), .due_ms = given->due_ms,
        .way = given->way.n ? str_trim(given->way) : STR(""),
        .place = given->place.n ? str_trim(given->place) : STR(""), .kept_ms = I64_NONE,
        .broken_ms = I64_NONE };
    return OK;
}

/* Numbered 1, 2, ... in the first agreement, 101, 102, ... in the next. */
static enum err promises_take(struct taking *t)
{
    struct beside *b = beside_of(t);
    const struct step_promise *given = t->args->promises.p;
    size_t n = t->args->promises.n;
    struct promise_row *rows = NEW_N(t->cx->a, struct promise_row, n + 1);
    b->dispute.amount_fen = 0;
    for (size_t i = 0; i < n; i++) {
        TRY(promise_take(t, &given[i], &rows[i]));
        rows[i].no = t->m.round * 100 + (int64_t)i + 1;
        b->dispute.amount_fen += rows[i].amount_fen;
    }
    b->promises = (struct list){ rows, n };
    return OK;
}

static void takes_effect(struct taking *t, int64_t since_ms)
{
    beside_of(t)->dispute.effective_ms = since_ms;
    entry_fact_number(&t->entry, "effective", since_ms);
    wait_for_promise(t);
}

enum err apply_agreement(struct taking *t)
{
    struct beside *b = beside_of(t);
    bool oral = strcmp(t->step->action, "agree_oral") == 0;
    TRY(promises_take(t));
    TRY(clarity_check(t, oral));
    b->dispute.form = oral ? STR("oral") : STR("written");
    entry_fact_text(&t->entry, "form", b->dispute.form);
    entry_fact_number(&t->entry, "promises", (int64_t)b->promises.n);
    entry_fact_number(&t->entry, "amount_fen", b->dispute.amount_fen);
    t->entry.text = t->args->text;
    t->entry.audience = "public";
    if (oral)
        takes_effect(t, t->cx->now_ms);
    else
        clock_of_kind(t, "settle");
    return OK;
}

enum err apply_written(struct taking *t)
{
    struct party *p;
    TRY(the_party(t, &p));
    beside_of(t)->dispute.written = 1;
    return OK;
}

/* Signatures ------------------------------------------------------------------------------- */

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

/* Nothing binds anybody who does not consent, or does not know their rights. */
struct msg guard_signature(const struct taking *t)
{
    const struct beside *b = beside_of(t);
    if (!all_consent(b))
        return word_lacks(t, MSG("请先办理“未签署，恢复调解”，征得同意后再签署。还没有（或不再）同意调解",
            "First take \"Not signed, mediate on\", and sign with everybody's consent. Not consented,"
            " or no longer"));
    return all_told(b) ? NOTHING_FORBIDS : rights_lack(t);
}

struct msg guard_own_signature(const struct taking *t)
{
    const struct mediator *m = mediator_of(beside_of(t), t->cx->actor.account);
    struct msg why = guard_signature(t);
    if (why.zh)
        return why;
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
    return guard_signature(t);
}

/* For a minor the guardian signs, and an agent only with authority for it. */
static enum err may_sign(struct taking *t, const struct party *p)
{
    TRY(word_of_own(t, p));
    if (str_is(p->role, "agent") && !str_has_word(p->scope, STR("sign")))
        return cx_fail(t->cx, E_INPUT, "party", MSG("授权范围不含签署协议，由当事人本人签署",
            "This agent has no authority to sign; the party signs itself"));
    return OK;
}

static enum err party_signs(struct taking *t)
{
    static const char *const ways[] = { "signature", "seal", "fingerprint", NULL };
    struct party *p;
    int64_t at_ms;
    TRY(the_party(t, &p));
    TRY(may_sign(t, p));
    TRY(one_of(t, "how", t->args->how, ways, MSG("方式是 signature、seal 或 fingerprint",
        "The way is signature, seal or fingerprint")));
    TRY(happened(t, t->before->clock_from_ms, MSG("签署时间早于协议写成的那一天，请核对",
        "It was signed before the day on which the agreement was set down; correct it"), &at_ms));
    if (p->signed_ms != I64_NONE)
        return cx_fail(t->cx, E_INPUT, "party",
            MSG("这位当事人已签署", "This party has signed already"));
    p->signed_how = t->args->how;
    p->signed_ms = at_ms;
    has_spoken_now(t, p);
    entry_fact_text(&t->entry, "how", t->args->how);
    return OK;
}

/* Binding from the last signature or seal, whichever it is (article 29). */
enum err apply_signature(struct taking *t)
{
    struct beside *b = beside_of(t);
    struct mediator *by_mediator = mediator_of(b, t->cx->actor.account);
    if (strcmp(t->step->action, "sign") == 0)
        TRY(party_signs(t));
    else if (strcmp(t->step->action, "seal") == 0)
        b->dispute.sealed_ms = t->cx->now_ms;
    else if (by_mediator)
        by_mediator->signed_ms = t->cx->now_ms;
    int64_t since = binds_since(b);
    if (since != I64_NONE)
        takes_effect(t, since);
    return OK;
}
