/* roster.c: the lists data/demo/duty.csv, absence.csv and note.csv as rows. A turn's zone is the
 * beginning of codes: it holds for all zones that begin so and have none of their own. */
#include "demo/roster.h"
#include "demo/seed.h"
#include "demo/tables.h"
#include "duty/shifts.h"

/* Days from today; each begins and ends with the morning's hand-over. */
#define AWAY(X, R) \
    X(R, STR, person, REQUIRED, 1, 40, NULL, "login name") \
    X(R, I64, from, REQUIRED, -30, 30, NULL, "first day") \
    X(R, I64, to, REQUIRED, -30, 30, NULL, "day of the return") \
    X(R, STR, substitute, REQUIRED, 1, 40, NULL, "login name")
RECORD(away, AWAY)
RECORD_DEFINE(away, AWAY)
#define LEFT_NOTE(X, R) \
    X(R, STR, from, REQUIRED, 1, 40, NULL, "login name") \
    X(R, STR, to, OPTIONAL, 0, 40, NULL, "login name; empty: the unit") \
    X(R, STR, text, REQUIRED, 1, 1000, NULL, "note")
RECORD(left_note, LEFT_NOTE)
RECORD_DEFINE(left_note, LEFT_NOTE)
#define SIGNER(X, R) \
    X(R, I64, id, 0, 0, 0, NULL, "") X(R, STR, username, 0, 0, 0, NULL, "") \
    X(R, I64, unit, 0, 0, 0, NULL, "")
RECORD(signer, SIGNER)
RECORD_DEFINE(signer, SIGNER)

SQL_SCANS(SIGNERS, "demo.signers",
    "SELECT a.id, a.username, (SELECT MIN(m.unit) FROM membership m WHERE m.account = a.id)"
    " FROM account a WHERE a.disabled = 0 ORDER BY a.id");
SQL_READS(CHARGE, "demo.charge",
    "SELECT d.account FROM duty d JOIN account a ON a.id = d.account AND a.disabled = 0"
    " WHERE d.layer = $1 AND d.zone BETWEEN $2 AND $3 ORDER BY d.zone, d.position LIMIT 1");
SQL_READS(LEAD, "demo.lead",
    "SELECT account FROM membership WHERE unit = $1 AND role = 'grid_lead' ORDER BY account LIMIT 1");
SQL_WRITES(PUT_AWAY, "demo.away",
    "INSERT INTO absence (id, account, from_ms, to_ms, substitute) VALUES ($1, $2, $3, $4, $5)");
SQL_WRITES(PUT_NOTE, "demo.note",
    "INSERT INTO handover (id, unit, from_account, to_account, at_ms, note, numbers)"
    " VALUES ($1, $2, $3, $4, $5, $6, '')");
const struct sql *const demo_roster_statements[] = { &SIGNERS, &CHARGE, &LEAD, &PUT_AWAY,
    &PUT_NOTE };
const size_t demo_roster_statements_n = COUNT_OF(demo_roster_statements);

enum { SHIFTS_MAX = 20000, DAYS_MAX = 10, SIGNERS_MAX = 1000, MORNING_MS = 8 * 3600000 + 1800000 };

struct filling {
    const struct demo_roster *d;
    struct list turns, signers;
    struct shift *at;
    size_t n;
};

/* A zone of the city as turns name it: where its code begins, and the community it lies in, or 0. */
struct spot { const char *layer; struct str code; int64_t zone, community; };

static const struct signer *signer(const struct filling *f, struct str username)
{
    const struct signer *s = f->signers.p;
    for (size_t i = 0; i < f->signers.n; i++)
        if (str_eq(s[i].username, username))
            return &s[i];
    CHECK(!"somebody in the demo's roster is not there");
}

static enum err number_or_0(struct db *db, const struct sql *sql, const struct arg *args, size_t n,
    int64_t *ret)
{
    *ret = 0;
    enum err e = db_number(db, sql, args, n, ret);
    return e == E_MISSING ? OK : e;
}

/* "*": who has charge there; "lead": who leads the community; else a login name. 0: nobody. */
static enum err person_of(const struct filling *f, const struct spot *s, struct str word,
    int64_t *ret)
{
    struct db *db = f->d->db;
    if (str_is(word, "lead"))
        return number_or_0(db, &LEAD, ARGS(I(s->community)), ret);
    if (!str_is(word, "*")) {
        *ret = signer(f, word)->id;
        return OK;
    }
    if (strcmp(s->layer, "police") == 0)
        return number_or_0(db, &CHARGE, ARGS(S(STR("police")), I(s->zone), I(s->zone)), ret);
    int64_t first = strcmp(s->layer, "grid") == 0 ? s->zone
        : strcmp(s->layer, "micro") == 0 ? s->zone / 100 : s->community * 1000;
    int64_t last = s->zone == s->community ? first + 999 : first;
    return number_or_0(db, &CHARGE, ARGS(S(STR("grid")), I(first), I(last)), ret);
}

static enum err turn_add(struct filling *f, const struct spot *s, const struct turn *t,
    int64_t *position)
{
    struct shift shift = { .layer = t->layer, .zone = s->zone };
    int64_t days[DAYS_MAX];
    size_t n;
    struct str bad;
    TRY(person_of(f, s, t->person, &shift.account));
    CHECK(duty_minute_read(t->from, false, &shift.from_min)
        && duty_minute_read(t->to, true, &shift.to_min)
        && duty_days_read(t->days, days, COUNT_OF(days), &n, &bad));
    for (size_t i = 0; shift.account && i < n; i++) {
        CHECK(f->n < SHIFTS_MAX);
        shift.day = days[i];
        shift.position = (*position)++;
        f->at[f->n++] = shift;
    }
    return OK;
}

/* The turns whose zone says most of the spot's code. */
static enum err spot_fill(struct filling *f, const struct spot *s)
{
    const struct turn *t = f->turns.p;
    int64_t position = 0;
    size_t most = 0;
    for (size_t i = 0; i < f->turns.n; i++)
        if (str_is(t[i].layer, s->layer) && str_starts(s->code, t[i].zone) && t[i].zone.n > most)
            most = t[i].zone.n;
    for (size_t i = 0; most && i < f->turns.n; i++)
        if (str_is(t[i].layer, s->layer) && str_starts(s->code, t[i].zone) && t[i].zone.n == most)
            TRY(turn_add(f, s, &t[i], &position));
    return OK;
}

static int64_t number_in(struct str digits)
{
    int64_t v = 0;
    CHECK(str_to_i64(digits, &v));
    return v;
}

static enum err zones_fill(struct filling *f)
{
    const struct geography *c = f->d->city;
    for (size_t i = 0; i < c->grid_count; i++) {
        struct str code = c->grids[i].code15;
        TRY(spot_fill(f, &(struct spot){ "grid", code, number_in(code), number_in(code) / 1000 }));
    }
    for (size_t i = 0; i < c->micro_count; i++) {
        struct str code = c->micros[i].code17;
        TRY(spot_fill(f, &(struct spot){ "micro", code, number_in(code),
            number_in(code) / 100000 }));
    }
    for (size_t i = 0; i < c->police_count; i++)
        TRY(spot_fill(f, &(struct spot){ "police", c->police[i].township9,
            number_in(c->police[i].code12), 0 }));
    return OK;
}

/* Desks by the codes of their divisions; stations and departments by their own. */
static enum err units_fill(struct filling *f)
{
    const struct geography *c = f->d->city;
    const struct turn *t = f->turns.p;
    for (size_t i = 0; i < c->division_count; i++) {
        struct str code = c->divisions[i].code12;
        TRY(spot_fill(f, &(struct spot){ "unit", code, number_in(code), number_in(code) }));
    }
    for (size_t i = 0; i < f->turns.n; i++) {
        struct spot s = { "unit", t[i].zone, 0, 0 };
        bool first = i == 0 || !str_eq(t[i - 1].zone, t[i].zone);
        if (!first || !str_is(t[i].layer, "unit") || str_find(t[i].zone, STR("-")) < 0)
            continue;
        TRY(demo_unit(f->d->db, s.code, &s.zone));
        TRY(spot_fill(f, &s));
    }
    return OK;
}

static struct list table(struct arena *a, const struct record *r, const char *name)
{
    struct list rows;
    struct err_info info = { .e = OK };
    CHECK(record_from_csv(a, r, demo_table(name), &rows, &info) == OK);
    return rows;
}

/* The last morning at which one turn gave way to the next. */
static int64_t morning_of(int64_t now_ms)
{
    struct civil d = clock_civil(now_ms);
    int64_t at_ms = clock_from_civil(d.year, d.month, d.day, 0, 0, 0) + MORNING_MS;
    return at_ms <= now_ms ? at_ms : at_ms - CLOCK_DAY_MS;
}

static enum err people_fill(const struct filling *f)
{
    const struct demo_roster *d = f->d;
    struct list away = table(d->a, &away_record, "absence");
    struct list notes = table(d->a, &left_note_record, "note");
    const struct away *w = away.p;
    const struct left_note *n = notes.p;
    int64_t morning = morning_of(d->now_ms);
    for (size_t i = 0; i < away.n; i++)
        TRY(db_exec(d->db, &PUT_AWAY, ARGS(I(ids_next(d->ids)), I(signer(f, w[i].person)->id),
            I(morning + w[i].from * CLOCK_DAY_MS), I(morning + w[i].to * CLOCK_DAY_MS),
            I(signer(f, w[i].substitute)->id)), NULL));
    for (size_t i = 0; i < notes.n; i++) {
        const struct signer *from = signer(f, n[i].from);
        TRY(db_exec(d->db, &PUT_NOTE, ARGS(I(ids_next(d->ids)), I(from->unit), I(from->id),
            I(n[i].to.n ? signer(f, n[i].to)->id : 0), I(morning), S(n[i].text)), NULL));
    }
    return OK;
}

enum err demo_roster(const struct demo_roster *d)
{
    struct filling f = { .d = d, .turns = table(d->a, &turn_record, "duty") };
    f.at = NEW_N(d->a, struct shift, SHIFTS_MAX);
    TRY(db_rows(d->db, d->a, &SIGNERS, NO_ARGS, &signer_record, SIGNERS_MAX, &f.signers));
    TRY(zones_fill(&f));
    TRY(units_fill(&f));
    TRY(people_fill(&f));
    return turns_store(d->db, (struct list){ f.at, f.n });
}
