/* str.h: views of text. A str is UTF-8, not NUL-terminated, never owned; {NULL,0} means "no value". */
#pragma once
#include "base/check.h"
#include <string.h>

struct str { const char *p; size_t n; };

#define STR(lit) ((struct str){ "" lit, sizeof(lit) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })
#define STR_FMT(s) (int)(s).n, (s).p ? (s).p : ""

static inline struct str str_c(const char *c)
{
    return (struct str){ c, c ? strlen(c) : 0 };
}
static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
static inline bool str_is(struct str a, const char *c)
{
    return str_eq(a, str_c(c));
}
static inline bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

/* Byte order, shorter first on a common prefix: <0, 0, >0. */
int str_cmp(struct str a, struct str b);
/* First position of needle in s, or -1. */
ptrdiff_t str_find(struct str s, struct str needle);
/* The part before the first sep; *rest gets what follows it (n = 0 when there is none). */
struct str str_cut(struct str s, char sep, struct str *rest);
/* Whether word is one of words, which are parted by single spaces. */
bool str_has_word(struct str words, struct str word);
/* Without ASCII white space and U+3000 at both ends. */
struct str str_trim(struct str s);
/* True when s is well-formed UTF-8 without NUL and without C0 controls other than \t \n \r. */
bool str_is_text(struct str s);
/* Whether something unseen in s alters how it reads: a C1 control, or an embedding, override or
 * isolate that turns the direction of what follows (U+202A-U+202E, U+2066-U+2069). */
bool str_is_turned(struct str s);
/* Number of code points of well-formed UTF-8. */
size_t str_chars(struct str s);
/* Code points that show something: white space, zero-width and direction marks are not counted. */
size_t str_visible_chars(struct str s);
/* The longest prefix of at most max code points, never cutting one. */
struct str str_head(struct str s, size_t max_chars);
/* Next code point at *at, which is moved on; 0xFFFD for malformed bytes. *at < s.n on entry. */
uint32_t str_next(struct str s, size_t *at);
/* Whole decimal integer (optional leading '-'), nothing else. False when not or out of range. */
bool str_to_i64(struct str s, int64_t *ret);
/* Whole decimal fraction such as 120.585 or -3e2, finite. */
bool str_to_f64(struct str s, double *ret);
