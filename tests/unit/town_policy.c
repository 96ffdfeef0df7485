/* town_policy.c: people and matters as cases of the policy. */
#include "town_policy.h"

static const enum policy_who who_of_role[ROLE_COUNT] = { WHO_grid_worker, WHO_grid_lead, WHO_clerk,
    WHO_chief, WHO_dispatcher, WHO_supervisor, WHO_mediator, WHO_auditor, WHO_admin, WHO_wall };
SQL_READS(WAS_THERE, "town.was_there",
    "SELECT COUNT(*) FROM involved WHERE area = $1 AND matter = $2 AND unit = $3");

static bool lies_in(const struct unit *u, const struct matter *m)
{
    int64_t place = m->community ? m->community : m->town ? m->town : m->area * 1000000;
    int64_t width = u->level == LEVEL_CITY ? 100000000 : u->level == LEVEL_COUNTY ? 1000000
        : u->level == LEVEL_TOWN ? 1000 : 1;
    return place / width == u->region / width;
}

static enum policy_where where_is(const struct unit *u, const struct matter *m)
{
    bool inside = lies_in(u, m);
    if (!u->desk)
        return inside ? WHERE_branch : WHERE_sibling;
    if (!inside)
        return u->level == LEVEL_COMMUNITY ? WHERE_sibling : WHERE_neighbour;
    return u->level == LEVEL_COMMUNITY ? WHERE_own : u->level == LEVEL_TOWN ? WHERE_parent
        : u->level == LEVEL_COUNTY ? WHERE_over : WHERE_top;
}

static void parts_found(struct town *t, const struct unit *u, const struct matter *m,
    struct policy_case *c)
{
    struct cx cx = town_system(t);
    struct list parts;
    CHECK(cohandlers_of(&cx, m, &parts) == OK);
    const struct cohandler *part = parts.p;
    for (size_t i = 0; i < parts.n; i++) {
        bool open = str_is(part[i].state, "open");
        c->helping |= open;
        c->also |= open && part[i].unit == u->id ? 1u << TIE_helper : 0;
    }
}

static void ties_found(struct town *t, const struct unit *u, int64_t account,
    const struct matter *m, struct policy_case *c)
{
    const struct unit *owner = unit_find(t->cat, m->owner_unit);
    int64_t n;
    CHECK(owner != NULL);
    parts_found(t, u, m, c);
    if (m->owner_unit == u->id)
        c->also |= 1u << TIE_owner | (m->holder == account ? 1u << TIE_holder : 0)
            | (m->ask.n && m->ask_by == account ? 1u << TIE_conflicted : 0);
    else if (owner->desk && owner->level < u->level)
        c->also |= 1u << TIE_under;
    if (m->ask.n && m->ask_unit == u->id)
        c->also |= 1u << TIE_asked;
    CHECK(db_number(t->db, &WAS_THERE, ARGS(I(m->area), I(m->id), I(u->id)), &n) == OK);
    c->also |= n ? 1u << TIE_past : 0;
}

struct policy_case town_case_of_reporter(const struct matter *m)
{
    return (struct policy_case){ .who = WHO_reporter, .tie = TIE_none, .own = true,
        .state = m->state, .taken = m->holder != 0, .helping = m->cohandling > 0, .held = m->held,
        .dispute = str_is(m->kind, "dispute"), .request = !m->ask.n ? ASKS_NOTHING
            : str_is(m->ask, "return") ? ASKS_RETURN : ASKS_MORE };
}

struct policy_case town_case(struct town *t, enum town_person who, const struct matter *m)
{
    struct policy_case c = town_case_of_reporter(m);
    struct cx cx = town_staff(t, who);
    const struct membership *of = &cx.actor.memberships[0];
    const struct unit *u = unit_find(t->cat, of->unit);
    CHECK(u != NULL);
    c.own = false;
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (role_table[i].role == of->role)
            c.who = who_of_role[i];
    c.where = where_is(u, m);
    ties_found(t, u, cx.actor.account, m, &c);
    return c;
}
