/* web.c: the built pages and files that lie inside the program. */
#include "catalogue/setting.h"
#include "http/header.h"
#include "http/request.h"
#include "http/web_files.h"

static const struct web_file *file_find(struct str path)
{
    size_t low = 0, high = web_files_n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int order = str_cmp(str_c(web_files[mid].path), path);
        if (order == 0)
            return &web_files[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

/* Pages that the browser makes from their address all begin with the same file. */
static const struct web_file *fallback_find(const struct request *r)
{
    if (str_find(request_header(r, "Accept"), STR("text/html")) < 0)
        return NULL;
    for (size_t i = 0; i < web_fallbacks_n; i++)
        if (str_starts(r->url.path, str_c(web_fallbacks[i].prefix)))
            return web_fallbacks[i].file;
    return NULL;
}

static enum MHD_Result bytes_send(struct request *r, int status, struct str bytes,
    const char *const (*headers)[2], size_t n)
{
    union { const char *text; void *bytes; } content = { .text = bytes.p };
    struct MHD_Response *m = MHD_create_response_from_buffer(bytes.n, content.bytes,
        MHD_RESPMEM_PERSISTENT);
    CHECK(m != NULL);
    answer_add_headers(r->server, m);
    for (size_t i = 0; i < n; i++)
        if (headers[i][1])
            CHECK(MHD_add_response_header(m, headers[i][0], headers[i][1]) == MHD_YES);
    r->outcome = OK;
    figures_count(r->server->figures, NULL, OK);
    line_expect(r->server->lines, r->connection, bytes.n);
    enum MHD_Result queued = MHD_queue_response(r->connection, (unsigned)status, m);
    MHD_destroy_response(m);
    return queued;
}

/* The pages' policy, which lets images come from the servers of the base map and no others. */
static const char *policy(struct request *r)
{
    static const struct str images = { "img-src 'self'", sizeof("img-src 'self'") - 1 };
    static const char *const names[] = { "tiles", "tiles_labels" };
    struct str all = str_c(web_policy);
    struct buf b = buf_in(&r->arena, 16384);
    ptrdiff_t at = str_find(all, images);
    size_t end = at < 0 ? 0 : (size_t)at + images.n;
    buf_add(&b, (struct str){ all.p, end });
    for (size_t i = 0; at >= 0 && i < COUNT_OF(names); i++) {
        struct str origin = setting_tile_origin(catalogue_setting(r->command.cx.cat, names[i]));
        if (origin.n)
            buf_fmt(&b, " %.*s", STR_FMT(origin));
    }
    buf_add(&b, (struct str){ all.p + end, all.n - end });
    buf_byte(&b, '\0');
    return b.p;
}

static enum MHD_Result file_send(struct request *r, const struct web_file *f)
{
    struct str accept = request_header(r, "Accept-Encoding");
    bool br = f->br.n && header_accepts(accept, "br");
    bool gz = !br && f->gz.n && header_accepts(accept, "gzip");
    bool same = header_has_tag(request_header(r, "If-None-Match"), f->etag);
    const char *const headers[][2] = {
        { "Content-Security-Policy", policy(r) },
        { "Content-Type", same ? NULL : f->type },
        { "Content-Encoding", same ? NULL : br ? "br" : gz ? "gzip" : NULL },
        { "Vary", f->br.n || f->gz.n ? "Accept-Encoding" : NULL },
        { "Cache-Control", f->cache },
        { "ETag", arena_fmt(&r->arena, "W/%s", f->etag).p },     /* one for all codings */
    };
    if (same)
        return bytes_send(r, MHD_HTTP_NOT_MODIFIED, STR(""), headers, COUNT_OF(headers));
    struct str bytes = br ? f->br : gz ? f->gz : f->plain;
    return bytes_send(r, MHD_HTTP_OK, bytes, headers, COUNT_OF(headers));
}

static enum MHD_Result redirect(struct request *r, const char *to)
{
    const char *const headers[][2] = {
        { "Location", to }, { "Cache-Control", "no-cache" },
        { "Content-Security-Policy", ANSWER_POLICY },
    };
    return bytes_send(r, MHD_HTTP_FOUND, STR(""), headers, COUNT_OF(headers));
}

bool web_answer(struct request *r, enum MHD_Result *ret)
{
    static const char *const moved[][2] =
        { { "/", "/m/" }, { "/m", "/m/" }, { "/desk", "/desk/" } };
    for (size_t i = 0; i < COUNT_OF(moved); i++)
        if (str_is(r->url.path, moved[i][0])) {
            *ret = redirect(r, moved[i][1]);
            return true;
        }
    const struct web_file *f = file_find(r->url.path);
    if (f == NULL)
        f = fallback_find(r);
    if (f == NULL)
        return false;
    *ret = file_send(r, f);
    return true;
}
