/* words.c: the index behind words.h. */
#include "catalogue/words.h"
#include <stdlib.h>

static uint32_t lower(uint32_t c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static bool is_latin(uint32_t c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static uint64_t key_of(uint32_t first, uint32_t second)
{
    return (uint64_t)first << 21 | second;
}

static uint64_t key_of_word(struct str s)
{
    size_t at = 0;
    uint32_t first = str_next(s, &at);
    return key_of(first, str_next(s, &at));
}

static size_t slot_of(uint64_t key, size_t mask)
{
    return (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 40) & mask;
}

static int by_key(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    uint64_t kx = key_of_word(x->text), ky = key_of_word(y->text);
    if (kx != ky)
        return kx < ky ? -1 : 1;
    int order = str_cmp(x->text, y->text);
    return order ? order : (x->value > y->value) - (x->value < y->value);
}

static struct str lowered(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, 1, 1, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = (char)lower((unsigned char)s.p[i]);
    return (struct str){ p, s.n };
}

static struct word_slot *slot_for(struct word_slot *slots, size_t mask, uint64_t key)
{
    size_t at = slot_of(key, mask);
    while (slots[at].n && slots[at].key != key)
        at = (at + 1) & mask;
    return &slots[at];
}

struct word_index words_index(struct arena *a, const struct word *words, size_t n)
{
    CHECK(n <= WORDS_MAX);
    struct word *kept = NEW_N(a, struct word, n + 1);
    size_t n_kept = 0, n_slots = 16;
    for (size_t i = 0; i < n; i++)
        if (str_chars(words[i].text) >= 2)
            kept[n_kept++] = (struct word){ lowered(a, words[i].text), words[i].value };
    qsort(kept, n_kept, sizeof(*kept), by_key);
    while (n_slots < n_kept * 3)
        n_slots *= 2;
    struct word_slot *slots = NEW_N(a, struct word_slot, n_slots);
    for (size_t i = 0; i < n_kept; i++) {
        uint64_t key = key_of_word(kept[i].text);
        struct word_slot *slot = slot_for(slots, n_slots - 1, key);
        if (slot->n++ == 0) {
            slot->key = key;
            slot->first = (uint32_t)i;
        }
    }
    return (struct word_index){ kept, n_kept, slots, n_slots - 1 };
}

/* Whether word stands at this place of text, as a whole word when it is Latin. */
static bool stands_at(struct str word, struct str text, size_t at)
{
    if (word.n > text.n - at)
        return false;
    for (size_t i = 0; i < word.n; i++)
        if ((char)lower((unsigned char)text.p[at + i]) != word.p[i])
            return false;
    if (is_latin((unsigned char)word.p[0]) && at > 0 && is_latin((unsigned char)text.p[at - 1]))
        return false;
    size_t end = at + word.n;
    if (!is_latin((unsigned char)word.p[word.n - 1]))
        return true;
    if (end < text.n && lower((unsigned char)text.p[end]) == 's')
        end++;
    return end == text.n || !is_latin((unsigned char)text.p[end]);
}

void words_find(const struct word_index *ix, struct str text, words_found_fn *fn, void *ctx)
{
    if (ix->n == 0 || text.n == 0)
        return;
    size_t here = 0, next = 0;
    uint32_t first = lower(str_next(text, &next));
    while (next < text.n) {
        size_t after = next;
        uint32_t second = lower(str_next(text, &after));
        uint64_t key = key_of(first, second);
        for (size_t at = slot_of(key, ix->slot_mask); ix->slots[at].n;
            at = (at + 1) & ix->slot_mask) {
            if (ix->slots[at].key != key)
                continue;
            for (size_t i = 0; i < ix->slots[at].n; i++)
                if (stands_at(ix->words[ix->slots[at].first + i].text, text, here))
                    fn(ctx, ix->slots[at].first + i);
            break;
        }
        first = second;
        here = next;
        next = after;
    }
}
