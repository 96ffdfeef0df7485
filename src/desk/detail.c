/* detail.c: the page of one matter for colleagues, its photos, and what looks like it. */
#include "crypto/seal.h"
#include "desk/desk.h"
#include "geo/cell.h"
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
    X(R, BYTES, name, 0, 0, 0, NULL, "") X(R, BYTES, phone, 0, 0, 0, NULL, "")
RECORD(reporter_row, REPORTER_ROW)
RECORD_DEFINE(reporter_row, REPORTER_ROW)
#define LINK_ROW(X, R) \
    X(R, STR, kind, 0, 0, 0, NULL, "") X(R, STR, other, 0, 0, 0, NULL, "")
RECORD(link_row, LINK_ROW)
RECORD_DEFINE(link_row, LINK_ROW)

SQL_READS(REPORTERS, "desk.reporters",
    "SELECT r.no, r.person, r.confidential, r.joined_ms, r.answered_round, r.score, r.rating,"
    " p.data_key, p.name, p.phone FROM reporter r LEFT JOIN person p ON p.area = r.area"
    " AND p.id = r.person WHERE r.area = $1 AND r.matter = $2 ORDER BY r.no LIMIT 1000");
SQL_READS(LINKS, "desk.links",
    "SELECT kind, other FROM matter_link WHERE area = $1 AND matter = $2 ORDER BY kind, other"
    " LIMIT 100");
SQL_READS(SIMILAR, "desk.similar",
    "SELECT " LIST_COLUMNS("m.") " FROM matter m WHERE m.cell BETWEEN $1 AND $2 AND m.open = 1"
    " AND m.cell IS NOT NULL ORDER BY m.cell LIMIT 200");
const struct sql *const desk_detail_statements[] = { &REPORTERS, &LINKS, &SIMILAR };
const size_t desk_detail_statements_n = COUNT_OF(desk_detail_statements);

enum err desk_matter(struct cx *cx, struct str number, struct matter *ret)
{
    TRY(matter_by_number(cx, number, ret));
    return matter_visible(cx, ret);
}

/* Surname and stars; compound surnames are not told apart here, so one character is shown. */
static struct str mask_name(struct cx *cx, struct str name)
{
    struct str head = str_head(name, 1);
    return name.n ? arena_fmt(cx->a, "%.*s**", STR_FMT(head)) : STR("");
}

static struct str mask_phone(struct cx *cx, struct str phone)
{
    if (phone.n < 7)
        return phone.n ? STR("****") : STR("");
    return arena_fmt(cx->a, "%.3s****%.*s", phone.p, 4, phone.p + phone.n - 4);
}

static void reporter_contact(struct cx *cx, const struct reporter_row *r, struct reporter_view *v)
{
    struct seal_key key;
    struct str name = STR(""), phone = STR("");
    v->name = v->phone = STR("");
    if (r->person == 0 || r->data_key.p == NULL
        || seal_key_open(cx->keys, r->person, r->data_key, &key) != OK)
        return;
    if (r->name.p && seal_open(cx->a, &key, "name", r->name, &name) != OK)
        name = STR("");
    if (r->phone.p && seal_open(cx->a, &key, "phone", r->phone, &phone) != OK)
        phone = STR("");
    seal_key_wipe(&key);
    v->has_contact = phone.n > 0;
    v->name = mask_name(cx, name);
    v->phone = mask_phone(cx, phone);
}

static enum err reporters_of(struct cx *cx, const struct matter *m, struct list *ret)
{
    struct list rows;
    TRY(db_rows(cx->db, cx->a, &REPORTERS, ARGS(I(m->area), I(m->id)), &reporter_row_record, 1000,
        &rows));
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
    *ret = (struct list){ views, rows.n };
    return OK;
}

static enum err cohandler_views(struct cx *cx, const struct matter *m, struct list *ret)
{
    struct list rows;
    TRY(cohandlers_of(cx, m, &rows));
    const struct cohandler *c = rows.p;
    struct cohandler_view *views = NEW_N(cx->a, struct cohandler_view, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        views[i] = (struct cohandler_view){ c[i].unit,
            unit_name(unit_find(cx->cat, c[i].unit), cx->lang), c[i].state, c[i].due_ms,
            str_is(c[i].state, "open") && cx->now_ms > c[i].due_ms, c[i].task,
            c[i].reply.n ? c[i].reply : STR_NONE };
    *ret = (struct list){ views, rows.n };
    return OK;
}

static struct str link_name(struct cx *cx, struct str kind)
{
    if (str_is(kind, "merged"))
        return cx_text(cx, "并单", "Merged");
    if (str_is(kind, "parent"))
        return cx_text(cx, "拆自", "Split from");
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

static const struct rule *rule_named(struct cx *cx, struct str code)
{
    struct list rules = catalogue_rules(cx->cat);
    const struct rule *r = rules.p;
    for (size_t i = 0; i < rules.n; i++)
        if (str_eq(r[i].code, code))
            return &r[i];
    return NULL;
}

static enum err fill_facts(struct cx *cx, const struct matter *m, struct matter_detail *v)
{
    struct list_row row = desk_list_row(m);
    struct matter_row head = desk_row(cx, &row);
    const struct police_grid *police = police_grid_find(cx->cat, m->police_grid);
    record_clear(&matter_detail_record, v);
    memcpy(v, &head, sizeof(head));
    v->text = m->text;
    v->origin = m->origin;
    v->origin_name = view_origin_name(cx, m->origin);
    v->police_grid = m->police_grid;
    v->police_grid_name = police ? police->name : STR("");
    v->confidential = m->confidential;
    v->round = m->round;
    v->closed_ms = m->closed_ms;
    v->merged_into = m->merged_into;
    return access_account_name(cx, m->holder, &v->holder_name);
}
_Static_assert(offsetof(struct matter_detail, text) >= sizeof(struct matter_row)
    && offsetof(struct matter_detail, seq) == offsetof(struct matter_row, seq),
    "a matter's page begins with the fields of its row");

static enum err fill_lists(struct cx *cx, const struct matter *m, struct matter_detail *v)
{
    struct list lines, photos;
    TRY(view_lines(cx, m, &lines));
    TRY(photos_of(cx, m, &photos));
    TRY(reporters_of(cx, m, &v->reporters));
    TRY(cohandler_views(cx, m, &v->cohandlers));
    v->photos = view_photos(cx, photos);
    TRY(view_messages(cx, lines, photos, true, &v->messages));
    TRY(view_timeline(cx, lines, true, &v->timeline));
    TRY(view_holds(cx, m, lines, &v->holds));
    TRY(links_of(cx, m, &v->links));
    return matter_actions(cx, m, &v->actions);
}

enum err desk_write_detail(struct cx *cx, const struct matter *m, struct buf *out)
{
    struct matter_detail v;
    const struct rule *rule = rule_named(cx, m->route);
    struct clock_view clock = { m->clock, m->clock_from_ms, m->due_ms, view_due_reason(cx, m),
        str_is(m->state, "deferred"), m->provisional };
    struct route_view route = { m->route, rule ? cx_text(cx, rule->why.p, rule->why_en.p)
        : cx_text(cx, "没有适用的规则，交综治中心派单", "No rule applied; the centre dispatches") };
    struct ask_view ask = { STR(""), unit_name(unit_find(cx->cat, m->ask_unit), cx->lang),
        m->ask_days, m->ask_reason };
    TRY(fill_facts(cx, m, &v));
    if (m->ask.n)
        TRY(access_account_name(cx, m->ask_by, &ask.by));
    v.clock = &clock;
    v.route = &route;
    v.request = m->ask.n ? &ask : NULL;
    TRY(fill_lists(cx, m, &v));
    record_to_json(out, &matter_detail_record, &v);
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
    return desk_write_page(cx, (struct list){ found, n }, SIMILAR_MAX, false, out);
}
