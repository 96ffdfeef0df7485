/* verify.c: checks a whole database, or one receipt, and says what is wrong with it. */
#include "cli/verify.h"
#include "account/account.h"
#include "export/export.h"
#include "personal/personal.h"
#include "cli/commands.h"
#include "cli/node.h"
#include "ledger/audit.h"
#include "ledger/verify.h"
#include <stdio.h>
#include <unistd.h>

enum { SHOWN_MAX = 100, ARENA_BYTES = 16 << 20, LOG_WITHIN_MS = 3600 * 1000 };

struct checking {
    const struct cli_args *args;
    bool json, bar, alone;      /* alone: nobody else is at the database, which is being made */
    int64_t found;
};

__attribute__((format_arg(2), format_arg(3)))
static const char *say(const struct cli_args *args, const char *zh, const char *en)
{
    return args->lang == LANG_EN ? en : zh;
}

/* The whole file ("-": standard input), or false with a word on stderr. */
static bool file_read(const struct cli_args *args, struct arena *a, const char *path,
    struct str *ret)
{
    bool from_stdin = strcmp(path, "-") == 0;
    FILE *f = from_stdin ? stdin : fopen(path, "rb");
    char *p = NEW_N(a, char, VERIFY_BYTES_MAX + 1);
    size_t n = f ? fread(p, 1, VERIFY_BYTES_MAX + 1, f) : 0;
    bool ok = f && !ferror(f) && n <= VERIFY_BYTES_MAX;
    if (f && !from_stdin)
        (void)fclose(f);
    if (!ok)
        fprintf(stderr, say(args, "fengqiao verify: 读不了 %s\n", "fengqiao verify: cannot read %s\n"),
            path);
    *ret = (struct str){ p, n };
    return ok;
}

static void json_print(struct arena *a, const char *name, struct str text)
{
    struct buf b = buf_in(a, 1 << 20);
    buf_json_str(&b, text);
    printf("\"%s\":%.*s", name, STR_FMT(buf_str(&b)));
}

/* Receipts ------------------------------------------------------------------------------------ */

static void receipt_print(const struct checking *c, struct arena *a, enum verify_fault f,
    const struct verify_result *r)
{
    struct buf at = buf_in(a, 64);
    if (c->json) {
        printf("{\"ok\":%s,\"code\":\"%s\"", f == VERIFY_OK ? "true" : "false", verify_code(f));
        if (f == VERIFY_OK) {
            printf(",");
            json_print(a, "number", r->number);
            printf(",");
            json_print(a, "node", r->node);
            printf(",\"logged\":%s,\"seq\":%lld", r->logged ? "true" : "false",
                (long long)r->entry.seq);
        }
        printf("}\n");
        return;
    }
    printf("%s\n", verify_text(f, c->args->lang));
    if (f != VERIFY_OK)
        return;
    clock_write_iso(&at, r->entry.at_ms);
    printf(say(c->args, "编号 %.*s,%.*s 记录，签发节点 %.*s\n",
        "Matter %.*s, recorded %.*s, by node %.*s\n"), STR_FMT(r->number), STR_FMT(buf_str(&at)),
        STR_FMT(r->node));
    if (r->logged)
        printf(say(c->args, "在账本第 %llu 位，账本当时共 %llu 条\n",
            "Number %llu in a log of %llu entries\n"), (unsigned long long)r->index,
            (unsigned long long)r->size);
    else
        printf("%s\n", say(c->args, "尚未入账，承诺时限未过",
            "Not in the log yet; the promised time has not passed"));
    if (cli_value(c->args, "key") == NULL)
        printf("%s\n", say(c->args, "注意：没有用 --key 给出您所知道的公钥，只能说明有人签发过",
            "Note: without --key and the key you know, this shows only that somebody signed it"));
}

static int receipt_verify(const struct checking *c, struct arena *a, const char *path)
{
    struct str json;
    struct verify_result r = { .number = STR_NONE };
    const char *key = cli_value(c->args, "key");
    if (!file_read(c->args, a, path, &json))
        return CLI_WRONG;
    enum verify_fault f = verify_bundle(a, json, key ? str_c(key) : STR_NONE,
        clock_now_ms(clock_system()), &r);
    receipt_print(c, a, f, &r);
    return f == VERIFY_OK ? CLI_DONE : CLI_WRONG;
}

/* Databases ----------------------------------------------------------------------------------- */

static void found_print(void *ctx, const struct audit_finding *f)
{
    struct checking *c = ctx;
    if (c->json)
        printf("%s{\"code\":\"%s\",\"number\":\"%.*s\",\"seq\":%lld,\"position\":%lld}",
            c->found ? ",\n" : "", audit_code(f->fault), STR_FMT(f->number), (long long)f->seq,
            (long long)f->position);
    else if (c->found < SHOWN_MAX) {
        printf("%s%s: %.*s", c->bar ? "\r" : "", audit_text(f->fault, c->args->lang),
            STR_FMT(f->number));
        if (f->seq)
            printf(say(c->args, " 第 %lld 条", " entry %lld"), (long long)f->seq);
        if (f->position >= 0)
            printf(say(c->args, " 账本位置 %lld", " log position %lld"), (long long)f->position);
        printf(" [%s]\n", audit_code(f->fault));
    }
    c->found++;
}

static void bar_show(void *ctx, int64_t done, int64_t total)
{
    const struct checking *c = ctx;
    fprintf(stderr, say(c->args, "\r核查 %lld%%", "\rchecking %lld%%"),
        (long long)(total ? done * 100 / total : 100));
    if (done == total)
        fprintf(stderr, "\n");
}

static void figures_print(const struct checking *c, const struct audit_figures *f, bool signatures)
{
    if (c->json) {
        printf("],\n\"ok\":%s,\"matters\":%lld,\"entries\":%lld,\"texts\":%lld,\"leaves\":%lld,"
            "\"checkpoints\":%lld,\"signatures\":%s}\n", f->findings ? "false" : "true",
            (long long)f->matters, (long long)f->entries, (long long)f->texts,
            (long long)f->leaves, (long long)f->checkpoints, signatures ? "true" : "false");
        return;
    }
    printf(say(c->args, "核查了 %lld 件事项、%lld 条记录、%lld 段文字、账本 %lld 条、%lld 个检查点\n",
        "Checked %lld matters, %lld entries, %lld texts, %lld leaves, %lld checkpoints\n"),
        (long long)f->matters, (long long)f->entries, (long long)f->texts, (long long)f->leaves,
        (long long)f->checkpoints);
    if (!signatures)
        printf("%s\n", say(c->args, "注意：没有密钥文件，也没有给出 --key，检查点的签名未核查",
            "Note: no key file and no --key: the signatures of checkpoints were not checked"));
    if (f->findings)
        printf(say(c->args, "发现 %lld 处问题\n", "%lld findings\n"), (long long)f->findings);
    else
        printf("%s\n", say(c->args, "全部相符", "Everything fits"));
}

/* The key given, or the one beside the database; *ret_key NULL when there is neither. */
static bool key_find(struct arena *a, const struct site *site, const char *text,
    const struct note_key **ret_key)
{
    struct note_key *key = NEW(a, struct note_key);
    struct node_keys keys;
    struct rand rand = rand_system();
    struct err_info info = { .e = OK };
    *ret_key = NULL;
    if (text) {
        *ret_key = key;
        return note_key_parse(a, str_c(text), key);
    }
    if (node_keys_for(site, NULL, &rand, &keys, &info) == OK) {
        struct note_key own = note_key_of(&keys);
        *key = own;
        key->name = arena_str(a, own.name);
        keys_wipe(&keys);
        *ret_key = key;
    }
    return true;
}

/* The records beside the log; before is what stands before the number in what is told. */
static const struct {
    enum err (*check)(struct db *db, struct chain_run *c);
    enum audit_fault fault;
    const char *before;
} records[] = {
    { account_changes_check, AUDIT_ACCOUNT, "" }, { deletions_check, AUDIT_DELETION, "" },
    { exports_check, AUDIT_EXPORT, "E" },
};

static enum err records_check(struct db *db, const struct audit_options *o,
    struct audit_figures *ret)
{
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        struct chain_run c = { .no = 0 };
        TRY(records[i].check(db, &c));
        if (c.bad_no == 0)
            continue;
        char number[32] = "";
        if (c.bad_of)
            (void)snprintf(number, sizeof(number), "%s%lld", records[i].before,
                (long long)c.bad_of);
        ret->findings++;
        o->found(o->ctx, &(struct audit_finding){ records[i].fault,
            str_c(number), c.bad_no, -1 });
    }
    return OK;
}

static enum err audit_at_once(struct db *db, const struct audit_options *o,
    struct audit_figures *ret)
{
    TRY(db_begin(db));
    enum err e = o->beside ? db_begin(o->beside) : OK;
    if (e == OK)
        e = audit_run(db, o, ret);
    if (e == OK)
        e = records_check(db, o, ret);
    if (o->beside)
        db_rollback(o->beside);
    db_rollback(db);
    return e;
}

/* Where nobody writes, two connections see the same, and the audit takes little more than half as
 * long. */
static enum err beside_open(const struct checking *c, const struct site *site, struct db **ret)
{
    if (!c->alone)
        return OK;
    TRY(db_open(site->db, DB_OVERSEER, ret));
    db_take_time(*ret);
    return OK;
}

/* key and checkpoint (a file) as the options say, or NULL. */
static int database_verify(struct checking *c, struct arena *a, const struct site *site,
    const char *key, const char *kept)
{
    struct db *db;
    struct err_info info = { .e = OK };
    struct audit_figures figures;
    struct audit_options o = { .now_ms = clock_now_ms(clock_system()),
        .log_within_ms = LOG_WITHIN_MS, .found = found_print,
        .progress = c->bar ? bar_show : NULL, .ctx = c };
    if (!key_find(a, site, key, &o.key)) {
        (void)cli_fail(c->args, &info, err_note(&info, E_INPUT, "key", MSG("公钥格式不对",
            "This is not a verifier key"), STR_NONE));
        return CLI_USAGE;
    }
    if (kept && !file_read(c->args, a, kept, &o.checkpoint))
        return CLI_WRONG;
    enum err e = db_open(site->db, DB_OVERSEER, &db);
    if (e != OK)
        return cli_fail(c->args, &info, err_note(&info, e, "db", MSG("打不开数据库 %s",
            "Cannot open the database %s"), str_c(site_shown(site))));
    db_take_time(db);
    if (!c->alone && node_moved_check(db, &info) == E_CONFLICT) {
        db_close(db);
        return cli_fail(c->args, &info, E_CONFLICT);
    }
    if (c->json)
        printf("{\"findings\":[");
    e = beside_open(c, site, &o.beside);
    if (e == OK)
        e = audit_at_once(db, &o, &figures);
    db_close(o.beside);
    db_close(db);
    if (e != OK)
        return cli_fail(c->args, &info, e == E_INPUT ? err_note(&info, e, "checkpoint",
            MSG("这不是此节点签发的检查点", "This is not a checkpoint signed by this node"), STR_NONE)
            : err_note(&info, e, "db", MSG("读不了这个数据库", "Cannot read this database"),
                STR_NONE));
    figures_print(c, &figures, o.key != NULL);
    return figures.findings ? CLI_WRONG : CLI_DONE;
}

int verify_database(const struct cli_args *args, const struct site *site)
{
    struct arena a;
    struct checking c = { .args = args, .bar = isatty(STDERR_FILENO), .alone = true };
    arena_init(&a, ARENA_BYTES);
    int status = database_verify(&c, &a, site, NULL, NULL);
    arena_free(&a);
    return status;
}

static int run(const struct cli_args *args)
{
    struct arena a;
    struct site site;
    const char *db = cli_value(args, "db"), *receipt = cli_value(args, "receipt");
    bool json = cli_flag(args, "json");
    struct checking c = { .args = args, .json = json, .bar = !json && isatty(STDERR_FILENO) };
    if ((db == NULL) == (receipt == NULL))
        return cli_usage(args, MSG("请给出 --db 或 --receipt 之一", "give either --db or --receipt"));
    if (receipt && cli_value(args, "checkpoint"))
        return cli_usage(args, MSG("--checkpoint 只与 --db 同用", "--checkpoint goes with --db"));
    arena_init(&a, ARENA_BYTES);
    if (db)
        site_at(db, cli_value(args, "data"), &site);
    int status = receipt ? receipt_verify(&c, &a, receipt) : database_verify(&c, &a, &site,
        cli_value(args, "key"), cli_value(args, "checkpoint"));
    arena_free(&a);
    return status;
}

static const struct cli_option options[] = {
    { "db", "FILE|URL", NULL, MSG("核查整个数据库", "check a whole database") },
    { "data", "DIR", NULL, MSG("密钥文件所在目录(同 serve)", "directory of the key file, as for serve") },
    { "receipt", "FILE", NULL, MSG("离线核查一份回执凭证(- 为标准输入)",
        "check one receipt's proof, offline (-: standard input)") },
    { "key", "VERIFIER", NULL, MSG("您所知道的节点公钥", "the node's verifier key that you know") },
    { "checkpoint", "FILE", NULL, MSG("另存的检查点，可发现末尾被截去",
        "a checkpoint kept elsewhere; shows whether the end was cut off") },
    { "json", NULL, NULL, MSG("机器可读输出", "output for programs") },
};
const struct cli_command cli_verify = { "verify", "",
    MSG("核查数据库或一份回执是否被改动", "Check that a database or a receipt was not changed"),
    options, COUNT_OF(options), run };
