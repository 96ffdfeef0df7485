/* table.c: tables of a town as others want them: cells by name, names as codes, and CSV. */
#include "town/town.h"

static size_t column_of(enum town_sheet sheet, const char *field)
{
    const struct town_form *form = &town_forms[sheet];
    size_t i = 0;
    while (strcmp(form->columns[i].field, field) != 0)
        CHECK(++i < form->n);
    return i;
}

struct str town_cell(const struct town *t, enum town_sheet sheet, size_t row, const char *field)
{
    const struct town_table *table = &t->tables[sheet];
    return row < table->n ? table->cells[row][column_of(sheet, field)] : STR_NONE;
}

const struct msg town_code_form = { "应为 12 位数字，末三位 000，如 320508018000",
    "12 digits, the last three 000, such as 320508018000" };

bool town_code_read(struct str said, int64_t *ret)
{
    enum { TOWN_TAIL = 1000 };
    return str_to_i64(said, ret) && *ret >= 100000000000 && *ret <= 999999999999
        && *ret % TOWN_TAIL == 0;
}

/* Names as codes --------------------------------------------------------------------------- */

/* What a name was found to mean; n: how many rows bear it. */
struct meant { struct str code; size_t n; bool is_code; };

static void meet(struct meant *m, struct str said, struct str code, struct str name)
{
    m->is_code |= str_eq(said, code);
    if (!str_eq(said, name) || str_eq(m->code, code))
        return;
    m->code = code;
    m->n++;
}

static struct str number(struct arena *a, int64_t v)
{
    return arena_fmt(a, "%lld", (long long)v);
}

static void meet_divisions(struct arena *a, const struct catalogue *c, struct str said,
    struct meant *m)
{
    const struct division *d = catalogue_divisions(c).p;
    int64_t code = 0;
    m->is_code = str_to_i64(said, &code) && division_find(c, code) != NULL;
    for (size_t i = 0; i < catalogue_divisions(c).n && !m->is_code; i++)
        if (str_eq(said, d[i].name))
            meet(m, said, number(a, d[i].code), d[i].name);
}

static void meet_units(const struct catalogue *c, struct str said, struct meant *m)
{
    const struct unit *u = catalogue_units(c).p;
    for (size_t i = 0; i < catalogue_units(c).n; i++)
        meet(m, said, u[i].code, u[i].name);
}

static void meet_categories(const struct catalogue *c, struct str said, struct meant *m)
{
    const struct category *cat = catalogue_categories(c).p;
    for (size_t i = 0; i < catalogue_categories(c).n; i++)
        meet(m, said, cat[i].code, cat[i].name);
}

/* The town itself, and what lies above it. */
static void meet_town(struct arena *a, const struct town *t, struct str said, struct meant *m)
{
    enum { CITY_TAIL = 100000000, COUNTY_TAIL = 1000000 };
    int64_t code = 0;
    if (!str_to_i64(town_cell(t, SHEET_TOWN, 0, "code"), &code))
        return;
    struct str city = number(a, code / CITY_TAIL * CITY_TAIL);
    meet(m, said, city, STR("全部"));
    meet(m, said, city, STR("all"));
    meet(m, said, city, town_cell(t, SHEET_TOWN, 0, "city"));
    meet(m, said, number(a, code / COUNTY_TAIL * COUNTY_TAIL),
        town_cell(t, SHEET_TOWN, 0, "county"));
    meet(m, said, number(a, code), town_cell(t, SHEET_TOWN, 0, "name"));
}

static struct meant meaning(struct arena *a, const struct town *t, const struct catalogue *c,
    enum town_sheet ref, struct str said)
{
    struct meant m = { .n = 0 };
    const struct town_table *table = &t->tables[ref];
    for (size_t i = 0; i < table->n; i++)
        meet(&m, said, town_cell(t, ref, i, "code"), town_cell(t, ref, i, "name"));
    if (ref == SHEET_DIVISION)
        meet_town(a, t, said, &m);
    if (m.n || m.is_code)
        return m;
    if (ref == SHEET_DIVISION)
        meet_divisions(a, c, said, &m);
    else if (ref == SHEET_UNIT)
        meet_units(c, said, &m);
    else
        meet_categories(c, said, &m);
    return m;
}

/* A code is looked up where the row is stored; a name that means nothing has no code to look up. */
static bool names_no_division(const struct town *t, enum town_sheet ref, struct str said)
{
    int64_t code;
    return ref == SHEET_DIVISION && !t->tables[ref].unread && !t->tables[ref].is_outlines
        && str_to_i64(town_cell(t, SHEET_TOWN, 0, "code"), &code) && !str_to_i64(said, &code);
}

void town_resolve(struct arena *a, struct town *t, const struct catalogue *c)
{
    for (enum town_sheet s = 0; s < SHEET_COUNT; s++) {
        struct town_table *table = &t->tables[s];
        for (size_t k = 0; k < town_forms[s].n; k++) {
            const struct town_column *column = &town_forms[s].columns[k];
            for (size_t i = 0; column->kind == CELL_REF && i < table->n; i++) {
                struct str *v = &table->cells[i][k];
                if (v->n == 0)
                    continue;
                struct meant m = meaning(a, t, c, column->ref, *v);
                if (m.n > 1 && !m.is_code)
                    fault_add(&table->faults, table->rows[i], column->field,
                        MSG("有几个都叫“%s”，请改写编码", "Several are called \"%s\"; write the code"), *v);
                if (m.n == 0 && names_no_division(t, column->ref, *v))
                    fault_add(&table->faults, table->rows[i], column->field, MSG("没有名为“%s”的社区或区划，请照“区划”一表改正",
                        "There is no community or division named \"%s\"; write it as in Divisions"), *v);
                if (m.n == 1 && !m.is_code)
                    *v = m.code;
            }
        }
    }
}

/* CSV -------------------------------------------------------------------------------------- */

struct str town_csv(struct arena *a, const struct town *t, enum town_sheet sheet,
    const bool *leave_out, const size_t **ret_lines, size_t *ret_n)
{
    const struct town_table *table = &t->tables[sheet];
    const struct town_form *form = &town_forms[sheet];
    struct buf b = buf_in(a, (size_t)256 << 20);
    size_t breaks = 1, line = 1;
    for (size_t i = 0; i < table->n; i++)
        for (size_t k = 0; k < form->n; k++)
            for (size_t p = 0; p < table->cells[i][k].n; p++)
                breaks += table->cells[i][k].p[p] == '\n';
    size_t *lines = NEW_N(a, size_t, table->n + breaks + 2);
    for (size_t k = 0; k < form->n; k++)
        buf_fmt(&b, "%s%s", k ? "," : "", form->columns[k].field);
    buf_byte(&b, '\n');
    lines[1] = 0;
    for (size_t i = 0; i < table->n; i++) {
        size_t from = b.n;
        if (leave_out && leave_out[i])
            continue;
        for (size_t k = 0; k < form->n; k++) {
            if (k)
                buf_byte(&b, ',');
            sheet_cell(&b, table->cells[i][k]);
        }
        buf_byte(&b, '\n');
        for (; from < b.n; from++)
            if (b.p[from] == '\n')
                lines[++line] = table->rows[i];
    }
    *ret_lines = lines;
    *ret_n = line;
    return buf_str(&b);
}

size_t town_faults(const struct town *t)
{
    size_t n = t->faults.total;
    for (size_t i = 0; i < SHEET_COUNT; i++)
        n += t->tables[i].faults.total;
    return n;
}
