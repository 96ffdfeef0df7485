/* ledger_nodes.h: a store of tree nodes in memory, for tests of the Merkle log: what the database
 * does, without one. It refuses nodes that were never stored and nodes stored twice. */
#pragma once
#include "ledger/merkle.h"
#include <stdlib.h>

enum { NODES_LEVELS = 20 };
struct nodes {
    struct hash *at[NODES_LEVELS];
    size_t n[NODES_LEVELS], cap[NODES_LEVELS];
    size_t asked;
    bool fail;      /* every call fails */
};

static inline enum err nodes_put(void *ctx, unsigned level, uint64_t index, const struct hash *h)
{
    struct nodes *s = ctx;
    if (s->fail)
        return E_IO;
    CHECK(level < NODES_LEVELS && index == s->n[level]);
    if (s->n[level] == s->cap[level]) {
        s->cap[level] = s->cap[level] ? s->cap[level] * 2 : 64;
        s->at[level] = realloc(s->at[level], s->cap[level] * sizeof(struct hash));
        CHECK(s->at[level] != NULL);
    }
    s->at[level][s->n[level]++] = *h;
    return OK;
}

static inline enum err nodes_get(void *ctx, unsigned level, uint64_t index, struct hash *ret)
{
    struct nodes *s = ctx;
    if (s->fail)
        return E_IO;
    CHECK(level < NODES_LEVELS && index < s->n[level]);
    s->asked++;
    *ret = s->at[level][index];
    return OK;
}

static inline void nodes_free(struct nodes *s)
{
    for (int level = 0; level < NODES_LEVELS; level++)
        free(s->at[level]);
}

static inline struct merkle_sink nodes_sink(struct nodes *s)
{
    return (struct merkle_sink){ nodes_put, s };
}
static inline struct merkle_source nodes_source(struct nodes *s)
{
    return (struct merkle_source){ nodes_get, s };
}

/* Leaf number i of the trees that tests grow: its decimal digits. */
static inline struct hash nodes_leaf(uint64_t i)
{
    char digits[20];
    size_t at = sizeof(digits);
    do
        digits[--at] = (char)('0' + i % 10);
    while ((i /= 10) != 0);
    return merkle_leaf((struct str){ digits + at, sizeof(digits) - at });
}
