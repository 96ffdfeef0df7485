/* query.h: text as it is indexed and searched for. */
#pragma once
#include "base/arena.h"

enum { QUERY_CHARS_MAX = 64 };
/* Without differences of width, case and composition (NFKC, case folded): what looks alike is
 * found alike. Malformed bytes become gaps. */
struct str query_fold(struct arena *a, struct str text);
/* The full-text expression for what somebody typed: every piece between gaps must occur, each as
 * one phrase, a last word or a single last character by its beginning. Only the first
 * QUERY_CHARS_MAX characters count. STR_NONE when there are fewer than two characters to look
 * for. */
struct str query_expression(struct arena *a, struct str typed);
