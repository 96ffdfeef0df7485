/* rand.c: system randomness, or splitmix64 (Steele, Lea, Flood 2014) when a seed is given. */
#include "base/rand.h"
#include <string.h>
#include <sys/random.h>

void rand_bytes(struct rand *r, void *p, size_t n)
{
    if (!r->seeded) {
        for (size_t at = 0; at < n;) {
            ssize_t got = getrandom((char *)p + at, n - at, 0);
            CHECK(got > 0);
            at += (size_t)got;
        }
        return;
    }
    for (size_t at = 0; at < n; at += 8) {
        uint64_t v = rand_u64(r);
        memcpy((char *)p + at, &v, n - at < 8 ? n - at : 8);
    }
}

uint64_t rand_u64(struct rand *r)
{
    if (!r->seeded) {
        uint64_t v;
        rand_bytes(r, &v, sizeof(v));
        return v;
    }
    r->state += 0x9e3779b97f4a7c15u;
    uint64_t z = r->state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint64_t rand_below(struct rand *r, uint64_t bound)
{
    CHECK(bound > 0);
    uint64_t limit = UINT64_MAX - UINT64_MAX % bound, v;
    do
        v = rand_u64(r);
    while (v >= limit);
    return v % bound;
}

double rand_unit(struct rand *r)
{
    return (double)(rand_u64(r) >> 11) * 0x1p-53;
}
