/* act.c: changing the roster: turns of a zone, absences and substitutes, hand-over; and what the
 * system does by itself when somebody is not there. */
#include "duty/decider.h"

#define OPEN_ROW(X, R) \
    X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, id, 0, 0, 0, NULL, "")
RECORD(open_row, OPEN_ROW)
RECORD_DEFINE(open_row, OPEN_ROW)
#define LEFT_ROW(X, R) \
    X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, id, 0, 0, 0, NULL, "") \
    X(R, I64, substitute, 0, 0, 0, NULL, "")
RECORD(left_row, LEFT_ROW)
RECORD_DEFINE(left_row, LEFT_ROW)

#define HANDLES(account, unit) \
    "SELECT ms.account FROM membership ms JOIN account w ON w.id = ms.account AND w.disabled = 0" \
    " WHERE ms.account = " account " AND ms.unit = " unit " AND ms.role IN " ROLES_HOLDING
SQL_READS(TURNS, "duty.turns",
    "SELECT layer, zone, position, day, from_min, to_min, account FROM shift"
    " WHERE layer = $1 AND zone = $2 ORDER BY position");
SQL_READS(CAN_HANDLE, "duty.can_handle", HANDLES("$1", "$2") " LIMIT 1");
SQL_READS(ABSENCE_BY_ID, "duty.absence",
    "SELECT id, account, from_ms, to_ms, substitute FROM absence WHERE id = $1");
SQL_READS(ABSENCE_SAME, "duty.absence_same",
    "SELECT id, account, from_ms, to_ms, substitute FROM absence WHERE account = $1 AND from_ms = $2"
    " AND to_ms = $3 LIMIT 1");
SQL_READS(ABSENCE_OVERLAPS, "duty.absence_overlaps",
    "SELECT count(*) FROM absence WHERE account = $1 AND from_ms < $3 AND to_ms > $2");
SQL_WRITES(ABSENCE_ADD, "duty.absence_add",
    "INSERT INTO absence (id, account, from_ms, to_ms, substitute) VALUES ($1, $2, $3, $4, $5)");
SQL_WRITES(ABSENCE_SUBSTITUTE, "duty.absence_substitute",
    "UPDATE absence SET substitute = $2 WHERE id = $1");
SQL_WRITES(ABSENCE_CUT, "duty.absence_cut", "UPDATE absence SET to_ms = $2 WHERE id = $1");
SQL_WRITES(ABSENCE_REMOVE, "duty.absence_remove", "DELETE FROM absence WHERE id = $1");
SQL_READS(IN_HAND_OF, "duty.in_hand_of",
    "SELECT area, id FROM matter WHERE open = 1 AND holder = $1 AND holder <> 0"
    " AND state IN ('working', 'deferred') ORDER BY due_ms, area, id LIMIT 100");
SQL_READS(NOTE_AGAIN, "duty.note_again",
    "SELECT count(*) FROM handover WHERE from_account = $1 AND at_ms > $2 AND to_account = $3"
    " AND note = $4");
SQL_WRITES(NOTE_ADD, "duty.note_add",
    "INSERT INTO handover (id, unit, from_account, to_account, at_ms, note, numbers)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)");
/* Work in hands of people who are not there, with a substitute who is and may take it, or 0. */
SQL_READS(LEFT, "duty.left",
    "SELECT m.area, m.id, coalesce((" HANDLES("a.substitute", "m.owner_unit") " AND NOT EXISTS"
    " (SELECT 1 FROM absence o WHERE o.account = a.substitute AND o.from_ms <= $1 AND o.to_ms > $1)"
    " LIMIT 1), 0) FROM absence a CROSS JOIN matter m WHERE m.holder = a.account AND m.open = 1"
    " AND m.holder <> 0 AND m.state IN ('working', 'received') AND a.from_ms <= $1 AND a.to_ms > $1 LIMIT $2");
SQL_WRITES(ABSENCES_OLD, "duty.absences_old", "DELETE FROM absence WHERE to_ms < $1");
SQL_WRITES(NOTES_OLD, "duty.notes_old", "DELETE FROM handover WHERE at_ms < $1");
SQL_WRITES(TURNS_OLD, "duty.turns_old",
    "DELETE FROM shift WHERE day >= 19700101 AND day < $1");
const struct sql *const duty_statements[] = { &TURNS, &CAN_HANDLE, &ABSENCE_BY_ID, &ABSENCE_SAME,
    &ABSENCE_OVERLAPS, &ABSENCE_ADD, &ABSENCE_SUBSTITUTE, &ABSENCE_CUT, &ABSENCE_REMOVE,
    &IN_HAND_OF, &NOTE_AGAIN, &NOTE_ADD, &LEFT, &ABSENCES_OLD, &NOTES_OLD, &TURNS_OLD };
const size_t duty_statements_n = COUNT_OF(duty_statements);

enum { ABSENCE_DAYS_MAX = 366, AGAIN_MS = 600000 };

static enum err handles(struct cx *cx, int64_t account, int64_t unit, bool *ret)
{
    int64_t found;
    enum err e = db_number(cx->db, &CAN_HANDLE, ARGS(I(account), I(unit)), &found);
    *ret = e == OK;
    return e == E_MISSING ? OK : e;
}

/* Turns of a zone ----------------------------------------------------------------------------- */

static enum err turn_read(struct cx *cx, const struct zone_set *q, const struct unit *u,
    const struct duty_turn *t, struct shift *ret)
{
    bool fits = true;
    *ret = (struct shift){ .layer = q->layer, .zone = q->zone, .account = t->account };
    if (!duty_minute_read(t->from, false, &ret->from_min)
        || !duty_minute_read(t->to, true, &ret->to_min))
        return cx_fail(cx, E_INPUT, "turns", MSG("时间应如 08:30，至多 24:00",
            "Times are written like 08:30, 24:00 at most"));
    if (t->account)
        TRY(handles(cx, t->account, u->id, &fits));
    return fits ? OK : cx_fail(cx, E_INPUT, "turns", MSG("值班的人应是这个单位办理事项的人员",
        "Whoever is on duty must handle matters in this unit"));
}

static enum err turns_read(struct cx *cx, const struct zone_set *q, const struct unit *u,
    struct list *ret)
{
    const struct duty_turn *t = q->turns.p;
    struct shift *rows = NEW_N(cx->a, struct shift, TURNS_MAX * 8 + 1), one;
    int64_t days[40];
    size_t n = 0, n_days;
    for (size_t i = 0; i < q->turns.n; i++) {
        struct str bad;
        if (!duty_days_read(t[i].days, days, COUNT_OF(days), &n_days, &bad)
            || n + n_days > TURNS_MAX * 8)
            return cx_fail_with(cx, E_INPUT, "turns", MSG("“%s”不是日子，应为星期、工作日、休息日、每天或 yyyy-mm-dd",
                "\"%s\" is no day: a weekday, work, free, daily or yyyy-mm-dd"), bad);
        TRY(turn_read(cx, q, u, &t[i], &one));
        for (size_t k = 0; k < n_days; k++, n++) {
            rows[n] = one;
            rows[n].day = days[k];
            rows[n].position = (int64_t)n;
        }
    }
    *ret = (struct list){ rows, n };
    return OK;
}

enum err duty_zone_set(struct cx *cx, const void *in, struct buf *out)
{
    const struct zone_set *q = in;
    enum duty_layer layer = duty_layer_by_word(q->layer);
    const struct unit *u = duty_unit_of(cx->cat, layer, q->zone);
    struct list before, after;
    (void)out;
    if (u == NULL || !duty_may_edit(cx, u))
        return cx_fail(cx, E_MISSING, "zone", MSG("没有这个区域，或不由您排班",
            "There is no such zone whose roster you keep"));
    TRY(turns_read(cx, q, u, &after));
    TRY(db_rows(cx->db, cx->a, &TURNS, ARGS(S(q->layer), I(q->zone)), &shift_record, TURNS_MAX * 8,
        &before));
    struct str version = duty_version(cx->a, after), was = duty_version(cx->a, before);
    if (!str_eq(q->version, was) && !str_eq(version, was))
        return cx_fail(cx, E_CONFLICT, "version", MSG("别人刚改过这里的值班表，请刷新后再改",
            "Somebody has just changed this roster; reload and change it again"));
    TRY(turns_clear(cx->db, layer, q->zone));
    TRY(turns_store(cx->db, after));
    struct changed r = { version };
    return duty_answer(cx, &changed_record, &r);
}

/* Absences ------------------------------------------------------------------------------------ */

/* A unit in which the account handles matters, and in which the actor may say so: their own, or one
 * whose roster they keep. 0 when there is none. */
static enum err common_unit(struct cx *cx, int64_t account, int64_t *ret)
{
    struct list units = catalogue_units(cx->cat);
    const struct unit *u = units.p;
    const struct actor *a = &cx->actor;
    bool fits = false;
    *ret = 0;
    for (size_t i = 0; i < a->n_memberships && *ret == 0 && account == a->account; i++) {
        TRY(handles(cx, account, a->memberships[i].unit, &fits));
        *ret = fits ? a->memberships[i].unit : 0;
    }
    for (size_t i = 0; i < units.n && *ret == 0 && account != a->account; i++) {
        if (!duty_may_edit(cx, &u[i]))
            continue;
        TRY(handles(cx, account, u[i].id, &fits));
        *ret = fits ? u[i].id : 0;
    }
    return OK;
}

static enum err substitute_check(struct cx *cx, const struct absence *x, int64_t unit)
{
    bool fits = true;
    if (x->substitute)
        TRY(handles(cx, x->substitute, unit, &fits));
    if (!fits || (x->substitute && x->substitute == x->account))
        return cx_fail(cx, E_INPUT, "substitute", MSG("替班的人应是同一单位的另一位工作人员",
            "A substitute is somebody else of the same unit"));
    int64_t away = 0;
    if (x->substitute)
        TRY(db_number(cx->db, &ABSENCE_OVERLAPS, ARGS(I(x->substitute), I(x->from_ms), I(x->to_ms)),
            &away));
    if (away)
        return cx_fail(cx, E_INPUT, "substitute", MSG("替班的人这段时间自己也不在，请另选一位",
            "The substitute is away in that time too; choose somebody else"));
    return OK;
}

static enum err absence_check(struct cx *cx, const struct absence *x)
{
    int64_t unit = 0;
    TRY(common_unit(cx, x->account, &unit));
    if (unit == 0)
        return cx_fail(cx, E_MISSING, "account", MSG("没有这位同事，或不由您排班",
            "There is no such colleague whose roster you keep"));
    return substitute_check(cx, x, unit);
}

static enum err absence_times_check(struct cx *cx, const struct absence *x)
{
    int64_t overlaps = 0;
    if (x->from_ms >= x->to_ms || x->to_ms <= cx->now_ms
        || x->to_ms - x->from_ms > ABSENCE_DAYS_MAX * (int64_t)CLOCK_DAY_MS)
        return cx_fail(cx, E_INPUT, "to_ms", MSG("结束应晚于开始、晚于现在，至多一年",
            "The end comes after the beginning and after now, a year at most"));
    TRY(db_number(cx->db, &ABSENCE_OVERLAPS, ARGS(I(x->account), I(x->from_ms), I(x->to_ms)),
        &overlaps));
    if (overlaps)
        return cx_fail(cx, E_INPUT, "from_ms", MSG("这段时间与已登记的一段重叠，请先结束那一段",
            "This overlaps an absence that is entered already; end that one first"));
    return OK;
}

/* As long as nobody of the book is needed, names come from the book this server holds. */
static enum err absence_answer(struct cx *cx, const struct absence *x)
{
    const struct duty_book *b = duty_hold(cx);
    struct absence_view v = { x->id, x->account, STR(""), x->from_ms, x->to_ms, x->substitute,
        STR("") };
    if (b)
        v = duty_absence_view(b, cx->a, x);
    enum err e = duty_answer(cx, &absence_view_record, &v);
    duty_book_drop(b);
    return e;
}

/* What is entered already may be sent again at any time, also when it is over. */
static enum err absence_store(struct cx *cx, struct absence *x)
{
    struct absence same;
    enum err e = db_one(cx->db, cx->a, &ABSENCE_SAME, ARGS(I(x->account), I(x->from_ms),
        I(x->to_ms)), &absence_record, &same);
    if (e == OK) {
        x->id = same.id;
        return db_exec(cx->db, &ABSENCE_SUBSTITUTE, ARGS(I(x->id), I(x->substitute)), NULL);
    }
    if (e != E_MISSING)
        return e;
    TRY(absence_times_check(cx, x));
    x->id = cx_next_id(cx);
    return db_exec(cx->db, &ABSENCE_ADD, ARGS(I(x->id), I(x->account), I(x->from_ms), I(x->to_ms),
        I(x->substitute)), NULL);
}

enum err duty_absence_put(struct cx *cx, const void *in, struct buf *out)
{
    const struct absence_in *q = in;
    struct absence x = { .account = q->account == I64_NONE ? cx->actor.account : q->account,
        .from_ms = q->from_ms, .to_ms = q->to_ms,
        .substitute = q->substitute == I64_NONE ? 0 : q->substitute };
    (void)out;
    TRY(absence_check(cx, &x));
    TRY(absence_store(cx, &x));
    TRY(duty_stamp_move(cx->db));
    return absence_answer(cx, &x);
}

enum err duty_absence_stop(struct cx *cx, const void *in, struct buf *out)
{
    const struct absence_end *q = in;
    struct absence x;
    int64_t unit = 0;
    (void)out;
    enum err e = db_one(cx->db, cx->a, &ABSENCE_BY_ID, ARGS(I(q->id)), &absence_record, &x);
    if (e != OK && e != E_MISSING)
        return e;
    if (e == OK)
        TRY(common_unit(cx, x.account, &unit));
    if (unit == 0)
        return cx_fail(cx, E_MISSING, "id", MSG("没有这一段，或不由您排班", "There is no such absence"));
    if (x.from_ms >= cx->now_ms)
        TRY(db_exec(cx->db, &ABSENCE_REMOVE, ARGS(I(x.id)), NULL));
    else if (x.to_ms > cx->now_ms)
        TRY(db_exec(cx->db, &ABSENCE_CUT, ARGS(I(x.id), I(cx->now_ms)), NULL));
    x.to_ms = x.to_ms > cx->now_ms ? cx->now_ms : x.to_ms;
    TRY(duty_stamp_move(cx->db));
    return absence_answer(cx, &x);
}

/* Hand-over ----------------------------------------------------------------------------------- */

struct handing {
    struct cx *cx;
    const struct handover_in *q;
    struct str numbers[100];
    struct kept stay[100];
    size_t n, n_stay;
};

static enum err hand_one(struct handing *h, const struct matter *m)
{
    struct step_args args = step_args_for("hand_over");
    struct str why;
    args.person = h->q->to;
    args.note = h->q->note;
    TRY(matter_try_step(h->cx, m, &args, &why));
    if (why.p)
        h->stay[h->n_stay++] = (struct kept){ m->number, why };
    else
        h->numbers[h->n++] = m->number;
    return OK;
}

static enum err hand_all(struct handing *h)
{
    struct cx *cx = h->cx;
    struct list rows;
    TRY(db_rows(cx->db, cx->a, &IN_HAND_OF, ARGS(I(cx->actor.account)), &open_row_record, 100,
        &rows));
    const struct open_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        struct matter m;
        TRY(matter_by_id(cx, r[i].area, r[i].id, &m));
        TRY(hand_one(h, &m));
    }
    return OK;
}

/* The note goes to the unit that both work in; the first of the actor's for the queue. */
static enum err note_unit(struct cx *cx, int64_t to, int64_t *ret)
{
    const struct actor *a = &cx->actor;
    bool fits = false, mine = false;
    *ret = 0;
    for (size_t i = 0; i < a->n_memberships && *ret == 0; i++) {
        TRY(handles(cx, a->account, a->memberships[i].unit, &mine));
        fits = to == 0;
        if (to)
            TRY(handles(cx, to, a->memberships[i].unit, &fits));
        *ret = mine && fits ? a->memberships[i].unit : 0;
    }
    return *ret ? OK : cx_fail(cx, E_INPUT, "to", MSG("接班的人应是同一单位的工作人员",
        "Whoever takes over must work in the same unit"));
}

enum err duty_handover(struct cx *cx, const void *in, struct buf *out)
{
    const struct handover_in *q = in;
    struct handing *h = NEW(cx->a, struct handing);
    int64_t to = q->to == I64_NONE ? 0 : q->to, unit, again = 0;
    struct buf numbers = buf_in(cx->a, 1 << 12);
    (void)out;
    *h = (struct handing){ .cx = cx, .q = q };
    if (to == cx->actor.account)
        return cx_fail(cx, E_INPUT, "to", MSG("不能交给自己", "Nobody hands over to themselves"));
    TRY(note_unit(cx, to, &unit));
    TRY(hand_all(h));
    for (size_t i = 0; i < h->n; i++)
        buf_fmt(&numbers, "%s%.*s", i ? " " : "", STR_FMT(h->numbers[i]));
    TRY(db_number(cx->db, &NOTE_AGAIN, ARGS(I(cx->actor.account), I(cx->now_ms - AGAIN_MS), I(to),
        S(q->note)), &again));
    if (again == 0 || h->n)
        TRY(db_exec(cx->db, &NOTE_ADD, ARGS(I(cx_next_id(cx)), I(unit), I(cx->actor.account), I(to),
            I(cx->now_ms), S(q->note), S(buf_str(&numbers))), NULL));
    struct handover_out r = { { h->numbers, h->n }, { h->stay, h->n_stay } };
    return duty_answer(cx, &handover_out_record, &r);
}

/* By itself ----------------------------------------------------------------------------------- */

static enum err left_one(struct cx *cx, const struct left_row *r)
{
    struct matter m;
    struct step_args args = step_args_for("hand_over");
    TRY(matter_by_id(cx, r->area, r->id, &m));
    int64_t person = r->substitute;
    if (str_is(m.state, "received"))    /* what somebody named must decide is decided by another */
        person = duty_names_decider(cx, unit_find(cx->cat, m.owner_unit));
    if (person)
        args.person = person;
    return matter_step(cx, &m, &args, NULL);
}

enum err duty_round(struct cx *cx, size_t max)
{
    struct list rows;
    cx->actor = (struct actor){ .kind = ACTOR_SYSTEM, .roles = ROLE_SYSTEM };
    TRY(db_rows(cx->db, cx->a, &LEFT, ARGS(I(cx->now_ms), I((int64_t)max)), &left_row_record, max,
        &rows));
    const struct left_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        size_t events = cx->n_events;
        TRY(db_savepoint(cx->db));
        memset(&cx->info, 0, sizeof(cx->info));
        enum err e = left_one(cx, &r[i]);
        if (e == OK) {
            TRY(db_release(cx->db));
            continue;
        }
        db_rollback_to(cx->db);
        cx->n_events = events;
        TRY(e == E_DB || e == E_UNKNOWN ? e : OK);      /* the others do not wait for it */
    }
    return OK;
}

enum err duty_forget(struct db *db, int64_t now_ms)
{
    int64_t before_ms = now_ms - DUTY_KEPT_DAYS * (int64_t)CLOCK_DAY_MS;
    struct civil d = clock_civil(before_ms);
    TRY(db_exec(db, &ABSENCES_OLD, ARGS(I(before_ms)), NULL));
    TRY(db_exec(db, &NOTES_OLD, ARGS(I(before_ms)), NULL));
    return db_exec(db, &TURNS_OLD, ARGS(I(d.year * 10000 + d.month * 100 + d.day)), NULL);
}
