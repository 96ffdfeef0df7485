/* times.c: how long units took in the past, and what part of it was longer than a limit. */
#include "rules/rehearse.h"
#include <math.h>
#include <stdlib.h>

enum { FEW = 20 };

/* Sorted times of each of n_keys, one after another; those of key k begin at from[k]. */
struct sorted { int64_t *work, *clock; size_t *from, n_keys; };
struct times { struct sorted own, alike, all; const uint32_t *group; };

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* key: of a unit. */
static struct sorted sorted_by(struct arena *a, const struct handling *s, size_t n,
    const uint32_t *key, size_t n_keys)
{
    struct sorted r = { NEW_N(a, int64_t, n + 1), NEW_N(a, int64_t, n + 1),
        NEW_N(a, size_t, n_keys + 2), n_keys };
    for (size_t i = 0; i < n; i++)
        r.from[key[s[i].unit] + 2]++;
    for (size_t k = 2; k < n_keys + 2; k++)
        r.from[k] += r.from[k - 1];
    for (size_t i = 0; i < n; i++) {
        size_t at = r.from[key[s[i].unit] + 1]++;
        r.work[at] = s[i].work_ms;
        r.clock[at] = s[i].clock_ms;
    }
    for (size_t k = 0; k < n_keys; k++) {
        size_t first = r.from[k], count = r.from[k + 1] - first;
        qsort(r.work + first, count, sizeof(int64_t), by_size);
        qsort(r.clock + first, count, sizeof(int64_t), by_size);
    }
    return r;
}

/* Units of one kind and level have the number of the first of them. */
static uint32_t *groups_of(struct arena *a, struct list units)
{
    const struct unit *u = units.p;
    uint32_t *group = NEW_N(a, uint32_t, units.n + 1);
    uint32_t *firsts = NEW_N(a, uint32_t, units.n + 1);
    size_t n = 0;
    for (uint32_t i = 0; i < units.n; i++) {
        size_t k = 0;
        while (k < n && (u[firsts[k]].level != u[i].level
            || !str_eq(u[firsts[k]].kind, u[i].kind)))
            k++;
        if (k == n)
            firsts[n++] = i;
        group[i] = firsts[k];
    }
    return group;
}

struct times *times_make(const struct catalogue *c, struct arena *a, const struct handling *samples,
    size_t n)
{
    struct list units = catalogue_units(c);
    struct times *t = NEW(a, struct times);
    uint32_t *self = NEW_N(a, uint32_t, units.n + 1), *none = NEW_N(a, uint32_t, units.n + 1);
    for (uint32_t i = 0; i < units.n; i++)
        self[i] = i;
    t->group = groups_of(a, units);
    t->own = sorted_by(a, samples, n, self, units.n);
    t->alike = sorted_by(a, samples, n, t->group, units.n);
    t->all = sorted_by(a, samples, n, none, 1);
    return t;
}

static size_t count_of(const struct sorted *s, uint32_t key)
{
    return s->from[key + 1] - s->from[key];
}

int64_t times_handled(const struct times *t, uint32_t unit)
{
    return (int64_t)count_of(&t->own, unit);
}

enum basis times_basis(const struct times *t, uint32_t unit)
{
    return count_of(&t->own, unit) >= FEW ? BASIS_OWN
        : count_of(&t->alike, t->group[unit]) >= FEW ? BASIS_ALIKE
        : count_of(&t->all, 0) > 0 ? BASIS_ALL : BASIS_NONE;
}

double times_late(const struct times *t, uint32_t unit, bool by_clock, int64_t allowed_ms)
{
    enum basis basis = times_basis(t, unit);
    const struct sorted *s = basis == BASIS_OWN ? &t->own : basis == BASIS_ALIKE ? &t->alike
        : &t->all;
    uint32_t key = basis == BASIS_OWN ? unit : basis == BASIS_ALIKE ? t->group[unit] : 0;
    if (basis == BASIS_NONE)
        return NAN;
    const int64_t *ms = (by_clock ? s->clock : s->work) + s->from[key];
    size_t n = count_of(s, key), low = 0, high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (ms[mid] <= allowed_ms)
            low = mid + 1;
        else
            high = mid;
    }
    return (double)(n - low) / (double)n;
}
