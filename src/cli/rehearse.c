/* rehearse.c: `fengqiao rehearse`: the past days under rules that are not in force yet; and
 * `fengqiao explain`: why a matter went where it went. Both only read, so both may be broken off at
 * any time. */
#include "cli/node.h"
#include "catalogue/edition.h"
#include "cli/files.h"
#include "matter/explain.h"
#include "rules/rehearse.h"
#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum { MEMORY_BYTES_MAX = 1 << 30, SHOWN_MAX = 20 };

static const struct cli_option rehearse_options[] = {
    { "db", "FILE|URL", "fengqiao.db", MSG("数据库文件，或 postgres:// 地址",
        "database file, or postgres:// address") },
    { "rule", "FILE.csv", NULL, MSG("草拟的规则表", "table of the rules to try") },
    { "draft", "ID", NULL, MSG("系统中草案的编号", "number of a draft in the database") },
    { "days", "N", "90", MSG("往回看多少天", "how many days to look back") },
    { "csv", "FILE.csv", NULL, MSG("把结果写成表", "write the outcome as a table") },
    { "json", NULL, NULL, MSG("以 JSON 输出结果", "print the outcome as JSON") },
};
static const struct cli_option explain_options[] = {
    { "db", "FILE|URL", "fengqiao.db", MSG("数据库文件，或 postgres:// 地址",
        "database file, or postgres:// address") },
    { "data", "DIR", NULL, MSG("密钥文件所在目录(同 serve)", "directory of the key file, as for serve") },
    { "json", NULL, NULL, MSG("以 JSON 输出", "print as JSON") },
};

__attribute__((format_arg(2), format_arg(3)))
static const char *say(const struct cli_args *args, const char *zh, const char *en)
{
    return args->lang == LANG_EN ? en : zh;
}

/* Rehearsing ---------------------------------------------------------------------------------- */

struct rehearsal {
    const struct cli_args *args;
    struct arena a;
    struct db *db;
    struct catalogue *cat;
    struct rehearsed found;
    struct rehearsed_draft draft;
    struct err_info info;
    int64_t shown;              /* percent */
};

static bool bar_show(void *ctx, int64_t done, int64_t total, int64_t matters)
{
    struct rehearsal *r = ctx;
    int64_t percent = done * 100 / (total ? total : 1);
    if (percent != r->shown)
        fprintf(stderr, say(r->args, "\r预演 %3lld%%，已看 %lld 件", "\rrehearsing %3lld%%, %lld matters"),
            (long long)percent, (long long)matters);
    r->shown = percent;
    if (done >= total)
        fputc('\n', stderr);
    return true;
}

static void late_print(double late)
{
    if (isnan(late))
        printf("%10s", "?");
    else
        printf("%10.1f", late);
}

static void found_print(const struct rehearsal *r)
{
    const struct rehearsed *f = &r->found;
    const struct rehearsed_unit *u = f->units.p;
    const struct rehearsed_move *m = f->moves.p;
    printf(say(r->args, "%lld 件事项，其中 %lld 件会改由别的单位先办\n",
        "%lld matters; %lld of them would go to another unit first\n"), (long long)f->matters,
        (long long)f->moved);
    for (size_t i = 0; i < f->moves.n && i < SHOWN_MAX; i++) {
        const struct str *example = m[i].examples.p;
        printf("%8lld  %.*s -> %.*s (%.*s)\n", (long long)m[i].matters, STR_FMT(m[i].from_name),
            STR_FMT(m[i].to_name), STR_FMT(m[i].examples.n ? example[0] : STR("")));
    }
    if (f->units.n)
        printf("%s\n", say(r->args, "    现在    草案  现在预计超期  草案预计超期  单位",
            "  before   after      late now     late then  unit"));
    for (size_t i = 0; i < f->units.n && i < SHOWN_MAX; i++) {
        printf("%8lld%8lld", (long long)u[i].before, (long long)u[i].after);
        late_print(u[i].late_before);
        late_print(u[i].late_after);
        printf("  %.*s\n", STR_FMT(u[i].name));
    }
}

static enum err csv_write(struct rehearsal *r, const char *path)
{
    struct buf b = buf_in(&r->a, 64 << 20);
    rehearsed_csv(&r->found, r->args->lang, &b);
    return cli_file_write(path, buf_str(&b), "csv", &r->info);
}

/* Rules of a file, once they have no faults. */
static enum err rules_read(struct rehearsal *r, struct list *ret)
{
    struct str csv;
    struct faults f = faults_in(&r->a), advice = faults_in(&r->a);
    TRY(cli_sheet_file(&r->a, cli_value(r->args, "rule"), "rule", &csv, &r->info));
    csv = sheet_csv(&r->a, &rule_record, csv, &f);
    if (f.total == 0) {
        (void)edition_check(r->cat, &r->a, STR("rule"), csv, &f);
        edition_advise(&r->a, STR("rule"), csv, &advice);
        faults_by_row(&f, csv);
    }
    cli_faults_print(cli_value(r->args, "rule"), &f, r->args->lang);
    cli_faults_print(cli_value(r->args, "rule"), &advice, r->args->lang);
    if (f.total)
        return err_note(&r->info, E_INPUT, "rule", MSG("规则表还有问题，改正后才能预演",
            "The rules have faults; correct them before they are rehearsed"), STR_NONE);
    return record_from_csv(&r->a, &rule_record, csv, ret, &r->info);
}

static enum err rehearse_all(struct rehearsal *r, int64_t draft, int64_t days)
{
    int64_t now_ms = clock_now_ms(clock_system());
    const char *path = cli_value(r->args, "csv");
    db_take_time(r->db);
    TRY(db_is_current(r->db, &r->info));
    TRY(catalogue_load(r->db, &r->cat, &r->info));
    struct rehearsing q = { .db = r->db, .now = { r->cat, catalogue_rules(r->cat) },
        .then = { .cat = r->cat }, .from_ms = now_ms - days * CLOCK_DAY_MS, .to_ms = now_ms,
        .lang = r->args->lang, .ctx = r };
    if (isatty(STDERR_FILENO))
        q.progress = bar_show;
    if (cli_value(r->args, "rule"))
        TRY(rules_read(r, &q.then.rules));
    else {
        TRY(rehearsed_draft_open(r->db, &r->a, r->cat, draft, &r->draft, &r->info));
        q.then = r->draft.then;
    }
    TRY(rehearse(&q, &r->a, &r->found));
    return path ? csv_write(r, path) : OK;
}

static int run_rehearse(const struct cli_args *args)
{
    struct rehearsal r = { .args = args, .shown = -1 };
    int64_t draft = 0, days = 90;
    const char *rule = cli_value(args, "rule"), *id = cli_value(args, "draft");
    if ((rule == NULL) == (id == NULL)) {
        fprintf(stderr, "fengqiao rehearse: %s\n", say(args, "请用 --rule 或 --draft 之一写明要预演什么",
            "say what to rehearse, with one of --rule and --draft"));
        return CLI_USAGE;
    }
    if (!cli_number(args, "days", 1, 1000, &days)
        || (id && !cli_number(args, "draft", 1, INT64_MAX, &draft)))
        return CLI_USAGE;
    enum err e = db_open(cli_value(args, "db"), DB_OVERSEER, &r.db);
    if (e != OK)
        return cli_fail(args, &r.info, e);
    arena_init(&r.a, MEMORY_BYTES_MAX);
    e = rehearse_all(&r, draft, days);
    if (e == OK && cli_flag(args, "json")) {
        struct buf b = buf_in(&r.a, 64 << 20);
        record_to_json(&b, &rehearsed_record, &r.found);
        printf("%.*s\n", STR_FMT(buf_str(&b)));
    } else if (e == OK)
        found_print(&r);
    int status = e == OK ? CLI_DONE : cli_fail(args, &r.info, e);
    rehearsed_draft_close(&r.draft);
    catalogue_drop(r.cat);
    db_close(r.db);
    arena_free(&r.a);
    return status;
}

/* Explaining ---------------------------------------------------------------------------------- */

static void line_print(const char *label, struct str value)
{
    if (value.n)
        printf("%s%.*s\n", label, STR_FMT(value));
}

static void explanation_print(const struct cli_args *args, const struct explanation *e)
{
    const struct route_fact *f = e->facts.p;
    const struct route_tried *t = e->tried.p;
    const struct route_rule *o = e->others.p;
    printf("%.*s\n", STR_FMT(e->sentence));
    printf(say(args, "规则 %.*s（第 %lld 版%s）\n", "rule %.*s (version %lld%s)\n"), STR_FMT(e->rule_name),
        (long long)e->version, e->in_force ? "" : say(args, "，现已更换", ", no longer in force"));
    line_print(say(args, "依据：", "basis: "), e->basis);
    for (size_t i = 0; i < e->facts.n; i++)
        printf("  %.*s: %.*s\n", STR_FMT(f[i].label), STR_FMT(f[i].value));
    for (size_t i = 0; i < e->tried.n; i++)
        printf("  %.*s -> %.*s\n", STR_FMT(t[i].where),
            STR_FMT(t[i].unit_name.n ? t[i].unit_name : str_c(say(args, "没有这样的单位", "no such unit"))));
    line_print(say(args, "应回避：", "must keep out of it: "), e->about_name);
    line_print(say(args, "今天按同样的规则会交给：", "by the same rules it would go today to: "), e->today_name);
    line_print(say(args, "现在由：", "now with: "), e->owner_name);
    if (e->handovers)
        printf(say(args, "本轮已移交 %lld 次\n", "handed on %lld times in this round\n"),
            (long long)e->handovers);
    line_print(say(args, "归谁办由它决定：", "decides whose it is: "), e->decider_name);
    line_print(say(args, "决定的人：", "the person who decides: "), e->decider_person);
    printf("%s\n", say(args, "其他规则：", "other rules:"));
    for (size_t i = 0; i < e->others.n; i++)
        printf("  %.*s: %.*s\n", STR_FMT(o[i].name), STR_FMT(o[i].lost_text));
}

static enum err explain_one(struct cx *cx, const struct site *site, const char *number,
    struct explanation *ret)
{
    struct node_keys keys;
    struct catalogue *cat = NULL;
    struct matter m;
    struct rand rand = rand_system();
    TRY(db_is_current(cx->db, &cx->info));
    TRY(node_keys_for(site, NULL, &rand, &keys, &cx->info));
    TRY(catalogue_load(cx->db, &cat, &cx->info));
    cx->cat = cat;
    cx->keys = &keys;
    enum err e = matter_by_number(cx, str_c(number), &m);
    if (e == OK)
        e = matter_explain(cx, &m, ret);
    cx->keys = NULL;
    keys_wipe(&keys);
    return e;
}

static int run_explain(const struct cli_args *args)
{
    struct site site;
    struct arena a;
    struct explanation found;
    struct cx *cx = heap_alloc(sizeof(*cx));
    if (args->n_operands != 1) {
        heap_free(cx);
        return cli_help(args->command, args->lang, CLI_USAGE);
    }
    site_at(cli_value(args, "db"), cli_value(args, "data"), &site);
    arena_init(&a, MEMORY_BYTES_MAX);
    cx->a = &a;
    cx->lang = args->lang;
    cx->now_ms = clock_now_ms(clock_system());
    enum err e = db_open(site.db, DB_OVERSEER, &cx->db);
    if (e == OK)
        e = explain_one(cx, &site, args->operands[0], &found);
    if (e == OK && cli_flag(args, "json")) {
        struct buf b = buf_in(&a, 16 << 20);
        record_to_json(&b, &explanation_record, &found);
        printf("%.*s\n", STR_FMT(buf_str(&b)));
    } else if (e == OK)
        explanation_print(args, &found);
    int status = e == OK ? CLI_DONE : cli_fail(args, &cx->info, e);
    catalogue_drop(cx->cat);
    db_close(cx->db);
    arena_free(&a);
    heap_free(cx);
    return status;
}

const struct cli_command cli_rehearse = {
    .name = "rehearse", .operands = "",
    .meaning = MSG("预演：过去若干天的事项按草拟的规则再派一遍，看哪些会变",
        "route the past days by rules not in force yet, and tell what would change"),
    .options = rehearse_options, .n_options = COUNT_OF(rehearse_options), .run = run_rehearse,
};
const struct cli_command cli_explain = {
    .name = "explain", .operands = "NUMBER",
    .meaning = MSG("说明一件事项为什么由这个单位办理", "tell why a matter went where it went"),
    .options = explain_options, .n_options = COUNT_OF(explain_options), .run = run_explain,
};
