/* Lines of a table: quotes, ends of lines, lines too long, files larger than the buffer. */
#include "cli/lines.c"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static FILE *file_of(const char *text, size_t n)
{
    FILE *f = tmpfile();
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    rewind(f);
    return f;
}

struct expected { enum csv_line how; const char *text; size_t number; };

static void assert_lines(const char *text, const struct expected *want, size_t n)
{
    FILE *f = file_of(text, strlen(text));
    struct csv_lines l = lines_of(f);
    struct str line;
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(lines_next(&l, &line), want[i].how);
        assert_true(str_is(line, want[i].text));
        assert_int_equal(l.number, want[i].number);
    }
    assert_int_equal(lines_next(&l, &line), LINE_END);
    lines_end(&l);
    assert_int_equal(fclose(f), 0);
}

static void lines_end_in_many_ways(void **state)
{
    (void)state;
    static const struct expected want[] = { { LINE_GOOD, "a,b", 1 }, { LINE_GOOD, "", 2 },
        { LINE_GOOD, "c", 3 }, { LINE_GOOD, "d", 4 } };
    assert_lines("a,b\r\n\nc\nd", want, COUNT_OF(want));
    assert_lines("", NULL, 0);
}

static void quotes_hold_line_breaks_and_quotes(void **state)
{
    (void)state;
    static const struct expected want[] = { { LINE_GOOD, "1,\"two\nlines \"\"here\"\"\",3", 1 },
        { LINE_GOOD, "next", 3 } };
    assert_lines("1,\"two\nlines \"\"here\"\"\",3\nnext\n", want, COUNT_OF(want));
}

static void a_quote_never_closed_costs_its_line_only(void **state)
{
    (void)state;
    static const struct expected want[] = { { LINE_GOOD, "a", 1 }, { LINE_TOO_LONG, "\"b", 2 },
        { LINE_GOOD, "c", 3 }, { LINE_GOOD, "d", 4 } };
    assert_lines("a\n\"b\nc\nd\n", want, COUNT_OF(want));
}

static void long_lines_are_given_up_and_large_files_read_on(void **state)
{
    (void)state;
    enum { LONG = LINE_BYTES_MAX + 7, MANY = 900000 };
    char *text = heap_alloc(LONG + 1 + (size_t)MANY * 8);
    memset(text, 'x', LONG);
    text[LONG] = '\n';
    for (size_t i = 0; i < MANY; i++)
        memcpy(text + LONG + 1 + i * 8, "7654321\n", 8);
    FILE *f = file_of(text, LONG + 1 + (size_t)MANY * 8);
    struct csv_lines l = lines_of(f);
    struct str line;
    assert_int_equal(lines_next(&l, &line), LINE_TOO_LONG);
    assert_int_equal(lines_next(&l, &line), LINE_GOOD); /* the rest of it */
    assert_int_equal(line.n, 7);
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(lines_next(&l, &line), LINE_GOOD);
        assert_true(str_is(line, "7654321"));
    }
    assert_int_equal(lines_next(&l, &line), LINE_END);
    lines_end(&l);
    assert_int_equal(fclose(f), 0);
    heap_free(text);
}

static void cells_are_found_by_position(void **state)
{
    (void)state;
    struct str line = STR("a, \"b, \"\"c\" ,,d,"), cell;
    static const char *const want[] = { "a", "b, \"\"c", "", "d", "" };
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        assert_true(line_cell(line, i, &cell));
        assert_true(str_is(cell, want[i]));
    }
    assert_false(line_cell(line, COUNT_OF(want), &cell));
    assert_true(line_cell(STR(""), 0, &cell) && cell.n == 0);
    assert_false(line_cell(STR(""), 1, &cell));
    assert_false(line_cell(STR("a"), 1, &cell));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_in_many_ways),
        cmocka_unit_test(quotes_hold_line_breaks_and_quotes),
        cmocka_unit_test(a_quote_never_closed_costs_its_line_only),
        cmocka_unit_test(long_lines_are_given_up_and_large_files_read_on),
        cmocka_unit_test(cells_are_found_by_position),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
