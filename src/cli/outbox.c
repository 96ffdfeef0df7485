/* outbox.c: `fengqiao outbox`: what waits to be pushed and what was given up, and what is to become
 * of the latter. Numbers of matters and of messages only; whom they go to is not shown. */
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/node.h"
#include "crypto/code.h"
#include "outbox/outbox.h"
#include <stdio.h>

struct look {
    const struct cli_args *args;
    struct arena a;
    struct db *db;
    struct node_keys keys;
    int64_t now_ms;
};

static void row_print(const struct look *l, const struct outbox_row *r)
{
    struct outbox_id id = outbox_id_of(&l->keys, r->area, r->id);
    struct code_number number = code_number_make(&l->keys, (uint32_t)r->area, r->matter);
    struct civil t = clock_civil(r->at_ms);
    printf("%s  %04d-%02d-%02d %02d:%02d  %s  %-11.*s  %lld  %.*s\n", id.text, t.year, t.month,
        t.day, t.hour, t.minute, number.text, STR_FMT(r->kind), (long long)r->tries,
        STR_FMT(r->why));
}

static enum err show(struct look *l)
{
    struct outbox o = { .waiting = 0 };
    struct list failed;
    TRY(outbox_count(l->db, &o));
    TRY(outbox_failed(l->db, &l->a, INT64_MAX, &failed));
    long long oldest_ms = atomic_load(&o.oldest_ms);
    printf(l->args->lang == LANG_EN ? "waiting %lld, the oldest for %lld s; failed %lld\n"
        : "待推送 %lld 条，最早的已等 %lld 秒；推送失败 %lld 条\n", atomic_load(&o.waiting),
        oldest_ms ? (l->now_ms - oldest_ms) / 1000 : 0, atomic_load(&o.failed));
    const struct outbox_row *r = failed.p;
    for (size_t i = 0; i < failed.n; i++)
        row_print(l, &r[i]);
    return OK;
}

static enum err change_some(struct look *l, bool retry, size_t *ret_n)
{
    struct list failed;
    TRY(outbox_failed(l->db, &l->a, INT64_MAX, &failed));
    const struct outbox_row *r = failed.p;
    for (size_t i = 0; i < failed.n; i++)
        TRY(retry ? outbox_retry(l->db, &r[i], l->now_ms) : outbox_drop(l->db, &r[i]));
    *ret_n = failed.n;
    return OK;
}

/* In pieces, so that nobody waits for long. */
static enum err change(struct look *l, bool retry)
{
    size_t n, all = 0;
    do {
        TRY(db_begin(l->db));
        enum err e = change_some(l, retry, &n);
        if (e == OK)
            e = db_commit(l->db);
        else
            db_rollback(l->db);
        TRY(e);
        all += n;
        arena_reset(&l->a);
    } while (n == OUTBOX_FAILED_SHOWN);
    bool en = l->args->lang == LANG_EN;
    printf(retry ? en ? "%zu will be sent again\n" : "%zu 条将重新推送\n"
        : en ? "%zu dropped\n" : "%zu 条已丢弃\n", all);
    return OK;
}

static int run(const struct cli_args *args)
{
    struct err_info info = { .e = OK };
    struct look l = { .args = args, .now_ms = clock_now_ms(clock_system()) };
    struct rand rand = rand_system();
    struct site site;
    bool retry = cli_flag(args, "retry"), drop = cli_flag(args, "drop");
    if (retry && drop)
        return cli_usage(args, MSG("--retry 和 --drop 只能选一个", "either --retry or --drop"));
    site_at(cli_value(args, "db"), cli_value(args, "data"), &site);
    arena_init(&l.a, 8 << 20);
    enum err e = cli_database_open(args, retry || drop ? DB_WRITER : DB_OVERSEER, &l.db, &info);
    if (e == OK) {
        e = node_keys_for(&site, NULL, &rand, &l.keys, &info);
        if (e == OK)
            e = retry || drop ? change(&l, retry) : show(&l);
        db_close(l.db);
    }
    keys_wipe(&l.keys);
    arena_free(&l.a);
    return e == OK ? CLI_DONE : cli_fail(args, &info, e);
}

static const struct cli_option options[] = {
    { "db", "FILE|URL", "fengqiao.db", MSG("数据库文件，或 postgres:// 地址",
        "database file, or postgres:// address") },
    { "data", "DIR", NULL, MSG("密钥所在的目录，同 serve", "directory of the key file, as for serve") },
    { "retry", NULL, NULL, MSG("推送失败的全部重来", "send all that failed once more") },
    { "drop", NULL, NULL, MSG("丢弃全部推送失败的", "drop all that failed") },
};
const struct cli_command cli_outbox = { "outbox", "",
    MSG("查看待推送和推送失败的消息", "Look after messages that wait to be pushed, or failed"),
    options, COUNT_OF(options), run };
