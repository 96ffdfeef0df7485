/* organisation.c: checking and storing organisations. */
#include "catalogue/organisation.h"
#include "base/buf.h"
#include <stdlib.h>

const char *const organisation_kinds[] = { "committee", "centre", "station", "department", "studio",
    "court", "company", "team", "mediation", NULL };
RECORD_DEFINE(organisation, ORGANISATION)

SQL_SCANS(unit_last, "organisation.last", "SELECT COALESCE(MAX(id), 0) FROM unit");
SQL_WRITES(unit_add, "organisation.add",
    "INSERT INTO unit (id, code, name, name_en, kind, level, region, parent, desk, functions)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9)");
SQL_WRITES(unit_change, "organisation.change",
    "UPDATE unit SET name = $2, name_en = $3, kind = $4, level = $5, region = $6, desk = $7,"
    " functions = $8 WHERE code = $1");
SQL_WRITES(unit_place_below, "organisation.below",
    "UPDATE unit SET parent = COALESCE((SELECT p.id FROM unit p WHERE p.code = $2), 0)"
    " WHERE code = $1");
const struct sql *const organisation_statements[] = {
    &unit_last, &unit_add, &unit_change, &unit_place_below,
};
const size_t organisation_statements_n = COUNT_OF(organisation_statements);

/* Codes in order, so that any of thousands is found quickly. */
struct coded { struct str code; size_t at; };
struct codes { const struct coded *at; size_t n; };

static int by_code(const void *a, const void *b)
{
    const struct coded *x = a, *y = b;
    int order = str_cmp(x->code, y->code);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

static struct codes codes_of(struct arena *a, const void *rows, size_t n, size_t size,
    size_t code_at)
{
    struct coded *at = NEW_N(a, struct coded, n + 1);
    for (size_t i = 0; i < n; i++) {
        const void *code = (const char *)rows + i * size + code_at;
        at[i] = (struct coded){ *(const struct str *)code, i };
    }
    qsort(at, n, sizeof(*at), by_code);
    return (struct codes){ at, n };
}

/* The first row with this code, or NULL. */
static const struct coded *code_find(const struct codes *codes, struct str code)
{
    size_t low = 0, high = codes->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(codes->at[mid].code, code) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < codes->n && str_eq(codes->at[low].code, code) ? &codes->at[low] : NULL;
}

struct check {
    const struct catalogue *c;
    struct sheet sheet;
    struct codes now, then;     /* units in force; rows of the file */
    struct faults *f;
};

static const struct organisation *row_at(const struct check *k, size_t i)
{
    const struct organisation *rows = k->sheet.rows.p;
    return &rows[i];
}

static void check_words(const struct check *k, size_t i)
{
    const struct organisation *o = row_at(k, i);
    size_t line = k->sheet.lines[i];
    bool known = false;
    for (size_t j = 0; organisation_kinds[j]; j++)
        known |= str_is(o->kind, organisation_kinds[j]);
    if (!known)
        fault_add(k->f, line, "kind", MSG("没有“%s”这一种，可用 committee centre station department"
            " studio court company team mediation", "There is no kind \"%s\"; use committee centre"
            " station department studio court company team mediation"), o->kind);
    if (division_find(k->c, o->region) == NULL)
        fault_add(k->f, line, "region", MSG("没有这个区划代码，应为12位",
            "There is no division with this code; it has 12 digits"), STR_NONE);
}

/* The row's place in the tree: its parent is there, not below it, and serves as wide an area. */
static void check_parent(const struct check *k, size_t i)
{
    const struct organisation *o = row_at(k, i);
    size_t line = k->sheet.lines[i];
    struct str above = o->parent;
    if (above.n && !code_find(&k->then, above) && !code_find(&k->now, above)) {
        fault_add(k->f, line, "parent", MSG("没有上级单位 %s", "There is no unit %s to be above it"),
            above);
        return;
    }
    for (size_t steps = 0; above.n; steps++) {
        if (str_eq(above, o->code) || steps > 64) {
            fault_add(k->f, line, "parent", MSG("上级单位绕回到了 %s 自己",
                "The units above %s lead back to itself"), o->code);
            return;
        }
        const struct coded *next = code_find(&k->then, above);
        if (next == NULL)
            return;
        above = row_at(k, next->at)->parent;
    }
}

static void check_unique(const struct check *k, size_t i)
{
    const struct organisation *o = row_at(k, i);
    const struct unit *units = catalogue_units(k->c).p;
    const struct coded *first = code_find(&k->then, o->code);
    size_t line = k->sheet.lines[i];
    if (first && first->at != i)
        fault_add(k->f, line, "code", MSG("编码 %s 重复", "Code %s is used twice"), o->code);
    if (!o->desk)
        return;
    for (size_t j = 0; j < i; j++)
        if (row_at(k, j)->desk && row_at(k, j)->region == o->region)
            fault_add(k->f, line, "desk", MSG("这个区划已由 %s 受理派单，只能有一个",
                "%s already is the desk of this division; there is only one"),
                row_at(k, j)->code);
    for (size_t j = 0; j < catalogue_units(k->c).n; j++)
        if (units[j].desk && units[j].region == o->region && !str_eq(units[j].code, o->code)
            && !code_find(&k->then, units[j].code))
            fault_add(k->f, line, "desk", MSG("这个区划已由 %s 受理派单，只能有一个",
                "%s already is the desk of this division; there is only one"), units[j].code);
}

static bool function_stays(const struct check *k, struct str function)
{
    const struct unit *units = catalogue_units(k->c).p;
    for (size_t i = 0; i < k->sheet.rows.n; i++)
        if (str_has_word(row_at(k, i)->functions, function))
            return true;
    for (size_t i = 0; i < catalogue_units(k->c).n; i++)
        if (!code_find(&k->then, units[i].code) && str_has_word(units[i].functions, function))
            return true;
    return false;
}

/* Categories in force keep a department that owns them. */
static void check_functions(const struct check *k)
{
    const struct category *cats = catalogue_categories(k->c).p;
    for (size_t i = 0; i < catalogue_categories(k->c).n; i++)
        if (cats[i].function.n && !function_stays(k, cats[i].function))
            fault_add(k->f, 0, "functions", MSG("类别在用的职能“%s”不能没有单位承担",
                "Categories need the function \"%s\"; some unit must keep it"), cats[i].function);
}

struct sheet organisation_check(const struct catalogue *c, struct arena *a, struct str csv,
    struct faults *f)
{
    struct list units = catalogue_units(c);
    struct check k = { .c = c, .f = f, .sheet = sheet_read(a, &organisation_record, csv, f) };
    k.now = codes_of(a, units.p, units.n, sizeof(struct unit), offsetof(struct unit, code));
    k.then = codes_of(a, k.sheet.rows.p, k.sheet.rows.n, sizeof(struct organisation),
        offsetof(struct organisation, code));
    for (size_t i = 0; i < k.sheet.rows.n; i++) {
        check_words(&k, i);
        check_parent(&k, i);
        check_unique(&k, i);
    }
    struct faults own = faults_in(a);
    for (size_t i = 0; i < k.sheet.partly.n; i++) {
        struct organisation *row = (struct organisation *)k.sheet.partly.p + i;
        struct check one = { .c = c, .f = &own,
            .sheet = { .rows = { row, 1 }, .lines = &k.sheet.partly_lines[i] } };
        own.n = own.total = 0;
        check_words(&one, 0);
        faults_join(f, &own);
    }
    if (k.sheet.rows.n)
        check_functions(&k);
    return k.sheet;
}

enum err organisation_store(struct db *db, const struct catalogue *c, struct list rows)
{
    const struct organisation *o = rows.p;
    int64_t last = 0, changed = 0;
    TRY(db_number(db, &unit_last, NO_ARGS, &last));
    for (size_t i = 0; i < rows.n; i++) {
        const struct division *d = division_find(c, o[i].region);
        CHECK(d != NULL);
        struct str functions = o[i].functions.p ? o[i].functions : STR("");
        TRY(db_exec(db, &unit_change, ARGS(S(o[i].code), S(o[i].name), S(o[i].name_en),
            S(o[i].kind), I(d->level), I(d->code), I(o[i].desk), S(functions)), &changed));
        if (changed == 0)
            TRY(db_exec(db, &unit_add, ARGS(I(++last), S(o[i].code), S(o[i].name),
                S(o[i].name_en), S(o[i].kind), I(d->level), I(d->code), I(o[i].desk),
                S(functions)), NULL));
    }
    for (size_t i = 0; i < rows.n; i++)
        TRY(db_exec(db, &unit_place_below, ARGS(S(o[i].code),
            S(o[i].parent.p ? o[i].parent : STR(""))), NULL));
    return OK;
}

struct str organisation_csv(const struct catalogue *c, struct arena *a)
{
    const struct unit *units = catalogue_units(c).p;
    size_t n = catalogue_units(c).n;
    struct buf b = buf_in(a, 4096 + n * 1024);
    buf_add(&b, STR("code,name,name_en,kind,region,parent,desk,functions\n"));
    for (size_t i = 0; i < n; i++) {
        const struct unit *u = &units[i], *above = unit_find(c, u->parent);
        sheet_cell(&b, u->code);
        buf_byte(&b, ',');
        sheet_cell(&b, u->name);
        buf_byte(&b, ',');
        sheet_cell(&b, u->name_en);
        buf_fmt(&b, ",%.*s,%lld,", STR_FMT(u->kind), (long long)u->region);
        sheet_cell(&b, above ? above->code : STR_NONE);
        buf_fmt(&b, ",%s,%.*s\n", u->desk ? "true" : "false", STR_FMT(u->functions));
    }
    return buf_str(&b);
}
