/* arena.c: bump allocation in a chain of blocks. */
#include "base/arena.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
enum { REDZONE_BYTES = 16 };
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
enum { REDZONE_BYTES = 0 };
#endif

enum { BLOCK_BYTES = 32768 };      /* holds all of a usual request */
struct arena_block {
    struct arena_block *next;
    size_t used, size;
    alignas(max_align_t) char mem[];
};

void arena_init(struct arena *a, size_t max_bytes)
{
    *a = (struct arena){ .max_bytes = max_bytes };
}

static struct arena_block *block_new(size_t bytes)
{
    struct arena_block *b = heap_alloc(sizeof(*b) + bytes);
    b->size = bytes;
    ASAN_POISON_MEMORY_REGION(b->mem, bytes);
    return b;
}

static void *take(struct arena *a, size_t bytes, size_t align)
{
    CHECK(align != 0 && (align & (align - 1)) == 0);
    CHECK(bytes <= a->max_bytes - a->used_bytes);
    struct arena_block *b = a->head;
    size_t at = b ? (b->used + align - 1) & ~(align - 1) : 0;
    if (b == NULL || at > b->size || bytes + REDZONE_BYTES > b->size - at) {
        size_t want = bytes + REDZONE_BYTES;
        b = block_new(want > BLOCK_BYTES ? want : BLOCK_BYTES);
        b->next = a->head;
        a->head = b;
        at = 0;
    }
    b->used = at + bytes + REDZONE_BYTES;
    a->used_bytes += bytes;
    ASAN_UNPOISON_MEMORY_REGION(b->mem + at, bytes);
    return b->mem + at;
}

void *arena_alloc(struct arena *a, size_t size, size_t align, size_t count)
{
    size_t bytes;
    CHECK(!__builtin_mul_overflow(size, count, &bytes));
    return memset(take(a, bytes, align), 0, bytes);
}

void *arena_more(struct arena *a, void *old, size_t n, size_t *room, size_t size, size_t align)
{
    enum { FIRST = 64 };
    if (n < *room)
        return old;
    *room = *room ? *room * 2 : FIRST;
    void *more = arena_alloc(a, size, align, *room);
    if (n)
        memcpy(more, old, n * size);
    return more;
}

char *arena_bytes(struct arena *a, size_t n)
{
    return take(a, n, 1);
}

static void block_free(struct arena_block *b)
{
    ASAN_UNPOISON_MEMORY_REGION(b->mem, b->size);
    heap_free(b);
}

void arena_free(struct arena *a)
{
    for (struct arena_block *b = a->head, *next; b; b = next) {
        next = b->next;
        block_free(b);
    }
    a->head = NULL;
    a->used_bytes = 0;
}

void arena_reset(struct arena *a)
{
    struct arena_block *keep = NULL;
    for (struct arena_block *b = a->head, *next; b; b = next) {
        next = b->next;
        if (keep == NULL && b->size == BLOCK_BYTES)
            keep = b;
        else
            block_free(b);
    }
    if (keep) {
        keep->next = NULL;
        keep->used = 0;
        ASAN_POISON_MEMORY_REGION(keep->mem, keep->size);
    }
    a->head = keep;
    a->used_bytes = 0;
}

struct str arena_dup(struct arena *a, const void *p, size_t n)
{
    char *copy = arena_bytes(a, n + 1);
    if (n)
        memcpy(copy, p, n);
    copy[n] = '\0';
    return (struct str){ copy, n };
}

struct str arena_str(struct arena *a, struct str s)
{
    return s.p ? arena_dup(a, s.p, s.n) : STR_NONE;
}

struct str arena_fmt(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    CHECK(n >= 0);
    char *p = NEW_N(a, char, (size_t)n + 1);
    va_start(ap, fmt);
    (void)vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return (struct str){ p, (size_t)n };
}

void *heap_alloc(size_t bytes)
{
    void *p = calloc(1, bytes);
    CHECK(p != NULL);
    return p;
}

void heap_free(void *p)
{
    free(p);
}
