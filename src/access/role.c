/* role.c: the table of roles. */
#include "access/role.h"

#define X(name, word, zh, en, sees) { name, word, zh, en, sees },
const struct role_row role_table[ROLE_COUNT] = { ROLE_TABLE(X) };
#undef X

const struct role_row *role_by_word(struct str word)
{
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (str_is(word, role_table[i].word))
            return &role_table[i];
    return NULL;
}

const struct role_row *role_by_bit(unsigned role)
{
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (role_table[i].role == role)
            return &role_table[i];
    return NULL;
}
