/* due.c: whose term is over, and erasing it. What is looked for is read by somebody who sees all;
 * what is done to a matter is a step, taken by itself, so that one that cannot be taken holds up no
 * other. */
#include "attach/store.h"
#include "base/log.h"
#include "matter/erase.h"
#include "personal/personal.h"
#include <jansson.h>

RECORD_DEFINE(due_one, DUE_ONE)
#define DUE_DATA(X, R) X(R, STR, data, 0, 0, 0, NULL, "")
RECORD(due_data, DUE_DATA)
RECORD_DEFINE(due_data, DUE_DATA)

/* $5: 0 whatever was filed, 1 files of short retention or never filed, 2 of long; those for good never. */
#define FILED(how) "EXISTS (SELECT 1 FROM entry e WHERE e.area = matter.area AND e.matter = matter.id" \
    " AND e.action = 'archived' AND e.data LIKE '%\"retention\":\"" how "\"%')"
#define IS_DUE " WHERE area = $1 AND open = 0 AND closed_ms <= $2 AND held = 0" \
    " AND (erased & CAST($3 AS BIGINT)) = 0 AND (kind = 'dispute') = (CAST($4 AS BIGINT) = 1)" \
    " AND CAST($5 AS BIGINT) IN (0, CASE WHEN " FILED("ever") " THEN 3" \
    " WHEN " FILED("long") " THEN 2 ELSE 1 END)"
SQL_READS(NEXT, "due.next", "SELECT area, id, closed_ms FROM matter" IS_DUE
    " AND closed_ms >= $6 AND (closed_ms > $6 OR id > $7) ORDER BY closed_ms, id LIMIT 50");
SQL_READS(COUNT, "due.count", "SELECT count(*) FROM matter" IS_DUE);
SQL_READS(AREA_NEXT, "due.area", "SELECT area FROM matter WHERE area > $1 ORDER BY area LIMIT 1");
SQL_READS(LAST_DATA, "due.data",
    "SELECT data FROM entry WHERE area = $1 AND matter = $2 AND seq = $3");
SQL_WRITES(SESSIONS, "due.sessions", "DELETE FROM session WHERE expires_ms < $1");
SQL_WRITES(PLACES, "due.sign_ins", "DELETE FROM known_place WHERE seen_ms < $1");
SQL_READS(FILE_USED, "due.file_used",
    "SELECT 1 FROM attachment WHERE hash = $1 OR thumb = $1 LIMIT 1");
SQL_SCANS(FILE_WAITS, "due.file_waits",
    "SELECT 1 FROM upload WHERE hash = $1 OR thumb = $1 LIMIT 1");
const struct sql *const due_statements[] = { &NEXT, &COUNT, &AREA_NEXT, &LAST_DATA, &SESSIONS,
    &PLACES, &FILE_USED, &FILE_WAITS };
const size_t due_statements_n = COUNT_OF(due_statements);

/* Finding ----------------------------------------------------------------------------------- */

static const struct erase_row *row_of(enum term what)
{
    const struct erase_row *row =
        erase_by_word(str_c(what == KEEP_FILE_LONG ? "file" : keep_words[what]));
    CHECK(row != NULL);
    return row;
}

static int64_t filed_of(enum term what)
{
    return what == KEEP_FILE ? 1 : what == KEEP_FILE_LONG ? 2 : 0;
}

static int64_t until_of(const struct keepings *terms, enum term what, int64_t now_ms)
{
    return now_ms - terms->days[what] * (int64_t)CLOCK_DAY_MS;
}

static enum err area_next(struct db *db, struct due_walk *w)
{
    int64_t area = 0;
    enum err e = db_number(db, &AREA_NEXT, ARGS(I(w->area)), &area);
    w->over = e == E_MISSING;
    w->area = area;
    w->after_ms = w->after_id = 0;
    return e == E_MISSING ? OK : e;
}

enum err due_next(struct db *db, struct arena *a, const struct keepings *terms, int64_t now_ms,
    struct due_walk *w, struct list *ret)
{
    const struct erase_row *row = row_of(w->what);
    *ret = (struct list){ NULL, 0 };
    w->over |= terms->days[w->what] == I64_NONE;
    if (!w->over && w->area == 0)
        TRY(area_next(db, w));
    while (!w->over) {
        TRY(db_rows(db, a, &NEXT, ARGS(I(w->area), I(until_of(terms, w->what, now_ms)),
            I(row->bit), I(row->dispute), I(filed_of(w->what)), I(w->after_ms), I(w->after_id)),
            &due_one_record, DUE_BATCH, ret));
        if (ret->n) {
            const struct due_one *last = (const struct due_one *)ret->p + ret->n - 1;
            w->after_ms = last->ended_ms;
            w->after_id = last->id;
            return OK;
        }
        TRY(area_next(db, w));
    }
    return OK;
}

enum err due_count(struct db *db, struct arena *a, const struct keepings *terms, int64_t now_ms,
    int64_t ret[KEEP_COUNT])
{
    (void)a;
    for (int what = 0; what < KEEP_COUNT; what++) {
        struct due_walk w = { .what = (enum term)what };
        ret[what] = 0;
        if (what > KEEP_MATTERS_LAST || terms->days[what] == I64_NONE)
            continue;
        TRY(area_next(db, &w));
        while (!w.over) {
            int64_t n = 0;
            TRY(db_number(db, &COUNT, ARGS(I(w.area), I(until_of(terms, w.what, now_ms)),
                I(row_of(w.what)->bit), I(row_of(w.what)->dispute), I(filed_of(w.what))), &n));
            ret[what] += n;
            TRY(area_next(db, &w));
        }
    }
    return OK;
}

/* Erasing ----------------------------------------------------------------------------------- */

/* How many things the entry says that it took away. */
static enum err things_of(struct cx *cx, const struct matter *m, int64_t *ret)
{
    static const char *const names[] = { "contacts", "texts", "photos", "statements" };
    struct due_data d;
    TRY(db_one(cx->db, cx->a, &LAST_DATA, ARGS(I(m->area), I(m->id), I(m->seq)), &due_data_record,
        &d));
    json_t *data = json_loadb(d.data.p, d.data.n, 0, NULL);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        *ret += json_integer_value(json_object_get(data, names[i]));
    json_decref(data);
    return OK;
}

enum err due_erase_asked(struct cx *cx, const struct matter *m, enum term what, int64_t party,
    struct matter *ret)
{
    struct keepings none = { .version = 0 };
    struct actor asked = cx->actor;
    struct step_args args = step_args_for("erase");
    int64_t things = 0;
    args.reason = str_c(row_of(what)->word);
    args.party = party;
    cx->actor = (struct actor){ .kind = ACTOR_SYSTEM, .roles = ROLE_SYSTEM };
    enum err e = matter_step(cx, m, &args, ret);
    cx->actor = asked;
    TRY(e);
    TRY(things_of(cx, ret, &things));
    return deletion_note(cx, m->area, what, &none, 1, things);
}

static enum err erase_one(struct cx *cx, const struct keepings *terms, enum term what,
    const struct due_one *one, int64_t *ret_things, bool *ret_done)
{
    struct matter m;
    struct step_args args = step_args_for("erase");
    enum err e = matter_if_free(cx, one->area, one->id, &m);
    *ret_done = false;
    if (e == E_MISSING)
        return OK;                  /* another server has it in hand; the next night finds it */
    TRY(e);
    if (m.open || m.held || m.closed_ms > until_of(terms, what, cx->now_ms)
        || (m.erased & row_of(what)->bit))
        return OK;
    args.reason = str_c(row_of(what)->word);
    args.days = terms->days[what];
    TRY(matter_step(cx, &m, &args, &m));
    TRY(things_of(cx, &m, ret_things));
    *ret_done = true;
    return OK;
}

enum err due_erase(struct cx *cx, const struct keepings *terms, enum term what,
    const struct due_one *all, size_t n, int64_t *ret_n)
{
    int64_t things = 0;
    *ret_n = 0;
    cx->actor = (struct actor){ .kind = ACTOR_SYSTEM, .roles = ROLE_SYSTEM };
    for (size_t i = 0; i < n; i++) {
        bool done = false;
        int64_t before = things;
        TRY(db_savepoint(cx->db));
        memset(&cx->info, 0, sizeof(cx->info));
        enum err e = erase_one(cx, terms, what, &all[i], &things, &done);
        if (e == OK)
            e = db_release(cx->db);
        if (e != OK) {
            db_rollback_to(cx->db);
            things = before;
            log_line(LOG_WARN, "due.erase", "a matter's data is due and stays: %s", err_code(e));
            TRY(e == E_DB || e == E_UNKNOWN ? e : OK);
        }
        *ret_n += e == OK && done;
    }
    return *ret_n ? deletion_note(cx, all->area, what, terms, *ret_n, things) : OK;
}

enum err due_sign_ins(struct cx *cx, const struct keepings *terms)
{
    const struct { enum term what; const struct sql *sql; } kinds[] = {
        { KEEP_SESSION, &SESSIONS }, { KEEP_SIGN_IN, &PLACES } };
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        enum term what = kinds[i].what;
        int64_t n = 0;
        if (terms->days[what] == I64_NONE)
            continue;
        TRY(db_exec(cx->db, kinds[i].sql, ARGS(I(until_of(terms, what, cx->now_ms))), &n));
        if (n)
            TRY(deletion_note(cx, 0, what, terms, 0, n));
    }
    return OK;
}

/* Files ------------------------------------------------------------------------------------- */

struct looking { struct db *db; enum err e; };

/* Not sure means used. */
static bool is_used(void *ctx, const struct store_name *name)
{
    struct looking *l = ctx;
    int64_t one;
    enum err e = l->e;
    if (e == OK)
        e = db_number(l->db, &FILE_USED, ARGS(S(str_c(name->hex))), &one);
    if (e == E_MISSING)
        e = db_number(l->db, &FILE_WAITS, ARGS(S(str_c(name->hex))), &one);
    l->e = e == E_MISSING ? OK : e;
    return e != E_MISSING;
}

enum err due_files(struct db *db, const char *photos, int64_t now_ms, int64_t *ret_n)
{
    struct looking l = { db, OK };
    struct store_sweep sweep = { is_used, &l, now_ms };
    TRY(store_sweep(photos, &sweep, ret_n));
    return l.e;
}
