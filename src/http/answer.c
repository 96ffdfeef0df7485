/* answer.c: answers: the outcome of a request as status, headers and JSON. Errors are told in the
 * reader's language with the request's id; never as HTML, and never as success. */
#include "http/request.h"
#include "access/access.h"
#include "base/log.h"
#include "http/web_files.h"
#include <stdio.h>

enum { MARK_DAYS = 30 };

static void header_add(struct MHD_Response *m, const char *name, const char *value)
{
    CHECK(MHD_add_response_header(m, name, value) == MHD_YES);
}

void answer_add_headers(const struct server *s, struct MHD_Response *m)
{
    static const struct { const char *name, *value; } headers[] = {
        { "X-Content-Type-Options", "nosniff" },
        { "Referrer-Policy", "no-referrer" },
        { "Permissions-Policy", "camera=(self), geolocation=(self), microphone=()" },
        { "Cross-Origin-Opener-Policy", "same-origin" },
        { "Cross-Origin-Resource-Policy", "same-origin" },
    };
    for (size_t i = 0; i < COUNT_OF(headers); i++)
        header_add(m, headers[i].name, headers[i].value);
    if (s->options->behind_tls)
        header_add(m, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    if (atomic_load(&s->draining))
        header_add(m, "Connection", "close");
}

static struct MHD_Response *message_make(struct request *r, const char *type, struct str text)
{
    /* The library only reads the buffer, which lives in the arena until the request is over. */
    union { const char *text; void *bytes; } content = { .text = text.p ? text.p : "" };
    struct MHD_Response *m = MHD_create_response_from_buffer(text.n, content.bytes,
        MHD_RESPMEM_PERSISTENT);
    CHECK(m != NULL);
    answer_add_headers(r->server, m);
    header_add(m, "Content-Security-Policy", ANSWER_POLICY);
    struct str tag = r->outcome == OK ? r->command.cx.tag : STR_NONE;
    header_add(m, "Cache-Control", tag.n ? "private, no-cache" : "no-store");
    header_add(m, "X-Request-Id", r->id);
    if (tag.n)
        header_add(m, "ETag", tag.p);
    if (type)
        header_add(m, "Content-Type", type);
    return m;
}

static enum MHD_Result message_send(struct request *r, int status, struct MHD_Response *m)
{
    line_expect(r->server->lines, r->connection, r->command.out.n);
    enum MHD_Result queued = MHD_queue_response(r->connection, (unsigned)status, m);
    MHD_destroy_response(m);
    return queued;
}

enum MHD_Result answer_text(struct request *r, int status, const char *type, struct str text)
{
    return message_send(r, status, message_make(r, type, text));
}

/* The methods that the address takes, as the value of Allow. */
static const char *methods_allowed(struct request *r)
{
    static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
    struct buf b = buf_in(&r->arena, 128);
    const struct route *route;
    struct params path;
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (route_find(str_c(methods[i]), r->url.path, &route, &path) == OK)
            buf_fmt(&b, "%s%s, ", methods[i], i == 0 ? ", HEAD" : "");
    if (b.n == 0)
        buf_add(&b, STR("GET, HEAD, "));
    buf_add(&b, STR("OPTIONS"));
    buf_byte(&b, '\0');
    return b.p;
}

static void cookie_add(struct request *r, struct MHD_Response *m, const char *name,
    struct str value, int seconds)
{
    struct str line = arena_fmt(&r->arena, "%s=%.*s; Path=/; Max-Age=%d; HttpOnly;"
        " SameSite=Strict%s", name, STR_FMT(value), seconds,
        r->server->options->behind_tls ? "; Secure" : "");
    header_add(m, "Set-Cookie", line.p);
}

static void cookies_add(struct request *r, struct MHD_Response *m)
{
    const struct cx *cx = &r->command.cx;
    struct writer *writer = r->server->options->writer;
    int64_t position = r->command.route->lane == LANE_READ ? 0 : writer_position(writer);
    if (cx->cookie.p)
        cookie_add(r, m, "fq_session", cx->cookie, cx->cookie.n ? SESSION_HOURS * 3600 : 0);
    if (cx->new_place.n)
        cookie_add(r, m, "fq_place", cx->new_place, PLACE_DAYS * 86400);
    if (position)
        cookie_add(r, m, "fq_mark", mark_text(&r->arena, cx->keys, position), MARK_DAYS * 86400);
}

static struct str error_text(struct request *r, int status)
{
    const struct cx *cx = &r->command.cx;
    struct buf b = buf_in(&r->arena, 8192);
    buf_fmt(&b, "{\"code\":\"%s\",\"status\":%d", err_code(r->outcome), status);
    if (cx->info.e == r->outcome && cx->info.field[0]) {
        buf_add(&b, STR(",\"field\":"));
        buf_json_str(&b, str_c(cx->info.field));
    }
    buf_add(&b, STR(",\"message\":"));
    buf_json_str(&b, str_c(err_info_text(&cx->info, r->outcome, cx->lang)));
    buf_fmt(&b, ",\"request\":\"%s\"}", r->id);
    return buf_str(&b);
}

static enum MHD_Result error_send(struct request *r)
{
    int status = r->status ? r->status : err_status(r->outcome);
    int64_t own_ms = r->command.cx.wait_ms, wait_ms = own_ms > r->wait_ms ? own_ms : r->wait_ms;
    struct MHD_Response *m = message_make(r, "application/json", error_text(r, status));
    if (status >= 500 && r->outcome != E_BUSY)
        log_line(LOG_WARN, "http.error", "%s: %s", r->doing, err_code(r->outcome));
    if (r->outcome == E_LOGIN)
        header_add(m, "WWW-Authenticate", "Session");
    if (r->outcome == E_METHOD)
        header_add(m, "Allow", methods_allowed(r));
    if (status == 503 || status == 429)
        header_add(m, "Retry-After", arena_fmt(&r->arena, "%lld",
            (long long)(wait_ms > 1000 ? (wait_ms + 999) / 1000 : 1)).p);
    return message_send(r, status, m);
}

static enum MHD_Result options_send(struct request *r)
{
    struct MHD_Response *m = message_make(r, NULL, STR(""));
    header_add(m, "Allow", methods_allowed(r));
    return message_send(r, MHD_HTTP_NO_CONTENT, m);
}

/* What is left to be written once the outcome is certain. */
static void answer_complete(struct request *r)
{
    struct command *c = &r->command;
    struct reader *reader = reader_take(r->server);
    c->cx.db = reader ? reader->db : NULL;
    check_context_set(r->doing);
    c->route->finish(&c->cx, &c->out);
    check_context_set(NULL);
    c->cx.db = NULL;
    if (reader)
        reader_give(r->server, reader);
}

enum MHD_Result answer_request(struct request *r)
{
    const struct route *route = r->command.route;
    figures_count(r->server->figures, route, r->outcome);
    request_leave(r);
    if (r->outcome == E_METHOD && str_is(r->method, "OPTIONS"))
        return options_send(r);
    if (r->outcome != OK)
        return error_send(r);
    CHECK(route != NULL);
    if (route->finish && route->lane != LANE_READ)
        answer_complete(r);
    const char *type = cx_has_tag(&r->command.cx) ? NULL
        : route->out_type ? route->out_type : "application/json";
    struct MHD_Response *m = message_make(r, type, buf_str(&r->command.out));
    cookies_add(r, m);
    return message_send(r, cx_has_tag(&r->command.cx) ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, m);
}
