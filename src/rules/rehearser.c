/* rehearser.c: waits for rows of the table rehearsal and works on them, one after another. */
#include "rules/rehearser.h"
#include "base/log.h"
#include "base/rounds.h"
#include "rules/rehearse.h"

enum { LOOK_US = 1000000, BEAT_MS = 1000, MEMORY_BYTES_MAX = 1 << 30, RESULT_BYTES_MAX = 64 << 20 };

#define WAITING_ROW(X, R) \
    X(R, I64, id, 0, 0, 0, NULL, "") X(R, I64, draft, 0, 0, 0, NULL, "") \
    X(R, I64, days, 0, 0, 0, NULL, "") X(R, STR, lang, 0, 0, 0, NULL, "")
RECORD(waiting_row, WAITING_ROW)
RECORD_DEFINE(waiting_row, WAITING_ROW)

SQL_SCANS(WAITING, "rehearser.waiting",
    "SELECT id, draft, days, lang FROM rehearsal WHERE state = 'waiting' ORDER BY id LIMIT 1");
SQL_WRITES(TAKE, "rehearser.take", "UPDATE rehearsal SET state = 'running', beat_ms = $2"
    " WHERE id = $1 AND state = 'waiting'");
SQL_WRITES(BEAT, "rehearser.beat", "UPDATE rehearsal SET done = $2, total = $3, matters = $4,"
    " beat_ms = $5 WHERE id = $1 AND state = 'running'");
SQL_WRITES(END, "rehearser.end", "UPDATE rehearsal SET state = $2, result = $3, beat_ms = $4,"
    " done = $5, total = $6, matters = $7 WHERE id = $1 AND state = 'running'");
const struct sql *const rehearser_statements[] = { &WAITING, &TAKE, &BEAT, &END };
const size_t rehearser_statements_n = COUNT_OF(rehearser_statements);

struct rehearser {
    struct rehearser_options options;
    struct rounds rounds;
};

/* One statement through the writer. */
struct put {
    struct task task;
    const struct sql *sql;
    const struct arg *args;
    size_t n;
    int64_t changed;
};

static enum err put_run(struct task *t, struct db *db, struct ids *ids)
{
    struct put *p = (struct put *)(void *)t;
    (void)ids;
    return db_exec(db, p->sql, p->args, p->n, &p->changed);
}

/* True when it changed the row. */
static bool put(struct rehearser *r, const struct sql *sql, const struct arg *args, size_t n)
{
    struct put p = { .task = { .run = put_run }, .sql = sql, .args = args, .n = n };
    return writer_call(r->options.writer, &p.task) == OK && p.changed == 1;
}

static int64_t now_of(const struct rehearser *r)
{
    return clock_now_ms(r->options.clock);
}

struct work { struct rehearser *r; int64_t id, beat_us, done, total, matters; };

static bool work_beat(void *ctx, int64_t done, int64_t total, int64_t matters)
{
    struct work *w = ctx;
    int64_t now_us = clock_monotonic_us();
    w->done = done;
    w->total = total;
    w->matters = matters;
    if (!rounds_wait(&w->r->rounds, 0))
        return false;
    if (now_us - w->beat_us < BEAT_MS * 1000)
        return true;
    w->beat_us = now_us;
    return put(w->r, &BEAT, ARGS(I(w->id), I(done), I(total), I(matters), I(now_of(w->r))));
}

static enum err work_on(struct work *w, struct db *db, struct arena *a,
    const struct waiting_row *row, const struct catalogue *cat, struct str *ret_result)
{
    struct err_info info = { .e = OK };
    struct rehearsed found;
    struct rehearsed_draft d = { .loaded = NULL };
    struct buf b = buf_in(a, RESULT_BYTES_MAX);
    int64_t now_ms = now_of(w->r);
    struct rehearsing q = { .db = db, .now = { cat, catalogue_rules(cat) },
        .from_ms = now_ms - row->days * CLOCK_DAY_MS, .to_ms = now_ms,
        .lang = str_is(row->lang, "en") ? LANG_EN : LANG_ZH, .progress = work_beat, .ctx = w };
    enum err e = rehearsed_draft_open(db, a, cat, row->draft, &d, &info);
    q.then = d.then;
    q.region = d.region;
    if (e == OK)
        e = rehearse(&q, a, &found);
    rehearsed_draft_close(&d);
    *ret_result = arena_str(a, str_c(err_info_text(&info, e, q.lang)));
    if (e != OK)
        return e;
    w->matters = found.matters;
    record_to_json(&b, &rehearsed_record, &found);
    *ret_result = buf_str(&b);
    return OK;
}

static void work_take(struct rehearser *r, struct db *db, const struct waiting_row *row)
{
    struct work w = { .r = r, .id = row->id };
    struct arena a;
    struct str result;
    if (!put(r, &TAKE, ARGS(I(row->id), I(now_of(r)))))
        return;
    const struct catalogue *cat = r->options.catalogue(r->options.ctx);
    arena_init(&a, MEMORY_BYTES_MAX);
    enum err e = work_on(&w, db, &a, row, cat, &result);
    /* Cancelled, or this server stops: the row says so, or will by its silence. */
    if (e != E_BUSY && !put(r, &END, ARGS(I(row->id), S(e == OK ? STR("done") : STR("failed")),
        S(result), I(now_of(r)), I(e == OK ? w.total : w.done), I(w.total), I(w.matters))))
        log_line(LOG_WARN, "rules.rehearsal", "the end of a rehearsal could not be stored");
    arena_free(&a);
    catalogue_drop(cat);
}

static void *rehearser_main(void *arg)
{
    struct rehearser *r = arg;
    struct db *db = NULL;
    struct arena a;
    arena_init(&a, 1 << 16);
    while (rounds_wait(&r->rounds, LOOK_US)) {
        struct list rows;
        arena_reset(&a);
        if (db == NULL && db_open(r->options.db_url, DB_OVERSEER, &db) != OK)
            continue;
        if (db_rows(db, &a, &WAITING, NO_ARGS, &waiting_row_record, 1, &rows) == OK && rows.n)
            work_take(r, db, rows.p);
    }
    db_close(db);
    arena_free(&a);
    return NULL;
}

enum err rehearser_start(const struct rehearser_options *options, struct rehearser **ret)
{
    struct rehearser *r = heap_alloc(sizeof(*r));
    r->options = *options;
    rounds_start(&r->rounds, rehearser_main, r);
    *ret = r;
    return OK;
}

void rehearser_stop(struct rehearser *r)
{
    rounds_stop(&r->rounds);
    heap_free(r);
}
