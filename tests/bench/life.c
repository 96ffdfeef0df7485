/* life.c: whole lives of matters over HTTP: a resident reports (create), a dispatcher assigns, a
 * grid worker settles it on the spot (resolve), the dispatcher looks it up (search).
 *   life PORT CONNECTIONS SECONDS RATE GRID UNIT DISPATCHER WORKER
 * RATE lives begun a second, 0 for as many as the server takes; GRID where they happen, UNIT that
 * gets them; DISPATCHER and WORKER are session tokens. Prints one line of JSON. */
#include "number.h"
#include "bench/client.h"
#include "base/arena.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CREATE, ASSIGN, RESOLVE, SEARCH, STEPS };
struct life { char number[32]; };
struct lives {
    const char *grid, *unit, *dispatcher, *worker;
    struct life *of;                    /* one per connection */
    unsigned long long salt, begun;
};

static size_t post_write(struct lives *l, const char *path, const char *token, const char *body,
    unsigned long long n, char *text, size_t size)
{
    char key[CLIENT_KEY_BYTES];
    client_key(l->salt, n, key);
    return (size_t)snprintf(text, size, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Content-Type: application/json\r\n%s%s%sIdempotency-Key: %s\r\n"
        "Content-Length: %zu\r\n\r\n%s", path, token ? "Authorization: Bearer " : "",
        token ? token : "", token ? "\r\n" : "", key, strlen(body), body);
}

static size_t life_write(void *ctx, unsigned connection, unsigned step, char *text, size_t size)
{
    struct lives *l = ctx;
    struct life *life = &l->of[connection];
    char path[128], body[1024];
    unsigned long long key = l->begun++;
    if (step == CREATE) {
        (void)snprintf(body, sizeof(body), "{\"text\":\"路灯不亮影响通行(%llu)\",\"category\":\"0402\","
            "\"grid\":\"%s\",\"place_text\":\"3 号楼\"}", key, l->grid);
        return post_write(l, "/api/reports", NULL, body, key, text, size);
    }
    if (step == SEARCH)
        return (size_t)snprintf(text, size, "GET /api/search?q=%s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            "Authorization: Bearer %s\r\n\r\n", life->number, l->dispatcher);
    (void)snprintf(path, sizeof(path), "/api/matters/%s/step", life->number);
    if (step == ASSIGN)
        (void)snprintf(body, sizeof(body), "{\"action\":\"assign\",\"unit\":\"%s\","
            "\"note\":\"请就近处置\"}", l->unit);
    else
        (void)snprintf(body, sizeof(body), "{\"action\":\"solve\","
            "\"reply\":\"已到现场修好,请查看\"}");
    return post_write(l, path, step == ASSIGN ? l->dispatcher : l->worker, body, key, text, size);
}

static bool life_take(void *ctx, unsigned connection, unsigned step, const struct answer *a)
{
    struct lives *l = ctx;
    struct life *life = &l->of[connection];
    if (a->status != 200)
        return false;
    if (step == SEARCH)
        return str_find(a->body, str_c(life->number)) >= 0;
    if (step != CREATE)
        return true;
    ptrdiff_t at = str_find(a->body, STR("\"number\":\""));
    struct str rest;
    if (at < 0)
        return false;
    struct str from = { a->body.p + at + 10, a->body.n - (size_t)at - 10 };
    struct str number = str_cut(from, '"', &rest);
    (void)snprintf(life->number, sizeof(life->number), "%.*s", STR_FMT(number));
    return number.n > 0 && number.n < sizeof(life->number);
}

int main(int argc, char **argv)
{
    struct client_result r;
    struct timespec t;
    if (argc != 9) {
        fprintf(stderr, "usage: life PORT CONNECTIONS SECONDS RATE GRID UNIT DISPATCHER WORKER\n");
        return 2;
    }
    (void)clock_gettime(CLOCK_REALTIME, &t);
    struct lives l = { .grid = argv[5], .unit = argv[6], .dispatcher = argv[7], .worker = argv[8],
        .salt = (unsigned long long)t.tv_sec * 1000000000ull + (unsigned long long)t.tv_nsec };
    struct client_plan plan = { .port = (unsigned)number_of(argv[1]),
        .connections = (unsigned)number_of(argv[2]), .seconds = number_of(argv[3]),
        .rate = number_of(argv[4]), .steps = STEPS, .bell = -1, .ctx = &l,
        .write = life_write, .take = life_take };
    l.of = heap_alloc(plan.connections * sizeof(*l.of));
    if (!client_run(&plan, &r)) {
        fprintf(stderr, "life: cannot reach port %s\n", argv[1]);
        return 1;
    }
    heap_free(l.of);
    printf("{\"per_second\":%.1f,\"lives\":%llu,\"errors\":%llu,\"first_error\":%d,\"late\":%llu,"
        "\"p50_us\":%lld,\"p99_us\":%lld,\"max_us\":%lld}\n", r.per_second,
        (unsigned long long)r.chains, (unsigned long long)r.errors, r.first_error,
        (unsigned long long)r.late, (long long)r.p50_us, (long long)r.p99_us,
        (long long)r.max_us);
    return r.errors != 0;
}
