/* words.h: finds any of some thousand words in a text in one pass over it: the first two
 * characters of every position are looked up, and only then whole words are compared.
 *
 * Latin letters match in either case and only whole words (a plural s is allowed); Chinese words
 * match anywhere. Words of a single character are left out: they would be found everywhere. */
#pragma once
#include "base/arena.h"

enum { WORDS_MAX = 65536 };

/* value: whatever the word stands for. */
struct word { struct str text; uint32_t value; };
struct word_slot { uint64_t key; uint32_t first, n; };
struct word_index {
    const struct word *words;           /* ordered by their first two characters */
    size_t n;
    const struct word_slot *slots;      /* open addressing; n = 0 is empty */
    size_t slot_mask;
};

/* Copies the words into the arena, Latin letters lowered. n <= WORDS_MAX. */
struct word_index words_index(struct arena *a, const struct word *words, size_t n);
/* Calls fn for every occurrence; the same word may come again. i is its position in words. */
typedef void words_found_fn(void *ctx, size_t i);
void words_find(const struct word_index *ix, struct str text, words_found_fn *fn, void *ctx);
