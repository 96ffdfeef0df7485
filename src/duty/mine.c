/* mine.c: what somebody on duty wants to know: when my turns are, what is called to me now, what
 * was left for me. Read only; nothing of it is counted or kept. */
#include "duty/duty.h"
#include <stdlib.h>

#define CALL_ROW(X, R) \
    X(R, STR, number, 0, 0, 0, NULL, "") X(R, STR, text, 0, 0, 0, NULL, "") \
    X(R, I64, tier, 0, 0, 0, NULL, "") X(R, I64, due_ms, 0, 0, 0, NULL, "") \
    X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, town, 0, 0, 0, NULL, "") \
    X(R, I64, community, 0, 0, 0, NULL, "") X(R, I64, grid, 0, 0, 0, NULL, "") \
    X(R, I64, police_grid, 0, 0, 0, NULL, "") X(R, I64, micro_grid, 0, 0, 0, NULL, "")
RECORD(call_row, CALL_ROW)
RECORD_DEFINE(call_row, CALL_ROW)
#define NOTE_ROW(X, R) \
    X(R, I64, unit, 0, 0, 0, NULL, "") X(R, I64, from_account, 0, 0, 0, NULL, "") \
    X(R, I64, to_account, 0, 0, 0, NULL, "") X(R, I64, at_ms, 0, 0, 0, NULL, "") \
    X(R, STR, note, 0, 0, 0, NULL, "") X(R, STR, numbers, 0, 0, 0, NULL, "")
RECORD(note_row, NOTE_ROW)
RECORD_DEFINE(note_row, NOTE_ROW)

SQL_READS(WAITING, "duty.waiting",
    "SELECT number, text, tier, due_ms, area, town, community, grid, police_grid, micro_grid"
    " FROM matter WHERE open = 1 AND owner_unit = $1 AND holder = 0 ORDER BY due_ms, area, id"
    " LIMIT 300");
SQL_READS(IN_HAND, "duty.in_hand",
    "SELECT count(*) FROM (SELECT 1 FROM matter WHERE open = 1 AND holder = $1 AND holder <> 0"
    " AND state IN ('working', 'deferred') LIMIT 1000) AS counted");
#define NOTE_COLUMNS "unit, from_account, to_account, at_ms, note, numbers"
SQL_READS(NOTES_MINE, "duty.notes_mine",
    "SELECT " NOTE_COLUMNS " FROM (SELECT " NOTE_COLUMNS " FROM handover WHERE to_account = $1"
    " UNION ALL SELECT " NOTE_COLUMNS " FROM handover WHERE from_account = $1) AS n"
    " ORDER BY at_ms DESC LIMIT 30");
SQL_READS(NOTES_UNIT, "duty.notes_unit",
    "SELECT " NOTE_COLUMNS " FROM handover WHERE unit = $1 AND to_account = 0 AND from_account <> $2"
    " ORDER BY at_ms DESC LIMIT 10");
const struct sql *const duty_mine_statements[] = { &WAITING, &IN_HAND, &NOTES_MINE, &NOTES_UNIT };
const size_t duty_mine_statements_n = COUNT_OF(duty_mine_statements);

enum { MINE_DAYS = 14, MY_TURNS_MAX = 200, CALLED_MAX = 100, NOTES_MAX = 50, TITLE_CHARS = 40 };

struct mine {
    struct cx *cx;
    const struct duty_book *b;
    int64_t me, units[MEMBERSHIPS_MAX];
    size_t n_units;
    struct my_duty r;
};

static struct str name_in(struct mine *m, int64_t account)
{
    const struct colleague *c = account ? duty_colleague(m->b, account) : NULL;
    return c ? arena_str(m->cx->a, c->name) : STR("");
}

/* Turns ---------------------------------------------------------------------------------------- */

/* Who comes after a turn: whoever is on duty when it ends. */
static int64_t next_after(struct mine *m, enum duty_layer layer, int64_t zone, int64_t at_ms)
{
    struct duty_on on = duty_at(m->b, m->cx->cat, layer, zone, 0, at_ms);
    return on.who ? on.who->account : 0;
}

static void turns_in_zone(struct mine *m, enum duty_layer layer, int64_t zone)
{
    struct duty_span spans[SPANS_MAX];
    struct my_turn *turns = m->r.turns.p;
    int64_t now_ms = m->cx->now_ms;
    size_t n = duty_spans(m->b, m->cx->cat, layer, zone, spans, SPANS_MAX, now_ms - CLOCK_DAY_MS,
        now_ms + MINE_DAYS * (int64_t)CLOCK_DAY_MS);
    for (size_t i = 0; i < n && m->r.turns.n < MY_TURNS_MAX; i++) {
        const struct duty_on *on = &spans[i].on;
        if (on->who == NULL || on->who->account != m->me || spans[i].to_ms <= now_ms)
            continue;
        int64_t next = next_after(m, layer, zone, spans[i].to_ms);
        turns[m->r.turns.n++] = (struct my_turn){ str_c(duty_layers[layer]), zone,
            duty_zone_name(m->cx, layer, zone), spans[i].from_ms, spans[i].to_ms,
            spans[i].from_ms <= now_ms,
            on->instead_of ? arena_str(m->cx->a, on->instead_of->name) : STR_NONE, next,
            name_in(m, next) };
    }
}

/* Mine by the roster, or of somebody I stand in for. */
static bool concerns_me(const struct mine *m, int64_t account)
{
    struct list all = duty_absences(m->b);
    const struct absence *a = all.p;
    if (account == m->me)
        return true;
    for (size_t i = 0; i < all.n; i++)
        if (a[i].account == account && a[i].substitute == m->me && a[i].to_ms > m->cx->now_ms)
            return true;
    return false;
}

static int by_beginning(const void *x, const void *y)
{
    const struct my_turn *a = x, *b = y;
    if (a->from_ms != b->from_ms)
        return a->from_ms < b->from_ms ? -1 : 1;
    return (a->zone > b->zone) - (a->zone < b->zone);
}

static void find_turns(struct mine *m)
{
    struct list all = duty_shifts_all(m->b);
    const struct shift *s = all.p;
    m->r.turns.p = NEW_N(m->cx->a, struct my_turn, MY_TURNS_MAX);
    for (size_t i = 0; i < all.n;) {
        size_t first = i;
        bool mine = false;
        for (; i < all.n && s[i].zone == s[first].zone && str_eq(s[i].layer, s[first].layer); i++)
            mine = mine || (s[i].account && concerns_me(m, s[i].account));
        if (mine)
            turns_in_zone(m, duty_layer_by_word(s[first].layer), s[first].zone);
    }
    qsort(m->r.turns.p, m->r.turns.n, sizeof(struct my_turn), by_beginning);
}

/* Calls ---------------------------------------------------------------------------------------- */

static enum err find_called(struct mine *m)
{
    struct called *called = NEW_N(m->cx->a, struct called, CALLED_MAX);
    m->r.called.p = called;
    for (size_t u = 0; u < m->n_units; u++) {
        struct list rows;
        TRY(db_rows(m->cx->db, m->cx->a, &WAITING, ARGS(I(m->units[u])), &call_row_record, 300,
            &rows));
        const struct call_row *r = rows.p;
        for (size_t i = 0; i < rows.n && m->r.called.n < CALLED_MAX; i++) {
            struct duty_matter about = { m->units[u], r[i].tier, { r[i].area, r[i].town,
                r[i].community, r[i].grid, r[i].police_grid, r[i].micro_grid } };
            struct duty_call call = duty_call_of(m->b, m->cx->cat, &about, m->cx->now_ms);
            if (call.on.who && call.on.who->account == m->me)
                called[m->r.called.n++] = (struct called){ r[i].number,
                    str_head(r[i].text, TITLE_CHARS), r[i].tier, r[i].due_ms };
        }
    }
    return OK;
}

/* Notes ---------------------------------------------------------------------------------------- */

static struct list words_in(struct arena *a, struct str text)
{
    struct str *words = NEW_N(a, struct str, 100);
    size_t n = 0;
    while (text.n && n < 100) {
        struct str word = str_cut(text, ' ', &text);
        if (word.n)
            words[n++] = word;
    }
    return (struct list){ words, n };
}

static void notes_add(struct mine *m, struct list rows)
{
    const struct note_row *n = rows.p;
    struct duty_note *notes = m->r.notes.p;
    for (size_t i = 0; i < rows.n && m->r.notes.n < NOTES_MAX; i++)
        notes[m->r.notes.n++] = (struct duty_note){ n[i].at_ms, name_in(m, n[i].from_account),
            name_in(m, n[i].to_account), unit_name(unit_find(m->cx->cat, n[i].unit), m->cx->lang),
            n[i].from_account == m->me, n[i].note, words_in(m->cx->a, n[i].numbers) };
}

static enum err find_notes(struct mine *m)
{
    struct list rows;
    m->r.notes.p = NEW_N(m->cx->a, struct duty_note, NOTES_MAX);
    TRY(db_rows(m->cx->db, m->cx->a, &NOTES_MINE, ARGS(I(m->me)), &note_row_record, 30, &rows));
    notes_add(m, rows);
    for (size_t i = 0; i < m->n_units; i++) {
        TRY(db_rows(m->cx->db, m->cx->a, &NOTES_UNIT, ARGS(I(m->units[i]), I(m->me)),
            &note_row_record, 10, &rows));
        notes_add(m, rows);
    }
    return OK;
}

static void find_absences(struct mine *m)
{
    struct list all = duty_absences(m->b);
    const struct absence *a = all.p;
    struct absence_view *views = NEW_N(m->cx->a, struct absence_view, 50);
    m->r.absences.p = views;
    for (size_t i = 0; i < all.n && m->r.absences.n < 50; i++)
        if ((a[i].account == m->me || a[i].substitute == m->me) && a[i].to_ms > m->cx->now_ms)
            views[m->r.absences.n++] = duty_absence_view(m->b, m->cx->a, &a[i]);
}

static void find_units(struct mine *m)
{
    const struct actor *a = &m->cx->actor;
    for (size_t i = 0; i < a->n_memberships; i++) {
        bool twice = false;
        for (size_t k = 0; k < m->n_units; k++)
            twice = twice || m->units[k] == a->memberships[i].unit;
        if (!twice && duty_handles(m->b, m->me, a->memberships[i].unit))
            m->units[m->n_units++] = a->memberships[i].unit;
    }
}

static enum err find_all(struct mine *m)
{
    find_units(m);
    find_turns(m);
    find_absences(m);
    m->r.people = duty_people(m->cx, m->b, m->units, m->n_units);
    TRY(find_called(m));
    TRY(find_notes(m));
    return db_number(m->cx->db, &IN_HAND, ARGS(I(m->me)), &m->r.in_hand);
}

enum err duty_mine_read(struct cx *cx, const void *in, struct buf *out)
{
    struct mine m = { .cx = cx, .b = duty_hold(cx), .me = cx->actor.account };
    (void)in;
    if (m.b == NULL)
        return E_DB;
    enum err e = find_all(&m);
    if (e == OK)
        record_to_json(out, &my_duty_record, &m.r);
    duty_book_drop(m.b);
    return e;
}
