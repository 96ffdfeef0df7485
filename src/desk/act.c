/* act.c: what people at desks do: steps on one matter or many, entry on behalf, reading contact
 * details for a purpose; and the lists they choose from. */
#include "desk/act.h"
#include "crypto/seal.h"
#include "report/report.h"
#include "spine/command.h"

RECORD_DEFINE(entry_in, ENTRY_IN)
RECORD_DEFINE(entry_made, ENTRY_MADE)
RECORD_DEFINE(bulk_in, BULK_IN)
RECORD_DEFINE(bulk_item, BULK_ITEM)
RECORD_DEFINE(bulk_out, BULK_OUT)
RECORD_DEFINE(reveal_in, REVEAL_IN)
RECORD_DEFINE(reveal_out, REVEAL_OUT)
RECORD_DEFINE(units_in, UNITS_IN)
RECORD_DEFINE(unit_view, UNIT_VIEW)
RECORD_DEFINE(units_out, UNITS_OUT)
RECORD_DEFINE(templates_in, TEMPLATES_IN)
RECORD_DEFINE(template_view, TEMPLATE_VIEW)
RECORD_DEFINE(templates_out, TEMPLATES_OUT)
const char *const origin_words[] = { "patrol", "phone", "window", NULL };

#define PERSON_ROW(X, R) \
    X(R, I64, person, 0, 0, 0, NULL, "") X(R, I64, confidential, 0, 0, 0, NULL, "") \
    X(R, BYTES, data_key, 0, 0, 0, NULL, "") X(R, BYTES, name, 0, 0, 0, NULL, "") \
    X(R, BYTES, phone, 0, 0, 0, NULL, "") X(R, BYTES, details, 0, 0, 0, NULL, "") \
    X(R, I64, turn, 0, 0, 0, NULL, "")
RECORD(person_row, PERSON_ROW)
RECORD_DEFINE(person_row, PERSON_ROW)

SQL_READS(PERSON, "desk.person",
    "SELECT r.person, r.confidential, p.data_key, p.name, p.phone, p.details, r.turn FROM reporter r"
    " JOIN person p ON p.area = r.area AND p.id = r.person"
    " WHERE r.area = $1 AND r.matter = $2 AND r.no = $3");
const struct sql *const desk_act_statements[] = { &PERSON };
const size_t desk_act_statements_n = COUNT_OF(desk_act_statements);

enum err desk_step(struct cx *cx, const void *in, struct buf *out)
{
    const struct step_args *args = in;
    struct matter m;
    bool again;
    int64_t id, seq;
    TRY(desk_matter(cx, args->number, &m));
    TRY(command_claim(cx, m.area, m.id, m.seq + 1, &again, &id, &seq));
    if (!again)
        TRY(matter_step(cx, &m, args, &m));
    return desk_write_detail(cx, &m, out);
}

/* Found and settled in one entry: the finder's unit answers for it, within its own territory; a
 * place known only in words is taken as its own. */
static enum err finders_unit(struct cx *cx, const struct place *at, int64_t *ret)
{
    const struct membership *ms = cx->actor.memberships;
    const struct step *solve = step_find(&life_table, STR("solve"));
    CHECK(solve != NULL);
    bool handles = false;
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct unit *u = unit_find(cx->cat, ms[i].unit);
        if (!(ms[i].role & solve->roles) || u == NULL)
            continue;
        handles = true;
        if (at->grid <= 0 || region_has(region_of(u->region), at->community)) {
            *ret = ms[i].unit;
            return OK;
        }
    }
    return cx_fail(cx, E_INPUT, "solved", handles
        ? MSG("这里不是本单位的辖区，请不选“当场解决”，改为上报派单",
            "This place is outside your unit's territory; report it without \"solved\"")
        : MSG("您的岗位不办理事项，请改为派单办理",
            "Your role does not handle matters; leave this out"));
}

enum err entry_prepare(struct cx *cx, const void *in)
{
    const struct entry_in *q = in;
    struct intake *made = NEW(cx->a, struct intake);
    struct report place;
    record_clear(&report_record, &place);
    place.lon = q->lon;
    place.lat = q->lat;
    place.grid = q->grid;
    place.place_text = q->place_text;
    *made = (struct intake){ .text = str_trim(q->text), .category = str_trim(q->category),
        .origin = q->origin, .reporter = !str_is(q->origin, "patrol"),
        .confidential = q->confidential, .consent = q->consent, .name = str_trim(q->name),
        .phone = str_trim(q->phone), .uploads = q->uploads };
    if (str_visible_chars(made->text) < 2)
        return cx_fail(cx, E_INPUT, "text", MSG("请写明发生了什么", "Say what is wrong"));
    if (q->solved && str_trim(q->reply).n == 0)
        return cx_fail(cx, E_INPUT, "reply", MSG("当场解决的，请写明怎样解决",
            "If it is solved, say how"));
    TRY(report_place(cx, &place, made));
    if (q->solved)
        TRY(finders_unit(cx, &made->place, &made->owner_unit));
    TRY(intake_prepare(cx, made));
    cx->prepared = made;
    return OK;
}

static enum err solve_at_once(struct cx *cx, const struct entry_in *q, struct matter *m)
{
    struct step_args solve = step_args_for("solve");
    solve.reply = q->reply;
    return matter_step(cx, m, &solve, m);
}

static enum err entry_write(struct cx *cx, const struct matter *m, bool has_code, struct buf *out)
{
    struct code_shown shown;
    struct entry_made made = { m->number, STR_NONE };
    if (has_code) {
        struct code code = reporter_code(cx, m->area, m->id, 1, 0);
        shown = code_show(&code);
        made.code = str_c(shown.text);
    }
    record_to_json(out, &entry_made_record, &made);
    return OK;
}

/* Who enters a report may follow it, also when it went to others. */
static enum err stay_involved(struct cx *cx, const struct matter *m)
{
    enum err e = matter_visible(cx, m);
    return e == E_MISSING ? matter_involve(cx, m, cx->actor.memberships[0].unit) : e;
}

enum err desk_entry(struct cx *cx, const void *in, struct buf *out)
{
    const struct entry_in *q = in;
    struct intake *intake = cx->prepared;
    struct matter m;
    bool again;
    int64_t id, seq;
    intake->id = cx_next_id(cx);
    TRY(command_claim(cx, intake->place.area, intake->id, 1, &again, &id, &seq));
    if (again) {
        TRY(matter_by_id(cx, intake->place.area, id, &m));
        return entry_write(cx, &m, intake->reporter, out);
    }
    TRY(matter_open(cx, intake, &m));
    TRY(stay_involved(cx, &m));
    if (q->solved)
        TRY(solve_at_once(cx, q, &m));
    return entry_write(cx, &m, intake->reporter, out);
}

/* Each item has a key of its own, so that a bulk sent again goes on where it stopped. */
static enum err bulk_step(struct cx *cx, const struct step_args *args, struct matter *m)
{
    struct str key = cx->key;
    bool again;
    int64_t id, seq;
    if (key.n)
        cx->key = arena_fmt(cx->a, "%.*s/%.*s", STR_FMT(key), STR_FMT(m->number));
    enum err e = command_claim(cx, m->area, m->id, m->seq + 1, &again, &id, &seq);
    cx->key = key;
    return e != OK || again ? e : matter_step(cx, m, args, m);
}

/* One item of a bulk, undone by itself when it fails. */
static enum err bulk_one(struct cx *cx, const struct bulk_in *q, struct str number,
    struct bulk_item *ret)
{
    struct matter m;
    struct step_args args = step_args_for("");
    args.action = q->action;
    args.note = q->note;
    args.unit = q->unit;
    args.reason = q->reason;
    args.number2 = q->number2;
    args.reply = q->reply;
    size_t events = cx->n_events;
    TRY(db_savepoint(cx->db));
    memset(&cx->info, 0, sizeof(cx->info));
    enum err e = desk_matter(cx, number, &m);
    if (e == OK)
        e = bulk_step(cx, &args, &m);
    if (e == OK)
        e = db_release(cx->db);
    if (e != OK) {
        db_rollback_to(cx->db);
        cx->n_events = events;
    }
    *ret = (struct bulk_item){ .number = number, .ok = e == OK, .code = STR_NONE,
        .message = STR_NONE };
    if (e != OK) {
        ret->code = str_c(err_code(e));
        ret->message = arena_str(cx->a, str_c(err_info_text(&cx->info, e, cx->lang)));
    }
    return e == E_DB || e == E_BUG ? e : OK;
}

enum err desk_bulk(struct cx *cx, const void *in, struct buf *out)
{
    const struct bulk_in *q = in;
    const struct str *numbers = q->numbers.p;
    struct bulk_item *items = NEW_N(cx->a, struct bulk_item, q->numbers.n + 1);
    for (size_t i = 0; i < q->numbers.n; i++)
        TRY(bulk_one(cx, q, numbers[i], &items[i]));
    memset(&cx->info, 0, sizeof(cx->info));
    struct bulk_out r = { { items, q->numbers.n } };
    record_to_json(out, &bulk_out_record, &r);
    return OK;
}

/* Confidential ones are for desks. */
bool desk_may_reveal(const struct cx *cx, const struct matter *m, bool confidential)
{
    bool at_desk = (cx->actor.roles & (ROLE_DISPATCHER | ROLE_SUPERVISOR)) != 0;
    bool handles = access_is_member(&cx->actor, m->owner_unit)
        && (cx->actor.roles & ~(unsigned)(ROLE_AUDITOR | ROLE_ADMIN)) != 0;
    return at_desk || (!confidential && handles);
}

static enum err reveal_check(struct cx *cx, const struct matter *m, const struct person_row *row)
{
    if (!desk_may_reveal(cx, m, row->confidential))
        return cx_fail(cx, E_DENIED, NULL, MSG("联系方式只供承办单位使用；要求保密的，请通过综治中心联系",
            "Contact details are for the responsible unit; for confidential ones ask the centre"));
    return OK;
}

static enum err person_open(struct cx *cx, const struct person_row *row, struct reveal_out *ret)
{
    struct seal_key key;
    TRY(seal_key_open(cx->keys, row->person, row->data_key, &key));
    enum err e = row->name.p ? seal_open(cx->a, &key, "name", row->name, &ret->name) : OK;
    if (e == OK && row->phone.p)
        e = seal_open(cx->a, &key, "phone", row->phone, &ret->phone);
    struct corporate o = corporate_open(cx, &key, row->details);
    ret->credit_code = o.credit_code.n ? o.credit_code : STR_NONE;
    ret->seat = o.seat.n ? o.seat : STR_NONE;
    ret->head = o.head.n ? o.head : STR_NONE;
    ret->head_post = o.head_post.n ? o.head_post : STR_NONE;
    seal_key_wipe(&key);
    return e;
}

/* Contact details for a purpose; the reading itself is recorded. Who has a dispute also gets the
 * code of a party, to give it to that party. */
enum err desk_reveal(struct cx *cx, const void *in, struct buf *out)
{
    const struct reveal_in *q = in;
    struct matter m;
    struct person_row row;
    struct reveal_out r = { .name = STR(""), .phone = STR("") };
    struct code_shown shown;
    bool again;
    int64_t id, no;
    TRY(desk_matter(cx, q->number, &m));
    enum err e = db_one(cx->db, cx->a, &PERSON, ARGS(I(m.area), I(m.id), I(q->reporter)),
        &person_row_record, &row);
    if (e == E_MISSING)
        return cx_fail(cx, e, "reporter", MSG("没有这位报事人，或报事人没有留联系方式",
            "There is no such reporter, or they left no contact details"));
    TRY(e);
    TRY(reveal_check(cx, &m, &row));
    TRY(person_open(cx, &row, &r));
    bool with_code = matter_is_closed_circle(&m) && access_is_member(&cx->actor, m.owner_unit);
    if (with_code) {
        struct code code = reporter_code(cx, m.area, m.id, q->reporter, row.turn);
        shown = code_show(&code);
        r.code = str_c(shown.text);
    }
    TRY(command_claim(cx, m.area, m.id, q->reporter, &again, &id, &no));
    if (!again)
        TRY(access_note(cx, &(struct personal_read){ m.area, m.id, q->reporter,
            with_code ? "name,phone,code" : "name,phone", q->purpose }));
    record_to_json(out, &reveal_out_record, &r);
    return OK;
}

static bool unit_fits(const struct units_in *q, const struct unit *u)
{
    if (q->level != I64_NONE && u->level != q->level)
        return false;
    if (q->q.n && str_find(u->name, q->q) < 0 && str_find(u->name_en, q->q) < 0)
        return false;
    return q->function.n == 0 || str_has_word(u->functions, q->function);
}

/* Units of the county of the matter named first, then the rest. */
enum err desk_units(struct cx *cx, const void *in, struct buf *out)
{
    enum { UNITS_MAX = 50 };
    const struct units_in *q = in;
    struct list units = catalogue_units(cx->cat);
    const struct unit *u = units.p;
    struct unit_view *views = NEW_N(cx->a, struct unit_view, UNITS_MAX);
    size_t n = 0;
    int64_t area = q->area == I64_NONE ? 0 : q->area;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < units.n && n < UNITS_MAX; i++) {
            bool near = area && division_area(u[i].region) == area;
            if (near == (pass == 0) && unit_fits(q, &u[i]))
                views[n++] = (struct unit_view){ u[i].id, unit_name(&u[i], cx->lang), u[i].kind,
                    u[i].level, u[i].functions };
        }
    struct units_out r = { { views, n } };
    record_to_json(out, &units_out_record, &r);
    return OK;
}

enum err desk_templates(struct cx *cx, const void *in, struct buf *out)
{
    const struct templates_in *q = in;
    struct list templates = catalogue_templates(cx->cat);
    const struct template *t = templates.p;
    struct template_view *views = NEW_N(cx->a, struct template_view, templates.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < templates.n; i++)
        if (q->category.n == 0 || str_starts(q->category, t[i].category))
            views[n++] = (struct template_view){ t[i].code,
                cx_text(cx, t[i].title.p, t[i].title_en.p), t[i].text };
    struct templates_out r = { { views, n } };
    record_to_json(out, &templates_out_record, &r);
    return OK;
}
