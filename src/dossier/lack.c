/* lack.c: what a dossier must have (forms of the ministry of 2010) and does not have yet. */
#include "dossier/dossier.h"
#include "mediation/course.h"
#include "paper/fill.h"

static bool was_accepted(const struct case_file *d)
{
    return d->b->dispute.docket.n > 0 || d->m->open;
}

/* Whether something was agreed in this form: it bound, or may still be signed. */
static bool has_form(const struct case_file *d, const char *form)
{
    const struct agreement *g = d->b->earlier.p;
    const struct dispute *now = &d->b->dispute;
    if (str_is(now->form, form) && (d->m->open || now->effective_ms != I64_NONE))
        return true;
    for (size_t i = 0; i < d->b->earlier.n; i++)
        if (str_is(g[i].form, form))
            return true;
    return false;
}

/* An oral agreement needs no record of a session and no papers of identity: its register says all
 * (article 28). What was never accepted has only its refusal. */
bool paper_must(const struct case_file *d, const struct paper_form *t)
{
    const struct dispute *of = &d->b->dispute;
    bool oral = str_is(of->form, "oral");
    if (str_is(t->name, "session") || str_is(t->name, "identity"))
        return was_accepted(d) && !oral;
    if (str_is(t->name, "acceptance") || str_is(t->name, "notice"))
        return was_accepted(d);
    if (str_is(t->name, "agreement"))
        return has_form(d, "written");
    if (str_is(t->name, "oral"))
        return has_form(d, "oral");
    if (str_is(t->name, "closing"))
        return !d->m->open && of->docket.n > 0;
    if (str_is(t->name, "termination"))
        return str_is(d->m->state, "ended") && of->effective_ms == I64_NONE;
    if (str_is(t->name, "visit"))
        return str_is(d->m->state, "closed");
    return t->must;
}

static bool all_identified(const struct case_file *d)
{
    const struct party *p = d->b->parties.p;
    const struct scan_view *s = d->scans.p;
    for (size_t i = 0; i < d->b->parties.n; i++) {
        bool found = false;
        for (size_t k = 0; k < d->scans.n; k++)
            found |= str_is(s[k].paper, "identity") && s[k].party == p[i].no;
        if (!found)
            return false;
    }
    return true;
}

static bool all_described(const struct case_file *d)
{
    const struct party *p = d->b->parties.p;
    for (size_t i = 0; i < d->b->parties.n; i++)
        if (str_is(p[i].kind, "organisation") && !p[i].described)
            return false;
    return true;
}

static bool waits_for_result(const struct case_file *d)
{
    const struct transfer *t = d->b->transfers.p;
    for (size_t i = 0; i < d->b->transfers.n; i++)
        if (str_is(t[i].state, "accepted") && t[i].result_ms == I64_NONE)
            return true;
    return false;
}

struct msg paper_lacks(const struct case_file *d, const struct paper_form *t, const struct facts *f)
{
    const struct dispute *of = &d->b->dispute;
    if (str_is(t->name, "acceptance") && was_accepted(d) && of->accepted_ms == I64_NONE)
        return MSG("还没有受理", "Not accepted yet");
    if (str_is(t->name, "notice") && was_accepted(d) && !all_told(d->b))
        return MSG("还有当事人没有告知权利义务", "A party has not been told its rights and duties");
    if (str_is(t->name, "identity") && paper_must(d, t) && !all_identified(d))
        return MSG("还有当事人没有身份核验记录", "The identity of a party has not been checked");
    if (str_is(t->name, "agreement") && d->m->open && str_is(of->form, "written")
        && of->effective_ms == I64_NONE)
        return MSG("签名、盖章还不全", "Signatures or the seal are missing");
    if (str_is(t->name, "court") && form_wanted(t, f) && !all_described(d))
        return MSG("单位当事人的信用代码、住所、法定代表人还没有登记，申请书上空着",
            "Code, seat and head of an organisation are not noted; the application leaves them open");
    if (str_is(t->name, "feedback") && waits_for_result(d))
        return MSG("还没有反馈结果", "The result has not been fed back");
    if (paper_must(d, t) && !form_wanted(t, f))
        return MSG("还没有", "There is none yet");
    return NOTHING_FORBIDS;
}

struct str dossier_lacks(const struct case_file *d, const struct forms *t, const struct facts *f)
{
    struct cx *cx = d->cx;
    struct buf b = buf_in(cx->a, 1 << 14);
    for (size_t i = 0; i < t->n; i++) {
        const struct paper_form *one = &t->at[i];
        struct msg why = paper_must(d, one) ? paper_lacks(d, one, f) : NOTHING_FORBIDS;
        struct str title = cx_text(cx, arena_str(cx->a, one->title).p,
            arena_str(cx->a, one->title_en.n ? one->title_en : one->title).p);
        if (why.zh)
            buf_fmt(&b, "%s%.*s%s%s%s", b.n == 0 ? "" : cx->lang == LANG_EN ? ", " : "、",
                STR_FMT(title), cx->lang == LANG_EN ? " (" : "（",
                cx->lang == LANG_EN ? why.en : why.zh, cx->lang == LANG_EN ? ")" : "）");
    }
    return b.n ? buf_str(&b) : STR_NONE;
}
