/* bench.c: `fengqiao bench`: what this machine can carry: the demo city in a temporary folder, or in
 * an empty database of a server, is served by a node of this process and called over the loopback;
 * before that, the database is measured by itself. */
#include "cli/bench.h"
#include "attach/helper.h"
#include "base/log.h"
#include "bench/call.h"
#include "bench/raw.h"
#include "cli/city.h"
#include "cli/commands.h"
#include "cli/node.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "demo/seed.h"
#include <ftw.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { SECONDS_MAX = 600, MATTERS_MAX = 100000, THREADS_MAX = 64, QUEUE_MAX = 4096,
    PATHS_MAX = 2000, LIST_MIN = 21, LIST_LENGTHS = 30, TEXT_MAX = 1 << 16, ARENA_MAX = 8 << 20,
    DISTRICT = 320508, OPEN_FILES_AT_ONCE = 16 };
#define WHO "dispatcher2"

#define PLACE(X, R) \
    X(R, ID, grid, 0, 0, 0, NULL, "") \
    X(R, F64, lon, 0, 0, 0, NULL, "") X(R, F64, lat, 0, 0, 0, NULL, "")
#define NUMBER(X, R) X(R, STR, number, 0, 0, 0, NULL, "")
RECORD(bench_place, PLACE)
RECORD(bench_number, NUMBER)
RECORD_DEFINE(bench_place, PLACE)
RECORD_DEFINE(bench_number, NUMBER)
SQL_READS(PLACES, "bench.places", "SELECT code, lon, lat FROM zone WHERE layer = 'grid'"
    " AND code >= $1 AND code < $2 AND lon IS NOT NULL ORDER BY code LIMIT $3");
SQL_READS(NUMBERS, "bench.numbers", "SELECT number FROM matter WHERE area = $1"
    " AND open = 1 AND kind = 'report' AND confidential = 0 ORDER BY due_ms LIMIT $2");
const struct sql *const bench_statements[] = { &PLACES, &NUMBERS };
const size_t bench_statements_n = COUNT_OF(bench_statements);

struct bench {
    const struct cli_args *args;
    char folder[4200];
    struct site site;
    int bell;
    struct progress bar;
    struct arena a;
    struct err_info info;
    struct bench_found found;
    struct call_place *places;
    const char **lists, **matters;
    size_t n_places, n_lists, n_matters, next;
    char bearer[128];
    unsigned long long salt, sent;
    const struct bench_part *part;
};

static bool is_stopped(const struct bench *b)
{
    struct pollfd bell = { .fd = b->bell, .events = POLLIN };
    return poll(&bell, 1, 0) > 0;
}

static enum err broken_off(struct bench *b)
{
    return err_note(&b->info, E_LIMIT, NULL, MSG("已中断，没有留下任何文件",
        "Broken off; nothing was left behind"), STR_NONE);
}

/* The place --------------------------------------------------------------------------------- */

static enum err folder_make(struct bench *b)
{
    const char *in = cli_value(b->args, "in");
    struct statfs fs;
    (void)snprintf(b->folder, sizeof(b->folder), "%s/fengqiao-bench-XXXXXX", in);
    if (mkdtemp(b->folder) == NULL) {
        b->folder[0] = '\0';
        return err_note(&b->info, E_IO, "in", MSG("不能在 %s 中建立临时目录",
            "Cannot make a temporary folder in %s"), str_c(in));
    }
    b->found.in_memory = statfs(b->folder, &fs) == 0 && fs.f_type == TMPFS_MAGIC;
    return OK;
}

static int gone(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

static void folder_remove(const struct bench *b)
{
    if (b->folder[0] && nftw(b->folder, gone, OPEN_FILES_AT_ONCE, FTW_DEPTH | FTW_PHYS) != 0)
        fprintf(stderr, b->args->lang == LANG_EN ? "Cannot remove %s\n" : "删不掉 %s\n", b->folder);
}

/* A database that holds anything at all is somebody's. */
static enum err server_is_empty(struct bench *b)
{
    struct db *db;
    struct list tables, powers;
    enum err e = db_open(b->site.db, DB_READER, &db);
    if (e != OK)
        return err_note(&b->info, e, "db", MSG("打不开数据库 %s", "Cannot open the database %s"),
            str_c(site_shown(&b->site)));
    e = db_rights(db, &b->a, &tables, &powers);
    db_close(db);
    if (e != OK || tables.n == 0)
        return e;
    return err_note(&b->info, E_CONFLICT, "db", MSG("数据库 %s 不是空的；请给出一个新建的空数据库"
        "(createdb)", "The database %s is not empty; give a new one (createdb)"),
        str_c(site_shown(&b->site)));
}

static enum err city_prepare(struct bench *b)
{
    const char *db = cli_value(b->args, "db");
    bool fresh;
    TRY(folder_make(b));
    site_at(db ? db : arena_fmt(&b->a, "%s/bench.db", b->folder).p, b->folder, &b->site);
    b->found.server = db != NULL;
    if (db)
        TRY(server_is_empty(b));
    TRY(node_migrate(&b->site, &fresh, &b->info));
    fprintf(stderr, b->args->lang == LANG_EN ? "Making a city to measure in %s ...\n"
        : "正在 %s 中生成用来测量的城市……\n", b->folder);
    enum err e = city_make(&(struct city){ .site = &b->site, .matters = b->found.matters, .seed = 1,
        .lang = b->args->lang, .bell = b->bell }, &b->info);
    return is_stopped(b) ? broken_off(b) : e;
}

/* The calls ----------------------------------------------------------------------------------- */

static void places_take(struct bench *b, struct list rows)
{
    const struct bench_place *p = rows.p;
    b->places = NEW_N(&b->a, struct call_place, rows.n);
    b->lists = NEW_N(&b->a, const char *, rows.n);
    b->n_places = b->n_lists = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        b->places[i] = (struct call_place){ arena_fmt(&b->a, "%lld", (long long)p[i].grid),
            arena_fmt(&b->a, "%.7f", p[i].lon), arena_fmt(&b->a, "%.7f", p[i].lat) };
        /* Of many lengths, so that not each answer is one that was kept. */
        b->lists[i] = arena_fmt(&b->a, "/api/matters?view=region&grid=%lld&limit=%d",
            (long long)p[i].grid, LIST_MIN + (int)(i % LIST_LENGTHS)).p;
    }
}

static enum err calls_prepare(struct bench *b)
{
    struct db *db;
    struct list places, numbers;
    const int64_t grids = INT64_C(1000000000);
    TRY(db_open(b->site.db, DB_OVERSEER, &db));
    enum err e = db_rows(db, &b->a, &PLACES, ARGS(I(DISTRICT * grids), I((DISTRICT + 1) * grids),
        I(PATHS_MAX)), &bench_place_record, PATHS_MAX, &places);
    if (e == OK)
        e = db_rows(db, &b->a, &NUMBERS, ARGS(I(DISTRICT), I(PATHS_MAX)), &bench_number_record,
            PATHS_MAX, &numbers);
    db_close(db);
    TRY(e);
    CHECK(places.n > 0 && numbers.n > 0);
    places_take(b, places);
    const struct bench_number *n = numbers.p;
    b->matters = NEW_N(&b->a, const char *, numbers.n);
    b->n_matters = numbers.n;
    for (size_t i = 0; i < numbers.n; i++)
        b->matters[i] = arena_fmt(&b->a, "/api/matters/%.*s", STR_FMT(n[i].number)).p;
    return OK;
}

static size_t call_write(void *ctx, unsigned connection, unsigned step, char *text, size_t size)
{
    struct bench *b = ctx;
    size_t n = b->next++;
    (void)connection, (void)step;
    switch (b->part->kind) {
    case BENCH_LOGIN:
        return call_login(WHO, DEMO_PASSWORD, text, size);
    case BENCH_LIST:
        return call_get(str_c(b->lists[n % b->n_lists]), str_c(b->bearer), text, size);
    case BENCH_MATTER:
        return call_get(str_c(b->matters[n % b->n_matters]), str_c(b->bearer), text, size);
    case BENCH_REPORT:
        return call_report(&b->places[n % b->n_places], b->salt, b->sent++, text, size);
    case BENCH_HEALTHZ:
    case BENCH_COMMIT:
    case BENCH_KINDS:
        break;
    }
    return call_get(STR("/healthz"), STR(""), text, size);
}

/* The session of the newest sign-in is the one that lists and matters are opened with. */
static bool call_take(void *ctx, unsigned connection, unsigned step, const struct answer *a)
{
    struct bench *b = ctx;
    const struct str cookie = STR("fq_session=");
    ptrdiff_t at = b->part->kind == BENCH_LOGIN ? str_find(a->head, cookie) : -1;
    (void)connection, (void)step;
    if (at >= 0) {
        struct str rest = { a->head.p + at + cookie.n, a->head.n - (size_t)at - cookie.n };
        struct str token = str_cut(rest, ';', &rest);
        (void)snprintf(b->bearer, sizeof(b->bearer), "Bearer %.*s", STR_FMT(token));
    }
    return a->status == 200;
}

/* The parts ----------------------------------------------------------------------------------- */

static enum err commits_measure(struct bench *b, struct bench_part *part)
{
    struct db *db;
    TRY(db_open(b->site.db, DB_WRITER, &db));
    enum err e = raw_commits(&(struct raw_plan){ .db = db, .group = part->clients,
        .seconds = b->found.seconds, .bell = b->bell }, &part->r);
    db_close(db);
    return e;
}

static enum err calls_measure(struct bench *b, const struct node *node, struct bench_part *part)
{
    struct client_plan plan = { .port = node_port(node), .connections = part->clients, .steps = 1,
        .seconds = b->found.seconds, .bell = b->bell, .ctx = b, .write = call_write,
        .take = call_take };
    if (!client_run(&plan, &part->r))
        return err_note(&b->info, E_IO, NULL, MSG("连不上自己的服务", "Cannot reach the server"
            " that was started"), STR_NONE);
    if (part->r.errors && !is_stopped(b))
        return err_note(&b->info, E_IO, NULL, MSG("有请求失败：%s", "Calls failed: %s"),
            arena_fmt(&b->a, "%s, HTTP %d", bench_name(part->kind, b->args->lang),
                part->r.first_error));
    return OK;
}

static enum err measure(struct bench *b, enum bench_kind kind, unsigned clients,
    const struct node *node)
{
    struct bench_part *part = &b->found.parts[b->found.n];
    *part = (struct bench_part){ .kind = kind, .clients = clients };
    b->part = part;
    progress_show(&b->bar, (int64_t)b->found.n, BENCH_PARTS,
        str_c(bench_name(kind, b->args->lang)));
    TRY(kind == BENCH_COMMIT ? commits_measure(b, part) : calls_measure(b, node, part));
    b->found.n++;
    return is_stopped(b) ? broken_off(b) : OK;
}

static enum err kind_measure(struct bench *b, enum bench_kind kind, const struct node *node)
{
    static const unsigned clients[BENCH_SIZES] = { 1, 8, 64 };
    size_t n = kind == BENCH_LOGIN ? 1 : BENCH_SIZES;
    for (size_t i = 0; i < n; i++)
        TRY(measure(b, kind, clients[i], node));
    return OK;
}

static enum err node_measure(struct bench *b)
{
    struct node_options o = { .site = b->site, .listen = "127.0.0.1:0", .queue_max = QUEUE_MAX,
        .threads = b->found.threads, .no_limits = true, .steward = HELPER_ALONE };
    struct node *node;
    enum err e = OK;
    TRY(node_start(&o, &node, &b->info));
    for (int kind = BENCH_HEALTHZ; e == OK && kind < BENCH_KINDS; kind++)
        e = kind_measure(b, (enum bench_kind)kind, node);
    node_stop(node);
    return e;
}

static enum err all_measure(struct bench *b)
{
    TRY(city_prepare(b));
    TRY(calls_prepare(b));
    b->bar = progress_of(b->args->lang);
    progress_part(&b->bar, MSG("测量", "measuring"));
    enum err e = kind_measure(b, BENCH_COMMIT, NULL);
    if (e == OK)
        e = node_measure(b);
    if (e == OK)
        progress_show(&b->bar, BENCH_PARTS, BENCH_PARTS, STR_NONE);
    progress_end(&b->bar);
    return e;
}

/* The command --------------------------------------------------------------------------------- */

static int told(struct bench *b)
{
    struct buf text = buf_in(&b->a, TEXT_MAX);
    if (cli_flag(b->args, "json"))
        bench_json(&text, &b->found);
    else
        bench_print(&text, &b->found, b->args->lang);
    bool good = fwrite(text.p, 1, text.n, stdout) == text.n && fflush(stdout) == 0;
    return good ? CLI_DONE : CLI_WRONG;
}

static int run(const struct cli_args *args)
{
    struct bench b = { .args = args, .info = { .e = OK } };
    const char *db = cli_value(args, "db");
    int64_t seconds, threads;
    if (db && !db_is_server(db))
        return cli_usage(args, MSG("--db 应为 postgres:// 地址；本机的文件用 --in",
            "--db: a postgres:// address; for a file on this machine there is --in"));
    if (!cli_number(args, "seconds", 1, SECONDS_MAX, &seconds)
        || !cli_number(args, "threads", 1, THREADS_MAX, &threads)
        || !cli_number(args, "matters", 1000, MATTERS_MAX, &b.found.matters))
        return CLI_USAGE;
    b.found.seconds = (double)seconds / BENCH_PARTS;
    b.found.threads = (unsigned)threads;
    b.found.cores = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    b.salt = (unsigned long long)clock_now_ms(clock_system());
    log_level_set(LOG_ERROR);
    arena_init(&b.a, ARENA_MAX);
    b.bell = stop_bell();
    enum err e = all_measure(&b);
    int status = e == OK ? told(&b) : cli_fail(args, &b.info, e);
    folder_remove(&b);
    (void)close(b.bell);
    arena_free(&b.a);
    return status;
}

static const struct cli_option options[] = {
    { "seconds", "N", "40", MSG("一共测量多少秒，另加准备的时间", "how many seconds to measure in all,"
        " preparations apart") },
    { "in", "DIR", "/var/tmp", MSG("在这里建临时目录，完后删除；应在存放数据的磁盘上", "where to make the"
        " temporary folder, removed afterwards; should lie on the data's disk") },
    { "db", "URL", NULL, MSG("postgres:// 地址，指向一个空的数据库", "postgres:// address of an empty"
        " database to measure") },
    { "matters", "N", "2000", MSG("用来测量的城市里有多少件事项", "how many matters the city has") },
    { "threads", "N", "2", MSG("处理请求的线程数，同 serve",
        "threads that answer requests, as of serve") },
    { "json", NULL, NULL, MSG("机器可读输出", "output for programs") },
};
const struct cli_command cli_bench = { "bench", "",
    MSG("测量这台机器能承载多少", "Measure what this machine can carry"),
    options, COUNT_OF(options), run };
