/* code.h: the numbers people copy by hand: receipt codes and matter numbers, in Crockford's base32
 * (0-9 A-Z without I L O U), read tolerantly.
 *
 * A receipt code is XXXXXX-XXXXXX-XXXXXX, 18 characters:
 *   4   the 6-digit county code (20 bits), so that any node can tell whose it is
 *   13  65 bits: the matter's id (40) and the reporter's number (25), enciphered. Who does not hold
 *       the key can only guess; who does needs neither a stored code nor an index to find its
 *       report, and can show it again
 *   1   check character
 * The check character makes sum(w[i] * c[i]) = 0 in the field of 32 elements, where w[i] = x^(17-i)
 * modulo x^5 + x^2 + 1. x has order 31, so the 18 weights differ and none is zero: every single
 * wrong character, every exchange of two characters (adjacent or not) and every doubled pair
 * written wrongly (AA for BB) is noticed, and the check character is of the same 32 letters.
 *
 * A matter number is AREA-XXXX-XXXX ("320508-K7M2-QX4T"): the 40 bits of its id, enciphered too: it
 * names a matter but opens nothing, and tells nobody how many there are.
 *
 * The cipher is a Feistel network of ten rounds over two halves, written first half first, the
 * highest bits first: 35 and 30 bits for a code (id * 2^25 + reporter), 20 and 20 for a number.
 * Round i = 0, 2, .. 8 changes the first half, i = 1, 3, .. 9 the second, each by the lowest bits
 * of the first eight bytes of HMAC-SHA-256(code_key, label || 0x00 || area || i || other half),
 * all big-endian, in 4, 4 and 8 bytes; label is "fengqiao code v2" or "fengqiao number v1". */
#pragma once
#include "base/err.h"
#include "crypto/hash.h"
#include "crypto/key.h"

enum {
    CODE_CHARS = 18,
    CODE_SHOWN_CHARS = 20,      /* with two hyphens */
    CODE_AREA_MAX = 999999,
    CODE_NUMBER_CHARS = 16,     /* a matter number with its hyphens */
};
#define CODE_MATTER_MAX (((int64_t)1 << 40) - 1)
#define CODE_REPORTER_MAX (((int64_t)1 << 25) - 1)
/* A code made anew names the same reporter: how often it was, up to CODE_TURN_MAX, stands above the
 * lower 20 bits of the number. */
enum { CODE_TURN_MAX = 31, CODE_WHO_BITS = 20 };
static inline int64_t code_renewed(int64_t reporter_no, int64_t turn)
{
    return turn << CODE_WHO_BITS | reporter_no;
}
static inline int64_t code_who(int64_t number)
{
    return number & ((1 << CODE_WHO_BITS) - 1);
}

/* Canonical: 18 upper-case characters without hyphens, NUL-terminated. */
struct code { char text[CODE_CHARS + 1]; };
struct code_shown { char text[CODE_SHOWN_CHARS + 1]; };
struct code_number { char text[CODE_NUMBER_CHARS + 1]; };
/* Whose report a code opens. */
struct code_opens { uint32_t area; int64_t matter_id, reporter_no; };

enum code_fault {
    CODE_OK,
    CODE_LENGTH,        /* too few or too many characters */
    CODE_CHARACTER,     /* a character that no code has */
    CODE_CHECK,         /* well-formed, but the check character or the area does not fit: a slip */
};
/* What the reader should do about it; CODE_OK has no text. */
struct msg code_fault_text(enum code_fault f);

/* The code of one reporter of one matter; the same each time. area in 0..CODE_AREA_MAX, the others
 * in 0..CODE_MATTER_MAX and 0..CODE_REPORTER_MAX. */
struct code code_make(const struct node_keys *k, uint32_t area, int64_t matter_id,
                      int64_t reporter_no);
/* As shown and spoken: XXXXXX-XXXXXX-XXXXXX. */
struct code_shown code_show(const struct code *c);
/* Takes lower case, full-width forms, spaces and hyphens of all kinds, O for 0, I and L for 1. */
enum code_fault code_parse(struct str text, struct code *ret);
/* What code_make() was given. A guessed code opens something too, hardly ever what exists. */
struct code_opens code_open(const struct node_keys *k, const struct code *c);

/* id in 0..CODE_MATTER_MAX. */
struct code_number code_number_make(const struct node_keys *k, uint32_t area, int64_t id);
/* The same tolerance; ret in canonical form. CODE_CHECK is not returned. */
enum code_fault code_number_parse(struct str text, struct code_number *ret);
/* The area and id of a number in canonical form. */
struct code_opens code_number_open(const struct node_keys *k, const struct code_number *n);
