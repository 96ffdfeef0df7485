/* suggest.c: which categories a text speaks of, by the words each category lists. */
#include "catalogue/snapshot.h"

enum { CATEGORY_WORDS_MAX = 16384 };

static size_t words_count(struct list categories)
{
    const struct category *cats = categories.p;
    size_t n = 0;
    for (size_t i = 0; i < categories.n; i++)
        for (size_t k = 0; k < cats[i].words.n; k++)
            n += cats[i].words.p[k] == ' ';
    return n + categories.n;
}

enum err suggest_build(struct catalogue *c, struct err_info *info)
{
    const struct category *cats = c->categories.p;
    struct arena *a = &c->memory->arena;
    size_t most = words_count(c->categories), n = 0;
    if (c->categories.n > CATEGORIES_MAX || most > CATEGORY_WORDS_MAX)
        return err_note(info, E_TOO_LARGE, "category",
            MSG("类别或提示词太多", "Too many categories or words"), STR_NONE);
    struct word *words = NEW_N(a, struct word, most + 1);
    for (size_t i = 0; i < c->categories.n; i++) {
        struct str rest = cats[i].words;
        while (rest.n) {
            struct str word = str_cut(rest, ' ', &rest);
            if (word.n)
                words[n++] = (struct word){ word, (uint32_t)i };
        }
    }
    c->category_words = words_index(a, words, n);
    return OK;
}

struct tally {
    const struct word_index *ix;
    uint32_t weights[CATEGORIES_MAX];
    uint64_t seen[CATEGORY_WORDS_MAX / 64];
};

static void count_word(void *ctx, size_t i)
{
    struct tally *t = ctx;
    uint64_t bit = UINT64_C(1) << (i % 64);
    if (t->seen[i / 64] & bit)
        return;
    t->seen[i / 64] |= bit;
    t->weights[t->ix->words[i].value] += (uint32_t)str_chars(t->ix->words[i].text);
}

size_t catalogue_suggest(const struct catalogue *c, struct str text,
    const struct category **ret, size_t max)
{
    const struct category *cats = c->categories.p;
    struct tally t = { .ix = &c->category_words };
    size_t n = 0;
    words_find(t.ix, text, count_word, &t);
    while (n < max) {
        size_t best = c->categories.n;
        for (size_t i = 0; i < c->categories.n; i++)
            if (t.weights[i] && (best == c->categories.n || t.weights[i] > t.weights[best]))
                best = i;
        if (best == c->categories.n)
            break;
        t.weights[best] = 0;
        ret[n++] = &cats[best];
    }
    return n;
}
