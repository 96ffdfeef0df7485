/* report_send.c: a resident's report comes in, and the receipt goes out. */
#include "report/report.h"
#include "access/limit.h"
#include "crypto/hash.h"
#include "layer/address.h"
#include "ledger/promise.h"
#include "spine/command.h"
#include <jansson.h>
#include <math.h>

RECORD_DEFINE(report, REPORT)
RECORD_DEFINE(receipt, RECEIPT)

SQL_READS(ENTRY_ONE, "report.entry",
    "SELECT seq, at_ms, actor, account, unit, action, from_state, to_state, owner_unit, holder,"
    " due_ms, data, prev, hash FROM entry WHERE area = $1 AND matter = $2 AND seq = $3");
const struct sql *const report_send_statements[] = { &ENTRY_ONE };
const size_t report_send_statements_n = COUNT_OF(report_send_statements);

enum err receipt_entry(struct cx *cx, int64_t area, int64_t matter, int64_t seq,
    struct entry_row *ret)
{
    return db_one(cx->db, cx->a, &ENTRY_ONE, ARGS(I(area), I(matter), I(seq)), &entry_row_record,
        ret);
}

/* The grid of an address or a name that stands in the words, else the divisions they name. Nobody
 * has pointed at a place, so the report gets no point. */
static enum err place_of_words(struct cx *cx, struct intake *ret)
{
    struct address at;
    enum err e = address_in_text(cx->db, cx->cat, cx->a, ret->place_text, &at);
    if (e != OK && e != E_MISSING)
        return e;
    if (e != OK || !catalogue_place_of_point(cx->cat, at.lon, at.lat, &ret->place))
        catalogue_place_of_text(cx->cat, ret->place_text, &ret->place);
    return OK;
}

enum err report_place(struct cx *cx, const struct report *r, struct intake *ret)
{
    ret->lon = ret->lat = NAN;
    ret->place_text = str_trim(r->place_text);
    if (isnan(r->lon) != isnan(r->lat))
        return cx_fail(cx, E_INPUT, isnan(r->lon) ? "lon" : "lat",
            MSG("经度和纬度要一起给", "Give longitude and latitude together"));
    if (!isnan(r->lon)) {
        struct geo_point p = geo_convert((struct geo_point){ r->lon, r->lat },
            crs_by_word(r->crs), CRS_WGS84);
        if (!catalogue_place_of_point(cx->cat, p.lon, p.lat, &ret->place))
            return cx_fail(cx, E_INPUT, "lon", MSG("这个位置不在本市范围，请重新选点或填写地址",
                "This point is outside the city; choose again or describe the place"));
        ret->lon = p.lon;
        ret->lat = p.lat;
        return OK;
    }
    if (r->grid != I64_NONE) {
        if (catalogue_place_of_grid(cx->cat, r->grid, &ret->place))
            return OK;
        return cx_fail(cx, E_INPUT, "grid", MSG("没有这个网格，请重新扫码或填写地址",
            "There is no such grid; scan again or describe the place"));
    }
    if (ret->place_text.n == 0)
        return cx_fail(cx, E_INPUT, "place_text", MSG("请在地图上选点，或写明地址",
            "Choose a point on the map, or describe the place"));
    return place_of_words(cx, ret);
}

/* Many addresses at once may hit one grid; its people are few, and so is what they can take in. */
static enum err grid_limit(struct cx *cx, const struct place *at)
{
    const struct services *s = &cx->services;
    struct str key = { (const char *)&at->grid, sizeof(at->grid) };
    if (s->limiter == NULL || at->grid == 0 || cx->actor.kind == ACTOR_STAFF)
        return OK;
    enum err e = limiter_take(s->limiter, "grid", key, s->grid_rate, cx->now_ms, &cx->wait_ms);
    return e == OK ? OK : cx_fail(cx, e, "grid", MSG(
        "这个网格一下子收到很多报事，请几分钟后再试；紧急情况请拨打 110、119、120 或 12345",
        "Very many reports about this grid came at once; try again in a few minutes, or in an"
        " emergency call 110, 119, 120 or 12345"));
}

enum err report_prepare(struct cx *cx, const void *in)
{
    const struct report *r = in;
    struct intake *made = NEW(cx->a, struct intake);
    *made = (struct intake){ .text = str_trim(r->text), .category = str_trim(r->category),
        .origin = STR("resident"), .reporter = true, .confidential = r->confidential,
        .name = str_trim(r->name), .phone = str_trim(r->phone), .uploads = r->uploads };
    if (str_visible_chars(made->text) < 2)
        return cx_fail(cx, E_INPUT, "text", MSG("请写明发生了什么", "Say what is wrong"));
    TRY(reporter_phone_check(cx, "phone", made->phone));
    if (r->join.p == NULL)
        TRY(report_place(cx, r, made));
    TRY(grid_limit(cx, &made->place));
    TRY(intake_prepare(cx, made));
    cx->prepared = made;
    return OK;
}

/* The reporter number in the entry that received it: 1 for the first, a fact for joiners. */
static int64_t entry_reporter_no(const struct entry_row *e)
{
    json_t *data = json_loadb(e->data.p, e->data.n, 0, NULL);
    json_t *no = data ? json_object_get(data, "reporter") : NULL;
    int64_t v = json_is_integer(no) ? json_integer_value(no) : 1;
    json_decref(data);
    return v;
}

/* The same command came before: hand out the same receipt. */
static enum err send_again(struct cx *cx, int64_t area, int64_t matter, int64_t seq,
    struct receipt_made *made)
{
    TRY(matter_by_id(cx, area, matter, &made->m));
    TRY(receipt_entry(cx, area, matter, seq, &made->entry));
    made->no = entry_reporter_no(&made->entry);
    return OK;
}

static void made_from(struct cx *cx, struct receipt_made *made)
{
    const struct matter *m = &made->m;
    record_clear(&entry_row_record, &made->entry);
    made->entry.seq = m->seq;
    made->entry.at_ms = cx->now_ms;
    made->entry.to_state = m->state;
    made->entry.owner_unit = m->owner_unit;
    made->entry.due_ms = m->due_ms;
    made->entry.hash = m->head;
}

static enum err send_join(struct cx *cx, const struct report *r, struct receipt_made *made)
{
    struct matter before;
    bool again;
    int64_t matter, seq;
    enum err e = matter_by_number(cx, r->join, &before);
    if (e == OK && before.confidential)     /* a number opens nothing */
        e = E_MISSING;
    if (e == E_MISSING)
        return cx_fail(cx, E_INPUT, "join", MSG("没有这个编号的事项", "There is no such matter"));
    TRY(e);
    TRY(command_claim(cx, before.area, before.id, before.seq + 1, &again, &matter, &seq));
    if (again)
        return send_again(cx, before.area, matter, seq, made);
    TRY(matter_join(cx, &before, cx->prepared, &made->m, &made->no));
    made_from(cx, made);
    return OK;
}

enum err report_send(struct cx *cx, const void *in, struct buf *out)
{
    const struct report *r = in;
    struct intake *intake = cx->prepared;
    struct receipt_made *made = NEW(cx->a, struct receipt_made);
    bool again;
    int64_t matter, seq;
    (void)out;
    if (r->join.p) {
        TRY(send_join(cx, r, made));
        cx->prepared = made;
        return OK;
    }
    intake->id = cx_next_id(cx);
    TRY(command_claim(cx, intake->place.area, intake->id, 1, &again, &matter, &seq));
    if (again)
        TRY(send_again(cx, intake->place.area, matter, seq, made));
    else {
        TRY(matter_open(cx, intake, &made->m));
        made->no = 1;
        made_from(cx, made);
    }
    cx->prepared = made;
    return OK;
}

static struct str next_sentence(struct cx *cx, const struct entry_row *e, struct str owner)
{
    struct civil c = clock_civil(e->due_ms);
    bool dispatch = str_is(e->to_state, "received");
    if (cx->lang == LANG_EN)
        return arena_fmt(cx->a, "%.*s will %s by %02d:%02d on %d-%02d-%02d. Every step will show "
            "under your receipt code.", STR_FMT(owner), dispatch ? "assign it" : "take it up",
            c.hour, c.minute, c.year, c.month, c.day);
    return arena_fmt(cx->a, "%.*s将在 %d月%d日 %02d:%02d 前%s，之后每一步都会显示在回执里。",
        STR_FMT(owner), c.month, c.day, c.hour, c.minute, dispatch ? "派单" : "签收");
}

void receipt_write(struct cx *cx, const struct receipt_made *made, struct buf *out)
{
    const struct matter *m = &made->m;
    struct receipt r;
    struct code code = reporter_code(cx, m->area, m->id, made->no, 0);
    struct code_shown shown = code_show(&code);
    struct place place = matter_place(m);
    struct promise promise = { .number = m->number, .at_ms = made->entry.at_ms,
        .log_by_ms = made->entry.at_ms + PROMISE_MS };
    memcpy(promise.entry_hash.b, made->entry.hash.p, HASH_BYTES);
    record_clear(&receipt_record, &r);
    r.code = str_c(shown.text);
    r.number = m->number;
    r.joined = made->entry.seq > 1;
    r.state = made->entry.to_state;
    r.state_name = view_state_name(cx, r.state);
    r.owner_name = unit_name(unit_find(cx->cat, made->entry.owner_unit), cx->lang);
    r.due_ms = made->entry.due_ms;
    r.next = next_sentence(cx, &made->entry, r.owner_name);
    r.place_name = catalogue_place_name(cx->cat, cx->a, &place);
    r.created_ms = made->entry.at_ms;
    r.entry_hash = made->entry.hash;
    r.promise = promise_make(cx->a, cx->keys, &promise);
    record_to_json(out, &receipt_record, &r);
}

void report_finish(struct cx *cx, struct buf *out)
{
    receipt_write(cx, cx->prepared, out);
}
