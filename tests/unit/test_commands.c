/* test_commands.c: commands as the server takes them: found by their address, decoded, authorised,
 * run once however often they are sent. */
#include "town.h"
#include "job/timer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static int setup(void **state)
{
    struct town *t = heap_alloc(sizeof(*t));
    town_open(t, 11, NULL);
    *state = t;
    return 0;
}

static int teardown(void **state)
{
    struct town *t = *state;
    const char *broken = town_check(t);
    if (broken)
        print_error("%s\n", broken);
    town_close(t);
    heap_free(t);
    return broken ? -1 : 0;
}

static enum err send(struct town *t, struct cx cx, const char *key, const char *path,
    const char *json, struct command *c)
{
    (void)t;
    cx.key = key ? str_c(key) : STR_NONE;
    return town_command(c, cx, path, json);
}

#define REPORT_LAMP "{\"text\":\"路灯不亮\",\"lon\":120.005,\"lat\":31.005,\"category\":\"02\"}"

static struct str number_of_report(struct town *t, const char *key)
{
    struct command c;
    assert_int_equal(send(t, town_public(t), key, "/api/reports", REPORT_LAMP, &c), OK);
    return town_member(t, &c.out, "number");
}

static void a_report_sent_again_is_the_same_report(void **state)
{
    struct town *t = *state;
    struct command a, b;
    assert_int_equal(send(t, town_public(t), "key-0000000000000001", "/api/reports", REPORT_LAMP,
        &a), OK);
    t->now_ms += 5000;
    assert_int_equal(send(t, town_public(t), "key-0000000000000001", "/api/reports", REPORT_LAMP,
        &b), OK);
    assert_true(str_eq(buf_str(&a.out), buf_str(&b.out)));
    assert_int_equal(town_count(t, "SELECT count(*) FROM matter"), 1);
    assert_int_equal(send(t, town_public(t), "key-0000000000000001", "/api/reports",
        "{\"text\":\"路灯又不亮\",\"lon\":120.005,\"lat\":31.005}", &b), E_KEY_REUSED);
    assert_int_equal(town_count(t, "SELECT count(*) FROM matter"), 1);
}

static void joining_again_is_joining_once(void **state)
{
    struct town *t = *state;
    struct command a, b;
    struct str number = number_of_report(t, NULL);
    struct str json = arena_fmt(&t->a, "{\"text\":\"我也是\",\"join\":\"%s\"}", number.p);
    for (int i = 0; i < 2; i++)
        assert_int_equal(send(t, town_public(t), "key-0000000000000002", "/api/reports", json.p,
            i ? &b : &a), OK);
    assert_true(str_eq(buf_str(&a.out), buf_str(&b.out)));
    assert_int_equal(town_count(t, "SELECT reporters FROM matter"), 2);
    assert_int_equal(send(t, town_public(t), NULL, "/api/reports",
        "{\"text\":\"我也是\",\"join\":\"320508-0000-0000\"}", &a), E_INPUT);
}

static void a_receipt_opens_its_matter_and_no_other(void **state)
{
    struct town *t = *state;
    struct command c;
    assert_int_equal(send(t, town_public(t), NULL, "/api/reports", REPORT_LAMP, &c), OK);
    struct str code = town_member(t, &c.out, "code");
    struct cx cx = town_public(t);
    assert_int_equal(access_by_code(&cx, code), OK);
    assert_int_equal(send(t, cx, NULL, "/api/receipt/message", "{\"text\":\"还在吗\"}", &c), OK);
    assert_string_equal(town_member(t, &c.out, "state").p, "assigned");
    cx = town_public(t);
    assert_int_equal(access_by_code(&cx, STR("000000-000000-000001")), E_INPUT);
    assert_int_equal(access_by_code(&cx, STR("000000-000000-000000")), E_MISSING);
    assert_int_equal(send(t, cx, NULL, "/api/receipt/message", "{\"text\":\"x\"}", &c), E_LOGIN);
}

/* The public view of the matter that the receipt in answer opens. */
static struct str seen_by(struct town *t, const struct buf *answer)
{
    struct command c = { .cx = town_public(t) };
    assert_int_equal(access_by_code(&c.cx, town_member(t, answer, "code")), OK);
    assert_int_equal(town_prepare(&c, "GET", "/api/receipt", STR_NONE), OK);
    assert_int_equal(command_read(&c), OK);
    return buf_str(&c.out);
}

static bool says(struct str text, const char *words)
{
    return str_find(text, str_c(words)) >= 0;
}

static void who_joins_reads_nothing_of_the_others(void **state)
{
    struct town *t = *state;
    struct command first, second, c;
    assert_int_equal(send(t, town_public(t), NULL, "/api/reports", "{\"text\":\"三楼王家在闹\","
        "\"category\":\"03\",\"place_text\":\"桥东街道302室\"}", &first), OK);
    struct str number = town_member(t, &first.out, "number");
    struct str join = arena_fmt(&t->a, "{\"text\":\"我家也吵\",\"join\":\"%s\"}", number.p);
    assert_int_equal(send(t, town_public(t), NULL, "/api/reports", join.p, &second), OK);
    struct cx cx = town_public(t);
    assert_int_equal(access_by_code(&cx, town_member(t, &first.out, "code")), OK);
    assert_int_equal(send(t, cx, NULL, "/api/receipt/message", "{\"text\":\"我住401\"}", &c), OK);
    struct str step = arena_fmt(&t->a, "/api/matters/%s/step", number.p);
    assert_int_equal(send(t, town_staff(t, DISPATCHER), NULL, step.p,
        "{\"action\":\"tell\",\"text\":\"今天上门\"}", &c), OK);
    struct str mine = seen_by(t, &first.out), theirs = seen_by(t, &second.out);
    assert_true(says(mine, "三楼王家在闹") && says(mine, "302室") && says(mine, "我住401"));
    assert_true(says(mine, "今天上门") && !says(mine, "我家也吵"));
    assert_true(says(theirs, "我家也吵") && says(theirs, "今天上门"));
    assert_true(!says(theirs, "三楼王家在闹") && !says(theirs, "302室") && !says(theirs, "我住401"));
}

static void a_number_opens_nothing_confidential(void **state)
{
    struct town *t = *state;
    struct command c;
    assert_int_equal(send(t, town_public(t), NULL, "/api/reports", "{\"text\":\"举报\","
        "\"category\":\"03\",\"place_text\":\"桥东街道\",\"confidential\":true}", &c), OK);
    struct str join = arena_fmt(&t->a, "{\"text\":\"我也是\",\"join\":\"%s\"}",
        town_member(t, &c.out, "number").p);
    assert_int_equal(send(t, town_public(t), NULL, "/api/reports", join.p, &c), E_INPUT);
    assert_string_equal(c.cx.info.field, "join");
}

/* The code leads on to the matter that it was merged into, and so does the key of a message. */
static void a_message_sent_again_after_a_merge_is_one_message(void **state)
{
    struct town *t = *state;
    struct command c;
    assert_int_equal(send(t, town_public(t), NULL, "/api/reports", REPORT_LAMP, &c), OK);
    struct str code = town_member(t, &c.out, "code"), number = town_member(t, &c.out, "number");
    struct str into = number_of_report(t, NULL);
    struct cx before = town_public(t), after;
    assert_int_equal(access_by_code(&before, code), OK);
    after = before;
    const char *key = "key-0000000000000006", *json = "{\"text\":\"还在吗\"}";
    assert_int_equal(send(t, before, key, "/api/receipt/message", json, &c), OK);
    struct str path = arena_fmt(&t->a, "/api/matters/%s/step", number.p);
    struct str merge = arena_fmt(&t->a, "{\"action\":\"merge\",\"number2\":\"%s\"}", into.p);
    assert_int_equal(send(t, town_staff(t, DISPATCHER), NULL, path.p, merge.p, &c), OK);
    assert_int_equal(send(t, after, key, "/api/receipt/message", json, &c), OK);
    assert_string_equal(town_member(t, &c.out, "number").p, into.p);
    assert_int_equal(town_count(t, "SELECT count(*) FROM note WHERE text = '还在吗'"), 1);
}

static void foreign_matters_are_missing_not_forbidden(void **state)
{
    struct town *t = *state;
    struct command c;
    struct str number = number_of_report(t, NULL);
    struct str path = arena_fmt(&t->a, "/api/matters/%s/step", number.p);
    assert_int_equal(send(t, town_staff(t, DISPATCHER_B), NULL, path.p, "{\"action\":\"take\"}",
        &c), E_MISSING);
    assert_int_equal(send(t, town_staff(t, WALL), NULL, path.p, "{\"action\":\"take\"}", &c),
        E_DENIED);
    assert_int_equal(send(t, town_staff(t, CLERK), NULL, path.p, "{\"action\":\"take\"}", &c), OK);
}

static void a_step_sent_again_is_taken_once(void **state)
{
    struct town *t = *state;
    struct command c;
    struct str number = number_of_report(t, NULL);
    struct str path = arena_fmt(&t->a, "/api/matters/%s/step", number.p);
    const char *json = "{\"action\":\"supervise\",\"note\":\"快办\"}";
    for (int i = 0; i < 2; i++) {
        assert_int_equal(send(t, town_staff(t, DISPATCHER), "key-0000000000000003", path.p, json,
            &c), OK);
        assert_int_equal(town_count(t, "SELECT supervised FROM matter"), 1);
    }
    assert_int_equal(send(t, town_staff(t, SUPERVISOR), "key-0000000000000003", path.p, json, &c),
        OK);
    assert_int_equal(town_count(t, "SELECT supervised FROM matter"), 2);
}

static void a_bulk_sent_again_does_nothing_twice(void **state)
{
    struct town *t = *state;
    struct command c;
    struct str a = number_of_report(t, NULL), b = number_of_report(t, NULL);
    struct str json = arena_fmt(&t->a, "{\"numbers\":[\"%s\",\"%s\",\"%s\",\"320508-0000-0000\"],"
        "\"action\":\"supervise\",\"note\":\"快办\"}", a.p, b.p, a.p);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(send(t, town_staff(t, DISPATCHER), "key-0000000000000004",
            "/api/matters/bulk", json.p, &c), OK);
        assert_int_equal(town_count(t, "SELECT CAST(sum(supervised) AS BIGINT) FROM matter"), 2);
        struct str out = buf_str(&c.out);
        assert_true(str_find(out, STR("\"ok\":false,\"code\":\"missing\"")) > 0);
    }
    json = arena_fmt(&t->a, "{\"numbers\":[\"%s\"],\"action\":\"supervise\",\"note\":\"真的\"}",
        a.p);
    assert_int_equal(send(t, town_staff(t, DISPATCHER), "key-0000000000000004",
        "/api/matters/bulk", json.p, &c), OK);
    assert_true(str_find(buf_str(&c.out), STR("key_reused")) > 0);
}

#define FOUND(category, solved) "{\"text\":\"楼道有杂物\",\"lon\":120.005,\"lat\":31.005," \
    "\"origin\":\"patrol\",\"category\":\"" category "\"" solved "}"

/* In another township, by a worker of COMMUNITY_A1. */
#define FOUND_ELSEWHERE "{\"text\":\"楼道有杂物\",\"lon\":120.075,\"lat\":31.005," \
    "\"origin\":\"patrol\",\"category\":\"02\",\"solved\":true,\"reply\":\"已经清走了\"}"

static void found_and_settled_is_one_entry(void **state)
{
    static const char *const found[] = {
        FOUND("02", ",\"solved\":true,\"reply\":\"已经清走了\""),
        FOUND("03", ",\"solved\":true,\"reply\":\"已经清走了\""),
        FOUND("99", ",\"solved\":true,\"reply\":\"已经清走了\""),
    };
    struct town *t = *state;
    struct command c;
    for (size_t i = 0; i < COUNT_OF(found); i++)
        assert_int_equal(send(t, town_staff(t, WORKER), NULL, "/api/matters", found[i], &c), OK);
    assert_int_equal(town_count(t, "SELECT count(*) FROM matter WHERE state = 'answered'"
        " AND owner_unit = 5 AND reporters = 0"), 3);
    assert_int_equal(send(t, town_staff(t, SUPERVISOR), NULL, "/api/matters", found[0], &c), E_INPUT);
    assert_string_equal(c.cx.info.field, "solved");
    assert_int_equal(send(t, town_staff(t, WORKER), NULL, "/api/matters", FOUND_ELSEWHERE, &c),
        E_INPUT);
    assert_string_equal(c.cx.info.field, "solved");
    assert_int_equal(town_count(t, "SELECT count(*) FROM matter"), 3);
}

static void who_enters_a_report_can_follow_it(void **state)
{
    struct town *t = *state;
    struct command c;
    assert_int_equal(send(t, town_staff(t, FIREMAN), "key-0000000000000005", "/api/matters",
        "{\"text\":\"吵架\",\"lon\":120.005,\"lat\":31.005,\"origin\":\"phone\",\"name\":\"王先生\","
        "\"phone\":\"19900000000\",\"category\":\"03\"}", &c), OK);
    struct str number = town_member(t, &c.out, "number");
    assert_true(town_member(t, &c.out, "code").n > 0);
    struct cx cx = town_staff(t, FIREMAN);
    struct matter m;
    assert_int_equal(matter_by_number(&cx, number, &m), OK);
    assert_int_equal(matter_visible(&cx, &m), OK);
    assert_int_equal(m.owner_unit, UNIT_TOWN_A);
}

static void reading_contact_details_is_recorded(void **state)
{
    struct town *t = *state;
    struct command c;
    assert_int_equal(send(t, town_public(t), NULL, "/api/reports", "{\"text\":\"路灯不亮\","
        "\"lon\":120.005,\"lat\":31.005,\"category\":\"02\",\"name\":\"陆晓\","
        "\"phone\":\"19900000001\",\"confidential\":true}", &c), OK);
    struct str path = arena_fmt(&t->a, "/api/matters/%s/reveal",
        town_member(t, &c.out, "number").p);
    const char *json = "{\"reporter\":1,\"purpose\":\"约时间上门\"}";
    assert_int_equal(send(t, town_staff(t, CLERK), NULL, path.p, json, &c), E_DENIED);
    assert_int_equal(town_count(t, "SELECT count(*) FROM access_log"), 0);
    assert_int_equal(send(t, town_staff(t, DISPATCHER), NULL, path.p, json, &c), OK);
    assert_string_equal(town_member(t, &c.out, "phone").p, "19900000001");
    assert_int_equal(town_count(t, "SELECT count(*) FROM access_log WHERE account = 111"
        " AND purpose = '约时间上门'"), 1);
    assert_int_equal(send(t, town_staff(t, DISPATCHER), NULL, path.p,
        "{\"reporter\":2,\"purpose\":\"约时间上门\"}", &c), E_MISSING);
}

static void bad_input_names_the_field(void **state)
{
    static const struct { const char *json; enum err e; const char *field; } bad[] = {
        { "{\"text\":", E_SYNTAX, "" }, { "[]", E_SYNTAX, "" },
        { "{\"text\":\"路灯不亮\"}", E_INPUT, "place_text" },
        { "{\"text\":\"路灯不亮\",\"lon\":120.005}", E_INPUT, "lat" },
        { "{\"text\":\"路灯不亮\",\"lon\":10,\"lat\":10}", E_INPUT, "lon" },
        { "{\"text\":\"路灯不亮\",\"grid\":\"1\"}", E_INPUT, "grid" },
        { "{\"text\":\"  \",\"place_text\":\"桥东\"}", E_INPUT, "text" },
        { "{\"text\":\"路灯不亮\",\"place_text\":\"桥东\",\"phone\":\"ring\"}", E_INPUT, "phone" },
        { "{\"text\":\"路灯不亮\",\"place_text\":\"桥东\",\"category\":\"xx\"}", E_INPUT,
            "category" },
        { "{\"text\":\"路灯不亮\",\"place_text\":\"桥东\",\"rank\":1}", E_INPUT, "rank" },
        { "{\"text\":\"路灯不亮\",\"place_text\":\"桥东\",\"uploads\":[\"x\"]}", E_INPUT,
            "uploads" },
    };
    struct town *t = *state;
    struct command c;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(send(t, town_public(t), NULL, "/api/reports", bad[i].json, &c),
            bad[i].e);
        assert_string_equal(c.cx.info.field, bad[i].field);
    }
    assert_int_equal(town_count(t, "SELECT count(*) FROM matter"), 0);
}

SQL_WRITES(DAMAGE, "test.damage", "UPDATE matter SET seq = 0 WHERE number = $1");

/* On a town of its own, whose ledger is not sound afterwards. */
static void a_damaged_matter_does_not_hold_up_the_clock_of_others(void **state)
{
    struct town town, *t = &town;
    size_t done = 0;
    (void)state;
    town_open(t, 1, NULL);
    struct str damaged = number_of_report(t, NULL);
    (void)number_of_report(t, NULL);
    assert_int_equal(db_exec(t->db, &DAMAGE, ARGS(S(damaged)), NULL), OK);
    t->now_ms += 7 * (int64_t)CLOCK_DAY_MS;
    struct cx cx = town_system(t);
    assert_int_equal(db_begin(t->db), OK);
    assert_int_equal(timer_round(&cx, 10, &done), OK);
    assert_int_equal(db_commit(t->db), OK);
    assert_int_equal(done, 1);
    assert_int_equal(cx.n_events, 1);
    assert_int_equal(town_count(t, "SELECT CAST(sum(supervised) AS BIGINT) FROM matter"), 1);
    town_close(t);
}

#define COMMAND(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        COMMAND(a_report_sent_again_is_the_same_report), COMMAND(joining_again_is_joining_once),
        COMMAND(a_receipt_opens_its_matter_and_no_other),
        COMMAND(who_joins_reads_nothing_of_the_others),
        COMMAND(a_number_opens_nothing_confidential),
        COMMAND(a_message_sent_again_after_a_merge_is_one_message),
        COMMAND(foreign_matters_are_missing_not_forbidden),
        COMMAND(a_step_sent_again_is_taken_once), COMMAND(a_bulk_sent_again_does_nothing_twice),
        COMMAND(found_and_settled_is_one_entry), COMMAND(who_enters_a_report_can_follow_it),
        cmocka_unit_test(a_damaged_matter_does_not_hold_up_the_clock_of_others),
        COMMAND(reading_contact_details_is_recorded), COMMAND(bad_input_names_the_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
