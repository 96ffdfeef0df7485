/* beside.c: reading and writing what lies beside a dispute. */
#include "crypto/seal.h"
#include "mediation/course.h"

RECORD_DEFINE(dispute, DISPUTE)
RECORD_DEFINE(party, PARTY)
RECORD_DEFINE(mediator, MEDIATOR)
RECORD_DEFINE(promise_row, PROMISE)

SQL_READS(DISPUTE_ONE, "mediation.dispute",
    "SELECT type, source, came_from, open_door, written, form, amount_fen, sealed_ms, effective_ms,"
    " confirm, confirm_ms FROM dispute WHERE area = $1 AND matter = $2");
SQL_READS(PARTIES, "mediation.parties",
    "SELECT no, side, kind, role, stands_for, minor, consent, consent_how, consent_ms, told_ms,"
    " signed_how, signed_ms FROM party WHERE area = $1 AND matter = $2 ORDER BY no");
SQL_READS(MEDIATORS, "mediation.mediators",
    "SELECT account, chosen, disclosure, since_ms, signed_ms FROM mediator"
    " WHERE area = $1 AND matter = $2 ORDER BY since_ms, account");
SQL_READS(PROMISES, "mediation.promises",
    "SELECT no, round, party, what, amount_fen, due_ms, way, kept_ms, broken_ms FROM promise"
    " WHERE area = $1 AND matter = $2 AND round = $3 ORDER BY no");
SQL_READS(SITTINGS, "mediation.sittings",
    "SELECT COUNT(*) FROM sitting WHERE area = $1 AND matter = $2 AND at_ms >= $3");
SQL_WRITES(DISPUTE_PUT, "mediation.dispute_put",
    "INSERT INTO dispute (area, matter, type, source, came_from, open_door, written, form,"
    " amount_fen, sealed_ms, effective_ms, confirm, confirm_ms)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    " ON CONFLICT (area, matter) DO UPDATE SET written = excluded.written, form = excluded.form,"
    " amount_fen = excluded.amount_fen, sealed_ms = excluded.sealed_ms,"
    " effective_ms = excluded.effective_ms, confirm = excluded.confirm,"
    " confirm_ms = excluded.confirm_ms");
SQL_WRITES(PARTY_PUT, "mediation.party_put",
    "INSERT INTO party (area, matter, no, side, kind, role, stands_for, minor, consent, consent_how,"
    " consent_ms, told_ms, signed_how, signed_ms)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    " ON CONFLICT (area, matter, no) DO UPDATE SET consent = excluded.consent,"
    " consent_how = excluded.consent_how, consent_ms = excluded.consent_ms,"
    " told_ms = excluded.told_ms, signed_how = excluded.signed_how, signed_ms = excluded.signed_ms");
SQL_WRITES(MEDIATOR_PUT, "mediation.mediator_put",
    "INSERT INTO mediator (area, matter, account, chosen, disclosure, since_ms, signed_ms)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)"
    " ON CONFLICT (area, matter, account) DO UPDATE SET signed_ms = excluded.signed_ms");
SQL_WRITES(PROMISE_PUT, "mediation.promise_put",
    "INSERT INTO promise (area, matter, no, round, party, what, amount_fen, due_ms, way, kept_ms,"
    " broken_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    " ON CONFLICT (area, matter, no) DO UPDATE SET kept_ms = excluded.kept_ms,"
    " broken_ms = excluded.broken_ms");
SQL_READS(SITTING_LAST, "mediation.sitting_last",
    "SELECT coalesce(max(no), 0) FROM sitting WHERE area = $1 AND matter = $2");
SQL_WRITES(SITTING_PUT, "mediation.sitting_put",
    "INSERT INTO sitting (area, matter, no, at_ms, seq, open_door, result)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)");
SQL_READS(CAUCUS_LAST, "mediation.caucus_last",
    "SELECT coalesce(max(no), 0) FROM caucus WHERE area = $1 AND matter = $2");
SQL_WRITES(CAUCUS_PUT, "mediation.caucus_put",
    "INSERT INTO caucus (area, matter, no, at_ms, account, side, data_key, text)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
SQL_READS(ACCOUNT_IN_UNIT, "mediation.member",
    "SELECT COUNT(*) FROM membership WHERE account = $1 AND unit = $2 AND role = 'mediator'");
const struct sql *const mediation_statements[] = { &DISPUTE_ONE, &PARTIES, &MEDIATORS, &PROMISES,
    &SITTINGS, &DISPUTE_PUT, &PARTY_PUT, &MEDIATOR_PUT, &PROMISE_PUT, &SITTING_LAST, &SITTING_PUT,
    &CAUCUS_LAST, &CAUCUS_PUT, &ACCOUNT_IN_UNIT };
const size_t mediation_statements_n = COUNT_OF(mediation_statements);

enum err beside_read(struct cx *cx, const struct matter *m, struct beside **ret)
{
    struct beside *b = NEW(cx->a, struct beside);
    TRY(db_one(cx->db, cx->a, &DISPUTE_ONE, ARGS(I(m->area), I(m->id)), &dispute_record,
        &b->dispute));
    TRY(db_rows(cx->db, cx->a, &PARTIES, ARGS(I(m->area), I(m->id)), &party_record, PARTIES_MAX,
        &b->parties));
    TRY(db_rows(cx->db, cx->a, &MEDIATORS, ARGS(I(m->area), I(m->id)), &mediator_record,
        MEDIATORS_MAX, &b->mediators));
    TRY(db_rows(cx->db, cx->a, &PROMISES, ARGS(I(m->area), I(m->id), I(m->round)),
        &promise_row_record, PROMISES_MAX, &b->promises));
    TRY(db_number(cx->db, &SITTINGS, ARGS(I(m->area), I(m->id), I(consent_since(b))),
        &b->sittings));
    *ret = b;
    return OK;
}

enum err dispute_load(struct taking *t)
{
    struct beside *b;
    TRY(beside_read(t->cx, t->before, &b));
    t->side = b;
    return OK;
}

static enum err put_parties(struct taking *t)
{
    const struct party *p = beside_of(t)->parties.p;
    for (size_t i = 0; i < beside_of(t)->parties.n; i++)
        TRY(db_exec(t->cx->db, &PARTY_PUT, ARGS(I(t->m.area), I(t->m.id), I(p[i].no), S(p[i].side),
            S(p[i].kind), S(p[i].role), I(p[i].stands_for), I(p[i].minor), S(p[i].consent),
            S(p[i].consent_how), I(p[i].consent_ms), I(p[i].told_ms), S(p[i].signed_how),
            I(p[i].signed_ms)), NULL));
    return OK;
}

static enum err put_mediators(struct taking *t)
{
    const struct mediator *m = beside_of(t)->mediators.p;
    for (size_t i = 0; i < beside_of(t)->mediators.n; i++)
        TRY(db_exec(t->cx->db, &MEDIATOR_PUT, ARGS(I(t->m.area), I(t->m.id), I(m[i].account),
            S(m[i].chosen), S(m[i].disclosure), I(m[i].since_ms), I(m[i].signed_ms)), NULL));
    return OK;
}

static enum err put_promises(struct taking *t)
{
    const struct promise_row *p = beside_of(t)->promises.p;
    for (size_t i = 0; i < beside_of(t)->promises.n; i++)
        TRY(db_exec(t->cx->db, &PROMISE_PUT, ARGS(I(t->m.area), I(t->m.id), I(p[i].no),
            I(p[i].round), I(p[i].party), S(p[i].what), I(p[i].amount_fen), I(p[i].due_ms),
            S(p[i].way), I(p[i].kept_ms), I(p[i].broken_ms)), NULL));
    return OK;
}

static enum err put_dispute(struct taking *t)
{
    const struct dispute *d = &beside_of(t)->dispute;
    return db_exec(t->cx->db, &DISPUTE_PUT, ARGS(I(t->m.area), I(t->m.id), S(d->type), S(d->source),
        S(d->came_from), I(d->open_door), I(d->written), S(d->form), I(d->amount_fen),
        I(d->sealed_ms), I(d->effective_ms), S(d->confirm), I(d->confirm_ms)), NULL);
}

enum err store_beside(struct taking *t)
{
    TRY(put_dispute(t));
    TRY(put_parties(t));
    TRY(put_mediators(t));
    return put_promises(t);
}

enum err store_agreement(struct taking *t)
{
    return store_beside(t);
}

enum err store_parties(struct taking *t)
{
    const struct step_party *given = t->args->parties.p;
    int64_t last;
    TRY(reporter_last_no(t->cx, &t->m, &last));
    for (size_t i = 0; i < t->args->parties.n; i++)
        TRY(reporter_add(t->cx, &t->m, str_trim(given[i].name),
            given[i].phone.n ? str_trim(given[i].phone) : STR(""), false, last + 1 + (int64_t)i));
    return put_parties(t);
}

/* Only mediators of the committee that has the dispute. */
enum err store_naming(struct taking *t)
{
    int64_t is_member;
    TRY(db_number(t->cx->db, &ACCOUNT_IN_UNIT, ARGS(I(t->args->mediator), I(t->m.owner_unit)),
        &is_member));
    if (is_member == 0)
        return cx_fail(t->cx, E_INPUT, "mediator", MSG("不是本调委会的调解员",
            "Not a mediator of this committee"));
    return store_beside(t);
}

enum err store_sitting(struct taking *t)
{
    int64_t last, at_ms = t->args->at_ms == I64_NONE ? t->cx->now_ms : t->args->at_ms;
    TRY(db_number(t->cx->db, &SITTING_LAST, ARGS(I(t->m.area), I(t->m.id)), &last));
    TRY(db_exec(t->cx->db, &SITTING_PUT, ARGS(I(t->m.area), I(t->m.id), I(last + 1), I(at_ms),
        I(t->m.seq + 1), I(beside_of(t)->dispute.open_door), S(t->args->result)), NULL));
    return store_photos(t);
}

enum err store_caucus(struct taking *t)
{
    unsigned char wrapped[SEAL_WRAPPED_BYTES];
    struct seal_key key;
    struct cx *cx = t->cx;
    const struct party *p = party_numbered(beside_of(t), t->args->party);
    int64_t last;
    CHECK(p != NULL);
    TRY(db_number(cx->db, &CAUCUS_LAST, ARGS(I(t->m.area), I(t->m.id)), &last));
    seal_key_new(cx->keys, cx->rand, t->m.id, wrapped, &key);
    struct str text = seal_field(cx->a, cx->rand, &key, "caucus", t->args->text);
    seal_key_wipe(&key);
    return db_exec(cx->db, &CAUCUS_PUT, ARGS(I(t->m.area), I(t->m.id), I(last + 1), I(cx->now_ms),
        I(cx->actor.account), S(p->side), B(((struct str){ (const char *)wrapped,
        sizeof(wrapped) })), B(text)), NULL);
}
