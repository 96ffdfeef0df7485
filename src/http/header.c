/* header.c: values of request headers. */
#include "http/header.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool header_same(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

/* The next member of a comma list: its name and its weight (q, default 1; 0 when unreadable). */
static struct str member_next(struct str *list, double *ret_weight)
{
    struct str rest, params, member = str_cut(*list, ',', &rest);
    *list = rest;
    struct str name = str_trim(str_cut(member, ';', &params));
    *ret_weight = 1;
    while (params.n) {
        struct str value, part = str_cut(params, ';', &rest);
        params = rest;
        if (str_is(str_trim(str_cut(part, '=', &value)), "q")
            && (!str_to_f64(str_trim(value), ret_weight) || !(*ret_weight >= 0)))
            *ret_weight = 0;
    }
    return name;
}

enum lang header_lang(struct str accept)
{
    double best = 0, weight;
    enum lang lang = LANG_ZH;
    while (accept.n) {
        struct str rest, name = member_next(&accept, &weight);
        struct str primary = str_cut(name, '-', &rest);
        bool zh = header_same(primary, STR("zh")), en = header_same(primary, STR("en"));
        if ((zh || en) && weight > best) {
            best = weight;
            lang = zh ? LANG_ZH : LANG_EN;
        }
    }
    return lang;
}

struct str header_cookie(struct str cookies, const char *name)
{
    while (cookies.n) {
        struct str rest, value, pair = str_cut(cookies, ';', &rest);
        cookies = rest;
        if (str_is(str_trim(str_cut(pair, '=', &value)), name))
            return str_trim(value);
    }
    return STR_NONE;
}

bool header_accepts(struct str accept, const char *coding)
{
    double weight;
    while (accept.n)
        if (header_same(member_next(&accept, &weight), str_c(coding)))
            return weight > 0;
    return false;
}

bool header_has_tag(struct str if_none_match, const char *etag)
{
    while (if_none_match.n) {
        struct str rest, tag = str_trim(str_cut(if_none_match, ',', &rest));
        if_none_match = rest;
        if (str_starts(tag, STR("W/")))
            tag = (struct str){ tag.p + 2, tag.n - 2 };
        if (str_is(tag, "*") || str_is(tag, etag))
            return true;
    }
    return false;
}

struct str header_credentials(struct str authorization, const char *scheme)
{
    struct str rest, first = str_cut(authorization, ' ', &rest);
    return header_same(first, str_c(scheme)) && rest.n ? str_trim(rest) : STR_NONE;
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '_';
}

bool header_key_good(struct str key)
{
    for (size_t i = 0; i < key.n; i++)
        if (!is_word(key.p[i]))
            return false;
    return key.n >= 16 && key.n <= 64;
}

bool header_name_good(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!is_word(name.p[i]) && (name.p[i] == '\0' || !strchr("!#$%&'*+.^`|~", name.p[i])))
            return false;
    return name.n > 0;
}

bool header_host_good(struct str host)
{
    for (size_t i = 0; i < host.n; i++)
        if (!is_word(host.p[i]) && (host.p[i] == '\0' || !strchr(".:[]", host.p[i])))
            return false;
    return host.n > 0 && host.n <= 255;
}

bool header_origin_is(struct str origin, struct str host)
{
    struct str https = STR("https://"), http = STR("http://");
    struct str scheme = str_starts(origin, https) ? https : http;
    if (!str_starts(origin, scheme))
        return false;
    return header_same((struct str){ origin.p + scheme.n, origin.n - scheme.n }, host);
}

bool header_type_is(struct str type, const char *media_type)
{
    struct str rest;
    return header_same(str_trim(str_cut(type, ';', &rest)), str_c(media_type));
}
