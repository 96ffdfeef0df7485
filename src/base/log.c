/* log.c: structured log lines. */
#include "base/log.h"
#include "base/clock.h"
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static enum log_level log_least = LOG_INFO;

void log_level_set(enum log_level least)
{
    log_least = least;
}

/* Acts in what shows the log, or in what cuts it into lines: C1 controls, which a terminal obeys as
 * it does ESC, line and paragraph separators, marks of direction; and bytes that are no UTF-8. */
static bool is_unfit(uint32_t c)
{
    return (c >= 0x80 && c < 0xA0) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069) || c == 0xFFFD;
}

/* What JSON does not escape by itself: "?" stands for it. */
static struct str fit(struct arena *a, struct str s)
{
    struct buf b = buf_in(a, s.n + 1);
    for (size_t at = 0, from = 0; at < s.n; from = at) {
        bool unfit = is_unfit(str_next(s, &at));
        buf_add(&b, unfit ? STR("?") : (struct str){ s.p + from, at - from });
    }
    return buf_str(&b);
}

void log_line(enum log_level level, const char *event, const char *fmt, ...)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    if (level < log_least)
        return;
    char detail[1024];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(detail, sizeof(detail), fmt, ap);
    va_end(ap);
    struct arena a;
    arena_init(&a, 1 << 16);
    struct buf b = buf_in(&a, 1 << 14);
    buf_add(&b, STR("{\"at\":\""));
    clock_write_iso(&b, clock_now_ms(clock_system()));
    buf_fmt(&b, "\",\"level\":\"%s\",\"event\":", names[level]);
    buf_json_str(&b, str_c(event));
    buf_add(&b, STR(",\"detail\":"));
    buf_json_str(&b, fit(&a, str_c(detail)));
    buf_add(&b, STR("}\n"));
    ssize_t ignored = write(STDERR_FILENO, b.p, b.n);
    (void)ignored;
    arena_free(&a);
}
