/* wire.c: what the library lets through although two programs could read it differently: the ways
 * by which a request is smuggled past a proxy. Refused requests end their connection. */
#include "http/header.h"
#include "http/request.h"

struct wire { size_t hosts, lengths, encodings; bool bad; struct str last; };

/* The library ends each name and value with NUL in place of the ':' or line end that followed it
 * in its buffer. So a name is followed by its value with only blanks between, unless the line was
 * folded onto the next; and the value by two NULs for CR LF, unless the line ended in a bare LF or
 * the value held a NUL. A value always has a byte after its NUL: at least the end of the last,
 * empty line. */
static bool line_whole(struct str name, struct str value)
{
    const char *p = name.p + name.n;
    if (value.p <= p || *p != '\0')
        return false;
    for (p++; p < value.p; p++)
        if (*p != ' ' && *p != '\t')
            return false;
    return value.p[value.n] == '\0' && value.p[value.n + 1] == '\0';
}

static bool value_good(struct str value)
{
    for (size_t i = 0; i < value.n; i++)
        if (((unsigned char)value.p[i] < ' ' && value.p[i] != '\t') || value.p[i] == 0x7F)
            return false;
    return true;
}

static enum MHD_Result header_look(void *arg, enum MHD_ValueKind kind, const char *key,
    size_t key_n, const char *text, size_t text_n)
{
    struct wire *w = arg;
    struct str name = { key, key_n }, value = { text, text_n };
    (void)kind;
    if (text == NULL || !line_whole(name, value) || !header_name_good(name)
        || !value_good(value)) {
        w->bad = true;
        return MHD_NO;
    }
    w->last = value;
    w->hosts += header_same(name, STR("Host"));
    w->lengths += header_same(name, STR("Content-Length"));
    w->encodings += header_same(name, STR("Transfer-Encoding"));
    return MHD_YES;
}

/* The library also takes a line without a name (": x") for the end of the headers. Both bytes of
 * the empty line that really ends them have become NUL, too. */
static bool end_whole(struct str last)
{
    return last.p == NULL || (last.p[last.n + 2] == '\0' && last.p[last.n + 3] == '\0');
}

static enum err wire_bad(struct request *r)
{
    return cx_fail(&r->command.cx, E_SYNTAX, NULL,
        MSG("请求的格式不符合 HTTP 规范", "The request does not follow the rules of HTTP"));
}

/* Takes scheme and host from "http://host/path" when the host is the one asked for. */
static bool target_to_origin_form(struct request *r, struct str host)
{
    if (r->target.n == 0 || r->target.p[0] == '/')
        return true;
    if (str_is(r->target, "*"))
        return str_is(r->method, "OPTIONS");
    for (size_t i = 0; i < 2; i++) {
        struct str scheme = i ? STR("https://") : STR("http://"), rest;
        if (!str_starts(r->target, scheme))
            continue;
        struct str after = { r->target.p + scheme.n, r->target.n - scheme.n };
        struct str authority = str_cut(after, '/', &rest);
        r->target = rest.p ? (struct str){ rest.p - 1, rest.n + 1 } : STR("/");
        return header_same(authority, host);
    }
    return false;
}

static bool host_is_ours(const struct server_options *o, struct str host)
{
    struct str rest = str_c(o->hosts);
    while (rest.n)
        if (header_same(host, str_trim(str_cut(rest, ',', &rest))))
            return true;
    return o->hosts == NULL;
}

enum err wire_check(struct request *r, struct str version)
{
    struct wire w = { .bad = false };
    (void)MHD_get_connection_values_n(r->connection, MHD_HEADER_KIND, header_look, &w);
    if (w.bad || !end_whole(w.last))
        return wire_bad(r);
    if (w.hosts > 1 || w.lengths > 1 || w.encodings > 1 || (w.lengths && w.encodings))
        return wire_bad(r);
    struct str host = request_header(r, "Host");
    bool needs_host = w.hosts || !str_is(version, "HTTP/1.0");
    if (needs_host && !header_host_good(host))
        return wire_bad(r);
    if (w.encodings) {
        r->status = header_same(request_header(r, "Transfer-Encoding"), STR("chunked"))
            ? MHD_HTTP_LENGTH_REQUIRED : 0;
        return cx_fail(&r->command.cx, E_SYNTAX, "Content-Length",
            MSG("请用 Content-Length 说明内容长度，不接受分块传输",
                "State the length of the body in Content-Length; chunked bodies are not taken"));
    }
    bool is_connect = str_is(r->method, "CONNECT");
    if (!is_connect && !target_to_origin_form(r, host))
        return wire_bad(r);
    if (!host_is_ours(r->server->options, host)) {
        r->status = MHD_HTTP_MISDIRECTED_REQUEST;
        return cx_fail(&r->command.cx, E_SYNTAX, "Host",
            MSG("本服务不提供此主机名", "This service does not answer for that host"));
    }
    return OK;
}
