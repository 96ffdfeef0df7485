/* roster.c: checking and storing who works here. */
#include "access/roster.h"
#include "access/access.h"

RECORD_DEFINE(roster, ROSTER)

SQL_SCANS(account_last, "roster.last",
    "SELECT COALESCE(MAX(id), 0) FROM account WHERE id < 100000000000");
SQL_READS(account_id, "roster.id", "SELECT id FROM account WHERE username = $1");
SQL_WRITES(account_add, "roster.add",
    "INSERT INTO account (id, username, name, password, phone, lang, disabled, once_ms)"
    " VALUES ($1, $2, $3, $4, $5, $6, 0, $7)");
SQL_WRITES(account_change, "roster.change",
    "UPDATE account SET name = $2, phone = $3, lang = $4 WHERE id = $1");
SQL_WRITES(membership_clear, "roster.clear", "DELETE FROM membership WHERE account = $1");
SQL_WRITES(term_clear, "roster.term_clear", "DELETE FROM membership_term WHERE account = $1");
SQL_WRITES(membership_add, "roster.membership",
    "INSERT INTO membership (account, unit, role) VALUES ($1, $2, $3)");
SQL_WRITES(duty_clear, "roster.duty_clear",
    "DELETE FROM duty WHERE layer = 'grid' AND zone = $1");
SQL_WRITES(duty_add, "roster.duty_add",
    "INSERT INTO duty (layer, zone, position, account) VALUES ('grid', $1, $2, $3)");
SQL_WRITES(stamp_move, "roster.stamp", "UPDATE roster_stamp SET stamp = stamp + 1 WHERE one = 1");
const struct sql *const roster_statements[] = {
    &account_last, &account_id, &account_add, &account_change, &membership_clear, &term_clear,
    &membership_add,
    &duty_clear, &duty_add, &stamp_move,
};
const size_t roster_statements_n = COUNT_OF(roster_statements);

struct check {
    const struct catalogue *c;
    struct sheet sheet;
    struct faults *f;
};

static const struct unit *unit_by_code(const struct catalogue *c, struct str code)
{
    const struct unit *units = catalogue_units(c).p;
    for (size_t i = 0; i < catalogue_units(c).n; i++)
        if (str_eq(units[i].code, code))
            return &units[i];
    return NULL;
}

/* A mobile (11 digits from 1), or a landline or short number of digits and hyphens: no landline
 * begins with 1, only short numbers such as 110, 12345 and 114114 do. */
bool roster_is_phone(struct str s)
{
    enum { MOBILE = 11, SHORT_MAX = 6 };
    size_t digits = 0;
    for (size_t i = 0; i < s.n; i++) {
        digits += s.p[i] >= '0' && s.p[i] <= '9';
        if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '-')
            return false;
    }
    if (s.n && s.p[0] == '1' && digits > SHORT_MAX && digits != MOBILE)
        return false;
    return digits >= 3 && digits <= 12;
}

bool roster_is_username(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9')
            || strchr("._-", s.p[i])))
            return false;
    return true;
}

static void check_person(const struct check *k, size_t i)
{
    const struct roster *rows = k->sheet.rows.p, *row = &rows[i];
    size_t line = k->sheet.lines[i], memberships = 1;
    if (!roster_is_username(row->username))
        fault_add(k->f, line, "username", MSG("登录名“%s”只能用小写字母、数字和 . _ -",
            "Login name \"%s\": small letters, digits and . _ - only"), row->username);
    if (row->phone.n && !roster_is_phone(row->phone))
        fault_add(k->f, line, "phone", MSG("电话 %s 不对", "Telephone number %s is not one"),
            row->phone);
    if (row->lang.n && !str_is(row->lang, "zh-CN") && !str_is(row->lang, "en"))
        fault_add(k->f, line, "lang", MSG("语言只有 zh-CN 和 en", "Languages are zh-CN and en"),
            STR_NONE);
    for (size_t j = 0; j < i; j++) {
        if (!str_eq(rows[j].username, row->username))
            continue;
        memberships++;
        if (!str_eq(rows[j].name, row->name) || !str_eq(rows[j].phone, row->phone))
            fault_add(k->f, line, "name", MSG("%s 前面写的姓名或电话不一样",
                "%s has another name or telephone number above"), row->username);
        if (str_eq(rows[j].unit, row->unit) && str_eq(rows[j].role, row->role))
            fault_add(k->f, line, "role", MSG("%s 的这一职务写了两次",
                "This role of %s is listed twice"), row->username);
    }
    if (memberships > MEMBERSHIPS_MAX)
        fault_add(k->f, line, "role", MSG("%s 的职务太多，最多八个",
            "%s has too many roles; eight at most"), row->username);
}

/* One word of the column grids, as a grid of unit's division; 0 when it is none. */
static int64_t grid_of(const struct catalogue *c, const struct unit *u, struct str word)
{
    int64_t code = 0;
    if (!str_to_i64(word, &code) || code <= 0)
        return 0;
    if (word.n == 3)
        code += u->region * 1000;
    const struct grid *g = grid_find(c, code);
    return g && region_has(region_of(u->region), g->community) ? code : 0;
}

static void check_place(const struct check *k, size_t i)
{
    const struct roster *rows = k->sheet.rows.p, *row = &rows[i];
    size_t line = k->sheet.lines[i];
    const struct unit *u = unit_by_code(k->c, row->unit);
    if (role_by_word(row->role) == NULL)
        fault_add(k->f, line, "role", MSG("没有职务“%s”，可用 grid_worker grid_lead clerk chief dispatcher"
            " supervisor mediator auditor admin wall", "There is no role \"%s\"; use grid_worker"
            " grid_lead clerk chief dispatcher supervisor mediator auditor admin wall"), row->role);
    if (u == NULL) {
        fault_add(k->f, line, "unit", MSG("没有单位 %s，请先导入单位",
            "There is no unit %s; import units first"), row->unit);
        return;
    }
    for (struct str rest = row->grids; rest.n;) {
        struct str word = str_cut(rest, ' ', &rest);
        if (word.n && !str_is(word, "*") && grid_of(k->c, u, word) == 0)
            fault_add(k->f, line, "grids", MSG("网格 %s 不在该单位的辖区内",
                "Grid %s is not in this unit's territory"), word);
    }
}

static void check_row(const struct check *k, size_t i)
{
    check_person(k, i);
    check_place(k, i);
}

static void check_alone(const void *ctx, const struct sheet *one, struct faults *own)
{
    check_row(&(struct check){ ctx, *one, own }, 0);
}

struct sheet roster_check(const struct catalogue *c, struct arena *a, struct str csv,
    struct faults *f)
{
    struct check k = { c, sheet_read(a, &roster_record, csv, f), f };
    for (size_t i = 0; i < k.sheet.rows.n; i++)
        check_row(&k, i);
    sheet_check_partly(a, &roster_record, &k.sheet, (struct sheet_check){ check_alone, c }, f);
    return k.sheet;
}

/* Grid duty -------------------------------------------------------------------------------- */

/* Who works where, in the order of the file; collected first because it replaces what there is. */
struct duty { int64_t grid, account; };
struct duties { struct duty *at; size_t n, max; };

static void duty_note(struct arena *a, struct duties *d, int64_t grid, int64_t account)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->at[i].grid == grid && d->at[i].account == account)
            return;
    if (d->n == d->max) {
        struct duty *more = NEW_N(a, struct duty, d->max * 2 + 64);
        if (d->n)
            memcpy(more, d->at, d->n * sizeof(*more));
        d->at = more;
        d->max = d->max * 2 + 64;
    }
    d->at[d->n++] = (struct duty){ grid, account };
}

static void duties_of(const struct roster_store *s, struct duties *d, const struct unit *u,
    struct str words, int64_t account)
{
    const struct grid *grids = catalogue_grids(s->cat).p;
    while (words.n) {
        struct str word = str_cut(words, ' ', &words);
        if (!str_is(word, "*")) {
            if (word.n)
                duty_note(s->a, d, grid_of(s->cat, u, word), account);
            continue;
        }
        for (size_t i = 0; i < catalogue_grids(s->cat).n; i++)
            if (region_has(region_of(u->region), grids[i].community))
                duty_note(s->a, d, grids[i].code, account);
    }
}

static enum err duties_put(struct db *db, const struct duties *d)
{
    for (size_t i = 0; i < d->n; i++)
        TRY(db_exec(db, &duty_clear, ARGS(I(d->at[i].grid)), NULL));
    for (size_t i = 0; i < d->n; i++) {
        int64_t position = 0;
        for (size_t j = 0; j < i; j++)
            position += d->at[j].grid == d->at[i].grid;
        TRY(db_exec(db, &duty_add, ARGS(I(d->at[i].grid), I(position), I(d->at[i].account)), NULL));
    }
    return OK;
}

/* Accounts --------------------------------------------------------------------------------- */

static enum err account_put(const struct roster_store *s, const struct roster *row, int64_t *last,
    struct newcomer *new, size_t *n_new, int64_t *ret)
{
    struct str phone = row->phone.p ? row->phone : STR(""), hash;
    struct str lang = row->lang.p ? row->lang : STR("zh-CN");
    enum err e = db_number(s->db, &account_id, ARGS(S(row->username)), ret);
    if (e == OK)
        return db_exec(s->db, &account_change, ARGS(I(*ret), S(row->name), S(phone), S(lang)),
            NULL);
    if (e != E_MISSING)
        return e;
    struct newcomer who = { row->username, password_random(s->a, s->rand, ONCE_GROUPS) };
    TRY(password_hash(s->a, s->keys, s->rand, who.password, &hash));
    *ret = ++*last;
    new[(*n_new)++] = who;
    return db_exec(s->db, &account_add, ARGS(I(*ret), S(row->username), S(row->name), S(hash),
        S(phone), S(lang), I(s->now_ms + ONCE_DAYS * (int64_t)CLOCK_DAY_MS)), NULL);
}

static bool is_first_row(const struct roster *rows, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (str_eq(rows[j].username, rows[i].username))
            return false;
    return true;
}

enum err roster_store(const struct roster_store *s, struct list rows, struct list *ret)
{
    const struct roster *r = rows.p;
    struct newcomer *new = NEW_N(s->a, struct newcomer, rows.n + 1);
    struct duties duties = { .n = 0 };
    int64_t last = 0, id = 0;
    size_t n_new = 0;
    TRY(db_number(s->db, &account_last, NO_ARGS, &last));
    for (size_t i = 0; i < rows.n; i++) {
        const struct unit *u = unit_by_code(s->cat, r[i].unit);
        CHECK(u != NULL);
        if (is_first_row(r, i)) {
            TRY(account_put(s, &r[i], &last, new, &n_new, &id));
            TRY(db_exec(s->db, &membership_clear, ARGS(I(id)), NULL));
            TRY(db_exec(s->db, &term_clear, ARGS(I(id)), NULL));
        } else {
            TRY(db_number(s->db, &account_id, ARGS(S(r[i].username)), &id));
        }
        TRY(db_exec(s->db, &membership_add, ARGS(I(id), I(u->id), S(r[i].role)), NULL));
        duties_of(s, &duties, u, r[i].grids, id);
    }
    TRY(duties_put(s->db, &duties));
    TRY(db_exec(s->db, &stamp_move, NO_ARGS, NULL));    /* rosters name these people */
    *ret = (struct list){ new, n_new };
    return OK;
}
