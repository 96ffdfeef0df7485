/* test_audit.c: whatever somebody with the database file alone changes, the audit finds it, and
 * names it; an untouched database is clean. Each case works on a copy of its own, with SQLite
 * itself, past all of the program's locks. */
#include "ledger/audit.c"
#include "ledger/log.h"
#include "matter/photo.h"
#include <setjmp.h>
#include <stdarg.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

enum { MATTERS = 40, AREA = 320508, NOW_MS = 2000000, DAY_MS = 86400000 };

SQL_WRITES(put_reporter, "test.reporter", "INSERT INTO reporter (area, matter, no, person,"
    " confidential, joined_ms, answered_round) VALUES ($1, $2, 1, 0, 0, 0, $3)");

struct fixture {
    struct db *db;
    struct arena a;
    struct node_keys keys;
    struct rand rand;
    struct ids ids;
    struct cx cx;
    char dir[40], path[64];
};

struct findings { size_t n, of[AUDIT_FAULT_COUNT]; char first[160]; };
static void found(void *ctx, const struct audit_finding *f)
{
    struct findings *all = ctx;
    if (all->n++ == 0)
        (void)snprintf(all->first, sizeof(all->first), "%s %.*s seq %lld at %lld",
            audit_code(f->fault), STR_FMT(f->number), (long long)f->seq, (long long)f->position);
    all->of[f->fault]++;
}

static void append(struct fixture *f, struct matter *m, const char *action, const char *text)
{
    struct entry_make e = { .action = action, .from = state_by_word(m->state),
        .text = str_c(text), .audience = text ? "staff" : NULL, .actor = "clerk" };
    int64_t before = m->seq;
    m->holder++;
    if (strcmp(action, "close") == 0) {
        m->state = STR("closed");
        m->open = m->unanswered = 0;
        m->due_ms = I64_NONE;
    }
    assert_int_equal(matter_append(&f->cx, m, &e), OK);
    assert_int_equal(matter_update(&f->cx, m, before), OK);
}

static void photos_put(struct fixture *f, const struct matter *m, struct entry_make *e)
{
    struct str tokens[2];
    for (size_t i = 0; i < COUNT_OF(tokens); i++)
        assert_int_equal(photo_upload(&f->cx, STR("aaaa"), STR("bbbb"), 4, 3, &tokens[i]), OK);
    assert_int_equal(photos_take(&f->cx, m, e, (struct list){ tokens, 2 }, "before"), OK);
}

/* One matter: reported, taken, talked about; every fourth is closed with its answer. */
static void matter_put(struct fixture *f, int64_t i)
{
    struct matter m;
    record_clear(&matter_record, &m);
    m.area = AREA;
    m.id = 100 + i;
    m.number = arena_fmt(&f->a, "320508-AAAA-%04d", (int)i);
    m.kind = m.origin = m.category = m.route = m.clock = STR("x");
    m.state = STR("working");
    m.text = arena_fmt(&f->a, "第%d号路灯不亮", (int)i);
    m.salt = STR("0123456789abcdef");
    m.place_text = m.ask = m.ask_reason = m.merged_into = STR("");
    m.tier = m.owner_unit = m.reporters = m.unanswered = m.open = 1;
    m.confidential = m.town = m.community = m.grid = m.police_grid = m.micro_grid = m.holder = 0;
    m.clock_from_ms = 0;
    m.route_version = m.about_unit = m.max_level = m.handovers = m.decider = 0;
    m.provisional = m.ask_by = m.ask_unit = m.ask_days = m.returned_by = m.extended = 0;
    m.supervised = m.round = m.objected = m.cohandling = m.seq = m.held = m.erased = 0;
    m.created_ms = f->cx.now_ms;
    m.due_ms = 5000;
    struct entry_make e = { .action = "report", .text = m.text };
    entry_facts_of_report(&f->cx, &e, &m);
    photos_put(f, &m, &e);
    assert_int_equal(matter_append(&f->cx, &m, &e), OK);
    assert_int_equal(matter_insert(&f->cx, &m), OK);
    append(f, &m, "take", NULL);
    append(f, &m, "note", "已到现场查看");
    if (i % 4 == 0)
        append(f, &m, "close", "已修复");
    assert_int_equal(db_exec(f->db, &put_reporter, ARGS(I(AREA), I(m.id), I(i % 4 == 0)), NULL),
        OK);
}

/* The database as every case finds it, built once: how many bytes, and where. */
struct original { char *p; size_t n; };

static void original_build(struct fixture *f)
{
    struct err_info info = { .e = OK };
    assert_int_equal(db_open(f->path, DB_WRITER, &f->db), OK);
    assert_int_equal(db_migrate(f->db, &info), OK);
    f->cx.db = f->db;
    for (int64_t i = 0; i < MATTERS; i++) {
        assert_int_equal(db_begin(f->db), OK);
        matter_put(f, i);
        assert_int_equal(db_commit(f->db), OK);
        if (i % 7 == 0)
            assert_int_equal(log_catch_up(f->db, &f->keys, NOW_MS), OK);
    }
    assert_int_equal(log_catch_up(f->db, &f->keys, NOW_MS), OK);
    db_close(f->db);
}

static void file_move(struct fixture *f, struct original *o, const char *mode)
{
    FILE *file = fopen(f->path, mode);
    assert_non_null(file);
    CHECK(file != NULL);
    if (mode[0] == 'r') {
        o->p = heap_alloc(1 << 22);
        o->n = fread(o->p, 1, 1 << 22, file);
    } else {
        assert_int_equal(fwrite(o->p, 1, o->n, file), o->n);
    }
    assert_int_equal(fclose(file), 0);
}

static struct fixture *fixture_new(void)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    (void)snprintf(f->dir, sizeof(f->dir), "/tmp/audit-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    (void)snprintf(f->path, sizeof(f->path), "%s/a.db", f->dir);
    arena_init(&f->a, 64 << 20);
    keys_derive(1, "demo.example/su", &f->keys);
    f->rand = rand_seeded(1);
    f->ids.end = (int64_t)1 << 20;
    f->cx = (struct cx){ .a = &f->a, .rand = &f->rand, .ids = &f->ids, .now_ms = 1000,
        .keys = &f->keys, .actor = { .kind = ACTOR_SYSTEM } };
    return f;
}

static int set_up(void **state)
{
    static struct original original;
    struct fixture *f = fixture_new();
    if (original.n == 0) {
        original_build(f);
        file_move(f, &original, "rb");
    } else {
        file_move(f, &original, "wb");
    }
    f->ids.last = (int64_t)1 << 19;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    static const char *const ends[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        (void)unlink(arena_fmt(&f->a, "%s%s", f->path, ends[i]).p);
    (void)rmdir(f->dir);
    arena_free(&f->a);
    heap_free(f);
    return 0;
}

static void tamper(struct fixture *f, const char *sql)
{
    sqlite3 *h;
    char *why = NULL;
    assert_int_equal(sqlite3_open(f->path, &h), SQLITE_OK);
    int rc = sqlite3_exec(h, sql, NULL, NULL, &why);
    if (rc != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
    assert_true(sqlite3_total_changes(h) > 0);
    assert_int_equal(sqlite3_close(h), SQLITE_OK);
}

static struct db *reader_begun(struct fixture *f)
{
    struct db *db;
    assert_int_equal(db_open(f->path, DB_READER, &db), OK);
    assert_int_equal(db_begin(db), OK);
    return db;
}

static void reader_end(struct db *db)
{
    db_rollback(db);
    db_close(db);
}

/* On one connection, and on two at once: both find the same, and count the same. */
static struct findings audit_with(struct fixture *f, struct str checkpoint, int64_t now_ms)
{
    struct findings all = { .n = 0 }, at_once = { .n = 0 };
    struct audit_figures figures, figures_at_once;
    struct note_key key = note_key_of(&f->keys);
    struct audit_options o = { .key = &key, .checkpoint = checkpoint, .now_ms = now_ms,
        .log_within_ms = DAY_MS, .found = found, .ctx = &all };
    struct db *db = reader_begun(f), *beside = reader_begun(f);
    assert_int_equal(audit_run(db, &o, &figures), OK);
    assert_int_equal(figures.findings, all.n);
    o.beside = beside;
    o.ctx = &at_once;
    assert_int_equal(audit_run(db, &o, &figures_at_once), OK);
    assert_int_equal(at_once.n, all.n);
    assert_memory_equal(&figures_at_once, &figures, sizeof(figures));
    reader_end(beside);
    reader_end(db);
    return all;
}

static struct findings audit_of(struct fixture *f)
{
    return audit_with(f, STR_NONE, NOW_MS);
}

static void test_untouched_is_clean(void **state)
{
    struct findings all = audit_of(*state);
    if (all.n)
        fail_msg("%s", all.first);
}

/* One change, the finding that must name it, and the most findings it may cause. */
static const struct { const char *sql; enum audit_fault fault; size_t most; } cases[] = {
    { "UPDATE note SET text = '没有去' WHERE matter = 105 AND seq = 3", AUDIT_TEXT, 1 },
    { "UPDATE note SET salt = x'00' WHERE matter = 105", AUDIT_TEXT, 1 },
    { "DELETE FROM note WHERE matter = 105", AUDIT_TEXT_GONE, 1 },
    { "INSERT INTO note VALUES (320508, 105, 2, 'public', x'00', '加上')", AUDIT_TEXT, 1 },
    { "UPDATE matter SET text = '都好' WHERE id = 105", AUDIT_TEXT, 1 },
    { "UPDATE entry SET at_ms = 1 WHERE matter = 105 AND seq = 2", AUDIT_HASH, 1 },
    { "UPDATE entry SET account = 9 WHERE matter = 105 AND seq = 2", AUDIT_HASH, 1 },
    { "UPDATE entry SET actor = 'chief' WHERE matter = 105 AND seq = 3", AUDIT_HASH, 1 },
    { "UPDATE entry SET data = replace(data, '5000', '9000'), due_ms = 9000"
      " WHERE matter = 105 AND seq = 2", AUDIT_HASH, 1 },
    { "UPDATE entry SET data = 'x' WHERE matter = 105 AND seq = 2", AUDIT_HASH, 2 },
    { "UPDATE entry SET data = zeroblob(3000000) WHERE matter = 105 AND seq = 2", AUDIT_HASH, 2 },
    { "UPDATE entry SET due_ms = 9000 WHERE matter = 105 AND seq = 2", AUDIT_COLUMNS, 1 },
    { "UPDATE entry SET owner_unit = 7 WHERE matter = 105 AND seq = 2", AUDIT_COLUMNS, 1 },
    { "UPDATE entry SET hash = x'00' WHERE matter = 105 AND seq = 2", AUDIT_HASH, 3 },
    { "UPDATE entry SET prev = zeroblob(32) WHERE matter = 105 AND seq = 2", AUDIT_CHAIN, 1 },
    { "DELETE FROM entry WHERE matter = 105 AND seq = 2", AUDIT_CHAIN, 2 },
    { "DELETE FROM entry WHERE matter = 105 AND seq = 3", AUDIT_HEAD, 2 },
    { "DELETE FROM entry WHERE matter = 105", AUDIT_NO_ENTRY, 4 },
    { "DELETE FROM matter WHERE id = 105", AUDIT_NO_MATTER, 1 },
    { "UPDATE entry SET seq = CASE seq WHEN 2 THEN 30 ELSE 20 END WHERE matter = 105 AND seq"
      " IN (2, 3); UPDATE entry SET seq = seq / 10 WHERE matter = 105 AND seq > 9",
      AUDIT_CHAIN, 6 },
    { "UPDATE entry SET id = id + 5000000000 WHERE matter = 105 AND seq = 2",
      AUDIT_LEAF, 2 },
    { "UPDATE matter SET state = 'assigned' WHERE id = 105", AUDIT_ROW, 1 },
    { "UPDATE matter SET owner_unit = 2 WHERE id = 105", AUDIT_ROW, 1 },
    { "UPDATE matter SET due_ms = 999999 WHERE id = 105", AUDIT_ROW, 1 },
    { "UPDATE matter SET due_ms = NULL WHERE id = 105", AUDIT_OWNER, 2 },
    { "UPDATE matter SET open = 0 WHERE id = 105", AUDIT_OWNER, 2 },
    { "UPDATE matter SET unanswered = 1 WHERE id = 104", AUDIT_UNANSWERED, 1 },
    { "UPDATE reporter SET answered_round = 0 WHERE matter = 104", AUDIT_UNANSWERED, 1 },
    { "DELETE FROM reporter WHERE matter = 105", AUDIT_REPORTERS, 1 },
    { "UPDATE matter SET category = 'y' WHERE id = 105", AUDIT_FACTS, 1 },
    { "UPDATE matter SET tier = 4 WHERE id = 105", AUDIT_FACTS, 1 },
    { "UPDATE matter SET grid = 320508018023001 WHERE id = 105", AUDIT_FACTS, 1 },
    { "UPDATE matter SET number = '320508-BBBB-BBBB' WHERE id = 105", AUDIT_FACTS, 1 },
    { "UPDATE matter SET route = 'other' WHERE id = 105", AUDIT_FACTS, 1 },
    { "UPDATE matter SET route_version = 7 WHERE id = 105", AUDIT_FACTS, 1 },
    { "UPDATE matter SET merged_into = '320508-BBBB-BBBB' WHERE id = 105", AUDIT_FACTS, 1 },
    { "UPDATE matter SET supervised = 2 WHERE id = 105", AUDIT_FACTS, 1 },
    { "UPDATE matter SET origin = 'phone' WHERE id = 105", AUDIT_FACTS, 1 },
    { "UPDATE matter SET confidential = 1 WHERE id = 105", AUDIT_FACTS, 1 },
    { "UPDATE matter SET created_ms = 7 WHERE id = 105", AUDIT_FACTS, 1 },
    { "INSERT INTO merged VALUES (320508, 105, 106, 1)", AUDIT_FACTS, 1 },
    { "UPDATE matter SET place_text = '别处' WHERE id = 105", AUDIT_PLACE, 1 },
    { "UPDATE matter SET lon = 120.6, lat = 31.3 WHERE id = 105", AUDIT_PLACE, 1 },
    { "UPDATE note SET audience = 'public' WHERE matter = 105", AUDIT_AUDIENCE, 1 },
    { "UPDATE attachment SET hash = 'cccc' WHERE matter = 105 AND no = 2", AUDIT_PHOTOS, 1 },
    { "UPDATE attachment SET thumb = 'cccc' WHERE matter = 105 AND no = 1", AUDIT_PHOTOS, 1 },
    { "UPDATE attachment SET seq = 2 WHERE matter = 105 AND no = 2", AUDIT_PHOTOS, 2 },
    { "DELETE FROM attachment WHERE matter = 105", AUDIT_PHOTOS, 2 },
    { "INSERT INTO attachment VALUES (320508, 105, 9, 3, 'dddd', 'eeee', 4, 3, 'after')",
      AUDIT_PHOTOS, 1 },
    { "DELETE FROM leaf WHERE position = 50", AUDIT_LEAF_ORDER, 60 },
    { "UPDATE leaf SET hash = randomblob(32) WHERE position = 50", AUDIT_LEAF, 40 },
    { "UPDATE leaf SET entry_id = -entry_id WHERE position = 50", AUDIT_LEAF, 60 },
    { "UPDATE tree_node SET hash = randomblob(32) WHERE level = 5 AND position = 1",
      AUDIT_NODE, 1 },
    { "DELETE FROM tree_node WHERE level = 4 AND position = 1", AUDIT_NODE, 1 },
    { "INSERT INTO tree_node VALUES (40, 1, randomblob(32))", AUDIT_NODE, 1 },
    { "UPDATE checkpoint SET note = replace(note, 'demo', 'memo')", AUDIT_SIGNATURE, 20 },
    { "UPDATE checkpoint SET note = (SELECT note FROM checkpoint ORDER BY size LIMIT 1)"
      " WHERE size > 100", AUDIT_ROOT, 20 },
    { "UPDATE checkpoint SET entry_id = 1 WHERE size = (SELECT max(size) FROM checkpoint)",
      AUDIT_ROOT, 1 },
    { "DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)", AUDIT_ROOT, 1 },
    { "DELETE FROM leaf WHERE position > 100", AUDIT_CUT, 60 },
};

static void test_changes_are_found(void **state)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        (void)set_up(state);
        struct fixture *f = *state;
        tamper(f, cases[i].sql);
        struct findings all = audit_of(f);
        if (all.of[cases[i].fault] == 0 || all.n > cases[i].most)
            fail_msg("%s: %zu findings, first %s", cases[i].sql, all.n, all.first);
        (void)tear_down(state);
    }
}

/* A whole matter written anew, each hash in order, the row too: the log remembers. */
static void test_rewritten_matter_is_found(void **state)
{
    struct fixture *f = *state;
    tamper(f, "DELETE FROM entry WHERE matter = 105; DELETE FROM note WHERE matter = 105;"
        "DELETE FROM matter WHERE id = 105; DELETE FROM reporter WHERE matter = 105");
    assert_int_equal(db_open(f->path, DB_WRITER, &f->db), OK);
    f->cx.db = f->db;
    f->cx.now_ms = 1000;
    matter_put(f, 5);
    db_close(f->db);
    struct findings all = audit_of(f);
    assert_true(all.of[AUDIT_LEAF] > 0);
    assert_int_equal(all.of[AUDIT_HASH] + all.of[AUDIT_CHAIN], 0);
}

static void newest_note(struct fixture *f, struct str *ret)
{
    struct db *db;
    struct log_checkpoint c;
    assert_int_equal(db_open(f->path, DB_READER, &db), OK);
    assert_int_equal(log_newest(db, &f->a, &c), OK);
    db_close(db);
    *ret = c.note;
}

/* The end of everything cut off cleanly: only a checkpoint kept elsewhere shows it. */
static void test_cut_end_needs_a_kept_checkpoint(void **state)
{
    struct fixture *f = *state;
    struct str kept;
    newest_note(f, &kept);
    assert_int_equal(audit_with(f, kept, NOW_MS).n, 0);
    tamper(f, "DELETE FROM checkpoint WHERE size > 100;"
        "DELETE FROM entry WHERE id > (SELECT max(entry_id) FROM checkpoint);"
        "DELETE FROM leaf WHERE position >= (SELECT max(size) FROM checkpoint);"
        "DELETE FROM tree_node WHERE ((position + 1) << level) > (SELECT max(size) FROM checkpoint);"
        "DELETE FROM note WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.matter = note.matter AND"
        " e.seq = note.seq); DELETE FROM matter WHERE id > 129; DELETE FROM reporter WHERE matter"
        " > 129; DELETE FROM entry WHERE matter > 129");
    struct findings all = audit_with(f, kept, NOW_MS);
    assert_true(all.of[AUDIT_CUT] > 0);
}

/* Entries that nobody took in: fine for a while, then not. */
static void test_log_may_lag_but_not_forever(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(db_open(f->path, DB_WRITER, &f->db), OK);
    f->cx.db = f->db;
    f->cx.now_ms = NOW_MS;
    matter_put(f, MATTERS + 1);
    db_close(f->db);
    assert_int_equal(audit_of(f).n, 0);
    assert_int_equal(audit_with(f, STR_NONE, NOW_MS + DAY_MS + 1).of[AUDIT_NOT_LOGGED], 3);
}

/* Signed by whom? Without the key the signatures are left out, and the rest still counts. */
static void test_foreign_key(void **state)
{
    struct fixture *f = *state;
    keys_derive(2, "demo.example/su", &f->keys);
    assert_true(audit_of(f).of[AUDIT_SIGNATURE] > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_untouched_is_clean), cmocka_unit_test(test_changes_are_found),
        TEST(test_rewritten_matter_is_found), TEST(test_cut_end_needs_a_kept_checkpoint),
        TEST(test_log_may_lag_but_not_forever), TEST(test_foreign_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
