/* life_guard.c: what forbids a step, as sentences people can read. Every guard looks only at the
 * step being considered, so the same answer explains a greyed button and refuses the command. */
#include "matter/erase.h"
#include "matter/life.h"

static bool is_reader_of_own_reply(const struct taking *t)
{
    return t->cx->actor.kind == ACTOR_STAFF && t->cx->actor.account == t->before->holder;
}

struct msg guard_no_ask(const struct taking *t)
{
    if (t->before->ask.n)
        return MSG("有一项申请等待审批，先等结果", "A request is waiting for a decision");
    return NOTHING_FORBIDS;
}

struct msg guard_reply(const struct taking *t)
{
    if (t->before->cohandling)
        return MSG("还有协办单位没有反馈", "A unit asked to help has not reported yet");
    return guard_no_ask(t);
}

struct msg guard_extension(const struct taking *t)
{
    if (t->before->extended >= EXTENSIONS_MAX)
        return MSG("已延期两次，不能再延", "It has been extended twice already");
    return guard_no_ask(t);
}

static const struct msg decided_above = { "已移交三次，由指定的综治中心决定归谁办，不能再转",
    "It was handed on three times: the desk named decides whose it is, and it goes no further" };

static const struct msg decided_by_name = { "已指定专人决定归谁办，由本人决定，或由本人移交给同事",
    "Somebody is named to decide whose it is: they do, or hand it over to a colleague" };

/* Colleagues of whoever is named to decide do not go ahead of them. */
static bool is_another_to_decide(const struct taking *t)
{
    const struct matter *m = t->before;
    return m->decider && m->holder && str_is(m->state, "received") && t->unit == m->owner_unit
        && t->cx->actor.account != m->holder;
}

struct msg guard_take(const struct taking *t)
{
    return is_another_to_decide(t) ? decided_by_name : guard_no_ask(t);
}

/* Once it has been handed on three times, only the desk named, or one above it, says whose it is. */
struct msg guard_assign(const struct taking *t)
{
    const struct unit *decider = unit_find(t->cx->cat, t->before->decider);
    const struct unit *u = unit_find(t->cx->cat, t->unit);
    if (decider && u && u->id != decider->id && u->level >= decider->level)
        return decided_above;
    return guard_take(t);
}

struct msg guard_pass(const struct taking *t)
{
    return t->before->decider ? decided_above : guard_no_ask(t);
}

struct msg guard_return(const struct taking *t)
{
    const struct unit *u = unit_find(t->cx->cat, t->before->owner_unit);
    if (t->before->decider)
        return decided_above;
    if (t->before->returned_by != 0)
        return MSG("这件事已退过一次，指派后不得再退", "It was returned once; a unit may not return it again");
    if (u && u->desk && u->level <= LEVEL_TOWN)
        return MSG("综治中心不能退单，可派单或上报", "A centre does not return; it assigns or escalates");
    return guard_no_ask(t);
}

struct msg guard_decide(const struct taking *t)
{
    if (t->before->ask.n == 0)
        return MSG("没有等待审批的申请", "No request is waiting");
    if (t->cx->actor.kind == ACTOR_STAFF && t->cx->actor.account == t->before->ask_by)
        return MSG("申请人不能审批自己的申请", "Nobody decides on their own request");
    return NOTHING_FORBIDS;
}

struct msg guard_escalate(const struct taking *t)
{
    const struct unit *u = unit_find(t->cx->cat, t->before->owner_unit);
    if (u == NULL || catalogue_desk_above(t->cx->cat, u) == NULL)
        return MSG("已在最高一级，不能再上报", "It is already at the top level");
    return guard_pass(t);
}

struct msg guard_cohandle(const struct taking *t)
{
    const struct actor *a = &t->cx->actor;
    const struct unit *u = unit_find(t->cx->cat, t->unit);
    bool at_desk = u && u->desk && region_has(region_of(u->region), matter_division(t->before));
    if (!access_is_member(a, t->before->owner_unit) && !at_desk)
        return MSG("由承办单位或辖区综治中心发起联办",
            "For the responsible unit or the centre of this territory");
    return guard_no_ask(t);
}

struct msg guard_verify(const struct taking *t)
{
    if (is_reader_of_own_reply(t))
        return MSG("答复人不能核查自己的办理结果", "Nobody checks their own work");
    return NOTHING_FORBIDS;
}

/* The timer only acts when the clock has rung, whatever it read before. */
static bool system_is_early(const struct taking *t)
{
    return t->cx->actor.kind == ACTOR_SYSTEM
        && (t->before->alarm_ms == I64_NONE || t->cx->now_ms < t->before->alarm_ms);
}

struct msg guard_due(const struct taking *t)
{
    if (system_is_early(t))
        return MSG("还没有到期", "It is not due yet");
    return NOTHING_FORBIDS;
}

struct msg guard_overdue(const struct taking *t)
{
    if (matter_ask_rings(t->before))
        return MSG("还没有到期", "It is not due yet");
    return guard_due(t);
}

struct msg guard_undecided(const struct taking *t)
{
    if (!matter_ask_rings(t->before))
        return MSG("没有到期未批的申请", "No request has waited too long");
    return guard_due(t);
}

struct msg guard_close(const struct taking *t)
{
    const struct matter *m = t->before;
    if (m->unanswered)
        return MSG("还有报事人没有得到答复，不能结案", "A reporter is still unanswered; it cannot close");
    if (m->cohandling)
        return MSG("还有协办单位没有反馈", "A unit asked to help has not reported yet");
    return guard_due(t);
}

struct msg guard_supervise(const struct taking *t)
{
    if (t->before->supervised >= 2)
        return MSG("已是挂牌督办", "It is already on the supervision list");
    return NOTHING_FORBIDS;
}

struct msg guard_not_accept(const struct taking *t)
{
    if (t->before->round)
        return MSG("已受理过的事项不能再不予受理", "It was accepted before and cannot be refused now");
    return guard_reply(t);
}

struct msg guard_merge(const struct taking *t)
{
    if (t->before->cohandling)
        return MSG("还有协办单位没有反馈", "A unit asked to help has not reported yet");
    return guard_no_ask(t);
}

struct msg guard_tell(const struct taking *t)
{
    if (t->before->reporters == 0)
        return MSG("这件事没有报事人", "Nobody reported this one");
    if (!access_is_member(&t->cx->actor, t->before->owner_unit)
        && (t->cx->actor.roles & ROLE_DISPATCHER) == 0)
        return MSG("由承办单位或调度员与报事人沟通", "For the responsible unit or a dispatcher");
    return NOTHING_FORBIDS;
}

struct msg guard_held(const struct taking *t)
{
    if (t->before->holder == 0)
        return MSG("还没有人签收", "Nobody has taken it");
    return NOTHING_FORBIDS;
}

/* A talk that fills the page helps nobody: then the phone does. */
struct msg guard_message(const struct taking *t)
{
    if (t->before->seq >= TALK_MAX)
        return MSG("这件事的往来已很多，请拨打 12345 或到窗口说明",
            "There are very many messages already; please call 12345 or come to the office");
    return NOTHING_FORBIDS;
}

struct msg guard_rate(const struct taking *t)
{
    if (t->before->unanswered)
        return MSG("答复之后才能评价", "You can rate it once it is answered");
    if (matter_is_wordless(t->before))
        return MSG("这件事的文字已过保存期限删除，不再评价",
            "Its words were erased when their term was over; it is no longer rated");
    return guard_message(t);
}

struct msg guard_object(const struct taking *t)
{
    const struct matter *m = t->before;
    if (m->objected)
        return MSG("异议只能提一次；办结后仍可要求再次办理",
            "An objection can be made once; you may still reopen it after closing");
    if (!m->open && t->cx->now_ms > m->closed_ms + OBJECT_DAYS * (int64_t)CLOCK_DAY_MS)
        return MSG("已过提出异议的期限(办结后 15 天)", "The time for objecting (15 days) is over");
    return NOTHING_FORBIDS;
}

struct msg guard_reopen(const struct taking *t)
{
    const struct matter *m = t->before;
    if (m->round >= REOPEN_MAX + m->objected)
        return MSG("已再次办理三次，请重新报事或拨打 12345",
            "It was reopened three times; please report anew or call 12345");
    if (t->cx->now_ms > m->closed_ms + REOPEN_DAYS * (int64_t)CLOCK_DAY_MS)
        return MSG("办结已超过 90 天，请重新报事", "It closed over 90 days ago; please report anew");
    return NOTHING_FORBIDS;
}

struct msg guard_withdraw(const struct taking *t)
{
    struct str origin = t->before->origin;
    if (t->before->reporters != 1)
        return MSG("还有别人反映同一件事，不能撤回", "Others reported the same; it stays open");
    if (str_is(origin, "patrol") || str_is(origin, "split"))
        return MSG("这件事也由工作人员发现，不能撤回", "Staff found the same; it stays open");
    if (t->before->round)
        return MSG("再次办理中的事项不能撤回", "A reopened matter cannot be withdrawn");
    return guard_merge(t);
}

struct msg guard_urge(const struct taking *t)
{
    const struct matter *m = t->before;
    if (t->cx->now_ms < m->clock_from_ms + (m->due_ms - m->clock_from_ms) / 2)
        return MSG("时限过半后可以催办", "You can remind us once half of the time has passed");
    return guard_message(t);
}

/* A matter stays in its grid as long as there is one and it holds the place. */
struct msg guard_regrid(const struct taking *t)
{
    struct place now = { 0 };
    const struct matter *m = t->before;
    bool known = catalogue_locate(t->cx->cat, m->lon, m->lat, &now);
    if (grid_find(t->cx->cat, m->grid) && (!known || now.grid == m->grid))
        return MSG("它的网格还在，位置也在其中", "Its grid is in force and holds its place");
    return NOTHING_FORBIDS;
}
