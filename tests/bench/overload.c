/* overload.c: more than a server can take, and who comes through.
 *   overload PORT reports CONNECTIONS SECONDS RATE PLACES    reports at RATE a second, whether the
 *                                                            ones before are answered or not; RATE
 *                                                            0: as many as it takes
 *   overload PORT staff CONNECTIONS SECONDS RATE TOKEN NUMBERS
 *                                                            staff: a list, then a note to the
 *                                                            matter of the next line of NUMBERS
 * Prints one line of JSON: done and refused (503), with their times from sending to answer, and
 * what was neither. A report that finds all connections busy is not sent. */
#include "number.h"
#include "base/arena.h"
#include "base/clock.h"
#include "bench/client.h"
#include "bench/laps.h"
#include <stdio.h>
#include <stdlib.h>

enum { LINES_MAX = 1 << 20, CONNECTIONS_MAX = 20000 };
struct overload {
    struct str lines, rest;             /* of a file; rest: those to come */
    const char *token;
    unsigned long long salt, sent;
    int64_t sent_us[CONNECTIONS_MAX];
    struct laps done, refused;
    unsigned long long wrong;
    int first_wrong;
};

static bool file_read(const char *path, struct str *ret)
{
    enum { FILE_BYTES_MAX = 64 << 20 };
    FILE *f = fopen(path, "r");
    char *p = f ? malloc(FILE_BYTES_MAX) : NULL;
    if (p == NULL)
        return false;
    *ret = (struct str){ p, fread(p, 1, FILE_BYTES_MAX, f) };
    return fclose(f) == 0 && ret->n > 0;
}

static struct str line_next(struct overload *o)
{
    if (o->rest.n == 0)
        o->rest = o->lines;
    return str_cut(o->rest, '\n', &o->rest);
}

static size_t report_write(void *ctx, unsigned connection, unsigned step, char *text, size_t size)
{
    struct overload *o = ctx;
    char body[512], key[CLIENT_KEY_BYTES];
    struct str rest, grid = str_cut(line_next(o), ' ', &rest);
    unsigned long long n = o->sent++;
    (void)step;
    int body_n = snprintf(body, sizeof(body), "{\"text\":\"路灯不亮,出入不便(第 %llu 次)\",\"grid\":\"%.*s\","
        "\"category\":\"0601\"}", n, STR_FMT(grid));
    client_key(o->salt, n, key);
    o->sent_us[connection] = clock_monotonic_us();
    return (size_t)snprintf(text, size, "POST /api/reports HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Content-Type: application/json\r\nIdempotency-Key: %s\r\n"
        "Content-Length: %d\r\n\r\n%s", key, body_n, body);
}

static size_t staff_write(void *ctx, unsigned connection, unsigned step, char *text, size_t size)
{
    struct overload *o = ctx;
    char body[256], key[CLIENT_KEY_BYTES];
    unsigned long long n = o->sent++;
    o->sent_us[connection] = clock_monotonic_us();
    if (step == 0)
        return (size_t)snprintf(text, size, "GET /api/matters HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            "Authorization: Bearer %s\r\n\r\n", o->token);
    struct str number = line_next(o);
    int body_n = snprintf(body, sizeof(body), "{\"action\":\"note\",\"note\":\"现场记录 %llu\"}", n);
    client_key(o->salt, n, key);
    return (size_t)snprintf(text, size, "POST /api/matters/%.*s/step HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Authorization: Bearer %s\r\nContent-Type: application/json\r\nIdempotency-Key: %s\r\n"
        "Content-Length: %d\r\n\r\n%s", STR_FMT(number), o->token, key, body_n, body);
}

static bool answer_count(void *ctx, unsigned connection, unsigned step, const struct answer *a)
{
    struct overload *o = ctx;
    int64_t us = clock_monotonic_us() - o->sent_us[connection];
    (void)step;
    if (a->status == 200 || a->status == 503)
        laps_note(a->status == 200 ? &o->done : &o->refused, us);
    else if (o->wrong++ == 0)
        o->first_wrong = a->status;
    return true;
}

static void times_print(const char *name, struct laps *t)
{
    int64_t p50_us, p99_us, max_us;
    laps_read(t, &p50_us, &p99_us, &max_us);
    printf("\"%s\":{\"n\":%zu,\"p50_us\":%lld,\"p99_us\":%lld,\"max_us\":%lld},", name, t->n,
        (long long)p50_us, (long long)p99_us, (long long)max_us);
}

int main(int argc, char **argv)
{
    bool staff = argc == 8 && strcmp(argv[2], "staff") == 0;
    if (!staff && (argc != 7 || strcmp(argv[2], "reports") != 0)) {
        fprintf(stderr, "usage: overload PORT reports CONNECTIONS SECONDS RATE PLACES\n"
            "       overload PORT staff CONNECTIONS SECONDS RATE TOKEN NUMBERS\n");
        return 2;
    }
    struct overload *o = heap_alloc(sizeof(*o));
    struct client_result r;
    o->token = staff ? argv[6] : NULL;
    o->salt = (unsigned long long)clock_monotonic_us();
    struct client_plan plan = { .port = (unsigned)number_of(argv[1]), .steps = staff ? 2 : 1,
        .connections = (unsigned)number_of(argv[3]), .seconds = number_of(argv[4]),
        .rate = number_of(argv[5]), .bell = -1, .ctx = o, .take = answer_count,
        .write = staff ? staff_write : report_write };
    if (plan.connections > CONNECTIONS_MAX || !file_read(argv[argc - 1], &o->lines)
        || !client_run(&plan, &r)) {
        fprintf(stderr, "overload: cannot read %s or reach port %s\n", argv[argc - 1], argv[1]);
        return 1;
    }
    printf("{\"sent\":%llu,\"seconds\":%.2f,", o->sent, r.seconds);
    times_print("done", &o->done);
    times_print("refused", &o->refused);
    printf("\"wrong\":%llu,\"first_wrong\":%d,\"broken\":%llu}\n", o->wrong, o->first_wrong,
        (unsigned long long)r.errors);
    return 0;
}
