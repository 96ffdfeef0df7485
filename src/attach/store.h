/* store.h: files named by the SHA-256 of their content, so that no name ever comes from a user,
 * equal files exist once, and damage is noticed. Layout: DIR/ab/cd/abcd...64 hex digits.
 * Thread-safe, also across processes on one directory. */
#pragma once
#include "base/err.h"

enum { STORE_NAME_CHARS = 64 };
struct store_name { char hex[STORE_NAME_CHARS + 1]; };

/* From 64 lower-case hex digits; false for anything else. */
bool store_name_parse(struct str text, struct store_name *ret);

/* Durable when it returns OK: the file is complete under its name, or not there at all. dir must
 * exist. The file may be swept a day later unless something refers to it by then. E_IO. */
enum err store_put(const char *dir, struct str bytes, struct store_name *ret) MUST_USE;
/* The content, in the arena. E_MISSING; E_TOO_LARGE above max_bytes; E_IO, also when the content
 * no longer matches its name. */
enum err store_get(const char *dir, const struct store_name *name, struct arena *a,
    size_t max_bytes, struct str *ret) MUST_USE;

/* Calls fn for each file in the store, in no order, until it returns an error, which is handed on.
 * folder is the descriptor of the directory that the file lies in, under name->hex. E_IO when a
 * directory cannot be read. */
typedef enum err store_fn(void *ctx, const struct store_name *name, int folder);
enum err store_each(const char *dir, store_fn *fn, void *ctx) MUST_USE;

struct store_sweep {
    bool (*is_referenced)(void *ctx, const struct store_name *name);
    void *ctx;
    int64_t now_ms;
};
enum { STORE_SWEEP_AGE_MS = 24 * 3600 * 1000 };
/* Removes files last put more than a day before now_ms that nothing refers to, and what puts
 * broken off that long ago left; *ret_removed counts them. Foreign names are left alone. E_IO
 * when a directory cannot be read; what could be swept is. */
enum err store_sweep(const char *dir, const struct store_sweep *sweep, int64_t *ret_removed)
    MUST_USE;
