/* test_subsidy.c: what is paid for disputes: by the rules that were valid the day each was closed,
 * in the order of the book, and with the reason beside each that is not paid. */
#include "town_dispute.h"
#include "catalogue/edition.h"
#include <jansson.h>

#define HEAD "code,name_en,level,class,form,outcome,performed,amount_fen,basis,basis_en\n"
#define ASK "/api/statistics/subsidies?from_ms=1&to_ms=157000000000"
#define ONE_ORAL "{\"action\":\"agree_oral\",\"text\":\"握手言和\"}"
#define CALL "{\"action\":\"call_back\",\"reply\":\"双方满意，已经和好\"}"

static json_t *asked(struct fixture *f, enum town_person who)
{
    struct buf out;
    char path[120];
    (void)snprintf(path, sizeof(path), "/api/statistics/subsidies?from_ms=%lld&to_ms=%lld",
        (long long)f->t.now_ms - 300 * (int64_t)CLOCK_DAY_MS,
        (long long)f->t.now_ms + 60 * (int64_t)CLOCK_DAY_MS);
    assert_int_equal(say(town_staff(&f->t, who), path, NULL, &out), OK);
    json_t *root = json_loadb(out.p, out.n, 0, NULL);
    assert_non_null(root);
    return root;
}

static void rules(struct fixture *f, const char *csv, int64_t from_ms)
{
    int64_t version;
    struct faults faults = faults_in(&f->t.a);
    assert_true(edition_check(f->t.cat, &f->t.a, STR("subsidy"), str_c(csv), &faults) > 0);
    assert_int_equal(faults.total, 0);
    assert_int_equal(db_begin(f->t.db), OK);
    assert_int_equal(edition_store(f->t.db, STR("subsidy"), str_c(csv), from_ms, f->t.now_ms, 0,
        &version), OK);
    assert_int_equal(db_commit(f->t.db), OK);
}

static void registered(struct fixture *f)
{
    struct buf out;
    assert_int_equal(say(town_staff(&f->t, DIRECTOR), "/api/committees/12/people",
        "{\"account\":\"103\",\"name\":\"王\",\"kind\":\"full_time\",\"since_ms\":1000,"
        "\"to_ms\":3900000000000}", &out), OK);
}

static void settled(struct fixture *f)
{
    static const char *const steps[] = { CONSENT_1, CONSENT_2, TELL_1, TELL_2, ACCEPT,
        "{\"action\":\"name_mediator\",\"mediator\":\"103\",\"how\":\"parties\"}", ONE_ORAL };
    begin(f);
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        assert_int_equal(mediator(f, steps[i]), OK);
}

/* As filing a complete dossier leaves it. */
static void filed(struct fixture *f)
{
    struct cx cx = town_staff(&f->t, MEDIATOR);
    struct entry_make e = { .action = "archived", .unit = UNIT_MEDIATION,
        .from = state_by_word(f->m.state) };
    int64_t seq = f->m.seq;
    assert_int_equal(db_begin(f->t.db), OK);
    assert_int_equal(matter_append(&cx, &f->m, &e), OK);
    assert_int_equal(matter_update(&cx, &f->m, seq), OK);
    assert_int_equal(db_commit(f->t.db), OK);
}

static json_t *item(json_t *root, size_t i)
{
    return json_array_get(json_object_get(root, "items"), i);
}

static bool says(json_t *root, size_t i, const char *code)
{
    json_t *why = json_object_get(item(root, i), "why"), *row;
    size_t k;
    json_array_foreach(why, k, row)
        if (strcmp(json_string_value(json_object_get(row, "code")), code) == 0)
            return true;
    return false;
}

static double paid(json_t *root, size_t i)
{
    return json_number_value(json_object_get(item(root, i), "amount"));
}

static void what_is_not_paid_says_why(void **state)
{
    struct fixture *f = *state;
    settled(f);
    json_t *root = asked(f, DIRECTOR);
    static const char *const all[] = { "no_call_back", "archive", "no_rules", "no_mediator" };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        assert_true(says(root, 0, all[i]));
    assert_true(paid(root, 0) == 0);
    json_decref(root);
    registered(f);
    rules(f, HEAD "疑难,,,hard,,agreed,,500,,\n", 1000);
    assert_int_equal(mediator(f, CALL), OK);
    root = asked(f, DIRECTOR);
    assert_true(says(root, 0, "no_rule") && says(root, 0, "archive"));
    assert_false(says(root, 0, "no_call_back") || says(root, 0, "no_mediator"));
    json_decref(root);
    rules(f, HEAD "口头,,community,,oral,agreed,true,3001,,\n", 1000);
    filed(f);
    root = asked(f, DIRECTOR);
    assert_int_equal(json_array_size(json_object_get(item(root, 0), "why")), 0);
    assert_true(paid(root, 0) == 30.01);
    assert_int_equal(json_integer_value(json_object_get(item(root, 0), "version")), 2);
    json_decref(root);
}

/* Paid once: its committee keeps it in its book, and whoever ends it is paid for. */
static void what_was_handed_up_is_paid_above(void **state)
{
    struct fixture *f = *state;
    static const char *const steps[] = { CONSENT_1, CONSENT_2, TELL_1, TELL_2, ACCEPT,
        "{\"action\":\"name_mediator\",\"mediator\":\"103\",\"how\":\"parties\"}", AGREE_SOON };
    registered(f);
    rules(f, HEAD "口头,,,,oral,agreed,,3000,,\n", 1000);
    begin(f);
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        assert_int_equal(mediator(f, steps[i]), OK);
    f->t.now_ms += 30 * (int64_t)CLOCK_DAY_MS;
    assert_int_equal(mediator(f, "{\"action\":\"broken\",\"promise\":1,\"note\":\"没有搬\"}"), OK);
    assert_int_equal(mediator(f, "{\"action\":\"mediate_again\",\"note\":\"再谈\"}"), OK);
    assert_int_equal(mediator(f, "{\"action\":\"escalate\",\"note\":\"疑难\"}"), OK);
    json_t *root = asked(f, DIRECTOR);
    assert_int_equal(json_array_size(json_object_get(root, "items")), 1);
    assert_string_equal(json_string_value(json_object_get(item(root, 0), "outcome_name")),
        "达成协议，再次调解，已提交上级");
    assert_string_equal(json_string_value(json_object_get(item(root, 0), "docket")),
        "（2026）东一社区调委会人调字第1号");
    assert_true(says(root, 0, "handed_up"));
    assert_int_equal(json_array_size(json_object_get(item(root, 0), "why")), 1);
    assert_true(paid(root, 0) == 0);
    json_decref(root);
}

/* Rules of tomorrow do not change what was closed today; of one day the newer ones count. */
static void rules_count_by_the_day_it_was_closed(void **state)
{
    struct fixture *f = *state;
    registered(f);
    rules(f, HEAD "口头,,,,oral,agreed,true,3000,,\n", 1000);
    rules(f, HEAD "口头,,,,oral,agreed,true,9000,,\n", f->t.now_ms + 5 * (int64_t)CLOCK_DAY_MS);
    for (int i = 0; i < 2; i++) {
        settled(f);
        assert_int_equal(mediator(f, CALL), OK);
        filed(f);
        f->t.now_ms += 10 * (int64_t)CLOCK_DAY_MS;
    }
    json_t *root = asked(f, DIRECTOR);
    assert_true(paid(root, 0) == 30 && paid(root, 1) == 90);
    assert_true(json_number_value(json_object_get(root, "amount")) == 120);
    assert_int_equal(json_integer_value(json_object_get(root, "paid")), 2);
    json_decref(root);
}

/* The tenth comes behind the second, whatever letters say, and whenever it was registered. */
static void they_stand_in_the_order_of_the_book(void **state)
{
    enum { CASES = 11 };
    struct fixture *f = *state;
    char docket[80];
    for (int i = 0; i < CASES; i++)
        settled(f);
    json_t *root = asked(f, DIRECTOR);
    assert_int_equal(json_array_size(json_object_get(root, "items")), CASES);
    for (size_t i = 0; i < CASES; i++) {
        (void)snprintf(docket, sizeof(docket), "（2026）东一社区调委会人调字第%zu号", i + 1);
        assert_string_equal(json_string_value(json_object_get(item(root, i), "docket")), docket);
    }
    json_decref(root);
}

static void only_the_chair_pays_out(void **state)
{
    struct fixture *f = *state;
    static const enum town_person others[] = { MEDIATOR, MEDIATOR_TOWN, MEDIATOR_COUNTY, CLERK,
        CHIEF, SUPERVISOR, DISPATCHER, ADMIN, AUDITOR };
    struct buf out;
    settled(f);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        assert_int_equal(say(town_staff(&f->t, others[i]), ASK, NULL, &out), E_DENIED);
    assert_int_equal(say(town_staff(&f->t, DIRECTOR), ASK, NULL, &out), OK);
}

static void tables_with_faults_are_refused_row_by_row(void **state)
{
    struct fixture *f = *state;
    static const char *const wrong[] = { "a,,village,,,agreed,,1,,\n", "a,,,easy,,agreed,,1,,\n",
        "a,,,,spoken,agreed,,1,,\n", "a,,,,,won,,1,,\n", "a,,,,,agreed,yes,1,,\n",
        "a,,,,,agreed,,-1,,\n", "a,,,,,agreed,,1,,\na,,,,,failed,,1,,\n",
        "a,,,,,agreed,,1,,\nb,,town,hard,,agreed,true,1,,\n" };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct faults faults = faults_in(&f->t.a);
        struct str csv = arena_fmt(&f->t.a, "%s%s", HEAD, wrong[i]);
        (void)edition_check(f->t.cat, &f->t.a, STR("subsidy"), csv, &faults);
        assert_int_equal(faults.total, 1);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_is_not_paid_says_why),
        T(what_was_handed_up_is_paid_above),
        T(rules_count_by_the_day_it_was_closed),
        T(they_stand_in_the_order_of_the_book),
        T(only_the_chair_pays_out),
        T(tables_with_faults_are_refused_row_by_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
