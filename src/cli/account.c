/* account.c: `fengqiao account`: what the operator does to accounts: the first one of an
 * installation, and help for those whom no administrator can help. It goes the way that the pages
 * go, with the same checks and a line in the account's chain. */
#include "account/account.h"
#include "cli/commands.h"
#include "cli/node.h"
#include <stdio.h>

enum { MEMORY_BYTES_MAX = 64 << 20 };
struct work {
    const struct cli_args *args;
    struct cx cx;
    struct arena a;
    struct rand rand;
    struct node_keys keys;
    struct catalogue *cat;
    struct buf out;
};

__attribute__((format_arg(2), format_arg(3)))
static const char *say(const struct work *w, const char *zh, const char *en)
{
    return w->args->lang == LANG_EN ? en : zh;
}

static struct str option(const struct work *w, const char *name)
{
    const char *value = cli_value(w->args, name);
    return value ? str_c(value) : STR_NONE;
}

static enum err why_check(struct work *w, struct str why, struct str *ret)
{
    *ret = str_trim(why);
    return str_visible_chars(*ret) >= 2 && str_chars(*ret) <= 200 ? OK
        : cx_fail(&w->cx, E_INPUT, "why", MSG("请用 --why 写明原因，2 至 200 字；不写个人情况",
            "Say why with --why, in 2 to 200 characters; no personal details"));
}

/* One call in a transaction of its own. */
static enum err carry_out(struct work *w, enum err (*prepare)(struct cx *, const void *),
    handler *run, const void *in)
{
    TRY(prepare(&w->cx, in));
    TRY(db_begin(w->cx.db));
    enum err e = run(&w->cx, in, &w->out);
    if (e == OK)
        return db_commit(w->cx.db);
    db_rollback(w->cx.db);
    return e;
}

static void password_print(const struct work *w, struct str username)
{
    struct str password = account_given(&w->cx);
    if (password.n)
        printf(say(w, "账号 %.*s 的一次性密码 %.*s（只显示这一次，%d 天内登录并修改）\n",
            "account %.*s, one-time password %.*s (shown only now; to be changed within %d days)\n"),
            STR_FMT(username), STR_FMT(password), ONCE_DAYS);
    else
        printf("%s\n", say(w, "已办理", "done"));
}

static enum err add(struct work *w, struct str username)
{
    struct account_add_in in;
    struct term_in term = { .role = option(w, "role"), .from_ms = I64_NONE, .to_ms = I64_NONE };
    record_clear(&account_add_in_record, &in);
    const struct unit *u = unit_find_code(w->cat, option(w, "unit"));
    if (u == NULL)
        return cx_fail(&w->cx, E_INPUT, "unit", MSG("请用 --unit 写明单位编码；单位要先导入",
            "Name the unit by its code with --unit; units are imported first"));
    term.unit = u->id;
    in = (struct account_add_in){ .username = username, .name = option(w, "name"),
        .phone = option(w, "phone"), .lang = cli_flag(w->args, "english") ? STR("en") : STR("zh-CN"),
        .memberships = { &term, 1 } };
    TRY(why_check(w, option(w, "why").n ? option(w, "why") : STR("命令行开通 (command line)"), &in.why));
    if (in.name.n == 0)
        in.name = username;
    if (term.role.n == 0)
        term.role = STR("admin");
    TRY(record_check(&account_add_in_record, &in, true, &w->cx.info));
    TRY(carry_out(w, account_add_prepare, account_add, &in));
    password_print(w, username);
    return OK;
}

static enum err act(struct work *w, const char *word, struct str username)
{
    struct account a;
    struct account_act_in in = { .act = str_c(word) };
    TRY(why_check(w, option(w, "why"), &in.why));
    enum err e = access_account(&w->cx, username, &a);
    if (e == E_MISSING)
        return cx_fail_with(&w->cx, e, "username", MSG("没有账号 %s", "There is no account %s"),
            username);
    TRY(e);
    in.id = a.id;
    TRY(carry_out(w, account_act_prepare, account_act, &in));
    password_print(w, username);
    return OK;
}

static void line_print(const struct work *w, const struct account_line *l)
{
    printf("%-20.*s %s%s%s %.*s  %.*s\n", STR_FMT(l->username),
        l->disabled ? say(w, "停用 ", "disabled ") : "",
        l->once_ms == I64_NONE ? "" : say(w, "一次性密码 ", "one-time "),
        l->factor ? say(w, "第二因素 ", "second-factor ") : "", STR_FMT(l->name), STR_FMT(l->roles));
}

static enum err list(struct work *w, struct str words)
{
    struct accounts_in q = { .q = words, .after = STR("") };
    struct accounts_out r = { .items.n = 0 };
    do {
        TRY(accounts_page(&w->cx, &q, &r));
        const struct account_line *l = r.items.p;
        for (size_t i = 0; i < r.items.n; i++)
            line_print(w, &l[i]);
        q.after = r.next;
    } while (r.next.n);
    return OK;
}

static const struct { const char *verb, *act; } verbs[] = { { "add", NULL }, { "list", NULL },
    { "password", "password" }, { "disable", "disable" }, { "enable", "enable" },
    { "unlock", "unlock" }, { "second-factor-reset", "second_factor" } };

static enum err work_on(struct work *w, const char *act_word)
{
    const char *verb = w->args->operands[0];
    struct str name = w->args->n_operands > 1 ? str_c(w->args->operands[1]) : STR_NONE;
    struct site site;
    site_at(cli_value(w->args, "db"), cli_value(w->args, "data"), &site);
    TRY(db_is_current(w->cx.db, &w->cx.info));
    TRY(node_keys_for(&site, NULL, &w->rand, &w->keys, &w->cx.info));
    TRY(catalogue_load(w->cx.db, &w->cat, &w->cx.info));
    w->cx.cat = w->cat;
    if (strcmp(verb, "list") == 0)
        return list(w, name);
    return act_word ? act(w, act_word, name) : add(w, name);
}

/* That the database is there is told before anything opens it to write, which would make the file. */
static enum err database_open(struct work *w)
{
    struct site site;
    struct db *reader;
    site_at(cli_value(w->args, "db"), NULL, &site);
    enum err e = db_open(site.db, DB_READER, &reader);
    if (e == OK) {
        db_close(reader);
        e = db_open(site.db, DB_WRITER, &w->cx.db);
    }
    return e == OK ? OK : err_note(&w->cx.info, e, "db", MSG("打不开数据库 %s",
        "Cannot open the database %s"), str_c(site_shown(&site)));
}

static int run_verb(const struct cli_args *args, const char *act_word)
{
    struct work *w = heap_alloc(sizeof(*w));
    w->args = args;
    w->rand = rand_system();
    arena_init(&w->a, MEMORY_BYTES_MAX);
    w->out = buf_in(&w->a, 1 << 20);
    w->cx = (struct cx){ .a = &w->a, .rand = &w->rand, .keys = &w->keys, .lang = args->lang,
        .request = "account", .now_ms = clock_now_ms(clock_system()),
        .actor = { .kind = ACTOR_SYSTEM, .roles = ROLE_SYSTEM } };
    enum err e = database_open(w);
    if (e == OK)
        e = work_on(w, act_word);
    int status = e == OK ? CLI_DONE : cli_fail(args, &w->cx.info, e);
    catalogue_drop(w->cat);
    if (w->cx.db)
        db_close(w->cx.db);
    keys_wipe(&w->keys);
    arena_free(&w->a);
    heap_free(w);
    return status;
}

static int run(const struct cli_args *args)
{
    for (size_t i = 0; args->n_operands >= 1 && i < COUNT_OF(verbs); i++) {
        if (strcmp(args->operands[0], verbs[i].verb) != 0)
            continue;
        bool is_list = strcmp(verbs[i].verb, "list") == 0;
        if (args->n_operands == 2 || (is_list && args->n_operands == 1))
            return run_verb(args, verbs[i].act);
        return cli_usage(args, MSG("请写明登录名", "name the account by its login name"));
    }
    return cli_usage(args, MSG("请写明做什么：add、list、password、disable、enable、unlock、second-factor-reset",
        "say what to do: add, list, password, disable, enable, unlock, second-factor-reset"));
}

static const struct cli_option options[] = {
    { "db", "FILE|URL", "fengqiao.db", MSG("数据库文件，或 postgres:// 地址",
        "database file, or postgres:// address") },
    { "data", "DIR", NULL, MSG("密钥文件所在目录(同 serve)", "directory of the key file, as for serve") },
    { "name", "NAME", NULL, MSG("add：姓名，未写则同登录名", "add: name shown to colleagues; the login name unless given") },
    { "phone", "NUMBER", NULL, MSG("add：值班电话", "add: duty phone") },
    { "unit", "CODE", NULL, MSG("add：单位编码", "add: code of the unit") },
    { "role", "ROLE", NULL, MSG("add：职务，未写为 admin", "add: role there; admin unless given") },
    { "english", NULL, NULL, MSG("add：消息用英文", "add: messages in English") },
    { "why", "TEXT", NULL, MSG("原因，记入账号的管理记录", "why; stands in the account's record") },
};
const struct cli_command cli_account = {
    .name = "account", .operands = "add|list|password|disable|enable|unlock|second-factor-reset [USERNAME]",
    .meaning = MSG("开通第一个账号，以及发放一次性密码、停用、恢复、解锁、取消第二因素；一次性密码只显示一次",
        "add the first account, give out a one-time password, disable, enable, unlock, take a second"
        " factor away; a one-time password is shown once"),
    .options = options, .n_options = COUNT_OF(options), .run = run,
};
