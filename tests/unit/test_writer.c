/* test_writer.c: the writing thread on a real file, or on the PostgreSQL server that
 * tests/tools/postgres.mjs has started: groups, failures within and of a group, full queues, order,
 * stopping. */
#include "spine/writer.c"
#include "db/driver.h"
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

SQL_WRITES(PUT, "test.put", "INSERT INTO setting (name, value) VALUES ($1, 'x')");
SQL_SCANS(COUNT, "test.count", "SELECT count(*) FROM setting");

struct fixture { char dir[32], url[64]; bool on_server; struct writer *w; };
struct job {
    struct task task;
    const char *name;
    enum err result;            /* what it says after having written */
    sem_t *wait;                /* before it writes */
    int *order, place, runs;
    atomic_int done;            /* asked by the test while the writer works */
    enum err outcome;
    int64_t id;
    int busy_runs;
    struct job *staff_follows;  /* queued while this one runs */
    struct writer *writer;
};

static enum err job_run(struct task *t, struct db *db, struct ids *ids)
{
    struct job *j = (struct job *)(void *)t;
    j->runs++;
    while (j->wait && sem_wait(j->wait) != 0)
        ;
    if (j->order)
        j->place = ++*j->order;
    j->id = ++ids->last;
    if (j->staff_follows) {
        struct job *follower = j->staff_follows;
        assert_int_equal(writer_submit(follower->writer, LANE_STAFF, &follower->task), OK);
        j->staff_follows = NULL;
    }
    TRY(db_exec(db, &PUT, ARGS(S(str_c(j->name))), NULL));
    return j->result;
}

static void job_done(struct task *t, enum err outcome)
{
    struct job *j = (struct job *)(void *)t;
    j->outcome = outcome;
    j->done++;
}

static struct job job_named(const char *name)
{
    return (struct job){ .task = { .run = job_run, .done = job_done }, .name = name };
}

static int setup(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    struct err_info info = { .e = OK };
    struct db *db;
    const char *which = getenv("DB");
    f->on_server = which && strcmp(which, "postgres") == 0;
    (void)snprintf(f->dir, sizeof(f->dir), "/tmp/writer-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    (void)snprintf(f->url, sizeof(f->url), "%s/x.db", f->dir);
    if (f->on_server)
        (void)snprintf(f->url, sizeof(f->url), "postgres:///postgres");
    assert_int_equal(db_open(f->url, DB_WRITER, &db), OK);
    if (f->on_server)
        assert_int_equal(db->driver->script(db,
            "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public"), OK);
    assert_int_equal(db_migrate(db, &info), OK);
    db_close(db);
    assert_int_equal(writer_start(f->url, 4, NULL, NULL, &f->w), OK);
    log_level_set((enum log_level)(LOG_ERROR + 1));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    char path[80];
    static const char *const ends[] = { "", ".lock", "-wal", "-shm" };
    if (f->w)
        writer_stop(f->w);
    for (size_t i = 0; !f->on_server && i < COUNT_OF(ends); i++) {
        (void)snprintf(path, sizeof(path), "%s%s", f->url, ends[i]);
        (void)unlink(path);
    }
    (void)rmdir(f->dir);
    heap_free(f);
    return 0;
}

SQL_WRITES(PUT_NEW, "test.put_new",
    "INSERT INTO setting (name, value) VALUES ($1, 'x') ON CONFLICT DO NOTHING");

/* Like command_claim(): says E_STEP when the name is there already. */
static enum err claim_run(struct task *t, struct db *db, struct ids *ids)
{
    struct job *j = (struct job *)(void *)t;
    int64_t changed = 0;
    (void)ids;
    j->runs++;
    if (db_trusts(db))
        return db_exec(db, &PUT, ARGS(S(str_c(j->name))), NULL);
    TRY(db_exec(db, &PUT_NEW, ARGS(S(str_c(j->name))), &changed));
    return changed == 1 ? OK : E_STEP;
}

static int64_t rows(const struct fixture *f)
{
    struct db *db;
    int64_t n = -1;
    assert_int_equal(db_open(f->url, DB_READER, &db), OK);
    assert_int_equal(db_number(db, &COUNT, NO_ARGS, &n), OK);
    db_close(db);
    return n;
}

/* Holds the thread in a task of its own until the gate opens, so that a group gathers behind. */
static void hold(struct fixture *f, struct job *j, sem_t *gate)
{
    *j = job_named("held");
    assert_int_equal(sem_init(gate, 0, 0), 0);
    j->wait = gate;
    assert_int_equal(writer_submit(f->w, LANE_STAFF, &j->task), OK);
    while (writer_figures(f->w).waiting)
        (void)sched_yield();
}

static void what_fails_in_a_group_takes_nobody_along(void **state)
{
    struct fixture *f = *state;
    struct job held, jobs[3] = { job_named("a"), job_named("b"), job_named("c") };
    sem_t gate;
    hold(f, &held, &gate);
    jobs[1].result = E_INPUT;
    for (int i = 0; i < 3; i++)
        assert_int_equal(writer_submit(f->w, LANE_STAFF, &jobs[i].task), OK);
    assert_int_equal(sem_post(&gate), 0);
    struct job last = job_named("last");
    assert_int_equal(writer_call(f->w, &last.task), OK);
    assert_int_equal(jobs[0].outcome, OK);
    assert_int_equal(jobs[1].outcome, E_INPUT);
    assert_int_equal(jobs[2].outcome, OK);
    assert_true(jobs[0].done == 1 && jobs[1].done == 1 && jobs[2].done == 1);
    assert_true(jobs[0].runs == 2 && jobs[2].runs == 1);    /* undone, and done again */
    assert_int_equal(rows(f), 4);
}

static void what_fails_before_it_writes_undoes_nothing(void **state)
{
    struct fixture *f = *state;
    struct job held, jobs[3] = { job_named("a"), job_named("a"), job_named("c") };
    sem_t gate;
    hold(f, &held, &gate);
    for (int i = 0; i < 3; i++)
        assert_int_equal(writer_submit(f->w, LANE_STAFF, &jobs[i].task), OK);
    assert_int_equal(sem_post(&gate), 0);
    struct job last = job_named("last");
    assert_int_equal(writer_call(f->w, &last.task), OK);
    assert_int_equal(jobs[1].outcome, E_CONFLICT);
    int runs = f->on_server ? 2 : 1;    /* there a refused row spoils the whole transaction */
    assert_true(jobs[0].runs == runs && jobs[1].runs == runs && jobs[2].runs == runs);
    assert_int_equal(rows(f), 4);
}

/* Trust that a name is new costs a second run when it is not, and never a third. */
static void trust_that_fails_is_made_good(void **state)
{
    struct fixture *f = *state;
    struct job held, jobs[3] = { job_named("a"), job_named("held"), job_named("a") };
    sem_t gate;
    hold(f, &held, &gate);
    for (int i = 0; i < 3; i++)
        jobs[i].task.run = claim_run;
    for (int i = 0; i < 3; i++)
        assert_int_equal(writer_submit(f->w, LANE_STAFF, &jobs[i].task), OK);
    assert_int_equal(sem_post(&gate), 0);
    struct job last = job_named("last");
    assert_int_equal(writer_call(f->w, &last.task), OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(jobs[i].outcome, i == 0 ? OK : E_STEP);
        assert_int_equal(jobs[i].runs, f->on_server ? 2 : 1);
    }
    assert_int_equal(rows(f), 3);
}

static void a_lost_commit_is_unknown_and_the_thread_goes_on(void **state)
{
    struct fixture *f = *state;
    for (unsigned n = 1; n <= 4; n++) {
        struct job j = job_named((const char *[]){ "a", "b", "c", "d" }[n - 1]), next = job_named("next");
        int64_t before = rows(f);
        next.name = (const char *[]){ "1", "2", "3", "4" }[n - 1];
        db_fault_at(f->w->db, n);       /* begin, write (tried again), commit */
        enum err e = writer_call(f->w, &j.task);
        int64_t after = rows(f);
        assert_int_equal(e, n == 1 ? E_DB : n == 3 ? E_UNKNOWN : OK);
        assert_int_equal(after, before + (e == OK));
        db_fault_at(f->w->db, 0);
        assert_int_equal(writer_call(f->w, &next.task), OK);
        assert_true(next.id > j.id);
        assert_int_equal(rows(f), after + 1);
    }
}

static void full_queues_refuse_and_do_not_hold_up_each_other(void **state)
{
    struct fixture *f = *state;
    struct job held, intake[5], staff[5];
    sem_t gate;
    int order = 0;
    static const char *const names[] = { "0", "1", "2", "3", "4", "5", "6", "7" };
    hold(f, &held, &gate);
    assert_true(writer_has_room(f->w, LANE_INTAKE) && writer_has_room(f->w, LANE_STAFF));
    for (int i = 0; i < 5; i++) {
        intake[i] = job_named(names[i % 4]);
        staff[i] = job_named(names[4 + i % 4]);
        intake[i].order = staff[i].order = &order;
        assert_int_equal(writer_submit(f->w, LANE_INTAKE, &intake[i].task), i < 4 ? OK : E_BUSY);
    }
    assert_false(writer_has_room(f->w, LANE_INTAKE) || writer_has_room(f->w, LANE_UPLOAD));
    assert_true(writer_has_room(f->w, LANE_STAFF));
    for (int i = 0; i < 5; i++)
        assert_int_equal(writer_submit(f->w, LANE_STAFF, &staff[i].task), i < 4 ? OK : E_BUSY);
    assert_int_equal(writer_figures(f->w).waiting, 8);
    assert_int_equal(sem_post(&gate), 0);
    writer_stop(f->w);                  /* finishes what was accepted */
    f->w = NULL;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(staff[i].place, i + 1);
        assert_int_equal(intake[i].place, i + 5);
        assert_true(staff[i].done == 1 && intake[i].done == 1);
    }
    assert_int_equal(intake[4].done + staff[4].done, 0);
    assert_int_equal(rows(f), 9);
}

/* On a connection of its own: a savepoint that is not there cannot be gone back to. */
static void what_cannot_be_undone_is_not_committed(void **state)
{
    struct fixture *f = *state;
    struct db *db;
    assert_int_equal(db_open(f->url, DB_WRITER, &db), OK);
    assert_int_equal(db_begin(db), OK);
    assert_int_equal(db_exec(db, &PUT, ARGS(S(STR("x"))), NULL), OK);
    db_rollback_to(db);
    assert_int_equal(db_commit(db), E_UNKNOWN);
    assert_int_equal(rows(f), 0);
    assert_int_equal(db_begin(db), OK);
    assert_int_equal(db_exec(db, &PUT, ARGS(S(STR("x"))), NULL), OK);
    assert_int_equal(db_commit(db), OK);
    assert_int_equal(rows(f), 1);
    db_close(db);
}

/* Fails with E_BUSY so many times, as a task does that meets another server's lock. */
static enum err busy_run(struct task *t, struct db *db, struct ids *ids)
{
    struct job *j = (struct job *)(void *)t;
    enum err e = job_run(t, db, ids);
    return e == OK && j->runs < j->busy_runs ? E_BUSY : e;
}

static void what_others_hold_up_is_tried_again_a_few_times(void **state)
{
    struct fixture *f = *state;
    struct job soon = job_named("soon"), never = job_named("never");
    soon.task.run = never.task.run = busy_run;
    soon.busy_runs = 3;
    never.busy_runs = 1000;
    assert_int_equal(writer_call(f->w, &soon.task), OK);
    assert_int_equal(writer_call(f->w, &never.task), E_BUSY);
    assert_in_range(never.runs, 2, 10);
    assert_int_equal(rows(f), 1);
}

static void a_slow_group_ends_early_and_staff_pass_the_rest(void **state)
{
    struct fixture *f = *state;
    struct job held, reports[3] = { job_named("a"), job_named("b"), job_named("c") };
    struct job staff = job_named("staff");
    sem_t gate;
    int order = 0;
    f->w->pace.group_us = 1;                    /* any task is slow */
    hold(f, &held, &gate);
    for (int i = 0; i < 3; i++) {
        reports[i].order = &order;
        assert_int_equal(writer_submit(f->w, LANE_INTAKE, &reports[i].task), OK);
    }
    staff.order = &order;
    reports[0].staff_follows = &staff;
    staff.writer = f->w;
    assert_int_equal(sem_post(&gate), 0);
    while (reports[2].done == 0 || staff.done == 0)
        (void)sched_yield();
    assert_int_equal(reports[0].place, 1);
    assert_int_equal(staff.place, 2);
    assert_int_equal(reports[1].place, 3);
    assert_int_equal(reports[2].place, 4);
    assert_int_equal(rows(f), 5);
}

static void what_has_waited_too_long_is_refused_and_not_done(void **state)
{
    struct fixture *f = *state;
    struct job held, late = job_named("late"), last = job_named("last");
    sem_t gate;
    hold(f, &held, &gate);
    f->w->pace.wait_us = 1000;
    assert_int_equal(writer_submit(f->w, LANE_INTAKE, &late.task), OK);
    (void)usleep(2000);
    assert_int_equal(sem_post(&gate), 0);
    while (late.done == 0)
        (void)sched_yield();
    f->w->pace.wait_us = 0;
    assert_int_equal(writer_call(f->w, &last.task), OK);
    assert_int_equal(late.outcome, E_BUSY);
    assert_int_equal(late.runs, 0);
    assert_int_equal(rows(f), 2);
}

#define GROUP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GROUP(what_fails_in_a_group_takes_nobody_along),
        GROUP(what_fails_before_it_writes_undoes_nothing),
        GROUP(trust_that_fails_is_made_good),
        GROUP(a_lost_commit_is_unknown_and_the_thread_goes_on),
        GROUP(full_queues_refuse_and_do_not_hold_up_each_other),
        GROUP(what_cannot_be_undone_is_not_committed),
        GROUP(what_others_hold_up_is_tried_again_a_few_times),
        GROUP(a_slow_group_ends_early_and_staff_pass_the_rest),
        GROUP(what_has_waited_too_long_is_refused_and_not_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
