/* test_search.c: what people type finds what it should, rare characters and full-width forms
 * included, nothing typed breaks the search, the newest comes first page by page, and the index
 * follows the ledger and is made again when it is not of this database. */
#include "search/search.c"
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

SQL_WRITES(put_matter, "test.matter", "INSERT INTO matter (area, id, number, kind, state, category,"
    " tier, origin, confidential, text, salt, place_text, town, community, grid, police_grid,"
    " owner_unit, holder, route, clock, clock_from_ms, provisional, ask, ask_by, ask_unit,"
    " ask_days, ask_reason, returned_by, extended, supervised, round, objected, reporters,"
    " unanswered, cohandling, open, created_ms, merged_into, seq, head) VALUES (320508, $1, $2, '',"
    " 'working', '', 1, '', 0, $3, $2, $4, 0, 0, 0, 0, 1, 0, '', '', 0, 0, '', 0, 0, 0, '', 0, 0,"
    " 0, 0, 0, 0, 0, 0, 1, 0, '', 1, $2)");
SQL_WRITES(put_entry, "test.entry", "INSERT INTO entry (area, matter, seq, id, at_ms, actor,"
    " account, unit, action, from_state, to_state, owner_unit, holder, due_ms, data, prev, hash)"
    " VALUES (320508, $1, $2, $3, 0, 'system', 0, 0, 'note', '', '', 0, 0, 0, '{}', x'', x'')");
SQL_WRITES(put_leaf, "test.leaf",
    "INSERT INTO leaf (position, entry_id, hash) VALUES ($1 - 1, $1, x'')");
SQL_WRITES(put_note, "test.note",
    "INSERT INTO note (area, matter, seq, audience, salt, text)"
    " VALUES (320508, $1, $2, $3, x'', $4)");

struct fixture {
    struct db *db;
    struct search *s;
    struct arena a;
    char dir[40], path[64];
    int64_t id;
};

static void entry(struct fixture *f, int64_t matter, int64_t seq)
{
    assert_int_equal(db_exec(f->db, &put_entry, ARGS(I(matter), I(seq), I(++f->id)), NULL), OK);
    assert_int_equal(db_exec(f->db, &put_leaf, ARGS(I(f->id)), NULL), OK);
}

static void report(struct fixture *f, int64_t matter, const char *text, const char *place)
{
    struct str number = arena_fmt(&f->a, "320508-K7M2-%04d", (int)matter);
    assert_int_equal(db_exec(f->db, &put_matter, ARGS(I(matter), S(number), S(str_c(text)),
        S(str_c(place))), NULL), OK);
    entry(f, matter, 1);
}

static void note(struct fixture *f, int64_t matter, int64_t seq, const char *audience,
    const char *text)
{
    entry(f, matter, seq);
    assert_int_equal(db_exec(f->db, &put_note, ARGS(I(matter), I(seq), S(str_c(audience)),
        S(str_c(text))), NULL), OK);
}

/* The matters found, as "3 1", newest first. */
static struct str found(struct fixture *f, const char *typed)
{
    struct list hits = { NULL, 0 };
    struct buf b = buf_in(&f->a, 4096);
    enum err e = search_find(f->s, &f->a, str_c(typed), 0, 50, &hits);
    if (e != OK)
        return str_c(err_code(e));
    const struct search_hit *h = hits.p;
    for (size_t i = 0; i < hits.n; i++)
        buf_fmt(&b, "%s%lld", i ? " " : "", (long long)h[i].matter);
    return buf_str(&b);
}

static void finds(struct fixture *f, const char *typed, const char *want)
{
    struct str got = found(f, typed);
    if (!str_is(got, want))
        fail_msg("%s: found %.*s instead of %s", typed, STR_FMT(got), want);
}

static void indexed(struct fixture *f)
{
    struct db *file;
    int64_t mark = 0;
    SQL_READS(mark_of, "test.mark", "SELECT coalesce(max(position), 0) FROM follows");
    char path[80];
    (void)snprintf(path, sizeof(path), "%s.search", f->path);
    assert_int_equal(db_open(path, DB_SEARCH_READER, &file), OK);
    for (int i = 0; i < 6000 && mark < f->id; i++) {
        (void)poll(NULL, 0, 10);
        assert_int_equal(db_number(file, &mark_of, NO_ARGS, &mark), OK);
    }
    assert_int_equal(mark, f->id);
    db_close(file);
}

static enum err start(struct fixture *f)
{
    char path[80];
    (void)snprintf(path, sizeof(path), "%s.search", f->path);
    return search_start(f->path, path, &f->s);
}

static int set_up(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    struct err_info info = { .e = OK };
    arena_init(&f->a, 64 << 20);
    (void)snprintf(f->dir, sizeof(f->dir), "/tmp/search-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    (void)snprintf(f->path, sizeof(f->path), "%s/a.db", f->dir);
    assert_int_equal(db_open(f->path, DB_WRITER, &f->db), OK);
    assert_int_equal(db_migrate(f->db, &info), OK);
    assert_int_equal(db_begin(f->db), OK);
    report(f, 1, "路灯不亮,已经三天了", "人民路12号A栋门口");
    report(f, 2, "甪直镇㛃园小区门口积水,张䶮反映", "甪端路");
    report(f, 3, "自来水管爆裂,𬭎达公司门前,𠅤字牌匾掉落", "人民南路");
    report(f, 4, "Wi-Fi 路由器噪声 ABC123 ①㎡", "ＡＢ座３楼");
    report(f, 5, "路口积水很深", "人民路口");
    note(f, 1, 2, "public", "已派人更换灯泡,请您查看");
    note(f, 1, 3, "staff", "内部意见:拖延");
    note(f, 1, 4, "public", "更换灯泡完成");
    assert_int_equal(db_commit(f->db), OK);
    assert_int_equal(start(f), OK);
    indexed(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    static const char *const ends[] = { "", "-wal", "-shm", ".search", ".search-wal", ".search-shm" };
    search_stop(f->s);
    db_close(f->db);
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        (void)unlink(arena_fmt(&f->a, "%s%s", f->path, ends[i]).p);
    assert_int_equal(rmdir(f->dir), 0);
    arena_free(&f->a);
    heap_free(f);
    return 0;
}

static void test_finds(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][2] = {
        { "路灯", "1" }, { "积水", "5 2" }, { "人民", "5 3 1" }, { "人民路", "5 1" },
        { "人民路 积水", "5" }, { "灯不", "1" }, { "不亮已经", "" },
        { "甪直", "2" }, { "㛃园", "2" }, { "张䶮", "2" }, { "𬭎达", "3" }, { "𠅤字", "3" },
        { "甪端", "2" }, { "甪", "input" }, { "𬭎", "input" },
        { "abc", "4" }, { "ABC1", "4" }, { "ＡＢＣ１２３", "4" }, { "ab座3楼", "4" },
        { "wi-fi", "4" }, { "WI", "4" }, { "1m2", "4" }, { "㎡", "" },
        { "12号", "1" }, { "路12号A栋", "1" }, { "人民路12号", "1" }, { "A栋", "1" },
        { "路 水", "5 3 2" }, { "灯泡", "1" }, { "拖延", "" }, { "内部", "" },
        { "320508-K7M2-0003", "3" }, { "k7m2-0004", "4" }, { "320508K7M20003", "" },
        { "没有这回事", "" }, { "亮路", "" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        finds(f, cases[i][0], cases[i][1]);
}

/* Quotes, operators, columns, nothing but signs, too much: an answer, never a failure. */
static void test_nothing_typed_breaks_it(void **state)
{
    struct fixture *f = *state;
    static const char *const typed[] = {
        "\"路灯\"", "路灯 OR 积水", "路灯 NOT 积水", "NEAR(路灯 积水)", "text:路灯", "路灯*", "^路灯",
        "路灯)", "(路灯", "路灯 AND", "{路灯}:", "- 路灯", "路灯'; DROP TABLE body; --", "+路灯",
        "路灯\xff\xfe", "\xe8\xb7", "路\xe7\x81", "\xf0\x90", "a\"b", "\\路灯", "%路灯_", "\n路\t灯",
    };
    static const char *const nothing[] = { "", " ", "。,!", "\"\"\"", "***", "路", "a", "-", "()",
        "\xff\xff", "　　", "?!", "😀" };
    for (size_t i = 0; i < COUNT_OF(typed); i++) {
        struct str got = found(f, typed[i]);
        assert_false(str_is(got, "storage") || str_is(got, "internal"));
    }
    finds(f, "\"路灯\"", "1");
    finds(f, "text:路灯", "");
    for (size_t i = 0; i < COUNT_OF(nothing); i++)
        finds(f, nothing[i], "input");
    struct list hits;
    assert_int_equal(search_find(f->s, &f->a, (struct str){ "路\0灯", 7 }, 0, 5, &hits), OK);
    char *long_text = heap_alloc(10241);
    for (size_t i = 0; i < 10240; i++)
        long_text[i] = "路灯 a\"*"[i % 10];
    (void)found(f, long_text);
    memset(long_text, 'x', 10240);
    finds(f, long_text, "");
    heap_free(long_text);
}

static void test_pages(void **state)
{
    struct fixture *f = *state;
    int64_t before = 0, seen = 0, last = INT64_MAX;
    assert_int_equal(db_begin(f->db), OK);
    for (int64_t i = 0; i < 1000; i++) {
        report(f, 100 + i, "窨井盖破损", "某路");
        note(f, 100 + i, 2, "public", "窨井盖已修");
    }
    assert_int_equal(db_commit(f->db), OK);
    indexed(f);
    for (;;) {
        struct list hits;
        assert_int_equal(search_find(f->s, &f->a, STR("井盖"), before, 70, &hits), OK);
        const struct search_hit *h = hits.p;
        for (size_t i = 0; i < hits.n; i++) {
            assert_true(h[i].matter < last);
            last = h[i].matter;
            before = h[i].slot;
            seen++;
        }
        if (hits.n < 70)
            break;
    }
    assert_int_equal(seen, 1000);
}

static void test_remade_when_of_another_database(void **state)
{
    struct fixture *f = *state;
    search_stop(f->s);
    SQL_WRITES(forget, "test.forget", "UPDATE follows SET position = 999999");
    struct db *file;
    char path[80];
    (void)snprintf(path, sizeof(path), "%s.search", f->path);
    assert_int_equal(db_open(path, DB_SEARCH, &file), OK);
    assert_int_equal(db_exec(file, &forget, NO_ARGS, NULL), OK);
    db_close(file);
    assert_int_equal(start(f), OK);
    indexed(f);
    finds(f, "积水", "5 2");
}

static void test_remade_when_damaged(void **state)
{
    struct fixture *f = *state;
    char path[80];
    search_stop(f->s);
    (void)snprintf(path, sizeof(path), "%s.search", f->path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    CHECK(file != NULL);
    assert_true(fputs("this is not a database, and long enough that it shows", file) > 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(start(f), OK);
    indexed(f);
    finds(f, "积水", "5 2");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_finds), TEST(test_nothing_typed_breaks_it), TEST(test_pages),
        TEST(test_remade_when_of_another_database), TEST(test_remade_when_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
