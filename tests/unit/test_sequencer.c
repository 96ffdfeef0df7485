/* test_sequencer.c: entries committed by others reach the log by themselves, within a second, while
 * the writer goes on working; stopping takes in the rest. */
#include "proof/sequencer.c"
#include "log_fixture.h"
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

struct put { struct task task; int64_t from, to; };
static enum err put_run(struct task *t, struct db *db, struct ids *ids)
{
    const struct put *p = (const struct put *)(const void *)t;
    for (int64_t i = p->from; i < p->to; i++)
        TRY(entry_put(db, i, ids_next(ids)));
    return OK;
}

static void put(struct writer *w, int64_t from, int64_t to)
{
    struct put p = { .task = { .run = put_run }, .from = from, .to = to };
    assert_int_equal(writer_call(w, &p.task), OK);
}

static int64_t logged(struct db *db)
{
    struct arena a;
    struct log_checkpoint c = { .size = 0 };
    arena_init(&a, 1 << 16);
    enum err e = log_newest(db, &a, &c);
    assert_true(e == OK || e == E_MISSING);
    arena_free(&a);
    return c.size;
}

static bool logged_within_ms(struct db *db, int64_t size, int ms)
{
    for (int waited = 0; waited < ms && logged(db) < size; waited += 10)
        (void)poll(NULL, 0, 10);
    return logged(db) == size;
}

static void test_takes_entries_in(void **state)
{
    char dir[] = "/tmp/sequencer-XXXXXX", path[64];
    struct node_keys keys;
    struct writer *w;
    struct sequencer *s;
    struct db *db, *reader;
    struct err_info info = { .e = OK };
    (void)state;
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof(path), "%s/a.db", dir);
    keys_derive(1, "demo.example/su", &keys);
    assert_int_equal(db_open(path, DB_WRITER, &db), OK);
    assert_int_equal(db_migrate(db, &info), OK);
    assert_int_equal(entries_put(db, 0, 3), OK);
    db_close(db);
    assert_int_equal(writer_start(path, 1000, NULL, NULL, &w), OK);
    assert_int_equal(db_open(path, DB_READER, &reader), OK);
    assert_int_equal(sequencer_start(w, path, &keys, clock_system(), &s), OK);
    assert_true(logged_within_ms(reader, 3, 2000));
    put(w, 3, LOG_BATCH_MAX * 2 + 10);
    assert_true(logged_within_ms(reader, LOG_BATCH_MAX * 2 + 10, 5000));
    put(w, LOG_BATCH_MAX * 2 + 10, LOG_BATCH_MAX * 2 + 11);
    sequencer_stop(s);
    assert_int_equal(logged(reader), LOG_BATCH_MAX * 2 + 11);
    writer_stop(w);
    db_close(reader);
    static const char *const ends[] = { "", ".lock", "-wal", "-shm" };
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        char file[80];
        (void)snprintf(file, sizeof(file), "%s%s", path, ends[i]);
        (void)unlink(file);
    }
    assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_takes_entries_in) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
