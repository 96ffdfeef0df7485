/* test_walk.c: the step table walked exhaustively: from every kind of beginning, every step that
 * anybody could take is taken, until nothing new comes up; then the whole graph is looked at. */
#include "matter/step.c"
#include "matter/life.h"
#include "town.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

enum {
    NODES_MAX = 200000, EDGES_MAX = 8000000, TABLE = 1 << 19,
    BY_REPORTER = TOWN_PEOPLE_COUNT, BY_SYSTEM, ACTORS,
    ROUNDS_MAX = 4,
};

/* A matter, and what the walk remembers besides to judge the steps by. */
struct node {
    struct matter m;
    int64_t replier;        /* account whose answer stands */
    int64_t returned;       /* how many requests to return were decided */
    bool fire_asked;        /* the fire brigade's part is open */
};
struct edge { uint32_t from, to; uint8_t step, actor; };
struct walk {
    struct town town;
    struct cx cx[ACTORS];
    struct node *nodes;
    struct edge *edges;
    uint64_t *keys;
    uint32_t *table;        /* hash of key -> node + 1 */
    uint32_t n_nodes, n_edges;
};

/* Those who between them can take every step in the units that the walk visits. */
static const int actors[] = { WORKER, LEAD, CLERK, CHIEF, FIREMAN, DISPATCHER, DISPATCHER_2,
    DISPATCHER_COUNTY, SUPERVISOR, DISPATCHER_CITY, SUPERVISOR_CITY, BY_REPORTER, BY_SYSTEM };

static uint64_t ask_word(struct str ask)
{
    return ask.n == 0 ? 0 : str_is(ask, "extension") ? 1 : str_is(ask, "deferral") ? 2 : 3;
}

/* What tells nodes apart; times only by whether they are there. */
static uint64_t key_of(const struct node *n)
{
    const struct matter *m = &n->m;
    uint64_t k = (uint64_t)state_by_word(m->state);
    k = k * 16 + (uint64_t)m->owner_unit;
    k = k * 32 + (uint64_t)(m->holder ? m->holder - 99 : 0);
    k = k * 32 + (uint64_t)(n->replier ? n->replier - 99 : 0);
    k = k * 4 + ask_word(m->ask);
    k = k * 32 + (uint64_t)(m->ask_by ? m->ask_by - 99 : 0);
    k = k * 4 + (uint64_t)m->reporters;
    k = k * 2 + (m->unanswered > 0);
    k = k * 2 + (uint64_t)m->objected;
    k = k * 2 + (m->returned_by != 0);
    k = k * 4 + (uint64_t)n->returned;
    k = k * 4 + (uint64_t)m->supervised;
    k = k * 4 + (uint64_t)m->extended;
    k = k * 8 + (uint64_t)m->round;
    k = k * 2 + n->fire_asked;
    k = k * 2 + (m->alarm_ms == I64_NONE);
    k = k * 16 + (uint64_t)m->ask_unit;
    k = k * 4 + (m->ask_due_ms != I64_NONE) + matter_ask_rings(m);
    k = k * 4 + (uint64_t)m->handovers;
    k = k * 16 + (uint64_t)m->decider;
    k = k * 2 + (m->grid != 0);
    k = k * 2 + (uint64_t)m->held;
    return k * 2 + str_is(m->clock, "handle");
}

static uint32_t node_add(struct walk *w, const struct node *n)
{
    uint64_t key = key_of(n);
    uint64_t at = key * UINT64_C(0x9e3779b97f4a7c15) >> 45;
    for (; w->table[at % TABLE]; at++)
        if (w->keys[w->table[at % TABLE] - 1] == key)
            return w->table[at % TABLE] - 1;
    assert_true(w->n_nodes < NODES_MAX);
    w->keys[w->n_nodes] = key;
    w->nodes[w->n_nodes] = *n;
    w->table[at % TABLE] = ++w->n_nodes;
    return w->n_nodes - 1;
}

static struct node beginning(struct walk *w, int64_t unit, int64_t reporters, int64_t round)
{
    struct node n = { .replier = 0 };
    struct matter *m = &n.m;
    const struct unit *u = unit_find(w->town.cat, unit);
    assert_non_null(u);
    bool dispatch = u->desk && u->level <= LEVEL_TOWN;
    record_clear(&matter_record, m);
    *m = (struct matter){ .area = AREA, .id = 1, .number = STR("320508-AAAA-AAAB"),
        .category = STR("02"), .tier = 1, .town = TOWN_A, .community = COMMUNITY_A1,
        .owner_unit = unit, .ask = STR(""), .ask_reason = STR(""), .merged_into = STR(""),
        .origin = reporters ? STR("resident") : STR("patrol"),
        .reporters = reporters, .unanswered = reporters, .round = round, .open = 1, .seq = 1,
        .paused_ms = I64_NONE, .closed_ms = I64_NONE, .ask_due_ms = I64_NONE,
        .created_ms = w->town.now_ms };
    m->state = str_c(state_table[dispatch ? ST_RECEIVED : ST_ASSIGNED].word);
    matter_clock_start(&w->cx[BY_SYSTEM], m, dispatch ? "dispatch" : "sign");
    return n;
}

/* The arguments a step needs, all filled; variant chooses among units. */
static struct step_args args_of(const struct step *s, int variant)
{
    static const int64_t units[] = { UNIT_A1, UNIT_TOWN_A, UNIT_LAMPS };
    static struct step_unit help = { UNIT_FIRE, { "去看", 6 }, 3 };
    struct step_args a = step_args_for(s->action);
    bool optional;
    if (word_in(s->needs, "unit", &optional))
        a.unit = units[variant];
    if (word_in(s->needs, "grid", &optional))
        a.grid = COMMUNITY_A2 * 1000 + 1;
    if (word_in(s->needs, "units", &optional))
        a.units = (struct list){ &help, 1 };
    if (word_in(s->needs, "person", &optional) && variant)
        a.person = town_account(WORKER_2);
    if (word_in(s->needs, "days", &optional))
        a.days = 3;
    if (word_in(s->needs, "reason", &optional))
        a.reason = strcmp(s->action, "ask_return") == 0 ? STR("not_duty")
            : strcmp(s->action, "erase") == 0 ? STR("words") : STR("in_court");
    if (word_in(s->needs, "number2", &optional))
        a.number2 = STR("320508-BBBB-BBBB");
    if (word_in(s->needs, "category", &optional))
        a.category = variant ? STR("01") : STR("02");
    if (word_in(s->needs, "score", &optional))
        a.score = 3;
    if (word_in(s->needs, "text", &optional))
        a.text = STR("还没有解决");
    if (word_in(s->needs, "reply", &optional))
        a.reply = STR("已经处理好了");
    if (word_in(s->needs, "note", &optional))
        a.note = STR("说明");
    return a;
}

/* A moment at which the actor would take the step: timers when they ring, reminders when due. */
static int64_t moment(const struct step *s, int actor, const struct matter *m)
{
    if (actor == BY_SYSTEM && m->alarm_ms != I64_NONE)
        return m->alarm_ms;
    if (strcmp(s->action, "urge") == 0 && m->due_ms != I64_NONE)
        return m->due_ms;
    return m->open ? m->clock_from_ms : m->closed_ms;
}

/* Whether the person works in this desk or in one above it. */
static bool stands_at_or_above(const struct cx *cx, int64_t desk)
{
    const struct unit *d = unit_find(cx->cat, desk);
    const struct unit *u = unit_find(cx->cat, cx->actor.memberships[0].unit);
    return d && u && (u->id == d->id || (u->desk && u->level < d->level));
}

/* The step as the walk's judge sees it: what nobody may do, whatever the tables say. */
static void judge(const struct node *from, const struct node *to, const struct step *s,
    const struct cx *cx)
{
    const struct matter *m = &to->m, *b = &from->m;
    int64_t who = cx->actor.account;
    bool decides = strcmp(s->action, "approve") == 0 || strcmp(s->action, "refuse") == 0;
    if (decides)
        assert_int_not_equal(who, b->ask_by);
    if (decides && str_is(b->ask, "return"))
        assert_false(access_is_member(&cx->actor, b->owner_unit)
            && b->owner_unit != b->ask_unit);
    if (strcmp(s->action, "verify") == 0)
        assert_int_not_equal(who, from->replier);
    if (strcmp(s->action, "ask_return") == 0)
        assert_int_equal(from->returned, 0);
    bool hands_on = m->handovers > b->handovers;
    assert_true(m->handovers >= 0 && m->handovers <= HANDOVERS_MAX);
    assert_true((m->decider != 0) == (m->handovers == HANDOVERS_MAX));
    if (hands_on && m->handovers == HANDOVERS_MAX)
        assert_true(m->owner_unit == m->decider || access_is_member(&cx->actor, m->decider));
    if (b->decider && m->owner_unit != b->owner_unit && m->round == b->round
        && cx->actor.kind == ACTOR_STAFF)
        assert_true(stands_at_or_above(cx, b->decider));
    assert_true(m->ask.n || m->ask_due_ms == I64_NONE);
    if (m->ask.n && m->alarm_ms != I64_NONE && m->ask_due_ms != I64_NONE)
        assert_true(m->alarm_ms <= m->ask_due_ms);
    bool moves_clock = decides || strcmp(s->action, "recategorise") == 0;
    if (m->owner_unit == b->owner_unit && str_is(m->clock, "handle") && str_is(b->clock, "handle")
        && !moves_clock)
        assert_int_equal(m->due_ms, b->due_ms);
    assert_true(m->open || m->unanswered == 0);
    if (!m->open && b->unanswered)
        assert_true(s->answers || strcmp(s->action, "merge") == 0);
    if (str_is(m->state, "deferred"))
        assert_int_not_equal(m->paused_ms, I64_NONE);
    else
        assert_int_equal(m->paused_ms, I64_NONE);
    bool named = str_is(m->state, "received") && m->decider && m->decider == m->owner_unit;
    if (m->open && !(named && m->holder))
        assert_int_equal(m->holder == 0,
            str_is(m->state, "received") || str_is(m->state, "assigned"));
    if (str_is(b->state, "received") && b->decider && b->holder && cx->actor.kind == ACTOR_STAFF
        && access_is_member(&cx->actor, b->owner_unit)
        && (strcmp(s->action, "assign") == 0 || strcmp(s->action, "take") == 0))
        assert_int_equal(who, b->holder);
    if (!m->open)
        assert_true(m->due_ms == I64_NONE && m->alarm_ms == I64_NONE && m->ask.n == 0);
}

/* As the roster would: a desk that has to decide does so by one of its people. */
static int64_t names_decider(struct cx *cx, const struct unit *desk)
{
    (void)cx;
    return town_account(desk->id == UNIT_TOWN_A ? DISPATCHER_2
        : desk->id == UNIT_COUNTY ? DISPATCHER_COUNTY : DISPATCHER_CITY);
}

static void remember(const struct node *from, struct node *to, const struct step *s,
    const struct cx *cx)
{
    bool decides = strcmp(s->action, "approve") == 0 || strcmp(s->action, "refuse") == 0;
    to->returned = from->returned + (decides && str_is(from->m.ask, "return"));
    bool stands = str_is(to->m.state, "answered") || str_is(to->m.state, "verified");
    to->replier = !stands ? 0 : s->answers ? cx->actor.account : from->replier;
    if (to->m.round == 2)
        to->m.round = 3;    /* no rule tells the second round from the third */
    to->fire_asked = to->m.cohandling > 0;
}

/* Hand-overs and the clock of a request begin anew with each round, so the first tells all about
 * them; no rule of hand-overs looks at extensions, or the other way round; and what comes after a
 * change of grid looks at neither; and keeping for a proceeding forbids nothing but erasing. */
static bool is_told_already(const struct matter *m, const struct step *s)
{
    return (m->round && (m->handovers || strcmp(s->action, "undecided") == 0))
        || (m->handovers && m->extended)
        || (m->grid && (m->round || m->handovers || m->extended))
        || (m->held && (m->round || m->handovers || m->extended || m->grid || m->supervised));
}

static void try_step(struct walk *w, uint32_t from, size_t step, int actor, int variant)
{
    const struct step *s = &life_table.steps[step];
    const struct cohandler part = { UNIT_FIRE, { "open", 4 }, 0, { "", 0 }, { "", 0 }, 0 };
    struct node before = w->nodes[from];
    struct cx *cx = &w->cx[actor];
    struct step_args args = args_of(s, variant);
    struct taking t = { .cx = cx, .step = s, .before = &before.m, .m = before.m, .args = &args,
        .cohandlers = &part, .n_cohandlers = before.fire_asked };
    memset(&cx->info, 0, sizeof(cx->info));
    cx->now_ms = moment(s, actor, &before.m);
    if (!relation_fits(&t) || step_refusal(&t).zh || step_apply(&t) != OK)
        return;
    name_decider(&t);
    struct node after = { .m = t.m };
    remember(&before, &after, s, cx);
    judge(&before, &after, s, cx);
    if (after.m.round > ROUNDS_MAX || after.m.seq > 1)
        return;
    if (is_told_already(&after.m, s))
        return;
    uint32_t to = node_add(w, &after);
    assert_true(w->n_edges < EDGES_MAX);
    w->edges[w->n_edges++] = (struct edge){ from, to, (uint8_t)step, (uint8_t)actor };
}

static void walk_from(struct walk *w, uint32_t from)
{
    for (size_t s = 0; s < life_table.n; s++) {
        const struct step *step = &life_table.steps[s];
        bool optional, units = word_in(step->needs, "unit", &optional);
        int variants = units ? 3 : word_in(step->needs, "category", &optional)
            || word_in(step->needs, "person", &optional) ? 2 : 1;
        for (size_t a = 0; a < COUNT_OF(actors); a++)
            for (int v = 0; v < variants; v++)
                if (w->cx[actors[a]].actor.roles & step->roles)
                    try_step(w, from, s, actors[a], v);
    }
}

static int walk_all(void **state)
{
    static const int64_t units[] = { UNIT_TOWN_A, UNIT_A1, UNIT_COUNTY, UNIT_LAMPS };
    struct walk *w = heap_alloc(sizeof(*w));
    town_open(&w->town, 1, NULL);
    for (int i = 0; i < TOWN_PEOPLE_COUNT; i++)
        w->cx[i] = town_staff(&w->town, (enum town_person)i);
    w->cx[BY_REPORTER] = town_reporter(&w->town, AREA, 1, 1);
    w->cx[BY_SYSTEM] = town_system(&w->town);
    for (size_t i = 0; i < COUNT_OF(w->cx); i++)
        w->cx[i].services.decider = names_decider;
    w->nodes = heap_alloc(NODES_MAX * sizeof(*w->nodes));
    w->keys = heap_alloc(NODES_MAX * sizeof(*w->keys));
    w->table = heap_alloc(TABLE * sizeof(*w->table));
    w->edges = heap_alloc(EDGES_MAX * sizeof(*w->edges));
    for (size_t u = 0; u < COUNT_OF(units); u++)
        for (int64_t reporters = 0; reporters < 2; reporters++) {
            struct node n = beginning(w, units[u], reporters, 0);
            (void)node_add(w, &n);
        }
    for (uint32_t i = 0; i < w->n_nodes; i++)
        walk_from(w, i);
    print_message("# %u nodes, %u edges\n", w->n_nodes, w->n_edges);
    *state = w;
    return 0;
}

static int walk_free(void **state)
{
    struct walk *w = *state;
    town_close(&w->town);
    heap_free(w->nodes);
    heap_free(w->keys);
    heap_free(w->table);
    heap_free(w->edges);
    heap_free(w);
    return 0;
}

/* Other kinds of matter have states of their own. */
static bool is_of_life(size_t state)
{
    for (size_t i = 0; i < life_table.n; i++)
        if ((life_table.steps[i].from & FROM(state)) || life_table.steps[i].to == (int)state)
            return true;
    return false;
}

static void every_state_and_every_step_is_reached(void **state)
{
    const struct walk *w = *state;
    bool states[STATE_COUNT] = { false }, steps[64] = { false };
    assert_true(life_table.n <= COUNT_OF(steps));
    bool decided = false;
    for (uint32_t i = 0; i < w->n_nodes; i++) {
        states[state_by_word(w->nodes[i].m.state)] = true;
        decided |= w->nodes[i].m.decider && str_is(w->nodes[i].m.state, "working");
    }
    assert_true(decided);
    for (uint32_t i = 0; i < w->n_edges; i++)
        steps[w->edges[i].step] = true;
    for (size_t i = 0; i < STATE_COUNT; i++)
        if (!states[i] && is_of_life(i))
            fail_msg("state %s is never reached", state_table[i].word);
    for (size_t i = 0; i < life_table.n; i++)
        if (!steps[i])
            fail_msg("step %s is never possible", life_table.steps[i].action);
}

static void every_open_matter_has_an_owner_and_a_clock(void **state)
{
    const struct walk *w = *state;
    for (uint32_t i = 0; i < w->n_nodes; i++) {
        const struct matter *m = &w->nodes[i].m;
        if (!m->open)
            continue;
        assert_non_null(unit_find(w->town.cat, m->owner_unit));
        assert_int_not_equal(m->due_ms, I64_NONE);
        assert_true(m->clock.n > 0);
        assert_true(m->due_ms > m->clock_from_ms);
    }
}

static void somebody_else_than_the_reporter_can_go_on(void **state)
{
    const struct walk *w = *state;
    bool *onwards = heap_alloc(w->n_nodes);
    for (uint32_t i = 0; i < w->n_edges; i++)
        if (w->edges[i].actor != BY_REPORTER && w->edges[i].to != w->edges[i].from)
            onwards[w->edges[i].from] = true;
    for (uint32_t i = 0; i < w->n_nodes; i++)
        if (w->nodes[i].m.open && w->nodes[i].m.round < ROUNDS_MAX && !onwards[i])
            fail_msg("nobody can go on from %s", w->nodes[i].m.state.p);
    heap_free(onwards);
}

/* Backwards from the ends; edges are not in order, so until nothing changes. */
static void an_end_can_be_reached_from_everywhere(void **state)
{
    const struct walk *w = *state;
    bool *ends = heap_alloc(w->n_nodes), again = true;
    for (uint32_t i = 0; i < w->n_nodes; i++)
        ends[i] = !w->nodes[i].m.open;
    while (again) {
        again = false;
        for (uint32_t i = w->n_edges; i-- > 0;)
            if (ends[w->edges[i].to] && !ends[w->edges[i].from]
                && w->edges[i].actor != BY_REPORTER)
                ends[w->edges[i].from] = again = true;
    }
    for (uint32_t i = 0; i < w->n_nodes; i++)
        if (!ends[i])
            fail_msg("no end from %s with ask '%s'", w->nodes[i].m.state.p, w->nodes[i].m.ask.p);
    heap_free(ends);
}

/* What the clock does by itself: supervises, climbs, resumes, closes, or stays on the list. */
static void lateness_is_never_dropped(void **state)
{
    const struct walk *w = *state;
    bool *rings = heap_alloc(w->n_nodes);
    for (uint32_t i = 0; i < w->n_edges; i++) {
        const struct matter *b = &w->nodes[w->edges[i].from].m, *m = &w->nodes[w->edges[i].to].m;
        const char *action = life_table.steps[w->edges[i].step].action;
        if (w->edges[i].actor != BY_SYSTEM || strcmp(action, "hand_over") == 0
            || strcmp(action, "erase") == 0)
            continue;       /* which no clock brings about */
        rings[w->edges[i].from] = true;
        const struct unit *had = unit_find(w->town.cat, b->owner_unit);
        const struct unit *has = unit_find(w->town.cat, m->owner_unit);
        assert_true(had && has);
        bool climbs = has->level < had->level || (has->desk && !had->desk);
        bool listed = (m->alarm_ms == I64_NONE || matter_ask_rings(m)) && m->supervised == 2;
        bool set_aside = str_is(b->state, "deferred") || str_is(b->state, "verified");
        bool passed_up = m->ask_unit != b->ask_unit || (b->ask_due_ms != I64_NONE
            && m->ask_due_ms == I64_NONE);
        assert_true(m->supervised > b->supervised || climbs || listed || set_aside || passed_up);
    }
    for (uint32_t i = 0; i < w->n_nodes; i++) {
        const struct matter *m = &w->nodes[i].m;
        if (m->open && m->alarm_ms == I64_NONE)
            assert_int_equal(m->supervised, 2);
        bool told = m->held || (m->round && matter_ask_rings(m));     /* without, or in the first round */
        if (m->open && m->alarm_ms != I64_NONE && !rings[i] && !told)
            fail_msg("a clock rings in state %s and nothing happens", m->state.p);
    }
    heap_free(rings);
}

static void rounds_and_requests_are_bounded(void **state)
{
    const struct walk *w = *state;
    int64_t most = 0;
    for (uint32_t i = 0; i < w->n_nodes; i++) {
        const struct matter *m = &w->nodes[i].m;
        most = m->round > most ? m->round : most;
        assert_true(m->extended <= EXTENSIONS_MAX && m->supervised <= 2 && m->objected <= 1);
        assert_true(w->nodes[i].returned <= 1);
    }
    assert_int_equal(most, REOPEN_MAX + 1);
}

static void the_table_is_sane(void **state)
{
    (void)state;
    for (size_t i = 0; i < life_table.n; i++) {
        const struct step *s = &life_table.steps[i];
        assert_true(s->zh && s->en && s->zh[0] && s->en[0] && s->from && s->roles && s->needs);
        assert_ptr_equal(step_find(&life_table, str_c(s->action)), s);
        assert_true((s->who == REL_REPORTER) == ((s->roles & ROLE_REPORTER) != 0));
        assert_true(s->to >= TO_SET && s->to < STATE_COUNT);
        assert_true(!(s->from & ~((1u << STATE_COUNT) - 1)));
        if (s->to >= 0 && !state_table[s->to].open)
            assert_null(s->clock);
        struct str rest = str_c(s->needs);
        while (rest.n) {
            struct str word = str_cut(rest, ' ', &rest);
            size_t n = word.n && word.p[word.n - 1] == '?' ? word.n - 1 : word.n;
            bool known = false;
            for (size_t f = 0; f < step_args_record.n; f++)
                known = known || str_is((struct str){ word.p, n },
                    step_args_record.fields[f].name);
            if (!known)
                fail_msg("%s needs '%.*s', which no field is", s->action, STR_FMT(word));
        }
    }
    assert_null(step_find(&life_table, STR("")));
    assert_null(step_find(&life_table, STR("reply2")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_sane),
        cmocka_unit_test(every_state_and_every_step_is_reached),
        cmocka_unit_test(every_open_matter_has_an_owner_and_a_clock),
        cmocka_unit_test(somebody_else_than_the_reporter_can_go_on),
        cmocka_unit_test(an_end_can_be_reached_from_everywhere),
        cmocka_unit_test(lateness_is_never_dropped),
        cmocka_unit_test(rounds_and_requests_are_bounded),
    };
    return cmocka_run_group_tests(tests, walk_all, walk_free);
}
