/* detail.c: the page of one matter for colleagues, its photos, and what looks like it. */
#include "access/mask.h"
#include "base/keep.h"
#include "crypto/seal.h"
#include "desk/desk.h"
#include "geo/cell.h"
#include "matter/erase.h"
#include "matter/explain.h"
#include "matter/offer.h"
#include "report/receipt.h"
#include <math.h>

RECORD_DEFINE(number_in, NUMBER_IN)
RECORD_DEFINE(reporter_view, REPORTER_VIEW)
RECORD_DEFINE(cohandler_view, COHANDLER_VIEW)
RECORD_DEFINE(link_view, LINK_VIEW)
RECORD_DEFINE(clock_view, CLOCK_VIEW)
RECORD_DEFINE(route_view, ROUTE_VIEW)
RECORD_DEFINE(ask_view, ASK_VIEW)
RECORD_DEFINE(matter_detail, MATTER_DETAIL)
RECORD_DEFINE(desk_photo_in, DESK_PHOTO_IN)

#define REPORTER_ROW(X, R) \
    X(R, I64, no, 0, 0, 0, NULL, "") X(R, I64, person, 0, 0, 0, NULL, "") \
    X(R, I64, confidential, 0, 0, 0, NULL, "") X(R, I64, joined_ms, 0, 0, 0, NULL, "") \
    X(R, I64, answered_round, 0, 0, 0, NULL, "") X(R, I64, score, 0, 0, 0, NULL, "") \
    X(R, STR, rating, 0, 0, 0, NULL, "") X(R, BYTES, data_key, 0, 0, 0, NULL, "") \
    X(R, BYTES, name, 0, 0, 0, NULL, "") X(R, BYTES, phone, 0, 0, 0, NULL, "") \
    X(R, BYTES, details, 0, 0, 0, NULL, "")
RECORD(reporter_row, REPORTER_ROW)
RECORD_DEFINE(reporter_row, REPORTER_ROW)
#define LINK_ROW(X, R) \
    X(R, STR, kind, 0, 0, 0, NULL, "") X(R, STR, other, 0, 0, 0, NULL, "")
RECORD(link_row, LINK_ROW)
RECORD_DEFINE(link_row, LINK_ROW)

SQL_READS(REPORTERS, "desk.reporters",
    "SELECT r.no, r.person, r.confidential, r.joined_ms, r.answered_round, r.score, r.rating,"
    " p.data_key, p.name, p.phone, p.details FROM reporter r LEFT JOIN person p ON p.area = r.area"
    " AND p.id = r.person WHERE r.area = $1 AND r.matter = $2 ORDER BY r.no LIMIT 1000");
SQL_READS(REPORTER, "desk.reporter",
    "SELECT r.no, r.person, r.confidential, r.joined_ms, r.answered_round, r.score, r.rating,"
    " p.data_key, p.name, p.phone, p.details FROM reporter r LEFT JOIN person p ON p.area = r.area"
    " AND p.id = r.person WHERE r.area = $1 AND r.matter = $2 AND r.no = $3");
SQL_READS(LINKS, "desk.links",
    "SELECT kind, other FROM matter_link WHERE area = $1 AND matter = $2 ORDER BY kind, other"
    " LIMIT 100");
SQL_READS(SIMILAR, "desk.similar",
    "SELECT " LIST_COLUMNS("m.") " FROM matter m WHERE m.cell BETWEEN $1 AND $2 AND m.open = 1"
    " AND m.cell IS NOT NULL AND m." OPEN_CIRCLE " ORDER BY m.cell LIMIT 200");
const struct sql *const desk_detail_statements[] = { &REPORTERS, &REPORTER, &LINKS,
    &SIMILAR };
const size_t desk_detail_statements_n = COUNT_OF(desk_detail_statements);

enum err desk_matter(struct cx *cx, struct str number, struct matter *ret)
{
    TRY(matter_by_number(cx, number, ret));
    return matter_visible(cx, ret);
}

static struct contact contact_open(struct cx *cx, const struct reporter_row *r)
{
    struct seal_key key;
    struct contact c = { .no = r->no, .name = STR(""), .phone = STR(""),
        .confidential = r->confidential };
    if (r->person == 0 || r->data_key.p == NULL
        || seal_key_open(cx->keys, r->person, r->data_key, &key) != OK)
        return c;
    if (r->name.p && seal_open(cx->a, &key, "name", r->name, &c.name) != OK)
        c.name = STR("");
    if (r->phone.p && seal_open(cx->a, &key, "phone", r->phone, &c.phone) != OK)
        c.phone = STR("");
    c.of = corporate_open(cx, &key, r->details);
    seal_key_wipe(&key);
    return c;
}

static void reporter_contact(struct cx *cx, const struct reporter_row *r, struct reporter_view *v)
{
    struct contact c = contact_open(cx, r);
    v->has_contact = c.phone.n > 0;
    v->name = mask_name(cx->a, c.name);
    v->phone = mask_phone(cx->a, c.phone);
}

static enum err reporter_rows(struct cx *cx, const struct matter *m, struct list *ret)
{
    return db_rows(cx->db, cx->a, &REPORTERS, ARGS(I(m->area), I(m->id)), &reporter_row_record,
        1000, ret);
}

enum err desk_contacts(struct cx *cx, const struct matter *m, struct list *ret)
{
    struct list rows;
    TRY(reporter_rows(cx, m, &rows));
    const struct reporter_row *r = rows.p;
    struct contact *all = NEW_N(cx->a, struct contact, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        all[i] = contact_open(cx, &r[i]);
    *ret = (struct list){ all, rows.n };
    return OK;
}

enum err desk_contact(struct cx *cx, const struct matter *m, int64_t no, struct contact *ret)
{
    struct reporter_row r;
    TRY(db_one(cx->db, cx->a, &REPORTER, ARGS(I(m->area), I(m->id), I(no)), &reporter_row_record,
        &r));
    *ret = contact_open(cx, &r);
    return OK;
}

static struct list reporter_views(struct cx *cx, const struct matter *m, struct list rows)
{
    const struct reporter_row *r = rows.p;
    struct reporter_view *views = NEW_N(cx->a, struct reporter_view, rows.n + 1);
    bool at_desk = (cx->actor.roles & (ROLE_DISPATCHER | ROLE_SUPERVISOR)) != 0;
    for (size_t i = 0; i < rows.n; i++) {
        views[i] = (struct reporter_view){ .no = r[i].no, .name = STR(""), .phone = STR(""),
            .confidential = r[i].confidential, .joined_ms = r[i].joined_ms,
            .answered = r[i].answered_round > m->round, .score = r[i].score,
            .rating_text = r[i].rating.n ? r[i].rating : STR_NONE };
        if (at_desk || !r[i].confidential)
            reporter_contact(cx, &r[i], &views[i]);
    }
    return (struct list){ views, rows.n };
}

enum err desk_masked(struct cx *cx, const struct matter *m, struct list *ret)
{
    struct list rows;
    TRY(reporter_rows(cx, m, &rows));
    rows = reporter_views(cx, m, rows);
    const struct reporter_view *v = rows.p;
    struct contact *all = NEW_N(cx->a, struct contact, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        all[i] = (struct contact){ .no = v[i].no, .name = v[i].name, .phone = v[i].phone };
    *ret = (struct list){ all, rows.n };
    return OK;
}

static struct list cohandler_views(struct cx *cx, struct list rows)
{
    const struct cohandler *c = rows.p;
    struct cohandler_view *views = NEW_N(cx->a, struct cohandler_view, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        views[i] = (struct cohandler_view){ c[i].unit,
            unit_name(unit_find(cx->cat, c[i].unit), cx->lang), c[i].state, c[i].due_ms,
            str_is(c[i].state, "open") && cx->now_ms > c[i].due_ms, c[i].task,
            c[i].reply.n ? c[i].reply : STR_NONE };
    return (struct list){ views, rows.n };
}

static struct str link_name(struct cx *cx, struct str kind)
{
    if (str_is(kind, "merged"))
        return cx_text(cx, "并单", "Merged");
    if (str_is(kind, "parent"))
        return cx_text(cx, "拆自", "Split from");
    if (str_is(kind, "dispute"))
        return cx_text(cx, "转入人民调解", "In mediation");
    if (str_is(kind, "report"))
        return cx_text(cx, "来自上报", "From a report");
    if (str_is(kind, "child"))
        return cx_text(cx, "拆出", "Split off");
    return cx_text(cx, "关联", "Related");
}

static enum err links_of(struct cx *cx, const struct matter *m, struct list *ret)
{
    struct list rows;
    TRY(db_rows(cx->db, cx->a, &LINKS, ARGS(I(m->area), I(m->id)), &link_row_record, 100, &rows));
    const struct link_row *r = rows.p;
    struct link_view *views = NEW_N(cx->a, struct link_view, rows.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        struct matter other;
        enum err e = desk_matter(cx, r[i].other, &other);
        if (e == E_MISSING)
            continue;
        TRY(e);
        views[n++] = (struct link_view){ other.number, r[i].kind, link_name(cx, r[i].kind),
            view_title(cx, other.text), view_state_name(cx, other.state) };
    }
    *ret = (struct list){ views, n };
    return OK;
}

/* By the rules of the version that routed it. */
static enum err route_of(struct cx *cx, const struct matter *m, struct route_view *ret)
{
    struct explanation e;
    if (matter_is_closed_circle(m)) {
        *ret = (struct route_view){ STR(""), cx_text(cx, "由登记的调解组织办理",
            "With the committee that it was registered with"), 0, STR_NONE, STR_NONE, STR_NONE };
        return OK;
    }
    TRY(matter_explain(cx, m, &e));
    *ret = (struct route_view){ m->route, e.why, m->handovers, e.decider_name, e.decider_person,
        e.about_name, e.max_level };
    return OK;
}

static enum err fill_facts(struct cx *cx, const struct matter *m, struct matter_detail *v)
{
    struct list_row row = desk_list_row(m);
    struct matter_row head;
    TRY(desk_row(cx, &row, &head));
    record_clear(&matter_detail_record, v);
    memcpy(v, &head, sizeof(head));
    v->text = matter_words(cx, m);
    v->origin = m->origin;
    v->origin_name = view_origin_name(cx, m->origin);
    v->police_grid = m->police_grid;
    TRY(view_place_name(cx, m, &v->place_name));
    TRY(view_zone_name(cx, LEVEL_POLICE, m->police_grid, m->created_ms, &v->police_grid_name));
    v->confidential = m->confidential;
    v->round = m->round;
    v->closed_ms = m->closed_ms;
    v->merged_into = m->merged_into;
    return access_account_name(cx, m->holder, &v->holder_name);
}
_Static_assert(offsetof(struct matter_detail, text) >= sizeof(struct matter_row)
    && offsetof(struct matter_detail, seq) == offsetof(struct matter_row, seq),
    "a matter's page begins with the fields of its row");

/* A page is JSON with holes: most of it follows from the matter's version and is kept, what may
 * differ at the next call is filled in each time. A hole is a control character, which JSON never
 * holds, and a letter. */
#define HOLE "\001"
enum hole { HOLE_REPORTERS = 'r', HOLE_COHANDLERS = 'c', HOLE_SPENT = 's', HOLE_LINKS = 'l',
    HOLE_ACTIONS = 'a', HOLE_DUTY = 'd' };
enum { PAGE_BYTES_MAX = 40 << 20, ACTIONS_BYTES_USUAL = 5 << 10 };

/* bytes: running_ms, then the text. running_ms: since when the unit holds it that has it now;
 * I64_NONE when it has ended. */
struct page { int64_t running_ms; struct str bytes; };

static struct str page_text(const struct page *p)
{
    size_t n = sizeof(p->running_ms);
    return (struct str){ p->bytes.p + n, p->bytes.n - n };
}

static struct list written(struct cx *cx, struct str json)
{
    struct str *s = NEW(cx->a, struct str);
    *s = json;
    return (struct list){ s, LIST_WRITTEN };
}

static bool anybody_known(struct list reporters)
{
    const struct reporter_row *r = reporters.p;
    for (size_t i = 0; i < reporters.n; i++)
        if (r[i].person)
            return true;
    return false;
}

/* The working time spent since running_ms grows with each moment; it is the list's last number. */
static struct list holds_written(struct cx *cx, struct list holds, bool open, int64_t *ret_running)
{
    const struct hold_view *last = (const struct hold_view *)holds.p + holds.n - 1;
    struct buf b = buf_in(cx->a, PAGE_BYTES_MAX);
    record_list_to_json(&b, &hold_view_record, holds.p, holds.n);
    *ret_running = open && holds.n && last->to_ms == I64_NONE ? last->from_ms : I64_NONE;
    if (*ret_running != I64_NONE) {
        while (b.p[b.n - 1] != ':')
            b.n--;
        buf_add(&b, STR(HOLE "s}]"));
    }
    return written(cx, buf_str(&b));
}
_Static_assert(offsetof(struct hold_view, spent_ms) + sizeof(int64_t) == sizeof(struct hold_view),
    "the time spent ends a hold");

/* Scans of documents are listed with these, for those who keep them. */
static struct list without_papers(struct cx *cx, struct list photos)
{
    const struct photo *p = photos.p;
    struct photo *rest = NEW_N(cx->a, struct photo, photos.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < photos.n; i++)
        if (!str_is(p[i].phase, PHASE_PAPER))
            rest[n++] = p[i];
    return (struct list){ rest, n };
}

/* Contact details may be erased, parts of helpers become late, linked matters go their own way. */
static enum err fill_lists(struct cx *cx, const struct matter *m, struct matter_detail *v,
    int64_t *ret_running)
{
    struct list lines, photos, reporters, cohandlers, holds;
    TRY(view_lines(cx, m, &lines));
    TRY(photos_of(cx, m, &photos));
    TRY(reporter_rows(cx, m, &reporters));
    TRY(cohandlers_of(cx, m, &cohandlers));
    v->duty = m->open && m->holder == 0 ? written(cx, STR(HOLE "d")) : (struct list){ NULL, 0 };
    v->reporters = anybody_known(reporters) ? written(cx, STR(HOLE "r"))
        : reporter_views(cx, m, reporters);
    v->cohandlers = cohandlers.n ? written(cx, STR(HOLE "c")) : cohandlers;
    v->photos = view_photos(cx, without_papers(cx, photos));
    TRY(view_messages(cx, m, lines, photos, true, &v->messages));
    TRY(view_timeline(cx, m, lines, true, &v->timeline));
    TRY(view_holds(cx, m, lines, &holds));
    v->holds = holds_written(cx, holds, m->open, ret_running);
    v->links = written(cx, STR(HOLE "l"));
    v->actions = written(cx, STR(HOLE "a"));
    return OK;
}

static enum err page_make(struct cx *cx, const struct matter *m, struct page *ret)
{
    struct matter_detail v;
    struct clock_view clock = { m->clock, m->clock_from_ms, m->due_ms, view_due_reason(cx, m),
        str_is(m->state, "deferred"), m->provisional };
    struct route_view route;
    struct ask_view ask = { STR(""), unit_name(unit_find(cx->cat, m->ask_unit), cx->lang),
        m->ask_days, m->ask_reason, m->ask_due_ms };
    struct buf bytes = buf_in(cx->a, PAGE_BYTES_MAX);
    TRY(route_of(cx, m, &route));
    TRY(fill_facts(cx, m, &v));
    if (m->ask.n)
        TRY(access_account_name(cx, m->ask_by, &ask.by));
    v.clock = &clock;
    v.route = &route;
    v.request = m->ask.n ? &ask : NULL;
    TRY(fill_lists(cx, m, &v, &ret->running_ms));
    buf_add(&bytes, (struct str){ (const char *)&ret->running_ms, sizeof(ret->running_ms) });
    record_to_json(&bytes, &matter_detail_record, &v);
    ret->bytes = buf_str(&bytes);
    return OK;
}

/* The head is the hash of all that has happened to the matter. Besides, the text follows from the
 * catalogue (whose stamp also says when lists of colleagues were imported), the language, and
 * whether the deadline is past. */
static struct keep_key page_key(const struct cx *cx, const struct matter *m)
{
    bool overdue = m->open && m->due_ms != I64_NONE && cx->now_ms > m->due_ms;
    struct keep_key key = { { m->area, m->id, m->seq,
        catalogue_stamp(cx->cat) * 4 + (cx->lang == LANG_EN) * 2 + overdue } };
    CHECK(m->head.n >= sizeof(key.parts[4]));
    memcpy(&key.parts[4], m->head.p, sizeof(key.parts[4]));
    return key;
}

/* The page from what is kept, or made and kept. What a writer sees may still be undone, so it
 * neither takes nor leaves anything. */
static enum err page_find(struct cx *cx, const struct matter *m, struct page *ret)
{
    struct keep *keep = cx->ids ? NULL : cx->services.pages;
    struct keep_key key = page_key(cx, m);
    struct buf b = buf_in(cx->a, PAGE_BYTES_MAX);
    if (keep && keep_get(keep, &key, &b)) {
        ret->bytes = buf_str(&b);
        memcpy(&ret->running_ms, b.p, sizeof(ret->running_ms));
        return OK;
    }
    TRY(page_make(cx, m, ret));
    if (keep)
        keep_put(keep, &key, ret->bytes);
    return OK;
}

static enum err hole_fill(struct cx *cx, const struct matter *m, const struct page *p,
    enum hole hole, struct buf *out)
{
    struct list rows;
    struct duty_view duty;
    switch (hole) {
    case HOLE_DUTY:
        duty = duty_view_of(cx, m);
        record_list_to_json(out, &duty_view_record, &duty, 1);
        break;
    case HOLE_REPORTERS:
        TRY(reporter_rows(cx, m, &rows));
        rows = reporter_views(cx, m, rows);
        record_list_to_json(out, &reporter_view_record, rows.p, rows.n);
        break;
    case HOLE_COHANDLERS:
        TRY(cohandlers_of(cx, m, &rows));
        rows = cohandler_views(cx, rows);
        record_list_to_json(out, &cohandler_view_record, rows.p, rows.n);
        break;
    case HOLE_SPENT:
        buf_i64(out, calendar_working_ms(cx->cat, p->running_ms, cx->now_ms));
        break;
    case HOLE_LINKS:
        TRY(links_of(cx, m, &rows));
        record_list_to_json(out, &link_view_record, rows.p, rows.n);
        break;
    case HOLE_ACTIONS:
        return offers_write(cx, cx->services.offers, m, out);
    }
    return OK;
}

enum err desk_write_detail(struct cx *cx, const struct matter *m, struct buf *out)
{
    struct page page;
    TRY(page_find(cx, m, &page));
    struct str rest = page_text(&page);
    buf_reserve(out, rest.n + ACTIONS_BYTES_USUAL);
    for (const char *at; (at = memchr(rest.p, HOLE[0], rest.n)) != NULL;) {
        size_t n = (size_t)(at - rest.p);
        buf_add(out, (struct str){ rest.p, n });
        TRY(hole_fill(cx, m, &page, (enum hole)at[1], out));
        rest = (struct str){ at + 2, rest.n - n - 2 };
    }
    buf_add(out, rest);
    return OK;
}

enum err desk_detail(struct cx *cx, const void *in, struct buf *out)
{
    const struct number_in *q = in;
    struct matter m;
    TRY(desk_matter(cx, q->number, &m));
    return desk_write_detail(cx, &m, out);
}

enum err desk_photo(struct cx *cx, const void *in, struct buf *out)
{
    const struct desk_photo_in *q = in;
    struct photo_in photo = { q->id, q->size };
    struct matter m;
    TRY(desk_matter(cx, q->number, &m));
    return photo_send(cx, &m, &photo, out);
}

enum { SIMILAR_M = 200, SIMILAR_MAX = 20 };

static bool is_similar(const struct matter *m, const struct list_row *r)
{
    return r->id != m->id && r->area == m->area
        && str_starts(r->category, str_head(m->category, 2))
        && geo_distance_m((struct geo_point){ m->lon, m->lat },
            (struct geo_point){ r->lon, r->lat }) <= SIMILAR_M;
}

/* Open matters of the same group within 200 m that the actor may read: candidates for merging. */
enum err desk_similar(struct cx *cx, const void *in, struct buf *out)
{
    const struct number_in *q = in;
    struct matter m;
    struct cell_range ranges[CELL_RANGES_MAX];
    struct list_key *found = NEW_N(cx->a, struct list_key, SIMILAR_MAX);
    size_t n = 0, n_ranges = 0;
    TRY(desk_matter(cx, q->number, &m));
    struct geo_point at = { m.lon, m.lat };
    if (!isnan(m.lon) && !isnan(m.lat))
        n_ranges = cell_ranges(at, SIMILAR_M, ranges);
    for (size_t i = 0; i < n_ranges; i++) {
        struct list rows;
        TRY(db_rows(cx->db, cx->a, &SIMILAR, ARGS(I(ranges[i].first), I(ranges[i].last)),
            &list_row_record, 200, &rows));
        const struct list_row *r = rows.p;
        for (size_t k = 0; k < rows.n && n < SIMILAR_MAX; k++) {
            struct matter other;
            if (!is_similar(&m, &r[k]))
                continue;
            enum err e = desk_matter(cx, r[k].number, &other);
            if (e == OK)
                found[n++] = (struct list_key){ r[k].area, r[k].id, r[k].seq, r[k].due_ms,
                    r[k].open };
            else if (e != E_MISSING)
                return e;
        }
    }
    return desk_write_page(cx, (struct list){ found, n }, SIMILAR_MAX, 0, false, out);
}
