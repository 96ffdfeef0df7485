/* fuzz_lines.c: tables of text, whatever bytes they hold: the three readers of CSV (line by line,
 * cell by cell, with every fault) end, stay in bounds, count lines alike, and what is written as a
 * cell reads as that cell. */
#include "catalogue/edition.h"
#include "cli/lines.h"
#include "layer/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t breaks_in(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '\n';
    return n;
}

static void lines_check(struct str text)
{
    FILE *f = fmemopen((void *)(uintptr_t)text.p, text.n, "r");
    CHECK(f != NULL);
    struct csv_lines l = lines_of(f);
    struct str line, cell;
    size_t before = 0;
    for (enum csv_line how; (how = lines_next(&l, &line)) != LINE_END;) {
        CHECK(how != LINE_UNREADABLE && l.number > before && line.n <= text.n);
        before = l.number;
        for (size_t k = 0; k < 40 && line_cell(line, k, &cell); k++)
            CHECK(cell.n <= line.n);
    }
    CHECK(before <= breaks_in(text) + 1);
    lines_end(&l);
    CHECK(fclose(f) == 0);
}

static void cells_check(struct arena *a, struct str text)
{
    struct csv_text t = csv_of(text);
    while (t.rest.n) {
        size_t left = t.rest.n;
        bool last;
        struct str cell = csv_cell(a, &t, &last);
        CHECK(t.rest.n < left && cell.n <= text.n && t.line <= breaks_in(text) + 1);
    }
}

/* Written between two others, as sheets are, it comes back as it was. */
static void cell_returns(struct arena *a, struct str text)
{
    struct buf b = buf_in(a, 1 << 20);
    bool last;
    if (!str_is_text(text))
        return;
    buf_add(&b, STR("a,"));
    sheet_cell(&b, text);
    buf_add(&b, STR(",b\n"));
    struct csv_text t = csv_of(buf_str(&b));
    t.between = ',';
    (void)csv_cell(a, &t, &last);
    CHECK(str_eq(csv_cell(a, &t, &last), text) && !last);
    CHECK(str_is(csv_cell(a, &t, &last), "b") && last);
}

static void sheet_check(struct arena *a, struct str text)
{
    struct faults f = faults_in(a);
    struct sheet s = sheet_read(a, edition_record(STR("template")), text, &f);
    for (size_t i = 0; i < s.rows.n; i++)
        CHECK(s.lines[i] >= 1 && s.lines[i] <= breaks_in(text) + 1);
    for (size_t i = 0; i < f.n; i++)
        CHECK(f.at[i].zh[0] && f.at[i].en[0] && f.at[i].line <= breaks_in(text) + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    if (size == 0 || size > 1 << 14)
        return 0;
    arena_init(&a, 256 << 20);
    struct str text = arena_dup(&a, data, size);
    lines_check(text);
    cells_check(&a, text);
    cell_returns(&a, text);
    sheet_check(&a, text);
    arena_free(&a);
    return 0;
}
