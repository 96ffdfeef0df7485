/* test_log.c: the log in the database agrees with the tree in memory, at every size, however the
 * entries came in; a failed batch leaves nothing. */
#include "ledger/log.c"
#include "ledger/entry.h"
#include "log_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct fixture { struct db *db; struct arena a; struct node_keys keys; };

static int set_up(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    struct err_info info = { .e = OK };
    arena_init(&f->a, 64 << 20);
    keys_derive(1, "demo.example/su", &f->keys);
    assert_int_equal(db_open(":memory:", DB_WRITER, &f->db), OK);
    assert_int_equal(db_migrate(f->db, &info), OK);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    db_close(f->db);
    arena_free(&f->a);
    heap_free(f);
    return 0;
}

static struct hash leaf_of(int64_t i)
{
    struct hash h = entry_hash_of(i);
    return entry_leaf(&h);
}

static struct hash root_of(int64_t size)
{
    struct merkle_tree t = { .size = 0 };
    for (int64_t i = 0; i < size; i++) {
        struct hash leaf = leaf_of(i);
        assert_int_equal(merkle_append(&t, &leaf, NULL), OK);
    }
    return merkle_root(&t);
}

static struct checkpoint newest_of(struct fixture *f)
{
    struct log_checkpoint row;
    struct checkpoint c;
    struct note_key key = note_key_of(&f->keys);
    assert_int_equal(log_newest(f->db, &f->a, &row), OK);
    assert_true(checkpoint_open(&f->a, row.note, &key, &c));
    assert_int_equal(c.size, row.size);
    return c;
}

static void test_empty(void **state)
{
    struct fixture *f = *state;
    struct log_checkpoint row;
    struct log_head head;
    assert_int_equal(log_catch_up(f->db, &f->keys, 1), OK);
    assert_int_equal(log_newest(f->db, &f->a, &row), E_MISSING);
    assert_int_equal(log_head_load(f->db, &head), OK);
    assert_int_equal(head.tree.size, 0);
}

/* In uneven portions, each continuing from what is stored. */
static void test_every_size(void **state)
{
    struct fixture *f = *state;
    int64_t size = 0;
    for (int64_t step = 1; size < 600; size += step, step = step % 37 + 5) {
        assert_int_equal(entries_put(f->db, size, size + step), OK);
        assert_int_equal(log_catch_up(f->db, &f->keys, 1), OK);
        struct checkpoint c = newest_of(f);
        struct hash want = root_of(size + step);
        assert_int_equal(c.size, size + step);
        assert_true(hash_eq(&c.root, &want));
    }
    for (uint64_t n = 1; n < (uint64_t)size; n += 7) {
        struct merkle_proof p;
        struct hash root = root_of((int64_t)n), now = root_of(size);
        for (uint64_t i = n % 5; i < n; i += 31) {
            struct hash leaf = leaf_of((int64_t)i);
            assert_int_equal(log_inclusion(f->db, i, n, &p), OK);
            assert_true(merkle_verify_inclusion(&leaf, i, n, &p, &root));
        }
        assert_int_equal(log_consistency(f->db, n, (uint64_t)size, &p), OK);
        assert_true(merkle_verify_consistency(n, &root, (uint64_t)size, &now, &p));
    }
}

static void test_position(void **state)
{
    struct fixture *f = *state;
    int64_t at = 0;
    assert_int_equal(entries_put(f->db, 0, 40), OK);
    assert_int_equal(log_position(f->db, 1007, &at), E_MISSING);
    assert_int_equal(log_catch_up(f->db, &f->keys, 1), OK);
    assert_int_equal(log_position(f->db, 1007, &at), OK);
    assert_int_equal(at, 7);
}

/* More than one transaction's worth; then a batch of exactly nothing. */
static void test_long_backlog(void **state)
{
    struct fixture *f = *state;
    int64_t n = CATCH_UP_BATCH * 2 + 17;
    assert_int_equal(db_begin(f->db), OK);
    assert_int_equal(entries_put(f->db, 0, n), OK);
    assert_int_equal(db_commit(f->db), OK);
    assert_int_equal(log_catch_up(f->db, &f->keys, 1), OK);
    assert_int_equal(log_catch_up(f->db, &f->keys, 2), OK);
    struct checkpoint c = newest_of(f);
    struct hash want = root_of(n);
    assert_int_equal(c.size, n);
    assert_true(hash_eq(&c.root, &want));
}

/* Whichever call fails, afterwards the log is whole and goes on. */
static void test_failures_leave_nothing(void **state)
{
    struct fixture *f = *state;
    for (unsigned n = 1; n < 60; n++) {
        int64_t had = (int64_t)(n - 1) * 20;
        assert_int_equal(entries_put(f->db, had, had + 20), OK);
        db_fault_at(f->db, n);
        enum err e = log_catch_up(f->db, &f->keys, 1);
        assert_true((e != OK) == db_fault_fired(f->db));
        db_fault_at(f->db, 0);
        db_rollback(f->db);
        assert_int_equal(log_catch_up(f->db, &f->keys, 1), OK);
        struct checkpoint c = newest_of(f);
        struct hash want = root_of(had + 20);
        assert_int_equal(c.size, had + 20);
        assert_true(hash_eq(&c.root, &want));
    }
}

/* Two who take the same entries in: the second is refused. */
static void test_second_sequencer_is_refused(void **state)
{
    struct fixture *f = *state;
    struct log_head head;
    struct log_batch one, two;
    assert_int_equal(entries_put(f->db, 0, 30), OK);
    assert_int_equal(log_head_load(f->db, &head), OK);
    assert_int_equal(log_batch_make(f->db, &f->a, &f->keys, &head, 20, 1, &one), OK);
    assert_int_equal(log_batch_make(f->db, &f->a, &f->keys, &head, 30, 1, &two), OK);
    assert_int_equal(log_batch_write(f->db, &one), OK);
    assert_int_equal(log_batch_write(f->db, &two), E_CONFLICT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_empty), TEST(test_every_size), TEST(test_position), TEST(test_long_backlog),
        TEST(test_failures_leave_nothing), TEST(test_second_sequencer_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
