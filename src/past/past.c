/* past.c: the table as a whole, and what is stored of it. */
#include "past/past.h"
#include "layer/feature.h"
#include <stdlib.h>

#define KNOWN_ROW(X, R) X(R, STR, number, 0, 0, 0, NULL, "in the other system")
RECORD(known_row, KNOWN_ROW)
RECORD_DEFINE(known_row, KNOWN_ROW)

SQL_SCANS(KNOWN, "past.known", "SELECT number FROM past WHERE source = $1");
SQL_WRITES(ADD, "past.add",
    "INSERT INTO past (area, source, number, matter) VALUES ($1, $2, $3, $4)");
const struct sql *const past_statements[] = { &KNOWN, &ADD };
const size_t past_statements_n = COUNT_OF(past_statements);

enum { COLUMNS_MAX = 256 };

static enum past_field field_of(const struct past_map *map, struct str heading)
{
    size_t i = 0;
    while (i < PAST_FIELDS && (heading.n == 0 || !str_eq(map->columns[i], heading)))
        i++;
    return (enum past_field)i;
}

static enum err head_read(struct past_file *f, struct arena *a, struct err_info *info)
{
    bool last = false, found[PAST_FIELDS + 1] = { false };
    f->columns = NEW_N(a, enum past_field, COLUMNS_MAX);
    for (f->n_columns = 0; !last; f->n_columns++) {
        struct str heading = str_trim(csv_cell(a, &f->at, &last));
        if (f->n_columns == COLUMNS_MAX)
            return err_note(info, E_TOO_LARGE, "file", MSG("列数太多", "There are too many columns"),
                STR_NONE);
        enum past_field field = field_of(f->map, heading);
        if (found[field] && field != PAST_FIELDS)
            return err_note(info, E_INPUT, "file", MSG("有两列都叫 %s，请改名",
                "Two columns are called %s; rename one"), heading);
        f->columns[f->n_columns] = field;
        found[field] = true;
    }
    for (size_t i = 0; i < PAST_FIELDS; i++)
        if (f->map->columns[i].n && !found[i])
            return err_note(info, E_INPUT, past_field_names[i], MSG("表里没有名为 %s 的列，请核对对照文件的 columns",
                "The table has no column %s; check \"columns\" in the map"), f->map->columns[i]);
    return OK;
}

struct numbers { struct arena *a; struct past_number *at; size_t n, room; };

static void number_add(struct numbers *to, struct str number, size_t line)
{
    if (to->n == to->room) {
        to->room = to->room ? to->room * 2 : 1024;
        struct past_number *more = NEW_N(to->a, struct past_number, to->room);
        if (to->n)
            memcpy(more, to->at, to->n * sizeof(*more));
        to->at = more;
    }
    to->at[to->n++] = (struct past_number){ arena_dup(to->a, number.p, number.n), line };
}

static enum err known_take(void *ctx, struct arena *row, const void *rec)
{
    (void)row;
    number_add(ctx, ((const struct known_row *)rec)->number, 0);
    return OK;
}

static int number_order(const void *x, const void *y)
{
    const struct past_number *p = x, *q = y;
    int order = str_cmp(p->number, q->number);
    return order ? order : (p->line > q->line) - (p->line < q->line);
}

/* Of each row; a is for cells that had to be copied. */
static void rows_count(struct past_file *f, struct arena *a, struct numbers *to)
{
    while (f->at.rest.n) {
        size_t line = f->at.line;
        struct str number = STR("");
        bool last = false, any = false;
        for (size_t i = 0; !last; i++) {
            struct str cell = str_trim(csv_cell(a, &f->at, &last));
            any |= cell.n > 0;
            if (i < f->n_columns && f->columns[i] == PAST_NUMBER)
                number = cell;
        }
        f->n_rows += any;
        if (number.n)
            number_add(to, number, line);
        arena_reset(a);
    }
}

static enum err numbers_read(struct past_file *f, struct arena *a)
{
    struct numbers all = { .a = a };
    struct arena row;
    arena_init(&row, 64 << 20);
    rows_count(f, &row, &all);
    arena_free(&row);
    TRY(db_each(f->db, &KNOWN, ARGS(S(f->map->source)), &known_row_record, known_take, &all));
    if (all.n)
        qsort(all.at, all.n, sizeof(*all.at), number_order);
    f->numbers = all.at;
    f->n_numbers = all.n;
    return OK;
}

void past_rewind(struct past_file *f)
{
    f->at = f->first;
}

enum err past_open(struct past_file *f, struct arena *a, struct str bytes, struct err_info *info)
{
    struct str text;
    TRY(text_decode(a, bytes, f->map->encoding, &text, info));
    f->at = csv_of(text);
    TRY(head_read(f, a, info));
    f->first = f->at;
    TRY(numbers_read(f, a));
    if (f->n_rows == 0)
        return err_note(info, E_INPUT, "file", MSG("文件里没有任何行", "There are no rows in the file"),
            STR_NONE);
    past_rewind(f);
    return OK;
}

enum err past_store(struct cx *cx, const struct past_row *row)
{
    struct matter m;
    struct intake in = row->intake;
    in.past = &row->past;
    TRY(matter_open(cx, &in, &m));
    return db_exec(cx->db, &ADD, ARGS(I(m.area), S(row->past.source), S(row->past.number), I(m.id)),
        NULL);
}
