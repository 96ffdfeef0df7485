/* fuzz_past.c: another system's export and the map that says which column is what, whatever both
 * hold: a map is refused with the member at fault, each row is good, bad with a reason, or known,
 * and a good row has what a matter needs. The map ends at the first NUL; the table follows. */
#include "past/past.h"
#include "town.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void found(void *ctx, size_t line, struct str number, const char *field, struct msg m,
    struct str arg)
{
    (void)number;
    (void)arg;
    (*(size_t *)ctx)++;
    CHECK(line > 0 && field && m.zh[0] && m.en[0]);
}

static void row_check(const struct past_row *row, size_t told, int64_t now_ms)
{
    CHECK((row->is == PAST_BAD) == (told > 0));
    if (row->is != PAST_GOOD)
        return;
    CHECK(row->past.number.n > 0 && row->intake.text.n > 0 && str_is_text(row->intake.text));
    CHECK(row->past.reported_ms <= now_ms);
    CHECK(row->past.ended_ms == I64_NONE || row->past.ended_ms >= row->past.reported_ms);
}

static void table_check(struct town *t, struct arena *a, const struct past_map *map,
    struct str table)
{
    struct err_info info = { .e = OK };
    size_t told = 0, rows = 0;
    struct past_sink sink = { found, &told };
    struct past_file f = { .db = t->db, .cat = t->cat, .map = map, .sink = &sink,
        .now_ms = t->now_ms };
    struct past_row row;
    struct arena one;
    if (past_open(&f, a, table, &info) != OK) {
        CHECK(info.zh[0] && info.en[0]);
        return;
    }
    arena_init(&one, 64 << 20);
    for (; past_next(&f, &one, &row); told = 0, rows++) {
        row_check(&row, told, t->now_ms);
        arena_reset(&one);
    }
    CHECK(rows == f.n_rows);
    arena_free(&one);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct town town;
    struct err_info info = { .e = OK };
    struct past_map map;
    struct arena a;
    if (size > 1 << 14)
        return 0;
    if (town.cat == NULL)
        town_open(&town, 1, NULL);
    arena_init(&a, 256 << 20);
    struct str all = arena_dup(&a, data, size), table;
    struct str json = str_cut(all, '\0', &table);
    if (past_map_read(&a, json, &map, &info) != OK)
        CHECK(info.field[0] && info.zh[0] && info.en[0]);
    else if (table.n && past_map_fits(&map, town.cat, &info) == OK)
        table_check(&town, &a, &map, table);
    arena_free(&a);
    return 0;
}
