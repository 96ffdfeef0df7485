/* page.c: a page of a list. Rows are costly to read and to write as JSON, and most are shown again
 * and again, to one colleague after another; so a row's text is kept by matter and version. */
#include "base/keep.h"
#include "desk/desk.h"

RECORD_DEFINE(matter_row, MATTER_ROW)
RECORD_DEFINE(matter_page, MATTER_PAGE)
RECORD_DEFINE(list_row, LIST_ROW)
RECORD_DEFINE(list_key, LIST_KEY)

SQL_READS(ROW, "desk.row",
    "SELECT " LIST_COLUMNS("") " FROM matter WHERE area = $1 AND id = $2");
const struct sql *const desk_page_statements[] = { &ROW };
const size_t desk_page_statements_n = COUNT_OF(desk_page_statements);

enum err desk_row(struct cx *cx, const struct list_row *r, struct matter_row *ret)
{
    struct place p = { r->area, r->town, r->community, r->grid, 0 };
    struct str about;
    TRY(view_category_name(cx, r->kind, r->area, r->id, r->category, &about));
    *ret = (struct matter_row){ .number = r->number, .kind = r->kind, .state = r->state,
        .state_name = view_state_name(cx, r->state), .category = r->category,
        .category_name = about,
        .tier = r->tier, .tier_name = view_tier_name(cx, r->tier),
        .title = view_title(cx, r->text), .place_text = r->place_text,
        .place_name = catalogue_place_name(cx->cat, cx->a, &p), .grid = r->grid, .lon = r->lon,
        .lat = r->lat, .owner_unit = r->owner_unit,
        .owner_name = unit_name(unit_find(cx->cat, r->owner_unit), cx->lang),
        .taken = r->holder != 0 && !str_is(r->state, "received"), .due_ms = r->due_ms,
        .overdue = r->open && r->due_ms != I64_NONE && cx->now_ms > r->due_ms,
        .supervised = r->supervised, .ask = r->ask.n ? r->ask : STR_NONE,
        .created_ms = r->created_ms, .unanswered = r->unanswered, .joined = r->reporters,
        .seq = r->seq };
    return OK;
}

struct list_row desk_list_row(const struct matter *m)
{
    return (struct list_row){ m->area, m->id, m->number, m->kind, m->state, m->category, m->tier,
        m->text, m->place_text, m->lon, m->lat, m->town, m->community, m->grid, m->owner_unit,
        m->holder, m->due_ms, m->supervised, m->ask, m->created_ms, m->unanswered, m->reporters,
        m->open, m->seq };
}

static bool is_overdue(const struct cx *cx, const struct list_key *k)
{
    return k->open && k->due_ms != I64_NONE && cx->now_ms > k->due_ms;
}

/* Reads and writes a row whose text is not kept. The deadline is the list's: in that of helpers it
 * is the helper's own. */
static enum err row_make(struct cx *cx, const struct list_key *k, struct str *ret)
{
    struct list_row row;
    struct buf b = buf_in(cx->a, 1 << 16);
    TRY(db_one(cx->db, cx->a, &ROW, ARGS(I(k->area), I(k->id)), &list_row_record, &row));
    row.due_ms = k->due_ms;
    struct matter_row shown;
    TRY(desk_row(cx, &row, &shown));
    record_to_json(&b, &matter_row_record, &shown);
    *ret = buf_str(&b);
    return OK;
}

/* Nobody but matter_update() changes a row, each time to a new version; so version, deadline, what
 * the clock says of it, language and catalogue are all that its text follows from. */
static enum err row_write(struct cx *cx, const struct list_key *k, struct buf *out)
{
    struct keep *keep = cx->services.rows;
    struct str text;
    int64_t shown = catalogue_stamp(cx->cat) * 4 + (cx->lang == LANG_EN) * 2 + is_overdue(cx, k);
    struct keep_key key = { { k->area, k->id, k->seq, k->due_ms, shown } };
    if (keep && keep_get(keep, &key, out))
        return OK;
    TRY(row_make(cx, k, &text));
    if (keep)
        keep_put(keep, &key, text);
    buf_add(out, text);
    return OK;
}

/* Writes what matter_page_record describes. */
enum err desk_write_page(struct cx *cx, struct list keys, int64_t limit, int64_t down_to,
    bool by_due, struct buf *out)
{
    const struct list_key *k = keys.p;
    size_t n = keys.n < (size_t)limit ? keys.n : (size_t)limit;
    buf_add(out, STR("{\"items\":["));
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_byte(out, ',');
        TRY(row_write(cx, &k[i], out));
    }
    buf_byte(out, ']');
    if (keys.n > n && n > 0 && by_due)
        buf_fmt(out, ",\"next\":\"%lld.%lld.%lld\"", (long long)k[n - 1].due_ms,
            (long long)k[n - 1].area, (long long)k[n - 1].id);
    else if (keys.n > n && n > 0)
        buf_fmt(out, ",\"next\":\"%lld\"", (long long)k[n - 1].id);
    else if (down_to > 0)
        buf_fmt(out, ",\"next\":\"%lld\"", (long long)down_to);
    buf_byte(out, '}');
    return OK;
}
