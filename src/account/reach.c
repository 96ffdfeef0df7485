/* reach.c: who may set up whom. An administrator's territory is their unit with all below it, and
 * where the unit is the desk of a division, every unit of that division. Nobody gives what reaches
 * beyond: administrators and auditors are made from further up, for they are above the others or
 * look at what these do; at the top the operator makes them, at the command line. */
#include "account/account.h"

enum { DEPTH_MAX = 16 };

static bool is_below(const struct catalogue *c, const struct unit *top, const struct unit *u)
{
    const struct unit *at = u;
    for (int i = 0; at && i < DEPTH_MAX; i++) {
        if (at->id == top->id)
            return true;
        at = at->parent ? unit_find(c, at->parent) : NULL;
    }
    return top->desk && region_has(region_of(top->region), u->region);
}

static bool is_further_down(const struct unit *top, const struct unit *u)
{
    return u->id != top->id && (!top->desk || u->region != top->region);
}

bool account_may_grant(const struct cx *cx, const struct unit *u, unsigned role)
{
    bool exalted = role & (ROLE_ADMIN | ROLE_AUDITOR);
    if (cx->actor.kind == ACTOR_SYSTEM)
        return true;
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *m = &cx->actor.memberships[i];
        const struct unit *top = unit_find(cx->cat, m->unit);
        if ((m->role & ROLE_ADMIN) && top && is_below(cx->cat, top, u)
            && (!exalted || is_further_down(top, u)))
            return true;
    }
    return false;
}

static bool sees(const struct cx *cx, const struct unit *u)
{
    for (size_t i = 0; u && i < cx->actor.n_memberships; i++) {
        const struct membership *m = &cx->actor.memberships[i];
        const struct unit *top = unit_find(cx->cat, m->unit);
        if ((m->role & (ROLE_ADMIN | ROLE_AUDITOR)) && top && is_below(cx->cat, top, u))
            return true;
    }
    return false;
}

/* Roles that have ended count only where there are no others, so that somebody still has charge. */
static bool counts(const struct term_view *t, bool any_left)
{
    return !any_left || !str_is(t->state, "ended");
}

static enum err may_change(struct cx *cx, int64_t account)
{
    if (account == cx->actor.account)
        return cx_fail(cx, E_DENIED, "id", MSG("自己的账号不能由自己管理，请上一级管理员办理；密码在“我的账号”修改",
            "Nobody manages their own account; ask an administrator above. The password is changed on"
            " the page of your account"));
    if (!(cx->actor.roles & ROLE_ADMIN))
        return cx_fail(cx, E_DENIED, "id", MSG("只能查看", "You may only look"));
    return OK;
}

enum err account_reach(struct cx *cx, int64_t account, struct list terms)
{
    const struct term_view *t = terms.p;
    bool seen = false, all = terms.n > 0, left = false;
    if (cx->actor.kind == ACTOR_SYSTEM)
        return OK;
    for (size_t i = 0; i < terms.n; i++)
        left |= !str_is(t[i].state, "ended");
    for (size_t i = 0; i < terms.n; i++) {
        const struct unit *u = unit_find(cx->cat, t[i].unit);
        const struct role_row *role = role_by_word(t[i].role);
        if (!counts(&t[i], left))
            continue;
        seen |= sees(cx, u);
        all &= u && role && account_may_grant(cx, u, role->role);
    }
    if (!seen)
        return cx_fail(cx, E_MISSING, "id", MSG("您的辖区里没有这个账号",
            "There is no such account in your territory"));
    TRY(may_change(cx, account));
    return all ? OK : cx_fail(cx, E_DENIED, "id", MSG("此人还有您辖区之外或与您同级的职务，请上一级管理员办理",
        "This person also has a role beyond your territory or on your own level; ask an administrator above"));
}

bool account_scope(const struct cx *cx, struct account_scope *ret)
{
    bool found = cx->actor.kind == ACTOR_SYSTEM;
    *ret = (struct account_scope){ { 0, INT64_MAX }, 0 };
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *m = &cx->actor.memberships[i];
        const struct unit *u = unit_find(cx->cat, m->unit);
        if (!(m->role & (ROLE_ADMIN | ROLE_AUDITOR)) || u == NULL)
            continue;
        struct region r = region_of(u->region);
        bool wider = !found || r.to - r.from > ret->region.to - ret->region.from
            || (u->desk && ret->unit);
        if (wider)
            *ret = (struct account_scope){ r, u->desk ? 0 : u->id };
        found = true;
    }
    return found;
}
