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
    buf_json_str(&b, str_c(detail));
    buf_add(&b, STR("}\n"));
    ssize_t ignored = write(STDERR_FILENO, b.p, b.n);
    (void)ignored;
    arena_free(&a);
}
