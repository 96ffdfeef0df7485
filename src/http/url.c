/* url.c: strict parsing of request targets. */
#include "http/url.h"

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0'
        : c >= 'a' && c <= 'f' ? c - 'a' + 10
        : c >= 'A' && c <= 'F' ? c - 'A' + 10
        : -1;
}

/* False for a broken escape; plus says whether '+' is a space. */
static bool decode(struct arena *a, struct str s, bool plus, struct str *ret)
{
    char *out = NEW_N(a, char, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            int high = i + 2 < s.n ? hex_value(s.p[i + 1]) : -1;
            int low = high >= 0 ? hex_value(s.p[i + 2]) : -1;
            if (low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus)
            c = ' ';
        else if ((unsigned char)c <= ' ' || (unsigned char)c >= 0x7F)
            return false;       /* a target is ASCII; everything else is escaped */
        out[n++] = c;
    }
    *ret = (struct str){ out, n };
    return true;
}

static bool segment_good(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F || s.p[i] == '/' || s.p[i] == '\\')
            return false;
    return !str_is(s, ".") && !str_is(s, "..") && str_is_text(s);
}

static enum err path_bad(struct err_info *info)
{
    return err_note(info, E_SYNTAX, NULL,
        MSG("地址格式不对", "The address is malformed"), STR_NONE);
}

static enum err path_parse(struct arena *a, struct str raw, struct url *ret, struct err_info *info)
{
    if (raw.n == 0 || raw.p[0] != '/')
        return path_bad(info);
    struct buf path = buf_in(a, URL_BYTES_MAX + 1);
    struct str rest = { raw.p + 1, raw.n - 1 };
    for (bool more = true; more;) {
        struct str next, segment, part = str_cut(rest, '/', &next);
        more = next.p != NULL;
        if ((part.n == 0 && more) || !decode(a, part, false, &segment) || !segment_good(segment))
            return path_bad(info);
        buf_byte(&path, '/');
        buf_add(&path, segment);
        rest = next;
    }
    ret->path = buf_str(&path);
    return OK;
}

static bool query_has(const struct params *q, struct str name)
{
    for (size_t i = 0; i < q->n; i++)
        if (str_eq(q->names[i], name))
            return true;
    return false;
}

static enum err query_parse(struct arena *a, struct str raw, struct params *ret,
    struct err_info *info)
{
    while (raw.n) {
        struct str rest, value, name, decoded;
        struct str pair = str_cut(raw, '&', &rest);
        raw = rest;
        if (pair.n == 0)
            continue;
        name = str_cut(pair, '=', &value);
        if (!decode(a, name, true, &name) || !decode(a, value, true, &decoded) || name.n == 0
            || !str_is_text(name) || !str_is_text(decoded))
            return err_note(info, E_SYNTAX, "query",
                MSG("地址中的参数格式不对", "A parameter of the address is malformed"), STR_NONE);
        if (query_has(ret, name))
            return err_note(info, E_SYNTAX, "query",
                MSG("参数重复：%s", "Parameter given twice: %s"), name);
        if (ret->n == PARAMS_MAX)
            return err_note(info, E_SYNTAX, "query",
                MSG("参数太多", "Too many parameters"), STR_NONE);
        ret->names[ret->n] = name;
        ret->values[ret->n++] = decoded;
    }
    return OK;
}

enum err url_parse(struct arena *a, struct str target, struct url *ret, struct err_info *info)
{
    struct str query, path = str_cut(target, '?', &query);
    if (target.n > URL_BYTES_MAX)
        return path_bad(info);
    ret->query.n = 0;
    TRY(path_parse(a, path, ret, info));
    return query_parse(a, query, &ret->query, info);
}
