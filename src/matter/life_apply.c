/* life_apply.c: what a step changes in the matter. No storage here: the tests walk these. */
#include "matter/life.h"
#include "crypto/code.h"

static const struct unit *unit_named(struct taking *t, int64_t id, const char *field)
{
    const struct unit *u = unit_find(t->cx->cat, id);
    if (u == NULL)
        (void)cx_fail(t->cx, E_INPUT, field, MSG("没有这个单位", "There is no such unit"));
    return u;
}

enum err apply_note(struct taking *t)
{
    t->entry.text = t->args->note;
    t->entry.audience = t->args->note.n ? "staff" : NULL;
    return OK;
}

enum err apply_tell(struct taking *t)
{
    t->entry.text = t->args->text;
    t->entry.audience = "public";
    return OK;
}

static void change_owner(struct taking *t, const struct unit *u)
{
    t->m.owner_unit = u->id;
    t->m.holder = 0;
}

/* The desk above u, but never the one that the matter is about, unless it is the last. */
static const struct unit *above_of(const struct taking *t, const struct unit *u)
{
    const struct unit *above = u ? catalogue_desk_above(t->cx->cat, u) : NULL;
    const struct unit *higher = above && above->id == t->before->about_unit
        ? catalogue_desk_above(t->cx->cat, above) : NULL;
    return higher ? higher : above;
}

/* A desk that gives what lies with it to a unit of its own territory dispatches. Every other change
 * of owner by people is a hand-over: a unit gives up what it had been given. */
static bool is_dispatch(const struct taking *t, const struct unit *to)
{
    const struct unit *had = unit_find(t->cx->cat, t->before->owner_unit);
    if (str_is(t->before->state, "received"))
        return true;
    return had && had->desk && t->unit == had->id
        && region_has(region_of(had->region), to->region) && !(to->desk && to->level <= had->level);
}

/* The third hand-over goes to the desk above whoever makes it, and from then on that desk alone
 * says whose it is; at the top it has just said so. */
static void hand_over(struct taking *t, const struct unit *to)
{
    if (!is_dispatch(t, to) && t->m.decider == 0 && ++t->m.handovers >= HANDOVERS_MAX) {
        const struct unit *mine = unit_find(t->cx->cat, t->unit), *above = above_of(t, mine);
        const struct unit *decider = above ? above : mine;
        CHECK(decider != NULL);
        t->m.decider = decider->id;
        entry_fact_number(&t->entry, "decider", decider->id);
        t->to_decider = above != NULL || t->step->to != ST_ASSIGNED;
        to = t->to_decider ? decider : to;
    }
    change_owner(t, to);
    entry_fact_number(&t->entry, "to_unit", to->id);
}

/* The rule that would route it now says from which level on downwards it must not go, and why. */
static enum err refuse_level(struct taking *t)
{
    struct route_facts facts = matter_route_facts(t->before);
    const struct rule *r =
        catalogue_route(t->cx->cat, catalogue_rules(t->cx->cat), &facts, NULL).rule;
    struct msg m = MSG("这是上级部门的职责，不得下推到这一级，请选择别的单位",
        "This is a duty of a higher level and must not be pushed down; choose another unit");
    if (level_by_word(r->max_level) != t->before->max_level)
        return cx_fail(t->cx, E_INPUT, "unit", m);
    bool en = t->cx->lang == LANG_EN;
    struct str why = r->basis.n ? (en && r->basis_en.n ? r->basis_en : r->basis)
        : en ? r->why_en : r->why;
    m = MSG("不得下推到这一级（%s），请选择别的单位",
        "It must not be pushed down to this level (%s); choose another unit");
    return cx_fail_with(t->cx, E_INPUT, "unit", m, why);
}

/* May this unit have it at all? */
static enum err may_have(struct taking *t, const struct unit *u, const char *field)
{
    if (u->id != t->before->about_unit)
        return OK;
    return cx_fail(t->cx, E_INPUT, field, MSG("这件事反映的就是这个单位，应当回避，请交别的单位",
        "The matter is about this unit, which must keep out of it; choose another"));
}

enum err apply_assign(struct taking *t)
{
    const struct unit *u = unit_named(t, t->args->unit, "unit");
    if (u == NULL)
        return E_INPUT;
    TRY(may_have(t, u, "unit"));
    if (t->before->max_level && u->level > t->before->max_level)
        return refuse_level(t);
    if (u->id == t->before->owner_unit && !str_is(t->before->state, "received"))
        return cx_fail(t->cx, E_INPUT, "unit",
            MSG("已在这个单位，请选择别的单位", "It is with this unit already; choose another"));
    hand_over(t, u);
    return apply_note(t);
}

enum err apply_take(struct taking *t)
{
    t->m.holder = t->cx->actor.account;
    return apply_note(t);
}

enum err apply_release(struct taking *t)
{
    t->m.holder = 0;
    return apply_note(t);
}

/* To the next person, who goes on with it, or back to the unit's queue. Clock and requests stay. */
enum err apply_hand_over(struct taking *t)
{
    int64_t person = t->args->person == I64_NONE ? 0 : t->args->person;
    if (person == t->before->holder)
        return cx_fail(t->cx, E_INPUT, "person",
            MSG("已在这个人手里，请选择别人", "It is with this person already; choose another"));
    if (person == 0 && str_is(t->before->state, "deferred"))
        return cx_fail(t->cx, E_INPUT, "person",
            MSG("挂账的事项要交给具体的人", "A deferred matter is handed to a person"));
    if (person == 0 && t->before->ask.n)
        return cx_fail(t->cx, E_INPUT, "person",
            MSG("有一项申请等待审批，只能交给具体的人", "A request is waiting: it is handed to a person"));
    t->m.holder = person;
    if (person == 0)
        t->m.state = str_c(state_table[ST_ASSIGNED].word);
    return apply_note(t);
}

enum err apply_escalate(struct taking *t)
{
    const struct unit *u = unit_find(t->cx->cat, t->before->owner_unit);
    const struct unit *above = above_of(t, u);
    CHECK(above != NULL);
    hand_over(t, above);
    return apply_note(t);
}

enum err apply_cohandle(struct taking *t)
{
    const struct step_unit *units = t->args->units.p;
    struct buf asked = buf_in(t->cx->a, 1 << 10);
    if (t->m.cohandling + (int64_t)t->args->units.n > COHANDLING_MAX)
        return cx_fail(t->cx, E_INPUT, "units", MSG("协办单位太多，等已请的单位反馈后再请",
            "Too many units are helping; wait for those to report"));
    for (size_t i = 0; i < t->args->units.n; i++) {
        const struct unit *u = unit_named(t, units[i].unit, "units");
        if (u == NULL)
            return E_INPUT;
        TRY(may_have(t, u, "units"));
        bool twice = units[i].unit == t->m.owner_unit;
        for (size_t k = 0; k < i; k++)
            twice = twice || units[k].unit == units[i].unit;
        for (size_t k = 0; k < t->n_cohandlers; k++)
            twice = twice || (t->cohandlers[k].unit == units[i].unit
                && str_is(t->cohandlers[k].state, "open"));
        if (twice)
            return cx_fail(t->cx, E_INPUT, "units", MSG("单位重复，或已在承办、协办",
                "A unit is named twice, or has a part already"));
        t->m.cohandling++;
        buf_fmt(&asked, "%s%lld", i ? " " : "", (long long)units[i].unit);
    }
    entry_fact_text(&t->entry, "asked_units", buf_str(&asked));
    return apply_note(t);
}

enum err apply_part_done(struct taking *t)
{
    CHECK(t->m.cohandling > 0);
    t->m.cohandling--;
    return apply_note(t);
}

/* Whoever answers holds it from then on, so that somebody else checks the result. */
enum err apply_reply(struct taking *t)
{
    t->m.holder = t->cx->actor.account;
    t->entry.text = t->args->reply;
    t->entry.audience = "public";
    return OK;
}

/* A request is decided within its limit. */
static void ask_clock_start(struct taking *t)
{
    bool provisional = false;
    const struct limit *l = catalogue_limit(t->cx->cat, t->m.category, t->m.tier, "decide");
    t->m.ask_due_ms = calendar_add(t->cx->cat, t->cx->now_ms, l->amount, l->unit, &provisional);
}

/* When the matter itself rings, while or after a request was waiting: once late, a day later. */
static int64_t own_alarm(const struct taking *t)
{
    bool provisional = false;
    if (!matter_ask_rings(t->before))
        return t->before->alarm_ms;
    if (t->m.due_ms >= t->cx->now_ms || t->m.supervised == 0)
        return t->m.due_ms;
    return calendar_add(t->cx->cat, t->cx->now_ms, 1, STR("WD"), &provisional);
}

/* "ask_extension" -> "extension" */
enum err apply_ask(struct taking *t)
{
    const struct unit *u = unit_find(t->cx->cat, t->before->owner_unit);
    const struct unit *desk = above_of(t, u);
    if (t->args->reason.p && !step_reason_known(t->step->action, t->args->reason))
        return cx_fail_with(t->cx, E_INPUT, "reason",
            MSG("「%s」不是可用的理由", "\"%s\" is not one of the lawful reasons"), t->args->reason);
    t->m.ask = str_c(t->step->action + 4);
    t->m.ask_by = t->cx->actor.account;
    t->m.ask_unit = desk ? desk->id : t->before->owner_unit;
    t->m.ask_days = t->args->days == I64_NONE ? 0 : t->args->days;
    t->m.ask_reason = t->args->reason.p ? t->args->reason : STR("");
    ask_clock_start(t);
    matter_alarm_set(&t->m, t->before->alarm_ms);
    if (t->m.ask_days)
        entry_fact_number(&t->entry, "days", t->m.ask_days);
    if (t->m.ask_reason.n)
        entry_fact_text(&t->entry, "reason", t->m.ask_reason);
    return apply_note(t);
}

static void ask_done(struct matter *m)
{
    m->ask = STR("");
    m->ask_by = m->ask_unit = m->ask_days = 0;
    m->ask_reason = STR("");
    m->ask_due_ms = I64_NONE;
}

static void approve_extension(struct taking *t)
{
    bool provisional = false;
    int64_t from = t->before->due_ms > t->cx->now_ms ? t->before->due_ms : t->cx->now_ms;
    t->m.due_ms = calendar_add(t->cx->cat, from, t->before->ask_days, STR("WD"), &provisional);
    t->m.alarm_ms = t->m.due_ms;
    t->m.provisional = t->m.provisional || provisional;
    t->m.extended++;
}

static void approve_deferral(struct taking *t)
{
    bool provisional = false;
    int64_t left = t->before->due_ms - t->cx->now_ms;
    t->m.state = str_c(state_table[ST_DEFERRED].word);
    t->m.paused_ms = left > CLOCK_DAY_MS ? left : CLOCK_DAY_MS;
    t->m.clock = STR("resume");
    t->m.clock_from_ms = t->cx->now_ms;
    t->m.due_ms = calendar_add(t->cx->cat, t->cx->now_ms, t->before->ask_days, STR("WD"),
        &provisional);
    t->m.alarm_ms = t->m.due_ms;
    t->m.provisional = provisional;
}

static enum err approve_return(struct taking *t)
{
    const struct unit *desk = unit_find(t->cx->cat, t->before->ask_unit);
    CHECK(desk != NULL);
    t->m.returned_by = t->before->owner_unit;
    t->m.state = str_c(state_table[ST_RECEIVED].word);
    hand_over(t, desk);
    matter_clock_start(t->cx, &t->m, "dispatch");
    return OK;
}

enum err apply_approve(struct taking *t)
{
    entry_fact_text(&t->entry, "ask", t->before->ask);
    ask_done(&t->m);
    matter_alarm_set(&t->m, own_alarm(t));
    if (str_is(t->before->ask, "extension"))
        approve_extension(t);
    else if (str_is(t->before->ask, "deferral"))
        approve_deferral(t);
    else
        TRY(approve_return(t));
    return apply_note(t);
}

enum err apply_refuse(struct taking *t)
{
    entry_fact_text(&t->entry, "ask", t->before->ask);
    if (str_is(t->before->ask, "return"))
        t->m.returned_by = t->before->owner_unit;
    ask_done(&t->m);
    matter_alarm_set(&t->m, own_alarm(t));
    return apply_note(t);
}

enum err apply_resume(struct taking *t)
{
    int64_t left = t->before->paused_ms == I64_NONE ? CLOCK_DAY_MS : t->before->paused_ms;
    t->m.clock = STR("handle");
    t->m.clock_from_ms = t->cx->now_ms;
    t->m.due_ms = t->cx->now_ms + left;
    t->m.alarm_ms = t->m.due_ms;
    t->m.paused_ms = I64_NONE;
    return apply_note(t);
}

/* The answer so far no longer counts. */
static void answer_is_void(struct taking *t)
{
    t->m.unanswered = t->m.reporters;
    t->m.extended = 0;
}

/* Within the round: what colleagues find wanting takes nothing from the reporters' right to have
 * it reopened. */
enum err apply_rework(struct taking *t)
{
    answer_is_void(t);
    return apply_note(t);
}

enum err apply_rate(struct taking *t)
{
    entry_fact_number(&t->entry, "score", t->args->score);
    t->entry.text = t->args->text;
    t->entry.audience = t->args->text.n ? "public" : NULL;
    return OK;
}

/* An objection is decided one level above the unit that answered; a reopening by its own desk. */
static void goes_to_desk(struct taking *t, bool above)
{
    const struct unit *u = unit_find(t->cx->cat, t->before->owner_unit);
    const struct unit *desk = catalogue_desk(t->cx->cat, matter_division(t->before));
    const struct unit *higher = above ? above_of(t, u) : NULL;
    CHECK(desk != NULL);
    if (higher == NULL && desk->id == t->before->about_unit)
        higher = above_of(t, desk);
    change_owner(t, higher ? higher : desk);
    ask_done(&t->m);
    t->m.handovers = t->m.decider = 0;
    answer_is_void(t);
    t->m.round++;
}

enum err apply_object(struct taking *t)
{
    goes_to_desk(t, true);
    t->m.objected = 1;
    return apply_tell(t);
}

enum err apply_reopen(struct taking *t)
{
    goes_to_desk(t, false);
    return apply_tell(t);
}

enum err apply_withdraw(struct taking *t)
{
    ask_done(&t->m);
    t->entry.text = t->args->text;
    t->entry.audience = t->args->text.n ? "public" : NULL;
    return OK;
}

enum err apply_supervise(struct taking *t)
{
    t->m.supervised++;
    entry_fact_number(&t->entry, "level", t->m.supervised);
    return apply_note(t);
}

/* Late: first it is supervised, then listed, then it climbs to the desk above; at the top it stays
 * on the overdue list for all to see and is never dropped. */
enum err apply_overdue(struct taking *t)
{
    bool provisional = false;
    bool answered = str_is(t->before->state, "answered");
    const struct unit *u = unit_find(t->cx->cat, t->before->owner_unit);
    const struct unit *above = answered ? NULL : above_of(t, u);
    if (t->m.supervised < 2) {
        t->m.supervised++;
        entry_fact_number(&t->entry, "level", t->m.supervised);
        matter_alarm_set(&t->m,
            calendar_add(t->cx->cat, t->cx->now_ms, 1, STR("WD"), &provisional));
    } else if (above) {
        t->m.decider = t->m.decider ? above->id : 0;
        change_owner(t, above);
        ask_done(&t->m);
        t->m.state = str_c(state_table[ST_RECEIVED].word);
        matter_clock_start(t->cx, &t->m, "dispatch");
        entry_fact_number(&t->entry, "to_unit", above->id);
    } else
        matter_alarm_set(&t->m, I64_NONE);
    return OK;
}

/* A request nobody decided within its limit goes to the desk above the one that was asked; at the
 * top it waits there, and the matter's own clock goes on. */
enum err apply_undecided(struct taking *t)
{
    const struct unit *above = above_of(t, unit_find(t->cx->cat, t->before->ask_unit));
    int64_t alarm_ms = own_alarm(t);
    t->m.ask_due_ms = I64_NONE;
    if (above) {
        t->m.ask_unit = above->id;
        entry_fact_number(&t->entry, "ask_unit", above->id);
        ask_clock_start(t);
    }
    matter_alarm_set(&t->m, alarm_ms);
    return OK;
}

enum err apply_not_accept(struct taking *t)
{
    if (!step_reason_known(t->step->action, t->args->reason))
        return cx_fail_with(t->cx, E_INPUT, "reason",
            MSG("「%s」不是可用的理由", "\"%s\" is not one of the lawful reasons"), t->args->reason);
    entry_fact_text(&t->entry, "reason", t->args->reason);
    t->entry.text = t->args->reply;
    t->entry.audience = "public";
    return OK;
}

/* The other matter's number as it is written, however it was typed. */
static enum err other_number(struct taking *t, struct str *ret)
{
    struct code_number n;
    if (code_number_parse(t->args->number2, &n) != CODE_OK)
        return cx_fail(t->cx, E_INPUT, "number2",
            MSG("这不是事项编号，请核对", "This is not a matter's number; check it"));
    if (str_is(t->before->number, n.text))
        return cx_fail(t->cx, E_INPUT, "number2",
            MSG("不能填这件事自己的编号", "It cannot be the same matter"));
    *ret = arena_str(t->cx->a, str_c(n.text));
    entry_fact_text(&t->entry, "other", *ret);
    return OK;
}

enum err apply_number2(struct taking *t)
{
    struct str number;
    TRY(other_number(t, &number));
    return apply_note(t);
}

/* Its reporters move to the other matter, which answers them. */
enum err apply_merge(struct taking *t)
{
    TRY(other_number(t, &t->m.merged_into));
    t->m.reporters = 0;
    t->m.unanswered = 0;
    return apply_note(t);
}

enum err apply_recategorise(struct taking *t)
{
    const struct category *c = category_find(t->cx->cat, t->args->category);
    if (c == NULL)
        return cx_fail(t->cx, E_INPUT, "category", MSG("没有这个类别", "There is no such category"));
    if (str_eq(c->code, t->before->category))
        return cx_fail(t->cx, E_INPUT, "category",
            MSG("已是这个类别，请选择别的", "It is in this category already; choose another"));
    t->m.category = c->code;
    t->m.tier = c->tier;
    struct route_facts facts = matter_route_facts(&t->m);
    t->m.max_level = level_by_word(catalogue_route(t->cx->cat, catalogue_rules(t->cx->cat), &facts,
        NULL).rule->max_level);
    entry_fact_text(&t->entry, "category", c->code);
    entry_fact_number(&t->entry, "tier", c->tier);
    struct str clock = t->before->clock;
    matter_clock_start(t->cx, &t->m, str_is(clock, "dispatch") ? "dispatch"
        : str_is(clock, "sign") ? "sign" : "handle");
    return apply_note(t);
}
