/* file.c: what the file of a dispute shows, to colleagues and to its parties; sealed texts; its
 * calendar. */
#include "crypto/seal.h"
#include "desk/desk.h"
#include "matter/erase.h"
#include "mediation/course.h"
#include "mediation/register.h"
#include "spine/command.h"
#include <math.h>
#include <stdio.h>

RECORD_DEFINE(party_view, PARTY_VIEW)
RECORD_DEFINE(mediator_view, MEDIATOR_VIEW)
RECORD_DEFINE(guest_view, GUEST_VIEW)
RECORD_DEFINE(sitting_view, SITTING_VIEW)
RECORD_DEFINE(promise_view, PROMISE_VIEW)
RECORD_DEFINE(earlier_view, EARLIER_VIEW)
RECORD_DEFINE(finding_view, FINDING_VIEW)
RECORD_DEFINE(own_transfer, OWN_TRANSFER)
RECORD_DEFINE(above_view, ABOVE_VIEW)
RECORD_DEFINE(dispute_file, DISPUTE_FILE)
RECORD_DEFINE(dispute_number, DISPUTE_NUMBER)
RECORD_DEFINE(sealed_text, SEALED_TEXT)
RECORD_DEFINE(sealed_texts, SEALED_TEXTS)

#define STATEMENT_ROW(X, R) \
    X(R, I64, at_ms, 0, 0, 0, NULL, "") X(R, STR, side, 0, 0, 0, NULL, "") \
    X(R, BYTES, data_key, 0, 0, 0, NULL, "") X(R, BYTES, text, 0, 0, 0, NULL, "") \
    X(R, STR, signed_by, 0, 0, 0, NULL, "")
RECORD(statement_row, STATEMENT_ROW)
RECORD_DEFINE(statement_row, STATEMENT_ROW)

SQL_READS(STATEMENTS, "mediation.statements",
    "SELECT at_ms, side, data_key, text, signed AS signed_by FROM statement"
    " WHERE area = $1 AND matter = $2 AND kind = $3 ORDER BY no");
const struct sql *const mediation_file_statements[] = { &STATEMENTS };
const size_t mediation_file_statements_n = COUNT_OF(mediation_file_statements);

enum err dispute_of(struct cx *cx, struct str number, struct matter *ret)
{
    TRY(desk_matter(cx, number, ret));
    return matter_is_closed_circle(ret) ? OK : E_MISSING;
}

enum err dispute_of_code(struct cx *cx, struct matter *ret)
{
    TRY(matter_by_id(cx, cx->actor.area, cx->actor.matter, ret));
    return matter_is_closed_circle(ret) ? OK : E_MISSING;
}

/* Lists of the file ------------------------------------------------------------------------ */

static double yuan(int64_t fen)
{
    return (double)fen / 100;
}

/* That somebody under age wants to stop is for them, their guardian and the committee. */
static bool reads_stop(const struct cx *cx, const struct beside *b, const struct party *p)
{
    const struct party *self = party_numbered(b, cx->actor.no);
    return cx->actor.kind == ACTOR_STAFF || (self && (self->no == p->no
        || (self->stands_for == p->no && str_is(self->role, "guardian"))));
}

static struct list party_views(struct cx *cx, const struct beside *b)
{
    const struct party *p = b->parties.p;
    struct party_view *views = NEW_N(cx->a, struct party_view, b->parties.n + 1);
    for (size_t i = 0; i < b->parties.n; i++) {
        const struct party *by = p[i].minor ? guardian_of(b, &p[i]) : NULL;
        views[i] = (struct party_view){ p[i].no, p[i].side, p[i].kind, p[i].role,
            p[i].stands_for ? p[i].stands_for : I64_NONE, p[i].scope, p[i].minor != 0,
            p[i].consent, p[i].consent_how,
            str_is(p[i].consent, "asked") ? I64_NONE : p[i].consent_ms, p[i].told_ms, p[i].signed_how,
            p[i].signed_ms, p[i].court_ms, party_label(cx, b, &p[i], cx->lang),
            word_on_mediation(b, &p[i]), by ? by->no : I64_NONE, p[i].described != 0,
            reads_stop(cx, b, &p[i]) ? p[i].stop_ms : I64_NONE, p[i].title_ms };
    }
    return (struct list){ views, b->parties.n };
}

static enum err mediator_views(struct cx *cx, const struct beside *b, struct list *ret)
{
    const struct mediator *m = b->mediators.p;
    struct mediator_view *views = NEW_N(cx->a, struct mediator_view, b->mediators.n + 1);
    for (size_t i = 0; i < b->mediators.n; i++) {
        views[i] = (struct mediator_view){ m[i].account, STR(""), m[i].chosen, m[i].disclosure,
            m[i].since_ms, m[i].left_ms, m[i].signed_ms };
        TRY(access_account_name(cx, m[i].account, &views[i].name));
    }
    *ret = (struct list){ views, b->mediators.n };
    return OK;
}

static enum err opened(struct cx *cx, const struct matter *m, const char *field,
    struct str data_key, struct str sealed, struct str *ret)
{
    struct seal_key key;
    TRY(seal_key_open(cx->keys, m->id, data_key, &key));
    enum err e = seal_open(cx->a, &key, field, sealed, ret);
    seal_key_wipe(&key);
    return e;
}

static enum err guest_views(struct cx *cx, const struct matter *m, const struct beside *b,
    struct list *ret)
{
    const struct guest *g = b->guests.p;
    struct guest_view *views = NEW_N(cx->a, struct guest_view, b->guests.n + 1);
    for (size_t i = 0; i < b->guests.n; i++) {
        views[i] = (struct guest_view){ g[i].no, g[i].kind, STR(""), g[i].agreed,
            g[i].admitted_ms };
        TRY(opened(cx, m, "guest", g[i].data_key, g[i].name, &views[i].name));
    }
    *ret = (struct list){ views, b->guests.n };
    return OK;
}

/* What was written in this entry, or "". */
static struct str told_at(struct cx *cx, struct list lines, int64_t seq)
{
    const struct line *l = lines.p;
    for (size_t i = 0; i < lines.n && seq; i++)
        if (l[i].seq == seq)
            return view_line_text(cx, &l[i]);
    return STR("");
}

static struct list sitting_views(struct cx *cx, const struct beside *b, struct list lines)
{
    const struct sitting *s = b->sittings.p;
    struct sitting_view *views = NEW_N(cx->a, struct sitting_view, b->sittings.n + 1);
    for (size_t i = 0; i < b->sittings.n; i++)
        views[i] = (struct sitting_view){ s[i].no, s[i].planned_ms, s[i].minutes, s[i].place,
            s[i].open_door != 0, s[i].at_ms, s[i].result,
            str_is(s[i].result, "cancelled") ? told_at(cx, lines, s[i].seq) : STR("") };
    return (struct list){ views, b->sittings.n };
}

/* Those of a round, which binds since then; overdue: past their term until_ms, or I64_NONE: nobody
 * waits for them. */
static struct list promise_views(struct cx *cx, struct list rows, int64_t round, int64_t since_ms,
    int64_t until_ms)
{
    const struct promise_row *p = rows.p;
    struct promise_view *views = NEW_N(cx->a, struct promise_view, rows.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < rows.n; i++)
        if (p[i].round == round)
            views[n++] = (struct promise_view){ p[i].no, p[i].party, p[i].what,
                p[i].amount_fen ? yuan(p[i].amount_fen) : (double)NAN, p[i].due_ms, p[i].way,
                p[i].place, p[i].kept_ms, p[i].broken_ms, p[i].kept_ms == I64_NONE
                && until_ms != I64_NONE && until_ms > promise_until(p[i].due_ms, since_ms) };
    return (struct list){ views, n };
}

static int64_t first_broken(struct list promises)
{
    const struct promise_view *p = promises.p;
    int64_t first = I64_NONE;
    for (size_t i = 0; i < promises.n; i++)
        if (p[i].broken_ms != I64_NONE && (first == I64_NONE || p[i].broken_ms < first))
            first = p[i].broken_ms;
    return first;
}

static enum err earlier_views(struct cx *cx, const struct matter *m, const struct beside *b,
    struct list lines, struct list *ret)
{
    const struct agreement *g = b->earlier.p;
    struct earlier_view *views = NEW_N(cx->a, struct earlier_view, b->earlier.n + 1);
    struct list promises = { NULL, 0 };
    if (b->earlier.n)
        TRY(promises_read(cx, m, &promises));
    for (size_t i = 0; i < b->earlier.n; i++) {
        const struct line *l = words_agreed(lines, g[i].round);
        struct list kept = promise_views(cx, promises, g[i].round, g[i].effective_ms,
            g[i].ended_ms);
        views[i] = (struct earlier_view){ (int64_t)i + 1, g[i].form,
            l && l->text.n ? l->text : STR(""), yuan(g[i].amount_fen), g[i].effective_ms,
            first_broken(kept), g[i].ended_ms, g[i].confirm, kept };
    }
    *ret = (struct list){ views, b->earlier.n };
    return OK;
}

/* What left with a party's consent, as that party reads it: not what offices answer each other. */
static struct list own_transfers(struct cx *cx, const struct beside *b)
{
    const struct party *self = cx->actor.kind == ACTOR_REPORTER
        ? party_numbered(b, cx->actor.no) : NULL;
    const struct transfer *r = b->transfers.p;
    struct own_transfer *views = NEW_N(cx->a, struct own_transfer, b->transfers.n + 1);
    size_t n = 0;
    for (size_t i = 0; self && i < b->transfers.n; i++)
        if (consents_name(b, r[i].consents, self))
            views[n++] = (struct own_transfer){ r[i].from_name, r[i].to_name, r[i].reason,
                r[i].sent_ms, r[i].state };
    return (struct list){ views, n };
}

static struct list finding_views(struct cx *cx, const struct matter *m, const struct beside *b)
{
    struct remark *f = NEW_N(cx->a, struct remark, FINDINGS_MAX);
    struct finding_view *views = NEW_N(cx->a, struct finding_view, FINDINGS_MAX);
    size_t n = hardness_findings(b, f, FINDINGS_MAX);
    n += clarity_findings(b, b->promises.p, b->promises.n, f + n, FINDINGS_MAX - n);
    if (m->open)
        n += early_findings(b, cx->now_ms, m->due_ms, f + n, FINDINGS_MAX - n);
    for (size_t i = 0; i < n; i++) {
        struct str of = arena_fmt(cx->a, "%lld", (long long)f[i].promise % 100);
        struct str text = cx_text(cx, f[i].m.zh, f[i].m.en), after;
        ptrdiff_t gap = str_find(text, STR("%s"));
        after = gap < 0 ? STR("") : (struct str){ text.p + gap + 2, text.n - (size_t)gap - 2 };
        views[i] = (struct finding_view){ str_c(f[i].code),
            f[i].promise ? f[i].promise : I64_NONE, f[i].hard, gap < 0 ? text
            : arena_fmt(cx->a, "%.*s%.*s%.*s", (int)gap, text.p, STR_FMT(of), STR_FMT(after)) };
    }
    return (struct list){ views, n };
}

/* The file --------------------------------------------------------------------------------- */

static struct str other_ways(struct cx *cx, const struct dispute *d)
{
    if (str_is(d->type, "wages") || str_is(d->type, "labour"))
        return cx_text(cx, "调解自愿，任何一方可以随时退出；劳动争议可以申请劳动仲裁，对裁决不服可以起诉；"
            "欠薪也可以向劳动监察部门投诉。", "Mediation is voluntary, and any party may leave at any time."
            " Labour disputes may go to labour arbitration and then to court; unpaid wages also to the"
            " labour inspection.");
    return cx_text(cx, "调解自愿。任何一方可以随时退出，也可以依法通过仲裁、行政途径或者向人民法院起诉解决。",
        "Mediation is voluntary. Any party may leave at any time, and may turn to arbitration, to the"
        " authorities or to the people's court as the law provides.");
}

static void fill_course(struct cx *cx, const struct matter *m, const struct beside *b,
    struct dispute_file *f)
{
    const struct dispute *d = &b->dispute;
    f->open_door = d->open_door != 0;
    f->written = d->written != 0;
    f->form = d->form;
    f->amount = yuan(d->amount_fen);
    f->accepted_ms = d->accepted_ms;
    f->sealed_ms = d->sealed_ms;
    f->effective_ms = d->effective_ms;
    f->status = d->status != 0;
    f->confirm = d->confirm;
    f->confirm_ms = d->confirm_ms;
    f->confirm_by_ms = confirm_by(cx->cat, d);
    f->asks_ownership = asks_ownership(d);
    f->party_last = d->party_last;
    f->held = sittings_held(b);
    f->facts = b->facts != 0;
    f->facts_signed = b->facts_signed;
    f->round = m->round;
    f->due_ms = m->due_ms;
    f->other_ways = other_ways(cx, d);
}

static enum err studio_fill(struct cx *cx, int64_t id, struct dispute_file *f)
{
    struct studio studio;
    f->studio_name = STR("");
    if (id == 0)
        return OK;
    TRY(studio_by_id(cx, id, &studio));
    f->studio = id;
    f->studio_name = studio.name;
    return OK;
}

/* The ledger, where something of it is shown. */
static enum err lines_read(struct cx *cx, const struct matter *m, const struct beside *b,
    struct list *ret)
{
    const struct sitting *s = b->sittings.p;
    bool wanted = b->earlier.n > 0;
    for (size_t i = 0; i < b->sittings.n; i++)
        wanted = wanted || str_is(s[i].result, "cancelled");
    *ret = (struct list){ NULL, 0 };
    return wanted ? view_lines(cx, m, ret) : OK;
}

static enum err file_write(struct cx *cx, const struct matter *m, struct buf *out)
{
    struct beside *b;
    struct dispute_file f;
    struct list lines;
    TRY(beside_read(cx, m, &b));
    TRY(lines_read(cx, m, b, &lines));
    const struct dispute *d = &b->dispute;
    const struct dispute_type *type = dispute_type_by(d->type);
    const struct dispute_kind *kind = d->kind.n ? dispute_kind_by(d->kind) : NULL;
    record_clear(&dispute_file_record, &f);
    f.number = m->number;
    f.docket = d->docket;
    f.committee = m->owner_unit;
    f.committee_name = unit_name(unit_find(cx->cat, m->owner_unit), cx->lang);
    f.state = m->state;
    f.state_name = view_state_name(cx, m->state);
    f.type = d->type;
    f.type_name = type ? cx_text(cx, type->zh, type->en) : d->type;
    f.kind = d->kind;
    f.kind_name = kind ? cx_text(cx, kind->zh, kind->en) : STR("");
    f.source = d->source;
    f.came_from = d->came_from;
    f.class = d->class;
    f.text = matter_words(cx, m);
    f.created_ms = m->created_ms;
    fill_course(cx, m, b, &f);
    f.you = cx->actor.kind == ACTOR_REPORTER ? cx->actor.no : I64_NONE;
    f.parties = party_views(cx, b);
    f.sittings = sitting_views(cx, b, lines);
    f.promises = promise_views(cx, b->promises, m->round, d->effective_ms,
        d->effective_ms == I64_NONE ? I64_NONE : cx->now_ms);
    f.findings = finding_views(cx, m, b);
    f.transfers = cx->actor.kind == ACTOR_STAFF ? b->transfers : (struct list){ NULL, 0 };
    f.handed = own_transfers(cx, b);
    if (m->open && access_is_member(&cx->actor, m->owner_unit))
        TRY(committees_above(cx, m, &f.above));
    TRY(earlier_views(cx, m, b, lines, &f.earlier));
    TRY(studio_fill(cx, d->studio, &f));
    TRY(mediator_views(cx, b, &f.mediators));
    TRY(guest_views(cx, m, b, &f.guests));
    record_to_json(out, &dispute_file_record, &f);
    return OK;
}

enum err dispute_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct dispute_number *q = in;
    struct matter m;
    TRY(dispute_of(cx, q->number, &m));
    return file_write(cx, &m, out);
}

/* What a party sees by its code: the same, for they are equals; never the talks with one side. */
enum err dispute_own(struct cx *cx, const void *in, struct buf *out)
{
    struct matter m;
    (void)in;
    TRY(dispute_of_code(cx, &m));
    return file_write(cx, &m, out);
}

/* Sealed texts ----------------------------------------------------------------------------- */

enum err sealed_texts_read(struct cx *cx, const struct matter *m, const char *kind,
    struct list *ret)
{
    struct list rows;
    TRY(db_rows(cx->db, cx->a, &STATEMENTS, ARGS(I(m->area), I(m->id), S(str_c(kind))),
        &statement_row_record, 200, &rows));
    const struct statement_row *r = rows.p;
    struct sealed_text *views = NEW_N(cx->a, struct sealed_text, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        views[i] = (struct sealed_text){ r[i].at_ms, r[i].side, STR(""), r[i].signed_by };
        TRY(opened(cx, m, kind, r[i].data_key, r[i].text, &views[i].text));
    }
    *ret = (struct list){ views, rows.n };
    return OK;
}

static enum err statements_write(struct cx *cx, const struct matter *m, const char *kind,
    struct buf *out)
{
    struct sealed_texts list;
    TRY(sealed_texts_read(cx, m, kind, &list.items));
    record_to_json(out, &sealed_texts_record, &list);
    return OK;
}

/* For the mediators of the case alone, as long as they are; for all others there are none. */
static enum err mediated_by_actor(struct cx *cx, struct str number, struct matter *ret)
{
    struct beside *b;
    TRY(dispute_of(cx, number, ret));
    TRY(beside_read(cx, ret, &b));
    return mediator_of(b, cx->actor.account) && access_is_member(&cx->actor, ret->owner_unit)
        ? OK : E_MISSING;
}

/* The reading itself is recorded, as that of contact details is. */
enum err caucus_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct dispute_number *q = in;
    struct matter m;
    bool again;
    int64_t id, no;
    TRY(mediated_by_actor(cx, q->number, &m));
    TRY(command_claim(cx, m.area, m.id, 0, &again, &id, &no));
    if (!again)
        TRY(access_note(cx, &(struct personal_read){ m.area, m.id, 0, "caucus", STR("mediation") }));
    return statements_write(cx, &m, "caucus", out);
}

enum err facts_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct dispute_number *q = in;
    struct matter m;
    TRY(mediated_by_actor(cx, q->number, &m));
    return statements_write(cx, &m, "facts", out);
}

enum err facts_own(struct cx *cx, const void *in, struct buf *out)
{
    struct matter m;
    (void)in;
    TRY(dispute_of_code(cx, &m));
    return statements_write(cx, &m, "facts", out);
}

/* Calendar (RFC 5545) ---------------------------------------------------------------------- */

/* Lines end in CRLF and are folded before 75 bytes, never within a character. */
static void line_add(struct buf *b, struct str line)
{
    enum { LINE_BYTES = 72 };
    size_t at = 0;
    while (line.n - at > LINE_BYTES) {
        size_t end = at + LINE_BYTES;
        while (((unsigned char)line.p[end] & 0xC0) == 0x80)
            end--;
        buf_add(b, (struct str){ line.p + at, end - at });
        buf_add(b, STR("\r\n "));
        at = end;
    }
    buf_add(b, (struct str){ line.p + at, line.n - at });
    buf_add(b, STR("\r\n"));
}

static struct str escaped(struct arena *a, struct str text)
{
    struct buf b = buf_in(a, 1 << 12);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == ',' || text.p[i] == ';' || text.p[i] == '\\')
            buf_byte(&b, '\\');
        buf_byte(&b, text.p[i] == '\n' ? ' ' : text.p[i]);
    }
    return buf_str(&b);
}

/* Times of day in UTC; civil time here is that of China, eight hours ahead. */
static struct str utc(struct arena *a, int64_t at_ms)
{
    struct civil c = clock_civil(at_ms - INT64_C(8) * 3600000);
    return arena_fmt(a, "%04d%02d%02dT%02d%02d%02dZ", c.year, c.month, c.day, c.hour, c.minute,
        c.second);
}

/* Neither names nor what it is about: calendars lie on telephones. */
static enum err calendar_write(struct cx *cx, const struct matter *m, struct buf *out)
{
    struct beside *b;
    TRY(beside_read(cx, m, &b));
    const struct sitting *s = b->sittings.p;
    struct str name = cx_text(cx, "调解", "Mediation");
    line_add(out, STR("BEGIN:VCALENDAR"));
    line_add(out, STR("VERSION:2.0"));
    line_add(out, STR("PRODID:-//Fengqiao//Mediation//ZH"));
    for (size_t i = 0; i < b->sittings.n; i++) {
        if (s[i].planned_ms == I64_NONE)
            continue;
        int64_t end_ms = s[i].planned_ms + s[i].minutes * 60000;
        line_add(out, STR("BEGIN:VEVENT"));
        line_add(out, arena_fmt(cx->a, "UID:%.*s-%lld@fengqiao", STR_FMT(m->number),
            (long long)s[i].no));
        line_add(out, arena_fmt(cx->a, "DTSTAMP:%.*s", STR_FMT(utc(cx->a, cx->now_ms))));
        line_add(out, arena_fmt(cx->a, "DTSTART:%.*s", STR_FMT(utc(cx->a, s[i].planned_ms))));
        line_add(out, arena_fmt(cx->a, "DTEND:%.*s", STR_FMT(utc(cx->a, end_ms))));
        line_add(out, arena_fmt(cx->a, "SUMMARY:%.*s %.*s", STR_FMT(name), STR_FMT(m->number)));
        line_add(out, arena_fmt(cx->a, "LOCATION:%.*s", STR_FMT(escaped(cx->a, s[i].place))));
        if (str_is(s[i].result, "cancelled"))
            line_add(out, STR("STATUS:CANCELLED"));
        line_add(out, STR("END:VEVENT"));
    }
    line_add(out, STR("END:VCALENDAR"));
    return OK;
}

enum err calendar_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct dispute_number *q = in;
    struct matter m;
    TRY(dispute_of(cx, q->number, &m));
    return calendar_write(cx, &m, out);
}

enum err calendar_own(struct cx *cx, const void *in, struct buf *out)
{
    struct matter m;
    (void)in;
    TRY(dispute_of_code(cx, &m));
    return calendar_write(cx, &m, out);
}
