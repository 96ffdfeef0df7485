/* course.c: what happened in a dispute, as its documents tell it: sessions, agreements and what
 * became of them, calls on the parties, the end, hand-overs. */
#include "dossier/dossier.h"
#include "mediation/course.h"

/* Sessions ---------------------------------------------------------------------------------- */

static enum err sessions_add(const struct case_file *d, struct facts *f)
{
    const struct sitting *s = d->b->sittings.p;
    for (size_t i = 0; i < d->b->sittings.n; i++) {
        const struct line *l = line_at(d, s[i].seq);
        struct str name;
        if (s[i].at_ms == I64_NONE)
            continue;
        struct facts *one = facts_item(f, "sessions");
        TRY(access_account_name(d->cx, l ? l->account : 0, &name));
        facts_text(one, "time", paper_moment(d->cx->a, s[i].at_ms));
        facts_text(one, "date", paper_day(d->cx->a, s[i].at_ms));
        facts_text(one, "place", s[i].place);
        facts_flag(one, "open", s[i].open_door);
        facts_flag(one, "closed", !s[i].open_door);
        facts_text(one, "record", l ? l->text : STR_NONE);
        facts_text(one, "result", s[i].result);
        facts_text(one, "recorder", name);
        if (l)
            TRY(facts_of_team(d, one, l));
        facts_text(f, "place", s[i].place);
        facts_text(f, "result", s[i].result);
    }
    return OK;
}

static bool was_broken(const struct case_file *d, int64_t round)
{
    const struct promise_row *p = d->promises.p;
    for (size_t i = 0; i < d->promises.n; i++)
        if (p[i].round == round && p[i].broken_ms != I64_NONE)
            return true;
    return false;
}

/* What was found not to be kept, or not confirmed, and that mediation began again because of it. */
static void breach_add(const struct case_file *d, struct facts *one, const struct line *l,
    int64_t round)
{
    facts_text(one, "reason", was_broken(d, round) ? STR("协议没有履行") : STR("法院裁定驳回司法确认申请"));
    facts_text(one, "performed", round_performed(d, round));
    facts_text(one, "measures", l->text.n ? arena_fmt(d->cx->a, "再次调解：%.*s", STR_FMT(l->text))
        : STR("再次调解"));
}

/* Calls on the parties: what was written is how the agreement is kept. */
static enum err visits_add(const struct case_file *d, struct facts *f)
{
    const struct line *l = d->lines.p;
    int64_t round = 0;
    for (size_t i = 0; i < d->lines.n; i++) {
        bool again = str_is(l[i].action, "mediate_again");
        struct str name;
        round += str_is(l[i].action, "not_signed");
        if (!again && !str_is(l[i].action, "visit") && !str_is(l[i].action, "call_back"))
            continue;
        struct facts *one = facts_item(f, "visits");
        facts_text(one, "docket", docket_of_round(d, round));
        TRY(access_account_name(d->cx, l[i].account, &name));
        if (again)
            breach_add(d, one, &l[i], round++);
        else
            facts_text(one, "performed", l[i].text);
        facts_text(one, "who", d->contacts.n ? parties_named(d, STR_NONE) : STR_NONE);
        facts_text(one, "by", name);
        facts_text(one, "date", paper_day(d->cx->a, l[i].at_ms));
    }
    return OK;
}

/* The end ----------------------------------------------------------------------------------- */

static struct str end_reason(const struct line *l)
{
    struct str reason = line_word(l, "reason");
    if (str_is(l->action, "consent_refused") || str_is(l->action, "withdraw"))
        return STR("refused");
    if (str_is(reason, "no_agreement") || str_is(reason, "unreachable")
        || str_is(reason, "time_over"))
        return reason;
    return STR("other");
}

/* With an agreement that is not kept there is none to be ended: parties are told of the court. What
 * somebody writes on leaving is for the committee, not for the other side. */
static void end_add(const struct case_file *d, struct facts *f, const struct line *l)
{
    struct str day = paper_day(d->cx->a, l->at_ms);
    bool left = str_is(l->action, "withdraw");
    facts_text(f, "outcome", left ? STR("一方当事人要求终止调解")
        : l->text.n ? l->text : STR("调解终止"));
    if (str_is(l->action, "not_accept")) {
        facts_text(f, "refuse_words", l->text);
        facts_text(f, "refused_date", day);
    } else if (str_is(l->to_state, "ended") && !str_is(l->action, "to_court")) {
        facts_text(f, "end_reason", end_reason(l));
        facts_text(f, "end_words", left ? STR_NONE : l->text);
        facts_text(f, "ended_date", day);
    }
}

/* Into whichever state it ended, and why. */
static void ending_add(const struct case_file *d, struct facts *f)
{
    const struct line *l = d->lines.p;
    if (d->m->open)
        return;
    for (size_t i = d->lines.n; i > 0; i--)
        if (!str_eq(l[i - 1].from_state, l[i - 1].to_state)) {
            end_add(d, f, &l[i - 1]);
            break;
        }
    if (d->b->dispute.docket.n)
        facts_text(f, "close_date", paper_day(d->cx->a, d->m->closed_ms));
}

/* Hand-overs -------------------------------------------------------------------------------- */

/* 申请人甲（电话，2026年7月1日）、被申请人乙; from before, without manner and day. */
static struct str consents_named(const struct case_file *d, struct str consents)
{
    static const struct { const char *word, *zh; } ways[] = { { "in_person", "当面" },
        { "phone", "电话" }, { "written", "书面" }, { "online", "网上" } };
    struct buf b = buf_in(d->cx->a, 1 << 14);
    struct consented h;
    while (consent_cut(&consents, &h)) {
        const struct party *p = party_numbered(d->b, h.party);
        const char *how = NULL;
        if (p == NULL)
            continue;
        for (size_t i = 0; i < COUNT_OF(ways); i++)
            how = str_is(h.how, ways[i].word) ? ways[i].zh : how;
        buf_fmt(&b, "%s%.*s%.*s", b.n ? "、" : "", STR_FMT(party_title(d, p)),
            STR_FMT(party_name(d, p->no)));
        if (how)
            buf_fmt(&b, "（%s，%.*s）", how, STR_FMT(paper_day(d->cx->a, h.at_ms)));
    }
    return buf_str(&b);
}

/* Who and what goes with a hand-over that its parties agreed to; of a report by law nothing does. */
static void handed_add(const struct case_file *d, struct facts *one, const struct transfer *t)
{
    bool given = t->shared && t->consents.n && d->contacts.n;
    facts_text(one, "names", given ? parties_named(d, t->consents) : STR_NONE);
    facts_text(one, "summary", t->shared && t->consents.n ? d->m->text : STR_NONE);
}

/* In Chinese, as documents are. */
static struct str ground_of(const struct case_file *d, struct str code)
{
    struct cx cx = { .a = d->cx->a, .lang = LANG_ZH };
    struct list reasons = step_reasons(&cx, "refer");
    const struct reason_row *r = reasons.p;
    for (size_t i = 0; i < reasons.n; i++)
        if (str_eq(r[i].code, code))
            return r[i].name;
    return STR_NONE;
}

/* Who answered, or said what came of it: also after the dispute was handed up. */
static struct str said_by(const struct case_file *d, const struct transfer *t)
{
    const struct unit *u = unit_find(d->cx->cat, t->said_unit);
    return u && u->id != t->to_unit ? u->name : t->to_name;
}

void facts_of_transfer(const struct case_file *d, struct facts *f, const struct transfer *t)
{
    struct arena *a = d->cx->a;
    struct facts *one = facts_item(f, "transfers");
    handed_add(d, one, t);
    facts_text(one, "ground", ground_of(d, t->ground));
    facts_text(one, "from", t->from_name);
    facts_text(one, "to", t->to_name);
    facts_text(one, "number", t->document);
    facts_text(one, "dispute", t->number);
    facts_text(one, "consents", consents_named(d, t->consents));
    facts_text(one, "reason", t->reason);
    facts_flag(one, "delegated", t->shared != 0);
    facts_flag(one, "reported", t->shared == 0);
    facts_text(one, "due", paper_day(a, t->due_ms));
    facts_text(one, "sent_date", paper_day(a, t->sent_ms));
    facts_text(one, "answer", str_is(t->state, "sent") ? STR_NONE : t->state);
    facts_text(one, "answered_by", said_by(d, t));
    facts_text(one, "answer_words", t->answer);
    facts_text(one, "result", t->result);
    facts_text(one, "result_date",
        paper_day(a, t->result_ms == I64_NONE ? t->answered_ms : t->result_ms));
}

/* What the court wants with an application (judicial interpretation of 2011, article 3). */
static void materials_add(struct facts *f)
{
    static const char *const names[] = { "司法确认申请书", "人民调解协议书", "当事人身份证明",
        "与协议有关的财产权利证明等材料" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        facts_text(facts_item(f, "materials"), "name", str_c(names[i]));
}

enum err facts_of_course(const struct case_file *d, struct facts *f)
{
    const struct transfer *t = d->b->transfers.p;
    TRY(sessions_add(d, f));
    TRY(visits_add(d, f));
    ending_add(d, f);
    for (size_t i = 0; i < d->b->transfers.n; i++)
        facts_of_transfer(d, f, &t[i]);
    materials_add(f);
    return OK;
}
