/* JSON text: each byte is escaped or not wherever it stands, next to whatever. */
#include "base/buf.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

/* The rule once more, byte by byte. */
static void expected(char *out, size_t size, struct str s)
{
    size_t n = (size_t)snprintf(out, size, "\"");
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        const char *brief = c == '"' ? "\\\"" : c == '\\' ? "\\\\" : c == '\n' ? "\\n"
            : c == '\r' ? "\\r" : c == '\t' ? "\\t" : NULL;
        if (brief)
            n += (size_t)snprintf(out + n, size - n, "%s", brief);
        else if (c < 0x20 || c == '<' || c == 0x7F)
            n += (size_t)snprintf(out + n, size - n, "\\u00%02x", c);
        else
            n += (size_t)snprintf(out + n, size - n, "%c", c);
    }
    (void)snprintf(out + n, size - n, "\"");
}

static void each_byte_is_escaped_wherever_it_stands(void **state)
{
    struct arena a;
    char text[64], want[512];
    (void)state;
    arena_init(&a, 1 << 20);
    for (size_t n = 0; n < 40; n++)
        for (size_t at = 0; at < n; at++)
            for (unsigned c = 1; c < 256; c++) {
                struct buf b = buf_in(&a, 1024);
                memset(text, 'a', n);
                text[at] = (char)c;
                text[n / 2] = (char)(n % 3 ? text[n / 2] : '<');
                buf_json_str(&b, (struct str){ text, n });
                expected(want, sizeof(want), (struct str){ text, n });
                assert_true(str_is(buf_str(&b), want));
                arena_reset(&a);
            }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_is_escaped_wherever_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
