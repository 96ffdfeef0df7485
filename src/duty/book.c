/* book.c: loading the roster and answering who is on duty. */
#include "duty/book.h"
#include "access/role.h"
#include <stdatomic.h>
#include <stdlib.h>

const char *const duty_layers[] = { "grid", "micro", "police", "unit", NULL };
RECORD_DEFINE(shift, SHIFT)
RECORD_DEFINE(absence, ABSENCE)
RECORD_DEFINE(colleague, COLLEAGUE)

RECORD_DEFINE(duty_member, DUTY_MEMBER)

SQL_SCANS(SHIFTS, "duty.shifts",
    "SELECT layer, zone, position, day, from_min, to_min, account FROM shift"
    " ORDER BY layer, zone, position");
SQL_SCANS(ABSENCES, "duty.absences",
    "SELECT id, account, from_ms, to_ms, substitute FROM absence ORDER BY account, from_ms, id");
SQL_SCANS(COLLEAGUES, "duty.colleagues",
    "SELECT id, username, name, phone, disabled FROM account ORDER BY id");
SQL_SCANS(MEMBERS, "duty.members",
    "SELECT account, unit, CAST(max(CASE role WHEN 'chief' THEN 1 ELSE 0 END) AS BIGINT),"
    " CAST(max(CASE WHEN role IN " ROLES_DECIDING " THEN 1 ELSE 0 END) AS BIGINT)"
    " FROM membership"
    " WHERE role IN " ROLES_HOLDING
    " GROUP BY account, unit ORDER BY account, unit");
SQL_READS(STAMP, "duty.stamp", "SELECT stamp FROM roster_stamp WHERE one = 1");
SQL_WRITES(STAMP_MOVE, "duty.stamp_move", "UPDATE roster_stamp SET stamp = stamp + 1 WHERE one = 1");
const struct sql *const duty_book_statements[] = { &SHIFTS, &ABSENCES, &COLLEAGUES, &MEMBERS,
    &STAMP, &STAMP_MOVE };
const size_t duty_book_statements_n = COUNT_OF(duty_book_statements);

enum { BOOK_BYTES_MAX = 256 << 20, ROWS_MAX = 1000000, MINUTE_MS = 60 * 1000 };

struct book_memory { atomic_long holders; struct arena a; };
struct duty_book {
    struct book_memory *memory;
    int64_t stamp;
    struct list shifts, absences, colleagues, members;
    struct { const struct shift *at; size_t n; } layers[DUTY_LAYERS];
};

enum duty_layer duty_layer_by_word(struct str word)
{
    enum duty_layer l = DUTY_GRID;
    while (l < DUTY_LAYERS && !str_is(word, duty_layers[l]))
        l++;
    return l;
}

static enum err load(struct db *db, struct duty_book *b)
{
    struct arena *a = &b->memory->a;
    TRY(db_number(db, &STAMP, NO_ARGS, &b->stamp));
    TRY(db_rows(db, a, &SHIFTS, NO_ARGS, &shift_record, ROWS_MAX, &b->shifts));
    TRY(db_rows(db, a, &ABSENCES, NO_ARGS, &absence_record, ROWS_MAX, &b->absences));
    TRY(db_rows(db, a, &COLLEAGUES, NO_ARGS, &colleague_record, ROWS_MAX, &b->colleagues));
    TRY(db_rows(db, a, &MEMBERS, NO_ARGS, &duty_member_record, ROWS_MAX, &b->members));
    const struct shift *s = b->shifts.p;
    for (size_t i = 0; i < b->shifts.n; i++) {
        enum duty_layer l = duty_layer_by_word(s[i].layer);
        if (l == DUTY_LAYERS)
            continue;
        if (b->layers[l].n++ == 0)
            b->layers[l].at = &s[i];
    }
    return OK;
}

enum err duty_book_load(struct db *db, struct duty_book **ret)
{
    struct book_memory *m = heap_alloc(sizeof(*m));
    atomic_init(&m->holders, 1);
    arena_init(&m->a, BOOK_BYTES_MAX);
    struct duty_book *b = NEW(&m->a, struct duty_book);
    b->memory = m;
    enum err e = load(db, b);
    if (e != OK)
        duty_book_drop(b);
    else
        *ret = b;
    return e;
}

const struct duty_book *duty_book_hold(const struct duty_book *b)
{
    CHECK(atomic_fetch_add(&b->memory->holders, 1) > 0);
    return b;
}

void duty_book_drop(const struct duty_book *b)
{
    if (b == NULL || atomic_fetch_sub(&b->memory->holders, 1) > 1)
        return;
    struct book_memory *m = b->memory;
    arena_free(&m->a);
    heap_free(m);
}

int64_t duty_book_stamp(const struct duty_book *b)
{
    return b->stamp;
}

enum err duty_stamp_stored(struct db *db, int64_t *ret)
{
    return db_number(db, &STAMP, NO_ARGS, ret);
}

enum err duty_stamp_move(struct db *db)
{
    return db_exec(db, &STAMP_MOVE, NO_ARGS, NULL);
}

/* Looking up -------------------------------------------------------------------------------- */

/* The first row whose number at this offset is not below value. */
static size_t first_from(struct list rows, size_t size, size_t offset, int64_t value)
{
    size_t low = 0, high = rows.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const char *row = (const char *)rows.p + mid * size;
        if (*(const int64_t *)(const void *)(row + offset) < value)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

const struct colleague *duty_colleague(const struct duty_book *b, int64_t account)
{
    const struct colleague *c = b->colleagues.p;
    size_t at = first_from(b->colleagues, sizeof(*c), offsetof(struct colleague, account), account);
    return at < b->colleagues.n && c[at].account == account ? &c[at] : NULL;
}

const struct colleague *duty_colleague_named(const struct duty_book *b, struct str username)
{
    const struct colleague *c = b->colleagues.p;
    for (size_t i = 0; i < b->colleagues.n; i++)
        if (str_eq(c[i].username, username))
            return &c[i];
    return NULL;
}

struct list duty_colleagues(const struct duty_book *b)
{
    return b->colleagues;
}

struct list duty_absences(const struct duty_book *b)
{
    return b->absences;
}

struct list duty_shifts_all(const struct duty_book *b)
{
    return b->shifts;
}

struct list duty_members(const struct duty_book *b)
{
    return b->members;
}

bool duty_handles(const struct duty_book *b, int64_t account, int64_t unit)
{
    const struct duty_member *h = b->members.p;
    const struct colleague *c = duty_colleague(b, account);
    if (c == NULL || c->disabled)
        return false;
    size_t at = first_from(b->members, sizeof(*h), offsetof(struct duty_member, account), account);
    for (; at < b->members.n && h[at].account == account; at++)
        if (h[at].unit == unit)
            return true;
    return false;
}

const struct absence *duty_absence_at(const struct duty_book *b, int64_t account, int64_t at_ms)
{
    const struct absence *a = b->absences.p;
    size_t at = first_from(b->absences, sizeof(*a), offsetof(struct absence, account), account);
    for (; at < b->absences.n && a[at].account == account && a[at].from_ms <= at_ms; at++)
        if (at_ms < a[at].to_ms)
            return &a[at];
    return NULL;
}

struct list duty_shifts(const struct duty_book *b, enum duty_layer layer, int64_t zone)
{
    struct shift *s = (struct shift *)(size_t)b->layers[layer].at;
    struct list all = { s, b->layers[layer].n };
    size_t at = first_from(all, sizeof(*s), offsetof(struct shift, zone), zone), n = 0;
    while (at + n < all.n && s[at + n].zone == zone)
        n++;
    return (struct list){ n ? s + at : NULL, n };
}

/* Days and minutes ------------------------------------------------------------------------- */

static int64_t day_of(int64_t at_ms)
{
    int64_t local = at_ms + CLOCK_ZONE_MS;
    return local / CLOCK_DAY_MS - (local % CLOCK_DAY_MS < 0);
}

static int64_t day_start_ms(int64_t day)
{
    return day * CLOCK_DAY_MS - CLOCK_ZONE_MS;
}

/* A day of the calendar with all that a turn may ask of it; dated: the zone has turns for this very
 * day, which then count alone. */
struct day_asked { int64_t start_ms, date; int weekday; bool worked, dated; };

static struct day_asked day_ask(const struct catalogue *c, struct list shifts, int64_t day)
{
    int64_t start_ms = day_start_ms(day);
    struct civil d = clock_civil(start_ms);
    struct day_asked q = { .start_ms = start_ms, .weekday = d.weekday + 1,
        .date = d.year * 10000 + d.month * 100 + d.day, .worked = calendar_is(c, STR("workday"), start_ms) };
    const struct shift *s = shifts.p;
    for (size_t i = 0; i < shifts.n; i++)
        q.dated |= s[i].day == q.date;
    return q;
}

static bool day_fits(const struct day_asked *q, const struct shift *s)
{
    if (q->dated || s->day >= DAY_DATE_LEAST)
        return s->day == q->date;
    return s->day == q->weekday || s->day == DAY_ANY
        || s->day == (q->worked ? DAY_WORKED : DAY_FREE);
}

/* From and to as moments: a turn that ends no later than it begins runs into the next day. */
static int64_t turn_from_ms(const struct day_asked *q, const struct shift *s)
{
    return q->start_ms + s->from_min * MINUTE_MS;
}

static int64_t turn_to_ms(const struct day_asked *q, const struct shift *s)
{
    int64_t to_min = s->to_min > s->from_min ? s->to_min : s->to_min + MINUTES_A_DAY;
    return q->start_ms + to_min * MINUTE_MS;
}

/* days: the moment's day and the one before, from which a night may last. */
static bool is_running(const struct day_asked days[2], const struct shift *s, int64_t at_ms)
{
    for (size_t k = 0; k < 2; k++)
        if (day_fits(&days[k], s) && turn_from_ms(&days[k], s) <= at_ms
            && at_ms < turn_to_ms(&days[k], s))
            return true;
    return false;
}

static bool is_there(const struct duty_book *b, int64_t account, int64_t unit, int64_t at_ms)
{
    const struct colleague *c = duty_colleague(b, account);
    return c && !c->disabled && (unit == 0 || duty_handles(b, account, unit))
        && duty_absence_at(b, account, at_ms) == NULL;
}

struct duty_on duty_comes(const struct duty_book *b, int64_t account, int64_t unit, int64_t at_ms)
{
    struct duty_on nobody = { NULL, NULL };
    if (is_there(b, account, unit, at_ms))
        return (struct duty_on){ duty_colleague(b, account), NULL };
    const struct absence *a = duty_absence_at(b, account, at_ms);
    if (a == NULL || a->substitute == 0 || !is_there(b, a->substitute, unit, at_ms))
        return nobody;
    return (struct duty_on){ duty_colleague(b, a->substitute), duty_colleague(b, account) };
}

bool duty_is_on(const struct duty_book *b, const struct catalogue *c, enum duty_layer layer,
    int64_t zone, int64_t account, int64_t at_ms)
{
    struct list shifts = duty_shifts(b, layer, zone);
    const struct shift *s = shifts.p;
    struct day_asked days[] = { day_ask(c, shifts, day_of(at_ms)),
        day_ask(c, shifts, day_of(at_ms) - 1) };
    bool on = false;
    for (size_t i = 0; i < shifts.n && !on; i++)
        on = s[i].account == account && is_running(days, &s[i], at_ms);
    return on && is_there(b, account, 0, at_ms);
}

struct duty_on duty_at(const struct duty_book *b, const struct catalogue *c, enum duty_layer layer,
    int64_t zone, int64_t unit, int64_t at_ms)
{
    struct duty_on on = { NULL, NULL };
    struct list shifts = duty_shifts(b, layer, zone);
    const struct shift *s = shifts.p;
    if (shifts.n == 0)
        return on;
    struct day_asked days[] = { day_ask(c, shifts, day_of(at_ms)),
        day_ask(c, shifts, day_of(at_ms) - 1) };
    for (size_t i = 0; i < shifts.n && on.who == NULL; i++)
        if (s[i].account && is_running(days, &s[i], at_ms))
            on = duty_comes(b, s[i].account, unit, at_ms);
    return on;
}

/* Spans ------------------------------------------------------------------------------------- */

/* Moments between from_ms and to_ms at which the answer may change. */
struct moments { int64_t *at; size_t n, max; int64_t from_ms, to_ms; };

static void moment_add(struct moments *m, int64_t at_ms)
{
    if (at_ms > m->from_ms && at_ms < m->to_ms && m->n < m->max)
        m->at[m->n++] = at_ms;
}

static void moments_of_person(const struct duty_book *b, struct moments *m, int64_t account)
{
    const struct absence *a = b->absences.p;
    size_t at = first_from(b->absences, sizeof(*a), offsetof(struct absence, account), account);
    for (; at < b->absences.n && a[at].account == account; at++) {
        moment_add(m, a[at].from_ms);
        moment_add(m, a[at].to_ms);
        if (a[at].substitute && a[at].substitute != account) {
            const struct absence *s = duty_absence_at(b, a[at].substitute, a[at].from_ms);
            if (s) {
                moment_add(m, s->from_ms);
                moment_add(m, s->to_ms);
            }
        }
    }
}

static int by_time(const void *x, const void *y)
{
    const int64_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

static void moments_find(const struct duty_book *b, const struct catalogue *c, struct list shifts,
    struct moments *m)
{
    const struct shift *s = shifts.p;
    for (int64_t day = day_of(m->from_ms) - 1; day_start_ms(day) < m->to_ms; day++) {
        struct day_asked q = day_ask(c, shifts, day);
        for (size_t i = 0; i < shifts.n; i++)
            if (day_fits(&q, &s[i])) {
                moment_add(m, turn_from_ms(&q, &s[i]));
                moment_add(m, turn_to_ms(&q, &s[i]));
            }
    }
    for (size_t i = 0; i < shifts.n; i++)
        moments_of_person(b, m, s[i].account);
    moment_add(m, m->to_ms);
    qsort(m->at, m->n, sizeof(*m->at), by_time);
}

size_t duty_spans(const struct duty_book *b, const struct catalogue *c, enum duty_layer layer,
    int64_t zone, struct duty_span *ret, size_t max, int64_t from_ms, int64_t to_ms)
{
    struct list shifts = duty_shifts(b, layer, zone);
    struct arena a;
    arena_init(&a, 16 << 20);
    size_t most = 4096, n = 0;
    struct moments m = { NEW_N(&a, int64_t, most), 0, most, from_ms, to_ms };
    moments_find(b, c, shifts, &m);
    int64_t at_ms = from_ms;
    for (size_t i = 0; i <= m.n && n < max; i++) {
        int64_t next_ms = i < m.n ? m.at[i] : to_ms;
        if (next_ms <= at_ms)
            continue;
        struct duty_on on = duty_at(b, c, layer, zone, 0, at_ms);
        struct duty_span *last = n ? &ret[n - 1] : NULL;
        if (last && last->on.who == on.who && last->on.instead_of == on.instead_of)
            last->to_ms = next_ms;
        else
            ret[n++] = (struct duty_span){ at_ms, next_ms, on };
        at_ms = next_ms;
    }
    arena_free(&a);
    return n;
}

/* Calling ----------------------------------------------------------------------------------- */

/* "22:00" as a minute of the day; false when it is none. */
static bool minute_read(struct str s, int64_t *ret)
{
    struct str minutes, hours = str_cut(s, ':', &minutes);
    int64_t h, m;
    if (hours.n == 0 || hours.n > 2 || minutes.n != 2 || !str_to_i64(hours, &h)
        || !str_to_i64(minutes, &m) || h < 0 || h > 23 || m < 0 || m > 59)
        return false;
    *ret = h * 60 + m;
    return true;
}

bool duty_is_quiet(const struct catalogue *c, int64_t at_ms, int64_t *ret_until_ms)
{
    struct str set = catalogue_setting(c, "quiet_hours"), to, from;
    int64_t from_min = 22 * 60, to_min = 7 * 60;
    if (str_is(set, "none"))
        return false;
    from = str_cut(set, '-', &to);
    if (set.n && (!minute_read(from, &from_min) || !minute_read(to, &to_min)))
        from_min = 22 * 60, to_min = 7 * 60;
    int64_t start_ms = day_start_ms(day_of(at_ms)), minute = (at_ms - start_ms) / MINUTE_MS;
    bool over_night = to_min <= from_min;
    bool evening = minute >= from_min && (over_night || minute < to_min);
    bool morning = over_night && minute < to_min;
    if (!evening && !morning)
        return false;
    *ret_until_ms = start_ms + to_min * MINUTE_MS + (evening && over_night ? CLOCK_DAY_MS : 0);
    return true;
}

struct duty_call duty_call_of(const struct duty_book *b, const struct catalogue *c,
    const struct duty_matter *m, int64_t at_ms)
{
    const struct { enum duty_layer layer; int64_t zone; } tries[] = {
        { DUTY_MICRO, m->place.micro_grid }, { DUTY_GRID, m->place.grid },
        { DUTY_POLICE, m->place.police_grid }, { DUTY_UNIT, m->unit },
    };
    struct duty_call call = { .why = DUTY_GAP, .unit = m->unit };
    CHECK(m->unit != 0);
    if (m->tier < TIER_URGENT && duty_is_quiet(c, at_ms, &call.until_ms)) {
        call.why = DUTY_QUIET;
        return call;
    }
    for (size_t i = 0; b && i < COUNT_OF(tries) && call.on.who == NULL; i++)
        if (tries[i].zone)
            call.on = duty_at(b, c, tries[i].layer, tries[i].zone, m->unit, at_ms);
    if (call.on.who)
        call.why = DUTY_CALLED;
    return call;
}
