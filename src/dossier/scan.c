/* scan.c: scans that go with documents: pictures as facts, attaching one, taking it off again, and
 * the filing of the whole. Each is an entry of the ledger; pictures lie with the photos. */
#include "attach/store.h"
#include "dossier/dossier.h"
#include "mediation/course.h"
#include "spine/command.h"

RECORD_DEFINE(scan_view, SCAN_VIEW)
RECORD_DEFINE(scan_in, SCAN_IN)
RECORD_DEFINE(scan_off, SCAN_OFF)

/* So much of pictures goes into one file: it is held in memory several times while it is made. */
enum { PICTURE_BYTES_MAX = 3 << 20, PICTURES_BYTES_MAX = 10 << 20 };

static enum err picture_text(const struct case_file *d, int64_t no, size_t *left, struct str *ret)
{
    struct store_name name;
    struct photo p;
    struct str bytes;
    struct buf b = buf_in(d->cx->a, PICTURE_BYTES_MAX * 2);
    TRY(photo_one(d->cx, d->m, no, &p));
    CHECK(store_name_parse(p.hash, &name));
    TRY(store_get(d->cx->data_dir, &name, d->cx->a, PICTURE_BYTES_MAX, &bytes));
    if (bytes.n > *left)
        return cx_fail(d->cx, E_TOO_LARGE, NULL, MSG("扫描件太多，一个文件放不下，请逐份打开文书",
            "There are more scans than go into one file; open the documents one by one"));
    *left -= bytes.n;
    buf_base64(&b, bytes);
    *ret = buf_str(&b);
    return OK;
}

static const struct party *party_of(const struct case_file *d, const struct scan_view *s)
{
    return s->party == I64_NONE ? NULL : party_numbered(d->b, s->party);
}

static void whose(const struct case_file *d, struct facts *f, const struct scan_view *s)
{
    const struct party *p = party_of(d, s);
    facts_text(f, "name", p ? party_name(d, p->no) : STR_NONE);
    facts_text(f, "side", p ? party_title(d, p) : STR_NONE);
    facts_text(f, "caption", s->caption);
    facts_text(f, "date", paper_day(d->cx->a, s->at_ms));
}

/* A signature stands where the party signs. */
static void signature_add(const struct case_file *d, const struct facts *f,
    const struct scan_view *s, struct str image)
{
    static const char *const lists[] = { "parties", "applicants", "respondents" };
    const struct party *p = d->b->parties.p;
    for (size_t i = 0, at[COUNT_OF(lists)] = { 0 }; i < d->b->parties.n; i++)
        for (size_t k = 0; k < COUNT_OF(lists); k++) {
            bool here = k == 0 || (is_principal(&p[i])
                && str_is(p[i].side, "applicant") == (k == 1));
            const struct facts *one = here ? fact_item(f, str_c(lists[k]), at[k]++) : NULL;
            if (one && p[i].no == s->party)
                facts_text((struct facts *)(uintptr_t)one, "signature", image);
        }
}

/* Of the case, and of each time that they agreed. */
static void signatures_add(const struct case_file *d, struct facts *f, const struct scan_view *s,
    struct str image)
{
    const struct facts *one;
    signature_add(d, f, s, image);
    for (size_t i = 0; (one = fact_item(f, STR("agreements"), i)); i++)
        signature_add(d, one, s, image);
}

static void evidence_add(const struct case_file *d, struct facts *f, const struct scan_view *s)
{
    struct facts *one = facts_item(f, "evidence");
    const struct party *p = party_of(d, s);
    struct str name = p ? party_name(d, p->no) : STR_NONE;
    facts_text(one, "name", s->caption);
    facts_text(one, "from", name.n || p == NULL ? name : party_title(d, p));
    if (s->photos.n)
        facts_text(one, "sheets", arena_fmt(d->cx->a, "%zu", s->photos.n));
}

static void picture_add(const struct case_file *d, struct facts *f, const struct scan_view *s,
    struct str image)
{
    if (str_is(s->paper, "signature")) {
        signatures_add(d, f, s, image);
        return;
    }
    struct facts *one = facts_item(f, "attached");
    whose(d, one, s);
    facts_text(one, "paper", s->paper);
    facts_text(one, "image", image);
}

/* To a party by its code only what it signs or gets for what is paid. */
static bool is_there(const struct case_file *d, const struct scan_view *s)
{
    return d->cx->actor.kind == ACTOR_STAFF || str_is(s->paper, "agreement")
        || str_is(s->paper, "receipt");
}

static bool is_drawn(const struct scan_view *s, struct str paper)
{
    return paper.p && (paper.n == 0 || str_eq(paper, s->paper) || str_is(s->paper, "signature"));
}

enum err facts_of_scans(const struct case_file *d, struct facts *f, struct str paper)
{
    const struct scan_view *s = d->scans.p;
    size_t left = PICTURES_BYTES_MAX;
    for (size_t i = 0; i < d->scans.n; i++) {
        const struct photo_view *p = s[i].photos.p;
        if (!is_there(d, &s[i]))
            continue;
        if (str_is(s[i].paper, "identity"))
            whose(d, facts_item(f, "scans"), &s[i]);
        if (str_is(s[i].paper, "evidence"))
            evidence_add(d, f, &s[i]);
        for (size_t k = 0; k < s[i].photos.n; k++) {
            struct str image = STR_NONE;
            if (is_drawn(&s[i], paper))
                TRY(picture_text(d, p[k].id, &left, &image));
            picture_add(d, f, &s[i], image);
        }
    }
    return OK;
}

/* Attaching --------------------------------------------------------------------------------- */

bool takes_scans(const struct cx *cx, struct str paper)
{
    const struct paper_form *t = form_find(cx->services.forms, paper);
    return str_is(paper, "signature") || (t && t->place > 0 && str_is(t->kind, "paper"));
}

static enum err scan_check(const struct case_file *d, const struct scan_in *q)
{
    struct cx *cx = d->cx;
    bool identity = str_is(q->paper, "identity"), of_party = identity || str_is(q->paper, "signature");
    bool picture = q->uploads.n || q->photo != I64_NONE;
    struct photo p;
    if (!takes_scans(cx, q->paper))
        return cx_fail_with(cx, E_INPUT, "paper", MSG("卷宗里没有“%s”这份文书，请从列表中选择",
            "The dossier has no document \"%s\"; choose one of the list"), q->paper);
    if ((of_party || q->party != I64_NONE) && party_numbered(d->b, q->party) == NULL)
        return cx_fail(cx, E_INPUT, "party", MSG("请选择是哪一位当事人的",
            "Say which party it is of"));
    if (str_is(q->paper, "evidence") && str_trim(q->caption).n == 0)
        return cx_fail(cx, E_INPUT, "caption", MSG("请写明证据名称", "Say what the evidence is"));
    if (!picture && !(identity && str_trim(q->caption).n))
        return cx_fail(cx, E_INPUT, "uploads", identity ? MSG("请附上扫描件，或写明怎样核验身份",
            "Attach a scan, or say how the identity was checked")
            : MSG("请附上扫描件", "Attach a scan"));
    if (q->photo == I64_NONE)
        return OK;
    enum err e = photo_one(cx, d->m, q->photo, &p);
    return e == E_MISSING ? cx_fail(cx, E_INPUT, "photo", MSG("这起纠纷里没有这张照片",
        "The dispute has no such picture")) : e;
}

static enum err entry_append(struct cx *cx, struct matter *m, struct entry_make *e)
{
    int64_t seq_before = m->seq;
    e->from = state_by_word(m->state);
    e->unit = m->owner_unit;
    TRY(matter_append(cx, m, e));
    TRY(matter_update(cx, m, seq_before));
    matter_publish(cx, m);
    return OK;
}

enum err dossier_of(struct cx *cx, struct str number, struct matter *ret)
{
    TRY(dispute_of(cx, number, ret));
    return access_roles_in(&cx->actor, ret->owner_unit) & ROLE_COMMITTEE ? OK
        : E_MISSING;
}

static enum err still_open(const struct case_file *d)
{
    return d->filed ? cx_fail(d->cx, E_STEP, NULL, MSG("已归档，不能再改动",
        "It is filed and no longer changes")) : OK;
}

enum err scan_add(struct cx *cx, const void *in, struct buf *out)
{
    const struct scan_in *q = in;
    struct matter m;
    struct case_file d;
    bool again;
    int64_t id, no;
    TRY(dossier_of(cx, q->number, &m));
    TRY(command_claim(cx, m.area, m.id, m.seq + 1, &again, &id, &no));
    if (again)
        return papers_write(cx, &m, out);
    struct entry_make e = { .action = "scanned", .text = str_trim(q->caption), .audience = "staff" };
    TRY(dossier_read(cx, &m, &d));
    TRY(still_open(&d));
    TRY(scan_check(&d, q));
    if (e.text.n == 0)
        e.audience = NULL;
    entry_fact_text(&e, "paper", q->paper);
    if (q->party != I64_NONE)
        entry_fact_number(&e, "party", q->party);
    if (q->photo != I64_NONE)
        entry_fact_number(&e, "photo", q->photo);
    TRY(photos_take(cx, &m, &e, q->uploads, PHASE_PAPER));
    TRY(entry_append(cx, &m, &e));
    return papers_write(cx, &m, out);
}

static bool has_scan(const struct case_file *d, int64_t no)
{
    const struct scan_view *s = d->scans.p;
    for (size_t i = 0; i < d->scans.n; i++)
        if (s[i].no == no)
            return true;
    return false;
}

/* The entry and its picture stay where they are; the dossier no longer has it. */
enum err scan_take_off(struct cx *cx, const void *in, struct buf *out)
{
    const struct scan_off *q = in;
    struct matter m;
    struct case_file d;
    bool again;
    int64_t id, no;
    TRY(dossier_of(cx, q->number, &m));
    TRY(command_claim(cx, m.area, m.id, m.seq + 1, &again, &id, &no));
    if (again)
        return papers_write(cx, &m, out);
    struct entry_make e = { .action = "unscanned", .text = str_trim(q->note), .audience = "staff" };
    TRY(dossier_read(cx, &m, &d));
    TRY(still_open(&d));
    if (!has_scan(&d, q->id))
        return cx_fail(cx, E_MISSING, "id", MSG("没有这一件附件", "There is no such attachment"));
    entry_fact_number(&e, "scan", q->id);
    TRY(entry_append(cx, &m, &e));
    return papers_write(cx, &m, out);
}

/* Filing ------------------------------------------------------------------------------------ */

RECORD_DEFINE(file_in, FILE_IN)
const char *const retention_words[] = { "short", "long", "ever", NULL };

static enum err filing_check(struct case_file *d, const struct file_in *q)
{
    struct facts *f;
    TRY(still_open(d));
    if (d->m->open)
        return cx_fail(d->cx, E_STEP, NULL, MSG("结案或终止后才能归档",
            "It is filed once the dispute has ended"));
    TRY(dossier_facts(d, STR_NONE, &f));
    struct str lacks = dossier_lacks(d, d->cx->services.forms, f);
    if (lacks.n && str_trim(q->note).n == 0)
        return cx_fail_with(d->cx, E_INPUT, "note", MSG("还缺少：%s。请补齐，或在说明里写明原因",
            "Missing: %s. Complete it, or say why in the statement"), lacks);
    return OK;
}

/* Only complete, or with what is missing explained in words. */
enum err dossier_file(struct cx *cx, const void *in, struct buf *out)
{
    const struct file_in *q = in;
    struct matter m;
    struct case_file d;
    bool again;
    int64_t id, no;
    TRY(dossier_of(cx, q->number, &m));
    TRY(command_claim(cx, m.area, m.id, m.seq + 1, &again, &id, &no));
    if (again)
        return papers_write(cx, &m, out);
    struct entry_make e = { .action = "archived", .text = str_trim(q->note), .audience = "staff" };
    TRY(dossier_read(cx, &m, &d));
    TRY(filing_check(&d, q));
    if (e.text.n == 0)
        e.audience = NULL;
    entry_fact_text(&e, "retention", q->retention);
    TRY(entry_append(cx, &m, &e));
    return papers_write(cx, &m, out);
}
