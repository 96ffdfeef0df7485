/* store.c: a town's tables stored one after the other within one transaction, so that each is
 * checked beside the ones it rests on, as they will be. */
#include "access/roster.h"
#include "catalogue/edition.h"
#include "catalogue/organisation.h"
#include "catalogue/setting.h"
#include "demo/tables.h"
#include "duty/shifts.h"
#include "geo/index.h"
#include "layer/layer.h"
#include "town/people.h"
#include <stdio.h>

struct run {
    struct town_store *s;
    struct town *t;
    struct catalogue *cat;
    struct err_info *info;
    struct str *left_out;           /* codes of rows with faults, of all tables so far */
    size_t n_left_out, cap;
    struct list shifts;             /* of the roster that was read last */
};

/* Without them what was stored is read again. */
static enum err renew(struct run *r)
{
    catalogue_drop(r->cat);
    r->cat = NULL;
    return catalogue_load(r->s->db, &r->cat, r->info);
}

/* Rows with faults ------------------------------------------------------------------------- */

static bool *bad_rows(struct run *r, enum town_sheet sheet, size_t *ret_n)
{
    struct town_table *t = &r->t->tables[sheet];
    bool *bad = NEW_N(r->s->a, bool, t->n + 1);
    *ret_n = 0;
    for (size_t i = 0; i < t->n; i++) {
        bad[i] = t->follows && t->follows[i];
        for (size_t k = 0; k < t->faults.n && !bad[i]; k++)
            bad[i] = t->faults.at[k].line == t->rows[i];
        *ret_n += bad[i];
    }
    return bad;
}

static void leave_out(struct run *r, struct str code)
{
    r->left_out = MORE(r->s->a, struct str, r->left_out, r->n_left_out, &r->cap);
    r->left_out[r->n_left_out++] = code;
}

static void leave_out_rows(struct run *r, enum town_sheet sheet, const bool *bad)
{
    for (size_t i = 0; i < r->t->tables[sheet].n; i++)
        if (bad[i])
            leave_out(r, r->t->tables[sheet].cells[i][0]);
}

/* Whether a cell means a row by this code, and the fault is about that: grids may be named by their
 * last three digits, several in a cell; then the fault names the one it means. */
static bool means(struct str cell, struct str code, const struct fault *f)
{
    enum { SERIAL_DIGITS = 3, GRID_DIGITS = 15 };
    struct str text = str_c(f->zh);
    if (code.n == 0)
        return false;
    if (str_eq(cell, code))
        return true;
    struct str tail = { code.p + code.n - (code.n < SERIAL_DIGITS ? code.n : SERIAL_DIGITS),
        SERIAL_DIGITS };
    return (str_has_word(cell, code) && str_find(text, code) >= 0)
        || (code.n == GRID_DIGITS && str_has_word(cell, tail) && str_find(text, tail) >= 0);
}

/* Besides the columns that refer to a table by their form. */
static const struct { enum town_sheet sheet; const char *field; enum town_sheet on; } rests_on[] = {
    { SHEET_GRID, "code", SHEET_DIVISION }, { SHEET_MICRO, "code", SHEET_GRID },
    { SHEET_CATEGORY, "function", SHEET_UNIT }, { SHEET_RULE, "function", SHEET_UNIT },
    { SHEET_RULE, "avoid", SHEET_UNIT }, { SHEET_RULE, "area", SHEET_DIVISION },
    { SHEET_RULE, "place", SHEET_GRID }, { SHEET_PERSON, "grids", SHEET_GRID },
    { SHEET_PERSON, "grids", SHEET_UNIT }, { SHEET_DUTY, "zone", SHEET_GRID },
    { SHEET_DUTY, "zone", SHEET_MICRO }, { SHEET_DUTY, "zone", SHEET_POLICE },
    { SHEET_DUTY, "zone", SHEET_UNIT }, { SHEET_DUTY, "person", SHEET_PERSON },
};

/* Whether what the cell names stands in a table of which nothing could be read; or its column is
 * missing, which is told. */
static bool follows_unread(const struct run *r, enum town_sheet sheet,
    const struct town_column *c, bool missing)
{
    bool unread = c->kind == CELL_REF && r->t->tables[c->ref].unread;
    for (size_t i = 0; i < COUNT_OF(rests_on); i++)
        unread |= rests_on[i].sheet == sheet && strcmp(rests_on[i].field, c->field) == 0
            && r->t->tables[rests_on[i].on].unread;
    r->t->tables[sheet].unchecked |= unread;
    return unread || missing;
}

/* Whether the fault only says that something is missing which has a fault of its own. */
static bool follows(const struct run *r, enum town_sheet sheet, size_t row, const struct fault *f)
{
    const struct town_table *t = &r->t->tables[sheet];
    const struct town_form *form = &town_forms[sheet];
    size_t k = 0;
    while (k < form->n && strcmp(form->columns[k].field, f->field) != 0)
        k++;
    if (k < form->n && follows_unread(r, sheet, &form->columns[k], form->columns[k].wanted
        && form->columns[k].like == NULL && t->n && !t->has[k]))
        return true;
    if (k == form->n || k == 0)
        return false;
    for (size_t i = 0; i < t->n; i++)
        for (size_t j = 0; t->rows[i] == row && j < r->n_left_out; j++)
            if (means(t->cells[i][k], r->left_out[j], f))
                return true;
    return false;
}

static void take_fault(struct run *r, enum town_sheet sheet, const struct fault *f, size_t row)
{
    struct town_table *t = &r->t->tables[sheet];
    for (size_t i = 0; i < t->faults.n; i++)        /* a cell's first fault is the one that counts */
        if (row && t->faults.at[i].line == row && strcmp(t->faults.at[i].field, f->field) == 0)
            return;
    if (!follows(r, sheet, row, f)) {
        fault_add(&t->faults, row, f->field, (struct msg){ f->zh, f->en }, STR_NONE);
        return;
    }
    if (t->follows == NULL)
        t->follows = NEW_N(r->s->a, bool, t->n);
    for (size_t i = 0; i < t->n; i++)
        t->follows[i] |= t->rows[i] == row;
}

static void take_faults(struct run *r, enum town_sheet sheet, const struct faults *f,
    const size_t *lines, size_t n_lines)
{
    for (size_t i = 0; i < f->n; i++) {
        size_t line = f->at[i].line;
        take_fault(r, sheet, &f->at[i], line && line <= n_lines ? lines[line] : line);
    }
    if (f->total > f->n && !r->t->tables[sheet].unchecked)
        r->t->tables[sheet].faults.total += f->total - f->n;
}

/* Tables of rows --------------------------------------------------------------------------- */

static enum err check(struct run *r, enum town_sheet sheet, struct str csv, struct sheet *ret,
    struct faults *f)
{
    struct duty_book *book;
    if (sheet == SHEET_DUTY) {
        TRY(duty_book_load(r->s->db, &book));
        struct turns turns = turns_check(r->cat, book, r->s->a, csv, f);
        ret->rows.n = turns.rows;
        r->shifts = turns.shifts;
        duty_book_drop(book);
    } else if (sheet == SHEET_UNIT) {
        *ret = organisation_check(r->cat, r->s->a, csv, f);
    } else if (sheet == SHEET_PERSON) {
        *ret = roster_check(r->cat, r->s->a, csv, f);
    } else {
        ret->rows.n = edition_check(r->cat, r->s->a, str_c(town_forms[sheet].name), csv, f);
    }
    return OK;
}

/* The name under which versions of a table are kept. */
static struct str version_name(enum town_sheet sheet)
{
    return sheet == SHEET_UNIT ? STR("units") : sheet == SHEET_PERSON ? STR("accounts")
        : str_c(town_forms[sheet].name);
}

/* What somebody has changed at a desk is not overwritten by a table that was filled in before. */
static enum err same_or_mine(struct run *r, enum town_sheet sheet, struct str csv, bool *ret_same)
{
    struct list versions;
    struct str now = STR_NONE;
    int64_t version;
    enum err e = edition_current(r->s->db, r->s->a, version_name(sheet), r->s->now_ms, &now,
        &version);
    *ret_same = e == OK && str_eq(now, csv);
    if (e == E_MISSING || *ret_same)
        return OK;
    TRY(e);
    TRY(edition_list(r->s->db, r->s->a, version_name(sheet), &versions));
    const struct catalogue_version *v = versions.p;
    if (versions.n && v[0].made_by)
        fault_add(&r->t->tables[sheet].faults, 0, "", MSG("这张表后来在网页上改过，请去掉这张表，或用 fengqiao export"
            " 导出后再改", "This table was changed at a desk since; leave it out, or begin with what"
            " fengqiao export prints"), STR_NONE);
    return OK;
}

static enum err store_people(struct run *r, struct list rows)
{
    struct town_store *s = r->s;
    struct list changed;
    TRY(people_changed(s->db, s->a, r->cat, rows, &changed, &s->people_same));
    struct roster_store store = { s->db, r->cat, s->keys, s->rand, s->a, s->now_ms };
    return changed.n ? roster_store(&store, changed, &s->newcomers) : OK;
}

static enum err store_rows(struct run *r, enum town_sheet sheet, struct str csv,
    const struct sheet *rows)
{
    struct town_made *made = &r->s->made[sheet];
    int64_t version;
    made->rows = rows->rows.n;
    if (sheet == SHEET_DUTY)
        return turns_store(r->s->db, r->shifts);
    if (sheet == SHEET_PERSON)
        return store_people(r, rows->rows);
    TRY(same_or_mine(r, sheet, csv, &made->same));
    if (made->same)
        return OK;
    if (sheet == SHEET_UNIT)
        TRY(organisation_store(r->s->db, r->cat, rows->rows));
    return edition_store(r->s->db, version_name(sheet), csv, r->s->now_ms, r->s->now_ms, 0,
        &version);
}

/* whole: with the rows that have a fault already, for all that is wrong with them. */
static enum err check_rows(struct run *r, enum town_sheet sheet, bool whole, struct str *ret_csv,
    struct sheet *ret, bool *ret_good)
{
    struct faults found = faults_in(r->s->a);
    const size_t *lines;
    size_t n_lines, n_bad;
    const bool *bad = bad_rows(r, sheet, &n_bad);
    *ret_good = false;
    if (r->t->tables[sheet].n == (whole ? 0 : n_bad))
        return OK;
    *ret_csv = town_csv(r->s->a, r->t, sheet, whole ? NULL : bad, &lines, &n_lines);
    TRY(check(r, sheet, *ret_csv, ret, &found));
    take_faults(r, sheet, &found, lines, n_lines);
    *ret_good = found.total == 0 && (!whole || n_bad == 0);
    return OK;
}

/* All rows, for their faults; then what is left without the rows at fault is good, or it is not
 * stored. */
static enum err table_store(struct run *r, enum town_sheet sheet)
{
    struct sheet rows = { .lines = NULL };
    struct str csv = STR_NONE;
    bool good;
    size_t n_bad;
    leave_out_rows(r, sheet, bad_rows(r, sheet, &n_bad));
    TRY(check_rows(r, sheet, true, &csv, &rows, &good));
    for (int again = 0; again < 2 && !good; again++) {
        leave_out_rows(r, sheet, bad_rows(r, sheet, &n_bad));
        TRY(check_rows(r, sheet, false, &csv, &rows, &good));
    }
    leave_out_rows(r, sheet, bad_rows(r, sheet, &n_bad));
    return good ? store_rows(r, sheet, csv, &rows) : OK;
}

/* The built-in tables ---------------------------------------------------------------------- */

static bool function_is_held(const struct catalogue *c, struct str function)
{
    const struct unit *u = catalogue_units(c).p;
    for (size_t i = 0; i < catalogue_units(c).n; i++)
        if (str_has_word(u[i].functions, function))
            return true;
    return false;
}

/* A category of a department that this town has not is nobody's: see town_holes(). */
static void functions_fit(struct run *r, struct town *t)
{
    enum { FUNCTION_AT = 7 };
    struct town_table *table = &t->tables[SHEET_CATEGORY];
    for (size_t i = 0; i < table->n; i++) {
        struct str *function = &table->cells[i][FUNCTION_AT];
        if (function->n && !function_is_held(r->cat, *function))
            *function = STR("");
    }
}

/* Where neither the folder nor the database has one; rows that do not fit a town's own tables, such
 * as limits of categories that it has not, are left out. */
static enum err built_in_store(struct run *r, enum town_sheet sheet)
{
    struct str now, name = str_c(town_forms[sheet].name);
    int64_t version;
    enum err e = edition_current(r->s->db, r->s->a, name, r->s->now_ms, &now, &version);
    if (e != E_MISSING)
        return e;
    struct town *t = r->t;
    struct town_file file = { .source = { .bytes = demo_table(town_forms[sheet].name),
        .name = arena_fmt(r->s->a, "%s.csv", town_forms[sheet].name) } };
    struct faults kept = t->faults;
    town_read(r->s->a, &file, 1, t);
    t->faults = kept;
    functions_fit(r, t);
    e = table_store(r, sheet);
    t->tables[sheet].faults = faults_in(r->s->a);
    t->tables[sheet].unchecked = false;
    r->s->made[sheet].built_in = true;
    return e;
}

/* Layers ----------------------------------------------------------------------------------- */

static enum err division_add(struct run *r, struct features *f, int64_t code, const char *field)
{
    struct feature *to;
    TRY(feature_add(r->s->a, f, 0, &to, r->info));
    feature_set(r->s->a, to, FIELD_CODE, arena_fmt(r->s->a, "%lld", (long long)code));
    feature_set(r->s->a, to, FIELD_NAME, town_cell(r->t, SHEET_TOWN, 0, field));
    return OK;
}

/* The town, its county and its city, unless the file has them. */
static enum err divisions_above(struct run *r, struct features *f)
{
    enum { CITY_TAIL = 100000000, COUNTY_TAIL = 1000000, TOWN_TAIL = 1000 };
    static const struct { int64_t tail; const char *field; } above[] = {
        { CITY_TAIL, "city" }, { COUNTY_TAIL, "county" }, { TOWN_TAIL, "name" } };
    struct town_table *t = &r->t->tables[SHEET_TOWN];
    int64_t code = 0, given;
    if (t->n == 0)
        return OK;
    if (!town_code_read(town_cell(r->t, SHEET_TOWN, 0, "code"), &code)) {
        fault_add(&t->faults, t->rows[0], "code", town_code_form, STR_NONE);
        return OK;
    }
    for (size_t i = 0; i < COUNT_OF(above); i++) {
        bool there = false;
        int64_t own = code / above[i].tail * above[i].tail;
        for (size_t k = 0; k < f->n && !there; k++)
            there = str_to_i64(f->at[k].values[FIELD_CODE], &given) && given == own;
        if (!there)
            TRY(division_add(r, f, own, above[i].field));
    }
    return OK;
}

static enum err features_of(struct run *r, enum town_sheet sheet, struct features *ret)
{
    struct town_table *t = &r->t->tables[sheet];
    const size_t *lines;
    size_t n_lines, n_bad;
    if (t->is_outlines)
        return source_read(r->s->a, &t->outlines, ret, r->info);
    if (t->n == 0)
        return OK;
    struct source s = { .name = STR("table.csv"), .encoding = "UTF-8",
        .bytes = town_csv(r->s->a, r->t, sheet, bad_rows(r, sheet, &n_bad), &lines, &n_lines) };
    TRY(source_read(r->s->a, &s, ret, r->info));
    for (size_t i = 0; i < ret->n; i++)
        if (ret->at[i].row <= n_lines)
            ret->at[i].row = lines[ret->at[i].row];
    return OK;
}

static enum err layer_take(struct run *r, enum town_sheet sheet, struct layer_plan *plan)
{
    struct features f = { .at = NULL };
    struct layer_want want = { .layer = layer_by_name(str_c(town_forms[sheet].name)), .part = true,
        .crs = town_cell(r->t, SHEET_TOWN, 0, "crs"), .at_ms = r->s->now_ms };
    TRY(features_of(r, sheet, &f));
    if (sheet == SHEET_DIVISION)
        TRY(divisions_above(r, &f));
    if (f.n == 0)
        return OK;
    if (want.crs.n == 0)
        want.crs = STR_NONE;
    TRY(layer_day_is_free(r->s->db, want.layer, want.at_ms, r->info));
    return layer_check(r->s->db, r->cat, r->s->a, &want, &f, plan, r->info);
}

/* A file that cannot be read at all is a fault of its table. */
static enum err layer_put(struct run *r, enum town_sheet sheet)
{
    struct layer_plan plan = { .n = 0 };
    struct town_table *t = &r->t->tables[sheet];
    size_t n_bad;
    int64_t version;
    enum err e = layer_take(r, sheet, &plan);
    if (e == E_INPUT || e == E_MEDIA || e == E_TOO_LARGE || e == E_CONFLICT) {
        fault_add(&t->faults, 0, r->info->field, (struct msg){ r->info->zh, r->info->en },
            STR_NONE);
        memset(r->info, 0, sizeof(*r->info));
        t->unread = true;
        return OK;
    }
    TRY(e);
    if (plan.n == 0)
        return OK;
    for (size_t i = 0; i < plan.faults.n; i++)
        take_fault(r, sheet, &plan.faults.at[i], plan.faults.at[i].line);
    for (size_t i = 0; i < plan.n; i++)
        if (plan.rows[i].change == ZONE_BAD && t->is_outlines)
            leave_out(r, arena_fmt(r->s->a, "%lld", (long long)plan.rows[i].code));
    leave_out_rows(r, sheet, bad_rows(r, sheet, &n_bad));
    plan.want.good_rows = true;
    r->s->made[sheet].rows = plan.n;
    TRY(layer_store(r->s->db, r->s->a, &plan, t->where.n ? t->where : STR("init"), r->s->now_ms, 0,
        &version));
    r->s->made[sheet].same = version == 0;
    return OK;
}

/* Settings --------------------------------------------------------------------------------- */

static enum err setting_put(struct run *r, const char *name, struct str value)
{
    if (value.n == 0 || str_eq(catalogue_setting(r->cat, name), value))
        return OK;
    return setting_store(r->s->db, r->s->a, str_c(name), value, r->s->now_ms, r->info);
}

static enum err setting_first(struct run *r, const char *name, struct str value)
{
    return catalogue_setting(r->cat, name).n ? OK : setting_put(r, name, value);
}

/* What it is called, and where its map lies. */
static enum err settings_put(struct run *r)
{
    struct town_table *t = &r->t->tables[SHEET_TOWN];
    struct str name = town_cell(r->t, SHEET_TOWN, 0, "name");
    struct str en = town_cell(r->t, SHEET_TOWN, 0, "name_en");
    struct str contact = town_cell(r->t, SHEET_TOWN, 0, "contact");
    const struct geo_index *grids = catalogue_areas(r->cat, LEVEL_GRID);
    if (t->n == 0)
        return OK;
    TRY(setting_put(r, "city", name));
    TRY(setting_put(r, "city_en", en.n ? en : name));
    if (contact.n && roster_is_phone(contact)) {
        TRY(setting_first(r, "notice", arena_fmt(r->s->a, "值班电话 %.*s；危急情况请先拨打 110、119、120",
            STR_FMT(contact))));
        TRY(setting_first(r, "notice_en", arena_fmt(r->s->a, "Duty telephone %.*s; in danger call 110,"
            " 119 or 120 first", STR_FMT(contact))));
    } else if (contact.n) {
        fault_add(&t->faults, t->rows[0], "contact", MSG("“%s”不是电话号码", "\"%s\" is no telephone number"),
            contact);
    }
    if (grids == NULL || geo_index_count(grids) == 0)
        return OK;
    struct geo_box box = geo_index_box(grids);
    TRY(setting_first(r, "center", arena_fmt(r->s->a, "[%.5f,%.5f]", (box.lon_min + box.lon_max) / 2,
        (box.lat_min + box.lat_max) / 2)));
    return setting_first(r, "bounds", arena_fmt(r->s->a, "[%.5f,%.5f,%.5f,%.5f]", box.lon_min,
        box.lat_min, box.lon_max, box.lat_max));
}

/* All of it -------------------------------------------------------------------------------- */

static enum err sheet_store(struct run *r, enum town_sheet sheet)
{
    bool given = r->t->tables[sheet].given;
    if (r->s->progress.tell)
        r->s->progress.tell(r->s->progress.ctx, sheet);
    switch (sheet) {
    case SHEET_TOWN: return OK;
    case SHEET_DIVISION: return layer_put(r, sheet);
    case SHEET_GRID:
    case SHEET_MICRO:
    case SHEET_POLICE: return given ? layer_put(r, sheet) : OK;
    case SHEET_UNIT:
    case SHEET_PERSON:
    case SHEET_DUTY: return given ? table_store(r, sheet) : OK;
    case SHEET_CATEGORY:
    case SHEET_LIMIT:
    case SHEET_CALENDAR:
    case SHEET_RULE:
    case SHEET_TEMPLATE: return given ? table_store(r, sheet) : built_in_store(r, sheet);
    case SHEET_COUNT: break;
    }
    return E_BUG;
}

/* One line in the place of all that only follows from a file that could not be read. */
static void unchecked_told(struct run *r)
{
    struct buf zh = buf_in(r->s->a, 2000), en = buf_in(r->s->a, 2000);
    size_t n[2] = { 0 };
    for (int of = 0; of < 2; of++) {
        buf_add(&zh, of ? STR("》读不了，依赖它的内容没有检查：《") : STR("《"));
        buf_add(&en, of ? STR(" could not be read; what depends on it was not checked: ") : STR(""));
        for (enum town_sheet s = 0; s < SHEET_COUNT; s++) {
            bool is = of ? r->t->tables[s].unchecked : r->t->tables[s].unread;
            if (!is)
                continue;
            buf_fmt(&zh, "%s%s", n[of] ? "》《" : "", town_forms[s].title.zh);
            buf_fmt(&en, "%s%s", n[of]++ ? ", " : "", town_forms[s].title.en);
        }
    }
    buf_add(&zh, STR("》"));
    buf_byte(&zh, '\0');
    buf_byte(&en, '\0');
    if (n[0] && n[1])
        fault_add(&r->t->faults, 0, "", (struct msg){ zh.p, en.p }, STR_NONE);
}

/* Everything else rests on the town's code: nothing can be said of it before that is right. */
static bool stands_on_nothing(struct run *r)
{
    if (r->t->tables[SHEET_TOWN].faults.total == 0 && catalogue_divisions(r->cat).n)
        return false;
    bool town = !r->t->tables[SHEET_DIVISION].unread || r->t->tables[SHEET_TOWN].faults.total;
    fault_add(&r->t->faults, 0, "", town ? MSG("“本镇”一表改正后，再检查其余各表",
        "The other tables are checked once the table Town is right")
        : MSG("“社区”一表改正后，再检查其余各表",
        "The other tables are checked once the table Communities is right"), STR_NONE);
    for (enum town_sheet s = town ? SHEET_DIVISION : SHEET_UNIT; s < SHEET_COUNT; s++)
        r->t->tables[s].faults = faults_in(r->s->a);
    return true;
}

static enum err store_all(struct run *r)
{
    TRY(renew(r));
    if (!r->t->tables[SHEET_TOWN].given && !r->t->tables[SHEET_TOWN].unread
        && catalogue_divisions(r->cat).n == 0)
        fault_add(&r->t->faults, 0, "", MSG("缺少“本镇”一表(town)：写明镇街代码和名称，请照模板补上",
            "The table Town (town) with the town's code and name is missing; add it as in the template"),
            STR_NONE);
    if (r->t->tables[SHEET_TOWN].n > 1)
        fault_add(&r->t->tables[SHEET_TOWN].faults, r->t->tables[SHEET_TOWN].rows[1], "",
            MSG("只能写一行", "There is to be one row only"), STR_NONE);
    town_resolve(r->s->a, r->t, r->cat);
    for (enum town_sheet sheet = 0; sheet < SHEET_COUNT; sheet++) {
        TRY(sheet_store(r, sheet));
        TRY(renew(r));
        if (sheet == SHEET_DIVISION && stands_on_nothing(r))
            return OK;
        if (sheet == SHEET_POLICE)
            TRY(settings_put(r));
    }
    unchecked_told(r);
    return OK;
}

enum err town_store(struct town_store *s, struct town *t, struct err_info *info)
{
    struct run r = { .s = s, .t = t, .info = info };
    enum err e = store_all(&r);
    catalogue_drop(r.cat);
    return e;
}
