/* outbox.c: rows of the outbox: written, taken under a lease, settled. See outbox.h. */
#include "outbox/outbox.h"
#include "crypto/hash.h"
#include <stdio.h>

RECORD_DEFINE(outbox_row, OUTBOX_ROW)
#define X(name, word, staff, zh, en) { word, staff, { zh, en } },
const struct told_row told_table[TOLD_COUNT] = { OUTBOX_KINDS(X) };
#undef X

#define WHOM(X, R) \
    X(R, I64, no, 0, 0, 0, NULL, "") X(R, I64, id, 0, 0, 0, NULL, "person or account") \
    X(R, STR, lang, 0, 0, 0, NULL, "")
RECORD(whom, WHOM)
RECORD_DEFINE(whom, WHOM)
#define OUTBOX_COUNTED(X, R) \
    X(R, I64, waiting, 0, 0, 0, NULL, "") X(R, I64, oldest_ms, 0, 0, 0, NULL, "") \
    X(R, I64, failed, 0, 0, 0, NULL, "")
RECORD(outbox_counted, OUTBOX_COUNTED)
RECORD_DEFINE(outbox_counted, OUTBOX_COUNTED)

#define COLUMNS "area, id, matter, seq, kind, no, person, account, lang, at_ms, tries, why"
/* Figures end here: whoever has more waiting knows enough. */
#define COUNTED_MAX "100000"

SQL_READS(REPORTERS, "outbox.reporters",
    "SELECT r.no, r.person, p.lang FROM reporter r JOIN person p ON p.area = r.area"
    " AND p.id = r.person AND p.data_key IS NOT NULL AND p.phone IS NOT NULL"
    " WHERE r.area = $1 AND r.matter = $2 AND r.no > $3 AND r.confidential = 0"
    " ORDER BY r.no LIMIT $4");
SQL_READS(LEADS, "outbox.leads",
    "SELECT 0, a.id, a.lang FROM account a WHERE a.disabled = 0 AND a.phone <> ''"
    " AND a.id IN (SELECT account FROM membership WHERE unit = $1"
    " AND role IN ('chief', 'grid_lead')) ORDER BY a.id LIMIT $2");
SQL_READS(DISPATCHERS, "outbox.dispatchers",
    "SELECT 0, a.id, a.lang FROM account a WHERE a.disabled = 0 AND a.phone <> ''"
    " AND a.id IN (SELECT account FROM membership WHERE unit = $1 AND role = 'dispatcher')"
    " ORDER BY a.id LIMIT $2");
SQL_WRITES(PUT, "outbox.put",
    "INSERT INTO outbox (area, id, matter, seq, kind, no, person, account, lang, quiet, state,"
    " at_ms, tries, next_ms, why)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $11, 0, $11, '')");
/* In whatever county, and so without locks: those hold within one. */
SQL_READS(DUE, "outbox.due",
    "SELECT " COLUMNS " FROM outbox WHERE state = 'waiting' AND quiet = $1 AND next_ms <= $2"
    " ORDER BY next_ms LIMIT $3");
SQL_WRITES(TAKE, "outbox.take",
    "UPDATE outbox SET tries = tries + 1, next_ms = $4 WHERE area = $1 AND id = (SELECT id"
    " FROM outbox WHERE area = $1 AND id = $2 AND state = 'waiting' AND next_ms <= $3"
    " AND tries = $5 /*postgres:FOR UPDATE SKIP LOCKED*/)");
SQL_WRITES(CLEAR, "outbox.clear", "DELETE FROM outbox WHERE area = $1 AND id = $2");
SQL_WRITES(PUT_BACK, "outbox.put_back", "UPDATE outbox SET state = $4, next_ms = $5, why = $6"
    " WHERE area = $1 AND id = $2 AND tries = $3 AND state = 'waiting'");
SQL_SCANS(COUNT, "outbox.count",
    "SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE state = 'waiting' LIMIT " COUNTED_MAX
    ") AS w), (SELECT min(at_ms) FROM outbox WHERE state = 'waiting'),"
    " (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE state = 'failed' LIMIT " COUNTED_MAX
    ") AS f)");
SQL_READS(FAILED, "outbox.failed",
    "SELECT " COLUMNS " FROM outbox WHERE state = 'failed' AND at_ms < $1 ORDER BY at_ms LIMIT $2");
SQL_WRITES(RETRY, "outbox.retry", "UPDATE outbox SET state = 'waiting', tries = 0, next_ms = $3"
    " WHERE area = $1 AND id = $2 AND state = 'failed'");
SQL_WRITES(DROP, "outbox.drop",
    "DELETE FROM outbox WHERE area = $1 AND id = $2 AND state = 'failed'");
const struct sql *const outbox_statements[] = { &REPORTERS, &LEADS, &DISPATCHERS, &PUT, &DUE, &TAKE,
    &CLEAR, &PUT_BACK, &COUNT, &FAILED, &RETRY, &DROP };
const size_t outbox_statements_n = COUNT_OF(outbox_statements);

enum { PAGE = 100, LEADS_MAX = 20 };

static enum err put(struct cx *cx, const struct outbox_cause *c, const struct whom *to)
{
    const struct told_row *kind = &told_table[c->kind];
    return db_exec(cx->db, &PUT, ARGS(I(c->area), I(cx_next_id(cx)), I(c->matter), I(c->seq),
        S(str_c(kind->word)), I(to->no), I(kind->staff ? 0 : to->id), I(kind->staff ? to->id : 0),
        S(to->lang), I(!kind->staff && !c->urgent), I(cx->now_ms)), NULL);
}

enum err outbox_tell_reporters(struct cx *cx, const struct outbox_cause *c)
{
    struct list page = { NULL, PAGE };
    if (cx->services.outbox == NULL)
        return OK;
    for (int64_t last = 0; page.n == PAGE;) {
        TRY(db_rows(cx->db, cx->a, &REPORTERS, ARGS(I(c->area), I(c->matter), I(last), I(PAGE)),
            &whom_record, PAGE, &page));
        const struct whom *to = page.p;
        for (size_t i = 0; i < page.n; i++) {
            last = to[i].no;
            if (cx->actor.kind != ACTOR_REPORTER || to[i].no != cx->actor.no)
                TRY(put(cx, c, &to[i]));
        }
    }
    return OK;
}

enum err outbox_tell_unit(struct cx *cx, const struct outbox_cause *c, int64_t unit)
{
    struct list rows;
    if (cx->services.outbox == NULL)
        return OK;
    TRY(db_rows(cx->db, cx->a, &LEADS, ARGS(I(unit), I(LEADS_MAX)), &whom_record, LEADS_MAX,
        &rows));
    if (rows.n == 0)
        TRY(db_rows(cx->db, cx->a, &DISPATCHERS, ARGS(I(unit), I(LEADS_MAX)), &whom_record,
            LEADS_MAX, &rows));
    const struct whom *to = rows.p;
    for (size_t i = 0; i < rows.n; i++)
        TRY(put(cx, c, &to[i]));
    return OK;
}

struct outbox_id outbox_id_of(const struct node_keys *k, int64_t area, int64_t id)
{
    struct outbox_id ret;
    unsigned char of[12];
    bytes_put_u32(of, (uint32_t)area);
    bytes_put_u64(of + 4, (uint64_t)id);
    struct hash h = hash_hmac(k->token_key, "fengqiao outbox v1", bytes_str(of, sizeof(of)));
    for (size_t i = 0; i < sizeof(ret.text) / 2; i++)
        (void)snprintf(ret.text + 2 * i, 3, "%02x", h.b[i]);
    return ret;
}

enum err outbox_due(struct db *db, struct arena *a, int64_t now_ms, bool night, size_t max,
    struct list *ret)
{
    struct list urgent, quiet = { NULL, 0 };
    TRY(db_rows(db, a, &DUE, ARGS(I(0), I(now_ms), I((int64_t)max)), &outbox_row_record, max,
        &urgent));
    if (!night && urgent.n < max)
        TRY(db_rows(db, a, &DUE, ARGS(I(1), I(now_ms), I((int64_t)(max - urgent.n))),
            &outbox_row_record, max, &quiet));
    struct outbox_row *all = NEW_N(a, struct outbox_row, urgent.n + quiet.n + 1);
    if (urgent.n)
        memcpy(all, urgent.p, urgent.n * sizeof(*all));
    if (quiet.n)
        memcpy(all + urgent.n, quiet.p, quiet.n * sizeof(*all));
    *ret = (struct list){ all, urgent.n + quiet.n };
    return OK;
}

enum err outbox_take(struct cx *cx, struct outbox_row *row, bool *ret_got)
{
    int64_t changed = 0;
    *ret_got = false;
    TRY(db_exec(cx->db, &TAKE, ARGS(I(row->area), I(row->id), I(cx->now_ms),
        I(cx->now_ms + OUTBOX_LEASE_MS), I(row->tries)), &changed));
    if (changed != 1)
        return OK;
    if (row->tries == 0 && row->person)
        TRY(access_note(cx, &(struct personal_read){ row->area, row->matter, row->no, "phone",
            STR("短信等告知 (message)") }));
    *ret_got = true;
    return OK;
}

int64_t outbox_wait_ms(struct rand *r, int64_t tries)
{
    int64_t wait = OUTBOX_WAIT_FIRST_MS;
    for (int64_t i = 1; i < tries && wait < OUTBOX_WAIT_MS_MAX; i++)
        wait *= 2;
    wait = wait < OUTBOX_WAIT_MS_MAX ? wait : OUTBOX_WAIT_MS_MAX;
    return wait / 2 + (int64_t)rand_below(r, (uint64_t)(wait / 2) + 1);
}

enum err outbox_settle(struct cx *cx, const struct outbox_row *row, const struct outbox_end *end)
{
    if (end->outcome == OUTCOME_SENT)
        return db_exec(cx->db, &CLEAR, ARGS(I(row->area), I(row->id)), NULL);
    bool over = end->outcome == OUTCOME_NEVER || row->tries + 1 >= OUTBOX_TRIES_MAX;
    int64_t wait_ms = outbox_wait_ms(cx->rand, row->tries + 1);
    if (end->wait_ms > wait_ms)
        wait_ms = end->wait_ms < OUTBOX_WAIT_MS_MAX ? end->wait_ms : OUTBOX_WAIT_MS_MAX;
    return db_exec(cx->db, &PUT_BACK, ARGS(I(row->area), I(row->id), I(row->tries + 1),
        S(over ? STR("failed") : STR("waiting")), I(cx->now_ms + wait_ms), S(str_c(end->why))),
        NULL);
}

enum err outbox_count(struct db *db, struct outbox *o)
{
    struct arena a;
    struct outbox_counted c;
    arena_init(&a, 1 << 16);
    enum err e = db_one(db, &a, &COUNT, NO_ARGS, &outbox_counted_record, &c);
    arena_free(&a);
    TRY(e);
    atomic_store(&o->waiting, c.waiting);
    atomic_store(&o->oldest_ms, c.oldest_ms == I64_NONE ? 0 : c.oldest_ms);
    atomic_store(&o->failed, c.failed);
    return OK;
}

enum err outbox_failed(struct db *db, struct arena *a, int64_t before_ms, struct list *ret)
{
    return db_rows(db, a, &FAILED, ARGS(I(before_ms), I(OUTBOX_FAILED_SHOWN)), &outbox_row_record,
        OUTBOX_FAILED_SHOWN, ret);
}

enum err outbox_retry(struct db *db, const struct outbox_row *row, int64_t now_ms)
{
    return db_exec(db, &RETRY, ARGS(I(row->area), I(row->id), I(now_ms)), NULL);
}

enum err outbox_drop(struct db *db, const struct outbox_row *row)
{
    return db_exec(db, &DROP, ARGS(I(row->area), I(row->id)), NULL);
}

enum err outbox_forget(struct cx *cx)
{
    struct list old;
    TRY(outbox_failed(cx->db, cx->a, cx->now_ms - OUTBOX_FAILED_DAYS * (int64_t)CLOCK_DAY_MS,
        &old));
    const struct outbox_row *r = old.p;
    for (size_t i = 0; i < old.n; i++)
        TRY(outbox_drop(cx->db, &r[i]));
    return OK;
}
