/* policy.c: the block of docs/access.md, read word by word, and decisions made from it alone. */
#include "policy.h"
#include "base/check.h"
#include "base/err.h"
#include <stdio.h>

#define WORD(word) #word,
const char *const policy_who_words[] = { POLICY_WHO(WORD) NULL };
const char *const policy_where_words[] = { POLICY_WHERE(WORD) NULL };
const char *const policy_tie_words[] = { POLICY_TIE(WORD) NULL };
const char *const policy_says_words[] = { "yes", "401", "403", "404", "409" };
static const char *const relation_words[] = { POLICY_RELATION(WORD) NULL };
static const char *const unless_words[] = { POLICY_UNLESS(WORD) NULL };
#define W(word) REL_##word,
enum { POLICY_RELATION(W) };
#undef W
#define W(word) UNLESS_##word,
enum { POLICY_UNLESS(W) };
#undef W

enum { GROUPS_MAX = 32, NAMES_MAX = 400, STEPS_MAX = 200, STATES_MAX = 32 };
struct named { struct str name; unsigned who; struct str about, leaves, leaves_too; };
struct step_rule { struct str action; bool dispute; unsigned who, states, unless; int relation; };
struct policy {
    struct named groups[GROUPS_MAX], operations[NAMES_MAX], tables[NAMES_MAX];
    struct step_rule steps[STEPS_MAX];
    struct str states[STATES_MAX];
    size_t n_groups, n_operations, n_tables, n_steps, n_states;
    unsigned by_territory, by_relation;         /* who */
    unsigned inside, centres, communities, summits;     /* where */
    unsigned related;                           /* tie */
};

static void unknown(struct str word)
{
    (void)fprintf(stderr, "docs/access.md: \"%.*s\"?\n", STR_FMT(word));
    CHECK(!"a word of docs/access.md that nobody knows, or that stands there twice");
}

static int place_in(const char *const *words, struct str word)
{
    for (int i = 0; words[i]; i++)
        if (str_is(word, words[i]))
            return i;
    return -1;
}

static struct named *named_find(struct named *list, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i].name, name))
            return &list[i];
    return NULL;
}

static struct str next_word(struct str *rest)
{
    *rest = str_trim(*rest);
    return str_cut(*rest, ' ', rest);
}

static unsigned mask_of(struct str words, const char *const *known)
{
    unsigned mask = 0;
    while (str_trim(words).n) {
        struct str word = next_word(&words);
        int at = place_in(known, word);
        if (at < 0)
            unknown(word);
        mask |= 1u << at;
    }
    return mask;
}

static unsigned who_of(struct policy *p, struct str words)
{
    unsigned who = 0;
    while (str_trim(words).n) {
        struct str word = next_word(&words);
        const struct named *group = named_find(p->groups, p->n_groups, word);
        int at = place_in(policy_who_words, word);
        if (group == NULL && at < 0)
            unknown(word);
        who |= group ? group->who : 1u << at;
    }
    return who;
}

static unsigned states_of(struct policy *p, struct str words)
{
    unsigned mask = 0;
    while (str_trim(words).n) {
        struct str word = next_word(&words);
        size_t i = 0;
        while (i < p->n_states && !str_eq(p->states[i], word))
            i++;
        if (i == p->n_states) {
            CHECK(p->n_states < STATES_MAX);
            p->states[p->n_states++] = word;
        }
        mask |= 1u << i;
    }
    return mask;
}

static void each_named(struct named *list, size_t *n, struct str words, struct named like)
{
    while (str_trim(words).n) {
        like.name = next_word(&words);
        if (named_find(list, *n, like.name))
            unknown(like.name);
        CHECK(*n < NAMES_MAX);
        list[(*n)++] = like;
    }
}

/* "ACTIONS | WHO | relation | states | unless" */
static void read_steps(struct policy *p, bool dispute, struct str rest)
{
    struct str actions = str_cut(rest, '|', &rest);
    struct step_rule r = { .dispute = dispute };
    r.who = who_of(p, str_cut(rest, '|', &rest));
    r.relation = place_in(relation_words, str_trim(str_cut(rest, '|', &rest)));
    CHECK(r.relation >= 0);
    r.states = states_of(p, str_cut(rest, '|', &rest));
    r.unless = mask_of(rest, unless_words);
    while (str_trim(actions).n) {
        r.action = next_word(&actions);
        CHECK(p->n_steps < STEPS_MAX);
        p->steps[p->n_steps++] = r;
    }
}

static void read_about(struct policy *p, struct str about, struct str words)
{
    while (str_trim(words).n) {
        struct str word = next_word(&words);
        struct named *op = named_find(p->operations, p->n_operations, word);
        if (op == NULL || op->about.n)
            unknown(word);
        op->about = about;
    }
}

static void read_leaves(struct policy *p, struct str table, struct str words)
{
    while (str_trim(words).n) {
        struct str word = next_word(&words);
        struct named *op = named_find(p->operations, p->n_operations, word);
        if (op == NULL || op->leaves_too.n)
            unknown(word);
        *(op->leaves.n ? &op->leaves_too : &op->leaves) = table;
    }
}

static void read_sees(struct policy *p, struct str how, struct str words)
{
    unsigned who = who_of(p, words);
    if (str_is(how, "territory"))
        p->by_territory = who;
    else if (str_is(how, "relation"))
        p->by_relation = who;
    else if (!str_is(how, "nothing"))
        unknown(how);
}

static void read_line(struct policy *p, struct str line)
{
    struct str words, head = str_cut(line, ':', &words);
    struct str verb = next_word(&head), of = str_trim(head);
    if (str_is(verb, "who"))
        p->groups[p->n_groups++] = (struct named){ of, who_of(p, words), STR_NONE, STR_NONE };
    else if (str_is(verb, "may"))
        each_named(p->operations, &p->n_operations, words,
            (struct named){ STR_NONE, who_of(p, of), STR_NONE, STR_NONE });
    else if (str_is(verb, "on"))
        read_about(p, of, words);
    else if (str_is(verb, "leaves"))
        read_leaves(p, of, words);
    else if (str_is(verb, "sees"))
        read_sees(p, of, words);
    else if (str_is(verb, "inside"))
        p->inside = mask_of(words, policy_where_words);
    else if (str_is(verb, "related"))
        p->related = mask_of(words, policy_tie_words);
    else if (str_is(verb, "centres"))
        p->centres = mask_of(words, policy_where_words);
    else if (str_is(verb, "communities"))
        p->communities = mask_of(words, policy_where_words);
    else if (str_is(verb, "summits"))
        p->summits = mask_of(words, policy_where_words);
    else if (str_is(verb, "step"))
        read_steps(p, str_is(of, "dispute"), words);
    else if (str_is(verb, "rows"))
        each_named(p->tables, &p->n_tables, words, (struct named){ STR_NONE, 0, of, STR_NONE });
    else
        unknown(verb);
    CHECK(p->n_groups < GROUPS_MAX);
}

static struct str document_read(struct arena *a)
{
    enum { DOCUMENT_MAX = 100000 };
    char *bytes = NEW_N(a, char, DOCUMENT_MAX);
    FILE *file = fopen("docs/access.md", "re");
    CHECK(file != NULL);
    size_t n = fread(bytes, 1, DOCUMENT_MAX, file);
    CHECK(fclose(file) == 0 && n > 0 && n < DOCUMENT_MAX);
    return (struct str){ bytes, n };
}

const struct policy *policy_of_document(struct arena *a)
{
    static const char begin[] = "```access\n";
    struct policy *p = NEW_N(a, struct policy, 1);
    struct str document = document_read(a);
    ptrdiff_t at = str_find(document, str_c(begin));
    CHECK(at >= 0);
    size_t from = (size_t)at + sizeof(begin) - 1;
    struct str rest = { document.p + from, document.n - from };
    while (rest.n && !str_starts(rest, STR("```"))) {
        struct str line = str_cut(rest, '\n', &rest);
        if (line.n && line.p[0] != '#')
            read_line(p, line);
    }
    return p;
}

static bool in(unsigned mask, unsigned place)
{
    return (mask >> place & 1) != 0;
}

enum policy_says policy_of_call(const struct policy *p, struct str operation, enum policy_who who)
{
    const struct named *op = named_find((struct named *)(uintptr_t)p->operations, p->n_operations,
        operation);
    if (op == NULL) {
        unknown(operation);
        return SAYS_DENIED;
    }
    return in(op->who, who) ? SAYS_YES : who == WHO_public ? SAYS_LOGIN : SAYS_DENIED;
}

struct str policy_about(const struct policy *p, struct str operation)
{
    for (size_t i = 0; i < p->n_operations; i++)
        if (str_eq(p->operations[i].name, operation))
            return p->operations[i].about;
    return STR_NONE;
}

struct str policy_leaves(const struct policy *p, struct str operation)
{
    for (size_t i = 0; i < p->n_operations; i++)
        if (str_eq(p->operations[i].name, operation))
            return p->operations[i].leaves;
    return STR_NONE;
}

bool policy_leaves_in(const struct policy *p, struct str operation, const char *table)
{
    for (size_t i = 0; i < p->n_operations; i++)
        if (str_eq(p->operations[i].name, operation))
            return str_is(p->operations[i].leaves, table)
                || str_is(p->operations[i].leaves_too, table);
    return false;
}

static bool tied(const struct policy_case *c, enum policy_tie tie)
{
    return c->tie == tie || in(c->also, tie);
}

static bool sees(const struct policy *p, const struct policy_case *c)
{
    if (c->who == WHO_reporter)
        return c->own;
    if (c->who == WHO_system)
        return true;
    if (c->where == WHERE_gone || !in(p->by_territory | p->by_relation, c->who))
        return false;
    return (p->related & (c->also | 1u << c->tie))
        || (in(p->by_territory, c->who) && in(p->inside, c->where) && !c->dispute);
}

enum policy_says policy_of_matter(const struct policy *p, struct str operation,
    const struct policy_case *c)
{
    enum policy_says may = policy_of_call(p, operation, c->who);
    if (may != SAYS_YES)
        return may;
    bool wrong_kind = str_is(policy_about(p, operation), "dispute") && !c->dispute;
    return sees(p, c) && !wrong_kind ? SAYS_YES : SAYS_MISSING;
}

static bool responsible(const struct policy_case *c)
{
    return tied(c, TIE_owner) || tied(c, TIE_holder) || tied(c, TIE_conflicted);
}

static bool at_desk(const struct policy *p, const struct policy_case *c)
{
    if (!in(p->inside, c->where))
        return false;
    return in(p->communities, c->where) ? responsible(c)
        : in(p->centres, c->where) && !tied(c, TIE_under);
}

static bool relation_holds(const struct policy *p, int relation, const struct policy_case *c)
{
    switch (relation) {
    case REL_owner: return responsible(c);
    case REL_holder:
        return tied(c, TIE_holder)
            || (responsible(c) && (c->who == WHO_chief || c->who == WHO_grid_lead));
    case REL_desk: return at_desk(p, c);
    case REL_decider:
        return tied(c, TIE_asked)
            || (responsible(c) && c->who == WHO_chief && c->request != ASKS_RETURN)
            || (c->who == WHO_supervisor && at_desk(p, c));
    case REL_helper: return tied(c, TIE_helper);
    case REL_reader: return true;
    default: return false;
    }
}

static bool is_so(const struct policy *p, unsigned unless, const struct policy_case *c)
{
    bool desk_here = in(p->inside, c->where)
        && (in(p->centres, c->where) || in(p->communities, c->where));
    switch (unless) {
    case UNLESS_request: return c->request != ASKS_NOTHING;
    case UNLESS_no_request: return c->request == ASKS_NOTHING;
    case UNLESS_own_request: return tied(c, TIE_conflicted);
    case UNLESS_own_answer: return tied(c, TIE_holder);
    case UNLESS_helping: return c->helping;
    case UNLESS_untaken: return !c->taken;
    case UNLESS_centre: return in(p->centres, c->where);
    case UNLESS_summit: return in(p->summits, c->where);
    case UNLESS_outsider: return !responsible(c) && !desk_here;
    case UNLESS_held: return c->held;
    case UNLESS_unheld: return !c->held;
    case UNLESS_stranger: return !responsible(c) && c->who != WHO_dispatcher;
    default: return false;
    }
}

static const struct step_rule *rule_of(const struct policy *p, struct str action, bool dispute)
{
    for (size_t i = 0; i < p->n_steps; i++)
        if (p->steps[i].dispute == dispute && str_eq(p->steps[i].action, action))
            return &p->steps[i];
    unknown(action);
    return NULL;
}

static bool in_state(const struct policy *p, const struct step_rule *r, struct str state)
{
    for (size_t i = 0; i < p->n_states; i++)
        if (str_eq(p->states[i], state))
            return in(r->states, (unsigned)i);
    return false;
}

static bool may_take(const struct policy *p, const struct step_rule *r, const struct policy_case *c)
{
    if (!in(r->who, c->who))
        return false;
    if (c->who == WHO_reporter || c->who == WHO_system)
        return true;
    return relation_holds(p, r->relation, c);
}

enum policy_says policy_of_step(const struct policy *p, struct str action,
    const struct policy_case *c)
{
    const struct step_rule *r = rule_of(p, action, c->dispute);
    if (!sees(p, c))
        return SAYS_MISSING;
    if (!may_take(p, r, c))
        return SAYS_DENIED;
    if (!in_state(p, r, c->state))
        return SAYS_STEP;
    for (unsigned u = 0; unless_words[u] && c->who != WHO_system; u++)   /* it goes by clocks */
        if (in(r->unless, u) && is_so(p, u, c))
            return SAYS_STEP;
    return SAYS_YES;
}

enum policy_rows policy_of_rows(const struct policy *p, struct str table)
{
    static const char *const words[] = { "?", "matter", "unit", "territory", "account", "open",
        "hidden", NULL };
    for (size_t i = 0; i < p->n_tables; i++)
        if (str_eq(p->tables[i].name, table))
            return (enum policy_rows)place_in(words, p->tables[i].about);
    return ROWS_UNKNOWN;
}

struct policy_sizes policy_sizes(const struct policy *p)
{
    return (struct policy_sizes){ p->n_operations, p->n_steps, p->n_tables };
}
