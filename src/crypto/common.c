/* common.c: the shortest way to say a password in common words. */
#include "crypto/common.h"

enum { LOOKED_AT_MAX = 128 * 4 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* 1940 .. 2039, as in dates of birth. */
static bool is_year(const char *p, size_t n)
{
    bool century = n >= 4 && ((p[0] == '1' && p[1] == '9' && p[2] >= '4')
        || (p[0] == '2' && p[1] == '0' && p[2] <= '3'));
    return century && is_digit(p[2]) && is_digit(p[3]);
}

static size_t run_of(const char *p, size_t n)
{
    size_t run = 1;
    while (run < n && p[run] == p[0])
        run++;
    return run;
}

static void reach(size_t *best, size_t at, size_t cost)
{
    if (cost < best[at])
        best[at] = cost;
}

/* best[i]: the least that the first i bytes cost. */
static void go_on(const char *p, size_t at, size_t n, size_t *best)
{
    size_t cost = best[at] + 1;
    struct str rest = { p + at, n - at };
    for (size_t run = run_of(rest.p, rest.n); run > 0; run--)
        reach(best, at + run, cost);
    if (is_year(rest.p, rest.n))
        reach(best, at + 4, cost);
    for (const char *const *w = common_words; *w; w++)
        if (str_starts(rest, str_c(*w)))
            reach(best, at + strlen(*w), cost);
}

size_t common_length(struct str password)
{
    char text[LOOKED_AT_MAX];
    size_t best[LOOKED_AT_MAX + 1];
    size_t n = password.n < LOOKED_AT_MAX ? password.n : LOOKED_AT_MAX;
    for (size_t i = 0; i < n; i++)
        text[i] = lower(password.p[i]);
    for (size_t i = 0; i <= n; i++)
        best[i] = i;
    for (size_t i = 0; i < n; i++)
        go_on(text, i, n, best);
    return best[n];
}
