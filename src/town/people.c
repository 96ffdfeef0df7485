/* people.c: see people.h. */
#include "town/people.h"
#include "access/roster.h"

/* A role of somebody as it is stored. */
#define HELD(X, R) \
    X(R, STR, username, REQUIRED, 0, 0, NULL, "") X(R, STR, name, REQUIRED, 0, 0, NULL, "") \
    X(R, STR, phone, REQUIRED, 0, 0, NULL, "") X(R, STR, lang, REQUIRED, 0, 0, NULL, "") \
    X(R, STR, unit, REQUIRED, 0, 0, NULL, "") X(R, STR, role, REQUIRED, 0, 0, NULL, "")
RECORD(held, HELD)
RECORD_DEFINE(held, HELD)
#define GRID_CHARGE(X, R) \
    X(R, ID, zone, REQUIRED, 0, 0, NULL, "") X(R, STR, username, REQUIRED, 0, 0, NULL, "")
RECORD(grid_charge, GRID_CHARGE)
RECORD_DEFINE(grid_charge, GRID_CHARGE)

enum { HELD_MAX = 1000000 };

SQL_SCANS(held_all, "town.held",
    "SELECT a.username, a.name, a.phone, a.lang, u.code AS unit, m.role FROM account a"
    " JOIN membership m ON m.account = a.id JOIN unit u ON u.id = m.unit");
SQL_SCANS(charges_all, "town.charges",
    "SELECT d.zone, a.username FROM duty d JOIN account a ON a.id = d.account"
    " WHERE d.layer = 'grid'");
const struct sql *const town_people_statements[] = { &held_all, &charges_all };
const size_t town_people_statements_n = COUNT_OF(town_people_statements);

struct stored { struct list held, charges; };

static bool is_held(const struct stored *s, const struct roster *row)
{
    const struct held *h = s->held.p;
    struct str lang = row->lang.n ? row->lang : STR("zh-CN");
    for (size_t i = 0; i < s->held.n; i++)
        if (str_eq(h[i].username, row->username) && str_eq(h[i].unit, row->unit)
            && str_eq(h[i].role, row->role))
            return str_eq(h[i].name, row->name) && str_eq(h[i].phone, row->phone)
                && str_eq(h[i].lang, lang);
    return false;
}

static bool has_charge(const struct stored *s, int64_t zone, struct str username)
{
    const struct grid_charge *c = s->charges.p;
    for (size_t i = 0; i < s->charges.n; i++)
        if (c[i].zone == zone && str_eq(c[i].username, username))
            return true;
    return false;
}

static bool grids_are_held(const struct stored *s, const struct catalogue *c,
    const struct roster *row)
{
    enum { SERIAL_DIGITS = 3, IN_COMMUNITY = 1000 };
    const struct grid *grids = catalogue_grids(c).p;
    const struct unit *u = unit_find_code(c, row->unit);
    int64_t code = 0;
    for (struct str rest = row->grids; rest.n;) {
        struct str word = str_cut(rest, ' ', &rest);
        bool all = str_is(word, "*");
        for (size_t i = 0; all && u && i < catalogue_grids(c).n; i++)
            if (catalogue_desk(c, grids[i].community) == u
                && !has_charge(s, grids[i].code, row->username))
                return false;
        if (word.n == 0 || all || !str_to_i64(word, &code))
            continue;
        if (word.n == SERIAL_DIGITS && u)
            code += u->region * IN_COMMUNITY;
        if (!has_charge(s, code, row->username))
            return false;
    }
    return true;
}

static size_t roles_stored(const struct stored *s, struct str username)
{
    const struct held *h = s->held.p;
    size_t n = 0;
    for (size_t i = 0; i < s->held.n; i++)
        n += str_eq(h[i].username, username);
    return n;
}

static bool person_changed(const struct stored *s, const struct catalogue *c, struct list rows,
    struct str username)
{
    const struct roster *r = rows.p;
    size_t n = 0;
    bool same = true;
    for (size_t i = 0; i < rows.n && same; i++) {
        if (!str_eq(r[i].username, username))
            continue;
        n++;
        same = is_held(s, &r[i]) && grids_are_held(s, c, &r[i]);
    }
    return !same || n != roles_stored(s, username);
}

enum err people_changed(struct db *db, struct arena *a, const struct catalogue *c, struct list rows,
    struct list *ret, size_t *ret_same)
{
    struct stored s;
    const struct roster *r = rows.p;
    struct roster *changed = NEW_N(a, struct roster, rows.n + 1);
    size_t n = 0;
    TRY(db_rows(db, a, &held_all, NO_ARGS, &held_record, HELD_MAX, &s.held));
    TRY(db_rows(db, a, &charges_all, NO_ARGS, &grid_charge_record, HELD_MAX, &s.charges));
    for (size_t i = 0; i < rows.n; i++)
        if (person_changed(&s, c, rows, r[i].username))
            changed[n++] = r[i];
    *ret = (struct list){ changed, n };
    *ret_same = rows.n - n;
    return OK;
}
