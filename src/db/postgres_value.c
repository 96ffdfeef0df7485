/* postgres_value.c: values as they go over the wire, in binary: whole numbers with the highest byte
 * first, texts and bytes as they are. */
#include "db/postgres.h"
#include <limits.h>

/* Types by the numbers that the server gives them (pg_type.dat, the same for ever). What a schema
 * makes itself begins at OWN_TYPES: here the domain blob over bytea, and nothing else. */
enum { BOOL_TYPE = 16, BYTEA_TYPE = 17, NAME_TYPE = 19, INT8_TYPE = 20, INT2_TYPE = 21,
    INT4_TYPE = 23, TEXT_TYPE = 25, FLOAT8_TYPE = 701, VARCHAR_TYPE = 1043, OWN_TYPES = 16384 };

static bool type_is_bytes(Oid type)
{
    return type == BYTEA_TYPE || type >= OWN_TYPES;
}

static bool type_is_text(Oid type)
{
    return type == TEXT_TYPE || type == VARCHAR_TYPE || type == NAME_TYPE;
}

static bool type_is_integer(Oid type)
{
    return type == INT8_TYPE || type == INT4_TYPE || type == INT2_TYPE || type == BOOL_TYPE;
}

bool postgres_type_known(Oid type)
{
    return type_is_integer(type) || type_is_text(type) || type_is_bytes(type)
        || type == FLOAT8_TYPE;
}

static void send_number(struct postgres_sent *s, int i, uint64_t bits, int bytes)
{
    for (int k = bytes - 1; k >= 0; k--, bits >>= 8)
        s->room[i][k] = (char)(bits & 0xff);
    s->values[i] = s->room[i];
    s->lengths[i] = bytes;
}

static void send_double(struct postgres_sent *s, int i, double f)
{
    uint64_t bits;
    memcpy(&bits, &f, sizeof(bits));
    send_number(s, i, bits, 8);
}

static bool send_text(struct postgres_sent *s, int i, struct str text)
{
    s->values[i] = text.p;
    s->lengths[i] = (int)text.n;
    return text.n <= INT_MAX;
}

bool postgres_send(struct postgres_sent *s, int i, const struct arg *arg, Oid type)
{
    s->formats[i] = 1;
    switch (arg->type) {
    case ARG_NULL: s->values[i] = NULL; return true;
    case ARG_I64:
        if (type == FLOAT8_TYPE)
            send_double(s, i, (double)arg->i);
        else
            send_number(s, i, (uint64_t)arg->i, type == INT8_TYPE ? 8 : 4);
        return type == FLOAT8_TYPE || type == INT8_TYPE
            || (type == INT4_TYPE && arg->i >= INT32_MIN && arg->i <= INT32_MAX);
    case ARG_F64: send_double(s, i, arg->f); return type == FLOAT8_TYPE;
    case ARG_TEXT: return send_text(s, i, arg->s) && type_is_text(type);
    case ARG_BYTES: return send_text(s, i, arg->s) && type_is_bytes(type);
    }
    return false;
}

bool postgres_integer(Oid type, const char *p, int64_t *ret)
{
    int bytes = type == INT8_TYPE ? 8 : type == INT4_TYPE ? 4 : type == INT2_TYPE ? 2 : 1;
    uint64_t bits = p[0] < 0 ? UINT64_MAX : 0;
    for (int i = 0; i < bytes; i++)
        bits = bits << 8 | (unsigned char)p[i];
    *ret = (int64_t)bits;
    return type_is_integer(type);
}

static bool double_from(Oid type, const char *p, double *ret)
{
    int64_t i;
    uint64_t bits = 0;
    if (type != FLOAT8_TYPE) {
        bool is_integer = postgres_integer(type, p, &i);
        *ret = (double)i;
        return is_integer;
    }
    for (int k = 0; k < 8; k++)
        bits = bits << 8 | (unsigned char)p[k];
    memcpy(ret, &bits, sizeof(bits));
    return true;
}

bool postgres_value(Oid type, struct str value, struct arena *a, enum field_type wanted,
    void *at)
{
    int64_t i;
    switch (wanted) {
    case F_I64: case F_ID: case F_TIME: return postgres_integer(type, value.p, at);
    case F_F64: return double_from(type, value.p, at);
    case F_BOOL:
        if (!postgres_integer(type, value.p, &i))
            return false;
        *(bool *)at = i != 0;
        return true;
    case F_STR: case F_RAW:
        *(struct str *)at = arena_str(a, value);
        return type_is_text(type);
    case F_BYTES:
        *(struct str *)at = arena_str(a, value);
        return type_is_bytes(type);
    case F_OBJ: case F_LIST: case F_WORDS: return true;
    }
    return false;
}
