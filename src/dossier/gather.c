/* gather.c: reads what the record has of a dispute and what stands for all of it: whose it is,
 * since when, how it came and how it ended. */
#include "dossier/dossier.h"
#include "mediation/course.h"

enum { SCANS_MAX = 200 };

/* Scans that somebody took off, and those of a promise that was not kept after all. */
static bool is_taken_off(const struct case_file *d, int64_t seq)
{
    const struct line *l = d->lines.p, *at = line_at(d, seq);
    for (size_t i = at ? (size_t)(at - l) : d->lines.n; i < d->lines.n; i++)
        if (str_is(at->action, "kept") && str_is(l[i].action, "unkept")
            && line_number(&l[i], "promise") == line_number(at, "promise"))
            return true;
    for (size_t i = 0; i < d->lines.n; i++)
        if (str_is(l[i].action, "unscanned") && line_number(&l[i], "scan") == seq)
            return true;
    return false;
}

/* Pictures that came with the entry, or the one that it names. */
static struct list pictures_of(const struct case_file *d, const struct line *l)
{
    const struct photo *p = d->photos.p;
    struct photo *mine = NEW_N(d->cx->a, struct photo, d->photos.n + 1);
    int64_t named = line_number(l, "photo");
    size_t n = 0;
    for (size_t i = 0; i < d->photos.n; i++)
        if (p[i].seq == l->seq || (named && p[i].no == named))
            mine[n++] = p[i];
    return view_photos(d->cx, (struct list){ mine, n });
}

/* What steps bring along goes with the document that the step makes. */
static const char *paper_of_step(struct str action)
{
    static const struct { const char *action, *paper; } steps[] = { { "sign", "agreement" },
        { "kept", "receipt" }, { "sitting", "session" } };
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        if (str_is(action, steps[i].action))
            return steps[i].paper;
    return NULL;
}

static void scans_find(struct case_file *d)
{
    const struct line *l = d->lines.p;
    struct scan_view *all = NEW_N(d->cx->a, struct scan_view, SCANS_MAX);
    size_t n = 0;
    for (size_t i = 0; i < d->lines.n && n < SCANS_MAX; i++) {
        const char *paper = paper_of_step(l[i].action);
        bool scanned = str_is(l[i].action, "scanned");
        if ((!scanned && paper == NULL) || is_taken_off(d, l[i].seq))
            continue;
        int64_t party = line_number(&l[i], "party");
        struct scan_view s = { .no = l[i].seq, .paper = scanned ? line_word(&l[i], "paper")
            : str_c(paper), .party = party ? party : I64_NONE, .at_ms = l[i].at_ms,
            .caption = scanned && l[i].text.n ? l[i].text : STR(""),
            .photos = pictures_of(d, &l[i]) };
        if (scanned || s.photos.n)
            all[n++] = s;
    }
    d->scans = (struct list){ all, n };
}

enum err dossier_read(struct cx *cx, const struct matter *m, struct case_file *ret)
{
    *ret = (struct case_file){ .cx = cx, .m = m };
    TRY(beside_read(cx, m, &ret->b));
    TRY(view_lines(cx, m, &ret->lines));
    TRY(photos_of(cx, m, &ret->photos));
    TRY(promises_read(cx, m, &ret->promises));
    const struct line *l = ret->lines.p;
    for (size_t i = 0; i < ret->lines.n; i++)
        if (str_is(l[i].action, "archived"))
            ret->filed = &l[i];
    scans_find(ret);
    return OK;
}

enum err dossier_open(struct case_file *d)
{
    return desk_contacts(d->cx, d->m, &d->contacts);
}

/* Facts of the whole ------------------------------------------------------------------------ */

/* Who accepted it, though it may have been handed up since. */
static struct str accepted_by(const struct case_file *d)
{
    const struct line *l = line_last(d, "accept");
    const struct unit *u = unit_find(d->cx->cat, l ? l->owner_unit : d->m->owner_unit);
    return u ? u->name : STR_NONE;
}

static struct str who_sent(const struct case_file *d)
{
    const struct transfer *t = d->b->transfers.p;
    for (size_t i = 0; i < d->b->transfers.n; i++)
        if (t[i].sent_ms <= d->m->created_ms)
            return t[i].from_name;
    const char *sender = dispute_sender(d->b->dispute.source);
    return sender ? str_c(sender) : STR_NONE;
}

static void source_add(const struct case_file *d, struct facts *f)
{
    struct str source = d->b->dispute.source;
    bool applied = str_is(source, "apply");
    bool found = str_is(source, "initiative") || str_is(source, "report");
    facts_text(f, "source", applied ? STR("applied") : found ? STR("found") : STR("transferred"));
    if (applied)
        facts_text(f, "apply_date", paper_day(d->cx->a, d->m->created_ms));
    if (!applied && !found)
        facts_text(f, "source_from", who_sent(d));
}

static int64_t told_since(const struct beside *b)
{
    const struct party *p = b->parties.p;
    int64_t last = I64_NONE;
    for (size_t i = 0; all_told(b) && i < b->parties.n; i++)
        last = p[i].told_ms > last ? p[i].told_ms : last;
    return last;
}

/* 甲与乙邻里纠纷. */
static struct str title_of(const struct case_file *d, struct str type)
{
    const struct party *p = d->b->parties.p;
    struct str names[2] = { STR_NONE, STR_NONE };
    for (size_t i = 0; i < d->b->parties.n; i++) {
        size_t side = str_is(p[i].side, "respondent");
        if (is_principal(&p[i]) && names[side].n == 0)
            names[side] = party_name(d, p[i].no);
    }
    if (names[0].n == 0 || names[1].n == 0)
        return STR_NONE;
    return arena_fmt(d->cx->a, "%.*s与%.*s%.*s纠纷", STR_FMT(names[0]), STR_FMT(names[1]),
        STR_FMT(type));
}

static enum err filing_add(const struct case_file *d, struct facts *f)
{
    struct str keeper;
    if (d->filed == NULL)
        return OK;
    TRY(access_account_name(d->cx, d->filed->account, &keeper));
    facts_text(f, "keeper", keeper);
    facts_text(f, "filed_date", paper_day(d->cx->a, d->filed->at_ms));
    facts_text(f, "retention", line_word(d->filed, "retention"));
    facts_text(f, "statement", d->filed->text);
    return OK;
}

static enum err joint(const struct case_file *d, bool *ret)
{
    struct list helpers;
    TRY(cohandlers_of(d->cx, d->m, &helpers));
    const struct cohandler *c = helpers.p;
    *ret = false;
    for (size_t i = 0; i < helpers.n; i++)
        *ret |= is_committee(unit_find(d->cx->cat, c[i].unit));
    return OK;
}

/* Who holds it, or mediated it to the end. */
static int64_t had_charge(const struct case_file *d)
{
    const struct mediator *m = d->b->mediators.p;
    int64_t who = d->m->holder;
    for (size_t i = 0; who == 0 && i < d->b->mediators.n; i++)
        who = m[i].left_ms == I64_NONE ? m[i].account : 0;
    return who;
}

struct str dispute_called(const struct case_file *d)
{
    const struct dispute_type *type = dispute_type_by(d->b->dispute.type);
    return type ? str_c(type->zh) : STR_NONE;
}

static enum err facts_of_whole(const struct case_file *d, struct facts *f)
{
    struct arena *a = d->cx->a;
    const struct dispute *of = &d->b->dispute;
    struct str type = dispute_called(d);
    const struct line *accepted = line_last(d, "accept");
    bool across;
    struct str name;
    facts_text(f, "accepted_by", accepted_by(d));
    facts_text(f, "docket", of->docket);
    facts_text(f, "file_no", of->docket);
    facts_text(f, "type", type);
    facts_text(f, "file_title", title_of(d, type));
    facts_text(f, "summary", d->m->text);
    facts_text(f, "dispute_facts", d->m->text);
    facts_text(f, "register_date", paper_day(a, d->m->created_ms));
    facts_text(f, "accept_date", paper_day(a, of->accepted_ms));
    facts_text(f, "start_date", paper_day(a, of->accepted_ms));
    facts_text(f, "end_date", paper_day(a, d->m->closed_ms));
    facts_text(f, "told_date", paper_day(a, told_since(d->b)));
    facts_text(f, "confirm_date", paper_day(a, of->confirm_ms));
    source_add(d, f);
    TRY(access_account_name(d->cx, accepted ? accepted->account : 0, &name));
    facts_text(f, "registrar", name);
    TRY(access_account_name(d->cx, had_charge(d), &name));
    facts_text(f, "handler", name);
    TRY(joint(d, &across));
    facts_flag(f, "across", across);
    return filing_add(d, f);
}

enum err dossier_facts(const struct case_file *d, struct str paper, struct facts **ret)
{
    struct facts *f = facts_make(d->cx->a);
    TRY(facts_of_whole(d, f));
    TRY(facts_of_people(d, f));
    TRY(facts_of_course(d, f));
    TRY(facts_of_undisputed(d, f));
    TRY(facts_of_agreements(d, f));
    TRY(facts_of_scans(d, f, paper));
    *ret = f;
    return OK;
}
