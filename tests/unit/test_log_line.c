/* test_log_line.c: whatever a detail holds, a line of the log is one record that can be parsed, and
 * nothing in it acts in a terminal or begins another line. */
#include "base/log.h"
#include <fcntl.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

enum { LINE_BYTES_MAX = 1 << 14 };

/* What log_line() writes for this detail. */
static struct str written(char *ret, const char *detail)
{
    int pipes[2], kept = dup(STDERR_FILENO);
    assert_true(kept >= 0 && pipe2(pipes, O_CLOEXEC) == 0);
    assert_true(dup2(pipes[1], STDERR_FILENO) == STDERR_FILENO);
    log_line(LOG_WARN, "test.line", "%s", detail);
    assert_true(dup2(kept, STDERR_FILENO) == STDERR_FILENO);
    (void)close(kept);
    (void)close(pipes[1]);
    ssize_t got = read(pipes[0], ret, LINE_BYTES_MAX);
    (void)close(pipes[0]);
    assert_true(got > 0 && got < LINE_BYTES_MAX);
    return (struct str){ ret, (size_t)got };
}

static void one_record(const char *detail, const char *expected)
{
    static char line[LINE_BYTES_MAX];
    struct str s = written(line, detail);
    assert_true(s.p[s.n - 1] == '\n');
    for (size_t i = 0; i + 1 < s.n; i++)
        assert_true((unsigned char)s.p[i] >= ' ' && s.p[i] != 0x7F);
    json_t *record = json_loadb(s.p, s.n, 0, NULL);
    assert_non_null(record);
    assert_int_equal(json_object_size(record), 4);
    assert_string_equal(json_string_value(json_object_get(record, "event")), "test.line");
    if (expected)
        assert_string_equal(json_string_value(json_object_get(record, "detail")), expected);
    json_decref(record);
}

static void what_forges_a_line_stays_in_its_own(void **state)
{
    static const char forged[] = "x\"}\r\n{\"at\":\"now\",\"event\":\"forged\"}\n"
        "\\\x1b[2J\x7f\t";
    (void)state;
    one_record(forged, forged);
    one_record("\xC2\x9B" "31m \xC2\x85 \xE2\x80\xA8 \xE2\x80\xAE \xE2\x81\xA6", "?31m ? ? ? ?");
    one_record("", "");
    one_record("三楼的灯 <b> \xF0\xA0\xAE\xB7", "三楼的灯 <b> \xF0\xA0\xAE\xB7");
}

static void each_byte_anywhere_makes_one_record(void **state)
{
    (void)state;
    for (unsigned c = 1; c < 256; c++)
        for (size_t at = 0; at < 4; at++) {
            char text[] = "\xE4\xB8\x89 a";
            text[at] = (char)c;
            one_record(text, NULL);
        }
}

static void a_long_detail_is_cut_and_still_read(void **state)
{
    static char text[4096];
    (void)state;
    for (size_t shift = 0; shift < 3; shift++) {
        memset(text, 'a', shift);
        for (size_t i = shift; i + 3 < sizeof(text); i += 3)
            memcpy(text + i, "灯", 3);
        one_record(text, NULL);
    }
    memset(text, 1, sizeof(text) - 1);
    one_record(text, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_forges_a_line_stays_in_its_own),
        cmocka_unit_test(each_byte_anywhere_makes_one_record),
        cmocka_unit_test(a_long_detail_is_cut_and_still_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
