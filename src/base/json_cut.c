/* json_cut.c: finding the ends of values. */
#include "base/json_cut.h"

static struct str past(struct str s, size_t n)
{
    return (struct str){ s.p + n, s.n - n };
}

static struct str skip_space(struct str s)
{
    while (s.n && (*s.p == ' ' || *s.p == '\n' || *s.p == '\t' || *s.p == '\r'))
        s = past(s, 1);
    return s;
}

/* Bytes of the string that s begins with, quotes included; 0 when it does not end. */
static size_t string_bytes(struct str s)
{
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i] == '\\')
            i++;
        else if (s.p[i] == '"')
            return i + 1;
    }
    return 0;
}

static size_t nested_bytes(struct str s)
{
    size_t depth = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '"') {
            size_t n = string_bytes(past(s, i));
            if (n == 0)
                return 0;
            i += n - 1;
        } else if (c == '[' || c == '{') {
            depth++;
        } else if ((c == ']' || c == '}') && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

/* Bytes of the value that s begins with; 0 when it has no end. */
static size_t value_bytes(struct str s)
{
    if (s.n == 0)
        return 0;
    if (*s.p == '"')
        return string_bytes(s);
    if (*s.p == '[' || *s.p == '{')
        return nested_bytes(s);
    size_t n = 0;
    while (n < s.n && strchr(",]} \t\r\n", s.p[n]) == NULL)
        n++;
    return n;
}

static bool broken(struct str *rest)
{
    *rest = STR_NONE;
    return false;
}

/* Steps over what stands between parts; false at the closing bracket. */
static bool next_part(struct str *rest, char open, char shut)
{
    struct str s = skip_space(*rest);
    if (s.n == 0)
        return broken(rest);
    bool first = *s.p == open;
    if (first || *s.p == ',')
        s = skip_space(past(s, 1));
    else if (*s.p != shut)
        return broken(rest);
    if (s.n == 0)
        return broken(rest);
    *rest = s;
    return *s.p != shut;
}

static bool take_value(struct str *rest, struct str *ret)
{
    struct str s = skip_space(*rest);
    size_t n = value_bytes(s);
    if (n == 0)
        return broken(rest);
    *ret = (struct str){ s.p, n };
    *rest = past(s, n);
    return true;
}

bool json_cut_member(struct str *rest, struct str *ret_name, struct str *ret_value)
{
    if (!next_part(rest, '{', '}'))
        return false;
    size_t n = *rest->p == '"' ? string_bytes(*rest) : 0;
    if (n == 0)
        return broken(rest);
    struct str name = { rest->p + 1, n - 2 }, s = skip_space(past(*rest, n));
    if (s.n == 0 || *s.p != ':')
        return broken(rest);
    *rest = past(s, 1);
    if (!take_value(rest, ret_value))
        return false;
    *ret_name = name;
    return true;
}

bool json_cut_element(struct str *rest, struct str *ret_value)
{
    return next_part(rest, '[', ']') && take_value(rest, ret_value);
}

struct str json_cut_find(struct str object, const char *name)
{
    struct str rest = object, key, value;
    while (json_cut_member(&rest, &key, &value))
        if (str_is(key, name))
            return value;
    return STR_NONE;
}
