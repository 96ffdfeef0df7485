/* step.c: taking a step: may this person, now, and what follows. */
#include "matter/step.h"
#include <stdio.h>

RECORD_DEFINE(step_unit, STEP_UNIT)
RECORD_DEFINE(step_party, STEP_PARTY)
RECORD_DEFINE(step_promise, STEP_PROMISE)
RECORD_DEFINE(step_consent, STEP_CONSENT)
RECORD_DEFINE(step_args, STEP_ARGS)
RECORD_DEFINE(cohandler, COHANDLER)
RECORD_DEFINE(sending, SENDING)
RECORD_DEFINE(reason_row, REASON_ROW)
RECORD_DEFINE(action_row, ACTION_ROW)

const char *const yes_no[] = { "yes", "no", NULL };

SQL_READS(COHANDLERS, "step.cohandlers",
    "SELECT unit, state, due_ms, task, reply, since_ms FROM cohandler"
    " WHERE area = $1 AND matter = $2"
    " ORDER BY CASE state WHEN 'open' THEN 0 ELSE 1 END, unit LIMIT 32");
SQL_WRITES(ANSWERED, "step.answered",
    "UPDATE reporter SET answered_round = $3 WHERE area = $1 AND matter = $2");
SQL_READS(FIRST_SENDING, "step.first_sending",
    "SELECT at_ms, due_ms FROM entry WHERE area = $1 AND matter = $2 AND to_state = 'assigned'"
    " AND action IN ('report', 'assign', 'pass') AND seq > (SELECT coalesce(max(seq), 0) FROM entry"
    " WHERE area = $1 AND matter = $2 AND action IN ('object', 'reopen')) ORDER BY seq LIMIT 1");
/* From when it was taken first, until when it is to be handled as its last entry in hand says, for
 * more time may have been granted. */
SQL_READS(FIRST_TAKING, "step.first_taking",
    "SELECT at_ms, (SELECT due_ms FROM entry WHERE area = $1 AND matter = $2 AND to_state = 'working'"
    " ORDER BY seq DESC LIMIT 1) FROM entry WHERE area = $1 AND matter = $2 AND to_state = 'working'"
    " AND seq >= (SELECT coalesce(max(seq), 0) FROM entry WHERE area = $1 AND matter = $2"
    " AND action IN ('object', 'reopen', 'rework')) ORDER BY seq LIMIT 1");
const struct sql *const step_statements[] = { &COHANDLERS, &ANSWERED, &FIRST_SENDING,
    &FIRST_TAKING };
const size_t step_statements_n = COUNT_OF(step_statements);

struct step_args step_args_for(const char *action)
{
    struct step_args args;
    record_clear(&step_args_record, &args);
    args.action = str_c(action);
    return args;
}

struct step_args step_of_alarm(const struct matter *m)
{
    bool before_due = m->alarm_ms < m->due_ms;      /* a promise will be due soon */
    return step_args_for(matter_ask_rings(m) ? "undecided" : str_is(m->state, "deferred") ? "resume"
        : str_is(m->state, "verified") ? "close"
        : str_is(m->state, "performing") && before_due ? "remind" : "overdue");
}

const struct step *step_find(const struct step_table *table, struct str action)
{
    for (size_t i = 0; i < table->n; i++)
        if (str_is(action, table->steps[i].action))
            return &table->steps[i];
    return NULL;
}

const struct step *step_named(struct str action)
{
    const struct step *s = NULL;
    for (size_t i = 0; i < step_tables_n && s == NULL; i++)
        s = step_find(step_tables[i], action);
    return s;
}

const struct step_table *step_table_of(struct str kind)
{
    for (size_t i = 1; i < step_tables_n; i++)
        if (str_is(kind, step_tables[i]->kind))
            return step_tables[i];
    return &life_table;
}

enum err cohandlers_of(struct cx *cx, const struct matter *m, struct list *ret)
{
    return db_rows(cx->db, cx->a, &COHANDLERS, ARGS(I(m->area), I(m->id)), &cohandler_record,
        COHANDLING_MAX, ret);
}

static bool has_open_part(const struct taking *t, int64_t unit)
{
    for (size_t i = 0; i < t->n_cohandlers; i++)
        if (t->cohandlers[i].unit == unit && str_is(t->cohandlers[i].state, "open"))
            return true;
    return false;
}

/* A centre decides over what lies in its territory, unless a higher centre has it; a community over
 * what its own people have. */
static bool desk_decides(const struct taking *t, const struct unit *u)
{
    const struct unit *owner = unit_find(t->cx->cat, t->before->owner_unit);
    bool higher_has_it = owner && owner->desk && owner->level < u->level;
    if (u->level == LEVEL_COMMUNITY && owner != u)
        return false;
    return u->desk && !higher_has_it
        && region_has(region_of(u->region), matter_division(t->before));
}

/* The unit asked decides, or its people's supervisor, or the head of the unit that asked; but
 * whether a unit may return a matter is never its own decision. */
static bool asked_decides(const struct taking *t, const struct membership *ms,
    const struct unit *u)
{
    const struct matter *m = t->before;
    bool own_head = ms->unit == m->owner_unit && (ms->role & ROLE_CHIEF);
    return ms->unit == m->ask_unit || (own_head && !str_is(m->ask, "return"))
        || ((ms->role & ROLE_SUPERVISOR) && desk_decides(t, u));
}

/* Does this membership of the actor stand in the step's relation to the matter? */
static bool membership_fits(const struct taking *t, const struct membership *ms)
{
    const struct matter *m = t->before;
    const struct actor *a = &t->cx->actor;
    const struct unit *u = unit_find(t->cx->cat, ms->unit);
    if (u == NULL || (ms->role & t->step->roles) == 0)
        return false;
    switch (t->step->who) {
    case REL_OWNER: return ms->unit == m->owner_unit;
    case REL_HOLDER:
        return ms->unit == m->owner_unit
            && (a->account == m->holder || (ms->role & (ROLE_CHIEF | ROLE_GRID_LEAD)));
    case REL_DESK: return desk_decides(t, u);
    case REL_ASKED: return asked_decides(t, ms, u);
    case REL_COHANDLER: return has_open_part(t, ms->unit);
    case REL_STAFF: return true;
    case REL_REPORTER: case REL_SYSTEM: break;
    }
    return false;
}

/* Finds the unit in which the actor may take the step; false when there is none. */
static bool relation_fits(struct taking *t)
{
    const struct actor *a = &t->cx->actor;
    t->unit = 0;
    if (t->step->who == REL_REPORTER)
        return a->kind == ACTOR_REPORTER;
    if (a->kind == ACTOR_SYSTEM)
        return (t->step->roles & ROLE_SYSTEM) != 0;
    for (size_t i = 0; i < a->n_memberships; i++)
        if (membership_fits(t, &a->memberships[i])) {
            t->unit = a->memberships[i].unit;
            return true;
        }
    return false;
}

static struct msg relation_text(const struct taking *t)
{
    switch (t->step->who) {
    case REL_OWNER: return MSG("由承办单位办理", "For the responsible unit");
    case REL_HOLDER: return MSG("由签收人或其负责人办理", "For the person who took it or their lead");
    case REL_DESK: return MSG("由辖区综治中心办理，已到上级的由上级办理",
        "For the centre of this territory, or the higher one that has it");
    case REL_ASKED: return MSG("由审批单位办理", "For the unit that decides");
    case REL_COHANDLER: return MSG("由协办单位办理", "For a unit asked to help");
    case REL_STAFF: return MSG("由工作人员办理", "For staff");
    case REL_REPORTER:
        if (matter_is_closed_circle(t->before))
            return MSG("由当事人办理", "For a party");
        return MSG("由报事人办理", "For the reporter");
    case REL_SYSTEM: return MSG("由系统到时办理", "Done by the system when the time comes");
    }
    return NOTHING_FORBIDS;
}

struct msg step_refusal(const struct taking *t)
{
    enum state now = state_by_word(t->before->state);
    if ((t->step->from & FROM(now)) == 0)
        return MSG("现在的状态下不能办这一步", "Not possible in the present state");
    return t->step->guard ? t->step->guard(t) : NOTHING_FORBIDS;
}

/* End and reopening are consequences of the state, never set by a step itself. */
static void settle_state(struct taking *t, enum state to)
{
    struct matter *m = &t->m;
    m->state = str_c(state_table[to].word);
    m->open = state_table[to].open;
    if (m->open) {
        m->closed_ms = I64_NONE;
        return;
    }
    if (t->before->open)
        m->closed_ms = t->cx->now_ms;
    m->holder = 0;
    matter_clock_stop(m);
}

/* Putting back and taking again buys no time: a stage already running at this unit runs on. */
static bool clock_runs_on(const struct taking *t, const char *clock)
{
    return str_is(t->before->clock, clock) && t->before->round == t->m.round
        && t->before->owner_unit == t->m.owner_unit;
}

static bool takes(const struct step *s)
{
    return strcmp(s->action, "take") == 0;
}

void step_clock_start(struct taking *t, const char *stage)
{
    const struct sending *first = &t->first;
    matter_clock_start(t->cx, &t->m, stage);
    bool taken = strcmp(stage, "handle") == 0 && takes(t->step);
    bool waits = strcmp(stage, "sign") == 0 || strcmp(stage, "dispatch") == 0;
    if (!(taken || waits) || first->due_ms == 0 || first->due_ms >= t->m.due_ms
        || t->m.round != t->before->round)
        return;
    /* Once that time is over it is late for all to see, and rings when the stage's own is over too. */
    int64_t rings_ms = first->due_ms > t->cx->now_ms ? first->due_ms : t->m.due_ms;
    t->m.clock_from_ms = first->from_ms;
    t->m.due_ms = first->due_ms;
    matter_alarm_set(&t->m, rings_ms);
}

enum err step_apply(struct taking *t)
{
    const struct step *s = t->step;
    enum state from = state_by_word(t->before->state);
    t->entry = (struct entry_make){ .action = s->action, .unit = t->unit, .from = from };
    if (t->cx->actor.kind == ACTOR_REPORTER)
        entry_fact_number(&t->entry, "reporter", t->cx->actor.no);
    if (s->apply)
        TRY(s->apply(t));
    if (s->answers)
        t->m.unanswered = 0;
    enum state to = t->to_decider ? ST_RECEIVED
        : s->to >= 0 ? (enum state)s->to : state_by_word(t->m.state);
    const char *clock = t->to_decider ? "dispatch" : s->clock;
    settle_state(t, to);
    if (clock && t->m.open && !clock_runs_on(t, clock))
        step_clock_start(t, clock);
    CHECK(!t->m.open || (t->m.owner_unit != 0 && t->m.due_ms != I64_NONE));
    CHECK(t->m.open || t->m.unanswered == 0);
    return OK;
}

static bool word_in(const char *words, const char *word, bool *ret_optional)
{
    size_t n = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at += n)
        if ((at == words || at[-1] == ' ') && (at[n] == '\0' || at[n] == ' ' || at[n] == '?')) {
            *ret_optional = at[n] == '?';
            return true;
        }
    return false;
}

static bool arg_given(const struct field *f, const struct step_args *args)
{
    const void *p = record_in(f, args);
    switch (f->type) {
    case F_STR: return str_trim(*(const struct str *)p).n > 0;
    case F_ID: case F_I64: case F_TIME: return *(const int64_t *)p != I64_NONE;
    case F_LIST: case F_WORDS: return ((const struct list *)p)->n > 0;
    case F_F64: case F_BOOL: case F_BYTES: case F_RAW: case F_OBJ: break;
    }
    return false;
}

/* What the step needs is there, and nothing it does not know is. */
static enum err check_needs(struct taking *t)
{
    for (size_t i = 0; i < step_args_record.n; i++) {
        const struct field *f = &step_args_record.fields[i];
        bool optional = true, wanted = word_in(t->step->needs, f->name, &optional);
        bool given = arg_given(f, t->args);
        if (strcmp(f->name, "number") == 0 || strcmp(f->name, "action") == 0
            || strcmp(f->name, "seq") == 0)
            continue;
        if (wanted && !optional && !given)
            return cx_fail(t->cx, E_INPUT, f->name,
                MSG("这一步需要填写这一项", "This step needs this field"));
        if (!wanted && given)
            return cx_fail(t->cx, E_INPUT, f->name,
                MSG("这一步用不到这一项，请删去", "This step does not use this field; remove it"));
    }
    return OK;
}

static enum err store_answers(struct taking *t)
{
    if (!t->step->answers || t->m.reporters == 0)
        return OK;
    return db_exec(t->cx->db, &ANSWERED, ARGS(I(t->m.area), I(t->m.id), I(t->m.round + 1)), NULL);
}

/* A desk that has to decide does so by a person: from now on it lies in their hands. */
static void name_decider(struct taking *t)
{
    struct cx *cx = t->cx;
    const struct unit *desk = unit_find(cx->cat, t->m.decider);
    if (desk && t->m.decider != t->before->decider && t->m.owner_unit == desk->id
        && str_is(t->m.state, "received") && cx->services.decider)
        t->m.holder = cx->services.decider(cx, desk);
}

static enum err store_all(struct taking *t)
{
    struct cx *cx = t->cx;
    name_decider(t);
    if (t->step->store)
        TRY(t->step->store(t));
    TRY(store_answers(t));
    if (t->m.owner_unit != t->before->owner_unit)
        TRY(matter_involve(cx, &t->m, t->before->owner_unit));
    if (t->step->who == REL_ASKED && t->unit == t->before->ask_unit)
        TRY(matter_involve(cx, &t->m, t->unit));    /* who decided may see what came of it */
    TRY(matter_append(cx, &t->m, &t->entry));
    TRY(matter_update(cx, &t->m, t->before->seq));
    TRY(step_tell(t));
    matter_publish(cx, &t->m);
    return OK;
}

/* When the stage that the step begins began first in this round. */
static enum err first_sending(struct cx *cx, const struct matter *m, const struct step *step,
    struct sending *ret)
{
    *ret = (struct sending){ 0, 0 };
    if (m->tier < TIER_URGENT)
        return OK;
    enum err e = db_one(cx->db, cx->a, takes(step) ? &FIRST_TAKING : &FIRST_SENDING,
        ARGS(I(m->area), I(m->id)), &sending_record, ret);
    return e == E_MISSING ? OK : e;
}

/* What lies beside the matter and decides on its steps. */
static enum err taking_load(struct taking *t, const struct step_table *table)
{
    struct list co = { NULL, 0 };
    if (t->before->cohandling)
        TRY(cohandlers_of(t->cx, t->before, &co));
    t->cohandlers = co.p;
    t->n_cohandlers = co.n;
    return table->load ? table->load(t) : OK;
}

enum err matter_step(struct cx *cx, const struct matter *before, const struct step_args *args,
    struct matter *ret)
{
    const struct step_table *table = step_table_of(before->kind);
    struct taking t = { .cx = cx, .before = before, .m = *before, .args = args };
    t.step = step_find(table, args->action);
    if (t.step == NULL)
        return cx_fail_with(cx, E_INPUT, "action",
            MSG("没有「%s」这一步", "There is no step \"%s\""), args->action);
    if (args->seq != I64_NONE && args->seq != before->seq)
        return E_CONFLICT;
    TRY(taking_load(&t, table));
    if (!relation_fits(&t))
        return cx_fail(cx, E_DENIED, NULL, relation_text(&t));
    struct msg why = step_refusal(&t);
    if (why.zh)
        return cx_fail(cx, E_STEP, NULL, why);
    TRY(check_needs(&t));
    TRY(first_sending(cx, before, t.step, &t.first));
    TRY(step_apply(&t));
    TRY(store_all(&t));
    if (ret)
        *ret = t.m;
    return OK;
}

enum err matter_try_step(struct cx *cx, const struct matter *before, const struct step_args *args,
    struct str *ret_why)
{
    size_t events = cx->n_events;
    *ret_why = STR_NONE;
    TRY(db_savepoint(cx->db));
    memset(&cx->info, 0, sizeof(cx->info));
    enum err e = matter_step(cx, before, args, NULL);
    if (e == OK)
        return db_release(cx->db);
    db_rollback_to(cx->db);
    cx->n_events = events;
    *ret_why = arena_str(cx->a, str_c(err_info_text(&cx->info, e, cx->lang)));
    memset(&cx->info, 0, sizeof(cx->info));
    return e == E_DB || e == E_UNKNOWN || e == E_BUG ? e : OK;
}

static struct list words_of(struct arena *a, const char *text)
{
    struct str rest = str_c(text), *words = NEW_N(a, struct str, 10);
    size_t n = 0;
    while (rest.n && n < 10) {
        struct str word = str_cut(rest, ' ', &rest);
        if (word.n)
            words[n++] = word;
    }
    return (struct list){ words, n };
}

enum err matter_offers(struct cx *cx, const struct matter *m, struct list *ret)
{
    const struct step_table *table = step_table_of(m->kind);
    struct step_args none = step_args_for("");
    struct taking t = { .cx = cx, .before = m, .m = *m, .args = &none };
    struct offer *offers = NEW_N(cx->a, struct offer, table->n);
    size_t n = 0;
    TRY(taking_load(&t, table));
    for (size_t i = 0; i < table->n; i++) {
        t.step = &table->steps[i];
        if ((t.step->roles & cx->actor.roles) == 0)
            continue;
        struct msg why = relation_fits(&t) ? step_refusal(&t) : relation_text(&t);
        offers[n++] = (struct offer){ t.step, why };
    }
    *ret = (struct list){ offers, n };
    return OK;
}

struct action_row action_of_offer(struct cx *cx, const struct offer *o)
{
    const struct step *s = o->step;
    return (struct action_row){ .action = str_c(s->action), .name = cx_text(cx, s->zh, s->en),
        .ok = o->why.zh == NULL, .why = o->why.zh ? cx_text(cx, o->why.zh, o->why.en) : STR_NONE,
        .needs = words_of(cx->a, s->needs), .danger = s->danger,
        .reasons = step_reasons(cx, s->action) };
}

enum err matter_actions(struct cx *cx, const struct matter *m, struct list *ret)
{
    struct list offers;
    TRY(matter_offers(cx, m, &offers));
    const struct offer *o = offers.p;
    struct action_row *rows = NEW_N(cx->a, struct action_row, offers.n + 1);
    for (size_t i = 0; i < offers.n; i++)
        rows[i] = action_of_offer(cx, &o[i]);
    *ret = (struct list){ rows, offers.n };
    return OK;
}
