/* beside.c: reading and writing what lies beside a dispute. */
#include "crypto/seal.h"
#include "desk/desk.h"
#include "mediation/course.h"
#include "mediation/register.h"

RECORD_DEFINE(dispute, DISPUTE)
RECORD_DEFINE(party, PARTY)
RECORD_DEFINE(mediator, MEDIATOR)
RECORD_DEFINE(guest, GUEST)
RECORD_DEFINE(sitting, SITTING)
RECORD_DEFINE(promise_row, PROMISE)
RECORD_DEFINE(agreement, AGREEMENT)
RECORD_DEFINE(transfer, TRANSFER)

#define FACTS_ROW(X, R) X(R, I64, no, 0, 0, 0, NULL, "") X(R, I64, at_ms, 0, 0, 0, NULL, "") \
    X(R, STR, signed_by, 0, 0, 0, NULL, "")
RECORD(facts_row, FACTS_ROW)
RECORD_DEFINE(facts_row, FACTS_ROW)

#define SPAN_ROW(X, R) X(R, I64, from_ms, 0, 0, 0, NULL, "") X(R, I64, to_ms, 0, 0, 0, NULL, "")
RECORD(span_row, SPAN_ROW)
RECORD_DEFINE(span_row, SPAN_ROW)

#define OF_DISPUTE " WHERE area = $1 AND matter = $2"
SQL_READS(DISPUTE_ONE, "mediation.dispute",
    "SELECT unit, type, kind, source, came_from, status, class, docket, open_door, written, form,"
    " amount_fen, accepted_ms, sealed_ms, effective_ms, confirm, confirm_ms, studio,"
    " party_last FROM dispute" OF_DISPUTE);
SQL_READS(PARTIES, "mediation.parties",
    "SELECT no, side, kind, role, stands_for, scope, minor, consent, consent_how, consent_ms, told_ms,"
    " signed_how, signed_ms, court_ms, stop_ms, described, title_ms, title_how, since_ms,"
    " spoken_ms FROM party" OF_DISPUTE
    " ORDER BY no");
SQL_READS(MEDIATORS, "mediation.mediators",
    "SELECT account, chosen, disclosure, since_ms, left_ms, signed_ms FROM mediator" OF_DISPUTE
    " ORDER BY since_ms, account");
SQL_READS(GUESTS, "mediation.guests",
    "SELECT no, kind, data_key, name, agreed, admitted_ms FROM guest" OF_DISPUTE " ORDER BY no");
SQL_READS(SITTINGS, "mediation.sittings",
    "SELECT no, planned_ms, minutes, place, open_door, at_ms, seq, result FROM sitting" OF_DISPUTE
    " ORDER BY no");
SQL_READS(PROMISES, "mediation.promises",
    "SELECT no, round, party, what, amount_fen, due_ms, way, place, kept_ms, broken_ms FROM promise"
    OF_DISPUTE " AND round = $3 ORDER BY no");
SQL_READS(ALL_PROMISES, "mediation.all_promises",
    "SELECT no, round, party, what, amount_fen, due_ms, way, place, kept_ms, broken_ms FROM promise"
    OF_DISPUTE " ORDER BY no");
SQL_READS(AGREEMENTS, "mediation.agreements",
    "SELECT round, unit, studio, form, amount_fen, effective_ms, confirm, confirm_ms, ended_ms,"
    " docket FROM agreement" OF_DISPUTE " ORDER BY round");
SQL_READS(TRANSFERS, "mediation.transfers",
    "SELECT id, number, from_unit, from_name, to_unit, to_name, document, consents, reason, sent_ms,"
    " due_ms, state, answer, answered_ms, result, result_ms, shared, at_unit, ground, said_unit"
    " FROM transfer" OF_DISPUTE " ORDER BY id");
SQL_READS(FACTS_LAST, "mediation.facts_last",
    "SELECT no, at_ms, signed AS signed_by FROM statement" OF_DISPUTE " AND kind = 'facts'"
    " ORDER BY no DESC LIMIT 1");
SQL_WRITES(DISPUTE_PUT, "mediation.dispute_put",
    "INSERT INTO dispute (area, matter, unit, type, kind, source, came_from, status, class, docket,"
    " open_door, written, form, amount_fen, accepted_ms, sealed_ms, effective_ms, confirm, confirm_ms,"
    " studio, party_last) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
    " $17, $18, $19, $20, $21)"
    " ON CONFLICT (area, matter) DO UPDATE SET unit = excluded.unit, class = excluded.class,"
    " docket = excluded.docket, open_door = excluded.open_door, written = excluded.written,"
    " form = excluded.form, amount_fen = excluded.amount_fen, accepted_ms = excluded.accepted_ms,"
    " sealed_ms = excluded.sealed_ms, effective_ms = excluded.effective_ms,"
    " confirm = excluded.confirm, confirm_ms = excluded.confirm_ms, studio = excluded.studio,"
    " party_last = excluded.party_last");
SQL_WRITES(PARTY_PUT, "mediation.party_put",
    "INSERT INTO party (area, matter, no, side, kind, role, stands_for, scope, minor, consent,"
    " consent_how, consent_ms, told_ms, signed_how, signed_ms, court_ms, stop_ms, described, title_ms,"
    " title_how, since_ms, spoken_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
    " $14, $15, $16, $17, $18, $19, $20, $21, $22)"
    " ON CONFLICT (area, matter, no) DO UPDATE SET kind = excluded.kind, consent = excluded.consent,"
    " consent_how = excluded.consent_how, consent_ms = excluded.consent_ms,"
    " told_ms = excluded.told_ms, signed_how = excluded.signed_how, signed_ms = excluded.signed_ms,"
    " court_ms = excluded.court_ms, stop_ms = excluded.stop_ms, described = excluded.described,"
    " title_ms = excluded.title_ms, title_how = excluded.title_how, spoken_ms = excluded.spoken_ms");
SQL_WRITES(PARTY_DROP, "mediation.party_drop", "DELETE FROM party" OF_DISPUTE " AND no = $3");
SQL_WRITES(MEDIATOR_PUT, "mediation.mediator_put",
    "INSERT INTO mediator (area, matter, account, chosen, disclosure, since_ms, left_ms, signed_ms)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    " ON CONFLICT (area, matter, account) DO UPDATE SET chosen = excluded.chosen,"
    " disclosure = excluded.disclosure, since_ms = excluded.since_ms, left_ms = excluded.left_ms, signed_ms = excluded.signed_ms");
SQL_WRITES(GUEST_PUT, "mediation.guest_put",
    "INSERT INTO guest (area, matter, no, kind, data_key, name, agreed, admitted_ms)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    " ON CONFLICT (area, matter, no) DO UPDATE SET agreed = excluded.agreed,"
    " admitted_ms = excluded.admitted_ms");
SQL_WRITES(SITTING_PUT, "mediation.sitting_put",
    "INSERT INTO sitting (area, matter, no, planned_ms, minutes, place, open_door, at_ms, seq, result)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    " ON CONFLICT (area, matter, no) DO UPDATE SET at_ms = excluded.at_ms, seq = excluded.seq,"
    " result = excluded.result");
SQL_WRITES(PROMISE_PUT, "mediation.promise_put",
    "INSERT INTO promise (area, matter, no, round, party, what, amount_fen, due_ms, way, place,"
    " kept_ms, broken_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    " ON CONFLICT (area, matter, no) DO UPDATE SET kept_ms = excluded.kept_ms,"
    " broken_ms = excluded.broken_ms");
SQL_WRITES(AGREEMENT_PUT, "mediation.agreement_put",
    "INSERT INTO agreement (area, matter, round, unit, studio, form, amount_fen, effective_ms, confirm,"
    " confirm_ms, ended_ms, docket) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    " ON CONFLICT (area, matter, round) DO UPDATE SET confirm = excluded.confirm");
SQL_WRITES(TRANSFER_PUT, "mediation.transfer_put",
    "INSERT INTO transfer (area, id, matter, number, from_unit, from_name, to_unit, to_name, document,"
    " consents, reason, sent_ms, due_ms, state, answer, answered_ms, result, result_ms, shared, at_unit,"
    " ground, said_unit) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
    " $17, $18, $19, $20, $21, $22)"
    " ON CONFLICT (area, id) DO UPDATE SET state = excluded.state, answer = excluded.answer,"
    " answered_ms = excluded.answered_ms, result = excluded.result, result_ms = excluded.result_ms,"
    " at_unit = excluded.at_unit, said_unit = excluded.said_unit");
SQL_WRITES(HANDED_UP_PUT, "mediation.handed_up_put",
    "INSERT INTO handed_up (area, matter, unit, at_ms, docket, accepted_ms)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING");
SQL_READS(STATEMENT_LAST, "mediation.statement_last",
    "SELECT coalesce(max(no), 0) FROM statement" OF_DISPUTE);
SQL_WRITES(STATEMENT_PUT, "mediation.statement_put",
    "INSERT INTO statement (area, matter, no, kind, at_ms, account, side, data_key, text, signed)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')");
SQL_WRITES(FACTS_SIGNED, "mediation.facts_signed",
    "UPDATE statement SET signed = $4" OF_DISPUTE " AND no = $3");
SQL_READS(ACCOUNT_IN_UNIT, "mediation.member",
    "SELECT COUNT(*) FROM membership m WHERE m.account = $1 AND m.unit = $2 AND m.role = 'mediator'"
    " AND (NOT EXISTS (SELECT 1 FROM registered x WHERE x.unit = m.unit AND x.account <> 0)"
    " OR EXISTS (SELECT 1 FROM registered r WHERE r.unit = m.unit AND r.account = m.account"
    " AND r.since_ms <= $3 AND r.to_ms > $3))");
SQL_READS(ROOM_TAKEN, "mediation.room_taken",
    "SELECT s.planned_ms AS from_ms, s.planned_ms + s.minutes * 60000 AS to_ms FROM sitting s"
    " JOIN dispute d ON d.area = s.area AND d.matter = s.matter WHERE s.place = $1 AND d.unit = $2"
    " AND s.planned_ms > $3 AND s.planned_ms < $5 AND s.planned_ms + s.minutes * 60000 > $4"
    " AND s.result = '' ORDER BY s.planned_ms LIMIT 1");
SQL_WRITES(PARTS_END, "mediation.parts_end",
    "UPDATE cohandler SET state = 'ended'" OF_DISPUTE " AND state = 'open'");
SQL_WRITES(HELPERS_OUT, "mediation.helpers_out",
    "DELETE FROM involved" OF_DISPUTE " AND unit IN (SELECT c.unit FROM cohandler c"
    " WHERE c.area = $1 AND c.matter = $2 AND c.state LIKE $3) AND unit NOT IN"
    " (SELECT e.owner_unit FROM entry e WHERE e.area = $1 AND e.matter = $2)");
SQL_WRITES(ONE_CLOCK, "mediation.one_clock",
    "UPDATE cohandler SET due_ms = $3" OF_DISPUTE " AND state = 'open'");
SQL_WRITES(DOCKET_NEXT, "mediation.docket_next",
    "INSERT INTO docket (area, unit, year, last) VALUES ($1, $2, $3, 1)"
    " ON CONFLICT (area, unit, year) DO UPDATE SET last = docket.last + 1");
SQL_READS(DOCKET_LAST, "mediation.docket_last",
    "SELECT last FROM docket WHERE area = $1 AND unit = $2 AND year = $3");
const struct sql *const mediation_statements[] = { &DISPUTE_ONE, &PARTIES, &MEDIATORS, &GUESTS,
    &SITTINGS, &PROMISES, &ALL_PROMISES, &AGREEMENTS, &TRANSFERS, &FACTS_LAST, &DISPUTE_PUT,
    &PARTY_PUT, &PARTY_DROP, &MEDIATOR_PUT, &GUEST_PUT, &SITTING_PUT, &PROMISE_PUT, &AGREEMENT_PUT,
    &TRANSFER_PUT, &HANDED_UP_PUT, &STATEMENT_LAST, &STATEMENT_PUT, &FACTS_SIGNED, &ACCOUNT_IN_UNIT,
    &ROOM_TAKEN, &PARTS_END, &HELPERS_OUT, &ONE_CLOCK, &DOCKET_NEXT, &DOCKET_LAST };
const size_t mediation_statements_n = COUNT_OF(mediation_statements);

/* Reading ---------------------------------------------------------------------------------- */

enum err dispute_name(struct cx *cx, int64_t area, int64_t id, struct str *ret)
{
    struct dispute d;
    TRY(db_one(cx->db, cx->a, &DISPUTE_ONE, ARGS(I(area), I(id)), &dispute_record, &d));
    const struct dispute_kind *kind = d.kind.n ? dispute_kind_by(d.kind) : NULL;
    const struct dispute_type *type = dispute_type_by(d.type);
    *ret = kind ? cx_text(cx, kind->zh, kind->en) : type ? cx_text(cx, type->zh, type->en) : d.type;
    return OK;
}

static enum err facts_read(struct cx *cx, const struct matter *m, struct beside *b)
{
    struct facts_row f;
    enum err e = db_one(cx->db, cx->a, &FACTS_LAST, ARGS(I(m->area), I(m->id)), &facts_row_record,
        &f);
    b->facts = e == OK ? f.no : 0;
    b->facts_ms = e == OK ? f.at_ms : I64_NONE;
    b->facts_signed = e == OK ? f.signed_by : STR("");
    return e == E_MISSING ? OK : e;
}

/* What was set down and never signed by all is no agreement; its words stay in the ledger. */
static void forget_unsigned(struct beside *b)
{
    b->dispute.form = STR("");
    b->dispute.amount_fen = 0;
    b->promises = (struct list){ NULL, 0 };
}

enum err beside_read(struct cx *cx, const struct matter *m, struct beside **ret)
{
    struct beside *b = NEW(cx->a, struct beside);
    const struct arg of[] = { I(m->area), I(m->id) };
    const struct { const struct sql *sql; const struct record *r; size_t max; struct list *to; }
    lists[] = {
        { &PARTIES, &party_record, PARTIES_MAX, &b->parties },
        { &MEDIATORS, &mediator_record, MEDIATORS_MAX, &b->mediators },
        { &GUESTS, &guest_record, GUESTS_MAX, &b->guests },
        { &SITTINGS, &sitting_record, SITTINGS_MAX, &b->sittings },
        { &TRANSFERS, &transfer_record, TRANSFERS_MAX, &b->transfers },
        { &AGREEMENTS, &agreement_record, ROUNDS_MAX, &b->earlier },
    };
    TRY(db_one(cx->db, cx->a, &DISPUTE_ONE, of, 2, &dispute_record, &b->dispute));
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        TRY(db_rows(cx->db, cx->a, lists[i].sql, of, 2, lists[i].r, lists[i].max, lists[i].to));
    TRY(db_rows(cx->db, cx->a, &PROMISES, ARGS(I(m->area), I(m->id), I(m->round)),
        &promise_row_record, PROMISES_MAX, &b->promises));
    if (!m->open && b->dispute.effective_ms == I64_NONE)
        forget_unsigned(b);
    TRY(facts_read(cx, m, b));
    *ret = b;
    return OK;
}

enum err promises_read(struct cx *cx, const struct matter *m, struct list *ret)
{
    enum { ALL_PROMISES_MAX = 2000 };
    return db_rows(cx->db, cx->a, &ALL_PROMISES, ARGS(I(m->area), I(m->id)), &promise_row_record,
        ALL_PROMISES_MAX, ret);
}

static struct list copied(struct arena *a, struct list rows, size_t size)
{
    void *p = arena_alloc(a, size, alignof(max_align_t), rows.n + 1);
    if (rows.n)
        memcpy(p, rows.p, rows.n * size);
    return (struct list){ p, rows.n };
}

/* The stored rows are kept beside those that the step changes, so that only changes are written. */
enum err dispute_load(struct taking *t)
{
    struct arena *a = t->cx->a;
    struct beside *was, *b = NEW(a, struct beside);
    TRY(beside_read(t->cx, t->before, &was));
    if (t->cx->actor.kind == ACTOR_STAFF)
        TRY(desk_masked(t->cx, t->before, &was->names));
    *b = *was;
    b->parties = copied(a, was->parties, sizeof(struct party));
    b->mediators = copied(a, was->mediators, sizeof(struct mediator));
    b->guests = copied(a, was->guests, sizeof(struct guest));
    b->sittings = copied(a, was->sittings, sizeof(struct sitting));
    b->transfers = copied(a, was->transfers, sizeof(struct transfer));
    b->promises = copied(a, was->promises, sizeof(struct promise_row));
    b->earlier = copied(a, was->earlier, sizeof(struct agreement));
    b->was = was;
    t->side = b;
    return OK;
}

/* Writing ---------------------------------------------------------------------------------- */

static enum err put_party(struct taking *t, const void *row)
{
    const struct party *p = row;
    return db_exec(t->cx->db, &PARTY_PUT, ARGS(I(t->m.area), I(t->m.id), I(p->no), S(p->side),
        S(p->kind), S(p->role), I(p->stands_for), S(p->scope), I(p->minor), S(p->consent),
        S(p->consent_how), I(p->consent_ms), I(p->told_ms), S(p->signed_how), I(p->signed_ms),
        I(p->court_ms), I(p->stop_ms), I(p->described), I(p->title_ms), S(p->title_how),
        I(p->since_ms), I(p->spoken_ms)), NULL);
}

static enum err put_mediator(struct taking *t, const void *row)
{
    const struct mediator *m = row;
    return db_exec(t->cx->db, &MEDIATOR_PUT, ARGS(I(t->m.area), I(t->m.id), I(m->account),
        S(m->chosen), S(m->disclosure), I(m->since_ms), I(m->left_ms), I(m->signed_ms)), NULL);
}

static enum err put_guest(struct taking *t, const void *row)
{
    const struct guest *g = row;
    return db_exec(t->cx->db, &GUEST_PUT, ARGS(I(t->m.area), I(t->m.id), I(g->no), S(g->kind),
        B(g->data_key), B(g->name), S(g->agreed), I(g->admitted_ms)), NULL);
}

static enum err put_sitting(struct taking *t, const void *row)
{
    const struct sitting *s = row;
    return db_exec(t->cx->db, &SITTING_PUT, ARGS(I(t->m.area), I(t->m.id), I(s->no),
        I(s->planned_ms), I(s->minutes), S(s->place), I(s->open_door), I(s->at_ms), I(s->seq),
        S(s->result)), NULL);
}

static enum err put_promise(struct taking *t, const void *row)
{
    const struct promise_row *p = row;
    return db_exec(t->cx->db, &PROMISE_PUT, ARGS(I(t->m.area), I(t->m.id), I(p->no), I(p->round),
        I(p->party), S(p->what), I(p->amount_fen), I(p->due_ms), S(p->way), S(p->place),
        I(p->kept_ms), I(p->broken_ms)), NULL);
}

static enum err put_agreement(struct taking *t, const void *row)
{
    const struct agreement *g = row;
    return db_exec(t->cx->db, &AGREEMENT_PUT, ARGS(I(t->m.area), I(t->m.id), I(g->round),
        I(g->unit), I(g->studio), S(g->form), I(g->amount_fen), I(g->effective_ms), S(g->confirm),
        I(g->confirm_ms), I(g->ended_ms), S(g->docket)), NULL);
}

enum err transfer_put(struct cx *cx, const struct matter *m, const struct transfer *r)
{
    return db_exec(cx->db, &TRANSFER_PUT, ARGS(I(m->area), I(r->id), I(m->id), S(r->number),
        I(r->from_unit), S(r->from_name), I(r->to_unit), S(r->to_name), S(r->document),
        S(r->consents), S(r->reason), I(r->sent_ms), I(r->due_ms), S(r->state), S(r->answer),
        I(r->answered_ms), S(r->result), I(r->result_ms), I(r->shared), I(r->at_unit),
        S(r->ground), I(r->said_unit)), NULL);
}

static enum err put_transfer(struct taking *t, const void *row)
{
    return transfer_put(t->cx, &t->m, row);
}

static enum err parties_drop(struct taking *t, struct list was)
{
    const struct party *p = was.p;
    for (size_t i = 0; i < was.n; i++)
        if (party_numbered(beside_of(t), p[i].no) == NULL)
            TRY(db_exec(t->cx->db, &PARTY_DROP, ARGS(I(t->m.area), I(t->m.id), I(p[i].no)), NULL));
    return OK;
}

static enum err put_changed(struct taking *t, struct list now, struct list was, size_t size,
    enum err (*put)(struct taking *t, const void *row))
{
    const char *row = now.p, *before = was.p;
    for (size_t i = 0; i < now.n; i++)
        if (i >= was.n || memcmp(row + i * size, before + i * size, size) != 0)
            TRY(put(t, row + i * size));
    return OK;
}

static enum err put_dispute(struct taking *t)
{
    const struct dispute *d = &beside_of(t)->dispute;
    return db_exec(t->cx->db, &DISPUTE_PUT, ARGS(I(t->m.area), I(t->m.id), I(d->unit), S(d->type),
        S(d->kind), S(d->source), S(d->came_from), I(d->status), S(d->class), S(d->docket),
        I(d->open_door), I(d->written), S(d->form), I(d->amount_fen), I(d->accepted_ms),
        I(d->sealed_ms), I(d->effective_ms), S(d->confirm), I(d->confirm_ms),
        I(d->studio), I(d->party_last)), NULL);
}

/* Who mediates along reads the file as long as it has a part in it; what was never reported is no
 * report. A committee that once had the dispute stays with it. */
enum err parts_end(struct taking *t, struct str of_state)
{
    t->m.cohandling = 0;
    TRY(db_exec(t->cx->db, &HELPERS_OUT, ARGS(I(t->m.area), I(t->m.id),
        S(of_state)), NULL));
    return db_exec(t->cx->db, &PARTS_END, ARGS(I(t->m.area), I(t->m.id)), NULL);
}

/* Departments that mediate along have the committee's clock, and their part ends with the whole. */
static enum err put_parts(struct taking *t)
{
    if (t->m.cohandling == 0)
        return OK;
    if (t->m.open)
        return db_exec(t->cx->db, &ONE_CLOCK, ARGS(I(t->m.area), I(t->m.id), I(t->m.due_ms)), NULL);
    return parts_end(t, STR("open"));
}

enum err store_beside(struct taking *t)
{
    static const struct beside nothing;
    const struct beside *b = beside_of(t), *was = b->was ? b->was : &nothing;
    TRY(call_off_sittings(t));
    TRY(put_dispute(t));
    TRY(parties_drop(t, was->parties));
    TRY(put_changed(t, b->parties, was->parties, sizeof(struct party), put_party));
    TRY(put_changed(t, b->mediators, was->mediators, sizeof(struct mediator), put_mediator));
    TRY(put_changed(t, b->guests, was->guests, sizeof(struct guest), put_guest));
    TRY(put_changed(t, b->sittings, was->sittings, sizeof(struct sitting), put_sitting));
    TRY(put_changed(t, b->promises, was->promises, sizeof(struct promise_row), put_promise));
    TRY(put_changed(t, b->earlier, was->earlier, sizeof(struct agreement), put_agreement));
    TRY(put_changed(t, b->transfers, was->transfers, sizeof(struct transfer), put_transfer));
    if (!str_eq(b->facts_signed, was->facts_signed) && b->facts)
        TRY(db_exec(t->cx->db, &FACTS_SIGNED, ARGS(I(t->m.area), I(t->m.id), I(b->facts),
            S(b->facts_signed)), NULL));
    return put_parts(t);
}

enum err store_beside_photos(struct taking *t)
{
    TRY(store_beside(t));
    return store_photos(t);
}

enum err store_sitting(struct taking *t)
{
    return store_beside_photos(t);
}

enum err store_parties(struct taking *t)
{
    const struct step_party *given = t->args->parties.p;
    int64_t first = beside_of(t)->dispute.party_last - (int64_t)t->args->parties.n + 1;
    for (size_t i = 0; i < t->args->parties.n; i++) {
        struct corporate of = corporate_of_party(t->cx->a, &given[i]);
        TRY(reporter_add(t->cx, &t->m, str_trim(given[i].name),
            given[i].phone.n ? str_trim(given[i].phone) : STR(""), false, first + (int64_t)i));
        if (corporate_known(&of))
            TRY(corporate_put(t->cx, &t->m, first + (int64_t)i, &of));
    }
    return store_beside(t);
}

/* What is given takes the place of what was there; the rest stays. */
enum err store_described(struct taking *t)
{
    struct corporate of = corporate_of_step(t->cx->a, t->args);
    struct party *p = party_numbered(beside_of(t), t->args->party);
    CHECK(p != NULL);
    TRY(corporate_add(t->cx, &t->m, p->no, &of));
    p->described = corporate_whole(&of);
    return store_beside(t);
}

/* What was handed over to this committee is answered by accepting the dispute or not. */
static void answer_transfers(struct taking *t, const char *state, struct str answer)
{
    struct transfer *r = beside_of(t)->transfers.p;
    for (size_t i = 0; i < beside_of(t)->transfers.n; i++)
        if (lies_here(t, &r[i]) && str_is(r[i].state, "sent")) {
            r[i].said_unit = t->before->owner_unit;
            r[i].state = str_c(state);
            r[i].answer = answer.n ? answer : STR("");
            r[i].answered_ms = t->cx->now_ms;
        }
}

/* Numbers run through the year in each county; a committee of the whole city names the county. */
static enum err book_name(struct taking *t, struct str *ret)
{
    const struct unit *u = unit_find(t->cx->cat, t->m.owner_unit);
    const struct division *d = division_find(t->cx->cat, area_division(t->m.area));
    TRY(committee_short_name(t->cx, u, ret));
    if (d && t->m.area != division_area(u->region))
        *ret = arena_fmt(t->cx->a, "%.*s%.*s", STR_FMT(*ret), STR_FMT(d->name));
    return OK;
}

/* With a number in the committee's book, running through the year. */
enum err store_accept(struct taking *t)
{
    struct dispute *d = &beside_of(t)->dispute;
    int64_t year = clock_civil(t->cx->now_ms).year, last;
    if (d->docket.n == 0) {
        const struct arg book[] = { I(t->m.area), I(t->m.owner_unit), I(year) };
        struct str name;
        TRY(db_exec(t->cx->db, &DOCKET_NEXT, book, COUNT_OF(book), NULL));
        TRY(db_number(t->cx->db, &DOCKET_LAST, book, COUNT_OF(book), &last));
        TRY(book_name(t, &name));
        d->docket = arena_fmt(t->cx->a, "（%lld）%.*s人调字第%lld号", (long long)year, STR_FMT(name),
            (long long)last);
    }
    answer_transfers(t, "accepted", t->args->note);
    return store_beside(t);
}

enum err store_not_accept(struct taking *t)
{
    answer_transfers(t, "refused", t->args->reply.n ? t->args->reply : t->args->text);
    return store_beside(t);
}

/* Only mediators of the committee that has the dispute; where it keeps a register of them, those
 * whose term runs. */
enum err store_naming(struct taking *t)
{
    int64_t is_member;
    TRY(db_number(t->cx->db, &ACCOUNT_IN_UNIT, ARGS(I(t->args->mediator), I(t->m.owner_unit),
        I(t->cx->now_ms)), &is_member));
    if (is_member == 0)
        return cx_fail(t->cx, E_INPUT, "mediator", MSG("不是本调委会在册的调解员",
            "Not a mediator of this committee, or not in its register now"));
    return store_beside(t);
}

/* One of this committee's, or back to the committee itself. */
enum err store_studio(struct taking *t)
{
    struct studio studio;
    enum err e = t->args->studio ? studio_by_id(t->cx, t->args->studio, &studio) : OK;
    if (e == E_MISSING || (e == OK && t->args->studio
        && (studio.unit != t->m.owner_unit || studio.ended)))
        return cx_fail(t->cx, E_INPUT, "studio", MSG("本调委会没有这个工作室，或它已撤销",
            "This committee has no such studio, or it is closed"));
    TRY(e);
    return store_beside(t);
}

/* A room of the committee's holds one session at a time. */
enum err store_plan(struct taking *t)
{
    enum { LONGEST_MS = 1440 * 60000 };
    const struct sitting *s = (const struct sitting *)beside_of(t)->sittings.p
        + beside_of(t)->sittings.n - 1;
    struct span_row other;
    int64_t from = s->planned_ms;
    enum err e = db_one(t->cx->db, t->cx->a, &ROOM_TAKEN, ARGS(S(s->place), I(t->m.owner_unit),
        I(from - LONGEST_MS), I(from), I(from + s->minutes * 60000)), &span_row_record, &other);
    if (e == E_MISSING)
        return store_beside(t);
    TRY(e);
    struct civil a = clock_civil(other.from_ms), b = clock_civil(other.to_ms);
    return cx_fail_with(t->cx, E_INPUT, "at_ms", MSG("这个地点在 %s 已有调解，请换时间或地点",
        "There is a session in this room from %s; choose another time or room"),
        arena_fmt(t->cx->a, "%04d-%02d-%02d %02d:%02d–%02d:%02d", a.year, a.month, a.day, a.hour,
            a.minute, b.hour, b.minute));
}

/* Whoever had it finds it from now on among those handed up. */
enum err store_climb(struct taking *t)
{
    const struct former *former = &beside_of(t)->former;
    TRY(db_exec(t->cx->db, &HANDED_UP_PUT, ARGS(I(t->m.area), I(t->m.id),
        I(t->before->owner_unit), I(t->cx->now_ms), S(former->docket), I(former->accepted_ms)),
        NULL));
    return store_beside(t);
}

enum err store_joint(struct taking *t)
{
    TRY(store_cohandle(t));
    return store_beside(t);
}

/* Sealed texts ----------------------------------------------------------------------------- */

struct sealed { struct str key, text; };

static struct sealed seal_text(struct taking *t, const char *field, struct str text)
{
    struct cx *cx = t->cx;
    unsigned char wrapped[SEAL_WRAPPED_BYTES];
    struct seal_key key;
    seal_key_new(cx->keys, cx->rand, t->m.id, wrapped, &key);
    struct sealed s = { arena_dup(cx->a, wrapped, sizeof(wrapped)),
        seal_field(cx->a, cx->rand, &key, field, text) };
    seal_key_wipe(&key);
    return s;
}

static enum err statement_put(struct taking *t, const char *kind, struct str side)
{
    struct cx *cx = t->cx;
    struct sealed s = seal_text(t, kind, t->args->text);
    int64_t last;
    TRY(db_number(cx->db, &STATEMENT_LAST, ARGS(I(t->m.area), I(t->m.id)), &last));
    return db_exec(cx->db, &STATEMENT_PUT, ARGS(I(t->m.area), I(t->m.id), I(last + 1),
        S(str_c(kind)), I(cx->now_ms), I(cx->actor.account), S(side), B(s.key), B(s.text)), NULL);
}

enum err store_caucus(struct taking *t)
{
    const struct party *p = party_numbered(beside_of(t), t->args->party);
    CHECK(p != NULL);
    return statement_put(t, "caucus", p->side);
}

enum err store_facts(struct taking *t)
{
    return statement_put(t, "facts", STR(""));
}

enum err store_invite(struct taking *t)
{
    struct sealed s = seal_text(t, "guest", str_trim(t->args->who));
    struct guest g = { (int64_t)beside_of(t)->guests.n + 1, t->args->how, s.key, s.text, STR(""),
        I64_NONE };
    return put_guest(t, &g);
}
