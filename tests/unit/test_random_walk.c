/* test_random_walk.c: matters led through their life by people who do whatever comes to mind,
 * through the program's own calls. Before each try the reference says, from docs/access.md and from
 * what is stored, whether it will be taken or how it will be refused; the program does the same.
 * Where the document allows and the program refuses, the reason is one of the limits that count.
 * WALKS=5000 is the long form. */
#include "town_life.h"
#include "town_policy.h"
#include "job/timer.h"
#include <stdio.h>

enum { TRIES = 60, WALKS_USUAL = 200, WALKS_IN_TOWN = 200, REPORTERS_TRY = TOWN_PEOPLE_COUNT };
struct walks {
    struct town t;
    struct arena own;
    const struct policy *policy;
    struct rand rand;
    int64_t area, matter, other;
    struct str number, number2;
    int tried, taken, refused, limited, unfit;
    bool reached[STATE_COUNT];
};

/* The limits that count, by the beginnings of what is said of them. */
static const char *const limits[] = { "It was handed on three times", "Somebody is named to decide",
    "It has been extended twice", "It was returned once", "It was accepted before",
    "It is already on the supervision list", "Others reported the same", "Staff found the same",
    "A reopened matter", "You can remind us once", "An objection can be made once",
    "The time for objecting", "It was reopened three times", "It closed over 90 days",
    "Its grid is in force", "You can rate it once", "There are very many", "Nobody reported" };

static struct matter stored(struct walks *w)
{
    struct cx cx = town_system(&w->t);
    struct matter m;
    assert_int_equal(matter_by_id(&cx, w->area, w->matter, &m), OK);
    return m;
}

/* Tries -------------------------------------------------------------------------------------- */

static bool wants(struct walks *w, const char *needs, const char *word)
{
    char optional[40];
    (void)snprintf(optional, sizeof(optional), "%s?", word);
    return str_has_word(str_c(needs), str_c(word))
        || (str_has_word(str_c(needs), str_c(optional)) && rand_below(&w->rand, 2));
}

static struct str body_of(struct walks *w, const struct step *s, bool to_reporter)
{
    static const int units[] = { UNIT_A1, UNIT_TOWN_A, UNIT_COUNTY, UNIT_LAMPS, UNIT_FIRE };
    struct buf b = buf_in(&w->t.a, 4000);
    struct { const char *word; struct str json; } values[] = {
        { "note", STR("\"情况已核实\"") }, { "reply", STR("\"已经处理好了\"") },
        { "text", STR("\"补充一句话\"") }, { "days", STR("3") }, { "score", STR("4") },
        { "category", STR("\"99\"") }, { "grid", STR("\"320508001002001\"") },
        { "units", STR("[{\"unit\":\"10\",\"task\":\"去看\"},{\"unit\":\"5\",\"task\":\"去看\"}]") },
        { "reason", strcmp(s->action, "ask_return") == 0 ? STR("\"not_duty\"")
            : STR("\"in_court\"") },
        { "unit", arena_fmt(&w->t.a, "\"%d\"", units[rand_below(&w->rand, COUNT_OF(units))]) },
        { "person", arena_fmt(&w->t.a, "\"%d\"", 100 + (int)rand_below(&w->rand, 24)) },
        { "number2", arena_fmt(&w->t.a, "\"%.*s\"", STR_FMT(w->number2)) },
    };
    buf_add(&b, to_reporter ? STR("{") : arena_fmt(&w->t.a, "{\"action\":\"%s\"", s->action));
    for (size_t i = 0; i < COUNT_OF(values); i++)
        if (wants(w, s->needs, values[i].word))
            buf_fmt(&b, "%s\"%s\":%.*s", b.n > 1 ? "," : "", values[i].word,
                STR_FMT(values[i].json));
    buf_add(&b, STR("}"));
    buf_byte(&b, '\0');
    return (struct str){ b.p, b.n - 1 };
}

static bool is_limit(const struct command *c)
{
    for (size_t i = 0; i < COUNT_OF(limits); i++)
        if (strncmp(c->cx.info.en, limits[i], strlen(limits[i])) == 0)
            return true;
    return false;
}

static enum err answer_to(enum policy_says says)
{
    return says == SAYS_DENIED ? E_DENIED : says == SAYS_MISSING ? E_MISSING
        : says == SAYS_STEP ? E_STEP : OK;
}

/* Somebody and a step: anybody and any; in half of all tries rather one that may be taken, so that
 * walks get somewhere. */
struct attempt { int who; const struct step *step; enum policy_says says; };

static struct attempt drawn(struct walks *w, const struct matter *m)
{
    struct attempt a = { .step = NULL };
    int draws = rand_below(&w->rand, 2) ? 40 : 1;
    for (int i = 0; a.step == NULL || (i < draws && a.says != SAYS_YES); i++) {
        const struct step *s = &life_table.steps[rand_below(&w->rand, (uint32_t)life_table.n)];
        bool by_code = s->who == REL_REPORTER;
        if (s->who == REL_SYSTEM || (by_code && rand_below(&w->rand, 4)))
            continue;
        a = (struct attempt){ by_code ? REPORTERS_TRY
            : (int)rand_below(&w->rand, TOWN_PEOPLE_COUNT), s, SAYS_YES };
        struct policy_case is = by_code ? town_case_of_reporter(m)
            : town_case(&w->t, (enum town_person)a.who, m);
        a.says = policy_of_call(w->policy, by_code ? STR("receipt_act") : STR("step"), is.who);
        if (a.says == SAYS_YES)
            a.says = policy_of_step(w->policy, str_c(s->action), &is);
    }
    return a;
}

static void compared(struct walks *w, const struct attempt *a, const struct command *c, enum err e)
{
    bool allowed = a->says == SAYS_YES;
    w->tried++;
    w->taken += allowed && e == OK;
    w->limited += allowed && e == E_STEP;
    w->unfit += allowed && e == E_INPUT;
    w->refused += !allowed;
    if (allowed ? e == OK || e == E_INPUT || (e == E_STEP && is_limit(c)) : e == answer_to(a->says))
        return;
    fail_msg("%s by %s in %.*s: the document says %s, the program %s %s", a->step->action,
        a->who == REPORTERS_TRY ? "REPORTER" : town_person_name((enum town_person)a->who),
        STR_FMT(stored(w).state), policy_says_words[a->says], err_code(e), c->cx.info.en);
}

static void tried(struct walks *w)
{
    struct matter m = stored(w);
    struct attempt a = drawn(w, &m);
    bool by_code = a.who == REPORTERS_TRY;
    struct cx cx = by_code ? town_reporter(&w->t, w->area, w->matter, 1)
        : town_staff(&w->t, (enum town_person)a.who);
    cx.actor.code.matter = by_code ? w->matter : 0;
    cx.actor.code.no = by_code ? 1 : 0;
    struct command c;
    struct str path = by_code ? arena_fmt(&w->t.a, "/api/receipt/%s", a.step->action)
        : arena_fmt(&w->t.a, "/api/matters/%.*s/step", STR_FMT(w->number));
    enum err e = town_command(&c, cx, path.p, body_of(w, a.step, by_code).p);
    compared(w, &a, &c, e);
    if (e != OK)
        assert_int_equal(stored(w).seq, m.seq);
}

static void time_passes(struct walks *w)
{
    size_t done = 0;
    w->t.now_ms += rand_below(&w->rand, 8) ? 60000
        : (int64_t)rand_below(&w->rand, 4) * CLOCK_DAY_MS;
    if (rand_below(&w->rand, 12))
        return;
    struct cx cx = town_system(&w->t);
    assert_int_equal(db_begin(w->t.db), OK);
    assert_int_equal(timer_round(&cx, 50, &done), OK);
    assert_int_equal(db_commit(w->t.db), OK);
}

static void walk(struct walks *w)
{
    static const char *const categories[] = { "02", "03", "99" };
    struct matter two = report(&w->t, "02");
    struct matter m = report(&w->t, categories[rand_below(&w->rand, COUNT_OF(categories))]);
    w->area = m.area;
    w->matter = m.id;
    w->number = arena_str(&w->own, m.number);
    w->number2 = arena_str(&w->own, two.number);
    for (int i = 0; i < TRIES && !str_is(stored(w).state, "merged"); i++) {
        tried(w);
        w->reached[state_by_word(stored(w).state)] = true;
        time_passes(w);
        town_forget(&w->t);
    }
}

/* The long form takes several towns, for to check one takes longer the more there is in it. */
static void town_anew(struct walks *w)
{
    assert_null(town_check(&w->t));
    town_close(&w->t);
    town_open(&w->t, 5, NULL);
}

static void the_program_takes_and_refuses_as_the_reference_does(void **state)
{
    struct walks *w = *state;
    const char *text = getenv("WALKS");
    int64_t walks = WALKS_USUAL, start_ms = w->t.now_ms;
    assert_true(text == NULL || str_to_i64(str_c(text), &walks));
    for (int64_t i = 0; i < walks; i++) {
        if (i % WALKS_IN_TOWN == WALKS_IN_TOWN - 1)
            town_anew(w);
        w->t.now_ms = start_ms;
        walk(w);
    }
    print_message("# %lld walks, %d tries: %d taken, %d refused alike, %d stopped by a limit,"
        " %d with a value that does not fit\n", (long long)walks, w->tried, w->taken, w->refused, w->limited,
        w->unfit);
    for (size_t i = 0; i < STATE_COUNT; i++)
        if (i <= ST_WITHDRAWN && !w->reached[i])
            fail_msg("no walk came to %s", state_table[i].word);
    assert_true(w->taken > w->tried / 8 && w->limited + w->unfit < w->taken);
    assert_null(town_check(&w->t));
}

static int walks_begin(void **state)
{
    struct walks *w = heap_alloc(sizeof(*w));
    memset(w, 0, sizeof(*w));
    town_open(&w->t, 5, NULL);
    arena_init(&w->own, 64 << 20);
    w->policy = policy_of_document(&w->own);
    w->rand = rand_seeded(20260307);
    *state = w;
    return 0;
}

static int walks_end(void **state)
{
    struct walks *w = *state;
    town_close(&w->t);
    arena_free(&w->own);
    heap_free(w);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_program_takes_and_refuses_as_the_reference_does),
    };
    return cmocka_run_group_tests(tests, walks_begin, walks_end);
}
