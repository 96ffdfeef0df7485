/* raw_postgres.c: what PostgreSQL itself takes: the very rows that reports left in one database,
 * inserted into a copy made before, by the same statements, in libpq's pipeline, in a loop that
 * does nothing else.
 *   raw_postgres SOURCE COPY GROUP ROWS_MAX   prints rows a second, each GROUP with BEGIN, COMMIT
 *                                             and one synchronisation */
#include "number.h"
#include "rows.h"
#include "base/arena.h"
#include "base/clock.h"
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

enum { TABLES = 4, VALUES_MAX = 64 };
struct table {
    const char *statement, *matter;     /* by name; the column that holds the matter */
    PGresult *rows;
    int params;
};

static PGresult *ok(PGconn *c, PGresult *r)
{
    ExecStatusType s = PQresultStatus(r);
    if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK && s != PGRES_PIPELINE_SYNC) {
        fprintf(stderr, "raw_postgres: %s", PQerrorMessage(c));
        exit(1);
    }
    return r;
}

static PGconn *open_database(const char *url)
{
    PGconn *c = PQconnectdb(url);
    if (PQstatus(c) != CONNECTION_OK) {
        fprintf(stderr, "raw_postgres: %s", PQerrorMessage(c));
        exit(1);
    }
    PQclear(PQexec(c, "SET fengqiao.sees = 'all'"));
    return c;
}

/* The values that the INSERT fills, for matters after the last one of the copy; in binary, so that
 * they go back as they come. */
static void table_read(struct table *t, PGconn *source, PGconn *copy, const char *after,
    long long rows_max)
{
    const struct sql *sql = statement_named(t->statement);
    struct str table, columns;
    char select[4096];
    insert_parts(sql, &table, &columns);
    PQclear(ok(copy, PQprepare(copy, t->statement, sql->text, 0, NULL)));
    PGresult *r = ok(copy, PQdescribePrepared(copy, t->statement));
    t->params = PQnparams(r);
    PQclear(r);
    (void)snprintf(select, sizeof(select),
        "SELECT %.*s FROM %.*s WHERE %s > %s ORDER BY %s LIMIT %lld", STR_FMT(columns),
        STR_FMT(table), t->matter, after, t->matter, rows_max);
    t->rows = ok(source, PQexecParams(source, select, 0, NULL, NULL, NULL, NULL, 1));
}

static void row_send(const struct table *t, int row, PGconn *c)
{
    const char *values[VALUES_MAX];
    int lengths[VALUES_MAX], formats[VALUES_MAX];
    CHECK(t->params <= VALUES_MAX);
    for (int i = 0; i < t->params; i++) {
        values[i] = PQgetisnull(t->rows, row, i) ? NULL : PQgetvalue(t->rows, row, i);
        lengths[i] = PQgetlength(t->rows, row, i);
        formats[i] = 1;
    }
    CHECK(PQsendQueryPrepared(c, t->statement, t->params, values, lengths, formats, 1) == 1);
}

static void text_send(const char *text, PGconn *c)
{
    CHECK(PQsendQueryParams(c, text, 0, NULL, NULL, NULL, NULL, 1) == 1);
}

static void answers_take(int n, PGconn *c)
{
    CHECK(PQpipelineSync(c) == 1);
    for (; n > 0; n--) {
        PQclear(ok(c, PQgetResult(c)));
        CHECK(PQgetResult(c) == NULL);
    }
    PQclear(ok(c, PQgetResult(c)));
}

static void groups_insert(const struct table *tables, int n, int group, PGconn *c)
{
    for (int row = 0; row < n;) {
        int end = row + group < n ? row + group : n, sent = 2 + (end - row) * TABLES;
        text_send("BEGIN", c);
        for (; row < end; row++)
            for (size_t i = 0; i < TABLES; i++)
                row_send(&tables[i], row, c);
        text_send("COMMIT", c);
        answers_take(sent, c);
    }
}

int main(int argc, char **argv)
{
#define X(statement, matter) { statement, matter },
    struct table tables[TABLES] = { ROWS_OF_A_REPORT(X) };
#undef X
    if (argc != 5) {
        fprintf(stderr, "usage: raw_postgres SOURCE COPY GROUP ROWS_MAX\n");
        return 2;
    }
    PGconn *source = open_database(argv[1]), *c = open_database(argv[2]);
    PGresult *last = ok(c, PQexec(c, "SELECT coalesce(max(id), 0) FROM matter"));
    for (size_t i = 0; i < TABLES; i++)
        table_read(&tables[i], source, c, PQgetvalue(last, 0, 0),
            (long long)number_of(argv[4]));
    PQclear(last);
    int n = PQntuples(tables[0].rows);
    for (size_t i = 1; i < TABLES; i++)
        n = PQntuples(tables[i].rows) < n ? PQntuples(tables[i].rows) : n;
    CHECK(PQenterPipelineMode(c) == 1);
    int64_t begin_us = clock_monotonic_us();
    groups_insert(tables, n, (int)number_of(argv[3]), c);
    double seconds = (double)(clock_monotonic_us() - begin_us) / 1e6;
    printf("{\"rows\":%d,\"per_second\":%.1f}\n", n, n ? n / seconds : 0.0);
    for (size_t i = 0; i < TABLES; i++)
        PQclear(tables[i].rows);
    PQfinish(source);
    PQfinish(c);
    return n == 0;
}
