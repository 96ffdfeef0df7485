/* test_personal.c: what every column of the schema holds is said; what is due goes everywhere and
 * what is kept for a proceeding stays; the record of it and the proofs stay sound. */
#include "personal/due.c"
#include "catalogue/edition.h"
#include "db/schema.h"
#include "ledger/audit.h"
#include "ledger/log.h"
#include "personal/columns.h"
#include "search/index.h"
#include "town_life.h"
#include <math.h>

static struct keepings usual(struct town *t)
{
    struct keepings k;
    assert_int_equal(keepings_read(t->db, &t->a, t->now_ms, &k), OK);
    return k;
}

/* What a night does, for all kinds; how many matters lost something. */
static int64_t night_in(struct town *t)
{
    struct keepings terms = usual(t);
    int64_t erased = 0, n = 0;
    for (int k = 0; k <= KEEP_MATTERS_LAST; k++) {
        struct due_walk w = { .what = (enum term)k };
        struct list due;
        while (!w.over) {
            assert_int_equal(due_next(t->db, &t->a, &terms, t->now_ms, &w, &due), OK);
            if (due.n == 0)
                continue;
            struct cx cx = town_system(t);
            assert_int_equal(db_begin(t->db), OK);
            assert_int_equal(due_erase(&cx, &terms, w.what, due.p, due.n, &n), OK);
            assert_int_equal(db_commit(t->db), OK);
            erased += n;
        }
    }
    return erased;
}

static void days_later(struct town *t, int64_t days)
{
    t->now_ms += days * (int64_t)CLOCK_DAY_MS;
}

/* Reported with contact details and settled; nothing of what was said names a state of the world. */
static struct matter settled(struct town *t)
{
    struct intake in = intake_at(t, "02", GRID_A1);
    in.text = STR("王阿姨家门口路灯不亮");
    in.place_text = STR("三号楼二单元");
    in.name = STR("王阿姨");
    in.phone = STR("19900000001");
    struct matter m = open_matter(t, &in);
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    assert_int_equal(by_reporter(t, &m, 1, "message"), OK);
    assert_int_equal(step(t, CLERK, &m, "reply"), OK);
    assert_int_equal(step(t, DISPATCHER, &m, "verify"), OK);
    assert_int_equal(by_reporter(t, &m, 1, "rate"), OK);
    assert_int_equal(step(t, DISPATCHER, &m, "close"), OK);
    return m;
}

static void found(void *ctx, const struct audit_finding *f)
{
    int64_t *of = ctx;
    of[f->fault]++;
    print_message("%s seq %lld\n", audit_code(f->fault), (long long)f->seq);
}

/* How often the audit finds this; anything at all when fault is AUDIT_FAULT_COUNT. */
static int64_t audited(struct town *t, enum audit_fault fault)
{
    int64_t of[AUDIT_FAULT_COUNT] = { 0 }, all = 0;
    struct audit_figures figures;
    struct audit_options o = { .now_ms = t->now_ms, .log_within_ms = 1, .found = found, .ctx = of };
    assert_int_equal(log_catch_up(t->db, &t->keys, t->now_ms), OK);
    assert_int_equal(db_begin(t->db), OK);
    assert_int_equal(audit_run(t->db, &o, &figures), OK);
    db_rollback(t->db);
    for (size_t i = 0; i < AUDIT_FAULT_COUNT; i++)
        all += of[i];
    return fault == AUDIT_FAULT_COUNT ? all : of[fault];
}

/* Columns ----------------------------------------------------------------------------------- */

static void every_column_has_class_purpose_and_term(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 8 << 20);
    const struct schema *s = schema_read(&a);
    size_t said = 0;
    for (size_t i = 0; i < s->n; i++)
        for (size_t c = 0; c < s->tables[i].n_columns; c++) {
            struct str name = s->tables[i].columns[c].name;
            said++;
            if (column_group_of(s->tables[i].name, name) == NULL)
                fail_msg("say in src/personal/columns.c what %.*s.%.*s holds",
                    STR_FMT(s->tables[i].name), STR_FMT(name));
        }
    for (size_t i = 0; i < column_groups_n; i++) {
        const struct table *t = schema_table(s, str_c(column_groups[i].table));
        assert_non_null(t);
        for (struct str rest = str_c(column_groups[i].columns); rest.n;) {
            struct str name = str_cut(rest, ' ', &rest);
            if (table_column(t, name) < 0 || column_group_of(t->name, name) != &column_groups[i])
                fail_msg("%s.%.*s is not there, or is told twice", column_groups[i].table,
                    STR_FMT(name));
            said--;
        }
    }
    assert_int_equal(said, 0);
    arena_free(&a);
}

/* P04: nothing of the schema scores, ranks or counts a person. */
static void no_column_counts_a_person(void **state)
{
    static const char *const words[] = { "rank", "points", "credit", "quota", "streak", "checkin",
        "online", "watch", "blacklist", "risk", "face", "ethnic", "religion", "political" };
    static const char *const of_people[] = { "person", "account", "party", "guest", "mediator",
        "registered", "membership", "session", "absence" };
    struct arena a;
    (void)state;
    arena_init(&a, 8 << 20);
    const struct schema *s = schema_read(&a);
    for (size_t i = 0; i < s->n; i++)
        for (size_t c = 0; c < s->tables[i].n_columns; c++) {
            struct str name = s->tables[i].columns[c].name;
            for (size_t w = 0; w < COUNT_OF(words); w++)
                assert_true(str_find(name, str_c(words[w])) < 0);
            for (size_t p = 0; p < COUNT_OF(of_people); p++)
                assert_false(str_is(s->tables[i].name, of_people[p])
                    && (str_is(name, "score") || str_is(name, "count") || str_is(name, "total")
                        || str_is(name, "n")));
        }
    arena_free(&a);
}

/* What is due ------------------------------------------------------------------------------- */

static void what_is_due_goes_and_the_proofs_stay(void **state)
{
    struct town *t = *state;
    struct matter m = settled(t);
    days_later(t, 1094);
    assert_int_equal(night_in(t), 0);
    days_later(t, 2);
    assert_int_equal(night_in(t), 3);
    assert_int_equal(night_in(t), 0);
    assert_int_equal(NUMBER_OF(t, &m, "SELECT count(*) FROM person WHERE area = $1 AND (data_key"
        " IS NOT NULL OR name IS NOT NULL OR phone IS NOT NULL OR erased_ms IS NULL OR $2 < 0)"), 0);
    assert_int_equal(NUMBER_OF(t, &m, "SELECT count(*) FROM note WHERE area = $1 AND matter = $2"), 0);
    assert_int_equal(NUMBER_OF(t, &m, "SELECT count(*) FROM reporter WHERE area = $1 AND matter = $2"
        " AND rating <> ''"), 0);
    assert_int_equal(NUMBER_OF(t, &m, "SELECT count(*) FROM matter WHERE area = $1 AND id = $2"
        " AND text = '' AND place_text = '' AND erased = 7"), 1);
    assert_int_equal(audited(t, AUDIT_FAULT_COUNT), 0);
    struct chain_run c = { .no = 0 };
    assert_int_equal(deletions_check(t->db, &c), OK);
    assert_true(c.lines == 3 && c.bad_no == 0);
    assert_int_equal(town_count(t, "SELECT count(*) FROM deletion"), 3);
    assert_int_equal(town_count(t, "SELECT things FROM deletion WHERE what = 'contact'"), 1);
    assert_int_equal(town_count(t, "SELECT things FROM deletion WHERE what = 'words'"), 7);
}

static void what_somebody_takes_away_themselves_is_found(void **state)
{
    static const struct sql steal = { "test.steal", "DELETE FROM note WHERE area = $1 AND matter = $2",
        SQL_WRITE, false };
    static const struct sql back = { "test.back", "UPDATE matter SET text = '别的' WHERE area = $1"
        " AND id = $2", SQL_WRITE, false };
    static const struct sql moved = { "test.moved", "UPDATE matter SET lon = lon + 0.01 WHERE area = $1"
        " AND id = $2", SQL_WRITE, false };
    static const struct sql bits = { "test.bits", "UPDATE matter SET erased = 0 WHERE area = $1"
        " AND id = $2", SQL_WRITE, false };
    struct town *t = *state;
    struct matter stolen = settled(t), m = settled(t);
    assert_int_equal(db_exec(t->db, &steal, AT(t, &stolen), NULL), OK);
    assert_true(audited(t, AUDIT_TEXT_GONE) > 0);
    days_later(t, 1096);
    assert_int_equal(night_in(t), 6);
    assert_int_equal(audited(t, AUDIT_FAULT_COUNT), 0);
    assert_int_equal(db_exec(t->db, &back, AT(t, &m), NULL), OK);
    assert_int_equal(audited(t, AUDIT_TEXT), 1);
    assert_int_equal(db_exec(t->db, &moved, AT(t, &m), NULL), OK);
    assert_int_equal(audited(t, AUDIT_PLACE), 1);
    assert_int_equal(db_exec(t->db, &bits, AT(t, &m), NULL), OK);
    assert_int_equal(audited(t, AUDIT_FACTS), 1);
}

static void what_is_kept_for_a_proceeding_stays(void **state)
{
    struct town *t = *state;
    struct matter m = settled(t), other = settled(t);
    assert_int_equal(step(t, SUPERVISOR, &m, "hold"), OK);
    assert_int_equal(step(t, SUPERVISOR, &m, "hold"), E_STEP);
    days_later(t, 1096);
    assert_int_equal(night_in(t), 3);
    assert_int_equal(NUMBER_OF(t, &m, "SELECT erased FROM matter WHERE area = $1 AND id = $2"), 0);
    assert_int_equal(NUMBER_OF(t, &other, "SELECT erased FROM matter WHERE area = $1 AND id = $2"), 7);
    struct step_args a = step_args_for("erase");
    a.reason = STR("words");
    assert_int_equal(step_as(t, town_system(t), &m, &a), E_STEP);
    struct cx cx = town_system(t);
    assert_int_equal(matter_by_id(&cx, other.area, other.id, &other), OK);
    assert_int_equal(step(t, SUPERVISOR, &other, "hold"), E_STEP);
    assert_int_equal(step(t, SUPERVISOR, &m, "release_hold"), OK);
    assert_int_equal(audited(t, AUDIT_FAULT_COUNT), 0);
    assert_int_equal(night_in(t), 3);
    assert_int_equal(audited(t, AUDIT_FAULT_COUNT), 0);
}

/* Rounding alone would be for show: the first entry's digest of the place gives the exact point to
 * whoever tries those around, as long as the salt is there. */
static void the_exact_point_cannot_be_tried_out(void **state)
{
    struct town *t = *state;
    struct matter m = settled(t), now;
    days_later(t, 1096);
    assert_int_equal(night_in(t), 3);
    struct cx cx = town_system(t);
    assert_int_equal(matter_by_id(&cx, m.area, m.id, &now), OK);
    assert_false(str_eq(now.salt, m.salt));
    assert_int_equal(audited(t, AUDIT_FAULT_COUNT), 0);
    assert_true(fabs(now.lon - m.lon) < 0.0001);
    assert_true(erase_round(120.123456) == 120.1235);
}

static void nobody_but_the_system_erases(void **state)
{
    struct town *t = *state;
    struct matter m = settled(t);
    struct step_args a = step_args_for("erase");
    a.reason = STR("words");
    for (int who = 0; who < TOWN_PEOPLE_COUNT; who++)
        assert_int_equal(step_as(t, town_staff(t, (enum town_person)who), &m, &a), E_DENIED);
    a.reason = STR("file");
    assert_int_equal(step_as(t, town_system(t), &m, &a), E_INPUT);
}

static void terms_are_the_deployers(void **state)
{
    struct town *t = *state;
    struct faults f = faults_in(&t->a);
    int64_t version;
    assert_int_equal(edition_check(t->cat, &t->a, STR("keeping"), STR("what,days\nwords,30\n"), &f), 1);
    assert_int_equal(f.total, 1);
    assert_string_equal(f.at[0].field, "days");
    f = faults_in(&t->a);
    (void)edition_check(t->cat, &t->a, STR("keeping"), STR("what,days\nphotos,200\nwords,\n"), &f);
    assert_int_equal(f.total, 0);
    assert_int_equal(edition_store(t->db, STR("keeping"), STR("what,days\nphotos,200\nwords,\n"), 0,
        t->now_ms, 0, &version), OK);
    struct keepings k = usual(t);
    assert_int_equal(k.version, 1);
    assert_int_equal(k.days[KEEP_PHOTOS], 200);
    assert_int_equal(k.days[KEEP_WORDS], I64_NONE);
    assert_int_equal(k.days[KEEP_CONTACT], 1095);
    struct matter m = settled(t);
    days_later(t, 2000);
    assert_int_equal(night_in(t), 2);
    assert_int_equal(NUMBER_OF(t, &m, "SELECT erased FROM matter WHERE area = $1 AND id = $2"), 5);
}

static void a_night_comes_once_a_day(void **state)
{
    struct town *t = *state;
    bool due = false, mine = true;
    struct cx cx = town_system(t);
    assert_int_equal(night_is_due(t->db, t->now_ms, &due), OK);
    assert_true(due);
    assert_int_equal(night_begin(&cx, &mine), OK);
    assert_false(mine);                     /* the first day is there to set terms */
    assert_int_equal(night_is_due(t->db, t->now_ms, &due), OK);
    assert_false(due);
    days_later(t, 1);
    assert_int_equal(night_is_due(t->db, t->now_ms, &due), OK);
    assert_false(due);                      /* half past nine */
    t->now_ms += 17 * (int64_t)CLOCK_DAY_MS / 24;
    assert_int_equal(night_is_due(t->db, t->now_ms, &due), OK);
    assert_true(due);                       /* half past two */
    cx = town_system(t);
    assert_int_equal(night_begin(&cx, &mine), OK);
    assert_true(mine);
    assert_int_equal(night_begin(&cx, &mine), OK);
    assert_false(mine);                     /* another server was first */
    days_later(t, 2);
    assert_int_equal(night_is_due(t->db, t->now_ms, &due), OK);
    assert_true(due);
}

/* Words are no longer found, and the number is. */
static int64_t documents(struct db *file, const char *word)
{
    static const struct sql q = { "test.match", "SELECT count(*) FROM body b JOIN slot s"
        " ON s.slot = b.rowid / 4096 AND s.area <> 0 WHERE body MATCH $1", SQL_READ, true };
    int64_t n = -1;
    assert_int_equal(db_number(file, &q, ARGS(S(str_c(word))), &n), OK);
    return n;
}

static void feed_all(struct town *t, struct db *file)
{
    assert_int_equal(log_catch_up(t->db, &t->keys, t->now_ms), OK);
    for (bool more = true; more;)
        assert_int_equal(index_advance(file, t->db, &more), OK);
}

static void erased_words_are_not_found(void **state)
{
    struct town *t = *state;
    struct db *file;
    int64_t traces = -1;
    (void)settled(t);
    assert_int_equal(db_open(":memory:", DB_SEARCH, &file), OK);
    assert_int_equal(index_open(file, t->db), OK);
    feed_all(t, file);
    assert_true(documents(file, "\"路 灯\"") > 0 || documents(file, "路灯") > 0);
    days_later(t, 1096);
    assert_int_equal(night_in(t), 3);
    feed_all(t, file);
    assert_int_equal(documents(file, "\"路 灯\"") + documents(file, "路灯"), 0);
    assert_int_equal(documents(file, "320508"), 1);
    assert_int_equal(index_traces(file, &traces), OK);
    assert_int_equal(traces, 1);
    assert_int_equal(index_clear(file), OK);
    feed_all(t, file);
    assert_int_equal(index_traces(file, &traces), OK);
    assert_int_equal(documents(file, "320508"), 1);
    db_close(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_has_class_purpose_and_term),
        cmocka_unit_test(no_column_counts_a_person),
        cmocka_unit_test_setup_teardown(what_is_due_goes_and_the_proofs_stay, setup, teardown),
        cmocka_unit_test_setup_teardown(what_somebody_takes_away_themselves_is_found, setup,
            teardown),
        cmocka_unit_test_setup_teardown(what_is_kept_for_a_proceeding_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(the_exact_point_cannot_be_tried_out, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_but_the_system_erases, setup, teardown),
        cmocka_unit_test_setup_teardown(terms_are_the_deployers, setup, teardown),
        cmocka_unit_test_setup_teardown(a_night_comes_once_a_day, setup, teardown),
        cmocka_unit_test_setup_teardown(erased_words_are_not_found, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
