/* column.c: what stands in the columns, and how each is masked: the one place where it is decided
 * what of a matter leaves as a file. tests/unit/test_export.c compares it with the classes. */
#include "access/mask.h"
#include "export/export.h"
#include "tally/workbook.h"

enum { NUMBER, STATE, CATEGORY, TIER, WHERE, PLACE, TEXT, NAME, PHONE, UNIT, CREATED, DUE };
const struct export_column export_columns[EXPORT_COLUMNS] = {
    [NUMBER] = { "number", { "编号", "Number" }, "matter", "number", MASK_NONE, 20 },
    [STATE] = { "state", { "状态", "State" }, "matter", "state", MASK_NONE, 10 },
    [CATEGORY] = { "category", { "类别", "Category" }, "matter", "category", MASK_NONE, 18 },
    [TIER] = { "tier", { "级别", "Tier" }, "matter", "tier", MASK_NONE, 8 },
    [WHERE] = { "where", { "辖区", "Area" }, "matter", "grid", MASK_NONE, 28 },
    [PLACE] = { "place", { "地点", "Place" }, "matter", "place_text", MASK_ADDRESS, 28 },
    [TEXT] = { "text", { "内容", "Text" }, "matter", "text", MASK_WORDS, 40 },
    [NAME] = { "name", { "姓名", "Name" }, "person", "name", MASK_NAME, 14 },
    [PHONE] = { "phone", { "电话", "Telephone" }, "person", "phone", MASK_PHONE, 16 },
    [UNIT] = { "unit", { "承办单位", "Unit responsible" }, "matter", "owner_unit", MASK_NONE, 24 },
    [CREATED] = { "created", { "上报时间", "Reported" }, "matter", "created_ms", MASK_NONE, 12 },
    [DUE] = { "due", { "办理期限", "Deadline" }, "matter", "due_ms", MASK_NONE, 12 },
};

static bool is_open(unsigned open, size_t column)
{
    return (open >> column & 1) != 0;
}

enum err export_open_bits(struct cx *cx, struct list words, unsigned *ret)
{
    const struct str *w = words.p;
    unsigned open = 0;
    for (size_t i = 0; i < words.n; i++) {
        size_t k = 0;
        while (k < EXPORT_COLUMNS && !(str_is(w[i], export_columns[k].word)
            && export_columns[k].mask != MASK_NONE))
            k++;
        if (k == EXPORT_COLUMNS)
            return cx_fail_with(cx, E_INPUT, "open", MSG("“%s”不是需要脱敏的列，请在 place、text、name、phone 中选择",
                "\"%s\" is no masked column; choose among place, text, name, phone"), w[i]);
        open |= 1u << k;
    }
    *ret = open;
    return open ? OK : cx_fail(cx, E_INPUT, "open", MSG("请选择不脱敏的列",
        "Choose which columns are not to be masked"));
}

struct str export_open_names(const struct cx *cx, struct arena *a, unsigned open)
{
    struct buf b = buf_in(a, 1024);
    for (size_t i = 0; i < EXPORT_COLUMNS; i++)
        if (is_open(open, i)) {
            if (b.n)
                buf_add(&b, cx_text(cx, "、", ", "));
            buf_add(&b, cx_text(cx, export_columns[i].name.zh, export_columns[i].name.en));
        }
    return buf_str(&b);
}

static struct str masked(struct cx *cx, size_t column, struct str value)
{
    switch (export_columns[column].mask) {
    case MASK_NAME: return mask_name(cx->a, value);
    case MASK_PHONE: return mask_phone(cx->a, value);
    case MASK_ADDRESS: return mask_address(cx->a, value);
    case MASK_WORDS: return mask_words(cx->a, value, cx->lang);
    case MASK_NONE: break;
    }
    return value;
}

/* In both cells a person has the same place. */
static void joined(struct buf *b, struct str s, bool among_others)
{
    if (b->n)
        buf_add(b, STR("、"));
    buf_add(b, s.n == 0 && among_others ? STR("—") : s);
}

static void read_add(struct cx *cx, struct export_content *c, const struct matter *m, int64_t no)
{
    c->reads = MORE(cx->a, struct export_read, c->reads, c->n_reads, &c->reads_room);
    c->reads[c->n_reads++] = (struct export_read){ m->area, m->id, no };
}

/* Names and telephones of those who reported it, as one cell each. Who asked for confidence stands
 * there for a desk only, as on the page. */
static enum err people_cells(struct cx *cx, const struct matter *m, unsigned open,
    struct export_content *c, struct export_row *row)
{
    struct list contacts;
    struct buf names = buf_in(cx->a, 1 << 18), phones = buf_in(cx->a, 1 << 18);
    bool at_desk = (cx->actor.roles & (ROLE_DISPATCHER | ROLE_SUPERVISOR)) != 0;
    TRY(desk_contacts(cx, m, &contacts));
    const struct contact *p = contacts.p;
    for (size_t i = 0; i < contacts.n; i++) {
        bool may = desk_may_reveal(cx, m, p[i].confidential);
        bool name = may && is_open(open, NAME), phone = may && is_open(open, PHONE);
        if ((p[i].confidential && !at_desk) || p[i].name.n + p[i].phone.n == 0)
            continue;
        joined(&names, name ? p[i].name : masked(cx, NAME, p[i].name), contacts.n > 1);
        joined(&phones, phone ? p[i].phone : masked(cx, PHONE, p[i].phone), contacts.n > 1);
        if ((name && p[i].name.n) || (phone && p[i].phone.n))
            read_add(cx, c, m, p[i].no);
    }
    row->cells[NAME] = buf_str(&names);
    row->cells[PHONE] = buf_str(&phones);
    return OK;
}

static enum err row_read(struct cx *cx, const struct matter *m, unsigned open,
    struct export_content *c)
{
    struct list_row l = desk_list_row(m);
    struct matter_row r;
    struct export_row *row = &c->rows[c->n];
    size_t before = c->n_reads;
    bool may = desk_may_reveal(cx, m, false);
    TRY(desk_row(cx, &l, &r));
    *row = (struct export_row){ .cells = { [NUMBER] = r.number, [STATE] = r.state_name,
        [CATEGORY] = r.category_name, [TIER] = r.tier_name, [WHERE] = r.place_name,
        [PLACE] = r.place_text, [TEXT] = l.text, [UNIT] = r.owner_name,
        [CREATED] = day_of(cx->a, r.created_ms), [DUE] = day_of(cx->a, r.due_ms) } };
    for (size_t i = PLACE; i <= TEXT; i++)
        if (!may || !is_open(open, i))
            row->cells[i] = masked(cx, i, row->cells[i]);
    TRY(people_cells(cx, m, open, c, row));
    if (may && (is_open(open, PLACE) || is_open(open, TEXT)) && c->n_reads == before)
        read_add(cx, c, m, 0);
    c->n++;
    return OK;
}

enum err export_read_rows(struct cx *cx, struct list numbers, unsigned open,
    struct export_content *ret)
{
    const struct str *n = numbers.p;
    *ret = (struct export_content){ .rows = NEW_N(cx->a, struct export_row, numbers.n + 1) };
    for (size_t i = 0; i < numbers.n; i++) {
        struct matter m;
        enum err e = desk_matter(cx, n[i], &m);
        if (e == OK)
            e = row_read(cx, &m, open, ret);
        if (e != OK && e != E_MISSING)
            return e;
    }
    return OK;
}
