/* buf.h: growing text or bytes in an arena, with a ceiling of its own. */
#pragma once
#include "base/arena.h"

struct buf { struct arena *a; char *p; size_t n, cap, max; };

static inline struct buf buf_in(struct arena *a, size_t max_bytes)
{
    return (struct buf){ .a = a, .max = max_bytes };
}
/* Room for so many bytes at once, so that a text of known size is not moved as it grows. */
void buf_reserve(struct buf *b, size_t bytes);
void buf_add(struct buf *b, struct str s);
void buf_byte(struct buf *b, char c);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_i64(struct buf *b, int64_t v);
/* s as a JSON string with quotes; s is UTF-8. '<' is escaped so that JSON may stand in HTML. */
void buf_json_str(struct buf *b, struct str s);
/* How the next member of a JSON object begins: ,"name": with the comma unless it is the first. name
 * needs no escaping. */
void buf_member(struct buf *b, const char *name, bool first);
void buf_hex(struct buf *b, struct str bytes);
/* Standard alphabet with padding (RFC 4648 section 4). */
void buf_base64(struct buf *b, struct str bytes);
static inline struct str buf_str(const struct buf *b)
{
    return (struct str){ b->p ? b->p : "", b->n };
}
/* Bytes from base64 or hex text in the arena; false when malformed. Bytes have one base64 text:
 * unused bits must be zero, so that what is signed or compared as text cannot be varied. */
bool base64_decode(struct arena *a, struct str text, struct str *ret);
bool hex_decode(struct arena *a, struct str text, struct str *ret);

/* Digits, letters and marks of full width as plain ones; white space inside left out. */
struct str str_narrow(struct arena *a, struct str said);
