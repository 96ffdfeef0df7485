/* proof.c: the feature "proof": receipts anyone can check, and the log's head. */
#include "proof/proof.h"
#include "base/log.h"
#include "ledger/log.h"
#include "ledger/verify.h"
#include "report/report.h"
#include <jansson.h>

RECORD_DEFINE(consistency_in, CONSISTENCY_IN)
RECORD_DEFINE(consistency, CONSISTENCY)
RECORD_DEFINE(head_seen, HEAD_SEEN)
RECORD_DEFINE(head_now, HEAD_NOW)

#define PROOF_ENTRY(X, R) ENTRY_ROW(X, R) \
    X(R, I64, id, 0, 0, 0, NULL, "entry")
RECORD(proof_entry, PROOF_ENTRY)
RECORD_DEFINE(proof_entry, PROOF_ENTRY)
#define PROOF_ENTRY_COLUMNS \
    "seq, at_ms, actor, account, unit, action, from_state, to_state, owner_unit, holder, due_ms," \
    " data, prev, hash, id"

SQL_READS(ARRIVALS, "proof.arrivals",
    "SELECT seq, data FROM entry WHERE area = $1 AND matter = $2 AND action = 'join' ORDER BY seq");
SQL_READS(ENTRY, "proof.entry",
    "SELECT " PROOF_ENTRY_COLUMNS " FROM entry WHERE area = $1 AND matter = $2 AND seq = $3");
SQL_READS(WORDS, "proof.words",
    "SELECT text, salt FROM note WHERE area = $1 AND matter = $2 AND seq = $3");
const struct sql *const proof_statements[] = { &ARRIVALS, &ENTRY, &WORDS };
const size_t proof_statements_n = COUNT_OF(proof_statements);

#define WORDS_ROW(X, R) \
    X(R, STR, text, 0, 0, 0, NULL, "what was written") X(R, BYTES, salt, 0, 0, 0, NULL, "its salt")
RECORD(words_row, WORDS_ROW)
RECORD_DEFINE(words_row, WORDS_ROW)

#define ARRIVAL(X, R) \
    X(R, I64, seq, 0, 0, 0, NULL, "position in the matter") \
    X(R, STR, data, 0, 0, 0, NULL, "facts")
RECORD(arrival, ARRIVAL)
RECORD_DEFINE(arrival, ARRIVAL)

/* The entry in which reporter no joined. */
struct arrival_search { int64_t no, seq; };

static enum err arrival_look(void *ctx, struct arena *row, const void *rec)
{
    struct arrival_search *s = ctx;
    const struct arrival *r = rec;
    (void)row;
    json_t *data = json_loadb(r->data.p, r->data.n, 0, NULL);
    const json_t *no = json_object_get(data, "reporter");
    if (json_is_integer(no) && json_integer_value(no) == s->no)
        s->seq = r->seq;
    json_decref(data);
    return OK;
}

/* The entry that received this reporter's report, and its matter, wherever that went since:
 * the one in which the reporter joined, or the first. */
static enum err entry_of_reporter(struct cx *cx, struct matter *ret_m, struct proof_entry *ret)
{
    struct arrival_search s = { cx->actor.code.no, 1 };
    TRY(matter_by_id(cx, cx->actor.area, cx->actor.code.matter, ret_m));
    TRY(db_each(cx->db, &ARRIVALS, ARGS(I(ret_m->area), I(ret_m->id)), &arrival_record,
        arrival_look, &s));
    return db_one(cx->db, cx->a, &ENTRY, ARGS(I(ret_m->area), I(ret_m->id), I(s.seq)),
        &proof_entry_record, ret);
}

static bool hash_take(struct str bytes, struct hash *ret)
{
    if (bytes.n == HASH_BYTES)
        memcpy(ret->b, bytes.p, HASH_BYTES);
    return bytes.n == HASH_BYTES;
}

/* Position, path and checkpoint, if the log has taken the entry. */
static enum err logged_fill(struct cx *cx, int64_t entry_id, struct verify_bundle *v)
{
    struct log_checkpoint c;
    int64_t at = 0;
    enum err e = log_position(cx->db, entry_id, &at);
    if (e == OK)
        e = log_newest(cx->db, cx->a, &c);
    if (e == E_MISSING)
        return OK;
    TRY(e);
    v->logged = true;
    v->index = (uint64_t)at;
    v->checkpoint = c.note;
    return log_inclusion(cx->db, v->index, (uint64_t)c.size, &v->path);
}

/* What this reporter wrote: the matter's own text, or the note of the entry in which they joined. */
static enum err words_fill(struct cx *cx, const struct matter *m, const struct proof_entry *e,
    struct verify_bundle *v)
{
    struct words_row w = { m->text, m->salt };
    enum err err = e->seq == 1 ? OK : db_one(cx->db, cx->a, &WORDS, ARGS(I(m->area), I(m->id),
        I(e->seq)), &words_row_record, &w);
    if (err == E_MISSING || (err == OK && w.text.n == 0))
        return OK;
    TRY(err);
    v->text = w.text;
    v->salt = w.salt;
    return OK;
}

static enum err proof_receipt(struct cx *cx, const void *in, struct buf *out)
{
    struct matter m;
    struct proof_entry e;
    struct note_key key = note_key_of(cx->keys);
    (void)in;
    TRY(entry_of_reporter(cx, &m, &e));
    struct entry entry = { .area = (uint32_t)m.area, .matter_id = m.id, .seq = e.seq,
        .at_ms = e.at_ms, .account_id = e.account, .role = e.actor, .action = e.action,
        .from = e.from_state, .to = e.to_state, .data = e.data };
    struct verify_bundle v = { .number = m.number, .entry = entry_canonical(cx->a, &entry) };
    if (!hash_take(e.prev, &v.prev) || !hash_take(e.hash, &v.hash))
        return E_DB;
    struct promise p = { m.number, v.hash, e.at_ms, e.at_ms + PROMISE_MS };
    v.promise = promise_make(cx->a, cx->keys, &p);
    v.key = note_key_text(cx->a, &key);
    TRY(words_fill(cx, &m, &e, &v));
    TRY(logged_fill(cx, e.id, &v));
    verify_bundle_write(out, &v);
    return OK;
}

static enum err proof_checkpoint(struct cx *cx, const void *in, struct buf *out)
{
    struct log_checkpoint c;
    (void)in;
    enum err e = log_newest(cx->db, cx->a, &c);
    if (e == E_MISSING)
        return cx_fail(cx, E_MISSING, NULL, MSG("账本中还没有记录", "The log is still empty"));
    TRY(e);
    buf_add(out, c.note);
    return OK;
}

static struct list path_words(struct cx *cx, const struct merkle_proof *proof)
{
    struct str *words = NEW_N(cx->a, struct str, proof->n + 1);
    for (size_t i = 0; i < proof->n; i++) {
        struct buf b = buf_in(cx->a, 64);
        buf_base64(&b, hash_str(&proof->h[i]));
        words[i] = buf_str(&b);
    }
    return (struct list){ words, proof->n };
}

static enum err proof_consistency(struct cx *cx, const void *in, struct buf *out)
{
    const struct consistency_in *q = in;
    struct log_checkpoint c = { .size = 0 };
    struct merkle_proof proof;
    enum err e = log_newest(cx->db, cx->a, &c);
    if (e != E_MISSING)
        TRY(e);
    if (q->to > c.size)
        return cx_fail(cx, E_INPUT, "to", MSG("账本还没有这么多记录",
            "The log does not have that many entries"));
    if (q->from > q->to)
        return cx_fail(cx, E_INPUT, "from", MSG("from 不能大于 to", "from may not exceed to"));
    TRY(log_consistency(cx->db, (uint64_t)q->from, (uint64_t)q->to, &proof));
    struct consistency answer = { .path = path_words(cx, &proof) };
    record_to_json(out, &consistency_record, &answer);
    return OK;
}

/* The newest checkpoint, and that old is its beginning. E_CONFLICT: it is not. */
static enum err head_follows(struct cx *cx, const struct note_key *key,
    const struct checkpoint *old, struct log_checkpoint *ret, struct merkle_proof *ret_proof)
{
    struct checkpoint now;
    enum err e = log_newest(cx->db, cx->a, ret);
    if (e != OK)
        return e == E_MISSING ? E_CONFLICT : e;     /* what was signed is gone */
    CHECK(checkpoint_open(cx->a, ret->note, key, &now));
    if (old->size > now.size)
        return E_CONFLICT;
    TRY(log_consistency(cx->db, old->size, now.size, ret_proof));
    return merkle_verify_consistency(old->size, &old->root, now.size, &now.root, ret_proof)
        ? OK : E_CONFLICT;
}

/* Whoever keeps a checkpoint comes with it from time to time, and goes with the newest one. Nobody
 * raises a false alarm: what counts is a checkpoint that this node itself has signed. */
static enum err proof_witness(struct cx *cx, const void *in, struct buf *out)
{
    const struct head_seen *q = in;
    struct note_key key = note_key_of(cx->keys);
    struct checkpoint old;
    struct log_checkpoint now;
    struct merkle_proof proof;
    if (!checkpoint_open(cx->a, q->note, &key, &old))
        return cx_fail(cx, E_INPUT, "note", MSG("不是本节点签名的检查点，请原样提交 /api/checkpoint 的内容",
            "This node did not sign this checkpoint; send what /api/checkpoint gave, unchanged"));
    enum err e = head_follows(cx, &key, &old, &now, &proof);
    if (e == E_CONFLICT) {
        log_line(LOG_ERROR, "log.fork", "a witness holds a signed head of %llu entries that the log"
            " does not continue", (unsigned long long)old.size);
        if (cx->services.fork)
            atomic_store(cx->services.fork, true);
        return cx_fail(cx, e, "note", MSG("账本与这个检查点不一致：记录被改动或倒退过，请保存好这个检查点并告知审计",
            "The log does not continue this checkpoint: the record was changed or set back; keep the"
            " checkpoint and tell the auditor"));
    }
    TRY(e);
    struct head_now r = { now.note, path_words(cx, &proof) };
    record_to_json(out, &head_now_record, &r);
    return OK;
}

static const struct route routes[] = {
    { .method = "GET", .path = "/api/receipt/proof", .name = "receipt_proof",
        .roles = ROLE_REPORTER, .lane = LANE_READ, .current = true, .run = proof_receipt,
        .meaning = "Proof that the report is in the log, to keep and to check without this server" },
    { .method = "GET", .path = "/api/checkpoint", .name = "checkpoint", .roles = ROLE_PUBLIC,
        .lane = LANE_READ, .current = true, .run = proof_checkpoint,
        .out_type = "text/plain; charset=utf-8",
        .meaning = "Newest signed checkpoint of the log (C2SP tlog-checkpoint)" },
    { .method = "GET", .path = "/api/consistency", .name = "consistency", .roles = ROLE_PUBLIC,
        .lane = LANE_READ, .current = true, .in = &consistency_in_record,
        .out = &consistency_record, .run = proof_consistency,
        .meaning = "Proof that an older tree is the beginning of a newer one" },
    { .method = "POST", .path = "/api/witness", .name = "witness", .roles = ROLE_PUBLIC,
        .lane = LANE_READ, .current = true, .in = &head_seen_record, .out = &head_now_record,
        .run = proof_witness, .meaning = "Holds an older checkpoint against the log: the newest one"
            " and the proof, or 409 and an alarm to administrators" },
};

extern const struct module module_proof;
const struct module module_proof = { .name = "proof", .routes = routes,
    .n_routes = COUNT_OF(routes) };
