/* due.c: `fengqiao due`: whose personal data is due to be erased, by the terms in force; with --run
 * it is erased now, as the night does. A database server may have others at work meanwhile; a file
 * has one who writes. */
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/node.h"
#include "cli/site.h"
#include "personal/personal.h"
#include <stdio.h>

enum { MEMORY_BYTES_MAX = 64 << 20, IDS_EACH = 2 };

struct doing {
    const struct cli_args *args;
    struct db *db;
    struct arena a;
    struct catalogue *cat;
    struct node_keys keys;
    struct rand rand;
    struct ids ids;
    struct keepings terms;
    int64_t now_ms;
};

static struct cx system_cx(struct doing *d)
{
    return (struct cx){ .db = d->db, .a = &d->a, .cat = d->cat, .keys = &d->keys, .rand = &d->rand,
        .ids = &d->ids, .now_ms = d->now_ms, .lang = d->args->lang, .request = "due",
        .actor = { .kind = ACTOR_SYSTEM, .roles = ROLE_SYSTEM } };
}

static enum err show(struct doing *d)
{
    int64_t counts[KEEP_COUNT];
    struct cx cx = system_cx(d);
    bool en = d->args->lang == LANG_EN;
    TRY(due_count(d->db, &d->a, &d->terms, d->now_ms, counts));
    for (int k = 0; k < KEEP_COUNT; k++) {
        struct str name = keep_name(&cx, (enum term)k);
        if (d->terms.days[k] == I64_NONE)
            printf(en ? "%-8s for good" : "%-8s 长期保存", keep_words[k]);
        else
            printf(en ? "%-8s %5lld days" : "%-8s %5lld 天", keep_words[k],
                (long long)d->terms.days[k]);
        if (k <= KEEP_MATTERS_LAST)
            printf(en ? "  due now: %lld matters" : "  已到期 %lld 件", (long long)counts[k]);
        printf("  # %.*s\n", STR_FMT(name));
    }
    return OK;
}

static enum err in_transaction(struct doing *d, enum term what, struct list due, int64_t *ret_n)
{
    struct cx cx = system_cx(d);
    TRY(ids_ensure(d->db, &d->ids, DUE_BATCH * IDS_EACH));
    TRY(db_begin(d->db));
    enum err e = due.n ? due_erase(&cx, &d->terms, what, due.p, due.n, ret_n)
        : due_sign_ins(&cx, &d->terms);
    if (e == OK)
        return db_commit(d->db);
    db_rollback(d->db);
    return e;
}

static enum err erase_all(struct doing *d)
{
    int64_t n = 0;
    TRY(in_transaction(d, KEEP_SESSION, (struct list){ NULL, 0 }, &n));
    for (int k = 0; k <= KEEP_MATTERS_LAST; k++) {
        struct due_walk w = { .what = (enum term)k };
        int64_t erased = 0;
        while (!w.over) {
            struct list due;
            arena_reset(&d->a);
            TRY(due_next(d->db, &d->a, &d->terms, d->now_ms, &w, &due));
            if (due.n == 0)
                continue;
            TRY(in_transaction(d, w.what, due, &n));
            erased += n;
        }
        if (erased)
            printf(d->args->lang == LANG_EN ? "%-8s erased of %lld matters\n"
                : "%-8s 删除 %lld 件\n", keep_words[k], (long long)erased);
    }
    return OK;
}

static enum err claimed(struct doing *d, const char *url, struct err_info *info)
{
    enum err e = db_is_server(url) ? OK : db_claim(d->db, CLAIM_ALONE);
    return e != E_BUSY ? e : err_note(info, e, "db", MSG("服务正在使用这个数据库：停下服务再运行，或等它今夜自动删除",
        "A server uses this database: stop it first, or wait for the night, which erases by itself"),
        STR_NONE);
}

static enum err prepare(struct doing *d, struct err_info *info)
{
    struct site site;
    bool runs = cli_flag(d->args, "run");
    d->now_ms = cli_day(d->args, "on", clock_now_ms(clock_system()));
    if (runs && cli_value(d->args, "on"))
        return err_note(info, E_INPUT, "on", MSG("--on 只用于查看，不能与 --run 同用",
            "--on is only for looking, not together with --run"), STR_NONE);
    TRY(cli_database_open(d->args, runs ? DB_WRITER : DB_OVERSEER, &d->db, info));
    db_take_time(d->db);
    site_at(cli_value(d->args, "db"), cli_value(d->args, "data"), &site);
    if (runs)
        TRY(claimed(d, site.db, info));
    if (runs)
        TRY(node_keys_for(&site, NULL, &d->rand, &d->keys, info));
    TRY(catalogue_load(d->db, &d->cat, info));
    return keepings_read(d->db, &d->a, d->now_ms, &d->terms);
}

static int run(const struct cli_args *args)
{
    struct err_info info = { .e = OK };
    struct doing *d = heap_alloc(sizeof(*d));
    *d = (struct doing){ .args = args, .rand = rand_system() };
    arena_init(&d->a, MEMORY_BYTES_MAX);
    enum err e = args->n_operands ? E_INPUT : prepare(d, &info);
    if (e == OK)
        e = cli_flag(args, "run") ? erase_all(d) : show(d);
    keys_wipe(&d->keys);
    if (d->cat)
        catalogue_drop(d->cat);
    db_close(d->db);
    arena_free(&d->a);
    int status = args->n_operands ? cli_help(args->command, args->lang, CLI_USAGE)
        : e == OK ? CLI_DONE : cli_fail(args, &info, e);
    heap_free(d);
    return status;
}

static const struct cli_option options[] = {
    { "db", "FILE|URL", "fengqiao.db", MSG("数据库文件，或 postgres:// 地址",
        "database file, or postgres:// address") },
    { "data", "DIR", NULL, MSG("密钥和照片所在目录(同 serve)", "directory of key and photos, as for serve") },
    { "on", "DAY", NULL, MSG("看到这一天会有多少到期，yyyy-mm-dd", "look ahead to this day, yyyy-mm-dd") },
    { "run", NULL, NULL, MSG("现在就删除已到期的", "erase now what is due") },
};
const struct cli_command cli_due = { "due", "",
    MSG("查看哪些个人信息已过保存期限；--run 立即删除（平时每夜自动进行）",
        "Show what personal data is due to be erased; --run erases it now (each night does by itself)"),
    options, COUNT_OF(options), run };
