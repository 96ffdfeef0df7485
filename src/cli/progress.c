/* progress.c: see progress.h. */
#include "cli/progress.h"
#include <stdio.h>
#include <unistd.h>

enum { BAR_CHARS = 30 };

struct progress progress_of(enum lang lang)
{
    return (struct progress){ .lang = lang, .terminal = isatty(STDERR_FILENO) != 0,
        .started_us = clock_monotonic_us() };
}

void progress_end(struct progress *p)
{
    if (p->terminal && p->doing.en)
        fprintf(stderr, "\n");
    p->doing = MSG(NULL, NULL);
}

void progress_part(struct progress *p, struct msg doing)
{
    progress_end(p);
    p->doing = doing;
    p->told = -1;
}

void progress_show(struct progress *p, int64_t done, int64_t total, struct str detail)
{
    double seconds = (double)(clock_monotonic_us() - p->started_us) / 1e6;
    int64_t tenths = total ? done * 10 / total : 10;
    int width = (int)(total ? done * BAR_CHARS / total : BAR_CHARS);
    if (!p->terminal && tenths == p->told)
        return;
    p->told = tenths;
    fprintf(stderr, "%s%s [%.*s%.*s] %lld/%lld  %.0f s  %-12.*s%s", p->terminal ? "\r" : "",
        p->lang == LANG_EN ? p->doing.en : p->doing.zh, width, "##############################",
        BAR_CHARS - width, "..............................", (long long)done, (long long)total,
        seconds, STR_FMT(detail), p->terminal ? "" : "\n");
}
