/* constant.c: a constant answer by the library and settings of our server: what its reads are
 * compared with.
 *   constant PORT BYTES      answers everything with 200 and BYTES bytes until its input ends */
#include "number.h"
#include "base/arena.h"
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 2, CONNECTION_BYTES = 16 << 10, CONNECTIONS_MAX = 10000, SILENCE_S_MAX = 15 };

static enum MHD_Result answer(void *arg, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *data, size_t *data_n, void **held)
{
    static const char seen;
    (void)url, (void)method, (void)version, (void)data;
    if (*held == NULL) {
        union { const char *c; void *v; } mark = { &seen };
        *held = mark.v;
        return MHD_YES;
    }
    *data_n = 0;
    return MHD_queue_response(connection, MHD_HTTP_OK, arg);
}

static struct MHD_Response *response_make(size_t bytes)
{
    static const char *const headers[][2] = {
        { "X-Content-Type-Options", "nosniff" }, { "Referrer-Policy", "no-referrer" },
        { "Permissions-Policy", "camera=(self), geolocation=(self), microphone=()" },
        { "Cross-Origin-Opener-Policy", "same-origin" },
        { "Cross-Origin-Resource-Policy", "same-origin" },
        { "Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none';"
            " frame-ancestors 'none'" },
        { "Cache-Control", "no-store" }, { "X-Request-Id", "0123456789abcdef" },
        { "Content-Type", "application/json" },
    };
    char *body = heap_alloc(bytes + 1);
    memset(body, 'x', bytes);
    struct MHD_Response *m = MHD_create_response_from_buffer(bytes, body, MHD_RESPMEM_MUST_FREE);
    CHECK(m != NULL);
    for (size_t i = 0; i < COUNT_OF(headers); i++)
        CHECK(MHD_add_response_header(m, headers[i][0], headers[i][1]) == MHD_YES);
    return m;
}

int main(int argc, char **argv)
{
    char byte;
    if (argc != 3) {
        fprintf(stderr, "usage: constant PORT BYTES\n");
        return 2;
    }
    struct MHD_Response *m = response_make((size_t)number_of(argv[2]));
    struct sockaddr_in at = { .sin_family = AF_INET,
        .sin_port = htons((uint16_t)number_of(argv[1])),
        .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD
        | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_ITC, 0, NULL, NULL, answer, m,
        MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SILENCE_S_MAX,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (d == NULL) {
        fprintf(stderr, "constant: cannot listen on port %s\n", argv[1]);
        return 1;
    }
    printf("listening\n");
    (void)fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        continue;
    MHD_stop_daemon(d);
    MHD_destroy_response(m);
    return 0;
}
