/* doctor.c: `fengqiao doctor`: looks a database over (health.h); or prints the rights that roles of
 * a PostgreSQL database need, and holds a role against them. */
#include "cli/commands.h"
#include "cli/grants.h"
#include "cli/health.h"
#include "cli/site.h"
#include <stdio.h>

enum { TEXT_MAX = 1 << 20 };
struct patient {
    const struct cli_args *args;
    struct arena a;
    const struct schema *schema;
    size_t faults;
};

static void finding(struct patient *p, bool too_much, struct str table, unsigned rights)
{
    struct buf b = buf_in(&p->a, 256);
    bool en = p->args->lang == LANG_EN;
    if (rights == 0 && table.n == 0)
        return;
    p->faults++;
    grants_write_rights(&b, rights);
    printf("%s: %.*s%s%.*s\n", too_much ? en ? "too much" : "过多" : en ? "too little" : "不足",
        STR_FMT(table), rights ? " " : "", STR_FMT(buf_str(&b)));
}

static unsigned wanted_on(const struct patient *p, const unsigned *wanted, struct str name)
{
    const struct table *t = schema_table(p->schema, name);
    if (t == NULL)
        return str_is(name, "schema_version") ? DB_MAY_SELECT : 0;
    return wanted[t - p->schema->tables] | (table_has_area(t) ? DB_IS_SCOPED : 0);
}

static void power_check(struct patient *p, struct str power)
{
    finding(p, true, power, 0);
    if (str_is(power, "SUPERUSER") || str_is(power, "BYPASSRLS"))
        printf("%s\n", p->args->lang == LANG_EN
            ? "  row level security does not bind such a role: it sees the matters of all counties"
            : "  行级安全约束不了这样的角色：它能看到所有区县的事项");
}

static void table_check(struct patient *p, struct str name, unsigned wanted, unsigned has)
{
    if (has & ~wanted)
        finding(p, true, name, has & ~wanted);
    if (wanted & ~has)
        finding(p, false, name, wanted & ~has);
}

static enum err role_check(struct patient *p, struct db *db, enum grant_role role)
{
    struct list rights, powers;
    unsigned wanted[SCHEMA_TABLES_MAX];
    grants_of_role(p->schema, role, wanted);
    TRY(db_rights(db, &p->a, &rights, &powers));
    const struct db_right *r = rights.p;
    for (size_t i = 0; i < rights.n; i++)
        table_check(p, r[i].name, wanted_on(p, wanted, r[i].name), (unsigned)r[i].rights);
    const struct db_power *w = powers.p;
    for (size_t i = 0; i < powers.n; i++)
        power_check(p, w[i].name);
    return OK;
}

static int check(struct patient *p, enum grant_role role)
{
    struct err_info info = { .e = OK };
    struct site site;
    struct db *db;
    bool en = p->args->lang == LANG_EN;
    site_at(cli_value(p->args, "db"), NULL, &site);
    if (!db_is_server(site.db))
        return cli_fail(p->args, &info, err_note(&info, E_INPUT, "db", MSG("数据库文件没有角色；请给出"
            " postgres:// 地址", "A file has no roles; give a postgres:// address"), STR_NONE));
    enum err e = db_open(site.db, DB_READER, &db);
    if (e != OK)
        return cli_fail(p->args, &info, err_note(&info, e, "db", MSG("打不开数据库 %s",
            "Cannot open the database %s"), str_c(site_shown(&site))));
    e = db_is_current(db, &info);
    if (e == OK)
        e = role_check(p, db, role);
    db_close(db);
    if (e != OK)
        return cli_fail(p->args, &info, e);
    if (p->faults == 0)
        printf("%s\n", en ? "This role has the rights it needs and no others"
            : "这个角色拥有且仅拥有所需的权限");
    return p->faults ? CLI_WRONG : CLI_DONE;
}

static int print(struct patient *p)
{
    struct buf b = buf_in(&p->a, TEXT_MAX);
    grants_write(&b, p->schema);
    return fwrite(b.p, 1, b.n, stdout) == b.n && fflush(stdout) == 0 ? CLI_DONE : CLI_WRONG;
}

static int run(const struct cli_args *args)
{
    struct patient p = { .args = args };
    const char *role = cli_value(args, "check");
    bool grants = cli_flag(args, "grants"), reads = role && strcmp(role, "read") == 0;
    bool looks = cli_flag(args, "whole") || cli_flag(args, "data") || cli_flag(args, "backup");
    if (grants + (role != NULL) + looks > 1)
        return cli_usage(args, MSG("--grants、--check 和 --whole、--data、--backup 不能同用",
            "--grants, --check, and --whole, --data, --backup do not go together"));
    if (!grants && !cli_value(args, "db"))
        return cli_usage(args, MSG("还需要 --db", "--db is needed"));
    if (!grants && role == NULL)
        return health_print(args);
    arena_init(&p.a, 4 * (size_t)TEXT_MAX);
    p.schema = schema_read(&p.a);
    int status = grants ? print(&p) : check(&p, reads ? GRANT_READ : GRANT_SERVE);
    arena_free(&p.a);
    return status;
}

static const struct cli_option options[] = {
    { "grants", NULL, NULL, MSG("输出最小权限角色的授权语句(PostgreSQL)",
        "print the statements that make roles with least rights (PostgreSQL)") },
    { "check", "serve|read", NULL, MSG("核对 --db 所用的角色：应有的权限是否多了或少了",
        "hold the role that --db connects as against the rights it should have") },
    { "db", "FILE|URL", NULL, MSG("查看这个数据库及其周围：数据库文件，或 postgres:// 地址",
        "look this database over and all that it needs: a database file, or postgres:// address") },
    { "data", "DIR", NULL, MSG("密钥和照片的目录(同 serve)", "directory of key and photos, as for serve") },
    { "backup", "DIR", NULL, MSG("备份所在的文件夹，看上次备份的日子", "folder of backups, to see when the last"
        " was made") },
    { "whole", NULL, NULL, MSG("连索引一起核对数据库文件(较慢)", "check the indexes of a database file, too"
        " (slower)") },
};
const struct cli_command cli_doctor = { "doctor", "",
    MSG("检查数据库、磁盘、密钥、时钟、备份、表和本机，逐项给出对策；或检查数据库角色的权限",
        "Look over a database, its disk, key, clock, backup, tables and machine, with remedies; or after"
        " the rights of database roles"),
    options, COUNT_OF(options), run };
