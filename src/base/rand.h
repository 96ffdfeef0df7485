/* rand.h: randomness through one door: the system's for real use, a seeded stream for replay. */
#pragma once
#include "base/check.h"

struct rand { bool seeded; uint64_t state; };

static inline struct rand rand_system(void)
{
    return (struct rand){ false, 0 };
}
static inline struct rand rand_seeded(uint64_t seed)
{
    return (struct rand){ true, seed };
}
void rand_bytes(struct rand *r, void *p, size_t n);
uint64_t rand_u64(struct rand *r);
/* Uniform in 0 .. bound-1; bound > 0. */
uint64_t rand_below(struct rand *r, uint64_t bound);
/* Uniform in [0, 1). */
double rand_unit(struct rand *r);
