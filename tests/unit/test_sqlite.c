/* test_sqlite.c: what a commit promises about the files of SQLite: a copy of them taken at any
 * moment holds everything committed, the log does not grow without end, and a log that cannot be
 * written spoils nothing. */
#include "db/sqlite.c"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

enum { COPY_BYTES_MAX = 256 << 20, FRAME_BYTES = 4096 + 24, BIG_BYTES = 20000 };
SQL_WRITES(PUT, "test.put", "INSERT INTO setting (name, value) VALUES ($1, $2)");
SQL_WRITES(SET, "test.set", "UPDATE setting SET value = $2 WHERE name = $1");
SQL_SCANS(COUNT, "test.count", "SELECT count(*) FROM setting");

struct fixture { char dir[32], path[64]; struct db *db; struct arena a; };

static int setup(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    struct err_info info = { .e = OK };
    arena_init(&f->a, COPY_BYTES_MAX);
    (void)snprintf(f->dir, sizeof(f->dir), "/tmp/sqlite-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    (void)snprintf(f->path, sizeof(f->path), "%s/x.db", f->dir);
    assert_int_equal(db_open(f->path, DB_WRITER, &f->db), OK);
    assert_int_equal(db_migrate(f->db, &info), OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    static const char *const ends[] = { "x.db", "x.db.lock", "x.db-wal", "x.db-shm", "y.db", "y.db-wal",
        "y.db-shm" };
    char path[80];
    db_close(f->db);
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", f->dir, ends[i]);
        (void)unlink(path);
    }
    (void)rmdir(f->dir);
    arena_free(&f->a);
    heap_free(f);
    return 0;
}

static struct str text_of(struct fixture *f, char c, size_t n)
{
    char *p = NEW_N(&f->a, char, n);
    memset(p, c, n);
    return (struct str){ p, n };
}

static enum err put(struct fixture *f, int name, size_t bytes)
{
    return db_exec(f->db, &PUT, ARGS(S(arena_fmt(&f->a, "n%d", name)),
        S(text_of(f, 'x', bytes))), NULL);
}

static void file_copy(struct fixture *f, const char *from, const char *to)
{
    char path[80];
    (void)snprintf(path, sizeof(path), "%s/%s", f->dir, from);
    FILE *in = fopen(path, "rb");
    (void)snprintf(path, sizeof(path), "%s/%s", f->dir, to);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    if (in && out) {
        char block[65536];
        for (size_t n; (n = fread(block, 1, sizeof(block), in)) > 0;)
            assert_int_equal(fwrite(block, 1, n, out), n);
        (void)fclose(in);
    }
    if (out)
        (void)fclose(out);
}

/* What somebody finds who pulls the plug now: the files as they are, without this process. */
static int64_t rows_after_power_cut(struct fixture *f)
{
    struct db *copy;
    int64_t n = -1;
    char path[80];
    file_copy(f, "x.db", "y.db");
    file_copy(f, "x.db-wal", "y.db-wal");
    (void)snprintf(path, sizeof(path), "%s/y.db", f->dir);
    assert_int_equal(db_open(path, DB_READER, &copy), OK);
    assert_int_equal(db_number(copy, &COUNT, NO_ARGS, &n), OK);
    db_close(copy);
    return n;
}

static void committed_is_in_the_files(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 30; i++) {
        assert_int_equal(db_begin(f->db), OK);
        for (int k = 0; k < 7; k++)     /* from a few bytes to far more than is held back */
            assert_int_equal(put(f, i * 7 + k, (size_t)(i * i * 400)), OK);
        assert_int_equal(rows_after_power_cut(f), i * 7);
        assert_int_equal(db_commit(f->db), OK);
        assert_int_equal(rows_after_power_cut(f), i * 7 + 7);
    }
}

/* More than the page cache holds: pages go to the log before the commit, and are read back. */
static void a_transaction_larger_than_memory(void **state)
{
    struct fixture *f = *state;
    int64_t n;
    assert_int_equal(db_begin(f->db), OK);
    for (int i = 0; i < 2000; i++)
        assert_int_equal(put(f, i, BIG_BYTES), OK);
    for (int i = 0; i < 2000; i += 3)
        assert_int_equal(db_exec(f->db, &SET, ARGS(S(arena_fmt(&f->a, "n%d", i)), S(STR("y"))), NULL),
            OK);
    assert_int_equal(db_number(f->db, &COUNT, NO_ARGS, &n), OK);
    assert_int_equal(n, 2000);
    assert_int_equal(rows_after_power_cut(f), 0);
    assert_int_equal(db_commit(f->db), OK);
    assert_int_equal(rows_after_power_cut(f), 2000);
}

static int64_t log_frames(struct fixture *f)
{
    char path[80];
    struct stat s;
    (void)snprintf(path, sizeof(path), "%s/x.db-wal", f->dir);
    return stat(path, &s) == 0 ? s.st_size / FRAME_BYTES : -1;
}

/* Ten times what the log may hold, in commits of a few pages; a reader comes and goes. */
static void the_log_begins_anew(void **state)
{
    struct fixture *f = *state;
    struct db *reader;
    int64_t n, most = 0;
    enum { ROUNDS = 4000 };
    assert_int_equal(db_open(f->path, DB_READER, &reader), OK);
    assert_int_equal(put(f, 0, 10), OK);
    for (int i = 0; i < ROUNDS; i++) {
        assert_int_equal(db_begin(f->db), OK);
        assert_int_equal(db_exec(f->db, &SET, ARGS(S(STR("n0")),
            S(text_of(f, (char)('a' + i % 26), 80000))), NULL), OK);
        assert_int_equal(db_commit(f->db), OK);
        if (i % 10 == 0)
            assert_int_equal(db_number(reader, &COUNT, NO_ARGS, &n), OK);
        arena_reset(&f->a);
        most = log_frames(f) > most ? log_frames(f) : most;
    }
    db_close(reader);
    assert_in_range(most, 2000, 20000);     /* of 80,000 written */
    assert_int_equal(rows_after_power_cut(f), 1);
}

/* No more space, as RLIMIT_FSIZE makes it: the commit's outcome is unknown; opened anew, all that
 * was committed before is there, and writing goes on when there is space. */
static void a_full_disk_spoils_nothing(void **state)
{
    struct fixture *f = *state;
    struct rlimit before, tight;
    struct sigaction usual;
    int64_t n;
    for (int i = 0; i < 50; i++)
        assert_int_equal(put(f, i, 4000), OK);
    assert_int_equal(sigaction(SIGXFSZ, &(struct sigaction){ .sa_handler = SIG_IGN }, &usual), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    tight = before;
    tight.rlim_cur = (rlim_t)(log_frames(f) + 20) * FRAME_BYTES;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    assert_int_equal(db_begin(f->db), OK);
    for (int i = 50; i < 100; i++)
        assert_int_equal(put(f, i, 4000), OK);
    assert_int_equal(db_commit(f->db), E_UNKNOWN);
    db_close(f->db);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(sigaction(SIGXFSZ, &usual, NULL), 0);
    assert_int_equal(db_open(f->path, DB_WRITER, &f->db), OK);
    assert_int_equal(db_number(f->db, &COUNT, NO_ARGS, &n), OK);
    assert_int_equal(n, 50);
    assert_int_equal(put(f, 50, 4000), OK);
    assert_int_equal(rows_after_power_cut(f), 51);
}

static void one_serves_at_a_time(void **state)
{
    struct fixture *f = *state;
    struct db *other;
    assert_int_equal(db_claim(f->db, CLAIM_SHARED), OK);
    assert_int_equal(db_claim(f->db, CLAIM_SHARED), OK);
    assert_int_equal(db_open(f->path, DB_WRITER, &other), OK);
    assert_int_equal(db_claim(other, CLAIM_SHARED), E_BUSY);
    db_close(f->db);
    assert_int_equal(db_claim(other, CLAIM_SHARED), OK);
    db_close(other);
    assert_int_equal(db_open(f->path, DB_WRITER, &f->db), OK);
}

static void a_number_is_held_by_one_connection(void **state)
{
    struct fixture *f = *state;
    struct db *other;
    bool got = false, held = true;
    assert_int_equal(db_open(f->path, DB_OVERSEER, &other), OK);
    assert_int_equal(db_is_held(other, 7, &held), OK);
    assert_false(held);
    assert_int_equal(db_hold(f->db, 7, &got), OK);
    assert_true(got);
    assert_int_equal(db_hold(f->db, 7, &got), OK);
    assert_true(got);
    assert_int_equal(db_is_held(other, 7, &held), OK);
    assert_true(held);
    assert_int_equal(db_hold(other, 7, &got), OK);
    assert_false(got);
    assert_int_equal(db_hold(other, -1, &got), OK);
    assert_true(got);
    db_let_go(f->db, 7);
    assert_int_equal(db_is_held(other, 7, &held), OK);
    assert_false(held);
    assert_int_equal(db_is_held(f->db, -1, &held), OK);
    assert_true(held);
    db_close(other);
    assert_int_equal(db_is_held(f->db, -1, &held), OK);
    assert_false(held);
}

static void a_preview_is_refused(void **state)
{
    struct fixture *f = *state;
    struct err_info info = { .e = OK };
    assert_int_equal(db_migrate(f->db, &info), OK);
    assert_int_equal(sqlite3_exec(own(f->db)->h, "PRAGMA user_version=1", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(db_migrate(f->db, &info), E_CONFLICT);
    info = (struct err_info){ .e = OK };
    assert_int_equal(sqlite3_exec(own(f->db)->h, "PRAGMA user_version=9999", NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(db_migrate(f->db, &info), E_CONFLICT);
}

struct copying { struct fixture *f; int steps; int64_t last; };
static enum err write_more(void *ctx, int64_t done, int64_t total)
{
    struct copying *c = ctx;
    assert_true(done >= c->last && done <= total);
    c->last = done;
    assert_int_equal(put(c->f, 1000 + c->steps++, BIG_BYTES), OK);
    return OK;
}

static enum err enough(void *ctx, int64_t done, int64_t total)
{
    (void)ctx, (void)done, (void)total;
    return E_BUSY;
}

/* However much others commit meanwhile, it comes to an end and holds what its transaction saw. */
static void a_copy_is_of_one_moment(void **state)
{
    struct fixture *f = *state;
    struct copying c = { .f = f };
    struct db *reader, *copy;
    int64_t before, n;
    const char *path = arena_fmt(&f->a, "%s/y.db", f->dir).p;
    for (int i = 0; i < 200; i++)
        assert_int_equal(put(f, i, BIG_BYTES), OK);
    assert_int_equal(db_open(f->path, DB_READER, &reader), OK);
    assert_int_equal(db_begin(reader), OK);
    assert_int_equal(db_number(reader, &COUNT, NO_ARGS, &before), OK);
    assert_int_equal(db_copy(reader, path, write_more, &c), OK);
    assert_true(c.steps > 2);
    assert_int_equal(db_copy(reader, path, enough, &c), E_IO);      /* never over a file */
    assert_int_equal(db_open(path, DB_READER, &copy), OK);
    assert_int_equal(db_number(copy, &COUNT, NO_ARGS, &n), OK);
    assert_int_equal(n, before);
    db_close(copy);
    assert_int_equal(access(arena_fmt(&f->a, "%s-wal", path).p, F_OK), -1);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(db_copy(reader, path, enough, &c), E_BUSY);
    db_rollback(reader);
    db_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(committed_is_in_the_files, setup, teardown),
        cmocka_unit_test_setup_teardown(a_transaction_larger_than_memory, setup, teardown),
        cmocka_unit_test_setup_teardown(the_log_begins_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_disk_spoils_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(one_serves_at_a_time, setup, teardown),
        cmocka_unit_test_setup_teardown(a_number_is_held_by_one_connection, setup, teardown),
        cmocka_unit_test_setup_teardown(a_copy_is_of_one_moment, setup, teardown),
        cmocka_unit_test_setup_teardown(a_preview_is_refused, setup, teardown),
    };
    log_level_set((enum log_level)(LOG_ERROR + 1));
    return cmocka_run_group_tests_name("sqlite", tests, NULL, NULL);
}
