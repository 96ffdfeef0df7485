/* file.c: the feature "mediation": its routes, and what the file of a dispute shows. */
#include "crypto/seal.h"
#include "desk/desk.h"
#include "mediation/register.h"
#include <math.h>

RECORD_DEFINE(party_view, PARTY_VIEW)
RECORD_DEFINE(mediator_view, MEDIATOR_VIEW)
RECORD_DEFINE(promise_view, PROMISE_VIEW)
RECORD_DEFINE(dispute_file, DISPUTE_FILE)
RECORD_DEFINE(dispute_number, DISPUTE_NUMBER)
RECORD_DEFINE(caucus_view, CAUCUS_VIEW)
RECORD_DEFINE(caucus_list, CAUCUS_LIST)

#define CAUCUS_ROW(X, R) \
    X(R, I64, at_ms, 0, 0, 0, NULL, "") X(R, STR, side, 0, 0, 0, NULL, "") \
    X(R, BYTES, data_key, 0, 0, 0, NULL, "") X(R, BYTES, text, 0, 0, 0, NULL, "")
RECORD(caucus_row, CAUCUS_ROW)
RECORD_DEFINE(caucus_row, CAUCUS_ROW)

SQL_READS(CAUCUS_ALL, "mediation.caucus",
    "SELECT at_ms, side, data_key, text FROM caucus WHERE area = $1 AND matter = $2 ORDER BY no");
const struct sql *const mediation_file_statements[] = { &CAUCUS_ALL };
const size_t mediation_file_statements_n = COUNT_OF(mediation_file_statements);

static double yuan(int64_t fen)
{
    return (double)fen / 100;
}

static struct list party_views(struct cx *cx, const struct beside *b)
{
    const struct party *p = b->parties.p;
    struct party_view *views = NEW_N(cx->a, struct party_view, b->parties.n + 1);
    for (size_t i = 0; i < b->parties.n; i++)
        views[i] = (struct party_view){ p[i].no, p[i].side, p[i].kind, p[i].role,
            p[i].stands_for ? p[i].stands_for : I64_NONE, p[i].minor != 0, p[i].consent,
            p[i].consent_how, p[i].consent_ms, p[i].told_ms, p[i].signed_ms };
    return (struct list){ views, b->parties.n };
}

static enum err mediator_views(struct cx *cx, const struct beside *b, struct list *ret)
{
    const struct mediator *m = b->mediators.p;
    struct mediator_view *views = NEW_N(cx->a, struct mediator_view, b->mediators.n + 1);
    for (size_t i = 0; i < b->mediators.n; i++) {
        views[i] = (struct mediator_view){ m[i].account, STR(""), m[i].chosen, m[i].disclosure,
            m[i].signed_ms };
        TRY(access_account_name(cx, m[i].account, &views[i].name));
    }
    *ret = (struct list){ views, b->mediators.n };
    return OK;
}

static struct list promise_views(struct cx *cx, const struct beside *b)
{
    const struct promise_row *p = b->promises.p;
    struct promise_view *views = NEW_N(cx->a, struct promise_view, b->promises.n + 1);
    for (size_t i = 0; i < b->promises.n; i++)
        views[i] = (struct promise_view){ p[i].no, p[i].party, p[i].what,
            p[i].amount_fen ? yuan(p[i].amount_fen) : (double)NAN, p[i].due_ms, p[i].way,
            p[i].kept_ms, p[i].broken_ms,
            p[i].kept_ms == I64_NONE && cx->now_ms > p[i].due_ms };
    return (struct list){ views, b->promises.n };
}

static struct str other_ways(struct cx *cx)
{
    return cx_text(cx, "调解自愿。任何一方可以随时退出，也可以依法通过仲裁、行政途径或者向人民法院起诉解决。",
        "Mediation is voluntary. Any party may leave at any time, and may turn to arbitration, to the"
        " authorities or to the people's court as the law provides.");
}

static enum err file_write(struct cx *cx, const struct matter *m, struct buf *out)
{
    struct beside *b;
    TRY(beside_read(cx, m, &b));
    const struct dispute *d = &b->dispute;
    const struct dispute_type *type = dispute_type_by(d->type);
    struct dispute_file f = { .number = m->number, .type = d->type,
        .type_name = type ? cx_text(cx, type->zh, type->en) : d->type, .source = d->source,
        .came_from = d->came_from, .open_door = d->open_door != 0, .written = d->written != 0,
        .form = d->form, .amount = yuan(d->amount_fen), .sealed_ms = d->sealed_ms,
        .effective_ms = d->effective_ms, .confirm = d->confirm, .confirm_by_ms = I64_NONE,
        .sittings = b->sittings, .other_ways = other_ways(cx), .parties = party_views(cx, b),
        .promises = promise_views(cx, b) };
    if (type && !type->status && d->effective_ms != I64_NONE && d->confirm.n == 0)
        f.confirm_by_ms = d->effective_ms + CONFIRM_DAYS * (int64_t)CLOCK_DAY_MS;
    TRY(mediator_views(cx, b, &f.mediators));
    record_to_json(out, &dispute_file_record, &f);
    return OK;
}

static enum err dispute_of(struct cx *cx, struct str number, struct matter *ret)
{
    TRY(desk_matter(cx, number, ret));
    return str_is(ret->kind, dispute_table.kind) ? OK : E_MISSING;
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
    TRY(matter_by_id(cx, cx->actor.area, cx->actor.matter, &m));
    if (!str_is(m.kind, dispute_table.kind))
        return E_MISSING;
    return file_write(cx, &m, out);
}

/* For the mediators of the case alone; for all others there are none. */
enum err caucus_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct dispute_number *q = in;
    struct matter m;
    struct beside *b;
    struct list rows;
    bool mediates = false;
    TRY(dispute_of(cx, q->number, &m));
    TRY(beside_read(cx, &m, &b));
    const struct mediator *mediators = b->mediators.p;
    for (size_t i = 0; i < b->mediators.n; i++)
        mediates = mediates || mediators[i].account == cx->actor.account;
    if (!mediates || !access_is_member(&cx->actor, m.owner_unit))
        return E_MISSING;
    TRY(db_rows(cx->db, cx->a, &CAUCUS_ALL, ARGS(I(m.area), I(m.id)), &caucus_row_record, 200,
        &rows));
    const struct caucus_row *r = rows.p;
    struct caucus_view *views = NEW_N(cx->a, struct caucus_view, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        struct seal_key key;
        views[i] = (struct caucus_view){ r[i].at_ms, r[i].side, STR("") };
        TRY(seal_key_open(cx->keys, m.id, r[i].data_key, &key));
        enum err e = seal_open(cx->a, &key, "caucus", r[i].text, &views[i].text);
        seal_key_wipe(&key);
        TRY(e);
    }
    struct caucus_list list = { { views, rows.n } };
    record_to_json(out, &caucus_list_record, &list);
    return OK;
}

#define COMMITTEE (ROLE_MEDIATOR | ROLE_CHIEF | ROLE_DISPATCHER)
static const struct route routes[] = {
    { .method = "POST", .path = "/api/disputes", .name = "dispute_register", .roles = COMMITTEE,
        .lane = LANE_STAFF, .in = &dispute_in_record, .out = &dispute_made_record,
        .prepare = dispute_prepare, .run = dispute_register,
        .meaning = "Register a dispute; gives each party's code" },
    { .method = "GET", .path = "/api/disputes/:number", .name = "dispute",
        .roles = COMMITTEE | ROLE_SUPERVISOR | ROLE_AUDITOR, .lane = LANE_READ,
        .in = &dispute_number_record, .out = &dispute_file_record, .run = dispute_show,
        .meaning = "The file of a dispute" },
    { .method = "GET", .path = "/api/disputes/:number/caucus", .name = "caucus",
        .roles = ROLE_MEDIATOR | ROLE_CHIEF | ROLE_DISPATCHER, .lane = LANE_READ,
        .in = &dispute_number_record, .out = &caucus_list_record, .run = caucus_show,
        .meaning = "Talks with one side, for the mediators of the case" },
    { .method = "GET", .path = "/api/receipt/dispute", .name = "own_dispute",
        .roles = ROLE_REPORTER, .lane = LANE_READ, .out = &dispute_file_record,
        .run = dispute_own, .meaning = "The file of a dispute for one of its parties" },
};

extern const struct module module_mediation;
const struct module module_mediation = { .name = "mediation", .routes = routes,
    .n_routes = COUNT_OF(routes) };
