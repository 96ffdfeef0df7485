/* load.c: measures one kind of call on a server of this machine.
 *   load PORT post CONNECTIONS SECONDS PLACES          POST /api/reports, each with a text and a key
 *                                                      of its own; a line of PLACES: GRID LON LAT
 *   load PORT get CONNECTIONS SECONDS PATHS [TOKEN]    GET of the lines of PATHS, in turn; a line:
 *                                                      PATH, or PATH Receipt CODE
 * Prints one line of JSON. Exit status 1 when any call failed. */
#include "number.h"
#include "bench/call.h"
#include "bench/client.h"
#include "base/arena.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LINES_MAX = 1 << 20 };
struct load {
    char **lines;
    size_t n, next;
    struct str credentials;
    unsigned long long salt, sent;
    size_t bytes;
};

static bool lines_read(struct load *l, const char *path)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t n;
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return false;
    l->lines = heap_alloc(LINES_MAX * sizeof(*l->lines));
    while (l->n < LINES_MAX && (n = getline(&line, &size, f)) > 0) {
        line[n - (line[n - 1] == '\n')] = '\0';
        l->lines[l->n++] = line;
        line = NULL;
        size = 0;
    }
    free(line);
    (void)fclose(f);
    return l->n > 0;
}

static const char *line_next(struct load *l)
{
    return l->lines[l->next++ % l->n];
}

static size_t report_write(void *ctx, unsigned connection, unsigned step, char *text, size_t size)
{
    struct load *l = ctx;
    struct str lon, lat, grid = str_cut(str_c(line_next(l)), ' ', &lon);
    (void)connection, (void)step;
    lon = str_cut(lon, ' ', &lat);
    return call_report(&(struct call_place){ grid, lon, lat }, l->salt, l->sent++, text, size);
}

static size_t get_write(void *ctx, unsigned connection, unsigned step, char *text, size_t size)
{
    struct load *l = ctx;
    struct str own, path = str_cut(str_c(line_next(l)), ' ', &own);
    (void)connection, (void)step;
    return call_get(path, own.n ? own : l->credentials, text, size);
}

static bool good(void *ctx, unsigned connection, unsigned step, const struct answer *a)
{
    struct load *l = ctx;
    (void)connection, (void)step;
    l->bytes += a->body.n;
    return a->status == 200;
}

int main(int argc, char **argv)
{
    struct client_result r;
    struct timespec t;
    char bearer[256];
    if (argc < 6 || argc > 7 || (strcmp(argv[2], "post") != 0 && strcmp(argv[2], "get") != 0)) {
        fprintf(stderr, "usage: load PORT post|get CONNECTIONS SECONDS FILE [TOKEN]\n");
        return 2;
    }
    (void)clock_gettime(CLOCK_REALTIME, &t);
    (void)snprintf(bearer, sizeof(bearer), "Bearer %s", argc > 6 ? argv[6] : "");
    struct load l = { .credentials = argc > 6 ? str_c(bearer) : STR(""),
        .salt = (unsigned long long)t.tv_sec * 1000000000ull + (unsigned long long)t.tv_nsec };
    struct client_plan plan = { .port = (unsigned)number_of(argv[1]), .steps = 1,
        .connections = (unsigned)number_of(argv[3]), .seconds = number_of(argv[4]),
        .bell = -1, .ctx = &l, .take = good,
        .write = strcmp(argv[2], "post") == 0 ? report_write : get_write };
    if (!lines_read(&l, argv[5]) || !client_run(&plan, &r)) {
        fprintf(stderr, "load: cannot read %s or reach port %s\n", argv[5], argv[1]);
        return 1;
    }
    printf("{\"per_second\":%.1f,\"calls\":%llu,\"errors\":%llu,\"first_error\":%d,\"p50_us\":%lld,"
        "\"p99_us\":%lld,\"max_us\":%lld,\"bytes\":%zu}\n", r.per_second,
        (unsigned long long)r.chains, (unsigned long long)r.errors, r.first_error,
        (long long)r.p50_us, (long long)r.p99_us, (long long)r.max_us,
        r.chains ? l.bytes / r.chains : 0);
    return r.errors != 0;
}
