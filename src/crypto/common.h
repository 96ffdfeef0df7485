/* common.h: the words that passwords are commonly made of (data/password/common.txt): the worst
 * passwords there are, rows of the keyboard, pinyin of everyday words and names. */
#pragma once
#include "base/str.h"

extern const char *const common_words[];    /* in lower case; ends with NULL */
/* How many guesses long a password is for who knows these words: each word, year or run of equal
 * characters counts as one, every other character as one. At most 128 code points are looked at. */
size_t common_length(struct str password);
