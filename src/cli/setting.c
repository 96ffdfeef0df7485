/* setting.c: `fengqiao setting`: what this installation is called, where its map lies, whose tiles
 * lie below it. Without a name all are listed; with a value one is changed. */
#include "catalogue/setting.h"
#include "cli/commands.h"
#include <stdio.h>

static void list_all(const struct cli_args *args, const struct catalogue *c)
{
    for (size_t i = 0; i < setting_table_n; i++) {
        const struct setting_row *row = &setting_table[i];
        printf("%-22s %-40.*s # %s\n", row->name, STR_FMT(catalogue_setting(c, row->name)),
            args->lang == LANG_EN ? row->meaning.en : row->meaning.zh);
    }
}

static enum err change(const struct cli_args *args, struct db *db, struct err_info *info)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    enum err e = db_begin(db);
    if (e == OK)
        e = setting_store(db, &a, str_c(args->operands[0]), str_c(args->operands[1]),
            clock_now_ms(clock_system()), info);
    if (e == OK)
        e = db_commit(db);
    else
        db_rollback(db);
    arena_free(&a);
    return e;
}

static enum err show(const struct cli_args *args, struct db *db, struct err_info *info)
{
    struct catalogue *c;
    if (args->n_operands && setting_find(str_c(args->operands[0])) == NULL)
        return err_note(info, E_INPUT, "name", MSG("没有设置项“%s”", "There is no setting \"%s\""),
            str_c(args->operands[0]));
    TRY(catalogue_load(db, &c, info));
    if (args->n_operands == 0)
        list_all(args, c);
    else
        printf("%.*s\n", STR_FMT(catalogue_setting(c, args->operands[0])));
    catalogue_drop(c);
    return OK;
}

static int run(const struct cli_args *args)
{
    struct err_info info = { .e = OK };
    struct db *db;
    bool writes = args->n_operands == 2;
    if (args->n_operands > 2)
        return cli_help(args->command, args->lang, CLI_USAGE);
    enum err e = db_open(cli_value(args, "db"), writes ? DB_WRITER : DB_READER, &db);
    if (e != OK)
        return cli_fail(args, &info, e);
    e = writes ? change(args, db, &info) : show(args, db, &info);
    db_close(db);
    return e == OK ? CLI_DONE : cli_fail(args, &info, e);
}

static const struct cli_option options[] = {
    { "db", "FILE|URL", "fengqiao.db", MSG("数据库文件，或 postgres:// 地址",
        "database file, or postgres:// address") },
};
const struct cli_command cli_setting = { "setting", "[NAME [VALUE]]",
    MSG("查看或修改本系统的设置，如底图瓦片和审图号；值为空则取消",
        "show or change settings, such as the base map's tiles; an empty value takes one away"),
    options, COUNT_OF(options), run };
