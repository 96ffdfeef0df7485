/* init.c: `fengqiao init`: a town of one's own from spreadsheets and a few answers: everything is
 * checked together before anything is stored, in one transaction; then what is still missing. */
#include "cli/init.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/files.h"
#include "cli/node.h"
#include "cli/progress.h"
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct init {
    const struct cli_args *args;
    struct arena a;
    struct err_info info;
    struct town town;
    struct site site;
    bool is_new, key_is_new;        /* there were no such files before */
    struct node_keys keys;
    struct rand rand;
    struct db *db;
    struct town_store store;
    struct list holes;
    struct progress bar;
    struct handout handout;
    int64_t now_ms;
    bool stored;
};

__attribute__((format_arg(2), format_arg(3)))
static const char *say(const struct init *m, const char *zh, const char *en)
{
    return m->args->lang == LANG_EN ? en : zh;
}

/* What is said of it ----------------------------------------------------------------------- */

/* The heading as people see it, in place of the field's name. */
static const char *heading_of(const struct init *m, enum town_sheet sheet, const char *field)
{
    for (size_t i = 0; i < town_forms[sheet].n; i++)
        if (strcmp(town_forms[sheet].columns[i].field, field) == 0)
            return say(m, town_forms[sheet].columns[i].heading.zh,
                town_forms[sheet].columns[i].heading.en);
    return field;
}

static void fault_print(const struct init *m, enum town_sheet sheet, const struct fault *f)
{
    struct str where = sheet < SHEET_COUNT ? m->town.tables[sheet].where : STR("");
    const char *field = sheet < SHEET_COUNT ? heading_of(m, sheet, f->field) : f->field;
    if (where.n && f->line)
        fprintf(stderr, say(m, "%.*s 第 %zu 行：", "%.*s, row %zu: "), STR_FMT(where), f->line);
    else if (where.n)
        fprintf(stderr, say(m, "%.*s：", "%.*s: "), STR_FMT(where));
    if (field[0])
        fprintf(stderr, say(m, "%s：", "%s: "), field);
    fprintf(stderr, "%s\n", say(m, f->zh, f->en));
}

static void faults_print(const struct init *m)
{
    for (size_t i = 0; i < m->town.faults.n; i++)
        fault_print(m, SHEET_COUNT, &m->town.faults.at[i]);
    for (enum town_sheet s = 0; s < SHEET_COUNT; s++) {
        const struct faults *f = &m->town.tables[s].faults;
        for (size_t i = 0; i < f->n; i++)
            fault_print(m, s, &f->at[i]);
        if (f->total > f->n)
            fprintf(stderr, say(m, "……另有 %zu 处\n", "... and %zu more\n"), f->total - f->n);
    }
}

static size_t holes_print(const struct init *m)
{
    const struct town_hole *h = m->holes.p;
    size_t n = 0;
    for (size_t i = 0; i < m->holes.n; i++) {
        n += !h[i].later;
        printf(say(m, "%s：%s\n    → %s\n", "%s: %s\n    → %s\n"),
            h[i].later ? say(m, "以后", "later") : say(m, "缺口", "missing"),
            say(m, h[i].text.zh, h[i].text.en), say(m, h[i].remedy.zh, h[i].remedy.en));
    }
    return n;
}

static void made_print(const struct init *m)
{
    for (enum town_sheet s = SHEET_DIVISION; s < SHEET_COUNT; s++) {
        const struct town_made *made = &m->store.made[s];
        if (made->rows == 0)
            continue;
        printf(say(m, "%s\t%zu 行%s\n", "%s\t%zu rows%s\n"), say(m, town_forms[s].title.zh,
            town_forms[s].title.en), made->rows, made->built_in ? say(m, "(内置)", " (built in)")
            : made->same ? say(m, "(不变)", " (as before)") : "");
    }
    if (m->store.people_same)
        printf(say(m, "人员中 %zu 行与现有的一样，没有动\n", "%zu rows of people are as before\n"),
            m->store.people_same);
}

/* On the terminal, unless they are in the file. */
static void passwords_print(const struct init *m)
{
    const struct newcomer *who = m->store.newcomers.p;
    for (size_t i = 0; i < m->store.newcomers.n && m->handout.fd < 0; i++)
        printf(say(m, "新账号 %.*s，一次性密码 %.*s(只显示这一次，%d 天内登录并修改)\n",
            "new account %.*s, one-time password %.*s (shown only now; to be changed within %d days)\n"),
            STR_FMT(who[i].username), STR_FMT(who[i].password), ONCE_DAYS);
    if (m->handout.fd >= 0 && m->store.newcomers.n)
        printf(say(m, "%zu 个新账号的一次性密码写在 %s，分发后请删除\n",
            "one-time passwords of %zu new accounts are in %s; delete it once they are handed out\n"),
            m->store.newcomers.n, m->handout.path);
}

/* The work --------------------------------------------------------------------------------- */

static void tell(void *ctx, enum town_sheet sheet)
{
    struct init *m = ctx;
    progress_show(&m->bar, (int64_t)sheet + 1, SHEET_COUNT, str_c(say(m, town_forms[sheet].title.zh,
        town_forms[sheet].title.en)));
}

static struct str key_path(struct init *m)
{
    return arena_fmt(&m->a, "%s.key", m->site.beside);
}

static enum err database_ready(struct init *m)
{
    site_at(cli_value(m->args, "db"), cli_value(m->args, "data"), &m->site);
    const char *file = strncmp(m->site.db, "sqlite:", 7) == 0 ? m->site.db + 7 : m->site.db;
    m->is_new = !db_is_server(m->site.db) && access(file, F_OK) != 0;
    m->key_is_new = access(key_path(m).p, F_OK) != 0;
    TRY(node_prepare(&m->site, cli_value(m->args, "name"), &m->info));
    TRY(node_keys_for(&m->site, NULL, &m->rand, &m->keys, &m->info));
    enum err e = db_open(m->site.db, DB_WRITER, &m->db);
    return e == OK ? node_keys_claim(m->db, &m->site, &m->keys, &m->info)
        : err_note(&m->info, e, "db", MSG("打不开数据库 %s", "Cannot open the database %s"),
            str_c(site_shown(&m->site)));
}

/* A database that was made for nothing is taken away again, and so is its key file. */
static void database_drop(struct init *m)
{
    db_remove(m->site.db);
    if (m->key_is_new)
        (void)unlink(key_path(m).p);
}

static enum err holes_find(struct init *m)
{
    struct catalogue *c;
    TRY(catalogue_load(m->db, &c, &m->info));
    enum err e = town_holes(m->db, c, &m->a, m->now_ms, &m->holes);
    catalogue_drop(c);
    return e;
}

static size_t holes_now(const struct init *m)
{
    const struct town_hole *h = m->holes.p;
    size_t n = 0;
    for (size_t i = 0; i < m->holes.n; i++)
        n += !h[i].later;
    return n;
}

/* Holes stand against it, unless somebody says that it shall begin with them. */
static bool may_store(struct init *m)
{
    struct answers s = { m->args->lang, &m->a };
    struct str yes;
    if (town_faults(&m->town) || cli_flag(m->args, "dry-run"))
        return false;
    if (holes_now(m) == 0 || cli_flag(m->args, "with-holes"))
        return true;
    if (cli_value(m->args, "from") || !isatty(STDIN_FILENO))
        return false;
    (void)holes_print(m);
    return answer_get(&s, MSG("有缺口，仍然写入吗？(是/否)", "There is something missing; store it all the same?"
        " (yes/no)"), str_c(say(m, "否", "no")), &yes, &m->info) == OK && answer_is_yes(yes);
}

static enum err store(struct init *m)
{
    m->store = (struct town_store){ .db = m->db, .a = &m->a, .keys = &m->keys, .rand = &m->rand,
        .now_ms = m->now_ms, .progress = { tell, m } };
    progress_part(&m->bar, MSG("检查", "checking"));
    TRY(db_begin(m->db));
    enum err e = town_store(&m->store, &m->town, &m->info);
    if (e == OK)
        e = holes_find(m);
    progress_end(&m->bar);
    if (e != OK || !may_store(m)) {
        db_rollback(m->db);
        return e;
    }
    e = m->handout.fd < 0 ? OK
        : handout_add(&m->handout, &m->a, m->store.newcomers, &m->info);
    if (e != OK) {
        db_rollback(m->db);
        return e;
    }
    TRY(db_commit(m->db));
    m->stored = true;
    return OK;
}

static enum err tables_get(struct init *m)
{
    struct answers s = { m->args->lang, &m->a };
    struct str folder = str_c(cli_value(m->args, "from"));
    const char *encoding = cli_value(m->args, "encoding");
    m->town.faults = faults_in(&m->a);
    if (folder.n)
        return init_files(&m->a, folder.p, encoding, &m->town, &m->info);
    TRY(answer_get(&s, MSG("表格所在文件夹(没有就直接回车)", "Folder of spreadsheets (none: just Enter)"),
        STR(""), &folder, &m->info));
    if (folder.n)
        TRY(init_files(&m->a, folder.p, encoding, &m->town, &m->info));
    return init_ask(&s, &m->town, &m->info);
}

static enum err run_init(struct init *m)
{
    (void)umask(0077);          /* keys and passwords */
    const char *passwords = cli_value(m->args, "passwords");
    if (passwords && !cli_flag(m->args, "dry-run"))
        TRY(handout_open(passwords, &m->handout, &m->info));
    TRY(tables_get(m));
    TRY(database_ready(m));
    TRY(store(m));
    if (m->stored)
        passwords_print(m);
    return OK;
}

static int outcome(struct init *m)
{
    size_t faults = town_faults(&m->town), holes;
    faults_print(m);
    if (faults) {
        printf(say(m, "发现 %zu 处问题，没有写入\n", "%zu faults; nothing was stored\n"), faults);
        return CLI_WRONG;
    }
    made_print(m);
    holes = holes_print(m);
    if (m->stored)
        printf(say(m, "已写入 %s\n", "stored in %s\n"), site_shown(&m->site));
    else if (cli_flag(m->args, "dry-run"))
        printf("%s\n", say(m, "仅检查，没有写入", "dry run: nothing was stored"));
    else
        printf(say(m, "有 %zu 个缺口，没有写入；补上后再运行，或加 --with-holes 先用起来\n",
            "%zu things are missing, nothing was stored; add them and run it again, or begin without them"
            " by --with-holes\n"), holes);
    return holes == 0 || (m->stored && cli_flag(m->args, "with-holes")) ? CLI_DONE : CLI_WRONG;
}

static int check(struct init *m)
{
    enum err e = cli_database_open(m->args, DB_READER, &m->db, &m->info);
    if (e == OK)
        e = holes_find(m);
    if (e != OK)
        return cli_fail(m->args, &m->info, e);
    size_t n = holes_print(m);
    printf(n ? say(m, "有 %zu 个缺口\n", "%zu things are missing\n")
        : say(m, "没有缺口\n", "nothing is missing\n"), n);
    return n ? CLI_WRONG : CLI_DONE;
}

static int templates(struct init *m)
{
    struct buf b = buf_in(&m->a, 64 << 20);
    const char *folder = cli_value(m->args, "templates");
    struct str path = arena_fmt(&m->a, "%s/%s.xlsx", folder, say(m, "本镇", "town"));
    (void)mkdir(folder, 0777);
    enum err e = town_book(&m->a, m->args->lang, &b);
    if (e == OK)
        e = cli_file_new(path.p, buf_str(&b), "templates", &m->info);
    if (e != OK)
        return cli_fail(m->args, &m->info, e);
    printf(say(m, "模板已写入 %s\n", "the template is in %s\n"), path.p);
    return CLI_DONE;
}

static int work(struct init *m)
{
    if (cli_value(m->args, "templates"))
        return templates(m);
    if (cli_flag(m->args, "check"))
        return check(m);
    enum err e = run_init(m);
    handout_close(&m->handout, m->stored || e == E_UNKNOWN);
    int status = e == OK ? outcome(m) : cli_fail(m->args, &m->info, e);
    if (m->db)
        db_close(m->db);
    m->db = NULL;
    if (m->is_new && !m->stored)
        database_drop(m);
    return status;
}

static int run(const struct cli_args *args)
{
    if (cli_flag(args, "check") + (cli_value(args, "templates") != NULL)
        + (cli_value(args, "from") != NULL) > 1)
        return cli_usage(args, MSG("--templates、--check、--from 只用其一",
            "--templates, --check and --from exclude each other"));
    struct init *m = heap_alloc(sizeof(*m));
    *m = (struct init){ .args = args, .rand = rand_system(), .bar = progress_of(args->lang),
        .now_ms = clock_now_ms(clock_system()), .handout = { .fd = -1 } };
    arena_init(&m->a, (size_t)4 << 30);
    int status = work(m);
    if (m->db)
        db_close(m->db);
    keys_wipe(&m->keys);
    arena_free(&m->a);
    heap_free(m);
    return status;
}

static const struct cli_option options[] = {
    { "db", "FILE|URL", "fengqiao.db", MSG("数据库文件，或 postgres:// 地址；没有就新建",
        "database file, or postgres:// address; made if there is none") },
    { "data", "DIR", NULL, MSG("密钥文件所在目录(同 serve)", "directory of the key file, as for serve") },
    { "name", "NAME", "fengqiao.local", MSG("节点名称，新建时写入密钥文件",
        "name of this node, written to a new key file") },
    { "from", "DIR|FILE.xlsx", NULL, MSG("填好的表格；不写就在终端上问",
        "the tables that were filled in; without it the terminal is asked") },
    { "encoding", "NAME", NULL, MSG("CSV 的文字编码，如 GBK(默认自动判断)",
        "encoding of CSV files, such as GBK; else it is found out") },
    { "templates", "DIR", NULL, MSG("把要填的表格写到这个文件夹", "write the tables to fill in to this folder") },
    { "check", NULL, NULL, MSG("看数据库里还缺什么", "tell what the database still lacks") },
    { "dry-run", NULL, NULL, MSG("只检查，不写入", "check only, store nothing") },
    { "with-holes", NULL, NULL, MSG("有缺口也写入", "store it although something is missing") },
    { "passwords", "FILE.csv", NULL, MSG("一次性密码加写在此文件里，不显示",
        "add one-time passwords to this file instead of showing them") },
};
const struct cli_command cli_init = { "init", "",
    MSG("从表格建立一个镇：先全部检查，没有问题才写入，再说还缺什么",
        "set a town up from spreadsheets: all is checked before anything is stored; then what is missing"),
    options, COUNT_OF(options), run };
