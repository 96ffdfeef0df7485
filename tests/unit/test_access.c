/* test_access.c: the access matrix. docs/access.md says who may do what (policy.h reads it); the
 * program decides by its tables, its routes and matter_visible(). Here both decide on every
 * operation and every step, for every role, wherever its unit lies, whatever it has to do with the
 * matter, in every state and with every request: there is no difference, and nothing that the
 * program has is missing in the document. Real handlers are asked in test_calls.c. */
#include "matter/step.c"
#include "db/migrations.h"
#include "db/schema.h"
#include "mediation/mediation.h"
#include "policy.h"
#include "town.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

enum { UNIT_OTHER_CITY = 40, UNIT_GONE = 99, ME = 500, SOMEBODY = 600 };
/* Matters: one in which no unit was ever involved, and one in which all of them were. */
enum { UNKNOWN_TO_ALL = 1, KNOWN = 2 };

static const int64_t unit_at[WHERE_COUNT] = { [WHERE_own] = UNIT_A1, [WHERE_parent] = UNIT_TOWN_A,
    [WHERE_over] = UNIT_COUNTY, [WHERE_top] = UNIT_CITY, [WHERE_branch] = UNIT_LAMPS,
    [WHERE_child] = UNIT_A1, [WHERE_sibling] = UNIT_A2, [WHERE_neighbour] = UNIT_TOWN_B,
    [WHERE_elsewhere] = UNIT_OTHER_CITY, [WHERE_gone] = UNIT_GONE };

struct circumstance { const char *state; enum policy_request request; bool dispute; };
static const struct circumstance circumstances[] = {
    { "received", ASKS_NOTHING, false }, { "assigned", ASKS_NOTHING, false },
    { "assigned", ASKS_RETURN, false }, { "working", ASKS_NOTHING, false },
    { "working", ASKS_MORE, false }, { "working", ASKS_RETURN, false },
    { "deferred", ASKS_NOTHING, false }, { "answered", ASKS_NOTHING, false },
    { "verified", ASKS_NOTHING, false }, { "closed", ASKS_NOTHING, false },
    { "rejected", ASKS_NOTHING, false }, { "merged", ASKS_NOTHING, false },
    { "withdrawn", ASKS_NOTHING, false },
    { "registered", ASKS_NOTHING, true }, { "mediating", ASKS_NOTHING, true },
    { "signing", ASKS_NOTHING, true }, { "deferred", ASKS_NOTHING, true },
    { "performing", ASKS_NOTHING, true }, { "performed", ASKS_NOTHING, true },
    { "closed", ASKS_NOTHING, true }, { "ended", ASKS_NOTHING, true },
    { "rejected", ASKS_NOTHING, true },
};

struct matrix {
    struct town t;
    const struct policy *policy;
    struct arena own;
    struct cx cx;
    size_t cells, differences;
};

SQL_WRITES(PUT_INVOLVED, "test.involved",
    "INSERT INTO involved (area, matter, unit) VALUES ($1, $2, $3)");
SQL_WRITES(PUT_ELSEWHERE, "test.elsewhere", "INSERT INTO unit (id, code, name, name_en, kind, level,"
    " region, parent, desk, functions) VALUES ($1, 'far', '外市综治中心', 'far', 'x', 2,"
    " 320600000000, 0, 1, '')");

static int setup(void **state)
{
    struct matrix *x = heap_alloc(sizeof(*x));
    struct town *t = &x->t;
    struct err_info info = { .e = OK };
    struct catalogue *read;
    town_open(t, 11, NULL);
    arena_init(&x->own, 16 << 20);
    x->policy = policy_of_document(&x->own);
    assert_int_equal(db_exec(t->db, &PUT_ELSEWHERE, ARGS(I(UNIT_OTHER_CITY)), NULL), OK);
    for (size_t i = 0; i < WHERE_COUNT; i++)
        if (i != WHERE_child)       /* the same unit as own */
            assert_int_equal(db_exec(t->db, &PUT_INVOLVED, ARGS(I(AREA), I(KNOWN), I(unit_at[i])),
                NULL), OK);
    assert_int_equal(catalogue_load(t->db, &read, &info), OK);
    t->was = t->cat;
    t->cat = read;
    x->cx = town_public(t);
    *state = x;
    return 0;
}

static int teardown(void **state)
{
    struct matrix *x = *state;
    town_close(&x->t);
    arena_free(&x->own);
    heap_free(x);
    return 0;
}

/* Both decisions, and how often they differ; the first differences are told. */
static void held(struct matrix *x, const struct policy_case *c, const char *what,
    enum policy_says policy, enum policy_says program)
{
    x->cells++;
    if (policy == program || x->differences++ >= 20)
        return;
    print_error("%s%s by %s, %s, %s, %.*s, request %d: the document says %s, the program %s\n",
        c->dispute ? "dispute: " : "", what, policy_who_words[c->who], policy_where_words[c->where],
        policy_tie_words[c->tie], STR_FMT(c->state), (int)c->request, policy_says_words[policy],
        policy_says_words[program]);
}

/* The case as the program knows it --------------------------------------------------------- */

static void actor_set(struct matrix *x, const struct policy_case *c)
{
    struct actor a = { .kind = ACTOR_STAFF, .account = ME, .roles = ROLE_SIGNED_IN };
    const struct role_row *role = role_by_word(str_c(policy_who_words[c->who]));
    if (role) {
        a.roles |= role->role;
        a.memberships[a.n_memberships++] = (struct membership){ unit_at[c->where], role->role };
    }
    if (c->who == WHO_reporter)
        a = (struct actor){ .kind = ACTOR_REPORTER, .roles = ROLE_REPORTER, .area = AREA,
            .matter = c->own ? UNKNOWN_TO_ALL : KNOWN, .no = 1 };
    else if (c->who == WHO_public)
        a = (struct actor){ .kind = ACTOR_PUBLIC };
    else if (c->who == WHO_system)
        a = (struct actor){ .kind = ACTOR_SYSTEM, .roles = ROLE_SYSTEM };
    x->cx.actor = a;
}

static bool is_responsible(enum policy_tie tie)
{
    return tie == TIE_owner || tie == TIE_holder || tie == TIE_conflicted;
}

static struct matter matter_of(struct matrix *x, const struct policy_case *c)
{
    static const char *const asks[] = { "", "extension", "return" };
    struct matter m;
    bool asked = c->request != ASKS_NOTHING;
    record_clear(&matter_record, &m);
    m = (struct matter){ .area = AREA, .number = STR("320508-AAAA-AAAB"), .state = c->state,
        .kind = c->dispute ? STR("dispute") : STR("report"), .category = STR("02"), .tier = 1,
        .id = c->tie == TIE_helper || c->tie == TIE_past ? KNOWN : UNKNOWN_TO_ALL,
        .town = TOWN_A, .community = c->where == WHERE_child ? 0 : COMMUNITY_A1,
        .grid = COMMUNITY_A1 * 1000 + 99, .origin = STR("resident"), .reporters = 1,
        .open = state_table[state_by_word(c->state)].open, .seq = 5, .paused_ms = I64_NONE,
        .merged_into = STR(""), .ask = str_c(asks[c->request]), .ask_reason = STR(""),
        .ask_due_ms = I64_NONE, .closed_ms = x->cx.now_ms, .clock_from_ms = x->cx.now_ms - 1000,
        .due_ms = x->cx.now_ms, .alarm_ms = x->cx.now_ms };
    m.owner_unit = is_responsible(c->tie) ? unit_at[c->where]
        : c->tie == TIE_under ? UNIT_CITY : UNIT_POLICE;
    if (c->taken)
        m.holder = c->tie == TIE_holder || c->tie == TIE_conflicted ? ME : SOMEBODY;
    if (asked) {
        m.ask_by = c->tie == TIE_conflicted ? ME : SOMEBODY;
        m.ask_unit = c->tie == TIE_asked ? unit_at[c->where] : UNIT_FIRE;
    }
    m.cohandling = c->tie == TIE_helper;
    return m;
}

/* Whether there is such a case at all. */
static bool can_be(const struct policy_case *c)
{
    if (c->tie == TIE_asked || c->tie == TIE_conflicted)
        return c->request != ASKS_NOTHING;
    if (c->tie == TIE_holder)
        return c->taken;
    return c->tie != TIE_under || c->where != WHERE_top;
}

/* What the program decides ------------------------------------------------------------------ */

static enum policy_says said(enum err e)
{
    switch ((int)e) {
    case OK: return SAYS_YES;
    case E_LOGIN: return SAYS_LOGIN;
    case E_DENIED: return SAYS_DENIED;
    case E_MISSING: return SAYS_MISSING;
    case E_STEP: return SAYS_STEP;
    default: fail_msg("%s", err_code(e)); return SAYS_STEP;
    }
}

/* As matter_step() goes on, without storage; the guards of disputes look at their file and are
 * walked in test_dispute_walk.c. */
static enum policy_says program_of_step(struct matrix *x, const struct step *s,
    const struct matter *m, enum policy_says visible)
{
    const struct cohandler part = { x->cx.actor.memberships[0].unit, STR("open"), 0, STR(""),
        STR(""), 0 };
    struct step_args args = step_args_for(s->action);
    struct step unguarded = *s;
    struct taking t = { .cx = &x->cx, .step = s, .before = m, .m = *m, .args = &args,
        .cohandlers = &part, .n_cohandlers = (size_t)m->cohandling };
    if (visible != SAYS_YES)
        return visible;
    if (!relation_fits(&t))
        return SAYS_DENIED;
    unguarded.guard = NULL;
    if (matter_is_closed_circle(m) || x->cx.actor.kind == ACTOR_SYSTEM)
        t.step = &unguarded;
    return step_refusal(&t).zh ? SAYS_STEP : SAYS_YES;
}

static enum policy_says program_of_call(struct matrix *x, const struct route *r)
{
    return said(command_authorise(&x->cx, r));
}

static bool is_about_matter(const struct route *r)
{
    return strstr(r->path, ":number") != NULL;
}

static enum policy_says program_of_matter(struct matrix *x, const struct route *r,
    const struct matter *m, enum policy_says visible)
{
    enum policy_says may = program_of_call(x, r);
    bool of_disputes = str_starts(str_c(r->path), STR("/api/disputes/"));
    if (may != SAYS_YES)
        return may;
    return of_disputes && !matter_is_closed_circle(m) ? SAYS_MISSING : visible;
}

/* Tests ------------------------------------------------------------------------------------- */

#define EACH_ROUTE(r) \
    for (size_t module_ = 0; module_ < modules_n; module_++) \
        for (const struct route *r = modules[module_]->routes; \
            r < modules[module_]->routes + modules[module_]->n_routes; r++)

static void every_operation_step_and_table_is_in_the_document_once(void **state)
{
    struct matrix *x = *state;
    struct policy_sizes sizes = policy_sizes(x->policy);
    size_t routes = 0, steps = 0;
    const struct schema *schema = schema_read(&x->own);
    EACH_ROUTE(r) {
        struct str about = policy_about(x->policy, str_c(r->name));
        (void)policy_of_call(x->policy, str_c(r->name), WHO_public);    /* stops when it is not */
        routes++;
        if (is_about_matter(r) != (about.n > 0))
            fail_msg("is %s about a matter?", r->name);
        if ((r->lane != LANE_READ) != (policy_leaves(x->policy, str_c(r->name)).n > 0))
            fail_msg("does %s write, and what does it leave in the record?", r->name);
        if (about.n && !str_is(about, "handover"))
            assert_int_equal(str_is(about, "dispute"),
                str_starts(str_c(r->path), STR("/api/disputes/")));
    }
    for (size_t k = 0; k < step_tables_n; k++)
        steps += step_tables[k]->n;
    assert_int_equal(sizes.operations, routes);
    assert_int_equal(sizes.steps, steps);
    for (size_t i = 0; i < schema->n; i++)
        if (policy_of_rows(x->policy, schema->tables[i].name) == ROWS_UNKNOWN)
            fail_msg("which rows of %.*s may be shown?", STR_FMT(schema->tables[i].name));
    assert_int_equal(sizes.tables, schema->n);
}

/* The second lock, on PostgreSQL, is on all of these: the migrations are the witness. */
static void rows_of_a_matter_lie_behind_the_second_lock(void **state)
{
    struct matrix *x = *state;
    const struct schema *schema = schema_read(&x->own);
    struct buf all = buf_in(&x->own, 4 << 20);
    for (size_t i = 0; i < migrations_n; i++)
        buf_add(&all, str_c(migrations[i].text));
    for (size_t i = 0; i < schema->n; i++) {
        struct str name = schema->tables[i].name;
        struct str alone = arena_fmt(&x->own, "CREATE POLICY scope ON %.*s USING", STR_FMT(name));
        struct str listed = arena_fmt(&x->own, "'%.*s'", STR_FMT(name));
        bool locked = str_find(buf_str(&all), alone) >= 0 || str_find(buf_str(&all), listed) >= 0;
        if (policy_of_rows(x->policy, name) == ROWS_MATTER && !locked)
            fail_msg("%.*s has no second lock", STR_FMT(name));
    }
}

static void each_role_calls_what_it_may(void **state)
{
    struct matrix *x = *state;
    for (unsigned who = 0; who < WHO_COUNT; who++) {
        struct policy_case c = { .who = (enum policy_who)who, .state = STR("-") };
        actor_set(x, &c);
        if (who != WHO_system)          /* which calls nothing */
            EACH_ROUTE(r)
                held(x, &c, r->name, policy_of_call(x->policy, str_c(r->name), c.who),
                    program_of_call(x, r));
    }
    assert_int_equal(x->differences, 0);
}

static void case_held(struct matrix *x, const struct policy_case *c)
{
    actor_set(x, c);
    struct matter m = matter_of(x, c);
    const struct step_table *table = step_table_of(m.kind);
    enum policy_says visible = said(matter_visible(&x->cx, &m));
    EACH_ROUTE(r)
        if (is_about_matter(r) && !str_is(policy_about(x->policy, str_c(r->name)), "handover"))
            held(x, c, r->name, policy_of_matter(x->policy, str_c(r->name), c),
                program_of_matter(x, r, &m, visible));
    for (size_t i = 0; i < table->n; i++)
        held(x, c, table->steps[i].action,
            policy_of_step(x->policy, str_c(table->steps[i].action), c),
            program_of_step(x, &table->steps[i], &m, visible));
    town_forget(&x->t);
}

static bool is_taken(const struct circumstance *k)
{
    static const char *const states[] = { "working", "deferred", "answered", "verified" };
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (strcmp(k->state, states[i]) == 0)
            return true;
    return false;
}

static void every_cell_of_the_matrix_is_as_the_document_says(void **state)
{
    struct matrix *x = *state;
    for (size_t k = 0; k < COUNT_OF(circumstances); k++) {
        const struct circumstance *is = &circumstances[k];
        struct policy_case c = { .state = str_c(is->state), .request = is->request,
            .dispute = is->dispute, .taken = is_taken(is) };
        for (unsigned who = 0; who < WHO_signed_in; who++)
            for (unsigned where = 0; where < WHERE_COUNT; where++)
                for (unsigned tie = 0; tie < TIE_COUNT; tie++) {
                    c.who = (enum policy_who)who;
                    c.where = (enum policy_where)where;
                    c.tie = (enum policy_tie)tie;
                    c.helping = tie == TIE_helper;
                    c.also = tie == TIE_conflicted && c.taken ? 1u << TIE_holder : 0;
                    if (can_be(&c))
                        case_held(x, &c);
                }
        c.where = WHERE_elsewhere;
        c.tie = TIE_none;
        c.helping = false;
        c.also = 0;
        for (unsigned who = WHO_signed_in; who < WHO_COUNT; who++)
            for (int own = 0; own < (who == WHO_reporter ? 2 : 1); own++) {
                c.who = (enum policy_who)who;
                c.own = own != 0;
                case_held(x, &c);
            }
    }
    print_message("# %zu cells, %zu differences\n", x->cells, x->differences);
    assert_true(x->cells > 500000);
    assert_int_equal(x->differences, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_step_and_table_is_in_the_document_once),
        cmocka_unit_test(rows_of_a_matter_lie_behind_the_second_lock),
        cmocka_unit_test(each_role_calls_what_it_may),
        cmocka_unit_test(every_cell_of_the_matrix_is_as_the_document_says),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
