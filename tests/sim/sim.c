/* sim.c: a seeded run of the whole engine in one process: people of an invented town send commands
 * of every kind, the writer's groups are struck by failing database calls and commits of unknown
 * outcome, senders send again, the clock runs, jumps and goes back. After each batch of groups the
 * database must be sound, and what was acknowledged must stand in it exactly once.
 *   fengqiao-sim SEED [STEPS]          one run; prints its digest
 *   fengqiao-sim --trace SEED          the same, and everything that was sent
 *   fengqiao-sim --seeds FIRST LAST    many; a failure names its seed and step */
#include "sim.h"
#include "duty/duty.h"
#include "job/timer.h"
#include "matter/photo.h"
#include "spine/writer.c"
#include <stdlib.h>

_Noreturn void sim_fail(struct sim *s, const char *what, const char *detail)
{
    (void)fflush(stdout);
    (void)fprintf(stderr, "seed %llu step %ld: %s%s%s\n", (unsigned long long)s->seed, s->step,
        what, detail[0] ? ": " : "", detail);
    exit(1);
}

static void digest_add(struct sim *s, struct str bytes)
{
    s->digest = hash_sha256_2(hash_str(&s->digest), bytes);
}

/* --- the writer's side ------------------------------------------------------------------------ */

static enum err act_do(struct act *a, struct cx *cx)
{
    size_t done = 0;
    struct str token;
    if (a->sent.who == BY_TIMER) {
        TRY(timer_round(cx, 20, &done));
        return duty_round(cx, 20);
    }
    if (a->sent.who == BY_SEQUENCER)
        return log_batch_write(cx->db, &a->batch);
    if (a->sent.who != BY_UPLOADER)
        return command_run(&a->c);
    a->c.out.n = 0;
    TRY(photo_upload(cx, STR("aa"), STR("bb"), 4, 3, &token));
    buf_add(&a->c.out, token);
    return OK;
}

SQL_READS(LOOK, "sim.look", "SELECT coalesce(max(id), 0) FROM entry");

/* The call after the last task is the commit; the second, with a look at the data before it. */
static enum err act_run(struct task *t, struct db *db, struct ids *ids)
{
    struct act *a = (struct act *)(void *)t;
    a->c.cx.db = db;
    a->c.cx.ids = ids;
    enum err e = act_do(a, &a->c.cx);
    int64_t last;
    if (a->fault_at_end)
        db_fault_at(db, a->fault_at_end);
    if (a->fault_at_end == 2)
        CHECK(db_number(db, &LOOK, NO_ARGS, &last) == OK);
    return e;
}

static void act_done(struct task *t, enum err outcome)
{
    struct act *a = (struct act *)(void *)t;
    a->outcome = outcome;
}

static bool is_person(const struct sent *w)
{
    return w->who >= BY_REPORTER;
}

/* The sequencer looks at what is committed and makes the next part of the log from it. */
static enum err sequencer_prepare(struct sim *s, struct act *a)
{
    struct log_head head;
    TRY(log_head_load(s->town.db, &head));
    return log_batch_make(s->town.db, &s->town.a, &s->town.keys, &head, LOG_BATCH_MAX,
        s->town.now_ms, &a->batch);
}

/* What the server does before a command is queued; false when that is already the answer. */
static bool act_prepare(struct sim *s, struct act *a)
{
    a->sim = s;
    a->task = (struct task){ .run = act_run, .done = act_done };
    a->outcome = sim_sender(s, &a->sent, &a->c.cx);
    a->c.cx.key = a->sent.key[0] ? str_c(a->sent.key) : STR_NONE;
    a->c.out = buf_in(&s->town.a, 4 << 20);
    if (a->sent.who == BY_SEQUENCER)
        a->outcome = sequencer_prepare(s, a);
    if (a->outcome == OK && is_person(&a->sent))
        a->outcome = town_prepare(&a->c, "POST", a->sent.path, str_c(a->sent.body));
    return a->outcome == OK;
}

/* As the writer's thread: run, commit; after a failure the connection is not to be trusted. A
 * database in memory cannot be opened again, so what is open is undone instead. */
static void group_commit(struct sim *s, struct act *acts, const bool *queued, int n)
{
    struct queue group = { NULL, &group.first, 0 };
    for (int i = 0; i < n; i++)
        if (queued[i])
            queue_put(&group, &acts[i].task);
    if (group.n == 0)
        return;
    struct act *last = (struct act *)(void *)((char *)group.last - offsetof(struct task, next));
    if (!s->calm && chance(s, 10))
        last->fault_at_end = 1 + (unsigned)pick(s, 2);
    else if (!s->calm && chance(s, 20))
        db_fault_at(s->town.db, 1 + (unsigned)pick(s, chance(s, 50) ? 12 : 80));
    enum err e = group_run(s->writer, group.first);
    db_fault_at(s->town.db, 0);
    if (e != OK)
        db_rollback(s->town.db);
    group_finish(s->writer, group.first, e);
}

/* --- the senders' side ------------------------------------------------------------------------ */

static bool may_try_again(enum err e)
{
    return e == E_DB || e == E_UNKNOWN || e == E_BUSY;
}

static void send_again(struct sim *s, const struct sent *what)
{
    if (s->n_again < SENT_MAX)
        s->again[s->n_again++] = *what;
}

static void remember_known(struct sim *s, struct act *a)
{
    struct str number = town_member(&s->town, &a->c.out, "number");
    struct str code = town_member(&s->town, &a->c.out, "code");
    if (s->n_known == MATTERS_MAX || number.n == 0)
        return;
    struct known *k = &s->known[s->n_known++];
    (void)snprintf(k->number, sizeof(k->number), "%.*s", STR_FMT(number));
    (void)snprintf(k->code, sizeof(k->code), "%.*s", STR_FMT(code));
}

static int count_done(struct str answer)
{
    int n = 0;
    for (ptrdiff_t at; (at = str_find(answer, STR("\"ok\":true"))) >= 0; n++)
        answer = (struct str){ answer.p + at + 9, answer.n - (size_t)at - 9 };
    return n;
}

/* The same receipt each time it is asked for. */
static void answer_is_the_same(struct sim *s, struct act *a)
{
    struct hash h = hash_sha256(buf_str(&a->c.out));
    bool receipt = strcmp(a->sent.path, "/api/reports") == 0
        || strcmp(a->sent.path, "/api/matters") == 0;
    if (!receipt)
        return;
    if (a->sent.answered && !hash_eq(&h, &a->sent.answer))
        sim_fail(s, "a report sent again was answered differently", a->sent.body);
    if (!a->sent.answered)
        remember_known(s, a);
    a->sent.answer = h;
}

static void act_acknowledged(struct sim *s, struct act *a)
{
    if (a->c.route && a->c.route->finish)
        a->c.route->finish(&a->c.cx, &a->c.out);
    answer_is_the_same(s, a);
    a->sent.answered = true;
    a->sent.perhaps = false;
    s->marks[a->sent.mark] = MARK_ONCE;
    s->times[a->sent.mark] = a->sent.bulk ? count_done(buf_str(&a->c.out)) : 1;
    if (a->sent.key[0] && chance(s, 8))
        send_again(s, &a->sent);
}

static void upload_known(struct sim *s, const struct act *a)
{
    int i = s->n_uploads < UPLOADS_MAX ? s->n_uploads++ : pick(s, UPLOADS_MAX);
    (void)snprintf(s->upload_texts[i], sizeof(s->upload_texts[i]), "%.*s",
        STR_FMT(buf_str(&a->c.out)));
    s->uploads[i] = str_c(s->upload_texts[i]);
}

static void act_print(const struct sim *s, const struct act *a)
{
    const struct sent *w = &a->sent;
    const char *who = w->who >= 0 ? town_person_name((enum town_person)w->who)
        : w->who == BY_REPORTER ? s->known[w->code].code : w->who == BY_PUBLIC ? "public"
        : w->who == BY_TIMER ? "timer" : w->who == BY_UPLOADER ? "upload" : "sequencer";
    (void)printf("%ld %lld %s %s %s %s -> %s%s\n", s->step, (long long)s->town.now_ms, who,
        w->path, w->body, w->key, err_code(a->outcome), w->answered ? " (again)" : "");
}

static void act_settle(struct sim *s, struct act *a)
{
    enum err e = a->outcome;
    if (s->trace)
        act_print(s, a);
    s->tally[e]++;
    digest_add(s, str_c(err_code(e)));
    if (e == E_BUG)
        sim_fail(s, "internal error", a->sent.body);
    if (a->sent.who == BY_UPLOADER && e == OK)
        upload_known(s, a);
    if (!is_person(&a->sent))
        return;
    if (e == OK) {
        act_acknowledged(s, a);
        return;
    }
    if (a->sent.answered) {
        bool reads = strstr(a->sent.path, "/reveal") != NULL;   /* judged anew each time */
        if (!may_try_again(e) && !reads)
            sim_fail(s, "what was acknowledged is refused when sent again", a->sent.body);
        if (a->sent.bulk && e == E_UNKNOWN)
            s->marks[a->sent.mark] = MARK_PERHAPS;      /* it may have gone on where it stopped */
        return;
    }
    if (e == E_UNKNOWN)
        a->sent.perhaps = true;
    if (a->sent.mark)
        s->marks[a->sent.mark] = a->sent.perhaps && may_try_again(e) ? MARK_PERHAPS : MARK_NEVER;
    if (may_try_again(e) && a->sent.key[0] && s->n_again < SENT_MAX)
        send_again(s, &a->sent);
}

/* --- the world -------------------------------------------------------------------------------- */

#define MARK_ROW(X, R) X(R, STR, text, 0, 0, 0, NULL, "")
RECORD(mark_row, MARK_ROW)
RECORD_DEFINE(mark_row, MARK_ROW)
SQL_SCANS(MARKS, "sim.marks", "SELECT text FROM matter WHERE text LIKE 'mark-%'"
    " UNION ALL SELECT text FROM note WHERE text LIKE 'mark-%'");

static enum err mark_count(void *ctx, struct arena *a, const void *rec)
{
    int *counts = ctx;
    const struct mark_row *r = rec;
    struct str rest = { r->text.p + 5, r->text.n - 5 };
    int64_t mark = 0;
    (void)a;
    CHECK(str_to_i64(str_cut(rest, ' ', &rest), &mark) && mark > 0 && mark < MARKS_MAX);
    counts[mark]++;
    return OK;
}

static void check_marks(struct sim *s)
{
    static int counts[MARKS_MAX];
    char which[64];
    memset(counts, 0, sizeof(counts));
    CHECK(db_each(s->town.db, &MARKS, NO_ARGS, &mark_row_record, mark_count, counts) == OK);
    for (int i = 1; i <= s->n_marks; i++) {
        (void)snprintf(which, sizeof(which), "mark-%d stands %d times", i, counts[i]);
        if (s->marks[i] == MARK_ONCE && counts[i] != s->times[i])
            sim_fail(s, "what was acknowledged does not stand there exactly once", which);
        if (s->marks[i] == MARK_NEVER && counts[i] != 0)
            sim_fail(s, "what was refused took effect", which);
    }
}

static void check_all(struct sim *s)
{
    const char *broken = town_check(&s->town);
    if (broken)
        sim_fail(s, "the database is not sound", broken);
    check_marks(s);
}

/* The log holds every entry once, in the order of their ids, when all are taken in. */
static void check_log(struct sim *s)
{
    struct log_head head;
    CHECK(log_catch_up(s->town.db, &s->town.keys, s->town.now_ms) == OK);
    CHECK(log_head_load(s->town.db, &head) == OK);
    int64_t entries = town_count(&s->town, "SELECT count(*) FROM entry");
    int64_t astray = town_count(&s->town, "SELECT count(*) FROM entry e LEFT JOIN leaf l"
        " ON l.entry_id = e.id WHERE l.entry_id IS NULL OR l.position <>"
        " (SELECT count(*) FROM entry b WHERE b.id < e.id)");
    if (head.tree.size != (uint64_t)entries || astray)
        sim_fail(s, "the log is not the ledger", "");
}

SQL_READS(LEFT_LYING, "sim.left_lying",
    "SELECT count(*) FROM matter m JOIN absence a ON a.account = m.holder WHERE m.state = 'working'"
    " AND m.ask = '' AND a.from_ms <= $1 AND a.to_ms > $1");

/* What somebody who is away had in hand is with others or in the queue once the timer has looked. */
static void check_duty(struct sim *s)
{
    struct cx cx = town_system(&s->town);
    int64_t lying = 0;
    cx.ids = &s->writer->ids;       /* what is written here comes behind all the rest */
    CHECK(db_begin(s->town.db) == OK);
    CHECK(duty_round(&cx, MATTERS_MAX) == OK && db_commit(s->town.db) == OK);
    CHECK(db_number(s->town.db, &LEFT_LYING, ARGS(I(s->town.now_ms)), &lying) == OK);
    if (lying)
        sim_fail(s, "a matter is with somebody who is away", "");
}

static void time_passes(struct sim *s)
{
    int how = pick(s, 100);
    int64_t minute = 60000, *now = &s->town.now_ms;
    if (how < 70)
        *now += pick(s, 60) * minute;
    else if (how < 90)
        *now += pick(s, 12 * 60) * minute;
    else if (how < 96)
        *now += pick(s, 5 * 24 * 60) * minute;
    else if (how < 97)
        *now += pick(s, 100) * (int64_t)CLOCK_DAY_MS;
    else
        *now -= pick(s, 180) * minute;
}

/* One step: a few senders at once, one group. */
static void sim_step(struct sim *s)
{
    struct act *acts = NEW_N(&s->town.a, struct act, GROUP_AT_ONCE);
    bool queued[GROUP_AT_ONCE] = { false };
    int n = 1 + pick(s, GROUP_AT_ONCE);
    (void)snprintf(s->doing, sizeof(s->doing), "seed %llu step %ld",
        (unsigned long long)s->seed, s->step);
    check_context_set(s->doing);
    time_passes(s);
    for (int i = 0; i < n; i++) {
        if (s->n_again && chance(s, 50))
            acts[i].sent = s->again[--s->n_again];
        else
            sim_invent(s, &acts[i].sent);
        queued[i] = act_prepare(s, &acts[i]);
    }
    group_commit(s, acts, queued, n);
    for (int i = 0; i < n; i++)
        act_settle(s, &acts[i]);
    s->step += n;
}

/* Whoever still waits to know sends again until it is known. */
static void settle_the_rest(struct sim *s)
{
    s->calm = true;
    while (s->n_again) {
        struct act *a = NEW(&s->town.a, struct act);
        bool queued = true;
        a->sent = s->again[--s->n_again];
        if (act_prepare(s, a))
            group_commit(s, a, &queued, 1);
        if (may_try_again(a->outcome))
            sim_fail(s, "fails without a fault", a->sent.body);
        act_settle(s, a);
    }
}

static void sim_run(struct sim *s, uint64_t seed, long steps, const struct catalogue *cat,
    bool trace)
{
    static struct writer writer = { .lock = PTHREAD_MUTEX_INITIALIZER };
    memset(s, 0, sizeof(*s));
    s->seed = seed;
    s->trace = trace;
    s->rand = rand_seeded(seed * 2 + 1);
    town_open(&s->town, seed, cat);
    writer.db = s->town.db;
    writer.ids = (struct ids){ 0 };
    s->writer = &writer;
    for (long batch = 0; s->step < steps; batch++) {
        sim_step(s);
        if (batch % 16 == 15)
            check_all(s);
        town_forget(&s->town);
    }
    settle_the_rest(s);
    check_all(s);
    check_duty(s);
    check_log(s);
    int64_t last = s->writer->ids.last;
    digest_add(s, (struct str){ (const char *)&last, sizeof(last) });
}

static void print_run(struct sim *s)
{
    (void)printf("seed %llu steps %ld matters %d digest ", (unsigned long long)s->seed, s->step,
        s->n_known);
    for (int i = 0; i < 8; i++)
        (void)printf("%02x", s->digest.b[i]);
    for (int e = 0; e < ERR_COUNT; e++)
        if (s->tally[e])
            (void)printf(" %s %ld", err_code((enum err)e), s->tally[e]);
    (void)printf("\n");
}

static int64_t number_arg(const char *text)
{
    int64_t n;
    if (str_to_i64(str_c(text), &n) && n >= 0)
        return n;
    (void)fprintf(stderr, "usage: fengqiao-sim SEED [STEPS] | --trace SEED | --seeds FIRST LAST\n");
    exit(2);
}

int main(int argc, char **argv)
{
    static struct sim sim;
    struct town first;
    bool many = argc == 4 && strcmp(argv[1], "--seeds") == 0;
    bool trace = argc == 3 && strcmp(argv[1], "--trace") == 0;
    if (!many && argc != 2 && argc != 3)
        (void)number_arg("");
    int64_t from = number_arg(argv[many || trace ? 2 : 1]), to = many ? number_arg(argv[3]) : from;
    long steps = argc == 3 && !trace ? (long)number_arg(argv[2]) : STEPS_USUAL;
    log_level_set((enum log_level)(LOG_ERROR + 1));
    town_open(&first, 0, NULL);
    for (int64_t seed = from; seed <= to; seed++) {
        sim_run(&sim, (uint64_t)seed, steps, first.cat, trace);
        if (!many)
            print_run(&sim);
        town_close(&sim.town);
    }
    town_close(&first);
    if (many)
        (void)printf("%lld seeds clean\n", (long long)(to - from + 1));
    return 0;
}
