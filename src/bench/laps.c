/* laps.c: see laps.h. */
#include "bench/laps.h"
#include "base/arena.h"
#include <stdlib.h>

void laps_note(struct laps *t, int64_t us)
{
    if (t->n == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 1 << 12;
        uint32_t *more = heap_alloc(t->cap * sizeof(*more));
        if (t->n)
            memcpy(more, t->us, t->n * sizeof(*more));
        heap_free(t->us);
        t->us = more;
    }
    t->us[t->n++] = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

static int by_size(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

void laps_read(struct laps *t, int64_t *ret_p50_us, int64_t *ret_p99_us, int64_t *ret_max_us)
{
    *ret_p50_us = *ret_p99_us = *ret_max_us = 0;
    if (t->n == 0)
        return;
    qsort(t->us, t->n, sizeof(*t->us), by_size);
    *ret_p50_us = t->us[t->n / 2];
    *ret_p99_us = t->us[t->n - 1 - t->n / 100];
    *ret_max_us = t->us[t->n - 1];
}

void laps_free(struct laps *t)
{
    heap_free(t->us);
    *t = (struct laps){ .n = 0 };
}
