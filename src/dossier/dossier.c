/* dossier.c: the feature "dossier": its routes; documents of a dispute listed and printed, for the
 * committee that has it, for a party, for whoever it was handed over by or to. */
#include "dossier/dossier.h"
#include "mediation/course.h"
#include "paper/fill.h"
#include "spine/command.h"

RECORD_DEFINE(paper_view, PAPER_VIEW)
RECORD_DEFINE(papers, PAPERS)
RECORD_DEFINE(paper_in, PAPER_IN)
RECORD_DEFINE(paper_name, PAPER_NAME)
RECORD_DEFINE(letter_in, LETTER_IN)

#define WHOLE "dossier"

/* Lists ------------------------------------------------------------------------------------- */

static struct str title_of(const struct cx *cx, const struct paper_form *t)
{
    return cx->lang == LANG_EN && t->title_en.n ? t->title_en : t->title;
}

static int64_t pictures_of(const struct case_file *d, struct str paper)
{
    const struct scan_view *s = d->scans.p;
    int64_t n = 0;
    for (size_t i = 0; i < d->scans.n; i++)
        n += str_eq(s[i].paper, paper) ? (int64_t)s[i].photos.n : 0;
    return n;
}

static struct paper_view view_of(const struct case_file *d, const struct paper_form *t,
    const struct facts *f)
{
    struct msg lacks = paper_lacks(d, t, f);
    return (struct paper_view){ t->name, title_of(d->cx, t), t->place, paper_must(d, t),
        form_wanted(t, f), lacks.zh ? cx_text(d->cx, lacks.zh, lacks.en) : STR(""),
        pictures_of(d, t->name), takes_scans(d->cx, t->name) };
}

/* What a party is given: what it applied for and signs, what is told it, and how it ended. */
static bool is_for_party(const struct paper_form *t)
{
    static const char *const names[] = { "application", "acceptance", "notice", "session",
        "undisputed", "agreement", "oral", "receipt", "refusal", "termination",
        "court" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_is(t->name, names[i]))
            return true;
    return false;
}

static enum err filing_fill(const struct case_file *d, struct papers *v)
{
    v->can_file = !d->m->open && d->filed == NULL;
    if (d->filed == NULL)
        return OK;
    v->filed_ms = d->filed->at_ms;
    v->retention = line_word(d->filed, "retention");
    v->note = d->filed->text.n ? d->filed->text : STR_NONE;
    return access_account_name(d->cx, d->filed->account, &v->keeper);
}

enum err papers_write(struct cx *cx, const struct matter *m, struct buf *out)
{
    const struct forms *t = cx->services.forms;
    struct case_file d;
    struct facts *f;
    struct papers v;
    TRY(dossier_read(cx, m, &d));
    TRY(dossier_facts(&d, STR_NONE, &f));
    record_clear(&papers_record, &v);
    struct paper_view *views = NEW_N(cx->a, struct paper_view, t->n + 1);
    for (size_t i = 0; i < t->n; i++)
        if (t->at[i].place > 0)
            views[v.items.n++] = view_of(&d, &t->at[i], f);
    v.items.p = views;
    v.scans = d.scans;
    v.complete = dossier_lacks(&d, t, f).n == 0;
    TRY(filing_fill(&d, &v));
    record_to_json(out, &papers_record, &v);
    return OK;
}

enum err papers_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct dispute_number *q = in;
    struct matter m;
    TRY(dossier_of(cx, q->number, &m));
    return papers_write(cx, &m, out);
}

/* Only what there is: a party has nothing to complete. */
enum err papers_own(struct cx *cx, const void *in, struct buf *out)
{
    const struct forms *t = cx->services.forms;
    struct matter m;
    struct case_file d;
    struct facts *f;
    struct papers v;
    (void)in;
    TRY(dispute_of_code(cx, &m));
    TRY(dossier_read(cx, &m, &d));
    TRY(dossier_facts(&d, STR_NONE, &f));
    record_clear(&papers_record, &v);
    struct paper_view *views = NEW_N(cx->a, struct paper_view, t->n + 1);
    for (size_t i = 0; i < t->n; i++)
        if (is_for_party(&t->at[i]) && form_wanted(&t->at[i], f))
            views[v.items.n++] = (struct paper_view){ .name = t->at[i].name,
                .title = title_of(cx, &t->at[i]), .place = t->at[i].place, .ready = true,
                .lacking = STR("") };
    v.items.p = views;
    record_to_json(out, &papers_record, &v);
    return OK;
}

/* Printing ---------------------------------------------------------------------------------- */

/* What was printed, and whose names stand in it. */
struct printed { struct matter m; struct str bytes, title; struct list contacts; };

static enum err form_named(struct cx *cx, struct str name, const struct paper_form **ret)
{
    *ret = form_find(cx->services.forms, name);
    return *ret ? OK : cx_fail_with(cx, E_MISSING, "name", MSG("没有名为“%s”的文书",
        "There is no document \"%s\""), name);
}

static enum err parts_find(struct case_file *d, struct str name, struct paper_part *parts,
    struct paper_order *order)
{
    struct cx *cx = d->cx;
    bool whole = str_is(name, WHOLE);
    const struct paper_form *t = NULL;
    struct facts *f;
    if (!whole)
        TRY(form_named(cx, name, &t));
    TRY(dossier_facts(d, whole ? STR("") : name, &f));
    order->parts = parts;
    order->title = whole ? fact_text(f, STR("file_title")) : t->title;
    if (order->title.n == 0)
        order->title = STR("人民调解卷宗");
    if (whole)
        order->n = paper_dossier(cx->services.forms, f, parts);
    else if (!form_wanted(t, f))
        return cx_fail(cx, E_MISSING, "name", MSG("这起纠纷还没有这份文书，可以打印空白表",
            "This dispute has no such document yet; print the blank form"));
    else {
        parts[0] = (struct paper_part){ t, f, STR_NONE };
        order->n = 1;
    }
    return OK;
}

/* Whoever lets a copy out can be told from it: unit, account and time. A party's own copy is their
 * own affair. */
static struct str printed_by(struct cx *cx, const struct matter *m)
{
    struct civil c = clock_civil(cx->now_ms);
    struct str unit = unit_name(unit_find(cx->cat, m->owner_unit), LANG_ZH);
    if (cx->actor.kind != ACTOR_STAFF)
        return STR("");
    return arena_fmt(cx->a, "打印：%.*s · %.*s · %04d-%02d-%02d %02d:%02d", STR_FMT(unit),
        STR_FMT(cx->actor.username), c.year, c.month, c.day, c.hour, c.minute);
}

static enum err print(struct case_file *d, struct str name, enum paper_what what)
{
    struct paper_part parts[TEMPLATES_MAX];
    struct paper_order order = { .printed = printed_by(d->cx, d->m) };
    struct printed *made = NEW(d->cx->a, struct printed);
    TRY(dossier_open(d));
    TRY(parts_find(d, name, parts, &order));
    TRY(paper_render(d->cx, &order, what, &made->bytes));
    made->m = *d->m;
    made->title = order.n == 1 ? order.title : STR("卷宗");
    made->contacts = d->contacts;
    d->cx->prepared = made;
    return OK;
}

enum err paper_prepare(struct cx *cx, const void *in)
{
    const struct paper_in *q = in;
    struct matter m;
    struct case_file d;
    TRY(dossier_of(cx, q->number, &m));
    TRY(dossier_read(cx, &m, &d));
    return print(&d, q->name, PAPER_PDF);
}

enum err dossier_zip_prepare(struct cx *cx, const void *in)
{
    const struct dispute_number *q = in;
    struct matter m;
    struct case_file d;
    TRY(dossier_of(cx, q->number, &m));
    TRY(dossier_read(cx, &m, &d));
    return print(&d, STR(WHOLE), PAPER_ZIP);
}

/* What all sign together, with the names of all in it. */
static bool is_joint(const struct paper_form *t)
{
    return str_is(t->name, "agreement") || str_is(t->name, "oral") || str_is(t->name, "receipt")
        || str_is(t->name, "undisputed") || str_is(t->name, "court");
}

/* The names of all stand where all sign what they agreed. What is claimed names both sides, or
 * nobody could answer it. Everywhere else a party reads its own, and who acts for it. How to reach
 * the others stands nowhere, be they on the same side. */
enum err paper_own_prepare(struct cx *cx, const void *in)
{
    const struct paper_name *q = in;
    const struct paper_form *t;
    const struct party *self;
    struct matter m;
    struct case_file d;
    TRY(dispute_of_code(cx, &m));
    TRY(form_named(cx, q->name, &t));
    if (!is_for_party(t))
        return E_MISSING;
    TRY(dossier_read(cx, &m, &d));
    self = party_numbered(d.b, cx->actor.no);
    if (self == NULL)
        return E_MISSING;
    d.phones_of = self->no;
    if (!is_joint(t))
        d.names_of = self->no;
    d.names_across = str_is(t->name, "application") || str_is(t->name, "acceptance");
    return print(&d, q->name, PAPER_PDF);
}

/* Who opened which names for what is noted before anybody gets the document. */
enum err paper_made(struct cx *cx, const void *in, struct buf *out)
{
    struct printed *made = cx->prepared;
    const struct contact *c = made->contacts.p;
    struct str purpose = arena_fmt(cx->a, "文书：%.*s", STR_FMT(made->title));
    bool again;
    int64_t id, no;
    (void)in;
    TRY(command_claim(cx, made->m.area, made->m.id, made->m.seq, &again, &id, &no));
    for (size_t i = 0; !again && i < made->contacts.n; i++)
        if (c[i].name.n)
            TRY(access_note(cx, &(struct personal_read){ made->m.area, made->m.id, c[i].no,
                "name,phone", purpose }));
    buf_reserve(out, made->bytes.n);
    buf_add(out, made->bytes);
    return OK;
}

enum err paper_blank(struct cx *cx, const void *in, struct buf *out)
{
    const struct paper_name *q = in;
    const struct paper_form *t;
    struct str bytes;
    TRY(form_named(cx, q->name, &t));
    struct paper_part part = { t, NULL, STR_NONE };
    struct paper_order order = { .title = t->title, .parts = &part, .n = 1 };
    TRY(paper_render(cx, &order, PAPER_PDF, &bytes));
    buf_add(out, bytes);
    return OK;
}

/* The names of those who agreed to be handed over, opened. */
static enum err letter_open(struct case_file *d, const struct transfer *r)
{
    struct contact *c;
    struct list all;
    size_t n = 0;
    if (!r->shared || r->consents.n == 0)
        return OK;
    transfer_scope(d->cx, r);
    enum err e = desk_contacts(d->cx, d->m, &all);
    access_scope(d->cx);
    TRY(e);
    c = all.p;
    for (size_t i = 0; i < all.n; i++) {
        const struct party *p = party_numbered(d->b, c[i].no);
        if (p && consents_name(d->b, r->consents, p))
            c[n++] = c[i];
    }
    d->contacts = (struct list){ c, n };
    return OK;
}

/* The letter of a hand-over and the answer, for both of its sides, as in the dossier: with the
 * names of those who agreed to it. */
enum err letter_prepare(struct cx *cx, const void *in)
{
    const struct letter_in *q = in;
    const struct paper_form *letter, *feedback;
    struct paper_part parts[2];
    struct transfer r;
    struct printed *made = NEW(cx->a, struct printed);
    struct case_file d = { .cx = cx, .m = &made->m };
    TRY(transfer_of(cx, q->number, q->id, &r));
    TRY(form_named(cx, r.shared ? STR("letter") : STR("notification"), &letter));
    TRY(form_named(cx, STR("feedback"), &feedback));
    TRY(transfer_matter(cx, &r, q->number, &made->m, &d.b));
    TRY(letter_open(&d, &r));
    struct facts *f = facts_make(cx->a);
    facts_text(f, "type", dispute_called(&d));
    facts_of_transfer(&d, f, &r);
    parts[0] = (struct paper_part){ letter, f, STR_NONE };
    parts[1] = (struct paper_part){ feedback, f, STR_NONE };
    struct paper_order order = { .title = letter->title, .parts = parts,
        .n = str_is(r.state, "sent") ? 1 : 2 };
    TRY(paper_render(cx, &order, PAPER_PDF, &made->bytes));
    made->title = letter->title;
    made->contacts = d.contacts;
    cx->prepared = made;
    return OK;
}

#define PDF "application/pdf"
static const struct route routes[] = {
    { .method = "GET", .path = "/api/disputes/:number/papers", .name = "papers",
        .roles = ROLE_COMMITTEE, .lane = LANE_READ, .in = &dispute_number_record,
        .out = &papers_record, .run = papers_show,
        .meaning = "Documents of a dispute: what there is and what is missing" },
    { .method = "POST", .path = "/api/disputes/:number/papers/:name", .name = "paper",
        .roles = ROLE_COMMITTEE, .lane = LANE_STAFF, .in = &paper_in_record,
        .prints = true, .prepare = paper_prepare, .run = paper_made, .out_type = PDF,
        .meaning = "A document of a dispute, or its whole dossier, with the names; it is noted" },
    { .method = "POST", .path = "/api/disputes/:number/zip", .name = "dossier_zip",
        .roles = ROLE_COMMITTEE, .lane = LANE_STAFF, .in = &dispute_number_record,
        .prints = true, .prepare = dossier_zip_prepare, .run = paper_made,
        .out_type = "application/zip",
        .meaning = "The whole dossier and each of its documents, with the names; it is noted" },
    { .method = "POST", .path = "/api/disputes/:number/scans", .name = "scan_add",
        .roles = ROLE_COMMITTEE, .lane = LANE_STAFF, .in = &scan_in_record, .out = &papers_record,
        .run = scan_add,
        .meaning = "Attach scans to a document, or note how an identity was checked" },
    { .method = "POST", .path = "/api/disputes/:number/scans/:id/off", .name = "scan_off",
        .roles = ROLE_COMMITTEE, .lane = LANE_STAFF, .in = &scan_off_record, .out = &papers_record,
        .run = scan_take_off, .meaning = "Take something off a document again" },
    { .method = "POST", .path = "/api/disputes/:number/archive", .name = "dossier_file",
        .roles = ROLE_COMMITTEE, .lane = LANE_STAFF, .in = &file_in_record, .out = &papers_record,
        .run = dossier_file,
        .meaning = "File the dossier: complete, or with a statement on what is missing" },
    { .method = "POST", .path = "/api/disputes/:number/transfers/:id/letter", .name = "letter",
        .roles = ROLE_HANDS, .lane = LANE_STAFF, .in = &letter_in_record, .prints = true,
        .prepare = letter_prepare, .run = paper_made, .out_type = PDF,
        .meaning = "The letter of a hand-over and its answer, with who agreed to it; noted" },
    { .method = "GET", .path = "/api/papers/:name/blank", .name = "paper_blank",
        .roles = ROLE_HANDS | ROLE_REPORTER, .lane = LANE_READ, .in = &paper_name_record,
        .prints = true, .run = paper_blank, .out_type = PDF,
        .meaning = "A blank form to fill in by hand" },
    { .method = "GET", .path = "/api/receipt/papers", .name = "own_papers",
        .roles = ROLE_REPORTER, .lane = LANE_READ, .out = &papers_record, .run = papers_own,
        .meaning = "Documents of a dispute that a party is given" },
    { .method = "POST", .path = "/api/receipt/papers/:name", .name = "own_paper",
        .roles = ROLE_REPORTER, .lane = LANE_INTAKE, .in = &paper_name_record,
        .prints = true, .prepare = paper_own_prepare, .run = paper_made, .out_type = PDF,
        .meaning = "One of these, with the party's own name; both names where both sign" },
};

extern const struct module module_dossier;
const struct module module_dossier = { .name = "dossier", .routes = routes,
    .n_routes = COUNT_OF(routes) };
