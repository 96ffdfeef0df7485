/* bench.h: what `fengqiao bench` measures, and how it tells it. */
#pragma once
#include "base/buf.h"
#include "bench/client.h"
#include "db/db.h"

/* What people do, or the limits below: a commit of the database, an answer without any work. */
enum bench_kind { BENCH_COMMIT, BENCH_HEALTHZ, BENCH_LOGIN, BENCH_LIST, BENCH_MATTER, BENCH_REPORT,
    BENCH_KINDS };
enum { BENCH_SIZES = 3, BENCH_PARTS = (BENCH_KINDS - 1) * BENCH_SIZES + 1 };
struct bench_part {
    enum bench_kind kind;
    unsigned clients;           /* at once; of commits: rows in each */
    struct client_result r;
};
struct bench_found {
    bool server, in_memory;     /* a database server; a folder that is no disk's */
    int64_t matters;
    double seconds;             /* of each part */
    unsigned cores, threads;
    struct bench_part parts[BENCH_PARTS];
    size_t n;
};
const char *bench_name(enum bench_kind kind, enum lang lang);
/* The part of the limit below that this one reaches; 0: it is a limit itself, or has none. */
double bench_ratio(const struct bench_found *f, const struct bench_part *p);
/* Reports a day, by the formula of bench_print(); 0: not all of it was measured. */
double bench_a_day(const struct bench_found *f);
void bench_print(struct buf *b, const struct bench_found *f, enum lang lang);
void bench_json(struct buf *b, const struct bench_found *f);
extern const struct sql *const bench_statements[];
extern const size_t bench_statements_n;
