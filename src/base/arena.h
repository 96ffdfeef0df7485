/* arena.h: memory that lives exactly as long as one request, job or load, with a ceiling.
 * Allocation never returns NULL: limits are enforced where input enters, so crossing the ceiling
 * here is a bug. Freed as a whole; ASan sees the gaps between blocks as poisoned. */
#pragma once
#include "base/str.h"

struct arena_block;
struct arena { struct arena_block *head; size_t used_bytes, max_bytes; };

void arena_init(struct arena *a, size_t max_bytes);
/* Zero-filled. size * count must not overflow. */
void *arena_alloc(struct arena *a, size_t size, size_t align, size_t count);
/* As it happens to be: for what is filled at once. */
char *arena_bytes(struct arena *a, size_t n);
/* Frees everything; the arena may be used again. */
void arena_free(struct arena *a);
/* Forgets everything but keeps the first block for reuse. */
void arena_reset(struct arena *a);
/* NUL-terminated copy. */
struct str arena_dup(struct arena *a, const void *p, size_t n);
struct str arena_str(struct arena *a, struct str s);
struct str arena_fmt(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
#define NEW(a, T) ((T *)arena_alloc((a), sizeof(T), alignof(T), 1))
#define NEW_N(a, T, n) ((T *)arena_alloc((a), sizeof(T), alignof(T), (n)))

/* Room for one more behind n: the old place or, when n fills its *room, a copy in twice as much. */
void *arena_more(struct arena *a, void *old, size_t n, size_t *room, size_t size, size_t align);
#define MORE(a, T, old, n, room) ((T *)arena_more((a), (old), (n), (room), sizeof(T), alignof(T)))

/* Heap memory for the few things that outlive requests; CHECKs instead of returning NULL. */
void *heap_alloc(size_t bytes);
void heap_free(void *p);
