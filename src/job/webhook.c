/* webhook.c: see webhook.h. */
#include "job/webhook.h"
#include "base/fd.h"
#include "crypto/hash.h"
#include <curl/curl.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { URL_BYTES_MAX = 2000, KEY_BYTES_MIN = 24, KEY_BYTES_MAX_ = 64, KEY_LINE_MAX = 200,
    POLL_MS = 200, CONNECT_MS = 4000, ANSWER_BYTES_MAX = 65536, WHY_STATUS_MAX = 600 };

struct webhook {
    struct arena own;
    const char *url, *ca_file;
    struct str key;
    CURLM *multi;
};

/* One posting under way. */
struct transfer { CURL *easy; struct curl_slist *headers; size_t answer_bytes; };

static bool is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "127.0.0.1") == 0
        || strcmp(host, "[::1]") == 0;
}

static enum err url_check(const char *url, struct err_info *info)
{
    char *scheme = NULL, *host = NULL, *user = NULL;
    CURLU *u = curl_url();
    CHECK(u != NULL);
    bool good = strlen(url) <= URL_BYTES_MAX && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK
        && curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK
        && curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK
        && curl_url_get(u, CURLUPART_USER, &user, 0) == CURLUE_NO_USER
        && (strcmp(scheme, "https") == 0 || (strcmp(scheme, "http") == 0 && is_loopback(host)));
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_url_cleanup(u);
    return good ? OK : err_note(info, E_INPUT, "webhook", MSG("--webhook 应为 https:// 地址；"
        "只有网关就在本机时才可以用 http://127.0.0.1", "--webhook: an https:// address; "
        "http://127.0.0.1 only for a gateway on this machine"), STR_NONE);
}

uint16_t webhook_port(const char *url)
{
    int64_t n = 0;
    char *port = NULL;
    CURLU *u = curl_url();
    CHECK(u != NULL);
    if (curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK
        && curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK)
        (void)str_to_i64(str_c(port), &n);
    curl_free(port);
    curl_url_cleanup(u);
    return (uint16_t)n;
}

/* The file's line; E_DENIED when others may read it. */
static enum err key_line(struct arena *a, const char *path, struct str *ret, struct err_info *info)
{
    struct stat st;
    char *text = NEW_N(a, char, KEY_LINE_MAX);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0 || st.st_size >= KEY_LINE_MAX
        || !fd_read_all(fd, text, (size_t)st.st_size)) {
        (void)(fd >= 0 && close(fd));
        return err_note(info, E_INPUT, "webhook-key-file", MSG("读不了密钥文件 %s",
            "Cannot read the key file %s"), str_c(path));
    }
    (void)close(fd);
    if ((st.st_mode & 077) != 0)
        return err_note(info, E_DENIED, "webhook-key-file", MSG("密钥文件 %s 必须仅本人可读，请执行"
            " chmod 600", "The key file %s must be readable by nobody else: chmod 600"), str_c(path));
    *ret = str_trim((struct str){ text, (size_t)st.st_size });
    return OK;
}

static enum err key_read(struct webhook *w, const char *path, struct err_info *info)
{
    struct str line = STR_NONE, prefix = STR("whsec_");
    TRY(key_line(&w->own, path, &line, info));
    if (str_starts(line, prefix) && base64_decode(&w->own,
            (struct str){ line.p + prefix.n, line.n - prefix.n }, &w->key)
        && w->key.n >= KEY_BYTES_MIN && w->key.n <= KEY_BYTES_MAX_)
        return OK;
    return err_note(info, E_INPUT, "webhook-key-file", MSG("密钥文件 %s 应为一行 whsec_ 加 24 至 64 字节的"
        " base64：echo whsec_$(openssl rand -base64 32)", "The key file %s holds one line, whsec_ and"
        " base64 of 24 to 64 bytes: echo whsec_$(openssl rand -base64 32)"), str_c(path));
}

enum err webhook_open(const char *url, const char *key_file, const char *ca_file,
    struct webhook **ret, struct err_info *info)
{
    struct webhook *w = heap_alloc(sizeof(*w));
    arena_init(&w->own, 1 << 16);
    CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
    enum err e = url_check(url, info);
    if (e == OK)
        e = key_read(w, key_file, info);
    if (e == OK && ca_file && access(ca_file, R_OK) != 0)
        e = err_note(info, E_INPUT, "webhook-ca", MSG("读不了证书文件 %s",
            "Cannot read the certificates in %s"), str_c(ca_file));
    w->url = url;
    w->ca_file = ca_file;
    w->multi = curl_multi_init();
    CHECK(w->multi != NULL);
    if (e == OK)
        *ret = w;
    else
        webhook_close(w);
    return e;
}

void webhook_close(struct webhook *w)
{
    CHECK(curl_multi_cleanup(w->multi) == CURLM_OK);
    sodium_memzero((char *)(uintptr_t)w->key.p, w->key.n);
    arena_free(&w->own);
    heap_free(w);
    curl_global_cleanup();
}

/* What is answered is not read; a long answer ends the connection. */
static size_t answer_drop(char *p, size_t size, size_t n, void *ctx)
{
    struct transfer *t = ctx;
    (void)p;
    t->answer_bytes += size * n;
    return t->answer_bytes <= ANSWER_BYTES_MAX ? size * n : 0;
}

static void header_add(struct transfer *t, const char *line)
{
    struct curl_slist *more = curl_slist_append(t->headers, line);
    CHECK(more != NULL);
    t->headers = more;
}

static void sign(const struct webhook *w, const struct webhook_call *c, int64_t now_ms,
    struct transfer *t)
{
    struct arena a;
    long long at_s = (long long)(now_ms / 1000);
    arena_init(&a, 1 << 16);
    struct buf text = buf_in(&a, 1 << 14), shown = buf_in(&a, 200);
    buf_fmt(&text, "%.*s.%lld.%.*s", STR_FMT(c->id), at_s, STR_FMT(c->body));
    struct hash h = hash_hmac_plain(w->key, buf_str(&text));
    buf_base64(&shown, hash_str(&h));
    header_add(t, "Content-Type: application/json");
    header_add(t, "Expect:");
    header_add(t, arena_fmt(&a, "webhook-id: %.*s", STR_FMT(c->id)).p);
    header_add(t, arena_fmt(&a, "webhook-timestamp: %lld", at_s).p);
    header_add(t, arena_fmt(&a, "webhook-signature: v1,%.*s", STR_FMT(buf_str(&shown))).p);
    arena_free(&a);
}

#define SET(option, value) CHECK(curl_easy_setopt(t->easy, option, value) == CURLE_OK)
static void transfer_begin(struct webhook *w, struct webhook_call *c, int64_t now_ms,
    long timeout_ms)
{
    struct transfer *t = heap_alloc(sizeof(*t));
    t->easy = curl_easy_init();
    CHECK(t->easy != NULL);
    sign(w, c, now_ms, t);
    SET(CURLOPT_URL, w->url);
    SET(CURLOPT_PROTOCOLS_STR, strncmp(w->url, "http:", 5) == 0 ? "http" : "https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    SET(CURLOPT_TIMEOUT_MS, timeout_ms);
    SET(CURLOPT_USERAGENT, "fengqiao/" FQ_VERSION);
    SET(CURLOPT_HTTPHEADER, t->headers);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->body.n);
    SET(CURLOPT_POSTFIELDS, c->body.p);
    SET(CURLOPT_WRITEFUNCTION, answer_drop);
    SET(CURLOPT_WRITEDATA, t);
    SET(CURLOPT_PRIVATE, c);
    if (w->ca_file)
        SET(CURLOPT_CAINFO, w->ca_file);
    c->transfer = t;
    CHECK(curl_multi_add_handle(w->multi, t->easy) == CURLM_OK);
}
#undef SET

/* In words of our own, for the operator: those of a library might tell an address. */
static const char *why_of(CURLcode code)
{
    switch ((int)code) {
    case CURLE_COULDNT_RESOLVE_HOST: return "the host name is not known";
    case CURLE_COULDNT_CONNECT: return "no connection";
    case CURLE_OPERATION_TIMEDOUT: return "no answer in time";
    case CURLE_PEER_FAILED_VERIFICATION: case CURLE_SSL_CACERT_BADFILE:
        return "the certificate is not believed";
    case CURLE_SSL_CONNECT_ERROR: return "TLS fails";
    case CURLE_GOT_NOTHING: case CURLE_RECV_ERROR: case CURLE_SEND_ERROR: case CURLE_PARTIAL_FILE:
        return "the connection was cut";
    default: return "the transfer failed";
    }
}

static void transfer_end(struct webhook *w, struct webhook_call *c)
{
    struct transfer *t = c->transfer;
    CHECK(curl_multi_remove_handle(w->multi, t->easy) == CURLM_OK);
    curl_easy_cleanup(t->easy);
    curl_slist_free_all(t->headers);
    heap_free(t);
    c->transfer = NULL;
}

/* A status counts only with a whole answer. */
static void transfer_done(struct webhook *w, CURL *easy, CURLcode code)
{
    struct webhook_call *c = NULL;
    curl_off_t after = 0;
    long status = 0;
    CHECK(curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&c) == CURLE_OK && c != NULL);
    (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &after);
    c->status = code == CURLE_OK ? (int)status : 0;
    c->why = code == CURLE_OK ? "" : why_of(code);
    c->retry_after_s = after > 0 ? after : 0;
    transfer_end(w, c);
}

static void answers_take(struct webhook *w)
{
    int left = 0;
    for (CURLMsg *m; (m = curl_multi_info_read(w->multi, &left)) != NULL;)
        if (m->msg == CURLMSG_DONE)
            transfer_done(w, m->easy_handle, m->data.result);
}

void webhook_send(struct webhook *w, struct webhook_call *calls, size_t n, int64_t now_ms,
    long timeout_ms, bool (*go_on)(void *ctx), void *ctx)
{
    int running = (int)n;
    CHECK(n <= WEBHOOK_CALLS_MAX);
    for (size_t i = 0; i < n; i++)
        transfer_begin(w, &calls[i], now_ms, timeout_ms);
    while (running > 0 && go_on(ctx)) {
        CHECK(curl_multi_perform(w->multi, &running) == CURLM_OK);
        answers_take(w);
        if (running > 0)
            CHECK(curl_multi_poll(w->multi, NULL, 0, POLL_MS, NULL) == CURLM_OK);
    }
    for (size_t i = 0; i < n; i++)
        if (calls[i].transfer) {
            calls[i].status = 0;
            calls[i].why = "given up, the server stops";
            transfer_end(w, &calls[i]);
        }
}
