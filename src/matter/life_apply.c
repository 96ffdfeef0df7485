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

enum err apply_assign(struct taking *t)
{
    const struct unit *u = unit_named(t, t->args->unit, "unit");
    if (u == NULL)
        return E_INPUT;
    if (u->id == t->before->owner_unit && !str_is(t->before->state, "received"))
        return cx_fail(t->cx, E_INPUT, "unit",
            MSG("已在这个单位，请选择别的单位", "It is with this unit already; choose another"));
    change_owner(t, u);
    entry_fact_number(&t->entry, "to_unit", u->id);
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
    const struct unit *above = u ? catalogue_desk_above(t->cx->cat, u) : NULL;
    CHECK(above != NULL);
    change_owner(t, above);
    entry_fact_number(&t->entry, "to_unit", above->id);
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
        if (unit_named(t, units[i].unit, "units") == NULL)
            return E_INPUT;
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

/* "ask_extension" -> "extension" */
enum err apply_ask(struct taking *t)
{
    const struct unit *u = unit_find(t->cx->cat, t->before->owner_unit);
    const struct unit *desk = u ? catalogue_desk_above(t->cx->cat, u) : NULL;
    if (t->args->reason.p && !step_reason_known(t->step->action, t->args->reason))
        return cx_fail_with(t->cx, E_INPUT, "reason",
            MSG("「%s」不是可用的理由", "\"%s\" is not one of the lawful reasons"), t->args->reason);
    t->m.ask = str_c(t->step->action + 4);
    t->m.ask_by = t->cx->actor.account;
    t->m.ask_unit = desk ? desk->id : t->before->owner_unit;
    t->m.ask_days = t->args->days == I64_NONE ? 0 : t->args->days;
    t->m.ask_reason = t->args->reason.p ? t->args->reason : STR("");
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
    change_owner(t, desk);
    matter_clock_start(t->cx, &t->m, "dispatch");
    return OK;
}

enum err apply_approve(struct taking *t)
{
    entry_fact_text(&t->entry, "ask", t->before->ask);
    if (str_is(t->before->ask, "extension"))
        approve_extension(t);
    else if (str_is(t->before->ask, "deferral"))
        approve_deferral(t);
    else
        TRY(approve_return(t));
    ask_done(&t->m);
    return apply_note(t);
}

enum err apply_refuse(struct taking *t)
{
    entry_fact_text(&t->entry, "ask", t->before->ask);
    if (str_is(t->before->ask, "return"))
        t->m.returned_by = t->before->owner_unit;
    ask_done(&t->m);
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
    const struct unit *higher = u && above ? catalogue_desk_above(t->cx->cat, u) : NULL;
    change_owner(t, higher ? higher : desk);
    ask_done(&t->m);
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
    const struct unit *above = u && !answered ? catalogue_desk_above(t->cx->cat, u) : NULL;
    if (t->m.supervised < 2) {
        t->m.supervised++;
        entry_fact_number(&t->entry, "level", t->m.supervised);
        t->m.alarm_ms = calendar_add(t->cx->cat, t->cx->now_ms, 1, STR("WD"), &provisional);
    } else if (above) {
        change_owner(t, above);
        ask_done(&t->m);
        t->m.state = str_c(state_table[ST_RECEIVED].word);
        matter_clock_start(t->cx, &t->m, "dispatch");
        entry_fact_number(&t->entry, "to_unit", above->id);
    } else
        t->m.alarm_ms = I64_NONE;
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
    entry_fact_text(&t->entry, "category", c->code);
    entry_fact_number(&t->entry, "tier", c->tier);
    struct str clock = t->before->clock;
    matter_clock_start(t->cx, &t->m, str_is(clock, "dispatch") ? "dispatch"
        : str_is(clock, "sign") ? "sign" : "handle");
    return apply_note(t);
}
