/* deletion.c: the record of what was erased: how much, by which term, when; never what it was. One
 * chain of lines. */
#include "matter/erase.h"
#include "personal/personal.h"

RECORD_DEFINE(deletion_view, DELETION_VIEW)
RECORD_DEFINE(deletions_in, DELETIONS_IN)
RECORD_DEFINE(term_due, TERM_DUE)
RECORD_DEFINE(deletions_out, DELETIONS_OUT)
#define DELETION_ROW(X, R) \
    X(R, I64, seq, 0, 0, 0, NULL, "") X(R, TIME, at_ms, 0, 0, 0, NULL, "") \
    X(R, I64, county, 0, 0, 0, NULL, "") X(R, STR, what, 0, 0, 0, NULL, "") \
    X(R, I64, days, 0, 0, 0, NULL, "") X(R, I64, version, 0, 0, 0, NULL, "") \
    X(R, I64, matters, 0, 0, 0, NULL, "") X(R, I64, things, 0, 0, 0, NULL, "") \
    X(R, BYTES, prev, 0, 0, 0, NULL, "") X(R, BYTES, hash, 0, 0, 0, NULL, "")
RECORD(deletion_row, DELETION_ROW)
RECORD_DEFINE(deletion_row, DELETION_ROW)

#define COLUMNS "seq, at_ms, county, what, days, version, matters, things, prev, hash"
SQL_READS(LAST, "deletion.last",
    "SELECT " COLUMNS " FROM deletion ORDER BY seq DESC LIMIT 1");
SQL_WRITES(ADD, "deletion.add", "INSERT INTO deletion (" COLUMNS ")"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
SQL_SCANS(ALL, "deletion.all", "SELECT " COLUMNS " FROM deletion ORDER BY seq");
SQL_READS(PAGE, "deletion.page",
    "SELECT " COLUMNS " FROM deletion WHERE seq < $1 ORDER BY seq DESC LIMIT 101");
const struct sql *const deletion_statements[] = { &LAST, &ADD, &ALL, &PAGE };
const size_t deletion_statements_n = COUNT_OF(deletion_statements);

static struct str line_text(struct arena *a, const struct deletion_row *r)
{
    struct buf b = buf_in(a, 1 << 12);
    buf_fmt(&b, "fengqiao deletion v1\n{\"at_ms\":%lld,\"county\":%lld,\"days\":%lld,"
        "\"matters\":%lld,\"seq\":%lld,\"things\":%lld,\"version\":%lld,\"what\":",
        (long long)r->at_ms, (long long)r->county, (long long)r->days, (long long)r->matters,
        (long long)r->seq, (long long)r->things, (long long)r->version);
    buf_json_str(&b, r->what);
    buf_byte(&b, '}');
    return buf_str(&b);
}

enum err deletion_note(struct cx *cx, int64_t county, enum term what, const struct keepings *terms,
    int64_t matters, int64_t things)
{
    struct deletion_row last = { .seq = 0, .hash = chain_start() };
    enum err e = db_one(cx->db, cx->a, &LAST, NO_ARGS, &deletion_row_record, &last);
    if (e != OK && e != E_MISSING)
        return e;
    struct deletion_row r = { last.seq + 1, cx->now_ms, county, str_c(keep_words[what]),
        terms->days[what], terms->version, matters, things, last.hash, STR_NONE };
    struct hash h = chain_hash(line_text(cx->a, &r), r.prev);
    return db_exec(cx->db, &ADD, ARGS(I(r.seq), I(r.at_ms), I(r.county), S(r.what), I(r.days),
        I(r.version), I(r.matters), I(r.things), B(r.prev), B(hash_str(&h))), NULL);
}

static enum err line_read(void *ctx, struct arena *a, const void *rec)
{
    const struct deletion_row *r = rec;
    chain_read(ctx, 0, r->seq, line_text(a, r), r->prev, r->hash);
    return OK;
}

enum err deletions_check(struct db *db, struct chain_run *c)
{
    return db_each(db, &ALL, NO_ARGS, &deletion_row_record, line_read, c);
}

/* Showing ----------------------------------------------------------------------------------- */

struct str keep_name(const struct cx *cx, enum term what)
{
    const struct erase_row *row = erase_by_word(str_c(keep_words[what]));
    if (row)
        return cx_text(cx, row->name.zh, row->name.en);
    if (what == KEEP_FILE_LONG)
        return cx_text(cx, "长期保存的调解案卷", "The file of a mediation, filed for a long time");
    return what == KEEP_SESSION ? cx_text(cx, "失效的登录", "Sign-ins that have expired")
        : cx_text(cx, "登录过的浏览器", "Browsers from which somebody signed in");
}

static struct list terms_of(struct cx *cx, const struct keepings *k)
{
    struct term_due *v = NEW_N(cx->a, struct term_due, KEEP_COUNT);
    for (size_t i = 0; i < KEEP_COUNT; i++) {
        struct msg since = keep_since((enum term)i);
        v[i] = (struct term_due){ str_c(keep_words[i]), keep_name(cx, (enum term)i),
            cx_text(cx, since.zh, since.en), k->days[i] };
    }
    return (struct list){ v, KEEP_COUNT };
}

enum err deletions_list(struct cx *cx, const void *in, struct buf *out)
{
    const struct deletions_in *q = in;
    struct deletions_out r;
    struct keepings terms;
    struct list rows;
    record_clear(&deletions_out_record, &r);
    TRY(keepings_read(cx->db, cx->a, cx->now_ms, &terms));
    TRY(db_rows(cx->db, cx->a, &PAGE, ARGS(I(q->before == I64_NONE ? INT64_MAX : q->before)),
        &deletion_row_record, DELETIONS_SHOWN + 1, &rows));
    const struct deletion_row *d = rows.p;
    struct deletion_view *v = NEW_N(cx->a, struct deletion_view, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        enum term what = keep_by_word(d[i].what);
        v[i] = (struct deletion_view){ d[i].seq, d[i].at_ms, d[i].county, d[i].what,
            what < KEEP_COUNT ? keep_name(cx, what) : d[i].what, d[i].days, d[i].version,
            d[i].matters, d[i].things, d[i].hash };
    }
    r.version = terms.version;
    r.terms = terms_of(cx, &terms);
    if (rows.n > DELETIONS_SHOWN)
        r.next = v[(rows.n = DELETIONS_SHOWN) - 1].seq;
    r.items = (struct list){ v, rows.n };
    record_to_json(out, &deletions_out_record, &r);
    return OK;
}
